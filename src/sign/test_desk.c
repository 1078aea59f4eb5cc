/* sign/test_desk.c - from requests to signatures: what is signed, what is refused and by which
 * rule, and what is remembered over a restart. */
#include <signal.h>
#include <sys/resource.h>

#include "policy/rate.h"
#include "sdex/strkey.h"
#include "sign/desk.h"
#include "sign/testing.h"

#define NOW_S INT64_C(1700000000)

static struct test_folder folder;
static struct sdex_failure why;
static struct sdex_arena *arena;
static struct sdex_secret alice, bob;
static sdex_AccountID alice_account, bob_account;
static struct desk_key keys[2];
static struct desk_options options;
static struct desk_time now;
static struct desk *desk;
static struct frame answer;
static struct sdex_bytes asked;

static struct policy trading(const sdex_AccountID *account)
{
	return (struct policy){.sources = account,
			       .source_count = 1,
			       .fee = POLICY_FEE_USUAL,
			       .time_ahead_s = POLICY_TIME_AHEAD_S};
}

static void start(void)
{
	assert_int_equal(desk_open(&desk, &options, &now, &why), SDEX_OK);
}

static void restart(void)
{
	desk_close(desk, now.now_ms);
	start();
}

static int set_up(void **state)
{
	(void)state;
	test_folder_make(&folder);
	arena = sdex_arena_new(0);
	alice = test_key(1);
	bob = test_key(2);
	memcpy(alice_account.ed25519.bytes, alice.public_key, 32);
	memcpy(bob_account.ed25519.bytes, bob.public_key, 32);
	keys[0] = (struct desk_key){"alice", &alice, trading(&alice_account)};
	keys[1] = (struct desk_key){"bob", &bob, trading(&bob_account)};
	now = (struct desk_time){NOW_S * 1000, 5000};
	options = (struct desk_options){.network_passphrase = TEST_NETWORK,
					.keys = keys,
					.key_count = 2,
					.per_second = RATE_PER_SECOND_MOST,
					.audit = strdup(test_path(&folder, "log"))};
	start();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	desk_close(desk, now.now_ms);
	desk = NULL;
	free((char *)(uintptr_t)options.audit);
	test_folder_remove(&folder);
	sdex_arena_free(arena);
	return 0;
}

/* Asks; "" when it was signed, with a good signature, else the rule's name. */
static const char *ask_bytes(const char *key, struct sdex_bytes envelope, bool replace)
{
	static char rule[FRAME_NAME_MAX + 1];
	struct frame request = {.kind = FRAME_SIGN,
				.token = 42,
				.replace = replace,
				.key = pack_text(key),
				.envelope = envelope};
	asked = envelope;
	assert_int_equal(desk_take(desk, &request, &now, &why), SDEX_OK);
	assert_int_equal(desk_settle(desk, now.now_ms, &why), SDEX_OK);
	desk_answer(desk, 0, &answer);
	assert_int_equal(answer.token, 42);
	if (answer.kind == FRAME_SIGNED)
		answer.envelope.data =
			sdex_arena_copy(arena, answer.envelope.data, answer.envelope.size);
	snprintf(rule, sizeof rule, "%.*s", (int)answer.rule.size,
		 answer.rule.size ? (const char *)answer.rule.data : "");
	assert_true((answer.kind == FRAME_SIGNED) == !*rule);
	desk_clear(desk);
	return rule;
}

static const char *ask(const struct sdex_secret *key, int64_t sequence, int64_t amount,
		       bool replace)
{
	const struct test_request request = {
		.key = key, .sequence = sequence, .max_time = NOW_S + 60, .amount = amount};
	return ask_bytes(key == &alice ? "alice" : "bob", test_envelope(arena, &request), replace);
}

static void signs(void **state)
{
	(void)state;
	assert_string_equal(ask(&alice, 7, 1, false), "");
	test_is_signed(arena, asked, answer.envelope, &alice);
	assert_string_equal(ask(&bob, 7, 1, false), "");
	test_is_signed(arena, asked, answer.envelope, &bob);
}

