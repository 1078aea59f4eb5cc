/* net/http_conn.h - the inside of the server: connections, their deadlines and queues. */
#ifndef SDEX_NET_HTTP_CONN_H
#define SDEX_NET_HTTP_CONN_H

#include <sys/uio.h>

#include "net/http_server.h"
#include "net/socket.h"

#define SLOT_BITS 20u
#define SLOT_MASK ((1u << SLOT_BITS) - 1)

/* What a connection waits for, each with a time of its own: one queue a kind, so that the
 * first in it is always the next to be late. */
enum deadline {
	LATE_HEAD,
	LATE_IDLE,
	LATE_BODY,
	LATE_ANSWER,
	LATE_WRITE,
	LATE_LINGER,
	LATE_PING,
	LATE_PONG,
	DEADLINES,
	NEVER = DEADLINES,
};

enum conn_state {
	CONN_HEAD,   /* between requests, or in the head of one */
	CONN_BODY,   /* in the body */
	CONN_WAIT,   /* the handler has it */
	CONN_FLUSH,  /* the rest of an answer is on its way */
	CONN_STREAM, /* the body of an answer comes in pieces */
	CONN_WEBSOCKET,
	CONN_GOODBYE, /* our close frame is queued or out; theirs may come */
	CONN_LINGER,  /* all is said; what still comes is thrown away until they close */
	CONN_DEAD,    /* without a socket; freed in the next pass */
};

struct buffer {
	uint8_t *data;
	size_t size, room;
};

enum payload_kind { PAYLOAD_BODY, PAYLOAD_STREAM, PAYLOAD_MESSAGE };

struct http_payload {
	unsigned refs;
	enum payload_kind kind;
	size_t before, size, after; /* framing, content, framing */
	uint8_t bytes[];
};

struct out { /* a piece that waits to be written */
	struct out *next;
	struct http_payload *payload;
	size_t at, end;
};

struct conn {
	struct http_server *server;
	struct http_listener *listener;
	struct socket *socket;
	enum conn_state state;
	uint32_t slot;
	uint64_t token; /* the count of requests and the slot; 0 when none is in use */

	enum deadline deadline;
	uint64_t late_ms;
	struct conn *sooner, *later;

	struct loop_task task; /* goes on reading, or ends a dead one */
	bool busy;             /* conn_process is at work further up */
	bool paused;

	struct buffer in; /* what came and is not understood yet */
	struct http_scan scan;
	struct buffer head, body; /* of a request whose body is on its way */
	uint64_t body_left;
	struct http_chunks chunks;

	/* of the current request, for its answer */
	bool head_only, old, chunked_body, close_after, is_websocket;
	char key[24];

	struct out *out, **out_last;
	size_t queued;
	bool was_full; /* something had to wait since the last `drained` */
	struct websocket_reader *reader;
	uint64_t heard_ms; /* last sign of life of a WebSocket */
	size_t discarded;
	enum http_end end; /* of a dead one */
	unsigned end_status;
};

struct http_listener {
	struct http_server *server;
	struct http_listener *next;
	struct listener *listener;
	struct http_hooks hooks;
	void *arg;
};

struct http_server {
	struct loop *loop;
	struct sockets *sockets;
	struct http_limits limits;
	struct http_listener *listeners;
	struct conn **slots;
	uint32_t *free_slots;
	uint32_t slot_count, free_count;
	unsigned live;
	struct {
		struct conn *first, *last;
		uint64_t after_ms;
	} deadlines[DEADLINES];
	struct loop_timer *timer;
	uint64_t timer_ms; /* when it fires, UINT64_MAX when it does not */
	struct http_stats stats;
	char date[40];
	int64_t date_s;
};

extern const struct socket_hooks conn_hooks;

struct conn *conn_of(const struct http_server *server, uint64_t token);
void conn_late(struct conn *conn, enum deadline kind); /* waits for that now */
void conn_check_late(void *arg);                       /* the timer, with its server */

/* Ends the connection; memory and hook follow in the next pass. */
void conn_drop(struct conn *conn, enum http_end end);
void conn_free(struct conn *conn);

/* Writes the pieces, the shared payload behind them (NULL without), or queues what does not
 * go.  NOMEM and LENGTH (over `limit` bytes queued): dropped. */
enum sdex_error conn_write(struct conn *conn, const struct iovec *pieces, int count,
			   struct http_payload *shared, size_t limit);

/* An answer has been written or queued: on to the next request, or the end. */
void conn_answered(struct conn *conn);

/* Says what is wrong, as a problem, and ends the connection. */
void conn_refuse(struct conn *conn, const struct http_refusal *refusal);

/* Answers for the server itself or its owner, whatever the token. */
enum sdex_error conn_answer(struct conn *conn, const struct http_answer *answer, bool stream);
enum sdex_error conn_problem(struct conn *conn, unsigned status, const char *title,
			     const char *detail);

/* A WebSocket's next bytes; returns how many were used. */
size_t conn_read_websocket(struct conn *conn, const uint8_t *data, size_t size);
void conn_send_close(struct conn *conn, unsigned status, struct text reason);
void conn_send_control(struct conn *conn, enum websocket_opcode opcode, const uint8_t *data,
		       size_t size);

struct http_payload *payload_new(enum payload_kind kind, const void *before, size_t before_size,
				 const void *data, size_t size, const void *after,
				 size_t after_size);

#endif
