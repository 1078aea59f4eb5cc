/* store/published.c - orders, fills, balances and ledger heads out of JSON.
 *
 * Members that are not known are left alone: the engine may say more than the store keeps
 * in columns, and the document has it all. */
#include "store/published.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/failure.h"
#include "base/json.h"
#include "base/json_write.h"

#define DEPTH 16u

struct reader {
	struct json json;
	struct published_sink *sink;
	struct sdex_arena *arena;
};

/* A member that goes into a column. */
struct column {
	const char *name;
	struct store_text *text;
};

enum published_topic published_topic(const char *name)
{
	static const char *const names[] = {"orders", "fills", "balances", "ledger"};
	for (int i = 0; i < PUBLISHED_OTHER; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum published_topic)i;
	return PUBLISHED_OTHER;
}

/* A text or number as text, anything else as none. */
static void read_text(struct reader *r, struct store_text *out)
{
	struct json_text text;
	enum json_kind kind = json_peek(&r->json);
	if (kind != JSON_STRING && kind != JSON_NUMBER) {
		json_skip(&r->json);
		return;
	}
	if (kind == JSON_STRING ? !json_string(&r->json, &text) : !json_number(&r->json, &text))
		return;
	*out = (struct store_text){(const char *)text.data, text.size};
	if (!text.escaped)
		return;
	uint8_t *plain = sdex_arena_alloc(r->arena, text.size + 1);
	if (!plain) {
		json_refuse(&r->json, SDEX_ERR_NOMEM, text.data, "memory for a text");
		return;
	}
	*out = (struct store_text){(const char *)plain, json_unescape(plain, &text)};
}

static bool read_column(struct reader *r, const struct json_text *key, const struct column *columns)
{
	for (; columns->name; columns++) {
		if (json_is(key, columns->name, strlen(columns->name))) {
			read_text(r, columns->text);
			return true;
		}
	}
	return false;
}

static bool is_key(const struct json_text *key, const char *name)
{
	return json_is(key, name, strlen(name));
}

/* The bytes of the value that comes next, which is read over. */
static struct store_text take_slice(struct reader *r)
{
	const uint8_t *begin = json_over_blank(r->json.at, r->json.end);
	if (!json_skip(&r->json))
		return (struct store_text){0};
	return (struct store_text){(const char *)begin, (size_t)(r->json.at - begin)};
}

static void put(struct reader *r, bool done)
{
	if (!done)
		r->sink->failed = true;
}

/* ---- fills ---- */

static void write_text(struct json_writer *w, const char *name, struct store_text text)
{
	if (!text.data)
		return;
	json_write_key(w, name, strlen(name));
	json_write_string(w, text.data, text.size);
}

/* A fill that stands inside its order, as it is published alone: with whose it is. */
static enum sdex_error complete_fill(struct store_text *document, const struct reader *outer,
				     const struct store_order *of, struct sdex_failure *why)
{
	struct reader r = {.arena = outer->arena};
	struct json_writer w;
	struct json_text key;
	const uint8_t *text;
	json_write_arena(&w, r.arena, false);
	json_write_object(&w);
	write_text(&w, "order_id", of->order_id);
	write_text(&w, "account", of->account);
	write_text(&w, "trading_pair", of->trading_pair);
	write_text(&w, "trade_type", of->trade_type);
	json_open(&r.json, document->data, document->size, DEPTH);
	json_object(&r.json);
	while (json_key(&r.json, &key)) {
		struct store_text value = take_slice(&r);
		/* Said already; no name of ours has an escape. */
		if (key.escaped || is_key(&key, "order_id") || is_key(&key, "account") ||
		    is_key(&key, "trading_pair") || is_key(&key, "trade_type"))
			continue;
		json_write_key(&w, (const char *)key.data, key.size);
		json_write_value(&w, value.data, value.size);
	}
	json_write_object_end(&w);
	enum sdex_error error = json_close(&r.json, why);
	if (error)
		return error;
	error = json_write_close(&w, &text, &document->size);
	document->data = (const char *)text;
	return error ? fail(why, error, 0, "memory for a fill is out") : SDEX_OK;
}

