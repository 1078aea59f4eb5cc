/* ledger/pool_apply.c - liquidity pool deposit and withdraw (stellar-core:
 * LiquidityPoolDepositOpFrame.cpp, LiquidityPoolWithdrawOpFrame.cpp). */
#include "ledger/op.h"

static struct price price_of(sdex_Price price)
{
	return (struct price){.n = price.n, .d = price.d};
}

static bool refuse_deposit(struct op *op, sdex_LiquidityPoolDepositResultCode code)
{
	op->result->tr->liquidityPoolDepositResult.code = code;
	return false;
}

bool pool_deposit_check(struct op *op)
{
	const sdex_LiquidityPoolDepositOp *d = op->operation->body.liquidityPoolDepositOp;
	if (d->maxAmountA <= 0 || d->maxAmountB <= 0 || d->minPrice.n <= 0 || d->minPrice.d <= 0 ||
	    d->maxPrice.n <= 0 || d->maxPrice.d <= 0 ||
	    price_above(price_of(d->minPrice), price_of(d->maxPrice)))
		return refuse_deposit(op, SDEX_LIQUIDITY_POOL_DEPOSIT_MALFORMED);
	return true;
}

struct joined {
	struct trustline *share;
	struct pool *pool;
	struct holding a;
	struct holding b;
};

/* The source's share, its pool and what it holds of the two assets.  False without a
 * share; with a fault if the rest is not there. */
static bool find_share(struct op *op, struct joined *j, const sdex_PoolID *id)
{
	uint32_t share = state_share(op->state, id->bytes);
	if (share == SLOT_NONE)
		return false;
	j->share = state_trustline(op->state, op->source, share);
	if (!j->share)
		return false;
	j->pool = state_pool(op->state, share);
	if (!j->pool)
		return rules_fault(op->state, "a pool share without a pool");
	j->a = holding_of(op->state, op->source, j->pool->asset_a);
	j->b = holding_of(op->state, op->source, j->pool->asset_b);
	if (j->a.kind == HOLDING_NONE || j->b.kind == HOLDING_NONE)
		return rules_fault(op->state, "a pool share without its asset's trustline");
	return true;
}

static void touch_share(struct op *op, const struct joined *j)
{
	state_touch(op->state, ENTRY_TRUSTLINE, j->share);
	state_touch(op->state, ENTRY_POOL, j->pool);
	holding_touch(op->state, j->a);
	holding_touch(op->state, j->b);
}

static bool assets_frozen(struct op *op, const struct pool *pool)
{
	return frozen_line(op->frozen, op->state, op->source, pool->asset_a) ||
	       frozen_line(op->frozen, op->state, op->source, pool->asset_b);
}

