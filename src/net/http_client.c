/* net/http_client.c - libcurl's multi interface, driven by sockets and a timer of the loop.
 *
 * What has to be known of libcurl 7.88: nothing of it may be called from its callbacks, so
 * starting, resuming and ending happen in tasks; its time-out of zero must be served from
 * a task too, for a timer of zero starves the loop under a flood of stream events; with
 * a CApath each TLS connection would load all certificates again. */
#include "net/http_client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/failure.h"

#define BUCKETS 1024u
#define URL_MAX 8192u
#define STREAM_BUFFER 4096L /* of a request without a limit: many are open for long */

/* Packed bytes that a body may have over eight times those it unpacks to.  What is packed in
 * earnest is shorter than that, but decoders hold back a block (zstd: 128 KiB). */
#define HOLLOW_MAX ((uint64_t)1 << 20)

struct ask {
	struct http_client *client;
	struct ask *next;           /* of its bucket */
	struct ask *before, *after; /* all of the client's */
	uint64_t token;
	CURL *easy;
	struct curl_slist *lines;
	struct loop_task task; /* starts, resumes, ends */
	struct loop_timer *idle;
	uint64_t heard_ms;
	unsigned idle_ms;
	size_t limit, taken;
	char *head;
	size_t head_size;
	size_t line_bytes; /* of all header lines that came, kept or not */
	bool added;        /* libcurl has it */
	bool cancelled;
	bool silent; /* of http_client_warm: nobody is told */
	bool head_told;
	bool paused, held;         /* wanted; libcurl waits to be told to go on */
	struct watch *watch;       /* its connection's; NULL without one */
	enum http_failure failure; /* of our own making */
	char text[CURL_ERROR_SIZE];
};

struct http_client {
	struct loop *loop;
	struct http_client_limits limits;
	char *ca_file, *user_agent;
	http_events *events;
	void *arg;
	CURLM *multi;
	struct loop_timer *timer;
	struct loop_task kick; /* libcurl's time-out of zero */
	struct loop_task reap; /* finished requests */
	struct ask *asks;
	struct ask *buckets[BUCKETS];
	unsigned count;
};

struct watch { /* a socket of libcurl's */
	uv_poll_t poll;
	struct http_client *client;
	struct ask *ask; /* on this connection; NULL when it is over */
	curl_socket_t fd;
	int events; /* of libuv's, that libcurl wants */
};

static struct ask **bucket_of(struct http_client *client, uint64_t token)
{
	return &client->buckets[(token * 0x9e3779b97f4a7c15u) >> 54];
}

static struct ask *find(const struct http_client *client, uint64_t token)
{
	struct ask *ask = *bucket_of((struct http_client *)client, token);
	while (ask && ask->token != token)
		ask = ask->next;
	return ask;
}

/* The token may be used again, and no event comes any more. */
static void forget(struct ask *ask)
{
	struct ask **link = bucket_of(ask->client, ask->token);
	while (*link && *link != ask)
		link = &(*link)->next;
	if (*link)
		*link = ask->next;
}

static void ask_free(struct ask *ask)
{
	struct http_client *client = ask->client;
	if (ask->added)
		curl_multi_remove_handle(client->multi, ask->easy);
	if (ask->watch)
		ask->watch->ask = NULL;
	curl_easy_cleanup(ask->easy);
	curl_slist_free_all(ask->lines);
	loop_undefer(client->loop, &ask->task);
	loop_timer_free(ask->idle);
	if (ask->before)
		ask->before->after = ask->after;
	else
		client->asks = ask->after;
	if (ask->after)
		ask->after->before = ask->before;
	client->count--;
	free(ask->head);
	free(ask);
}

static void tell(struct ask *ask, struct http_event *event)
{
	event->token = ask->token;
	ask->client->events(ask->client->arg, event);
}

static void tell_head(struct ask *ask)
{
	long status = 0;
	ask->head_told = true;
	curl_easy_getinfo(ask->easy, CURLINFO_RESPONSE_CODE, &status);
	struct http_event event = {
		.kind = HTTP_EVENT_HEAD,
		.status = (unsigned)status,
		.lines = {ask->head, ask->head_size},
	};
	tell(ask, &event);
}

/* ---- what libcurl hands over */

static void on_ready(uv_poll_t *poll, int status, int events);

