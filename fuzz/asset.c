/* fuzz/asset.c - assets, addresses and ids as text: what is read prints as text that is
 * read as the same value. */
#include <string.h>

#include "base/check.h"
#include "sdex/address.h"
#include "sdex/asset.h"
#include "sdex/ids.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_asset(struct sdex_arena *arena, const char *text, size_t length)
{
	sdex_Asset asset, back;
	struct sdex_failure why = {0};
	char again[SDEX_ASSET_ROOM];
	size_t again_length;
	enum sdex_error error = sdex_asset_parse(&asset, arena, text, length, false, &why);
	if (error) {
		CHECK(why.code == error && why.where <= length);
		return;
	}
	CHECK(sdex_asset_valid(&asset));
	CHECK(sdex_asset_print(again, sizeof again, &again_length, &asset) == SDEX_OK);
	CHECK(again_length == length && memcmp(again, text, length) == 0);
	CHECK(sdex_asset_parse(&back, arena, again, again_length, true, NULL) == SDEX_OK);
	CHECK(sdex_asset_compare(&asset, &back) == 0 && sdex_Asset_equal(&asset, &back));
}

static void check_trustline(struct sdex_arena *arena, const char *text, size_t length)
{
	sdex_TrustLineAsset asset, back;
	char again[SDEX_ASSET_ROOM];
	size_t again_length;
	if (sdex_trustline_asset_parse(&asset, arena, text, length, true, NULL))
		return;
	CHECK(sdex_trustline_asset_print(again, sizeof again, &again_length, &asset) == SDEX_OK);
	CHECK(sdex_trustline_asset_parse(&back, arena, again, again_length, false, NULL) ==
	      SDEX_OK);
	CHECK(sdex_TrustLineAsset_equal(&asset, &back));
}

static void check_addresses(struct sdex_arena *arena, const char *text, size_t length)
{
	sdex_MuxedAccount muxed;
	sdex_SignerKey signer;
	sdex_SCAddress address;
	char again[SDEX_STRKEY_ROOM];
	size_t again_length = 0;
	if (!sdex_muxed_parse(&muxed, text, length, NULL)) {
		CHECK(sdex_muxed_print(again, sizeof again, &again_length, &muxed) == SDEX_OK);
		CHECK(again_length == length && memcmp(again, text, length) == 0);
	}
	if (!sdex_signer_parse(&signer, arena, text, length, NULL)) {
		CHECK(sdex_signer_print(again, sizeof again, &again_length, &signer) == SDEX_OK);
		CHECK(again_length == length && memcmp(again, text, length) == 0);
	}
	if (!sdex_address_parse(&address, text, length, NULL)) {
		CHECK(sdex_address_print(again, sizeof again, &again_length, &address) == SDEX_OK);
		CHECK(again_length == length && memcmp(again, text, length) == 0);
	}
}

/* One account, muxed or not, and one text for each kind of id. */
static void check_ids(const char *text, size_t length)
{
	sdex_AccountID account;
	sdex_MuxedAccount muxed;
	sdex_PoolID pool, pool_back;
	sdex_Hash hash;
	sdex_ContractID contract;
	char again[SDEX_HASH_ROOM];
	if (!sdex_account_parse(&account, text, length, NULL)) {
		CHECK(sdex_muxed_parse(&muxed, text, length, NULL) == SDEX_OK);
		CHECK(muxed.type == SDEX_KEY_TYPE_ED25519);
		CHECK(memcmp(&muxed.ed25519, &account.ed25519, 32) == 0);
	}
	if (!sdex_pool_id_parse(&pool, text, length, NULL)) {
		size_t size = length == 64 ? sdex_pool_id_print_hex(again, &pool)
					   : sdex_pool_id_print(again, &pool);
		CHECK(size == length);
		CHECK(sdex_pool_id_parse(&pool_back, again, size, NULL) == SDEX_OK);
		CHECK(memcmp(&pool, &pool_back, sizeof pool) == 0);
	}
	if (!sdex_hash_parse(&hash, text, length, NULL)) {
		CHECK(sdex_hash_print(again, &hash) == length && length == 64);
		for (size_t i = 0; i < length; i++)
			CHECK((again[i] | 0x20) == (text[i] | 0x20));
	}
	if (!sdex_contract_id_parse(&contract, text, length, NULL)) {
		CHECK(sdex_contract_id_print(again, &contract) == length);
		CHECK(memcmp(again, text, length) == 0);
	}
}

static void check_balance(const char *text, size_t length)
{
	sdex_ClaimableBalanceID id, back;
	char again[SDEX_BALANCE_ID_ROOM], hex[SDEX_BALANCE_ID_HEX_ROOM];
	if (sdex_balance_id_parse(&id, text, length, NULL))
		return;
	sdex_balance_id_print(again, &id);
	sdex_balance_id_print_hex(hex, &id);
	CHECK(sdex_balance_id_parse(&back, again, strlen(again), NULL) == SDEX_OK);
	CHECK(sdex_ClaimableBalanceID_equal(&id, &back));
	CHECK(sdex_balance_id_parse(&back, hex, strlen(hex), NULL) == SDEX_OK);
	CHECK(sdex_ClaimableBalanceID_equal(&id, &back));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct sdex_arena *arena = sdex_arena_new(1 << 16);
	CHECK(arena);
	check_asset(arena, text, size);
	check_trustline(arena, text, size);
	check_addresses(arena, text, size);
	check_balance(text, size);
	check_ids(text, size);
	sdex_arena_free(arena);
	return 0;
}
