/* base/test_json.c - what RFC 8259 allows is read, all else refused, and where. */
#include "base/testing.h"

#include "base/json.h"

static enum sdex_error skip_all(const void *text, size_t size, uint32_t depth,
				struct sdex_failure *why)
{
	/* In memory of its own size, so that a sanitizer sees a read past the end. */
	uint8_t *copy = malloc(size + !size);
	struct json json;
	assert_non_null(copy);
	memcpy(copy, text, size);
	json_open(&json, copy, size, depth);
	json_skip(&json);
	enum sdex_error error = json_close(&json, why);
	free(copy);
	return error;
}

static void accepts(const char *text)
{
	struct sdex_failure why = {0};
	if (skip_all(text, strlen(text), 64, &why) != SDEX_OK)
		fail_msg("%s: byte %ju: %s", text, (uintmax_t)why.where, why.text);
}

static void what_the_grammar_allows_is_read(void **state)
{
	(void)state;
	static const char *const good[] = {
		"0",
		"-0",
		"-1",
		"1e5",
		"1E+5",
		"1e-5",
		"0e0",
		"0.0",
		"-0.10e01",
		"123456789012345678901",
		"1.000000000000000000000000000001",
		"1e9999",
		"true",
		"false",
		"null",
		" \t\r\n null \t\r\n ",
		"[]",
		"{}",
		"[ ]",
		"{ }",
		"[1]",
		"[1,2]",
		"[ 1 , 2 ]",
		"[[[[]]]]",
		"[{},[],{}]",
		"[[],{}]",
		"{\"a\":1}",
		"{\"\":0}",
		"{ \"a\" : 1 , \"b\" : [ ] }",
		"{\"a\":{\"a\":{\"a\":{}}}}",
		"{\"a\":1,\"a\":1}",
		"{\"a\\u0000b\":0}",
		"\"\"",
		"\"a\"",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		"\"\\u0000\"",
		"\"\\u00e9\\uABCD\\uabcd\"",
		"\"\\ud834\\udd1e\"",
		"\"\\uDBFF\\uDFFF\"",
		"\"\x7f\"",
		"\"0123456789abcdef\"",
		"\"0123456789abcdefg\"",
		"\"0123456789abcde\\u0031\"",
		"\"\xc2\x80\xdf\xbf\"",
		"\"\xe0\xa0\x80\xec\xbf\xbf\xed\x80\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"",
		"\"\xf0\x90\x80\x80\xf3\x80\x80\x80\xf4\x8f\xbf\xbf\"",
		"\"\xe2\x80\xa8\xe2\x80\xa9\"",
		"[\n    {\n\t  \"a\":1\n    }\n]\n",
		"[\r\n\t1,\r\n\t2\r\n]",
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		accepts(good[i]);
}

struct bad {
	const char *text;
	enum sdex_error error;
	uint64_t where;
	const char *why; /* NULL: not looked at */
};

static void refuses(const struct bad *bad, size_t size)
{
	struct sdex_failure why = {0};
	enum sdex_error error = skip_all(bad->text, size, 8, &why);
	if (error != bad->error || why.code != error || why.where != bad->where)
		fail_msg("%s: %s at %ju: %s", bad->text, sdex_error_name(error),
			 (uintmax_t)why.where, why.text);
	if (bad->why)
		assert_string_equal(why.text, bad->why);
}

#define S SDEX_ERR_SYNTAX
#define T SDEX_ERR_TRUNCATED
#define C SDEX_ERR_CHARACTER

static void all_else_is_refused_where_it_is_wrong(void **state)
{
	(void)state;
	static const struct bad bad[] = {
		{"", T, 0, "expected a value, found the end of the text"},
		{"  ", T, 2, NULL},
		{"[", T, 1, "expected an item or ']', found the end of the text"},
		{"{", T, 1, "expected a key in quotes or '}', found the end of the text"},
		{"[1", T, 2, "expected ',' or ']' after an item, found the end of the text"},
		{"[1,", T, 3, NULL},
		{"[1,]", S, 3, "expected a value, found \"]\""},
		{"[,1]", S, 1, NULL},
		{"[1,,2]", S, 3, NULL},
		{"[1 2]", S, 3, "expected ',' or ']' after an item, found \"2\""},
		{"[1}", S, 2, NULL},
		{"[1;2]", S, 2, NULL},
		{"]", S, 0, NULL},
		{"}", S, 0, NULL},
		{"[]]", SDEX_ERR_TRAILING, 2, "expected the end of the text, found \"]\""},
		{"{}}", SDEX_ERR_TRAILING, 2, NULL},
		{"1 1", SDEX_ERR_TRAILING, 2, NULL},
		{"nulll", SDEX_ERR_TRAILING, 4, NULL},
		{"{\"a\"", T, 4, "expected ':' after a key, found the end of the text"},
		{"{\"a\" 1}", S, 5, NULL},
		{"{\"a\"::1}", S, 5, NULL},
		{"{\"a\":}", S, 5, NULL},
		{"{\"a\":1", T, 6, "expected ',' or '}' after a member, found the end of the text"},
		{"{\"a\":1,}", S, 7, "expected a key in quotes, found \"}\""},
		{"{\"a\":1,,\"b\":1}", S, 7, NULL},
		{"{\"a\":1 \"b\":1}", S, 7,
		 "expected ',' or '}' after a member, found the string \"b\""},
		{"{,\"a\":1}", S, 1, NULL},
		{"{a:1}", S, 1, "expected a key in quotes or '}', found \"a\""},
		{"{'a':1}", S, 1, NULL},
		{"{1:1}", S, 1, NULL},
		{"{\"a\":1]", S, 6, NULL},
		{"{\"a", T, 3, "expected the string's closing quote, found the end of the text"},
		{"tru", S, 0, "expected a value, found \"tru\""},
		{"True", S, 0, NULL},
		{"nul", S, 0, NULL},
		{"fals", S, 0, NULL},
		{"NaN", S, 0, NULL},
		{"nan", S, 0, NULL},
		{"Infinity", S, 0, NULL},
		{"-Infinity", S, 1, "expected a digit, found \"Infinity\""},
		{"'a'", S, 0, NULL},
		{"// no\n1", S, 0, NULL},
		{"1//", SDEX_ERR_TRAILING, 1, NULL},
		{"\xef\xbb\xbf"
		 "1",
		 S, 0, "expected a value, found \"\\xef\\xbb\\xbf1\""},
		{"\f1", S, 0, NULL},
		{"\v1", S, 0, NULL},
		{"1\xc2\xa0", SDEX_ERR_TRAILING, 1, NULL},
		{"-", T, 1, "expected a digit, found the end of the text"},
		{"--1", S, 1, NULL},
		{"+1", S, 0, NULL},
		{".5", S, 0, NULL},
		{"-.5", S, 1, NULL},
		{"1.", T, 2, NULL},
		{"1.e1", S, 2, NULL},
		{"1e", T, 2, NULL},
		{"1e+", T, 3, NULL},
		{"1e+-1", S, 3, NULL},
		{"01", S, 0, "expected a number without leading zeros, found \"01\""},
		{"-01", S, 1, NULL},
		{"00", S, 0, NULL},
		{"[1.2.3]", S, 4, NULL},
		{"[0x1]", S, 2, NULL},
		{"[1_000]", S, 2, NULL},
		{"\"", T, 1, NULL},
		{"\"a\nb\"", C, 2, NULL},
		{"\"a\x1f\"", C, 2,
		 "expected control characters in strings written as \\u escapes, found \"\\x1f\""},
		{"\"\\", S, 1, NULL},
		{"\"\\\"", T, 3, NULL},
		{"\"\\x41\"", S, 1, NULL},
		{"\"\\'\"", S, 1, NULL},
		{"\"\\U0041\"", S, 1, NULL},
		{"\"\\u\"", S, 1, NULL},
		{"\"\\u004\"", S, 1, NULL},
		{"\"\\u00g0\"", S, 1, NULL},
		{"\"\\ud800\"", S, 1, NULL},
		{"\"\\udc00\"", S, 1, NULL},
		{"\"\\udc00\\ud800\"", S, 1, NULL},
		{"\"\\ud800\\ud800\"", S, 1, NULL},
		{"\"\\ud800\\u0041\"", S, 1, NULL},
		{"\"\\ud800\\n\"", S, 1, NULL},
		{"\"\\ud800 \\udc00\"", S, 1, NULL},
		{"\"\\ud800\\udc0\"", S, 1, NULL},
		{"\"\x80\"", C, 1, "expected UTF-8, found \"\\x80\""},
		{"\"\xff\"", C, 1, NULL},
		{"\"\xc0\xaf\"", C, 1, NULL},
		{"\"\xc1\xbf\"", C, 1, NULL},
		{"\"\xc2\"", C, 1, NULL},
		{"\"\xe0\x9f\xbf\"", C, 1, NULL},
		{"\"\xed\xa0\x80\"", C, 1, NULL},
		{"\"\xe2\x80\"", C, 1, NULL},
		{"\"\xe2\x80(\"", C, 1, NULL},
		{"\"\xf0\x8f\xbf\xbf\"", C, 1, NULL},
		{"\"\xf4\x90\x80\x80\"", C, 1, NULL},
		{"\"\xf5\x80\x80\x80\"", C, 1, NULL},
		{"\"0123456789abcdefghij\xc3\"", C, 21, NULL},
		{"[[[[[[[[[1]]]]]]]]]", SDEX_ERR_DEPTH, 8,
		 "expected no deeper nesting, found \"[\""},
		{"{\"a\":[{\"a\":[{\"a\":[{\"a\":[{}]}]}]}]}", SDEX_ERR_DEPTH, 24, NULL},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuses(&bad[i], strlen(bad[i].text));
	refuses(&(struct bad){"\"a\0b\"", C, 2, NULL}, 5);
	refuses(&(struct bad){"1\0", SDEX_ERR_TRAILING, 1, NULL}, 2);
	refuses(&(struct bad){"\"\xf0\x90\x80", C, 1, NULL}, 4);
	assert_int_equal(skip_all("[[[[[[[[1]]]]]]]]", 17, 8, NULL), SDEX_OK);
	assert_int_equal(skip_all("[[]]", 4, 1, NULL), SDEX_ERR_DEPTH);
}

static void every_prefix_of_a_value_is_refused(void **state)
{
	(void)state;
	static const char text[] =
		"{ \"a\": [1, -2.5e+3, {\"b\": \"\\u00e9\\ud834\\udd1e \xf0\x9d\x84\x9e\"}, true, "
		"false],"
		"\n        \"a key of more than sixteen bytes\": null , \"end\" : [\n[ ] , { }]}";
	size_t size = strlen(text);
	assert_int_equal(skip_all(text, size, 8, NULL), SDEX_OK);
	for (size_t cut = 0; cut < size; cut++)
		assert_int_not_equal(skip_all(text, cut, 8, NULL), SDEX_OK);
}

static void a_million_brackets_are_refused_at_once(void **state)
{
	(void)state;
	static char text[1 << 20];
	struct sdex_failure why;
	memset(text, '[', sizeof text);
	assert_int_equal(skip_all(text, sizeof text, JSON_DEPTH_MAX, &why), SDEX_ERR_DEPTH);
	assert_int_equal(why.where, JSON_DEPTH_MAX);
	for (size_t i = 0; i < JSON_DEPTH_MAX; i++)
		text[JSON_DEPTH_MAX + i] = ']';
	assert_int_equal(skip_all(text, (size_t)2 * JSON_DEPTH_MAX, JSON_DEPTH_MAX, NULL), SDEX_OK);
}

static void integers_are_exact(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t value;
		uint64_t unsigned_value;
		bool is_signed, is_unsigned;
	} t[] = {
		{"0", 0, 0, true, true},
		{"7", 7, 7, true, true},
		{"-1", -1, 0, true, false},
		{"123456789012345678", 123456789012345678, 123456789012345678, true, true},
		{"1234567890123456789", 1234567890123456789, 1234567890123456789, true, true},
		{"9223372036854775807", INT64_MAX, INT64_MAX, true, true},
		{"9223372036854775808", 0, (uint64_t)INT64_MAX + 1, false, true},
		{"-9223372036854775808", INT64_MIN, 0, true, false},
		{"-9223372036854775809", 0, 0, false, false},
		{"18446744073709551615", 0, UINT64_MAX, false, true},
		{"18446744073709551616", 0, 0, false, false},
		{"99999999999999999999", 0, 0, false, false},
		{"100000000000000000000", 0, 0, false, false},
		{"-0", 0, 0, false, false},
		{"1.0", 0, 0, false, false},
		{"1e2", 0, 0, false, false},
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		/* alone, and with so much behind it that the quick way is taken */
		for (int longer = 0; longer < 2; longer++) {
			char text[128];
			int size = snprintf(text, sizeof text, "%s%s", t[i].text,
					    longer ? "                             " : "");
			struct json json;
			int64_t value = 42;
			uint64_t unsigned_value = 42;
			json_open(&json, text, (size_t)size, 1);
			assert_int_equal(json_int64(&json, &value), t[i].is_signed);
			assert_int_equal(json_close(&json, NULL),
					 t[i].is_signed ? SDEX_OK : SDEX_ERR_RANGE);
			assert_true(value == (t[i].is_signed ? t[i].value : 42));
			json_open(&json, text, (size_t)size, 1);
			assert_int_equal(json_uint64(&json, &unsigned_value), t[i].is_unsigned);
			assert_int_equal(json_close(&json, NULL),
					 t[i].is_unsigned ? SDEX_OK : SDEX_ERR_RANGE);
			assert_true(unsigned_value ==
				    (t[i].is_unsigned ? t[i].unsigned_value : 42));
		}
	}
	struct seeded s = {1};
	for (int i = 0; i < 20000; i++) {
		int64_t value = (int64_t)seeded_bits(&s), back = 0;
		char text[64];
		struct json json;
		if (seeded_below(&s, 2))
			value = (int64_t)(0 - (uint64_t)value);
		int size = snprintf(text, sizeof text, "%lld                        ",
				    (long long)value);
		json_open(&json, text, (size_t)size - seeded_below(&s, 24), 1);
		assert_true(json_int64(&json, &back));
		assert_int_equal(json_close(&json, NULL), SDEX_OK);
		assert_true(back == value);
	}
}

static void digits_in_strings_parse_alike(void **state)
{
	(void)state;
	int64_t value = 5;
	uint64_t natural = 5;
	assert_int_equal(json_parse_int64(&value, (const uint8_t *)"", 0), SDEX_ERR_SYNTAX);
	assert_int_equal(json_parse_int64(&value, (const uint8_t *)"-", 1), SDEX_ERR_SYNTAX);
	assert_int_equal(json_parse_int64(&value, (const uint8_t *)"+1", 2), SDEX_ERR_SYNTAX);
	assert_int_equal(json_parse_int64(&value, (const uint8_t *)" 1", 2), SDEX_ERR_SYNTAX);
	assert_int_equal(json_parse_int64(&value, (const uint8_t *)"01", 2), SDEX_ERR_SYNTAX);
	assert_int_equal(json_parse_uint64(&natural, (const uint8_t *)"-1", 2), SDEX_ERR_SYNTAX);
	assert_int_equal(value, 5);
	assert_int_equal(natural, 5);
	assert_int_equal(json_parse_int64(&value, (const uint8_t *)"-12", 3), SDEX_OK);
	assert_int_equal(value, -12);
}

static void kinds_are_told_and_kept(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum json_kind kind;
	} t[] = {
		{" {}", JSON_OBJECT}, {" []", JSON_ARRAY},  {" \"\"", JSON_STRING},
		{" -1", JSON_NUMBER}, {" true", JSON_TRUE}, {" false", JSON_FALSE},
		{" null", JSON_NULL}, {" !", JSON_NOTHING}, {" ", JSON_NOTHING},
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		size_t size = strlen(t[i].text);
		struct json json;
		struct json_text text;
		int64_t number;
		bool flag;
		json_open(&json, t[i].text, size, 1);
		assert_int_equal(json_peek(&json), t[i].kind);
		json_open(&json, t[i].text, size, 1);
		assert_int_equal(json_object(&json), t[i].kind == JSON_OBJECT);
		json_open(&json, t[i].text, size, 1);
		assert_int_equal(json_array(&json), t[i].kind == JSON_ARRAY);
		json_open(&json, t[i].text, size, 1);
		assert_int_equal(json_string(&json, &text), t[i].kind == JSON_STRING);
		json_open(&json, t[i].text, size, 1);
		assert_int_equal(json_number(&json, &text), t[i].kind == JSON_NUMBER);
		json_open(&json, t[i].text, size, 1);
		assert_int_equal(json_int64(&json, &number), t[i].kind == JSON_NUMBER);
		json_open(&json, t[i].text, size, 1);
		assert_int_equal(json_bool(&json, &flag),
				 t[i].kind == JSON_TRUE || t[i].kind == JSON_FALSE);
		json_open(&json, t[i].text, size, 1);
		assert_int_equal(json_null(&json), t[i].kind == JSON_NULL);
		if (t[i].kind == JSON_NULL)
			continue;
		struct sdex_failure why;
		enum sdex_error error = json_close(&json, &why);
		assert_int_equal(error, t[i].kind != JSON_NOTHING ? SDEX_ERR_KIND
					: size > 1                ? SDEX_ERR_SYNTAX
								  : SDEX_ERR_TRUNCATED);
		assert_int_equal(why.where, 1);
		assert_memory_equal(why.text, "expected null, found ", 21);
	}
}

