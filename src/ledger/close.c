/* ledger/close.c - fees first, then all transactions, then upgrades, then the header. */
#include "ledger/close.h"

#include <stdlib.h>

#include "base/failure.h"
#include "ledger/entry.h"

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
		merge = merge || tx_merges(&c->txs[at]);
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
		if (!error && c->ledger->want_meta && c->ledger->want_events)
			error = tx_events(&c->metas[i], c->ledger, tx, &to->result.result);
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
	return xdr_hash(hash, SDEX_TYPE_TransactionResultSet, &set, arena);
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
	enum sdex_error error = xdr_hash(closed->header.hash.bytes, SDEX_TYPE_LedgerHeader, header,
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
		error = tx_set_make(&closed->set, set_hash, previous_hash, c->txs, c->request->txs,
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
	if (!ledger_supports(state->header.version, why))
		return SDEX_ERR_UNSUPPORTED;
	if (request->previous->ledgerSeq != state->header.sequence ||
	    request->previous->ledgerSeq == UINT32_MAX)
		return fail(why, SDEX_ERR_INVALID, 0, "the state is of ledger %u, the header of %u",
			    state->header.sequence, request->previous->ledgerSeq);
	if (request->upgrades.count > UPGRADES_MAX)
		return fail(why, SDEX_ERR_INVALID, 0, "a ledger has %u upgrades at most, not %u",
			    UPGRADES_MAX, request->upgrades.count);
	enum sdex_error error =
		xdr_hash(previous_hash, SDEX_TYPE_LedgerHeader, request->previous, ledger->arena);
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

/* What a ledger's transactions were before fees came to be settled behind all of them. */
static bool older_results(sdex_TransactionResultMeta_list *list, const struct closed *closed,
			  struct sdex_arena *arena)
{
	uint32_t count = closed->txs.count;
	*list = (sdex_TransactionResultMeta_list){
		.items = sdex_arena_alloc(arena, (count + 1) * sizeof(*list->items)),
		.count = count};
	for (uint32_t i = 0; list->items && i < count; i++) {
		const sdex_TransactionResultMetaV1 *tx = &closed->txs.items[i];
		list->items[i] =
			(sdex_TransactionResultMeta){.result = tx->result,
						     .feeProcessing = tx->feeProcessing,
						     .txApplyProcessing = tx->txApplyProcessing};
	}
	return list->items != NULL;
}

static sdex_LedgerCloseMetaV0 *meta_v0(const struct closed *closed, struct sdex_arena *arena)
{
	sdex_LedgerCloseMetaV0 *v0 = sdex_arena_alloc(arena, sizeof(*v0));
	if (!v0)
		return NULL;
	*v0 = (sdex_LedgerCloseMetaV0){.ledgerHeader = closed->header,
				       .txSet = closed->set.old,
				       .upgradesProcessing = closed->upgrades};
	return older_results(&v0->txProcessing, closed, arena) ? v0 : NULL;
}

static sdex_LedgerCloseMetaV1 *meta_v1(const struct closed *closed, struct sdex_arena *arena)
{
	sdex_LedgerCloseMetaV1 *v1 = sdex_arena_alloc(arena, sizeof(*v1));
	if (!v1)
		return NULL;
	*v1 = (sdex_LedgerCloseMetaV1){.ledgerHeader = closed->header,
				       .txSet = closed->set.generalized,
				       .upgradesProcessing = closed->upgrades};
	return older_results(&v1->txProcessing, closed, arena) ? v1 : NULL;
}

static sdex_LedgerCloseMetaV2 *meta_v2(const struct closed *closed, struct sdex_arena *arena)
{
	sdex_LedgerCloseMetaV2 *v2 = sdex_arena_alloc(arena, sizeof(*v2));
	if (v2)
		*v2 = (sdex_LedgerCloseMetaV2){.ledgerHeader = closed->header,
					       .txSet = closed->set.generalized,
					       .txProcessing = closed->txs,
					       .upgradesProcessing = closed->upgrades};
	return v2;
}

sdex_LedgerCloseMeta *close_meta(const struct closed *closed, struct sdex_arena *arena)
{
	sdex_LedgerCloseMeta *meta = sdex_arena_alloc(arena, sizeof(*meta));
	if (!meta)
		return NULL;
	if (closed->version < VERSION_GENERALIZED_SETS) {
		*meta = (sdex_LedgerCloseMeta){.v = 0, .v0 = meta_v0(closed, arena)};
		return meta->v0 ? meta : NULL;
	}
	if (closed->version < VERSION_PARALLEL_PHASE) {
		*meta = (sdex_LedgerCloseMeta){.v = 1, .v1 = meta_v1(closed, arena)};
		return meta->v1 ? meta : NULL;
	}
	*meta = (sdex_LedgerCloseMeta){.v = 2, .v2 = meta_v2(closed, arena)};
	return meta->v2 ? meta : NULL;
}
