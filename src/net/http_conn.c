/* net/http_conn.c - one connection: reading requests, writing what is queued, ending. */
#include "net/http_conn.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

#define PIECES 16              /* written at once */
#define DISCARD_MAX (1u << 20) /* of what still comes when all is said */

/* ---- deadlines */

static void unlate(struct conn *c)
{
	if (c->deadline == NEVER)
		return;
	struct http_server *server = c->server;
	if (c->sooner)
		c->sooner->later = c->later;
	else
		server->deadlines[c->deadline].first = c->later;
	if (c->later)
		c->later->sooner = c->sooner;
	else
		server->deadlines[c->deadline].last = c->sooner;
	c->deadline = NEVER;
}

void conn_late(struct conn *c, enum deadline kind)
{
	struct http_server *server = c->server;
	unlate(c);
	if (kind == NEVER)
		return;
	c->deadline = kind;
	c->late_ms = loop_now_ms(server->loop) + server->deadlines[kind].after_ms;
	c->later = NULL;
	c->sooner = server->deadlines[kind].last;
	if (c->sooner)
		c->sooner->later = c;
	else
		server->deadlines[kind].first = c;
	server->deadlines[kind].last = c;
	/* A timer that is too early only looks in vain; one that is too late is wrong. */
	if (c->late_ms < server->timer_ms) {
		server->timer_ms = c->late_ms;
		loop_timer_start(server->timer, server->deadlines[kind].after_ms);
	}
}

static void is_late(struct conn *c)
{
	static const struct http_refusal head = {408, "Request Timeout",
						 "the request's head took too long"},
					 body = {408, "Request Timeout",
						 "the request's body took too long"},
					 answer = {503, "Service Unavailable",
						   "no answer was found in time; try again"};
	struct http_server *server = c->server;
	switch (c->deadline) {
	case LATE_HEAD:
		server->stats.timeouts++;
		if (c->in.size)
			conn_refuse(c, &head);
		else
			conn_drop(c, HTTP_END_TIMEOUT);
		return;
	case LATE_BODY:
		server->stats.timeouts++;
		conn_refuse(c, &body);
		return;
	case LATE_ANSWER: {
		server->stats.timeouts++;
		uint64_t token = c->token;
		const struct http_listener *listener = c->listener;
		c->token = 0;
		conn_refuse(c, &answer);
		if (listener->hooks.gone)
			listener->hooks.gone(listener->arg, token, HTTP_END_TIMEOUT, 0);
		return;
	}
	case LATE_WRITE:
		server->stats.timeouts++;
		server->stats.slow++;
		conn_drop(c, HTTP_END_SLOW);
		return;
	case LATE_PING:
		/* Every message would cost a move in the queue; looking again is cheaper. */
		if (loop_now_ms(server->loop) - c->heard_ms < server->limits.ping_ms) {
			conn_late(c, LATE_PING);
			return;
		}
		conn_late(c, LATE_PONG);
		conn_send_control(c, WEBSOCKET_PING, NULL, 0);
		return;
	case LATE_PONG: /* the ping went out one ping_ms ago */
		if (c->heard_ms + server->limits.ping_ms >= c->late_ms) {
			conn_late(c, LATE_PING);
			return;
		}
		server->stats.timeouts++;
		conn_drop(c, HTTP_END_TIMEOUT);
		return;
	case LATE_IDLE:
	case LATE_LINGER:
		conn_drop(c, HTTP_END_PEER);
		return;
	case NEVER:
		return;
	}
}

void conn_check_late(void *arg)
{
	struct http_server *server = arg;
	uint64_t now = loop_now_ms(server->loop), next = UINT64_MAX;
	server->timer_ms = 0; /* no starting of the timer in between */
	for (int kind = 0; kind < DEADLINES; kind++) {
		struct conn *c;
		while ((c = server->deadlines[kind].first) && c->late_ms <= now)
			is_late(c);
	}
	for (int kind = 0; kind < DEADLINES; kind++)
		if (server->deadlines[kind].first && server->deadlines[kind].first->late_ms < next)
			next = server->deadlines[kind].first->late_ms;
	server->timer_ms = next;
	if (next != UINT64_MAX)
		loop_timer_start(server->timer, next > now ? next - now : 1);
}

/* ---- memory and ends */

