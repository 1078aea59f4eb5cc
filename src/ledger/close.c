/* ledger/close.c - fees first, then all transactions, then upgrades, then the header. */
#include "ledger/close.h"

#include <stdlib.h>

#include "base/failure.h"
#include "ledger/entry.h"

#define VERSION_SETS 20u /* GeneralizedTransactionSet with a phase for contracts */
#define VERSION_PARALLEL_PHASE 23u

/* --- order */

struct queued {
	const struct tx *tx;
	uint32_t index;
	uint32_t round;
	uint8_t mixed[32];
};

static int by_account(const void *left, const void *right)
{
	const struct queued *a = left, *b = right;
	if (a->tx->source != b->tx->source)
		return a->tx->source < b->tx->source ? -1 : 1;
	if (a->tx->sequence != b->tx->sequence)
		return a->tx->sequence < b->tx->sequence ? -1 : 1;
	return memcmp(a->mixed, b->mixed, 32);
}

static int by_round(const void *left, const void *right)
{
	const struct queued *a = left, *b = right;
	if (a->round != b->round)
		return a->round < b->round ? -1 : 1;
	return memcmp(a->mixed, b->mixed, 32);
}

bool close_order(uint32_t *order, const struct tx *txs, uint32_t count, const uint8_t set_hash[32],
		 struct sdex_arena *arena)
{
	struct queued *queue = sdex_arena_alloc(arena, (count + 1) * sizeof(*queue));
	if (!queue)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		queue[i] = (struct queued){.tx = &txs[i], .index = i};
		for (int b = 0; b < 32; b++)
			queue[i].mixed[b] = txs[i].full_hash[b] ^ set_hash[b];
	}
	qsort(queue, count, sizeof(*queue), by_account);
	for (uint32_t i = 1; i < count; i++)
		if (queue[i].tx->source == queue[i - 1].tx->source)
			queue[i].round = queue[i - 1].round + 1;
	qsort(queue, count, sizeof(*queue), by_round);
	for (uint32_t i = 0; i < count; i++)
		order[i] = queue[i].index;
	return true;
}

/* --- the set */

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

static enum sdex_error hash_of(uint8_t hash[32], enum sdex_type type, const void *value,
			       struct sdex_arena *arena)
{
	size_t size = 0;
	enum sdex_error error = sdex_xdr_size(type, &size, value, NULL);
	uint8_t *bytes = error ? NULL : sdex_arena_alloc(arena, size);
	if (!bytes)
		return error ? error : SDEX_ERR_NOMEM;
	error = sdex_xdr_encode(type, bytes, size, &size, value, NULL);
	if (!error)
		sdex_sha256(hash, bytes, size);
	return error;
}

enum sdex_error close_tx_set(sdex_GeneralizedTransactionSet *set, uint8_t hash[32],
			     const uint8_t previous_hash[32], const struct tx *txs,
			     const struct close_tx *from, uint32_t count, uint32_t version,
			     struct sdex_arena *arena)
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
	return hash_of(hash, SDEX_TYPE_GeneralizedTransactionSet, set, arena);
}

/* --- closing */

struct closing {
	struct ledger *ledger;
	const struct close_request *request;
	struct tx *txs;
	uint32_t *order;
	struct tx_meta *metas;
	sdex_TransactionResultMetaV1 *results;
	uint8_t results_hash[32];
};

static bool merges(const struct tx *tx)
{
	const sdex_Operation_list *list =
		tx->inner ? &tx->inner->operations : &tx->envelope->v0->tx.operations;
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i].body.type == SDEX_ACCOUNT_MERGE)
			return true;
	return false;
}

/* Merges look at how far the sequence numbers of this ledger go. */
static void note_sequences(const struct closing *c, bool note)
{
	struct state *state = c->ledger->state;
	for (uint32_t i = 0; i < c->request->count; i++) {
		const struct tx *tx = &c->txs[i];
		struct address *address = address_at(state, tx->source);
		state_touch_address(state, tx->source);
		if (!note)
			address->last_sequence = 0;
		else if (tx->sequence > address->last_sequence)
			address->last_sequence = tx->sequence;
	}
}

static enum sdex_error charge_all(struct closing *c)
{
	bool merge = false;
	for (uint32_t i = 0; i < c->request->count; i++) {
		uint32_t at = c->order[i];
		enum sdex_error error =
			tx_charge(&c->results[i].result.result, &c->metas[i], c->ledger,
				  &c->txs[at], c->request->txs[at].base_fee);
		if (error)
			return error;
		merge = merge || merges(&c->txs[at]);
	}
	if (merge)
		note_sequences(c, true);
	return SDEX_OK;
}

