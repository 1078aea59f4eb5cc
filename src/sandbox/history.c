/* sandbox/history.c - see history.h. */
#include "sandbox/history.h"

#include <stdlib.h>

#include "sdex/ids.h"
#include "sdex/result.h"
#include "sdex/transaction.h"
#include "sdex/xdr.h"

bool history_init(struct history *history, uint32_t ledgers, uint64_t bytes)
{
	*history = (struct history){.room = ledgers, .bytes_max = bytes};
	slab_init(&history->ledgers, sizeof(struct history_ledger));
	history->ring = malloc(ledgers * sizeof(*history->ring));
	return history->ring != NULL;
}

static struct history_ledger *record(const struct history *history, uint32_t sequence)
{
	return slab_at(&history->ledgers, history->ring[sequence % history->room]);
}

static uint64_t hash_key(const uint8_t hash[32])
{
	return table_mix_bytes(0, hash, 32);
}

static uint64_t held(const struct history_ledger *ledger)
{
	return sizeof(*ledger) + ledger->size + ledger->tx_count * sizeof(*ledger->txs) +
	       ledger->trade_count * sizeof(*ledger->trades) +
	       ledger->party_count * sizeof(*ledger->parties);
}

static void release(struct history_ledger *ledger)
{
	free(ledger->bytes);
	free(ledger->txs);
	free(ledger->trades);
	free(ledger->parties);
}

static void unfile_hashes(struct history *history, const struct history_ledger *ledger,
			  uint32_t slot, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		table_remove(&history->by_hash, hash_key(ledger->txs[i].hash), slot);
		if (ledger->txs[i].bump)
			table_remove(&history->by_hash, hash_key(ledger->txs[i].inner_hash), slot);
	}
}

static void drop_oldest(struct history *history)
{
	struct history_ledger *ledger = record(history, history->first);
	uint32_t slot = history->ring[history->first % history->room];
	unfile_hashes(history, ledger, slot, ledger->tx_count);
	history->bytes -= held(ledger);
	release(ledger);
	slab_give(&history->ledgers, slot);
	history->first = history->first == history->last ? 0 : history->first + 1;
}

void history_free(struct history *history)
{
	for (uint32_t i = history->first; history->first && i <= history->last; i++)
		release(record(history, i));
	slab_free(&history->ledgers);
	table_free(&history->by_hash);
	free(history->ring);
}

const struct history_ledger *history_ledger(const struct history *history, uint32_t sequence)
{
	if (!history->first || sequence < history->first || sequence > history->last)
		return NULL;
	return record(history, sequence);
}

const struct history_ledger *history_last(const struct history *history)
{
	return history_ledger(history, history->last);
}

const struct history_tx *history_tx(const struct history_ledger **ledger,
				    const struct history *history, const uint8_t hash[32])
{
	struct table_walk walk = table_walk(&history->by_hash, hash_key(hash));
	for (uint32_t slot; (slot = table_next(&history->by_hash, &walk)) != SLOT_NONE;) {
		const struct history_ledger *l = slab_at(&history->ledgers, slot);
		for (uint32_t i = 0; i < l->tx_count; i++)
			if (memcmp(l->txs[i].hash, hash, 32) == 0 ||
			    memcmp(l->txs[i].inner_hash, hash, 32) == 0) {
				*ledger = l;
				return &l->txs[i];
			}
	}
	return NULL;
}

/* --- the index: where in the ledger's bytes things are */

struct indexing {
	struct history_ledger *ledger;
	struct span *envelopes; /* in the set's order */
	uint32_t envelope_count;
	uint32_t at; /* of the applied transactions; the one that is being read is at - 1 */
	bool fees_seen;
};

static enum sdex_visit index_found(void *context, const struct sdex_found *found)
{
	struct indexing *x = context;
	struct span span = {(uint32_t)found->offset, (uint32_t)found->size};
	struct history_tx *tx = x->at ? &x->ledger->txs[x->at - 1] : NULL;
	switch ((int)found->type) {
	case SDEX_TYPE_LedgerHeaderHistoryEntry:
		x->ledger->header = span;
		return SDEX_VISIT_ON;
	case SDEX_TYPE_TransactionEnvelope:
		x->envelopes[x->envelope_count++] = span;
		return SDEX_VISIT_ON;
	case SDEX_TYPE_TransactionResultMetaV1:
		x->at++;
		x->fees_seen = false;
		return SDEX_VISIT_INTO;
	case SDEX_TYPE_TransactionResultPair:
		if (!tx)
			break;
		tx->result = (struct span){span.at + 32, span.size - 32};
		return SDEX_VISIT_ON;
	case SDEX_TYPE_LedgerEntryChanges:
		/* the fee's first, then what comes after all transactions */
		if (tx && !x->fees_seen)
			tx->fees = span;
		x->fees_seen = true;
		return SDEX_VISIT_ON;
	case SDEX_TYPE_TransactionMeta:
		if (tx)
			tx->meta = span;
		break;
	}
	return SDEX_VISIT_ON;
}

