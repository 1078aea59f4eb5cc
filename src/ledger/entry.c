/* ledger/entry.c - between records and XDR trees. */
#include "ledger/entry.h"

#include <stdlib.h>

#include "base/failure.h"
#include "ledger/undo.h"

/* --- reading */

static uint32_t load_sponsor(struct state *state, const sdex_LedgerEntry *from)
{
	if (from->ext.v != 1 || !from->ext.v1.sponsoringID)
		return SLOT_NONE;
	return state_address(state, from->ext.v1.sponsoringID->ed25519.bytes);
}

void entry_signer(struct signer *out, const sdex_SignerKey *key)
{
	*out = (struct signer){.type = (uint32_t)key->type, .sponsor = SLOT_NONE};
	switch (key->type) {
	case SDEX_SIGNER_KEY_TYPE_ED25519:
		memcpy(out->key, key->ed25519.bytes, 32);
		break;
	case SDEX_SIGNER_KEY_TYPE_PRE_AUTH_TX:
		memcpy(out->key, key->preAuthTx.bytes, 32);
		break;
	case SDEX_SIGNER_KEY_TYPE_HASH_X:
		memcpy(out->key, key->hashX.bytes, 32);
		break;
	case SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD:
		memcpy(out->key, key->ed25519SignedPayload->ed25519.bytes, 32);
		out->payload_size = key->ed25519SignedPayload->payload.size;
		if (out->payload_size > sizeof(out->payload))
			out->payload_size = sizeof(out->payload);
		if (out->payload_size)
			memcpy(out->payload, key->ed25519SignedPayload->payload.data,
			       out->payload_size);
		break;
	}
}

int entry_signer_order(const struct signer *a, const struct signer *b)
{
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	int order = memcmp(a->key, b->key, sizeof(a->key));
	if (order)
		return order;
	uint32_t both = a->payload_size < b->payload_size ? a->payload_size : b->payload_size;
	order = memcmp(a->payload, b->payload, both);
	if (order)
		return order;
	return (a->payload_size > b->payload_size) - (a->payload_size < b->payload_size);
}

static const struct blob *load_bytes(struct state *state, struct sdex_bytes bytes)
{
	return state_blob(state, bytes.data, bytes.size);
}

static const struct blob *load_signers(struct state *state, const sdex_AccountEntry *from)
{
	struct signer signers[SDEX_MAX_SIGNERS] = {0};
	uint32_t count = from->signers.count;
	const sdex_AccountEntryExtensionV2 *v2 =
		from->ext.v == 1 && from->ext.v1.ext.v == 2 ? from->ext.v1.ext.v2 : NULL;
	for (uint32_t i = 0; i < count; i++) {
		entry_signer(&signers[i], &from->signers.items[i].key);
		signers[i].weight = from->signers.items[i].weight;
		if (v2 && i < v2->signerSponsoringIDs.count && v2->signerSponsoringIDs.items[i])
			signers[i].sponsor = state_address(
				state, v2->signerSponsoringIDs.items[i]->ed25519.bytes);
	}
	struct blob *blob = state_blob(state, signers, count * (uint32_t)sizeof(*signers));
	if (blob)
		blob->count = count;
	return blob;
}

static const char *check_account(const sdex_AccountEntry *from)
{
	if (from->balance < 0 || from->seqNum < 0)
		return "an account's balance and sequence number must not be negative";
	if (from->flags > SDEX_MASK_ACCOUNT_FLAGS_V17)
		return "an account's flags must be 0 to 15";
	if (from->signers.count > SDEX_MAX_SIGNERS)
		return "an account has at most 20 signers";
	if (from->ext.v == 1 &&
	    (from->ext.v1.liabilities.buying < 0 || from->ext.v1.liabilities.selling < 0))
		return "liabilities must not be negative";
	return NULL;
}

static void load_account(struct state *state, struct account *to, const sdex_AccountEntry *from)
{
	to->address = state_address(state, from->accountID.ed25519.bytes);
	to->balance = from->balance;
	to->sequence = from->seqNum;
	to->subentries = from->numSubEntries;
	to->entry.flags = (uint8_t)from->flags;
	to->inflation_dest = SLOT_NONE;
	if (from->inflationDest)
		to->inflation_dest = state_address(state, from->inflationDest->ed25519.bytes);
	memcpy(to->thresholds, from->thresholds.bytes, 4);
	if (from->ext.v == 1) {
		to->entry.level = 1;
		to->buying = from->ext.v1.liabilities.buying;
		to->selling = from->ext.v1.liabilities.selling;
		if (from->ext.v1.ext.v == 2) {
			const sdex_AccountEntryExtensionV2 *v2 = from->ext.v1.ext.v2;
			to->entry.level = 2;
			to->sponsored = v2->numSponsored;
			to->sponsoring = v2->numSponsoring;
			if (v2->ext.v == 3) {
				to->entry.level = 3;
				to->sequence_ledger = v2->ext.v3.seqLedger;
				to->sequence_time = v2->ext.v3.seqTime;
			}
		}
	}
	if (from->homeDomain.size)
		to->home_domain = load_bytes(state, from->homeDomain);
	if (from->signers.count)
		to->signers = load_signers(state, from);
}

