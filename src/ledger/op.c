/* ledger/op.c - which operation does what, from which version on, and with whose keys. */
#include "ledger/op.h"

#include "ledger/entry.h"

bool op_result(sdex_OperationResult *result, const sdex_Operation *operation,
	       struct sdex_arena *arena)
{
	sdex_OperationResultTr *tr = sdex_arena_alloc(arena, sizeof(*tr));
	if (!tr)
		return false;
	memset(tr, 0, sizeof(*tr));
	tr->type = operation->body.type;
	/* the network answers a passive offer as it does a manage-sell offer */
	if (tr->type == SDEX_CREATE_PASSIVE_SELL_OFFER)
		tr->type = SDEX_MANAGE_SELL_OFFER;
	/* and what has not run yet claims to have succeeded, with nothing to show */
	if (tr->type == SDEX_PATH_PAYMENT_STRICT_RECEIVE) {
		sdex_PathPaymentStrictReceiveResultSuccess *none =
			sdex_arena_alloc(arena, sizeof(*none));
		if (!none)
			return false;
		memset(none, 0, sizeof(*none));
		tr->pathPaymentStrictReceiveResult.success = none;
	} else if (tr->type == SDEX_PATH_PAYMENT_STRICT_SEND) {
		sdex_PathPaymentStrictSendResultSuccess *none =
			sdex_arena_alloc(arena, sizeof(*none));
		if (!none)
			return false;
		memset(none, 0, sizeof(*none));
		tr->pathPaymentStrictSendResult.success = none;
	} else if (tr->type == SDEX_MANAGE_SELL_OFFER || tr->type == SDEX_MANAGE_BUY_OFFER) {
		sdex_OfferEntry *none = sdex_arena_alloc(arena, sizeof(*none));
		if (!none)
			return false;
		memset(none, 0, sizeof(*none));
		if (tr->type == SDEX_MANAGE_SELL_OFFER)
			tr->manageSellOfferResult.success.offer.offer = none;
		else
			tr->manageBuyOfferResult.success.offer.offer = none;
	}
	*result = (sdex_OperationResult){.code = SDEX_opINNER, .tr = tr};
	return true;
}

bool op_unpaid(struct op *op, enum sponsoring sponsoring)
{
	if (sponsoring == SPONSORING_TOO_MANY_SUBENTRIES)
		op->result->code = SDEX_opTOO_MANY_SUBENTRIES;
	else if (sponsoring == SPONSORING_TOO_MANY_SPONSORING)
		op->result->code = SDEX_opTOO_MANY_SPONSORING;
	else
		rules_fault(op->state, "a reserve fails in a way that it cannot");
	return false;
}

const uint8_t *muxed_key(const sdex_MuxedAccount *account)
{
	return account->type == SDEX_KEY_TYPE_MUXED_ED25519 ? account->med25519.ed25519.bytes
							    : account->ed25519.bytes;
}

struct account *op_source(struct op *op)
{
	struct account *account = state_account(op->state, op->source);
	if (account)
		state_touch(op->state, ENTRY_ACCOUNT, account);
	else
		rules_fault(op->state, "an operation's source has no account");
	return account;
}

enum threshold op_threshold(const sdex_Operation *operation)
{
	sdex_OperationType type = operation->body.type;
	if (type == SDEX_SET_OPTIONS) {
		const sdex_SetOptionsOp *set = operation->body.setOptionsOp;
		return set->masterWeight || set->lowThreshold || set->medThreshold ||
				       set->highThreshold || set->signer
			       ? THRESHOLD_IS_HIGH
			       : THRESHOLD_IS_MEDIUM;
	}
	if (type == SDEX_ACCOUNT_MERGE)
		return THRESHOLD_IS_HIGH;
	if (type == SDEX_ALLOW_TRUST || type == SDEX_SET_TRUST_LINE_FLAGS ||
	    type == SDEX_BUMP_SEQUENCE || type == SDEX_INFLATION ||
	    type == SDEX_CLAIM_CLAIMABLE_BALANCE || type == SDEX_EXTEND_FOOTPRINT_TTL ||
	    type == SDEX_RESTORE_FOOTPRINT)
		return THRESHOLD_IS_LOW;
	return THRESHOLD_IS_MEDIUM;
}

