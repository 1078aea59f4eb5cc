/* policy/test_policy.c - what a trading key signs, and the rule that each other thing breaks. */
#include "policy/policy.h"
#include "sdex/asset.h"
#include "sdex/signature.h"
#include "stellar/sampling.h"

#define NOW INT64_C(1700000000)

static struct sdex_arena *arena;
static struct policy_refusal why;
static sdex_AccountID alice = {.ed25519 = {{0xaa}}}, bob = {.ed25519 = {{0xbb}}};
static sdex_Asset native, usdc, long_asset, other;
static struct policy policy;
static sdex_Operation op;
static sdex_Transaction tx;

static sdex_Asset asset(const char *code, const sdex_AccountID *issuer)
{
	sdex_Asset made;
	assert_int_equal(sdex_asset_make(&made, arena, code, strlen(code), issuer, NULL), SDEX_OK);
	return made;
}

static int set_up(void **state)
{
	(void)state;
	arena = sdex_arena_new(0);
	native = sdex_asset_native();
	usdc = asset("USDC", &bob);
	long_asset = asset("LONGASSET", &bob);
	other = asset("USDC", &alice);
	policy = (struct policy){.sources = &alice,
				 .source_count = 1,
				 .fee = POLICY_FEE_USUAL,
				 .time_ahead_s = POLICY_TIME_AHEAD_S};
	assert_int_equal(sdex_op_manage_sell_offer(&op, arena, NULL, &native, &usdc,
						   sdex_stroops(10), (sdex_Price){1, 2}, 0, NULL),
			 SDEX_OK);
	tx = (sdex_Transaction){
		.sourceAccount = sdex_muxed(&alice),
		.fee = 100,
		.seqNum = 7,
		.cond = sdex_preconditions_time(0, NOW + 60),
		.operations = {&op, 1},
	};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sdex_arena_free(arena);
	return 0;
}

static enum policy_rule judge_envelope(const sdex_TransactionEnvelope *envelope)
{
	why = (struct policy_refusal){0};
	if (policy_allows(&policy, envelope, NOW, &why))
		return POLICY_FINE;
	assert_true(why.rule != POLICY_FINE && *why.text);
	return why.rule;
}

static enum policy_rule judge(void)
{
	sdex_TransactionV1Envelope v1 = {.tx = tx};
	sdex_TransactionEnvelope envelope = {.type = SDEX_ENVELOPE_TYPE_TX, .v1 = &v1};
	return judge_envelope(&envelope);
}

static void an_offer_is_fine(void **state)
{
	(void)state;
	assert_int_equal(judge(), POLICY_FINE);
	sdex_MuxedAccount muxed = sdex_muxed_with_id(&alice, 99);
	tx.sourceAccount = muxed;
	op.sourceAccount = &muxed;
	assert_int_equal(judge(), POLICY_FINE);
}

static void only_plain_transactions(void **state)
{
	(void)state;
	sdex_TransactionEnvelope inner, outer, old;
	sdex_MuxedAccount payer = sdex_muxed(&alice);
	assert_int_equal(sdex_tx_make(&inner, arena, &tx, NULL, NULL), SDEX_OK);
	assert_int_equal(judge_envelope(&inner), POLICY_FINE);
	assert_int_equal(
		sdex_tx_make_fee_bump(&outer, arena, &payer, sdex_stroops(400), &inner, NULL, NULL),
		SDEX_OK);
	assert_int_equal(judge_envelope(&outer), POLICY_ENVELOPE);
	assert_int_equal(sdex_tx_make_v0(&old, arena, &tx, NULL, NULL), SDEX_OK);
	assert_int_equal(judge_envelope(&old), POLICY_ENVELOPE);
}

static void malformed(void **state)
{
	(void)state;
	tx.operations.count = 0;
	assert_int_equal(judge(), POLICY_MALFORMED);
	tx.operations.count = 1;
	op.body.manageSellOfferOp->price.d = 0;
	assert_int_equal(judge(), POLICY_MALFORMED);
}

