/* net/loop.h - the one loop of a process: timers, deferred tasks, wake-ups, signals.
 *
 * Everything of a loop belongs to the thread that runs it; loop_wake_send alone is for
 * the others.  Callbacks come from loop_run and loop_turn only, never out of a call into
 * this module. */
#ifndef SDEX_NET_LOOP_H
#define SDEX_NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_timer;
struct loop_wake;
struct uv_loop_s;

typedef void loop_fn(void *arg);
typedef void loop_signal_fn(void *arg, int signal);

/* Returns a loop, or NULL when memory or descriptors are out.  From then on SIGPIPE
 * is ignored in the whole process: a peer that is gone is an error of the write. */
struct loop *loop_new(void);

/* Ends the loop, outside of its callbacks.  What was made on it (timers, servers,
 * clients) must have been freed; a handle left behind is a bug and ends the process.
 * NULL is fine. */
void loop_free(struct loop *loop);

/* Runs until loop_stop, or until nothing is left to wait for. */
void loop_run(struct loop *loop);

/* One pass over what is ready; with `wait` and nothing ready, it waits for the next
 * event first.  False when nothing is left to wait for. */
bool loop_turn(struct loop *loop, bool wait);

/* Makes loop_run return after the current pass; from callbacks of the loop. */
void loop_stop(struct loop *loop);

/* Milliseconds of a clock that never goes back, as of the start of the current pass. */
uint64_t loop_now_ms(const struct loop *loop);

/* For the drivers of this floor, which bring handles of their own. */
struct uv_loop_s *loop_uv(struct loop *loop);

/* A timer that calls `run` once per start.  NULL when memory is out. */
struct loop_timer *loop_timer_new(struct loop *loop, loop_fn *run, void *arg);
void loop_timer_free(struct loop_timer *timer); /* stops it too; NULL is fine */

/* Starts the timer anew, `delay_ms` from the start of the current pass. */
void loop_timer_start(struct loop_timer *timer, uint64_t delay_ms);
void loop_timer_stop(struct loop_timer *timer);
bool loop_timer_waits(const struct loop_timer *timer);

/* Work for the next pass, from the top of the loop.  The caller owns the memory, sets
 * `run` and `arg` and leaves the rest zero; nothing is allocated, nothing can fail. */
struct loop_task {
	loop_fn *run;
	void *arg;
	struct loop_task *next, **link; /* the loop's; link is NULL when not queued */
};

/* Queues the task unless it is queued already.  Tasks run in the order they were
 * queued; those queued by a task run one pass later, so that I/O gets its turn. */
void loop_defer(struct loop *loop, struct loop_task *task);

/* Takes the task back if it is queued. */
void loop_undefer(struct loop *loop, struct loop_task *task);

/* The way in from other threads, and the only one.  NULL when memory or descriptors are
 * out.  The loop has something to wait for until it is freed. */
struct loop_wake *loop_wake_new(struct loop *loop, loop_fn *run, void *arg);
void loop_wake_free(struct loop_wake *wake); /* when nobody can send any more; NULL is fine */

/* From any thread: `run` is called on the loop's thread, after this call; once for several
 * sends that came before it got its turn. */
void loop_wake_send(struct loop_wake *wake);

/* Calls `run` for SIGINT, SIGTERM and SIGHUP instead of what they do by themselves,
 * until the loop is freed.  At most one loop of a process may ask for it.
 * False when the system refuses. */
bool loop_signals(struct loop *loop, loop_signal_fn *run, void *arg);

#endif
