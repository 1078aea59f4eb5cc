/* stellar/test_asset.c - valid assets and texts are one to one; pools are told apart. */
#include "base/testing.h"

#include "sdex/address.h"
#include "sdex/asset.h"
#include "sdex/ids.h"

static const char issuer[] = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";

static enum sdex_error parse(sdex_Asset *asset, struct sdex_arena *arena, const char *text,
			     struct sdex_failure *why)
{
	return sdex_asset_parse(asset, arena, text, strlen(text), false, why);
}

static void codes_of_all_lengths_come_back(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	for (size_t n = 1; n <= 12; n++) {
		char text[SDEX_ASSET_ROOM], again[SDEX_ASSET_ROOM];
		size_t length;
		sdex_Asset asset;
		uint8_t xdr[64];
		size_t size;
		snprintf(text, sizeof text, "%.*s:%s", (int)n, "aZ09bY18cX27", issuer);
		assert_int_equal(parse(&asset, arena, text, NULL), SDEX_OK);
		assert_int_equal(asset.type, n <= 4 ? SDEX_ASSET_TYPE_CREDIT_ALPHANUM4
						    : SDEX_ASSET_TYPE_CREDIT_ALPHANUM12);
		assert_true(sdex_asset_valid(&asset));
		assert_int_equal(sdex_Asset_encode(xdr, sizeof xdr, &size, &asset, NULL), SDEX_OK);
		assert_int_equal(size, n <= 4 ? 44 : 52);
		assert_int_equal(sdex_asset_print(again, strlen(text) + 1, &length, &asset),
				 SDEX_OK);
		assert_int_equal(length, strlen(text));
		assert_string_equal(again, text);
		assert_int_equal(sdex_asset_print(again, length, &length, &asset), SDEX_ERR_SPACE);
	}
	sdex_arena_free(arena);
}

static void native_is_one_word(void **state)
{
	(void)state;
	sdex_Asset asset = {.type = SDEX_ASSET_TYPE_POOL_SHARE};
	char text[SDEX_ASSET_ROOM];
	size_t length;
	assert_int_equal(parse(&asset, NULL, "native", NULL), SDEX_OK);
	assert_int_equal(asset.type, SDEX_ASSET_TYPE_NATIVE);
	assert_int_equal(sdex_asset_print(text, 7, &length, &asset), SDEX_OK);
	assert_string_equal(text, "native");
	assert_int_equal(length, 6);
	assert_int_equal(sdex_asset_print(text, 6, &length, &asset), SDEX_ERR_SPACE);
	assert_int_equal(parse(&asset, NULL, "XLM", NULL), SDEX_ERR_SYNTAX);
	assert_int_equal(sdex_asset_parse(&asset, NULL, "XLM", 3, true, NULL), SDEX_OK);
	assert_int_equal(asset.type, SDEX_ASSET_TYPE_NATIVE);
	assert_true(sdex_asset_native().type == SDEX_ASSET_TYPE_NATIVE);
	/* Anybody can issue an asset of that code: it is not lumens. */
	snprintf(text, sizeof text, "XLM:%s", issuer);
	assert_int_equal(sdex_asset_parse(&asset, NULL, text, strlen(text), true, NULL), SDEX_OK);
	assert_int_equal(asset.type, SDEX_ASSET_TYPE_CREDIT_ALPHANUM4);
}

static void other_text_is_refused_with_a_position(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum sdex_error code;
		uint64_t where;
	} bad[] = {
		{"", SDEX_ERR_SYNTAX, 0},
		{"Native", SDEX_ERR_SYNTAX, 0},
		{"USD", SDEX_ERR_SYNTAX, 0},
		{"native:", SDEX_ERR_LENGTH, 7},
		{":", SDEX_ERR_LENGTH, 0},
		{"USD:", SDEX_ERR_LENGTH, 4},
		{"U D:", SDEX_ERR_CHARACTER, 1},
		{"US\xc3\x89:", SDEX_ERR_CHARACTER, 2},
		{"ABCDEFGHIJKLM:", SDEX_ERR_LENGTH, 13},
		{"USD:usd", SDEX_ERR_SYNTAX, 4},
		{"USD:GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSG1", SDEX_ERR_CHARACTER,
		 59},
		{"USD:GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGA", SDEX_ERR_CHECKSUM,
		 4},
		{"USD:CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA", SDEX_ERR_KIND, 4},
		{"USD:GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ ", SDEX_ERR_LENGTH,
		 61},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct sdex_failure why;
		sdex_Asset asset = {.type = SDEX_ASSET_TYPE_POOL_SHARE};
		assert_int_equal(parse(&asset, NULL, bad[i].text, &why), bad[i].code);
		assert_int_equal(why.where, bad[i].where);
		assert_int_equal(asset.type, SDEX_ASSET_TYPE_POOL_SHARE);
		assert_int_equal(parse(&asset, NULL, bad[i].text, NULL), bad[i].code);
	}
	/* A zero byte is no end: it is a character that codes do not have. */
	sdex_Asset asset;
	assert_int_equal(sdex_asset_parse(&asset, NULL, "US\0:", 4, false, NULL),
			 SDEX_ERR_CHARACTER);
	struct sdex_arena *arena = sdex_arena_new(1);
	char text[SDEX_ASSET_ROOM];
	snprintf(text, sizeof text, "MOBIUS:%s", issuer);
	assert_int_equal(parse(&asset, arena, text, NULL), SDEX_ERR_NOMEM);
	sdex_arena_free(arena);
}

