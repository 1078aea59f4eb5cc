/* stellar/test_address.c - each union of keys has the strkeys of its arms and no others. */
#include "base/testing.h"

#include "sdex/address.h"

/* SEP-23's valid vectors; t and x hold the same key. */
#define KEY "A7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJ"
static const char g[] = "G" KEY "VSGZ", c[] = "C" KEY "UWDA", l[] = "L" KEY "UPJN";
static const char m0[] = "M" KEY "UAAAAAAAAAAAACJUQ", m[] = "M" KEY "VAAAAAAAAAAAAAJLK";
static const char b[] = "BAAD6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGR4TU";
static const char p[] = "P" KEY "UAAAAAOQCAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUAAAAFGBU";

static char t[SDEX_STRKEY_KEY_ROOM], x[SDEX_STRKEY_KEY_ROOM];

static int make_the_others(void **state)
{
	(void)state;
	uint8_t key[32];
	assert_int_equal(sdex_strkey_decode_key(key, SDEX_STRKEY_ACCOUNT, g, 56, NULL), SDEX_OK);
	assert_int_equal(sdex_strkey_encode_key(t, sizeof t, NULL, SDEX_STRKEY_PRE_AUTH_TX, key),
			 SDEX_OK);
	assert_int_equal(sdex_strkey_encode_key(x, sizeof x, NULL, SDEX_STRKEY_HASH_X, key),
			 SDEX_OK);
	return 0;
}

static const char *const all[] = {g, m0, m, c, l, b, p, t, x};

static bool has_kind(const char *kinds, const char *text)
{
	return strchr(kinds, text[0]) != NULL;
}

static void accounts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		sdex_AccountID account, again;
		char text[SDEX_ACCOUNT_ROOM];
		enum sdex_error error = sdex_account_parse(&account, all[i], strlen(all[i]), NULL);
		assert_int_equal(error, has_kind("G", all[i]) ? SDEX_OK : SDEX_ERR_KIND);
		if (error)
			continue;
		assert_int_equal(sdex_account_print(text, &account), strlen(all[i]));
		assert_string_equal(text, all[i]);
		again = sdex_account_of_key(account.ed25519.bytes);
		assert_memory_equal(&again, &account, sizeof again);
	}
}

static void muxed_accounts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		sdex_MuxedAccount muxed;
		struct sdex_failure why;
		char text[SDEX_STRKEY_ROOM];
		size_t length;
		enum sdex_error error = sdex_muxed_parse(&muxed, all[i], strlen(all[i]), &why);
		assert_int_equal(error, has_kind("GM", all[i]) ? SDEX_OK : SDEX_ERR_KIND);
		if (error) {
			assert_non_null(strstr(why.text, "G... or M..."));
			continue;
		}
		assert_int_equal(muxed.type, all[i][0] == 'G' ? SDEX_KEY_TYPE_ED25519
							      : SDEX_KEY_TYPE_MUXED_ED25519);
		if (all[i][0] == 'M')
			assert_true(muxed.med25519.id == (all[i] == m ? (uint64_t)1 << 63 : 0));
		assert_int_equal(sdex_muxed_print(text, sizeof text, &length, &muxed), SDEX_OK);
		assert_string_equal(text, all[i]);
		muxed.type = SDEX_KEY_TYPE_HASH_X;
		assert_int_equal(sdex_muxed_print(text, sizeof text, &length, &muxed),
				 SDEX_ERR_INVALID);
	}
}

