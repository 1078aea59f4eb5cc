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

/* The end comes while such a result is written: the disk keeps any number of its records. */
static void test_many_claims_torn(void **state)
{
	uint32_t cut = 0, left = 1;
	(void)state;
	for (; left > 0; cut++) {
		struct sim sim;
		struct laws laws;
		open_sim(&sim, &laws);
		sim.script = shred;
		sim_client(&sim, 62000, PLACE("a", "buy", "79", "0.25"));
		run(&sim, 62500);
		while (!order_final(order_of(&sim, "a")) && sim_step(&sim, 90000))
			;
		assert_true(sim.records > sim.synced + 3);
		uint32_t synced = sim.synced;
		sim_kill(&sim, true);
		for (uint32_t i = 0; i < cut; i++)
			free(sim.journal[--sim.records].data);
		left = sim.records - synced;
		sim.synced = sim.records;
		sim_begin(&sim);
		run(&sim, 140000);
		assert_int_equal(order_of(&sim, "a")->fill_count, 790);
		laws_hold(&laws, &sim);
		sim_free(&sim);
	}
	assert_true(cut > 4);
}

/* --- servers */

/* A search finds the transaction: with a result that is none, in no place, at no time. */
static void lie_about_search(struct sim *sim, const struct env_request *request,
			     struct net_answer *answer)
{
	static const struct {
		const char *before, *ends, *by;
	} lies[] = {
		{"\"resultXdr\":\"", "\"", "AAAA"},
		{"\"resultXdr\":\"", "\"", "AAAAAAAAAGT/////AAAAAQAAAAAAAAADAAAAAAAAAAA="},
		{"\"resultXdr\":\"", "\"", ""},
		{"\"applicationOrder\":", ",}", "0"},
		{"\"applicationOrder\":", ",}", "4294967295"},
		{"\"createdAt\":\"", "\"", "-1"},
		{"\"createdAt\":\"", "\"", "9223372036854775807"},
		{"\"ledger\":", ",}", "0"},
		{"\"ledger\":", ",}", "4294967295"},
	};
	if (!sim_asks(request, "getTransaction\"") || sim->lies == sizeof lies / sizeof *lies)
		return;
	if (sim_rewrite(answer, lies[sim->lies].before, lies[sim->lies].ends, lies[sim->lies].by))
		sim->lies++;
}

static void test_search_lies(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_sim(&sim, &laws);
	sim_client(&sim, 12000, PLACE("a", "sell", "100", "9.5"));
	sim.faults[0] = SIM_LOST_AFTER;
	run(&sim, 14000);
	sim_kill(&sim, true);
	run(&sim, 40000);
	while (sim.closes < 40)
		(void)sim_step(&sim, sim.now_ms - (int64_t)SIM_START_S * 1000 + SIM_CLOSE_MS);
	sim.oldest = net_sequence(sim.net) + 1;
	sim.lie = lie_about_search;
	sim_begin(&sim);
	run(&sim, 400000);
	assert_int_equal(sim.lies, 9);
	assert_int_equal(order_of(&sim, "a")->state, ORDER_OPEN);
	laws_hold(&laws, &sim);
	run_again(&sim, &laws, 500000);
	sim_free(&sim);
}

/* Horizon says that the account's number is used, of a transaction that is on its way. */
static void lie_about_sequence(struct sim *sim, const struct env_request *request,
			       struct net_answer *answer)
{
	char text[32];
	if (strcmp(request->method, "GET") != 0 || !strstr(request->url, "/accounts/"))
		return;
	snprintf(text, sizeof text, "%lld", (long long)net_sequence_number(sim->net) + 1);
	sim->lies += sim_rewrite(answer, "\"sequence\": \"", "\"", text) ||
		     sim_rewrite(answer, "\"sequence\":\"", "\"", text);
}

