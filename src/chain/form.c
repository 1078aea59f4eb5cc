/* chain/form.c - a table's fields, one after the other. */
#include "chain/form.h"

#include <stdio.h>

#include "base/failure.h"
#include "sdex/amount.h"
#include "sdex/strkey.h"

#define DEPTH 64

void form_open(struct form_reader *reader, struct sdex_arena *arena, const void *text, size_t size)
{
	*reader = (struct form_reader){.arena = arena};
	json_open(&reader->json, text, size, DEPTH);
}

bool form_refuse(struct form_reader *reader, enum sdex_error code, const uint8_t *where,
		 const char *expected)
{
	json_refuse(&reader->json, code, where, expected);
	return false;
}

static bool no_memory(struct form_reader *reader)
{
	reader->no_memory = true;
	return form_refuse(reader, SDEX_ERR_NOMEM, reader->json.at, "less");
}

/* --- the path */

static void append(struct form_reader *reader, const char *text)
{
	size_t room = sizeof(reader->path) - reader->path_size;
	int size = snprintf(reader->path + reader->path_size, room, "%s", text);
	reader->path_size += (size_t)size < room ? (size_t)size : room - 1;
}

void form_enter(struct form_reader *reader, const char *name)
{
	if (reader->path_size)
		append(reader, ".");
	append(reader, name);
}

void form_leave(struct form_reader *reader)
{
	while (reader->path_size && reader->path[--reader->path_size] != '.')
		;
	reader->path[reader->path_size] = 0;
}

/* --- values */

static const uint8_t *next_value(struct form_reader *reader)
{
	return json_over_blank(reader->json.at, reader->json.end);
}

/* A string without escapes, with a NUL behind it when it had any. */
static bool read_string(struct form_reader *reader, const char **text, size_t *size)
{
	struct json_text raw;
	if (!json_string(&reader->json, &raw))
		return false;
	*text = (const char *)raw.data;
	*size = raw.size;
	if (!raw.escaped)
		return true;
	uint8_t *plain = sdex_arena_alloc(reader->arena, raw.size);
	if (!plain)
		return no_memory(reader);
	*size = json_unescape(plain, &raw);
	*text = (const char *)plain;
	return true;
}

static bool read_text(struct form_reader *reader, void *out)
{
	const uint8_t *where = next_value(reader);
	const char *text;
	size_t size;
	if (!read_string(reader, &text, &size))
		return false;
	if (memchr(text, 0, size))
		return form_refuse(reader, SDEX_ERR_CHARACTER, where, "a text without NUL");
	char *copy = sdex_arena_alloc(reader->arena, size + 1);
	if (!copy)
		return no_memory(reader);
	memcpy(copy, text, size);
	copy[size] = 0;
	memcpy(out, &copy, sizeof(copy));
	return true;
}

static bool read_int64(struct form_reader *reader, enum form_kind kind, int64_t *value)
{
	const uint8_t *where = next_value(reader);
	const char *text;
	size_t size;
	bool quoted = json_peek(&reader->json) == JSON_STRING;
	if (kind == FORM_INT64 || kind == FORM_UINT32 || kind == FORM_INT32 ||
	    (kind != FORM_INT64_TEXT && !quoted))
		return json_int64(&reader->json, value);
	if (!read_string(reader, &text, &size))
		return false;
	enum sdex_error error = json_parse_int64(value, (const uint8_t *)text, size);
	return !error || form_refuse(reader, error, where, "a whole number of 64 bits in quotes");
}

static bool read_int(struct form_reader *reader, enum form_kind kind, int64_t low, int64_t high,
		     const char *expected, int64_t *value)
{
	const uint8_t *where = next_value(reader);
	if (!read_int64(reader, kind, value))
		return false;
	return (*value >= low && *value <= high) ||
	       form_refuse(reader, SDEX_ERR_RANGE, where, expected);
}

