/* xdr/test_codec.c - laws that hold for values of every type. */
#include "base/arena.h"
#include "sdex/xdr_types.h"
#include "xdr/describe.h"
#include "xdr/test_values.h"

#define SEEDS 24

struct sample {
	enum sdex_type type;
	const void *value;
	const uint8_t *data;
	size_t size;
};

typedef void law(struct sdex_arena *arena, struct sample sample, struct seeded *seeded);

/* Holds a law against made-up values of each type.  The bytes end where their memory
 * ends, so that a sanitizer sees each read behind them. */
static void for_each_type(law *holds)
{
	struct sdex_arena *arena = sdex_arena_new(0);
	for (int type = 0; type < SDEX_TYPE_COUNT; type++) {
		for (uint64_t seed = 0; seed < SEEDS; seed += seed_step()) {
			sdex_arena_reset(arena);
			struct choices choices = {.seeded = {seed << 32 | (uint64_t)type}};
			struct sample s = {.type = (enum sdex_type)type};
			s.value = test_value(arena, s.type, &choices, (uint32_t)seed * 2);
			uint8_t *bytes = test_bytes(arena, &s.size, s.type, s.value);
			uint8_t *exact = malloc(s.size);
			s.data = memcpy(exact, bytes, s.size);
			holds(arena, s, &choices.seeded);
			free(exact);
		}
	}
	sdex_arena_free(arena);
}

static void comes_back(struct sdex_arena *arena, struct sample s, struct seeded *seeded)
{
	(void)seeded;
	void *back = NULL;
	size_t size = 0;
	assert_int_equal(s.size % 4, 0);
	assert_int_equal(sdex_xdr_decode(s.type, &back, arena, s.data, s.size, NULL, NULL),
			 SDEX_OK);
	assert_true(sdex_xdr_equal(s.type, back, s.value));
	uint8_t *again = malloc(s.size);
	assert_int_equal(sdex_xdr_encode(s.type, again, s.size, &size, back, NULL), SDEX_OK);
	assert_int_equal(size, s.size);
	assert_memory_equal(again, s.data, size);
	free(again);
}

static void values_come_back(void **state)
{
	(void)state;
	for_each_type(comes_back);
}

static void ends_where_it_ends(struct sdex_arena *arena, struct sample s, struct seeded *seeded)
{
	(void)seeded;
	void *value = NULL, *untouched = &s;
	size_t used = 0;
	struct sdex_failure why = {0};
	uint8_t *longer = malloc(s.size + 5);
	memcpy(longer, s.data, s.size);
	memset(longer + s.size, 0, 5);

	assert_int_equal(sdex_xdr_decode(s.type, &untouched, arena, longer, s.size + 5, NULL, &why),
			 SDEX_ERR_TRAILING);
	assert_ptr_equal(untouched, &s);
	assert_int_equal(why.code, SDEX_ERR_TRAILING);
	assert_int_equal(why.where, s.size);
	assert_int_equal(
		sdex_xdr_decode_front(s.type, &value, &used, arena, longer, s.size + 5, NULL, NULL),
		SDEX_OK);
	assert_int_equal(used, s.size);
	assert_true(sdex_xdr_equal(s.type, value, s.value));
	assert_int_equal(sdex_xdr_check(s.type, &used, longer, s.size + 5, NULL, NULL), SDEX_OK);
	assert_int_equal(used, s.size);
	free(longer);
}

static void bytes_behind_are_refused_or_left(void **state)
{
	(void)state;
	for_each_type(ends_where_it_ends);
}

static void needs_each_byte(struct sdex_arena *arena, struct sample s, struct seeded *seeded)
{
	(void)seeded;
	if (s.size > 1500)
		return; /* covered by the others in less time */
	for (size_t size = 0; size < s.size; size++) {
		void *value;
		size_t used;
		struct sdex_failure why = {0};
		uint8_t *shorter = malloc(size);
		if (size)
			memcpy(shorter, s.data, size);
		assert_int_equal(sdex_xdr_decode(s.type, &value, arena, shorter, size, NULL, &why),
				 SDEX_ERR_TRUNCATED);
		assert_true(why.where <= size);
		assert_int_equal(sdex_xdr_check(s.type, &used, shorter, size, NULL, NULL),
				 SDEX_ERR_TRUNCATED);
		free(shorter);
	}
}

static void every_shorter_input_is_truncated(void **state)
{
	(void)state;
	for_each_type(needs_each_byte);
}

