/* sdex/xdr.h - XDR of protocol 28: bytes to values and back (RFC 4506).
 *
 * Types are named by enum sdex_type; sdex/xdr_types.h has the C types and typed
 * forms of these functions (sdex_TransactionEnvelope_decode and so on).
 *
 * Decoding is strict: what it accepts, encoding gives back byte for byte.  All
 * functions are safe to call from several threads, each with its own arena. */
#ifndef SDEX_XDR_H
#define SDEX_XDR_H

#include <stdbool.h>

#include "sdex/arena.h"
#include "sdex/error.h"
#include "sdex/xdr_ids.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How many values of a recursive type (SCVal, ClaimPredicate, SCPQuorumSet, SCSpecTypeDef,
 * SorobanAuthorizedInvocation, SorobanDelegateSignature) may be around another of that
 * type: if nothing else is said, and at most.  Each takes up to 0.8 KB of stack. */
#define SDEX_XDR_DEPTH 500
#define SDEX_XDR_DEPTH_MAX 2000

/* What a decoder takes at most; all zero is the same as NULL: the defaults. */
struct sdex_xdr_limits {
	uint32_t depth; /* 1 to SDEX_XDR_DEPTH_MAX; 0 is SDEX_XDR_DEPTH */
};

/* Decodes the `size` bytes at `data` into a value of `type` in the arena and points
 * *value at it (for type T an `sdex_T *`).  The value borrows from `data` (opaques and
 * strings point into it) and from the arena: it lives until the first of them goes.
 * It takes about twice the input's size for real ledgers, ten times for the worst of
 * hostile bytes (a vec of void SCVals); the arena's limit bounds it.
 * `limits` may be NULL.  On failure the arena keeps what was taken until its reset,
 * and `why` names offset, path and reason:
 * TRUNCATED, PADDING, BOOLEAN, DISCRIMINANT, LENGTH
 *            the bytes are no value of the type
 * TRAILING   bytes are left behind the value
 * DEPTH      nested deeper than the limit
 * NOMEM      the arena's limit is reached, or memory is out
 * INVALID    no such type, or a limit out of range. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_xdr_decode(enum sdex_type type, void **value, struct sdex_arena *arena, const void *data,
		size_t size, const struct sdex_xdr_limits *limits, struct sdex_failure *why);

/* The same for a value in front of other bytes; *used is how many it took. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_xdr_decode_front(enum sdex_type type, void **value,
							     size_t *used, struct sdex_arena *arena,
							     const void *data, size_t size,
							     const struct sdex_xdr_limits *limits,
							     struct sdex_failure *why);

/* Checks bytes without building the value: fails exactly when sdex_xdr_decode_front
 * with enough memory does.  *used is the value's size. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_xdr_check(enum sdex_type type, size_t *used,
						      const void *data, size_t size,
						      const struct sdex_xdr_limits *limits,
						      struct sdex_failure *why);

/* Writes the value to `out`, which has `room` bytes, and its size to *size.
 * SPACE      it does not fit: why->where bytes are enough; what `out` holds is unspecified
 * DISCRIMINANT, LENGTH, DEPTH, MISSING (a NULL where a value has to be)
 *            the value stands for no bytes; `why` names path and reason. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_xdr_encode(enum sdex_type type, uint8_t *out,
						       size_t room, size_t *size, const void *value,
						       struct sdex_failure *why);

/* How many bytes sdex_xdr_encode writes.  Fails like it, but for SPACE. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_xdr_size(enum sdex_type type, size_t *size,
						     const void *value, struct sdex_failure *why);

/* --- as base64, the form in which Horizon and RPC have envelopes, results and meta */

/* Reads base64 (strictly: sdex_base64_decode, bytes.h) as a value of `type` in the arena,
 * which then holds the value's bytes too; the text may go.
 * CHARACTER, SYNTAX, LENGTH  not base64; why->where is the place in the text
 * others                     as sdex_xdr_decode; why->where is the place in the bytes */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_xdr_from_base64(enum sdex_type type, void **value, struct sdex_arena *arena, const char *text,
		     size_t length, const struct sdex_xdr_limits *limits, struct sdex_failure *why);

/* Writes the value as base64 and a NUL (in the form of bytes.h).  Allocates nothing.
 * SPACE  room is not over the text's length; why->where is enough
 * Others as sdex_xdr_encode. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_xdr_to_base64(enum sdex_type type, char *text,
							  size_t room, size_t *length,
							  const void *value,
							  struct sdex_failure *why);

/* Do two values, each fit to be encoded, encode to the same bytes? */
SDEX_API bool sdex_xdr_equal(enum sdex_type type, const void *a, const void *b);

/* --- visiting */

/* What to do behind a value that was found. */
enum sdex_visit {
	SDEX_VISIT_ON,   /* go on behind it */
	SDEX_VISIT_INTO, /* look inside it for more, then go on */
	SDEX_VISIT_STOP, /* end the visit, as a success */
};

/* A value found in the visited bytes. */
struct sdex_found {
	enum sdex_type type;
	const uint8_t *data; /* the value, checked to be whole and valid */
	size_t size;
	size_t offset; /* from the start of the visited bytes */
};

/* Called for each value found; what `found` points to is valid until it returns, and
 * return it must: no longjmp, no C++ exception. */
typedef enum sdex_visit sdex_visit_fn(void *context, const struct sdex_found *found);

/* Which types a visit stops at; made once, used for many visits, never changed by them. */
struct sdex_visit_plan {
	uint8_t reach[SDEX_TYPE_COUNT];
};

/* Fills the plan for `count` types.  A typedef's values are also values of its target:
 * asking for PublicKey finds each AccountID, as a PublicKey.
 * INVALID  no such type. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_visit_plan_init(struct sdex_visit_plan *plan, const enum sdex_type *types, size_t count);

/* Goes over the bytes of one value of `type` in order, building nothing, and calls
 * `found` for each value of a type in the plan.  What is refused, and how, is as in
 * sdex_xdr_decode; values before the place of refusal have been reported by then. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_xdr_visit(enum sdex_type type, const struct sdex_visit_plan *plan, sdex_visit_fn *found,
	       void *context, const void *data, size_t size, const struct sdex_xdr_limits *limits,
	       struct sdex_failure *why);

/* --- streams of records */

/* Takes the next record off a stream in which each has a length in front, four bytes
 * big endian with the highest bit set (RFC 5531, section 11; files of stellar-core).
 * *data and *size are the stream, and are moved behind the record.
 * MISSING      the stream is at its end
 * TRUNCATED    it ends inside a record: read more and try again
 * UNSUPPORTED  the highest bit is not set (a record in several fragments). */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_xdr_frame_next(const uint8_t **record,
							   size_t *record_size,
							   const uint8_t **data, size_t *size);

/* --- names */

/* The schema's name of a type ("TransactionEnvelope"); "?" for no type. */
SDEX_API const char *sdex_type_name(enum sdex_type type);

/* UNKNOWN  the schema has no such type. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_type_by_name(enum sdex_type *type, const char *name);

/* The schema's name of an enumerator ("txSUCCESS" for SDEX_TYPE_TransactionResultCode
 * and 0); NULL when the type is no enum or has no such value. */
SDEX_API const char *sdex_enum_name(enum sdex_type type, int32_t value);

/* UNKNOWN  the type is no enum or has no such enumerator. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_enum_by_name(int32_t *value, enum sdex_type type,
							 const char *name);

#ifdef __cplusplus
}
#endif
#endif
