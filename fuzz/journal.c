/* fuzz/journal.c - a segment of a journal: any bytes are read or refused; what was written and
 * synced is read back whatever a crash did to the rest. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "store/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIZE 4096u
#define SECTOR 512u
#define RECORDS 64u

/* Of another journal than the corpus's, whose frames may stand in a record of this one. */
static const struct segment_head head = {.id = "crash", .first = 1};

/* Reads all records; they are in order, inside the bytes and behind each other. */
static uint64_t read_all(struct segment_scan *scan)
{
	struct segment_record record;
	size_t at = scan->at;
	uint64_t next = scan->next;
	while (segment_next(scan, &record)) {
		CHECK(record.number == next++ && record.offset == at);
		at += frame_size(record.size);
		CHECK(at == scan->at && at <= scan->size && scan->durable < next);
		CHECK(record.data == scan->data + record.offset + FRAME_HEAD);
	}
	CHECK(scan->at == at && scan->next == next);
	return next - 1;
}

static void read_any(const uint8_t *data, size_t size)
{
	struct segment_scan scan;
	struct sdex_failure why;
	const char *reason;
	uint64_t later;
	if (segment_open(&scan, data, size, &why))
		return;
	read_all(&scan);
	enum segment_end end = segment_end(&scan, &reason, &later);
	CHECK((end == SEGMENT_CLEAN) == (segment_used(data, size, scan.at) == scan.at));
	CHECK((reason == NULL) == (end == SEGMENT_CLEAN));
	CHECK(later == 0 || later > scan.next);
}

struct written {
	uint8_t bytes[SIZE];   /* all that was written */
	uint8_t on_disk[SIZE]; /* as of the last sync */
	size_t at[RECORDS + 1];
	size_t used;
	uint64_t last, synced;
};

static void append(struct written *w, const uint8_t *record, size_t size)
{
	if (w->last == RECORDS || frame_size(size) > SIZE - w->used)
		return;
	w->at[++w->last] = w->used;
	frame_begin(w->bytes + w->used, w->last, record, size);
	w->used += frame_seal(w->bytes + w->used, w->synced, head.id);
}

static void sync_all(struct written *w)
{
	memcpy(w->on_disk, w->bytes, SIZE);
	w->synced = w->last;
}

/* What was not synced is on disk as far as `kept` goes (a write that stopped half-way), or in
 * the sectors that the bits of `sectors` name (power that failed). */
static void crash(struct written *w, size_t kept, uint8_t sectors)
{
	for (size_t at = 0; at < SIZE; at++)
		if (at < kept || sectors >> at / SECTOR & 1)
			w->on_disk[at] = w->bytes[at];
}

/* Records, syncs and a crash as the input has them. */
static void write_and_crash(const uint8_t *data, size_t size)
{
	struct written *w = calloc(1, sizeof *w);
	struct segment_scan scan;
	const char *reason;
	uint64_t later;
	CHECK(w);
	segment_head_write(w->bytes, &head);
	w->used = SEGMENT_HEAD;
	sync_all(w);
	size_t kept = 0;
	uint8_t sectors = 0;
	while (size >= 2) {
		uint8_t what = data[0], n = data[1];
		data += 2, size -= 2;
		size_t record = (size_t)n * 4;
		if (record > size)
			record = size;
		if (what < 128) {
			append(w, data, record);
			data += record, size -= record;
		} else if (what < 192) {
			sync_all(w);
		} else {
			kept = what < 224 ? (size_t)n * (SIZE / 256) + what % 16 : 0;
			sectors = what < 224 ? 0 : n;
		}
	}
	crash(w, kept, sectors);
	CHECK(segment_open(&scan, w->on_disk, SIZE, NULL) == SDEX_OK);
	uint64_t read = read_all(&scan);
	CHECK(read >= w->synced && read <= w->last);
	CHECK(memcmp(w->on_disk, w->bytes, scan.at) == 0);
	CHECK(segment_end(&scan, &reason, &later) != SEGMENT_DAMAGED);
	free(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (data[0] == 's')
		read_any(data, size); /* the first byte of a segment */
	else
		write_and_crash(data + 1, size - 1);
	return 0;
}
