/* base/json.c - the scanner's slower ways: escapes, UTF-8, numbers, errors. */
#include "base/json.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/failure.h"

static bool stop(struct json *json, enum sdex_error code, const uint8_t *where,
		 const char *expected)
{
	if (json->error == SDEX_OK) {
		json->error = code;
		json->where = where;
		json->expected = expected;
	}
	json->at = json->end;
	return false;
}

/* Something else stands at `at`, or nothing at all. */
static bool stop_at(struct json *json, const uint8_t *at, const char *expected)
{
	return stop(json, at < json->end ? SDEX_ERR_SYNTAX : SDEX_ERR_TRUNCATED, at, expected);
}

void json_open(struct json *json, const void *text, size_t size, uint32_t depth)
{
	CHECK(depth > 0 && depth <= JSON_DEPTH_MAX);
	*json = (struct json){
		.at = text,
		.start = text,
		.end = size ? (const uint8_t *)text + size : text,
		.depth_max = depth,
		.first = true,
	};
}

void json_refuse(struct json *json, enum sdex_error code, const uint8_t *where,
		 const char *expected)
{
	stop(json, code, where, expected);
}

static const char *kind_name(enum json_kind kind)
{
	switch (kind) {
	case JSON_NOTHING:
		return "no value";
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_NUMBER:
		return "a number";
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	case JSON_NULL:
		return "null";
	}
	return "no value";
}

static enum json_kind kind_of(const uint8_t *at, const uint8_t *end)
{
	static const uint8_t kinds[256] = {
		['{'] = JSON_OBJECT, ['['] = JSON_ARRAY,  ['"'] = JSON_STRING, ['t'] = JSON_TRUE,
		['f'] = JSON_FALSE,  ['n'] = JSON_NULL,   ['-'] = JSON_NUMBER, ['0'] = JSON_NUMBER,
		['1'] = JSON_NUMBER, ['2'] = JSON_NUMBER, ['3'] = JSON_NUMBER, ['4'] = JSON_NUMBER,
		['5'] = JSON_NUMBER, ['6'] = JSON_NUMBER, ['7'] = JSON_NUMBER, ['8'] = JSON_NUMBER,
		['9'] = JSON_NUMBER,
	};
	return at < end ? (enum json_kind)kinds[*at] : JSON_NOTHING;
}

/* Quotes what stands at `at`: the inside of a string, a word or number, one sign. */
static const char *found(struct quote *quote, const uint8_t *at, const uint8_t *end)
{
	const uint8_t *last = at + 1;
	if (at < end && *at == '"') {
		last = memchr(at + 1, '"', (size_t)(end - at - 1));
		return bytes_quote(quote, at + 1, (size_t)((last ? last : end) - at - 1));
	}
	while (last != end && *last > ' ' && !strchr(",:{}[]\"", last[-1]) &&
	       !strchr(",:{}[]\"", *last))
		last++;
	return bytes_quote(quote, at, (size_t)(last - at));
}

enum sdex_error json_close(struct json *json, struct sdex_failure *why)
{
	if (json->error == SDEX_OK) {
		const uint8_t *at = json_over_blank(json->at, json->end);
		if (at < json->end)
			stop(json, SDEX_ERR_TRAILING, at, "the end of the text");
		else if (json->depth)
			stop(json, SDEX_ERR_TRUNCATED, at, "the rest of the value");
		else
			return SDEX_OK;
	}
	struct quote quote;
	uint64_t where = (uint64_t)(json->where - json->start);
	if (json->where == json->end)
		return fail(why, json->error, where, "expected %s, found the end of the text",
			    json->expected);
	return fail(why, json->error, where, "expected %s, found %s%s", json->expected,
		    *json->where == '"' ? "the string " : "",
		    found(&quote, json->where, json->end));
}

/* ---- values ---- */

const uint8_t *json_over_blank_slow(const uint8_t *at, const uint8_t *end)
{
	while (at < end && json_blank(*at))
		at++;
	return at;
}

static const uint8_t *value_at(struct json *json)
{
	return json_over_blank(json->at, json->end);
}

/* A value of another kind than asked for, or none. */
static bool stop_kind(struct json *json, const uint8_t *at, enum json_kind wanted)
{
	if (kind_of(at, json->end) == JSON_NOTHING)
		return stop_at(json, at, wanted == JSON_TRUE ? "true or false" : kind_name(wanted));
	return stop(json, SDEX_ERR_KIND, at,
		    wanted == JSON_TRUE ? "true or false" : kind_name(wanted));
}

