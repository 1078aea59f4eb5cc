/* store/disk.c - pwrite and fdatasync, whole. */
#include "store/disk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static ssize_t system_write(void *arg, int fd, const void *data, size_t size, off_t offset)
{
	(void)arg;
	return pwrite(fd, data, size, offset);
}

static int system_sync(void *arg, int fd)
{
	(void)arg;
	return fdatasync(fd);
}

const struct journal_disk journal_disk_system = {NULL, system_write, system_sync};

int disk_write(const struct journal_disk *disk, int fd, const void *data, size_t size,
	       uint64_t offset)
{
	const uint8_t *from = data;
	while (size) {
		ssize_t n = disk->write(disk->arg, fd, from, size, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? errno : EIO;
		from += n;
		size -= (size_t)n;
		offset += (uint64_t)n;
	}
	return 0;
}

int disk_zero(const struct journal_disk *disk, int fd, uint64_t size, uint64_t offset)
{
	static const uint8_t zeros[1u << 16];
	while (size) {
		size_t part = size < sizeof zeros ? (size_t)size : sizeof zeros;
		int error = disk_write(disk, fd, zeros, part, offset);
		if (error)
			return error;
		size -= part;
		offset += part;
	}
	return 0;
}

int disk_sync(const struct journal_disk *disk, int fd)
{
	/* Never again after a failure: the kernel may have dropped what it could not write,
	 * and would then call the rest a success. */
	return disk->sync(disk->arg, fd) ? errno : 0;
}

const char *disk_error(struct disk_error *error, int number)
{
	if (strerror_r(number, error->text, sizeof error->text))
		snprintf(error->text, sizeof error->text, "error %d", number);
	return error->text;
}
