/* ledger/events.h - what moved, as events of the assets' contracts (CAP-67; stellar-core:
 * EventManager.cpp and the operations that call it).
 *
 * An operation's events follow from what it says, what came of it and what it changed, and
 * from nothing else: they can be made for an operation of the network as for one of ours.
 * Operations of contracts have events of their own, which no rule here makes. */
#ifndef SDEX_LEDGER_EVENTS_H
#define SDEX_LEDGER_EVENTS_H

#include "sdex/arena.h"
#include "sdex/xdr_types.h"

/* An operation that was done, in its transaction. */
struct done_operation {
	const sdex_Operation *operation;
	const sdex_OperationResult *result;
	const sdex_LedgerEntryChanges *changes;
	const sdex_MuxedAccount *tx_source;
	const sdex_Memo *memo;
	int64_t tx_sequence;
	uint32_t index;
};

/* The network's id comes in as 32 bytes.  Trees in the arena, which may borrow from the
 * operation and its result.
 * NOMEM
 * MISSING  the changes do not show an entry that the operation must have changed, or one that
 *          no ledger can have
 * The operation was done: for one that failed there is nothing to ask. */
SDEX_MUST_USE enum sdex_error events_of_operation(sdex_ContractEvent_list *events,
						  const struct done_operation *done,
						  const uint8_t network_id[32],
						  struct sdex_arena *arena);

/* The fee that an account has paid for a transaction; none for 0.  NOMEM */
SDEX_MUST_USE enum sdex_error events_of_fee(sdex_TransactionEvent_list *events,
					    const uint8_t payer[32], int64_t stroops,
					    const uint8_t network_id[32], struct sdex_arena *arena);

#endif
