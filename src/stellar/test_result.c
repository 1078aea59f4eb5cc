/* stellar/test_result.c - no code without words, none left over, and results as text. */
#include <zlib.h>

#include "base/endian.h"
#include "base/testing.h"
#include "sdex/operation.h"
#include "sdex/result.h"
#include "sdex/transaction.h"
#include "xdr/describe.h"

static bool is_result_code(enum sdex_type type)
{
	const char *name = sdex_type_name(type);
	size_t length = strlen(name);
	return length > 10 && strcmp(name + length - 10, "ResultCode") == 0;
}

/* The schema decides which codes there are. */
static void every_code_has_words(void **state)
{
	(void)state;
	size_t in_schema = 0, in_table = 0;
	for (int type = 0; type < SDEX_TYPE_COUNT; type++) {
		if (!is_result_code((enum sdex_type)type))
			continue;
		const struct describe_type *t = &describe_types[type];
		assert_int_equal(t->kind, DESCRIBE_ENUM);
		for (uint16_t i = 0; i < t->count; i++, in_schema++) {
			const struct describe_value *value = &describe_values[t->first + i];
			const struct sdex_code *code =
				sdex_code_find((enum sdex_type)type, value->value);
			if (!code)
				fail_msg("no words for %s", describe_name(value->name));
			assert_string_equal(code->name, describe_name(value->name));
		}
	}
	for (; sdex_code_at(in_table); in_table++) {
		const struct sdex_code *code = sdex_code_at(in_table);
		const char *name = sdex_enum_name(code->type, code->value);
		if (!name || strcmp(name, code->name))
			fail_msg("%s is not in the schema", code->name);
		assert_true(strlen(code->meaning) > 5 && strlen(code->meaning) < 100);
		assert_true(strlen(code->remedy) > 5 && strlen(code->remedy) < 100);
		/* clauses: no capital, no full stop */
		assert_true(code->meaning[0] >= 'a' && code->meaning[0] <= 'z');
		assert_true(code->remedy[0] >= 'a' && code->remedy[0] <= 'z');
		assert_int_not_equal(code->remedy[strlen(code->remedy) - 1], '.');
	}
	assert_int_equal(in_table, in_schema);
	assert_true(in_schema > 200);
	assert_null(sdex_code_find(SDEX_TYPE_PaymentResultCode, 1));
	assert_null(sdex_code_find(SDEX_TYPE_PaymentOp, 0));
}

static void names_lead_back(void **state)
{
	(void)state;
	for (size_t i = 0; sdex_code_at(i); i++) {
		const struct sdex_code *code = sdex_code_at(i);
		assert_ptr_equal(sdex_code_by_name(code->name), code);
		assert_ptr_equal(sdex_code_by_horizon(code->type, code->horizon), code);
	}
	assert_null(sdex_code_by_name("txNOTHING"));
	assert_null(sdex_code_by_horizon(SDEX_TYPE_PaymentResultCode, "op_cross_self"));
}

/* From Horizon's documentation and its internal/codes/main.go, slips included. */
static void horizons_names(void **state)
{
	(void)state;
	static const struct {
		enum sdex_type type;
		const char *name, *horizon;
	} vectors[] = {
		{SDEX_TYPE_TransactionResultCode, "txBAD_SEQ", "tx_bad_seq"},
		{SDEX_TYPE_TransactionResultCode, "txNO_ACCOUNT", "tx_no_source_account"},
		{SDEX_TYPE_TransactionResultCode, "txBAD_MIN_SEQ_AGE_OR_GAP",
		 "tx_bad_minseq_age_or_gap"},
		{SDEX_TYPE_OperationResultCode, "opNO_ACCOUNT", "op_no_source_account"},
		{SDEX_TYPE_ManageSellOfferResultCode, "MANAGE_SELL_OFFER_CROSS_SELF",
		 "op_cross_self"},
		{SDEX_TYPE_ManageBuyOfferResultCode, "MANAGE_BUY_OFFER_BUY_NO_ISSUER",
		 "buy_no_issuer"},
		{SDEX_TYPE_PathPaymentStrictReceiveResultCode,
		 "PATH_PAYMENT_STRICT_RECEIVE_OVER_SENDMAX", "op_over_source_max"},
		{SDEX_TYPE_ChangeTrustResultCode, "CHANGE_TRUST_NOT_AUTH_MAINTAIN_LIABILITIES",
		 "op_not_aut_maintain_liabilities"},
		{SDEX_TYPE_InvokeHostFunctionResultCode, "INVOKE_HOST_FUNCTION_TRAPPED",
		 "function_trapped"},
	};
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		const struct sdex_code *code =
			sdex_code_by_horizon(vectors[i].type, vectors[i].horizon);
		assert_non_null(code);
		assert_string_equal(code->name, vectors[i].name);
	}
}

