/* sandbox/fees.h - what fees were like lately. */
#ifndef SDEX_SANDBOX_FEES_H
#define SDEX_SANDBOX_FEES_H

#include "base/json_write.h"
#include "sandbox/history.h"

#define FEE_PERCENTILES 11 /* 10 20 30 40 50 60 70 80 90 95 99 */

/* Stroops for an operation. */
struct fee_stats {
	int64_t max, min, mode;
	int64_t percentile[FEE_PERCENTILES];
	uint32_t transactions;
	uint32_t ledgers;
};

enum fee_kind {
	FEE_CHARGED,       /* rounded up; a fee bump counts as an operation (Horizon) */
	FEE_OFFERED,       /* the same of the most that was offered */
	FEE_CHARGED_PLAIN, /* rounded down, operations alone (RPC) */
};

/* Over the last `ledgers`; all 0 when they have no transactions.  NOMEM. */
SDEX_MUST_USE enum sdex_error fee_stats(struct fee_stats *stats, const struct history *history,
					uint32_t ledgers, enum fee_kind kind,
					struct sdex_arena *arena);

/* Members of an object, as both interfaces have them: max, min, mode, p10 to p99, in strings. */
void fee_stats_write(struct json_writer *w, const struct fee_stats *stats);

#endif
