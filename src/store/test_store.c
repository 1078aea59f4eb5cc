/* store/test_store.c - what was put is found, once, in its newest state; what cannot be put is
 * said; a store that is lost is made again. */
#include <sqlite3.h>
#include <sys/resource.h>

#include "store/backend.h"
#include "store/testing.h"

struct asked {
	struct loop *loop;
	struct store *store;
	uint64_t token, answers;
	enum store_outcome outcome;
	char *json; /* of the last answer */
	char note[300];
	unsigned notes, failed;
};

static void on_answer(void *arg, uint64_t token, enum store_outcome outcome, const char *json,
		      size_t size)
{
	struct asked *asked = arg;
	assert_true(token <= asked->token);
	asked->answers++;
	asked->outcome = outcome;
	asked->failed += outcome == STORE_FAILED;
	free(asked->json);
	asked->json = calloc(1, size + 1);
	memcpy(asked->json, json, size);
}

static void on_note(void *arg, const char *text)
{
	struct asked *asked = arg;
	asked->notes++;
	snprintf(asked->note, sizeof asked->note, "%s", text);
}

static bool store_begin(struct asked *asked, const char *folder, uint32_t queue_size,
			struct sdex_failure *why)
{
	static char place[128];
	snprintf(place, sizeof place, "%s/store.db", folder);
	struct store_options options = {.place = place,
					.queue_size = queue_size,
					.on_answer = on_answer,
					.on_note = on_note,
					.arg = asked};
	*asked = (struct asked){.loop = loop_new()};
	asked->store = store_open(asked->loop, &options, why);
	return asked->store != NULL;
}

static void store_end(struct asked *asked)
{
	store_close(asked->store);
	loop_free(asked->loop);
	free(asked->json);
}

/* The answer, which lives until the next question. */
static const char *ask(struct asked *asked, struct store_question question)
{
	store_ask(asked->store, ++asked->token, &question);
	assert_true(asked->answers < asked->token);
	while (asked->answers < asked->token)
		assert_true(loop_turn(asked->loop, true));
	return asked->json;
}

static void put(struct asked *asked, const char *topic, const char *json)
{
	store_put(asked->store, topic, json, strlen(json));
}

static void put_order(struct asked *asked, unsigned number, const char *status, unsigned second,
		      const char *fills)
{
	char json[600];
	snprintf(json, sizeof json,
		 "{\"order_id\":\"o%04u\",\"client_id\":\"c\\u00e9%u\",\"account\":\"G%u\","
		 "\"trading_pair\":\"%s\",\"trade_type\":\"buy\",\"amount\":\"12.5000000\","
		 "\"stellar_offer_id\":null,\"status\":\"%s\","
		 "\"last_update_at\":\"2026-11-21T10:00:%02u.000Z\",\"new\":{\"a\":[1]},"
		 "\"fills\":[%s]}",
		 number, number, number % 2, number % 3 ? "XLM-USDC" : "XLM-EURC", status, second,
		 fills);
	put(asked, "orders", json);
}

static void an_order_is_found_in_its_newest_state(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct asked a;
	assert_true(store_begin(&a, folder.path, 0, NULL));
	assert_string_equal(ask(&a, (struct store_question){.order_id = "o0001"}), "");
	assert_int_equal(a.outcome, STORE_UNKNOWN);
	for (int life = 0; life < 2; life++) {
		put_order(&a, 1, "submitted", 5, "");
		put_order(&a, 1, "open", 7, "");
		put_order(&a, 1, "submitted", 6, ""); /* late: changes nothing */
		ask(&a, (struct store_question){.order_id = "o0001"});
		assert_int_equal(a.outcome, STORE_ANSWER);
		assert_non_null(strstr(a.json, "\"status\":\"open\""));
		assert_non_null(strstr(a.json, "\"new\":{\"a\":[1]}"));
		ask(&a, (struct store_question){.client_id = "c\xc3\xa9"
							     "1",
						.account = "G1"});
		assert_int_equal(a.outcome, STORE_ANSWER);
		ask(&a, (struct store_question){.client_id = "c\xc3\xa9"
							     "1",
						.account = "G0"});
		assert_int_equal(a.outcome, STORE_UNKNOWN);
		assert_true(store_complete(a.store));
		store_end(&a);
		assert_true(store_begin(&a, folder.path, 0, NULL)); /* it is there again */
		ask(&a, (struct store_question){.order_id = "o0001"});
		assert_int_equal(a.outcome, STORE_ANSWER);
	}
	store_end(&a);
	folder_free(&folder);
}

