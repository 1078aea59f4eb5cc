/* base/json.h - a strict pull scanner for JSON (RFC 8259).
 *
 * The caller walks the text in the order in which it stands: it opens an object
 * or an array, asks for the next member or item until there is none, and reads
 * or skips each value.  Nothing is built and nothing allocated: keys, strings
 * and numbers are slices of the input.
 *
 *	json_open(&json, text, size, 64);
 *	if (json_object(&json))
 *		while (json_key(&json, &key)) {
 *			if (json_is(&key, "price", 5))
 *				json_string(&json, &price);
 *			else
 *				json_skip(&json);
 *		}
 *	error = json_close(&json, &why);
 *
 * Errors stick: the first failure is kept, every later call fails at once, and
 * json_close tells of it.  So a reader need not look at each call's result
 * unless it uses the output, which a failing call leaves as it was.
 *
 * What is refused: bytes that are not UTF-8 (overlong, surrogates, over
 * U+10FFFF), a byte order mark, control characters in strings, escapes RFC 8259
 * does not name, lone surrogates in \u escapes, leading zeros, "+1", ".5", "1.",
 * NaN, comments, trailing commas, anything but white space after the value, and
 * nesting over the caller's bound.  Keys that stand twice in one object are
 * reported twice: whether that is an error is the reader's to say.
 *
 * Pure: no I/O, no globals.  One scanner belongs to one thread at a time. */
#ifndef SDEX_BASE_JSON_H
#define SDEX_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "sdex/error.h"

#define JSON_DEPTH_MAX 8192u

enum json_kind {
	JSON_NOTHING, /* an error, or no value where one has to be */
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

/* A key, string or number as it stands in the input: without its quotes, with
 * its escapes.  Borrowed; dies with the input. */
struct json_text {
	const uint8_t *data;
	size_t size;
	bool escaped; /* holds a backslash: json_unescape before use */
};

struct json {
	const uint8_t *at; /* next byte to read; == end after an error */
	const uint8_t *end;
	const uint8_t *start;
	uint32_t depth; /* open objects and arrays */
	uint32_t depth_max;
	bool first; /* no member or item was read in the innermost one yet */
	enum sdex_error error;
	const uint8_t *where; /* of the error */
	const char *expected;
};

/* Starts at the first byte of `text`, which must outlive the scanner.  `depth`
 * bounds the nesting, at most JSON_DEPTH_MAX. */
void json_open(struct json *json, const void *text, size_t size, uint32_t depth);

/* Ends the walk: SDEX_OK when the one value was read whole and only white space
 * is left, else the first error, told in `why` with its byte offset.
 * SYNTAX     not JSON, or fewer values read than stand there
 * TRUNCATED  the text ends inside the value
 * TRAILING   something stands after the value
 * CHARACTER  a byte that may not stand in a string, or not UTF-8
 * DEPTH      nested deeper than the bound
 * KIND       a value of another kind than the caller asked for
 * RANGE      an integer that does not fit */
SDEX_MUST_USE enum sdex_error json_close(struct json *json, struct sdex_failure *why);

/* The kind of the value that comes next, without reading it.  JSON_NOTHING is
 * an error, and kept as such. */
enum json_kind json_peek(struct json *json);

/* Enters an object or an array.  False is an error. */
bool json_object(struct json *json);
bool json_array(struct json *json);

/* Reads the next member's key and its colon.  False at the end of the object,
 * which it leaves, and on an error. */
static inline bool json_key(struct json *json, struct json_text *key);

/* True when another item stands before the end of the array.  False at the end,
 * which it leaves, and on an error. */
static inline bool json_item(struct json *json);

/* Read one value of the named kind.  False is an error. */
static inline bool json_string(struct json *json, struct json_text *text);
bool json_number(struct json *json, struct json_text *text);
bool json_bool(struct json *json, bool *value);
bool json_null(struct json *json);

/* Read a number that is a whole one: no fraction, no exponent, no "-0".  RANGE
 * when it does not fit. */
static inline bool json_int64(struct json *json, int64_t *value);
bool json_uint64(struct json *json, uint64_t *value);

/* Reads over one value of any kind, with everything checked. */
bool json_skip(struct json *json);

/* Ends the walk with an error of the caller's own at the byte `where` of the
 * input, unless there is one already.  `expected` completes "expected ..., found
 * <the text there>" and must live until json_close. */
void json_refuse(struct json *json, enum sdex_error code, const uint8_t *where,
		 const char *expected);

/* Writes the text without its escapes to `out`, which has room for text->size
 * bytes, and returns the bytes written: never more than that.  The result is
 * UTF-8 and may hold NUL. */
size_t json_unescape(uint8_t *out, const struct json_text *text);

/* Is the text, once unescaped, `name`?  `size` <= 256. */
static inline bool json_is(const struct json_text *text, const char *name, size_t size);

/* Parse `size` bytes of decimal digits, as above, for numbers that stand in strings:
 * OK, SYNTAX or RANGE. */
SDEX_MUST_USE enum sdex_error json_parse_int64(int64_t *value, const uint8_t *text, size_t size);
SDEX_MUST_USE enum sdex_error json_parse_uint64(uint64_t *value, const uint8_t *text, size_t size);

/* The length of the UTF-8 sequence at `at` < `end`, whose first byte is over 0x7f;
 * 0 when it is none. */
size_t json_utf8_size(const uint8_t *at, const uint8_t *end);

/* ---- the way that most bytes take, inline ---- */

bool json_string_rest(struct json *json, struct json_text *text, const uint8_t *at);
bool json_key_slow(struct json *json, struct json_text *key);
bool json_item_slow(struct json *json);
bool json_is_escaped(const struct json_text *text, const char *name, size_t size);

static inline bool json_blank(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

const uint8_t *json_over_blank_slow(const uint8_t *at, const uint8_t *end);

static inline const uint8_t *json_over_blank(const uint8_t *at, const uint8_t *end)
{
	/* No blank, a space after a colon, a line feed and its indentation: loops
	 * of single steps are foreseen by the processor, wide compares are not. */
	if (at != end && *at > ' ')
		return at;
	if (end - at >= 2 && at[0] == ' ' && at[1] > ' ')
		return at + 1;
	if (end - at >= 40 && at[0] == '\n') {
		uint32_t four;
		at++;
		for (int i = 0; i < 8; i++) {
			memcpy(&four, at, 4);
			if (four != 0x20202020u)
				break;
			at += 4;
		}
		if (at[0] == ' ' && at[1] == ' ')
			at += 2;
		if (*at > ' ')
			return at;
	}
	return json_over_blank_slow(at, end);
}

/* The first byte that ends or breaks a run of plain ASCII in a string: a quote,
 * a backslash, a control character, a byte over 0x7f; or the end. */
static inline const uint8_t *json_over_plain(const uint8_t *at, const uint8_t *end)
{
#ifdef __SSE2__
	while (end - at >= 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)at);
		/* Compared as signed, bytes over 0x7f are below the space, too. */
		__m128i odd = _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(' ')),
					   _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
							_mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));
		unsigned mask = (unsigned)_mm_movemask_epi8(odd);
		if (mask)
			return at + __builtin_ctz(mask);
		at += 16;
	}
