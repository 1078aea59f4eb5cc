/* api/api.c - routes, what each asks of the engine, and how that is answered. */
#include "api/api.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/problem.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/json_write.h"
#include "net/route.h"
#include "trade/lifecycle.h"

#define ANSWER_MEMORY ((size_t)64 << 20)
#define LEVELS_DEFAULT 20u
#define PAGE_MAX 200u
#define PAGE_DEFAULT 50u
#define ID_MAX 64u

struct api {
	struct http_server *server;
	struct http_listener *listener;
	struct api_options options;
	struct sdex_arena *arena; /* of the answer that is being written */
};

/* A request on its way through. */
struct ask {
	struct api *api;
	uint64_t token;
	const struct http_request *request;
	struct route_match match;
	struct query query;
};

/* ---- answers ---- */

static void refuse(const struct ask *ask, unsigned status, const char *code, const char *field,
		   const char *detail)
{
	struct problem problem = {status, code, field, detail};
	problem_answer(ask->api->server, ask->token, &problem);
}

static void answer_json(struct api *api, uint64_t token, unsigned status, const void *json,
			size_t size)
{
	static const struct http_line lines[] = {{"Cache-Control", "no-store"},
						 {"Retry-After", "1"}};
	bool wait = status == 503 && engine_recovers(api->options.engine);
	struct http_answer answer = {
		.status = status,
		.type = status >= 400 ? "application/problem+json" : "application/json",
		.lines = lines,
		.line_count = wait ? 2 : 1,
		.body = json,
		.size = size,
	};
	(void)!http_answer(api->server, token, &answer); /* the client may be gone */
}

/* Begins an answer in the arena. */
static struct json_writer writer(const struct ask *ask)
{
	struct json_writer w;
	sdex_arena_reset(ask->api->arena);
	json_write_arena(&w, ask->api->arena, false);
	return w;
}

static void answer_written(const struct ask *ask, struct json_writer *w)
{
	const uint8_t *text;
	size_t size;
	if (json_write_close(w, &text, &size))
		refuse(ask, 503, "out_of_memory", NULL,
		       "the answer takes more memory than there is for one; ask for less");
	else
		answer_json(ask->api, ask->token, 200, text, size);
}

/* ---- what a query says ---- */

/* A word of the query; NULL in *text when it is not there. */
static bool word(struct ask *ask, const char *name, struct text *text)
{
	struct sdex_failure why;
	enum sdex_error error = query_get(&ask->query, text, name, &why);
	if (error == SDEX_ERR_MISSING)
		*text = (struct text){0};
	if (!error || error == SDEX_ERR_MISSING)
		return true;
	refuse(ask, 400, "bad_query", name, why.text);
	return false;
}

static bool number(struct ask *ask, const char *name, uint32_t *value, uint32_t fallback,
		   uint32_t most)
{
	struct text text;
	uint64_t n;
	char expected[64];
	if (!word(ask, name, &text))
		return false;
	*value = fallback;
	if (!text.data)
		return true;
	if (json_parse_uint64(&n, (const uint8_t *)text.data, text.size) || n < 1 || n > most) {
		snprintf(expected, sizeof expected, "expected a whole number from 1 to %u", most);
		refuse(ask, 400, "bad_query", name, expected);
		return false;
	}
	*value = (uint32_t)n;
	return true;
}

/* Copies a path's or query's word as a C string. */
static bool as_string(char *out, size_t room, struct text text)
{
	if (text.size >= room || memchr(text.data, 0, text.size))
		return false;
	memcpy(out, text.data, text.size);
	out[text.size] = '\0';
	return true;
}

/* ---- questions ---- */

static void ask_status(struct ask *ask)
{
	struct json_writer w = writer(ask);
	engine_show_status(ask->api->options.engine, &w);
	answer_written(ask, &w);
}

static void ask_markets(struct ask *ask)
{
	struct json_writer w = writer(ask);
	engine_show_pairs(ask->api->options.engine, &w);
	answer_written(ask, &w);
}

static void ask_balances(struct ask *ask)
{
	char account[ID_MAX];
	struct text text;
	struct json_writer w;
	if (!word(ask, "account", &text))
		return;
	w = writer(ask);
	if ((text.data && !as_string(account, sizeof account, text)) ||
	    !engine_show_balances(ask->api->options.engine, &w, text.data ? account : NULL))
		refuse(ask, 404, "unknown_account", "account",
		       "expected the address or name of an account of this connector; "
		       "/v1/status lists them");
	else
		answer_written(ask, &w);
}

