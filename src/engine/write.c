/* engine/write.c - members of JSON objects, by key. */
#include "engine/inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sdex/amount.h"

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

void field_int(struct json_writer *w, const char *key, int64_t value)
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

/* Days since 1970-01-01 as year, month, day (the civil calendar, from 1 March on so that
 * the leap day is a year's last). */
static void civil(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = z / 146097;
	int64_t of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;
	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

void field_time(struct json_writer *w, const char *key, int64_t ms)
{
	char text[80];
	int year, month, day;
	if (ms <= 0 || ms / 86400000 > 2932896) { /* the year 9999 */
		field_text(w, key, NULL);
		return;
	}
	civil(ms / 86400000, &year, &month, &day);
	int in_day = (int)(ms % 86400000);
	snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, day,
		 in_day / 3600000, in_day / 60000 % 60, in_day / 1000 % 60, in_day % 1000);
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
