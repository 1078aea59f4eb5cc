/* net/http_client.h - HTTP requests out, their answers in as events; libcurl on the loop.
 *
 * The caller numbers its requests (tokens); the answer to each is events with its token:
 * one HEAD, any number of BODY, then one END; or at any point one ERROR instead.  Events
 * come from the top of the loop, never out of a call into this module.
 *
 * HTTP/1.1, http and https, no redirects.  Connections are kept and used again; where a
 * kept one turns out dead before the first byte of an answer, libcurl sends the request
 * once more on a fresh one, so whatever is asked must bear being asked twice. */
#ifndef SDEX_NET_HTTP_CLIENT_H
#define SDEX_NET_HTTP_CLIENT_H

#include "net/loop.h"
#include "net/text.h"
#include "sdex/error.h"

struct http_client;

/* Zero stands for the default, behind each. */
struct http_client_limits {
	unsigned requests;         /* under way and waiting for a connection; 1024 */
	unsigned connections;      /* 256 */
	unsigned host_connections; /* to one host and port; 16 */
	unsigned idle_connections; /* kept for later; 32 */
	size_t head;               /* bytes of an answer's header lines, those of answers
				    * before it (1xx) and behind its body included; 32 KiB */
	const char *ca_file;       /* PEM, in place of the system's certificates; NULL */
	const char *user_agent;    /* NULL for "sdex" */
};

enum http_event_kind {
	HTTP_EVENT_HEAD,
	HTTP_EVENT_BODY,
	HTTP_EVENT_END,
	HTTP_EVENT_ERROR,
};

enum http_failure {
	HTTP_FAIL_NONE,
	HTTP_FAIL_RESOLVE,  /* the host's name leads to no address */
	HTTP_FAIL_CONNECT,  /* nobody there, or refused */
	HTTP_FAIL_TLS,      /* no handshake, or a certificate that is not to be trusted */
	HTTP_FAIL_TIMEOUT,  /* of any kind */
	HTTP_FAIL_CUT,      /* the connection ended before the answer did */
	HTTP_FAIL_OVERSIZE, /* the answer is over a limit */
	HTTP_FAIL_PROTOCOL, /* what came is not HTTP, or is packed and next to nothing */
	HTTP_FAIL_OTHER,    /* memory, descriptors */
};

struct http_event {
	enum http_event_kind kind;
	uint64_t token;
	unsigned status;   /* HEAD */
	struct text lines; /* HEAD: the header lines as they came, each ended by CR LF */
	const void *data;  /* BODY; lives until the return */
	size_t size;
	enum http_failure failure; /* ERROR */
	bool sent;                 /* ERROR: some of the request may have reached the server */
	const char *text;          /* ERROR: for people; lives until the return */
};

typedef void http_events(void *arg, const struct http_event *event);

/* Loads the certificates to trust now, which takes tens of milliseconds, so that no first
 * TLS connection stops the loop for it later.  Before serving, outside of the loop's
 * callbacks: it turns the loop, and speaks to a socket of its own.  False when that does
 * not work; everything else does then still. */
bool http_client_warm(struct http_client *client);

struct http_ask_line {
	const char *name, *value;
};

struct http_ask {
	const char *method; /* "GET", "POST", ... */
	const char *url;    /* http:// or https://, at most 8192 characters */
	const struct http_ask_line *lines;
	size_t line_count;
	const void *body; /* copied */
	size_t size;
	unsigned connect_ms; /* to the end of the TLS handshake; 0 is 10 s */
	unsigned total_ms;   /* to the end, waiting for a connection included; 0 is no bound,
			      * for streams */
	unsigned idle_ms;    /* without a byte of the answer, decoded, while not paused; 0
			      * is 60 s */
	size_t limit;        /* bytes of the answer's body, decoded; 0 is no bound, for streams */
	bool compressed;     /* take gzip and the like */
};

/* NULL with *why when memory or the library is not there.  `limits` may be NULL; its texts
 * are copied. */
struct http_client *http_client_new(struct loop *loop, const struct http_client_limits *limits,
				    http_events *events, void *arg, struct sdex_failure *why);

/* Cuts all that is under way without an event.  Outside of the loop's callbacks.  NULL is
 * fine. */
void http_client_free(struct http_client *client);

/* Starts a request.
 * DUPLICATE  the token is in use
 * INVALID    a method or header line with characters that none has, a URL that is too long
 *            or of another scheme
 * SPACE      `requests` are under way already
 * NOMEM */
SDEX_MUST_USE enum sdex_error http_client_start(struct http_client *client, uint64_t token,
						const struct http_ask *ask,
						struct sdex_failure *why);

/* Ends a request; no event of it comes any more.  One that is over is fine. */
void http_client_cancel(struct http_client *client, uint64_t token);

/* Holds a body back, and through it the server, or lets it go on.  Not more than one
 * BODY event still comes after a pause.  A request that is over is fine. */
void http_client_pause(struct http_client *client, uint64_t token, bool pause);

/* Requests under way. */
unsigned http_client_count(const struct http_client *client);

/* The value of the first header line of that name in an event's lines; data NULL without. */
struct text http_event_line(const struct http_event *event, const char *name);

#endif
