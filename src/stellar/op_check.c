/* stellar/op_check.c - the rules of single operations.
 *
 * Each function here is one doCheckValid of stellar-core (the file is named after
 * the operation: PaymentOpFrame.cpp), asked in the same order, so that an operation
 * with several faults is refused for the one that the network would name. */
#include <inttypes.h>

#include "base/failure.h"
#include "stellar/refuse.h"
#include "stellar/shape.h"

#define ACCOUNT_FLAGS 0xfu   /* MASK_ACCOUNT_FLAGS_V17 */
#define TRUSTLINE_FLAGS 0x7u /* MASK_TRUSTLINE_FLAGS_V17 */
#define TRUSTLINE_AUTH 0x3u  /* TRUSTLINE_AUTH_FLAGS */

/* MuxedAccounts compare by the account under them, but for CLAWBACK. */
static bool is_source(const struct check *check, const sdex_AccountID *account)
{
	return check->source && account_same(check->source, account);
}

static bool is_muxed_source(const struct check *check, const sdex_MuxedAccount *muxed)
{
	sdex_AccountID account = sdex_muxed_account(muxed);
	return is_source(check, &account);
}

static enum sdex_error refuse_asset(const struct check *check, enum sdex_rule_number rule,
				    const sdex_Asset *asset)
{
	struct quote quote;
	return refuse(check, rule, "%s", asset_words(&quote, asset));
}

static enum sdex_error refuse_amount(const struct check *check, enum sdex_rule_number rule,
				     int64_t amount)
{
	return refuse(check, rule, "%" PRId64, amount);
}

static enum sdex_error refuse_price(const struct check *check, enum sdex_rule_number rule,
				    const sdex_Price *price)
{
	return refuse(check, rule, "%" PRId32 "/%" PRId32, price->n, price->d);
}

/* A number that chooses an arm, in a value made by hand, and is none of the schema's. */
static enum sdex_error unknown(const struct check *check, const char *field, int found)
{
	return fail(check->why, SDEX_ERR_DISCRIMINANT, check->index,
		    "%s: expected a type of the schema, found %d", field, found);
}

static bool price_valid(const sdex_Price *price)
{
	return price->n > 0 && price->d > 0;
}

static enum sdex_error check_create_account(const struct check *c, const sdex_CreateAccountOp *op)
{
	if (op->startingBalance < 0)
		return refuse_amount(c, SDEX_RULE_CREATE_ACCOUNT_BALANCE, op->startingBalance);
	if (is_source(c, &op->destination))
		return refuse(c, SDEX_RULE_CREATE_ACCOUNT_SELF, "the source");
	return SDEX_OK;
}

static enum sdex_error check_payment(const struct check *c, const sdex_PaymentOp *op)
{
	if (op->amount <= 0)
		return refuse_amount(c, SDEX_RULE_PAYMENT_AMOUNT, op->amount);
	if (!asset_valid(&op->asset))
		return refuse_asset(c, SDEX_RULE_PAYMENT_ASSET, &op->asset);
	return SDEX_OK;
}

static enum sdex_error check_path(const struct check *c, const sdex_Asset_list *path,
				  enum sdex_rule_number asset, enum sdex_rule_number length)
{
	if (path->count > 5)
		return refuse(c, length, "%" PRIu32, path->count);
	for (uint32_t i = 0; i < path->count; i++)
		if (!asset_valid(&path->items[i]))
			return refuse_asset(c, asset, &path->items[i]);
	return SDEX_OK;
}

