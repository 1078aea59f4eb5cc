/* stellar/test_ids.c - ids of the SDKs' tests and of real ledgers; places in history. */
#include "base/testing_corpus.h"

#include "sdex/address.h"
#include "sdex/asset.h"
#include "sdex/ids.h"

static const char passphrase[] = "Public Global Stellar Network ; September 2015";

static sdex_Hash public_network(void)
{
	sdex_Hash network;
	sdex_sha256(network.bytes, passphrase, sizeof passphrase - 1);
	return network;
}

static sdex_Asset asset_of(struct sdex_arena *arena, const char *text)
{
	sdex_Asset asset;
	assert_int_equal(sdex_asset_parse(&asset, arena, text, strlen(text), false, NULL), SDEX_OK);
	return asset;
}

static void assert_hash(const sdex_Hash *hash, const char *hex)
{
	char text[65];
	assert_int_equal(sdex_hex_encode(text, sizeof text, NULL, hash->bytes, 32), SDEX_OK);
	assert_string_equal(text, hex);
}

static sdex_Asset issued(struct sdex_arena *arena, const char *code, const char *issuer)
{
	sdex_Asset asset = sdex_asset_native();
	sdex_AccountID account = {0};
	size_t size;
	if (!code)
		return asset;
	assert_int_equal(
		sdex_hex_decode(account.ed25519.bytes, 32, &size, issuer, strlen(issuer), NULL),
		SDEX_OK);
	assert_int_equal(sdex_asset_make(&asset, arena, code, strlen(code), &account, NULL),
			 SDEX_OK);
	return asset;
}

