/* ledger/frozen.c - frozen keys are few, so they are compared one by one. */
#include "ledger/frozen.h"

#include <stdlib.h>

#include "ledger/entry.h"

#define VERSION_FROZEN 26u

static enum sdex_error read_setting(sdex_ConfigSettingEntry **setting, const struct state *state,
				    sdex_ConfigSettingID id, struct sdex_arena *arena)
{
	sdex_LedgerKey key = {.type = SDEX_CONFIG_SETTING, .configSetting.configSettingID = id};
	uint8_t bytes[16];
	size_t size = 0;
	*setting = NULL;
	if (sdex_LedgerKey_encode(bytes, sizeof(bytes), &size, &key, NULL))
		return SDEX_ERR_NOMEM;
	const struct opaque *found =
		state_opaque(state, (struct sdex_bytes){bytes, (uint32_t)size});
	if (!found)
		return SDEX_OK;
	sdex_LedgerEntry *entry = entry_export(state, ENTRY_OPAQUE, found, arena);
	if (!entry)
		return SDEX_ERR_NOMEM;
	*setting = &entry->data.configSetting;
	return SDEX_OK;
}

enum sdex_error frozen_read(struct frozen *frozen, const struct state *state,
			    struct sdex_arena *arena)
{
	sdex_ConfigSettingEntry *keys, *bypass;
	struct frozen made = {0};
	if (state->header.version >= VERSION_FROZEN) {
		enum sdex_error error =
			read_setting(&keys, state, SDEX_CONFIG_SETTING_FROZEN_LEDGER_KEYS, arena);
		if (!error)
			error = read_setting(&bypass, state, SDEX_CONFIG_SETTING_FREEZE_BYPASS_TXS,
					     arena);
		if (error)
			return error;
		if (keys) {
			made.keys = keys->frozenLedgerKeys.keys.items;
			made.count = keys->frozenLedgerKeys.keys.count;
		}
		if (bypass) {
			made.bypass = bypass->freezeBypassTxs.txHashes.items;
			made.bypass_count = bypass->freezeBypassTxs.txHashes.count;
		}
	}
	*frozen = made;
	return SDEX_OK;
}

static bool is_frozen(const struct frozen *frozen, const uint8_t *key, size_t size)
{
	for (uint32_t i = 0; i < frozen->count; i++)
		if (frozen->keys[i].size == size && memcmp(frozen->keys[i].data, key, size) == 0)
			return true;
	return false;
}

bool frozen_key(const struct frozen *frozen, const sdex_LedgerKey *key)
{
	size_t size = 0;
	if (!frozen || frozen->count == 0 || sdex_xdr_size(SDEX_TYPE_LedgerKey, &size, key, NULL))
		return false;
	uint8_t few[256], *bytes = size > sizeof(few) ? malloc(size) : few;
	bool found = bytes && !sdex_LedgerKey_encode(bytes, size, &size, key, NULL) &&
		     is_frozen(frozen, bytes, size);
	if (bytes != few)
		free(bytes);
	return found;
}

bool frozen_account(const struct frozen *frozen, const struct state *state, uint32_t address)
{
	if (!frozen || frozen->count == 0)
		return false;
	sdex_LedgerKey key = {.type = SDEX_ACCOUNT,
			      .account.accountID = entry_account_id(state, address)};
	return frozen_key(frozen, &key);
}

bool frozen_line(const struct frozen *frozen, const struct state *state, uint32_t address,
		 uint32_t number)
{
	if (!frozen || frozen->count == 0 || number == ASSET_NATIVE)
		return false;
	const struct asset *asset = asset_at(state, number);
	sdex_AlphaNum12 long_code;
	sdex_LedgerKeyTrustLine line = {.accountID = entry_account_id(state, address),
					.asset.type = (sdex_AssetType)asset->type};
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
		memcpy(line.asset.alphaNum4.assetCode.bytes, asset->code, 4);
		line.asset.alphaNum4.issuer = entry_account_id(state, asset->issuer);
	} else if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12) {
		memcpy(long_code.assetCode.bytes, asset->code, 12);
		long_code.issuer = entry_account_id(state, asset->issuer);
		line.asset.alphaNum12 = &long_code;
	} else {
		memcpy(line.asset.liquidityPoolID.bytes, asset->pool_id, 32);
	}
	sdex_LedgerKey key = {.type = SDEX_TRUSTLINE, .trustLine = &line};
	return frozen_key(frozen, &key);
}

bool frozen_offer(const struct frozen *frozen, const struct state *state, const struct offer *offer)
{
	if (!frozen || frozen->count == 0)
		return false;
	const struct pair *pair = pair_at(state, offer->pair);
	if ((pair->selling == ASSET_NATIVE || pair->buying == ASSET_NATIVE) &&
	    frozen_account(frozen, state, offer->seller))
		return true;
	return frozen_line(frozen, state, offer->seller, pair->selling) ||
	       frozen_line(frozen, state, offer->seller, pair->buying);
}

bool frozen_bypass(const struct frozen *frozen, const uint8_t hash[32])
{
	for (uint32_t i = 0; i < frozen->bypass_count; i++)
		if (memcmp(frozen->bypass[i].bytes, hash, 32) == 0)
			return true;
	return false;
}
