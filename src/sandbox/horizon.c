/* sandbox/horizon.c - from a request's path to its endpoint, and from what that writes to an
 * answer. */
#include "sandbox/horizon.h"

#include <stdio.h>

enum { GET = HTTP_GET | HTTP_HEAD, POST = HTTP_POST };

static const struct endpoint endpoints[] = {
	{horizon_root, ENDPOINT_OBJECT},
	{horizon_health, ENDPOINT_OBJECT},
	{horizon_fee_stats, ENDPOINT_OBJECT},
	{horizon_account, ENDPOINT_OBJECT_STREAM},
	{horizon_account_offers, ENDPOINT_PAGE_STREAM},
	{horizon_offers, ENDPOINT_PAGE},
	{horizon_offer, ENDPOINT_OBJECT},
	{horizon_friendbot, ENDPOINT_OBJECT},
	{horizon_submit_async, ENDPOINT_OBJECT},
	{horizon_submit, ENDPOINT_OBJECT},
	{horizon_order_book, ENDPOINT_OBJECT_STREAM},
	{horizon_trades, ENDPOINT_PAGE_STREAM},
	{horizon_account_trades, ENDPOINT_PAGE_STREAM},
	{horizon_offer_trades, ENDPOINT_PAGE_STREAM},
	{horizon_pool_trades, ENDPOINT_PAGE_STREAM},
	{horizon_ledgers, ENDPOINT_PAGE_STREAM},
	{horizon_ledger, ENDPOINT_OBJECT},
	{horizon_ledger_transactions, ENDPOINT_PAGE_STREAM},
	{horizon_transactions, ENDPOINT_PAGE_STREAM},
	{horizon_transaction, ENDPOINT_OBJECT},
	{horizon_account_transactions, ENDPOINT_PAGE_STREAM},
	{horizon_account_data, ENDPOINT_OBJECT_STREAM},
	{horizon_pool, ENDPOINT_OBJECT},
};

/* The ids are indexes of endpoints. */
static const struct route routes[] = {
	{GET, "/", 0},
	{GET, "/health", 1},
	{GET, "/fee_stats", 2},
	{GET, "/accounts/{id}", 3},
	{GET, "/accounts/{id}/offers", 4},
	{GET, "/offers", 5},
	{GET, "/offers/{id}", 6},
	{GET | POST, "/friendbot", 7},
	{POST, "/transactions_async", 8},
	{POST, "/transactions", 9},
	{GET, "/order_book", 10},
	{GET, "/trades", 11},
	{GET, "/accounts/{id}/trades", 12},
	{GET, "/offers/{id}/trades", 13},
	{GET, "/liquidity_pools/{id}/trades", 14},
	{GET, "/ledgers", 15},
	{GET, "/ledgers/{sequence}", 16},
	{GET, "/ledgers/{sequence}/transactions", 17},
	{GET, "/transactions", 18},
	{GET, "/transactions/{hash}", 19},
	{GET, "/accounts/{id}/transactions", 20},
	{GET, "/accounts/{id}/data/{key}", 21},
	{GET, "/liquidity_pools/{id}", 22},
};

static const struct problem method_not_allowed = {
	"method_not_allowed", "Method Not Allowed", 405,
	"This path is there, but not for the method of the request."};
static const struct problem unsupported_media_type = {
	"unsupported_media_type", "Unsupported Media Type", 415,
	"The request has an unsupported content type. Presently, the only supported content type "
	"is application/x-www-form-urlencoded."};

static enum http_method method_of(const char *name)
{
	static const enum http_method methods[] = {HTTP_GET,   HTTP_HEAD,   HTTP_POST,   HTTP_PUT,
						   HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS};
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (strcmp(http_method_name(methods[i]), name) == 0)
			return methods[i];
	return HTTP_OPTIONS;
}

static bool media_is(struct text type, struct text wanted)
{
	size_t size = 0;
	while (size < type.size && type.data[size] != ';' && type.data[size] != ' ')
		size++;
	return text_same((struct text){type.data, size}, wanted);
}

