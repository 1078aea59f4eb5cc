/* engine/show_order.c - orders and fills as JSON. */
#include "engine/inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/wide.h"

#define LIMIT_USUAL 100u
#define LIMIT_MAX 1000u
#define FILLS_SHOWN 100u
#define RESULT_SHOWN (64u << 10) /* bytes */

static void put_account(struct json_writer *w, const char *key, const uint8_t account[32])
{
	char text[SDEX_ACCOUNT_ROOM];
	sdex_AccountID id = sdex_account_of_key(account);
	sdex_account_print(text, &id);
	field_text(w, key, text);
}

static void put_optional(struct json_writer *w, const char *key, bool there, const uint8_t hash[32])
{
	if (there)
		field_hex(w, key, hash, 32);
	else
		field_text(w, key, NULL);
}

static void put_wide(struct json_writer *w, const char *key, uint128 value)
{
	const uint64_t parts[2] = {(uint64_t)(value >> 64), (uint64_t)value};
	char text[WIDE_ROOM];
	wide_print(text, parts, 2, false);
	field_text(w, key, text);
}

static void put_fill(struct json_writer *w, const struct fill *fill)
{
	char id[48];
	snprintf(id, sizeof id, "%" PRId64 "-%" PRIu32, fill->operation_id, fill->claim_index);
	field_text(w, "fill_id", id);
	field_id(w, "operation_id", fill->operation_id);
	field_uint(w, "claim_index", fill->claim_index);
	field_uint(w, "ledger", fill->ledger);
	put_optional(w, "transaction_hash", !fill->inferred, fill->transaction);
	field_text(w, "role", fill->maker ? "maker" : "taker");
	field_bool(w, "inferred", fill->inferred);
	field_amount(w, "base_amount", fill->base);
	field_amount(w, "counter_amount", fill->counter);
	struct order_average price = {(uint64_t)fill->counter, (uint64_t)fill->base};
	char text[ORDER_AVERAGE_ROOM];
	if (fill->base > 0)
		order_average_print(text, price);
	field_text(w, "price", fill->base > 0 ? text : NULL);
	field_id(w, "offer_id", fill->offer_id);
	field_seconds(w, "at", fill->close_time);
}

void show_fill(struct json_writer *w, const struct order *order, const struct fill *fill)
{
	json_write_object(w);
	field_hex(w, "order_id", order->terms.id, ORDER_ID_SIZE);
	put_account(w, "account", order->terms.account);
	field_text(w, "trading_pair", order->terms.pair);
	field_text(w, "trade_type", order->terms.side == ORDER_BUY ? "buy" : "sell");
	put_fill(w, fill);
	json_write_object_end(w);
}

static void put_average(struct json_writer *w, const struct order *order)
{
	struct order_average average;
	char text[ORDER_AVERAGE_ROOM];
	if (!order_average(&average, order)) {
		field_text(w, "average_fill_price", NULL);
		return;
	}
	order_average_print(text, average);
	field_text(w, "average_fill_price", text);
	field_key(w, "average_fill_price_r");
	json_write_object(w);
	put_wide(w, "n", average.n);
	put_wide(w, "d", average.d);
	json_write_object_end(w);
}

static const char *proof_name(enum order_proof proof)
{
	switch (proof) {
	case PROOF_NONE:
		return "none";
	case PROOF_RESULT:
		return "result";
	case PROOF_BOUND:
		return "bound";
	case PROOF_SEQUENCE:
		return "sequence";
	case PROOF_REFUSED:
		return "refused";
	case PROOF_OFFER:
		return "offer";
	}
	return "";
}

static void put_result(const struct engine *e, struct json_writer *w, const struct order *order)
{
	uint32_t index = sending_by_hash(e, order->proof_transaction);
	const struct sending *s = index == NONE ? NULL : e->sendings[index];
	if (!s || s->stage != SENDING_DONE || s->result_size == 0 || s->result_size > RESULT_SHOWN)
		return;
	field_key(w, "result_xdr");
	json_write_base64(w, s->result, s->result_size);
}

static void put_proof(const struct engine *e, struct json_writer *w, const struct order *order)
{
	static const uint8_t none[32];
	field_key(w, "proof");
	if (order->proof == PROOF_NONE) {
		json_write_null(w);
		return;
	}
	bool hash = memcmp(order->proof_transaction, none, 32) != 0;
	json_write_object(w);
	field_text(w, "kind", proof_name(order->proof));
	put_optional(w, "transaction_hash", hash, order->proof_transaction);
	field_uint(w, "ledger", order->proof_ledger);
	field_uint(w, "operation_index", order->proof_operation);
	if (order->proof != PROOF_OFFER)
		put_result(e, w, order);
	json_write_object_end(w);
}

static void put_terms(struct json_writer *w, const struct order_terms *t)
{
	field_hex(w, "order_id", t->id, ORDER_ID_SIZE);
	field_text(w, "client_id", t->client_id[0] ? t->client_id : NULL);
	put_account(w, "account", t->account);
	field_text(w, "trading_pair", t->pair);
	field_text(w, "order_type", "limit");
	field_text(w, "trade_type", t->side == ORDER_BUY ? "buy" : "sell");
	field_text(w, "base_asset", t->base);
	field_text(w, "counter_asset", t->counter);
	field_amount(w, "amount", t->amount);
	field_text(w, "price", t->price_text);
	field_price(w, "price_r", t->price);
}

