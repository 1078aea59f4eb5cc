/* store/segments.c - a journal's files, read in the order of their records. */
#include "store/segments.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/failure.h"

#define DIGITS 20

struct reading {
	struct segments_end *end;
	int folder_fd;
	const char *folder;
	journal_record_fn *on_record;
	void *arg;
	struct sdex_failure *why;
	uint64_t following; /* number that the next segment's name says; 0 for the last one */
	struct segment_name name;
};

struct names {
	uint64_t *first;
	size_t count, room;
};

struct segment_name segment_name(uint64_t first)
{
	struct segment_name name;
	snprintf(name.text, sizeof name.text, "%0*" PRIu64 ".journal", DIGITS, first);
	return name;
}

/* The number in a segment's name; false when it is the name of something else. */
static bool name_number(uint64_t *first, const char *text)
{
	uint64_t number = 0;
	for (int i = 0; i < DIGITS; i++) {
		if (text[i] < '0' || text[i] > '9' ||
		    __builtin_mul_overflow(number, 10u, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(text[i] - '0'), &number))
			return false;
	}
	*first = number;
	return strcmp(text + DIGITS, ".journal") == 0;
}

enum sdex_error segments_folder(int *fd, const char *folder, struct sdex_failure *why)
{
	struct disk_error text;
	int opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (opened < 0)
		return fail(why, errno == ENOENT ? SDEX_ERR_MISSING : SDEX_ERR_UNSUPPORTED, 0,
			    "cannot open the folder %.120s: %s", folder, disk_error(&text, errno));
	*fd = opened;
	return SDEX_OK;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static bool names_add(struct names *names, uint64_t first)
{
	if (names->count == names->room) {
		size_t room = names->room ? 2 * names->room : 64;
		uint64_t *more = realloc(names->first, room * sizeof *more);
		if (!more)
			return false;
		names->first = more;
		names->room = room;
	}
	names->first[names->count++] = first;
	return true;
}

static enum sdex_error names_list(struct names *names, struct reading *r)
{
	struct disk_error text;
	int fd = openat(r->folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		int error = errno;
		if (fd >= 0)
			close(fd);
		return fail(r->why, SDEX_ERR_UNSUPPORTED, 0, "cannot read the folder %.120s: %s",
			    r->folder, disk_error(&text, error));
	}
	uint64_t first;
	bool room = true;
	errno = 0;
	for (struct dirent *e; room && (e = readdir(dir)); errno = 0)
		if (name_number(&first, e->d_name))
			room = names_add(names, first);
	int error = errno;
	closedir(dir);
	if (!room)
		return fail(r->why, SDEX_ERR_NOMEM, 0, "memory is out");
	if (error)
		return fail(r->why, SDEX_ERR_UNSUPPORTED, 0, "cannot read the folder %.120s: %s",
			    r->folder, disk_error(&text, error));
	if (names->count)
		qsort(names->first, names->count, sizeof *names->first, by_number);
	return SDEX_OK;
}

/* Reads up to *size bytes, which becomes what there was: 0, or an errno. */
static int read_bytes(uint8_t *bytes, size_t *size, int fd)
{
	size_t used = 0;
	while (used < *size) {
		ssize_t n = read(fd, bytes + used, *size - used);
		if (n < 0 && errno != EINTR)
			return errno;
		if (n == 0)
			break;
		used += n > 0 ? (size_t)n : 0;
	}
	*size = used;
	return 0;
}

/* The bytes of an open file in memory of their own: 0, or an errno. */
static int load_open(uint8_t **data, size_t *size, int fd)
{
	struct stat st;
	if (fd < 0 || fstat(fd, &st))
		return errno;
	if (!S_ISREG(st.st_mode) || st.st_size > SEGMENT_FILE_MAX)
		return EFBIG;
	size_t all = (size_t)st.st_size;
	uint8_t *bytes = malloc(all + 1);
	int error = bytes ? read_bytes(bytes, &all, fd) : ENOMEM;
	if (error) {
		free(bytes);
		return error;
	}
	*data = bytes;
	*size = all;
	return 0;
}

static enum sdex_error load(uint8_t **data, size_t *size, struct reading *r)
{
	struct disk_error text;
	int fd = openat(r->folder_fd, r->name.text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int error = load_open(data, size, fd);
	if (fd >= 0)
		close(fd);
	return error ? fail(r->why, SDEX_ERR_UNSUPPORTED, 0, "cannot read %.100s/%s: %s", r->folder,
			    r->name.text, disk_error(&text, error))
		     : SDEX_OK;
}

/* Where the records begin that no record behind them says to be on disk. */
static uint64_t unproven(const struct segment_scan *all)
{
	struct segment_scan scan;
	struct segment_record record;
	if (segment_open(&scan, all->data, all->size, NULL))
		return SEGMENT_HEAD;
	while (segment_next(&scan, &record))
		if (record.number > all->durable)
			return record.offset;
	return scan.at;
}

/* A segment that another one follows has to end where that one begins.  What stands behind
 * its last record does not matter then. */
static enum sdex_error check_following(const struct segment_scan *scan, const struct reading *r)
{
	struct segment_name next = segment_name(r->following);
	const char *reason;
	uint64_t later;
	if (scan->next == r->following)
		return SDEX_OK;
	if (scan->next > r->following)
		return fail(r->why, SDEX_ERR_DUPLICATE, 0,
			    "%s holds records that %s holds too; only one of them belongs here",
			    r->name.text, next.text);
	if (segment_end(scan, &reason, &later) != SEGMENT_CLEAN)
		return fail(r->why, SDEX_ERR_CHECKSUM, scan->at,
			    "%s, offset %zu: record %" PRIu64
			    " is damaged, and %s shows that it was "
			    "on disk; put the file back from a copy",
			    r->name.text, scan->at, scan->next, next.text);
	return fail(r->why, SDEX_ERR_MISSING, scan->at,
		    "records %" PRIu64 " to %" PRIu64 " are missing between %s and %s; put them "
		    "back from a copy",
		    scan->next, r->following - 1, r->name.text, next.text);
}

static enum sdex_error check_last(const char **reason, const struct segment_scan *scan,
				  const struct reading *r)
{
	uint64_t later;
	if (segment_end(scan, reason, &later) != SEGMENT_DAMAGED)
		return SDEX_OK;
	if (later)
		return fail(r->why, SDEX_ERR_CHECKSUM, scan->at,
			    "%s, offset %zu: record %" PRIu64 " is damaged, and record %" PRIu64
			    " shows that it was on disk; put the file back from a copy",
			    r->name.text, scan->at, scan->next, later);
	return fail(r->why, SDEX_ERR_CHECKSUM, scan->at,
		    "%s, offset %zu: %s; put the file back from a copy, or give up record %" PRIu64
		    " and all behind it: truncate -s %zu",
		    r->name.text, scan->at, *reason, scan->next, scan->at);
}

static enum sdex_error read_end(const struct segment_scan *scan, struct reading *r)
{
	struct segments_end *end = r->end;
	struct journal_end *journal = &end->journal;
	const char *reason = NULL;
	enum sdex_error error =
		r->following ? check_following(scan, r) : check_last(&reason, scan, r);
	if (error)
		return error;
	memcpy(journal->segment, r->name.text, sizeof journal->segment);
	journal->next = scan->next;
	journal->offset = scan->at;
	journal->cut = segment_used(scan->data, scan->size, scan->at) - scan->at;
	journal->reason = reason;
	memcpy(end->id, scan->head.id, SEGMENT_ID);
	end->first = scan->head.first;
	end->unproven = unproven(scan);
	end->size = scan->size;
	return SDEX_OK;
}

static enum sdex_error check_head(const struct segment_scan *scan, uint64_t first,
				  const struct reading *r)
{
	const struct segments_end *end = r->end;
	if (scan->head.first != first)
		return fail(r->why, SDEX_ERR_CHECKSUM, 0,
			    "%s: expected records from %" PRIu64 " as its name says, found %" PRIu64
			    "; give it its name back",
			    r->name.text, first, scan->head.first);
	if (end->first && memcmp(end->id, scan->head.id, SEGMENT_ID) != 0)
		return fail(r->why, SDEX_ERR_KIND, 0,
			    "%s is of another journal than %s; only one of them belongs here",
			    r->name.text, end->journal.segment);
	return SDEX_OK;
}

static enum sdex_error read_segment(uint64_t first, struct reading *r)
{
	uint8_t *data = NULL;
	size_t size = 0;
	struct segment_scan scan;
	struct segment_record record;
	struct sdex_failure inner;
	enum sdex_error error = load(&data, &size, r);
	if (error)
		return error;
	error = segment_open(&scan, data, size, &inner);
	if (error)
		fail(r->why, error, inner.where, "%s: %.150s; put it back from a copy",
		     r->name.text, inner.text);
	else
		error = check_head(&scan, first, r);
	scan.durable = error ? 0 : r->end->journal.next - 1; /* what a successor proves */
	while (!error && segment_next(&scan, &record)) {
		struct journal_record out = {.number = record.number,
					     .segment = r->name.text,
					     .offset = record.offset,
					     .data = record.data,
					     .size = record.size};
		if (r->on_record)
			r->on_record(r->arg, &out);
	}
	if (!error)
		error = read_end(&scan, r);
	free(data);
	return error;
}

enum sdex_error segments_read(struct segments_end *end, int fd, const char *folder,
			      journal_record_fn *on_record, void *arg, struct sdex_failure *why)
{
	struct names names = {0};
	*end = (struct segments_end){.journal.next = 1};
	struct reading r = {.end = end,
			    .folder_fd = fd,
			    .folder = folder,
			    .on_record = on_record,
			    .arg = arg,
			    .why = why};
	enum sdex_error error = names_list(&names, &r);
	if (!error && names.count && names.first[0] != 1)
		error = fail(why, SDEX_ERR_MISSING, 0,
			     "%.80s: expected records from 1 on, found them from %" PRIu64
			     " on; put the segments before back from a copy",
			     folder, names.first[0]);
	for (size_t i = 0; i < names.count && !error; i++) {
		r.following = i + 1 < names.count ? names.first[i + 1] : 0;
		r.name = segment_name(names.first[i]);
		error = read_segment(names.first[i], &r);
	}
	free(names.first);
	return error;
}

enum sdex_error journal_read(struct journal_end *end, const char *folder,
			     journal_record_fn *on_record, void *arg, struct sdex_failure *why)
{
	struct segments_end all;
	int fd = -1;
	enum sdex_error error = segments_folder(&fd, folder, why);
	if (error)
		return error;
	error = segments_read(&all, fd, folder, on_record, arg, why);
	close(fd);
	if (error)
		return error;
	*end = all.journal;
	return SDEX_OK;
}
