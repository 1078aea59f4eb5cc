/* sandbox/horizon_trades.c - what was traded. */
#include <stdio.h>

#include "sandbox/horizon_walk.h"
#include "sdex/ids.h"

#define SYNTHETIC_OFFER (INT64_C(1) << 62) /* the id of an offer that never rested */

struct trade_filter {
	struct asset_named base, counter;
	uint32_t account;
	uint32_t pool;
	int64_t offer;
	bool by_account, by_pool, by_offer;
	bool offers_only, pools_only;
};

static int64_t taker_offer(const struct history_trade *trade)
{
	return trade->taker_offer ? trade->taker_offer : trade->operation | SYNTHETIC_OFFER;
}

/* Without a pair asked for, the asset that was named first is the base. */
static bool base_is_sold(const struct trade_filter *filter, const struct history_trade *trade)
{
	return filter->base.given ? trade->sold == filter->base.number
				  : trade->sold < trade->bought;
}

static bool matches(const struct trade_filter *f, const struct history_trade *t)
{
	if (f->base.given && !(t->sold == f->base.number && t->bought == f->counter.number) &&
	    !(t->bought == f->base.number && t->sold == f->counter.number))
		return false;
	if (f->by_account && t->taker != f->account && (t->of_pool || t->seller != f->account))
		return false;
	if (f->by_pool && (!t->of_pool || t->seller != f->pool))
		return false;
	if (f->by_offer && (t->of_pool || t->offer != f->offer) && taker_offer(t) != f->offer)
		return false;
	return !(f->offers_only && t->of_pool) && !(f->pools_only && !t->of_pool);
}

static void look(struct walk *walk, const struct history_ledger *ledger)
{
	for (uint32_t i = 0; i < ledger->trade_count && !walk_full(walk); i++) {
		uint32_t index = walk->page.descending ? ledger->trade_count - 1 - i : i;
		const struct history_trade *trade = &ledger->trades[index];
		if (page_behind(&walk->page, trade->operation, trade->order) &&
		    matches(walk->filter, trade))
			(void)walk_add(walk, ledger, index, 0);
	}
}

static void trade_token(char token[TOKEN_ROOM], const struct call *call, const void *items,
			uint32_t index)
{
	(void)call;
	const struct walk *walk = items;
	const struct found *found = &walk->items[index];
	const struct history_trade *trade = &found->ledger->trades[found->index];
	(void)snprintf(token, TOKEN_ROOM, "%lld-%u", (long long)trade->operation, trade->order);
}

/* One side of a trade. */
struct side {
	bool is_pool;
	uint32_t who; /* address, or the pool's share */
	int64_t offer;
	uint32_t asset;
	int64_t amount;
};

static void put_side_link(struct call *call, const char *name, const struct side *side)
{
	const struct state *state = call->network->state;
	char text[ASSET_TEXT_ROOM];
	if (side->is_pool) {
		asset_text(text, state, side->who);
		put_link(call, name, "/liquidity_pools/%s", text);
	} else {
		address_text(text, state, side->who);
		put_link(call, name, "/accounts/%s", text);
	}
}

static void put_side(struct call *call, const char *name, const struct side *side)
{
	struct json_writer *w = &call->w;
	const struct state *state = call->network->state;
	char key[48];
	if (side->is_pool) {
		(void)snprintf(key, sizeof(key), "%s_liquidity_pool_id", name);
		put_hex(w, key, asset_at(state, side->who)->pool_id, 32);
	} else {
		(void)snprintf(key, sizeof(key), "%s_offer_id", name);
		put_int_text(w, key, side->offer);
		(void)snprintf(key, sizeof(key), "%s_account", name);
		put_address(w, key, state, side->who);
	}
	(void)snprintf(key, sizeof(key), "%s_amount", name);
	put_amount(w, key, side->amount);
	(void)snprintf(key, sizeof(key), "%s_", name);
	put_asset(w, key, state, side->asset);
}

static void trade_write(struct call *call, const void *items, uint32_t index)
{
	const struct walk *walk = items;
	const struct found *found = &walk->items[index];
	const struct history_trade *t = &found->ledger->trades[found->index];
	struct json_writer *w = &call->w;
	char token[TOKEN_ROOM];
	bool seller_first = base_is_sold(walk->filter, t);
	struct side seller = {t->of_pool, t->seller, t->offer, t->sold, t->sold_amount};
	struct side taker = {false, t->taker, taker_offer(t), t->bought, t->bought_amount};
	const struct side *base = seller_first ? &seller : &taker;
	const struct side *counter = seller_first ? &taker : &seller;
	trade_token(token, call, items, index);
	json_write_object(w);
	put_key(w, "_links");
	json_write_object(w);
	put_key(w, "self");
	json_write_object(w);
	put_text(w, "href", "");
	json_write_object_end(w);
	put_side_link(call, "base", base);
	put_side_link(call, "counter", counter);
	put_link(call, "operation", "/operations/%lld", (long long)t->operation);
	json_write_object_end(w);
	put_text(w, "id", token);
	put_text(w, "paging_token", token);
	put_time(w, "ledger_close_time", found->ledger->close_time);
	put_text(w, "trade_type", t->of_pool ? "liquidity_pool" : "orderbook");
	if (t->of_pool)
		put_int(w, "liquidity_pool_fee_bp", POOL_FEE_BPS);
	put_side(call, "base", base);
	put_side(call, "counter", counter);
	put_bool(w, "base_is_seller", seller_first);
	put_key(w, "price");
	json_write_object(w);
	put_int_text(w, "n", seller_first ? t->price_n : t->price_d);
	put_int_text(w, "d", seller_first ? t->price_d : t->price_n);
	json_write_object_end(w);
	json_write_object_end(w);
}

