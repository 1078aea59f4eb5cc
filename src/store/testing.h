/* store/testing.h - what the store's tests share: folders that vanish, records that can be told
 * from their number, a journal with its answers counted. */
#ifndef SDEX_STORE_TESTING_H
#define SDEX_STORE_TESTING_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/testing.h"
#include "net/loop.h"
#include "store/journal.h"

struct test_folder {
	char path[64];
};

static inline struct test_folder folder_new(void)
{
	struct test_folder folder = {"/tmp/sdex-store-XXXXXX"};
	assert_non_null(mkdtemp(folder.path));
	return folder;
}

static inline void folder_empty(const char *path)
{
	char name[400];
	DIR *dir = opendir(path);
	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir));) {
		snprintf(name, sizeof name, "%s/%s", path, e->d_name);
		if (e->d_name[0] != '.')
			unlink(name);
	}
	closedir(dir);
}

static inline void folder_free(struct test_folder *folder)
{
	folder_empty(folder->path);
	assert_int_equal(rmdir(folder->path), 0);
}

/* Does work in a child, since limits and mounts are the process's; skips when it says that it
 * is not allowed to.  The child kills itself when it is done: what it still holds is its
 * parent's, and nobody's leak. */
enum child_result { CHILD_FAILED = 1, CHILD_DONE, CHILD_NOT_ALLOWED };

static inline void in_child(enum child_result (*work)(const char *folder), const char *folder)
{
	int ends[2], status;
	char result = 0;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (!child) {
		result = (char)work(folder);
		if (write(ends[1], &result, 1) == 1)
			kill(getpid(), SIGKILL);
		_exit(1);
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(read(ends[0], &result, 1), 1);
	close(ends[0]);
	if (result == CHILD_NOT_ALLOWED)
		skip();
	assert_int_equal(result, CHILD_DONE);
}

/* A record that its number alone decides: its size, up to `most`, and its bytes, none of
 * which is 0. */
static inline size_t record_make(uint8_t *out, uint64_t number, size_t most)
{
	struct seeded s = {number * 7919};
	size_t size = (size_t)seeded_bits(&s) % (most + 1);
	for (size_t i = 0; i < size; i++)
		out[i] = (uint8_t)(seeded_next(&s) | 1);
	return size;
}

#define RECORD_MOST 3000u /* of the tests' records */

/* Records that were read: each as record_make has it, none left out. */
struct records_seen {
	uint64_t last;
};

static inline void record_see(void *arg, const struct journal_record *record)
{
	struct records_seen *seen = arg;
	uint8_t expected[RECORD_MOST];
	assert_int_equal(record->number, seen->last + 1);
	assert_int_equal(record->size, record_make(expected, record->number, RECORD_MOST));
	assert_memory_equal(record->data, expected, record->size);
	seen->last = record->number;
}

/* A journal, and what it has said. */
struct subject {
	struct loop *loop;
	struct journal *journal;
	struct records_seen seen;
	uint64_t asked;   /* tokens given out; token t asks for ask_upto[t % 4096] */
	uint64_t replies; /* the next token to be answered */
	uint64_t acked;   /* number of the last record that a sync without error covers */
	uint64_t upto[4096];
	unsigned failures;
	char why[300];
	char note[300];
	struct sdex_failure refusal;
};

static inline void subject_synced(void *arg, uint64_t token, int status, const char *why)
{
	struct subject *subject = arg;
	assert_int_equal(token, subject->replies++);
	if (status) {
		subject->failures++;
		snprintf(subject->why, sizeof subject->why, "%s", why);
		return;
	}
	assert_int_equal(subject->failures, 0); /* no success after a failure */
	subject->acked = subject->upto[token % 4096];
}

static inline void subject_note(void *arg, const char *text)
{
	struct subject *subject = arg;
	snprintf(subject->note, sizeof subject->note, "%s", text);
}

static inline void subject_record(void *arg, const struct journal_record *record)
{
	struct subject *subject = arg;
	record_see(&subject->seen, record);
}

/* Opens; false with subject->refusal when that is refused. */
static inline bool subject_open(struct subject *subject, const char *folder, uint32_t segment_size,
				const struct journal_disk *disk)
{
	struct journal_options options = {.folder = folder,
					  .segment_size = segment_size,
					  .disk = disk,
					  .on_record = subject_record,
					  .on_synced = subject_synced,
					  .on_note = subject_note,
					  .arg = subject};
	*subject = (struct subject){.loop = loop_new()};
	subject->journal = journal_open(subject->loop, &options, &subject->refusal);
	if (subject->journal)
		assert_int_equal(journal_last(subject->journal), subject->seen.last);
	return subject->journal != NULL;
}

static inline void subject_close(struct subject *subject)
{
	journal_close(subject->journal);
	loop_free(subject->loop);
}

static inline void subject_append(struct subject *subject)
{
	uint8_t record[RECORD_MOST];
	uint64_t number = journal_last(subject->journal) + 1;
	journal_append(subject->journal, record, record_make(record, number, RECORD_MOST));
}

static inline void subject_sync(struct subject *subject)
{
	uint64_t token = subject->asked++;
	subject->upto[token % 4096] = journal_last(subject->journal);
	journal_sync(subject->journal, token);
	assert_true(subject->replies <= token); /* never out of the call */
}

/* Until all syncs are answered. */
static inline void subject_wait(struct subject *subject)
{
	while (subject->replies < subject->asked)
		assert_true(loop_turn(subject->loop, true));
}

#endif
