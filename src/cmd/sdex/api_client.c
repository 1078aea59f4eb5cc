/* cmd/sdex/api_client.c - HTTP to the connector, and its problems in words. */
#include "cmd/sdex/api_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/sdex/fields.h"
#include "cmd/sdex/say.h"
#include "net/http_client.h"

#define ANSWER_MAX ((size_t)64 << 20)
#define TIMEOUT_MS 30000u
#define URL_ROOM 2048u

struct exchange {
	struct loop *loop;
	struct api_answer *answer;
	size_t room;
	bool done;
	bool failed;
	char text[256];
};

static void give_up(struct exchange *x, const char *text)
{
	snprintf(x->text, sizeof x->text, "%s", text);
	x->failed = x->done = true;
	loop_stop(x->loop);
}

static void take(struct exchange *x, const struct http_event *event)
{
	struct api_answer *a = x->answer;
	if (x->failed)
		return;
	if (x->room - a->size <= event->size) {
		size_t room = (a->size + event->size) * 2 + 4096;
		char *body = realloc(a->body, room);
		if (!body) {
			give_up(x, "memory is out");
			return;
		}
		a->body = body;
		x->room = room;
	}
	memcpy(a->body + a->size, event->data, event->size);
	a->size += event->size;
	a->body[a->size] = '\0';
}

static void on_event(void *arg, const struct http_event *event)
{
	struct exchange *x = arg;
	switch (event->kind) {
	case HTTP_EVENT_HEAD:
		x->answer->status = event->status;
		break;
	case HTTP_EVENT_BODY:
		take(x, event);
		break;
	case HTTP_EVENT_END:
		x->done = true;
		loop_stop(x->loop);
		break;
	case HTTP_EVENT_ERROR:
		give_up(x, event->text);
		break;
	}
}

static const char *base_url(const struct args *args)
{
	const char *url = args_value(args, "api");
	if (!url)
		url = getenv("SDEX_API");
	return url && *url ? url : "http://127.0.0.1:8080";
}

/* Where to look on after a refusal, by its code. */
static const char *hint_of(const char *code)
{
	static const struct {
		const char *code, *hint;
	} hints[] = {
		{"unknown_pair", "`sdex status` lists the pairs"},
		{"unknown_account", "`sdex status` lists the accounts"},
		{"unknown_order", "`sdex order list` lists the orders"},
		{"not_ready", "`sdex status` says why"},
		{"reconciling", "`sdex status` says why"},
	};
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (strcmp(hints[i].code, code) == 0)
			return hints[i].hint;
	return NULL;
}

/* The connector's own words for why not, its code behind them.  The field at fault stands in
 * front, unless the words begin with it. */
static enum status say_problem(const struct api_answer *answer, const char *url)
{
	struct json json;
	struct field fields[] = {{.path = "code"}, {.path = "detail"}, {.path = "field"}};
	const char *code = fields[0].text, *detail = fields[1].text, *field = fields[2].text;
	size_t size;
	json_open(&json, answer->body ? answer->body : "", answer->size, 16);
	fields_read(&json, fields, 3);
	if (json_close(&json, NULL) || !*code)
		return say_refused("%s answered with status %u, and not as a connector does", url,
				   answer->status);
	size = strlen(field);
	if (strncmp(detail, field, size) == 0 && detail[size] == ':')
		size = 0;
	const char *hint = hint_of(code);
	return say_refused("%s%s%s (%s)%s%s", size ? field : "", size ? ": " : "", detail, code,
			   hint ? "\n" : "", hint ? hint : "");
}

static bool exchange_run(struct exchange *x, const struct http_ask *ask, struct sdex_failure *why)
{
	struct http_client *client;
	bool good = false;
	x->loop = loop_new();
	if (!x->loop)
		return false;
	client = http_client_new(x->loop, NULL, on_event, x, why);
	if (client && !http_client_start(client, 1, ask, why)) {
		while (!x->done && loop_turn(x->loop, true))
			;
		if (x->failed)
			memcpy(why->text, x->text, sizeof why->text);
		good = !x->failed;
	}
	http_client_free(client);
	loop_free(x->loop);
	return good;
}

bool api_ask(struct api_answer *answer, const struct args *args, const char *method,
	     const char *path, const char *body, enum status *status)
{
	static const struct http_ask_line json_line[] = {{"Content-Type", "application/json"}};
	const char *base = base_url(args);
	char url[URL_ROOM];
	struct sdex_failure why = {.text = "memory is out"};
	struct exchange x = {.answer = answer};
	struct http_ask ask = {
		.method = method,
		.url = url,
		.lines = json_line,
		.line_count = body ? 1 : 0,
		.body = body,
		.size = body ? strlen(body) : 0,
		.total_ms = TIMEOUT_MS,
		.limit = ANSWER_MAX,
	};
	size_t base_size = strlen(base);
	*answer = (struct api_answer){0};
	*status = STATUS_REFUSED;
	if (strncmp(base, "http://", 7) != 0 && strncmp(base, "https://", 8) != 0) {
		say_refused("expected the connector's URL, as http://127.0.0.1:8080, found \"%s\"",
			    base);
		return false;
	}
	while (base_size && base[base_size - 1] == '/')
		base_size--;
	if ((size_t)snprintf(url, sizeof url, "%.*s%s", (int)base_size, base, path) >= sizeof url) {
		say_refused("the connector's URL is too long");
		return false;
	}
	if (!exchange_run(&x, &ask, &why)) {
		say_refused(
			"no answer from the connector at %.*s: %s\nis it running?  `sdexd --help` "
			"says how to start one, --api or $SDEX_API where to look",
			(int)base_size, base, why.text);
		api_answer_free(answer);
		return false;
	}
	if (answer->status < 200 || answer->status > 299) {
		if (args_has(args, "json") && answer->body)
			fprintf(stdout, "%s\n", answer->body);
		say_problem(answer, base);
		api_answer_free(answer);
		return false;
	}
	*status = STATUS_OK;
	return true;
}

void api_answer_free(struct api_answer *answer)
{
	free(answer->body);
	*answer = (struct api_answer){0};
}

bool api_path_add(char *path, size_t room, const char *word)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:";
	size_t size = strlen(path);
	for (; *word; word++) {
		if (room - size < 4)
			return false;
		if (strchr(plain, *word))
			path[size++] = *word;
		else
			size += (size_t)snprintf(path + size, 4, "%%%02X", (unsigned char)*word);
		path[size] = '\0';
	}
	return true;
}
