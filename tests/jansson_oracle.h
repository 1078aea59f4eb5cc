/* tests/jansson_oracle.h - what jansson says of a text, behind names of its own:
 * jansson's clash with those of base/json.h. */
#ifndef SDEX_TESTS_JANSSON_ORACLE_H
#define SDEX_TESTS_JANSSON_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct theirs; /* one value */

enum theirs_kind {
	THEIRS_OBJECT,
	THEIRS_ARRAY,
	THEIRS_STRING,
	THEIRS_INTEGER,
	THEIRS_REAL,
	THEIRS_TRUE,
	THEIRS_FALSE,
	THEIRS_NULL,
};

/* NULL when refused: because its own types are too small, or because a key stands
 * twice or has a NUL in it, which is said in *other, or because it is not JSON. */
struct theirs *theirs_read(const char *text, size_t size, bool *other);
void theirs_free(struct theirs *value);

enum theirs_kind theirs_kind(const struct theirs *value);
size_t theirs_size(const struct theirs *value); /* members, items or bytes */
const struct theirs *theirs_member(const struct theirs *value, const char *key);
const struct theirs *theirs_item(const struct theirs *value, size_t i);
const char *theirs_string(const struct theirs *value);
int64_t theirs_integer(const struct theirs *value);
double theirs_real(const struct theirs *value);

#endif
