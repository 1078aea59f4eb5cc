/* stellar/asset.c - "native", "CODE:ISSUER", and the shares of pools. */
#include "sdex/asset.h"

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/failure.h"
#include "sdex/address.h"
#include "sdex/ids.h"
#include "stellar/shape.h"

#define CODE_MAX 12u
#define POOL_FEE SDEX_LIQUIDITY_POOL_FEE_V18

sdex_Asset sdex_asset_native(void)
{
	return (sdex_Asset){.type = SDEX_ASSET_TYPE_NATIVE};
}

static bool is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static enum sdex_error check_code(const char *code, size_t length, struct sdex_failure *why)
{
	struct quote q;
	for (size_t i = 0; i < length; i++)
		if (!is_alphanumeric(code[i]))
			return fail(why, SDEX_ERR_CHARACTER, i,
				    "asset code: expected ASCII letters and digits, found %s",
				    bytes_quote(&q, code + i, 1));
	if (!length || length > CODE_MAX)
		return fail(why, SDEX_ERR_LENGTH, length,
			    "asset code: expected 1 to 12 characters, found %zu", length);
	return SDEX_OK;
}

enum sdex_error sdex_asset_make(sdex_Asset *asset, struct sdex_arena *arena, const char *code,
				size_t length, const sdex_AccountID *issuer,
				struct sdex_failure *why)
{
	enum sdex_error error = check_code(code, length, why);
	if (error)
		return error;
	if (length <= 4) {
		sdex_Asset made = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4,
				   .alphaNum4.issuer = *issuer};
		memcpy(made.alphaNum4.assetCode.bytes, code, length);
		*asset = made;
		return SDEX_OK;
	}
	sdex_AlphaNum12 *long_code = sdex_arena_alloc(arena, sizeof *long_code);
	if (!long_code)
		return arena_full(why);
	*long_code = (sdex_AlphaNum12){.issuer = *issuer};
	memcpy(long_code->assetCode.bytes, code, length);
	*asset = (sdex_Asset){.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12, .alphaNum12 = long_code};
	return SDEX_OK;
}

static bool is_text(const char *text, size_t length, const char *wanted)
{
	return length == strlen(wanted) && memcmp(text, wanted, length) == 0;
}

enum sdex_error sdex_asset_parse(sdex_Asset *asset, struct sdex_arena *arena, const char *text,
				 size_t length, bool xlm_too, struct sdex_failure *why)
{
	struct quote q;
	if (is_text(text, length, "native") || (xlm_too && is_text(text, length, "XLM"))) {
		*asset = sdex_asset_native();
		return SDEX_OK;
	}
	const char *colon = length ? memchr(text, ':', length) : NULL;
	if (!colon)
		return fail(why, SDEX_ERR_SYNTAX, 0,
			    "expected an asset as %s or CODE:ISSUER, found %s",
			    xlm_too ? "XLM, native" : "native", bytes_quote(&q, text, length));
	size_t code = (size_t)(colon - text);
	sdex_AccountID issuer;
	enum sdex_error error = check_code(text, code, why);
	if (error)
		return error;
	error = sdex_account_parse(&issuer, colon + 1, length - code - 1, why);
	if (error && why)
		why->where += code + 1;
	return error ? error : sdex_asset_make(asset, arena, text, code, &issuer, why);
}

enum sdex_error sdex_asset_print(char *text, size_t room, size_t *length, const sdex_Asset *asset)
{
	const uint8_t *code;
	const sdex_AccountID *issuer;
	size_t size;
	if (!asset_valid(asset))
		return SDEX_ERR_INVALID;
	if (asset->type == SDEX_ASSET_TYPE_NATIVE) {
		if (room <= 6)
			return SDEX_ERR_SPACE;
		memcpy(text, "native", 7);
		put_length(length, 6);
		return SDEX_OK;
	}
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
		code = asset->alphaNum4.assetCode.bytes;
		issuer = &asset->alphaNum4.issuer;
		size = strnlen((const char *)code, 4);
	} else {
		code = asset->alphaNum12->assetCode.bytes;
		issuer = &asset->alphaNum12->issuer;
		size = strnlen((const char *)code, 12);
	}
	if (room <= size + 1 + SDEX_STRKEY_LENGTH)
		return SDEX_ERR_SPACE;
	memcpy(text, code, size);
	text[size] = ':';
	put_length(length, size + 1 + sdex_account_print(text + size + 1, issuer));
	return SDEX_OK;
}

