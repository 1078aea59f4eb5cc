/* store/journal.h - the journal: what the engine has decided, on disk before it is done.
 *
 * A folder of segments (segment.h says what stands in them) that records are appended to
 * and that nothing is ever taken out of.  A thread of its own writes; one fdatasync covers
 * all that was appended before it began.  What was acknowledged is read back, in order and
 * byte for byte, whatever the process or the machine died of; a record that was not
 * acknowledged is read back or not, but never one without those before it.
 *
 * All functions belong to the thread of the loop, and so do the callbacks.
 *
 * docs/journal.md tells people what to do when it complains. */
#ifndef SDEX_STORE_JOURNAL_H
#define SDEX_STORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdex/error.h"
#include "store/disk.h"

#define JOURNAL_RECORD_MAX ((size_t)1 << 18) /* bytes of a record */

struct journal;
struct loop;

struct journal_record {
	uint64_t number;     /* 1 for the first of the journal, then one more each */
	const char *segment; /* name of the file in the folder */
	uint64_t offset;     /* of the frame in the file */
	const void *data;    /* as appended; lives until the return */
	size_t size;
};

/* A record, oldest first. */
typedef void journal_record_fn(void *arg, const struct journal_record *record);

/* The answer to journal_sync.  status 0: all that was appended before the call is on disk.
 * Otherwise it may not be, `why` says for what reason, and every sync from then on ends the
 * same way: nothing may leave the process any more. */
typedef void journal_synced_fn(void *arg, uint64_t token, int status, const char *why);

/* A line for the log: what was cut off, that the disk is about to be full. */
typedef void journal_note_fn(void *arg, const char *text);

struct journal_options {
	const char *folder;    /* is made for this user alone when it is not there */
	uint32_t segment_size; /* bytes of a segment, 4 KiB to 1 GiB; 0 for 16 MiB */
	uint32_t queue_size;   /* bytes that may wait to be written, at least 4 KiB; 0 for 8 MiB */
	const struct journal_disk *disk; /* NULL for the system's */
	journal_record_fn *on_record;    /* only during journal_open */
	journal_synced_fn *on_synced;    /* never out of a call into this module */
	journal_note_fn *on_note;        /* NULL for nobody */
	void *arg;
};

/* Opens the journal for the one process that may write, gives all records to on_record,
 * cuts off what a crash left unfinished at the end (and says so to on_note), and makes
 * sure that what was given is on disk.  NULL on failure; on_record may have been called:
 * DUPLICATE    another process has it open; named by its id
 * CHECKSUM     a record or a segment's head has changed on the disk
 * MISSING      records are missing between two segments, or before the first
 * UNSUPPORTED  a later version wrote it, or the system refuses (folder, disk, thread)
 * INVALID, NOMEM
 * Says file, offset and what to do; nothing has been changed then. */
struct journal *journal_open(struct loop *loop, const struct journal_options *options,
			     struct sdex_failure *why);

/* Writes and syncs what was appended, and ends the thread; waits for the disk.  Syncs that
 * were not answered stay so.  Not out of its callbacks.  NULL is fine. */
void journal_close(struct journal *journal);

/* Puts a copy of the record, at most JOURNAL_RECORD_MAX bytes and a segment's room, behind
 * the others; on disk only after a later sync, and written (not synced) at the end of the
 * loop's pass at the latest.  A record that finds the queue full is lost, and all syncs from
 * then on fail and say so: heed journal_busy. */
void journal_append(struct journal *journal, const void *record, size_t size);

/* on_synced follows, in the order of the calls. */
void journal_sync(struct journal *journal, uint64_t token);

/* Is more than half of the queue in use?  Then the disk does not keep up, and no new work
 * should be taken on. */
bool journal_busy(const struct journal *journal);

/* Why all syncs fail; NULL when they do not.  Lives until the close. */
const char *journal_failed(const struct journal *journal);

/* The number of the record appended last; 0 when there is none. */
uint64_t journal_last(const struct journal *journal);

struct journal_end {
	uint64_t next;      /* number that the next record gets */
	char segment[32];   /* name of the last file; "" when there is none */
	uint64_t offset;    /* behind its last whole record */
	uint64_t cut;       /* bytes behind that which are no record: 0, or an unfinished write */
	const char *reason; /* of the cut, for people; lives for ever; NULL without */
};

/* Reads a journal and changes nothing; another process may have it open, whose last writes
 * then may look unfinished.  Fails as journal_open does, but for DUPLICATE. */
SDEX_MUST_USE enum sdex_error journal_read(struct journal_end *end, const char *folder,
					   journal_record_fn *on_record, void *arg,
					   struct sdex_failure *why);

#endif