static bool buffer_append(struct buffer *b, const void *data, size_t size)
{
	if (size > b->room - b->size) {
		size_t room = b->room ? b->room * 2 : 512;
		while (room < b->size + size)
			room *= 2;
		uint8_t *grown = realloc(b->data, room);
		if (!grown)
			return false;
		b->data = grown;
		b->room = room;
	}
	if (size)
		memcpy(b->data + b->size, data, size);
	b->size += size;
	return true;
}

static void buffer_clear(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer){0};
}

struct http_payload *payload_new(enum payload_kind kind, const void *before, size_t before_size,
				 const void *data, size_t size, const void *after,
				 size_t after_size)
{
	struct http_payload *p = malloc(sizeof *p + before_size + size + after_size);
	if (!p)
		return NULL;
	*p = (struct http_payload){1, kind, before_size, size, after_size};
	if (before_size)
		memcpy(p->bytes, before, before_size);
	if (size)
		memcpy(p->bytes + before_size, data, size);
	if (after_size)
		memcpy(p->bytes + before_size + size, after, after_size);
	return p;
}

void http_payload_release(struct http_payload *payload)
{
	if (payload && --payload->refs == 0)
		free(payload);
}

static void pop_out(struct conn *c)
{
	struct out *out = c->out;
	c->out = out->next;
	if (!c->out)
		c->out_last = &c->out;
	http_payload_release(out->payload);
	free(out);
}

static void forget_out(struct conn *c)
{
	c->server->stats.queued -= c->queued;
	c->queued = 0;
	while (c->out)
		pop_out(c);
}

static void conn_wake(void *arg);

struct conn *conn_of(const struct http_server *server, uint64_t token)
{
	uint64_t slot = token & SLOT_MASK;
	if (token == 0 || slot >= server->slot_count)
		return NULL;
	struct conn *c = server->slots[slot];
	return c && c->token == token && c->state != CONN_DEAD ? c : NULL;
}

static void *conn_opened(void *arg, struct socket *socket)
{
	struct http_listener *listener = arg;
	struct http_server *server = listener->server;
	/* Who takes longest to say what it asks makes room, then who waits longest with nothing to
	 * ask: many that never ask must not drive out those that do. */
	struct conn *out = server->deadlines[LATE_HEAD].first ? server->deadlines[LATE_HEAD].first
							      : server->deadlines[LATE_IDLE].first;
	if (server->live >= server->limits.connections && out)
		conn_drop(out, HTTP_END_PEER);
	struct conn *c = NULL;
	if (server->live < server->limits.connections && server->free_count)
		c = calloc(1, sizeof *c);
	if (!c) {
		server->stats.refused++;
		return NULL;
	}
	c->server = server;
	c->listener = listener;
	c->socket = socket;
	c->slot = server->free_slots[--server->free_count];
	server->slots[c->slot] = c;
	server->stats.accepted++;
	c->deadline = NEVER;
	c->task = (struct loop_task){.run = conn_wake, .arg = c};
	c->out_last = &c->out;
	server->live++;
	conn_late(c, LATE_HEAD);
	return c;
}

void conn_free(struct conn *c)
{
	struct http_server *server = c->server;
	if (c->state != CONN_DEAD) {
		socket_close(c->socket);
		server->live--;
	}
	unlate(c);
	loop_undefer(server->loop, &c->task);
	forget_out(c);
	buffer_clear(&c->in);
	buffer_clear(&c->head);
	buffer_clear(&c->body);
	websocket_reader_free(c->reader);
	server->slots[c->slot] = NULL;
	server->free_slots[server->free_count++] = c->slot;
	free(c);
}

static void conn_die(struct conn *c, enum http_end end)
{
	unlate(c);
	forget_out(c);
	c->state = CONN_DEAD;
	c->end = end;
	c->socket = NULL;
	c->server->live--;
	loop_defer(c->server->loop, &c->task);
}

void conn_drop(struct conn *c, enum http_end end)
{
	if (c->state == CONN_DEAD)
		return;
	socket_close(c->socket);
	conn_die(c, end);
}

static void conn_closed(void *owner)
{
	conn_die(owner, HTTP_END_PEER);
}

/* ---- writing */

static bool queue_piece(struct conn *c, struct http_payload *payload, size_t at, size_t end)
{
	struct out *out = malloc(sizeof *out);
	if (!out)
		return false;
	*out = (struct out){NULL, payload, at, end};
	payload->refs++;
	*c->out_last = out;
	c->out_last = &out->next;
	c->queued += end - at;
	c->server->stats.queued += end - at;
	return true;
}

