/* stellar/ids.c - hashes of XDR preimages, and packed places in history. */
#include "sdex/ids.h"

#include <string.h>

#include "base/check.h"
#include "base/failure.h"
#include "stellar/shape.h"
#include "stellar/strkey.h"

/* Enough for the largest preimage, that of a revoked pool share (136 bytes). */
#define PREIMAGE_MAX 256u

static enum sdex_error hash_value(sdex_Hash *hash, enum sdex_type type, const void *value)
{
	uint8_t bytes[PREIMAGE_MAX];
	size_t size;
	enum sdex_error error = sdex_xdr_encode(type, bytes, sizeof bytes, &size, value, NULL);
	if (!error)
		sdex_sha256(hash->bytes, bytes, size);
	return error;
}

enum sdex_error sdex_pool_id(sdex_PoolID *id, const sdex_Asset *a, const sdex_Asset *b)
{
	int order = asset_valid(a) && asset_valid(b) ? asset_compare(a, b) : 0;
	if (!order)
		return SDEX_ERR_INVALID;
	sdex_LiquidityPoolConstantProductParameters pool = {
		.assetA = order < 0 ? *a : *b,
		.assetB = order < 0 ? *b : *a,
		.fee = SDEX_LIQUIDITY_POOL_FEE_V18,
	};
	sdex_LiquidityPoolParameters parameters = {
		.type = SDEX_LIQUIDITY_POOL_CONSTANT_PRODUCT,
		.constantProduct = &pool,
	};
	return hash_value(id, SDEX_TYPE_LiquidityPoolParameters, &parameters);
}

/* Hexadecimal of exactly `size` bytes. */
static enum sdex_error parse_hex(uint8_t *bytes, size_t size, const char *text, size_t length,
				 struct sdex_failure *why)
{
	size_t found;
	CHECK(length == SDEX_HEX_LENGTH(size));
	return sdex_hex_decode(bytes, size, &found, text, length, why);
}

enum sdex_error sdex_pool_id_parse(sdex_PoolID *id, const char *text, size_t length,
				   struct sdex_failure *why)
{
	if (length == SDEX_HEX_LENGTH(32))
		return parse_hex(id->bytes, 32, text, length, why);
	return sdex_strkey_decode_key(id->bytes, SDEX_STRKEY_LIQUIDITY_POOL, text, length, why);
}

size_t sdex_pool_id_print(char text[SDEX_POOL_ID_ROOM], const sdex_PoolID *id)
{
	return strkey_print(text, SDEX_STRKEY_LIQUIDITY_POOL, id->bytes);
}

size_t sdex_pool_id_print_hex(char text[SDEX_HASH_ROOM], const sdex_PoolID *id)
{
	return sdex_hash_print(text, id);
}

enum sdex_error sdex_hash_parse(sdex_Hash *hash, const char *text, size_t length,
				struct sdex_failure *why)
{
	if (length != SDEX_HEX_LENGTH(32))
		return fail(why, SDEX_ERR_LENGTH, length,
			    "hash: expected 64 hexadecimal digits, found %zu characters", length);
	return parse_hex(hash->bytes, 32, text, length, why);
}

size_t sdex_hash_print(char text[SDEX_HASH_ROOM], const sdex_Hash *hash)
{
	size_t length;
	CHECK(sdex_hex_encode(text, SDEX_HASH_ROOM, &length, hash->bytes, 32) == SDEX_OK);
	return length;
}

enum sdex_error sdex_contract_id_parse(sdex_ContractID *id, const char *text, size_t length,
				       struct sdex_failure *why)
{
	return sdex_strkey_decode_key(id->bytes, SDEX_STRKEY_CONTRACT, text, length, why);
}

size_t sdex_contract_id_print(char text[SDEX_CONTRACT_ID_ROOM], const sdex_ContractID *id)
{
	return strkey_print(text, SDEX_STRKEY_CONTRACT, id->bytes);
}

static enum sdex_error contract_id(sdex_ContractID *id, const sdex_Hash *network,
				   const sdex_ContractIDPreimage *preimage)
{
	sdex_HashIDPreimageContractId contract = {.networkID = *network,
						  .contractIDPreimage = *preimage};
	sdex_HashIDPreimage all = {.type = SDEX_ENVELOPE_TYPE_CONTRACT_ID, .contractID = &contract};
	return hash_value(id, SDEX_TYPE_HashIDPreimage, &all);
}

enum sdex_error sdex_asset_contract_id(sdex_ContractID *id, const sdex_Hash *network,
				       const sdex_Asset *asset)
{
	sdex_Asset copy = *asset;
	sdex_ContractIDPreimage preimage = {
		.type = SDEX_CONTRACT_ID_PREIMAGE_FROM_ASSET,
		.fromAsset = &copy,
	};
	if (!asset_valid(asset))
		return SDEX_ERR_INVALID;
	return contract_id(id, network, &preimage);
}

