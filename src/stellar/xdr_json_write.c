/* stellar/xdr_json_write.c - values as JSON (SEP-51). */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/failure.h"
#include "stellar/xdr_json.h"
#include "xdr/measure.h"

/* What the compiler is not to put into the walk's own frames: each level of nesting has
 * those on the stack. */
#define LEAF __attribute__((noinline))

/* ---- the walk, over values that measure() has found fit: nothing can be wrong ---- */

static void write_name(struct json_writer *w, uint32_t name, bool key)
{
	const char *text = describe_name(name);
	if (key)
		json_write_key(w, text, strlen(text));
	else
		json_write_string(w, text, strlen(text));
}

static LEAF void write_hyper(struct json_writer *w, int64_t value, bool is_signed)
{
	char text[24];
	int size = is_signed ? snprintf(text, sizeof text, "%lld", (long long)value)
			     : snprintf(text, sizeof text, "%llu", (unsigned long long)value);
	json_write_string(w, text, (size_t)size);
}

static void write_bytes(struct json_writer *w, const void *value)
{
	struct sdex_bytes bytes;
	memcpy(&bytes, value, sizeof bytes);
	json_write_hex(w, bytes.data, bytes.size);
}

static LEAF void write_string(struct json_writer *w, const void *value)
{
	struct sdex_bytes bytes;
	char text[512];
	size_t n = 0;
	memcpy(&bytes, value, sizeof bytes);
	json_write_string_begin(w);
	for (uint32_t i = 0; i < bytes.size; i++) {
		if (n > sizeof text - 4) {
			json_write_string_part(w, text, n);
			n = 0;
		}
		n += json_escape_byte(text + n, bytes.data[i]);
	}
	json_write_string_part(w, text, n);
	json_write_string_end(w);
}

static void write_items(struct json_writer *w, uint16_t element, const void *items, uint32_t count)
{
	size_t size = describe_types[element].size;
	json_write_array(w);
	for (uint32_t i = 0; i < count; i++)
		json_write_xdr(w, element, (const char *)items + i * size);
	json_write_array_end(w);
}

static void write_list(struct json_writer *w, uint16_t element, const void *value)
{
	struct describe_list list;
	memcpy(&list, value, sizeof list);
	write_items(w, element, list.items, list.count);
}

static void write_struct(struct json_writer *w, const struct describe_type *type, const void *value)
{
	json_write_object(w);
	for (uint16_t i = 0; i < type->count; i++) {
		const struct describe_member *m = &describe_members[type->first + i];
		write_name(w, m->json, true);
		json_write_xdr(w, m->type, describe_member_value(m, value));
	}
	json_write_object_end(w);
}

/* The name of a union's case: of the enumerator, or v0, v1, ... */
static LEAF void write_case(struct json_writer *w, const struct describe_type *type, int32_t n,
			    bool key)
{
	const struct describe_type *tag = &describe_types[type->element];
	if (tag->kind == DESCRIBE_ENUM) {
		write_name(w, describe_find_value(tag, n)->json, key);
		return;
	}
	char text[16];
	size_t size = (size_t)snprintf(text, sizeof text, "v%d", n);
	if (key)
		json_write_key(w, text, size);
	else
		json_write_string(w, text, size);
}

static void write_union(struct json_writer *w, const struct describe_type *type, const void *value)
{
	int32_t n = describe_get_int(value);
	const struct describe_case *found = describe_find_case(type, n);
	if (found->member == DESCRIBE_NONE) {
		write_case(w, type, n, false);
		return;
	}
	const struct describe_member *m = &describe_members[found->member];
	json_write_object(w);
	write_case(w, type, n, true);
	json_write_xdr(w, m->type, describe_member_value(m, value));
	json_write_object_end(w);
}

static void write_optional(struct json_writer *w, uint16_t element, const void *value)
{
	const void *content;
	memcpy(&content, value, sizeof content);
	if (content)
		json_write_xdr(w, element, content);
	else
		json_write_null(w);
}

