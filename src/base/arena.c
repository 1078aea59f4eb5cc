/* base/arena.c - blocks that grow by doubling and are kept over resets. */
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/failure.h"

/* Small enough for a single transaction, and doubled up to a size at which the
 * cost of asking the system no longer shows. */
#define BLOCK_MIN ((size_t)4096)
#define BLOCK_MAX ((size_t)8 << 20)
#define HEADER ((sizeof(struct arena_block) + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1))

static uint8_t *block_bytes(struct arena_block *block)
{
	return (uint8_t *)block + HEADER;
}

struct sdex_arena *sdex_arena_new(size_t limit)
{
	struct sdex_arena *arena = calloc(1, sizeof *arena);
	if (arena)
		arena->limit = limit ? limit : SIZE_MAX;
	return arena;
}

void sdex_arena_free(struct sdex_arena *arena)
{
	if (!arena)
		return;
	for (struct arena_block *b = arena->first, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	free(arena);
}

void sdex_arena_reset(struct sdex_arena *arena)
{
	arena->current = arena->first;
	arena->full = 0;
	arena->next = arena->first ? block_bytes(arena->first) : NULL;
	arena->end = arena->first ? arena->next + arena->first->size : NULL;
}

static void enter(struct sdex_arena *arena, struct arena_block *block)
{
	if (arena->current)
		arena->full += (size_t)(arena->next - block_bytes(arena->current));
	arena->current = block;
	arena->next = block_bytes(block);
	arena->end = arena->next + block->size;
}

void *arena_grow(struct sdex_arena *arena, size_t size)
{
	/* A block kept from before that is too small is passed over, not lost:
	 * it stays in the chain and serves after the next reset. */
	struct arena_block *last = arena->current;
	struct arena_block *kept = last ? last->next : arena->first;
	for (; kept; last = kept, kept = kept->next) {
		if (kept->size >= size) {
			enter(arena, kept);
			arena->next += size;
			return block_bytes(kept);
		}
	}
	if (size > SIZE_MAX - HEADER - BLOCK_MAX)
		return NULL;
	size_t want = last ? last->size * 2 : BLOCK_MIN;
	if (want > BLOCK_MAX)
		want = BLOCK_MAX;
	if (want < size)
		want = size;
	size_t room = arena->limit - arena->held;
	if (room < HEADER || room - HEADER < size)
		return NULL;
	if (want > room - HEADER)
		want = room - HEADER;
	struct arena_block *block = malloc(HEADER + want);
	if (!block)
		return NULL;
	block->next = NULL;
	block->size = want;
	if (last)
		last->next = block;
	else
		arena->first = block;
	arena->held += HEADER + want;
	enter(arena, block);
	arena->next += size;
	return block_bytes(block);
}

void *sdex_arena_alloc(struct sdex_arena *arena, size_t size)
{
	if (size > SIZE_MAX - ARENA_ALIGN)
		return NULL;
	size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	/* arena_take8 may have left the cursor at an odd multiple of 8. */
	size_t gap = (size_t)(-(uintptr_t)arena->next) & (ARENA_ALIGN - 1);
	if ((size_t)(arena->end - arena->next) < gap + size || !arena->next)
		return arena_grow(arena, size);
	void *piece = arena->next + gap;
	arena->next += gap + size;
	return piece;
}

void *sdex_arena_copy(struct sdex_arena *arena, const void *data, size_t size)
{
	void *piece = sdex_arena_alloc(arena, size);
	if (piece && size)
		memcpy(piece, data, size);
	return piece;
}

size_t sdex_arena_used(const struct sdex_arena *arena)
{
	if (!arena->current)
		return 0;
	return arena->full + (size_t)(arena->next - block_bytes(arena->current));
}

size_t sdex_arena_held(const struct sdex_arena *arena)
{
	return arena->held;
}

#undef arena_full

enum sdex_error arena_full(struct sdex_failure *why)
{
	return fail(why, SDEX_ERR_NOMEM, 0, "the arena is full: raise its limit");
}
