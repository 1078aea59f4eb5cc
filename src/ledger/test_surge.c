/* Fees under pressure: who gets in and what an operation costs then, by hand-made cases and
 * against a plain restatement of the rule; lanes; who has to leave a full queue; what a
 * ledger is proposed from. */
#include "ledger/propose.h"
#include "ledger/testing/world.h"

enum { MANY = 24 };

static struct surge_limits limits_of(uint64_t operations, uint64_t dex)
{
	return (struct surge_limits){.dex_lane = dex > 0,
				     .lanes = {[SURGE_GENERIC] = {operations, SURGE_BYTES_MAX},
					       [SURGE_DEX] = {dex, SURGE_BYTES_MAX}}};
}

struct crowd {
	uint8_t hashes[MANY][32];
	struct surge_bid bids[MANY];
	uint32_t count;
	bool chosen[MANY];
	int64_t base_fees[SURGE_LANES];
};

static void add(struct crowd *c, int64_t fee, uint32_t operations, bool dex)
{
	assert_true(c->count < MANY);
	memset(c->hashes[c->count], (int)c->count + 1, 32);
	c->bids[c->count] = (struct surge_bid){.full_hash = c->hashes[c->count],
					       .fee = fee,
					       .operations = operations,
					       .bytes = 200,
					       .dex = dex};
	c->count++;
}

static void choose(struct crowd *c, struct surge_limits limits)
{
	uint32_t order[MANY];
	surge_choose(c->chosen, c->base_fees, order, c->bids, c->count, &limits, 100);
}

static void all_that_fit_pay_the_header_s_fee(void **state)
{
	(void)state;
	struct crowd c = {0};
	add(&c, 5000, 2, false);
	add(&c, 100, 1, true);
	add(&c, 300, 3, false);
	choose(&c, limits_of(6, 1));
	for (uint32_t i = 0; i < c.count; i++)
		assert_true(c.chosen[i]);
	assert_int_equal(c.base_fees[SURGE_GENERIC], 100);
	assert_int_equal(c.base_fees[SURGE_DEX], 100);
}

static void the_least_of_those_who_got_in_sets_the_fee(void **state)
{
	(void)state;
	struct crowd c = {0};
	add(&c, 1000, 2, false); /* 500 */
	add(&c, 700, 2, false);  /* 350 */
	add(&c, 1201, 3, false); /* 400 and a third */
	add(&c, 150, 1, false);
	choose(&c, limits_of(5, 0));
	assert_true(c.chosen[0]);
	assert_true(c.chosen[2]);
	assert_false(c.chosen[1]);
	assert_false(c.chosen[3]);
	assert_int_equal(c.base_fees[SURGE_GENERIC], 400);
	/* one that fits goes in behind one that does not, and its offer is the least then */
	choose(&c, limits_of(6, 0));
	assert_true(c.chosen[3]);
	assert_false(c.chosen[1]);
	assert_int_equal(c.base_fees[SURGE_GENERIC], 150);
}

static void a_rate_is_compared_to_the_last_bit(void **state)
{
	(void)state;
	struct crowd c = {0};
	/* a double cannot tell these apart */
	add(&c, INT64_MAX - 1, 100, false);
	add(&c, INT64_MAX, 100, false);
	choose(&c, limits_of(100, 0));
	assert_false(c.chosen[0]);
	assert_true(c.chosen[1]);
	assert_int_equal(c.base_fees[SURGE_GENERIC], INT64_MAX / 100);
	assert_true(surge_compare_rates(1, 3, 333333333, 1000000000) > 0);
	assert_true(surge_compare_rates(2, 6, 1, 3) == 0);
	assert_int_equal(surge_better_fee(3, 200, 2), 301);
	assert_int_equal(surge_better_fee(1, 201, 2), 101);
	assert_int_equal(surge_better_fee(100, INT64_MAX, 1), INT64_MAX);
}

