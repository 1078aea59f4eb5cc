/* sandbox/horizon_state.c - what the ledger holds now: accounts, offers. */
#include <stdio.h>
#include <stdlib.h>

#include "ledger/entry.h"
#include "ledger/rules.h"
#include "ledger/undo.h"
#include "sandbox/horizon.h"
#include "sdex/address.h"
#include "sdex/ids.h"

static void put_last_modified_time(struct call *call, uint32_t sequence)
{
	uint64_t seconds;
	if (ledger_time(&seconds, call, sequence)) {
		put_time(&call->w, "last_modified_time", seconds);
	} else {
		put_key(&call->w, "last_modified_time");
		json_write_null(&call->w);
	}
}

/* --- accounts */

static void put_account_links(struct call *call, const char *id)
{
	static const char *const parts[] = {"transactions", "operations", "payments",
					    "effects",      "offers",     "trades"};
	put_key(&call->w, "_links");
	json_write_object(&call->w);
	put_link(call, "self", "/accounts/%s", id);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		put_link(call, parts[i], "/accounts/%s/%s{?cursor,limit,order}", id, parts[i]);
	put_link(call, "data", "/accounts/%s/data/{key}", id);
	json_write_object_end(&call->w);
}

static void put_sponsor(struct call *call, uint32_t sponsor)
{
	if (sponsor != SLOT_NONE)
		put_address(&call->w, "sponsor", call->network->state, sponsor);
}

static void write_line(struct call *call, const struct trustline *line)
{
	struct json_writer *w = &call->w;
	const struct state *state = call->network->state;
	const struct asset *asset = asset_at(state, line->asset);
	bool share = asset->type == SDEX_ASSET_TYPE_POOL_SHARE;
	bool authorized = line->entry.flags & SDEX_AUTHORIZED_FLAG;
	json_write_object(w);
	put_amount(w, "balance", line->balance);
	if (share)
		put_hex(w, "liquidity_pool_id", asset->pool_id, 32);
	put_amount(w, "limit", line->limit);
	if (!share) {
		put_amount(w, "buying_liabilities", line->buying);
		put_amount(w, "selling_liabilities", line->selling);
		put_sponsor(call, line->entry.sponsor);
	}
	put_int(w, "last_modified_ledger", line->entry.modified);
	put_bool(w, "is_authorized", authorized);
	put_bool(w, "is_authorized_to_maintain_liabilities",
		 authorized || line->entry.flags & SDEX_AUTHORIZED_TO_MAINTAIN_LIABILITIES_FLAG);
	if (line->entry.flags & SDEX_TRUSTLINE_CLAWBACK_ENABLED_FLAG)
		put_bool(w, "is_clawback_enabled", true);
	put_asset(w, "", state, line->asset);
	json_write_object_end(w);
}

struct sorted_line {
	const struct trustline *line;
	char name[ASSET_TEXT_ROOM];
};

static int by_asset_text(const void *a, const void *b)
{
	return strcmp(((const struct sorted_line *)a)->name, ((const struct sorted_line *)b)->name);
}

static void put_balances(struct call *call, const struct account *account)
{
	struct json_writer *w = &call->w;
	const struct state *state = call->network->state;
	uint32_t first = address_at(state, account->address)->trustlines, count = 0;
	for (uint32_t slot = first; slot != SLOT_NONE; count++)
		slot = ((struct trustline *)slab_at(&state->entries[ENTRY_TRUSTLINE], slot))->next;
	struct sorted_line *lines = sdex_arena_alloc(call->arena, (count + 1) * sizeof(*lines));
	if (!lines) {
		w->error = SDEX_ERR_NOMEM;
		return;
	}
	count = 0;
	for (uint32_t slot = first; slot != SLOT_NONE; count++) {
		lines[count].line = slab_at(&state->entries[ENTRY_TRUSTLINE], slot);
		asset_text(lines[count].name, state, lines[count].line->asset);
		slot = lines[count].line->next;
	}
	qsort(lines, count, sizeof(*lines), by_asset_text);
	put_key(w, "balances");
	json_write_array(w);
	for (uint32_t i = 0; i < count; i++)
		write_line(call, lines[i].line);
	json_write_object(w);
	put_amount(w, "balance", account->balance);
	put_amount(w, "buying_liabilities", account->buying);
	put_amount(w, "selling_liabilities", account->selling);
	put_asset(w, "", state, ASSET_NATIVE);
	json_write_object_end(w);
	json_write_array_end(w);
}

