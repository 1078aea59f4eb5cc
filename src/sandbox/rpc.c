/* sandbox/rpc.c - JSON-RPC 2.0: requests, batches, parameters, errors. */
#include "sandbox/rpc.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/bytes.h"
#include "sdex/xdr_json.h"

#define DEPTH_MAX 32u
#define BATCH_MAX 50u
#define METHOD_MAX 64u
#define BATCH_BYTES_MAX ((size_t)32 << 20) /* of memory: the rest of a batch is refused then */

static const struct {
	const char *name;
	void (*run)(struct rpc *rpc);
} methods[] = {
	{"getHealth", method_get_health},
	{"getNetwork", method_get_network},
	{"getVersionInfo", method_get_version_info},
	{"getLatestLedger", method_get_latest_ledger},
	{"getFeeStats", method_get_fee_stats},
	{"getLedgers", method_get_ledgers},
	{"getLedgerEntries", method_get_ledger_entries},
	{"getTransaction", method_get_transaction},
	{"getTransactions", method_get_transactions},
	{"sendTransaction", method_send_transaction},
};

bool rpc_fail(struct rpc *rpc, enum rpc_code code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)vsnprintf(rpc->message, sizeof(rpc->message), format, args);
	va_end(args);
	if (!utf8_valid(rpc->message, strlen(rpc->message)))
		(void)snprintf(rpc->message, sizeof(rpc->message), "invalid parameters");
	rpc->code = code;
	return false;
}

/* --- parameters */

static bool read_text(struct rpc *rpc, struct json *json, struct text *out)
{
	struct json_text text;
	if (!json_string(json, &text))
		return false;
	uint8_t *room = sdex_arena_alloc(rpc->arena, text.size + 1);
	if (!room)
		return rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
	out->data = (const char *)room;
	out->size = json_unescape(room, &text);
	return true;
}

static bool read_number(struct json *json, uint32_t *out)
{
	uint64_t value;
	const uint8_t *at = json->at;
	if (!json_uint64(json, &value))
		return false;
	if (value > UINT32_MAX)
		json_refuse(json, SDEX_ERR_RANGE, at, "a number of 32 bits");
	*out = (uint32_t)value;
	return value <= UINT32_MAX;
}

static void read_texts(struct rpc *rpc, struct json *json, struct texts *out)
{
	uint32_t room = 0;
	*out = (struct texts){0}; /* of a parameter that is there twice the last counts */
	if (json_peek(json) == JSON_NULL) {
		json_null(json);
		return;
	}
	if (!json_array(json))
		return;
	while (json_item(json)) {
		if (out->count == room) {
			room = room ? 2 * room : 16;
			struct text *items = sdex_arena_alloc(rpc->arena, room * sizeof(*items));
			if (!items) {
				rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
				return;
			}
			if (out->count)
				memcpy(items, out->items, out->count * sizeof(*items));
			out->items = items;
		}
		if (!read_text(rpc, json, &out->items[out->count++]))
			return;
	}
}

static void read_page(struct rpc *rpc, struct json *json, struct rpc_page *out)
{
	struct json_text key;
	if (json_peek(json) == JSON_NULL) {
		json_null(json);
		return;
	}
	if (!json_object(json))
		return;
	out->given = true;
	while (json_key(json, &key)) {
		if (json_peek(json) == JSON_NULL)
			json_null(json);
		else if (json_is(&key, "cursor", 6))
			(void)read_text(rpc, json, &out->cursor);
		else if (json_is(&key, "limit", 5))
			(void)read_number(json, &out->limit);
		else
			json_skip(json);
	}
}

static void read_param(struct rpc *rpc, struct json *json, const struct param *param)
{
	switch (param->kind) {
	case PARAM_TEXT:
		if (json_peek(json) == JSON_NULL)
			json_null(json);
		else
			(void)read_text(rpc, json, param->value);
		break;
	case PARAM_NUMBER:
		if (json_peek(json) == JSON_NULL)
			json_null(json);
		else
			(void)read_number(json, param->value);
		break;
	case PARAM_TEXTS:
		read_texts(rpc, json, param->value);
		break;
	case PARAM_PAGE:
		read_page(rpc, json, param->value);
		break;
	}
}

bool rpc_params(struct rpc *rpc, const struct param *table)
{
	struct json json;
	struct json_text key;
	struct sdex_failure why = {0};
	if (rpc->params_size == 0)
		return true;
	json_open(&json, rpc->params, rpc->params_size, DEPTH_MAX);
	if (json_peek(&json) == JSON_NULL)
		return true;
	if (json_peek(&json) != JSON_OBJECT)
		return rpc_fail(rpc, RPC_INVALID_PARAMS,
				"invalid parameters: expected an object of named parameters");
	if (json_object(&json))
		while (json_key(&json, &key)) {
			const struct param *param = table;
			while (param->name && !json_is(&key, param->name, strlen(param->name)))
				param++;
			if (param->name)
				read_param(rpc, &json, param);
			else
				json_skip(&json);
		}
	if (json_close(&json, &why) && !rpc->code)
		rpc_fail(rpc, RPC_INVALID_PARAMS, "invalid parameters: %s", why.text);
	return rpc->code == 0;
}

