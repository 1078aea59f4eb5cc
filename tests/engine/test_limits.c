/* What an order may hold, cost and wait for, to the stroop and to the ledger. */
#include "engine/laws.h"
#include "sdex/result.h"

#define READY_MS 12000
#define RESERVE 5000000
#define FEE 1000 /* offered for an operation: ten times the least */

static struct sim sim;
static struct laws laws;

static int set_up(void **state)
{
	(void)state;
	memset(&sim, 0, sizeof sim);
	sim_open(&sim);
	sim.logs = getenv("SIM_LOG") != NULL;
	laws_begin(&laws, &sim);
	sim_begin(&sim);
	while (sim_step(&sim, READY_MS))
		;
	assert_int_equal(sim.engine->state, STATE_READY);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sim_free(&sim);
	return 0;
}

/* Milliseconds of the world from now on. */
static void run(int64_t ms)
{
	int64_t until = sim.now_ms - SIM_START_S * INT64_C(1000) + ms;
	while (sim_step(&sim, until))
		;
}

static struct account *desk(void)
{
	return &sim.engine->accounts[0];
}

static struct order *order_of(const char *client_id)
{
	uint32_t index = order_by_client(sim.engine, desk()->key, client_id);
	assert_true(index != NONE);
	return sim.engine->orders[index];
}

static struct sending *flight(void)
{
	assert_true(desk()->flight != NONE);
	return sim.engine->sendings[desk()->flight];
}

/* A command now; its reply's status. */
static unsigned say(const char *json)
{
	uint32_t index = sim.client_count;
	sim_client(&sim, 0, json);
	while (!sim.clients[index].status && sim_step(&sim, INT64_MAX / 2000))
		;
	sim.clients[index].done = true;
	return sim.clients[index].status;
}

/* Places; the code of the refusal, "" for none. */
static const char *place(const char *id, const char *side, int64_t amount, const char *price)
{
	static char json[SIM_CLIENTS_MAX][300], code[64];
	char text[SDEX_AMOUNT_ROOM];
	char *to = json[sim.client_count];
	sdex_amount_print(text, (struct sdex_amount){amount});
	snprintf(to, sizeof json[0],
		 "{\"do\":\"place\",\"client_id\":\"%s\",\"trading_pair\":\"XLM-USDC\","
		 "\"trade_type\":\"%s\",\"amount\":\"%s\",\"price\":\"%s\"}",
		 id, side, text, price);
	code[0] = 0;
	if (say(to) == 201)
		return code;
	const char *at = strstr(sim.clients[sim.client_count - 1].reply, "\"code\":\"");
	assert_non_null(at);
	sscanf(at, "\"code\":\"%63[^\"]", code);
	return code;
}

/* Lumens that the ledger lets the account offer, when another entry is to be reserved and an
 * operation to be paid for. */
static int64_t lumens(void)
{
	int64_t selling, buying;
	net_liabilities(sim.net, true, &selling, &buying);
	return net_balance(sim.net, true) - selling - (2 + (int64_t)desk()->subentries) * RESERVE -
	       RESERVE - FEE;
}

static void all_lumens_and_no_more(void **state)
{
	(void)state;
	int64_t most = lumens();
	assert_true(most > 1000000000);
	assert_string_equal(place("over", "sell", most + 1, "9.5"), "insufficient_balance");
	assert_string_equal(place("all", "sell", most, "9.5"), "");
	run(20000);
	assert_int_equal(order_of("all")->state, ORDER_OPEN);
	laws_offers(&sim);
	assert_string_equal(place("more", "sell", 10000000, "9.5"), "insufficient_reserve");
}

static void what_is_on_its_way_is_not_free(void **state)
{
	(void)state;
	int64_t most = lumens();
	assert_string_equal(place("first", "sell", most / 2, "9.5"), "");
	assert_int_equal(order_of("first")->state, ORDER_INTENT);
	/* in flight, and then in line behind it */
	int64_t rest = most - most / 2 - RESERVE - FEE;
	assert_string_equal(place("over", "sell", rest + 1, "9.6"), "insufficient_balance");
	assert_string_equal(place("second", "sell", rest / 2, "9.6"), "");
	rest -= rest / 2 + RESERVE + FEE;
	assert_string_equal(place("over", "sell", rest + 1, "9.7"), "insufficient_balance");
	assert_string_equal(place("third", "sell", rest, "9.7"), "");
	run(30000);
	assert_int_equal(order_of("first")->state, ORDER_OPEN);
	assert_int_equal(order_of("second")->state, ORDER_OPEN);
	assert_int_equal(order_of("third")->state, ORDER_OPEN);
	laws_offers(&sim);
}

