/* Protocol gates: each rule that differs between protocols 19 and 28, on both sides of the
 * version that brought it.  (Forms of meta and sets, 20 and 23; a burn undone, 24: see also
 * test_upgrade.c.) */
#include <sodium.h>

#include "base/testing_corpus.h"
#include "ledger/cross.h"
#include "ledger/propose.h"
#include "ledger/testing/world.h"

enum { ISSUER = 1, ALICE, BOB, CAROL };

static void what_is_older_or_newer_is_refused_by_name(void **state)
{
	(void)state;
	for (uint32_t version = 0; version < 40; version++) {
		struct sdex_failure why = {0};
		struct world w;
		bool ours = version >= VERSION_OLDEST && version <= VERSION_NEWEST;
		char name[32];
		world_open(&w, version);
		assert_int_equal(ledger_supports(version, &why), ours);
		if (!ours) {
			snprintf(name, sizeof(name), "protocol %u ", version);
			assert_int_equal(why.code, SDEX_ERR_UNSUPPORTED);
			assert_non_null(strstr(why.text, name));
		}
		sdex_LedgerHeader previous = {0};
		struct closed closed;
		header_store(&previous, &w.state->header);
		struct close_request request = {.previous = &previous,
						.close_time = w.state->header.close_time + 5};
		assert_int_equal(close_ledger(&closed, &w.ledger, &request, NULL),
				 ours ? SDEX_OK : SDEX_ERR_UNSUPPORTED);
		world_close(&w);
	}
}

/* An envelope of one payment to oneself, with nothing signed. */
static sdex_TransactionEnvelope *payment(struct world *w, int from, uint32_t fee)
{
	sdex_TransactionEnvelope *envelope = sdex_arena_alloc(w->arena, sizeof(*envelope));
	sdex_TransactionV1Envelope *v1 = sdex_arena_alloc(w->arena, sizeof(*v1));
	*envelope = (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX, .v1 = v1};
	*v1 = (sdex_TransactionV1Envelope){
		.tx = {.sourceAccount = muxed_of(from),
		       .fee = fee,
		       .seqNum = world_account(w, from)->sequence + 1,
		       .operations = {.items = op_payment(w, from, from, native_asset(), 1),
				      .count = 1}}};
	return envelope;
}

static void close_one(struct closed *closed, struct world *w, sdex_TransactionEnvelope *envelope)
{
	static const int64_t base_fee = 100;
	sdex_LedgerHeader previous = {0};
	struct close_tx tx = {.envelope = envelope, .base_fee = &base_fee};
	header_store(&previous, &w->state->header);
	struct close_request request = {.previous = &previous,
					.close_time = w->state->header.close_time + 5,
					.txs = &tx,
					.count = 1};
	assert_int_equal(close_ledger(closed, &w->ledger, &request, NULL), SDEX_OK);
}

/* 20 and 23 */
static void meta_and_sets_have_the_form_of_their_time(void **state)
{
	(void)state;
	for (uint32_t version = VERSION_OLDEST; version <= VERSION_NEWEST; version++) {
		struct world w;
		struct closed closed;
		world_open(&w, version);
		world_fund(&w, ALICE, 100 * XLM);
		close_one(&closed, &w, payment(&w, ALICE, 100));
		sdex_LedgerCloseMeta *meta = close_meta(&closed, w.arena);
		assert_non_null(meta);
		assert_int_equal(meta->v, version < 20 ? 0 : version < 23 ? 1 : 2);
		assert_int_equal(closed.txs.items[0].txApplyProcessing.v, version < 20   ? 2
									  : version < 23 ? 3
											 : 4);
		const sdex_TransactionSetV1 *set = closed.set.generalized.v1TxSet;
		if (version < 20) {
			assert_null(set);
			assert_int_equal(closed.set.old.txs.count, 1);
		} else {
			assert_int_equal(set->phases.items[0].v, 0);
			assert_int_equal(set->phases.items[1].v, version >= 23);
		}
		/* and all of it is encoded and decoded again */
		size_t size = 0;
		sdex_LedgerCloseMeta *back = NULL;
		assert_int_equal(sdex_xdr_size(SDEX_TYPE_LedgerCloseMeta, &size, meta, NULL),
				 SDEX_OK);
		uint8_t *bytes = sdex_arena_alloc(w.arena, size);
		assert_int_equal(sdex_LedgerCloseMeta_encode(bytes, size, &size, meta, NULL),
				 SDEX_OK);
		assert_int_equal(sdex_LedgerCloseMeta_decode(&back, w.arena, bytes, size, NULL),
				 SDEX_OK);
		assert_true(sdex_LedgerCloseMeta_equal(back, meta));
		world_close(&w);
	}
}