bool rpc_format(struct rpc *rpc, bool *json, struct text format)
{
	struct quote quote;
	*json = text_equal(format, TEXT("json"));
	if (*json || format.size == 0 || text_equal(format, TEXT("base64")))
		return true;
	return rpc_fail(rpc, RPC_INVALID_PARAMS,
			"got %s: expected base64, json for optional 'xdrFormat'",
			bytes_quote(&quote, format.data, format.size));
}

void rpc_put_xdr(struct rpc *rpc, const char *name, bool json, enum sdex_type type,
		 struct sdex_bytes bytes)
{
	char key[40];
	(void)snprintf(key, sizeof(key), "%s%s", name, json ? "Json" : "Xdr");
	if (!json) {
		put_base64(&rpc->w, key, bytes.data, bytes.size, rpc->arena);
		return;
	}
	void *value;
	const char *text;
	size_t size;
	if (sdex_xdr_decode(type, &value, rpc->arena, bytes.data, bytes.size, NULL, NULL) ||
	    sdex_xdr_to_json_arena(type, &text, &size, rpc->arena, value, SDEX_JSON_COMPACT,
				   NULL)) {
		rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
		return;
	}
	put_key(&rpc->w, key);
	json_write_value(&rpc->w, text, size);
}

static void put_close_time(struct rpc *rpc, const char *key, uint64_t time, bool as_text)
{
	if (as_text)
		put_int_text(&rpc->w, key, (int64_t)time);
	else
		put_int(&rpc->w, key, (int64_t)time);
}

void rpc_put_range(struct rpc *rpc, bool times_as_text)
{
	const struct history *history = &rpc->network->history;
	const struct history_ledger *last = history_last(history);
	const struct history_ledger *first = history_ledger(history, history->first);
	put_int(&rpc->w, "latestLedger", last->sequence);
	put_close_time(rpc, "latestLedgerCloseTime", last->close_time, times_as_text);
	put_int(&rpc->w, "oldestLedger", first->sequence);
	put_close_time(rpc, "oldestLedgerCloseTime", first->close_time, times_as_text);
}

/* --- requests */

struct envelope {
	struct sdex_bytes id; /* as it stands; size 0 for a notification */
	char method[METHOD_MAX];
	const uint8_t *params;
	size_t params_size;
	bool version;
};

/* A value as it stands in the text. */
static struct sdex_bytes raw_value(struct json *json)
{
	while (json->at < json->end && json_blank(*json->at))
		json->at++;
	const uint8_t *start = json->at;
	json_skip(json);
	return (struct sdex_bytes){start, (uint32_t)(json->at - start)};
}

static void read_id(struct json *json, struct envelope *out)
{
	enum json_kind kind = json_peek(json);
	const uint8_t *at = json->at;
	out->id = raw_value(json);
	if (kind != JSON_STRING && kind != JSON_NUMBER && kind != JSON_NULL)
		json_refuse(json, SDEX_ERR_KIND, at, "an id that is a string or a number");
}

static void read_envelope(struct json *json, struct envelope *out)
{
	struct json_text key, text;
	*out = (struct envelope){0};
	if (!json_object(json))
		return;
	while (json_key(json, &key)) {
		if (json_is(&key, "id", 2)) {
			read_id(json, out);
		} else if (json_is(&key, "method", 6)) {
			if (json_string(json, &text) && text.size < METHOD_MAX)
				out->method[json_unescape((uint8_t *)out->method, &text)] = 0;
		} else if (json_is(&key, "params", 6)) {
			struct sdex_bytes raw = raw_value(json);
			out->params = raw.data;
			out->params_size = raw.size;
		} else if (json_is(&key, "jsonrpc", 7)) {
			out->version = json_string(json, &text) && json_is(&text, "2.0", 3);
		} else {
			json_skip(json);
		}
	}
}

static void write_answer(struct json_writer *w, struct rpc *rpc, struct sdex_bytes id)
{
	const uint8_t *result = NULL;
	size_t size = 0;
	if (!rpc->code && json_write_close(&rpc->w, &result, &size))
		rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
	json_write_object(w);
	put_text(w, "jsonrpc", "2.0");
	put_key(w, "id");
	if (id.size)
		json_write_value(w, id.data, id.size);
	else
		json_write_null(w);
	if (rpc->code) {
		put_key(w, "error");
		json_write_object(w);
		put_int(w, "code", rpc->code);
		put_text(w, "message", rpc->message);
		json_write_object_end(w);
	} else {
		put_key(w, "result");
		json_write_value(w, result, size);
	}
	json_write_object_end(w);
}

