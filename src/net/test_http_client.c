/* net/test_http_client.c - our client against our server, and against servers that misbehave. */
#include "chain/sse.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/testing.h"

#define ASKS 300

/* What has come for one token. */
struct answer {
	unsigned heads, bodies, ends, errors;
	unsigned status;
	size_t size;
	uint64_t sum;
	enum http_failure failure;
	bool sent;
	char text[300], type[64], start[200];
};

struct world {
	struct loop *loop;
	struct http_server *server;
	struct http_client *client;
	uint16_t port;
	uint64_t held[ASKS];
	size_t held_count;
	unsigned gone, requests;
	uint64_t sent_sum;
	struct answer answers[ASKS];
	unsigned done;
	uint64_t cancel_at_body; /* a token that is cancelled in its own event */
	uint64_t pause_at_head;
	bool restart; /* the token of an end is used again at once */
	struct sse_reader *sse;
	unsigned events;
};

static void on_request(void *arg, uint64_t token, const struct http_request *request)
{
	struct world *w = arg;
	struct text path = request->head->path;
	w->requests++;
	if (text_equal(path, TEXT("/later"))) {
		w->held[w->held_count++] = token;
	} else if (text_equal(path, TEXT("/stream"))) {
		struct http_answer head = {.status = 200, .type = "text/event-stream"};
		w->held[w->held_count++] = token;
		assert_int_equal(http_stream(w->server, token, &head), SDEX_OK);
	} else if (text_equal(path, TEXT("/big"))) {
		static char body[4u << 20];
		for (size_t i = 0; i < sizeof body; i++)
			body[i] = (char)(i * 7 + i / 1000);
		w->sent_sum = 0;
		for (size_t i = 0; i < sizeof body; i++)
			w->sent_sum = w->sent_sum * 31 + (uint8_t)body[i];
		struct http_answer answer = {.status = 200, .body = body, .size = sizeof body};
		assert_int_equal(http_answer(w->server, token, &answer), SDEX_OK);
	} else {
		char text[500];
		struct text mine = http_field(request->head, "x-mine");
		int size = snprintf(text, sizeof text, "%s %.*s %.*s %.*s",
				    http_method_name(request->head->method), (int)path.size,
				    path.data, (int)mine.size, mine.data, (int)request->size,
				    (const char *)request->body);
		struct http_answer answer = {
			.status = 200, .type = "text/plain", .body = text, .size = (size_t)size};
		assert_int_equal(http_answer(w->server, token, &answer), SDEX_OK);
	}
}

static void on_gone(void *arg, uint64_t token, enum http_end end, unsigned status)
{
	struct world *w = arg;
	(void)end, (void)status, (void)token;
	w->gone++;
}

static bool take_sse(void *arg, const struct sse_event *event)
{
	struct world *w = arg;
	char id[16];
	snprintf(id, sizeof id, "%u", ++w->events);
	assert_int_equal(event->id.size, strlen(id));
	assert_memory_equal(event->id.data, id, event->id.size);
	return true;
}

static void start(struct world *w, uint64_t token, const char *path, unsigned total_ms);

