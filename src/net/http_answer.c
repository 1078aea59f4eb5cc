/* net/http_answer.c - what goes out: heads, problems, streams, WebSocket frames. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "net/http_conn.h"

#define LINES_MAX 3072u /* of an owner's header lines */

struct head {
	char text[LINES_MAX + 512];
	size_t size;
};

static void put(struct head *head, struct text text)
{
	memcpy(head->text + head->size, text.data, text.size);
	head->size += text.size;
}

static void put_number(struct head *head, uint64_t number)
{
	char digits[20];
	size_t at = sizeof digits;
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	put(head, (struct text){digits + at, sizeof digits - at});
}

/* The date as HTTP writes it, made once a second. */
static struct text date_of(struct http_server *server)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	if (now.tv_sec != server->date_s || !server->date[0]) {
		static const char days[] = "SunMonTueWedThuFriSat";
		static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
		struct tm t;
		server->date_s = now.tv_sec;
		gmtime_r(&now.tv_sec, &t);
		/* strftime would ask the locale. */
		snprintf(server->date, sizeof server->date,
			 "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * t.tm_wday,
			 t.tm_mday % 100, months + 3 * t.tm_mon, (t.tm_year + 1900) % 10000,
			 t.tm_hour % 100, t.tm_min % 100, t.tm_sec % 100);
	}
	return (struct text){server->date, strlen(server->date)};
}

static bool good_name(const char *name)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	return name[0] && name[strspn(name, token)] == '\0';
}

static bool good_value(const char *value)
{
	for (; *value; value++)
		if (((uint8_t)*value < 0x20 && *value != '\t') || *value == 0x7f)
			return false;
	return true;
}

static enum sdex_error put_line(struct head *head, const char *name, const char *value)
{
	struct text parts[2] = {{name, strlen(name)}, {value, strlen(value)}};
	if (!good_name(name) || !good_value(value))
		return SDEX_ERR_CHARACTER;
	if (head->size + parts[0].size + parts[1].size + 4 > LINES_MAX)
		return SDEX_ERR_SPACE;
	put(head, parts[0]);
	put(head, TEXT(": "));
	put(head, parts[1]);
	put(head, TEXT("\r\n"));
	return SDEX_OK;
}

static enum sdex_error put_lines(struct head *head, const struct http_answer *answer)
{
	enum sdex_error error = SDEX_OK;
	if (answer->type)
		error = put_line(head, "Content-Type", answer->type);
	for (size_t i = 0; i < answer->line_count && !error; i++)
		error = put_line(head, answer->lines[i].name, answer->lines[i].value);
	return error;
}

static void put_status(struct head *head, unsigned status)
{
	const char *text = http_status_text(status);
	put(head, TEXT("HTTP/1.1 "));
	put_number(head, status);
	put(head, TEXT(" "));
	put(head, (struct text){text, strlen(text)});
	put(head, TEXT("\r\n"));
}

/* The lines that are the server's business, and the end of the head. */
static void put_framing(struct head *head, struct conn *c, unsigned status, bool stream,
			size_t size)
{
	put(head, TEXT("Date: "));
	put(head, date_of(c->server));
	if (stream && c->chunked_body) {
		put(head, TEXT("\r\nTransfer-Encoding: chunked"));
	} else if (!stream && status != 204 && status != 304) {
		put(head, TEXT("\r\nContent-Length: "));
		put_number(head, size);
	}
	if (c->close_after)
		put(head, TEXT("\r\nConnection: close"));
	else if (c->old)
		put(head, TEXT("\r\nConnection: keep-alive"));
	put(head, TEXT("\r\n\r\n"));
}

/* Size line of a chunk. */
static size_t chunk_head(char out[24], size_t size)
{
	return (size_t)snprintf(out, 24, "%zx\r\n", size);
}

