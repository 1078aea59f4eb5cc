/* engine/engine.c - the connector made, and its events handed to who knows them. */
#include "engine/inside.h"

#include <stdlib.h>

#include "base/failure.h"

#define SCRATCH_LIMIT ((size_t)512 << 20)

struct engine *engine_new(const struct env *env, const struct engine_config *config,
			  struct sdex_failure *why)
{
	struct engine *e = calloc(1, sizeof *e);
	if (!e || !(e->memory = sdex_arena_new(0)) ||
	    !(e->scratch = sdex_arena_new(SCRATCH_LIMIT))) {
		engine_free(e);
		(void)fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		return NULL;
	}
	e->env = *env;
	if (!config_take(e, config, why)) {
		engine_free(e);
		return NULL;
	}
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	sdex_arena_free(e->memory);
	sdex_arena_free(e->scratch);
	free(e);
}

void engine_on(struct engine *e, const struct event *event)
{
	e->now_ms = event->now_ms;
	switch (event->kind) {
	case EVENT_START:
		e->state = e->config.rpc_url ? STATE_RECONCILING : STATE_REPLAYING;
		break;
	case EVENT_RECORD:
	case EVENT_COMMAND:
	case EVENT_ANSWER:
	case EVENT_NO_ANSWER:
	case EVENT_SYNCED:
	case EVENT_SIGNED:
	case EVENT_NOT_SIGNED:
	case EVENT_TIMER:
	case EVENT_LEDGER:
	case EVENT_STOP:
		break;
	}
	sdex_arena_reset(e->scratch);
}

bool engine_ready(const struct engine *e)
{
	return e->state == STATE_READY || e->state == STATE_REPLAYING;
}