/* `of` has what a fill inside an order does not say again; NULL for one alone. */
static enum sdex_error put_fill(const struct reader *outer, struct store_text document,
				const struct store_order *of, struct sdex_failure *why)
{
	struct reader r = {.sink = outer->sink, .arena = outer->arena};
	enum sdex_error error = of ? complete_fill(&document, outer, of, why) : SDEX_OK;
	if (error)
		return error;
	struct store_fill f = {.document = document};
	const struct column columns[] = {
		{"fill_id", &f.fill_id},
		{"order_id", &f.order_id},
		{"account", &f.account},
		{"trading_pair", &f.trading_pair},
		{"trade_type", &f.trade_type},
		{"role", &f.role},
		{"transaction_hash", &f.transaction_hash},
		{"base_amount", &f.base_amount},
		{"counter_amount", &f.counter_amount},
		{"price", &f.price},
		{"at", &f.at},
		{NULL, NULL},
	};
	struct json_text key;
	json_open(&r.json, document.data, document.size, DEPTH);
	json_object(&r.json);
	while (json_key(&r.json, &key)) {
		if (is_key(&key, "ledger"))
			json_int64(&r.json, &f.ledger);
		else if (!read_column(&r, &key, columns))
			json_skip(&r.json);
	}
	error = json_close(&r.json, why);
	if (error)
		return error;
	if (!f.fill_id.data || !f.order_id.data)
		return fail(why, SDEX_ERR_MISSING, 0, "expected a fill with fill_id and order_id");
	put(&r, r.sink->backend->put_fill(r.sink->db, &f));
	return SDEX_OK;
}

static enum sdex_error put_fills(const struct reader *outer, struct store_text list,
				 const struct store_order *of, struct sdex_failure *why)
{
	struct reader r = {.sink = outer->sink, .arena = outer->arena};
	enum sdex_error error = SDEX_OK;
	json_open(&r.json, list.data, list.size, DEPTH);
	json_array(&r.json);
	while (!error && json_item(&r.json)) {
		struct store_text fill = take_slice(&r);
		if (fill.data)
			error = put_fill(&r, fill, of, why);
	}
	return error ? error : json_close(&r.json, why);
}

/* ---- orders ---- */

static enum sdex_error put_order(struct reader *r, struct store_text document,
				 struct sdex_failure *why)
{
	struct store_order o = {.document = document};
	struct store_text fills = {0};
	const struct column columns[] = {
		{"order_id", &o.order_id},
		{"client_id", &o.client_id},
		{"account", &o.account},
		{"trading_pair", &o.trading_pair},
		{"trade_type", &o.trade_type},
		{"order_type", &o.order_type},
		{"amount", &o.amount},
		{"price", &o.price},
		{"filled_amount", &o.filled_amount},
		{"remaining_amount", &o.remaining_amount},
		{"status", &o.status},
		{"status_detail", &o.status_detail},
		{"stellar_offer_id", &o.stellar_offer_id},
		{"transaction_hash", &o.transaction_hash},
		{"created_at", &o.created_at},
		{"last_update_at", &o.last_update_at},
		{NULL, NULL},
	};
	struct json_text key;
	json_object(&r->json);
	while (json_key(&r->json, &key)) {
		if (is_key(&key, "fills"))
			fills = take_slice(r);
		else if (!read_column(r, &key, columns))
			json_skip(&r->json);
	}
	enum sdex_error error = json_close(&r->json, why);
	if (error)
		return error;
	if (!o.order_id.data)
		return fail(why, SDEX_ERR_MISSING, 0, "expected an order with order_id");
	put(r, r->sink->backend->put_order(r->sink->db, &o));
	return fills.data ? put_fills(r, fills, &o, why) : SDEX_OK;
}

/* ---- balances ---- */

