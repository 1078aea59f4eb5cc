/* xdr/test_values.c - values of any type, made up from the schema's tables. */
#include "xdr/test_values.h"

#include "base/check.h"
#include "xdr/describe.h"

#define LIST_MOST 5   /* elements of a made-up list; opaques get eight times as many bytes */
#define DEPTH_MOST 12 /* levels of nesting */

struct maker {
	struct sdex_arena *arena;
	struct choices *choices;
	uint32_t budget;
	uint32_t depth;
};

static void make(struct maker *m, uint16_t id, void *value);

static uint64_t choose(struct choices *c, uint64_t bound)
{
	uint64_t n = 0, span = bound - 1;
	if (!c->size)
		return seeded_below(&c->seeded, bound);
	for (; span && c->size; span >>= 8, c->size--)
		n = n << 8 | *c->data++;
	return n % bound;
}

static void *room(struct maker *m, size_t size)
{
	void *piece = sdex_arena_alloc(m->arena, size);
	CHECK(piece);
	memset(piece, 0, size);
	return piece;
}

/* Numbers near the edges as often as others. */
static uint64_t number(struct maker *m)
{
	switch (choose(m->choices, 8)) {
	case 0:
		return 0;
	case 1:
		return UINT64_MAX;
	case 2:
		return (uint64_t)INT64_MAX + choose(m->choices, 2);
	case 3:
		return INT32_MAX + choose(m->choices, 2);
	case 4:
		return choose(m->choices, 256);
	default:
		return seeded_bits(&m->choices->seeded);
	}
}

static uint32_t length(struct maker *m, uint32_t bound, uint32_t most)
{
	if (!m->budget)
		return 0;
	if (choose(m->choices, 16) == 0 && bound <= 100)
		most = bound; /* as long as it may be */
	if (most > bound)
		most = bound;
	return (uint32_t)choose(m->choices, (uint64_t)most + 1);
}

static void make_bytes(struct maker *m, const struct describe_type *type, struct sdex_bytes *v)
{
	uint32_t size = length(m, type->bound, 8 * LIST_MOST);
	uint8_t *data = room(m, size);
	for (uint32_t i = 0; i < size; i++)
		data[i] = (uint8_t)choose(m->choices, choose(m->choices, 8) ? 128 : 256);
	v->data = data;
	v->size = size;
}

static void make_elements(struct maker *m, uint16_t element, uint8_t *items, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		make(m, element, items + (size_t)i * describe_types[element].size);
}

static void make_list(struct maker *m, const struct describe_type *type, void *value)
{
	struct describe_list v = {NULL, length(m, type->bound, LIST_MOST)};
	if (v.count)
		v.items = room(m, (size_t)v.count * describe_types[type->element].size);
	make_elements(m, type->element, v.items, v.count);
	memcpy(value, &v, sizeof v);
}

static void make_optional(struct maker *m, const struct describe_type *type, void *value)
{
	void *content = NULL;
	if (m->budget && choose(m->choices, 2)) {
		content = room(m, describe_types[type->element].size);
		make(m, type->element, content);
	}
	memcpy(value, &content, sizeof content);
}

static void make_member(struct maker *m, uint16_t index, uint8_t *whole)
{
	const struct describe_member *member = &describe_members[index];
	void *value = whole + member->offset;
	uint32_t budget = m->budget;
	if (member->deepens && ++m->depth >= DEPTH_MOST)
		m->budget = 0; /* only what is empty or shallow from here on */
	if (member->pointer) {
		void *behind = room(m, describe_types[member->type].size);
		memcpy(value, &behind, sizeof behind);
		value = behind;
	}
	make(m, member->type, value);
	if (member->deepens && --m->depth + 1 >= DEPTH_MOST)
		m->budget = budget;
}

static bool is_deep(const struct describe_case *c)
{
	return c->member != DESCRIBE_NONE && describe_members[c->member].deepens;
}

static void make_union(struct maker *m, const struct describe_type *type, uint8_t *value)
{
	const struct describe_case *cases = describe_cases + type->first_case;
	uint16_t index = (uint16_t)choose(m->choices, type->cases);
	while (!m->budget && is_deep(&cases[index]))
		index = (uint16_t)((index + 1) % type->cases);
	memcpy(value, &cases[index].value, sizeof cases[index].value);
	if (cases[index].member != DESCRIBE_NONE)
		make_member(m, cases[index].member, value);
}

