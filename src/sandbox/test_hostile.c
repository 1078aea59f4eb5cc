/* What requests, transactions and accounts that mean harm, or only no good, may not do to a
 * sandbox: break it, stop it, fill it up. */
#include <stdlib.h>

#include "ledger/testing/world.h"
#include "sandbox/call.h"
#include "sandbox/send.h"
#include "sandbox/world.h"
#include "sdex/address.h"
#include "sdex/asset.h"
#include "sdex/operation.h"
#include "sdex/signature.h"
#include "sdex/strkey.h"

#define START 1800000000u

static struct sandbox *sandbox;
static struct sdex_arena *arena;
static struct sandbox_answer answer;

static void open_world(const struct sandbox_options *options)
{
	sandbox = sandbox_new(options, NULL);
	arena = sdex_arena_new(0);
	assert_non_null(sandbox);
	assert_non_null(arena);
}

static void close_world(void)
{
	struct world laws = {.state = sandbox->network->state};
	world_laws(&laws);
	sandbox_free(sandbox);
	sdex_arena_free(arena);
}

static void next_ledger(void)
{
	assert_int_equal(sandbox_close(sandbox, sandbox_close_time(sandbox) + 5, NULL), SDEX_OK);
}

static bool has(const char *text)
{
	size_t length = strlen(text);
	for (size_t i = 0; i + length <= answer.size; i++)
		if (memcmp(answer.body + i, text, length) == 0)
			return true;
	return false;
}

static void rpc(const char *body)
{
	const struct sandbox_request request = {.method = "POST",
						.path = TEXT("/"),
						.content_type = TEXT("application/json"),
						.body = body,
						.size = strlen(body)};
	sandbox_rpc(sandbox, &answer, &request);
}

static struct sdex_secret key_named(const char *name)
{
	struct sdex_secret secret;
	sandbox_key(&secret, name);
	return secret;
}

static sdex_AccountID id_named(const char *name)
{
	struct sdex_secret secret = key_named(name);
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(id.ed25519.bytes, secret.public_key, 32);
	return id;
}

static void send(const char *name, sdex_Operation *operations, uint32_t count)
{
	struct sdex_secret key = key_named(name);
	struct submitted done;
	const struct sending sending = {
		.source = &key, .operations = operations, .count = count, .fee = 100};
	assert_int_equal(send_transaction(sandbox->network, &done, arena, &sending), SDEX_OK);
	assert_int_equal(done.status, SUBMISSION_PENDING);
}

static const struct account *known(const char *name)
{
	sdex_AccountID id = id_named(name);
	const struct state *state = sandbox->network->state;
	uint32_t address = state_address_find(state, id.ed25519.bytes);
	return address == SLOT_NONE ? NULL : state_account(state, address);
}

/* --- requests */

static void the_last_of_two_parameters_counts(void **state)
{
	(void)state;
	const struct sandbox_options options = {.start_s = START, .quiet = true};
	char body[8192], *at = body;
	open_world(&options);
	at += sprintf(at, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getLedgerEntries\","
			  "\"params\":{\"keys\":[");
	for (int i = 0; i < 150; i++)
		at += sprintf(at, "\"first\",");
	at += sprintf(at, "\"\"],\"keys\":[");
	for (int i = 0; i < 150; i++)
		at += sprintf(at, "\"second\",");
	sprintf(at, "\"\"]}}");
	rpc(body);
	assert_true(has("cannot unmarshal key value \\\"second\\\" at index 0"));
	close_world();
}

/* Fifty times the same large answer in one. */
static void a_batch_s_answer_has_an_end(void **state)
{
	(void)state;
	const struct sandbox_options options = {.start_s = START};
	char body[8192], *at = body;
	open_world(&options);
	for (int i = 0; i < 250; i++)
		next_ledger();
	*at++ = '[';
	for (int i = 0; i < 50; i++)
		at += sprintf(
			at,
			"%s{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"getLedgers\",\"params\":"
			"{\"startLedger\":10,\"pagination\":{\"limit\":200}}}",
			i ? "," : "", i);
	sprintf(at, "]");
	rpc(body);
	assert_int_equal(answer.status, 200);
	assert_true(answer.size < (size_t)64 << 20);
	assert_true(has("\"id\":0,\"result\""));
	assert_true(has("\"id\":49,\"error\""));
	assert_true(has("ask for less at a time"));
	close_world();
}