enum json_kind json_peek(struct json *json)
{
	const uint8_t *at = value_at(json);
	enum json_kind kind = kind_of(at, json->end);
	if (kind == JSON_NOTHING)
		stop_at(json, at, "a value");
	else
		json->at = at;
	return kind;
}

static bool enter(struct json *json, uint8_t bracket, enum json_kind kind)
{
	const uint8_t *at = value_at(json);
	if (at == json->end || *at != bracket)
		return stop_kind(json, at, kind);
	if (json->depth == json->depth_max)
		return stop(json, SDEX_ERR_DEPTH, at, "no deeper nesting");
	json->depth++;
	json->first = true;
	json->at = at + 1;
	return true;
}

bool json_object(struct json *json)
{
	return enter(json, '{', JSON_OBJECT);
}

bool json_array(struct json *json)
{
	return enter(json, '[', JSON_ARRAY);
}

static void leave(struct json *json, const uint8_t *after)
{
	CHECK(json->depth > 0);
	json->depth--;
	json->first = false;
	json->at = after;
}

bool json_key_slow(struct json *json, struct json_text *key)
{
	const uint8_t *at = value_at(json);
	if (at < json->end && *at == '}') {
		leave(json, at + 1);
		return false;
	}
	if (!json->first) {
		if (at == json->end || *at != ',')
			return stop_at(json, at, "',' or '}' after a member");
		at = json_over_blank(at + 1, json->end);
	}
	if (at == json->end || *at != '"')
		return stop_at(json, at,
			       json->first ? "a key in quotes or '}'" : "a key in quotes");
	json->at = at;
	struct json_text text;
	if (!json_string(json, &text))
		return false;
	at = value_at(json);
	if (at == json->end || *at != ':')
		return stop_at(json, at, "':' after a key");
	*key = text;
	json->first = false;
	json->at = at + 1;
	return true;
}

bool json_item_slow(struct json *json)
{
	const uint8_t *at = value_at(json);
	if (at < json->end && *at == ']') {
		leave(json, at + 1);
		return false;
	}
	if (!json->first)
		return stop_at(json, at, "',' or ']' after an item");
	if (at == json->end)
		return stop_at(json, at, "an item or ']'");
	json->first = false;
	return true;
}

static bool word(struct json *json, const uint8_t *at, const char *name, size_t size)
{
	if ((size_t)(json->end - at) < size || memcmp(at, name, size) != 0)
		return stop(json, SDEX_ERR_SYNTAX, at, "a value");
	json->at = at + size;
	return true;
}

bool json_bool(struct json *json, bool *value)
{
	const uint8_t *at = value_at(json);
	enum json_kind kind = kind_of(at, json->end);
	if (kind != JSON_TRUE && kind != JSON_FALSE)
		return stop_kind(json, at, JSON_TRUE);
	if (!(kind == JSON_TRUE ? word(json, at, "true", 4) : word(json, at, "false", 5)))
		return false;
	*value = kind == JSON_TRUE;
	return true;
}

bool json_null(struct json *json)
{
	const uint8_t *at = value_at(json);
	if (kind_of(at, json->end) != JSON_NULL)
		return stop_kind(json, at, JSON_NULL);
	return word(json, at, "null", 4);
}

/* ---- strings ---- */

