/* The network: what waits and for how long, what a ledger takes when not all fits, what is
 * remembered, and that the same calls give the same ledgers. */
#include "sandbox/network.h"

#include "ledger/testing/world.h"
#include "sandbox/call.h"
#include "sandbox/send.h"
#include "sdex/asset.h"
#include "sdex/operation.h"
#include "sdex/result.h"
#include "sdex/signature.h"
#include "sdex/strkey.h"

#define START 1800000000u

enum { ACCOUNTS = 8 };

struct net {
	struct network *network;
	struct sdex_arena *arena;
	struct sdex_secret keys[ACCOUNTS];
};

static void close_one(struct net *n)
{
	uint64_t next = n->network->state->header.close_time + 5;
	assert_int_equal(network_close(n->network, next, NULL), SDEX_OK);
	sdex_arena_reset(n->arena);
}

/* A network of some operations a ledger, with funded accounts. */
static void open_net(struct net *n, uint32_t capacity, uint32_t ledgers)
{
	struct network_options options = {.passphrase = "test",
					  .genesis = START,
					  .protocol = 27,
					  .base_fee = 100,
					  .base_reserve = 5000000,
					  .capacity = capacity,
					  .close_s = 5,
					  .history_ledgers = ledgers,
					  .history_bytes = 1u << 26,
					  .names = 1000};
	struct sdex_secret root;
	struct submitted done;
	char name[16];
	n->arena = sdex_arena_new(0);
	n->network = network_new(&options, NULL);
	assert_non_null(n->network);
	sdex_secret_from_seed(&root, n->network->id);
	for (int i = 0; i < ACCOUNTS; i++) {
		sdex_Operation operation;
		sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
		snprintf(name, sizeof(name), "test-%d", i);
		sandbox_key(&n->keys[i], name);
		memcpy(id.ed25519.bytes, n->keys[i].public_key, 32);
		assert_int_equal(sdex_op_create_account(&operation, n->arena, NULL, &id,
							(struct sdex_amount){1000 * XLM}, NULL),
				 SDEX_OK);
		struct sending sending = {
			.source = &root, .operations = &operation, .count = 1, .fee = 100};
		assert_int_equal(send_transaction(n->network, &done, n->arena, &sending), SDEX_OK);
		assert_int_equal(done.status, SUBMISSION_PENDING);
		close_one(n);
	}
}

static void close_net(struct net *n)
{
	struct world laws = {.state = n->network->state};
	world_laws(&laws);
	network_free(n->network);
	sdex_arena_free(n->arena);
}

/* A payment from one account to another; gives what became of it. */
static struct submitted pay(struct net *n, int from, int to, uint32_t fee, uint32_t count)
{
	sdex_Operation operations[4];
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	sdex_Asset native = sdex_asset_native();
	struct submitted done;
	memcpy(id.ed25519.bytes, n->keys[to].public_key, 32);
	sdex_MuxedAccount muxed = sdex_muxed(&id);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(sdex_op_payment(&operations[i], n->arena, NULL, &muxed, &native,
						 (struct sdex_amount){XLM}, NULL),
				 SDEX_OK);
	struct sending sending = {
		.source = &n->keys[from], .operations = operations, .count = count, .fee = fee};
	assert_int_equal(send_transaction(n->network, &done, n->arena, &sending), SDEX_OK);
	return done;
}

static bool applied(struct net *n, const struct submitted *done)
{
	const struct history_ledger *ledger;
	return history_tx(&ledger, &n->network->history, done->hash) != NULL;
}

static void one_waits_for_each_source(void **state)
{
	(void)state;
	struct net n;
	open_net(&n, 100, 100);
	assert_int_equal(pay(&n, 0, 1, 100, 1).status, SUBMISSION_PENDING);
	assert_int_equal(pay(&n, 0, 1, 100, 1).status, SUBMISSION_DUPLICATE);
	assert_int_equal(pay(&n, 0, 2, 100, 1).status, SUBMISSION_TRY_AGAIN_LATER);
	assert_int_equal(pay(&n, 1, 0, 100, 1).status, SUBMISSION_PENDING);
	close_one(&n);
	assert_int_equal(history_last(&n.network->history)->successful, 2);
	assert_int_equal(n.network->queue.pending.live, 0);
	assert_int_equal(pay(&n, 0, 2, 100, 1).status, SUBMISSION_PENDING);
	close_net(&n);
}

