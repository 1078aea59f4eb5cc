/* stellar/words.h - sentences for people, written into a buffer that may be too small. */
#ifndef SDEX_STELLAR_WORDS_H
#define SDEX_STELLAR_WORDS_H

#include <stddef.h>
#include <stdint.h>

/* What does not fit is counted and left out; the text always ends in NUL, if room > 0.
 * length >= room says that something was left out. */
struct words {
	char *text;
	size_t room;
	size_t length;
};

void words_add(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "2026-01-31 23:59:59 UTC"; past the year 9999 "second 253402300800". */
void words_add_time(struct words *words, uint64_t seconds);

#endif
