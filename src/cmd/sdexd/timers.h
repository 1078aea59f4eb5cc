/* cmd/sdexd/timers.h - the engine's timers, by token. */
#ifndef SDEX_CMD_SDEXD_TIMERS_H
#define SDEX_CMD_SDEXD_TIMERS_H

#include "net/loop.h"

struct timer;

struct timers {
	struct loop *loop;
	struct timer *first;
	void (*ran_out)(void *arg, uint64_t token); /* from the top of the loop, once each */
	void *arg;
};

void timer_start(struct timers *timers, uint64_t token, uint32_t delay_ms);
void timers_free(struct timers *timers);

#endif