/* A transaction of `name` with a hundred operations of another account, which has not signed. */
static struct sdex_bytes unsigned_for(const char *name, const char *other)
{
	static uint8_t bytes[32768];
	sdex_Operation operations[100];
	sdex_TransactionEnvelope envelope;
	const struct account *account = known(name);
	sdex_AccountID id = id_named(name), id_of_other = id_named(other);
	sdex_MuxedAccount source = sdex_muxed(&id), from = sdex_muxed(&id_of_other);
	struct sdex_secret key = key_named(name);
	const struct sdex_secret *keys = &key;
	sdex_Asset native = sdex_asset_native();
	sdex_Hash network;
	size_t size = 0;
	for (int i = 0; i < 100; i++)
		assert_int_equal(sdex_op_payment(&operations[i], arena, &from, &source, &native,
						 (struct sdex_amount){1}, NULL),
				 SDEX_OK);
	const sdex_Transaction tx = {.sourceAccount = source,
				     .fee = 10000,
				     .seqNum = account ? account->sequence + 1 : 1,
				     .operations = {.items = operations, .count = 100}};
	memcpy(network.bytes, sandbox->network->id, 32);
	assert_int_equal(sdex_tx_make(&envelope, arena, &tx, NULL, NULL), SDEX_OK);
	assert_int_equal(sdex_tx_sign(&envelope, arena, &network, &keys, 1, NULL), SDEX_OK);
	assert_int_equal(
		sdex_TransactionEnvelope_encode(bytes, sizeof(bytes), &size, &envelope, NULL),
		SDEX_OK);
	return (struct sdex_bytes){bytes, (uint32_t)size};
}

static void a_long_result_is_told_as_json(void **state)
{
	(void)state;
	const struct sandbox_options options = {.start_s = START, .quiet = true};
	static char body[65536];
	size_t length = 0;
	open_world(&options);
	struct sdex_bytes envelope = unsigned_for("trader-0", "trader-1");
	size_t front = (size_t)sprintf(body, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
					     "\"sendTransaction\",\"params\":{\"xdrFormat\":"
					     "\"json\",\"transaction\":\"");
	assert_int_equal(sdex_base64_encode(body + front, sizeof(body) - front, &length,
					    envelope.data, envelope.size),
			 SDEX_OK);
	strcpy(body + front + length, "\"}}");
	rpc(body);
	assert_true(has("\"status\":\"ERROR\""));
	assert_true(has("\"errorResultJson\":{"));
	assert_true(has("op_bad_auth"));
	close_world();
}

/* --- transactions */

static void what_is_refused_leaves_no_name(void **state)
{
	(void)state;
	const struct sandbox_options options = {.start_s = START, .quiet = true};
	struct submitted done;
	open_world(&options);
	const struct state_names before = state_names(sandbox->network->state);
	struct sdex_bytes envelope = unsigned_for("nobody at all", "nor this one");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(network_submit(sandbox->network, &done, arena, envelope.data,
						envelope.size, START, NULL),
				 SDEX_OK);
		assert_int_equal(done.status, SUBMISSION_ERROR);
		const struct state_names after = state_names(sandbox->network->state);
		assert_int_equal(after.addresses, before.addresses);
		assert_int_equal(after.assets, before.assets);
		assert_null(known("nobody at all"));
	}
	/* and those that come next get its numbers */
	sdex_Operation create;
	sdex_AccountID id = id_named("nobody at all");
	assert_int_equal(sdex_op_create_account(&create, arena, NULL, &id,
						(struct sdex_amount){50000000}, NULL),
			 SDEX_OK);
	send("trader-0", &create, 1);
	next_ledger();
	assert_int_equal(known("nobody at all")->address, before.addresses);
	close_world();
}

static void a_signature_is_verified_once(void **state)
{
	(void)state;
	const struct sandbox_options options = {.start_s = START, .quiet = true};
	struct submitted done;
	sdex_Operation pay;
	sdex_AccountID to = id_named("trader-1");
	sdex_MuxedAccount muxed = sdex_muxed(&to);
	sdex_Asset native = sdex_asset_native();
	open_world(&options);
	const struct verdicts *verdicts = sandbox->network->verdicts;
	uint64_t before = verdicts->verified;
	assert_int_equal(
		sdex_op_payment(&pay, arena, NULL, &muxed, &native, (struct sdex_amount){1}, NULL),
		SDEX_OK);
	send("trader-0", &pay, 1);
	assert_int_equal(verdicts->verified, before + 1);
	next_ledger();
	assert_int_equal(verdicts->verified, before + 1);
	assert_int_equal(history_last(&sandbox->network->history)->successful, 1);
	/* a signature that is no good is none the second time either */
	struct sdex_bytes envelope = unsigned_for("trader-0", "trader-0");
	((uint8_t *)(uintptr_t)envelope.data)[envelope.size - 9] ^= 1;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(network_submit(sandbox->network, &done, arena, envelope.data,
						envelope.size, START, NULL),
				 SDEX_OK);
		assert_int_equal(done.status, SUBMISSION_ERROR);
		assert_int_equal(done.result->result.code, SDEX_txBAD_AUTH);
		assert_int_equal(verdicts->verified, before + 2);
	}
	close_world();
}