static enum sdex_error index_bytes(struct indexing *x)
{
	static const enum sdex_type types[] = {
		SDEX_TYPE_LedgerHeaderHistoryEntry, SDEX_TYPE_TransactionEnvelope,
		SDEX_TYPE_TransactionResultMetaV1,  SDEX_TYPE_TransactionResultPair,
		SDEX_TYPE_LedgerEntryChanges,       SDEX_TYPE_TransactionMeta,
	};
	struct sdex_visit_plan plan;
	enum sdex_error error = sdex_visit_plan_init(&plan, types, sizeof(types) / sizeof(*types));
	if (!error)
		error = sdex_xdr_visit(SDEX_TYPE_LedgerCloseMeta, &plan, index_found, x,
				       x->ledger->bytes, x->ledger->size, NULL, NULL);
	return error;
}

/* --- what the index says of each transaction */

static const sdex_TransactionEnvelope *set_envelope(const sdex_GeneralizedTransactionSet *set,
						    uint32_t number)
{
	const sdex_TransactionPhase *phase = &set->v1TxSet->phases.items[0];
	for (uint32_t i = 0; i < phase->v0Components.count; i++) {
		const sdex_TransactionEnvelope_list *txs =
			&phase->v0Components.items[i].txsMaybeDiscountedFee.txs;
		if (number < txs->count)
			return &txs->items[number];
		number -= txs->count;
	}
	return NULL;
}

static const uint8_t *source_key(const sdex_MuxedAccount *account)
{
	return account->type == SDEX_KEY_TYPE_ED25519 ? account->ed25519.bytes
						      : account->med25519.ed25519.bytes;
}

static uint32_t account_number(const struct state *state, sdex_MuxedAccount account)
{
	return state_address_find(state, source_key(&account));
}

struct hashed {
	uint8_t hash[32];
	uint32_t number; /* in the set */
};

static int by_hash(const void *a, const void *b)
{
	return memcmp(((const struct hashed *)a)->hash, ((const struct hashed *)b)->hash, 32);
}

static void describe(struct history_tx *tx, const sdex_TransactionEnvelope *envelope,
		     const struct state *state)
{
	tx->bump = envelope->type == SDEX_ENVELOPE_TYPE_TX_FEE_BUMP;
	tx->source = account_number(state, sdex_tx_source(envelope));
	tx->fee_source = tx->source;
	tx->operations = sdex_tx_operations(envelope).count;
	if (tx->bump) {
		tx->fee_source = account_number(state, envelope->feeBump->tx.feeSource);
		tx->offered = envelope->feeBump->tx.fee;
	} else {
		tx->offered = envelope->type == SDEX_ENVELOPE_TYPE_TX ? envelope->v1->tx.fee
								      : envelope->v0->tx.fee;
	}
}

static enum sdex_error fill_txs(struct indexing *x, const struct closed *closed,
				const struct state *state, const uint8_t network_id[32],
				struct sdex_arena *scratch)
{
	struct history_ledger *ledger = x->ledger;
	struct hashed *hashes = sdex_arena_alloc(scratch, (ledger->tx_count + 1) * sizeof(*hashes));
	sdex_Hash network, hash;
	if (!hashes)
		return SDEX_ERR_NOMEM;
	memcpy(network.bytes, network_id, 32);
	for (uint32_t i = 0; i < ledger->tx_count; i++) {
		enum sdex_error error = sdex_tx_hash(
			&hash, scratch, set_envelope(&closed->set.generalized, i), &network, NULL);
		if (error)
			return error;
		hashes[i].number = i;
		memcpy(hashes[i].hash, hash.bytes, 32);
	}
	qsort(hashes, ledger->tx_count, sizeof(*hashes), by_hash);
	for (uint32_t i = 0; i < ledger->tx_count; i++) {
		const sdex_TransactionResultPair *pair = &closed->txs.items[i].result;
		struct history_tx *tx = &ledger->txs[i];
		struct hashed key;
		memcpy(key.hash, pair->transactionHash.bytes, 32);
		const struct hashed *found =
			bsearch(&key, hashes, ledger->tx_count, sizeof(*hashes), by_hash);
		if (!found)
			return SDEX_ERR_INVALID;
		memcpy(tx->hash, found->hash, 32);
		memcpy(tx->inner_hash, found->hash, 32);
		tx->envelope = x->envelopes[found->number];
		describe(tx, set_envelope(&closed->set.generalized, found->number), state);
		if (tx->bump)
			memcpy(tx->inner_hash,
			       pair->result.result.innerResultPair->transactionHash.bytes, 32);
		tx->charged = pair->result.feeCharged;
		tx->success = sdex_result_ok(&pair->result);
		ledger->successful += tx->success;
		ledger->operations += tx->success ? tx->operations : 0;
		ledger->set_operations += tx->operations;
	}
	return SDEX_OK;
}

