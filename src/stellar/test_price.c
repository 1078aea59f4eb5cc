/* stellar/test_price.c - the best fraction is the best: by trying all in small worlds,
 * by proof in the large one. */
#include "base/testing.h"

#include "stellar/price.h"

static uint128 distance(uint128 p, uint128 q, uint64_t n, uint64_t d)
{
	return p * d > n * q ? p * d - n * q : n * q - p * d;
}

/* By trying all: is n/d allowed, and is a/b not better? */
static bool allowed(uint128 p, uint128 q, uint64_t n, uint64_t d, enum sdex_rounding rounding)
{
	return rounding == SDEX_ROUND_NEAREST ||
	       (rounding == SDEX_ROUND_DOWN ? n * q <= p * d : n * q >= p * d);
}

static void by_trying_all(uint64_t *best_n, uint64_t *best_d, uint128 p, uint128 q, uint64_t bound,
			  enum sdex_rounding rounding)
{
	*best_n = *best_d = 0;
	for (uint64_t d = 1; d <= bound; d++) {
		for (uint64_t n = 1; n <= bound; n++) {
			if (!allowed(p, q, n, d, rounding))
				continue;
			uint128 now = *best_d ? distance(p, q, *best_n, *best_d) * d : 1;
			uint128 then = *best_d ? distance(p, q, n, d) * *best_d : 0;
			/* of equally near ones the lower, of equal ones the one in lowest terms */
			if (then < now || (then == now && n * *best_d < *best_n * d)) {
				*best_n = n;
				*best_d = d;
			}
		}
	}
}

static void check_small(uint128 p, uint128 q, uint32_t bound)
{
	static const enum sdex_rounding ways[] = {SDEX_ROUND_NEAREST, SDEX_ROUND_DOWN,
						  SDEX_ROUND_UP};
	for (size_t i = 0; i < 3; i++) {
		uint32_t n = 0, d = 0;
		uint64_t best_n, best_d;
		bool inside = p * bound >= q && p <= q * bound;
		assert_int_equal(price_best(&n, &d, p, q, bound, ways[i]), inside);
		if (!inside)
			continue;
		by_trying_all(&best_n, &best_d, p, q, bound, ways[i]);
		if (n != best_n || d != best_d)
			print_message("%llu/%llu bound %u way %zu\n", (unsigned long long)p,
				      (unsigned long long)q, bound, i);
		assert_int_equal(n, best_n);
		assert_int_equal(d, best_d);
	}
}

static void it_is_the_best_of_a_small_world(void **state)
{
	(void)state;
	for (uint32_t bound = 1; bound <= 9; bound++)
		for (unsigned p = 1; p <= 60; p++)
			for (unsigned q = 1; q <= 60; q++)
				check_small(p, q, bound);
	struct seeded random = {1};
	for (int round = 0; round < 1500; round++)
		check_small(1 + seeded_bits(&random), 1 + seeded_bits(&random),
			    1 + (uint32_t)seeded_below(&random, 50));
}

static uint128 random_bits(struct seeded *random, unsigned bits)
{
	uint128 x = (uint128)seeded_next(random) << 64 | seeded_next(random);
	return x >> (128 - bits);
}

/* The nearest from below and from above are neighbours of the Stern-Brocot tree (the
 * determinant is 1), and what lies between has terms over the bound: so nothing
 * allowed is between them and the goal. */