static int hex4(const uint8_t *at)
{
	int value = 0;
	for (int i = 0; i < 4; i++) {
		uint8_t c = at[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;
		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* The length of the escape at `at`, whose backslash is there; 0 when it is none. */
static size_t escape_size(const uint8_t *at, const uint8_t *end)
{
	size_t left = (size_t)(end - at);
	if (left < 2)
		return 0;
	if (at[1] != 'u')
		return memchr("\"\\/bfnrt", at[1], 8) ? 2 : 0;
	int unit = left < 6 ? -1 : hex4(at + 2);
	if (unit < 0 || (unit >= 0xdc00 && unit < 0xe000))
		return 0;
	if (unit < 0xd800 || unit >= 0xe000)
		return 6;
	if (left < 12 || at[6] != '\\' || at[7] != 'u')
		return 0;
	unit = hex4(at + 8);
	return unit >= 0xdc00 && unit < 0xe000 ? 12 : 0;
}

/* The table of section 4 of RFC 3629. */
size_t json_utf8_size(const uint8_t *at, const uint8_t *end)
{
	size_t left = (size_t)(end - at);
	uint8_t a = at[0], low = 0x80, high = 0xbf;
	size_t size = a >= 0xc2 && a <= 0xdf   ? 2
		      : a >= 0xe0 && a <= 0xef ? 3
		      : a >= 0xf0 && a <= 0xf4 ? 4
					       : 0;
	if (size == 0 || left < size)
		return 0;
	if (a == 0xe0)
		low = 0xa0;
	else if (a == 0xed)
		high = 0x9f;
	else if (a == 0xf0)
		low = 0x90;
	else if (a == 0xf4)
		high = 0x8f;
	if (at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < size; i++)
		if (at[i] < 0x80 || at[i] > 0xbf)
			return 0;
	return size;
}

/* A string that is not all plain ASCII, or that is no string. */
bool json_string_rest(struct json *json, struct json_text *text, const uint8_t *at)
{
	const uint8_t *open = value_at(json);
	bool escaped = false;
	if (open == json->end || *open != '"')
		return stop_kind(json, open, JSON_STRING);
	for (at = open + 1;;) {
		at = json_over_plain(at, json->end);
		if (at == json->end)
			return stop(json, SDEX_ERR_TRUNCATED, at, "the string's closing quote");
		if (*at == '"')
			break;
		if (*at < ' ')
			return stop(json, SDEX_ERR_CHARACTER, at,
				    "control characters in strings written as \\u escapes");
		size_t size;
		if (*at == '\\') {
			size = escape_size(at, json->end);
			escaped = true;
			if (size == 0)
				return stop(json, SDEX_ERR_SYNTAX, at,
					    "an escape of JSON (\\\" \\\\ \\/ \\b \\f \\n \\r \\t "
					    "\\uXXXX, surrogates in pairs)");
		} else {
			size = json_utf8_size(at, json->end);
			if (size == 0)
				return stop(json, SDEX_ERR_CHARACTER, at, "UTF-8");
		}
		at += size;
	}
	text->data = open + 1;
	text->size = (size_t)(at - open - 1);
	text->escaped = escaped;
	json->at = at + 1;
	return true;
}

static uint8_t *put_utf8(uint8_t *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (uint8_t)c;
		return out;
	}
	if (c < 0x800) {
		*out++ = (uint8_t)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*out++ = (uint8_t)(0xe0 | c >> 12);
		} else {
			*out++ = (uint8_t)(0xf0 | c >> 18);
			*out++ = (uint8_t)(0x80 | (c >> 12 & 0x3f));
		}
		*out++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	}
	*out++ = (uint8_t)(0x80 | (c & 0x3f));
	return out;
}

/* Writes what the escape at `*at` stands for, and moves on.  The scanner has
 * seen that it is one. */
static uint8_t *put_escape(uint8_t *out, const uint8_t **at)
{
	static const uint8_t plain[256] = {
		['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
		['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
	};
	uint8_t c = (*at)[1];
	if (c != 'u') {
		*at += 2;
		*out++ = plain[c];
		return out;
	}
	uint32_t unit = (uint32_t)hex4(*at + 2);
	*at += 6;
	if (unit >= 0xd800 && unit < 0xdc00) {
		uint32_t low = (uint32_t)hex4(*at + 2);
		*at += 6;
		unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
	}
	return put_utf8(out, unit);
}

size_t json_unescape(uint8_t *out, const struct json_text *text)
{
	const uint8_t *at = text->data, *end = at + text->size;
	uint8_t *begin = out;
	if (!text->escaped) {
		if (text->size)
			memcpy(out, at, text->size);
		return text->size;
	}
	while (at < end) {
		if (*at == '\\')
			out = put_escape(out, &at);
		else
			*out++ = *at++;
	}
	return (size_t)(out - begin);
}

bool json_is_escaped(const struct json_text *text, const char *name, size_t size)
{
	uint8_t plain[256 * 6];
	CHECK(size <= 256);
	if (text->size < size || text->size > size * 6)
		return false;
	return json_unescape(plain, text) == size && memcmp(plain, name, size) == 0;
}

/* ---- numbers ---- */

static bool digit(const uint8_t *at, const uint8_t *end)
{
	return at < end && *at >= '0' && *at <= '9';
}

static const uint8_t *over_digits(const uint8_t *at, const uint8_t *end)
{
	while (digit(at, end))
		at++;
	return at;
}

/* The end of the number at `at`; where it goes wrong in `*bad`, then NULL. */
static const uint8_t *number_end(const uint8_t *at, const uint8_t *end, const uint8_t **bad)
{
	if (at < end && *at == '-')
		at++;
	const uint8_t *whole = at;
	at = over_digits(at, end);
	*bad = whole;
	if (at == whole || (*whole == '0' && at - whole > 1))
		return NULL;
	if (at < end && *at == '.') {
		const uint8_t *part = at + 1;
		at = over_digits(part, end);
		*bad = part;
		if (at == part)
			return NULL;
	}
	if (at < end && (*at | 0x20) == 'e') {
		const uint8_t *part = at + 1;
		if (part < end && (*part == '+' || *part == '-'))
			part++;
		at = over_digits(part, end);
		*bad = part;
		if (at == part)
			return NULL;
	}
	return at;
}

bool json_number(struct json *json, struct json_text *text)
{
	const uint8_t *at = value_at(json), *bad;
	if (kind_of(at, json->end) != JSON_NUMBER)
		return stop_kind(json, at, JSON_NUMBER);
	const uint8_t *after = number_end(at, json->end, &bad);
	if (!after)
		return stop_at(json, bad,
			       digit(bad, json->end) ? "a number without leading zeros"
						     : "a digit");
	text->data = at;
	text->size = (size_t)(after - at);
	text->escaped = false;
	json->at = after;
	return true;
}

enum sdex_error json_parse_uint64(uint64_t *value, const uint8_t *text, size_t size)
{
	const uint8_t *at = text, *end = text + size;
	uint64_t sum = 0;
	if (size == 0 || (size > 1 && *at == '0'))
		return SDEX_ERR_SYNTAX;
	if (over_digits(at, end) != end)
		return SDEX_ERR_SYNTAX;
	for (; at < end; at++)
		if (__builtin_mul_overflow(sum, 10u, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(*at - '0'), &sum))
			return SDEX_ERR_RANGE;
	*value = sum;
	return SDEX_OK;
}

enum sdex_error json_parse_int64(int64_t *value, const uint8_t *text, size_t size)
{
	bool minus = size > 0 && *text == '-';
	uint64_t sum = 0;
	enum sdex_error error = json_parse_uint64(&sum, text + minus, size - minus);
	if (error)
		return error;
	if (minus && sum == 0)
		return SDEX_ERR_SYNTAX;
	if (sum > (uint64_t)INT64_MAX + minus)
		return SDEX_ERR_RANGE;
	*value = minus ? (int64_t)(0 - sum) : (int64_t)sum;
	return SDEX_OK;
}

static bool whole(struct json *json, const struct json_text *text, enum sdex_error error,
		  const char *range)
{
	if (error)
		return stop(json, SDEX_ERR_RANGE, text->data,
			    error == SDEX_ERR_RANGE ? range : "a whole number in plain digits");
	return true;
}

bool json_int64_slow(struct json *json, int64_t *value)
{
	struct json_text text;
	return json_number(json, &text) &&
	       whole(json, &text, json_parse_int64(value, text.data, text.size),
		     "a number of 64 bits with sign");
}

bool json_uint64(struct json *json, uint64_t *value)
{
	struct json_text text;
	return json_number(json, &text) &&
	       whole(json, &text, json_parse_uint64(value, text.data, text.size),
		     "a number of 64 bits without sign");
}

/* ---- any value ---- */

static bool skip_scalar(struct json *json, enum json_kind kind)
{
	struct json_text text;
	bool value;
	switch (kind) {
	case JSON_STRING:
		return json_string(json, &text);
	case JSON_NUMBER:
		return json_number(json, &text);
	case JSON_TRUE:
	case JSON_FALSE:
		return json_bool(json, &value);
	case JSON_NULL:
		return json_null(json);
	case JSON_NOTHING:
	case JSON_OBJECT:
	case JSON_ARRAY:
		break;
	}
	return false;
}

bool json_skip(struct json *json)
{
	/* One bit per open container: set for an object. */
	uint64_t objects[JSON_DEPTH_MAX / 64];
	const uint32_t outside = json->depth;
	struct json_text key;

	do {
		enum json_kind kind = json_peek(json);
		if (kind == JSON_OBJECT || kind == JSON_ARRAY) {
			if (!(kind == JSON_OBJECT ? json_object(json) : json_array(json)))
				return false;
			uint32_t level = json->depth - 1;
			uint64_t bit = (uint64_t)1 << level % 64;
			objects[level / 64] = kind == JSON_OBJECT ? objects[level / 64] | bit
								  : objects[level / 64] & ~bit;
		} else if (!skip_scalar(json, kind)) {
			return false;
		}
		/* On to the next value, out of as many containers as end here. */
		while (json->depth > outside) {
			uint32_t level = json->depth - 1;
			bool more = objects[level / 64] >> level % 64 & 1 ? json_key(json, &key)
									  : json_item(json);
			if (more)
				break;
			if (json->error)
				return false;
		}
	} while (json->depth > outside);
	return true;
}
