/* Others who mean us ill, and servers that lie: nothing is lost, doubled or believed, and the
 * engine does not end for it. */
#include "engine/laws.h"

static void open_sim(struct sim *sim, struct laws *laws)
{
	sim_open(sim);
	sim->logs = getenv("SIM_LOG") != NULL;
	laws_begin(laws, sim);
	sim_begin(sim);
}

static void run(struct sim *sim, int64_t until_ms)
{
	while (sim_step(sim, until_ms))
		;
}

static const struct order *order_of(const struct sim *sim, const char *client_id)
{
	uint32_t index = order_by_client(sim->engine, sim->engine->accounts[0].key, client_id);
	assert_true(index != NONE);
	return sim->engine->orders[index];
}

/* The state after a new start from all that was written: is the journal still good? */
static void run_again(struct sim *sim, const struct laws *laws, int64_t until_ms)
{
	sim_kill(sim, true);
	sim_begin(sim);
	run(sim, until_ms);
	laws_hold(laws, sim);
}

/* --- others */

/* A payment that sends a fixed amount leaves what rounding keeps from it to the offer: up to
 * the price's numerator of stroops in each, so that an order to buy gets more than it asked
 * for. */
static void pay_odd(struct sim *sim)
{
	if (sim->closes == 5)
		net_pay(sim->net, 500000003);
	if (sim->closes == 7)
		net_pay(sim->net, 300000003);
	if (sim->closes == 9)
		net_pay(sim->net, 300000003);
}

static void test_surplus(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_sim(&sim, &laws);
	sim.script = pay_odd;
	sim_client(&sim, 12000, PLACE("a", "buy", "100", "0.25"));
	run(&sim, 70000);
	const struct order *a = order_of(&sim, "a");
	assert_int_equal(a->state, ORDER_FILLED);
	assert_int_equal(a->fill_count, 3);
	assert_true(a->filled > a->terms.amount + a->fill_count);
	assert_int_equal(a->filled_counter, 250000000);
	laws_hold(&laws, &sim);
	run_again(&sim, &laws, 120000);
	assert_int_equal(order_of(&sim, "a")->filled, 1000000006);
	sim_free(&sim);
}

/* Another program with our key makes an offer of ours larger, and somebody takes more than
 * was ever placed. */
static void meddle(struct sim *sim)
{
	if (sim->closes == 5)
		net_meddle(sim->net, order_of(sim, "a")->offer_id, 3000000000, 1, 4);
	if (sim->closes == 7)
		net_trade(sim->net, true, 2000000000, 1, 4);
}

static void test_meddled(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_sim(&sim, &laws);
	sim.script = meddle;
	sim_client(&sim, 12000, PLACE("a", "sell", "100", "0.25"));
	run(&sim, 50000);
	const struct order *a = order_of(&sim, "a");
	assert_int_equal(sim.engine->state, STATE_READY);
	assert_int_equal(a->state, ORDER_PARTIALLY_FILLED);
	assert_int_equal(a->filled, 2000000000);
	assert_int_equal(a->resting, 1000000000);
	laws_offers(&sim);
	/* and our next transaction has the number behind the other program's */
	sim_client(&sim, 0, CANCEL("a"));
	run(&sim, 80000);
	assert_int_equal(order_of(&sim, "a")->state, ORDER_CANCELLED);
	assert_int_equal(sim.engine->accounts[0].sequence, net_sequence_number(sim.net));
	sim_free(&sim);
}

/* The best prices are shredded into offers of next to nothing, so that a single order trades
 * with hundreds of them, and its transaction's result has no room in a record. */
static void shred(struct sim *sim)
{
	if (sim->closes >= 3 && sim->closes < 11)
		net_shred(sim->net, 100, 1000000, 1, 4);
}

static void test_many_claims(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_sim(&sim, &laws);
	sim.script = shred;
	sim_client(&sim, 62000, PLACE("a", "buy", "79", "0.25"));
	run(&sim, 90000);
	const struct order *a = order_of(&sim, "a");
	assert_int_equal(a->state, ORDER_FILLED);
	assert_int_equal(a->fill_count, 790);
	laws_hold(&laws, &sim);
	run_again(&sim, &laws, 140000);
	assert_int_equal(order_of(&sim, "a")->fill_count, 790);
	/* what is shown of it stays small enough to be shown */
	struct json_writer w;
	static char text[200000];
	json_write_buffer(&w, text, sizeof text, false);
	assert_true(engine_show_order(sim.engine, &w, NULL, "a", NULL));
	assert_int_equal(json_write_close(&w, NULL, NULL), SDEX_OK);
	assert_non_null(strstr(text, "\"fill_count\":790"));
	sim_free(&sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_surplus),
		cmocka_unit_test(test_meddled),
		cmocka_unit_test(test_many_claims),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
