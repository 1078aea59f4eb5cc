/* store/segment.c - frames, and what their end looks like after a crash. */
#include "store/segment.h"

#include <string.h>
#include <zlib.h>

#include "base/endian.h"
#include "base/failure.h"

#define VERSION 1u
#define MARK 0x53445852u /* "SDXR" */

/* What a disk writes whole or not at all.  Disks with larger sectors keep that promise for
 * these, too; a page cache that is killed stops between pages. */
#define SECTOR 512u

static const uint8_t magic[8] = "sdexjrnl";

enum {
	HEAD_VERSION = 8,
	HEAD_ID = 16,
	HEAD_FIRST = 32,
	HEAD_CRC = 60,
	FRAME_SIZE = 4,
	FRAME_NUMBER = 8,
	FRAME_DURABLE = 16,
	FRAME_CRC = 24,
	FRAME_HEAD_CRC = 28,
};

static uint32_t crc(uint32_t before, const void *data, size_t size)
{
	return (uint32_t)crc32_z(before, data, size);
}

void segment_head_write(uint8_t out[SEGMENT_HEAD], const struct segment_head *head)
{
	memset(out, 0, SEGMENT_HEAD);
	memcpy(out, magic, sizeof magic);
	store_be32(out + HEAD_VERSION, VERSION);
	memcpy(out + HEAD_ID, head->id, SEGMENT_ID);
	store_be64(out + HEAD_FIRST, head->first);
	store_be32(out + HEAD_CRC, crc(0, out, HEAD_CRC));
}

enum sdex_error segment_open(struct segment_scan *scan, const uint8_t *data, size_t size,
			     struct sdex_failure *why)
{
	if (size < SEGMENT_HEAD)
		return fail(why, SDEX_ERR_TRUNCATED, size,
			    "expected a head of %u bytes, found %zu bytes", SEGMENT_HEAD, size);
	if (memcmp(data, magic, sizeof magic) != 0)
		return fail(why, SDEX_ERR_KIND, 0,
			    "expected a segment of a journal, found another"
			    " kind of file");
	if (load_be32(data + HEAD_CRC) != crc(0, data, HEAD_CRC))
		return fail(why, SDEX_ERR_CHECKSUM, 0, "the head of the segment is damaged");
	if (load_be32(data + HEAD_VERSION) != VERSION)
		return fail(why, SDEX_ERR_UNSUPPORTED, HEAD_VERSION,
			    "expected version %u of the form, found %u: a later sdex wrote it",
			    VERSION, load_be32(data + HEAD_VERSION));
	*scan = (struct segment_scan){.data = data, .size = size, .at = SEGMENT_HEAD};
	memcpy(scan->head.id, data + HEAD_ID, SEGMENT_ID);
	scan->head.first = scan->next = load_be64(data + HEAD_FIRST);
	return SDEX_OK;
}

void frame_begin(uint8_t *out, uint64_t number, const void *record, size_t size)
{
	store_be32(out, MARK);
	store_be32(out + FRAME_SIZE, (uint32_t)size);
	store_be64(out + FRAME_NUMBER, number);
	if (size)
		memcpy(out + FRAME_HEAD, record, size);
	memset(out + FRAME_HEAD + size, 0, frame_size(size) - FRAME_HEAD - size);
	out[FRAME_HEAD + size] = FRAME_END;
}

static uint32_t head_crc(const uint8_t *frame, const uint8_t id[SEGMENT_ID])
{
	return crc(crc(0, id, SEGMENT_ID), frame, FRAME_HEAD_CRC);
}

size_t frame_seal(uint8_t *frame, uint64_t durable, const uint8_t id[SEGMENT_ID])
{
	size_t size = load_be32(frame + FRAME_SIZE);
	store_be64(frame + FRAME_DURABLE, durable);
	store_be32(frame + FRAME_CRC, crc(0, frame + FRAME_HEAD, size));
	store_be32(frame + FRAME_HEAD_CRC, head_crc(frame, id));
	return frame_size(size);
}

/* ---- reading ---- */

/* Is there a head of a frame?  It may still reach over the end of the file. */
static bool is_head(const struct segment_scan *scan, size_t at)
{
	const uint8_t *frame = scan->data + at;
	return scan->size - at >= FRAME_HEAD && load_be32(frame) == MARK &&
	       load_be32(frame + FRAME_SIZE) <= SEGMENT_RECORD_MAX &&
	       load_be32(frame + FRAME_HEAD_CRC) == head_crc(frame, scan->head.id);
}

static bool fits(const struct segment_scan *scan, size_t at)
{
	return frame_size(load_be32(scan->data + at + FRAME_SIZE)) <= scan->size - at;
}

/* With a head that fits: is all of the frame as it was written? */
static bool is_whole(const struct segment_scan *scan, size_t at)
{
	const uint8_t *frame = scan->data + at;
	size_t size = load_be32(frame + FRAME_SIZE);
	if (load_be32(frame + FRAME_CRC) != crc(0, frame + FRAME_HEAD, size))
		return false;
	size_t behind = FRAME_HEAD + size + 1;
	return frame[behind - 1] == FRAME_END &&
	       segment_used(frame, frame_size(size), behind) == behind;
}

