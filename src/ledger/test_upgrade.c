/* Upgrades: what each kind changes and from when on, which are passed over, and what a rise
 * of the base reserve does to offers (stellar-core: UpgradesTests.cpp). */
#include "ledger/close.h"
#include "ledger/testing/world.h"
#include "sdex/transaction.h"

enum { ISSUER = 1, ALICE, BOB, CAROL };

struct chain {
	struct world w;
	sdex_LedgerHeader last;
	struct closed closed; /* the last ledger */
};

static void open_chain(struct chain *c, uint32_t version)
{
	memset(c, 0, sizeof(*c));
	world_open(&c->w, version);
	header_store(&c->last, &c->w.state->header);
}

static enum sdex_error try_close(struct chain *c, const struct close_tx *txs, uint32_t count,
				 const sdex_LedgerUpgrade *upgrades, uint32_t upgrade_count,
				 struct sdex_failure *why)
{
	sdex_UpgradeType *encoded = sdex_arena_alloc(c->w.arena, sizeof(*encoded) * 8);
	for (uint32_t i = 0; i < upgrade_count; i++)
		assert_int_equal(upgrade_encode(&encoded[i], &upgrades[i], c->w.arena), SDEX_OK);
	struct close_request request = {.previous = &c->last,
					.close_time = c->last.scpValue.closeTime + 5,
					.txs = txs,
					.count = count,
					.upgrades = {.items = encoded, .count = upgrade_count}};
	enum sdex_error error = close_ledger(&c->closed, &c->w.ledger, &request, why);
	if (!error)
		c->last = c->closed.header.header;
	return error;
}

static void upgrade(struct chain *c, sdex_LedgerUpgradeType type, uint32_t value)
{
	sdex_LedgerUpgrade one = {.type = type, .newBaseFee = value};
	assert_int_equal(try_close(c, NULL, 0, &one, 1, NULL), SDEX_OK);
}

static void each_kind_changes_the_header(void **state)
{
	(void)state;
	struct chain c;
	open_chain(&c, 26);
	const sdex_LedgerUpgrade all[] = {
		{.type = SDEX_LEDGER_UPGRADE_VERSION, .newLedgerVersion = 27},
		{.type = SDEX_LEDGER_UPGRADE_BASE_FEE, .newBaseFee = 250},
		{.type = SDEX_LEDGER_UPGRADE_MAX_TX_SET_SIZE, .newMaxTxSetSize = 77},
		{.type = SDEX_LEDGER_UPGRADE_BASE_RESERVE, .newBaseReserve = RESERVE / 2},
		{.type = SDEX_LEDGER_UPGRADE_FLAGS, .newFlags = 5}};
	assert_int_equal(try_close(&c, NULL, 0, all, 5, NULL), SDEX_OK);
	const struct header *header = &c.w.state->header;
	assert_int_equal(header->version, 27);
	assert_int_equal(header->base_fee, 250);
	assert_int_equal(header->max_tx_set_size, 77);
	assert_int_equal(header->base_reserve, RESERVE / 2);
	assert_int_equal(header->flags, 5);
	assert_int_equal(c.last.ledgerVersion, 27);
	assert_int_equal(c.last.baseFee, 250);
	assert_int_equal(c.last.maxTxSetSize, 77);
	assert_int_equal(c.last.baseReserve, RESERVE / 2);
	assert_int_equal(c.last.ext.v, 1);
	assert_int_equal(c.last.ext.v1.flags, 5);
	assert_int_equal(c.last.scpValue.upgrades.count, 5);
	assert_int_equal(c.closed.upgrades.count, 5);
	for (int i = 0; i < 5; i++) {
		assert_true(sdex_LedgerUpgrade_equal(&c.closed.upgrades.items[i].upgrade, &all[i]));
		assert_int_equal(c.closed.upgrades.items[i].changes.count, 0);
	}
	/* flags that go leave their place */
	upgrade(&c, SDEX_LEDGER_UPGRADE_FLAGS, 0);
	assert_int_equal(c.last.ext.v, 1);
	assert_int_equal(c.last.ext.v1.flags, 0);
	world_close(&c.w);
}

