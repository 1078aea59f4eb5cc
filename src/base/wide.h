/* base/wide.h - integers of 128 and 256 bits as decimal text. */
#ifndef SDEX_BASE_WIDE_H
#define SDEX_BASE_WIDE_H

#include <stdbool.h>

#include "sdex/error.h"

#define WIDE_PARTS_MAX 4u
#define WIDE_ROOM 80u /* a sign, 78 digits, a NUL */

/* Writes the number and a NUL; returns the length.  `parts` are its `n` words of 64
 * bits, the most significant first, two's complement when `is_signed`; n is 1 to
 * WIDE_PARTS_MAX. */
size_t wide_print(char text[WIDE_ROOM], const uint64_t *parts, unsigned n, bool is_signed);

/* Reads digits without a zero in front, after a '-' when `is_signed`; not "-0".
 * SYNTAX  anything else
 * RANGE   more than n words hold */
SDEX_MUST_USE enum sdex_error wide_parse(uint64_t *parts, unsigned n, bool is_signed,
					 const char *text, size_t size);

#endif
