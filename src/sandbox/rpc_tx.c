/* sandbox/rpc_tx.c - RPC's methods about transactions. */
#include <stdio.h>

#include "base/bytes.h"
#include "sandbox/rpc.h"
#include "sdex/ids.h"
#include "sdex/xdr_json.h"

#define LIMIT_DEFAULT 50u
#define LIMIT_MAX 200u

/* --- one in a ledger */

static void put_element(struct rpc *rpc, bool json, enum sdex_type type, const void *value)
{
	const char *text;
	size_t size = 0, length = 0;
	if (json) {
		if (sdex_xdr_to_json_arena(type, &text, &size, rpc->arena, value, SDEX_JSON_COMPACT,
					   NULL))
			rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
		else
			json_write_value(&rpc->w, text, size);
		return;
	}
	enum sdex_error error = sdex_xdr_size(type, &size, value, NULL);
	uint8_t *bytes = error ? NULL : sdex_arena_alloc(rpc->arena, size);
	char *base64 = bytes ? sdex_arena_alloc(rpc->arena, SDEX_BASE64_LENGTH(size) + 1) : NULL;
	if (!base64 || sdex_xdr_encode(type, bytes, size, &size, value, NULL) ||
	    sdex_base64_encode(base64, SDEX_BASE64_LENGTH(size) + 1, &length, bytes, size))
		rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
	else
		json_write_string(&rpc->w, base64, length);
}

/* What the meta has of events, NULL if it cannot: none are asked for, or memory is out. */
static const sdex_TransactionMetaV4 *events_of(struct rpc *rpc, const struct history_ledger *ledger,
					       const struct history_tx *tx)
{
	sdex_TransactionMeta *meta = NULL;
	if (!rpc->network->options.events)
		return NULL;
	struct sdex_bytes bytes = history_bytes(ledger, tx->meta);
	if (sdex_TransactionMeta_decode(&meta, rpc->arena, bytes.data, bytes.size, NULL)) {
		rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
		return NULL;
	}
	return meta->v == 4 ? meta->v4 : NULL;
}

/* Events of the transaction, and of each of its operations. */
static void put_events(struct rpc *rpc, const struct history_ledger *ledger,
		       const struct history_tx *tx, bool json)
{
	const sdex_TransactionMetaV4 *v4 = tx ? events_of(rpc, ledger, tx) : NULL;
	put_key(&rpc->w, "events");
	json_write_object(&rpc->w);
	if (v4 && v4->events.count) {
		put_key(&rpc->w, json ? "transactionEventsJson" : "transactionEventsXdr");
		json_write_array(&rpc->w);
		for (uint32_t i = 0; i < v4->events.count; i++)
			put_element(rpc, json, SDEX_TYPE_TransactionEvent, &v4->events.items[i]);
		json_write_array_end(&rpc->w);
	}
	if (tx && tx->success && tx->operations) {
		put_key(&rpc->w, json ? "contractEventsJson" : "contractEventsXdr");
		json_write_array(&rpc->w);
		for (uint32_t o = 0; o < tx->operations; o++) {
			json_write_array(&rpc->w);
			uint32_t count = v4 ? v4->operations.items[o].events.count : 0;
			for (uint32_t i = 0; i < count; i++)
				put_element(rpc, json, SDEX_TYPE_ContractEvent,
					    &v4->operations.items[o].events.items[i]);
			json_write_array_end(&rpc->w);
		}
		json_write_array_end(&rpc->w);
	}
	json_write_object_end(&rpc->w);
}

static void put_details(struct rpc *rpc, const struct history_ledger *ledger,
			const struct history_tx *tx, bool json)
{
	put_text(&rpc->w, "status", tx->success ? "SUCCESS" : "FAILED");
	put_hex(&rpc->w, "txHash", tx->hash, 32);
	put_int(&rpc->w, "applicationOrder", tx - ledger->txs + 1);
	put_bool(&rpc->w, "feeBump", tx->bump);
	rpc_put_xdr(rpc, "envelope", json, SDEX_TYPE_TransactionEnvelope,
		    history_bytes(ledger, tx->envelope));
	rpc_put_xdr(rpc, "result", json, SDEX_TYPE_TransactionResult,
		    history_bytes(ledger, tx->result));
	rpc_put_xdr(rpc, "resultMeta", json, SDEX_TYPE_TransactionMeta,
		    history_bytes(ledger, tx->meta));
	put_events(rpc, ledger, tx, json);
	put_int(&rpc->w, "ledger", ledger->sequence);
}

