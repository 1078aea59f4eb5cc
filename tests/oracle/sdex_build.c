/* oracle/sdex_build.c - operations made anew with libsdex's constructors. */
#include "sdex_build.h"

/* What every constructor takes. */
#define COMMON out, arena, op->sourceAccount

static enum sdex_error accounts(sdex_Operation *out, struct sdex_arena *arena,
				const sdex_Operation *op, struct sdex_failure *why)
{
	const sdex_CreateAccountOp *create = op->body.createAccountOp;
	const sdex_PaymentOp *pay = op->body.paymentOp;
	const sdex_PathPaymentStrictReceiveOp *receive = op->body.pathPaymentStrictReceiveOp;
	const sdex_PathPaymentStrictSendOp *send = op->body.pathPaymentStrictSendOp;
	if (op->body.type == SDEX_CREATE_ACCOUNT)
		return sdex_op_create_account(COMMON, &create->destination,
					      sdex_stroops(create->startingBalance), why);
	if (op->body.type == SDEX_PAYMENT)
		return sdex_op_payment(COMMON, &pay->destination, &pay->asset,
				       sdex_stroops(pay->amount), why);
	if (op->body.type == SDEX_PATH_PAYMENT_STRICT_RECEIVE)
		return sdex_op_path_payment_strict_receive(
			COMMON, &receive->sendAsset, sdex_stroops(receive->sendMax),
			&receive->destination, &receive->destAsset,
			sdex_stroops(receive->destAmount), receive->path.items, receive->path.count,
			why);
	return sdex_op_path_payment_strict_send(COMMON, &send->sendAsset,
						sdex_stroops(send->sendAmount), &send->destination,
						&send->destAsset, sdex_stroops(send->destMin),
						send->path.items, send->path.count, why);
}

static enum sdex_error offers(sdex_Operation *out, struct sdex_arena *arena,
			      const sdex_Operation *op, struct sdex_failure *why)
{
	const sdex_ManageSellOfferOp *sell = op->body.manageSellOfferOp;
	const sdex_ManageBuyOfferOp *buy = op->body.manageBuyOfferOp;
	const sdex_CreatePassiveSellOfferOp *passive = op->body.createPassiveSellOfferOp;
	if (op->body.type == SDEX_MANAGE_SELL_OFFER)
		return sdex_op_manage_sell_offer(COMMON, &sell->selling, &sell->buying,
						 sdex_stroops(sell->amount), sell->price,
						 sell->offerID, why);
	if (op->body.type == SDEX_MANAGE_BUY_OFFER)
		return sdex_op_manage_buy_offer(COMMON, &buy->selling, &buy->buying,
						sdex_stroops(buy->buyAmount), buy->price,
						buy->offerID, why);
	return sdex_op_create_passive_sell_offer(COMMON, &passive->selling, &passive->buying,
						 sdex_stroops(passive->amount), passive->price,
						 why);
}

static enum sdex_error pools(sdex_Operation *out, struct sdex_arena *arena,
			     const sdex_Operation *op, struct sdex_failure *why)
{
	const sdex_LiquidityPoolDepositOp *deposit = op->body.liquidityPoolDepositOp;
	const sdex_LiquidityPoolWithdrawOp *withdraw = op->body.liquidityPoolWithdrawOp;
	if (op->body.type == SDEX_LIQUIDITY_POOL_DEPOSIT)
		return sdex_op_liquidity_pool_deposit(COMMON, &deposit->liquidityPoolID,
						      sdex_stroops(deposit->maxAmountA),
						      sdex_stroops(deposit->maxAmountB),
						      deposit->minPrice, deposit->maxPrice, why);
	return sdex_op_liquidity_pool_withdraw(
		COMMON, &withdraw->liquidityPoolID, sdex_stroops(withdraw->amount),
		sdex_stroops(withdraw->minAmountA), sdex_stroops(withdraw->minAmountB), why);
}

