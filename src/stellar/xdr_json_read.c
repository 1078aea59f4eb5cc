/* stellar/xdr_json_read.c - JSON as values (SEP-51), strictly. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/failure.h"
#include "base/json.h"
#include "stellar/xdr_json.h"
#include "xdr/path.h"

struct reader {
	struct json json;
	struct sdex_arena *arena;
	uint32_t depth, depth_limit;
	struct sdex_failure *why;
};

/* JSON levels that a value which counts as one level can open: SCVal has an object,
 * its map an array, the map's entry another object.  And those that no nested value
 * opens, from the root down to the first. */
#define LEVELS_EACH 3u
#define LEVELS_FLAT 64u

static enum sdex_error read(struct reader *r, const struct path *path, uint16_t id, void *value);

static uint64_t offset(const struct reader *r, const uint8_t *at)
{
	return (uint64_t)(at - r->json.start);
}

/* What the compiler is not to put into the walk's own frames: each level of nesting has
 * those on the stack. */
#define LEAF __attribute__((noinline))

#define REFUSE(code, at, ...) path_fail(path, r->why, SDEX_ERR_##code, offset(r, at), __VA_ARGS__)

/* Where the next value begins. */
static const uint8_t *here(const struct reader *r)
{
	return json_over_blank(r->json.at, r->json.end);
}

/* Tells of the scanner's error, which there is. */
static LEAF enum sdex_error scan_failed(struct reader *r, const struct path *path)
{
	struct sdex_failure why;
	enum sdex_error error = json_close(&r->json, &why);
	CHECK(error != SDEX_OK);
	return path_fail(path, r->why, error, why.where, "%s", why.text);
}

static LEAF enum sdex_error no_memory(struct reader *r, const struct path *path)
{
	return REFUSE(NOMEM, r->json.at, "%s", sdex_error_text(SDEX_ERR_NOMEM));
}

/* A zeroed piece of the arena. */
static void *take(struct reader *r, size_t size)
{
	void *piece = sdex_arena_alloc(r->arena, size);
	return piece ? memset(piece, 0, size) : NULL;
}

/* Reads a string and gives its characters, from the arena when they were escaped. */
static enum sdex_error read_text(struct reader *r, const struct path *path, struct json_text *text)
{
	if (!json_string(&r->json, text))
		return scan_failed(r, path);
	if (text->escaped) {
		uint8_t *plain = take(r, text->size);
		if (!plain)
			return no_memory(r, path);
		text->size = json_unescape(plain, text);
		text->data = plain;
	}
	return SDEX_OK;
}

/* Where a refused character of a text stands in the input. */
static const uint8_t *place(const struct json_text *text, const uint8_t *begin, uint64_t where)
{
	return text->escaped ? begin : begin + 1 + where;
}

/* ---- numbers ---- */

static LEAF enum sdex_error read_int(struct reader *r, const struct path *path, bool is_signed,
				     void *value)
{
	int64_t n = 0, least = is_signed ? INT32_MIN : 0, most = is_signed ? INT32_MAX : UINT32_MAX;
	const uint8_t *at = here(r);
	if (!json_int64(&r->json, &n))
		return scan_failed(r, path);
	if (n < least || n > most)
		return REFUSE(RANGE, at, "expected a number from %lld to %lld, found %lld",
			      (long long)least, (long long)most, (long long)n);
	uint32_t word = (uint32_t)n;
	memcpy(value, &word, sizeof word);
	return SDEX_OK;
}

static enum sdex_error parse_hyper(int64_t *n, const struct json_text *text, bool is_signed)
{
	uint64_t natural = 0;
	if (is_signed)
		return json_parse_int64(n, text->data, text->size);
	enum sdex_error error = json_parse_uint64(&natural, text->data, text->size);
	*n = (int64_t)natural;
	return error;
}