static enum sdex_error check_path_receive(const struct check *c,
					  const sdex_PathPaymentStrictReceiveOp *op)
{
	if (op->destAmount <= 0)
		return refuse_amount(c, SDEX_RULE_PATH_RECEIVE_DEST_AMOUNT, op->destAmount);
	if (op->sendMax <= 0)
		return refuse_amount(c, SDEX_RULE_PATH_RECEIVE_SEND_MAX, op->sendMax);
	if (!asset_valid(&op->sendAsset))
		return refuse_asset(c, SDEX_RULE_PATH_RECEIVE_SEND_ASSET, &op->sendAsset);
	if (!asset_valid(&op->destAsset))
		return refuse_asset(c, SDEX_RULE_PATH_RECEIVE_DEST_ASSET, &op->destAsset);
	return check_path(c, &op->path, SDEX_RULE_PATH_RECEIVE_PATH_ASSET,
			  SDEX_RULE_PATH_RECEIVE_PATH_LENGTH);
}

static enum sdex_error check_path_send(const struct check *c,
				       const sdex_PathPaymentStrictSendOp *op)
{
	if (op->sendAmount <= 0)
		return refuse_amount(c, SDEX_RULE_PATH_SEND_SEND_AMOUNT, op->sendAmount);
	if (op->destMin <= 0)
		return refuse_amount(c, SDEX_RULE_PATH_SEND_DEST_MIN, op->destMin);
	if (!asset_valid(&op->sendAsset))
		return refuse_asset(c, SDEX_RULE_PATH_SEND_SEND_ASSET, &op->sendAsset);
	if (!asset_valid(&op->destAsset))
		return refuse_asset(c, SDEX_RULE_PATH_SEND_DEST_ASSET, &op->destAsset);
	return check_path(c, &op->path, SDEX_RULE_PATH_SEND_PATH_ASSET,
			  SDEX_RULE_PATH_SEND_PATH_LENGTH);
}

/* The three ways to make an offer share one frame (ManageOfferOpFrameBase.cpp). */
struct offer_rules {
	enum sdex_rule_number selling, buying, same, amount, price;
};

static enum sdex_error check_offer(const struct check *c, const struct offer_rules *rules,
				   const sdex_Asset *selling, const sdex_Asset *buying,
				   int64_t amount, int64_t least, const sdex_Price *price)
{
	if (!asset_valid(selling))
		return refuse_asset(c, rules->selling, selling);
	if (!asset_valid(buying))
		return refuse_asset(c, rules->buying, buying);
	if (asset_compare(selling, buying) == 0)
		return refuse_asset(c, rules->same, buying);
	if (amount < least)
		return refuse_amount(c, rules->amount, amount);
	if (!price_valid(price))
		return refuse_price(c, rules->price, price);
	return SDEX_OK;
}

static enum sdex_error check_sell_offer(const struct check *c, const sdex_ManageSellOfferOp *op)
{
	static const struct offer_rules rules = {
		SDEX_RULE_MANAGE_SELL_OFFER_SELLING,    SDEX_RULE_MANAGE_SELL_OFFER_BUYING,
		SDEX_RULE_MANAGE_SELL_OFFER_SAME_ASSET, SDEX_RULE_MANAGE_SELL_OFFER_AMOUNT,
		SDEX_RULE_MANAGE_SELL_OFFER_PRICE,
	};
	enum sdex_error error =
		check_offer(c, &rules, &op->selling, &op->buying, op->amount, 0, &op->price);
	if (error)
		return error;
	if (op->offerID == 0 && op->amount == 0)
		return refuse(c, SDEX_RULE_MANAGE_SELL_OFFER_DELETE_NEW, "0");
	if (op->offerID < 0)
		return refuse_amount(c, SDEX_RULE_MANAGE_SELL_OFFER_OFFER_ID, op->offerID);
	return SDEX_OK;
}