static void on_event(void *arg, const struct http_event *event)
{
	struct world *w = arg;
	struct answer *a = &w->answers[event->token];
	assert_int_equal(a->ends + a->errors, 0);
	switch (event->kind) {
	case HTTP_EVENT_HEAD: {
		struct text type = http_event_line(event, "content-type");
		assert_int_equal(a->heads++, 0);
		a->status = event->status;
		snprintf(a->type, sizeof a->type, "%.*s", (int)type.size,
			 type.size ? type.data : "");
		if (event->token == w->pause_at_head)
			http_client_pause(w->client, event->token, true);
		return;
	}
	case HTTP_EVENT_BODY:
		assert_int_equal(a->heads, 1);
		a->bodies++;
		if (a->size + event->size < sizeof a->start)
			memcpy(a->start + a->size, event->data, event->size);
		a->size += event->size;
		for (size_t i = 0; i < event->size; i++)
			a->sum = a->sum * 31 + ((const uint8_t *)event->data)[i];
		if (w->sse)
			assert_int_equal(
				sse_read(w->sse, take_sse, w, event->data, event->size, NULL),
				SDEX_OK);
		if (event->token == w->cancel_at_body)
			http_client_cancel(w->client, event->token);
		return;
	case HTTP_EVENT_END:
		a->ends++;
		w->done++;
		if (w->restart) {
			w->restart = false;
			*a = (struct answer){0};
			start(w, event->token, "/again", 0);
		}
		return;
	case HTTP_EVENT_ERROR:
		a->errors++;
		a->failure = event->failure;
		a->sent = event->sent;
		snprintf(a->text, sizeof a->text, "%s", event->text);
		w->done++;
		return;
	}
}

static struct world *world_new(const struct http_client_limits *limits)
{
	struct world *w = calloc(1, sizeof *w);
	struct http_listener *listener;
	struct http_listener_options options = {.hooks = {.request = on_request, .gone = on_gone},
						.arg = w};
	w->loop = loop_new();
	w->server = http_server_new(w->loop, NULL, NULL);
	assert_int_equal(http_listen(w->server, &listener, &options, NULL), SDEX_OK);
	w->port = http_listener_port(listener);
	w->client = http_client_new(w->loop, limits, on_event, w, NULL);
	assert_non_null(w->client);
	w->cancel_at_body = w->pause_at_head = UINT64_MAX;
	return w;
}

static void world_free(struct world *w)
{
	http_client_free(w->client);
	http_server_free(w->server);
	loop_free(w->loop);
	sse_reader_free(w->sse);
	free(w);
}

static void start_at(struct world *w, uint64_t token, uint16_t port, const char *path,
		     unsigned total_ms)
{
	char url[100];
	snprintf(url, sizeof url, "http://127.0.0.1:%u%s", port, path);
	struct http_ask ask = {.method = "GET", .url = url, .total_ms = total_ms};
	struct sdex_failure why = {0};
	if (http_client_start(w->client, token, &ask, &why))
		fail_msg("%s", why.text);
}

static void start(struct world *w, uint64_t token, const char *path, unsigned total_ms)
{
	start_at(w, token, w->port, path, total_ms);
}

static void until_done(struct world *w, unsigned count)
{
	uint64_t begin = loop_now_ms(w->loop);
	while (w->done < count) {
		loop_turn(w->loop, false);
		if (loop_now_ms(w->loop) - begin > 20000)
			fail_msg("%u of %u answers came", w->done, count);
	}
}

static void an_answer_is_head_body_end(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	w->restart = true;
	start(w, 1, "/first", 5000);
	assert_int_equal(w->answers[1].heads, 0); /* never out of the call */
	until_done(w, 2);
	assert_int_equal(w->answers[1].status, 200);
	assert_string_equal(w->answers[1].type, "text/plain");
	assert_string_equal(w->answers[1].start, "GET /again  ");
	assert_int_equal(w->answers[1].ends, 1);
	assert_int_equal(http_server_stats(w->server).accepted, 1); /* kept and used again */
	assert_int_equal(http_client_count(w->client), 0);
	world_free(w);
}

