/* base/bytes.h - quoting bytes of unknown origin in texts for people. */
#ifndef SDEX_BASE_BYTES_H
#define SDEX_BASE_BYTES_H

#include "sdex/bytes.h"

#define QUOTE_BYTES 40u /* shown at most, each as up to four characters */

struct quote {
	char text[4 * QUOTE_BYTES + sizeof "\"\"..."];
};

/* Writes the first bytes of `data` in double quotes, printable ASCII as it is and
 * all else escaped (`\"`, `\\`, `\x1f`), with dots behind when there are more.
 * Returns quote->text, so that it can stand among the arguments of fail().
 * Never for anything that may be a secret. */
const char *bytes_quote(struct quote *quote, const void *data, size_t size);

#endif