static bool read_word(struct form_reader *reader, const char *const *words, void *out)
{
	const uint8_t *where = next_value(reader);
	const char *text;
	size_t size;
	if (!read_string(reader, &text, &size))
		return false;
	for (uint32_t i = 0; words[i]; i++)
		if (strlen(words[i]) == size && memcmp(words[i], text, size) == 0) {
			memcpy(out, &i, sizeof(i));
			return true;
		}
	return form_refuse(reader, SDEX_ERR_UNKNOWN, where, "one of the words for this member");
}

static bool read_base64(struct form_reader *reader, const char *text, size_t size,
			const uint8_t *where, void *out)
{
	size_t room = SDEX_BASE64_SIZE(size), got = 0;
	uint8_t *data = sdex_arena_alloc(reader->arena, room + 1);
	if (!data || room > UINT32_MAX)
		return no_memory(reader);
	enum sdex_error error = sdex_base64_decode(data, room, &got, text, size, NULL);
	struct sdex_bytes bytes = {.data = data, .size = (uint32_t)got};
	memcpy(out, &bytes, sizeof(bytes));
	return !error || form_refuse(reader, error, where, "base64");
}

static bool read_account(struct form_reader *reader, const char *text, size_t size,
			 const uint8_t *where, void *out)
{
	enum sdex_error error = sdex_strkey_decode_key(out, SDEX_STRKEY_ACCOUNT, text, size, NULL);
	return !error || form_refuse(reader, error, where, "an account (G...)");
}

/* The kinds that are made of a string. */
static bool read_from_string(struct form_reader *reader, enum form_kind kind, void *out)
{
	const uint8_t *where = next_value(reader);
	const char *text;
	size_t size, got;
	struct sdex_amount amount;
	enum sdex_error error;
	if (!read_string(reader, &text, &size))
		return false;
	if (kind == FORM_BASE64)
		return read_base64(reader, text, size, where, out);
	if (kind == FORM_ACCOUNT)
		return read_account(reader, text, size, where, out);
	if (kind == FORM_HASH) {
		if (size != SDEX_HEX_LENGTH(32))
			return form_refuse(reader, SDEX_ERR_LENGTH, where, "64 hexadecimal digits");
		error = sdex_hex_decode(out, 32, &got, text, size, NULL);
		return !error || form_refuse(reader, error, where, "64 hexadecimal digits");
	}
	error = sdex_amount_parse(&amount, text, size, NULL);
	if (error)
		return form_refuse(reader, error, where, "an amount of up to seven decimals");
	memcpy(out, &amount.stroops, sizeof(amount.stroops));
	return true;
}

static bool read_list(struct form_reader *reader, const struct form_field *field, char *value)
{
	uint32_t count = 0, room = 0;
	size_t size = field->form->size, path = reader->path_size;
	char *items = NULL;
	if (!json_array(&reader->json))
		return false;
	while (json_item(&reader->json)) {
		if (count == room) {
			room = room ? 2 * room : 8;
			char *more = sdex_arena_alloc(reader->arena, room * size);
			if (!more || room > UINT32_MAX / 4)
				return no_memory(reader);
			if (count)
				memcpy(more, items, count * size);
			items = more;
		}
		char index[16];
		snprintf(index, sizeof(index), "[%u]", count);
		append(reader, index);
		memset(items + count * size, 0, size);
		if (!form_object(reader, field->form, items + count * size))
			return false;
		reader->path[reader->path_size = path] = 0;
		count++;
	}
	if (reader->json.error)
		return false;
	memcpy(value + field->offset, &items, sizeof(items));
	memcpy(value + field->count, &count, sizeof(count));
	return true;
}

