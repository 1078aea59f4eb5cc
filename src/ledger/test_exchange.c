/* The exchange arithmetic: the network's own expected values (stellar-core,
 * src/transactions/test/ExchangeTests.cpp, restated as tables that name its cases), laws
 * on every small number against fractions worked out slowly, and the ends of the range. */
#include "base/testing.h"

#include "base/int128.h"
#include "ledger/exchange.h"

#define MAX INT64_MAX

struct row {
	struct price price;
	int64_t wheat_send, wheat_receive, sheep_send, sheep_receive;
	enum exchange_mode mode;
	int64_t wheat, sheep;
};

/* clang-format off */
static const struct row exchange_rows[] = {
	/* ExchangeTests: ExchangeV10 / Limited by maxWheatSend and maxSheepSend / price > 1 */
	{{3, 2}, 3000, MAX, 4501, MAX, EXCHANGE_NORMAL, 3000, 4500},
	{{3, 2}, 3000, MAX, 4500, MAX, EXCHANGE_NORMAL, 3000, 4500},
	{{3, 2}, 3000, MAX, 4499, MAX, EXCHANGE_NORMAL, 2999, 4499},
	{{3, 2}, 2999, MAX, 4499, MAX, EXCHANGE_NORMAL, 2999, 4498},
	{{3, 2}, 2999, MAX, 4498, MAX, EXCHANGE_NORMAL, 2998, 4497},
	/* ExchangeTests: ExchangeV10 / Limited by maxWheatSend and maxSheepSend / price < 1 */
	{{2, 3}, 3000, MAX, 2001, MAX, EXCHANGE_NORMAL, 3000, 2000},
	{{2, 3}, 3000, MAX, 2000, MAX, EXCHANGE_NORMAL, 3000, 2000},
	{{2, 3}, 3000, MAX, 1999, MAX, EXCHANGE_NORMAL, 2998, 1999},
	{{2, 3}, 2999, MAX, 2000, MAX, EXCHANGE_NORMAL, 2999, 1999},
	{{2, 3}, 2999, MAX, 1999, MAX, EXCHANGE_NORMAL, 2998, 1999},
	/* ExchangeTests: ExchangeV10 / Limited by maxWheatReceive and maxSheepReceive / price > 1 */
	{{3, 2}, MAX, 3000, MAX, 4501, EXCHANGE_NORMAL, 3000, 4500},
	{{3, 2}, MAX, 3000, MAX, 4500, EXCHANGE_NORMAL, 3000, 4500},
	{{3, 2}, MAX, 3000, MAX, 4499, EXCHANGE_NORMAL, 2999, 4498},
	{{3, 2}, MAX, 2999, MAX, 4499, EXCHANGE_NORMAL, 2999, 4499},
	{{3, 2}, MAX, 2999, MAX, 4498, EXCHANGE_NORMAL, 2998, 4497},
	/* ExchangeTests: ExchangeV10 / Limited by maxWheatReceive and maxSheepReceive / price < 1 */
	{{2, 3}, MAX, 3000, MAX, 2001, EXCHANGE_NORMAL, 3000, 2000},
	{{2, 3}, MAX, 3000, MAX, 2000, EXCHANGE_NORMAL, 3000, 2000},
	{{2, 3}, MAX, 3000, MAX, 1999, EXCHANGE_NORMAL, 2999, 1999},
	{{2, 3}, MAX, 2999, MAX, 2000, EXCHANGE_NORMAL, 2998, 1999},
	{{2, 3}, MAX, 2999, MAX, 1999, EXCHANGE_NORMAL, 2999, 1999},
	/* ExchangeTests: ExchangeV10 / Limited by maxWheatSend and maxWheatReceive / price > 1 */
	{{3, 2}, 3000, 3001, MAX, MAX, EXCHANGE_NORMAL, 3000, 4500},
	{{3, 2}, 3000, 3000, MAX, MAX, EXCHANGE_NORMAL, 3000, 4500},
	{{3, 2}, 3000, 2999, MAX, MAX, EXCHANGE_NORMAL, 2999, 4499},
	/* ExchangeTests: ExchangeV10 / Limited by maxWheatSend and maxWheatReceive / price < 1 */
	{{2, 3}, 3000, 3001, MAX, MAX, EXCHANGE_NORMAL, 3000, 2000},
	{{2, 3}, 3000, 3000, MAX, MAX, EXCHANGE_NORMAL, 3000, 2000},
	{{2, 3}, 3000, 2999, MAX, MAX, EXCHANGE_NORMAL, 2998, 1999},
	/* ExchangeTests: ExchangeV10 / Limited by maxSheepSend and maxSheepReceive / price > 1 */
	{{3, 2}, MAX, MAX, 4500, 4501, EXCHANGE_NORMAL, 3000, 4500},
	{{3, 2}, MAX, MAX, 4500, 4500, EXCHANGE_NORMAL, 3000, 4500},
	{{3, 2}, MAX, MAX, 4500, 4499, EXCHANGE_NORMAL, 2999, 4498},
	/* ExchangeTests: ExchangeV10 / Limited by maxSheepSend and maxSheepReceive / price < 1 */
	{{2, 3}, MAX, MAX, 2000, 2001, EXCHANGE_NORMAL, 3000, 2000},
	{{2, 3}, MAX, MAX, 2000, 2000, EXCHANGE_NORMAL, 3000, 2000},
	{{2, 3}, MAX, MAX, 2000, 1999, EXCHANGE_NORMAL, 2999, 1999},
	/* ExchangeTests: ExchangeV10 / Threshold */
	{{3, 2}, 28, 27, MAX, MAX, EXCHANGE_NORMAL, 0, 0},
	{{3, 2}, 28, 26, MAX, MAX, EXCHANGE_NORMAL, 26, 39},
	{{3, 2}, 52, 51, MAX, MAX, EXCHANGE_NORMAL, 51, 77},
	{{3, 2}, 52, 50, MAX, MAX, EXCHANGE_NORMAL, 50, 75},
	/* ExchangeTests: ExchangeV10 / Rounding for PATH_PAYMENT_STRICT_RECEIVE / no thresholding */
	{{3, 2}, 28, 27, MAX, MAX, EXCHANGE_STRICT_RECEIVE, 27, 41},
	/* ExchangeTests: ExchangeV10 / Rounding for PATH_PAYMENT_STRICT_RECEIVE / result is unchanged if wheat is more valuable */
	{{3, 2}, 150, 101, MAX, MAX, EXCHANGE_NORMAL, 101, 152},
	{{3, 2}, 150, 101, MAX, MAX, EXCHANGE_STRICT_RECEIVE, 101, 152},
	/* ExchangeTests: ExchangeV10 / Rounding for PATH_PAYMENT_STRICT_RECEIVE / transfer can increase if sheep is more valuable */
	{{2, 3}, 150, 101, MAX, MAX, EXCHANGE_NORMAL, 100, 67},
	{{2, 3}, 150, 101, MAX, MAX, EXCHANGE_STRICT_RECEIVE, 101, 68},
	/* ExchangeTests: ExchangeV10 / Rounding for PATH_PAYMENT_STRICT_SEND / no thresholding */
	{{3, 2}, 28, MAX, 41, MAX, EXCHANGE_NORMAL, 0, 0},
	{{3, 2}, 28, MAX, 41, MAX, EXCHANGE_STRICT_SEND, 27, 41},
	/* ExchangeTests: ExchangeV10 / Rounding for PATH_PAYMENT_STRICT_SEND / transfer can increase if wheat is more valuable */
	{{3, 2}, 97, MAX, 145, MAX, EXCHANGE_NORMAL, 96, 144},
	{{3, 2}, 97, MAX, 145, MAX, EXCHANGE_STRICT_SEND, 96, 145},
	/* ExchangeTests: ExchangeV10 / Rounding for PATH_PAYMENT_STRICT_SEND / transfer can increase if sheep is more valuable */
	{{2, 3}, 97, 95, MAX, MAX, EXCHANGE_NORMAL, 94, 63},
	{{2, 3}, 97, 95, MAX, MAX, EXCHANGE_STRICT_SEND, 95, MAX},
	/* ExchangeTests: ExchangeV10 / Rounding for PATH_PAYMENT_STRICT_SEND / can send nonzero while receiving zero */
	{{2, 1}, 1, MAX, 1, MAX, EXCHANGE_NORMAL, 0, 0},
	{{2, 1}, 1, MAX, 1, MAX, EXCHANGE_STRICT_SEND, 0, 1},
};

