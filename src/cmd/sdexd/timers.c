/* cmd/sdexd/timers.c - a list: the engine has a handful at a time. */
#include "cmd/sdexd/timers.h"

#include <stdlib.h>

#include "base/check.h"

struct timer {
	struct timers *all;
	struct timer *next;
	uint64_t token;
	struct loop_timer *timer;
};

static void drop(struct timers *timers, struct timer *gone)
{
	struct timer **link = &timers->first;
	while (*link != gone)
		link = &(*link)->next;
	*link = gone->next;
	loop_timer_free(gone->timer);
	free(gone);
}

static void ran_out(void *arg)
{
	struct timer *timer = arg;
	struct timers *all = timer->all;
	uint64_t token = timer->token;
	drop(all, timer);
	all->ran_out(all->arg, token);
}

void timer_start(struct timers *timers, uint64_t token, uint32_t delay_ms)
{
	struct timer *timer = calloc(1, sizeof *timer);
	CHECK(timer);
	*timer = (struct timer){.all = timers, .next = timers->first, .token = token};
	timer->timer = loop_timer_new(timers->loop, ran_out, timer);
	CHECK(timer->timer);
	timers->first = timer;
	loop_timer_start(timer->timer, delay_ms);
}

void timers_free(struct timers *timers)
{
	while (timers->first)
		drop(timers, timers->first);
}