/* A piece of a stream's body, framed as the client needs it. */
static enum sdex_error write_chunk(struct conn *c, const struct head *head, const void *data,
				   size_t size, size_t limit)
{
	char line[24];
	struct iovec pieces[4];
	int count = 0;
	if (head)
		pieces[count++] = (struct iovec){(void *)head->text, head->size};
	if (size && c->chunked_body)
		pieces[count++] = (struct iovec){line, chunk_head(line, size)};
	if (size)
		pieces[count++] = (struct iovec){(void *)data, size};
	if (size && c->chunked_body)
		pieces[count++] = (struct iovec){(void *)"\r\n", 2};
	return conn_write(c, pieces, count, NULL, limit);
}

enum sdex_error conn_answer(struct conn *c, const struct http_answer *answer, bool stream)
{
	struct head head;
	head.size = 0;
	const struct http_limits *limits = &c->server->limits;
	size_t size = answer->shared ? answer->shared->size : answer->size;
	bool bare = answer->status == 204 || answer->status == 304;
	if (answer->status < 200 || answer->status > 599 || size > limits->answer ||
	    (bare && (size || stream)))
		return SDEX_ERR_RANGE;
	put_status(&head, answer->status);
	enum sdex_error error = put_lines(&head, answer);
	if (error)
		return error;
	c->chunked_body = stream && !c->old;
	if (stream && c->old)
		c->close_after = true; /* the end of the connection ends the body */
	put_framing(&head, c, answer->status, stream, size);
	if (stream && !c->head_only) {
		c->state = CONN_STREAM;
		conn_late(c, NEVER);
		error = write_chunk(c, &head, answer->body, answer->size, limits->queue);
		/* A client that is gone already is told by `gone`, like one that goes later. */
		return error == SDEX_ERR_UNKNOWN ? SDEX_OK : error;
	}
	struct iovec pieces[2] = {{head.text, head.size}, {(void *)answer->body, answer->size}};
	bool body = !c->head_only && size;
	conn_late(c, NEVER);
	c->token = 0;
	conn_write(c, pieces, body && !answer->shared ? 2 : 1, body ? answer->shared : NULL,
		   SIZE_MAX / 2);
	conn_answered(c);
	return SDEX_OK;
}

static size_t quote_json(char *out, size_t room, const char *text)
{
	size_t n = 0;
	for (; *text && n + 7 < room; text++) {
		uint8_t ch = (uint8_t)*text;
		if (ch < 0x20)
			n += (size_t)snprintf(out + n, 7, "\\u%04x", ch);
		else if (ch == '"' || ch == '\\')
			out[n++] = '\\', out[n++] = (char)ch;
		else
			out[n++] = (char)ch;
	}
	out[n] = '\0';
	return n;
}

enum sdex_error conn_problem(struct conn *c, unsigned status, const char *title, const char *detail)
{
	char quoted[1024], body[1280];
	quote_json(quoted, sizeof quoted, detail ? detail : "");
	int size =
		snprintf(body, sizeof body,
			 "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u%s%s%s}\n", title,
			 status, detail ? ",\"detail\":\"" : "", quoted, detail ? "\"" : "");
	struct http_answer answer = {
		.status = status,
		.type = "application/problem+json",
		.body = body,
		.size = (size_t)size,
	};
	return conn_answer(c, &answer, false);
}

/* ---- for the owners */

static enum sdex_error waiting(struct conn **conn, const struct http_server *server, uint64_t token)
{
	*conn = conn_of(server, token);
	if (!*conn)
		return SDEX_ERR_UNKNOWN;
	return (*conn)->state == CONN_WAIT ? SDEX_OK : SDEX_ERR_KIND;
}

enum sdex_error http_answer(struct http_server *server, uint64_t token,
			    const struct http_answer *answer)
{
	struct conn *c;
	enum sdex_error error = waiting(&c, server, token);
	if (!error && answer->shared && answer->shared->kind != PAYLOAD_BODY)
		error = SDEX_ERR_KIND;
	return error ? error : conn_answer(c, answer, false);
}

enum sdex_error http_problem(struct http_server *server, uint64_t token, unsigned status,
			     const char *detail)
{
	struct conn *c;
	enum sdex_error error = waiting(&c, server, token);
	return error ? error : conn_problem(c, status, http_status_text(status), detail);
}

