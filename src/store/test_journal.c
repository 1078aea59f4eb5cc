/* store/test_journal.c - what was acknowledged is read back, whatever happens. */
#include "store/testing.h"

static void what_was_acknowledged_is_read_back_in_order(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct subject subject;
	struct seeded s = {1};
	uint64_t last = 0;
	for (int life = 0; life < 20; life++) {
		assert_true(
			subject_open(&subject, folder.path, 4096 + 1024 * (uint32_t)life, NULL));
		assert_int_equal(subject.seen.last, last);
		assert_string_equal(subject.note, "");
		for (uint64_t i = seeded_below(&s, 40); i; i--) {
			for (uint64_t n = seeded_below(&s, 5); n; n--)
				subject_append(&subject);
			subject_sync(&subject);
			if (seeded_below(&s, 2))
				subject_wait(&subject);
		}
		subject_wait(&subject);
		last = journal_last(subject.journal);
		if (subject.asked)
			assert_int_equal(subject.acked, last);
		subject_close(&subject);
	}
	assert_true(last > 500);
	struct journal_end end;
	struct records_seen seen = {0};
	assert_int_equal(journal_read(&end, folder.path, record_see, &seen, NULL), SDEX_OK);
	assert_int_equal(seen.last, last);
	assert_int_equal(end.next, last + 1);
	assert_int_equal(end.cut, 0);
	folder_free(&folder);
}

static void what_was_appended_is_written_by_a_close(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct subject subject;
	assert_true(subject_open(&subject, folder.path, 0, NULL));
	for (int i = 0; i < 100; i++)
		subject_append(&subject);
	subject_close(&subject);
	assert_true(subject_open(&subject, folder.path, 0, NULL));
	assert_int_equal(subject.seen.last, 100);
	subject_sync(&subject); /* nothing is new: answered all the same */
	subject_wait(&subject);
	assert_int_equal(subject.failures, 0);
	subject_close(&subject);
	folder_free(&folder);
}

static void one_process_writes(void **state)
{
	(void)state;
	struct test_folder folder = folder_new();
	struct subject first, second;
	char pid[40];
	snprintf(pid, sizeof pid, "by process %ld,", (long)getpid());
	assert_true(subject_open(&first, folder.path, 0, NULL));
	assert_false(subject_open(&second, folder.path, 0, NULL));
	assert_int_equal(second.refusal.code, SDEX_ERR_DUPLICATE);
	assert_non_null(strstr(second.refusal.text, pid));
	subject_close(&second);
	subject_append(&first); /* and is not disturbed */
	subject_sync(&first);
	subject_wait(&first);
	assert_int_equal(first.acked, 1);
	subject_close(&first);
	assert_true(subject_open(&second, folder.path, 0, NULL));
	assert_int_equal(second.seen.last, 1);
	subject_close(&second);
	folder_free(&folder);
}

/* Appends and syncs until it is killed, and says each number that was acknowledged. */
static _Noreturn void live(const char *folder, int out, uint64_t seed)
{
	struct subject subject;
	struct seeded s = {seed};
	if (!subject_open(&subject, folder, 16384, NULL)) {
		fprintf(stderr, "%s\n", subject.refusal.text);
		_exit(1);
	}
	uint64_t told = 0;
	for (;;) {
		if (subject.asked - subject.replies < 50) {
			for (uint64_t n = seeded_below(&s, 4); n; n--)
				subject_append(&subject);
			subject_sync(&subject);
		}
		loop_turn(subject.loop, seeded_below(&s, 4) == 0);
		if (subject.acked > told) {
			told = subject.acked;
			if (write(out, &told, sizeof told) != sizeof told)
				_exit(1);
		}
	}
}

/* The last number that was said, or `last`. */
static uint64_t last_said(int in, uint64_t last)
{
	uint64_t number;
	while (read(in, &number, sizeof number) == sizeof number)
		last = number;
	return last;
}

static void nothing_acknowledged_is_lost_to_a_kill(void **state)
{
	(void)state;
	const char *more = getenv("SDEX_KILLS");
	unsigned rounds = more ? (unsigned)atoi(more) : 60 / seed_step();
	struct test_folder folder = folder_new();
	struct seeded s = {2};
	uint64_t acked = 0, said_ever = 0, cuts = 0;
	for (unsigned round = 0; round < rounds; round++) {
		int ends[2], status;
		assert_int_equal(pipe(ends), 0);
		pid_t child = fork();
		assert_true(child >= 0);
		if (!child)
			live(folder.path, ends[1], seeded_next(&s) + round);
		close(ends[1]);
		/* Now and then while it starts, else while it works. */
		uint64_t said = 0;
		if (round % 4)
			assert_int_equal(read(ends[0], &said, sizeof said), sizeof said);
		usleep((useconds_t)seeded_below(&s, 30000));
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status)); /* it had not refused to start */
		said = last_said(ends[0], said);
		close(ends[0]);
		said_ever += said;
		if (said > acked)
			acked = said;
		struct subject subject;
		if (!subject_open(&subject, folder.path, 16384, NULL))
			fail_msg("%s", subject.refusal.text);
		assert_true(subject.seen.last >= acked);
		acked = subject.seen.last; /* what was read once stays */
		cuts += subject.note[0] != '\0';
		subject_close(&subject);
		if (acked > 20000) {
			folder_empty(folder.path);
			acked = 0;
		}
	}
	assert_true(said_ever > 0 || rounds < 2);
	print_message("%u kills, %llu unfinished writes cut off\n", rounds,
		      (unsigned long long)cuts);
	folder_free(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_acknowledged_is_read_back_in_order),
		cmocka_unit_test(what_was_appended_is_written_by_a_close),
		cmocka_unit_test(one_process_writes),
		cmocka_unit_test(nothing_acknowledged_is_lost_to_a_kill),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
