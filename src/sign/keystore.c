/* sign/keystore.c - the keystore's bytes, and what seals them. */
#include "sign/keystore.h"

#include <string.h>

#include <sodium.h>

#include "base/check.h"
#include "base/failure.h"
#include "sign/pack.h"
#include "sign/secret.h"

#define VERSION 1u
#define ARGON2ID 1u
#define SALT_SIZE crypto_pwhash_argon2id_SALTBYTES
#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES

/* Places in the header. */
#define AT_SALT 24u
#define AT_NONCE (AT_SALT + SALT_SIZE)

static const uint8_t magic[8] = "sdexkey";

_Static_assert(8 + 4 * 4 + SALT_SIZE + NONCE_SIZE + KEYSTORE_NAME_MAX + 32 + 8 ==
		       KEYSTORE_HEADER_SIZE,
	       "the header of keystore.h");
_Static_assert(TAG_SIZE == 16, "the tag of keystore.h");

static bool terms_fit(uint32_t passes, uint64_t memory)
{
	return passes >= KEYSTORE_PASSES && passes <= KEYSTORE_PASSES_MOST &&
	       memory >= KEYSTORE_MEMORY_LEAST && memory <= KEYSTORE_MEMORY_MOST &&
	       memory % 1024 == 0;
}

/* ---- reading ---- */

/* A name, and zeros behind it: each name has one form. */
static bool read_name(char name[KEYSTORE_NAME_MAX + 1], const uint8_t *field)
{
	size_t size = strnlen((const char *)field, KEYSTORE_NAME_MAX);
	memcpy(name, field, KEYSTORE_NAME_MAX);
	name[KEYSTORE_NAME_MAX] = '\0';
	for (size_t i = size; i < KEYSTORE_NAME_MAX; i++)
		if (field[i])
			return false;
	return frame_name_fits((struct sdex_bytes){field, (uint32_t)size});
}

static enum sdex_error check_size(const void *data, size_t size, struct sdex_failure *why)
{
	if (size < sizeof magic || memcmp(data, magic, sizeof magic) != 0)
		return fail(why, SDEX_ERR_SYNTAX, 0,
			    "not a keystore: expected a file that `sdex-signer init` has made");
	if (size == KEYSTORE_SIZE)
		return SDEX_OK;
	return fail(why, size < KEYSTORE_SIZE ? SDEX_ERR_TRUNCATED : SDEX_ERR_TRAILING, size,
		    "a keystore has %u bytes, this has %zu: take it from its backup again",
		    KEYSTORE_SIZE, size);
}

enum sdex_error keystore_read(struct keystore *keystore, const void *data, size_t size,
			      struct sdex_failure *why)
{
	enum sdex_error error = check_size(data, size, why);
	if (error)
		return error;
	struct unpack u = {.at = data, .left = size};
	unpack_bytes(&u, sizeof magic);
	uint32_t version = unpack_u32(&u), kdf = unpack_u32(&u), passes = unpack_u32(&u);
	uint64_t memory = (uint64_t)unpack_u32(&u) * 1024;
	if (version != VERSION || kdf != ARGON2ID)
		return fail(
			why, SDEX_ERR_UNSUPPORTED, 8,
			"a keystore of version %u with derivation %u; this program reads version "
			"%u with %u: use the program that made it, or a newer one",
			version, kdf, VERSION, ARGON2ID);
	if (!terms_fit(passes, memory))
		return fail(
			why, SDEX_ERR_RANGE, 16,
			"its derivation has %u passes over %llu bytes; %u to %u passes over %zu "
			"to %zu are allowed: take the file from its backup again",
			passes, (unsigned long long)memory, KEYSTORE_PASSES, KEYSTORE_PASSES_MOST,
			KEYSTORE_MEMORY_LEAST, KEYSTORE_MEMORY_MOST);
	memset(keystore, 0, sizeof *keystore);
	keystore->passes = passes;
	keystore->memory = (size_t)memory;
	unpack_bytes(&u, SALT_SIZE + NONCE_SIZE);
	if (!read_name(keystore->name, unpack_bytes(&u, KEYSTORE_NAME_MAX)))
		return fail(why, SDEX_ERR_SYNTAX, AT_NONCE + NONCE_SIZE,
			    "the key's name in it is none: take the file from its backup again");
	unpack_copy(&u, keystore->public_key, 32);
	keystore->created_s = unpack_u64(&u);
	memcpy(keystore->file, data, KEYSTORE_SIZE);
	return SDEX_OK;
}

/* ---- sealing and opening ---- */

