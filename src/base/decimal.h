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

/* Reads text as a number and gives it times 10^places, exactly.  The grammar is
 * that of JSON's numbers without an exponent: digits without a needless zero in
 * front, and behind a point at least one digit.  Digits beyond `places` (0..18)
 * must be zeros.  `what` names the number in texts ("amount").
 * SYNTAX     no text; a missing digit; a zero in front; a sign that is not allowed
 * CHARACTER  something that is no digit, an exponent for one
 * PRECISION  more decimals than `places`
 * RANGE      beyond int64_t; each with why->where. */
SDEX_MUST_USE enum sdex_error decimal_parse(int64_t *value, const char *text, size_t length,
					    unsigned places, enum decimal_sign sign,
					    const char *what, struct sdex_failure *why);

/* Writes value / 10^places (0..18) and a NUL; returns the length.  All places are
 * written, or with `trim` only as many as needed, and no point before nothing. */
size_t decimal_print(char text[DECIMAL_ROOM], int64_t value, unsigned places, bool trim);

#endif