static void test_sequence_lie(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_sim(&sim, &laws);
	sim_client(&sim, 14000, PLACE("a", "sell", "100", "9.5"));
	/* sent, and kept back: it arrives when the new start sends it again, late */
	sim.faults[0] = sim.faults[1] = SIM_LOST_BEFORE;
	run(&sim, 14200);
	sim_kill(&sim, true);
	sim.lie = lie_about_sequence;
	sim_begin(&sim);
	run(&sim, 60000);
	assert_true(sim.lies > 0);
	assert_int_equal(sim.engine->sending_count, 1); /* none made in its place */
	assert_int_equal(order_of(&sim, "a")->state, ORDER_OPEN);
	sim.lie = NULL;
	run_again(&sim, &laws, 120000);
	sim_free(&sim);
}

/* The folder of one network, the servers of another: its orders are none of this one's. */
static void test_other_network(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_sim(&sim, &laws);
	sim_client(&sim, 12000, PLACE("a", "sell", "100", "9.5"));
	run(&sim, 30000);
	sim_kill(&sim, true);
	uint32_t records = sim.records;
	sim.passphrase = "Test SDF Network ; September 2015";
	sim_begin(&sim);
	run(&sim, 60000);
	assert_int_equal(sim.engine->state, STATE_STOPPED);
	assert_non_null(strstr(sim.engine->reason, "another network"));
	assert_int_equal(sim.records, records);
	sim.passphrase = NULL;
	run_again(&sim, &laws, 90000);
	assert_int_equal(order_of(&sim, "a")->state, ORDER_OPEN);
	sim_free(&sim);
}

/* A server that says there is more and gives nothing. */
static void lie_about_latest(struct sim *sim, const struct env_request *request,
			     struct net_answer *answer)
{
	if (sim_asks(request, "getLedgers") && sim->closes >= 4 && sim->closes < 8 &&
	    sim_rewrite(answer, "\"ledgers\":[", "]", ""))
		sim->lies += sim_rewrite(answer, "\"latestLedger\":", ",}", "4000000");
}

