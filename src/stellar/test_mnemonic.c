/* stellar/test_mnemonic.c - SEP-5's vectors; words and entropy are one to one. */
#include "base/testing.h"

#include "sdex/bytes.h"
#include "sdex/key.h"
#include "sdex/mnemonic.h"
#include "sdex/strkey.h"

static const struct {
	const char *words, *passphrase;
	const char *seed;           /* BIP-39's, hexadecimal */
	const char *key;            /* of m/44'/148' */
	const char *account[10][2]; /* G and S of m/44'/148'/i' */
} sep5[] = {
#include "stellar/test_sep5.inc"
};

static void assert_hex(const uint8_t *data, size_t size, const char *hex)
{
	char text[129];
	assert_int_equal(sdex_hex_encode(text, sizeof text, NULL, data, size), SDEX_OK);
	assert_string_equal(text, hex);
}

static void sep5_vectors(void **state)
{
	(void)state;
	assert_int_equal(sizeof sep5 / sizeof *sep5, 5);
	for (size_t i = 0; i < 5; i++) {
		uint8_t seed[64];
		struct sdex_secret secret;
		struct sdex_path path = {.depth = 2, .index = {44, 148}};
		assert_int_equal(sdex_mnemonic_seed(seed, sep5[i].words, strlen(sep5[i].words),
						    sep5[i].passphrase, strlen(sep5[i].passphrase),
						    NULL),
				 SDEX_OK);
		assert_hex(seed, 64, sep5[i].seed);
		assert_int_equal(sdex_secret_derive(&secret, seed, 64, &path), SDEX_OK);
		assert_hex(secret.seed, 32, sep5[i].key);
		for (uint32_t k = 0; k < 10; k++) {
			char text[SDEX_STRKEY_KEY_ROOM];
			assert_int_equal(sdex_path_account(&path, k), SDEX_OK);
			assert_int_equal(sdex_secret_derive(&secret, seed, 64, &path), SDEX_OK);
			sdex_secret_print(text, &secret);
			assert_string_equal(text, sep5[i].account[k][1]);
			assert_int_equal(sdex_strkey_encode_key(text, sizeof text, NULL,
								SDEX_STRKEY_ACCOUNT,
								secret.public_key),
					 SDEX_OK);
			assert_string_equal(text, sep5[i].account[k][0]);
		}
	}
}

/* SEP-5, test 5, says what entropy its words stand for: none. */
static void sep5_words_are_their_entropy(void **state)
{
	(void)state;
	static const uint8_t zero[16];
	for (size_t i = 0; i < 5; i++) {
		uint8_t entropy[32];
		char text[SDEX_MNEMONIC_ROOM];
		size_t size = 0, length = 0;
		assert_int_equal(sdex_mnemonic_decode(entropy, &size, sep5[i].words,
						      strlen(sep5[i].words), NULL),
				 SDEX_OK);
		if (i == 4) {
			assert_int_equal(size, 16);
			assert_memory_equal(entropy, zero, 16);
		}
		assert_int_equal(sdex_mnemonic_encode(text, sizeof text, &length, entropy, size),
				 SDEX_OK);
		assert_int_equal(length, strlen(sep5[i].words));
		assert_string_equal(text, sep5[i].words);
	}
}