/* The key signed, and the verdict is known; by the time the ledger closes it is no signer. */
static void a_verdict_is_not_a_permission(void **state)
{
	(void)state;
	const struct sandbox_options options = {.start_s = START, .quiet = true};
	sdex_Operation pay, lock;
	sdex_AccountID to = id_named("trader-1"), owner = id_named("trader-0");
	sdex_MuxedAccount muxed = sdex_muxed(&to), source = sdex_muxed(&owner);
	sdex_Asset native = sdex_asset_native();
	struct sdex_secret provider = key_named("provider"), key = key_named("trader-0");
	struct submitted done;
	uint32_t none = 0;
	open_world(&options);
	assert_int_equal(
		sdex_op_payment(&pay, arena, NULL, &muxed, &native, (struct sdex_amount){1}, NULL),
		SDEX_OK);
	send("trader-0", &pay, 1);
	const sdex_SetOptionsOp locking = {.masterWeight = &none};
	assert_int_equal(sdex_op_set_options(&lock, arena, &source, &locking, NULL), SDEX_OK);
	const struct sending sending = {
		.source = &provider, .also = &key, .operations = &lock, .count = 1, .fee = 100};
	assert_int_equal(send_transaction(sandbox->network, &done, arena, &sending), SDEX_OK);
	assert_int_equal(done.status, SUBMISSION_PENDING);
	next_ledger();
	assert_int_equal(known("trader-0")->thresholds[0], 0);
	send("provider", &pay, 1);
	struct sending again = {.source = &key, .operations = &pay, .count = 1, .fee = 100};
	assert_int_equal(send_transaction(sandbox->network, &done, arena, &again), SDEX_OK);
	assert_int_equal(done.status, SUBMISSION_ERROR);
	assert_int_equal(done.result->result.code, SDEX_txBAD_AUTH);
	close_world();
}

/* --- accounts of the world, whose keys everybody has */

static void use_up_numbers(const char *name)
{
	sdex_Operation bump;
	assert_int_equal(sdex_op_bump_sequence(&bump, arena, NULL, INT64_MAX, NULL), SDEX_OK);
	send(name, &bump, 1);
}

/* Gives all back to the issuers and merges. */
static void take_leave(const char *name)
{
	static const char *const codes[] = {"USDC", "EURC", "AQUA", "yXLM"};
	static const char *const issuers[] = {"usdc-issuer", "eurc-issuer", "aqua-issuer",
					      "yxlm-issuer"};
	const struct state *state = sandbox->network->state;
	sdex_Operation operations[9];
	sdex_AccountID heir = id_named("provider");
	sdex_MuxedAccount to = sdex_muxed(&heir);
	for (int i = 0; i < 4; i++) {
		sdex_AccountID issuer = id_named(issuers[i]);
		sdex_MuxedAccount back = sdex_muxed(&issuer);
		sdex_Asset asset;
		assert_int_equal(sdex_asset_make(&asset, arena, codes[i], 4, &issuer, NULL),
				 SDEX_OK);
		const struct trustline *line = state_trustline(state, known(name)->address,
							       state_asset_find(state, &asset));
		assert_int_equal(sdex_op_payment(&operations[2 * i], arena, NULL, &back, &asset,
						 (struct sdex_amount){line->balance}, NULL),
				 SDEX_OK);
		assert_int_equal(sdex_op_change_trust(&operations[2 * i + 1], arena, NULL, &asset,
						      (struct sdex_amount){0}, NULL),
				 SDEX_OK);
	}
	assert_int_equal(sdex_op_account_merge(&operations[8], arena, NULL, &to, NULL), SDEX_OK);
	send(name, operations, 9);
	next_ledger();
	assert_null(known(name));
}

