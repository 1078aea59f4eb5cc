/* sign/test_client.c - the connector's side, with a signer that does what it should and with
 * ones that do not. */
#include "net/testing.h"
#include "sign/client.h"
#include "sign/testing.h"

static const char *peer; /* the program */
static struct loop *loop;
static struct signer *client;
static struct sdex_failure why;

static unsigned readies, downs, answers;
static struct signer_answer last; /* its pointers are into the two below */
static char last_text[2048], last_rule[64], state_text[2048];
static uint8_t last_envelope[SIGNER_ENVELOPE_MAX];
static uint64_t tokens[SIGNER_QUEUE * 2];
static bool again; /* ask once more from the answer */

static void on_answer(void *arg, const struct signer_answer *answer)
{
	assert_ptr_equal(arg, &loop);
	last = *answer;
	snprintf(last_text, sizeof last_text, "%s", answer->text);
	snprintf(last_rule, sizeof last_rule, "%s", answer->rule);
	if (answer->size)
		memcpy(last_envelope, answer->envelope, answer->size);
	tokens[answers++] = answer->token;
	if (again) {
		again = false;
		assert_int_equal(signer_sign(client, 77, "k", "more", 4, false), SDEX_OK);
	}
}

static void on_state(void *arg, enum signer_state state, const char *text)
{
	assert_ptr_equal(arg, &loop);
	readies += state == SIGNER_READY;
	downs += state == SIGNER_DOWN;
	snprintf(state_text, sizeof state_text, "%s", text);
}

static struct signer_options options_of(const char *mode)
{
	static const char *const keystores[] = {"none"};
	return (struct signer_options){
		.program = peer,
		.network_passphrase = mode,
		.keystores = keystores,
		.keystore_count = 1,
		.audit = "none",
		.answer = on_answer,
		.state = on_state,
		.arg = &loop,
	};
}

static void start(const char *mode, uint32_t timeout_ms)
{
	struct signer_options options = options_of(mode);
	options.timeout_ms = timeout_ms;
	client = signer_start(loop, &options, &why);
	assert_non_null(client);
}

static int set_up(void **state)
{
	(void)state;
	readies = downs = answers = 0;
	again = false;
	loop = loop_new();
	assert_non_null(loop);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	signer_stop(client);
	client = NULL;
	loop_free(loop);
	return 0;
}

static void until(const unsigned *count, unsigned wanted)
{
	turn_until_count(loop, count, wanted, state_text);
}

static void ask(uint64_t token)
{
	assert_int_equal(signer_sign(client, token, "k", "envelope", 8, false), SDEX_OK);
}

static void there_and_back(void **state)
{
	(void)state;
	static const uint8_t key[32] = {1, 2, 3};
	start("echo", 0);
	ask(5); /* before it is ready: it waits */
	assert_false(signer_is_ready(client));
	assert_null(signer_public_key(client, "k"));
	until(&answers, 1);
	assert_int_equal(last.token, 5);
	assert_int_equal(last.outcome, SIGNER_SIGNED);
	assert_int_equal(last.size, 8);
	assert_memory_equal(last_envelope, "envelope", 8);
	assert_true(signer_is_ready(client));
	assert_memory_equal(signer_public_key(client, "k"), key, 32);
	assert_null(signer_public_key(client, "other"));
	again = true;
	ask(6);
	until(&answers, 3);
	assert_int_equal(last.token, 77);
	assert_int_equal(readies, 1);
	assert_int_equal(downs, 0);
}

static void in_pieces(void **state)
{
	(void)state;
	start("pieces", 0);
	for (uint64_t i = 0; i < 20; i++)
		ask(i);
	until(&answers, 20);
	for (uint64_t i = 0; i < 20; i++)
		assert_int_equal(tokens[i], i);
}

static void large(void **state)
{
	(void)state;
	static uint8_t envelope[SIGNER_ENVELOPE_MAX + 1];
	struct seeded rng = {1};
	seeded_fill(&rng, envelope, sizeof envelope);
	start("echo", 0);
	assert_int_equal(signer_sign(client, 1, "k", envelope, sizeof envelope, false),
			 SDEX_ERR_INVALID);
	assert_int_equal(signer_sign(client, 1, "k", envelope, 0, false), SDEX_ERR_INVALID);
	assert_int_equal(signer_sign(client, 1, "", envelope, 9, false), SDEX_ERR_INVALID);
	assert_int_equal(signer_sign(client, 1, "a b", envelope, 9, false), SDEX_ERR_INVALID);
	assert_int_equal(signer_sign(client, 1, "k", envelope, SIGNER_ENVELOPE_MAX, true), SDEX_OK);
	until(&answers, 1);
	assert_int_equal(last.size, SIGNER_ENVELOPE_MAX);
	assert_memory_equal(last_envelope, envelope, SIGNER_ENVELOPE_MAX);
}

static void refused(void **state)
{
	(void)state;
	start("refuse", 0);
	ask(1);
	until(&answers, 1);
	assert_int_equal(last.outcome, SIGNER_REFUSED);
	assert_string_equal(last_rule, "max_time");
	assert_string_equal(last_text, "too far");
}

/* What passes is no refusal. */
static void not_now(void **state)
{
	(void)state;
	start("rate", 0);
	ask(1);
	until(&answers, 1);
	assert_int_equal(last.outcome, SIGNER_GONE);
	assert_string_equal(last_rule, "rate");
}