bool pool_deposit_apply(struct op *op)
{
	const sdex_LiquidityPoolDepositOp *d = op->operation->body.liquidityPoolDepositOp;
	struct state *state = op->state;
	struct joined j = {0};
	struct pool_amounts add;
	if (!find_share(op, &j, &d->liquidityPoolID))
		return refuse_deposit(op, SDEX_LIQUIDITY_POOL_DEPOSIT_NO_TRUST);
	if (!holding_authorized(j.a) || !holding_authorized(j.b))
		return refuse_deposit(op, SDEX_LIQUIDITY_POOL_DEPOSIT_NOT_AUTHORIZED);
	if (assets_frozen(op, j.pool))
		return refuse_deposit(op, SDEX_LIQUIDITY_POOL_DEPOSIT_TRUSTLINE_FROZEN);
	if (!exchange_pool_deposit(&add, j.pool->reserve_a, j.pool->reserve_b, j.pool->shares,
				   d->maxAmountA, d->maxAmountB))
		return rules_fault(state, "a deposit is out of its bounds");
	if (holding_free(state, j.a) < add.a || holding_free(state, j.b) < add.b)
		return refuse_deposit(op, SDEX_LIQUIDITY_POOL_DEPOSIT_UNDERFUNDED);
	if (exchange_pool_bad_price(add.a, add.b, price_of(d->minPrice), price_of(d->maxPrice)))
		return refuse_deposit(op, SDEX_LIQUIDITY_POOL_DEPOSIT_BAD_PRICE);
	struct holding share = {.kind = HOLDING_LINE, .line = j.share};
	if (holding_space(share) < add.shares)
		return refuse_deposit(op, SDEX_LIQUIDITY_POOL_DEPOSIT_LINE_FULL);
	if (INT64_MAX - add.a < j.pool->reserve_a || INT64_MAX - add.b < j.pool->reserve_b ||
	    INT64_MAX - add.shares < j.pool->shares)
		return refuse_deposit(op, SDEX_LIQUIDITY_POOL_DEPOSIT_POOL_FULL);
	if (add.shares <= 0)
		return rules_fault(state, "a deposit gives no share");
	touch_share(op, &j);
	if (!holding_add(state, j.a, -add.a) || !holding_add(state, j.b, -add.b) ||
	    !holding_add(state, share, add.shares))
		return rules_fault(state, "a balance does not bear its deposit");
	j.pool->reserve_a += add.a;
	j.pool->reserve_b += add.b;
	j.pool->shares += add.shares;
	return true;
}

static bool refuse_withdraw(struct op *op, sdex_LiquidityPoolWithdrawResultCode code)
{
	op->result->tr->liquidityPoolWithdrawResult.code = code;
	return false;
}

bool pool_withdraw_check(struct op *op)
{
	const sdex_LiquidityPoolWithdrawOp *w = op->operation->body.liquidityPoolWithdrawOp;
	if (w->amount <= 0 || w->minAmountA < 0 || w->minAmountB < 0)
		return refuse_withdraw(op, SDEX_LIQUIDITY_POOL_WITHDRAW_MALFORMED);
	return true;
}

static bool pay_out(struct op *op, struct holding to, int64_t amount, int64_t least)
{
	if (amount < least)
		return refuse_withdraw(op, SDEX_LIQUIDITY_POOL_WITHDRAW_UNDER_MINIMUM);
	if (!holding_add(op->state, to, amount))
		return refuse_withdraw(op, SDEX_LIQUIDITY_POOL_WITHDRAW_LINE_FULL);
	return true;
}

bool pool_withdraw_apply(struct op *op)
{
	const sdex_LiquidityPoolWithdrawOp *w = op->operation->body.liquidityPoolWithdrawOp;
	struct state *state = op->state;
	struct joined j = {0};
	if (!find_share(op, &j, &w->liquidityPoolID))
		return refuse_withdraw(op, SDEX_LIQUIDITY_POOL_WITHDRAW_NO_TRUST);
	if (j.share->balance < w->amount)
		return refuse_withdraw(op, SDEX_LIQUIDITY_POOL_WITHDRAW_UNDERFUNDED);
	if (assets_frozen(op, j.pool))
		return refuse_withdraw(op, SDEX_LIQUIDITY_POOL_WITHDRAW_TRUSTLINE_FROZEN);
	if (w->amount > j.pool->shares)
		return rules_fault(state, "a pool has fewer shares than are held");
	touch_share(op, &j);
	int64_t a = exchange_pool_withdraw(w->amount, j.pool->shares, j.pool->reserve_a);
	int64_t b = exchange_pool_withdraw(w->amount, j.pool->shares, j.pool->reserve_b);
	if (!pay_out(op, j.a, a, w->minAmountA) || !pay_out(op, j.b, b, w->minAmountB))
		return false;
	struct holding share = {.kind = HOLDING_LINE, .line = j.share};
	if (!holding_add(state, share, -w->amount))
		return rules_fault(state, "a share does not bear its withdrawal");
	j.pool->shares -= w->amount;
	j.pool->reserve_a -= a;
	j.pool->reserve_b -= b;
	return true;
}
