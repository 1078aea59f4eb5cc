/* bench/http.c - the server under load: requests and frames per second of the server's CPU
 * time, beside a bare server on the same library and bare writes, and memory by connection.
 *
 * The servers run in processes of their own, one after the other; the load comes from this
 * one over loopback sockets. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libwebsockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "bench.h"
#include "net/http_server.h"

#define CLIENTS 64
#define SECONDS 2
#define BODY 1024 /* of an answer */
#define STREAMS 1000
#define FRAME 200
#define ROUNDS 500
#define LATENCIES 1000000u

static char body[BODY];

static void must(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "bench_http: %s: %s\n", what, strerror(errno));
		exit(1);
	}
}

/* ---- servers: each writes its port to `out` and runs until it is killed */

struct ours {
	struct http_server *server;
	uint64_t tokens[STREAMS];
	size_t count;
	bool payloads; /* the body is shared, not copied */
	struct http_payload *shared;
};

static void on_request(void *arg, uint64_t token, const struct http_request *request)
{
	struct ours *o = arg;
	enum sdex_error error;
	if (request->head->websocket && o->count < STREAMS) {
		error = http_websocket(o->server, token, NULL);
		o->tokens[o->count++] = token;
	} else if (text_equal(request->head->path, TEXT("/stream")) && o->count < STREAMS) {
		struct http_answer head = {.status = 200, .type = "text/event-stream"};
		error = http_stream(o->server, token, &head);
		o->tokens[o->count++] = token;
	} else {
		struct http_answer answer = {
			.status = 200, .type = "application/json", .shared = o->shared};
		error = http_answer(o->server, token, &answer);
	}
	must(!error, "the answer");
}

static void broadcast_all(void *arg, uint64_t token, const uint8_t *data, size_t size, bool text)
{
	/* A message from a client: so many rounds to all. */
	struct ours *o = arg;
	char frame[FRAME];
	(void)token, (void)data, (void)size, (void)text;
	memset(frame, 'x', sizeof frame);
	struct http_payload *payload = http_payload_message(frame, sizeof frame);
	must(http_broadcast(o->server, o->tokens, o->count, payload) == o->count, "broadcast");
	http_payload_release(payload);
}

static void serve_ours(int out)
{
	struct loop *loop = loop_new();
	struct sdex_failure why = {0};
	struct http_limits limits = {.queue = 64u << 20};
	struct ours o = {.server = http_server_new(loop, &limits, &why)};
	struct http_listener *listener;
	struct http_listener_options options = {
		.hooks = {.request = on_request, .message = broadcast_all}, .arg = &o};
	must(o.server && !http_listen(o.server, &listener, &options, &why), why.text);
	o.shared = http_payload_body(body, sizeof body);
	uint16_t port = http_listener_port(listener);
	must(write(out, &port, sizeof port) == sizeof port, "port");
	loop_run(loop);
}

/* libwebsockets' own HTTP server, header and body in one write, on libuv too. */
static int bare_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		     size_t size)
{
	(void)user, (void)in, (void)size;
	if (reason == LWS_CALLBACK_HTTP) {
		lws_callback_on_writable(wsi);
		return 0;
	}
	if (reason == LWS_CALLBACK_HTTP_WRITEABLE) {
		static unsigned char room[LWS_PRE + 1024 + BODY];
		unsigned char *start = room + LWS_PRE, *p = start, *end = room + sizeof room - BODY;
		if (lws_add_http_common_headers(wsi, 200, "application/json", BODY, &p, end) ||
		    lws_finalize_http_header(wsi, &p, end))
			return 1;
		memcpy(p, body, BODY);
		p += BODY;
		if (lws_write(wsi, start, (size_t)(p - start), LWS_WRITE_HTTP_FINAL) < 0)
			return 1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	}
	return lws_callback_http_dummy(wsi, reason, user, in, size);
}

static void serve_bare(int out)
{
	static const struct lws_protocols protocols[] = {{.name = "http", .callback = bare_http},
							 {.name = NULL}};
	uv_loop_t *loop = uv_default_loop();
	void *foreign[] = {loop};
	struct lws_context_creation_info info = {
		.port = 0,
		.iface = "127.0.0.1",
		.protocols = protocols,
		.options = LWS_SERVER_OPTION_LIBUV,
		.foreign_loops = foreign,
	};
	info.gid = (__typeof__(info.gid))-1;
	info.uid = (__typeof__(info.uid))-1;
	lws_set_log_level(0, NULL);
	info.options |= LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	struct lws_context *context = lws_create_context(&info);
	must(context != NULL, "libwebsockets");
	struct lws_vhost *vhost = lws_create_vhost(context, &info);
	must(vhost != NULL, "libwebsockets");
	uint16_t port = (uint16_t)lws_get_vhost_listen_port(vhost);
	must(write(out, &port, sizeof port) == sizeof port, "port");
	uv_run(loop, UV_RUN_DEFAULT);
}

