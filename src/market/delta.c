/* market/delta.c - one walk over the decoded LedgerCloseMeta. */
#include "market/delta.h"

#include <stdlib.h>
#include <string.h>

#include "base/failure.h"
#include "ledger/table.h"
#include "sdex/ids.h"
#include "sdex/result.h"
#include "sdex/transaction.h"

#define NONE UINT32_MAX

enum kind { OFFER, ACCOUNT, TRUSTLINE, POOL, KINDS };

/* An entry that was seen: where it stands in its list. */
struct seen {
	uint32_t hash;
	uint32_t kind;
	uint32_t index; /* NONE: free */
};

/* A transaction of the set, which the order of application does not follow. */
struct sent {
	const sdex_TransactionEnvelope *envelope;
	const uint8_t *payer;
	uint32_t next; /* of the same bucket, NONE at its end */
	bool used;
	bool hashed;
	uint8_t hash[32];
};

struct delta_reader {
	struct sdex_arena *arena;
	struct sdex_arena *scratch;
	sdex_Hash network;
	uint64_t seed; /* of the hashes of this ledger, which nobody could foresee */
	struct delta delta;

	struct delta_transaction *transactions;
	uint32_t transaction_room;
	struct delta_claim *claims;
	uint32_t claim_room;
	struct delta_entry *entries[KINDS];
	uint32_t entry_room[KINDS];
	uint32_t entry_count[KINDS];

	struct seen *seen;
	uint32_t seen_room;
	uint32_t seen_mask; /* what this ledger uses of it */
	struct sent *sent;
	uint32_t sent_count;
	uint32_t sent_room;
	uint32_t *buckets; /* of the sent, by payer */
	uint32_t bucket_room;
	uint32_t bucket_mask;
};

/* What all versions of LedgerCloseMeta have. */
struct processed {
	const sdex_TransactionResultPair *pair;
	const sdex_LedgerEntryChanges *fees;
	const sdex_TransactionMeta *meta;
	const sdex_LedgerEntryChanges *refunds; /* NULL before v2 */
};

struct delta_reader *delta_reader_new(const char *passphrase, size_t limit)
{
	struct delta_reader *reader = calloc(1, sizeof(*reader));
	if (!reader)
		return NULL;
	reader->arena = sdex_arena_new(limit);
	reader->scratch = sdex_arena_new(limit);
	reader->network = sdex_network_id(passphrase, strlen(passphrase));
	if (!reader->arena || !reader->scratch) {
		delta_reader_free(reader);
		return NULL;
	}
	return reader;
}

void delta_reader_free(struct delta_reader *reader)
{
	if (!reader)
		return;
	sdex_arena_free(reader->arena);
	sdex_arena_free(reader->scratch);
	free(reader->transactions);
	free(reader->claims);
	for (int kind = 0; kind < KINDS; kind++)
		free(reader->entries[kind]);
	free(reader->seen);
	free(reader->sent);
	free(reader->buckets);
	free(reader);
}

/* Room for `count` items in a list that is not kept: what was in it is lost. */
static bool room_for(void **items, uint32_t *room, uint32_t count, size_t size)
{
	if (count <= *room)
		return true;
	free(*items);
	*room = 0;
	*items = malloc(count * size);
	if (!*items)
		return false;
	*room = count;
	return true;
}

static bool grow(void **items, uint32_t *room, size_t size)
{
	uint32_t more = *room ? 2 * *room : 64;
	void *bigger = more > *room ? realloc(*items, more * size) : NULL;
	if (!bigger)
		return false;
	*items = bigger;
	*room = more;
	return true;
}

static enum sdex_error no_memory(struct sdex_failure *why)
{
	return fail(why, SDEX_ERR_NOMEM, 0, "memory for a ledger's changes is out");
}

/* --- the versions of meta */

static const sdex_LedgerHeaderHistoryEntry *header_of(const sdex_LedgerCloseMeta *meta)
{
	return meta->v == 0   ? &meta->v0->ledgerHeader
	       : meta->v == 1 ? &meta->v1->ledgerHeader
			      : &meta->v2->ledgerHeader;
}

static uint32_t processed_count(const sdex_LedgerCloseMeta *meta)
{
	return meta->v == 0   ? meta->v0->txProcessing.count
	       : meta->v == 1 ? meta->v1->txProcessing.count
			      : meta->v2->txProcessing.count;
}

