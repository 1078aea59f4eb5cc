/* stellar/test_amount.c - stroops and text are one to one; sums never wrap. */
#include "base/testing.h"

#include "sdex/amount.h"

static enum sdex_error parse(int64_t *stroops, const char *text)
{
	struct sdex_amount amount;
	enum sdex_error error = sdex_amount_parse(&amount, text, strlen(text), NULL);
	if (!error)
		*stroops = amount.stroops;
	return error;
}

static void text_is_read_exactly(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t stroops;
	} good[] = {
		{"0", 0},
		{"0.0000001", 1},
		{"1", 10000000},
		{"100.1234567", 1001234567},
		{"0.10000000000", 1000000},
		{"922337203685.4775807", INT64_MAX},
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int64_t stroops = -1;
		assert_int_equal(parse(&stroops, good[i].text), SDEX_OK);
		assert_true(stroops == good[i].stroops);
	}
	int64_t stroops = -1;
	assert_int_equal(parse(&stroops, "922337203685.4775808"), SDEX_ERR_RANGE);
	assert_int_equal(parse(&stroops, "0.00000001"), SDEX_ERR_PRECISION);
	assert_int_equal(parse(&stroops, "-1"), SDEX_ERR_SYNTAX);
	assert_int_equal(parse(&stroops, "1e7"), SDEX_ERR_CHARACTER);
	assert_int_equal(stroops, -1);
}

static void every_amount_has_its_text(void **state)
{
	(void)state;
	struct seeded random = {1};
	for (int round = 0; round < 100000; round++) {
		struct sdex_amount amount = {(int64_t)seeded_bits(&random)}, back;
		if (seeded_below(&random, 2))
			amount.stroops = (int64_t)(0 - (uint64_t)amount.stroops);
		char text[SDEX_AMOUNT_ROOM];
		size_t length = sdex_amount_print(text, amount);
		assert_int_equal(strlen(text), length);
		assert_int_equal(text[length - 8], '.');
		assert_int_equal(sdex_amount_parse_signed(&back, text, length, NULL), SDEX_OK);
		assert_true(back.stroops == amount.stroops);
		assert_int_equal(!sdex_amount_parse(&back, text, length, NULL),
				 amount.stroops >= 0);
	}
	char text[SDEX_AMOUNT_ROOM];
	sdex_amount_print(text, (struct sdex_amount){INT64_MIN});
	assert_string_equal(text, "-922337203685.4775808");
}

static void sums_stay_in_range(void **state)
{
	(void)state;
	static const int64_t some[] = {INT64_MIN, INT64_MIN + 1, -1,       0,
				       1,         INT64_MAX - 1, INT64_MAX};
	for (size_t i = 0; i < 7; i++) {
		for (size_t k = 0; k < 7; k++) {
			struct sdex_amount a = {some[i]}, b = {some[k]}, out = {42};
			__extension__ __int128 sum = (__int128)some[i] + some[k];
			__extension__ __int128 difference = (__int128)some[i] - some[k];
			bool fits = sum >= INT64_MIN && sum <= INT64_MAX;
			assert_int_equal(sdex_amount_add(&out, a, b),
					 fits ? SDEX_OK : SDEX_ERR_RANGE);
			assert_true(out.stroops == (fits ? (int64_t)sum : 42));
			fits = difference >= INT64_MIN && difference <= INT64_MAX;
			out.stroops = 42;
			assert_int_equal(sdex_amount_sub(&out, a, b),
					 fits ? SDEX_OK : SDEX_ERR_RANGE);
			assert_true(out.stroops == (fits ? (int64_t)difference : 42));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_read_exactly),
		cmocka_unit_test(every_amount_has_its_text),
		cmocka_unit_test(sums_stay_in_range),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
