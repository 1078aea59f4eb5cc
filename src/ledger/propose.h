/* ledger/propose.h - which of the transactions that wait the next ledger takes, and at what
 * base fees (stellar-core: makeTxSetFromTransactions in TxSetFrame.cpp, TxSetUtils.cpp). */
#ifndef SDEX_LEDGER_PROPOSE_H
#define SDEX_LEDGER_PROPOSE_H

#include "ledger/close.h"
#include "ledger/surge.h"

enum candidate_fate {
	CANDIDATE_WAITS,   /* no room, or not yet its time */
	CANDIDATE_CHOSEN,  /* the ledger takes it */
	CANDIDATE_INVALID, /* it cannot be applied, or its fee source cannot pay for all it owes */
};

struct candidate {
	const sdex_TransactionEnvelope *envelope;
	struct tx tx;
	enum candidate_fate fate;
};

/* The base fees, to which txs point: it stays where it is. */
struct proposal {
	struct close_tx *txs;
	uint32_t count;
	int64_t base_fees[SURGE_LANES];
};

/* What a transaction offers.  Borrows from it. */
struct surge_bid tx_bid(const struct tx *tx);

/* Proposes a ledger of that number and close time over the ledger's state, at most one
 * transaction for each source account among the candidates.  Sets their fates.
 * NOMEM */
SDEX_MUST_USE enum sdex_error propose_ledger(struct proposal *proposal, struct ledger *ledger,
					     struct candidate *candidates, uint32_t count,
					     uint64_t close_time,
					     const struct surge_limits *limits);

#endif