static enum sdex_error check_buy_offer(const struct check *c, const sdex_ManageBuyOfferOp *op)
{
	static const struct offer_rules rules = {
		SDEX_RULE_MANAGE_BUY_OFFER_SELLING,    SDEX_RULE_MANAGE_BUY_OFFER_BUYING,
		SDEX_RULE_MANAGE_BUY_OFFER_SAME_ASSET, SDEX_RULE_MANAGE_BUY_OFFER_AMOUNT,
		SDEX_RULE_MANAGE_BUY_OFFER_PRICE,
	};
	enum sdex_error error =
		check_offer(c, &rules, &op->selling, &op->buying, op->buyAmount, 0, &op->price);
	if (error)
		return error;
	if (op->offerID == 0 && op->buyAmount == 0)
		return refuse(c, SDEX_RULE_MANAGE_BUY_OFFER_DELETE_NEW, "0");
	if (op->offerID < 0)
		return refuse_amount(c, SDEX_RULE_MANAGE_BUY_OFFER_OFFER_ID, op->offerID);
	return SDEX_OK;
}

static enum sdex_error check_passive_offer(const struct check *c,
					   const sdex_CreatePassiveSellOfferOp *op)
{
	static const struct offer_rules rules = {
		SDEX_RULE_CREATE_PASSIVE_SELL_OFFER_SELLING,
		SDEX_RULE_CREATE_PASSIVE_SELL_OFFER_BUYING,
		SDEX_RULE_CREATE_PASSIVE_SELL_OFFER_SAME_ASSET,
		SDEX_RULE_CREATE_PASSIVE_SELL_OFFER_AMOUNT,
		SDEX_RULE_CREATE_PASSIVE_SELL_OFFER_PRICE,
	};
	return check_offer(c, &rules, &op->selling, &op->buying, op->amount, 1, &op->price);
}

static enum sdex_error check_signer(const struct check *c, const sdex_Signer *signer)
{
	const sdex_SignerKey *key = &signer->key;
	if (key->type == SDEX_SIGNER_KEY_TYPE_ED25519) {
		sdex_AccountID account = {.ed25519 = key->ed25519};
		if (is_source(c, &account))
			return refuse(c, SDEX_RULE_SET_OPTIONS_SIGNER_SELF, "that one");
	}
	if (signer->weight > UINT8_MAX)
		return refuse(c, SDEX_RULE_SET_OPTIONS_SIGNER_WEIGHT, "%" PRIu32, signer->weight);
	if (key->type == SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD) {
		uint32_t size = key->ed25519SignedPayload->payload.size;
		if (c->limits->protocol < 19)
			return refuse(c, SDEX_RULE_SET_OPTIONS_SIGNER_OLD,
				      "a signed payload in protocol %" PRIu32, c->limits->protocol);
		if (size == 0 || size > 64)
			return refuse(c, SDEX_RULE_SET_OPTIONS_SIGNER_PAYLOAD, "%" PRIu32, size);
	}
	return SDEX_OK;
}

static enum sdex_error check_byte(const struct check *c, enum sdex_rule_number rule,
				  const uint32_t *value)
{
	return value && *value > UINT8_MAX ? refuse(c, rule, "%" PRIu32, *value) : SDEX_OK;
}

static enum sdex_error check_weights(const struct check *c, const sdex_SetOptionsOp *op)
{
	enum sdex_error error;
	error = check_byte(c, SDEX_RULE_SET_OPTIONS_MASTER_WEIGHT, op->masterWeight);
	if (!error)
		error = check_byte(c, SDEX_RULE_SET_OPTIONS_LOW_THRESHOLD, op->lowThreshold);
	if (!error)
		error = check_byte(c, SDEX_RULE_SET_OPTIONS_MED_THRESHOLD, op->medThreshold);
	if (!error)
		error = check_byte(c, SDEX_RULE_SET_OPTIONS_HIGH_THRESHOLD, op->highThreshold);
	return error;
}

