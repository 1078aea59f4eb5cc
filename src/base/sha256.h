/* base/sha256.h - SHA-256, at once or piece by piece (FIPS 180-4, by nettle). */
#ifndef SDEX_BASE_SHA256_H
#define SDEX_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include <nettle/sha2.h>

struct sha256 {
	struct sha256_ctx nettle;
};

/* start, any number of adds, finish; finish leaves the state as after start.
 * A copy of a state that has seen a common beginning (a network id) is a state. */
void sha256_start(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *data, size_t size);
void sha256_finish(struct sha256 *sha, uint8_t hash[32]);

#endif
