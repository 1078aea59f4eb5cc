/* store/ahead.c - files full of zeros. */
#include "store/ahead.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/thread.h"

/* Bytes between two syncs, so that the journal's own never wait behind many. */
#define STEP (1u << 20)

struct ahead {
	int folder_fd;
	const struct journal_disk *disk;
	uint32_t size;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* under the lock */
	bool wanted; /* make one; false again when that is done */
	bool ending;
	int fd; /* what was made; -1 without */
	int error;
};

static bool is_ending(struct ahead *ahead)
{
	if (!ahead)
		return false;
	pthread_mutex_lock(&ahead->lock);
	bool ending = ahead->ending;
	pthread_mutex_unlock(&ahead->lock);
	return ending;
}

/* `ahead` is NULL when nobody can end it half-way. */
static int fill(struct ahead *ahead, const struct journal_disk *disk, int fd, uint32_t size)
{
	for (uint32_t done = 0; done < size;) {
		uint32_t part = size - done < STEP ? size - done : STEP;
		int error = disk_zero(disk, fd, part, done);
		if (!error)
			error = disk_sync(disk, fd);
		if (error)
			return error;
		done += part;
		if (is_ending(ahead))
			return EINTR;
	}
	return 0;
}

static int make(struct ahead *ahead, int *error, int folder_fd, const struct journal_disk *disk,
		uint32_t size)
{
	unlinkat(folder_fd, AHEAD_NAME, 0);
	int fd = openat(folder_fd, AHEAD_NAME, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	*error = fd < 0 ? errno : fill(ahead, disk, fd, size);
	if (*error && fd >= 0) {
		/* A disk that is full gets back what was taken from it. */
		unlinkat(folder_fd, AHEAD_NAME, 0);
		close(fd);
	}
	return *error ? -1 : fd;
}

int ahead_make(int *error, int folder_fd, const struct journal_disk *disk, uint32_t size)
{
	return make(NULL, error, folder_fd, disk, size);
}

static void *run(void *arg)
{
	struct ahead *ahead = arg;
	pthread_mutex_lock(&ahead->lock);
	while (!ahead->ending) {
		if (!ahead->wanted) {
			pthread_cond_wait(&ahead->changed, &ahead->lock);
			continue;
		}
		pthread_mutex_unlock(&ahead->lock);
		int error;
		int fd = make(ahead, &error, ahead->folder_fd, ahead->disk, ahead->size);
		pthread_mutex_lock(&ahead->lock);
		ahead->fd = fd;
		ahead->error = error;
		ahead->wanted = false;
		pthread_cond_broadcast(&ahead->changed);
	}
	pthread_mutex_unlock(&ahead->lock);
	return NULL;
}

struct ahead *ahead_start(int folder_fd, const struct journal_disk *disk, uint32_t size)
{
	struct ahead *ahead = calloc(1, sizeof *ahead);
	if (!ahead)
		return NULL;
	*ahead = (struct ahead){.folder_fd = folder_fd, .disk = disk, .size = size, .fd = -1};
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->changed, NULL);
	if (thread_start(&ahead->thread, run, ahead)) {
		pthread_cond_destroy(&ahead->changed);
		pthread_mutex_destroy(&ahead->lock);
		free(ahead);
		return NULL;
	}
	return ahead;
}

void ahead_stop(struct ahead *ahead)
{
	if (!ahead)
		return;
	pthread_mutex_lock(&ahead->lock);
	ahead->ending = true;
	pthread_cond_broadcast(&ahead->changed);
	pthread_mutex_unlock(&ahead->lock);
	pthread_join(ahead->thread, NULL);
	if (ahead->fd >= 0) {
		unlinkat(ahead->folder_fd, AHEAD_NAME, 0);
		close(ahead->fd);
	}
	pthread_cond_destroy(&ahead->changed);
	pthread_mutex_destroy(&ahead->lock);
	free(ahead);
}

static void want(struct ahead *ahead)
{
	if (ahead->fd >= 0 || ahead->wanted)
		return;
	ahead->wanted = true;
	pthread_cond_broadcast(&ahead->changed);
}

void ahead_want(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	want(ahead);
	pthread_mutex_unlock(&ahead->lock);
}

int ahead_take(struct ahead *ahead, int *error)
{
	pthread_mutex_lock(&ahead->lock);
	want(ahead);
	while (ahead->wanted)
		pthread_cond_wait(&ahead->changed, &ahead->lock);
	int fd = ahead->fd;
	*error = ahead->error;
	ahead->fd = -1;
	pthread_mutex_unlock(&ahead->lock);
	return fd;
}

int ahead_error(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	int error = ahead->error;
	pthread_mutex_unlock(&ahead->lock);
	return error;
}