/* 20: before, all pay one fee, which rises when there is no room for a hundred more. */
static void old_sets_have_one_fee(void **state)
{
	(void)state;
	for (uint32_t version = 19; version <= 20; version++) {
		for (uint32_t room = 101; room <= 102; room++) {
			struct world w;
			struct candidate all[2];
			struct proposal proposal;
			struct surge_limits limits = {
				.lanes = {[SURGE_GENERIC] = {room, SURGE_NO_LIMIT}}};
			world_open(&w, version);
			w.state->header.max_tx_set_size = room;
			for (int i = 0; i < 2; i++) {
				world_fund(&w, ALICE + i, 100 * XLM);
				all[i].envelope = payment(&w, ALICE + i, i ? 500 : 301);
				assert_int_equal(
					tx_read(&all[i].tx, &w.ledger, all[i].envelope, NULL),
					SDEX_OK);
			}
			assert_int_equal(propose_ledger(&proposal, &w.ledger, all, 2,
							w.state->header.close_time + 5, &limits),
					 SDEX_OK);
			assert_int_equal(proposal.count, 2);
			int64_t expected = version == 19 && room == 101 ? 301 : 100;
			for (int i = 0; i < 2; i++)
				assert_int_equal(*proposal.txs[i].base_fee, expected);
			world_close(&w);
		}
	}
}

/* 21 */
static void an_extension_without_contracts_is_malformed(void **state)
{
	(void)state;
	for (uint32_t version = 20; version <= 21; version++) {
		struct world w;
		struct closed closed;
		sdex_SorobanTransactionData data = {0};
		world_open(&w, version);
		world_fund(&w, ALICE, 100 * XLM);
		sdex_TransactionEnvelope *envelope = payment(&w, ALICE, 100);
		envelope->v1->tx.ext.v = 1;
		envelope->v1->tx.ext.sorobanData = &data;
		close_one(&closed, &w, envelope);
		assert_int_equal(closed.txs.items[0].result.result.result.code,
				 version < 21 ? SDEX_txSUCCESS : SDEX_txMALFORMED);
		world_close(&w);
	}
}

/* 25 */
static void a_bumped_transaction_s_own_fee_is_none(void **state)
{
	(void)state;
	for (uint32_t version = 24; version <= 25; version++) {
		struct world w;
		struct closed closed;
		world_open(&w, version);
		world_fund(&w, ALICE, 100 * XLM);
		world_fund(&w, BOB, 100 * XLM);
		sdex_TransactionEnvelope *inner = payment(&w, ALICE, 150), outer;
		sdex_FeeBumpTransactionEnvelope bump = {
			.tx = {.feeSource = muxed_of(BOB),
			       .fee = 1000,
			       .innerTx = {SDEX_ENVELOPE_TYPE_TX, {inner->v1}}}};
		outer = (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX_FEE_BUMP,
						   .feeBump = &bump};
		close_one(&closed, &w, &outer);
		const sdex_TransactionResult *result = &closed.txs.items[0].result.result;
		assert_int_equal(result->result.code, SDEX_txFEE_BUMP_INNER_SUCCESS);
		assert_int_equal(result->feeCharged, 200);
		assert_int_equal(result->result.innerResultPair->result.feeCharged,
				 version < 25 ? 100 : 0);
		world_close(&w);
	}
}

/* --- 26: frozen keys */

static void freeze(struct world *w, const sdex_LedgerKey *keys, uint32_t count)
{
	sdex_EncodedLedgerKey *encoded = sdex_arena_alloc(w->arena, count * sizeof(*encoded));
	for (uint32_t i = 0; i < count; i++) {
		uint8_t *bytes = sdex_arena_alloc(w->arena, 256);
		size_t size = 0;
		assert_int_equal(sdex_LedgerKey_encode(bytes, 256, &size, &keys[i], NULL), SDEX_OK);
		encoded[i] = (sdex_EncodedLedgerKey){bytes, (uint32_t)size};
	}
	sdex_LedgerEntry entry = {.data.type = SDEX_CONFIG_SETTING};
	entry.data.configSetting.configSettingID = SDEX_CONFIG_SETTING_FROZEN_LEDGER_KEYS;
	entry.data.configSetting.frozenLedgerKeys.keys =
		(sdex_EncodedLedgerKey_list){.items = encoded, .count = count};
	assert_int_equal(entry_load(w->state, &entry, NULL), SDEX_OK);
}