static struct processed processed_at(const sdex_LedgerCloseMeta *meta, uint32_t i)
{
	if (meta->v == 2) {
		const sdex_TransactionResultMetaV1 *item = &meta->v2->txProcessing.items[i];
		return (struct processed){&item->result, &item->feeProcessing,
					  &item->txApplyProcessing,
					  &item->postTxApplyFeeProcessing};
	}
	const sdex_TransactionResultMeta *item =
		meta->v == 0 ? &meta->v0->txProcessing.items[i] : &meta->v1->txProcessing.items[i];
	return (struct processed){&item->result, &item->feeProcessing, &item->txApplyProcessing,
				  NULL};
}

static const sdex_UpgradeEntryMeta_list *upgrades_of(const sdex_LedgerCloseMeta *meta)
{
	return meta->v == 0   ? &meta->v0->upgradesProcessing
	       : meta->v == 1 ? &meta->v1->upgradesProcessing
			      : &meta->v2->upgradesProcessing;
}

static const sdex_LedgerEntryChanges *before_of(const sdex_TransactionMeta *meta)
{
	switch (meta->v) {
	case 1:
		return &meta->v1.txChanges;
	case 2:
		return &meta->v2->txChangesBefore;
	case 3:
		return &meta->v3->txChangesBefore;
	case 4:
		return &meta->v4->txChangesBefore;
	}
	return NULL;
}

static const sdex_LedgerEntryChanges *after_of(const sdex_TransactionMeta *meta)
{
	switch (meta->v) {
	case 2:
		return &meta->v2->txChangesAfter;
	case 3:
		return &meta->v3->txChangesAfter;
	case 4:
		return &meta->v4->txChangesAfter;
	}
	return NULL;
}

static const sdex_LedgerEntryChanges *operation_of(const sdex_TransactionMeta *meta, uint32_t i)
{
	if (meta->v == 4)
		return i < meta->v4->operations.count ? &meta->v4->operations.items[i].changes
						      : NULL;
	const sdex_OperationMeta_list *list = meta->v == 0   ? &meta->operations
					      : meta->v == 1 ? &meta->v1.operations
					      : meta->v == 2 ? &meta->v2->operations
							     : &meta->v3->operations;
	return i < list->count ? &list->items[i].changes : NULL;
}

/* --- entries */

static uint64_t hash_bytes(uint64_t seed, const uint8_t key[32])
{
	uint64_t word;
	memcpy(&word, key, sizeof(word));
	return table_mix(seed, word);
}

static bool line_same(const sdex_TrustLineAsset *a, const sdex_TrustLineAsset *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case SDEX_ASSET_TYPE_NATIVE:
		return true;
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM4:
		return memcmp(a->alphaNum4.assetCode.bytes, b->alphaNum4.assetCode.bytes, 4) == 0 &&
		       memcmp(a->alphaNum4.issuer.ed25519.bytes, b->alphaNum4.issuer.ed25519.bytes,
			      32) == 0;
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM12:
		return memcmp(a->alphaNum12->assetCode.bytes, b->alphaNum12->assetCode.bytes, 12) ==
			       0 &&
		       memcmp(a->alphaNum12->issuer.ed25519.bytes,
			      b->alphaNum12->issuer.ed25519.bytes, 32) == 0;
	case SDEX_ASSET_TYPE_POOL_SHARE:
		return memcmp(a->liquidityPoolID.bytes, b->liquidityPoolID.bytes, 32) == 0;
	}
	return false;
}

static uint64_t hash_line(uint64_t seed, const uint8_t account[32], const sdex_TrustLineAsset *line)
{
	uint64_t hash = hash_bytes(seed, account);
	switch (line->type) {
	case SDEX_ASSET_TYPE_NATIVE:
		return hash;
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM4:
		return hash_bytes(hash ^ line->alphaNum4.assetCode.bytes[0],
				  line->alphaNum4.issuer.ed25519.bytes);
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM12:
		return hash_bytes(hash ^ line->alphaNum12->assetCode.bytes[0],
				  line->alphaNum12->issuer.ed25519.bytes);
	case SDEX_ASSET_TYPE_POOL_SHARE:
		return hash_bytes(hash, line->liquidityPoolID.bytes);
	}
	return hash;
}

/* An entry's or a key's identity, borrowed from either. */
struct identity {
	enum kind kind;
	uint64_t hash;
	int64_t offer;
	const uint8_t *key; /* account or pool */
	const sdex_TrustLineAsset *line;
};

