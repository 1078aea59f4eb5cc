/* fuzz/base64.c - base64 and hexadecimal: one text for any bytes, and back. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_base64_text(const char *text, size_t length)
{
	struct sdex_failure why = {0};
	size_t room = SDEX_BASE64_SIZE(length), size = 99;
	uint8_t *bytes = malloc(room + 1);
	CHECK(bytes);
	enum sdex_error error = sdex_base64_decode(bytes, room, &size, text, length, &why);
	if (error) {
		CHECK(size == 99 && why.code == error && why.where <= length);
	} else {
		char *again = malloc(SDEX_BASE64_LENGTH(size) + 1);
		CHECK(again && SDEX_BASE64_LENGTH(size) == length);
		CHECK(sdex_base64_encode(again, length + 1, NULL, bytes, size) == SDEX_OK);
		CHECK(memcmp(again, text, length) == 0 && again[length] == '\0');
		free(again);
	}
	free(bytes);
}

static void check_hex_text(const char *text, size_t length)
{
	size_t size;
	uint8_t *bytes = malloc(length / 2 + 1);
	CHECK(bytes);
	if (!sdex_hex_decode(bytes, length / 2, &size, text, length, NULL)) {
		char *again = malloc(length + 1);
		CHECK(again && size * 2 == length);
		CHECK(sdex_hex_encode(again, length + 1, NULL, bytes, size) == SDEX_OK);
		for (size_t i = 0; i < length; i++)
			CHECK((again[i] | 0x20) == (text[i] | 0x20));
		free(again);
	}
	free(bytes);
}

static void check_bytes(const uint8_t *data, size_t size)
{
	size_t length = SDEX_BASE64_LENGTH(size), found;
	char *text = malloc(length + 1);
	uint8_t *back = malloc(size + 1);
	CHECK(text && back);
	CHECK(sdex_base64_encode(text, length + 1, NULL, data, size) == SDEX_OK);
	CHECK(sdex_base64_decode(back, size, &found, text, length, NULL) == SDEX_OK);
	CHECK(found == size && (!size || memcmp(back, data, size) == 0));
	free(text);
	free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct quote quote;
	check_base64_text((const char *)data, size);
	check_hex_text((const char *)data, size);
	check_bytes(data, size);
	CHECK(strlen(bytes_quote(&quote, data, size)) < sizeof quote.text);
	return 0;
}
