/* xdr/visiting.c - what a visit looks for, and how it is told.
 *
 * A plan has for each type whether it is wanted and whether a wanted one can be
 * reached in it: the generated visitor skips what cannot lead anywhere. */
#include <string.h>

#include "xdr/codec.h"
#include "xdr/describe.h"

/* Can a wanted type be reached in a value of this type, by what the plan knows so far? */
static bool leads_on(const uint8_t *reach, uint16_t id)
{
	if (id < SDEX_TYPE_COUNT)
		return reach[id] != 0;
	/* A type without a name: only those with elements hold named ones. */
	const struct describe_type *type = &describe_types[id];
	bool has_element = type->kind == DESCRIBE_ARRAY || type->kind == DESCRIBE_LIST ||
			   type->kind == DESCRIBE_OPTIONAL;
	return has_element && leads_on(reach, type->element);
}

/* What is reached inside the values of a named type: VISIT_INSIDE and VISIT_FIXED. */
static uint8_t inside(const uint8_t *reach, uint16_t id)
{
	const struct describe_type *type = &describe_types[id];
	if (type->alias != id)
		return leads_on(reach, type->alias) ? VISIT_INSIDE : 0;
	uint8_t found = 0;
	if (type->kind == DESCRIBE_STRUCT || type->kind == DESCRIBE_UNION) {
		for (uint16_t i = 0; i < type->count; i++) {
			uint16_t member = describe_members[type->first + i].type;
			if (leads_on(reach, member))
				found |= describe_types[member].fixed ? VISIT_INSIDE | VISIT_FIXED
								      : VISIT_INSIDE;
		}
		if (type->kind == DESCRIBE_UNION && leads_on(reach, type->element))
			found |= VISIT_INSIDE | VISIT_FIXED;
	} else if (type->element != DESCRIBE_NONE && leads_on(reach, type->element)) {
		found = VISIT_INSIDE;
	}
	return found;
}

enum sdex_error sdex_visit_plan_init(struct sdex_visit_plan *plan, const enum sdex_type *types,
				     size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((unsigned)types[i] >= SDEX_TYPE_COUNT)
			return SDEX_ERR_INVALID;
	memset(plan, 0, sizeof *plan);
	for (size_t i = 0; i < count; i++)
		plan->reach[types[i]] = VISIT_WANTED;
	for (bool grown = true; grown;) {
		grown = false;
		for (uint16_t id = 0; id < SDEX_TYPE_COUNT; id++) {
			uint8_t reach = plan->reach[id] | inside(plan->reach, id);
			grown |= reach != plan->reach[id];
			plan->reach[id] = reach;
		}
	}
	return SDEX_OK;
}

bool visit_found(struct visitor *w, enum sdex_type type, const uint8_t *p)
{
	const uint8_t *next = skip_any(type, p, &w->skip);
	w->next = next;
	if (!next)
		return false;
	struct sdex_found found = {type, p, (size_t)(next - p), (size_t)(p - w->start)};
	switch (w->found(w->context, &found)) {
	case SDEX_VISIT_ON:
		return false;
	case SDEX_VISIT_INTO:
		return true;
	case SDEX_VISIT_STOP:
		break;
	}
	w->stopped = true;
	w->next = NULL;
	return false;
}

static const uint8_t *skip_plain(const uint8_t *p, struct visitor *w,
				 const struct describe_type *type)
{
	if (left(p, w->skip.end) < type->fixed)
		return NULL;
	if (type->kind == DESCRIBE_BOOL && load_be32(p) > 1)
		return NULL;
	if (type->kind == DESCRIBE_OPAQUE && !padding_zero(p, type->bound))
		return NULL;
	return p + type->fixed;
}

static const uint8_t *visit_union(const uint8_t *p, struct visitor *w,
				  const struct describe_type *type)
{
	if (left(p, w->skip.end) < 4)
		return NULL;
	const struct describe_case *found = describe_find_case(type, (int32_t)load_be32(p));
	p = found ? visit_fixed(p, w, type->element) : NULL;
	if (!p || found->member == DESCRIBE_NONE)
		return p;
	return visit_fixed(p, w, describe_members[found->member].type);
}

const uint8_t *visit_fixed(const uint8_t *p, struct visitor *w, uint16_t id)
{
	const struct describe_type *type = &describe_types[id];
	if (id < SDEX_TYPE_COUNT) {
		if (!w->reach[id])
			return skip_any((enum sdex_type)id, p, &w->skip);
		if ((w->reach[id] & VISIT_WANTED) && !visit_found(w, (enum sdex_type)id, p))
			return w->next;
		if (type->alias != id)
			return visit_fixed(p, w, type->alias);
		if (!(w->reach[id] & VISIT_INSIDE))
			return skip_any((enum sdex_type)id, p, &w->skip);
	}
	if (type->kind == DESCRIBE_STRUCT)
		return visit_fields(p, w, (enum sdex_type)id, 0, type->count);
	if (type->kind == DESCRIBE_UNION)
		return visit_union(p, w, type);
	if (type->kind != DESCRIBE_ARRAY)
		return skip_plain(p, w, type);
	for (uint32_t i = 0; i < type->bound && p; i++)
		p = visit_fixed(p, w, type->element);
	return p;
}

const uint8_t *visit_fields(const uint8_t *p, struct visitor *w, enum sdex_type type,
			    uint16_t first, uint16_t count)
{
	const struct describe_member *members =
		&describe_members[describe_types[type].first + first];
	for (uint16_t i = 0; i < count && p; i++)
		p = visit_fixed(p, w, members[i].type);
	return p;
}

const uint8_t *visit_any(enum sdex_type type, const uint8_t *p, struct visitor *w)
{
	if (describe_types[type].fixed)
		return visit_fixed(p, w, (uint16_t)type);
	return w->reach[type] ? visit_variable(type, p, w) : skip_any(type, p, &w->skip);
}
