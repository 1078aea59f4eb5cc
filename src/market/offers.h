/* market/offers.h - resting offers, order by order, of any number of sides.
 *
 * A side is one direction of a pair: all offers that sell one asset for another.  Each is
 * walked best first, in the network's order: by price as the quotient of two doubles
 * (isBetterOffer in stellar-core), then by id.  Prices are compared exactly everywhere
 * else.
 *
 * Pure data: one thread at a time.  About 120 bytes an offer; the cost of a change grows
 * with the logarithm of all offers. */
#ifndef SDEX_MARKET_OFFERS_H
#define SDEX_MARKET_OFFERS_H

#include "base/int128.h"
#include "sdex/price.h"

struct resting {
	int64_t id;
	int64_t amount;   /* still for sale, stroops, > 0 */
	sdex_Price price; /* of what is sold, in what is bought; both terms > 0 */
	uint8_t seller[32];
	uint32_t side;
	uint32_t ledger : 31; /* that modified it last */
	uint32_t passive : 1;
};

struct offers;

/* No offers.  NULL when memory is out. */
struct offers *offers_new(void);
void offers_free(struct offers *offers); /* NULL is fine */
void offers_clear(struct offers *offers);

/* Files an offer, in place of the one of the same id if there is one, whatever its side.
 * False when memory is out; nothing has changed then.
 * id, amount and both terms of the price are above zero (else it is our own bug). */
SDEX_MUST_USE bool offers_put(struct offers *offers, const struct resting *offer);

/* False when there is none of this id. */
bool offers_remove(struct offers *offers, int64_t id);

/* Has the processor fetch what a later put or remove of this id waits for: first where the
 * offer is, and some changes later, with `near`, the offer itself.  Changes nothing. */
void offers_foresee(const struct offers *offers, int64_t id, bool near);
#define OFFERS_AHEAD 8u /* changes between the one and the other, and between that and the put */

/* The offer of this id, NULL when there is none.  Borrowed until the next change. */
const struct resting *offers_find(const struct offers *offers, int64_t id);

uint32_t offers_count(const struct offers *offers);
uint64_t offers_held(const struct offers *offers); /* bytes from the system */

/* A place in a side; dies with the next change. */
struct offers_walk {
	uint32_t node;
	uint32_t at;
	uint32_t side;
};

/* Walks a side from its best offer on: NULL behind its last one. */
struct offers_walk offers_begin(const struct offers *offers, uint32_t side);
const struct resting *offers_next(const struct offers *offers, struct offers_walk *walk);

/* All offers of one exact price. */
struct level {
	sdex_Price price; /* in lowest terms, as the makers say it */
	uint128 amount;   /* of the asset that they sell, stroops */
	uint32_t count;   /* offers */
};

/* Fills the best levels of a side, best first, at most `room`; returns how many.  Each
 * price is there once, and its amount is whole. */
uint32_t offers_levels(const struct offers *offers, uint32_t side, struct level *levels,
		       uint32_t room);

/* Where an offer stands in its side's queue. */
struct offers_place {
	uint32_t ahead;          /* offers that are taken before it */
	uint128 amount_ahead;    /* what they sell, stroops */
	uint32_t level;          /* its price among those of offers_levels, from 0 */
	uint32_t ahead_at_price; /* of those ahead, the ones of exactly its price */
	uint128 amount_at_price; /* what these sell */
};

/* False when there is none of this id.  Walks over all that is ahead. */
bool offers_place(const struct offers *offers, struct offers_place *place, int64_t id);

#endif
