/* sign/test_server.c - the signer's side of the socket, asked in one go and in pieces. */
#include <signal.h>
#include <sys/socket.h>

#include "policy/rate.h"
#include "sign/server.h"
#include "sign/testing.h"

static struct test_folder folder;
static struct sdex_failure why;
static struct sdex_arena *arena;
static struct sdex_secret alice;
static sdex_AccountID account;
static struct desk_key key;
static struct desk *desk;
static struct server_options options;
static int ours;
static struct frame frame;
static uint8_t room[1 << 20];
static size_t got, at;

static int set_up(void **state)
{
	(void)state;
	int pair[2];
	test_folder_make(&folder);
	arena = sdex_arena_new(0);
	alice = test_key(1);
	memcpy(account.ed25519.bytes, alice.public_key, 32);
	key = (struct desk_key){"alice",
				&alice,
				{.sources = &account,
				 .source_count = 1,
				 .fee = POLICY_FEE_USUAL,
				 .time_ahead_s = POLICY_TIME_AHEAD_S}};
	const struct desk_options terms = {.network_passphrase = TEST_NETWORK,
					   .keys = &key,
					   .key_count = 1,
					   .per_second = RATE_PER_SECOND_MOST,
					   .audit = test_path(&folder, "log")};
	const struct desk_time now = server_time();
	assert_int_equal(desk_open(&desk, &terms, &now, &why), SDEX_OK);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ours = pair[0];
	options = (struct server_options){.socket = pair[1],
					  .signals = -1,
					  .text = "as tests are",
					  .keys = &key,
					  .key_count = 1};
	got = at = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(ours);
	close(options.socket);
	desk_close(desk, server_time().now_ms);
	test_folder_remove(&folder);
	sdex_arena_free(arena);
	return 0;
}

static void send_bytes(const void *data, size_t size)
{
	assert_int_equal(write(ours, data, size), size);
}

static size_t request(uint8_t *to, uint64_t token, int64_t sequence)
{
	const struct test_request r = {.key = &alice,
				       .sequence = sequence,
				       .max_time = (uint64_t)(server_time().now_ms / 1000 + 60)};
	const struct frame f = {.kind = FRAME_SIGN,
				.token = token,
				.key = pack_text("alice"),
				.envelope = test_envelope(arena, &r)};
	size_t size = frame_write(to, FRAME_MAX, &f);
	assert_true(size > 0);
	return size;
}

/* Runs the server to the end of what was sent, then reads its answers. */
static enum sdex_error serve(void)
{
	shutdown(ours, SHUT_WR);
	enum sdex_error error = server_run(desk, &options, &why);
	shutdown(options.socket, SHUT_WR);
	for (ssize_t n; (n = read(ours, room + got, sizeof room - got)) > 0;)
		got += (size_t)n;
	return error;
}

static bool next(void)
{
	size_t used;
	if (at == got)
		return false;
	assert_int_equal(frame_read(&frame, &used, room + at, got - at), FRAME_WHOLE);
	at += used;
	return true;
}

static void says_who_it_is(void **state)
{
	(void)state;
	assert_int_equal(serve(), SDEX_OK);
	assert_true(next());
	assert_int_equal(frame.kind, FRAME_READY);
	assert_int_equal(frame.version, FRAME_VERSION);
	assert_int_equal(frame.key_count, 1);
	assert_memory_equal(frame.keys[0].public_key, alice.public_key, 32);
	assert_int_equal(frame.keys[0].name.size, 5);
	assert_int_equal(frame.text.size, 12);
	assert_false(next());
}

/* More than a batch at once: each answered, in order. */
static void many_at_once(void **state)
{
	(void)state;
	static uint8_t all[200 * 512];
	size_t size = 0;
	for (uint64_t i = 0; i < 150; i++)
		size += request(all + size, i, (int64_t)i + 1);
	send_bytes(all, size);
	assert_int_equal(serve(), SDEX_OK);
	assert_true(next());
	for (uint64_t i = 0; i < 150; i++) {
		assert_true(next());
		assert_int_equal(frame.kind, FRAME_SIGNED);
		assert_int_equal(frame.token, i);
	}
	assert_false(next());
}

/* A request that was never finished is no request. */
static void half_a_request(void **state)
{
	(void)state;
	static uint8_t two[2 * FRAME_MAX];
	size_t first = request(two, 1, 1), second = request(two + first, 2, 2);
	send_bytes(two, first + second / 2);
	assert_int_equal(serve(), SDEX_OK);
	assert_true(next());
	assert_true(next());
	assert_int_equal(frame.token, 1);
	assert_false(next());
}

static void what_is_no_request(void **state)
{
	(void)state;
	uint8_t bytes[64];
	const struct frame stopped = {.kind = FRAME_STOPPED};
	send_bytes(bytes, frame_write(bytes, sizeof bytes, &stopped));
	assert_int_equal(serve(), SDEX_ERR_SYNTAX);
	assert_true(next());
	assert_false(next());
}

static void noise(void **state)
{
	(void)state;
	uint8_t bytes[4096];
	struct seeded rng = {4};
	seeded_fill(&rng, bytes, sizeof bytes);
	bytes[0] = 0xff;
	send_bytes(bytes, sizeof bytes);
	assert_int_equal(serve(), SDEX_ERR_SYNTAX);
}

static void nobody_reads(void **state)
{
	(void)state;
	uint8_t bytes[FRAME_MAX];
	send_bytes(bytes, request(bytes, 1, 1));
	signal(SIGPIPE, SIG_IGN);
	shutdown(ours, SHUT_RD);
	shutdown(ours, SHUT_WR);
	assert_int_equal(server_run(desk, &options, &why), SDEX_ERR_INVALID);
}

/* A peer that takes nothing more keeps it neither from ending nor from saying why. */
static void a_full_socket(void **state)
{
	(void)state;
	int told[2], flags = fcntl(options.socket, F_GETFL);
	assert_int_equal(pipe(told), 0);
	assert_int_equal(write(told[1], "", 1), 1);
	assert_int_equal(fcntl(options.socket, F_SETFL, flags | O_NONBLOCK), 0);
	while (write(options.socket, room, sizeof room) > 0)
		continue;
	while (write(options.socket, room, 1) > 0)
		continue;
	assert_int_equal(fcntl(options.socket, F_SETFL, flags), 0);
	options.signals = told[0];
	assert_int_equal(server_run(desk, &options, &why), SDEX_OK);
	assert_int_equal(fcntl(options.socket, F_SETFL, flags), 0);
	server_say_stopped(options.socket, "the end");
	close(told[0]);
	close(told[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(says_who_it_is),     TEST(many_at_once), TEST(half_a_request),
		TEST(what_is_no_request), TEST(noise),        TEST(nobody_reads),
		TEST(a_full_socket),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
