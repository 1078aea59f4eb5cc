/* market/offers.c - records in a slab, found by id, in the order of ledger/book.h's tree. */
#include "market/offers.h"

#include <stdlib.h>

#include "base/check.h"
#include "ledger/book.h"
#include "ledger/table.h"

struct offers {
	struct slab records; /* struct resting */
	struct table ids;
	struct book order; /* its pair is the side */
};

static uint64_t hash_id(int64_t id)
{
	return table_mix(0, (uint64_t)id);
}

static struct resting *at(const struct offers *offers, uint32_t slot)
{
	return slab_at(&offers->records, slot);
}

static uint64_t bits(sdex_Price price)
{
	return book_price((struct price){price.n, price.d});
}

static struct book_key key_of(const struct resting *offer, uint32_t slot)
{
	return (struct book_key){
		.price = bits(offer->price), .id = offer->id, .pair = offer->side, .slot = slot};
}

static uint32_t find(const struct offers *offers, int64_t id)
{
	struct table_walk walk = table_walk(&offers->ids, hash_id(id));
	for (uint32_t slot; (slot = table_next(&offers->ids, &walk)) != SLOT_NONE;)
		if (at(offers, slot)->id == id)
			return slot;
	return SLOT_NONE;
}

struct offers *offers_new(void)
{
	struct offers *offers = calloc(1, sizeof(*offers));
	if (!offers)
		return NULL;
	slab_init(&offers->records, sizeof(struct resting));
	book_init(&offers->order);
	return offers;
}

void offers_clear(struct offers *offers)
{
	slab_free(&offers->records);
	table_free(&offers->ids);
	book_free(&offers->order);
}

void offers_free(struct offers *offers)
{
	if (!offers)
		return;
	offers_clear(offers);
	free(offers);
}

static bool add(struct offers *offers, const struct resting *offer)
{
	uint32_t slot = slab_take(&offers->records);
	if (slot == SLOT_NONE)
		return false;
	*at(offers, slot) = *offer;
	if (!table_put(&offers->ids, hash_id(offer->id), slot)) {
		slab_give(&offers->records, slot);
		return false;
	}
	if (!book_put(&offers->order, key_of(offer, slot))) {
		table_remove(&offers->ids, hash_id(offer->id), slot);
		slab_give(&offers->records, slot);
		return false;
	}
	return true;
}

bool offers_put(struct offers *offers, const struct resting *offer)
{
	CHECK(offer->id > 0 && offer->amount > 0 && sdex_price_valid(offer->price));
	uint32_t slot = find(offers, offer->id);
	if (slot == SLOT_NONE)
		return add(offers, offer);
	struct book_key was = key_of(at(offers, slot), slot), is = key_of(offer, slot);
	if (was.price != is.price || was.pair != is.pair) {
		if (!book_put(&offers->order, is))
			return false;
		book_remove(&offers->order, was);
	}
	*at(offers, slot) = *offer;
	return true;
}

bool offers_remove(struct offers *offers, int64_t id)
{
	uint32_t slot = find(offers, id);
	if (slot == SLOT_NONE)
		return false;
	book_remove(&offers->order, key_of(at(offers, slot), slot));
	table_remove(&offers->ids, hash_id(id), slot);
	slab_give(&offers->records, slot);
	return true;
}

void offers_foresee(const struct offers *offers, int64_t id, bool near)
{
	struct table_walk walk = table_walk(&offers->ids, hash_id(id));
	if (!offers->ids.entries)
		return;
	if (!near) {
		__builtin_prefetch(&offers->ids.entries[walk.at]);
		return;
	}
	/* The first of its hash, which is almost always the one. */
	uint32_t slot = table_next(&offers->ids, &walk);
	if (slot != SLOT_NONE)
		__builtin_prefetch(at(offers, slot), 1);
}

const struct resting *offers_find(const struct offers *offers, int64_t id)
{
	uint32_t slot = find(offers, id);
	return slot == SLOT_NONE ? NULL : at(offers, slot);
}

uint32_t offers_count(const struct offers *offers)
{
	return offers->records.live;
}

