/* sign/test_audit.c - the log's chain: what was written comes back, and no change goes unseen
 * but a cut at its end. */
#include <signal.h>
#include <sys/resource.h>

#include "sign/audit.h"
#include "sign/testing.h"

static struct test_folder folder;
static struct sdex_failure why;
static uint8_t file[1 << 16];

static int set_up(void **state)
{
	(void)state;
	test_folder_make(&folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_folder_remove(&folder);
	return 0;
}

static struct audit_record record(uint8_t number)
{
	struct audit_record r = {
		.kind = number % 2 ? AUDIT_INTENT : AUDIT_SIGNED,
		.time_ms = 1700000000000 + number,
		.hash = {number},
		.source = {1},
		.sequence = number,
		.replaces = number % 3 == 0,
		.key = pack_text("trading"),
		.rule = pack_text(number % 5 ? "" : "max_time"),
		.text = pack_text(number % 5 ? "" : "why"),
		.envelope = {file, number * 7u},
	};
	return r;
}

/* Opens, appends `count` records, closes; how many there were before. */
static uint64_t append(uint8_t count)
{
	struct audit *audit;
	assert_int_equal(audit_open(&audit, test_path(&folder, "log"), NULL, NULL, &why), SDEX_OK);
	uint64_t before = audit_sum(audit)->records;
	for (uint8_t i = 1; i <= count; i++) {
		struct audit_record r = record((uint8_t)(before + i));
		assert_int_equal(audit_append(audit, &r, &why), SDEX_OK);
		assert_int_equal(r.number, before + i);
	}
	assert_int_equal(audit_sync(audit, &why), SDEX_OK);
	audit_close(audit);
	return before;
}

static enum sdex_error each(void *arg, const struct audit_record *r, struct sdex_failure *failure)
{
	uint64_t *count = arg;
	struct audit_record expected = record((uint8_t)++ * count);
	(void)failure;
	assert_int_equal(r->number, *count);
	assert_int_equal(r->kind, expected.kind);
	assert_int_equal(r->time_ms, expected.time_ms);
	assert_int_equal(r->sequence, expected.sequence);
	assert_int_equal(r->replaces, expected.replaces);
	assert_memory_equal(r->hash, expected.hash, 32);
	assert_int_equal(r->rule.size, expected.rule.size);
	assert_int_equal(r->envelope.size, expected.envelope.size);
	return SDEX_OK;
}

/* Reads the file's first `size` bytes, as they stand in `data`. */
static enum sdex_error verify(const uint8_t *data, size_t size, struct audit_sum *sum)
{
	const char *path = test_path(&folder, "copy");
	test_write(path, data, size, 0600);
	int fd = open(path, O_RDONLY);
	enum sdex_error error = audit_read(fd, sum, NULL, NULL, &why);
	close(fd);
	return error;
}

static void comes_back(void **state)
{
	(void)state;
	struct audit_sum sum;
	uint64_t count = 0;
	assert_int_equal(append(10), 0);
	assert_int_equal(append(0), 10);
	assert_int_equal(append(20), 10);
	int fd = open(test_path(&folder, "log"), O_RDONLY);
	assert_int_equal(audit_read(fd, &sum, each, &count, &why), SDEX_OK);
	close(fd);
	assert_int_equal(count, 30);
	assert_int_equal(sum.records, 30);
	assert_int_equal(sum.cut_off, 0);
	assert_int_equal(sum.first_ms, 1700000000001);
	assert_int_equal(sum.last_ms, 1700000000030);
	struct stat st;
	assert_int_equal(stat(test_path(&folder, "log"), &st), 0);
	assert_int_equal(sum.bytes, st.st_size);
	assert_int_equal(st.st_mode & 07777, 0600);
}

/* Many more bytes than the reader's window has. */
static void long_logs(void **state)
{
	(void)state;
	static uint8_t envelope[FRAME_ENVELOPE_MAX];
	struct audit *audit;
	struct audit_sum sum;
	assert_int_equal(audit_open(&audit, test_path(&folder, "log"), NULL, NULL, &why), SDEX_OK);
	for (uint32_t i = 0; i < 300; i++) {
		struct audit_record r = record(1);
		r.envelope = (struct sdex_bytes){envelope, i * 7919 % (FRAME_ENVELOPE_MAX + 1)};
		assert_int_equal(audit_append(audit, &r, &why), SDEX_OK);
	}
	assert_int_equal(audit_sync(audit, &why), SDEX_OK);
	int fd = open(test_path(&folder, "log"), O_RDONLY);
	assert_int_equal(audit_read(fd, &sum, NULL, NULL, &why), SDEX_OK);
	assert_int_equal(sum.records, 300);
	assert_memory_equal(sum.hash, audit_sum(audit)->hash, 32);
	close(fd);
	audit_close(audit);
}

/* Wherever a crash cuts it: whole records stay, the rest is removed, and it goes on. */
static void cut_anywhere(void **state)
{
	(void)state;
	struct audit_sum sum;
	struct audit *audit;
	append(6);
	size_t size = test_read(test_path(&folder, "log"), file, sizeof file);
	uint64_t records = 0, whole = 0;
	for (size_t cut = 0; cut <= size; cut++) {
		assert_int_equal(verify(file, cut, &sum), SDEX_OK);
		assert_int_equal(sum.bytes + sum.cut_off, cut);
		assert_true(sum.records == records || sum.records == records + 1);
		records = sum.records;
		whole = sum.bytes;
		if (cut % 37)
			continue;
		const char *path = test_path(&folder, "copy");
		assert_int_equal(audit_open(&audit, path, NULL, NULL, &why), SDEX_OK);
		struct audit_record r = record(1);
		assert_int_equal(audit_append(audit, &r, &why), SDEX_OK);
		assert_int_equal(audit_sync(audit, &why), SDEX_OK);
		audit_close(audit);
		int fd = open(path, O_RDONLY);
		assert_int_equal(audit_read(fd, &sum, NULL, NULL, &why), SDEX_OK);
		close(fd);
		assert_int_equal(sum.records, records + 1);
		assert_int_equal(sum.cut_off, 0);
	}
	assert_int_equal(records, 6);
	assert_int_equal(whole, size);
}

/* After a power cut a file may end in zeros where its last write should be. */
static void zeros_at_the_end(void **state)
{
	(void)state;
	struct audit_sum sum;
	append(3);
	size_t size = test_read(test_path(&folder, "log"), file, sizeof file);
	memset(file + size, 0, 5000);
	assert_int_equal(verify(file, size + 5000, &sum), SDEX_OK);
	assert_int_equal(sum.records, 3);
	assert_int_equal(sum.cut_off, 5000);
	memset(file + size - 32, 0, 32);
	assert_int_equal(verify(file, size, &sum), SDEX_OK);
	assert_int_equal(sum.records, 2);
	/* several records were under way, and of the first the front is there */
	memset(file + size - 400, 0, 400);
	assert_int_equal(verify(file, size, &sum), SDEX_OK);
	assert_int_equal(sum.records, 1);
	assert_int_equal(sum.bytes + sum.cut_off, size);
	/* but a zero in the middle is damage */
	file[size + 100] = 1;
	assert_int_not_equal(verify(file, size + 200, &sum), SDEX_OK);
}

/* No bit can be changed, a length at the very end neither. */
static void every_bit_counts(void **state)
{
	(void)state;
	struct audit_sum sum;
	append(4);
	size_t size = test_read(test_path(&folder, "log"), file, sizeof file);
	for (size_t i = 0; i < size; i++) {
		file[i] ^= (uint8_t)(1u << i % 8);
		assert_int_not_equal(verify(file, size, &sum), SDEX_OK);
		file[i] ^= (uint8_t)(1u << i % 8);
	}
	assert_int_equal(verify(file, size, &sum), SDEX_OK);
}

static void records_left_out(void **state)
{
	(void)state;
	struct audit_sum sum;
	append(3);
	size_t size = test_read(test_path(&folder, "log"), file, sizeof file);
	size_t second = AUDIT_HEAD_SIZE + 4 + load_be32(file + AUDIT_HEAD_SIZE) + 32;
	memmove(file + AUDIT_HEAD_SIZE, file + second, size - second);
	assert_int_equal(verify(file, size - second + AUDIT_HEAD_SIZE, &sum), SDEX_ERR_CHECKSUM);
	assert_non_null(strstr(why.text, "record 1"));
	assert_int_equal(verify((const uint8_t *)"something else altogether", 25, &sum),
			 SDEX_ERR_SYNTAX);
}

static void one_writer(void **state)
{
	(void)state;
	struct audit *audit, *second;
	const char *path = test_path(&folder, "log");
	assert_int_equal(audit_open(&audit, path, NULL, NULL, &why), SDEX_OK);
	assert_int_equal(audit_open(&second, path, NULL, NULL, &why), SDEX_ERR_INVALID);
	assert_non_null(strstr(why.text, "another signer"));
	audit_close(audit);
	assert_int_equal(chmod(path, 0620), 0);
	assert_int_equal(audit_open(&second, path, NULL, NULL, &why), SDEX_ERR_INVALID);
	assert_int_equal(chmod(path, 0600), 0);
	char link[128];
	snprintf(link, sizeof link, "%s/link", folder.path);
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(audit_open(&second, link, NULL, NULL, &why), SDEX_ERR_INVALID);
	assert_int_equal(audit_open(&second, folder.path, NULL, NULL, &why), SDEX_ERR_INVALID);
}

/* A limit of the file's size stands for a disk that is full. */
static void full_disk(void **state)
{
	(void)state;
	struct audit *audit;
	struct audit_sum sum;
	struct rlimit before, limit;
	append(2);
	size_t size = test_read(test_path(&folder, "log"), file, sizeof file);
	assert_int_equal(audit_open(&audit, test_path(&folder, "log"), NULL, NULL, &why), SDEX_OK);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = size + 100;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	struct audit_record r = record(3);
	assert_int_equal(audit_append(audit, &r, &why), SDEX_OK);
	assert_int_equal(audit_sync(audit, &why), SDEX_ERR_INVALID);
	assert_non_null(strstr(why.text, "nothing is signed"));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	/* and it stays so, room or not */
	assert_int_equal(audit_append(audit, &r, &why), SDEX_ERR_INVALID);
	assert_int_equal(audit_sync(audit, &why), SDEX_ERR_INVALID);
	audit_close(audit);
	size = test_read(test_path(&folder, "log"), file, sizeof file);
	assert_int_equal(verify(file, size, &sum), SDEX_OK);
	assert_int_equal(sum.records, 2);
	assert_int_equal(sum.cut_off, 0);
	assert_int_equal(append(1), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(comes_back),       TEST(long_logs),        TEST(cut_anywhere),
		TEST(zeros_at_the_end), TEST(every_bit_counts), TEST(records_left_out),
		TEST(one_writer),       TEST(full_disk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
