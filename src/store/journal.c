/* store/journal.c - the queue between the loop and the thread that writes. */
#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/failure.h"
#include "net/loop.h"
#include "store/thread.h"
#include "store/writer.h"

#define SEGMENT_SIZE (16u << 20)
#define SEGMENT_LEAST (4u << 10)
#define FIRST_SIZE (1u << 20) /* at most, of a new journal's: so that it starts at once */
#define QUEUE_SIZE (8u << 20)
#define QUEUE_LEAST (4u << 10)
#define ASKS_MAX (1u << 20)
#define LOCK_NAME "lock"

/* A sync that was asked for and not answered. */
struct ask {
	uint64_t token;
	uint64_t upto; /* number of the last record it is about; UINT64_MAX after a failure */
};

struct queue {
	uint8_t *data; /* frames, not yet sealed */
	size_t used;
};

struct journal {
	struct loop *loop;
	struct loop_wake *wake;
	struct loop_task hand_over; /* what was appended and nobody asked a sync for */
	struct loop_task answer;    /* syncs that need no writing */
	int folder_fd, lock_fd;
	size_t queue_size, record_max;
	journal_synced_fn *on_synced;
	journal_note_fn *on_note;
	void *arg;

	/* the loop's */
	uint64_t last; /* number of the last record appended */
	struct ask *asks;
	size_t ask_first, ask_count, ask_room; /* a ring */
	bool said;                             /* the note */

	/* shared, under the lock */
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct queue waiting;
	size_t writing;     /* bytes the thread has in hand */
	uint64_t sync_upto; /* somebody waits for this record to be on disk */
	bool kicked, closing;
	uint64_t durable;
	bool failed;
	char failure[244];
	char note[244];

	/* the thread's */
	pthread_t thread;
	bool has_thread;
	struct writer writer;
	struct queue batch;
};

/* ---- the thread ---- */

static void set_failed(struct journal *journal, const char *text)
{
	if (journal->failed)
		return;
	journal->failed = true;
	snprintf(journal->failure, sizeof journal->failure,
		 "the journal takes no more: %.170s; mend that and start again", text);
}

/* Is there something to do?  Under the lock. */
static bool has_work(const struct journal *journal)
{
	return journal->sync_upto > journal->durable || journal->kicked || journal->closing;
}

/* Takes what waits, in exchange for the empty buffer.  Under the lock. */
static void take_batch(struct journal *journal)
{
	struct queue batch = journal->waiting;
	journal->waiting = journal->batch;
	journal->waiting.used = 0;
	journal->batch = batch;
	journal->writing = batch.used;
	journal->kicked = false;
}

/* The disk will be full soon: said while there is time.  Under the lock. */
static void look_ahead(struct journal *journal)
{
	struct disk_error text;
	int error = ahead_error(journal->writer.ahead);
	if (error && error != EINTR && !journal->note[0])
		snprintf(journal->note, sizeof journal->note,
			 "the journal's next segment cannot be made: %s; make room before this one "
			 "is full, or no order can be placed",
			 disk_error(&text, error));
}

static void *run(void *arg)
{
	struct journal *journal = arg;
	struct writer *writer = &journal->writer;
	struct writer_error error;
	pthread_mutex_lock(&journal->lock);
	for (;;) {
		while (!has_work(journal))
			pthread_cond_wait(&journal->work, &journal->lock);
		bool closing = journal->closing;
		bool sync = closing || journal->sync_upto > journal->durable;
		take_batch(journal);
		pthread_mutex_unlock(&journal->lock);
		bool done = writer_write(writer, journal->batch.data, journal->batch.used, &error);
		if (done && sync)
			done = writer_sync(writer, &error);
		pthread_mutex_lock(&journal->lock);
		journal->writing = 0;
		journal->durable = writer->durable;
		if (!done)
			set_failed(journal, error.text);
		look_ahead(journal);
		if (sync || !done)
			loop_wake_send(journal->wake);
		if (closing || !done)
			break;
	}
	pthread_mutex_unlock(&journal->lock);
	return NULL;
}

