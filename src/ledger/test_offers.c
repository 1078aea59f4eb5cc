/* Offers, payments, path payments and pools by operations, with results, claims and
 * changes; cases after stellar-core's OfferTests, ManageBuyOfferTests, PathPaymentTests
 * and LiquidityPoolTradeTests, and then random worlds that keep all laws. */
#include "base/int128.h"
#include "ledger/testing/world.h"

enum { ISSUER = 1, ALICE, BOB, CAROL, DAVE };

static void market(struct world *w)
{
	world_open(w, 27);
	world_fund(w, ISSUER, 1000 * XLM);
	for (int who = ALICE; who <= DAVE; who++) {
		world_fund(w, who, 1000 * XLM);
		world_trust(w, who, credit_of("USD", ISSUER), 1000 * XLM, INT64_MAX);
		world_trust(w, who, credit_of("EUR", ISSUER), 1000 * XLM, INT64_MAX);
	}
}

static const sdex_ManageOfferSuccessResult *offered(struct world *w)
{
	return &world_op_result(w, 0)->tr->manageSellOfferResult.success;
}

static void an_offer_rests_crosses_and_goes(void **state)
{
	(void)state;
	struct world w;
	market(&w);
	sdex_Asset usd = credit_of("USD", ISSUER), xlm = native_asset();
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, usd, xlm, 100 * XLM, 2, 1, 0)), 0);
	assert_int_equal(offered(&w)->offer.effect, SDEX_MANAGE_OFFER_CREATED);
	int64_t id = offered(&w)->offer.offer->offerID;
	assert_int_equal(id, 1);
	assert_int_equal(world_line(&w, ALICE, usd)->selling, 100 * XLM);
	assert_int_equal(world_account(&w, ALICE)->buying, 200 * XLM);
	/* account, trustline and the new offer: states before and after but for the last */
	assert_int_equal(w.meta.operations[0].count, 5);
	world_laws(&w);

	/* half of it is taken */
	assert_int_equal(world_run(&w, op_buy(&w, BOB, xlm, usd, 50 * XLM, 2, 1, 0)), 0);
	const sdex_ManageOfferSuccessResult *took =
		&world_op_result(&w, 0)->tr->manageBuyOfferResult.success;
	assert_int_equal(took->offersClaimed.count, 1);
	assert_int_equal(took->offersClaimed.items[0].orderBook->offerID, id);
	assert_int_equal(took->offersClaimed.items[0].orderBook->amountSold, 50 * XLM);
	assert_int_equal(took->offersClaimed.items[0].orderBook->amountBought, 100 * XLM);
	assert_int_equal(took->offer.effect, SDEX_MANAGE_OFFER_DELETED);
	assert_int_equal(state_offer(w.state, world_address(&w, ALICE), id)->amount, 50 * XLM);
	assert_int_equal(world_line(&w, BOB, usd)->balance, 1050 * XLM);
	assert_int_equal(world_account(&w, BOB)->balance, 900 * XLM);
	world_laws(&w);

	/* an update keeps the id, a deletion frees the reserve */
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, usd, xlm, 10 * XLM, 3, 1, id)), 0);
	assert_int_equal(offered(&w)->offer.effect, SDEX_MANAGE_OFFER_UPDATED);
	assert_int_equal(offered(&w)->offer.offer->offerID, id);
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, usd, xlm, 0, 3, 1, id)), 0);
	assert_int_equal(offered(&w)->offer.effect, SDEX_MANAGE_OFFER_DELETED);
	assert_int_equal(world_account(&w, ALICE)->subentries, 2);
	assert_int_equal(world_line(&w, ALICE, usd)->selling, 0);
	assert_int_equal(w.state->entries[ENTRY_OFFER].live, 0);
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, usd, xlm, 0, 3, 1, id)),
			 SDEX_MANAGE_SELL_OFFER_NOT_FOUND);
	world_laws(&w);
	world_close(&w);
}

