/* bench/arena.c - small pieces out of a reused arena. */
#include "base/arena.h"
#include "bench.h"

static void small_pieces(void *state, uint64_t count)
{
	struct sdex_arena *arena = state;
	for (uint64_t i = 0; i < count; i++) {
		if (i % 1024 == 0)
			sdex_arena_reset(arena);
		bench_keep(arena_take8(arena, 40));
	}
}

int main(void)
{
	struct sdex_arena *arena = sdex_arena_new(0);
	bench_rate("arena: 40 bytes", small_pieces, arena);
	sdex_arena_free(arena);
	return 0;
}
