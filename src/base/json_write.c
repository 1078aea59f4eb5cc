/* base/json_write.c - text is put at the end, and nowhere else. */
#include "base/json_write.h"

#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "sdex/bytes.h"

#define FIRST_PIECE ((size_t)1024)

void json_write_buffer(struct json_writer *w, void *out, size_t room, bool indented)
{
	*w = (struct json_writer){.out = out, .room = room, .indented = indented};
}

void json_write_arena(struct json_writer *w, struct sdex_arena *arena, bool indented)
{
	*w = (struct json_writer){.arena = arena, .indented = indented};
}

void json_write_sink(struct json_writer *w, void *buffer, size_t room, json_sink *sink,
		     void *context, bool indented)
{
	CHECK(room > 0);
	*w = (struct json_writer){
		.out = buffer,
		.room = room,
		.sink = sink,
		.context = context,
		.indented = indented,
	};
}

static void stop(struct json_writer *w, enum sdex_error code)
{
	if (w->error == SDEX_OK)
		w->error = code;
	w->room = w->size;
}

static void flush(struct json_writer *w)
{
	enum sdex_error error = w->sink(w->context, w->out, w->size);
	if (error) {
		stop(w, error);
		return;
	}
	w->sunk += w->size;
	w->size = 0;
}

static void grow(struct json_writer *w, size_t size)
{
	size_t room = w->room ? w->room : FIRST_PIECE / 2;
	do {
		if (room > SIZE_MAX / 2) {
			stop(w, SDEX_ERR_NOMEM);
			return;
		}
		room *= 2;
	} while (room - w->size < size);
	uint8_t *out = sdex_arena_alloc(w->arena, room);
	if (!out) {
		stop(w, SDEX_ERR_NOMEM);
		return;
	}
	if (w->size)
		memcpy(out, w->out, w->size);
	w->out = out;
	w->room = room;
}

static void put_slow(struct json_writer *w, const uint8_t *text, size_t size)
{
	if (w->error)
		return;
	if (w->arena)
		grow(w, size);
	else if (!w->sink)
		stop(w, SDEX_ERR_SPACE);
	while (!w->error && size) {
		size_t part = w->room - w->size;
		if (part > size)
			part = size;
		memcpy(w->out + w->size, text, part);
		w->size += part;
		text += part;
		size -= part;
		if (size)
			flush(w);
	}
}

static void put(struct json_writer *w, const void *text, size_t size)
{
	if (__builtin_expect(w->room - w->size < size, 0)) {
		put_slow(w, text, size);
		return;
	}
	if (size)
		memcpy(w->out + w->size, text, size);
	w->size += size;
}

static void put_byte(struct json_writer *w, char c)
{
	put(w, &c, 1);
}

enum sdex_error json_write_close(struct json_writer *w, const uint8_t **text, size_t *size)
{
	if (!w->error)
		CHECK(w->depth == 0 && !w->keyed);
	size_t used = w->size;
	if (w->arena)
		put_byte(w, '\0');
	if (!w->error && w->sink && w->size)
		flush(w);
	if (w->error)
		return w->error;
	if (text)
		*text = w->sink ? NULL : w->out;
	if (size)
		*size = w->sink ? (size_t)w->sunk : used;
	return SDEX_OK;
}

/* ---- structure ---- */

static void new_line(struct json_writer *w)
{
	static const char spaces[] = "\n                                ";
	if (!w->indented)
		return;
	size_t size = 1 + (size_t)w->depth * 2, part = sizeof spaces - 1;
	put(w, spaces, size < part ? size : part);
	for (size_t done = part; done < size; done += part - 1)
		put(w, spaces + 1, size - done < part - 1 ? size - done : part - 1);
}

/* Before a key, or a value that has none. */
static void next(struct json_writer *w)
{
	if (w->keyed) {
		w->keyed = false;
		return;
	}
	if (w->comma)
		put_byte(w, ',');
	if (w->depth)
		new_line(w);
	w->comma = true;
}

static void enter(struct json_writer *w, char bracket)
{
	next(w);
	put_byte(w, bracket);
	w->depth++;
	w->comma = false;
}

static void leave(struct json_writer *w, char bracket)
{
	CHECK(w->depth > 0 && !w->keyed);
	w->depth--;
	if (w->comma)
		new_line(w);
	put_byte(w, bracket);
	w->comma = true;
}