/* --- who is concerned */

struct parties {
	uint32_t *items;
	uint32_t count;
	uint32_t room;
	const struct state *state;
};

static enum sdex_visit party_found(void *context, const struct sdex_found *found)
{
	struct parties *p = context;
	uint32_t address;
	/* a key's type stands before its 32 bytes, in a muxed account the id as well */
	address = state_address_find(p->state, found->data + found->size - 32);
	if (address != SLOT_NONE && p->count < p->room)
		p->items[p->count++] = address;
	return SDEX_VISIT_ON;
}

static int by_number(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	return (a > b) - (a < b);
}

/* Sorts the parties from `from` on and leaves each in once. */
static void settle_parties(struct parties *p, uint32_t from)
{
	uint32_t to = from;
	qsort(p->items + from, p->count - from, sizeof(*p->items), by_number);
	for (uint32_t i = from; i < p->count; i++)
		if (i == from || p->items[i] != p->items[to - 1])
			p->items[to++] = p->items[i];
	p->count = to;
}

/* Accounts stand in envelopes as muxed accounts (sources, destinations) and as plain ones
 * (created accounts, issuers of assets, claimants); an issuer counts as concerned here. */
static enum sdex_error fill_parties(struct history_ledger *ledger, const struct state *state,
				    struct sdex_arena *scratch)
{
	static const enum sdex_type types[] = {SDEX_TYPE_MuxedAccount, SDEX_TYPE_PublicKey};
	struct sdex_visit_plan plan;
	struct parties p = {.state = state, .room = ledger->size / 32 + 1};
	enum sdex_error error = sdex_visit_plan_init(&plan, types, 2);
	p.items = sdex_arena_alloc(scratch, p.room * sizeof(*p.items));
	if (!p.items)
		return SDEX_ERR_NOMEM;
	for (uint32_t i = 0; i < ledger->tx_count && !error; i++) {
		struct history_tx *tx = &ledger->txs[i];
		struct sdex_bytes bytes = history_bytes(ledger, tx->envelope);
		uint32_t from = p.count;
		error = sdex_xdr_visit(SDEX_TYPE_TransactionEnvelope, &plan, party_found, &p,
				       bytes.data, bytes.size, NULL, NULL);
		settle_parties(&p, from);
		tx->parties = (struct span){from, p.count - from};
	}
	if (error || p.count == 0)
		return error;
	ledger->parties = malloc(p.count * sizeof(*ledger->parties));
	if (!ledger->parties)
		return SDEX_ERR_NOMEM;
	memcpy(ledger->parties, p.items, p.count * sizeof(*ledger->parties));
	ledger->party_count = p.count;
	return SDEX_OK;
}

bool history_concerns(const struct history_ledger *ledger, const struct history_tx *tx,
		      uint32_t address)
{
	return tx->parties.size && bsearch(&address, ledger->parties + tx->parties.at,
					   tx->parties.size, sizeof(address), by_number) != NULL;
}

/* --- trades */

/* The price of an offer before the operation took from it, out of the operation's changes. */
static bool offer_price(sdex_Price *price, const sdex_LedgerEntryChanges *changes, int64_t id)
{
	for (uint32_t i = changes->count; i-- > 0;) {
		const sdex_LedgerEntryChange *change = &changes->items[i];
		if (change->type != SDEX_LEDGER_ENTRY_STATE ||
		    change->state->data.type != SDEX_OFFER ||
		    change->state->data.offer->offerID != id)
			continue;
		*price = change->state->data.offer->price;
		return true;
	}
	return false;
}