static LEAF enum sdex_error read_hyper(struct reader *r, const struct path *path, bool is_signed,
				       void *value)
{
	struct json_text text;
	int64_t n = 0;
	enum json_kind kind = json_peek(&r->json);
	const uint8_t *at = r->json.at;
	if (kind == JSON_NUMBER) {
		if (!json_number(&r->json, &text))
			return scan_failed(r, path);
	} else {
		enum sdex_error error = read_text(r, path, &text);
		if (error)
			return error;
	}
	struct quote quote;
	enum sdex_error error = parse_hyper(&n, &text, is_signed);
	if (error)
		return path_fail(path, r->why, error, offset(r, at),
				 "expected a whole number of 64 bits with%s sign, found %s",
				 is_signed ? "" : "out", bytes_quote(&quote, text.data, text.size));
	memcpy(value, &n, sizeof n);
	return SDEX_OK;
}

/* ---- opaques and strings ---- */

static LEAF enum sdex_error read_hex(struct reader *r, const struct path *path,
				     const struct describe_type *type, void *value)
{
	struct json_text text;
	struct sdex_failure why;
	size_t size;
	const uint8_t *at = here(r);
	enum sdex_error error = read_text(r, path, &text);
	if (error)
		return error;
	bool fixed = type->kind == DESCRIBE_OPAQUE;
	if (text.size % 2 == 0 &&
	    (fixed ? text.size / 2 != type->bound : text.size / 2 > type->bound))
		return REFUSE(LENGTH, at, "expected %s%u bytes in hexadecimal, found %zu",
			      fixed ? "" : "at most ", type->bound, text.size / 2);
	uint8_t *bytes = fixed ? value : sdex_arena_alloc(r->arena, text.size / 2);
	if (!bytes)
		return no_memory(r, path);
	error = sdex_hex_decode(bytes, text.size / 2, &size, (const char *)text.data, text.size,
				&why);
	if (error)
		return path_fail(path, r->why, error, offset(r, place(&text, at, why.where)), "%s",
				 why.text);
	if (!fixed) {
		struct sdex_bytes out = {bytes, (uint32_t)size};
		memcpy(value, &out, sizeof out);
	}
	return SDEX_OK;
}

static LEAF enum sdex_error read_string(struct reader *r, const struct path *path,
					const struct describe_type *type, void *value)
{
	struct json_text text;
	struct sdex_failure why;
	size_t size = 0;
	const uint8_t *at = here(r);
	enum sdex_error error = read_text(r, path, &text);
	if (error)
		return error;
	uint8_t *bytes = sdex_arena_alloc(r->arena, text.size);
	if (!bytes)
		return no_memory(r, path);
	error = json_unescape_bytes(bytes, &size, (const char *)text.data, text.size, &why);
	if (error)
		return path_fail(path, r->why, error, offset(r, place(&text, at, why.where)), "%s",
				 why.text);
	if (size > type->bound)
		return REFUSE(LENGTH, at, "expected at most %u bytes, found %zu", type->bound,
			      size);
	struct sdex_bytes out = {bytes, (uint32_t)size};
	memcpy(value, &out, sizeof out);
	return SDEX_OK;
}

static LEAF enum sdex_error read_form(struct reader *r, const struct path *path,
				      enum json_form form, void *value)
{
	struct json_text text;
	struct sdex_failure why;
	const uint8_t *at = here(r);
	enum sdex_error error = read_text(r, path, &text);
	if (error)
		return error;
	error = json_form_parse(value, form, r->arena, (const char *)text.data, text.size, &why);
	if (error)
		return path_fail(path, r->why, error, offset(r, place(&text, at, why.where)), "%s",
				 why.text);
	return SDEX_OK;
}

/* ---- names ---- */

/* Lists names until the room is used up. */
struct names {
	char text[120];
	size_t size;
	bool cut;
};

static void add_name(struct names *names, const char *name)
{
	size_t room = sizeof names->text - names->size;
	if (!names->cut) {
		int n = snprintf(names->text + names->size, room, "%s%s", names->size ? ", " : "",
				 name);
		names->cut = n < 0 || (size_t)n >= room;
		if (names->cut)
			names->text[names->size] = '\0';
		else
			names->size += (size_t)n;
	}
}