static void methods_lines_and_bodies_go_out(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
	char url[100];
	snprintf(url, sizeof url, "http://127.0.0.1:%u/m", w->port);
	struct http_ask_line line = {"X-Mine", "yes"};
	for (unsigned i = 0; i < 6; i++) {
		char expected[64];
		bool body = i > 0 && i < 5;
		struct http_ask ask = {.method = methods[i],
				       .url = url,
				       .lines = &line,
				       .line_count = 1,
				       .body = body ? "content" : NULL,
				       .size = body ? 7 : 0};
		assert_int_equal(http_client_start(w->client, i, &ask, NULL), SDEX_OK);
		until_done(w, i + 1);
		snprintf(expected, sizeof expected, "%s /m yes %s", methods[i],
			 body ? "content" : "");
		assert_string_equal(w->answers[i].start, expected);
	}
	struct http_ask head = {.method = "HEAD", .url = url};
	assert_int_equal(http_client_start(w->client, 10, &head, NULL), SDEX_OK);
	until_done(w, 7);
	assert_int_equal(w->answers[10].ends, 1);
	assert_int_equal(w->answers[10].size, 0);
	world_free(w);
}

static void what_cannot_be_asked_is_refused(void **state)
{
	(void)state;
	struct http_client_limits limits = {.requests = 2};
	struct world *w = world_new(&limits);
	struct http_ask_line split = {"X-A", "a\r\nX-B: b"};
	struct http_ask good = {.method = "GET", .url = "http://127.0.0.1:1/"};
	struct http_ask bad[] = {
		{.method = "GET", .url = "ftp://127.0.0.1/"},
		{.method = "GET", .url = "file:///etc/passwd"},
		{.method = "GET", .url = "http://a/ b"},
		{.method = "G T", .url = "http://a/"},
		{.method = "GET", .url = "http://a/", .lines = &split, .line_count = 1},
	};
	struct sdex_failure why;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(http_client_start(w->client, 1, &bad[i], &why), SDEX_ERR_INVALID);
	assert_int_equal(http_client_start(w->client, 1, &good, &why), SDEX_OK);
	assert_int_equal(http_client_start(w->client, 1, &good, &why), SDEX_ERR_DUPLICATE);
	assert_int_equal(http_client_start(w->client, 2, &good, &why), SDEX_OK);
	assert_int_equal(http_client_start(w->client, 3, &good, &why), SDEX_ERR_SPACE);
	until_done(w, 2);
	assert_int_equal(w->answers[1].failure, HTTP_FAIL_CONNECT);
	assert_false(w->answers[1].sent);
	world_free(w);
}

static void a_body_is_held_back_and_arrives_whole(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	w->pause_at_head = 1;
	start(w, 1, "/big", 0);
	while (!w->answers[1].heads)
		loop_turn(w->loop, false);
	turn(w->loop, 200);
	assert_true(w->answers[1].bodies <= 1);
	assert_true(http_server_stats(w->server).queued > 100000); /* the server feels it */
	for (int i = 0; i < 5; i++) {
		unsigned before = w->answers[1].bodies;
		http_client_pause(w->client, 1, false);
		while (w->answers[1].bodies == before)
			loop_turn(w->loop, false);
		http_client_pause(w->client, 1, true);
		turn(w->loop, 10);
	}
	http_client_pause(w->client, 1, false);
	until_done(w, 1);
	assert_int_equal(w->answers[1].ends, 1);
	assert_int_equal(w->answers[1].size, 4u << 20);
	assert_true(w->answers[1].sum == w->sent_sum);
	world_free(w);
}

static void a_cancel_is_silent_at_any_time(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	w->cancel_at_body = 1;
	start(w, 1, "/big", 0);   /* in its own event */
	start(w, 2, "/later", 0); /* while it waits */
	start(w, 3, "/x", 0);     /* before it starts */
	http_client_cancel(w->client, 3);
	http_client_cancel(w->client, 77); /* of nobody */
	while (!w->held_count || !w->answers[1].bodies)
		loop_turn(w->loop, false);
	http_client_cancel(w->client, 2);
	turn(w->loop, 100);
	for (int i = 1; i <= 3; i++)
		assert_int_equal(w->answers[i].ends + w->answers[i].errors, 0);
	assert_int_equal(w->answers[1].bodies, 1);
	assert_int_equal(w->answers[3].heads, 0);
	assert_int_equal(w->gone, 1);
	assert_int_equal(http_client_count(w->client), 0);
	world_free(w);
}