static void fill_trade(struct history_trade *trade, const sdex_ClaimAtom *claim,
		       const sdex_LedgerEntryChanges *changes, struct state *state)
{
	if (claim->type == SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL) {
		const sdex_ClaimLiquidityAtom *atom = claim->liquidityPool;
		trade->of_pool = true;
		trade->seller = state_share_find(state, atom->liquidityPoolID.bytes);
		trade->sold = state_asset_find(state, &atom->assetSold);
		trade->bought = state_asset_find(state, &atom->assetBought);
		trade->sold_amount = atom->amountSold;
		trade->bought_amount = atom->amountBought;
		trade->price_n = atom->amountBought;
		trade->price_d = atom->amountSold;
		return;
	}
	const sdex_ClaimOfferAtom *atom = claim->orderBook;
	sdex_Price price = {.n = 0, .d = 1};
	trade->seller = state_address_find(state, atom->sellerID.ed25519.bytes);
	trade->offer = atom->offerID;
	trade->sold = state_asset_find(state, &atom->assetSold);
	trade->bought = state_asset_find(state, &atom->assetBought);
	trade->sold_amount = atom->amountSold;
	trade->bought_amount = atom->amountBought;
	(void)offer_price(&price, changes, atom->offerID);
	trade->price_n = price.n;
	trade->price_d = price.d;
}

static int64_t amount_of(const sdex_ClaimAtom *claim)
{
	return claim->type == SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL
		       ? claim->liquidityPool->amountSold | claim->liquidityPool->amountBought
		       : claim->orderBook->amountSold | claim->orderBook->amountBought;
}

static const sdex_LedgerEntryChanges *changes_of(const sdex_TransactionMeta *meta, uint32_t index)
{
	static const sdex_LedgerEntryChanges none;
	if (meta->v == 4 && index < meta->v4->operations.count)
		return &meta->v4->operations.items[index].changes;
	if (meta->v == 3 && index < meta->v3->operations.count)
		return &meta->v3->operations.items[index].changes;
	return &none;
}

/* Lists the trades of a transaction behind *count; with `to` NULL it only counts. */
static void list_trades(struct history_trade *to, uint32_t *count,
			const struct history_ledger *ledger, uint32_t number,
			const sdex_TransactionResultMetaV1 *applied, struct sdex_arena *scratch,
			struct state *state)
{
	sdex_OperationResult_list results = sdex_result_operations(&applied->result.result);
	sdex_TransactionEnvelope *envelope = NULL;
	struct sdex_bytes bytes = history_bytes(ledger, ledger->txs[number].envelope);
	if (to && sdex_TransactionEnvelope_decode(&envelope, scratch, bytes.data, bytes.size, NULL))
		return;
	for (uint32_t op = 0; op < results.count; op++) {
		sdex_ClaimAtom_list claims = sdex_op_result_claims(&results.items[op]);
		const sdex_ManageOfferSuccessResultOffer *offer =
			sdex_op_result_offer(&results.items[op]);
		bool rests = offer && offer->effect != SDEX_MANAGE_OFFER_DELETED;
		struct sdex_toid place = {ledger->sequence, number + 1, op + 1};
		for (uint32_t c = 0; c < claims.count; c++) {
			if (amount_of(&claims.items[c]) == 0)
				continue; /* a dead offer that was cleared away */
			if (to) {
				const sdex_MuxedAccount *source =
					sdex_tx_operations(envelope).items[op].sourceAccount;
				struct history_trade *trade = &to[*count];
				*trade = (struct history_trade){.order = c};
				(void)!sdex_toid_pack(&trade->operation, &place);
				trade->taker = source ? account_number(state, *source)
						      : ledger->txs[number].source;
				trade->taker_offer = rests ? offer->offer->offerID : 0;
				fill_trade(trade, &claims.items[c],
					   changes_of(&applied->txApplyProcessing, op), state);
			}
			++*count;
		}
	}
}

