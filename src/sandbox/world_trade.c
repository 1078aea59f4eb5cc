/* sandbox/world_trade.c - what the makers and traders do from ledger to ledger.
 *
 * All choices come from the seed and the ledger's sequence, and from what the ledger holds:
 * the same calls trade the same.  Prices walk about where they began: a step is a few
 * hundredths of a percent, and the further away, the likelier it leads back. */
#include <stdlib.h>

#include "base/int128.h"
#include "ledger/entry.h"
#include "ledger/rules.h"
#include "sandbox/world_inside.h"

#define STEP_MAX 12     /* 1/10000 of the price */
#define STRAY_MAX 500   /* 1/10000 of the first price, from which all steps lead back */
#define DRIFT_ALLOWED 6 /* 1/10000 that a quote may be off before it is moved */
#define MAKER_EVERY 3u  /* ledgers between a maker's looks at its quotes */
#define TAKERS_MOST 4u  /* a ledger */
#define SLIPPAGE 60     /* 1/10000 that a taker goes beyond the middle */

struct acting {
	struct sandbox *sandbox;
	struct world *world;
	const struct state *state;
	struct batch *batch;
	uint64_t random;
};

/* SplitMix64 */
static uint64_t next_random(struct acting *a)
{
	uint64_t z = a->random += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static uint64_t below(struct acting *a, uint64_t bound)
{
	return next_random(a) % bound;
}

/* --- prices */

static void step_price(struct acting *a, unsigned market)
{
	int64_t home = world_markets[market].middle, now = a->world->middles[market];
	int64_t stray = (now - home) * 10000 / home; /* 1/10000 away */
	int64_t step = (int64_t)below(a, 2 * STEP_MAX + 1) - STEP_MAX;
	bool back = (int64_t)below(a, STRAY_MAX) < (stray < 0 ? -stray : stray);
	if (back)
		step = stray > 0 ? -(step < 0 ? -step : step) : (step < 0 ? -step : step);
	int64_t moved = now * step / 10000;
	a->world->middles[market] = now + moved;
}

/* --- makers */

struct resting {
	const struct offer *offer;
	int64_t price; /* counter for one base, 1/10000000 */
};

static int by_price_up(const void *left, const void *right)
{
	const struct resting *a = left, *b = right;
	if (a->price != b->price)
		return a->price < b->price ? -1 : 1;
	return (a->offer->id > b->offer->id) - (a->offer->id < b->offer->id);
}

/* The maker's offers of one side, the best first. */
static uint32_t own_offers(struct acting *a, unsigned market, bool ask,
			   struct resting rests[WORLD_LEVELS])
{
	const struct state *state = a->state;
	uint32_t maker = state_address_find(state, a->world->makers[market].public_key);
	uint32_t base = state_asset_find(state, &a->world->assets[world_markets[market].base]);
	uint32_t count = 0;
	for (uint32_t slot = address_at(state, maker)->offers; slot != SLOT_NONE;) {
		const struct offer *offer = slab_at(&state->entries[ENTRY_OFFER], slot);
		bool sells_base = pair_at(state, offer->pair)->selling == base;
		slot = offer->next;
		if (sells_base != ask || count == WORLD_LEVELS)
			continue;
		struct price p = ask ? offer->price : price_inverse(offer->price);
		rests[count++] = (struct resting){offer, (int64_t)p.n * UNIT / p.d};
	}
	qsort(rests, count, sizeof(*rests), by_price_up);
	for (uint32_t i = 0; !ask && i < count / 2; i++) {
		struct resting kept = rests[i];
		rests[i] = rests[count - 1 - i];
		rests[count - 1 - i] = kept;
	}
	return count;
}

static void note(struct batch *batch, enum sdex_error error)
{
	if (error && !batch->error)
		batch->error = error;
}

/* Anybody may have done anything with these accounts, whose keys are known: what one of them
 * cannot do it leaves, and the network goes on. */
static void send_batch(struct acting *a, const struct sdex_secret *who)
{
	batch_send(a->batch, who);
	if (a->batch->error != SDEX_ERR_NOMEM)
		a->batch->error = SDEX_OK;
}

static void quote(struct acting *a, unsigned market, unsigned level, bool ask, int64_t id)
{
	const struct market *m = &world_markets[market];
	const sdex_Asset *base = &a->world->assets[m->base];
	const sdex_Asset *counter = &a->world->assets[m->counter];
	sdex_Price price = world_price(world_level_price(a->world->middles[market], level, ask));
	struct sdex_amount amount = {m->lot * (2 + level) / 2};
	struct batch *b = a->batch;
	if (ask)
		note(b, sdex_op_manage_sell_offer(batch_next(b), b->arena, NULL, base, counter,
						  amount, price, id, NULL));
	else
		note(b, sdex_op_manage_buy_offer(batch_next(b), b->arena, NULL, counter, base,
						 amount, price, id, NULL));
}

static bool off(int64_t price, int64_t wanted)
{
	int64_t away = price > wanted ? price - wanted : wanted - price;
	return away * 10000 > wanted * DRIFT_ALLOWED;
}

/* Puts a side's quotes where they belong, and refills what was taken. */
static void requote_side(struct acting *a, unsigned market, bool ask)
{
	struct resting rests[WORLD_LEVELS];
	uint32_t count = own_offers(a, market, ask, rests);
	/* the levels furthest away are those that are kept when the best were taken */
	uint32_t missing = WORLD_LEVELS - count;
	for (uint32_t level = 0; level < WORLD_LEVELS; level++) {
		const struct resting *q = level < missing ? NULL : &rests[level - missing];
		int64_t wanted = world_level_price(a->world->middles[market], level, ask);
		int64_t lot = world_markets[market].lot;
		if (!q)
			quote(a, market, level, ask, 0);
		else if (off(q->price, wanted) || (ask && q->offer->amount < lot / 2))
			quote(a, market, level, ask, q->offer->id);
	}
}

static void requote(struct acting *a, unsigned market)
{
	int64_t before = a->world->middles[market];
	step_price(a, market);
	/* the side that the price moves away from makes room first: no offer meets its own */
	bool up = a->world->middles[market] >= before;
	requote_side(a, market, up);
	requote_side(a, market, !up);
	send_batch(a, &a->world->makers[market]);
}

/* --- takers */

static int64_t holds(struct acting *a, const struct sdex_secret *who, unsigned asset)
{
	uint32_t address = state_address_find(a->state, who->public_key);
	uint32_t number = state_asset_find(a->state, &a->world->assets[asset]);
	return holding_can_send(a->sandbox->network->state, holding_of(a->state, address, number));
}

static void take_from_book(struct acting *a, const struct sdex_secret *who, unsigned market)
{
	const struct market *m = &world_markets[market];
	const sdex_Asset *base = &a->world->assets[m->base];
	const sdex_Asset *counter = &a->world->assets[m->counter];
	int64_t amount = m->lot / 20 + (int64_t)below(a, (uint64_t)m->lot);
	int64_t middle = a->world->middles[market];
	bool buys = below(a, 2);
	int64_t cost = (int64_t)((int128)amount * middle / UNIT) * 101 / 100;
	if (buys && holds(a, who, m->counter) < cost)
		buys = false;
	if (!buys && holds(a, who, m->base) < amount)
		buys = holds(a, who, m->counter) >= cost;
	int64_t limit = middle * (10000 + (buys ? SLIPPAGE : -SLIPPAGE)) / 10000;
	struct batch *b = a->batch;
	struct sdex_amount of = {amount};
	if (buys)
		note(b, sdex_op_manage_buy_offer(batch_next(b), b->arena, NULL, counter, base, of,
						 world_price(limit), 0, NULL));
	else
		note(b, sdex_op_manage_sell_offer(batch_next(b), b->arena, NULL, base, counter, of,
						  world_price(limit), 0, NULL));
}

/* Over a pool or the book, whichever is better, to itself. */
static void take_by_path(struct acting *a, const struct sdex_secret *who)
{
	const struct world_pool *pool = &world_pools[below(a, WORLD_POOLS)];
	bool forth = below(a, 2);
	unsigned from = forth ? pool->a : pool->b, to = forth ? pool->b : pool->a;
	int64_t most = (forth ? pool->amount_a : pool->amount_b) / 400;
	int64_t amount = most / 10 + (int64_t)below(a, (uint64_t)most);
	struct batch *b = a->batch;
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(id.ed25519.bytes, who->public_key, 32);
	sdex_MuxedAccount self = sdex_muxed(&id);
	if (holds(a, who, from) < amount)
		return;
	note(b, sdex_op_path_payment_strict_send(
			batch_next(b), b->arena, NULL, &a->world->assets[from],
			(struct sdex_amount){amount}, &self, &a->world->assets[to],
			(struct sdex_amount){1}, NULL, 0, NULL));
}

/* Takes back what rests of a taker's own, so that books do not fill up with it. */
static void clear_rests(struct acting *a, const struct sdex_secret *who)
{
	const struct state *state = a->state;
	uint32_t address = state_address_find(state, who->public_key);
	struct batch *b = a->batch;
	for (uint32_t slot = address_at(state, address)->offers; slot != SLOT_NONE;) {
		const struct offer *offer = slab_at(&state->entries[ENTRY_OFFER], slot);
		const struct pair *pair = pair_at(state, offer->pair);
		sdex_Asset selling, buying;
		slot = offer->next;
		if (!entry_export_asset(&selling, state, pair->selling, b->arena) ||
		    !entry_export_asset(&buying, state, pair->buying, b->arena)) {
			b->error = SDEX_ERR_NOMEM;
			return;
		}
		note(b, sdex_op_manage_sell_offer(
				batch_next(b), b->arena, NULL, &selling, &buying,
				(struct sdex_amount){0},
				(sdex_Price){.n = offer->price.n, .d = offer->price.d}, offer->id,
				NULL));
	}
}

static void trade(struct acting *a)
{
	uint64_t takers = below(a, TAKERS_MOST + 1);
	uint64_t first = below(a, WORLD_TRADERS);
	for (uint64_t i = 0; i < takers; i++) {
		const struct sdex_secret *who = &a->world->traders[(first + i) % WORLD_TRADERS];
		clear_rests(a, who);
		if (below(a, 4) == 0)
			take_by_path(a, who);
		else
			take_from_book(a, who, (unsigned)below(a, WORLD_PAIRS));
		send_batch(a, who);
	}
}

enum sdex_error world_act(struct sandbox *sandbox)
{
	if (!sandbox->world || sandbox->options.quiet)
		return SDEX_OK;
	uint32_t sequence = network_sequence(sandbox->network);
	struct batch *batch = sdex_arena_alloc(sandbox->arena, sizeof(*batch));
	if (!batch)
		return SDEX_ERR_NOMEM;
	batch->sandbox = sandbox;
	batch->arena = sandbox->arena;
	batch->count = 0;
	batch->error = SDEX_OK;
	struct acting a = {.sandbox = sandbox,
			   .world = sandbox->world,
			   .state = sandbox->network->state,
			   .batch = batch,
			   .random = table_mix(sandbox->options.seed, sequence)};
	for (unsigned m = 0; m < WORLD_PAIRS; m++)
		if ((sequence + m) % MAKER_EVERY == 0)
			requote(&a, m);
	trade(&a);
	return batch->error;
}
