/* ledger/state.c - names and entries, and the indexes that find them. */
#include "ledger/state.h"

#include <stdlib.h>

#include "base/check.h"
#include "ledger/undo.h"

uint32_t entry_size(enum entry_kind kind)
{
	static const uint32_t sizes[ENTRY_KINDS] = {
		[ENTRY_ACCOUNT] = sizeof(struct account),
		[ENTRY_TRUSTLINE] = sizeof(struct trustline),
		[ENTRY_OFFER] = sizeof(struct offer),
		[ENTRY_DATA] = sizeof(struct data),
		[ENTRY_CLAIMABLE] = sizeof(struct claimable),
		[ENTRY_POOL] = sizeof(struct pool),
		[ENTRY_OPAQUE] = sizeof(struct opaque),
	};
	return sizes[kind];
}

struct state *state_new(uint64_t seed)
{
	struct state *state = calloc(1, sizeof(*state));
	if (!state)
		return NULL;
	state->seed = table_mix(0x243f6a8885a308d3u, seed);
	slab_init(&state->addresses, sizeof(struct address));
	slab_init(&state->assets, sizeof(struct asset));
	slab_init(&state->pairs, sizeof(struct pair));
	for (int kind = 0; kind < ENTRY_KINDS; kind++)
		slab_init(&state->entries[kind], entry_size((enum entry_kind)kind));
	book_init(&state->book);
	if (slab_take(&state->assets) != ASSET_NATIVE) {
		state_free(state);
		return NULL;
	}
	*asset_at(state, ASSET_NATIVE) = (struct asset){
		.type = SDEX_ASSET_TYPE_NATIVE, .issuer = SLOT_NONE, .pool = SLOT_NONE};
	return state;
}

static void free_blobs(struct state *state)
{
	/* every entry that is there is reached through a table or an address */
	for (uint32_t i = 0; i < state->addresses.used; i++) {
		uint32_t slot = address_at(state, i)->account;
		if (slot == SLOT_NONE)
			continue;
		struct account *account = slab_at(&state->entries[ENTRY_ACCOUNT], slot);
		free((void *)account->signers);
		free((void *)account->home_domain);
	}
	static const enum entry_kind kinds[] = {ENTRY_DATA, ENTRY_CLAIMABLE, ENTRY_OPAQUE};
	for (int k = 0; k < 3; k++) {
		const struct table *table = &state->by_entry[kinds[k]];
		for (uint32_t i = 0; table->entries && i <= table->mask; i++) {
			if (table->entries[i].slot == SLOT_NONE)
				continue;
			void *entry = slab_at(&state->entries[kinds[k]], table->entries[i].slot);
			if (kinds[k] == ENTRY_CLAIMABLE) {
				free((void *)((struct claimable *)entry)->claimants);
			} else if (kinds[k] == ENTRY_DATA) {
				free((void *)((struct data *)entry)->name);
				free((void *)((struct data *)entry)->value);
			} else {
				free((void *)((struct opaque *)entry)->key);
				free((void *)((struct opaque *)entry)->value);
			}
		}
	}
}

void state_free(struct state *state)
{
	if (!state)
		return;
	while (state->undo.depth > 0)
		state_rollback(state);
	free_blobs(state);
	slab_free(&state->addresses);
	slab_free(&state->assets);
	slab_free(&state->pairs);
	table_free(&state->by_key);
	table_free(&state->by_asset);
	table_free(&state->by_pair);
	for (int kind = 0; kind < ENTRY_KINDS; kind++) {
		slab_free(&state->entries[kind]);
		table_free(&state->by_entry[kind]);
	}
	book_free(&state->book);
	free(state->undo.bytes);
	free(state);
}

/* --- names */

static uint32_t lose(struct state *state)
{
	state->lost = true;
	return SLOT_NONE;
}

