/* xdr/describe.c - looking things up in the schema's tables. */
#include "xdr/describe.h"

#include <string.h>

const struct describe_case *describe_find_case(const struct describe_type *type, int32_t value)
{
	const struct describe_case *cases = describe_cases + type->first_case;
	size_t low = 0, high = type->cases;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (cases[middle].value < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low < type->cases && cases[low].value == value ? &cases[low] : NULL;
}

const struct describe_value *describe_find_value(const struct describe_type *type, int32_t value)
{
	const struct describe_value *values = describe_values + type->first;
	size_t low = 0, high = type->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (values[middle].value < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low < type->count && values[low].value == value ? &values[low] : NULL;
}

const char *sdex_type_name(enum sdex_type type)
{
	if ((unsigned)type >= SDEX_TYPE_COUNT)
		return "?";
	return describe_name(describe_types[type].name);
}

enum sdex_error sdex_type_by_name(enum sdex_type *type, const char *name)
{
	size_t low = 0, high = SDEX_TYPE_COUNT;
	while (low < high) {
		size_t middle = (low + high) / 2;
		uint16_t found = describe_by_name[middle];
		int order = strcmp(describe_name(describe_types[found].name), name);
		if (!order) {
			*type = (enum sdex_type)found;
			return SDEX_OK;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return SDEX_ERR_UNKNOWN;
}

const char *sdex_enum_name(enum sdex_type type, int32_t value)
{
	if ((unsigned)type >= SDEX_TYPE_COUNT || describe_types[type].kind != DESCRIBE_ENUM)
		return NULL;
	const struct describe_value *found = describe_find_value(&describe_types[type], value);
	return found ? describe_name(found->name) : NULL;
}

enum sdex_error sdex_enum_by_name(int32_t *value, enum sdex_type type, const char *name)
{
	if ((unsigned)type >= SDEX_TYPE_COUNT || describe_types[type].kind != DESCRIBE_ENUM)
		return SDEX_ERR_UNKNOWN;
	const struct describe_value *values = describe_values + describe_types[type].first;
	for (size_t i = 0; i < describe_types[type].count; i++) {
		if (!strcmp(describe_name(values[i].name), name)) {
			*value = values[i].value;
			return SDEX_OK;
		}
	}
	return SDEX_ERR_UNKNOWN;
}
