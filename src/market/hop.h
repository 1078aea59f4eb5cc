/* market/hop.h - what one venue gives for an amount, and what it takes for one.
 *
 * Each hop of a path payment takes all from the pool or all from the book, whichever is
 * better.  Two rules count the book:
 *
 * - Horizon's (exp/orderbook and price in go-stellar-sdk), by which its /paths answers.  It
 *   takes an offer whole by the rounding of before protocol 10, and sees neither the limit
 *   of offers crossed nor whose they are, but for a seller to leave out.
 * - the ledger's (exchange.h), stroop by stroop what a payment gets over this book.
 *
 * Both know of an offer only what rests: that its maker can pay and be paid is what the
 * ledger's liabilities are for. */
#ifndef SDEX_MARKET_HOP_H
#define SDEX_MARKET_HOP_H

#include "market/venues.h"

/* Offers that a walk may read; each takes one off, and a walk ends without an answer when
 * there is none left. */
struct hop_budget {
	uint64_t left;
	bool spent; /* some walk has ended for this */
};

/* What `amount` (> 0) of the venue's `from` gets by Horizon's rule; 0: nothing, the book and
 * the pool are too small or too large for it. */
int64_t hop_send(const struct venues *venues, const struct venue *venue, int64_t amount, bool pool,
		 struct hop_budget *budget);

/* What `amount` (> 0) of `to` costs, with the offers of `without` left out (32 bytes, NULL:
 * none); 0: it cannot be had. */
int64_t hop_receive(const struct venues *venues, const struct venue *venue, int64_t amount,
		    bool pool, const uint8_t *without, struct hop_budget *budget);

#define HOP_CROSSED_MAX 1000u /* offers and pools that an operation may cross, over all hops */

/* The same two by the ledger's rule of protocol 27 and later.  *crossed is what the
 * operation has crossed until here, and is moved on.  0 also when that would pass the limit,
 * or when an offer of `taker` (32 bytes, NULL: nobody's) is in the way of a hop that no pool
 * makes: either fails the payment. */
int64_t hop_ledger_send(const struct venues *venues, const struct venue *venue, int64_t amount,
			const uint8_t *taker, uint32_t *crossed);
int64_t hop_ledger_receive(const struct venues *venues, const struct venue *venue, int64_t amount,
			   const uint8_t *taker, uint32_t *crossed);

#endif
