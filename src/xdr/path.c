/* xdr/path.c - writing down where a walk is. */
#include "xdr/path.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/failure.h"

#define PATH_ROOM 112 /* leaves the larger half of a failure's text to the reason */

/* Writes a step so that it ends at `end`; returns where it begins, NULL if it has no room. */
static char *prepend(char *start, char *end, const struct path *step)
{
	char piece[80];
	int size = step->index == PATH_FIELD ? snprintf(piece, sizeof piece, ".%s", step->name)
					     : snprintf(piece, sizeof piece, "[%u]", step->index);
	if (size < 0 || size > end - start)
		return NULL;
	return memcpy(end - size, piece, (size_t)size);
}

static void write_path(char out[PATH_ROOM], const struct path *path)
{
	const struct path *root = path;
	while (root->up)
		root = root->up;
	size_t front = (size_t)snprintf(out, PATH_ROOM, "%s", root->name);
	CHECK(front < PATH_ROOM / 2); /* no type's name is as long */

	/* The steps are linked from the leaf up, so they are written from the end. */
	char tail[PATH_ROOM], *start = tail + front + 3, *end = tail + sizeof tail - 1;
	char *at = end;
	while (path->up) {
		char *before = prepend(start, at, path);
		if (!before)
			break;
		at = before;
		path = path->up;
	}
	snprintf(out + front, PATH_ROOM - front, "%s%.*s", path->up ? "..." : "", (int)(end - at),
		 at);
}

enum sdex_error path_fail(const struct path *path, struct sdex_failure *why, enum sdex_error code,
			  uint64_t where, const char *format, ...)
{
	if (!why)
		return code;
	char at[PATH_ROOM], text[sizeof why->text];
	va_list args;
	write_path(at, path);
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return fail(why, code, where, "%s: %s", at, text);
}