static void time_is_bounded_three_ways(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	char url[100];
	snprintf(url, sizeof url, "http://127.0.0.1:%u/later", w->port);
	struct http_ask total = {.method = "GET", .url = url, .total_ms = 50};
	struct http_ask idle = {.method = "GET", .url = url, .idle_ms = 50};
	/* TEST-NET-1 answers nobody: a route may also refuse it at once. */
	struct http_ask connect = {.method = "GET", .url = "http://192.0.2.1/", .connect_ms = 50};
	assert_int_equal(http_client_start(w->client, 1, &total, NULL), SDEX_OK);
	assert_int_equal(http_client_start(w->client, 2, &idle, NULL), SDEX_OK);
	assert_int_equal(http_client_start(w->client, 3, &connect, NULL), SDEX_OK);
	until_done(w, 3);
	assert_int_equal(w->answers[1].failure, HTTP_FAIL_TIMEOUT);
	assert_int_equal(w->answers[2].failure, HTTP_FAIL_TIMEOUT);
	assert_true(w->answers[1].sent && w->answers[2].sent);
	assert_true(w->answers[3].failure == HTTP_FAIL_TIMEOUT ||
		    w->answers[3].failure == HTTP_FAIL_CONNECT);
	assert_false(w->answers[3].sent);
	world_free(w);
}

/* A server of bytes: says its piece to whoever connects, and hangs up or does not. */
static int liar(uint16_t *port)
{
	struct sockaddr_in name = {.sin_family = AF_INET};
	socklen_t size = sizeof name;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, size), 0);
	assert_int_equal(listen(fd, 10), 0);
	getsockname(fd, (struct sockaddr *)&name, &size);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	*port = ntohs(name.sin_port);
	return fd;
}

static int take_one(struct world *w, int liar)
{
	char request[4096];
	int fd;
	while ((fd = accept(liar, NULL, NULL)) < 0)
		turn(w->loop, 1);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (recv(fd, request, sizeof request, 0) <= 0)
		turn(w->loop, 1);
	return fd;
}

