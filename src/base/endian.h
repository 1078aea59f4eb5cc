/* base/endian.h - big-endian numbers, as the network writes them, in memory. */
#ifndef SDEX_BASE_ENDIAN_H
#define SDEX_BASE_ENDIAN_H

#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ENDIAN_SWAP32(x) (x)
#define ENDIAN_SWAP64(x) (x)
#else
#define ENDIAN_SWAP32(x) __builtin_bswap32(x)
#define ENDIAN_SWAP64(x) __builtin_bswap64(x)
#endif

static inline uint32_t load_be32(const void *from)
{
	uint32_t x;
	memcpy(&x, from, sizeof x);
	return ENDIAN_SWAP32(x);
}

static inline uint64_t load_be64(const void *from)
{
	uint64_t x;
	memcpy(&x, from, sizeof x);
	return ENDIAN_SWAP64(x);
}

static inline void store_be32(void *to, uint32_t x)
{
	x = ENDIAN_SWAP32(x);
	memcpy(to, &x, sizeof x);
}

static inline void store_be64(void *to, uint64_t x)
{
	x = ENDIAN_SWAP64(x);
	memcpy(to, &x, sizeof x);
}

#endif
