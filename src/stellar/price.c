/* stellar/price.c - a walk down the Stern-Brocot tree finds the best fraction. */
#include "stellar/price.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/decimal.h"
#include "base/failure.h"

#define TERM_MAX ((uint32_t)INT32_MAX)

/* A fraction n/d, and how far it is from p/q, in units of 1/(q d). */
struct end {
	uint64_t n, d;
	uint128 far;
};

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Moves `end` towards `other` by mediants, as often as it neither passes the goal
 * nor gets a term over the bound. */
static void move(struct end *end, const struct end *other, uint64_t bound)
{
	uint128 wanted = end->far / other->far;
	uint64_t steps = wanted < bound ? (uint64_t)wanted : bound;
	if (other->n)
		steps = least(steps, (bound - end->n) / other->n);
	if (other->d)
		steps = least(steps, (bound - end->d) / other->d);
	end->n += steps * other->n;
	end->d += steps * other->d;
	end->far -= steps * other->far;
}

/* The two ends start as 0/1 and 1/0 and stay neighbours in the tree: what lies
 * between them has terms of at least the sums of theirs.  So once those sums are over
 * the bound, the ends are the best from below and from above.  Neither far nor its
 * product with the other's d is ever over p or q: 128 bits hold all of it. */
bool price_best(uint32_t *n, uint32_t *d, uint128 p, uint128 q, uint32_t bound,
		enum sdex_rounding rounding)
{
	struct end low = {0, 1, p}, high = {1, 0, q};
	CHECK(p && q && bound);
	if ((p - 1) / bound >= q || (q - 1) / bound >= p)
		return false;
	while (low.far && high.far && low.n + high.n <= bound && low.d + high.d <= bound) {
		move(&low, &high, bound);
		if (low.far && low.n + high.n <= bound && low.d + high.d <= bound)
			move(&high, &low, bound);
	}
	bool take_high = false;
	switch (rounding) {
	case SDEX_ROUND_NEAREST:
		take_high = high.far * low.d < low.far * high.d;
		break;
	case SDEX_ROUND_DOWN:
		break;
	case SDEX_ROUND_UP:
		take_high = true;
		break;
	}
	if (!low.far)
		take_high = false;
	if (!high.far)
		take_high = true;
	const struct end *best = take_high ? &high : &low;
	*n = (uint32_t)best->n;
	*d = (uint32_t)best->d;
	return true;
}

bool sdex_price_valid(sdex_Price price)
{
	return price.n > 0 && price.d > 0;
}

static enum sdex_error best_price(sdex_Price *price, uint128 p, uint128 q,
				  enum sdex_rounding rounding)
{
	uint32_t n, d;
	if (!price_best(&n, &d, p, q, TERM_MAX, rounding))
		return SDEX_ERR_RANGE;
	*price = (sdex_Price){.n = (int32_t)n, .d = (int32_t)d};
	return SDEX_OK;
}

static void add_digits(uint128 *sum, const char *digits, size_t count)
{
	for (size_t i = 0; i < count; i++)
		*sum = *sum * 10 + (unsigned)(digits[i] - '0');
}

enum sdex_error sdex_price_parse(sdex_Price *price, const char *text, size_t length,
				 enum sdex_rounding rounding, struct sdex_failure *why)
{
	struct decimal d;
	struct quote quote;
	uint128 p = 0, q = 1;
	enum sdex_error error = decimal_scan(&d, text, length, DECIMAL_UNSIGNED, "price", why);
	if (error)
		return error;
	if (d.fraction_digits > SDEX_PRICE_PARSE_DECIMALS)
		return fail(why, SDEX_ERR_PRECISION,
			    (uint64_t)(d.fraction + SDEX_PRICE_PARSE_DECIMALS - text),
			    "price: at most %u decimals are read, found %zu; round it first",
			    SDEX_PRICE_PARSE_DECIMALS, d.fraction_digits);
	/* Ten digits and 29 would not fit into 128 bits, a whole part up to 2^31 does. */
	add_digits(&p, d.whole, d.whole_digits <= 10 ? d.whole_digits : 0);
	if (d.whole_digits <= 10 && p <= TERM_MAX) {
		add_digits(&p, d.fraction, d.fraction_digits);
		for (size_t i = 0; i < d.fraction_digits; i++)
			q *= 10;
		if (p && !best_price(price, p, q, rounding))
			return SDEX_OK;
	}
	return fail(why, SDEX_ERR_RANGE, 0,
		    "price: expected 1/2147483647 (about 0.00000000046566) to 2147483647, found %s",
		    bytes_quote(&quote, text, length));
}