static const struct {
	struct price price;
	int64_t wheat_send, sheep_receive, left;
} adjust_rows[] = {
	/* ExchangeTests: Adjust Offer / Limits / price > 1 / limited by maxWheatSend */
	{{1, 1000}, 2001, MAX, 2000}, {{1, 1000}, 2000, MAX, 2000}, {{1, 1000}, 1999, MAX, 1000},
	/* ExchangeTests: Adjust Offer / Limits / price > 1 / limited (or not) by maxSheepReceive */
	{{1, 1000}, 2000, 3, 2000}, {{1, 1000}, 2000, 2, 2000}, {{1, 1000}, 2000, 1, 1000},
	/* ExchangeTests: Adjust Offer / Limits / price < 1 / limited by maxWheatSend */
	{{1000, 1}, 401, MAX, 401}, {{1000, 1}, 400, MAX, 400}, {{1000, 1}, 399, MAX, 399},
	/* ExchangeTests: Adjust Offer / Limits / price < 1 / limited (or not) by maxSheepReceive */
	{{1000, 1}, 400, 400001, 400}, {{1000, 1}, 400, 400000, 400}, {{1000, 1}, 400, 399999, 399},
	/* ExchangeTests: Adjust Offer / Adjusting offer again has no effect / price > 1 / limited by maxWheatSend */
	{{7, 3}, 429, MAX, 429}, {{7, 3}, 428, MAX, 428}, {{7, 3}, 427, MAX, 427},
	/* ExchangeTests: Adjust Offer / Adjusting offer again has no effect / price > 1 / limited (or not) by maxSheepReceive */
	{{7, 3}, 428, 999, 428}, {{7, 3}, 428, 998, 427}, {{7, 3}, 428, 997, 427},
	/* ExchangeTests: Adjust Offer / Adjusting offer again has no effect / price < 1 / limited by maxWheatSend */
	{{3, 7}, 1001, MAX, 1001}, {{3, 7}, 1000, MAX, 999}, {{3, 7}, 999, MAX, 999},
	/* ExchangeTests: Adjust Offer / Adjusting offer again has no effect / price < 1 / limited (or not) by maxSheepReceive */
	{{3, 7}, 1000, 429, 999}, {{3, 7}, 1000, 428, 999}, {{3, 7}, 1000, 427, 997},
	/* ExchangeTests: Adjust Offer / Thresholds */
	{{3, 2}, 29, MAX, 0}, {{3, 2}, 28, MAX, 28}, {{3, 2}, 27, MAX, 0},
	{{3, 2}, 26, MAX, 26}, {{3, 2}, 51, MAX, 51}, {{3, 2}, 50, MAX, 50},
	{{3, 2}, 97, MAX, 97},
};