/* KINDS for what a delta does not tell of. */
static enum kind kind_of(sdex_LedgerEntryType type)
{
	switch (type) {
	case SDEX_OFFER:
		return OFFER;
	case SDEX_ACCOUNT:
		return ACCOUNT;
	case SDEX_TRUSTLINE:
		return TRUSTLINE;
	case SDEX_LIQUIDITY_POOL:
		return POOL;
	case SDEX_DATA:
	case SDEX_CLAIMABLE_BALANCE:
	case SDEX_CONTRACT_DATA:
	case SDEX_CONTRACT_CODE:
	case SDEX_CONFIG_SETTING:
	case SDEX_TTL:
		break;
	}
	return KINDS;
}

static struct identity identity_of_entry(enum kind kind, const sdex_LedgerEntryData *data)
{
	switch (kind) {
	case OFFER:
		return (struct identity){.kind = kind, .offer = data->offer->offerID};
	case ACCOUNT:
		return (struct identity){.kind = kind,
					 .key = data->account->accountID.ed25519.bytes};
	case TRUSTLINE:
		return (struct identity){.kind = kind,
					 .key = data->trustLine->accountID.ed25519.bytes,
					 .line = &data->trustLine->asset};
	case POOL:
		return (struct identity){.kind = kind,
					 .key = data->liquidityPool->liquidityPoolID.bytes};
	case KINDS:
		break;
	}
	return (struct identity){.kind = KINDS};
}

static struct identity identity_of_key(enum kind kind, const sdex_LedgerKey *key)
{
	switch (kind) {
	case OFFER:
		return (struct identity){.kind = kind, .offer = key->offer->offerID};
	case ACCOUNT:
		return (struct identity){.kind = kind, .key = key->account.accountID.ed25519.bytes};
	case TRUSTLINE:
		return (struct identity){.kind = kind,
					 .key = key->trustLine->accountID.ed25519.bytes,
					 .line = &key->trustLine->asset};
	case POOL:
		return (struct identity){.kind = kind,
					 .key = key->liquidityPool.liquidityPoolID.bytes};
	case KINDS:
		break;
	}
	return (struct identity){.kind = KINDS};
}

/* Of the entry that a change is about; false when a delta does not tell of it. */
static bool identify(struct identity *id, uint64_t seed, const sdex_LedgerEntryChange *change)
{
	*id = change->type == SDEX_LEDGER_ENTRY_REMOVED
		      ? identity_of_key(kind_of(change->removed->type), change->removed)
		      : identity_of_entry(kind_of(change->created->data.type),
					  &change->created->data);
	switch (id->kind) {
	case OFFER:
		id->hash = table_mix(seed, (uint64_t)id->offer);
		return true;
	case ACCOUNT:
	case POOL:
		id->hash = hash_bytes(seed, id->key);
		return true;
	case TRUSTLINE:
		id->hash = hash_line(seed, id->key, id->line);
		return true;
	case KINDS:
		break;
	}
	return false;
}

static bool is(const sdex_LedgerEntry *entry, const struct identity *id)
{
	switch (id->kind) {
	case OFFER:
		return entry->data.offer->offerID == id->offer;
	case ACCOUNT:
		return memcmp(entry->data.account->accountID.ed25519.bytes, id->key, 32) == 0;
	case TRUSTLINE:
		return memcmp(entry->data.trustLine->accountID.ed25519.bytes, id->key, 32) == 0 &&
		       line_same(&entry->data.trustLine->asset, id->line);
	case POOL:
		return memcmp(entry->data.liquidityPool->liquidityPoolID.bytes, id->key, 32) == 0;
	case KINDS:
		break;
	}
	return false;
}

/* The place in `seen` of an identity, free if it was not seen yet. */
static struct seen *look(struct delta_reader *reader, const struct identity *id)
{
	uint32_t hash = table_fold(id->hash), mask = reader->seen_mask;
	for (uint32_t at = hash & mask;; at = (at + 1) & mask) {
		struct seen *seen = &reader->seen[at];
		if (seen->index == NONE ||
		    (seen->hash == hash && seen->kind == (uint32_t)id->kind &&
		     is(reader->entries[id->kind][seen->index].last, id)))
			return seen;
	}
}

static struct delta_entry *add_entry(struct delta_reader *reader, struct seen *seen,
				     const struct identity *id)
{
	uint32_t kind = (uint32_t)id->kind;
	if (reader->entry_count[kind] == reader->entry_room[kind] &&
	    !grow((void **)&reader->entries[kind], &reader->entry_room[kind],
		  sizeof(struct delta_entry)))
		return NULL;
	*seen = (struct seen){
		.hash = table_fold(id->hash), .kind = kind, .index = reader->entry_count[kind]++};
	struct delta_entry *entry = &reader->entries[kind][seen->index];
	*entry = (struct delta_entry){0};
	return entry;
}

