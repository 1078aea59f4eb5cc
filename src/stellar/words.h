/* stellar/words.h - sentences for people, written into a buffer that may be too small. */
#ifndef SDEX_STELLAR_WORDS_H
#define SDEX_STELLAR_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "sdex/error.h"

/* What does not fit is counted and left out; the text always ends in NUL, if room > 0.
 * length >= room says that something was left out. */
struct words {
	char *text;
	size_t room;
	size_t length;
};

void words_add(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Ends a text for which `words` has been written once without a buffer, to measure it:
 * refuses a room that is too small, or sets `words` up to be written again, into `text`.
 * So a text that does not fit leaves the caller's buffer alone. */
enum sdex_error words_fit(struct words *words, char *text, size_t room, struct sdex_failure *why);

/* "2026-01-31 23:59:59 UTC"; past the year 9999 "second 253402300800". */
void words_add_time(struct words *words, uint64_t seconds);

#endif
