/* fuzz/record.c - journal records: what is read, written again, is the same bytes. */
#include <string.h>

#include "base/check.h"
#include "trade/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[RECORD_SIZE_MAX];
	struct record record;
	struct sdex_failure why;
	if (record_decode(&record, data, size, &why))
		return 0;
	CHECK(record_encode(again, &record) == size);
	CHECK(memcmp(again, data, size) == 0);
	return 0;
}
