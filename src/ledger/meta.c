/* ledger/meta.c - changes and transaction meta as XDR trees. */
#include "ledger/meta.h"

#include "ledger/entry.h"

static bool before_and_after(sdex_LedgerEntryChange **at, const struct state *state,
			     const struct change *change, struct sdex_arena *arena)
{
	if (change->before) {
		(*at)->type = SDEX_LEDGER_ENTRY_STATE;
		(*at)->state = entry_export(state, change->kind, change->before, arena);
		if (!(*at)++->state)
			return false;
	}
	if (!change->after) {
		(*at)->type = SDEX_LEDGER_ENTRY_REMOVED;
		(*at)->removed = entry_export_key(state, change->kind, change->before, arena);
		return (*at)++->removed != NULL;
	}
	(*at)->type = change->before ? SDEX_LEDGER_ENTRY_UPDATED : SDEX_LEDGER_ENTRY_CREATED;
	(*at)->updated = entry_export(state, change->kind, change->after, arena);
	return (*at)++->updated != NULL;
}

bool meta_changes(sdex_LedgerEntryChanges *changes, struct state *state, struct sdex_arena *arena)
{
	uint32_t count;
	struct change *found = state_changes(state, &count, arena);
	if (count == 0)
		return !state->lost;
	sdex_LedgerEntryChange *items =
		sdex_arena_alloc(arena, (changes->count + 2 * count) * sizeof(*items));
	sdex_LedgerEntryChange *at = items;
	if (!items)
		return false;
	for (uint32_t i = 0; i < changes->count; i++)
		*at++ = changes->items[i];
	for (uint32_t i = 0; i < count; i++)
		if (!before_and_after(&at, state, &found[i], arena))
			return false;
	changes->items = items;
	changes->count = (uint32_t)(at - items);
	return true;
}

static void *zeroed(struct sdex_arena *arena, size_t size)
{
	void *piece = sdex_arena_alloc(arena, size);
	if (piece)
		memset(piece, 0, size);
	return piece;
}

static bool export_operations(sdex_OperationMeta_list *to, const struct tx_meta *meta,
			      struct sdex_arena *arena)
{
	to->items = zeroed(arena, (meta->operation_count + 1) * sizeof(*to->items));
	to->count = meta->operation_count;
	for (uint32_t i = 0; to->items && i < to->count; i++)
		to->items[i].changes = meta->operations[i];
	return to->items != NULL;
}

bool meta_export(sdex_TransactionMeta *out, const struct tx_meta *meta, uint32_t version,
		 struct sdex_arena *arena)
{
	*out = (sdex_TransactionMeta){.v = meta->with_events || version >= 23 ? 4
					   : version < 20                     ? 2
									      : 3};
	if (out->v == 2) {
		out->v2 = zeroed(arena, sizeof(*out->v2));
		if (!out->v2)
			return false;
		out->v2->txChangesBefore = meta->before;
		return export_operations(&out->v2->operations, meta, arena);
	}
	if (out->v == 3) {
		out->v3 = zeroed(arena, sizeof(*out->v3));
		if (!out->v3)
			return false;
		out->v3->txChangesBefore = meta->before;
		return export_operations(&out->v3->operations, meta, arena);
	}
	out->v4 = zeroed(arena, sizeof(*out->v4));
	sdex_OperationMetaV2 *items = zeroed(arena, (meta->operation_count + 1) * sizeof(*items));
	if (!out->v4 || !items)
		return false;
	for (uint32_t i = 0; i < meta->operation_count; i++)
		items[i] = (sdex_OperationMetaV2){.changes = meta->operations[i]};
	for (uint32_t i = 0; meta->with_events && i < meta->operation_count; i++)
		items[i].events = meta->events[i];
	if (meta->with_events)
		out->v4->events = meta->fee_events;
	out->v4->txChangesBefore = meta->before;
	out->v4->operations =
		(sdex_OperationMetaV2_list){.items = items, .count = meta->operation_count};
	return true;
}
