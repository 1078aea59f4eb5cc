/* stellar/xdr_json.h - the inside of sdex/xdr_json.h: both directions, and the types
 * that SEP-51 writes as one string. */
#ifndef SDEX_STELLAR_XDR_JSON_H
#define SDEX_STELLAR_XDR_JSON_H

#include "base/json_write.h"
#include "sdex/xdr_json.h"
#include "xdr/describe.h"

/* The types with a text of their own; NONE for those that follow from the schema. */
enum json_form {
	JSON_FORM_NONE,
	JSON_FORM_ACCOUNT,        /* PublicKey: G */
	JSON_FORM_CONTRACT,       /* ContractID: C */
	JSON_FORM_POOL,           /* PoolID: L */
	JSON_FORM_BALANCE,        /* ClaimableBalanceID: B */
	JSON_FORM_MUXED,          /* MuxedAccount: G or M */
	JSON_FORM_MED25519,       /* MuxedAccountMed25519, MuxedEd25519Account: M */
	JSON_FORM_SIGNER,         /* SignerKey: G, T, X or P */
	JSON_FORM_SIGNED_PAYLOAD, /* SignerKeyEd25519SignedPayload: P */
	JSON_FORM_ADDRESS,        /* SCAddress: G, C, M, B or L */
	JSON_FORM_CODE4,          /* AssetCode4 */
	JSON_FORM_CODE12,         /* AssetCode12 */
	JSON_FORM_CODE,           /* AssetCode */
	JSON_FORM_INT128,
	JSON_FORM_UINT128,
	JSON_FORM_INT256,
	JSON_FORM_UINT256,
};

#define JSON_FORM_ROOM 256u

/* The form of a type by its index in describe_types. */
enum json_form json_form(uint16_t type);

/* Writes a valid value of a form's type; returns the length.  No NUL. */
size_t json_form_print(char text[JSON_FORM_ROOM], enum json_form form, const void *value);

/* Reads the text into the value, which has the type's size; what stands behind a
 * pointer comes from the arena.  The value has to be all zeros before.  why->where is a
 * position in the text. */
SDEX_MUST_USE enum sdex_error json_form_parse(void *value, enum json_form form,
					      struct sdex_arena *arena, const char *text,
					      size_t size, struct sdex_failure *why);

/* One byte of an XDR string as SEP-51 has it: itself or an escape; returns 1, 2 or 4. */
size_t json_escape_byte(char out[4], uint8_t c);

/* Undoes the escapes of `size` bytes.  `out` has room for as many bytes and may be
 * `text`; *used is how many were written.
 * SYNTAX     an escape that SEP-51 does not have
 * CHARACTER  not printable ASCII; each with why->where */
SDEX_MUST_USE enum sdex_error json_unescape_bytes(uint8_t *out, size_t *used, const char *text,
						  size_t size, struct sdex_failure *why);

/* Writes a value that measure() has found fit. */
void json_write_xdr(struct json_writer *w, uint16_t type, const void *value);

#endif