/* Each operation's result has its code found, tried or not. */
static void codes_of_operations(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	for (uint32_t type = 0; type < 27; type++) {
		for (int32_t value = -1; value >= -2; value--) {
			uint8_t bytes[12] = {0};
			sdex_OperationResult *result = NULL;
			store_be32(bytes + 4, type);
			store_be32(bytes + 8, (uint32_t)value);
			enum sdex_error error =
				sdex_OperationResult_decode(&result, arena, bytes, 12, NULL);
			if (error == SDEX_ERR_DISCRIMINANT && value == -2)
				continue; /* an operation with one way to fail */
			assert_int_equal(error, SDEX_OK);
			const struct sdex_code *code = sdex_op_result_code(result);
			assert_non_null(code);
			assert_int_equal(code->value, value);
			/* "Payment" and "PaymentResultCode"; passive offers share theirs */
			const char *name = sdex_op_name((sdex_OperationType)type);
			if (type == SDEX_CREATE_PASSIVE_SELL_OFFER)
				name = "ManageSellOffer";
			assert_int_equal(strncmp(sdex_type_name(code->type), name, strlen(name)),
					 0);
			assert_int_equal(sdex_op_result_claims(result).count, 0);
			assert_null(sdex_op_result_offer(result));
		}
	}
	for (int32_t value = -1; value >= -6; value--) {
		const sdex_OperationResult result = {.code = (sdex_OperationResultCode)value};
		assert_int_equal(sdex_op_result_code(&result)->type, SDEX_TYPE_OperationResultCode);
		assert_int_equal(sdex_op_result_code(&result)->value, value);
		assert_int_equal(sdex_op_result_claims(&result).count, 0);
		assert_null(sdex_op_result_offer(&result));
	}
	sdex_OperationResultTr tr = {.type = (sdex_OperationType)27};
	const sdex_OperationResult strange = {.code = SDEX_opINNER, .tr = &tr};
	assert_null(sdex_op_result_code(&strange));
	sdex_arena_free(arena);
}

static char text[20000];

static void says(const sdex_TransactionResult *result, const sdex_TransactionEnvelope *envelope,
		 const char *expected)
{
	struct sdex_failure why;
	size_t length = 0, kept = 5;
	assert_int_equal(sdex_result_text(text, sizeof text, &length, result, envelope, NULL),
			 SDEX_OK);
	assert_string_equal(text, expected);
	assert_int_equal(length, strlen(expected));
	memset(text, 'x', length);
	assert_int_equal(sdex_result_text(text, length, &kept, result, envelope, &why),
			 SDEX_ERR_SPACE);
	assert_int_equal(kept, 5);
	assert_int_equal(strspn(text, "x"), length);
	assert_int_equal(why.where, length + 1);
	assert_int_equal(sdex_result_text(NULL, 0, NULL, result, envelope, NULL), SDEX_ERR_SPACE);
	assert_int_equal(sdex_result_text(text, length + 1, NULL, result, envelope, NULL), SDEX_OK);
}

static const sdex_AccountID maker = {.ed25519 = {{1}}};

static sdex_OperationResult inner(sdex_OperationResultTr *tr)
{
	return (sdex_OperationResult){.code = SDEX_opINNER, .tr = tr};
}

