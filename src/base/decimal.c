/* base/decimal.c - digit by digit, in unsigned 64-bit arithmetic. */
#include "base/decimal.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/failure.h"

const int64_t decimal_power[19] = {
	INT64_C(1),
	INT64_C(10),
	INT64_C(100),
	INT64_C(1000),
	INT64_C(10000),
	INT64_C(100000),
	INT64_C(1000000),
	INT64_C(10000000),
	INT64_C(100000000),
	INT64_C(1000000000),
	INT64_C(10000000000),
	INT64_C(100000000000),
	INT64_C(1000000000000),
	INT64_C(10000000000000),
	INT64_C(100000000000000),
	INT64_C(1000000000000000),
	INT64_C(10000000000000000),
	INT64_C(100000000000000000),
	INT64_C(1000000000000000000),
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static enum sdex_error expected_digit(size_t at, const char *text, size_t length, const char *what,
				      struct sdex_failure *why)
{
	struct quote q;
	if (at == length)
		return fail(why, SDEX_ERR_SYNTAX, at, "%s: expected a digit, found the end", what);
	return fail(why, SDEX_ERR_CHARACTER, at, "%s: expected a digit, found %s%s", what,
		    bytes_quote(&q, text + at, 1), text[at] == '+' ? "; leave the plus out" : "");
}

static enum sdex_error expected_end(size_t at, const char *text, const char *what,
				    struct sdex_failure *why)
{
	struct quote q;
	const char *hint = "";
	if (text[at] == 'e' || text[at] == 'E')
		hint = "; write the number without an exponent";
	else if (text[at] == ',')
		hint = "; the decimal sign is a point, and thousands are not grouped";
	return fail(why, SDEX_ERR_CHARACTER, at, "%s: expected a digit or the end, found %s%s",
		    what, bytes_quote(&q, text + at, 1), hint);
}

enum sdex_error decimal_scan(struct decimal *decimal, const char *text, size_t length,
			     enum decimal_sign sign, const char *what, struct sdex_failure *why)
{
	struct decimal d = {.negative = length && text[0] == '-'};
	if (d.negative && sign == DECIMAL_UNSIGNED)
		return fail(why, SDEX_ERR_SYNTAX, 0, "%s: a sign is not allowed here", what);
	size_t at = d.negative, first = at;
	while (at < length && is_digit(text[at]))
		at++;
	if (at == first)
		return expected_digit(at, text, length, what, why);
	if (text[first] == '0' && at - first > 1)
		return fail(why, SDEX_ERR_SYNTAX, first, "%s: leave out the zero in front", what);
	d.whole = text + first;
	d.whole_digits = at - first;
	d.fraction = text + at;
	if (at < length && text[at] == '.') {
		first = ++at;
		d.fraction = text + at;
		while (at < length && is_digit(text[at]))
			if (text[at++] != '0')
				d.fraction_digits = at - first;
		if (at == first)
			return expected_digit(at, text, length, what, why);
	}
	if (at < length)
		return expected_end(at, text, what, why);
	*decimal = d;
	return SDEX_OK;
}

/* Appends digits to the sum; false when it is beyond 64 bits. */
static bool add_digits(uint64_t *sum, const char *digits, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (__builtin_mul_overflow(*sum, (uint64_t)10, sum) ||
		    __builtin_add_overflow(*sum, (uint64_t)(digits[i] - '0'), sum))
			return false;
	return true;
}

static enum sdex_error out_of_range(const char *text, size_t length, unsigned places,
				    enum decimal_sign sign, const char *what,
				    struct sdex_failure *why)
{
	struct quote q;
	char low[DECIMAL_ROOM], high[DECIMAL_ROOM];
	decimal_print(low, sign == DECIMAL_SIGNED ? INT64_MIN : 0, places, true);
	decimal_print(high, INT64_MAX, places, true);
	return fail(why, SDEX_ERR_RANGE, 0, "%s: expected %s to %s, found %s", what, low, high,
		    bytes_quote(&q, text, length));
}

enum sdex_error decimal_parse(int64_t *value, const char *text, size_t length, unsigned places,
			      enum decimal_sign sign, const char *what, struct sdex_failure *why)
{
	struct decimal d;
	uint64_t sum = 0;
	CHECK(places <= 18);
	enum sdex_error error = decimal_scan(&d, text, length, sign, what, why);
	if (error)
		return error;
	if (d.fraction_digits > places) {
		size_t extra = places;
		while (d.fraction[extra] == '0')
			extra++;
		return fail(why, SDEX_ERR_PRECISION, (uint64_t)(d.fraction + extra - text),
			    "%s: at most %u decimals are kept, found more; round it first", what,
			    places);
	}
	if (!add_digits(&sum, d.whole, d.whole_digits) ||
	    !add_digits(&sum, d.fraction, d.fraction_digits) ||
	    __builtin_mul_overflow(sum, (uint64_t)decimal_power[places - d.fraction_digits],
				   &sum) ||
	    sum > (uint64_t)INT64_MAX + d.negative)
		return out_of_range(text, length, places, sign, what, why);
	*value = (int64_t)(d.negative ? 0 - sum : sum);
	return SDEX_OK;
}

size_t decimal_print(char text[DECIMAL_ROOM], int64_t value, unsigned places, bool trim)
{
	CHECK(places <= 18);
	char digits[DECIMAL_ROOM];
	size_t at = sizeof digits;
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	bool shown = !trim;
	for (unsigned i = 0; i < places; i++, left /= 10) {
		shown = shown || left % 10;
		if (shown)
			digits[--at] = (char)('0' + left % 10);
	}
	if (shown && places)
		digits[--at] = '.';
	do
		digits[--at] = (char)('0' + left % 10);
	while (left /= 10);
	if (value < 0)
		digits[--at] = '-';
	size_t length = sizeof digits - at;
	memcpy(text, digits + at, length);
	text[length] = '\0';
	return length;
}
