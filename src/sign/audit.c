/* sign/audit.c - writing the audit log. */
#include "sign/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/check.h"
#include "base/endian.h"
#include "base/failure.h"
#include "sign/audit_chain.h"

#define FRAMING (4u + 32u)
#define ROOM (4u * (AUDIT_RECORD_MAX + FRAMING)) /* appended and not yet written, at most */

struct audit {
	int fd;
	bool failed;
	struct audit_sum sum; /* with what was appended */
	uint64_t written;     /* bytes of the file that are whole records */
	size_t size;          /* bytes of `data` that wait */
	uint8_t data[ROOM];
};

const struct audit_sum *audit_sum(const struct audit *audit)
{
	return &audit->sum;
}

/* ---- writing ---- */

/* From here on the log's end is not known, so nothing may rest on it. */
static enum sdex_error give_up(struct audit *audit, const char *what, struct sdex_failure *why)
{
	int error = errno;
	audit->failed = true;
	audit->size = 0;
	/* A torn end would be removed at the next opening, too; this leaves none. */
	if (ftruncate(audit->fd, (off_t)audit->written))
		fail(why, SDEX_ERR_INVALID, 0, "the end of the audit log is torn");
	return fail(why, SDEX_ERR_INVALID, 0,
		    "cannot %s the audit log: %s; nothing is signed until it can be (see that the "
		    "disk has room)",
		    what, strerror(error));
}

static enum sdex_error refuse_failed(struct sdex_failure *why)
{
	return fail(why, SDEX_ERR_INVALID, 0,
		    "the audit log could not be written before: start the signer again");
}

enum sdex_error audit_write(struct audit *audit, struct sdex_failure *why)
{
	size_t at = 0;
	if (audit->failed)
		return refuse_failed(why);
	while (at < audit->size) {
		ssize_t wrote = write(audit->fd, audit->data + at, audit->size - at);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0) {
			errno = wrote ? errno : ENOSPC;
			return give_up(audit, "write", why);
		}
		at += (size_t)wrote;
	}
	audit->written += audit->size;
	audit->size = 0;
	return SDEX_OK;
}

enum sdex_error audit_sync(struct audit *audit, struct sdex_failure *why)
{
	enum sdex_error error = audit_write(audit, why);
	if (!error && fdatasync(audit->fd))
		return give_up(audit, "sync", why);
	return error;
}

enum sdex_error audit_append(struct audit *audit, struct audit_record *record,
			     struct sdex_failure *why)
{
	if (audit->failed)
		return refuse_failed(why);
	if (ROOM - audit->size < AUDIT_RECORD_MAX + FRAMING) {
		enum sdex_error error = audit_write(audit, why);
		if (error)
			return error;
	}
	uint8_t *to = audit->data + audit->size;
	record->number = audit->sum.records + 1;
	size_t size = audit_record_write(to + 4, AUDIT_RECORD_MAX, record);
	if (!size)
		return fail(why, SDEX_ERR_LENGTH, 0,
			    "a record of the audit log has at most %u bytes", AUDIT_RECORD_MAX);
	store_be32(to, (uint32_t)size);
	audit_chain(audit->sum.hash, to + 4, size);
	memcpy(to + 4 + size, audit->sum.hash, 32);
	audit->size += size + FRAMING;
	audit->sum.records++;
	audit->sum.bytes += size + FRAMING;
	if (audit->sum.records == 1)
		audit->sum.first_ms = record->time_ms;
	if (record->time_ms > audit->sum.last_ms)
		audit->sum.last_ms = record->time_ms;
	return SDEX_OK;
}

/* ---- opening ---- */

/* A file that is new has its name on disk only after this. */
static bool sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int at = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	bool good = at >= 0 && fsync(at) == 0;
	if (at >= 0)
		close(at);
	free(folder);
	return good;
}

static enum sdex_error check_file(int fd, const char *path, struct sdex_failure *why)
{
	struct stat st;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return fail(why, SDEX_ERR_INVALID, 0, "the audit log %.150s is not a plain file",
			    path);
	if (st.st_uid != geteuid() || st.st_mode & (S_IWGRP | S_IWOTH))
		return fail(
			why, SDEX_ERR_INVALID, 0,
			"others can write the audit log %.100s (mode %04o): chown and chmod 600 "
			"it, and see `sdex-signer audit verify`",
			path, (unsigned)st.st_mode & 07777);
	if (flock(fd, LOCK_EX | LOCK_NB))
		return fail(why, SDEX_ERR_INVALID, 0,
			    "another signer has the audit log %.150s open: end it first", path);
	return SDEX_OK;
}

static enum sdex_error start_file(struct audit *audit, const char *path, struct sdex_failure *why)
{
	memcpy(audit->data, audit_head, sizeof audit_head);
	audit->size = sizeof audit_head;
	audit->sum.bytes = sizeof audit_head;
	audit->sum.cut_off = 0;
	enum sdex_error error = audit_sync(audit, why);
	if (!error && !sync_folder(path))
		return fail(why, SDEX_ERR_INVALID, 0, "cannot sync the folder of %.150s: %s", path,
			    strerror(errno));
	return error;
}

static enum sdex_error open_file(struct audit *audit, const char *path, audit_each *each, void *arg,
				 struct sdex_failure *why)
{
	audit->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY,
			 S_IRUSR | S_IWUSR);
	if (audit->fd < 0)
		return fail(why, SDEX_ERR_INVALID, 0, "cannot open the audit log %.150s: %s", path,
			    errno == ELOOP ? "it is a link: name the file itself"
					   : strerror(errno));
	enum sdex_error error = check_file(audit->fd, path, why);
	if (!error)
		error = audit_read(audit->fd, &audit->sum, each, arg, why);
	if (error)
		return error;
	audit->written = audit->sum.bytes;
	if (audit->sum.cut_off && ftruncate(audit->fd, (off_t)audit->written))
		return fail(why, SDEX_ERR_INVALID, 0,
			    "cannot remove the torn end of the audit log %.150s: %s", path,
			    strerror(errno));
	return audit->written ? SDEX_OK : start_file(audit, path, why);
}

enum sdex_error audit_open(struct audit **out, const char *path, audit_each *each, void *arg,
			   struct sdex_failure *why)
{
	CHECK(sodium_init() >= 0);
	struct audit *audit = calloc(1, sizeof *audit);
	if (!audit)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory for the audit log is out");
	enum sdex_error error = open_file(audit, path, each, arg, why);
	if (error)
		audit_close(audit);
	else
		*out = audit;
	return error;
}

void audit_close(struct audit *audit)
{
	if (!audit)
		return;
	if (audit->fd >= 0)
		close(audit->fd);
	free(audit);
}