static bool same(const struct json_text *text, uint32_t name)
{
	const char *json = describe_name(name);
	return json_is(text, json, strlen(json));
}

static const struct describe_value *value_by_name(const struct describe_type *type,
						  const struct json_text *text)
{
	for (uint16_t i = 0; i < type->count; i++)
		if (same(text, describe_values[type->first + i].json))
			return &describe_values[type->first + i];
	return NULL;
}

static LEAF enum sdex_error unknown_name(struct reader *r, const struct path *path,
					 const uint8_t *at, const struct json_text *text,
					 const struct names *names)
{
	struct quote quote;
	return REFUSE(UNKNOWN, at, "expected %s%s, found %s", names->text,
		      names->cut ? ", ..." : "",
		      bytes_quote(&quote, text->data, text->size < 48 ? text->size : 48));
}

static LEAF enum sdex_error read_enum(struct reader *r, const struct path *path,
				      const struct describe_type *type, void *value)
{
	struct json_text text;
	const uint8_t *at = here(r);
	enum sdex_error error = read_text(r, path, &text);
	if (error)
		return error;
	text.escaped = false;
	const struct describe_value *found = value_by_name(type, &text);
	if (!found) {
		struct names names = {.size = 0};
		for (uint16_t i = 0; i < type->count; i++)
			add_name(&names, describe_name(describe_values[type->first + i].json));
		return unknown_name(r, path, at, &text, &names);
	}
	memcpy(value, &found->value, sizeof found->value);
	return SDEX_OK;
}

/* ---- arrays ---- */

static enum sdex_error read_array(struct reader *r, const struct path *path,
				  const struct describe_type *type, void *value)
{
	size_t size = describe_types[type->element].size;
	uint32_t n = 0;
	if (!json_array(&r->json))
		return scan_failed(r, path);
	const uint8_t *at = r->json.at - 1;
	for (; json_item(&r->json); n++) {
		struct path step = {path, NULL, n};
		if (n == type->bound)
			return REFUSE(LENGTH, at, "expected %u items, found more", type->bound);
		enum sdex_error error = read(r, &step, type->element, (char *)value + n * size);
		if (error)
			return error;
	}
	if (r->json.error)
		return scan_failed(r, path);
	if (n < type->bound)
		return REFUSE(LENGTH, at, "expected %u items, found %u", type->bound, n);
	return SDEX_OK;
}

/* Makes room for another item; what is outgrown stays in the arena. */
static bool grow(struct reader *r, struct describe_list *list, uint32_t *room, size_t size)
{
	if (list->count < *room)
		return true;
	uint32_t more = *room ? *room * 2 : 4;
	if (*room > UINT32_MAX / 2 || more > SIZE_MAX / size)
		return false;
	void *items = sdex_arena_alloc(r->arena, more * size);
	if (!items)
		return false;
	if (list->count)
		memcpy(items, list->items, list->count * size);
	list->items = items;
	*room = more;
	return true;
}

static enum sdex_error read_list(struct reader *r, const struct path *path,
				 const struct describe_type *type, void *value)
{
	size_t size = describe_types[type->element].size;
	struct describe_list list = {NULL, 0};
	uint32_t room = 0;
	if (!json_array(&r->json))
		return scan_failed(r, path);
	const uint8_t *at = r->json.at - 1;
	for (; json_item(&r->json); list.count++) {
		struct path step = {path, NULL, list.count};
		if (list.count == type->bound)
			return REFUSE(LENGTH, at, "expected at most %u items, found more",
				      type->bound);
		if (!grow(r, &list, &room, size))
			return no_memory(r, path);
		void *item = (char *)list.items + list.count * size;
		memset(item, 0, size);
		enum sdex_error error = read(r, &step, type->element, item);
		if (error)
			return error;
	}
	if (r->json.error)
		return scan_failed(r, path);
	memcpy(value, &list, sizeof list);
	return SDEX_OK;
}

/* ---- objects ---- */

