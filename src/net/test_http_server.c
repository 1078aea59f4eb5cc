/* net/test_http_server.c - requests, answers, streams and WebSockets over real sockets. */
#include "net/http_server.h"
#include "net/testing.h"

/* A server that does what the path says, and remembers. */
struct world {
	struct loop *loop;
	struct http_server *server;
	struct http_listener *listener;
	uint16_t port;
	uint64_t held[4096]; /* tokens that are not answered at once */
	size_t held_count;
	unsigned requests, gone, drained, messages;
	enum http_end end;
	unsigned status;
	char seen[256]; /* method, path, query, body of the last request */
	char message[300];
};

static void say(struct world *w, uint64_t token, unsigned status, const char *text)
{
	struct http_answer answer = {
		.status = status,
		.type = "text/plain",
		.body = text,
		.size = strlen(text),
	};
	assert_int_equal(http_answer(w->server, token, &answer), SDEX_OK);
	assert_int_equal(http_answer(w->server, token, &answer), SDEX_ERR_UNKNOWN);
}

static void open_stream(struct world *w, uint64_t token)
{
	struct http_answer answer = {.status = 200, .type = "text/event-stream"};
	assert_int_equal(http_stream(w->server, token, &answer), SDEX_OK);
}

static bool path_is(const struct http_request *request, const char *path)
{
	return text_equal(request->head->path, (struct text){path, strlen(path)});
}

static void on_request(void *arg, uint64_t token, const struct http_request *request)
{
	struct world *w = arg;
	const struct http_head *head = request->head;
	w->requests++;
	snprintf(w->seen, sizeof w->seen, "%s %.*s?%.*s %.*s", http_method_name(head->method),
		 (int)head->path.size, head->path.data, (int)head->query.size, head->query.data,
		 (int)request->size, (const char *)request->body);
	if (path_is(request, "/later")) {
		w->held[w->held_count++] = token;
	} else if (path_is(request, "/stream")) {
		w->held[w->held_count++] = token;
		open_stream(w, token);
	} else if (path_is(request, "/ws") && head->websocket) {
		w->held[w->held_count++] = token;
		assert_int_equal(http_websocket(w->server, token, NULL), SDEX_OK);
	} else if (path_is(request, "/big")) {
		size_t size = 8u << 20;
		char *body = malloc(size);
		memset(body, 'x', size);
		struct http_payload *shared = http_payload_body(body, size);
		free(body);
		struct http_answer answer = {.status = 200, .shared = shared};
		assert_int_equal(http_answer(w->server, token, &answer), SDEX_OK);
		http_payload_release(shared);
	} else {
		say(w, token, 200, "hello");
	}
}

static void on_gone(void *arg, uint64_t token, enum http_end end, unsigned status)
{
	struct world *w = arg;
	w->gone++;
	w->end = end;
	w->status = status;
	assert_int_equal(http_send(w->server, token, "x", 1), SDEX_ERR_UNKNOWN);
	for (size_t i = 0; i < w->held_count; i++)
		if (w->held[i] == token)
			w->held[i] = w->held[--w->held_count];
}

static void on_drained(void *arg, uint64_t token)
{
	struct world *w = arg;
	w->drained++;
	assert_int_equal(http_queued(w->server, token), 0);
}

static void on_message(void *arg, uint64_t token, const uint8_t *data, size_t size, bool text)
{
	struct world *w = arg;
	w->messages++;
	snprintf(w->message, sizeof w->message, "%s %.*s", text ? "text" : "binary",
		 (int)(size < 200 ? size : 200), (const char *)data);
	assert_int_equal(http_send(w->server, token, data, size), SDEX_OK);
}

static const struct http_hooks hooks = {on_request, on_gone, on_drained, on_message};

