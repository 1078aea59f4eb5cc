/* policy/operation.c - which operations trading needs, and within which bounds.
 *
 * What is left out can move value to others or change who may sign: payments, merging,
 * options, sponsorship, claimable balances, contracts.  They need a role of their own. */
#include "policy/operation.h"

#include <inttypes.h>
#include <string.h>

#include "sdex/asset.h"
#include "sdex/xdr.h"

struct place {
	const struct policy *policy;
	uint32_t index; /* of the operation */
	struct policy_refusal *why;
};

static bool is_listed(const struct policy *policy, const sdex_Asset *asset)
{
	for (uint32_t i = 0; i < policy->asset_count; i++)
		if (sdex_asset_compare(&policy->assets[i], asset) == 0)
			return true;
	return false;
}

static bool check_asset(const struct place *at, const sdex_Asset *asset)
{
	char text[SDEX_ASSET_ROOM];
	size_t length;
	if (at->policy->asset_count == 0 || is_listed(at->policy, asset))
		return true;
	if (sdex_asset_print(text, sizeof text, &length, asset))
		memcpy(text, "an asset", sizeof "an asset");
	return policy_refuse(at->why, POLICY_ASSET,
			     "operation %" PRIu32
			     ": %s is not on the list of assets: allow it with "
			     "--asset, if it is the one that is meant",
			     at->index, text);
}

static bool check_pair(const struct place *at, const sdex_Asset *a, const sdex_Asset *b)
{
	return check_asset(at, a) && check_asset(at, b);
}

static bool check_path(const struct place *at, const sdex_Asset_list *path)
{
	for (uint32_t i = 0; i < path->count; i++)
		if (!check_asset(at, &path->items[i]))
			return false;
	return true;
}

/* A payment along a path is an exchange only when it comes back to who sent it. */
static bool check_destination(const struct place *at, const sdex_MuxedAccount *source,
			      const sdex_MuxedAccount *destination)
{
	sdex_AccountID from = sdex_muxed_account(source), to = sdex_muxed_account(destination);
	if (memcmp(&from.ed25519, &to.ed25519, 32) == 0)
		return true;
	return policy_refuse(at->why, POLICY_DESTINATION,
			     "operation %" PRIu32 " pays another account: trading keys exchange "
			     "within one account only, payments need a key of another role",
			     at->index);
}

static bool check_trustline(const struct place *at, const sdex_ChangeTrustOp *op)
{
	sdex_Asset asset;
	switch (op->line.type) {
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM4:
		asset = (sdex_Asset){.type = op->line.type, .alphaNum4 = op->line.alphaNum4};
		break;
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM12:
		asset = (sdex_Asset){.type = op->line.type, .alphaNum12 = op->line.alphaNum12};
		break;
	case SDEX_ASSET_TYPE_NATIVE:
	case SDEX_ASSET_TYPE_POOL_SHARE:
		return policy_refuse(at->why, POLICY_TRUSTLINE,
				     "operation %" PRIu32 " is about shares of a pool, which are "
				     "not part of trading",
				     at->index);
	}
	/* One that is closed was empty, and takes nothing from the account. */
	if (op->limit == 0 || is_listed(at->policy, &asset))
		return true;
	return policy_refuse(at->why, POLICY_TRUSTLINE,
			     "operation %" PRIu32 " trusts an asset that is not on the list of "
			     "assets: allow it with --asset; without a list, trustlines are only "
			     "closed",
			     at->index);
}

static bool check_receive(const struct place *at, const sdex_MuxedAccount *source,
			  const sdex_PathPaymentStrictReceiveOp *op)
{
	return check_destination(at, source, &op->destination) &&
	       check_pair(at, &op->sendAsset, &op->destAsset) && check_path(at, &op->path);
}

static bool check_send(const struct place *at, const sdex_MuxedAccount *source,
		       const sdex_PathPaymentStrictSendOp *op)
{
	return check_destination(at, source, &op->destination) &&
	       check_pair(at, &op->sendAsset, &op->destAsset) && check_path(at, &op->path);
}

static bool check_body(const struct place *at, const sdex_MuxedAccount *source,
		       const sdex_OperationBody *body)
{
	const char *name;
	switch (body->type) {
	case SDEX_MANAGE_SELL_OFFER:
		return check_pair(at, &body->manageSellOfferOp->selling,
				  &body->manageSellOfferOp->buying);
	case SDEX_MANAGE_BUY_OFFER:
		return check_pair(at, &body->manageBuyOfferOp->selling,
				  &body->manageBuyOfferOp->buying);
	case SDEX_CREATE_PASSIVE_SELL_OFFER:
		return check_pair(at, &body->createPassiveSellOfferOp->selling,
				  &body->createPassiveSellOfferOp->buying);
	case SDEX_PATH_PAYMENT_STRICT_RECEIVE:
		return check_receive(at, source, body->pathPaymentStrictReceiveOp);
	case SDEX_PATH_PAYMENT_STRICT_SEND:
		return check_send(at, source, body->pathPaymentStrictSendOp);
	case SDEX_CHANGE_TRUST:
		return check_trustline(at, body->changeTrustOp);
	case SDEX_CREATE_ACCOUNT:
	case SDEX_PAYMENT:
	case SDEX_SET_OPTIONS:
	case SDEX_ALLOW_TRUST:
	case SDEX_ACCOUNT_MERGE:
	case SDEX_INFLATION:
	case SDEX_MANAGE_DATA:
	case SDEX_BUMP_SEQUENCE:
	case SDEX_CREATE_CLAIMABLE_BALANCE:
	case SDEX_CLAIM_CLAIMABLE_BALANCE:
	case SDEX_BEGIN_SPONSORING_FUTURE_RESERVES:
	case SDEX_END_SPONSORING_FUTURE_RESERVES:
	case SDEX_REVOKE_SPONSORSHIP:
	case SDEX_CLAWBACK:
	case SDEX_CLAWBACK_CLAIMABLE_BALANCE:
	case SDEX_SET_TRUST_LINE_FLAGS:
	case SDEX_LIQUIDITY_POOL_DEPOSIT:
	case SDEX_LIQUIDITY_POOL_WITHDRAW:
	case SDEX_INVOKE_HOST_FUNCTION:
	case SDEX_EXTEND_FOOTPRINT_TTL:
	case SDEX_RESTORE_FOOTPRINT:
		break;
	}
	name = sdex_enum_name(SDEX_TYPE_OperationType, (int32_t)body->type);
	return policy_refuse(at->why, POLICY_OPERATION,
			     "operation %" PRIu32 " is %s, which a trading key does not sign: it "
			     "needs a key of another role",
			     at->index, name ? name : "of an unknown kind");
}

bool policy_operation(const struct policy *policy, const sdex_MuxedAccount *tx_source,
		      const sdex_Operation *op, uint32_t index, struct policy_refusal *why)
{
	const struct place at = {policy, index, why};
	const sdex_MuxedAccount *source = op->sourceAccount ? op->sourceAccount : tx_source;
	if (!policy_knows_source(policy, source))
		return policy_refuse(why, POLICY_SOURCE,
				     "operation %" PRIu32 " acts for an account that is not this "
				     "key's: ask with the account's own key, or allow it with "
				     "--source",
				     index);
	return check_body(&at, source, &op->body);
}
