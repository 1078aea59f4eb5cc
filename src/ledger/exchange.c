/* ledger/exchange.c - exchange.h's arithmetic.
 *
 * The bounds that keep every quotient in 64 bits: with wheat value and sheep value
 * as below, the smaller of the two divided by n is at most either limit on wheat,
 * and divided by d at most either limit on sheep. */
#include "ledger/exchange.h"

#include "base/check.h"
#include "base/int128.h"

#define POOL_BPS 10000

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static uint128 times(int64_t a, int64_t b)
{
	return (uint128)(uint64_t)a * (uint64_t)b;
}

static int64_t narrow(uint128 value)
{
	CHECK(value <= INT64_MAX);
	return (int64_t)value;
}

static int64_t scale_floor(int64_t amount, int32_t by, int32_t over)
{
	return narrow(times(amount, by) / (uint32_t)over);
}

static int64_t scale_ceil(int64_t amount, int32_t by, int32_t over)
{
	return narrow((times(amount, by) + (uint32_t)over - 1) / (uint32_t)over);
}

/* d times what one side could move, counted in sheep */
static uint128 offer_value(struct price price, int64_t wheat, int64_t sheep)
{
	uint128 by_wheat = times(wheat, price.n);
	uint128 by_sheep = times(sheep, price.d);
	return by_wheat < by_sheep ? by_wheat : by_sheep;
}

struct exchanged exchange_raw(struct price price, struct exchange_limits limits,
			      enum exchange_mode mode)
{
	CHECK(price.n > 0 && price.d > 0);
	CHECK(limits.wheat_send >= 0 && limits.wheat_receive >= 0 && limits.sheep_send >= 0 &&
	      limits.sheep_receive >= 0);
	uint128 wheat_value = offer_value(price, limits.wheat_send, limits.sheep_receive);
	uint128 sheep_value = offer_value(price, limits.wheat_receive, limits.sheep_send);
	struct exchanged result = {.wheat_stays = wheat_value > sheep_value};
	bool wheat_dearer = price.n > price.d;

	if (result.wheat_stays && mode == EXCHANGE_STRICT_SEND) {
		result.wheat = narrow(sheep_value / (uint32_t)price.n);
		result.sheep = least(limits.sheep_send, limits.sheep_receive);
	} else if (result.wheat_stays && (wheat_dearer || mode == EXCHANGE_STRICT_RECEIVE)) {
		result.wheat = narrow(sheep_value / (uint32_t)price.n);
		result.sheep = scale_ceil(result.wheat, price.n, price.d);
	} else if (result.wheat_stays) {
		result.sheep = narrow(sheep_value / (uint32_t)price.d);
		result.wheat = scale_floor(result.sheep, price.d, price.n);
	} else if (wheat_dearer) {
		result.wheat = narrow(wheat_value / (uint32_t)price.n);
		result.sheep = scale_floor(result.wheat, price.n, price.d);
	} else {
		result.sheep = narrow(wheat_value / (uint32_t)price.d);
		result.wheat = scale_ceil(result.sheep, price.d, price.n);
	}
	CHECK(result.wheat <= least(limits.wheat_send, limits.wheat_receive));
	CHECK(result.sheep <= least(limits.sheep_send, limits.sheep_receive));
	return result;
}

bool exchange_error_bounded(struct price price, int64_t wheat, int64_t sheep, bool favour_wheat)
{
	uint128 due = times(100 * (int64_t)price.n, wheat);
	uint128 paid = times(100 * (int64_t)price.d, sheep);
	if (paid > due && favour_wheat)
		return true;
	uint128 error = paid > due ? paid - due : due - paid;
	return error <= times(price.n, wheat);
}

bool exchange(struct exchanged *result, struct price price, struct exchange_limits limits,
	      enum exchange_mode mode)
{
	struct exchanged raw = exchange_raw(price, limits, mode);
	if (raw.wheat > 0 && raw.sheep > 0) {
		bool normal = mode == EXCHANGE_NORMAL;
		if (!exchange_error_bounded(price, raw.wheat, raw.sheep, !normal)) {
			if (!normal)
				return false;
			raw.wheat = 0;
			raw.sheep = 0;
		}
	} else if (mode == EXCHANGE_STRICT_SEND) {
		if (raw.sheep == 0)
			return false;
	} else {
		raw.wheat = 0;
		raw.sheep = 0;
	}
	*result = raw;
	return true;
}

int64_t exchange_adjust(struct price price, int64_t wheat_send, int64_t sheep_receive)
{
	struct exchanged result;
	struct exchange_limits limits = {.wheat_send = wheat_send,
					 .wheat_receive = INT64_MAX,
					 .sheep_send = INT64_MAX,
					 .sheep_receive = sheep_receive};
	CHECK(exchange(&result, price, limits, EXCHANGE_NORMAL));
	return result.wheat;
}

