/* ledger/verify/events.c - the events of classic operations (CAP-67), where a node has written
 * them: to do so is a setting of its own, so none at all are no fault. */
#include "ledger/events.h"
#include "ledger/verify/differ.h"
#include "ledger/verify/inside.h"

/* Each transaction that was charged has an event of its fee then. */
bool verify_has_events(const struct verifying *t)
{
	const sdex_TransactionEvent_list *events = part_fee_events(t->part);
	return events && events->count > 0;
}

static void tell_count(struct words *words, uint32_t expected, uint32_t found)
{
	words_add(words, "expected %u events, found %u", expected, found);
}

enum sdex_error verify_fee_events(bool *same, struct words *words, const struct verifying *t)
{
	const struct verify *v = t->v;
	const sdex_TransactionEvent_list *found = part_fee_events(t->part);
	sdex_TransactionEvent_list expected = {0};
	enum sdex_error error =
		events_of_fee(&expected, address_at(v->state, t->tx->fee_source)->key,
			      t->part->result->result.feeCharged, v->network, v->work);
	*same = !error && expected.count == found->count;
	if (!error && !*same)
		tell_count(words, expected.count, found->count);
	for (uint32_t i = 0; *same && i < found->count; i++) {
		*same = sdex_TransactionEvent_equal(&expected.items[i], &found->items[i]);
		if (*same)
			continue;
		words_add(words, "the fee's event: ");
		differ_words(words, SDEX_TYPE_TransactionEvent, &expected.items[i],
			     &found->items[i], 2);
	}
	return error;
}

enum sdex_error verify_op_events(bool *same, struct words *words, const struct verifying *t,
				 const struct verify_outcome *outcome, uint32_t index)
{
	const struct verify *v = t->v;
	const sdex_ContractEvent_list *found = part_events(t->part, index);
	sdex_ContractEvent_list expected = {0};
	const struct done_operation done = {.operation = &tx_operations(t->tx)->items[index],
					    .result = &outcome->result,
					    .changes = &outcome->changes,
					    .tx_source = &t->tx->inner->sourceAccount,
					    .memo = &t->tx->inner->memo,
					    .tx_sequence = t->tx->sequence,
					    .index = index};
	enum sdex_error error = events_of_operation(&expected, &done, v->network, v->work);
	*same = !error && expected.count == found->count;
	if (!error && !*same)
		tell_count(words, expected.count, found->count);
	for (uint32_t i = 0; *same && i < found->count; i++) {
		*same = sdex_ContractEvent_equal(&expected.items[i], &found->items[i]);
		if (*same)
			continue;
		words_add(words, "event %u: ", i + 1);
		differ_words(words, SDEX_TYPE_ContractEvent, &expected.items[i], &found->items[i],
			     2);
	}
	if (error != SDEX_ERR_MISSING)
		return error;
	words_add(words, "its events cannot be told: what it must have changed is not shown");
	return SDEX_OK;
}