static void a_failure_is_told(void **state)
{
	(void)state;
	sdex_OperationResultTr tr[2] = {
		{.type = SDEX_PAYMENT},
		{.type = SDEX_MANAGE_SELL_OFFER,
		 .manageSellOfferResult = {.code = SDEX_MANAGE_SELL_OFFER_UNDERFUNDED}}};
	sdex_OperationResult list[3] = {inner(&tr[0]), inner(&tr[1]), {.code = SDEX_opBAD_AUTH}};
	const sdex_TransactionResult result = {
		.feeCharged = 300, .result = {.code = SDEX_txFAILED, .results = {list, 3}}};
	sdex_Operation ops[3] = {{.body.type = SDEX_PAYMENT},
				 {.body.type = SDEX_MANAGE_SELL_OFFER},
				 {.body.type = SDEX_ACCOUNT_MERGE}};
	sdex_TransactionV1Envelope v1 = {.tx.operations = {ops, 3}};
	const sdex_TransactionEnvelope envelope = {.type = SDEX_ENVELOPE_TYPE_TX, .v1 = &v1};
	static const char expected[] =
		"transaction: txFAILED (tx_failed): an operation failed, so none took effect; fee "
		"and sequence number are spent\n"
		"  next: see which operation failed, mend it, and send it with the next sequence "
		"number\n"
		"fee charged: 0.0000300 XLM\n"
		"operation 0 Payment: would have worked, and was undone with the others\n"
		"operation 1 ManageSellOffer: MANAGE_SELL_OFFER_UNDERFUNDED (op_underfunded): the "
		"account has not enough to sell; reserves and its other offers count\n"
		"  next: offer less, or delete other offers that sell the asset\n"
		"operation 2 AccountMerge: opBAD_AUTH (op_bad_auth): the signatures do not reach "
		"the threshold of the operation's source account\n"
		"  next: see sdex_tx_auth for who is missing; check the network passphrase\n";
	says(&result, &envelope, expected);
	assert_false(sdex_result_ok(&result));
	assert_string_equal(sdex_result_code(&result)->name, "txFAILED");
	assert_null(sdex_result_inner_code(&result));
	size_t length;
	assert_int_equal(sdex_result_text(text, sizeof text, &length, &result, NULL, NULL),
			 SDEX_OK);
	assert_non_null(strstr(text, "\noperation 2: opBAD_AUTH"));
}

static void a_fee_bump_is_told(void **state)
{
	(void)state;
	sdex_InnerTransactionResultPair pair = {.result = {.result = {.code = SDEX_txTOO_LATE}}};
	sdex_TransactionResult result = {
		.feeCharged = 12345678901,
		.result = {.code = SDEX_txFEE_BUMP_INNER_FAILED, .innerResultPair = &pair}};
	says(&result, NULL,
	     "transaction: txFEE_BUMP_INNER_FAILED (tx_fee_bump_inner_failed): the fee bump paid, "
	     "but the inner transaction failed\n"
	     "  next: see the inner result\n"
	     "inner transaction: txTOO_LATE (tx_too_late): the ledger is past maxTime or "
	     "maxLedger\n"
	     "  next: make it anew with later bounds; this one can never succeed\n"
	     "fee charged: 1234.5678901 XLM\n");
	assert_false(sdex_result_ok(&result));
	assert_string_equal(sdex_result_inner_code(&result)->name, "txTOO_LATE");

	sdex_OperationResultTr tr = {.type = SDEX_BUMP_SEQUENCE};
	sdex_OperationResult one = inner(&tr);
	pair.result.result =
		(sdex_InnerTransactionResultResult){.code = SDEX_txSUCCESS, .results = {&one, 1}};
	result.result.code = SDEX_txFEE_BUMP_INNER_SUCCESS;
	assert_true(sdex_result_ok(&result));
	assert_int_equal(sdex_result_operations(&result).count, 1);
	says(&result, NULL,
	     "transaction: txFEE_BUMP_INNER_SUCCESS (tx_fee_bump_inner_success): the fee bump "
	     "paid, and the inner transaction succeeded\n"
	     "inner transaction: txSUCCESS (tx_success): all operations were done\n"
	     "fee charged: 1234.5678901 XLM\n"
	     "operation 0 BumpSequence: done\n");
}

#define MAKER "GAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAHV4"

