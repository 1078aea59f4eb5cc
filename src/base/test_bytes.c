/* base/test_bytes.c - bytes and their text are one to one; hashing; quoting. */
#include "base/testing.h"

#include "base/bytes.h"
#include "base/sha256.h"

static void hex_gives_the_bytes_back(void **state)
{
	(void)state;
	uint8_t all[256], back[256];
	char text[513];
	size_t size;
	for (size_t i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	assert_int_equal(sdex_hex_encode(text, 513, NULL, all, 256), SDEX_OK);
	assert_int_equal(strlen(text), SDEX_HEX_LENGTH(256));
	assert_memory_equal(text, "000102030405060708090a0b0c0d0e0f10", 34);
	assert_int_equal(sdex_hex_decode(back, 256, &size, text, 512, NULL), SDEX_OK);
	assert_int_equal(size, 256);
	assert_memory_equal(back, all, 256);
	assert_int_equal(sdex_hex_decode(back, 256, &size, "aBCdeF", 6, NULL), SDEX_OK);
	assert_memory_equal(back, "\xab\xcd\xef", 3);
	assert_int_equal(sdex_hex_decode(back, 0, &size, "", 0, NULL), SDEX_OK);
	assert_int_equal(size, 0);
}

static void hex_says_where_it_is_wrong(void **state)
{
	(void)state;
	struct sdex_failure why;
	uint8_t out[4] = {9, 9, 9, 9};
	char text[8];
	size_t size = 77;
	assert_int_equal(sdex_hex_decode(out, 4, &size, "00g0", 4, &why), SDEX_ERR_CHARACTER);
	assert_int_equal(why.where, 2);
	assert_string_equal(why.text, "expected a hexadecimal digit, found \"g\"");
	assert_int_equal(sdex_hex_decode(out, 4, &size, "000", 3, &why), SDEX_ERR_LENGTH);
	assert_int_equal(sdex_hex_decode(out, 1, &size, "0000", 4, &why), SDEX_ERR_SPACE);
	assert_int_equal(why.where, 2); /* what is enough */
	assert_int_equal(sdex_hex_encode(text, 8, NULL, out, 4), SDEX_ERR_SPACE);
	assert_int_equal(sdex_hex_encode(text, 8, NULL, out, SIZE_MAX), SDEX_ERR_SPACE);
	assert_memory_equal(out, "\t\t\t\t", 4);
	assert_int_equal(size, 77);
	for (int c = 0; c < 256; c++) {
		char digit = (char)c;
		bool good = c && strchr("0123456789abcdefABCDEF", c);
		char pair[2] = {'0', digit};
		assert_int_equal(sdex_hex_decode(out, 4, &size, pair, 2, NULL),
				 good ? SDEX_OK : SDEX_ERR_CHARACTER);
	}
}

/* RFC 4648 section 10 */
static void base64_vectors(void **state)
{
	(void)state;
	static const char *const text[] = {
		"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy",
	};
	for (size_t n = 0; n < 7; n++) {
		char out[9];
		uint8_t back[7];
		size_t size;
		assert_int_equal(sdex_base64_encode(out, sizeof out, NULL, "foobar", n), SDEX_OK);
		assert_string_equal(out, text[n]);
		assert_int_equal(sdex_base64_decode(back, 6, &size, out, strlen(out), NULL),
				 SDEX_OK);
		assert_int_equal(size, n);
		assert_memory_equal(back, "foobar", n);
	}
}

static void base64_gives_the_bytes_back(void **state)
{
	(void)state;
	struct seeded random = {1};
	for (size_t n = 0; n < 400; n++) {
		uint8_t *data = malloc(n + 1), *back = malloc(n + 1);
		size_t length = SDEX_BASE64_LENGTH(n), size = 0;
		char *text = malloc(length + 1);
		seeded_fill(&random, data, n);
		assert_int_equal(sdex_base64_encode(text, length, NULL, data, n), SDEX_ERR_SPACE);
		assert_int_equal(sdex_base64_encode(text, length + 1, NULL, data, n), SDEX_OK);
		assert_int_equal(strlen(text), length);
		assert_true(SDEX_BASE64_SIZE(length) >= n);
		if (n) {
			struct sdex_failure why = {0};
			assert_int_equal(sdex_base64_decode(back, n - 1, &size, text, length, &why),
					 SDEX_ERR_SPACE);
			assert_int_equal(why.where, n); /* what is enough */
		}
		assert_int_equal(sdex_base64_decode(back, n, &size, text, length, NULL), SDEX_OK);
		assert_int_equal(size, n);
		assert_memory_equal(back, data, n);
		free(data);
		free(back);
		free(text);
	}
}

/* Whatever decodes is what encoding gives: over all texts of four characters of
 * an alphabet that holds every kind of them. */
static void base64_has_one_spelling(void **state)
{
	(void)state;
	static const char some[] = "AQgwBZaz09+/=-_ \n\x80";
	size_t read = 0;
	for (size_t i = 0; i < 18 * 18 * 18 * 18; i++) {
		char text[4] = {some[i % 18], some[i / 18 % 18], some[i / 324 % 18],
				some[i / 5832]};
		uint8_t data[3];
		char again[5];
		size_t size;
		if (sdex_base64_decode(data, 3, &size, text, 4, NULL))
			continue;
		read++;
		assert_int_equal(sdex_base64_encode(again, 5, NULL, data, size), SDEX_OK);
		assert_memory_equal(again, text, 4);
	}
	/* The first 12 characters are base64's.  Before one `=` stand only those
	 * whose value is a multiple of 4, before two those of 16. */
	size_t fours = 0, sixteens = 0;
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < 12; i++) {
		size_t value = (size_t)(strchr(alphabet, some[i]) - alphabet);
		fours += value % 4 == 0;
		sixteens += value % 16 == 0;
	}
	assert_int_equal(read, 12 * 12 * 12 * 12 + 12 * 12 * fours + 12 * sixteens);
}