static void what_is_not_valid_is_passed_over(void **state)
{
	(void)state;
	struct chain c;
	open_chain(&c, 27);
	const sdex_LedgerUpgrade none[] = {
		{.type = SDEX_LEDGER_UPGRADE_VERSION, .newLedgerVersion = 27},
		{.type = SDEX_LEDGER_UPGRADE_VERSION, .newLedgerVersion = VERSION_NEWEST + 1},
		{.type = SDEX_LEDGER_UPGRADE_BASE_FEE, .newBaseFee = 0},
		{.type = SDEX_LEDGER_UPGRADE_BASE_RESERVE, .newBaseReserve = 0},
		{.type = SDEX_LEDGER_UPGRADE_FLAGS, .newFlags = 8}};
	struct header before = c.w.state->header;
	assert_int_equal(try_close(&c, NULL, 0, none, 5, NULL), SDEX_OK);
	const struct header *after = &c.w.state->header;
	assert_int_equal(after->version, before.version);
	assert_int_equal(after->base_fee, before.base_fee);
	assert_int_equal(after->base_reserve, before.base_reserve);
	assert_int_equal(after->flags, before.flags);
	assert_int_equal(c.last.ext.v, 0);
	assert_int_equal(c.closed.upgrades.count, 0);
	assert_int_equal(c.last.scpValue.upgrades.count, 5);
	/* nor is what cannot be read; what follows is applied all the same */
	static const uint8_t noise[] = {0, 0, 0, 9, 1};
	sdex_UpgradeType list[2] = {{noise, sizeof(noise)}};
	sdex_LedgerUpgrade fee = {.type = SDEX_LEDGER_UPGRADE_BASE_FEE, .newBaseFee = 7};
	assert_int_equal(upgrade_encode(&list[1], &fee, c.w.arena), SDEX_OK);
	struct close_request request = {.previous = &c.last,
					.close_time = c.last.scpValue.closeTime + 5,
					.upgrades = {.items = list, .count = 2}};
	assert_int_equal(close_ledger(&c.closed, &c.w.ledger, &request, NULL), SDEX_OK);
	assert_int_equal(c.closed.upgrades.count, 1);
	assert_int_equal(c.closed.header.header.baseFee, 7);
	world_close(&c.w);
}

static void contracts_settings_are_refused(void **state)
{
	(void)state;
	struct chain c;
	struct sdex_failure why = {0};
	uint8_t before[32], after[32];
	open_chain(&c, 27);
	world_fund(&c.w, ALICE, 100 * XLM);
	assert_int_equal(state_digest(c.w.state, before), SDEX_OK);
	sdex_LedgerUpgrade two[] = {
		{.type = SDEX_LEDGER_UPGRADE_BASE_FEE, .newBaseFee = 7},
		{.type = SDEX_LEDGER_UPGRADE_MAX_SOROBAN_TX_SET_SIZE, .newMaxSorobanTxSetSize = 1}};
	assert_int_equal(try_close(&c, NULL, 0, two, 2, &why), SDEX_ERR_UNSUPPORTED);
	assert_non_null(strstr(why.text, "upgrade 1"));
	assert_int_equal(state_digest(c.w.state, after), SDEX_OK);
	assert_memory_equal(before, after, 32);
	/* too many are no ledger's */
	sdex_LedgerUpgrade seven[7];
	for (int i = 0; i < 7; i++)
		seven[i] = two[0];
	assert_int_equal(try_close(&c, NULL, 0, seven, 7, &why), SDEX_ERR_INVALID);
	world_close(&c.w);
}

static struct close_tx payment_of(struct chain *c, int from, int64_t amount)
{
	static const int64_t base_fee = 100;
	struct world *w = &c->w;
	sdex_TransactionEnvelope *envelope = sdex_arena_alloc(w->arena, sizeof(*envelope));
	sdex_TransactionV1Envelope *v1 = sdex_arena_alloc(w->arena, sizeof(*v1));
	*envelope = (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX, .v1 = v1};
	*v1 = (sdex_TransactionV1Envelope){
		.tx = {.sourceAccount = muxed_of(from),
		       .fee = 100,
		       .seqNum = world_account(w, from)->sequence + 1,
		       .operations = {.items = op_payment(w, from, from, native_asset(), amount),
				      .count = 1}}};
	return (struct close_tx){.envelope = envelope, .base_fee = &base_fee};
}