/* All codes of four bytes out of some: valid ones print and read back as the same
 * XDR, others have no text. */
static void exactly_the_valid_have_text(void **state)
{
	(void)state;
	static const uint8_t some[] = {0, 'A', 'z', '9', ' ', ':', 0x80};
	sdex_AccountID account;
	size_t valid = 0;
	assert_int_equal(sdex_account_parse(&account, issuer, 56, NULL), SDEX_OK);
	for (size_t i = 0; i < 7 * 7 * 7 * 7; i++) {
		sdex_Asset asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4,
				    .alphaNum4.issuer = account};
		sdex_Asset back;
		uint8_t *code = asset.alphaNum4.assetCode.bytes;
		char text[SDEX_ASSET_ROOM];
		size_t length;
		code[0] = some[i % 7];
		code[1] = some[i / 7 % 7];
		code[2] = some[i / 49 % 7];
		code[3] = some[i / 343];
		enum sdex_error error = sdex_asset_print(text, sizeof text, &length, &asset);
		assert_int_equal(error, sdex_asset_valid(&asset) ? SDEX_OK : SDEX_ERR_INVALID);
		if (error)
			continue;
		valid++;
		assert_int_equal(parse(&back, NULL, text, NULL), SDEX_OK);
		assert_true(sdex_Asset_equal(&asset, &back));
	}
	assert_int_equal(valid, 3 + 9 + 27 + 81);
	/* Short codes in the long form, no code, and what is no asset. */
	sdex_AlphaNum12 twelve = {.assetCode.bytes = "ABCD", .issuer = account};
	sdex_Asset asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12, .alphaNum12 = &twelve};
	char text[SDEX_ASSET_ROOM];
	size_t length;
	assert_int_equal(sdex_asset_print(text, sizeof text, &length, &asset), SDEX_ERR_INVALID);
	twelve.assetCode.bytes[4] = 'E';
	assert_int_equal(sdex_asset_print(text, sizeof text, &length, &asset), SDEX_OK);
	asset.type = SDEX_ASSET_TYPE_POOL_SHARE;
	assert_int_equal(sdex_asset_print(text, sizeof text, &length, &asset), SDEX_ERR_INVALID);
	assert_false(sdex_asset_valid(&asset));
}

/* CAP-38: by type, then code, then issuer; issuers compare as bytes, not as text. */
static void assets_have_an_order(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	sdex_Asset sorted[9];
	uint8_t low[32] = {1, 0xff}, high[32] = {0xf0};
	static const char *const codes[] = {"A",    "A",     "AB",    "USD",
					    "ZZZZ", "AAAAA", "AAAAA", "AAAAB"};
	sorted[0] = sdex_asset_native();
	for (size_t i = 0; i < 8; i++) {
		sdex_AccountID account = {0};
		memcpy(account.ed25519.bytes, i == 1 || i == 6 ? high : low, 32);
		assert_int_equal(sdex_asset_make(&sorted[i + 1], arena, codes[i], strlen(codes[i]),
						 &account, NULL),
				 SDEX_OK);
	}
	for (size_t i = 0; i < 9; i++)
		for (size_t k = 0; k < 9; k++) {
			int order = sdex_asset_compare(&sorted[i], &sorted[k]);
			assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
		}
	sdex_arena_free(arena);
}