/* What it signed already is given back as it is: one more signature would spoil it. */
static void signed_already(void **state)
{
	(void)state;
	assert_string_equal(ask(&alice, 7, 1, false), "");
	struct sdex_bytes first = answer.envelope;
	assert_string_equal(ask_bytes("alice", first, false), "");
	assert_int_equal(answer.envelope.size, first.size);
	assert_memory_equal(answer.envelope.data, first.data, first.size);
}

/* Twenty signatures of others leave no room for one more. */
static void no_room_for_a_signature(void **state)
{
	(void)state;
	const struct test_request request = {.key = &alice, .sequence = 9, .max_time = NOW_S + 60};
	struct sdex_bytes bytes = test_envelope(arena, &request);
	sdex_TransactionEnvelope *envelope = NULL;
	uint8_t signature[SDEX_SIGNATURE_SIZE] = {0}, full[4096];
	size_t size;
	assert_int_equal(
		sdex_TransactionEnvelope_decode(&envelope, arena, bytes.data, bytes.size, NULL),
		SDEX_OK);
	for (uint8_t i = 0; i < 20; i++) {
		signature[0] = i;
		const sdex_DecoratedSignature one = {.signature = {signature, sizeof signature}};
		assert_int_equal(sdex_tx_add_signature(envelope, arena, &one, NULL), SDEX_OK);
	}
	assert_int_equal(sdex_xdr_encode(SDEX_TYPE_TransactionEnvelope, full, sizeof full, &size,
					 envelope, NULL),
			 SDEX_OK);
	assert_string_equal(ask_bytes("alice", (struct sdex_bytes){full, (uint32_t)size}, false),
			    "malformed");
	assert_string_equal(ask_bytes("alice", bytes, false), "");
}

static void sequences(void **state)
{
	(void)state;
	assert_string_equal(ask(&alice, 7, 1, false), "");
	struct sdex_bytes first = answer.envelope;
	assert_string_equal(ask(&alice, 7, 2, false), "sequence");
	assert_string_equal(ask(&alice, 8, 1, false), "");
	assert_string_equal(ask(&alice, 6, 1, false), "sequence");
	assert_string_equal(ask(&alice, 6, 1, true), "sequence");
	assert_string_equal(ask(&alice, 7, 1, false), "");
	assert_memory_equal(answer.envelope.data, first.data, first.size); /* the same bytes */
	assert_string_equal(ask(&bob, 3, 1, false), "");
	assert_string_equal(ask(&alice, 7, 2, true), "");
	assert_string_equal(ask(&alice, 7, 1, false), "sequence");
	assert_string_equal(ask(&alice, INT64_MAX, 1, false), "");
	assert_string_equal(ask(&alice, 9, 1, false), "sequence");
}

static void remembers(void **state)
{
	(void)state;
	assert_string_equal(ask(&alice, 7, 1, false), "");
	struct sdex_bytes first = answer.envelope;
	restart();
	assert_string_equal(ask(&alice, 7, 2, false), "sequence");
	assert_string_equal(ask(&alice, 6, 1, false), "sequence");
	assert_string_equal(ask(&alice, 7, 1, false), "");
	assert_memory_equal(answer.envelope.data, first.data, first.size);
	assert_string_equal(ask(&alice, 7, 2, true), "");
	restart();
	assert_string_equal(ask(&alice, 7, 1, false), "sequence");
	assert_string_equal(ask(&alice, 7, 2, false), "");
}

/* What was refused uses up no number. */
static void refusals_leave_no_trace(void **state)
{
	(void)state;
	struct test_request request = {.key = &alice, .sequence = 9, .max_time = 0};
	assert_string_equal(ask_bytes("alice", test_envelope(arena, &request), false), "max_time");
	request.max_time = NOW_S + 60;
	request.fee = POLICY_FEE_USUAL + 1;
	assert_string_equal(ask_bytes("alice", test_envelope(arena, &request), false), "fee");
	assert_string_equal(ask(&alice, 8, 1, false), "");
}