static void put_state(struct json_writer *w, const struct order *order)
{
	bool failed = order->state == ORDER_REJECTED || order->state == ORDER_DEAD;
	field_text(w, "status", lifecycle_public(order->state, order->fill_count > 0));
	field_text(w, "status_detail", lifecycle_name(order->state));
	field_bool(w, "unknown", order->state == ORDER_UNKNOWN);
	field_bool(w, "cancel_requested", order->cancel_wanted);
	if (order->reason[0])
		field_text(w, "reason", order->reason);
	field_text(w, "failure_reason", failed ? order->reason : NULL);
}

static void put_ledger(struct json_writer *w, const char *key, uint32_t ledger)
{
	if (ledger)
		field_uint(w, key, ledger);
	else
		field_text(w, key, NULL);
}

void show_order(const struct engine *e, struct json_writer *w, const struct order *order)
{
	json_write_object(w);
	put_terms(w, &order->terms);
	put_state(w, order);
	field_id(w, "stellar_offer_id", order->offer_id);
	field_id(w, "sequence_number", order->sequence);
	put_optional(w, "transaction_hash", order->has_transaction, order->transaction);
	if (order->has_transaction)
		field_uint(w, "operation_index", order->operation);
	else
		field_text(w, "operation_index", NULL);
	field_time(w, "created_at", order->terms.created_ms);
	field_time(w, "submitted_at", order->submitted_ms);
	field_time(w, "last_update_at", order->updated_ms);
	put_ledger(w, "created_ledger", order->terms.created_ledger);
	put_ledger(w, "submitted_ledger", order->submitted_ledger);
	put_ledger(w, "last_update_ledger", order->updated_ledger);
	field_amount(w, "filled_amount", order->filled);
	field_amount(w, "remaining_amount", order_remaining(order));
	put_average(w, order);
	field_uint(w, "fill_count", order->fill_count);
	field_key(w, "fills");
	json_write_array(w);
	uint32_t first = order->fill_count > FILLS_SHOWN ? order->fill_count - FILLS_SHOWN : 0;
	for (uint32_t i = first; i < order->fill_count; i++) {
		json_write_object(w);
		put_fill(w, &order->fills[i]);
		json_write_object_end(w);
	}
	json_write_array_end(w);
	field_amount(w, "fee", order->fee);
	field_uint(w, "retry_count", order->attempts > 1 ? order->attempts - 1 : 0);
	put_proof(e, w, order);
	json_write_object_end(w);
}

bool engine_show_order(const struct engine *e, struct json_writer *w, const char *order_id,
		       const char *client_id, const char *account)
{
	uint32_t index = order_id ? order_by_text(e, order_id) : NONE, count = 0;
	for (uint32_t i = 0; i < e->account_count && !order_id && client_id; i++) {
		uint32_t found = !account || i == account_named(e, account)
					 ? order_by_client(e, e->accounts[i].key, client_id)
					 : NONE;
		index = found != NONE ? found : index;
		count += found != NONE;
	}
	if (index == NONE || count > 1)
		return false;
	show_order(e, w, e->orders[index]);
	return true;
}

bool engine_show_fills(const struct engine *e, struct json_writer *w, const char *order_id,
		       uint32_t from, uint32_t limit)
{
	uint32_t index = order_by_text(e, order_id);
	if (index == NONE)
		return false;
	const struct order *order = e->orders[index];
	json_write_array(w);
	for (uint32_t i = from; i < order->fill_count && i - from < limit; i++)
		show_fill(w, order, &order->fills[i]);
	json_write_array_end(w);
	return true;
}

const char *engine_filter_wrong(const struct engine *e, const struct engine_filter *filter)
{
	if (filter->account && account_named(e, filter->account) == NONE)
		return "account";
	return filter->cursor && order_by_text(e, filter->cursor) == NONE ? "cursor" : NULL;
}

static bool wanted(const struct engine *e, const struct order *order,
		   const struct engine_filter *filter)
{
	uint32_t account = filter->account ? account_named(e, filter->account) : NONE;
	const char *shown = lifecycle_public(order->state, order->fill_count > 0);
	if (filter->account &&
	    (account == NONE || memcmp(e->accounts[account].key, order->terms.account, 32) != 0))
		return false;
	if (filter->trading_pair && strcmp(filter->trading_pair, order->terms.pair) != 0)
		return false;
	if (filter->status && strcmp(filter->status, "live") == 0)
		return !order_final(order);
	return !filter->status || strcmp(filter->status, shown) == 0;
}

void engine_show_orders(const struct engine *e, struct json_writer *w,
			const struct engine_filter *filter)
{
	uint32_t limit = filter->limit ? filter->limit : LIMIT_USUAL;
	uint32_t cursor = filter->cursor ? order_by_text(e, filter->cursor) : NONE;
	uint32_t shown = 0, last = NONE;
	bool more = false, down = filter->newest_first;
	uint32_t i = filter->cursor ? (down ? cursor - 1 : cursor + 1)
		     : down         ? e->order_count - 1
				    : 0;
	if (filter->cursor && cursor == NONE)
		i = e->order_count;
	if (limit > LIMIT_MAX)
		limit = LIMIT_MAX;
	json_write_object(w);
	field_key(w, "orders");
	json_write_array(w);
	/* Going down, the index wraps behind the first. */
	for (; i < e->order_count && !more; i = down ? i - 1 : i + 1) {
		if (!wanted(e, e->orders[i], filter))
			continue;
		more = shown == limit;
		if (more)
			break;
		show_order(e, w, e->orders[i]);
		last = i;
		shown++;
	}
	json_write_array_end(w);
	if (more && last != NONE)
		field_hex(w, "next", e->orders[last]->terms.id, ORDER_ID_SIZE);
	else
		field_text(w, "next", NULL);
	json_write_object_end(w);
}
