/* cmd/sdex/records.c - records out of a source, one after another. */
#include "cmd/sdex/records.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "cmd/sdex/say.h"
#include "sdex/bytes.h"

#define MARK 4u
#define FIRST_ROOM ((size_t)1 << 20)

/* Reads more behind what there is; false when that was refused. */
static bool more(struct records *r)
{
	size_t got;
	CHECK(r->data);
	if (r->at) {
		memmove(r->data, r->data + r->at, r->filled - r->at);
		r->filled -= r->at;
		r->at = 0;
	}
	if (r->filled == r->room) {
		uint8_t *data = r->room > SIZE_MAX / 2 ? NULL : realloc(r->data, r->room * 2);
		if (!data) {
			say_refused("memory is out");
			return false;
		}
		r->data = data;
		r->room *= 2;
	}
	if (!source_read(r->source, r->data + r->filled, r->room - r->filled, &got))
		return false;
	r->filled += got;
	r->ended = got == 0;
	return true;
}

/* A record mark begins with a set bit, text with none. */
static bool find_form(struct records *r)
{
	if (!more(r))
		return false;
	if (r->form == INPUT_AUTO && r->filled && r->data[0] < 0x80)
		r->form = INPUT_BASE64;
	return true;
}

bool records_open(struct records *r, const struct args *args, const char *operand,
		  enum status *status)
{
	*r = (struct records){.form = input_form(args), .room = FIRST_ROOM};
	*status = STATUS_USAGE;
	if (!args_size(args, "max-size", &r->limit, INPUT_SIZE_DEFAULT))
		return false;
	*status = STATUS_REFUSED;
	enum unpack unpack = r->form == INPUT_GZIP  ? UNPACK_ALWAYS
			     : r->form == INPUT_RAW ? UNPACK_NEVER
						    : UNPACK_AUTO;
	r->source = source_open(operand, unpack, SIZE_MAX - 1);
	r->data = malloc(r->room);
	if (r->source && r->data && find_form(r))
		return true;
	if (r->source && !r->data)
		say_refused("memory is out");
	records_close(r);
	return false;
}

void records_close(struct records *r)
{
	source_close(r->source);
	free(r->data);
}

static bool over_limit(const struct records *r, size_t size)
{
	if (size <= r->limit)
		return false;
	say_refused("%s, record %llu is over the limit of %zu bytes; --max-size sets another",
		    source_name(r->source), (unsigned long long)r->number + 1, r->limit);
	return true;
}

/* How long the record is that the mark at the front announces; the front is there. */
static size_t announced(const struct records *r)
{
	const uint8_t *p = r->data + r->at;
	return (size_t)(p[0] & 0x7f) << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

static bool next_framed(struct records *r, const uint8_t **data, size_t *size)
{
	for (;;) {
		size_t left = r->filled - r->at;
		if (left >= MARK && over_limit(r, announced(r)))
			return false;
		const uint8_t *at = r->data + r->at;
		enum sdex_error error = sdex_xdr_frame_next(data, size, &at, &left);
		if (error == SDEX_OK) {
			r->at = (size_t)(at - r->data);
			return true;
		}
		if (error == SDEX_ERR_MISSING && r->ended) {
			*data = NULL;
			return true;
		}
		if (error == SDEX_ERR_UNSUPPORTED || r->ended) {
			say_refused("%s, record %llu: %s", source_name(r->source),
				    (unsigned long long)r->number + 1,
				    error == SDEX_ERR_UNSUPPORTED
					    ? "no record mark where one has to be (a length with "
					      "the highest bit set)"
					    : "the input ends inside of it");
			return false;
		}
		if (!more(r))
			return false;
	}
}

/* Decodes a line over itself. */
static bool line_to_bytes(struct records *r, uint8_t *line, size_t length, size_t *size)
{
	struct sdex_failure why = {.text = "memory is out"};
	uint8_t *out = malloc(length + 1);
	enum sdex_error error =
		!out ? SDEX_ERR_NOMEM
		: r->form == INPUT_HEX
			? sdex_hex_decode(out, length, size, (char *)line, length, &why)
			: sdex_base64_decode(out, length, size, (char *)line, length, &why);
	if (!error)
		memcpy(line, out, *size);
	else
		say_refused("%s, line %llu, byte %llu: %s", source_name(r->source),
			    (unsigned long long)r->number + 1, (unsigned long long)why.where,
			    why.text);
	free(out);
	return error == SDEX_OK;
}

static bool next_line(struct records *r, const uint8_t **data, size_t *size)
{
	CHECK(r->data);
	for (;;) {
		uint8_t *line = r->data + r->at;
		size_t left = r->filled - r->at;
		uint8_t *end = r->seen < left ? memchr(line + r->seen, '\n', left - r->seen) : NULL;
		r->seen = end ? 0 : left;
		if (!end && r->ended)
			end = line + left;
		if (end) {
			size_t length = (size_t)(end - line);
			r->at += length + (length < left);
			while (length && (line[length - 1] == '\r' || line[length - 1] == ' '))
				length--;
			if (length) {
				*data = line;
				return line_to_bytes(r, line, length, size);
			}
			if (r->ended && r->at == r->filled) {
				*data = NULL;
				return true;
			}
			continue;
		}
		if (over_limit(r, left) || !more(r))
			return false;
	}
}

bool records_next(struct records *r, const uint8_t **data, size_t *size)
{
	bool lines = r->form == INPUT_BASE64 || r->form == INPUT_HEX;
	if (!(lines ? next_line(r, data, size) : next_framed(r, data, size)))
		return false;
	r->number += *data != NULL;
	return true;
}
