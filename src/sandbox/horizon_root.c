/* sandbox/horizon_root.c - what the server says of itself: root, health, fees. */
#include "sandbox/fees.h"
#include "sandbox/horizon.h"

static const char *const links[][2] = {
	{"account", "/accounts/{account_id}"},
	{"accounts", "/accounts{?signer,sponsor,asset,liquidity_pool,cursor,limit,order}"},
	{"account_transactions", "/accounts/{account_id}/transactions{?cursor,limit,order}"},
	{"claimable_balances", "/claimable_balances{?asset,sponsor,claimant,cursor,limit,order}"},
	{"assets", "/assets{?asset_code,asset_issuer,cursor,limit,order}"},
	{"effects", "/effects{?cursor,limit,order}"},
	{"fee_stats", "/fee_stats"},
	{"friendbot", "/friendbot{?addr}"},
	{"ledger", "/ledgers/{sequence}"},
	{"ledgers", "/ledgers{?cursor,limit,order}"},
	{"liquidity_pools", "/liquidity_pools{?reserves,account,cursor,limit,order}"},
	{"offer", "/offers/{offer_id}"},
	{"offers", "/offers{?selling,buying,seller,sponsor,cursor,limit,order}"},
	{"operation", "/operations/{id}"},
	{"operations", "/operations{?cursor,limit,order,include_failed}"},
	{"order_book", "/order_book{?selling_asset_type,selling_asset_code,selling_asset_issuer,"
		       "buying_asset_type,buying_asset_code,buying_asset_issuer,limit}"},
	{"payments", "/payments{?cursor,limit,order,include_failed}"},
	{"self", "/"},
	{"strict_receive_paths", "/paths/strict-receive{?source_assets,source_account,"
				 "destination_account,destination_asset_type,"
				 "destination_asset_issuer,destination_asset_code,"
				 "destination_amount}"},
	{"strict_send_paths", "/paths/strict-send{?destination_account,destination_assets,"
			      "source_asset_type,source_asset_issuer,source_asset_code,"
			      "source_amount}"},
	{"trade_aggregations", "/trade_aggregations?base_asset_type={base_asset_type}&"
			       "base_asset_code={base_asset_code}&"
			       "base_asset_issuer={base_asset_issuer}&"
			       "counter_asset_type={counter_asset_type}&"
			       "counter_asset_code={counter_asset_code}&"
			       "counter_asset_issuer={counter_asset_issuer}"},
	{"trades", "/trades?base_asset_type={base_asset_type}&base_asset_code={base_asset_code}&"
		   "base_asset_issuer={base_asset_issuer}&counter_asset_type={counter_asset_type}&"
		   "counter_asset_code={counter_asset_code}&"
		   "counter_asset_issuer={counter_asset_issuer}"},
	{"transaction", "/transactions/{hash}"},
	{"transactions", "/transactions{?cursor,limit,order}"},
};

void horizon_root(struct call *call)
{
	struct json_writer *w = &call->w;
	const struct network *n = call->network;
	json_write_object(w);
	put_key(w, "_links");
	json_write_object(w);
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		put_link(call, links[i][0], "%s", links[i][1]);
	json_write_object_end(w);
	put_text(w, "horizon_version", "28.0.0-sdex-sandbox");
	put_format(w, "core_version", "sdex-sandbox (protocol %u)", n->options.protocol);
	put_int(w, "ingest_latest_ledger", network_sequence(n));
	put_int(w, "history_latest_ledger", network_sequence(n));
	put_time(w, "history_latest_ledger_closed_at", n->state->header.close_time);
	put_int(w, "history_elder_ledger", n->history.first);
	put_int(w, "core_latest_ledger", network_sequence(n));
	put_text(w, "network_passphrase", n->options.passphrase);
	put_int(w, "current_protocol_version", n->state->header.version);
	put_int(w, "supported_protocol_version", VERSION_NEWEST);
	put_int(w, "core_supported_protocol_version", VERSION_NEWEST);
	json_write_object_end(w);
}

void horizon_health(struct call *call)
{
	bool good = !network_lost(call->network);
	json_write_object(&call->w);
	put_bool(&call->w, "database_connected", true);
	put_bool(&call->w, "core_up", good);
	put_bool(&call->w, "core_synced", good);
	json_write_object_end(&call->w);
	if (!good)
		call->answer->status = 503;
}

static void put_fees(struct json_writer *w, const char *name, const struct fee_stats *stats)
{
	put_key(w, name);
	json_write_object(w);
	fee_stats_write(w, stats);
	json_write_object_end(w);
}

static void all_base_fee(struct fee_stats *stats, int64_t base_fee)
{
	if (stats->transactions)
		return;
	stats->max = stats->min = stats->mode = base_fee;
	for (int p = 0; p < FEE_PERCENTILES; p++)
		stats->percentile[p] = base_fee;
}

#define STATS_LEDGERS 5u

/* The share of the room for operations that was used, with two decimals. */
static void put_usage(struct json_writer *w, const struct history *history)
{
	uint64_t used = 0, room = 0;
	for (uint32_t i = 0; i < STATS_LEDGERS; i++) {
		const struct history_ledger *ledger = history_ledger(history, history->last - i);
		used += ledger ? ledger->operations : 0;
		room += ledger ? ledger->capacity : 0;
	}
	uint64_t hundredths = room ? (used * 200 + room) / (2 * room) : 0;
	if (hundredths % 100 == 0)
		put_format(w, "ledger_capacity_usage", "%llu",
			   (unsigned long long)(hundredths / 100));
	else if (hundredths % 10 == 0)
		put_format(w, "ledger_capacity_usage", "%llu.%llu",
			   (unsigned long long)(hundredths / 100),
			   (unsigned long long)(hundredths % 100 / 10));
	else
		put_format(w, "ledger_capacity_usage", "%llu.%02llu",
			   (unsigned long long)(hundredths / 100),
			   (unsigned long long)(hundredths % 100));
}

void horizon_fee_stats(struct call *call)
{
	struct json_writer *w = &call->w;
	const struct network *n = call->network;
	struct fee_stats charged, offered;
	if (fee_stats(&charged, &n->history, STATS_LEDGERS, FEE_CHARGED, call->arena) ||
	    fee_stats(&offered, &n->history, STATS_LEDGERS, FEE_OFFERED, call->arena)) {
		call_refuse(call, &problem_server_error);
		return;
	}
	all_base_fee(&charged, n->state->header.base_fee);
	all_base_fee(&offered, n->state->header.base_fee);
	json_write_object(w);
	put_int_text(w, "last_ledger", network_sequence(n));
	put_int_text(w, "last_ledger_base_fee", n->state->header.base_fee);
	put_usage(w, &n->history);
	put_fees(w, "fee_charged", &charged);
	put_fees(w, "max_fee", &offered);
	json_write_object_end(w);
}