static void equal_offers_go_by_their_hash(void **state)
{
	(void)state;
	struct crowd c = {0};
	add(&c, 200, 2, false);
	add(&c, 100, 1, false);
	add(&c, 100, 1, true);
	choose(&c, limits_of(1, 0));
	assert_false(c.chosen[0] || c.chosen[1]);
	assert_true(c.chosen[2]);
}

static void a_full_lane_has_a_fee_of_its_own(void **state)
{
	(void)state;
	struct crowd c = {0};
	add(&c, 900, 1, true);
	add(&c, 800, 1, true);
	add(&c, 700, 1, true);
	add(&c, 120, 1, false);
	choose(&c, limits_of(10, 2));
	assert_true(c.chosen[0] && c.chosen[1] && c.chosen[3]);
	assert_false(c.chosen[2]);
	assert_int_equal(c.base_fees[SURGE_DEX], 800);
	assert_int_equal(c.base_fees[SURGE_GENERIC], 100);
	/* the generic lane is everybody's: full, its least offer is everybody's least */
	add(&c, 110, 1, false);
	choose(&c, limits_of(3, 2));
	assert_false(c.chosen[4]);
	assert_int_equal(c.base_fees[SURGE_DEX], 800);
	assert_int_equal(c.base_fees[SURGE_GENERIC], 120);
	/* and where the lane itself has room, it pays no more than that */
	choose(&c, limits_of(3, 3));
	assert_true(c.chosen[2]);
	assert_int_equal(c.base_fees[SURGE_DEX], 700);
	assert_int_equal(c.base_fees[SURGE_GENERIC], 700);
}

static void bytes_are_room_too(void **state)
{
	(void)state;
	struct crowd c = {0};
	struct surge_limits limits = limits_of(100, 0);
	add(&c, 900, 1, false);
	add(&c, 800, 1, false);
	c.bids[0].bytes = 300;
	limits.lanes[SURGE_GENERIC].bytes = 499;
	choose(&c, limits);
	assert_true(c.chosen[0]);
	assert_false(c.chosen[1]);
	assert_int_equal(c.base_fees[SURGE_GENERIC], 900);
}

/* The same said slowly: again and again the best that was not looked at yet. */
static void choose_slowly(struct crowd *c, struct surge_limits limits)
{
	bool seen[MANY] = {false}, full[2] = {false}, lane_of[MANY];
	uint64_t used = 0, used_by_dex = 0;
	for (uint32_t round = 0; round < c->count; round++) {
		uint32_t best = MANY;
		for (uint32_t i = 0; i < c->count; i++) {
			if (seen[i])
				continue;
			const struct surge_bid *a = &c->bids[i], *b = &c->bids[best % MANY];
			int64_t left = a->fee * b->operations, right = b->fee * a->operations;
			if (best == MANY || left > right ||
			    (left == right && memcmp(a->full_hash, b->full_hash, 32) > 0))
				best = i;
		}
		const struct surge_bid *bid = &c->bids[best];
		bool dex = limits.dex_lane && bid->dex;
		seen[best] = true;
		lane_of[best] = dex;
		c->chosen[best] = false;
		if (dex && used_by_dex + bid->operations > limits.lanes[SURGE_DEX].operations) {
			full[1] = true;
		} else if (used + bid->operations > limits.lanes[SURGE_GENERIC].operations) {
			full[0] = true;
		} else {
			used += bid->operations;
			used_by_dex += dex ? bid->operations : 0;
			c->chosen[best] = true;
		}
	}
	int64_t least = INT64_MAX, least_dex = INT64_MAX;
	for (uint32_t i = 0; i < c->count; i++) {
		int64_t rate = c->bids[i].fee / c->bids[i].operations;
		if (c->chosen[i] && rate < least)
			least = rate;
		if (c->chosen[i] && lane_of[i] && rate < least_dex)
			least_dex = rate;
	}
	c->base_fees[SURGE_GENERIC] = full[0] ? least : 100;
	c->base_fees[SURGE_DEX] = full[1] ? least_dex : full[0] ? least : 100;
}

