/* stellar/shape.c - what codes, names and assets have to look like. */
#include "stellar/shape.h"

#include <string.h>

static bool is_alphanumeric(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool code_valid(const uint8_t *code, size_t size, size_t least)
{
	size_t n = 0;
	while (n < size && is_alphanumeric(code[n]))
		n++;
	for (size_t i = n; i < size; i++)
		if (code[i])
			return false;
	return n >= least;
}

static bool code4_valid(const sdex_AssetCode4 *code)
{
	return code_valid(code->bytes, sizeof code->bytes, 1);
}

static bool code12_valid(const sdex_AssetCode12 *code)
{
	return code_valid(code->bytes, sizeof code->bytes, 5);
}

bool asset_valid(const sdex_Asset *asset)
{
	switch (asset->type) {
	case SDEX_ASSET_TYPE_NATIVE:
		return true;
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM4:
		return code4_valid(&asset->alphaNum4.assetCode);
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM12:
		return asset->alphaNum12 && code12_valid(&asset->alphaNum12->assetCode);
	case SDEX_ASSET_TYPE_POOL_SHARE:
		break;
	}
	return false;
}

bool asset_code_valid(const sdex_AssetCode *code)
{
	switch (code->type) {
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM4:
		return code4_valid(&code->assetCode4);
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM12:
		return code12_valid(&code->assetCode12);
	case SDEX_ASSET_TYPE_NATIVE:
	case SDEX_ASSET_TYPE_POOL_SHARE:
		break;
	}
	return false;
}

bool trustline_asset_valid(const sdex_TrustLineAsset *asset)
{
	switch (asset->type) {
	case SDEX_ASSET_TYPE_NATIVE:
	case SDEX_ASSET_TYPE_POOL_SHARE:
		return true;
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM4:
		return code4_valid(&asset->alphaNum4.assetCode);
	case SDEX_ASSET_TYPE_CREDIT_ALPHANUM12:
		return asset->alphaNum12 && code12_valid(&asset->alphaNum12->assetCode);
	}
	return false;
}

bool account_same(const sdex_AccountID *a, const sdex_AccountID *b)
{
	return memcmp(a->ed25519.bytes, b->ed25519.bytes, sizeof a->ed25519.bytes) == 0;
}

bool asset_issued_by(const sdex_Asset *asset, const sdex_AccountID *account)
{
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		return account_same(&asset->alphaNum4.issuer, account);
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		return account_same(&asset->alphaNum12->issuer, account);
	return false;
}

bool trustline_asset_issued_by(const sdex_TrustLineAsset *asset, const sdex_AccountID *account)
{
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		return account_same(&asset->alphaNum4.issuer, account);
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		return account_same(&asset->alphaNum12->issuer, account);
	return false;
}

int asset_compare(const sdex_Asset *a, const sdex_Asset *b)
{
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	int order = 0;
	if (a->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
		order = memcmp(&a->alphaNum4.assetCode, &b->alphaNum4.assetCode, 4);
		return order ? order
			     : memcmp(&a->alphaNum4.issuer.ed25519, &b->alphaNum4.issuer.ed25519,
				      32);
	}
	if (a->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12) {
		order = memcmp(&a->alphaNum12->assetCode, &b->alphaNum12->assetCode, 12);
		return order ? order
			     : memcmp(&a->alphaNum12->issuer.ed25519,
				      &b->alphaNum12->issuer.ed25519, 32);
	}
	return 0;
}

bool text_printable(struct sdex_bytes text)
{
	for (uint32_t i = 0; i < text.size; i++)
		if (text.data[i] < 0x20 || text.data[i] > 0x7e)
			return false;
	return true;
}

const char *asset_words(struct quote *quote, const sdex_Asset *asset)
{
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		return bytes_quote(quote, &asset->alphaNum4.assetCode, 4);
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		return bytes_quote(quote, &asset->alphaNum12->assetCode, 12);
	if (asset->type == SDEX_ASSET_TYPE_NATIVE)
		return "XLM";
	return asset->type == SDEX_ASSET_TYPE_POOL_SHARE ? "pool shares" : "no type of asset";
}

static int compare_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

int address_compare(const sdex_SCAddress *a, const sdex_SCAddress *b)
{
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	switch (a->type) {
	case SDEX_SC_ADDRESS_TYPE_ACCOUNT:
		return compare_bytes(&a->accountId.ed25519, &b->accountId.ed25519);
	case SDEX_SC_ADDRESS_TYPE_CONTRACT:
		return compare_bytes(&a->contractId, &b->contractId);
	case SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT:
		if (a->muxedAccount.id != b->muxedAccount.id)
			return a->muxedAccount.id < b->muxedAccount.id ? -1 : 1;
		return compare_bytes(&a->muxedAccount.ed25519, &b->muxedAccount.ed25519);
	case SDEX_SC_ADDRESS_TYPE_CLAIMABLE_BALANCE:
		return compare_bytes(&a->claimableBalanceId.v0, &b->claimableBalanceId.v0);
	case SDEX_SC_ADDRESS_TYPE_LIQUIDITY_POOL:
		return compare_bytes(&a->liquidityPoolId, &b->liquidityPoolId);
	}
	return 0;
}

bool symbol_valid(struct sdex_bytes symbol)
{
	for (uint32_t i = 0; i < symbol.size; i++)
		if (!is_alphanumeric(symbol.data[i]) && symbol.data[i] != '_')
			return false;
	return symbol.size <= SDEX_SCSYMBOL_LIMIT;
}

bool key_has_ttl(const sdex_LedgerKey *key)
{
	return key->type == SDEX_CONTRACT_DATA || key->type == SDEX_CONTRACT_CODE;
}

bool key_is_persistent(const sdex_LedgerKey *key)
{
	if (key->type == SDEX_CONTRACT_DATA)
		return key->contractData->durability == SDEX_PERSISTENT;
	return key->type == SDEX_CONTRACT_CODE;
}
