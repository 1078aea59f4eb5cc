/* ledger/verify/words.c - naming entries and telling changes apart. */
#include "ledger/verify/words.h"

#include <stdlib.h>

#include "ledger/entry.h"
#include "ledger/verify/differ.h"
#include "sdex/address.h"
#include "sdex/asset.h"
#include "sdex/ids.h"

#define DIFFERENCES_TOLD 4u

/* --- names */

static void add_account(struct words *words, const sdex_AccountID *id)
{
	char text[SDEX_ACCOUNT_ROOM];
	sdex_account_print(text, id);
	words_add(words, "%s", text);
}

static void add_asset(struct words *words, const sdex_Asset *asset)
{
	char text[SDEX_ASSET_ROOM];
	size_t length;
	if (asset->type == SDEX_ASSET_TYPE_NATIVE)
		words_add(words, "XLM");
	else
		words_add(words, "%s",
			  sdex_asset_print(text, sizeof(text), &length, asset)
				  ? "an asset without a name"
				  : text);
}

static void add_line_asset(struct words *words, const sdex_TrustLineAsset *asset)
{
	char text[SDEX_ASSET_ROOM];
	size_t length;
	words_add(words, "%s",
		  sdex_trustline_asset_print(text, sizeof(text), &length, asset)
			  ? "an asset without a name"
			  : text);
}

static void add_pool(struct words *words, const sdex_PoolID *id)
{
	char text[SDEX_POOL_ID_ROOM];
	sdex_pool_id_print(text, id);
	words_add(words, "the pool %s", text);
}

static void add_quoted(struct words *words, struct sdex_bytes text)
{
	words_add(words, "\"");
	for (uint32_t i = 0; i < text.size && i < 64; i++) {
		uint8_t c = text.data[i];
		words_add(words, c < 0x20 || c >= 0x7f || c == '"' || c == '\\' ? "\\x%02x" : "%c",
			  c);
	}
	words_add(words, "\"");
}

static void add_claimable(struct words *words, const sdex_ClaimableBalanceID *id)
{
	char text[SDEX_BALANCE_ID_ROOM];
	sdex_balance_id_print(text, id);
	words_add(words, "the claimable balance %s", text);
}

static void add_number(struct words *words, const struct state *state, uint32_t asset)
{
	const struct asset *from = asset_at(state, asset);
	sdex_AlphaNum12 code12;
	sdex_Asset to = {.type = (sdex_AssetType)from->type};
	if (from->type == SDEX_ASSET_TYPE_POOL_SHARE) {
		sdex_PoolID id;
		memcpy(id.bytes, from->pool_id, 32);
		words_add(words, "shares of ");
		add_pool(words, &id);
		return;
	}
	if (from->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
		memcpy(to.alphaNum4.assetCode.bytes, from->code, 4);
		to.alphaNum4.issuer = entry_account_id(state, from->issuer);
	} else if (from->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12) {
		memcpy(code12.assetCode.bytes, from->code, 12);
		code12.issuer = entry_account_id(state, from->issuer);
		to.alphaNum12 = &code12;
	}
	add_asset(words, &to);
}

void verify_words_key(struct words *words, const sdex_LedgerKey *key)
{
	switch (key->type) {
	case SDEX_ACCOUNT:
		words_add(words, "the account ");
		add_account(words, &key->account.accountID);
		break;
	case SDEX_TRUSTLINE:
		words_add(words, "the trustline of ");
		add_account(words, &key->trustLine->accountID);
		words_add(words, " in ");
		add_line_asset(words, &key->trustLine->asset);
		break;
	case SDEX_OFFER:
		words_add(words, "the offer %lld of ", (long long)key->offer->offerID);
		add_account(words, &key->offer->sellerID);
		break;
	case SDEX_DATA:
		words_add(words, "the data entry ");
		add_quoted(words, key->data->dataName);
		words_add(words, " of ");
		add_account(words, &key->data->accountID);
		break;
	case SDEX_CLAIMABLE_BALANCE:
		add_claimable(words, &key->claimableBalance.balanceID);
		break;
	case SDEX_LIQUIDITY_POOL:
		add_pool(words, &key->liquidityPool.liquidityPoolID);
		break;
	case SDEX_CONTRACT_DATA:
	case SDEX_CONTRACT_CODE:
	case SDEX_CONFIG_SETTING:
	case SDEX_TTL:
		words_add(words, "an entry of contracts");
		break;
	}
}

