/* net/route.h - from a request's path and query to what was meant: table-driven, strict.
 *
 * Pure: no I/O, no allocation.  Percent-decoding happens once, segment by segment, so
 * that an encoded slash can never make a segment of its own, and a path that points
 * upwards is refused instead of being tidied. */
#ifndef SDEX_NET_ROUTE_H
#define SDEX_NET_ROUTE_H

#include "net/http_head.h"
#include "sdex/error.h"

#define ROUTE_SEGMENTS_MAX 16u
#define ROUTE_PARAMS_MAX 4u
#define ROUTE_PATH_MAX 2048u
#define QUERY_PAIRS_MAX 64u
#define QUERY_MAX 8192u

/* A row: `/accounts/{id}/offers` matches three segments, the second of them any that is
 * not empty.  Rows are tried in order, so the fixed word stands before the `{}`. */
struct route {
	unsigned methods; /* of enum http_method; GET answers HEAD as well */
	const char *pattern;
	int id; /* what the caller knows it by */
};

enum route_result {
	ROUTE_FOUND,
	ROUTE_UNKNOWN, /* 404 */
	ROUTE_METHOD,  /* 405: some row has the path, none the method */
	ROUTE_BAD,     /* 400: the path is malformed */
};

struct route_match {
	const struct route *route;
	struct text params[ROUTE_PARAMS_MAX]; /* decoded, in the order of the pattern */
	unsigned param_count;
	unsigned allowed; /* with METHOD: the methods for an Allow header */
	char room[ROUTE_PATH_MAX];
};

/* Finds the row for a path as it came (http_head.path).  One slash at the end is
 * ignored.  BAD: an empty, `.` or `..` segment, a `%` without two digits, an encoded
 * slash, backslash or control character, bytes that are not UTF-8, too long or too deep.
 * *match is set but for `route` in all cases. */
enum route_result route_find(struct route_match *match, const struct route *table, size_t count,
			     enum http_method method, struct text path);

struct query_pair {
	struct text name, value; /* decoded */
};

struct query {
	struct query_pair pairs[QUERY_PAIRS_MAX];
	unsigned count;
	char room[QUERY_MAX];
};

/* Reads a query as it came (http_head.query): `a=1&b=2`, `+` being a space.
 * LENGTH     longer than QUERY_MAX, or more than QUERY_PAIRS_MAX pairs
 * SYNTAX     a `%` without two digits; a pair without a name
 * CHARACTER  a control character, or bytes that are not UTF-8; each with why->where */
SDEX_MUST_USE enum sdex_error query_read(struct query *query, struct text text,
					 struct sdex_failure *why);

/* The value of a name.
 * MISSING    it is not there
 * DUPLICATE  it is there more than once */
SDEX_MUST_USE enum sdex_error query_get(const struct query *query, struct text *value,
					const char *name, struct sdex_failure *why);

/* True for UTF-8 as RFC 3629 has it: no surrogates, nothing overlong. */
bool utf8_valid(const void *data, size_t size);

#endif