static void the_best_offers_go_first_and_all_pay_the_least_of_them(void **state)
{
	(void)state;
	struct net n;
	open_net(&n, 3, 100);
	struct submitted low = pay(&n, 0, 7, 200, 1), mid = pay(&n, 1, 7, 300, 1);
	struct submitted high = pay(&n, 2, 7, 900, 1), also = pay(&n, 3, 7, 500, 1);
	close_one(&n);
	assert_true(applied(&n, &high) && applied(&n, &also) && applied(&n, &mid));
	assert_false(applied(&n, &low));
	const struct history_ledger *ledger = history_last(&n.network->history);
	for (uint32_t i = 0; i < ledger->tx_count; i++)
		assert_int_equal(ledger->txs[i].charged, 300);
	close_one(&n);
	assert_true(applied(&n, &low));
	assert_int_equal(history_last(&n.network->history)->txs[0].charged, 100);
	close_net(&n);
}

static void what_no_ledger_takes_is_dropped_and_banned(void **state)
{
	(void)state;
	struct net n;
	open_net(&n, 1, 100);
	struct submitted low = pay(&n, 0, 7, 100, 1);
	uint8_t bytes_hash[32];
	uint32_t at = 0;
	memcpy(bytes_hash, queue_next(&n.network->queue, &at)->full_hash, 32);
	for (uint32_t i = 0; i < QUEUE_LEDGERS; i++) {
		assert_int_equal(n.network->queue.pending.live, 1);
		assert_int_equal(pay(&n, 1, 7, 500, 1).status, SUBMISSION_PENDING);
		close_one(&n);
	}
	assert_int_equal(n.network->queue.pending.live, 0);
	assert_false(applied(&n, &low));
	/* the same bytes are refused for some ledgers more; other bytes are not */
	uint32_t full = 0;
	while (queue_banned(&n.network->queue, bytes_hash)) {
		close_one(&n);
		full++;
	}
	assert_int_equal(full, QUEUE_BAN_LEDGERS);
	assert_int_equal(pay(&n, 0, 7, 100, 1).status, SUBMISSION_PENDING);
	close_net(&n);
}

static void a_full_queue_takes_only_better_offers(void **state)
{
	(void)state;
	struct net n;
	open_net(&n, 2, 100);
	/* twice two operations wait */
	for (int i = 0; i < 4; i++)
		assert_int_equal(pay(&n, i, 7, 200 + (uint32_t)i, 1).status, SUBMISSION_PENDING);
	struct submitted worse = pay(&n, 4, 7, 150, 1);
	assert_int_equal(worse.status, SUBMISSION_ERROR);
	assert_int_equal(worse.result->result.code, SDEX_txINSUFFICIENT_FEE);
	assert_int_equal(worse.result->feeCharged, 201);
	assert_int_equal(pay(&n, 5, 7, 1000, 1).status, SUBMISSION_PENDING);
	assert_int_equal(n.network->queue.pending.live, 4);
	/* the one that went had 200: until the next ledger nobody comes in for that */
	assert_true(queue_of(&n.network->queue,
			     state_address_find(n.network->state, n.keys[0].public_key)) == NULL);
	/* as much as the worst for each operation, and the least that is more */
	struct submitted same = pay(&n, 6, 7, 201, 2);
	assert_int_equal(same.status, SUBMISSION_ERROR);
	assert_int_equal(same.result->feeCharged, 403);
	close_net(&n);
}

