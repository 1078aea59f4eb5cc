/* net/test_route.c - paths find their rows, tricks find nothing; queries; UTF-8. */
#include "base/testing.h"
#include "net/route.h"

enum { ROOT, ACCOUNTS, ACCOUNT, CREATE, OFFERS, FIXED, DEEP };

static const struct route table[] = {
	{HTTP_GET, "/", ROOT},
	{HTTP_GET, "/accounts", ACCOUNTS},
	{HTTP_POST, "/accounts", CREATE},
	{HTTP_GET, "/accounts/me", FIXED},
	{HTTP_GET | HTTP_DELETE, "/accounts/{id}", ACCOUNT},
	{HTTP_GET, "/accounts/{id}/offers/{offer}", OFFERS},
	{HTTP_GET, "/a/{1}/{2}/{3}/{4}", DEEP},
};

static enum route_result find(struct route_match *match, enum http_method method, const char *path)
{
	return route_find(match, table, sizeof table / sizeof table[0], method,
			  (struct text){path, strlen(path)});
}

static void paths_find_their_rows(void **state)
{
	(void)state;
	static const struct {
		const char *path;
		enum http_method method;
		int id;
		const char *params;
	} good[] = {
		{"/", HTTP_GET, ROOT, ""},
		{"/accounts", HTTP_GET, ACCOUNTS, ""},
		{"/accounts/", HTTP_GET, ACCOUNTS, ""},
		{"/accounts", HTTP_HEAD, ACCOUNTS, ""},
		{"/accounts", HTTP_POST, CREATE, ""},
		{"/accounts/me", HTTP_GET, FIXED, ""},
		{"/accounts/m", HTTP_GET, ACCOUNT, "m,"},
		{"/accounts/mex", HTTP_DELETE, ACCOUNT, "mex,"},
		{"/accounts/m%65x", HTTP_GET, ACCOUNT, "mex,"},
		{"/accounts/a%20b%3f%23+/offers/7", HTTP_GET, OFFERS, "a b?#+,7,"},
		{"/accounts/...", HTTP_GET, ACCOUNT, "...,"},
		{"/accounts/.a", HTTP_GET, ACCOUNT, ".a,"},
		{"/accounts/%C3%A4", HTTP_GET, ACCOUNT, "\xc3\xa4,"},
		{"/a/1/2/3/4", HTTP_GET, DEEP, "1,2,3,4,"},
	};
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct route_match match;
		char params[100] = "";
		if (find(&match, good[i].method, good[i].path) != ROUTE_FOUND)
			fail_msg("%s is not found", good[i].path);
		assert_int_equal(match.route->id, good[i].id);
		for (unsigned p = 0; p < match.param_count; p++) {
			strncat(params, match.params[p].data, match.params[p].size);
			strcat(params, ",");
		}
		assert_string_equal(params, good[i].params);
	}
}

