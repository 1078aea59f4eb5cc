/* tests/jansson_oracle.c - one line for each question. */
#include "jansson_oracle.h"

#include <jansson.h>
#include <stdlib.h>

static const json_t *of(const struct theirs *value)
{
	return (const json_t *)(const void *)value;
}

struct theirs *theirs_read(const char *text, size_t size, bool *other)
{
	json_error_t error;
	json_t *value = json_loadb(
		text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
	*other = !value && (json_error_code(&error) == json_error_numeric_overflow ||
			    json_error_code(&error) == json_error_duplicate_key ||
			    json_error_code(&error) == json_error_null_byte_in_key);
	return (struct theirs *)(void *)value;
}

void theirs_free(struct theirs *value)
{
	json_decref((json_t *)(void *)value);
}

enum theirs_kind theirs_kind(const struct theirs *value)
{
	switch (json_typeof(of(value))) {
	case JSON_OBJECT:
		return THEIRS_OBJECT;
	case JSON_ARRAY:
		return THEIRS_ARRAY;
	case JSON_STRING:
		return THEIRS_STRING;
	case JSON_INTEGER:
		return THEIRS_INTEGER;
	case JSON_REAL:
		return THEIRS_REAL;
	case JSON_TRUE:
		return THEIRS_TRUE;
	case JSON_FALSE:
		return THEIRS_FALSE;
	case JSON_NULL:
		return THEIRS_NULL;
	}
	abort();
}

size_t theirs_size(const struct theirs *value)
{
	if (json_is_object(of(value)))
		return json_object_size(of(value));
	return json_is_array(of(value)) ? json_array_size(of(value))
					: json_string_length(of(value));
}

const struct theirs *theirs_member(const struct theirs *value, const char *key)
{
	return (const struct theirs *)(const void *)json_object_get(of(value), key);
}

const struct theirs *theirs_item(const struct theirs *value, size_t i)
{
	return (const struct theirs *)(const void *)json_array_get(of(value), i);
}

const char *theirs_string(const struct theirs *value)
{
	return json_string_value(of(value));
}

int64_t theirs_integer(const struct theirs *value)
{
	return json_integer_value(of(value));
}

double theirs_real(const struct theirs *value)
{
	return json_real_value(of(value));
}