/* Into an empty crowd, which the bids' hashes stay in. */
static void fill(struct crowd *c, struct seeded *seed)
{
	uint32_t count = 1 + (uint32_t)seeded_below(seed, MANY - 1);
	while (c->count < count) {
		uint32_t operations = 1 + (uint32_t)seeded_below(seed, 5);
		int64_t rate = 100 + (int64_t)seeded_below(seed, 6);
		add(c, rate * operations + (int64_t)seeded_below(seed, 3), operations,
		    seeded_below(seed, 2));
	}
}

static void crowds_are_chosen_from_as_the_slow_way_does(void **state)
{
	(void)state;
	for (uint64_t number = 1; number <= 4000; number++) {
		struct seeded seed = {number};
		struct crowd fast = {0}, slow;
		fill(&fast, &seed);
		slow = fast;
		uint64_t all = 1 + seeded_below(&seed, 60);
		struct surge_limits limits =
			limits_of(all, seeded_below(&seed, 2) ? 1 + seeded_below(&seed, all) : 0);
		choose(&fast, limits);
		choose_slowly(&slow, limits);
		for (uint32_t i = 0; i < fast.count; i++) {
			assert_int_equal(fast.chosen[i], slow.chosen[i]);
			/* nobody pays more than he offers */
			if (fast.chosen[i])
				assert_true(fast.base_fees[surge_lane_of(&limits, &fast.bids[i])] *
						    fast.bids[i].operations <=
					    fast.bids[i].fee);
		}
		assert_int_equal(fast.base_fees[SURGE_GENERIC], slow.base_fees[SURGE_GENERIC]);
		if (limits.dex_lane)
			assert_int_equal(fast.base_fees[SURGE_DEX], slow.base_fees[SURGE_DEX]);
	}
}

/* --- a full queue */

struct bid {
	enum surge_fit fit;
	uint32_t out[MANY];
	bool of_lane[MANY];
	uint32_t count;
	int64_t least;
};

static struct bid ask(const struct crowd *c, struct surge_bid bid, uint32_t replaces,
		      struct surge_limits limits, const struct surge_evicted *evicted)
{
	struct bid a;
	struct surge_evicted none = {0};
	a.fit = surge_fits(a.out, a.of_lane, &a.count, &a.least, &bid, replaces, c->bids, c->count,
			   &limits, evicted ? evicted : &none);
	return a;
}

static struct surge_bid offer(int64_t fee, uint32_t operations, bool dex)
{
	static const uint8_t hash[32] = {0x77};
	return (struct surge_bid){
		.full_hash = hash, .fee = fee, .operations = operations, .bytes = 1, .dex = dex};
}

static void the_worst_leave_for_a_better_one(void **state)
{
	(void)state;
	struct crowd c = {0};
	add(&c, 300, 1, false);
	add(&c, 400, 2, false);
	add(&c, 250, 1, false);
	struct surge_limits limits = limits_of(4, 0);
	struct bid a = ask(&c, offer(1000, 2, false), SURGE_NOBODY, limits, NULL);
	assert_int_equal(a.fit, SURGE_FITS);
	assert_int_equal(a.count, 1);
	assert_int_equal(a.out[0], 1);
	assert_false(a.of_lane[0]);
	a = ask(&c, offer(1000, 3, false), SURGE_NOBODY, limits, NULL);
	assert_int_equal(a.fit, SURGE_FITS);
	assert_int_equal(a.count, 2);
	assert_int_equal(a.out[1], 2);
	/* no better than the worst: what would be */
	a = ask(&c, offer(600, 3, false), SURGE_NOBODY, limits, NULL);
	assert_int_equal(a.fit, SURGE_CHEAP);
	assert_int_equal(a.least, 601);
	/* larger than the queue ever is */
	a = ask(&c, offer(INT64_MAX, 5, false), SURGE_NOBODY, limits, NULL);
	assert_int_equal(a.fit, SURGE_NEVER);
	/* in place of one's own it needs less */
	a = ask(&c, offer(5000, 2, false), 1, limits, NULL);
	assert_int_equal(a.fit, SURGE_FITS);
	assert_int_equal(a.count, 0);
	/* but one's own may not be what has to leave */
	a = ask(&c, offer(9000, 3, false), 1, limits, NULL);
	assert_int_equal(a.fit, SURGE_NEVER);
}

