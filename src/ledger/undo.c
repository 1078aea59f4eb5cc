/* ledger/undo.c - old bytes, newest last.
 *
 * A record is a head, the payload rounded up to 8 bytes, and its whole size once more, so
 * that the log can be read both ways. */
#include "ledger/undo.h"

#include <stdlib.h>

#include "base/check.h"
#include "sdex/arena.h"

struct head {
	uint32_t op;
	uint32_t kind;
	void *where;
	uint64_t size; /* of the payload */
};

static const struct head *head_at(const struct state *state, uint64_t at)
{
	return (const struct head *)(const void *)(state->undo.bytes + at);
}

static uint64_t whole(uint64_t payload)
{
	return sizeof(struct head) + ((payload + 7) & ~(uint64_t)7) + sizeof(uint64_t);
}

void undo_note(struct state *state, enum undo_op op, enum entry_kind kind, void *where,
	       const void *payload, uint32_t size)
{
	struct undo *undo = &state->undo;
	if (undo->depth == 0)
		return;
	uint64_t total = whole(size);
	if (undo->room - undo->size < total) {
		uint64_t room = undo->room ? 2 * undo->room : 1 << 14;
		while (room - undo->size < total)
			room *= 2;
		uint8_t *bytes = realloc(undo->bytes, room);
		if (!bytes) {
			state->lost = true;
			return;
		}
		undo->bytes = bytes;
		undo->room = room;
	}
	struct head head = {.op = op, .kind = kind, .where = where, .size = size};
	uint8_t *at = undo->bytes + undo->size;
	memcpy(at, &head, sizeof(head));
	if (size)
		memcpy(at + sizeof(head), payload, size);
	memcpy(at + total - sizeof(total), &total, sizeof(total));
	undo->size += total;
}

/* Serial numbers ran out: all entries are as if noted never, which costs a note more. */
static void renumber(struct state *state)
{
	for (int kind = 0; kind < ENTRY_KINDS; kind++)
		for (uint32_t i = 0; i < state->entries[kind].used; i++)
			((struct entry *)slab_at(&state->entries[kind], i))->serial = 0;
	for (uint32_t i = 0; i < state->undo.depth; i++)
		state->undo.levels[i].serial = i + 1;
	state->undo.serial = state->undo.depth;
}

void state_begin(struct state *state)
{
	struct undo *undo = &state->undo;
	CHECK(undo->depth < STATE_LEVELS);
	if (undo->serial == UINT32_MAX)
		renumber(state);
	undo->levels[undo->depth].start = undo->size;
	undo->levels[undo->depth].serial = ++undo->serial;
	undo->depth++;
}

void state_commit(struct state *state)
{
	struct undo *undo = &state->undo;
	CHECK(undo->depth > 0);
	if (--undo->depth > 0)
		return;
	for (uint64_t at = 0; at < undo->size; at += whole(head_at(state, at)->size))
		if (head_at(state, at)->op == UNDO_DROP)
			free(head_at(state, at)->where);
	undo->size = 0;
}

static void undo_one(struct state *state, const struct head *head)
{
	const void *payload = head + 1;
	enum entry_kind kind = (enum entry_kind)head->kind;
	switch ((enum undo_op)head->op) {
	case UNDO_CREATE:
		slab_give(&state->entries[kind], state_unlink(state, kind, head->where));
		break;
	case UNDO_UPDATE:
		memcpy(head->where, payload, head->size);
		break;
	case UNDO_ERASE: {
		uint32_t slot = slab_take(&state->entries[kind]);
		CHECK(slot != SLOT_NONE); /* it was given back, so it is there */
		memcpy(slab_at(&state->entries[kind], slot), payload, head->size);
		if (!state_link(state, kind, slot, true))
			state->lost = true;
		break;
	}
	case UNDO_HEADER:
		memcpy(&state->header, payload, sizeof(state->header));
		break;
	case UNDO_ADDRESS: {
		const struct address *old = payload;
		struct address *address = head->where;
		address->future_sponsor = old->future_sponsor;
		address->future_sponsored = old->future_sponsored;
		address->last_sequence = old->last_sequence;
		break;
	}
	case UNDO_BLOB:
		free(head->where);
		break;
	case UNDO_DROP:
		break;
	}
}

void state_rollback(struct state *state)
{
	struct undo *undo = &state->undo;
	CHECK(undo->depth > 0);
	uint64_t start = undo->levels[--undo->depth].start;
	while (undo->size > start) {
		uint64_t total;
		memcpy(&total, undo->bytes + undo->size - sizeof(total), sizeof(total));
		undo->size -= total;
		undo_one(state, head_at(state, undo->size));
	}
}

/* --- what changed */

struct gathering {
	struct state *state;
	struct change *changes;
	const void **names; /* bytes with the key of each */
	uint32_t count;
	struct table known; /* filled once there are many */
};

#define FEW 12

static bool is_known(struct gathering *g, enum entry_kind kind, const void *entry)
{
	if (g->count < FEW) {
		for (uint32_t i = 0; i < g->count; i++)
			if (g->changes[i].kind == kind && state_same_key(kind, g->names[i], entry))
				return true;
		return false;
	}
	if (!g->known.entries)
		for (uint32_t i = 0; i < g->count; i++) {
			uint64_t hash = state_hash_key(g->state, g->changes[i].kind, g->names[i]);
			if (!table_put(&g->known, hash, i))
				g->state->lost = true;
		}
	uint64_t hash = state_hash_key(g->state, kind, entry);
	struct table_walk walk = table_walk(&g->known, hash);
	for (uint32_t i; (i = table_next(&g->known, &walk)) != SLOT_NONE;)
		if (g->changes[i].kind == kind && state_same_key(kind, g->names[i], entry))
			return true;
	if (!table_put(&g->known, hash, g->count))
		g->state->lost = true;
	return false;
}

static bool is_entry(const struct head *head)
{
	return head->op == UNDO_CREATE || head->op == UNDO_UPDATE || head->op == UNDO_ERASE;
}

struct change *state_changes(struct state *state, uint32_t *count, struct sdex_arena *arena)
{
	struct undo *undo = &state->undo;
	CHECK(undo->depth > 0);
	uint64_t start = undo->levels[undo->depth - 1].start, at;
	uint32_t most = 0;
	*count = 0;
	for (at = start; at < undo->size; at += whole(head_at(state, at)->size))
		most += is_entry(head_at(state, at));
	if (most == 0)
		return NULL;
	struct gathering g = {.state = state,
			      .changes = sdex_arena_alloc(arena, most * sizeof(*g.changes)),
			      .names = sdex_arena_alloc(arena, most * sizeof(*g.names))};
	if (!g.changes || !g.names) {
		state->lost = true;
		return NULL;
	}
	for (at = start; at < undo->size; at += whole(head_at(state, at)->size)) {
		const struct head *head = head_at(state, at);
		enum entry_kind kind = (enum entry_kind)head->kind;
		const void *entry = head + 1;
		if (!is_entry(head) || is_known(&g, kind, entry))
			continue;
		g.names[g.count] = entry;
		g.changes[g.count++] = (struct change){
			.kind = kind,
			.before = head->op == UNDO_CREATE ? NULL : entry,
			.after = state_find(state, kind, entry),
		};
	}
	table_free(&g.known);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < g.count; i++)
		if (g.changes[i].before || g.changes[i].after)
			g.changes[kept++] = g.changes[i];
	*count = kept;
	return g.changes;
}
