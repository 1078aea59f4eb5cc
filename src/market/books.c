/* market/books.c - offers of watched pairs: what ledgers say, and what snapshots say. */
#include "market/books.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/failure.h"
#include "base/wide.h"
#include "ledger/table.h"
#include "sdex/asset.h"

#define NO_SIDE UINT32_MAX
#define PAIRS_MAX (1u << 20)

struct watched {
	struct book_pair pair; /* first: books_pair gives it away */
	bool filling;
	bool ended;
	uint32_t begun_at; /* rows up to this ledger are the snapshot's, later ones the feed's */
};

/* An offer that a ledger took away while a snapshot was on the way. */
struct tombstone {
	int64_t id;
	uint32_t ledger;
	uint32_t spare;
};

struct books {
	struct offers *offers;
	struct sdex_arena *arena; /* of the assets of more than four characters */
	struct watched *watched;
	uint32_t count;
	uint32_t room;
	struct table sides; /* of both directions, by their assets */

	struct slab tombstones;
	struct table buried;
	uint32_t filling; /* pairs */

	uint32_t sequence;
	uint8_t hash[32];
	uint32_t *changed;
	uint32_t changed_count;
};

struct books *books_new(void)
{
	struct books *books = calloc(1, sizeof(*books));
	if (!books)
		return NULL;
	slab_init(&books->tombstones, sizeof(struct tombstone));
	books->offers = offers_new();
	books->arena = sdex_arena_new(0);
	if (!books->offers || !books->arena) {
		books_free(books);
		return NULL;
	}
	return books;
}

void books_free(struct books *books)
{
	if (!books)
		return;
	offers_free(books->offers);
	sdex_arena_free(books->arena);
	free(books->watched);
	free(books->changed);
	table_free(&books->sides);
	slab_free(&books->tombstones);
	table_free(&books->buried);
	free(books);
}

static enum sdex_error no_memory(struct sdex_failure *why)
{
	return fail(why, SDEX_ERR_NOMEM, 0, "memory for the order books is out");
}

/* --- pairs */

static uint64_t hash_asset(uint64_t hash, const sdex_Asset *asset)
{
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		return table_mix_bytes(hash, &asset->alphaNum4, sizeof(asset->alphaNum4));
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12) {
		hash = table_mix_bytes(hash, asset->alphaNum12->assetCode.bytes, 12);
		return table_mix_bytes(hash, asset->alphaNum12->issuer.ed25519.bytes, 32);
	}
	return table_mix(hash, 0);
}

static uint64_t hash_side(const sdex_Asset *selling, const sdex_Asset *buying)
{
	return hash_asset(hash_asset(1, selling), buying);
}

static uint32_t find_side(const struct books *books, const sdex_Asset *selling,
			  const sdex_Asset *buying)
{
	struct table_walk walk = table_walk(&books->sides, hash_side(selling, buying));
	for (uint32_t side; (side = table_next(&books->sides, &walk)) != SLOT_NONE;) {
		const struct book_pair *pair = &books->watched[side / 2].pair;
		const sdex_Asset *sold = side % 2 ? &pair->counter : &pair->base;
		const sdex_Asset *bought = side % 2 ? &pair->base : &pair->counter;
		if (sdex_asset_compare(sold, selling) == 0 &&
		    sdex_asset_compare(bought, buying) == 0)
			return side;
	}
	return NO_SIDE;
}

