/* stellar/soroban_check.c - the rules of Soroban operations, and of the footprint
 * and resources of their transactions (TransactionFrame::checkSorobanResources). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "stellar/refuse.h"
#include "stellar/shape.h"

#define RESOURCE_FEE_MAX ((int64_t)1 << 50) /* MAX_RESOURCE_FEE, TransactionFrame.cpp */

static enum sdex_error check_preimage(const struct check *c, const sdex_ContractIDPreimage *from)
{
	struct quote quote;
	if (from->type == SDEX_CONTRACT_ID_PREIMAGE_FROM_ASSET && !asset_valid(from->fromAsset))
		return refuse(c, SDEX_RULE_INVOKE_HOST_FUNCTION_ASSET, "%s",
			      asset_words(&quote, from->fromAsset));
	return SDEX_OK;
}

static enum sdex_error check_invocation(const struct check *c, const sdex_InvokeContractArgs *args)
{
	struct quote quote;
	if (args->contractAddress.type != SDEX_SC_ADDRESS_TYPE_CONTRACT)
		return refuse(c, SDEX_RULE_INVOKE_HOST_FUNCTION_CONTRACT, "an address of type %d",
			      (int)args->contractAddress.type);
	if (args->functionName.size == 0 || !symbol_valid(args->functionName))
		return refuse(
			c, SDEX_RULE_INVOKE_HOST_FUNCTION_FUNCTION, "%s",
			bytes_quote(&quote, args->functionName.data, args->functionName.size));
	return SDEX_OK;
}

static enum sdex_error check_delegates(const struct check *c,
				       const sdex_SorobanDelegateSignature_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		const sdex_SorobanDelegateSignature *one = &list->items[i];
		if (i > 0 && address_compare(&one[-1].address, &one->address) >= 0)
			return refuse(c, SDEX_RULE_INVOKE_HOST_FUNCTION_DELEGATES,
				      "number %" PRIu32 " not behind the one before", i);
		enum sdex_error error = check_delegates(c, &one->nestedDelegates);
		if (error)
			return error;
	}
	return SDEX_OK;
}

static enum sdex_error check_credentials(const struct check *c,
					 const sdex_SorobanCredentials *credentials)
{
	switch (credentials->type) {
	case SDEX_SOROBAN_CREDENTIALS_SOURCE_ACCOUNT:
	case SDEX_SOROBAN_CREDENTIALS_ADDRESS:
		return SDEX_OK;
	case SDEX_SOROBAN_CREDENTIALS_ADDRESS_V2:
	case SDEX_SOROBAN_CREDENTIALS_ADDRESS_WITH_DELEGATES:
		break;
	}
	if (c->limits->protocol < 27)
		return refuse(c, SDEX_RULE_INVOKE_HOST_FUNCTION_CREDENTIALS_OLD,
			      "type %d in protocol %" PRIu32, (int)credentials->type,
			      c->limits->protocol);
	if (credentials->type == SDEX_SOROBAN_CREDENTIALS_ADDRESS_WITH_DELEGATES)
		return check_delegates(c, &credentials->addressWithDelegates->delegates);
	return SDEX_OK;
}

static enum sdex_error check_function(const struct check *c, const sdex_HostFunction *function)
{
	uint32_t most = c->limits->max_contract_size;
	switch (function->type) {
	case SDEX_HOST_FUNCTION_TYPE_INVOKE_CONTRACT:
		return check_invocation(c, function->invokeContract);
	case SDEX_HOST_FUNCTION_TYPE_CREATE_CONTRACT:
		return check_preimage(c, &function->createContract->contractIDPreimage);
	case SDEX_HOST_FUNCTION_TYPE_UPLOAD_CONTRACT_WASM:
		if (most && function->wasm.size > most)
			return refuse(c, SDEX_RULE_INVOKE_HOST_FUNCTION_WASM_SIZE,
				      "%" PRIu32 " bytes of %" PRIu32, function->wasm.size, most);
		return SDEX_OK;
	case SDEX_HOST_FUNCTION_TYPE_CREATE_CONTRACT_V2:
		if (c->limits->protocol < 22)
			return refuse(c, SDEX_RULE_INVOKE_HOST_FUNCTION_TYPE_OLD,
				      "CREATE_CONTRACT_V2 in protocol %" PRIu32,
				      c->limits->protocol);
		return check_preimage(c, &function->createContractV2->contractIDPreimage);
	}
	return SDEX_OK;
}

