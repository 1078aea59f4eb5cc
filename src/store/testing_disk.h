/* store/testing_disk.h - a disk that fails when it is told to, and one that loses power: what
 * was written and not synced is then there or not, sector by sector. */
#ifndef SDEX_STORE_TESTING_DISK_H
#define SDEX_STORE_TESTING_DISK_H

#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/testing.h"
#include "store/disk.h"

#define FAKE_SECTOR 512u

/* What a write that was not synced has overwritten. */
struct fake_undo {
	int fd; /* a descriptor of our own */
	ino_t file;
	off_t offset;
	size_t size;
	uint8_t *before;
	struct fake_undo *older;
};

struct fake_disk {
	struct journal_disk calls;
	pthread_mutex_t lock;
	/* Calls left until it happens; 0 for never. */
	unsigned until_write_fails, until_sync_fails, until_power_fails;
	int error;    /* of what fails */
	size_t piece; /* bytes that a write takes at most; 0 for all */
	bool power;   /* keep what it takes to lose power */
	bool off;     /* the power is off: nothing happens any more */
	bool hold;    /* writes wait until this is taken back */
	pthread_cond_t go;
	uint64_t syncs;
	struct fake_undo *undo;
};

static inline void fake_forget(struct fake_disk *disk, ino_t file, bool all)
{
	for (struct fake_undo **at = &disk->undo, *u; (u = *at);) {
		if (!all && u->file != file) {
			at = &u->older;
			continue;
		}
		*at = u->older;
		close(u->fd);
		free(u->before);
		free(u);
	}
}

static inline ino_t fake_file(int fd)
{
	struct stat st;
	return fstat(fd, &st) ? 0 : st.st_ino;
}

static inline void fake_remember(struct fake_disk *disk, int fd, size_t size, off_t offset)
{
	struct fake_undo *undo = calloc(1, sizeof *undo);
	undo->fd = dup(fd);
	undo->file = fake_file(fd);
	undo->offset = offset;
	undo->size = size;
	undo->before = calloc(1, size + 1);
	if (pread(fd, undo->before, size, offset) < 0)
		abort();
	undo->older = disk->undo;
	disk->undo = undo;
}

/* Counts down; true when it has come to the call that fails. */
static inline bool fake_fails(unsigned *until)
{
	return *until && --*until == 0;
}

static inline ssize_t fake_write(void *arg, int fd, const void *data, size_t size, off_t offset)
{
	struct fake_disk *disk = arg;
	pthread_mutex_lock(&disk->lock);
	while (disk->hold)
		pthread_cond_wait(&disk->go, &disk->lock);
	if (disk->piece && size > disk->piece)
		size = disk->piece;
	if (disk->power && !disk->off) {
		fake_remember(disk, fd, size, offset);
		if (pwrite(fd, data, size, offset) != (ssize_t)size)
			abort();
		disk->off = fake_fails(&disk->until_power_fails);
	}
	bool fails = disk->off || fake_fails(&disk->until_write_fails);
	pthread_mutex_unlock(&disk->lock);
	if (fails) {
		errno = disk->error;
		return -1;
	}
	return disk->power ? (ssize_t)size : pwrite(fd, data, size, offset);
}

static inline int fake_sync(void *arg, int fd)
{
	struct fake_disk *disk = arg;
	pthread_mutex_lock(&disk->lock);
	bool fails = disk->off || fake_fails(&disk->until_sync_fails);
	if (!fails)
		fake_forget(disk, fake_file(fd), false);
	disk->syncs++;
	pthread_mutex_unlock(&disk->lock);
	errno = disk->error;
	return fails ? -1 : 0;
}

static inline void fake_disk_init(struct fake_disk *disk)
{
	*disk = (struct fake_disk){.calls = {disk, fake_write, fake_sync}, .error = EIO};
	pthread_mutex_init(&disk->lock, NULL);
	pthread_cond_init(&disk->go, NULL);
}

/* Lets waiting writes go on. */
static inline void fake_disk_go(struct fake_disk *disk)
{
	pthread_mutex_lock(&disk->lock);
	disk->hold = false;
	pthread_cond_broadcast(&disk->go);
	pthread_mutex_unlock(&disk->lock);
}

/* After the power failed: each sector of what was not synced is as it was before, or not, as
 * the seed has it; then forgets. */
static inline void fake_disk_lose(struct fake_disk *disk, uint64_t seed)
{
	for (const struct fake_undo *u = disk->undo; u; u = u->older) {
		off_t end = u->offset + (off_t)u->size;
		for (off_t at = u->offset; at < end;) {
			off_t stop = (at / FAKE_SECTOR + 1) * FAKE_SECTOR;
			stop = stop < end ? stop : end;
			struct seeded s = {seed ^ u->file ^ (uint64_t)(at / FAKE_SECTOR) << 20};
			if (seeded_below(&s, 2) && pwrite(u->fd, u->before + (at - u->offset),
							  (size_t)(stop - at), at) < 0)
				abort();
			at = stop;
		}
	}
	fake_forget(disk, 0, true);
}

static inline void fake_disk_free(struct fake_disk *disk)
{
	fake_forget(disk, 0, true);
	pthread_cond_destroy(&disk->go);
	pthread_mutex_destroy(&disk->lock);
}

#endif
