/* stellar/test_soroban.c - calls, authorisation entries and what is signed of them. */
#include "base/testing.h"
#include "sdex/ids.h"
#include "sdex/soroban.h"

static struct sdex_arena *arena;
static struct sdex_failure why;
static struct sdex_secret keys[21];
static const struct sdex_secret *key_list[21];
static sdex_AccountID accounts[3];
static sdex_SCAddress address[3], contract;
static sdex_Hash testnet;
static sdex_SorobanAuthorizedInvocation root;

static int set_up(void **state)
{
	(void)state;
	arena = sdex_arena_new(0);
	memset(&why, 0, sizeof why);
	testnet = sdex_network_id(SDEX_PASSPHRASE_TESTNET, strlen(SDEX_PASSPHRASE_TESTNET));
	for (uint8_t i = 0; i < 21; i++) {
		uint8_t seed[32] = {(uint8_t)(i + 1)};
		sdex_secret_from_seed(&keys[i], seed);
		key_list[i] = &keys[i];
	}
	for (int i = 0; i < 3; i++) {
		accounts[i] = (sdex_AccountID){0};
		memcpy(accounts[i].ed25519.bytes, keys[i].public_key, 32);
		address[i] = sdex_address_of_account(&accounts[i]);
	}
	contract = sdex_address_of_contract(&(sdex_ContractID){{7}});
	static sdex_SCVal args[3];
	sdex_HostFunction call;
	assert_int_equal(sdex_scval_address(&args[0], arena, &address[0]), 0);
	args[1] = sdex_scval_string("to", 2);
	args[2] = sdex_scval_i128(-5);
	assert_int_equal(sdex_host_function_call(
				 &call, arena, &contract,
				 (struct sdex_bytes){(const uint8_t *)"transfer", 8}, args, 3),
			 0);
	root = (sdex_SorobanAuthorizedInvocation){
		.function = {.type = SDEX_SOROBAN_AUTHORIZED_FUNCTION_TYPE_CONTRACT_FN,
			     .contractFn = call.invokeContract}};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sdex_arena_free(arena);
	return 0;
}

/* What @stellar/stellar-sdk 17.2.0 makes (authorizeEntry, buildWithDelegatesEntry) of the
 * entry below with the seeds 1, 2, 3 (and 31 zero bytes each), valid to ledger 5000 on
 * testnet.  Two delegates, the second (seed 3) with one of its own (seed 2). */

/* ADDRESS */
static const char signed_v1[] =
	"AAAAAQAAAAAAAAAAzswVB9wd3XKVlRwpCIjwla25BE0bc9aW5t8GXWg71PwAAAEfcfsEywAAE4gA"
	"AAAQAAAAAQAAAAEAAAARAAAAAQAAAAIAAAAPAAAACnB1YmxpY19rZXkAAAAAAA0AAAAgzswVB9wd"
	"3XKVlRwpCIjwla25BE0bc9aW5t8GXWg71PwAAAAPAAAACXNpZ25hdHVyZQAAAAAAAA0AAABAHoCC"
	"1SMotEFjK5LsklLiKcCJpVZG4OBK/RbtEKU4TvarhSpqvszNIhwqzz0eEig9XpLUtSTVu2yncROZ"
	"P3V0DwAAAAAAAAABBwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIdHJhbnNmZXIA"
	"AAADAAAAEgAAAAAAAAAAzswVB9wd3XKVlRwpCIjwla25BE0bc9aW5t8GXWg71PwAAAAOAAAAAnRv"
	"AAAAAAAK////////////////////+wAAAAA=";

/* ADDRESS_V2 */
static const char signed_v2[] =
	"AAAAAgAAAAAAAAAAzswVB9wd3XKVlRwpCIjwla25BE0bc9aW5t8GXWg71PwAAAEfcfsEywAAE4gA"
	"AAAQAAAAAQAAAAEAAAARAAAAAQAAAAIAAAAPAAAACnB1YmxpY19rZXkAAAAAAA0AAAAgzswVB9wd"
	"3XKVlRwpCIjwla25BE0bc9aW5t8GXWg71PwAAAAPAAAACXNpZ25hdHVyZQAAAAAAAA0AAABAXjcV"
	"UYc5onpBwTQd0wCU+MbDNFca1h8kg0QDXdfabt9I4Cyp71WNa8NG3t9E0Q/vQY789/HIj6GjaTN/"
	"lqUeBwAAAAAAAAABBwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIdHJhbnNmZXIA"
	"AAADAAAAEgAAAAAAAAAAzswVB9wd3XKVlRwpCIjwla25BE0bc9aW5t8GXWg71PwAAAAOAAAAAnRv"
	"AAAAAAAK////////////////////+wAAAAA=";

