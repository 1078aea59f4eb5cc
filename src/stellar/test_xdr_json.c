/* stellar/test_xdr_json.c - XDR as SEP-51's JSON and back; what is refused, and where. */
#include "base/testing.h"

#include "sdex/bytes.h"
#include "sdex/xdr_json.h"
#include "sdex/xdr_types.h"
#include "xdr/test_values.h"

static struct sdex_arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = sdex_arena_new(0);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	sdex_arena_free(arena);
	return 0;
}

static const char *to_json(enum sdex_type type, const void *value, enum sdex_json_style style)
{
	struct sdex_failure why = {0};
	const char *text = NULL;
	size_t size = 0;
	if (sdex_xdr_to_json_arena(type, &text, &size, arena, value, style, &why))
		fail_msg("%s: %s", sdex_type_name(type), why.text);
	assert_int_equal(strlen(text), size);
	return text;
}

static void *from_json(enum sdex_type type, const char *json)
{
	struct sdex_failure why = {0};
	void *value = NULL;
	if (sdex_xdr_from_json(type, &value, arena, json, strlen(json), NULL, &why))
		fail_msg("%s: byte %ju: %s", json, (uintmax_t)why.where, why.text);
	return value;
}

/* The base64 of a value. */
static const char *encode(enum sdex_type type, const void *value)
{
	static char text[4096];
	uint8_t data[2048];
	size_t size;
	assert_int_equal(sdex_xdr_encode(type, data, sizeof data, &size, value, NULL), SDEX_OK);
	assert_int_equal(sdex_base64_encode(text, sizeof text, NULL, data, size), SDEX_OK);
	return text;
}

static void *decode(enum sdex_type type, const char *base64)
{
	size_t size = strlen(base64);
	uint8_t *data = sdex_arena_alloc(arena, size);
	struct sdex_failure why = {0};
	void *value = NULL;
	assert_int_equal(sdex_base64_decode(data, size, &size, base64, size, NULL), SDEX_OK);
	if (sdex_xdr_decode(type, &value, arena, data, size, NULL, &why))
		fail_msg("%s: %s", base64, why.text);
	return value;
}

struct pair {
	enum sdex_type type;
	const char *base64;
	const char *json;
};

static void both_ways(const struct pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct pair *p = &pairs[i];
		void *value = decode(p->type, p->base64);
		assert_string_equal(to_json(p->type, value, SDEX_JSON_COMPACT), p->json);
		assert_string_equal(encode(p->type, from_json(p->type, p->json)), p->base64);
		/* indented, it says the same */
		const char *indented = to_json(p->type, value, SDEX_JSON_INDENTED);
		assert_string_equal(encode(p->type, from_json(p->type, indented)), p->base64);
	}
}

#define BOTH_WAYS(pairs) both_ways(pairs, sizeof(pairs) / sizeof *(pairs))

/* SEP-51 version 2.0.1, section by section; where the SEP invents a type, one of the
 * schema that has the same form. */
static void the_examples_of_the_sep(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{SDEX_TYPE_int32, "f////w==", "2147483647"},
		{SDEX_TYPE_uint32, "/////w==", "4294967295"},
		{SDEX_TYPE_int64, "f/////////8=", "\"9223372036854775807\""},
		{SDEX_TYPE_uint64, "//////////8=", "\"18446744073709551615\""},
		{SDEX_TYPE_SignatureHint, "YWJjZA==", "\"61626364\""},
		{SDEX_TYPE_Value, "AAAABGFiY2Q=", "\"61626364\""},
		{SDEX_TYPE_SCString, "AAAADGhlbGxvw3dvcmxkAA==", "\"hello\\\\xc3world\\\\0\""},
		{SDEX_TYPE_SCValType, "AAAAAw==", "\"u32\""},
		{SDEX_TYPE_TTLEntry, "AQIDBAUGBwgJEBESExQVFhcYGSAhIiMkJSYnKCkwMTIAAAAB",
		 "{\"key_hash\":"
		 "\"0102030405060708091011121314151617181920212223242526272829303132\","
		 "\"live_until_ledger_seq\":1}"},
		{SDEX_TYPE_Asset, "AAAAAA==", "\"native\""},
		{SDEX_TYPE_Asset, "AAAAAUFCQ0QAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		 "{\"credit_alphanum4\":{\"asset_code\":\"ABCD\",\"issuer\":"
		 "\"GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAWHF\"}}"},
		{SDEX_TYPE_SorobanTransactionMetaExt, "AAAAAA==", "\"v0\""},
		{SDEX_TYPE_SponsorshipDescriptor, "AAAAAA==", "null"},
		{SDEX_TYPE_SCAddress,
		 "AAAAAgAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		 "\"MAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAFNZG\""},
		{SDEX_TYPE_AssetCode4, "QUJDAA==", "\"ABC\""},
		{SDEX_TYPE_AssetCode12, "QUJDREUAAAAAAAAA", "\"ABCDE\""},
		{SDEX_TYPE_AssetCode12, "QUJDAAAAAAAAAAAA", "\"ABC\\\\0\\\\0\""},
	};
	BOTH_WAYS(pairs);
}

static void the_transaction_of_the_sep(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{SDEX_TYPE_TransactionEnvelope,
		 "AAAAAgAAAADmmSZkwY3163TMouB2TY8MljqXw2IxVYTGyvDrR6YtAAAqmmQAABpuAAAAAQAAAAAAAAAAA"
		 "AAA"
		 "AQAAAAAAAAAYAAAAAQAAAAEAAAAAAAAAAQAAAAAAAAABAAAAAAAAAAAAAAABAAAABgAAAAHXkotywnA8z"
		 "+r3"
		 "65/"
		 "0701QSlWouXn8m0UOoshCtNHOYQAAABQAAAABAAI9fQAAAAAAAAD4AAAAAAAqmgAAAAABR6YtAAAAAEAr"
		 "DtxbqUI+CsdkRmV0lFhVt0wyB7fyrmmkM6Fr35wpPcK8WKcXeKTl4BQ+"
		 "akE14MZtpaea9LMdhXopaW3pJA0E",
		 "{\"tx\":{\"tx\":{\"source_account\":"
		 "\"GDTJSJTEYGG7L23UZSROA5SNR4GJMOUXYNRDCVMEY3FPB22HUYWQBZIA\",\"fee\":2792036,"
		 "\"seq_num\":\"29059748724737\",\"cond\":\"none\",\"memo\":\"none\","
		 "\"operations\":"
		 "[{\"source_account\":null,\"body\":{\"invoke_host_function\":{\"host_function\":"
		 "{\"create_contract\":{\"contract_id_preimage\":{\"asset\":\"native\"},"
		 "\"executable\":\"stellar_asset\"}},\"auth\":[]}}}],\"ext\":{\"v1\":{\"ext\":"
		 "\"v0\","
		 "\"resources\":{\"footprint\":{\"read_only\":[],\"read_write\":[{\"contract_"
		 "data\":"
		 "{\"contract\":\"CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC\","
		 "\"key\":\"ledger_key_contract_instance\",\"durability\":\"persistent\"}}]},"
		 "\"instructions\":146813,\"disk_read_bytes\":0,\"write_bytes\":248},"
		 "\"resource_fee\":\"2791936\"}}},\"signatures\":[{\"hint\":\"47a62d00\","
		 "\"signature\":"
		 "\"2b0edc5ba9423e0ac764466574945855b74c3207b7f2ae69a433a16bdf9c293dc2bc58a71778a4e"
		 "5e0143e"
		 "6a4135e0c66da5a79af4b31d857a29696de9240d04\"}]}}"},
	};
	BOTH_WAYS(pairs);
}

