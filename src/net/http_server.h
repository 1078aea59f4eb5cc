/* net/http_server.h - an HTTP/1.1 server: requests in whole, answers now or later,
 * streams and WebSockets; several listeners on one loop.
 *
 * A request gets a token.  It stands for the request until that is answered, and for
 * the stream or WebSocket that it became until that ends; a token is never used twice,
 * and a late use of one that is over gives UNKNOWN.
 *
 * Hooks come from the top of the loop, never out of a call into this module.  What the
 * server can judge alone it answers alone, with a problem (RFC 9457): 400, 408, 411,
 * 413, 414, 417, 431, 501, 505, and 503 when nobody answers in time or all places are
 * taken.  Everything is bounded by struct http_limits. */
#ifndef SDEX_NET_HTTP_SERVER_H
#define SDEX_NET_HTTP_SERVER_H

#include "net/http_head.h"
#include "net/loop.h"
#include "net/websocket.h"
#include "sdex/error.h"

struct http_server;
struct http_listener;
struct http_payload;

/* Zero stands for the default, behind each. */
struct http_limits {
	unsigned connections; /* at a time, all listeners together; 4096 */
	size_t head;          /* bytes of a request's head; 16 KiB */
	size_t body;          /* bytes of a request's body; 1 MiB */
	size_t message;       /* bytes of a WebSocket message from a client; 64 KiB */
	size_t answer;        /* bytes of an answer's body; 64 MiB */
	size_t queue;         /* bytes that wait for a slow reader of a stream or
				      * WebSocket before it is cut; 256 KiB */
	unsigned head_ms;     /* from its first byte to the end of a head; 10 s */
	unsigned body_ms;     /* from the end of the head to that of the body; 30 s */
	unsigned idle_ms;     /* between requests; 75 s */
	unsigned answer_ms;   /* until a handler answers; 60 s */
	unsigned write_ms;    /* without progress in writing; 30 s */
	unsigned ping_ms;     /* silence of a WebSocket before a ping, and again until
				      * it is given up; 30 s */
};

struct http_request {
	const struct http_head *head;
	const uint8_t *body;
	size_t size;
	bool tls;
};

enum http_end {
	HTTP_END_PEER,    /* the client closed, or its connection broke */
	HTTP_END_SLOW,    /* it did not read what was sent, and was cut */
	HTTP_END_TIMEOUT, /* no answer in time (the client got 503); no sign of life */
	HTTP_END_BROKEN,  /* a WebSocket that did not keep to its protocol */
};

/* What a listener's owner does.  `arg` is of struct http_listener_options. */
struct http_hooks {
	/* A request is there, whole; it lives until the return.  Answer it now or later.
	 * When head->websocket is set, http_websocket may be the answer. */
	void (*request)(void *arg, uint64_t token, const struct http_request *request);
	/* The token ended without the owner's doing.  `status` is a WebSocket's closing
	 * code, else 0.  NULL is fine. */
	void (*gone)(void *arg, uint64_t token, enum http_end end, unsigned status);
	/* All that was queued on a stream or WebSocket is with the kernel.  NULL is fine. */
	void (*drained)(void *arg, uint64_t token);
	/* A WebSocket message; it lives until the return.  NULL ignores them. */
	void (*message)(void *arg, uint64_t token, const uint8_t *data, size_t size, bool text);
};

struct http_listener_options {
	const char *address;    /* numeric; NULL for 127.0.0.1 */
	uint16_t port;          /* 0 lets the system choose */
	const char *cert, *key; /* PEM files for TLS; NULL without */
	struct http_hooks hooks;
	void *arg;
};

/* NULL with *why when memory or the libraries behind it are not there.  `limits` may be
 * NULL. */
struct http_server *http_server_new(struct loop *loop, const struct http_limits *limits,
				    struct sdex_failure *why);

/* Cuts all connections, calls no hook.  Outside of the loop's callbacks.  NULL is fine. */
void http_server_free(struct http_server *server);

/* Listens.  Errors as of sockets_listen (socket.h). */
SDEX_MUST_USE enum sdex_error http_listen(struct http_server *server,
					  struct http_listener **listener,
					  const struct http_listener_options *options,
					  struct sdex_failure *why);
