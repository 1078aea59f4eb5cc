/* fuzz/audit.c - records of the audit log from anywhere: what is one is written back as the
 * same bytes. */
#include <string.h>

#include "base/check.h"
#include "sign/audit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[AUDIT_RECORD_MAX];
	struct audit_record record;
	if (size > AUDIT_RECORD_MAX || !audit_record_read(&record, data, size))
		return 0;
	CHECK(audit_record_write(again, sizeof again, &record) == size);
	CHECK(memcmp(again, data, size) == 0);
	return 0;
}