/* ---- the loop's side ---- */

static void answer(void *arg)
{
	struct journal *journal = arg;
	char note[sizeof journal->note] = "";
	pthread_mutex_lock(&journal->lock);
	uint64_t durable = journal->durable;
	bool failed = journal->failed;
	if (!journal->said)
		memcpy(note, journal->note, sizeof note);
	pthread_mutex_unlock(&journal->lock);
	if (note[0]) {
		journal->said = true;
		if (journal->on_note)
			journal->on_note(journal->arg, note);
	}
	while (journal->ask_count) {
		struct ask ask = journal->asks[journal->ask_first];
		bool is_durable = ask.upto <= durable;
		if (!is_durable && !failed)
			break;
		journal->ask_first = (journal->ask_first + 1) & (journal->ask_room - 1);
		journal->ask_count--;
		journal->on_synced(journal->arg, ask.token, is_durable ? 0 : 1,
				   is_durable ? NULL : journal->failure);
	}
}

static void hand_over(void *arg)
{
	struct journal *journal = arg;
	pthread_mutex_lock(&journal->lock);
	if (journal->waiting.used) {
		journal->kicked = true;
		pthread_cond_signal(&journal->work);
	}
	pthread_mutex_unlock(&journal->lock);
}

void journal_append(struct journal *journal, const void *record, size_t size)
{
	CHECK(size <= journal->record_max);
	size_t need = frame_size(size);
	pthread_mutex_lock(&journal->lock);
	struct queue *queue = &journal->waiting;
	bool fits = need <= journal->queue_size - queue->used;
	if (!fits)
		set_failed(journal, "more was appended than the disk took in time");
	if (!journal->failed) {
		frame_begin(queue->data + queue->used, ++journal->last, record, size);
		queue->used += need;
	}
	pthread_mutex_unlock(&journal->lock);
	loop_defer(journal->loop, fits ? &journal->hand_over : &journal->answer);
}

static void asks_grow(struct journal *journal)
{
	size_t room = journal->ask_room ? 2 * journal->ask_room : 64;
	CHECK(room <= ASKS_MAX);
	struct ask *asks = malloc(room * sizeof *asks);
	/* An answer that cannot be given would leave its order in the air for ever; a process
	 * that ends is what the journal is for. */
	CHECK(asks);
	for (size_t i = 0; i < journal->ask_count; i++)
		asks[i] = journal->asks[(journal->ask_first + i) & (journal->ask_room - 1)];
	free(journal->asks);
	journal->asks = asks;
	journal->ask_first = 0;
	journal->ask_room = room;
}

void journal_sync(struct journal *journal, uint64_t token)
{
	if (journal->ask_count == journal->ask_room)
		asks_grow(journal);
	pthread_mutex_lock(&journal->lock);
	bool failed = journal->failed;
	bool is_durable = journal->last <= journal->durable;
	if (!failed && !is_durable)
		journal->sync_upto = journal->last;
	pthread_mutex_unlock(&journal->lock);
	pthread_cond_signal(&journal->work);
	size_t i = (journal->ask_first + journal->ask_count++) & (journal->ask_room - 1);
	journal->asks[i] = (struct ask){token, failed ? UINT64_MAX : journal->last};
	if (failed || is_durable)
		loop_defer(journal->loop, &journal->answer);
}

bool journal_busy(const struct journal *journal)
{
	struct journal *shared = (struct journal *)journal;
	pthread_mutex_lock(&shared->lock);
	bool busy = shared->waiting.used + shared->writing > shared->queue_size / 2;
	pthread_mutex_unlock(&shared->lock);
	return busy;
}

const char *journal_failed(const struct journal *journal)
{
	struct journal *shared = (struct journal *)journal;
	pthread_mutex_lock(&shared->lock);
	bool failed = shared->failed;
	pthread_mutex_unlock(&shared->lock);
	return failed ? journal->failure : NULL;
}

