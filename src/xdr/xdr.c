/* xdr/xdr.c - the doors of the generated codec. */
#include "sdex/xdr.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/failure.h"
#include "xdr/codec.h"
#include "xdr/describe.h"
#include "xdr/explain.h"
#include "xdr/measure.h"

/* A place for inputs of size 0, which may come with a NULL pointer. */
static const uint8_t no_bytes[1];

void *decoder_grow(struct decoder *d, size_t size)
{
	d->arena->next = d->next;
	void *piece = arena_grow(d->arena, size);
	d->nomem = !piece;
	d->next = d->arena->next;
	d->limit = d->arena->end;
	return piece;
}

static enum sdex_error check_type(enum sdex_type type, struct sdex_failure *why)
{
	if ((unsigned)type < SDEX_TYPE_COUNT)
		return SDEX_OK;
	return fail(why, SDEX_ERR_INVALID, 0, "type %d is none of the schema's %d", (int)type,
		    SDEX_TYPE_COUNT);
}

/* What every reader is asked first: a type of the schema, and how deep it may go. */
static enum sdex_error read_request(uint32_t *depth, enum sdex_type type,
				    const struct sdex_xdr_limits *limits, struct sdex_failure *why)
{
	enum sdex_error error = check_type(type, why);
	if (error)
		return error;
	*depth = limits && limits->depth ? limits->depth : SDEX_XDR_DEPTH;
	if (*depth <= SDEX_XDR_DEPTH_MAX)
		return SDEX_OK;
	return fail(why, SDEX_ERR_INVALID, 0, "the depth limit must be at most %d, found %u",
		    SDEX_XDR_DEPTH_MAX, *depth);
}

static enum sdex_error trailing(enum sdex_type type, size_t used, size_t size,
				struct sdex_failure *why)
{
	return fail(why, SDEX_ERR_TRAILING, used, "%s ends after %zu bytes, %zu more follow",
		    sdex_type_name(type), used, size - used);
}

/* The reason for which a codec function returned NULL. */
static enum sdex_error refused(enum sdex_type type, const uint8_t *data, size_t size,
			       uint32_t depth, bool nomem, const struct sdex_arena *arena,
			       struct sdex_failure *why)
{
	size_t used = 0;
	if (!nomem) {
		enum sdex_error error = explain(type, &used, data, size, depth, why);
		CHECK(error);
		return error;
	}
	if (arena->limit == SIZE_MAX)
		return fail(why, SDEX_ERR_NOMEM, 0, "%s: memory is out", sdex_type_name(type));
	return fail(why, SDEX_ERR_NOMEM, 0,
		    "%s: the value needs more than the arena's limit of %zu "
		    "bytes",
		    sdex_type_name(type), arena->limit);
}

enum sdex_error sdex_xdr_decode_front(enum sdex_type type, void **value, size_t *used,
				      struct sdex_arena *arena, const void *data, size_t size,
				      const struct sdex_xdr_limits *limits,
				      struct sdex_failure *why)
{
	uint32_t depth;
	enum sdex_error error = read_request(&depth, type, limits, why);
	if (error)
		return error;

	const uint8_t *start = size ? data : no_bytes;
	struct decoder d = {start + size, NULL, NULL, arena, depth, false};
	void *made = sdex_arena_alloc(arena, describe_types[type].size);
	d.nomem = !made;
	d.next = arena->next;
	d.limit = arena->end;
	const uint8_t *end = made ? decode_any(type, made, start, &d) : NULL;
	arena->next = d.next;
	if (!end)
		return refused(type, start, size, depth, d.nomem, arena, why);
	*value = made;
	*used = (size_t)(end - start);
	return SDEX_OK;
}

enum sdex_error sdex_xdr_decode(enum sdex_type type, void **value, struct sdex_arena *arena,
				const void *data, size_t size, const struct sdex_xdr_limits *limits,
				struct sdex_failure *why)
{
	size_t used = 0;
	void *made = NULL;
	enum sdex_error error =
		sdex_xdr_decode_front(type, &made, &used, arena, data, size, limits, why);
	if (error)
		return error;
	if (used != size)
		return trailing(type, used, size, why);
	*value = made;
	return SDEX_OK;
}

