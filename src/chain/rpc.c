/* chain/rpc.c - the forms of each method. */
#include "chain/rpc.h"

#include <string.h>

#include "chain/form.h"

#define MESSAGE_MAX 1000u

/* --- requests */

static void key(struct json_writer *w, const char *name)
{
	json_write_key(w, name, strlen(name));
}

static void begin(struct json_writer *w, uint64_t id, const char *method)
{
	json_write_object(w);
	key(w, "jsonrpc");
	json_write_string(w, "2.0", 3);
	key(w, "id");
	json_write_uint64(w, id);
	key(w, "method");
	json_write_string(w, method, strlen(method));
}

static void plain(struct json_writer *w, uint64_t id, const char *method)
{
	begin(w, id, method);
	json_write_object_end(w);
}

static void begin_parameters(struct json_writer *w, uint64_t id, const char *method)
{
	begin(w, id, method);
	key(w, "params");
	json_write_object(w);
}

static void end_parameters(struct json_writer *w)
{
	json_write_object_end(w);
	json_write_object_end(w);
}

void rpc_get_health(struct json_writer *w, uint64_t id)
{
	plain(w, id, "getHealth");
}

void rpc_get_network(struct json_writer *w, uint64_t id)
{
	plain(w, id, "getNetwork");
}

void rpc_get_latest_ledger(struct json_writer *w, uint64_t id)
{
	plain(w, id, "getLatestLedger");
}

void rpc_get_fee_stats(struct json_writer *w, uint64_t id)
{
	plain(w, id, "getFeeStats");
}

void rpc_get_ledgers(struct json_writer *w, uint64_t id, uint32_t start, uint32_t limit)
{
	begin_parameters(w, id, "getLedgers");
	key(w, "startLedger");
	json_write_uint64(w, start);
	key(w, "pagination");
	json_write_object(w);
	key(w, "limit");
	json_write_uint64(w, limit);
	json_write_object_end(w);
	end_parameters(w);
}

void rpc_get_transaction(struct json_writer *w, uint64_t id, const uint8_t hash[32])
{
	begin_parameters(w, id, "getTransaction");
	key(w, "hash");
	json_write_hex(w, hash, 32);
	end_parameters(w);
}

void rpc_send_transaction(struct json_writer *w, uint64_t id, const void *envelope, size_t size)
{
	begin_parameters(w, id, "sendTransaction");
	key(w, "transaction");
	json_write_base64(w, envelope, size);
	end_parameters(w);
}

void rpc_get_ledger_entries(struct json_writer *w, uint64_t id, const struct sdex_bytes *keys,
			    uint32_t count)
{
	begin_parameters(w, id, "getLedgerEntries");
	key(w, "keys");
	json_write_array(w);
	for (uint32_t i = 0; i < count; i++)
		json_write_base64(w, keys[i].data, keys[i].size);
	json_write_array_end(w);
	end_parameters(w);
}

/* --- answers */

static bool cut_message(struct form_reader *reader, void *value, const uint8_t *start)
{
	struct rpc_error *error = value;
	if (error->code == 0)
		return form_refuse(reader, SDEX_ERR_RANGE, start, "a code that is not 0");
	size_t size = strlen(error->message);
	if (size <= MESSAGE_MAX)
		return true;
	size_t cut = MESSAGE_MAX;
	while (cut && ((uint8_t)error->message[cut] & 0xc0) == 0x80)
		cut--;
	char *message = sdex_arena_alloc(reader->arena, cut + 1);
	if (!message)
		return form_refuse(reader, SDEX_ERR_NOMEM, start, "less");
	memcpy(message, error->message, cut);
	message[cut] = 0;
	error->message = message;
	return true;
}

#define LIST(type, json, form_)                                                          \
	{                                                                                \
		.name = json, .kind = FORM_LIST, .offset = offsetof(struct type, items), \
		.count = offsetof(struct type, count), .form = form_                     \
	}

static const struct form_field error_fields[] = {
	FIELD(rpc_error, code, "code", FORM_INT64, true),
	FIELD(rpc_error, message, "message", FORM_TEXT, true),
};
FORM(error, rpc_error, , .finish = cut_message);

