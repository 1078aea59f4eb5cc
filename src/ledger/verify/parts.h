/* ledger/verify/parts.h - a LedgerCloseMeta taken apart, whatever its version and those of the
 * metas in it.
 *
 * Nothing is copied: all pointers go into the value that was taken apart. */
#ifndef SDEX_LEDGER_VERIFY_PARTS_H
#define SDEX_LEDGER_VERIFY_PARTS_H

#include <stdbool.h>

#include "sdex/xdr_types.h"

/* A transaction as it was applied.  NULL: this version has no such thing. */
struct part_applied {
	const sdex_TransactionResultPair *result;
	const sdex_TransactionMeta *meta;
	const sdex_LedgerEntryChanges *fees;    /* taken before all transactions */
	const sdex_LedgerEntryChanges *before;  /* sequence number, one-time signers */
	const sdex_LedgerEntryChanges *after;   /* refunds, until protocol 22 */
	const sdex_LedgerEntryChanges *refunds; /* after all transactions */
	uint32_t operations;                    /* 0 of a failed one */
};

/* A transaction of the set. */
struct part_sent {
	const sdex_TransactionEnvelope *envelope;
	const int64_t *base_fee; /* an operation's, NULL: what it offers */
};

struct parts {
	const sdex_LedgerHeaderHistoryEntry *header;
	const sdex_UpgradeEntryMeta_list *upgrades;
	struct part_applied *applied; /* in the order of application */
	uint32_t applied_count;
	struct part_sent *sent; /* in the order of the set, which is another one */
	uint32_t sent_count;
	bool says_base_fees; /* of what is sent */
	bool parallel;       /* what is before its operations comes for all of the contracts'
			      * transactions first, then their operations (CAP-63) */
};

/* NOMEM, or UNSUPPORTED for a version of these that this build does not know. */
SDEX_MUST_USE enum sdex_error parts_read(struct parts *parts, const sdex_LedgerCloseMeta *meta,
					 struct sdex_arena *arena, struct sdex_failure *why);

/* What operation number i (from 0) changed. */
const sdex_LedgerEntryChanges *part_changes(const struct part_applied *part, uint32_t i);

/* Its events and those of operation number i, where the meta has room for them (from version 4
 * on); else NULL. */
const sdex_TransactionEvent_list *part_fee_events(const struct part_applied *part);
const sdex_ContractEvent_list *part_events(const struct part_applied *part, uint32_t i);

#endif