/* libcurl 8.5 goes on reading for a request that is held, into memory without a bound; so its
 * socket is not looked at. */
static void watch_start(struct watch *watch)
{
	int events = watch->events;
	if (watch->ask && watch->ask->held)
		events &= ~UV_READABLE;
	if (events)
		uv_poll_start(&watch->poll, events, on_ready);
	else
		uv_poll_stop(&watch->poll);
}

/* For CURL_WRITEFUNC_PAUSE: the same bytes come again. */
static size_t hold(struct ask *ask)
{
	ask->held = true;
	if (ask->watch)
		watch_start(ask->watch);
	return CURL_WRITEFUNC_PAUSE;
}

static size_t on_line(char *data, size_t one, size_t size, void *arg)
{
	struct ask *ask = arg;
	(void)one;
	ask->heard_ms = loop_now_ms(ask->client->loop);
	if (ask->cancelled || ask->failure)
		return 0;
	if (size > ask->client->limits.head - ask->line_bytes) {
		ask->failure = HTTP_FAIL_OVERSIZE;
		return 0;
	}
	ask->line_bytes += size;
	if (ask->head_told) /* a trailer */
		return size;
	if (size >= 5 && memcmp(data, "HTTP/", 5) == 0) {
		ask->head_size = 0; /* the answer behind a 100, say */
		return size;
	}
	if (size <= 2) { /* the end of the head */
		long status = 0;
		curl_easy_getinfo(ask->easy, CURLINFO_RESPONSE_CODE, &status);
		if (status >= 200)
			tell_head(ask);
		return ask->cancelled ? 0 : size;
	}
	char *grown = realloc(ask->head, ask->head_size + size);
	if (!grown) {
		ask->failure = HTTP_FAIL_OTHER;
		return 0;
	}
	ask->head = grown;
	memcpy(grown + ask->head_size, data, size);
	ask->head_size += size;
	return size;
}

static size_t on_body(char *data, size_t one, size_t size, void *arg)
{
	struct ask *ask = arg;
	(void)one;
	ask->heard_ms = loop_now_ms(ask->client->loop);
	if (ask->cancelled || ask->failure)
		return 0;
	if (ask->paused)
		return hold(ask);
	if (!ask->head_told)
		tell_head(ask);
	if (ask->cancelled)
		return 0;
	if (ask->paused)
		return hold(ask);
	if (ask->limit && size > ask->limit - ask->taken) {
		ask->failure = HTTP_FAIL_OVERSIZE;
		return 0;
	}
	ask->taken += size;
	struct http_event event = {.kind = HTTP_EVENT_BODY, .data = data, .size = size};
	tell(ask, &event);
	return ask->cancelled ? 0 : size;
}

/* libcurl tells how many bytes of a body have come, packed as they are.  Those that unpack to
 * nothing (empty blocks of gzip, frames that zstd skips) never come to on_body, and a server
 * can send them without end. */
static int on_progress(void *arg, curl_off_t all, curl_off_t come, curl_off_t sending,
		       curl_off_t sent)
{
	struct ask *ask = arg;
	(void)all, (void)sending, (void)sent;
	if (ask->cancelled || ask->failure || ask->paused)
		return 0;
	if ((uint64_t)come / 8 > HOLLOW_MAX / 8 + ask->taken)
		ask->failure = HTTP_FAIL_PROTOCOL;
	return ask->failure != HTTP_FAIL_NONE;
}

static void on_timer(void *arg);

static int on_timeout(CURLM *multi, long ms, void *arg)
{
	struct http_client *client = arg;
	(void)multi;
	if (ms == 0) {
		loop_timer_stop(client->timer);
		loop_defer(client->loop, &client->kick);
	} else if (ms > 0) {
		loop_undefer(client->loop, &client->kick);
		loop_timer_start(client->timer, (uint64_t)ms);
	} else {
		loop_undefer(client->loop, &client->kick);
		loop_timer_stop(client->timer);
	}
	return 0;
}

static void watch_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = poll->data;
	struct http_client *client = watch->client;
	int running, what = 0;
	if (status < 0)
		what = CURL_CSELECT_ERR;
	if (events & UV_READABLE)
		what |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		what |= CURL_CSELECT_OUT;
	curl_multi_socket_action(client->multi, watch->fd, what, &running);
	loop_defer(client->loop, &client->reap);
}

