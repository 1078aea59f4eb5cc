/* base/bytes.h - what writers of text share: quoting bytes of unknown origin, and lengths. */
#ifndef SDEX_BASE_BYTES_H
#define SDEX_BASE_BYTES_H

#include "sdex/bytes.h"

#define QUOTE_BYTES 40u /* shown at most, each as up to four characters */

struct quote {
	char text[4 * QUOTE_BYTES + sizeof "\"\"..."];
};

/* Writes a length that the caller may not want to know. */
static inline void put_length(size_t *out, size_t length)
{
	if (out)
		*out = length;
}

/* Writes the first bytes of `data` in double quotes, printable ASCII as it is and
 * all else escaped (`\"`, `\\`, `\x1f`), with dots behind when there are more.
 * Returns quote->text, so that it can stand among the arguments of fail().
 * Never for anything that may be a secret. */
const char *bytes_quote(struct quote *quote, const void *data, size_t size);

#endif
