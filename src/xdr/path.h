/* xdr/path.h - where in a value a walk is, for messages to people. */
#ifndef SDEX_XDR_PATH_H
#define SDEX_XDR_PATH_H

#include <stdint.h>

#include "sdex/error.h"

#define PATH_FIELD UINT32_MAX /* index of steps that are no list element */

/* One step down; steps live in the frames of the walk. */
struct path {
	const struct path *up; /* NULL at the root */
	const char *name;      /* of a field; of the type at the root */
	uint32_t index;        /* of an element, or PATH_FIELD */
};

/* Fills `why` with "Type.field[3].other: " and the text, and returns the code. A long
 * path keeps its root and its end. */
enum sdex_error path_fail(const struct path *path, struct sdex_failure *why, enum sdex_error code,
			  uint64_t where, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

#endif
