/* ledger/testing/laws.c - see laws.h. */
#include "ledger/testing/laws.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/rules.h"

/* Counts of an account, by its address. */
struct counts {
	uint32_t subentries;
	uint32_t sponsored;
	uint32_t sponsoring;
};

struct laws {
	const struct state *state;
	char *text; /* NULL: broken already */
	struct counts *counts;
};

/* Tells the first one. */
#define broken(l, ...)                                                          \
	do {                                                                    \
		if ((l)->text)                                                  \
			(void)snprintf((l)->text, LAWS_TEXT_ROOM, __VA_ARGS__); \
		(l)->text = NULL;                                               \
	} while (0)

static void *entry_in(const struct state *state, enum entry_kind kind, uint32_t slot)
{
	return slab_at(&state->entries[kind], slot);
}

/* Walks the entries of a kind that has a table: NULL at the end. */
static void *next_entry(const struct state *state, enum entry_kind kind, uint32_t *at)
{
	const struct table *table = &state->by_entry[kind];
	while (table->entries && *at <= table->mask) {
		uint32_t slot = table->entries[(*at)++].slot;
		if (slot != SLOT_NONE)
			return entry_in(state, kind, slot);
	}
	return NULL;
}

/* --- liabilities */

struct sums {
	int64_t buying;
	int64_t selling;
};

static struct sums add_offers(struct laws *l, uint32_t address, uint32_t asset)
{
	const struct state *state = l->state;
	struct sums sums = {0};
	for (uint32_t slot = address_at(state, address)->offers; slot != SLOT_NONE;) {
		const struct offer *offer = entry_in(state, ENTRY_OFFER, slot);
		const struct pair *pair = pair_at(state, offer->pair);
		struct liabilities held = exchange_liabilities(offer->price, offer->amount);
		if (pair->buying == asset)
			sums.buying += held.buying;
		if (pair->selling == asset)
			sums.selling += held.selling;
		slot = offer->next;
	}
	return sums;
}

static void account_law(struct laws *l, const struct account *account)
{
	uint32_t address = account->address;
	struct sums sums = add_offers(l, address, ASSET_NATIVE);
	if (account->buying != sums.buying || account->selling != sums.selling)
		broken(l, "account %u owes %lld and %lld lumens, its offers %lld and %lld", address,
		       (long long)account->buying, (long long)account->selling,
		       (long long)sums.buying, (long long)sums.selling);
	if (account->balance < 0 || account->balance > INT64_MAX - account->buying)
		broken(l, "account %u has %lld stroops", address, (long long)account->balance);
	if (account->sponsored > account->subentries + 2)
		broken(l, "account %u has more sponsored than it has", address);
}

static void line_law(struct laws *l, const struct trustline *line)
{
	struct sums sums = add_offers(l, line->address, line->asset);
	if (line->buying != sums.buying || line->selling != sums.selling)
		broken(l, "account %u owes %lld and %lld of asset %u, its offers %lld and %lld",
		       line->address, (long long)line->buying, (long long)line->selling,
		       line->asset, (long long)sums.buying, (long long)sums.selling);
	if (line->balance < line->selling || line->balance > line->limit - line->buying)
		broken(l, "account %u has %lld of asset %u of at most %lld", line->address,
		       (long long)line->balance, line->asset, (long long)line->limit);
}

/* --- counting */

static void count_sponsor(struct laws *l, const struct entry *entry, uint32_t owner,
			  uint32_t weight)
{
	if (entry->sponsor == SLOT_NONE)
		return;
	l->counts[entry->sponsor].sponsoring += weight;
	if (owner != SLOT_NONE)
		l->counts[owner].sponsored += weight;
}