static bool read_field(struct form_reader *reader, const struct form_field *field, char *value)
{
	char *out = value + field->offset;
	int64_t number;
	switch (field->kind) {
	case FORM_INT32:
		if (!read_int(reader, field->kind, INT32_MIN, INT32_MAX, "a number of 32 bits",
			      &number))
			return false;
		memcpy(out, &(int32_t){(int32_t)number}, sizeof(int32_t));
		return true;
	case FORM_UINT32:
	case FORM_UINT32_ANY:
		if (!read_int(reader, field->kind, 0, UINT32_MAX, "0 to 4294967295", &number))
			return false;
		memcpy(out, &(uint32_t){(uint32_t)number}, sizeof(uint32_t));
		return true;
	case FORM_INT64:
	case FORM_INT64_TEXT:
	case FORM_INT64_ANY:
		if (!read_int64(reader, field->kind, &number))
			return false;
		memcpy(out, &number, sizeof(number));
		return true;
	case FORM_BOOL:
		return json_bool(&reader->json, (bool *)out);
	case FORM_TEXT:
		return read_text(reader, out);
	case FORM_WORD:
		return read_word(reader, field->words, out);
	case FORM_AMOUNT:
	case FORM_HASH:
	case FORM_ACCOUNT:
	case FORM_BASE64:
		return read_from_string(reader, field->kind, out);
	case FORM_OBJECT:
		return form_object(reader, field->form, out);
	case FORM_LIST:
		return read_list(reader, field, value);
	}
	return false;
}

/* --- objects */

static uint32_t find_field(const struct form *form, const struct json_text *key)
{
	uint32_t i = 0;
	while (i < form->field_count &&
	       !json_is(key, form->fields[i].name, strlen(form->fields[i].name)))
		i++;
	return i;
}

static bool read_member(struct form_reader *reader, const struct form *form, char *value,
			const struct json_text *key, uint64_t *seen)
{
	uint32_t i = find_field(form, key);
	if (i == form->field_count)
		return json_skip(&reader->json);
	const struct form_field *field = &form->fields[i];
	size_t path = reader->path_size;
	form_enter(reader, field->name);
	if (*seen & (uint64_t)1 << i)
		return form_refuse(reader, SDEX_ERR_DUPLICATE, key->data, "this member once");
	bool nothing = json_peek(&reader->json) == JSON_NULL &&
		       (!field->required || field->kind == FORM_LIST);
	if (nothing ? !json_null(&reader->json) : !read_field(reader, field, value))
		return false;
	*seen |= (uint64_t)1 << i;
	reader->path[reader->path_size = path] = 0;
	return true;
}

bool form_object(struct form_reader *reader, const struct form *form, void *value)
{
	const uint8_t *start = next_value(reader);
	struct json_text key;
	uint64_t seen = 0;
	if (!json_object(&reader->json))
		return false;
	while (json_key(&reader->json, &key))
		if (!read_member(reader, form, value, &key, &seen))
			return false;
	if (reader->json.error)
		return false;
	for (uint32_t i = 0; i < form->field_count; i++) {
		if (!form->fields[i].required || seen & (uint64_t)1 << i)
			continue;
		form_enter(reader, form->fields[i].name);
		return form_refuse(reader, SDEX_ERR_MISSING, start, "this member in the object");
	}
	return !form->finish || form->finish(reader, value, start);
}

enum sdex_error form_close(struct form_reader *reader, struct sdex_failure *why)
{
	struct sdex_failure inner;
	enum sdex_error error = json_close(&reader->json, &inner);
	if (!error)
		return SDEX_OK;
	if (reader->no_memory)
		return fail(why, SDEX_ERR_NOMEM, inner.where,
			    "memory for an answer is out, or its limit is reached");
	if (reader->path_size == 0) {
		if (why)
			*why = inner;
		return error;
	}
	return fail(why, error, inner.where, "%s: %.*s", reader->path,
		    (int)(sizeof(inner.text) - sizeof(reader->path) - 3), inner.text);
}

enum sdex_error form_read(const struct form *form, void *value, struct sdex_arena *arena,
			  const void *text, size_t size, struct sdex_failure *why)
{
	struct form_reader reader;
	form_open(&reader, arena, text, size);
	form_object(&reader, form, value);
	return form_close(&reader, why);
}
