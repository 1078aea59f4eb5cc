/* base/decimal.h - decimal text and whole numbers, exactly. */
#ifndef SDEX_BASE_DECIMAL_H
#define SDEX_BASE_DECIMAL_H

#include <stdbool.h>

#include "sdex/error.h"

/* 10^k for k in 0..18 */
extern const int64_t decimal_power[19];

/* The text of any int64_t with any number of places, and its NUL. */
#define DECIMAL_ROOM 24u

enum decimal_sign {
	DECIMAL_UNSIGNED, /* a `-` is refused */
	DECIMAL_SIGNED,
};

/* The parts of a number's text, borrowed from it. */
struct decimal {
	bool negative;
	const char *whole; /* digits before the point, at least one */
	size_t whole_digits;
	const char *fraction; /* digits behind it, zeros at the end left out */
	size_t fraction_digits;
};

/* Takes text apart.  The grammar is that of JSON's numbers without an exponent:
 * digits without a needless zero in front, and behind a point at least one digit.
 * `what` names the number in texts ("amount").
 * SYNTAX     no text; a missing digit; a zero in front; a sign that is not allowed
 * CHARACTER  something that is no digit, an exponent for one; each with why->where */
SDEX_MUST_USE enum sdex_error decimal_scan(struct decimal *decimal, const char *text, size_t length,
					   enum decimal_sign sign, const char *what,
					   struct sdex_failure *why);

/* Reads text as a number and gives it times 10^places (0..18), exactly.  Errors as
 * above, and:
 * PRECISION  a decimal beyond `places` that is not zero
 * RANGE      beyond int64_t */
SDEX_MUST_USE enum sdex_error decimal_parse(int64_t *value, const char *text, size_t length,
					    unsigned places, enum decimal_sign sign,
					    const char *what, struct sdex_failure *why);

/* Writes value / 10^places (0..18) and a NUL; returns the length.  All places are
 * written, or with `trim` only as many as needed, and no point before nothing. */
size_t decimal_print(char text[DECIMAL_ROOM], int64_t value, unsigned places, bool trim);

#endif
