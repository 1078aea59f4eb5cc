/* stellar/test_auth.c - which signatures count: on all worlds of a few signers, and in
 * the places where the order decides. */
#include "base/testing.h"
#include "sdex/signature.h"

static struct sdex_arena *arena, *scratch;
static struct sdex_failure why;
static sdex_Hash network;
static struct sdex_secret keys[6];
static const struct sdex_secret *key_list[6];
static sdex_AccountID accounts[6];
static const uint8_t preimage[] = "the preimage of a hash";
static const uint8_t payload_bytes[] = "a payload";

static int set_up(void **state)
{
	(void)state;
	arena = sdex_arena_new(0);
	scratch = sdex_arena_new(0);
	network = sdex_network_id("auth", 4);
	for (uint8_t i = 0; i < 6; i++) {
		uint8_t seed[32] = {i, 1};
		sdex_secret_from_seed(&keys[i], seed);
		key_list[i] = &keys[i];
		accounts[i] = (sdex_AccountID){0};
		memcpy(accounts[i].ed25519.bytes, keys[i].public_key, 32);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sdex_arena_free(arena);
	sdex_arena_free(scratch);
	return 0;
}

/* A transaction of account 0 with the operations given. */
static sdex_TransactionEnvelope made(sdex_Operation *operations, uint32_t count,
				     const sdex_Preconditions *cond)
{
	sdex_TransactionEnvelope envelope;
	sdex_Transaction tx = {.sourceAccount = sdex_muxed(&accounts[0]),
			       .fee = 100 * count,
			       .seqNum = 9,
			       .operations = {operations, count}};
	if (cond)
		tx.cond = *cond;
	if (sdex_tx_make(&envelope, arena, &tx, NULL, &why))
		fail_msg("%s", why.text);
	return envelope;
}

static sdex_Operation bump(int account)
{
	sdex_Operation op;
	sdex_MuxedAccount source = sdex_muxed(&accounts[account]);
	assert_int_equal(sdex_op_bump_sequence(&op, arena, account ? &source : NULL, 1, &why), 0);
	return op;
}

static sdex_Operation pay(int account)
{
	sdex_Operation op;
	sdex_Asset xlm = {.type = SDEX_ASSET_TYPE_NATIVE};
	sdex_MuxedAccount source = sdex_muxed_with_id(&accounts[account], 77);
	assert_int_equal(sdex_op_payment(&op, arena, account ? &source : NULL, &source, &xlm,
					 sdex_stroops(1), &why),
			 0);
	return op;
}

static sdex_Operation merge(int account)
{
	sdex_Operation op;
	sdex_MuxedAccount source = sdex_muxed(&accounts[account]), to = sdex_muxed(&accounts[5]);
	assert_int_equal(sdex_op_account_merge(&op, arena, account ? &source : NULL, &to, &why), 0);
	return op;
}

static struct sdex_auth *ask(const sdex_TransactionEnvelope *envelope,
			     const sdex_AccountEntry *const *entries, uint32_t count)
{
	struct sdex_auth *auth = NULL;
	if (sdex_tx_auth(&auth, scratch, envelope, &network, entries, count, &why))
		fail_msg("%s", why.text);
	return auth;
}

/* --- all small worlds */

/* The five things that a signature can be here, and the signers of the account. */
enum made_by { MASTER, EXTRA_KEY, PREIMAGE, PAYLOAD, FOREIGN, KINDS };

struct world {
	uint32_t master, weight, threshold, pre_auth; /* weights; pre_auth 0: not there */
	uint32_t length;
	enum made_by by[3];
};

/* What has to come out, from the rules as prose: signers are counted in the order
 * pre-authorised, hash-x, ed25519, payload, and within one by the signatures' order, until
 * the threshold is reached; each signer once. */
struct expectation {
	bool met;
	uint32_t reached, used;
};

static struct expectation expect(const struct world *w)
{
	static const int order[] = {PREIMAGE, MASTER, PAYLOAD};
	struct expectation e = {0};
	bool done[KINDS] = {false};
	if (w->pre_auth) {
		e.reached = w->pre_auth;
		e.met = e.reached >= w->threshold;
	}
	for (int stage = 0; stage < 3 && !e.met; stage++) {
		for (uint32_t i = 0; i < w->length && !e.met; i++) {
			enum made_by by = w->by[i];
			bool here = order[stage] == MASTER ? by == MASTER || by == EXTRA_KEY
							   : (int)by == order[stage];
			uint32_t weight = by == MASTER     ? w->master
					  : by == PREIMAGE ? 1
					  : by == PAYLOAD  ? 2
							   : w->weight;
			if (!here || done[by] || weight == 0)
				continue;
			done[by] = true;
			e.used |= 1u << i;
			e.reached += weight;
			e.met = e.reached >= w->threshold;
		}
	}
	return e;
}

static sdex_DecoratedSignature signatures[KINDS];

static void prepare_signatures(const sdex_TransactionEnvelope *envelope)
{
	sdex_TransactionEnvelope copy = *envelope;
	const struct sdex_bytes payload = {payload_bytes, sizeof payload_bytes};
	const struct sdex_secret *three[] = {&keys[0], &keys[1], &keys[4]};
	assert_int_equal(sdex_tx_sign(&copy, arena, &network, three, 3, &why), 0);
	assert_int_equal(sdex_tx_sign_hash_x(&copy, arena, preimage, sizeof preimage, &why), 0);
	assert_int_equal(sdex_tx_sign_payload(&copy, arena, &keys[2], payload, &why), 0);
	sdex_DecoratedSignature_list list = sdex_tx_signatures(&copy);
	signatures[MASTER] = list.items[0];
	signatures[EXTRA_KEY] = list.items[1];
	signatures[FOREIGN] = list.items[2];
	signatures[PREIMAGE] = list.items[3];
	signatures[PAYLOAD] = list.items[4];
	copy.v1->signatures.count = 0;
}

static void try_world(const struct world *w, sdex_TransactionEnvelope *envelope,
		      const sdex_Hash *hash)
{
	uint8_t x[32];
	sdex_sha256(x, preimage, sizeof preimage);
	sdex_SignerKeyEd25519SignedPayload payload = {
		.payload = {payload_bytes, sizeof payload_bytes}};
	memcpy(payload.ed25519.bytes, keys[2].public_key, 32);
	sdex_Signer signers[4] = {
		{.key = sdex_signer_ed25519(keys[1].public_key), .weight = w->weight},
		{.key = {.type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD,
			 .ed25519SignedPayload = &payload},
		 .weight = 2},
		{.key = sdex_signer_hash_x(x), .weight = 1},
		{.key = sdex_signer_pre_auth_tx(hash), .weight = w->pre_auth}};
	const sdex_AccountEntry entry = {.accountID = accounts[0],
					 .thresholds = {{(uint8_t)w->master, (uint8_t)w->threshold,
							 (uint8_t)w->threshold, 99}},
					 .signers = {signers, w->pre_auth ? 4 : 3}};
	const sdex_AccountEntry *entries[1] = {&entry};
	sdex_DecoratedSignature list[3];
	for (uint32_t i = 0; i < w->length; i++)
		list[i] = signatures[w->by[i]];
	envelope->v1->signatures = (sdex_DecoratedSignature_list){list, w->length};

	struct expectation e = expect(w);
	struct sdex_auth *auth = ask(envelope, entries, 1);
	assert_int_equal(auth->need_count, 2); /* low for the transaction, medium to pay */
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(auth->needs[i].met, e.met);
		assert_int_equal(auth->needs[i].reached, e.reached);
		assert_int_equal(auth->needs[i].needed, w->threshold);
		assert_true(auth->needs[i].known);
	}
	assert_int_equal(auth->used, e.used);
	uint32_t all = (1u << w->length) - 1;
	assert_int_equal(auth->code, !e.met          ? SDEX_txBAD_AUTH
				     : e.used != all ? SDEX_txBAD_AUTH_EXTRA
						     : SDEX_txSUCCESS);
}