static void frozen_accounts_do_nothing(void **state)
{
	(void)state;
	for (uint32_t version = 25; version <= 26; version++) {
		struct world w;
		struct closed closed;
		sdex_LedgerKey key = {.type = SDEX_ACCOUNT, .account.accountID = account_of(ALICE)};
		world_open(&w, version);
		world_fund(&w, ALICE, 100 * XLM);
		freeze(&w, &key, 1);
		close_one(&closed, &w, payment(&w, ALICE, 100));
		assert_int_equal(closed.txs.items[0].result.result.result.code,
				 version < 26 ? SDEX_txSUCCESS : SDEX_txFROZEN_KEY_ACCESSED);
		/* it has paid, and kept its sequence number */
		assert_int_equal(world_account(&w, ALICE)->balance, 100 * XLM - 100);
		assert_int_equal(world_account(&w, ALICE)->sequence, version < 26 ? 101 : 100);
		world_close(&w);
	}
}

static void a_frozen_maker_s_offer_is_taken_away(void **state)
{
	(void)state;
	for (uint32_t version = 25; version <= 26; version++) {
		struct world w;
		sdex_Asset native = native_asset(), usd = credit_of("USD", ISSUER);
		sdex_LedgerKey key = {.type = SDEX_ACCOUNT, .account.accountID = account_of(ALICE)};
		world_open(&w, version);
		world_fund(&w, ISSUER, 100 * XLM);
		for (int who = ALICE; who <= CAROL; who++) {
			world_fund(&w, who, 100 * XLM);
			world_trust(&w, who, usd, 1000, INT64_MAX);
		}
		/* the best offer is the frozen one's */
		assert_int_equal(world_run(&w, op_sell(&w, ALICE, native, usd, 100, 1, 1, 0)), 0);
		assert_int_equal(world_run(&w, op_sell(&w, BOB, native, usd, 100, 2, 1, 0)), 0);
		freeze(&w, &key, 1);
		assert_int_equal(frozen_read(&w.ledger.frozen, w.state, w.arena), SDEX_OK);
		assert_int_equal(world_run(&w, op_sell(&w, CAROL, usd, native, 100, 1, 2, 0)), 0);
		const sdex_ManageOfferSuccessResult *done =
			&world_op_result(&w, 0)->tr->manageSellOfferResult.success;
		sdex_AccountID maker = account_of(version < 26 ? ALICE : BOB);
		assert_int_equal(done->offersClaimed.count, 1);
		assert_true(sdex_AccountID_equal(&done->offersClaimed.items[0].orderBook->sellerID,
						 &maker));
		assert_int_equal(address_at(w.state, world_address(&w, ALICE))->offers, SLOT_NONE);
		world_laws(&w);
		world_close(&w);
	}
}

/* 27: offers that were tried and given up for a pool count as crossed. */
static void what_is_tried_is_paid_for(void **state)
{
	(void)state;
	for (uint32_t version = 26; version <= 27; version++) {
		for (int offers = 999; offers <= 1000; offers++) {
			struct world w;
			sdex_Asset native = native_asset(), usd = credit_of("USD", ISSUER);
			world_open(&w, version);
			w.ledger.want_meta = false;
			for (int who = ISSUER; who <= CAROL; who++)
				world_fund(&w, who, 100000 * XLM);
			for (int who = ALICE; who <= CAROL; who++)
				world_trust(&w, who, usd, 1000000 * XLM, INT64_MAX);
			assert_int_equal(
				world_run(&w, op_trust_pool(&w, ALICE, native, usd, INT64_MAX)), 0);
			assert_int_equal(world_run(&w, op_deposit(&w, ALICE, native, usd,
								  10000 * XLM, 10000 * XLM)),
					 0);
			/* worse than the pool, by two makers since one cannot have so many */
			for (int i = 0; i < offers; i++)
				assert_int_equal(world_run(&w, op_sell(&w, i % 2 ? BOB : ALICE, usd,
								       native, 100, 2, 1, 0)),
						 0);
			int code = world_run(&w, op_send(&w, CAROL, CAROL, native, 200 * offers,
							 usd, 1, NULL, 0));
			bool too_many = version >= 27 && offers == 1000;
			assert_int_equal(code,
					 too_many ? 1000 - (int)SDEX_opEXCEEDED_WORK_LIMIT : 0);
			world_close(&w);
		}
	}
}

