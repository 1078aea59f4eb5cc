/* engine/holdings.c - what accounts have, and what of it is free.
 *
 * News come from ledgers and from a snapshot, in any order; of two the one of the later
 * ledger counts, entry by entry.  Free is what the network would let an offer hold, less what
 * orders hold that are not on the ledger yet. */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>

#include "chain/horizon.h"

#define RESERVES_MIN 2

struct holding *holding_find(const struct account *account, const char *asset)
{
	for (uint32_t i = 0; i < account->holding_count; i++)
		if (strcmp(account->holdings[i].asset, asset) == 0)
			return &account->holdings[i];
	return NULL;
}

static struct holding *holding_make(struct account *account, const char *asset)
{
	struct holding *found = holding_find(account, asset);
	if (found)
		return found;
	GROW(account->holdings, account->holding_count, account->holding_room);
	struct holding *made = &account->holdings[account->holding_count++];
	*made = (struct holding){.gone = true};
	snprintf(made->asset, sizeof made->asset, "%s", asset);
	return made;
}

/* --- from ledgers */

static void take_native(struct account *account, const sdex_AccountEntry *from, uint32_t ledger,
			bool gone)
{
	struct holding *h = holding_make(account, "native");
	*h = (struct holding){.asset = "native",
			      .as_of = ledger,
			      .gone = gone,
			      .authorized = true,
			      .maintains = true,
			      .balance = from->balance,
			      .limit = INT64_MAX};
	if (from->ext.v == 1) {
		h->buying = from->ext.v1.liabilities.buying;
		h->selling = from->ext.v1.liabilities.selling;
	}
}

static void take_account(struct engine *e, const struct delta_entry *entry, uint32_t ledger)
{
	const sdex_AccountEntry *from = entry->last->data.account;
	uint32_t index = account_keyed(e, from->accountID.ed25519.bytes);
	if (index == NONE || e->accounts[index].as_of >= ledger)
		return;
	struct account *account = &e->accounts[index];
	account->changed = true;
	account->as_of = ledger;
	account->exists = !entry->gone;
	account->sequence = from->seqNum;
	account->sequence_fed = true;
	account->subentries = from->numSubEntries;
	account->sponsoring = account->sponsored = 0;
	if (from->ext.v == 1 && from->ext.v1.ext.v == 2) {
		account->sponsoring = from->ext.v1.ext.v2->numSponsoring;
		account->sponsored = from->ext.v1.ext.v2->numSponsored;
	}
	take_native(account, from, ledger, entry->gone);
}

static bool line_text(char text[SDEX_ASSET_ROOM], const sdex_TrustLineAsset *line)
{
	size_t length;
	return line->type != SDEX_ASSET_TYPE_POOL_SHARE &&
	       !sdex_trustline_asset_print(text, SDEX_ASSET_ROOM, &length, line);
}

static void take_line(struct engine *e, const struct delta_entry *entry, uint32_t ledger)
{
	const sdex_TrustLineEntry *from = entry->last->data.trustLine;
	char asset[SDEX_ASSET_ROOM];
	uint32_t index = account_keyed(e, from->accountID.ed25519.bytes);
	if (index == NONE || !line_text(asset, &from->asset))
		return;
	struct holding *h = holding_make(&e->accounts[index], asset);
	if (h->as_of >= ledger)
		return;
	e->accounts[index].changed = true;
	h->as_of = ledger;
	h->gone = entry->gone;
	h->balance = from->balance;
	h->limit = from->limit;
	h->authorized = from->flags & SDEX_AUTHORIZED_FLAG;
	h->maintains =
		h->authorized || (from->flags & SDEX_AUTHORIZED_TO_MAINTAIN_LIABILITIES_FLAG);
	h->buying = h->selling = 0;
	if (from->ext.v == 1) {
		h->buying = from->ext.v1.liabilities.buying;
		h->selling = from->ext.v1.liabilities.selling;
	}
}

void holdings_delta(struct engine *e, const struct delta *delta)
{
	for (uint32_t i = 0; i < delta->accounts.count; i++)
		take_account(e, &delta->accounts.items[i], delta->sequence);
	for (uint32_t i = 0; i < delta->trustlines.count; i++)
		take_line(e, &delta->trustlines.items[i], delta->sequence);
}

/* --- from a snapshot */

