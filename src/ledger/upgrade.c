/* ledger/upgrade.c - see upgrade.h. */
#include "ledger/upgrade.h"

#include "base/failure.h"
#include "sdex/transaction.h"

#define VERSION_CONTRACTS 20u
#define VERSION_BURN_UNDONE 24u
#define BURN_UNDONE 31879035 /* stroops that protocol 23 burnt on the public network */

enum sdex_error upgrade_encode(sdex_UpgradeType *out, const sdex_LedgerUpgrade *upgrade,
			       struct sdex_arena *arena)
{
	size_t size = 0;
	enum sdex_error error = sdex_xdr_size(SDEX_TYPE_LedgerUpgrade, &size, upgrade, NULL);
	uint8_t *bytes = error ? NULL : sdex_arena_alloc(arena, size);
	if (!bytes)
		return error ? error : SDEX_ERR_NOMEM;
	error = sdex_LedgerUpgrade_encode(bytes, size, &size, upgrade, NULL);
	if (!error)
		*out = (sdex_UpgradeType){bytes, (uint32_t)size};
	return error;
}

bool upgrade_valid(const struct state *state, const sdex_LedgerUpgrade *upgrade)
{
	static const uint32_t flags = SDEX_DISABLE_LIQUIDITY_POOL_TRADING_FLAG |
				      SDEX_DISABLE_LIQUIDITY_POOL_DEPOSIT_FLAG |
				      SDEX_DISABLE_LIQUIDITY_POOL_WITHDRAWAL_FLAG;
	uint32_t version = state->header.version;
	switch (upgrade->type) {
	case SDEX_LEDGER_UPGRADE_VERSION:
		return upgrade->newLedgerVersion > version &&
		       upgrade->newLedgerVersion <= VERSION_NEWEST;
	case SDEX_LEDGER_UPGRADE_BASE_FEE:
		return upgrade->newBaseFee != 0;
	case SDEX_LEDGER_UPGRADE_MAX_TX_SET_SIZE:
		return true;
	case SDEX_LEDGER_UPGRADE_BASE_RESERVE:
		return upgrade->newBaseReserve != 0;
	case SDEX_LEDGER_UPGRADE_FLAGS:
		return (upgrade->newFlags & ~flags) == 0;
	case SDEX_LEDGER_UPGRADE_CONFIG:
	case SDEX_LEDGER_UPGRADE_MAX_SOROBAN_TX_SET_SIZE:
		return version >= VERSION_CONTRACTS;
	}
	return false;
}

static bool is_public(const struct ledger *ledger)
{
	uint8_t id[32];
	sdex_sha256(id, SDEX_PASSPHRASE_PUBLIC, strlen(SDEX_PASSPHRASE_PUBLIC));
	return memcmp(ledger->network_id, id, 32) == 0;
}

static bool apply(struct ledger *ledger, const sdex_LedgerUpgrade *upgrade)
{
	struct state *state = ledger->state;
	struct header *header = &state->header;
	bool rises;
	state_touch_header(state);
	switch (upgrade->type) {
	case SDEX_LEDGER_UPGRADE_VERSION:
		if (header->version == VERSION_BURN_UNDONE - 1 &&
		    upgrade->newLedgerVersion == VERSION_BURN_UNDONE && is_public(ledger))
			header->fee_pool += BURN_UNDONE;
		header->version = upgrade->newLedgerVersion;
		return true;
	case SDEX_LEDGER_UPGRADE_BASE_FEE:
		header->base_fee = upgrade->newBaseFee;
		return true;
	case SDEX_LEDGER_UPGRADE_MAX_TX_SET_SIZE:
		header->max_tx_set_size = upgrade->newMaxTxSetSize;
		return true;
	case SDEX_LEDGER_UPGRADE_BASE_RESERVE:
		rises = upgrade->newBaseReserve > header->base_reserve;
		header->base_reserve = upgrade->newBaseReserve;
		return !rises || upgrade_offers(state);
	case SDEX_LEDGER_UPGRADE_FLAGS:
		header->flags = upgrade->newFlags;
		header->extended = true;
		return true;
	case SDEX_LEDGER_UPGRADE_CONFIG:
	case SDEX_LEDGER_UPGRADE_MAX_SOROBAN_TX_SET_SIZE:
		break;
	}
	return false;
}

static bool of_contracts(const sdex_LedgerUpgrade *upgrade)
{
	return upgrade->type == SDEX_LEDGER_UPGRADE_CONFIG ||
	       upgrade->type == SDEX_LEDGER_UPGRADE_MAX_SOROBAN_TX_SET_SIZE;
}

enum sdex_error upgrades_apply(sdex_UpgradeEntryMeta_list *done, struct ledger *ledger,
			       const sdex_UpgradeType_list *upgrades, struct sdex_failure *why)
{
	struct state *state = ledger->state;
	struct sdex_arena *arena = ledger->arena;
	*done = (sdex_UpgradeEntryMeta_list){
		.items = sdex_arena_alloc(arena, (upgrades->count + 1) * sizeof(*done->items))};
	if (!done->items)
		return SDEX_ERR_NOMEM;
	for (uint32_t i = 0; i < upgrades->count; i++) {
		sdex_LedgerUpgrade *upgrade = NULL;
		sdex_UpgradeEntryMeta *meta = &done->items[done->count];
		enum sdex_error error = sdex_LedgerUpgrade_decode(
			&upgrade, arena, upgrades->items[i].data, upgrades->items[i].size, NULL);
		if (error == SDEX_ERR_NOMEM)
			return error;
		if (error || !upgrade_valid(state, upgrade))
			continue;
		if (of_contracts(upgrade))
			return fail(why, SDEX_ERR_UNSUPPORTED, i,
				    "upgrade %u is of contracts' settings, which are not "
				    "understood here",
				    i);
		state_begin(state);
		*meta = (sdex_UpgradeEntryMeta){.upgrade = *upgrade};
		bool good = apply(ledger, upgrade);
		if (good && ledger->want_meta && !meta_changes(&meta->changes, state, arena))
			state->lost = true;
		if (good)
			state_commit(state);
		else
			state_rollback(state);
		state->fault = NULL;
		if (state->lost)
			return SDEX_ERR_NOMEM;
		done->count += good;
	}
	return SDEX_OK;
}