static void the_first_error_stays(void **state)
{
	(void)state;
	struct json json;
	struct json_text text = {(const uint8_t *)"kept", 4, false};
	struct sdex_failure why;
	int64_t value = 3;
	json_open(&json, "{\"a\":x,\"b\":2}", 13, 4);
	assert_true(json_object(&json));
	assert_true(json_key(&json, &text));
	assert_false(json_int64(&json, &value));
	assert_false(json_key(&json, &text));
	assert_false(json_item(&json));
	assert_false(json_skip(&json));
	assert_false(json_object(&json));
	json_refuse(&json, SDEX_ERR_UNKNOWN, json.start, "nothing");
	assert_true(json_is(&text, "a", 1));
	assert_int_equal(value, 3);
	assert_int_equal(json_close(&json, &why), SDEX_ERR_SYNTAX);
	assert_int_equal(why.where, 5);

	json_open(&json, "{\"a\":1}", 7, 4);
	assert_true(json_object(&json));
	assert_true(json_key(&json, &text));
	json_refuse(&json, SDEX_ERR_UNKNOWN, text.data - 1, "\"b\"");
	assert_int_equal(json_close(&json, &why), SDEX_ERR_UNKNOWN);
	assert_int_equal(why.where, 1);
	assert_string_equal(why.text, "expected \"b\", found the string \"a\"");
}

