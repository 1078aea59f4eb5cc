/* net/test_loop.c - timers, tasks, signals and wake-ups come in order and end with the loop. */
#include <pthread.h>
#include <signal.h>

#include "net/loop.h"
#include "net/testing.h"

struct log {
	struct loop *loop;
	char text[64];
	struct loop_task *again, *cancel;
	struct loop_timer *timer;
};

struct named {
	struct log *log;
	char name;
	struct loop_task task;
};

static void note(void *arg)
{
	struct named *n = arg;
	n->log->text[strlen(n->log->text)] = n->name;
	if (n->log->again)
		loop_defer(n->log->loop, n->log->again);
	if (n->log->cancel)
		loop_undefer(n->log->loop, n->log->cancel);
}

static struct named named(struct log *log, char name)
{
	return (struct named){.log = log, .name = name, .task = {.run = note}};
}

static void tasks_run_in_order_once_and_from_the_top(void **state)
{
	(void)state;
	struct log log = {.loop = loop_new()};
	struct named a = named(&log, 'a'), b = named(&log, 'b'), c = named(&log, 'c');
	a.task.arg = &a, b.task.arg = &b, c.task.arg = &c;
	loop_defer(log.loop, &a.task);
	loop_defer(log.loop, &b.task);
	loop_defer(log.loop, &c.task);
	loop_defer(log.loop, &a.task); /* is queued already */
	loop_undefer(log.loop, &b.task);
	loop_undefer(log.loop, &b.task);
	assert_string_equal(log.text, "");
	loop_turn(log.loop, false);
	assert_string_equal(log.text, "ac");
	/* One that queues itself runs once a pass and never keeps the loop from anything. */
	log.again = &a.task;
	loop_defer(log.loop, &a.task);
	for (int i = 0; i < 3; i++)
		loop_turn(log.loop, false);
	assert_string_equal(log.text, "acaaa");
	log.again = NULL;
	log.cancel = &c.task; /* b takes c back before it runs */
	loop_undefer(log.loop, &a.task);
	loop_defer(log.loop, &b.task);
	loop_defer(log.loop, &c.task);
	loop_turn(log.loop, false);
	assert_string_equal(log.text, "acaaab");
	assert_false(loop_turn(log.loop, false));
	loop_free(log.loop);
}

static void stop(void *arg)
{
	loop_stop(arg);
}

static void timers_fire_by_time(void **state)
{
	(void)state;
	struct log log = {.loop = loop_new()};
	struct named a = named(&log, 'a'), b = named(&log, 'b'), c = named(&log, 'c');
	struct loop_timer *late = loop_timer_new(log.loop, note, &a);
	struct loop_timer *soon = loop_timer_new(log.loop, note, &b);
	struct loop_timer *never = loop_timer_new(log.loop, note, &c);
	struct loop_timer *end = loop_timer_new(log.loop, stop, log.loop);
	uint64_t start = loop_now_ms(log.loop);
	loop_timer_start(late, 30);
	loop_timer_start(soon, 10);
	loop_timer_start(never, 20);
	loop_timer_start(end, 50);
	assert_true(loop_timer_waits(never));
	loop_timer_stop(never);
	assert_false(loop_timer_waits(never));
	loop_run(log.loop);
	assert_string_equal(log.text, "ba");
	assert_true(loop_now_ms(log.loop) - start >= 50);
	loop_timer_free(late), loop_timer_free(soon), loop_timer_free(never), loop_timer_free(end);
	loop_timer_free(NULL);
	loop_free(log.loop);
	loop_free(NULL);
}

static void on_signal(void *arg, int number)
{
	int *seen = arg;
	*seen = *seen * 100 + number;
}

static void signals_become_events(void **state)
{
	(void)state;
	struct loop *loop = loop_new();
	struct loop_timer *timer = loop_timer_new(loop, stop, loop);
	int seen = 0;
	loop_timer_start(timer, 100000); /* signals alone do not keep a loop going */
	assert_true(loop_signals(loop, on_signal, &seen));
	assert_int_equal(kill(getpid(), SIGHUP), 0);
	for (int i = 0; i < 1000 && !seen; i++)
		turn(loop, 1);
	assert_int_equal(kill(getpid(), SIGTERM), 0);
	for (int i = 0; i < 1000 && seen < 100; i++)
		turn(loop, 1);
	assert_int_equal(seen, SIGHUP * 100 + SIGTERM);
	loop_timer_free(timer);
	assert_false(loop_turn(loop, false));
	loop_free(loop);
}

struct sender {
	struct loop_wake *wake;
	pthread_mutex_t lock;
	uint64_t sent, seen;
};

#define SENDS 20000

static void *send_often(void *arg)
{
	struct sender *s = arg;
	for (int i = 0; i < SENDS; i++) {
		pthread_mutex_lock(&s->lock);
		s->sent++;
		pthread_mutex_unlock(&s->lock);
		loop_wake_send(s->wake);
	}
	return NULL;
}

static void look(void *arg)
{
	struct sender *s = arg;
	pthread_mutex_lock(&s->lock);
	s->seen = s->sent;
	pthread_mutex_unlock(&s->lock);
}

static void what_was_sent_before_a_wake_is_seen_after_it(void **state)
{
	(void)state;
	struct loop *loop = loop_new();
	struct sender s = {.lock = PTHREAD_MUTEX_INITIALIZER};
	s.wake = loop_wake_new(loop, look, &s);
	assert_non_null(s.wake);
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, send_often, &s), 0);
	while (s.seen < 2 * SENDS)
		assert_true(loop_turn(loop, true)); /* a lost wake-up would wait for ever */
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	loop_wake_free(s.wake);
	loop_wake_free(NULL);
	while (loop_turn(loop, false))
		;
	loop_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tasks_run_in_order_once_and_from_the_top),
		cmocka_unit_test(timers_fire_by_time),
		cmocka_unit_test(signals_become_events),
		cmocka_unit_test(what_was_sent_before_a_wake_is_seen_after_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