static bool copy_asset(sdex_Asset *copy, struct sdex_arena *arena, const sdex_Asset *asset)
{
	*copy = *asset;
	if (asset->type != SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		return true;
	copy->alphaNum12 = sdex_arena_copy(arena, asset->alphaNum12, sizeof(*asset->alphaNum12));
	return copy->alphaNum12 != NULL;
}

static bool room_for_pair(struct books *books)
{
	if (books->count < books->room)
		return true;
	uint32_t room = books->room ? 2 * books->room : 8;
	struct watched *watched = realloc(books->watched, room * sizeof(*watched));
	if (!watched)
		return false;
	books->watched = watched;
	uint32_t *changed = realloc(books->changed, room * sizeof(*changed));
	if (!changed)
		return false;
	books->changed = changed;
	books->room = room;
	return true;
}

enum sdex_error books_watch(struct books *books, uint32_t *pair, const sdex_Asset *base,
			    const sdex_Asset *counter, struct sdex_failure *why)
{
	if (!sdex_asset_valid(base) || !sdex_asset_valid(counter) ||
	    sdex_asset_compare(base, counter) == 0 || books->count == PAIRS_MAX)
		return fail(why, SDEX_ERR_INVALID, 0,
			    "expected a pair of two different valid assets, at most %u pairs",
			    PAIRS_MAX);
	uint32_t side = find_side(books, base, counter);
	if (side != NO_SIDE) {
		*pair = side / 2;
		return SDEX_OK;
	}
	if (!room_for_pair(books))
		return no_memory(why);
	uint32_t number = books->count;
	struct watched *watched = &books->watched[number];
	*watched = (struct watched){0};
	if (!copy_asset(&watched->pair.base, books->arena, base) ||
	    !copy_asset(&watched->pair.counter, books->arena, counter) ||
	    !table_put(&books->sides, hash_side(base, counter), BOOK_ASKS(number)))
		return no_memory(why);
	if (!table_put(&books->sides, hash_side(counter, base), BOOK_BIDS(number))) {
		table_remove(&books->sides, hash_side(base, counter), BOOK_ASKS(number));
		return no_memory(why);
	}
	books->count++;
	*pair = number;
	return SDEX_OK;
}

uint32_t books_count(const struct books *books)
{
	return books->count;
}

const struct book_pair *books_pair(const struct books *books, uint32_t pair)
{
	return &books->watched[pair].pair;
}

const struct offers *books_offers(const struct books *books)
{
	return books->offers;
}

uint32_t books_sequence(const struct books *books)
{
	return books->sequence;
}

const uint8_t *books_hash(const struct books *books)
{
	return books->hash;
}

const uint32_t *books_changed(const struct books *books, uint32_t *count)
{
	*count = books->changed_count;
	return books->changed;
}

static void forget_tombstones(struct books *books)
{
	slab_free(&books->tombstones);
	table_free(&books->buried);
}

void books_reset(struct books *books)
{
	offers_clear(books->offers);
	forget_tombstones(books);
	for (uint32_t i = 0; i < books->count; i++) {
		struct book_pair pair = books->watched[i].pair;
		books->watched[i] =
			(struct watched){.pair = {.base = pair.base, .counter = pair.counter}};
	}
	books->filling = 0;
	books->sequence = 0;
	memset(books->hash, 0, sizeof(books->hash));
	books->changed_count = 0;
}

/* --- tombstones */

static const struct tombstone *find_tombstone(const struct books *books, int64_t id)
{
	struct table_walk walk = table_walk(&books->buried, table_mix(0, (uint64_t)id));
	for (uint32_t slot; (slot = table_next(&books->buried, &walk)) != SLOT_NONE;) {
		const struct tombstone *stone = slab_at(&books->tombstones, slot);
		if (stone->id == id)
			return stone;
	}
	return NULL;
}

static bool bury(struct books *books, int64_t id, uint32_t ledger)
{
	if (find_tombstone(books, id))
		return true; /* it only keeps rows of before the snapshot's beginning out */
	uint32_t slot = slab_take(&books->tombstones);
	if (slot == SLOT_NONE)
		return false;
	*(struct tombstone *)slab_at(&books->tombstones, slot) =
		(struct tombstone){.id = id, .ledger = ledger};
	if (table_put(&books->buried, table_mix(0, (uint64_t)id), slot))
		return true;
	slab_give(&books->tombstones, slot);
	return false;
}

/* --- ledgers */

static enum sdex_error check_order(const struct books *books, const struct delta *delta,
				   struct sdex_failure *why)
{
	if (books->sequence && delta->sequence != books->sequence + 1)
		return fail(why, SDEX_ERR_MISSING, books->sequence + 1,
			    "expected ledger %u, found %u; begin again with a snapshot",
			    books->sequence + 1, delta->sequence);
	if (books->sequence && memcmp(delta->previous_hash, books->hash, 32) != 0)
		return fail(why, SDEX_ERR_INVALID, 0,
			    "expected ledger %u to build on the %u that was applied, found another "
			    "hash; begin again with a snapshot",
			    delta->sequence, books->sequence);
	for (uint32_t i = 0; !books->sequence && i < books->count; i++)
		if (books->watched[i].filling && delta->sequence > books->watched[i].begun_at + 1)
			return fail(why, SDEX_ERR_MISSING, books->watched[i].begun_at + 1,
				    "expected ledger %u, which a snapshot began before, or an "
				    "earlier one, found %u",
				    books->watched[i].begun_at + 1, delta->sequence);
	return SDEX_OK;
}

static bool offer_valid(const sdex_OfferEntry *offer)
{
	return offer->offerID > 0 && offer->amount > 0 && sdex_price_valid(offer->price);
}

static enum sdex_error check_offers(const struct delta *delta, struct sdex_failure *why)
{
	for (uint32_t i = 0; i < delta->offers.count; i++) {
		const struct delta_entry *entry = &delta->offers.items[i];
		const sdex_OfferEntry *offer = entry->last->data.offer;
		if (!entry->gone && !offer_valid(offer))
			return fail(why, SDEX_ERR_INVALID, 0,
				    "expected an offer's id, amount and price above zero, found "
				    "id %lld, amount %lld, price %d/%d",
				    (long long)offer->offerID, (long long)offer->amount,
				    offer->price.n, offer->price.d);
	}
	return SDEX_OK;
}

static void mark(struct books *books, uint32_t side, uint32_t ledger)
{
	struct book_pair *pair = &books->watched[side / 2].pair;
	if (pair->changed != ledger)
		books->changed[books->changed_count++] = side / 2;
	pair->changed = ledger;
}

static bool take_away(struct books *books, const struct delta_entry *entry, uint32_t ledger)
{
	int64_t id = entry->last->data.offer->offerID;
	const struct resting *known = offers_find(books->offers, id);
	if (known) {
		mark(books, known->side, ledger);
		offers_remove(books->offers, id);
	}
	/* Only of what was there before this ledger can a snapshot still have rows. */
	const sdex_OfferEntry *was = entry->before ? entry->before->data.offer : NULL;
	if (!books->filling || !was || find_side(books, &was->selling, &was->buying) == NO_SIDE)
		return true;
	return bury(books, id, ledger);
}

static bool same(const struct resting *a, const struct resting *b)
{
	return a->amount == b->amount && a->price.n == b->price.n && a->price.d == b->price.d &&
	       a->side == b->side && a->passive == b->passive;
}

static bool apply_offer(struct books *books, const struct delta_entry *entry, uint32_t ledger)
{
	const sdex_OfferEntry *offer = entry->last->data.offer;
	uint32_t side = entry->gone ? NO_SIDE : find_side(books, &offer->selling, &offer->buying);
	if (side == NO_SIDE)
		return take_away(books, entry, ledger);
	struct resting now = {.id = offer->offerID,
			      .amount = offer->amount,
			      .price = offer->price,
			      .side = side,
			      .ledger = ledger & INT32_MAX,
			      .passive = (offer->flags & SDEX_PASSIVE_FLAG) != 0};
	memcpy(now.seller, offer->sellerID.ed25519.bytes, 32);
	const struct resting *known = offers_find(books->offers, now.id);
	if (known && !same(known, &now))
		mark(books, known->side, ledger);
	if (!known || !same(known, &now))
		mark(books, side, ledger);
	return offers_put(books->offers, &now);
}

static void foresee(const struct books *books, const struct delta_entries *offers, uint32_t i,
		    bool near)
{
	if (i < offers->count)
		offers_foresee(books->offers, offers->items[i].last->data.offer->offerID, near);
}

static void settle(struct books *books, struct watched *watched)
{
	if (!watched->ended || books->sequence == 0 || books->sequence < watched->pair.exact_at)
		return;
	watched->pair.state = BOOK_COMPLETE;
	watched->ended = false;
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x, y;
	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

enum sdex_error books_apply(struct books *books, const struct delta *delta,
			    struct sdex_failure *why)
{
	enum sdex_error error = check_order(books, delta, why);
	if (!error)
		error = check_offers(delta, why);
	if (error)
		return error;
	books->changed_count = 0;
	for (uint32_t i = 0; i < delta->offers.count; i++) {
		foresee(books, &delta->offers, i + 2 * OFFERS_AHEAD, false);
		foresee(books, &delta->offers, i + OFFERS_AHEAD, true);
		if (!apply_offer(books, &delta->offers.items[i], delta->sequence))
			return no_memory(why);
	}
	books->sequence = delta->sequence;
	memcpy(books->hash, delta->hash, 32);
	for (uint32_t i = 0; i < books->count; i++) {
		struct watched *watched = &books->watched[i];
		if (!watched->pair.since)
			watched->pair.since = delta->sequence;
		if (watched->pair.state == BOOK_EMPTY)
			watched->pair.state = BOOK_PARTIAL;
		settle(books, watched);
	}
	if (books->changed_count > 1)
		qsort(books->changed, books->changed_count, sizeof(*books->changed),
		      compare_numbers);
	return SDEX_OK;
}

/* --- snapshots */

enum sdex_error books_snapshot_begin(struct books *books, uint32_t pair, uint32_t ledger,
				     struct sdex_failure *why)
{
	struct watched *watched = &books->watched[pair];
	uint32_t since = watched->pair.since    ? watched->pair.since
			 : books->sequence == 0 ? 0
						: books->sequence + 1;
	if (since > ledger + 1 || ledger == 0 || ledger >= INT32_MAX)
		return fail(why, SDEX_ERR_INVALID, 0,
			    "expected a snapshot to begin at ledger %u or later, from which on the "
			    "changes are known, found %u",
			    since ? since - 1 : 1, ledger);
	if (!watched->filling)
		books->filling++;
	watched->filling = true;
	watched->ended = false;
	watched->begun_at = ledger;
	watched->pair.exact_at = 0;
	watched->pair.state = BOOK_FILLING;
	return SDEX_OK;
}

static enum sdex_error check_row(const struct books *books, uint32_t pair,
				 const struct book_row *row, uint32_t ledger,
				 struct sdex_failure *why)
{
	uint32_t side = find_side(books, row->selling, row->buying);
	if (side == NO_SIDE || side / 2 != pair)
		return fail(why, SDEX_ERR_INVALID, 0,
			    "expected offers of the pair alone, found offer %lld of another one",
			    (long long)row->id);
	if (row->id <= 0 || row->amount <= 0 || !sdex_price_valid(row->price))
		return fail(why, SDEX_ERR_INVALID, 0,
			    "expected an offer's id, amount and price above zero, found id %lld, "
			    "amount %lld, price %d/%d",
			    (long long)row->id, (long long)row->amount, row->price.n, row->price.d);
	if (row->modified == 0 || row->modified > ledger)
		return fail(why, SDEX_ERR_INVALID, 0,
			    "expected offers modified up to ledger %u, which the page reflects, "
			    "found offer %lld of ledger %u",
			    ledger, (long long)row->id, row->modified);
	return SDEX_OK;
}

static bool file_row(struct books *books, const struct watched *watched, const struct book_row *row)
{
	/* What is later comes with its ledger, in its turn. */
	if (row->modified > watched->begun_at)
		return true;
	const struct resting *known = offers_find(books->offers, row->id);
	const struct tombstone *stone = known ? NULL : find_tombstone(books, row->id);
	if ((known && known->ledger >= row->modified) || (stone && stone->ledger >= row->modified))
		return true;
	struct resting offer = {.id = row->id,
				.amount = row->amount,
				.price = row->price,
				.side = find_side(books, row->selling, row->buying),
				.ledger = row->modified & INT32_MAX,
				.passive = row->passive};
	memcpy(offer.seller, row->seller, 32);
	return offers_put(books->offers, &offer);
}

enum sdex_error books_snapshot_page(struct books *books, uint32_t pair, const struct book_row *rows,
				    uint32_t count, uint32_t ledger, struct sdex_failure *why)
{
	struct watched *watched = &books->watched[pair];
	if (!watched->filling || ledger < watched->begun_at || ledger > INT32_MAX)
		return fail(why, SDEX_ERR_INVALID, 0,
			    "expected a page of ledger %u or later of a snapshot that has begun, "
			    "found one of ledger %u; ask again later",
			    watched->begun_at, ledger);
	for (uint32_t i = 0; i < count; i++) {
		enum sdex_error error = check_row(books, pair, &rows[i], ledger, why);
		if (error)
			return error;
	}
	for (uint32_t i = 0; i < count; i++)
		if (!file_row(books, watched, &rows[i]))
			return no_memory(why);
	if (watched->pair.exact_at < ledger)
		watched->pair.exact_at = ledger;
	return SDEX_OK;
}

void books_snapshot_end(struct books *books, uint32_t pair)
{
	struct watched *watched = &books->watched[pair];
	if (!watched->filling)
		return;
	watched->filling = false;
	watched->ended = true;
	if (--books->filling == 0)
		forget_tombstones(books);
	settle(books, watched);
}

/* --- looking in */

uint32_t books_levels(const struct books *books, uint32_t pair, enum book_side side,
		      struct book_level *levels, uint32_t room)
{
	struct level found[BOOK_LEVELS_MAX];
	uint32_t count =
		offers_levels(books->offers, side == BOOK_ASK ? BOOK_ASKS(pair) : BOOK_BIDS(pair),
			      found, room < BOOK_LEVELS_MAX ? room : BOOK_LEVELS_MAX);
	for (uint32_t i = 0; i < count; i++) {
		const struct level *level = &found[i];
		uint128 other = level->amount * (uint32_t)level->price.n / (uint32_t)level->price.d;
		levels[i] = side == BOOK_ASK
				    ? (struct book_level){level->price, level->amount, other,
							  level->count}
				    : (struct book_level){sdex_price_invert(level->price), other,
							  level->amount, level->count};
	}
	return count;
}

size_t book_amount_print(char text[BOOK_AMOUNT_ROOM], uint128 stroops)
{
	uint128 whole = stroops / 10000000u;
	uint64_t parts[2] = {(uint64_t)(whole >> 64), (uint64_t)whole};
	char digits[WIDE_ROOM];
	wide_print(digits, parts, 2, false);
	return (size_t)snprintf(text, BOOK_AMOUNT_ROOM, "%.39s.%07u", digits,
				(unsigned)(stroops % 10000000u));
}