static void signers(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		sdex_SignerKey signer;
		char text[SDEX_STRKEY_ROOM];
		size_t length;
		enum sdex_error error =
			sdex_signer_parse(&signer, arena, all[i], strlen(all[i]), NULL);
		assert_int_equal(error, has_kind("GTXP", all[i]) ? SDEX_OK : SDEX_ERR_KIND);
		if (error)
			continue;
		assert_int_equal(sdex_signer_print(text, sizeof text, &length, &signer), SDEX_OK);
		assert_string_equal(text, all[i]);
		uint8_t xdr[128];
		size_t size;
		assert_int_equal(sdex_SignerKey_encode(xdr, sizeof xdr, &size, &signer, NULL),
				 SDEX_OK);
		assert_int_equal(xdr[3], strchr("GTXP", all[i][0]) - "GTXP");
		assert_int_equal(size, all[i] == p ? 4 + 32 + 4 + 32 : 4 + 32);
	}
	sdex_SignerKeyEd25519SignedPayload none = {{{1}}, {NULL, 0}};
	sdex_SignerKey signer = {.type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD,
				 .ed25519SignedPayload = &none};
	sdex_SignerKey back;
	char text[SDEX_STRKEY_ROOM];
	size_t length;
	assert_int_equal(sdex_signer_print(text, sizeof text, &length, &signer), SDEX_OK);
	assert_int_equal(sdex_signer_parse(&back, arena, text, length, NULL), SDEX_OK);
	assert_true(sdex_SignerKey_equal(&signer, &back));
	none.payload.size = 65;
	assert_int_equal(sdex_signer_print(text, sizeof text, &length, &signer), SDEX_ERR_INVALID);
	signer.type = (sdex_SignerKeyType)99;
	assert_int_equal(sdex_signer_print(text, sizeof text, &length, &signer), SDEX_ERR_INVALID);
	sdex_arena_free(arena);

	arena = sdex_arena_new(1);
	assert_int_equal(sdex_signer_parse(&back, arena, p, strlen(p), NULL), SDEX_ERR_NOMEM);
	sdex_arena_free(arena);
}

static void contract_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		sdex_SCAddress address;
		char text[SDEX_STRKEY_ROOM];
		size_t length;
		enum sdex_error error = sdex_address_parse(&address, all[i], strlen(all[i]), NULL);
		assert_int_equal(error, has_kind("GCMBL", all[i]) ? SDEX_OK : SDEX_ERR_KIND);
		if (error)
			continue;
		assert_int_equal(sdex_address_print(text, sizeof text, &length, &address), SDEX_OK);
		assert_string_equal(text, all[i]);
		uint8_t xdr[64];
		size_t size;
		assert_int_equal(sdex_SCAddress_encode(xdr, sizeof xdr, &size, &address, NULL),
				 SDEX_OK);
		assert_int_equal(xdr[3], strchr("GCMBL", all[i][0]) - "GCMBL");
	}
	sdex_SCAddress address = {.type = SDEX_SC_ADDRESS_TYPE_CLAIMABLE_BALANCE};
	char text[SDEX_STRKEY_ROOM];
	size_t length;
	address.claimableBalanceId.type = (sdex_ClaimableBalanceIDType)1;
	assert_int_equal(sdex_address_print(text, sizeof text, &length, &address),
			 SDEX_ERR_INVALID);
	address.type = (sdex_SCAddressType)99;
	assert_int_equal(sdex_address_print(text, sizeof text, &length, &address),
			 SDEX_ERR_INVALID);
}

static void text_that_is_no_strkey_is_none_of_them(void **state)
{
	(void)state;
	sdex_AccountID account;
	sdex_MuxedAccount muxed;
	sdex_SignerKey signer;
	sdex_SCAddress address;
	struct sdex_failure why;
	assert_int_equal(sdex_account_parse(&account, g, 55, &why), SDEX_ERR_LENGTH);
	assert_int_equal(sdex_muxed_parse(&muxed, m, 68, &why), SDEX_ERR_LENGTH);
	assert_int_equal(sdex_signer_parse(&signer, NULL, "", 0, &why), SDEX_ERR_LENGTH);
	assert_int_equal(sdex_address_parse(&address, "hello", 5, &why), SDEX_ERR_SYNTAX);
	assert_int_equal(sdex_address_parse(&address, "S" KEY, 52, &why), SDEX_ERR_KIND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accounts),
		cmocka_unit_test(muxed_accounts),
		cmocka_unit_test(signers),
		cmocka_unit_test(contract_addresses),
		cmocka_unit_test(text_that_is_no_strkey_is_none_of_them),
	};
	return cmocka_run_group_tests(tests, make_the_others, NULL);
}
