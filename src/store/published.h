/* store/published.h - what the engine publishes, as rows of a store. */
#ifndef SDEX_STORE_PUBLISHED_H
#define SDEX_STORE_PUBLISHED_H

#include "sdex/arena.h"
#include "store/backend.h"

enum published_topic {
	PUBLISHED_ORDERS,
	PUBLISHED_FILLS,
	PUBLISHED_BALANCES,
	PUBLISHED_LEDGER,
	PUBLISHED_OTHER, /* none of the store's business */
};

enum published_topic published_topic(const char *name);

/* Where the rows go. */
struct published_sink {
	const struct store_backend *backend;
	void *db;
	bool failed; /* set when the backend refused a row */
};

/* Puts the rows of one event.  `arena` is for texts while it runs.  Not OK, with `why`: the
 * event is not in the form that the topic has; rows before that may have been put. */
SDEX_MUST_USE enum sdex_error published_put(struct published_sink *sink, enum published_topic topic,
					    const void *json, size_t size, struct sdex_arena *arena,
					    struct sdex_failure *why);

#endif
