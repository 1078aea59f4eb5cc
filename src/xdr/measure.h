/* xdr/measure.h - the size of a value as XDR, and whether it has one. */
#ifndef SDEX_XDR_MEASURE_H
#define SDEX_XDR_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include "sdex/xdr.h"

/* Walks the value by the schema's tables.  Returns the first thing that cannot be
 * encoded, told in `why`, or OK with the size in *size. */
enum sdex_error measure(enum sdex_type type, size_t *size, const void *value,
			struct sdex_failure *why);

/* For values that may be made by hand and are to be judged by rules, which have words of
 * their own for lengths and discriminants: is each pointer there that the rules will
 * follow?  What is over its maximum length is not entered, nor do rules enter it.
 * INVALID  the first that is NULL
 * DEPTH    nested deeper than SDEX_XDR_DEPTH_MAX */
enum sdex_error measure_pointers(enum sdex_type type, const void *value, struct sdex_failure *why);

/* Both, around such rules: what is refused by none of them can be encoded. */
struct fit {
	enum sdex_type type;
	const void *value;
	bool can_be_encoded;
};

/* Before the rules: fails as measure_pointers. */
enum sdex_error fit_begin(struct fit *fit, enum sdex_type type, const void *value,
			  struct sdex_failure *why);

/* Behind them: `error` is theirs.  OK becomes the reason that the value has no XDR, if so. */
enum sdex_error fit_end(const struct fit *fit, enum sdex_error error, struct sdex_failure *why);

#endif
