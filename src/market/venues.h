/* market/venues.h - which assets can be had for which, and where: the graph of paths.h.
 *
 * A venue is one direction of trade: who spends `from` gets `to`, out of the offers of one
 * side of a struct offers (which the graph borrows: its makers sell `to` and buy `from`),
 * out of a constant-product pool, or whichever of both is better.  A venue that has
 * neither, at present, is no edge of the graph.
 *
 * Each venue keeps its best few offers beside it, and bounds of what it can give, so that
 * most of a search reads no book.  They are brought up to date by venues_settle, whose cost
 * is that of the venues touched since the last one.
 *
 * Pure data: one thread changes it; while nobody does, any number may search. */
#ifndef SDEX_MARKET_VENUES_H
#define SDEX_MARKET_VENUES_H

#include "base/int128.h"
#include "market/offers.h"
#include "sdex/asset.h"

#define VENUE_NONE UINT32_MAX
#define VENUE_TOP 4u /* offers kept beside a venue */

/* The number mantissa * 2^-shift, the mantissa's highest bit set; all zero: no bound. */
struct venue_bound {
	uint32_t mantissa;
	int32_t shift;
};

struct venue_offer {
	int64_t amount;   /* of `to`, stroops */
	sdex_Price price; /* `from` per `to` */
};

struct venue {
	uint32_t from;
	uint32_t to;
	uint32_t side;   /* of the offers; VENUE_NONE: it was never told */
	uint32_t at_out; /* its place among the edges of `from` and `to`; VENUE_NONE: no edge */
	uint32_t at_in;
	uint32_t top_count; /* below VENUE_TOP: the side has no more */
	bool touched;
	int64_t reserve_from; /* the pool's; 0: there is none */
	int64_t reserve_to;
	struct venue_bound most;  /* of `to` that one of `from` gets, before rounding down */
	struct venue_bound least; /* of `from` that one of `to` takes, before rounding up */
	struct venue_offer top[VENUE_TOP];
};

/* A venue seen from one of its assets: the other one, and what a search asks first. */
struct venue_edge {
	uint32_t asset;
	uint32_t venue;
	struct venue_bound most;
	struct venue_bound least;
};

struct venue_edges {
	struct venue_edge *items; /* in no order */
	uint32_t count;
	uint32_t room;
};

struct venues;

/* No assets and no venues.  The offers stay the caller's, and outlive the graph; NULL for a
 * graph of pools.  NULL when memory is out. */
struct venues *venues_new(const struct offers *offers);
void venues_free(struct venues *venues); /* NULL is fine */

/* The number of an asset, which is given it now if it has none: from 0 on, for good.  The
 * order of numbers decides which of two equally good paths is found (paths.h).
 * INVALID  it is not a valid asset
 * NOMEM */
SDEX_MUST_USE enum sdex_error venues_asset(struct venues *venues, uint32_t *number,
					   const sdex_Asset *asset, struct sdex_failure *why);

/* VENUE_NONE when it has none. */
uint32_t venues_find(const struct venues *venues, const sdex_Asset *asset);

uint32_t venues_assets(const struct venues *venues);

/* Borrowed until the graph is freed. */
const sdex_Asset *venues_asset_of(const struct venues *venues, uint32_t number);

/* The offers of a side sell the one asset and buy the other, two different ones; told once
 * for each side, and no two sides are of the same assets.
 * NOMEM */
SDEX_MUST_USE enum sdex_error venues_side(struct venues *venues, uint32_t side, uint32_t selling,
					  uint32_t buying, struct sdex_failure *why);

/* Something changed among the offers of a side; nothing happens if the graph has it not. */
void venues_touch(struct venues *venues, uint32_t side);

/* The pool of two assets has these reserves now; with one of them 0 it gives nothing.
 * INVALID  a reserve below 0
 * NOMEM */
SDEX_MUST_USE enum sdex_error venues_pool(struct venues *venues, uint32_t a, uint32_t b,
					  int64_t reserve_a, int64_t reserve_b,
					  struct sdex_failure *why);

/* Brings the graph up to date with its offers and pools; searches need that.
 * NOMEM  some of the touched venues wait for the next call */
SDEX_MUST_USE enum sdex_error venues_settle(struct venues *venues, struct sdex_failure *why);
bool venues_settled(const struct venues *venues);

uint64_t venues_held(const struct venues *venues); /* bytes from the system */

/* --- for the search */

const struct offers *venues_offers(const struct venues *venues);
const struct venue *venues_at(const struct venues *venues, uint32_t venue);

/* The edge by which `to` can be had for `from`; VENUE_NONE. */
uint32_t venues_between(const struct venues *venues, uint32_t from, uint32_t to);

/* The edges by which the asset can be spent; by which it can be had. */
const struct venue_edges *venues_out(const struct venues *venues, uint32_t asset);
const struct venue_edges *venues_in(const struct venues *venues, uint32_t asset);

/* amount * bound, rounded down, at most INT64_MAX; amount >= 0. */
static inline int64_t venue_times(int64_t amount, struct venue_bound bound)
{
	uint128 product = (uint128)(uint64_t)amount * bound.mantissa; /* 95 bits */
	if (bound.shift >= 128)
		return 0;
	if (bound.shift >= 0)
		product >>= bound.shift;
	else if (bound.shift < -32)
		product = product ? INT64_MAX : 0;
	else
		product <<= -bound.shift;
	return product > INT64_MAX ? INT64_MAX : (int64_t)product;
}

static inline bool venue_bound_over(struct venue_bound a, struct venue_bound b)
{
	return a.shift != b.shift ? a.shift < b.shift : a.mantissa > b.mantissa;
}

/* a * b, rounded up or down to a mantissa's 32 bits. */
static inline struct venue_bound venue_bound_times(struct venue_bound a, struct venue_bound b,
						   bool up)
{
	uint64_t product = (uint64_t)a.mantissa * b.mantissa; /* 63 or 64 bits */
	unsigned drop = product >> 63 ? 32 : 31;
	uint64_t mantissa =
		(product >> drop) + (up && (product & ((UINT64_C(1) << drop) - 1)) != 0);
	int32_t shift = a.shift + b.shift - (int32_t)drop;
	if (mantissa > UINT32_MAX)
		return (struct venue_bound){UINT32_C(1) << 31, shift - 1};
	return (struct venue_bound){(uint32_t)mantissa, shift};
}

#endif