#endif
	while (at < end && *at >= ' ' && *at < 0x80 && *at != '"' && *at != '\\')
		at++;
	return at;
}

static inline bool json_string(struct json *json, struct json_text *text)
{
	const uint8_t *at = json_over_blank(json->at, json->end);
	if (at < json->end && *at == '"') {
		const uint8_t *begin = at + 1;
		at = json_over_plain(begin, json->end);
		if (at < json->end && *at == '"') {
			text->data = begin;
			text->size = (size_t)(at - begin);
			text->escaped = false;
			json->at = at + 1;
			return true;
		}
	}
	return json_string_rest(json, text, at);
}

static inline bool json_key(struct json *json, struct json_text *key)
{
	/* The usual: a comma unless it is the first, a plain key, a colon. */
	const uint8_t *at = json_over_blank(json->at, json->end);
	if (!json->first && at < json->end && *at == ',')
		at = json_over_blank(at + 1, json->end);
	else if (!json->first)
		return json_key_slow(json, key);
	if (at < json->end && *at == '"') {
		const uint8_t *begin = at + 1;
		at = json_over_plain(begin, json->end);
		if (json->end - at >= 2 && at[0] == '"' && at[1] == ':') {
			key->data = begin;
			key->size = (size_t)(at - begin);
			key->escaped = false;
			json->first = false;
			json->at = at + 2;
			return true;
		}
	}
	return json_key_slow(json, key);
}

static inline bool json_item(struct json *json)
{
	const uint8_t *at = json_over_blank(json->at, json->end);
	if (at < json->end && !json->first && *at == ',') {
		json->at = at + 1;
		return true;
	}
	return json_item_slow(json);
}

bool json_int64_slow(struct json *json, int64_t *value);

static inline bool json_int64(struct json *json, int64_t *value)
{
	/* Up to 18 digits without a sign, and a byte after them that ends a number. */
	const uint8_t *at = json_over_blank(json->at, json->end);
	if (json->end - at > 20 && *at >= '1' && *at <= '9') {
		const uint8_t *last = at + 18;
		int64_t sum = *at++ - '0';
		while (at < last && (unsigned)(*at - '0') < 10)
			sum = sum * 10 + (*at++ - '0');
		if (*at == ',' || *at == '}' || *at == ']' || json_blank(*at)) {
			json->at = at;
			*value = sum;
			return true;
		}
	}
	return json_int64_slow(json, value);
}

static inline bool json_is(const struct json_text *text, const char *name, size_t size)
{
	if (text->escaped)
		return json_is_escaped(text, name, size);
	return text->size == size && memcmp(text->data, name, size) == 0;
}

#endif