/* The published list has this SHA-256 (english.txt, a line feed behind each word). */
static void the_list_is_the_standards(void **state)
{
	(void)state;
	static char list[2048 * 10];
	size_t at = 0;
	uint8_t hash[32];
	for (unsigned i = 0; i < 2048; i++) {
		const char *word = sdex_mnemonic_word(i);
		size_t length = strlen(word);
		memcpy(list + at, word, length);
		list[at + length] = '\n';
		at += length + 1;
	}
	assert_null(sdex_mnemonic_word(2048));
	sdex_sha256(hash, list, at);
	assert_hex(hash, 32, "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
}

static void entropy_comes_back(void **state)
{
	(void)state;
	struct seeded random = {1};
	for (size_t size = 0; size <= 40; size++) {
		bool good = size >= 16 && size <= 32 && size % 4 == 0;
		for (int round = 0; round < 200; round++) {
			uint8_t entropy[40], back[32];
			char text[SDEX_MNEMONIC_ROOM];
			size_t length, found;
			seeded_fill(&random, entropy, size);
			enum sdex_error error =
				sdex_mnemonic_encode(text, sizeof text, &length, entropy, size);
			assert_int_equal(error, good ? SDEX_OK : SDEX_ERR_INVALID);
			if (!good)
				continue;
			assert_int_equal(strlen(text), length);
			assert_int_equal(sdex_mnemonic_decode(back, &found, text, length, NULL),
					 SDEX_OK);
			assert_int_equal(found, size);
			assert_memory_equal(back, entropy, size);
			assert_int_equal(sdex_mnemonic_encode(text, length, &found, entropy, size),
					 SDEX_ERR_SPACE);
			assert_int_equal(
				sdex_mnemonic_encode(text, length + 1, &found, entropy, size),
				SDEX_OK);
		}
	}
	assert_int_equal(sdex_mnemonic_encode(NULL, 0, NULL, NULL, SIZE_MAX - 3), SDEX_ERR_INVALID);
}

/* Of the 2048 words that the last one can be, 2048 / 2^checksum bits fit. */
static void the_checksum_decides(void **state)
{
	(void)state;
	static const struct {
		unsigned words, good;
	} world[] = {{12, 128}, {15, 64}, {18, 32}, {21, 16}, {24, 8}};
	for (size_t i = 0; i < 5; i++) {
		unsigned good = 0;
		for (unsigned last = 0; last < 2048; last++) {
			char text[SDEX_MNEMONIC_ROOM] = "";
			uint8_t entropy[32];
			size_t size;
			for (unsigned k = 1; k < world[i].words; k++)
				strcat(text, "zoo ");
			strcat(text, sdex_mnemonic_word(last));
			enum sdex_error error =
				sdex_mnemonic_decode(entropy, &size, text, strlen(text), NULL);
			good += error == SDEX_OK;
			assert_true(error == SDEX_OK || error == SDEX_ERR_CHECKSUM);
		}
		assert_int_equal(good, world[i].good);
	}
}

static void white_space_makes_no_difference(void **state)
{
	(void)state;
	static const char spaced[] = "\n illness  spike\tretreat truth\r\ngenius clock brain pass "
				     "fit cave bargain toe \v";
	uint8_t seed[64];
	assert_int_equal(sdex_mnemonic_seed(seed, spaced, sizeof spaced - 1, NULL, 0, NULL),
			 SDEX_OK);
	assert_hex(seed, 64, sep5[0].seed);
}

static void other_words_are_refused(void **state)
{
	(void)state;
	static const char a[] = "abandon abandon abandon abandon abandon abandon abandon abandon "
				"abandon abandon abandon ";
	static const struct {
		const char *first, *rest;
		enum sdex_error code;
		uint64_t where;
	} bad[] = {
		{"", "", SDEX_ERR_LENGTH, 0},
		{a, "", SDEX_ERR_LENGTH, 88},
		{a, "about about", SDEX_ERR_LENGTH, 99},
		{a, "abandon", SDEX_ERR_CHECKSUM, 0},
		{a, "About", SDEX_ERR_UNKNOWN, 88},
		{a, "abou", SDEX_ERR_UNKNOWN, 88},
		{a, "aboutabout", SDEX_ERR_UNKNOWN, 88},
		{a, "about.", SDEX_ERR_UNKNOWN, 88},
		{"xx ", a, SDEX_ERR_UNKNOWN, 0},
		/* Spanish: "ábaco" in form NFKD */
		{a,
		 "a\xcc\x81"
		 "baco",
		 SDEX_ERR_UNSUPPORTED, 89},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct sdex_failure why;
		uint8_t entropy[32], seed[64] = {5};
		char text[256];
		size_t size = 99;
		snprintf(text, sizeof text, "%s%s", bad[i].first, bad[i].rest);
		assert_int_equal(sdex_mnemonic_decode(entropy, &size, text, strlen(text), &why),
				 bad[i].code);
		assert_int_equal(why.where, bad[i].where);
		assert_int_equal(size, 99);
		assert_null(strstr(why.text, "abandon"));
		assert_null(strstr(why.text, "about"));
		assert_int_equal(sdex_mnemonic_seed(seed, text, strlen(text), "", 0, NULL),
				 bad[i].code);
		assert_int_equal(seed[0], 5);
	}
	char text[512] = "";
	for (int i = 0; i < 25; i++)
		strcat(text, "zoo ");
	uint8_t entropy[32];
	size_t size;
	assert_int_equal(sdex_mnemonic_decode(entropy, &size, text, strlen(text), NULL),
			 SDEX_ERR_LENGTH);
}

/* The list's words end in NUL; one behind a word makes it another word. */
static void a_nul_is_no_part_of_a_word(void **state)
{
	(void)state;
	static const char plain[] = "abandon abandon abandon abandon abandon abandon abandon "
				    "abandon abandon abandon abandon about";
	char text[sizeof plain + 1];
	uint8_t entropy[32];
	size_t size;
	assert_int_equal(sdex_mnemonic_decode(entropy, &size, plain, sizeof plain - 1, NULL),
			 SDEX_OK);
	/* "... abandon\0 about", and "... about\0" */
	memcpy(text, plain, 87);
	text[87] = '\0';
	memcpy(text + 88, plain + 87, sizeof plain - 87);
	assert_int_equal(sdex_mnemonic_decode(entropy, &size, text, sizeof plain, NULL),
			 SDEX_ERR_UNKNOWN);
	assert_int_equal(sdex_mnemonic_decode(entropy, &size, plain, sizeof plain, NULL),
			 SDEX_ERR_UNKNOWN);
}

/* BIP-39 normalises a passphrase; e with an acute accent in form NFC and in NFKD. */
static void a_passphrase_that_is_not_ascii_must_be_vouched_for(void **state)
{
	(void)state;
	static const char nfc[] = "caf\xc3\xa9", nfkd[] = "cafe\xcc\x81";
	const char *words = sep5[4].words;
	struct sdex_failure why;
	uint8_t seed[64], other[64];
	assert_int_equal(sdex_mnemonic_seed(seed, words, strlen(words), nfc, strlen(nfc), &why),
			 SDEX_ERR_UNSUPPORTED);
	assert_int_equal(why.where, 3);
	assert_null(strstr(why.text, "caf"));
	assert_int_equal(
		sdex_mnemonic_seed_nfkd(seed, words, strlen(words), nfkd, strlen(nfkd), NULL),
		SDEX_OK);
	/* Python: hashlib.pbkdf2_hmac("sha512", words, b"mnemonic" + nfkd, 2048) */
	assert_hex(seed, 64,
		   "af8bbd2566df7b69d926f2b09dfdbd75db6c994a3399b2cc65f928d63e3fd4e6"
		   "1218ee0d15f8c810be4d45e66d47b43c15a5cc753976b1666912377ff7ae9818");
	assert_int_equal(sdex_mnemonic_seed_nfkd(other, words, strlen(words), "p", 1, NULL),
			 SDEX_OK);
	assert_int_equal(sdex_mnemonic_seed(seed, words, strlen(words), "p", 1, NULL), SDEX_OK);
	assert_memory_equal(seed, other, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sep5_vectors),
		cmocka_unit_test(sep5_words_are_their_entropy),
		cmocka_unit_test(the_list_is_the_standards),
		cmocka_unit_test(entropy_comes_back),
		cmocka_unit_test(the_checksum_decides),
		cmocka_unit_test(white_space_makes_no_difference),
		cmocka_unit_test(other_words_are_refused),
		cmocka_unit_test(a_nul_is_no_part_of_a_word),
		cmocka_unit_test(a_passphrase_that_is_not_ascii_must_be_vouched_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
