/* Laws of market/offers.h: whatever is done, the offers are those of a plain sorted array. */
#include "base/testing.h"

#include "market/offers.h"

#define SIDES 3
#define IDS 400
#define STEPS 60000

struct model {
	struct resting offers[IDS]; /* in order of side, double, id */
	uint32_t count;
};

/* The network's order, from its definition. */
static int order(const struct resting *a, const struct resting *b)
{
	double x = (double)a->price.n / (double)a->price.d;
	double y = (double)b->price.n / (double)b->price.d;
	if (a->side != b->side)
		return a->side < b->side ? -1 : 1;
	if (x != y)
		return x < y ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static bool model_remove(struct model *m, int64_t id)
{
	for (uint32_t i = 0; i < m->count; i++)
		if (m->offers[i].id == id) {
			memmove(&m->offers[i], &m->offers[i + 1],
				(m->count - i - 1) * sizeof(m->offers[0]));
			m->count--;
			return true;
		}
	return false;
}

static void model_put(struct model *m, const struct resting *offer)
{
	uint32_t at = 0;
	model_remove(m, offer->id);
	while (at < m->count && order(&m->offers[at], offer) < 0)
		at++;
	memmove(&m->offers[at + 1], &m->offers[at], (m->count - at) * sizeof(m->offers[0]));
	m->offers[at] = *offer;
	m->count++;
}

/* Prices of every kind: few values, equal ones in other terms, and distinct ones that are
 * the same double. */
static sdex_Price some_price(struct seeded *s)
{
	int32_t k = (int32_t)seeded_below(s, 6) + 1;
	switch (seeded_below(s, 4)) {
	case 0:
		return (sdex_Price){(int32_t)seeded_below(s, 5) + 1, 3};
	case 1:
		return (sdex_Price){k * ((int32_t)seeded_below(s, 3) + 1), k * 2};
	case 2:
		return (sdex_Price){INT32_MAX - k, INT32_MAX - k - (int32_t)seeded_below(s, 2)};
	}
	return (sdex_Price){(int32_t)(seeded_next(s) & INT32_MAX) | 1,
			    (int32_t)(seeded_next(s) & INT32_MAX) | 1};
}

static struct resting some_offer(struct seeded *s)
{
	struct resting offer = {.id = (int64_t)seeded_below(s, IDS) + 1,
				.amount = (int64_t)(seeded_bits(s) >> 1) | 1,
				.price = some_price(s),
				.side = (uint32_t)seeded_below(s, SIDES),
				.ledger = (uint32_t)seeded_below(s, 1000) & INT32_MAX,
				.passive = seeded_next(s) & 1};
	seeded_fill(s, offer.seller, 32);
	return offer;
}

static void assert_same(const struct resting *a, const struct resting *b)
{
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->amount, b->amount);
	assert_int_equal(a->price.n, b->price.n);
	assert_int_equal(a->price.d, b->price.d);
	assert_int_equal(a->side, b->side);
	assert_int_equal(a->ledger, b->ledger);
	assert_int_equal(a->passive, b->passive);
	assert_memory_equal(a->seller, b->seller, 32);
}

static void check_walks(const struct offers *offers, const struct model *m)
{
	uint32_t at = 0;
	for (uint32_t side = 0; side < SIDES; side++) {
		struct offers_walk walk = offers_begin(offers, side);
		for (const struct resting *o; (o = offers_next(offers, &walk)); at++) {
			assert_true(at < m->count);
			assert_same(o, &m->offers[at]);
		}
	}
	assert_int_equal(at, m->count);
	assert_int_equal(offers_count(offers), m->count);
}

/* All levels of a side, from the offers alone: by exact price, ascending. */
static uint32_t model_levels(const struct model *m, uint32_t side, struct level *levels)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < m->count; i++) {
		const struct resting *o = &m->offers[i];
		uint32_t at = 0;
		if (o->side != side)
			continue;
		while (at < count && sdex_price_compare(levels[at].price, o->price) < 0)
			at++;
		if (at == count || sdex_price_compare(levels[at].price, o->price) != 0) {
			memmove(&levels[at + 1], &levels[at], (count - at) * sizeof(levels[0]));
			levels[at] = (struct level){.price = sdex_price_reduce(o->price)};
			count++;
		}
		levels[at].amount += (uint64_t)o->amount;
		levels[at].count++;
	}
	return count;
}

static void check_levels(const struct offers *offers, const struct model *m, struct seeded *s)
{
	struct level all[IDS], some[IDS];
	for (uint32_t side = 0; side < SIDES; side++) {
		uint32_t count = model_levels(m, side, all);
		uint32_t room = seeded_next(s) & 1 ? IDS : (uint32_t)seeded_below(s, 12);
		uint32_t got = offers_levels(offers, side, some, room);
		assert_int_equal(got, count < room ? count : room);
		for (uint32_t i = 0; i < got; i++) {
			assert_int_equal(some[i].price.n, all[i].price.n);
			assert_int_equal(some[i].price.d, all[i].price.d);
			assert_true(some[i].amount == all[i].amount);
			assert_int_equal(some[i].count, all[i].count);
		}
	}
}