static void ask_book(struct ask *ask)
{
	char pair[256];
	uint32_t levels;
	struct text by;
	struct json_writer w;
	if (!number(ask, "levels", &levels, LEVELS_DEFAULT, ENGINE_LEVELS_MAX) ||
	    !word(ask, "by", &by))
		return;
	bool by_order = by.data && text_equal(by, TEXT("order"));
	if (by.data && !by_order && !text_equal(by, TEXT("level"))) {
		refuse(ask, 400, "bad_query", "by", "expected level or order");
		return;
	}
	w = writer(ask);
	if (!as_string(pair, sizeof pair, ask->match.params[0]) ||
	    !engine_show_book(ask->api->options.engine, &w, pair, levels, by_order)) {
		refuse(ask, 404, "unknown_pair", NULL,
		       "no book of that pair is kept here; /v1/markets lists those that are");
		return;
	}
	answer_written(ask, &w);
}

/* Copies a word of the query; *value is NULL when it is not there. */
static bool filter_word(struct ask *ask, const char *name, char room[ID_MAX], const char **value)
{
	struct text text;
	if (!word(ask, name, &text))
		return false;
	*value = text.data ? room : NULL;
	if (!text.data || as_string(room, ID_MAX, text))
		return true;
	refuse(ask, 400, "bad_query", name, "expected at most 63 characters");
	return false;
}

/* Is it "live", or a state as clients see it? */
static bool is_status(const char *text)
{
	bool is = strcmp(text, "live") == 0;
	for (uint32_t state = 0; state < ORDER_STATE_COUNT && !is; state++)
		is = strcmp(text, lifecycle_public((enum order_state)state, false)) == 0;
	return is;
}

static void ask_orders(struct ask *ask)
{
	char account[ID_MAX], pair[ID_MAX], status[ID_MAX], cursor[ID_MAX];
	struct engine_filter filter = {.newest_first = true};
	struct json_writer w;
	if (!filter_word(ask, "account", account, &filter.account) ||
	    !filter_word(ask, "trading_pair", pair, &filter.trading_pair) ||
	    !filter_word(ask, "status", status, &filter.status) ||
	    !filter_word(ask, "cursor", cursor, &filter.cursor) ||
	    !number(ask, "limit", &filter.limit, PAGE_DEFAULT, PAGE_MAX))
		return;
	if (filter.status && !is_status(filter.status)) {
		refuse(ask, 400, "bad_query", "status",
		       "expected live, pending, submitted, open, partially_filled, filled, "
		       "cancelled, expired or failed");
		return;
	}
	const char *wrong = engine_filter_wrong(ask->api->options.engine, &filter);
	if (wrong) {
		refuse(ask, 400, "bad_query", wrong,
		       "expected an account of this connector, a cursor that an earlier answer "
		       "gave");
		return;
	}
	w = writer(ask);
	engine_show_orders(ask->api->options.engine, &w, &filter);
	answer_written(ask, &w);
}

static void ask_order(struct ask *ask, bool by_client)
{
	char id[ID_MAX], room[ID_MAX];
	const char *account;
	struct json_writer w;
	if (!filter_word(ask, "account", room, &account))
		return;
	w = writer(ask);
	if (as_string(id, sizeof id, ask->match.params[0]) &&
	    engine_show_order(ask->api->options.engine, &w, by_client ? NULL : id,
			      by_client ? id : NULL, account))
		answer_written(ask, &w);
	else
		refuse(ask, 404, "unknown_order", NULL,
		       by_client ? "not one order has that client_id; where several accounts "
				   "have one, name the account"
				 : "no order has that order_id");
}

static void ask_fills(struct ask *ask)
{
	char order[ID_MAX], account[ID_MAX], pair[ID_MAX], cursor[ID_MAX];
	struct store_question question = {.kind = STORE_FILLS, .newest_first = true};
	if (filter_word(ask, "order_id", order, &question.order_id) &&
	    filter_word(ask, "account", account, &question.account) &&
	    filter_word(ask, "trading_pair", pair, &question.trading_pair) &&
	    filter_word(ask, "cursor", cursor, &question.cursor) &&
	    number(ask, "limit", &question.limit, PAGE_DEFAULT, PAGE_MAX))
		ask->api->options.ask(ask->api->options.arg, ask->token, &question);
}