static void new_rules_begin_with_the_next_ledger(void **state)
{
	(void)state;
	struct chain c;
	open_chain(&c, 22);
	world_fund(&c.w, ALICE, 100 * XLM);
	sdex_LedgerUpgrade to_23 = {.type = SDEX_LEDGER_UPGRADE_VERSION, .newLedgerVersion = 23};
	for (int ledger = 0; ledger < 2; ledger++) {
		struct close_tx tx = payment_of(&c, ALICE, XLM);
		assert_int_equal(try_close(&c, &tx, 1, &to_23, ledger == 0, NULL), SDEX_OK);
		assert_int_equal(c.last.ledgerVersion, 23);
		assert_int_equal(c.closed.txs.items[0].txApplyProcessing.v, ledger == 0 ? 3 : 4);
		assert_int_equal(c.closed.set.generalized.v1TxSet->phases.items[1].v, ledger);
		sdex_LedgerCloseMeta *meta = close_meta(&c.closed, c.w.arena);
		assert_non_null(meta);
		assert_int_equal(meta->v, ledger == 0 ? 1 : 2);
		uint32_t upgrades = ledger == 0 ? meta->v1->upgradesProcessing.count
						: meta->v2->upgradesProcessing.count;
		assert_int_equal(upgrades, ledger == 0);
		size_t size = 0;
		assert_int_equal(sdex_xdr_size(SDEX_TYPE_LedgerCloseMeta, &size, meta, NULL),
				 SDEX_OK);
	}
	world_close(&c.w);
}

static void a_burn_is_undone_on_the_public_network(void **state)
{
	(void)state;
	for (int public = 0; public < 2; public ++) {
		struct chain c;
		open_chain(&c, 23);
		if (public)
			sdex_sha256(c.w.network, SDEX_PASSPHRASE_PUBLIC,
				    strlen(SDEX_PASSPHRASE_PUBLIC));
		c.w.state->header.fee_pool = 1000;
		upgrade(&c, SDEX_LEDGER_UPGRADE_VERSION, 24);
		assert_int_equal(c.last.feePool, public ? 31880035 : 1000);
		upgrade(&c, SDEX_LEDGER_UPGRADE_VERSION, 25);
		assert_int_equal(c.last.feePool, public ? 31880035 : 1000);
		world_close(&c.w);
	}
}

static void flags_turn_pools_off(void **state)
{
	(void)state;
	struct chain c;
	struct world *w = &c.w;
	open_chain(&c, 27);
	sdex_Asset native = native_asset(), usd = credit_of("USD", ISSUER);
	world_fund(w, ISSUER, 100 * XLM);
	world_fund(w, ALICE, 1000 * XLM);
	world_fund(w, BOB, 1000 * XLM);
	world_trust(w, ALICE, usd, 100 * XLM, INT64_MAX);
	world_trust(w, BOB, usd, 0, INT64_MAX);
	sdex_Operation *deposit = op_deposit(w, ALICE, native, usd, 10 * XLM, 10 * XLM);
	sdex_Operation *send = op_send(w, BOB, BOB, native, XLM, usd, 1, NULL, 0);
	sdex_Operation *withdraw = op_new(w, ALICE, SDEX_LIQUIDITY_POOL_WITHDRAW);
	sdex_LiquidityPoolWithdrawOp *out = sdex_arena_alloc(w->arena, sizeof(*out));
	*out = (sdex_LiquidityPoolWithdrawOp){.amount = XLM};
	world_pool_id(w, out->liquidityPoolID.bytes, native, usd);
	withdraw->body.liquidityPoolWithdrawOp = out;
	assert_int_equal(world_run(w, op_trust_pool(w, ALICE, native, usd, INT64_MAX)), 0);
	assert_int_equal(world_run(w, deposit), 0);
	assert_int_equal(world_run(w, send), 0);
	assert_int_equal(world_run(w, withdraw), 0);
	static const int no = 1000 - (int)SDEX_opNOT_SUPPORTED;
	for (uint32_t flags = 0; flags < 8; flags++) {
		header_store(&c.last, &w->state->header);
		upgrade(&c, SDEX_LEDGER_UPGRADE_FLAGS, flags);
		assert_int_equal(world_run(w, send),
				 flags & 1 ? SDEX_PATH_PAYMENT_STRICT_SEND_TOO_FEW_OFFERS : 0);
		assert_int_equal(world_run(w, deposit), flags & 2 ? no : 0);
		assert_int_equal(world_run(w, withdraw), flags & 4 ? no : 0);
	}
	world_laws(w);
	world_close(w);
}