/* ADDRESS_WITH_DELEGATES, signed by the second delegate */
static const char delegated[] =
	"AAAAAwAAAAAAAAAAzswVB9wd3XKVlRwpCIjwla25BE0bc9aW5t8GXWg71PwAAAEfcfsEywAAE4gA"
	"AAABAAAAAgAAAAAAAAAAa3nFfmoJUjkoLASBjpYRLz8DpAAbqXpWTCOFKj8epfwAAAABAAAAAAAA"
	"AAAAAAAA2tvRhKLVJvHr3VwG/a2TWbIodZtNf3nWZon6JUqthUYAAAAQAAAAAQAAAAEAAAARAAAA"
	"AQAAAAIAAAAPAAAACnB1YmxpY19rZXkAAAAAAA0AAAAg2tvRhKLVJvHr3VwG/a2TWbIodZtNf3nW"
	"Zon6JUqthUYAAAAPAAAACXNpZ25hdHVyZQAAAAAAAA0AAABAgf/wGEsbi5FulKc/BHV4W9hhCJRz"
	"MiXLCwHTewbn0/X4OMBw4yMkJ+PmkLYByZnJDywm1mWUZrw+zIjGWd6/CwAAAAEAAAAAAAAAAGt5"
	"xX5qCVI5KCwEgY6WES8/A6QAG6l6VkwjhSo/HqX8AAAAAQAAAAAAAAAAAAAAAQcAAAAAAAAAAAAA"
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACHRyYW5zZmVyAAAAAwAAABIAAAAAAAAAAM7MFQfcHd1y"
	"lZUcKQiI8JWtuQRNG3PWlubfBl1oO9T8AAAADgAAAAJ0bwAAAAAACv////////////////////sA"
	"AAAA";

static sdex_SorobanAuthorizationEntry unsigned_entry(sdex_SorobanCredentialsType type)
{
	sdex_SorobanAuthorizationEntry entry;
	assert_int_equal(
		sdex_auth_entry_make(&entry, arena, type, &address[0], 1234567890123, 0, &root),
		SDEX_OK);
	return entry;
}

static void entry_is(const sdex_SorobanAuthorizationEntry *entry, const char *expected)
{
	uint8_t bytes[2000];
	char text[3000];
	size_t size;
	assert_int_equal(
		sdex_SorobanAuthorizationEntry_encode(bytes, sizeof bytes, &size, entry, &why), 0);
	assert_int_equal(sdex_base64_encode(text, sizeof text, NULL, bytes, size), 0);
	assert_string_equal(text, expected);
}

static void entries_are_signed_as_elsewhere(void **state)
{
	(void)state;
	sdex_SorobanAuthorizationEntry entry = unsigned_entry(SDEX_SOROBAN_CREDENTIALS_ADDRESS);
	assert_int_equal(sdex_auth_entry_sign(&entry, arena, &testnet, 5000, key_list, 1, &why), 0);
	entry_is(&entry, signed_v1);
	entry = unsigned_entry(SDEX_SOROBAN_CREDENTIALS_ADDRESS_V2);
	assert_int_equal(sdex_auth_entry_sign(&entry, arena, &testnet, 5000, key_list, 1, &why), 0);
	entry_is(&entry, signed_v2);
}