/* Texts of SEP-23, and of SDKs' tests for the same. */
static void keys_and_addresses_are_strkeys(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{SDEX_TYPE_PublicKey, "AAAAAD8MNL+TrQ2ZcdBMzJD3BVEcg4qtlzSkovsNegP8f+ia",
		 "\"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ\""},
		{SDEX_TYPE_AccountID, "AAAAAD8MNL+TrQ2ZcdBMzJD3BVEcg4qtlzSkovsNegP8f+ia",
		 "\"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ\""},
		{SDEX_TYPE_NodeID, "AAAAAD8MNL+TrQ2ZcdBMzJD3BVEcg4qtlzSkovsNegP8f+ia",
		 "\"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ\""},
		{SDEX_TYPE_MuxedAccount, "AAAAAD8MNL+TrQ2ZcdBMzJD3BVEcg4qtlzSkovsNegP8f+ia",
		 "\"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ\""},
		{SDEX_TYPE_MuxedAccount,
		 "AAABAIAAAAAAAAAAPww0v5OtDZlx0EzMkPcFURyDiq2XNKSi+w16A/x/6Jo=",
		 "\"MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK\""},
		{SDEX_TYPE_MuxedAccountMed25519,
		 "gAAAAAAAAAA/DDS/k60NmXHQTMyQ9wVRHIOKrZc0pKL7DXoD/H/omg==",
		 "\"MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK\""},
		{SDEX_TYPE_MuxedEd25519Account,
		 "gAAAAAAAAAA/DDS/k60NmXHQTMyQ9wVRHIOKrZc0pKL7DXoD/H/omg==",
		 "\"MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK\""},
		{SDEX_TYPE_ContractID, "Pww0v5OtDZlx0EzMkPcFURyDiq2XNKSi+w16A/x/6Jo=",
		 "\"CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA\""},
		{SDEX_TYPE_Hash, "Pww0v5OtDZlx0EzMkPcFURyDiq2XNKSi+w16A/x/6Jo=",
		 "\"3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a\""},
		{SDEX_TYPE_PoolID, "Nj6qOGeEH7rQ9O2Ix3nk/mblaiRw3JjA7JwHPQXHsQM=",
		 "\"LA3D5KRYM6CB7OWQ6TWYRR3Z4T7GNZLKERYNZGGA5SOAOPIFY6YQGZ5J\""},
		{SDEX_TYPE_ClaimableBalanceID, "AAAAADY+qjhnhB+60PTtiMd55P5m5WokcNyYwOycBz0Fx7ED",
		 "\"BAADMPVKHBTYIH522D2O3CGHPHSP4ZXFNISHBXEYYDWJYBZ5AXD3CA3GDE\""},
		{SDEX_TYPE_SignerKey, "AAAAAD8MNL+TrQ2ZcdBMzJD3BVEcg4qtlzSkovsNegP8f+ia",
		 "\"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ\""},
		{SDEX_TYPE_SignerKey,
		 "AAAAAz8MNL+TrQ2ZcdBMzJD3BVEcg4qtlzSkovsNegP8f+"
		 "iaAAAAHQECAwQFBgcICQoLDA0ODxAREhMUFRYX"
		 "GBkaGxwdAAAA",
		 "\"PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDA"
		 "NBYHRA"
		 "EISCMKBKFQXDAMRUGY4DUAAAAFGBU\""},
	};
	BOTH_WAYS(pairs);
	/* The kinds of signer and address that the list above lacks, by their own texts. */
	static const struct {
		enum sdex_type type;
		const char *json;
		const char *front; /* of the base64: the discriminant */
	} more[] = {
		{SDEX_TYPE_SignerKey,
		 "\"TBU2RRGLXH3E5CQHTD3ODLDF2BWDCYUSSBLLZ5GNW7JXHDIYKXZWHXL7\"", "AAAAAW"},
		{SDEX_TYPE_SignerKey,
		 "\"XBU2RRGLXH3E5CQHTD3ODLDF2BWDCYUSSBLLZ5GNW7JXHDIYKXZWGTOG\"", "AAAAAm"},
		{SDEX_TYPE_SignerKeyEd25519SignedPayload,
		 "\"PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAQACAQDAQCQMBYIBEFAWDA"
		 "NBYHRA"
		 "EISCMKBKFQXDAMRUGY4DUPB6IBZGM\"",
		 "Pww0"},
		{SDEX_TYPE_SCAddress,
		 "\"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ\"", "AAAAAAAAAAA"},
		{SDEX_TYPE_SCAddress,
		 "\"CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA\"", "AAAAAT"},
		{SDEX_TYPE_SCAddress,
		 "\"BAADMPVKHBTYIH522D2O3CGHPHSP4ZXFNISHBXEYYDWJYBZ5AXD3CA3GDE\"", "AAAAAwAAAAA"},
		{SDEX_TYPE_SCAddress,
		 "\"LA3D5KRYM6CB7OWQ6TWYRR3Z4T7GNZLKERYNZGGA5SOAOPIFY6YQGZ5J\"", "AAAABD"},
	};
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		void *value = from_json(more[i].type, more[i].json);
		assert_memory_equal(encode(more[i].type, value), more[i].front,
				    strlen(more[i].front));
		assert_string_equal(to_json(more[i].type, value, SDEX_JSON_COMPACT), more[i].json);
	}
}

