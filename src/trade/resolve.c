/* trade/resolve.c - what a search for a transaction proves. */
#include "trade/resolve.h"

static uint32_t first(uint32_t a, uint32_t b)
{
	if (a == 0 || b == 0)
		return a | b;
	return a < b ? a : b;
}

uint32_t resolve_shown_by(const struct resolve_facts *facts)
{
	return first(first(facts->past_ledger, facts->past_time), facts->used_sequence);
}

/* Has the search seen all ledgers that could hold the transaction: from the first after
 * it was sent, to the one that shows that no later one can?  A search that ends earlier
 * may have missed it by a ledger: the sequence may have been used by this very one. */
static bool excludes(const struct search *search, const struct resolve_facts *facts)
{
	uint32_t shown_by = resolve_shown_by(facts);
	return search->answer == SEARCH_NOT_FOUND && shown_by != 0 && search->latest >= shown_by &&
	       search->oldest <= facts->before + 1;
}

static bool found(const struct search *search)
{
	return search->answer == SEARCH_SUCCEEDED || search->answer == SEARCH_FAILED;
}

enum resolution resolve(const struct resolve_facts *facts)
{
	const struct search *told = &facts->search;
	if (!found(told) && facts->second && found(&facts->other))
		told = &facts->other;
	if (told->answer == SEARCH_SUCCEEDED)
		return RESOLVED_SUCCEEDED;
	if (told->answer == SEARCH_FAILED)
		return RESOLVED_FAILED;
	if (!excludes(&facts->search, facts))
		return RESOLVE_WAIT;
	if (facts->second && !excludes(&facts->other, facts))
		return RESOLVE_WAIT;
	return RESOLVED_DEAD;
}
