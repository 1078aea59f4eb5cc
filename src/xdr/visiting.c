/* xdr/visiting.c - what a visit looks for, and its beginning and end. */
#include <string.h>

#include "base/failure.h"
#include "xdr/codec.h"
#include "xdr/describe.h"
#include "xdr/explain.h"

/* Can a wanted type be reached in a value of this one, by what is known so far? */
static bool leads_to(const struct sdex_visit_plan *plan, uint16_t id)
{
	if (id < SDEX_TYPE_COUNT)
		return plan->reach[id] != 0;
	const struct describe_type *type = &describe_types[id];
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_ARRAY:
	case DESCRIBE_LIST:
	case DESCRIBE_OPTIONAL:
		return leads_to(plan, type->element);
	case DESCRIBE_INT:
	case DESCRIBE_UINT:
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
	case DESCRIBE_BOOL:
	case DESCRIBE_ENUM:
	case DESCRIBE_OPAQUE:
	case DESCRIBE_BYTES:
	case DESCRIBE_STRING:
	case DESCRIBE_STRUCT:
	case DESCRIBE_UNION:
		break;
	}
	return false;
}

static bool inside_leads_to(const struct sdex_visit_plan *plan, uint16_t id)
{
	const struct describe_type *type = &describe_types[id];
	if (type->alias != id && leads_to(plan, type->alias))
		return true;
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_UNION:
	case DESCRIBE_STRUCT:
		for (uint16_t i = 0; i < type->count; i++)
			if (leads_to(plan, describe_members[type->first + i].type))
				return true;
		return type->kind == DESCRIBE_UNION && leads_to(plan, type->element);
	case DESCRIBE_ARRAY:
	case DESCRIBE_LIST:
	case DESCRIBE_OPTIONAL:
		return leads_to(plan, type->element);
	case DESCRIBE_INT:
	case DESCRIBE_UINT:
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
	case DESCRIBE_BOOL:
	case DESCRIBE_ENUM:
	case DESCRIBE_OPAQUE:
	case DESCRIBE_BYTES:
	case DESCRIBE_STRING:
		break;
	}
	return false;
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
			if (!(plan->reach[id] & VISIT_INSIDE) && inside_leads_to(plan, id)) {
				plan->reach[id] |= VISIT_INSIDE;
				grown = true;
			}
		}
	}
	return SDEX_OK;
}

bool visit_found(struct visitor *w, enum sdex_type type, const uint8_t *p, const uint8_t **next)
{
	*next = skip_table[type](p, &w->skip);
	if (!*next)
		return false;
	struct sdex_found found = { type, p, (size_t)(*next - p), (size_t)(p - w->start) };
	switch (w->found(w->context, &found)) {
	case SDEX_VISIT_ON:
		return false;
	case SDEX_VISIT_INTO:
		return true;
	case SDEX_VISIT_STOP:
		break;
	}
	w->stopped = true;
	*next = NULL;
	return false;
}