static void ask_live(struct ask *ask)
{
	static const char text[] = "{\"status\":\"live\"}";
	answer_json(ask->api, ask->token, 200, text, sizeof text - 1);
}

static void ask_ready(struct ask *ask)
{
	bool ready = engine_ready(ask->api->options.engine);
	char text[32];
	int size = snprintf(text, sizeof text, "{\"ready\":%s}", ready ? "true" : "false");
	answer_json(ask->api, ask->token, ready ? 200 : 503, text, (size_t)size);
}

/* ---- commands ---- */

/* The client's members behind our own {"do": ...}; false and refused when they are not an
 * object of which none is called "do". */
static bool write_members(const struct ask *ask, struct json_writer *w)
{
	struct sdex_failure why;
	struct json json;
	struct json_text key;
	json_open(&json, ask->request->body, ask->request->size, 8);
	if (json_object(&json))
		while (json_key(&json, &key)) {
			if (key.escaped || json_is(&key, "do", 2)) {
				refuse(ask, 400, "unknown_member", "do",
				       "the body has a member that no order has");
				return false;
			}
			json_peek(&json);
			const uint8_t *from = json.at;
			if (!json_skip(&json))
				break;
			json_write_key(w, (const char *)key.data, key.size);
			json_write_value(w, from, (size_t)(json.at - from));
		}
	if (!json_close(&json, &why))
		return true;
	refuse(ask, 400, "bad_json", NULL, why.text);
	return false;
}

static void send_command(const struct ask *ask, struct json_writer *w)
{
	const uint8_t *text;
	size_t size;
	if (json_write_close(w, &text, &size) || size > ENV_COMMAND_MAX)
		refuse(ask, 413, "too_large", NULL, "a command has at most 64 KiB");
	else
		ask->api->options.command(ask->api->options.arg, ask->token, text, size);
}

static void command_begin(struct json_writer *w, const char *what)
{
	json_write_object(w);
	json_write_key(w, "do", 2);
	json_write_string(w, what, strlen(what));
}

static void place(struct ask *ask)
{
	struct text type = http_field(ask->request->head, "Content-Type");
	struct text wanted = TEXT("application/json");
	struct json_writer w;
	if (type.size > wanted.size)
		type.size = wanted.size; /* parameters may follow */
	if (!text_same(type, wanted)) {
		refuse(ask, 415, "unsupported_media_type", NULL,
		       "expected Content-Type: application/json");
		return;
	}
	w = writer(ask);
	command_begin(&w, "place");
	if (!write_members(ask, &w))
		return;
	json_write_object_end(&w);
	send_command(ask, &w);
}

static void cancel(struct ask *ask, bool by_client)
{
	char room[ID_MAX];
	const char *account, *name = by_client ? "client_id" : "order_id";
	struct json_writer w;
	if (!filter_word(ask, "account", room, &account))
		return;
	w = writer(ask);
	command_begin(&w, "cancel");
	json_write_key(&w, name, strlen(name));
	json_write_string(&w, ask->match.params[0].data, ask->match.params[0].size);
	if (account) {
		json_write_key(&w, "account", 7);
		json_write_string(&w, account, strlen(account));
	}
	json_write_object_end(&w);
	send_command(ask, &w);
}

/* ---- routes ---- */

enum place_id {
	AT_STATUS,
	AT_MARKETS,
	AT_BOOK,
	AT_BALANCES,
	AT_ORDERS,
	AT_ORDER,
	AT_CLIENT_ORDER,
	AT_FILLS,
	AT_LIVE,
	AT_READY,
};

static const struct route routes[] = {
	{HTTP_GET, "/v1/status", AT_STATUS},
	{HTTP_GET, "/v1/markets", AT_MARKETS},
	{HTTP_GET, "/v1/markets/{pair}/book", AT_BOOK},
	{HTTP_GET, "/v1/balances", AT_BALANCES},
	{HTTP_GET | HTTP_POST, "/v1/orders", AT_ORDERS},
	{HTTP_GET | HTTP_DELETE, "/v1/orders/by-client-id/{id}", AT_CLIENT_ORDER},
	{HTTP_GET | HTTP_DELETE, "/v1/orders/{id}", AT_ORDER},
	{HTTP_GET, "/v1/fills", AT_FILLS},
	{HTTP_GET, "/livez", AT_LIVE},
	{HTTP_GET, "/ready", AT_READY},
};

