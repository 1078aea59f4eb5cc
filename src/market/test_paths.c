/* Laws of market/paths.h: figures computed by hand; random worlds against the plain search
 * (every label of every hop, no bounds, arithmetic of its own) and against all simple paths. */
#include "base/testing.h"

#include "base/int128.h"
#include "ledger/exchange.h"
#include "market/hop.h"
#include "market/paths.h"

#define ASSETS 9u
#define OFFERS_MAX 200u

/* --- a world, kept twice: in the graph, and in plain arrays */

struct world {
	struct offers *offers;
	struct venues *venues;
	struct paths *paths;
	uint32_t assets;
	bool told[ASSETS][ASSETS];
	int64_t reserve[ASSETS][ASSETS]; /* of the first asset, in its pool with the second */
	int64_t next_id;
};

static uint32_t side_of(uint32_t selling, uint32_t buying)
{
	return selling * ASSETS + buying;
}

/* Asset 0 is native, the others take turns to have short and long codes. */
static uint32_t make_asset(struct world *w)
{
	uint32_t number = 77;
	sdex_AlphaNum12 twelve = {.assetCode = {"LONGCODE"}};
	sdex_Asset asset = sdex_asset_native();
	if (w->assets % 2 == 1) {
		asset = (sdex_Asset){.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4,
				     .alphaNum4 = {.assetCode = {"USD"}}};
		asset.alphaNum4.assetCode.bytes[3] = (uint8_t)('0' + w->assets % 4);
		asset.alphaNum4.issuer.ed25519.bytes[0] = (uint8_t)(w->assets * 37);
	} else if (w->assets) {
		twelve.issuer.ed25519.bytes[0] = (uint8_t)(w->assets * 101);
		asset = (sdex_Asset){.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12,
				     .alphaNum12 = &twelve};
	}
	assert_int_equal(venues_find(w->venues, &asset), VENUE_NONE);
	assert_int_equal(venues_asset(w->venues, &number, &asset, NULL), SDEX_OK);
	assert_int_equal(number, w->assets);
	assert_int_equal(venues_find(w->venues, &asset), number);
	w->assets++;
	return number;
}

static struct world open_world(uint32_t assets)
{
	struct world w = {.offers = offers_new(), .paths = paths_new()};
	assert_non_null(w.offers);
	assert_non_null(w.paths);
	w.venues = venues_new(w.offers);
	assert_non_null(w.venues);
	while (w.assets < assets)
		make_asset(&w);
	return w;
}

static void close_world(struct world *w)
{
	venues_free(w->venues);
	offers_free(w->offers);
	paths_free(w->paths);
}

static int64_t add_offer_of(struct world *w, uint32_t selling, uint32_t buying, int64_t amount,
			    int32_t n, int32_t d, uint8_t seller)
{
	struct resting offer = {.id = ++w->next_id,
				.amount = amount,
				.price = {n, d},
				.side = side_of(selling, buying),
				.seller = {seller}};
	if (!w->told[selling][buying])
		assert_int_equal(venues_side(w->venues, offer.side, selling, buying, NULL),
				 SDEX_OK);
	w->told[selling][buying] = true;
	assert_true(offers_put(w->offers, &offer));
	venues_touch(w->venues, offer.side);
	return offer.id;
}

static int64_t add_offer(struct world *w, uint32_t selling, uint32_t buying, int64_t amount,
			 int32_t n, int32_t d)
{
	return add_offer_of(w, selling, buying, amount, n, d, 1);
}

static void set_pool(struct world *w, uint32_t a, uint32_t b, int64_t reserve_a, int64_t reserve_b)
{
	assert_int_equal(venues_pool(w->venues, a, b, reserve_a, reserve_b, NULL), SDEX_OK);
	w->reserve[a][b] = reserve_a;
	w->reserve[b][a] = reserve_b;
}

static struct paths_answer search(struct world *w, const struct paths_query *query)
{
	struct paths_answer answer = {0};
	assert_int_equal(venues_settle(w->venues, NULL), SDEX_OK);
	assert_int_equal(paths_find(w->paths, &answer, w->venues, query, NULL), SDEX_OK);
	return answer;
}

static struct paths_query query_of(enum paths_kind kind, uint32_t asset, int64_t amount,
				   const uint32_t *end)
{
	return (struct paths_query){.kind = kind,
				    .asset = asset,
				    .amount = amount,
				    .ends = end,
				    .end_count = 1,
				    .hops = 3,
				    .each = 5,
				    .pools = true};
}