static struct world *world_new(const struct http_limits *limits)
{
	struct world *w = calloc(1, sizeof *w);
	struct sdex_failure why = {0};
	w->loop = loop_new();
	w->server = http_server_new(w->loop, limits, &why);
	if (!w->server)
		fail_msg("%s", why.text);
	struct http_listener_options options = {.hooks = hooks, .arg = w};
	assert_int_equal(http_listen(w->server, &w->listener, &options, &why), SDEX_OK);
	w->port = http_listener_port(w->listener);
	assert_true(w->port > 0);
	return w;
}

static void world_free(struct world *w)
{
	http_server_free(w->server);
	loop_free(w->loop);
	free(w);
}

#define HOST "Host: localhost\r\n"

static void a_request_is_answered_and_the_connection_kept(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	struct raw raw = raw_open(w->port);
	for (unsigned i = 0; i < 3; i++) {
		raw_say(&raw, "GET /a%20b?x=1&y HTTP/1.1\r\n" HOST "\r\n");
		raw_wait(w->loop, &raw, "hello");
		assert_string_equal(w->seen, "GET /a%20b?x=1&y ");
		assert_non_null(strstr(raw.got, "HTTP/1.1 200 OK\r\n"));
		assert_non_null(strstr(raw.got, "Content-Length: 5\r\n"));
		assert_non_null(strstr(raw.got, " GMT\r\n"));
		assert_null(strstr(raw.got, "Connection:"));
		raw.size = 0;
	}
	assert_int_equal(http_server_stats(w->server).accepted, 1);
	raw_close(&raw);
	world_free(w);
}

static void bytes_may_come_one_by_one_and_all_at_once(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	struct raw raw = raw_open(w->port);
	static const char one[] = "POST /p HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nbody"
				  "POST /q HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
				  "3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n"
				  "GET /last HTTP/1.1\r\n" HOST "\r\n";
	for (size_t i = 0; i < sizeof one - 1; i++) {
		assert_int_equal(raw_send(&raw, one + i, 1), 1);
		turn(w->loop, 2);
		if (w->requests == 2 && i < sizeof one - 10)
			assert_string_equal(w->seen, "POST /q? abcde");
	}
	while (w->requests < 3)
		turn(w->loop, 1);
	assert_string_equal(w->seen, "GET /last? ");
	raw_say(&raw, one); /* three requests in one packet are answered in turn */
	while (w->requests < 6)
		turn(w->loop, 1);
	assert_string_equal(w->seen, "GET /last? ");
	raw_close(&raw);
	world_free(w);
}

static void an_answer_may_come_later_and_only_once(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	struct raw raw = raw_open(w->port);
	raw_say(&raw, "GET /later HTTP/1.1\r\n" HOST "\r\nGET /next HTTP/1.1\r\n" HOST "\r\n");
	while (!w->held_count)
		turn(w->loop, 1);
	turn(w->loop, 5);
	assert_int_equal(w->requests, 1); /* in order: the second waits */
	struct http_line bad = {"X-A", "a\r\nSet-Cookie: b"};
	struct http_answer answer = {.status = 200, .lines = &bad, .line_count = 1};
	assert_int_equal(http_answer(w->server, w->held[0], &answer), SDEX_ERR_CHARACTER);
	assert_int_equal(http_send(w->server, w->held[0], "x", 1), SDEX_ERR_KIND);
	say(w, w->held[0], 404, "no such thing");
	assert_int_equal(w->requests, 1); /* never out of a call of ours */
	raw_wait(w->loop, &raw, "hello");
	assert_non_null(strstr(raw.got, "HTTP/1.1 404 Not Found\r\n"));
	assert_int_equal(w->requests, 2);
	assert_int_equal(w->gone, 0);
	raw_close(&raw);
	world_free(w);
}

static void a_client_that_leaves_before_its_answer_is_told_of(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	struct raw raw = raw_open(w->port);
	raw_say(&raw, "GET /later HTTP/1.1\r\n" HOST "\r\n");
	while (!w->held_count)
		turn(w->loop, 1);
	uint64_t token = w->held[0];
	raw_close(&raw);
	while (!w->gone)
		turn(w->loop, 1);
	assert_int_equal(w->end, HTTP_END_PEER);
	struct http_answer answer = {.status = 200};
	assert_int_equal(http_answer(w->server, token, &answer), SDEX_ERR_UNKNOWN);
	assert_int_equal(http_server_stats(w->server).connections, 0);
	world_free(w);
}

