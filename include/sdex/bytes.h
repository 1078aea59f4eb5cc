/* sdex/bytes.h - a run of bytes that somebody else owns. */
#ifndef SDEX_BYTES_H
#define SDEX_BYTES_H

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

#ifdef __cplusplus
}
#endif
#endif
