/* ledger/cross.h - taking from books and pools (stellar-core: OfferExchange.cpp). */
#ifndef SDEX_LEDGER_CROSS_H
#define SDEX_LEDGER_CROSS_H

#include "ledger/frozen.h"
#include "ledger/rules.h"

/* One step of a trade, in the words of exchange.h: what the taker took and gave. */
struct claim {
	int64_t offer;   /* id, or 0 for a pool */
	uint32_t seller; /* address, or the pool's share */
	uint32_t wheat_asset;
	uint32_t sheep_asset;
	int64_t wheat;
	int64_t sheep;
};

struct claims {
	struct claim *items;
	uint32_t count;
	uint32_t room;
	struct sdex_arena *arena;
};

struct taking {
	uint32_t taker; /* whose own offers stop it */
	uint32_t sheep; /* asset given */
	uint32_t wheat; /* asset taken */
	int64_t max_sheep;
	int64_t max_wheat;
	enum exchange_mode mode;
	const struct price *limit; /* sheep per wheat at most; NULL for any */
	bool passive;              /* then less than that */
	const struct frozen *frozen;
};

enum taken {
	TAKEN_ALL,      /* one of the two limits is reached, or the last maker stays */
	TAKEN_PART,     /* the book ended first */
	TAKEN_PRICE,    /* the limit price came first */
	TAKEN_OWN,      /* an own offer came first */
	TAKEN_TOO_MANY, /* more offers than an operation may cross */
	TAKEN_FAULT,    /* a fault of the state's, or memory is out */
};

/* Takes from the book or, when a path payment does as well there, from the pool.  Adds
 * to *claims, takes their number off *budget, and sets what moved.  Any outcome but
 * TAKEN_ALL, _PART and _PRICE leaves work half done: the caller rolls back. */
enum taken cross(struct state *state, int64_t *sheep, int64_t *wheat, struct claims *claims,
		 int64_t *budget, const struct taking *taking);

/* Claims as the network lists them.  False when memory is out. */
bool claims_export(sdex_ClaimAtom_list *atoms, const struct state *state,
		   const struct claims *claims, struct sdex_arena *arena);

/* Takes a touched or untouched offer off the ledger, with its liabilities if they are
 * still held.  Touches all that pay for it. */
bool cross_remove_offer(struct state *state, struct offer *offer, bool holds_liabilities);

#endif
