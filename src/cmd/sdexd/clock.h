/* cmd/sdexd/clock.h - the time that the engine is told: the wall's, but never back.
 *
 * When the wall's clock is set back, the time told goes on at half the speed until the wall's
 * has come up to it: neither does it stand, which would hide that no ledger comes, nor does
 * it stay ahead for ever. */
#ifndef SDEX_CMD_SDEXD_CLOCK_H
#define SDEX_CMD_SDEXD_CLOCK_H

#include <stdint.h>

struct clock {
	int64_t told_ms; /* all 0 at the start */
	int64_t steady_ms;
};

/* The time to tell, from the wall's (since 1970) and from a clock that nobody sets. */
int64_t clock_tell(struct clock *clock, int64_t wall_ms, int64_t steady_ms);

#endif