uint64_t journal_last(const struct journal *journal)
{
	return journal->last;
}

/* ---- opening and closing ---- */

static enum sdex_error make_folder(struct journal *journal, const char *folder,
				   struct sdex_failure *why)
{
	struct disk_error text;
	if (mkdir(folder, 0700) && errno != EEXIST)
		return fail(why, SDEX_ERR_UNSUPPORTED, 0, "cannot make the folder %.120s: %s",
			    folder, disk_error(&text, errno));
	return segments_folder(&journal->folder_fd, folder, why);
}

/* The folder's own name has to survive as well. */
static void keep_folder(const struct journal *journal)
{
	int parent = openat(journal->folder_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (parent >= 0) {
		fsync(parent);
		close(parent);
	}
}

/* Takes the lock, which ends with the process, however that ends; and leaves our id in it
 * for whoever comes second. */
static enum sdex_error take_lock(struct journal *journal, const char *folder,
				 struct sdex_failure *why)
{
	struct disk_error text;
	char pid[24] = "";
	journal->lock_fd = openat(journal->folder_fd, LOCK_NAME,
				  O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (journal->lock_fd < 0)
		return fail(why, SDEX_ERR_UNSUPPORTED, 0, "cannot open %.120s/" LOCK_NAME ": %s",
			    folder, disk_error(&text, errno));
	if (flock(journal->lock_fd, LOCK_EX | LOCK_NB)) {
		int error = errno;
		ssize_t n = pread(journal->lock_fd, pid, sizeof pid - 1, 0);
		pid[n > 0 ? strspn(pid, "0123456789") : 0] = '\0';
		if (error == EWOULDBLOCK)
			return fail(
				why, SDEX_ERR_DUPLICATE, 0,
				"the journal %.100s is in use by process %s, and one process may "
				"write it: stop that one, or use another folder",
				folder, pid[0] ? pid : "(unknown)");
		return fail(why, SDEX_ERR_UNSUPPORTED, 0, "cannot lock %.120s/" LOCK_NAME ": %s",
			    folder, disk_error(&text, error));
	}
	int n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
	if (ftruncate(journal->lock_fd, 0) || pwrite(journal->lock_fd, pid, (size_t)n, 0) != n)
		return fail(why, SDEX_ERR_UNSUPPORTED, 0, "cannot write %.120s/" LOCK_NAME ": %s",
			    folder, disk_error(&text, errno));
	return SDEX_OK;
}

static void tell_cut(const struct journal *journal, const struct journal_end *end)
{
	char text[244];
	if (!end->cut || !journal->on_note)
		return;
	snprintf(text, sizeof text,
		 "%s, offset %" PRIu64 ": cut off %" PRIu64 " bytes of an unfinished write that "
		 "nobody was told of (%s); the journal ends with record %" PRIu64,
		 end->segment, end->offset, end->cut, end->reason, end->next - 1);
	journal->on_note(journal->arg, text);
}

static enum sdex_error open_segments(struct journal *journal, const struct journal_options *options,
				     uint32_t segment_size, struct sdex_failure *why)
{
	struct segments_end end;
	struct writer_error error;
	struct writer *writer = &journal->writer;
	enum sdex_error refused = segments_read(&end, journal->folder_fd, options->folder,
						options->on_record, options->arg, why);
	if (refused)
		return refused;
	unlinkat(journal->folder_fd, AHEAD_NAME, 0);
	bool done;
	if (end.first) {
		done = writer_resume(writer, &end, &error);
	} else {
		if (getrandom(writer->id, sizeof writer->id, 0) != sizeof writer->id)
			return fail(why, SDEX_ERR_UNSUPPORTED, 0, "the system gives no randomness");
		keep_folder(journal);
		uint32_t size = segment_size < FIRST_SIZE ? segment_size : FIRST_SIZE;
		done = writer_begin(writer, size, &error);
	}
	if (!done)
		return fail(why, SDEX_ERR_UNSUPPORTED, 0, "%.80s: %s", options->folder, error.text);
	tell_cut(journal, &end.journal);
	journal->last = journal->durable = writer->next - 1;
	return SDEX_OK;
}

static enum sdex_error start(struct journal *journal, uint32_t segment_size,
			     struct sdex_failure *why)
{
	struct writer *writer = &journal->writer;
	journal->waiting.data = malloc(journal->queue_size);
	journal->batch.data = malloc(journal->queue_size);
	journal->wake = loop_wake_new(journal->loop, answer, journal);
	if (!journal->waiting.data || !journal->batch.data || !journal->wake)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	writer->ahead = ahead_start(journal->folder_fd, writer->disk, segment_size);
	if (writer->ahead && thread_start(&journal->thread, run, journal) == 0) {
		journal->has_thread = true;
		return SDEX_OK;
	}
	return fail(why, SDEX_ERR_UNSUPPORTED, 0, "the system gives no thread for the journal");
}

struct journal *journal_open(struct loop *loop, const struct journal_options *options,
			     struct sdex_failure *why)
{
	uint32_t segment_size = options->segment_size ? options->segment_size : SEGMENT_SIZE;
	uint32_t queue_size = options->queue_size ? options->queue_size : QUEUE_SIZE;
	if (segment_size < SEGMENT_LEAST || segment_size > SEGMENT_FILE_MAX ||
	    queue_size < QUEUE_LEAST) {
		fail(why, SDEX_ERR_INVALID, 0,
		     "expected segments of %u to %u bytes and a queue of at least %u, found %u and "
		     "%u",
		     SEGMENT_LEAST, SEGMENT_FILE_MAX, QUEUE_LEAST, segment_size, queue_size);
		return NULL;
	}
	struct journal *journal = calloc(1, sizeof *journal);
	if (!journal) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		return NULL;
	}
	journal->loop = loop;
	journal->hand_over = (struct loop_task){.run = hand_over, .arg = journal};
	journal->answer = (struct loop_task){.run = answer, .arg = journal};
	journal->folder_fd = journal->lock_fd = -1;
	journal->queue_size = queue_size;
	journal->record_max = segment_size - SEGMENT_HEAD - FRAME_HEAD - 8;
	if (journal->record_max > JOURNAL_RECORD_MAX)
		journal->record_max = JOURNAL_RECORD_MAX;
	journal->on_synced = options->on_synced;
	journal->on_note = options->on_note;
	journal->arg = options->arg;
	journal->writer.fd = -1;
	journal->writer.disk = options->disk ? options->disk : &journal_disk_system;
	pthread_mutex_init(&journal->lock, NULL);
	pthread_cond_init(&journal->work, NULL);
	if (make_folder(journal, options->folder, why) || take_lock(journal, options->folder, why))
		goto refused;
	journal->writer.folder_fd = journal->folder_fd;
	if (open_segments(journal, options, segment_size, why) || start(journal, segment_size, why))
		goto refused;
	return journal;
refused:
	journal_close(journal);
	return NULL;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	if (journal->has_thread) {
		pthread_mutex_lock(&journal->lock);
		journal->closing = true;
		pthread_cond_signal(&journal->work);
		pthread_mutex_unlock(&journal->lock);
		pthread_join(journal->thread, NULL);
	}
	loop_undefer(journal->loop, &journal->hand_over);
	loop_undefer(journal->loop, &journal->answer);
	loop_wake_free(journal->wake);
	ahead_stop(journal->writer.ahead);
	writer_close(&journal->writer);
	if (journal->lock_fd >= 0)
		close(journal->lock_fd);
	if (journal->folder_fd >= 0)
		close(journal->folder_fd);
	pthread_cond_destroy(&journal->work);
	pthread_mutex_destroy(&journal->lock);
	free(journal->waiting.data);
	free(journal->batch.data);
	free(journal->asks);
	free(journal);
}
