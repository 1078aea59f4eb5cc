/* xdr/explain.h - why bytes are no value: the slow walk behind a refusal. */
#ifndef SDEX_XDR_EXPLAIN_H
#define SDEX_XDR_EXPLAIN_H

#include <stddef.h>

#include "sdex/xdr.h"

/* Walks the bytes by the schema's tables under the rules of the decoder.  Returns the
 * first thing refused, told in `why`, or OK with the value's size in *used. */
enum sdex_error explain(enum sdex_type type, size_t *used, const uint8_t *data, size_t size,
			uint32_t depth, struct sdex_failure *why);

#endif
