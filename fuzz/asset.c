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
	sdex_arena_free(arena);
	return 0;
}