/* Is this the answer's path number `at`? */
static void assert_path(const struct paths_answer *answer, uint32_t at, int64_t sent,
			int64_t received, uint32_t count, const uint32_t *assets)
{
	assert_true(at < answer->count);
	const struct market_path *path = &answer->paths[at];
	assert_int_equal(path->sent, sent);
	assert_int_equal(path->received, received);
	assert_int_equal(path->count, count);
	assert_memory_equal(path->assets, assets, count * sizeof(*assets));
}

/* --- by hand */

/* 0 → 1 directly at 3 a piece: floor(1000 / 3) = 333.  Over 2: 1000 buy 500 (2 a piece),
 * which buy floor(500 * 4 / 5) = 400 at 5/4 a piece. */
static void sends_over_the_better_way(void **state)
{
	struct world w = open_world(3);
	uint32_t end = 1;
	(void)state;
	add_offer(&w, 1, 0, 100000, 3, 1);
	add_offer(&w, 2, 0, 100000, 2, 1);
	add_offer(&w, 1, 2, 100000, 5, 4);
	struct paths_query query = query_of(PATHS_SEND, 0, 1000, &end);
	struct paths_answer answer = search(&w, &query);
	assert_int_equal(answer.count, 2);
	assert_path(&answer, 0, 1000, 400, 3, (uint32_t[]){0, 2, 1});
	assert_path(&answer, 1, 1000, 333, 2, (uint32_t[]){0, 1});
	assert_false(answer.cut);

	query.each = 1;
	answer = search(&w, &query);
	assert_int_equal(answer.count, 1);
	assert_path(&answer, 0, 1000, 400, 3, (uint32_t[]){0, 2, 1});

	query.hops = 1;
	answer = search(&w, &query);
	assert_int_equal(answer.count, 1);
	assert_path(&answer, 0, 1000, 333, 2, (uint32_t[]){0, 1});
	close_world(&w);
}

/* 100 of asset 1 cost 300 directly; over 2: ceil(100 * 5 / 4) = 125, and those 250. */
static void receives_over_the_better_way(void **state)
{
	struct world w = open_world(3);
	uint32_t end = 0;
	int64_t balance = 299;
	(void)state;
	add_offer(&w, 1, 0, 100000, 3, 1);
	add_offer(&w, 2, 0, 100000, 2, 1);
	add_offer(&w, 1, 2, 100000, 5, 4);
	struct paths_query query = query_of(PATHS_RECEIVE, 1, 100, &end);
	struct paths_answer answer = search(&w, &query);
	assert_int_equal(answer.count, 2);
	assert_path(&answer, 0, 250, 100, 3, (uint32_t[]){0, 2, 1});
	assert_path(&answer, 1, 300, 100, 2, (uint32_t[]){0, 1});
	query.balances = &balance;
	answer = search(&w, &query);
	assert_int_equal(answer.count, 1);
	assert_path(&answer, 0, 250, 100, 3, (uint32_t[]){0, 2, 1});
	balance = 249;
	answer = search(&w, &query);
	assert_int_equal(answer.count, 0);
	close_world(&w);
}

/* Seven offers of 10 at 2, 3, ... 8 a piece: the first six cost 20 + 30 + ... + 70 = 270. */
static void walks_past_what_is_beside_the_venue(void **state)
{
	struct world w = open_world(2);
	uint32_t one = 1, zero = 0;
	uint8_t seller[32] = {3};
	(void)state;
	for (int32_t n = 2; n <= 8; n++)
		add_offer_of(&w, 1, 0, 10, n, 1, (uint8_t)n);
	struct paths_query query = query_of(PATHS_SEND, 0, 270, &one);
	struct paths_answer answer = search(&w, &query);
	assert_path(&answer, 0, 270, 60, 2, (uint32_t[]){0, 1});
	query.amount = 270 + 8 * 10;
	answer = search(&w, &query);
	assert_path(&answer, 0, 350, 70, 2, (uint32_t[]){0, 1});
	query.amount = 270 + 8 * 10 + 8;
	answer = search(&w, &query);
	assert_int_equal(answer.count, 0); /* more than the book takes */

	query = query_of(PATHS_RECEIVE, 1, 55, &zero);
	answer = search(&w, &query);
	assert_path(&answer, 0, 200 + 5 * 7, 55, 2, (uint32_t[]){0, 1});
	query.seller = seller; /* without the one at 3: 20 + 40 + 50 + 60 + 70 + 5 * 8 */
	answer = search(&w, &query);
	assert_path(&answer, 0, 280, 55, 2, (uint32_t[]){0, 1});
	query.amount = 61; /* 60 without it */
	answer = search(&w, &query);
	assert_int_equal(answer.count, 0);
	close_world(&w);
}