static uint32_t load_line_asset(struct state *state, const sdex_TrustLineAsset *from)
{
	if (from->type == SDEX_ASSET_TYPE_POOL_SHARE)
		return state_share(state, from->liquidityPoolID.bytes);
	sdex_Asset asset = {.type = from->type};
	if (from->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		asset.alphaNum4 = from->alphaNum4;
	else if (from->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		asset.alphaNum12 = from->alphaNum12;
	return state_asset(state, &asset);
}

static const char *check_line(const sdex_TrustLineEntry *from)
{
	if (from->asset.type == SDEX_ASSET_TYPE_NATIVE)
		return "a trustline's asset must not be native";
	if (from->balance < 0 || from->limit < 0)
		return "a trustline's balance and limit must not be negative";
	if (from->flags > SDEX_MASK_TRUSTLINE_FLAGS_V17)
		return "a trustline's flags must be 0 to 7";
	if (from->ext.v == 1 &&
	    (from->ext.v1.liabilities.buying < 0 || from->ext.v1.liabilities.selling < 0))
		return "liabilities must not be negative";
	if (from->ext.v == 1 && from->ext.v1.ext.v == 2 &&
	    from->ext.v1.ext.v2.liquidityPoolUseCount < 0)
		return "a use count must not be negative";
	return NULL;
}

static void load_line(struct state *state, struct trustline *to, const sdex_TrustLineEntry *from)
{
	to->address = state_address(state, from->accountID.ed25519.bytes);
	to->asset = load_line_asset(state, &from->asset);
	to->balance = from->balance;
	to->limit = from->limit;
	to->entry.flags = (uint8_t)from->flags;
	if (from->ext.v == 1) {
		to->entry.level = 1;
		to->buying = from->ext.v1.liabilities.buying;
		to->selling = from->ext.v1.liabilities.selling;
		if (from->ext.v1.ext.v == 2) {
			to->entry.level = 2;
			to->pool_uses = from->ext.v1.ext.v2.liquidityPoolUseCount;
		}
	}
}

static const char *check_offer(const sdex_OfferEntry *from)
{
	if (from->offerID <= 0 || from->amount <= 0)
		return "an offer's id and amount must be over 0";
	if (from->price.n <= 0 || from->price.d <= 0)
		return "both terms of an offer's price must be over 0";
	if (from->flags > SDEX_MASK_OFFERENTRY_FLAGS)
		return "an offer's flags must be 0 or 1";
	return NULL;
}

static void load_offer(struct state *state, struct offer *to, const sdex_OfferEntry *from)
{
	to->seller = state_address(state, from->sellerID.ed25519.bytes);
	uint32_t selling = state_asset(state, &from->selling);
	uint32_t buying = state_asset(state, &from->buying);
	if (selling == SLOT_NONE || buying == SLOT_NONE)
		return;
	to->pair = state_pair(state, selling, buying);
	to->id = from->offerID;
	to->amount = from->amount;
	to->price = (struct price){.n = from->price.n, .d = from->price.d};
	to->entry.flags = (uint8_t)from->flags;
}

static void load_claimable(struct state *state, struct claimable *to,
			   const sdex_ClaimableBalanceEntry *from, struct sdex_failure *why)
{
	uint8_t bytes[4096]; /* 10 claimants with predicates 4 deep take under 2 KB */
	size_t size = 0;
	to->asset = state_asset(state, &from->asset);
	to->amount = from->amount;
	memcpy(to->id, from->balanceID.v0.bytes, 32);
	if (from->ext.v == 1) {
		to->entry.level = 1;
		to->entry.flags = (uint8_t)from->ext.v1.flags;
	}
	for (uint32_t i = 0; i < from->claimants.count; i++) {
		size_t one = 0;
		if (sdex_Claimant_encode(bytes + size, sizeof(bytes) - size, &one,
					 &from->claimants.items[i], why))
			return;
		size += one;
	}
	struct blob *blob = state_blob(state, bytes, (uint32_t)size);
	if (blob)
		blob->count = from->claimants.count;
	to->claimants = blob;
}

static const char *check_pool(const sdex_LiquidityPoolEntry *from)
{
	const sdex_LiquidityPoolEntryConstantProduct *p = from->body.constantProduct;
	if (p->reserveA < 0 || p->reserveB < 0 || p->totalPoolShares < 0 ||
	    p->poolSharesTrustLineCount < 0)
		return "a pool's reserves, shares and trustlines must not be negative";
	if (p->params.fee < 0 || p->params.fee >= 10000)
		return "a pool's fee must be 0 to 9999 basis points";
	return NULL;
}

static void load_pool(struct state *state, struct pool *to, const sdex_LiquidityPoolEntry *from)
{
	const sdex_LiquidityPoolEntryConstantProduct *p = from->body.constantProduct;
	to->asset = state_share(state, from->liquidityPoolID.bytes);
	to->asset_a = state_asset(state, &p->params.assetA);
	to->asset_b = state_asset(state, &p->params.assetB);
	to->fee_bps = p->params.fee;
	to->reserve_a = p->reserveA;
	to->reserve_b = p->reserveB;
	to->shares = p->totalPoolShares;
	to->trustlines = p->poolSharesTrustLineCount;
}

static enum entry_kind kind_of(sdex_LedgerEntryType type)
{
	switch (type) {
	case SDEX_ACCOUNT:
		return ENTRY_ACCOUNT;
	case SDEX_TRUSTLINE:
		return ENTRY_TRUSTLINE;
	case SDEX_OFFER:
		return ENTRY_OFFER;
	case SDEX_DATA:
		return ENTRY_DATA;
	case SDEX_CLAIMABLE_BALANCE:
		return ENTRY_CLAIMABLE;
	case SDEX_LIQUIDITY_POOL:
		return ENTRY_POOL;
	case SDEX_CONTRACT_DATA:
	case SDEX_CONTRACT_CODE:
	case SDEX_CONFIG_SETTING:
	case SDEX_TTL:
		return ENTRY_OPAQUE;
	}
	return ENTRY_OPAQUE;
}

static sdex_LedgerKey opaque_key(const sdex_LedgerEntry *from, sdex_LedgerKeyContractData *data)
{
	sdex_LedgerKey key = {.type = from->data.type};
	if (from->data.type == SDEX_CONTRACT_DATA) {
		*data = (sdex_LedgerKeyContractData){.contract = from->data.contractData->contract,
						     .key = from->data.contractData->key,
						     .durability =
							     from->data.contractData->durability};
		key.contractData = data;
	} else if (from->data.type == SDEX_CONTRACT_CODE) {
		key.contractCode.hash = from->data.contractCode->hash;
	} else if (from->data.type == SDEX_CONFIG_SETTING) {
		key.configSetting.configSettingID = from->data.configSetting.configSettingID;
	} else {
		key.ttl.keyHash = from->data.ttl.keyHash;
	}
	return key;
}

/* Any XDR value as a blob */
static const struct blob *load_xdr(struct state *state, enum sdex_type type, const void *value)
{
	size_t size = 0;
	if (sdex_xdr_size(type, &size, value, NULL) || size > UINT32_MAX)
		return NULL;
	uint8_t *bytes = malloc(size);
	if (!bytes || sdex_xdr_encode(type, bytes, size, &size, value, NULL)) {
		free(bytes);
		return NULL;
	}
	const struct blob *blob = state_blob(state, bytes, (uint32_t)size);
	free(bytes);
	return blob;
}

static void drop_blobs(struct state *state, enum entry_kind kind, void *entry)
{
	if (kind == ENTRY_ACCOUNT) {
		state_drop_blob(state, ((struct account *)entry)->signers);
		state_drop_blob(state, ((struct account *)entry)->home_domain);
	} else if (kind == ENTRY_DATA) {
		state_drop_blob(state, ((struct data *)entry)->name);
		state_drop_blob(state, ((struct data *)entry)->value);
	} else if (kind == ENTRY_CLAIMABLE) {
		state_drop_blob(state, ((struct claimable *)entry)->claimants);
	} else if (kind == ENTRY_OPAQUE) {
		state_drop_blob(state, ((struct opaque *)entry)->key);
		state_drop_blob(state, ((struct opaque *)entry)->value);
	}
}

static void unload(struct state *state, enum entry_kind kind, void *entry)
{
	uint8_t copy[sizeof(struct account)] __attribute__((aligned(8)));
	memcpy(copy, entry, entry_size(kind));
	state_erase(state, kind, entry);
	drop_blobs(state, kind, copy);
}

static const char *check_entry(const sdex_LedgerEntry *from)
{
	switch (from->data.type) {
	case SDEX_ACCOUNT:
		return check_account(from->data.account);
	case SDEX_TRUSTLINE:
		return check_line(from->data.trustLine);
	case SDEX_OFFER:
		return check_offer(from->data.offer);
	case SDEX_LIQUIDITY_POOL:
		return check_pool(from->data.liquidityPool);
	case SDEX_CLAIMABLE_BALANCE:
		return from->data.claimableBalance->amount < 0
			       ? "a claimable balance must not be negative"
			       : NULL;
	case SDEX_DATA:
	case SDEX_CONTRACT_DATA:
	case SDEX_CONTRACT_CODE:
	case SDEX_CONFIG_SETTING:
	case SDEX_TTL:
		break;
	}
	return NULL;
}

union record {
	struct entry entry;
	struct account account;
	struct trustline trustline;
	struct offer offer;
	struct data data;
	struct claimable claimable;
	struct pool pool;
	struct opaque opaque;
};

static void load_record(struct state *state, union record *made, const sdex_LedgerEntry *from,
			struct sdex_failure *why)
{
	switch (kind_of(from->data.type)) {
	case ENTRY_ACCOUNT:
		load_account(state, &made->account, from->data.account);
		break;
	case ENTRY_TRUSTLINE:
		load_line(state, &made->trustline, from->data.trustLine);
		break;
	case ENTRY_OFFER:
		load_offer(state, &made->offer, from->data.offer);
		break;
	case ENTRY_DATA:
		made->data.address = state_address(state, from->data.data->accountID.ed25519.bytes);
		made->data.name = load_bytes(state, from->data.data->dataName);
		made->data.value = load_bytes(state, from->data.data->dataValue);
		break;
	case ENTRY_CLAIMABLE:
		load_claimable(state, &made->claimable, from->data.claimableBalance, why);
		break;
	case ENTRY_POOL:
		load_pool(state, &made->pool, from->data.liquidityPool);
		break;
	case ENTRY_OPAQUE: {
		sdex_LedgerKeyContractData data;
		sdex_LedgerKey key = opaque_key(from, &data);
		made->opaque.key = load_xdr(state, SDEX_TYPE_LedgerKey, &key);
		made->opaque.value = load_xdr(state, SDEX_TYPE_LedgerEntry, from);
		if (!made->opaque.key || !made->opaque.value)
			state->lost = true;
		break;
	}
	case ENTRY_KINDS:
		break;
	}
}

enum sdex_error entry_load(struct state *state, const sdex_LedgerEntry *entry,
			   struct sdex_failure *why)
{
	const char *wrong = check_entry(entry);
	if (wrong)
		return fail(why, SDEX_ERR_INVALID, 0, "%s", wrong);
	enum entry_kind kind = kind_of(entry->data.type);
	union record made;
	memset(&made, 0, sizeof(made));
	made.entry.modified = entry->lastModifiedLedgerSeq;
	made.entry.extended = entry->ext.v == 1;
	made.entry.sponsor = load_sponsor(state, entry);
	load_record(state, &made, entry, why);
	if (state->lost)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out; the state is lost");
	union record *old = state_find(state, kind, &made);
	if (old && kind == ENTRY_OFFER && old->offer.seller != made.offer.seller)
		return fail(why, SDEX_ERR_INVALID, 0, "offer %lld is another seller's already",
			    (long long)made.offer.id);
	if (old)
		unload(state, kind, old);
	union record *filed = state_create(state, kind, &made);
	if (!filed)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out; the state is lost");
	filed->entry.modified = entry->lastModifiedLedgerSeq;
	return SDEX_OK;
}

static uint32_t find_line_asset(const struct state *state, const sdex_TrustLineAsset *from)
{
	if (from->type == SDEX_ASSET_TYPE_POOL_SHARE)
		return state_share_find(state, from->liquidityPoolID.bytes);
	sdex_Asset asset = {.type = from->type};
	if (from->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		asset.alphaNum4 = from->alphaNum4;
	else if (from->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		asset.alphaNum12 = from->alphaNum12;
	return state_asset_find(state, &asset);
}

void *entry_find(const struct state *state, enum entry_kind *kind, const sdex_LedgerKey *key)
{
	*kind = kind_of(key->type);
	switch (*kind) {
	case ENTRY_ACCOUNT: {
		uint32_t address = state_address_find(state, key->account.accountID.ed25519.bytes);
		return address == SLOT_NONE ? NULL : state_account(state, address);
	}
	case ENTRY_TRUSTLINE: {
		uint32_t address =
			state_address_find(state, key->trustLine->accountID.ed25519.bytes);
		uint32_t asset = find_line_asset(state, &key->trustLine->asset);
		if (address == SLOT_NONE || asset == SLOT_NONE)
			return NULL;
		return state_trustline(state, address, asset);
	}
	case ENTRY_OFFER: {
		uint32_t seller = state_address_find(state, key->offer->sellerID.ed25519.bytes);
		return seller == SLOT_NONE ? NULL : state_offer(state, seller, key->offer->offerID);
	}
	case ENTRY_DATA: {
		uint32_t address = state_address_find(state, key->data->accountID.ed25519.bytes);
		return address == SLOT_NONE ? NULL
					    : state_data(state, address, key->data->dataName);
	}
	case ENTRY_CLAIMABLE:
		return state_claimable(state, key->claimableBalance.balanceID.v0.bytes);
	case ENTRY_POOL: {
		uint32_t share = state_share_find(state, key->liquidityPool.liquidityPoolID.bytes);
		return share == SLOT_NONE ? NULL : state_pool(state, share);
	}
	case ENTRY_OPAQUE: {
		size_t size = 0;
		if (sdex_xdr_size(SDEX_TYPE_LedgerKey, &size, key, NULL) || size > UINT32_MAX)
			return NULL;
		uint8_t *bytes = malloc(size + 1);
		void *found = NULL;
		if (bytes && !sdex_LedgerKey_encode(bytes, size, &size, key, NULL))
			found = state_opaque(state, (struct sdex_bytes){bytes, (uint32_t)size});
		free(bytes);
		return found;
	}
	case ENTRY_KINDS:
		break;
	}
	return NULL;
}

bool entry_unload(struct state *state, const sdex_LedgerKey *key)
{
	enum entry_kind kind;
	void *entry = entry_find(state, &kind, key);
	if (entry)
		unload(state, kind, entry);
	return entry != NULL;
}

/* --- writing */

static void *made(struct sdex_arena *arena, size_t size)
{
	void *piece = sdex_arena_alloc(arena, size);
	if (piece)
		memset(piece, 0, size);
	return piece;
}

sdex_AccountID entry_account_id(const struct state *state, uint32_t address)
{
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(id.ed25519.bytes, address_at(state, address)->key, 32);
	return id;
}

static bool export_id(sdex_AccountID **out, const struct state *state, uint32_t address,
		      struct sdex_arena *arena)
{
	*out = NULL;
	if (address == SLOT_NONE)
		return true;
	if (!(*out = made(arena, sizeof(**out))))
		return false;
	**out = entry_account_id(state, address);
	return true;
}

bool entry_export_asset(sdex_Asset *out, const struct state *state, uint32_t number,
			struct sdex_arena *arena)
{
	const struct asset *asset = asset_at(state, number);
	*out = (sdex_Asset){.type = (sdex_AssetType)asset->type};
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
		memcpy(out->alphaNum4.assetCode.bytes, asset->code, 4);
		out->alphaNum4.issuer = entry_account_id(state, asset->issuer);
	} else if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12) {
		if (!(out->alphaNum12 = made(arena, sizeof(*out->alphaNum12))))
			return false;
		memcpy(out->alphaNum12->assetCode.bytes, asset->code, 12);
		out->alphaNum12->issuer = entry_account_id(state, asset->issuer);
	}
	return true;
}

static bool export_line_asset(sdex_TrustLineAsset *out, const struct state *state, uint32_t number,
			      struct sdex_arena *arena)
{
	const struct asset *asset = asset_at(state, number);
	sdex_Asset plain;
	*out = (sdex_TrustLineAsset){.type = (sdex_AssetType)asset->type};
	if (asset->type == SDEX_ASSET_TYPE_POOL_SHARE) {
		memcpy(out->liquidityPoolID.bytes, asset->pool_id, 32);
		return true;
	}
	if (!entry_export_asset(&plain, state, number, arena))
		return false;
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		out->alphaNum4 = plain.alphaNum4;
	else
		out->alphaNum12 = plain.alphaNum12;
	return true;
}

static bool export_bytes(struct sdex_bytes *out, const struct blob *blob, struct sdex_arena *arena)
{
	*out = (struct sdex_bytes){0};
	if (!blob || blob->size == 0)
		return true;
	out->data = sdex_arena_copy(arena, blob->data, blob->size);
	out->size = blob->size;
	return out->data != NULL;
}

bool entry_export_signer_key(sdex_SignerKey *out, const struct signer *signer,
			     struct sdex_arena *arena)
{
	*out = (sdex_SignerKey){.type = (sdex_SignerKeyType)signer->type};
	switch (out->type) {
	case SDEX_SIGNER_KEY_TYPE_ED25519:
		memcpy(out->ed25519.bytes, signer->key, 32);
		break;
	case SDEX_SIGNER_KEY_TYPE_PRE_AUTH_TX:
		memcpy(out->preAuthTx.bytes, signer->key, 32);
		break;
	case SDEX_SIGNER_KEY_TYPE_HASH_X:
		memcpy(out->hashX.bytes, signer->key, 32);
		break;
	case SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD: {
		sdex_SignerKeyEd25519SignedPayload *payload = made(arena, sizeof(*payload));
		if (!payload)
			return false;
		memcpy(payload->ed25519.bytes, signer->key, 32);
		payload->payload.size = signer->payload_size;
		payload->payload.data =
			sdex_arena_copy(arena, signer->payload, sizeof(signer->payload));
		if (!payload->payload.data)
			return false;
		out->ed25519SignedPayload = payload;
		break;
	}
	}
	return true;
}

static bool export_account(sdex_AccountEntry *to, const struct state *state,
			   const struct account *from, struct sdex_arena *arena)
{
	to->accountID = entry_account_id(state, from->address);
	to->balance = from->balance;
	to->seqNum = from->sequence;
	to->numSubEntries = from->subentries;
	to->flags = from->entry.flags;
	memcpy(to->thresholds.bytes, from->thresholds, 4);
	if (!export_id(&to->inflationDest, state, from->inflation_dest, arena) ||
	    !export_bytes(&to->homeDomain, from->home_domain, arena))
		return false;
	uint32_t count = from->signers ? from->signers->count : 0;
	const struct signer *signers =
		from->signers ? (const struct signer *)(const void *)from->signers->data : NULL;
	to->signers.items = made(arena, (count + 1) * sizeof(*to->signers.items));
	to->signers.count = count;
	if (!to->signers.items)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		to->signers.items[i].weight = signers[i].weight;
		if (!entry_export_signer_key(&to->signers.items[i].key, &signers[i], arena))
			return false;
	}
	if (from->entry.level == 0)
		return true;
	to->ext.v = 1;
	to->ext.v1.liabilities =
		(sdex_Liabilities){.buying = from->buying, .selling = from->selling};
	if (from->entry.level == 1)
		return true;
	sdex_AccountEntryExtensionV2 *v2 = made(arena, sizeof(*v2));
	sdex_SponsorshipDescriptor *ids =
		made(arena, (count + 1) * sizeof(sdex_SponsorshipDescriptor));
	if (!v2 || !ids)
		return false;
	to->ext.v1.ext.v = 2;
	to->ext.v1.ext.v2 = v2;
	v2->numSponsored = from->sponsored;
	v2->numSponsoring = from->sponsoring;
	v2->signerSponsoringIDs.items = ids;
	v2->signerSponsoringIDs.count = count;
	for (uint32_t i = 0; i < count; i++)
		if (!export_id(&ids[i], state, signers[i].sponsor, arena))
			return false;
	if (from->entry.level == 3) {
		v2->ext.v = 3;
		v2->ext.v3.seqLedger = from->sequence_ledger;
		v2->ext.v3.seqTime = from->sequence_time;
	}
	return true;
}

static bool export_line(sdex_TrustLineEntry *to, const struct state *state,
			const struct trustline *from, struct sdex_arena *arena)
{
	to->accountID = entry_account_id(state, from->address);
	to->balance = from->balance;
	to->limit = from->limit;
	to->flags = from->entry.flags;
	if (from->entry.level >= 1) {
		to->ext.v = 1;
		to->ext.v1.liabilities =
			(sdex_Liabilities){.buying = from->buying, .selling = from->selling};
	}
	if (from->entry.level >= 2) {
		to->ext.v1.ext.v = 2;
		to->ext.v1.ext.v2.liquidityPoolUseCount = from->pool_uses;
	}
	return export_line_asset(&to->asset, state, from->asset, arena);
}

static bool export_offer(sdex_OfferEntry *to, const struct state *state, const struct offer *from,
			 struct sdex_arena *arena)
{
	const struct pair *pair = pair_at(state, from->pair);
	to->sellerID = entry_account_id(state, from->seller);
	to->offerID = from->id;
	to->amount = from->amount;
	to->price = (sdex_Price){.n = from->price.n, .d = from->price.d};
	to->flags = from->entry.flags;
	return entry_export_asset(&to->selling, state, pair->selling, arena) &&
	       entry_export_asset(&to->buying, state, pair->buying, arena);
}

static bool export_claimable(sdex_ClaimableBalanceEntry *to, const struct state *state,
			     const struct claimable *from, struct sdex_arena *arena)
{
	to->balanceID.type = SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0;
	memcpy(to->balanceID.v0.bytes, from->id, 32);
	to->amount = from->amount;
	if (from->entry.level == 1) {
		to->ext.v = 1;
		to->ext.v1.flags = from->entry.flags;
	}
	uint32_t count = from->claimants->count;
	to->claimants.items = made(arena, (count + 1) * sizeof(*to->claimants.items));
	to->claimants.count = count;
	if (!to->claimants.items)
		return false;
	size_t at = 0;
	for (uint32_t i = 0; i < count; i++) {
		void *claimant;
		size_t used = 0;
		if (sdex_xdr_decode_front(SDEX_TYPE_Claimant, &claimant, &used, arena,
					  from->claimants->data + at, from->claimants->size - at,
					  NULL, NULL))
			return false;
		to->claimants.items[i] = *(const sdex_Claimant *)claimant;
		at += used;
	}
	return entry_export_asset(&to->asset, state, from->asset, arena);
}

static bool export_pool(sdex_LiquidityPoolEntry *to, const struct state *state,
			const struct pool *from, struct sdex_arena *arena)
{
	sdex_LiquidityPoolEntryConstantProduct *p = made(arena, sizeof(*p));
	if (!p)
		return false;
	memcpy(to->liquidityPoolID.bytes, asset_at(state, from->asset)->pool_id, 32);
	to->body.type = SDEX_LIQUIDITY_POOL_CONSTANT_PRODUCT;
	to->body.constantProduct = p;
	p->params.fee = from->fee_bps;
	p->reserveA = from->reserve_a;
	p->reserveB = from->reserve_b;
	p->totalPoolShares = from->shares;
	p->poolSharesTrustLineCount = from->trustlines;
	return entry_export_asset(&p->params.assetA, state, from->asset_a, arena) &&
	       entry_export_asset(&p->params.assetB, state, from->asset_b, arena);
}

static bool export_data(sdex_LedgerEntryData *to, const struct state *state, enum entry_kind kind,
			const void *from, struct sdex_arena *arena)
{
	switch (kind) {
	case ENTRY_ACCOUNT:
		to->type = SDEX_ACCOUNT;
		to->account = made(arena, sizeof(*to->account));
		return to->account && export_account(to->account, state, from, arena);
	case ENTRY_TRUSTLINE:
		to->type = SDEX_TRUSTLINE;
		to->trustLine = made(arena, sizeof(*to->trustLine));
		return to->trustLine && export_line(to->trustLine, state, from, arena);
	case ENTRY_OFFER:
		to->type = SDEX_OFFER;
		to->offer = made(arena, sizeof(*to->offer));
		return to->offer && export_offer(to->offer, state, from, arena);
	case ENTRY_DATA: {
		const struct data *data = from;
		to->type = SDEX_DATA;
		to->data = made(arena, sizeof(*to->data));
		if (!to->data)
			return false;
		to->data->accountID = entry_account_id(state, data->address);
		return export_bytes(&to->data->dataName, data->name, arena) &&
		       export_bytes(&to->data->dataValue, data->value, arena);
	}
	case ENTRY_CLAIMABLE:
		to->type = SDEX_CLAIMABLE_BALANCE;
		to->claimableBalance = made(arena, sizeof(*to->claimableBalance));
		return to->claimableBalance &&
		       export_claimable(to->claimableBalance, state, from, arena);
	case ENTRY_POOL:
		to->type = SDEX_LIQUIDITY_POOL;
		to->liquidityPool = made(arena, sizeof(*to->liquidityPool));
		return to->liquidityPool && export_pool(to->liquidityPool, state, from, arena);
	case ENTRY_OPAQUE:
	case ENTRY_KINDS:
		break;
	}
	return false;
}

sdex_LedgerEntry *entry_export(const struct state *state, enum entry_kind kind, const void *entry,
			       struct sdex_arena *arena)
{
	const struct entry *from = entry;
	if (kind == ENTRY_OPAQUE) {
		struct sdex_bytes bytes;
		sdex_LedgerEntry *decoded;
		if (!export_bytes(&bytes, ((const struct opaque *)entry)->value, arena) ||
		    sdex_LedgerEntry_decode(&decoded, arena, bytes.data, bytes.size, NULL))
			return NULL;
		return decoded;
	}
	sdex_LedgerEntry *to = made(arena, sizeof(*to));
	if (!to)
		return NULL;
	to->lastModifiedLedgerSeq = from->modified;
	to->ext.v = from->extended;
	if (from->extended && !export_id(&to->ext.v1.sponsoringID, state, from->sponsor, arena))
		return NULL;
	return export_data(&to->data, state, kind, entry, arena) ? to : NULL;
}

sdex_LedgerKey *entry_export_key(const struct state *state, enum entry_kind kind, const void *entry,
				 struct sdex_arena *arena)
{
	sdex_LedgerKey *key = made(arena, sizeof(*key));
	if (!key)
		return NULL;
	switch (kind) {
	case ENTRY_ACCOUNT:
		key->type = SDEX_ACCOUNT;
		key->account.accountID =
			entry_account_id(state, ((const struct account *)entry)->address);
		return key;
	case ENTRY_TRUSTLINE:
		key->type = SDEX_TRUSTLINE;
		if (!(key->trustLine = made(arena, sizeof(*key->trustLine))))
			return NULL;
		key->trustLine->accountID =
			entry_account_id(state, ((const struct trustline *)entry)->address);
		return export_line_asset(&key->trustLine->asset, state,
					 ((const struct trustline *)entry)->asset, arena)
			       ? key
			       : NULL;
	case ENTRY_OFFER:
		key->type = SDEX_OFFER;
		if (!(key->offer = made(arena, sizeof(*key->offer))))
			return NULL;
		key->offer->sellerID =
			entry_account_id(state, ((const struct offer *)entry)->seller);
		key->offer->offerID = ((const struct offer *)entry)->id;
		return key;
	case ENTRY_DATA:
		key->type = SDEX_DATA;
		if (!(key->data = made(arena, sizeof(*key->data))))
			return NULL;
		key->data->accountID =
			entry_account_id(state, ((const struct data *)entry)->address);
		return export_bytes(&key->data->dataName, ((const struct data *)entry)->name, arena)
			       ? key
			       : NULL;
	case ENTRY_CLAIMABLE:
		key->type = SDEX_CLAIMABLE_BALANCE;
		key->claimableBalance.balanceID.type = SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0;
		memcpy(key->claimableBalance.balanceID.v0.bytes,
		       ((const struct claimable *)entry)->id, 32);
		return key;
	case ENTRY_POOL:
		key->type = SDEX_LIQUIDITY_POOL;
		memcpy(key->liquidityPool.liquidityPoolID.bytes,
		       asset_at(state, ((const struct pool *)entry)->asset)->pool_id, 32);
		return key;
	case ENTRY_OPAQUE: {
		struct sdex_bytes bytes;
		if (!export_bytes(&bytes, ((const struct opaque *)entry)->key, arena) ||
		    sdex_LedgerKey_decode(&key, arena, bytes.data, bytes.size, NULL))
			return NULL;
		return key;
	}
	case ENTRY_KINDS:
		break;
	}
	return NULL;
}

/* --- header */

void header_load(struct header *header, const sdex_LedgerHeader *from)
{
	*header = (struct header){
		.version = from->ledgerVersion,
		.sequence = from->ledgerSeq,
		.close_time = from->scpValue.closeTime,
		.base_fee = from->baseFee,
		.base_reserve = from->baseReserve,
		.max_tx_set_size = from->maxTxSetSize,
		.flags = from->ext.v == 1 ? from->ext.v1.flags : 0,
		.extended = from->ext.v == 1,
		.inflation_seq = from->inflationSeq,
		.total_coins = from->totalCoins,
		.fee_pool = from->feePool,
		.id_pool = from->idPool,
	};
}

void header_store(sdex_LedgerHeader *to, const struct header *header)
{
	to->ledgerVersion = header->version;
	to->ledgerSeq = header->sequence;
	to->scpValue.closeTime = header->close_time;
	to->baseFee = header->base_fee;
	to->baseReserve = header->base_reserve;
	to->maxTxSetSize = header->max_tx_set_size;
	to->inflationSeq = header->inflation_seq;
	to->totalCoins = header->total_coins;
	to->feePool = header->fee_pool;
	to->idPool = header->id_pool;
	if (header->flags || header->extended || to->ext.v == 1) {
		to->ext.v = 1;
		to->ext.v1.flags = header->flags;
	}
}

/* --- digest */

struct digest {
	struct state *state;
	struct sdex_arena *arena;
	uint8_t *out;
};

static bool digest_entry(struct digest *d, enum entry_kind kind, const void *entry)
{
	sdex_arena_reset(d->arena);
	sdex_LedgerEntry *tree = entry_export(d->state, kind, entry, d->arena);
	size_t size = 0;
	if (!tree || sdex_xdr_size(SDEX_TYPE_LedgerEntry, &size, tree, NULL))
		return false;
	uint8_t *bytes = sdex_arena_alloc(d->arena, size);
	uint8_t hash[32];
	if (!bytes || sdex_LedgerEntry_encode(bytes, size, &size, tree, NULL))
		return false;
	sdex_sha256(hash, bytes, size);
	for (int i = 0; i < 32; i++)
		d->out[i] ^= hash[i];
	return true;
}

static bool digest_kind(struct digest *d, enum entry_kind kind)
{
	const struct state *state = d->state;
	const struct table *table = &state->by_entry[kind];
	if (kind == ENTRY_ACCOUNT) {
		for (uint32_t i = 0; i < state->addresses.used; i++)
			if (state_account(state, i) &&
			    !digest_entry(d, kind, state_account(state, i)))
				return false;
	} else if (kind == ENTRY_POOL) {
		for (uint32_t i = 1; i < state->assets.used; i++)
			if (state_pool(state, i) && !digest_entry(d, kind, state_pool(state, i)))
				return false;
	} else {
		for (uint32_t i = 0; table->entries && i <= table->mask; i++)
			if (table->entries[i].slot != SLOT_NONE &&
			    !digest_entry(d, kind,
					  slab_at(&state->entries[kind], table->entries[i].slot)))
				return false;
	}
	return true;
}

enum sdex_error state_digest(struct state *state, uint8_t digest[32])
{
	uint8_t sum[32] = {0};
	sdex_LedgerHeader header = {0};
	size_t size = 0;
	uint8_t bytes[1024];
	struct digest d = {.state = state, .arena = sdex_arena_new(0), .out = sum};
	if (!d.arena)
		return SDEX_ERR_NOMEM;
	bool good = true;
	for (int kind = 0; kind < ENTRY_KINDS && good; kind++)
		good = digest_kind(&d, (enum entry_kind)kind);
	header_store(&header, &state->header);
	good = good && !sdex_LedgerHeader_encode(bytes, sizeof(bytes), &size, &header, NULL);
	sdex_arena_free(d.arena);
	if (!good)
		return SDEX_ERR_NOMEM;
	uint8_t hash[32];
	sdex_sha256(hash, bytes, size);
	for (int i = 0; i < 32; i++)
		digest[i] = sum[i] ^ hash[i];
	return SDEX_OK;
}