static void it_is_the_best_by_proof(void **state)
{
	(void)state;
	struct seeded random = {2};
	const uint32_t bound = INT32_MAX;
	size_t inside = 0;
	for (int round = 0; round < 200000; round++) {
		uint128 p = 1 + random_bits(&random, 1 + (unsigned)seeded_below(&random, 96));
		uint128 q = 1 + random_bits(&random, 1 + (unsigned)seeded_below(&random, 96));
		uint32_t n[3], d[3];
		if (!price_best(&n[0], &d[0], p, q, bound, SDEX_ROUND_DOWN)) {
			assert_true(p * bound < q || p > q * bound);
			continue;
		}
		inside++;
		assert_true(price_best(&n[1], &d[1], p, q, bound, SDEX_ROUND_UP));
		assert_true(price_best(&n[2], &d[2], p, q, bound, SDEX_ROUND_NEAREST));
		for (size_t i = 0; i < 3; i++)
			assert_true(n[i] >= 1 && d[i] >= 1 && n[i] <= bound && d[i] <= bound);
		if (n[0] * q == p * d[0]) {
			assert_true(n[1] == n[0] && d[1] == d[0] && n[2] == n[0] && d[2] == d[0]);
			continue;
		}
		assert_true(n[0] * q < p * d[0] && n[1] * q > p * d[1]);
		assert_true((uint64_t)n[1] * d[0] - (uint64_t)n[0] * d[1] == 1);
		assert_true((uint64_t)n[0] + n[1] > bound || (uint64_t)d[0] + d[1] > bound);
		/* nearest: 2 x p/q against the sum of both */
		uint128 low = distance(p, q, n[0], d[0]) * d[1];
		uint128 high = distance(p, q, n[1], d[1]) * d[0];
		size_t near = high < low ? 1 : 0;
		assert_true(n[2] == n[near] && d[2] == d[near]);
	}
	assert_true(inside > 50000);
}

static void parse(const char *text, enum sdex_rounding rounding, int32_t n, int32_t d)
{
	sdex_Price price;
	assert_int_equal(sdex_price_parse(&price, text, strlen(text), rounding, NULL), SDEX_OK);
	assert_int_equal(price.n, n);
	assert_int_equal(price.d, d);
}

static void text_becomes_the_best_fraction(void **state)
{
	(void)state;
	parse("1", SDEX_ROUND_NEAREST, 1, 1);
	parse("0.5", SDEX_ROUND_UP, 1, 2);
	parse("2.50", SDEX_ROUND_DOWN, 5, 2);
	parse("54.301793", SDEX_ROUND_NEAREST, 54301793, 1000000);
	parse("2147483647", SDEX_ROUND_NEAREST, 2147483647, 1);
	parse("2147483646.6", SDEX_ROUND_NEAREST, 2147483647, 1);
	parse("2147483646.5", SDEX_ROUND_NEAREST, 2147483646, 1);
	parse("2147483646.5", SDEX_ROUND_UP, 2147483647, 1);
	parse("0.0000000004656612875245796925", SDEX_ROUND_NEAREST, 1, 2147483647);
	parse("0.33333333333333333333333333333", SDEX_ROUND_NEAREST, 1, 3);
	parse("0.33333333333333333333333333333", SDEX_ROUND_DOWN, 715827882, 2147483647);
	parse("0.33333333333333333333333333333", SDEX_ROUND_UP, 1, 3);
	/* the last convergent is 2340573/385969, a hundred times as far away */
	parse("6.0641476388", SDEX_ROUND_NEAREST, 2145370592, 353779413);
	/* pi's neighbours; the first is a convergent */
	parse("3.14159265358979323846264338327", SDEX_ROUND_NEAREST, 1068966896, 340262731);
	parse("3.14159265358979323846264338327", SDEX_ROUND_DOWN, 1068966896, 340262731);
	parse("3.14159265358979323846264338327", SDEX_ROUND_UP, 1480524883, 471265707);
}

static void other_text_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum sdex_error code;
		uint64_t where;
	} bad[] = {
		{"", SDEX_ERR_SYNTAX, 0},
		{"-1", SDEX_ERR_SYNTAX, 0},
		{"1/2", SDEX_ERR_CHARACTER, 1},
		{"0", SDEX_ERR_RANGE, 0},
		{"0.000", SDEX_ERR_RANGE, 0},
		{"0.0000000004656612873", SDEX_ERR_RANGE, 0},
		{"2147483647.00000000000000000000000000001", SDEX_ERR_RANGE, 0},
		{"2147483648", SDEX_ERR_RANGE, 0},
		{"99999999999999999999999999999999999999999999", SDEX_ERR_RANGE, 0},
		{"1.000000000000000000000000000001", SDEX_ERR_PRECISION, 31},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct sdex_failure why;
		sdex_Price price = {-7, -8};
		assert_int_equal(sdex_price_parse(&price, bad[i].text, strlen(bad[i].text),
						  SDEX_ROUND_NEAREST, &why),
				 bad[i].code);
		assert_int_equal(why.where, bad[i].where);
		assert_int_equal(price.n, -7);
	}
}