static enum sdex_error not_shown(const struct identity *id, struct sdex_failure *why)
{
	static const char *const names[] = {"offer", "account", "trustline", "pool"};
	return fail(why, SDEX_ERR_MISSING, 0,
		    "expected the state of an entry before what changes it, found none for a "
		    "changed %s; the meta is not whole",
		    names[id->kind]);
}

static enum sdex_error apply_change(struct delta_reader *reader,
				    const sdex_LedgerEntryChange *change, uint32_t transaction,
				    uint32_t operation, struct sdex_failure *why)
{
	struct identity id;
	bool removed = change->type == SDEX_LEDGER_ENTRY_REMOVED;
	if (!identify(&id, reader->seed, change))
		return SDEX_OK;
	struct seen *seen = look(reader, &id);
	struct delta_entry *entry =
		seen->index == NONE ? NULL : &reader->entries[id.kind][seen->index];
	switch (change->type) {
	case SDEX_LEDGER_ENTRY_STATE:
		if (entry)
			return SDEX_OK;
		break;
	case SDEX_LEDGER_ENTRY_UPDATED:
	case SDEX_LEDGER_ENTRY_REMOVED:
		if (!entry)
			return not_shown(&id, why);
		break;
	case SDEX_LEDGER_ENTRY_CREATED:
	case SDEX_LEDGER_ENTRY_RESTORED:
		break;
	}
	if (!entry) {
		entry = add_entry(reader, seen, &id);
		if (!entry)
			return no_memory(why);
		if (change->type == SDEX_LEDGER_ENTRY_STATE)
			entry->before = change->state;
	}
	entry->gone = removed;
	if (!removed)
		entry->last = change->created;
	entry->transaction = transaction;
	entry->operation = operation;
	return SDEX_OK;
}

static enum sdex_error apply_changes(struct delta_reader *reader,
				     const sdex_LedgerEntryChanges *changes, uint32_t transaction,
				     uint32_t operation, struct sdex_failure *why)
{
	for (uint32_t i = 0; changes && i < changes->count; i++) {
		enum sdex_error error =
			apply_change(reader, &changes->items[i], transaction, operation, why);
		if (error)
			return error;
	}
	return SDEX_OK;
}

static uint64_t count_of(const sdex_LedgerEntryChanges *changes)
{
	return changes ? changes->count : 0;
}

static uint64_t count_changes(const sdex_LedgerCloseMeta *meta)
{
	uint64_t count = 0;
	for (uint32_t i = 0; i < processed_count(meta); i++) {
		struct processed p = processed_at(meta, i);
		const sdex_LedgerEntryChanges *changes;
		count += count_of(p.fees) + count_of(p.refunds) + count_of(before_of(p.meta)) +
			 count_of(after_of(p.meta));
		for (uint32_t o = 0; (changes = operation_of(p.meta, o)); o++)
			count += changes->count;
	}
	for (uint32_t i = 0; i < upgrades_of(meta)->count; i++)
		count += upgrades_of(meta)->items[i].changes.count;
	return count;
}

/* An empty table that never gets fuller than half. */
static enum sdex_error open_seen(struct delta_reader *reader, const sdex_LedgerCloseMeta *meta,
				 struct sdex_failure *why)
{
	uint64_t changes = count_changes(meta);
	uint32_t room = 64;
	if (changes > UINT32_MAX / 8)
		return no_memory(why);
	while (room < 2 * changes)
		room *= 2;
	if (!room_for((void **)&reader->seen, &reader->seen_room, room, sizeof(struct seen)))
		return no_memory(why);
	reader->seen_mask = room - 1;
	memset(reader->seen, 0xff, room * sizeof(struct seen));
	return SDEX_OK;
}

/* The first of the transactions of the parallel phase, which is applied last: all that comes
 * before their operations comes before the operations of any of them (CAP-63). */
static uint32_t first_parallel(const sdex_LedgerCloseMeta *meta)
{
	uint32_t count = processed_count(meta), parallel = 0;
	if (meta->v != 2)
		return count;
	const sdex_TransactionPhase_list *phases = &meta->v2->txSet.v1TxSet->phases;
	for (uint32_t p = 0; p < phases->count; p++) {
		if (phases->items[p].v == 0)
			continue;
		const sdex_ParallelTxExecutionStage_list *stages =
			&phases->items[p].parallelTxsComponent.executionStages;
		for (uint32_t s = 0; s < stages->count; s++)
			for (uint32_t c = 0; c < stages->items[s].count; c++)
				parallel += stages->items[s].items[c].count;
	}
	return parallel < count ? count - parallel : 0;
}