static void lies_are_told_apart(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum http_failure failure;
		unsigned heads;
	} lies[] = {
		{"", HTTP_FAIL_CUT, 0},
		{"HTTP/1.1 200 OK\r\nContent-Le", HTTP_FAIL_CUT, 0},
		{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", HTTP_FAIL_CUT, 1},
		{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", HTTP_FAIL_CUT, 1},
		{"SSH-2.0-OpenSSH_9.2\r\n", HTTP_FAIL_PROTOCOL, 0},
		{"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", HTTP_FAIL_OVERSIZE, 1},
		{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", HTTP_FAIL_NONE, 1},
		{"HTTP/1.1 200 OK\r\n\r\nto the end", HTTP_FAIL_NONE, 1},
	};
	struct world *w = world_new(NULL);
	uint16_t port;
	int server = liar(&port);
	char url[100];
	snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
	struct http_ask ask = {.method = "GET", .url = url, .limit = 1000};
	for (unsigned i = 0; i < sizeof lies / sizeof lies[0]; i++) {
		assert_int_equal(http_client_start(w->client, i, &ask, NULL), SDEX_OK);
		int fd = take_one(w, server);
		assert_int_equal(send(fd, lies[i].text, strlen(lies[i].text), MSG_NOSIGNAL),
				 strlen(lies[i].text));
		if (lies[i].failure == HTTP_FAIL_OVERSIZE) {
			char more[2000] = {0};
			assert_int_equal(send(fd, more, sizeof more, MSG_NOSIGNAL), sizeof more);
		}
		close(fd);
		until_done(w, i + 1);
		struct answer *a = &w->answers[i];
		if (a->failure != lies[i].failure || a->heads != lies[i].heads)
			fail_msg("lie %u: failure %d, %u heads: %s", i, (int)a->failure, a->heads,
				 a->text);
		assert_int_equal(a->errors, lies[i].failure != HTTP_FAIL_NONE);
		assert_true(!a->errors || a->sent);
	}
	close(server);
	world_free(w);
}

static void endless_header_lines_are_cut(void **state)
{
	(void)state;
	struct world *w = world_new(NULL);
	uint16_t port;
	int server = liar(&port);
	start_at(w, 1, port, "/", 0);
	int fd = take_one(w, server);
	assert_true(send(fd, "HTTP/1.1 200 OK\r\n", 17, MSG_NOSIGNAL) == 17);
	for (int i = 0; i < 100000 && !w->done; i++) {
		send(fd, "X-More: 0123456789012345678901234567890123456789\r\n", 50, MSG_NOSIGNAL);
		loop_turn(w->loop, false);
	}
	assert_int_equal(w->answers[1].failure, HTTP_FAIL_OVERSIZE);
	close(fd);
	close(server);
	world_free(w);
}

/* Says the same over and over until the request has failed. */
static void say_without_end(struct world *w, int fd, const void *piece, size_t size)
{
	static uint8_t many[20000];
	size_t fill = 0, at = 0;
	for (; fill + size <= sizeof many; fill += size)
		memcpy(many + fill, piece, size);
	uint64_t begin = loop_now_ms(w->loop), sent = 0;
	while (!w->done && loop_now_ms(w->loop) - begin < 20000) {
		ssize_t n = send(fd, many + at, fill - at, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			at = (at + (size_t)n) % fill;
			sent += (uint64_t)n;
		}
		loop_turn(w->loop, false);
	}
	assert_true(w->done);
	assert_true(sent < (64u << 20)); /* of which most is in buffers of the system */
}

/* RFC 1951 and 1952: an empty stored block, an empty member of one fixed block. */
#define GZIP_HEAD "\x1f\x8b\x08\0\0\0\0\0\0\x03"
#define GZIP_BLOCK "\0\0\0\xff\xff"
#define GZIP_MEMBER GZIP_HEAD "\x03\0\0\0\0\0\0\0\0\0"

/* No time limit ends these, and no byte of them is ever one of the answer. */
static void what_says_nothing_without_end_is_cut(void **state)
{
	(void)state;
	static const struct {
		const char *start, *more;
		size_t start_size, more_size, limit;
		enum http_failure failure;
	} servers[] = {
#define SAYS(start, more, limit, failure) \
	{start, more, sizeof start - 1, sizeof more - 1, limit, failure}
#define PACKED "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" GZIP_HEAD
		SAYS(PACKED, GZIP_BLOCK, 0, HTTP_FAIL_PROTOCOL),
		SAYS(PACKED "\x03\0\0\0\0\0\0\0\0\0", GZIP_MEMBER, 0, HTTP_FAIL_PROTOCOL),
		/* a byte now and then, in a stored block of its own */
		SAYS(PACKED, "\0\1\0\xfe\xff!" GZIP_BLOCK GZIP_BLOCK GZIP_BLOCK GZIP_BLOCK, 1000000,
		     HTTP_FAIL_PROTOCOL),
		SAYS("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n!\r\n0\r\n",
		     "X: y\r\n", 0, HTTP_FAIL_OVERSIZE),
		SAYS("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", 0,
		     HTTP_FAIL_OVERSIZE),
	};
	for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
		struct world *w = world_new(NULL);
		uint16_t port;
		int server = liar(&port);
		char url[64];
		snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
		struct http_ask ask = {.method = "GET",
				       .url = url,
				       .idle_ms = UINT32_MAX,
				       .limit = servers[i].limit,
				       .compressed = true};
		assert_int_equal(http_client_start(w->client, 1, &ask, NULL), SDEX_OK);
		int fd = take_one(w, server);
		assert_int_equal(send(fd, servers[i].start, servers[i].start_size, MSG_NOSIGNAL),
				 servers[i].start_size);
		say_without_end(w, fd, servers[i].more, servers[i].more_size);
		if (w->answers[1].failure != servers[i].failure)
			fail_msg("server %zu: failure %d: %s", i, (int)w->answers[1].failure,
				 w->answers[1].text);
		close(fd);
		close(server);
		world_free(w);
	}
}

static void connections_to_a_host_are_capped(void **state)
{
	(void)state;
	struct http_client_limits limits = {.host_connections = 4};
	struct world *w = world_new(&limits);
	for (uint64_t i = 0; i < 100; i++)
		start(w, i, "/x", 10000);
	until_done(w, 100);
	for (uint64_t i = 0; i < 100; i++)
		assert_int_equal(w->answers[i].ends, 1);
	assert_int_equal(http_server_stats(w->server).accepted, 4);
	world_free(w);
}

static void many_streams_carry_events(void **state)
{
	(void)state;
	struct http_client_limits limits = {.host_connections = 300, .connections = 300};
	struct world *w = world_new(&limits);
	for (uint64_t i = 0; i < ASKS; i++)
		start(w, i, "/stream", 0);
	uint64_t begin = loop_now_ms(w->loop);
	for (unsigned heads = 0; heads < ASKS && loop_now_ms(w->loop) - begin < 20000;) {
		loop_turn(w->loop, false);
		heads = 0;
		for (unsigned i = 0; i < ASKS; i++)
			heads += w->answers[i].heads; /* before any byte of a body */
	}
	struct http_payload *payload = http_payload_stream("id: 1\ndata: x\n\n", 15);
	assert_int_equal(http_broadcast(w->server, w->held, w->held_count, payload), ASKS);
	http_payload_release(payload);
	for (unsigned i = 0; i < ASKS; i++)
		assert_int_equal(http_stream_end(w->server, w->held[i]), SDEX_OK);
	until_done(w, ASKS);
	for (unsigned i = 0; i < ASKS; i++) {
		assert_int_equal(w->answers[i].ends, 1);
		assert_string_equal(w->answers[i].start, "id: 1\ndata: x\n\n");
	}
	world_free(w);
}

static void one_stream_is_read_event_by_event(void **state)
{
	(void)state;
	enum { EVENTS = 2000 };
	struct world *w = world_new(NULL);
	w->sse = sse_reader_new(1000);
	start(w, 1, "/stream", 0);
	while (!w->held_count)
		loop_turn(w->loop, false);
	for (unsigned i = 1; i <= EVENTS; i++) {
		char text[64];
		int size = snprintf(text, sizeof text, "id: %u\r\ndata: hello\r\n\r\n", i);
		for (int at = 0; at < size; at += 5) /* cut anywhere */
			assert_int_equal(http_send(w->server, w->held[0], text + at,
						   (size_t)(size - at < 5 ? size - at : 5)),
					 SDEX_OK);
		loop_turn(w->loop, false);
	}
	assert_int_equal(http_stream_end(w->server, w->held[0]), SDEX_OK);
	until_done(w, 1);
	assert_int_equal(w->events, EVENTS);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_head_body_end),
		cmocka_unit_test(methods_lines_and_bodies_go_out),
		cmocka_unit_test(what_cannot_be_asked_is_refused),
		cmocka_unit_test(a_body_is_held_back_and_arrives_whole),
		cmocka_unit_test(a_cancel_is_silent_at_any_time),
		cmocka_unit_test(time_is_bounded_three_ways),
		cmocka_unit_test(lies_are_told_apart),
		cmocka_unit_test(endless_header_lines_are_cut),
		cmocka_unit_test(what_says_nothing_without_end_is_cut),
		cmocka_unit_test(connections_to_a_host_are_capped),
		cmocka_unit_test(many_streams_carry_events),
		cmocka_unit_test(one_stream_is_read_event_by_event),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
