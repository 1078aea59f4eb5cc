/* cmd/sdexd/replay.c - reads recorded ledgers; zlib takes plain files as they are. */
#include "cmd/sdexd/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/failure.h"
#include "sdex/xdr.h"

#define FILE_MAX ((size_t)1 << 30) /* unpacked */
#define PIECE ((size_t)1 << 20)

static enum sdex_error read_all(struct replay *replay, const char *path, struct sdex_failure *why)
{
	size_t room = 0, size = 0;
	enum sdex_error error = SDEX_OK;
	gzFile in = gzopen(path, "rb");
	int got = 0;
	if (!in)
		return fail(why, SDEX_ERR_UNKNOWN, 0, "%s: cannot be opened: %s", path,
			    strerror(errno));
	do {
		if (room - size < PIECE) {
			uint8_t *data =
				room < FILE_MAX ? realloc(replay->data, room * 2 + PIECE) : NULL;
			if (!data) {
				error = fail(why, SDEX_ERR_LENGTH, size,
					     "%s: over 1 GiB unpacked, or memory is out", path);
				break;
			}
			replay->data = data;
			room = room * 2 + PIECE;
		}
		got = gzread(in, replay->data + size, (unsigned)PIECE);
		size += got > 0 ? (size_t)got : 0;
	} while (got > 0);
	if (!error && got < 0)
		error = fail(why, SDEX_ERR_TRUNCATED, size, "%s: damaged, or cannot be read: %s",
			     path, gzerror(in, &got));
	if (gzclose(in) == Z_BUF_ERROR && !error)
		error = fail(why, SDEX_ERR_TRUNCATED, size,
			     "%s: damaged: it ends inside of its gzip stream", path);
	replay->at = replay->data;
	replay->left = error ? 0 : size;
	return error;
}

enum sdex_error replay_next(struct replay *replay, const uint8_t **ledger, size_t *size,
			    struct sdex_failure *why)
{
	enum sdex_error error;
	const char *path;
	while (replay->left == 0) {
		if (replay->next == replay->count)
			return SDEX_ERR_MISSING;
		error = read_all(replay, replay->files[replay->next++], why);
		if (error)
			return error;
	}
	path = replay->files[replay->next - 1];
	/* A record mark has its highest bit set, which no version of LedgerCloseMeta has. */
	if (replay->at[0] & 0x80) {
		error = sdex_xdr_frame_next(ledger, size, &replay->at, &replay->left);
		return error ? fail(why, error, (uint64_t)(replay->at - replay->data),
				    "%s: the record there is not whole", path)
			     : SDEX_OK;
	}
	*ledger = replay->at;
	*size = replay->left;
	replay->left = 0;
	return SDEX_OK;
}

void replay_free(struct replay *replay)
{
	free(replay->data);
	replay->data = NULL;
}