static enum sdex_error put_balance(const struct reader *outer, struct store_text item,
				   struct store_text account, int64_t ledger,
				   struct sdex_failure *why)
{
	struct reader r = {.sink = outer->sink, .arena = outer->arena};
	struct store_balance b = {.account = account, .ledger = ledger};
	const struct column columns[] = {
		{"asset", &b.asset},   {"balance", &b.balance},     {"selling", &b.selling},
		{"buying", &b.buying}, {"available", &b.available}, {"limit", &b.limit},
		{NULL, NULL},
	};
	struct json_text key;
	json_open(&r.json, item.data, item.size, DEPTH);
	json_object(&r.json);
	while (json_key(&r.json, &key))
		if (!read_column(&r, &key, columns))
			json_skip(&r.json);
	enum sdex_error error = json_close(&r.json, why);
	if (error)
		return error;
	if (!b.asset.data)
		return fail(why, SDEX_ERR_MISSING, 0, "expected a balance with asset");
	put(&r, r.sink->backend->put_balance(r.sink->db, &b));
	return SDEX_OK;
}

static enum sdex_error put_account(const struct reader *outer, struct store_text item,
				   struct sdex_failure *why)
{
	struct reader r = {.sink = outer->sink, .arena = outer->arena};
	struct store_text account = {0}, balances = {0};
	int64_t ledger = 0;
	struct json_text key;
	json_open(&r.json, item.data, item.size, DEPTH);
	json_object(&r.json);
	while (json_key(&r.json, &key)) {
		if (is_key(&key, "account"))
			read_text(&r, &account);
		else if (is_key(&key, "ledger") && json_peek(&r.json) == JSON_NUMBER)
			json_int64(&r.json, &ledger);
		else if (is_key(&key, "balances"))
			balances = take_slice(&r);
		else
			json_skip(&r.json);
	}
	enum sdex_error error = json_close(&r.json, why);
	if (error || !balances.data)
		return error;
	if (!account.data)
		return fail(why, SDEX_ERR_MISSING, 0, "expected balances with account");
	json_open(&r.json, balances.data, balances.size, DEPTH);
	json_array(&r.json);
	while (!error && json_item(&r.json)) {
		struct store_text balance = take_slice(&r);
		if (balance.data)
			error = put_balance(&r, balance, account, ledger, why);
	}
	return error ? error : json_close(&r.json, why);
}

static enum sdex_error put_balances(struct reader *r, struct store_text document,
				    struct sdex_failure *why)
{
	enum sdex_error error = SDEX_OK;
	if (json_peek(&r->json) == JSON_OBJECT)
		return put_account(r, document, why);
	json_array(&r->json);
	while (!error && json_item(&r->json)) {
		struct store_text account = take_slice(r);
		if (account.data)
			error = put_account(r, account, why);
	}
	return error ? error : json_close(&r->json, why);
}

/* ---- ledgers ---- */

static enum sdex_error put_ledger(struct reader *r, struct sdex_failure *why)
{
	struct store_text sequence = {0}, name = {"ledger", 6};
	struct json_text key;
	json_object(&r->json);
	while (json_key(&r->json, &key)) {
		if (is_key(&key, "sequence"))
			read_text(r, &sequence);
		else
			json_skip(&r->json);
	}
	enum sdex_error error = json_close(&r->json, why);
	if (error)
		return error;
	if (!sequence.data)
		return fail(why, SDEX_ERR_MISSING, 0, "expected a ledger with sequence");
	put(r, r->sink->backend->put_cursor(r->sink->db, name, sequence));
	return SDEX_OK;
}

enum sdex_error published_put(struct published_sink *sink, enum published_topic topic,
			      const void *json, size_t size, struct sdex_arena *arena,
			      struct sdex_failure *why)
{
	struct reader r = {.sink = sink, .arena = arena};
	struct store_text document = {json, size};
	json_open(&r.json, json, size, DEPTH);
	switch (topic) {
	case PUBLISHED_ORDERS:
		return put_order(&r, document, why);
	case PUBLISHED_FILLS:
		return put_fill(&r, document, NULL, why);
	case PUBLISHED_BALANCES:
		return put_balances(&r, document, why);
	case PUBLISHED_LEDGER:
		return put_ledger(&r, why);
	case PUBLISHED_OTHER:
		break;
	}
	return SDEX_OK;
}
