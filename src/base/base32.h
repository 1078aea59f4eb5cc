/* base/base32.h - RFC 4648 section 6 without padding, as strkeys use it. */
#ifndef SDEX_BASE_BASE32_H
#define SDEX_BASE_BASE32_H

#include "sdex/error.h"

/* Characters for `size` bytes, and bytes in `length` characters. */
#define BASE32_LENGTH(size) (((size_t)(size)*8 + 4) / 5)
#define BASE32_SIZE(length) ((size_t)(length)*5 / 8)
/* What base32_decode may write to: it works in whole groups of eight bytes. */
#define BASE32_ROOM(length) (((size_t)(length) + 7) / 8 * 5 + 3)

/* Writes BASE32_LENGTH(size) characters, no NUL. */
void base32_encode(char *text, const uint8_t *data, size_t size);

/* Writes BASE32_SIZE(length) bytes of meaning to `data`, which has BASE32_ROOM.
 * Strict: upper case only, no padding, unused bits zero.  On failure `data` is
 * scratch; texts tell positions and never the input, which may be a secret.
 * LENGTH     a length that no whole number of bytes has (1, 3, 6 modulo 8)
 * CHARACTER  not of the alphabet; why->where is its position
 * SYNTAX     the unused bits of the last character are not zero */
SDEX_MUST_USE enum sdex_error base32_decode(uint8_t *data, const char *text, size_t length,
					    struct sdex_failure *why);

#endif