static void count_of_address(struct laws *l, uint32_t address)
{
	const struct state *state = l->state;
	const struct address *a = address_at(state, address);
	struct counts *own = &l->counts[address];
	const struct account *account = state_account(state, address);
	if (!account && (a->offers != SLOT_NONE || a->trustlines != SLOT_NONE))
		broken(l, "address %u has entries and no account", address);
	for (uint32_t slot = a->offers; slot != SLOT_NONE;) {
		const struct offer *offer = entry_in(state, ENTRY_OFFER, slot);
		if (offer->seller != address || offer->amount <= 0 ||
		    state_offer(state, address, offer->id) != offer)
			broken(l, "offer %lld of account %u is not where it should be",
			       (long long)offer->id, address);
		own->subentries++;
		count_sponsor(l, &offer->entry, address, 1);
		slot = offer->next;
	}
	for (uint32_t slot = a->trustlines; slot != SLOT_NONE;) {
		const struct trustline *line = entry_in(state, ENTRY_TRUSTLINE, slot);
		uint32_t weight = sponsor_weight(state, ENTRY_TRUSTLINE, line);
		if (line->address != address ||
		    state_trustline(state, address, line->asset) != line)
			broken(l, "a trustline of account %u is not where it should be", address);
		own->subentries += weight;
		count_sponsor(l, &line->entry, address, weight);
		slot = line->next;
	}
	if (!account)
		return;
	own->subentries += signer_count(account);
	for (uint32_t i = 0; i < signer_count(account); i++) {
		struct entry like = {.sponsor = signer_at(account, i)->sponsor};
		count_sponsor(l, &like, address, 1);
	}
	count_sponsor(l, &account->entry, address, 2);
}

static void count_all(struct laws *l)
{
	const struct state *state = l->state;
	for (uint32_t i = 0; i < state->addresses.used; i++)
		count_of_address(l, i);
	uint32_t at = 0;
	for (const struct data *data; (data = next_entry(state, ENTRY_DATA, &at));) {
		l->counts[data->address].subentries++;
		count_sponsor(l, &data->entry, data->address, 1);
	}
	at = 0;
	for (const struct claimable *c; (c = next_entry(state, ENTRY_CLAIMABLE, &at));)
		count_sponsor(l, &c->entry, SLOT_NONE, sponsor_weight(state, ENTRY_CLAIMABLE, c));
	for (uint32_t i = 0; i < state->addresses.used; i++) {
		const struct account *account = state_account(state, i);
		const struct counts *c = &l->counts[i];
		if (!account) {
			if (c->sponsoring)
				broken(l, "address %u sponsors and has no account", i);
			continue;
		}
		if (account->subentries != c->subentries || account->sponsored != c->sponsored ||
		    account->sponsoring != c->sponsoring)
			broken(l,
			       "account %u counts %u subentries, %u sponsored, %u sponsoring; "
			       "there are %u, %u, %u",
			       i, account->subentries, account->sponsored, account->sponsoring,
			       c->subentries, c->sponsored, c->sponsoring);
	}
}

/* --- books and pools */

static void book_law(struct laws *l, uint32_t number, uint32_t *offers)
{
	const struct state *state = l->state;
	const struct pair *pair = pair_at(state, number);
	struct book_place place = book_begin(&state->book, number);
	const struct offer *before = NULL;
	for (uint32_t slot; (slot = book_next(&state->book, &place, number)) != SLOT_NONE;) {
		const struct offer *offer = entry_in(state, ENTRY_OFFER, slot);
		uint64_t price = book_price(offer->price);
		uint64_t last = before ? book_price(before->price) : 0;
		if (offer->pair != number || last > price ||
		    (before && last == price && before->id >= offer->id))
			broken(l, "offer %lld stands in the wrong place of its book",
			       (long long)offer->id);
		before = offer;
		++*offers;
	}
	const struct offer *best = state_best_offer(state, pair->selling, pair->buying);
	const struct offer *other = state_best_offer(state, pair->buying, pair->selling);
	if (!best || !other || ((best->entry.flags | other->entry.flags) & SDEX_PASSIVE_FLAG))
		return;
	if (!price_at_least(best->price, price_inverse(other->price)))
		broken(l, "offers %lld and %lld are crossed", (long long)best->id,
		       (long long)other->id);
}

