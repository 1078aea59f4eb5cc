/* sdex/scval.h - values for contracts.
 *
 * Most values are plain: `(sdex_SCVal){.type = SDEX_SCV_U32, .u32 = 7}` needs no help.
 * Here is what does: numbers wider than C's, names that have to be spelt right, and
 * containers in the order that the host demands. */
#ifndef SDEX_SCVAL_H
#define SDEX_SCVAL_H

#include "sdex/xdr_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A number of any of the host's integer types, U32 to I256, TIMEPOINT and DURATION, from
 * decimal digits, after a '-' for the signed ones.  Token amounts are I128, in the
 * token's smallest unit.
 * SYNTAX  not such digits;  RANGE  beyond the type;  KIND  not a type of numbers */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_scval_number(sdex_SCVal *value, sdex_SCValType type,
							 const char *text, size_t length,
							 struct sdex_failure *why);

#define SDEX_SCVAL_NUMBER_ROOM 80u /* for any number, with its NUL */

/* Writes a number of any of these types in the form above, and a NUL (in the form of
 * bytes.h).
 * KIND   another value
 * SPACE  room is not over the text's length; SDEX_SCVAL_NUMBER_ROOM is enough for any */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_scval_number_print(char *text, size_t room, size_t *length, const sdex_SCVal *value);

/* The same as sdex_scval_number for a number that C has: sign-extended to an I128. */
SDEX_API sdex_SCVal sdex_scval_i128(int64_t number);

/* A symbol: at most 32 of a-z, A-Z, 0-9 and _; borrowed.
 * LENGTH  longer;  CHARACTER  another character, at why->where */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_scval_symbol(sdex_SCVal *value, const char *text,
							 size_t length, struct sdex_failure *why);

/* Text and bytes, borrowed.  Over 4 GiB they are cut, which no transaction has room for. */
SDEX_API sdex_SCVal sdex_scval_string(const char *text, size_t length);
SDEX_API sdex_SCVal sdex_scval_bytes(const void *data, size_t size);

/* Addresses, copied; address.h reads their texts.  NOMEM */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_scval_address(sdex_SCVal *value, struct sdex_arena *arena, const sdex_SCAddress *address);

/* A vector of `count` items, which are copied; what they point to is shared.  NOMEM */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_scval_vec(sdex_SCVal *value, struct sdex_arena *arena,
						      const sdex_SCVal *items, uint32_t count);

/* A map of `count` entries, which are copied and put in the order of their keys.
 * NOMEM;  DUPLICATE  a key is there twice */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_scval_map(sdex_SCVal *value, struct sdex_arena *arena,
						      const sdex_SCMapEntry *entries,
						      uint32_t count, struct sdex_failure *why);

/* The host's order of values (that of rs-stellar-xdr's ScVal): by type, then by content.
 * Negative, zero or positive. */
SDEX_API int sdex_scval_compare(const sdex_SCVal *a, const sdex_SCVal *b);

#ifdef __cplusplus
}
#endif
#endif