static void asset_codes_tell_their_length(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{SDEX_TYPE_AssetCode4, "AAAAAA==", "\"\""},
		{SDEX_TYPE_AssetCode4, "YQBjZA==", "\"a\\\\0cd\""},
		{SDEX_TYPE_AssetCode4, "YcMoZA==", "\"a\\\\xc3(d\""},
		{SDEX_TYPE_AssetCode4, "CQoNXA==", "\"\\\\t\\\\n\\\\r\\\\\\\\\""},
		{SDEX_TYPE_AssetCode4, "In8gfg==", "\"\\\"\\\\x7f ~\""},
		{SDEX_TYPE_AssetCode12, "AAAAAAAAAAAAAAAA", "\"\\\\0\\\\0\\\\0\\\\0\\\\0\""},
		{SDEX_TYPE_AssetCode12, "YWJjZGVmZ2hpamts", "\"abcdefghijkl\""},
		{SDEX_TYPE_AssetCode, "AAAAAWEAAAA=", "\"a\""},
		{SDEX_TYPE_AssetCode, "AAAAAmEAAAAAAAAAAAAAAA==", "\"a\\\\0\\\\0\\\\0\\\\0\""},
		{SDEX_TYPE_AssetCode,
		 "AAAAAmHZqtmqAAAAAAAAAA==", "\"a\\\\xd9\\\\xaa\\\\xd9\\\\xaa\""},
	};
	BOTH_WAYS(pairs);
}

static void wide_integers_are_decimal(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{SDEX_TYPE_Int128Parts, "AAAAAAAAAAEAAAAAAAAAAg==", "\"18446744073709551618\""},
		{SDEX_TYPE_Int128Parts,
		 "gAAAAAAAAAAAAAAAAAAAAA==", "\"-170141183460469231731687303715884105728\""},
		{SDEX_TYPE_UInt128Parts,
		 "/////////////////////w==", "\"340282366920938463463374607431768211455\""},
		{SDEX_TYPE_Int256Parts, "//////////////////////////////////////////8=", "\"-1\""},
		{SDEX_TYPE_UInt256Parts, "//////////////////////////////////////////8=",
		 "\"115792089237316195423570985008687907853269984665640564039457584007913129639935"
		 "\""},
		{SDEX_TYPE_SCVal, "AAAACgAAAAAAAAAAAAAAAAAAAAE=", "{\"i128\":\"1\"}"},
	};
	BOTH_WAYS(pairs);
}

static void a_field_called_type(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{SDEX_TYPE_ContractEvent, "AAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAA==",
		 "{\"ext\":\"v0\",\"contract_id\":null,\"type\":\"contract\",\"body\":"
		 "{\"v0\":{\"topics\":[],\"data\":{\"bool\":false}}}}"},
	};
	BOTH_WAYS(pairs);
	/* as the SDK in Rust wrote it until version 27 */
	void *value =
		from_json(SDEX_TYPE_ContractEvent,
			  "{\"ext\":\"v0\",\"contract_id\":null,\"type_\":\"contract\",\"body\":"
			  "{\"v0\":{\"topics\":[],\"data\":{\"bool\":false}}}}");
	assert_string_equal(encode(SDEX_TYPE_ContractEvent, value), pairs[0].base64);
}

#define TTL_HASH "\"key_hash\":\"0102030405060708091011121314151617181920212223242526272829303132\""
#define TTL_BASE64 "AQIDBAUGBwgJEBESExQVFhcYGSAhIiMkJSYnKCkwMTIAAAAB"

static void what_may_differ_is_read_alike(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{SDEX_TYPE_TTLEntry, TTL_BASE64, "{\"live_until_ledger_seq\":1," TTL_HASH "}"},
		{SDEX_TYPE_TTLEntry, TTL_BASE64,
		 " { " TTL_HASH " , \"$schema\" : \"https://stellar.org/x.json\",\n"
		 "\"live_until_ledger_seq\" : 1 } \n"},
		{SDEX_TYPE_TTLEntry, TTL_BASE64,
		 "{\"live\\u005funtil_ledger_seq\":1," TTL_HASH "}"},
		{SDEX_TYPE_SCVal, "AAAAAwAAAAU=", "{\"$schema\":\"x\",\"u32\":5}"},
		{SDEX_TYPE_SCVal, "AAAAAwAAAAU=", "{\"u32\":5,\"$schema\":\"x\"}"},
		{SDEX_TYPE_SCVal, "AAAAAwAAAAU=", "{\"\\u00753\\u0032\":5}"},
		{SDEX_TYPE_SCVal, "AAAAAQ==", "\"\\u0076oid\""},
		{SDEX_TYPE_int64, "//////////8=", "-1"},
		{SDEX_TYPE_int64, "//////////8=", "\"\\u002d1\""},
		{SDEX_TYPE_uint64, "//////////8=", "18446744073709551615"},
		{SDEX_TYPE_Hash, "Pww0v5OtDZlx0EzMkPcFURyDiq2XNKSi+w16A/x/6Jo=",
		 "\"3F0C34BF93AD0D9971D04CCC90F705511C838AAD9734A4A2FB0D7A03FC7FE89A\""},
		{SDEX_TYPE_AssetCode12, "QUJDAAAAAAAAAAAA", "\"ABC\""},
		{SDEX_TYPE_SCString, "AAAAAcMAAAA=", "\"\\\\xC3\""},
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		assert_string_equal(encode(pairs[i].type, from_json(pairs[i].type, pairs[i].json)),
				    pairs[i].base64);
}

/* JSON that no value of the type is made of: the code, where, and in which words. */
struct bad {
	enum sdex_type type;
	const char *json;
	enum sdex_error error;
	uint64_t where;
	const char *why; /* NULL: not looked at */
};

static void all_refused(const struct bad *bad, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct sdex_failure why = {0};
		void *value = &why;
		enum sdex_error error = sdex_xdr_from_json(bad[i].type, &value, arena, bad[i].json,
							   strlen(bad[i].json), NULL, &why);
		if (error != bad[i].error || why.code != error || why.where != bad[i].where ||
		    value != &why)
			fail_msg("%s %s: %s at %ju: %s", sdex_type_name(bad[i].type), bad[i].json,
				 sdex_error_name(error), (uintmax_t)why.where, why.text);
		if (bad[i].why)
			assert_string_equal(why.text, bad[i].why);
	}
}