static pid_t start(void (*serve)(int), uint16_t *port)
{
	int ends[2];
	must(pipe(ends) == 0, "pipe");
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		serve(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	must(child > 0 && read(ends[0], port, sizeof *port) == sizeof *port, "the server's port");
	close(ends[0]);
	return child;
}

static void stop(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static double cpu_of(pid_t child)
{
	clockid_t clock;
	struct timespec t;
	must(clock_getcpuclockid(child, &clock) == 0 && clock_gettime(clock, &t) == 0, "CPU clock");
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long resident_kb(pid_t child)
{
	char path[64], line[256];
	long kb = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)child);
	FILE *file = fopen(path, "r");
	must(file != NULL, path);
	while (fgets(line, sizeof line, file))
		if (sscanf(line, "RssAnon: %ld", &kb) == 1)
			break;
	fclose(file);
	return kb;
}

/* ---- load */

static int connect_to(uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
	must(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0, "connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

static void say(int fd, const char *text)
{
	must(send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text), "send");
}

/* The size of one whole answer, from the first one. */
static size_t answer_size(int fd, const char *request)
{
	char text[4096];
	size_t size = 0;
	say(fd, request);
	for (;;) {
		ssize_t n = recv(fd, text + size, sizeof text - 1 - size, 0);
		must(n > 0, "the first answer");
		size += (size_t)n;
		text[size] = '\0';
		char *end = strstr(text, "\r\n\r\n");
		if (end && size >= (size_t)(end + 4 - text) + BODY)
			return size;
	}
}

static double load(const char *name, void (*serve)(int))
{
	static const char request[] = "GET /v1/book HTTP/1.1\r\nHost: localhost\r\n"
				      "Accept: application/json\r\nUser-Agent: bench\r\n\r\n";
	static float latency[LATENCIES];
	uint16_t port;
	pid_t child = start(serve, &port);
	int epoll = epoll_create1(0);
	struct {
		int fd;
		size_t got;
		double asked;
	} clients[CLIENTS];
	size_t size = 0, answers = 0;
	for (unsigned i = 0; i < CLIENTS; i++) {
		clients[i].fd = connect_to(port);
		size = answer_size(clients[i].fd, request);
		struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
		epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].fd, &event);
	}
	double begin = now(), cpu = cpu_of(child);
	for (unsigned i = 0; i < CLIENTS; i++) {
		clients[i].got = 0;
		clients[i].asked = begin;
		say(clients[i].fd, request);
	}
	while (now() - begin < SECONDS) {
		struct epoll_event events[CLIENTS];
		int ready = epoll_wait(epoll, events, CLIENTS, 1000);
		for (int k = 0; k < ready; k++) {
			char text[8192];
			unsigned i = events[k].data.u32;
			ssize_t n = recv(clients[i].fd, text, sizeof text, 0);
			must(n > 0, "an answer");
			clients[i].got += (size_t)n;
			if (clients[i].got < size)
				continue;
			double t = now();
			latency[answers++ % LATENCIES] = (float)(t - clients[i].asked);
			clients[i].got = 0;
			clients[i].asked = t;
			say(clients[i].fd, request);
		}
	}
	cpu = cpu_of(child) - cpu;
	double rate = (double)answers / cpu;
	char title[80];
	snprintf(title, sizeof title, "http: %s, requests", name);
	bench_print(title, rate, "/CPU s");
	size_t kept = answers < LATENCIES ? answers : LATENCIES;
	qsort(latency, kept, sizeof latency[0], by_value);
	snprintf(title, sizeof title, "http: %s, 64 connections, p99", name);
	bench_print(title, (double)latency[kept - kept / 100 - 1] * 1e3, "ms");
	for (unsigned i = 0; i < CLIENTS; i++)
		close(clients[i].fd);
	close(epoll);
	stop(child);
	return rate;
}

#define UPGRADE                                                                        \
	"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