static void the_network_goes_on_without_its_traders(void **state)
{
	(void)state;
	const struct sandbox_options options = {.start_s = START, .quiet = true};
	open_world(&options);
	take_leave("trader-0");
	use_up_numbers("trader-1");
	use_up_numbers("maker-0");
	next_ledger();
	sandbox->options.quiet = false;
	for (int i = 0; i < 60; i++)
		next_ledger();
	assert_true(known("trader-2")->sequence > 0);
	assert_int_equal(known("maker-0")->sequence, INT64_MAX);
	close_world();
}

static void ask_friendbot(unsigned number)
{
	char name[32], query[80], address[SDEX_STRKEY_KEY_ROOM];
	size_t length;
	snprintf(name, sizeof(name), "new-%u", number);
	struct sdex_secret key = key_named(name);
	assert_int_equal(sdex_strkey_encode_key(address, sizeof(address), &length,
						SDEX_STRKEY_ACCOUNT, key.public_key),
			 SDEX_OK);
	snprintf(query, sizeof(query), "addr=%s", address);
	const struct sandbox_request request = {
		.method = "GET", .path = TEXT("/friendbot"), .query = {query, strlen(query)}};
	sandbox_horizon(sandbox, &answer, &request);
}

/* Of its 64 channels one is gone, one cannot go on, one is locked. */
static void friendbot_goes_on_without_some_channels(void **state)
{
	(void)state;
	const struct sandbox_options options = {.start_s = START, .empty = true};
	sdex_Operation merge, lock;
	sdex_AccountID bot = id_named("friendbot");
	sdex_MuxedAccount to = sdex_muxed(&bot);
	uint32_t none = 0;
	struct sandbox_held *held[FRIENDBOT_CHANNELS] = {NULL};
	open_world(&options);
	assert_int_equal(sdex_op_account_merge(&merge, arena, NULL, &to, NULL), SDEX_OK);
	send("friendbot-3", &merge, 1);
	use_up_numbers("friendbot-4");
	const sdex_SetOptionsOp locking = {.masterWeight = &none};
	assert_int_equal(sdex_op_set_options(&lock, arena, NULL, &locking, NULL), SDEX_OK);
	send("friendbot-5", &lock, 1);
	next_ledger();
	for (unsigned i = 0; i < FRIENDBOT_CHANNELS - 3; i++) {
		ask_friendbot(i);
		assert_int_equal(answer.form, SANDBOX_LATER);
		held[i] = answer.held;
	}
	ask_friendbot(FRIENDBOT_CHANNELS);
	assert_int_equal(answer.form, SANDBOX_WHOLE);
	assert_true(answer.status == 503 || answer.status == 400);
	next_ledger();
	for (unsigned i = 0; i < FRIENDBOT_CHANNELS - 3; i++) {
		sandbox_turn(sandbox, &answer, held[i], 1);
		assert_int_equal(answer.status, 200);
		sandbox_held_free(held[i]);
	}
	close_world();
}

/* --- time */

static void ledgers_of_a_second_share_its_time(void **state)
{
	(void)state;
	struct sandbox_options options = {
		.start_s = START, .close_s = 1, .quiet = true, .shares_seconds = true};
	open_world(&options);
	uint32_t sequence = sandbox_sequence(sandbox);
	for (int i = 0; i < 50; i++)
		assert_int_equal(sandbox_close(sandbox, START + 1, NULL), SDEX_OK);
	assert_int_equal(sandbox_close_time(sandbox), START + 1);
	assert_int_equal(sandbox_close(sandbox, START - 100, NULL), SDEX_OK);
	assert_int_equal(sandbox_close_time(sandbox), START + 1);
	assert_int_equal(sandbox_close(sandbox, START + 2, NULL), SDEX_OK);
	assert_int_equal(sandbox_close_time(sandbox), START + 2);
	assert_int_equal(sandbox_sequence(sandbox), sequence + 52);
	close_world();
	options.shares_seconds = false;
	open_world(&options);
	for (unsigned i = 1; i <= 3; i++) {
		assert_int_equal(sandbox_close(sandbox, START, NULL), SDEX_OK);
		assert_int_equal(sandbox_close_time(sandbox), START + i);
	}
	close_world();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_of_two_parameters_counts),
		cmocka_unit_test(a_batch_s_answer_has_an_end),
		cmocka_unit_test(a_long_result_is_told_as_json),
		cmocka_unit_test(what_is_refused_leaves_no_name),
		cmocka_unit_test(a_signature_is_verified_once),
		cmocka_unit_test(a_verdict_is_not_a_permission),
		cmocka_unit_test(the_network_goes_on_without_its_traders),
		cmocka_unit_test(friendbot_goes_on_without_some_channels),
		cmocka_unit_test(ledgers_of_a_second_share_its_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
