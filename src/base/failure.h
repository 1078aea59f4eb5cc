/* base/failure.h - filling the caller's struct sdex_failure. */
#ifndef SDEX_BASE_FAILURE_H
#define SDEX_BASE_FAILURE_H

#include "sdex/error.h"

/* Fills `why` (NULL is fine) and returns `code`, so that a refusal is one line:
 * `return fail(why, SDEX_ERR_RANGE, at, "amount must be ..., found %s", text);`
 * Text over the buffer is cut; control bytes and quotes of the input are the
 * caller's to keep out (see bytes_quote). */
enum sdex_error fail(struct sdex_failure *why, enum sdex_error code, uint64_t where,
		     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Refuses a buffer of `room` bytes where `needed` go (with the NUL of a text): SPACE, with
 * `needed` in why->where. */
enum sdex_error fail_space(struct sdex_failure *why, size_t needed, size_t room);

#ifdef __clang_analyzer__
/* For clang's analyser, which does not see that a refusal is never OK. */
#define fail(why, code, ...) (fail(why, code, __VA_ARGS__), code)
#define fail_space(...) (fail_space(__VA_ARGS__), SDEX_ERR_SPACE)
#endif

#endif
