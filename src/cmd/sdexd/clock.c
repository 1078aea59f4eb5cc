/* cmd/sdexd/clock.c - see clock.h. */
#include "cmd/sdexd/clock.h"

int64_t clock_tell(struct clock *clock, int64_t wall_ms, int64_t steady_ms)
{
	int64_t passed = clock->told_ms ? steady_ms - clock->steady_ms : 0;
	int64_t least = clock->told_ms + passed / 2;
	if (wall_ms >= least) {
		clock->told_ms = wall_ms;
		clock->steady_ms = steady_ms;
	} else if (passed >= 2) {
		/* An odd millisecond is left for the next time. */
		clock->told_ms = least;
		clock->steady_ms = steady_ms - passed % 2;
	}
	return clock->told_ms;
}
