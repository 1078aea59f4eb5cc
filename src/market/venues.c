/* market/venues.c - assets and venues in arrays; edges beside each asset, both ways. */
#include "market/venues.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/failure.h"
#include "ledger/exchange.h"
#include "ledger/table.h"
#include "sdex/arena.h"

struct node {
	sdex_Asset asset;
	struct venue_edges out;
	struct venue_edges in;
};

struct venues {
	const struct offers *offers;
	struct sdex_arena *arena; /* of the assets of more than four characters */
	struct slab nodes;        /* by number: none is ever given back */
	struct table by_asset;
	struct slab venues;
	struct table by_assets;
	uint32_t *of_side; /* the venue of each side */
	uint32_t side_room;
	uint32_t *touched; /* with room for all venues */
	uint32_t touched_count;
	uint32_t touched_room;
};

static enum sdex_error no_memory(struct sdex_failure *why)
{
	return fail(why, SDEX_ERR_NOMEM, 0, "memory for the graph of assets is out");
}

static struct node *node_at(const struct venues *venues, uint32_t number)
{
	CHECK(number < venues->nodes.used);
	return slab_at(&venues->nodes, number);
}

static struct venue *venue_at(const struct venues *venues, uint32_t venue)
{
	return slab_at(&venues->venues, venue);
}

struct venues *venues_new(const struct offers *offers)
{
	struct venues *venues = calloc(1, sizeof(*venues));
	if (!venues)
		return NULL;
	venues->offers = offers;
	slab_init(&venues->nodes, sizeof(struct node));
	slab_init(&venues->venues, sizeof(struct venue));
	venues->arena = sdex_arena_new(0);
	if (!venues->arena) {
		free(venues);
		return NULL;
	}
	return venues;
}

void venues_free(struct venues *venues)
{
	if (!venues)
		return;
	for (uint32_t i = 0; i < venues->nodes.used; i++) {
		free(node_at(venues, i)->out.items);
		free(node_at(venues, i)->in.items);
	}
	slab_free(&venues->nodes);
	slab_free(&venues->venues);
	table_free(&venues->by_asset);
	table_free(&venues->by_assets);
	sdex_arena_free(venues->arena);
	free(venues->of_side);
	free(venues->touched);
	free(venues);
}

/* --- assets */

static uint64_t hash_asset(const sdex_Asset *asset)
{
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		return table_mix_bytes(4, &asset->alphaNum4, sizeof(asset->alphaNum4));
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		return table_mix_bytes(12, asset->alphaNum12, sizeof(*asset->alphaNum12));
	return table_mix(1, 0);
}

uint32_t venues_find(const struct venues *venues, const sdex_Asset *asset)
{
	struct table_walk walk = table_walk(&venues->by_asset, hash_asset(asset));
	for (uint32_t slot; (slot = table_next(&venues->by_asset, &walk)) != SLOT_NONE;)
		if (sdex_asset_compare(&node_at(venues, slot)->asset, asset) == 0)
			return slot;
	return VENUE_NONE;
}

enum sdex_error venues_asset(struct venues *venues, uint32_t *number, const sdex_Asset *asset,
			     struct sdex_failure *why)
{
	if (!sdex_asset_valid(asset))
		return fail(why, SDEX_ERR_INVALID, 0, "expected a valid asset");
	uint32_t slot = venues_find(venues, asset);
	if (slot == VENUE_NONE) {
		struct node node = {.asset = *asset};
		if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12 &&
		    !(node.asset.alphaNum12 = sdex_arena_copy(venues->arena, asset->alphaNum12,
							      sizeof(*asset->alphaNum12))))
			return no_memory(why);
		slot = slab_take(&venues->nodes);
		if (slot == SLOT_NONE)
			return no_memory(why);
		*node_at(venues, slot) = node;
		if (!table_put(&venues->by_asset, hash_asset(asset), slot)) {
			slab_give(&venues->nodes, slot);
			return no_memory(why);
		}
	}
	*number = slot;
	return SDEX_OK;
}

uint32_t venues_assets(const struct venues *venues)
{
	return venues->nodes.live;
}

const sdex_Asset *venues_asset_of(const struct venues *venues, uint32_t number)
{
	return &node_at(venues, number)->asset;
}

/* --- venues */

static uint64_t hash_assets(uint32_t from, uint32_t to)
{
	return table_mix(0, (uint64_t)from << 32 | to);
}

static uint32_t find_venue(const struct venues *venues, uint32_t from, uint32_t to)
{
	struct table_walk walk = table_walk(&venues->by_assets, hash_assets(from, to));
	for (uint32_t slot; (slot = table_next(&venues->by_assets, &walk)) != SLOT_NONE;) {
		const struct venue *venue = venue_at(venues, slot);
		if (venue->from == from && venue->to == to)
			return slot;
	}
	return VENUE_NONE;
}

uint32_t venues_between(const struct venues *venues, uint32_t from, uint32_t to)
{
	uint32_t venue = find_venue(venues, from, to);
	return venue != VENUE_NONE && venue_at(venues, venue)->at_out != VENUE_NONE ? venue
										    : VENUE_NONE;
}

