/* sandbox/rpc_ledger.c - RPC's methods about ledgers and what they hold. */
#include "base/bytes.h"
#include "ledger/entry.h"
#include "sandbox/fees.h"
#include "sandbox/rpc.h"

#define LIMIT_DEFAULT 50u
#define LIMIT_MAX 200u
#define KEYS_MAX 200u
#define LEDGERS_BYTES_MAX (8u << 20) /* of metas in an answer: then it ends early */
#define FEE_LEDGERS 10u

void method_get_health(struct rpc *rpc)
{
	json_write_object(&rpc->w);
	put_text(&rpc->w, "status", "healthy");
	rpc_put_range(rpc, false);
	put_int(&rpc->w, "ledgerRetentionWindow", rpc->network->history.room);
	json_write_object_end(&rpc->w);
}

void method_get_network(struct rpc *rpc)
{
	json_write_object(&rpc->w);
	if (rpc->sandbox->horizon_url)
		put_format(&rpc->w, "friendbotUrl", "%s/friendbot", rpc->sandbox->horizon_url);
	put_text(&rpc->w, "passphrase", rpc->network->options.passphrase);
	put_int(&rpc->w, "protocolVersion", rpc->network->state->header.version);
	json_write_object_end(&rpc->w);
}

void method_get_version_info(struct rpc *rpc)
{
	json_write_object(&rpc->w);
	put_text(&rpc->w, "version", "28.0.0-sdex-sandbox");
	put_text(&rpc->w, "commitHash", "");
	put_text(&rpc->w, "buildTimestamp", "");
	put_text(&rpc->w, "captiveCoreVersion", "sdex-sandbox");
	put_int(&rpc->w, "protocolVersion", rpc->network->state->header.version);
	json_write_object_end(&rpc->w);
}

void method_get_latest_ledger(struct rpc *rpc)
{
	const struct history_ledger *last = history_last(&rpc->network->history);
	/* the header alone: behind its hash, before the extension's discriminant */
	struct sdex_bytes header = history_bytes(last, last->header);
	header = (struct sdex_bytes){header.data + 32, header.size - 36};
	json_write_object(&rpc->w);
	put_hex(&rpc->w, "id", last->hash, 32);
	put_int(&rpc->w, "protocolVersion", rpc->network->state->header.version);
	put_int(&rpc->w, "sequence", last->sequence);
	put_int_text(&rpc->w, "closeTime", (int64_t)last->close_time);
	put_base64(&rpc->w, "headerXdr", header.data, header.size, rpc->arena);
	put_base64(&rpc->w, "metadataXdr", last->bytes, last->size, rpc->arena);
	json_write_object_end(&rpc->w);
}

/* --- fees */

static void put_fees(struct json_writer *w, const char *name, const struct fee_stats *stats)
{
	put_key(w, name);
	json_write_object(w);
	fee_stats_write(w, stats);
	put_int_text(w, "transactionCount", stats->transactions);
	put_int(w, "ledgerCount", stats->ledgers);
	json_write_object_end(w);
}

void method_get_fee_stats(struct rpc *rpc)
{
	const struct history *history = &rpc->network->history;
	struct fee_stats soroban = {0}, classic;
	if (fee_stats(&classic, history, FEE_LEDGERS, FEE_CHARGED_PLAIN, rpc->arena)) {
		rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
		return;
	}
	if (classic.transactions == 0)
		classic.ledgers = 0; /* without fees there is no distribution at all */
	json_write_object(&rpc->w);
	put_fees(&rpc->w, "sorobanInclusionFee", &soroban);
	put_fees(&rpc->w, "inclusionFee", &classic);
	put_int(&rpc->w, "latestLedger", network_sequence(rpc->network));
	json_write_object_end(&rpc->w);
}

/* --- ledgers */

struct ledgers_request {
	uint32_t start;
	uint32_t limit;
	struct rpc_page page;
	bool json;
};

static bool within(const struct history *history, uint32_t sequence)
{
	return sequence >= history->first && sequence <= history->last;
}

