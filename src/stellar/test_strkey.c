/* stellar/test_strkey.c - SEP-23's vectors; one text for each value; seeds kept apart. */
#include "base/testing.h"

#include "base/base32.h"
#include "base/crc16.h"
#include "sdex/bytes.h"
#include "stellar/strkey.h"

/* The key that all of SEP-23's valid vectors have. */
static const uint8_t sep23_key[32] = {
	0x3f, 0x0c, 0x34, 0xbf, 0x93, 0xad, 0x0d, 0x99, 0x71, 0xd0, 0x4c,
	0xcc, 0x90, 0xf7, 0x05, 0x51, 0x1c, 0x83, 0x8a, 0xad, 0x97, 0x34,
	0xa4, 0xa2, 0xfb, 0x0d, 0x7a, 0x03, 0xfc, 0x7f, 0xe8, 0x9a,
};

/* SEP-23, "Valid test cases"; a payload is 01 02 03 ... */
static const struct {
	const char *text;
	enum sdex_strkey_kind kind;
	uint64_t id;
	uint32_t payload_size;
} valid[] = {
	{"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", SDEX_STRKEY_ACCOUNT, 0, 0},
	{"MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ",
	 SDEX_STRKEY_MUXED_ACCOUNT, 0, 0},
	{"MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK",
	 SDEX_STRKEY_MUXED_ACCOUNT, 9223372036854775808u, 0},
	{"PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAQACAQDAQCQMBYIBEFAWDANBYHRA"
	 "EISCMKBKFQXDAMRUGY4DUPB6IBZGM",
	 SDEX_STRKEY_SIGNED_PAYLOAD, 0, 32},
	{"PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDANBYHRA"
	 "EISCMKBKFQXDAMRUGY4DUAAAAFGBU",
	 SDEX_STRKEY_SIGNED_PAYLOAD, 0, 29},
	{"CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA", SDEX_STRKEY_CONTRACT, 0, 0},
	{"LA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUPJN", SDEX_STRKEY_LIQUIDITY_POOL, 0,
	 0},
	{"BAAD6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGR4TU",
	 SDEX_STRKEY_CLAIMABLE_BALANCE, 0, 0},
};

static void valid_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
		struct sdex_strkey key;
		enum sdex_strkey_kind kind = 0;
		char text[SDEX_STRKEY_ROOM];
		size_t length = 0, given = strlen(valid[i].text);
		assert_int_equal(sdex_strkey_decode(&key, valid[i].text, given, NULL), SDEX_OK);
		assert_int_equal(key.kind, valid[i].kind);
		assert_memory_equal(key.key, sep23_key, 32);
		assert_true(key.id == valid[i].id);
		assert_int_equal(key.payload_size, valid[i].payload_size);
		for (uint32_t k = 0; k < sizeof key.payload; k++)
			assert_int_equal(key.payload[k], k < key.payload_size ? k + 1 : 0);
		assert_int_equal(sdex_strkey_encode(text, given, &length, &key), SDEX_ERR_SPACE);
		assert_int_equal(sdex_strkey_encode(text, given + 1, &length, &key), SDEX_OK);
		assert_int_equal(length, given);
		assert_string_equal(text, valid[i].text);
		assert_int_equal(sdex_strkey_examine(&kind, text, length, NULL), SDEX_OK);
		assert_int_equal(kind, valid[i].kind);
	}
}