/* getPoolID's table in stellar-core's LiquidityPoolTradeTests.cpp */
static void pools_have_the_ids_of_the_network(void **state)
{
	(void)state;
	static const char one[] =
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	static const char two[] =
		"abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789";
	static const struct {
		const char *code_a, *issuer_a, *code_b, *issuer_b, *id;
	} vector[] = {
		/* LiquidityPoolTradeTests: liquidity pool id */
		{NULL, one, "AbC", one,
		 "c17f36fbd210e43dca1cda8edc5b6c0f825fcb72b39f0392fd6309844d77ff7d"},
		{NULL, one, "AbCd", one,
		 "80e0c5dc79ed76bb7e63681f6456136762f0d01ede94bb379dbc793e66db35e6"},
		{NULL, one, "AbCdEfGhIjK", one,
		 "d2306c6e8532f99418e9d38520865e1c1059cddb6793da3cc634224f2ffb5bd4"},
		{NULL, one, "AbCdEfGhIjKl", one,
		 "807e9e66653b5fda4dd4e672ff64a929fc5fdafe152eeadc07bb460c4849d711"},
		{"AbC", one, "aBc", one,
		 "0239013ab016985fc3ab077d165a9b21b822efa013fdd422381659e76aec505b"},
		{"AbCd", one, "aBc", one,
		 "cadb490d15b4333890377cd17400acf7681e14d6d949869ffa1fbbad7a6d2fde"},
		{"AbC", one, "aBcD", one,
		 "a938f8f346f3aff41d2e03b05137ef1955a723861802a4042f51f0f816e0db36"},
		{"AbCd", one, "aBcD", one,
		 "c89646bb6db726bfae784ab66041abbf54747cf4b6b16dff2a5c05830ad9c16b"},
		{"AbCdEfGhIjK", one, "aBcDeFgHiJk", one,
		 "88dc054dd0f8146bac0e691095ce2b90cd902b499761d22b1c94df120ca0b060"},
		{"AbCdEfGhIjKl", one, "aBcDeFgHiJk", one,
		 "09672910d891e658219d2f33a8885a542b2a5a09e9f486461201bd278a3e92a4"},
		{"AbCdEfGhIjK", one, "aBcDeFgHiJkl", one,
		 "63501addf8a5a6522eac996226069190b5226c71cfdda22347022418af1948a0"},
		{"AbCdEfGhIjKl", one, "aBcDeFgHiJkl", one,
		 "e851197a0148e949bdc03d52c53821b9afccc0fadfdc41ae01058c14c252e03b"},
		{"aBc", one, "aBc", two,
		 "5d7188454299529856586e81ea385d2c131c6afdd9d58c82e9aa558c16522fea"},
		{"aBcD", one, "aBcD", two,
		 "00d152f5f6b7e46eaf558576512207ea835a332f17ca777fba3cb835ef7dc1ef"},
		{"aBcDeFgHiJk", one, "aBcDeFgHiJk", two,
		 "cad65154300f087e652981fa5f76aa469b43ad53e9a5d348f1f93da57193d022"},
		{"aBcDeFgHiJkL", one, "aBcDeFgHiJkL", two,
		 "93fa82ecaabe987461d1e3c8e0fd6510558b86ac82a41f7c70b112281be90c71"},
		{"aBc", one, "aBcDeFgHiJk", two,
		 "c0d4c87bbaade53764b904fde2901a0353af437e9d3a976f1252670b85a36895"},
		{"aBcD", one, "aBcDeFgHiJk", two,
		 "1ee5aa0f0e6b8123c2da6592389481f64d816bfe3c3c06be282b0cdb0971f840"},
		{"aBc", one, "aBcDeFgHiJkL", two,
		 "a87bc151b119c1ea289905f0cb3cf95be7b0f096a0b6685bf2dcae70f9515d53"},
		{"aBcD", one, "aBcDeFgHiJkL", two,
		 "3caf78118d6cabd42618eef47bbc2da8abe7fe42539b4b502f08766485592a81"},
		{"aBc", two, "aBcDeFgHiJk", one,
		 "befb7f966ae63adcfde6a6670478bb7d936c29849e25e3387bb9e74566e3a29f"},
		{"aBcD", two, "aBcDeFgHiJk", one,
		 "593cc996c3f0d32e165fcbee9fdc5dba6ab05140a4a9254e08ad8cb67fe657a1"},
		{"aBc", two, "aBcDeFgHiJkL", one,
		 "d66af9b7417547c3dc000617533405349d1f622015daf3e9bad703ea34ee1d17"},
		{"aBcD", two, "aBcDeFgHiJkL", one,
		 "c1c7a4b9db6e3754cae3017f72b6b7c93198f593182c541bcab3795c6413a677"},
	};
	struct sdex_arena *arena = sdex_arena_new(0);
	for (size_t i = 0; i < sizeof vector / sizeof *vector; i++) {
		sdex_Asset a = issued(arena, vector[i].code_a, vector[i].issuer_a);
		sdex_Asset b = issued(arena, vector[i].code_b, vector[i].issuer_b);
		sdex_PoolID id;
		assert_int_equal(sdex_pool_id(&id, &a, &b), SDEX_OK);
		assert_hash(&id, vector[i].id);
		memset(&id, 0, sizeof id);
		assert_int_equal(sdex_pool_id(&id, &b, &a), SDEX_OK);
		assert_hash(&id, vector[i].id);
		assert_int_equal(sdex_pool_id(&id, &a, &a), SDEX_ERR_INVALID);
		if (b.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
			b.alphaNum4.assetCode.bytes[0] = ' ';
			assert_int_equal(sdex_pool_id(&id, &a, &b), SDEX_ERR_INVALID);
		}
	}
	sdex_arena_free(arena);
}

static void a_pool_id_has_two_texts(void **state)
{
	(void)state;
	static const char hex[] =
		"3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a";
	static const char text[] = "LA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUPJN";
	sdex_PoolID id, same;
	assert_int_equal(sdex_pool_id_parse(&id, hex, 64, NULL), SDEX_OK);
	assert_hash(&id, hex);
	assert_int_equal(sdex_pool_id_parse(&same, text, 56, NULL), SDEX_OK);
	assert_hash(&same, hex);
	char again[SDEX_POOL_ID_ROOM], digits[SDEX_HASH_ROOM];
	assert_int_equal(sdex_pool_id_print(again, &same), 56);
	assert_string_equal(again, text);
	assert_int_equal(sdex_pool_id_print_hex(digits, &same), 64);
	assert_string_equal(digits, hex);
	assert_int_equal(sdex_pool_id_parse(&same, hex, 63, NULL), SDEX_ERR_SYNTAX);
	assert_int_equal(sdex_pool_id_parse(&same, text, 55, NULL), SDEX_ERR_LENGTH);
	assert_hash(&same, hex);
}

