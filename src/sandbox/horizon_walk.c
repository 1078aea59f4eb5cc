/* sandbox/horizon_walk.c - see horizon_walk.h. */
#include "sandbox/horizon_walk.h"

#include "sdex/ids.h"

bool walk_add(struct walk *walk, const struct history_ledger *ledger, uint32_t index,
	      uint32_t operation)
{
	if (walk_full(walk))
		return false;
	walk->items[walk->count++] = (struct found){ledger, index, operation};
	return !walk_full(walk);
}

void walk_ledgers(struct walk *walk, uint32_t first, uint32_t last,
		  void (*look)(struct walk *walk, const struct history_ledger *ledger))
{
	const struct history *history = &walk->call->network->history;
	struct sdex_toid place = {0};
	if (first < history->first)
		first = history->first;
	if (last == 0 || last > history->last)
		last = history->last;
	if (walk->page.at >= 0 && !sdex_toid_unpack(&place, walk->page.at)) {
		if (walk->page.descending && place.ledger < last)
			last = place.ledger;
		if (!walk->page.descending && place.ledger > first)
			first = place.ledger;
	}
	if (walk->page.limit == 0)
		return;
	for (uint32_t i = 0; first + i <= last && !walk_full(walk); i++)
		look(walk, history_ledger(history, walk->page.descending ? last - i : first + i));
}
