/* net/http_head.h - reads the head of an HTTP/1.1 request, and a chunked body, strictly.
 *
 * Pure: no I/O, no clock, no allocation.  What RFC 9112 lets a server be lenient about
 * and request smuggling lives on is refused: bare LF, white space around names, folded
 * lines, two lengths, a length beside a transfer coding, two hosts. */
#ifndef SDEX_NET_HTTP_HEAD_H
#define SDEX_NET_HTTP_HEAD_H

#include "net/text.h"

#define HTTP_FIELDS_MAX 64u
#define HTTP_BODY_MAX ((uint64_t)1 << 62) /* a length over it is refused */

/* One bit each, so that a set of methods is their sum. */
enum http_method {
	HTTP_GET = 1,
	HTTP_HEAD = 2,
	HTTP_POST = 4,
	HTTP_PUT = 8,
	HTTP_PATCH = 16,
	HTTP_DELETE = 32,
	HTTP_OPTIONS = 64,
};

/* "GET" of HTTP_GET. */
const char *http_method_name(enum http_method method);

struct http_field {
	struct text name, value; /* the value without white space around it */
};

/* A request's head; all texts borrow from the bytes it was read from. */
struct http_head {
	enum http_method method;
	unsigned minor;           /* HTTP/1.minor: 0 or 1 */
	struct text path;         /* still percent-encoded; starts with `/`, or is `*` (OPTIONS) */
	struct text query;        /* behind `?`, still encoded; size 0 without one */
	struct text host;         /* the field's value, or what an absolute target named */
	uint64_t content_length;  /* 0 without a body or when chunked */
	bool has_length, chunked; /* never both */
	bool keep_alive;          /* the client wants the connection kept */
	bool expects_continue;    /* it waits for 100 before it sends the body */
	bool websocket;           /* a complete WebSocket upgrade (RFC 6455, version 13) */
	struct text websocket_key;
	uint32_t field_count;
	struct http_field fields[HTTP_FIELDS_MAX];
};

/* The value of the first field of that name, size 0 and data NULL without one. */
struct text http_field(const struct http_head *head, const char *name);

enum http_progress {
	HTTP_MORE, /* what is there is in order and not the whole */
	HTTP_DONE,
	HTTP_BAD,
};

/* How the search for a head's end stands; starts as zero with each head. */
struct http_scan {
	size_t line; /* where the line begins that is not complete yet */
	bool begun;  /* the request line is complete */
};

/* What a refused message is answered with. */
struct http_refusal {
	unsigned status;   /* 400, 411, 413, 414, 417, 431, 501, 505 */
	const char *title; /* the status in words */
	const char *text;  /* what was expected and what to do; lives for ever */
};

/* Looks for the head at the start of `data`, of which earlier calls with the same
 * `scan` have seen a prefix, and reads it.
 * DONE  *head and *size (of the head with the empty line behind it) are set
 * BAD   *refusal is set: beyond mending, also a head of more than `limit` bytes */
enum http_progress http_head_read(struct http_head *head, size_t *size,
				  struct http_refusal *refusal, struct http_scan *scan,
				  const char *data, size_t length, size_t limit);

/* A chunked body on its way; starts as zero. */
struct http_chunks {
	unsigned state;
	unsigned line;   /* bytes of the size line or the trailer so far */
	uint64_t left;   /* of the current chunk */
	uint64_t digits; /* of the current size line */
};

/* Takes the framing off `length` bytes of a chunked body, in place: *size bytes of content
 * are then at the start of `data`, and *used bytes of input are done with (all of them
 * unless DONE).
 * DONE  the body with its trailer is over; what follows belongs to the next message
 * BAD   *refusal is set */
enum http_progress http_chunks_read(struct http_chunks *chunks, size_t *size, size_t *used,
				    struct http_refusal *refusal, char *data, size_t length);

/* The reason phrase of a status, "Unknown" for one that has none here. */
const char *http_status_text(unsigned status);

#endif