static void a_hash_is_64_digits(void **state)
{
	(void)state;
	static const char hex[] =
		"00ffA8dd8fd8cfb7dc5d1fcb35fb92a4df8ea0a8afbbe8bd2ff3c0d6bbf1d1E2";
	sdex_Hash hash;
	struct sdex_failure why;
	char text[SDEX_HASH_ROOM];
	assert_int_equal(sdex_hash_parse(&hash, hex, 64, NULL), SDEX_OK);
	assert_int_equal(sdex_hash_print(text, &hash), 64);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(text[i], hex[i] | 0x20); /* lower case, digits as they are */
	assert_int_equal(sdex_hash_parse(&hash, hex, 62, &why), SDEX_ERR_LENGTH);
	assert_int_equal(sdex_hash_parse(&hash, "", 0, NULL), SDEX_ERR_LENGTH);
	text[9] = 'g';
	assert_int_equal(sdex_hash_parse(&hash, text, 64, &why), SDEX_ERR_CHARACTER);
	assert_int_equal(why.where, 9);
	assert_int_equal(hash.bytes[1], 0xff);
}

/* The contracts of lumens and of Circle's USDC on the public network. */
static void an_asset_has_a_contract(void **state)
{
	(void)state;
	static const char *const known[][2] = {
		{"native", "CAS3J7GYLGXMF6TDJBBYYSE3HQ6BBSMLNUQ34T6TZMYMW2EVH34XOWMA"},
		{"USDC:GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN",
		 "CCW67TSZV3SSS2HXMBQ5JFGCKJNXKZM7UQUWUZPUTHXSTZLEO7SJMI75"},
	};
	sdex_Hash network = public_network();
	sdex_ContractID id;
	for (size_t i = 0; i < 2; i++) {
		sdex_Asset asset = asset_of(NULL, known[i][0]);
		sdex_ContractID read = {{0}};
		char text[SDEX_CONTRACT_ID_ROOM];
		assert_int_equal(sdex_asset_contract_id(&id, &network, &asset), SDEX_OK);
		assert_int_equal(sdex_contract_id_print(text, &id), 56);
		assert_string_equal(text, known[i][1]);
		assert_int_equal(sdex_contract_id_parse(&read, text, 56, NULL), SDEX_OK);
		assert_memory_equal(&read, &id, 32);
		text[0] = 'G';
		assert_int_equal(sdex_contract_id_parse(&read, text, 56, NULL), SDEX_ERR_KIND);
	}
	sdex_Asset none = {.type = SDEX_ASSET_TYPE_POOL_SHARE};
	assert_int_equal(sdex_asset_contract_id(&id, &network, &none), SDEX_ERR_INVALID);
}

/* The preimage by hand, after the schema: envelope type 8, network, preimage type 0,
 * address type 0, key type 0, key, salt. */
static void a_deployed_contract_has_an_id(void **state)
{
	(void)state;
	uint8_t bytes[4 + 32 + 4 + 4 + 4 + 32 + 32] = {0, 0, 0, 8}, salt[32];
	struct seeded random = {1};
	sdex_Hash network = public_network(), expected;
	sdex_SCAddress deployer = {.type = SDEX_SC_ADDRESS_TYPE_ACCOUNT};
	sdex_ContractID id;
	seeded_fill(&random, salt, 32);
	seeded_fill(&random, deployer.accountId.ed25519.bytes, 32);
	memcpy(bytes + 4, network.bytes, 32);
	memcpy(bytes + 48, deployer.accountId.ed25519.bytes, 32);
	memcpy(bytes + 80, salt, 32);
	sdex_sha256(expected.bytes, bytes, sizeof bytes);
	assert_int_equal(sdex_deployed_contract_id(&id, &network, &deployer, salt), SDEX_OK);
	assert_memory_equal(&id, &expected, 32);
	deployer.type = (sdex_SCAddressType)99;
	assert_int_equal(sdex_deployed_contract_id(&id, &network, &deployer, salt),
			 SDEX_ERR_DISCRIMINANT);
	assert_memory_equal(&id, &expected, 32);
}

