/* base/decimal.c - digit by digit, in unsigned 64-bit arithmetic. */
#include "base/decimal.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/failure.h"

#define K ((int64_t)1000)
const int64_t decimal_power[19] = {
	1,
	10,
	100,
	K,
	10 * K,
	100 * K,
	K *K,
	10 * K *K,
	100 * K *K,
	K *K *K,
	10 * K *K *K,
	100 * K *K *K,
	K *K *K *K,
	10 * K *K *K *K,
	100 * K *K *K *K,
	K *K *K *K *K,
	10 * K *K *K *K *K,
	100 * K *K *K *K *K,
	K *K *K *K *K *K,
};

struct reader {
	const char *text;
	size_t length;
	size_t at;
	uint64_t sum;
	bool over; /* the sum is beyond any int64_t */
};

static bool at_digit(const struct reader *r)
{
	return r->at < r->length && r->text[r->at] >= '0' && r->text[r->at] <= '9';
}

static void take_digit(struct reader *r, unsigned digit)
{
	if (__builtin_mul_overflow(r->sum, (uint64_t)10, &r->sum) ||
	    __builtin_add_overflow(r->sum, digit, &r->sum))
		r->over = true;
}

static enum sdex_error expected_digit(const struct reader *r, const char *what,
				      struct sdex_failure *why)
{
	struct quote q;
	if (r->at == r->length)
		return fail(why, SDEX_ERR_SYNTAX, r->at, "%s: expected a digit, found the end",
			    what);
	return fail(why, SDEX_ERR_CHARACTER, r->at, "%s: expected a digit, found %s%s", what,
		    bytes_quote(&q, r->text + r->at, 1),
		    r->text[r->at] == '+' ? "; leave the plus out" : "");
}

static enum sdex_error after_number(const struct reader *r, const char *what,
				    struct sdex_failure *why)
{
	struct quote q;
	char c = r->text[r->at];
	return fail(why, SDEX_ERR_CHARACTER, r->at, "%s: expected a digit or the end, found %s%s",
		    what, bytes_quote(&q, &c, 1),
		    c == 'e' || c == 'E' ? "; write the number without an exponent"
		    : c == ',' ? "; the decimal sign is a point, and thousands are not grouped"
			       : "");
}

enum sdex_error decimal_parse(int64_t *value, const char *text, size_t length, unsigned places,
			      enum decimal_sign sign, const char *what, struct sdex_failure *why)
{
	CHECK(places <= 18);
	struct reader r = {.text = text, .length = length};
	bool negative = length && text[0] == '-';
	if (negative && sign == DECIMAL_UNSIGNED)
		return fail(why, SDEX_ERR_SYNTAX, 0, "%s: a sign is not allowed here", what);
	r.at = negative;
	size_t first = r.at;
	if (!at_digit(&r))
		return expected_digit(&r, what, why);
	for (; at_digit(&r); r.at++)
		take_digit(&r, (unsigned)(text[r.at] - '0'));
	if (text[first] == '0' && r.at - first > 1)
		return fail(why, SDEX_ERR_SYNTAX, first, "%s: leave out the zero in front", what);
	unsigned decimals = 0;
	if (r.at < length && text[r.at] == '.') {
		size_t extra = 0; /* where the first digit stands that is one too many */
		r.at++;
		if (!at_digit(&r))
			return expected_digit(&r, what, why);
		for (; at_digit(&r); r.at++) {
			if (decimals < places) {
				take_digit(&r, (unsigned)(text[r.at] - '0'));
				decimals++;
			} else if (text[r.at] != '0' && !extra) {
				extra = r.at;
			}
		}
		if (extra && r.at == length)
			return fail(why, SDEX_ERR_PRECISION, extra,
				    "%s: at most %u decimals are kept, found more; round it first",
				    what, places);
	}
	if (r.at < length)
		return after_number(&r, what, why);
	for (; decimals < places; decimals++)
		take_digit(&r, 0);
	if (r.over || r.sum > (uint64_t)INT64_MAX + negative) {
		char least[DECIMAL_ROOM], most[DECIMAL_ROOM];
		decimal_print(least, sign == DECIMAL_SIGNED ? INT64_MIN : 0, places, true);
		decimal_print(most, INT64_MAX, places, true);
		struct quote q;
		return fail(why, SDEX_ERR_RANGE, first, "%s: expected %s to %s, found %s", what,
			    least, most, bytes_quote(&q, text, length));
	}
	*value = (int64_t)(negative ? 0 - r.sum : r.sum);
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
