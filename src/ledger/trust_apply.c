/* ledger/trust_apply.c - change trust, allow trust, set trustline flags (stellar-core:
 * ChangeTrustOpFrame.cpp, TrustFlagsOpFrameBase.cpp and its children). */
#include <stdlib.h>

#include "ledger/entry.h"
#include "ledger/op.h"

#define AUTHORIZATION (SDEX_AUTHORIZED_FLAG | SDEX_AUTHORIZED_TO_MAINTAIN_LIABILITIES_FLAG)

/* --- change trust */

static bool refuse_change(struct op *op, sdex_ChangeTrustResultCode code)
{
	op->result->tr->changeTrustResult.code = code;
	return false;
}

static sdex_Asset plain_asset(const sdex_ChangeTrustAsset *line)
{
	sdex_Asset asset = {.type = line->type};
	if (line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		asset.alphaNum4 = line->alphaNum4;
	else if (line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		asset.alphaNum12 = line->alphaNum12;
	return asset;
}

static bool share_valid(const sdex_LiquidityPoolParameters *pool)
{
	const sdex_LiquidityPoolConstantProductParameters *p = pool->constantProduct;
	return asset_valid(&p->assetA) && asset_valid(&p->assetB) &&
	       asset_compare(&p->assetA, &p->assetB) < 0 && p->fee == POOL_FEE_BPS;
}

bool change_trust_check(struct op *op)
{
	const sdex_ChangeTrustOp *change = op->operation->body.changeTrustOp;
	bool valid = change->limit >= 0;
	if (change->line.type == SDEX_ASSET_TYPE_POOL_SHARE) {
		valid = valid && share_valid(&change->line.liquidityPool);
	} else {
		sdex_Asset asset = plain_asset(&change->line);
		valid = valid && asset.type != SDEX_ASSET_TYPE_NATIVE && asset_valid(&asset);
		uint32_t number = valid ? state_asset(op->state, &asset) : SLOT_NONE;
		valid = valid && number != SLOT_NONE &&
			asset_at(op->state, number)->issuer != op->source;
	}
	return valid || refuse_change(op, SDEX_CHANGE_TRUST_MALFORMED);
}

/* The line's asset; SLOT_NONE when memory is out */
static uint32_t line_asset(struct op *op, const sdex_ChangeTrustAsset *line)
{
	if (line->type != SDEX_ASSET_TYPE_POOL_SHARE) {
		sdex_Asset asset = plain_asset(line);
		return state_asset(op->state, &asset);
	}
	uint8_t bytes[256], id[32];
	size_t size = 0;
	if (sdex_LiquidityPoolParameters_encode(bytes, sizeof(bytes), &size, &line->liquidityPool,
						NULL)) {
		op->state->lost = true;
		return SLOT_NONE;
	}
	sdex_sha256(id, bytes, size);
	return state_share(op->state, id);
}

static bool release_use(struct op *op, uint32_t address, uint32_t asset)
{
	struct holding holding = holding_of(op->state, address, asset);
	if (asset == ASSET_NATIVE || holding.kind == HOLDING_ISSUER)
		return true;
	if (holding.kind == HOLDING_NONE || holding.line->entry.level < 2 ||
	    holding.line->pool_uses <= 0)
		return rules_fault(op->state, "a pool share without its asset's trustline");
	holding_touch(op->state, holding);
	holding.line->pool_uses--;
	return true;
}

bool pool_release(struct op *op, struct pool *pool, uint32_t address)
{
	if (!release_use(op, address, pool->asset_a) || !release_use(op, address, pool->asset_b))
		return false;
	state_touch(op->state, ENTRY_POOL, pool);
	if (pool->trustlines <= 0)
		return rules_fault(op->state, "a pool has fewer trustlines than there are");
	if (--pool->trustlines == 0)
		state_erase(op->state, ENTRY_POOL, pool);
	return true;
}

static bool take_use(struct op *op, uint32_t asset)
{
	struct holding holding = holding_of(op->state, op->source, asset);
	if (asset == ASSET_NATIVE || holding.kind == HOLDING_ISSUER)
		return true;
	if (holding.kind == HOLDING_NONE)
		return refuse_change(op, SDEX_CHANGE_TRUST_TRUST_LINE_MISSING);
	if (!holding_maintains(holding))
		return refuse_change(op, SDEX_CHANGE_TRUST_NOT_AUTH_MAINTAIN_LIABILITIES);
	holding_touch(op->state, holding);
	if (holding.line->pool_uses == INT32_MAX)
		return rules_fault(op->state, "a trustline is in too many pools to count");
	holding.line->entry.level = 2;
	holding.line->pool_uses++;
	return true;
}

static bool join_pool(struct op *op, uint32_t share,
		      const sdex_LiquidityPoolConstantProductParameters *p)
{
	uint32_t a = state_asset(op->state, &p->assetA);
	uint32_t b = state_asset(op->state, &p->assetB);
	if (op->state->lost || !take_use(op, a) || !take_use(op, b))
		return false;
	struct pool *pool = state_pool(op->state, share);
	if (pool) {
		state_touch(op->state, ENTRY_POOL, pool);
		if (pool->trustlines == INT64_MAX)
			return rules_fault(op->state, "a pool has too many trustlines to count");
		pool->trustlines++;
		return true;
	}
	struct pool made = {.entry.sponsor = SLOT_NONE,
			    .asset = share,
			    .asset_a = a,
			    .asset_b = b,
			    .fee_bps = p->fee,
			    .trustlines = 1};
	return state_create(op->state, ENTRY_POOL, &made) != NULL;
}

static bool delete_line(struct op *op, struct trustline *line)
{
	bool share = asset_at(op->state, line->asset)->type == SDEX_ASSET_TYPE_POOL_SHARE;
	uint32_t asset = line->asset;
	if (!share && line->pool_uses != 0)
		return refuse_change(op, SDEX_CHANGE_TRUST_CANNOT_DELETE);
	struct account *source = op_source(op);
	state_touch(op->state, ENTRY_TRUSTLINE, line);
	if (!source || !sponsor_remove(op->state, ENTRY_TRUSTLINE, line, source))
		return false;
	state_erase(op->state, ENTRY_TRUSTLINE, line);
	if (!share)
		return true;
	struct pool *pool = state_pool(op->state, asset);
	if (!pool)
		return rules_fault(op->state, "a pool share without a pool");
	return pool_release(op, pool, op->source);
}

static bool change_line(struct op *op, struct trustline *line, int64_t limit)
{
	struct holding holding = {.kind = HOLDING_LINE, .line = line};
	if (limit < line->balance || limit - line->balance < line->buying)
		return refuse_change(op, SDEX_CHANGE_TRUST_INVALID_LIMIT);
	if (limit == 0)
		return delete_line(op, line);
	uint32_t issuer = asset_at(op->state, line->asset)->issuer;
	if (issuer != SLOT_NONE && !state_account(op->state, issuer))
		return refuse_change(op, SDEX_CHANGE_TRUST_NO_ISSUER);
	holding_touch(op->state, holding);
	line->limit = limit;
	return true;
}

bool change_trust_apply(struct op *op)
{
	const sdex_ChangeTrustOp *change = op->operation->body.changeTrustOp;
	struct state *state = op->state;
	uint32_t asset = line_asset(op, &change->line);
	if (asset == SLOT_NONE)
		return false;
	uint32_t issuer = asset_at(state, asset)->issuer;
	bool share = asset_at(state, asset)->type == SDEX_ASSET_TYPE_POOL_SHARE;
	struct trustline *line = state_trustline(state, op->source, asset);
	if (line)
		return change_line(op, line, change->limit);
	if (change->limit == 0)
		return refuse_change(op, SDEX_CHANGE_TRUST_INVALID_LIMIT);
	struct trustline made = {.entry.sponsor = SLOT_NONE,
				 .address = op->source,
				 .asset = asset,
				 .limit = change->limit};
	if (!share) {
		struct account *owner = state_account(state, issuer);
		if (!owner)
			return refuse_change(op, SDEX_CHANGE_TRUST_NO_ISSUER);
		if (!(owner->entry.flags & SDEX_AUTH_REQUIRED_FLAG))
			made.entry.flags |= SDEX_AUTHORIZED_FLAG;
		if (owner->entry.flags & SDEX_AUTH_CLAWBACK_ENABLED_FLAG)
			made.entry.flags |= SDEX_TRUSTLINE_CLAWBACK_ENABLED_FLAG;
	} else if (!join_pool(op, asset, change->line.liquidityPool.constantProduct)) {
		return false;
	}
	enum sponsoring paid = sponsor_create(state, ENTRY_TRUSTLINE, &made, op_source(op));
	if (paid == SPONSORING_LOW_RESERVE)
		return refuse_change(op, SDEX_CHANGE_TRUST_LOW_RESERVE);
	if (paid != SPONSORING_DONE)
		return op_unpaid(op, paid);
	return state_create(state, ENTRY_TRUSTLINE, &made) != NULL;
}

/* --- taking authorisation away */

static bool remove_offers(struct op *op, uint32_t trustor, uint32_t asset)
{
	struct state *state = op->state;
	uint32_t slot = state_first_offer(state, trustor);
	while (slot != SLOT_NONE) {
		struct offer *offer = slab_at(&state->entries[ENTRY_OFFER], slot);
		const struct pair *pair = pair_at(state, offer->pair);
		slot = offer->next;
		if ((pair->selling == asset || pair->buying == asset) &&
		    !cross_remove_offer(state, offer, true))
			return false;
	}
	return true;
}

static bool revoke_id(struct op *op, uint8_t id[32], uint32_t share, uint32_t asset)
{
	sdex_HashIDPreimageRevokeId revoke = {.sourceAccount =
						      entry_account_id(op->state, op->tx_source),
					      .seqNum = op->tx_sequence,
					      .opNum = op->index};
	sdex_HashIDPreimage preimage = {.type = SDEX_ENVELOPE_TYPE_POOL_REVOKE_OP_ID,
					.revokeID = &revoke};
	uint8_t bytes[512];
	size_t size = 0;
	memcpy(revoke.liquidityPoolID.bytes, asset_at(op->state, share)->pool_id, 32);
	if (!entry_export_asset(&revoke.asset, op->state, asset, op->arena) ||
	    sdex_HashIDPreimage_encode(bytes, sizeof(bytes), &size, &preimage, NULL))
		return op->state->lost = true, false;
	sdex_sha256(id, bytes, size);
	return true;
}

static const struct blob *anyone_s(struct op *op, uint32_t address)
{
	sdex_ClaimantV0 v0 = {.destination = entry_account_id(op->state, address),
			      .predicate.type = SDEX_CLAIM_PREDICATE_UNCONDITIONAL};
	sdex_Claimant claimant = {.type = SDEX_CLAIMANT_TYPE_V0, .v0 = &v0};
	uint8_t bytes[128];
	size_t size = 0;
	if (sdex_Claimant_encode(bytes, sizeof(bytes), &size, &claimant, NULL)) {
		op->state->lost = true;
		return NULL;
	}
	struct blob *blob = state_blob(op->state, bytes, (uint32_t)size);
	if (blob)
		blob->count = 1;
	return blob;
}

struct redemption {
	uint32_t trustor;
	uint32_t share;
	uint32_t backer; /* who paid for the share's trustline */
};

static bool refuse_flags(struct op *op, int allow_code, int set_code)
{
	if (op->operation->body.type == SDEX_ALLOW_TRUST)
		op->result->tr->allowTrustResult.code = (sdex_AllowTrustResultCode)allow_code;
	else
		op->result->tr->setTrustLineFlagsResult.code =
			(sdex_SetTrustLineFlagsResultCode)set_code;
	return false;
}

/* Turns an amount of a pool into a claimable balance of the trustor's. */
static bool redeem(struct op *op, const struct redemption *r, uint32_t asset, int64_t amount)
{
	struct state *state = op->state;
	struct holding holding = holding_of(state, r->trustor, asset);
	if (amount == 0 || holding.kind == HOLDING_ISSUER)
		return true;
	struct claimable made = {.entry.sponsor = SLOT_NONE, .asset = asset, .amount = amount};
	made.claimants = anyone_s(op, r->trustor);
	if (!made.claimants || !revoke_id(op, made.id, r->share, asset))
		return false;
	if (holding.kind == HOLDING_LINE) {
		holding_touch(state, holding);
		if (holding.line->entry.flags & SDEX_TRUSTLINE_CLAWBACK_ENABLED_FLAG) {
			made.entry.level = 1;
			made.entry.flags = SDEX_CLAIMABLE_BALANCE_CLAWBACK_ENABLED_FLAG;
		}
	}
	struct account *backer = state_account(state, r->backer);
	if (!backer)
		return rules_fault(state, "a trustline's sponsor has no account");
	state_touch(state, ENTRY_ACCOUNT, backer);
	if (address_at(state, r->backer)->future_sponsor != SLOT_NONE) {
		enum sponsoring paid = sponsor_create(state, ENTRY_CLAIMABLE, &made, backer);
		if (paid == SPONSORING_LOW_RESERVE)
			return refuse_flags(op, SDEX_ALLOW_TRUST_LOW_RESERVE,
					    SDEX_SET_TRUST_LINE_FLAGS_LOW_RESERVE);
		if (paid != SPONSORING_DONE)
			return op_unpaid(op, paid);
	} else {
		/* the share's two reserves pay for the two balances, whatever is left */
		if (backer->sponsoring == UINT32_MAX)
			return rules_fault(state, "an account sponsors too much to count");
		if (backer->entry.level < 2)
			backer->entry.level = 2;
		backer->sponsoring++;
		made.entry.extended = 1;
		made.entry.sponsor = r->backer;
	}
	return state_create(state, ENTRY_CLAIMABLE, &made) != NULL;
}

static bool revoke_share(struct op *op, uint32_t trustor, uint32_t share)
{
	struct state *state = op->state;
	struct trustline *line = state_trustline(state, trustor, share);
	struct pool *pool = state_pool(state, share);
	struct account *owner = state_account(state, trustor);
	if (!line || !pool || !owner)
		return rules_fault(state, "a pool share without its pool or account");
	int64_t balance = line->balance;
	struct redemption r = {.trustor = trustor, .share = share, .backer = line->entry.sponsor};
	if (r.backer == SLOT_NONE)
		r.backer = trustor;
	state_touch(state, ENTRY_ACCOUNT, owner);
	state_touch(state, ENTRY_TRUSTLINE, line);
	if (!sponsor_remove(state, ENTRY_TRUSTLINE, line, owner))
		return false;
	state_erase(state, ENTRY_TRUSTLINE, line);
	state_touch(state, ENTRY_POOL, pool);
	if (balance != 0) {
		if (balance > pool->shares)
			return rules_fault(state, "a pool has fewer shares than are held");
		int64_t a = exchange_pool_withdraw(balance, pool->shares, pool->reserve_a);
		int64_t b = exchange_pool_withdraw(balance, pool->shares, pool->reserve_b);
		if (!redeem(op, &r, pool->asset_a, a) || !redeem(op, &r, pool->asset_b, b))
			return false;
		pool->shares -= balance;
		pool->reserve_a -= a;
		pool->reserve_b -= b;
	}
	return pool_release(op, pool, trustor);
}

/* Shares of pools with the asset, in the order of the pools' ids */
static bool revoke_shares(struct op *op, uint32_t trustor, uint32_t asset)
{
	struct state *state = op->state;
	uint32_t shares[SUBENTRIES_MAX], count = 0;
	uint32_t slot = state_first_trustline(state, trustor);
	while (slot != SLOT_NONE && count < SUBENTRIES_MAX) {
		const struct trustline *line = slab_at(&state->entries[ENTRY_TRUSTLINE], slot);
		const struct pool *pool = state_pool(state, line->asset);
		slot = line->next;
		if (!pool || (pool->asset_a != asset && pool->asset_b != asset))
			continue;
		uint32_t at = count++;
		const uint8_t *id = asset_at(state, line->asset)->pool_id;
		while (at > 0 && memcmp(asset_at(state, shares[at - 1])->pool_id, id, 32) > 0) {
			shares[at] = shares[at - 1];
			at--;
		}
		shares[at] = line->asset;
	}
	for (uint32_t i = 0; i < count; i++)
		if (!revoke_share(op, trustor, shares[i]))
			return false;
	return true;
}

/* --- allow trust and set trustline flags */

static bool set_flags(struct op *op, uint32_t trustor, uint32_t asset, struct trustline *line,
		      uint32_t flags)
{
	struct holding holding = {.kind = HOLDING_LINE, .line = line};
	holding_touch(op->state, holding);
	if (holding_maintains(holding) && !(flags & AUTHORIZATION) &&
	    (!remove_offers(op, trustor, asset) || !revoke_shares(op, trustor, asset)))
		return false;
	line->entry.flags = (uint8_t)flags;
	return true;
}

static bool refuse_allow(struct op *op, sdex_AllowTrustResultCode code)
{
	op->result->tr->allowTrustResult.code = code;
	return false;
}

static sdex_Asset allowed_asset(struct op *op, sdex_AlphaNum12 *long_code)
{
	const sdex_AssetCode *code = &op->operation->body.allowTrustOp->asset;
	sdex_AccountID issuer = entry_account_id(op->state, op->source);
	sdex_Asset asset = {.type = code->type};
	if (code->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
		asset.alphaNum4.assetCode = code->assetCode4;
		asset.alphaNum4.issuer = issuer;
	} else if (code->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12) {
		*long_code = (sdex_AlphaNum12){.assetCode = code->assetCode12, .issuer = issuer};
		asset.alphaNum12 = long_code;
	}
	return asset;
}

bool allow_trust_check(struct op *op)
{
	const sdex_AllowTrustOp *allow = op->operation->body.allowTrustOp;
	sdex_AlphaNum12 long_code;
	sdex_Asset asset = allowed_asset(op, &long_code);
	uint32_t trustor = state_address(op->state, allow->trustor.ed25519.bytes);
	if (asset.type == SDEX_ASSET_TYPE_NATIVE ||
	    allow->authorize > SDEX_AUTHORIZED_TO_MAINTAIN_LIABILITIES_FLAG ||
	    !asset_valid(&asset) || trustor == op->source)
		return refuse_allow(op, SDEX_ALLOW_TRUST_MALFORMED);
	return true;
}

bool allow_trust_apply(struct op *op)
{
	const sdex_AllowTrustOp *allow = op->operation->body.allowTrustOp;
	sdex_AlphaNum12 long_code;
	sdex_Asset named = allowed_asset(op, &long_code);
	uint32_t asset = state_asset(op->state, &named);
	uint32_t trustor = state_address(op->state, allow->trustor.ed25519.bytes);
	struct account *source = state_account(op->state, op->source);
	if (op->state->lost || !source)
		return false;
	bool revocable = source->entry.flags & SDEX_AUTH_REVOCABLE_FLAG;
	if (!revocable && allow->authorize == 0)
		return refuse_allow(op, SDEX_ALLOW_TRUST_CANT_REVOKE);
	struct trustline *line = state_trustline(op->state, trustor, asset);
	if (!line)
		return refuse_allow(op, SDEX_ALLOW_TRUST_NO_TRUST_LINE);
	uint32_t flags = (line->entry.flags & ~(uint32_t)AUTHORIZATION) | allow->authorize;
	if (!revocable && (line->entry.flags & SDEX_AUTHORIZED_FLAG) &&
	    (flags & SDEX_AUTHORIZED_TO_MAINTAIN_LIABILITIES_FLAG))
		return refuse_allow(op, SDEX_ALLOW_TRUST_CANT_REVOKE);
	return set_flags(op, trustor, asset, line, flags);
}

static bool refuse_set(struct op *op, sdex_SetTrustLineFlagsResultCode code)
{
	op->result->tr->setTrustLineFlagsResult.code = code;
	return false;
}

static bool both_authorizations(uint32_t flags)
{
	return (flags & AUTHORIZATION) == AUTHORIZATION;
}

bool set_line_flags_check(struct op *op)
{
	const sdex_SetTrustLineFlagsOp *set = op->operation->body.setTrustLineFlagsOp;
	uint32_t trustor = state_address(op->state, set->trustor.ed25519.bytes);
	uint32_t asset = SLOT_NONE;
	bool valid = set->asset.type != SDEX_ASSET_TYPE_NATIVE && asset_valid(&set->asset);
	if (valid)
		asset = state_asset(op->state, &set->asset);
	if (op->state->lost)
		return false;
	valid = valid && asset_at(op->state, asset)->issuer == op->source &&
		trustor != op->source && !(set->setFlags & set->clearFlags) &&
		!(set->setFlags & ~(uint32_t)SDEX_MASK_TRUSTLINE_FLAGS_V17) &&
		!both_authorizations(set->setFlags) &&
		!(set->setFlags & SDEX_TRUSTLINE_CLAWBACK_ENABLED_FLAG) &&
		!(set->clearFlags & ~(uint32_t)SDEX_MASK_TRUSTLINE_FLAGS_V17);
	return valid || refuse_set(op, SDEX_SET_TRUST_LINE_FLAGS_MALFORMED);
}

bool set_line_flags_apply(struct op *op)
{
	const sdex_SetTrustLineFlagsOp *set = op->operation->body.setTrustLineFlagsOp;
	uint32_t trustor = state_address(op->state, set->trustor.ed25519.bytes);
	uint32_t asset = state_asset(op->state, &set->asset);
	struct account *source = state_account(op->state, op->source);
	if (op->state->lost || !source)
		return false;
	if (!(source->entry.flags & SDEX_AUTH_REVOCABLE_FLAG) &&
	    (set->clearFlags & AUTHORIZATION) && !(set->setFlags & SDEX_AUTHORIZED_FLAG))
		return refuse_set(op, SDEX_SET_TRUST_LINE_FLAGS_CANT_REVOKE);
	struct trustline *line = state_trustline(op->state, trustor, asset);
	if (!line)
		return refuse_set(op, SDEX_SET_TRUST_LINE_FLAGS_NO_TRUST_LINE);
	uint32_t flags = (line->entry.flags & ~set->clearFlags) | set->setFlags;
	if (both_authorizations(flags))
		return refuse_set(op, SDEX_SET_TRUST_LINE_FLAGS_INVALID_STATE);
	return set_flags(op, trustor, asset, line, flags);
}
