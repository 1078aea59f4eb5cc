/* base/wide.c - long division and multiplication by powers of ten. */
#include "base/wide.h"

#include <string.h>

#include "base/check.h"
#include "base/int128.h"

#define CHUNK 10000000000000000000u /* 10^19, the largest power of ten in 64 bits */
#define CHUNK_DIGITS 19

static void negate(uint64_t *parts, unsigned n)
{
	bool carry = true;
	for (unsigned i = n; i-- > 0;) {
		parts[i] = ~parts[i] + carry;
		carry = carry && parts[i] == 0;
	}
}

static bool is_zero(const uint64_t *parts, unsigned n)
{
	uint64_t any = 0;
	for (unsigned i = 0; i < n; i++)
		any |= parts[i];
	return any == 0;
}

/* Divides by CHUNK and returns the remainder. */
static uint64_t divide(uint64_t *parts, unsigned n)
{
	uint64_t rest = 0;
	for (unsigned i = 0; i < n; i++) {
		uint128 here = (uint128)rest << 64 | parts[i];
		parts[i] = (uint64_t)(here / CHUNK);
		rest = (uint64_t)(here % CHUNK);
	}
	return rest;
}

size_t wide_print(char text[WIDE_ROOM], const uint64_t *parts, unsigned n, bool is_signed)
{
	uint64_t left[WIDE_PARTS_MAX];
	char digits[WIDE_ROOM], *at = digits + sizeof digits;
	CHECK(n > 0 && n <= WIDE_PARTS_MAX);
	bool minus = is_signed && parts[0] >> 63;
	memcpy(left, parts, n * sizeof *parts);
	if (minus)
		negate(left, n);
	for (bool more = true; more;) {
		uint64_t chunk = divide(left, n);
		more = !is_zero(left, n);
		for (int i = 0; i < CHUNK_DIGITS && (more || chunk || i == 0); i++) {
			*--at = (char)('0' + chunk % 10);
			chunk /= 10;
		}
	}
	if (minus)
		*--at = '-';
	size_t size = (size_t)(digits + sizeof digits - at);
	memcpy(text, at, size);
	text[size] = '\0';
	return size;
}

/* Times ten plus a digit; false when it no longer fits. */
static bool shift_in(uint64_t *parts, unsigned n, unsigned digit)
{
	uint64_t carry = digit;
	for (unsigned i = n; i-- > 0;) {
		uint128 here = (uint128)parts[i] * 10 + carry;
		parts[i] = (uint64_t)here;
		carry = (uint64_t)(here >> 64);
	}
	return carry == 0;
}

enum sdex_error wide_parse(uint64_t *parts, unsigned n, bool is_signed, const char *text,
			   size_t size)
{
	uint64_t sum[WIDE_PARTS_MAX] = {0};
	CHECK(n > 0 && n <= WIDE_PARTS_MAX);
	bool minus = is_signed && size > 0 && text[0] == '-', fits = true;
	const char *at = text + minus, *end = text + size;
	if (at == end || (*at == '0' && size > 1))
		return SDEX_ERR_SYNTAX;
	for (; at < end; at++) {
		if (*at < '0' || *at > '9')
			return SDEX_ERR_SYNTAX;
		fits = fits && shift_in(sum, n, (unsigned)(*at - '0'));
	}
	if (minus)
		negate(sum, n);
	if (!fits || (is_signed && (sum[0] >> 63) != minus))
		return SDEX_ERR_RANGE;
	memcpy(parts, sum, n * sizeof *parts);
	return SDEX_OK;
}