static void room_in_a_lane_comes_from_the_lane(void **state)
{
	(void)state;
	struct crowd c = {0};
	add(&c, 100, 1, false);
	add(&c, 300, 1, true);
	add(&c, 400, 1, true);
	struct surge_limits limits = limits_of(4, 2);
	struct bid a = ask(&c, offer(350, 1, true), SURGE_NOBODY, limits, NULL);
	assert_int_equal(a.fit, SURGE_FITS);
	assert_int_equal(a.count, 1);
	assert_int_equal(a.out[0], 1);
	assert_true(a.of_lane[0]);
	/* the cheapest of all does not help */
	a = ask(&c, offer(200, 1, true), SURGE_NOBODY, limits, NULL);
	assert_int_equal(a.fit, SURGE_CHEAP);
	assert_int_equal(a.least, 301);
	/* a generic one may throw out anybody */
	a = ask(&c, offer(2000, 2, false), SURGE_NOBODY, limits, NULL);
	assert_int_equal(a.fit, SURGE_FITS);
	assert_int_equal(a.count, 1);
	assert_int_equal(a.out[0], 0);
	a = ask(&c, offer(5000, 3, false), SURGE_NOBODY, limits, NULL);
	assert_int_equal(a.count, 2);
	assert_int_equal(a.out[1], 1);
}

static void whoever_was_thrown_out_is_to_be_beaten(void **state)
{
	(void)state;
	struct crowd c = {0};
	struct surge_evicted evicted = {0};
	struct surge_limits limits = limits_of(4, 2);
	struct surge_bid gone = offer(300, 1, true);
	surge_note_evicted(&evicted, &limits, &gone, true);
	struct bid a = ask(&c, offer(300, 1, true), SURGE_NOBODY, limits, &evicted);
	assert_int_equal(a.fit, SURGE_CHEAP);
	assert_int_equal(a.least, 301);
	assert_int_equal(ask(&c, offer(301, 1, true), SURGE_NOBODY, limits, &evicted).fit,
			 SURGE_FITS);
	assert_int_equal(ask(&c, offer(100, 1, false), SURGE_NOBODY, limits, &evicted).fit,
			 SURGE_FITS);
	/* out of the generic lane: by all */
	surge_note_evicted(&evicted, &limits, &gone, false);
	assert_int_equal(ask(&c, offer(100, 1, false), SURGE_NOBODY, limits, &evicted).fit,
			 SURGE_CHEAP);
}

/* Whatever is thrown out, the queue keeps within its limits and nobody leaves for less. */
static void queues_stay_within_their_limits(void **state)
{
	(void)state;
	for (uint64_t number = 1; number <= 3000; number++) {
		struct seeded seed = {number};
		struct crowd c = {0};
		fill(&c, &seed);
		uint64_t all = 0, dex = 0;
		for (uint32_t i = 0; i < c.count; i++) {
			all += c.bids[i].operations;
			dex += c.bids[i].dex ? c.bids[i].operations : 0;
		}
		struct surge_limits limits =
			limits_of(all + seeded_below(&seed, 4), dex + seeded_below(&seed, 4));
		struct surge_bid bid =
			offer(100 + (int64_t)seeded_below(&seed, 900),
			      1 + (uint32_t)seeded_below(&seed, 7), seeded_below(&seed, 2));
		struct bid a = ask(&c, bid, SURGE_NOBODY, limits, NULL);
		if (a.fit != SURGE_FITS)
			continue;
		all += bid.operations;
		dex += bid.dex ? bid.operations : 0;
		for (uint32_t i = 0; i < a.count; i++) {
			const struct surge_bid *out = &c.bids[a.out[i]];
			assert_true(surge_compare_rates(out->fee, out->operations, bid.fee,
							bid.operations) < 0);
			all -= out->operations;
			dex -= out->dex ? out->operations : 0;
		}
		assert_true(all <= limits.lanes[SURGE_GENERIC].operations);
		assert_true(!limits.dex_lane || dex <= limits.lanes[SURGE_DEX].operations);
	}
}

