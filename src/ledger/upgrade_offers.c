/* ledger/upgrade_offers.c - offers when reserves rise. */
#include <stdlib.h>

#include "ledger/cross.h"
#include "ledger/upgrade.h"

/* Liabilities of an account in one asset. */
struct owed {
	uint32_t asset;
	bool buying_overflows; /* of all offers */
	bool selling_overflows;
	bool kept; /* some offer in it remains */
	int64_t buying;
	int64_t selling;
	int64_t kept_buying; /* of those that remain */
	int64_t kept_selling;
};

struct owing {
	struct state *state;
	struct account *account;
	int64_t above_reserve; /* by the reserve that it had before any offer went */
	struct owed *owed;
	uint32_t count;
	uint32_t room;
};

/* The account's liabilities in an asset; NULL when memory is out. */
static struct owed *owed_in(struct owing *o, uint32_t asset)
{
	for (uint32_t i = 0; i < o->count; i++)
		if (o->owed[i].asset == asset)
			return &o->owed[i];
	if (o->count == o->room) {
		uint32_t room = o->room ? 2 * o->room : 16;
		struct owed *more = realloc(o->owed, room * sizeof(*more));
		if (!more) {
			o->state->lost = true;
			return NULL;
		}
		o->owed = more;
		o->room = room;
	}
	o->owed[o->count] = (struct owed){.asset = asset};
	return &o->owed[o->count++];
}

static bool is_issuer(const struct owing *o, uint32_t asset)
{
	return asset != ASSET_NATIVE && asset_at(o->state, asset)->issuer == o->account->address;
}

static void add_up(int64_t *sum, bool *overflows, int64_t amount)
{
	if (!*overflows && __builtin_add_overflow(*sum, amount, sum))
		*overflows = true;
}

static bool add_offer(struct owing *o, const struct offer *offer)
{
	const struct pair *pair = pair_at(o->state, offer->pair);
	struct liabilities held = exchange_liabilities(offer->price, offer->amount);
	struct owed *buys = owed_in(o, pair->buying);
	if (!buys)
		return false;
	if (!is_issuer(o, pair->buying))
		add_up(&buys->buying, &buys->buying_overflows, held.buying);
	struct owed *sells = owed_in(o, pair->selling);
	if (!sells)
		return false;
	if (!is_issuer(o, pair->selling))
		add_up(&sells->selling, &sells->selling_overflows, held.selling);
	return true;
}

/* How much the account could sell of an asset if nothing were offered. */
static int64_t sellable(const struct owing *o, uint32_t asset)
{
	struct holding holding = holding_of(o->state, o->account->address, asset);
	if (asset == ASSET_NATIVE)
		return o->above_reserve;
	if (holding.kind == HOLDING_ISSUER)
		return INT64_MAX;
	return holding.kind == HOLDING_LINE && holding_maintains(holding) ? holding.line->balance
									  : 0;
}

static int64_t buyable(const struct owing *o, uint32_t asset)
{
	struct holding holding = holding_of(o->state, o->account->address, asset);
	if (asset == ASSET_NATIVE)
		return INT64_MAX - o->account->balance;
	if (holding.kind == HOLDING_ISSUER)
		return INT64_MAX;
	return holding.kind == HOLDING_LINE && holding_maintains(holding)
		       ? holding.line->limit - holding.line->balance
		       : 0;
}

static bool review(struct owing *o, struct offer *offer)
{
	const struct pair *pair = pair_at(o->state, offer->pair);
	struct owed *sells = owed_in(o, pair->selling), *buys = owed_in(o, pair->buying);
	int64_t amount = exchange_adjust(offer->price, offer->amount, INT64_MAX);
	if (amount == 0 || sells->selling_overflows || buys->buying_overflows ||
	    sells->selling > sellable(o, pair->selling) || buys->buying > buyable(o, pair->buying))
		return cross_remove_offer(o->state, offer, false);
	offer->amount = amount;
	struct liabilities held = exchange_liabilities(offer->price, offer->amount);
	if (!is_issuer(o, pair->buying)) {
		buys->kept = true;
		buys->kept_buying += held.buying;
	}
	if (!is_issuer(o, pair->selling)) {
		sells->kept = true;
		sells->kept_selling += held.selling;
	}
	return true;
}

static bool settle(struct owing *o, const struct owed *owed)
{
	struct state *state = o->state;
	struct holding holding = holding_of(state, o->account->address, owed->asset);
	bool native = holding.kind == HOLDING_NATIVE;
	if (!owed->kept)
		return true;
	if (!native && holding.kind != HOLDING_LINE)
		return rules_fault(state, "an offer is of an asset that its seller does not hold");
	holding_touch(state, holding);
	int64_t selling =
		owed->kept_selling - (native ? o->account->selling : holding.line->selling);
	int64_t buying = owed->kept_buying - (native ? o->account->buying : holding.line->buying);
	if (!native && (selling > 0 || buying > 0))
		return rules_fault(state, "an upgrade raises liabilities");
	return (holding_owe(state, holding, selling, false) &&
		holding_owe(state, holding, buying, true)) ||
	       rules_fault(state, "liabilities do not fit after an upgrade");
}

static bool account_offers(struct owing *o, uint32_t address)
{
	struct state *state = o->state;
	const struct slab *offers = &state->entries[ENTRY_OFFER];
	uint32_t first = address_at(state, address)->offers;
	o->count = 0;
	for (uint32_t slot = first; slot != SLOT_NONE;) {
		struct offer *offer = slab_at(offers, slot);
		state_touch(state, ENTRY_OFFER, offer);
		if (!add_offer(o, offer))
			return false;
		slot = offer->next;
	}
	for (uint32_t slot = first; slot != SLOT_NONE;) {
		struct offer *offer = slab_at(offers, slot);
		slot = offer->next;
		if (!review(o, offer))
			return false;
	}
	for (uint32_t i = 0; i < o->count; i++)
		if (!settle(o, &o->owed[i]))
			return false;
	return true;
}

bool upgrade_offers(struct state *state)
{
	struct owing o = {.state = state};
	uint32_t count = state->addresses.used;
	/* reserves are those of before: what sponsors get back does not save their offers */
	int64_t *above = calloc(count + 1, sizeof(*above));
	if (!above) {
		state->lost = true;
		return false;
	}
	bool good = true;
	for (uint32_t i = 0; i < count; i++) {
		struct account *account = state_account(state, i);
		if (!account || address_at(state, i)->offers == SLOT_NONE)
			continue;
		state_touch(state, ENTRY_ACCOUNT, account);
		above[i] = account->balance - rules_minimum(state, account);
	}
	for (uint32_t i = 0; i < count && good; i++) {
		o.account = state_account(state, i);
		if (!o.account || address_at(state, i)->offers == SLOT_NONE)
			continue;
		o.above_reserve = above[i];
		good = account_offers(&o, i);
	}
	free(o.owed);
	free(above);
	return good && !state->fault && !state->lost;
}