static const struct {
	struct price price;
	int64_t wheat, high, low;
} bound_rows[] = {
	/* ExchangeTests: Check price error bounds / can favor wheat */
	/* ExchangeTests: Check price error bounds / cannot favor wheat */
	{{1, 1}, 1000, 1010, 990}, {{5, 2}, 1000, 2525, 2475}, {{2, 5}, 1000, 404, 396},
	{{7, 3}, 1000, 2356, 2310}, {{3, 7}, 1000, 432, 425},
};

static const struct {
	bool send;
	int64_t reserve_in, reserve_out, amount;
	int32_t fee_bps;
	bool works;
	int64_t in, out;
} pool_rows[] = {
	/* ExchangeTests: Exchange with liquidity pools / strict send failure cases */
	{true, 100, 100, MAX - 100, 0, true, MAX - 100, 99},
	{true, 100, 100, MAX - 99, 0, false, 0, 0},
	{true, MAX - 100, MAX - 100, 100, 0, true, 100, 99},
	{true, MAX - 99, MAX - 100, 100, 0, false, 0, 0},
	{true, 100, 100, 2, 0, true, 2, 1},
	{true, 100, 100, 1, 0, false, 0, 0},
	/* ExchangeTests: Exchange with liquidity pools / strict receive failure cases */
	{false, 100, 100, 99, 0, true, 9900, 99},
	{false, 100, 100, 100, 0, false, 0, 0},
	{false, 100, MAX / 100, MAX / 100 - 1, 0, true, MAX - 107, MAX / 100 - 1},
	{false, 100, MAX / 100, MAX / 100, 0, false, 0, 0},
	{false, MAX / 100, 1010001, 1010000, 0, false, 0, 0},
	{false, MAX / 100, 10001, 10000, 0, false, 0, 0},
	{false, MAX - 100, MAX / 2, 49, 0, true, 98, 49},
	{false, MAX - 100, MAX / 2, 50, 0, false, 0, 0},
	/* ExchangeTests: Exchange with liquidity pools / No fees / Strict send */
	{true, 100, 100, 100, 0, true, 100, 50},
	{true, 100, 100, 50, 0, true, 50, 33},
	{true, 100, 100, 0, 0, false, 0, 0},
	{true, 100, 100, MAX - 99, 0, false, 0, 0},
	/* ExchangeTests: Exchange with liquidity pools / No fees / Strict receive */
	{false, 100, 100, 50, 0, true, 100, 50},
	{false, 100, 100, 33, 0, true, 50, 33},
	{false, 100, 100, 0, 0, true, 0, 0},
	{false, 100, 100, 100, 0, false, 0, 0},
	/* ExchangeTests: Exchange with liquidity pools / 30 bps fee actually charges 30 bps / Strict send */
	{true, 10000, 20000, 10031, 30, true, 10031, 10000},
	/* ExchangeTests: Exchange with liquidity pools / 30 bps fee actually charges 30 bps / Strict receive */
	{false, 10000, 20000, 10000, 30, true, 10031, 10000},
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct exchange_limits limits_of(const struct row *row)
{
	return (struct exchange_limits){row->wheat_send, row->wheat_receive, row->sheep_send,
					row->sheep_receive};
}

static int64_t smaller(uint128 a, uint128 b)
{
	uint128 least = a < b ? a : b;
	return least > MAX ? MAX : (int64_t)least;
}

static uint128 least(int64_t wheat, int32_t n, int64_t sheep, int32_t d)
{
	uint128 a = (uint128)(uint64_t)wheat * (uint32_t)n;
	uint128 b = (uint128)(uint64_t)sheep * (uint32_t)d;
	return a < b ? a : b;
}

static void exchange_gives_the_network_s_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(exchange_rows); i++) {
		const struct row *row = &exchange_rows[i];
		struct exchanged got = {.wheat = -1};
		assert_true(exchange(&got, row->price, limits_of(row), row->mode));
		assert_int_equal(got.wheat, row->wheat);
		assert_int_equal(got.sheep, row->sheep);
		uint128 maker =
			least(row->wheat_send, row->price.n, row->sheep_receive, row->price.d);
		uint128 taker =
			least(row->wheat_receive, row->price.n, row->sheep_send, row->price.d);
		assert_int_equal(got.wheat_stays, maker > taker);
	}
}

