/* The story told over a network, a signer, a disk and a server that fail. */
#include "engine/story.h"

#define AFTER_MS 200000

static const char *const names[SIM_FAULTS] = {
	"none", "lost before", "lost after", "not sent", "try later",
	"504",  "late",        "twice",      "again",    "refused",
};

static void run(struct sim *sim)
{
	while (sim_step(sim, STORY_MS + AFTER_MS))
		;
}

static void open_story(struct sim *sim, struct laws *laws)
{
	sim_open(sim);
	sim->logs = getenv("SIM_LOG") != NULL;
	laws_begin(laws, sim);
	story_tell(sim);
	sim_begin(sim);
}

/* Every submission of the first `upto`, one in `every`. */
static void tell_with(enum sim_fault fault, uint32_t every, uint32_t upto)
{
	struct sim sim;
	struct laws laws;
	print_message("%s, one in %u of %u\n", names[fault], every, upto);
	open_story(&sim, &laws);
	for (uint32_t i = 0; i < upto; i += every)
		sim.faults[i] = fault;
	run(&sim);
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

static void test_submissions(void **state)
{
	(void)state;
	for (int fault = SIM_NONE + 1; fault < SIM_FAULTS; fault++) {
		tell_with((enum sim_fault)fault, 2, 64);
		tell_with((enum sim_fault)fault, 3, 64);
		tell_with((enum sim_fault)fault, 1, 6);
	}
}

/* A mixture, another one for each seed. */
static void test_mixtures(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed += seed_step()) {
		struct sim sim;
		struct laws laws;
		struct seeded s = {seed};
		open_story(&sim, &laws);
		for (uint32_t i = 0; i < 64; i++)
			if (seeded_below(&s, 2))
				sim.faults[i] = (enum sim_fault)seeded_below(&s, SIM_FAULTS);
		run(&sim);
		laws_hold(&laws, &sim);
		sim_free(&sim);
	}
}

/* A mixture, and the engine ended three times, each time at a moment of its own. */
static void test_mixtures_and_ends(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 150; seed += seed_step()) {
		struct sim sim;
		struct laws laws;
		struct seeded s = {seed + 1000};
		open_story(&sim, &laws);
		for (uint32_t i = 0; i < 64; i++)
			if (seeded_below(&s, 2))
				sim.faults[i] = (enum sim_fault)seeded_below(&s, SIM_FAULTS);
		for (int ends = 0; ends < 3; ends++) {
			uint32_t at = sim.delivered + (uint32_t)seeded_below(&s, 90);
			while (sim.delivered < at && sim_step(&sim, STORY_MS))
				;
			sim_kill(&sim, seeded_below(&s, 2));
			sim.now_ms += (int64_t)seeded_below(&s, 20000);
			sim_begin(&sim);
		}
		run(&sim);
		laws_hold(&laws, &sim);
		sim_free(&sim);
	}
}

/* Nobody keeps up with ledgers that come so late; in time they do not. */
static void grow_quick(struct sim *sim)
{
	story_others(sim);
	if (sim->closes == 40 && sim->always == SIM_LATE)
		sim->always = SIM_NONE;
}

/* Answers to all that is not a submission come late, or twice. */
static void test_readings(void **state)
{
	(void)state;
	static const enum sim_fault faults[] = {SIM_TWICE, SIM_AGAIN, SIM_LATE};
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		struct sim sim;
		struct laws laws;
		sim_open(&sim);
		laws_begin(&laws, &sim);
		story_tell(&sim);
		sim.script = grow_quick;
		sim.always = faults[i];
		sim_begin(&sim);
		run(&sim);
		laws_hold(&laws, &sim);
		sim_free(&sim);
	}
}

static void lose_signer(struct sim *sim)
{
	story_others(sim);
	sim->signer_gone = sim->closes >= 3 && sim->closes < 6;
}

