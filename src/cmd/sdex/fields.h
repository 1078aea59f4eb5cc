/* cmd/sdex/fields.h - members of a JSON answer as texts, for printing. */
#ifndef SDEX_CMD_FIELDS_H
#define SDEX_CMD_FIELDS_H

#include "base/json.h"

#define FIELD_ROOM 256u

/* One member that is wanted, by its path from the object that is read: "ledger.sequence".
 * Strings come without escapes, control characters replaced; numbers and booleans as
 * they stand; null, and what is not there, as "". */
struct field {
	const char *path;
	char text[FIELD_ROOM];
};

/* Reads the object that comes next.  What does not fit is cut. */
void fields_read(struct json *json, struct field *fields, size_t count);

/* Calls `row` for each item, an object, of an array: the one that comes next.  */
void fields_each(struct json *json, struct field *fields, size_t count,
		 void (*row)(void *context, const struct field *fields), void *context);

/* Moves to the value at `path` ("asks") within a text; false when it is not there. */
bool fields_find(struct json *json, const char *text, size_t size, const char *path);

#endif