static void keys_and_sources(void **state)
{
	(void)state;
	const struct test_request request = {.key = &alice, .sequence = 9, .max_time = NOW_S + 60};
	struct sdex_bytes envelope = test_envelope(arena, &request);
	assert_string_equal(ask_bytes("carol", envelope, false), "key");
	assert_string_equal(ask_bytes("bob", envelope, false), "source");
	assert_string_equal(ask_bytes("alic", envelope, false), "key");
	assert_string_equal(ask_bytes("alice", envelope, false), "");
	char address[SDEX_STRKEY_KEY_ROOM];
	assert_int_equal(sdex_strkey_encode_key(address, sizeof address, NULL, SDEX_STRKEY_ACCOUNT,
						bob.public_key),
			 SDEX_OK);
	assert_string_equal(ask_bytes(address, envelope, false), "source");
	assert_int_equal(sdex_strkey_encode_key(address, sizeof address, NULL, SDEX_STRKEY_ACCOUNT,
						alice.public_key),
			 SDEX_OK);
	assert_string_equal(ask_bytes(address, envelope, false), "");
	address[10] ^= 1;
	assert_string_equal(ask_bytes(address, envelope, false), "key");
}

/* Every cut, every byte behind, and bytes at random: refused, with a reason. */
static void not_an_envelope(void **state)
{
	(void)state;
	const struct test_request request = {.key = &alice, .sequence = 9, .max_time = NOW_S + 60};
	struct sdex_bytes envelope = test_envelope(arena, &request);
	uint8_t longer[1024] = {0};
	memcpy(longer, envelope.data, envelope.size);
	for (uint32_t size = 0; size < envelope.size; size++)
		assert_string_equal(
			ask_bytes("alice", (struct sdex_bytes){envelope.data, size}, false),
			"encoding");
	assert_true(answer.text.size > 10);
	assert_string_equal(
		ask_bytes("alice", (struct sdex_bytes){longer, envelope.size + 4}, false),
		"encoding");
}

static void clock_and_rate(void **state)
{
	(void)state;
	assert_string_equal(ask(&alice, 7, 1, false), "");
	now.now_ms -= DESK_CLOCK_SLACK_MS;
	assert_string_equal(ask(&alice, 8, 1, false), "");
	now.now_ms -= 1;
	assert_string_equal(ask(&alice, 9, 1, false), "clock");
	restart(); /* which does not make it forget */
	assert_string_equal(ask(&alice, 9, 1, false), "clock");
	now.now_ms += DESK_CLOCK_SLACK_MS;
	options.per_second = 1;
	restart();
	for (int i = 0; i < (int)RATE_BURST_SECONDS; i++)
		assert_string_equal(ask(&alice, 9, 1, false), "");
	uint64_t records = audit_sum(desk_audit(desk))->records;
	for (int i = 0; i < 10; i++)
		assert_string_equal(ask(&alice, 9, 1, false), "rate");
	/* a flood is told once, so that it does not fill the disk */
	assert_int_equal(audit_sum(desk_audit(desk))->records, records + 1);
	now.steady_ms += 1000;
	assert_string_equal(ask(&alice, 9, 1, false), "");
	assert_string_equal(ask(&alice, 9, 1, false), "rate");
}

static void batches(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < DESK_BATCH; i++) {
		const struct test_request r = {.key = &alice,
					       .sequence = 5 + i / 2,
					       .max_time = NOW_S + 60,
					       .amount = 1 + i % 2};
		const struct frame request = {.kind = FRAME_SIGN,
					      .token = 100 + i,
					      .key = pack_text("alice"),
					      .envelope = test_envelope(arena, &r)};
		assert_int_equal(desk_take(desk, &request, &now, &why), SDEX_OK);
	}
	assert_int_equal(desk_settle(desk, now.now_ms, &why), SDEX_OK);
	for (uint32_t i = 0; i < DESK_BATCH; i++) {
		desk_answer(desk, i, &answer);
		assert_int_equal(answer.token, 100 + i);
		/* the second for each number is another transaction */
		assert_int_equal(answer.kind, i % 2 ? FRAME_REFUSED : FRAME_SIGNED);
	}
	desk_clear(desk);
}