static void adjust_gives_the_network_s_values_and_settles(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(adjust_rows); i++) {
		int64_t left = exchange_adjust(adjust_rows[i].price, adjust_rows[i].wheat_send,
					       adjust_rows[i].sheep_receive);
		assert_int_equal(left, adjust_rows[i].left);
		assert_int_equal(
			exchange_adjust(adjust_rows[i].price, left, adjust_rows[i].sheep_receive),
			left);
	}
}

static void price_error_is_bounded_at_one_per_cent(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bound_rows); i++) {
		for (int favour = 0; favour < 2; favour++) {
			struct price price = bound_rows[i].price;
			int64_t wheat = bound_rows[i].wheat;
			int64_t high = bound_rows[i].high;
			int64_t low = bound_rows[i].low;
			bool f = favour != 0;
			assert_int_equal(exchange_error_bounded(price, wheat, high + 1, f), f);
			assert_true(exchange_error_bounded(price, wheat, high, f));
			assert_true(exchange_error_bounded(price, wheat, low, f));
			assert_false(exchange_error_bounded(price, wheat, low - 1, f));
		}
	}
}

static void pools_give_the_network_s_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pool_rows); i++) {
		int64_t in = pool_rows[i].amount, out = pool_rows[i].amount;
		bool works = pool_rows[i].send ? exchange_pool_send(&out, pool_rows[i].reserve_in,
								    pool_rows[i].reserve_out, in,
								    pool_rows[i].fee_bps)
					       : exchange_pool_receive(&in, pool_rows[i].reserve_in,
								       pool_rows[i].reserve_out,
								       out, pool_rows[i].fee_bps);
		assert_int_equal(works, pool_rows[i].works);
		if (!works)
			continue;
		assert_int_equal(in, pool_rows[i].in);
		assert_int_equal(out, pool_rows[i].out);
	}
	/* ExchangeTests: getPoolWithdrawalAmount */
	assert_int_equal(exchange_pool_withdraw(5, 10, 6), 3);
	assert_int_equal(exchange_pool_withdraw(4, 5, 9), 7);
	assert_int_equal(exchange_pool_withdraw(MAX, MAX, MAX), MAX);
}

