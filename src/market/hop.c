/* market/hop.c - hop.h's arithmetic: the best offers from beside the venue, then the walk. */
#include "market/hop.h"

#include <string.h>

#include "base/check.h"
#include "ledger/exchange.h"

/* x * n / d for x >= 0, n, d > 0; false beyond INT64_MAX.  In divisions of 64 bits, one or
 * two, since the 128 of the product would take several times as long. */
static bool scale(int64_t *result, int64_t x, int32_t n, int32_t d, bool up)
{
	uint64_t product = 0, more = up ? (uint32_t)d - 1 : 0;
	if (!__builtin_mul_overflow((uint64_t)x, (uint64_t)(uint32_t)n, &product) &&
	    product <= INT64_MAX) {
		*result = (int64_t)((product + more) / (uint32_t)d);
		return true;
	}
	uint64_t whole = (uint64_t)x / (uint32_t)d, rest = (uint64_t)x % (uint32_t)d;
	uint64_t part = (rest * (uint32_t)n + more) / (uint32_t)d;
	uint64_t sum = 0;
	if (__builtin_mul_overflow(whole, (uint64_t)(uint32_t)n, &sum) ||
	    __builtin_add_overflow(sum, part, &sum) || sum > INT64_MAX)
		return false;
	*result = (int64_t)sum;
	return true;
}

/* --- the offers of a venue, one after the other */

struct reading {
	const struct venues *venues;
	const struct venue *venue;
	const uint8_t *without;
	struct hop_budget *budget;
	uint32_t next;
	bool walking;
	struct offers_walk walk;
};

static struct reading read_from(const struct venues *venues, const struct venue *venue,
				const uint8_t *without, struct hop_budget *budget)
{
	return (struct reading){
		.venues = venues, .venue = venue, .without = without, .budget = budget};
}

/* From behind those beside the venue; from the first on when sellers matter. */
static void begin_walk(struct reading *r)
{
	r->walk = offers_begin(venues_offers(r->venues), r->venue->side);
	r->walking = true;
	for (uint32_t i = 0; i < r->next; i++)
		(void)offers_next(venues_offers(r->venues), &r->walk);
}

static bool read_offer(struct reading *r, struct venue_offer *offer)
{
	if (r->next == r->venue->top_count && r->next < VENUE_TOP)
		return false; /* all of the side's are beside the venue */
	if (!r->without && r->next < VENUE_TOP) {
		*offer = r->venue->top[r->next++];
		return true;
	}
	if (!r->walking)
		begin_walk(r);
	for (const struct resting *resting;
	     (resting = offers_next(venues_offers(r->venues), &r->walk));) {
		if (r->budget->left == 0) {
			r->budget->spent = true;
			return false;
		}
		r->budget->left--;
		if (r->without && memcmp(r->without, resting->seller, 32) == 0)
			continue;
		*offer = (struct venue_offer){resting->amount, resting->price};
		return true;
	}
	return false;
}

/* --- Horizon's rule */

/* What can be taken of an offer, at most `amount`, and what that costs (price.go,
 * ConvertToBuyingUnits); false beyond 63 bits. */
static bool take(int64_t *taken, int64_t *cost, const struct venue_offer *offer, int64_t amount)
{
	int32_t n = offer->price.n, d = offer->price.d;
	int64_t bound = offer->amount;
	if (n <= d &&
	    (!scale(&bound, offer->amount, n, d, false) || !scale(&bound, bound, d, n, true)))
		return false;
	*taken = bound < amount ? bound : amount;
	return scale(cost, *taken, n, d, true);
}

static int64_t send_to_offers(struct reading r, int64_t amount)
{
	struct venue_offer offer;
	int64_t left = amount, got = 0, all, taken, cost;
	while (read_offer(&r, &offer)) {
		if (scale(&all, left, offer.price.d, offer.price.n, false)) {
			if (all == 0)
				return 0;
			if (all <= offer.amount)
				return __builtin_add_overflow(got, all, &got) ? 0 : got;
		}
		if (!take(&taken, &cost, &offer, offer.amount) ||
		    __builtin_add_overflow(got, taken, &got))
			return 0;
		CHECK(cost <= left);
		left -= cost;
		if (left == 0)
			return got;
	}
	return 0;
}

static int64_t receive_from_offers(struct reading r, int64_t amount)
{
	struct venue_offer offer;
	int64_t left = amount, paid = 0, taken, cost;
	while (read_offer(&r, &offer)) {
		if (!take(&taken, &cost, &offer, left) || __builtin_add_overflow(paid, cost, &paid))
			return 0;
		left -= taken;
		if (left == 0)
			return paid;
	}
	return 0;
}

/* Nearly always the best offer is enough. */
static int64_t send_to_book(const struct venues *venues, const struct venue *venue, int64_t amount,
			    struct hop_budget *budget)
{
	const struct venue_offer *best = &venue->top[0];
	int64_t all = 0;
	if (scale(&all, amount, best->price.d, best->price.n, false) && all <= best->amount)
		return all;
	return send_to_offers(read_from(venues, venue, NULL, budget), amount);
}