static bool room_to_touch(struct venues *venues)
{
	if (venues->venues.live < venues->touched_room)
		return true;
	uint32_t room = venues->touched_room ? 2 * venues->touched_room : 64;
	uint32_t *touched = realloc(venues->touched, room * sizeof(*touched));
	if (!touched)
		return false;
	venues->touched = touched;
	venues->touched_room = room;
	return true;
}

static uint32_t make_venue(struct venues *venues, uint32_t from, uint32_t to)
{
	CHECK(from != to && from < venues->nodes.used && to < venues->nodes.used);
	uint32_t slot = find_venue(venues, from, to);
	if (slot != VENUE_NONE)
		return slot;
	if (!room_to_touch(venues) || (slot = slab_take(&venues->venues)) == SLOT_NONE)
		return VENUE_NONE;
	*venue_at(venues, slot) = (struct venue){.from = from,
						 .to = to,
						 .side = VENUE_NONE,
						 .at_out = VENUE_NONE,
						 .at_in = VENUE_NONE};
	if (!table_put(&venues->by_assets, hash_assets(from, to), slot)) {
		slab_give(&venues->venues, slot);
		return VENUE_NONE;
	}
	return slot;
}

static void touch(struct venues *venues, uint32_t slot)
{
	struct venue *venue = venue_at(venues, slot);
	if (venue->touched)
		return;
	venue->touched = true;
	venues->touched[venues->touched_count++] = slot;
}

static bool room_for_side(struct venues *venues, uint32_t side)
{
	uint32_t room = venues->side_room ? venues->side_room : 64;
	if (side < venues->side_room)
		return true;
	while (room <= side)
		room *= 2;
	uint32_t *of_side = realloc(venues->of_side, room * sizeof(*of_side));
	if (!of_side)
		return false;
	for (uint32_t i = venues->side_room; i < room; i++)
		of_side[i] = VENUE_NONE;
	venues->of_side = of_side;
	venues->side_room = room;
	return true;
}

enum sdex_error venues_side(struct venues *venues, uint32_t side, uint32_t selling, uint32_t buying,
			    struct sdex_failure *why)
{
	CHECK(venues->offers && side < 1u << 31);
	uint32_t slot = VENUE_NONE;
	if (!room_for_side(venues, side) ||
	    (slot = make_venue(venues, buying, selling)) == VENUE_NONE)
		return no_memory(why);
	struct venue *venue = venue_at(venues, slot);
	CHECK(venue->side == VENUE_NONE || venue->side == side);
	venue->side = side;
	venues->of_side[side] = slot;
	touch(venues, slot);
	return SDEX_OK;
}

void venues_touch(struct venues *venues, uint32_t side)
{
	if (side < venues->side_room && venues->of_side[side] != VENUE_NONE)
		touch(venues, venues->of_side[side]);
}

enum sdex_error venues_pool(struct venues *venues, uint32_t a, uint32_t b, int64_t reserve_a,
			    int64_t reserve_b, struct sdex_failure *why)
{
	if (reserve_a < 0 || reserve_b < 0)
		return fail(why, SDEX_ERR_INVALID, 0, "expected a pool's reserves, not below 0");
	if (reserve_a == 0 || reserve_b == 0)
		reserve_a = reserve_b = 0;
	uint32_t forth = make_venue(venues, a, b), back = make_venue(venues, b, a);
	if (forth == VENUE_NONE || back == VENUE_NONE)
		return no_memory(why);
	venue_at(venues, forth)->reserve_from = venue_at(venues, back)->reserve_to = reserve_a;
	venue_at(venues, forth)->reserve_to = venue_at(venues, back)->reserve_from = reserve_b;
	touch(venues, forth);
	touch(venues, back);
	return SDEX_OK;
}

/* --- bounds */

static int bits_of(uint128 value)
{
	uint64_t high = (uint64_t)(value >> 64), low = (uint64_t)value;
	return high ? 128 - __builtin_clzll(high) : low ? 64 - __builtin_clzll(low) : 0;
}

/* above / below, both of 1 to 78 bits, rounded to the bound's 32 bits. */
static struct venue_bound bound_of(uint128 above, uint128 below, bool up)
{
	int32_t shift = 32 - (bits_of(above) - bits_of(below));
	if (shift >= 0)
		above <<= shift;
	else
		below <<= -shift;
	uint128 quotient = above / below; /* 2^31 .. 2^33 */
	quotient += up && above % below != 0;
	while (quotient > UINT32_MAX) {
		quotient = (quotient + up) >> 1;
		shift--;
	}
	return (struct venue_bound){.mantissa = (uint32_t)quotient, .shift = shift};
}