/* What buys hold of the other asset. */
static void all_of_the_counter(void **state)
{
	(void)state;
	int64_t usdc = net_balance(sim.net, false);
	/* at 0.01: a hundred lumens for one */
	assert_string_equal(place("over", "buy", 100 * (usdc / 2) + 100, "0.02"),
			    "insufficient_balance");
	assert_string_equal(place("half", "buy", 100 * (usdc / 2), "0.01"), "");
	assert_string_equal(place("over", "buy", 100 * (usdc - usdc / 2) + 100, "0.01"),
			    "insufficient_balance");
	run(20000);
	assert_int_equal(order_of("half")->state, ORDER_OPEN);
	assert_string_equal(place("over", "buy", 100 * (usdc - usdc / 2) + 100, "0.01"),
			    "insufficient_balance");
	assert_string_equal(place("rest", "buy", 100 * (usdc - usdc / 2), "0.01"), "");
	run(20000);
	assert_int_equal(order_of("rest")->state, ORDER_OPEN);
	laws_offers(&sim);
}

static void no_room_on_the_line(void **state)
{
	(void)state;
	struct holding *usdc = holding_find(desk(), sim.engine->pairs[0].counter_text);
	usdc->limit = usdc->balance + usdc->buying + 95; /* for ten stroops at 9.5 */
	assert_string_equal(place("over", "sell", 11, "9.5"), "line_full");
	assert_string_equal(place("just", "sell", 10, "9.5"), "");
	assert_string_equal(place("behind", "sell", 10, "9.5"), "line_full");
}

static void the_reserve_counts_sponsors(void **state)
{
	(void)state;
	struct account account = *desk();
	const struct holding *native = holding_find(desk(), "native");
	int64_t free = holdings_available(sim.engine, &account, native);
	assert_int_equal(free, lumens() + RESERVE + FEE);
	account.sponsored++;
	assert_int_equal(holdings_available(sim.engine, &account, native), free + RESERVE);
	account.sponsoring += 3;
	assert_int_equal(holdings_available(sim.engine, &account, native), free - 2 * RESERVE);
}

static void no_more_entries_or_orders(void **state)
{
	(void)state;
	uint32_t subentries = desk()->subentries;
	desk()->subentries = 1000;
	assert_string_equal(place("a", "sell", 10000000, "9.5"), "too_many_orders");
	desk()->subentries = subentries;
	sim.engine->config.orders_max = 1;
	assert_string_equal(place("b", "sell", 10000000, "9.5"), "");
	assert_string_equal(place("c", "sell", 10000000, "9.5"), "too_many_orders");
}

static void a_feed_that_stands_takes_no_orders(void **state)
{
	(void)state;
	sim.engine->config.stale_ms = 1000;
	while (sim.now_ms - sim.engine->head_ms <= 1000)
		assert_true(sim_step(&sim, 60000));
	assert_string_equal(place("a", "sell", 10000000, "9.5"), "not_ready");
	sim.engine->config.stale_ms = 60000;
	assert_string_equal(place("a", "sell", 10000000, "9.5"), "");
}

static void fees_have_a_cap(void **state)
{
	(void)state;
	assert_int_equal(submit_fee(sim.engine), FEE);
	sim.engine->head.base_fee = 900;
	assert_int_equal(submit_fee(sim.engine), 9000);
	sim.engine->head.base_fee = UINT32_MAX;
	assert_int_equal(submit_fee(sim.engine), 10000);
	sim.engine->config.max_fee = 150;
	assert_int_equal(submit_fee(sim.engine), 150);
}

/* Orders that were undone twice with others travel alone, the rest together. */
static void who_was_undone_twice_travels_alone(void **state)
{
	(void)state;
	assert_string_equal(place("first", "sell", 10000000, "9.5"), "");
	static const char *const names[] = {"a", "b", "c", "d"};
	for (int i = 0; i < 4; i++)
		assert_string_equal(place(names[i], "sell", 10000001 + i, "9.5"), "");
	order_of("b")->attempts = 2;
	run(60000);
	static const uint32_t counts[] = {1, 1, 1, 2};
	assert_int_equal(sim.engine->sending_count, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(sim.engine->sendings[i]->count, counts[i]);
	laws_hold(&laws, &sim);
}

/* A transaction is not given up while a ledger may still hold it, and is soon after. */
static void dead_not_a_ledger_too_soon(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 64; i++)
		sim.faults[i] = SIM_LOST_BEFORE;
	assert_string_equal(place("a", "sell", 10000000, "9.5"), "");
	const struct sending *s = flight();
	while (s->stage != SENDING_DONE && sim_step(&sim, 200000))
		;
	assert_int_equal(s->fate, FATE_DEAD);
	/* maxLedger is exclusive; the ledger that shows it passed is the first that has it */
	assert_true(s->ledger >= s->facts.max_ledger ||
		    sim.engine->head.close_time > s->facts.max_time);
	assert_true(s->ledger <= s->facts.max_ledger + 1);
}