enum sdex_error http_stream(struct http_server *server, uint64_t token,
			    const struct http_answer *answer)
{
	struct conn *c;
	enum sdex_error error = waiting(&c, server, token);
	if (!error && answer->shared)
		error = SDEX_ERR_KIND;
	return error ? error : conn_answer(c, answer, true);
}

enum sdex_error http_stream_end(struct http_server *server, uint64_t token)
{
	struct conn *c = conn_of(server, token);
	if (!c)
		return SDEX_ERR_UNKNOWN;
	if (c->state != CONN_STREAM)
		return SDEX_ERR_KIND;
	c->token = 0;
	struct iovec end = {(void *)"0\r\n\r\n", 5};
	if (c->chunked_body)
		conn_write(c, &end, 1, NULL, SIZE_MAX / 2);
	conn_answered(c);
	return SDEX_OK;
}

enum sdex_error http_websocket(struct http_server *server, uint64_t token, const char *protocol)
{
	struct conn *c;
	struct head head;
	head.size = 0;
	enum sdex_error error = waiting(&c, server, token);
	if (error)
		return error;
	if (!c->is_websocket)
		return SDEX_ERR_KIND;
	char accept[29];
	websocket_accept(accept, (struct text){c->key, sizeof c->key});
	put_status(&head, 101);
	error = put_line(&head, "Sec-WebSocket-Accept", accept);
	if (!error && protocol)
		error = put_line(&head, "Sec-WebSocket-Protocol", protocol);
	if (error)
		return error;
	put(&head, TEXT("Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n"));
	c->reader = websocket_reader_new(server->limits.message);
	if (!c->reader)
		return SDEX_ERR_NOMEM;
	c->state = CONN_WEBSOCKET;
	c->heard_ms = loop_now_ms(server->loop);
	conn_late(c, LATE_PING);
	if (c->in.size && !c->busy)
		loop_defer(server->loop, &c->task);
	struct iovec piece = {head.text, head.size};
	conn_write(c, &piece, 1, NULL, SIZE_MAX / 2); /* a client that is gone: `gone` follows */
	return SDEX_OK;
}

static enum sdex_error write_frame(struct conn *c, enum websocket_opcode opcode, const void *data,
				   size_t size)
{
	uint8_t head[WEBSOCKET_HEAD_MAX];
	struct iovec pieces[2] = {{head, websocket_head(head, opcode, size)}, {(void *)data, size}};
	return conn_write(c, pieces, size ? 2 : 1, NULL, c->server->limits.queue);
}

enum sdex_error http_send(struct http_server *server, uint64_t token, const void *data, size_t size)
{
	struct conn *c = conn_of(server, token);
	if (!c)
		return SDEX_ERR_UNKNOWN;
	if (c->state == CONN_WEBSOCKET)
		return write_frame(c, WEBSOCKET_TEXT, data, size);
	if (c->state != CONN_STREAM)
		return SDEX_ERR_KIND;
	return size ? write_chunk(c, NULL, data, size, server->limits.queue) : SDEX_OK;
}

void conn_send_control(struct conn *c, enum websocket_opcode opcode, const uint8_t *data,
		       size_t size)
{
	(void)!write_frame(c, opcode, data, size); /* a failure has dropped it */
}

void conn_send_close(struct conn *c, unsigned status, struct text reason)
{
	uint8_t payload[WEBSOCKET_CONTROL_MAX];
	size_t size = 0;
	if (status != WEBSOCKET_NO_STATUS)
		size = websocket_close_payload(payload, status, reason);
	c->token = 0;
	c->state = CONN_GOODBYE;
	conn_late(c, LATE_LINGER);
	conn_send_control(c, WEBSOCKET_CLOSE, payload, size);
}

enum sdex_error http_websocket_close(struct http_server *server, uint64_t token, unsigned status,
				     const char *reason)
{
	struct conn *c = conn_of(server, token);
	if (!c)
		return SDEX_ERR_UNKNOWN;
	if (c->state != CONN_WEBSOCKET)
		return SDEX_ERR_KIND;
	conn_send_close(c, status, (struct text){reason, reason ? strlen(reason) : 0});
	return SDEX_OK;
}

