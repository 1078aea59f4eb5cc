/* fuzz/json_jansson.c - JSON text: the scanner takes what jansson takes, and reads the same in
 * it.  Passed over is what it refuses and the scanner leaves to its caller: numbers beyond
 * jansson's types, keys that stand twice or have a NUL in them, deep nesting. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "jansson_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEPTH 512u /* jansson: 2048 */

static void same_number(const struct json_text *text, const struct theirs *theirs)
{
	char *plain = malloc(text->size + 1);
	CHECK(plain);
	memcpy(plain, text->data, text->size);
	plain[text->size] = 0;
	if (theirs_kind(theirs) == THEIRS_INTEGER)
		CHECK(strtoll(plain, NULL, 10) == theirs_integer(theirs));
	else
		CHECK(theirs_kind(theirs) == THEIRS_REAL &&
		      strtod(plain, NULL) == theirs_real(theirs));
	free(plain);
}

/* Compares the value that the scanner reads next with jansson's.  `room` has place for any
 * string of the input. */
static void same(struct json *json, const struct theirs *theirs, uint8_t *room)
{
	struct json_text text;
	bool flag;
	size_t n = 0;
	CHECK(theirs);
	enum theirs_kind kind = theirs_kind(theirs);
	switch (json_peek(json)) {
	case JSON_OBJECT:
		CHECK(kind == THEIRS_OBJECT && json_object(json));
		while (json_key(json, &text)) {
			room[json_unescape(room, &text)] = 0;
			same(json, theirs_member(theirs, (const char *)room), room);
			n++;
		}
		CHECK(n == theirs_size(theirs));
		return;
	case JSON_ARRAY:
		CHECK(kind == THEIRS_ARRAY && json_array(json));
		while (json_item(json))
			same(json, theirs_item(theirs, n++), room);
		CHECK(n == theirs_size(theirs));
		return;
	case JSON_STRING:
		CHECK(kind == THEIRS_STRING && json_string(json, &text));
		n = json_unescape(room, &text);
		CHECK(n == theirs_size(theirs) && memcmp(room, theirs_string(theirs), n) == 0);
		return;
	case JSON_NUMBER:
		CHECK(json_number(json, &text));
		same_number(&text, theirs);
		return;
	case JSON_TRUE:
	case JSON_FALSE:
		CHECK(json_bool(json, &flag) && kind == (flag ? THEIRS_TRUE : THEIRS_FALSE));
		return;
	case JSON_NULL:
		CHECK(kind == THEIRS_NULL && json_null(json));
		return;
	case JSON_NOTHING:
		CHECK(false && "a value where jansson found one");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool other;
	struct json json;
	struct sdex_failure why = {0};
	struct theirs *theirs = theirs_read((const char *)data, size, &other);
	json_open(&json, data, size, DEPTH);
	json_skip(&json);
	enum sdex_error error = json_close(&json, &why);
	if (size && memchr(data, '\0', size)) { /* jansson 2.14 reads over one behind a number */
		CHECK(error);
	} else if (!other && error != SDEX_ERR_DEPTH) {
		CHECK(!error == (theirs != NULL));
		if (theirs) {
			uint8_t *room = malloc(size + 1);
			CHECK(room);
			json_open(&json, data, size, DEPTH);
			same(&json, theirs, room);
			CHECK(json_close(&json, NULL) == SDEX_OK);
			free(room);
		}
	}
	if (theirs)
		theirs_free(theirs);
	return 0;
}
