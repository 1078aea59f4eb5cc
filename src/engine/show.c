/* engine/show.c - questions: what the engine knows, as JSON. */
#include "engine/inside.h"

static const char *state_name(enum engine_state state)
{
	switch (state) {
	case STATE_STARTING:
		return "starting";
	case STATE_RECONCILING:
		return "reconciling";
	case STATE_READY:
		return "ready";
	case STATE_REPLAYING:
		return "replaying";
	case STATE_STOPPED:
		return "stopped";
	}
	return "";
}

static void show_ledger(const struct engine *e, struct json_writer *w)
{
	put_key(w, "ledger");
	if (e->head.sequence == 0) {
		json_write_null(w);
		return;
	}
	json_write_object(w);
	put_uint(w, "sequence", e->head.sequence);
	put_time(w, "close_time", (int64_t)e->head.close_time * 1000);
	put_hex(w, "hash", e->head.hash, 32);
	put_uint(w, "base_fee", e->head.base_fee);
	put_uint(w, "base_reserve", e->head.base_reserve);
	put_uint(w, "protocol", e->head.protocol);
	json_write_object_end(w);
}

void engine_show_status(const struct engine *e, struct json_writer *w)
{
	json_write_object(w);
	put_text(w, "state", state_name(e->state));
	if (e->reason[0])
		put_text(w, "reason", e->reason);
	put_text(w, "network_passphrase", e->config.passphrase);
	show_ledger(e, w);
	put_key(w, "pairs");
	engine_show_pairs(e, w);
	put_key(w, "accounts");
	json_write_array(w);
	for (uint32_t i = 0; i < e->account_count; i++) {
		json_write_object(w);
		put_text(w, "name", e->accounts[i].name);
		put_text(w, "account", e->accounts[i].address);
		json_write_object_end(w);
	}
	json_write_array_end(w);
	put_text(w, "version", e->config.version);
	json_write_object_end(w);
}

bool engine_show_order(const struct engine *e, struct json_writer *w, const char *order_id,
		       const char *client_id, const char *account)
{
	(void)e, (void)w, (void)order_id, (void)client_id, (void)account;
	return false;
}

void engine_show_orders(const struct engine *e, struct json_writer *w,
			const struct engine_filter *filter)
{
	(void)e, (void)filter;
	json_write_object(w);
	put_key(w, "orders");
	json_write_array(w);
	json_write_array_end(w);
	put_text(w, "next", NULL);
	json_write_object_end(w);
}

bool engine_show_book(const struct engine *e, struct json_writer *w, const char *pair,
		      uint32_t levels, bool by_order)
{
	(void)e, (void)w, (void)pair, (void)levels, (void)by_order;
	return false;
}

bool engine_show_balances(const struct engine *e, struct json_writer *w, const char *account)
{
	(void)e, (void)w, (void)account;
	return false;
}

void engine_show_pairs(const struct engine *e, struct json_writer *w)
{
	json_write_array(w);
	for (uint32_t i = 0; i < e->pair_count; i++) {
		json_write_object(w);
		put_text(w, "trading_pair", e->pairs[i].name);
		put_text(w, "base_asset", e->pairs[i].base_text);
		put_text(w, "counter_asset", e->pairs[i].counter_text);
		json_write_object_end(w);
	}
	json_write_array_end(w);
}
