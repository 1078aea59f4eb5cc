/* policy/rate.h - so many signatures a second, and not many more at once. */
#ifndef SDEX_POLICY_RATE_H
#define SDEX_POLICY_RATE_H

#include <stdbool.h>
#include <stdint.h>

#define RATE_PER_SECOND 50u
#define RATE_PER_SECOND_MOST 10000u
#define RATE_BURST_SECONDS 4u /* what a pause saves up */

struct rate {
	uint32_t per_second; /* 1 to RATE_PER_SECOND_MOST */
	uint64_t saved;      /* thousandths of a signature */
	uint64_t at_ms;      /* when that was so */
};

/* Starts with all saved up.  Times are of a clock that never goes back. */
struct rate rate_start(uint32_t per_second, uint64_t now_ms);

/* Takes one signature; false when none is left. */
bool rate_take(struct rate *rate, uint64_t now_ms);

#endif
