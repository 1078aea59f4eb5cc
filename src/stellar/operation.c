/* stellar/operation.c - the constructors of operations.
 *
 * Each fills the body from its arguments and then lets op_check_form judge the
 * result, so that no rule stands in two places. */
#include "sdex/operation.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/failure.h"
#include "stellar/refuse.h"
#include "xdr/measure.h"

/* An operation in the making: the first thing that goes wrong sticks. */
struct maker {
	struct sdex_arena *arena;
	enum sdex_error error;
	sdex_Operation op;
};

static void *take(struct maker *m, size_t size)
{
	void *piece = arena_take8(m->arena, size ? size : 1); /* a piece of 0 may be NULL */
	if (!piece)
		m->error = SDEX_ERR_NOMEM;
	return piece;
}

/* Starts an operation whose body takes `size` bytes behind a pointer (NULL: no memory). */
static void *begin(struct maker *m, struct sdex_arena *arena, const sdex_MuxedAccount *source,
		   sdex_OperationType type, size_t size)
{
	*m = (struct maker){.arena = arena, .op.body.type = type};
	if (source) {
		m->op.sourceAccount = take(m, sizeof *source);
		if (!m->op.sourceAccount)
			return NULL;
		*m->op.sourceAccount = *source;
	}
	return take(m, size);
}

static void put_account(struct maker *m, sdex_AccountID *out, const sdex_AccountID *account)
{
	if (account)
		*out = *account;
	else
		m->error = SDEX_ERR_INVALID;
}

static void put_muxed(struct maker *m, sdex_MuxedAccount *out, const sdex_MuxedAccount *account)
{
	if (account)
		*out = *account;
	else
		m->error = SDEX_ERR_INVALID;
}