enum sdex_error sdex_xdr_check(enum sdex_type type, size_t *used, const void *data, size_t size,
			       const struct sdex_xdr_limits *limits, struct sdex_failure *why)
{
	uint32_t depth;
	enum sdex_error error = read_request(&depth, type, limits, why);
	if (error)
		return error;
	const uint8_t *start = size ? data : no_bytes;
	struct skipper s = {start + size, depth};
	const uint8_t *end = skip_any(type, start, &s);
	if (!end)
		return refused(type, start, size, depth, false, NULL, why);
	*used = (size_t)(end - start);
	return SDEX_OK;
}

enum sdex_error sdex_xdr_visit(enum sdex_type type, const struct sdex_visit_plan *plan,
			       sdex_visit_fn *found, void *context, const void *data, size_t size,
			       const struct sdex_xdr_limits *limits, struct sdex_failure *why)
{
	uint32_t depth;
	enum sdex_error error = read_request(&depth, type, limits, why);
	if (error)
		return error;
	const uint8_t *start = size ? data : no_bytes;
	struct visitor w = {{start + size, depth}, plan->reach, start, found, context, NULL, false};
	const uint8_t *end = visit_any(type, start, &w);
	if (w.stopped)
		return SDEX_OK;
	if (!end)
		return refused(type, start, size, depth, false, NULL, why);
	if (end != w.skip.end)
		return trailing(type, (size_t)(end - start), size, why);
	return SDEX_OK;
}

enum sdex_error sdex_xdr_encode(enum sdex_type type, uint8_t *out, size_t room, size_t *size,
				const void *value, struct sdex_failure *why)
{
	enum sdex_error error = check_type(type, why);
	if (error)
		return error;
	struct encoder e = {out + room, SDEX_XDR_DEPTH_MAX};
	uint8_t *end = encode_any(type, value, out, &e);
	if (end) {
		*size = (size_t)(end - out);
		return SDEX_OK;
	}
	size_t needed = 0;
	error = measure(type, &needed, value, why);
	if (error)
		return error;
	CHECK(needed > room);
	return fail_space(why, needed, room);
}

enum sdex_error sdex_xdr_size(enum sdex_type type, size_t *size, const void *value,
			      struct sdex_failure *why)
{
	enum sdex_error error = check_type(type, why);
	return error ? error : measure(type, size, value, why);
}

enum sdex_error sdex_xdr_from_base64(enum sdex_type type, void **value, struct sdex_arena *arena,
				     const char *text, size_t length,
				     const struct sdex_xdr_limits *limits, struct sdex_failure *why)
{
	size_t room = SDEX_BASE64_SIZE(length), size = 0;
	uint8_t *bytes = sdex_arena_alloc(arena, room);
	if (!bytes)
		return arena_full(why);
	enum sdex_error error = sdex_base64_decode(bytes, room, &size, text, length, why);
	return error ? error : sdex_xdr_decode(type, value, arena, bytes, size, limits, why);
}

enum sdex_error sdex_xdr_to_base64(enum sdex_type type, char *text, size_t room, size_t *length,
				   const void *value, struct sdex_failure *why)
{
	size_t size = 0;
	enum sdex_error error = sdex_xdr_size(type, &size, value, why);
	if (error)
		return error;
	if (size > SIZE_MAX / 2 || room <= SDEX_BASE64_LENGTH(size))
		return fail_space(why, SDEX_BASE64_LENGTH(size) + 1, room);
	/* The bytes go to the end of the room that their text takes: four characters are
	 * written for three bytes read, so the writing catches up with the reading only at
	 * the end (sdex_base64_encode reads each group before it writes). */
	uint8_t *bytes = (uint8_t *)text + SDEX_BASE64_LENGTH(size) + 1 - size;
	error = sdex_xdr_encode(type, bytes, size, &size, value, why);
	return error ? error : sdex_base64_encode(text, room, length, bytes, size);
}

enum sdex_error sdex_xdr_frame_next(const uint8_t **record, size_t *record_size,
				    const uint8_t **data, size_t *size)
{
	if (!*size)
		return SDEX_ERR_MISSING;
	if (*size < 4)
		return SDEX_ERR_TRUNCATED;
	uint32_t mark = load_be32(*data);
	if (!(mark & 0x80000000u))
		return SDEX_ERR_UNSUPPORTED;
	mark &= 0x7fffffffu;
	if (mark > *size - 4)
		return SDEX_ERR_TRUNCATED;
	*record = *data + 4;
	*record_size = mark;
	*data += 4 + (size_t)mark;
	*size -= 4 + (size_t)mark;
	return SDEX_OK;
}
