/* store/test_disk.c - the journal on disks that fail, lose power, or lie afterwards. */
#include <sys/mount.h>
#include <sys/resource.h>

#include "store/segment.h"
#include "store/testing.h"
#include "store/testing_disk.h"

#define SEGMENT 16384u

/* ---- disks that fail ---- */

/* Works until the disk fails, and looks at what is there afterwards. */
static void fail_and_look(struct fake_disk *disk, const char *folder, uint64_t seed)
{
	struct subject subject;
	struct seeded s = {seed};
	if (subject_open(&subject, folder, SEGMENT, &disk->calls)) {
		for (int i = 0; i < 60; i++) {
			for (uint64_t n = seeded_below(&s, 6); n; n--)
				subject_append(&subject);
			subject_sync(&subject);
			if (seeded_below(&s, 3) == 0)
				subject_wait(&subject);
		}
		subject_wait(&subject); /* every one is answered, failure or not */
		if (subject.failures) {
			assert_non_null(journal_failed(subject.journal));
			assert_non_null(strstr(subject.why, strerror(disk->error)));
			unsigned before = subject.failures;
			subject_append(&subject);
			subject_sync(&subject);
			subject_wait(&subject);
			assert_int_equal(subject.failures, before + 1);
		}
	}
	uint64_t acked = subject.acked > subject.seen.last ? subject.acked : subject.seen.last;
	subject_close(&subject);
	if (disk->off)
		fake_disk_lose(disk, seed);
	struct subject again;
	if (!subject_open(&again, folder, SEGMENT, NULL))
		fail_msg("seed %llu: %s", (unsigned long long)seed, again.refusal.text);
	assert_true(again.seen.last >= acked);
	subject_close(&again);
}

static void after_a_failed_write_every_sync_fails_and_nothing_is_lost(void **state)
{
	(void)state;
	static const int errors[] = {ENOSPC, EIO, EFBIG, EDQUOT};
	struct test_folder folder = folder_new();
	struct fake_disk disk;
	for (unsigned i = 0; i < 120; i += seed_step()) {
		fake_disk_init(&disk);
		disk.error = errors[i % 4];
		disk.until_write_fails = 1 + i;
		disk.piece = i % 3 ? 0 : 700; /* writes that are done in part go on */
		fail_and_look(&disk, folder.path, i);
		fake_disk_free(&disk);
		if (i / 8 % 2)
			folder_empty(folder.path);
	}
	folder_free(&folder);
}

static void a_failed_sync_is_never_tried_again(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct fake_disk disk;
	for (unsigned i = 0; i < 60; i += seed_step()) {
		fake_disk_init(&disk);
		disk.until_sync_fails = 1 + i;
		fail_and_look(&disk, folder.path, i);
		fake_disk_free(&disk);
		if (i / 8 % 2)
			folder_empty(folder.path);
	}
	folder_free(&folder);
}

static void nothing_acknowledged_is_lost_with_the_power(void **state)
{
	(void)state;
	const char *more = getenv("SDEX_POWER_CUTS");
	unsigned rounds = more ? (unsigned)atoi(more) : 200 / seed_step();
	struct test_folder folder = folder_new();
	struct fake_disk disk;
	struct seeded s = {3};
	for (unsigned i = 0; i < rounds; i += seed_step()) {
		fake_disk_init(&disk);
		disk.power = true;
		disk.until_power_fails = 1 + (unsigned)seeded_below(&s, 80);
		fail_and_look(&disk, folder.path, i);
		fake_disk_free(&disk);
		if (i % 16 == 15)
			folder_empty(folder.path);
	}
	folder_free(&folder);
}

static void a_full_queue_is_said_and_nothing_goes_out_after_it(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct subject subject;
	struct fake_disk disk;
	fake_disk_init(&disk);
	assert_true(subject_open(&subject, folder.path, 0, &disk.calls));
	uint8_t record[10000];
	memset(record, 'x', sizeof record);
	pthread_mutex_lock(&disk.lock);
	disk.hold = true;
	pthread_mutex_unlock(&disk.lock);
	assert_false(journal_busy(subject.journal));
	subject_append(&subject);
	subject_sync(&subject);
	uint64_t before = 0;
	while (!journal_failed(subject.journal)) {
		before = journal_last(subject.journal);
		journal_append(subject.journal, record, sizeof record);
	}
	assert_true(journal_busy(subject.journal));
	assert_int_equal(journal_last(subject.journal), before); /* the last one is not in */
	assert_true(before * sizeof record < 24u << 20);
	subject_sync(&subject);
	fake_disk_go(&disk);
	subject_wait(&subject);
	assert_true(subject.failures >= 1);
	assert_non_null(strstr(subject.why, "more was appended than the disk took in time"));
	subject_close(&subject);
	fake_disk_free(&disk);
	folder_free(&folder);
}

