/* net/loop.c - libuv behind loop.h. */
#include "net/loop.h"

#include <signal.h>
#include <stdlib.h>
#include <uv.h>

#include "base/check.h"

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
#define SIGNALS (sizeof signals / sizeof signals[0])

struct loop {
	uv_loop_t uv;
	uv_idle_t idle; /* runs the tasks; active while there are any */
	struct loop_task *tasks, **last;
	uv_signal_t signal[SIGNALS];
	bool has_signals;
	loop_signal_fn *on_signal;
	void *signal_arg;
};

struct loop_timer {
	uv_timer_t uv;
	loop_fn *run;
	void *arg;
};

struct loop_wake {
	uv_async_t uv;
	loop_fn *run;
	void *arg;
};

struct loop *loop_new(void)
{
	struct loop *loop = calloc(1, sizeof *loop);
	if (!loop)
		return NULL;
	if (uv_loop_init(&loop->uv)) {
		free(loop);
		return NULL;
	}
	uv_idle_init(&loop->uv, &loop->idle);
	loop->idle.data = loop;
	loop->last = &loop->tasks;
	signal(SIGPIPE, SIG_IGN);
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	CHECK(!loop->tasks);
	uv_close((uv_handle_t *)&loop->idle, NULL);
	for (size_t i = 0; loop->has_signals && i < SIGNALS; i++)
		uv_close((uv_handle_t *)&loop->signal[i], NULL);
	/* One pass runs the closings; a second, those that came out of the first. */
	uv_run(&loop->uv, UV_RUN_NOWAIT);
	uv_run(&loop->uv, UV_RUN_NOWAIT);
	CHECK(uv_loop_close(&loop->uv) == 0);
	free(loop);
}

void loop_run(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

bool loop_turn(struct loop *loop, bool wait)
{
	return uv_run(&loop->uv, wait ? UV_RUN_ONCE : UV_RUN_NOWAIT) != 0;
}

void loop_stop(struct loop *loop)
{
	uv_stop(&loop->uv);
}

uint64_t loop_now_ms(const struct loop *loop)
{
	return uv_now(&loop->uv);
}

struct uv_loop_s *loop_uv(struct loop *loop)
{
	return &loop->uv;
}

struct loop_timer *loop_timer_new(struct loop *loop, loop_fn *run, void *arg)
{
	struct loop_timer *timer = calloc(1, sizeof *timer);
	if (!timer)
		return NULL;
	uv_timer_init(&loop->uv, &timer->uv);
	timer->run = run;
	timer->arg = arg;
	return timer;
}

static void timer_closed(uv_handle_t *handle)
{
	free(handle); /* the first member of struct loop_timer */
}

void loop_timer_free(struct loop_timer *timer)
{
	if (timer)
		uv_close((uv_handle_t *)&timer->uv, timer_closed);
}

static void timer_fired(uv_timer_t *handle)
{
	struct loop_timer *timer = (struct loop_timer *)handle;
	timer->run(timer->arg);
}

void loop_timer_start(struct loop_timer *timer, uint64_t delay_ms)
{
	uv_timer_start(&timer->uv, timer_fired, delay_ms, 0);
}

void loop_timer_stop(struct loop_timer *timer)
{
	uv_timer_stop(&timer->uv);
}

bool loop_timer_waits(const struct loop_timer *timer)
{
	return uv_is_active((const uv_handle_t *)&timer->uv);
}

static void tasks_run(uv_idle_t *idle)
{
	struct loop *loop = idle->data;
	/* A marker in the queue ends this pass, whatever the tasks queue or take back. */
	struct loop_task end = {0};
	loop_defer(loop, &end);
	while (loop->tasks != &end) {
		struct loop_task *task = loop->tasks;
		loop_undefer(loop, task);
		task->run(task->arg);
	}
	loop_undefer(loop, &end);
	if (!loop->tasks)
		uv_idle_stop(idle);
}

void loop_defer(struct loop *loop, struct loop_task *task)
{
	if (task->link)
		return;
	task->next = NULL;
	task->link = loop->last;
	*loop->last = task;
	loop->last = &task->next;
	uv_idle_start(&loop->idle, tasks_run);
}

void loop_undefer(struct loop *loop, struct loop_task *task)
{
	if (!task->link)
		return;
	*task->link = task->next;
	if (task->next)
		task->next->link = task->link;
	else
		loop->last = task->link;
	task->link = NULL;
}

static void woken(uv_async_t *handle)
{
	struct loop_wake *wake = (struct loop_wake *)handle;
	wake->run(wake->arg);
}

struct loop_wake *loop_wake_new(struct loop *loop, loop_fn *run, void *arg)
{
	struct loop_wake *wake = calloc(1, sizeof *wake);
	if (!wake)
		return NULL;
	if (uv_async_init(&loop->uv, &wake->uv, woken)) {
		free(wake);
		return NULL;
	}
	wake->run = run;
	wake->arg = arg;
	return wake;
}

static void wake_closed(uv_handle_t *handle)
{
	free(handle); /* the first member of struct loop_wake */
}

void loop_wake_free(struct loop_wake *wake)
{
	if (wake)
		uv_close((uv_handle_t *)&wake->uv, wake_closed);
}

void loop_wake_send(struct loop_wake *wake)
{
	CHECK(uv_async_send(&wake->uv) == 0);
}

static void signal_came(uv_signal_t *handle, int number)
{
	struct loop *loop = handle->data;
	loop->on_signal(loop->signal_arg, number);
}

bool loop_signals(struct loop *loop, loop_signal_fn *run, void *arg)
{
	CHECK(!loop->has_signals);
	loop->on_signal = run;
	loop->signal_arg = arg;
	loop->has_signals = true;
	bool all = true;
	for (size_t i = 0; i < SIGNALS; i++) {
		uv_signal_init(&loop->uv, &loop->signal[i]);
		loop->signal[i].data = loop;
		all &= uv_signal_start(&loop->signal[i], signal_came, signals[i]) == 0;
		/* Waiting for a signal alone is no reason to go on. */
		uv_unref((uv_handle_t *)&loop->signal[i]);
	}
	return all;
}