/* Reads what stands behind "$schema", which any object may have once. */
static LEAF enum sdex_error read_schema(struct reader *r, const struct path *path,
					const struct json_text *key, bool *seen)
{
	struct json_text text;
	if (*seen)
		return REFUSE(DUPLICATE, key->data - 1, "\"$schema\" stands there twice");
	*seen = true;
	return json_string(&r->json, &text) ? SDEX_OK : scan_failed(r, path);
}

static bool is_schema(const struct json_text *key)
{
	return json_is(key, "$schema", 7);
}

/* The member that a key names, by its place in the struct; the count when none. */
static uint16_t member_by_key(const struct describe_type *type, const struct json_text *key,
			      uint16_t expected)
{
	for (uint16_t k = 0; k < type->count; k++) {
		uint16_t i = (uint16_t)((expected + k) % type->count);
		if (same(key, describe_members[type->first + i].json))
			return i;
	}
	/* Until 2026 the SDK in Rust wrote its own name for it. */
	if (json_is(key, "type_", 5))
		return member_by_key(type, &(struct json_text){(const uint8_t *)"type", 4, false},
				     0);
	return type->count;
}

static LEAF enum sdex_error unknown_key(struct reader *r, const struct path *path,
					const struct describe_type *type,
					const struct json_text *key, uint32_t seen)
{
	struct names names = {.size = 0};
	for (uint16_t i = 0; i < type->count; i++)
		if (!(seen >> i & 1))
			add_name(&names, describe_name(describe_members[type->first + i].json));
	if (names.size == 0 && !names.cut)
		add_name(&names, "no more keys");
	return unknown_name(r, path, key->data - 1, key, &names);
}

static enum sdex_error read_pointed(struct reader *r, const struct path *path,
				    const struct describe_member *m, void *at)
{
	if (!m->pointer)
		return read(r, path, m->type, at);
	void *value = take(r, describe_types[m->type].size);
	if (!value)
		return no_memory(r, path);
	memcpy(at, &value, sizeof value);
	return read(r, path, m->type, value);
}

/* Is the value at hand an empty list or no optional?  Those open no level in XDR either. */
static bool empty(const struct reader *r, uint16_t type)
{
	const uint8_t *at = here(r), *end = r->json.end;
	if (describe_types[type].kind == DESCRIBE_OPTIONAL)
		return at < end && *at == 'n';
	if (describe_types[type].kind != DESCRIBE_LIST || at == end || *at != '[')
		return false;
	at = json_over_blank(at + 1, end);
	return at < end && *at == ']';
}

static LEAF enum sdex_error too_deep(struct reader *r, const struct path *path)
{
	return REFUSE(DEPTH, here(r), "nested deeper than %u levels", r->depth_limit);
}

static enum sdex_error read_member(struct reader *r, const struct path *path,
				   const struct describe_member *m, const char *name, void *whole)
{
	struct path step = {path, name, PATH_FIELD};
	void *at = (char *)whole + m->offset;
	if (!m->deepens || empty(r, m->type))
		return read_pointed(r, &step, m, at);
	if (!r->depth)
		return too_deep(r, &step);
	r->depth--;
	enum sdex_error error = read_pointed(r, &step, m, at);
	r->depth++;
	return error;
}

static enum sdex_error read_struct(struct reader *r, const struct path *path,
				   const struct describe_type *type, void *value)
{
	struct json_text key;
	uint32_t seen = 0;
	uint16_t next = 0;
	bool schema = false;
	CHECK(type->count < 32);
	if (!json_object(&r->json))
		return scan_failed(r, path);
	while (json_key(&r->json, &key)) {
		enum sdex_error error;
		if (is_schema(&key)) {
			error = read_schema(r, path, &key, &schema);
			if (error)
				return error;
			continue;
		}
		uint16_t i = member_by_key(type, &key, next);
		if (i == type->count)
			return unknown_key(r, path, type, &key, seen);
		const struct describe_member *m = &describe_members[type->first + i];
		if (seen >> i & 1)
			return REFUSE(DUPLICATE, key.data - 1, "\"%s\" stands there twice",
				      describe_name(m->json));
		seen |= 1u << i;
		next = (uint16_t)(i + 1);
		error = read_member(r, path, m, describe_name(m->json), value);
		if (error)
			return error;
	}
	if (r->json.error)
		return scan_failed(r, path);
	for (uint16_t i = 0; i < type->count; i++)
		if (!(seen >> i & 1))
			return REFUSE(MISSING, r->json.at - 1, "the key \"%s\" is missing",
				      describe_name(describe_members[type->first + i].json));
	return SDEX_OK;
}