static const struct form_field health_fields[] = {
	FIELD(rpc_health, status, "status", FORM_TEXT, true),
	FIELD(rpc_health, latest, "latestLedger", FORM_UINT32, true),
	FIELD(rpc_health, oldest, "oldestLedger", FORM_UINT32, true),
	FIELD(rpc_health, retention, "ledgerRetentionWindow", FORM_UINT32, true),
};
FORM(health, rpc_health);

static const struct form_field network_fields[] = {
	FIELD(rpc_network, passphrase, "passphrase", FORM_TEXT, true),
	FIELD(rpc_network, protocol, "protocolVersion", FORM_UINT32_ANY, true),
};
FORM(network, rpc_network);

static const struct form_field latest_fields[] = {
	FIELD(rpc_latest_ledger, hash, "id", FORM_HASH, true),
	FIELD(rpc_latest_ledger, sequence, "sequence", FORM_UINT32, true),
	FIELD(rpc_latest_ledger, protocol, "protocolVersion", FORM_UINT32_ANY, true),
	FIELD(rpc_latest_ledger, close_time, "closeTime", FORM_INT64_ANY, false),
};
FORM(latest, rpc_latest_ledger);

static const struct form_field fees_fields[] = {
	FIELD(rpc_fees, min, "min", FORM_INT64_ANY, true),
	FIELD(rpc_fees, max, "max", FORM_INT64_ANY, true),
	FIELD(rpc_fees, mode, "mode", FORM_INT64_ANY, true),
	FIELD(rpc_fees, p10, "p10", FORM_INT64_ANY, true),
	FIELD(rpc_fees, p20, "p20", FORM_INT64_ANY, true),
	FIELD(rpc_fees, p30, "p30", FORM_INT64_ANY, true),
	FIELD(rpc_fees, p40, "p40", FORM_INT64_ANY, true),
	FIELD(rpc_fees, p50, "p50", FORM_INT64_ANY, true),
	FIELD(rpc_fees, p60, "p60", FORM_INT64_ANY, true),
	FIELD(rpc_fees, p70, "p70", FORM_INT64_ANY, true),
	FIELD(rpc_fees, p80, "p80", FORM_INT64_ANY, true),
	FIELD(rpc_fees, p90, "p90", FORM_INT64_ANY, true),
	FIELD(rpc_fees, p95, "p95", FORM_INT64_ANY, true),
	FIELD(rpc_fees, p99, "p99", FORM_INT64_ANY, true),
	FIELD(rpc_fees, transactions, "transactionCount", FORM_INT64_ANY, true),
	FIELD(rpc_fees, ledgers, "ledgerCount", FORM_INT64_ANY, true),
};
FORM(fees, rpc_fees);

static const struct form_field fee_stats_fields[] = {
	INSIDE(rpc_fee_stats, classic, "inclusionFee", &fees_form),
	INSIDE(rpc_fee_stats, soroban, "sorobanInclusionFee", &fees_form),
	FIELD(rpc_fee_stats, latest, "latestLedger", FORM_UINT32, true),
};
FORM(fee_stats, rpc_fee_stats);

static const struct form_field ledger_fields[] = {
	FIELD(rpc_ledger, hash, "hash", FORM_HASH, true),
	FIELD(rpc_ledger, sequence, "sequence", FORM_UINT32, true),
	FIELD(rpc_ledger, close_time, "ledgerCloseTime", FORM_INT64_ANY, true),
	FIELD(rpc_ledger, meta, "metadataXdr", FORM_BASE64, true),
};
FORM(ledger, rpc_ledger);

static bool check_ledgers(struct form_reader *reader, void *value, const uint8_t *start)
{
	const struct rpc_ledgers *ledgers = value;
	for (uint32_t i = 1; i < ledgers->count; i++)
		if (ledgers->items[i].sequence != ledgers->items[i - 1].sequence + 1)
			return form_refuse(reader, SDEX_ERR_INVALID, start,
					   "ledgers in sequence, without holes");
	return true;
}

static const struct form_field ledgers_fields[] = {
	LIST(rpc_ledgers, "ledgers", &ledger_form),
	FIELD(rpc_ledgers, latest, "latestLedger", FORM_UINT32, true),
	FIELD(rpc_ledgers, oldest, "oldestLedger", FORM_UINT32, true),
};
FORM(ledgers, rpc_ledgers, , .finish = check_ledgers);

static const char *const found_words[] = {"SUCCESS", "FAILED", "NOT_FOUND", NULL};