/* Each knows of the other; NULL for no request. */
static void watch_of(struct watch *watch, struct ask *ask)
{
	if (watch->ask)
		watch->ask->watch = NULL;
	if (ask && ask->watch)
		ask->watch->ask = NULL;
	watch->ask = ask;
	if (ask)
		ask->watch = watch;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *own)
{
	struct http_client *client = arg;
	struct watch *watch = own;
	if (what == CURL_POLL_REMOVE) {
		if (watch) {
			watch_of(watch, NULL);
			curl_multi_assign(client->multi, fd, NULL);
			uv_poll_stop(&watch->poll);
			uv_close((uv_handle_t *)&watch->poll, watch_closed);
		}
		return 0;
	}
	if (!watch) {
		watch = calloc(1, sizeof *watch);
		if (!watch)
			return -1;
		watch->client = client;
		watch->fd = fd;
		if (uv_poll_init_socket(loop_uv(client->loop), &watch->poll, fd)) {
			free(watch);
			return -1;
		}
		watch->poll.data = watch;
		curl_multi_assign(client->multi, fd, watch);
	}
	struct ask *ask = NULL;
	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &ask);
	watch_of(watch, ask);
	watch->events =
		(what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
	watch_start(watch);
	return 0;
}

/* ---- ends */

static enum http_failure failure_of(CURLcode code)
{
	switch ((int)code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return HTTP_FAIL_RESOLVE;
	case CURLE_COULDNT_CONNECT:
		return HTTP_FAIL_CONNECT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_ENGINE_INITFAILED:
	case CURLE_USE_SSL_FAILED:
		return HTTP_FAIL_TLS;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_FAIL_TIMEOUT;
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		return HTTP_FAIL_CUT;
	case CURLE_FILESIZE_EXCEEDED:
		return HTTP_FAIL_OVERSIZE;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_HTTP2:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_WRITE_ERROR: /* not by our callbacks: something behind the packed body */
	case CURLE_URL_MALFORMAT:
		return HTTP_FAIL_PROTOCOL;
	default:
		return HTTP_FAIL_OTHER;
	}
}

static const char *text_of(const struct ask *ask, CURLcode code)
{
	switch (ask->failure) {
	case HTTP_FAIL_TIMEOUT:
		return "the server sent nothing for too long";
	case HTTP_FAIL_OVERSIZE:
		return "the answer is over the limit of bytes";
	case HTTP_FAIL_CUT:
		return "the connection ended within the answer's head";
	case HTTP_FAIL_PROTOCOL:
		return "the packed answer holds next to nothing";
	case HTTP_FAIL_NONE:
	case HTTP_FAIL_RESOLVE:
	case HTTP_FAIL_CONNECT:
	case HTTP_FAIL_TLS:
	case HTTP_FAIL_OTHER:
		break;
	}
	if (code == CURLE_WRITE_ERROR)
		return "the packed answer is damaged";
	return ask->text[0] ? ask->text : curl_easy_strerror(code);
}

/* From the top of the loop. */
static void finish(struct ask *ask, CURLcode code)
{
	if (ask->cancelled) {
		ask_free(ask);
		return;
	}
	/* libcurl 7.88 is content with an answer whose head never ends. */
	if (code == CURLE_OK && !ask->head_told && !ask->failure)
		ask->failure = HTTP_FAIL_CUT;
	bool bad = code != CURLE_OK || ask->failure;
	struct http_event event = {.kind = HTTP_EVENT_END, .token = ask->token};
	char text[CURL_ERROR_SIZE] = "";
	if (bad) {
		long written = 0;
		curl_easy_getinfo(ask->easy, CURLINFO_REQUEST_SIZE, &written);
		event.kind = HTTP_EVENT_ERROR;
		event.failure = ask->failure ? ask->failure : failure_of(code);
		event.sent = written > 0;
		snprintf(text, sizeof text, "%s", text_of(ask, code));
		event.text = text;
	}
	struct http_client *client = ask->client;
	forget(ask);
	bool silent = ask->silent;
	ask_free(ask); /* the owner may start the same token anew */
	if (!silent)
		client->events(client->arg, &event);
}

static void reap(void *arg)
{
	struct http_client *client = arg;
	CURLMsg *message;
	int left;
	while ((message = curl_multi_info_read(client->multi, &left))) {
		struct ask *ask;
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode code = message->data.result; /* gone with the handle */
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &ask);
		finish(ask, code);
	}
}