static bool read_cursor(struct rpc *rpc, struct ledgers_request *r)
{
	const struct history *history = &rpc->network->history;
	struct quote quote;
	uint64_t value = 0;
	const char *text = bytes_quote(&quote, r->page.cursor.data, r->page.cursor.size);
	for (size_t i = 0; i < r->page.cursor.size; i++) {
		char c = r->page.cursor.data[i];
		if (c < '0' || c > '9' || value > UINT32_MAX)
			return rpc_fail(rpc, RPC_INVALID_PARAMS,
					"cursor %s: expected a ledger's sequence", text);
		value = value * 10 + (uint64_t)(c - '0');
	}
	if (value >= UINT32_MAX || !within(history, (uint32_t)value + 1))
		return rpc_fail(rpc, RPC_INVALID_PARAMS,
				"cursor (%s) must be between the oldest ledger: %u and the latest "
				"ledger: %u for this rpc instance",
				text, history->first, history->last);
	r->start = (uint32_t)value + 1;
	return true;
}

static bool read_request(struct rpc *rpc, struct ledgers_request *r)
{
	const struct history *history = &rpc->network->history;
	struct text format = {0};
	struct quote quote;
	const struct param table[] = {{"startLedger", PARAM_NUMBER, &r->start},
				      {"pagination", PARAM_PAGE, &r->page},
				      {"xdrFormat", PARAM_TEXT, &format},
				      {NULL, PARAM_TEXT, NULL}};
	if (!rpc_params(rpc, table))
		return false;
	bool by_cursor = r->page.cursor.size > 0;
	if (by_cursor && r->start)
		return rpc_fail(rpc, RPC_INVALID_REQUEST,
				"startLedger (%u) and cursor (%s) cannot both be set", r->start,
				bytes_quote(&quote, r->page.cursor.data, r->page.cursor.size));
	if (!by_cursor && !within(history, r->start))
		return rpc_fail(rpc, RPC_INVALID_REQUEST,
				"start ledger (%u) must be between the oldest ledger: %u and the "
				"latest ledger: %u for this rpc instance",
				r->start, history->first, history->last);
	if (r->page.limit > LIMIT_MAX)
		return rpc_fail(rpc, RPC_INVALID_REQUEST, "limit must not exceed %u", LIMIT_MAX);
	if (!rpc_format(rpc, &r->json, format))
		return false;
	r->limit = r->page.limit ? r->page.limit : LIMIT_DEFAULT;
	return !by_cursor || read_cursor(rpc, r);
}

static void write_ledger(struct rpc *rpc, const struct history_ledger *ledger, bool json)
{
	struct sdex_bytes meta = {ledger->bytes, ledger->size};
	json_write_object(&rpc->w);
	put_hex(&rpc->w, "hash", ledger->hash, 32);
	put_int(&rpc->w, "sequence", ledger->sequence);
	put_int_text(&rpc->w, "ledgerCloseTime", (int64_t)ledger->close_time);
	if (json)
		put_text(&rpc->w, "headerXdr", "");
	rpc_put_xdr(rpc, "header", json, SDEX_TYPE_LedgerHeaderHistoryEntry,
		    history_bytes(ledger, ledger->header));
	if (json)
		put_text(&rpc->w, "metadataXdr", "");
	rpc_put_xdr(rpc, "metadata", json, SDEX_TYPE_LedgerCloseMeta, meta);
	json_write_object_end(&rpc->w);
}

void method_get_ledgers(struct rpc *rpc)
{
	const struct history *history = &rpc->network->history;
	struct ledgers_request r = {0};
	if (!read_request(rpc, &r))
		return;
	json_write_object(&rpc->w);
	put_key(&rpc->w, "ledgers");
	json_write_array(&rpc->w);
	uint64_t bytes = 0;
	uint32_t sequence = r.start;
	for (uint32_t i = 0; i < r.limit && within(history, sequence) && !rpc->code; i++) {
		const struct history_ledger *ledger = history_ledger(history, sequence);
		bytes += ledger->size;
		if (i > 0 && bytes > LEDGERS_BYTES_MAX / (r.json ? 8 : 1))
			break;
		write_ledger(rpc, ledger, r.json);
		sequence++;
	}
	json_write_array_end(&rpc->w);
	rpc_put_range(rpc, false);
	put_format(&rpc->w, "cursor", "%u", sequence - 1);
	json_write_object_end(&rpc->w);
}

/* --- entries */