static enum sdex_error check_set_options(const struct check *c, const sdex_SetOptionsOp *op)
{
	uint32_t set = op->setFlags ? *op->setFlags : 0;
	uint32_t clear = op->clearFlags ? *op->clearFlags : 0;
	if (set & ~ACCOUNT_FLAGS)
		return refuse(c, SDEX_RULE_SET_OPTIONS_SET_FLAGS, "0x%" PRIx32, set);
	if (clear & ~ACCOUNT_FLAGS)
		return refuse(c, SDEX_RULE_SET_OPTIONS_CLEAR_FLAGS, "0x%" PRIx32, clear);
	if (set & clear)
		return refuse(c, SDEX_RULE_SET_OPTIONS_BOTH_FLAGS, "0x%" PRIx32, set & clear);
	enum sdex_error error = check_weights(c, op);
	if (!error && op->signer)
		error = check_signer(c, op->signer);
	if (error || !op->homeDomain)
		return error;
	if (op->homeDomain->size > 32)
		return refuse(c, SDEX_RULE_SET_OPTIONS_HOME_DOMAIN_LENGTH, "%" PRIu32,
			      op->homeDomain->size);
	struct quote quote;
	if (!text_printable(*op->homeDomain))
		return refuse(c, SDEX_RULE_SET_OPTIONS_HOME_DOMAIN, "%s",
			      bytes_quote(&quote, op->homeDomain->data, op->homeDomain->size));
	return SDEX_OK;
}

static enum sdex_error check_pool_line(const struct check *c,
				       const sdex_LiquidityPoolParameters *line)
{
	const sdex_LiquidityPoolConstantProductParameters *pool = line->constantProduct;
	if (c->limits->protocol < 18)
		return refuse(c, SDEX_RULE_CHANGE_TRUST_POOL_OLD, "a pool in protocol %" PRIu32,
			      c->limits->protocol);
	if (line->type != SDEX_LIQUIDITY_POOL_CONSTANT_PRODUCT)
		return unknown(c, "liquidityPool.type", (int)line->type);
	if (!asset_valid(&pool->assetA))
		return refuse_asset(c, SDEX_RULE_CHANGE_TRUST_POOL_ASSET, &pool->assetA);
	if (!asset_valid(&pool->assetB))
		return refuse_asset(c, SDEX_RULE_CHANGE_TRUST_POOL_ASSET, &pool->assetB);
	if (asset_compare(&pool->assetA, &pool->assetB) >= 0)
		return refuse_asset(c, SDEX_RULE_CHANGE_TRUST_POOL_ORDER, &pool->assetA);
	if (pool->fee != SDEX_LIQUIDITY_POOL_FEE_V18)
		return refuse(c, SDEX_RULE_CHANGE_TRUST_POOL_FEE, "%" PRId32, pool->fee);
	return SDEX_OK;
}

static enum sdex_error check_change_trust(const struct check *c, const sdex_ChangeTrustOp *op)
{
	if (op->limit < 0)
		return refuse_amount(c, SDEX_RULE_CHANGE_TRUST_LIMIT, op->limit);
	sdex_Asset asset = {.type = op->line.type};
	switch (op->line.type) {
	case SDEX_ASSET_TYPE_NATIVE:
		return refuse(c, SDEX_RULE_CHANGE_TRUST_NATIVE, "XLM");
	case SDEX_ASSET_TYPE_POOL_SHARE:
		return check_pool_line(c, &op->line.liquidityPool);
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM4:
		asset.alphaNum4 = op->line.alphaNum4;
		break;
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM12:
		asset.alphaNum12 = op->line.alphaNum12;
		break;
	}
	if (!asset_valid(&asset))
		return refuse_asset(c, SDEX_RULE_CHANGE_TRUST_ASSET, &asset);
	if (c->source && asset_issued_by(&asset, c->source))
		return refuse(c, SDEX_RULE_CHANGE_TRUST_ISSUER, "the source as issuer");
	return SDEX_OK;
}