static enum sdex_error apply_all(struct closing *c)
{
	for (uint32_t i = 0; i < c->request->count; i++) {
		const struct tx *tx = &c->txs[c->order[i]];
		sdex_TransactionResultMetaV1 *to = &c->results[i];
		enum sdex_error error = tx_apply(&to->result.result, &c->metas[i], c->ledger, tx);
		if (error)
			return error;
		memcpy(to->result.transactionHash.bytes, tx->contents_hash, 32);
		to->feeProcessing = c->metas[i].fees;
		if (!meta_export(&to->txApplyProcessing, &c->metas[i],
				 c->ledger->state->header.version, c->ledger->arena))
			return SDEX_ERR_NOMEM;
	}
	return SDEX_OK;
}

static enum sdex_error hash_results(uint8_t hash[32], const struct closing *c)
{
	struct sdex_arena *arena = c->ledger->arena;
	uint32_t count = c->request->count;
	sdex_TransactionResultPair *pairs = sdex_arena_alloc(arena, (count + 1) * sizeof(*pairs));
	if (!pairs)
		return SDEX_ERR_NOMEM;
	for (uint32_t i = 0; i < count; i++)
		pairs[i] = c->results[i].result;
	sdex_TransactionResultSet set = {.results = {.items = pairs, .count = count}};
	return hash_of(hash, SDEX_TYPE_TransactionResultSet, &set, arena);
}

/* Older hashes move one place up at multiples of these (calculateSkipValues). */
static void skip(sdex_LedgerHeader *header)
{
	int64_t sequence = header->ledgerSeq;
	if (sequence % 50 != 0)
		return;
	int64_t v = sequence - 50;
	if (v > 0 && v % 5000 == 0) {
		v = sequence - 5000 - 50;
		if (v > 0 && v % 50000 == 0) {
			v = sequence - 50000 - 5000 - 50;
			if (v > 0 && v % 500000 == 0)
				header->skipList[3] = header->skipList[2];
			header->skipList[2] = header->skipList[1];
		}
		header->skipList[1] = header->skipList[0];
	}
	memcpy(header->skipList[0].bytes, header->bucketListHash.bytes, 32);
}

static enum sdex_error finish(struct closed *closed, const struct closing *c,
			      const uint8_t previous_hash[32], const uint8_t set_hash[32])
{
	sdex_LedgerHeader *header = &closed->header.header;
	closed->header = (sdex_LedgerHeaderHistoryEntry){.header = *c->request->previous};
	header_store(header, &c->ledger->state->header);
	memcpy(header->previousLedgerHash.bytes, previous_hash, 32);
	memcpy(header->scpValue.txSetHash.bytes, set_hash, 32);
	header->scpValue.upgrades = c->request->upgrades;
	header->scpValue.ext = (sdex_StellarValueExt){.v = SDEX_STELLAR_VALUE_BASIC};
	memcpy(header->bucketListHash.bytes, c->request->bucket_list_hash, 32);
	skip(header);
	memcpy(header->txSetResultHash.bytes, c->results_hash, 32);
	enum sdex_error error = hash_of(closed->header.hash.bytes, SDEX_TYPE_LedgerHeader, header,
					c->ledger->arena);
	closed->txs = (sdex_TransactionResultMetaV1_list){.items = c->results,
							  .count = c->request->count};
	return error;
}

static bool make_room(struct closing *c)
{
	struct sdex_arena *arena = c->ledger->arena;
	uint32_t count = c->request->count + 1;
	c->txs = sdex_arena_alloc(arena, count * sizeof(*c->txs));
	c->order = sdex_arena_alloc(arena, count * sizeof(*c->order));
	c->metas = sdex_arena_alloc(arena, count * sizeof(*c->metas));
	c->results = sdex_arena_alloc(arena, count * sizeof(*c->results));
	if (!c->txs || !c->order || !c->metas || !c->results)
		return false;
	memset(c->metas, 0, count * sizeof(*c->metas));
	memset(c->results, 0, count * sizeof(*c->results));
	return true;
}

