/* sandbox/serve.c - see serve.h.  The only file of src/sandbox that knows sockets and the
 * clock. */
#include "sandbox/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/failure.h"

#define QUEUED_MAX ((size_t)128 << 20) /* bytes that clients have not read, all together */
#define TICK_MS 1000u                  /* how late a held request may notice that its time is up */

/* A request that waits for the next ledger. */
struct open_request {
	uint64_t token;
	struct sandbox_held *held;
	struct open_request *next;
};

struct serve {
	struct loop *loop;
	struct sandbox *sandbox;
	struct http_server *server;
	struct http_listener *horizon, *rpc;
	struct loop_timer *closing, *ticking;
	struct open_request *open;
	uint32_t close_ms;
	uint64_t virtual_s;     /* between the times of ledgers; 0: the clock tells them */
	uint64_t next_close_ms; /* of the loop's clock */
	char trouble[256];
};

static uint64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* --- answers */

static void answer_of(struct http_answer *to, struct http_line lines[4],
		      const struct sandbox_answer *from)
{
	for (size_t i = 0; i < from->line_count; i++)
		lines[i] = (struct http_line){from->lines[i].name, from->lines[i].value};
	*to = (struct http_answer){.status = from->status,
				   .type = from->type,
				   .lines = lines,
				   .line_count = from->line_count,
				   .body = from->body,
				   .size = from->size};
}

/* The client may be gone at any time; its token is then over, and nothing is to be done. */
static void send_whole(struct serve *s, uint64_t token, const struct sandbox_answer *answer)
{
	struct http_line lines[4];
	struct http_answer to;
	answer_of(&to, lines, answer);
	enum sdex_error error = http_answer(s->server, token, &to);
	if (error && error != SDEX_ERR_UNKNOWN)
		(void)!http_problem(s->server, token, 500, "the answer is too large");
}

static void hold(struct serve *s, uint64_t token, struct sandbox_held *held)
{
	struct open_request *open = malloc(sizeof(*open));
	if (!open) {
		sandbox_held_free(held);
		(void)!http_stream_end(s->server, token);
		(void)!http_problem(s->server, token, 503, "memory is out");
		return;
	}
	*open = (struct open_request){token, held, s->open};
	s->open = open;
}

static void respond(struct serve *s, uint64_t token, const struct sandbox_answer *answer)
{
	struct http_line lines[4];
	struct http_answer to;
	if (answer->form == SANDBOX_WHOLE) {
		send_whole(s, token, answer);
		return;
	}
	if (answer->form == SANDBOX_STREAM) {
		answer_of(&to, lines, answer);
		if (http_stream(s->server, token, &to)) {
			sandbox_held_free(answer->held);
			return;
		}
	}
	if (answer->held)
		hold(s, token, answer->held);
	else
		(void)!http_stream_end(s->server, token);
}

/* Says whether the request is over. */
static bool turn(struct serve *s, struct open_request *open, uint64_t now)
{
	struct sandbox_answer answer;
	sandbox_turn(s->sandbox, &answer, open->held, now);
	if (answer.form == SANDBOX_WHOLE) {
		send_whole(s, open->token, &answer);
		return true;
	}
	if (answer.form == SANDBOX_STREAM && answer.size &&
	    http_send(s->server, open->token, answer.body, answer.size))
		return true;
	if (answer.ended)
		(void)!http_stream_end(s->server, open->token);
	return answer.ended;
}

static void turn_all(struct serve *s)
{
	uint64_t now = loop_now_ms(s->loop);
	for (struct open_request **at = &s->open; *at;) {
		struct open_request *open = *at;
		if (!turn(s, open, now)) {
			at = &open->next;
			continue;
		}
		*at = open->next;
		sandbox_held_free(open->held);
		free(open);
	}
}

static void forget(struct serve *s, uint64_t token)
{
	for (struct open_request **at = &s->open; *at; at = &(*at)->next) {
		struct open_request *open = *at;
		if (open->token != token)
			continue;
		*at = open->next;
		sandbox_held_free(open->held);
		free(open);
		return;
	}
}

/* --- requests */

static struct sandbox_request request_of(const struct serve *s, const struct http_request *from)
{
	return (struct sandbox_request){.method = http_method_name(from->head->method),
					.path = from->head->path,
					.query = from->head->query,
					.host = from->head->host,
					.accept = http_field(from->head, "accept"),
					.content_type = http_field(from->head, "content-type"),
					.last_event_id = http_field(from->head, "last-event-id"),
					.body = from->body,
					.size = from->size,
					.now_ms = loop_now_ms(s->loop),
					.time_s = s->virtual_s ? 0 : now_ms() / 1000};
}

/* Many who ask for much and read nothing are not to take all memory. */
static bool refuse_when_full(struct serve *s, uint64_t token)
{
	if (http_server_stats(s->server).queued < QUEUED_MAX)
		return false;
	(void)!http_problem(s->server, token, 503,
			    "answers of over 128 MiB wait to be read: no more until some are");
	return true;
}

