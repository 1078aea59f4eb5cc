/* xdr/equal.c - do two values encode to the same bytes? */
#include <string.h>

#include "base/check.h"
#include "xdr/describe.h"

static bool same(uint16_t id, const void *a, const void *b);

static bool same_bytes(const struct sdex_bytes *a, const struct sdex_bytes *b)
{
	return a->size == b->size && (!a->size || !memcmp(a->data, b->data, a->size));
}

static bool same_elements(uint16_t element, const void *a, const void *b, uint32_t n)
{
	size_t size = describe_types[element].size;
	for (uint32_t i = 0; i < n; i++)
		if (!same(element, (const char *)a + i * size, (const char *)b + i * size))
			return false;
	return true;
}

static bool same_list(const struct describe_type *type, const void *a, const void *b)
{
	struct describe_list x, y;
	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return x.count == y.count && same_elements(type->element, x.items, y.items, x.count);
}

static bool same_member(uint16_t index, const void *a, const void *b)
{
	const struct describe_member *m = &describe_members[index];
	return same(m->type, describe_member_value(m, a), describe_member_value(m, b));
}

static bool same_optional(const struct describe_type *type, const void *a, const void *b)
{
	const void *x = describe_get_pointer(a), *y = describe_get_pointer(b);
	if (!x || !y)
		return x == y;
	return same(type->element, x, y);
}

static bool same_union(const struct describe_type *type, const void *a, const void *b)
{
	int32_t n = describe_get_int(a);
	if (n != describe_get_int(b))
		return false;
	const struct describe_case *found = describe_find_case(type, n);
	if (!found)
		return false; /* of no bytes, so the same as nothing */
	return found->member == DESCRIBE_NONE || same_member(found->member, a, b);
}

static bool same(uint16_t id, const void *a, const void *b)
{
	const struct describe_type *type = &describe_types[id];
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_INT:
	case DESCRIBE_UINT:
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
	case DESCRIBE_BOOL:
	case DESCRIBE_ENUM:
	case DESCRIBE_OPAQUE:
		return !memcmp(a, b, type->size);
	case DESCRIBE_BYTES:
	case DESCRIBE_STRING:
		return same_bytes(a, b);
	case DESCRIBE_ARRAY:
		return same_elements(type->element, a, b, type->bound);
	case DESCRIBE_LIST:
		return same_list(type, a, b);
	case DESCRIBE_OPTIONAL:
		return same_optional(type, a, b);
	case DESCRIBE_STRUCT:
		for (uint16_t i = 0; i < type->count; i++)
			if (!same_member((uint16_t)(type->first + i), a, b))
				return false;
		return true;
	case DESCRIBE_UNION:
		return same_union(type, a, b);
	}
	return false;
}

bool sdex_xdr_equal(enum sdex_type type, const void *a, const void *b)
{
	CHECK((unsigned)type < SDEX_TYPE_COUNT);
	return same((uint16_t)type, a, b);
}