uint16_t http_listener_port(const struct http_listener *listener);
void http_listener_stop(struct http_listener *listener); /* no more connections */
/* Reads certificate and key again.  Errors as of listener_reload (socket.h). */
SDEX_MUST_USE enum sdex_error http_listener_reload(struct http_listener *listener,
						   struct sdex_failure *why);

struct http_line {
	const char *name, *value;
};

struct http_answer {
	unsigned status;               /* 200 .. 599 */
	const char *type;              /* Content-Type; NULL without */
	const struct http_line *lines; /* further header lines */
	size_t line_count;
	const void *body; /* borrowed for the call */
	size_t size;
	struct http_payload *shared; /* in place of body, of http_payload_body; not copied */
};

/* Answers; the token is over.  A HEAD request gets the head alone.
 * UNKNOWN    the token is over already
 * KIND       it is a stream or WebSocket, or `shared` is not of http_payload_body
 * CHARACTER  a header line has a control character or a name that none has
 * RANGE      the status, or a body over the limit
 * SPACE      header lines over 3 KiB
 * Other than with UNKNOWN and KIND the token still wants an answer. */
SDEX_MUST_USE enum sdex_error http_answer(struct http_server *server, uint64_t token,
					  const struct http_answer *answer);

/* Answers with a problem of the given status: title from the status, detail as given (NULL
 * without).  Errors as of http_answer. */
SDEX_MUST_USE enum sdex_error http_problem(struct http_server *server, uint64_t token,
					   unsigned status, const char *detail);

/* Answers with a head, and keeps the token for a body in pieces: http_send, http_stream_end.
 * `answer->body` may be the first piece.  Errors as of http_answer. */
SDEX_MUST_USE enum sdex_error http_stream(struct http_server *server, uint64_t token,
					  const struct http_answer *answer);
SDEX_MUST_USE enum sdex_error http_stream_end(struct http_server *server, uint64_t token);

/* Makes a WebSocket of a request whose head->websocket is set; `protocol` is what to select
 * of Sec-WebSocket-Protocol, NULL for nothing.
 * UNKNOWN, KIND, CHARACTER, NOMEM */
SDEX_MUST_USE enum sdex_error http_websocket(struct http_server *server, uint64_t token,
					     const char *protocol);

/* Sends a close frame behind what is queued; the token is over. */
SDEX_MUST_USE enum sdex_error http_websocket_close(struct http_server *server, uint64_t token,
						   unsigned status, const char *reason);

/* Sends a piece of a stream's body, or a text message on a WebSocket; copied where it
 * cannot go at once.
 * UNKNOWN  the token is over
 * KIND     the request is not answered by http_stream or http_websocket yet
 * LENGTH   the client is too slow, the limit of `queue` is reached: it is cut (gone, with
 *          HTTP_END_SLOW, follows)
 * NOMEM    it is cut as well */
SDEX_MUST_USE enum sdex_error http_send(struct http_server *server, uint64_t token,
					const void *data, size_t size);

/* Bytes that wait for the client; 0 for a token that is over. */
size_t http_queued(const struct http_server *server, uint64_t token);

/* The numeric address of a token's client, "?" when it is over. */
void http_peer(const struct http_server *server, uint64_t token, char text[64]);

/* Bytes that are framed once and sent to many.  They count as queued for each.  NULL when
 * memory is out.  The maker holds one reference. */
struct http_payload *http_payload_body(const void *data, size_t size);    /* for http_answer */
struct http_payload *http_payload_stream(const void *data, size_t size);  /* for streams */
struct http_payload *http_payload_message(const void *data, size_t size); /* WebSocket, text */
struct http_payload *http_payload_binary(const void *data, size_t size);  /* WebSocket */
void http_payload_release(struct http_payload *payload);                  /* NULL is fine */

/* Sends to all of the tokens.  Those that are over, of another kind, or cut for being slow
 * do not keep it from the rest; returns to how many it went. */
size_t http_broadcast(struct http_server *server, const uint64_t *tokens, size_t count,
		      struct http_payload *payload);

/* Since the start, except for the first two. */
struct http_stats {
	unsigned connections;
	size_t queued;              /* bytes, all connections */
	uint64_t accepted, refused; /* connections; refused for want of a place */
	uint64_t requests;
	uint64_t problems; /* answers of the server's own */
	uint64_t timeouts; /* head, body, answer, write, WebSocket silence */
	uint64_t slow;     /* readers that were cut */
};

struct http_stats http_server_stats(const struct http_server *server);

#endif