static void on_horizon(void *arg, uint64_t token, const struct http_request *request)
{
	struct serve *s = arg;
	struct sandbox_request from = request_of(s, request);
	struct sandbox_answer answer;
	if (refuse_when_full(s, token))
		return;
	sandbox_horizon(s->sandbox, &answer, &from);
	respond(s, token, &answer);
}

static void on_rpc(void *arg, uint64_t token, const struct http_request *request)
{
	struct serve *s = arg;
	struct sandbox_request from = request_of(s, request);
	struct sandbox_answer answer;
	if (refuse_when_full(s, token))
		return;
	sandbox_rpc(s->sandbox, &answer, &from);
	respond(s, token, &answer);
}

static void on_gone(void *arg, uint64_t token, enum http_end end, unsigned status)
{
	(void)end, (void)status;
	forget(arg, token);
}

/* --- time */

static void on_close(void *arg)
{
	struct serve *s = arg;
	struct sdex_failure why = {0};
	uint64_t time =
		s->virtual_s ? sandbox_close_time(s->sandbox) + s->virtual_s : now_ms() / 1000;
	if (sandbox_close(s->sandbox, time, &why)) {
		(void)snprintf(s->trouble, sizeof(s->trouble), "%s", why.text);
		loop_stop(s->loop);
		return;
	}
	turn_all(s);
	/* from when it was due, so that ledgers do not drift; late ones are not made up for */
	uint64_t now = loop_now_ms(s->loop);
	s->next_close_ms += s->close_ms;
	if (s->next_close_ms <= now)
		s->next_close_ms = now + 1;
	loop_timer_start(s->closing, s->next_close_ms - now);
}

static void on_tick(void *arg)
{
	struct serve *s = arg;
	turn_all(s);
	loop_timer_start(s->ticking, TICK_MS);
}

/* --- starting and ending */

static struct http_listener *listen_on(struct serve *s, const struct serve_options *o,
				       uint16_t port, const char *what, bool horizon,
				       struct sdex_failure *why)
{
	struct http_listener *listener = NULL;
	struct sdex_failure because = {0};
	struct http_listener_options options = {
		.address = o->address,
		.port = port,
		.hooks = {.request = horizon ? on_horizon : on_rpc, .gone = on_gone},
		.arg = s};
	if (http_listen(s->server, &listener, &options, &because)) {
		fail(why, because.code, 0, "%s: %s", what, because.text);
		return NULL;
	}
	return listener;
}

static bool start(struct serve *s, const struct serve_options *o, struct sdex_failure *why)
{
	struct http_limits limits = {.body = SANDBOX_RPC_BODY_MAX, .answer_ms = 90000};
	struct sandbox_options of_sandbox = o->sandbox;
	char url[96];
	s->server = http_server_new(s->loop, &limits, why);
	if (!s->server ||
	    !(s->horizon = listen_on(s, o, o->horizon_port, "Horizon's interface", true, why)) ||
	    !(s->rpc = listen_on(s, o, o->rpc_port, "RPC's interface", false, why)))
		return false;
	(void)snprintf(url, sizeof(url), "http://%s:%u", o->address ? o->address : "127.0.0.1",
		       http_listener_port(s->horizon));
	of_sandbox.horizon_url = url;
	of_sandbox.start_s = o->start_s ? o->start_s : now_ms() / 1000;
	s->virtual_s = o->start_s ? of_sandbox.close_s : 0;
	of_sandbox.shares_seconds = !o->start_s && o->close_ms < 1000;
	s->sandbox = sandbox_new(&of_sandbox, why);
	if (!s->sandbox)
		return false;
	s->closing = loop_timer_new(s->loop, on_close, s);
	s->ticking = loop_timer_new(s->loop, on_tick, s);
	if (!s->closing || !s->ticking) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		return false;
	}
	s->close_ms = o->close_ms;
	s->next_close_ms = loop_now_ms(s->loop) + s->close_ms;
	loop_timer_start(s->closing, s->close_ms);
	loop_timer_start(s->ticking, TICK_MS);
	return true;
}

struct serve *serve_new(struct loop *loop, const struct serve_options *options,
			struct sdex_failure *why)
{
	struct serve *s = calloc(1, sizeof(*s));
	if (!s) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		return NULL;
	}
	s->loop = loop;
	if (start(s, options, why))
		return s;
	serve_free(s);
	return NULL;
}

void serve_free(struct serve *s)
{
	if (!s)
		return;
	loop_timer_free(s->closing);
	loop_timer_free(s->ticking);
	http_server_free(s->server);
	for (struct open_request *open = s->open, *next; open; open = next) {
		next = open->next;
		sandbox_held_free(open->held);
		free(open);
	}
	sandbox_free(s->sandbox);
	free(s);
}

uint16_t serve_horizon_port(const struct serve *s)
{
	return http_listener_port(s->horizon);
}

uint16_t serve_rpc_port(const struct serve *s)
{
	return http_listener_port(s->rpc);
}

const char *serve_trouble(const struct serve *s)
{
	return s->trouble[0] ? s->trouble : NULL;
}
