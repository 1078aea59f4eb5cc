/* base/test_json_write.c - what is written reads back; the bounds hold. */
#include "base/testing.h"

#include "base/json.h"
#include "base/json_write.h"

static void write_sample(struct json_writer *w)
{
	json_write_object(w);
	json_write_key(w, "empty", 5);
	json_write_object(w);
	json_write_object_end(w);
	json_write_name(w, "list");
	json_write_array(w);
	json_write_array(w);
	json_write_array_end(w);
	json_write_int64(w, INT64_MIN);
	json_write_uint64(w, UINT64_MAX);
	json_write_bool(w, true);
	json_write_bool(w, false);
	json_write_null(w);
	json_write_array_end(w);
	json_write_key(w, "a \"key\"", 7);
	json_write_string(w, "\"\\/\b\f\n\r\t\x01\x1f\x7f\0\xc3\xa9", 14);
	json_write_key(w, "hex", 3);
	json_write_hex(w, "\x00\x7f\xff", 3);
	json_write_key(w, "base64", 6);
	json_write_base64(w, "\x00\x7f\xff\xfe", 4);
	json_write_key(w, "none", 4);
	json_write_string(w, NULL, 0);
	json_write_text(w, "text", "to its \"end\"");
	json_write_key(w, "raw", 3);
	json_write_value(w, "1.50", 4);
	json_write_object_end(w);
}

static const char compact[] =
	"{\"empty\":{},\"list\":[[],-9223372036854775808,18446744073709551615,true,false,null],"
	"\"a \\\"key\\\"\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\\u0000\xc3\xa9\","
	"\"hex\":\"007fff\",\"base64\":\"AH///g==\",\"none\":\"\",\"text\":\"to its "
	"\\\"end\\\"\",\"raw\":1.50}";

static const char indented[] =
	"{\n  \"empty\": {},\n  \"list\": [\n    [],\n    -9223372036854775808,\n"
	"    18446744073709551615,\n    true,\n    false,\n    null\n  ],\n"
	"  \"a \\\"key\\\"\": \"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\\u0000\xc3\xa9\",\n"
	"  \"hex\": \"007fff\",\n  \"base64\": \"AH///g==\",\n  \"none\": \"\",\n"
	"  \"text\": \"to its \\\"end\\\"\",\n  \"raw\": "
	"1.50\n}";

static void compact_and_indented(void **state)
{
	(void)state;
	struct json_writer w;
	const uint8_t *text;
	char out[512];
	size_t size;
	json_write_buffer(&w, out, sizeof out, false);
	write_sample(&w);
	assert_int_equal(json_write_close(&w, &text, &size), SDEX_OK);
	assert_ptr_equal(text, out);
	assert_int_equal(size, sizeof compact - 1);
	assert_memory_equal(out, compact, size);
	json_write_buffer(&w, out, sizeof out, true);
	write_sample(&w);
	assert_int_equal(json_write_close(&w, &text, &size), SDEX_OK);
	assert_int_equal(size, sizeof indented - 1);
	assert_memory_equal(out, indented, size);
}

static void a_buffer_is_never_overrun(void **state)
{
	(void)state;
	for (size_t room = 0; room < sizeof compact + 2; room++) {
		struct json_writer w;
		size_t size = 77;
		uint8_t *out = malloc(room + !room);
		assert_non_null(out);
		json_write_buffer(&w, out, room, false);
		write_sample(&w);
		enum sdex_error error = json_write_close(&w, NULL, &size);
		assert_int_equal(error, room < sizeof compact - 1 ? SDEX_ERR_SPACE : SDEX_OK);
		assert_int_equal(size, error ? 77 : sizeof compact - 1);
		free(out);
	}
}

static void an_arena_grows_until_its_limit(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(1 << 20);
	struct json_writer w;
	const uint8_t *text;
	size_t size;
	json_write_arena(&w, arena, true);
	json_write_array(&w);
	for (int i = 0; i < 3000; i++)
		write_sample(&w);
	json_write_array_end(&w);
	assert_int_equal(json_write_close(&w, &text, &size), SDEX_ERR_NOMEM);

	sdex_arena_reset(arena);
	json_write_arena(&w, arena, false);
	json_write_array(&w);
	for (int i = 0; i < 300; i++)
		write_sample(&w);
	json_write_array_end(&w);
	assert_int_equal(json_write_close(&w, &text, &size), SDEX_OK);
	assert_int_equal(size, 300 * sizeof compact - 300 + 299 + 2);
	assert_int_equal(text[size], 0);
	for (int i = 0; i < 300; i++)
		assert_memory_equal(text + 1 + i * (int)sizeof compact, compact,
				    sizeof compact - 1);
	sdex_arena_free(arena);
}

struct tape {
	uint8_t text[4096];
	size_t size;
	size_t limit;
};

static enum sdex_error take(void *context, const uint8_t *text, size_t size)
{
	struct tape *tape = context;
	if (tape->size + size > tape->limit)
		return SDEX_ERR_UNSUPPORTED;
	memcpy(tape->text + tape->size, text, size);
	tape->size += size;
	return SDEX_OK;
}