/* Follows the cursors; the numbers of the ids in the order of the answers. */
static unsigned follow(struct asked *a, struct store_question question, const char *mark,
		       unsigned *numbers)
{
	unsigned count = 0;
	char cursor[64] = "";
	for (;;) {
		question.cursor = cursor[0] ? cursor : NULL;
		const char *json = ask(a, question);
		assert_int_equal(a->outcome, STORE_ANSWER);
		unsigned before = count;
		for (const char *at = json; (at = strstr(at, mark)); at += strlen(mark))
			numbers[count++] = (unsigned)atoi(at + strlen(mark) + 1);
		assert_true(count - before <= question.limit);
		const char *next = strstr(json, "\"next\":\"");
		if (!next) {
			assert_non_null(strstr(json, "\"next\":null}"));
			return count;
		}
		assert_int_equal(count - before, question.limit);
		sscanf(next, "\"next\":\"%63[^\"]", cursor);
	}
}

static void pages_have_each_order_once_in_order(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct asked a;
	unsigned numbers[400], count;
	assert_true(store_begin(&a, folder.path, 0, NULL));
	for (unsigned i = 0; i < 300; i++)
		put_order(&a, i, "open", 1, "");
	for (unsigned i = 0; i < 300; i += 5) /* changes keep their place */
		put_order(&a, i, "filled", 2, "");
	for (uint32_t limit = 1; limit < 310; limit = limit * 3 + 1) {
		struct store_question q = {.kind = STORE_ORDERS, .limit = limit};
		count = follow(&a, q, "\"order_id\":\"", numbers);
		assert_int_equal(count, 300);
		for (unsigned i = 0; i < count; i++)
			assert_int_equal(numbers[i], i);
		q.newest_first = true;
		count = follow(&a, q, "\"order_id\":\"", numbers);
		assert_int_equal(count, 300);
		for (unsigned i = 0; i < count; i++)
			assert_int_equal(numbers[i], 299 - i);
		q.account = "G1";
		q.trading_pair = "XLM-EURC";
		q.status = "live";
		count = follow(&a, q, "\"order_id\":\"", numbers);
		assert_int_equal(count, 40); /* odd, of three, not of five */
		q.status = "filled";
		assert_int_equal(follow(&a, q, "\"order_id\":\"", numbers), 10);
		q.status = "filled' OR 1=1 --";
		assert_int_equal(follow(&a, q, "\"order_id\":\"", numbers), 0);
	}
	ask(&a, (struct store_question){.kind = STORE_ORDERS, .cursor = "nobody's"});
	assert_int_equal(a.outcome, STORE_UNKNOWN);
	store_end(&a);
	folder_free(&folder);
}

static void a_fill_is_there_once_whichever_way_it_came(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct asked a;
	unsigned numbers[64];
	assert_true(store_begin(&a, folder.path, 0, NULL));
	put_order(&a, 2, "partially_filled", 1,
		  "{\"fill_id\":\"1-0\",\"ledger\":7,\"price\":\"0.1\"},"
		  "{\"fill_id\":\"2-0\",\"ledger\":8}");
	put(&a, "fills",
	    "{\"fill_id\":\"2-0\",\"order_id\":\"o0002\",\"account\":\"G0\",\"ledger\":8,"
	    "\"trading_pair\":\"XLM-USDC\",\"trade_type\":\"buy\"}");
	put(&a, "fills", "{\"fill_id\":\"3-0\",\"order_id\":\"o0002\",\"account\":\"G0\"}");
	put_order(&a, 2, "partially_filled", 2, "{\"fill_id\":\"1-0\",\"ledger\":7}");
	struct store_question q = {.kind = STORE_FILLS, .limit = 1, .order_id = "o0002"};
	assert_int_equal(follow(&a, q, "\"fill_id\":", numbers), 3);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(numbers[i], i + 1);
	q.account = "G0";
	assert_int_equal(follow(&a, q, "\"order_id\":\"o0002\",\"account\":", numbers), 3);
	q.account = "G1";
	assert_int_equal(follow(&a, q, "\"fill_id\":", numbers), 0);
	assert_int_equal(a.notes, 0);
	store_end(&a);
	folder_free(&folder);
}

/* One trade between two orders of ours is a fill of each; their pages end, too. */
static void two_orders_can_have_one_trade(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct asked a;
	unsigned numbers[64];
	assert_true(store_begin(&a, folder.path, 0, NULL));
	for (unsigned order = 0; order < 2; order++)
		for (unsigned time = 0; time < 2; time++)
			put_order(&a, order, "filled", 1,
				  "{\"fill_id\":\"7-0\",\"ledger\":7},"
				  "{\"fill_id\":\"8-0\",\"ledger\":8}");
	for (uint32_t limit = 1; limit < 6; limit++)
		for (int newest = 0; newest < 2; newest++) {
			struct store_question q = {
				.kind = STORE_FILLS, .limit = limit, .newest_first = newest};
			assert_int_equal(follow(&a, q, "\"fill_id\":", numbers), 4);
			q.order_id = "o0001";
			assert_int_equal(follow(&a, q, "\"fill_id\":", numbers), 2);
		}
	assert_int_equal(a.notes, 0);
	store_end(&a);
	folder_free(&folder);
}

