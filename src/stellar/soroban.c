/* stellar/soroban.c - host functions, authorisation entries, ledger keys. */
#include "sdex/soroban.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/failure.h"
#include "stellar/shape.h"

#define SIGNERS_MAX 20u
#define DELEGATE_LEVELS 100u

/* Values are borrowed by lists whose items are not const. */
static sdex_SCVal_list borrow_values(const sdex_SCVal *items, uint32_t count)
{
	return (sdex_SCVal_list){(sdex_SCVal *)(uintptr_t)items, count};
}

enum sdex_error sdex_host_function_call(sdex_HostFunction *function, struct sdex_arena *arena,
					const sdex_SCAddress *contract, struct sdex_bytes name,
					const sdex_SCVal *args, uint32_t arg_count)
{
	sdex_InvokeContractArgs *call = sdex_arena_alloc(arena, sizeof *call);
	if (!call)
		return SDEX_ERR_NOMEM;
	*call = (sdex_InvokeContractArgs){.contractAddress = *contract,
					  .functionName = name,
					  .args = borrow_values(args, arg_count)};
	*function = (sdex_HostFunction){.type = SDEX_HOST_FUNCTION_TYPE_INVOKE_CONTRACT,
					.invokeContract = call};
	return SDEX_OK;
}

sdex_HostFunction sdex_host_function_upload(struct sdex_bytes code)
{
	return (sdex_HostFunction){.type = SDEX_HOST_FUNCTION_TYPE_UPLOAD_CONTRACT_WASM,
				   .wasm = code};
}

enum sdex_error sdex_host_function_create(sdex_HostFunction *function, struct sdex_arena *arena,
					  const sdex_SCAddress *deployer, const uint8_t salt[32],
					  const sdex_Hash *wasm_hash, const sdex_SCVal *args,
					  uint32_t arg_count)
{
	sdex_CreateContractArgsV2 *create = sdex_arena_alloc(arena, sizeof *create);
	sdex_ContractIDPreimageFromAddress *from = sdex_arena_alloc(arena, sizeof *from);
	if (!create || !from)
		return SDEX_ERR_NOMEM;
	from->address = *deployer;
	memcpy(from->salt.bytes, salt, 32);
	*create = (sdex_CreateContractArgsV2){
		.contractIDPreimage = {.type = SDEX_CONTRACT_ID_PREIMAGE_FROM_ADDRESS,
				       .fromAddress = from},
		.executable = {.type = SDEX_CONTRACT_EXECUTABLE_WASM, .wasm_hash = *wasm_hash},
		.constructorArgs = borrow_values(args, arg_count),
	};
	*function = (sdex_HostFunction){.type = SDEX_HOST_FUNCTION_TYPE_CREATE_CONTRACT_V2,
					.createContractV2 = create};
	return SDEX_OK;
}

enum sdex_error sdex_host_function_create_asset(sdex_HostFunction *function,
						struct sdex_arena *arena, const sdex_Asset *asset)
{
	sdex_CreateContractArgs *create = sdex_arena_alloc(arena, sizeof *create);
	sdex_Asset *copy = sdex_arena_copy(arena, asset, sizeof *asset);
	if (!create || !copy)
		return SDEX_ERR_NOMEM;
	if (!asset_valid(asset))
		return SDEX_ERR_INVALID;
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12) {
		copy->alphaNum12 =
			sdex_arena_copy(arena, asset->alphaNum12, sizeof *copy->alphaNum12);
		if (!copy->alphaNum12)
			return SDEX_ERR_NOMEM;
	}
	*create = (sdex_CreateContractArgs){
		.contractIDPreimage = {.type = SDEX_CONTRACT_ID_PREIMAGE_FROM_ASSET,
				       .fromAsset = copy},
		.executable = {.type = SDEX_CONTRACT_EXECUTABLE_STELLAR_ASSET},
	};
	*function = (sdex_HostFunction){.type = SDEX_HOST_FUNCTION_TYPE_CREATE_CONTRACT,
					.createContract = create};
	return SDEX_OK;
}

sdex_SCAddress sdex_address_of_account(const sdex_AccountID *account)
{
	return (sdex_SCAddress){.type = SDEX_SC_ADDRESS_TYPE_ACCOUNT, .accountId = *account};
}

sdex_SCAddress sdex_address_of_contract(const sdex_ContractID *contract)
{
	return (sdex_SCAddress){.type = SDEX_SC_ADDRESS_TYPE_CONTRACT, .contractId = *contract};
}