enum sdex_error sdex_price_from_amounts(sdex_Price *price, struct sdex_amount counter,
					struct sdex_amount base, enum sdex_rounding rounding)
{
	if (counter.stroops <= 0 || base.stroops <= 0)
		return SDEX_ERR_INVALID;
	return best_price(price, (uint64_t)counter.stroops, (uint64_t)base.stroops, rounding);
}

/* Adds 1 to the last of the digits, and on to those before; a point is passed over.
 * False when all were nines and are zeros now. */
static bool round_up(char *first, char *end)
{
	while (end-- > first) {
		if (*end == '.')
			continue;
		if (*end != '9') {
			++*end;
			return true;
		}
		*end = '0';
	}
	return false;
}

size_t sdex_price_print(char text[SDEX_PRICE_ROOM], sdex_Price price, unsigned decimals)
{
	CHECK(sdex_price_valid(price) && decimals <= SDEX_PRICE_DECIMALS_MAX);
	uint64_t d = (uint64_t)price.d, rest = (uint64_t)price.n % d;
	char *out = text + decimal_print(text, price.n / price.d, 0, false);
	if (rest && decimals)
		*out++ = '.';
	for (; rest && decimals; decimals--) {
		*out++ = (char)('0' + rest * 10 / d);
		rest = rest * 10 % d;
	}
	if (2 * rest >= d && !round_up(text, out)) {
		memmove(text + 1, text, (size_t)(out - text));
		text[0] = '1';
		out++;
	}
	if (memchr(text, '.', (size_t)(out - text))) {
		while (out[-1] == '0')
			out--;
		if (out[-1] == '.')
			out--;
	}
	*out = '\0';
	return (size_t)(out - text);
}

int sdex_price_compare(sdex_Price a, sdex_Price b)
{
	int64_t left = (int64_t)a.n * b.d, right = (int64_t)b.n * a.d;
	return (left > right) - (left < right);
}

sdex_Price sdex_price_invert(sdex_Price price)
{
	return (sdex_Price){.n = price.d, .d = price.n};
}

sdex_Price sdex_price_reduce(sdex_Price price)
{
	CHECK(sdex_price_valid(price));
	int32_t a = price.n, b = price.d;
	while (b) {
		int32_t rest = a % b;
		a = b;
		b = rest;
	}
	return (sdex_Price){.n = price.n / a, .d = price.d / a};
}

enum sdex_error sdex_price_apply(struct sdex_amount *result, struct sdex_amount amount,
				 sdex_Price price, enum sdex_rounding rounding)
{
	if (amount.stroops < 0 || !sdex_price_valid(price))
		return SDEX_ERR_INVALID;
	uint128 product = (uint128)(uint64_t)amount.stroops * (uint32_t)price.n;
	uint128 whole = product / (uint32_t)price.d;
	uint64_t rest = (uint64_t)(product % (uint32_t)price.d);
	switch (rounding) {
	case SDEX_ROUND_NEAREST:
		whole += 2 * rest > (uint32_t)price.d;
		break;
	case SDEX_ROUND_DOWN:
		break;
	case SDEX_ROUND_UP:
		whole += rest != 0;
		break;
	}
	if (whole > INT64_MAX)
		return SDEX_ERR_RANGE;
	result->stroops = (int64_t)whole;
	return SDEX_OK;
}