static enum sdex_error read_entries(struct delta_reader *reader, const sdex_LedgerCloseMeta *meta,
				    struct sdex_failure *why)
{
	uint32_t count = processed_count(meta), parallel = first_parallel(meta);
	enum sdex_error error = open_seen(reader, meta, why);
	/* All fees are taken before the first transaction is applied, and refunds given after
	 * the last one (stellar-core: applyLedger). */
	for (uint32_t i = 0; !error && i < count; i++)
		error = apply_changes(reader, processed_at(meta, i).fees, i, 0, why);
	for (uint32_t i = 0; !error && i < count; i++) {
		struct processed p = processed_at(meta, i);
		const sdex_LedgerEntryChanges *changes;
		if (i < parallel)
			error = apply_changes(reader, before_of(p.meta), i, 0, why);
		for (uint32_t j = parallel; !error && i == parallel && j < count; j++)
			error = apply_changes(reader, before_of(processed_at(meta, j).meta), j, 0,
					      why);
		for (uint32_t o = 0; !error && (changes = operation_of(p.meta, o)); o++)
			error = apply_changes(reader, changes, i, o + 1, why);
		if (!error)
			error = apply_changes(reader, after_of(p.meta), i, 0, why);
	}
	for (uint32_t i = 0; !error && i < count; i++)
		error = apply_changes(reader, processed_at(meta, i).refunds, i, 0, why);
	for (uint32_t i = 0; !error && i < upgrades_of(meta)->count; i++)
		error = apply_changes(reader, &upgrades_of(meta)->items[i].changes,
				      DELTA_NO_TRANSACTION, 0, why);
	return error;
}

/* --- the set */

static const uint8_t *muxed_key(const sdex_MuxedAccount *muxed)
{
	return muxed->type == SDEX_KEY_TYPE_MUXED_ED25519 ? muxed->med25519.ed25519.bytes
							  : muxed->ed25519.bytes;
}

static const uint8_t *source_of(const sdex_TransactionEnvelope *envelope)
{
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX_V0)
		return envelope->v0->tx.sourceAccountEd25519.bytes;
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX_FEE_BUMP)
		return muxed_key(&envelope->feeBump->tx.innerTx.v1->tx.sourceAccount);
	return muxed_key(&envelope->v1->tx.sourceAccount);
}

static const uint8_t *payer_of(const sdex_TransactionEnvelope *envelope)
{
	return envelope->type == SDEX_ENVELOPE_TYPE_TX_FEE_BUMP
		       ? muxed_key(&envelope->feeBump->tx.feeSource)
		       : source_of(envelope);
}

static bool add_sent(struct delta_reader *reader, const sdex_TransactionEnvelope_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		if (reader->sent_count == reader->sent_room &&
		    !grow((void **)&reader->sent, &reader->sent_room, sizeof(struct sent)))
			return false;
		reader->sent[reader->sent_count++] = (struct sent){
			.envelope = &list->items[i], .payer = payer_of(&list->items[i])};
	}
	return true;
}

static bool add_stages(struct delta_reader *reader,
		       const sdex_ParallelTxExecutionStage_list *stages)
{
	for (uint32_t s = 0; s < stages->count; s++)
		for (uint32_t c = 0; c < stages->items[s].count; c++)
			if (!add_sent(reader, &stages->items[s].items[c]))
				return false;
	return true;
}

static bool add_set(struct delta_reader *reader, const sdex_GeneralizedTransactionSet *set)
{
	for (uint32_t p = 0; p < set->v1TxSet->phases.count; p++) {
		const sdex_TransactionPhase *phase = &set->v1TxSet->phases.items[p];
		if (phase->v != 0) {
			if (!add_stages(reader, &phase->parallelTxsComponent.executionStages))
				return false;
			continue;
		}
		for (uint32_t c = 0; c < phase->v0Components.count; c++)
			if (!add_sent(reader,
				      &phase->v0Components.items[c].txsMaybeDiscountedFee.txs))
				return false;
	}
	return true;
}

static uint32_t bucket_of(const struct delta_reader *reader, const uint8_t payer[32])
{
	return table_fold(hash_bytes(reader->seed, payer)) & reader->bucket_mask;
}