/* It is made anew five times, and then is dead for good. */
static void five_attempts(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 64; i++)
		sim.faults[i] = SIM_NOT_SENT;
	sim.signer_gone = true; /* so that nothing is ever sent */
	sim.engine->config.order_timeout_ms = UINT32_MAX;
	assert_string_equal(place("a", "sell", 10000000, "9.5"), "");
	while (!order_final(order_of("a")) && sim_step(&sim, 2000000))
		;
	assert_int_equal(order_of("a")->state, ORDER_DEAD);
	assert_int_equal(order_of("a")->attempts, 5);
	assert_int_equal(sim.engine->sending_count, 5);
}

/* Refused before it could be in any ledger: its account waits for the next one. */
static void after_a_refusal_the_next_ledger(void **state)
{
	(void)state;
	sim.signer_refuses = true;
	assert_string_equal(place("a", "sell", 10000000, "9.5"), "");
	while (!order_final(order_of("a")) && sim_step(&sim, 200000))
		;
	assert_int_equal(order_of("a")->state, ORDER_REJECTED);
	sim.signer_refuses = false;
	uint32_t at = sim.engine->head.sequence;
	assert_string_equal(place("b", "sell", 10000001, "9.5"), "");
	assert_int_equal(sim.engine->head.sequence, at);
	assert_int_equal(desk()->flight, NONE);
	run(30000);
	assert_int_equal(order_of("b")->state, ORDER_OPEN);
	assert_int_equal(order_of("b")->sequence, order_of("a")->sequence);
	laws_hold(&laws, &sim);
}

/* An earlier copy may be on its way: no refusal of a later one proves anything. */
static void a_refusal_of_what_may_be_sent_proves_nothing(void **state)
{
	(void)state;
	static const enum sim_fault faults[] = {SIM_TRY_LATER, SIM_NOT_SENT, SIM_REFUSED};
	memcpy(sim.faults, faults, sizeof faults);
	assert_string_equal(place("a", "sell", 10000000, "9.5"), "");
	run(60000);
	assert_true(sim.submissions >= 3);
	assert_int_equal(order_of("a")->state, ORDER_OPEN);
	laws_hold(&laws, &sim);
}

static void nor_does_the_signers(void **state)
{
	(void)state;
	sim.faults[0] = SIM_TRY_LATER; /* nothing of it arrives, but who knows? */
	assert_string_equal(place("a", "sell", 10000000, "9.5"), "");
	while (sim.submissions == 0)
		assert_true(sim_step(&sim, 60000));
	sim_kill(&sim, true);
	sim.signer_refuses = true;
	sim_begin(&sim);
	run(20000);
	assert_int_equal(sim.submissions, 1);
	assert_int_equal(flight()->stage, SENDING_UNSIGNED);
	assert_int_equal(order_of("a")->state, ORDER_UNKNOWN);
	sim.signer_refuses = false;
	run(30000);
	assert_int_equal(order_of("a")->state, ORDER_OPEN);
	assert_int_equal(order_of("a")->attempts, 1);
	laws_hold(&laws, &sim);
}

/* What was proved never to be in a ledger, and is in one: servers that contradict each
 * other, and nothing leaves any more. */
static void the_dead_stay_dead(void **state)
{
	(void)state;
	assert_string_equal(place("a", "sell", 10000000, "9.5"), "");
	while (sim.submissions == 0)
		assert_true(sim_step(&sim, 60000));
	prove_refused(sim.engine, desk()->flight, (struct sdex_bytes){0}, "a lie");
	assert_int_equal(order_of("a")->state, ORDER_REJECTED);
	run(20000);
	assert_int_equal(sim.engine->state, STATE_STOPPED);
}

/* The transaction in flight, as if the last ledger had it and it had done nothing. */
static void find_undone(int64_t fee)
{
	uint8_t bytes[100];
	size_t size;
	const sdex_TransactionResult result = {.feeCharged = fee, .result.code = SDEX_txTOO_LATE};
	assert_int_equal(sdex_TransactionResult_encode(bytes, sizeof bytes, &size, &result, NULL),
			 SDEX_OK);
	prove_found(sim.engine, desk()->flight,
		    &(struct found){.ledger = sim.engine->head.sequence,
				    .place = 1,
				    .close_time = (int64_t)sim.engine->head.close_time,
				    .result = {bytes, (uint32_t)size}});
}

