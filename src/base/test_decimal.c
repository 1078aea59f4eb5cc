/* base/test_decimal.c - exact both ways, and nothing else is read. */
#include "base/testing.h"

#include "base/decimal.h"

static enum sdex_error parse(int64_t *value, const char *text, unsigned places,
			     enum decimal_sign sign, struct sdex_failure *why)
{
	return decimal_parse(value, text, strlen(text), places, sign, "amount", why);
}

static void numbers_are_exact(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned places;
		int64_t value;
	} good[] = {
		{"0", 7, 0},
		{"0.0", 7, 0},
		{"-0", 7, 0},
		{"0.0000001", 7, 1},
		{"1", 7, 10000000},
		{"1", 0, 1},
		{"1.0", 0, 1},
		{"1.00000000000000000000000000000000000000000", 7, 10000000},
		{"12.3456789", 7, 123456789},
		{"922337203685.4775807", 7, INT64_MAX},
		{"-922337203685.4775808", 7, INT64_MIN},
		{"9223372036854775807", 0, INT64_MAX},
		{"9.223372036854775807", 18, INT64_MAX},
		{"-9.223372036854775808", 18, INT64_MIN},
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int64_t value = 55;
		assert_int_equal(parse(&value, good[i].text, good[i].places, DECIMAL_SIGNED, NULL),
				 SDEX_OK);
		assert_true(value == good[i].value);
	}
}

static void the_rest_is_refused_with_a_position(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum sdex_error code;
		uint64_t where;
	} bad[] = {
		{"", SDEX_ERR_SYNTAX, 0},
		{"-1", SDEX_ERR_SYNTAX, 0},
		{"-0", SDEX_ERR_SYNTAX, 0},
		{"-", SDEX_ERR_SYNTAX, 0},
		{"+1", SDEX_ERR_CHARACTER, 0},
		{".5", SDEX_ERR_CHARACTER, 0},
		{"5.", SDEX_ERR_SYNTAX, 2},
		{"5. ", SDEX_ERR_CHARACTER, 2},
		{"00", SDEX_ERR_SYNTAX, 0},
		{"01.5", SDEX_ERR_SYNTAX, 0},
		{" 1", SDEX_ERR_CHARACTER, 0},
		{"1 ", SDEX_ERR_CHARACTER, 1},
		{"1\n", SDEX_ERR_CHARACTER, 1},
		{"1e5", SDEX_ERR_CHARACTER, 1},
		{"1.5E-3", SDEX_ERR_CHARACTER, 3},
		{"1,000", SDEX_ERR_CHARACTER, 1},
		{"1.2.3", SDEX_ERR_CHARACTER, 3},
		{"0x10", SDEX_ERR_CHARACTER, 1},
		{"1/2", SDEX_ERR_CHARACTER, 1},
		{"NaN", SDEX_ERR_CHARACTER, 0},
		{"1.00000001", SDEX_ERR_PRECISION, 9},
		{"1.000000000000000000010", SDEX_ERR_PRECISION, 21},
		{"1.00000001x", SDEX_ERR_CHARACTER, 10},
		{"922337203685.4775808", SDEX_ERR_RANGE, 0},
		{"922337203686", SDEX_ERR_RANGE, 0},
		{"1844674407370.9551616", SDEX_ERR_RANGE, 0},
		{"1844674407370.9551617", SDEX_ERR_RANGE, 0},
		{"99999999999999999999999999999999999999999999999", SDEX_ERR_RANGE, 0},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct sdex_failure why;
		int64_t value = 55;
		assert_int_equal(parse(&value, bad[i].text, 7, DECIMAL_UNSIGNED, &why),
				 bad[i].code);
		assert_int_equal(why.code, bad[i].code);
		assert_int_equal(why.where, bad[i].where);
		assert_memory_equal(why.text, "amount: ", 8);
		assert_int_equal(value, 55);
	}
	int64_t value = 55;
	assert_int_equal(parse(&value, "-922337203685.4775809", 7, DECIMAL_SIGNED, NULL),
			 SDEX_ERR_RANGE);
	assert_int_equal(parse(&value, "-01", 7, DECIMAL_SIGNED, NULL), SDEX_ERR_SYNTAX);
	assert_int_equal(parse(&value, "--1", 7, DECIMAL_SIGNED, NULL), SDEX_ERR_CHARACTER);
	assert_int_equal(value, 55);
}

static void a_refusal_tells_the_range(void **state)
{
	(void)state;
	struct sdex_failure why;
	int64_t value;
	assert_int_equal(parse(&value, "922337203686", 7, DECIMAL_UNSIGNED, &why), SDEX_ERR_RANGE);
	assert_string_equal(why.text, "amount: expected 0 to 922337203685.4775807, found "
				      "\"922337203686\"");
	assert_int_equal(parse(&value, "1e9", 7, DECIMAL_UNSIGNED, &why), SDEX_ERR_CHARACTER);
	assert_string_equal(why.text, "amount: expected a digit or the end, found \"e\"; write "
				      "the number without an exponent");
}

static void print(const char *full, const char *trimmed, int64_t value, unsigned places)
{
	char text[DECIMAL_ROOM];
	assert_int_equal(decimal_print(text, value, places, false), strlen(full));
	assert_string_equal(text, full);
	assert_int_equal(decimal_print(text, value, places, true), strlen(trimmed));
	assert_string_equal(text, trimmed);
}

static void text_is_canonical(void **state)
{
	(void)state;
	print("0.0000000", "0", 0, 7);
	print("0.0000001", "0.0000001", 1, 7);
	print("-0.0000010", "-0.000001", -10, 7);
	print("1.0000000", "1", 10000000, 7);
	print("100", "100", 100, 0);
	print("922337203685.4775807", "922337203685.4775807", INT64_MAX, 7);
	print("-922337203685.4775808", "-922337203685.4775808", INT64_MIN, 7);
	print("-9.223372036854775808", "-9.223372036854775808", INT64_MIN, 18);
	print("0.000000000000000000", "0", 0, 18);
}

static void text_and_number_are_one_to_one(void **state)
{
	(void)state;
	struct seeded random = {3};
	for (int round = 0; round < 200000; round++) {
		int64_t value = (int64_t)seeded_bits(&random), back;
		if (seeded_below(&random, 2))
			value = (int64_t)(0 - (uint64_t)value);
		unsigned places = (unsigned)seeded_below(&random, 19);
		char text[DECIMAL_ROOM];
		decimal_print(text, value, places, round & 1);
		assert_int_equal(parse(&back, text, places, DECIMAL_SIGNED, NULL), SDEX_OK);
		assert_true(back == value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_exact),
		cmocka_unit_test(the_rest_is_refused_with_a_position),
		cmocka_unit_test(a_refusal_tells_the_range),
		cmocka_unit_test(text_is_canonical),
		cmocka_unit_test(text_and_number_are_one_to_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
