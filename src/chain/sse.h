/* chain/sse.h - server-sent events (WHATWG HTML, "Server-sent events"): read and write.
 *
 * Pure.  The stream may be cut into pieces anywhere; lines end in CR, LF or CR LF. */
#ifndef SDEX_CHAIN_SSE_H
#define SDEX_CHAIN_SSE_H

#include <stdbool.h>

#include "sdex/error.h"

struct sse_reader;

struct sse_text {
	const char *data; /* not ended by NUL */
	size_t size;
};

/* One event; the texts live until the function that is given it returns. */
struct sse_event {
	struct sse_text event; /* "message" when the server named none */
	struct sse_text id;    /* the last id of the stream so far: where to resume from */
	struct sse_text data;  /* the data lines, joined by LF */
	int64_t retry_ms;      /* the last time the server asked to wait, -1 when it never did */
};

/* Takes an event.  False ends the reading at once: the reader may even be freed. */
typedef bool sse_take(void *arg, const struct sse_event *event);

/* A reader whose events (data, id, name and the line being read, each for itself) have
 * at most `limit` bytes.  NULL when memory is out. */
struct sse_reader *sse_reader_new(size_t limit);
void sse_reader_free(struct sse_reader *reader); /* NULL is fine */

/* Reads on, and calls `take` for each event that ends in these bytes.  Memory grows with
 * what comes, up to the limit.  An event that the stream does not finish is never seen.
 * LENGTH  something is over the limit; the reader refuses all that follows
 * NOMEM   likewise */
SDEX_MUST_USE enum sdex_error sse_read(struct sse_reader *reader, sse_take *take, void *arg,
				       const void *data, size_t size, struct sdex_failure *why);

/* The last id seen, for Last-Event-ID; size 0 when there was none. */
struct sse_text sse_last_id(const struct sse_reader *reader);

/* Writes an event as text: `id:` and `event:` when they have a size, one `data:` line for
 * each line of the data, `retry:` when it is not negative, and the empty line.
 * SPACE      *size is then what it takes (the one case in which it is set on failure)
 * CHARACTER  the id or the name has a line end or a NUL */
SDEX_MUST_USE enum sdex_error sse_write(char *out, size_t room, size_t *size,
					const struct sse_event *event);

#endif
