/* cmd/sdexd/live.h - the live world behind the engine's seam: loop, HTTP, journal, signer,
 * API.  What the engine asks for through struct env is started here; what comes of it goes
 * back as events, each from the top of the loop. */
#ifndef SDEX_CMD_SDEXD_LIVE_H
#define SDEX_CMD_SDEXD_LIVE_H

#include "cmd/sdexd/options.h"
#include "sdex/error.h"

/* Runs the connector until SIGINT or SIGTERM.  Returns what the process ends with: 0, or 1
 * with *why. */
int live_run(const struct options *options, struct sdex_failure *why);

#endif
