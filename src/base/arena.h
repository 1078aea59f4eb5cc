/* base/arena.h - the arena's inside, for the decoders that allocate per entry. */
#ifndef SDEX_BASE_ARENA_H
#define SDEX_BASE_ARENA_H

#include <stdbool.h>

#include "sdex/arena.h"

#define ARENA_ALIGN 16u

struct arena_block {
	struct arena_block *next;
	size_t size; /* bytes after this header */
};

struct sdex_arena {
	uint8_t *next; /* first free byte of the current block */
	uint8_t *end;
	struct arena_block *first; /* all blocks, in the order they are used */
	struct arena_block *current;
	size_t full; /* bytes handed out of the blocks before current */
	size_t held;
	size_t limit; /* of held; SIZE_MAX for none */
};

/* What a call says whose arena gave it NULL.  Returns NOMEM. */
enum sdex_error arena_full(struct sdex_failure *why);
#ifdef __clang_analyzer__
#define arena_full(why) (arena_full(why), SDEX_ERR_NOMEM) /* as with fail() */
#endif

/* The slow way of arena_take: opens another block.  NULL when it may not. */
void *arena_grow(struct sdex_arena *arena, size_t size);

/* sdex_arena_alloc, inline, for types whose alignment is 8 at most: pieces lie closer.
 * `size` is at most SIZE_MAX - 7. */
static inline void *arena_take8(struct sdex_arena *arena, size_t size)
{
	size = (size + 7u) & ~(size_t)7u;
	if (__builtin_expect((size_t)(arena->end - arena->next) < size, 0))
		return arena_grow(arena, size);
	void *piece = arena->next;
	arena->next += size;
	return piece;
}

#endif
