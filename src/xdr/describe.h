/* xdr/describe.h - the schema as tables, for walks that do not need speed:
 * equality, sizes, explanations, JSON.
 *
 * Types 0 to SDEX_TYPE_COUNT - 1 are those of enum sdex_type; behind them stand the
 * types that fields have without a name of their own (`opaque x[32]`, `T x<>`).
 * Names are offsets into describe_names. */
#ifndef SDEX_XDR_DESCRIBE_H
#define SDEX_XDR_DESCRIBE_H

#include <stdbool.h>
#include <string.h>

#include "sdex/xdr_types.h"

enum describe_kind {
	DESCRIBE_INT,      /* int32_t */
	DESCRIBE_UINT,     /* uint32_t */
	DESCRIBE_HYPER,    /* int64_t */
	DESCRIBE_UHYPER,   /* uint64_t */
	DESCRIBE_BOOL,     /* bool */
	DESCRIBE_ENUM,     /* values */
	DESCRIBE_OPAQUE,   /* uint8_t[bound] */
	DESCRIBE_BYTES,    /* struct sdex_bytes of at most bound */
	DESCRIBE_STRING,   /* struct sdex_bytes of at most bound */
	DESCRIBE_ARRAY,    /* element[bound] */
	DESCRIBE_LIST,     /* struct describe_list of at most bound */
	DESCRIBE_OPTIONAL, /* element *, may be NULL */
	DESCRIBE_STRUCT,   /* members */
	DESCRIBE_UNION,    /* the discriminant (element) at offset 0, members, cases */
};

#define DESCRIBE_NONE UINT16_MAX /* no type, no member */
#define DESCRIBE_UNBOUNDED UINT32_MAX

struct describe_type {
	uint32_t name;     /* "" for types without a name */
	uint32_t tag_name; /* UNION: of the discriminant */
	uint32_t bound;
	uint16_t alias;        /* the type that this is another name for, else itself */
	uint16_t element;      /* ARRAY, LIST, OPTIONAL: of what; UNION: the discriminant's type */
	uint16_t first, count; /* STRUCT, UNION: in describe_members; ENUM: in describe_values */
	uint16_t first_case, cases; /* UNION: in describe_cases, by ascending value */
	uint16_t size;              /* bytes in memory */
	uint16_t least;             /* fewest bytes of XDR */
	uint16_t fixed;             /* bytes of XDR when always the same, else 0 */
	uint8_t kind;               /* enum describe_kind */
};

struct describe_member {
	uint32_t name;
	uint32_t json; /* the name in JSON (SEP-51) */
	uint16_t type;
	uint16_t offset; /* in the struct or union */
	bool pointer;    /* the value is behind a pointer (large union arms) */
	bool deepens;    /* the value is one level of nesting further in */
};

struct describe_case {
	int32_t value;
	uint16_t member; /* in describe_members; DESCRIBE_NONE for void */
};

struct describe_value { /* of an enum, by ascending value */
	int32_t value;
	uint32_t name;
	uint32_t json; /* the name in JSON (SEP-51) */
};

/* What every sdex_T_list looks like. */
struct describe_list {
	void *items;
	uint32_t count;
};

extern const struct describe_type describe_types[];
extern const struct describe_member describe_members[];
extern const struct describe_case describe_cases[];
extern const struct describe_value describe_values[];
extern const uint16_t describe_by_name[SDEX_TYPE_COUNT]; /* type ids by ascending name */
extern const char describe_names[];

static inline const char *describe_name(uint32_t name)
{
	return describe_names + name;
}

/* The case of a union's discriminant value, NULL when the union has none. */
const struct describe_case *describe_find_case(const struct describe_type *type, int32_t value);

/* The enumerator with this value, NULL when there is none. */
const struct describe_value *describe_find_value(const struct describe_type *type, int32_t value);

/* The enumerator or discriminant (an int or enum, any int type of the schema) at `value`. */
static inline int32_t describe_get_int(const void *value)
{
	int32_t n;
	memcpy(&n, value, sizeof n);
	return n;
}

/* The pointer at `value`: an optional's, or a large union arm's. */
static inline const void *describe_get_pointer(const void *value)
{
	const void *pointer;
	memcpy(&pointer, value, sizeof pointer);
	return pointer;
}

/* The value of a member of the struct or union at `whole`; NULL for a NULL pointer. */
static inline const void *describe_member_value(const struct describe_member *member,
						const void *whole)
{
	const void *at = (const char *)whole + member->offset;
	return member->pointer ? describe_get_pointer(at) : at;
}

#endif