static int32_t random_term(struct seeded *random)
{
	return (int32_t)(seeded_next(random) >> 33 >> seeded_below(random, 31)) | 1;
}

static sdex_Price random_price(struct seeded *random)
{
	int32_t n = random_term(random);
	return (sdex_Price){.n = n, .d = random_term(random)};
}

/* Two prices are 1/(2^31 - 1)^2 apart at least, which 19 decimals tell; of the least
 * price of all, 20 decimals are below it and so out of range. */
static void printed_and_read_it_is_the_same(void **state)
{
	(void)state;
	struct seeded random = {3};
	static const sdex_Price corner[] = {
		{1, INT32_MAX},
		{1, INT32_MAX - 1},
		{INT32_MAX, 1},
		{INT32_MAX - 1, 1},
		{INT32_MAX, INT32_MAX - 1},
		{INT32_MAX - 1, INT32_MAX},
		{2, INT32_MAX},
		{INT32_MAX, 2},
		{1, 1},
	};
	const int corners = sizeof corner / sizeof *corner;
	for (int round = 0; round < 100000; round++) {
		sdex_Price price = round < corners ? corner[round] : random_price(&random), back;
		char text[SDEX_PRICE_ROOM];
		size_t length = sdex_price_print(text, price, SDEX_PRICE_DECIMALS_BACK);
		assert_int_equal(sdex_price_parse(&back, text, length, SDEX_ROUND_NEAREST, NULL),
				 SDEX_OK);
		assert_int_equal(sdex_price_compare(back, price), 0);
		sdex_Price least = sdex_price_reduce(price);
		assert_true(least.n == back.n && least.d == back.d);
	}
}

static void print(const char *expected, int32_t n, int32_t d, unsigned decimals)
{
	char text[SDEX_PRICE_ROOM];
	assert_int_equal(sdex_price_print(text, (sdex_Price){n, d}, decimals), strlen(expected));
	assert_string_equal(text, expected);
}

static void text_is_exact_or_rounded(void **state)
{
	(void)state;
	print("1", 1, 1, 7);
	print("0.5", 1, 2, 7);
	print("1", 1, 2, 0);
	print("0", 1, 3, 0);
	print("100", 100, 1, 5);
	print("0.3333333", 1, 3, 7);
	print("0.6666667", 2, 3, 7);
	print("0.000000000931322574615478515625", 1, 1 << 30, 30);
	print("0", 1, 1 << 30, 8);
	print("0.000000001", 1, 1 << 30, 9);
	print("0.0000000009", 1, 1 << 30, 10);
	print("10", 99999, 10000, 3);
	print("9.9999", 99999, 10000, 4);
	print("1000000000", 1999999999, 2, 0);
	print("2147483647", INT32_MAX, 1, 30);
	print("0.0000000004656612875", 1, INT32_MAX, 19);
	print("0.995", 199, 200, 3);
	print("1", 199, 200, 2);
}

/* Every decimal of three places and less, at every number of decimals. */
static void rounding_is_to_the_nearest(void **state)
{
	(void)state;
	for (int32_t n = 1; n < 12000; n++) {
		char text[SDEX_PRICE_ROOM], expected[32];
		for (unsigned decimals = 0; decimals <= 3; decimals++) {
			static const int32_t unit[] = {1000, 100, 10, 1};
			int32_t rounded =
				(n + unit[decimals] / 2) / unit[decimals] * unit[decimals];
			sdex_price_print(text, (sdex_Price){n, 1000}, decimals);
			snprintf(expected, sizeof expected, "%d.%03d", rounded / 1000,
				 rounded % 1000);
			size_t length = strlen(expected);
			while (expected[length - 1] == '0')
				expected[--length] = '\0';
			if (expected[length - 1] == '.')
				expected[--length] = '\0';
			assert_string_equal(text, expected);
		}
	}
}