static void offers_are_refused_by_the_network_s_codes(void **state)
{
	(void)state;
	struct world w;
	market(&w);
	sdex_Asset usd = credit_of("USD", ISSUER), xlm = native_asset();
	sdex_Asset gbp = credit_of("GBP", ISSUER), eur = credit_of("EUR", ISSUER);
	world_fund(&w, 20, 2 * RESERVE + 10);
	world_fund(&w, 21, 100 * XLM);
	world_trust(&w, 21, usd, 0, 100);
	world_trust(&w, 21, eur, 50, 100);
	const struct {
		sdex_Operation *op;
		int code;
	} rows[] = {
		{op_sell(&w, ALICE, usd, usd, 1, 1, 1, 0), SDEX_MANAGE_SELL_OFFER_MALFORMED},
		{op_sell(&w, ALICE, usd, xlm, -1, 1, 1, 0), SDEX_MANAGE_SELL_OFFER_MALFORMED},
		{op_sell(&w, ALICE, usd, xlm, 0, 1, 1, 0), SDEX_MANAGE_SELL_OFFER_MALFORMED},
		{op_sell(&w, ALICE, usd, xlm, 1, 0, 1, 0), SDEX_MANAGE_SELL_OFFER_MALFORMED},
		{op_sell(&w, ALICE, usd, xlm, 1, 1, -1, 0), SDEX_MANAGE_SELL_OFFER_MALFORMED},
		{op_sell(&w, ALICE, usd, xlm, 1, 1, 1, -5), SDEX_MANAGE_SELL_OFFER_MALFORMED},
		{op_sell(&w, ALICE, gbp, xlm, 1, 1, 1, 0), SDEX_MANAGE_SELL_OFFER_SELL_NO_TRUST},
		{op_sell(&w, ALICE, xlm, gbp, 1, 1, 1, 0), SDEX_MANAGE_SELL_OFFER_BUY_NO_TRUST},
		{op_sell(&w, 21, usd, xlm, 1, 1, 1, 0), SDEX_MANAGE_SELL_OFFER_UNDERFUNDED},
		{op_sell(&w, 20, xlm, usd, 1, 1, 1, 0), SDEX_MANAGE_SELL_OFFER_BUY_NO_TRUST},
		{op_sell(&w, 21, eur, usd, 50, 3, 1, 0), SDEX_MANAGE_SELL_OFFER_LINE_FULL},
		{op_sell(&w, 21, eur, usd, 51, 1, 1, 0), SDEX_MANAGE_SELL_OFFER_UNDERFUNDED},
		{op_sell(&w, ALICE, usd, xlm, 1001 * XLM, 1, 1, 0),
		 SDEX_MANAGE_SELL_OFFER_UNDERFUNDED},
		{op_sell(&w, ALICE, usd, xlm, 1, 1, 1, 77), SDEX_MANAGE_SELL_OFFER_NOT_FOUND},
		{op_buy(&w, ALICE, xlm, usd, 2000 * XLM, 1, 1, 0),
		 SDEX_MANAGE_BUY_OFFER_UNDERFUNDED},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(world_run(&w, rows[i].op), rows[i].code);
		assert_int_equal(w.result.result.code, SDEX_txFAILED);
		assert_int_equal(w.meta.operation_count, 0);
	}
	/* an own offer stops everything */
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, usd, xlm, 5 * XLM, 1, 1, 0)), 0);
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, xlm, usd, 5 * XLM, 1, 1, 0)),
			 SDEX_MANAGE_SELL_OFFER_CROSS_SELF);
	assert_int_equal(w.state->entries[ENTRY_OFFER].live, 1);
	world_laws(&w);
	world_close(&w);
}

static void better_prices_first_then_older_offers(void **state)
{
	(void)state;
	struct world w;
	market(&w);
	sdex_Asset usd = credit_of("USD", ISSUER), eur = credit_of("EUR", ISSUER);
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, usd, eur, 10 * XLM, 3, 2, 0)), 0);
	assert_int_equal(world_run(&w, op_sell(&w, BOB, usd, eur, 10 * XLM, 1, 1, 0)), 0);
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, usd, eur, 10 * XLM, 2, 2, 0)), 0);
	assert_int_equal(world_run(&w, op_sell(&w, CAROL, eur, usd, 30 * XLM, 2, 3, 0)), 0);
	const sdex_ManageOfferSuccessResult *took = offered(&w);
	assert_int_equal(took->offersClaimed.count, 3);
	assert_int_equal(took->offersClaimed.items[0].orderBook->offerID, 2);
	assert_int_equal(took->offersClaimed.items[1].orderBook->offerID, 3);
	assert_int_equal(took->offersClaimed.items[2].orderBook->offerID, 1);
	assert_int_equal(took->offersClaimed.items[2].orderBook->amountSold, 10 * XLM * 2 / 3 + 0);
	world_laws(&w);
	world_close(&w);
}