static void all_small_worlds(void **state)
{
	(void)state;
	sdex_Operation op = pay(0);
	sdex_TransactionEnvelope envelope = made(&op, 1, NULL);
	sdex_Hash hash;
	uint32_t worlds = 0;
	assert_int_equal(sdex_tx_hash(&hash, arena, &envelope, &network, &why), 0);
	prepare_signatures(&envelope);
	struct world w;
	for (w.master = 0; w.master <= 2; w.master += 1)
		for (w.weight = 1; w.weight <= 2; w.weight++)
			for (w.threshold = 0; w.threshold <= 5; w.threshold++)
				for (uint32_t code = 0; code < 2 * 6 * 6 * 6; code++) {
					uint32_t rest = code / 2;
					w.pre_auth = code % 2;
					bool gap = false;
					w.length = 0;
					for (int i = 0; i < 3; i++, rest /= 6) {
						if (rest % 6 == KINDS)
							gap = true;
						else if (gap)
							w.length = 99; /* told shorter already */
						else
							w.by[w.length++] = (enum made_by)(rest % 6);
					}
					if (w.length > 3)
						continue;
					sdex_arena_reset(scratch);
					try_world(&w, &envelope, &hash);
					worlds++;
				}
	assert_int_equal(worlds, 3 * 2 * 6 * 2 * (1 + 5 + 25 + 125));
}