static void a_sink_gets_all_in_order(void **state)
{
	(void)state;
	for (size_t room = 1; room < 700; room = room * 3 / 2 + 1) {
		struct tape tape = {.limit = sizeof tape.text};
		struct json_writer w;
		const uint8_t *text = tape.text;
		uint8_t buffer[700];
		size_t size;
		json_write_sink(&w, buffer, room, take, &tape, true);
		write_sample(&w);
		assert_int_equal(json_write_close(&w, &text, &size), SDEX_OK);
		assert_null(text);
		assert_int_equal(size, sizeof indented - 1);
		assert_int_equal(tape.size, size);
		assert_memory_equal(tape.text, indented, size);
	}
	struct tape full = {.limit = 100};
	struct json_writer w;
	uint8_t buffer[16];
	json_write_sink(&w, buffer, sizeof buffer, take, &full, false);
	write_sample(&w);
	assert_int_equal(json_write_close(&w, NULL, NULL), SDEX_ERR_UNSUPPORTED);
	assert_in_range(full.size, 84, 100);
	full.limit = 0;
	json_write_sink(&w, buffer, sizeof buffer, take, &full, false);
	json_write_null(&w);
	assert_int_equal(json_write_close(&w, NULL, NULL), SDEX_ERR_UNSUPPORTED);
}

static void strings_are_utf8(void **state)
{
	(void)state;
	static const char *const bad[] = {"\x80", "a\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
					  "\xe2\x80"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct json_writer w;
		char out[64];
		json_write_buffer(&w, out, sizeof out, false);
		json_write_string(&w, bad[i], strlen(bad[i]));
		assert_int_equal(json_write_close(&w, NULL, NULL), SDEX_ERR_CHARACTER);
	}
}

static void deep_indentation(void **state)
{
	(void)state;
	static char out[8192];
	struct json_writer w;
	size_t size;
	json_write_buffer(&w, out, sizeof out, true);
	for (int i = 0; i < 50; i++)
		json_write_array(&w);
	json_write_null(&w);
	for (int i = 0; i < 50; i++)
		json_write_array_end(&w);
	assert_int_equal(json_write_close(&w, NULL, &size), SDEX_OK);
	const char *at = out;
	for (int i = 0; i < 101; i++) {
		const char *end = memchr(at, '\n', (size_t)(out + size - at));
		int depth = i <= 50 ? i : 100 - i;
		assert_int_equal(end == NULL, i == 100);
		assert_int_equal(strspn(at, " "), 2 * depth);
		assert_int_equal(at[2 * depth], i < 50 ? '[' : i == 50 ? 'n' : ']');
		at = end + 1;
	}
}

/* A random text of every kind of character, never a surrogate. */
static size_t random_text(struct seeded *s, uint8_t *out, size_t room)
{
	size_t n = 0;
	for (uint64_t left = seeded_below(s, 40); left && n + 4 <= room; left--) {
		uint32_t c = (uint32_t)seeded_below(s, 4) ? (uint32_t)seeded_below(s, 128)
							  : (uint32_t)(seeded_bits(s) % 0x110000);
		if (c >= 0xd800 && c < 0xe000)
			continue;
		if (c < 0x80) {
			out[n++] = (uint8_t)c;
		} else if (c < 0x800) {
			out[n++] = (uint8_t)(0xc0 | c >> 6);
			out[n++] = (uint8_t)(0x80 | (c & 63));
		} else if (c < 0x10000) {
			out[n++] = (uint8_t)(0xe0 | c >> 12);
			out[n++] = (uint8_t)(0x80 | (c >> 6 & 63));
			out[n++] = (uint8_t)(0x80 | (c & 63));
		} else {
			out[n++] = (uint8_t)(0xf0 | c >> 18);
			out[n++] = (uint8_t)(0x80 | (c >> 12 & 63));
			out[n++] = (uint8_t)(0x80 | (c >> 6 & 63));
			out[n++] = (uint8_t)(0x80 | (c & 63));
		}
	}
	return n;
}

static void what_is_written_reads_back(void **state)
{
	(void)state;
	struct seeded s = {2};
	for (int round = 0; round < 20000; round++) {
		uint8_t text[160], back[2048], out[2048];
		size_t n = random_text(&s, text, sizeof text), size;
		int64_t number = (int64_t)seeded_bits(&s), number_back = 0;
		struct json_writer w;
		struct json json;
		struct json_text key, value;
		json_write_buffer(&w, out, sizeof out, round & 1);
		json_write_object(&w);
		json_write_key(&w, (const char *)text, n);
		json_write_array(&w);
		json_write_string(&w, text, n);
		json_write_int64(&w, number);
		json_write_array_end(&w);
		json_write_object_end(&w);
		assert_int_equal(json_write_close(&w, NULL, &size), SDEX_OK);

		json_open(&json, out, size, 2);
		assert_true(json_object(&json) && json_key(&json, &key));
		assert_int_equal(json_unescape(back, &key), n);
		assert_memory_equal(back, text, n);
		assert_true(json_array(&json) && json_item(&json) && json_string(&json, &value));
		assert_int_equal(json_unescape(back, &value), n);
		assert_memory_equal(back, text, n);
		assert_true(json_item(&json) && json_int64(&json, &number_back));
		assert_true(number_back == number);
		assert_false(json_item(&json) || json_key(&json, &key));
		assert_int_equal(json_close(&json, NULL), SDEX_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compact_and_indented),
		cmocka_unit_test(a_buffer_is_never_overrun),
		cmocka_unit_test(an_arena_grows_until_its_limit),
		cmocka_unit_test(a_sink_gets_all_in_order),
		cmocka_unit_test(strings_are_utf8),
		cmocka_unit_test(deep_indentation),
		cmocka_unit_test(what_is_written_reads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