static void base64_says_where_it_is_wrong(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum sdex_error code;
		uint64_t where;
	} bad[] = {
		{"AAAAAAAAAAAA-AAA", SDEX_ERR_CHARACTER, 12},
		{"AAAAAAAAA AAA", SDEX_ERR_CHARACTER, 9},
		{"AAAA\n", SDEX_ERR_CHARACTER, 4},
		{"A=AA", SDEX_ERR_CHARACTER, 1},
		{"A===", SDEX_ERR_CHARACTER, 1},
		{"====", SDEX_ERR_CHARACTER, 0},
		{"==", SDEX_ERR_LENGTH, 2},
		{"AA=", SDEX_ERR_LENGTH, 3},
		{"AAA", SDEX_ERR_LENGTH, 3},
		{"AAAAA", SDEX_ERR_LENGTH, 5},
		{"AAAAAB==", SDEX_ERR_SYNTAX, 5},
		{"AAB=", SDEX_ERR_SYNTAX, 2},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct sdex_failure why;
		uint8_t data[32];
		size_t size = 99;
		memset(data, 7, sizeof data);
		assert_int_equal(
			sdex_base64_decode(data, 32, &size, bad[i].text, strlen(bad[i].text), &why),
			bad[i].code);
		assert_int_equal(why.code, bad[i].code);
		assert_int_equal(why.where, bad[i].where);
		assert_int_equal(size, 99);
		for (size_t k = 0; k < 32; k++)
			assert_int_equal(data[k], 7);
	}
	char text[8];
	assert_int_equal(sdex_base64_encode(text, 8, NULL, text, SIZE_MAX - 2), SDEX_ERR_SPACE);
}

/* FIPS 180-4 examples: "abc", the message of 448 bits, a million times "a". */
static void sha256_vectors(void **state)
{
	(void)state;
	static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	uint8_t hash[32];
	char hex[65];
	sdex_sha256(hash, "abc", 3);
	assert_int_equal(sdex_hex_encode(hex, 65, NULL, hash, 32), SDEX_OK);
	assert_string_equal(hex,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sdex_sha256(hash, two, sizeof two - 1);
	assert_int_equal(sdex_hex_encode(hex, 65, NULL, hash, 32), SDEX_OK);
	assert_string_equal(hex,
			    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	struct sha256 sha;
	char a[1000];
	memset(a, 'a', sizeof a);
	sha256_start(&sha);
	for (int i = 0; i < 1000; i++)
		sha256_add(&sha, a, sizeof a);
	sha256_finish(&sha, hash);
	assert_int_equal(sdex_hex_encode(hex, 65, NULL, hash, 32), SDEX_OK);
	assert_string_equal(hex,
			    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void sha256_in_pieces_is_the_same(void **state)
{
	(void)state;
	struct seeded random = {2};
	uint8_t data[300], once[32], pieces[32];
	struct sha256 sha;
	seeded_fill(&random, data, sizeof data);
	sha256_start(&sha);
	for (int round = 0; round < 200; round++) {
		size_t size = seeded_below(&random, sizeof data + 1), at = 0;
		sdex_sha256(once, data, size);
		while (at < size) {
			size_t piece = 1 + seeded_below(&random, size - at);
			sha256_add(&sha, data + at, piece);
			at += piece;
		}
		sha256_add(&sha, NULL, 0);
		sha256_finish(&sha, pieces);
		assert_memory_equal(once, pieces, 32);
	}
}

static void quotes_show_no_control_byte(void **state)
{
	(void)state;
	struct quote q;
	assert_string_equal(bytes_quote(&q, "", 0), "\"\"");
	assert_string_equal(bytes_quote(&q, "a b", 3), "\"a b\"");
	assert_string_equal(bytes_quote(&q, "\"\\\0\n\xff", 5), "\"\\\"\\\\\\x00\\x0a\\xff\"");
	uint8_t all[256];
	for (size_t i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	for (size_t i = 0; i < 256; i++) {
		size_t size = 256 - i;
		const char *text = bytes_quote(&q, all + i, size);
		size_t length = strlen(text);
		assert_true(length < sizeof q.text);
		for (size_t k = 0; k < length; k++)
			assert_in_range(text[k], 0x20, 0x7e);
		assert_int_equal(text[length - 1], size > QUOTE_BYTES ? '.' : '"');
	}
}

static void secrets_compare_and_vanish(void **state)
{
	(void)state;
	uint8_t a[32] = {1}, b[32] = {1};
	assert_true(sdex_bytes_equal_secret(a, b, 32));
	b[31] = 1;
	assert_false(sdex_bytes_equal_secret(a, b, 32));
	assert_true(sdex_bytes_equal_secret(a, b, 31));
	sdex_wipe(b, 32);
	for (size_t i = 0; i < 32; i++)
		assert_int_equal(b[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_gives_the_bytes_back),
		cmocka_unit_test(hex_says_where_it_is_wrong),
		cmocka_unit_test(base64_vectors),
		cmocka_unit_test(base64_gives_the_bytes_back),
		cmocka_unit_test(base64_has_one_spelling),
		cmocka_unit_test(base64_says_where_it_is_wrong),
		cmocka_unit_test(sha256_vectors),
		cmocka_unit_test(sha256_in_pieces_is_the_same),
		cmocka_unit_test(quotes_show_no_control_byte),
		cmocka_unit_test(secrets_compare_and_vanish),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