static void put_asset(struct maker *m, sdex_Asset *out, const sdex_Asset *asset)
{
	if (!asset) {
		m->error = SDEX_ERR_INVALID;
		return;
	}
	*out = *asset;
	if (asset->type != SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		return;
	if (!asset->alphaNum12) {
		m->error = SDEX_ERR_INVALID;
		return;
	}
	out->alphaNum12 = take(m, sizeof *out->alphaNum12);
	if (out->alphaNum12)
		*out->alphaNum12 = *asset->alphaNum12;
}

static void put_assets(struct maker *m, sdex_Asset_list *out, const sdex_Asset *assets,
		       uint32_t count)
{
	*out = (sdex_Asset_list){.count = count};
	if (count == 0 || count > 5) /* over 5: the check refuses it unseen */
		return;
	out->items = take(m, count * sizeof *out->items);
	for (uint32_t i = 0; out->items && i < count; i++)
		put_asset(m, &out->items[i], assets ? &assets[i] : NULL);
}

static void put_bytes(struct maker *m, struct sdex_bytes *out, struct sdex_bytes bytes)
{
	if (bytes.size && !bytes.data) {
		m->error = SDEX_ERR_INVALID;
		return;
	}
	uint8_t *copy = take(m, bytes.size);
	if (copy && bytes.size)
		memcpy(copy, bytes.data, bytes.size);
	*out = (struct sdex_bytes){copy, bytes.size};
}

static void put_signer_key(struct maker *m, sdex_SignerKey *out, const sdex_SignerKey *key)
{
	if (!key) {
		m->error = SDEX_ERR_INVALID;
		return;
	}
	*out = *key;
	if (key->type != SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD)
		return;
	if (!key->ed25519SignedPayload) {
		m->error = SDEX_ERR_INVALID;
		return;
	}
	out->ed25519SignedPayload = take(m, sizeof *out->ed25519SignedPayload);
	if (!out->ed25519SignedPayload)
		return;
	out->ed25519SignedPayload->ed25519 = key->ed25519SignedPayload->ed25519;
	put_bytes(m, &out->ed25519SignedPayload->payload, key->ed25519SignedPayload->payload);
}

static enum sdex_error judge(struct maker *m, struct sdex_failure *why)
{
	if (m->error == SDEX_ERR_NOMEM)
		return arena_full(why);
	if (m->error)
		return fail(why, m->error, 0, "%s: expected a pointer to each part, found NULL",
			    sdex_op_name(m->op.body.type));
	sdex_AccountID source;
	struct check check = {.why = why};
	struct fit fit;
	enum sdex_error error = limits_or_default(&check.limits, NULL, why);
	if (m->op.sourceAccount) {
		source = sdex_muxed_account(m->op.sourceAccount);
		check.source = &source;
	}
	if (!error)
		error = fit_begin(&fit, SDEX_TYPE_Operation, &m->op, why);
	return error ? error : fit_end(&fit, op_check_form(&check, &m->op.body), why);
}

static enum sdex_error finish(struct maker *m, sdex_Operation *out, struct sdex_failure *why)
{
	enum sdex_error error = judge(m, why);
	if (!error)
		*out = m->op;
	return error;
}

enum sdex_error sdex_op_create_account(sdex_Operation *out, struct sdex_arena *arena,
				       const sdex_MuxedAccount *source,
				       const sdex_AccountID *destination,
				       struct sdex_amount starting_balance,
				       struct sdex_failure *why)
{
	struct maker m;
	sdex_CreateAccountOp *op = begin(&m, arena, source, SDEX_CREATE_ACCOUNT, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.createAccountOp = op;
	put_account(&m, &op->destination, destination);
	op->startingBalance = starting_balance.stroops;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_payment(sdex_Operation *out, struct sdex_arena *arena,
				const sdex_MuxedAccount *source,
				const sdex_MuxedAccount *destination, const sdex_Asset *asset,
				struct sdex_amount amount, struct sdex_failure *why)
{
	struct maker m;
	sdex_PaymentOp *op = begin(&m, arena, source, SDEX_PAYMENT, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.paymentOp = op;
	put_muxed(&m, &op->destination, destination);
	put_asset(&m, &op->asset, asset);
	op->amount = amount.stroops;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_path_payment_strict_receive(
	sdex_Operation *out, struct sdex_arena *arena, const sdex_MuxedAccount *source,
	const sdex_Asset *send_asset, struct sdex_amount send_max,
	const sdex_MuxedAccount *destination, const sdex_Asset *dest_asset,
	struct sdex_amount dest_amount, const sdex_Asset *path, uint32_t path_length,
	struct sdex_failure *why)
{
	struct maker m;
	sdex_PathPaymentStrictReceiveOp *op =
		begin(&m, arena, source, SDEX_PATH_PAYMENT_STRICT_RECEIVE, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.pathPaymentStrictReceiveOp = op;
	put_asset(&m, &op->sendAsset, send_asset);
	op->sendMax = send_max.stroops;
	put_muxed(&m, &op->destination, destination);
	put_asset(&m, &op->destAsset, dest_asset);
	op->destAmount = dest_amount.stroops;
	put_assets(&m, &op->path, path, path_length);
	return finish(&m, out, why);
}

enum sdex_error
sdex_op_path_payment_strict_send(sdex_Operation *out, struct sdex_arena *arena,
				 const sdex_MuxedAccount *source, const sdex_Asset *send_asset,
				 struct sdex_amount send_amount,
				 const sdex_MuxedAccount *destination, const sdex_Asset *dest_asset,
				 struct sdex_amount dest_min, const sdex_Asset *path,
				 uint32_t path_length, struct sdex_failure *why)
{
	struct maker m;
	sdex_PathPaymentStrictSendOp *op =
		begin(&m, arena, source, SDEX_PATH_PAYMENT_STRICT_SEND, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.pathPaymentStrictSendOp = op;
	put_asset(&m, &op->sendAsset, send_asset);
	op->sendAmount = send_amount.stroops;
	put_muxed(&m, &op->destination, destination);
	put_asset(&m, &op->destAsset, dest_asset);
	op->destMin = dest_min.stroops;
	put_assets(&m, &op->path, path, path_length);
	return finish(&m, out, why);
}

enum sdex_error sdex_op_account_merge(sdex_Operation *out, struct sdex_arena *arena,
				      const sdex_MuxedAccount *source,
				      const sdex_MuxedAccount *destination,
				      struct sdex_failure *why)
{
	struct maker m;
	sdex_MuxedAccount *into = begin(&m, arena, source, SDEX_ACCOUNT_MERGE, sizeof *into);
	if (!into)
		return arena_full(why);
	m.op.body.destination = into;
	put_muxed(&m, into, destination);
	return finish(&m, out, why);
}

enum sdex_error sdex_op_manage_sell_offer(sdex_Operation *out, struct sdex_arena *arena,
					  const sdex_MuxedAccount *source,
					  const sdex_Asset *selling, const sdex_Asset *buying,
					  struct sdex_amount amount, sdex_Price price,
					  int64_t offer_id, struct sdex_failure *why)
{
	struct maker m;
	sdex_ManageSellOfferOp *op = begin(&m, arena, source, SDEX_MANAGE_SELL_OFFER, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.manageSellOfferOp = op;
	put_asset(&m, &op->selling, selling);
	put_asset(&m, &op->buying, buying);
	op->amount = amount.stroops;
	op->price = price;
	op->offerID = offer_id;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_manage_buy_offer(sdex_Operation *out, struct sdex_arena *arena,
					 const sdex_MuxedAccount *source, const sdex_Asset *selling,
					 const sdex_Asset *buying, struct sdex_amount amount,
					 sdex_Price price, int64_t offer_id,
					 struct sdex_failure *why)
{
	struct maker m;
	sdex_ManageBuyOfferOp *op = begin(&m, arena, source, SDEX_MANAGE_BUY_OFFER, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.manageBuyOfferOp = op;
	put_asset(&m, &op->selling, selling);
	put_asset(&m, &op->buying, buying);
	op->buyAmount = amount.stroops;
	op->price = price;
	op->offerID = offer_id;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_create_passive_sell_offer(sdex_Operation *out, struct sdex_arena *arena,
						  const sdex_MuxedAccount *source,
						  const sdex_Asset *selling,
						  const sdex_Asset *buying,
						  struct sdex_amount amount, sdex_Price price,
						  struct sdex_failure *why)
{
	struct maker m;
	sdex_CreatePassiveSellOfferOp *op =
		begin(&m, arena, source, SDEX_CREATE_PASSIVE_SELL_OFFER, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.createPassiveSellOfferOp = op;
	put_asset(&m, &op->selling, selling);
	put_asset(&m, &op->buying, buying);
	op->amount = amount.stroops;
	op->price = price;
	return finish(&m, out, why);
}

enum sdex_error
sdex_op_liquidity_pool_deposit(sdex_Operation *out, struct sdex_arena *arena,
			       const sdex_MuxedAccount *source, const sdex_PoolID *pool,
			       struct sdex_amount max_amount_a, struct sdex_amount max_amount_b,
			       sdex_Price min_price, sdex_Price max_price, struct sdex_failure *why)
{
	struct maker m;
	sdex_LiquidityPoolDepositOp *op =
		begin(&m, arena, source, SDEX_LIQUIDITY_POOL_DEPOSIT, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.liquidityPoolDepositOp = op;
	if (!pool)
		m.error = SDEX_ERR_INVALID;
	else
		op->liquidityPoolID = *pool;
	op->maxAmountA = max_amount_a.stroops;
	op->maxAmountB = max_amount_b.stroops;
	op->minPrice = min_price;
	op->maxPrice = max_price;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_liquidity_pool_withdraw(sdex_Operation *out, struct sdex_arena *arena,
						const sdex_MuxedAccount *source,
						const sdex_PoolID *pool, struct sdex_amount shares,
						struct sdex_amount min_amount_a,
						struct sdex_amount min_amount_b,
						struct sdex_failure *why)
{
	struct maker m;
	sdex_LiquidityPoolWithdrawOp *op =
		begin(&m, arena, source, SDEX_LIQUIDITY_POOL_WITHDRAW, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.liquidityPoolWithdrawOp = op;
	if (!pool)
		m.error = SDEX_ERR_INVALID;
	else
		op->liquidityPoolID = *pool;
	op->amount = shares.stroops;
	op->minAmountA = min_amount_a.stroops;
	op->minAmountB = min_amount_b.stroops;
	return finish(&m, out, why);
}

static uint32_t *copy_number(struct maker *m, const uint32_t *number)
{
	uint32_t *copy = number ? take(m, sizeof *copy) : NULL;
	if (copy)
		*copy = *number;
	return copy;
}

static void put_options(struct maker *m, sdex_SetOptionsOp *op, const sdex_SetOptionsOp *from)
{
	*op = (sdex_SetOptionsOp){
		.clearFlags = copy_number(m, from->clearFlags),
		.setFlags = copy_number(m, from->setFlags),
		.masterWeight = copy_number(m, from->masterWeight),
		.lowThreshold = copy_number(m, from->lowThreshold),
		.medThreshold = copy_number(m, from->medThreshold),
		.highThreshold = copy_number(m, from->highThreshold),
	};
	if (from->inflationDest && (op->inflationDest = take(m, sizeof *op->inflationDest)))
		*op->inflationDest = *from->inflationDest;
	if (from->homeDomain && (op->homeDomain = take(m, sizeof *op->homeDomain)))
		put_bytes(m, op->homeDomain, *from->homeDomain);
	if (from->signer && (op->signer = take(m, sizeof *op->signer))) {
		put_signer_key(m, &op->signer->key, &from->signer->key);
		op->signer->weight = from->signer->weight;
	}
}

enum sdex_error sdex_op_set_options(sdex_Operation *out, struct sdex_arena *arena,
				    const sdex_MuxedAccount *source,
				    const sdex_SetOptionsOp *options, struct sdex_failure *why)
{
	struct maker m;
	sdex_SetOptionsOp *op = begin(&m, arena, source, SDEX_SET_OPTIONS, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.setOptionsOp = op;
	if (options)
		put_options(&m, op, options);
	else
		m.error = SDEX_ERR_INVALID;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_change_trust(sdex_Operation *out, struct sdex_arena *arena,
				     const sdex_MuxedAccount *source, const sdex_Asset *asset,
				     struct sdex_amount limit, struct sdex_failure *why)
{
	struct maker m;
	sdex_ChangeTrustOp *op = begin(&m, arena, source, SDEX_CHANGE_TRUST, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.changeTrustOp = op;
	sdex_Asset copy = {.type = SDEX_ASSET_TYPE_NATIVE};
	put_asset(&m, &copy, asset);
	op->line.type = copy.type;
	if (copy.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		op->line.alphaNum4 = copy.alphaNum4;
	else if (copy.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		op->line.alphaNum12 = copy.alphaNum12;
	else if (copy.type == SDEX_ASSET_TYPE_POOL_SHARE) /* not an Asset */
		m.error = SDEX_ERR_INVALID;
	op->limit = limit.stroops;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_change_trust_pool(sdex_Operation *out, struct sdex_arena *arena,
					  const sdex_MuxedAccount *source,
					  const sdex_Asset *asset_a, const sdex_Asset *asset_b,
					  struct sdex_amount limit, struct sdex_failure *why)
{
	struct maker m;
	sdex_ChangeTrustOp *op = begin(&m, arena, source, SDEX_CHANGE_TRUST, sizeof *op);
	if (!op)
		return arena_full(why);
	sdex_LiquidityPoolConstantProductParameters *pool = take(&m, sizeof *pool);
	if (!pool)
		return arena_full(why);
	m.op.body.changeTrustOp = op;
	put_asset(&m, &pool->assetA, asset_a);
	put_asset(&m, &pool->assetB, asset_b);
	pool->fee = SDEX_LIQUIDITY_POOL_FEE_V18;
	op->line = (sdex_ChangeTrustAsset){
		.type = SDEX_ASSET_TYPE_POOL_SHARE,
		.liquidityPool = {.type = SDEX_LIQUIDITY_POOL_CONSTANT_PRODUCT,
				  .constantProduct = pool},
	};
	op->limit = limit.stroops;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_manage_data(sdex_Operation *out, struct sdex_arena *arena,
				    const sdex_MuxedAccount *source, struct sdex_bytes name,
				    const struct sdex_bytes *value, struct sdex_failure *why)
{
	struct maker m;
	if (!begin(&m, arena, source, SDEX_MANAGE_DATA, 0))
		return arena_full(why);
	put_bytes(&m, &m.op.body.manageDataOp.dataName, name);
	if (value && (m.op.body.manageDataOp.dataValue = take(&m, sizeof *value)))
		put_bytes(&m, m.op.body.manageDataOp.dataValue, *value);
	return finish(&m, out, why);
}

enum sdex_error sdex_op_bump_sequence(sdex_Operation *out, struct sdex_arena *arena,
				      const sdex_MuxedAccount *source, int64_t bump_to,
				      struct sdex_failure *why)
{
	struct maker m;
	if (!begin(&m, arena, source, SDEX_BUMP_SEQUENCE, 0))
		return arena_full(why);
	m.op.body.bumpSequenceOp.bumpTo = bump_to;
	return finish(&m, out, why);
}

static enum sdex_error bare(sdex_Operation *out, struct sdex_arena *arena,
			    const sdex_MuxedAccount *source, sdex_OperationType type,
			    struct sdex_failure *why)
{
	struct maker m;
	return begin(&m, arena, source, type, 0) ? finish(&m, out, why) : arena_full(why);
}

enum sdex_error sdex_op_inflation(sdex_Operation *out, struct sdex_arena *arena,
				  const sdex_MuxedAccount *source, struct sdex_failure *why)
{
	return bare(out, arena, source, SDEX_INFLATION, why);
}

enum sdex_error sdex_op_end_sponsoring_future_reserves(sdex_Operation *out,
						       struct sdex_arena *arena,
						       const sdex_MuxedAccount *source,
						       struct sdex_failure *why)
{
	return bare(out, arena, source, SDEX_END_SPONSORING_FUTURE_RESERVES, why);
}

enum sdex_error sdex_op_restore_footprint(sdex_Operation *out, struct sdex_arena *arena,
					  const sdex_MuxedAccount *source, struct sdex_failure *why)
{
	return bare(out, arena, source, SDEX_RESTORE_FOOTPRINT, why);
}

enum sdex_error sdex_op_extend_footprint_ttl(sdex_Operation *out, struct sdex_arena *arena,
					     const sdex_MuxedAccount *source, uint32_t extend_to,
					     struct sdex_failure *why)
{
	struct maker m;
	if (!begin(&m, arena, source, SDEX_EXTEND_FOOTPRINT_TTL, 0))
		return arena_full(why);
	m.op.body.extendFootprintTTLOp.extendTo = extend_to;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_allow_trust(sdex_Operation *out, struct sdex_arena *arena,
				    const sdex_MuxedAccount *source, const sdex_AccountID *trustor,
				    const sdex_AssetCode *code, uint32_t authorize,
				    struct sdex_failure *why)
{
	struct maker m;
	sdex_AllowTrustOp *op = begin(&m, arena, source, SDEX_ALLOW_TRUST, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.allowTrustOp = op;
	put_account(&m, &op->trustor, trustor);
	if (code)
		op->asset = *code;
	else
		m.error = SDEX_ERR_INVALID;
	op->authorize = authorize;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_set_trust_line_flags(sdex_Operation *out, struct sdex_arena *arena,
					     const sdex_MuxedAccount *source,
					     const sdex_AccountID *trustor, const sdex_Asset *asset,
					     uint32_t clear_flags, uint32_t set_flags,
					     struct sdex_failure *why)
{
	struct maker m;
	sdex_SetTrustLineFlagsOp *op =
		begin(&m, arena, source, SDEX_SET_TRUST_LINE_FLAGS, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.setTrustLineFlagsOp = op;
	put_account(&m, &op->trustor, trustor);
	put_asset(&m, &op->asset, asset);
	op->clearFlags = clear_flags;
	op->setFlags = set_flags;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_clawback(sdex_Operation *out, struct sdex_arena *arena,
				 const sdex_MuxedAccount *source, const sdex_Asset *asset,
				 const sdex_MuxedAccount *from, struct sdex_amount amount,
				 struct sdex_failure *why)
{
	struct maker m;
	sdex_ClawbackOp *op = begin(&m, arena, source, SDEX_CLAWBACK, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.clawbackOp = op;
	put_asset(&m, &op->asset, asset);
	put_muxed(&m, &op->from, from);
	op->amount = amount.stroops;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_clawback_claimable_balance(sdex_Operation *out, struct sdex_arena *arena,
						   const sdex_MuxedAccount *source,
						   const sdex_ClaimableBalanceID *balance,
						   struct sdex_failure *why)
{
	struct maker m;
	if (!begin(&m, arena, source, SDEX_CLAWBACK_CLAIMABLE_BALANCE, 0))
		return arena_full(why);
	if (balance)
		m.op.body.clawbackClaimableBalanceOp.balanceID = *balance;
	else
		m.error = SDEX_ERR_INVALID;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_claim_claimable_balance(sdex_Operation *out, struct sdex_arena *arena,
						const sdex_MuxedAccount *source,
						const sdex_ClaimableBalanceID *balance,
						struct sdex_failure *why)
{
	struct maker m;
	if (!begin(&m, arena, source, SDEX_CLAIM_CLAIMABLE_BALANCE, 0))
		return arena_full(why);
	if (balance)
		m.op.body.claimClaimableBalanceOp.balanceID = *balance;
	else
		m.error = SDEX_ERR_INVALID;
	return finish(&m, out, why);
}

/* Copies a predicate that has passed predicate_check, so the depth is bounded. */
static void put_predicate(struct maker *m, sdex_ClaimPredicate *out, const sdex_ClaimPredicate *p)
{
	*out = *p;
	if (p->type == SDEX_CLAIM_PREDICATE_NOT) {
		out->notPredicate = take(m, sizeof *out->notPredicate);
		if (out->notPredicate)
			put_predicate(m, out->notPredicate, p->notPredicate);
	} else if (p->type == SDEX_CLAIM_PREDICATE_AND || p->type == SDEX_CLAIM_PREDICATE_OR) {
		const sdex_ClaimPredicate *from = p->type == SDEX_CLAIM_PREDICATE_AND
							  ? p->andPredicates.items
							  : p->orPredicates.items;
		sdex_ClaimPredicate *two = take(m, 2 * sizeof *two);
		if (p->type == SDEX_CLAIM_PREDICATE_AND)
			out->andPredicates.items = two;
		else
			out->orPredicates.items = two;
		for (int i = 0; two && i < 2; i++)
			put_predicate(m, &two[i], &from[i]);
	}
}

static void put_claimants(struct maker *m, sdex_Claimant_list *out, const sdex_Claimant *claimants,
			  uint32_t count)
{
	out->count = count;
	out->items = take(m, count * sizeof *out->items);
	for (uint32_t i = 0; out->items && i < count; i++) {
		sdex_ClaimantV0 *v0 = take(m, sizeof *v0);
		out->items[i] = (sdex_Claimant){.type = claimants[i].type, .v0 = v0};
		if (!v0)
			return;
		v0->destination = claimants[i].v0->destination;
		put_predicate(m, &v0->predicate, &claimants[i].v0->predicate);
	}
}

enum sdex_error sdex_op_create_claimable_balance(sdex_Operation *out, struct sdex_arena *arena,
						 const sdex_MuxedAccount *source,
						 const sdex_Asset *asset, struct sdex_amount amount,
						 const sdex_Claimant *claimants, uint32_t count,
						 struct sdex_failure *why)
{
	struct maker m;
	sdex_CreateClaimableBalanceOp *op =
		begin(&m, arena, source, SDEX_CREATE_CLAIMABLE_BALANCE, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.createClaimableBalanceOp = op;
	put_asset(&m, &op->asset, asset);
	op->amount = amount.stroops;
	/* Judged first, with the claimants as they are: only then is their depth bounded. */
	op->claimants.items = (sdex_Claimant *)(uintptr_t)claimants;
	op->claimants.count = count;
	if (count && !claimants)
		m.error = SDEX_ERR_INVALID;
	enum sdex_error error = judge(&m, why);
	if (error)
		return error;
	CHECK(claimants); /* 1 to 10, or the judge had refused them */
	put_claimants(&m, &op->claimants, claimants, count);
	if (m.error)
		return arena_full(why);
	*out = m.op;
	return SDEX_OK;
}

enum sdex_error sdex_op_begin_sponsoring_future_reserves(sdex_Operation *out,
							 struct sdex_arena *arena,
							 const sdex_MuxedAccount *source,
							 const sdex_AccountID *sponsored,
							 struct sdex_failure *why)
{
	struct maker m;
	if (!begin(&m, arena, source, SDEX_BEGIN_SPONSORING_FUTURE_RESERVES, 0))
		return arena_full(why);
	put_account(&m, &m.op.body.beginSponsoringFutureReservesOp.sponsoredID, sponsored);
	return finish(&m, out, why);
}

enum sdex_error sdex_op_revoke_sponsorship(sdex_Operation *out, struct sdex_arena *arena,
					   const sdex_MuxedAccount *source,
					   const sdex_LedgerKey *key, struct sdex_failure *why)
{
	struct maker m;
	sdex_LedgerKey *copy = begin(&m, arena, source, SDEX_REVOKE_SPONSORSHIP, sizeof *copy);
	if (!copy)
		return arena_full(why);
	m.op.body.revokeSponsorshipOp = (sdex_RevokeSponsorshipOp){
		.type = SDEX_REVOKE_SPONSORSHIP_LEDGER_ENTRY, .ledgerKey = copy};
	if (key)
		*copy = *key;
	else
		m.error = SDEX_ERR_INVALID;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_revoke_signer_sponsorship(sdex_Operation *out, struct sdex_arena *arena,
						  const sdex_MuxedAccount *source,
						  const sdex_AccountID *account,
						  const sdex_SignerKey *signer,
						  struct sdex_failure *why)
{
	struct maker m;
	sdex_RevokeSponsorshipOpSigner *op =
		begin(&m, arena, source, SDEX_REVOKE_SPONSORSHIP, sizeof *op);
	if (!op)
		return arena_full(why);
	m.op.body.revokeSponsorshipOp =
		(sdex_RevokeSponsorshipOp){.type = SDEX_REVOKE_SPONSORSHIP_SIGNER, .signer = op};
	put_account(&m, &op->accountID, account);
	put_signer_key(&m, &op->signerKey, signer);
	return finish(&m, out, why);
}

enum sdex_error sdex_op_invoke_host_function(sdex_Operation *out, struct sdex_arena *arena,
					     const sdex_MuxedAccount *source,
					     const sdex_HostFunction *function,
					     const sdex_SorobanAuthorizationEntry *auth,
					     uint32_t auth_count, struct sdex_failure *why)
{
	struct maker m;
	if (!begin(&m, arena, source, SDEX_INVOKE_HOST_FUNCTION, 0))
		return arena_full(why);
	sdex_InvokeHostFunctionOp *op = &m.op.body.invokeHostFunctionOp;
	if (function)
		op->hostFunction = *function;
	if (!function || (auth_count && !auth))
		m.error = SDEX_ERR_INVALID;
	op->auth.items = (sdex_SorobanAuthorizationEntry *)(uintptr_t)auth;
	op->auth.count = auth_count;
	return finish(&m, out, why);
}

enum sdex_error sdex_op_check(const sdex_Operation *op, const sdex_MuxedAccount *tx_source,
			      const struct sdex_network_limits *limits, struct sdex_failure *why)
{
	struct check check = {.why = why};
	struct fit fit;
	enum sdex_error error = limits_or_default(&check.limits, limits, why);
	if (!error)
		error = fit_begin(&fit, SDEX_TYPE_Operation, op, why);
	if (error)
		return error;
	sdex_AccountID source;
	if (op->sourceAccount || tx_source) {
		source = sdex_muxed_account(op->sourceAccount ? op->sourceAccount : tx_source);
		check.source = &source;
	}
	return fit_end(&fit, op_check(&check, op), why);
}

sdex_ThresholdIndexes sdex_op_threshold(const sdex_Operation *op)
{
	const sdex_SetOptionsOp *options;
	switch (op->body.type) {
	case SDEX_ALLOW_TRUST:
	case SDEX_INFLATION:
	case SDEX_BUMP_SEQUENCE:
	case SDEX_CLAIM_CLAIMABLE_BALANCE:
	case SDEX_SET_TRUST_LINE_FLAGS:
	case SDEX_EXTEND_FOOTPRINT_TTL:
	case SDEX_RESTORE_FOOTPRINT:
		return SDEX_THRESHOLD_LOW;
	case SDEX_ACCOUNT_MERGE:
		return SDEX_THRESHOLD_HIGH;
	case SDEX_SET_OPTIONS:
		options = op->body.setOptionsOp;
		return options && (options->masterWeight || options->lowThreshold ||
				   options->medThreshold || options->highThreshold ||
				   options->signer)
			       ? SDEX_THRESHOLD_HIGH
			       : SDEX_THRESHOLD_MED;
	case SDEX_CREATE_ACCOUNT:
	case SDEX_PAYMENT:
	case SDEX_PATH_PAYMENT_STRICT_RECEIVE:
	case SDEX_MANAGE_SELL_OFFER:
	case SDEX_CREATE_PASSIVE_SELL_OFFER:
	case SDEX_CHANGE_TRUST:
	case SDEX_MANAGE_DATA:
	case SDEX_MANAGE_BUY_OFFER:
	case SDEX_PATH_PAYMENT_STRICT_SEND:
	case SDEX_CREATE_CLAIMABLE_BALANCE:
	case SDEX_BEGIN_SPONSORING_FUTURE_RESERVES:
	case SDEX_END_SPONSORING_FUTURE_RESERVES:
	case SDEX_REVOKE_SPONSORSHIP:
	case SDEX_CLAWBACK:
	case SDEX_CLAWBACK_CLAIMABLE_BALANCE:
	case SDEX_LIQUIDITY_POOL_DEPOSIT:
	case SDEX_LIQUIDITY_POOL_WITHDRAW:
	case SDEX_INVOKE_HOST_FUNCTION:
		break;
	}
	return SDEX_THRESHOLD_MED;
}
