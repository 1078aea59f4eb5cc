/* ledger/verify/known.c - following the changes of a ledger. */
#include "ledger/verify/known.h"

#include "base/failure.h"
#include "ledger/entry.h"
#include "ledger/verify/words.h"

struct key {
	struct asked asked;
	bool known;      /* else a change came first that does not tell what was before */
	bool exists;     /* an account: something of it was shown */
	bool shown;      /* by a change of its own */
	uint32_t ledger; /* that it came up in last, known->ledger */
};

void known_init(struct known *known, struct state *state)
{
	*known = (struct known){.state = state, .ledger = 1};
	slab_init(&known->keys, sizeof(struct key));
}

void known_next(struct known *known)
{
	known->ledger++;
}

void known_free(struct known *known)
{
	slab_free(&known->keys);
	table_free(&known->by_key);
}

/* --- keys */

static bool line_key(struct asked *asked, struct state *state, const sdex_AccountID *owner,
		     const sdex_TrustLineAsset *line)
{
	sdex_Asset asset = {.type = line->type};
	asked->kind = ENTRY_TRUSTLINE;
	asked->address = state_address(state, owner->ed25519.bytes);
	if (line->type == SDEX_ASSET_TYPE_POOL_SHARE) {
		asked->asset = state_share(state, line->liquidityPoolID.bytes);
		return true;
	}
	if (line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		asset.alphaNum4 = line->alphaNum4;
	else if (line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		asset.alphaNum12 = line->alphaNum12;
	else
		return false;
	asked->asset = state_asset(state, &asset);
	return true;
}

static bool data_key(struct asked *asked, struct state *state, const sdex_AccountID *owner,
		     struct sdex_bytes name)
{
	asked->kind = ENTRY_DATA;
	asked->address = state_address(state, owner->ed25519.bytes);
	asked->size = name.size;
	if (name.size && name.size <= sizeof(asked->key))
		memcpy(asked->key, name.data, name.size);
	return true;
}

static bool claimable_key(struct asked *asked, const sdex_ClaimableBalanceID *id)
{
	asked->kind = ENTRY_CLAIMABLE;
	asked->size = 32;
	memcpy(asked->key, id->v0.bytes, 32);
	return true;
}

static bool account_key(struct asked *asked, struct state *state, const sdex_AccountID *id)
{
	asked->kind = ENTRY_ACCOUNT;
	asked->address = state_address(state, id->ed25519.bytes);
	return true;
}

static bool offer_key(struct asked *asked, int64_t id)
{
	asked->kind = ENTRY_OFFER;
	asked->id = id;
	return true;
}

static bool pool_key(struct asked *asked, struct state *state, const sdex_PoolID *id)
{
	asked->kind = ENTRY_POOL;
	asked->asset = state_share(state, id->bytes);
	return true;
}

bool known_key(struct asked *asked, struct state *state, const sdex_LedgerKey *key)
{
	*asked = (struct asked){0};
	switch (key->type) {
	case SDEX_ACCOUNT:
		return account_key(asked, state, &key->account.accountID);
	case SDEX_TRUSTLINE:
		return line_key(asked, state, &key->trustLine->accountID, &key->trustLine->asset);
	case SDEX_OFFER:
		return offer_key(asked, key->offer->offerID);
	case SDEX_DATA:
		return data_key(asked, state, &key->data->accountID, key->data->dataName);
	case SDEX_CLAIMABLE_BALANCE:
		return claimable_key(asked, &key->claimableBalance.balanceID);
	case SDEX_LIQUIDITY_POOL:
		return pool_key(asked, state, &key->liquidityPool.liquidityPoolID);
	case SDEX_CONTRACT_DATA:
	case SDEX_CONTRACT_CODE:
	case SDEX_CONFIG_SETTING:
	case SDEX_TTL:
		break;
	}
	return false;
}

bool known_entry(struct asked *asked, struct state *state, const sdex_LedgerEntry *entry)
{
	const sdex_LedgerEntryData *data = &entry->data;
	*asked = (struct asked){0};
	switch (data->type) {
	case SDEX_ACCOUNT:
		return account_key(asked, state, &data->account->accountID);
	case SDEX_TRUSTLINE:
		return line_key(asked, state, &data->trustLine->accountID, &data->trustLine->asset);
	case SDEX_OFFER:
		return offer_key(asked, data->offer->offerID);
	case SDEX_DATA:
		return data_key(asked, state, &data->data->accountID, data->data->dataName);
	case SDEX_CLAIMABLE_BALANCE:
		return claimable_key(asked, &data->claimableBalance->balanceID);
	case SDEX_LIQUIDITY_POOL:
		return pool_key(asked, state, &data->liquidityPool->liquidityPoolID);
	case SDEX_CONTRACT_DATA:
	case SDEX_CONTRACT_CODE:
	case SDEX_CONFIG_SETTING:
	case SDEX_TTL:
		break;
	}
	return false;
}

static uint64_t hash_of(const struct known *known, const struct asked *asked)
{
	return table_mix_bytes(known->state->seed, asked, sizeof(*asked));
}

static struct key *find(const struct known *known, const struct asked *asked)
{
	struct table_walk walk = table_walk(&known->by_key, hash_of(known, asked));
	for (uint32_t slot; (slot = table_next(&known->by_key, &walk)) != SLOT_NONE;) {
		struct key *key = slab_at(&known->keys, slot);
		if (memcmp(&key->asked, asked, sizeof(*asked)) == 0)
			return key;
	}
	return NULL;
}

static struct key *find_or_add(struct known *known, const struct asked *asked)
{
	struct key *key = find(known, asked);
	if (key)
		return key;
	uint32_t slot = slab_take(&known->keys);
	if (slot == SLOT_NONE || !table_put(&known->by_key, hash_of(known, asked), slot)) {
		known->state->lost = true;
		return NULL;
	}
	key = slab_at(&known->keys, slot);
	memset(key, 0, sizeof(*key));
	key->asked = *asked;
	return key;
}

/* Nothing belongs to an account that is not there. */
static void note_owner(struct known *known, const struct asked *asked)
{
	struct asked owner = {.kind = ENTRY_ACCOUNT, .address = asked->address};
	if (asked->kind != ENTRY_TRUSTLINE && asked->kind != ENTRY_DATA)
		return;
	struct key *key = find_or_add(known, &owner);
	if (key)
		key->exists = true;
}

static void note_seller(struct known *known, const sdex_LedgerEntry *entry)
{
	struct asked owner = {.kind = ENTRY_ACCOUNT};
	if (entry->data.type != SDEX_OFFER)
		return;
	owner.address = state_address(known->state, entry->data.offer->sellerID.ed25519.bytes);
	struct key *key = find_or_add(known, &owner);
	if (key)
		key->exists = true;
}

/* --- changes */

static enum sdex_error no_memory(struct sdex_failure *why)
{
	return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
}

static bool key_of_change(struct asked *asked, struct known *known,
			  const sdex_LedgerEntryChange *change)
{
	return change->type == SDEX_LEDGER_ENTRY_REMOVED
		       ? known_key(asked, known->state, change->removed)
		       : known_entry(asked, known->state, change->state);
}

/* Lists that say what is frozen, which frozen_read reads from the state. */
static bool is_frozen_list(const sdex_LedgerEntryChange *change)
{
	if (change->type == SDEX_LEDGER_ENTRY_REMOVED ||
	    change->state->data.type != SDEX_CONFIG_SETTING)
		return false;
	sdex_ConfigSettingID id = change->state->data.configSetting.configSettingID;
	return id == SDEX_CONFIG_SETTING_FROZEN_LEDGER_KEYS ||
	       id == SDEX_CONFIG_SETTING_FREEZE_BYPASS_TXS;
}

static enum sdex_error load(struct known *known, const sdex_LedgerEntry *entry,
			    struct sdex_failure *why)
{
	struct sdex_failure own = {0};
	char text[VERIFY_WORDS_ROOM];
	struct words words = {text, sizeof(text), 0};
	enum sdex_error error = entry_load(known->state, entry, &own);
	if (!error)
		return SDEX_OK;
	verify_words_entry(&words, entry);
	return fail(why, error, 0, "%s: %s", text, own.text);
}

static enum sdex_error begin_one(struct known *known, const sdex_LedgerEntryChange *change,
				 struct sdex_failure *why)
{
	struct asked asked;
	bool asked_for = key_of_change(&asked, known, change);
	if (known->state->lost)
		return no_memory(why);
	if (!asked_for)
		return is_frozen_list(change) && change->type == SDEX_LEDGER_ENTRY_STATE
			       ? load(known, change->state, why)
			       : SDEX_OK;
	struct key *key = find_or_add(known, &asked);
	if (!key)
		return no_memory(why);
	if (change->type != SDEX_LEDGER_ENTRY_REMOVED) {
		note_owner(known, &asked);
		note_seller(known, change->state);
	}
	if (key->ledger == known->ledger)
		return SDEX_OK;
	key->ledger = known->ledger;
	key->shown = true;
	if (key->known)
		return SDEX_OK;
	switch (change->type) {
	case SDEX_LEDGER_ENTRY_STATE:
		key->known = true;
		return load(known, change->state, why);
	case SDEX_LEDGER_ENTRY_CREATED:
		key->known = true;
		return SDEX_OK;
	case SDEX_LEDGER_ENTRY_UPDATED:
	case SDEX_LEDGER_ENTRY_REMOVED:
	case SDEX_LEDGER_ENTRY_RESTORED:
		break;
	}
	return SDEX_OK;
}

enum sdex_error known_begin(struct known *known, const sdex_LedgerEntryChanges *changes,
			    struct sdex_failure *why)
{
	enum sdex_error error = SDEX_OK;
	for (uint32_t i = 0; changes && i < changes->count && !error; i++)
		error = begin_one(known, &changes->items[i], why);
	return error;
}

static enum sdex_error follow_one(struct known *known, const sdex_LedgerEntryChange *change,
				  struct sdex_failure *why)
{
	struct asked asked;
	bool asked_for = key_of_change(&asked, known, change);
	if (known->state->lost)
		return no_memory(why);
	if (!asked_for)
		return is_frozen_list(change) ? load(known, change->state, why) : SDEX_OK;
	struct key *key = find_or_add(known, &asked);
	if (!key)
		return no_memory(why);
	key->known = key->shown = true;
	if (change->type != SDEX_LEDGER_ENTRY_REMOVED)
		return load(known, change->state, why);
	entry_unload(known->state, change->removed);
	return SDEX_OK;
}

enum sdex_error known_follow(struct known *known, const sdex_LedgerEntryChanges *changes,
			     struct sdex_failure *why)
{
	enum sdex_error error = SDEX_OK;
	for (uint32_t i = 0; changes && i < changes->count && !error; i++)
		error = follow_one(known, &changes->items[i], why);
	return error;
}

/* --- answers */

bool known_answer(const struct known *known, const struct asked *asked)
{
	if (asked->what != ASKED_ENTRY)
		return false;
	const struct key *key = find(known, asked);
	return key && key->known;
}

bool known_account_exists(const struct known *known, uint32_t address)
{
	struct asked asked = {.kind = ENTRY_ACCOUNT, .address = address};
	const struct key *key = find(known, &asked);
	return key && (key->exists || key->shown);
}
