/* xdr/explain.c - why bytes are no value: the slow walk behind a refusal. */
#include "xdr/explain.h"

#include "xdr/codec.h"
#include "xdr/describe.h"
#include "xdr/path.h"

struct walk {
	const uint8_t *start;
	const uint8_t *at;
	const uint8_t *end;
	uint32_t depth;
	uint32_t depth_limit;
	struct sdex_failure *why;
};

#define REFUSE(code, ...) path_fail(path, w->why, SDEX_ERR_##code, where(w), __VA_ARGS__)

static enum sdex_error walk(struct walk *w, const struct path *path, uint16_t id);

static uint64_t where(const struct walk *w)
{
	return (uint64_t)(w->at - w->start);
}

static size_t rest(const struct walk *w)
{
	return (size_t)(w->end - w->at);
}

static enum sdex_error need(struct walk *w, const struct path *path, size_t size)
{
	if (rest(w) >= size)
		return SDEX_OK;
	return REFUSE(TRUNCATED, "the input ends: %zu bytes are needed, %zu are left", size,
		      rest(w));
}

static enum sdex_error word(struct walk *w, const struct path *path, uint32_t *n)
{
	enum sdex_error error = need(w, path, 4);
	if (error)
		return error;
	*n = load_be32(w->at);
	w->at += 4;
	return SDEX_OK;
}

static enum sdex_error flag(struct walk *w, const struct path *path, uint32_t *n, const char *what)
{
	enum sdex_error error = word(w, path, n);
	if (error || *n <= 1)
		return error;
	w->at -= 4;
	return REFUSE(BOOLEAN, "%s must be 0 or 1, found %u", what, *n);
}

static enum sdex_error opaque(struct walk *w, const struct path *path, size_t size)
{
	enum sdex_error error = need(w, path, (size + 3) & ~(size_t)3);
	if (error)
		return error;
	w->at += size;
	for (; size & 3; size++, w->at++)
		if (*w->at)
			return REFUSE(PADDING, "padding byte is 0x%02x, must be 0", *w->at);
	return SDEX_OK;
}

static enum sdex_error length(struct walk *w, const struct path *path, uint32_t bound, uint32_t *n)
{
	enum sdex_error error = word(w, path, n);
	if (error || *n <= bound)
		return error;
	w->at -= 4;
	return REFUSE(LENGTH, "length %u is over the maximum of %u", *n, bound);
}

static enum sdex_error elements(struct walk *w, const struct path *path, uint16_t element,
				uint32_t n)
{
	if (n > rest(w) / describe_types[element].least)
		return REFUSE(TRUNCATED,
			      "%u elements of %u bytes or more are announced, %zu bytes are left",
			      n, describe_types[element].least, rest(w));
	for (uint32_t i = 0; i < n; i++) {
		struct path step = {path, NULL, i};
		enum sdex_error error = walk(w, &step, element);
		if (error)
			return error;
	}
	return SDEX_OK;
}

static enum sdex_error enumerator(struct walk *w, const struct path *path,
				  const struct describe_type *type)
{
	uint32_t n;
	enum sdex_error error = word(w, path, &n);
	if (error || describe_find_value(type, (int32_t)n))
		return error;
	w->at -= 4;
	return REFUSE(DISCRIMINANT, "%d is no %s", (int32_t)n, describe_name(type->name));
}

/* Is the field at hand a list or optional with nothing in it? */
static bool empty(const struct walk *w, uint16_t id)
{
	uint8_t kind = describe_types[id].kind;
	return (kind == DESCRIBE_LIST || kind == DESCRIBE_OPTIONAL) && rest(w) >= 4 &&
	       !load_be32(w->at);
}

static enum sdex_error member(struct walk *w, const struct path *path, uint16_t index)
{
	const struct describe_member *m = &describe_members[index];
	struct path step = {path, describe_name(m->name), PATH_FIELD};
	if (!m->deepens || empty(w, m->type))
		return walk(w, &step, m->type);
	if (!w->depth) {
		path = &step;
		return REFUSE(DEPTH, "nested deeper than %u levels", w->depth_limit);
	}
	w->depth--;
	enum sdex_error error = walk(w, &step, m->type);
	w->depth++;
	return error;
}

static enum sdex_error union_(struct walk *w, const struct path *path,
			      const struct describe_type *type)
{
	uint32_t n;
	struct path tag = {path, describe_name(type->tag_name), PATH_FIELD};
	enum sdex_error error = word(w, &tag, &n);
	if (error)
		return error;
	const struct describe_case *found = describe_find_case(type, (int32_t)n);
	if (!found) {
		w->at -= 4;
		path = &tag;
		return REFUSE(DISCRIMINANT, "%s has no case %d", describe_name(type->name),
			      (int32_t)n);
	}
	return found->member == DESCRIBE_NONE ? SDEX_OK : member(w, path, found->member);
}

static enum sdex_error walk(struct walk *w, const struct path *path, uint16_t id)
{
	const struct describe_type *type = &describe_types[id];
	enum sdex_error error = SDEX_OK;
	uint32_t n;
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_INT:
	case DESCRIBE_UINT:
		return word(w, path, &n);
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
		return opaque(w, path, 8);
	case DESCRIBE_BOOL:
		return flag(w, path, &n, "a boolean");
	case DESCRIBE_ENUM:
		return enumerator(w, path, type);
	case DESCRIBE_OPAQUE:
		return opaque(w, path, type->bound);
	case DESCRIBE_BYTES:
	case DESCRIBE_STRING:
		error = length(w, path, type->bound, &n);
		return error ? error : opaque(w, path, n);
	case DESCRIBE_ARRAY:
		return elements(w, path, type->element, type->bound);
	case DESCRIBE_LIST:
		error = length(w, path, type->bound, &n);
		return error ? error : elements(w, path, type->element, n);
	case DESCRIBE_OPTIONAL:
		error = flag(w, path, &n, "the flag of an optional");
		return error || !n ? error : walk(w, path, type->element);
	case DESCRIBE_STRUCT:
		for (uint16_t i = 0; i < type->count && !error; i++)
			error = member(w, path, (uint16_t)(type->first + i));
		return error;
	case DESCRIBE_UNION:
		return union_(w, path, type);
	}
	return SDEX_ERR_INVALID;
}

enum sdex_error explain(enum sdex_type type, size_t *used, const uint8_t *data, size_t size,
			uint32_t depth, struct sdex_failure *why)
{
	struct walk w = {data, data, data + size, depth, depth, why};
	struct path root = {NULL, sdex_type_name(type), PATH_FIELD};
	enum sdex_error error = walk(&w, &root, (uint16_t)type);
	if (!error)
		*used = (size_t)(w.at - data);
	return error;
}