struct sorted_signer {
	char key[SDEX_STRKEY_ROOM];
	uint32_t weight;
	uint32_t type;
	uint32_t sponsor;
};

static int by_signer_text(const void *a, const void *b)
{
	return strcmp(((const struct sorted_signer *)a)->key,
		      ((const struct sorted_signer *)b)->key);
}

static void write_signer(struct call *call, const struct sorted_signer *signer)
{
	static const char *const types[] = {"ed25519_public_key", "preauth_tx", "sha256_hash",
					    "ed25519_signed_payload"};
	json_write_object(&call->w);
	put_int(&call->w, "weight", signer->weight);
	put_text(&call->w, "key", signer->key);
	put_text(&call->w, "type", types[signer->type]);
	put_sponsor(call, signer->sponsor);
	json_write_object_end(&call->w);
}

/* The master key stands among the others while it weighs anything, else behind them. */
static void put_signers(struct call *call, const struct account *account)
{
	struct sorted_signer list[SDEX_MAX_SIGNERS + 1] = {0};
	const struct state *state = call->network->state;
	uint32_t count = signer_count(account);
	for (uint32_t i = 0; i < count; i++) {
		const struct signer *signer = signer_at(account, i);
		sdex_SignerKey key;
		size_t length;
		if (!entry_export_signer_key(&key, signer, call->arena) ||
		    sdex_signer_print(list[i].key, sizeof(list[i].key), &length, &key)) {
			call->w.error = SDEX_ERR_NOMEM;
			return;
		}
		list[i].weight = signer->weight;
		list[i].type = signer->type;
		list[i].sponsor = signer->sponsor;
	}
	struct sorted_signer *master = &list[count];
	master->weight = account->thresholds[0];
	master->sponsor = SLOT_NONE;
	address_text(master->key, state, account->address);
	qsort(list, count + (master->weight > 0), sizeof(*list), by_signer_text);
	put_key(&call->w, "signers");
	json_write_array(&call->w);
	for (uint32_t i = 0; i <= count; i++)
		write_signer(call, &list[i]);
	json_write_array_end(&call->w);
}

static void put_data(struct call *call, uint32_t address)
{
	const struct state *state = call->network->state;
	const struct table *table = &state->by_entry[ENTRY_DATA];
	put_key(&call->w, "data");
	json_write_object(&call->w);
	for (uint32_t i = 0; table->entries && i <= table->mask; i++) {
		if (table->entries[i].slot == SLOT_NONE)
			continue;
		const struct data *data =
			slab_at(&state->entries[ENTRY_DATA], table->entries[i].slot);
		char name[65] = "";
		if (data->address != address || data->name->size > 64)
			continue;
		memcpy(name, data->name->data, data->name->size);
		put_base64(&call->w, name, data->value ? data->value->data : NULL,
			   data->value ? data->value->size : 0, call->arena);
	}
	json_write_object_end(&call->w);
}

static void write_account(struct call *call, const struct account *account)
{
	struct json_writer *w = &call->w;
	const struct state *state = call->network->state;
	char id[57];
	address_text(id, state, account->address);
	json_write_object(w);
	put_account_links(call, id);
	put_text(w, "id", id);
	put_text(w, "account_id", id);
	put_int_text(w, "sequence", account->sequence);
	if (account->sequence_ledger)
		put_int(w, "sequence_ledger", account->sequence_ledger);
	if (account->sequence_ledger)
		put_int_text(w, "sequence_time", (int64_t)account->sequence_time);
	put_int(w, "subentry_count", account->subentries);
	if (account->inflation_dest != SLOT_NONE)
		put_address(w, "inflation_destination", state, account->inflation_dest);
	if (account->home_domain &&
	    utf8_valid(account->home_domain->data, account->home_domain->size))
		put_text_n(w, "home_domain", account->home_domain->data,
			   account->home_domain->size);
	put_int(w, "last_modified_ledger", account->entry.modified);
	put_last_modified_time(call, account->entry.modified);
	put_key(w, "thresholds");
	json_write_object(w);
	put_int(w, "low_threshold", account->thresholds[1]);
	put_int(w, "med_threshold", account->thresholds[2]);
	put_int(w, "high_threshold", account->thresholds[3]);
	json_write_object_end(w);
	put_key(w, "flags");
	json_write_object(w);
	put_bool(w, "auth_required", account->entry.flags & SDEX_AUTH_REQUIRED_FLAG);
	put_bool(w, "auth_revocable", account->entry.flags & SDEX_AUTH_REVOCABLE_FLAG);
	put_bool(w, "auth_immutable", account->entry.flags & SDEX_AUTH_IMMUTABLE_FLAG);
	put_bool(w, "auth_clawback_enabled",
		 account->entry.flags & SDEX_AUTH_CLAWBACK_ENABLED_FLAG);
	json_write_object_end(w);
	put_balances(call, account);
	put_signers(call, account);
	put_data(call, account->address);
	put_int(w, "num_sponsoring", account->sponsoring);
	put_int(w, "num_sponsored", account->sponsored);
	put_sponsor(call, account->entry.sponsor);
	put_text(w, "paging_token", id);
	json_write_object_end(w);
}