/* SEP-23, "Invalid test cases", each with the reason that SEP-23 gives. */
static void invalid_vectors(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum sdex_error code;
	} bad[] = {
		{"GAAAAAAAACGC6", SDEX_ERR_LENGTH},
		{"MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUR",
		 SDEX_ERR_SYNTAX},
		{"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZA", SDEX_ERR_LENGTH},
		{"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUACUSI", SDEX_ERR_LENGTH},
		{"G47QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVP2I", SDEX_ERR_UNSUPPORTED},
		{"MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLKA",
		 SDEX_ERR_LENGTH},
		{"MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAAV75I",
		 SDEX_ERR_LENGTH},
		/* the checksum is the one of another key, too */
		{"M47QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ",
		 SDEX_ERR_CHECKSUM},
		{"MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUK===",
		 SDEX_ERR_LENGTH},
		{"MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUO",
		 SDEX_ERR_CHECKSUM},
		{"PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAQACAQDAQCQMBYIBEFAWDAN"
		 "BYHRAEISCMKBKFQXDAMRUGY4DUPB6IAAAAAAAAPM",
		 SDEX_ERR_SYNTAX},
		{"PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDAN"
		 "BYHRAEISCMKBKFQXDAMRUGY4Z2PQ",
		 SDEX_ERR_SYNTAX},
		{"PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDAN"
		 "BYHRAEISCMKBKFQXDAMRUGY4DXFH6",
		 SDEX_ERR_SYNTAX},
		{"BAAD6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGR4TV", SDEX_ERR_SYNTAX},
		{"BAAT6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGXACA",
		 SDEX_ERR_UNSUPPORTED},
	};
	assert_int_equal(sizeof bad / sizeof *bad, 15);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct sdex_strkey key, before;
		struct sdex_failure why = {0};
		enum sdex_strkey_kind kind = 0;
		memset(&key, 0x55, sizeof key);
		before = key;
		enum sdex_error code =
			sdex_strkey_decode(&key, bad[i].text, strlen(bad[i].text), &why);
		if (code != bad[i].code)
			print_message("%s: %s %s\n", bad[i].text, sdex_error_name(code), why.text);
		assert_int_equal(code, bad[i].code);
		assert_int_equal(why.code, code);
		assert_memory_equal(&key, &before, sizeof key);
		assert_int_equal(sdex_strkey_examine(&kind, bad[i].text, strlen(bad[i].text), NULL),
				 code);
		assert_int_equal(kind, 0);
	}
}

static const enum sdex_strkey_kind kinds[] = {
#define KIND(letter, name, version, text) SDEX_STRKEY_##name,
	SDEX_STRKEY_KINDS(KIND)
#undef KIND
};
static const char letters[] = {
#define LETTER(letter, name, version, text) letter,
	SDEX_STRKEY_KINDS(LETTER)
#undef LETTER
};
#define KINDS (sizeof kinds / sizeof *kinds)

static struct sdex_strkey random_key(struct seeded *random, enum sdex_strkey_kind kind)
{
	struct sdex_strkey key = {.kind = kind};
	seeded_fill(random, key.key, 32);
	if (kind == SDEX_STRKEY_MUXED_ACCOUNT)
		key.id = seeded_bits(random);
	if (kind == SDEX_STRKEY_SIGNED_PAYLOAD) {
		key.payload_size = (uint32_t)seeded_below(random, 65);
		seeded_fill(random, key.payload, key.payload_size);
	}
	return key;
}

static void each_value_has_a_text_with_its_letter(void **state)
{
	(void)state;
	struct seeded random = {1};
	for (size_t round = 0; round < 20000; round++) {
		size_t k = round % KINDS;
		struct sdex_strkey key = random_key(&random, kinds[k]), back;
		char text[SDEX_STRKEY_ROOM];
		size_t length;
		if (kinds[k] == SDEX_STRKEY_SEED) {
			uint8_t seed[32];
			strkey_encode_seed(text, key.key);
			assert_int_equal(text[0], 'S');
			assert_int_equal(strkey_decode_seed(seed, text, 56, NULL), SDEX_OK);
			assert_memory_equal(seed, key.key, 32);
			continue;
		}
		assert_int_equal(sdex_strkey_encode(text, sizeof text, &length, &key), SDEX_OK);
		assert_int_equal(text[0], letters[k]);
		assert_int_equal(strlen(text), length);
		assert_int_equal(sdex_strkey_decode(&back, text, length, NULL), SDEX_OK);
		assert_memory_equal(&back, &key, sizeof key);
	}
}

