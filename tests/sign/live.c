/* tests/sign/live.c - the connector's client and the real sdex-signer: signed envelopes, a
 * signer that is killed and comes again, and what it then remembers. */
#include <signal.h>
#include <time.h>

#include "net/testing.h"
#include "sign/client.h"
#include "sign/keystore.h"
#include "sign/testing.h"

static const char *program;
static struct test_folder folder;
static struct loop *loop;
static struct signer *client;
static struct sdex_failure why;
static struct sdex_arena *arena;
static struct sdex_secret key;
static char keystore_path[128], audit_path[128], passphrase_path[128];

static unsigned readies, answers;
static enum signer_outcome outcome;
static char rule[64], said[2048];
static struct sdex_bytes envelope;

static void on_answer(void *arg, const struct signer_answer *answer)
{
	(void)arg;
	outcome = answer->outcome;
	snprintf(rule, sizeof rule, "%s", answer->rule);
	envelope.size = (uint32_t)answer->size;
	envelope.data =
		answer->size ? sdex_arena_copy(arena, answer->envelope, answer->size) : NULL;
	answers++;
}

static void on_state(void *arg, enum signer_state state, const char *text)
{
	(void)arg;
	readies += state == SIGNER_READY;
	snprintf(said, sizeof said, "%s", text);
}

static void start(const char *const *policy)
{
	const char *keystores[] = {keystore_path};
	const struct signer_options options = {
		.program = program,
		.network_passphrase = TEST_NETWORK,
		.keystores = keystores,
		.keystore_count = 1,
		.audit = audit_path,
		.passphrase_file = passphrase_path,
		.policy = policy,
		.answer = on_answer,
		.state = on_state,
	};
	client = signer_start(loop, &options, &why);
	assert_non_null(client);
}

static int set_up(void **state)
{
	(void)state;
	struct keystore keystore;
	const struct keystore_terms terms = {.name = "trading",
					     .passes = KEYSTORE_PASSES,
					     .memory = KEYSTORE_MEMORY_LEAST,
					     .passphrase = TEST_PASSPHRASE,
					     .passphrase_size = strlen(TEST_PASSPHRASE)};
	test_folder_make(&folder);
	snprintf(keystore_path, sizeof keystore_path, "%s", test_path(&folder, "key"));
	snprintf(audit_path, sizeof audit_path, "%s", test_path(&folder, "audit"));
	snprintf(passphrase_path, sizeof passphrase_path, "%s", test_path(&folder, "passphrase"));
	key = test_key(1);
	assert_int_equal(keystore_seal(&keystore, &terms, &key, &why), SDEX_OK);
	assert_int_equal(keystore_store(&keystore, keystore_path, &why), SDEX_OK);
	test_write(passphrase_path, TEST_PASSPHRASE, strlen(TEST_PASSPHRASE), 0600);
	arena = sdex_arena_new(0);
	loop = loop_new();
	readies = answers = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	signer_stop(client);
	client = NULL;
	loop_free(loop);
	sdex_arena_free(arena);
	/* The signer ends with its socket, and is done with the folder then. */
	usleep(50000);
	test_folder_remove(&folder);
	return 0;
}

static void until(const unsigned *count, unsigned wanted)
{
	turn_until_count(loop, count, wanted, said);
}

static struct sdex_bytes offer(int64_t sequence, int64_t amount)
{
	const struct test_request request = {.key = &key,
					     .sequence = sequence,
					     .max_time = (uint64_t)time(NULL) + 60,
					     .amount = amount};
	return test_envelope(arena, &request);
}

static void ask(struct sdex_bytes asked, bool replace)
{
	unsigned before = answers;
	assert_int_equal(signer_sign(client, 1, "trading", asked.data, asked.size, replace),
			 SDEX_OK);
	until(&answers, before + 1);
}

/* Kills the children of this process; those of earlier tests are dead already. */
static void kill_signer(void)
{
	FILE *file = fopen("/proc/thread-self/children", "r");
	char child[16];
	assert_non_null(file);
	while (fscanf(file, "%15s", child) == 1)
		assert_int_equal(kill((pid_t)strtol(child, NULL, 10), SIGKILL), 0);
	fclose(file);
}

static void signs(void **state)
{
	(void)state;
	start(NULL);
	struct sdex_bytes asked = offer(5, 1);
	ask(asked, false);
	assert_int_equal(outcome, SIGNER_SIGNED);
	test_is_signed(arena, asked, envelope, &key);
	assert_memory_equal(signer_public_key(client, "trading"), key.public_key, 32);
	ask(offer(4, 1), false);
	assert_int_equal(outcome, SIGNER_REFUSED);
	assert_string_equal(rule, "sequence");
}

static void policy_of_the_options(void **state)
{
	(void)state;
	static const char *const policy[] = {"--asset", "native", "--rate", "9", NULL};
	start(policy);
	ask(offer(5, 1), false);
	assert_int_equal(outcome, SIGNER_REFUSED);
	assert_string_equal(rule, "asset");
}

static void killed(void **state)
{
	(void)state;
	start(NULL);
	struct sdex_bytes first = offer(5, 1), second = offer(5, 2), signed_first;
	ask(first, false);
	signed_first = envelope;
	for (unsigned i = 1; i <= 3; i++) {
		kill_signer();
		unsigned before = answers;
		/* It is dead or dying: asked in between, a request waits or is GONE. */
		assert_int_equal(signer_sign(client, i, "trading", first.data, first.size, false),
				 SDEX_OK);
		until(&answers, before + 1);
		assert_true(outcome == SIGNER_GONE || outcome == SIGNER_SIGNED);
		until(&readies, i + 1);
		ask(first, false);
		assert_int_equal(outcome, SIGNER_SIGNED);
		assert_int_equal(envelope.size, signed_first.size);
		assert_memory_equal(envelope.data, signed_first.data, envelope.size);
		ask(second, false);
		assert_string_equal(rule, "sequence");
	}
	ask(second, true);
	assert_int_equal(outcome, SIGNER_SIGNED);
}

static void wrong_passphrase(void **state)
{
	(void)state;
	test_write(passphrase_path, "something else", 14, 0600);
	start(NULL);
	uint64_t start_ms = loop_now_ms(loop);
	*said = '\0';
	while (!*said && loop_now_ms(loop) - start_ms < 30000) {
		loop_turn(loop, false);
		usleep(100);
	}
	assert_non_null(strstr(said, "does not open the key trading"));
	/* Once the file is right, so is the signer. */
	test_write(passphrase_path, TEST_PASSPHRASE, strlen(TEST_PASSPHRASE), 0600);
	ask(offer(5, 1), false);
	assert_int_equal(outcome, SIGNER_SIGNED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(signs),
		TEST(policy_of_the_options),
		TEST(killed),
		TEST(wrong_passphrase),
	};
	if (argc != 2)
		return 2;
	program = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