enum sdex_error host_function_check(const struct check *check, const sdex_InvokeHostFunctionOp *op)
{
	enum sdex_error error = check_function(check, &op->hostFunction);
	for (uint32_t i = 0; !error && i < op->auth.count; i++)
		error = check_credentials(check, &op->auth.items[i].credentials);
	return error;
}

enum sdex_error extend_check(const struct check *check, const sdex_ExtendFootprintTTLOp *op)
{
	uint32_t most = check->limits->max_entry_ttl;
	if (most && op->extendTo > most - 1)
		return refuse(check, SDEX_RULE_EXTEND_FOOTPRINT_TTL_TO,
			      "%" PRIu32 " where %" PRIu32 " is the most", op->extendTo, most - 1);
	return SDEX_OK;
}

static enum sdex_error check_extend_footprint(const struct check *c,
					      const sdex_LedgerFootprint *footprint)
{
	if (footprint->readWrite.count)
		return refuse(c, SDEX_RULE_EXTEND_FOOTPRINT_TTL_READ_WRITE, "%" PRIu32,
			      footprint->readWrite.count);
	for (uint32_t i = 0; i < footprint->readOnly.count; i++)
		if (!key_has_ttl(&footprint->readOnly.items[i]))
			return refuse(c, SDEX_RULE_EXTEND_FOOTPRINT_TTL_KEY, "type %d at %" PRIu32,
				      (int)footprint->readOnly.items[i].type, i);
	return SDEX_OK;
}

static enum sdex_error check_restore_footprint(const struct check *c,
					       const sdex_LedgerFootprint *footprint)
{
	if (footprint->readOnly.count)
		return refuse(c, SDEX_RULE_RESTORE_FOOTPRINT_READ_ONLY, "%" PRIu32,
			      footprint->readOnly.count);
	for (uint32_t i = 0; i < footprint->readWrite.count; i++)
		if (!key_is_persistent(&footprint->readWrite.items[i]))
			return refuse(c, SDEX_RULE_RESTORE_FOOTPRINT_KEY, "type %d at %" PRIu32,
				      (int)footprint->readWrite.items[i].type, i);
	return SDEX_OK;
}

static enum sdex_error check_footprint_key(const struct check *c, const sdex_LedgerKey *key)
{
	switch (key->type) {
	case SDEX_ACCOUNT:
	case SDEX_CONTRACT_DATA:
	case SDEX_CONTRACT_CODE:
		break;
	case SDEX_TRUSTLINE:
		if (!trustline_asset_valid(&key->trustLine->asset) ||
		    key->trustLine->asset.type == SDEX_ASSET_TYPE_NATIVE ||
		    trustline_asset_issued_by(&key->trustLine->asset, &key->trustLine->accountID))
			return refuse(c, SDEX_RULE_TX_FOOTPRINT_TRUSTLINE, "another");
		break;
	case SDEX_OFFER:
	case SDEX_DATA:
	case SDEX_CLAIMABLE_BALANCE:
	case SDEX_LIQUIDITY_POOL:
	case SDEX_CONFIG_SETTING:
	case SDEX_TTL:
		return refuse(c, SDEX_RULE_TX_FOOTPRINT_KEY, "type %d", (int)key->type);
	}
	size_t size;
	if (!c->limits->max_key_size)
		return SDEX_OK;
	enum sdex_error error = sdex_xdr_size(SDEX_TYPE_LedgerKey, &size, key, c->why);
	if (!error && size > c->limits->max_key_size)
		return refuse(c, SDEX_RULE_TX_KEY_SIZE, "%zu bytes of %" PRIu32, size,
			      c->limits->max_key_size);
	return error;
}

