/* fuzz/mnemonic.c - mnemonics and derivation paths: what is read prints as text of the
 * same meaning. */
#include <string.h>

#include "base/check.h"
#include "sdex/key.h"
#include "sdex/mnemonic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_entropy(const uint8_t *entropy, size_t size)
{
	uint8_t back[32];
	char text[SDEX_MNEMONIC_ROOM];
	size_t length, found;
	if (sdex_mnemonic_encode(text, sizeof text, &length, entropy, size))
		return;
	CHECK(length == strlen(text));
	CHECK(sdex_mnemonic_decode(back, &found, text, length, NULL) == SDEX_OK);
	CHECK(found == size && memcmp(back, entropy, size) == 0);
}

static void check_words(const char *text, size_t length)
{
	uint8_t entropy[32];
	size_t size = 99;
	struct sdex_failure why = {0};
	enum sdex_error error = sdex_mnemonic_decode(entropy, &size, text, length, &why);
	if (error)
		CHECK(size == 99 && why.code == error && why.where <= length);
	else
		check_entropy(entropy, size);
}

static void check_path(const char *text, size_t length)
{
	struct sdex_path path, back;
	struct sdex_failure why = {0};
	char again[SDEX_PATH_ROOM];
	enum sdex_error error = sdex_path_parse(&path, text, length, &why);
	if (error) {
		CHECK(why.code == error && why.where <= length);
		return;
	}
	size_t again_length = sdex_path_print(again, &path);
	CHECK(again_length == length);
	CHECK(sdex_path_parse(&back, again, again_length, NULL) == SDEX_OK);
	CHECK(memcmp(&back, &path, sizeof path) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_words((const char *)data, size);
	check_entropy(data, size);
	check_path((const char *)data, size);
	return 0;
}
