/* The arithmetic of exchanges and pools over the whole range of 63 bits, against integers of
 * any length multiplied and divided digit by digit as one does on paper. */
#include "base/testing.h"

#include "ledger/exchange.h"

#define MAX INT64_MAX
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

enum { DIGITS = 64 };

/* Decimal digits, the lowest first */
struct big {
	uint8_t digit[DIGITS];
};

static struct big big(int64_t value)
{
	struct big b = {{0}};
	for (int i = 0; value; value /= 10)
		b.digit[i++] = (uint8_t)(value % 10);
	return b;
}

static int compare(const struct big *a, const struct big *b)
{
	for (int i = DIGITS; i-- > 0;)
		if (a->digit[i] != b->digit[i])
			return a->digit[i] < b->digit[i] ? -1 : 1;
	return 0;
}

static struct big add(struct big a, struct big b)
{
	int carry = 0;
	for (int i = 0; i < DIGITS; i++) {
		int sum = a.digit[i] + b.digit[i] + carry;
		a.digit[i] = (uint8_t)(sum % 10);
		carry = sum / 10;
	}
	assert_int_equal(carry, 0);
	return a;
}

static struct big subtract(struct big a, struct big b)
{
	int borrow = 0;
	for (int i = 0; i < DIGITS; i++) {
		int left = a.digit[i] - b.digit[i] - borrow;
		borrow = left < 0;
		a.digit[i] = (uint8_t)(left + 10 * borrow);
	}
	assert_int_equal(borrow, 0);
	return a;
}

static struct big times(struct big a, struct big b)
{
	int sums[2 * DIGITS] = {0};
	struct big product = {{0}};
	for (int i = 0; i < DIGITS; i++)
		for (int j = 0; j < DIGITS; j++)
			sums[i + j] += a.digit[i] * b.digit[j];
	for (int i = 0; i + 1 < 2 * DIGITS; i++) {
		sums[i + 1] += sums[i] / 10;
		sums[i] %= 10;
		if (i < DIGITS)
			product.digit[i] = (uint8_t)sums[i];
		else
			assert_int_equal(sums[i], 0);
	}
	return product;
}

/* Long division: digit by digit from the top, by subtraction. */
static struct big over(struct big a, struct big b, bool up)
{
	struct big quotient = {{0}}, rest = {{0}}, none = {{0}};
	for (int i = DIGITS; i-- > 0;) {
		memmove(rest.digit + 1, rest.digit, DIGITS - 1);
		rest.digit[0] = a.digit[i];
		for (; compare(&rest, &b) >= 0; quotient.digit[i]++)
			rest = subtract(rest, b);
	}
	return up && compare(&rest, &none) ? add(quotient, big(1)) : quotient;
}

static struct big smaller(struct big a, struct big b)
{
	return compare(&a, &b) < 0 ? a : b;
}

static bool fits(const struct big *a)
{
	struct big most = big(MAX);
	return compare(a, &most) <= 0;
}

static void equals(int64_t got, struct big expected)
{
	struct big b = big(got);
	assert_int_equal(compare(&b, &expected), 0);
}

/* --- numbers: edges, and any number of bits */

static const int64_t edges[] = {0,
				1,
				2,
				3,
				9999,
				10000,
				10001,
				MAX - 1,
				MAX,
				INT32_MAX,
				MAX / 2,
				MAX / 2 + 1,
				1LL << 32,
				1LL << 62,
				3037000499,
				3037000500,
				5000000000000000000};

static int64_t any(struct seeded *seed)
{
	return seeded_below(seed, 3) == 0 ? edges[seeded_below(seed, COUNT(edges))]
					  : (int64_t)(seeded_bits(seed) >> 1);
}

static int32_t term(struct seeded *seed)
{
	int32_t value = (int32_t)(seeded_bits(seed) >> 33);
	return value > 0 ? value : 1;
}

static void check_exchange(struct price price, struct exchange_limits l, enum exchange_mode mode)
{
	struct big n = big(price.n), d = big(price.d), wheat, sheep;
	struct big wheat_value =
		smaller(times(big(l.wheat_send), n), times(big(l.sheep_receive), d));
	struct big sheep_value =
		smaller(times(big(l.sheep_send), d), times(big(l.wheat_receive), n));
	bool stays = compare(&wheat_value, &sheep_value) > 0;
	if (stays && mode == EXCHANGE_STRICT_SEND) {
		wheat = over(sheep_value, n, false);
		sheep = smaller(big(l.sheep_send), big(l.sheep_receive));
	} else if (stays && (price.n > price.d || mode == EXCHANGE_STRICT_RECEIVE)) {
		wheat = over(sheep_value, n, false);
		sheep = over(times(wheat, n), d, true);
	} else if (stays) {
		sheep = over(sheep_value, d, false);
		wheat = over(times(sheep, d), n, false);
	} else if (price.n > price.d) {
		wheat = over(wheat_value, n, false);
		sheep = over(times(wheat, n), d, false);
	} else {
		sheep = over(wheat_value, d, false);
		wheat = over(times(sheep, d), n, true);
	}
	struct exchanged got = exchange_raw(price, l, mode);
	assert_int_equal(got.wheat_stays, stays);
	equals(got.wheat, wheat);
	equals(got.sheep, sheep);
	/* the error: |100 n w - 100 d s| > n w */
	struct big due = times(big(100), times(n, wheat)), paid = times(big(100), times(d, sheep));
	struct big error = compare(&due, &paid) > 0 ? subtract(due, paid) : subtract(paid, due);
	struct big most = times(n, wheat);
	bool bounded = compare(&error, &most) <= 0;
	assert_int_equal(exchange_error_bounded(price, got.wheat, got.sheep, false), bounded);
	assert_int_equal(exchange_error_bounded(price, got.wheat, got.sheep, true),
			 bounded || compare(&paid, &due) > 0);
}