/* Delegates are put in order and sign the hash of the whole. */
static void delegates_sign_as_elsewhere(void **state)
{
	(void)state;
	sdex_SorobanAuthorizationEntry entry = unsigned_entry(SDEX_SOROBAN_CREDENTIALS_ADDRESS_V2);
	sdex_SorobanDelegateSignature nested = {.address = address[1],
						.signature = {.type = SDEX_SCV_VOID}};
	sdex_SorobanDelegateSignature list[2] = {
		{.address = address[2],
		 .signature = {.type = SDEX_SCV_VOID},
		 .nestedDelegates = {&nested, 1}},
		{.address = address[1], .signature = {.type = SDEX_SCV_VOID}}};
	sdex_Hash hash;
	sdex_auth_entry_credentials(&entry)->signatureExpirationLedger = 5000;
	assert_int_equal(sdex_auth_entry_delegate(&entry, arena, list, 2, &why), SDEX_OK);
	sdex_SorobanDelegateSignature_list *in = &entry.credentials.addressWithDelegates->delegates;
	/* key 2's public half is below key 1's or not; the list is ascending either way */
	int mine = memcmp(keys[1].public_key, keys[2].public_key, 32) < 0;
	assert_memory_equal(&in->items[mine].address.accountId, &accounts[2], sizeof accounts[2]);
	assert_int_equal(sdex_auth_entry_hash(&hash, arena, &entry, &testnet, &why), SDEX_OK);
	assert_int_equal(sdex_auth_entry_signature(&in->items[mine].signature, arena, &hash,
						   key_list + 2, 1, &why),
			 SDEX_OK);
	entry_is(&entry, delegated);

	list[1].address = address[2];
	assert_int_equal(sdex_auth_entry_delegate(&entry, arena, list, 2, &why),
			 SDEX_ERR_DUPLICATE);
	sdex_SorobanDelegateSignature deep[102] = {0};
	for (int i = 0; i < 101; i++)
		deep[i].nestedDelegates = (sdex_SorobanDelegateSignature_list){&deep[i + 1], 1};
	assert_int_equal(sdex_auth_entry_delegate(&entry, arena, deep, 1, &why), SDEX_ERR_DEPTH);
	assert_int_equal(sdex_auth_entry_delegate(&entry, arena, deep + 2, 1, &why), SDEX_OK);
}

static void many_keys_are_sorted(void **state)
{
	(void)state;
	sdex_SorobanAuthorizationEntry entry = unsigned_entry(SDEX_SOROBAN_CREDENTIALS_ADDRESS);
	sdex_Hash hash;
	assert_int_equal(sdex_auth_entry_sign(&entry, arena, &testnet, 77, key_list, 20, &why), 0);
	assert_int_equal(sdex_auth_entry_hash(&hash, arena, &entry, &testnet, &why), 0);
	const sdex_SCVec *vec = entry.credentials.address->signature.vec;
	assert_int_equal(vec->count, 20);
	for (uint32_t i = 0; i < 20; i++) {
		const sdex_SCMap *map = vec->items[i].map;
		assert_int_equal(map->count, 2);
		assert_memory_equal(map->items[0].key.sym.data, "public_key", 10);
		assert_memory_equal(map->items[1].key.sym.data, "signature", 9);
		assert_int_equal(sdex_verify(map->items[0].val.bytes.data,
					     map->items[1].val.bytes.data, hash.bytes, 32),
				 SDEX_OK);
		if (i)
			assert_true(memcmp(vec->items[i - 1].map->items[0].val.bytes.data,
					   map->items[0].val.bytes.data, 32) < 0);
	}
	sdex_SorobanAuthorizationEntry before = entry;
	assert_int_equal(sdex_auth_entry_sign(&entry, arena, &testnet, 78, key_list, 21, &why),
			 SDEX_ERR_LENGTH);
	assert_int_equal(sdex_auth_entry_sign(&entry, arena, &testnet, 78, key_list, 0, &why),
			 SDEX_ERR_LENGTH);
	key_list[3] = key_list[9];
	assert_int_equal(sdex_auth_entry_sign(&entry, arena, &testnet, 78, key_list, 20, &why),
			 SDEX_ERR_DUPLICATE);
	assert_true(sdex_SorobanAuthorizationEntry_equal(&before, &entry));
	assert_int_equal(entry.credentials.address->signatureExpirationLedger, 77);
}