static bool read_key(struct rpc *rpc, sdex_LedgerKey **key, struct text text, uint32_t index)
{
	size_t size = SDEX_BASE64_SIZE(text.size);
	struct quote quote;
	uint8_t *bytes = sdex_arena_alloc(rpc->arena, size + 1);
	if (!bytes)
		return rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
	if (sdex_base64_decode(bytes, size, &size, text.data, text.size, NULL) ||
	    sdex_LedgerKey_decode(key, rpc->arena, bytes, size, NULL))
		return rpc_fail(rpc, RPC_INVALID_PARAMS,
				"cannot unmarshal key value %s at index %u",
				bytes_quote(&quote, text.data, text.size), index);
	if ((*key)->type == SDEX_TTL)
		return rpc_fail(rpc, RPC_INVALID_PARAMS,
				"ledger ttl entries cannot be queried directly");
	return true;
}

/* A part of an entry, by one name as base64 and by another as JSON. */
static void write_value(struct rpc *rpc, const char *plain, const char *json, enum sdex_type type,
			const void *value)
{
	size_t size = 0;
	enum sdex_error error = sdex_xdr_size(type, &size, value, NULL);
	uint8_t *bytes = error ? NULL : sdex_arena_alloc(rpc->arena, size);
	if (!bytes || sdex_xdr_encode(type, bytes, size, &size, value, NULL))
		rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
	else if (json)
		rpc_put_xdr(rpc, json, true, type, (struct sdex_bytes){bytes, (uint32_t)size});
	else
		put_base64(&rpc->w, plain, bytes, size, rpc->arena);
}

static void write_entry(struct rpc *rpc, const sdex_LedgerKey *key, bool json)
{
	enum entry_kind kind;
	const struct entry *found = entry_find(rpc->network->state, &kind, key);
	if (!found)
		return;
	sdex_LedgerEntry *entry = entry_export(rpc->network->state, kind, found, rpc->arena);
	if (!entry) {
		rpc_fail(rpc, RPC_INTERNAL_ERROR, "memory is out");
		return;
	}
	json_write_object(&rpc->w);
	write_value(rpc, "key", json ? "key" : NULL, SDEX_TYPE_LedgerKey, key);
	write_value(rpc, "xdr", json ? "data" : NULL, SDEX_TYPE_LedgerEntryData, &entry->data);
	put_int(&rpc->w, "lastModifiedLedgerSeq", entry->lastModifiedLedgerSeq);
	write_value(rpc, "extXdr", json ? "ext" : NULL, SDEX_TYPE_LedgerEntryExt, &entry->ext);
	json_write_object_end(&rpc->w);
}

static bool asked_before(const sdex_LedgerKey *const *keys, uint32_t index)
{
	for (uint32_t i = 0; i < index; i++)
		if (sdex_xdr_equal(SDEX_TYPE_LedgerKey, keys[i], keys[index]))
			return true;
	return false;
}

void method_get_ledger_entries(struct rpc *rpc)
{
	struct texts texts = {0};
	struct text format = {0};
	bool json = false;
	sdex_LedgerKey *keys[KEYS_MAX] = {0};
	const struct param table[] = {{"keys", PARAM_TEXTS, &texts},
				      {"xdrFormat", PARAM_TEXT, &format},
				      {NULL, PARAM_TEXT, NULL}};
	if (!rpc_params(rpc, table) || !rpc_format(rpc, &json, format))
		return;
	if (texts.count > KEYS_MAX) {
		rpc_fail(rpc, RPC_INVALID_PARAMS, "key count (%u) exceeds maximum supported (%u)",
			 texts.count, KEYS_MAX);
		return;
	}
	for (uint32_t i = 0; i < texts.count; i++)
		if (!read_key(rpc, &keys[i], texts.items[i], i))
			return;
	json_write_object(&rpc->w);
	put_key(&rpc->w, "entries");
	json_write_array(&rpc->w);
	for (uint32_t i = 0; i < texts.count && !rpc->code; i++)
		if (!asked_before((const sdex_LedgerKey *const *)keys, i))
			write_entry(rpc, keys[i], json);
	json_write_array_end(&rpc->w);
	put_int(&rpc->w, "latestLedger", network_sequence(rpc->network));
	json_write_object_end(&rpc->w);
}
