/* net/text.h - runs of characters that are borrowed from some message. */
#ifndef SDEX_NET_TEXT_H
#define SDEX_NET_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	const char *data; /* not ended by NUL */
	size_t size;
};

#define TEXT(literal) ((struct text){"" literal, sizeof(literal) - 1})

static inline bool text_equal(struct text a, struct text b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline char text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* As HTTP compares names of fields and tokens: ASCII letters of either case are equal. */
static inline bool text_same(struct text a, struct text b)
{
	if (a.size != b.size)
		return false;
	for (size_t i = 0; i < a.size; i++)
		if (text_lower(a.data[i]) != text_lower(b.data[i]))
			return false;
	return true;
}

/* The value of a hexadecimal digit, -1 for any other character. */
static inline int text_digit16(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = text_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