/* ---- unions ---- */

/* The case that a name stands for: of an enumerator, or v0, v1, ... */
static LEAF const struct describe_case *case_by_name(const struct describe_type *type,
						     const struct json_text *name)
{
	const struct describe_type *tag = &describe_types[type->element];
	if (tag->kind == DESCRIBE_ENUM) {
		const struct describe_value *found = value_by_name(tag, name);
		return found ? describe_find_case(type, found->value) : NULL;
	}
	for (uint16_t i = 0; i < type->cases; i++) {
		char text[16];
		int size = snprintf(text, sizeof text, "v%d",
				    describe_cases[type->first_case + i].value);
		if (json_is(name, text, (size_t)size))
			return &describe_cases[type->first_case + i];
	}
	return NULL;
}

static void case_name(char out[16], const char **name, const struct describe_type *type, int32_t n)
{
	const struct describe_type *tag = &describe_types[type->element];
	if (tag->kind == DESCRIBE_ENUM) {
		*name = describe_name(describe_find_value(tag, n)->json);
		return;
	}
	snprintf(out, 16, "v%d", n);
	*name = out;
}

static LEAF enum sdex_error unknown_case(struct reader *r, const struct path *path,
					 const uint8_t *at, const struct describe_type *type,
					 const struct json_text *name, bool is_void)
{
	struct names names = {.size = 0};
	for (uint16_t i = 0; i < type->cases; i++) {
		const struct describe_case *c = &describe_cases[type->first_case + i];
		const char *known;
		char text[16];
		case_name(text, &known, type, c->value);
		if ((c->member == DESCRIBE_NONE) == is_void)
			add_name(&names, known);
	}
	if (names.size == 0 && !names.cut)
		add_name(&names, is_void ? "an object" : "a string");
	return unknown_name(r, path, at, name, &names);
}

static LEAF enum sdex_error read_void(struct reader *r, const struct path *path,
				      const struct describe_type *type, void *value)
{
	struct json_text name;
	const uint8_t *at = r->json.at;
	enum sdex_error error = read_text(r, path, &name);
	if (error)
		return error;
	name.escaped = false;
	const struct describe_case *found = case_by_name(type, &name);
	if (!found)
		return unknown_case(r, path, at, type, &name, true);
	if (found->member != DESCRIBE_NONE)
		return REFUSE(KIND, at, "expected an object, {\"%.*s\": ...}, found a string",
			      (int)name.size, (const char *)name.data);
	memcpy(value, &found->value, sizeof found->value);
	return SDEX_OK;
}

static enum sdex_error read_arm(struct reader *r, const struct path *path,
				const struct describe_type *type, const struct json_text *key,
				void *value)
{
	const struct describe_case *found = case_by_name(type, key);
	const char *name;
	char text[16];
	if (!found)
		return unknown_case(r, path, key->data - 1, type, key, false);
	case_name(text, &name, type, found->value);
	if (found->member == DESCRIBE_NONE)
		return REFUSE(KIND, key->data - 1,
			      "expected the string \"%s\", which has no value, found an object",
			      name);
	memcpy(value, &found->value, sizeof found->value);
	return read_member(r, path, &describe_members[found->member], name, value);
}

