/* ledger/propose.c - see propose.h. */
#include "ledger/propose.h"

#include <stdlib.h>

#define ENVELOPE_TYPE_BYTES 4u
#define OPERATIONS_MAX 100u /* of a transaction */

/* Bytes of the inner envelope: a fee bump's own do not count. */
static uint32_t inner_bytes(const struct tx *tx)
{
	const void *inner = tx->bump    ? (const void *)tx->bump->innerTx.v1
			    : tx->inner ? (const void *)tx->envelope->v1
					: (const void *)tx->envelope->v0;
	size_t size = 0;
	enum sdex_error error = sdex_xdr_size(tx->inner ? SDEX_TYPE_TransactionV1Envelope
							: SDEX_TYPE_TransactionV0Envelope,
					      &size, inner, NULL);
	return error || size > UINT32_MAX - ENVELOPE_TYPE_BYTES
		       ? UINT32_MAX
		       : (uint32_t)size + ENVELOPE_TYPE_BYTES;
}

struct surge_bid tx_bid(const struct tx *tx)
{
	uint32_t operations = tx_weight(tx);
	return (struct surge_bid){.full_hash = tx->full_hash,
				  .fee = tx_full_fee(tx),
				  .operations = operations ? operations : 1,
				  .bytes = inner_bytes(tx),
				  .dex = tx_has_dex(tx)};
}

/* --- what may be applied */

static enum sdex_error check_all(struct ledger *ledger, struct candidate *all, uint32_t count,
				 uint64_t close_time)
{
	struct tx_moment moment = {.sequence = ledger->state->header.sequence + 1,
				   .close_time = close_time};
	for (uint32_t i = 0; i < count; i++) {
		sdex_TransactionResult result;
		/* a sequence number that new accounts begin with is never taken up */
		if (all[i].tx.sequence == (int64_t)moment.sequence << 32) {
			all[i].fate = CANDIDATE_WAITS;
			continue;
		}
		enum sdex_error error = tx_check(&result, ledger, &all[i].tx, moment, 0);
		if (error)
			return error;
		all[i].fate = tx_succeeded(&result) ? CANDIDATE_CHOSEN : CANDIDATE_INVALID;
	}
	return SDEX_OK;
}

static int by_fee_source(const void *left, const void *right)
{
	const struct candidate *a = *(struct candidate *const *)left;
	const struct candidate *b = *(struct candidate *const *)right;
	return (a->tx.fee_source > b->tx.fee_source) - (a->tx.fee_source < b->tx.fee_source);
}

/* A payer that cannot pay for all of its valid transactions pays for none. */
static bool check_payers(struct ledger *ledger, struct candidate *all, uint32_t count)
{
	struct state *state = ledger->state;
	struct candidate **sorted =
		sdex_arena_alloc(ledger->arena, (count + 1) * sizeof(struct candidate *));
	uint32_t valid = 0;
	if (!sorted)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (all[i].fate == CANDIDATE_CHOSEN)
			sorted[valid++] = &all[i];
	qsort(sorted, valid, sizeof(struct candidate *), by_fee_source);
	for (uint32_t from = 0, to; from < valid; from = to) {
		uint32_t payer = sorted[from]->tx.fee_source;
		const struct account *account = state_account(state, payer);
		int64_t owed = 0;
		for (to = from; to < valid && sorted[to]->tx.fee_source == payer; to++)
			if (__builtin_add_overflow(owed, tx_full_fee(&sorted[to]->tx), &owed))
				owed = INT64_MAX;
		if (account && rules_available(state, account) >= owed)
			continue;
		for (uint32_t i = from; i < to; i++)
			sorted[i]->fate = CANDIDATE_INVALID;
	}
	return true;
}

/* --- choosing */

static bool choose(struct proposal *proposal, struct ledger *ledger, struct candidate *all,
		   uint32_t count, const struct surge_limits *limits)
{
	struct sdex_arena *arena = ledger->arena;
	struct surge_bid *bids = sdex_arena_alloc(arena, (count + 1) * sizeof(*bids));
	uint32_t *whose = sdex_arena_alloc(arena, (count + 1) * sizeof(*whose));
	uint32_t *order = sdex_arena_alloc(arena, (count + 1) * sizeof(*order));
	bool *chosen = sdex_arena_alloc(arena, (count + 1) * sizeof(*chosen));
	proposal->txs = sdex_arena_alloc(arena, (count + 1) * sizeof(*proposal->txs));
	proposal->count = 0;
	uint32_t valid = 0;
	if (!bids || !whose || !order || !chosen || !proposal->txs)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		if (all[i].fate != CANDIDATE_CHOSEN)
			continue;
		bids[valid] = tx_bid(&all[i].tx);
		whose[valid++] = i;
	}
	surge_choose(chosen, proposal->base_fees, order, bids, valid, limits,
		     ledger->state->header.base_fee);
	for (uint32_t i = 0; i < valid; i++) {
		enum surge_lane lane = surge_lane_of(limits, &bids[i]);
		struct candidate *candidate = &all[whose[i]];
		if (chosen[i])
			proposal->txs[proposal->count++] =
				(struct close_tx){.envelope = candidate->envelope,
						  .base_fee = &proposal->base_fees[lane]};
		else
			candidate->fate = CANDIDATE_WAITS;
	}
	return true;
}

/* Sets had no fees of their own before protocol 20: all pay the same, the least that is
 * offered once there is no room for one more transaction of the largest kind
 * (computeBaseFeeForLegacyTxSet). */
static void set_old_base_fee(struct proposal *proposal, const struct ledger *ledger,
			     const struct candidate *all, uint32_t count)
{
	const struct header *header = &ledger->state->header;
	uint32_t most = header->max_tx_set_size;
	uint64_t operations = 0, cutoff = most > OPERATIONS_MAX ? most - OPERATIONS_MAX : 0;
	int64_t lowest = INT64_MAX;
	for (uint32_t i = 0; i < count; i++) {
		if (all[i].fate != CANDIDATE_CHOSEN)
			continue;
		struct surge_bid bid = tx_bid(&all[i].tx);
		int64_t rate = bid.fee / bid.operations + (bid.fee % bid.operations > 0);
		lowest = rate < lowest ? rate : lowest;
		operations += bid.operations;
	}
	for (int lane = 0; lane < SURGE_LANES; lane++)
		proposal->base_fees[lane] = operations > cutoff ? lowest : header->base_fee;
}

enum sdex_error propose_ledger(struct proposal *proposal, struct ledger *ledger,
			       struct candidate *candidates, uint32_t count, uint64_t close_time,
			       const struct surge_limits *limits)
{
	enum sdex_error error = check_all(ledger, candidates, count, close_time);
	if (error)
		return error;
	if (!check_payers(ledger, candidates, count) ||
	    !choose(proposal, ledger, candidates, count, limits))
		return SDEX_ERR_NOMEM;
	if (ledger->state->header.version < VERSION_GENERALIZED_SETS)
		set_old_base_fee(proposal, ledger, candidates, count);
	return SDEX_OK;
}