static void other_paths_are_told_apart(void **state)
{
	(void)state;
	struct route_match match;
	assert_int_equal(find(&match, HTTP_GET, "/account"), ROUTE_UNKNOWN);
	assert_int_equal(find(&match, HTTP_GET, "/accounts/x/offers"), ROUTE_UNKNOWN);
	assert_int_equal(find(&match, HTTP_GET, "/accounts/x/offers/1/2"), ROUTE_UNKNOWN);
	assert_int_equal(find(&match, HTTP_GET, "/Accounts"), ROUTE_UNKNOWN);
	assert_int_equal(find(&match, HTTP_PUT, "/accounts"), ROUTE_METHOD);
	assert_int_equal(match.allowed, HTTP_GET | HTTP_HEAD | HTTP_POST);
	static const char *const bad[] = {
		"",
		"accounts",
		"*",
		"//",
		"/accounts//",
		"//accounts",
		"/accounts//x",
		"/.",
		"/..",
		"/accounts/.",
		"/accounts/..",
		"/accounts/../x",
		"/accounts/%2e%2e",
		"/accounts/.%2E/x",
		"/accounts/%2e",
		"/accounts/a%2fb",
		"/accounts/a%5cb",
		"/accounts/%00",
		"/accounts/a%0d%0a",
		"/accounts/%7f",
		"/accounts/%",
		"/accounts/%4",
		"/accounts/%4g",
		"/accounts/%g4",
		"/accounts/%ff",
		"/accounts/%c0%af",
		"/accounts/%ed%a0%80",
		"/accounts/%f4%90%80%80",
		"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (find(&match, HTTP_GET, bad[i]) != ROUTE_BAD)
			fail_msg("%s is not refused", bad[i]);
	char *longest = malloc(ROUTE_PATH_MAX + 2);
	memset(longest, 'a', ROUTE_PATH_MAX + 1);
	longest[0] = '/';
	longest[ROUTE_PATH_MAX + 1] = '\0';
	assert_int_equal(find(&match, HTTP_GET, longest), ROUTE_BAD);
	longest[ROUTE_PATH_MAX] = '\0';
	assert_int_equal(find(&match, HTTP_GET, longest), ROUTE_UNKNOWN);
	free(longest);
}

static enum sdex_error read(struct query *query, const char *text, struct sdex_failure *why)
{
	return query_read(query, (struct text){text, strlen(text)}, why);
}

static void queries_are_read(void **state)
{
	(void)state;
	struct query q;
	struct sdex_failure why;
	struct text value = TEXT("old");
	assert_int_equal(read(&q, "", &why), SDEX_OK);
	assert_int_equal(q.count, 0);
	assert_int_equal(read(&q, "a=1&b=x%26y+z%3D&c=&d&&e==&f%20g=h", &why), SDEX_OK);
	assert_int_equal(q.count, 6);
	assert_int_equal(query_get(&q, &value, "b", &why), SDEX_OK);
	assert_true(text_equal(value, TEXT("x&y z=")));
	assert_int_equal(query_get(&q, &value, "c", &why), SDEX_OK);
	assert_int_equal(value.size, 0);
	assert_int_equal(query_get(&q, &value, "d", &why), SDEX_OK);
	assert_int_equal(query_get(&q, &value, "e", &why), SDEX_OK);
	assert_true(text_equal(value, TEXT("=")));
	assert_int_equal(query_get(&q, &value, "f g", &why), SDEX_OK);
	assert_true(text_equal(value, TEXT("h")));
	assert_int_equal(query_get(&q, &value, "x", &why), SDEX_ERR_MISSING);
	assert_true(text_equal(value, TEXT("h"))); /* untouched */
	assert_int_equal(read(&q, "a=1&b=2&a=3", &why), SDEX_OK);
	assert_int_equal(query_get(&q, &value, "a", &why), SDEX_ERR_DUPLICATE);
	assert_non_null(strstr(why.text, "parameter a"));
}

static void bad_queries_are_refused_with_their_place(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum sdex_error error;
		uint64_t where;
	} bad[] = {
		{"a=%", SDEX_ERR_SYNTAX, 2},      {"a=12%4", SDEX_ERR_SYNTAX, 4},
		{"ab=%zz", SDEX_ERR_SYNTAX, 3},   {"a=1&%2=3", SDEX_ERR_SYNTAX, 4},
		{"=1", SDEX_ERR_SYNTAX, 0},       {"a=1&=", SDEX_ERR_SYNTAX, 4},
		{"a=%00", SDEX_ERR_CHARACTER, 2}, {"a=%0a", SDEX_ERR_CHARACTER, 2},
		{"a=%ff", SDEX_ERR_CHARACTER, 2},
	};
	struct query q;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct sdex_failure why = {0};
		if (read(&q, bad[i].text, &why) != bad[i].error || why.where != bad[i].where)
			fail_msg("%s: %s at %d", bad[i].text, why.text, (int)why.where);
	}
	char many[QUERY_PAIRS_MAX * 2 + 2];
	for (unsigned i = 0; i <= QUERY_PAIRS_MAX; i++)
		memcpy(many + 2 * i, "a&", 2);
	struct text text = {many, sizeof many - 2};
	assert_int_equal(query_read(&q, text, NULL), SDEX_OK);
	text.size += 2;
	assert_int_equal(query_read(&q, text, NULL), SDEX_ERR_LENGTH);
	static char longest[QUERY_MAX + 1];
	memset(longest, 'a', sizeof longest);
	assert_int_equal(query_read(&q, (struct text){longest, QUERY_MAX}, NULL), SDEX_OK);
	assert_int_equal(query_read(&q, (struct text){longest, QUERY_MAX + 1}, NULL),
			 SDEX_ERR_LENGTH);
}

/* Every code point, written by the rule, is valid; everything else of up to four bytes is not. */
static void utf8_is_what_rfc_3629_says(void **state)
{
	(void)state;
	unsigned valid = 0;
	for (uint32_t c = 0; c < 0x110000; c++) {
		uint8_t b[4];
		size_t n;
		if (c < 0x80)
			b[0] = (uint8_t)c, n = 1;
		else if (c < 0x800)
			b[0] = (uint8_t)(0xc0 | c >> 6), b[1] = (uint8_t)(0x80 | (c & 63)), n = 2;
		else if (c < 0x10000)
			b[0] = (uint8_t)(0xe0 | c >> 12), b[1] = (uint8_t)(0x80 | (c >> 6 & 63)),
			b[2] = (uint8_t)(0x80 | (c & 63)), n = 3;
		else
			b[0] = (uint8_t)(0xf0 | c >> 18), b[1] = (uint8_t)(0x80 | (c >> 12 & 63)),
			b[2] = (uint8_t)(0x80 | (c >> 6 & 63)), b[3] = (uint8_t)(0x80 | (c & 63)),
			n = 4;
		assert_int_equal(utf8_valid(b, n), c < 0xd800 || c > 0xdfff);
		for (size_t cut = 1; cut < n; cut++)
			assert_false(utf8_valid(b, cut));
	}
	/* Counting says that nothing else is valid: bytes of three that start beyond ASCII. */
	for (uint32_t x = 0x800000; x < 0x1000000; x++) {
		uint8_t b[3] = {(uint8_t)(x >> 16), (uint8_t)(x >> 8), (uint8_t)x};
		valid += utf8_valid(b, 3);
	}
	/* Three-byte characters, and two-byte ones with an ASCII character behind. */
	assert_int_equal(valid, (0x10000 - 0x800 - 0x800) + (0x800 - 0x80) * 0x80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_find_their_rows),
		cmocka_unit_test(other_paths_are_told_apart),
		cmocka_unit_test(queries_are_read),
		cmocka_unit_test(bad_queries_are_refused_with_their_place),
		cmocka_unit_test(utf8_is_what_rfc_3629_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