/* The id that the JavaScript SDK's tests have, of account and sequence as here. */
static void a_balance_has_an_id(void **state)
{
	(void)state;
	static const char hex[] =
		"00000000"
		"536af35c666a28d26775008321655e9eda2039154270484e3f81d72c66d5c26f";
	sdex_AccountID source;
	sdex_ClaimableBalanceID id, read;
	char text[SDEX_BALANCE_ID_ROOM], digits[SDEX_BALANCE_ID_HEX_ROOM];
	assert_int_equal(
		sdex_account_parse(&source,
				   "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", 56,
				   NULL),
		SDEX_OK);
	sdex_balance_id(&id, &source, 1235, 0);
	assert_int_equal(sdex_balance_id_print_hex(digits, &id), 72);
	assert_string_equal(digits, hex);
	assert_int_equal(sdex_balance_id_parse(&read, digits, 72, NULL), SDEX_OK);
	assert_true(sdex_ClaimableBalanceID_equal(&read, &id));
	assert_int_equal(sdex_balance_id_print(text, &id), 58);
	memset(&read, 0x11, sizeof read);
	assert_int_equal(sdex_balance_id_parse(&read, text, strlen(text), NULL), SDEX_OK);
	assert_true(sdex_ClaimableBalanceID_equal(&read, &id));

	struct sdex_failure why;
	digits[7] = '1';
	assert_int_equal(sdex_balance_id_parse(&read, digits, 72, &why), SDEX_ERR_DISCRIMINANT);
	digits[70] = 'g';
	assert_int_equal(sdex_balance_id_parse(&read, digits, 72, &why), SDEX_ERR_CHARACTER);
	assert_int_equal(why.where, 70);
	assert_int_equal(sdex_balance_id_parse(&read, text, 57, NULL), SDEX_ERR_LENGTH);
	assert_int_equal(sdex_balance_id_parse(&read, hex + 8, 64, NULL), SDEX_ERR_SYNTAX);
	assert_true(sdex_ClaimableBalanceID_equal(&read, &id));
}

/* The preimage by hand: envelope type 7, key type 0, source, sequence, operation, pool,
 * asset type 0. */
static void a_revoked_balance_has_an_id(void **state)
{
	(void)state;
	uint8_t bytes[4 + 4 + 32 + 8 + 4 + 32 + 4] = {0, 0, 0, 7};
	struct seeded random = {2};
	sdex_AccountID source = {0};
	sdex_PoolID pool;
	sdex_Hash expected;
	sdex_ClaimableBalanceID id;
	sdex_Asset asset = sdex_asset_native();
	seeded_fill(&random, source.ed25519.bytes, 32);
	seeded_fill(&random, pool.bytes, 32);
	memcpy(bytes + 8, source.ed25519.bytes, 32);
	bytes[40] = 1;
	bytes[47] = 2;
	bytes[51] = 99;
	memcpy(bytes + 52, pool.bytes, 32);
	sdex_sha256(expected.bytes, bytes, sizeof bytes);
	assert_int_equal(
		sdex_balance_id_revoked(&id, &source, ((int64_t)1 << 56) + 2, 99, &pool, &asset),
		SDEX_OK);
	assert_memory_equal(&id.v0, &expected, 32);
	asset.type = SDEX_ASSET_TYPE_POOL_SHARE;
	assert_int_equal(sdex_balance_id_revoked(&id, &source, 1, 0, &pool, &asset),
			 SDEX_ERR_INVALID);
}

/* SEP-35 */
static void places_pack_in_order(void **state)
{
	(void)state;
	static const struct sdex_toid corner[] = {
		{0, 0, 0},          {0, 0, 4095},      {0, 1, 0},
		{0, 1048575, 4095}, {1, 0, 0},         {1, 1, 1},
		{53312000, 163, 2}, {INT32_MAX, 0, 0}, {INT32_MAX, 1048575, 4095},
	};
	int64_t last = -1, id;
	struct sdex_toid back;
	for (size_t i = 0; i < sizeof corner / sizeof *corner; i++) {
		assert_int_equal(sdex_toid_pack(&id, &corner[i]), SDEX_OK);
		assert_true(id > last);
		assert_int_equal(sdex_toid_unpack(&back, id), SDEX_OK);
		assert_memory_equal(&back, &corner[i], sizeof back);
		last = id;
	}
	assert_true(last == INT64_MAX);
	/* from the documentation of Horizon: ledger 1, transaction 1, operation 1 */
	assert_int_equal(sdex_toid_pack(&id, &corner[5]), SDEX_OK);
	assert_true(id == 4294971393);
	static const struct sdex_toid beyond[] = {
		{(uint32_t)INT32_MAX + 1, 0, 0}, {0, 1048576, 0}, {0, 0, 4096}};
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(sdex_toid_pack(&id, &beyond[i]), SDEX_ERR_RANGE);
	assert_int_equal(sdex_toid_unpack(&back, -1), SDEX_ERR_RANGE);
}