static void prices_have_an_order(void **state)
{
	(void)state;
	struct seeded random = {4};
	for (int round = 0; round < 50000; round++) {
		sdex_Price a = random_price(&random), b = random_price(&random);
		int order = sdex_price_compare(a, b);
		assert_int_equal(sdex_price_compare(b, a), -order);
		assert_int_equal(sdex_price_compare(a, a), 0);
		assert_int_equal(sdex_price_compare(sdex_price_invert(a), sdex_price_invert(b)),
				 -order);
		assert_int_equal(sdex_price_compare(a, sdex_price_reduce(a)), 0);
	}
	sdex_Price nearly = {INT32_MAX - 1, INT32_MAX}, one = {7, 7};
	assert_true(sdex_price_compare(nearly, one) < 0);
	assert_true(sdex_price_valid(one));
	assert_false(sdex_price_valid((sdex_Price){0, 1}));
	assert_false(sdex_price_valid((sdex_Price){1, 0}));
	assert_false(sdex_price_valid((sdex_Price){-1, -1}));
	sdex_Price reduced = sdex_price_reduce((sdex_Price){84, 36});
	assert_true(reduced.n == 7 && reduced.d == 3);
}

static void amounts_make_a_price_and_take_one(void **state)
{
	(void)state;
	struct seeded random = {5};
	for (int round = 0; round < 100000; round++) {
		struct sdex_amount amount = {(int64_t)(seeded_bits(&random) >> 1)}, out[3];
		sdex_Price price = random_price(&random);
		__extension__ __int128 exact = (__int128)amount.stroops * price.n;
		bool fits[3];
		static const enum sdex_rounding way[] = {SDEX_ROUND_DOWN, SDEX_ROUND_NEAREST,
							 SDEX_ROUND_UP};
		for (size_t i = 0; i < 3; i++) {
			out[i].stroops = -5;
			enum sdex_error error = sdex_price_apply(&out[i], amount, price, way[i]);
			fits[i] = error == SDEX_OK;
			assert_true(fits[i] || (error == SDEX_ERR_RANGE && out[i].stroops == -5));
		}
		if (fits[0]) {
			__extension__ __int128 back = (__int128)out[0].stroops * price.d;
			assert_true(back <= exact && exact - back < price.d);
		} else {
			assert_true(exact / price.d > INT64_MAX);
		}
		if (fits[2]) {
			__extension__ __int128 back = (__int128)out[2].stroops * price.d;
			assert_true(back >= exact && back - exact < price.d);
		}
		if (fits[1]) {
			__extension__ __int128 off = (__int128)out[1].stroops * price.d - exact;
			assert_true(2 * off < price.d && 2 * off >= -price.d);
		}
	}
	struct sdex_amount a = {3 * SDEX_STROOPS_PER_UNIT}, b = {7}, out;
	sdex_Price price;
	assert_int_equal(sdex_price_from_amounts(&price, a, b, SDEX_ROUND_NEAREST), SDEX_OK);
	assert_true(price.n == 30000000 && price.d == 7);
	a.stroops = INT64_MAX;
	assert_int_equal(sdex_price_from_amounts(&price, a, b, SDEX_ROUND_NEAREST), SDEX_ERR_RANGE);
	assert_int_equal(sdex_price_from_amounts(&price, a, a, SDEX_ROUND_UP), SDEX_OK);
	assert_true(price.n == 1 && price.d == 1);
	b.stroops = 0;
	assert_int_equal(sdex_price_from_amounts(&price, a, b, SDEX_ROUND_UP), SDEX_ERR_INVALID);
	assert_int_equal(sdex_price_from_amounts(&price, b, a, SDEX_ROUND_UP), SDEX_ERR_INVALID);
	b.stroops = -1;
	assert_int_equal(sdex_price_apply(&out, b, price, SDEX_ROUND_UP), SDEX_ERR_INVALID);
	assert_int_equal(sdex_price_apply(&out, a, (sdex_Price){1, 0}, SDEX_ROUND_UP),
			 SDEX_ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_best_of_a_small_world),
		cmocka_unit_test(it_is_the_best_by_proof),
		cmocka_unit_test(text_becomes_the_best_fraction),
		cmocka_unit_test(other_text_is_refused),
		cmocka_unit_test(printed_and_read_it_is_the_same),
		cmocka_unit_test(text_is_exact_or_rounded),
		cmocka_unit_test(rounding_is_to_the_nearest),
		cmocka_unit_test(prices_have_an_order),
		cmocka_unit_test(amounts_make_a_price_and_take_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
