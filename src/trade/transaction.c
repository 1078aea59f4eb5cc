/* trade/transaction.c - from orders to envelopes, from results to orders. */
#include "trade/transaction.h"

#include <string.h>

#include "base/check.h"
#include "base/failure.h"

static enum sdex_error assets_of(sdex_Asset *base, sdex_Asset *counter, struct sdex_arena *arena,
				 const struct order_terms *terms, struct sdex_failure *why)
{
	enum sdex_error error =
		sdex_asset_parse(base, arena, terms->base, strlen(terms->base), false, why);
	if (!error)
		error = sdex_asset_parse(counter, arena, terms->counter, strlen(terms->counter),
					 false, why);
	return error;
}

static enum sdex_error make_op(sdex_Operation *out, struct sdex_arena *arena,
			       const struct transaction_op *op, struct sdex_failure *why)
{
	sdex_Asset base, counter;
	const struct order_terms *terms = op->terms;
	enum sdex_error error = assets_of(&base, &counter, arena, terms, why);
	if (error)
		return error;
	struct sdex_amount amount = {op->act == ACT_PLACE ? terms->amount : 0};
	int64_t id = op->act == ACT_PLACE ? 0 : op->offer_id;
	if (terms->side == ORDER_SELL)
		return sdex_op_manage_sell_offer(out, arena, NULL, &base, &counter, amount,
						 terms->price, id, why);
	return sdex_op_manage_buy_offer(out, arena, NULL, &counter, &base, amount, terms->price, id,
					why);
}

static enum sdex_error make_ops(sdex_Operation_list *list, struct sdex_arena *arena,
				const struct transaction_plan *plan, struct sdex_failure *why)
{
	list->items = sdex_arena_alloc(arena, plan->count * sizeof *list->items);
	if (!list->items)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	for (list->count = 0; list->count < plan->count; list->count++) {
		const struct transaction_op *op = &plan->ops[list->count];
		CHECK(op->act == ACT_DELETE ? op->offer_id > 0 : op->offer_id == 0);
		CHECK(list->count == 0 || op->act == ACT_PLACE || op[-1].act == ACT_DELETE);
		enum sdex_error error = make_op(&list->items[list->count], arena, op, why);
		if (error)
			return error;
	}
	return SDEX_OK;
}

enum sdex_error transaction_build(struct transaction_built *built, struct sdex_arena *arena,
				  const struct transaction_plan *plan, const sdex_Hash *network,
				  struct sdex_failure *why)
{
	CHECK(plan->count >= 1 && plan->count <= TRANSACTION_OPS_MAX);
	CHECK(plan->max_time > 0 && plan->max_ledger > 0);
	sdex_AccountID source = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(source.ed25519.bytes, plan->source, 32);
	sdex_TimeBounds time = {.maxTime = plan->max_time};
	sdex_LedgerBounds ledgers = {.maxLedger = plan->max_ledger};
	sdex_PreconditionsV2 bounds = {.timeBounds = &time, .ledgerBounds = &ledgers};
	sdex_Transaction tx = {.sourceAccount = sdex_muxed(&source),
			       .fee = plan->fee * plan->count,
			       .seqNum = plan->sequence,
			       .cond = sdex_preconditions(&bounds),
			       .memo = sdex_memo_none()};
	sdex_TransactionEnvelope envelope;
	enum sdex_error error = make_ops(&tx.operations, arena, plan, why);
	if (!error)
		error = sdex_tx_make(&envelope, arena, &tx, NULL, why);
	if (!error)
		error = sdex_tx_hash(&built->hash, arena, &envelope, network, why);
	if (error)
		return error;
	uint8_t *bytes = sdex_arena_alloc(arena, TRANSACTION_SIZE_MAX);
	size_t size;
	if (!bytes)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	error = sdex_TransactionEnvelope_encode(bytes, TRANSACTION_SIZE_MAX, &size, &envelope, why);
	if (!error)
		built->envelope = (struct sdex_bytes){.data = bytes, .size = (uint32_t)size};
	return error;
}

enum sdex_error transaction_price(sdex_Price *price, enum order_side side, const char *text,
				  size_t length, struct sdex_failure *why)
{
	return sdex_price_parse(price, text, length,
				side == ORDER_SELL ? SDEX_ROUND_UP : SDEX_ROUND_DOWN, why);
}

bool transaction_is_signed(const void *envelope, size_t size, const sdex_Hash *hash,
			   const sdex_Hash *network, struct sdex_arena *scratch)
{
	sdex_TransactionEnvelope *read = NULL;
	sdex_Hash found;
	return !sdex_TransactionEnvelope_decode(&read, scratch, envelope, size, NULL) &&
	       read->type == SDEX_ENVELOPE_TYPE_TX && sdex_tx_signatures(read).count > 0 &&
	       !sdex_tx_hash(&found, scratch, read, network, NULL) &&
	       memcmp(&found, hash, sizeof found) == 0;
}

bool transaction_outcome(struct outcome *outcome, const sdex_TransactionResult *result,
			 uint32_t index)
{
	*outcome = (struct outcome){.kind = OUTCOME_UNDONE};
	outcome->code = sdex_result_inner_code(result);
	if (!outcome->code)
		outcome->code = sdex_result_code(result);
	sdex_OperationResult_list list = sdex_result_operations(result);
	if (list.count == 0)
		return !sdex_result_ok(result);
	if (index >= list.count)
		return false;
	const sdex_OperationResult *op = &list.items[index];
	const struct sdex_code *code = sdex_op_result_code(op);
	if (code->value < 0) {
		outcome->kind = OUTCOME_FAILED;
		outcome->code = code;
		return true;
	}
	const sdex_ManageOfferSuccessResultOffer *offer = sdex_op_result_offer(op);
	if (!offer)
		return false;
	if (!sdex_result_ok(result))
		return true;
	outcome->claims = sdex_op_result_claims(op);
	outcome->kind = OUTCOME_ENDS;
	if (offer->effect == SDEX_MANAGE_OFFER_DELETED)
		return true;
	outcome->kind = OUTCOME_RESTS;
	outcome->offer_id = offer->offer->offerID;
	outcome->amount = offer->offer->amount;
	return outcome->offer_id > 0 && outcome->amount > 0;
}

bool transaction_taker_fill(struct fill *fill, const struct order_terms *terms,
			    const sdex_ClaimAtom *atom)
{
	int64_t sold = 0, bought = 0; /* by the maker */
	switch (atom->type) {
	case SDEX_CLAIM_ATOM_TYPE_V0:
		sold = atom->v0->amountSold;
		bought = atom->v0->amountBought;
		fill->offer_id = atom->v0->offerID;
		break;
	case SDEX_CLAIM_ATOM_TYPE_ORDER_BOOK:
		sold = atom->orderBook->amountSold;
		bought = atom->orderBook->amountBought;
		fill->offer_id = atom->orderBook->offerID;
		break;
	case SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL:
		sold = atom->liquidityPool->amountSold;
		bought = atom->liquidityPool->amountBought;
		fill->offer_id = 0;
		break;
	}
	fill->base = terms->side == ORDER_BUY ? sold : bought;
	fill->counter = terms->side == ORDER_BUY ? bought : sold;
	return sold >= 0 && bought >= 0;
}