static void a_walk_that_stops_early_is_told(void **state)
{
	(void)state;
	struct json json;
	json_open(&json, "[1,2]", 5, 4);
	assert_true(json_array(&json));
	assert_int_equal(json_close(&json, NULL), SDEX_ERR_TRAILING);
	json_open(&json, "[1,2", 4, 4);
	int64_t value;
	assert_true(json_array(&json));
	assert_true(json_item(&json) && json_int64(&json, &value));
	assert_true(json_item(&json) && json_int64(&json, &value));
	assert_int_equal(json_close(&json, NULL), SDEX_ERR_TRUNCATED);
}

static void escapes_are_undone(void **state)
{
	(void)state;
	static const char text[] =
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u0041\\u00e9\\u20ac\\ud834\\udd1e\\uFFFF "
		"plain \xc3\xa9\"";
	static const char plain[] =
		"\"\\/\b\f\n\r\t\0A\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e\xef\xbf\xbf plain \xc3\xa9";
	uint8_t out[sizeof text];
	struct json json;
	struct json_text got;
	json_open(&json, text, sizeof text - 1, 1);
	assert_true(json_string(&json, &got));
	assert_true(got.escaped);
	assert_int_equal(json_close(&json, NULL), SDEX_OK);
	assert_int_equal(json_unescape(out, &got), sizeof plain - 1);
	assert_memory_equal(out, plain, sizeof plain - 1);

	struct json_text empty = {NULL, 0, false};
	assert_int_equal(json_unescape(out, &empty), 0);
}