void horizon_account(struct call *call)
{
	uint32_t address;
	if (!address_read(call, &address, "account_id", call_path(call, 0)))
		return;
	const struct account *account =
		address == SLOT_NONE ? NULL : state_account(call->network->state, address);
	if (account)
		write_account(call, account);
	else
		call_refuse(call, &problem_not_found);
}

void horizon_account_data(struct call *call)
{
	const struct state *state = call->network->state;
	struct text name = call_path(call, 1);
	uint32_t address;
	if (!address_read(call, &address, "account_id", call_path(call, 0)))
		return;
	struct sdex_bytes key = {(const uint8_t *)name.data, (uint32_t)name.size};
	const struct data *data = address == SLOT_NONE ? NULL : state_data(state, address, key);
	if (!data) {
		call_refuse(call, &problem_not_found);
		return;
	}
	struct sdex_bytes value = blob_bytes(data->value);
	json_write_object(&call->w);
	put_base64(&call->w, "value", value.data, value.size, call->arena);
	put_sponsor(call, data->entry.sponsor);
	json_write_object_end(&call->w);
}

/* --- pools */

static void write_reserve(struct call *call, uint32_t asset, int64_t amount)
{
	char text[ASSET_TEXT_ROOM];
	asset_text(text, call->network->state, asset);
	json_write_object(&call->w);
	put_text(&call->w, "asset", text);
	put_amount(&call->w, "amount", amount);
	json_write_object_end(&call->w);
}

static void write_pool(struct call *call, const struct pool *pool)
{
	struct json_writer *w = &call->w;
	char id[ASSET_TEXT_ROOM];
	asset_text(id, call->network->state, pool->asset);
	json_write_object(w);
	put_key(w, "_links");
	json_write_object(w);
	put_link(call, "self", "/liquidity_pools/%s", id);
	put_link(call, "transactions", "/liquidity_pools/%s/transactions{?cursor,limit,order}", id);
	put_link(call, "operations", "/liquidity_pools/%s/operations{?cursor,limit,order}", id);
	json_write_object_end(w);
	put_text(w, "id", id);
	put_text(w, "paging_token", id);
	put_int(w, "fee_bp", pool->fee_bps);
	put_text(w, "type", "constant_product");
	put_int_text(w, "total_trustlines", pool->trustlines);
	put_amount(w, "total_shares", pool->shares);
	put_key(w, "reserves");
	json_write_array(w);
	write_reserve(call, pool->asset_a, pool->reserve_a);
	write_reserve(call, pool->asset_b, pool->reserve_b);
	json_write_array_end(w);
	put_int(w, "last_modified_ledger", pool->entry.modified);
	put_last_modified_time(call, pool->entry.modified);
	json_write_object_end(w);
}

void horizon_pool(struct call *call)
{
	const struct state *state = call->network->state;
	struct text text = call_path(call, 0);
	sdex_PoolID id;
	if (sdex_pool_id_parse(&id, text.data, text.size, NULL)) {
		call_refuse_field(call, "liquidity_pool_id",
				  "expected 64 lower-case hexadecimal digits");
		return;
	}
	uint32_t share = state_share_find(state, id.bytes);
	const struct pool *pool = share == SLOT_NONE ? NULL : state_pool(state, share);
	if (pool)
		write_pool(call, pool);
	else
		call_refuse(call, &problem_not_found);
}

