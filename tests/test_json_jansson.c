/* tests/test_json_jansson.c - the scanner and jansson agree on what is JSON, and on
 * what it says.
 *
 * jansson is the second opinion, in this test only.  It refuses numbers beyond
 * its own types, where the scanner hands out the text: those are passed over. */
#include "base/testing.h"

#include "base/json.h"
#include "jansson_oracle.h"

static void same_number(const struct json_text *text, const struct theirs *theirs)
{
	char plain[64];
	assert_true(text->size < sizeof plain);
	memcpy(plain, text->data, text->size);
	plain[text->size] = 0;
	if (theirs_kind(theirs) == THEIRS_INTEGER) {
		assert_true(strtoll(plain, NULL, 10) == theirs_integer(theirs));
		return;
	}
	double ours = strtod(plain, NULL), real = theirs_real(theirs);
	assert_int_equal(theirs_kind(theirs), THEIRS_REAL);
	assert_memory_equal(&ours, &real, sizeof ours);
}

/* Compares the value that the scanner reads next with jansson's. */
static void same(struct json *json, const struct theirs *theirs)
{
	struct json_text text;
	uint8_t plain[4096];
	bool flag;
	size_t n = 0;
	assert_non_null(theirs);
	enum theirs_kind kind = theirs_kind(theirs);
	switch (json_peek(json)) {
	case JSON_OBJECT:
		assert_true(kind == THEIRS_OBJECT && json_object(json));
		while (json_key(json, &text)) {
			assert_true(text.size < sizeof plain);
			plain[json_unescape(plain, &text)] = 0;
			same(json, theirs_member(theirs, (const char *)plain));
			n++;
		}
		assert_int_equal(n, theirs_size(theirs));
		return;
	case JSON_ARRAY:
		assert_true(kind == THEIRS_ARRAY && json_array(json));
		while (json_item(json))
			same(json, theirs_item(theirs, n++));
		assert_int_equal(n, theirs_size(theirs));
		return;
	case JSON_STRING:
		assert_true(kind == THEIRS_STRING && json_string(json, &text));
		assert_true(text.size < sizeof plain);
		n = json_unescape(plain, &text);
		assert_int_equal(n, theirs_size(theirs));
		assert_memory_equal(plain, theirs_string(theirs), n);
		return;
	case JSON_NUMBER:
		assert_true(json_number(json, &text));
		same_number(&text, theirs);
		return;
	case JSON_TRUE:
	case JSON_FALSE:
		assert_true(json_bool(json, &flag));
		assert_int_equal(kind, flag ? THEIRS_TRUE : THEIRS_FALSE);
		return;
	case JSON_NULL:
		assert_true(kind == THEIRS_NULL && json_null(json));
		return;
	case JSON_NOTHING:
		fail_msg("jansson read a value that the scanner does not see");
	}
}

static unsigned accepted, refused, passed_over;

static void compare(const char *text, size_t size)
{
	struct sdex_failure why = {0};
	bool other;
	struct theirs *theirs = theirs_read(text, size, &other);
	struct json json;
	json_open(&json, text, size, 512);
	bool skipped = json_skip(&json);
	bool ours = json_close(&json, &why) == SDEX_OK;
	assert_true(skipped || !ours);
	if (other) {
		passed_over++;
		return;
	}
	if (ours != (theirs != NULL))
		fail_msg("%.*s\nours: %s\ntheirs: %s", (int)size, text, ours ? "read" : why.text,
			 theirs ? "read" : "refused");
	if (!theirs) {
		refused++;
		return;
	}
	accepted++;
	json_open(&json, text, size, 512);
	same(&json, theirs);
	theirs_free(theirs);
}

struct text {
	char data[4096];
	size_t size;
};

static void put(struct text *out, const char *piece)
{
	size_t n = strlen(piece);
	if (out->size + n < sizeof out->data) {
		memcpy(out->data + out->size, piece, n);
		out->size += n;
	}
}

