/* fuzz/strkey.c - strkeys: what is read prints as the same text, and kinds agree. */
#include <string.h>

#include "base/base32.h"
#include "base/check.h"
#include "base/crc16.h"
#include "stellar/strkey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_seed(const char *text, size_t length, bool valid)
{
	uint8_t seed[32];
	char again[57];
	CHECK((strkey_decode_seed(seed, text, length, NULL) == SDEX_OK) == valid);
	if (!valid)
		return;
	strkey_encode_seed(again, seed);
	CHECK(length == 56 && memcmp(again, text, 56) == 0);
}

static void check_text(const char *text, size_t length)
{
	struct sdex_strkey key, untouched;
	struct sdex_failure why = {0};
	enum sdex_strkey_kind kind = 0;
	enum sdex_error examined = sdex_strkey_examine(&kind, text, length, NULL);
	memset(&key, 0x5a, sizeof key);
	untouched = key;
	enum sdex_error error = sdex_strkey_decode(&key, text, length, &why);
	check_seed(text, length, !examined && kind == SDEX_STRKEY_SEED);
	if (error) {
		CHECK(why.code == error && why.where <= length && why.text[0]);
		CHECK(memcmp(&key, &untouched, sizeof key) == 0);
		CHECK(examined || error == SDEX_ERR_KIND);
		return;
	}
	CHECK(!examined && kind == key.kind);
	char again[SDEX_STRKEY_ROOM];
	size_t again_length;
	CHECK(sdex_strkey_encode(again, sizeof again, &again_length, &key) == SDEX_OK);
	CHECK(again_length == length && memcmp(again, text, length) == 0);
	uint8_t plain[32];
	error = sdex_strkey_decode_key(plain, kind, text, length, NULL);
	CHECK(error == SDEX_ERR_INVALID || memcmp(plain, key.key, 32) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t raw[120];
	char text[BASE32_LENGTH(sizeof raw)];
	check_text((const char *)data, size);
	/* The same bytes with a right checksum: what is behind it is reached. */
	if (size > sizeof raw - 2)
		return 0;
	memcpy(raw, data, size);
	uint16_t crc = crc16(raw, size);
	raw[size] = (uint8_t)crc;
	raw[size + 1] = (uint8_t)(crc >> 8);
	base32_encode(text, raw, size + 2);
	check_text(text, BASE32_LENGTH(size + 2));
	return 0;
}
