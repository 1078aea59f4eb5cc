/* sdex/price.h - prices: fractions of two positive int32, exactly.
 *
 * A price n/d is counter per base: so many units of the asset bought for one of the
 * asset sold, or whatever else the operation says.  A price is valid when both terms
 * are above zero; terms need not be coprime, and nothing here requires it. */
#ifndef SDEX_PRICE_H
#define SDEX_PRICE_H

#include <stdbool.h>

#include "sdex/amount.h"
#include "sdex/xdr_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SDEX_PRICE_PARSE_DECIMALS 29u /* at most, behind the point */
#define SDEX_PRICE_DECIMALS_BACK 21u  /* enough to read the same price back */
#define SDEX_PRICE_DECIMALS_MAX 30u   /* enough for every finite one */
#define SDEX_PRICE_ROOM 44u           /* for any text of a price, with its NUL */

/* Are both terms above zero? */
SDEX_API bool sdex_price_valid(sdex_Price price);

/* Reads a decimal and gives the best fraction of two int32: the exact value when
 * there is one, else of all fractions the nearest (of two that are equally near the
 * lower), or the nearest that is not above, or not below.  In lowest terms.
 * For an offer to sell, SDEX_ROUND_UP cannot give a worse price than the one asked
 * for, nor cross what that would not; for one to buy, SDEX_ROUND_DOWN.
 * (Other SDKs give the last convergent of the continued fraction that fits.  Where the
 * exact value does not fit, a fraction between two convergents is often nearer.)
 * SYNTAX, CHARACTER  not a number as sdex_amount_parse takes it
 * PRECISION          more than 29 decimals, zeros at the end not counted
 * RANGE              below 1/2147483647 (zero, too), or above 2147483647 */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_price_parse(sdex_Price *price, const char *text,
							size_t length, enum sdex_rounding rounding,
							struct sdex_failure *why);

/* The best fraction of counter / base, as above; both amounts are above zero.
 * INVALID  an amount is not above zero
 * RANGE    the quotient is outside of 1/2147483647 to 2147483647 */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_price_from_amounts(sdex_Price *price,
							       struct sdex_amount counter,
							       struct sdex_amount base,
							       enum sdex_rounding rounding);

/* Writes the value with at most `decimals` (0 to 30) decimals, none of them a zero at
 * the end, and a NUL; returns the length.  Exact when the value ends within them, else
 * correctly rounded, exact halves up.  21 decimals, read with SDEX_ROUND_NEAREST, give
 * an equal price back.  The price is valid. */
SDEX_API size_t sdex_price_print(char text[SDEX_PRICE_ROOM], sdex_Price price, unsigned decimals);

/* Negative, zero or positive as a is below, equal to or above b, exactly; both valid. */
SDEX_API int sdex_price_compare(sdex_Price a, sdex_Price b);

/* d/n: the price seen from the other side. */
SDEX_API sdex_Price sdex_price_invert(sdex_Price price);

/* n/d in lowest terms; the price is valid. */
SDEX_API sdex_Price sdex_price_reduce(sdex_Price price);

/* amount * n / d, with 128 bits in between: what `amount` of base is in counter.
 * (With an inverted price: what an amount of counter is in base.)
 * INVALID  the amount is negative or the price is not valid
 * RANGE    the result is beyond int64_t */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_price_apply(struct sdex_amount *result,
							struct sdex_amount amount, sdex_Price price,
							enum sdex_rounding rounding);

#ifdef __cplusplus
}
#endif
#endif