/* 28: what is verified for a transaction has an end when it is applied, too. */
static void signatures_are_verified_up_to_a_thousand_times(void **state)
{
	(void)state;
	for (uint32_t version = 27; version <= 28; version++) {
		struct world w;
		struct closed closed;
		uint8_t public[32], secret[64], seed[32] = {5}, noise[64] = {1}, signature[64];
		sdex_DecoratedSignature signatures[20];
		struct signer signers[20];
		sdex_Operation *operations;
		world_open(&w, version);
		w.ledger.trust_signatures = false;
		crypto_sign_ed25519_seed_keypair(public, secret, seed);
		struct account made = {.entry.sponsor = SLOT_NONE,
				       .address = state_address(w.state, public),
				       .thresholds = {1},
				       .balance = 100 * XLM,
				       .sequence = 100,
				       .inflation_dest = SLOT_NONE};
		struct account *account = state_create(w.state, ENTRY_ACCOUNT, &made);
		/* nineteen others whose keys end as the account's does */
		for (int i = 0; i < 19; i++) {
			signers[i] = (struct signer){.type = SDEX_SIGNER_KEY_TYPE_ED25519,
						     .weight = 1,
						     .sponsor = SLOT_NONE};
			memcpy(signers[i].key, public, 32);
			signers[i].key[0] = (uint8_t)i;
			signers[i].key[1] ^= 0xff;
		}
		assert_true(signers_set(w.state, account, signers, 19));
		operations = sdex_arena_alloc(w.arena, 3 * sizeof(*operations));
		sdex_TransactionV1Envelope v1 = {
			.tx = {.fee = 300,
			       .seqNum = 101,
			       .operations = {.items = operations, .count = 3}},
			.signatures = {.items = signatures}};
		memcpy(v1.tx.sourceAccount.ed25519.bytes, public, 32);
		for (int i = 0; i < 3; i++) {
			operations[i] = *op_new(&w, ALICE, SDEX_BUMP_SEQUENCE);
			operations[i].sourceAccount = NULL;
		}
		sdex_TransactionEnvelope whole = {.type = SDEX_ENVELOPE_TYPE_TX, .v1 = &v1};
		struct tx tx;
		assert_int_equal(tx_read(&tx, &w.ledger, &whole, NULL), SDEX_OK);
		crypto_sign_ed25519_detached(signature, NULL, tx.inner_hash, 32, secret);
		/* the good signature stands behind nineteen bad ones */
		for (int i = 0; i < 20; i++) {
			signatures[i].signature =
				(struct sdex_bytes){i < 19 ? noise : signature, 64};
			memcpy(signatures[i].hint.bytes, public + 28, 4);
		}
		v1.signatures.count = 20;
		close_one(&closed, &w, &whole);
		const sdex_TransactionResult *result = &closed.txs.items[0].result.result;
		assert_int_equal(result->result.code,
				 version < 28 ? SDEX_txBAD_AUTH_EXTRA : SDEX_txFAILED);
		if (version >= 28) {
			assert_int_equal(result->result.results.items[0].code, SDEX_opINNER);
			assert_int_equal(result->result.results.items[2].code, SDEX_opBAD_AUTH);
		}
		world_close(&w);
	}
}

/* Takes lumens for dollars with nothing left of what an operation may cross. */
static enum taken take_with_nothing_left(struct world *w, int taker)
{
	sdex_Asset usd = credit_of("USD", ISSUER), xlm = native_asset();
	struct claims claims = {.arena = w->arena};
	int64_t sheep, wheat, budget = 0;
	struct taking taking = {.taker = world_address(w, taker),
				.sheep = state_asset(w->state, &usd),
				.wheat = state_asset(w->state, &xlm),
				.max_sheep = INT64_MAX,
				.max_wheat = 10,
				.mode = EXCHANGE_STRICT_RECEIVE,
				.frozen = &w->ledger.frozen};
	enum taken taken = cross(w->state, &sheep, &wheat, &claims, &budget, &taking);
	assert_int_equal(claims.count, 0);
	assert_int_equal(budget, 0);
	return taken;
}

