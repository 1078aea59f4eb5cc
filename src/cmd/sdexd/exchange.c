/* cmd/sdexd/exchange.c - one struct per request under way; what cannot even start fails
 * from a task of the loop, never out of the call. */
#include "cmd/sdexd/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/failure.h"

struct exchange {
	struct exchanges *all;
	struct exchange *next;
	struct exchange **link;
	uint64_t token;
	unsigned status;
	char *head;
	size_t head_size;
	uint8_t *body;
	size_t size, room;
	bool nomem;
	struct loop_task task; /* queued when it failed at once */
	char text[256];
};

struct exchanges {
	struct loop *loop;
	struct http_client *client;
	struct exchange *first;
	exchange_event *deliver;
	void *arg;
};

static struct exchange *by_token(const struct exchanges *all, uint64_t token)
{
	for (struct exchange *x = all->first; x; x = x->next)
		if (x->token == token)
			return x;
	return NULL;
}

static void unlink_it(struct exchange *x)
{
	*x->link = x->next;
	if (x->next)
		x->next->link = x->link;
}

static void free_it(struct exchange *x)
{
	loop_undefer(x->all->loop, &x->task);
	free(x->head);
	free(x->body);
	free(x);
}

/* Delivers and forgets; the engine may start others meanwhile. */
static void finish(struct exchange *x, struct event *event)
{
	struct exchanges *all = x->all;
	event->token = x->token;
	/* Off the list first: what the engine asks for meanwhile is another request. */
	unlink_it(x);
	all->deliver(all->arg, event);
	free_it(x);
}

static void no_answer(struct exchange *x, enum env_no_answer how, const char *text)
{
	struct event event = {.kind = EVENT_NO_ANSWER, .status = (int)how, .data = text};
	event.size = strlen(text);
	finish(x, &event);
}

static void failed_at_once(void *arg)
{
	struct exchange *x = arg;
	no_answer(x, ENV_NOT_SENT, x->text);
}

static void take(struct exchange *x, const struct http_event *event)
{
	if (x->nomem)
		return;
	if (x->room - x->size < event->size) {
		size_t room = (x->size + event->size) * 2;
		uint8_t *body = realloc(x->body, room);
		if (!body) {
			x->nomem = true;
			return;
		}
		x->body = body;
		x->room = room;
	}
	memcpy(x->body + x->size, event->data, event->size);
	x->size += event->size;
}

static void keep_head(struct exchange *x, const struct http_event *event)
{
	x->status = event->status;
	x->head = malloc(event->lines.size + 1);
	if (!x->head) {
		x->nomem = true;
		return;
	}
	memcpy(x->head, event->lines.data, event->lines.size);
	x->head_size = event->lines.size;
}

static void on_event(void *arg, const struct http_event *event)
{
	struct exchange *x = by_token(arg, event->token);
	if (!x)
		return;
	switch (event->kind) {
	case HTTP_EVENT_HEAD:
		keep_head(x, event);
		break;
	case HTTP_EVENT_BODY:
		take(x, event);
		break;
	case HTTP_EVENT_END:
		if (x->nomem) {
			no_answer(x, ENV_OVERSIZE, "memory is out");
		} else {
			struct event whole = {
				.kind = EVENT_ANSWER,
				.status = (int)x->status,
				.head = x->head,
				.head_size = x->head_size,
				.data = x->body,
				.size = x->size,
			};
			finish(x, &whole);
		}
		break;
	case HTTP_EVENT_ERROR:
		no_answer(x,
			  event->failure == HTTP_FAIL_OVERSIZE ? ENV_OVERSIZE
			  : event->sent                        ? ENV_SENT
							       : ENV_NOT_SENT,
			  event->text);
		break;
	}
}

struct exchanges *exchanges_new(struct loop *loop, exchange_event *deliver, void *arg,
				struct sdex_failure *why)
{
	struct exchanges *all = calloc(1, sizeof *all);
	if (!all) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		return NULL;
	}
	*all = (struct exchanges){.loop = loop, .deliver = deliver, .arg = arg};
	all->client = http_client_new(loop, NULL, on_event, all, why);
	if (!all->client) {
		free(all);
		return NULL;
	}
	return all;
}

void exchanges_free(struct exchanges *all)
{
	if (!all)
		return;
	http_client_free(all->client);
	for (struct exchange *x = all->first, *next; x; x = next) {
		next = x->next;
		free_it(x);
	}
	free(all);
}

void exchange_start(struct exchanges *all, uint64_t token, const struct env_request *request)
{
	const struct http_ask_line line = {"Content-Type", request->content_type};
	struct http_ask ask = {
		.method = request->method,
		.url = request->url,
		.lines = &line,
		.line_count = request->content_type ? 1 : 0,
		.body = request->body,
		.size = request->size,
		.total_ms = request->timeout_ms,
		.limit = request->limit,
		.compressed = true,
	};
	struct sdex_failure why = {.text = "memory is out"};
	struct exchange *x = calloc(1, sizeof *x);
	CHECK(x); /* there is nobody to tell without memory */
	x->all = all;
	x->token = token;
	x->next = all->first;
	x->link = &all->first;
	if (x->next)
		x->next->link = &x->next;
	all->first = x;
	x->task = (struct loop_task){.run = failed_at_once, .arg = x};
	if (http_client_start(all->client, token, &ask, &why)) {
		memcpy(x->text, why.text, sizeof why.text);
		loop_defer(all->loop, &x->task);
	}
}
