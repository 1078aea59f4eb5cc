/* sdex/error.h - how a call says that it did not do what was asked.
 *
 * Every fallible function returns `enum sdex_error`, must be checked, and
 * leaves its outputs untouched when it fails.  Functions whose failure a person
 * has to understand also fill the caller's `struct sdex_failure`. */
#ifndef SDEX_ERROR_H
#define SDEX_ERROR_H

#include <stddef.h>
#include <stdint.h>

/* On a function: the library exports it; its result must be looked at. */
#if defined(SDEX_BUILD)
#define SDEX_API __attribute__((visibility("default")))
#else
#define SDEX_API
#endif
#define SDEX_MUST_USE __attribute__((warn_unused_result))

#ifdef __cplusplus
extern "C" {
#endif

/* name, value, text.  Values are part of the ABI: append, never renumber. */
#define SDEX_ERRORS(X)                                                           \
	X(OK, 0, "success")                                                      \
	X(NOMEM, 1, "memory is out, or the arena's limit is reached")            \
	X(INVALID, 2, "an argument is outside its documented range")             \
	X(TRUNCATED, 3, "the input ends before the value does")                  \
	X(TRAILING, 4, "bytes are left after the value")                         \
	X(PADDING, 5, "padding bytes are not zero")                              \
	X(BOOLEAN, 6, "a boolean is neither 0 nor 1")                            \
	X(DISCRIMINANT, 7, "an enum or union discriminant is not in the schema") \
	X(LENGTH, 8, "a length is over its maximum")                             \
	X(DEPTH, 9, "values are nested too deeply")                              \
	X(SPACE, 10, "the caller's buffer is too small")                         \
	X(SYNTAX, 11, "the text is not in the expected form")                    \
	X(CHARACTER, 12, "a character is not of the alphabet")                   \
	X(CHECKSUM, 13, "the checksum does not match")                           \
	X(KIND, 14, "the value is well formed but of another kind")              \
	X(RANGE, 15, "the number does not fit its type")                         \
	X(PRECISION, 16, "the number has more digits than the network keeps")    \
	X(SIGNATURE, 17, "the signature does not verify")                        \
	X(MISSING, 18, "a required part is not there")                           \
	X(DUPLICATE, 19, "a part is there twice")                                \
	X(UNKNOWN, 20, "a name is not known")                                    \
	X(MALFORMED, 21, "the network would refuse this as malformed")           \
	X(UNSUPPORTED, 22, "this build or protocol version does not have it")

/* How a call ended: SDEX_OK, which is 0, or SDEX_ERR_ and one of the names above. */
enum sdex_error {
#define SDEX_ERROR_ENUM(name, value, text) SDEX_ERR_##name = value,
	SDEX_ERRORS(SDEX_ERROR_ENUM)
#undef SDEX_ERROR_ENUM
};
#define SDEX_OK SDEX_ERR_OK

/* What a person needs to mend a refused input.  The caller owns it; a call that
 * succeeds leaves it as it was. */
struct sdex_failure {
	enum sdex_error code;
	uint32_t rule;  /* with MALFORMED, the number of the broken rule (rule.h), else 0 */
	uint64_t where; /* byte offset into the input; with a rule, the operation's index; with
			 * SPACE, the room that is enough; 0 where there is none of these */
	char text[244]; /* expected, found, what to do; ends in NUL, no newline */
};

/* The name of a code ("TRUNCATED") and one sentence on it; both live for ever.
 * A value that is no code gives "?" and "not an error code of this library". */
SDEX_API const char *sdex_error_name(enum sdex_error code);
SDEX_API const char *sdex_error_text(enum sdex_error code);

#ifdef __cplusplus
}
#endif
#endif