static void a_passive_offer_does_not_take_its_equal(void **state)
{
	(void)state;
	struct world w;
	market(&w);
	sdex_Asset usd = credit_of("USD", ISSUER), eur = credit_of("EUR", ISSUER);
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, usd, eur, 10 * XLM, 1, 1, 0)), 0);
	sdex_Operation *op = op_new(&w, BOB, SDEX_CREATE_PASSIVE_SELL_OFFER);
	op->body.createPassiveSellOfferOp =
		sdex_arena_alloc(w.arena, sizeof(*op->body.createPassiveSellOfferOp));
	*op->body.createPassiveSellOfferOp = (sdex_CreatePassiveSellOfferOp){
		.selling = eur, .buying = usd, .amount = 5 * XLM, .price = {.n = 1, .d = 1}};
	assert_int_equal(world_run(&w, op), 0);
	assert_int_equal(world_op_result(&w, 0)->tr->type, SDEX_MANAGE_SELL_OFFER);
	assert_int_equal(offered(&w)->offersClaimed.count, 0);
	assert_int_equal(offered(&w)->offer.offer->flags, SDEX_PASSIVE_FLAG);
	/* but it is taken like any other */
	assert_int_equal(world_run(&w, op_sell(&w, CAROL, usd, eur, 5 * XLM, 1, 1, 0)), 0);
	assert_int_equal(offered(&w)->offersClaimed.count, 1);
	world_laws(&w);
	world_close(&w);
}

static void path_payments_walk_books_and_pools(void **state)
{
	(void)state;
	struct world w;
	market(&w);
	sdex_Asset usd = credit_of("USD", ISSUER), eur = credit_of("EUR", ISSUER);
	sdex_Asset xlm = native_asset();
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, usd, xlm, 100 * XLM, 2, 1, 0)), 0);
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, eur, usd, 100 * XLM, 1, 2, 0)), 0);
	assert_int_equal(
		world_run(&w, op_receive(&w, BOB, CAROL, xlm, 100 * XLM, eur, 40 * XLM, &usd, 1)),
		0);
	const sdex_PathPaymentStrictReceiveResultSuccess *got =
		world_op_result(&w, 0)->tr->pathPaymentStrictReceiveResult.success;
	assert_int_equal(got->offers.count, 2);
	assert_int_equal(got->offers.items[0].orderBook->amountSold, 20 * XLM);
	assert_int_equal(got->offers.items[1].orderBook->amountSold, 40 * XLM);
	assert_int_equal(got->last.amount, 40 * XLM);
	assert_int_equal(world_account(&w, BOB)->balance, 960 * XLM);
	assert_int_equal(world_line(&w, CAROL, eur)->balance, 1040 * XLM);
	assert_int_equal(
		world_run(&w, op_receive(&w, BOB, CAROL, xlm, 39 * XLM, eur, 40 * XLM, &usd, 1)),
		SDEX_PATH_PAYMENT_STRICT_RECEIVE_OVER_SENDMAX);
	assert_int_equal(
		world_run(&w, op_receive(&w, ALICE, CAROL, xlm, 39 * XLM, eur, XLM, &usd, 1)),
		SDEX_PATH_PAYMENT_STRICT_RECEIVE_OFFER_CROSS_SELF);
	assert_int_equal(
		world_run(&w, op_receive(&w, BOB, CAROL, xlm, INT64_MAX, eur, 900 * XLM, &usd, 1)),
		SDEX_PATH_PAYMENT_STRICT_RECEIVE_TOO_FEW_OFFERS);

	/* a pool of the same pair, at a better price */
	assert_int_equal(world_run(&w, op_trust_pool(&w, DAVE, xlm, usd, INT64_MAX)), 0);
	assert_int_equal(world_run(&w, op_deposit(&w, DAVE, xlm, usd, 100 * XLM, 100 * XLM)), 0);
	uint8_t id[32];
	world_pool_id(&w, id, xlm, usd);
	struct pool *pool = state_pool(w.state, state_share(w.state, id));
	assert_int_equal(pool->shares, 100 * XLM);
	assert_int_equal(world_run(&w, op_send(&w, BOB, BOB, xlm, XLM, usd, 1, NULL, 0)), 0);
	const sdex_PathPaymentStrictSendResultSuccess *sent =
		world_op_result(&w, 0)->tr->pathPaymentStrictSendResult.success;
	assert_int_equal(sent->offers.count, 1);
	assert_int_equal(sent->offers.items[0].type, SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL);
	/* floor(9970 * 100 XLM * 1 XLM / (10000 * 100 XLM + 9970 * 1 XLM)) */
	assert_int_equal(sent->offers.items[0].liquidityPool->amountSold, 9871580);
	assert_int_equal(pool->reserve_a, 101 * XLM);
	assert_int_equal(pool->reserve_b, 100 * XLM - 9871580);
	assert_int_equal(world_run(&w, op_trust_pool(&w, DAVE, xlm, usd, 0)),
			 SDEX_CHANGE_TRUST_INVALID_LIMIT);
	assert_int_equal(world_run(&w, op_trust(&w, DAVE, usd, 0)),
			 SDEX_CHANGE_TRUST_INVALID_LIMIT);
	world_laws(&w);
	world_close(&w);
}

