/* net/route.c - decoding and the walk over the table. */
#include "net/route.h"

#include "base/bytes.h"
#include "base/failure.h"

bool utf8_valid(const void *data, size_t size)
{
	const uint8_t *p = data, *end = p + size;
	while (p < end) {
		if (*p < 0x80) {
			p++;
			continue;
		}
		unsigned more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : 1;
		if (*p < 0xc2 || *p > 0xf4 || (size_t)(end - p) <= more)
			return false;
		/* What would be overlong, a surrogate or beyond U+10FFFF shows in the second. */
		uint8_t low = *p == 0xe0 ? 0xa0 : *p == 0xf0 ? 0x90 : 0x80;
		uint8_t high = *p == 0xed ? 0x9f : *p == 0xf4 ? 0x8f : 0xbf;
		if (p[1] < low || p[1] > high)
			return false;
		for (unsigned i = 2; i <= more; i++)
			if ((p[i] & 0xc0) != 0x80)
				return false;
		p += more + 1;
	}
	return true;
}

/* Decodes into `out`, which has room for text.size.  False with *at where it is broken. */
static bool decode(char *out, size_t *size, size_t *at, struct text text, bool plus_is_space)
{
	size_t n = 0;
	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];
		if (c == '%') {
			int high = text.size - i > 2 ? text_digit16(text.data[i + 1]) : -1;
			int low = text.size - i > 2 ? text_digit16(text.data[i + 2]) : -1;
			if (high < 0 || low < 0) {
				*at = i;
				return false;
			}
			c = (char)(high << 4 | low);
			i += 2;
		} else if (c == '+' && plus_is_space) {
			c = ' ';
		}
		out[n++] = c;
	}
	*size = n;
	return true;
}

static bool has_control(struct text text)
{
	for (size_t i = 0; i < text.size; i++)
		if ((uint8_t)text.data[i] < 0x20 || text.data[i] == 0x7f)
			return true;
	return false;
}

static bool good_segment(struct text segment)
{
	return segment.size > 0 && !text_equal(segment, TEXT(".")) &&
	       !text_equal(segment, TEXT("..")) && !memchr(segment.data, '/', segment.size) &&
	       !memchr(segment.data, '\\', segment.size) && !has_control(segment) &&
	       utf8_valid(segment.data, segment.size);
}

/* Splits the path into decoded segments, whose characters go to `room`. */
static bool split(struct text segments[ROUTE_SEGMENTS_MAX], unsigned *count,
		  char room[ROUTE_PATH_MAX], struct text path)
{
	*count = 0;
	if (path.size == 0 || path.data[0] != '/' || path.size > ROUTE_PATH_MAX)
		return false;
	const char *p = path.data + 1, *end = path.data + path.size;
	while (p < end) {
		const char *slash = memchr(p, '/', (size_t)(end - p));
		struct text raw = {p, (size_t)((slash ? slash : end) - p)};
		size_t size, at;
		if (*count == ROUTE_SEGMENTS_MAX || !decode(room, &size, &at, raw, false) ||
		    !good_segment((struct text){room, size}))
			return false;
		segments[(*count)++] = (struct text){room, size};
		room += size;
		p = slash ? slash + 1 : end;
	}
	return true;
}

static bool matches(struct route_match *match, const char *pattern,
		    const struct text segments[ROUTE_SEGMENTS_MAX], unsigned count)
{
	unsigned params = 0;
	for (unsigned i = 0; i < count; i++) {
		if (*pattern++ != '/' || !*pattern)
			return false;
		size_t size = strcspn(pattern, "/");
		if (*pattern == '{') {
			if (params == ROUTE_PARAMS_MAX)
				return false;
			match->params[params++] = segments[i];
		} else if (!text_equal(segments[i], (struct text){pattern, size})) {
			return false;
		}
		pattern += size;
	}
	match->param_count = params;
	return *pattern == '\0' || (count == 0 && strcmp(pattern, "/") == 0);
}

enum route_result route_find(struct route_match *match, const struct route *table, size_t count,
			     enum http_method method, struct text path)
{
	struct text segments[ROUTE_SEGMENTS_MAX];
	unsigned segment_count;
	match->route = NULL;
	match->param_count = 0;
	match->allowed = 0;
	if (!split(segments, &segment_count, match->room, path))
		return ROUTE_BAD;
	for (size_t i = 0; i < count; i++) {
		if (!matches(match, table[i].pattern, segments, segment_count))
			continue;
		unsigned methods = table[i].methods;
		if (methods & HTTP_GET)
			methods |= HTTP_HEAD;
		if (methods & method) {
			match->route = &table[i];
			return ROUTE_FOUND;
		}
		match->allowed |= methods;
	}
	return match->allowed ? ROUTE_METHOD : ROUTE_UNKNOWN;
}

static enum sdex_error read_part(struct text *part, char **room, struct text raw, size_t where,
				 struct sdex_failure *why)
{
	size_t size, at;
	if (!decode(*room, &size, &at, raw, true))
		return fail(why, SDEX_ERR_SYNTAX, where + at,
			    "expected two hexadecimal digits behind %% in the query");
	*part = (struct text){*room, size};
	if (has_control(*part) || !utf8_valid(part->data, part->size))
		return fail(why, SDEX_ERR_CHARACTER, where,
			    "the query has a control character or is not UTF-8");
	*room += size;
	return SDEX_OK;
}

enum sdex_error query_read(struct query *query, struct text text, struct sdex_failure *why)
{
	query->count = 0;
	if (text.size > QUERY_MAX)
		return fail(why, SDEX_ERR_LENGTH, QUERY_MAX, "the query is over %u characters",
			    QUERY_MAX);
	char *room = query->room;
	size_t at = 0;
	while (at < text.size) {
		const char *start = text.data + at;
		const char *end = memchr(start, '&', text.size - at);
		size_t size = end ? (size_t)(end - start) : text.size - at;
		const char *equals = size ? memchr(start, '=', size) : NULL;
		struct text name = {start, equals ? (size_t)(equals - start) : size};
		struct text value = {equals ? equals + 1 : start + size,
				     equals ? size - name.size - 1 : 0};
		if (size > 0) { /* `a=1&&b=2` is what forms send; nothing between is nothing */
			if (name.size == 0)
				return fail(why, SDEX_ERR_SYNTAX, at,
					    "expected a name before = in the query");
			if (query->count == QUERY_PAIRS_MAX)
				return fail(why, SDEX_ERR_LENGTH, at,
					    "the query has more than %u parameters",
					    QUERY_PAIRS_MAX);
			struct query_pair *pair = &query->pairs[query->count];
			enum sdex_error error = read_part(&pair->name, &room, name, at, why);
			if (!error)
				error = read_part(&pair->value, &room, value,
						  (size_t)(value.data - text.data), why);
			if (error)
				return error;
			query->count++;
		}
		at += size + 1;
	}
	return SDEX_OK;
}

enum sdex_error query_get(const struct query *query, struct text *value, const char *name,
			  struct sdex_failure *why)
{
	struct text wanted = {name, strlen(name)};
	const struct query_pair *found = NULL;
	for (unsigned i = 0; i < query->count; i++) {
		if (!text_equal(query->pairs[i].name, wanted))
			continue;
		if (found)
			return fail(why, SDEX_ERR_DUPLICATE, 0,
				    "the parameter %s must be there only once", name);
		found = &query->pairs[i];
	}
	if (!found)
		return fail(why, SDEX_ERR_MISSING, 0, "the parameter %s is missing", name);
	*value = found->value;
	return SDEX_OK;
}