static int64_t receive_from_book(const struct venues *venues, const struct venue *venue,
				 int64_t amount, const uint8_t *without, struct hop_budget *budget)
{
	const struct venue_offer *best = &venue->top[0];
	int64_t taken = 0, cost = 0;
	if (!without && take(&taken, &cost, best, amount) && taken == amount)
		return cost;
	return receive_from_offers(read_from(venues, venue, without, budget), amount);
}

int64_t hop_send(const struct venues *venues, const struct venue *venue, int64_t amount, bool pool,
		 struct hop_budget *budget)
{
	int64_t best = 0, book = 0;
	if (pool && venue->reserve_from)
		(void)exchange_pool_send(&best, venue->reserve_from, venue->reserve_to, amount,
					 POOL_FEE_BPS);
	if (venue->top_count)
		book = send_to_book(venues, venue, amount, budget);
	return book > best ? book : best;
}

int64_t hop_receive(const struct venues *venues, const struct venue *venue, int64_t amount,
		    bool pool, const uint8_t *without, struct hop_budget *budget)
{
	int64_t best = 0, book = 0;
	if (pool && venue->reserve_from)
		(void)exchange_pool_receive(&best, venue->reserve_from, venue->reserve_to, amount,
					    POOL_FEE_BPS);
	if (venue->top_count)
		book = receive_from_book(venues, venue, amount, without, budget);
	return book > 0 && (best == 0 || book < best) ? book : best;
}

/* --- the ledger's rule */

struct crossing {
	enum exchange_mode mode;
	int64_t amount; /* sent or received, to the stroop */
	const uint8_t *taker;
	uint32_t budget;
	uint32_t tried;
};

/* cross_book of ledger/cross.c for a taker who holds enough, makers who can pay and be
 * paid, and no limit of price; the other amount, or 0. */
static int64_t cross_book(const struct venues *venues, const struct venue *venue,
			  struct crossing *c)
{
	bool send = c->mode == EXCHANGE_STRICT_SEND;
	struct exchange_limits limits = {.wheat_receive = send ? INT64_MAX : c->amount,
					 .sheep_send = send ? c->amount : INT64_MAX,
					 .sheep_receive = INT64_MAX};
	int64_t other = 0;
	struct offers_walk walk;
	if (!venue->top_count)
		return 0;
	walk = offers_begin(venues_offers(venues), venue->side);
	for (const struct resting *offer; (offer = offers_next(venues_offers(venues), &walk));) {
		struct price price = {offer->price.n, offer->price.d};
		struct exchanged done;
		if ((c->taker && memcmp(c->taker, offer->seller, 32) == 0) || c->tried == c->budget)
			return 0;
		c->tried++;
		limits.wheat_send = exchange_adjust(price, offer->amount, INT64_MAX);
		if (!exchange(&done, price, limits, c->mode) ||
		    __builtin_add_overflow(other, send ? done.wheat : done.sheep, &other))
			return 0;
		limits.sheep_send -= done.sheep;
		limits.wheat_receive -= done.wheat;
		if (done.wheat_stays || limits.sheep_send == 0 || limits.wheat_receive == 0)
			return (send ? limits.sheep_send : limits.wheat_receive) == 0 ? other : 0;
	}
	return 0;
}

static int64_t hop_ledger(const struct venues *venues, const struct venue *venue,
			  enum exchange_mode mode, int64_t amount, const uint8_t *taker,
			  uint32_t *crossed)
{
	CHECK(amount > 0 && *crossed <= HOP_CROSSED_MAX);
	struct crossing c = {.mode = mode,
			     .amount = amount,
			     .taker = taker,
			     .budget = HOP_CROSSED_MAX - *crossed};
	bool send = mode == EXCHANGE_STRICT_SEND, pool = false;
	int64_t from_pool = 0;
	if (c.budget == 0)
		return 0;
	if (venue->reserve_from)
		pool = send ? exchange_pool_send(&from_pool, venue->reserve_from, venue->reserve_to,
						 amount, POOL_FEE_BPS)
			    : exchange_pool_receive(&from_pool, venue->reserve_from,
						    venue->reserve_to, amount, POOL_FEE_BPS);
	int64_t book = cross_book(venues, venue, &c);
	*crossed += c.tried;
	if (!pool || (book > 0 && (send ? book > from_pool : book < from_pool)))
		return book;
	if (c.tried == c.budget)
		return 0;
	*crossed += 1;
	return from_pool;
}

int64_t hop_ledger_send(const struct venues *venues, const struct venue *venue, int64_t amount,
			const uint8_t *taker, uint32_t *crossed)
{
	return hop_ledger(venues, venue, EXCHANGE_STRICT_SEND, amount, taker, crossed);
}

int64_t hop_ledger_receive(const struct venues *venues, const struct venue *venue, int64_t amount,
			   const uint8_t *taker, uint32_t *crossed)
{
	return hop_ledger(venues, venue, EXCHANGE_STRICT_RECEIVE, amount, taker, crossed);
}