static void run_method(struct rpc *rpc, const struct envelope *envelope)
{
	struct quote quote;
	size_t count = sizeof(methods) / sizeof(*methods);
	if (!envelope->version) {
		rpc_fail(rpc, RPC_INVALID_REQUEST, "expected \"jsonrpc\": \"2.0\"");
		return;
	}
	if (!envelope->method[0]) {
		rpc_fail(rpc, RPC_INVALID_REQUEST, "expected a method of 1 to %u characters",
			 METHOD_MAX - 1);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (strcmp(methods[i].name, envelope->method) == 0) {
			methods[i].run(rpc);
			return;
		}
	rpc_fail(rpc, RPC_METHOD_NOT_FOUND, "method not found: %s is not of this sandbox",
		 bytes_quote(&quote, envelope->method, strlen(envelope->method)));
}

/* Answers one request, unless it is a notification. */
static void answer_one(struct sandbox *sandbox, struct json_writer *w,
		       const struct envelope *envelope, uint64_t time_s)
{
	struct rpc rpc = {.sandbox = sandbox,
			  .network = sandbox->network,
			  .arena = sandbox->arena,
			  .time_s = time_s,
			  .params = envelope->params,
			  .params_size = envelope->params_size};
	json_write_arena(&rpc.w, rpc.arena, false);
	if (sdex_arena_held(sandbox->arena) > BATCH_BYTES_MAX)
		rpc_fail(&rpc, RPC_INTERNAL_ERROR,
			 "the answers before this one are too large: ask for less at a time");
	else
		run_method(&rpc, envelope);
	if (envelope->id.size)
		write_answer(w, &rpc, envelope->id);
}

static void answer_broken(struct sandbox *sandbox, struct json_writer *w, enum rpc_code code,
			  const char *text)
{
	struct rpc rpc = {.sandbox = sandbox};
	rpc_fail(&rpc, code, "%s", text);
	write_answer(w, &rpc, (struct sdex_bytes){0});
}

/* Walks a batch twice: first to see that it is whole, then to answer. */
static void answer_all(struct sandbox *sandbox, struct json_writer *w,
		       const struct sandbox_request *request)
{
	struct envelope envelope;
	struct sdex_failure why = {0};
	struct json json;
	uint32_t count = 0;
	json_open(&json, request->body, request->size, DEPTH_MAX);
	bool batch = json_peek(&json) == JSON_ARRAY;
	json_skip(&json);
	if (json_close(&json, &why)) {
		answer_broken(sandbox, w, RPC_PARSE_ERROR, why.text);
		return;
	}
	json_open(&json, request->body, request->size, DEPTH_MAX);
	if (batch) {
		json_array(&json);
		json_write_array(w);
	}
	while (batch ? json_item(&json) : count == 0) {
		read_envelope(&json, &envelope);
		if (json.error || ++count > BATCH_MAX)
			break;
		answer_one(sandbox, w, &envelope, request->time_s);
	}
	if (count > BATCH_MAX)
		answer_broken(sandbox, w, RPC_INVALID_REQUEST, "a batch of over 50 requests");
	else if (json_close(&json, &why))
		answer_broken(sandbox, w, RPC_INVALID_REQUEST, why.text);
	if (batch)
		json_write_array_end(w);
}

static bool is_json(struct text type)
{
	size_t size = 0;
	while (size < type.size && type.data[size] != ';' && type.data[size] != ' ')
		size++;
	return text_same((struct text){type.data, size}, TEXT("application/json"));
}

static void answer_plain(struct sandbox_answer *answer, unsigned status, const char *text)
{
	answer->status = status;
	answer->type = "text/plain; charset=utf-8";
	answer->body = (const uint8_t *)text;
	answer->size = strlen(text);
}

void sandbox_rpc(struct sandbox *sandbox, struct sandbox_answer *answer,
		 const struct sandbox_request *request)
{
	struct json_writer w;
	*answer = (struct sandbox_answer){.status = 200};
	answer->lines[answer->line_count++] =
		(struct sandbox_line){"Access-Control-Allow-Origin", "*"};
	if (strcmp(request->method, "OPTIONS") == 0) {
		answer->lines[answer->line_count++] =
			(struct sandbox_line){"Access-Control-Allow-Methods", "POST"};
		answer->lines[answer->line_count++] =
			(struct sandbox_line){"Access-Control-Allow-Headers", "*"};
		answer->status = 204;
		return;
	}
	if (strcmp(request->method, "POST") != 0) {
		answer_plain(answer, 405, "Method Not Allowed: RPC takes POST\n");
		return;
	}
	if (!is_json(request->content_type)) {
		answer_plain(answer, 415, "Unsupported Media Type: RPC takes application/json\n");
		return;
	}
	if (request->size > SANDBOX_RPC_BODY_MAX) {
		answer_plain(answer, 413, "Request Entity Too Large: RPC takes 512 KiB\n");
		return;
	}
	sandbox_begin(sandbox);
	json_write_arena(&w, sandbox->arena, false);
	answer_all(sandbox, &w, request);
	if (json_write_close(&w, &answer->body, &answer->size)) {
		answer_plain(answer, 500, "memory is out\n");
		return;
	}
	answer->type = "application/json";
	if (answer->size == 0 || (answer->size == 2 && answer->body[0] == '[')) {
		answer->status = 204; /* notifications only */
		answer->type = NULL;
		answer->size = 0;
	}
}