static void keys_compare_as_what_they_mean(void **state)
{
	(void)state;
	struct json json;
	struct json_text key;
	json_open(&json, "{\"pri\\u0063e\":1}", 16, 1);
	assert_true(json_object(&json) && json_key(&json, &key));
	assert_true(json_is(&key, "price", 5));
	assert_false(json_is(&key, "prices", 6));
	assert_false(json_is(&key, "prize", 5));
	assert_false(json_is(&key, "p", 1));
	assert_false(json_is(&key, "a longer name than that is", 26));
	json_open(&json, "{\"price\" :1}", 12, 1);
	assert_true(json_object(&json) && json_key(&json, &key));
	assert_true(json_is(&key, "price", 5));
	assert_false(json_is(&key, "pric", 4));
}

static void duplicates_are_reported_as_they_stand(void **state)
{
	(void)state;
	struct json json;
	struct json_text key;
	int64_t value, sum = 0;
	json_open(&json, "{\"a\":1,\"a\":20}", 14, 1);
	assert_true(json_object(&json));
	while (json_key(&json, &key)) {
		assert_true(json_is(&key, "a", 1));
		assert_true(json_int64(&json, &value));
		sum += value;
	}
	assert_int_equal(json_close(&json, NULL), SDEX_OK);
	assert_int_equal(sum, 21);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_grammar_allows_is_read),
		cmocka_unit_test(all_else_is_refused_where_it_is_wrong),
		cmocka_unit_test(every_prefix_of_a_value_is_refused),
		cmocka_unit_test(a_million_brackets_are_refused_at_once),
		cmocka_unit_test(integers_are_exact),
		cmocka_unit_test(digits_in_strings_parse_alike),
		cmocka_unit_test(kinds_are_told_and_kept),
		cmocka_unit_test(the_first_error_stays),
		cmocka_unit_test(a_walk_that_stops_early_is_told),
		cmocka_unit_test(escapes_are_undone),
		cmocka_unit_test(keys_compare_as_what_they_mean),
		cmocka_unit_test(duplicates_are_reported_as_they_stand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