static void source_accounts_sign_the_transaction(void **state)
{
	(void)state;
	sdex_SorobanAuthorizationEntry entry = {
		.credentials = {.type = SDEX_SOROBAN_CREDENTIALS_SOURCE_ACCOUNT},
		.rootInvocation = root};
	sdex_Hash hash;
	struct sdex_bytes payload;
	assert_null(sdex_auth_entry_credentials(&entry));
	assert_int_equal(sdex_auth_entry_hash(&hash, arena, &entry, &testnet, &why), SDEX_ERR_KIND);
	assert_int_equal(sdex_auth_entry_payload(&payload, arena, &entry, &testnet, &why),
			 SDEX_ERR_KIND);
	assert_int_equal(sdex_auth_entry_sign(&entry, arena, &testnet, 5, key_list, 1, &why),
			 SDEX_ERR_KIND);
	assert_int_equal(sdex_auth_entry_delegate(&entry, arena, NULL, 0, &why), SDEX_ERR_KIND);
	assert_int_equal(sdex_auth_entry_make(&entry, arena,
					      SDEX_SOROBAN_CREDENTIALS_ADDRESS_WITH_DELEGATES,
					      &address[0], 1, 2, &root),
			 SDEX_ERR_KIND);
}

/* The preimage is the schema's, with and without the address. */
static void preimages(void **state)
{
	(void)state;
	static const sdex_EnvelopeType types[] = {
		SDEX_ENVELOPE_TYPE_SOROBAN_AUTHORIZATION,
		SDEX_ENVELOPE_TYPE_SOROBAN_AUTHORIZATION_WITH_ADDRESS};
	for (int i = 0; i < 2; i++) {
		sdex_SorobanAuthorizationEntry entry = unsigned_entry(
			i ? SDEX_SOROBAN_CREDENTIALS_ADDRESS_V2 : SDEX_SOROBAN_CREDENTIALS_ADDRESS);
		sdex_HashIDPreimage *preimage = NULL;
		struct sdex_bytes payload = {0};
		assert_int_equal(sdex_auth_entry_payload(&payload, arena, &entry, &testnet, &why),
				 0);
		assert_int_equal(sdex_HashIDPreimage_decode(&preimage, arena, payload.data,
							    payload.size, &why),
				 0);
		assert_int_equal(preimage->type, types[i]);
		if (i)
			assert_true(sdex_SCAddress_equal(
				&preimage->sorobanAuthorizationWithAddress->address, &address[0]));
		else
			assert_int_equal(preimage->sorobanAuthorization->nonce, 1234567890123);
	}
}

static void functions(void **state)
{
	(void)state;
	sdex_HostFunction create;
	sdex_Operation op;
	const uint8_t salt[32] = {9};
	const sdex_Hash wasm = {{8}};
	const sdex_SCVal arg = {.type = SDEX_SCV_U32, .u32 = 3};
	sdex_AlphaNum12 long_code = {.assetCode = {"LONGER"}, .issuer = accounts[1]};
	const sdex_Asset asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12,
				  .alphaNum12 = &long_code};
	assert_int_equal(
		sdex_host_function_create(&create, arena, &address[0], salt, &wasm, &arg, 1), 0);
	assert_int_equal(create.type, SDEX_HOST_FUNCTION_TYPE_CREATE_CONTRACT_V2);
	assert_int_equal(create.createContractV2->constructorArgs.count, 1);
	assert_memory_equal(create.createContractV2->contractIDPreimage.fromAddress->salt.bytes,
			    salt, 32);
	assert_int_equal(sdex_op_invoke_host_function(&op, arena, NULL, &create, NULL, 0, &why), 0);
	assert_int_equal(sdex_host_function_create_asset(&create, arena, &asset), 0);
	long_code.assetCode.bytes[0] = 'X'; /* it was copied */
	assert_int_equal(
		create.createContract->contractIDPreimage.fromAsset->alphaNum12->assetCode.bytes[0],
		'L');
	assert_int_equal(sdex_op_invoke_host_function(&op, arena, NULL, &create, NULL, 0, &why), 0);
	create = sdex_host_function_upload((struct sdex_bytes){salt, 32});
	assert_int_equal(create.type, SDEX_HOST_FUNCTION_TYPE_UPLOAD_CONTRACT_WASM);
	assert_int_equal(create.wasm.size, 32);
}