enum sdex_error sdex_deployed_contract_id(sdex_ContractID *id, const sdex_Hash *network,
					  const sdex_SCAddress *deployer, const uint8_t salt[32])
{
	sdex_ContractIDPreimageFromAddress from = {.address = *deployer};
	memcpy(from.salt.bytes, salt, 32);
	sdex_ContractIDPreimage preimage = {
		.type = SDEX_CONTRACT_ID_PREIMAGE_FROM_ADDRESS,
		.fromAddress = &from,
	};
	return contract_id(id, network, &preimage);
}

void sdex_balance_id(sdex_ClaimableBalanceID *id, const sdex_AccountID *source, int64_t sequence,
		     uint32_t operation)
{
	sdex_HashIDPreimageOperationId place = {
		.sourceAccount = {.ed25519 = source->ed25519},
		.seqNum = sequence,
		.opNum = operation,
	};
	sdex_HashIDPreimage all = {.type = SDEX_ENVELOPE_TYPE_OP_ID, .operationID = &place};
	id->type = SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0;
	CHECK(hash_value(&id->v0, SDEX_TYPE_HashIDPreimage, &all) == SDEX_OK);
}

enum sdex_error sdex_balance_id_revoked(sdex_ClaimableBalanceID *id, const sdex_AccountID *source,
					int64_t sequence, uint32_t operation,
					const sdex_PoolID *pool, const sdex_Asset *asset)
{
	sdex_HashIDPreimageRevokeId place = {
		.sourceAccount = {.ed25519 = source->ed25519},
		.seqNum = sequence,
		.opNum = operation,
		.liquidityPoolID = *pool,
		.asset = *asset,
	};
	sdex_HashIDPreimage all = {.type = SDEX_ENVELOPE_TYPE_POOL_REVOKE_OP_ID,
				   .revokeID = &place};
	sdex_ClaimableBalanceID made = {.type = SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0};
	if (!asset_valid(asset))
		return SDEX_ERR_INVALID;
	enum sdex_error error = hash_value(&made.v0, SDEX_TYPE_HashIDPreimage, &all);
	if (!error)
		*id = made;
	return error;
}

enum sdex_error sdex_balance_id_parse(sdex_ClaimableBalanceID *id, const char *text, size_t length,
				      struct sdex_failure *why)
{
	sdex_ClaimableBalanceID made = {.type = SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0};
	enum sdex_error error;
	if (length == SDEX_HEX_LENGTH(36)) {
		uint8_t bytes[36];
		static const uint8_t version[4];
		error = parse_hex(bytes, sizeof bytes, text, length, why);
		if (error)
			return error;
		if (memcmp(bytes, version, sizeof version))
			return fail(why, SDEX_ERR_DISCRIMINANT, 0,
				    "claimable balance: expected version 0 (eight zeros in front)");
		memcpy(made.v0.bytes, bytes + 4, 32);
	} else {
		error = sdex_strkey_decode_key(made.v0.bytes, SDEX_STRKEY_CLAIMABLE_BALANCE, text,
					       length, why);
		if (error)
			return error;
	}
	*id = made;
	return SDEX_OK;
}

size_t sdex_balance_id_print(char text[SDEX_BALANCE_ID_ROOM], const sdex_ClaimableBalanceID *id)
{
	return strkey_print(text, SDEX_STRKEY_CLAIMABLE_BALANCE, id->v0.bytes);
}

size_t sdex_balance_id_print_hex(char text[SDEX_BALANCE_ID_HEX_ROOM],
				 const sdex_ClaimableBalanceID *id)
{
	memcpy(text, "00000000", 8);
	return 8 + sdex_hash_print(text + 8, &id->v0);
}

#define OPERATION_BITS 12
#define TRANSACTION_BITS 20

enum sdex_error sdex_toid_pack(int64_t *id, const struct sdex_toid *place)
{
	if (place->ledger > INT32_MAX || place->transaction >> TRANSACTION_BITS ||
	    place->operation >> OPERATION_BITS)
		return SDEX_ERR_RANGE;
	*id = (int64_t)((uint64_t)place->ledger << 32 |
			(uint64_t)place->transaction << OPERATION_BITS | place->operation);
	return SDEX_OK;
}

enum sdex_error sdex_toid_unpack(struct sdex_toid *place, int64_t id)
{
	if (id < 0)
		return SDEX_ERR_RANGE;
	uint64_t bits = (uint64_t)id;
	place->ledger = (uint32_t)(bits >> 32);
	place->transaction = (uint32_t)(bits >> OPERATION_BITS) & ((1u << TRANSACTION_BITS) - 1);
	place->operation = (uint32_t)bits & ((1u << OPERATION_BITS) - 1);
	return SDEX_OK;
}