struct seen {
	struct sdex_arena *arena;
	size_t pools, events;
};

static void check_pool(struct seen *seen, const struct sdex_found *found)
{
	sdex_LiquidityPoolEntry *entry = NULL;
	sdex_PoolID id;
	assert_int_equal(
		sdex_LiquidityPoolEntry_decode(&entry, seen->arena, found->data, found->size, NULL),
		SDEX_OK);
	const sdex_LiquidityPoolConstantProductParameters *params =
		&entry->body.constantProduct->params;
	assert_int_equal(sdex_pool_id(&id, &params->assetA, &params->assetB), SDEX_OK);
	assert_memory_equal(&id, &entry->liquidityPoolID, 32);
	seen->pools++;
}

/* An event of an asset's own contract has the asset's text as its last topic (CAP-67).
 * Other contracts could write that too; in these ledgers none does. */
static void check_event(struct seen *seen, const struct sdex_found *found)
{
	sdex_ContractEvent *event = NULL;
	sdex_Asset asset;
	sdex_ContractID id;
	sdex_Hash network = public_network();
	assert_int_equal(
		sdex_ContractEvent_decode(&event, seen->arena, found->data, found->size, NULL),
		SDEX_OK);
	const sdex_SCVal_list *topics = &event->body.v0->topics;
	if (!event->contractID || topics->count < 3)
		return;
	const sdex_SCVal *last = &topics->items[topics->count - 1];
	if (last->type != SDEX_SCV_STRING)
		return;
	if (sdex_asset_parse(&asset, seen->arena, (const char *)last->str.data, last->str.size,
			     false, NULL))
		return;
	assert_int_equal(sdex_asset_contract_id(&id, &network, &asset), SDEX_OK);
	assert_memory_equal(&id, event->contractID, 32);
	seen->events++;
}

static enum sdex_visit check_found(void *context, const struct sdex_found *found)
{
	struct seen *seen = context;
	sdex_arena_reset(seen->arena);
	if (found->type == SDEX_TYPE_LiquidityPoolEntry)
		check_pool(seen, found);
	else
		check_event(seen, found);
	return SDEX_VISIT_ON;
}

static void real_ledgers_have_these_ids(void **state)
{
	(void)state;
	static const enum sdex_type types[] = {SDEX_TYPE_LiquidityPoolEntry,
					       SDEX_TYPE_ContractEvent};
	static const char *const names[] = {"46154623", "57500008", "63092988"};
	const char *folder = corpus();
	struct seen seen = {.arena = sdex_arena_new(0)};
	struct sdex_visit_plan plan;
	assert_int_equal(sdex_visit_plan_init(&plan, types, 2), SDEX_OK);
	for (size_t i = 0; i < 3; i++) {
		char path[4096];
		size_t size;
		snprintf(path, sizeof path, "%s/pubnet/ledger-%s.xdr.gz", folder, names[i]);
		uint8_t *data = corpus_read(path, &size);
		assert_int_equal(sdex_xdr_visit(SDEX_TYPE_LedgerCloseMeta, &plan, check_found,
						&seen, data, size, NULL, NULL),
				 SDEX_OK);
		free(data);
	}
	assert_true(seen.pools > 100);
	assert_true(seen.events > 500);
	sdex_arena_free(seen.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pools_have_the_ids_of_the_network),
		cmocka_unit_test(a_pool_id_has_two_texts),
		cmocka_unit_test(a_hash_is_64_digits),
		cmocka_unit_test(an_asset_has_a_contract),
		cmocka_unit_test(a_deployed_contract_has_an_id),
		cmocka_unit_test(a_balance_has_an_id),
		cmocka_unit_test(a_revoked_balance_has_an_id),
		cmocka_unit_test(places_pack_in_order),
		cmocka_unit_test(real_ledgers_have_these_ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
