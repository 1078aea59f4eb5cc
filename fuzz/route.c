/* fuzz/route.c - the first line is a path, the rest a query: what is found is clean. */
#include "net/route.h"
#include "base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct route table[] = {
	{HTTP_GET, "/", 0},
	{HTTP_GET, "/a/{x}", 1},
	{HTTP_GET | HTTP_POST, "/a/{x}/b/{y}", 2},
	{HTTP_GET, "/{1}/{2}/{3}/{4}", 3},
};

static void check_path(struct text path)
{
	static struct route_match match;
	if (route_find(&match, table, 4, HTTP_GET, path) != ROUTE_FOUND)
		return;
	CHECK(match.route && match.param_count <= ROUTE_PARAMS_MAX);
	for (unsigned i = 0; i < match.param_count; i++) {
		struct text p = match.params[i];
		CHECK(p.size > 0 && p.data >= match.room &&
		      p.data + p.size <= match.room + ROUTE_PATH_MAX);
		CHECK(!memchr(p.data, '/', p.size) && !memchr(p.data, '\\', p.size) &&
		      !memchr(p.data, '\0', p.size));
		CHECK(!text_equal(p, TEXT(".")) && !text_equal(p, TEXT("..")));
		CHECK(utf8_valid(p.data, p.size));
	}
}

/* A query that was read, written again with everything encoded, reads the same. */
static void check_query(struct text text)
{
	static struct query query, again;
	static char room[8 * QUERY_MAX];
	struct sdex_failure why = {0};
	if (query_read(&query, text, &why)) {
		CHECK(why.where <= text.size && why.text[0]);
		return;
	}
	size_t size = 0;
	CHECK(query.count <= QUERY_PAIRS_MAX);
	for (unsigned i = 0; i < query.count; i++) {
		struct text parts[2] = {query.pairs[i].name, query.pairs[i].value};
		for (unsigned part = 0; part < 2; part++) {
			room[size++] = part ? '=' : '&';
			for (size_t k = 0; k < parts[part].size; k++) {
				room[size++] = '%';
				room[size++] =
					"0123456789abcdef"[(uint8_t)parts[part].data[k] >> 4];
				room[size++] =
					"0123456789ABCDEF"[(uint8_t)parts[part].data[k] & 15];
			}
		}
	}
	if (size > QUERY_MAX)
		return;
	CHECK(query_read(&again, (struct text){room, size}, NULL) == SDEX_OK);
	CHECK(again.count == query.count);
	for (unsigned i = 0; i < query.count; i++) {
		CHECK(text_equal(query.pairs[i].name, again.pairs[i].name));
		CHECK(text_equal(query.pairs[i].value, again.pairs[i].value));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = size ? memchr(text, '\n', size) : NULL;
	size_t first = end ? (size_t)(end - text) : size;
	check_path((struct text){text, first});
	if (end)
		check_query((struct text){end + 1, size - first - 1});
	return 0;
}
