/* base/int128.h - products of two 64-bit numbers, kept whole. */
#ifndef SDEX_BASE_INT128_H
#define SDEX_BASE_INT128_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 uint128;
__extension__ typedef __int128 int128;

/* a * b / c rounded down or up; a, b >= 0, c > 0.  The result may be beyond 64 bits. */
static inline uint128 mul_div_floor(uint64_t a, uint64_t b, uint64_t c)
{
	return (uint128)a * b / c;
}

static inline uint128 mul_div_ceil(uint64_t a, uint64_t b, uint64_t c)
{
	uint128 product = (uint128)a * b;
	return product / c + (product % c != 0);
}

#endif