static void needs_its_room(struct sdex_arena *arena, struct sample s, struct seeded *seeded)
{
	(void)arena;
	(void)seeded;
	if (s.size > 1500)
		return;
	for (size_t room = 0; room < s.size; room++) {
		size_t size = 77;
		uint8_t *out = malloc(room);
		assert_int_equal(sdex_xdr_encode(s.type, out, room, &size, s.value, NULL),
				 SDEX_ERR_SPACE);
		assert_int_equal(size, 77);
		free(out);
	}
}

static void every_smaller_room_is_too_small(void **state)
{
	(void)state;
	for_each_type(needs_its_room);
}

/* Numbers that lengths, flags and discriminants may be mistaken about. */
static uint32_t edge(struct seeded *seeded)
{
	static const uint32_t edges[] = {
		0, 1, 2, 3, 5, 64, 65, 100, 101, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
	return edges[seeded_below(seeded, sizeof edges / sizeof *edges)];
}

static void damage(uint8_t *data, size_t size, struct seeded *seeded)
{
	if (seeded_below(seeded, 2)) {
		data[seeded_below(seeded, size)] ^= (uint8_t)(1u << seeded_below(seeded, 8));
		return;
	}
	uint32_t n = edge(seeded);
	size_t at = seeded_below(seeded, size / 4) * 4;
	for (int i = 0; i < 4; i++)
		data[at + (size_t)i] = (uint8_t)(n >> (24 - 8 * i));
}

static void is_told_apart(struct sdex_arena *arena, struct sample s, struct seeded *seeded)
{
	for (int round = 0; round < 40; round++) {
		void *value = NULL;
		size_t used = 0, checked = 0, size = 0;
		uint8_t *damaged = malloc(s.size), *again = malloc(s.size);
		memcpy(damaged, s.data, s.size);
		damage(damaged, s.size, seeded);
		enum sdex_error error = sdex_xdr_decode_front(s.type, &value, &used, arena, damaged,
							      s.size, NULL, NULL);
		assert_int_equal(sdex_xdr_check(s.type, &checked, damaged, s.size, NULL, NULL),
				 error);
		if (!error) {
			/* What is accepted has no other form. */
			assert_int_equal(checked, used);
			assert_int_equal(sdex_xdr_encode(s.type, again, used, &size, value, NULL),
					 SDEX_OK);
			assert_int_equal(size, used);
			assert_memory_equal(again, damaged, used);
			assert_int_equal(sdex_xdr_equal(s.type, value, s.value),
					 used == s.size && !memcmp(damaged, s.data, used));
		}
		free(damaged);
		free(again);
	}
}

static void damaged_bytes_are_refused_or_another_value(void **state)
{
	(void)state;
	for_each_type(is_told_apart);
}

/* The memory that a hostile input can take is what the caller allows. */
static void keeps_to_the_limit(struct sdex_arena *unlimited, struct sample s, struct seeded *seeded)
{
	(void)unlimited;
	struct sdex_arena *arena = sdex_arena_new(1 + seeded_below(seeded, 4096));
	void *value = NULL;
	struct sdex_failure why = {0};
	enum sdex_error error = sdex_xdr_decode(s.type, &value, arena, s.data, s.size, NULL, &why);
	assert_true(sdex_arena_held(arena) <= 4096);
	if (error) {
		assert_int_equal(error, SDEX_ERR_NOMEM);
		assert_non_null(strstr(why.text, "limit"));
	} else {
		assert_true(sdex_xdr_equal(s.type, value, s.value));
	}
	sdex_arena_free(arena);
}

static void the_arena_bounds_memory(void **state)
{
	(void)state;
	for_each_type(keeps_to_the_limit);
}

/* -- values that are spoilt in one place */

struct spoiler {
	uint64_t at; /* the place to spoil, counted down */
	bool done;
};

static void spoil(struct spoiler *s, uint16_t id, void *value);

/* Is this the place? */
static bool here(struct spoiler *s)
{
	s->done |= s->at == 0;
	return s->at-- == 0;
}

static void spoil_list(struct spoiler *s, const struct describe_type *type, void *value)
{
	struct describe_list v;
	memcpy(&v, value, sizeof v);
	if (here(s)) {
		v.items = NULL;
		v.count = 1;
	} else if (type->bound != DESCRIBE_UNBOUNDED && here(s)) {
		v.count = type->bound + 1;
	} else {
		for (uint32_t i = 0; i < v.count && !s->done; i++)
			spoil(s, type->element,
			      (uint8_t *)v.items + (size_t)i * describe_types[type->element].size);
		return;
	}
	memcpy(value, &v, sizeof v);
}

static void spoil_bytes(struct spoiler *s, const struct describe_type *type, struct sdex_bytes *v)
{
	if (here(s))
		*v = (struct sdex_bytes){NULL, 1};
	else if (type->bound != DESCRIBE_UNBOUNDED && here(s))
		v->size = type->bound + 1;
}

static void spoil_member(struct spoiler *s, const struct describe_member *m, uint8_t *whole)
{
	static const void *const nothing = NULL;
	if (m->pointer && here(s))
		memcpy(whole + m->offset, &nothing, sizeof nothing);
	else
		spoil(s, m->type, (void *)(uintptr_t)describe_member_value(m, whole));
}

static void spoil_int(struct spoiler *s, void *value)
{
	static const int32_t wrong = 0x12345678;
	if (here(s))
		memcpy(value, &wrong, sizeof wrong);
}

static void spoil_union(struct spoiler *s, const struct describe_type *type, uint8_t *value)
{
	const struct describe_case *c = describe_find_case(type, describe_get_int(value));
	spoil_int(s, value);
	if (!s->done && c->member != DESCRIBE_NONE)
		spoil_member(s, &describe_members[c->member], value);
}

static void spoil(struct spoiler *s, uint16_t id, void *value)
{
	const struct describe_type *type = &describe_types[id];
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_ENUM:
		spoil_int(s, value);
		return;
	case DESCRIBE_BYTES:
	case DESCRIBE_STRING:
		spoil_bytes(s, type, value);
		return;
	case DESCRIBE_LIST:
		spoil_list(s, type, value);
		return;
	case DESCRIBE_OPTIONAL:
		if (describe_get_pointer(value))
			spoil(s, type->element, (void *)(uintptr_t)describe_get_pointer(value));
		return;
	case DESCRIBE_STRUCT:
		for (uint16_t i = 0; i < type->count && !s->done; i++)
			spoil_member(s, &describe_members[type->first + i], value);
		return;
	case DESCRIBE_UNION:
		spoil_union(s, type, value);
		return;
	case DESCRIBE_INT:
	case DESCRIBE_UINT:
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
	case DESCRIBE_BOOL:
	case DESCRIBE_OPAQUE:
	case DESCRIBE_ARRAY:
		return;
	}
}

