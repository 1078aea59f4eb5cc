/* fuzz/keystore.c - keystore files from anywhere: what is read is within its bounds, before
 * any passphrase is tried. */
#include <string.h>

#include "base/check.h"
#include "sign/keystore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct keystore keystore;
	struct sdex_failure why = {0};
	enum sdex_error error = keystore_read(&keystore, data, size, &why);
	CHECK((error == SDEX_OK) == (*why.text == '\0'));
	if (error)
		return 0;
	CHECK(size == KEYSTORE_SIZE && memcmp(keystore.file, data, size) == 0);
	CHECK(keystore.passes >= KEYSTORE_PASSES && keystore.passes <= KEYSTORE_PASSES_MOST);
	CHECK(keystore.memory >= KEYSTORE_MEMORY_LEAST);
	CHECK(keystore.memory <= KEYSTORE_MEMORY_MOST);
	CHECK(frame_name_fits((struct sdex_bytes){(const uint8_t *)keystore.name,
						  (uint32_t)strlen(keystore.name)}));
	return 0;
}