static void refused_text_that_is_no_json(void **state)
{
	(void)state;
	static const struct bad bad[] = {
		{SDEX_TYPE_int32, "", SDEX_ERR_TRUNCATED, 0,
		 "int32: expected a number, found the end of the text"},
		{SDEX_TYPE_int32, "1 1", SDEX_ERR_TRAILING, 2,
		 "int32: expected the end of the text, found \"1\""},
		{SDEX_TYPE_TTLEntry, "{\"key_hash\"}", SDEX_ERR_SYNTAX, 11,
		 "TTLEntry: expected ':' after a key, found \"}\""},
		{SDEX_TYPE_TTLEntry, "{" TTL_HASH, SDEX_ERR_TRUNCATED, 78,
		 "TTLEntry: expected ',' or '}' after a member, found the end of the text"},
		{SDEX_TYPE_SCVal, "{\"vec\":[{\"u32\":1]}", SDEX_ERR_SYNTAX, 16, NULL},
		{SDEX_TYPE_SCVal, "{\"vec\":[\"void\"", SDEX_ERR_TRUNCATED, 14, NULL},
		{SDEX_TYPE_SCVal, "nil", SDEX_ERR_KIND, 0,
		 "SCVal: expected a string or an object, found \"nil\""},
		{SDEX_TYPE_Thresholds, "\"\xff\"", SDEX_ERR_CHARACTER, 1, NULL},
		{SDEX_TYPE_SponsorshipDescriptor, "nul", SDEX_ERR_SYNTAX, 0, NULL},
	};
	all_refused(bad, sizeof bad / sizeof *bad);
}

static void refused_numbers(void **state)
{
	(void)state;
	static const struct bad bad[] = {
		{SDEX_TYPE_int32, "2147483648", SDEX_ERR_RANGE, 0,
		 "int32: expected a number from -2147483648 to 2147483647, found 2147483648"},
		{SDEX_TYPE_int32, "-2147483649", SDEX_ERR_RANGE, 0, NULL},
		{SDEX_TYPE_uint32, "-1", SDEX_ERR_RANGE, 0, NULL},
		{SDEX_TYPE_uint32, "4294967296", SDEX_ERR_RANGE, 0, NULL},
		{SDEX_TYPE_uint32, "1.0", SDEX_ERR_RANGE, 0,
		 "uint32: expected a whole number in plain digits, found \"1.0\""},
		{SDEX_TYPE_uint32, "\"1\"", SDEX_ERR_KIND, 0,
		 "uint32: expected a number, found the string \"1\""},
		{SDEX_TYPE_int64, "true", SDEX_ERR_KIND, 0, NULL},
		{SDEX_TYPE_int64, "1e3", SDEX_ERR_SYNTAX, 0, NULL},
		{SDEX_TYPE_int64, "9223372036854775808", SDEX_ERR_RANGE, 0,
		 "int64: expected a whole number of 64 bits with sign, found "
		 "\"9223372036854775808\""},
		{SDEX_TYPE_int64, "\"-9223372036854775809\"", SDEX_ERR_RANGE, 0, NULL},
		{SDEX_TYPE_uint64, "\"18446744073709551616\"", SDEX_ERR_RANGE, 0, NULL},
		{SDEX_TYPE_uint64, "\"-1\"", SDEX_ERR_SYNTAX, 0,
		 "uint64: expected a whole number of 64 bits without sign, found \"-1\""},
		{SDEX_TYPE_uint64, "-", SDEX_ERR_TRUNCATED, 1, NULL},
		{SDEX_TYPE_uint64, "\"\"", SDEX_ERR_SYNTAX, 0, NULL},
		{SDEX_TYPE_int64, "\"+7\"", SDEX_ERR_SYNTAX, 0, NULL},
		{SDEX_TYPE_int64, "\"07\"", SDEX_ERR_SYNTAX, 0, NULL},
		{SDEX_TYPE_int64, "\"0x10\"", SDEX_ERR_SYNTAX, 0, NULL},
		{SDEX_TYPE_int64, "\" 7\"", SDEX_ERR_SYNTAX, 0, NULL},
		{SDEX_TYPE_UInt128Parts, "\"340282366920938463463374607431768211456\"",
		 SDEX_ERR_RANGE, 1,
		 "UInt128Parts: expected a whole number of 128 bits without sign, found "
		 "\"340282366920938463463374607431768211456\""},
		{SDEX_TYPE_Int256Parts, "\"1.5\"", SDEX_ERR_SYNTAX, 1, NULL},
		{SDEX_TYPE_Int128Parts, "1", SDEX_ERR_KIND, 0, NULL},
	};
	all_refused(bad, sizeof bad / sizeof *bad);
}

static void refused_booleans_and_enums(void **state)
{
	(void)state;
	static const struct bad bad[] = {
		{SDEX_TYPE_SCVal, "{\"bool\":1}", SDEX_ERR_KIND, 8,
		 "SCVal.bool: expected true or false, found \"1\""},
		{SDEX_TYPE_MemoType, "\"TEXT\"", SDEX_ERR_UNKNOWN, 0,
		 "MemoType: expected none, text, id, hash, return, found \"TEXT\""},
		{SDEX_TYPE_MemoType, "1", SDEX_ERR_KIND, 0, NULL},
		{SDEX_TYPE_OperationType, "\"paymant\"", SDEX_ERR_UNKNOWN, 0, NULL},
	};
	all_refused(bad, sizeof bad / sizeof *bad);
}

static void refused_opaques(void **state)
{
	(void)state;
	static const struct bad bad[] = {
		{SDEX_TYPE_SignatureHint, "\"616263\"", SDEX_ERR_LENGTH, 0,
		 "SignatureHint: expected 4 bytes in hexadecimal, found 3"},
		{SDEX_TYPE_SignatureHint, "\"616263641\"", SDEX_ERR_LENGTH, 10, NULL},
		{SDEX_TYPE_SignatureHint, "\"616263g4\"", SDEX_ERR_CHARACTER, 7,
		 "SignatureHint: expected a hexadecimal digit, found \"g\""},
		{SDEX_TYPE_UpgradeType,
		 "\"000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"
		 "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"
		 "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"
		 "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f00\"",
		 SDEX_ERR_LENGTH, 0,
		 "UpgradeType: expected at most 128 bytes in hexadecimal, found 129"},
		{SDEX_TYPE_Value, "[1]", SDEX_ERR_KIND, 0, NULL},
	};
	all_refused(bad, sizeof bad / sizeof *bad);
}