static enum sdex_error close_in_level(struct closed *closed, struct closing *c,
				      const uint8_t previous_hash[32], struct sdex_failure *why)
{
	struct ledger *ledger = c->ledger;
	struct state *state = ledger->state;
	uint8_t set_hash[32];
	enum sdex_error error = frozen_read(&ledger->frozen, state, ledger->arena);
	for (uint32_t i = 0; i < c->request->count && !error; i++)
		error = tx_read(&c->txs[i], ledger, c->request->txs[i].envelope, why);
	if (!error)
		error = close_tx_set(&closed->set, set_hash, previous_hash, c->txs, c->request->txs,
				     c->request->count, state->header.version, ledger->arena);
	if (!error && !close_order(c->order, c->txs, c->request->count, set_hash, ledger->arena))
		error = SDEX_ERR_NOMEM;
	if (error)
		return error;
	state_touch_header(state);
	state->header.sequence++;
	state->header.close_time = c->request->close_time;
	error = charge_all(c);
	if (error == SDEX_ERR_INVALID)
		fail(why, error, 0, "a transaction's fee source has no account");
	if (!error)
		error = apply_all(c);
	note_sequences(c, false);
	closed->version = state->header.version;
	if (!error)
		error = hash_results(c->results_hash, c);
	if (!error)
		error = upgrades_apply(&closed->upgrades, ledger, &c->request->upgrades, why);
	return error ? error : finish(closed, c, previous_hash, set_hash);
}

enum sdex_error close_ledger(struct closed *closed, struct ledger *ledger,
			     const struct close_request *request, struct sdex_failure *why)
{
	struct state *state = ledger->state;
	struct closing c = {.ledger = ledger, .request = request};
	struct closed made = {0};
	uint8_t previous_hash[32];
	if (state->header.version < VERSION_SETS || state->header.version > VERSION_NEWEST)
		return fail(why, SDEX_ERR_UNSUPPORTED, 0,
			    "ledgers of protocol %u are not closed here", state->header.version);
	if (request->previous->ledgerSeq != state->header.sequence ||
	    request->previous->ledgerSeq == UINT32_MAX)
		return fail(why, SDEX_ERR_INVALID, 0, "the state is of ledger %u, the header of %u",
			    state->header.sequence, request->previous->ledgerSeq);
	if (request->upgrades.count > UPGRADES_MAX)
		return fail(why, SDEX_ERR_INVALID, 0, "a ledger has %u upgrades at most, not %u",
			    UPGRADES_MAX, request->upgrades.count);
	enum sdex_error error =
		hash_of(previous_hash, SDEX_TYPE_LedgerHeader, request->previous, ledger->arena);
	if (!error && !make_room(&c))
		error = SDEX_ERR_NOMEM;
	if (error)
		return fail(why, error, 0, "the previous header has no hash, or memory is out");
	state_begin(state);
	error = close_in_level(&made, &c, previous_hash, why);
	if (error || state->lost) {
		state_rollback(state);
		return error ? error : SDEX_ERR_NOMEM;
	}
	state_commit(state);
	*closed = made;
	return SDEX_OK;
}

static sdex_LedgerCloseMetaV1 *meta_v1(const struct closed *closed, struct sdex_arena *arena)
{
	sdex_LedgerCloseMetaV1 *v1 = sdex_arena_alloc(arena, sizeof(*v1));
	uint32_t count = closed->txs.count;
	sdex_TransactionResultMeta *txs = sdex_arena_alloc(arena, (count + 1) * sizeof(*txs));
	if (!v1 || !txs)
		return NULL;
	for (uint32_t i = 0; i < count; i++) {
		const sdex_TransactionResultMetaV1 *tx = &closed->txs.items[i];
		txs[i] = (sdex_TransactionResultMeta){.result = tx->result,
						      .feeProcessing = tx->feeProcessing,
						      .txApplyProcessing = tx->txApplyProcessing};
	}
	*v1 = (sdex_LedgerCloseMetaV1){.ledgerHeader = closed->header,
				       .txSet = closed->set,
				       .txProcessing = {.items = txs, .count = count},
				       .upgradesProcessing = closed->upgrades};
	return v1;
}

static sdex_LedgerCloseMetaV2 *meta_v2(const struct closed *closed, struct sdex_arena *arena)
{
	sdex_LedgerCloseMetaV2 *v2 = sdex_arena_alloc(arena, sizeof(*v2));
	if (v2)
		*v2 = (sdex_LedgerCloseMetaV2){.ledgerHeader = closed->header,
					       .txSet = closed->set,
					       .txProcessing = closed->txs,
					       .upgradesProcessing = closed->upgrades};
	return v2;
}

sdex_LedgerCloseMeta *close_meta(const struct closed *closed, struct sdex_arena *arena)
{
	sdex_LedgerCloseMeta *meta = sdex_arena_alloc(arena, sizeof(*meta));
	if (!meta)
		return NULL;
	if (closed->version >= VERSION_PARALLEL_PHASE) {
		*meta = (sdex_LedgerCloseMeta){.v = 2, .v2 = meta_v2(closed, arena)};
		return meta->v2 ? meta : NULL;
	}
	*meta = (sdex_LedgerCloseMeta){.v = 1, .v1 = meta_v1(closed, arena)};
	return meta->v1 ? meta : NULL;
}