/* Shares of a fee add up to it. */
static void fees_are_shared_to_the_stroop(void **state)
{
	(void)state;
	assert_string_equal(place("first", "sell", 10000000, "9.5"), "");
	assert_string_equal(place("a", "sell", 10000001, "9.5"), "");
	assert_string_equal(place("b", "sell", 10000002, "9.5"), "");
	while (desk()->flight == NONE || flight()->count < 2)
		assert_true(sim_step(&sim, 60000));
	find_undone(203);
	assert_int_equal(order_of("a")->fee, 102);
	assert_int_equal(order_of("b")->fee, 101);
	assert_int_equal(order_of("a")->state, ORDER_REJECTED);
}

/* A delete whose transaction did nothing is no end of the order; it is asked for again. */
static void an_undone_delete_ends_nothing(void **state)
{
	(void)state;
	assert_string_equal(place("a", "sell", 10000000, "9.5"), "");
	run(20000);
	assert_int_equal(say(CANCEL("a")), 202);
	while (desk()->flight == NONE)
		assert_true(sim_step(&sim, 60000));
	assert_int_equal(flight()->ops[0].act, ACT_DELETE);
	find_undone(100);
	assert_int_equal(order_of("a")->state, ORDER_PENDING_CANCEL);
	run(30000);
	assert_int_equal(order_of("a")->state, ORDER_CANCELLED);
	laws_offers(&sim);
}

/* A transaction's record that places what rests already is none of ours. */
static void an_order_is_placed_once(void **state)
{
	(void)state;
	assert_string_equal(place("a", "sell", 10000000, "9.5"), "");
	run(20000);
	assert_int_equal(order_of("a")->state, ORDER_OPEN);
	struct record record = {.kind = RECORD_TRANSACTION,
				.transaction = {.hash = {1},
						.sequence = desk()->sequence + 1,
						.max_time = 1,
						.max_ledger = 1,
						.count = 1,
						.envelope = {(const uint8_t *)"tx", 2}}};
	memcpy(record.transaction.source, desk()->key, 32);
	memcpy(record.transaction.ops[0].order, order_of("a")->terms.id, ORDER_ID_SIZE);
	uint32_t records = sim.records;
	journal_do(sim.engine, &record, true);
	assert_int_equal(sim.engine->state, STATE_STOPPED);
	assert_int_equal(sim.records, records);
	assert_int_equal(order_of("a")->attempts, 1);
}

/* A part that went while nobody looked: in what the offer sells, and its worth. */
static void an_inferred_fill_is_of_both_assets(void **state)
{
	(void)state;
	assert_string_equal(place("sell", "sell", 100000000, "9.5"), "");
	assert_string_equal(place("buy", "buy", 100000000, "0.1"), "");
	run(30000);
	struct order *sell = order_of("sell"), *buy = order_of("buy");
	assert_int_equal(sell->resting, 100000000);
	assert_int_equal(buy->resting, 10000000);
	sell->resting += 1000; /* as the journal would have it, had they rested before the gap */
	buy->resting += 1000;
	sim.engine->gap = true;
	assert_true(prove_gap(sim.engine));
	assert_int_equal(sell->fill_count, 1);
	assert_true(sell->fills[0].inferred && sell->fills[0].maker);
	assert_int_equal(sell->fills[0].base, 1000);
	assert_int_equal(sell->fills[0].counter, 9500);
	assert_int_equal(buy->fills[0].counter, 1000);
	assert_int_equal(buy->fills[0].base, 10000);
	assert_int_equal(sell->resting, 100000000);
	assert_int_equal(buy->resting, 10000000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_lumens_and_no_more),
		TEST(what_is_on_its_way_is_not_free),
		TEST(all_of_the_counter),
		TEST(no_room_on_the_line),
		TEST(the_reserve_counts_sponsors),
		TEST(no_more_entries_or_orders),
		TEST(a_feed_that_stands_takes_no_orders),
		TEST(fees_have_a_cap),
		TEST(who_was_undone_twice_travels_alone),
		TEST(dead_not_a_ledger_too_soon),
		TEST(five_attempts),
		TEST(after_a_refusal_the_next_ledger),
		TEST(a_refusal_of_what_may_be_sent_proves_nothing),
		TEST(nor_does_the_signers),
		TEST(the_dead_stay_dead),
		TEST(fees_are_shared_to_the_stroop),
		TEST(an_undone_delete_ends_nothing),
		TEST(an_order_is_placed_once),
		TEST(an_inferred_fill_is_of_both_assets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
