/* paths_settle of market/paths.h says what the ledger does with the same path: random worlds,
 * payments by src/ledger's own operations. */
#include "ledger/testing/world.h"
#include "market/paths.h"

#define ASSETS 5u
#define ISSUER 1
#define TAKER 2
#define RECEIVER 3
#define MAKER 4
#define MAKERS 8

static const char *const codes[ASSETS] = {"AAA", "BBB", "CCC", "DDD", "EEE"};

static sdex_Asset asset_of(uint32_t asset)
{
	return credit_of(codes[asset], ISSUER);
}

static uint32_t some(struct seeded *s)
{
	return (uint32_t)seeded_below(s, ASSETS);
}

/* Offers of few stroops at coarse prices, where rounding shows; some of them the taker's. */
static void make_world(struct world *w, struct seeded *s)
{
	world_open(w, 27);
	world_fund(w, ISSUER, 1000 * XLM);
	for (int who = TAKER; who < MAKER + MAKERS; who++) {
		world_fund(w, who, 1000 * XLM);
		for (uint32_t i = 0; i < ASSETS; i++)
			world_trust(w, who, asset_of(i), 1000 * XLM, INT64_MAX);
	}
	for (int i = 0; i < 150; i++) {
		uint32_t a = some(s), b = some(s);
		int who = i % 20 == 0 ? TAKER : MAKER + (int)seeded_below(s, MAKERS);
		int32_t n = 1 + (int32_t)seeded_below(s, 20), d = 1 + (int32_t)seeded_below(s, 20);
		if (a != b) /* what crosses is as good as what rests */
			(void)world_run(w, op_sell(w, who, asset_of(a), asset_of(b),
						   1 + (int64_t)seeded_below(s, 300), n, d, 0));
	}
	for (int i = 0; i < 4; i++) {
		uint32_t a = some(s), b = some(s);
		if (a == b)
			continue;
		sdex_Asset first = asset_of(a < b ? a : b), second = asset_of(a < b ? b : a);
		assert_int_equal(world_run(w, op_trust_pool(w, MAKER, first, second, INT64_MAX)),
				 0);
		assert_int_equal(world_run(w, op_deposit(w, MAKER, first, second,
							 100 + (int64_t)seeded_below(s, 1000),
							 100 + (int64_t)seeded_below(s, 1000))),
				 0);
	}
}

/* The offers of one direction; how many. */
static uint32_t mirror_side(struct offers *offers, struct venues *venues, const struct world *w,
			    uint32_t selling, uint32_t buying)
{
	const struct state *state = w->state;
	sdex_Asset sold = asset_of(selling), bought = asset_of(buying);
	uint32_t side = selling * ASSETS + buying, count = 0, slot;
	uint32_t pair = state_pair_find(state, state_asset_find(state, &sold),
					state_asset_find(state, &bought));
	if (pair == SLOT_NONE)
		return 0;
	assert_int_equal(venues_side(venues, side, selling, buying, NULL), SDEX_OK);
	struct book_place place = book_begin(&state->book, pair);
	while ((slot = book_next(&state->book, &place, pair)) != SLOT_NONE) {
		const struct offer *offer = slab_at(&state->entries[ENTRY_OFFER], slot);
		struct resting resting = {.id = offer->id,
					  .amount = offer->amount,
					  .price = {offer->price.n, offer->price.d},
					  .side = side};
		memcpy(resting.seller, address_at(state, offer->seller)->key, 32);
		assert_true(offers_put(offers, &resting));
		count++;
	}
	return count;
}

static uint32_t mirror(struct offers *offers, struct venues *venues, const struct world *w)
{
	uint32_t count = 0, number;
	for (uint32_t i = 0; i < ASSETS; i++) {
		sdex_Asset asset = asset_of(i);
		assert_int_equal(venues_asset(venues, &number, &asset, NULL), SDEX_OK);
		assert_int_equal(number, i);
	}
	for (uint32_t a = 0; a < ASSETS; a++)
		for (uint32_t b = 0; b < ASSETS; b++) {
			if (a == b)
				continue;
			count += mirror_side(offers, venues, w, a, b);
			sdex_Asset x = asset_of(a), y = asset_of(b);
			uint32_t first = state_asset_find(w->state, &x);
			const struct pool *pool =
				state_venue(w->state, first, state_asset_find(w->state, &y));
			if (!pool)
				continue;
			bool forth = pool->asset_a == first;
			assert_int_equal(
				venues_pool(venues, a, b, forth ? pool->reserve_a : pool->reserve_b,
					    forth ? pool->reserve_b : pool->reserve_a, NULL),
				SDEX_OK);
		}
	assert_int_equal(venues_settle(venues, NULL), SDEX_OK);
	return count;
}

static struct market_path some_path(struct seeded *s)
{
	struct market_path path = {.count = 1, .assets = {some(s)}};
	uint32_t count = 2 + (uint32_t)seeded_below(s, 4);
	while (path.count < count) {
		uint32_t asset = some(s), i = 0;
		while (i < path.count && path.assets[i] != asset)
			i++;
		if (i == path.count)
			path.assets[path.count++] = asset;
	}
	return path;
}

static int64_t balance(struct world *w, int who, uint32_t asset)
{
	return world_line(w, who, asset_of(asset))->balance;
}

/* Does the ledger do it, and what moves? */
static bool pay(struct world *w, struct market_path *path, enum paths_kind kind)
{
	uint32_t first = path->assets[0], last = path->assets[path->count - 1];
	sdex_Asset between[PATHS_HOPS_MAX];
	for (uint32_t i = 1; i + 1 < path->count; i++)
		between[i - 1] = asset_of(path->assets[i]);
	state_begin(w->state);
	int64_t sent = balance(w, TAKER, first), received = balance(w, RECEIVER, last);
	sdex_Operation *op =
		kind == PATHS_SEND
			? op_send(w, TAKER, RECEIVER, asset_of(first), path->sent, asset_of(last),
				  1, between, path->count - 2)
			: op_receive(w, TAKER, RECEIVER, asset_of(first), INT64_MAX, asset_of(last),
				     path->received, between, path->count - 2);
	bool done = world_run(w, op) == 0;
	if (done) {
		path->sent = sent - balance(w, TAKER, first);
		path->received = balance(w, RECEIVER, last) - received;
	}
	state_rollback(w->state);
	return done;
}

static void settles_as_the_ledger_pays(void **unused)
{
	uint32_t paid = 0, refused = 0;
	(void)unused;
	for (uint64_t seed = 1; seed <= 40; seed += seed_step()) {
		struct seeded s = {seed};
		struct world w;
		struct offers *offers = offers_new();
		struct venues *venues = venues_new(offers);
		make_world(&w, &s);
		assert_true(mirror(offers, venues, &w) > 20);
		uint8_t taker[32];
		memcpy(taker, address_at(w.state, world_address(&w, TAKER))->key, 32);
		for (int i = 0; i < 150; i++) {
			enum paths_kind kind = seeded_next(&s) & 1 ? PATHS_SEND : PATHS_RECEIVE;
			struct market_path said = some_path(&s);
			said.sent = said.received = 1 + (int64_t)(seeded_bits(&s) % 600);
			struct market_path done = said;
			bool can = pay(&w, &done, kind);
			assert_int_equal(paths_settle(&said, venues, kind, taker), can);
			assert_memory_equal(&said, &done, sizeof(said));
			paid += can;
			refused += !can;
		}
		venues_free(venues);
		offers_free(offers);
		world_close(&w);
	}
	assert_true(paid > 500 / seed_step() && refused > 500 / seed_step());
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(settles_as_the_ledger_pays)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