static void a_disk_without_room_for_the_next_segment_is_said_early(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct subject subject;
	struct fake_disk disk;
	fake_disk_init(&disk);
	assert_true(subject_open(&subject, folder.path, SEGMENT, &disk.calls));
	uint8_t record[1000];
	memset(record, 'x', sizeof record);
	/* One write past the half of the segment asks for the next, whose first write fails. */
	disk.error = ENOSPC;
	while (journal_last(subject.journal) < 7)
		journal_append(subject.journal, record, sizeof record);
	subject_sync(&subject);
	subject_wait(&subject);
	disk.until_write_fails = 2;
	journal_append(subject.journal, record, sizeof record);
	subject_sync(&subject);
	for (int i = 0; i < 5; i++) {
		subject_wait(&subject);
		usleep(20000);
		journal_append(subject.journal, record, 1);
		subject_sync(&subject);
	}
	subject_wait(&subject);
	assert_int_equal(subject.failures, 0);
	assert_non_null(strstr(subject.note, "No space left"));
	for (int i = 0; i < 20; i++) { /* by then there is room again, and it goes on */
		journal_append(subject.journal, record, sizeof record);
		subject_sync(&subject);
	}
	subject_wait(&subject);
	assert_int_equal(subject.failures, 0);
	subject_close(&subject);
	fake_disk_free(&disk);
	folder_free(&folder);
}

/* Appends until a sync fails with the text; then what was acknowledged has to be there. */
static enum child_result fill_up(const char *folder, const char *text)
{
	struct subject subject, again;
	if (!subject_open(&subject, folder, 65536, NULL))
		return CHILD_FAILED;
	for (int i = 0; i < 5000 && !subject.failures; i++) {
		subject_append(&subject);
		subject_sync(&subject);
		subject_wait(&subject);
	}
	uint64_t acked = subject.acked;
	bool said = strstr(subject.why, text) != NULL;
	subject_close(&subject);
	struct journal_end end;
	struct records_seen seen = {0};
	bool read = journal_read(&end, folder, record_see, &seen, NULL) == SDEX_OK;
	printf("%llu acknowledged, %llu read, then: %s\n", (unsigned long long)acked,
	       (unsigned long long)seen.last, subject.why);
	if (!subject_open(&again, folder, 65536, NULL)) {
		printf("%s\n", again.refusal.text);
		return CHILD_FAILED;
	}
	bool all = again.seen.last >= acked;
	subject_close(&again);
	bool done = said && read && seen.last >= acked && all && acked > 10;
	return done ? CHILD_DONE : CHILD_FAILED;
}

static enum child_result fill_limited(const char *folder)
{
	struct subject subject;
	struct rlimit limit = {40000, 40000}; /* less than a segment */
	if (!subject_open(&subject, folder, 65536, NULL) || setrlimit(RLIMIT_FSIZE, &limit))
		return CHILD_FAILED;
	subject_close(&subject);
	return fill_up(folder, strerror(EFBIG));
}

static void a_limit_on_files_is_an_error_and_no_signal(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	in_child(fill_limited, folder.path);
	folder_free(&folder);
}

static enum child_result fill_small_disk(const char *folder)
{
	if (mount("none", folder, "tmpfs", 0, "size=300k,mode=700"))
		return CHILD_NOT_ALLOWED;
	enum child_result done = fill_up(folder, strerror(ENOSPC));
	umount2(folder, MNT_DETACH);
	return done;
}

static void a_full_disk_loses_nothing(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	in_child(fill_small_disk, folder.path);
	folder_free(&folder);
}

/* ---- what changes afterwards ---- */

struct segment_file {
	char path[128];
	uint8_t *data;
	size_t size;
};

static struct segment_file file_load(const char *folder, uint64_t first)
{
	struct segment_file file;
	struct stat st;
	snprintf(file.path, sizeof file.path, "%s/%020llu.journal", folder,
		 (unsigned long long)first);
	int fd = open(file.path, O_RDONLY);
	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	file.size = (size_t)st.st_size;
	file.data = malloc(file.size);
	assert_int_equal(read(fd, file.data, file.size), file.size);
	close(fd);
	return file;
}