/* Reserves 1000 and 2000, 100 sent: floor(9970 * 2000 * 100 / (10000 * 1000 + 9970 * 100)) =
 * floor(1994000000 / 10997000) = 181.  100 received: ceil(10000 * 1000 * 100 / (1900 * 9970))
 * = ceil(52.79) = 53. */
static void takes_the_pool_or_the_book(void **state)
{
	struct world w = open_world(2);
	uint32_t one = 1, zero = 0;
	(void)state;
	set_pool(&w, 0, 1, 1000, 2000);
	struct paths_query send = query_of(PATHS_SEND, 0, 100, &one);
	struct paths_query receive = query_of(PATHS_RECEIVE, 1, 100, &zero);
	struct paths_answer answer = search(&w, &send);
	assert_path(&answer, 0, 100, 181, 2, (uint32_t[]){0, 1});
	answer = search(&w, &receive);
	assert_path(&answer, 0, 53, 100, 2, (uint32_t[]){0, 1});

	int64_t id = add_offer(&w, 1, 0, 5000, 100, 182); /* 182 for 100; 100 cost ceil(54.9) */
	answer = search(&w, &send);
	assert_path(&answer, 0, 100, 182, 2, (uint32_t[]){0, 1});
	answer = search(&w, &receive);
	assert_path(&answer, 0, 53, 100, 2, (uint32_t[]){0, 1});
	send.pools = receive.pools = false;
	answer = search(&w, &receive);
	assert_path(&answer, 0, 55, 100, 2, (uint32_t[]){0, 1});

	set_pool(&w, 0, 1, 0, 0);
	assert_true(offers_remove(w.offers, id));
	venues_touch(w.venues, side_of(1, 0));
	answer = search(&w, &send);
	assert_int_equal(answer.count, 0);
	assert_int_equal(venues_out(w.venues, 0)->count, 0);
	assert_int_equal(venues_in(w.venues, 1)->count, 0);
	close_world(&w);
}

/* 0 → 1 gets 100 in one hop, over 2 gets 120 in two; from 1 on to 3 at one a piece.  The way
 * to 1 that is kept after two hops leads over 2, so that 3 is had in three. */
static void keeps_one_way_to_an_asset_for_each_hop(void **state)
{
	struct world w = open_world(4);
	uint32_t end = 3;
	(void)state;
	add_offer(&w, 1, 0, 1000, 1, 1);
	add_offer(&w, 2, 0, 1000, 1, 1);
	add_offer(&w, 1, 2, 1000, 5, 6);
	add_offer(&w, 3, 1, 1000, 1, 1);
	struct paths_query query = query_of(PATHS_SEND, 0, 100, &end);
	struct paths_answer answer = search(&w, &query);
	assert_int_equal(answer.count, 2);
	assert_path(&answer, 0, 100, 120, 4, (uint32_t[]){0, 2, 1, 3});
	assert_path(&answer, 1, 100, 100, 3, (uint32_t[]){0, 1, 3});
	/* Now 3 → 2 is the best way to 2: 3 over it would meet 3 twice. */
	add_offer(&w, 2, 3, 100000, 1, 100);
	end = 2;
	answer = search(&w, &query);
	assert_int_equal(answer.count, 2);
	assert_path(&answer, 0, 100, 10000, 4, (uint32_t[]){0, 1, 3, 2});
	assert_path(&answer, 1, 100, 100, 2, (uint32_t[]){0, 2});
	close_world(&w);
}

/* Numbers 1 and 2 give the same: the way over the lower one is kept. */
static void prefers_the_lower_number_among_equals(void **state)
{
	(void)state;
	for (uint32_t noise = 0; noise < 2; noise++) {
		struct world w = open_world(9);
		uint32_t end = 3;
		for (uint32_t via = 2; via >= 1; via--) {
			add_offer(&w, via, 0, 1000, 1, 1);
			add_offer(&w, 3, via, 1000, 1, 1);
		}
		for (uint32_t other = 4; noise && other < 9; other++)
			add_offer(&w, other, 0, 1000, 1, 1); /* so that going back is cheaper */
		struct paths_query query = query_of(PATHS_SEND, 0, 100, &end);
		struct paths_answer answer = search(&w, &query);
		assert_int_equal(answer.count, 1);
		assert_path(&answer, 0, 100, 100, 3, (uint32_t[]){0, 1, 3});
		close_world(&w);
	}
}