static void serve_time(void *arg)
{
	struct http_client *client = arg;
	int running;
	curl_multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	loop_defer(client->loop, &client->reap);
}

static void on_timer(void *arg)
{
	serve_time(arg);
}

static void idle_fired(void *arg)
{
	struct ask *ask = arg;
	uint64_t quiet = loop_now_ms(ask->client->loop) - ask->heard_ms;
	if (ask->cancelled)
		return;
	if (ask->paused || quiet < ask->idle_ms) {
		loop_timer_start(ask->idle, ask->paused ? ask->idle_ms : ask->idle_ms - quiet);
		return;
	}
	ask->failure = HTTP_FAIL_TIMEOUT;
	finish(ask, CURLE_OPERATION_TIMEDOUT);
}

/* From the top: whatever the request waits for. */
static void ask_step(void *arg)
{
	struct ask *ask = arg;
	struct http_client *client = ask->client;
	if (ask->cancelled) {
		ask_free(ask);
		return;
	}
	if (!ask->added) {
		ask->heard_ms = loop_now_ms(client->loop);
		loop_timer_start(ask->idle, ask->idle_ms);
		ask->added = curl_multi_add_handle(client->multi, ask->easy) == CURLM_OK;
		if (!ask->added) {
			ask->failure = HTTP_FAIL_OTHER;
			finish(ask, CURLE_OUT_OF_MEMORY);
		}
		return;
	}
	if (ask->held && !ask->paused) {
		ask->held = false;
		ask->heard_ms = loop_now_ms(client->loop);
		curl_easy_pause(ask->easy, CURLPAUSE_CONT);
		if (ask->watch)
			watch_start(ask->watch);
		loop_defer(client->loop, &client->reap);
	}
}

/* ---- for the owner */

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

struct http_client *http_client_new(struct loop *loop, const struct http_client_limits *limits,
				    http_events *events, void *arg, struct sdex_failure *why)
{
	struct http_client *client = calloc(1, sizeof *client);
	if (!client || curl_global_init(CURL_GLOBAL_DEFAULT)) {
		free(client);
		fail(why, SDEX_ERR_NOMEM, 0, "libcurl does not start");
		return NULL;
	}
	struct http_client_limits *l = &client->limits;
	if (limits)
		*l = *limits;
	l->requests = l->requests ? l->requests : 1024;
	l->connections = l->connections ? l->connections : 256;
	l->host_connections = l->host_connections ? l->host_connections : 16;
	l->idle_connections = l->idle_connections ? l->idle_connections : 32;
	l->head = l->head ? l->head : 32u << 10;
	client->ca_file = copy(l->ca_file);
	client->user_agent = copy(l->user_agent ? l->user_agent : "sdex");
	client->loop = loop;
	client->events = events;
	client->arg = arg;
	client->kick = (struct loop_task){.run = serve_time, .arg = client};
	client->reap = (struct loop_task){.run = reap, .arg = client};
	client->timer = loop_timer_new(loop, on_timer, client);
	client->multi = curl_multi_init();
	if (!client->timer || !client->multi || !client->user_agent) {
		fail(why, SDEX_ERR_NOMEM, 0, "libcurl does not start");
		http_client_free(client);
		return NULL;
	}
	curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
	curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
	curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
	curl_multi_setopt(client->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)l->connections);
	curl_multi_setopt(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)l->host_connections);
	curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, (long)l->idle_connections);
	return client;
}

void http_client_free(struct http_client *client)
{
	if (!client)
		return;
	for (struct ask *ask = client->asks, *after; ask; ask = after) {
		after = ask->after;
		ask_free(ask);
	}
	if (client->multi)
		curl_multi_cleanup(client->multi);
	loop_undefer(client->loop, &client->kick);
	loop_undefer(client->loop, &client->reap);
	loop_timer_free(client->timer);
	loop_turn(client->loop, false); /* the watches that libcurl gave up */
	free(client->ca_file);
	free(client->user_agent);
	free(client);
	curl_global_cleanup();
}

static bool good_token(const char *text)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	return text && text[0] && text[strspn(text, token)] == '\0';
}