/* Files a new name under its hash; SLOT_NONE when memory is out. */
static uint32_t add_name(struct state *state, struct slab *slab, struct table *table, uint64_t hash)
{
	uint32_t slot = slab_take(slab);
	if (slot == SLOT_NONE)
		return lose(state);
	if (!table_put(table, hash, slot)) {
		slab_give(slab, slot);
		return lose(state);
	}
	return slot;
}

static uint64_t address_hash(const struct state *state, const uint8_t key[32])
{
	return table_mix_bytes(state->seed, key, 32);
}

uint32_t state_address_find(const struct state *state, const uint8_t key[32])
{
	struct table_walk walk = table_walk(&state->by_key, address_hash(state, key));
	for (uint32_t slot; (slot = table_next(&state->by_key, &walk)) != SLOT_NONE;)
		if (memcmp(address_at(state, slot)->key, key, 32) == 0)
			return slot;
	return SLOT_NONE;
}

uint32_t state_address(struct state *state, const uint8_t key[32])
{
	uint32_t slot = state_address_find(state, key);
	if (slot != SLOT_NONE)
		return slot;
	slot = add_name(state, &state->addresses, &state->by_key, address_hash(state, key));
	if (slot == SLOT_NONE)
		return slot;
	struct address *address = address_at(state, slot);
	*address = (struct address){.account = SLOT_NONE,
				    .offers = SLOT_NONE,
				    .trustlines = SLOT_NONE,
				    .future_sponsor = SLOT_NONE};
	memcpy(address->key, key, 32);
	return slot;
}

static uint64_t asset_hash(const struct state *state, const struct asset *asset)
{
	uint64_t hash = table_mix(state->seed, asset->type);
	if (asset->type == SDEX_ASSET_TYPE_POOL_SHARE)
		return table_mix_bytes(hash, asset->pool_id, 32);
	return table_mix(table_mix_bytes(hash, asset->code, 12), asset->issuer);
}

static bool same_asset(const struct asset *a, const struct asset *b)
{
	return a->type == b->type && a->issuer == b->issuer &&
	       memcmp(a->code, b->code, sizeof(a->code)) == 0 &&
	       memcmp(a->pool_id, b->pool_id, sizeof(a->pool_id)) == 0;
}

static uint32_t find_asset(const struct state *state, const struct asset *wanted)
{
	struct table_walk walk = table_walk(&state->by_asset, asset_hash(state, wanted));
	for (uint32_t slot; (slot = table_next(&state->by_asset, &walk)) != SLOT_NONE;)
		if (same_asset(asset_at(state, slot), wanted))
			return slot;
	return SLOT_NONE;
}

static uint32_t name_asset(struct state *state, const struct asset *wanted)
{
	uint32_t slot = find_asset(state, wanted);
	if (slot != SLOT_NONE)
		return slot;
	slot = add_name(state, &state->assets, &state->by_asset, asset_hash(state, wanted));
	if (slot != SLOT_NONE)
		*asset_at(state, slot) = *wanted;
	return slot;
}

/* All of a credit asset but the number of its issuer, whose key this gives. */
static const uint8_t *credit(struct asset *wanted, const sdex_Asset *asset)
{
	*wanted = (struct asset){
		.type = (uint8_t)asset->type, .issuer = SLOT_NONE, .pool = SLOT_NONE};
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
		memcpy(wanted->code, asset->alphaNum4.assetCode.bytes, 4);
		return asset->alphaNum4.issuer.ed25519.bytes;
	}
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12) {
		memcpy(wanted->code, asset->alphaNum12->assetCode.bytes, 12);
		return asset->alphaNum12->issuer.ed25519.bytes;
	}
	return NULL;
}

uint32_t state_asset(struct state *state, const sdex_Asset *asset)
{
	struct asset wanted;
	const uint8_t *issuer = credit(&wanted, asset);
	if (!issuer)
		return ASSET_NATIVE;
	wanted.issuer = state_address(state, issuer);
	return wanted.issuer == SLOT_NONE ? SLOT_NONE : name_asset(state, &wanted);
}

