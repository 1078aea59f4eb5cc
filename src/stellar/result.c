/* stellar/result.c - results of transactions: taken apart, and told. */
#include "sdex/result.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "sdex/address.h"
#include "sdex/amount.h"
#include "sdex/asset.h"
#include "sdex/ids.h"
#include "sdex/price.h"
#include "sdex/transaction.h"
#include "stellar/words.h"
#include "xdr/describe.h"

static const struct sdex_code *tx_code(sdex_TransactionResultCode code)
{
	return sdex_code_find(SDEX_TYPE_TransactionResultCode, (int32_t)code);
}

static const sdex_InnerTransactionResultResult *inner_of(const sdex_TransactionResult *result)
{
	if (result->result.code == SDEX_txFEE_BUMP_INNER_SUCCESS ||
	    result->result.code == SDEX_txFEE_BUMP_INNER_FAILED)
		return &result->result.innerResultPair->result.result;
	return NULL;
}

const struct sdex_code *sdex_result_code(const sdex_TransactionResult *result)
{
	return tx_code(result->result.code);
}

const struct sdex_code *sdex_result_inner_code(const sdex_TransactionResult *result)
{
	const sdex_InnerTransactionResultResult *inner = inner_of(result);
	return inner ? tx_code(inner->code) : NULL;
}

bool sdex_result_ok(const sdex_TransactionResult *result)
{
	return (int32_t)result->result.code >= 0;
}

sdex_OperationResult_list sdex_result_operations(const sdex_TransactionResult *result)
{
	const sdex_InnerTransactionResultResult *inner = inner_of(result);
	sdex_TransactionResultCode code = inner ? inner->code : result->result.code;
	if (code != SDEX_txSUCCESS && code != SDEX_txFAILED)
		return (sdex_OperationResult_list){0};
	return inner ? inner->results : result->result.results;
}

const struct sdex_code *sdex_op_result_code(const sdex_OperationResult *result)
{
	if (result->code != SDEX_opINNER)
		return sdex_code_find(SDEX_TYPE_OperationResultCode, (int32_t)result->code);
	/* The schema knows which result an operation has, and each begins with its code. */
	const sdex_OperationResultTr *tr = result->tr;
	const struct describe_type *type = &describe_types[SDEX_TYPE_OperationResultTr];
	const struct describe_case *arm = describe_find_case(type, (int32_t)tr->type);
	if (!arm || arm->member == DESCRIBE_NONE)
		return NULL;
	const struct describe_member *member = &describe_members[arm->member];
	const void *value = describe_member_value(member, tr);
	if (!value)
		return NULL;
	uint16_t codes = describe_types[member->type].element;
	return sdex_code_find((enum sdex_type)codes, describe_get_int(value));
}

static const sdex_ManageOfferSuccessResult *offer_success(const sdex_OperationResult *result)
{
	if (result->code != SDEX_opINNER)
		return NULL;
	const sdex_OperationResultTr *tr = result->tr;
	const sdex_ManageSellOfferResult *sell =
		tr->type == SDEX_MANAGE_SELL_OFFER           ? &tr->manageSellOfferResult
		: tr->type == SDEX_CREATE_PASSIVE_SELL_OFFER ? &tr->createPassiveSellOfferResult
							     : NULL;
	if (sell && sell->code == SDEX_MANAGE_SELL_OFFER_SUCCESS)
		return &sell->success;
	if (tr->type == SDEX_MANAGE_BUY_OFFER &&
	    tr->manageBuyOfferResult.code == SDEX_MANAGE_BUY_OFFER_SUCCESS)
		return &tr->manageBuyOfferResult.success;
	return NULL;
}

/* What a path payment that was done delivered, and its trades. */
static const sdex_SimplePaymentResult *path_success(const sdex_OperationResult *result,
						    sdex_ClaimAtom_list *claims)
{
	if (result->code != SDEX_opINNER)
		return NULL;
	const sdex_OperationResultTr *tr = result->tr;
	if (tr->type == SDEX_PATH_PAYMENT_STRICT_RECEIVE &&
	    tr->pathPaymentStrictReceiveResult.code == SDEX_PATH_PAYMENT_STRICT_RECEIVE_SUCCESS) {
		*claims = tr->pathPaymentStrictReceiveResult.success->offers;
		return &tr->pathPaymentStrictReceiveResult.success->last;
	}
	if (tr->type == SDEX_PATH_PAYMENT_STRICT_SEND &&
	    tr->pathPaymentStrictSendResult.code == SDEX_PATH_PAYMENT_STRICT_SEND_SUCCESS) {
		*claims = tr->pathPaymentStrictSendResult.success->offers;
		return &tr->pathPaymentStrictSendResult.success->last;
	}
	return NULL;
}

