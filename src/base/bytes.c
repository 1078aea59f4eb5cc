/* base/bytes.c - hexadecimal, quoting, comparing and wiping. */
#include "base/bytes.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/failure.h"

static const char digits[] = "0123456789abcdef";

enum sdex_error sdex_hex_encode(char *text, size_t room, size_t *length, const void *data,
				size_t size)
{
	const uint8_t *p = data;
	if (size > SIZE_MAX / 2 || room <= SDEX_HEX_LENGTH(size))
		return SDEX_ERR_SPACE;
	put_length(length, SDEX_HEX_LENGTH(size));
	for (size_t i = 0; i < size; i++) {
		*text++ = digits[p[i] >> 4];
		*text++ = digits[p[i] & 15];
	}
	*text = '\0';
	return SDEX_OK;
}

/* The value of a digit, or 16. */
static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A' + 10);
	return 16;
}

enum sdex_error sdex_hex_decode(uint8_t *data, size_t room, size_t *size, const char *text,
				size_t length, struct sdex_failure *why)
{
	for (size_t i = 0; i < length; i++) {
		struct quote q;
		if (digit_value(text[i]) == 16)
			return fail(why, SDEX_ERR_CHARACTER, i,
				    "expected a hexadecimal digit, found %s",
				    bytes_quote(&q, text + i, 1));
	}
	if (length % 2)
		return fail(why, SDEX_ERR_LENGTH, length,
			    "hexadecimal has two digits a byte, found an odd number, %zu", length);
	if (room < length / 2)
		return fail_space(why, length / 2, room);
	for (size_t i = 0; i < length / 2; i++)
		data[i] = (uint8_t)(digit_value(text[2 * i]) << 4 | digit_value(text[2 * i + 1]));
	*size = length / 2;
	return SDEX_OK;
}

const char *bytes_quote(struct quote *quote, const void *data, size_t size)
{
	const uint8_t *p = data;
	size_t shown = size < QUOTE_BYTES ? size : QUOTE_BYTES;
	char *out = quote->text;
	*out++ = '"';
	for (size_t i = 0; i < shown; i++) {
		if (p[i] >= 0x20 && p[i] < 0x7f) {
			if (p[i] == '"' || p[i] == '\\')
				*out++ = '\\';
			*out++ = (char)p[i];
		} else {
			*out++ = '\\';
			*out++ = 'x';
			*out++ = digits[p[i] >> 4];
			*out++ = digits[p[i] & 15];
		}
	}
	*out++ = '"';
	memcpy(out, "...", 4);
	if (shown == size)
		*out = '\0';
	return quote->text;
}

bool sdex_bytes_equal_secret(const void *a, const void *b, size_t size)
{
	return sodium_memcmp(a, b, size) == 0;
}

void sdex_wipe(void *data, size_t size)
{
	sodium_memzero(data, size);
}