/* The token ends here, in a callback of the loop. */
static void tell_gone(struct conn *c, enum http_end end, unsigned status)
{
	const struct http_listener *listener = c->listener;
	uint64_t token = c->token;
	c->token = 0;
	if (token && listener->hooks.gone)
		listener->hooks.gone(listener->arg, token, end, status);
}

size_t conn_read_websocket(struct conn *c, const uint8_t *data, size_t size)
{
	const struct http_listener *listener = c->listener;
	struct websocket_event event;
	size_t used;
	unsigned status;
	switch (websocket_read(c->reader, &event, &used, &status, data, size)) {
	case WEBSOCKET_MORE:
		return used;
	case WEBSOCKET_BAD:
		if (c->state == CONN_GOODBYE) {
			conn_drop(c, HTTP_END_BROKEN);
			return size;
		}
		tell_gone(c, HTTP_END_BROKEN, status);
		conn_send_close(c, status, TEXT(""));
		if (c->state == CONN_DEAD)
			return size;
		c->state = CONN_LINGER;
		if (!c->out)
			socket_shutdown(c->socket);
		return size;
	case WEBSOCKET_EVENT:
		break;
	}
	if (event.opcode == WEBSOCKET_CLOSE) {
		if (c->state == CONN_WEBSOCKET) {
			tell_gone(c, HTTP_END_PEER, event.status);
			conn_send_close(c, event.status, TEXT(""));
		}
		/* Both have said it: the server closes first (RFC 6455, 7.1.1). */
		if (c->state != CONN_DEAD && !c->out)
			conn_drop(c, HTTP_END_PEER);
		return size;
	}
	if (c->state == CONN_GOODBYE)
		return used;
	if (event.opcode == WEBSOCKET_PING)
		conn_send_control(c, WEBSOCKET_PONG, event.data, event.size);
	else if (event.opcode != WEBSOCKET_PONG && listener->hooks.message)
		listener->hooks.message(listener->arg, c->token, event.data, event.size,
					event.opcode == WEBSOCKET_TEXT);
	return used;
}

size_t http_queued(const struct http_server *server, uint64_t token)
{
	const struct conn *c = conn_of(server, token);
	return c ? c->queued : 0;
}

void http_peer(const struct http_server *server, uint64_t token, char text[64])
{
	const struct conn *c = conn_of(server, token);
	if (c)
		socket_peer(c->socket, text);
	else
		memcpy(text, "?", 2);
}

struct http_payload *http_payload_body(const void *data, size_t size)
{
	return payload_new(PAYLOAD_BODY, NULL, 0, data, size, NULL, 0);
}

struct http_payload *http_payload_stream(const void *data, size_t size)
{
	char line[24];
	return payload_new(PAYLOAD_STREAM, line, chunk_head(line, size), data, size, "\r\n", 2);
}

static struct http_payload *message(enum websocket_opcode opcode, const void *data, size_t size)
{
	uint8_t head[WEBSOCKET_HEAD_MAX];
	size_t head_size = websocket_head(head, opcode, size);
	return payload_new(PAYLOAD_MESSAGE, head, head_size, data, size, NULL, 0);
}

struct http_payload *http_payload_message(const void *data, size_t size)
{
	return message(WEBSOCKET_TEXT, data, size);
}

struct http_payload *http_payload_binary(const void *data, size_t size)
{
	return message(WEBSOCKET_BINARY, data, size);
}

size_t http_broadcast(struct http_server *server, const uint64_t *tokens, size_t count,
		      struct http_payload *payload)
{
	size_t sent = 0;
	for (size_t i = 0; i < count; i++) {
		struct conn *c = conn_of(server, tokens[i]);
		bool fits = c && ((c->state == CONN_STREAM && payload->kind == PAYLOAD_STREAM) ||
				  (c->state == CONN_WEBSOCKET && payload->kind == PAYLOAD_MESSAGE));
		if (fits && payload->size &&
		    conn_write(c, NULL, 0, payload, server->limits.queue) == SDEX_OK)
			sent++;
	}
	return sent;
}