static void test_empty(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_sim(&sim, &laws);
	sim.lie = lie_about_latest;
	run(&sim, 50000);
	assert_true(sim.lies > 0);
	assert_true(sim.requests < 60); /* every two seconds, and the snapshot */
	sim_client(&sim, 1000, PLACE("a", "sell", "100", "9.5"));
	run(&sim, 80000);
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

/* Horizon's ledgers are of a network that is millions ahead. */
static void lie_about_head(struct sim *sim, const struct env_request *request,
			   struct net_answer *answer)
{
	static const char head[] = "Latest-Ledger: 2147483647\r\n";
	if (strcmp(request->method, "GET") != 0 || sim->closes >= 4)
		return;
	sim->lies++;
	memcpy(answer->head, head, sizeof head - 1);
	answer->head_size = sizeof head - 1;
}

static void test_head_lie(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_sim(&sim, &laws);
	sim.lie = lie_about_head;
	run(&sim, 15000);
	assert_true(sim.lies > 2);
	assert_int_equal(sim.engine->state, STATE_RECONCILING);
	assert_non_null(strstr(sim.engine->reason, "one network?"));
	run(&sim, 40000);
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

/* Pages of offers that never end: the same one again and again. */
static void lie_about_pages(struct sim *sim, const struct env_request *request,
			    struct net_answer *answer)
{
	static char rows[200 * 900];
	const char *begin, *end;
	if (strcmp(request->method, "GET") != 0 || !strstr(request->url, "/offers?") ||
	    sim->closes >= 4)
		return;
	answer->body[answer->size] = 0;
	begin = strstr((const char *)answer->body, "\"records\"");
	begin = begin ? strchr(begin, '{') : NULL;
	if (!begin)
		return;
	int depth = 0;
	for (end = begin; *end; end++) {
		depth += (*end == '{') - (*end == '}');
		if (depth == 0)
			break;
	}
	size_t size = (size_t)(end + 1 - begin), at = 0;
	assert_true(size < 880);
	for (int i = 0; i < 200; i++)
		at += (size_t)snprintf(rows + at, sizeof rows - at, "%s%.*s", i ? "," : "",
				       (int)size, begin);
	sim->lies += sim_rewrite(answer, "\"records\":[", "]", rows) ||
		     sim_rewrite(answer, "\"records\": [", "]", rows);
}

static void test_endless_pages(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_sim(&sim, &laws);
	sim.lie = lie_about_pages;
	run(&sim, 18000);
	assert_true(sim.lies > 2);
	assert_true(sim.requests < 100);
	run(&sim, 60000);
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

/* The newest ledger that it begins behind is one of the far future. */
static void lie_about_beginning(struct sim *sim, const struct env_request *request,
				struct net_answer *answer)
{
	if (sim_asks(request, "getLatestLedger") && sim->lies < 2)
		sim->lies += sim_rewrite(answer, "\"sequence\":", ",}",
					 sim->lies ? "2000000000" : "4294967295");
}

static void test_beginning_lie(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	sim_open(&sim);
	sim.logs = getenv("SIM_LOG") != NULL;
	sim.lie = lie_about_beginning;
	laws_begin(&laws, &sim);
	sim_begin(&sim);
	run(&sim, 120000);
	assert_int_equal(sim.lies, 2);
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

/* Ledgers of which no two have room in one answer. */
static void test_heavy_ledgers(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_sim(&sim, &laws);
	sim_client(&sim, 12000, PLACE("a", "sell", "100", "9.5"));
	run(&sim, 30000);
	sim_kill(&sim, true);
	run(&sim, 60000);
	while (sim.closes < 30)
		(void)sim_step(&sim, sim.now_ms - (int64_t)SIM_START_S * 1000 + SIM_CLOSE_MS);
	sim.heavy = true;
	run_again(&sim, &laws, 400000);
	assert_false(sim.engine->gap);
	sim_free(&sim);
}

/* What failed at first is not said of what came of it. */
static void test_reason(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_sim(&sim, &laws);
	sim_client(&sim, 12000, PLACE("a", "sell", "100", "9.5"));
	for (uint32_t i = 0; i < 6; i++)
		sim.faults[i] = SIM_LOST_BEFORE;
	while (sim.engine->sending_count < 2 && sim_step(&sim, 150000))
		;
	assert_non_null(strstr(order_of(&sim, "a")->reason, "dead"));
	run(&sim, 150000);
	assert_int_equal(order_of(&sim, "a")->attempts, 2);
	assert_int_equal(order_of(&sim, "a")->state, ORDER_OPEN);
	assert_string_equal(order_of(&sim, "a")->reason, "");
	laws_hold(&laws, &sim);
	sim_free(&sim);
}

/* --- a disk that does not keep up */

static void test_busy(void **state)
{
	struct sim sim;
	struct laws laws;
	(void)state;
	open_sim(&sim, &laws);
	sim_client(&sim, 12000, PLACE("a", "sell", "100", "9.5"));
	run(&sim, 25000);
	sim.busy = true;
	sim_client(&sim, 100, PLACE("b", "sell", "101", "9.5"));
	sim_client(&sim, 200, PLACE("a", "sell", "100", "9.5"));
	sim_client(&sim, 300, CANCEL("a"));
	run(&sim, 40000);
	assert_int_equal(sim.clients[1].status, 503);
	assert_non_null(strstr(sim.clients[1].reply, "\"code\":\"journal_busy\""));
	assert_int_equal(sim.clients[2].status, 200);
	assert_int_equal(sim.clients[3].status, 202);
	assert_int_equal(order_of(&sim, "a")->state, ORDER_CANCELLED);
	assert_int_equal(sim.engine->order_count, 1);
	sim.busy = false;
	run(&sim, 60000);
	assert_int_equal(sim.clients[1].status, 201);
	assert_int_equal(sim.engine->order_count, 2);
	laws_offers(&sim);
	laws_balances(&laws, &sim);
	sim_free(&sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_surplus),       cmocka_unit_test(test_meddled),
		cmocka_unit_test(test_many_claims),   cmocka_unit_test(test_many_claims_torn),
		cmocka_unit_test(test_search_lies),   cmocka_unit_test(test_sequence_lie),
		cmocka_unit_test(test_other_network), cmocka_unit_test(test_empty),
		cmocka_unit_test(test_head_lie),      cmocka_unit_test(test_endless_pages),
		cmocka_unit_test(test_beginning_lie), cmocka_unit_test(test_heavy_ledgers),
		cmocka_unit_test(test_reason),        cmocka_unit_test(test_busy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
