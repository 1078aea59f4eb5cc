/* stellar/price.h - the best fraction within any bounds, for tests to try small ones. */
#ifndef SDEX_STELLAR_PRICE_H
#define SDEX_STELLAR_PRICE_H

#include "base/int128.h"
#include "sdex/price.h"

/* *n and *d of 1..bound such that n/d is best for p/q, as sdex_price_parse says.
 * p, q > 0.  Returns false when p/q is outside of 1/bound to bound. */
bool price_best(uint32_t *n, uint32_t *d, uint128 p, uint128 q, uint32_t bound,
		enum sdex_rounding rounding);

#endif