/* The groups of several ends: long codes, short ones, lumens (the texts of Horizon begin
 * credit_alphanum12, credit_alphanum4, native); the start itself is a path of no hop. */
static void groups_ends_as_horizon_does(void **state)
{
	struct world w = open_world(4);
	uint32_t ends[] = {0, 1, 2, 3, 1};
	(void)state;
	add_offer(&w, 1, 0, 1000, 1, 1);
	add_offer(&w, 2, 0, 1000, 1, 2);
	add_offer(&w, 3, 0, 1000, 1, 3);
	struct paths_query query = query_of(PATHS_SEND, 0, 100, ends);
	query.end_count = 5;
	struct paths_answer answer = search(&w, &query);
	assert_int_equal(answer.count, 4);
	assert_path(&answer, 0, 100, 200, 2, (uint32_t[]){0, 2});
	assert_path(&answer, 1, 100, 100, 2, (uint32_t[]){0, 1}); /* USD1 */
	assert_path(&answer, 2, 100, 300, 2, (uint32_t[]){0, 3}); /* USD3 */
	assert_path(&answer, 3, 100, 100, 1, (uint32_t[]){0});
	close_world(&w);
}

static void refuses_what_is_out_of_range(void **state)
{
	struct world w = open_world(2);
	uint32_t end = 1, beyond = 2;
	struct paths_answer answer;
	struct sdex_failure why = {0};
	(void)state;
	const struct paths_query good = query_of(PATHS_SEND, 0, 1, &end);
	for (int i = 0; i < 7; i++) {
		struct paths_query query = good;
		if (i == 0)
			query.amount = 0;
		else if (i == 1)
			query.hops = PATHS_HOPS_MAX + 1;
		else if (i == 2)
			query.hops = 0;
		else if (i == 3)
			query.each = PATHS_EACH_MAX + 1;
		else if (i == 4)
			query.asset = 2;
		else if (i == 5)
			query.ends = &beyond;
		else
			query.end_count = PATHS_ENDS_MAX + 1;
		assert_int_equal(paths_find(w.paths, &answer, w.venues, &query, &why),
				 SDEX_ERR_INVALID);
	}
	assert_int_equal(venues_pool(w.venues, 0, 1, -1, 5, &why), SDEX_ERR_INVALID);
	assert_int_equal(paths_find(w.paths, &answer, w.venues, &good, NULL), SDEX_OK);
	assert_int_equal(answer.count, 0);
	close_world(&w);
}

/* A book of many crumbs costs what the limit says and no more, and says so. */
static void ends_at_its_limit_of_work(void **state)
{
	struct world w = open_world(2);
	uint32_t end = 1;
	(void)state;
	for (int i = 0; i < 5000; i++)
		add_offer(&w, 1, 0, 1, 1, 1);
	struct paths_query query = query_of(PATHS_SEND, 0, 5000, &end);
	struct paths_answer answer = search(&w, &query);
	assert_path(&answer, 0, 5000, 5000, 2, (uint32_t[]){0, 1});
	assert_false(answer.cut);
	uint64_t needed = answer.work;
	query.work = needed;
	assert_false(search(&w, &query).cut);
	query.work = needed - 1;
	answer = search(&w, &query);
	assert_true(answer.cut);
	assert_int_equal(answer.work, needed - 1);
	query.work = 4000; /* the book is not walked to its end */
	answer = search(&w, &query);
	assert_true(answer.cut);
	assert_int_equal(answer.count, 0);
	assert_int_equal(answer.work, 4000);
	/* The next search is none the worse. */
	query.work = 0;
	answer = search(&w, &query);
	assert_path(&answer, 0, 5000, 5000, 2, (uint32_t[]){0, 1});
	/* The ledger lets an operation cross 1000. */
	struct market_path path = answer.paths[0];
	assert_false(paths_settle(&path, w.venues, PATHS_SEND, NULL));
	path.sent = 1000;
	assert_true(paths_settle(&path, w.venues, PATHS_SEND, NULL));
	assert_int_equal(path.received, 1000);
	path.received = 1001;
	assert_false(paths_settle(&path, w.venues, PATHS_RECEIVE, NULL));
	close_world(&w);
}

/* --- the plain search */

/* Offers of a side in the book's order, read through offers.h; whatever a hop gives, in
 * arithmetic of 128 bits. */
static int64_t plain_take(uint128 *cost, int64_t offer_amount, sdex_Price price, int64_t amount)
{
	uint128 n = (uint128)price.n, d = (uint128)price.d, bound = (uint128)offer_amount;
	if (n <= d)
		bound = (bound * n / d * d + n - 1) / n;
	if (bound > (uint128)amount)
		bound = (uint128)amount;
	*cost = (bound * n + d - 1) / d;
	return (int64_t)bound;
}