/* 18: a hop behind the last offer that may be crossed (convertWithOffers in stellar-core) */
static void a_hop_with_nothing_left_is_too_much_from_18_on(void **state)
{
	(void)state;
	struct world w;
	world_open(&w, VERSION_OLDEST);
	world_fund(&w, ISSUER, 100 * XLM);
	world_fund(&w, ALICE, 100 * XLM);
	world_trust(&w, ALICE, credit_of("USD", ISSUER), 0, INT64_MAX);
	w.state->header.version = 17;
	assert_int_equal(take_with_nothing_left(&w, BOB), TAKEN_PART); /* there is no book */
	w.state->header.version = VERSION_POOLS;
	assert_int_equal(take_with_nothing_left(&w, BOB), TAKEN_TOO_MANY);
	w.state->header.version = VERSION_OLDEST;
	assert_int_equal(world_run(&w, op_sell(&w, ALICE, native_asset(), credit_of("USD", ISSUER),
					       10, 1, 1, 0)),
			 0);
	w.state->header.version = 17;
	assert_int_equal(take_with_nothing_left(&w, BOB), TAKEN_TOO_MANY);
	assert_int_equal(take_with_nothing_left(&w, ALICE), TAKEN_OWN);
	w.state->header.version = VERSION_POOLS;
	assert_int_equal(take_with_nothing_left(&w, ALICE), TAKEN_TOO_MANY);
	world_close(&w);
}

/* --- a set of the public network */

static void an_old_set_hashes_as_the_network_s(void **state)
{
	(void)state;
	struct world w;
	char path[4096];
	size_t size;
	snprintf(path, sizeof(path), "%s/pubnet/ledger-46154623.xdr.gz", corpus());
	uint8_t *data = corpus_read(path, &size), hash[32];
	sdex_LedgerCloseMeta *meta = NULL;
	world_open(&w, 19);
	sdex_sha256(w.network, "Public Global Stellar Network ; September 2015", 46);
	assert_int_equal(sdex_LedgerCloseMeta_decode(&meta, w.arena, data, size, NULL), SDEX_OK);
	assert_non_null(meta);
	assert_int_equal(meta->v, 0);
	const sdex_TransactionSet *real = &meta->v0->txSet;
	uint32_t count = real->txs.count;
	assert_true(count > 10);
	struct tx *txs = sdex_arena_alloc(w.arena, count * sizeof(*txs));
	struct close_tx *from = sdex_arena_alloc(w.arena, count * sizeof(*from));
	for (uint32_t i = 0; i < count; i++) {
		from[i] = (struct close_tx){.envelope = &real->txs.items[count - 1 - i]};
		assert_int_equal(tx_read(&txs[i], &w.ledger, from[i].envelope, NULL), SDEX_OK);
	}
	struct tx_set set;
	assert_int_equal(tx_set_make(&set, hash, real->previousLedgerHash.bytes, txs, from, count,
				     19, w.arena),
			 SDEX_OK);
	assert_true(sdex_TransactionSet_equal(&set.old, real));
	assert_memory_equal(hash, meta->v0->ledgerHeader.header.scpValue.txSetHash.bytes, 32);
	/* and the order of application is the network's */
	uint32_t *order = sdex_arena_alloc(w.arena, count * sizeof(*order));
	assert_true(close_order(order, txs, count, hash, w.arena));
	for (uint32_t i = 0; i < count; i++)
		assert_memory_equal(txs[order[i]].contents_hash,
				    meta->v0->txProcessing.items[i].result.transactionHash.bytes,
				    32);
	free(data);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_older_or_newer_is_refused_by_name),
		cmocka_unit_test(meta_and_sets_have_the_form_of_their_time),
		cmocka_unit_test(old_sets_have_one_fee),
		cmocka_unit_test(an_extension_without_contracts_is_malformed),
		cmocka_unit_test(a_bumped_transaction_s_own_fee_is_none),
		cmocka_unit_test(frozen_accounts_do_nothing),
		cmocka_unit_test(a_frozen_maker_s_offer_is_taken_away),
		cmocka_unit_test(what_is_tried_is_paid_for),
		cmocka_unit_test(signatures_are_verified_up_to_a_thousand_times),
		cmocka_unit_test(a_hop_with_nothing_left_is_too_much_from_18_on),
		cmocka_unit_test(an_old_set_hashes_as_the_network_s),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