/* --- whose, and how much */

static void each_account_and_level_is_asked(void **state)
{
	(void)state;
	sdex_Operation ops[] = {bump(0), pay(1), merge(2), pay(0), bump(1), pay(1), merge(0)};
	sdex_TransactionEnvelope envelope = made(ops, 7, NULL);
	static const struct {
		int account;
		sdex_ThresholdIndexes level;
		uint32_t operation;
	} expected[] = {
		{0, SDEX_THRESHOLD_LOW, SDEX_AUTH_TRANSACTION},
		{1, SDEX_THRESHOLD_MED, 1},
		{2, SDEX_THRESHOLD_HIGH, 2},
		{0, SDEX_THRESHOLD_MED, 3},
		{1, SDEX_THRESHOLD_LOW, 4},
		{0, SDEX_THRESHOLD_HIGH, 6},
	};
	const sdex_AccountEntry entry = {.accountID = accounts[0], .thresholds = {{1, 1, 2, 3}}};
	const sdex_AccountEntry *entries[] = {&entry};
	struct sdex_auth *auth = ask(&envelope, entries, 1);
	assert_int_equal(auth->code, SDEX_txBAD_AUTH);
	assert_int_equal(auth->need_count, 6);
	for (uint32_t i = 0; i < 6; i++) {
		assert_memory_equal(&auth->needs[i].account, &accounts[expected[i].account],
				    sizeof accounts[0]);
		assert_int_equal(auth->needs[i].level, expected[i].level);
		assert_int_equal(auth->needs[i].operation, expected[i].operation);
		assert_false(auth->needs[i].met);
		assert_int_equal(auth->needs[i].known, expected[i].account == 0);
		assert_int_equal(auth->needs[i].needed,
				 expected[i].account ? 0 : (uint32_t)expected[i].level);
	}
	/* all three sign: enough for everything that is not account 0's medium or high */
	assert_int_equal(sdex_tx_sign(&envelope, arena, &network, key_list, 3, &why), 0);
	auth = ask(&envelope, entries, 1);
	assert_int_equal(auth->code, SDEX_txFAILED);
	assert_int_equal(auth->used, 7);
	for (uint32_t i = 0; i < 6; i++)
		assert_int_equal(auth->needs[i].met, i != 3 && i != 5);
	assert_int_equal(auth->needs[3].signed_by, 1);
}

