/* sandbox/fees.c - see fees.h.  Percentiles are of the nearest rank; of values that are
 * equally common the mode is the lowest. */
#include "sandbox/fees.h"

#include <stdio.h>
#include <stdlib.h>

#include "sandbox/call.h"

static const unsigned fee_percentiles[FEE_PERCENTILES] = {10, 20, 30, 40, 50, 60,
							  70, 80, 90, 95, 99};

static int64_t fee_of(const struct history_tx *tx, enum fee_kind kind)
{
	int64_t count = tx->operations ? tx->operations : 1;
	if (kind == FEE_CHARGED_PLAIN)
		return tx->charged / count;
	count += tx->bump;
	int64_t fee = kind == FEE_CHARGED ? tx->charged : tx->offered;
	return fee / count + (fee % count > 0);
}

static int by_value(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return (a > b) - (a < b);
}

static int64_t mode_of(const int64_t *fees, uint32_t count)
{
	int64_t mode = fees[0];
	uint32_t most = 0;
	for (uint32_t i = 0, next; i < count; i = next) {
		for (next = i; next < count && fees[next] == fees[i];)
			next++;
		if (next - i > most) {
			most = next - i;
			mode = fees[i];
		}
	}
	return mode;
}

enum sdex_error fee_stats(struct fee_stats *stats, const struct history *history, uint32_t ledgers,
			  enum fee_kind kind, struct sdex_arena *arena)
{
	uint32_t count = 0, seen = 0;
	for (; seen < ledgers && history_ledger(history, history->last - seen); seen++)
		count += history_ledger(history, history->last - seen)->tx_count;
	*stats = (struct fee_stats){.transactions = count, .ledgers = seen};
	int64_t *fees = sdex_arena_alloc(arena, (count + 1) * sizeof(*fees));
	if (!fees)
		return SDEX_ERR_NOMEM;
	if (count == 0)
		return SDEX_OK;
	uint32_t at = 0;
	for (uint32_t k = 0; k < seen; k++) {
		const struct history_ledger *ledger = history_ledger(history, history->last - k);
		for (uint32_t i = 0; i < ledger->tx_count; i++)
			fees[at++] = fee_of(&ledger->txs[i], kind);
	}
	qsort(fees, count, sizeof(*fees), by_value);
	stats->min = fees[0];
	stats->max = fees[count - 1];
	stats->mode = mode_of(fees, count);
	for (int p = 0; p < FEE_PERCENTILES; p++) {
		uint64_t rank = ((uint64_t)fee_percentiles[p] * count + 99) / 100;
		stats->percentile[p] = fees[rank - 1];
	}
	return SDEX_OK;
}

void fee_stats_write(struct json_writer *w, const struct fee_stats *stats)
{
	put_int_text(w, "max", stats->max);
	put_int_text(w, "min", stats->min);
	put_int_text(w, "mode", stats->mode);
	for (int p = 0; p < FEE_PERCENTILES; p++) {
		char key[8];
		(void)snprintf(key, sizeof(key), "p%u", fee_percentiles[p]);
		put_int_text(w, key, stats->percentile[p]);
	}
}
