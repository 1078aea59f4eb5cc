/* cmd/sdexd/projection.h - the store beside the engine: what is published goes in, and what
 * the engine knows goes in again, page by page, when the store is not complete. */
#ifndef SDEX_CMD_SDEXD_PROJECTION_H
#define SDEX_CMD_SDEXD_PROJECTION_H

#include "engine/engine.h"
#include "net/loop.h"
#include "store/store.h"

struct projection;

struct projection_options {
	const char *place; /* of the database */
	const struct engine *engine;
	store_answer_fn *on_answer; /* of projection_ask */
	store_note_fn *on_note;
	void *arg;
};

/* Opens the store, and begins to put in what the engine knows.  NULL as store_open. */
struct projection *projection_new(struct loop *loop, const struct projection_options *options,
				  struct sdex_failure *why);
void projection_free(struct projection *projection); /* NULL is fine */

/* Takes what the engine publishes. */
void projection_put(struct projection *projection, const char *topic, const void *json,
		    size_t size);

/* on_answer follows.  The token is not 0. */
void projection_ask(struct projection *projection, uint64_t token,
		    const struct store_question *question);

#endif
