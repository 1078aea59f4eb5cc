/* From orders to envelopes and from results back, against the ledger's own rules. */
#include "base/testing.h"
#include "sdex/signature.h"
#include "trade/transaction.h"

#define ISSUER "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN"

static struct order_terms terms(enum order_side side)
{
	return (struct order_terms){.side = side,
				    .base = "native",
				    .counter = "USDCOIN:" ISSUER,
				    .amount = 125000000,
				    .price = {.n = 1, .d = 10}};
}

static struct transaction_plan plan_of(const struct transaction_op *ops, uint32_t count)
{
	return (struct transaction_plan){.source = {1},
					 .sequence = 77,
					 .fee = 1000,
					 .max_time = 1700000060,
					 .max_ledger = 112,
					 .ops = ops,
					 .count = count};
}

static void test_build(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	struct order_terms sell = terms(ORDER_SELL), buy = terms(ORDER_BUY);
	const struct transaction_op ops[] = {
		{ACT_DELETE, &buy, 5}, {ACT_PLACE, &sell, 0}, {ACT_PLACE, &buy, 0}};
	struct transaction_plan plan = plan_of(ops, 3);
	const sdex_Hash network = {{9}};
	struct transaction_built built;
	struct sdex_failure why;
	assert_int_equal(transaction_build(&built, arena, &plan, &network, &why), SDEX_OK);
	sdex_TransactionEnvelope *read = NULL;
	assert_int_equal(sdex_TransactionEnvelope_decode(&read, arena, built.envelope.data,
							 built.envelope.size, NULL),
			 SDEX_OK);
	const sdex_Transaction *tx = &read->v1->tx;
	assert_int_equal(tx->fee, 3000);
	assert_int_equal(tx->seqNum, 77);
	assert_int_equal(tx->cond.type, SDEX_PRECOND_V2);
	assert_int_equal(tx->cond.v2->timeBounds->maxTime, 1700000060);
	assert_int_equal(tx->cond.v2->ledgerBounds->maxLedger, 112);
	assert_null(tx->cond.v2->minSeqNum);
	assert_int_equal(tx->operations.count, 3);
	const sdex_ManageBuyOfferOp *gone = tx->operations.items[0].body.manageBuyOfferOp;
	assert_int_equal(gone->buyAmount, 0);
	assert_int_equal(gone->offerID, 5);
	const sdex_ManageSellOfferOp *sells = tx->operations.items[1].body.manageSellOfferOp;
	assert_int_equal(sells->selling.type, SDEX_ASSET_TYPE_NATIVE);
	assert_int_equal(sells->amount, 125000000);
	assert_true(sells->price.n == 1 && sells->price.d == 10);
	const sdex_ManageBuyOfferOp *buys = tx->operations.items[2].body.manageBuyOfferOp;
	assert_int_equal(buys->buying.type, SDEX_ASSET_TYPE_NATIVE);
	assert_int_equal(buys->selling.type, SDEX_ASSET_TYPE_CREDIT_ALPHANUM12);
	assert_int_equal(buys->buyAmount, 125000000);
	/* without a signature it is not signed, with another hash it is another one */
	assert_false(transaction_is_signed(built.envelope.data, built.envelope.size, &built.hash,
					   &network, arena));
	uint8_t bytes[2000], seed[32] = {1};
	size_t size;
	struct sdex_secret key;
	const struct sdex_secret *keys[] = {&key};
	sdex_Hash other = built.hash, elsewhere = {{8}};
	other.bytes[31] ^= 1;
	sdex_secret_from_seed(&key, seed);
	assert_int_equal(sdex_tx_sign(read, arena, &network, keys, 1, &why), SDEX_OK);
	assert_int_equal(sdex_TransactionEnvelope_encode(bytes, sizeof bytes, &size, read, &why),
			 SDEX_OK);
	assert_true(transaction_is_signed(bytes, size, &built.hash, &network, arena));
	assert_false(transaction_is_signed(bytes, size, &other, &network, arena));
	assert_false(transaction_is_signed(bytes, size, &built.hash, &elsewhere, arena));
	assert_false(transaction_is_signed(bytes, size - 1, &built.hash, &network, arena));
	sdex_arena_free(arena);
}

