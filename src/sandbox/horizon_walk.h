/* sandbox/horizon_walk.h - pages over what has happened: ledger after ledger from a cursor
 * on, in either direction. */
#ifndef SDEX_SANDBOX_HORIZON_WALK_H
#define SDEX_SANDBOX_HORIZON_WALK_H

#include "sandbox/horizon.h"

/* What a walk finds. */
struct found {
	const struct history_ledger *ledger;
	uint32_t index;     /* of the transaction or trade in it */
	uint32_t operation; /* of that transaction, where operations are looked for */
};

struct walk {
	struct call *call;
	struct page page;
	struct found items[PAGE_LIMIT_MAX];
	uint32_t count;
	void *filter;
};

/* Begins at the page's cursor, over ledgers from `first` to `last` (0, 0 for all there are);
 * calls `look` for each, which adds what it finds in the page's order by walk_add. */
void walk_ledgers(struct walk *walk, uint32_t first, uint32_t last,
		  void (*look)(struct walk *walk, const struct history_ledger *ledger));

/* Adds unless the page is full; says whether there is room for more. */
bool walk_add(struct walk *walk, const struct history_ledger *ledger, uint32_t index,
	      uint32_t operation);

static inline bool walk_full(const struct walk *walk)
{
	return walk->count == walk->page.limit;
}

#endif