bool op_is_soroban(const sdex_Operation *operation)
{
	return operation->body.type == SDEX_INVOKE_HOST_FUNCTION ||
	       operation->body.type == SDEX_EXTEND_FOOTPRINT_TTL ||
	       operation->body.type == SDEX_RESTORE_FOOTPRINT;
}

bool op_is_dex(const sdex_Operation *operation)
{
	const sdex_OperationBody *body = &operation->body;
	if (body->type == SDEX_MANAGE_SELL_OFFER)
		return body->manageSellOfferOp->amount != 0;
	if (body->type == SDEX_MANAGE_BUY_OFFER)
		return body->manageBuyOfferOp->buyAmount != 0;
	if (body->type == SDEX_CREATE_PASSIVE_SELL_OFFER)
		return body->createPassiveSellOfferOp->amount != 0;
	if (body->type == SDEX_PATH_PAYMENT_STRICT_RECEIVE) {
		const sdex_PathPaymentStrictReceiveOp *p = body->pathPaymentStrictReceiveOp;
		return p->path.count || !sdex_Asset_equal(&p->sendAsset, &p->destAsset);
	}
	if (body->type == SDEX_PATH_PAYMENT_STRICT_SEND) {
		const sdex_PathPaymentStrictSendOp *p = body->pathPaymentStrictSendOp;
		return p->path.count || !sdex_Asset_equal(&p->sendAsset, &p->destAsset);
	}
	return false;
}

/* --- frozen keys */

static bool line_is_frozen(const struct op *op, uint32_t address, const sdex_Asset *asset)
{
	return asset->type != SDEX_ASSET_TYPE_NATIVE &&
	       frozen_line(op->frozen, op->state, address, state_asset(op->state, asset));
}

static bool arrival_is_frozen(const struct op *op, const sdex_MuxedAccount *to,
			      const sdex_Asset *asset)
{
	uint32_t address = state_address(op->state, muxed_key(to));
	return asset->type == SDEX_ASSET_TYPE_NATIVE
		       ? frozen_account(op->frozen, op->state, address)
		       : line_is_frozen(op, address, asset);
}

static bool allowed_is_frozen(const struct op *op)
{
	const sdex_AllowTrustOp *allow = op->operation->body.allowTrustOp;
	sdex_AccountID issuer = entry_account_id(op->state, op->source);
	sdex_AlphaNum12 long_code = {.issuer = issuer};
	sdex_Asset asset = {.type = allow->asset.type};
	if (asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
		asset.alphaNum4.assetCode = allow->asset.assetCode4;
		asset.alphaNum4.issuer = issuer;
	} else {
		long_code.assetCode = allow->asset.assetCode12;
		asset.alphaNum12 = &long_code;
	}
	return line_is_frozen(op, state_address(op->state, allow->trustor.ed25519.bytes), &asset);
}