/* --- offers */

static void write_offer(struct call *call, const struct offer *offer)
{
	struct json_writer *w = &call->w;
	const struct state *state = call->network->state;
	const struct pair *pair = pair_at(state, offer->pair);
	char seller[57], price[RATIO_TEXT_ROOM];
	address_text(seller, state, offer->seller);
	ratio_text(price, offer->price.n, offer->price.d);
	json_write_object(w);
	put_key(w, "_links");
	json_write_object(w);
	put_link(call, "self", "/offers/%lld", (long long)offer->id);
	put_link(call, "offer_maker", "/accounts/%s", seller);
	json_write_object_end(w);
	put_int_text(w, "id", offer->id);
	put_int_text(w, "paging_token", offer->id);
	put_text(w, "seller", seller);
	put_key(w, "selling");
	json_write_object(w);
	put_asset(w, "", state, pair->selling);
	json_write_object_end(w);
	put_key(w, "buying");
	json_write_object(w);
	put_asset(w, "", state, pair->buying);
	json_write_object_end(w);
	put_amount(w, "amount", offer->amount);
	put_key(w, "price_r");
	json_write_object(w);
	put_int(w, "n", offer->price.n);
	put_int(w, "d", offer->price.d);
	json_write_object_end(w);
	put_text(w, "price", price);
	put_int(w, "last_modified_ledger", offer->entry.modified);
	put_last_modified_time(call, offer->entry.modified);
	put_sponsor(call, offer->entry.sponsor);
	json_write_object_end(w);
}

struct listed {
	const struct offer *offer;
};

static void offer_token(char token[TOKEN_ROOM], const struct call *call, const void *items,
			uint32_t index)
{
	(void)call;
	const struct listed *list = items;
	(void)snprintf(token, TOKEN_ROOM, "%lld", (long long)list[index].offer->id);
}

static void offer_write(struct call *call, const void *items, uint32_t index)
{
	const struct listed *list = items;
	write_offer(call, list[index].offer);
}

struct offer_filter {
	uint32_t seller, selling, buying, sponsor;
	bool by_seller, by_selling, by_buying, by_sponsor;
	bool nothing; /* asks for what was never named */
};

struct offer_list {
	struct listed *items;
	uint32_t count;
	uint32_t room;
	struct call *call;
	const struct page *page;
	const struct offer_filter *filter;
};

static void consider(struct offer_list *list, const struct offer *offer)
{
	const struct offer_filter *f = list->filter;
	const struct pair *pair = pair_at(list->call->network->state, offer->pair);
	if ((f->by_seller && offer->seller != f->seller) ||
	    (f->by_selling && pair->selling != f->selling) ||
	    (f->by_buying && pair->buying != f->buying) ||
	    (f->by_sponsor && offer->entry.sponsor != f->sponsor) ||
	    !page_behind(list->page, offer->id, INT64_MAX))
		return;
	if (list->count == list->room) {
		uint32_t room = list->room ? 2 * list->room : 256;
		struct listed *items = sdex_arena_alloc(list->call->arena, room * sizeof(*items));
		if (!items) {
			list->call->w.error = SDEX_ERR_NOMEM;
			return;
		}
		if (list->count)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
		list->room = room;
	}
	list->items[list->count++].offer = offer;
}

static int by_id(const void *left, const void *right)
{
	int64_t a = ((const struct listed *)left)->offer->id;
	int64_t b = ((const struct listed *)right)->offer->id;
	return (a > b) - (a < b);
}

/* Over the shortest list there is: of a seller, of a pair, or all. */
static void walk_offers(struct offer_list *list)
{
	const struct offer_filter *f = list->filter;
	const struct state *state = list->call->network->state;
	const struct slab *offers = &state->entries[ENTRY_OFFER];
	if (f->by_seller) {
		for (uint32_t slot = address_at(state, f->seller)->offers; slot != SLOT_NONE;) {
			const struct offer *offer = slab_at(offers, slot);
			consider(list, offer);
			slot = offer->next;
		}
	} else if (f->by_selling && f->by_buying) {
		uint32_t pair = state_pair_find(state, f->selling, f->buying);
		if (pair == SLOT_NONE)
			return;
		struct book_place place = book_begin(&state->book, pair);
		for (uint32_t slot; (slot = book_next(&state->book, &place, pair)) != SLOT_NONE;)
			consider(list, slab_at(offers, slot));
	} else {
		const struct table *table = &state->by_entry[ENTRY_OFFER];
		for (uint32_t i = 0; table->entries && i <= table->mask; i++)
			if (table->entries[i].slot != SLOT_NONE)
				consider(list, slab_at(offers, table->entries[i].slot));
	}
}