static void effects_are_told(void **state)
{
	(void)state;
	const sdex_Asset xlm = {.type = SDEX_ASSET_TYPE_NATIVE},
			 usd = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4,
				.alphaNum4 = {{"USD"}, maker}},
			 none = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4};
	sdex_ClaimOfferAtom book = {maker, 77, xlm, 50000000, usd, 10000000};
	sdex_ClaimOfferAtomV0 old = {maker.ed25519, 78, xlm, 1, usd, 2};
	sdex_ClaimLiquidityAtom pool = {{{2}}, usd, 3, xlm, 4};
	sdex_ClaimAtom claims[3] = {
		{SDEX_CLAIM_ATOM_TYPE_ORDER_BOOK, {.orderBook = &book}},
		{SDEX_CLAIM_ATOM_TYPE_V0, {.v0 = &old}},
		{SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL, {.liquidityPool = &pool}}};
	sdex_OfferEntry entry = {.sellerID = maker,
				 .offerID = 99,
				 .selling = usd,
				 .buying = xlm,
				 .amount = 100,
				 .price = {1, 3}};
	sdex_OfferEntry odd = {.offerID = 5, .selling = none, .buying = none, .price = {0, 1}};
	sdex_PathPaymentStrictReceiveResultSuccess receive = {{claims + 2, 1}, {maker, usd, 5}};
	sdex_PathPaymentStrictSendResultSuccess send = {{claims, 1}, {maker, xlm, 6}};
	sdex_InflationPayout payout = {maker, 7};
	sdex_OperationResultTr tr[] = {
		{.type = SDEX_MANAGE_SELL_OFFER,
		 .manageSellOfferResult = {.success = {{claims, 2},
						       {SDEX_MANAGE_OFFER_CREATED,
							{.offer = &entry}}}}},
		{.type = SDEX_MANAGE_BUY_OFFER,
		 .manageBuyOfferResult = {.success = {{claims, 1},
						      {.effect = SDEX_MANAGE_OFFER_DELETED}}}},
		{.type = SDEX_CREATE_PASSIVE_SELL_OFFER,
		 .createPassiveSellOfferResult =
			 {.success = {{NULL, 0}, {SDEX_MANAGE_OFFER_UPDATED, {.offer = &odd}}}}},
		{.type = SDEX_PATH_PAYMENT_STRICT_RECEIVE,
		 .pathPaymentStrictReceiveResult = {.success = &receive}},
		{.type = SDEX_PATH_PAYMENT_STRICT_SEND,
		 .pathPaymentStrictSendResult = {.success = &send}},
		{.type = SDEX_ACCOUNT_MERGE, .accountMergeResult = {.sourceAccountBalance = 8}},
		{.type = SDEX_INFLATION, .inflationResult = {.payouts = {&payout, 1}}},
		{.type = SDEX_CREATE_CLAIMABLE_BALANCE,
		 .createClaimableBalanceResult = {.balanceID = {.v0 = {{3}}}}},
		{.type = SDEX_INVOKE_HOST_FUNCTION, .invokeHostFunctionResult = {.success = {{4}}}},
		{.type = (sdex_OperationType)27},
	};
	enum { COUNT = sizeof tr / sizeof tr[0] };
	sdex_OperationResult list[COUNT];
	for (int i = 0; i < COUNT; i++)
		list[i] = inner(&tr[i]);
	const sdex_TransactionResult result = {
		.feeCharged = 1000, .result = {.code = SDEX_txSUCCESS, .results = {list, COUNT}}};
	says(&result, NULL,
	     "transaction: txSUCCESS (tx_success): all operations were done\n"
	     "fee charged: 0.0001000 XLM\n"
	     "operation 0 ManageSellOffer: done\n"
	     "  got 5.0000000 XLM for 1.0000000 USD:" MAKER " from offer 77 of " MAKER "\n"
	     "  got 0.0000001 XLM for 0.0000002 USD:" MAKER " from offer 78 of " MAKER "\n"
	     "  offer 99 is new on the book: sells 0.0000100 USD:" MAKER
	     " for XLM at 1/3 (0.3333333)\n"
	     "operation 1 ManageBuyOffer: done\n"
	     "  got 5.0000000 XLM for 1.0000000 USD:" MAKER " from offer 77 of " MAKER "\n"
	     "  no offer is left on the book\n"
	     "operation 2 CreatePassiveSellOffer: done\n"
	     "  offer 5 was changed: sells 0.0000000 (an asset that is not valid) for (an asset "
	     "that is not valid) at 0/1\n"
	     "operation 3 PathPaymentStrictReceive: done\n"
	     "  got 0.0000003 USD:" MAKER " for 0.0000004 XLM from pool "
	     "LABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIND\n"
	     "  delivered 0.0000005 USD:" MAKER " to " MAKER "\n"
	     "operation 4 PathPaymentStrictSend: done\n"
	     "  got 5.0000000 XLM for 1.0000000 USD:" MAKER " from offer 77 of " MAKER "\n"
	     "  delivered 0.0000006 XLM to " MAKER "\n"
	     "operation 5 AccountMerge: done\n"
	     "  moved 0.0000008 XLM\n"
	     "operation 6 Inflation: done\n"
	     "  paid 0.0000007 XLM to " MAKER "\n"
	     "operation 7 CreateClaimableBalance: done\n"
	     "  claimable balance BAAAGAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADGJI\n"
	     "operation 8 InvokeHostFunction: done\n"
	     "  hash of what it returned and of its events: "
	     "0400000000000000000000000000000000000000000000000000000000000000\n"
	     "operation 9 ?: a result that this library does not know\n");
	assert_int_equal(sdex_op_result_claims(&list[0]).count, 2);
	assert_int_equal(sdex_op_result_claims(&list[3]).count, 1);
	assert_int_equal(sdex_op_result_claims(&list[5]).count, 0);
	assert_int_equal(sdex_op_result_offer(&list[1])->effect, SDEX_MANAGE_OFFER_DELETED);
	assert_null(sdex_op_result_offer(&list[3]));
}

