/* sign/test_frame.c - frames there and back, and bytes that are none. */
#include "base/endian.h"
#include "base/testing.h"
#include "sign/frame.h"
#include "sign/pack.h"

static uint8_t room[FRAME_MAX];
static struct frame out, in;

static struct sdex_bytes some(struct seeded *rng, uint8_t *to, uint32_t most)
{
	uint32_t size = (uint32_t)seeded_below(rng, most + 1u);
	seeded_fill(rng, to, size);
	return (struct sdex_bytes){to, size};
}

static void same(struct sdex_bytes a, struct sdex_bytes b)
{
	assert_int_equal(a.size, b.size);
	if (a.size)
		assert_memory_equal(a.data, b.data, a.size);
}

static void make(struct seeded *rng)
{
	static uint8_t envelope[FRAME_ENVELOPE_MAX], text[FRAME_TEXT_MAX], rule[FRAME_NAME_MAX];
	out = (struct frame){.kind = (enum frame_kind)(1 + seeded_below(rng, 5))};
	bool ready = out.kind == FRAME_READY, refused = out.kind == FRAME_REFUSED;
	if (out.kind == FRAME_SIGN || out.kind == FRAME_SIGNED)
		out.envelope = some(rng, envelope, FRAME_ENVELOPE_MAX);
	if (out.kind == FRAME_SIGN) {
		out.replace = seeded_below(rng, 2);
		out.key = pack_text("trading");
	}
	if (refused)
		out.rule = some(rng, rule, FRAME_NAME_MAX);
	if (refused || ready || out.kind == FRAME_STOPPED)
		out.text = some(rng, text, FRAME_TEXT_MAX);
	if (out.kind != FRAME_STOPPED && !ready)
		out.token = seeded_bits(rng);
	if (!ready)
		return;
	out.version = (uint32_t)seeded_bits(rng);
	out.key_count = (uint32_t)seeded_below(rng, FRAME_KEYS_MAX + 1);
	for (uint32_t i = 0; i < out.key_count; i++)
		out.keys[i] = (struct frame_key){pack_text("a.key-with_a.name"), envelope + i};
}

static void there_and_back(void **state)
{
	(void)state;
	struct seeded rng = {1};
	size_t used;
	for (int i = 0; i < 2000; i++) {
		make(&rng);
		size_t size = frame_write(room, sizeof room, &out);
		assert_true(size > 0);
		assert_int_equal(frame_write(room, size - 1, &out), 0);
		assert_int_equal(frame_write(room, size, &out), size);
		assert_int_equal(frame_read(&in, &used, room, size), FRAME_WHOLE);
		assert_int_equal(used, size);
		assert_int_equal(in.kind, out.kind);
		assert_int_equal(in.token, out.token);
		assert_int_equal(in.replace, out.replace);
		assert_int_equal(in.version, out.version);
		assert_int_equal(in.key_count, out.key_count);
		same(in.key, out.key);
		same(in.envelope, out.envelope);
		same(in.rule, out.rule);
		same(in.text, out.text);
		for (uint32_t k = 0; k < in.key_count; k++) {
			same(in.keys[k].name, out.keys[k].name);
			assert_memory_equal(in.keys[k].public_key, out.keys[k].public_key, 32);
		}
		size_t cut = (size_t)seeded_below(&rng, size);
		assert_int_equal(frame_read(&in, &used, room, cut), FRAME_PARTIAL);
	}
}

/* A length that is too long is refused before its bytes have come. */
static void lengths(void **state)
{
	(void)state;
	size_t used;
	const uint8_t none[] = {0, 0, 0, 0}, long_one[] = {0x7f, 0xff, 0xff, 0xff};
	assert_int_equal(frame_read(&in, &used, none, 4), FRAME_BAD);
	assert_int_equal(frame_read(&in, &used, long_one, 4), FRAME_BAD);
	store_be32(room, FRAME_MAX - 4);
	assert_int_equal(frame_read(&in, &used, room, 4), FRAME_PARTIAL);
	store_be32(room, FRAME_MAX - 3);
	assert_int_equal(frame_read(&in, &used, room, 4), FRAME_BAD);
}

/* Each change of a length inside, and bytes behind the last field, make it no frame. */
static void fields(void **state)
{
	(void)state;
	size_t used;
	out = (struct frame){.kind = FRAME_SIGN, .key = pack_text("k"), .envelope = pack_text("e")};
	size_t size = frame_write(room, sizeof room, &out);
	assert_int_equal(size, 4 + 1 + 8 + 1 + 5 + 5);
	room[size] = 0;
	store_be32(room, (uint32_t)size - 3);
	assert_int_equal(frame_read(&in, &used, room, size + 1), FRAME_BAD);
	store_be32(room, (uint32_t)size - 5);
	assert_int_equal(frame_read(&in, &used, room, size), FRAME_BAD);
	store_be32(room, (uint32_t)size - 4);
	assert_int_equal(frame_read(&in, &used, room, size), FRAME_WHOLE);
	for (unsigned kind = 0; kind < 256; kind++) {
		room[4] = (uint8_t)kind;
		if (kind != FRAME_SIGN)
			assert_int_equal(frame_read(&in, &used, room, size), FRAME_BAD);
	}
	room[4] = FRAME_SIGN;
	room[13] = 2; /* a flag that there is not */
	assert_int_equal(frame_read(&in, &used, room, size), FRAME_BAD);
}

static void names(void **state)
{
	(void)state;
	static const char *const good[] = {
		"a", "Z9", "_x", "a.b-c_d",
		"abcdefghijklmnopqrstuvwxyz012345abcdefghijklmnopqrstuvwxyz012345"};
	static const char *const bad[] = {
		"",         ".",
		"-a",       "a b",
		"a/b",      "a\n",
		"\xc3\xa4", "a=b",
		"a:b",      "abcdefghijklmnopqrstuvwxyz012345abcdefghijklmnopqrstuvwxyz0123456"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(frame_name_fits(pack_text(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(frame_name_fits(pack_text(bad[i])));
		out = (struct frame){.kind = FRAME_SIGN, .key = pack_text(bad[i])};
		assert_int_equal(frame_write(room, sizeof room, &out), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(lengths),
		cmocka_unit_test(fields),
		cmocka_unit_test(names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