static void refused_strings(void **state)
{
	(void)state;
	static const struct bad bad[] = {
		{SDEX_TYPE_SCString, "\"h\xc3\xa9\"", SDEX_ERR_CHARACTER, 2,
		 "SCString: strings of XDR are printable ASCII, other bytes are written \\xNN; "
		 "found "
		 "\"\\xc3\""},
		{SDEX_TYPE_SCString, "\"a\\n\"", SDEX_ERR_CHARACTER, 0, NULL},
		{SDEX_TYPE_SCString, "\"a\\\\\"", SDEX_ERR_SYNTAX, 0, NULL},
		{SDEX_TYPE_SCString, "\"a\\\\q\"", SDEX_ERR_SYNTAX, 0,
		 "SCString: expected an escape (\\0 \\t \\n \\r \\\\ \\xNN), found \"\\\\q\""},
		{SDEX_TYPE_SCString, "\"\\\\x4\"", SDEX_ERR_SYNTAX, 0, NULL},
		{SDEX_TYPE_SCString, "\"\\\\x4g\"", SDEX_ERR_SYNTAX, 0, NULL},
		{SDEX_TYPE_SCString, "\"\\\\X41\"", SDEX_ERR_SYNTAX, 0, NULL},
		{SDEX_TYPE_Memo, "{\"text\":\"a text of more than 28 bytes.\"}", SDEX_ERR_LENGTH, 8,
		 "Memo.text: expected at most 28 bytes, found 29"},
	};
	all_refused(bad, sizeof bad / sizeof *bad);
}

static void refused_strkeys_and_codes(void **state)
{
	(void)state;
	static const struct bad bad[] = {
		{SDEX_TYPE_AccountID,
		 "\"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGA\"", SDEX_ERR_CHECKSUM,
		 1, NULL},
		{SDEX_TYPE_AccountID,
		 "\"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJ0SGZ\"", SDEX_ERR_CHARACTER,
		 53, NULL},
		{SDEX_TYPE_AccountID,
		 "\"CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA\"", SDEX_ERR_KIND, 1,
		 "AccountID: expected an account (G...), found a contract (C...)"},
		{SDEX_TYPE_MuxedAccount,
		 "\"CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA\"", SDEX_ERR_KIND, 1,
		 "MuxedAccount: expected an account (G... or M...), found a contract (C...)"},
		{SDEX_TYPE_SignerKey,
		 "\"CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA\"", SDEX_ERR_KIND, 1,
		 NULL},
		{SDEX_TYPE_SCAddress,
		 "\"XBU2RRGLXH3E5CQHTD3ODLDF2BWDCYUSSBLLZ5GNW7JXHDIYKXZWGTOG\"", SDEX_ERR_KIND, 1,
		 NULL},
		{SDEX_TYPE_PoolID, "\"3f\"", SDEX_ERR_SYNTAX, 1, NULL},
		{SDEX_TYPE_AssetCode4, "\"ABCDE\"", SDEX_ERR_LENGTH, 1,
		 "AssetCode4: expected an asset code of at most 4 characters, found 5"},
		{SDEX_TYPE_AssetCode, "\"ABCDEFGHIJKLM\"", SDEX_ERR_LENGTH, 1, NULL},
		{SDEX_TYPE_AssetCode12, "\"\\\\x\"", SDEX_ERR_SYNTAX, 0, NULL},
	};
	all_refused(bad, sizeof bad / sizeof *bad);
}

static void refused_structs(void **state)
{
	(void)state;
	static const struct bad bad[] = {
		{SDEX_TYPE_TTLEntry, "{" TTL_HASH "}", SDEX_ERR_MISSING, 78,
		 "TTLEntry: the key \"live_until_ledger_seq\" is missing"},
		{SDEX_TYPE_TTLEntry, "{" TTL_HASH "," TTL_HASH "}", SDEX_ERR_DUPLICATE, 79,
		 "TTLEntry: \"key_hash\" stands there twice"},
		{SDEX_TYPE_TTLEntry, "{" TTL_HASH ",\"seq\":1}", SDEX_ERR_UNKNOWN, 79,
		 "TTLEntry: expected live_until_ledger_seq, found \"seq\""},
		{SDEX_TYPE_TTLEntry, "{\"live_until_ledger_seq\":1," TTL_HASH ",\"x\":0}",
		 SDEX_ERR_UNKNOWN, 105, "TTLEntry: expected no more keys, found \"x\""},
		{SDEX_TYPE_TTLEntry, "{\"type_\":1}", SDEX_ERR_UNKNOWN, 1, NULL},
		{SDEX_TYPE_TTLEntry, "{\"$schema\":\"a\",\"$schema\":\"b\"}", SDEX_ERR_DUPLICATE,
		 15, NULL},
		{SDEX_TYPE_TTLEntry, "{\"$schema\":1}", SDEX_ERR_KIND, 11, NULL},
		{SDEX_TYPE_TTLEntry, "[]", SDEX_ERR_KIND, 0,
		 "TTLEntry: expected an object, found \"[\""},
		{SDEX_TYPE_ContractEvent, "{\"type\":\"contract\",\"type_\":\"contract\"}",
		 SDEX_ERR_DUPLICATE, 19, NULL},
		{SDEX_TYPE_LedgerHeader, "{\"version\":1}", SDEX_ERR_UNKNOWN, 1,
		 "LedgerHeader: expected ledger_version, previous_ledger_hash, scp_value, "
		 "tx_set_result_hash, "
		 "bucket_list_hash, ledger_seq, total_coins, ..., found \"version\""},
	};
	all_refused(bad, sizeof bad / sizeof *bad);
}