/* The queue has an end, and what is in it is answered in the order of asking. */
static void full_queue(void **state)
{
	(void)state;
	start("echo", 0);
	for (uint64_t i = 0; i < SIGNER_QUEUE; i++)
		ask(i);
	assert_int_equal(signer_sign(client, 9999, "k", "envelope", 8, false), SDEX_ERR_NOMEM);
	until(&answers, SIGNER_QUEUE);
	for (uint64_t i = 0; i < SIGNER_QUEUE; i++)
		assert_int_equal(tokens[i], i);
	ask(1);
	until(&answers, SIGNER_QUEUE + 1);
}

/* It dies of a request: that one is GONE, and the signer comes again for the next. */
static void dies(void **state)
{
	(void)state;
	start("die", 0);
	until(&readies, 1);
	ask(1);
	ask(2);
	until(&answers, 2);
	assert_int_equal(last.outcome, SIGNER_GONE);
	assert_non_null(strstr(last_text, "status 7"));
	assert_int_equal(downs, 1);
	assert_non_null(strstr(state_text, "again in 100 ms"));
	ask(3); /* waits for the next start, of which it dies again */
	until(&answers, 3);
	assert_int_equal(readies, 2);
	until(&downs, 2);
	assert_non_null(strstr(state_text, "again in 200 ms"));
	until(&readies, 3);
}

static void says_why_it_stops(void **state)
{
	(void)state;
	start("stop", 0);
	until(&downs, 2);
	assert_int_equal(readies, 0);
	assert_non_null(strstr(state_text, "the disk is full; it is started again in 200 ms"));
}

/* No back-off is reset by a signer that never answers anything. */
static void ends_at_once(void **state)
{
	(void)state;
	start("exit", 0);
	until(&downs, 3);
	assert_non_null(strstr(state_text, "status 5; it is started again in 400 ms"));
}

static void hangs(void **state)
{
	(void)state;
	start("mute", 200);
	until(&readies, 1);
	ask(1);
	until(&answers, 1);
	assert_int_equal(last.outcome, SIGNER_GONE);
	assert_non_null(strstr(last_text, "no answer in time"));
	until(&readies, 2);
}

static void never_ready(void **state)
{
	(void)state;
	start("silent", 200);
	ask(1);
	ask(2);
	until(&answers, 2);
	assert_int_equal(last.outcome, SIGNER_GONE);
	assert_non_null(strstr(last_text, "not ready in time"));
	assert_int_equal(downs, 0);
}

static void no_signer_at_all(void **state)
{
	(void)state;
	static const char *const modes[] = {"garbage", "version"};
	static const char *const says[] = {"no frame", "another version"};
	for (int i = 0; i < 2; i++) {
		start(modes[i], 0);
		downs = 0;
		until(&downs, 1);
		assert_non_null(strstr(state_text, says[i]));
		assert_int_equal(readies, 0);
		signer_stop(client);
		client = NULL;
	}
}

static void answers_nobody_asked_for(void **state)
{
	(void)state;
	static const char *const modes[] = {"unasked", "request"};
	for (int i = 0; i < 2; i++) {
		start(modes[i], 0);
		answers = 0;
		ask(1);
		until(&answers, 1);
		assert_int_equal(last.outcome, SIGNER_GONE);
		assert_int_equal(last.token, 1);
		signer_stop(client);
		client = NULL;
	}
}

/* The descriptor is read from its beginning at each start. */
static void passphrase(void **state)
{
	(void)state;
	char path[] = "/tmp/sdex-sign-XXXXXX";
	int fd = mkstemp(path);
	unlink(path);
	assert_int_equal(write(fd, "open sesame", 11), 11);
	struct signer_options options = options_of("passphrase");
	options.passphrase_fd = fd;
	options.timeout_ms = 100;
	client = signer_start(loop, &options, &why);
	assert_non_null(client);
	until(&readies, 1);
	assert_string_equal(state_text, "open sesame");
	signer_stop(client);
	client = signer_start(loop, &options, &why);
	until(&readies, 2);
	assert_string_equal(state_text, "open sesame");
	close(fd);
}

static void bare_environment(void **state)
{
	(void)state;
	setenv("HOME", "/root", 1);
	start("environment", 0);
	until(&readies, 1);
	assert_string_equal(state_text, "bare");
}

static void stopped_in_flight(void **state)
{
	(void)state;
	start("mute", 0);
	until(&readies, 1);
	ask(1);
	turn(loop, 3);
	signer_stop(client);
	client = NULL;
	turn(loop, 3);
	assert_int_equal(answers, 0);
}

static void wrong_options(void **state)
{
	(void)state;
	struct signer_options options = options_of("echo");
	options.program = "/no/such/program";
	assert_null(signer_start(loop, &options, &why));
	assert_int_equal(why.code, SDEX_ERR_MISSING);
	assert_non_null(strstr(why.text, "/no/such/program"));
	options = options_of("echo");
	options.audit = NULL;
	assert_null(signer_start(loop, &options, &why));
	assert_int_equal(why.code, SDEX_ERR_INVALID);
	options = options_of("echo");
	options.keystore_count = 65;
	assert_null(signer_start(loop, &options, &why));
	signer_stop(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(there_and_back),
		TEST(in_pieces),
		TEST(large),
		TEST(refused),
		TEST(not_now),
		TEST(full_queue),
		TEST(dies),
		TEST(says_why_it_stops),
		TEST(ends_at_once),
		TEST(hangs),
		TEST(never_ready),
		TEST(no_signer_at_all),
		TEST(answers_nobody_asked_for),
		TEST(passphrase),
		TEST(bare_environment),
		TEST(stopped_in_flight),
		TEST(wrong_options),
	};
	if (argc != 2)
		return 2;
	peer = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