void json_write_object(struct json_writer *w)
{
	enter(w, '{');
}

void json_write_object_end(struct json_writer *w)
{
	leave(w, '}');
}

void json_write_array(struct json_writer *w)
{
	enter(w, '[');
}

void json_write_array_end(struct json_writer *w)
{
	leave(w, ']');
}

/* ---- values ---- */

static void put_escaped(struct json_writer *w, uint8_t c)
{
	static const char hex[] = "0123456789abcdef";
	static const char names[32] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r',
	};
	char text[6] = {'\\', (char)c, '0', '0', 0, 0};
	size_t size = 2;
	if (c < 32 && names[c]) {
		text[1] = names[c];
	} else if (c < 32) {
		text[1] = 'u';
		text[4] = hex[c >> 4];
		text[5] = hex[c & 15];
		size = 6;
	}
	put(w, text, size);
}

void json_write_string_begin(struct json_writer *w)
{
	next(w);
	put_byte(w, '"');
}

void json_write_string_end(struct json_writer *w)
{
	put_byte(w, '"');
}

void json_write_string_part(struct json_writer *w, const void *text, size_t size)
{
	const uint8_t *at = text, *end = size ? at + size : at;
	while (at < end && !w->error) {
		const uint8_t *plain = json_over_plain(at, end);
		put(w, at, (size_t)(plain - at));
		at = plain;
		if (at == end)
			break;
		if (*at < 0x80) {
			put_escaped(w, *at++);
			continue;
		}
		size_t part = json_utf8_size(at, end);
		if (part == 0)
			stop(w, SDEX_ERR_CHARACTER);
		else
			put(w, at, part);
		at += part;
	}
}

void json_write_string(struct json_writer *w, const void *text, size_t size)
{
	json_write_string_begin(w);
	json_write_string_part(w, text, size);
	json_write_string_end(w);
}

void json_write_name(struct json_writer *w, const char *name)
{
	json_write_key(w, name, strlen(name));
}

void json_write_text(struct json_writer *w, const char *name, const char *text)
{
	json_write_name(w, name);
	json_write_string(w, text, strlen(text));
}

void json_write_key(struct json_writer *w, const char *name, size_t size)
{
	CHECK(!w->keyed);
	json_write_string(w, name, size);
	put(w, ": ", w->indented ? 2 : 1);
	w->keyed = true;
}

void json_write_hex(struct json_writer *w, const void *data, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *at = data;
	char text[256];
	next(w);
	put_byte(w, '"');
	while (size) {
		size_t part = size < sizeof text / 2 ? size : sizeof text / 2;
		for (size_t i = 0; i < part; i++) {
			text[2 * i] = hex[at[i] >> 4];
			text[2 * i + 1] = hex[at[i] & 15];
		}
		put(w, text, 2 * part);
		at += part;
		size -= part;
	}
	put_byte(w, '"');
}

void json_write_base64(struct json_writer *w, const void *data, size_t size)
{
	const uint8_t *at = data;
	char text[SDEX_BASE64_LENGTH(192) + 1];
	next(w);
	put_byte(w, '"');
	while (size) {
		size_t part = size < 192
				      ? size
				      : 192; /* whole groups, so that none is padded but the last */
		CHECK(sdex_base64_encode(text, sizeof text, NULL, at, part) == SDEX_OK);
		put(w, text, SDEX_BASE64_LENGTH(part));
		at += part;
		size -= part;
	}
	put_byte(w, '"');
}

static void put_digits(struct json_writer *w, bool minus, uint64_t value)
{
	char text[21];
	size_t at = sizeof text;
	do {
		text[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	if (minus)
		text[--at] = '-';
	put(w, text + at, sizeof text - at);
}

void json_write_int64(struct json_writer *w, int64_t value)
{
	next(w);
	put_digits(w, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void json_write_uint64(struct json_writer *w, uint64_t value)
{
	next(w);
	put_digits(w, false, value);
}

void json_write_bool(struct json_writer *w, bool value)
{
	json_write_value(w, value ? "true" : "false", value ? 4 : 5);
}

void json_write_null(struct json_writer *w)
{
	json_write_value(w, "null", 4);
}

void json_write_value(struct json_writer *w, const void *text, size_t size)
{
	next(w);
	put(w, text, size);
}