/* --- slow fractions: what the rules say, found by counting */

/* the most wheat, counting up, of which `enough` still holds */
static void check_small(struct price price, struct exchange_limits limits, enum exchange_mode mode)
{
	int64_t n = price.n, d = price.d;
	int64_t wheat_value =
		smaller((uint128)(limits.wheat_send * n), (uint128)(limits.sheep_receive * d));
	int64_t sheep_value =
		smaller((uint128)(limits.wheat_receive * n), (uint128)(limits.sheep_send * d));
	struct exchanged got = exchange_raw(price, limits, mode);
	bool stays = wheat_value > sheep_value;
	int64_t value = stays ? sheep_value : wheat_value;
	int64_t wheat = 0, sheep = 0;
	if (stays && mode == EXCHANGE_STRICT_SEND) {
		while ((wheat + 1) * n <= value)
			wheat++;
		sheep = limits.sheep_send < limits.sheep_receive ? limits.sheep_send
								 : limits.sheep_receive;
	} else if (n > d || (stays && mode == EXCHANGE_STRICT_RECEIVE)) {
		while ((wheat + 1) * n <= value)
			wheat++;
		while (stays ? sheep * d < wheat * n : (sheep + 1) * d <= wheat * n)
			sheep++;
	} else {
		while ((sheep + 1) * d <= value)
			sheep++;
		while (stays ? (wheat + 1) * n <= sheep * d : wheat * n < sheep * d)
			wheat++;
	}
	assert_int_equal(got.wheat_stays, stays);
	assert_int_equal(got.wheat, wheat);
	assert_int_equal(got.sheep, sheep);
	/* rounding favours the side that stays */
	if (stays)
		assert_true(got.sheep * d >= got.wheat * n);
	else
		assert_true(got.sheep * d <= got.wheat * n);
}

static void every_small_exchange_is_the_fraction_s(void **state)
{
	(void)state;
	const enum exchange_mode modes[] = {EXCHANGE_NORMAL, EXCHANGE_STRICT_RECEIVE,
					    EXCHANGE_STRICT_SEND};
	const struct price prices[] = {{1, 1}, {1, 2}, {2, 1}, {2, 3}, {3, 2}, {3, 4},
				       {5, 3}, {1, 7}, {7, 1}, {6, 5}, {4, 6}, {11, 13}};
	for (size_t p = 0; p < COUNT(prices); p++)
		for (int64_t a = 0; a <= 8; a++)
			for (int64_t b = 0; b <= 8; b++)
				for (int64_t c = 0; c <= 8; c++)
					for (int64_t e = 0; e <= 8; e++)
						for (size_t m = 0; m < COUNT(modes); m++)
							check_small(prices[p],
								    (struct exchange_limits){a, b,
											     c, e},
								    modes[m]);
}

