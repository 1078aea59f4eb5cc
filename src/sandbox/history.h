/* sandbox/history.h - the ledgers that have closed, as far back as memory is given.
 *
 * A ledger is kept as the XDR of its LedgerCloseMeta, once; beside it stands an index of
 * its transactions (places in those bytes) and its trades.  When the ring is full by count
 * or by bytes the oldest goes.
 *
 * Pure data.  Addresses and assets are numbers of the network's state. */
#ifndef SDEX_SANDBOX_HISTORY_H
#define SDEX_SANDBOX_HISTORY_H

#include "ledger/close.h"

/* A piece of a ledger's bytes. */
struct span {
	uint32_t at;
	uint32_t size;
};

struct history_tx {
	uint8_t hash[32];
	uint8_t inner_hash[32]; /* of a fee bump's inner transaction, else the same */
	struct span envelope;   /* TransactionEnvelope */
	struct span result;     /* TransactionResult */
	struct span meta;       /* TransactionMeta */
	struct span fees;       /* LedgerEntryChanges of the fee's collection */
	uint32_t source;        /* addresses */
	uint32_t fee_source;
	uint32_t operations;
	struct span parties; /* of the ledger's list: accounts that it concerns, ascending */
	int64_t charged;
	int64_t offered; /* at most */
	bool success;
	bool bump;
};

/* What one claim of an operation moved (Horizon's trade). */
struct history_trade {
	int64_t operation; /* TOID, SEP-35 */
	uint32_t order;    /* of the claim in its operation */
	bool of_pool;
	uint32_t seller; /* address, or the pool's share */
	uint32_t taker;  /* address */
	uint32_t sold;   /* asset that the seller gave */
	uint32_t bought;
	int64_t sold_amount;
	int64_t bought_amount;
	int64_t offer;       /* the seller's; 0 for a pool */
	int64_t taker_offer; /* what rests of the taker's, 0 if nothing does */
	int64_t price_n;     /* bought for one of sold */
	int64_t price_d;
};

struct history_ledger {
	uint32_t sequence;
	uint64_t close_time;
	uint8_t hash[32];
	uint8_t *bytes; /* LedgerCloseMeta, XDR */
	uint32_t size;
	struct span header;     /* LedgerHeaderHistoryEntry */
	struct history_tx *txs; /* as applied */
	uint32_t tx_count;
	struct history_trade *trades; /* in order */
	uint32_t trade_count;
	uint32_t *parties; /* addresses */
	uint32_t party_count;
	uint32_t successful;
	uint32_t operations;     /* of those */
	uint32_t set_operations; /* of all */
	uint32_t capacity;       /* operations that fit */
};

struct history {
	struct slab ledgers;
	uint32_t *ring; /* records by sequence modulo `room` */
	uint32_t room;
	uint32_t first; /* oldest kept; 0 with none */
	uint32_t last;
	uint64_t bytes; /* held for ledgers */
	uint64_t bytes_max;
	struct table by_hash; /* transactions: number of their ledger's record */
};

/* At most `ledgers` (over 0) and, but for the newest, `bytes`.  False when memory is out. */
bool history_init(struct history *history, uint32_t ledgers, uint64_t bytes);
void history_free(struct history *history);

/* Files the next ledger.  `state` is as the ledger left it.  NOMEM: nothing is filed. */
SDEX_MUST_USE enum sdex_error history_add(struct history *history, const struct closed *closed,
					  struct state *state, const uint8_t network_id[32],
					  struct sdex_arena *scratch);

/* The ledger of a sequence, NULL if it is not kept; good until history_add. */
const struct history_ledger *history_ledger(const struct history *history, uint32_t sequence);
const struct history_ledger *history_last(const struct history *history);

/* A transaction by its hash, or by that of a fee bump's inner one. */
const struct history_tx *history_tx(const struct history_ledger **ledger,
				    const struct history *history, const uint8_t hash[32]);

/* Is an account one that a transaction concerns: its source, its fee's, an operation's, or
 * one that an operation names? */
bool history_concerns(const struct history_ledger *ledger, const struct history_tx *tx,
		      uint32_t address);

/* The bytes of a span. */
static inline struct sdex_bytes history_bytes(const struct history_ledger *ledger, struct span span)
{
	return (struct sdex_bytes){ledger->bytes + span.at, span.size};
}

#endif