/* Connections that do nothing: memory by connection, and what idling costs. */
static void idle(const char *name, const char *request)
{
	static int fds[STREAMS];
	char title[80], text[1024];
	uint16_t port;
	pid_t child = start(serve_ours, &port);
	int first = connect_to(port);
	answer_size(first, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	long before = resident_kb(child);
	for (int i = 0; i < STREAMS; i++) {
		fds[i] = connect_to(port);
		say(fds[i], request);
		must(recv(fds[i], text, sizeof text, 0) > 0, "the head");
	}
	snprintf(title, sizeof title, "http: 1,000 %s, memory each", name);
	bench_print(title, (double)(resident_kb(child) - before) * 1024 / STREAMS, "B");
	double cpu = cpu_of(child);
	sleep(SECONDS);
	snprintf(title, sizeof title, "http: 1,000 %s, idle CPU", name);
	bench_print(title, (cpu_of(child) - cpu) / SECONDS * 100, "%");
	for (int i = 0; i < STREAMS; i++)
		close(fds[i]);
	close(first);
	stop(child);
}

/* Frames of 200 bytes to `count` clients. */
static void broadcast(unsigned count)
{
	static int fds[STREAMS];
	char title[80], text[65536];
	uint16_t port;
	pid_t child = start(serve_ours, &port);
	for (unsigned i = 0; i < count; i++) {
		fds[i] = connect_to(port);
		say(fds[i], UPGRADE);
		must(recv(fds[i], text, sizeof text, 0) > 0, "the head");
	}
	double cpu = cpu_of(child), slowest = 0;
	for (unsigned round = 0; round < ROUNDS; round++) {
		double begin = now();
		must(send(fds[0], "\x81\x80\0\0\0\0", 6, MSG_NOSIGNAL) == 6, "send");
		for (unsigned i = 0; i < count; i++) {
			for (size_t got = 0; got < FRAME + 4;) {
				ssize_t n = recv(fds[i], text, FRAME + 4 - got, 0);
				must(n > 0, "a frame");
				got += (size_t)n;
			}
		}
		if (now() - begin > slowest)
			slowest = now() - begin;
	}
	cpu = cpu_of(child) - cpu;
	snprintf(title, sizeof title, "websocket: frames to %u clients", count);
	bench_print(title, (double)count * ROUNDS / cpu, "/CPU s");
	snprintf(title, sizeof title, "websocket: the last of %u has it, slowest", count);
	bench_print(title, slowest * 1e3, "ms");
	for (unsigned i = 0; i < count; i++)
		close(fds[i]);
	stop(child);
}

/* The same frame by bare writes: what the kernel alone takes. */
static void bare_writes(unsigned count)
{
	static int pairs[STREAMS][2];
	char title[80], frame[FRAME + 4], text[65536];
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in name = {.sin_family = AF_INET};
	socklen_t size = sizeof name;
	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(bind(listener, (struct sockaddr *)&name, size) == 0 && listen(listener, 100) == 0,
	     "bind");
	getsockname(listener, (struct sockaddr *)&name, &size);
	memset(frame, 'x', sizeof frame);
	for (unsigned i = 0; i < count; i++) {
		pairs[i][0] = connect_to(ntohs(name.sin_port));
		pairs[i][1] = accept(listener, NULL, NULL);
		int one = 1;
		setsockopt(pairs[i][1], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	}
	double cpu = 0;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct timespec a, b;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
		for (unsigned i = 0; i < count; i++)
			must(send(pairs[i][1], frame, sizeof frame, MSG_NOSIGNAL) > 0, "send");
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
		cpu += (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
		for (unsigned i = 0; i < count; i++)
			must(recv(pairs[i][0], text, sizeof text, 0) > 0, "recv");
	}
	snprintf(title, sizeof title, "websocket: bare writes to %u clients", count);
	bench_print(title, (double)count * ROUNDS / cpu, "/CPU s");
	for (unsigned i = 0; i < count; i++)
		close(pairs[i][0]), close(pairs[i][1]);
	close(listener);
}

int main(void)
{
	memset(body, 'x', sizeof body);
	double ours = load("ours", serve_ours);
	double bare = load("bare libwebsockets", serve_bare);
	bench_print("http: ours by bare libwebsockets", ours / bare, "x");
	idle("event streams", "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
	idle("WebSockets", UPGRADE);
	idle("kept connections", "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	broadcast(100);
	bare_writes(100);
	broadcast(STREAMS);
	bare_writes(STREAMS);
	return 0;
}
