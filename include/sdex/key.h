/* sdex/key.h - secret keys, signatures, and the keys derived from one seed.
 *
 * Handling of secrets: a `struct sdex_secret` is the only home of a secret key.
 * The caller owns its memory: keep it in one place, pass it by pointer, never copy
 * it by assignment, and wipe it as soon as it has done its work.  A process that
 * holds keys for long puts it on locked pages that no core dump shows (libsodium's
 * sodium_malloc, or mmap with mlock and MADV_DONTDUMP); the library, which makes no
 * system calls, leaves that to it.  Buffers in which the library itself holds parts of
 * a secret while a call runs are wiped before it returns; no text of a refusal contains
 * any of it.
 *
 * Signing and verifying allocate nothing and keep no state. */
#ifndef SDEX_KEY_H
#define SDEX_KEY_H

#include <stdbool.h>

#include "sdex/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SDEX_SEED_SIZE 32u
#define SDEX_PUBLIC_KEY_SIZE 32u
#define SDEX_SIGNATURE_SIZE 64u
#define SDEX_SECRET_ROOM 57u /* S... and a NUL */

/* An ed25519 key pair.  Made only by the functions below: a public key that does
 * not belong to the seed would give the seed away with two signatures. */
struct sdex_secret {
	uint8_t seed[32];
	uint8_t public_key[32];
};

/* Sets all of it to zero, which the compiler cannot leave out. */
SDEX_API void sdex_secret_wipe(struct sdex_secret *secret);

/* Makes the pair of a seed; any 32 bytes are one.  They must come from a good
 * source of randomness, which this library does not have, or from a derivation. */
SDEX_API void sdex_secret_from_seed(struct sdex_secret *secret, const uint8_t seed[32]);

/* Makes the pair of a seed in text (S...).  Errors as sdex_strkey_decode_key
 * (strkey.h), KIND for an address. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_secret_parse(struct sdex_secret *secret,
							 const char *text, size_t length,
							 struct sdex_failure *why);

/* Writes the seed as text (S...) and a NUL, into room that the caller wipes; returns the
 * length. */
SDEX_API size_t sdex_secret_print(char text[SDEX_SECRET_ROOM], const struct sdex_secret *secret);

/* Signs `size` bytes.  For transactions these are the 32 bytes of their hash.
 * The same bytes give the same signature (RFC 8032). */
SDEX_API void sdex_sign(const struct sdex_secret *secret, uint8_t signature[64], const void *data,
			size_t size);

/* Takes and refuses what the network does, also where implementations of ed25519 differ
 * (stellar-core's PubKeyUtils::verifySig: the strict form of ed25519-dalek since protocol
 * 25, libsodium before).  The equation is the one without the cofactor.  Refused are an S
 * that is not below the group's order, an R that is not the one encoding of its point, and
 * a key or an R of small order.  In one point this is stricter: a key whose y is not below
 * the field's prime is refused here and read by dalek; there are few, and nobody is known
 * to have the secret key of one.
 * SIGNATURE  it is not this key's signature of these bytes, or the key is none. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_verify(const uint8_t public_key[32],
						   const uint8_t signature[64], const void *data,
						   size_t size);

/* The signature hint: the last four bytes of a public key (or of a hash-x hash),
 * by which the network finds the signer that a signature belongs to. */
SDEX_API void sdex_hint(uint8_t hint[4], const uint8_t key[32]);

/* Signs and verifies a message of a person or a program, as SEP-53 says; such a
 * signature can never be one of a transaction.  Text is UTF-8. */
SDEX_API void sdex_message_sign(const struct sdex_secret *secret, uint8_t signature[64],
				const void *message, size_t size);
SDEX_API SDEX_MUST_USE enum sdex_error sdex_message_verify(const uint8_t public_key[32],
							   const uint8_t signature[64],
							   const void *message, size_t size);

/* A derivation path (SLIP-0010).  For ed25519 every step is hardened, so that the
 * indices stand here without the mark: 0 to 2^31 - 1. */
#define SDEX_PATH_DEPTH_MAX 10u
#define SDEX_PATH_ROOM 124u /* for the text of any path, with its NUL */
struct sdex_path {
	uint32_t depth; /* 0 is the master key, "m" */
	uint32_t index[SDEX_PATH_DEPTH_MAX];
};

/* SEP-5's path of account number `account`, m/44'/148'/account'.  RANGE over 2^31 - 1. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_path_account(struct sdex_path *path, uint32_t account);

/* Reads "m/44'/148'/0'": hardened steps, marked by ' or h, at most 10.
 * SYNTAX       not of this form      LENGTH  more than 10 steps
 * UNSUPPORTED  a step is not hardened, which ed25519 does not have
 * RANGE        an index over 2^31 - 1; each with why->where */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_path_parse(struct sdex_path *path, const char *text,
						       size_t length, struct sdex_failure *why);

/* Writes the path in the form above, with ', and a NUL; returns its length.  The path is
 * in its range. */
SDEX_API size_t sdex_path_print(char text[SDEX_PATH_ROOM], const struct sdex_path *path);

/* Derives the pair at `path` from a seed of 16 to 64 bytes, as a rule the 64 of a
 * mnemonic (mnemonic.h).
 * INVALID  a seed of another size, or a path out of its range */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_secret_derive(struct sdex_secret *secret,
							  const uint8_t *seed, size_t seed_size,
							  const struct sdex_path *path);

#ifdef __cplusplus
}
#endif
#endif
