/* bench/journal.c - goal 14: a durable intent beside bare calls, group commit, and the store.
 *
 * Wall clock, not CPU time: what counts is how long an order waits for the disk.  Ours and the
 * bare call take turns, a few hundred at a time, so that both see the same disk. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "net/loop.h"
#include "store/journal.h"
#include "store/store.h"

#define RECORD 200u
#define TURNS 16
#define SINGLES 250 /* in a turn */
#define SAMPLES (TURNS * SINGLES)
#define FLYING 256u    /* intents that wait at a time, for group commit */
#define GROUPED 20000u /* in a turn */
#define ORDERS 20000u

static char folder[] = "/var/tmp/sdex-bench-XXXXXX";
static char record[RECORD];

static void must(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "bench_journal: %s: %s\n", what, strerror(errno));
		exit(1);
	}
}

static double now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

struct samples {
	double us[SAMPLES];
	size_t count;
};

static void add(struct samples *samples, double seconds)
{
	samples->us[samples->count++] = seconds * 1e6;
}

static double print_samples(struct samples *samples, const char *name)
{
	char line[100];
	qsort(samples->us, samples->count, sizeof *samples->us, by_value);
	double p50 = samples->us[samples->count / 2];
	snprintf(line, sizeof line, "journal: %s, p50", name);
	bench_print(line, p50, "us");
	snprintf(line, sizeof line, "journal: %s, p99", name);
	bench_print(line, samples->us[samples->count * 99 / 100], "us");
	return p50;
}

/* ---- one at a time ---- */

static int bare_open(const char *name, bool filled)
{
	char path[200];
	static char zeros[1u << 20];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	must(fd >= 0, path);
	for (int i = 0; filled && i < 4; i++)
		must(pwrite(fd, zeros, sizeof zeros, i << 20) == sizeof zeros, path);
	must(fsync(fd) == 0, path);
	return fd;
}

static void bare(struct samples *samples, int fd, off_t *at)
{
	for (int i = 0; i < SINGLES; i++) {
		double start = now_s();
		must(pwrite(fd, record, RECORD, *at) == RECORD && fdatasync(fd) == 0, "bare write");
		add(samples, now_s() - start);
		*at += RECORD;
	}
}

struct ours {
	struct loop *loop;
	struct journal *journal;
	struct samples *samples;
	double start;
	uint64_t asked, wanted; /* syncs; how many in all */
};

static void next_single(struct ours *ours)
{
	if (ours->asked++ == ours->wanted) {
		loop_stop(ours->loop);
		return;
	}
	ours->start = now_s();
	journal_append(ours->journal, record, RECORD);
	journal_sync(ours->journal, ours->asked);
}

static void single_synced(void *arg, uint64_t token, int status, const char *why)
{
	struct ours *ours = arg;
	(void)token;
	must(status == 0, why);
	add(ours->samples, now_s() - ours->start);
	next_single(ours);
}

static void open_ours(struct ours *ours, const char *name, journal_synced_fn *synced)
{
	char path[200];
	struct sdex_failure why;
	struct journal_options options = {.folder = path, .on_synced = synced, .arg = ours};
	snprintf(path, sizeof path, "%s/%s", folder, name);
	*ours = (struct ours){.loop = loop_new()};
	ours->journal = journal_open(ours->loop, &options, &why);
	must(ours->journal != NULL, why.text);
}

static void close_ours(struct ours *ours)
{
	journal_close(ours->journal);
	loop_free(ours->loop);
}

static double rate_since(double start, unsigned count)
{
	return count / (now_s() - start);
}

static double median(double *rates, size_t count)
{
	qsort(rates, count, sizeof *rates, by_value);
	return rates[count / 2];
}

/* ---- many at a time ---- */

static void group_synced(void *arg, uint64_t token, int status, const char *why)
{
	struct ours *ours = arg;
	must(status == 0, why);
	if (token == ours->wanted)
		loop_stop(ours->loop);
	if (ours->asked == ours->wanted)
		return;
	journal_append(ours->journal, record, RECORD);
	journal_sync(ours->journal, ++ours->asked);
}

static double group_rate(struct ours *ours)
{
	double start = now_s();
	ours->wanted += GROUPED;
	for (unsigned i = 0; i < FLYING; i++) {
		journal_append(ours->journal, record, RECORD);
		journal_sync(ours->journal, ++ours->asked);
	}
	loop_run(ours->loop);
	return rate_since(start, GROUPED);
}

static double single_rate(struct ours *ours)
{
	double start = now_s();
	ours->asked = 0;
	ours->wanted = SINGLES;
	next_single(ours);
	loop_run(ours->loop);
	return rate_since(start, SINGLES);
}