/* Sends 10031 EUR for USD past a pool that gives 10000 and an offer of 20000 at n/10000. */
static sdex_ClaimAtomType venue(int32_t n, int64_t arrives)
{
	struct world w;
	market(&w);
	sdex_Asset usd = credit_of("USD", ISSUER), eur = credit_of("EUR", ISSUER);
	assert_int_equal(world_run(&w, op_trust_pool(&w, DAVE, eur, usd, INT64_MAX)), 0);
	assert_int_equal(world_run(&w, op_deposit(&w, DAVE, eur, usd, 10000, 20000)), 0);
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, usd, eur, 20000, n, 10000, 0)), 0);
	assert_int_equal(world_run(&w, op_send(&w, BOB, BOB, eur, 10031, usd, 1, NULL, 0)), 0);
	const sdex_PathPaymentStrictSendResultSuccess *sent =
		world_op_result(&w, 0)->tr->pathPaymentStrictSendResult.success;
	assert_int_equal(sent->last.amount, arrives);
	sdex_ClaimAtomType type = sent->offers.items[0].type;
	world_laws(&w);
	world_close(&w);
	return type;
}

static void the_book_wins_only_when_it_is_better(void **state)
{
	(void)state;
	assert_int_equal(venue(10040, 10000), SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL);
	assert_int_equal(venue(10031, 10000), SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL); /* a tie */
	assert_int_equal(venue(10020, 10010), SDEX_CLAIM_ATOM_TYPE_ORDER_BOOK);
}

/* --- random worlds */

static int64_t some_amount(struct seeded *seed)
{
	uint64_t kind = seeded_below(seed, 8);
	if (kind == 0)
		return (int64_t)seeded_below(seed, 50);
	if (kind == 1)
		return (int64_t)(seeded_bits(seed) >> 1);
	return (int64_t)seeded_below(seed, 100 * XLM);
}

static sdex_Asset some_asset(struct seeded *seed)
{
	const char *codes[] = {"USD", "EUR"};
	uint64_t kind = seeded_below(seed, 3);
	return kind == 2 ? native_asset() : credit_of(codes[kind], ISSUER);
}

/* In worlds of an odd number the issuer takes part, which makes and burns its assets. */
static int someone(struct world *w, struct seeded *seed)
{
	bool issuer = w->state->header.max_tx_set_size & 1;
	return issuer ? ISSUER + (int)seeded_below(seed, 5) : ALICE + (int)seeded_below(seed, 4);
}

static sdex_Operation *authorize(struct world *w, struct seeded *seed)
{
	sdex_Operation *op = op_new(w, ISSUER, SDEX_SET_TRUST_LINE_FLAGS);
	sdex_SetTrustLineFlagsOp *set = sdex_arena_alloc(w->arena, sizeof(*set));
	uint32_t flags[] = {0, 1, 2};
	uint32_t to = flags[seeded_below(seed, 8) == 0 ? seeded_below(seed, 3) : 1];
	sdex_Asset assets[] = {credit_of("USD", ISSUER), credit_of("EUR", ISSUER)};
	*set = (sdex_SetTrustLineFlagsOp){.trustor = account_of(2 + (int)seeded_below(seed, 4)),
					  .asset = assets[seeded_below(seed, 2)],
					  .setFlags = to,
					  .clearFlags = 3 & ~to};
	op->body.setTrustLineFlagsOp = set;
	return op;
}

static sdex_Operation *withdraw(struct world *w, struct seeded *seed, sdex_Asset a, sdex_Asset b)
{
	sdex_Operation *op = op_new(w, someone(w, seed), SDEX_LIQUIDITY_POOL_WITHDRAW);
	sdex_LiquidityPoolWithdrawOp *out = sdex_arena_alloc(w->arena, sizeof(*out));
	*out = (sdex_LiquidityPoolWithdrawOp){.amount = some_amount(seed)};
	world_pool_id(w, out->liquidityPoolID.bytes, a, b);
	op->body.liquidityPoolWithdrawOp = out;
	return op;
}

static sdex_Operation *sponsor(struct world *w, struct seeded *seed, int who)
{
	sdex_Operation *op = op_new(w, someone(w, seed), SDEX_BEGIN_SPONSORING_FUTURE_RESERVES);
	op->body.beginSponsoringFutureReservesOp.sponsoredID = account_of(who);
	return op;
}

static sdex_Operation *data(struct world *w, struct seeded *seed)
{
	static const uint8_t names[] = "abcd";
	sdex_Operation *op = op_new(w, someone(w, seed), SDEX_MANAGE_DATA);
	op->body.manageDataOp.dataName = (struct sdex_bytes){&names[seeded_below(seed, 4)], 1};
	if (seeded_below(seed, 2)) {
		sdex_DataValue *value = sdex_arena_alloc(w->arena, sizeof(*value));
		*value = (struct sdex_bytes){names, (uint32_t)seeded_below(seed, 4)};
		op->body.manageDataOp.dataValue = value;
	}
	return op;
}

