/* stellar/strkey.h - what cannot fail: secret seeds as text, and plain keys. */
#ifndef SDEX_STELLAR_STRKEY_H
#define SDEX_STELLAR_STRKEY_H

#include "sdex/strkey.h"

/* As sdex_strkey_decode_key and sdex_strkey_encode_key, for S; what is left of
 * the seed in between is wiped. */
SDEX_MUST_USE enum sdex_error strkey_decode_seed(uint8_t seed[32], const char *text, size_t length,
						 struct sdex_failure *why);
void strkey_encode_seed(char text[57], const uint8_t seed[32]);

/* Writes 57 bytes of G, T, X, C or L, 59 of B; `kind` is one of these six. */
size_t strkey_print(char *text, enum sdex_strkey_kind kind, const uint8_t key[32]);

#endif