static void is_not_encoded(struct sdex_arena *arena, struct sample s, struct seeded *seeded)
{
	(void)seeded;
	for (uint64_t at = 0; at < 60; at++) {
		uint8_t out[20000];
		size_t size = 77;
		void *value = NULL;
		struct spoiler spoiler = {at, false};
		struct sdex_failure why = {0}, again = {0};
		assert_int_equal(sdex_xdr_decode(s.type, &value, arena, s.data, s.size, NULL, NULL),
				 SDEX_OK);
		spoil(&spoiler, (uint16_t)s.type, value);
		if (!spoiler.done)
			return;
		enum sdex_error error =
			sdex_xdr_encode(s.type, out, sizeof out, &size, value, &why);
		assert_true(error == SDEX_ERR_MISSING || error == SDEX_ERR_LENGTH ||
			    error == SDEX_ERR_DISCRIMINANT);
		assert_int_equal(sdex_xdr_size(s.type, &size, value, &again), error);
		assert_string_equal(why.text, again.text);
		assert_int_equal(size, 77);
	}
}

static void spoilt_values_are_not_encoded(void **state)
{
	(void)state;
	for_each_type(is_not_encoded);
}

static void typed_functions_do_the_same(void **state)
{
	(void)state;
	static const uint8_t data[] = {0, 0, 0, 7, 0, 0, 0, 9};
	uint8_t out[8];
	size_t size = 0;
	sdex_Price *price = NULL, other = {7, 9};
	struct sdex_arena *arena = sdex_arena_new(0);
	assert_int_equal(sdex_Price_decode(&price, arena, data, sizeof data, NULL), SDEX_OK);
	assert_int_equal(price->n, 7);
	assert_int_equal(price->d, 9);
	assert_true(sdex_Price_equal(price, &other));
	other.d = 8;
	assert_false(sdex_Price_equal(price, &other));
	assert_int_equal(sdex_Price_encode(out, sizeof out, &size, price, NULL), SDEX_OK);
	assert_memory_equal(out, data, 8);
	assert_int_equal(sdex_Price_decode(&price, arena, data, 7, NULL), SDEX_ERR_TRUNCATED);
	sdex_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_back),
		cmocka_unit_test(bytes_behind_are_refused_or_left),
		cmocka_unit_test(every_shorter_input_is_truncated),
		cmocka_unit_test(every_smaller_room_is_too_small),
		cmocka_unit_test(damaged_bytes_are_refused_or_another_value),
		cmocka_unit_test(the_arena_bounds_memory),
		cmocka_unit_test(spoilt_values_are_not_encoded),
		cmocka_unit_test(typed_functions_do_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