static sdex_Operation *claimable(struct world *w, struct seeded *seed, sdex_Asset asset)
{
	sdex_Operation *op = op_new(w, someone(w, seed), SDEX_CREATE_CLAIMABLE_BALANCE);
	sdex_CreateClaimableBalanceOp *create = sdex_arena_alloc(w->arena, sizeof(*create));
	sdex_Claimant *claimants = sdex_arena_alloc(w->arena, 2 * sizeof(*claimants));
	sdex_ClaimantV0 *v0 = sdex_arena_alloc(w->arena, 2 * sizeof(*v0));
	sdex_ClaimPredicate *inner = sdex_arena_alloc(w->arena, sizeof(*inner));
	*inner = (sdex_ClaimPredicate){.type = SDEX_CLAIM_PREDICATE_BEFORE_RELATIVE_TIME,
				       .relBefore = (int64_t)seeded_below(seed, 3)};
	v0[0] = (sdex_ClaimantV0){.destination = account_of(someone(w, seed)),
				  .predicate.type = SDEX_CLAIM_PREDICATE_UNCONDITIONAL};
	v0[1] = (sdex_ClaimantV0){
		.destination = account_of(someone(w, seed)),
		.predicate = {.type = SDEX_CLAIM_PREDICATE_NOT, .notPredicate = inner}};
	for (int i = 0; i < 2; i++)
		claimants[i] = (sdex_Claimant){.type = SDEX_CLAIMANT_TYPE_V0, .v0 = &v0[i]};
	*create = (sdex_CreateClaimableBalanceOp){.asset = asset,
						  .amount = some_amount(seed),
						  .claimants = {.items = claimants, .count = 2}};
	op->body.createClaimableBalanceOp = create;
	return op;
}

/* Claims, or claws back, a balance that is there if one is. */
static sdex_Operation *claim(struct world *w, struct seeded *seed)
{
	const struct table *table = &w->state->by_entry[ENTRY_CLAIMABLE];
	sdex_OperationType type = seeded_below(seed, 3) ? SDEX_CLAIM_CLAIMABLE_BALANCE
							: SDEX_CLAWBACK_CLAIMABLE_BALANCE;
	sdex_Operation *op = op_new(w, someone(w, seed), type);
	sdex_ClaimableBalanceID id = {.type = SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0};
	for (uint32_t i = 0; table->entries && i <= table->mask; i++)
		if (table->entries[i].slot != SLOT_NONE)
			memcpy(id.v0.bytes,
			       ((struct claimable *)slab_at(&w->state->entries[ENTRY_CLAIMABLE],
							    table->entries[i].slot))
				       ->id,
			       32);
	op->body.claimClaimableBalanceOp.balanceID = id;
	return op;
}

static sdex_Operation *options(struct world *w, struct seeded *seed)
{
	sdex_Operation *op = op_new(w, someone(w, seed), SDEX_SET_OPTIONS);
	sdex_SetOptionsOp *set = sdex_arena_alloc(w->arena, sizeof(*set));
	sdex_Signer *signer = sdex_arena_alloc(w->arena, sizeof(*signer));
	static const uint8_t home[] = "example.org";
	*signer = (sdex_Signer){.key.type = SDEX_SIGNER_KEY_TYPE_HASH_X,
				.weight = (uint32_t)seeded_below(seed, 3)};
	signer->key.hashX.bytes[0] = (uint8_t)seeded_below(seed, 4);
	*set = (sdex_SetOptionsOp){.signer = signer};
	if (seeded_below(seed, 2)) {
		set->homeDomain = sdex_arena_alloc(w->arena, sizeof(*set->homeDomain));
		*set->homeDomain = (struct sdex_bytes){home, (uint32_t)seeded_below(seed, 11)};
	}
	op->body.setOptionsOp = set;
	return op;
}

/* An account outside of the market that comes, and goes to BOB. */
static sdex_Operation *come_or_go(struct world *w, struct seeded *seed)
{
	if (seeded_below(seed, 2)) {
		sdex_Operation *op = op_new(w, 30, SDEX_ACCOUNT_MERGE);
		op->body.destination = sdex_arena_alloc(w->arena, sizeof(*op->body.destination));
		*op->body.destination = muxed_of(BOB);
		return op;
	}
	sdex_Operation *op = op_new(w, someone(w, seed), SDEX_CREATE_ACCOUNT);
	op->body.createAccountOp = sdex_arena_alloc(w->arena, sizeof(*op->body.createAccountOp));
	*op->body.createAccountOp =
		(sdex_CreateAccountOp){.destination = account_of(30),
				       .startingBalance = (int64_t)seeded_below(seed, 3 * RESERVE)};
	return op;
}