/* Gathers the envelopes of the set, to be found by who pays. */
static bool open_set(struct delta_reader *reader, const sdex_LedgerCloseMeta *meta)
{
	reader->sent_count = 0;
	bool added = meta->v == 0   ? add_sent(reader, &meta->v0->txSet.txs)
		     : meta->v == 1 ? add_set(reader, &meta->v1->txSet)
				    : add_set(reader, &meta->v2->txSet);
	uint32_t room = 64;
	while (room < reader->sent_count && room < (uint32_t)1 << 31)
		room *= 2;
	if (!added || !room_for((void **)&reader->buckets, &reader->bucket_room, room,
				sizeof(*reader->buckets)))
		return false;
	reader->bucket_mask = room - 1;
	memset(reader->buckets, 0xff, room * sizeof(*reader->buckets));
	for (uint32_t i = reader->sent_count; i-- > 0;) {
		uint32_t at = bucket_of(reader, reader->sent[i].payer);
		reader->sent[i].next = reader->buckets[at];
		reader->buckets[at] = i;
	}
	return true;
}

/* Whose account the fee was taken from; NULL when the meta does not show it. */
static const uint8_t *payer_in(const sdex_LedgerEntryChanges *fees)
{
	for (uint32_t i = 0; i < fees->count; i++)
		if (fees->items[i].type == SDEX_LEDGER_ENTRY_UPDATED &&
		    fees->items[i].updated->data.type == SDEX_ACCOUNT)
			return fees->items[i].updated->data.account->accountID.ed25519.bytes;
	return NULL;
}

static bool has_hash(struct delta_reader *reader, struct sent *sent, const uint8_t hash[32])
{
	if (!sent->hashed) {
		sdex_Hash own;
		sdex_arena_reset(reader->scratch);
		if (sdex_tx_hash(&own, reader->scratch, sent->envelope, &reader->network, NULL))
			return false;
		memcpy(sent->hash, own.bytes, 32);
		sent->hashed = true;
	}
	return memcmp(sent->hash, hash, 32) == 0;
}

/* Does the meta show that the transaction's source came to its sequence number? */
static bool shows_sequence(const sdex_TransactionMeta *meta,
			   const sdex_TransactionEnvelope *envelope)
{
	const sdex_LedgerEntryChanges *changes = before_of(meta);
	for (uint32_t i = 0; changes && i < changes->count; i++) {
		const sdex_LedgerEntryChange *change = &changes->items[i];
		if (change->type != SDEX_LEDGER_ENTRY_UPDATED ||
		    change->updated->data.type != SDEX_ACCOUNT)
			continue;
		const sdex_AccountEntry *account = change->updated->data.account;
		if (account->seqNum == sdex_tx_sequence(envelope) &&
		    memcmp(account->accountID.ed25519.bytes, source_of(envelope), 32) == 0)
			return true;
	}
	return false;
}

struct search {
	struct sent *found;
	uint32_t count;
};

/* Of those in the set that one account pays for: the only one, else those that used the
 * sequence number that the meta shows. */
static struct search search_payer(struct delta_reader *reader, const struct processed *p,
				  const uint8_t *payer, bool by_sequence)
{
	struct search search = {0};
	uint32_t i = reader->buckets[bucket_of(reader, payer)];
	for (; i != NONE; i = reader->sent[i].next) {
		struct sent *sent = &reader->sent[i];
		if (memcmp(sent->payer, payer, 32) != 0 ||
		    (by_sequence && !shows_sequence(p->meta, sent->envelope)))
			continue;
		search.found = sent;
		search.count++;
	}
	return search;
}

/* The envelope of a transaction that was applied.  Set and results are one to one, and no
 * sequence number of an account is in a set twice, so that few need hashing: those that
 * came to no operation, and so may not have used theirs. */
static struct sent *find_sent(struct delta_reader *reader, const struct processed *p)
{
	const uint8_t *hash = p->pair->transactionHash.bytes;
	const uint8_t *payer = payer_in(p->fees);
	if (payer) {
		struct search search = search_payer(reader, p, payer, false);
		if (search.count > 1)
			search = sdex_result_operations(&p->pair->result).count
					 ? search_payer(reader, p, payer, true)
					 : (struct search){0};
		if (search.count == 1 && !search.found->used)
			return search.found;
	}
	for (uint32_t i = 0; i < reader->sent_count; i++) {
		struct sent *sent = &reader->sent[i];
		if (!sent->used && (!payer || memcmp(sent->payer, payer, 32) == 0) &&
		    has_hash(reader, sent, hash))
			return sent;
	}
	return NULL;
}

/* --- transactions and trades */

static bool is_inner(const sdex_TransactionResult *result)
{
	return result->result.code == SDEX_txFEE_BUMP_INNER_SUCCESS ||
	       result->result.code == SDEX_txFEE_BUMP_INNER_FAILED;
}

