/* cmd/sdex/output.c - XDR on stdout. */
#include "cmd/sdex/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/sdex/say.h"
#include "sdex/bytes.h"
#include "sdex/xdr_json.h"

/* Bytes that become text at a time: whole groups of base64's three. */
#define PIECE ((size_t)3 * 1024)

enum output_form output_form(const char *name)
{
	if (strcmp(name, "json") == 0)
		return OUTPUT_JSON;
	if (strcmp(name, "base64") == 0)
		return OUTPUT_BASE64;
	if (strcmp(name, "hex") == 0)
		return OUTPUT_HEX;
	return strcmp(name, "raw") == 0 ? OUTPUT_RAW : OUTPUT_TEXT;
}

struct sdex_arena *output_arena(size_t size)
{
	size_t limit = size > SIZE_MAX >> 5 ? SIZE_MAX : 16 * size + ((size_t)64 << 20);
	struct sdex_arena *arena = sdex_arena_new(limit);
	if (!arena)
		say_refused("memory is out");
	return arena;
}

static void put_text(enum output_form form, const uint8_t *data, size_t size)
{
	char text[SDEX_HEX_LENGTH(PIECE) + 1];
	for (size_t part; size; data += part, size -= part) {
		part = size < PIECE ? size : PIECE;
		enum sdex_error error =
			form == OUTPUT_HEX
				? sdex_hex_encode(text, sizeof text, NULL, data, part)
				: sdex_base64_encode(text, sizeof text, NULL, data, part);
		if (!error)
			fputs(text, stdout);
	}
	putchar('\n');
}

static void put_mark(size_t size)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		putchar((int)((size | 0x80000000u) >> shift & 0xff));
}

enum status output_bytes(enum output_form form, const uint8_t *data, size_t size)
{
	if (form == OUTPUT_BASE64 || form == OUTPUT_HEX) {
		put_text(form, data, size);
		return STATUS_OK;
	}
	if (form == OUTPUT_FRAMED) {
		if (size > 0x7fffffff)
			return say_refused("a record of %zu bytes is too long for a record mark",
					   size);
		put_mark(size);
	}
	fwrite(data, 1, size, stdout);
	return STATUS_OK;
}

static enum sdex_error put(void *context, const char *text, size_t size)
{
	(void)context;
	fwrite(text, 1, size, stdout);
	return SDEX_OK;
}

static enum status put_json(enum output_form form, enum sdex_type type, const void *value)
{
	struct sdex_failure why;
	enum sdex_json_style style = form == OUTPUT_TEXT ? SDEX_JSON_INDENTED : SDEX_JSON_COMPACT;
	if (sdex_xdr_to_json_sink(type, put, NULL, value, style, &why))
		return say_failure("the value", &why);
	putchar('\n');
	return STATUS_OK;
}

enum status output_value(enum output_form form, enum sdex_type type, const void *value)
{
	struct sdex_failure why;
	size_t size;
	if (form == OUTPUT_TEXT || form == OUTPUT_JSON)
		return put_json(form, type, value);
	if (sdex_xdr_size(type, &size, value, &why))
		return say_failure("the value", &why);
	uint8_t *data = malloc(size + !size);
	if (!data)
		return say_refused("memory is out");
	enum status status = STATUS_REFUSED;
	if (sdex_xdr_encode(type, data, size, &size, value, &why))
		say_failure("the value", &why);
	else
		status = output_bytes(form, data, size);
	free(data);
	return status;
}