static sdex_Operation *some_operation(struct world *w, struct seeded *seed)
{
	sdex_Asset a = some_asset(seed), b = some_asset(seed), c = some_asset(seed);
	sdex_Asset usd = credit_of("USD", ISSUER), eur = credit_of("EUR", ISSUER);
	int64_t amount = some_amount(seed);
	int32_t n = (int32_t)seeded_below(seed, 12) + 1, d = (int32_t)seeded_below(seed, 12) + 1;
	int64_t id = seeded_below(seed, 4)
			     ? 0
			     : (int64_t)seeded_below(seed, w->state->header.id_pool + 2);
	int who = someone(w, seed);
	switch (seeded_below(seed, 21)) {
	case 16:
		return claimable(w, seed, a);
	case 17:
		return claim(w, seed);
	case 18:
		return options(w, seed);
	case 19:
		return come_or_go(w, seed);
	case 0:
		return op_payment(w, who, someone(w, seed), a, amount);
	case 1:
		return op_trust(w, who, seeded_below(seed, 2) ? usd : eur,
				seeded_below(seed, 2) ? INT64_MAX : amount);
	case 2:
		return op_receive(w, who, someone(w, seed), a, INT64_MAX, b, amount, &c,
				  (uint32_t)seeded_below(seed, 2));
	case 3:
		return op_send(w, who, someone(w, seed), a, amount, b, 1, &c,
			       (uint32_t)seeded_below(seed, 2));
	case 4:
		return authorize(w, seed);
	case 5:
		return seeded_below(seed, 2) ? op_trust_pool(w, who, native_asset(), usd,
							     seeded_below(seed, 3) ? INT64_MAX : 0)
					     : op_trust_pool(w, who, eur, usd,
							     seeded_below(seed, 3) ? INT64_MAX : 0);
	case 6:
		return seeded_below(seed, 2)
			       ? op_deposit(w, who, native_asset(), usd, amount, some_amount(seed))
			       : op_deposit(w, who, eur, usd, amount, some_amount(seed));
	case 7:
		return seeded_below(seed, 2) ? withdraw(w, seed, native_asset(), usd)
					     : withdraw(w, seed, eur, usd);
	case 8:
		return data(w, seed);
	case 9:
	case 10:
	case 11:
		return op_buy(w, who, a, b, amount, n, d, id);
	default:
		return op_sell(w, who, a, b, amount, n, d, id);
	}
}

struct totals {
	int64_t native;
	int64_t credit[2]; /* outside of the issuer's hands */
};

static struct totals totals_of(struct world *w)
{
	struct state *state = w->state;
	struct totals t = {0};
	sdex_Asset assets[] = {credit_of("USD", ISSUER), credit_of("EUR", ISSUER)};
	for (uint32_t i = 0; i < state->addresses.used; i++) {
		if (state_account(state, i))
			t.native += state_account(state, i)->balance;
		for (int c = 0; c < 2; c++) {
			struct trustline *line =
				state_trustline(state, i, state_asset(state, &assets[c]));
			t.credit[c] += line ? line->balance : 0;
		}
	}
	for (uint32_t i = 1; i < state->assets.used; i++) {
		const struct pool *pool = state_pool(state, i);
		for (int side = 0; pool && side < 2; side++) {
			uint32_t asset = side ? pool->asset_b : pool->asset_a;
			int64_t held = side ? pool->reserve_b : pool->reserve_a;
			t.native += asset == ASSET_NATIVE ? held : 0;
			for (int c = 0; c < 2; c++)
				t.credit[c] += asset == state_asset(state, &assets[c]) ? held : 0;
		}
	}
	const struct table *table = &state->by_entry[ENTRY_CLAIMABLE];
	for (uint32_t i = 0; table->entries && i <= table->mask; i++) {
		if (table->entries[i].slot == SLOT_NONE)
			continue;
		const struct claimable *balance =
			slab_at(&state->entries[ENTRY_CLAIMABLE], table->entries[i].slot);
		t.native += balance->asset == ASSET_NATIVE ? balance->amount : 0;
		for (int c = 0; c < 2; c++)
			t.credit[c] += balance->asset == state_asset(state, &assets[c])
					       ? balance->amount
					       : 0;
	}
	return t;
}

struct pools {
	struct pool was[2];
	uint32_t shares[2]; /* SLOT_NONE: no such pool */
};

static struct pools pools_of(struct world *w)
{
	struct pools pools = {.shares = {SLOT_NONE, SLOT_NONE}};
	uint32_t count = 0;
	for (uint32_t i = 1; i < w->state->assets.used && count < 2; i++)
		if (state_pool(w->state, i)) {
			pools.was[count] = *state_pool(w->state, i);
			pools.shares[count++] = i;
		}
	return pools;
}