/* --- what is asked for */

static bool read_type(struct call *call, struct trade_filter *f)
{
	struct text type = call_parameter(call, "trade_type");
	f->offers_only = text_equal(type, TEXT("orderbook"));
	f->pools_only = text_equal(type, TEXT("liquidity_pool"));
	if (type.size == 0 || f->offers_only || f->pools_only || text_equal(type, TEXT("all")))
		return true;
	call_refuse_field(call, "trade_type",
			  "Trade type must be all, orderbook, or liquidity_pool");
	return false;
}

static bool read_offer(struct call *call, struct trade_filter *f, struct text text)
{
	int64_t id = 0;
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < '0' || text.data[i] > '9' ||
		    __builtin_mul_overflow(id, 10, &id) ||
		    __builtin_add_overflow(id, text.data[i] - '0', &id)) {
			call_refuse_field(call, "offer_id",
					  "Offer ID must be an integer higher than 0");
			return false;
		}
	f->offer = id;
	f->by_offer = id != 0;
	return true;
}

static bool read_pool(struct call *call, struct trade_filter *f, struct text text)
{
	sdex_PoolID id;
	if (sdex_pool_id_parse(&id, text.data, text.size, NULL)) {
		call_refuse_field(call, "liquidity_pool_id",
				  "expected 64 lower-case hexadecimal digits");
		return false;
	}
	f->pool = state_share_find(call->network->state, id.bytes);
	f->by_pool = true;
	return true;
}

static bool read_filters(struct call *call, struct trade_filter *f)
{
	struct text account = call_parameter(call, "account_id");
	struct text offer = call_parameter(call, "offer_id");
	struct text pool = call_parameter(call, "liquidity_pool_id");
	if (!asset_read(call, &f->base, "base_") || !asset_read(call, &f->counter, "counter_"))
		return false;
	if (f->base.given != f->counter.given) {
		call_refuse_field(call, "base_asset_type,counter_asset_type",
				  "this endpoint supports asset pairs but only one asset supplied");
		return false;
	}
	if ((account.size > 0) + (offer.size > 0) + (pool.size > 0) > 1) {
		call_refuse_field(call, "account_id,liquidity_pool_id,offer_id",
				  "Use a single filter for trades, you can only use one of "
				  "account_id, liquidity_pool_id, offer_id");
		return false;
	}
	f->by_account = account.size > 0;
	return read_type(call, f) &&
	       (!account.size || address_read(call, &f->account, "account_id", account)) &&
	       (!offer.size || read_offer(call, f, offer)) &&
	       (!pool.size || read_pool(call, f, pool));
}

/* `filter` has what the path asks for; the query may ask for more. */
static void answer(struct call *call, struct trade_filter *filter)
{
	struct walk *walk = sdex_arena_alloc(call->arena, sizeof(*walk));
	if (!walk) {
		call_refuse(call, &problem_server_error);
		return;
	}
	*walk = (struct walk){.call = call, .filter = filter};
	if (!page_of_history(&walk->page, call))
		return;
	walk_ledgers(walk, 0, 0, look);
	struct page_items items = {walk, walk->count, trade_token, trade_write};
	page_write(call, &walk->page, &items);
}

void horizon_trades(struct call *call)
{
	struct trade_filter filter = {0};
	if (read_filters(call, &filter))
		answer(call, &filter);
}

void horizon_account_trades(struct call *call)
{
	struct trade_filter filter = {.by_account = true};
	if (address_read(call, &filter.account, "account_id", call_path(call, 0)) &&
	    read_type(call, &filter))
		answer(call, &filter);
}

void horizon_offer_trades(struct call *call)
{
	struct trade_filter filter = {0};
	if (read_offer(call, &filter, call_path(call, 0)))
		answer(call, &filter);
}

void horizon_pool_trades(struct call *call)
{
	struct trade_filter filter = {0};
	if (read_pool(call, &filter, call_path(call, 0)))
		answer(call, &filter);
}
