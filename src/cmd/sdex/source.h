/* cmd/sdex/source.h - bytes from a file or standard input, unpacked when they are gzip or
 * zstd, and never more of them than the limit. */
#ifndef SDEX_CMD_SOURCE_H
#define SDEX_CMD_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum unpack {
	UNPACK_AUTO, /* when the first bytes are those of gzip or zstd */
	UNPACK_NEVER,
	UNPACK_ALWAYS, /* gzip */
};

struct source; /* owned by the caller of source_open */

/* Opens a file, or standard input for NULL and "-".  NULL, said on stderr, when it cannot.
 * `limit` bounds what source_read gives in all. */
struct source *source_open(const char *path, enum unpack unpack, size_t limit);
void source_close(struct source *source); /* NULL is fine */

/* What to call it in messages: the path, or "standard input". */
const char *source_name(const struct source *source);

/* Reads up to `room` bytes, *size == 0 at the end.  False, said on stderr, when the file
 * cannot be read, is no gzip when it has to be, is damaged, unpacks to next to nothing, or is over the limit. */
bool source_read(struct source *source, uint8_t *data, size_t room, size_t *size);

/* Reads all of it into memory of its own, which the caller frees; a NUL stands behind.
 * NULL, said on stderr, as above. */
uint8_t *source_all(struct source *source, size_t *size);

#endif
