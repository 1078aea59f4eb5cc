/* sdex/xdr_json.h - XDR values as JSON and back (SEP-51, version 2).
 *
 * Structs are objects, unions {"arm": value} or "arm" when it is void, optionals null
 * or a value, 64-bit integers and wider ones decimal strings, opaques hexadecimal,
 * strings ASCII with \xNN escapes, keys and addresses strkeys.  Names are those of
 * rs-stellar-xdr, which the SEP describes.  A field called `type` is "type", as the
 * SEP and newer SDKs have it; "type_", which older ones write, is read as well. */
#ifndef SDEX_XDR_JSON_H
#define SDEX_XDR_JSON_H

#include "sdex/xdr.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How JSON is laid out. */
enum sdex_json_style {
	SDEX_JSON_COMPACT,  /* on one line, without a space */
	SDEX_JSON_INDENTED, /* a member or item a line, two spaces a level */
};

/* Takes the next `size` bytes of text.  An error ends the writing with that error. */
typedef enum sdex_error sdex_json_sink_fn(void *context, const char *text, size_t size);

/* Writes the value as JSON, UTF-8 and in fact ASCII, with no newline at its end:
 * to `text` with a NUL (in the form of bytes.h); to the arena with a NUL, which *length
 * leaves out; piece by piece to `sink`.  The same value gives the same text.  Any value that can be encoded
 * can be written; one that cannot fails as in sdex_xdr_encode, before anything goes
 * to a sink.
 * SPACE    `room` does not suffice; what `text` holds is unspecified
 * NOMEM    the arena's limit is reached, or memory is out
 * INVALID  no such type */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_xdr_to_json(enum sdex_type type, char *text, size_t room, size_t *length, const void *value,
		 enum sdex_json_style style, struct sdex_failure *why);
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_xdr_to_json_arena(enum sdex_type type, const char **text, size_t *length,
		       struct sdex_arena *arena, const void *value, enum sdex_json_style style,
		       struct sdex_failure *why);
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_xdr_to_json_sink(enum sdex_type type, sdex_json_sink_fn *sink, void *context,
		      const void *value, enum sdex_json_style style, struct sdex_failure *why);

/* Reads `size` bytes of JSON as a value of `type`, made in the arena, and points *value
 * at it.  The value does not borrow from the text.  Hostile text makes it take a few
 * times the text's size in memory for most types, and never more than the arena's
 * limit.  `limits` may be NULL.
 *
 * Strict: every member has to be there, once, and no other, but for a "$schema" with a
 * string in any object; integers are in range and without a needless sign or zero; a
 * void arm is a string and no other is.  Members may stand in any order, and 64-bit
 * integers may be numbers (version 1 of the SEP).  `why` names byte offset, path and
 * what was expected.
 * SYNTAX, CHARACTER, TRUNCATED, TRAILING
 *            not JSON, or text that a value cannot be made of
 * KIND       a number, string, object ... where another has to stand
 * UNKNOWN    a key or name that the type does not have
 * MISSING, DUPLICATE  a member
 * RANGE      a number that does not fit
 * LENGTH     too much text, or too many items or too few
 * CHECKSUM, UNSUPPORTED  a strkey (as sdex_strkey_decode)
 * DEPTH      nested deeper than the limit
 * NOMEM      the arena's limit is reached, or memory is out
 * INVALID    no such type, or a limit out of range */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_xdr_from_json(enum sdex_type type, void **value, struct sdex_arena *arena, const char *text,
		   size_t size, const struct sdex_xdr_limits *limits, struct sdex_failure *why);

#ifdef __cplusplus
}
#endif
#endif
