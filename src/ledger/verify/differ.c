/* ledger/verify/differ.c - two values walked side by side, by the schema's tables. */
#include "ledger/verify/differ.h"

#include <inttypes.h>
#include <stdio.h>

#include "xdr/describe.h"

#define PATH_ROOM 160
#define BYTES_SHOWN 32u

struct walk {
	struct words *words;
	unsigned told, most;
	size_t length; /* of the path */
	char path[PATH_ROOM];
};

static void values(struct walk *w, uint16_t id, const void *expected, const void *found);

static void add_bytes(struct words *words, const uint8_t *data, uint32_t size)
{
	for (uint32_t i = 0; i < size && i < BYTES_SHOWN; i++)
		words_add(words, "%02x", data[i]);
	if (size > BYTES_SHOWN)
		words_add(words, "... (%u bytes)", size);
	else if (size == 0)
		words_add(words, "no bytes");
}

static void add_text(struct words *words, struct sdex_bytes text)
{
	words_add(words, "\"");
	for (uint32_t i = 0; i < text.size && i < 2 * BYTES_SHOWN; i++) {
		uint8_t c = text.data[i];
		words_add(words, c < 0x20 || c >= 0x7f || c == '"' || c == '\\' ? "\\x%02x" : "%c",
			  c);
	}
	words_add(words, text.size > 2 * BYTES_SHOWN ? "\"..." : "\"");
}

/* A value in short, `at` may be NULL for none */
static void add_value(struct words *words, uint16_t id, const void *at)
{
	const struct describe_type *type = &describe_types[id];
	struct sdex_bytes bytes;
	struct describe_list list;
	int64_t hyper;
	if (!at) {
		words_add(words, "none");
		return;
	}
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_INT:
		words_add(words, "%" PRId32, describe_get_int(at));
		break;
	case DESCRIBE_UINT:
		words_add(words, "%" PRIu32, (uint32_t)describe_get_int(at));
		break;
	case DESCRIBE_HYPER:
		memcpy(&hyper, at, sizeof(hyper));
		words_add(words, "%" PRId64, hyper);
		break;
	case DESCRIBE_UHYPER:
		memcpy(&hyper, at, sizeof(hyper));
		words_add(words, "%" PRIu64, (uint64_t)hyper);
		break;
	case DESCRIBE_BOOL:
		words_add(words, *(const bool *)at ? "true" : "false");
		break;
	case DESCRIBE_ENUM: {
		const struct describe_value *value =
			describe_find_value(type, describe_get_int(at));
		words_add(words, "%s", value ? describe_name(value->name) : "?");
		break;
	}
	case DESCRIBE_OPAQUE:
		add_bytes(words, at, type->bound);
		break;
	case DESCRIBE_BYTES:
		memcpy(&bytes, at, sizeof(bytes));
		add_bytes(words, bytes.data, bytes.size);
		break;
	case DESCRIBE_STRING:
		memcpy(&bytes, at, sizeof(bytes));
		add_text(words, bytes);
		break;
	case DESCRIBE_LIST:
		memcpy(&list, at, sizeof(list));
		words_add(words, "%u elements", list.count);
		break;
	case DESCRIBE_OPTIONAL:
		words_add(words, describe_get_pointer(at) ? "one" : "none");
		break;
	case DESCRIBE_UNION:
		add_value(words, type->element, at);
		break;
	case DESCRIBE_ARRAY:
	case DESCRIBE_STRUCT:
		words_add(words, "another one");
		break;
	}
}

/* The path without what the entry's name says already: of data.trustLine.balance the end. */
static const char *shown(const struct walk *w)
{
	if (w->length == 0)
		return "the whole";
	if (strncmp(w->path, "data.", 5) != 0)
		return w->path;
	const char *arm = strchr(w->path + 5, '.');
	return arm ? arm + 1 : w->path;
}

static void tell(struct walk *w, uint16_t id, const void *expected, const void *found)
{
	if (w->told++ >= w->most)
		return;
	words_add(w->words, "%s%s: expected ", w->told > 1 ? "; " : "", shown(w));
	add_value(w->words, id, expected);
	words_add(w->words, ", found ");
	add_value(w->words, id, found);
}