/* The cipher's key, in locked memory. */
static enum sdex_error derive(uint8_t **key, const struct keystore *keystore,
			      const char *passphrase, size_t size, struct sdex_failure *why)
{
	CHECK(sodium_init() >= 0);
	*key = sodium_malloc(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
	if (*key && crypto_pwhash(*key, crypto_aead_xchacha20poly1305_ietf_KEYBYTES, passphrase,
				  size, keystore->file + AT_SALT, keystore->passes,
				  keystore->memory, crypto_pwhash_ALG_ARGON2ID13) == 0)
		return SDEX_OK;
	sodium_free(*key);
	return fail(why, SDEX_ERR_NOMEM, 0,
		    "memory for the passphrase's derivation is out: it takes %zu MiB",
		    keystore->memory >> 20);
}

static void write_header(struct keystore *keystore)
{
	struct pack p = {.data = keystore->file, .room = KEYSTORE_HEADER_SIZE};
	char name[KEYSTORE_NAME_MAX] = {0};
	memcpy(name, keystore->name, strlen(keystore->name));
	pack_bytes(&p, magic, sizeof magic);
	pack_u32(&p, VERSION);
	pack_u32(&p, ARGON2ID);
	pack_u32(&p, keystore->passes);
	pack_u32(&p, (uint32_t)(keystore->memory / 1024));
	randombytes_buf(pack_room(&p, SALT_SIZE + NONCE_SIZE), SALT_SIZE + NONCE_SIZE);
	pack_bytes(&p, name, sizeof name);
	pack_bytes(&p, keystore->public_key, 32);
	pack_u64(&p, keystore->created_s);
	CHECK(!p.full && p.size == KEYSTORE_HEADER_SIZE);
}

static enum sdex_error check_terms(const struct keystore_terms *terms, struct sdex_failure *why)
{
	size_t length = strnlen(terms->name, KEYSTORE_NAME_MAX + 1);
	if (length > KEYSTORE_NAME_MAX ||
	    !frame_name_fits((struct sdex_bytes){(const uint8_t *)terms->name, (uint32_t)length}))
		return fail(
			why, SDEX_ERR_INVALID, 0,
			"a key's name has 1 to %u letters, digits, dots, dashes and underscores, "
			"and does not start with a dot or a dash",
			KEYSTORE_NAME_MAX);
	if (!terms_fit(terms->passes, terms->memory))
		return fail(
			why, SDEX_ERR_INVALID, 0,
			"the derivation takes %u to %u passes over %zu to %zu bytes in whole KiB",
			KEYSTORE_PASSES, KEYSTORE_PASSES_MOST, KEYSTORE_MEMORY_LEAST,
			KEYSTORE_MEMORY_MOST);
	if (terms->passphrase_size < KEYSTORE_PASSPHRASE_LEAST)
		return fail(why, SDEX_ERR_INVALID, 0,
			    "a passphrase has %u bytes at least, this one %zu: take several words",
			    KEYSTORE_PASSPHRASE_LEAST, terms->passphrase_size);
	return SDEX_OK;
}

enum sdex_error keystore_seal(struct keystore *keystore, const struct keystore_terms *terms,
			      const struct sdex_secret *key, struct sdex_failure *why)
{
	uint8_t *cipher_key;
	enum sdex_error error = check_terms(terms, why);
	if (error)
		return error;
	CHECK(sodium_init() >= 0);
	*keystore = (struct keystore){
		.created_s = terms->created_s, .passes = terms->passes, .memory = terms->memory};
	memcpy(keystore->name, terms->name, strlen(terms->name));
	memcpy(keystore->public_key, key->public_key, 32);
	write_header(keystore);
	error = derive(&cipher_key, keystore, terms->passphrase, terms->passphrase_size, why);
	if (error)
		return error;
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		keystore->file + KEYSTORE_HEADER_SIZE, NULL, key->seed, sizeof key->seed,
		keystore->file, KEYSTORE_HEADER_SIZE, NULL, keystore->file + AT_NONCE, cipher_key);
	sodium_free(cipher_key);
	return SDEX_OK;
}

/* Decrypts into locked memory, and holds the key against the one in the header. */
static bool open_with(const struct keystore *keystore, struct sdex_secret *key,
		      const uint8_t *cipher_key)
{
	uint8_t *seed = sodium_malloc(SDEX_SEED_SIZE);
	bool good = seed && crypto_aead_xchacha20poly1305_ietf_decrypt(
				    seed, NULL, NULL, keystore->file + KEYSTORE_HEADER_SIZE,
				    SDEX_SEED_SIZE + TAG_SIZE, keystore->file, KEYSTORE_HEADER_SIZE,
				    keystore->file + AT_NONCE, cipher_key) == 0;
	if (good) {
		sdex_secret_from_seed(key, seed);
		good = memcmp(key->public_key, keystore->public_key, 32) == 0;
		if (!good)
			sdex_secret_wipe(key);
	}
	sodium_free(seed);
	return good;
}

enum sdex_error keystore_open(const struct keystore *keystore, struct sdex_secret *key,
			      const char *passphrase, size_t size, struct sdex_failure *why)
{
	uint8_t *cipher_key;
	enum sdex_error error = derive(&cipher_key, keystore, passphrase, size, why);
	if (error)
		return error;
	bool good = open_with(keystore, key, cipher_key);
	sodium_free(cipher_key);
	if (good)
		return SDEX_OK;
	return fail(why, SDEX_ERR_SIGNATURE, 0,
		    "the passphrase does not open the key %s: it is another's, or the file was "
		    "changed since it was made",
		    keystore->name);
}
