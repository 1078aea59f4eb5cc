/* ledger/meta.h - what changed, as the network tells it.
 *
 * An entry that an operation looked up to change counts as changed, if only in
 * lastModifiedLedgerSeq, whether or not anything else of it differs: the network does so.
 * Changes stand in the order of first touch; stellar-core's own order follows a hash
 * table's and means nothing. */
#ifndef SDEX_LEDGER_META_H
#define SDEX_LEDGER_META_H

#include "ledger/state.h"

/* Appends the changes of the innermost level.  False when memory is out. */
bool meta_changes(sdex_LedgerEntryChanges *changes, struct state *state, struct sdex_arena *arena);

/* A transaction's meta in pieces; a NULL of these is not wanted. */
struct tx_meta {
	sdex_LedgerEntryChanges fees;   /* of the fee's collection */
	sdex_LedgerEntryChanges before; /* sequence number, one-time signers */
	sdex_LedgerEntryChanges *operations;
	uint32_t operation_count; /* 0 if the transaction failed */
	bool with_events;         /* then there are these, and the meta is v4 */
	sdex_TransactionEvent_list fee_events;
	sdex_ContractEvent_list *events; /* of each operation */
};

/* The pieces as TransactionMeta of the protocol version: v2 up to 19, v3 from 20, v4 from
 * 23 on and with events.  False when memory is out. */
bool meta_export(sdex_TransactionMeta *out, const struct tx_meta *meta, uint32_t version,
		 struct sdex_arena *arena);

#endif