static bool read_hash(struct rpc *rpc, uint8_t hash[32], struct text text)
{
	size_t size;
	if (text.size / 2 != 32)
		return rpc_fail(rpc, RPC_INVALID_PARAMS, "unexpected hash length (%zu)", text.size);
	if (sdex_hex_decode(hash, 32, &size, text.data, text.size, NULL))
		return rpc_fail(rpc, RPC_INVALID_PARAMS,
				"incorrect hash: expected 64 hexadecimal digits");
	return true;
}

void method_get_transaction(struct rpc *rpc)
{
	struct text text = {0}, format = {0};
	uint8_t hash[32];
	bool json = false;
	const struct param table[] = {{"hash", PARAM_TEXT, &text},
				      {"xdrFormat", PARAM_TEXT, &format},
				      {NULL, PARAM_TEXT, NULL}};
	if (!rpc_params(rpc, table) || !rpc_format(rpc, &json, format) ||
	    !read_hash(rpc, hash, text))
		return;
	const struct history_ledger *ledger = NULL;
	const struct history_tx *tx = history_tx(&ledger, &rpc->network->history, hash);
	json_write_object(&rpc->w);
	rpc_put_range(rpc, true);
	if (tx) {
		put_details(rpc, ledger, tx, json);
		put_int_text(&rpc->w, "createdAt", (int64_t)ledger->close_time);
	} else {
		put_text(&rpc->w, "status", "NOT_FOUND");
		put_text_n(&rpc->w, "txHash", text.data, text.size);
		put_int(&rpc->w, "applicationOrder", 0);
		put_bool(&rpc->w, "feeBump", false);
		put_events(rpc, NULL, NULL, json);
		put_int(&rpc->w, "ledger", 0);
		put_text(&rpc->w, "createdAt", "0");
	}
	json_write_object_end(&rpc->w);
}

/* --- many */

struct transactions_request {
	struct sdex_toid after; /* the first one is behind this place */
	uint32_t limit;
	bool json;
};

static bool read_cursor(struct rpc *rpc, struct transactions_request *r, struct text text)
{
	int64_t value = 0;
	struct quote quote;
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < '0' || text.data[i] > '9' ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, text.data[i] - '0', &value))
			return rpc_fail(rpc, RPC_INVALID_PARAMS, "cursor %s: expected a number",
					bytes_quote(&quote, text.data, text.size));
	return sdex_toid_unpack(&r->after, value) == SDEX_OK ||
	       rpc_fail(rpc, RPC_INVALID_PARAMS, "the cursor is negative");
}

static bool read_request(struct rpc *rpc, struct transactions_request *r)
{
	const struct history *history = &rpc->network->history;
	struct rpc_page page = {0};
	struct text format = {0};
	uint32_t start = 0;
	const struct param table[] = {{"startLedger", PARAM_NUMBER, &start},
				      {"pagination", PARAM_PAGE, &page},
				      {"xdrFormat", PARAM_TEXT, &format},
				      {NULL, PARAM_TEXT, NULL}};
	if (!rpc_params(rpc, table) || !rpc_format(rpc, &r->json, format))
		return false;
	if (page.cursor.size && start)
		return rpc_fail(rpc, RPC_INVALID_REQUEST,
				"startLedger (%u) and cursor cannot both be set", start);
	if (!page.cursor.size && (start < history->first || start > history->last))
		return rpc_fail(rpc, RPC_INVALID_REQUEST,
				"start ledger (%u) must be between the oldest ledger: %u and the "
				"latest ledger: %u for this rpc instance",
				start, history->first, history->last);
	if (page.limit > LIMIT_MAX)
		return rpc_fail(rpc, RPC_INVALID_REQUEST, "limit must not exceed %u", LIMIT_MAX);
	r->limit = page.limit ? page.limit : LIMIT_DEFAULT;
	r->after = (struct sdex_toid){.ledger = start};
	return !page.cursor.size || read_cursor(rpc, r, page.cursor);
}