/* The form of a POST's body becomes parameters like the query's. */
static bool read_form(struct call *call)
{
	const struct sandbox_request *r = call->request;
	if (method_of(r->method) != HTTP_POST)
		return true;
	if (r->content_type.size &&
	    !media_is(r->content_type, TEXT("application/x-www-form-urlencoded"))) {
		call_refuse(call, &unsupported_media_type);
		return false;
	}
	call->form = (struct text){r->body, r->size};
	return true;
}

const struct endpoint *horizon_find(struct call *call, struct route_match *match,
				    struct query *query)
{
	const struct sandbox_request *r = call->request;
	struct sdex_failure why = {0};
	enum route_result found = route_find(match, routes, sizeof(routes) / sizeof(*routes),
					     method_of(r->method), r->path);
	call->match = match;
	call->query = query;
	if (found == ROUTE_METHOD)
		call_refuse(call, &method_not_allowed);
	else if (found != ROUTE_FOUND)
		call_refuse(call, &problem_not_found);
	else if (query_read(query, r->query, &why))
		call_refuse_field(call, "query", why.text);
	else if (read_form(call))
		return &endpoints[match->route->id];
	return NULL;
}

static bool text_has(struct text text, const char *word)
{
	size_t size = strlen(word);
	for (size_t i = 0; i + size <= text.size; i++)
		if (text_same((struct text){text.data + i, size}, (struct text){word, size}))
			return true;
	return false;
}

static bool wants_json(struct text accept)
{
	return accept.size == 0 || text_has(accept, "*/*") || text_has(accept, "application/*") ||
	       text_has(accept, "application/json") || text_has(accept, "application/hal+json");
}

static void add_line(struct call *call, const char *name, const char *value)
{
	struct sandbox_answer *a = call->answer;
	a->lines[a->line_count++] = (struct sandbox_line){name, value};
}

void call_finish(struct call *call)
{
	struct sandbox_answer *a = call->answer;
	char *sequence = sdex_arena_alloc(call->arena, 16);
	if (a->form == SANDBOX_LATER)
		return;
	if (a->form == SANDBOX_WHOLE && json_write_close(&call->w, &a->body, &a->size)) {
		static const uint8_t broken[] = "{\"status\":500}";
		a->status = 500;
		a->body = broken;
		a->size = sizeof(broken) - 1;
		call->refused = true;
	}
	if (sequence) {
		(void)snprintf(sequence, 16, "%u", network_sequence(call->network));
		add_line(call, "Latest-Ledger", sequence);
	}
	add_line(call, "Access-Control-Allow-Origin", "*");
	if (a->form == SANDBOX_STREAM) {
		a->type = "text/event-stream; charset=utf-8";
		add_line(call, "Cache-Control", "no-cache");
		return;
	}
	add_line(call, "Content-Disposition", "inline");
	a->type = call->refused ? "application/problem+json; charset=utf-8"
				: "application/hal+json; charset=utf-8";
}

void sandbox_horizon(struct sandbox *sandbox, struct sandbox_answer *answer,
		     const struct sandbox_request *request)
{
	sandbox_begin(sandbox);
	struct call call = {.sandbox = sandbox,
			    .network = sandbox->network,
			    .request = request,
			    .answer = answer,
			    .arena = sandbox->arena};
	*answer = (struct sandbox_answer){.status = 200};
	json_write_arena(&call.w, call.arena, true);
	struct route_match *match = sdex_arena_alloc(call.arena, sizeof(*match));
	struct query *query = sdex_arena_alloc(call.arena, sizeof(*query));
	const struct endpoint *endpoint = match && query ? horizon_find(&call, match, query) : NULL;
	if (!endpoint) {
		call_finish(&call);
		return;
	}
	bool streams =
		endpoint->kind == ENDPOINT_OBJECT_STREAM || endpoint->kind == ENDPOINT_PAGE_STREAM;
	if (text_has(request->accept, "text/event-stream") && streams)
		stream_open(&call, endpoint);
	else if (!wants_json(request->accept))
		call_refuse(&call, &problem_not_acceptable);
	else
		endpoint->run(&call);
	call_finish(&call);
}
