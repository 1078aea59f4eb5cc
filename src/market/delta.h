/* market/delta.h - what one ledger changed, read from its LedgerCloseMeta.
 *
 * Transactions in the order of application, the trades of the successful ones, and the
 * last state of each offer, account, trustline and pool that the ledger touched: by
 * fees, by operations, by refunds, by upgrades.  Of a failed transaction fee and
 * sequence count and nothing else.
 *
 * Pure data: what a delta points to lives in its reader and in the bytes that were read,
 * until either goes or the reader reads again.  Metas of v0 to v2, of transactions
 * v0 to v4: all that stellar-core ever wrote (from protocol 20 on v1, from 23 on v2). */
#ifndef SDEX_MARKET_DELTA_H
#define SDEX_MARKET_DELTA_H

#include <stdbool.h>

#include "sdex/xdr_types.h"

#define DELTA_TIME_MAX 253402300799 /* seconds since 1970: the end of the year 9999 */

/* A transaction of the ledger, failed ones too. */
struct delta_transaction {
	int64_t id;                /* its place (SEP-35: ledger, order of application from 1, 0) */
	const uint8_t *hash;       /* 32 bytes, by which the network knows it */
	const uint8_t *inner_hash; /* of a fee bump's inner transaction, else NULL */
	const uint8_t *source;     /* 32 bytes: whose sequence number it uses */
	const uint8_t *fee_source; /* 32 bytes: who paid */
	int64_t sequence;          /* that it uses */
	int64_t fee;               /* charged, stroops */
	bool ok;                   /* it was done, and so were all its operations */
	const sdex_TransactionResult *result;     /* whole */
	const sdex_TransactionEnvelope *envelope; /* as it was sent, signatures included */
	uint32_t first_claim;                     /* its trades: claims[first_claim] and on */
	uint32_t claim_count;
};

/* A claim atom: something that an operation bought from an offer or a pool. */
struct delta_claim {
	int64_t operation_id; /* its place (SEP-35), operations counted from 1 */
	uint32_t index;       /* in the operation's result, from 0: with the place, its identity */
	uint32_t transaction; /* index into transactions */
	bool pool;
	const uint8_t *maker;     /* 32 bytes: the offer's account, or the pool's id */
	const uint8_t *taker;     /* 32 bytes: the operation's source account */
	int64_t offer_id;         /* the maker's, 0 for a pool */
	const sdex_Asset *sold;   /* by the maker */
	int64_t sold_amount;      /* stroops; 0/0 happens: an offer that rounding made worthless */
	const sdex_Asset *bought; /* by the maker */
	int64_t bought_amount;
};

/* Where a change came from, when that was no transaction. */
#define DELTA_NO_TRANSACTION UINT32_MAX

/* Something on the ledger that was touched; once each, in the order of first touch. */
struct delta_entry {
	/* How it was before the ledger, NULL if it was not there. */
	const sdex_LedgerEntry *before;
	/* How it is after the ledger; of what is gone, the last state that was shown. */
	const sdex_LedgerEntry *last;
	bool gone;            /* not there any more after the ledger */
	uint32_t transaction; /* of the last change, index; DELTA_NO_TRANSACTION: an upgrade */
	uint32_t operation;   /* of the last change, from 1; 0: fee, sequence, refund */
};

struct delta_entries {
	struct delta_entry *items;
	uint32_t count;
};

struct delta {
	uint32_t sequence;
	uint32_t version;             /* of the protocol */
	int64_t close_time;           /* seconds since 1970 */
	uint32_t base_fee;            /* stroops for an operation */
	uint32_t base_reserve;        /* stroops for a subentry */
	const uint8_t *hash;          /* 32 bytes */
	const uint8_t *previous_hash; /* 32 bytes, of the ledger before */
	const sdex_LedgerHeader *header;

	const struct delta_transaction *transactions; /* in the order of application */
	uint32_t transaction_count;
	const struct delta_claim *claims; /* in the order of application */
	uint32_t claim_count;
	/* ...last->data.offer, .account, .trustLine, .liquidityPool */
	struct delta_entries offers;
	struct delta_entries accounts;
	struct delta_entries trustlines;
	struct delta_entries pools;
};

struct delta_reader;

/* A reader for the network of this passphrase.  Values read take at most `limit` bytes
 * (0: no limit) beside the input; a ledger takes two to three times its size.  NULL when
 * memory is out. */
struct delta_reader *delta_reader_new(const char *passphrase, size_t limit);
void delta_reader_free(struct delta_reader *reader); /* NULL is fine */

/* Reads the XDR of one LedgerCloseMeta; *delta is borrowed from the reader and from
 * `data`.  On failure the last delta is lost.
 * as sdex_xdr_decode  the bytes are no LedgerCloseMeta
 * MISSING             a transaction is not in the ledger's set (or it is of a network of
 *                     another passphrase), or something is removed that was not shown
 * RANGE               more transactions or operations than SEP-35 can number, or numbers
 *                     (sequence, time, amounts of trades) that no ledger has
 * UNSUPPORTED         a version of meta that this build does not know
 * NOMEM */
SDEX_MUST_USE enum sdex_error delta_read(const struct delta **delta, struct delta_reader *reader,
					 const void *data, size_t size, struct sdex_failure *why);

/* The transaction of this hash, outer or inner; NULL when the ledger has none. */
const struct delta_transaction *delta_find(const struct delta *delta, const uint8_t hash[32]);

/* The account that an entry belongs to (32 bytes), NULL for a pool. */
const uint8_t *delta_owner(const struct delta_entry *entry);

#endif