static void refused_unions(void **state)
{
	(void)state;
	static const struct bad bad[] = {
		{SDEX_TYPE_Asset, "{}", SDEX_ERR_MISSING, 0, NULL},
		{SDEX_TYPE_Asset, "1", SDEX_ERR_KIND, 0,
		 "Asset: expected a string or an object, found \"1\""},
		{SDEX_TYPE_Asset, "\"xlm\"", SDEX_ERR_UNKNOWN, 0,
		 "Asset: expected native, found \"xlm\""},
		{SDEX_TYPE_Asset, "\"credit_alphanum4\"", SDEX_ERR_KIND, 0,
		 "Asset: expected an object, {\"credit_alphanum4\": ...}, found a string"},
		{SDEX_TYPE_Asset, "{\"native\":null}", SDEX_ERR_KIND, 1,
		 "Asset: expected the string \"native\", which has no value, found an object"},
		{SDEX_TYPE_Asset, "{\"pool_share\":{}}", SDEX_ERR_UNKNOWN, 1,
		 "Asset: expected credit_alphanum4, credit_alphanum12, found \"pool_share\""},
		{SDEX_TYPE_SCVal, "{\"u32\":1,\"u32\":1}", SDEX_ERR_DUPLICATE, 9, NULL},
		{SDEX_TYPE_SCVal, "{\"$schema\":\"a\",\"$schema\":\"b\"}", SDEX_ERR_DUPLICATE, 15,
		 NULL},
		{SDEX_TYPE_SCVal, "{\"u32\":1,\"u32\"", SDEX_ERR_TRUNCATED, 14, NULL},
		{SDEX_TYPE_ExtensionPoint, "\"v1\"", SDEX_ERR_UNKNOWN, 0,
		 "ExtensionPoint: expected v0, found \"v1\""},
		{SDEX_TYPE_ExtensionPoint, "{\"v1\":1}", SDEX_ERR_UNKNOWN, 1,
		 "ExtensionPoint: expected a string, found \"v1\""},
		{SDEX_TYPE_TransactionMeta, "\"v1\"", SDEX_ERR_KIND, 0, NULL},
		{SDEX_TYPE_TransactionMeta, "\"v9\"", SDEX_ERR_UNKNOWN, 0,
		 "TransactionMeta: expected an object, found \"v9\""},
	};
	all_refused(bad, sizeof bad / sizeof *bad);
}

static void refused_lists(void **state)
{
	(void)state;
	static const struct bad bad[] = {
		{SDEX_TYPE_SCVal,
		 "{\"vec\":[{\"u32\":1},{\"map\":[{\"key\":\"void\",\"val\":7}]}]}", SDEX_ERR_KIND,
		 46, "SCVal.vec[1].map[0].val: expected a string or an object, found \"7\""},
		{SDEX_TYPE_SCVal, "{\"vec\":{}}", SDEX_ERR_KIND, 7, NULL},
		{SDEX_TYPE_LedgerHeader, "{\"skip_list\":[]}", SDEX_ERR_LENGTH, 13,
		 "LedgerHeader.skip_list: expected 4 items, found 0"},
		{SDEX_TYPE_LedgerHeader, "{\"skip_list\":{}}", SDEX_ERR_KIND, 13, NULL},
		{SDEX_TYPE_LedgerHeader, "{\"skip_list\":[1", SDEX_ERR_KIND, 14,
		 "LedgerHeader.skip_list[0]: expected a string, found \"1\""},
	};
	all_refused(bad, sizeof bad / sizeof *bad);
}

static void lists_are_bounded(void **state)
{
	(void)state;
	struct sdex_failure why;
	void *value;
	/* five skip hashes where four are */
	char json[1024];
	static const char zero[] =
		"\"0000000000000000000000000000000000000000000000000000000000000000\"";
	int n = snprintf(json, sizeof json, "{\"skip_list\":[%s,%s,%s,%s,%s]}", zero, zero, zero,
			 zero, zero);
	assert_int_equal(sdex_xdr_from_json(SDEX_TYPE_LedgerHeader, &value, arena, json, (size_t)n,
					    NULL, &why),
			 SDEX_ERR_LENGTH);
	assert_string_equal(why.text, "LedgerHeader.skip_list: expected 4 items, found more");
	static const char signers[] = "{\"hint\":\"00000000\",\"signature\":\"\"}";
	char *many = sdex_arena_alloc(arena, 4096);
	size_t size = (size_t)snprintf(many, 4096, "{\"tx\":{\"signatures\":[");
	for (int i = 0; i < 21; i++)
		size += (size_t)snprintf(many + size, 4096 - size, "%s%s", i ? "," : "", signers);
	size += (size_t)snprintf(many + size, 4096 - size, "]}}");
	assert_int_equal(sdex_xdr_from_json(SDEX_TYPE_TransactionEnvelope, &value, arena, many,
					    size, NULL, &why),
			 SDEX_ERR_LENGTH);
	assert_string_equal(
		why.text,
		"TransactionEnvelope.tx.signatures: expected at most 20 items, found more");
}

/* {"vec":[{"vec":[ ... "void" ... ]}]} */
static char *nested(uint32_t depth, size_t *size)
{
	char *text = sdex_arena_alloc(arena, depth * 16 + 16), *at = text;
	for (uint32_t i = 1; i < depth; i++)
		at += sprintf(at, "{\"vec\":[");
	at += sprintf(at, "\"void\"");
	for (uint32_t i = 1; i < depth; i++)
		at += sprintf(at, "]}");
	*size = (size_t)(at - text);
	return text;
}

static void depth_is_bounded_as_in_decoding(void **state)
{
	(void)state;
	static const uint32_t depths[] = {1, 2, 10, SDEX_XDR_DEPTH, SDEX_XDR_DEPTH_MAX};
	for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
		struct sdex_xdr_limits limits = {.depth = depths[i]};
		struct sdex_failure why;
		size_t size, length;
		void *value;
		char *text = nested(depths[i] + 1, &size); /* the outermost is no level */
		assert_int_equal(sdex_xdr_from_json(SDEX_TYPE_SCVal, &value, arena, text, size,
						    &limits, &why),
				 SDEX_OK);
		assert_string_equal(to_json(SDEX_TYPE_SCVal, value, SDEX_JSON_COMPACT), text);
		/* the same limit lets the bytes in */
		assert_int_equal(sdex_xdr_size(SDEX_TYPE_SCVal, &size, value, NULL), SDEX_OK);
		uint8_t *data = sdex_arena_alloc(arena, size);
		assert_int_equal(sdex_xdr_encode(SDEX_TYPE_SCVal, data, size, &length, value, NULL),
				 SDEX_OK);
		assert_int_equal(sdex_xdr_decode(SDEX_TYPE_SCVal, &value, arena, data, length,
						 &limits, NULL),
				 SDEX_OK);
		text = nested(depths[i] + 2, &size);
		assert_int_equal(sdex_xdr_from_json(SDEX_TYPE_SCVal, &value, arena, text, size,
						    &limits, &why),
				 SDEX_ERR_DEPTH);
	}
	struct sdex_xdr_limits over = {.depth = SDEX_XDR_DEPTH_MAX + 1};
	void *value;
	assert_int_equal(sdex_xdr_from_json(SDEX_TYPE_int32, &value, arena, "1", 1, &over, NULL),
			 SDEX_ERR_INVALID);
	/* brackets that are no value of the schema, without end */
	char *brackets = sdex_arena_alloc(arena, 100000);
	memset(brackets, '[', 100000);
	assert_int_equal(
		sdex_xdr_from_json(SDEX_TYPE_SCVal, &value, arena, brackets, 100000, NULL, NULL),
		SDEX_ERR_KIND);
}

