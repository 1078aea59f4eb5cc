/* cmd/sdex/fields.c - picks members out of a JSON answer. */
#include "cmd/sdex/fields.h"

#include <stdio.h>

#define PATH_ROOM 128u
#define DEPTH 16u

static void put(char out[FIELD_ROOM], const uint8_t *data, size_t size)
{
	if (size >= FIELD_ROOM)
		size = FIELD_ROOM - 1;
	for (size_t i = 0; i < size; i++)
		out[i] = data[i] < 0x20 || data[i] == 0x7f ? '?' : (char)data[i];
	out[size] = '\0';
}

static void put_string(char out[FIELD_ROOM], const struct json_text *text)
{
	uint8_t room[4 * FIELD_ROOM];
	if (text->size > sizeof room)
		put(out, text->data, FIELD_ROOM - 1);
	else
		put(out, room, json_unescape(room, text));
}

/* Reads the value that comes next into `out`. */
static void read_value(struct json *json, char out[FIELD_ROOM])
{
	struct json_text text;
	const uint8_t *from;
	enum json_kind kind = json_peek(json);
	if (kind == JSON_STRING) {
		if (json_string(json, &text))
			put_string(out, &text);
		return;
	}
	from = json->at;
	if (json_skip(json) && kind != JSON_NULL)
		put(out, from, (size_t)(json->at - from));
}

static void read_object(struct json *json, struct field *fields, size_t count, const char *prefix);

static void read_member(struct json *json, struct field *fields, size_t count, const char *path)
{
	size_t size = strlen(path);
	bool within = false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(fields[i].path, path) == 0) {
			read_value(json, fields[i].text);
			return;
		}
		within |= strncmp(fields[i].path, path, size) == 0 && fields[i].path[size] == '.';
	}
	if (within && json_peek(json) == JSON_OBJECT)
		read_object(json, fields, count, path);
	else
		json_skip(json);
}

static void read_object(struct json *json, struct field *fields, size_t count, const char *prefix)
{
	struct json_text key;
	char path[PATH_ROOM];
	if (!json_object(json))
		return;
	while (json_key(json, &key)) {
		int n = snprintf(path, sizeof path, "%s%s%.*s", prefix, *prefix ? "." : "",
				 (int)(key.size < PATH_ROOM ? key.size : PATH_ROOM),
				 (const char *)key.data);
		if (n < 0 || (size_t)n >= sizeof path)
			json_skip(json);
		else
			read_member(json, fields, count, path);
	}
}

void fields_read(struct json *json, struct field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fields[i].text[0] = '\0';
	read_object(json, fields, count, "");
}

void fields_each(struct json *json, struct field *fields, size_t count,
		 void (*row)(void *context, const struct field *fields), void *context)
{
	if (!json_array(json))
		return;
	while (json_item(json)) {
		fields_read(json, fields, count);
		if (!json->error)
			row(context, fields);
	}
}

bool fields_find(struct json *json, const char *text, size_t size, const char *path)
{
	struct json_text key;
	json_open(json, text, size, DEPTH);
	if (!json_object(json))
		return false;
	while (json_key(json, &key)) {
		if (json_is(&key, path, strlen(path)))
			return true;
		json_skip(json);
	}
	return false;
}
