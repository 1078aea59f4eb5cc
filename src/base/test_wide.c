/* base/test_wide.c - decimal text of wide integers is exact and one to one. */
#include "base/testing.h"

#include "base/int128.h"
#include "base/wide.h"

static const struct {
	const char *text;
	unsigned n;
	bool is_signed;
	uint64_t parts[4];
} vectors[] = {
	{"0", 2, false, {0, 0}},
	{"0", 4, true, {0, 0, 0, 0}},
	{"10000000000000000000", 2, false, {0, 10000000000000000000u}},
	{"9999999999999999999", 2, true, {0, 9999999999999999999u}},
	{"18446744073709551616", 2, true, {1, 0}},
	{"340282366920938463463374607431768211455", 2, false, {UINT64_MAX, UINT64_MAX}},
	{"170141183460469231731687303715884105727", 2, true, {INT64_MAX, UINT64_MAX}},
	{"-170141183460469231731687303715884105728", 2, true, {1ull << 63, 0}},
	{"-1", 2, true, {UINT64_MAX, UINT64_MAX}},
	{"-18446744073709551616", 2, true, {UINT64_MAX, 0}},
	{"115792089237316195423570985008687907853269984665640564039457584007913129639935",
	 4,
	 false,
	 {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}},
	{"57896044618658097711785492504343953926634992332820282019728792003956564819967",
	 4,
	 true,
	 {INT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}},
	{"-57896044618658097711785492504343953926634992332820282019728792003956564819968",
	 4,
	 true,
	 {1ull << 63, 0, 0, 0}},
	{"-1", 4, true, {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}},
	{"6277101735386680763835789423207666416102355444464034512896", 4, false, {1, 0, 0, 0}},
};

static void vectors_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		char text[WIDE_ROOM];
		uint64_t parts[4] = {7, 7, 7, 7};
		size_t size = strlen(vectors[i].text);
		assert_int_equal(
			wide_print(text, vectors[i].parts, vectors[i].n, vectors[i].is_signed),
			size);
		assert_string_equal(text, vectors[i].text);
		assert_int_equal(wide_parse(parts, vectors[i].n, vectors[i].is_signed, text, size),
				 SDEX_OK);
		assert_memory_equal(parts, vectors[i].parts, vectors[i].n * sizeof *parts);
	}
}

static void what_does_not_fit_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned n;
		bool is_signed;
		enum sdex_error error;
	} bad[] = {
		{"340282366920938463463374607431768211456", 2, false, SDEX_ERR_RANGE},
		{"170141183460469231731687303715884105728", 2, true, SDEX_ERR_RANGE},
		{"-170141183460469231731687303715884105729", 2, true, SDEX_ERR_RANGE},
		{"680564733841876926926749214863536422912", 2, true, SDEX_ERR_RANGE},
		{"115792089237316195423570985008687907853269984665640564039457584007913129639936",
		 4, false, SDEX_ERR_RANGE},
		{"57896044618658097711785492504343953926634992332820282019728792003956564819968", 4,
		 true, SDEX_ERR_RANGE},
		{"-57896044618658097711785492504343953926634992332820282019728792003956564819969",
		 4, true, SDEX_ERR_RANGE},
		{"", 2, true, SDEX_ERR_SYNTAX},
		{"-", 2, true, SDEX_ERR_SYNTAX},
		{"-0", 2, true, SDEX_ERR_SYNTAX},
		{"-01", 2, true, SDEX_ERR_SYNTAX},
		{"01", 2, false, SDEX_ERR_SYNTAX},
		{"-1", 2, false, SDEX_ERR_SYNTAX},
		{"+1", 2, true, SDEX_ERR_SYNTAX},
		{" 1", 2, true, SDEX_ERR_SYNTAX},
		{"1x", 2, true, SDEX_ERR_SYNTAX},
		{"340282366920938463463374607431768211456x", 2, false, SDEX_ERR_SYNTAX},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		uint64_t parts[4] = {7, 7, 7, 7};
		if (wide_parse(parts, bad[i].n, bad[i].is_signed, bad[i].text,
			       strlen(bad[i].text)) != bad[i].error)
			fail_msg("%s", bad[i].text);
		assert_true(parts[0] == 7 && parts[3] == 7);
	}
}

static void small_ones_agree_with_the_compiler(void **state)
{
	(void)state;
	struct seeded s = {4};
	for (int i = 0; i < 20000; i++) {
		/* of one chunk of digits, where printf is a second opinion */
		int64_t value = (int64_t)seeded_bits(&s) * (seeded_below(&s, 2) ? 1 : -1);
		uint64_t parts[2] = {value < 0 ? UINT64_MAX : 0, (uint64_t)value}, back[2];
		char text[WIDE_ROOM], expected[32];
		snprintf(expected, sizeof expected, "%lld", (long long)value);
		size_t size = wide_print(text, parts, 2, true);
		assert_string_equal(text, expected);
		assert_int_equal(wide_parse(back, 2, true, text, size), SDEX_OK);
		assert_memory_equal(back, parts, sizeof parts);
	}
}

static void random_ones_come_back(void **state)
{
	(void)state;
	struct seeded s = {5};
	for (int i = 0; i < 20000; i++) {
		unsigned n = 1 + (unsigned)seeded_below(&s, 4);
		bool is_signed = seeded_below(&s, 2);
		uint64_t parts[4], back[4];
		char text[WIDE_ROOM];
		for (unsigned k = 0; k < 4; k++)
			parts[k] = seeded_below(&s, 3) ? seeded_bits(&s) : 0 - seeded_below(&s, 2);
		size_t size = wide_print(text, parts, n, is_signed);
		assert_int_equal(wide_parse(back, n, is_signed, text, size), SDEX_OK);
		assert_memory_equal(back, parts, n * sizeof *parts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_both_ways),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(small_ones_agree_with_the_compiler),
		cmocka_unit_test(random_ones_come_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