static void ledger_keys(void **state)
{
	(void)state;
	sdex_LedgerKey key;
	const sdex_Hash wasm = {{8}};
	assert_int_equal(sdex_ledger_key_account(&accounts[0]).type, SDEX_ACCOUNT);
	assert_memory_equal(sdex_ledger_key_contract_code(&wasm).contractCode.hash.bytes,
			    wasm.bytes, 32);
	assert_int_equal(sdex_ledger_key_contract_instance(&key, arena, &contract), 0);
	assert_int_equal(key.contractData->key.type, SDEX_SCV_LEDGER_KEY_CONTRACT_INSTANCE);
	assert_int_equal(key.contractData->durability, SDEX_PERSISTENT);
}

static void the_fee_grows_by_the_resources(void **state)
{
	(void)state;
	sdex_Transaction tx = {.fee = 100};
	sdex_SorobanTransactionData data = {.resourceFee = UINT32_MAX - 100};
	assert_int_equal(sdex_tx_set_soroban(&tx, &data, &why), SDEX_OK);
	assert_int_equal(tx.fee, UINT32_MAX);
	assert_int_equal(tx.ext.v, 1);
	assert_ptr_equal(tx.ext.sorobanData, &data);
	tx.fee = 101;
	assert_int_equal(sdex_tx_set_soroban(&tx, &data, &why), SDEX_ERR_RANGE);
	data.resourceFee = -1;
	assert_int_equal(sdex_tx_set_soroban(&tx, &data, &why), SDEX_ERR_RANGE);
	assert_int_equal(tx.fee, 101);
}

/* Every step that needs memory says so when there is none. */
static void a_full_arena_is_told(void **state)
{
	(void)state;
	sdex_SorobanDelegateSignature delegate = {.address = address[2],
						  .signature = {.type = SDEX_SCV_VOID}};
	const sdex_Hash hash = {{1}};
	const uint8_t salt[32] = {0};
	sdex_AlphaNum12 long_code = {.assetCode = {"LONGER"}};
	const sdex_Asset asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12,
				  .alphaNum12 = &long_code};
	bool worked[9] = {false};
	for (size_t limit = 64; limit < 2500; limit += 16) {
		for (int step = 0; step < 9; step++) {
			struct sdex_arena *small = sdex_arena_new(limit);
			sdex_SorobanAuthorizationEntry entry =
				unsigned_entry(SDEX_SOROBAN_CREDENTIALS_ADDRESS);
			sdex_HostFunction function;
			sdex_LedgerKey key;
			sdex_SCVal value;
			struct sdex_bytes payload;
			enum sdex_error error = SDEX_OK;
			switch (step) {
			case 0:
				error = sdex_auth_entry_sign(&entry, small, &testnet, 1, key_list,
							     2, &why);
				break;
			case 1:
				error = sdex_auth_entry_delegate(&entry, small, &delegate, 1, &why);
				break;
			case 2:
				error = sdex_auth_entry_payload(&payload, small, &entry, &testnet,
								&why);
				break;
			case 3:
				error = sdex_auth_entry_signature(&value, small, &hash, key_list, 2,
								  &why);
				break;
			case 4:
				error = sdex_host_function_call(&function, small, &contract,
								(struct sdex_bytes){salt, 1}, NULL,
								0);
				break;
			case 5:
				error = sdex_host_function_create(&function, small, &contract, salt,
								  &hash, NULL, 0);
				break;
			case 6:
				error = sdex_host_function_create_asset(&function, small, &asset);
				break;
			case 7:
				error = sdex_ledger_key_contract_instance(&key, small, &contract);
				break;
			case 8:
				error = sdex_auth_entry_make(&entry, small,
							     SDEX_SOROBAN_CREDENTIALS_ADDRESS,
							     &contract, 1, 1, &root);
				break;
			}
			assert_true(error == SDEX_OK || error == SDEX_ERR_NOMEM);
			if (limit == 64)
				assert_int_equal(error, SDEX_ERR_NOMEM);
			assert_false(worked[step] && error); /* more is never too little */
			worked[step] = !error;
			sdex_arena_free(small);
		}
	}
	for (int step = 0; step < 9; step++)
		assert_true(worked[step]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(entries_are_signed_as_elsewhere),
		TEST(delegates_sign_as_elsewhere),
		TEST(many_keys_are_sorted),
		TEST(source_accounts_sign_the_transaction),
		TEST(preimages),
		TEST(functions),
		TEST(ledger_keys),
		TEST(the_fee_grows_by_the_resources),
		TEST(a_full_arena_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
