/* base/sha256.c - nettle's SHA-256, which uses the processor's instructions. */
#include "base/sha256.h"

#include "sdex/bytes.h"

void sha256_start(struct sha256 *sha)
{
	nettle_sha256_init(&sha->nettle);
}

void sha256_add(struct sha256 *sha, const void *data, size_t size)
{
	if (size)
		nettle_sha256_update(&sha->nettle, size, data);
}

void sha256_finish(struct sha256 *sha, uint8_t hash[32])
{
	nettle_sha256_digest(&sha->nettle, 32, hash);
}

void sdex_sha256(uint8_t hash[32], const void *data, size_t size)
{
	struct sha256 sha;
	sha256_start(&sha);
	sha256_add(&sha, data, size);
	sha256_finish(&sha, hash);
}