static struct liabilities reserved(struct price price, int64_t wheat_send, int64_t sheep_receive)
{
	struct exchange_limits limits = {.wheat_send = wheat_send,
					 .wheat_receive = INT64_MAX,
					 .sheep_send = INT64_MAX,
					 .sheep_receive = sheep_receive};
	struct exchanged result = exchange_raw(price, limits, EXCHANGE_NORMAL);
	return (struct liabilities){.buying = result.sheep, .selling = result.wheat};
}

struct liabilities exchange_liabilities(struct price price, int64_t amount)
{
	return reserved(price, amount, INT64_MAX);
}

struct liabilities exchange_buy_liabilities(struct price price, int64_t buy_amount)
{
	return reserved(price_inverse(price), INT64_MAX, buy_amount);
}

/* factor * b / c with b of up to 126 bits and c of up to 94: the quotient is taken
 * apart so that nothing passes 128 bits.  False beyond 63 bits. */
static bool scale_wide(int64_t *result, uint32_t factor, uint128 b, uint128 c, bool up)
{
	uint128 quotient = b / c;
	uint128 rest = (uint128)factor * (b % c);
	if (quotient > INT64_MAX)
		return false;
	uint128 value = factor * quotient + (up ? (rest + c - 1) / c : rest / c);
	if (value > INT64_MAX)
		return false;
	*result = (int64_t)value;
	return true;
}

bool exchange_pool_send(int64_t *out, int64_t reserve_in, int64_t reserve_out, int64_t in,
			int32_t fee_bps)
{
	CHECK(reserve_in > 0 && reserve_out > 0 && in >= 0 && fee_bps >= 0 && fee_bps < POOL_BPS);
	if (in > INT64_MAX - reserve_in)
		return false;
	int32_t kept = POOL_BPS - fee_bps;
	int64_t got = 0;
	uint128 divisor = times(POOL_BPS, reserve_in) + times(kept, in);
	if (!scale_wide(&got, (uint32_t)kept, times(reserve_out, in), divisor, false) || got == 0)
		return false;
	*out = got;
	return true;
}

bool exchange_pool_receive(int64_t *in, int64_t reserve_in, int64_t reserve_out, int64_t out,
			   int32_t fee_bps)
{
	CHECK(reserve_in > 0 && reserve_out > 0 && out >= 0 && fee_bps >= 0 && fee_bps < POOL_BPS);
	if (out >= reserve_out)
		return false;
	int64_t put = 0;
	uint128 divisor = times(reserve_out - out, POOL_BPS - fee_bps);
	if (!scale_wide(&put, POOL_BPS, times(reserve_in, out), divisor, true) ||
	    put > INT64_MAX - reserve_in)
		return false;
	*in = put;
	return true;
}

/* floor(sqrt(a * b)), bit by bit from the top */
static int64_t geometric_mean(int64_t a, int64_t b)
{
	uint128 square = times(a, b);
	uint64_t root = 0;
	for (uint64_t bit = (uint64_t)1 << 62; bit != 0; bit >>= 1) {
		uint64_t trial = root | bit;
		if ((uint128)trial * trial <= square)
			root = trial;
	}
	return (int64_t)root;
}

bool exchange_pool_deposit(struct pool_amounts *amounts, int64_t reserve_a, int64_t reserve_b,
			   int64_t shares_total, int64_t max_a, int64_t max_b)
{
	CHECK(max_a >= 0 && max_b >= 0);
	if (shares_total == 0) {
		*amounts = (struct pool_amounts){max_a, max_b, geometric_mean(max_a, max_b)};
		return true;
	}
	if (reserve_a <= 0 || reserve_b <= 0 || shares_total < 0)
		return false;
	uint128 by_a = times(shares_total, max_a) / (uint64_t)reserve_a;
	uint128 by_b = times(shares_total, max_b) / (uint64_t)reserve_b;
	uint128 shares = by_a < by_b ? by_a : by_b;
	if (shares > INT64_MAX)
		return false;
	uint64_t total = (uint64_t)shares_total;
	uint128 a = (shares * (uint64_t)reserve_a + total - 1) / total;
	uint128 b = (shares * (uint64_t)reserve_b + total - 1) / total;
	if (a > INT64_MAX || b > INT64_MAX)
		return false;
	*amounts = (struct pool_amounts){(int64_t)a, (int64_t)b, (int64_t)shares};
	return true;
}

bool exchange_pool_bad_price(int64_t a, int64_t b, struct price min, struct price max)
{
	return a == 0 || b == 0 || times(a, min.d) < times(b, min.n) ||
	       times(a, max.d) > times(b, max.n);
}

int64_t exchange_pool_withdraw(int64_t shares, int64_t shares_total, int64_t reserve)
{
	CHECK(shares >= 0 && shares <= shares_total && shares_total > 0 && reserve >= 0);
	return narrow(times(shares, reserve) / (uint64_t)shares_total);
}
