/* bench/sign.c - the time from a request to its signature over the signer's socket: with the
 * audit log on a disk, where each intent is synced, and in memory, where a sync costs nothing.
 *
 * The signer runs in a process of its own.  One request at a time gives the latency; a full
 * queue shows what sharing a sync among waiting requests is worth.  SDEX_BENCH_DISK is the
 * folder on a disk (the working folder when it is not set). */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "policy/rate.h"
#include "sdex/asset.h"
#include "sign/server.h"

#define WARM 50u
#define ROUNDS 2000u
#define QUEUE 64u

static struct sdex_secret secret;
static sdex_AccountID account;
static int64_t sequence;

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "bench_sign: %s\n", what);
	exit(1);
}

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* ---- the signer ---- */

static void serve(int socket, const char *audit)
{
	const struct desk_key key = {.name = "bench",
				     .secret = &secret,
				     .policy = {.sources = &account,
						.source_count = 1,
						.fee = POLICY_FEE_USUAL,
						.time_ahead_s = POLICY_TIME_AHEAD_S}};
	const struct desk_options options = {
		.network_passphrase = SDEX_PASSPHRASE_TESTNET,
		.keys = &key,
		.key_count = 1,
		.per_second = RATE_PER_SECOND_MOST,
		.audit = audit,
	};
	const struct server_options server = {
		.socket = socket, .signals = -1, .text = "", .keys = &key, .key_count = 1};
	const struct desk_time now = server_time();
	struct sdex_failure why;
	struct desk *desk;
	must(desk_open(&desk, &options, &now, &why) == SDEX_OK, why.text);
	must(server_run(desk, &server, &why) == SDEX_OK, why.text);
	desk_close(desk, server_time().now_ms);
	exit(0);
}

/* ---- requests ---- */

static size_t make_request(uint8_t *to, size_t room)
{
	static uint8_t envelope[1024];
	struct sdex_arena *arena = sdex_arena_new(0);
	sdex_AccountID issuer = {.ed25519 = {{9}}};
	sdex_Asset native = sdex_asset_native(), usdc;
	sdex_Operation op;
	sdex_TransactionEnvelope made;
	size_t size;
	must(!sdex_asset_make(&usdc, arena, "USDC", 4, &issuer, NULL) &&
		     !sdex_op_manage_sell_offer(&op, arena, NULL, &native, &usdc, sdex_stroops(10),
						(sdex_Price){1, 2}, 0, NULL),
	     "the operation");
	const sdex_Transaction tx = {
		.sourceAccount = sdex_muxed(&account),
		.fee = 100,
		.seqNum = ++sequence,
		.cond = sdex_preconditions_time(0, (uint64_t)time(NULL) + 60),
		.operations = {&op, 1},
	};
	must(!sdex_tx_make(&made, arena, &tx, NULL, NULL) &&
		     !sdex_xdr_encode(SDEX_TYPE_TransactionEnvelope, envelope, sizeof envelope,
				      &size, &made, NULL),
	     "the envelope");
	const struct frame frame = {.kind = FRAME_SIGN,
				    .token = (uint64_t)sequence,
				    .key = {(const uint8_t *)"bench", 5},
				    .envelope = {envelope, (uint32_t)size}};
	size = frame_write(to, room, &frame);
	must(size > 0, "the frame");
	sdex_arena_free(arena);
	return size;
}

/* Waits until so many answers have come, all of the wanted kind. */
static void wait_for(int socket, unsigned count, enum frame_kind kind)
{
	static uint8_t room[2 * FRAME_MAX];
	static size_t size;
	static struct frame frame;
	while (count) {
		size_t used;
		if (frame_read(&frame, &used, room, size) == FRAME_WHOLE) {
			must(frame.kind == kind, "another answer was expected");
			memmove(room, room + used, size - used);
			size -= used;
			count--;
			continue;
		}
		ssize_t got = read(socket, room + size, sizeof room - size);
		must(got > 0, "the signer ended");
		size += (size_t)got;
	}
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void print(const char *where, const char *what, double figure, const char *unit)
{
	char name[128];
	snprintf(name, sizeof name, "sign: %s, audit log %s", what, where);
	bench_print(name, figure, unit);
}

static void measure_one_by_one(int socket, const char *where)
{
	static double took[ROUNDS];
	static uint8_t out[FRAME_MAX];
	for (unsigned i = 0; i < WARM + ROUNDS; i++) {
		size_t size = make_request(out, sizeof out);
		double start = now_us();
		must(write(socket, out, size) == (ssize_t)size, "write");
		wait_for(socket, 1, FRAME_SIGNED);
		if (i >= WARM)
			took[i - WARM] = now_us() - start;
	}
	qsort(took, ROUNDS, sizeof *took, by_size);
	print(where, "request to signature, median", took[ROUNDS / 2], "us");
	print(where, "request to signature, 99 %", took[ROUNDS * 99 / 100], "us");
}

static void measure_queue(int socket, const char *where)
{
	static uint8_t out[QUEUE * 1024];
	double spent = 0;
	for (unsigned round = 0; round < ROUNDS / QUEUE; round++) {
		size_t size = 0;
		for (unsigned i = 0; i < QUEUE; i++)
			size += make_request(out + size, sizeof out - size);
		double start = now_us();
		must(write(socket, out, size) == (ssize_t)size, "write");
		wait_for(socket, QUEUE, FRAME_SIGNED);
		spent += now_us() - start;
	}
	print(where, "64 requests waiting", (double)(ROUNDS / QUEUE * QUEUE) / spent * 1e6, "/s");
}

static void measure(const char *folder, const char *where)
{
	char audit[512];
	int pair[2], status;
	snprintf(audit, sizeof audit, "%s/bench-sign-audit-%d", folder, (int)getpid());
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
	fflush(stdout);
	pid_t child = fork();
	must(child >= 0, "fork");
	if (child == 0) {
		close(pair[0]);
		serve(pair[1], audit);
	}
	close(pair[1]);
	wait_for(pair[0], 1, FRAME_READY);
	sequence = 0;
	measure_one_by_one(pair[0], where);
	/* The rate saves up for as many more. */
	measure_queue(pair[0], where);
	close(pair[0]);
	must(waitpid(child, &status, 0) == child && status == 0, "the signer's end");
	unlink(audit);
}

int main(void)
{
	static const uint8_t seed[32] = {1};
	const char *disk = getenv("SDEX_BENCH_DISK");
	sdex_secret_from_seed(&secret, seed);
	memcpy(account.ed25519.bytes, secret.public_key, 32);
	measure(disk ? disk : ".", "on disk");
	if (access("/dev/shm", W_OK) == 0)
		measure("/dev/shm", "in memory");
	return 0;
}