static bool check_transaction(struct form_reader *reader, void *value, const uint8_t *start)
{
	const struct rpc_transaction *tx = value;
	if (tx->found == RPC_NOT_FOUND ||
	    (tx->ledger && tx->order && tx->result.size && tx->envelope.size && tx->meta.size))
		return true;
	return form_refuse(
		reader, SDEX_ERR_MISSING, start,
		"ledger, applicationOrder, envelopeXdr, resultXdr and resultMetaXdr of a "
		"transaction that was found");
}

static const struct form_field transaction_fields[] = {
	WORDS(rpc_transaction, found, "status", found_words),
	FIELD(rpc_transaction, latest, "latestLedger", FORM_UINT32, true),
	FIELD(rpc_transaction, latest_close_time, "latestLedgerCloseTime", FORM_INT64_ANY, true),
	FIELD(rpc_transaction, oldest, "oldestLedger", FORM_UINT32, true),
	FIELD(rpc_transaction, oldest_close_time, "oldestLedgerCloseTime", FORM_INT64_ANY, true),
	FIELD(rpc_transaction, ledger, "ledger", FORM_UINT32, false),
	FIELD(rpc_transaction, order, "applicationOrder", FORM_UINT32, false),
	FIELD(rpc_transaction, close_time, "createdAt", FORM_INT64_ANY, false),
	FIELD(rpc_transaction, fee_bump, "feeBump", FORM_BOOL, false),
	FIELD(rpc_transaction, envelope, "envelopeXdr", FORM_BASE64, false),
	FIELD(rpc_transaction, result, "resultXdr", FORM_BASE64, false),
	FIELD(rpc_transaction, meta, "resultMetaXdr", FORM_BASE64, false),
};
FORM(transaction, rpc_transaction, , .finish = check_transaction);

static const char *const status_words[] = {"PENDING", "DUPLICATE", "TRY_AGAIN_LATER", "ERROR",
					   NULL};

static const struct form_field sent_fields[] = {
	WORDS(rpc_sent, status, "status", status_words),
	FIELD(rpc_sent, hash, "hash", FORM_HASH, true),
	FIELD(rpc_sent, latest, "latestLedger", FORM_UINT32, true),
	FIELD(rpc_sent, latest_close_time, "latestLedgerCloseTime", FORM_INT64_ANY, true),
	FIELD(rpc_sent, result, "errorResultXdr", FORM_BASE64, false),
};
FORM(sent, rpc_sent);

static const struct form_field entry_fields[] = {
	FIELD(rpc_entry, key, "key", FORM_BASE64, true),
	FIELD(rpc_entry, data, "xdr", FORM_BASE64, true),
	FIELD(rpc_entry, modified, "lastModifiedLedgerSeq", FORM_UINT32, true),
};
FORM(entry, rpc_entry);

static const struct form_field entries_fields[] = {
	LIST(rpc_entries, "entries", &entry_form),
	FIELD(rpc_entries, latest, "latestLedger", FORM_UINT32, true),
};
FORM(entries, rpc_entries);

/* --- the frame of JSON-RPC */

struct frame {
	bool has_id;
	bool has_result;
	bool has_error;
};

static bool once(struct form_reader *reader, bool *seen, const struct json_text *name)
{
	if (*seen)
		return form_refuse(reader, SDEX_ERR_DUPLICATE, name->data, "this member once");
	return *seen = true;
}

static bool read_id(struct form_reader *reader, uint64_t id)
{
	const uint8_t *where = json_over_blank(reader->json.at, reader->json.end);
	uint64_t got = 0;
	/* A server that could not read the request does not know its id. */
	if (json_peek(&reader->json) == JSON_NULL)
		return json_null(&reader->json);
	if (!json_uint64(&reader->json, &got))
		return false;
	return got == id || form_refuse(reader, SDEX_ERR_INVALID, where, "the id of the request");
}

static bool read_part(struct form_reader *reader, struct frame *frame, uint64_t id,
		      const struct form *form, void *out, const struct json_text *name)
{
	struct rpc_error *error = out; /* the first member of each */
	bool null = json_peek(&reader->json) == JSON_NULL;
	if (json_is(name, "id", 2)) {
		form_enter(reader, "id");
		if (!once(reader, &frame->has_id, name) || !read_id(reader, id))
			return false;
	} else if (json_is(name, "result", 6) && !null) {
		form_enter(reader, "result");
		if (!once(reader, &frame->has_result, name) || !form_object(reader, form, out))
			return false;
	} else if (json_is(name, "error", 5) && !null) {
		form_enter(reader, "error");
		if (!once(reader, &frame->has_error, name) ||
		    !form_object(reader, &error_form, error))
			return false;
	} else {
		return json_skip(&reader->json);
	}
	form_leave(reader);
	return true;
}

