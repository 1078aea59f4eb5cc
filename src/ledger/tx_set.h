/* ledger/tx_set.h - the set of transactions that a ledger's header names (stellar-core:
 * TxSetFrame.cpp). */
#ifndef SDEX_LEDGER_TX_SET_H
#define SDEX_LEDGER_TX_SET_H

#include "ledger/tx.h"

#define VERSION_GENERALIZED_SETS 20u /* with base fees, and a phase for contracts */
#define VERSION_PARALLEL_PHASE 23u   /* in which contracts run side by side */

/* A transaction of a set, and what an operation of it costs at most: *base_fee, or NULL for
 * all that it offers. */
struct close_tx {
	const sdex_TransactionEnvelope *envelope;
	const int64_t *base_fee;
};

/* One of the two, by the protocol; the other is empty. */
struct tx_set {
	sdex_GeneralizedTransactionSet generalized;
	sdex_TransactionSet old; /* before VERSION_GENERALIZED_SETS */
};

/* The set that validators would agree on for these, and its hash: one component for each
 * base fee, each by hash of envelopes; all by hash, without fees, in the old form.  NOMEM. */
SDEX_MUST_USE enum sdex_error tx_set_make(struct tx_set *set, uint8_t hash[32],
					  const uint8_t previous_hash[32], const struct tx *txs,
					  const struct close_tx *from, uint32_t count,
					  uint32_t version, struct sdex_arena *arena);

#endif