static void write_offers(struct call *call, const struct page *page,
			 const struct offer_filter *filter)
{
	struct offer_list list = {.call = call, .page = page, .filter = filter};
	if (!filter->nothing)
		walk_offers(&list);
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), by_id);
	uint32_t count = list.count < page->limit ? list.count : page->limit;
	for (uint32_t i = 0; page->descending && i < list.count / 2; i++) {
		struct listed kept = list.items[i];
		list.items[i] = list.items[list.count - 1 - i];
		list.items[list.count - 1 - i] = kept;
	}
	struct page_items items = {list.items, count, offer_token, offer_write};
	page_write(call, page, &items);
}

void horizon_account_offers(struct call *call)
{
	struct page page;
	struct offer_filter filter = {.by_seller = true};
	if (!page_read(&page, call) ||
	    !address_read(call, &filter.seller, "account_id", call_path(call, 0)))
		return;
	filter.nothing = filter.seller == SLOT_NONE;
	write_offers(call, &page, &filter);
}

static bool read_side(struct call *call, struct asset_named *asset, const char *name)
{
	char prefix[16], field[32], reason[192];
	(void)snprintf(prefix, sizeof(prefix), "%s_", name);
	(void)snprintf(field, sizeof(field), "%s_asset_type", name);
	if (call_parameter(call, name).size == 0)
		return asset_read(call, asset, prefix);
	if (call_parameter(call, field).size == 0)
		return asset_read_text(call, asset, name);
	(void)snprintf(reason, sizeof(reason),
		       "Ambiguous parameter, you can't include both `%s` and `%s_asset_type`. "
		       "Remove all parameters of the form `%s_`",
		       name, name, name);
	call_refuse_field(call, field, reason);
	return false;
}

static bool read_account_filter(struct call *call, uint32_t *address, bool *found, const char *name)
{
	struct text text = call_parameter(call, name);
	*found = text.size > 0;
	return !*found || address_read(call, address, name, text);
}

void horizon_offers(struct call *call)
{
	struct page page;
	struct offer_filter f = {0};
	struct asset_named selling, buying;
	if (!page_read(&page, call) || !read_side(call, &selling, "selling") ||
	    !read_side(call, &buying, "buying") ||
	    !read_account_filter(call, &f.seller, &f.by_seller, "seller") ||
	    !read_account_filter(call, &f.sponsor, &f.by_sponsor, "sponsor"))
		return;
	f.by_selling = selling.given;
	f.selling = selling.number;
	f.by_buying = buying.given;
	f.buying = buying.number;
	f.nothing = (f.by_selling && f.selling == SLOT_NONE) ||
		    (f.by_buying && f.buying == SLOT_NONE) ||
		    (f.by_seller && f.seller == SLOT_NONE) ||
		    (f.by_sponsor && f.sponsor == SLOT_NONE);
	write_offers(call, &page, &f);
}

void horizon_offer(struct call *call)
{
	const struct state *state = call->network->state;
	struct text text = call_path(call, 0);
	struct offer copy = {0};
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < '0' || text.data[i] > '9' || text.size > 18) {
			call_refuse_field(call, "offer_id",
					  "Offer ID must be an integer higher than 0");
			return;
		} else {
			copy.id = copy.id * 10 + (text.data[i] - '0');
		}
	/* offers are filed by id; the seller is looked at behind it */
	const struct table *table = &state->by_entry[ENTRY_OFFER];
	struct table_walk walk = table_walk(table, state_hash_key(state, ENTRY_OFFER, &copy));
	for (uint32_t slot; (slot = table_next(table, &walk)) != SLOT_NONE;) {
		const struct offer *offer = slab_at(&state->entries[ENTRY_OFFER], slot);
		if (offer->id == copy.id) {
			write_offer(call, offer);
			return;
		}
	}
	call_refuse(call, &problem_not_found);
}
