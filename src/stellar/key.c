/* stellar/key.c - ed25519 by libsodium; SEP-53 messages. */
#include "sdex/key.h"

#include <stddef.h>
#include <string.h>

#include <sodium.h>

#include "base/check.h"
#include "base/sha256.h"
#include "stellar/strkey.h"

/* libsodium's secret key is the seed and the public key, in this order. */
_Static_assert(sizeof(struct sdex_secret) == crypto_sign_ed25519_SECRETKEYBYTES &&
		       offsetof(struct sdex_secret, public_key) == 32,
	       "struct sdex_secret is libsodium's secret key");

void sdex_secret_wipe(struct sdex_secret *secret)
{
	sodium_memzero(secret, sizeof *secret);
}

void sdex_secret_from_seed(struct sdex_secret *secret, const uint8_t seed[32])
{
	uint8_t pair[crypto_sign_ed25519_SECRETKEYBYTES];
	uint8_t public_key[32];
	CHECK(crypto_sign_ed25519_seed_keypair(public_key, pair, seed) == 0);
	memcpy(secret, pair, sizeof pair);
	sodium_memzero(pair, sizeof pair);
}

enum sdex_error sdex_secret_parse(struct sdex_secret *secret, const char *text, size_t length,
				  struct sdex_failure *why)
{
	uint8_t seed[32];
	enum sdex_error error = strkey_decode_seed(seed, text, length, why);
	if (error)
		return error;
	sdex_secret_from_seed(secret, seed);
	sodium_memzero(seed, sizeof seed);
	return SDEX_OK;
}

size_t sdex_secret_print(char text[SDEX_SECRET_ROOM], const struct sdex_secret *secret)
{
	strkey_encode_seed(text, secret->seed);
	return SDEX_STRKEY_LENGTH;
}

void sdex_sign(const struct sdex_secret *secret, uint8_t signature[64], const void *data,
	       size_t size)
{
	CHECK(crypto_sign_ed25519_detached(signature, NULL, data, size, (const uint8_t *)secret) ==
	      0);
}

enum sdex_error sdex_verify(const uint8_t public_key[32], const uint8_t signature[64],
			    const void *data, size_t size)
{
	if (crypto_sign_ed25519_verify_detached(signature, data, size, public_key))
		return SDEX_ERR_SIGNATURE;
	return SDEX_OK;
}

void sdex_hint(uint8_t hint[4], const uint8_t key[32])
{
	memcpy(hint, key + 28, 4);
}

static void message_hash(uint8_t hash[32], const void *message, size_t size)
{
	static const char prefix[] = "Stellar Signed Message:\n";
	struct sha256 sha;
	sha256_start(&sha);
	sha256_add(&sha, prefix, sizeof prefix - 1);
	sha256_add(&sha, message, size);
	sha256_finish(&sha, hash);
}

void sdex_message_sign(const struct sdex_secret *secret, uint8_t signature[64], const void *message,
		       size_t size)
{
	uint8_t hash[32];
	message_hash(hash, message, size);
	sdex_sign(secret, signature, hash, 32);
}

enum sdex_error sdex_message_verify(const uint8_t public_key[32], const uint8_t signature[64],
				    const void *message, size_t size)
{
	uint8_t hash[32];
	message_hash(hash, message, size);
	return sdex_verify(public_key, signature, hash, 32);
}
