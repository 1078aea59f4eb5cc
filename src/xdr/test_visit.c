/* xdr/test_visit.c - a visit finds what the decoded tree holds, and obeys. */
#include "sdex/xdr_types.h"
#include "xdr/test_values.h"

struct seen {
	const uint8_t *data;
	size_t end; /* of what was found last and not looked into */
	enum sdex_visit answer;
	uint32_t counts[SDEX_TYPE_COUNT];
};

static enum sdex_visit note(void *context, const struct sdex_found *found)
{
	struct seen *seen = context;
	size_t used = 0;
	assert_ptr_equal(found->data, seen->data + found->offset);
	assert_int_equal(sdex_xdr_check(found->type, &used, found->data, found->size, NULL, NULL),
			 SDEX_OK);
	assert_int_equal(used, found->size);
	if (seen->answer == SDEX_VISIT_ON) {
		assert_true(found->offset >= seen->end);
		seen->end = found->offset + found->size;
	}
	seen->counts[found->type]++;
	return seen->answer;
}

static void visit(struct seen *seen, enum sdex_type type, const enum sdex_type *wanted,
		  size_t wanted_count, const uint8_t *data, size_t size)
{
	struct sdex_visit_plan plan;
	enum sdex_visit answer = seen->answer;
	memset(seen, 0, sizeof *seen);
	seen->answer = answer;
	seen->data = data;
	assert_int_equal(sdex_visit_plan_init(&plan, wanted, wanted_count), SDEX_OK);
	assert_int_equal(sdex_xdr_visit(type, &plan, note, seen, data, size, NULL, NULL), SDEX_OK);
}

static void finds_all_that_is_there(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	struct seen seen = {.answer = SDEX_VISIT_INTO};
	enum sdex_type all[SDEX_TYPE_COUNT], some[3];
	for (int i = 0; i < SDEX_TYPE_COUNT; i++)
		all[i] = (enum sdex_type)i;
	for (int type = 0; type < SDEX_TYPE_COUNT; type++) {
		for (uint64_t seed = 0; seed < 16; seed += seed_step()) {
			struct choices choices = {.seeded = {~seed << 20 | (uint64_t)type}};
			uint32_t counts[SDEX_TYPE_COUNT] = {0};
			size_t size = 0;
			sdex_arena_reset(arena);
			void *value = test_value(arena, (enum sdex_type)type, &choices,
						 (uint32_t)seed * 4);
			uint8_t *data = test_bytes(arena, &size, (enum sdex_type)type, value);
			test_count(counts, (enum sdex_type)type, value);

			visit(&seen, (enum sdex_type)type, all, SDEX_TYPE_COUNT, data, size);
			assert_memory_equal(seen.counts, counts, sizeof counts);

			for (int i = 0; i < 3; i++)
				some[i] = (enum sdex_type)seeded_below(&choices.seeded,
								       SDEX_TYPE_COUNT);
			visit(&seen, (enum sdex_type)type, some, 3, data, size);
			for (int i = 0; i < SDEX_TYPE_COUNT; i++) {
				bool wanted =
					i == (int)some[0] || i == (int)some[1] || i == (int)some[2];
				assert_int_equal(seen.counts[i], wanted ? counts[i] : 0);
			}
		}
	}
	sdex_arena_free(arena);
}

/* A vec of a vec of two numbers, and a number. */
static const uint8_t nested[] = {0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 16,
				 0, 0, 0, 1,  0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 7,
				 0, 0, 0, 3,  0, 0, 0, 8, 0, 0, 0, 3, 0, 0, 0, 9};

static void goes_on_behind_what_was_found(void **state)
{
	(void)state;
	static const enum sdex_type val = SDEX_TYPE_SCVal, number = SDEX_TYPE_uint32;
	struct seen seen = {.answer = SDEX_VISIT_ON};
	visit(&seen, SDEX_TYPE_SCVal, &val, 1, nested, sizeof nested);
	assert_int_equal(seen.counts[SDEX_TYPE_SCVal], 1);
	visit(&seen, SDEX_TYPE_SCVal, &number, 1, nested, sizeof nested);
	assert_int_equal(seen.counts[SDEX_TYPE_uint32], 3);
	seen.answer = SDEX_VISIT_INTO;
	visit(&seen, SDEX_TYPE_SCVal, &val, 1, nested, sizeof nested);
	assert_int_equal(seen.counts[SDEX_TYPE_SCVal], 5);
}