static void file_store(const struct segment_file *file, size_t size)
{
	/* Without O_TRUNC, after which some file systems flush at the close. */
	int fd = open(file->path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, file->data, size), size);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	close(fd);
}

/* A journal of one segment with so many records. */
static void write_some(const char *folder, unsigned records, uint32_t segment_size)
{
	struct subject subject;
	assert_true(subject_open(&subject, folder, segment_size, NULL));
	while (journal_last(subject.journal) < records)
		subject_append(&subject);
	subject_sync(&subject);
	subject_wait(&subject);
	subject_close(&subject);
}

static void a_bit_that_changes_in_a_record_is_refused(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	write_some(folder.path, 12, 65536);
	struct segment_file file = file_load(folder.path, 1);
	size_t used = segment_used(file.data, file.size, 0);
	assert_true(used > 2000 && used < 60000);
	struct sdex_failure why;
	struct journal_end end;
	struct seeded s = {4};
	for (size_t at = 0; at < used; at += seed_step()) {
		uint8_t bit = (uint8_t)(1u << seeded_below(&s, 8));
		struct records_seen seen = {0};
		file.data[at] ^= bit;
		file_store(&file, file.size);
		if (journal_read(&end, folder.path, record_see, &seen, &why) == SDEX_OK)
			fail_msg("a change at %zu of %zu was not seen", at, used);
		assert_non_null(strstr(why.text, "00000000000000000001.journal"));
		assert_non_null(strstr(why.text, "from a copy"));
		file.data[at] ^= bit;
	}
	free(file.data);
	folder_free(&folder);
}

static void a_bit_that_changes_behind_the_records_loses_none(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	write_some(folder.path, 12, 65536);
	struct segment_file file = file_load(folder.path, 1);
	size_t used = segment_used(file.data, file.size, 0);
	struct sdex_failure why;
	struct journal_end end;
	for (size_t at = (used + 7) & ~(size_t)7; at < used + 1500; at += seed_step()) {
		struct records_seen seen = {0};
		file.data[at] ^= 16;
		file_store(&file, file.size);
		if (journal_read(&end, folder.path, record_see, &seen, &why) == SDEX_OK)
			assert_int_equal(end.cut, at + 1 - ((used + 7) & ~(size_t)7));
		assert_int_equal(seen.last, 12);
		file.data[at] ^= 16;
	}
	free(file.data);
	folder_free(&folder);
}

static void reading_stops_exactly_at_the_torn_record(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	write_some(folder.path, 12, 65536);
	struct segment_file file = file_load(folder.path, 1);
	struct segment_scan scan;
	struct segment_record record;
	struct journal_end end;
	size_t used = segment_used(file.data, file.size, 0);
	assert_int_equal(segment_open(&scan, file.data, file.size, NULL), SDEX_OK);
	uint64_t whole = 0; /* records before the cut */
	size_t next = frame_size(0);
	for (size_t cut = SEGMENT_HEAD; cut < used; cut += seed_step()) {
		struct segment_scan before = scan;
		if (segment_next(&scan, &record)) {
			next = scan.at;
			scan = before;
		}
		if (cut >= next) {
			assert_true(segment_next(&scan, &record));
			whole++;
		}
		struct records_seen seen = {0};
		file_store(&file, cut);
		assert_int_equal(journal_read(&end, folder.path, record_see, &seen, NULL), SDEX_OK);
		assert_int_equal(seen.last, whole);
		assert_int_equal(end.offset, scan.at);
		assert_int_equal(end.next, whole + 1);
		if (cut % 97)
			continue;
		/* The next life says so, goes on behind it, and its own records are read. */
		struct subject subject;
		assert_true(subject_open(&subject, folder.path, 65536, NULL));
		assert_int_equal(subject.note[0] != '\0', end.cut != 0);
		subject_append(&subject);
		subject_sync(&subject);
		subject_wait(&subject);
		assert_int_equal(subject.acked, whole + 1);
		subject_close(&subject);
		assert_true(subject_open(&subject, folder.path, 65536, NULL));
		assert_int_equal(subject.seen.last, whole + 1);
		assert_string_equal(subject.note, "");
		subject_close(&subject);
		char path[128];
		snprintf(path, sizeof path, "%s/%020llu.journal", folder.path,
			 (unsigned long long)whole + 1);
		if (whole)
			unlink(path); /* where the cut file had no room for it */
	}
	free(file.data);
	folder_free(&folder);
}

