/* store/disk.h - the two calls by which the journal changes the disk, so that tests can make
 * them fail; and names for what files do. */
#ifndef SDEX_STORE_DISK_H
#define SDEX_STORE_DISK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* As pwrite(2) and fdatasync(2), errno included; called from several threads at a time,
 * each with a descriptor of its own. */
struct journal_disk {
	void *arg;
	ssize_t (*write)(void *arg, int fd, const void *data, size_t size, off_t offset);
	int (*sync)(void *arg, int fd);
};

extern const struct journal_disk journal_disk_system;

/* Writes all of it: 0, or an errno. */
int disk_write(const struct journal_disk *disk, int fd, const void *data, size_t size,
	       uint64_t offset);

/* Writes zeros. */
int disk_zero(const struct journal_disk *disk, int fd, uint64_t size, uint64_t offset);

/* 0, or an errno. */
int disk_sync(const struct journal_disk *disk, int fd);

struct disk_error {
	char text[80];
};

/* The system's words for an errno; returns error->text. */
const char *disk_error(struct disk_error *error, int number);

#endif
