/* cmd/sdexd/replay.h - recorded ledgers from files: LedgerCloseMeta, one a file or many with
 * record marks, plain or gzip. */
#ifndef SDEX_CMD_SDEXD_REPLAY_H
#define SDEX_CMD_SDEXD_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdex/error.h"

struct replay {
	const char *const *files;
	uint32_t count;
	uint32_t next; /* file */
	uint8_t *data; /* of the file that is open; owned */
	const uint8_t *at;
	size_t left;
};

/* The next ledger's bytes, which live until the next call.
 * MISSING  the files are at their end
 * others   *why names the file and what is wrong with it */
SDEX_MUST_USE enum sdex_error replay_next(struct replay *replay, const uint8_t **ledger,
					  size_t *size, struct sdex_failure *why);
void replay_free(struct replay *replay);

#endif
