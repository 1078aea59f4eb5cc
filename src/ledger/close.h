/* ledger/close.h - one ledger after the other (stellar-core: LedgerManagerImpl.cpp,
 * TxSetFrame.cpp). */
#ifndef SDEX_LEDGER_CLOSE_H
#define SDEX_LEDGER_CLOSE_H

#include "ledger/tx_set.h"
#include "ledger/upgrade.h"

/* Puts indexes of transactions in the order in which they are applied: in rounds, of which
 * the nth has the nth transaction of each account; each round by envelope hash XOR set
 * hash.  False when memory is out. */
bool close_order(uint32_t *order, const struct tx *txs, uint32_t count, const uint8_t set_hash[32],
		 struct sdex_arena *arena);

struct close_request {
	const sdex_LedgerHeader *previous; /* its closed state is the ledger's state */
	uint64_t close_time;               /* over the previous one's, on a network */
	const struct close_tx *txs;
	uint32_t count;
	/* What validators agreed on for after the transactions, at most UPGRADES_MAX; those that
	 * are not valid do nothing. */
	sdex_UpgradeType_list upgrades;
	/* The hash of all state; the network's is of its bucket list, which is not kept here. */
	uint8_t bucket_list_hash[32];
};

struct closed {
	sdex_LedgerHeaderHistoryEntry header; /* with its hash */
	struct tx_set set;
	sdex_TransactionResultMetaV1_list txs; /* as applied */
	sdex_UpgradeEntryMeta_list upgrades;   /* that were applied */
	uint32_t version;                      /* that the transactions were applied under */
};

/* Closes a ledger of the request's transactions, of which each is valid in turn.  Without
 * ledger->want_meta the metas are empty.
 * UNSUPPORTED  a transaction runs a contract; an upgrade is of contracts' settings; a
 *              protocol that is not 19 to 28
 * INVALID      a fee's source is missing, the previous header is not the state's, or more
 *              than UPGRADES_MAX upgrades
 * NOMEM        the state is lost if state_lost says so
 * On failure the state is as before. */
SDEX_MUST_USE enum sdex_error close_ledger(struct closed *closed, struct ledger *ledger,
					   const struct close_request *request,
					   struct sdex_failure *why);

/* All of it as the LedgerCloseMeta that validators stream: v2, before protocol 23 v1, before
 * 20 v0.  NULL when memory is out. */
sdex_LedgerCloseMeta *close_meta(const struct closed *closed, struct sdex_arena *arena);

#endif