static struct submitted offer(struct net *n, int from, uint32_t fee)
{
	sdex_Operation operation;
	struct submitted done;
	sdex_Asset native = sdex_asset_native(), own;
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(id.ed25519.bytes, n->keys[from].public_key, 32);
	assert_int_equal(sdex_asset_make(&own, n->arena, "OWN", 3, &id, NULL), SDEX_OK);
	assert_int_equal(sdex_op_manage_sell_offer(&operation, n->arena, NULL, &own, &native,
						   (struct sdex_amount){XLM},
						   (sdex_Price){.n = 1, .d = 1}, 0, NULL),
			 SDEX_OK);
	struct sending sending = {
		.source = &n->keys[from], .operations = &operation, .count = 1, .fee = fee};
	assert_int_equal(send_transaction(n->network, &done, n->arena, &sending), SDEX_OK);
	assert_int_equal(done.status, SUBMISSION_PENDING);
	return done;
}

static void trading_has_a_lane_where_one_is_asked_for(void **state)
{
	(void)state;
	struct net n;
	open_net(&n, 10, 100);
	n.network->options.dex_capacity = 1;
	struct submitted low = offer(&n, 0, 300), high = offer(&n, 1, 500);
	struct submitted payment = pay(&n, 2, 7, 150, 1);
	close_one(&n);
	assert_false(applied(&n, &low));
	assert_true(applied(&n, &high) && applied(&n, &payment));
	const struct history_ledger *ledger;
	assert_int_equal(history_tx(&ledger, &n.network->history, high.hash)->charged, 500);
	assert_int_equal(history_tx(&ledger, &n.network->history, payment.hash)->charged, 100);
	close_one(&n);
	assert_int_equal(history_tx(&ledger, &n.network->history, low.hash)->charged, 100);
	close_net(&n);
}

/* Lets `payer` offer a fee for a signed transaction of `from`. */
static struct submitted bump(struct net *n, int payer, int from, int64_t fee)
{
	sdex_Operation operation;
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	sdex_Asset native = sdex_asset_native();
	sdex_TransactionEnvelope inner, outer;
	const struct sdex_secret *key = &n->keys[from];
	struct submitted done;
	uint8_t bytes[1024];
	size_t size = 0;
	sdex_Hash network;
	memcpy(network.bytes, n->network->id, 32);
	memcpy(id.ed25519.bytes, n->keys[payer].public_key, 32);
	sdex_MuxedAccount to = sdex_muxed(&id);
	memcpy(id.ed25519.bytes, key->public_key, 32);
	assert_int_equal(sdex_op_payment(&operation, n->arena, NULL, &to, &native,
					 (struct sdex_amount){XLM}, NULL),
			 SDEX_OK);
	uint32_t address = state_address_find(n->network->state, key->public_key);
	sdex_Transaction tx = {.sourceAccount = sdex_muxed(&id),
			       .fee = 100,
			       .seqNum = state_account(n->network->state, address)->sequence + 1,
			       .operations = {.items = &operation, .count = 1}};
	assert_int_equal(sdex_tx_make(&inner, n->arena, &tx, NULL, NULL), SDEX_OK);
	assert_int_equal(sdex_tx_sign(&inner, n->arena, &network, &key, 1, NULL), SDEX_OK);
	assert_int_equal(sdex_tx_make_fee_bump(&outer, n->arena, &to, (struct sdex_amount){fee},
					       &inner, NULL, NULL),
			 SDEX_OK);
	key = &n->keys[payer];
	assert_int_equal(sdex_tx_sign(&outer, n->arena, &network, &key, 1, NULL), SDEX_OK);
	assert_int_equal(sdex_TransactionEnvelope_encode(bytes, sizeof(bytes), &size, &outer, NULL),
			 SDEX_OK);
	assert_int_equal(network_submit(n->network, &done, n->arena, bytes, size, 0, NULL),
			 SDEX_OK);
	return done;
}

static void a_payer_pays_for_all_that_waits(void **state)
{
	(void)state;
	struct net n;
	open_net(&n, 100, 100);
	/* 1000 XLM, of which 1 is the reserve */
	struct submitted first = bump(&n, 7, 0, 600 * XLM), third;
	assert_int_equal(first.status, SUBMISSION_PENDING);
	struct submitted second = bump(&n, 7, 1, 400 * XLM);
	assert_int_equal(second.status, SUBMISSION_ERROR);
	assert_int_equal(second.result->result.code, SDEX_txINSUFFICIENT_BALANCE);
	third = bump(&n, 7, 2, 399 * XLM);
	assert_int_equal(third.status, SUBMISSION_PENDING);
	close_one(&n);
	assert_true(applied(&n, &first) && applied(&n, &third));
	close_net(&n);
}