bool sdex_asset_valid(const sdex_Asset *asset)
{
	return asset_valid(asset);
}

int sdex_asset_compare(const sdex_Asset *a, const sdex_Asset *b)
{
	return asset_compare(a, b);
}

/* All but pool shares look the same in the three unions of assets. */
static sdex_TrustLineAsset line_of(const sdex_Asset *asset)
{
	sdex_TrustLineAsset line = {.type = asset->type};
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		line.alphaNum4 = asset->alphaNum4;
	else if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		line.alphaNum12 = asset->alphaNum12;
	return line;
}

enum sdex_error sdex_trustline_asset_parse(sdex_TrustLineAsset *asset, struct sdex_arena *arena,
					   const char *text, size_t length, bool xlm_too,
					   struct sdex_failure *why)
{
	sdex_Asset plain;
	sdex_PoolID pool;
	if (length < SDEX_STRKEY_LENGTH || memchr(text, ':', length)) {
		enum sdex_error error = sdex_asset_parse(&plain, arena, text, length, xlm_too, why);
		if (!error)
			*asset = line_of(&plain);
		return error;
	}
	enum sdex_error error = sdex_pool_id_parse(&pool, text, length, why);
	if (!error)
		*asset = (sdex_TrustLineAsset){.type = SDEX_ASSET_TYPE_POOL_SHARE,
					       .liquidityPoolID = pool};
	return error;
}

enum sdex_error sdex_trustline_asset_print(char *text, size_t room, size_t *length,
					   const sdex_TrustLineAsset *asset)
{
	sdex_Asset plain = {.type = asset->type};
	if (asset->type == SDEX_ASSET_TYPE_POOL_SHARE)
		return sdex_strkey_encode_key(text, room, length, SDEX_STRKEY_LIQUIDITY_POOL,
					      asset->liquidityPoolID.bytes);
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		plain.alphaNum4 = asset->alphaNum4;
	else if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		plain.alphaNum12 = asset->alphaNum12;
	return sdex_asset_print(text, room, length, &plain);
}

enum sdex_error sdex_trustline_asset_of(sdex_TrustLineAsset *asset,
					const sdex_ChangeTrustAsset *line)
{
	sdex_Asset plain = {.type = line->type};
	if (line->type == SDEX_ASSET_TYPE_POOL_SHARE) {
		const sdex_LiquidityPoolConstantProductParameters *pool =
			line->liquidityPool.constantProduct;
		sdex_TrustLineAsset made = {.type = SDEX_ASSET_TYPE_POOL_SHARE};
		if (line->liquidityPool.type != SDEX_LIQUIDITY_POOL_CONSTANT_PRODUCT || !pool ||
		    !asset_valid(&pool->assetA) || !asset_valid(&pool->assetB) ||
		    pool->fee != POOL_FEE || asset_compare(&pool->assetA, &pool->assetB) >= 0)
			return SDEX_ERR_INVALID;
		enum sdex_error error =
			sdex_pool_id(&made.liquidityPoolID, &pool->assetA, &pool->assetB);
		if (!error)
			*asset = made;
		return error;
	}
	if (line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		plain.alphaNum4 = line->alphaNum4;
	else if (line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		plain.alphaNum12 = line->alphaNum12;
	if (!asset_valid(&plain))
		return SDEX_ERR_INVALID;
	*asset = line_of(&plain);
	return SDEX_OK;
}
