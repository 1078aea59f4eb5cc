/* chain/sse.c - the line parser and the event it builds. */
#include "chain/sse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/failure.h"

#define RETRY_DIGITS_MAX 15u

struct buffer {
	char *data;
	size_t size, room;
};

struct sse_reader {
	size_t limit;
	enum sdex_error broken; /* what every later call gives */
	bool begun;             /* the place where a byte order mark may stand is past */
	bool after_cr;          /* a LF now belongs to the line end before it */
	struct buffer line, data, event;
	struct buffer next_id; /* of the event being read */
	struct buffer id;      /* of the last event that ended */
	bool has_data;
	int64_t retry_ms;
};

struct sse_reader *sse_reader_new(size_t limit)
{
	struct sse_reader *reader = calloc(1, sizeof *reader);
	if (reader) {
		reader->limit = limit;
		reader->retry_ms = -1;
	}
	return reader;
}

void sse_reader_free(struct sse_reader *reader)
{
	if (!reader)
		return;
	free(reader->line.data);
	free(reader->data.data);
	free(reader->event.data);
	free(reader->next_id.data);
	free(reader->id.data);
	free(reader);
}

struct sse_text sse_last_id(const struct sse_reader *reader)
{
	return (struct sse_text){reader->id.data, reader->id.size};
}

static enum sdex_error append(struct sse_reader *r, struct buffer *buffer, const char *data,
			      size_t size)
{
	if (size == 0)
		return SDEX_OK;
	if (size > r->limit - buffer->size)
		return r->broken = SDEX_ERR_LENGTH;
	if (size > buffer->room - buffer->size) {
		size_t room = buffer->room ? buffer->room : 128;
		while (room < buffer->size + size)
			room *= 2;
		char *grown = realloc(buffer->data, room);
		if (!grown)
			return r->broken = SDEX_ERR_NOMEM;
		buffer->data = grown;
		buffer->room = room;
	}
	memcpy(buffer->data + buffer->size, data, size);
	buffer->size += size;
	return SDEX_OK;
}

static enum sdex_error set(struct sse_reader *r, struct buffer *buffer, struct sse_text value)
{
	buffer->size = 0;
	return append(r, buffer, value.data, value.size);
}

static bool is(struct sse_text name, const char *word)
{
	return name.size == strlen(word) && memcmp(name.data, word, name.size) == 0;
}

static void set_retry(struct sse_reader *r, struct sse_text value)
{
	int64_t ms = 0;
	if (value.size == 0 || value.size > RETRY_DIGITS_MAX)
		return;
	for (size_t i = 0; i < value.size; i++) {
		if (value.data[i] < '0' || value.data[i] > '9')
			return;
		ms = ms * 10 + (value.data[i] - '0');
	}
	r->retry_ms = ms;
}

static enum sdex_error take_field(struct sse_reader *r, struct sse_text name, struct sse_text value)
{
	if (is(name, "data")) {
		enum sdex_error error = r->has_data ? append(r, &r->data, "\n", 1) : SDEX_OK;
		r->has_data = true;
		return error ? error : append(r, &r->data, value.data, value.size);
	}
	if (is(name, "event"))
		return set(r, &r->event, value);
	if (is(name, "id") && !(value.size && memchr(value.data, '\0', value.size)))
		return set(r, &r->next_id, value);
	if (is(name, "retry"))
		set_retry(r, value);
	return SDEX_OK;
}

/* An empty line.  *stop when the taker wants no more (the reader may be gone then). */
static enum sdex_error end_event(struct sse_reader *r, sse_take *take, void *arg, bool *stop)
{
	enum sdex_error error = set(r, &r->id, (struct sse_text){r->next_id.data, r->next_id.size});
	if (error)
		return error;
	struct sse_event event = {
		.event = {r->event.data, r->event.size},
		.id = sse_last_id(r),
		.data = {r->data.data, r->data.size},
		.retry_ms = r->retry_ms,
	};
	if (event.event.size == 0)
		event.event = (struct sse_text){"message", 7};
	bool whole = r->has_data;
	/* The bytes stay where they are until the next field comes. */
	r->data.size = 0;
	r->event.size = 0;
	r->has_data = false;
	if (whole && !take(arg, &event))
		*stop = true;
	return SDEX_OK;
}