/* Trading may only add to what a share is worth. */
static void products_do_not_fall(struct world *w, const struct pools *before)
{
	for (int i = 0; i < 2; i++) {
		const struct pool *now = before->shares[i] == SLOT_NONE
						 ? NULL
						 : state_pool(w->state, before->shares[i]);
		if (!now || now->shares != before->was[i].shares)
			continue;
		uint128 old = (uint128)(uint64_t)before->was[i].reserve_a *
			      (uint64_t)before->was[i].reserve_b;
		assert_true((uint128)(uint64_t)now->reserve_a * (uint64_t)now->reserve_b >= old);
	}
}

static void result_round_trips(struct world *w)
{
	size_t size = 0, again = 0;
	assert_int_equal(sdex_xdr_size(SDEX_TYPE_TransactionResult, &size, &w->result, NULL),
			 SDEX_OK);
	uint8_t *bytes = sdex_arena_alloc(w->arena, size),
		*twice = sdex_arena_alloc(w->arena, size);
	sdex_TransactionResult *back = NULL;
	assert_int_equal(sdex_TransactionResult_encode(bytes, size, &size, &w->result, NULL),
			 SDEX_OK);
	assert_int_equal(sdex_TransactionResult_decode(&back, w->arena, bytes, size, NULL),
			 SDEX_OK);
	assert_int_equal(sdex_TransactionResult_encode(twice, size, &again, back, NULL), SDEX_OK);
	assert_int_equal(size, again);
	assert_memory_equal(bytes, twice, size);
	sdex_TransactionMeta meta;
	assert_true(meta_export(&meta, &w->meta, w->state->header.version, w->arena));
	assert_int_equal(sdex_xdr_size(SDEX_TYPE_TransactionMeta, &size, &meta, NULL), SDEX_OK);
}

/* Runs `steps` transactions from a seed. */
static void random_world(uint64_t number, int steps)
{
	struct world w;
	struct seeded seed = {number};
	market(&w);
	w.state->header.max_tx_set_size = (uint32_t)number;
	world_account(&w, ISSUER)->entry.flags = SDEX_AUTH_REVOCABLE_FLAG;
	world_account(&w, DAVE)->balance = 3 * XLM; /* poor: reserves matter */
	int done = 0;
	for (int i = 0; i < steps; i++) {
		sdex_Operation *ops[3];
		uint32_t count = 1 + (uint32_t)seeded_below(&seed, 2);
		struct totals before = totals_of(&w), after;
		struct pools pools = pools_of(&w);
		ops[0] = some_operation(&w, &seed);
		ops[1] = some_operation(&w, &seed);
		if (seeded_below(&seed, 6) == 0) {
			int who = someone(&w, &seed);
			ops[0] = sponsor(&w, &seed, who);
			ops[1] = some_operation(&w, &seed);
			ops[2] = op_new(&w, who, SDEX_END_SPONSORING_FUTURE_RESERVES);
			count = 3;
		}
		uint8_t held[32], undone[32];
		bool what_if = i % 16 == 0;
		if (what_if) {
			assert_int_equal(state_digest(w.state, held), SDEX_OK);
			state_begin(w.state);
			world_apply(&w, ALICE, ops, count);
			state_rollback(w.state);
			assert_int_equal(state_digest(w.state, undone), SDEX_OK);
			assert_memory_equal(held, undone, 32);
			world_laws(&w);
		}
		w.state->header.sequence++; /* so that merges are not too early */
		w.state->header.close_time++;
		sdex_TransactionResultCode code = world_apply(&w, ALICE, ops, count);
		assert_int_not_equal(code, SDEX_txINTERNAL_ERROR);
		done += code == SDEX_txSUCCESS;
		result_round_trips(&w);
		world_laws(&w);
		products_do_not_fall(&w, &pools);
		after = totals_of(&w);
		assert_int_equal(before.native, after.native);
		if (code != SDEX_txSUCCESS || number % 2 == 0) {
			assert_int_equal(before.credit[0], after.credit[0]);
			assert_int_equal(before.credit[1], after.credit[1]);
		}
		sdex_arena_reset(w.arena);
	}
	assert_true(done > steps / 10); /* the world is not all refusals */
	world_close(&w);
}

static void random_worlds_keep_the_laws(void **state)
{
	(void)state;
	for (uint64_t number = 1; number <= 20; number++)
		random_world(number, 400);
}

/* --- frozen makers */

enum { TAKER = 10, MAKERS = 31, FROZEN = 60 }; /* the taker, thirty makers, fifteen frozen ones */

struct market_end {
	int64_t balances[MAKERS][3];
	uint32_t removed; /* frozen offers */
	int done;         /* of the taker's operations */
};