sdex_ClaimAtom_list sdex_op_result_claims(const sdex_OperationResult *result)
{
	sdex_ClaimAtom_list claims = {0};
	const sdex_ManageOfferSuccessResult *offer = offer_success(result);
	if (offer)
		return offer->offersClaimed;
	path_success(result, &claims);
	return claims;
}

const sdex_ManageOfferSuccessResultOffer *sdex_op_result_offer(const sdex_OperationResult *result)
{
	const sdex_ManageOfferSuccessResult *offer = offer_success(result);
	return offer ? &offer->offer : NULL;
}

/* --- in words */

static void add_asset(struct words *w, const sdex_Asset *asset)
{
	char text[SDEX_ASSET_ROOM];
	size_t length;
	if (asset->type == SDEX_ASSET_TYPE_NATIVE)
		words_add(w, "XLM");
	else if (sdex_asset_print(text, sizeof text, &length, asset))
		words_add(w, "(an asset that is not valid)");
	else
		words_add(w, "%s", text);
}

static void add_money(struct words *w, int64_t stroops, const sdex_Asset *asset)
{
	char amount[SDEX_AMOUNT_ROOM];
	sdex_amount_print(amount, (struct sdex_amount){stroops});
	words_add(w, "%s ", amount);
	add_asset(w, asset);
}

static void add_xlm(struct words *w, int64_t stroops)
{
	char amount[SDEX_AMOUNT_ROOM];
	sdex_amount_print(amount, (struct sdex_amount){stroops});
	words_add(w, "%s XLM", amount);
}

static void add_key(struct words *w, enum sdex_strkey_kind kind, const uint8_t key[32])
{
	char text[59];
	if (!sdex_strkey_encode_key(text, sizeof text, NULL, kind, key))
		words_add(w, "%s", text);
}

/* The atom tells what the maker sold and bought: the taker got and gave that. */
static void add_claim(struct words *w, const sdex_ClaimAtom *claim)
{
	words_add(w, "  got ");
	switch (claim->type) {
	case SDEX_CLAIM_ATOM_TYPE_V0:
		add_money(w, claim->v0->amountSold, &claim->v0->assetSold);
		words_add(w, " for ");
		add_money(w, claim->v0->amountBought, &claim->v0->assetBought);
		words_add(w, " from offer %" PRId64 " of ", claim->v0->offerID);
		add_key(w, SDEX_STRKEY_ACCOUNT, claim->v0->sellerEd25519.bytes);
		break;
	case SDEX_CLAIM_ATOM_TYPE_ORDER_BOOK:
		add_money(w, claim->orderBook->amountSold, &claim->orderBook->assetSold);
		words_add(w, " for ");
		add_money(w, claim->orderBook->amountBought, &claim->orderBook->assetBought);
		words_add(w, " from offer %" PRId64 " of ", claim->orderBook->offerID);
		add_key(w, SDEX_STRKEY_ACCOUNT, claim->orderBook->sellerID.ed25519.bytes);
		break;
	case SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL:
		add_money(w, claim->liquidityPool->amountSold, &claim->liquidityPool->assetSold);
		words_add(w, " for ");
		add_money(w, claim->liquidityPool->amountBought,
			  &claim->liquidityPool->assetBought);
		words_add(w, " from pool ");
		add_key(w, SDEX_STRKEY_LIQUIDITY_POOL, claim->liquidityPool->liquidityPoolID.bytes);
		break;
	}
	words_add(w, "\n");
}

static void add_offer(struct words *w, const sdex_ManageOfferSuccessResultOffer *offer)
{
	char price[SDEX_PRICE_ROOM];
	if (offer->effect == SDEX_MANAGE_OFFER_DELETED) {
		words_add(w, "  no offer is left on the book\n");
		return;
	}
	const sdex_OfferEntry *entry = offer->offer;
	words_add(w, "  offer %" PRId64 " %s: sells ", entry->offerID,
		  offer->effect == SDEX_MANAGE_OFFER_CREATED ? "is new on the book"
							     : "was changed");
	add_money(w, entry->amount, &entry->selling);
	words_add(w, " for ");
	add_asset(w, &entry->buying);
	words_add(w, " at %" PRId32 "/%" PRId32, entry->price.n, entry->price.d);
	if (entry->price.n > 0 && entry->price.d > 0) {
		sdex_price_print(price, entry->price, 7);
		words_add(w, " (%s)", price);
	}
	words_add(w, "\n");
}

