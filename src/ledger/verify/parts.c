/* ledger/verify/parts.c - versions 0 to 2 of LedgerCloseMeta, 0 to 4 of TransactionMeta. */
#include "ledger/verify/parts.h"

#include "base/failure.h"

const sdex_LedgerEntryChanges *part_changes(const struct part_applied *part, uint32_t i)
{
	const sdex_TransactionMeta *meta = part->meta;
	switch (meta->v) {
	case 0:
		return &meta->operations.items[i].changes;
	case 1:
		return &meta->v1.operations.items[i].changes;
	case 2:
		return &meta->v2->operations.items[i].changes;
	case 3:
		return &meta->v3->operations.items[i].changes;
	default:
		return &meta->v4->operations.items[i].changes;
	}
}

const sdex_TransactionEvent_list *part_fee_events(const struct part_applied *part)
{
	return part->meta->v == 4 ? &part->meta->v4->events : NULL;
}

const sdex_ContractEvent_list *part_events(const struct part_applied *part, uint32_t i)
{
	return part->meta->v == 4 ? &part->meta->v4->operations.items[i].events : NULL;
}

static enum sdex_error add_applied(struct parts *parts, const sdex_TransactionResultPair *result,
				   const sdex_LedgerEntryChanges *fees,
				   const sdex_TransactionMeta *meta,
				   const sdex_LedgerEntryChanges *refunds, struct sdex_failure *why)
{
	struct part_applied *part = &parts->applied[parts->applied_count++];
	*part = (struct part_applied){
		.result = result, .meta = meta, .fees = fees, .refunds = refunds};
	switch (meta->v) {
	case 0:
		part->operations = meta->operations.count;
		return SDEX_OK;
	case 1:
		part->before = &meta->v1.txChanges;
		part->operations = meta->v1.operations.count;
		return SDEX_OK;
	case 2:
		part->before = &meta->v2->txChangesBefore;
		part->after = &meta->v2->txChangesAfter;
		part->operations = meta->v2->operations.count;
		return SDEX_OK;
	case 3:
		part->before = &meta->v3->txChangesBefore;
		part->after = &meta->v3->txChangesAfter;
		part->operations = meta->v3->operations.count;
		return SDEX_OK;
	case 4:
		part->before = &meta->v4->txChangesBefore;
		part->after = &meta->v4->txChangesAfter;
		part->operations = meta->v4->operations.count;
		return SDEX_OK;
	default:
		return fail(why, SDEX_ERR_UNSUPPORTED, 0,
			    "transaction %u has a meta of version %d; 0 to 4 are known",
			    parts->applied_count, meta->v);
	}
}

static enum sdex_error add_all(struct parts *parts, const sdex_TransactionResultMeta_list *list,
			       struct sdex_failure *why)
{
	enum sdex_error error = SDEX_OK;
	for (uint32_t i = 0; i < list->count && !error; i++)
		error = add_applied(parts, &list->items[i].result, &list->items[i].feeProcessing,
				    &list->items[i].txApplyProcessing, NULL, why);
	return error;
}

static enum sdex_error add_all_v1(struct parts *parts,
				  const sdex_TransactionResultMetaV1_list *list,
				  struct sdex_failure *why)
{
	enum sdex_error error = SDEX_OK;
	for (uint32_t i = 0; i < list->count && !error; i++)
		error = add_applied(parts, &list->items[i].result, &list->items[i].feeProcessing,
				    &list->items[i].txApplyProcessing,
				    &list->items[i].postTxApplyFeeProcessing, why);
	return error;
}

/* --- the set: counted first, then filled */

static void add_envelopes(struct parts *parts, const sdex_TransactionEnvelope_list *list,
			  const int64_t *base_fee)
{
	for (uint32_t i = 0; i < list->count; i++) {
		if (parts->sent)
			parts->sent[parts->sent_count] = (struct part_sent){
				.envelope = &list->items[i], .base_fee = base_fee};
		parts->sent_count++;
	}
}

static void add_set(struct parts *parts, const sdex_GeneralizedTransactionSet *set)
{
	for (uint32_t p = 0; p < set->v1TxSet->phases.count; p++) {
		const sdex_TransactionPhase *phase = &set->v1TxSet->phases.items[p];
		if (phase->v == 0) {
			for (uint32_t c = 0; c < phase->v0Components.count; c++) {
				const sdex_TxSetComponentTxsMaybeDiscountedFee *part =
					&phase->v0Components.items[c].txsMaybeDiscountedFee;
				add_envelopes(parts, &part->txs, part->baseFee);
			}
			continue;
		}
		const sdex_ParallelTxsComponent *parallel = &phase->parallelTxsComponent;
		parts->parallel = true;
		for (uint32_t s = 0; s < parallel->executionStages.count; s++)
			for (uint32_t k = 0; k < parallel->executionStages.items[s].count; k++)
				add_envelopes(parts, &parallel->executionStages.items[s].items[k],
					      parallel->baseFee);
	}
}

static void add_sent(struct parts *parts, const sdex_LedgerCloseMeta *meta)
{
	parts->sent_count = 0;
	if (meta->v == 0)
		add_envelopes(parts, &meta->v0->txSet.txs, NULL);
	else
		add_set(parts, meta->v == 1 ? &meta->v1->txSet : &meta->v2->txSet);
}

enum sdex_error parts_read(struct parts *parts, const sdex_LedgerCloseMeta *meta,
			   struct sdex_arena *arena, struct sdex_failure *why)
{
	*parts = (struct parts){0};
	if (meta->v < 0 || meta->v > 2)
		return fail(why, SDEX_ERR_UNSUPPORTED, 0,
			    "a LedgerCloseMeta of version %d; 0 to 2 are known", meta->v);
	uint32_t count = meta->v == 0   ? meta->v0->txProcessing.count
			 : meta->v == 1 ? meta->v1->txProcessing.count
					: meta->v2->txProcessing.count;
	add_sent(parts, meta);
	parts->applied = sdex_arena_alloc(arena, ((size_t)count + 1) * sizeof(*parts->applied));
	parts->sent =
		sdex_arena_alloc(arena, ((size_t)parts->sent_count + 1) * sizeof(struct part_sent));
	if (!parts->applied || !parts->sent)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	add_sent(parts, meta);
	parts->says_base_fees = meta->v > 0;
	if (meta->v == 0) {
		parts->header = &meta->v0->ledgerHeader;
		parts->upgrades = &meta->v0->upgradesProcessing;
		return add_all(parts, &meta->v0->txProcessing, why);
	}
	if (meta->v == 1) {
		parts->header = &meta->v1->ledgerHeader;
		parts->upgrades = &meta->v1->upgradesProcessing;
		return add_all(parts, &meta->v1->txProcessing, why);
	}
	parts->header = &meta->v2->ledgerHeader;
	parts->upgrades = &meta->v2->upgradesProcessing;
	return add_all_v1(parts, &meta->v2->txProcessing, why);
}
