/* store/writer.h - puts sealed frames into segments; the writing half of the journal, which
 * belongs to its thread alone. */
#ifndef SDEX_STORE_WRITER_H
#define SDEX_STORE_WRITER_H

#include <stdbool.h>

#include "store/ahead.h"
#include "store/disk.h"
#include "store/segments.h"

struct writer {
	int folder_fd;
	const struct journal_disk *disk;
	struct ahead *ahead;
	uint8_t id[SEGMENT_ID];
	int fd; /* of the segment, -1 without */
	struct segment_name name;
	uint64_t at, size; /* where the next frame goes; bytes of the file */
	uint64_t next;     /* number of the next record to be written */
	uint64_t durable;  /* number of the last one that is on disk */
	bool unsynced;     /* something was written that may not be on disk */
	bool asked;        /* for the segment after this one */
};

/* Where and why it did not go on, for people. */
struct writer_error {
	char text[200];
};

/* Goes on where the reader stopped: cuts off what is unfinished, and makes sure that the
 * rest is on disk. */
bool writer_resume(struct writer *writer, const struct segments_end *end,
		   struct writer_error *error);

/* Starts the first segment of a new journal, of `size` bytes. */
bool writer_begin(struct writer *writer, uint32_t size, struct writer_error *error);

/* Seals and writes whole frames, as many as stand in `size` bytes. */
bool writer_write(struct writer *writer, uint8_t *frames, size_t size, struct writer_error *error);

/* All that was written is on disk. */
bool writer_sync(struct writer *writer, struct writer_error *error);

void writer_close(struct writer *writer);

#endif
