/* base/base32.c - eight characters and five bytes at a time. */
#include "base/base32.h"

#include "base/endian.h"
#include "base/failure.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* The value of a character with bit 5 set, and 0 for what is not of the alphabet. */
#define V(v) (32 | (v))
#define V5(v) V(v), V((v) + 1), V((v) + 2), V((v) + 3), V((v) + 4)
static const uint8_t values[256] = {
	['A'] = V5(0), V5(5), V5(10), V5(15), V5(20), V(25), ['2'] = V5(26), V(31),
};

/* The group's 40 bits at the top of a word, the rest zero. */
static void encode_group(char *text, uint64_t bits, size_t characters)
{
	for (size_t i = 0; i < characters; i++)
		text[i] = alphabet[bits >> (59 - 5 * i) & 31];
}

void base32_encode(char *text, const uint8_t *data, size_t size)
{
	for (; size >= 5; size -= 5, data += 5, text += 8) {
		uint64_t bits = (uint64_t)data[0] << 56 | (uint64_t)data[1] << 48 |
				(uint64_t)data[2] << 40 | (uint64_t)data[3] << 32 |
				(uint64_t)data[4] << 24;
		encode_group(text, bits, 8);
	}
	uint64_t bits = 0;
	for (size_t i = 0; i < size; i++)
		bits |= (uint64_t)data[i] << (56 - 8 * i);
	encode_group(text, bits, BASE32_LENGTH(size));
}

static enum sdex_error bad_character(const char *text, size_t length, struct sdex_failure *why)
{
	size_t at = 0;
	while (at < length && values[(uint8_t)text[at]])
		at++;
	uint8_t c = (uint8_t)text[at];
	return fail(why, SDEX_ERR_CHARACTER, at, "expected a base32 character (A-Z 2-7)%s",
		    c >= 'a' && c <= 'z' ? ", found a lower-case letter"
		    : c == '0' || c == '1' || c == '8' || c == '9'
			    ? ", found one of the digits 0 1 8 9, which base32 leaves out"
		    : c == '=' ? ", found padding, which is not used here"
			       : ", found something else");
}

enum sdex_error base32_decode(uint8_t *data, const char *text, size_t length,
			      struct sdex_failure *why)
{
	uint8_t all = 32;
	size_t i = 0;
	for (; length - i >= 8; i += 8, data += 5) {
		uint64_t bits = 0;
		for (size_t k = 0; k < 8; k++) {
			uint8_t v = values[(uint8_t)text[i + k]];
			all &= v;
			bits |= (uint64_t)(v & 31) << (59 - 5 * k);
		}
		store_be64(data, bits);
	}
	uint64_t bits = 0;
	for (size_t k = 0; i + k < length; k++) {
		uint8_t v = values[(uint8_t)text[i + k]];
		all &= v;
		bits |= (uint64_t)(v & 31) << (59 - 5 * k);
	}
	if (!all)
		return bad_character(text, length, why);
	size_t left = length - i;
	if (left == 1 || left == 3 || left == 6)
		return fail(
			why, SDEX_ERR_LENGTH, length,
			"no number of bytes gives %zu base32 characters: the text is cut or has "
			"too much",
			length);
	if (left) {
		store_be64(data, bits);
		if (bits << 8 * BASE32_SIZE(left))
			return fail(
				why, SDEX_ERR_SYNTAX, length - 1,
				"the last base32 character has bits that belong to no byte: the "
				"text is cut or altered");
	}
	return SDEX_OK;
}
