/* ledger/testing/wild.c - wild.h: worlds, and what must hold in them.  Operations: wild_op.c;
 * scripts: wild_script.c */
#include "ledger/testing/wild.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "ledger/entry.h"
#include "ledger/rules.h"
#include "ledger/testing/wild_op.h"
#include "sdex/asset.h"

#define FEE 100
#define SECONDS 5 /* between ledgers */

/* --- a world */

void wild_open(struct wild *w, uint32_t version)
{
	memset(w, 0, sizeof(*w));
	w->state = state_new(7);
	w->arena = sdex_arena_new(0);
	CHECK(w->state && w->arena);
	w->ledger = (struct ledger){.state = w->state,
				    .arena = w->arena,
				    .network_id = w->network,
				    .trust_signatures = true,
				    .want_meta = true,
				    .want_events = true};
	w->state->header = (struct header){.version = version,
					   .sequence = 1000,
					   .close_time = 1700000000,
					   .base_fee = FEE,
					   .base_reserve = 5000000,
					   .max_tx_set_size = 1000};
	wild_populate(w);
}

void wild_close(struct wild *w)
{
	state_free(w->state);
	sdex_arena_free(w->arena);
}

/* --- what was there before */

struct pool_before {
	uint32_t asset; /* its share */
	int64_t a, b, shares;
};

/* Balances by address and asset. */
struct ledger_before {
	uint32_t addresses, assets;
	int64_t *balances;
	int64_t *moved; /* by events */
	int128 *supply;
	int128 *issued; /* by events */
	struct pool_before *pools;
	uint32_t pool_count;
};

static int64_t balance_of(const struct state *state, uint32_t address, uint32_t asset)
{
	const struct account *account = state_account(state, address);
	const struct trustline *line = state_trustline(state, address, asset);
	if (asset == ASSET_NATIVE)
		return account ? account->balance : 0;
	return line ? line->balance : 0;
}

static void *zeroed(struct wild *w, size_t size)
{
	void *made = sdex_arena_alloc(w->arena, size + 1);
	CHECK(made);
	memset(made, 0, size + 1);
	return made;
}

static void look(struct ledger_before *b, struct wild *w)
{
	const struct state *state = w->state;
	*b = (struct ledger_before){.addresses = state->addresses.used,
				    .assets = state->assets.used};
	size_t cells = (size_t)b->addresses * b->assets;
	b->balances = zeroed(w, cells * sizeof(*b->balances));
	b->moved = zeroed(w, cells * sizeof(*b->moved));
	b->supply = zeroed(w, b->assets * sizeof(*b->supply));
	b->issued = zeroed(w, b->assets * sizeof(*b->issued));
	b->pools = zeroed(w, b->assets * sizeof(*b->pools));
	for (uint32_t asset = 0; asset < b->assets; asset++) {
		const struct asset *name = asset_at(state, asset);
		for (uint32_t i = 0; i < b->addresses; i++)
			b->balances[i * b->assets + asset] = balance_of(state, i, asset);
		if (name->type == SDEX_ASSET_TYPE_POOL_SHARE && name->pool != SLOT_NONE) {
			const struct pool *pool = slab_at(&state->entries[ENTRY_POOL], name->pool);
			b->pools[b->pool_count++] = (struct pool_before){
				asset, pool->reserve_a, pool->reserve_b, pool->shares};
		}
		if (name->type != SDEX_ASSET_TYPE_POOL_SHARE)
			b->supply[asset] = laws_supply(state, asset);
	}
}

/* --- laws over a transaction */

/* No share is worth less than it was: what is swapped leaves the product as it is or more,
 * and an operation alone that adds shares or redeems some leaves more of either asset for
 * each of them. */
static bool pool_kept(const struct pool_before *old, const struct pool *now, uint32_t operations)
{
	if (!now || !old->shares || !now->shares)
		return true;
	if (now->shares == old->shares)
		return (int128)now->reserve_a * now->reserve_b >= (int128)old->a * old->b;
	return operations != 1 ||
	       ((int128)now->reserve_a * old->shares >= (int128)old->a * now->shares &&
		(int128)now->reserve_b * old->shares >= (int128)old->b * now->shares);
}

static bool pools_kept(char *text, const struct ledger_before *b, const struct state *state,
		       uint32_t operations)
{
	for (uint32_t i = 0; i < b->pool_count; i++) {
		const struct pool_before *old = &b->pools[i];
		const struct pool *new = state_pool(state, old->asset);
		if (pool_kept(old, new, operations))
			continue;
		snprintf(text, WILD_TEXT_ROOM, "pool %u fell from %lld * %lld to %lld * %lld",
			 old->asset, (long long)old->a, (long long)old->b,
			 (long long)new->reserve_a, (long long)new->reserve_b);
		return false;
	}
	return true;
}

static uint32_t event_asset(const struct wild *w, const sdex_ContractEventV0 *event)
{
	const struct sdex_bytes *text = &event->topics.items[event->topics.count - 1].str;
	sdex_Asset asset;
	CHECK(sdex_asset_parse(&asset, w->arena, (const char *)text->data, text->size, false,
			       NULL) == SDEX_OK);
	return state_asset_find(w->state, &asset);
}