uint64_t offers_held(const struct offers *offers)
{
	uint64_t entries = offers->ids.entries ? (uint64_t)offers->ids.mask + 1 : 0;
	return slab_held(&offers->records) + slab_held(&offers->order.nodes) +
	       entries * sizeof(struct table_entry);
}

struct offers_walk offers_begin(const struct offers *offers, uint32_t side)
{
	struct book_place place = book_begin(&offers->order, side);
	return (struct offers_walk){.node = place.node, .at = place.at, .side = side};
}

const struct resting *offers_next(const struct offers *offers, struct offers_walk *walk)
{
	struct book_place place = {.node = walk->node, .at = walk->at};
	uint32_t slot = book_next(&offers->order, &place, walk->side);
	walk->node = place.node;
	walk->at = place.at;
	return slot == SLOT_NONE ? NULL : at(offers, slot);
}

/* Finds the level of a price among the last ones, of which those with the price's double
 * are in exact order; makes room for it if it is not there. */
static struct level *level_of(struct level *levels, uint32_t *count, uint32_t room,
			      sdex_Price price)
{
	uint32_t i = *count;
	while (i > 0 && bits(levels[i - 1].price) == bits(price)) {
		int order = sdex_price_compare(levels[i - 1].price, price);
		if (order == 0)
			return &levels[i - 1];
		if (order < 0)
			break;
		i--;
	}
	if (i == room)
		return NULL;
	if (*count < room)
		(*count)++;
	for (uint32_t j = *count - 1; j > i; j--)
		levels[j] = levels[j - 1];
	levels[i] = (struct level){.price = sdex_price_reduce(price)};
	return &levels[i];
}

uint32_t offers_levels(const struct offers *offers, uint32_t side, struct level *levels,
		       uint32_t room)
{
	struct offers_walk walk = offers_begin(offers, side);
	const struct resting *offer;
	uint32_t count = 0;
	while (room && (offer = offers_next(offers, &walk))) {
		/* The last level is whole only when the double has changed. */
		if (count == room && bits(levels[room - 1].price) != bits(offer->price))
			break;
		struct level *level = level_of(levels, &count, room, offer->price);
		if (level) {
			level->amount += (uint64_t)offer->amount;
			level->count++;
		}
	}
	return count;
}

/* Has an offer before `own` in the walk its exact price? */
static bool price_before(const struct offers *offers, struct offers_walk walk,
			 const struct resting *own)
{
	const struct resting *offer;
	while ((offer = offers_next(offers, &walk)) && offer != own)
		if (sdex_price_compare(offer->price, own->price) == 0)
			return true;
	return false;
}

/* How many prices of a side are better, exactly.  Those of the price's own double are not
 * in order: the ids are. */
static uint32_t better_prices(const struct offers *offers, const struct resting *own)
{
	struct offers_walk walk = offers_begin(offers, own->side), before = walk, run = walk;
	const struct resting *offer, *last = NULL;
	uint32_t count = 0;
	while ((offer = offers_next(offers, &walk)) && bits(offer->price) <= bits(own->price)) {
		if (last && bits(last->price) != bits(offer->price))
			run = before;
		if (sdex_price_compare(offer->price, own->price) < 0 &&
		    !(last && sdex_price_compare(offer->price, last->price) == 0) &&
		    !price_before(offers, run, offer))
			count++;
		last = offer;
		before = walk;
	}
	return count;
}

bool offers_place(const struct offers *offers, struct offers_place *place, int64_t id)
{
	const struct resting *own = offers_find(offers, id), *offer;
	struct offers_place found = {0};
	if (!own)
		return false;
	struct offers_walk walk = offers_begin(offers, own->side);
	while ((offer = offers_next(offers, &walk)) && offer != own) {
		found.ahead++;
		found.amount_ahead += (uint64_t)offer->amount;
		if (sdex_price_compare(offer->price, own->price) == 0) {
			found.ahead_at_price++;
			found.amount_at_price += (uint64_t)offer->amount;
		}
	}
	found.level = better_prices(offers, own);
	*place = found;
	return true;
}