/* --- the base reserve: accounts with twelve offers each of 1000 at 2 */

static const int64_t TWELVE = 14; /* subentries: and two trustlines */

static int64_t minimum(int64_t subentries)
{
	return (2 + subentries) * RESERVE;
}

static sdex_Asset asset(int which)
{
	return which == 0 ? native_asset() : credit_of(which == 1 ? "CUR1" : "CUR2", ISSUER);
}

static void offer_all(struct world *w, int who)
{
	static const int pairs[6][2] = {{0, 1}, {1, 0}, {0, 2}, {2, 0}, {1, 2}, {2, 1}};
	for (int i = 0; i < 12; i++)
		assert_int_equal(world_run(w, op_sell(w, who, asset(pairs[i / 2][0]),
						      asset(pairs[i / 2][1]), 1000, 2, 1, 0)),
				 0);
}

static void open_trader(struct world *w, int who, int64_t balance)
{
	world_fund(w, who, balance);
	for (int i = 1; i <= 2; i++)
		world_trust(w, who, asset(i), 4000, 12000);
}

static uint32_t offers_of(struct world *w, int who)
{
	uint32_t count = 0, slot = address_at(w->state, world_address(w, who))->offers;
	for (; slot != SLOT_NONE; count++)
		slot = ((struct offer *)slab_at(&w->state->entries[ENTRY_OFFER], slot))->next;
	return count;
}

/* All twelve are there, or the four that sell lumens are not. */
static void expect_offers(struct world *w, int who, bool all)
{
	assert_int_equal(offers_of(w, who), all ? 12 : 8);
	assert_int_equal(world_account(w, who)->buying, 8000);
	assert_int_equal(world_account(w, who)->selling, all ? 4000 : 0);
	for (int i = 1; i <= 2; i++) {
		assert_int_equal(world_line(w, who, asset(i))->buying, all ? 8000 : 4000);
		assert_int_equal(world_line(w, who, asset(i))->selling, 4000);
	}
}

static void a_lower_reserve_leaves_offers_alone(void **state)
{
	(void)state;
	struct chain c;
	open_chain(&c, 27);
	world_fund(&c.w, ISSUER, 100 * XLM);
	open_trader(&c.w, ALICE, minimum(TWELVE) + 4000);
	offer_all(&c.w, ALICE);
	header_store(&c.last, &c.w.state->header);
	upgrade(&c, SDEX_LEDGER_UPGRADE_BASE_RESERVE, RESERVE / 2);
	expect_offers(&c.w, ALICE, true);
	assert_int_equal(c.closed.upgrades.items[0].changes.count, 0);
	world_laws(&c.w);
	world_close(&c.w);
}

static void a_higher_reserve_takes_offers_that_it_eats_into(void **state)
{
	(void)state;
	for (int maintained = 0; maintained < 2; maintained++) {
		struct chain c;
		struct world *w = &c.w;
		open_chain(&c, 27);
		world_fund(w, ISSUER, 100 * XLM);
		/* one stroop decides */
		open_trader(w, ALICE, 2 * minimum(TWELVE) + 3999);
		open_trader(w, BOB, 2 * minimum(TWELVE) + 4000);
		offer_all(w, ALICE);
		offer_all(w, BOB);
		if (maintained)
			world_line(w, ALICE, asset(1))->entry.flags =
				SDEX_AUTHORIZED_TO_MAINTAIN_LIABILITIES_FLAG;
		header_store(&c.last, &w->state->header);
		upgrade(&c, SDEX_LEDGER_UPGRADE_BASE_RESERVE, 2 * RESERVE);
		expect_offers(w, ALICE, false);
		expect_offers(w, BOB, true);
		world_laws(w);
		/* all accounts with offers and all offers count as changed, and the trustlines */
		const sdex_LedgerEntryChanges *changes = &c.closed.upgrades.items[0].changes;
		assert_int_equal(changes->count, 2 * (2 + 24 + 4));
		uint32_t removed = 0;
		for (uint32_t i = 0; i < changes->count; i++)
			removed += changes->items[i].type == SDEX_LEDGER_ENTRY_REMOVED;
		assert_int_equal(removed, 4);
		world_close(w);
	}
}