static void an_old_envelope_becomes_what_it_stands_for(void **state)
{
	(void)state;
	struct net n;
	sdex_TransactionEnvelope envelope;
	sdex_Operation operation;
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	const struct sdex_secret *key;
	sdex_Hash network;
	uint8_t bytes[1024];
	size_t size = 0;
	struct submitted done;
	open_net(&n, 100, 100);
	key = &n.keys[0];
	memcpy(network.bytes, n.network->id, 32);
	memcpy(id.ed25519.bytes, key->public_key, 32);
	assert_int_equal(sdex_op_bump_sequence(&operation, n.arena, NULL, 0, NULL), SDEX_OK);
	uint32_t address = state_address_find(n.network->state, key->public_key);
	sdex_Transaction tx = {.sourceAccount = sdex_muxed(&id),
			       .fee = 100,
			       .seqNum = state_account(n.network->state, address)->sequence + 1,
			       .operations = {.items = &operation, .count = 1}};
	assert_int_equal(sdex_tx_make_v0(&envelope, n.arena, &tx, NULL, NULL), SDEX_OK);
	assert_int_equal(sdex_tx_sign(&envelope, n.arena, &network, &key, 1, NULL), SDEX_OK);
	assert_int_equal(
		sdex_TransactionEnvelope_encode(bytes, sizeof(bytes), &size, &envelope, NULL),
		SDEX_OK);
	assert_int_equal(network_submit(n.network, &done, n.arena, bytes, size, 0, NULL), SDEX_OK);
	assert_int_equal(done.status, SUBMISSION_PENDING);
	close_one(&n);
	const struct history_ledger *ledger = NULL;
	const struct history_tx *kept = history_tx(&ledger, &n.network->history, done.hash);
	assert_non_null(kept);
	assert_true(kept->success);
	assert_int_equal(history_bytes(ledger, kept->envelope).data[3], SDEX_ENVELOPE_TYPE_TX);
	close_net(&n);
}

static void ledgers_are_forgotten_oldest_first(void **state)
{
	(void)state;
	struct net n;
	open_net(&n, 100, 6);
	struct submitted early = pay(&n, 0, 1, 100, 1);
	for (int i = 0; i < 6; i++) {
		close_one(&n);
		assert_true(applied(&n, &early));
		const struct history *history = &n.network->history;
		assert_int_equal(history->last - history->first + 1, 6);
	}
	close_one(&n);
	assert_false(applied(&n, &early));
	assert_null(history_ledger(&n.network->history, 3));
	assert_int_equal(n.network->history.ledgers.live, 6);
	close_net(&n);
}

static void names_end_somewhere(void **state)
{
	(void)state;
	struct net n;
	open_net(&n, 100, 100);
	n.network->options.names = n.network->state->addresses.used;
	assert_int_equal(pay(&n, 0, 1, 100, 1).status, SUBMISSION_TRY_AGAIN_LATER);
	close_net(&n);
}

static void options_are_held_to_their_ranges(void **state)
{
	(void)state;
	struct network_options options = {.passphrase = "test"};
	struct sdex_failure why = {0};
	assert_null(network_new(&options, &why));
	assert_int_equal(why.code, SDEX_ERR_INVALID);
	assert_non_null(strstr(why.text, "20 to 28"));
	options = (struct network_options){.passphrase = "\xff",
					   .protocol = 27,
					   .base_fee = 1,
					   .base_reserve = 1,
					   .capacity = 1,
					   .close_s = 1,
					   .history_ledgers = 1};
	assert_null(network_new(&options, &why));
	assert_non_null(strstr(why.text, "UTF-8"));
	options.passphrase = "";
	assert_null(network_new(&options, &why));
}

/* --- the whole, in-process */