/* What is empty opens no level: the same limit lets a value in as bytes and as JSON. */
static void empty_lists_open_no_level(void **state)
{
	(void)state;
	const struct sdex_xdr_limits limits = {.depth = 2};
	static const struct {
		enum sdex_type type;
		const char *text;
	} deepest[] = {
		{SDEX_TYPE_SCPQuorumSet,
		 "{\"threshold\":1,\"validators\":[],\"inner_sets\":["
		 "{\"threshold\":1,\"validators\":[],\"inner_sets\":["
		 "{\"threshold\":1,\"validators\":[],\"inner_sets\":[]}]}]}"},
		{SDEX_TYPE_SCVal, "{\"vec\":[{\"vec\":[{\"vec\":null}]}]}"},
		{SDEX_TYPE_ClaimPredicate, "{\"and\":[{\"not\":{\"or\":[]}}]}"},
	};
	for (size_t i = 0; i < sizeof deepest / sizeof *deepest; i++) {
		const char *text = deepest[i].text;
		void *value, *again;
		size_t size;
		assert_int_equal(sdex_xdr_from_json(deepest[i].type, &value, arena, text,
						    strlen(text), &limits, NULL),
				 SDEX_OK);
		assert_int_equal(sdex_xdr_size(deepest[i].type, &size, value, NULL), SDEX_OK);
		uint8_t *data = sdex_arena_alloc(arena, size);
		assert_int_equal(sdex_xdr_encode(deepest[i].type, data, size, &size, value, NULL),
				 SDEX_OK);
		assert_int_equal(
			sdex_xdr_decode(deepest[i].type, &again, arena, data, size, &limits, NULL),
			SDEX_OK);
		assert_string_equal(to_json(deepest[i].type, again, SDEX_JSON_COMPACT), text);
	}
}

static void the_deepest_maps_fit_the_scanner(void **state)
{
	(void)state;
	/* three levels of JSON for one of SCVal */
	uint32_t depth = SDEX_XDR_DEPTH;
	char *text = sdex_arena_alloc(arena, depth * 64), *at = text;
	for (uint32_t i = 1; i < depth; i++)
		at += sprintf(at, "{\"map\":[{\"key\":\"void\",\"val\":");
	at += sprintf(at, "\"void\"");
	for (uint32_t i = 1; i < depth; i++)
		at += sprintf(at, "}]}");
	void *value = from_json(SDEX_TYPE_SCVal, text);
	assert_string_equal(to_json(SDEX_TYPE_SCVal, value, SDEX_JSON_COMPACT), text);
}

static void memory_is_bounded(void **state)
{
	(void)state;
	static char text[1 << 20];
	struct sdex_failure why;
	void *value;
	size_t size = 0;
	/* the shortest items that take the most memory */
	size += (size_t)sprintf(text, "{\"vec\":[");
	while (size < sizeof text - 16)
		size += (size_t)sprintf(text + size, "\"void\",");
	size += (size_t)sprintf(text + size, "\"void\"]}");
	for (size_t limit = 1 << 12; limit <= 1 << 22; limit *= 4) {
		struct sdex_arena *small = sdex_arena_new(limit);
		assert_int_equal(
			sdex_xdr_from_json(SDEX_TYPE_SCVal, &value, small, text, size, NULL, &why),
			SDEX_ERR_NOMEM);
		assert_true(sdex_arena_held(small) <= limit);
		sdex_arena_free(small);
	}
	struct sdex_arena *enough = sdex_arena_new(64 << 20);
	assert_int_equal(
		sdex_xdr_from_json(SDEX_TYPE_SCVal, &value, enough, text, size, NULL, &why),
		SDEX_OK);
	sdex_arena_free(enough);
	/* every way in which memory can be out */
	static const char *const texts[] = {
		"\"PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDAN"
		"BYHRAEISCM"
		"KBKFQXDAMRUGY4DUAAAAFGBU\"",
	};
	struct sdex_arena *full = sdex_arena_new(4096);
	while (sdex_arena_alloc(full, sizeof(sdex_SignerKey) + 16) && sdex_arena_used(full) < 3900)
		;
	for (int left = 0; left < 8; left++) {
		enum sdex_error error = sdex_xdr_from_json(SDEX_TYPE_SignerKey, &value, full,
							   texts[0], strlen(texts[0]), NULL, &why);
		assert_true(error == SDEX_OK || error == SDEX_ERR_NOMEM);
	}
	assert_int_equal(why.code, SDEX_ERR_NOMEM);
	sdex_arena_free(full);
}

/* encode(from_json(to_json(v))) == encode(v) for made-up values of every type. */
static void any_value_comes_back(void **state)
{
	(void)state;
	struct choices choices = {.seeded = {6}};
	for (int type = 0; type < SDEX_TYPE_COUNT; type++) {
		for (uint32_t round = 0; round < 40; round++) {
			sdex_arena_reset(arena);
			void *value = test_value(arena, (enum sdex_type)type, &choices, round * 4);
			size_t size, again;
			uint8_t *data = test_bytes(arena, &size, (enum sdex_type)type, value);
			const char *text =
				to_json((enum sdex_type)type, value,
					round % 2 ? SDEX_JSON_COMPACT : SDEX_JSON_INDENTED);
			void *back = from_json((enum sdex_type)type, text);
			uint8_t *bytes = test_bytes(arena, &again, (enum sdex_type)type, back);
			assert_int_equal(again, size);
			assert_memory_equal(bytes, data, size);
		}
	}
}

/* A text with one byte changed is refused, or is another value's text. */
static void a_changed_byte_never_reads_as_something_unwritten(void **state)
{
	(void)state;
	struct choices choices = {.seeded = {7}};
	unsigned read = 0, refused = 0;
	for (int round = 0; round < 20000; round++) {
		sdex_arena_reset(arena);
		enum sdex_type type =
			(enum sdex_type)seeded_below(&choices.seeded, SDEX_TYPE_COUNT);
		void *value = test_value(arena, type, &choices, 20);
		char *text = (char *)(uintptr_t)to_json(type, value, SDEX_JSON_COMPACT);
		size_t size = strlen(text);
		struct sdex_failure why = {0};
		text[seeded_below(&choices.seeded, size)] = (char)seeded_next(&choices.seeded);
		void *back = &why;
		enum sdex_error error =
			sdex_xdr_from_json(type, &back, arena, text, size, NULL, &why);
		if (error) {
			assert_true(why.code == error && why.where <= size && back == &why);
			assert_true(why.text[0]);
			refused++;
			continue;
		}
		read++;
		void *again = from_json(type, to_json(type, back, SDEX_JSON_COMPACT));
		assert_true(sdex_xdr_equal(type, back, again));
	}
	assert_true(read > 300 && refused > 10000);
}

