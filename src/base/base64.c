/* base/base64.c - RFC 4648 section 4, and no other spelling of it. */
#include "sdex/bytes.h"

#include <string.h>

#include "base/bytes.h"
#include "base/endian.h"
#include "base/failure.h"

/* X(c) for each character of the alphabet, in order of its value. */
#define ALPHABET(X)                                                                     \
	X('A') X('B') X('C') X('D') X('E') X('F') X('G') X('H') X('I') X('J') X('K')    \
	X('L') X('M') X('N') X('O') X('P') X('Q') X('R') X('S') X('T') X('U') X('V')    \
	X('W') X('X') X('Y') X('Z') X('a') X('b') X('c') X('d') X('e') X('f') X('g')    \
	X('h') X('i') X('j') X('k') X('l') X('m') X('n') X('o') X('p') X('q') X('r')    \
	X('s') X('t') X('u') X('v') X('w') X('x') X('y') X('z') X('0') X('1') X('2')    \
	X('3') X('4') X('5') X('6') X('7') X('8') X('9') X('+') X('/')

#define CHARACTER(c) c,
static const char alphabet[64] = { ALPHABET(CHARACTER) };

/* Two characters for twelve bits: half the look-ups of one for six.  The bits
 * of the first run with the rows, those of the second within a row. */
#define ROW(a)                                                                          \
	a, 'A', a, 'B', a, 'C', a, 'D', a, 'E', a, 'F', a, 'G', a, 'H', a, 'I', a, 'J', \
	a, 'K', a, 'L', a, 'M', a, 'N', a, 'O', a, 'P', a, 'Q', a, 'R', a, 'S', a, 'T', \
	a, 'U', a, 'V', a, 'W', a, 'X', a, 'Y', a, 'Z', a, 'a', a, 'b', a, 'c', a, 'd', \
	a, 'e', a, 'f', a, 'g', a, 'h', a, 'i', a, 'j', a, 'k', a, 'l', a, 'm', a, 'n', \
	a, 'o', a, 'p', a, 'q', a, 'r', a, 's', a, 't', a, 'u', a, 'v', a, 'w', a, 'x', \
	a, 'y', a, 'z', a, '0', a, '1', a, '2', a, '3', a, '4', a, '5', a, '6', a, '7', \
	a, '8', a, '9', a, '+', a, '/',
static const char pairs[2 * 64 * 64] = { ALPHABET(ROW) };

/* The value of a character with bit 6 set, and 0 for what is not of the alphabet. */
#define RUN3(c, v) [c] = 64 | (v), [(c) + 1] = 64 | ((v) + 1), [(c) + 2] = 64 | ((v) + 2)
#define RUN9(c, v) RUN3(c, v), RUN3((c) + 3, (v) + 3), RUN3((c) + 6, (v) + 6)
#define RUN26(c, v)                                                                     \
	RUN9(c, v), RUN9((c) + 9, (v) + 9), RUN3((c) + 18, (v) + 18),                   \
	RUN3((c) + 21, (v) + 21), [(c) + 24] = 64 | ((v) + 24), [(c) + 25] = 64 | ((v) + 25)
static const uint8_t values[256] = {
	RUN26('A', 0), RUN26('a', 26), RUN9('0', 52), ['9'] = 64 | 61, ['+'] = 64 | 62,
	['/'] = 64 | 63,
};

enum sdex_error sdex_base64_encode(char *text, size_t room, const void *data, size_t size)
{
	const uint8_t *p = data;
	if (size > SIZE_MAX / 2 || room <= SDEX_BASE64_LENGTH(size))
		return SDEX_ERR_SPACE;
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
		return fail(why, SDEX_ERR_SPACE, 0, "%zu bytes of base64, room for %zu", total,
			    room);
	size_t whole = plain / 4 * 4;
	for (size_t i = 0; i < whole; i += 4, data += 3) {
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