static int64_t plain_hop(const struct world *w, const struct paths_query *q, uint32_t from,
			 uint32_t to, int64_t amount)
{
	bool send = q->kind == PATHS_SEND;
	int64_t pool = 0, left = amount, taken;
	uint128 sum = 0, cost, x = (uint128)w->reserve[from][to], y = (uint128)w->reserve[to][from];
	uint128 a = (uint128)amount, most = INT64_MAX;
	bool whole = false;
	if (q->pools && x && send && x + a <= most)
		pool = (int64_t)(9970 * y * a / (10000 * x + 9970 * a));
	if (q->pools && x && !send && a < y) {
		uint128 below = (y - a) * 9970, in = (10000 * x * a + below - 1) / below;
		pool = x + in <= most ? (int64_t)in : 0;
	}
	struct offers_walk walk = offers_begin(w->offers, side_of(to, from));
	for (const struct resting *o; !whole && (o = offers_next(w->offers, &walk));) {
		if (!send && q->seller && memcmp(q->seller, o->seller, 32) == 0)
			continue;
		if (send) {
			uint128 all = (uint128)left * (uint128)o->price.d / (uint128)o->price.n;
			if (all == 0)
				return pool;
			if (all <= (uint128)o->amount) {
				sum += all;
				whole = true;
				break;
			}
			taken = plain_take(&cost, o->amount, o->price, o->amount);
			sum += (uint64_t)taken;
			left -= (int64_t)cost;
		} else {
			left -= plain_take(&cost, o->amount, o->price, left);
			sum += cost;
		}
		whole = left == 0;
	}
	if (!whole || sum > most)
		return pool;
	int64_t book = (int64_t)sum;
	return pool == 0 ? book : send == (book > pool) ? book : pool;
}

#define FOUND_MAX 400

struct plain {
	struct market_path found[FOUND_MAX]; /* as they were found */
	uint32_t count;
};

static bool contains(const struct market_path *path, uint32_t asset)
{
	for (uint32_t i = 0; i < path->count; i++)
		if (path->assets[i] == asset)
			return true;
	return false;
}

/* The path whose last asset has this amount, begun at q->asset. */
static void note(struct plain *plain, const struct paths_query *q, const struct market_path *path,
		 int64_t amount)
{
	uint32_t last = path->assets[path->count - 1];
	struct market_path found = *path;
	bool wanted = false;
	for (uint32_t i = 0; i < q->end_count; i++)
		wanted |= q->ends[i] == last && (!q->balances || q->balances[i] >= amount);
	if (!wanted)
		return;
	found.sent = q->kind == PATHS_SEND ? q->amount : amount;
	found.received = q->kind == PATHS_SEND ? amount : q->amount;
	for (uint32_t i = 0; i < path->count && q->kind == PATHS_RECEIVE; i++)
		found.assets[i] = path->assets[path->count - 1 - i];
	assert_true(plain->count < FOUND_MAX);
	plain->found[plain->count++] = found;
}

/* Horizon's search(), line by line: all assets that have an amount, in every hop. */
static void plain_search(struct plain *plain, const struct world *w, const struct paths_query *q)
{
	int64_t best[ASSETS] = {0}, update[ASSETS] = {0};
	struct market_path best_path[ASSETS] = {0}, update_path[ASSETS] = {0};
	bool send = q->kind == PATHS_SEND;
	best[q->asset] = update[q->asset] = q->amount;
	best_path[q->asset] = (struct market_path){.assets = {q->asset}, .count = 1};
	update_path[q->asset] = best_path[q->asset];
	plain->count = 0;
	note(plain, q, &best_path[q->asset], q->amount);
	for (uint32_t hop = 0; hop < q->hops; hop++) {
		for (uint32_t x = 0; x < w->assets; x++)
			for (uint32_t y = 0; y < w->assets && best[x]; y++) {
				if (x == y || contains(&best_path[x], y))
					continue;
				int64_t got = send ? plain_hop(w, q, x, y, best[x])
						   : plain_hop(w, q, y, x, best[x]);
				if (got <= 0 ||
				    (update[y] && (send ? got <= update[y] : got >= update[y])))
					continue;
				update[y] = got;
				update_path[y] = best_path[x];
				update_path[y].assets[update_path[y].count++] = y;
				note(plain, q, &update_path[y], got);
			}
		memcpy(best, update, sizeof(best));
		memcpy(best_path, update_path, sizeof(best_path));
	}
}

