/* sdex/bytes.h - runs of bytes, and bytes as text: hexadecimal and base64.
 *
 * Lengths of text never count the NUL that the encoders write after it, and the
 * decoders never need one.  Nothing here allocates.
 *
 * All functions of the library that write text have one of two forms:
 *
 *	size_t sdex_..._print(char text[SDEX_..._ROOM], value)
 *	enum sdex_error sdex_...(char *text, size_t room, size_t *length, value, ...)
 *
 * The first is for a text of bounded length that every value has, and returns its
 * length.  The second is for one that may be of any length, or that not every value has:
 * `room` is the size of `text` and has to be over the text's length (SPACE); where a
 * macro ..._ROOM is named, that is enough for any.  `length` may be NULL.  Both put a NUL
 * behind the text, and the second leaves `text` as it was when it fails, where nothing
 * else is said. */
#ifndef SDEX_BYTES_H
#define SDEX_BYTES_H

#include <stdbool.h>

#include "sdex/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Borrowed: `data` lives as long as the input it was decoded from, or whatever
 * else the caller made it of.  `data` may be NULL when size is 0. */
struct sdex_bytes {
	const uint8_t *data;
	uint32_t size;
};

/* Characters that `size` bytes take as text; add 1 for the NUL.  size is at
 * most half of SIZE_MAX, for else the result wraps. */
#define SDEX_HEX_LENGTH(size) ((size_t)2 * (size_t)(size))
#define SDEX_BASE64_LENGTH(size) (((size_t)(size) + 2) / 3 * 4)

/* Bytes that decoding `length` characters yields at most. */
#define SDEX_HEX_SIZE(length) ((size_t)(length) / 2)
#define SDEX_BASE64_SIZE(length) ((size_t)(length) / 4 * 3)

/* Writes `size` bytes as text, lower-case hexadecimal or base64 (RFC 4648
 * section 4, with padding), and a NUL.
 * SPACE  room is not over SDEX_HEX_LENGTH(size) or SDEX_BASE64_LENGTH(size). */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_hex_encode(char *text, size_t room, size_t *length,
						       const void *data, size_t size);
SDEX_API SDEX_MUST_USE enum sdex_error sdex_base64_encode(char *text, size_t room, size_t *length,
							  const void *data, size_t size);

/* Reads hexadecimal of either case and writes *size bytes.
 * LENGTH     an odd number of characters
 * CHARACTER  not a hexadecimal digit; why->where is its position
 * SPACE      room is less than length / 2; why->where is enough */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_hex_decode(uint8_t *data, size_t room, size_t *size,
						       const char *text, size_t length,
						       struct sdex_failure *why);

/* Reads base64 and writes *size bytes.  Strict: of all texts that a lenient
 * reader would take for some bytes, the one that sdex_base64_encode gives is
 * the only one read.  No white space, no other alphabet.
 * LENGTH     not a multiple of four characters
 * CHARACTER  not of the alphabet, or `=` before the end; why->where is its position
 * SYNTAX     the unused bits before the padding are not zero
 * SPACE      room is less than the bytes of the text; why->where is enough */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_base64_decode(uint8_t *data, size_t room, size_t *size,
							  const char *text, size_t length,
							  struct sdex_failure *why);

/* Writes the SHA-256 of `size` bytes. */
SDEX_API void sdex_sha256(uint8_t hash[32], const void *data, size_t size);

/* Compares without a data-dependent branch or table, for what must not leak
 * through time: secrets, signatures, preimages. */
SDEX_API bool sdex_bytes_equal_secret(const void *a, const void *b, size_t size);

/* Sets to zero what the compiler would otherwise see as dead. */
SDEX_API void sdex_wipe(void *data, size_t size);

#ifdef __cplusplus
}
#endif
#endif