static sdex_LedgerKey key_of(const sdex_LedgerEntry *entry, sdex_LedgerKeyTrustLine *line,
			     sdex_LedgerKeyOffer *offer, sdex_LedgerKeyData *data)
{
	sdex_LedgerKey key = {.type = entry->data.type};
	switch (key.type) {
	case SDEX_ACCOUNT:
		key.account.accountID = entry->data.account->accountID;
		break;
	case SDEX_TRUSTLINE:
		*line = (sdex_LedgerKeyTrustLine){entry->data.trustLine->accountID,
						  entry->data.trustLine->asset};
		key.trustLine = line;
		break;
	case SDEX_OFFER:
		*offer = (sdex_LedgerKeyOffer){entry->data.offer->sellerID,
					       entry->data.offer->offerID};
		key.offer = offer;
		break;
	case SDEX_DATA:
		*data = (sdex_LedgerKeyData){entry->data.data->accountID,
					     entry->data.data->dataName};
		key.data = data;
		break;
	case SDEX_CLAIMABLE_BALANCE:
		key.claimableBalance.balanceID = entry->data.claimableBalance->balanceID;
		break;
	case SDEX_LIQUIDITY_POOL:
		key.liquidityPool.liquidityPoolID = entry->data.liquidityPool->liquidityPoolID;
		break;
	case SDEX_CONTRACT_DATA:
	case SDEX_CONTRACT_CODE:
	case SDEX_CONFIG_SETTING:
	case SDEX_TTL:
		break;
	}
	return key;
}

void verify_words_entry(struct words *words, const sdex_LedgerEntry *entry)
{
	sdex_LedgerKeyTrustLine line;
	sdex_LedgerKeyOffer offer;
	sdex_LedgerKeyData data;
	sdex_LedgerKey key = key_of(entry, &line, &offer, &data);
	verify_words_key(words, &key);
}

static void asked_entry(struct words *words, const struct state *state, const struct asked *asked)
{
	sdex_AccountID owner = {0};
	sdex_ClaimableBalanceID id = {0};
	switch ((enum entry_kind)asked->kind) {
	case ENTRY_ACCOUNT:
		words_add(words, "the account ");
		owner = entry_account_id(state, asked->address);
		add_account(words, &owner);
		break;
	case ENTRY_TRUSTLINE:
		words_add(words, "the trustline of ");
		owner = entry_account_id(state, asked->address);
		add_account(words, &owner);
		words_add(words, " in ");
		add_number(words, state, asked->asset);
		break;
	case ENTRY_OFFER:
		words_add(words, "the offer %lld", (long long)asked->id);
		break;
	case ENTRY_DATA:
		words_add(words, "the data entry ");
		add_quoted(words, (struct sdex_bytes){asked->key, asked->size});
		words_add(words, " of ");
		owner = entry_account_id(state, asked->address);
		add_account(words, &owner);
		break;
	case ENTRY_CLAIMABLE:
		memcpy(id.v0.bytes, asked->key, 32);
		add_claimable(words, &id);
		break;
	case ENTRY_POOL:
		words_add(words, "the pool of ");
		add_number(words, state, asked->asset);
		break;
	case ENTRY_OPAQUE:
	case ENTRY_KINDS:
		words_add(words, "an entry of contracts");
		break;
	}
}

void verify_words_asked(struct words *words, const struct state *state, const struct asked *asked)
{
	sdex_AccountID owner;
	switch ((enum asked_for)asked->what) {
	case ASKED_ENTRY:
		asked_entry(words, state, asked);
		break;
	case ASKED_BOOK:
		words_add(words, "the book that sells ");
		add_number(words, state, asked->asset);
		words_add(words, " for ");
		add_number(words, state, asked->other);
		break;
	case ASKED_VENUE:
		words_add(words, "the pool of ");
		add_number(words, state, asked->asset);
		words_add(words, " and ");
		add_number(words, state, asked->other);
		break;
	case ASKED_OFFERS:
	case ASKED_LINES:
		words_add(words, "all %s of ",
			  asked->what == ASKED_OFFERS ? "offers" : "trustlines");
		owner = entry_account_id(state, asked->address);
		add_account(words, &owner);
		break;
	}
}

/* --- changes */

struct one {
	const sdex_LedgerEntryChange *change;
	struct sdex_bytes key;   /* XDR of its LedgerKey */
	struct sdex_bytes whole; /* of the change */
};

static bool encoded(struct sdex_bytes *out, enum sdex_type type, const void *value,
		    struct sdex_arena *arena)
{
	size_t size = 0;
	if (sdex_xdr_size(type, &size, value, NULL))
		return false;
	uint8_t *bytes = sdex_arena_alloc(arena, size);
	if (!bytes || sdex_xdr_encode(type, bytes, size, &size, value, NULL))
		return false;
	*out = (struct sdex_bytes){bytes, (uint32_t)size};
	return true;
}

static int compare(struct sdex_bytes a, struct sdex_bytes b)
{
	uint32_t both = a.size < b.size ? a.size : b.size;
	int order = both ? memcmp(a.data, b.data, both) : 0;
	return order ? order : (a.size > b.size) - (a.size < b.size);
}