bool segment_next(struct segment_scan *scan, struct segment_record *record)
{
	if (!is_head(scan, scan->at) || !fits(scan, scan->at) || !is_whole(scan, scan->at))
		return false;
	const uint8_t *frame = scan->data + scan->at;
	uint64_t number = load_be64(frame + FRAME_NUMBER);
	uint64_t durable = load_be64(frame + FRAME_DURABLE);
	if (number != scan->next || durable >= number)
		return false;
	*record = (struct segment_record){.number = number,
					  .durable = durable,
					  .offset = scan->at,
					  .data = frame + FRAME_HEAD,
					  .size = load_be32(frame + FRAME_SIZE)};
	scan->at += frame_size(record->size);
	scan->next++;
	if (durable > scan->durable)
		scan->durable = durable;
	return true;
}

size_t segment_used(const uint8_t *data, size_t size, size_t at)
{
	while (size > at && data[size - 1] == 0)
		size--;
	return size;
}

static bool all_zero(const struct segment_scan *scan, size_t at, size_t end)
{
	return segment_used(scan->data, end, at) == at;
}

/* Is there a sector, or the part of one that lies in [at, end), that nothing was written to? */
static bool has_hole(const struct segment_scan *scan, size_t at, size_t end)
{
	while (at < end) {
		size_t stop = (at / SECTOR + 1) * SECTOR;
		if (stop > end)
			stop = end;
		if (all_zero(scan, at, stop))
			return true;
		at = stop;
	}
	return false;
}

/* The number of a record behind scan->at that was written after the one expected there was
 * on disk; 0 when none is found.  The work is bounded by what the file can hold: frames that
 * are found do not overlap. */
static uint64_t find_later(const struct segment_scan *scan)
{
	size_t at = scan->at + 8;
	while (at < scan->size && scan->size - at >= FRAME_HEAD) {
		if (!is_head(scan, at)) {
			at += 8;
			continue;
		}
		const uint8_t *frame = scan->data + at;
		uint64_t number = load_be64(frame + FRAME_NUMBER);
		if (number > scan->next && load_be64(frame + FRAME_DURABLE) >= scan->next)
			return number;
		at += fits(scan, at) ? frame_size(load_be32(frame + FRAME_SIZE)) : 8;
	}
	return 0;
}

/* Nothing is written from the offset `end` on, where something would be if the frame at
 * scan->at had been written whole. */
static bool is_front(const struct segment_scan *scan, size_t end)
{
	return all_zero(scan, end, scan->size);
}

/* What stands at scan->at is a head by its check, but no whole record. */
static enum segment_end judge_frame(const struct segment_scan *scan, const char **reason)
{
	const uint8_t *frame = scan->data + scan->at;
	uint64_t number = load_be64(frame + FRAME_NUMBER);
	size_t size = load_be32(frame + FRAME_SIZE);
	if (number != scan->next || load_be64(frame + FRAME_DURABLE) >= number) {
		*reason = "a record with a number that does not belong here";
		return SEGMENT_DAMAGED;
	}
	if (!fits(scan, scan->at)) {
		*reason = "the file ends inside the record";
		return SEGMENT_TORN;
	}
	if (has_hole(scan, scan->at, scan->at + frame_size(size)) ||
	    is_front(scan, scan->at + FRAME_HEAD + size)) {
		*reason = "part of the record was never written";
		return SEGMENT_TORN;
	}
	*reason = "the record was written whole and has changed since";
	return SEGMENT_DAMAGED;
}

/* What stands at scan->at is no head.  A sector that holds a part of one and was not written
 * holds nothing else either. */
static enum segment_end judge_head(const struct segment_scan *scan, const char **reason)
{
	size_t head_end = scan->at + FRAME_HEAD;
	size_t sector_end = (scan->at / SECTOR + 1) * SECTOR;
	if (head_end > scan->size) {
		*reason = "the file ends inside the record";
		return SEGMENT_TORN;
	}
	bool torn = is_front(scan, head_end);
	if (sector_end < head_end)
		torn |= has_hole(scan, scan->at, head_end);
	else
		torn |= all_zero(scan, scan->at, sector_end < scan->size ? sector_end : scan->size);
	*reason = torn ? "part of the record was never written"
		       : "expected a record or zeros, found neither";
	return torn ? SEGMENT_TORN : SEGMENT_DAMAGED;
}

enum segment_end segment_end(const struct segment_scan *scan, const char **reason, uint64_t *later)
{
	*later = 0;
	*reason = NULL;
	if (all_zero(scan, scan->at, scan->size))
		return SEGMENT_CLEAN;
	*later = find_later(scan);
	if (*later) {
		*reason = "a record that had been on disk is damaged";
		return SEGMENT_DAMAGED;
	}
	return is_head(scan, scan->at) ? judge_frame(scan, reason) : judge_head(scan, reason);
}