/* `sponsor` takes over the reserves of an account's offers, or of the last of them. */
static void sponsor_offers(struct world *w, int sponsor, int who, bool last_only)
{
	sdex_Operation *ops[16];
	uint32_t count = 0;
	uint32_t slot = address_at(w->state, world_address(w, who))->offers;
	ops[count] = op_new(w, sponsor, SDEX_BEGIN_SPONSORING_FUTURE_RESERVES);
	ops[count++]->body.beginSponsoringFutureReservesOp.sponsoredID = account_of(who);
	int64_t last = 0;
	for (uint32_t at = slot; at != SLOT_NONE;) {
		const struct offer *offer = slab_at(&w->state->entries[ENTRY_OFFER], at);
		last = offer->id > last ? offer->id : last;
		at = offer->next;
	}
	for (uint32_t at = slot; at != SLOT_NONE;) {
		const struct offer *offer = slab_at(&w->state->entries[ENTRY_OFFER], at);
		at = offer->next;
		if (last_only && offer->id != last)
			continue;
		sdex_LedgerKey *key = sdex_arena_alloc(w->arena, sizeof(*key));
		sdex_LedgerKeyOffer *of = sdex_arena_alloc(w->arena, sizeof(*of));
		*of = (sdex_LedgerKeyOffer){.sellerID = account_of(who), .offerID = offer->id};
		*key = (sdex_LedgerKey){.type = SDEX_OFFER, .offer = of};
		ops[count] = op_new(w, who, SDEX_REVOKE_SPONSORSHIP);
		ops[count]->body.revokeSponsorshipOp.type = SDEX_REVOKE_SPONSORSHIP_LEDGER_ENTRY;
		ops[count++]->body.revokeSponsorshipOp.ledgerKey = key;
	}
	ops[count++] = op_new(w, who, SDEX_END_SPONSORING_FUTURE_RESERVES);
	assert_int_equal(world_apply(w, sponsor, ops, count), SDEX_txSUCCESS);
}

static void sponsors_keep_what_others_offers_cost_them(bool sponsor_loses, bool sponsored_loses,
						       bool swapped)
{
	struct chain c;
	struct world *w = &c.w;
	/* the order in which accounts come up must not matter */
	int sponsor = swapped ? BOB : ALICE, sponsored = swapped ? ALICE : BOB;
	open_chain(&c, 27);
	world_fund(w, ISSUER, 100 * XLM);
	for (int who = ALICE; who <= CAROL; who++)
		world_address(w, who);
	open_trader(w, sponsor, 2 * minimum(27) + 4000 - sponsor_loses);
	open_trader(w, sponsored, minimum(TWELVE) + 3999);
	open_trader(w, CAROL, 2 * minimum(13) + 3999);
	world_account(w, sponsored)->balance += RESERVE; /* while nobody sponsors it yet */
	offer_all(w, sponsor);
	offer_all(w, sponsored);
	offer_all(w, CAROL);
	sponsor_offers(w, sponsor, sponsored, false);
	sponsor_offers(w, sponsor, CAROL, true);
	assert_int_equal(world_account(w, sponsored)->sponsored, 12);
	assert_int_equal(world_account(w, CAROL)->sponsored, 1);
	assert_int_equal(world_account(w, sponsor)->sponsoring, 13);
	/* two accounts' worth of two subentries, twice the reserve, and what is offered */
	world_account(w, sponsored)->balance = 2 * minimum(2) + 4000 - sponsored_loses;
	header_store(&c.last, &w->state->header);
	upgrade(&c, SDEX_LEDGER_UPGRADE_BASE_RESERVE, 2 * RESERVE);
	expect_offers(w, sponsored, !sponsored_loses);
	expect_offers(w, sponsor, !sponsor_loses);
	expect_offers(w, CAROL, false);
	assert_int_equal(world_account(w, sponsored)->sponsored, sponsored_loses ? 8 : 12);
	assert_int_equal(world_account(w, sponsor)->sponsoring, sponsored_loses ? 9 : 13);
	world_laws(w);
	world_close(w);
}