static void write_kind(struct json_writer *w, const struct describe_type *type, const void *value)
{
	int64_t n;
	bool flag;
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_INT:
		json_write_int64(w, describe_get_int(value));
		return;
	case DESCRIBE_UINT:
		json_write_int64(w, (uint32_t)describe_get_int(value));
		return;
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
		memcpy(&n, value, sizeof n);
		write_hyper(w, n, type->kind == DESCRIBE_HYPER);
		return;
	case DESCRIBE_BOOL:
		memcpy(&flag, value, sizeof flag);
		json_write_bool(w, flag);
		return;
	case DESCRIBE_ENUM:
		write_name(w, describe_find_value(type, describe_get_int(value))->json, false);
		return;
	case DESCRIBE_OPAQUE:
		json_write_hex(w, value, type->bound);
		return;
	case DESCRIBE_BYTES:
		write_bytes(w, value);
		return;
	case DESCRIBE_STRING:
		write_string(w, value);
		return;
	case DESCRIBE_ARRAY:
		write_items(w, type->element, value, type->bound);
		return;
	case DESCRIBE_LIST:
		write_list(w, type->element, value);
		return;
	case DESCRIBE_OPTIONAL:
		write_optional(w, type->element, value);
		return;
	case DESCRIBE_STRUCT:
		write_struct(w, type, value);
		return;
	case DESCRIBE_UNION:
		write_union(w, type, value);
		return;
	}
}

static LEAF void write_form(struct json_writer *w, enum json_form form, const void *value)
{
	char text[JSON_FORM_ROOM];
	size_t size = json_form_print(text, form, value);
	json_write_string(w, text, size);
}

void json_write_xdr(struct json_writer *w, uint16_t type, const void *value)
{
	enum json_form form = json_form(type);
	if (form == JSON_FORM_NONE)
		write_kind(w, &describe_types[type], value);
	else
		write_form(w, form, value);
}

/* ---- the public forms ---- */

static enum sdex_error check(enum sdex_type type, const void *value, struct sdex_failure *why)
{
	size_t size;
	if ((unsigned)type >= SDEX_TYPE_COUNT)
		return fail(why, SDEX_ERR_INVALID, 0, "%d is no type of the schema", (int)type);
	return measure(type, &size, value, why);
}

static enum sdex_error close_writer(struct json_writer *w, const uint8_t **text, size_t *size,
				    struct sdex_failure *why)
{
	enum sdex_error error = json_write_close(w, text, size);
	return error ? fail(why, error, 0, "%s", sdex_error_text(error)) : SDEX_OK;
}

enum sdex_error sdex_xdr_to_json(enum sdex_type type, char *text, size_t room, size_t *length,
				 const void *value, enum sdex_json_style style,
				 struct sdex_failure *why)
{
	struct json_writer w;
	size_t used = 0;
	enum sdex_error error = check(type, value, why);
	if (error)
		return error;
	json_write_buffer(&w, text, room ? room - 1 : 0, style == SDEX_JSON_INDENTED);
	json_write_xdr(&w, (uint16_t)type, value);
	error = close_writer(&w, NULL, &used, why);
	if (error)
		return error;
	text[used] = '\0';
	put_length(length, used);
	return SDEX_OK;
}

enum sdex_error sdex_xdr_to_json_arena(enum sdex_type type, const char **text, size_t *length,
				       struct sdex_arena *arena, const void *value,
				       enum sdex_json_style style, struct sdex_failure *why)
{
	struct json_writer w;
	const uint8_t *made;
	size_t used = 0;
	enum sdex_error error = check(type, value, why);
	if (error)
		return error;
	json_write_arena(&w, arena, style == SDEX_JSON_INDENTED);
	json_write_xdr(&w, (uint16_t)type, value);
	error = close_writer(&w, &made, &used, why);
	if (error)
		return error;
	*text = (const char *)made;
	put_length(length, used);
	return SDEX_OK;
}

struct funnel {
	sdex_json_sink_fn *sink;
	void *context;
};

static enum sdex_error pour(void *context, const uint8_t *text, size_t size)
{
	struct funnel *funnel = context;
	return funnel->sink(funnel->context, (const char *)text, size);
}

enum sdex_error sdex_xdr_to_json_sink(enum sdex_type type, sdex_json_sink_fn *sink, void *context,
				      const void *value, enum sdex_json_style style,
				      struct sdex_failure *why)
{
	struct json_writer w;
	struct funnel funnel = {sink, context};
	char buffer[4096];
	enum sdex_error error = check(type, value, why);
	if (error)
		return error;
	json_write_sink(&w, buffer, sizeof buffer, pour, &funnel, style == SDEX_JSON_INDENTED);
	json_write_xdr(&w, (uint16_t)type, value);
	return close_writer(&w, NULL, NULL, why);
}