static void pool_law(struct laws *l, const struct asset *asset, uint32_t number)
{
	const struct state *state = l->state;
	const struct pool *pool = entry_in(state, ENTRY_POOL, asset->pool);
	int64_t shares = 0, holders = 0;
	for (uint32_t i = 0; i < state->addresses.used; i++) {
		const struct trustline *line = state_trustline(state, i, number);
		if (!line)
			continue;
		shares += line->balance;
		holders++;
	}
	if (pool->shares != shares || pool->trustlines != holders || holders == 0)
		broken(l, "pool %u counts %lld shares of %lld, there are %lld of %lld", number,
		       (long long)pool->shares, (long long)pool->trustlines, (long long)shares,
		       (long long)holders);
	if (pool->reserve_a < 0 || pool->reserve_b < 0 ||
	    (pool->shares == 0) != (pool->reserve_a == 0 && pool->reserve_b == 0))
		broken(l, "pool %u has %lld and %lld for %lld shares", number,
		       (long long)pool->reserve_a, (long long)pool->reserve_b,
		       (long long)pool->shares);
}

bool laws_broken(char text[LAWS_TEXT_ROOM], const struct state *state)
{
	struct laws l = {.state = state, .text = text};
	uint32_t offers = 0;
	if (state->lost)
		broken(&l, "memory is out");
	l.counts = calloc(state->addresses.used + 1, sizeof(*l.counts));
	if (!l.counts) {
		broken(&l, "memory is out");
		return true;
	}
	for (uint32_t i = 0; i < state->addresses.used; i++) {
		const struct account *account = state_account(state, i);
		if (account)
			account_law(&l, account);
		for (uint32_t slot = address_at(state, i)->trustlines; slot != SLOT_NONE;) {
			const struct trustline *line = entry_in(state, ENTRY_TRUSTLINE, slot);
			if (asset_at(state, line->asset)->type != SDEX_ASSET_TYPE_POOL_SHARE)
				line_law(&l, line);
			slot = line->next;
		}
	}
	count_all(&l);
	for (uint32_t i = 0; i < state->pairs.used; i++)
		book_law(&l, i, &offers);
	for (uint32_t i = 0; i < state->assets.used; i++)
		if (asset_at(state, i)->type == SDEX_ASSET_TYPE_POOL_SHARE &&
		    asset_at(state, i)->pool != SLOT_NONE)
			pool_law(&l, asset_at(state, i), i);
	if (offers != state->entries[ENTRY_OFFER].live ||
	    offers != state->by_entry[ENTRY_OFFER].count)
		broken(&l, "%u offers are in books, %u in memory", offers,
		       state->entries[ENTRY_OFFER].live);
	free(l.counts);
	return !l.text;
}

int128 laws_supply(const struct state *state, uint32_t asset)
{
	int128 sum = asset == ASSET_NATIVE ? state->header.fee_pool : 0;
	for (uint32_t i = 0; i < state->addresses.used; i++) {
		const struct account *account = state_account(state, i);
		const struct trustline *line = state_trustline(state, i, asset);
		if (asset == ASSET_NATIVE && account)
			sum += account->balance;
		else if (asset != ASSET_NATIVE && line)
			sum += line->balance;
	}
	uint32_t at = 0;
	for (const struct claimable *c; (c = next_entry(state, ENTRY_CLAIMABLE, &at));)
		if (c->asset == asset)
			sum += c->amount;
	for (uint32_t i = 0; i < state->assets.used; i++) {
		const struct asset *share = asset_at(state, i);
		if (share->type != SDEX_ASSET_TYPE_POOL_SHARE || share->pool == SLOT_NONE)
			continue;
		const struct pool *pool = entry_in(state, ENTRY_POOL, share->pool);
		sum += pool->asset_a == asset ? pool->reserve_a : 0;
		sum += pool->asset_b == asset ? pool->reserve_b : 0;
	}
	return sum;
}