static struct sandbox *open_sandbox(uint64_t seed)
{
	struct sandbox_options options = {.seed = seed, .start_s = START};
	struct sandbox *sandbox = sandbox_new(&options, NULL);
	assert_non_null(sandbox);
	return sandbox;
}

static struct sandbox_answer ask(struct sandbox *sandbox, const char *path, const char *query,
				 const char *accept, uint64_t now_ms)
{
	struct sandbox_request request = {.method = "GET",
					  .path = {path, strlen(path)},
					  .query = {query, strlen(query)},
					  .accept = {accept, strlen(accept)},
					  .host = TEXT("test"),
					  .now_ms = now_ms};
	struct sandbox_answer answer;
	sandbox_horizon(sandbox, &answer, &request);
	return answer;
}

static bool has(const struct sandbox_answer *answer, const char *text)
{
	size_t length = strlen(text);
	for (size_t i = 0; i + length <= answer->size; i++)
		if (memcmp(answer->body + i, text, length) == 0)
			return true;
	return false;
}

static void the_same_calls_give_the_same_ledgers(void **state)
{
	(void)state;
	struct sandbox *one = open_sandbox(9), *two = open_sandbox(9), *other = open_sandbox(10);
	for (int i = 1; i <= 60; i++) {
		assert_int_equal(sandbox_close(one, START + 5u * (unsigned)i, NULL), SDEX_OK);
		assert_int_equal(sandbox_close(two, START + 5u * (unsigned)i, NULL), SDEX_OK);
		assert_int_equal(sandbox_close(other, START + 5u * (unsigned)i, NULL), SDEX_OK);
	}
	struct sandbox_answer a = ask(one, "/ledgers", "limit=1&order=desc", "", 0);
	struct sandbox_answer b = ask(two, "/ledgers", "limit=1&order=desc", "", 0);
	struct sandbox_answer c = ask(other, "/ledgers", "limit=1&order=desc", "", 0);
	assert_int_equal(a.size, b.size);
	assert_memory_equal(a.body, b.body, a.size);
	assert_true(a.size != c.size || memcmp(a.body, c.body, a.size) != 0);
	sandbox_free(one);
	sandbox_free(two);
	sandbox_free(other);
}

static void the_world_keeps_the_ledger_s_laws(void **state)
{
	(void)state;
	struct sandbox *sandbox = open_sandbox(3);
	for (unsigned i = 1; i <= 300; i++)
		assert_int_equal(sandbox_close(sandbox, START + 5 * i, NULL), SDEX_OK);
	struct sandbox_answer answer = ask(sandbox, "/trades", "limit=200", "", 0);
	assert_int_equal(answer.status, 200);
	assert_true(has(&answer, "\"liquidity_pool\""));
	assert_true(has(&answer, "\"orderbook\""));
	struct world laws = {.state = sandbox->network->state};
	world_laws(&laws);
	sandbox_free(sandbox);
}

static struct sandbox_answer ask_rpc(struct sandbox *sandbox, const char *body)
{
	struct sandbox_request request = {.method = "POST",
					  .path = TEXT("/"),
					  .content_type = TEXT("application/json"),
					  .body = body,
					  .size = strlen(body)};
	struct sandbox_answer answer;
	sandbox_rpc(sandbox, &answer, &request);
	assert_int_equal(answer.status, 200);
	return answer;
}

/* A world's transactions by RPC: without events and with them, as XDR and as JSON. */
static void events_are_told_where_they_are_wanted(void **state)
{
	(void)state;
	for (int wanted = 0; wanted < 2; wanted++) {
		struct sandbox_options options = {.seed = 1, .start_s = START, .events = wanted};
		struct sandbox *sandbox = sandbox_new(&options, NULL);
		char body[256];
		assert_non_null(sandbox);
		for (int i = 0; i < 3; i++)
			assert_int_equal(
				sandbox_close(sandbox, sandbox_close_time(sandbox) + 5, NULL),
				SDEX_OK);
		for (int json = 0; json < 2; json++) {
			snprintf(body, sizeof(body),
				 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
				 "\"getTransactions\",\"params\":{\"startLedger\":%u,"
				 "\"xdrFormat\":\"%s\"}}",
				 sandbox_sequence(sandbox) - 2, json ? "json" : "base64");
			struct sandbox_answer answer = ask_rpc(sandbox, body);
			assert_true(has(&answer,
					json ? "\"contractEventsJson\"" : "\"contractEventsXdr\""));
			assert_int_equal(has(&answer, json ? "\"transactionEventsJson\":[{"
							   : "\"transactionEventsXdr\":[\"AAAA"),
					 wanted);
			if (json)
				assert_int_equal(has(&answer, "{\"symbol\":\"fee\"}"), wanted);
		}
		sandbox_free(sandbox);
	}
}