static void every_small_pool_trade_is_the_best_that_keeps_the_product(void **state)
{
	(void)state;
	for (int32_t fee = 0; fee <= 5000; fee += 1250)
		for (int64_t x = 1; x <= 24; x++)
			for (int64_t y = 1; y <= 24; y++)
				for (int64_t move = 0; move <= 26; move++) {
					int64_t kept = 10000 - fee, got = 0, out = 0;
					/* fee taken off what goes in: (x + kept*in)(y - out) >= x*y */
					while ((10000 * x + kept * move) * (y - out - 1) >=
					       10000 * x * y)
						out++;
					bool works = exchange_pool_send(&got, x, y, move, fee);
					assert_int_equal(works, out > 0);
					if (works)
						assert_int_equal(got, out);
					works = exchange_pool_receive(&got, x, y, move, fee);
					assert_int_equal(works, move < y);
					if (!works)
						continue;
					int64_t in = 0;
					while ((10000 * x + kept * in) * (y - move) < 10000 * x * y)
						in++;
					assert_int_equal(got, in);
				}
}

static void every_small_deposit_keeps_its_promises(void **state)
{
	(void)state;
	struct pool_amounts got;
	for (int64_t a = 0; a <= 40; a++)
		for (int64_t b = 0; b <= 40; b++) {
			assert_true(exchange_pool_deposit(&got, 0, 0, 0, a, b));
			assert_true(got.shares * got.shares <= a * b);
			assert_true((got.shares + 1) * (got.shares + 1) > a * b);
		}
	for (int64_t x = 1; x <= 9; x++)
		for (int64_t y = 1; y <= 9; y++)
			for (int64_t total = 1; total <= 9; total++)
				for (int64_t a = 0; a <= 9; a++)
					for (int64_t b = 0; b <= 9; b++) {
						assert_true(exchange_pool_deposit(&got, x, y, total,
										  a, b));
						assert_true(got.a <= a && got.b <= b);
						/* nobody's share is worth less afterwards */
						assert_true(got.a * total >= got.shares * x);
						assert_true(got.b * total >= got.shares * y);
						int64_t more = got.shares + 1;
						assert_true(more * x > total * a ||
							    more * y > total * b);
					}
	assert_true(exchange_pool_deposit(&got, 0, 0, 0, MAX, MAX));
	assert_int_equal(got.shares, MAX);
	assert_true(exchange_pool_deposit(&got, 0, 0, 0, MAX, MAX - 1));
	assert_int_equal(got.shares, MAX - 1);
	assert_false(exchange_pool_deposit(&got, 1, 1, MAX, MAX, MAX));
}

static void large_numbers_stay_in_their_bounds(void **state)
{
	(void)state;
	struct seeded seed = {7};
	const int64_t edges[] = {0, 1, MAX - 1, MAX, INT32_MAX, MAX / 2};
	for (int i = 0; i < 200000; i++) {
		int64_t v[4];
		for (int j = 0; j < 4; j++)
			v[j] = seeded_below(&seed, 4) == 0
				       ? edges[seeded_below(&seed, COUNT(edges))]
				       : (int64_t)(seeded_bits(&seed) >> 1);
		struct price price = {(int32_t)((seeded_bits(&seed) >> 33) + 1),
				      (int32_t)((seeded_bits(&seed) >> 33) + 1)};
		if (price.n <= 0 || price.d <= 0)
			continue;
		struct exchange_limits limits = {v[0], v[1], v[2], v[3]};
		for (int m = 0; m < 3; m++) {
			enum exchange_mode mode = (enum exchange_mode)m;
			/* exchange_raw checks its own bounds */
			struct exchanged got = exchange_raw(price, limits, mode);
			uint128 paid = (uint128)(uint64_t)got.sheep * (uint32_t)price.d;
			uint128 due = (uint128)(uint64_t)got.wheat * (uint32_t)price.n;
			assert_true(got.wheat_stays ? paid >= due : paid <= due);
		}
		int64_t left = exchange_adjust(price, v[0], v[3]);
		assert_true(left <= v[0]);
		assert_int_equal(exchange_adjust(price, left, v[3]), left);
		struct liabilities held = exchange_liabilities(price, left);
		assert_true(held.selling <= left);
		if (left > 0)
			assert_true(held.buying <= v[3]);
	}
}

