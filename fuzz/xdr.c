/* fuzz/xdr.c - XDR of every type: what decodes encodes to the same bytes, and skipping
 * and visiting take and refuse the same as decoding.
 *
 * The first two bytes choose the type (type.h), the third what a visit looks for and
 * whether inside what it finds; the rest is the input. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "sdex/xdr_types.h"
#include "type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MEMORY ((size_t)32 << 20)

struct visited {
	const uint8_t *start;
	size_t behind;
	enum sdex_visit answer;
};

static enum sdex_visit found(void *context, const struct sdex_found *found)
{
	struct visited *visited = context;
	size_t used = 0;
	CHECK(found->data == visited->start + found->offset);
	CHECK(sdex_xdr_check(found->type, &used, found->data, found->size, NULL, NULL) == SDEX_OK);
	CHECK(used == found->size);
	if (visited->answer == SDEX_VISIT_ON) {
		CHECK(found->offset >= visited->behind);
		visited->behind = found->offset + found->size;
	}
	return visited->answer;
}

static void comes_back(enum sdex_type type, const void *value, const uint8_t *data, size_t size)
{
	uint8_t *again = malloc(size ? size : 1);
	size_t written = 0, measured = 0;
	CHECK(again);
	CHECK(sdex_xdr_encode(type, again, size, &written, value, NULL) == SDEX_OK);
	CHECK(written == size && !memcmp(again, data, size));
	CHECK(sdex_xdr_size(type, &measured, value, NULL) == SDEX_OK && measured == size);
	CHECK(sdex_xdr_equal(type, value, value));
	CHECK(!size ||
	      sdex_xdr_encode(type, again, size - 1, &written, value, NULL) == SDEX_ERR_SPACE);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3)
		return 0;
	enum sdex_type type = fuzz_type(data);
	enum sdex_type wanted[] = {(enum sdex_type)(data[2] * 2 % SDEX_TYPE_COUNT),
				   SDEX_TYPE_AccountID, SDEX_TYPE_SCVal};
	struct visited visited = {data + 3, 0, data[2] & 1 ? SDEX_VISIT_INTO : SDEX_VISIT_ON};
	data += 3;
	size -= 3;

	struct sdex_arena *arena = sdex_arena_new(MEMORY);
	struct sdex_failure why = {0}, again = {0};
	size_t used = 0, checked = 0;
	void *value = NULL;
	enum sdex_error error =
		sdex_xdr_decode_front(type, &value, &used, arena, data, size, NULL, &why);
	CHECK(sdex_arena_held(arena) <= MEMORY);
	if (error != SDEX_ERR_NOMEM)
		CHECK(sdex_xdr_check(type, &checked, data, size, NULL, &again) == error);
	if (!error) {
		CHECK(used == checked && used <= size);
		comes_back(type, value, data, used);
		size = used;
	} else if (error == SDEX_ERR_NOMEM) {
		CHECK(!value && !used);
	} else {
		CHECK(!value && !used && why.code == error);
		CHECK(why.where == again.where && !strcmp(why.text, again.text) &&
		      why.where <= size);
	}
	struct sdex_visit_plan plan;
	CHECK(sdex_visit_plan_init(&plan, wanted, 3) == SDEX_OK);
	enum sdex_error visit =
		sdex_xdr_visit(type, &plan, found, &visited, data, size, NULL, NULL);
	if (error != SDEX_ERR_NOMEM)
		CHECK(visit == error);
	sdex_arena_free(arena);
	return 0;
}