static enum sdex_error read_union(struct reader *r, const struct path *path,
				  const struct describe_type *type, void *value)
{
	enum json_kind kind = json_peek(&r->json);
	const uint8_t *at = r->json.at;
	struct json_text key;
	bool schema = false, seen = false;
	if (kind == JSON_STRING)
		return read_void(r, path, type, value);
	if (kind != JSON_OBJECT)
		json_refuse(&r->json, SDEX_ERR_KIND, at, "a string or an object");
	if (!json_object(&r->json))
		return scan_failed(r, path);
	while (json_key(&r->json, &key)) {
		enum sdex_error error;
		if (is_schema(&key)) {
			error = read_schema(r, path, &key, &schema);
		} else if (seen) {
			return REFUSE(DUPLICATE, key.data - 1,
				      "expected one key, found another one");
		} else {
			seen = true;
			error = read_arm(r, path, type, &key, value);
		}
		if (error)
			return error;
	}
	if (r->json.error)
		return scan_failed(r, path);
	if (!seen)
		return REFUSE(MISSING, at, "expected one key, the name of a case, found none");
	return SDEX_OK;
}

/* ---- all types ---- */

static enum sdex_error read_optional(struct reader *r, const struct path *path, uint16_t element,
				     void *value)
{
	if (json_peek(&r->json) == JSON_NULL)
		return json_null(&r->json) ? SDEX_OK : scan_failed(r, path);
	void *content = take(r, describe_types[element].size);
	if (!content)
		return no_memory(r, path);
	memcpy(value, &content, sizeof content);
	return read(r, path, element, content);
}

/* `value` is zeroed memory of the type's size. */
static enum sdex_error read(struct reader *r, const struct path *path, uint16_t id, void *value)
{
	const struct describe_type *type = &describe_types[id];
	enum json_form form = json_form(id);
	if (form != JSON_FORM_NONE)
		return read_form(r, path, form, value);
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_INT:
	case DESCRIBE_UINT:
		return read_int(r, path, type->kind == DESCRIBE_INT, value);
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
		return read_hyper(r, path, type->kind == DESCRIBE_HYPER, value);
	case DESCRIBE_BOOL:
		return json_bool(&r->json, value) ? SDEX_OK : scan_failed(r, path);
	case DESCRIBE_ENUM:
		return read_enum(r, path, type, value);
	case DESCRIBE_OPAQUE:
	case DESCRIBE_BYTES:
		return read_hex(r, path, type, value);
	case DESCRIBE_STRING:
		return read_string(r, path, type, value);
	case DESCRIBE_ARRAY:
		return read_array(r, path, type, value);
	case DESCRIBE_LIST:
		return read_list(r, path, type, value);
	case DESCRIBE_OPTIONAL:
		return read_optional(r, path, type->element, value);
	case DESCRIBE_STRUCT:
		return read_struct(r, path, type, value);
	case DESCRIBE_UNION:
		return read_union(r, path, type, value);
	}
	return SDEX_ERR_INVALID;
}

enum sdex_error sdex_xdr_from_json(enum sdex_type type, void **value, struct sdex_arena *arena,
				   const char *text, size_t size,
				   const struct sdex_xdr_limits *limits, struct sdex_failure *why)
{
	uint32_t depth = limits && limits->depth ? limits->depth : SDEX_XDR_DEPTH;
	if ((unsigned)type >= SDEX_TYPE_COUNT)
		return fail(why, SDEX_ERR_INVALID, 0, "%d is no type of the schema", (int)type);
	if (depth > SDEX_XDR_DEPTH_MAX)
		return fail(why, SDEX_ERR_INVALID, 0, "depth %u is over the maximum of %u", depth,
			    SDEX_XDR_DEPTH_MAX);
	struct reader r = {.arena = arena, .depth = depth, .depth_limit = depth, .why = why};
	struct path root = {NULL, sdex_type_name(type), PATH_FIELD};
	json_open(&r.json, text, size, LEVELS_EACH * depth + LEVELS_FLAT);
	void *made = take(&r, describe_types[type].size);
	if (!made)
		return no_memory(&r, &root);
	enum sdex_error error = read(&r, &root, (uint16_t)type, made);
	if (error)
		return error;
	if (json_close(&r.json, NULL))
		return scan_failed(&r, &root);
	*value = made;
	return SDEX_OK;
}