static void another_network(void **state)
{
	(void)state;
	struct desk *other;
	restart();
	desk_close(desk, now.now_ms);
	desk = NULL;
	options.network_passphrase = SDEX_PASSPHRASE_PUBLIC;
	assert_int_equal(desk_open(&other, &options, &now, &why), SDEX_ERR_KIND);
	options.network_passphrase = TEST_NETWORK;
	options.per_second = 0;
	assert_int_equal(desk_open(&other, &options, &now, &why), SDEX_ERR_INVALID);
	options.per_second = 1;
	memcpy(keys[1].name, keys[0].name, sizeof keys[0].name);
	assert_int_equal(desk_open(&other, &options, &now, &why), SDEX_ERR_DUPLICATE);
}

struct tally {
	unsigned intents, results, refusals;
	uint8_t intent[32], result[32];
	bool ordered; /* no result without its intent just before it */
};

static enum sdex_error count(void *arg, const struct audit_record *r, struct sdex_failure *failure)
{
	struct tally *t = arg;
	(void)failure;
	if (r->kind == AUDIT_INTENT) {
		t->intents++;
		memcpy(t->intent, r->hash, 32);
		assert_int_equal(r->envelope.size, asked.size);
	} else if (r->kind == AUDIT_SIGNED) {
		t->results++;
		t->ordered = t->ordered && memcmp(t->intent, r->hash, 32) == 0;
		assert_int_equal(sdex_verify(alice.public_key, r->signature.data, r->hash, 32),
				 SDEX_OK);
	} else if (r->kind == AUDIT_REFUSED) {
		t->refusals++;
		assert_true(r->rule.size > 0 && r->text.size > 0);
	}
	return SDEX_OK;
}

static void log_tells_it(void **state)
{
	(void)state;
	struct tally tally = {.ordered = true};
	struct audit_sum sum;
	assert_string_equal(ask(&alice, 7, 1, false), "");
	assert_string_equal(ask(&alice, 7, 2, false), "sequence");
	assert_string_equal(ask(&alice, 8, 1, false), "");
	int fd = open(options.audit, O_RDONLY);
	assert_int_equal(audit_read(fd, &sum, count, &tally, &why), SDEX_OK);
	close(fd);
	assert_int_equal(tally.intents, 2);
	assert_int_equal(tally.results, 2);
	assert_int_equal(tally.refusals, 1);
	assert_true(tally.ordered);
	assert_int_equal(sum.records, 6);
	assert_non_null(strstr(desk_policy(desk), "\"alice\""));
}

/* A disk without room: no signature, now or later. */
static void full_disk(void **state)
{
	(void)state;
	struct rlimit before, limit;
	const struct test_request r = {.key = &alice, .sequence = 9, .max_time = NOW_S + 60};
	struct frame request = {.kind = FRAME_SIGN,
				.key = pack_text("alice"),
				.envelope = test_envelope(arena, &r)};
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = audit_sum(desk_audit(desk))->bytes + 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(desk_take(desk, &request, &now, &why), SDEX_OK);
	assert_int_equal(desk_settle(desk, now.now_ms, &why), SDEX_ERR_INVALID);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	desk_clear(desk);
	assert_int_equal(desk_take(desk, &request, &now, &why), SDEX_ERR_INVALID);
	desk_clear(desk);
	restart();
	assert_string_equal(ask(&alice, 9, 2, false), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(signs),
		TEST(signed_already),
		TEST(no_room_for_a_signature),
		TEST(sequences),
		TEST(remembers),
		TEST(keys_and_sources),
		TEST(refusals_leave_no_trace),
		TEST(not_an_envelope),
		TEST(clock_and_rate),
		TEST(batches),
		TEST(another_network),
		TEST(log_tells_it),
		TEST(full_disk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