static enum sdex_error check_ask(const struct http_ask *ask, struct sdex_failure *why)
{
	if (!good_token(ask->method))
		return fail(why, SDEX_ERR_INVALID, 0, "expected a method like GET");
	if (strnlen(ask->url, URL_MAX + 1) > URL_MAX ||
	    (strncasecmp(ask->url, "http://", 7) != 0 && strncasecmp(ask->url, "https://", 8) != 0))
		return fail(why, SDEX_ERR_INVALID, 0,
			    "expected a URL that starts with http:// or https://");
	for (const char *p = ask->url; *p; p++)
		if ((uint8_t)*p <= 0x20 || (uint8_t)*p >= 0x7f)
			return fail(why, SDEX_ERR_INVALID, (uint64_t)(p - ask->url),
				    "the URL has a character that must be percent-encoded");
	for (size_t i = 0; i < ask->line_count; i++) {
		bool good = good_token(ask->lines[i].name);
		for (const char *p = ask->lines[i].value; *p; p++)
			good &= ((uint8_t)*p >= 0x20 || *p == '\t') && *p != 0x7f;
		if (!good)
			return fail(why, SDEX_ERR_INVALID, 0,
				    "header line %zu has a character that none has", i);
	}
	return SDEX_OK;
}

static bool add_line(struct ask *ask, const char *name, const char *value)
{
	size_t size = strlen(name) + strlen(value) + 3;
	char *line = malloc(size);
	if (!line)
		return false;
	/* libcurl takes `name:` as leaving the line out, and `name;` as an empty value. */
	if (value[0])
		snprintf(line, size, "%s: %s", name, value);
	else
		snprintf(line, size, "%s;", name);
	struct curl_slist *grown = curl_slist_append(ask->lines, line);
	free(line);
	if (grown)
		ask->lines = grown;
	return grown != NULL;
}

static bool set_lines(struct ask *ask, const struct http_ask *from)
{
	bool good = true, typed = false;
	for (size_t i = 0; i < from->line_count; i++) {
		good &= add_line(ask, from->lines[i].name, from->lines[i].value);
		typed |= strcasecmp(from->lines[i].name, "content-type") == 0;
	}
	/* What libcurl would add by itself. */
	const char *without[] = {"Expect:", typed ? NULL : "Content-Type:"};
	for (size_t i = 0; i < 2; i++) {
		struct curl_slist *grown =
			without[i] ? curl_slist_append(ask->lines, without[i]) : ask->lines;
		good &= grown != NULL;
		if (grown)
			ask->lines = grown;
	}
	return good;
}

static bool set_method(CURL *easy, const struct http_ask *from)
{
	CURLcode bad = 0;
	if (from->size || strcmp(from->method, "POST") == 0) {
		bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)from->size);
		bad |= curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, from->size ? from->body : "");
		if (strcmp(from->method, "POST") != 0)
			bad |= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, from->method);
	} else if (strcmp(from->method, "HEAD") == 0) {
		bad |= curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	} else if (strcmp(from->method, "GET") != 0) {
		bad |= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, from->method);
	}
	return !bad;
}

static bool set_up(struct ask *ask, const struct http_ask *from)
{
	struct http_client *client = ask->client;
	CURL *easy = ask->easy;
	CURLcode bad = 0;
	if (!set_lines(ask, from) || !set_method(easy, from))
		return false;
	bad |= curl_easy_setopt(easy, CURLOPT_URL, from->url);
	bad |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, ask->lines);
	bad |= curl_easy_setopt(easy, CURLOPT_PRIVATE, ask);
	bad |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, ask->text);
	bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	bad |= curl_easy_setopt(easy, CURLOPT_USERAGENT, client->user_agent);
	bad |= curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	if (client->ca_file)
		bad |= curl_easy_setopt(easy, CURLOPT_CAINFO, client->ca_file);
	if (from->compressed)
		bad |= curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	if (!from->limit)
		bad |= curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, STREAM_BUFFER);
	bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
				from->connect_ms ? (long)from->connect_ms : 10000L);
	bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)from->total_ms);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, ask);
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, ask);
	bad |= curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	bad |= curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	bad |= curl_easy_setopt(easy, CURLOPT_XFERINFODATA, ask);
	return !bad;
}