bool op_is_frozen(const struct op *op)
{
	const sdex_OperationBody *body = &op->operation->body;
	struct state *state = op->state;
	switch (body->type) {
	case SDEX_CREATE_ACCOUNT:
		return frozen_account(
			op->frozen, state,
			state_address(state, body->createAccountOp->destination.ed25519.bytes));
	case SDEX_PAYMENT:
		return line_is_frozen(op, op->source, &body->paymentOp->asset) ||
		       arrival_is_frozen(op, &body->paymentOp->destination,
					 &body->paymentOp->asset);
	case SDEX_PATH_PAYMENT_STRICT_RECEIVE: {
		const sdex_PathPaymentStrictReceiveOp *p = body->pathPaymentStrictReceiveOp;
		return line_is_frozen(op, op->source, &p->sendAsset) ||
		       arrival_is_frozen(op, &p->destination, &p->destAsset);
	}
	case SDEX_PATH_PAYMENT_STRICT_SEND: {
		const sdex_PathPaymentStrictSendOp *p = body->pathPaymentStrictSendOp;
		return line_is_frozen(op, op->source, &p->sendAsset) ||
		       arrival_is_frozen(op, &p->destination, &p->destAsset);
	}
	case SDEX_MANAGE_SELL_OFFER:
		return line_is_frozen(op, op->source, &body->manageSellOfferOp->selling) ||
		       line_is_frozen(op, op->source, &body->manageSellOfferOp->buying);
	case SDEX_MANAGE_BUY_OFFER:
		return line_is_frozen(op, op->source, &body->manageBuyOfferOp->selling) ||
		       line_is_frozen(op, op->source, &body->manageBuyOfferOp->buying);
	case SDEX_CREATE_PASSIVE_SELL_OFFER:
		return line_is_frozen(op, op->source, &body->createPassiveSellOfferOp->selling) ||
		       line_is_frozen(op, op->source, &body->createPassiveSellOfferOp->buying);
	case SDEX_CHANGE_TRUST: {
		const sdex_ChangeTrustAsset *line = &body->changeTrustOp->line;
		sdex_Asset asset = {.type = line->type};
		if (line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
			asset.alphaNum4 = line->alphaNum4;
		else if (line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
			asset.alphaNum12 = line->alphaNum12;
		else
			return false;
		return line_is_frozen(op, op->source, &asset);
	}
	case SDEX_ALLOW_TRUST:
		return allowed_is_frozen(op);
	case SDEX_ACCOUNT_MERGE:
		return frozen_account(op->frozen, state,
				      state_address(state, muxed_key(body->destination)));
	case SDEX_CREATE_CLAIMABLE_BALANCE:
		return line_is_frozen(op, op->source, &body->createClaimableBalanceOp->asset);
	case SDEX_REVOKE_SPONSORSHIP:
		if (body->revokeSponsorshipOp.type == SDEX_REVOKE_SPONSORSHIP_LEDGER_ENTRY)
			return frozen_key(op->frozen, body->revokeSponsorshipOp.ledgerKey);
		return frozen_account(
			op->frozen, state,
			state_address(state,
				      body->revokeSponsorshipOp.signer->accountID.ed25519.bytes));
	case SDEX_CLAWBACK:
		return line_is_frozen(op, state_address(state, muxed_key(&body->clawbackOp->from)),
				      &body->clawbackOp->asset);
	case SDEX_SET_TRUST_LINE_FLAGS:
		return line_is_frozen(
			op, state_address(state, body->setTrustLineFlagsOp->trustor.ed25519.bytes),
			&body->setTrustLineFlagsOp->asset);
	case SDEX_SET_OPTIONS:
	case SDEX_INFLATION:
	case SDEX_MANAGE_DATA:
	case SDEX_BUMP_SEQUENCE:
	case SDEX_CLAIM_CLAIMABLE_BALANCE:
	case SDEX_BEGIN_SPONSORING_FUTURE_RESERVES:
	case SDEX_END_SPONSORING_FUTURE_RESERVES:
	case SDEX_CLAWBACK_CLAIMABLE_BALANCE:
	case SDEX_LIQUIDITY_POOL_DEPOSIT:
	case SDEX_LIQUIDITY_POOL_WITHDRAW:
	case SDEX_INVOKE_HOST_FUNCTION:
	case SDEX_EXTEND_FOOTPRINT_TTL:
	case SDEX_RESTORE_FOOTPRINT:
		break;
	}
	return false;
}

/* --- the table */

struct rule {
	bool (*check)(struct op *op); /* NULL: always valid */
	bool (*apply)(struct op *op); /* NULL: not supported */
};

static const struct rule rules[] = {
	[SDEX_CREATE_ACCOUNT] = {create_account_check, create_account_apply},
	[SDEX_PAYMENT] = {payment_check, payment_apply},
	[SDEX_PATH_PAYMENT_STRICT_RECEIVE] = {path_receive_check, path_receive_apply},
	[SDEX_MANAGE_SELL_OFFER] = {manage_offer_check, manage_offer_apply},
	[SDEX_CREATE_PASSIVE_SELL_OFFER] = {manage_offer_check, manage_offer_apply},
	[SDEX_SET_OPTIONS] = {set_options_check, set_options_apply},
	[SDEX_CHANGE_TRUST] = {change_trust_check, change_trust_apply},
	[SDEX_ALLOW_TRUST] = {allow_trust_check, allow_trust_apply},
	[SDEX_ACCOUNT_MERGE] = {merge_check, merge_apply},
	[SDEX_INFLATION] = {NULL, NULL}, /* gone since protocol 12 */
	[SDEX_MANAGE_DATA] = {manage_data_check, manage_data_apply},
	[SDEX_BUMP_SEQUENCE] = {bump_sequence_check, bump_sequence_apply},
	[SDEX_MANAGE_BUY_OFFER] = {manage_offer_check, manage_offer_apply},
	[SDEX_PATH_PAYMENT_STRICT_SEND] = {path_send_check, path_send_apply},
	[SDEX_CREATE_CLAIMABLE_BALANCE] = {create_claimable_check, create_claimable_apply},
	[SDEX_CLAIM_CLAIMABLE_BALANCE] = {NULL, claim_apply},
	[SDEX_BEGIN_SPONSORING_FUTURE_RESERVES] = {begin_sponsoring_check, begin_sponsoring_apply},
	[SDEX_END_SPONSORING_FUTURE_RESERVES] = {NULL, end_sponsoring_apply},
	[SDEX_REVOKE_SPONSORSHIP] = {revoke_sponsorship_check, revoke_sponsorship_apply},
	[SDEX_CLAWBACK] = {clawback_check, clawback_apply},
	[SDEX_CLAWBACK_CLAIMABLE_BALANCE] = {NULL, clawback_claimable_apply},
	[SDEX_SET_TRUST_LINE_FLAGS] = {set_line_flags_check, set_line_flags_apply},
	[SDEX_LIQUIDITY_POOL_DEPOSIT] = {pool_deposit_check, pool_deposit_apply},
	[SDEX_LIQUIDITY_POOL_WITHDRAW] = {pool_withdraw_check, pool_withdraw_apply},
	[SDEX_INVOKE_HOST_FUNCTION] = {NULL, NULL},
	[SDEX_EXTEND_FOOTPRINT_TTL] = {NULL, NULL},
	[SDEX_RESTORE_FOOTPRINT] = {NULL, NULL},
};

static const struct rule *rule_of(const struct op *op)
{
	uint32_t flags = op->state->header.flags;
	sdex_OperationType type = op->operation->body.type;
	if ((type == SDEX_LIQUIDITY_POOL_DEPOSIT || type == SDEX_LIQUIDITY_POOL_WITHDRAW) &&
	    op->state->header.version < VERSION_POOLS)
		return NULL;
	if ((type == SDEX_LIQUIDITY_POOL_DEPOSIT &&
	     (flags & SDEX_DISABLE_LIQUIDITY_POOL_DEPOSIT_FLAG)) ||
	    (type == SDEX_LIQUIDITY_POOL_WITHDRAW &&
	     (flags & SDEX_DISABLE_LIQUIDITY_POOL_WITHDRAWAL_FLAG)))
		return NULL;
	const struct rule *rule = &rules[type];
	return rule->apply ? rule : NULL;
}

bool op_supported(struct op *op)
{
	return rule_of(op) || op_outer(op, SDEX_opNOT_SUPPORTED);
}

bool op_valid(struct op *op)
{
	const struct rule *rule = &rules[op->operation->body.type];
	return !rule->check || rule->check(op);
}

bool op_apply(struct op *op)
{
	const struct rule *rule = &rules[op->operation->body.type];
	return rule->apply(op) && !op->state->fault && !op->state->lost;
}
