/* stellar/test_xdr_json_found.c - SEP-51 JSON that others made is what we make: answers of
 * RPC with xdrFormat json, and what the SDK in Rust, which makes them, has in its tests. */
#include "base/testing.h"

#include "sdex/bytes.h"
#include "sdex/xdr_json.h"

static const struct found {
	enum sdex_type type;
	const char *base64; /* NULL where the source has none */
	const char *json;
} found[] = {
#include "test_xdr_json_found.inc"
};

struct bytes {
	uint8_t *data;
	size_t size;
};

static struct bytes bytes_of(struct sdex_arena *arena, const char *base64)
{
	size_t size = strlen(base64);
	struct bytes out = {sdex_arena_alloc(arena, size), 0};
	assert_non_null(out.data);
	assert_int_equal(sdex_base64_decode(out.data, size, &out.size, base64, size, NULL),
			 SDEX_OK);
	return out;
}

/* The bytes of the value that the text stands for. */
static struct bytes encoded(struct sdex_arena *arena, const struct found *item)
{
	struct sdex_failure why = {0};
	struct bytes out = {NULL, 0};
	void *value = NULL;
	if (sdex_xdr_from_json(item->type, &value, arena, item->json, strlen(item->json), NULL,
			       &why))
		fail_msg("%.60s: byte %ju: %s", item->json, (uintmax_t)why.where, why.text);
	assert_int_equal(sdex_xdr_size(item->type, &out.size, value, NULL), SDEX_OK);
	out.data = sdex_arena_alloc(arena, out.size);
	assert_non_null(out.data);
	assert_int_equal(sdex_xdr_encode(item->type, out.data, out.size, &out.size, value, NULL),
			 SDEX_OK);
	return out;
}

static void text_and_bytes_of_others_are_ours(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
		struct sdex_arena *arena = sdex_arena_new(0);
		struct bytes ours = encoded(arena, &found[i]);
		if (found[i].base64) {
			struct bytes theirs = bytes_of(arena, found[i].base64);
			assert_int_equal(ours.size, theirs.size);
			assert_memory_equal(ours.data, theirs.data, theirs.size);
		}
		void *value = NULL;
		const char *text = NULL;
		size_t size;
		assert_int_equal(sdex_xdr_decode(found[i].type, &value, arena, ours.data, ours.size,
						 NULL, NULL),
				 SDEX_OK);
		assert_int_equal(sdex_xdr_to_json_arena(found[i].type, &text, &size, arena, value,
							SDEX_JSON_COMPACT, NULL),
				 SDEX_OK);
		assert_string_equal(text, found[i].json);
		sdex_arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_bytes_of_others_are_ours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
