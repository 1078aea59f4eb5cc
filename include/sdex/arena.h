/* sdex/arena.h - memory that is handed out piece by piece and freed at once.
 *
 * Decoded values live in an arena and die with its reset.  An arena belongs to
 * one thread at a time; distinct arenas are independent. */
#ifndef SDEX_ARENA_H
#define SDEX_ARENA_H

#include "sdex/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sdex_arena;

/* Returns an empty arena that will hold at most `limit` bytes in all (what it
 * hands out and what it keeps for later), or NULL when memory is out.  0 is no limit. */
SDEX_API struct sdex_arena *sdex_arena_new(size_t limit);

/* Frees the arena and all that came from it.  NULL is fine. */
SDEX_API void sdex_arena_free(struct sdex_arena *arena);

/* Takes back all that was handed out and keeps the memory for the next use. */
SDEX_API void sdex_arena_reset(struct sdex_arena *arena);

/* Returns `size` bytes, aligned for any type, uninitialised; NULL when memory is
 * out or the limit is reached.  size 0 gives a pointer that must not be read. */
SDEX_API void *sdex_arena_alloc(struct sdex_arena *arena, size_t size);

/* Copies `size` bytes into the arena; NULL as above. */
SDEX_API void *sdex_arena_copy(struct sdex_arena *arena, const void *data, size_t size);

/* Bytes handed out since the last reset, and bytes held from the system. */
SDEX_API size_t sdex_arena_used(const struct sdex_arena *arena);
SDEX_API size_t sdex_arena_held(const struct sdex_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