static enum sdex_error gather(void *context, const char *text, size_t size)
{
	char **at = context;
	memcpy(*at, text, size);
	*at += size;
	return SDEX_OK;
}

static enum sdex_error refuse(void *context, const char *text, size_t size)
{
	(void)text;
	(void)size;
	++*(int *)context;
	return SDEX_ERR_UNSUPPORTED;
}

static void a_long_value_by_buffer_arena_and_sink(void **state)
{
	(void)state;
	struct sdex_failure why;
	sdex_SCVal *items = sdex_arena_alloc(arena, 2000 * sizeof *items);
	uint8_t all[256];
	for (int i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	for (uint32_t i = 0; i < 2000; i++) {
		items[i] = (sdex_SCVal){.type = i % 2 ? SDEX_SCV_STRING : SDEX_SCV_BYTES};
		items[i].str = (struct sdex_bytes){all, i % 257};
	}
	sdex_SCVal_list list = {items, 2000}, *pointer = &list;
	sdex_SCVal value = {.type = SDEX_SCV_VEC};
	value.vec = pointer;
	const char *text = to_json(SDEX_TYPE_SCVal, &value, SDEX_JSON_COMPACT);
	size_t size = strlen(text), got = 0;

	char *out = malloc(size + 1), *at = out;
	assert_non_null(out);
	assert_int_equal(sdex_xdr_to_json_sink(SDEX_TYPE_SCVal, gather, &at, &value,
					       SDEX_JSON_COMPACT, NULL),
			 SDEX_OK);
	assert_int_equal(at - out, size);
	assert_memory_equal(out, text, size);

	assert_int_equal(sdex_xdr_to_json(SDEX_TYPE_SCVal, out, size + 1, &got, &value,
					  SDEX_JSON_COMPACT, NULL),
			 SDEX_OK);
	assert_int_equal(got, size);
	assert_string_equal(out, text);
	got = 7;
	assert_int_equal(
		sdex_xdr_to_json(SDEX_TYPE_SCVal, out, size, &got, &value, SDEX_JSON_COMPACT, &why),
		SDEX_ERR_SPACE);
	assert_int_equal(
		sdex_xdr_to_json(SDEX_TYPE_SCVal, out, 0, &got, &value, SDEX_JSON_COMPACT, &why),
		SDEX_ERR_SPACE);
	assert_int_equal(got, 7);

	int calls = 0;
	assert_int_equal(sdex_xdr_to_json_sink(SDEX_TYPE_SCVal, refuse, &calls, &value,
					       SDEX_JSON_COMPACT, &why),
			 SDEX_ERR_UNSUPPORTED);
	assert_int_equal(calls, 1);

	struct sdex_arena *small = sdex_arena_new(10000);
	assert_int_equal(sdex_xdr_to_json_arena(SDEX_TYPE_SCVal, &text, &got, small, &value,
						SDEX_JSON_COMPACT, &why),
			 SDEX_ERR_NOMEM);
	sdex_arena_free(small);

	void *back = from_json(SDEX_TYPE_SCVal, out);
	assert_true(sdex_xdr_equal(SDEX_TYPE_SCVal, back, &value));
	free(out);
}

static void a_value_that_is_none_is_refused_before_anything_is_written(void **state)
{
	(void)state;
	struct sdex_failure why;
	const char *text;
	char out[16] = "kept";
	size_t size = 7;
	int calls = 0;
	sdex_Asset asset = {.type = SDEX_ASSET_TYPE_POOL_SHARE};
	assert_int_equal(sdex_xdr_to_json(SDEX_TYPE_Asset, out, sizeof out, &size, &asset,
					  SDEX_JSON_COMPACT, &why),
			 SDEX_ERR_DISCRIMINANT);
	assert_int_equal(sdex_xdr_to_json_arena(SDEX_TYPE_Asset, &text, &size, arena, &asset,
						SDEX_JSON_COMPACT, &why),
			 SDEX_ERR_DISCRIMINANT);
	assert_int_equal(sdex_xdr_to_json_sink(SDEX_TYPE_Asset, refuse, &calls, &asset,
					       SDEX_JSON_COMPACT, &why),
			 SDEX_ERR_DISCRIMINANT);
	assert_string_equal(out, "kept");
	assert_int_equal(size, 7);
	assert_int_equal(calls, 0);
	assert_int_equal(sdex_xdr_to_json((enum sdex_type)SDEX_TYPE_COUNT, out, sizeof out, &size,
					  &asset, SDEX_JSON_COMPACT, &why),
			 SDEX_ERR_INVALID);
	void *value;
	assert_int_equal(sdex_xdr_from_json((enum sdex_type)SDEX_TYPE_COUNT, &value, arena, "1", 1,
					    NULL, &why),
			 SDEX_ERR_INVALID);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(the_examples_of_the_sep),
		TEST(the_transaction_of_the_sep),
		TEST(keys_and_addresses_are_strkeys),
		TEST(asset_codes_tell_their_length),
		TEST(wide_integers_are_decimal),
		TEST(a_field_called_type),
		TEST(what_may_differ_is_read_alike),
		TEST(refused_text_that_is_no_json),
		TEST(refused_numbers),
		TEST(refused_booleans_and_enums),
		TEST(refused_opaques),
		TEST(refused_strings),
		TEST(refused_strkeys_and_codes),
		TEST(refused_structs),
		TEST(refused_unions),
		TEST(refused_lists),
		TEST(lists_are_bounded),
		TEST(depth_is_bounded_as_in_decoding),
		TEST(empty_lists_open_no_level),
		TEST(the_deepest_maps_fit_the_scanner),
		TEST(memory_is_bounded),
		TEST(any_value_comes_back),
		TEST(a_changed_byte_never_reads_as_something_unwritten),
		TEST(a_long_value_by_buffer_arena_and_sink),
		TEST(a_value_that_is_none_is_refused_before_anything_is_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