static enum sdex_error check_allow_trust(const struct check *c, const sdex_AllowTrustOp *op)
{
	struct quote quote;
	if (op->authorize > SDEX_AUTHORIZED_TO_MAINTAIN_LIABILITIES_FLAG)
		return refuse(c, SDEX_RULE_ALLOW_TRUST_AUTHORIZE, "%" PRIu32, op->authorize);
	if (!asset_code_valid(&op->asset)) {
		bool small = op->asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4;
		return refuse(c, SDEX_RULE_ALLOW_TRUST_ASSET, "%s",
			      small ? bytes_quote(&quote, op->asset.assetCode4.bytes, 4)
				    : bytes_quote(&quote, op->asset.assetCode12.bytes, 12));
	}
	if (is_source(c, &op->trustor))
		return refuse(c, SDEX_RULE_ALLOW_TRUST_SELF, "the source");
	return SDEX_OK;
}

static enum sdex_error check_merge(const struct check *c, const sdex_MuxedAccount *destination)
{
	if (is_muxed_source(c, destination))
		return refuse(c, SDEX_RULE_ACCOUNT_MERGE_SELF, "the source");
	return SDEX_OK;
}

static enum sdex_error check_manage_data(const struct check *c, const sdex_ManageDataOp *op)
{
	struct quote quote;
	if (op->dataName.size < 1 || op->dataName.size > 64)
		return refuse(c, SDEX_RULE_MANAGE_DATA_NAME_LENGTH, "%" PRIu32, op->dataName.size);
	if (!text_printable(op->dataName))
		return refuse(c, SDEX_RULE_MANAGE_DATA_NAME, "%s",
			      bytes_quote(&quote, op->dataName.data, op->dataName.size));
	if (op->dataValue && op->dataValue->size > 64)
		return refuse(c, SDEX_RULE_MANAGE_DATA_VALUE_LENGTH, "%" PRIu32,
			      op->dataValue->size);
	return SDEX_OK;
}

static enum sdex_error check_bump_sequence(const struct check *c, const sdex_BumpSequenceOp *op)
{
	if (op->bumpTo < 0)
		return refuse_amount(c, SDEX_RULE_BUMP_SEQUENCE_TO, op->bumpTo);
	return SDEX_OK;
}

static enum sdex_error check_claimants(const struct check *c, const sdex_Claimant_list *list)
{
	if (list->count == 0)
		return refuse(c, SDEX_RULE_CREATE_CLAIMABLE_BALANCE_CLAIMANTS_NONE, "none");
	if (list->count > 10)
		return refuse(c, SDEX_RULE_CREATE_CLAIMABLE_BALANCE_CLAIMANTS_MANY, "%" PRIu32,
			      list->count);
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i].type != SDEX_CLAIMANT_TYPE_V0)
			return unknown(c, "claimants.type", (int)list->items[i].type);
	for (uint32_t i = 0; i < list->count; i++)
		for (uint32_t k = 0; k < i; k++)
			if (account_same(&list->items[i].v0->destination,
					 &list->items[k].v0->destination))
				return refuse(c, SDEX_RULE_CREATE_CLAIMABLE_BALANCE_CLAIMANT_TWICE,
					      "number %" PRIu32 " again as number %" PRIu32, k, i);
	for (uint32_t i = 0; i < list->count; i++) {
		enum sdex_error error = predicate_check(c, &list->items[i].v0->predicate);
		if (error)
			return error;
	}
	return SDEX_OK;
}

static enum sdex_error check_create_balance(const struct check *c,
					    const sdex_CreateClaimableBalanceOp *op)
{
	if (!asset_valid(&op->asset))
		return refuse_asset(c, SDEX_RULE_CREATE_CLAIMABLE_BALANCE_ASSET, &op->asset);
	if (op->amount <= 0)
		return refuse_amount(c, SDEX_RULE_CREATE_CLAIMABLE_BALANCE_AMOUNT, op->amount);
	return check_claimants(c, &op->claimants);
}

static enum sdex_error check_sponsor(const struct check *c, const sdex_AccountID *sponsored)
{
	if (is_source(c, sponsored))
		return refuse(c, SDEX_RULE_BEGIN_SPONSORING_SELF, "the source");
	return SDEX_OK;
}