static enum sdex_error end_line(struct sse_reader *r, struct sse_text line, sse_take *take,
				void *arg, bool *stop)
{
	if (!r->begun && line.size >= 3 && memcmp(line.data, "\xef\xbb\xbf", 3) == 0) {
		line.data += 3;
		line.size -= 3;
	}
	r->begun = true;
	if (line.size == 0)
		return end_event(r, take, arg, stop);
	const char *colon = memchr(line.data, ':', line.size);
	if (!colon)
		return take_field(r, line, (struct sse_text){"", 0});
	struct sse_text name = {line.data, (size_t)(colon - line.data)};
	struct sse_text value = {colon + 1, line.size - name.size - 1};
	if (value.size && value.data[0] == ' ') {
		value.data++;
		value.size--;
	}
	return take_field(r, name, value); /* a comment has an empty name */
}

static size_t line_length(const char *p, size_t size)
{
	const char *lf = memchr(p, '\n', size);
	size_t length = lf ? (size_t)(lf - p) : size;
	const char *cr = memchr(p, '\r', length);
	return cr ? (size_t)(cr - p) : length;
}

enum sdex_error sse_read(struct sse_reader *r, sse_take *take, void *arg, const void *data,
			 size_t size, struct sdex_failure *why)
{
	const char *p = data, *end = p + size;
	bool stop = false;
	enum sdex_error error = r->broken;
	while (!error && !stop && p < end) {
		if (r->after_cr) {
			r->after_cr = false;
			if (*p == '\n') {
				p++;
				continue;
			}
		}
		size_t length = line_length(p, (size_t)(end - p));
		struct sse_text line = {p, length};
		bool whole = p + length < end;
		if (length > r->limit - r->line.size) /* also what arrives in one piece */
			error = r->broken = SDEX_ERR_LENGTH;
		else if (!whole || r->line.size)
			error = append(r, &r->line, p, length);
		p += length;
		if (error || !whole)
			break;
		r->after_cr = *p++ == '\r';
		if (r->line.size)
			line = (struct sse_text){r->line.data, r->line.size};
		r->line.size = 0;
		error = end_line(r, line, take, arg, &stop);
	}
	if (error == SDEX_ERR_LENGTH)
		return fail(why, error, 0, "an event of the stream is over the limit of bytes");
	if (error)
		return fail(why, error, 0, "memory is out while reading an event");
	return SDEX_OK;
}

struct writer {
	char *out;
	size_t room, size;
};

static void put(struct writer *w, const char *data, size_t size)
{
	if (w->size <= w->room && size <= w->room - w->size && size)
		memcpy(w->out + w->size, data, size);
	w->size += size;
}

static void put_line(struct writer *w, const char *name, const char *data, size_t size)
{
	put(w, name, strlen(name));
	put(w, data, size);
	put(w, "\n", 1);
}

static bool one_line(struct sse_text text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == '\r' || text.data[i] == '\n' || text.data[i] == '\0')
			return false;
	return true;
}

enum sdex_error sse_write(char *out, size_t room, size_t *size, const struct sse_event *event)
{
	struct writer w = {out, room, 0};
	if (!one_line(event->id) || !one_line(event->event))
		return SDEX_ERR_CHARACTER;
	if (event->retry_ms >= 0) {
		char number[32];
		int digits = snprintf(number, sizeof number, "%lld", (long long)event->retry_ms);
		put_line(&w, "retry: ", number, (size_t)digits);
	}
	if (event->id.size)
		put_line(&w, "id: ", event->id.data, event->id.size);
	if (event->event.size)
		put_line(&w, "event: ", event->event.data, event->event.size);
	const char *p = event->data.data;
	size_t left = event->data.size;
	for (;;) { /* a CR in the data ends a line too */
		size_t length = left ? line_length(p, left) : 0;
		put_line(&w, "data: ", p, length);
		if (length == left)
			break;
		size_t past =
			length +
			(left - length > 1 && p[length] == '\r' && p[length + 1] == '\n' ? 2u : 1u);
		p += past;
		left -= past;
	}
	put(&w, "\n", 1);
	*size = w.size;
	return w.size <= room ? SDEX_OK : SDEX_ERR_SPACE;
}