static void set_claim(struct delta_claim *claim, const sdex_ClaimAtom *atom)
{
	switch (atom->type) {
	case SDEX_CLAIM_ATOM_TYPE_V0:
		claim->maker = atom->v0->sellerEd25519.bytes;
		claim->offer_id = atom->v0->offerID;
		claim->sold = &atom->v0->assetSold;
		claim->sold_amount = atom->v0->amountSold;
		claim->bought = &atom->v0->assetBought;
		claim->bought_amount = atom->v0->amountBought;
		return;
	case SDEX_CLAIM_ATOM_TYPE_ORDER_BOOK:
		claim->maker = atom->orderBook->sellerID.ed25519.bytes;
		claim->offer_id = atom->orderBook->offerID;
		claim->sold = &atom->orderBook->assetSold;
		claim->sold_amount = atom->orderBook->amountSold;
		claim->bought = &atom->orderBook->assetBought;
		claim->bought_amount = atom->orderBook->amountBought;
		return;
	case SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL:
		claim->pool = true;
		claim->maker = atom->liquidityPool->liquidityPoolID.bytes;
		claim->sold = &atom->liquidityPool->assetSold;
		claim->sold_amount = atom->liquidityPool->amountSold;
		claim->bought = &atom->liquidityPool->assetBought;
		claim->bought_amount = atom->liquidityPool->amountBought;
		return;
	}
}

static enum sdex_error add_claims(struct delta_reader *reader, const struct delta_transaction *tx,
				  const sdex_OperationResult *result, uint32_t operation,
				  struct sdex_failure *why)
{
	sdex_ClaimAtom_list atoms = sdex_op_result_claims(result);
	if (atoms.count == 0)
		return SDEX_OK;
	const sdex_MuxedAccount *source =
		sdex_tx_operations(tx->envelope).items[operation].sourceAccount;
	for (uint32_t i = 0; i < atoms.count; i++) {
		struct delta *delta = &reader->delta;
		if (delta->claim_count == reader->claim_room &&
		    !grow((void **)&reader->claims, &reader->claim_room,
			  sizeof(struct delta_claim)))
			return no_memory(why);
		struct delta_claim *claim = &reader->claims[delta->claim_count++];
		*claim = (struct delta_claim){.operation_id = tx->id + operation + 1,
					      .index = i,
					      .transaction = delta->transaction_count,
					      .taker = source ? muxed_key(source) : tx->source};
		set_claim(claim, &atoms.items[i]);
		if (claim->sold_amount < 0 || claim->bought_amount < 0)
			return fail(why, SDEX_ERR_RANGE, 0,
				    "expected a trade's amounts not below zero, found %lld and "
				    "%lld",
				    (long long)claim->sold_amount, (long long)claim->bought_amount);
	}
	return SDEX_OK;
}

static enum sdex_error not_in_set(const struct delta *delta, uint32_t index,
				  struct sdex_failure *why)
{
	return fail(
		why, SDEX_ERR_MISSING, 0,
		"expected transaction %u of ledger %u in the ledger's set, found none; is it of "
		"the network with this passphrase?",
		index + 1, delta->sequence);
}

static enum sdex_error add_transaction(struct delta_reader *reader, const struct processed *p,
				       uint32_t index, struct sdex_failure *why)
{
	struct delta *delta = &reader->delta;
	const sdex_TransactionResult *result = &p->pair->result;
	sdex_OperationResult_list results = sdex_result_operations(result);
	struct sent *sent = find_sent(reader, p);
	struct sdex_toid place = {.ledger = delta->sequence, .transaction = index + 1};
	struct delta_transaction *tx = &reader->transactions[index];
	/* A result of other operations than the envelope's would be of another transaction. */
	if (!sent || (results.count && results.count != sdex_tx_operations(sent->envelope).count) ||
	    (is_inner(result) && sent->envelope->type != SDEX_ENVELOPE_TYPE_TX_FEE_BUMP))
		return not_in_set(delta, index, why);
	/* One hash a ledger, which the network's passphrase goes into. */
	if (index == 0 && !has_hash(reader, sent, p->pair->transactionHash.bytes))
		return not_in_set(delta, index, why);
	sent->used = true;
	*tx = (struct delta_transaction){
		.hash = p->pair->transactionHash.bytes,
		.inner_hash = is_inner(result)
				      ? result->result.innerResultPair->transactionHash.bytes
				      : NULL,
		.source = source_of(sent->envelope),
		.fee_source = sent->payer,
		.sequence = sdex_tx_sequence(sent->envelope),
		.fee = result->feeCharged,
		.ok = sdex_result_ok(result),
		.result = result,
		.envelope = sent->envelope,
		.first_claim = delta->claim_count,
	};
	if (results.count > 4094 || sdex_toid_pack(&tx->id, &place))
		return fail(why, SDEX_ERR_RANGE, 0,
			    "expected numbers that SEP-35 has room for, found ledger %u, "
			    "transaction %u of %u operations",
			    delta->sequence, index + 1, results.count);
	for (uint32_t o = 0; tx->ok && o < results.count; o++) {
		enum sdex_error error = add_claims(reader, tx, &results.items[o], o, why);
		if (error)
			return error;
	}
	tx->claim_count = delta->claim_count - tx->first_claim;
	delta->transaction_count++;
	return SDEX_OK;
}

