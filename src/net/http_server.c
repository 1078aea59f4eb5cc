/* net/http_server.c - the server's own: limits, listeners, places. */
#include <stdlib.h>

#include "base/failure.h"
#include "net/http_conn.h"

#define SLACK 256u      /* places for connections that are ended and not yet freed */
#define LINGER_MS 2000u /* for the peer to read the last of it */

/* To those for whom there is no place. */
static const char full[] =
	"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n"
	"Retry-After: 1\r\nContent-Length: 98\r\nConnection: close\r\n\r\n"
	"{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
	"\"detail\":\"too many connections\"}\n";

static void set_limits(struct http_server *server, const struct http_limits *given)
{
	struct http_limits *l = &server->limits;
	if (given)
		*l = *given;
#define DEFAULT(field, value) l->field = l->field ? l->field : (value)
	DEFAULT(connections, 4096);
	DEFAULT(head, 16u << 10);
	DEFAULT(body, 1u << 20);
	DEFAULT(message, 64u << 10);
	DEFAULT(answer, 64u << 20);
	DEFAULT(queue, 256u << 10);
	DEFAULT(head_ms, 10000);
	DEFAULT(body_ms, 30000);
	DEFAULT(idle_ms, 75000);
	DEFAULT(answer_ms, 60000);
	DEFAULT(write_ms, 30000);
	DEFAULT(ping_ms, 30000);
#undef DEFAULT
	if (l->connections > SLOT_MASK - SLACK)
		l->connections = SLOT_MASK - SLACK;
	server->deadlines[LATE_HEAD].after_ms = l->head_ms;
	server->deadlines[LATE_IDLE].after_ms = l->idle_ms;
	server->deadlines[LATE_BODY].after_ms = l->body_ms;
	server->deadlines[LATE_ANSWER].after_ms = l->answer_ms;
	server->deadlines[LATE_WRITE].after_ms = l->write_ms;
	server->deadlines[LATE_LINGER].after_ms = LINGER_MS;
	server->deadlines[LATE_PING].after_ms = l->ping_ms;
	server->deadlines[LATE_PONG].after_ms = l->ping_ms;
}

struct http_server *http_server_new(struct loop *loop, const struct http_limits *limits,
				    struct sdex_failure *why)
{
	struct http_server *server = calloc(1, sizeof *server);
	if (!server) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		return NULL;
	}
	server->loop = loop;
	server->timer_ms = UINT64_MAX;
	set_limits(server, limits);
	server->slot_count = server->limits.connections + SLACK;
	server->slots = calloc(server->slot_count, sizeof(struct conn *));
	server->free_slots = calloc(server->slot_count, sizeof *server->free_slots);
	server->timer = loop_timer_new(loop, conn_check_late, server);
	if (!server->slots || !server->free_slots || !server->timer) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		http_server_free(server);
		return NULL;
	}
	while (server->free_count < server->slot_count) {
		server->free_slots[server->free_count] =
			server->slot_count - 1 - server->free_count;
		server->free_count++;
	}
	server->sockets = sockets_new(loop, why);
	if (!server->sockets) {
		http_server_free(server);
		return NULL;
	}
	return server;
}

void http_server_free(struct http_server *server)
{
	if (!server)
		return;
	for (uint32_t i = 0; server->slots && i < server->slot_count; i++)
		if (server->slots[i])
			conn_free(server->slots[i]);
	loop_timer_free(server->timer);
	sockets_free(server->sockets);
	while (server->listeners) {
		struct http_listener *listener = server->listeners;
		server->listeners = listener->next;
		free(listener);
	}
	free(server->slots);
	free(server->free_slots);
	free(server);
}

enum sdex_error http_listen(struct http_server *server, struct http_listener **out,
			    const struct http_listener_options *options, struct sdex_failure *why)
{
	struct http_listener *listener = calloc(1, sizeof *listener);
	if (!listener)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	*listener = (struct http_listener){
		.server = server,
		.hooks = options->hooks,
		.arg = options->arg,
	};
	struct listener_options lower = {
		.address = options->address,
		.port = options->port,
		.cert = options->cert,
		.key = options->key,
		.refusal = full,
		.hooks = conn_hooks,
		.arg = listener,
	};
	enum sdex_error error = sockets_listen(server->sockets, &listener->listener, &lower, why);
	if (error) {
		free(listener);
		return error;
	}
	listener->next = server->listeners;
	server->listeners = listener;
	*out = listener;
	return SDEX_OK;
}

uint16_t http_listener_port(const struct http_listener *listener)
{
	return listener_port(listener->listener);
}

void http_listener_stop(struct http_listener *listener)
{
	listener_stop(listener->listener);
}

enum sdex_error http_listener_reload(struct http_listener *listener, struct sdex_failure *why)
{
	return listener_reload(listener->listener, why);
}

struct http_stats http_server_stats(const struct http_server *server)
{
	struct http_stats stats = server->stats;
	stats.connections = server->live;
	return stats;
}