/* CRC-16 finds every error in one character and every swap of two neighbours,
 * and the remaining laws hold for what is behind it: so each text that differs
 * a little from a valid one is refused, and each that is read encodes to itself. */
static void a_text_that_is_altered_is_refused(void **state)
{
	(void)state;
	static const char others[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567a0189=+ \n\x80";
	struct seeded random = {2};
	for (size_t k = 0; k < KINDS; k++) {
		struct sdex_strkey key = random_key(&random, kinds[k]), back;
		char text[SDEX_STRKEY_ROOM];
		size_t length = 56;
		enum sdex_strkey_kind kind;
		if (kinds[k] == SDEX_STRKEY_SEED)
			strkey_encode_seed(text, key.key);
		else
			assert_int_equal(sdex_strkey_encode(text, sizeof text, &length, &key),
					 SDEX_OK);
		assert_int_equal(sdex_strkey_examine(&kind, text, length, NULL), SDEX_OK);
		for (size_t i = 0; i < length; i++) {
			char was = text[i];
			for (size_t c = 0; c < sizeof others; c++) {
				text[i] = others[c];
				assert_int_equal(!sdex_strkey_examine(&kind, text, length, NULL),
						 others[c] == was);
			}
			text[i] = was;
			if (i + 1 < length && text[i] != text[i + 1]) {
				text[i] = text[i + 1];
				text[i + 1] = was;
				assert_int_not_equal(sdex_strkey_examine(&kind, text, length, NULL),
						     SDEX_OK);
				text[i + 1] = text[i];
				text[i] = was;
			}
		}
		for (size_t cut = 0; cut < length; cut++)
			assert_int_not_equal(sdex_strkey_decode(&back, text, cut, NULL), SDEX_OK);
	}
}

/* With the checksum made right, the other rules must hold alone: every text of
 * bytes that a kind's checks let through is the one of its value. */
static void what_is_read_encodes_to_itself(void **state)
{
	(void)state;
	struct seeded random = {3};
	size_t read = 0;
	for (size_t round = 0; round < 200000; round++) {
		uint8_t raw[110];
		char text[SDEX_STRKEY_ROOM + 20], again[SDEX_STRKEY_ROOM];
		size_t size = 33 + (round % 2 ? seeded_below(&random, 72) : 0), length;
		seeded_fill(&random, raw, size);
		raw[0] = (uint8_t)(kinds[round % KINDS] | (seeded_below(&random, 8) ? 0 : 1));
		raw[1] &= (uint8_t)(seeded_below(&random, 4) ? 0 : 3);
		/* a payload's length that is near to what fits */
		memset(raw + 33, 0, 3);
		raw[36] = (uint8_t)(size - 37 - seeded_below(&random, 5) + 1);
		memset(raw + size - 2, 0, seeded_below(&random, 3));
		uint16_t crc = crc16(raw, size);
		raw[size] = (uint8_t)crc;
		raw[size + 1] = (uint8_t)(crc >> 8);
		base32_encode(text, raw, size + 2);
		struct sdex_strkey key;
		if (sdex_strkey_decode(&key, text, BASE32_LENGTH(size + 2), NULL))
			continue;
		read++;
		assert_int_equal(sdex_strkey_encode(again, sizeof again, &length, &key), SDEX_OK);
		assert_int_equal(length, BASE32_LENGTH(size + 2));
		assert_memory_equal(again, text, length);
	}
	assert_true(read > 50000);
}

static void a_payload_has_its_length_and_zeros_behind(void **state)
{
	(void)state;
	for (unsigned said = 0; said < 70; said++) {
		for (unsigned there = 0; there <= 68; there++) {
			for (unsigned last = 0; last < 2; last++) {
				uint8_t raw[110] = {SDEX_STRKEY_SIGNED_PAYLOAD};
				char text[200];
				size_t size = 37 + there;
				raw[36] = (uint8_t)said;
				if (there)
					raw[size - 1] = (uint8_t)last;
				uint16_t crc = crc16(raw, size);
				raw[size] = (uint8_t)crc;
				raw[size + 1] = (uint8_t)(crc >> 8);
				base32_encode(text, raw, size + 2);
				struct sdex_strkey key;
				bool good = said <= 64 && there == (said + 3) / 4 * 4 &&
					    (!last || said == there);
				assert_int_equal(!sdex_strkey_decode(&key, text,
								     BASE32_LENGTH(size + 2), NULL),
						 good);
			}
		}
	}
}

static void keys_of_one_kind(void **state)
{
	(void)state;
	struct seeded random = {4};
	for (size_t k = 0; k < KINDS; k++) {
		uint8_t key[32], back[32];
		char text[SDEX_STRKEY_KEY_ROOM], other[SDEX_STRKEY_KEY_ROOM];
		struct sdex_failure why;
		bool plain = kinds[k] != SDEX_STRKEY_SEED &&
			     kinds[k] != SDEX_STRKEY_MUXED_ACCOUNT &&
			     kinds[k] != SDEX_STRKEY_SIGNED_PAYLOAD;
		seeded_fill(&random, key, 32);
		assert_int_equal(sdex_strkey_encode_key(text, sizeof text, NULL, kinds[k], key),
				 plain ? SDEX_OK : SDEX_ERR_INVALID);
		for (size_t room = 0; plain && room <= strlen(text); room++) {
			size_t length = 7;
			memset(other, 'x', sizeof other);
			assert_int_equal(
				sdex_strkey_encode_key(other, room, &length, kinds[k], key),
				SDEX_ERR_SPACE);
			assert_int_equal(length, 7);
			assert_int_equal(other[0], 'x');
		}
		if (!plain) {
			assert_int_equal(sdex_strkey_decode_key(back, kinds[k], "", 0, NULL),
					 SDEX_ERR_INVALID);
			continue;
		}
		assert_int_equal(sdex_strkey_decode_key(back, kinds[k], text, strlen(text), NULL),
				 SDEX_OK);
		assert_memory_equal(back, key, 32);
		enum sdex_strkey_kind next = kinds[k] == SDEX_STRKEY_ACCOUNT ? SDEX_STRKEY_CONTRACT
									     : SDEX_STRKEY_ACCOUNT;
		assert_int_equal(sdex_strkey_encode_key(other, sizeof other, NULL, next, key),
				 SDEX_OK);
		assert_int_equal(sdex_strkey_decode_key(back, kinds[k], other, 56, &why),
				 SDEX_ERR_KIND);
		assert_non_null(strstr(why.text, sdex_strkey_kind_text(kinds[k])));
		assert_non_null(strstr(why.text, sdex_strkey_kind_text(next)));
		assert_int_equal(sdex_strkey_decode_key(back, kinds[k], "", 0, NULL),
				 SDEX_ERR_LENGTH);
		assert_int_equal(sdex_strkey_decode_key(back, kinds[k], "hello", 5, NULL),
				 SDEX_ERR_SYNTAX);
		assert_int_equal(sdex_strkey_decode_key(back, kinds[k], text, 55, NULL),
				 SDEX_ERR_LENGTH);
	}
	struct sdex_strkey none = {.kind = (enum sdex_strkey_kind)7};
	char text[SDEX_STRKEY_ROOM];
	size_t length;
	assert_int_equal(sdex_strkey_encode(text, sizeof text, &length, &none), SDEX_ERR_INVALID);
	none = (struct sdex_strkey){.kind = SDEX_STRKEY_SIGNED_PAYLOAD, .payload_size = 65};
	assert_int_equal(sdex_strkey_encode(text, sizeof text, &length, &none), SDEX_ERR_INVALID);
	none.kind = SDEX_STRKEY_SEED;
	assert_int_equal(sdex_strkey_encode(text, sizeof text, &length, &none), SDEX_ERR_INVALID);
	assert_string_equal(sdex_strkey_kind_text((enum sdex_strkey_kind)7), "no kind of strkey");
}

/* A seed never shows in a struct sdex_strkey or in a refusal. */
static void seeds_are_kept_apart(void **state)
{
	(void)state;
	uint8_t seed[32];
	char text[57];
	struct seeded random = {5};
	seeded_fill(&random, seed, 32);
	strkey_encode_seed(text, seed);
	struct sdex_strkey key;
	struct sdex_failure why;
	uint8_t out[32];
	assert_int_equal(sdex_strkey_decode(&key, text, 56, &why), SDEX_ERR_KIND);
	assert_non_null(strstr(why.text, "secret"));
	assert_int_equal(sdex_strkey_decode_key(out, SDEX_STRKEY_ACCOUNT, text, 56, &why),
			 SDEX_ERR_KIND);
	assert_non_null(strstr(why.text, "keep it secret"));
	for (size_t cut = 1; cut < 56; cut++) {
		char wrong[57];
		memcpy(wrong, text, 57);
		wrong[cut] = wrong[cut] == 'A' ? 'B' : 'A';
		assert_int_not_equal(strkey_decode_seed(out, wrong, 56, &why), SDEX_OK);
		for (size_t i = 0; i + 4 <= 56; i++) {
			char part[5] = {text[i], text[i + 1], text[i + 2], text[i + 3], 0};
			assert_null(strstr(why.text, part));
		}
	}
	assert_int_equal(strkey_decode_seed(out, valid[0].text, 56, &why), SDEX_ERR_KIND);
	assert_int_equal(strkey_decode_seed(out, text, 55, &why), SDEX_ERR_LENGTH);
}

static void refusals_have_a_position(void **state)
{
	(void)state;
	struct sdex_strkey key;
	struct sdex_failure why;
	char text[57];
	memcpy(text, valid[0].text, 57);
	text[40] = '0';
	assert_int_equal(sdex_strkey_decode(&key, text, 56, &why), SDEX_ERR_CHARACTER);
	assert_int_equal(why.where, 40);
	assert_int_equal(sdex_strkey_decode(&key, text, 0, &why), SDEX_ERR_LENGTH);
	assert_int_equal(sdex_strkey_decode(&key, "gA7Q", 4, &why), SDEX_ERR_SYNTAX);
	assert_int_equal(why.where, 0);
}

/* The checksum bit by bit, from its definition. */
static uint16_t crc_by_bits(const uint8_t *data, size_t size)
{
	unsigned crc = 0;
	for (size_t i = 0; i < 8 * size; i++) {
		unsigned bit = data[i / 8] >> (7 - i % 8) & 1;
		crc = crc << 1 ^ ((crc >> 15 ^ bit) & 1 ? 0x1021u : 0u);
		crc &= 0xffff;
	}
	return (uint16_t)crc;
}

static void the_checksum_is_xmodem(void **state)
{
	(void)state;
	struct seeded random = {6};
	uint8_t data[120];
	assert_int_equal(crc16((const uint8_t *)"123456789", 9), 0x31c3);
	for (size_t size = 0; size <= sizeof data; size++) {
		seeded_fill(&random, data, size);
		assert_int_equal(crc16(data, size), crc_by_bits(data, size));
	}
	for (size_t i = 0; i < 8; i++) {
		for (unsigned b = 0; b < 256; b++) {
			uint8_t one[8] = {0};
			one[i] = (uint8_t)b;
			assert_int_equal(crc16(one, 8), crc_by_bits(one, 8));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_vectors),
		cmocka_unit_test(invalid_vectors),
		cmocka_unit_test(each_value_has_a_text_with_its_letter),
		cmocka_unit_test(a_text_that_is_altered_is_refused),
		cmocka_unit_test(what_is_read_encodes_to_itself),
		cmocka_unit_test(a_payload_has_its_length_and_zeros_behind),
		cmocka_unit_test(keys_of_one_kind),
		cmocka_unit_test(seeds_are_kept_apart),
		cmocka_unit_test(refusals_have_a_position),
		cmocka_unit_test(the_checksum_is_xmodem),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