static enum sdex_error read_transactions(struct delta_reader *reader,
					 const sdex_LedgerCloseMeta *meta, struct sdex_failure *why)
{
	uint32_t count = processed_count(meta);
	if (!open_set(reader, meta) ||
	    !room_for((void **)&reader->transactions, &reader->transaction_room, count,
		      sizeof(struct delta_transaction)))
		return no_memory(why);
	for (uint32_t i = 0; i < count; i++) {
		struct processed p = processed_at(meta, i);
		enum sdex_error error = add_transaction(reader, &p, i, why);
		if (error)
			return error;
	}
	return SDEX_OK;
}

/* --- the whole */

static enum sdex_error read_header(struct delta *delta, const sdex_LedgerCloseMeta *meta,
				   struct sdex_failure *why)
{
	const sdex_LedgerHeaderHistoryEntry *entry = header_of(meta);
	const sdex_LedgerHeader *header = &entry->header;
	if (header->scpValue.closeTime > DELTA_TIME_MAX || header->ledgerSeq > INT32_MAX)
		return fail(why, SDEX_ERR_RANGE, 0,
			    "expected a ledger sequence up to 2147483647 and a close time before "
			    "the year 10000, found %u and %llu",
			    header->ledgerSeq, (unsigned long long)header->scpValue.closeTime);
	*delta = (struct delta){
		.sequence = header->ledgerSeq,
		.version = header->ledgerVersion,
		.close_time = (int64_t)header->scpValue.closeTime,
		.base_fee = header->baseFee,
		.base_reserve = header->baseReserve,
		.hash = entry->hash.bytes,
		.previous_hash = header->previousLedgerHash.bytes,
		.header = header,
	};
	return SDEX_OK;
}

enum sdex_error delta_read(const struct delta **delta, struct delta_reader *reader,
			   const void *data, size_t size, struct sdex_failure *why)
{
	sdex_LedgerCloseMeta *meta;
	sdex_arena_reset(reader->arena);
	memset(reader->entry_count, 0, sizeof(reader->entry_count));
	enum sdex_error error = sdex_LedgerCloseMeta_decode(&meta, reader->arena, data, size, why);
	if (!error)
		error = read_header(&reader->delta, meta, why);
	if (error)
		return error;
	memcpy(&reader->seed, reader->delta.hash, sizeof(reader->seed));
	error = read_transactions(reader, meta, why);
	if (!error)
		error = read_entries(reader, meta, why);
	if (error)
		return error;
	struct delta *read = &reader->delta;
	read->transactions = reader->transactions;
	read->claims = reader->claims;
	read->offers = (struct delta_entries){reader->entries[OFFER], reader->entry_count[OFFER]};
	read->accounts =
		(struct delta_entries){reader->entries[ACCOUNT], reader->entry_count[ACCOUNT]};
	read->trustlines =
		(struct delta_entries){reader->entries[TRUSTLINE], reader->entry_count[TRUSTLINE]};
	read->pools = (struct delta_entries){reader->entries[POOL], reader->entry_count[POOL]};
	*delta = read;
	return SDEX_OK;
}

const struct delta_transaction *delta_find(const struct delta *delta, const uint8_t hash[32])
{
	for (uint32_t i = 0; i < delta->transaction_count; i++) {
		const struct delta_transaction *tx = &delta->transactions[i];
		if (memcmp(tx->hash, hash, 32) == 0 ||
		    (tx->inner_hash && memcmp(tx->inner_hash, hash, 32) == 0))
			return tx;
	}
	return NULL;
}

const uint8_t *delta_owner(const struct delta_entry *entry)
{
	const sdex_LedgerEntryData *data = &entry->last->data;
	if (data->type == SDEX_OFFER)
		return data->offer->sellerID.ed25519.bytes;
	if (data->type == SDEX_ACCOUNT)
		return data->account->accountID.ed25519.bytes;
	return data->type == SDEX_TRUSTLINE ? data->trustLine->accountID.ed25519.bytes : NULL;
}