static void test_price(void **state)
{
	(void)state;
	sdex_Price up, down;
	const char *third = "0.33333333333333333333";
	assert_int_equal(transaction_price(&up, ORDER_SELL, third, strlen(third), NULL), SDEX_OK);
	assert_int_equal(transaction_price(&down, ORDER_BUY, third, strlen(third), NULL), SDEX_OK);
	assert_true(sdex_price_compare(down, up) < 0);
	assert_int_equal(transaction_price(&up, ORDER_SELL, "0.1", 3, NULL), SDEX_OK);
	assert_true(up.n == 1 && up.d == 10);
	assert_int_equal(transaction_price(&up, ORDER_SELL, "0", 1, NULL), SDEX_ERR_RANGE);
}

static sdex_OperationResult manage(sdex_OperationResultTr *tr, sdex_ManageSellOfferResultCode code)
{
	memset(tr, 0, sizeof *tr);
	tr->type = SDEX_MANAGE_SELL_OFFER;
	tr->manageSellOfferResult.code = code;
	return (sdex_OperationResult){.code = SDEX_opINNER, .tr = tr};
}

static void test_outcomes(void **state)
{
	(void)state;
	sdex_OperationResultTr tr[2];
	sdex_OperationResult ops[2] = {manage(&tr[0], SDEX_MANAGE_SELL_OFFER_SUCCESS),
				       manage(&tr[1], SDEX_MANAGE_SELL_OFFER_UNDERFUNDED)};
	tr[0].manageSellOfferResult.success.offer.effect = SDEX_MANAGE_OFFER_DELETED;
	sdex_TransactionResult result = {
		.result = {.code = SDEX_txFAILED, .results = {.items = ops, .count = 2}}};
	struct outcome outcome;
	/* its neighbour failed: it did nothing, and is not to blame */
	assert_true(transaction_outcome(&outcome, &result, 0));
	assert_int_equal(outcome.kind, OUTCOME_UNDONE);
	assert_true(transaction_outcome(&outcome, &result, 1));
	assert_int_equal(outcome.kind, OUTCOME_FAILED);
	assert_string_equal(outcome.code->name, "MANAGE_SELL_OFFER_UNDERFUNDED");
	assert_false(transaction_outcome(&outcome, &result, 2));
	/* done */
	sdex_OfferEntry offer = {.offerID = 12, .amount = 34};
	ops[1] = manage(&tr[1], SDEX_MANAGE_SELL_OFFER_SUCCESS);
	tr[1].manageSellOfferResult.success.offer =
		(sdex_ManageOfferSuccessResultOffer){SDEX_MANAGE_OFFER_CREATED, {&offer}};
	result.result.code = SDEX_txSUCCESS;
	assert_true(transaction_outcome(&outcome, &result, 0));
	assert_int_equal(outcome.kind, OUTCOME_ENDS);
	assert_true(transaction_outcome(&outcome, &result, 1));
	assert_int_equal(outcome.kind, OUTCOME_RESTS);
	assert_int_equal(outcome.offer_id, 12);
	assert_int_equal(outcome.amount, 34);
	/* as a whole */
	result = (sdex_TransactionResult){.result = {.code = SDEX_txBAD_SEQ}};
	assert_true(transaction_outcome(&outcome, &result, 5));
	assert_int_equal(outcome.kind, OUTCOME_UNDONE);
	assert_string_equal(outcome.code->name, "txBAD_SEQ");
}

static void test_claims(void **state)
{
	(void)state;
	struct order_terms sell = terms(ORDER_SELL), buy = terms(ORDER_BUY);
	sdex_ClaimOfferAtom maker = {.offerID = 3, .amountSold = 10, .amountBought = 25};
	sdex_ClaimAtom atom = {.type = SDEX_CLAIM_ATOM_TYPE_ORDER_BOOK, .orderBook = &maker};
	struct fill fill = {0};
	/* what the maker sold is what an order to buy got */
	assert_true(transaction_taker_fill(&fill, &buy, &atom));
	assert_true(fill.base == 10 && fill.counter == 25 && fill.offer_id == 3);
	assert_true(transaction_taker_fill(&fill, &sell, &atom));
	assert_true(fill.base == 25 && fill.counter == 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_price),
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_claims),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