static enum sdex_error fill_trades(struct history_ledger *ledger, const struct closed *closed,
				   struct state *state, struct sdex_arena *scratch)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < ledger->tx_count; i++)
		if (ledger->txs[i].success)
			list_trades(NULL, &count, ledger, i, &closed->txs.items[i], scratch, state);
	if (count == 0)
		return SDEX_OK;
	ledger->trades = malloc(count * sizeof(*ledger->trades));
	if (!ledger->trades)
		return SDEX_ERR_NOMEM;
	count = 0;
	for (uint32_t i = 0; i < ledger->tx_count; i++)
		if (ledger->txs[i].success)
			list_trades(ledger->trades, &count, ledger, i, &closed->txs.items[i],
				    scratch, state);
	ledger->trade_count = count;
	return SDEX_OK;
}

/* --- filing */

static enum sdex_error encode(struct history_ledger *ledger, const struct closed *closed,
			      struct sdex_arena *scratch)
{
	sdex_LedgerCloseMeta *meta = close_meta(closed, scratch);
	size_t size = 0;
	if (!meta)
		return SDEX_ERR_NOMEM;
	enum sdex_error error = sdex_xdr_size(SDEX_TYPE_LedgerCloseMeta, &size, meta, NULL);
	if (!error && size > UINT32_MAX)
		error = SDEX_ERR_RANGE;
	if (error)
		return error;
	ledger->bytes = malloc(size);
	ledger->size = (uint32_t)size;
	if (!ledger->bytes)
		return SDEX_ERR_NOMEM;
	return sdex_LedgerCloseMeta_encode(ledger->bytes, size, &size, meta, NULL);
}

static enum sdex_error build(struct history_ledger *ledger, const struct closed *closed,
			     struct state *state, const uint8_t network_id[32],
			     struct sdex_arena *scratch)
{
	const sdex_LedgerHeader *header = &closed->header.header;
	uint32_t count = (uint32_t)closed->txs.count;
	struct indexing x = {.ledger = ledger};
	*ledger = (struct history_ledger){.sequence = header->ledgerSeq,
					  .close_time = header->scpValue.closeTime,
					  .tx_count = count,
					  .capacity = header->maxTxSetSize};
	memcpy(ledger->hash, closed->header.hash.bytes, 32);
	ledger->txs = calloc(count + 1, sizeof(*ledger->txs));
	x.envelopes = sdex_arena_alloc(scratch, (count + 1) * sizeof(*x.envelopes));
	enum sdex_error error = ledger->txs && x.envelopes ? SDEX_OK : SDEX_ERR_NOMEM;
	if (!error)
		error = encode(ledger, closed, scratch);
	if (!error)
		error = index_bytes(&x);
	if (!error)
		error = fill_txs(&x, closed, state, network_id, scratch);
	if (!error)
		error = fill_parties(ledger, state, scratch);
	if (!error)
		error = fill_trades(ledger, closed, state, scratch);
	return error;
}

static bool file_hashes(struct history *history, const struct history_ledger *ledger, uint32_t slot)
{
	for (uint32_t i = 0; i < ledger->tx_count; i++) {
		const struct history_tx *tx = &ledger->txs[i];
		bool filed = table_put(&history->by_hash, hash_key(tx->hash), slot);
		if (filed && tx->bump &&
		    !table_put(&history->by_hash, hash_key(tx->inner_hash), slot)) {
			table_remove(&history->by_hash, hash_key(tx->hash), slot);
			filed = false;
		}
		if (!filed) {
			unfile_hashes(history, ledger, slot, i);
			return false;
		}
	}
	return true;
}

static enum sdex_error file(struct history *history, const struct history_ledger *made)
{
	uint32_t slot = slab_take(&history->ledgers);
	if (slot == SLOT_NONE)
		return SDEX_ERR_NOMEM;
	if (!file_hashes(history, made, slot)) {
		slab_give(&history->ledgers, slot);
		return SDEX_ERR_NOMEM;
	}
	*(struct history_ledger *)slab_at(&history->ledgers, slot) = *made;
	history->ring[made->sequence % history->room] = slot;
	if (!history->first)
		history->first = made->sequence;
	history->last = made->sequence;
	history->bytes += held(made);
	return SDEX_OK;
}

enum sdex_error history_add(struct history *history, const struct closed *closed,
			    struct state *state, const uint8_t network_id[32],
			    struct sdex_arena *scratch)
{
	struct history_ledger made;
	enum sdex_error error = build(&made, closed, state, network_id, scratch);
	while (!error && history->first &&
	       (history->last - history->first + 1 >= history->room ||
		history->bytes + held(&made) > history->bytes_max))
		drop_oldest(history);
	if (!error)
		error = file(history, &made);
	if (error)
		release(&made);
	return error;
}
