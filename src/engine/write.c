/* engine/write.c - members of JSON objects, by key. */
#include "engine/inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sdex/amount.h"
#include "stellar/words.h"

#define LAST_MS INT64_C(253402300799999) /* of the year 9999 */

void field_key(struct json_writer *w, const char *key)
{
	json_write_key(w, key, strlen(key));
}

void field_text(struct json_writer *w, const char *key, const char *text)
{
	field_key(w, key);
	if (text)
		json_write_string(w, text, strlen(text));
	else
		json_write_null(w);
}

static void field_int(struct json_writer *w, const char *key, int64_t value)
{
	field_key(w, key);
	json_write_int64(w, value);
}

void field_uint(struct json_writer *w, const char *key, uint64_t value)
{
	field_key(w, key);
	json_write_uint64(w, value);
}

void field_bool(struct json_writer *w, const char *key, bool value)
{
	field_key(w, key);
	json_write_bool(w, value);
}

void field_hex(struct json_writer *w, const char *key, const void *data, size_t size)
{
	field_key(w, key);
	json_write_hex(w, data, size);
}

void field_amount(struct json_writer *w, const char *key, int64_t stroops)
{
	char text[SDEX_AMOUNT_ROOM];
	size_t length = sdex_amount_print(text, (struct sdex_amount){stroops});
	field_key(w, key);
	json_write_string(w, text, length);
}

void field_id(struct json_writer *w, const char *key, int64_t id)
{
	char text[24];
	snprintf(text, sizeof text, "%" PRId64, id);
	field_text(w, key, id ? text : NULL);
}

void field_time(struct json_writer *w, const char *key, int64_t ms)
{
	char text[48];
	struct words words = {.text = text, .room = sizeof text};
	if (ms <= 0 || ms > LAST_MS) {
		field_text(w, key, NULL);
		return;
	}
	words_add_time(&words, (uint64_t)ms / 1000); /* "2026-01-31 23:59:59 UTC" */
	text[10] = 'T';
	snprintf(text + 19, sizeof text - 19, ".%03dZ", (int)(ms % 1000));
	field_text(w, key, text);
}

void field_seconds(struct json_writer *w, const char *key, int64_t seconds)
{
	field_time(w, key, seconds > INT64_MAX / 1000 ? INT64_MAX : seconds * 1000);
}

void field_price(struct json_writer *w, const char *key, sdex_Price price)
{
	field_key(w, key);
	json_write_object(w);
	field_int(w, "n", price.n);
	field_int(w, "d", price.d);
	json_write_object_end(w);
}