enum sdex_error http_client_start(struct http_client *client, uint64_t token,
				  const struct http_ask *from, struct sdex_failure *why)
{
	enum sdex_error error = check_ask(from, why);
	if (error)
		return error;
	if (find(client, token))
		return fail(why, SDEX_ERR_DUPLICATE, 0, "the token is in use");
	if (client->count >= client->limits.requests)
		return fail(why, SDEX_ERR_SPACE, 0, "%u requests are under way already",
			    client->count);
	struct ask *ask = calloc(1, sizeof *ask);
	if (!ask)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	ask->client = client;
	ask->token = token;
	ask->idle_ms = from->idle_ms ? from->idle_ms : 60000;
	ask->limit = from->limit;
	ask->task = (struct loop_task){.run = ask_step, .arg = ask};
	ask->after = client->asks;
	if (ask->after)
		ask->after->before = ask;
	client->asks = ask;
	client->count++;
	ask->idle = loop_timer_new(client->loop, idle_fired, ask);
	ask->easy = curl_easy_init();
	if (!ask->idle || !ask->easy || !set_up(ask, from)) {
		ask_free(ask);
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	}
	ask->next = *bucket_of(client, token);
	*bucket_of(client, token) = ask;
	loop_defer(client->loop, &ask->task);
	return SDEX_OK;
}

void http_client_cancel(struct http_client *client, uint64_t token)
{
	struct ask *ask = find(client, token);
	if (!ask)
		return;
	forget(ask);
	ask->cancelled = true;
	loop_defer(client->loop, &ask->task);
}

void http_client_pause(struct http_client *client, uint64_t token, bool pause)
{
	struct ask *ask = find(client, token);
	if (!ask || ask->paused == pause)
		return;
	ask->paused = pause;
	if (!pause && ask->held)
		loop_defer(client->loop, &ask->task);
}

unsigned http_client_count(const struct http_client *client)
{
	return client->count;
}

struct text http_event_line(const struct http_event *event, const char *name)
{
	struct text wanted = {name, strlen(name)}, left = event->lines;
	while (left.size) {
		const char *end = memchr(left.data, '\n', left.size);
		size_t size = end ? (size_t)(end - left.data) + 1 : left.size;
		struct text line = {left.data, size};
		left.data += size;
		left.size -= size;
		const char *colon = memchr(line.data, ':', line.size);
		if (!colon ||
		    !text_same((struct text){line.data, (size_t)(colon - line.data)}, wanted))
			continue;
		struct text value = {colon + 1, line.size - (size_t)(colon + 1 - line.data)};
		while (value.size && strchr(" \t", value.data[0]))
			value.data++, value.size--;
		while (value.size && strchr(" \t\r\n", value.data[value.size - 1]))
			value.size--;
		return value;
	}
	return (struct text){NULL, 0};
}

/* Somewhere on this machine where a TLS connection can begin; -1 when there is none. */
static int open_nowhere(uint16_t *port)
{
	struct sockaddr_in name = {.sin_family = AF_INET};
	socklen_t size = sizeof name;
	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&name, size) == 0 && listen(fd, 1) == 0 &&
	    getsockname(fd, (struct sockaddr *)&name, &size) == 0) {
		*port = ntohs(name.sin_port);
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

bool http_client_warm(struct http_client *client)
{
	const uint64_t token = UINT64_MAX;
	uint16_t port;
	int nowhere = open_nowhere(&port), peer = -1;
	char url[64], hello[4096];
	snprintf(url, sizeof url, "https://127.0.0.1:%u/", nowhere < 0 ? 0u : port);
	struct http_ask ask = {.method = "GET", .url = url, .connect_ms = 2000};
	if (nowhere < 0 || http_client_start(client, token, &ask, NULL)) {
		if (nowhere >= 0)
			close(nowhere);
		return false;
	}
	find(client, token)->silent = true;
	bool spoke = false;
	while (!spoke && find(client, token)) { /* connect_ms ends it at last */
		loop_turn(client->loop, true);
		if (peer < 0)
			peer = accept(nowhere, NULL, NULL);
		/* Who says hello has loaded the certificates. */
		spoke = peer >= 0 && recv(peer, hello, sizeof hello, MSG_DONTWAIT) > 0;
	}
	http_client_cancel(client, token);
	loop_turn(client->loop, false);
	if (peer >= 0)
		close(peer);
	close(nowhere);
	return spoke;
}