static void exchanges_are_those_of_paper(void **state)
{
	(void)state;
	struct seeded seed = {11};
	for (int i = 0; i < 4000; i += (int)seed_step()) {
		struct price price = {term(&seed), term(&seed)};
		struct exchange_limits limits = {any(&seed), any(&seed), any(&seed), any(&seed)};
		for (int m = 0; m < 3; m++)
			check_exchange(price, limits, (enum exchange_mode)m);
	}
}

static void check_pool(int64_t in_reserve, int64_t out_reserve, int64_t amount, int32_t fee)
{
	struct big kept = big(10000 - fee), all = big(10000);
	int64_t got = 0;
	/* out = (10000 - f) Rout in / (10000 Rin + (10000 - f) in) */
	struct big out = over(times(kept, times(big(out_reserve), big(amount))),
			      add(times(all, big(in_reserve)), times(kept, big(amount))), false);
	struct big none = {{0}};
	bool works = amount <= MAX - in_reserve && compare(&out, &none) > 0;
	assert_int_equal(exchange_pool_send(&got, in_reserve, out_reserve, amount, fee), works);
	if (works)
		equals(got, out);
	/* in = 10000 Rin out / ((Rout - out) (10000 - f)), rounded up */
	works = amount < out_reserve;
	struct big in = none;
	if (works) {
		in = over(times(all, times(big(in_reserve), big(amount))),
			  times(big(out_reserve - amount), kept), true);
		struct big room = big(MAX - in_reserve);
		works = compare(&in, &room) <= 0;
	}
	assert_int_equal(exchange_pool_receive(&got, in_reserve, out_reserve, amount, fee), works);
	if (works)
		equals(got, in);
}

static void pools_are_those_of_paper(void **state)
{
	(void)state;
	struct seeded seed = {12};
	for (int i = 0; i < 6000; i += (int)seed_step()) {
		int64_t a = any(&seed), b = any(&seed);
		int32_t fee = seeded_below(&seed, 2) ? 30 : (int32_t)seeded_below(&seed, 10000);
		check_pool(a ? a : 1, b ? b : 1, any(&seed), fee);
	}
}

static void shares_are_those_of_paper(void **state)
{
	(void)state;
	struct seeded seed = {13};
	for (int i = 0; i < 6000; i += (int)seed_step()) {
		struct pool_amounts got;
		int64_t a = any(&seed), b = any(&seed), max_a = any(&seed), max_b = any(&seed);
		int64_t total = any(&seed);
		/* the first: the root of the product, which no number above it is */
		assert_true(exchange_pool_deposit(&got, 0, 0, 0, max_a, max_b));
		struct big product = times(big(max_a), big(max_b)), root = big(got.shares);
		struct big above = add(root, big(1)), square = times(root, root);
		above = times(above, above);
		assert_true(compare(&square, &product) <= 0 && compare(&above, &product) > 0);
		a = a ? a : 1;
		b = b ? b : 1;
		total = total ? total : 1;
		struct big shares = smaller(over(times(big(total), big(max_a)), big(a), false),
					    over(times(big(total), big(max_b)), big(b), false));
		struct big put_a = over(times(shares, big(a)), big(total), true);
		struct big put_b = over(times(shares, big(b)), big(total), true);
		bool works = fits(&shares) && fits(&put_a) && fits(&put_b);
		assert_int_equal(exchange_pool_deposit(&got, a, b, total, max_a, max_b), works);
		if (works) {
			equals(got.shares, shares);
			equals(got.a, put_a);
			equals(got.b, put_b);
		}
		int64_t part = any(&seed) % total;
		equals(exchange_pool_withdraw(part, total, a),
		       over(times(big(part), big(a)), big(total), false));
	}
}

static void prices_compare_as_on_paper(void **state)
{
	(void)state;
	struct seeded seed = {14};
	for (int i = 0; i < 6000; i++) {
		struct price p = {term(&seed), term(&seed)}, q = {term(&seed), term(&seed)};
		struct big left = times(big(p.n), big(q.d)), right = times(big(q.n), big(p.d));
		assert_int_equal(price_above(p, q), compare(&left, &right) > 0);
		assert_int_equal(price_at_least(p, q), compare(&left, &right) >= 0);
		int64_t a = any(&seed), b = any(&seed);
		struct big value = times(big(a), big(p.d)), least = times(big(b), big(p.n));
		struct big most = times(big(b), big(q.n)), value_q = times(big(a), big(q.d));
		assert_int_equal(exchange_pool_bad_price(a, b, p, q),
				 a == 0 || b == 0 || compare(&value, &least) < 0 ||
					 compare(&value_q, &most) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exchanges_are_those_of_paper),
		cmocka_unit_test(pools_are_those_of_paper),
		cmocka_unit_test(shares_are_those_of_paper),
		cmocka_unit_test(prices_compare_as_on_paper),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