uint32_t state_asset_find(const struct state *state, const sdex_Asset *asset)
{
	struct asset wanted;
	const uint8_t *issuer = credit(&wanted, asset);
	if (!issuer)
		return ASSET_NATIVE;
	wanted.issuer = state_address_find(state, issuer);
	return wanted.issuer == SLOT_NONE ? SLOT_NONE : find_asset(state, &wanted);
}

static struct asset share_of(const uint8_t pool_id[32])
{
	struct asset wanted = {
		.type = SDEX_ASSET_TYPE_POOL_SHARE, .issuer = SLOT_NONE, .pool = SLOT_NONE};
	memcpy(wanted.pool_id, pool_id, 32);
	return wanted;
}

uint32_t state_share(struct state *state, const uint8_t pool_id[32])
{
	struct asset wanted = share_of(pool_id);
	return name_asset(state, &wanted);
}

uint32_t state_share_find(const struct state *state, const uint8_t pool_id[32])
{
	struct asset wanted = share_of(pool_id);
	return find_asset(state, &wanted);
}

static uint64_t pair_hash(const struct state *state, uint32_t selling, uint32_t buying)
{
	return table_mix(state->seed, (uint64_t)selling << 32 | buying);
}

uint32_t state_pair_find(const struct state *state, uint32_t selling, uint32_t buying)
{
	struct table_walk walk = table_walk(&state->by_pair, pair_hash(state, selling, buying));
	for (uint32_t slot; (slot = table_next(&state->by_pair, &walk)) != SLOT_NONE;) {
		const struct pair *pair = pair_at(state, slot);
		if (pair->selling == selling && pair->buying == buying)
			return slot;
	}
	return SLOT_NONE;
}

uint32_t state_pair(struct state *state, uint32_t selling, uint32_t buying)
{
	uint32_t slot = state_pair_find(state, selling, buying);
	if (slot != SLOT_NONE)
		return slot;
	slot = add_name(state, &state->pairs, &state->by_pair, pair_hash(state, selling, buying));
	if (slot == SLOT_NONE)
		return slot;
	*pair_at(state, slot) =
		(struct pair){.selling = selling, .buying = buying, .pool = SLOT_NONE};
	return slot;
}

struct state_names state_names(const struct state *state)
{
	return (struct state_names){state->addresses.used, state->assets.used, state->pairs.used};
}

void state_forget_names(struct state *state, struct state_names to)
{
	if (state->lost)
		return;
	CHECK(state->pairs.used == to.pairs);
	for (uint32_t i = to.assets; i < state->assets.used; i++)
		table_remove(&state->by_asset, asset_hash(state, asset_at(state, i)), i);
	slab_cut(&state->assets, to.assets);
	for (uint32_t i = to.addresses; i < state->addresses.used; i++)
		table_remove(&state->by_key, address_hash(state, address_at(state, i)->key), i);
	slab_cut(&state->addresses, to.addresses);
}

/* --- finding entries */

uint64_t state_hash_key(const struct state *state, enum entry_kind kind, const void *entry)
{
	switch (kind) {
	case ENTRY_ACCOUNT:
		return table_mix(state->seed, ((const struct account *)entry)->address);
	case ENTRY_TRUSTLINE: {
		const struct trustline *line = entry;
		return table_mix(state->seed, (uint64_t)line->address << 32 | line->asset);
	}
	case ENTRY_OFFER:
		return table_mix(state->seed, (uint64_t)((const struct offer *)entry)->id);
	case ENTRY_DATA: {
		const struct data *data = entry;
		return table_mix_bytes(table_mix(state->seed, data->address), data->name->data,
				       data->name->size);
	}
	case ENTRY_CLAIMABLE:
		return table_mix_bytes(state->seed, ((const struct claimable *)entry)->id, 32);
	case ENTRY_POOL:
		return table_mix(state->seed, ((const struct pool *)entry)->asset);
	case ENTRY_OPAQUE: {
		const struct opaque *opaque = entry;
		return table_mix_bytes(state->seed, opaque->key->data, opaque->key->size);
	}
	case ENTRY_KINDS:
		break;
	}
	CHECK(false);
	return 0;
}

