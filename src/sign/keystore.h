/* sign/keystore.h - a secret key in a file, under a passphrase.
 *
 * The file is one header and the sealed seed, KEYSTORE_SIZE bytes in all:
 *
 *	magic 8 | version 4 | kdf 4 | passes 4 | KiB of memory 4 | salt 16 | nonce 24 |
 *	key's name 32, zeros behind | public key 32 | created 8, seconds since 1970 |
 *	seed, XChaCha20-Poly1305 32 + 16
 *
 * Numbers are big-endian.  The key of the cipher is argon2id of the passphrase; the whole
 * header is its associated data, so that none of it can be changed unseen. */
#ifndef SDEX_SIGN_KEYSTORE_H
#define SDEX_SIGN_KEYSTORE_H

#include "sdex/key.h"
#include "sign/frame.h"

#define KEYSTORE_NAME_MAX 32u /* of a key, with the letters of frame_name_fits */
#define KEYSTORE_HEADER_SIZE 136u
#define KEYSTORE_SIZE (KEYSTORE_HEADER_SIZE + 32u + 16u)

/* Bounds of the key derivation, held before it runs: a file cannot make it slow or large. */
#define KEYSTORE_PASSES 3u
#define KEYSTORE_PASSES_MOST 16u
#define KEYSTORE_MEMORY ((size_t)256 << 20)
#define KEYSTORE_MEMORY_LEAST ((size_t)8 << 20)
#define KEYSTORE_MEMORY_MOST ((size_t)2 << 30)

#define KEYSTORE_PASSPHRASE_LEAST 8u /* bytes, for a new one */

/* What the file shows without its passphrase. */
struct keystore {
	char name[KEYSTORE_NAME_MAX + 1];
	uint8_t public_key[32];
	uint64_t created_s;
	uint32_t passes;
	size_t memory; /* bytes */
	uint8_t file[KEYSTORE_SIZE];
};

/* Reads a file's bytes.  Nothing of it is known to be true before it was opened.
 * TRUNCATED, TRAILING  not a keystore's size;  SYNTAX  not its form
 * UNSUPPORTED          another version or derivation;  RANGE  outside of the bounds above */
SDEX_MUST_USE enum sdex_error keystore_read(struct keystore *keystore, const void *data,
					    size_t size, struct sdex_failure *why);

struct keystore_terms {
	const char *name; /* see frame_name_fits */
	uint64_t created_s;
	uint32_t passes; /* KEYSTORE_PASSES to KEYSTORE_PASSES_MOST */
	size_t memory;   /* whole KiB within the bounds above */
	const char *passphrase;
	size_t passphrase_size;
};

/* Seals a key.  Takes as long as the derivation does, and its memory.
 * INVALID  the name or the terms are out of their bounds, or the passphrase is too short
 * NOMEM    memory for the derivation is out */
SDEX_MUST_USE enum sdex_error keystore_seal(struct keystore *keystore,
					    const struct keystore_terms *terms,
					    const struct sdex_secret *key,
					    struct sdex_failure *why);

/* Opens it; `key` is in locked memory (secret_new).
 * SIGNATURE  the passphrase is another's, or the file was changed
 * NOMEM      memory for the derivation is out */
SDEX_MUST_USE enum sdex_error keystore_open(const struct keystore *keystore,
					    struct sdex_secret *key, const char *passphrase,
					    size_t size, struct sdex_failure *why);

/* ---- files (keystore_file.c) */

/* Reads the file: a plain one, no link, of this user or root, that nobody else can read.
 * MISSING  there is none;  INVALID  it is not like that;  others as keystore_read */
SDEX_MUST_USE enum sdex_error keystore_load(struct keystore *keystore, const char *path,
					    struct sdex_failure *why);

/* Makes the file, mode 0600: whole and on disk, or not at all.
 * DUPLICATE  there is one already, and no key is ever written over
 * INVALID    the system refuses */
SDEX_MUST_USE enum sdex_error keystore_store(const struct keystore *keystore, const char *path,
					     struct sdex_failure *why);

#endif