static void move(struct ledger_before *b, const struct wild *w, const sdex_SCVal *who,
		 uint32_t asset, int64_t amount)
{
	if (who->address->type != SDEX_SC_ADDRESS_TYPE_ACCOUNT)
		return;
	uint32_t address = state_address_find(w->state, who->address->accountId.ed25519.bytes);
	if (address < b->addresses && asset < b->assets)
		b->moved[address * b->assets + asset] += amount;
}

static int64_t event_amount(const sdex_ContractEventV0 *event)
{
	const sdex_SCVal *data = &event->data;
	if (data->type == SDEX_SCV_MAP)
		data = &data->map->items[0].val;
	return (int64_t)data->i128.lo;
}

static bool named(const sdex_ContractEventV0 *event, const char *name)
{
	const struct sdex_bytes *symbol = &event->topics.items[0].sym;
	return symbol->size == strlen(name) && memcmp(symbol->data, name, symbol->size) == 0;
}

static void follow(struct ledger_before *b, const struct wild *w, const sdex_ContractEvent *from)
{
	const sdex_ContractEventV0 *event = from->body.v0;
	const sdex_SCVal *topics = event->topics.items;
	int64_t amount = event_amount(event);
	if (named(event, "fee")) {
		move(b, w, &topics[1], ASSET_NATIVE, -amount);
		return;
	}
	if (named(event, "set_authorized"))
		return;
	uint32_t asset = event_asset(w, event);
	CHECK(asset != SLOT_NONE);
	if (named(event, "transfer")) {
		move(b, w, &topics[1], asset, -amount);
		move(b, w, &topics[2], asset, amount);
	} else if (named(event, "mint")) {
		move(b, w, &topics[1], asset, amount);
		if (asset < b->assets)
			b->issued[asset] += amount;
	} else {
		CHECK(named(event, "burn") || named(event, "clawback"));
		move(b, w, &topics[1], asset, -amount);
		if (asset < b->assets)
			b->issued[asset] -= amount;
	}
}

static bool moved_as_told(char *text, struct ledger_before *b, const struct wild *w,
			  const struct tx_meta *meta)
{
	const struct state *state = w->state;
	for (uint32_t i = 0; i < meta->fee_events.count; i++)
		follow(b, w, &meta->fee_events.items[i].event);
	for (uint32_t o = 0; o < meta->operation_count; o++)
		for (uint32_t i = 0; i < meta->events[o].count; i++)
			follow(b, w, &meta->events[o].items[i]);
	for (uint32_t asset = 0; asset < b->assets; asset++) {
		const struct asset *name = asset_at(state, asset);
		if (name->type == SDEX_ASSET_TYPE_POOL_SHARE)
			continue;
		for (uint32_t i = 0; i < b->addresses; i++) {
			int64_t now = balance_of(state, i, asset);
			int64_t then = b->balances[i * b->assets + asset];
			if (i == name->issuer || now - then == b->moved[i * b->assets + asset])
				continue;
			snprintf(text, WILD_TEXT_ROOM,
				 "account %u had %lld of asset %u and has %lld, events moved %lld",
				 i, (long long)then, asset, (long long)now,
				 (long long)b->moved[i * b->assets + asset]);
			return false;
		}
		int128 change = laws_supply(state, asset) - b->supply[asset];
		if (change != b->issued[asset]) {
			snprintf(text, WILD_TEXT_ROOM, "asset %u: %lld came up, %lld was issued",
				 asset, (long long)change, (long long)b->issued[asset]);
			return false;
		}
	}
	return true;
}

/* --- encoding */

static struct sdex_bytes encoded(struct wild *w, enum sdex_type type, const void *value)
{
	size_t size = 0;
	CHECK(sdex_xdr_size(type, &size, value, NULL) == SDEX_OK);
	uint8_t *bytes = sdex_arena_alloc(w->arena, size);
	CHECK(bytes && sdex_xdr_encode(type, bytes, size, &size, value, NULL) == SDEX_OK);
	return (struct sdex_bytes){bytes, (uint32_t)size};
}

