/* engine/show.c - questions: status, books, balances. */
#include "engine/inside.h"

#include <string.h>

#define LEVELS_USUAL 20u

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

/* --- status */

static void show_ledger(const struct engine *e, struct json_writer *w)
{
	field_key(w, "ledger");
	if (e->head.sequence == 0) {
		json_write_null(w);
		return;
	}
	json_write_object(w);
	field_uint(w, "sequence", e->head.sequence);
	field_seconds(w, "close_time", (int64_t)e->head.close_time);
	field_hex(w, "hash", e->head.hash, 32);
	field_uint(w, "base_fee", e->head.base_fee);
	field_uint(w, "base_reserve", e->head.base_reserve);
	field_uint(w, "protocol", e->head.protocol);
	json_write_object_end(w);
}

static void show_feed(const struct engine *e, struct json_writer *w)
{
	uint32_t behind = e->latest > e->head.sequence ? e->latest - e->head.sequence : 0;
	field_key(w, "feed");
	json_write_object(w);
	field_text(w, "kind", e->config.rpc_url ? "rpc" : "replay");
	field_uint(w, "ledgers", e->ledgers);
	field_uint(w, "behind", e->anchored ? behind : 0);
	field_time(w, "last_ledger_at", e->head_ms);
	field_uint(w, "failures", e->failures);
	json_write_object_end(w);
}

static void show_counts(const struct engine *e, struct json_writer *w)
{
	uint32_t open = 0, unknown = 0, in_flight = 0, waiting = 0;
	for (uint32_t i = 0; i < e->order_count; i++) {
		open += lifecycle_resting(e->orders[i]->state);
		unknown += e->orders[i]->state == ORDER_UNKNOWN;
	}
	for (uint32_t i = 0; i < e->account_count; i++) {
		in_flight += e->accounts[i].flight != NONE;
		waiting += e->accounts[i].waiting_count;
	}
	field_key(w, "orders");
	json_write_object(w);
	field_uint(w, "total", e->order_count);
	field_uint(w, "open", open);
	field_uint(w, "unknown", unknown);
	field_uint(w, "in_flight", in_flight);
	field_uint(w, "waiting", waiting);
	json_write_object_end(w);
}

static void show_accounts(const struct engine *e, struct json_writer *w)
{
	field_key(w, "accounts");
	json_write_array(w);
	for (uint32_t i = 0; i < e->account_count; i++) {
		const struct account *account = &e->accounts[i];
		json_write_object(w);
		field_text(w, "name", account->name);
		field_text(w, "account", account->address);
		field_bool(w, "ready",
			   account->exists && account->as_of &&
				   account->snapshot <= e->head.sequence);
		field_id(w, "sequence", account->sequence);
		json_write_object_end(w);
	}
	json_write_array_end(w);
}

void engine_show_status(const struct engine *e, struct json_writer *w)
{
	json_write_object(w);
	field_text(w, "state", state_name(e->state));
	field_bool(w, "ready", engine_ready(e));
	if (e->state == STATE_READY && engine_stale(e))
		field_text(w, "reason",
			   "no ledger has come for too long: the network or its "
			   "server stands");
	else if (e->reason[0])
		field_text(w, "reason", e->reason);
	field_bool(w, "stopping", e->stopping);
	field_text(w, "network_passphrase", e->config.passphrase);
	show_ledger(e, w);
	show_feed(e, w);
	field_key(w, "pairs");
	engine_show_pairs(e, w);
	show_accounts(e, w);
	show_counts(e, w);
	field_text(w, "version", e->config.version);
	json_write_object_end(w);
}

/* --- books */

static enum book_side side_of(const struct pair *pair, bool asks)
{
	return asks != pair->turned ? BOOK_ASK : BOOK_BID;
}

/* A level's price seen from the pair, whose book may be turned. */
static sdex_Price seen(const struct pair *pair, sdex_Price price)
{
	return pair->turned ? sdex_price_invert(price) : price;
}

static void put_level(struct json_writer *w, const struct pair *pair,
		      const struct book_level *level)
{
	char text[SDEX_PRICE_ROOM], amount[BOOK_AMOUNT_ROOM];
	sdex_Price price = seen(pair, level->price);
	json_write_object(w);
	sdex_price_print(text, price, SDEX_PRICE_DECIMALS_BACK);
	field_text(w, "price", text);
	field_price(w, "price_r", price);
	book_amount_print(amount, pair->turned ? level->counter : level->base);
	field_text(w, "amount", amount);
	field_uint(w, "offers", level->count);
	json_write_object_end(w);
}

static void show_levels(const struct engine *e, struct json_writer *w, const struct pair *pair,
			bool asks, uint32_t count)
{
	struct book_level levels[ENGINE_LEVELS_MAX];
	uint32_t found = books_levels(e->books, pair->book, side_of(pair, asks), levels, count);
	json_write_array(w);
	for (uint32_t i = 0; i < found; i++)
		put_level(w, pair, &levels[i]);
	json_write_array_end(w);
}

static void put_resting(const struct engine *e, struct json_writer *w, const struct resting *r,
			bool asks)
{
	char text[SDEX_PRICE_ROOM], account[SDEX_ACCOUNT_ROOM];
	sdex_Price price = asks ? r->price : sdex_price_invert(r->price);
	sdex_AccountID id = sdex_account_of_key(r->seller);
	uint64_t amount = (uint64_t)r->amount;
	char base[BOOK_AMOUNT_ROOM];
	json_write_object(w);
	sdex_price_print(text, price, SDEX_PRICE_DECIMALS_BACK);
	field_text(w, "price", text);
	field_price(w, "price_r", price);
	/* what a bid sells is counter: in base, rounded down */
	book_amount_print(base,
			  asks ? (uint128)amount
			       : mul_div_floor(amount, (uint64_t)r->price.n, (uint64_t)r->price.d));
	field_text(w, "amount", base);
	field_id(w, "offer_id", r->id);
	sdex_account_print(account, &id);
	field_text(w, "account", account);
	field_bool(w, "own", account_keyed(e, r->seller) != NONE);
	json_write_object_end(w);
}