static enum sdex_error check_revoke_trustline(const struct check *c,
					      const sdex_LedgerKeyTrustLine *line)
{
	if (!trustline_asset_valid(&line->asset))
		return refuse(c, SDEX_RULE_REVOKE_SPONSORSHIP_ASSET, "another code");
	if (line->asset.type == SDEX_ASSET_TYPE_NATIVE)
		return refuse(c, SDEX_RULE_REVOKE_SPONSORSHIP_NATIVE, "XLM");
	if (line->asset.type == SDEX_ASSET_TYPE_POOL_SHARE && c->limits->protocol < 18)
		return refuse(c, SDEX_RULE_REVOKE_SPONSORSHIP_POOL_OLD,
			      "a pool in protocol %" PRIu32, c->limits->protocol);
	if (trustline_asset_issued_by(&line->asset, &line->accountID))
		return refuse(c, SDEX_RULE_REVOKE_SPONSORSHIP_ISSUER, "its issuer's account");
	return SDEX_OK;
}

static enum sdex_error check_revoke_key(const struct check *c, const sdex_LedgerKey *key)
{
	struct sdex_bytes name;
	struct quote quote;
	switch (key->type) {
	case SDEX_ACCOUNT:
	case SDEX_CLAIMABLE_BALANCE:
		return SDEX_OK;
	case SDEX_TRUSTLINE:
		return check_revoke_trustline(c, key->trustLine);
	case SDEX_OFFER:
		if (key->offer->offerID <= 0)
			return refuse_amount(c, SDEX_RULE_REVOKE_SPONSORSHIP_OFFER_ID,
					     key->offer->offerID);
		return SDEX_OK;
	case SDEX_DATA:
		name = key->data->dataName;
		if (name.size < 1 || name.size > 64 || !text_printable(name))
			return refuse(c, SDEX_RULE_REVOKE_SPONSORSHIP_DATA_NAME, "%s",
				      bytes_quote(&quote, name.data, name.size));
		return SDEX_OK;
	case SDEX_LIQUIDITY_POOL:
	case SDEX_CONTRACT_DATA:
	case SDEX_CONTRACT_CODE:
	case SDEX_CONFIG_SETTING:
	case SDEX_TTL:
		break;
	}
	return refuse(c, SDEX_RULE_REVOKE_SPONSORSHIP_KEY, "type %d", (int)key->type);
}

static enum sdex_error check_revoke(const struct check *c, const sdex_RevokeSponsorshipOp *op)
{
	if (op->type == SDEX_REVOKE_SPONSORSHIP_LEDGER_ENTRY)
		return check_revoke_key(c, op->ledgerKey);
	return SDEX_OK;
}

static enum sdex_error check_clawback(const struct check *c, const sdex_ClawbackOp *op)
{
	/* A muxed `from` over the source passes here: the network compares whole addresses. */
	if (op->from.type == SDEX_KEY_TYPE_ED25519 && is_muxed_source(c, &op->from))
		return refuse(c, SDEX_RULE_CLAWBACK_SELF, "the source");
	if (op->amount < 1)
		return refuse_amount(c, SDEX_RULE_CLAWBACK_AMOUNT, op->amount);
	if (op->asset.type == SDEX_ASSET_TYPE_NATIVE)
		return refuse(c, SDEX_RULE_CLAWBACK_NATIVE, "XLM");
	if (!asset_valid(&op->asset))
		return refuse_asset(c, SDEX_RULE_CLAWBACK_ASSET, &op->asset);
	if (c->source && !asset_issued_by(&op->asset, c->source))
		return refuse(c, SDEX_RULE_CLAWBACK_ISSUER, "another issuer");
	return SDEX_OK;
}