static void take_balance(struct account *account, const struct horizon_balance *from,
			 uint32_t ledger)
{
	char asset[SDEX_ASSET_ROOM];
	size_t length;
	if (from->pool_share || sdex_asset_print(asset, sizeof asset, &length, &from->asset))
		return;
	struct holding *h = holding_make(account, asset);
	if (h->as_of > ledger)
		return;
	h->as_of = ledger;
	h->gone = false;
	h->balance = from->amount;
	h->limit = from->limit;
	h->authorized = from->authorized;
	h->maintains = from->maintain;
	h->buying = from->buying;
	h->selling = from->selling;
}

void holdings_snapshot(struct account *account, const struct horizon_account *from, uint32_t ledger)
{
	account->snapshot = ledger;
	account->changed = true;
	if (account->as_of <= ledger) {
		account->as_of = ledger;
		account->exists = from != NULL;
		account->sequence = from ? from->sequence : 0;
		account->sequence_fed = false;
		account->subentries = from ? from->subentries : 0;
		account->sponsoring = from ? from->sponsoring : 0;
		account->sponsored = from ? from->sponsored : 0;
	}
	/* What the snapshot does not show, and no later ledger has touched, is not there. */
	for (uint32_t i = 0; i < account->holding_count; i++)
		if (account->holdings[i].as_of <= ledger)
			account->holdings[i].gone = true;
	for (uint32_t i = 0; from && i < from->balance_count; i++)
		take_balance(account, &from->balances[i], ledger);
}

/* --- what is free */

bool holdings_issues(const struct account *account, const char *asset)
{
	const char *issuer = strchr(asset, ':');
	return issuer && strcmp(issuer + 1, account->address) == 0;
}

/* What a server said may be anything: nothing is free then. */
static int64_t less(int64_t a, int64_t b)
{
	int64_t result;
	return __builtin_sub_overflow(a, b, &result) ? INT64_MIN : result;
}

static int64_t minimum(const struct engine *e, const struct account *account)
{
	int64_t entries = RESERVES_MIN + (int64_t)account->subentries + account->sponsoring -
			  account->sponsored;
	int64_t reserve;
	return __builtin_mul_overflow(entries, (int64_t)e->head.base_reserve, &reserve) ? INT64_MAX
											: reserve;
}

/* Not bounded below: an account can have less than its reserve. */
int64_t holdings_available(const struct engine *e, const struct account *account,
			   const struct holding *h)
{
	int64_t free = less(h->balance, h->selling);
	if (strcmp(h->asset, "native") == 0)
		free = less(free, minimum(e, account));
	return free;
}

/* Takes off what an order on its way holds. */
static void take_off(const struct engine *e, struct freedom *freedom, const struct order *order,
		     const char *sells, const char *buys)
{
	const struct order_terms *t = &order->terms;
	const char *sold = t->side == ORDER_SELL ? t->base : t->counter;
	const char *bought = t->side == ORDER_SELL ? t->counter : t->base;
	struct liabilities held = order_liabilities(t);
	int64_t costs = (int64_t)e->head.base_reserve + submit_fee(e);
	if (strcmp(sold, sells) == 0)
		freedom->send = less(freedom->send, held.selling);
	if (strcmp(bought, buys) == 0)
		freedom->receive = less(freedom->receive, held.buying);
	if (strcmp(sold, "native") == 0)
		freedom->reserve = less(freedom->reserve, held.selling);
	freedom->reserve = less(freedom->reserve, costs);
	if (strcmp(sells, "native") == 0)
		freedom->send = less(freedom->send, costs);
	freedom->subentries++;
}

struct freedom holdings_free(const struct engine *e, const struct account *account,
			     const char *sells, const char *buys)
{
	struct freedom freedom = {.subentries = account->subentries};
	const struct holding *sold = holding_find(account, sells);
	const struct holding *bought = holding_find(account, buys);
	const struct holding *native = holding_find(account, "native");
	if (sold && !sold->gone)
		freedom.send = holdings_available(e, account, sold);
	if (bought && !bought->gone)
		freedom.receive = less(less(bought->limit, bought->balance), bought->buying);
	if (holdings_issues(account, sells))
		freedom.send = INT64_MAX;
	if (holdings_issues(account, buys))
		freedom.receive = INT64_MAX;
	if (native && !native->gone)
		freedom.reserve = holdings_available(e, account, native);
	for (uint32_t i = 0; i < account->waiting_count; i++)
		take_off(e, &freedom, e->orders[account->waiting[i]], sells, buys);
	const struct sending *s = account->flight == NONE ? NULL : e->sendings[account->flight];
	for (uint32_t i = 0; s && i < s->count; i++)
		if (s->ops[i].act == ACT_PLACE)
			take_off(e, &freedom, e->orders[s->ops[i].order], sells, buys);
	return freedom;
}