/* Reads what has to be refused. */
static struct sdex_failure refusal(const char *folder)
{
	struct sdex_failure why = {0};
	struct journal_end end;
	struct records_seen seen = {0};
	assert_int_not_equal(journal_read(&end, folder, record_see, &seen, &why), SDEX_OK);
	struct subject subject;
	assert_false(subject_open(&subject, folder, 4096, NULL)); /* nor is it written to */
	assert_string_equal(subject.refusal.text, why.text);
	subject_close(&subject);
	return why;
}

static void segments_that_are_missing_or_wrong_are_named(void **state)
{
	(void)state;
	struct test_folder folder = folder_new(), other = folder_new();
	write_some(folder.path, 100, 4096);
	write_some(other.path, 100, 4096);
	uint64_t firsts[3] = {1};
	struct subject subject;
	struct segment_scan scan;
	struct segment_record record;
	struct segment_file file[3];
	for (int i = 0; i < 3; i++) {
		file[i] = file_load(folder.path, firsts[i]);
		assert_int_equal(segment_open(&scan, file[i].data, file[i].size, NULL), SDEX_OK);
		while (segment_next(&scan, &record))
			;
		if (i < 2)
			firsts[i + 1] = scan.next;
	}
	char text[100];
	struct sdex_failure why;
	unlink(file[1].path);
	why = refusal(folder.path);
	assert_int_equal(why.code, SDEX_ERR_MISSING);
	snprintf(text, sizeof text, "records %llu to %llu are missing",
		 (unsigned long long)firsts[1], (unsigned long long)firsts[2] - 1);
	assert_non_null(strstr(why.text, text));

	struct segment_file foreign = file_load(other.path, firsts[1]);
	memcpy(foreign.path, file[1].path, sizeof foreign.path);
	file_store(&foreign, foreign.size);
	assert_int_equal(refusal(folder.path).code, SDEX_ERR_KIND);

	file_store(&file[1], 10);
	assert_int_equal(refusal(folder.path).code, SDEX_ERR_TRUNCATED);
	file_store(&file[1], 1000); /* a segment that another follows was never cut by a crash */
	why = refusal(folder.path);
	assert_true(why.code == SDEX_ERR_CHECKSUM || why.code == SDEX_ERR_MISSING);
	file[1].data[SEGMENT_HEAD + FRAME_HEAD] ^= 1;
	file_store(&file[1], file[1].size);
	why = refusal(folder.path);
	assert_int_equal(why.code, SDEX_ERR_CHECKSUM);
	assert_int_equal(why.where, SEGMENT_HEAD);
	file[1].data[SEGMENT_HEAD + FRAME_HEAD] ^= 1;

	struct segment_head head = {.first = firsts[1]};
	uint8_t good[SEGMENT_HEAD];
	memcpy(good, file[1].data, SEGMENT_HEAD);
	memcpy(head.id, good + 16, SEGMENT_ID);
	head.first++;
	segment_head_write(file[1].data, &head);
	file_store(&file[1], file[1].size);
	assert_int_equal(refusal(folder.path).code, SDEX_ERR_CHECKSUM);
	memcpy(file[1].data, good, SEGMENT_HEAD);
	file_store(&file[1], file[1].size);

	unlink(file[0].path);
	why = refusal(folder.path);
	assert_int_equal(why.code, SDEX_ERR_MISSING);
	file_store(&file[0], file[0].size); /* as it was: nothing had been changed */
	assert_true(subject_open(&subject, folder.path, 4096, NULL));
	assert_int_equal(subject.seen.last, 100);
	subject_close(&subject);
	for (int i = 0; i < 3; i++)
		free(file[i].data);
	free(foreign.data);
	folder_free(&folder);
	folder_free(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(after_a_failed_write_every_sync_fails_and_nothing_is_lost),
		cmocka_unit_test(a_failed_sync_is_never_tried_again),
		cmocka_unit_test(nothing_acknowledged_is_lost_with_the_power),
		cmocka_unit_test(a_full_queue_is_said_and_nothing_goes_out_after_it),
		cmocka_unit_test(a_disk_without_room_for_the_next_segment_is_said_early),
		cmocka_unit_test(a_limit_on_files_is_an_error_and_no_signal),
		cmocka_unit_test(a_full_disk_loses_nothing),
		cmocka_unit_test(a_bit_that_changes_in_a_record_is_refused),
		cmocka_unit_test(a_bit_that_changes_behind_the_records_loses_none),
		cmocka_unit_test(reading_stops_exactly_at_the_torn_record),
		cmocka_unit_test(segments_that_are_missing_or_wrong_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