static enum sdex_error check_line_flags(const struct check *c, const sdex_SetTrustLineFlagsOp *op)
{
	uint32_t set = op->setFlags, clear = op->clearFlags;
	if (set & clear)
		return refuse(c, SDEX_RULE_SET_TRUST_LINE_FLAGS_BOTH, "0x%" PRIx32, set & clear);
	if ((set & TRUSTLINE_AUTH) == TRUSTLINE_AUTH)
		return refuse(c, SDEX_RULE_SET_TRUST_LINE_FLAGS_SET_AUTHORIZED_TWICE, "both");
	if (set & ~TRUSTLINE_AUTH)
		return refuse(c, SDEX_RULE_SET_TRUST_LINE_FLAGS_SET, "0x%" PRIx32, set);
	if (clear & ~TRUSTLINE_FLAGS)
		return refuse(c, SDEX_RULE_SET_TRUST_LINE_FLAGS_CLEAR, "0x%" PRIx32, clear);
	return SDEX_OK;
}

static enum sdex_error check_set_line(const struct check *c, const sdex_SetTrustLineFlagsOp *op)
{
	if (op->asset.type == SDEX_ASSET_TYPE_NATIVE)
		return refuse(c, SDEX_RULE_SET_TRUST_LINE_FLAGS_NATIVE, "XLM");
	if (!asset_valid(&op->asset))
		return refuse_asset(c, SDEX_RULE_SET_TRUST_LINE_FLAGS_ASSET, &op->asset);
	if (c->source && !asset_issued_by(&op->asset, c->source))
		return refuse(c, SDEX_RULE_SET_TRUST_LINE_FLAGS_ISSUER, "another issuer");
	if (is_source(c, &op->trustor))
		return refuse(c, SDEX_RULE_SET_TRUST_LINE_FLAGS_SELF, "the source");
	return check_line_flags(c, op);
}

static enum sdex_error check_deposit(const struct check *c, const sdex_LiquidityPoolDepositOp *op)
{
	if (op->maxAmountA <= 0)
		return refuse_amount(c, SDEX_RULE_LIQUIDITY_POOL_DEPOSIT_MAX_A, op->maxAmountA);
	if (op->maxAmountB <= 0)
		return refuse_amount(c, SDEX_RULE_LIQUIDITY_POOL_DEPOSIT_MAX_B, op->maxAmountB);
	if (!price_valid(&op->minPrice))
		return refuse_price(c, SDEX_RULE_LIQUIDITY_POOL_DEPOSIT_MIN_PRICE, &op->minPrice);
	if (!price_valid(&op->maxPrice))
		return refuse_price(c, SDEX_RULE_LIQUIDITY_POOL_DEPOSIT_MAX_PRICE, &op->maxPrice);
	if ((int64_t)op->minPrice.n * op->maxPrice.d > (int64_t)op->minPrice.d * op->maxPrice.n)
		return refuse_price(c, SDEX_RULE_LIQUIDITY_POOL_DEPOSIT_PRICE_ORDER, &op->minPrice);
	return SDEX_OK;
}

static enum sdex_error check_withdraw(const struct check *c, const sdex_LiquidityPoolWithdrawOp *op)
{
	if (op->amount <= 0)
		return refuse_amount(c, SDEX_RULE_LIQUIDITY_POOL_WITHDRAW_AMOUNT, op->amount);
	if (op->minAmountA < 0)
		return refuse_amount(c, SDEX_RULE_LIQUIDITY_POOL_WITHDRAW_MIN_A, op->minAmountA);
	if (op->minAmountB < 0)
		return refuse_amount(c, SDEX_RULE_LIQUIDITY_POOL_WITHDRAW_MIN_B, op->minAmountB);
	return SDEX_OK;
}

