/* store/segments.h - the files of a journal: their folder, their names, reading them all. */
#ifndef SDEX_STORE_SEGMENTS_H
#define SDEX_STORE_SEGMENTS_H

#include "store/journal.h"
#include "store/segment.h"

#define SEGMENT_FILE_MAX (1u << 30)

struct segment_name {
	char text[32];
};

/* "00000000000000000001.journal": the number of the segment's first record. */
struct segment_name segment_name(uint64_t first);

/* What a writer needs to go on where the reader stopped. */
struct segments_end {
	struct journal_end journal;
	uint8_t id[SEGMENT_ID];
	uint64_t first;    /* of the last segment; 0 when there is none */
	uint64_t unproven; /* offset of its first record that no other says to be on disk */
	uint64_t size;     /* of its file */
};

/* Reads all segments of the folder that is open as `fd`; `folder` is its name for people.
 * on_record may be NULL. */
SDEX_MUST_USE enum sdex_error segments_read(struct segments_end *end, int fd, const char *folder,
					    journal_record_fn *on_record, void *arg,
					    struct sdex_failure *why);

/* Opens the folder.  MISSING, or UNSUPPORTED when the system refuses. */
SDEX_MUST_USE enum sdex_error segments_folder(int *fd, const char *folder,
					      struct sdex_failure *why);

#endif
