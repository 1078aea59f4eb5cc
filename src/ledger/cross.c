/* ledger/cross.c - one offer after the other, and the choice between book and pool. */
#include "ledger/cross.h"

#include "base/int128.h"
#include "ledger/entry.h"

#define VERSION_BUDGET_COUNTS_TRIED 27u

static bool add_claim(struct state *state, struct claims *claims, struct claim claim)
{
	if (claims->count == claims->room) {
		uint32_t room = claims->room ? 2 * claims->room : 8;
		struct claim *items = sdex_arena_alloc(claims->arena, room * sizeof(*items));
		if (!items) {
			state->lost = true;
			return false;
		}
		if (claims->count)
			memcpy(items, claims->items, claims->count * sizeof(*items));
		claims->items = items;
		claims->room = room;
	}
	claims->items[claims->count++] = claim;
	return true;
}

bool cross_remove_offer(struct state *state, struct offer *offer, bool holds_liabilities)
{
	const struct pair *pair = pair_at(state, offer->pair);
	struct account *seller = state_account(state, offer->seller);
	if (!seller)
		return rules_fault(state, "an offer's seller has no account");
	if (holds_liabilities && !rules_reserve(state, offer->seller, pair->selling, pair->buying,
						offer->price, offer->amount, -1))
		return false;
	state_touch(state, ENTRY_ACCOUNT, seller);
	state_touch(state, ENTRY_OFFER, offer);
	if (!sponsor_remove(state, ENTRY_OFFER, offer, seller))
		return false;
	state_erase(state, ENTRY_OFFER, offer);
	return true;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* What is left of an offer once its seller's limits are looked at */
static int64_t adjusted(struct state *state, const struct offer *offer, struct holding wheat,
			struct holding sheep)
{
	int64_t send = least(offer->amount, holding_can_send(state, wheat));
	int64_t receive = holding_can_receive(state, sheep);
	return state->fault ? 0 : exchange_adjust(offer->price, send, receive);
}

/* Crosses one offer; false with a fault. */
static bool cross_offer(struct state *state, struct exchanged *done, struct offer *offer,
			struct exchange_limits limits, const struct taking *taking)
{
	uint32_t seller = offer->seller;
	struct account *account = state_account(state, seller);
	if (!account)
		return rules_fault(state, "an offer's seller has no account");
	state_touch(state, ENTRY_OFFER, offer);
	if (!rules_reserve(state, seller, taking->wheat, taking->sheep, offer->price, offer->amount,
			   -1))
		return false;
	struct holding wheat = holding_of(state, seller, taking->wheat);
	struct holding sheep = holding_of(state, seller, taking->sheep);
	offer->amount = adjusted(state, offer, wheat, sheep);
	limits.wheat_send = least(offer->amount, holding_can_send(state, wheat));
	limits.sheep_receive = holding_can_receive(state, sheep);
	if (state->fault)
		return false;
	if (!exchange(done, offer->price, limits, taking->mode))
		return rules_fault(state, "an exchange is out of its bounds");
	if (!holding_add(state, sheep, done->sheep) || !holding_add(state, wheat, -done->wheat))
		return rules_fault(state, "a maker's balance does not bear its trade");
	if (done->wheat_stays) {
		offer->amount -= done->wheat;
		offer->amount = adjusted(state, offer, wheat, sheep);
	} else {
		offer->amount = 0;
	}
	if (state->fault)
		return false;
	if (offer->amount == 0)
		return cross_remove_offer(state, offer, false);
	return rules_reserve(state, seller, taking->wheat, taking->sheep, offer->price,
			     offer->amount, 1);
}

static enum taken filter(const struct offer *offer, const struct taking *taking)
{
	if (taking->limit) {
		bool bad = taking->passive ? price_at_least(offer->price, *taking->limit)
					   : price_above(offer->price, *taking->limit);
		if (bad)
			return TAKEN_PRICE;
	}
	return offer->seller == taking->taker ? TAKEN_OWN : TAKEN_ALL;
}

static enum taken cross_book(struct state *state, int64_t *sheep, int64_t *wheat,
			     struct claims *claims, int64_t budget, const struct taking *taking)
{
	struct exchange_limits limits = {.wheat_receive = taking->max_wheat,
					 .sheep_send = taking->max_sheep};
	uint32_t before = claims->count;
	*sheep = 0;
	*wheat = 0;
	if (limits.wheat_receive == 0 || limits.sheep_send == 0)
		return TAKEN_ALL;
	/* before there were pools, only a further offer is one too many */
	if (budget == 0 && state->header.version >= VERSION_POOLS)
		return TAKEN_TOO_MANY;
	for (;;) {
		struct offer *offer = state_best_offer(state, taking->wheat, taking->sheep);
		if (!offer)
			return TAKEN_PART;
		enum taken stop = filter(offer, taking);
		if (stop != TAKEN_ALL)
			return stop;
		if (frozen_offer(taking->frozen, state, offer)) {
			if (!cross_remove_offer(state, offer, true))
				return TAKEN_FAULT;
			continue;
		}
		if (claims->count - before >= budget)
			return TAKEN_TOO_MANY;
		struct claim claim = {.offer = offer->id,
				      .seller = offer->seller,
				      .wheat_asset = taking->wheat,
				      .sheep_asset = taking->sheep};
		struct exchanged done = {0};
		if (!cross_offer(state, &done, offer, limits, taking) || state->lost)
			return TAKEN_FAULT;
		claim.wheat = done.wheat;
		claim.sheep = done.sheep;
		if (!add_claim(state, claims, claim))
			return TAKEN_FAULT;
		*sheep += done.sheep;
		*wheat += done.wheat;
		limits.sheep_send -= done.sheep;
		limits.wheat_receive -= done.wheat;
		if (done.wheat_stays || limits.sheep_send == 0 || limits.wheat_receive == 0)
			return TAKEN_ALL;
		/* a maker that goes is taken whole: there may be more behind it */
	}
}

/* What the pool would give and take; false if it is no venue for this. */
static bool quote_pool(const struct state *state, int64_t *sheep, int64_t *wheat,
		       struct pool **found, int64_t budget, const struct taking *taking)
{
	if (taking->mode == EXCHANGE_NORMAL || budget == 0 ||
	    (state->header.flags & SDEX_DISABLE_LIQUIDITY_POOL_TRADING_FLAG))
		return false;
	struct pool *pool = state_venue(state, taking->wheat, taking->sheep);
	if (!pool)
		return false;
	bool a_in = pool->asset_a == taking->sheep;
	int64_t in = a_in ? pool->reserve_a : pool->reserve_b;
	int64_t out = a_in ? pool->reserve_b : pool->reserve_a;
	*found = pool;
	if (in <= 0 || out <= 0)
		return false;
	if (taking->mode == EXCHANGE_STRICT_SEND) {
		*sheep = taking->max_sheep;
		return exchange_pool_send(wheat, in, out, *sheep, pool->fee_bps);
	}
	*wheat = taking->max_wheat;
	return exchange_pool_receive(sheep, in, out, *wheat, pool->fee_bps);
}

static bool better(int64_t pool_sheep, int64_t pool_wheat, int64_t sheep, int64_t wheat)
{
	return (uint128)(uint64_t)pool_sheep * (uint64_t)wheat >
	       (uint128)(uint64_t)pool_wheat * (uint64_t)sheep;
}

static bool swap(struct state *state, struct claims *claims, struct pool *pool, int64_t sheep,
		 int64_t wheat, const struct taking *taking)
{
	bool a_in = pool->asset_a == taking->sheep;
	state_touch(state, ENTRY_POOL, pool);
	pool->reserve_a += a_in ? sheep : -wheat;
	pool->reserve_b += a_in ? -wheat : sheep;
	return add_claim(state, claims,
			 (struct claim){.seller = pool->asset,
					.wheat_asset = taking->wheat,
					.sheep_asset = taking->sheep,
					.wheat = wheat,
					.sheep = sheep});
}

enum taken cross(struct state *state, int64_t *sheep, int64_t *wheat, struct claims *claims,
		 int64_t *budget, const struct taking *taking)
{
	int64_t pool_sheep = 0, pool_wheat = 0;
	struct pool *pool = NULL;
	uint32_t before = claims->count;
	if (!quote_pool(state, &pool_sheep, &pool_wheat, &pool, *budget, taking)) {
		enum taken result = cross_book(state, sheep, wheat, claims, *budget, taking);
		*budget -= claims->count - before;
		return result;
	}
	state_begin(state);
	enum taken result = cross_book(state, sheep, wheat, claims, *budget, taking);
	uint32_t tried = claims->count - before;
	if (result == TAKEN_FAULT) {
		state_rollback(state);
		return result;
	}
	if (result == TAKEN_ALL && better(pool_sheep, pool_wheat, *sheep, *wheat)) {
		state_commit(state);
		*budget -= tried;
		return result;
	}
	state_rollback(state);
	claims->count = before;
	if (state->header.version >= VERSION_BUDGET_COUNTS_TRIED) {
		if (tried >= *budget)
			return TAKEN_TOO_MANY;
		*budget -= tried;
	}
	*sheep = pool_sheep;
	*wheat = pool_wheat;
	*budget -= 1;
	return swap(state, claims, pool, pool_sheep, pool_wheat, taking) ? TAKEN_ALL : TAKEN_FAULT;
}

static bool export_pool_claim(sdex_ClaimAtom *atom, const struct state *state,
			      const struct claim *claim, struct sdex_arena *arena)
{
	sdex_ClaimLiquidityAtom *pool = sdex_arena_alloc(arena, sizeof(*pool));
	if (!pool)
		return false;
	*pool = (sdex_ClaimLiquidityAtom){.amountSold = claim->wheat, .amountBought = claim->sheep};
	memcpy(pool->liquidityPoolID.bytes, asset_at(state, claim->seller)->pool_id, 32);
	atom->type = SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL;
	atom->liquidityPool = pool;
	return entry_export_asset(&pool->assetSold, state, claim->wheat_asset, arena) &&
	       entry_export_asset(&pool->assetBought, state, claim->sheep_asset, arena);
}

/* Before pools there was one kind of claim, which names its seller by the bare key. */
static bool export_old_claim(sdex_ClaimAtom *atom, const struct state *state,
			     const struct claim *claim, struct sdex_arena *arena)
{
	sdex_ClaimOfferAtomV0 *old = sdex_arena_alloc(arena, sizeof(*old));
	if (!old)
		return false;
	*old = (sdex_ClaimOfferAtomV0){
		.offerID = claim->offer, .amountSold = claim->wheat, .amountBought = claim->sheep};
	memcpy(old->sellerEd25519.bytes, address_at(state, claim->seller)->key, 32);
	atom->type = SDEX_CLAIM_ATOM_TYPE_V0;
	atom->v0 = old;
	return entry_export_asset(&old->assetSold, state, claim->wheat_asset, arena) &&
	       entry_export_asset(&old->assetBought, state, claim->sheep_asset, arena);
}

bool claims_export(sdex_ClaimAtom_list *atoms, const struct state *state,
		   const struct claims *claims, struct sdex_arena *arena)
{
	sdex_ClaimAtom *items = sdex_arena_alloc(arena, (claims->count + 1) * sizeof(*items));
	if (!items)
		return false;
	for (uint32_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->items[i];
		if (claim->offer == 0) {
			if (!export_pool_claim(&items[i], state, claim, arena))
				return false;
			continue;
		}
		if (state->header.version < VERSION_POOLS) {
			if (!export_old_claim(&items[i], state, claim, arena))
				return false;
			continue;
		}
		sdex_ClaimOfferAtom *atom = sdex_arena_alloc(arena, sizeof(*atom));
		if (!atom)
			return false;
		*atom = (sdex_ClaimOfferAtom){.sellerID = entry_account_id(state, claim->seller),
					      .offerID = claim->offer,
					      .amountSold = claim->wheat,
					      .amountBought = claim->sheep};
		items[i].type = SDEX_CLAIM_ATOM_TYPE_ORDER_BOOK;
		items[i].orderBook = atom;
		if (!entry_export_asset(&atom->assetSold, state, claim->wheat_asset, arena) ||
		    !entry_export_asset(&atom->assetBought, state, claim->sheep_asset, arena))
			return false;
	}
	*atoms = (sdex_ClaimAtom_list){.items = items, .count = claims->count};
	return true;
}