enum sdex_error op_check_form(const struct check *check, const sdex_OperationBody *body)
{
	switch (body->type) {
	case SDEX_CREATE_ACCOUNT:
		return check_create_account(check, body->createAccountOp);
	case SDEX_PAYMENT:
		return check_payment(check, body->paymentOp);
	case SDEX_PATH_PAYMENT_STRICT_RECEIVE:
		return check_path_receive(check, body->pathPaymentStrictReceiveOp);
	case SDEX_MANAGE_SELL_OFFER:
		return check_sell_offer(check, body->manageSellOfferOp);
	case SDEX_CREATE_PASSIVE_SELL_OFFER:
		return check_passive_offer(check, body->createPassiveSellOfferOp);
	case SDEX_SET_OPTIONS:
		return check_set_options(check, body->setOptionsOp);
	case SDEX_CHANGE_TRUST:
		return check_change_trust(check, body->changeTrustOp);
	case SDEX_ALLOW_TRUST:
		return check_allow_trust(check, body->allowTrustOp);
	case SDEX_ACCOUNT_MERGE:
		return check_merge(check, body->destination);
	case SDEX_MANAGE_DATA:
		return check_manage_data(check, &body->manageDataOp);
	case SDEX_BUMP_SEQUENCE:
		return check_bump_sequence(check, &body->bumpSequenceOp);
	case SDEX_MANAGE_BUY_OFFER:
		return check_buy_offer(check, body->manageBuyOfferOp);
	case SDEX_PATH_PAYMENT_STRICT_SEND:
		return check_path_send(check, body->pathPaymentStrictSendOp);
	case SDEX_CREATE_CLAIMABLE_BALANCE:
		return check_create_balance(check, body->createClaimableBalanceOp);
	case SDEX_BEGIN_SPONSORING_FUTURE_RESERVES:
		return check_sponsor(check, &body->beginSponsoringFutureReservesOp.sponsoredID);
	case SDEX_REVOKE_SPONSORSHIP:
		return check_revoke(check, &body->revokeSponsorshipOp);
	case SDEX_CLAWBACK:
		return check_clawback(check, body->clawbackOp);
	case SDEX_SET_TRUST_LINE_FLAGS:
		return check_set_line(check, body->setTrustLineFlagsOp);
	case SDEX_LIQUIDITY_POOL_DEPOSIT:
		return check_deposit(check, body->liquidityPoolDepositOp);
	case SDEX_LIQUIDITY_POOL_WITHDRAW:
		return check_withdraw(check, body->liquidityPoolWithdrawOp);
	case SDEX_INVOKE_HOST_FUNCTION:
		return host_function_check(check, &body->invokeHostFunctionOp);
	case SDEX_EXTEND_FOOTPRINT_TTL:
		return extend_check(check, &body->extendFootprintTTLOp);
	case SDEX_INFLATION:
	case SDEX_CLAIM_CLAIMABLE_BALANCE:
	case SDEX_END_SPONSORING_FUTURE_RESERVES:
	case SDEX_CLAWBACK_CLAIMABLE_BALANCE:
	case SDEX_RESTORE_FOOTPRINT:
		break;
	}
	return SDEX_OK;
}

static bool op_supported(sdex_OperationType type, uint32_t protocol)
{
	if (type == SDEX_INVOKE_HOST_FUNCTION || type == SDEX_EXTEND_FOOTPRINT_TTL ||
	    type == SDEX_RESTORE_FOOTPRINT)
		return protocol >= 20;
	if (type == SDEX_LIQUIDITY_POOL_DEPOSIT || type == SDEX_LIQUIDITY_POOL_WITHDRAW)
		return protocol >= 18;
	return type != SDEX_INFLATION; /* until protocol 11 */
}

enum sdex_error op_check(const struct check *check, const sdex_Operation *op)
{
	if ((unsigned)op->body.type > SDEX_RESTORE_FOOTPRINT)
		return unknown(check, "operation.body", (int)op->body.type);
	if (!op_supported(op->body.type, check->limits->protocol))
		return refuse(check, SDEX_RULE_OP_NOT_SUPPORTED, "%s in protocol %" PRIu32,
			      sdex_op_name(op->body.type), check->limits->protocol);
	return op_check_form(check, &op->body);
}
