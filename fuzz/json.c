/* fuzz/json.c - JSON text: the scanner stays in bounds, and what it reads it reads
 * again from what the writer makes of it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/json.h"
#include "base/json_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEPTH 64

/* A whole number has one text, and reads the same signed and not. */
static void check_integer(const struct json_text *text)
{
	char again[32];
	struct json json;
	int64_t number;
	uint64_t natural;
	json_open(&json, text->data, text->size, 1);
	bool is_signed = json_int64(&json, &number);
	CHECK((json_close(&json, NULL) == SDEX_OK) == is_signed);
	json_open(&json, text->data, text->size, 1);
	bool is_natural = json_uint64(&json, &natural);
	CHECK((json_close(&json, NULL) == SDEX_OK) == is_natural);
	CHECK(!is_signed || is_natural == (number >= 0));
	CHECK(!is_signed || !is_natural || (uint64_t)number == natural);
	if (is_signed || is_natural) {
		int length = is_signed ? snprintf(again, sizeof again, "%" PRId64, number)
				       : snprintf(again, sizeof again, "%" PRIu64, natural);
		CHECK((size_t)length == text->size && !memcmp(again, text->data, text->size));
	}
}

/* Copies the value that comes next. */
static void copy(struct json *json, struct json_writer *w, uint8_t *plain)
{
	struct json_text text;
	bool flag;
	switch (json_peek(json)) {
	case JSON_OBJECT:
		json_write_object(w);
		json_object(json);
		while (json_key(json, &text)) {
			json_write_key(w, (char *)plain, json_unescape(plain, &text));
			copy(json, w, plain);
		}
		json_write_object_end(w);
		return;
	case JSON_ARRAY:
		json_write_array(w);
		json_array(json);
		while (json_item(json))
			copy(json, w, plain);
		json_write_array_end(w);
		return;
	case JSON_STRING:
		json_string(json, &text);
		json_write_string(w, plain, json_unescape(plain, &text));
		return;
	case JSON_NUMBER:
		json_number(json, &text);
		check_integer(&text);
		json_write_value(w, text.data, text.size);
		return;
	case JSON_TRUE:
	case JSON_FALSE:
		json_bool(json, &flag);
		json_write_bool(w, flag);
		return;
	case JSON_NULL:
		json_null(json);
		json_write_null(w);
		return;
	case JSON_NOTHING:
		CHECK(json->error == SDEX_OK); /* a checked text has no holes */
	}
}

static size_t copy_all(uint8_t *out, size_t room, const void *text, size_t size, bool indented,
		       uint8_t *plain)
{
	struct json json;
	struct json_writer w;
	size_t written = 0;
	json_open(&json, text, size, DEPTH);
	json_write_buffer(&w, out, room, indented);
	copy(&json, &w, plain);
	CHECK(json_close(&json, NULL) == SDEX_OK);
	CHECK(json_write_close(&w, NULL, &written) == SDEX_OK);
	return written;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json json;
	struct sdex_failure why;
	struct json_text text;
	int64_t value;

	/* Read as what it may not be: an error, or not, but no more than that. */
	json_open(&json, data, size, DEPTH);
	if (json_array(&json))
		while (json_item(&json))
			json_int64(&json, &value);
	(void)!json_close(&json, &why);
	json_open(&json, data, size, DEPTH);
	if (json_object(&json))
		while (json_key(&json, &text))
			json_is(&text, "price", 5);
	(void)!json_close(&json, &why);

	json_open(&json, data, size, DEPTH);
	json_skip(&json);
	if (json_close(&json, &why)) {
		CHECK(why.where <= size);
		return 0;
	}
	/* Indentation takes at most 2 * DEPTH + 3 bytes a sign, escapes six for one. */
	size_t room = size * (2 * DEPTH + 9) + 16;
	uint8_t *plain = malloc(size + 1), *first = malloc(room), *second = malloc(room);
	CHECK(plain && first && second);
	size_t n = copy_all(first, room, data, size, true, plain);
	size_t m = copy_all(second, room, first, n, false, plain);
	CHECK(m <= n);
	n = copy_all(first, room, second, m, false, plain);
	CHECK(n == m && memcmp(first, second, n) == 0);
	free(plain);
	free(first);
	free(second);
	return 0;
}
