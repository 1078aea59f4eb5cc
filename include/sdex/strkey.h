/* sdex/strkey.h - keys, hashes and addresses as text (SEP-23).
 *
 * A strkey is one letter for the kind, then base32 of a version byte, the key
 * and a checksum (CRC-16/XMODEM).  Each value has exactly one text; anything
 * else is refused.  Refusals name a position and a reason and never repeat the
 * text: it may be a mistyped secret seed. */
#ifndef SDEX_STRKEY_H
#define SDEX_STRKEY_H

#include <stdbool.h>

#include "sdex/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* letter, name, version byte, words for people */
#define SDEX_STRKEY_KINDS(X)                                                \
	X('B', CLAIMABLE_BALANCE, 1 << 3, "a claimable balance (B...)")     \
	X('C', CONTRACT, 2 << 3, "a contract (C...)")                       \
	X('G', ACCOUNT, 6 << 3, "an account (G...)")                        \
	X('L', LIQUIDITY_POOL, 11 << 3, "a liquidity pool (L...)")          \
	X('M', MUXED_ACCOUNT, 12 << 3, "a muxed account (M...)")            \
	X('P', SIGNED_PAYLOAD, 15 << 3, "a signed payload (P...)")          \
	X('S', SEED, 18 << 3, "a secret seed (S...)")                       \
	X('T', PRE_AUTH_TX, 19 << 3, "a pre-authorised transaction (T...)") \
	X('X', HASH_X, 23 << 3, "a hash-x signer (X...)")

/* A kind is its version byte: SDEX_STRKEY_ACCOUNT is 48. */
enum sdex_strkey_kind {
#define SDEX_STRKEY_ENUM(letter, name, version, text) SDEX_STRKEY_##name = version,
	SDEX_STRKEY_KINDS(SDEX_STRKEY_ENUM)
#undef SDEX_STRKEY_ENUM
};

#define SDEX_STRKEY_LENGTH 56u      /* of G, S, T, X, C and L */
#define SDEX_STRKEY_LENGTH_MAX 165u /* of a P with 64 bytes of payload; M has 69, B 58 */
#define SDEX_STRKEY_ROOM 166u       /* for any, with its NUL */
#define SDEX_STRKEY_KEY_ROOM 59u    /* for G, S, T, X, C, L and B, with its NUL */
#define SDEX_STRKEY_PAYLOAD_MAX 64u

/* A decoded strkey of any kind but a secret seed, which has a home of its own
 * (sdex_secret_parse, key.h). */
struct sdex_strkey {
	enum sdex_strkey_kind kind;
	uint32_t payload_size; /* P: bytes of payload, 0 to 64; others: 0 */
	uint64_t id;           /* M: the id, any number; others: 0 */
	uint8_t key[32];       /* G M P: ed25519 public key; others: SHA-256 hash.
				* B: of a balance of version 0, the only one there is */
	uint8_t payload[64];   /* P: zero behind payload_size; others: all zero */
};

/* Reads a strkey of `length` characters.
 * SYNTAX       the first character is no kind's; unused bits or padding are not
 *              zero; a payload's length does not agree with the text's
 * LENGTH       a length that strkeys of this kind do not have
 * CHARACTER    not base32 (upper-case letters and 2 to 7); why->where is its position
 * CHECKSUM     a character is wrong or two are swapped
 * UNSUPPORTED  an algorithm, or a claimable balance of a version, that does not exist
 * KIND         it looks like a secret seed (not examined further)
 * An empty payload is read, as SEP-23 allows it; the network takes no such signer. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_strkey_decode(struct sdex_strkey *key, const char *text,
							  size_t length, struct sdex_failure *why);

/* Writes the text and a NUL (in the form of bytes.h).
 * INVALID  the kind is a secret seed or none at all, or payload_size is over 64
 * SPACE    room is not over the text's length; SDEX_STRKEY_ROOM is enough for any */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_strkey_encode(char *text, size_t room, size_t *length,
							  const struct sdex_strkey *key);

/* The same for a text that must be of one kind, and that one G, T, X, C, L or B,
 * whose value is 32 bytes.
 * KIND     the text is of another kind; else as sdex_strkey_decode
 * INVALID  `kind` is not one of the six */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_strkey_decode_key(uint8_t key[32],
							      enum sdex_strkey_kind kind,
							      const char *text, size_t length,
							      struct sdex_failure *why);

/* Writes G, T, X, C, L (56 characters) or B (58) and a NUL; form as above.
 * INVALID  `kind` is not one of the six
 * SPACE    room is not over the text's length; SDEX_STRKEY_KEY_ROOM is enough for any */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_strkey_encode_key(char *text, size_t room,
							      size_t *length,
							      enum sdex_strkey_kind kind,
							      const uint8_t key[32]);

/* Tells the kind of a text that is valid in every respect, secret seeds included;
 * errors as sdex_strkey_decode, except for KIND.  Keeps no copy of the text. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_strkey_examine(enum sdex_strkey_kind *kind,
							   const char *text, size_t length,
							   struct sdex_failure *why);

/* Words for a kind ("an account (G...)"); "no kind of strkey" for anything else. */
SDEX_API const char *sdex_strkey_kind_text(enum sdex_strkey_kind kind);

#ifdef __cplusplus
}
#endif
#endif
