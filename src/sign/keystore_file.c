/* sign/keystore_file.c - keystores on disk. */
#define _GNU_SOURCE /* renameat2 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/failure.h"
#include "sign/keystore.h"
#include "sign/secret.h"

/* ---- reading ---- */

static enum sdex_error check_file(int fd, const char *path, struct sdex_failure *why)
{
	struct stat st;
	if (fstat(fd, &st))
		return fail(why, SDEX_ERR_INVALID, 0, "cannot look at %.150s: %s", path,
			    strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(why, SDEX_ERR_INVALID, 0, "%.150s is not a plain file", path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return fail(why, SDEX_ERR_INVALID, 0,
			    "%.100s belongs to another user: have this program's user own it",
			    path);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return fail(
			why, SDEX_ERR_INVALID, 0,
			"%.60s can be read by others (mode %04o): chmod 600 %.60s, and think of "
			"its passphrase as all that guards the key",
			path, (unsigned)st.st_mode & 07777, path);
	return SDEX_OK;
}

/* One byte more than a keystore has, to see what is too long. */
static enum sdex_error read_whole(int fd, uint8_t data[KEYSTORE_SIZE + 1], size_t *size,
				  const char *path, struct sdex_failure *why)
{
	for (*size = 0; *size <= KEYSTORE_SIZE;) {
		ssize_t got = read(fd, data + *size, KEYSTORE_SIZE + 1 - *size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(why, SDEX_ERR_INVALID, 0, "cannot read %.150s: %s", path,
				    strerror(errno));
		if (got == 0)
			break;
		*size += (size_t)got;
	}
	return SDEX_OK;
}

enum sdex_error keystore_load(struct keystore *keystore, const char *path, struct sdex_failure *why)
{
	uint8_t data[KEYSTORE_SIZE + 1];
	struct sdex_failure inner = {0};
	size_t size;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && errno == ELOOP)
		return fail(why, SDEX_ERR_INVALID, 0,
			    "%.150s is a link: name the file itself, so that nobody can put "
			    "another in its place",
			    path);
	if (fd < 0)
		return fail(why, errno == ENOENT ? SDEX_ERR_MISSING : SDEX_ERR_INVALID, 0,
			    "cannot open the keystore %.150s: %s", path, strerror(errno));
	enum sdex_error error = check_file(fd, path, why);
	if (!error)
		error = read_whole(fd, data, &size, path, why);
	close(fd);
	if (error)
		return error;
	error = keystore_read(keystore, data, size, &inner);
	return error ? fail(why, error, inner.where, "%.80s: %.160s", path, inner.text) : SDEX_OK;
}

/* ---- writing ---- */

struct target {
	char *folder, *name, *temporary; /* owned */
	int at;                          /* the folder */
};

static bool split(struct target *target, const char *path)
{
	const char *slash = strrchr(path, '/');
	uint8_t random[8];
	char hex[SDEX_HEX_LENGTH(sizeof random) + 1];
	*target = (struct target){.at = -1};
	target->folder = slash == path ? strdup("/")
			 : slash       ? strndup(path, (size_t)(slash - path))
				       : strdup(".");
	target->name = strdup(slash ? slash + 1 : path);
	size_t room = strlen(path) + sizeof hex + sizeof "..";
	target->temporary = malloc(room);
	secret_random(random, sizeof random);
	if (!target->folder || !target->name || !target->temporary ||
	    sdex_hex_encode(hex, sizeof hex, NULL, random, sizeof random))
		return false;
	snprintf(target->temporary, room, ".%s.%s", target->name, hex);
	target->at = open(target->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return target->at >= 0;
}

static void release(struct target *target)
{
	if (target->at >= 0)
		close(target->at);
	free(target->folder);
	free(target->name);
	free(target->temporary);
}

static bool write_temporary(const struct target *target, const struct keystore *keystore)
{
	int fd = openat(target->at, target->temporary,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return false;
	ssize_t wrote = write(fd, keystore->file, KEYSTORE_SIZE);
	if (wrote >= 0 && wrote != (ssize_t)KEYSTORE_SIZE)
		errno = ENOSPC;
	bool good = wrote == (ssize_t)KEYSTORE_SIZE && fsync(fd) == 0;
	int kept = errno;
	good = close(fd) == 0 && good;
	errno = good ? errno : kept;
	return good;
}

/* Gives the file its name unless there is one of that name.  Where the file system cannot
 * rename in this way, a second name does it. */
static bool put_in_place(const struct target *target)
{
	if (renameat2(target->at, target->temporary, target->at, target->name, RENAME_NOREPLACE) ==
	    0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	return linkat(target->at, target->temporary, target->at, target->name, 0) == 0 &&
	       unlinkat(target->at, target->temporary, 0) == 0;
}

enum sdex_error keystore_store(const struct keystore *keystore, const char *path,
			       struct sdex_failure *why)
{
	struct target target;
	bool good = split(&target, path) && write_temporary(&target, keystore) &&
		    put_in_place(&target) && fsync(target.at) == 0;
	int error = errno;
	if (!good && target.at >= 0 && target.temporary)
		unlinkat(target.at, target.temporary, 0);
	release(&target);
	if (good)
		return SDEX_OK;
	if (error == EEXIST)
		return fail(why, SDEX_ERR_DUPLICATE, 0,
			    "cannot make %.150s: there is such a file; no key is ever written over",
			    path);
	return fail(why, SDEX_ERR_INVALID, 0, "cannot make %.150s: %s", path, strerror(error));
}