static void balances_are_those_of_the_latest_ledger(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct asked a;
	assert_true(store_begin(&a, folder.path, 0, NULL));
	put(&a, "ledger", "{\"sequence\":9,\"close_time\":1,\"hash\":\"ab\"}");
	put(&a, "balances",
	    "[{\"account\":\"G1\",\"ledger\":9,\"balances\":[{\"asset\":\"native\","
	    "\"balance\":\"5.0\"},{\"asset\":\"USDC:G\",\"balance\":\"1.0\",\"limit\":\"2\"}]}]");
	put(&a, "balances",
	    "{\"account\":\"G1\",\"ledger\":9,\"balances\":[{\"asset\":\"native\","
	    "\"balance\":\"5.5\"}]}"); /* of the same ledger, said later */
	put(&a, "balances",
	    "{\"account\":\"G1\",\"ledger\":8,\"balances\":[{\"asset\":\"native\","
	    "\"balance\":\"4.0\"}]}");
	ask(&a, (struct store_question){.kind = STORE_BALANCES, .account = "G1"});
	assert_string_equal(
		a.json,
		"{\"balances\":[{\"account\":\"G1\",\"asset\":\"USDC:G\",\"balance\":\"1.0\","
		"\"selling\":null,\"buying\":null,\"available\":null,\"limit\":\"2\","
		"\"ledger\":9},{\"account\":\"G1\",\"asset\":\"native\",\"balance\":\"5.5\","
		"\"selling\":null,\"buying\":null,\"available\":null,\"limit\":null,"
		"\"ledger\":9}]}");
	store_end(&a);
	folder_free(&folder);
}

static void what_cannot_be_read_is_left_out_and_said(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"{\"order_id\":\"x\"",
		"[]",
		"{\"client_id\":\"x\"}",
		"{\"order_id\":null}",
		"{\"order_id\":\"x\",\"fills\":[{\"order_id\":\"x\"}]}",
		"{\"order_id\":\"\xff\"}",
	};
	struct test_folder folder = folder_new();
	struct asked a;
	assert_true(store_begin(&a, folder.path, 0, NULL));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		store_refill(a.store);
		put(&a, "orders", bad[i]);
		put_order(&a, (unsigned)i, "open", 1, "");
		ask(&a, (struct store_question){.kind = STORE_ORDERS});
		assert_int_equal(a.notes, i + 1);
		assert_non_null(strstr(a.note, "an event it cannot read"));
		assert_false(store_complete(a.store));
		assert_int_equal(a.outcome, STORE_ANSWER); /* its neighbour is there */
		char id[32];
		snprintf(id, sizeof id, "\"o%04zu\"", i);
		assert_non_null(strstr(a.json, id));
	}
	store_put(a.store, "book", "none of its business", 20);
	store_end(&a);
	folder_free(&folder);
}

static void a_full_queue_is_said_and_filled_up_again(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct asked a;
	assert_true(store_begin(&a, folder.path, 4096, NULL));
	for (unsigned i = 0; i < 100; i++) /* in one pass of the loop */
		put_order(&a, i, "open", 1, "");
	assert_false(store_complete(a.store));
	while (!a.notes)
		loop_turn(a.loop, true);
	assert_non_null(strstr(a.note, "more were put than"));
	ask(&a, (struct store_question){.order_id = "o0001"}); /* the queue is empty now */
	store_refill(a.store);
	for (unsigned i = 0; i < 100; i++) {
		put_order(&a, i, "open", 1, "");
		ask(&a, (struct store_question){.order_id = "o0001"});
	}
	ask(&a, (struct store_question){.kind = STORE_ORDERS, .limit = 1000});
	assert_non_null(strstr(a.json, "\"o0099\""));
	assert_true(store_complete(a.store));
	/* Questions are bounded as well. */
	for (unsigned i = 0; i < 300; i++)
		store_ask(a.store, ++a.token, &(struct store_question){.order_id = "o0001"});
	while (a.answers < a.token)
		loop_turn(a.loop, true);
	assert_true(a.failed >= 44);
	store_end(&a);
	folder_free(&folder);
}