/* The pieces behind their first `skip` bytes, as one payload. */
static bool queue_rest(struct conn *c, const struct iovec *pieces, int count, size_t skip)
{
	struct buffer rest = {0};
	for (int i = 0; i < count; i++) {
		size_t past = skip < pieces[i].iov_len ? skip : pieces[i].iov_len;
		skip -= past;
		if (!buffer_append(&rest, (uint8_t *)pieces[i].iov_base + past,
				   pieces[i].iov_len - past)) {
			buffer_clear(&rest);
			return false;
		}
	}
	bool good = true;
	if (rest.size) {
		struct http_payload *payload =
			payload_new(PAYLOAD_BODY, NULL, 0, rest.data, rest.size, NULL, 0);
		good = payload && queue_piece(c, payload, 0, rest.size);
		http_payload_release(payload);
	}
	buffer_clear(&rest);
	return good;
}

/* The part of a shared payload that goes to this client: one of HTTP/1.0 gets no chunks. */
static void part_of(size_t *at, size_t *end, const struct conn *c, const struct http_payload *p)
{
	bool bare = p->kind == PAYLOAD_STREAM && !c->chunked_body;
	*at = bare ? p->before : 0;
	*end = bare ? p->before + p->size : p->before + p->size + p->after;
}

enum sdex_error conn_write(struct conn *c, const struct iovec *pieces, int count,
			   struct http_payload *shared, size_t limit)
{
	struct iovec all[8];
	size_t total = 0, own = 0, at = 0, end = 0, sent = 0;
	CHECK(count < 8);
	for (int i = 0; i < count; i++) {
		all[i] = pieces[i];
		own += pieces[i].iov_len;
	}
	if (shared) {
		part_of(&at, &end, c, shared);
		all[count] = (struct iovec){shared->bytes + at, end - at};
	}
	total = own + (end - at);
	if (!c->out) {
		ssize_t got = socket_send(c->socket, all, count + (shared ? 1 : 0));
		if (got < 0) {
			conn_drop(c, HTTP_END_PEER);
			return SDEX_ERR_UNKNOWN;
		}
		sent = (size_t)got;
	}
	if (sent == total)
		return SDEX_OK;
	if (total - sent > limit || c->queued > limit - (total - sent)) {
		c->server->stats.slow++;
		conn_drop(c, HTTP_END_SLOW);
		return SDEX_ERR_LENGTH;
	}
	bool first = !c->out;
	size_t past = sent > own ? sent - own : 0;
	if ((sent < own && !queue_rest(c, pieces, count, sent)) ||
	    (end - at > past && !queue_piece(c, shared, at + past, end))) {
		conn_drop(c, HTTP_END_SLOW);
		return SDEX_ERR_NOMEM;
	}
	c->was_full = true;
	if (first) {
		socket_want_writable(c->socket);
		conn_late(c, LATE_WRITE);
	}
	return SDEX_OK;
}

static void linger(struct conn *c)
{
	c->state = CONN_LINGER;
	c->token = 0;
	buffer_clear(&c->in);
	socket_pause(c->socket, c->paused = false);
	/* Closing with input unread would reset the connection, and with it the answer. */
	socket_shutdown(c->socket);
	conn_late(c, LATE_LINGER);
}

void conn_answered(struct conn *c)
{
	if (c->state == CONN_DEAD)
		return;
	c->token = 0;
	buffer_clear(&c->head);
	buffer_clear(&c->body);
	if (c->out) {
		c->state = CONN_FLUSH;
		return;
	}
	if (c->close_after) {
		linger(c);
		return;
	}
	c->state = CONN_HEAD;
	c->scan = (struct http_scan){0};
	conn_late(c, c->in.size ? LATE_HEAD : LATE_IDLE);
	if (c->in.size && !c->busy)
		loop_defer(c->server->loop, &c->task);
}

static void out_is_empty(struct conn *c)
{
	const struct http_listener *listener = c->listener;
	switch (c->state) {
	case CONN_FLUSH:
		conn_answered(c);
		return;
	case CONN_LINGER:
		socket_shutdown(c->socket);
		conn_late(c, LATE_LINGER);
		return;
	case CONN_GOODBYE:
		conn_late(c, LATE_LINGER);
		return;
	case CONN_STREAM:
	case CONN_WEBSOCKET:
		conn_late(c, c->state == CONN_STREAM ? NEVER : LATE_PING);
		if (c->was_full && listener->hooks.drained) {
			c->was_full = false;
			listener->hooks.drained(listener->arg, c->token);
		}
		return;
	case CONN_BODY: /* it was 100 Continue */
		conn_late(c, LATE_BODY);
		return;
	case CONN_HEAD:
	case CONN_WAIT:
	case CONN_DEAD:
		return;
	}
}

