/* store/ahead.h - makes the next segment before it is needed, on a thread of its own.
 *
 * A segment's file is written full of zeros and synced once, so that a record that goes into
 * it later changes no size and takes no new block: its sync costs the disk one write. */
#ifndef SDEX_STORE_AHEAD_H
#define SDEX_STORE_AHEAD_H

#include <stdint.h>

#include "store/disk.h"

/* The name it has in the folder until it becomes a segment. */
#define AHEAD_NAME "next.new"

struct ahead;

/* Makes one here and now: a descriptor to write to, or -1 and an errno. */
int ahead_make(int *error, int folder_fd, const struct journal_disk *disk, uint32_t size);

/* Starts the thread for files of `size` bytes; folder and disk stay the caller's.  NULL when
 * the system refuses. */
struct ahead *ahead_start(int folder_fd, const struct journal_disk *disk, uint32_t size);

/* Ends the thread and removes what was made and not taken.  NULL is fine. */
void ahead_stop(struct ahead *ahead);

/* Asks for a file unless one is there or in the making; returns at once. */
void ahead_want(struct ahead *ahead);

/* Takes the file, waiting for it where it must; one that could not be made is tried once
 * more.  As ahead_make. */
int ahead_take(struct ahead *ahead, int *error);

/* The errno for which the last attempt failed, else 0. */
int ahead_error(struct ahead *ahead);

#endif