static void sql(const char *folder, const char *text)
{
	char place[128];
	sqlite3 *handle;
	snprintf(place, sizeof place, "%s/store.db", folder);
	assert_int_equal(sqlite3_open(place, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(handle);
}

static void refuse(const char *folder, enum sdex_error code, const char *text)
{
	struct asked a;
	struct sdex_failure why = {0};
	assert_false(store_begin(&a, folder, 0, &why));
	assert_int_equal(why.code, code);
	if (!strstr(why.text, text))
		fail_msg("expected \"%s\", got: %s", text, why.text);
	store_end(&a);
}

static void other_forms_are_refused_by_name(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct asked a;
	char place[128];
	snprintf(place, sizeof place, "%s/store.db", folder.path);
	assert_true(store_begin(&a, folder.path, 0, NULL));
	put_order(&a, 1, "open", 1, "");
	store_end(&a);
	sql(folder.path, "UPDATE meta SET value = '7' WHERE name = 'schema_version'");
	refuse(folder.path, SDEX_ERR_UNSUPPORTED,
	       "has schema version 7, this sdex knows versions to 2");
	sql(folder.path, "UPDATE meta SET value = '2' WHERE name = 'schema_version'");
	assert_true(store_begin(&a, folder.path, 0, NULL));
	ask(&a, (struct store_question){.order_id = "o0001"});
	assert_int_equal(a.outcome, STORE_ANSWER);
	store_end(&a);

	folder_empty(folder.path);
	sql(folder.path, "CREATE TABLE theirs (a)");
	refuse(folder.path, SDEX_ERR_UNSUPPORTED, "of another program");

	int fd = open(place, O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, "this is no database, as you can see", 35), 35);
	close(fd);
	refuse(folder.path, SDEX_ERR_CHECKSUM, "made again from the journal");
	folder_free(&folder);
}

/* A store of the first form, as it was made then: its rows stay, and more fit in. */
static void an_older_form_is_brought_up_to_date(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct asked a;
	unsigned numbers[64];
	assert_true(store_begin(&a, folder.path, 0, NULL));
	put_order(&a, 1, "open", 1, "{\"fill_id\":\"7-0\",\"ledger\":7}");
	store_end(&a);
	sql(folder.path, "DROP INDEX fills_identity;"
			 "CREATE UNIQUE INDEX fills_once ON fills (fill_id);"
			 "UPDATE meta SET value = '1' WHERE name = 'schema_version'");
	assert_true(store_begin(&a, folder.path, 0, NULL));
	put_order(&a, 2, "open", 1, "{\"fill_id\":\"7-0\",\"ledger\":7}");
	struct store_question q = {.kind = STORE_FILLS, .limit = 1};
	assert_int_equal(follow(&a, q, "\"fill_id\":", numbers), 2);
	assert_true(store_complete(a.store));
	store_end(&a);
	folder_free(&folder);
}

/* Puts under a limit that lets no row in, then without it. */
static enum child_result put_limited(const char *folder)
{
	struct asked a;
	struct rlimit limit = {10000, RLIM_INFINITY};
	if (!store_begin(&a, folder, 0, NULL))
		return CHILD_FAILED;
	put_order(&a, 1, "open", 1, "");
	ask(&a, (struct store_question){.order_id = "o0001"});
	bool done = a.outcome == STORE_ANSWER && setrlimit(RLIMIT_FSIZE, &limit) == 0;
	for (unsigned i = 2; i < 50; i++)
		put_order(&a, i, "open", 1, "");
	ask(&a, (struct store_question){.order_id = "o0001"}); /* questions are answered still */
	done &= a.outcome == STORE_ANSWER && !store_complete(a.store) && a.notes == 1;
	store_refill(a.store); /* too early: it says so again */
	put_order(&a, 2, "open", 1, "");
	ask(&a, (struct store_question){.order_id = "o0001"});
	done &= !store_complete(a.store);
	limit.rlim_cur = RLIM_INFINITY;
	done &= setrlimit(RLIMIT_FSIZE, &limit) == 0;
	store_refill(a.store);
	for (unsigned i = 1; i < 50; i++)
		put_order(&a, i, "open", 1, "");
	ask(&a, (struct store_question){.order_id = "o0049"});
	done &= a.outcome == STORE_ANSWER && store_complete(a.store);
	store_end(&a);
	return done ? CHILD_DONE : CHILD_FAILED;
}

static void a_disk_that_is_full_for_a_while_is_said_and_survived(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	in_child(put_limited, folder.path);
	folder_free(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_order_is_found_in_its_newest_state),
		cmocka_unit_test(pages_have_each_order_once_in_order),
		cmocka_unit_test(a_fill_is_there_once_whichever_way_it_came),
		cmocka_unit_test(two_orders_can_have_one_trade),
		cmocka_unit_test(balances_are_those_of_the_latest_ledger),
		cmocka_unit_test(what_cannot_be_read_is_left_out_and_said),
		cmocka_unit_test(a_full_queue_is_said_and_filled_up_again),
		cmocka_unit_test(other_forms_are_refused_by_name),
		cmocka_unit_test(an_older_form_is_brought_up_to_date),
		cmocka_unit_test(a_disk_that_is_full_for_a_while_is_said_and_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