static void the_bits_name_the_signers(void **state)
{
	(void)state;
	sdex_Operation op = pay(0);
	sdex_TransactionEnvelope envelope = made(&op, 1, NULL);
	sdex_Signer signers[3];
	for (int i = 0; i < 3; i++)
		signers[i] = (sdex_Signer){.key = sdex_signer_ed25519(keys[i + 1].public_key),
					   .weight = 300}; /* counts as 255 */
	const sdex_AccountEntry entry = {.accountID = accounts[0],
					 .thresholds = {{1, 255, 255, 255}},
					 .signers = {signers, 3}};
	const sdex_AccountEntry *entries[] = {&entry};
	assert_int_equal(sdex_tx_sign(&envelope, arena, &network, key_list + 2, 1, &why), 0);
	struct sdex_auth *auth = ask(&envelope, entries, 1);
	assert_int_equal(auth->code, SDEX_txSUCCESS);
	assert_int_equal(auth->needs[0].reached, 255);
	assert_int_equal(auth->needs[0].signed_by, 1u << 2);
	assert_int_equal(sdex_tx_sign(&envelope, arena, &network, key_list, 1, &why), 0);
	auth = ask(&envelope, entries, 1);
	assert_int_equal(auth->code, SDEX_txBAD_AUTH_EXTRA); /* the second is one too many */
	assert_int_equal(auth->used, 1);
	/* the same twice */
	const sdex_DecoratedSignature again = sdex_tx_signatures(&envelope).items[1];
	assert_int_equal(sdex_tx_add_signature(&envelope, arena, &again, &why), 0);
	auth = ask(&envelope, entries, 1);
	assert_int_equal(auth->repeated, 4);
}

static void extra_signers_have_to_sign(void **state)
{
	(void)state;
	sdex_SignerKey extra[2] = {sdex_signer_ed25519(keys[1].public_key),
				   sdex_signer_ed25519(keys[2].public_key)};
	sdex_PreconditionsV2 v2 = {.extraSigners = {extra, 2}};
	const sdex_Preconditions cond = sdex_preconditions(&v2);
	sdex_Operation op = pay(0);
	static const struct {
		uint32_t first, count, missing;
		sdex_TransactionResultCode code;
	} expected[] = {
		{0, 1, 3, SDEX_txBAD_AUTH},       {0, 2, 2, SDEX_txBAD_AUTH},
		{0, 3, 0, SDEX_txSUCCESS},        {1, 2, 0, SDEX_txBAD_AUTH},
		{0, 4, 0, SDEX_txBAD_AUTH_EXTRA},
	};
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		sdex_TransactionEnvelope envelope = made(&op, 1, &cond);
		assert_int_equal(sdex_tx_sign(&envelope, arena, &network,
					      key_list + expected[i].first, expected[i].count,
					      &why),
				 0);
		struct sdex_auth *auth = ask(&envelope, NULL, 0);
		assert_int_equal(auth->extra_missing, expected[i].missing);
		assert_int_equal(auth->code, expected[i].code);
	}
}

static void fee_bumps_have_signatures_of_their_own(void **state)
{
	(void)state;
	sdex_Operation op = pay(0);
	const sdex_MuxedAccount payer = sdex_muxed_with_id(&accounts[3], 5);
	for (int inner = 0; inner < 2; inner++) {
		for (int outer = 0; outer < 3; outer++) {
			sdex_TransactionEnvelope plain = made(&op, 1, NULL), out;
			if (inner)
				assert_int_equal(
					sdex_tx_sign(&plain, arena, &network, key_list, 1, &why),
					0);
			assert_int_equal(sdex_tx_make_fee_bump(&out, arena, &payer,
							       sdex_stroops(1000), &plain, NULL,
							       &why),
					 0);
			/* 1: the payer signs, 2: the inner source as well */
			if (outer)
				assert_int_equal(
					sdex_tx_sign(&out, arena, &network, key_list + 3, 1, &why),
					0);
			if (outer == 2)
				assert_int_equal(
					sdex_tx_sign(&out, arena, &network, key_list, 1, &why), 0);
			struct sdex_auth *auth = ask(&out, NULL, 0);
			assert_int_equal(auth->need_count, 1);
			assert_int_equal(auth->code, outer == 0   ? SDEX_txBAD_AUTH
						     : outer == 1 ? SDEX_txSUCCESS
								  : SDEX_txBAD_AUTH_EXTRA);
			assert_non_null(auth->inner);
			assert_int_equal(auth->inner->code,
					 inner ? SDEX_txSUCCESS : SDEX_txBAD_AUTH);
			assert_null(auth->inner->inner);
		}
	}
}

