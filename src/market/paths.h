/* market/paths.h - what an amount of one asset can become, over up to six venues.
 *
 * Strict send: an amount of one asset is spent; the most of each wanted asset that arrives.
 * Strict receive: an amount of one asset is to arrive; the least of each asset at hand that
 * has to be spent.  The answers are those of Horizon's finder (FindFixedPaths and FindPaths
 * of exp/orderbook in go-stellar-sdk), for the same offers and pools and the same order of
 * assets' numbers: for each end the best paths that it came upon, the best first.  That is
 * no list of all paths: an asset keeps one best way to it for each number of hops, what
 * does not better it is forgotten, and no path meets an asset twice, so that a path over a
 * second-best way is not seen.
 *
 * It does less for them.  Only assets whose amount the last hop bettered go on; an edge
 * whose bound (venues.h) cannot better what there is costs one multiplication; and from
 * the ends backwards it is found out which assets can still matter, as far as that is
 * cheaper than to follow them.  With one end it is found out, too, how much of it each asset
 * could become at the very most, and what cannot better the end's best is not followed: all
 * that comes of it would be forgotten.  Each hop then goes the cheapest of three ways: over the
 * edges of the assets reached, over those of the assets that matter, or over the pairs.
 *
 * Pure: the same graph and query give the same answer and the same count of work. */
#ifndef SDEX_MARKET_PATHS_H
#define SDEX_MARKET_PATHS_H

#include "market/venues.h"

#define PATHS_HOPS_MAX 6u /* of a path payment: five assets between the two */
#define PATHS_ENDS_MAX 64u
#define PATHS_EACH_MAX 20u

enum paths_kind { PATHS_SEND, PATHS_RECEIVE };

struct paths_query {
	enum paths_kind kind;
	uint32_t asset;       /* number of the asset spent; with RECEIVE, of the one to arrive */
	int64_t amount;       /* of it, stroops, > 0 */
	const uint32_t *ends; /* the other side's assets; of equal ones the last counts */
	uint32_t end_count;
	const int64_t *balances; /* RECEIVE: the most to spend of each end; NULL: anything */
	const uint8_t *seller;   /* RECEIVE: whose offers to leave out, 32 bytes; NULL: nobody's */
	uint32_t hops;           /* at most, 1 .. PATHS_HOPS_MAX; Horizon's is 3 by default */
	uint32_t each;           /* paths for an end at most, 1 .. PATHS_EACH_MAX; Horizon's is 5 */
	bool pools;              /* use them */
	uint64_t work;           /* edges looked at and offers walked over, at most; 0: no limit */
};

struct market_path {
	uint32_t assets[PATHS_HOPS_MAX + 1]; /* from the one spent to the one that arrives */
	uint32_t count;                      /* 1 when both are the same */
	int64_t sent;
	int64_t received;
};

struct paths_answer {
	const struct market_path
		*paths; /* grouped by end in the order of Horizon's texts; in a group
				   * the best first, of which no two have the same amount */
	uint32_t count;
	uint64_t work; /* what it took */
	bool cut;      /* the work was not enough: these paths are good, better ones may exist */
};

/* What a search needs besides the graph: memory that grows with the assets of the largest
 * one searched, and is used again. */
struct paths;
struct paths *paths_new(void); /* NULL when memory is out */
void paths_free(struct paths *paths);
uint64_t paths_held(const struct paths *paths); /* bytes from the system */

/* Searches a settled graph.  The answer is borrowed until the next search.
 * INVALID  the query is out of the ranges above, or an asset has no such number
 * NOMEM */
SDEX_MUST_USE enum sdex_error paths_find(struct paths *paths, struct paths_answer *answer,
					 const struct venues *venues,
					 const struct paths_query *query, struct sdex_failure *why);

/* What the path gives (SEND: changes `received`) or takes (RECEIVE: changes `sent`) by the
 * rules of the ledger, which Horizon's differ from by a few stroops, and by more where a
 * book is deep: 1,000 offers may be crossed, none of `taker`'s own (32 bytes, NULL: nobody).
 * False when the payment would fail; the path is unchanged then. */
bool paths_settle(struct market_path *path, const struct venues *venues, enum paths_kind kind,
		  const uint8_t *taker);

#endif