static void trustlines_are_assets_or_pool_shares(void **state)
{
	(void)state;
	static const char pool[] = "LA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUPJN";
	static const char hex[] =
		"3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a";
	struct sdex_arena *arena = sdex_arena_new(0);
	char text[SDEX_ASSET_ROOM], four[SDEX_ASSET_ROOM], twelve[SDEX_ASSET_ROOM];
	size_t length;
	sdex_TrustLineAsset line;
	snprintf(four, sizeof four, "USD:%s", issuer);
	snprintf(twelve, sizeof twelve, "MOBIUS:%s", issuer);
	const char *const good[] = {"native", four, twelve, pool};
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(sdex_trustline_asset_parse(&line, arena, good[i], strlen(good[i]),
							    false, NULL),
				 SDEX_OK);
		assert_int_equal(line.type, i);
		assert_int_equal(sdex_trustline_asset_print(text, sizeof text, &length, &line),
				 SDEX_OK);
		assert_string_equal(text, good[i]);
	}
	assert_int_equal(sdex_trustline_asset_parse(&line, arena, hex, 64, false, NULL), SDEX_OK);
	assert_int_equal(sdex_trustline_asset_print(text, sizeof text, &length, &line), SDEX_OK);
	assert_string_equal(text, pool);
	assert_int_equal(sdex_trustline_asset_parse(&line, arena, "XLM", 3, true, NULL), SDEX_OK);
	assert_int_equal(line.type, SDEX_ASSET_TYPE_NATIVE);
	assert_int_equal(sdex_trustline_asset_parse(&line, arena, "XLM", 3, false, NULL),
			 SDEX_ERR_SYNTAX);
	assert_int_equal(sdex_trustline_asset_parse(&line, arena, issuer, 56, false, NULL),
			 SDEX_ERR_KIND);
	sdex_arena_free(arena);
}

static void a_line_to_change_is_a_trustline(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	sdex_AccountID account;
	sdex_Asset four, twelve;
	sdex_ChangeTrustAsset line;
	sdex_TrustLineAsset asset;
	char text[SDEX_ASSET_ROOM];
	size_t length;
	assert_int_equal(sdex_account_parse(&account, issuer, 56, NULL), SDEX_OK);
	assert_int_equal(sdex_asset_make(&four, NULL, "USD", 3, &account, NULL), SDEX_OK);
	assert_int_equal(sdex_asset_make(&twelve, arena, "MOBIUS", 6, &account, NULL), SDEX_OK);

	line = (sdex_ChangeTrustAsset){.type = four.type, .alphaNum4 = four.alphaNum4};
	assert_int_equal(sdex_trustline_asset_of(&asset, &line), SDEX_OK);
	assert_int_equal(sdex_trustline_asset_print(text, sizeof text, &length, &asset), SDEX_OK);
	assert_memory_equal(text, "USD:", 4);
	line.alphaNum4.assetCode.bytes[0] = ' ';
	assert_int_equal(sdex_trustline_asset_of(&asset, &line), SDEX_ERR_INVALID);

	line = (sdex_ChangeTrustAsset){.type = twelve.type, .alphaNum12 = twelve.alphaNum12};
	assert_int_equal(sdex_trustline_asset_of(&asset, &line), SDEX_OK);
	assert_int_equal(sdex_trustline_asset_print(text, sizeof text, &length, &asset), SDEX_OK);
	assert_memory_equal(text, "MOBIUS:", 7);

	sdex_LiquidityPoolConstantProductParameters pool = {four, twelve, 30};
	sdex_PoolID id;
	line = (sdex_ChangeTrustAsset){.type = SDEX_ASSET_TYPE_POOL_SHARE};
	line.liquidityPool.constantProduct = &pool;
	assert_int_equal(sdex_trustline_asset_of(&asset, &line), SDEX_OK);
	assert_int_equal(asset.type, SDEX_ASSET_TYPE_POOL_SHARE);
	assert_int_equal(sdex_pool_id(&id, &twelve, &four), SDEX_OK);
	assert_memory_equal(&asset.liquidityPoolID, &id, 32);
	pool.fee = 31;
	assert_int_equal(sdex_trustline_asset_of(&asset, &line), SDEX_ERR_INVALID);
	pool = (sdex_LiquidityPoolConstantProductParameters){twelve, four, 30};
	assert_int_equal(sdex_trustline_asset_of(&asset, &line), SDEX_ERR_INVALID);
	sdex_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_of_all_lengths_come_back),
		cmocka_unit_test(native_is_one_word),
		cmocka_unit_test(other_text_is_refused_with_a_position),
		cmocka_unit_test(exactly_the_valid_have_text),
		cmocka_unit_test(assets_have_an_order),
		cmocka_unit_test(trustlines_are_assets_or_pool_shares),
		cmocka_unit_test(a_line_to_change_is_a_trustline),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
