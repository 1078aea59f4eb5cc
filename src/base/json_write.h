/* base/json_write.h - an append-only writer for JSON (RFC 8259).
 *
 * Compact (`{"a":[1,2]}`) or indented by two spaces a level, one member or item
 * a line, `"key": value`, with empty objects and arrays as {} and [].  The same
 * calls give the same bytes, everywhere.
 *
 *	json_write_buffer(&w, out, sizeof out, false);
 *	json_write_object(&w);
 *	json_write_key(&w, "amount", 6);
 *	json_write_int64(&w, 25);
 *	json_write_object_end(&w);
 *	error = json_write_close(&w, &text, &size);
 *
 * Errors stick: the first is kept, later calls do nothing, json_write_close
 * tells.  That keys and values come in an order that makes sense is the
 * caller's to see to; the same key twice is not noticed.
 *
 * Pure: no I/O but through the caller's sink. */
#ifndef SDEX_BASE_JSON_WRITE_H
#define SDEX_BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "sdex/arena.h"
#include "sdex/error.h"

/* Takes `size` bytes of text, in order.  An error ends the writing with it. */
typedef enum sdex_error json_sink(void *context, const uint8_t *text, size_t size);

struct json_writer {
	uint8_t *out;
	size_t size;   /* bytes of out in use */
	size_t room;   /* bytes of out */
	uint64_t sunk; /* bytes the sink took before those */
	struct sdex_arena *arena;
	json_sink *sink;
	void *context;
	bool indented;
	bool comma; /* a member or item stands before the next one */
	bool keyed; /* a key waits for its value */
	uint32_t depth;
	enum sdex_error error;
};

/* Start a text.  Into the caller's buffer, at most `room` bytes: SPACE when it
 * does not suffice.  Into one piece of the arena's memory, as long as it has
 * some: NOMEM when not; pieces outgrown on the way (as much again as the text, at
 * most) stay in the arena until its reset.  To a sink, gathered in the caller's
 * buffer of at least one byte. */
void json_write_buffer(struct json_writer *w, void *out, size_t room, bool indented);
void json_write_arena(struct json_writer *w, struct sdex_arena *arena, bool indented);
void json_write_sink(struct json_writer *w, void *buffer, size_t room, json_sink *sink,
		     void *context, bool indented);

/* Ends the text.  On success `text` (NULL is fine) is where it stands, for a
 * sink NULL, and `size` (NULL is fine) its bytes, for a sink all that it took.
 * In an arena a NUL stands behind them, else none. */
SDEX_MUST_USE enum sdex_error json_write_close(struct json_writer *w, const uint8_t **text,
					       size_t *size);

void json_write_object(struct json_writer *w);
void json_write_object_end(struct json_writer *w);
void json_write_array(struct json_writer *w);
void json_write_array_end(struct json_writer *w);

/* The key of the value that comes next; UTF-8. */
void json_write_key(struct json_writer *w, const char *name, size_t size);

/* A string; `text` is UTF-8 (else CHARACTER) and may hold NUL. */
void json_write_string(struct json_writer *w, const void *text, size_t size);

/* A key and a string behind it, each up to its NUL. */
void json_write_name(struct json_writer *w, const char *name);
void json_write_text(struct json_writer *w, const char *name, const char *text);

/* A string in parts: each part is whole UTF-8. */
void json_write_string_begin(struct json_writer *w);
void json_write_string_part(struct json_writer *w, const void *text, size_t size);
void json_write_string_end(struct json_writer *w);

/* A string of two lower-case hexadecimal digits a byte. */
void json_write_hex(struct json_writer *w, const void *data, size_t size);

/* A string of base64, padded. */
void json_write_base64(struct json_writer *w, const void *data, size_t size);

void json_write_int64(struct json_writer *w, int64_t value);
void json_write_uint64(struct json_writer *w, uint64_t value);
void json_write_bool(struct json_writer *w, bool value);
void json_write_null(struct json_writer *w);

/* A value that is JSON already, as it is. */
void json_write_value(struct json_writer *w, const void *text, size_t size);

#endif
