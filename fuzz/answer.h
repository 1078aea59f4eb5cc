/* fuzz/answer.h - what the targets of servers' answers share: all that a reader gives back is
 * added up, and each reader has to do the same twice. */
#ifndef SDEX_FUZZ_ANSWER_H
#define SDEX_FUZZ_ANSWER_H

#include <string.h>

#include "base/check.h"
#include "sdex/arena.h"
#include "sdex/error.h"

#define ANSWER_LIMIT ((size_t)32 << 20) /* bytes that a reader may take */

/* Reads an answer, adds up what it found, and checks that it is in range. */
typedef enum sdex_error answer_reader(struct sdex_arena *arena, const uint8_t *data, size_t size,
				      struct sdex_failure *why);

static uint64_t answer_sum;

static inline void add(const void *data, size_t size)
{
	const uint8_t *p = data;
	for (size_t i = 0; i < size; i++)
		answer_sum = answer_sum * 31 + p[i];
}

static inline void add_text(const char *text)
{
	CHECK(text);
	add(text, strlen(text));
}

/* What is refused has a reason and a place; the same bytes give the same, and the same sum. */
static inline void answer_read_twice(answer_reader *const readers[], size_t count,
				     struct sdex_arena *arena, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < count; i++) {
		struct sdex_failure first = {.text = ""}, second = {.text = ""};
		answer_sum = 0;
		enum sdex_error error = readers[i](arena, data, size, &first);
		uint64_t sum = answer_sum;
		CHECK(!error || (first.text[0] && first.where <= size));
		answer_sum = 0;
		sdex_arena_reset(arena);
		CHECK(readers[i](arena, data, size, &second) == error && answer_sum == sum);
		CHECK(!error || strcmp(first.text, second.text) == 0);
		sdex_arena_reset(arena);
	}
}

#endif