/* With what contracts are paid for in it, whatever its operations are. */
static void no_contracts(void **state)
{
	(void)state;
	sdex_SorobanTransactionData data = {.resourceFee = 1};
	assert_int_equal(judge(), POLICY_FINE);
	tx.ext.v = 1;
	tx.ext.sorobanData = &data;
	assert_true(judge() != POLICY_FINE);
}

static void sources(void **state)
{
	(void)state;
	sdex_MuxedAccount his = sdex_muxed(&bob);
	op.sourceAccount = &his;
	assert_int_equal(judge(), POLICY_SOURCE);
	op.sourceAccount = NULL;
	tx.sourceAccount = his;
	assert_int_equal(judge(), POLICY_SOURCE);
	const sdex_AccountID both[] = {alice, bob};
	policy.sources = both;
	policy.source_count = 2;
	assert_int_equal(judge(), POLICY_FINE);
	policy.source_count = 0;
	assert_int_equal(judge(), POLICY_SOURCE);
}

static void times(void **state)
{
	(void)state;
	static const struct {
		uint64_t max_time;
		enum policy_rule rule;
	} cases[] = {
		{0, POLICY_MAX_TIME},
		{NOW - 1, POLICY_MAX_TIME},
		{NOW, POLICY_FINE},
		{NOW + POLICY_TIME_AHEAD_S, POLICY_FINE},
		{NOW + POLICY_TIME_AHEAD_S + 1, POLICY_MAX_TIME},
		{UINT64_MAX, POLICY_MAX_TIME},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		tx.cond = sdex_preconditions_time(0, cases[i].max_time);
		assert_int_equal(judge(), cases[i].rule);
	}
	tx.cond = (sdex_Preconditions){.type = SDEX_PRECOND_NONE};
	assert_int_equal(judge(), POLICY_MAX_TIME);
}

static void conditions(void **state)
{
	(void)state;
	sdex_TimeBounds time = {0, NOW + 60};
	sdex_LedgerBounds ledger = {0, 1000};
	sdex_SequenceNumber least = 3;
	sdex_SignerKey signer = sdex_signer_ed25519(bob.ed25519.bytes);
	sdex_PreconditionsV2 v2 = {.timeBounds = &time, .ledgerBounds = &ledger};
	tx.cond = (sdex_Preconditions){.type = SDEX_PRECOND_V2, .v2 = &v2};
	assert_int_equal(judge(), POLICY_FINE);
	v2.timeBounds = NULL;
	assert_int_equal(judge(), POLICY_MAX_TIME);
	v2.timeBounds = &time;
	v2.minSeqNum = &least;
	assert_int_equal(judge(), POLICY_PRECONDITIONS);
	v2.minSeqNum = NULL;
	v2.minSeqAge = 1;
	assert_int_equal(judge(), POLICY_PRECONDITIONS);
	v2.minSeqAge = 0;
	v2.minSeqLedgerGap = 1;
	assert_int_equal(judge(), POLICY_PRECONDITIONS);
	v2.minSeqLedgerGap = 0;
	v2.extraSigners = (sdex_SignerKey_list){&signer, 1};
	assert_int_equal(judge(), POLICY_PRECONDITIONS);
}

static void fees(void **state)
{
	(void)state;
	sdex_Operation two[] = {op, op};
	tx.fee = POLICY_FEE_USUAL;
	assert_int_equal(judge(), POLICY_FINE);
	tx.fee = POLICY_FEE_USUAL + 1;
	assert_int_equal(judge(), POLICY_FEE);
	tx.operations = (sdex_Operation_list){two, 2};
	assert_int_equal(judge(), POLICY_FINE);
	tx.fee = UINT32_MAX;
	assert_int_equal(judge(), POLICY_FEE);
}