enum sdex_error sdex_auth_entry_make(sdex_SorobanAuthorizationEntry *entry,
				     struct sdex_arena *arena, sdex_SorobanCredentialsType type,
				     const sdex_SCAddress *address, int64_t nonce,
				     uint32_t last_ledger,
				     const sdex_SorobanAuthorizedInvocation *root)
{
	if (type != SDEX_SOROBAN_CREDENTIALS_ADDRESS && type != SDEX_SOROBAN_CREDENTIALS_ADDRESS_V2)
		return SDEX_ERR_KIND;
	sdex_SorobanAddressCredentials *made = sdex_arena_alloc(arena, sizeof *made);
	if (!made)
		return SDEX_ERR_NOMEM;
	*made = (sdex_SorobanAddressCredentials){
		.address = *address,
		.nonce = nonce,
		.signatureExpirationLedger = last_ledger,
		.signature = {.type = SDEX_SCV_VOID},
	};
	*entry = (sdex_SorobanAuthorizationEntry){.credentials = {.type = type, .address = made},
						  .rootInvocation = *root};
	return SDEX_OK;
}

sdex_SorobanAddressCredentials *
sdex_auth_entry_credentials(const sdex_SorobanAuthorizationEntry *entry)
{
	switch (entry->credentials.type) {
	case SDEX_SOROBAN_CREDENTIALS_SOURCE_ACCOUNT:
		break;
	case SDEX_SOROBAN_CREDENTIALS_ADDRESS:
		return entry->credentials.address;
	case SDEX_SOROBAN_CREDENTIALS_ADDRESS_V2:
		return entry->credentials.addressV2;
	case SDEX_SOROBAN_CREDENTIALS_ADDRESS_WITH_DELEGATES:
		return &entry->credentials.addressWithDelegates->addressCredentials;
	}
	return NULL;
}

static enum sdex_error refuse_source(struct sdex_failure *why)
{
	return fail(why, SDEX_ERR_KIND, 0,
		    "credentials: expected an address, found SOURCE_ACCOUNT, which agrees by "
		    "signing the transaction");
}

/* Encodes a preimage, which is measured first: calls may carry arguments of any size. */
static enum sdex_error encode_preimage(struct sdex_bytes *payload, struct sdex_arena *arena,
				       const sdex_HashIDPreimage *preimage,
				       struct sdex_failure *why)
{
	size_t size;
	enum sdex_error error = sdex_xdr_size(SDEX_TYPE_HashIDPreimage, &size, preimage, why);
	if (error)
		return error;
	uint8_t *bytes = sdex_arena_alloc(arena, size);
	if (!bytes)
		return arena_full(why);
	error = sdex_HashIDPreimage_encode(bytes, size, &size, preimage, why);
	if (!error)
		*payload = (struct sdex_bytes){bytes, (uint32_t)size};
	return error;
}

enum sdex_error sdex_auth_entry_payload(struct sdex_bytes *payload, struct sdex_arena *arena,
					const sdex_SorobanAuthorizationEntry *entry,
					const sdex_Hash *network, struct sdex_failure *why)
{
	const sdex_SorobanAddressCredentials *from = sdex_auth_entry_credentials(entry);
	if (!from)
		return refuse_source(why);
	if (entry->credentials.type == SDEX_SOROBAN_CREDENTIALS_ADDRESS) {
		sdex_HashIDPreimageSorobanAuthorization plain = {
			.networkID = *network,
			.nonce = from->nonce,
			.signatureExpirationLedger = from->signatureExpirationLedger,
			.invocation = entry->rootInvocation,
		};
		const sdex_HashIDPreimage preimage = {
			.type = SDEX_ENVELOPE_TYPE_SOROBAN_AUTHORIZATION,
			.sorobanAuthorization = &plain};
		return encode_preimage(payload, arena, &preimage, why);
	}
	sdex_HashIDPreimageSorobanAuthorizationWithAddress bound = {
		.networkID = *network,
		.nonce = from->nonce,
		.signatureExpirationLedger = from->signatureExpirationLedger,
		.address = from->address,
		.invocation = entry->rootInvocation,
	};
	const sdex_HashIDPreimage preimage = {
		.type = SDEX_ENVELOPE_TYPE_SOROBAN_AUTHORIZATION_WITH_ADDRESS,
		.sorobanAuthorizationWithAddress = &bound};
	return encode_preimage(payload, arena, &preimage, why);
}

enum sdex_error sdex_auth_entry_hash(sdex_Hash *hash, struct sdex_arena *scratch,
				     const sdex_SorobanAuthorizationEntry *entry,
				     const sdex_Hash *network, struct sdex_failure *why)
{
	struct sdex_bytes payload = {0};
	enum sdex_error error = sdex_auth_entry_payload(&payload, scratch, entry, network, why);
	if (!error)
		sdex_sha256(hash->bytes, payload.data, payload.size);
	return error;
}

