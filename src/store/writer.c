/* store/writer.c - frames into segments, one behind the other. */
#include "store/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/endian.h"

/* Says what could not be done; false, for the caller to return. */
static bool failed(const struct writer *writer, struct writer_error *error, const char *what,
		   uint64_t at, int number)
{
	struct disk_error text;
	snprintf(error->text, sizeof error->text, "%s, offset %" PRIu64 ": cannot %s: %s",
		 writer->name.text, at, what, disk_error(&text, number));
	return false;
}

bool writer_sync(struct writer *writer, struct writer_error *error)
{
	int number = writer->unsynced ? disk_sync(writer->disk, writer->fd) : 0;
	if (number)
		return failed(writer, error, "sync", writer->at, number);
	writer->unsynced = false;
	writer->durable = writer->next - 1;
	return true;
}

/* Writes the bytes of [from, to) once more, as they are: a sync that failed in a life before
 * may have left them in memory alone, marked as if they were on disk. */
static bool write_again(struct writer *writer, uint64_t from, uint64_t to,
			struct writer_error *error)
{
	uint8_t bytes[1u << 14];
	while (from < to) {
		size_t part = to - from < sizeof bytes ? (size_t)(to - from) : sizeof bytes;
		ssize_t n = pread(writer->fd, bytes, part, (off_t)from);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(writer, error, "read", from, n < 0 ? errno : EIO);
		int number = disk_write(writer->disk, writer->fd, bytes, (size_t)n, from);
		if (number)
			return failed(writer, error, "write", from, number);
		from += (uint64_t)n;
	}
	return true;
}

bool writer_resume(struct writer *writer, const struct segments_end *end,
		   struct writer_error *error)
{
	const struct journal_end *journal = &end->journal;
	writer->name = segment_name(end->first);
	memcpy(writer->id, end->id, SEGMENT_ID);
	writer->at = journal->offset;
	writer->size = end->size;
	writer->next = journal->next;
	writer->fd = openat(writer->folder_fd, writer->name.text, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (writer->fd < 0)
		return failed(writer, error, "open", 0, errno);
	if (!write_again(writer, end->unproven, journal->offset, error))
		return false;
	int number = disk_zero(writer->disk, writer->fd, journal->cut, journal->offset);
	if (number)
		return failed(writer, error, "cut off what is unfinished", journal->offset, number);
	writer->unsynced = true; /* whoever wrote it */
	return writer_sync(writer, error);
}

/* Makes a file full of zeros the segment that begins with the next record. */
static bool become(struct writer *writer, int fd, uint64_t size, struct writer_error *error)
{
	uint8_t head_bytes[SEGMENT_HEAD];
	struct segment_head head = {.first = writer->next};
	struct segment_name name = segment_name(writer->next);
	memcpy(head.id, writer->id, SEGMENT_ID);
	segment_head_write(head_bytes, &head);
	/* The head is on disk before the name is, the name before any record. */
	int number = disk_write(writer->disk, fd, head_bytes, SEGMENT_HEAD, 0);
	if (!number)
		number = disk_sync(writer->disk, fd);
	if (!number && renameat(writer->folder_fd, AHEAD_NAME, writer->folder_fd, name.text) != 0)
		number = errno;
	if (!number)
		number = disk_sync(writer->disk, writer->folder_fd);
	writer->name = name;
	if (number) {
		close(fd);
		return failed(writer, error, "begin the segment", 0, number);
	}
	if (writer->fd >= 0)
		close(writer->fd);
	writer->fd = fd;
	writer->at = SEGMENT_HEAD;
	writer->size = size;
	writer->asked = false;
	return true;
}

bool writer_begin(struct writer *writer, uint32_t size, struct writer_error *error)
{
	int number;
	writer->next = 1;
	writer->name = segment_name(1);
	int fd = ahead_make(&number, writer->folder_fd, writer->disk, size);
	if (fd < 0)
		return failed(writer, error, "make the file", 0, number);
	return become(writer, fd, size, error);
}

static bool rotate(struct writer *writer, struct writer_error *error)
{
	int number;
	if (!writer_sync(writer, error))
		return false;
	int fd = ahead_take(writer->ahead, &number);
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	if (fd < 0) {
		writer->name = segment_name(writer->next);
		return failed(writer, error, "make the file", 0, number);
	}
	return become(writer, fd, (uint64_t)size, error);
}

/* The bytes of as many whole frames as fit before the segment's end, sealed. */
static size_t seal(struct writer *writer, uint8_t *frames, size_t size)
{
	uint64_t room = writer->size > writer->at ? writer->size - writer->at : 0;
	size_t sealed = 0;
	while (sealed < size) {
		uint8_t *frame = frames + sealed;
		if (frame_size(load_be32(frame + 4)) > room - sealed)
			break;
		sealed += frame_seal(frame, writer->durable, writer->id);
		writer->next++;
	}
	return sealed;
}

bool writer_write(struct writer *writer, uint8_t *frames, size_t size, struct writer_error *error)
{
	while (size) {
		size_t part = seal(writer, frames, size);
		writer->unsynced |= part > 0;
		int number = disk_write(writer->disk, writer->fd, frames, part, writer->at);
		if (number)
			return failed(writer, error, "write", writer->at, number);
		writer->at += part;
		frames += part;
		size -= part;
		if (size && !rotate(writer, error))
			return false;
	}
	if (!writer->asked && writer->at > writer->size / 2) {
		writer->asked = true;
		ahead_want(writer->ahead);
	}
	return true;
}

void writer_close(struct writer *writer)
{
	if (writer->fd >= 0)
		close(writer->fd);
	writer->fd = -1;
}