struct tally {
	struct sdex_arena *arena;
	uint32_t results, operations, claims;
};

static enum sdex_visit read_result(void *context, const struct sdex_found *found)
{
	struct tally *t = context;
	sdex_TransactionResultPair *pair = NULL;
	size_t length;
	assert_int_equal(
		sdex_TransactionResultPair_decode(&pair, t->arena, found->data, found->size, NULL),
		SDEX_OK);
	sdex_OperationResult_list list = sdex_result_operations(&pair->result);
	assert_non_null(sdex_result_code(&pair->result));
	enum sdex_error error =
		sdex_result_text(text, sizeof text, &length, &pair->result, NULL, NULL);
	assert_true(error == SDEX_OK || length >= sizeof text);
	for (uint32_t i = 0; i < list.count; i++) {
		assert_non_null(sdex_op_result_code(&list.items[i]));
		t->claims += sdex_op_result_claims(&list.items[i]).count;
	}
	t->operations += list.count;
	t->results++;
	return SDEX_VISIT_ON;
}

/* Real results have codes and words for all that is in them. */
static void pubnet_results(void **state)
{
	(void)state;
	static const char *const names[] = {"46154623", "57500008", "63092988"};
	static const enum sdex_type types[] = {SDEX_TYPE_TransactionResultPair};
	const char *folder = getenv("SDEX_CORPUS");
	if (!folder) {
		print_message("SDEX_CORPUS is not set: real ledgers are in the corpus\n");
		skip();
	}
	struct sdex_visit_plan plan;
	struct tally tally = {.arena = sdex_arena_new(0)};
	assert_int_equal(sdex_visit_plan_init(&plan, types, 1), SDEX_OK);
	for (int i = 0; i < 3; i++) {
		char path[1000];
		uint8_t *data = malloc(1u << 24);
		size_t size = 0;
		int got;
		snprintf(path, sizeof path, "%s/pubnet/ledger-%s.xdr.gz", folder, names[i]);
		gzFile in = gzopen(path, "rb");
		assert_non_null(in);
		while ((got = gzread(in, data + size, 1 << 20)) > 0)
			size += (size_t)got;
		gzclose(in);
		assert_int_equal(sdex_xdr_visit(SDEX_TYPE_LedgerCloseMeta, &plan, read_result,
						&tally, data, size, NULL, NULL),
				 SDEX_OK);
		free(data);
	}
	assert_int_equal(tally.results, 682);
	assert_true(tally.operations > 1000);
	assert_int_equal(tally.operations, 1383);
	assert_int_equal(tally.claims, 112);
	sdex_arena_free(tally.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_words), cmocka_unit_test(names_lead_back),
		cmocka_unit_test(horizons_names),       cmocka_unit_test(codes_of_operations),
		cmocka_unit_test(a_failure_is_told),    cmocka_unit_test(a_fee_bump_is_told),
		cmocka_unit_test(effects_are_told),     cmocka_unit_test(pubnet_results),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
