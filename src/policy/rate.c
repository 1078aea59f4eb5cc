/* policy/rate.c - a bucket that fills with time. */
#include "policy/rate.h"

#define ONE 1000u

static uint64_t brim(const struct rate *rate)
{
	return (uint64_t)rate->per_second * RATE_BURST_SECONDS * ONE;
}

struct rate rate_start(uint32_t per_second, uint64_t now_ms)
{
	struct rate rate = {.per_second = per_second, .at_ms = now_ms};
	rate.saved = brim(&rate);
	return rate;
}

bool rate_take(struct rate *rate, uint64_t now_ms)
{
	uint64_t passed = now_ms > rate->at_ms ? now_ms - rate->at_ms : 0;
	uint64_t room = brim(rate) - rate->saved;
	/* per_second in a second is that many thousandths in a millisecond. */
	rate->saved += passed > room / rate->per_second ? room : passed * rate->per_second;
	rate->at_ms = now_ms > rate->at_ms ? now_ms : rate->at_ms;
	if (rate->saved < ONE)
		return false;
	rate->saved -= ONE;
	return true;
}