static bool same_blob(const struct blob *a, const struct blob *b)
{
	return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

bool state_same_key(enum entry_kind kind, const void *a, const void *b)
{
	switch (kind) {
	case ENTRY_ACCOUNT:
		return ((const struct account *)a)->address == ((const struct account *)b)->address;
	case ENTRY_TRUSTLINE:
		return ((const struct trustline *)a)->address ==
			       ((const struct trustline *)b)->address &&
		       ((const struct trustline *)a)->asset == ((const struct trustline *)b)->asset;
	case ENTRY_OFFER:
		return ((const struct offer *)a)->id == ((const struct offer *)b)->id;
	case ENTRY_DATA:
		return ((const struct data *)a)->address == ((const struct data *)b)->address &&
		       same_blob(((const struct data *)a)->name, ((const struct data *)b)->name);
	case ENTRY_CLAIMABLE:
		return memcmp(((const struct claimable *)a)->id, ((const struct claimable *)b)->id,
			      32) == 0;
	case ENTRY_POOL:
		return ((const struct pool *)a)->asset == ((const struct pool *)b)->asset;
	case ENTRY_OPAQUE:
		return same_blob(((const struct opaque *)a)->key, ((const struct opaque *)b)->key);
	case ENTRY_KINDS:
		break;
	}
	CHECK(false);
	return false;
}

static uint32_t find_slot(const struct state *state, enum entry_kind kind, const void *copy)
{
	if (kind == ENTRY_ACCOUNT)
		return address_at(state, ((const struct account *)copy)->address)->account;
	if (kind == ENTRY_POOL)
		return asset_at(state, ((const struct pool *)copy)->asset)->pool;
	const struct table *table = &state->by_entry[kind];
	struct table_walk walk = table_walk(table, state_hash_key(state, kind, copy));
	for (uint32_t slot; (slot = table_next(table, &walk)) != SLOT_NONE;)
		if (state_same_key(kind, slab_at(&state->entries[kind], slot), copy))
			return slot;
	return SLOT_NONE;
}

void *state_find(const struct state *state, enum entry_kind kind, const void *copy)
{
	uint32_t slot = find_slot(state, kind, copy);
	return slot == SLOT_NONE ? NULL : slab_at(&state->entries[kind], slot);
}

#define TELL(...)                                                                            \
	do {                                                                                 \
		if (state->witness)                                                          \
			state->witness->asked(state->witness, &(struct asked){__VA_ARGS__}); \
	} while (0)

struct account *state_account(const struct state *state, uint32_t address)
{
	uint32_t slot = address_at(state, address)->account;
	if (slot != SLOT_NONE)
		return slab_at(&state->entries[ENTRY_ACCOUNT], slot);
	TELL(.kind = ENTRY_ACCOUNT, .address = address);
	return NULL;
}

struct trustline *state_trustline(const struct state *state, uint32_t address, uint32_t asset)
{
	struct trustline copy = {.address = address, .asset = asset};
	struct trustline *line = state_find(state, ENTRY_TRUSTLINE, &copy);
	if (!line)
		TELL(.kind = ENTRY_TRUSTLINE, .address = address, .asset = asset);
	return line;
}

struct offer *state_offer(const struct state *state, uint32_t seller, int64_t id)
{
	struct offer copy = {.id = id};
	struct offer *offer = state_find(state, ENTRY_OFFER, &copy);
	if (!offer)
		TELL(.kind = ENTRY_OFFER, .id = id);
	return offer && offer->seller == seller ? offer : NULL;
}

/* Entries named by bytes are sought without making a blob of them. */
static uint32_t find_bytes(const struct state *state, enum entry_kind kind, uint64_t hash,
			   struct sdex_bytes bytes, uint32_t address)
{
	const struct table *table = &state->by_entry[kind];
	struct table_walk walk = table_walk(table, table_mix_bytes(hash, bytes.data, bytes.size));
	for (uint32_t slot; (slot = table_next(table, &walk)) != SLOT_NONE;) {
		void *entry = slab_at(&state->entries[kind], slot);
		const struct blob *blob = kind == ENTRY_DATA ? ((struct data *)entry)->name
							     : ((struct opaque *)entry)->key;
		if (kind == ENTRY_DATA && ((struct data *)entry)->address != address)
			continue;
		if (blob->size == bytes.size && memcmp(blob->data, bytes.data, bytes.size) == 0)
			return slot;
	}
	return SLOT_NONE;
}

struct data *state_data(const struct state *state, uint32_t address, struct sdex_bytes name)
{
	uint32_t slot =
		find_bytes(state, ENTRY_DATA, table_mix(state->seed, address), name, address);
	if (slot != SLOT_NONE)
		return slab_at(&state->entries[ENTRY_DATA], slot);
	if (state->witness) {
		struct asked asked = {.kind = ENTRY_DATA, .address = address, .size = name.size};
		if (name.size && name.size <= sizeof(asked.key))
			memcpy(asked.key, name.data, name.size);
		state->witness->asked(state->witness, &asked);
	}
	return NULL;
}

struct opaque *state_opaque(const struct state *state, struct sdex_bytes key)
{
	uint32_t slot = find_bytes(state, ENTRY_OPAQUE, state->seed, key, 0);
	return slot == SLOT_NONE ? NULL : slab_at(&state->entries[ENTRY_OPAQUE], slot);
}

struct claimable *state_claimable(const struct state *state, const uint8_t id[32])
{
	struct claimable copy;
	memcpy(copy.id, id, 32);
	struct claimable *found = state_find(state, ENTRY_CLAIMABLE, &copy);
	if (!found && state->witness) {
		struct asked asked = {.kind = ENTRY_CLAIMABLE, .size = 32};
		memcpy(asked.key, id, 32);
		state->witness->asked(state->witness, &asked);
	}
	return found;
}

struct pool *state_pool(const struct state *state, uint32_t share)
{
	uint32_t slot = asset_at(state, share)->pool;
	if (slot != SLOT_NONE)
		return slab_at(&state->entries[ENTRY_POOL], slot);
	TELL(.kind = ENTRY_POOL, .asset = share);
	return NULL;
}

struct offer *state_best_offer(const struct state *state, uint32_t selling, uint32_t buying)
{
	uint32_t pair = state_pair_find(state, selling, buying);
	uint32_t slot = pair == SLOT_NONE ? SLOT_NONE : book_best(&state->book, pair);
	TELL(.what = ASKED_BOOK, .asset = selling, .other = buying);
	return slot == SLOT_NONE ? NULL : slab_at(&state->entries[ENTRY_OFFER], slot);
}

struct pool *state_venue(const struct state *state, uint32_t asset, uint32_t other)
{
	uint32_t pair = state_pair_find(state, asset, other);
	uint32_t slot = pair == SLOT_NONE ? SLOT_NONE : pair_at(state, pair)->pool;
	if (slot != SLOT_NONE)
		return slab_at(&state->entries[ENTRY_POOL], slot);
	TELL(.what = ASKED_VENUE, .asset = asset, .other = other);
	return NULL;
}

uint32_t state_first_offer(const struct state *state, uint32_t address)
{
	TELL(.what = ASKED_OFFERS, .address = address);
	return address_at(state, address)->offers;
}

uint32_t state_first_trustline(const struct state *state, uint32_t address)
{
	TELL(.what = ASKED_LINES, .address = address);
	return address_at(state, address)->trustlines;
}

/* --- lists of an account's offers and trustlines, newest first */

static struct offer *offer_at(struct state *state, uint32_t slot)
{
	return slab_at(&state->entries[ENTRY_OFFER], slot);
}

static struct trustline *line_at(struct state *state, uint32_t slot)
{
	return slab_at(&state->entries[ENTRY_TRUSTLINE], slot);
}

static void link_offer(struct state *state, struct offer *offer, uint32_t slot, bool back)
{
	uint32_t *first = &address_at(state, offer->seller)->offers;
	if (!back) {
		offer->prev = SLOT_NONE;
		offer->next = *first;
	}
	*(offer->prev == SLOT_NONE ? first : &offer_at(state, offer->prev)->next) = slot;
	if (offer->next != SLOT_NONE)
		offer_at(state, offer->next)->prev = slot;
}

static void unlink_offer(struct state *state, const struct offer *offer)
{
	uint32_t *first = &address_at(state, offer->seller)->offers;
	*(offer->prev == SLOT_NONE ? first : &offer_at(state, offer->prev)->next) = offer->next;
	if (offer->next != SLOT_NONE)
		offer_at(state, offer->next)->prev = offer->prev;
}

static void link_line(struct state *state, struct trustline *line, uint32_t slot, bool back)
{
	uint32_t *first = &address_at(state, line->address)->trustlines;
	if (!back) {
		line->prev = SLOT_NONE;
		line->next = *first;
	}
	*(line->prev == SLOT_NONE ? first : &line_at(state, line->prev)->next) = slot;
	if (line->next != SLOT_NONE)
		line_at(state, line->next)->prev = slot;
}

static void unlink_line(struct state *state, const struct trustline *line)
{
	uint32_t *first = &address_at(state, line->address)->trustlines;
	*(line->prev == SLOT_NONE ? first : &line_at(state, line->prev)->next) = line->next;
	if (line->next != SLOT_NONE)
		line_at(state, line->next)->prev = line->prev;
}

static bool link_pool(struct state *state, const struct pool *pool, uint32_t slot)
{
	uint32_t ab = state_pair(state, pool->asset_a, pool->asset_b);
	uint32_t ba = state_pair(state, pool->asset_b, pool->asset_a);
	if (ab == SLOT_NONE || ba == SLOT_NONE)
		return false;
	pair_at(state, ab)->pool = slot;
	pair_at(state, ba)->pool = slot;
	asset_at(state, pool->asset)->pool = slot;
	return true;
}

static struct book_key key_of(const struct offer *offer, uint32_t slot)
{
	return (struct book_key){.price = book_price(offer->price),
				 .id = offer->id,
				 .pair = offer->pair,
				 .slot = slot};
}

bool state_link(struct state *state, enum entry_kind kind, uint32_t slot, bool back)
{
	void *entry = slab_at(&state->entries[kind], slot);
	if (kind == ENTRY_ACCOUNT) {
		address_at(state, ((struct account *)entry)->address)->account = slot;
		return true;
	}
	if (kind == ENTRY_POOL)
		return link_pool(state, entry, slot);
	if (kind == ENTRY_OFFER && !book_put(&state->book, key_of(entry, slot)))
		return false;
	if (!table_put(&state->by_entry[kind], state_hash_key(state, kind, entry), slot)) {
		if (kind == ENTRY_OFFER)
			book_remove(&state->book, key_of(entry, slot));
		return false;
	}
	if (kind == ENTRY_OFFER)
		link_offer(state, entry, slot, back);
	else if (kind == ENTRY_TRUSTLINE)
		link_line(state, entry, slot, back);
	return true;
}

uint32_t state_unlink(struct state *state, enum entry_kind kind, void *entry)
{
	uint32_t slot = find_slot(state, kind, entry);
	CHECK(slot != SLOT_NONE && slab_at(&state->entries[kind], slot) == entry);
	if (kind == ENTRY_ACCOUNT) {
		address_at(state, ((struct account *)entry)->address)->account = SLOT_NONE;
		return slot;
	}
	if (kind == ENTRY_POOL) {
		const struct pool *pool = entry;
		pair_at(state, state_pair_find(state, pool->asset_a, pool->asset_b))->pool =
			SLOT_NONE;
		pair_at(state, state_pair_find(state, pool->asset_b, pool->asset_a))->pool =
			SLOT_NONE;
		asset_at(state, pool->asset)->pool = SLOT_NONE;
		return slot;
	}
	table_remove(&state->by_entry[kind], state_hash_key(state, kind, entry), slot);
	if (kind == ENTRY_OFFER) {
		book_remove(&state->book, key_of(entry, slot));
		unlink_offer(state, entry);
	} else if (kind == ENTRY_TRUSTLINE) {
		unlink_line(state, entry);
	}
	return slot;
}

/* --- changing */

void *state_create(struct state *state, enum entry_kind kind, const void *entry)
{
	if (state->lost)
		return NULL;
	uint32_t slot = slab_take(&state->entries[kind]);
	if (slot == SLOT_NONE) {
		lose(state);
		return NULL;
	}
	struct entry *made = slab_at(&state->entries[kind], slot);
	memcpy(made, entry, entry_size(kind));
	if (state->undo.depth > 0) {
		made->modified = state->header.sequence;
		made->serial = state->undo.levels[state->undo.depth - 1].serial;
	} else {
		made->serial = 0;
	}
	if (!state_link(state, kind, slot, false)) {
		slab_give(&state->entries[kind], slot);
		lose(state);
		return NULL;
	}
	undo_note(state, UNDO_CREATE, kind, made, made, entry_size(kind));
	return made;
}

void state_erase(struct state *state, enum entry_kind kind, void *entry)
{
	undo_note(state, UNDO_ERASE, kind, NULL, entry, entry_size(kind));
	slab_give(&state->entries[kind], state_unlink(state, kind, entry));
}

void state_touch(struct state *state, enum entry_kind kind, void *entry)
{
	struct entry *touched = entry;
	if (state->undo.depth == 0)
		return;
	uint32_t serial = state->undo.levels[state->undo.depth - 1].serial;
	if (touched->serial != serial) {
		undo_note(state, UNDO_UPDATE, kind, entry, entry, entry_size(kind));
		touched->serial = serial;
	}
	touched->modified = state->header.sequence;
}

void state_touch_header(struct state *state)
{
	undo_note(state, UNDO_HEADER, ENTRY_KINDS, NULL, &state->header, sizeof(state->header));
}

void state_touch_address(struct state *state, uint32_t address)
{
	struct address *touched = address_at(state, address);
	undo_note(state, UNDO_ADDRESS, ENTRY_KINDS, touched, touched, sizeof(*touched));
}

struct blob *state_blob(struct state *state, const void *data, uint32_t size)
{
	struct blob *blob = malloc(sizeof(*blob) + size);
	if (!blob) {
		lose(state);
		return NULL;
	}
	blob->size = size;
	blob->count = 0;
	if (size)
		memcpy(blob->data, data, size);
	undo_note(state, UNDO_BLOB, ENTRY_KINDS, blob, NULL, 0);
	return blob;
}

void state_drop_blob(struct state *state, const struct blob *blob)
{
	if (!blob)
		return;
	if (state->undo.depth == 0)
		free((void *)blob);
	else
		undo_note(state, UNDO_DROP, ENTRY_KINDS, (void *)blob, NULL, 0);
}

uint64_t state_offer_memory(const struct state *state)
{
	const struct table *table = &state->by_entry[ENTRY_OFFER];
	return slab_held(&state->entries[ENTRY_OFFER]) + slab_held(&state->book.nodes) +
	       (table->entries ? (uint64_t)(table->mask + 1) * sizeof(*table->entries) : 0);
}