static void stops_when_told_to(void **state)
{
	(void)state;
	static const enum sdex_type number = SDEX_TYPE_uint32, price = SDEX_TYPE_int32;
	static const uint8_t two[] = {0, 0, 0, 1, 0, 0, 0, 2};
	struct seen seen = {.answer = SDEX_VISIT_STOP};
	visit(&seen, SDEX_TYPE_SCVal, &number, 1, nested, sizeof nested);
	assert_int_equal(seen.counts[SDEX_TYPE_uint32], 1);
	visit(&seen, SDEX_TYPE_Price, &price, 1, two, sizeof two);
	assert_int_equal(seen.counts[SDEX_TYPE_int32], 1);
}

static enum sdex_visit tally(void *context, const struct sdex_found *found)
{
	(void)found;
	++*(uint32_t *)context;
	return SDEX_VISIT_INTO;
}

/* Damaged bytes are refused as the decoder refuses them, wherever the plan leads. */
static void refuses_like_the_decoder(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	for (int type = 0; type < SDEX_TYPE_COUNT; type++) {
		for (uint64_t seed = 0; seed < 60; seed += seed_step()) {
			struct choices choices = {.seeded = {seed << 40 | (uint64_t)type}};
			size_t size = 0;
			sdex_arena_reset(arena);
			void *value = test_value(arena, (enum sdex_type)type, &choices, 30);
			uint8_t *data = test_bytes(arena, &size, (enum sdex_type)type, value);
			data[seeded_below(&choices.seeded, size)] ^=
				(uint8_t)(1u << seeded_below(&choices.seeded, 8));
			enum sdex_type wanted[2] = {
				(enum sdex_type)seeded_below(&choices.seeded, SDEX_TYPE_COUNT),
				seed % 3 ? SDEX_TYPE_uint32 : SDEX_TYPE_Hash};
			struct sdex_visit_plan plan;
			struct sdex_failure why = {0}, again = {0};
			uint32_t found = 0;
			assert_int_equal(sdex_visit_plan_init(&plan, wanted, 2), SDEX_OK);
			enum sdex_error error = sdex_xdr_decode((enum sdex_type)type, &value, arena,
								data, size, NULL, &why);
			assert_int_equal(sdex_xdr_visit((enum sdex_type)type, &plan, tally, &found,
							data, size, NULL, &again),
					 error);
			assert_string_equal(why.text, again.text);
		}
	}
	sdex_arena_free(arena);
}

/* Input that ends too soon is refused by every way of visiting. */
static void needs_each_byte(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	struct sdex_visit_plan plans[2];
	enum sdex_type all[SDEX_TYPE_COUNT];
	for (int i = 0; i < SDEX_TYPE_COUNT; i++)
		all[i] = (enum sdex_type)i;
	assert_int_equal(sdex_visit_plan_init(&plans[0], all, SDEX_TYPE_COUNT), SDEX_OK);
	for (int type = 0; type < SDEX_TYPE_COUNT; type++) {
		for (uint64_t seed = 0; seed < 8; seed += seed_step()) {
			struct choices choices = {.seeded = {seed << 24 | (uint64_t)type}};
			enum sdex_type wanted =
				(enum sdex_type)seeded_below(&choices.seeded, SDEX_TYPE_COUNT);
			size_t size = 0;
			uint32_t found = 0;
			sdex_arena_reset(arena);
			void *value = test_value(arena, (enum sdex_type)type, &choices,
						 (uint32_t)seed * 6);
			uint8_t *data = test_bytes(arena, &size, (enum sdex_type)type, value);
			assert_int_equal(sdex_visit_plan_init(&plans[1], &wanted, 1), SDEX_OK);
			for (size_t end = 0; end < size && size < 1000; end++) {
				uint8_t *shorter = malloc(end);
				if (end)
					memcpy(shorter, data, end);
				for (int i = 0; i < 2; i++)
					assert_int_equal(sdex_xdr_visit((enum sdex_type)type,
									&plans[i], tally, &found,
									shorter, end, NULL, NULL),
							 SDEX_ERR_TRUNCATED);
				free(shorter);
			}
		}
	}
	sdex_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_all_that_is_there),
		cmocka_unit_test(goes_on_behind_what_was_found),
		cmocka_unit_test(stops_when_told_to),
		cmocka_unit_test(refuses_like_the_decoder),
		cmocka_unit_test(needs_each_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