static enum sdex_error check_keys(const struct check *c, const sdex_LedgerKey_list *keys)
{
	for (uint32_t i = 0; i < keys->count; i++) {
		enum sdex_error error = check_footprint_key(c, &keys->items[i]);
		if (error)
			return error;
	}
	return SDEX_OK;
}

static const sdex_LedgerKey *footprint_at(const sdex_LedgerFootprint *footprint, uint32_t i)
{
	return i < footprint->readOnly.count
		       ? &footprint->readOnly.items[i]
		       : &footprint->readWrite.items[i - footprint->readOnly.count];
}

static enum sdex_error refuse_twice(const struct check *c, uint32_t first, uint32_t again)
{
	return refuse(c, SDEX_RULE_TX_FOOTPRINT_TWICE,
		      "number %" PRIu32 " again as number %" PRIu32, first, again);
}

/* What real footprints have is compared pair by pair; hostile ones of many thousand
 * keys are sorted by hash, so that they cannot buy quadratic time. */
#define PAIRWISE_MAX 64u

struct hashed_key {
	uint8_t hash[32];
	uint32_t index;
};

static int by_hash(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(((struct hashed_key *)0)->hash));
}

static enum sdex_error hash_keys(struct hashed_key *hashed, struct sdex_arena *scratch,
				 const sdex_LedgerFootprint *footprint, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const sdex_LedgerKey *key = footprint_at(footprint, i);
		size_t size;
		enum sdex_error error = sdex_xdr_size(SDEX_TYPE_LedgerKey, &size, key, NULL);
		if (error)
			return error;
		sdex_arena_reset(scratch);
		uint8_t *bytes = sdex_arena_alloc(scratch, size);
		if (!bytes)
			return SDEX_ERR_NOMEM;
		error = sdex_LedgerKey_encode(bytes, size, &size, key, NULL);
		if (error)
			return error;
		struct sha256 sha;
		sha256_start(&sha);
		sha256_add(&sha, bytes, size);
		sha256_finish(&sha, hashed[i].hash);
		hashed[i].index = i;
	}
	return SDEX_OK;
}

static enum sdex_error check_once_by_hash(const struct check *c,
					  const sdex_LedgerFootprint *footprint, uint32_t count)
{
	struct sdex_arena *scratch = sdex_arena_new(0);
	struct hashed_key *hashed = calloc(count, sizeof *hashed);
	enum sdex_error error = SDEX_ERR_NOMEM;
	if (!scratch || !hashed)
		goto out;
	error = hash_keys(hashed, scratch, footprint, count);
	if (error)
		goto out;
	qsort(hashed, count, sizeof *hashed, by_hash);
	for (uint32_t i = 1; i < count && !error; i++)
		if (by_hash(&hashed[i - 1], &hashed[i]) == 0)
			error = refuse_twice(c, hashed[i - 1].index, hashed[i].index);
out:
	free(hashed);
	sdex_arena_free(scratch);
	return error;
}

static enum sdex_error check_once(const struct check *c, const sdex_LedgerFootprint *footprint)
{
	uint32_t count = footprint->readOnly.count + footprint->readWrite.count;
	if (count > PAIRWISE_MAX)
		return check_once_by_hash(c, footprint, count);
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < i; k++)
			if (sdex_LedgerKey_equal(footprint_at(footprint, i),
						 footprint_at(footprint, k)))
				return refuse_twice(c, k, i);
	return SDEX_OK;
}

static uint32_t disk_reads(const struct check *c, const sdex_Operation *op,
			   const sdex_SorobanTransactionData *data)
{
	const sdex_LedgerFootprint *footprint = &data->resources.footprint;
	uint32_t count = footprint->readOnly.count + footprint->readWrite.count;
	if (c->limits->protocol < 23)
		return count;
	if (op->body.type == SDEX_RESTORE_FOOTPRINT)
		return footprint->readWrite.count;
	uint32_t reads = data->ext.v == 1 ? data->ext.resourceExt.archivedSorobanEntries.count : 0;
	for (uint32_t i = 0; i < count; i++)
		reads += !key_has_ttl(footprint_at(footprint, i));
	return reads;
}