static void put_blank(struct seeded *s, struct text *out)
{
	static const char *const blanks[] = {"",   "",   "",     "",           " ",
					     "\n", "\t", "\r\n", "\n        ", "   "};
	put(out, blanks[seeded_below(s, 10)]);
}

static void put_text(struct seeded *s, struct text *out)
{
	static const char *const pieces[] = {
		"a",
		"Z",
		" ",
		"/",
		"\\\"",
		"\\\\",
		"\\/",
		"\\n",
		"\\b",
		"\\f",
		"\\r",
		"\\t",
		"\\u0041",
		"\\u0000",
		"\\uD834\\uDD1E",
		"\\u20AC",
		"\xc3\xa9",
		"\xe2\x82\xac",
		"\xf0\x9d\x84\x9e",
		"\x7f",
		"{",
		"]",
		",",
		":",
		"0123456789abcdef",
	};
	put(out, "\"");
	for (uint64_t left = seeded_below(s, 12); left; left--)
		put(out, pieces[seeded_below(s, sizeof pieces / sizeof *pieces)]);
	put(out, "\"");
}

static void put_value(struct seeded *s, struct text *out, int depth)
{
	static const char *const scalars[] = {
		"true",
		"false",
		"null",
		"0",
		"-1",
		"1.5",
		"-0.25e2",
		"1E+3",
		"12345678901234567",
		"9223372036854775807",
		"-9223372036854775808",
		"0.1",
		"1e-7",
		"-0",
		"-0.0",
	};
	char key[24];
	uint64_t kind = seeded_below(s, depth > 5 ? 2 : 4), n = seeded_below(s, 5);
	put_blank(s, out);
	if (kind == 0) {
		put(out, scalars[seeded_below(s, sizeof scalars / sizeof *scalars)]);
	} else if (kind == 1) {
		put_text(s, out);
	} else {
		put(out, kind == 2 ? "[" : "{");
		for (uint64_t i = 0; i < n; i++) {
			put(out, i ? "," : "");
			put_blank(s, out);
			if (kind == 3) {
				snprintf(key, sizeof key, "\"k%u\"", (unsigned)i);
				put(out, key);
				put_blank(s, out);
				put(out, ":");
			}
			put_value(s, out, depth + 1);
		}
		put_blank(s, out);
		put(out, kind == 2 ? "]" : "}");
	}
	put_blank(s, out);
}

static void mutate(struct seeded *s, struct text *text)
{
	static const char alphabet[] =
		"{}[],:\"\\0123456789-+.eEtrufalsn /bx\x01\n\x80\xc3\xa9\xed\xa0";
	size_t at = seeded_below(s, text->size + 1);
	char c = alphabet[seeded_below(s, sizeof alphabet - 1)];
	switch (seeded_below(s, 3)) {
	case 0:
		if (at < text->size)
			text->data[at] = c;
		return;
	case 1:
		if (text->size + 1 < sizeof text->data) {
			memmove(text->data + at + 1, text->data + at, text->size - at);
			text->data[at] = c;
			text->size++;
		}
		return;
	case 2:
		if (at < text->size) {
			memmove(text->data + at, text->data + at + 1, text->size - at - 1);
			text->size--;
		}
		return;
	}
}

static void on_random_values_and_broken_ones(void **state)
{
	(void)state;
	struct seeded s = {3};
	for (int round = 0; round < 20000; round++) {
		struct text text = {.size = 0};
		put_value(&s, &text, 0);
		compare(text.data, text.size);
		for (uint64_t i = seeded_below(&s, 4); i; i--) {
			mutate(&s, &text);
			compare(text.data, text.size);
		}
	}
	/* the test has seen all that it is there for */
	assert_true(accepted > 15000 && refused > 10000 && passed_over < 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_random_values_and_broken_ones),
	};
	return cmocka_run_group_tests_name("jansson", tests, NULL, NULL);
}