static void test_signer(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_story(&sim, &laws);
	sim.script = lose_signer;
	run(&sim);
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

/* The signer is away for longer than a transaction lives: it dies unsent, and another one
 * of the same sequence number takes its place. */
static void lose_signer_long(struct sim *sim)
{
	story_others(sim);
	sim->signer_gone = sim->closes >= 2 && sim->closes < 20;
}

static uint32_t dead(const struct sim *sim, bool may_be_sent)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < sim->engine->sending_count; i++)
		count += sim->engine->sendings[i]->fate == FATE_DEAD &&
			 sim->engine->sendings[i]->maybe_sent == may_be_sent;
	return count;
}

static void test_signer_long(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_story(&sim, &laws);
	sim.script = lose_signer_long;
	run(&sim);
	laws_hold(&laws, &sim);
	assert_true(dead(&sim, false) > 0);
	sim_free(&sim);
}

/* Nothing that is sent arrives, for longer than a transaction lives: it is proved dead, and
 * its orders go in another one of the same sequence number. */
static void test_dead(void **state)
{
	struct sim sim;
	struct laws laws;
	uint32_t again = 0;
	(void)state;
	open_story(&sim, &laws);
	for (uint32_t i = 1; i < 7; i++)
		sim.faults[i] = SIM_LOST_BEFORE;
	run(&sim);
	laws_hold(&laws, &sim);
	assert_true(dead(&sim, true) > 0);
	for (uint32_t i = 0; i < sim.engine->order_count; i++)
		again += sim.engine->orders[i]->attempts > 1;
	for (uint32_t i = 1; i < sim.engine->sending_count; i++)
		if (sim.engine->sendings[i - 1]->fate == FATE_DEAD)
			assert_int_equal(sim.engine->sendings[i]->sequence,
					 sim.engine->sendings[i - 1]->sequence);
	assert_true(again > 0);
	sim_free(&sim);
}

static void break_disk(struct sim *sim)
{
	story_others(sim);
	sim->sync_fails = sim->closes >= 4;
}

/* A disk that fails: nothing leaves any more, and a new start on a mended one goes on. */
static void test_disk(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_story(&sim, &laws);
	sim.script = break_disk;
	while (sim.engine->state != STATE_STOPPED && sim_step(&sim, STORY_MS))
		;
	assert_int_equal(sim.engine->state, STATE_STOPPED);
	uint32_t sent = sim.submissions;
	while (sim_step(&sim, 100000))
		;
	assert_int_equal(sim.submissions, sent);
	sim_kill(&sim, false);
	sim.script = story_others;
	sim.sync_fails = false;
	sim_begin(&sim);
	run(&sim);
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

static void make_holes(struct sim *sim)
{
	story_others(sim);
	sim->holes = sim->closes % 3 == 0 ? 2 : sim->holes;
}

static void test_holes(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_story(&sim, &laws);
	sim.script = make_holes;
	run(&sim);
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

/* The server has forgotten the ledgers since the end: transactions are searched for by their
 * hash, orders compared with the books.  What was traded meanwhile can only be inferred. */
static void test_forgotten(void **state)
{
	(void)state;
	for (uint32_t at = 20; at < 200; at += seed_step()) {
		struct sim sim;
		struct laws laws;
		open_story(&sim, &laws);
		while (sim.delivered < at && sim_step(&sim, STORY_MS))
			;
		sim_kill(&sim, at % 2);
		while (sim.closes < 40)
			(void)sim_step(&sim, sim.now_ms - SIM_START_S * 1000ll + SIM_CLOSE_MS);
		sim.oldest = net_sequence(sim.net) + 1;
		sim_begin(&sim);
		run(&sim);
		assert_int_equal(sim.engine->state, STATE_READY);
		assert_false(sim.signer_broke_rule);
		assert_true(sim.searches <= 3); /* once a ledger, not in a circle */
		laws_clients(&sim);
		laws_offers(&sim);
		laws_placed(&sim);
		sim_free(&sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_submissions),
		cmocka_unit_test(test_mixtures),
		cmocka_unit_test(test_mixtures_and_ends),
		cmocka_unit_test(test_readings),
		cmocka_unit_test(test_signer),
		cmocka_unit_test(test_signer_long),
		cmocka_unit_test(test_dead),
		cmocka_unit_test(test_disk),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
