/* stellar/test_key.c - RFC 8032, SEP-53 and SLIP-0010 vectors; paths both ways. */
#include "base/testing.h"

#include "sdex/bytes.h"
#include "sdex/key.h"
#include "sdex/strkey.h"

static size_t unhex(uint8_t *data, const char *hex)
{
	size_t size = 0;
	assert_int_equal(sdex_hex_decode(data, 128, &size, hex, strlen(hex), NULL), SDEX_OK);
	return size;
}

static void assert_hex(const uint8_t *data, size_t size, const char *hex)
{
	char text[257];
	assert_int_equal(sdex_hex_encode(text, sizeof text, NULL, data, size), SDEX_OK);
	assert_string_equal(text, hex);
}

/* RFC 8032 section 7.1, tests 1 to 3 */
static void signatures_are_ed25519(void **state)
{
	(void)state;
	static const struct {
		const char *seed, *public_key, *message, *signature;
	} vector[] = {
		{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		 "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
		 "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
		 "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
		{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		 "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
		 "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
		{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		 "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
		 "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
		 "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
	};
	for (size_t i = 0; i < sizeof vector / sizeof *vector; i++) {
		struct sdex_secret secret;
		uint8_t seed[128], message[128], signature[64], hint[4];
		unhex(seed, vector[i].seed);
		size_t size = unhex(message, vector[i].message);
		sdex_secret_from_seed(&secret, seed);
		assert_hex(secret.seed, 32, vector[i].seed);
		assert_hex(secret.public_key, 32, vector[i].public_key);
		sdex_sign(&secret, signature, message, size);
		assert_hex(signature, 64, vector[i].signature);
		assert_int_equal(sdex_verify(secret.public_key, signature, message, size), SDEX_OK);
		sdex_hint(hint, secret.public_key);
		assert_hex(hint, 4, vector[i].public_key + 56);
		for (size_t bit = 0; bit < 512; bit++) {
			signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_equal(sdex_verify(secret.public_key, signature, message, size),
					 SDEX_ERR_SIGNATURE);
			signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		message[size] = 0;
		assert_int_equal(sdex_verify(secret.public_key, signature, message, size + 1),
				 SDEX_ERR_SIGNATURE);
	}
}

/* The point of order 1 is a key under which a forged signature could verify. */
static void no_key_of_small_order_verifies(void **state)
{
	(void)state;
	uint8_t key[32] = {1}, signature[64] = {1};
	assert_int_equal(sdex_verify(key, signature, "", 0), SDEX_ERR_SIGNATURE);
}

/* Where implementations of ed25519 differ: the cases of "Taming the Many EdDSAs" (IACR
 * 2020/1244, table 6), and what stellar-core says of each (CryptoTests.cpp), by libsodium
 * as by dalek's strict form, which it uses since protocol 25. */
static void edge_cases_are_those_of_the_network(void **state)
{
	(void)state;
	static const struct {
		const char *message, *key, *signature;
		bool valid;
	} cases[] = {
		/* a key and an R of small order */
		{"8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
		 "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		 "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
		 "0000000000000000000000000000000000000000000000000000000000000000",
		 false},
		/* a key of small order */
		{"9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
		 "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		 "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43"
		 "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
		 false},
		/* an R of small order */
		{"aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
		 "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
		 "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
		 "8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e",
		 false},
		/* key and R of mixed order, which hold without the cofactor */
		{"9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
		 "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
		 "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f"
		 "87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
		 true},
		/* of mixed order, holds with the cofactor only */
		{"e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
		 "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
		 "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512"
		 "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
		 false},
		/* a key of mixed order, holds with the cofactor only */
		{"e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
		 "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
		 "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7"
		 "e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405",
		 false},
		/* S above the group's order */
		{"85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
		 "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
		 "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e"
		 "547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
		 false},
		/* S far above it */
		{"85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
		 "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
		 "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942"
		 "7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
		 false},
		/* R not canonical */
		{"9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
		 "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
		 "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		 "03be9678ac102edcd92b0210bb34d7428d12ffc5df5f37e359941266a4e35f0f",
		 false},
		/* R not canonical, another way */
		{"9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
		 "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
		 "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
		 "ca8c5b64cd208982aa38d4936621a4775aa233aa0505711d8fdcfdaa943d4908",
		 false},
		/* a key not canonical */
		{"e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b",
		 "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		 "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc"
		 "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
		 false},
		/* a key not canonical, another way */
		{"39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f",
		 "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		 "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc"
		 "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
		 false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint8_t message[32], key[32], signature[64];
		size_t size;
		assert_int_equal(sdex_hex_decode(message, 32, &size, cases[i].message,
						 strlen(cases[i].message), NULL),
				 SDEX_OK);
		assert_int_equal(sdex_hex_decode(key, 32, &size, cases[i].key, 64, NULL), SDEX_OK);
		assert_int_equal(
			sdex_hex_decode(signature, 64, &size, cases[i].signature, 128, NULL),
			SDEX_OK);
		if ((sdex_verify(key, signature, message, 32) == SDEX_OK) != cases[i].valid)
			fail_msg("case %zu is %s", i, cases[i].valid ? "refused" : "taken");
	}
}

/* All 14 encodings of points of small order, canonical or not, as key and as R, with an S
 * of 0: any message verifies by the bare equation (Zcash's ZIP 215 wants that). */
static void no_small_order_verifies(void **state)
{
	(void)state;
	static const char *const points[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0000000000000000000000000000000000000000000000000000000000000080",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000080",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	};
	const size_t count = sizeof points / sizeof *points;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++) {
			uint8_t key[32], signature[64] = {0};
			size_t size;
			assert_int_equal(sdex_hex_decode(key, 32, &size, points[i], 64, NULL), 0);
			assert_int_equal(sdex_hex_decode(signature, 32, &size, points[k], 64, NULL),
					 0);
			assert_int_equal(sdex_verify(key, signature, "Zcash", 5),
					 SDEX_ERR_SIGNATURE);
		}
}

/* SEP-53, "Test cases" */
static void messages_are_signed_as_sep53_says(void **state)
{
	(void)state;
	static const char seed[] = "SAKICEVQLYWGSOJS4WW7HZJWAHZVEEBS527LHK5V4MLJALYKICQCJXMW";
	static const char binary[] = "2zZDP1sa1BVBfLP7TeeMk3sUbaxAkUhBhDiNdrksaFo=";
	static const char japanese[] = "こんにちは、世界！";
	static const char *const expected[] = {
		"7cee5d6d885752104c85eea421dfdcb95abf01f1271d11c4bec3fcbd7874dccd"
		"6e2e98b97b8eb23b643cac4073bb77de5d07b0710139180ae9f3cbba78f2ba04",
		"083536eb95ecf32dce59b07fe7a1fd8cf814b2ce46f40d2a16e4ea1f6cecd980"
		"e04e6fbef9d21f98011c785a81edb85f3776a6e7d942b435eb0adc07da4d4604",
		"540d7eee179f370bf634a49c1fa9fe4a58e3d7990b0207be336c04edfcc539ff"
		"8bd0c31bb2c0359b07c9651cb2ae104e4504657b5d17d43c69c7e50e23811b0d",
	};
	struct sdex_secret pair, *secret = &pair;
	uint8_t bytes[64], signature[64];
	size_t size;
	char text[SDEX_STRKEY_KEY_ROOM];
	assert_int_equal(sdex_secret_parse(secret, seed, 56, NULL), SDEX_OK);
	assert_int_equal(sdex_strkey_encode_key(text, sizeof text, NULL, SDEX_STRKEY_ACCOUNT,
						secret->public_key),
			 SDEX_OK);
	assert_string_equal(text, "GBXFXNDLV4LSWA4VB7YIL5GBD7BVNR22SGBTDKMO2SBZZHDXSKZYCP7L");
	sdex_secret_print(text, secret);
	assert_string_equal(text, seed);
	assert_int_equal(sdex_base64_decode(bytes, 64, &size, binary, strlen(binary), NULL),
			 SDEX_OK);
	sdex_message_sign(secret, signature, "Hello, World!", 13);
	assert_hex(signature, 64, expected[0]);
	sdex_message_sign(secret, signature, japanese, strlen(japanese));
	assert_hex(signature, 64, expected[1]);
	sdex_message_sign(secret, signature, bytes, size);
	assert_hex(signature, 64, expected[2]);
	assert_int_equal(sdex_message_verify(secret->public_key, signature, bytes, size), SDEX_OK);
	assert_int_equal(sdex_message_verify(secret->public_key, signature, bytes, size - 1),
			 SDEX_ERR_SIGNATURE);
	assert_int_equal(sdex_verify(secret->public_key, signature, bytes, size),
			 SDEX_ERR_SIGNATURE);
}

static void secrets_are_wiped(void **state)
{
	(void)state;
	static const uint8_t zero[64];
	struct sdex_secret secret;
	sdex_secret_from_seed(&secret, zero);
	assert_memory_not_equal(secret.public_key, zero, 32);
	sdex_secret_wipe(&secret);
	assert_memory_equal(&secret, zero, 64);
}

static void a_secret_is_read_from_a_seed_only(void **state)
{
	(void)state;
	struct sdex_secret secret, before;
	struct sdex_failure why;
	memset(&secret, 0x77, sizeof secret);
	before = secret;
	assert_int_equal(
		sdex_secret_parse(&secret,
				  "GBXFXNDLV4LSWA4VB7YIL5GBD7BVNR22SGBTDKMO2SBZZHDXSKZYCP7L", 56,
				  &why),
		SDEX_ERR_KIND);
	assert_non_null(strstr(why.text, "expected a secret seed (S...)"));
	assert_int_equal(
		sdex_secret_parse(&secret,
				  "SAKICEVQLYWGSOJS4WW7HZJWAHZVEEBS527LHK5V4MLJALYKICQCJXMA", 56,
				  &why),
		SDEX_ERR_CHECKSUM);
	assert_memory_equal(&secret, &before, sizeof secret);
}

/* SLIP-0010, "Test vector 1 for ed25519" and 2 */
static void keys_are_derived_as_slip10_says(void **state)
{
	(void)state;
	static const char *const seeds[] = {
		"000102030405060708090a0b0c0d0e0f",
		"fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a2"
		"9f9c999693908d8a8784817e7b7875726f6c696663605d5a5754514e4b484542",
	};
	static const struct {
		size_t seed;
		const char *path, *secret, *public_key;
	} vector[] = {
		{0, "m", "2b4be7f19ee27bbf30c667b642d5f4aa69fd169872f8fc3059c08ebae2eb19e7",
		 "a4b2856bfec510abab89753fac1ac0e1112364e7d250545963f135f2a33188ed"},
		{0, "m/0'", "68e0fe46dfb67e368c75379acec591dad19df3cde26e63b93a8e704f1dade7a3",
		 "8c8a13df77a28f3445213a0f432fde644acaa215fc72dcdf300d5efaa85d350c"},
		{0, "m/0'/1'", "b1d0bad404bf35da785a64ca1ac54b2617211d2777696fbffaf208f746ae84f2",
		 "1932a5270f335bed617d5b935c80aedb1a35bd9fc1e31acafd5372c30f5c1187"},
		{0, "m/0'/1'/2'",
		 "92a5b23c0b8a99e37d07df3fb9966917f5d06e02ddbd909c7e184371463e9fc9",
		 "ae98736566d30ed0e9d2f4486a64bc95740d89c7db33f52121f8ea8f76ff0fc1"},
		{0, "m/0'/1'/2'/2'",
		 "30d1dc7e5fc04c31219ab25a27ae00b50f6fd66622f6e9c913253d6511d1e662",
		 "8abae2d66361c879b900d204ad2cc4984fa2aa344dd7ddc46007329ac76c429c"},
		{0, "m/0'/1'/2'/2'/1000000000'",
		 "8f94d394a8e8fd6b1bc2f3f49f5c47e385281d5c17e65324b0f62483e37e8793",
		 "3c24da049451555d51a7014a37337aa4e12d41e485abccfa46b47dfb2af54b7a"},
		{1, "m", "171cb88b1b3c1db25add599712e36245d75bc65a1a5c9e18d76f9f2b1eab4012",
		 "8fe9693f8fa62a4305a140b9764c5ee01e455963744fe18204b4fb948249308a"},
		{1, "m/0'", "1559eb2bbec5790b0c65d8693e4d0875b1747f4970ae8b650486ed7470845635",
		 "86fab68dcb57aa196c77c5f264f215a112c22a912c10d123b0d03c3c28ef1037"},
		{1, "m/0'/2147483647'",
		 "ea4f5bfe8694d8bb74b7b59404632fd5968b774ed545e810de9c32a4fb4192f4",
		 "5ba3b9ac6e90e83effcd25ac4e58a1365a9e35a3d3ae5eb07b9e4d90bcf7506d"},
		{1, "m/0'/2147483647'/1'",
		 "3757c7577170179c7868353ada796c839135b3d30554bbb74a4b1e4a5a58505c",
		 "2e66aa57069c86cc18249aecf5cb5a9cebbfd6fadeab056254763874a9352b45"},
		{1, "m/0'/2147483647'/1'/2147483646'",
		 "5837736c89570de861ebc173b1086da4f505d4adb387c6a1b1342d5e4ac9ec72",
		 "e33c0f7d81d843c572275f287498e8d408654fdf0d1e065b84e2e6f157aab09b"},
		{1, "m/0'/2147483647'/1'/2147483646'/2'",
		 "551d333177df541ad876a60ea71f00447931c0a9da16f227c11ea080d7391b8d",
		 "47150c75db263559a70d5778bf36abbab30fb061ad69f69ece61a72b0cfa4fc0"},
	};
	for (size_t i = 0; i < sizeof vector / sizeof *vector; i++) {
		struct sdex_secret secret;
		struct sdex_path path;
		uint8_t seed[128];
		size_t size = unhex(seed, seeds[vector[i].seed]);
		assert_int_equal(
			sdex_path_parse(&path, vector[i].path, strlen(vector[i].path), NULL),
			SDEX_OK);
		assert_int_equal(sdex_secret_derive(&secret, seed, size, &path), SDEX_OK);
		assert_hex(secret.seed, 32, vector[i].secret);
		assert_hex(secret.public_key, 32, vector[i].public_key);
	}
}

static void a_derivation_has_its_bounds(void **state)
{
	(void)state;
	uint8_t seed[65] = {0};
	struct sdex_secret secret;
	struct sdex_path path = {.depth = 1, .index = {0x7fffffff}};
	for (size_t size = 0; size <= 65; size++)
		assert_int_equal(!sdex_secret_derive(&secret, seed, size, &path),
				 size >= 16 && size <= 64);
	path.index[0] = 0x80000000;
	assert_int_equal(sdex_secret_derive(&secret, seed, 64, &path), SDEX_ERR_INVALID);
	path = (struct sdex_path){.depth = SDEX_PATH_DEPTH_MAX + 1};
	assert_int_equal(sdex_secret_derive(&secret, seed, 64, &path), SDEX_ERR_INVALID);
	assert_int_equal(sdex_path_account(&path, 0x80000000), SDEX_ERR_RANGE);
	assert_int_equal(sdex_path_account(&path, 0x7fffffff), SDEX_OK);
	assert_int_equal(path.depth, 3);
	assert_int_equal(path.index[2], 0x7fffffff);
}

static void paths_are_one_to_one_with_their_text(void **state)
{
	(void)state;
	static const char *const good[] = {
		"m",
		"m/0'",
		"m/44'/148'/0'",
		"m/2147483647'",
		"m/0'/1'/2'/3'/4'/5'/6'/7'/8'/9'",
		("m/2147483647'/2147483647'/2147483647'/2147483647'/2147483647'"
		 "/2147483647'/2147483647'/2147483647'/2147483647'/2147483647'"),
	};
	char text[SDEX_PATH_ROOM];
	struct sdex_path path;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_int_equal(sdex_path_parse(&path, good[i], strlen(good[i]), NULL), SDEX_OK);
		assert_int_equal(sdex_path_print(text, &path), strlen(good[i]));
		assert_string_equal(text, good[i]);
	}
	assert_int_equal(sdex_path_parse(&path, "m/44h/148h/7h", 13, NULL), SDEX_OK);
	sdex_path_print(text, &path);
	assert_string_equal(text, "m/44'/148'/7'");
}

static void other_paths_are_refused_with_a_position(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum sdex_error code;
		uint64_t where;
	} bad[] = {
		{"", SDEX_ERR_SYNTAX, 0},
		{"44'", SDEX_ERR_SYNTAX, 0},
		{"M/44'", SDEX_ERR_SYNTAX, 0},
		{"m44'", SDEX_ERR_SYNTAX, 1},
		{"m/", SDEX_ERR_SYNTAX, 2},
		{"m//0'", SDEX_ERR_SYNTAX, 2},
		{"m/0'/", SDEX_ERR_SYNTAX, 5},
		{"m/-1'", SDEX_ERR_SYNTAX, 2},
		{"m/00'", SDEX_ERR_SYNTAX, 2},
		{"m/1'x", SDEX_ERR_SYNTAX, 4},
		{"m/1x", SDEX_ERR_SYNTAX, 3},
		{"m/44'/148'/0", SDEX_ERR_UNSUPPORTED, 12},
		{"m/44/148'/0'", SDEX_ERR_UNSUPPORTED, 4},
		{"m/2147483648'", SDEX_ERR_RANGE, 2},
		{"m/99999999999999999999999999'", SDEX_ERR_RANGE, 2},
		{"m/0'/1'/2'/3'/4'/5'/6'/7'/8'/9'/10'", SDEX_ERR_LENGTH, 31},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct sdex_failure why;
		struct sdex_path path = {.depth = 77};
		assert_int_equal(sdex_path_parse(&path, bad[i].text, strlen(bad[i].text), &why),
				 bad[i].code);
		assert_int_equal(why.where, bad[i].where);
		assert_int_equal(path.depth, 77);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_ed25519),
		cmocka_unit_test(no_key_of_small_order_verifies),
		cmocka_unit_test(edge_cases_are_those_of_the_network),
		cmocka_unit_test(no_small_order_verifies),
		cmocka_unit_test(messages_are_signed_as_sep53_says),
		cmocka_unit_test(secrets_are_wiped),
		cmocka_unit_test(a_secret_is_read_from_a_seed_only),
		cmocka_unit_test(keys_are_derived_as_slip10_says),
		cmocka_unit_test(a_derivation_has_its_bounds),
		cmocka_unit_test(paths_are_one_to_one_with_their_text),
		cmocka_unit_test(other_paths_are_refused_with_a_position),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