static void assets_of_a_list(void **state)
{
	(void)state;
	const sdex_Asset list[] = {native, usdc};
	policy.assets = list;
	policy.asset_count = 2;
	assert_int_equal(judge(), POLICY_FINE);
	op.body.manageSellOfferOp->buying = other; /* the same code, of another issuer */
	assert_int_equal(judge(), POLICY_ASSET);
	op.body.manageSellOfferOp->buying = long_asset;
	assert_int_equal(judge(), POLICY_ASSET);
	policy.asset_count = 1;
	op.body.manageSellOfferOp->buying = usdc;
	assert_int_equal(judge(), POLICY_ASSET);
	policy.assets = list + 1; /* XLM has to be on the list, too */
	assert_int_equal(judge(), POLICY_ASSET);
}

static void exchanges_along_paths(void **state)
{
	(void)state;
	const sdex_Asset list[] = {native, usdc};
	sdex_MuxedAccount self = sdex_muxed_with_id(&alice, 5), his = sdex_muxed(&bob);
	for (int i = 0; i < 2; i++) {
		policy.asset_count = 0;
		enum sdex_error error =
			i ? sdex_op_path_payment_strict_send(&op, arena, NULL, &native,
							     sdex_stroops(5), &self, &usdc,
							     sdex_stroops(1), &long_asset, 1, NULL)
			  : sdex_op_path_payment_strict_receive(
				    &op, arena, NULL, &native, sdex_stroops(5), &self, &usdc,
				    sdex_stroops(1), &long_asset, 1, NULL);
		assert_int_equal(error, SDEX_OK);
		assert_int_equal(judge(), POLICY_FINE);
		policy.assets = list; /* what it passes through counts */
		policy.asset_count = 2;
		assert_int_equal(judge(), POLICY_ASSET);
		policy.asset_count = 0;
		sdex_MuxedAccount *to = i ? &op.body.pathPaymentStrictSendOp->destination
					  : &op.body.pathPaymentStrictReceiveOp->destination;
		*to = his;
		assert_int_equal(judge(), POLICY_DESTINATION);
	}
}

/* Both accounts are the key's: from one to the other is a payment all the same. */
static void no_payment_between_own_accounts(void **state)
{
	(void)state;
	const sdex_AccountID both[] = {alice, bob};
	sdex_MuxedAccount her = sdex_muxed(&alice), his = sdex_muxed(&bob);
	policy.sources = both;
	policy.source_count = 2;
	assert_int_equal(sdex_op_path_payment_strict_send(&op, arena, &his, &native,
							  sdex_stroops(5), &her, &usdc,
							  sdex_stroops(1), NULL, 0, NULL),
			 SDEX_OK);
	assert_int_equal(judge(), POLICY_DESTINATION);
	op.body.pathPaymentStrictSendOp->destination = his;
	assert_int_equal(judge(), POLICY_FINE);
}

static void trustlines(void **state)
{
	(void)state;
	const sdex_Asset list[] = {native, usdc};
	assert_int_equal(
		sdex_op_change_trust(&op, arena, NULL, &usdc, sdex_stroops(INT64_MAX), NULL),
		SDEX_OK);
	assert_int_equal(judge(), POLICY_TRUSTLINE);
	policy.assets = list;
	policy.asset_count = 2;
	assert_int_equal(judge(), POLICY_FINE);
	assert_int_equal(sdex_op_change_trust(&op, arena, NULL, &long_asset, sdex_stroops(1), NULL),
			 SDEX_OK);
	assert_int_equal(judge(), POLICY_TRUSTLINE);
	assert_int_equal(sdex_op_change_trust(&op, arena, NULL, &long_asset, sdex_stroops(0), NULL),
			 SDEX_OK);
	assert_int_equal(judge(), POLICY_FINE);
	assert_int_equal(
		sdex_op_change_trust_pool(&op, arena, NULL, &native, &usdc, sdex_stroops(0), NULL),
		SDEX_OK);
	assert_int_equal(judge(), POLICY_TRUSTLINE);
}