static enum sdex_error read_answer(const struct form *form, void *out, struct sdex_arena *arena,
				   uint64_t id, const void *body, size_t size,
				   struct sdex_failure *why)
{
	struct form_reader reader;
	struct frame frame = {0};
	struct json_text name;
	memset(out, 0, form->size);
	form_open(&reader, arena, body, size);
	const uint8_t *start = json_over_blank(reader.json.at, reader.json.end);
	if (json_object(&reader.json)) {
		while (json_key(&reader.json, &name) &&
		       read_part(&reader, &frame, id, form, out, &name))
			;
		if (!reader.json.error && (!frame.has_id || frame.has_result == frame.has_error))
			form_refuse(&reader, SDEX_ERR_MISSING, start,
				    "an object with `id` and one of `result` and `error`");
	}
	return form_close(&reader, why);
}

enum sdex_error rpc_read_health(struct rpc_health *out, struct sdex_arena *arena, uint64_t id,
				const void *body, size_t size, struct sdex_failure *why)
{
	return read_answer(&health_form, out, arena, id, body, size, why);
}

enum sdex_error rpc_read_network(struct rpc_network *out, struct sdex_arena *arena, uint64_t id,
				 const void *body, size_t size, struct sdex_failure *why)
{
	return read_answer(&network_form, out, arena, id, body, size, why);
}

enum sdex_error rpc_read_latest_ledger(struct rpc_latest_ledger *out, struct sdex_arena *arena,
				       uint64_t id, const void *body, size_t size,
				       struct sdex_failure *why)
{
	return read_answer(&latest_form, out, arena, id, body, size, why);
}

enum sdex_error rpc_read_fee_stats(struct rpc_fee_stats *out, struct sdex_arena *arena, uint64_t id,
				   const void *body, size_t size, struct sdex_failure *why)
{
	return read_answer(&fee_stats_form, out, arena, id, body, size, why);
}

enum sdex_error rpc_read_ledgers(struct rpc_ledgers *out, struct sdex_arena *arena, uint64_t id,
				 const void *body, size_t size, struct sdex_failure *why)
{
	return read_answer(&ledgers_form, out, arena, id, body, size, why);
}

enum sdex_error rpc_read_transaction(struct rpc_transaction *out, struct sdex_arena *arena,
				     uint64_t id, const void *body, size_t size,
				     struct sdex_failure *why)
{
	return read_answer(&transaction_form, out, arena, id, body, size, why);
}

enum sdex_error rpc_read_sent(struct rpc_sent *out, struct sdex_arena *arena, uint64_t id,
			      const void *body, size_t size, struct sdex_failure *why)
{
	return read_answer(&sent_form, out, arena, id, body, size, why);
}

enum sdex_error rpc_read_entries(struct rpc_entries *out, struct sdex_arena *arena, uint64_t id,
				 const void *body, size_t size, struct sdex_failure *why)
{
	return read_answer(&entries_form, out, arena, id, body, size, why);
}

/* --- the range */

/* The number behind `words` in a text, which is moved behind it. */
static bool number_behind(const char **text, const char *words, uint32_t *number)
{
	size_t size = strlen(words);
	const char *at = *text;
	while (*at && strncmp(at, words, size) != 0)
		at++;
	if (!*at)
		return false;
	at += size;
	size_t digits = strspn(at, "0123456789");
	uint64_t value;
	if (json_parse_uint64(&value, (const uint8_t *)at, digits) || value > UINT32_MAX)
		return false;
	*number = (uint32_t)value;
	*text = at + digits;
	return true;
}

bool rpc_range(const struct rpc_error *error, uint32_t *oldest, uint32_t *latest)
{
	uint32_t first, last;
	const char *text = error->message;
	if (error->code == 0 || !text || !number_behind(&text, "oldest ledger: ", &first) ||
	    !number_behind(&text, "latest ledger: ", &last))
		return false;
	*oldest = first;
	*latest = last;
	return true;
}
