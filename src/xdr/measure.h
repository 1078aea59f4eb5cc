/* xdr/measure.h - the size of a value as XDR, and whether it has one. */
#ifndef SDEX_XDR_MEASURE_H
#define SDEX_XDR_MEASURE_H

#include <stddef.h>

#include "sdex/xdr.h"

/* Walks the value by the schema's tables.  Returns the first thing that cannot be
 * encoded, told in `why`, or OK with the size in *size. */
enum sdex_error measure(enum sdex_type type, size_t *size, const void *value,
			struct sdex_failure *why);

#endif