static void make(struct maker *m, uint16_t id, void *value)
{
	const struct describe_type *type = &describe_types[id];
	uint64_t n;
	if (m->budget)
		m->budget--;
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_INT:
	case DESCRIBE_UINT:
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
		n = number(m);
		memcpy(value, &n, type->size); /* any bytes are a number */
		return;
	case DESCRIBE_BOOL:
		*(bool *)value = choose(m->choices, 2);
		return;
	case DESCRIBE_ENUM:
		n = type->first + choose(m->choices, type->count);
		memcpy(value, &describe_values[n].value, sizeof describe_values[n].value);
		return;
	case DESCRIBE_OPAQUE:
		seeded_fill(&m->choices->seeded, value, type->bound);
		return;
	case DESCRIBE_BYTES:
	case DESCRIBE_STRING:
		make_bytes(m, type, value);
		return;
	case DESCRIBE_ARRAY:
		make_elements(m, type->element, value, type->bound);
		return;
	case DESCRIBE_LIST:
		make_list(m, type, value);
		return;
	case DESCRIBE_OPTIONAL:
		make_optional(m, type, value);
		return;
	case DESCRIBE_STRUCT:
		for (uint16_t i = 0; i < type->count; i++)
			make_member(m, (uint16_t)(type->first + i), value);
		return;
	case DESCRIBE_UNION:
		make_union(m, type, value);
		return;
	}
}

void *test_value(struct sdex_arena *arena, enum sdex_type type, struct choices *choices,
		 uint32_t budget)
{
	struct maker m = {arena, choices, budget, 0};
	void *value = room(&m, describe_types[type].size);
	make(&m, (uint16_t)type, value);
	return value;
}

uint8_t *test_bytes(struct sdex_arena *arena, size_t *size, enum sdex_type type, const void *value)
{
	CHECK(sdex_xdr_size(type, size, value, NULL) == SDEX_OK);
	uint8_t *data = sdex_arena_alloc(arena, *size);
	CHECK(data && sdex_xdr_encode(type, data, *size, size, value, NULL) == SDEX_OK);
	return data;
}

/* -- counting */

static void count(uint32_t counts[], uint16_t id, const void *value);

static void count_members(uint32_t counts[], const struct describe_type *type, const void *value)
{
	uint16_t first = type->first, end = (uint16_t)(type->first + type->count);
	if (type->kind == DESCRIBE_UNION) {
		count(counts, type->element, value);
		first = describe_find_case(type, describe_get_int(value))->member;
		end = first == DESCRIBE_NONE ? first : (uint16_t)(first + 1);
	}
	for (uint16_t i = first; i < end; i++)
		count(counts, describe_members[i].type,
		      describe_member_value(&describe_members[i], value));
}

static void count_elements(uint32_t counts[], uint16_t element, const uint8_t *items, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		count(counts, element, items + (size_t)i * describe_types[element].size);
}

static void count(uint32_t counts[], uint16_t id, const void *value)
{
	const struct describe_type *type = &describe_types[id];
	struct describe_list list;
	if (id < SDEX_TYPE_COUNT)
		counts[id]++;
	if (type->alias != id) {
		count(counts, type->alias, value);
		return;
	}
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_STRUCT:
	case DESCRIBE_UNION:
		count_members(counts, type, value);
		return;
	case DESCRIBE_ARRAY:
		count_elements(counts, type->element, value, type->bound);
		return;
	case DESCRIBE_LIST:
		memcpy(&list, value, sizeof list);
		count_elements(counts, type->element, list.items, list.count);
		return;
	case DESCRIBE_OPTIONAL:
		if (describe_get_pointer(value))
			count(counts, type->element, describe_get_pointer(value));
		return;
	case DESCRIBE_INT:
	case DESCRIBE_UINT:
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
	case DESCRIBE_BOOL:
	case DESCRIBE_ENUM:
	case DESCRIBE_OPAQUE:
	case DESCRIBE_BYTES:
	case DESCRIBE_STRING:
		return;
	}
}

void test_count(uint32_t counts[SDEX_TYPE_COUNT], enum sdex_type type, const void *value)
{
	count(counts, (uint16_t)type, value);
}
