/* base/testing.h - what the unit tests share: cmocka, and numbers from a seed. */
#ifndef SDEX_BASE_TESTING_H
#define SDEX_BASE_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The same numbers at every run (SplitMix64), so that a failure comes back. */
struct seeded {
	uint64_t state;
};

static inline uint64_t seeded_next(struct seeded *s)
{
	uint64_t z = s->state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* From one seed (or place, or cut) to the next that is tried: under valgrind, where each takes
 * fifty times as long, some of those that are tried without. */
static inline unsigned seed_step(void)
{
	const char *under = getenv("SDEX_RUN_UNDER");
	return under && *under ? 7 : 1;
}

/* 0 .. bound - 1 */
static inline uint64_t seeded_below(struct seeded *s, uint64_t bound)
{
	return seeded_next(s) % bound;
}

/* A number of a random count of bits: small ones as often as large ones. */
static inline uint64_t seeded_bits(struct seeded *s)
{
	return seeded_next(s) >> seeded_below(s, 64);
}

static inline void seeded_fill(struct seeded *s, void *data, size_t size)
{
	uint8_t *p = data;
	for (size_t i = 0; i < size; i++)
		p[i] = (uint8_t)seeded_next(s);
}

#endif