static void head_and_old_clients_get_what_they_understand(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	struct raw raw = raw_open(w->port);
	raw_say(&raw, "HEAD / HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(w->loop, &raw, "\r\n\r\n");
	assert_non_null(strstr(raw.got, "Content-Length: 5\r\n"));
	assert_null(strstr(raw.got, "hello"));
	raw_close(&raw);
	raw = raw_open(w->port);
	raw_say(&raw, "GET / HTTP/1.0\r\n\r\n");
	raw_wait(w->loop, &raw, NULL);
	assert_non_null(strstr(raw.got, "Connection: close\r\n"));
	assert_false(raw.reset);
	raw_close(&raw);
	raw = raw_open(w->port);
	raw_say(&raw, "GET /stream HTTP/1.0\r\n\r\n");
	while (!w->held_count)
		turn(w->loop, 1);
	struct http_payload *payload = http_payload_stream("data: 1\n\n", 9);
	assert_int_equal(http_broadcast(w->server, w->held, 1, payload), 1);
	http_payload_release(payload);
	assert_int_equal(http_send(w->server, w->held[0], "data: 2\n\n", 9), SDEX_OK);
	assert_int_equal(http_stream_end(w->server, w->held[0]), SDEX_OK);
	raw_wait(w->loop, &raw, NULL);
	assert_non_null(strstr(raw.got, "\r\n\r\ndata: 1\n\ndata: 2\n\n"));
	raw_close(&raw);
	world_free(w);
}

/* What is sent, and the status that must come back before the connection ends. */
static const struct {
	const char *text;
	unsigned status;
} attacks[] = {
	{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400},
	{"GET / HTTP/1.1\n" HOST "\n", 400},
	{"GET / HTTP/1.1\r\nHost: a\r\rb: c\r\n\r\n", 400},
	{"GET / HTTP/1.1\r\n\r\n", 400},
	{"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
	{"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
	{"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400},
	{"GET / HTTP/1.1\r\nHost: a\x01\r\n\r\n", 400},
	{"GET  / HTTP/1.1\r\n" HOST "\r\n", 400},
	{"GET / HTTP/1.1 \r\n" HOST "\r\n", 400},
	{"GET http:// HTTP/1.1\r\n" HOST "\r\n", 400},
	{"GET x HTTP/1.1\r\n" HOST "\r\n", 400},
	{"GET /\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n", 400},
	{"POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
	{"POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\n", 400},
	{"POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 400},
	{"POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\n", 400},
	{"POST / HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\n", 400},
	{"POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n", 400},
	{"POST / HTTP/1.1\r\n" HOST "Content-Length: 1048577\r\n\r\n", 413},
	{"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
	{"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
	{"POST / HTTP/1.1\r\n" HOST
	 "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
	 400},
	{"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
	{"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nx\r\n", 400},
	{"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n1\nx", 400},
	{"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n1\r\nxy", 400},
	{"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 413},
	{"GET / HTTP/2.0\r\n" HOST "\r\n", 505},
	{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
	{"CONNECT a:1 HTTP/1.1\r\n" HOST "\r\n", 501},
	{"BREW / HTTP/1.1\r\n" HOST "\r\n", 501},
	{"GET / HTTP/1.1\r\n" HOST "Expect: miracles\r\n\r\n", 417},
};

static void what_is_wrong_gets_a_problem_and_the_end(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
		struct raw raw = raw_open(w->port);
		char expected[64];
		raw_say(&raw, attacks[i].text);
		raw_wait(w->loop, &raw, NULL);
		snprintf(expected, sizeof expected, "HTTP/1.1 %u ", attacks[i].status);
		if (raw.size < 12 || memcmp(raw.got, expected, 13) != 0)
			fail_msg("attack %zu: expected %u, got %.200s", i, attacks[i].status,
				 raw.got);
		assert_non_null(strstr(raw.got, "application/problem+json"));
		snprintf(expected, sizeof expected, "\"status\":%u,\"detail\":\"",
			 attacks[i].status);
		assert_non_null(strstr(raw.got, expected));
		assert_non_null(strstr(raw.got, "Connection: close"));
		assert_false(raw.reset);
		raw_close(&raw);
	}
	assert_int_equal(w->requests, 0);
	assert_int_equal(http_server_stats(w->server).problems, sizeof attacks / sizeof attacks[0]);
	world_free(w);
}

static void floods_are_cut_at_the_limits(void **state)
{
	(void)state;
	struct http_limits limits = {.head = 4096, .body = 10000};
	struct world *w = world_new(&limits);
	static const struct {
		const char *start, *more;
		unsigned status;
	} floods[] = {
		{"GET /", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 414},
		{"GET / HTTP/1.1\r\nX: ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 431},
		{"GET / HTTP/1.1\r\n", "a:\r\n", 431},
		{"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n",
		 413},
		{"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n1;", "aaaaaaaaaa",
		 400},
		{"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n", "a: b\r\n",
		 431},
	};
	for (size_t i = 0; i < sizeof floods / sizeof floods[0]; i++) {
		struct raw raw = raw_open(w->port);
		char expected[64];
		raw_say(&raw, floods[i].start);
		snprintf(expected, sizeof expected, "HTTP/1.1 %u ", floods[i].status);
		uint64_t start = loop_now_ms(w->loop);
		do {
			raw_send(&raw, floods[i].more, strlen(floods[i].more));
			loop_turn(w->loop, false);
			raw_read(&raw);
			assert_true(loop_now_ms(w->loop) - start < 20000);
		} while (!strstr(raw.got, expected) && !raw.ended);
		if (!strstr(raw.got, expected))
			fail_msg("flood %zu: expected %u, got %.200s", i, floods[i].status,
				 raw.got);
		raw_close(&raw);
	}
	turn(w->loop, 20);
	assert_int_equal(http_server_stats(w->server).connections, 0);
	world_free(w);
}

static void who_is_too_slow_is_ended(void **state)
{
	(void)state;
	struct http_limits limits = {
		.head_ms = 60, .body_ms = 60, .idle_ms = 60, .answer_ms = 60, .write_ms = 60};
	struct world *w = world_new(&limits);
	struct raw silent = raw_open(w->port);
	struct raw head = raw_open(w->port), body = raw_open(w->port), idle = raw_open(w->port);
	struct raw waits = raw_open(w->port), reads = raw_open(w->port);
	raw_say(&head, "GET / HTTP/1.1\r\n");
	raw_say(&body, "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nabc");
	raw_say(&idle, "GET / HTTP/1.1\r\n" HOST "\r\n");
	raw_say(&waits, "GET /later HTTP/1.1\r\n" HOST "\r\n");
	raw_say(&reads, "GET /big HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(w->loop, &head, NULL);
	assert_non_null(strstr(head.got, "HTTP/1.1 408 "));
	raw_wait(w->loop, &body, NULL);
	assert_non_null(strstr(body.got, "HTTP/1.1 408 "));
	raw_wait(w->loop, &idle, NULL);
	assert_non_null(strstr(idle.got, "hello"));
	assert_null(strstr(idle.got, "408"));
	raw_wait(w->loop, &waits, NULL);
	assert_non_null(strstr(waits.got, "HTTP/1.1 503 "));
	assert_int_equal(w->gone, 1);
	assert_int_equal(w->end, HTTP_END_TIMEOUT);
	raw_wait(w->loop, &silent, NULL);
	assert_int_equal(silent.size, 0);
	while (http_server_stats(w->server).slow == 0)
		turn(w->loop, 1);
	raw_close(&silent), raw_close(&head), raw_close(&body), raw_close(&idle);
	raw_close(&waits), raw_close(&reads);
	turn(w->loop, 10);
	assert_int_equal(http_server_stats(w->server).connections, 0);
	assert_int_equal(http_server_stats(w->server).queued, 0);
	world_free(w);
}

static void a_large_answer_arrives_whole(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	struct raw raw = raw_open(w->port);
	raw_say(&raw, "GET /big HTTP/1.1\r\n" HOST "\r\nGET /small HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(w->loop, &raw, "hello");
	char *body = strstr(raw.got, "\r\n\r\n") + 4;
	assert_int_equal(strspn(body, "x"), 8u << 20);
	assert_int_equal(memcmp(body + (8u << 20), "HTTP/1.1 200 OK", 15), 0);
	raw_close(&raw);
	world_free(w);
}

static void a_stream_is_chunks_and_ends(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	struct raw raw = raw_open(w->port);
	raw_say(&raw, "GET /stream HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(w->loop, &raw, "Transfer-Encoding: chunked\r\n\r\n");
	assert_int_equal(http_send(w->server, w->held[0], "data: 0123456789\n\n", 18), SDEX_OK);
	raw_wait(w->loop, &raw, "\r\n\r\n12\r\ndata: 0123456789\n\n\r\n");
	struct http_answer answer = {.status = 200};
	assert_int_equal(http_answer(w->server, w->held[0], &answer), SDEX_ERR_KIND);
	assert_int_equal(http_stream_end(w->server, w->held[0]), SDEX_OK);
	assert_int_equal(http_stream_end(w->server, w->held[0]), SDEX_ERR_UNKNOWN);
	raw_wait(w->loop, &raw, "0\r\n\r\n");
	raw_say(&raw, "GET / HTTP/1.1\r\n" HOST "\r\n"); /* the connection is still good */
	raw_wait(w->loop, &raw, "hello");
	assert_int_equal(w->gone, 0);
	raw_close(&raw);
	world_free(w);
}

static void a_slow_reader_of_a_stream_is_cut_and_nobody_else(void **state)
{
	(void)state;
	struct http_limits limits = {.queue = 100000};
	struct world *w = world_new(&limits);
	struct raw slow = raw_open(w->port), quick = raw_open(w->port);
	raw_say(&slow, "GET /stream HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(w->loop, &slow, "\r\n\r\n");
	raw_say(&quick, "GET /stream HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(w->loop, &quick, "\r\n\r\n");
	char data[10000];
	memset(data, 'x', sizeof data);
	size_t most = 0;
	struct http_payload *payload = http_payload_stream(data, sizeof data);
	for (int i = 0; i < 10000 && !w->gone; i++) {
		http_broadcast(w->server, w->held, w->held_count, payload);
		if (http_server_stats(w->server).queued > most)
			most = http_server_stats(w->server).queued;
		loop_turn(w->loop, false);
		raw_read(&quick);
		quick.size = 0;
	}
	http_payload_release(payload);
	assert_int_equal(w->gone, 1);
	assert_int_equal(w->end, HTTP_END_SLOW);
	assert_true(most <= 2 * limits.queue);
	assert_int_equal(http_server_stats(w->server).slow, 1);
	assert_int_equal(w->held_count, 1);
	assert_int_equal(http_send(w->server, w->held[0], "still here", 10), SDEX_OK);
	raw_wait(w->loop, &quick, "still here");
	raw_close(&slow), raw_close(&quick);
	world_free(w);
}

static void back_pressure_is_told_and_eases(void **state)
{
	(void)state;
	struct http_limits limits = {.queue = 8u << 20};
	struct world *w = world_new(&limits);
	struct raw raw = raw_open(w->port);
	raw_say(&raw, "GET /stream HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(w->loop, &raw, "\r\n\r\n");
	char data[10000];
	memset(data, 'x', sizeof data);
	while (http_queued(w->server, w->held[0]) < 1u << 20)
		assert_int_equal(http_send(w->server, w->held[0], data, sizeof data), SDEX_OK);
	turn(w->loop, 10);
	assert_int_equal(w->drained, 0);
	while (!w->drained) {
		loop_turn(w->loop, false);
		raw_read(&raw);
	}
	assert_int_equal(w->drained, 1);
	raw_close(&raw);
	world_free(w);
}

static void places_are_limited_and_the_idle_make_room(void **state)
{
	(void)state;
	struct http_limits limits = {.connections = 4};
	struct world *w = world_new(&limits);
	struct raw busy[3], idle, half, late, refused;
	for (int i = 0; i < 2; i++) {
		busy[i] = raw_open(w->port);
		raw_say(&busy[i], "GET /stream HTTP/1.1\r\n" HOST "\r\n");
		raw_wait(w->loop, &busy[i], "\r\n\r\n");
	}
	idle = raw_open(w->port);
	raw_say(&idle, "GET / HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(w->loop, &idle, "hello");
	half = raw_open(w->port);
	raw_say(&half, "GET / HT");
	busy[2] = raw_open(w->port);
	raw_say(&busy[2], "GET /stream HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(w->loop, &busy[2], "\r\n\r\n");
	raw_wait(w->loop, &half, NULL);
	idle.size = 0;
	raw_say(&idle, "GET / HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(w->loop, &idle, "hello");
	late = raw_open(w->port);
	raw_say(&late, "GET /stream HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(w->loop, &late, "\r\n\r\n");
	raw_wait(w->loop, &idle, NULL);
	refused = raw_open(w->port);
	raw_wait(w->loop, &refused, NULL);
	assert_non_null(strstr(refused.got, "HTTP/1.1 503 "));
	char *body = strstr(refused.got, "\r\n\r\n") + 4;
	assert_int_equal(strlen(body),
			 strtoul(strstr(refused.got, "Content-Length: ") + 16, NULL, 10));
	assert_int_equal(http_server_stats(w->server).refused, 1);
	raw_close(&busy[0]), raw_close(&busy[1]), raw_close(&busy[2]), raw_close(&late);
	raw_close(&idle), raw_close(&half), raw_close(&refused);
	world_free(w);
}

static void continue_is_said_when_it_is_waited_for(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	struct raw raw = raw_open(w->port);
	raw_say(&raw,
		"POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
	raw_wait(w->loop, &raw, "HTTP/1.1 100 Continue\r\n\r\n");
	raw_say(&raw, "ok");
	raw_wait(w->loop, &raw, "hello");
	assert_string_equal(w->seen, "POST /? ok");
	raw_close(&raw);
	world_free(w);
}

#define UPGRADE                                                                                 \
	"GET /ws HTTP/1.1\r\n" HOST "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" \
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

static void a_websocket_opens_talks_and_closes(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	struct raw raw = raw_open(w->port);
	/* The key and its answer are RFC 6455's own; a frame rides in the same packet. */
	raw_say(&raw, UPGRADE "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
	raw_wait(w->loop, &raw, "\x81\x05Hello");
	assert_non_null(strstr(raw.got, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
	assert_string_equal(w->message, "text Hello");
	assert_int_equal(raw_send(&raw, "\x89\x82\0\0\0\0pi", 8), 8);
	raw_wait(w->loop, &raw, "\x8a\x02pi");
	struct http_payload *payload = http_payload_message("all", 3);
	assert_int_equal(http_broadcast(w->server, w->held, 1, payload), 1);
	http_payload_release(payload);
	raw_wait(w->loop, &raw,
		 "\x81\x03"
		 "all");
	assert_int_equal(raw_send(&raw, "\x88\x82\0\0\0\0\x03\xe8", 8), 8);
	raw_wait(w->loop, &raw, NULL);
	assert_int_equal(memcmp(raw.got + raw.size - 4, "\x88\x02\x03\xe8", 4), 0);
	assert_int_equal(w->gone, 1);
	assert_int_equal(w->end, HTTP_END_PEER);
	assert_int_equal(w->status, 1000);
	raw_close(&raw);
	world_free(w);
}

static void a_websocket_that_breaks_the_rules_is_closed(void **state)
{
	(void)state;
	struct http_limits limits = {.message = 1000};
	struct world *w = world_new(&limits);
	static const struct {
		const char *frame;
		size_t size;
		unsigned status;
	} bad[] = {
		{"\x81\x01x", 3, 1002},                /* unmasked */
		{"\xc1\x81\0\0\0\0x", 7, 1002},        /* reserved bit */
		{"\x80\x81\0\0\0\0x", 7, 1002},        /* nothing to continue */
		{"\x83\x81\0\0\0\0x", 7, 1002},        /* unknown opcode */
		{"\x09\x80\0\0\0\0", 6, 1002},         /* ping in pieces */
		{"\x81\xfe\0\x05\0\0\0\0", 8, 1002},   /* length not shortest */
		{"\x81\x81\0\0\0\0\xff", 7, 1007},     /* not UTF-8 */
		{"\x81\xfe\x03\xe9\0\0\0\0", 8, 1009}, /* over the limit */
		{"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14, 1009},
		{"\x88\x82\0\0\0\0\x03\xed", 8, 1002}, /* 1005 is never sent */
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct raw raw = raw_open(w->port);
		raw_say(&raw, UPGRADE);
		raw_wait(w->loop, &raw, "\r\n\r\n");
		assert_int_equal(raw_send(&raw, bad[i].frame, bad[i].size), bad[i].size);
		raw_wait(w->loop, &raw, NULL);
		const uint8_t *end = (uint8_t *)raw.got + raw.size - 4;
		if (end[0] != 0x88 || (unsigned)(end[2] << 8 | end[3]) != bad[i].status)
			fail_msg("frame %zu: expected %u, got %02x %u", i, bad[i].status, end[0],
				 (unsigned)(end[2] << 8 | end[3]));
		assert_int_equal(w->end, HTTP_END_BROKEN);
		raw_close(&raw);
	}
	assert_int_equal(w->gone, sizeof bad / sizeof bad[0]);
	world_free(w);
}

static void a_silent_websocket_is_pinged_and_given_up(void **state)
{
	(void)state;
	struct http_limits limits = {.ping_ms = 50};
	struct world *w = world_new(&limits);
	struct raw raw = raw_open(w->port);
	raw_say(&raw, UPGRADE);
	for (int i = 0; i < 3; i++) {
		raw_wait(w->loop, &raw, "\x89");
		assert_int_equal(w->gone, 0);
		raw.size = 0;
		assert_int_equal(raw_send(&raw, "\x8a\x80\0\0\0\0", 6), 6);
	}
	raw_wait(w->loop, &raw, NULL);
	assert_int_equal(w->gone, 1);
	assert_int_equal(w->end, HTTP_END_TIMEOUT);
	raw_close(&raw);
	world_free(w);
}

static void a_thousand_streams_get_each_event_once(void **state)
{
	(void)state;
	enum { STREAMS = 1000, EVENTS = 10 };
	struct world *w = world_new(NULL);
	struct raw *raws = calloc(STREAMS, sizeof *raws);
	for (int i = 0; i < STREAMS; i++) {
		raws[i] = raw_open(w->port);
		raw_say(&raws[i], i % 2 ? "GET /stream HTTP/1.1\r\n" HOST "\r\n" : UPGRADE);
		loop_turn(w->loop, false);
	}
	while (w->held_count < STREAMS)
		turn(w->loop, 1);
	for (int i = 0; i < EVENTS; i++) {
		struct http_payload *stream = http_payload_stream("data: tick\n\n", 12);
		struct http_payload *message = http_payload_message("tick", 4);
		assert_int_equal(http_broadcast(w->server, w->held, STREAMS, stream), STREAMS / 2);
		assert_int_equal(http_broadcast(w->server, w->held, STREAMS, message), STREAMS / 2);
		http_payload_release(stream);
		http_payload_release(message);
		turn(w->loop, 1);
	}
	for (int i = 0; i < STREAMS; i++) {
		int seen = 0;
		char small[8192];
		ssize_t n = recv(raws[i].fd, small, sizeof small - 1, 0);
		assert_true(n > 0);
		small[n] = '\0';
		for (char *p = small; (p = strstr(p, "tick")); p++)
			seen++;
		assert_int_equal(seen, EVENTS);
		raw_close(&raws[i]);
	}
	free(raws);
	while (w->gone < STREAMS)
		turn(w->loop, 1);
	assert_int_equal(http_server_stats(w->server).connections, 0);
	world_free(w);
}

static void the_end_may_come_at_any_time(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	struct raw raws[40];
	static const char *const says[] = {"",
					   "GET / HT",
					   "POST / HTTP/1.1\r\n" HOST
					   "Content-Length: 9\r\n\r\nabc",
					   "GET /later HTTP/1.1\r\n" HOST "\r\n",
					   "GET /stream HTTP/1.1\r\n" HOST "\r\n",
					   UPGRADE,
					   "GET /big HTTP/1.1\r\n" HOST "\r\n",
					   "nonsense\r\n"};
	for (int i = 0; i < 40; i++) {
		raws[i] = raw_open(w->port);
		raw_say(&raws[i], says[i % 8]);
	}
	turn(w->loop, 20);
	world_free(w);
	for (int i = 0; i < 40; i++)
		raw_close(&raws[i]);
}

static void listeners_say_what_is_wrong(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	struct http_listener *other;
	struct sdex_failure why = {0};
	struct http_listener_options taken = {.port = w->port, .hooks = hooks, .arg = w};
	assert_int_equal(http_listen(w->server, &other, &taken, &why), SDEX_ERR_UNSUPPORTED);
	assert_non_null(strstr(why.text, "in use"));
	struct http_listener_options named = {.address = "localhost", .hooks = hooks, .arg = w};
	assert_int_equal(http_listen(w->server, &other, &named, &why), SDEX_ERR_INVALID);
	struct http_listener_options cert = {.cert = "/nowhere", .key = "/nowhere"};
	assert_int_equal(http_listen(w->server, &other, &cert, &why), SDEX_ERR_MISSING);
	struct http_listener_options second = {.address = "::1", .hooks = hooks, .arg = w};
	assert_int_equal(http_listen(w->server, &other, &second, &why), SDEX_OK);
	assert_int_not_equal(http_listener_port(other), w->port);
	http_listener_stop(other);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_answered_and_the_connection_kept),
		cmocka_unit_test(bytes_may_come_one_by_one_and_all_at_once),
		cmocka_unit_test(an_answer_may_come_later_and_only_once),
		cmocka_unit_test(a_client_that_leaves_before_its_answer_is_told_of),
		cmocka_unit_test(head_and_old_clients_get_what_they_understand),
		cmocka_unit_test(what_is_wrong_gets_a_problem_and_the_end),
		cmocka_unit_test(floods_are_cut_at_the_limits),
		cmocka_unit_test(who_is_too_slow_is_ended),
		cmocka_unit_test(a_large_answer_arrives_whole),
		cmocka_unit_test(a_stream_is_chunks_and_ends),
		cmocka_unit_test(a_slow_reader_of_a_stream_is_cut_and_nobody_else),
		cmocka_unit_test(back_pressure_is_told_and_eases),
		cmocka_unit_test(places_are_limited_and_the_idle_make_room),
		cmocka_unit_test(continue_is_said_when_it_is_waited_for),
		cmocka_unit_test(a_websocket_opens_talks_and_closes),
		cmocka_unit_test(a_websocket_that_breaks_the_rules_is_closed),
		cmocka_unit_test(a_silent_websocket_is_pinged_and_given_up),
		cmocka_unit_test(a_thousand_streams_get_each_event_once),
		cmocka_unit_test(the_end_may_come_at_any_time),
		cmocka_unit_test(listeners_say_what_is_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
