/* fuzz/xdr_value.c - values of every type, made up from the input: each encodes, and
 * its bytes decode to an equal value.  The first two bytes choose the type (type.h). */
#include <string.h>

#include "base/check.h"
#include "sdex/xdr_types.h"
#include "type.h"
#include "xdr/test_values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3)
		return 0;
	enum sdex_type type = fuzz_type(data);
	struct choices choices = {data + 3, size - 3, {data[2]}};
	struct sdex_arena *arena = sdex_arena_new(0);
	void *value = test_value(arena, type, &choices, 200), *back = NULL;
	size_t length = 0;
	uint8_t *bytes = test_bytes(arena, &length, type, value);
	CHECK(sdex_xdr_decode(type, &back, arena, bytes, length, NULL, NULL) == SDEX_OK);
	CHECK(sdex_xdr_equal(type, value, back));
	sdex_arena_free(arena);
	return 0;
}