static void answer_route(struct ask *ask)
{
	enum http_method method = ask->request->head->method;
	switch ((enum place_id)ask->match.route->id) {
	case AT_STATUS:
		ask_status(ask);
		break;
	case AT_MARKETS:
		ask_markets(ask);
		break;
	case AT_BOOK:
		ask_book(ask);
		break;
	case AT_BALANCES:
		ask_balances(ask);
		break;
	case AT_ORDERS:
		method == HTTP_POST ? place(ask) : ask_orders(ask);
		break;
	case AT_ORDER:
		method == HTTP_DELETE ? cancel(ask, false) : ask_order(ask, false);
		break;
	case AT_CLIENT_ORDER:
		method == HTTP_DELETE ? cancel(ask, true) : ask_order(ask, true);
		break;
	case AT_FILLS:
		ask_fills(ask);
		break;
	case AT_LIVE:
		ask_live(ask);
		break;
	case AT_READY:
		ask_ready(ask);
		break;
	}
}

static bool is_port(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return size <= 5;
}

/* Is the host, without its port, one that names this machine alone? */
static bool local_host(struct text host)
{
	static const struct text names[] = {TEXT("localhost"), TEXT("127.0.0.1"), TEXT("[::1]")};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (host.size >= names[i].size &&
		    text_same((struct text){host.data, names[i].size}, names[i]) &&
		    (host.size == names[i].size ||
		     (host.data[names[i].size] == ':' &&
		      is_port(host.data + names[i].size + 1, host.size - names[i].size - 1))))
			return true;
	return false;
}

static void not_found(const struct ask *ask, enum route_result result)
{
	switch (result) {
	case ROUTE_FOUND:
		break;
	case ROUTE_UNKNOWN:
		refuse(ask, 404, "unknown_path", NULL, "there is nothing at this path");
		break;
	case ROUTE_METHOD:
		refuse(ask, 405, "method_not_allowed", NULL,
		       "the path is known, but not with this method");
		break;
	case ROUTE_BAD:
		refuse(ask, 400, "bad_path", NULL, "the path is malformed");
		break;
	}
}

static void on_request(void *arg, uint64_t token, const struct http_request *request)
{
	struct ask ask = {.api = arg, .token = token, .request = request};
	struct sdex_failure why;
	enum route_result result;
	if (!local_host(request->head->host)) {
		refuse(&ask, 421, "wrong_host", NULL,
		       "expected a Host of localhost or a loopback address");
		return;
	}
	result = route_find(&ask.match, routes, sizeof routes / sizeof *routes,
			    request->head->method, request->head->path);
	if (result != ROUTE_FOUND)
		not_found(&ask, result);
	else if (query_read(&ask.query, request->head->query, &why))
		refuse(&ask, 400, "bad_query", NULL, why.text);
	else
		answer_route(&ask);
}

/* ---- life ---- */

static bool is_loopback(const char *address)
{
	struct in_addr four;
	struct in6_addr six;
	if (inet_pton(AF_INET, address, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

struct api *api_new(struct loop *loop, const struct api_options *options, struct sdex_failure *why)
{
	struct api *api;
	struct http_limits limits = {.body = ENV_COMMAND_MAX, .connections = options->connections};
	struct http_listener_options listen = {
		.address = options->address,
		.port = options->port,
		.hooks = {.request = on_request},
	};
	if (!is_loopback(options->address)) {
		fail(why, SDEX_ERR_INVALID, 0,
		     "the API has no users yet, so it listens on a loopback address (127.0.0.1, "
		     "::1) only");
		return NULL;
	}
	api = calloc(1, sizeof *api);
	if (!api || !(api->arena = sdex_arena_new(ANSWER_MEMORY))) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		goto failed;
	}
	api->options = *options;
	listen.arg = api;
	api->server = http_server_new(loop, &limits, why);
	if (!api->server || http_listen(api->server, &api->listener, &listen, why))
		goto failed;
	return api;
failed:
	api_free(api);
	return NULL;
}

void api_free(struct api *api)
{
	if (!api)
		return;
	http_server_free(api->server);
	sdex_arena_free(api->arena);
	free(api);
}

uint16_t api_port(const struct api *api)
{
	return http_listener_port(api->listener);
}

void api_reply(struct api *api, uint64_t token, unsigned status, const void *json, size_t size)
{
	answer_json(api, token, status, json, size);
}