/* The network grants a transaction 1000 verifications, repeated ones included. */
static void the_budget_ends(void **state)
{
	(void)state;
	sdex_Operation ops[100];
	sdex_Signer signers[20];
	struct sdex_secret many[20];
	const struct sdex_secret *list[20];
	for (uint8_t i = 0; i < 20; i++) {
		uint8_t seed[32] = {i, 9};
		sdex_secret_from_seed(&many[i], seed);
		list[i] = &many[i];
		signers[i] =
			(sdex_Signer){.key = sdex_signer_ed25519(many[i].public_key), .weight = 1};
	}
	const sdex_AccountEntry entry = {.accountID = accounts[0],
					 .thresholds = {{0, 20, 20, 20}},
					 .signers = {signers, 20}};
	const sdex_AccountEntry *entries[] = {&entry};
	for (uint32_t count = 49; count <= 50; count++) {
		for (uint32_t i = 0; i < count; i++)
			ops[i] = pay(0);
		/* 20 for the transaction and 20 for each operation */
		sdex_TransactionEnvelope envelope = made(ops, count, NULL);
		assert_int_equal(sdex_tx_sign(&envelope, arena, &network, list, 20, &why), 0);
		struct sdex_auth *auth = ask(&envelope, entries, 1);
		assert_int_equal(auth->code, count == 49 ? SDEX_txSUCCESS : SDEX_txFAILED);
		assert_int_equal(auth->needs[1].met, count == 49);
	}
}

static void spoiled_signatures_do_not_count(void **state)
{
	(void)state;
	sdex_Operation op = pay(0);
	for (int spoil = 0; spoil < 4; spoil++) {
		sdex_TransactionEnvelope envelope = made(&op, 1, NULL);
		assert_int_equal(sdex_tx_sign(&envelope, arena, &network, key_list, 1, &why), 0);
		sdex_DecoratedSignature *one = &envelope.v1->signatures.items[0];
		uint8_t *bytes = sdex_arena_copy(arena, one->signature.data, 64);
		one->signature.data = bytes;
		if (spoil == 0)
			one->hint.bytes[3] ^= 1;
		else if (spoil == 1)
			bytes[63] ^= 1;
		else if (spoil == 2)
			one->signature.size = 63;
		else
			envelope.v1->tx.seqNum++;
		struct sdex_auth *auth = ask(&envelope, NULL, 0);
		assert_int_equal(auth->code, SDEX_txBAD_AUTH);
		assert_int_equal(auth->used, 0);
	}
}