/* The keys in ascending order of their public halves, each once. */
static enum sdex_error sort_keys(const struct sdex_secret *sorted[SIGNERS_MAX],
				 const struct sdex_secret *const *keys, uint32_t count,
				 struct sdex_failure *why)
{
	if (count == 0 || count > SIGNERS_MAX)
		return fail(why, SDEX_ERR_LENGTH, 0, "keys: expected 1 to 20, found %" PRIu32,
			    count);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = i;
		int order = -1;
		for (; at > 0; at--) {
			order = memcmp(sorted[at - 1]->public_key, keys[i]->public_key, 32);
			if (order <= 0)
				break;
			sorted[at] = sorted[at - 1];
		}
		if (at > 0 && order == 0)
			return fail(why, SDEX_ERR_DUPLICATE, i,
				    "keys: expected each once, found number %" PRIu32 " twice", i);
		sorted[at] = keys[i];
	}
	return SDEX_OK;
}

/* {public_key: Bytes, signature: Bytes}: the order of the names is that of the host. */
static enum sdex_error sign_one(sdex_SCVal *out, struct sdex_arena *arena, const sdex_Hash *hash,
				const struct sdex_secret *key)
{
	static const uint8_t names[] = "public_keysignature";
	uint8_t *bytes = sdex_arena_alloc(arena, 32 + 64);
	if (!bytes)
		return SDEX_ERR_NOMEM;
	memcpy(bytes, key->public_key, 32);
	sdex_sign(key, bytes + 32, hash->bytes, sizeof hash->bytes);
	const sdex_SCMapEntry entries[2] = {
		{.key = {.type = SDEX_SCV_SYMBOL, .sym = {names, 10}},
		 .val = sdex_scval_bytes(bytes, 32)},
		{.key = {.type = SDEX_SCV_SYMBOL, .sym = {names + 10, 9}},
		 .val = sdex_scval_bytes(bytes + 32, 64)},
	};
	return sdex_scval_map(out, arena, entries, 2, NULL);
}

enum sdex_error sdex_auth_entry_signature(sdex_SCVal *signature, struct sdex_arena *arena,
					  const sdex_Hash *hash,
					  const struct sdex_secret *const *keys, uint32_t key_count,
					  struct sdex_failure *why)
{
	const struct sdex_secret *sorted[SIGNERS_MAX];
	sdex_SCVal items[SIGNERS_MAX];
	enum sdex_error error = sort_keys(sorted, keys, key_count, why);
	if (error)
		return error;
	for (uint32_t i = 0; i < key_count && !error; i++)
		error = sign_one(&items[i], arena, hash, sorted[i]);
	if (!error)
		error = sdex_scval_vec(signature, arena, items, key_count);
	return error ? arena_full(why) : SDEX_OK;
}

enum sdex_error sdex_auth_entry_sign(sdex_SorobanAuthorizationEntry *entry,
				     struct sdex_arena *arena, const sdex_Hash *network,
				     uint32_t last_ledger, const struct sdex_secret *const *keys,
				     uint32_t key_count, struct sdex_failure *why)
{
	sdex_SorobanAddressCredentials *into = sdex_auth_entry_credentials(entry);
	sdex_Hash hash;
	sdex_SCVal signature;
	if (!into)
		return refuse_source(why);
	uint32_t before = into->signatureExpirationLedger;
	into->signatureExpirationLedger = last_ledger;
	enum sdex_error error = sdex_auth_entry_hash(&hash, arena, entry, network, why);
	if (!error)
		error = sdex_auth_entry_signature(&signature, arena, &hash, keys, key_count, why);
	if (error)
		into->signatureExpirationLedger = before;
	else
		into->signature = signature;
	return error;
}

static enum sdex_error copy_delegates(sdex_SorobanDelegateSignature_list *out,
				      struct sdex_arena *arena,
				      const sdex_SorobanDelegateSignature *from, uint32_t count,
				      uint32_t level, struct sdex_failure *why);

/* Puts a copy of `from`, with its own delegates in order, among the `n` sorted so far. */
static enum sdex_error insert_delegate(sdex_SorobanDelegateSignature *sorted, uint32_t n,
				       struct sdex_arena *arena,
				       const sdex_SorobanDelegateSignature *from, uint32_t level,
				       struct sdex_failure *why)
{
	sdex_SorobanDelegateSignature copy = *from;
	uint32_t at = n;
	for (; at > 0; at--) {
		int order = address_compare(&sorted[at - 1].address, &from->address);
		if (order == 0)
			return fail(why, SDEX_ERR_DUPLICATE, n,
				    "delegates: expected each address once, found one twice");
		if (order < 0)
			break;
	}
	enum sdex_error error =
		copy_delegates(&copy.nestedDelegates, arena, from->nestedDelegates.items,
			       from->nestedDelegates.count, level + 1, why);
	if (error)
		return error;
	memmove(&sorted[at + 1], &sorted[at], (n - at) * sizeof *sorted);
	sorted[at] = copy;
	return SDEX_OK;
}