static void conn_writable(void *owner)
{
	struct conn *c = owner;
	while (c->out) {
		struct iovec pieces[PIECES];
		int count = 0;
		for (struct out *out = c->out; out && count < PIECES; out = out->next)
			pieces[count++] =
				(struct iovec){out->payload->bytes + out->at, out->end - out->at};
		ssize_t sent = socket_send(c->socket, pieces, count);
		if (sent < 0) {
			conn_drop(c, HTTP_END_PEER);
			return;
		}
		if (sent == 0) {
			socket_want_writable(c->socket);
			return;
		}
		c->queued -= (size_t)sent;
		c->server->stats.queued -= (size_t)sent;
		while (sent > 0 && c->out) {
			size_t part = c->out->end - c->out->at;
			if ((size_t)sent < part) {
				c->out->at += (size_t)sent;
				break;
			}
			sent -= (ssize_t)part;
			pop_out(c);
		}
		conn_late(c, LATE_WRITE);
	}
	out_is_empty(c);
}

/* ---- reading */

void conn_refuse(struct conn *c, const struct http_refusal *refusal)
{
	c->server->stats.problems++;
	c->close_after = true;
	c->head_only = false;
	/* An answer that cannot be made or sent ends the connection as well. */
	if (conn_problem(c, refusal->status, refusal->title, refusal->text))
		conn_drop(c, HTTP_END_BROKEN);
}

static void dispatch(struct conn *c, const struct http_head *head, const uint8_t *body, size_t size)
{
	const struct http_listener *listener = c->listener;
	struct http_request request = {head, body, size, socket_is_tls(c->socket)};
	c->head_only = head->method == HTTP_HEAD;
	c->old = head->minor == 0;
	c->close_after = !head->keep_alive;
	c->is_websocket = head->websocket;
	if (head->websocket)
		memcpy(c->key, head->websocket_key.data, sizeof c->key);
	c->state = CONN_WAIT;
	c->token = ++c->server->stats.requests << SLOT_BITS | c->slot;
	conn_late(c, LATE_ANSWER);
	listener->hooks.request(listener->arg, c->token, &request);
}

/* The body is whole: reads the saved head once more, for it moved. */
static void body_is_whole(struct conn *c)
{
	struct http_head head;
	struct http_refusal refusal;
	struct http_scan scan = {0};
	size_t size;
	CHECK(http_head_read(&head, &size, &refusal, &scan, (char *)c->head.data, c->head.size,
			     c->head.size + 1) == HTTP_DONE);
	dispatch(c, &head, c->body.data, c->body.size);
}

static const struct http_refusal no_memory = {503, "Service Unavailable", "memory is out"};
static const struct http_refusal too_large = {413, "Content Too Large",
					      "the request's body is over the limit"};

static size_t read_body(struct conn *c, uint8_t *data, size_t size)
{
	if (!c->body_left) { /* chunked */
		struct http_refusal refusal;
		size_t content, used;
		enum http_progress got =
			http_chunks_read(&c->chunks, &content, &used, &refusal, (char *)data, size);
		if (got == HTTP_BAD)
			conn_refuse(c, &refusal);
		else if (content > c->server->limits.body - c->body.size)
			conn_refuse(c, &too_large);
		else if (!buffer_append(&c->body, data, content))
			conn_refuse(c, &no_memory);
		else if (got == HTTP_DONE)
			body_is_whole(c);
		return used;
	}
	size_t part = size < c->body_left ? size : (size_t)c->body_left;
	if (!buffer_append(&c->body, data, part)) {
		conn_refuse(c, &no_memory);
		return part;
	}
	c->body_left -= part;
	if (c->body_left == 0)
		body_is_whole(c);
	return part;
}

static void begin_body(struct conn *c, const struct http_head *head, const uint8_t *data,
		       size_t head_size, bool more_came)
{
	if (!buffer_append(&c->head, data, head_size)) {
		conn_refuse(c, &no_memory);
		return;
	}
	c->state = CONN_BODY;
	c->body_left = head->content_length;
	c->chunks = (struct http_chunks){0};
	conn_late(c, LATE_BODY);
	if (head->expects_continue && !more_came) {
		static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
		struct iovec piece = {(void *)go_on, sizeof go_on - 1};
		if (conn_write(c, &piece, 1, NULL, 4096) == SDEX_OK && !c->out)
			conn_late(c, LATE_BODY);
	}
}