/* The last `each` of every end, the latest first; ends in the answer's order. */
static void assert_as_plain(const struct plain *plain, const struct paths_query *q,
			    const struct paths_answer *answer)
{
	uint32_t at = 0;
	while (at < answer->count) {
		const struct market_path *first = &answer->paths[at];
		bool send = q->kind == PATHS_SEND;
		uint32_t end = send ? first->assets[first->count - 1] : first->assets[0];
		uint32_t given = 0;
		for (uint32_t i = plain->count; i-- > 0 && given < q->each;) {
			const struct market_path *path = &plain->found[i];
			if ((send ? path->assets[path->count - 1] : path->assets[0]) != end)
				continue;
			assert_path(answer, at++, path->sent, path->received, path->count,
				    path->assets);
			given++;
		}
		assert_true(given > 0);
	}
	uint32_t expected = 0;
	for (uint32_t end = 0; end < ASSETS; end++) {
		uint32_t of_end = 0;
		for (uint32_t i = 0; i < plain->count; i++) {
			const struct market_path *p = &plain->found[i];
			of_end += (q->kind == PATHS_SEND ? p->assets[p->count - 1]
							 : p->assets[0]) == end;
		}
		expected += of_end < q->each ? of_end : q->each;
	}
	assert_int_equal(answer->count, expected);
}

/* --- all simple paths */

static void all_paths(int64_t *best, const struct world *w, const struct paths_query *q,
		      struct market_path *path, int64_t amount)
{
	uint32_t last = path->assets[path->count - 1];
	bool send = q->kind == PATHS_SEND;
	if (best[last] == 0 || (send ? amount > best[last] : amount < best[last]))
		best[last] = amount;
	if (path->count > q->hops)
		return;
	for (uint32_t y = 0; y < w->assets; y++) {
		if (contains(path, y))
			continue;
		int64_t got =
			send ? plain_hop(w, q, last, y, amount) : plain_hop(w, q, y, last, amount);
		if (got <= 0)
			continue;
		path->assets[path->count++] = y;
		all_paths(best, w, q, path, got);
		path->count--;
	}
}

/* No path is better than the best of all, and over up to two hops none is missed. */
static void assert_among_all(const struct world *w, const struct paths_query *q,
			     const struct paths_answer *answer)
{
	int64_t best[ASSETS] = {0}, found[ASSETS] = {0};
	struct market_path path = {.assets = {q->asset}, .count = 1};
	bool send = q->kind == PATHS_SEND;
	all_paths(best, w, q, &path, q->amount);
	for (uint32_t i = answer->count; i-- > 0;) {
		const struct market_path *p = &answer->paths[i];
		uint32_t end = send ? p->assets[p->count - 1] : p->assets[0];
		found[end] = send ? p->received : p->sent;
		int64_t amount = q->amount;
		for (uint32_t j = 0; j + 1 < p->count; j++) {
			uint32_t k = send ? j : p->count - 2 - j;
			amount = plain_hop(w, q, p->assets[k], p->assets[k + 1], amount);
		}
		assert_int_equal(amount, found[end]);
	}
	for (uint32_t i = 0; i < q->end_count; i++) {
		uint32_t end = q->ends[i];
		assert_true(found[end] == 0 ||
			    (send ? found[end] <= best[end] : found[end] >= best[end]));
		if (q->hops <= 2 && !q->balances)
			assert_int_equal(found[end], best[end]);
	}
}

/* --- random worlds */

static int64_t some_amount(struct seeded *s)
{
	return seeded_next(s) % 16 ? 1 + (int64_t)seeded_below(s, 100000)
				   : (int64_t)(seeded_bits(s) >> 1) | 1;
}

/* Within the 128 bits of plain_hop. */
static int64_t some_reserve(struct seeded *s)
{
	return seeded_next(s) % 16 ? 100 + (int64_t)seeded_below(s, 1000000)
				   : (int64_t)(seeded_bits(s) >> 14) | 1;
}

static void change_something(struct world *w, struct seeded *s)
{
	uint32_t a = (uint32_t)seeded_below(s, w->assets), b = (uint32_t)seeded_below(s, w->assets);
	if (a == b)
		return;
	switch (seeded_below(s, 8)) {
	case 0:
		set_pool(w, a, b, some_reserve(s), some_reserve(s));
		return;
	case 1:
		set_pool(w, a, b, 0, 0);
		return;
	case 2:
	case 3: {
		int64_t id = 1 + (int64_t)seeded_below(s, (uint64_t)w->next_id + 1);
		const struct resting *offer = offers_find(w->offers, id);
		if (offer) {
			venues_touch(w->venues, offer->side);
			assert_true(offers_remove(w->offers, id));
		}
		return;
	}
	}
	int32_t n = 1 + (int32_t)seeded_below(s, 30), d = 1 + (int32_t)seeded_below(s, 30);
	if (seeded_next(s) % 16 == 0)
		n = (int32_t)(seeded_bits(s) >> 33) | 1, d = (int32_t)(seeded_bits(s) >> 33) | 1;
	add_offer_of(w, a, b, some_amount(s), n, d, (uint8_t)seeded_below(s, 3));
}

