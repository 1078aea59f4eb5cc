/* ledger/tx_set.c - see tx_set.h. */
#include "ledger/tx_set.h"

#include <stdlib.h>

struct priced {
	const struct tx *tx;
	const int64_t *base_fee;
};

static int by_fee_and_hash(const void *left, const void *right)
{
	const struct priced *a = left, *b = right;
	/* a component without a base fee comes first */
	if (!a->base_fee != !b->base_fee)
		return a->base_fee ? 1 : -1;
	if (a->base_fee && *a->base_fee != *b->base_fee)
		return *a->base_fee < *b->base_fee ? -1 : 1;
	return memcmp(a->tx->full_hash, b->tx->full_hash, 32);
}

static bool same_fee(const int64_t *a, const int64_t *b)
{
	return (!a && !b) || (a && b && *a == *b);
}

static bool components(sdex_TxSetComponent_list *list, struct priced *sorted, uint32_t count,
		       struct sdex_arena *arena)
{
	list->items = sdex_arena_alloc(arena, (count + 1) * sizeof(*list->items));
	list->count = 0;
	if (!list->items)
		return false;
	for (uint32_t from = 0, to; from < count; from = to) {
		to = from;
		while (to < count && same_fee(sorted[to].base_fee, sorted[from].base_fee))
			to++;
		sdex_TxSetComponent *component = &list->items[list->count++];
		*component =
			(sdex_TxSetComponent){.type = SDEX_TXSET_COMP_TXS_MAYBE_DISCOUNTED_FEE};
		sdex_TxSetComponentTxsMaybeDiscountedFee *part = &component->txsMaybeDiscountedFee;
		part->txs.items = sdex_arena_alloc(arena, (to - from) * sizeof(*part->txs.items));
		part->txs.count = to - from;
		if (!part->txs.items)
			return false;
		if (sorted[from].base_fee &&
		    !(part->baseFee = sdex_arena_copy(arena, sorted[from].base_fee,
						      sizeof(*part->baseFee))))
			return false;
		for (uint32_t i = from; i < to; i++)
			part->txs.items[i - from] = *sorted[i].tx->envelope;
	}
	return true;
}

static enum sdex_error make_generalized(sdex_GeneralizedTransactionSet *set, uint8_t hash[32],
					const uint8_t previous_hash[32], const struct tx *txs,
					const struct close_tx *from, uint32_t count,
					uint32_t version, struct sdex_arena *arena)
{
	struct priced *sorted = sdex_arena_alloc(arena, (count + 1) * sizeof(*sorted));
	sdex_TransactionSetV1 *v1 = sdex_arena_alloc(arena, sizeof(*v1));
	sdex_TransactionPhase *phases = sdex_arena_alloc(arena, 2 * sizeof(*phases));
	if (!sorted || !v1 || !phases)
		return SDEX_ERR_NOMEM;
	for (uint32_t i = 0; i < count; i++)
		sorted[i] = (struct priced){.tx = &txs[i], .base_fee = from[i].base_fee};
	qsort(sorted, count, sizeof(*sorted), by_fee_and_hash);
	memset(phases, 0, 2 * sizeof(*phases));
	memset(v1, 0, sizeof(*v1));
	if (!components(&phases[0].v0Components, sorted, count, arena))
		return SDEX_ERR_NOMEM;
	phases[1].v = version >= VERSION_PARALLEL_PHASE;
	memcpy(v1->previousLedgerHash.bytes, previous_hash, 32);
	v1->phases = (sdex_TransactionPhase_list){.items = phases, .count = 2};
	*set = (sdex_GeneralizedTransactionSet){.v = 1, .v1TxSet = v1};
	return xdr_hash(hash, SDEX_TYPE_GeneralizedTransactionSet, set, arena);
}

/* --- before protocol 20 */

/* The hash is of what went before and of each transaction, without the list's length. */
static enum sdex_error hash_old(uint8_t hash[32], const sdex_TransactionSet *set,
				struct sdex_arena *arena)
{
	size_t size = 0;
	enum sdex_error error = sdex_xdr_size(SDEX_TYPE_TransactionSet, &size, set, NULL);
	uint8_t *bytes = error ? NULL : sdex_arena_alloc(arena, size);
	if (!bytes)
		return error ? error : SDEX_ERR_NOMEM;
	error = sdex_TransactionSet_encode(bytes, size, &size, set, NULL);
	if (error)
		return error;
	memmove(bytes + 32, bytes + 36, size - 36);
	sdex_sha256(hash, bytes, size - 4);
	return SDEX_OK;
}

static enum sdex_error make_old(sdex_TransactionSet *set, uint8_t hash[32],
				const uint8_t previous_hash[32], const struct tx *txs,
				uint32_t count, struct sdex_arena *arena)
{
	struct priced *sorted = sdex_arena_alloc(arena, (count + 1) * sizeof(*sorted));
	sdex_TransactionEnvelope *items = sdex_arena_alloc(arena, (count + 1) * sizeof(*items));
	if (!sorted || !items)
		return SDEX_ERR_NOMEM;
	for (uint32_t i = 0; i < count; i++)
		sorted[i] = (struct priced){.tx = &txs[i]};
	qsort(sorted, count, sizeof(*sorted), by_fee_and_hash);
	for (uint32_t i = 0; i < count; i++)
		items[i] = *sorted[i].tx->envelope;
	*set = (sdex_TransactionSet){.txs = {.items = items, .count = count}};
	memcpy(set->previousLedgerHash.bytes, previous_hash, 32);
	return hash_old(hash, set, arena);
}

enum sdex_error tx_set_make(struct tx_set *set, uint8_t hash[32], const uint8_t previous_hash[32],
			    const struct tx *txs, const struct close_tx *from, uint32_t count,
			    uint32_t version, struct sdex_arena *arena)
{
	*set = (struct tx_set){0};
	return version < VERSION_GENERALIZED_SETS
		       ? make_old(&set->old, hash, previous_hash, txs, count, arena)
		       : make_generalized(&set->generalized, hash, previous_hash, txs, from, count,
					  version, arena);
}