static enum sdex_error change_trust(sdex_Operation *out, struct sdex_arena *arena,
				    const sdex_Operation *op, struct sdex_failure *why)
{
	const sdex_ChangeTrustAsset *line = &op->body.changeTrustOp->line;
	const int64_t limit = op->body.changeTrustOp->limit;
	if (line->type == SDEX_ASSET_TYPE_POOL_SHARE)
		return sdex_op_change_trust_pool(
			COMMON, &line->liquidityPool.constantProduct->assetA,
			&line->liquidityPool.constantProduct->assetB, sdex_stroops(limit), why);
	sdex_Asset asset = {.type = line->type};
	if (line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		asset.alphaNum4 = line->alphaNum4;
	else
		asset.alphaNum12 = line->alphaNum12;
	return sdex_op_change_trust(COMMON, &asset, sdex_stroops(limit), why);
}

static enum sdex_error issuers(sdex_Operation *out, struct sdex_arena *arena,
			       const sdex_Operation *op, struct sdex_failure *why)
{
	const sdex_AllowTrustOp *allow = op->body.allowTrustOp;
	const sdex_SetTrustLineFlagsOp *flags = op->body.setTrustLineFlagsOp;
	const sdex_ClawbackOp *clawback = op->body.clawbackOp;
	if (op->body.type == SDEX_ALLOW_TRUST)
		return sdex_op_allow_trust(COMMON, &allow->trustor, &allow->asset, allow->authorize,
					   why);
	if (op->body.type == SDEX_SET_TRUST_LINE_FLAGS)
		return sdex_op_set_trust_line_flags(COMMON, &flags->trustor, &flags->asset,
						    flags->clearFlags, flags->setFlags, why);
	if (op->body.type == SDEX_CLAWBACK)
		return sdex_op_clawback(COMMON, &clawback->asset, &clawback->from,
					sdex_stroops(clawback->amount), why);
	return sdex_op_clawback_claimable_balance(
		COMMON, &op->body.clawbackClaimableBalanceOp.balanceID, why);
}

static enum sdex_error balances(sdex_Operation *out, struct sdex_arena *arena,
				const sdex_Operation *op, struct sdex_failure *why)
{
	const sdex_CreateClaimableBalanceOp *create = op->body.createClaimableBalanceOp;
	if (op->body.type == SDEX_CREATE_CLAIMABLE_BALANCE)
		return sdex_op_create_claimable_balance(
			COMMON, &create->asset, sdex_stroops(create->amount),
			create->claimants.items, create->claimants.count, why);
	return sdex_op_claim_claimable_balance(COMMON, &op->body.claimClaimableBalanceOp.balanceID,
					       why);
}

static enum sdex_error revoke(sdex_Operation *out, struct sdex_arena *arena,
			      const sdex_Operation *op, struct sdex_failure *why)
{
	const sdex_RevokeSponsorshipOp *from = &op->body.revokeSponsorshipOp;
	if (from->type == SDEX_REVOKE_SPONSORSHIP_LEDGER_ENTRY)
		return sdex_op_revoke_sponsorship(COMMON, from->ledgerKey, why);
	return sdex_op_revoke_signer_sponsorship(COMMON, &from->signer->accountID,
						 &from->signer->signerKey, why);
}

enum sdex_error build_again(sdex_Operation *out, struct sdex_arena *arena, const sdex_Operation *op,
			    struct sdex_failure *why)
{
	const sdex_OperationBody *body = &op->body;
	switch (body->type) {
	case SDEX_CREATE_ACCOUNT:
	case SDEX_PAYMENT:
	case SDEX_PATH_PAYMENT_STRICT_RECEIVE:
	case SDEX_PATH_PAYMENT_STRICT_SEND:
		return accounts(out, arena, op, why);
	case SDEX_MANAGE_SELL_OFFER:
	case SDEX_MANAGE_BUY_OFFER:
	case SDEX_CREATE_PASSIVE_SELL_OFFER:
		return offers(out, arena, op, why);
	case SDEX_LIQUIDITY_POOL_DEPOSIT:
	case SDEX_LIQUIDITY_POOL_WITHDRAW:
		return pools(out, arena, op, why);
	case SDEX_SET_OPTIONS:
		return sdex_op_set_options(COMMON, body->setOptionsOp, why);
	case SDEX_CHANGE_TRUST:
		return change_trust(out, arena, op, why);
	case SDEX_ALLOW_TRUST:
	case SDEX_SET_TRUST_LINE_FLAGS:
	case SDEX_CLAWBACK:
	case SDEX_CLAWBACK_CLAIMABLE_BALANCE:
		return issuers(out, arena, op, why);
	case SDEX_ACCOUNT_MERGE:
		return sdex_op_account_merge(COMMON, body->destination, why);
	case SDEX_INFLATION:
		return sdex_op_inflation(COMMON, why);
	case SDEX_MANAGE_DATA:
		return sdex_op_manage_data(COMMON, body->manageDataOp.dataName,
					   body->manageDataOp.dataValue, why);
	case SDEX_BUMP_SEQUENCE:
		return sdex_op_bump_sequence(COMMON, body->bumpSequenceOp.bumpTo, why);
	case SDEX_CREATE_CLAIMABLE_BALANCE:
	case SDEX_CLAIM_CLAIMABLE_BALANCE:
		return balances(out, arena, op, why);
	case SDEX_BEGIN_SPONSORING_FUTURE_RESERVES:
		return sdex_op_begin_sponsoring_future_reserves(
			COMMON, &body->beginSponsoringFutureReservesOp.sponsoredID, why);
	case SDEX_END_SPONSORING_FUTURE_RESERVES:
		return sdex_op_end_sponsoring_future_reserves(COMMON, why);
	case SDEX_REVOKE_SPONSORSHIP:
		return revoke(out, arena, op, why);
	case SDEX_INVOKE_HOST_FUNCTION:
		return sdex_op_invoke_host_function(COMMON,
						    &body->invokeHostFunctionOp.hostFunction,
						    body->invokeHostFunctionOp.auth.items,
						    body->invokeHostFunctionOp.auth.count, why);
	case SDEX_EXTEND_FOOTPRINT_TTL:
		return sdex_op_extend_footprint_ttl(COMMON, body->extendFootprintTTLOp.extendTo,
						    why);
	case SDEX_RESTORE_FOOTPRINT:
		return sdex_op_restore_footprint(COMMON, why);
	}
	return SDEX_ERR_INVALID;
}
