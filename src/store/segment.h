/* store/segment.h - the bytes of a journal's segment: records in frames, read to exactly
 * where they end.
 *
 * A segment is a head of SEGMENT_HEAD bytes, frames one behind the other, and zeros up to
 * the end of its file; numbers are big-endian.  A frame is FRAME_HEAD bytes, the record, a
 * byte FRAME_END, so that what was written whole does not end in zeros, and zeros up to a
 * multiple of 8:
 *
 *	 0  4  mark "SDXR"
 *	 4  4  bytes of the record
 *	 8  8  the record's number: the first of a journal is 1, the next one more
 *	16  8  how far the journal was on disk when this was written: a record's number, or 0
 *	24  4  CRC-32 of the record
 *	28  4  CRC-32 of the segment's id and of the 28 bytes before
 *
 * The number at 16 is what tells an unfinished write at the end, which nobody was told of,
 * from a record that was acknowledged and is damaged.
 *
 * Pure: no I/O. */
#ifndef SDEX_STORE_SEGMENT_H
#define SDEX_STORE_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdex/error.h"

#define SEGMENT_HEAD 64u
#define SEGMENT_ID 16u
#define FRAME_HEAD 32u
#define FRAME_END 0xe7u
#define SEGMENT_RECORD_MAX (1u << 18) /* bytes of a record */

struct segment_head {
	uint8_t id[SEGMENT_ID]; /* random, the same in all segments of a journal */
	uint64_t first;         /* number of the first record, > 0 */
};

void segment_head_write(uint8_t out[SEGMENT_HEAD], const struct segment_head *head);

/* Bytes of the frame of a record of `size` bytes. */
static inline size_t frame_size(size_t size)
{
	return FRAME_HEAD + ((size + 8u) & ~(size_t)7u);
}

/* Makes a frame in two steps, since the thread that appends is not the one that writes:
 * frame_begin copies the record to `out`, which has room for frame_size(size) bytes;
 * frame_seal puts in the rest and returns the frame's size. */
void frame_begin(uint8_t *out, uint64_t number, const void *record, size_t size);
size_t frame_seal(uint8_t *frame, uint64_t durable, const uint8_t id[SEGMENT_ID]);

struct segment_scan {
	const uint8_t *data; /* borrowed */
	size_t size;
	struct segment_head head;
	uint64_t next;    /* number of the record expected at `at` */
	uint64_t durable; /* the highest such number in the frames read */
	size_t at;
};

struct segment_record {
	uint64_t number;
	uint64_t durable;
	size_t offset; /* of its frame */
	const uint8_t *data;
	size_t size;
};

/* Reads the head of a segment that was loaded whole.
 * TRUNCATED, KIND, CHECKSUM: it is none.  UNSUPPORTED: of a later version. */
SDEX_MUST_USE enum sdex_error segment_open(struct segment_scan *scan, const uint8_t *data,
					   size_t size, struct sdex_failure *why);

/* Reads the next whole record.  False, and nothing changed, when there is none at scan->at:
 * segment_end tells why. */
bool segment_next(struct segment_scan *scan, struct segment_record *record);

enum segment_end {
	/* Zeros up to the end, or nothing. */
	SEGMENT_CLEAN,
	/* What follows can be what a crash left of writes that were not finished: some sectors
	 * written and others not, or the first bytes and no more; and no later record says that
	 * it had been whole. */
	SEGMENT_TORN,
	/* It cannot. */
	SEGMENT_DAMAGED,
};

/* Judges what stands where segment_next found no record.  `reason`, unless CLEAN, is a
 * sentence that lives for ever; `later` the number of a record behind that shows that the
 * one at scan->at had been on disk, or 0. */
enum segment_end segment_end(const struct segment_scan *scan, const char **reason, uint64_t *later);

/* The offset behind the last byte that is not zero, from `at` on; `at` when all are. */
size_t segment_used(const uint8_t *data, size_t size, size_t at);

#endif
