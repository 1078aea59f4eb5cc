/* fuzz/xdr_json.c - SEP-51 JSON: text that is read gives bytes that decode to the same
 * value, and JSON that reads back to it.
 *
 * The input's first two bytes choose the type (type.h), the third is 'j' for JSON; else
 * what follows is XDR, whose JSON is then read. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "sdex/xdr_json.h"
#include "type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MEMORY ((size_t)8 << 20)

static void round_trip(enum sdex_type type, const void *value, struct sdex_arena *arena,
		       enum sdex_json_style style)
{
	const char *text;
	size_t length, size, written;
	void *back, *decoded;
	enum sdex_error error =
		sdex_xdr_to_json_arena(type, &text, &length, arena, value, style, NULL);
	if (error == SDEX_ERR_NOMEM)
		return;
	CHECK(error == SDEX_OK);
	error = sdex_xdr_from_json(type, &back, arena, text, length, NULL, NULL);
	if (error == SDEX_ERR_NOMEM)
		return;
	CHECK(error == SDEX_OK);
	CHECK(sdex_xdr_equal(type, value, back));

	CHECK(sdex_xdr_size(type, &size, back, NULL) == SDEX_OK);
	uint8_t *bytes = malloc(size + 1);
	CHECK(bytes);
	CHECK(sdex_xdr_encode(type, bytes, size, &written, back, NULL) == SDEX_OK &&
	      written == size);
	error = sdex_xdr_decode(type, &decoded, arena, bytes, size, NULL, NULL);
	CHECK(error == SDEX_OK || error == SDEX_ERR_NOMEM);
	if (!error)
		CHECK(sdex_xdr_equal(type, value, decoded));
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3)
		return 0;
	enum sdex_type type = fuzz_type(data);
	bool json = data[2] == 'j';
	struct sdex_arena *arena = sdex_arena_new(MEMORY);
	struct sdex_failure why = {0};
	void *value = NULL;
	CHECK(arena);
	data += 3;
	size -= 3;
	enum sdex_error error =
		json ? sdex_xdr_from_json(type, &value, arena, (const char *)data, size, NULL, &why)
		     : sdex_xdr_decode(type, &value, arena, data, size, NULL, &why);
	if (error) {
		CHECK(why.code == error && why.where <= size && !value);
	} else {
		round_trip(type, value, arena, SDEX_JSON_INDENTED);
		round_trip(type, value, arena, SDEX_JSON_COMPACT);
	}
	sdex_arena_free(arena);
	return 0;
}