static void random_worlds_answer_as_the_plain_search(void **state)
{
	uint64_t found = 0, several = 0;
	static struct plain plain;
	(void)state;
	for (uint32_t seed = 1; seed <= 60; seed += seed_step()) {
		struct seeded s = {seed};
		uint32_t assets = 3 + (uint32_t)seeded_below(&s, ASSETS - 2);
		struct world w = open_world(assets);
		for (int step = 0; step < 60; step++) {
			uint32_t ends[3];
			int64_t balances[3];
			uint8_t seller[32] = {(uint8_t)seeded_below(&s, 3)};
			for (uint32_t i = 0; i < 1 + assets / 2; i++)
				change_something(&w, &s);
			struct paths_query q = {
				.kind = seeded_next(&s) & 1 ? PATHS_SEND : PATHS_RECEIVE,
				.asset = (uint32_t)seeded_below(&s, assets),
				.amount = some_amount(&s),
				.ends = ends,
				.end_count = 1 + (uint32_t)seeded_below(&s, 3),
				.hops = 1 + (uint32_t)seeded_below(&s, PATHS_HOPS_MAX),
				.each = 1 + (uint32_t)seeded_below(&s, 6),
				.pools = seeded_next(&s) % 4 != 0};
			uint32_t first = (uint32_t)seeded_below(&s, assets);
			if (q.end_count > assets)
				q.end_count = assets;
			for (uint32_t i = 0; i < q.end_count; i++) {
				ends[i] = (first + i) % assets;
				balances[i] = some_amount(&s);
			}
			if (q.kind == PATHS_RECEIVE && seeded_next(&s) % 2)
				q.balances = balances;
			if (q.kind == PATHS_RECEIVE && seeded_next(&s) % 2)
				q.seller = seller;
			struct paths_answer answer = search(&w, &q);
			plain_search(&plain, &w, &q);
			assert_as_plain(&plain, &q, &answer);
			if (q.hops <= 4)
				assert_among_all(&w, &q, &answer);
			found += answer.count;
			several += answer.count > 1;
		}
		close_world(&w);
	}
	assert_true(found > 500 / seed_step() && several > 100 / seed_step());
}

/* --- a world large enough for all three ways of a hop */

#define MANY 400u

static void large_worlds_answer_the_same_whichever_way(void **state)
{
	struct seeded s = {5};
	struct offers *offers = offers_new();
	struct venues *venues = venues_new(offers);
	struct paths *paths = paths_new();
	uint64_t found = 0;
	uint32_t side = 0;
	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		sdex_Asset asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4,
				    .alphaNum4 = {.assetCode = {"USD"}}};
		uint32_t number;
		memcpy(asset.alphaNum4.issuer.ed25519.bytes, &i, sizeof(i));
		assert_int_equal(venues_asset(venues, &number, &asset, NULL), SDEX_OK);
	}
	for (uint32_t i = 0; i < 6 * MANY; i++) {
		/* assets 0, 1, 2 are hubs */
		uint32_t a = (uint32_t)seeded_below(&s, MANY), b = (uint32_t)seeded_below(&s, MANY);
		if (i % 3)
			a = (uint32_t)seeded_below(&s, 3);
		if (a == b || venues_between(venues, a, b) != VENUE_NONE)
			continue;
		for (uint32_t way = 0; way < 2; way++, side++) {
			struct resting offer = {.id = side + 1,
						.amount = 1000000,
						.price = {90 + (int32_t)seeded_below(&s, 25), 100},
						.side = side};
			assert_int_equal(venues_side(venues, side, way ? a : b, way ? b : a, NULL),
					 SDEX_OK);
			assert_true(offers_put(offers, &offer));
		}
		assert_int_equal(venues_settle(venues, NULL), SDEX_OK);
	}
	for (int i = 0; i < 300; i++) {
		/* hubs and others, at either side */
		uint32_t from = (uint32_t)seeded_below(&s, i & 1 ? 3 : MANY);
		uint32_t to = (uint32_t)seeded_below(&s, i & 2 ? 3 : MANY);
		struct paths_query q =
			query_of(i & 4 ? PATHS_SEND : PATHS_RECEIVE, from, 1000, &to);
		struct paths_answer answer;
		q.hops = 1 + (uint32_t)seeded_below(&s, 5);
		q.each = 20;
		assert_int_equal(paths_find(paths, &answer, venues, &q, NULL), SDEX_OK);
		uint32_t count = answer.count;
		struct market_path kept[PATHS_EACH_MAX];
		memcpy(kept, answer.paths, count * sizeof(*kept));
		/* Every asset is an end: then all matter, and the edges are followed forward;
		 * in groups, since there is a limit to them. */
		uint32_t ends[PATHS_ENDS_MAX] = {to};
		for (uint32_t j = 1; j < PATHS_ENDS_MAX; j++)
			ends[j] = (to + j) % MANY;
		q.ends = ends;
		q.end_count = PATHS_ENDS_MAX;
		assert_int_equal(paths_find(paths, &answer, venues, &q, NULL), SDEX_OK);
		uint32_t same = 0;
		for (uint32_t j = 0; j < answer.count; j++) {
			const struct market_path *p = &answer.paths[j];
			uint32_t end =
				q.kind == PATHS_SEND ? p->assets[p->count - 1] : p->assets[0];
			if (end != to)
				continue;
			assert_true(same < count);
			assert_memory_equal(p, &kept[same], sizeof(*p));
			same++;
		}
		assert_int_equal(same, count);
		found += count;
	}
	assert_true(found > 300);
	paths_free(paths);
	venues_free(venues);
	offers_free(offers);
}

