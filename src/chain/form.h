/* chain/form.h - reads JSON objects into structs by tables.
 *
 * A form lists the members of an object that count, their kinds, and where their values go
 * in a struct.  Members without a field are read over.  A member that is missing, there
 * twice, of another kind or out of range ends the reading; the path to it goes into the
 * refusal.  `null` stands for a member that is not there, and for an empty list.
 *
 * Values are plain: numbers never pass through floating point, texts end in NUL. */
#ifndef SDEX_CHAIN_FORM_H
#define SDEX_CHAIN_FORM_H

#include "base/json.h"
#include "sdex/arena.h"
#include "sdex/bytes.h"

enum form_kind {
	FORM_INT32,      /* int32_t: a number */
	FORM_UINT32,     /* uint32_t: a number */
	FORM_UINT32_ANY, /* uint32_t: a number, or a string of digits */
	FORM_INT64,      /* int64_t: a number */
	FORM_INT64_TEXT, /* int64_t: a string of digits */
	FORM_INT64_ANY,  /* int64_t: either */
	FORM_BOOL,       /* bool */
	FORM_TEXT,       /* const char *: a string without NUL */
	FORM_WORD,       /* an enum: one of `words`, by its place */
	FORM_AMOUNT,     /* int64_t: stroops, from a decimal in a string */
	FORM_HASH,       /* uint8_t[32]: 64 hexadecimal digits */
	FORM_ACCOUNT,    /* uint8_t[32]: G..., in a string */
	FORM_BASE64,     /* struct sdex_bytes: base64 in a string */
	FORM_OBJECT,     /* a struct of `form`, in place */
	FORM_LIST,       /* const struct *: an array of such objects; their number at `count` */
};

struct form;

struct form_reader {
	struct json json;
	struct sdex_arena *arena;
	char path[160]; /* to what is being read */
	size_t path_size;
	bool no_memory;
};

struct form_field {
	const char *name;
	enum form_kind kind;
	bool required;
	uint32_t offset; /* into the struct */
	uint32_t count;  /* LIST: offset of a uint32_t */
	const struct form *form;
	const char *const *words; /* ended by NULL */
};

struct form {
	const struct form_field *fields; /* at most 64 */
	uint32_t field_count;
	uint32_t size; /* of the struct */
	/* Completes a struct whose members were read, NULL for nothing to do.  `start` is where
	 * the object begins, for form_refuse.  False: it refused. */
	bool (*finish)(struct form_reader *reader, void *value, const uint8_t *start);
};

#define FORM_COUNT(fields) (sizeof(fields) / sizeof((fields)[0]))

/* For tables: a field into a member of `struct type`, one that is an object of another form,
 * one of words that is required; and the form of NAME_fields, as NAME_form. */
#define FIELD(type, member, json, kind_, must)                 \
	{                                                      \
		.name = json, .kind = kind_, .required = must, \
		.offset = offsetof(struct type, member)        \
	}
#define INSIDE(type, member, json, form_)                              \
	{                                                              \
		.name = json, .kind = FORM_OBJECT, .required = true,   \
		.offset = offsetof(struct type, member), .form = form_ \
	}
#define FORM(name, type, ...)                                                             \
	static const struct form name##_form = {.fields = name##_fields,                  \
						.field_count = FORM_COUNT(name##_fields), \
						.size = sizeof(struct type) __VA_ARGS__}
#define WORDS(type, member, json, list)                                \
	{                                                              \
		.name = json, .kind = FORM_WORD, .required = true,     \
		.offset = offsetof(struct type, member), .words = list \
	}

void form_open(struct form_reader *reader, struct sdex_arena *arena, const void *text, size_t size);

/* Reads the next value, an object, into `value`: its form->size bytes are zero, or hold
 * what stands for members that are missing.  False: refused. */
bool form_object(struct form_reader *reader, const struct form *form, void *value);

/* Refuses, with "expected ..., found ..." of the byte `where`; returns false. */
bool form_refuse(struct form_reader *reader, enum sdex_error code, const uint8_t *where,
		 const char *expected);

/* Enter and leave a member, for readers that walk themselves.  Left alone on failure. */
void form_enter(struct form_reader *reader, const char *name);
void form_leave(struct form_reader *reader);

/* Ends the reading: OK, or the first refusal, told with its path. */
SDEX_MUST_USE enum sdex_error form_close(struct form_reader *reader, struct sdex_failure *why);

/* One object that is the whole text. */
SDEX_MUST_USE enum sdex_error form_read(const struct form *form, void *value,
					struct sdex_arena *arena, const void *text, size_t size,
					struct sdex_failure *why);

#endif
