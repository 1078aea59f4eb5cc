/* base/test_base32.c - one spelling for any bytes, and refusals with a position. */
#include "base/testing.h"

#include "base/base32.h"

/* RFC 4648 section 10, without the padding */
static void vectors(void **state)
{
	(void)state;
	static const char *const text[] = {
		"", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI",
	};
	for (size_t n = 0; n < 7; n++) {
		char out[16] = "";
		uint8_t back[BASE32_ROOM(16)];
		base32_encode(out, (const uint8_t *)"foobar", n);
		assert_string_equal(out, text[n]);
		assert_int_equal(strlen(out), BASE32_LENGTH(n));
		assert_int_equal(BASE32_SIZE(strlen(out)), n);
		assert_int_equal(base32_decode(back, out, strlen(out), NULL), SDEX_OK);
		assert_memory_equal(back, "foobar", n);
	}
}

static void bytes_come_back_and_no_room_is_overrun(void **state)
{
	(void)state;
	struct seeded random = {1};
	for (size_t n = 0; n < 300; n++) {
		size_t length = BASE32_LENGTH(n);
		uint8_t *data = malloc(n + 1), *back = malloc(BASE32_ROOM(length));
		char *text = malloc(length + 1);
		seeded_fill(&random, data, n);
		base32_encode(text, data, n);
		assert_int_equal(base32_decode(back, text, length, NULL), SDEX_OK);
		assert_memory_equal(back, data, n);
		free(data);
		free(back);
		free(text);
	}
}

/* All texts of two characters, and all last characters of the other lengths. */
static void there_is_one_spelling(void **state)
{
	(void)state;
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	size_t read = 0;
	for (unsigned i = 0; i < 65536; i++) {
		char text[2] = {(char)(i >> 8), (char)i}, again[2];
		uint8_t data[BASE32_ROOM(2)];
		if (base32_decode(data, text, 2, NULL))
			continue;
		read++;
		base32_encode(again, data, 1);
		assert_memory_equal(again, text, 2);
	}
	assert_int_equal(read, 256);
	for (size_t length = 1; length <= 8; length++) {
		size_t good = 0;
		for (size_t i = 0; i < 32; i++) {
			char text[8] = "AAAAAAAA";
			uint8_t data[BASE32_ROOM(8)];
			text[length - 1] = alphabet[i];
			good += base32_decode(data, text, length, NULL) == SDEX_OK;
		}
		/* m characters hold 5 m bits: those beyond whole bytes must be zero */
		static const size_t expected[] = {0, 8, 0, 2, 16, 0, 4, 32};
		assert_int_equal(good, expected[length - 1]);
	}
}

static void it_says_where_it_is_wrong(void **state)
{
	(void)state;
	static const struct {
		const char *text, *word; /* the text of the refusal has the word */
		enum sdex_error code;
		uint64_t where;
	} bad[] = {
		{"AAAAAAAAAAa", "lower-case", SDEX_ERR_CHARACTER, 10},
		{"0AAAAAAAAA", "0 1 8 9", SDEX_ERR_CHARACTER, 0},
		{"AAAAAAA1AA", "0 1 8 9", SDEX_ERR_CHARACTER, 7},
		{"AAAAAAAA8A", "0 1 8 9", SDEX_ERR_CHARACTER, 8},
		{"AAA9", "0 1 8 9", SDEX_ERR_CHARACTER, 3},
		{"MY======", "padding", SDEX_ERR_CHARACTER, 2},
		{"AA \xff", "else", SDEX_ERR_CHARACTER, 2},
		{"A", "cut", SDEX_ERR_LENGTH, 1},
		{"AAAAAAAAAAA", "cut", SDEX_ERR_LENGTH, 11},
		{"AAAAAA", "cut", SDEX_ERR_LENGTH, 6},
		{"AB", "no byte", SDEX_ERR_SYNTAX, 1},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct sdex_failure why;
		uint8_t data[BASE32_ROOM(16)];
		assert_int_equal(base32_decode(data, bad[i].text, strlen(bad[i].text), &why),
				 bad[i].code);
		assert_int_equal(why.where, bad[i].where);
		assert_non_null(strstr(why.text, bad[i].word));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors),
		cmocka_unit_test(bytes_come_back_and_no_room_is_overrun),
		cmocka_unit_test(there_is_one_spelling),
		cmocka_unit_test(it_says_where_it_is_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