/* --- the ledger's rule */

/* An offer of 10 at 3/2 and one of 10 at 2.  15 sent take the first whole (wheat value 30,
 * sheep value 30: the maker goes) for 15.  17 sent: 2 more get 1 of the second. */
static void settles_by_the_rules_of_the_ledger(void **state)
{
	struct world w = open_world(3);
	uint8_t taker[32] = {9};
	struct market_path path = {.assets = {0, 1}, .count = 2, .sent = 17};
	(void)state;
	add_offer(&w, 1, 0, 10, 3, 2);
	add_offer_of(&w, 1, 0, 10, 2, 1, 9);
	assert_int_equal(venues_settle(w.venues, NULL), SDEX_OK);
	assert_true(paths_settle(&path, w.venues, PATHS_SEND, NULL));
	assert_int_equal(path.received, 11);
	assert_false(paths_settle(&path, w.venues, PATHS_SEND, taker)); /* their own */
	path.sent = 15;
	assert_true(paths_settle(&path, w.venues, PATHS_SEND, taker));
	assert_int_equal(path.received, 10);
	path.received = 12;
	assert_true(paths_settle(&path, w.venues, PATHS_RECEIVE, NULL));
	assert_int_equal(path.sent, 19);
	path.received = 21;
	assert_false(paths_settle(&path, w.venues, PATHS_RECEIVE, NULL));
	assert_int_equal(path.sent, 19);
	path = (struct market_path){.assets = {0, 2}, .count = 2, .sent = 15};
	assert_false(paths_settle(&path, w.venues, PATHS_SEND, NULL)); /* no such venue */
	/* 1000 offers in one hop and a pool in the other are one too many. */
	path = (struct market_path){.assets = {0, 1, 2}, .count = 3, .sent = 35};
	set_pool(&w, 1, 2, 1000000, 1000000);
	assert_int_equal(venues_settle(w.venues, NULL), SDEX_OK);
	assert_true(paths_settle(&path, w.venues, PATHS_SEND, NULL));
	assert_int_equal(path.received, 19); /* floor(9970 * 20 / 10000), less nothing */
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sends_over_the_better_way),
		cmocka_unit_test(receives_over_the_better_way),
		cmocka_unit_test(walks_past_what_is_beside_the_venue),
		cmocka_unit_test(takes_the_pool_or_the_book),
		cmocka_unit_test(keeps_one_way_to_an_asset_for_each_hop),
		cmocka_unit_test(prefers_the_lower_number_among_equals),
		cmocka_unit_test(groups_ends_as_horizon_does),
		cmocka_unit_test(refuses_what_is_out_of_range),
		cmocka_unit_test(ends_at_its_limit_of_work),
		cmocka_unit_test(random_worlds_answer_as_the_plain_search),
		cmocka_unit_test(large_worlds_answer_the_same_whichever_way),
		cmocka_unit_test(settles_by_the_rules_of_the_ledger),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
