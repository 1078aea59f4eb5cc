/* cmd/sdex/suggest.c - the distance of words. */
#include "cmd/sdex/suggest.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define LONGEST 63

static int letter(char c)
{
	return tolower((unsigned char)c);
}

/* How many letters to put in, leave out or change to make b of a (Levenshtein), case
 * aside.  A row of the table at a time. */
static size_t distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1], n = strlen(b);
	if (n > LONGEST)
		return SIZE_MAX;
	for (size_t k = 0; k <= n; k++)
		row[k] = k;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t k = 1; k <= n; k++) {
			size_t changed = corner + (letter(a[i - 1]) != letter(b[k - 1]));
			size_t least = row[k] < row[k - 1] ? row[k] + 1 : row[k - 1] + 1;
			corner = row[k];
			row[k] = changed < least ? changed : least;
		}
	}
	return row[n];
}

struct suggest suggest_begin(const char *given, size_t most)
{
	size_t size = strlen(given);
	return (struct suggest){given, NULL, size < most ? size : most};
}

void suggest_consider(struct suggest *s, const char *word)
{
	size_t d = distance(s->given, word);
	if (d < s->distance) {
		s->distance = d;
		s->word = word;
	}
}

const char *suggest_text(char out[96], const struct suggest *s)
{
	out[0] = '\0';
	if (s->word)
		snprintf(out, 96, "; did you mean \"%s\"?", s->word);
	return out;
}
