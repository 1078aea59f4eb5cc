/* xdr/test_values.h - values of any type, made up from the schema's tables. */
#ifndef SDEX_XDR_TEST_VALUES_H
#define SDEX_XDR_TEST_VALUES_H

#include "base/testing.h"
#include "sdex/xdr.h"

/* Where the decisions come from: first `data` (a fuzzer's input; NULL is fine), one byte
 * or more each, then numbers from the seed. */
struct choices {
	const uint8_t *data;
	size_t size;
	struct seeded seeded;
};

/* Makes a value of `type` in the arena, of about `budget` parts: lists and optionals
 * beyond that are empty where the schema lets them.  The same choices make the same value. */
void *test_value(struct sdex_arena *arena, enum sdex_type type, struct choices *choices,
		 uint32_t budget);

/* Its XDR, in the arena. */
uint8_t *test_bytes(struct sdex_arena *arena, size_t *size, enum sdex_type type, const void *value);

/* Adds to counts[T], for each type T, how many values of it are in the value; an alias
 * counts for its target too. */
void test_count(uint32_t counts[SDEX_TYPE_COUNT], enum sdex_type type, const void *value);

#endif