static void check_place(const struct offers *offers, const struct model *m, struct seeded *s)
{
	struct offers_place place, expected = {0};
	struct level levels[IDS];
	if (m->count == 0)
		return;
	const struct resting *own = &m->offers[seeded_below(s, m->count)];
	for (const struct resting *o = m->offers; o != own; o++) {
		if (o->side != own->side)
			continue;
		expected.ahead++;
		expected.amount_ahead += (uint64_t)o->amount;
		if (sdex_price_compare(o->price, own->price) == 0) {
			expected.ahead_at_price++;
			expected.amount_at_price += (uint64_t)o->amount;
		}
	}
	uint32_t count = model_levels(m, own->side, levels);
	for (uint32_t i = 0; i < count; i++)
		expected.level += sdex_price_compare(levels[i].price, own->price) < 0;
	assert_true(offers_place(offers, &place, own->id));
	assert_int_equal(place.ahead, expected.ahead);
	assert_true(place.amount_ahead == expected.amount_ahead);
	assert_int_equal(place.ahead_at_price, expected.ahead_at_price);
	assert_true(place.amount_at_price == expected.amount_at_price);
	assert_int_equal(place.level, expected.level);
	assert_false(offers_place(offers, &place, IDS + 1));
}

static void offers_are_a_sorted_array(void **state)
{
	(void)state;
	struct seeded s = {.state = 20};
	static struct model m;
	struct offers *offers = offers_new();
	assert_non_null(offers);
	for (uint32_t step = 0; step < STEPS; step++) {
		struct resting offer = some_offer(&s);
		/* Times of growth and of decline, so that the tree does both. */
		if (seeded_below(&s, 10) < (step / 5000 % 2 ? 7 : 3)) {
			assert_int_equal(offers_remove(offers, offer.id),
					 model_remove(&m, offer.id));
			assert_null(offers_find(offers, offer.id));
		} else {
			assert_true(offers_put(offers, &offer));
			model_put(&m, &offer);
			assert_same(offers_find(offers, offer.id), &offer);
		}
		if (step % 97 == 0) {
			check_walks(offers, &m);
			check_levels(offers, &m, &s);
			check_place(offers, &m, &s);
		}
	}
	offers_clear(offers);
	assert_int_equal(offers_count(offers), 0);
	offers_free(offers);
}

static struct resting offer_of(int64_t id, int64_t amount, int32_t n, int32_t d)
{
	return (struct resting){.id = id, .amount = amount, .price = {n, d}, .ledger = 1};
}

static void equal_prices_lower_id_first(void **state)
{
	(void)state;
	struct offers *offers = offers_new();
	struct resting later = offer_of(9, 1, 1, 2), sooner = offer_of(5, 1, 2, 4);
	assert_true(offers_put(offers, &later) && offers_put(offers, &sooner));
	struct offers_walk walk = offers_begin(offers, 0);
	assert_int_equal(offers_next(offers, &walk)->id, 5);
	assert_int_equal(offers_next(offers, &walk)->id, 9);
	assert_null(offers_next(offers, &walk));
	assert_null(offers_next(offers, &walk));
	offers_free(offers);
}

/* 2147483646/2147483647 and 2147483645/2147483646 differ, exactly; their doubles do not.
 * The network takes the lower id first, whichever price is the better one. */
static void prices_of_one_double(void **state)
{
	(void)state;
	struct offers *offers = offers_new();
	struct resting dear = offer_of(1, 10, INT32_MAX - 1, INT32_MAX);
	struct resting cheap = offer_of(2, 20, INT32_MAX - 2, INT32_MAX - 1);
	struct level levels[4];
	struct offers_place place;
	assert_true((double)dear.price.n / dear.price.d == (double)cheap.price.n / cheap.price.d ||
		    sdex_price_compare(cheap.price, dear.price) < 0);
	assert_true(offers_put(offers, &dear) && offers_put(offers, &cheap));
	assert_int_equal(offers_levels(offers, 0, levels, 4), 2);
	assert_int_equal(levels[0].price.n, INT32_MAX - 2);
	assert_int_equal(levels[0].count, 1);
	assert_int_equal(levels[1].count, 1);
	assert_true(offers_place(offers, &place, 1));
	offers_free(offers);
}

static void sums_are_beyond_64_bits(void **state)
{
	(void)state;
	struct offers *offers = offers_new();
	struct level level;
	for (int64_t id = 1; id <= 5; id++) {
		struct resting offer = offer_of(id, INT64_MAX, 1, 1);
		assert_true(offers_put(offers, &offer));
	}
	assert_int_equal(offers_levels(offers, 0, &level, 1), 1);
	assert_true(level.amount == (uint128)5 * INT64_MAX);
	assert_int_equal(level.count, 5);
	offers_free(offers);
}

static uint32_t count_in_order(const struct offers *offers)
{
	uint32_t count = 0;
	for (uint32_t side = 0; side < SIDES; side++) {
		struct offers_walk walk = offers_begin(offers, side);
		const struct resting *offer, *last = NULL;
		for (; (offer = offers_next(offers, &walk)); last = offer, count++)
			assert_true(!last || order(last, offer) < 0);
	}
	return count;
}

static void an_offer_is_small(void **state)
{
	(void)state;
	struct seeded s = {.state = 3};
	struct offers *offers = offers_new();
	for (int64_t id = 1; id <= 100000; id++) {
		struct resting offer = some_offer(&s);
		offer.id = id;
		assert_true(offers_put(offers, &offer));
	}
	print_message("%.1f bytes an offer\n", (double)offers_held(offers) / offers_count(offers));
	assert_true(offers_held(offers) <= 128u * (uint64_t)offers_count(offers));
	assert_int_equal(count_in_order(offers), 100000);
	for (int64_t id = 1; id <= 100000; id += 1 + (int64_t)seeded_below(&s, 2))
		assert_true(offers_remove(offers, id));
	assert_int_equal(count_in_order(offers), offers_count(offers));
	offers_free(offers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offers_are_a_sorted_array),
		cmocka_unit_test(equal_prices_lower_id_first),
		cmocka_unit_test(prices_of_one_double),
		cmocka_unit_test(sums_are_beyond_64_bits),
		cmocka_unit_test(an_offer_is_small),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
