/* One order of each kind, from the command to its proof. */
#include "engine/laws.h"

static const struct order *order_of(const struct sim *sim, const char *client_id)
{
	uint32_t index = order_by_client(sim->engine, sim->engine->accounts[0].key, client_id);
	assert_true(index != NONE);
	return sim->engine->orders[index];
}

static void run(struct sim *sim, int64_t until_ms)
{
	while (sim_step(sim, until_ms))
		;
}

static void test_ready(void **state)
{
	struct sim sim;
	(void)state;
	sim_open(&sim);
	sim.logs = getenv("SIM_LOG") != NULL;
	sim_begin(&sim);
	run(&sim, 12000);
	assert_int_equal(sim.engine->state, STATE_READY);
	assert_int_equal(sim.engine->accounts[0].sequence, net_sequence_number(sim.net));
	const struct holding *usdc =
		holding_find(&sim.engine->accounts[0], sim.engine->pairs[0].counter_text);
	assert_int_equal(usdc->balance, net_balance(sim.net, false));
	char text[20000];
	struct json_writer w;
	json_write_buffer(&w, text, sizeof text, false);
	assert_true(engine_show_book(sim.engine, &w, "XLM-USDC", 5, false));
	assert_int_equal(json_write_close(&w, NULL, NULL), SDEX_OK);
	assert_non_null(strstr(text, "\"complete\":true"));
	assert_non_null(strstr(text, "\"price\":\"0."));
	json_write_buffer(&w, text, sizeof text, false);
	assert_true(engine_show_book(sim.engine, &w, "XLM-USDC", 5, true));
	assert_int_equal(json_write_close(&w, NULL, NULL), SDEX_OK);
	assert_non_null(strstr(text, "\"offer_id\":\""));
	assert_non_null(strstr(text, "\"own\":false"));
	json_write_buffer(&w, text, sizeof text, false);
	assert_true(engine_show_balances(sim.engine, &w, sim.engine->accounts[0].name));
	assert_int_equal(json_write_close(&w, NULL, NULL), SDEX_OK);
	assert_non_null(strstr(text, "\"asset\":\"native\",\"balance\":\""));
	assert_false(engine_show_balances(sim.engine, &w, "nobody"));
	sim_free(&sim);
}

