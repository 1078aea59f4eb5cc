/* The engine ended at every event of its life: no order lost, none doubled.
 *
 * One story: orders that rest, that cross, that are taken in part and whole by story_others, that
 * wait in line, that are cancelled early and late.  It is told once without an end; then
 * once for every event that the engine was given, ended just before that event and begun
 * again from its journal: once from what was synced, once from all that was written.
 * Clients ask again until they are answered, as clients do.  In the end of each telling all
 * laws hold (laws.h). */
#include "engine/story.h"

#define DOWN_MS 1700 /* an engine is away for this long */
#define AFTER_MS 200000

static uint32_t run_whole(void)
{
	struct sim sim;
	struct laws laws;
	sim_open(&sim);
	laws_begin(&laws, &sim);
	story_tell(&sim);
	sim_begin(&sim);
	while (sim_step(&sim, STORY_MS))
		;
	laws_hold(&laws, &sim);
	uint32_t delivered = sim.delivered;
	/* The story is worth telling. */
	const struct engine *e = sim.engine;
	uint32_t states[ORDER_STATE_COUNT] = {0}, makers = 0, takers = 0;
	for (uint32_t i = 0; i < e->order_count; i++) {
		states[e->orders[i]->state]++;
		for (uint32_t f = 0; f < e->orders[i]->fill_count; f++)
			*(e->orders[i]->fills[f].maker ? &makers : &takers) += 1;
	}
	assert_true(states[ORDER_FILLED] >= 2 && states[ORDER_CANCELLED] >= 3);
	assert_true(makers >= 3 && takers >= 3);
	sim_free(&sim);
	return delivered;
}

static void run_killed(uint32_t at, bool keep_all, enum sim_fault fault)
{
	struct sim sim;
	struct laws laws;
	bool more = true;
	const char *log = getenv("SIM_LOG"); /* the event at which a run is told aloud */
	sim_open(&sim);
	sim.logs = log && (uint32_t)atoi(log) == at;
	if (log)
		print_message("ended before event %u, keep_all %d\n", at, keep_all);
	laws_begin(&laws, &sim);
	story_tell(&sim);
	for (uint32_t i = 0; fault != SIM_NONE && i < 64; i += 2)
		sim.faults[i] = fault;
	sim_begin(&sim);
	while (more && sim.delivered < at)
		more = sim_step(&sim, STORY_MS);
	sim_kill(&sim, keep_all);
	sim.now_ms += DOWN_MS;
	sim_begin(&sim);
	while (sim_step(&sim, STORY_MS + AFTER_MS))
		;
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

static void test_every_event(void **state)
{
	(void)state;
	uint32_t events = run_whole();
	print_message("%u events\n", events);
	for (uint32_t at = 0; at <= events; at += seed_step())
		for (int keep_all = 0; keep_all < 2; keep_all++)
			run_killed(at, keep_all, SIM_NONE);
}

/* The same over a network that does so with every other submission. */
static void test_every_fault(void **state)
{
	(void)state;
	uint32_t events = run_whole();
	for (uint32_t fault = SIM_NONE + 1; fault < SIM_FAULTS; fault++)
		for (uint32_t at = fault; at <= events; at += SIM_FAULTS * seed_step())
			run_killed(at, at % 2, (enum sim_fault)fault);
}

/* The same events give the same records, byte for byte. */
static void test_deterministic(void **state)
{
	struct sim sims[2];
	(void)state;
	for (int i = 0; i < 2; i++) {
		sim_open(&sims[i]);
		story_tell(&sims[i]);
		sims[i].faults[2] = SIM_LOST_AFTER;
		sims[i].faults[3] = SIM_LOST_BEFORE;
		sim_begin(&sims[i]);
		while (sim_step(&sims[i], STORY_MS))
			;
	}
	assert_int_equal(sims[0].records, sims[1].records);
	assert_true(sims[0].records > 30);
	for (uint32_t i = 0; i < sims[0].records; i++) {
		assert_int_equal(sims[0].journal[i].size, sims[1].journal[i].size);
		assert_memory_equal(sims[0].journal[i].data, sims[1].journal[i].data,
				    sims[0].journal[i].size);
	}
	assert_int_equal(sims[0].delivered, sims[1].delivered);
	sim_free(&sims[0]);
	sim_free(&sims[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deterministic),
		cmocka_unit_test(test_every_event),
		cmocka_unit_test(test_every_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
