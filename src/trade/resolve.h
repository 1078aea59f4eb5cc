/* trade/resolve.h - what a search for a transaction proves.
 *
 * Pure: facts in, a verdict out.  Proof, never a clock: a transaction is dead when it is in no
 * ledger that could hold it, and each of those has been searched.  (What the answer to a
 * submission proves is chain/answer.h.) */
#ifndef SDEX_TRADE_RESOLVE_H
#define SDEX_TRADE_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>

enum search_answer { SEARCH_SUCCEEDED, SEARCH_FAILED, SEARCH_NOT_FOUND, SEARCH_NOTHING_SAID };

/* An endpoint's answer, and which ledgers it had looked through.  A server that tells its
 * latest ledger beside NOT_FOUND may have read that after the search: `latest` is what was
 * known before the question was asked. */
struct search {
	enum search_answer answer;
	uint32_t oldest, latest; /* with NOT_FOUND */
};

struct resolve_facts {
	/* the transaction */
	uint32_t max_ledger; /* exclusive, > 0 */
	uint64_t max_time;   /* inclusive, seconds, > 0 */
	uint32_t before;     /* the last ledger closed before it was first sent */
	/* the first ledgers, as far as seen, that show it can no longer be: 0 for none yet */
	uint32_t past_ledger;   /* one of max_ledger or later */
	uint32_t past_time;     /* one that closed after max_time */
	uint32_t used_sequence; /* one after which the source's sequence is its own or more */
	struct search search;
	bool second; /* another endpoint is configured, and said: */
	struct search other;
};

enum resolution {
	RESOLVED_SUCCEEDED, /* apply the result */
	RESOLVED_FAILED,    /* apply the result: its sequence is used, it did nothing */
	RESOLVED_DEAD,      /* in no ledger, and can be in none */
	RESOLVE_WAIT,       /* nothing is proved: ask again at the next ledger */
};

enum resolution resolve(const struct resolve_facts *facts);

/* Which ledger was the proof of DEAD: the one that the search had to reach; 0: none. */
uint32_t resolve_shown_by(const struct resolve_facts *facts);

#endif