void method_get_transactions(struct rpc *rpc)
{
	const struct history *history = &rpc->network->history;
	struct transactions_request r = {0};
	if (!read_request(rpc, &r))
		return;
	json_write_object(&rpc->w);
	put_key(&rpc->w, "transactions");
	json_write_array(&rpc->w);
	struct sdex_toid last = r.after;
	uint32_t sequence = r.after.ledger < history->first ? history->first : r.after.ledger;
	for (uint32_t count = 0; count < r.limit && sequence <= history->last; sequence++) {
		const struct history_ledger *ledger = history_ledger(history, sequence);
		uint32_t from = sequence == r.after.ledger ? r.after.transaction : 0;
		for (uint32_t i = from; i < ledger->tx_count && count < r.limit; i++, count++) {
			json_write_object(&rpc->w);
			put_details(rpc, ledger, &ledger->txs[i], r.json);
			put_int(&rpc->w, "createdAt", (int64_t)ledger->close_time);
			json_write_object_end(&rpc->w);
			last = (struct sdex_toid){sequence, i + 1, 1};
		}
	}
	json_write_array_end(&rpc->w);
	const struct history_ledger *newest = history_last(history);
	const struct history_ledger *oldest = history_ledger(history, history->first);
	int64_t cursor = 0;
	(void)!sdex_toid_pack(&cursor, &last);
	put_int(&rpc->w, "latestLedger", newest->sequence);
	put_int(&rpc->w, "latestLedgerCloseTimestamp", (int64_t)newest->close_time);
	put_int(&rpc->w, "oldestLedger", oldest->sequence);
	put_int(&rpc->w, "oldestLedgerCloseTimestamp", (int64_t)oldest->close_time);
	put_int_text(&rpc->w, "cursor", cursor);
	json_write_object_end(&rpc->w);
}

/* --- sending */

static void put_error_json(struct rpc *rpc, const sdex_TransactionResult *result)
{
	const char *text;
	size_t size;
	if (sdex_xdr_to_json_arena(SDEX_TYPE_TransactionResult, &text, &size, rpc->arena, result,
				   SDEX_JSON_COMPACT, NULL)) {
		rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
		return;
	}
	put_key(&rpc->w, "errorResultJson");
	json_write_value(&rpc->w, text, size);
}

void method_send_transaction(struct rpc *rpc)
{
	struct text text = {0}, format = {0};
	bool json = false;
	struct submitted done;
	struct sdex_failure why = {0};
	const struct param table[] = {{"transaction", PARAM_TEXT, &text},
				      {"xdrFormat", PARAM_TEXT, &format},
				      {NULL, PARAM_TEXT, NULL}};
	if (!rpc_params(rpc, table) || !rpc_format(rpc, &json, format))
		return;
	size_t size = SDEX_BASE64_SIZE(text.size);
	uint8_t *bytes = sdex_arena_alloc(rpc->arena, size + 1);
	enum sdex_error error = bytes ? SDEX_OK : SDEX_ERR_NOMEM;
	if (!error)
		error = sdex_base64_decode(bytes, size, &size, text.data, text.size, &why);
	if (!error)
		error = network_submit(rpc->network, &done, rpc->arena, bytes, size, rpc->time_s,
				       &why);
	if (error == SDEX_ERR_NOMEM)
		rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
	else if (error == SDEX_ERR_UNSUPPORTED)
		rpc_fail(rpc, RPC_INTERNAL_ERROR, "this sandbox does not run contracts: %s",
			 why.text);
	else if (error)
		rpc_fail(rpc, RPC_INVALID_PARAMS, "invalid_xdr");
	if (error)
		return;
	json_write_object(&rpc->w);
	if (done.status == SUBMISSION_ERROR) {
		if (json)
			put_error_json(rpc, done.result);
		else
			put_xdr(&rpc->w, "errorResultXdr", SDEX_TYPE_TransactionResult, done.result,
				rpc->arena);
	}
	put_text(&rpc->w, "status", submission_name(done.status));
	put_hex(&rpc->w, "hash", done.hash, 32);
	put_int(&rpc->w, "latestLedger", network_sequence(rpc->network));
	put_int_text(&rpc->w, "latestLedgerCloseTime",
		     (int64_t)rpc->network->state->header.close_time);
	json_write_object_end(&rpc->w);
}