/* The best offer, and the pool's first stroop, bound what many get. */
static void find_bounds(struct venue *venue)
{
	const uint64_t whole = 10000, kept = whole - POOL_FEE_BPS;
	venue->most = venue->least = (struct venue_bound){0, 0};
	if (venue->top_count) {
		sdex_Price best = venue->top[0].price;
		venue->most = bound_of((uint32_t)best.d, (uint32_t)best.n, true);
		venue->least = bound_of((uint32_t)best.n, (uint32_t)best.d, false);
	}
	if (venue->reserve_from) {
		uint128 from = whole * (uint128)(uint64_t)venue->reserve_from;
		uint128 to = kept * (uint128)(uint64_t)venue->reserve_to;
		struct venue_bound most = bound_of(to, from, true);
		struct venue_bound least = bound_of(from, to, false);
		if (!venue->top_count || venue_bound_over(most, venue->most))
			venue->most = most;
		if (!venue->top_count || venue_bound_over(venue->least, least))
			venue->least = least;
	}
}

/* --- edges */

static bool add_edge(struct venue_edges *edges, uint32_t asset, uint32_t venue)
{
	if (edges->count == edges->room) {
		uint32_t room = edges->room ? 2 * edges->room : 2;
		struct venue_edge *items = realloc(edges->items, room * sizeof(*items));
		if (!items)
			return false;
		edges->items = items;
		edges->room = room;
	}
	edges->items[edges->count++] = (struct venue_edge){.asset = asset, .venue = venue};
	return true;
}

static bool link_venue(struct venues *venues, uint32_t slot)
{
	struct venue *venue = venue_at(venues, slot);
	struct venue_edges *out = &node_at(venues, venue->from)->out;
	struct venue_edges *in = &node_at(venues, venue->to)->in;
	if (!add_edge(out, venue->to, slot))
		return false;
	if (!add_edge(in, venue->from, slot)) {
		out->count--;
		return false;
	}
	venue->at_out = out->count - 1;
	venue->at_in = in->count - 1;
	return true;
}

static void unlink_venue(struct venues *venues, struct venue *venue)
{
	struct venue_edges *out = &node_at(venues, venue->from)->out;
	struct venue_edges *in = &node_at(venues, venue->to)->in;
	out->items[venue->at_out] = out->items[--out->count];
	in->items[venue->at_in] = in->items[--in->count];
	if (venue->at_out < out->count)
		venue_at(venues, out->items[venue->at_out].venue)->at_out = venue->at_out;
	if (venue->at_in < in->count)
		venue_at(venues, in->items[venue->at_in].venue)->at_in = venue->at_in;
	venue->at_out = venue->at_in = VENUE_NONE;
}

static void read_top(const struct venues *venues, struct venue *venue)
{
	const struct resting *offer;
	venue->top_count = 0;
	if (venue->side == VENUE_NONE)
		return;
	struct offers_walk walk = offers_begin(venues->offers, venue->side);
	while (venue->top_count < VENUE_TOP && (offer = offers_next(venues->offers, &walk)))
		venue->top[venue->top_count++] =
			(struct venue_offer){.amount = offer->amount, .price = offer->price};
}

static bool settle(struct venues *venues, uint32_t slot)
{
	struct venue *venue = venue_at(venues, slot);
	read_top(venues, venue);
	if (!venue->top_count && !venue->reserve_from) {
		if (venue->at_out != VENUE_NONE)
			unlink_venue(venues, venue);
		return true;
	}
	if (venue->at_out == VENUE_NONE && !link_venue(venues, slot))
		return false;
	find_bounds(venue);
	struct venue_edge *out = &node_at(venues, venue->from)->out.items[venue->at_out];
	struct venue_edge *in = &node_at(venues, venue->to)->in.items[venue->at_in];
	out->most = in->most = venue->most;
	out->least = in->least = venue->least;
	return true;
}

enum sdex_error venues_settle(struct venues *venues, struct sdex_failure *why)
{
	while (venues->touched_count) {
		uint32_t slot = venues->touched[venues->touched_count - 1];
		if (!settle(venues, slot))
			return no_memory(why);
		venue_at(venues, slot)->touched = false;
		venues->touched_count--;
	}
	return SDEX_OK;
}

bool venues_settled(const struct venues *venues)
{
	return venues->touched_count == 0;
}

uint64_t venues_held(const struct venues *venues)
{
	uint64_t sum = slab_held(&venues->nodes) + slab_held(&venues->venues);
	sum += venues->by_asset.entries ? 8 * ((uint64_t)venues->by_asset.mask + 1) : 0;
	sum += venues->by_assets.entries ? 8 * ((uint64_t)venues->by_assets.mask + 1) : 0;
	sum += 4 * ((uint64_t)venues->side_room + venues->touched_room);
	for (uint32_t i = 0; i < venues->nodes.used; i++)
		sum += sizeof(struct venue_edge) *
		       ((uint64_t)node_at(venues, i)->out.room + node_at(venues, i)->in.room);
	return sum;
}

/* --- for the search */

const struct offers *venues_offers(const struct venues *venues)
{
	return venues->offers;
}

const struct venue *venues_at(const struct venues *venues, uint32_t venue)
{
	return venue_at(venues, venue);
}

const struct venue_edges *venues_out(const struct venues *venues, uint32_t asset)
{
	return &node_at(venues, asset)->out;
}

const struct venue_edges *venues_in(const struct venues *venues, uint32_t asset)
{
	return &node_at(venues, asset)->in;
}