static enum sdex_error copy_delegates(sdex_SorobanDelegateSignature_list *out,
				      struct sdex_arena *arena,
				      const sdex_SorobanDelegateSignature *from, uint32_t count,
				      uint32_t level, struct sdex_failure *why)
{
	if (count && level > DELEGATE_LEVELS)
		return fail(why, SDEX_ERR_DEPTH, 0,
			    "delegates: expected at most %u levels, found more", DELEGATE_LEVELS);
	sdex_SorobanDelegateSignature *sorted = sdex_arena_alloc(arena, count * sizeof *sorted);
	if (!sorted)
		return arena_full(why);
	for (uint32_t i = 0; i < count; i++) {
		enum sdex_error error = insert_delegate(sorted, i, arena, &from[i], level, why);
		if (error)
			return error;
	}
	*out = (sdex_SorobanDelegateSignature_list){sorted, count};
	return SDEX_OK;
}

enum sdex_error sdex_auth_entry_delegate(sdex_SorobanAuthorizationEntry *entry,
					 struct sdex_arena *arena,
					 const sdex_SorobanDelegateSignature *delegates,
					 uint32_t count, struct sdex_failure *why)
{
	const sdex_SorobanAddressCredentials *from = sdex_auth_entry_credentials(entry);
	if (!from)
		return refuse_source(why);
	sdex_SorobanAddressCredentialsWithDelegates *with = sdex_arena_alloc(arena, sizeof *with);
	if (!with)
		return arena_full(why);
	with->addressCredentials = *from;
	enum sdex_error error = copy_delegates(&with->delegates, arena, delegates, count, 1, why);
	if (!error)
		entry->credentials = (sdex_SorobanCredentials){
			.type = SDEX_SOROBAN_CREDENTIALS_ADDRESS_WITH_DELEGATES,
			.addressWithDelegates = with};
	return error;
}

sdex_LedgerKey sdex_ledger_key_account(const sdex_AccountID *account)
{
	return (sdex_LedgerKey){.type = SDEX_ACCOUNT, .account = {.accountID = *account}};
}

sdex_LedgerKey sdex_ledger_key_contract_code(const sdex_Hash *wasm_hash)
{
	return (sdex_LedgerKey){.type = SDEX_CONTRACT_CODE, .contractCode = {.hash = *wasm_hash}};
}

enum sdex_error sdex_ledger_key_contract_data(sdex_LedgerKey *key, struct sdex_arena *arena,
					      const sdex_SCAddress *contract,
					      const sdex_SCVal *data_key,
					      sdex_ContractDataDurability durability)
{
	sdex_LedgerKeyContractData *data = sdex_arena_alloc(arena, sizeof *data);
	if (!data)
		return SDEX_ERR_NOMEM;
	*data = (sdex_LedgerKeyContractData){
		.contract = *contract, .key = *data_key, .durability = durability};
	*key = (sdex_LedgerKey){.type = SDEX_CONTRACT_DATA, .contractData = data};
	return SDEX_OK;
}

enum sdex_error sdex_ledger_key_contract_instance(sdex_LedgerKey *key, struct sdex_arena *arena,
						  const sdex_SCAddress *contract)
{
	const sdex_SCVal instance = {.type = SDEX_SCV_LEDGER_KEY_CONTRACT_INSTANCE};
	return sdex_ledger_key_contract_data(key, arena, contract, &instance, SDEX_PERSISTENT);
}

enum sdex_error sdex_tx_set_soroban(sdex_Transaction *tx, const sdex_SorobanTransactionData *data,
				    struct sdex_failure *why)
{
	if (data->resourceFee < 0 || data->resourceFee > (int64_t)UINT32_MAX - tx->fee)
		return fail(why, SDEX_ERR_RANGE, 0,
			    "fee: expected at most 4294967295 stroops, found %" PRIu32
			    " and a resourceFee of %" PRId64 ": let a fee bump pay",
			    tx->fee, data->resourceFee);
	tx->fee += (uint32_t)data->resourceFee;
	tx->ext = (sdex_TransactionExt){
		.v = 1, .sorobanData = (sdex_SorobanTransactionData *)(uintptr_t)data};
	return SDEX_OK;
}
