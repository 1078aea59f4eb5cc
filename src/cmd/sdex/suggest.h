/* cmd/sdex/suggest.h - which word was meant by one that is not known. */
#ifndef SDEX_CMD_SUGGEST_H
#define SDEX_CMD_SUGGEST_H

#include <stddef.h>

struct suggest {
	const char *given;
	const char *word; /* the nearest so far, NULL for none */
	size_t distance;  /* letters to change, fewer than at the start */
};

/* Starts with no word; one is taken when it is nearer than `most` letters, and has a letter of
 * the given word. */
struct suggest suggest_begin(const char *given, size_t most);

void suggest_consider(struct suggest *suggest, const char *word);

/* `; did you mean "word"?`, or nothing; out has room for 96 bytes. */
const char *suggest_text(char out[96], const struct suggest *suggest);

#endif