static bool is_of_trading(sdex_OperationType type)
{
	return type == SDEX_MANAGE_SELL_OFFER || type == SDEX_MANAGE_BUY_OFFER ||
	       type == SDEX_CREATE_PASSIVE_SELL_OFFER || type == SDEX_PATH_PAYMENT_STRICT_SEND ||
	       type == SDEX_PATH_PAYMENT_STRICT_RECEIVE || type == SDEX_CHANGE_TRUST;
}

/* Whatever else comes, on whatever account, is refused. */
static void no_other_operation(void **state)
{
	(void)state;
	struct sampler s = {.rng = {11}, .arena = arena};
	sdex_MuxedAccount self = sdex_muxed(&alice);
	unsigned fine = 0, refused = 0;
	for (int round = 0; round < 40; round++)
		for (int type = 0; type <= SDEX_LIQUIDITY_POOL_WITHDRAW; type++) {
			op = sample_operation(&s, (sdex_OperationType)type);
			op.sourceAccount = round % 2 ? &self : NULL;
			enum policy_rule rule = judge();
			if (rule == POLICY_FINE) {
				assert_true(is_of_trading((sdex_OperationType)type));
				fine++;
			} else if (!is_of_trading((sdex_OperationType)type)) {
				assert_true(rule == POLICY_OPERATION || rule == POLICY_MALFORMED);
				refused++;
			}
		}
	assert_true(fine > 40 && refused > 600);
}

/* One operation that breaks a rule spoils the ninety-nine before it. */
static void the_last_one_counts(void **state)
{
	(void)state;
	sdex_Operation many[100];
	sdex_MuxedAccount his = sdex_muxed(&bob);
	for (int i = 0; i < 100; i++)
		many[i] = op;
	tx.operations = (sdex_Operation_list){many, 100};
	tx.fee = 10000;
	assert_int_equal(judge(), POLICY_FINE);
	assert_int_equal(
		sdex_op_payment(&many[99], arena, NULL, &his, &native, sdex_stroops(1), NULL),
		SDEX_OK);
	assert_int_equal(judge(), POLICY_OPERATION);
	assert_non_null(strstr(why.text, "operation 99"));
}

static void random_transactions(void **state)
{
	(void)state;
	const sdex_Hash network = {{7}};
	struct sampler s = {.rng = {3}, .arena = arena};
	for (int i = 0; i < 500; i++) {
		sdex_TransactionEnvelope envelope = sample_envelope(&s, &network, false);
		assert_int_not_equal(judge_envelope(&envelope), POLICY_FINE);
	}
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(policy_rule_name(POLICY_FINE), "");
	assert_string_equal(policy_rule_name(POLICY_MAX_TIME), "max_time");
	assert_string_equal(policy_rule_name(POLICY_CLOCK), "clock");
}

static void as_json(void **state)
{
	(void)state;
	const sdex_Asset list[] = {native, usdc};
	struct json_writer w;
	const uint8_t *text;
	policy.assets = list;
	policy.asset_count = 2;
	json_write_arena(&w, arena, false);
	policy_write(&w, &policy);
	assert_int_equal(json_write_close(&w, &text, NULL), SDEX_OK);
	assert_string_equal((const char *)text,
			    "{\"role\":\"trading\",\"sources\":"
			    "[\"GCVAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABY3C\"],"
			    "\"assets\":[\"native\",\"USDC:"
			    "GC5QAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAYH7\"],"
			    "\"fee\":100000,\"time_ahead_s\":600}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_offer_is_fine),
		TEST(only_plain_transactions),
		TEST(malformed),
		TEST(no_contracts),
		TEST(sources),
		TEST(times),
		TEST(conditions),
		TEST(fees),
		TEST(assets_of_a_list),
		TEST(exchanges_along_paths),
		TEST(no_payment_between_own_accounts),
		TEST(trustlines),
		TEST(no_other_operation),
		TEST(the_last_one_counts),
		TEST(random_transactions),
		TEST(names),
		TEST(as_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
