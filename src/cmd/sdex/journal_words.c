/* cmd/sdex/journal_words.c - what a journal's record says, as JSON. */
#include "cmd/sdex/journal_words.h"

#include <string.h>

#include "sdex/amount.h"
#include "trade/record.h"

static void put_text(struct json_writer *w, const char *key, const char *text)
{
	if (!*text)
		return;
	json_write_text(w, key, text);
}

static void put_bytes(struct json_writer *w, const char *key, const uint8_t *bytes, size_t size)
{
	json_write_name(w, key);
	json_write_hex(w, bytes, size);
}

static void put_id(struct json_writer *w, const uint8_t id[ORDER_ID_SIZE])
{
	put_bytes(w, "order_id", id, ORDER_ID_SIZE);
}

static void put_number(struct json_writer *w, const char *key, int64_t number)
{
	json_write_name(w, key);
	json_write_int64(w, number);
}

static void put_amount(struct json_writer *w, const char *key, int64_t stroops)
{
	char text[SDEX_AMOUNT_ROOM];
	sdex_amount_print(text, sdex_stroops(stroops));
	put_text(w, key, text);
}

static void put_order(struct json_writer *w, const struct order_terms *terms)
{
	put_id(w, terms->id);
	put_text(w, "client_id", terms->client_id);
	put_text(w, "trading_pair", terms->pair);
	put_text(w, "trade_type", terms->side == ORDER_BUY ? "buy" : "sell");
	put_amount(w, "amount", terms->amount);
	put_text(w, "price", terms->price_text);
	put_number(w, "ledger", terms->created_ledger);
}

static void put_transaction(struct json_writer *w, const struct record_transaction *transaction)
{
	put_bytes(w, "transaction", transaction->hash, 32);
	put_number(w, "sequence", transaction->sequence);
	put_number(w, "ledger", transaction->before);
	json_write_name(w, "operations");
	json_write_array(w);
	for (uint32_t i = 0; i < transaction->count; i++) {
		json_write_object(w);
		put_text(w, "act", transaction->ops[i].act == ACT_PLACE ? "place" : "delete");
		put_id(w, transaction->ops[i].order);
		json_write_object_end(w);
	}
	json_write_array_end(w);
}

static void put_outcome(struct json_writer *w, const struct record_outcome *outcome)
{
	static const char *const fates[] = {
		[FATE_FOUND] = "found", [FATE_DEAD] = "dead", [FATE_REFUSED] = "refused"};
	put_bytes(w, "transaction", outcome->hash, 32);
	put_text(w, "fate", fates[outcome->fate]);
	put_number(w, "ledger", outcome->ledger);
	put_text(w, "reason", outcome->text);
}

static void put_fill(struct json_writer *w, const struct fill *fill)
{
	put_amount(w, "base_amount", fill->base);
	put_amount(w, "counter_amount", fill->counter);
	put_number(w, "operation_id", fill->operation_id);
	put_number(w, "claim_index", fill->claim_index);
	put_number(w, "ledger", fill->ledger);
	put_bytes(w, "transaction", fill->transaction, 32);
}

static void put_end(struct json_writer *w, const struct record *record)
{
	static const char *const ends[] = {
		[END_TRADED] = "traded",       [END_VANISHED] = "vanished",
		[END_REVOKED] = "revoked",     [END_WITHDRAWN] = "withdrawn",
		[END_TIME_OVER] = "time over", [END_REFUSED] = "refused"};
	put_id(w, record->end.order);
	put_text(w, "end", ends[record->end.end]);
	put_number(w, "ledger", record->end.ledger);
	put_text(w, "reason", record->end.text);
}

static void put_record(struct json_writer *w, const struct record *record)
{
	static const char *const kinds[] = {
		[RECORD_ORDER] = "order",     [RECORD_TRANSACTION] = "transaction",
		[RECORD_SENT] = "sent",       [RECORD_CANCEL] = "cancel",
		[RECORD_OUTCOME] = "outcome", [RECORD_FILL] = "fill",
		[RECORD_RESTING] = "resting", [RECORD_END] = "end",
		[RECORD_CURSOR] = "cursor",   [RECORD_NETWORK] = "network",
		[RECORD_RESULT] = "result"};
	put_text(w, "kind", kinds[record->kind]);
	switch (record->kind) {
	case RECORD_ORDER:
		put_order(w, &record->order);
		break;
	case RECORD_TRANSACTION:
		put_transaction(w, &record->transaction);
		break;
	case RECORD_SENT:
		put_bytes(w, "transaction", record->sent.hash, 32);
		put_number(w, "ledger", record->sent.ledger);
		break;
	case RECORD_CANCEL:
		put_id(w, record->cancel.order);
		break;
	case RECORD_OUTCOME:
		put_outcome(w, &record->outcome);
		break;
	case RECORD_FILL:
		put_id(w, record->fill.order);
		put_fill(w, &record->fill.fill);
		break;
	case RECORD_RESTING:
		put_id(w, record->resting.order);
		put_amount(w, "selling", record->resting.amount);
		put_number(w, "ledger", record->resting.ledger);
		break;
	case RECORD_END:
		put_end(w, record);
		break;
	case RECORD_CURSOR:
		put_number(w, "ledger", record->cursor.ledger);
		break;
	case RECORD_NETWORK:
		put_bytes(w, "network", record->network.id, 32);
		break;
	case RECORD_RESULT:
		put_bytes(w, "transaction", record->result.hash, 32);
		put_number(w, "offset", record->result.offset);
		put_number(w, "size", record->result.part.size);
		break;
	}
}

void journal_words(struct json_writer *w, const void *data, size_t size)
{
	struct record record;
	if (record_decode(&record, data, size, NULL))
		return;
	json_write_name(w, "record");
	json_write_object(w);
	put_record(w, &record);
	json_write_object_end(w);
}