/* --- a ledger from what waits */

struct wish {
	sdex_TransactionEnvelope envelope;
	sdex_TransactionV1Envelope v1;
	sdex_FeeBumpTransactionEnvelope bump;
	sdex_Operation operation;
};

static void wish(struct world *w, struct wish *to, struct candidate *candidate, int from, int payer,
		 int64_t fee, sdex_Operation *operation)
{
	*to = (struct wish){.envelope = {.type = SDEX_ENVELOPE_TYPE_TX, .v1 = &to->v1},
			    .operation = *operation};
	to->operation.sourceAccount = NULL;
	to->v1.tx.sourceAccount = muxed_of(from);
	to->v1.tx.fee = payer ? 100 : (uint32_t)fee;
	to->v1.tx.seqNum = world_account(w, from)->sequence + 1;
	to->v1.tx.operations = (sdex_Operation_list){.items = &to->operation, .count = 1};
	if (payer) {
		to->bump.tx.feeSource = muxed_of(payer);
		to->bump.tx.fee = fee;
		to->bump.tx.innerTx.type = SDEX_ENVELOPE_TYPE_TX;
		to->bump.tx.innerTx.v1 = &to->v1;
		to->envelope = (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX_FEE_BUMP,
							  .feeBump = &to->bump};
	}
	candidate->envelope = &to->envelope;
	assert_int_equal(tx_read(&candidate->tx, &w->ledger, &to->envelope, NULL), SDEX_OK);
}