static void intents(void)
{
	static struct samples appended, filled, journaled;
	struct ours single, group;
	double single_rates[TURNS], group_rates[TURNS];
	off_t append_at = 0, fill_at = 0;
	int append_fd = bare_open("appended", false), fill_fd = bare_open("filled", true);
	open_ours(&single, "single", single_synced);
	open_ours(&group, "group", group_synced);
	single.samples = &journaled;
	for (int turn = 0; turn < TURNS; turn++) {
		bare(&appended, append_fd, &append_at);
		bare(&filled, fill_fd, &fill_at);
		single_rates[turn] = single_rate(&single);
		group_rates[turn] = group_rate(&group);
	}
	close_ours(&single);
	close_ours(&group);
	close(append_fd);
	close(fill_fd);
	double bare_p50 = print_samples(&appended, "bare append and fdatasync");
	print_samples(&filled, "bare, file filled ahead");
	double our_p50 = print_samples(&journaled, "append, sync, answered");
	bench_print("journal: time to be durable, of bare append and fdatasync", our_p50 / bare_p50,
		    "x");
	double one = median(single_rates, TURNS), many = median(group_rates, TURNS);
	bench_print("journal: durable intents, one at a time", one, "/s");
	bench_print("journal: durable intents, 256 waiting", many, "/s");
	bench_print("journal: group commit, of one at a time", many / one, "x");
}

/* ---- reading back ---- */

static void count_record(void *arg, const struct journal_record *read)
{
	(void)read;
	++*(uint64_t *)arg;
}

static void read_back(void)
{
	char path[200];
	struct journal_end end;
	struct sdex_failure why;
	uint64_t count = 0;
	snprintf(path, sizeof path, "%s/group", folder);
	double start = now_s();
	must(journal_read(&end, path, count_record, &count, &why) == SDEX_OK, why.text);
	must(count == (uint64_t)GROUPED * TURNS, "all records");
	bench_print("journal: records read at a start", (double)count / (now_s() - start), "/s");
}

/* ---- the store ---- */

static void answered(void *arg, uint64_t token, enum store_outcome outcome, const char *json,
		     size_t size)
{
	(void)token, (void)json, (void)size;
	must(outcome == STORE_ANSWER, "the store's answer");
	loop_stop(arg);
}

static void put_order(struct store *store, unsigned number, const char *status, unsigned second)
{
	char json[1000];
	int size = snprintf(
		json, sizeof json,
		"{\"order_id\":\"%032x\",\"client_id\":\"mm-%u\",\"account\":\"GA5ZSEJYB37JRC5A\","
		"\"trading_pair\":\"XLM-USDC\",\"order_type\":\"limit\",\"trade_type\":\"buy\","
		"\"amount\":\"125.0000000\",\"price\":\"0.1234567\",\"stellar_offer_id\":\"%u\","
		"\"sequence_number\":\"123456789012345678\",\"status\":\"%s\","
		"\"status_detail\":\"OPEN\",\"created_at\":\"2026-11-21T10:00:00.000Z\","
		"\"last_update_at\":\"2026-11-21T10:00:%02u.000Z\","
		"\"filled_amount\":\"0.0000000\",\"remaining_amount\":\"125.0000000\","
		"\"average_fill_price\":null,\"fills\":[],\"fee\":\"0.0000100\",\"proof\":null}",
		number, number, number, status, second);
	store_put(store, "orders", json, (size_t)size);
}

static void store_rows(void)
{
	char path[200];
	struct sdex_failure why;
	struct loop *loop = loop_new();
	snprintf(path, sizeof path, "%s/store.db", folder);
	struct store_options options = {
		.place = path, .queue_size = 64u << 20, .on_answer = answered, .arg = loop};
	struct store *store = store_open(loop, &options, &why);
	must(store != NULL, why.text);
	double start = now_s();
	for (unsigned i = 0; i < ORDERS; i++) {
		put_order(store, i, "open", 1);
		if (i % 100 == 99)
			loop_turn(loop, false);
	}
	store_ask(store, 1, &(struct store_question){.kind = STORE_ORDERS, .limit = 1});
	loop_run(loop);
	bench_print("store: SQLite, orders put", ORDERS / (now_s() - start), "rows/s");
	start = now_s();
	for (unsigned i = 0; i < 1000; i++) {
		char id[40];
		snprintf(id, sizeof id, "%032x", i * 7919 % ORDERS);
		store_ask(store, i, &(struct store_question){.kind = STORE_ORDER, .order_id = id});
		loop_run(loop);
	}
	bench_print("store: SQLite, order by id, answered on the loop", 1000 / (now_s() - start),
		    "/s");
	must(store_complete(store), "a complete store");
	store_close(store);
	loop_free(loop);
}

static void remove_all(const char *path)
{
	char name[500];
	DIR *dir = opendir(path);
	must(dir != NULL, path);
	for (struct dirent *e; (e = readdir(dir));) {
		snprintf(name, sizeof name, "%s/%s", path, e->d_name);
		if (e->d_name[0] == '.')
			continue;
		if (unlink(name))
			remove_all(name);
	}
	closedir(dir);
	must(rmdir(path) == 0, path);
}

int main(void)
{
	memset(record, 'r', sizeof record);
	must(mkdtemp(folder) != NULL, "a folder");
	intents();
	read_back();
	store_rows();
	remove_all(folder);
	return 0;
}
