/* tests/net/server.c - a server to be attacked: prints its port and serves until stdin ends.
 *
 * Answers every request with its method, path and the size of its body; /later after
 * 50 ms; /stats with what http_server_stats says. */
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "net/http_server.h"

struct world {
	struct loop *loop;
	struct http_server *server;
};

struct later {
	struct world *world;
	uint64_t token;
	struct loop_timer *timer;
};

static void say(struct world *w, uint64_t token, const char *text)
{
	struct http_answer answer = {.status = 200, .type = "text/plain", .body = text};
	answer.size = strlen(text);
	(void)!http_answer(w->server, token, &answer); /* the client may be gone */
}

static void say_later(void *arg)
{
	struct later *later = arg;
	if (later->world->server)
		say(later->world, later->token, "later");
	loop_timer_free(later->timer);
	free(later);
}

static void on_request(void *arg, uint64_t token, const struct http_request *request)
{
	struct world *w = arg;
	struct text path = request->head->path;
	char text[512];
	if (text_equal(path, TEXT("/later"))) {
		struct later *later = malloc(sizeof *later);
		*later = (struct later){w, token, NULL};
		later->timer = loop_timer_new(w->loop, say_later, later);
		loop_timer_start(later->timer, 50);
		return;
	}
	if (text_equal(path, TEXT("/stats"))) {
		struct http_stats stats = http_server_stats(w->server);
		snprintf(text, sizeof text, "%u %zu %llu", stats.connections, stats.queued,
			 (unsigned long long)stats.timeouts);
	} else {
		snprintf(text, sizeof text, "%s %.*s %zu", http_method_name(request->head->method),
			 (int)(path.size < 300 ? path.size : 300), path.data, request->size);
	}
	say(w, token, text);
}

static void stdin_ended(uv_poll_t *poll, int status, int events)
{
	struct world *w = poll->data;
	(void)status, (void)events;
	loop_stop(w->loop);
}

int main(void)
{
	struct world w = {.loop = loop_new()};
	struct sdex_failure why = {0};
	struct http_listener *listener;
	struct http_limits limits = {.head_ms = 2000, .body_ms = 2000, .connections = 600};
	struct http_listener_options options = {.hooks = {.request = on_request}, .arg = &w};
	w.server = http_server_new(w.loop, &limits, &why);
	if (!w.server || http_listen(w.server, &listener, &options, &why)) {
		fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	uv_poll_t poll = {.data = &w};
	uv_poll_init(loop_uv(w.loop), &poll, 0);
	uv_poll_start(&poll, UV_READABLE | UV_DISCONNECT, stdin_ended);
	printf("%u\n", http_listener_port(listener));
	fflush(stdout);
	loop_run(w.loop);
	uv_close((uv_handle_t *)&poll, NULL);
	http_server_free(w.server);
	w.server = NULL;
	loop_run(w.loop); /* answers that nobody waits for any more */
	loop_free(w.loop);
	return 0;
}