static void add_payouts(struct words *w, const sdex_InflationPayout_list *payouts)
{
	for (uint32_t i = 0; i < payouts->count; i++) {
		words_add(w, "  paid ");
		add_xlm(w, payouts->items[i].amount);
		words_add(w, " to ");
		add_key(w, SDEX_STRKEY_ACCOUNT, payouts->items[i].destination.ed25519.bytes);
		words_add(w, "\n");
	}
}

/* What only this operation's result has to tell. */
static void add_outcome(struct words *w, const sdex_OperationResultTr *tr)
{
	char id[SDEX_BALANCE_ID_ROOM], hex[65];
	if (tr->type == SDEX_ACCOUNT_MERGE) {
		words_add(w, "  moved ");
		add_xlm(w, tr->accountMergeResult.sourceAccountBalance);
		words_add(w, "\n");
	} else if (tr->type == SDEX_INFLATION) {
		add_payouts(w, &tr->inflationResult.payouts);
	} else if (tr->type == SDEX_CREATE_CLAIMABLE_BALANCE) {
		sdex_balance_id_print(id, &tr->createClaimableBalanceResult.balanceID);
		words_add(w, "  claimable balance %s\n", id);
	} else if (tr->type == SDEX_INVOKE_HOST_FUNCTION &&
		   !sdex_hex_encode(hex, sizeof hex, NULL,
				    tr->invokeHostFunctionResult.success.bytes, 32)) {
		words_add(w, "  hash of what it returned and of its events: %s\n", hex);
	}
}

static void add_effects(struct words *w, const sdex_OperationResult *result)
{
	sdex_ClaimAtom_list claims = sdex_op_result_claims(result);
	for (uint32_t i = 0; i < claims.count; i++)
		add_claim(w, &claims.items[i]);
	const sdex_ManageOfferSuccessResultOffer *offer = sdex_op_result_offer(result);
	if (offer)
		add_offer(w, offer);
	const sdex_SimplePaymentResult *last = path_success(result, &claims);
	if (last) {
		words_add(w, "  delivered ");
		add_money(w, last->amount, &last->asset);
		words_add(w, " to ");
		add_key(w, SDEX_STRKEY_ACCOUNT, last->destination.ed25519.bytes);
		words_add(w, "\n");
	}
	add_outcome(w, result->tr);
}

static void add_code(struct words *w, const struct sdex_code *code)
{
	words_add(w, "%s (%s): %s\n", code->name, code->horizon, code->meaning);
	if (code->value < 0)
		words_add(w, "  next: %s\n", code->remedy);
}

static void add_operation(struct words *w, const sdex_OperationResult *result, uint32_t i,
			  const sdex_Operation_list *operations, bool done)
{
	const struct sdex_code *code = sdex_op_result_code(result);
	words_add(w, "operation %" PRIu32, i);
	if (result->code == SDEX_opINNER)
		words_add(w, " %s", sdex_op_name(result->tr->type));
	else if (i < operations->count)
		words_add(w, " %s", sdex_op_name(operations->items[i].body.type));
	words_add(w, ": ");
	if (!code)
		words_add(w, "a result that this library does not know\n");
	else if (code->value < 0)
		add_code(w, code);
	else if (!done)
		words_add(w, "would have worked, and was undone with the others\n");
	else
		words_add(w, "done\n");
	if (code && code->value >= 0 && done)
		add_effects(w, result);
}

static void write_result(struct words *w, const sdex_TransactionResult *result,
			 const sdex_TransactionEnvelope *envelope)
{
	const struct sdex_code *code = sdex_result_code(result);
	const struct sdex_code *inner = sdex_result_inner_code(result);
	sdex_OperationResult_list list = sdex_result_operations(result);
	sdex_Operation_list operations = {0};
	if (envelope)
		operations = sdex_tx_operations(envelope);
	words_add(w, "transaction: ");
	if (code)
		add_code(w, code);
	if (inner) {
		words_add(w, "inner transaction: ");
		add_code(w, inner);
	}
	words_add(w, "fee charged: ");
	add_xlm(w, result->feeCharged);
	words_add(w, "\n");
	for (uint32_t i = 0; i < list.count; i++)
		add_operation(w, &list.items[i], i, &operations, sdex_result_ok(result));
}

enum sdex_error sdex_result_text(char *text, size_t room, size_t *length,
				 const sdex_TransactionResult *result,
				 const sdex_TransactionEnvelope *envelope, struct sdex_failure *why)
{
	struct words w = {.room = 0};
	write_result(&w, result, envelope);
	enum sdex_error error = words_fit(&w, text, room, why);
	if (error)
		return error;
	write_result(&w, result, envelope);
	put_length(length, w.length);
	return SDEX_OK;
}
