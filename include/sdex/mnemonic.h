/* sdex/mnemonic.h - a key's entropy as English words (BIP-39, as SEP-5 asks).
 *
 * Words are secret as the seed is: the caller wipes what it holds of them, and no
 * refusal repeats one.  Only the English list of words is there. */
#ifndef SDEX_MNEMONIC_H
#define SDEX_MNEMONIC_H

#include "sdex/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SDEX_MNEMONIC_WORDS_MAX 24u
#define SDEX_MNEMONIC_ROOM 216u /* for any mnemonic, with its NUL */
#define SDEX_MNEMONIC_ENTROPY_MAX 32u

/* Writes the words of 16, 20, 24, 28 or 32 bytes of entropy (12, 15, 18, 21 or 24
 * words; SEP-5 recommends 24), a space between each, and a NUL (in the form of bytes.h).
 * INVALID  entropy of another size
 * SPACE    room is not over the text's length; SDEX_MNEMONIC_ROOM is enough */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_mnemonic_encode(char *text, size_t room, size_t *length,
							    const uint8_t *entropy, size_t size);

/* Reads words back into the *size bytes of entropy they were made from.  Any ASCII
 * white space may stand between, before and behind the words, which are lower case.
 * LENGTH       not 12, 15, 18, 21 or 24 words
 * UNKNOWN      a word is not of the list; why->where is its position
 * UNSUPPORTED  a letter that is not ASCII: another language
 * CHECKSUM     all are words, but not these in this order */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_mnemonic_decode(uint8_t entropy[32], size_t *size,
							    const char *text, size_t length,
							    struct sdex_failure *why);

/* Makes the seed of a mnemonic and a passphrase, which may be empty, for
 * sdex_secret_derive; it takes 2048 rounds of HMAC-SHA512 (some milliseconds).
 * Errors as sdex_mnemonic_decode, and UNSUPPORTED when the passphrase is not ASCII:
 * BIP-39 wants it in Unicode's normal form NFKD, which this library cannot make,
 * and any other form would silently give other keys. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_mnemonic_seed(uint8_t seed[64], const char *text,
							  size_t length, const char *passphrase,
							  size_t passphrase_length,
							  struct sdex_failure *why);

/* The same for a caller who has brought the passphrase into NFKD: UTF-8, taken byte
 * for byte. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_mnemonic_seed_nfkd(uint8_t seed[64], const char *text, size_t length, const char *passphrase,
			size_t passphrase_length, struct sdex_failure *why);

/* Word number 0 to 2047 of the list; NULL beyond.  Lives for ever. */
SDEX_API const char *sdex_mnemonic_word(unsigned number);

#ifdef __cplusplus
}
#endif
#endif