static void show_offers(const struct engine *e, struct json_writer *w, const struct pair *pair,
			bool asks, uint32_t count)
{
	uint32_t side =
		side_of(pair, asks) == BOOK_ASK ? BOOK_ASKS(pair->book) : BOOK_BIDS(pair->book);
	struct offers_walk walk = offers_begin(books_offers(e->books), side);
	const struct resting *r;
	json_write_array(w);
	for (uint32_t i = 0; i < count && (r = offers_next(books_offers(e->books), &walk)); i++)
		put_resting(e, w, r, asks);
	json_write_array_end(w);
}

bool engine_show_book(const struct engine *e, struct json_writer *w, const char *name,
		      uint32_t levels, bool by_order)
{
	const struct pair *pair = pair_named(e, name);
	if (!pair)
		return false;
	const struct book_pair *book = books_pair(e->books, pair->book);
	uint32_t count = levels == 0                  ? LEVELS_USUAL
			 : levels < ENGINE_LEVELS_MAX ? levels
						      : ENGINE_LEVELS_MAX;
	json_write_object(w);
	field_text(w, "trading_pair", pair->name);
	field_text(w, "base_asset", pair->base_text);
	field_text(w, "counter_asset", pair->counter_text);
	field_uint(w, "ledger", books_sequence(e->books));
	field_bool(w, "complete", book->state == BOOK_COMPLETE);
	field_uint(w, "since", book->since);
	for (int asks = 0; asks < 2; asks++) {
		field_key(w, asks ? "asks" : "bids");
		if (by_order)
			show_offers(e, w, pair, asks, count);
		else
			show_levels(e, w, pair, asks, count);
	}
	json_write_object_end(w);
	return true;
}

static const char *book_state_name(enum book_state state)
{
	switch (state) {
	case BOOK_EMPTY:
	case BOOK_FILLING:
		return "loading";
	case BOOK_PARTIAL:
		return "partial";
	case BOOK_COMPLETE:
		return "complete";
	}
	return "";
}

static void put_best(const struct engine *e, struct json_writer *w, const struct pair *pair,
		     bool asks)
{
	struct book_level best;
	char text[SDEX_PRICE_ROOM];
	if (books_levels(e->books, pair->book, side_of(pair, asks), &best, 1) == 0)
		return;
	sdex_price_print(text, seen(pair, best.price), SDEX_PRICE_DECIMALS_BACK);
	field_text(w, asks ? "best_ask" : "best_bid", text);
}

void engine_show_pairs(const struct engine *e, struct json_writer *w)
{
	json_write_array(w);
	for (uint32_t i = 0; i < e->pair_count; i++) {
		const struct pair *pair = &e->pairs[i];
		const struct book_pair *book = books_pair(e->books, pair->book);
		if (!pair->name[0])
			continue;
		json_write_object(w);
		field_text(w, "trading_pair", pair->name);
		field_text(w, "base_asset", pair->base_text);
		field_text(w, "counter_asset", pair->counter_text);
		field_text(w, "state", book_state_name(book->state));
		if (book->since)
			field_uint(w, "since", book->since);
		field_uint(w, "ledger", books_sequence(e->books));
		put_best(e, w, pair, false);
		put_best(e, w, pair, true);
		json_write_object_end(w);
	}
	json_write_array_end(w);
}

/* --- balances */

static void put_holding(const struct engine *e, struct json_writer *w,
			const struct account *account, const struct holding *h)
{
	int64_t available = holdings_available(e, account, h);
	json_write_object(w);
	field_text(w, "asset", h->asset);
	field_amount(w, "balance", h->balance);
	field_amount(w, "selling", h->selling);
	field_amount(w, "buying", h->buying);
	field_amount(w, "available", available > 0 ? available : 0);
	if (strcmp(h->asset, "native") != 0)
		field_amount(w, "limit", h->limit);
	field_bool(w, "authorized", h->authorized);
	json_write_object_end(w);
}

static void put_balances(const struct engine *e, struct json_writer *w,
			 const struct account *account)
{
	json_write_object(w);
	field_text(w, "account", account->address);
	field_text(w, "name", account->name);
	field_bool(w, "exists", account->exists);
	field_uint(w, "ledger",
		   account->as_of > e->head.sequence ? account->as_of : e->head.sequence);
	field_id(w, "sequence", account->sequence);
	field_uint(w, "subentries", account->subentries);
	field_key(w, "balances");
	json_write_array(w);
	for (uint32_t i = 0; i < account->holding_count; i++)
		if (!account->holdings[i].gone)
			put_holding(e, w, account, &account->holdings[i]);
	json_write_array_end(w);
	json_write_object_end(w);
}

bool engine_show_balances(const struct engine *e, struct json_writer *w, const char *account)
{
	uint32_t only = account ? account_named(e, account) : NONE;
	if (account && only == NONE)
		return false;
	json_write_array(w);
	for (uint32_t i = 0; i < e->account_count; i++)
		if (!account || i == only)
			put_balances(e, w, &e->accounts[i]);
	json_write_array_end(w);
	return true;
}