static enum sdex_error check_limit(const struct check *c, enum sdex_rule_number rule, int64_t value,
				   int64_t most)
{
	if (most && value > most)
		return refuse(c, rule, "%" PRId64 " of %" PRId64, value, most);
	return SDEX_OK;
}

static enum sdex_error check_resources(const struct check *c, const sdex_Operation *op,
				       const sdex_SorobanTransactionData *data)
{
	const sdex_SorobanResources *used = &data->resources;
	const struct sdex_network_limits *most = c->limits;
	uint32_t reads = used->footprint.readOnly.count, writes = used->footprint.readWrite.count;
	enum sdex_error error = check_limit(c, SDEX_RULE_TX_INSTRUCTIONS, used->instructions,
					    most->tx_max_instructions);
	if (!error)
		error = check_limit(c, SDEX_RULE_TX_READ_BYTES, used->diskReadBytes,
				    most->tx_max_disk_bytes);
	if (!error)
		error = check_limit(c, SDEX_RULE_TX_WRITE_BYTES, used->writeBytes,
				    most->tx_max_write_bytes);
	if (!error && most->protocol >= 23)
		error = check_limit(c, SDEX_RULE_TX_FOOTPRINT_ENTRIES, (int64_t)reads + writes,
				    most->tx_max_footprint);
	if (!error)
		error = check_limit(c, SDEX_RULE_TX_READ_ENTRIES, disk_reads(c, op, data),
				    most->tx_max_disk_reads);
	if (!error)
		error = check_limit(c, SDEX_RULE_TX_WRITE_ENTRIES, writes, most->tx_max_writes);
	return error;
}

static enum sdex_error check_archived(const struct check *c,
				      const sdex_SorobanTransactionData *data)
{
	if (data->ext.v != 1)
		return SDEX_OK;
	if (c->limits->protocol < 23)
		return refuse(c, SDEX_RULE_TX_ARCHIVED_OLD, "v %" PRId32 " in protocol %" PRIu32,
			      data->ext.v, c->limits->protocol);
	const sdex_uint32_list *indexes = &data->ext.resourceExt.archivedSorobanEntries;
	const sdex_LedgerKey_list *keys = &data->resources.footprint.readWrite;
	for (uint32_t i = 0; i < indexes->count; i++) {
		uint32_t index = indexes->items[i];
		if (i > 0 && index <= indexes->items[i - 1])
			return refuse(c, SDEX_RULE_TX_ARCHIVED_ORDER, "%" PRIu32 " behind %" PRIu32,
				      index, indexes->items[i - 1]);
		if (index >= keys->count)
			return refuse(c, SDEX_RULE_TX_ARCHIVED_RANGE, "%" PRIu32 " of %" PRIu32,
				      index, keys->count);
		if (!key_is_persistent(&keys->items[index]))
			return refuse(c, SDEX_RULE_TX_ARCHIVED_KEY, "type %d at %" PRIu32,
				      (int)keys->items[index].type, index);
	}
	return SDEX_OK;
}

enum sdex_error soroban_data_check(const struct check *check, const sdex_Operation *op,
				   const sdex_SorobanTransactionData *data)
{
	const sdex_LedgerFootprint *footprint = &data->resources.footprint;
	if (data->resourceFee < 0 || data->resourceFee > RESOURCE_FEE_MAX)
		return refuse(check, SDEX_RULE_TX_RESOURCE_FEE, "%" PRId64, data->resourceFee);
	enum sdex_error error = check_resources(check, op, data);
	if (!error)
		error = check_keys(check, &footprint->readOnly);
	if (!error)
		error = check_keys(check, &footprint->readWrite);
	if (!error)
		error = check_archived(check, data);
	if (!error)
		error = check_once(check, footprint);
	if (!error && op->body.type == SDEX_EXTEND_FOOTPRINT_TTL)
		error = check_extend_footprint(check, footprint);
	if (!error && op->body.type == SDEX_RESTORE_FOOTPRINT)
		error = check_restore_footprint(check, footprint);
	return error;
}