static void words_for_people(void **state)
{
	(void)state;
	char text[2000], small[40];
	size_t length = 0;
	sdex_SignerKey extra[1] = {sdex_signer_ed25519(keys[1].public_key)};
	sdex_PreconditionsV2 v2 = {.extraSigners = {extra, 1}};
	const sdex_Preconditions cond = sdex_preconditions(&v2);
	sdex_Operation ops[] = {pay(0), merge(2), bump(3)};
	const sdex_MuxedAccount payer = sdex_muxed(&accounts[3]);
	const sdex_AccountEntry entry = {.accountID = accounts[0], .thresholds = {{1, 0, 3, 3}}};
	const sdex_AccountEntry *entries[] = {&entry};
	sdex_TransactionEnvelope envelope = made(ops, 3, &cond);
	assert_int_equal(sdex_tx_sign(&envelope, arena, &network, key_list, 1, &why), 0);
	assert_int_equal(sdex_tx_sign(&envelope, arena, &network, key_list, 1, &why), 0);
	assert_int_equal(sdex_tx_sign(&envelope, arena, &network, key_list + 4, 1, &why), 0);
	assert_int_equal(sdex_tx_make_fee_bump(&envelope, arena, &payer, sdex_stroops(1000),
					       &envelope, NULL, &why),
			 0);
	struct sdex_auth *auth = ask(&envelope, entries, 1);
	assert_int_equal(sdex_auth_text(text, sizeof text, &length, auth, NULL), SDEX_OK);
	assert_int_equal(length, strlen(text));
	static const char *const said[] = {
		": the transaction needs low threshold 0 (account not known, taken for a new one)",
		"), has 0: one signature is missing\n",
		"the network would answer txBAD_AUTH\ninner transaction:\nG",
		": the transaction needs low threshold 0, has 1: enough\n",
		": operation 0 needs medium threshold 3, has 1: 2 more\n",
		": operation 1 needs high threshold 0 (account not known",
		"extra signer 0 has not signed\n",
		"signature 1 is there twice: leave it out\n",
		"signature 2 is not needed: leave it out\n",
	};
	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
		if (!strstr(text, said[i]))
			fail_msg("not said: %s\n%s", said[i], text);
	/* a refusal touches neither, and says what would do */
	size_t kept = 5;
	memset(small, 'x', sizeof small);
	assert_int_equal(sdex_auth_text(small, sizeof small, &kept, auth, &why), SDEX_ERR_SPACE);
	assert_int_equal(kept, 5);
	assert_int_equal(why.code, SDEX_ERR_SPACE);
	assert_int_equal(why.where, length + 1);
	for (size_t i = 0; i < sizeof small; i++)
		assert_int_equal(small[i], 'x');
	assert_int_equal(sdex_auth_text(text, length, NULL, auth, NULL), SDEX_ERR_SPACE);
	assert_int_equal(sdex_auth_text(text, length + 1, NULL, auth, NULL), SDEX_OK);
}

static void what_cannot_be_judged(void **state)
{
	(void)state;
	sdex_Operation op = pay(0);
	sdex_TransactionEnvelope envelope = made(&op, 1, NULL);
	struct sdex_auth *auth = NULL;
	assert_int_equal(sdex_tx_sign(&envelope, arena, &network, key_list, 1, &why), 0);
	for (size_t limit = 64; limit < 4096; limit += 64) {
		struct sdex_arena *small = sdex_arena_new(limit);
		enum sdex_error error =
			sdex_tx_auth(&auth, small, &envelope, &network, NULL, 0, &why);
		assert_true(error == SDEX_OK || error == SDEX_ERR_NOMEM);
		if (limit < 1000)
			assert_int_equal(error, SDEX_ERR_NOMEM);
		sdex_arena_free(small);
	}
	envelope.v1->signatures.count = 21;
	assert_int_equal(sdex_tx_auth(&auth, arena, &envelope, &network, NULL, 0, &why),
			 SDEX_ERR_LENGTH);
	envelope.v1->tx.operations.items = NULL;
	assert_int_not_equal(sdex_tx_auth(&auth, arena, &envelope, &network, NULL, 0, &why),
			     SDEX_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_small_worlds),
		TEST(each_account_and_level_is_asked),
		TEST(the_bits_name_the_signers),
		TEST(extra_signers_have_to_sign),
		TEST(fee_bumps_have_signatures_of_their_own),
		TEST(the_budget_ends),
		TEST(spoiled_signatures_do_not_count),
		TEST(words_for_people),
		TEST(what_cannot_be_judged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