static void enter(struct world *w, int who)
{
	world_fund(w, who, 1000 * XLM);
	world_trust(w, who, credit_of("USD", ISSUER), 100000, INT64_MAX);
	world_trust(w, who, credit_of("EUR", ISSUER), 100000, INT64_MAX);
}

static void offer_some(struct world *w, struct seeded *seed, int who, sdex_Asset selling,
		       sdex_Asset buying)
{
	int32_t n = 1 + (int32_t)seeded_below(seed, 10), d = 1 + (int32_t)seeded_below(seed, 10);
	int64_t amount = 100 + (int64_t)seeded_below(seed, 4901);
	assert_int_equal(world_run(w, op_sell(w, who, selling, buying, amount, n, d, 0)), 0);
}

static sdex_Operation *take_some(struct world *w, struct seeded *seed, sdex_Asset selling,
				 sdex_Asset buying)
{
	int64_t amount = 50 + (int64_t)seeded_below(seed, 1951);
	int32_t n = 1 + (int32_t)seeded_below(seed, 10), d = 1 + (int32_t)seeded_below(seed, 10);
	switch (seeded_below(seed, 5)) {
	case 0:
		return op_sell(w, TAKER, selling, buying, amount, n, d, 0);
	case 1:
		return op_buy(w, TAKER, selling, buying, amount, n, d, 0);
	case 2:
		return op_passive(w, TAKER, selling, buying, amount, n, d);
	case 3:
		return op_receive(w, TAKER, TAKER, selling, 10 * amount, buying, amount, NULL, 0);
	default:
		return op_send(w, TAKER, TAKER, selling, amount, buying, 1, NULL, 0);
	}
}

static struct market_end trade_beside_frozen(uint64_t number, bool frozen)
{
	struct world w;
	struct seeded makers = {number}, others = {number + 100}, taker = {number + 200};
	struct market_end end = {0};
	sdex_Asset usd = credit_of("USD", ISSUER), eur = credit_of("EUR", ISSUER);
	const sdex_Asset pairs[3][2] = {{usd, native_asset()}, {eur, native_asset()}, {usd, eur}};
	world_open(&w, 26 + (uint32_t)(number % 3));
	world_fund(&w, ISSUER, 1000 * XLM);
	for (int i = 0; i < MAKERS; i++) {
		enter(&w, TAKER + i);
		if (i > 0)
			offer_some(&w, &makers, TAKER + i, pairs[i % 3][0], pairs[i % 3][1]);
	}
	for (int i = 0; frozen && i < 15; i++) {
		enter(&w, FROZEN + i);
		offer_some(&w, &others, FROZEN + i, pairs[i % 3][0], pairs[i % 3][1]);
		world_freeze(&w, FROZEN + i, &pairs[i % 3][0]);
	}
	uint32_t others_before = frozen ? 15 : 0;
	for (int i = 0; i < 15; i++) {
		const sdex_Asset *pair = pairs[seeded_below(&taker, 3)];
		end.done += world_run(&w, take_some(&w, &taker, pair[1], pair[0])) == 0;
		world_laws(&w);
	}
	for (int i = 0; i < 15 && frozen; i++)
		others_before -=
			address_at(w.state, world_address(&w, FROZEN + i))->offers != SLOT_NONE;
	end.removed = others_before;
	for (int i = 0; i < MAKERS; i++) {
		end.balances[i][0] = world_account(&w, TAKER + i)->balance;
		end.balances[i][1] = world_line(&w, TAKER + i, usd)->balance;
		end.balances[i][2] = world_line(&w, TAKER + i, eur)->balance;
	}
	world_close(&w);
	return end;
}

/* FrozenLedgerKeysTests: frozen offers are transparent to DEX matching - randomized */
static void frozen_makers_change_nothing_for_others(void **state)
{
	(void)state;
	uint32_t removed = 0;
	int done = 0;
	for (uint64_t number = 1; number <= 30; number++) {
		struct market_end with = trade_beside_frozen(number, true);
		struct market_end without = trade_beside_frozen(number, false);
		assert_memory_equal(with.balances, without.balances, sizeof(with.balances));
		assert_int_equal(with.done, without.done);
		removed += with.removed;
		done += with.done;
	}
	assert_true(removed > 30);
	assert_true(done > 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_offer_rests_crosses_and_goes),
		cmocka_unit_test(offers_are_refused_by_the_network_s_codes),
		cmocka_unit_test(better_prices_first_then_older_offers),
		cmocka_unit_test(a_passive_offer_does_not_take_its_equal),
		cmocka_unit_test(path_payments_walk_books_and_pools),
		cmocka_unit_test(the_book_wins_only_when_it_is_better),
		cmocka_unit_test(random_worlds_keep_the_laws),
		cmocka_unit_test(frozen_makers_change_nothing_for_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