static void sponsored_offers_go_by_the_reserves_of_before(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		sponsors_keep_what_others_offers_cost_them(i & 1, i & 2, i & 4);
}

static void liabilities_stay_where_no_offer_remains(void **state)
{
	(void)state;
	struct chain c;
	struct world *w = &c.w;
	open_chain(&c, 27);
	world_fund(w, ISSUER, 100 * XLM);
	open_trader(w, ALICE, minimum(3) + 1000);
	assert_int_equal(world_run(w, op_sell(w, ALICE, asset(0), asset(1), 1000, 2, 1, 0)), 0);
	header_store(&c.last, &w->state->header);
	upgrade(&c, SDEX_LEDGER_UPGRADE_BASE_RESERVE, 2 * RESERVE);
	assert_int_equal(offers_of(w, ALICE), 0);
	assert_int_equal(world_account(w, ALICE)->subentries, 2);
	assert_int_equal(world_account(w, ALICE)->selling, 1000);
	assert_int_equal(world_line(w, ALICE, asset(1))->buying, 2000);
	world_close(w);
}

static void an_account_under_its_reserve_stops_the_upgrade(void **state)
{
	(void)state;
	struct chain c;
	struct world *w = &c.w;
	uint8_t before[32], after[32];
	open_chain(&c, 27);
	world_fund(w, ISSUER, 100 * XLM);
	open_trader(w, ALICE, minimum(4) + 1000);
	/* the one that buys lumens stays, and lumens' liabilities cannot be written then */
	assert_int_equal(world_run(w, op_sell(w, ALICE, asset(0), asset(1), 1000, 2, 1, 0)), 0);
	assert_int_equal(world_run(w, op_sell(w, ALICE, asset(1), asset(0), 1000, 2, 1, 0)), 0);
	header_store(&c.last, &w->state->header);
	upgrade(&c, SDEX_LEDGER_UPGRADE_BASE_FEE, 100);
	assert_int_equal(state_digest(w->state, before), SDEX_OK);
	sdex_LedgerUpgrade two[] = {
		{.type = SDEX_LEDGER_UPGRADE_BASE_RESERVE, .newBaseReserve = 2 * RESERVE},
		{.type = SDEX_LEDGER_UPGRADE_BASE_FEE, .newBaseFee = 200}};
	assert_int_equal(try_close(&c, NULL, 0, two, 2, NULL), SDEX_OK);
	assert_int_equal(c.closed.upgrades.count, 1);
	assert_int_equal(c.last.baseReserve, RESERVE);
	assert_int_equal(c.last.baseFee, 200);
	assert_int_equal(offers_of(w, ALICE), 2);
	/* nothing else has changed */
	w->state->header.base_fee = 100;
	w->state->header.sequence--;
	w->state->header.close_time -= 5;
	assert_int_equal(state_digest(w->state, after), SDEX_OK);
	assert_memory_equal(before, after, 32);
	world_laws(w);
	world_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_changes_the_header),
		cmocka_unit_test(what_is_not_valid_is_passed_over),
		cmocka_unit_test(contracts_settings_are_refused),
		cmocka_unit_test(new_rules_begin_with_the_next_ledger),
		cmocka_unit_test(a_burn_is_undone_on_the_public_network),
		cmocka_unit_test(flags_turn_pools_off),
		cmocka_unit_test(a_lower_reserve_leaves_offers_alone),
		cmocka_unit_test(a_higher_reserve_takes_offers_that_it_eats_into),
		cmocka_unit_test(sponsored_offers_go_by_the_reserves_of_before),
		cmocka_unit_test(liabilities_stay_where_no_offer_remains),
		cmocka_unit_test(an_account_under_its_reserve_stops_the_upgrade),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