/* clang-format off */
static const struct {
	struct price price;
	int64_t amount, buying, selling;
} buy_rows[] = {
	/* ManageBuyOfferTests: manage buy offer liabilities / wheat stays / with no rounding / buy five for two */
	{{2, 5}, 20, 20, 8},
	/* ManageBuyOfferTests: manage buy offer liabilities / wheat stays / with no rounding / buy two for one */
	{{1, 2}, 20, 20, 10},
	/* ManageBuyOfferTests: manage buy offer liabilities / wheat stays / with no rounding / buy one for one */
	{{1, 1}, 20, 20, 20},
	/* ManageBuyOfferTests: manage buy offer liabilities / wheat stays / with no rounding / buy one for two */
	{{2, 1}, 20, 20, 40},
	/* ManageBuyOfferTests: manage buy offer liabilities / wheat stays / with no rounding / buy two for five */
	{{5, 2}, 20, 20, 50},
	/* ManageBuyOfferTests: manage buy offer liabilities / wheat stays / with rounding / buy five for two */
	{{2, 5}, 21, 20, 8},
	/* ManageBuyOfferTests: manage buy offer liabilities / wheat stays / with rounding / buy two for one */
	{{1, 2}, 21, 20, 10},
	/* ManageBuyOfferTests: manage buy offer liabilities / wheat stays / with rounding / buy one for one */
	{{2, 1}, 21, 21, 42},
	/* ManageBuyOfferTests: manage buy offer liabilities / wheat stays / with rounding / buy two for five */
	{{5, 2}, 21, 21, 53},
	/* ManageBuyOfferTests: manage buy offer liabilities / sheep stays / with no rounding / buy one for one */
	{{1, 1}, MAX, MAX, MAX},
	/* ManageBuyOfferTests: manage buy offer liabilities / sheep stays / with rounding / buy one for two */
	{{2, 1}, MAX, MAX / 2, MAX - 1},
	/* ManageBuyOfferTests: manage buy offer liabilities / sheep stays / with rounding / buy two for five */
	{{5, 2}, MAX, 3689348814741910322, MAX - 2},
	/* ManageBuyOfferTests: manage buy offer liabilities / zero liabilities */
	{{1, 2}, 1, 0, 0},
};
/* clang-format on */

static void buying_and_selling_liabilities_mirror(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(buy_rows); i++) {
		struct liabilities row =
			exchange_buy_liabilities(buy_rows[i].price, buy_rows[i].amount);
		assert_int_equal(row.buying, buy_rows[i].buying);
		assert_int_equal(row.selling, buy_rows[i].selling);
	}
	struct liabilities held = exchange_buy_liabilities((struct price){3, 2}, 101);
	/* buying 101 at 3/2: 152 (rounded up to what 101 costs) is reserved for sale */
	assert_int_equal(held.buying, 101);
	assert_int_equal(held.selling, 152);
	held = exchange_liabilities((struct price){3, 2}, 101);
	assert_int_equal(held.selling, 101);
	assert_int_equal(held.buying, 151);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exchange_gives_the_network_s_values),
		cmocka_unit_test(adjust_gives_the_network_s_values_and_settles),
		cmocka_unit_test(price_error_is_bounded_at_one_per_cent),
		cmocka_unit_test(pools_give_the_network_s_values),
		cmocka_unit_test(every_small_exchange_is_the_fraction_s),
		cmocka_unit_test(every_small_pool_trade_is_the_best_that_keeps_the_product),
		cmocka_unit_test(every_small_deposit_keeps_its_promises),
		cmocka_unit_test(large_numbers_stay_in_their_bounds),
		cmocka_unit_test(buying_and_selling_liabilities_mirror),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
