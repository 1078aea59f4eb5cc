/* sdex/amount.h - amounts of any asset: whole stroops, and their decimal text.
 *
 * A stroop is 10^-7 of a unit, in every asset.  No floating point anywhere. */
#ifndef SDEX_AMOUNT_H
#define SDEX_AMOUNT_H

#include "sdex/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SDEX_STROOPS_PER_UNIT INT64_C(10000000)
#define SDEX_AMOUNT_ROOM 24u /* for the text of any amount, with its NUL */

/* An amount, or a difference of two.  Amounts on the ledger are never negative. */
struct sdex_amount {
	int64_t stroops;
};

/* The amount of so many stroops. */
static inline struct sdex_amount sdex_stroops(int64_t stroops)
{
	struct sdex_amount amount = {stroops};
	return amount;
}

/* Which way a result that is no whole number goes. */
enum sdex_rounding {
	SDEX_ROUND_NEAREST, /* exact halves go down */
	SDEX_ROUND_DOWN,    /* never above the exact value */
	SDEX_ROUND_UP,      /* never below it */
};

/* Reads units in decimal ("12.5" is 125000000 stroops), exactly, 0 to
 * 922337203685.4775807.  The form is that of numbers in JSON without an exponent.
 * More than seven decimals are fine when the ones beyond are zeros.
 * SYNTAX     empty, a digit missing, a needless zero in front, a sign
 * CHARACTER  anything but digits and a point
 * PRECISION  an eighth decimal that is not zero
 * RANGE      more than int64_t holds; each with why->where */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_amount_parse(struct sdex_amount *amount,
							 const char *text, size_t length,
							 struct sdex_failure *why);

/* The same for differences, down to -922337203685.4775808. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_amount_parse_signed(struct sdex_amount *amount,
								const char *text, size_t length,
								struct sdex_failure *why);

/* Writes the canonical text, always with seven decimals as Horizon writes it, and a
 * NUL; returns its length. */
SDEX_API size_t sdex_amount_print(char text[SDEX_AMOUNT_ROOM], struct sdex_amount amount);

/* RANGE  the result is beyond int64_t. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_amount_add(struct sdex_amount *sum,
						       struct sdex_amount a, struct sdex_amount b);
SDEX_API SDEX_MUST_USE enum sdex_error sdex_amount_sub(struct sdex_amount *difference,
						       struct sdex_amount a, struct sdex_amount b);

#ifdef __cplusplus
}
#endif
#endif