static bool same(struct sdex_bytes a, struct sdex_bytes b)
{
	return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

static bool comes_back(struct wild *w, enum sdex_type type, struct sdex_bytes bytes)
{
	void *back = NULL;
	return sdex_xdr_decode(type, &back, w->arena, bytes.data, bytes.size, NULL, NULL) ==
		       SDEX_OK &&
	       same(encoded(w, type, back), bytes);
}

/* --- applying */

struct outcome {
	sdex_TransactionResult result;
	struct tx_meta meta;
	struct sdex_bytes result_bytes;
	struct sdex_bytes meta_bytes;
};

static bool apply_once(struct outcome *out, struct wild *w, const struct tx *tx)
{
	int64_t base_fee = FEE;
	sdex_TransactionMeta meta;
	*out = (struct outcome){0};
	if (tx_charge(&out->result, &out->meta, &w->ledger, tx, &base_fee))
		return false; /* nobody is there to pay */
	CHECK(tx_apply(&out->result, &out->meta, &w->ledger, tx) == SDEX_OK);
	CHECK(tx_events(&out->meta, &w->ledger, tx, &out->result) == SDEX_OK);
	CHECK(meta_export(&meta, &out->meta, w->state->header.version, w->arena));
	out->result_bytes = encoded(w, SDEX_TYPE_TransactionResult, &out->result);
	out->meta_bytes = encoded(w, SDEX_TYPE_TransactionMeta, &meta);
	return true;
}

static bool fails(char *text, const char *words)
{
	snprintf(text, WILD_TEXT_ROOM, "%s", words);
	return false;
}

static void digest(uint8_t out[32], struct wild *w)
{
	CHECK(state_digest(w->state, out) == SDEX_OK);
}

static void count(struct wild_counts *counts, const struct outcome *out, const struct tx *tx)
{
	if (!counts)
		return;
	counts->transactions++;
	counts->done += tx_succeeded(&out->result);
	for (uint32_t i = 0; i < out->meta.operation_count; i++)
		counts->kinds[tx->inner->operations.items[i].body.type]++;
}

/* What the next ledger would say of it; asking changes nothing. */
static bool asked(bool *valid, char *text, struct wild *w, const struct tx *tx)
{
	uint8_t before[32], after[32];
	sdex_TransactionResult result;
	struct tx_moment moment = {.sequence = w->state->header.sequence + 1,
				   .close_time = w->state->header.close_time + SECONDS};
	digest(before, w);
	CHECK(tx_check(&result, &w->ledger, tx, moment, 0) == SDEX_OK);
	digest(after, w);
	*valid = tx_succeeded(&result);
	return memcmp(before, after, 32) == 0 ||
	       fails(text, "asking whether a transaction is valid changes the state");
}

/* A transaction that is valid gets as far as its operations. */
static bool as_it_was_told(char *text, bool valid, const struct outcome *out)
{
	sdex_TransactionResultCode code = out->result.result.code;
	if (code == SDEX_txFEE_BUMP_INNER_FAILED)
		code = out->result.result.innerResultPair->result.result.code;
	if (code == SDEX_txINTERNAL_ERROR)
		return fails(text, "an internal error");
	return !valid || tx_succeeded(&out->result) || code == SDEX_txFAILED ||
	       code == SDEX_txBAD_SPONSORSHIP ||
	       fails(text, "a transaction that was valid could not be applied");
}

bool wild_apply(char text[WILD_TEXT_ROOM], struct wild_counts *counts, struct wild *w,
		const sdex_TransactionEnvelope *envelope, wild_law law)
{
	struct state *state = w->state;
	struct ledger_before before;
	struct outcome first, second;
	struct tx tx;
	uint8_t untouched[32], changed[32], again[32];
	bool valid;
	if (tx_read(&tx, &w->ledger, envelope, NULL))
		return true;
	if (!asked(&valid, text, w, &tx))
		return false;
	state->header.sequence++;
	state->header.close_time += SECONDS;
	/* new accounts begin with this one: it was the last ledger's, and is this one's */
	valid = valid && tx.sequence != (int64_t)state->header.sequence << 32;
	digest(untouched, w);
	state_begin(state);
	bool paid = apply_once(&first, w, &tx);
	digest(changed, w);
	state_rollback(state);
	digest(again, w);
	if (memcmp(untouched, again, 32) != 0)
		return fails(text, "taking a transaction back does not restore the state");
	if (!paid)
		return true;
	look(&before, w);
	CHECK(apply_once(&second, w, &tx));
	digest(again, w);
	if (memcmp(changed, again, 32) != 0 || !same(first.result_bytes, second.result_bytes) ||
	    !same(first.meta_bytes, second.meta_bytes))
		return fails(text, "the same transaction on the same state does something else");
	if (!comes_back(w, SDEX_TYPE_TransactionResult, second.result_bytes) ||
	    !comes_back(w, SDEX_TYPE_TransactionMeta, second.meta_bytes))
		return fails(text, "a result or meta is not what it was encoded from");
	count(counts, &second, &tx);
	const char *words = law ? law(state) : NULL;
	if (words)
		return fails(text, words);
	return as_it_was_told(text, valid, &second) && !laws_broken(text, state) &&
	       pools_kept(text, &before, state, second.meta.operation_count) &&
	       moved_as_told(text, &before, w, &second.meta);
}

bool wild_run(char text[WILD_TEXT_ROOM], struct wild_counts *counts,
	      const struct wild_script *script, wild_law law)
{
	struct wild w;
	bool good = true;
	uint32_t versions = VERSION_NEWEST - VERSION_OLDEST + 1;
	wild_open(&w, VERSION_OLDEST + script->version % versions);
	for (uint32_t t = 0; t < script->count && good; t++) {
		sdex_arena_reset(w.arena);
		good = wild_apply(text, counts, &w, wild_envelope(&w, &script->txs[t]), law);
	}
	wild_close(&w);
	return good;
}