static void a_stream_ends_after_55_seconds(void **state)
{
	(void)state;
	struct sandbox *sandbox = open_sandbox(1);
	struct sandbox_answer answer =
		ask(sandbox, "/trades", "cursor=now&limit=200", "text/event-stream", 1000);
	assert_int_equal(answer.form, SANDBOX_STREAM);
	assert_true(has(&answer, "retry: 1000\nevent: open\ndata: \"hello\"\n\n"));
	struct sandbox_held *held = answer.held;
	assert_non_null(held);
	sandbox_turn(sandbox, &answer, held, 55999);
	assert_false(answer.ended);
	assert_int_equal(answer.size, 0);
	sandbox_turn(sandbox, &answer, held, 56000);
	assert_true(answer.ended);
	assert_true(has(&answer, "retry: 10\nevent: close\ndata: \"byebye\"\n\n"));
	sandbox_held_free(held);
	sandbox_free(sandbox);
}

static void a_transaction_that_stays_away_times_out(void **state)
{
	(void)state;
	struct sandbox *sandbox = open_sandbox(1);
	struct sdex_secret key;
	char address[SDEX_STRKEY_KEY_ROOM], query[80];
	size_t length;
	sandbox_key(&key, "somebody");
	assert_int_equal(sdex_strkey_encode_key(address, sizeof(address), &length,
						SDEX_STRKEY_ACCOUNT, key.public_key),
			 SDEX_OK);
	snprintf(query, sizeof(query), "addr=%s", address);
	struct sandbox_answer answer = ask(sandbox, "/friendbot", query, "", 0);
	assert_int_equal(answer.form, SANDBOX_LATER);
	struct sandbox_held *held = answer.held;
	sandbox_turn(sandbox, &answer, held, 29999);
	assert_int_equal(answer.form, SANDBOX_LATER);
	sandbox_turn(sandbox, &answer, held, 30000);
	assert_int_equal(answer.form, SANDBOX_WHOLE);
	assert_int_equal(answer.status, 504);
	assert_true(has(&answer, "\"hash\""));
	/* it was not lost for that */
	assert_int_equal(sandbox_close(sandbox, START + 5, NULL), SDEX_OK);
	sandbox_turn(sandbox, &answer, held, 30001);
	assert_int_equal(answer.status, 200);
	sandbox_held_free(held);
	sandbox_free(sandbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_waits_for_each_source),
		cmocka_unit_test(the_best_offers_go_first_and_all_pay_the_least_of_them),
		cmocka_unit_test(what_no_ledger_takes_is_dropped_and_banned),
		cmocka_unit_test(a_full_queue_takes_only_better_offers),
		cmocka_unit_test(trading_has_a_lane_where_one_is_asked_for),
		cmocka_unit_test(a_payer_pays_for_all_that_waits),
		cmocka_unit_test(an_old_envelope_becomes_what_it_stands_for),
		cmocka_unit_test(ledgers_are_forgotten_oldest_first),
		cmocka_unit_test(names_end_somewhere),
		cmocka_unit_test(options_are_held_to_their_ranges),
		cmocka_unit_test(the_same_calls_give_the_same_ledgers),
		cmocka_unit_test(the_world_keeps_the_ledger_s_laws),
		cmocka_unit_test(events_are_told_where_they_are_wanted),
		cmocka_unit_test(a_stream_ends_after_55_seconds),
		cmocka_unit_test(a_transaction_that_stays_away_times_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