/* One step down; a path that has no room is cut. */
static size_t step(struct walk *w, const char *name, uint32_t index)
{
	size_t before = w->length;
	int size = name ? snprintf(w->path + before, PATH_ROOM - before, "%s%s", before ? "." : "",
				   name)
			: snprintf(w->path + before, PATH_ROOM - before, "[%u]", index);
	w->length = size < 0 || (size_t)size >= PATH_ROOM - before ? PATH_ROOM - 1
								   : before + (size_t)size;
	return before;
}

static void back(struct walk *w, size_t length)
{
	w->length = length;
	w->path[length] = '\0';
}

static void member(struct walk *w, uint16_t index, const void *expected, const void *found)
{
	const struct describe_member *m = &describe_members[index];
	size_t before = step(w, describe_name(m->name), 0);
	values(w, m->type, describe_member_value(m, expected), describe_member_value(m, found));
	back(w, before);
}

static void elements(struct walk *w, uint16_t element, const void *expected, const void *found,
		     uint32_t count)
{
	size_t size = describe_types[element].size;
	for (uint32_t i = 0; i < count; i++) {
		size_t before = step(w, NULL, i);
		values(w, element, (const char *)expected + i * size,
		       (const char *)found + i * size);
		back(w, before);
	}
}

static void unions(struct walk *w, uint16_t id, const void *expected, const void *found)
{
	const struct describe_type *type = &describe_types[id];
	int32_t tag = describe_get_int(expected);
	if (tag != describe_get_int(found)) {
		size_t before = step(w, describe_name(type->tag_name), 0);
		tell(w, type->element, expected, found);
		back(w, before);
		return;
	}
	const struct describe_case *arm = describe_find_case(type, tag);
	if (arm && arm->member != DESCRIBE_NONE)
		member(w, arm->member, expected, found);
}

static void values(struct walk *w, uint16_t id, const void *expected, const void *found)
{
	const struct describe_type *type = &describe_types[id];
	struct sdex_bytes a, b;
	struct describe_list x, y;
	if (!expected || !found || w->told >= w->most) {
		if (expected != found)
			tell(w, id, expected, found);
		return;
	}
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_INT:
	case DESCRIBE_UINT:
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
	case DESCRIBE_BOOL:
	case DESCRIBE_ENUM:
	case DESCRIBE_OPAQUE:
		if (memcmp(expected, found, type->size) != 0)
			tell(w, id, expected, found);
		break;
	case DESCRIBE_BYTES:
	case DESCRIBE_STRING:
		memcpy(&a, expected, sizeof(a));
		memcpy(&b, found, sizeof(b));
		if (a.size != b.size || (a.size && memcmp(a.data, b.data, a.size) != 0))
			tell(w, id, expected, found);
		break;
	case DESCRIBE_ARRAY:
		elements(w, type->element, expected, found, type->bound);
		break;
	case DESCRIBE_LIST:
		memcpy(&x, expected, sizeof(x));
		memcpy(&y, found, sizeof(y));
		if (x.count != y.count)
			tell(w, id, expected, found);
		elements(w, type->element, x.items, y.items, x.count < y.count ? x.count : y.count);
		break;
	case DESCRIBE_OPTIONAL:
		if (!describe_get_pointer(expected) != !describe_get_pointer(found))
			tell(w, id, expected, found);
		else if (describe_get_pointer(expected))
			values(w, type->element, describe_get_pointer(expected),
			       describe_get_pointer(found));
		break;
	case DESCRIBE_STRUCT:
		for (uint16_t i = 0; i < type->count; i++)
			member(w, (uint16_t)(type->first + i), expected, found);
		break;
	case DESCRIBE_UNION:
		unions(w, id, expected, found);
		break;
	}
}

void differ_words(struct words *words, enum sdex_type type, const void *expected, const void *found,
		  unsigned most)
{
	struct walk w = {.words = words, .most = most};
	values(&w, (uint16_t)type, expected, found);
	if (w.told == 0)
		words_add(words, "nothing differs");
	else if (w.told > w.most)
		words_add(words, "; and more");
}