static size_t read_head(struct conn *c, uint8_t *data, size_t size)
{
	/* One empty line in front of a request is what some old clients leave behind. */
	if (c->scan.line == 0 && size >= 2 && data[0] == '\r' && data[1] == '\n')
		return 2;
	if (c->scan.line == 0 && size == 1 && data[0] == '\r')
		return 0;
	struct http_head head;
	struct http_refusal refusal;
	size_t head_size;
	enum http_progress got = http_head_read(&head, &head_size, &refusal, &c->scan, (char *)data,
						size, c->server->limits.head);
	if (got == HTTP_BAD) {
		conn_refuse(c, &refusal);
		return size;
	}
	if (got == HTTP_MORE) {
		if (c->deadline == LATE_IDLE)
			conn_late(c, LATE_HEAD);
		return 0;
	}
	if (head.content_length > c->server->limits.body) {
		conn_refuse(c, &too_large);
		return size;
	}
	if (!head.chunked && head.content_length <= size - head_size) {
		size_t body = (size_t)head.content_length;
		dispatch(c, &head, data + head_size, body);
		return head_size + body;
	}
	begin_body(c, &head, data, head_size, size > head_size);
	return head_size;
}

/* One step; returns how much was used, 0 when it takes more input or another state. */
static size_t conn_step(struct conn *c, uint8_t *data, size_t size)
{
	switch (c->state) {
	case CONN_HEAD:
		return read_head(c, data, size);
	case CONN_BODY:
		return read_body(c, data, size);
	case CONN_WEBSOCKET:
	case CONN_GOODBYE:
		c->heard_ms = loop_now_ms(c->server->loop);
		return conn_read_websocket(c, data, size);
	case CONN_LINGER:
		c->discarded += size;
		if (c->discarded > DISCARD_MAX)
			conn_drop(c, HTTP_END_PEER);
		return size;
	case CONN_DEAD:
		return size;
	case CONN_WAIT:
	case CONN_FLUSH:
	case CONN_STREAM:
		return 0;
	}
	return 0;
}

/* Works on `data`, or when that is NULL on what was kept, and keeps the rest. */
static void conn_process(struct conn *c, uint8_t *data, size_t size)
{
	struct buffer kept = c->in;
	if (kept.size) {
		c->in = (struct buffer){0}; /* ours while we work */
		if (size && !buffer_append(&kept, data, size)) {
			buffer_clear(&kept);
			conn_drop(c, HTTP_END_BROKEN);
			return;
		}
		data = kept.data;
		size = kept.size;
	}
	size_t at = 0, used = 1;
	c->busy = true;
	while (at < size && used) {
		used = conn_step(c, data + at, size - at);
		at += used;
		if (c->state == CONN_HEAD && used)
			c->scan = (struct http_scan){0};
	}
	c->busy = false;
	if (c->state == CONN_DEAD || at == size) {
		buffer_clear(&kept);
		return;
	}
	if (kept.size) {
		memmove(kept.data, kept.data + at, size - at);
		kept.size = size - at;
		c->in = kept;
	} else if (!buffer_append(&c->in, data + at, size - at)) {
		conn_drop(c, HTTP_END_BROKEN);
		return;
	}
	/* Whoever sends on before the answer is held back, at about one head more. */
	bool full = c->state != CONN_HEAD && c->in.size > c->server->limits.head;
	if (full != c->paused)
		socket_pause(c->socket, c->paused = full);
}

static void conn_received(void *owner, uint8_t *data, size_t size)
{
	struct conn *c = owner;
	conn_process(c, data, size);
}

/* From the top of the loop: goes on with what was kept, or buries a dead one. */
static void conn_wake(void *arg)
{
	struct conn *c = arg;
	if (c->state != CONN_DEAD) {
		if (c->paused)
			socket_pause(c->socket, c->paused = false);
		if (c->in.size)
			conn_process(c, NULL, 0);
		return;
	}
	const struct http_listener *listener = c->listener;
	uint64_t token = c->token;
	enum http_end end = c->end;
	unsigned status = c->end_status;
	conn_free(c);
	if (token && listener->hooks.gone)
		listener->hooks.gone(listener->arg, token, end, status);
}

const struct socket_hooks conn_hooks = {
	.opened = conn_opened,
	.received = conn_received,
	.writable = conn_writable,
	.closed = conn_closed,
};
