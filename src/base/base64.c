/* base/base64.c - RFC 4648 section 4, and no other spelling of it. */
#include "sdex/bytes.h"

#include <string.h>

#include "base/bytes.h"
#include "base/endian.h"
#include "base/failure.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Two characters for twelve bits: half the look-ups of one for six.  The first
 * six bits choose the row. */
#define PAIR5(a, c) a, c, a, (c) + 1, a, (c) + 2, a, (c) + 3, a, (c) + 4
#define PAIR26(a, c)                                                            \
	PAIR5(a, c), PAIR5(a, (c) + 5), PAIR5(a, (c) + 10), PAIR5(a, (c) + 15), \
		PAIR5(a, (c) + 20), a, (c) + 25
#define ROW(a) PAIR26(a, 'A'), PAIR26(a, 'a'), PAIR5(a, '0'), PAIR5(a, '5'), a, '+', a, '/'
#define ROW5(a) ROW(a), ROW((a) + 1), ROW((a) + 2), ROW((a) + 3), ROW((a) + 4)
#define ROW26(a) \
	ROW5(a), ROW5((a) + 5), ROW5((a) + 10), ROW5((a) + 15), ROW5((a) + 20), ROW((a) + 25)
static const char pairs[2 * 64 * 64] = {
	ROW26('A'), ROW26('a'), ROW5('0'), ROW5('5'), ROW('+'), ROW('/'),
};

/* The value of a character with bit 6 set, and 0 for what is not of the alphabet. */
#define V(v) (64 | (v))
#define V5(v) V(v), V((v) + 1), V((v) + 2), V((v) + 3), V((v) + 4)
#define V26(v) V5(v), V5((v) + 5), V5((v) + 10), V5((v) + 15), V5((v) + 20), V((v) + 25)
static const uint8_t values[256] = {
	['A'] = V26(0), ['a'] = V26(26), ['0'] = V5(52), V5(57), ['+'] = V(62), ['/'] = V(63),
};

enum sdex_error sdex_base64_encode(char *text, size_t room, size_t *length, const void *data,
				   size_t size)
{
	const uint8_t *p = data;
	if (size > SIZE_MAX / 2 || room <= SDEX_BASE64_LENGTH(size))
		return SDEX_ERR_SPACE;
	put_length(length, SDEX_BASE64_LENGTH(size));
	for (; size >= 8; size -= 6, p += 6, text += 8) {
		uint64_t bits = load_be64(p);
		memcpy(text, pairs + 2 * (bits >> 52), 2);
		memcpy(text + 2, pairs + 2 * (bits >> 40 & 0xfff), 2);
		memcpy(text + 4, pairs + 2 * (bits >> 28 & 0xfff), 2);
		memcpy(text + 6, pairs + 2 * (bits >> 16 & 0xfff), 2);
	}
	for (; size >= 3; size -= 3, p += 3, text += 4) {
		uint32_t bits = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
		memcpy(text, pairs + 2 * (bits >> 12), 2);
		memcpy(text + 2, pairs + 2 * (bits & 0xfff), 2);
	}
	if (size) {
		uint32_t bits = (uint32_t)p[0] << 16 | (size > 1 ? (uint32_t)p[1] << 8 : 0);
		memcpy(text, pairs + 2 * (bits >> 12), 2);
		text[2] = size > 1 ? alphabet[bits >> 6 & 63] : '=';
		text[3] = '=';
		text += 4;
	}
	*text = '\0';
	return SDEX_OK;
}

/* The position of the first character that is not of the alphabet, or length. */
static size_t first_bad(const char *text, size_t length)
{
	size_t i = 0;
	for (; length - i >= 8; i += 8) {
		uint8_t all = 64;
		for (size_t k = 0; k < 8; k++)
			all &= values[(uint8_t)text[i + k]];
		if (!all)
			break;
	}
	while (i < length && values[(uint8_t)text[i]])
		i++;
	return i;
}

static uint32_t four_values(const char *text)
{
	return (values[(uint8_t)text[0]] & 63u) << 18 | (values[(uint8_t)text[1]] & 63u) << 12 |
	       (values[(uint8_t)text[2]] & 63u) << 6 | (values[(uint8_t)text[3]] & 63u);
}

enum sdex_error sdex_base64_decode(uint8_t *data, size_t room, size_t *size, const char *text,
				   size_t length, struct sdex_failure *why)
{
	struct quote q;
	size_t padding = 0;
	while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
		padding++;
	size_t plain = length - padding;
	size_t bad = first_bad(text, plain);
	if (bad < plain)
		return fail(why, SDEX_ERR_CHARACTER, bad,
			    "expected a base64 character (A-Z a-z 0-9 + /), found %s",
			    bytes_quote(&q, text + bad, 1));
	if (length % 4)
		return fail(why, SDEX_ERR_LENGTH, length,
			    "base64 comes in groups of four characters, found %zu characters%s",
			    length, length % 4 == 1 ? "" : "; is the padding (=) missing?");
	/* The value of `=` is 0, so only the unused bits of the last character are left. */
	uint32_t last = length ? four_values(text + length - 4) : 0;
	if (padding && last & (padding == 1 ? 0xffu : 0xffffu))
		return fail(why, SDEX_ERR_SYNTAX, plain - 1,
			    "the last base64 character before the padding, %s, has bits that "
			    "belong to no byte: the text is cut or altered",
			    bytes_quote(&q, text + plain - 1, 1));
	size_t total = length / 4 * 3 - padding;
	if (room < total)
		return fail_space(why, total, room);
	size_t whole = plain / 4 * 4;
	size_t i = 0;
	/* Stores of eight bytes for six, as long as the next ones make good for it. */
	for (; whole - i >= 12; i += 8, data += 6)
		store_be64(data, (uint64_t)four_values(text + i) << 40 |
					 (uint64_t)four_values(text + i + 4) << 16);
	for (; i < whole; i += 4, data += 3) {
		uint32_t bits = four_values(text + i);
		data[0] = (uint8_t)(bits >> 16);
		data[1] = (uint8_t)(bits >> 8);
		data[2] = (uint8_t)bits;
	}
	if (padding)
		data[0] = (uint8_t)(last >> 16);
	if (padding == 1)
		data[1] = (uint8_t)(last >> 8);
	*size = total;
	return SDEX_OK;
}