static void a_ledger_is_proposed_and_closes(void **state)
{
	(void)state;
	struct world w;
	struct wish wishes[6];
	struct candidate all[6];
	struct proposal proposal;
	world_open(&w, 27);
	for (int i = 2; i <= 8; i++)
		world_fund(&w, i, 100 * XLM);
	sdex_Asset usd = credit_of("USD", 9), native = native_asset();
	world_fund(&w, 9, XLM);
	for (int i = 2; i <= 4; i++)
		world_trust(&w, i, usd, 1000, INT64_MAX);
	wish(&w, &wishes[0], &all[0], 2, 0, 900, op_sell(&w, 2, usd, native, 10, 1, 1, 0));
	wish(&w, &wishes[1], &all[1], 3, 0, 800, op_sell(&w, 3, usd, native, 10, 1, 1, 0));
	wish(&w, &wishes[2], &all[2], 4, 0, 700, op_sell(&w, 4, usd, native, 10, 1, 1, 0));
	wish(&w, &wishes[3], &all[3], 5, 0, 150, op_payment(&w, 5, 2, native, XLM));
	/* an invalid one, and one whose payer owes more than it has */
	wish(&w, &wishes[4], &all[4], 6, 0, 5000, op_payment(&w, 6, 2, native, -1));
	wish(&w, &wishes[5], &all[5], 7, 8, 99 * XLM + 1, op_payment(&w, 7, 2, native, XLM));
	struct surge_limits limits = limits_of(10, 2);
	uint64_t close_time = w.state->header.close_time + 5;
	assert_int_equal(propose_ledger(&proposal, &w.ledger, all, 6, close_time, &limits),
			 SDEX_OK);
	static const enum candidate_fate fates[] = {CANDIDATE_CHOSEN,  CANDIDATE_CHOSEN,
						    CANDIDATE_WAITS,   CANDIDATE_CHOSEN,
						    CANDIDATE_INVALID, CANDIDATE_INVALID};
	for (int i = 0; i < 6; i++)
		assert_int_equal(all[i].fate, fates[i]);
	assert_int_equal(proposal.count, 3);
	sdex_LedgerHeader previous = {0};
	struct closed closed;
	header_store(&previous, &w.state->header);
	struct close_request request = {.previous = &previous,
					.close_time = close_time,
					.txs = proposal.txs,
					.count = proposal.count};
	assert_int_equal(close_ledger(&closed, &w.ledger, &request, NULL), SDEX_OK);
	/* a component for each base fee, the lower one first */
	const sdex_TransactionPhase *phase = &closed.set.generalized.v1TxSet->phases.items[0];
	assert_int_equal(phase->v0Components.count, 2);
	assert_int_equal(*phase->v0Components.items[0].txsMaybeDiscountedFee.baseFee, 100);
	assert_int_equal(phase->v0Components.items[0].txsMaybeDiscountedFee.txs.count, 1);
	assert_int_equal(*phase->v0Components.items[1].txsMaybeDiscountedFee.baseFee, 800);
	assert_int_equal(phase->v0Components.items[1].txsMaybeDiscountedFee.txs.count, 2);
	assert_int_equal(closed.header.header.feePool, 100 + 2 * 800);
	/* the set's hash is the header's */
	uint8_t bytes[4096], hash[32];
	size_t size = 0;
	assert_int_equal(sdex_GeneralizedTransactionSet_encode(bytes, sizeof(bytes), &size,
							       &closed.set.generalized, NULL),
			 SDEX_OK);
	sdex_sha256(hash, bytes, size);
	assert_memory_equal(hash, closed.header.header.scpValue.txSetHash.bytes, 32);
	world_laws(&w);
	world_close(&w);
}

static void a_bump_s_bytes_are_those_of_what_it_bumps(void **state)
{
	(void)state;
	struct world w;
	struct wish plain, bumped;
	struct candidate a, b;
	world_open(&w, 27);
	world_fund(&w, 2, XLM);
	world_fund(&w, 3, XLM);
	wish(&w, &plain, &a, 2, 0, 100, op_payment(&w, 2, 3, native_asset(), 1));
	wish(&w, &bumped, &b, 2, 3, 400, op_payment(&w, 2, 3, native_asset(), 1));
	struct surge_bid bid = tx_bid(&a.tx), bump = tx_bid(&b.tx);
	size_t size = 0;
	assert_int_equal(sdex_xdr_size(SDEX_TYPE_TransactionEnvelope, &size, &plain.envelope, NULL),
			 SDEX_OK);
	assert_int_equal(bid.bytes, size);
	assert_int_equal(bump.bytes, size);
	assert_int_equal(bid.operations, 1);
	assert_int_equal(bump.operations, 2);
	assert_int_equal(bump.fee, 400);
	assert_false(bid.dex || bump.dex);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_fit_pay_the_header_s_fee),
		cmocka_unit_test(the_least_of_those_who_got_in_sets_the_fee),
		cmocka_unit_test(a_rate_is_compared_to_the_last_bit),
		cmocka_unit_test(equal_offers_go_by_their_hash),
		cmocka_unit_test(a_full_lane_has_a_fee_of_its_own),
		cmocka_unit_test(bytes_are_room_too),
		cmocka_unit_test(crowds_are_chosen_from_as_the_slow_way_does),
		cmocka_unit_test(the_worst_leave_for_a_better_one),
		cmocka_unit_test(room_in_a_lane_comes_from_the_lane),
		cmocka_unit_test(whoever_was_thrown_out_is_to_be_beaten),
		cmocka_unit_test(queues_stay_within_their_limits),
		cmocka_unit_test(a_ledger_is_proposed_and_closes),
		cmocka_unit_test(a_bump_s_bytes_are_those_of_what_it_bumps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