static void test_rest_and_cancel(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	sim_open(&sim);
	sim.logs = getenv("SIM_LOG") != NULL;
	laws_begin(&laws, &sim);
	sim_begin(&sim);
	sim_client(&sim, 12000, PLACE("a", "sell", "100", "9.5"));
	run(&sim, 30000);
	assert_int_equal(order_of(&sim, "a")->state, ORDER_OPEN);
	assert_int_equal(sim.clients[0].status, 201);
	assert_non_null(strstr(sim.clients[0].reply, "\"status\":\"pending\""));
	laws_hold(&laws, &sim);
	sim_client(&sim, 1000, CANCEL("a"));
	run(&sim, 50000);
	assert_int_equal(order_of(&sim, "a")->state, ORDER_CANCELLED);
	assert_int_equal(order_of(&sim, "a")->proof, PROOF_RESULT);
	/* the snapshot, the order's ledger, the cancel's ledger */
	assert_int_equal(sim.balances_published, 3);
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

static void test_taker(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	sim_open(&sim);
	sim.logs = getenv("SIM_LOG") != NULL;
	laws_begin(&laws, &sim);
	sim_begin(&sim);
	sim_client(&sim, 12000, PLACE("a", "buy", "50", "0.9"));
	sim_client(&sim, 12001, PLACE("b", "sell", "70", "0.01"));
	run(&sim, 40000);
	const struct order *a = order_of(&sim, "a"), *b = order_of(&sim, "b");
	assert_int_equal(a->state, ORDER_FILLED);
	assert_true(a->fill_count > 0 && !a->fills[0].maker);
	assert_int_equal(a->filled, 500000000);
	assert_int_equal(b->state, ORDER_FILLED);
	assert_int_equal(sim.fills_published, a->fill_count + b->fill_count);
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

static void take_some(struct sim *sim)
{
	if (sim->closes == 5)
		net_trade(sim->net, true, 300000000, 2, 1);
	if (sim->closes == 7)
		net_trade(sim->net, true, 100000000000, 251, 1000);
}

static void test_maker(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	sim_open(&sim);
	sim.logs = getenv("SIM_LOG") != NULL;
	sim.script = take_some;
	laws_begin(&laws, &sim);
	sim_begin(&sim);
	/* below every ask of the market, above every bid */
	sim_client(&sim, 12000, PLACE("a", "sell", "123.4567891", "0.25"));
	run(&sim, 30500);
	const struct order *a = order_of(&sim, "a");
	assert_int_equal(a->state, ORDER_PARTIALLY_FILLED);
	assert_int_equal(a->fill_count, 1);
	assert_true(a->fills[0].maker);
	assert_int_equal(a->filled, 300000000);
	laws_hold(&laws, &sim);
	run(&sim, 50000);
	assert_int_equal(a->state, ORDER_FILLED);
	/* three stroops cannot be had for a whole one at a quarter: the network keeps none */
	assert_int_equal(order_remaining(a), 3);
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

static void refused(struct sim *sim, const char *json, const char *code)
{
	uint32_t index = sim->client_count;
	sim_client(sim, 100, json);
	while (!sim->clients[index].status && sim_step(sim, INT64_MAX / 2000))
		;
	if (!strstr(sim->clients[index].reply, code))
		print_message("expected %s, found %s\n", code, sim->clients[index].reply);
	assert_non_null(strstr(sim->clients[index].reply, code));
	sim->clients[index].done = true;
}

static void test_refusals(void **state)
{
	struct sim sim;
	(void)state;
	sim_open(&sim);
	sim_begin(&sim);
	refused(&sim, PLACE("x", "buy", "1", "0.1"), "reconciling");
	run(&sim, 12000);
	sim_client(&sim, 10, PLACE("a", "sell", "100", "9.5"));
	run(&sim, 20500);
	refused(&sim, PLACE("a", "sell", "101", "9.5"), "client_id_reused");
	refused(&sim, "{\"do\":\"place\"", "invalid_request");
	refused(&sim, "{\"do\":\"place\",\"colour\":\"red\"}", "colour");
	refused(&sim, "{\"do\":\"dance\"}", "invalid_request");
	refused(&sim, "{\"do\":\"cancel\",\"order_id\":\"7\"}", "unknown_order");
	refused(&sim,
		"{\"do\":\"place\",\"trading_pair\":\"A-B\",\"trade_type\":\"buy\","
		"\"amount\":\"1\",\"price\":\"1\"}",
		"unknown_pair");
	refused(&sim, PLACE("b/c", "sell", "1", "9.5"), "client_id");
	refused(&sim, PLACE("..", "sell", "1", "9.5"), "client_id");
	refused(&sim, PLACE("b", "steal", "1", "1"), "invalid_trade_type");
	refused(&sim, PLACE("b", "buy", "0", "1"), "invalid_amount");
	refused(&sim, PLACE("b", "buy", "0.00000001", "1"), "invalid_amount");
	refused(&sim, PLACE("b", "buy", "-1", "1"), "invalid_amount");
	refused(&sim, PLACE("b", "buy", "1", "0"), "invalid_price");
	refused(&sim, PLACE("b", "buy", "1", "99999999999"), "invalid_price");
	refused(&sim, PLACE("b", "buy", "1", "1e5"), "invalid_price");
	refused(&sim, PLACE("b", "buy", "0.0000001", "0.3"), "dust");
	refused(&sim, PLACE("b", "buy", "1", "9.5"), "self_cross");
	refused(&sim, PLACE("b", "sell", "900000000", "9.5"), "insufficient_balance");
	refused(&sim, PLACE("b", "buy", "90000000000", "0.01"), "insufficient_balance");
	refused(&sim, PLACE("b", "sell", "1", "9.6\",\"account\":\"nobody"), "unknown_account");
	assert_int_equal(sim.engine->order_count, 1);
	sim_free(&sim);
}

static void revoke(struct sim *sim)
{
	if (sim->closes == 5)
		net_revocable(sim->net);
	if (sim->closes == 7)
		net_revoke(sim->net);
}

static void test_revoked(void **state)
{
	struct sim sim;
	(void)state;
	sim_open(&sim);
	sim.logs = getenv("SIM_LOG") != NULL;
	sim.script = revoke;
	sim_begin(&sim);
	sim_client(&sim, 12000, PLACE("a", "sell", "100", "9.5"));
	run(&sim, 30500);
	assert_int_equal(order_of(&sim, "a")->state, ORDER_OPEN);
	run(&sim, 60000);
	assert_int_equal(order_of(&sim, "a")->state, ORDER_REVOKED);
	refused(&sim, PLACE("b", "sell", "1", "9.5"), "not_authorized");
	sim_free(&sim);
}

static void restrict_and_delete(struct sim *sim)
{
	if (sim->closes == 5)
		net_revocable(sim->net);
	if (sim->closes == 6)
		net_restrict(sim->net);
	if (sim->closes == 8)
		net_delete(sim->net, order_of(sim, "a")->offer_id);
}

/* Offers stay that may stay open; one that somebody deletes is not one that was revoked. */
static void test_restricted(void **state)
{
	struct sim sim;
	(void)state;
	sim_open(&sim);
	sim.script = restrict_and_delete;
	sim_begin(&sim);
	sim_client(&sim, 12000, PLACE("a", "sell", "100", "9.5"));
	run(&sim, 40500);
	assert_int_equal(order_of(&sim, "a")->state, ORDER_OPEN);
	run(&sim, 60000);
	assert_int_equal(order_of(&sim, "a")->state, ORDER_VANISHED);
	refused(&sim, PLACE("b", "sell", "1", "9.5"), "not_authorized");
	sim_free(&sim);
}

/* A record that cannot be stops the engine and leaves no trace: the next start is as good as
 * any. */
static void test_impossible(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	sim_open(&sim);
	laws_begin(&laws, &sim);
	sim_begin(&sim);
	sim_client(&sim, 12000, PLACE("a", "sell", "100", "9.5"));
	run(&sim, 30000);
	const struct order *a = order_of(&sim, "a");
	uint32_t records = sim.records;
	struct record record = {.kind = RECORD_FILL,
				.fill = {.fill = {.base = a->terms.amount + 1, .counter = 1}}};
	memcpy(record.fill.order, a->terms.id, ORDER_ID_SIZE);
	journal_do(sim.engine, &record, true);
	assert_int_equal(sim.engine->state, STATE_STOPPED);
	assert_int_equal(sim.records, records);
	sim_kill(&sim, true);
	sim_begin(&sim);
	run(&sim, 60000);
	assert_int_equal(order_of(&sim, "a")->state, ORDER_OPEN);
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

/* Numbers that no ledger has, but that a server may say. */
static void test_any_number(void **state)
{
	struct sim sim;
	char text[200];
	struct json_writer w;
	(void)state;
	sim_open(&sim);
	sim_begin(&sim);
	run(&sim, 12000);
	struct engine *e = sim.engine;
	struct account account = e->accounts[0];
	struct holding wrong[] = {
		{.asset = "native", .balance = INT64_MIN, .selling = INT64_MAX, .limit = INT64_MAX},
		{.asset = "USDC:G", .balance = INT64_MIN, .buying = INT64_MAX, .limit = INT64_MAX}};
	account.holdings = wrong;
	account.holding_count = 2;
	account.subentries = account.sponsoring = UINT32_MAX;
	e->head.base_reserve = UINT32_MAX;
	struct freedom free = holdings_free(e, &account, "native", "USDC:G");
	assert_int_equal(free.send, INT64_MIN);
	assert_int_equal(free.reserve, INT64_MIN);
	assert_true(free.receive <= 0);
	json_write_buffer(&w, text, sizeof text, false);
	json_write_object(&w);
	field_seconds(&w, "a", INT64_MAX);
	field_seconds(&w, "b", 1700000000);
	json_write_object_end(&w);
	assert_int_equal(json_write_close(&w, NULL, NULL), SDEX_OK);
	assert_non_null(strstr(text, "{\"a\":null,\"b\":\"2023-11-14T22:13:20.000Z\"}"));
	sim_free(&sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ready),      cmocka_unit_test(test_rest_and_cancel),
		cmocka_unit_test(test_taker),      cmocka_unit_test(test_maker),
		cmocka_unit_test(test_refusals),   cmocka_unit_test(test_revoked),
		cmocka_unit_test(test_restricted), cmocka_unit_test(test_impossible),
		cmocka_unit_test(test_any_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