/* By entry, of each the state first, then what became of it. */
static int by_key(const void *left, const void *right)
{
	const struct one *a = left, *b = right;
	int order = compare(a->key, b->key);
	if (order)
		return order;
	bool a_state = a->change->type == SDEX_LEDGER_ENTRY_STATE;
	bool b_state = b->change->type == SDEX_LEDGER_ENTRY_STATE;
	if (a_state != b_state)
		return a_state ? -1 : 1;
	return compare(a->whole, b->whole);
}

static bool sorted(struct one **out, const sdex_LedgerEntryChanges *changes,
		   struct sdex_arena *arena)
{
	struct one *items = sdex_arena_alloc(arena, ((size_t)changes->count + 1) * sizeof(*items));
	if (!items)
		return false;
	for (uint32_t i = 0; i < changes->count; i++) {
		const sdex_LedgerEntryChange *change = &changes->items[i];
		sdex_LedgerKeyTrustLine line;
		sdex_LedgerKeyOffer offer;
		sdex_LedgerKeyData data;
		sdex_LedgerKey key;
		items[i] = (struct one){.change = change};
		bool good = encoded(&items[i].whole, SDEX_TYPE_LedgerEntryChange, change, arena);
		if (change->type == SDEX_LEDGER_ENTRY_REMOVED) {
			good = good &&
			       encoded(&items[i].key, SDEX_TYPE_LedgerKey, change->removed, arena);
		} else if (change->state->data.type <= SDEX_CLAIMABLE_BALANCE ||
			   change->state->data.type == SDEX_LIQUIDITY_POOL) {
			key = key_of(change->state, &line, &offer, &data);
			good = good && encoded(&items[i].key, SDEX_TYPE_LedgerKey, &key, arena);
		}
		if (!good)
			return false;
	}
	qsort(items, changes->count, sizeof(*items), by_key);
	*out = items;
	return true;
}

static const char *verb(const sdex_LedgerEntryChange *change)
{
	switch (change->type) {
	case SDEX_LEDGER_ENTRY_CREATED:
		return "made";
	case SDEX_LEDGER_ENTRY_UPDATED:
		return "changed";
	case SDEX_LEDGER_ENTRY_REMOVED:
		return "removed";
	case SDEX_LEDGER_ENTRY_STATE:
		return "shown as it was";
	case SDEX_LEDGER_ENTRY_RESTORED:
		return "restored";
	}
	return "?";
}

static void name_change(struct words *words, const sdex_LedgerEntryChange *change)
{
	if (change->type == SDEX_LEDGER_ENTRY_REMOVED)
		verify_words_key(words, change->removed);
	else
		verify_words_entry(words, change->state);
}

static void tell_one(struct words *words, const struct one *expected, const struct one *found)
{
	if (!found || !expected) {
		const struct one *is = found ? found : expected;
		name_change(words, is->change);
		words_add(words,
			  found ? ": the meta has it %s, the rules do not"
				: ": by the rules it is %s, in the meta it is not",
			  verb(is->change));
		return;
	}
	name_change(words, found->change);
	if (expected->change->type != found->change->type) {
		words_add(words, ": expected to be %s, found %s", verb(expected->change),
			  verb(found->change));
		return;
	}
	words_add(words, found->change->type == SDEX_LEDGER_ENTRY_STATE ? " before it: " : ": ");
	if (found->change->type != SDEX_LEDGER_ENTRY_REMOVED)
		differ_words(words, SDEX_TYPE_LedgerEntry, expected->change->state,
			     found->change->state, DIFFERENCES_TOLD);
}

static bool same_place(const struct one *a, const struct one *b)
{
	bool a_state = a->change->type == SDEX_LEDGER_ENTRY_STATE;
	bool b_state = b->change->type == SDEX_LEDGER_ENTRY_STATE;
	return a_state == b_state && compare(a->key, b->key) == 0;
}

bool verify_same_changes(struct words *words, bool *lost, const sdex_LedgerEntryChanges *expected,
			 const sdex_LedgerEntryChanges *found, struct sdex_arena *arena)
{
	struct one *ours, *theirs;
	unsigned told = 0;
	if (!sorted(&ours, expected, arena) || !sorted(&theirs, found, arena)) {
		*lost = true;
		return false;
	}
	uint32_t i = 0, j = 0;
	while (i < expected->count || j < found->count) {
		const struct one *a = i < expected->count ? &ours[i] : NULL;
		const struct one *b = j < found->count ? &theirs[j] : NULL;
		if (a && b && compare(a->whole, b->whole) == 0) {
			i++;
			j++;
			continue;
		}
		if (a && b && !same_place(a, b)) {
			if (by_key(a, b) < 0)
				b = NULL;
			else
				a = NULL;
		}
		i += a != NULL;
		j += b != NULL;
		if (!words)
			return false;
		if (told++ < DIFFERENCES_TOLD) {
			words_add(words, told > 1 ? "\n" : "");
			tell_one(words, a, b);
		}
	}
	if (told > DIFFERENCES_TOLD)
		words_add(words, "\nand %u more", told - DIFFERENCES_TOLD);
	return told == 0;
}
