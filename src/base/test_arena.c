/* base/test_arena.c - what is handed out is apart, aligned, bounded, reusable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void pieces_do_not_overlap(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	uint8_t *piece[500];
	for (size_t i = 0; i < 500; i++) {
		piece[i] = sdex_arena_alloc(arena, i);
		assert_non_null(piece[i]);
		assert_int_equal((uintptr_t)piece[i] % ARENA_ALIGN, 0);
		memset(piece[i], (int)(i & 0xff), i);
		assert_non_null(arena_take8(arena, i % 24));
	}
	for (size_t i = 0; i < 500; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_equal(piece[i][k], i & 0xff);
	sdex_arena_free(arena);
}

static void a_reset_reuses_the_same_memory(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	size_t held = 0;
	for (int round = 0; round < 10; round++) {
		sdex_arena_reset(arena);
		assert_int_equal(sdex_arena_used(arena), 0);
		for (size_t i = 0; i < 300; i++)
			assert_non_null(sdex_arena_alloc(arena, (i * 97) % 9000));
		if (round == 0)
			held = sdex_arena_held(arena);
		assert_int_equal(sdex_arena_held(arena), held);
	}
	sdex_arena_free(arena);
}

static void the_limit_holds(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(100000);
	while (sdex_arena_alloc(arena, 1000))
		;
	assert_true(sdex_arena_held(arena) <= 100000);
	assert_true(sdex_arena_used(arena) > 80000);
	assert_null(sdex_arena_alloc(arena, SIZE_MAX));
	assert_null(sdex_arena_alloc(arena, SIZE_MAX - 64));
	assert_null(arena_grow(arena, SIZE_MAX - 64));
	sdex_arena_reset(arena);
	assert_non_null(sdex_arena_alloc(arena, 1000));
	sdex_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(a_reset_reuses_the_same_memory),
		cmocka_unit_test(the_limit_holds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
