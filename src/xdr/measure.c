/* xdr/measure.c - the size of a value as XDR, and whether it has one. */
#include "xdr/measure.h"

#include <string.h>

#include "xdr/describe.h"
#include "xdr/path.h"

struct walk {
	size_t size;
	uint32_t depth;
	bool pointers_only;
	struct sdex_failure *why;
};

#define REFUSE(code, ...) path_fail(path, w->why, SDEX_ERR_##code, w->size, __VA_ARGS__)

static enum sdex_error walk(struct walk *w, const struct path *path, uint16_t id,
			    const void *value);

static enum sdex_error missing(const struct walk *w)
{
	return w->pointers_only ? SDEX_ERR_INVALID : SDEX_ERR_MISSING;
}

static enum sdex_error length(struct walk *w, const struct path *path,
			      const struct describe_type *type, uint32_t n, const void *content)
{
	if (n > type->bound && w->pointers_only)
		return SDEX_OK;
	if (n > type->bound)
		return REFUSE(LENGTH, "length %u is over the maximum of %u", n, type->bound);
	if (n && !content)
		return path_fail(path, w->why, missing(w), w->size,
				 "the length is %u, but the pointer is NULL", n);
	w->size += 4;
	return SDEX_OK;
}

static enum sdex_error bytes(struct walk *w, const struct path *path,
			     const struct describe_type *type, const struct sdex_bytes *v)
{
	enum sdex_error error = length(w, path, type, v->size, v->data);
	w->size += ((size_t)v->size + 3) & ~(size_t)3;
	return error;
}

static enum sdex_error elements(struct walk *w, const struct path *path, uint16_t element,
				const void *items, uint32_t n)
{
	size_t size = describe_types[element].size;
	for (uint32_t i = 0; i < n; i++) {
		struct path step = {path, NULL, i};
		enum sdex_error error = walk(w, &step, element, (const char *)items + i * size);
		if (error)
			return error;
	}
	return SDEX_OK;
}

static enum sdex_error list(struct walk *w, const struct path *path,
			    const struct describe_type *type, const void *value)
{
	struct describe_list v;
	memcpy(&v, value, sizeof v);
	enum sdex_error error = length(w, path, type, v.count, v.items);
	if (v.count > type->bound)
		return error;
	return error ? error : elements(w, path, type->element, v.items, v.count);
}

/* Is this field a list or optional with nothing in it? */
static bool empty(uint16_t id, const void *value)
{
	struct describe_list list;
	if (describe_types[id].kind == DESCRIBE_OPTIONAL)
		return !describe_get_pointer(value);
	if (describe_types[id].kind != DESCRIBE_LIST)
		return false;
	memcpy(&list, value, sizeof list);
	return !list.count;
}

static enum sdex_error member(struct walk *w, const struct path *path, uint16_t index,
			      const void *whole)
{
	const struct describe_member *m = &describe_members[index];
	struct path step = {path, describe_name(m->name), PATH_FIELD};
	const void *value = describe_member_value(m, whole);
	if (!value)
		return path_fail(&step, w->why, missing(w), w->size,
				 "the pointer of a chosen arm is NULL");
	if (!m->deepens || empty(m->type, value))
		return walk(w, &step, m->type, value);
	if (!w->depth)
		return path_fail(&step, w->why, SDEX_ERR_DEPTH, w->size,
				 "nested deeper than %d levels", SDEX_XDR_DEPTH_MAX);
	w->depth--;
	enum sdex_error error = walk(w, &step, m->type, value);
	w->depth++;
	return error;
}

static enum sdex_error union_(struct walk *w, const struct path *path,
			      const struct describe_type *type, const void *value)
{
	int32_t n = describe_get_int(value);
	const struct describe_case *found = describe_find_case(type, n);
	if (!found && w->pointers_only)
		return SDEX_OK;
	if (!found)
		return REFUSE(DISCRIMINANT, "%s has no case %d", describe_name(type->name), n);
	w->size += 4;
	return found->member == DESCRIBE_NONE ? SDEX_OK : member(w, path, found->member, value);
}

static enum sdex_error optional(struct walk *w, const struct path *path,
				const struct describe_type *type, const void *value)
{
	const void *content = describe_get_pointer(value);
	w->size += 4;
	return content ? walk(w, path, type->element, content) : SDEX_OK;
}

static enum sdex_error walk(struct walk *w, const struct path *path, uint16_t id, const void *value)
{
	const struct describe_type *type = &describe_types[id];
	enum sdex_error error = SDEX_OK;
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_INT:
	case DESCRIBE_UINT:
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
	case DESCRIBE_BOOL:
	case DESCRIBE_OPAQUE:
		w->size += type->fixed;
		return SDEX_OK;
	case DESCRIBE_ENUM:
		if (!w->pointers_only && !describe_find_value(type, describe_get_int(value)))
			return REFUSE(DISCRIMINANT, "%d is no %s", describe_get_int(value),
				      describe_name(type->name));
		w->size += 4;
		return SDEX_OK;
	case DESCRIBE_BYTES:
	case DESCRIBE_STRING:
		return bytes(w, path, type, value);
	case DESCRIBE_ARRAY:
		return elements(w, path, type->element, value, type->bound);
	case DESCRIBE_LIST:
		return list(w, path, type, value);
	case DESCRIBE_OPTIONAL:
		return optional(w, path, type, value);
	case DESCRIBE_STRUCT:
		for (uint16_t i = 0; i < type->count && !error; i++)
			error = member(w, path, (uint16_t)(type->first + i), value);
		return error;
	case DESCRIBE_UNION:
		return union_(w, path, type, value);
	}
	return SDEX_ERR_INVALID;
}

enum sdex_error measure(enum sdex_type type, size_t *size, const void *value,
			struct sdex_failure *why)
{
	struct walk w = {0, SDEX_XDR_DEPTH_MAX, false, why};
	struct path root = {NULL, sdex_type_name(type), PATH_FIELD};
	enum sdex_error error = walk(&w, &root, (uint16_t)type, value);
	if (!error)
		*size = w.size;
	return error;
}

enum sdex_error measure_pointers(enum sdex_type type, const void *value, struct sdex_failure *why)
{
	struct walk w = {0, SDEX_XDR_DEPTH_MAX, true, why};
	struct path root = {NULL, sdex_type_name(type), PATH_FIELD};
	return walk(&w, &root, (uint16_t)type, value);
}

enum sdex_error fit_begin(struct fit *fit, enum sdex_type type, const void *value,
			  struct sdex_failure *why)
{
	/* Writing is much faster than measuring; SPACE says that all of it was measured. */
	uint8_t bytes[2048];
	size_t size;
	enum sdex_error error = sdex_xdr_encode(type, bytes, sizeof bytes, &size, value, NULL);
	*fit = (struct fit){type, value, !error || error == SDEX_ERR_SPACE};
	return fit->can_be_encoded ? SDEX_OK : measure_pointers(type, value, why);
}

enum sdex_error fit_end(const struct fit *fit, enum sdex_error error, struct sdex_failure *why)
{
	size_t size;
	if (error || fit->can_be_encoded)
		return error;
	return measure(fit->type, &size, fit->value, why);
}
