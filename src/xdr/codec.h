/* xdr/codec.h - what the generated codec is written in.
 *
 * A codec function takes a position and returns the next one, or NULL when the
 * bytes (or the value) are refused or memory is out.  Why is found out
 * afterwards, by the slow walks of explain.h: the fast path keeps no reasons. */
#ifndef SDEX_XDR_CODEC_H
#define SDEX_XDR_CODEC_H

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/endian.h"
#include "sdex/xdr_types.h"

struct decoder {
	const uint8_t *end; /* of the input */
	uint8_t *next;      /* the arena's cursor, kept here while decoding */
	uint8_t *limit;
	struct sdex_arena *arena;
	uint32_t depth; /* levels of recursive types that may still open */
	bool nomem;     /* the arena gave nothing more */
};

struct skipper {
	const uint8_t *end;
	uint32_t depth;
};

struct encoder {
	uint8_t *end; /* of the room for output */
	uint32_t depth;
};

struct visitor {
	struct skipper skip;  /* first, so that a skip can be asked of a visitor */
	const uint8_t *reach; /* by type id: a sum of VISIT_... */
	const uint8_t *start;
	sdex_visit_fn *found;
	void *context;
	const uint8_t *next; /* where to go on behind what was found */
	bool stopped;        /* the callback asked for the end */
};

enum {
	VISIT_WANTED = 1, /* the caller asked for this type */
	VISIT_INSIDE = 2, /* a wanted type may be inside */
	VISIT_FIXED = 4,  /* ... and namely in a discriminant or fixed-size field */
};

typedef const uint8_t *decode_fn(void *value, const uint8_t *p, struct decoder *d);
typedef const uint8_t *skip_fn(const uint8_t *p, struct skipper *s);
typedef const uint8_t *visit_fn(const uint8_t *p, struct visitor *w);
typedef uint8_t *encode_fn(const void *value, uint8_t *p, struct encoder *e);

/* Generated: the codec function of any type. */
const uint8_t *decode_any(enum sdex_type type, void *value, const uint8_t *p, struct decoder *d);
const uint8_t *skip_any(enum sdex_type type, const uint8_t *p, struct skipper *s);
uint8_t *encode_any(enum sdex_type type, const void *value, uint8_t *p, struct encoder *e);

/* Generated: looks for wanted types in one value of a type of variable size. */
const uint8_t *visit_variable(enum sdex_type type, const uint8_t *p, struct visitor *w);

/* Opens another block of the arena and takes `size` bytes of it. */
void *decoder_grow(struct decoder *d, size_t size);

/* Tells the visitor's caller of a value of a wanted type at p.  Returns true when its
 * inside is to be walked; else w->next is the position behind it, or NULL when the
 * value is refused or the caller wants no more. */
bool visit_found(struct visitor *w, enum sdex_type type, const uint8_t *p);

/* Looks for wanted types in one value of any type ... */
const uint8_t *visit_any(enum sdex_type type, const uint8_t *p, struct visitor *w);

/* ... in one value of a fixed-size type, or in `count` fields of a
 * struct or union from its `first` on. */
const uint8_t *visit_fixed(const uint8_t *p, struct visitor *w, uint16_t id);
const uint8_t *visit_fields(const uint8_t *p, struct visitor *w, enum sdex_type type,
			    uint16_t first, uint16_t count);

/* -- reading */

/* Are the bytes behind an opaque of n bytes zero, up to a multiple of four? */
static inline bool padding_zero(const uint8_t *p, size_t n)
{
	return !(n & 3) || !(load_be32(p + (n & ~(size_t)3)) & (0xffffffffu >> (8 * (n & 3))));
}

static inline bool get_bool(bool *v, const uint8_t *p)
{
	uint32_t n = load_be32(p);
	*v = n == 1;
	return n <= 1;
}

static inline bool get_opaque(void *v, const uint8_t *p, size_t n)
{
	memcpy(v, p, n);
	return padding_zero(p, n);
}

static inline size_t left(const uint8_t *p, const uint8_t *end)
{
	return (size_t)(end - p);
}

/* The position behind an opaque of n bytes and its padding.  It is copied into each
 * place that decodes or encodes, and called where one skips: so it was fastest. */
static inline __attribute__((always_inline)) const uint8_t *
behind_bytes(const uint8_t *p, uint32_t n, const uint8_t *end)
{
	size_t padded = ((size_t)n + 3) & ~(size_t)3;
	if (padded > left(p, end) || !padding_zero(p, n))
		return NULL;
	return p + padded;
}

static __attribute__((noinline, unused)) const uint8_t *skip_bytes(const uint8_t *p, uint32_t n,
								   const uint8_t *end)
{
	return behind_bytes(p, n, end);
}

static inline __attribute__((always_inline)) const uint8_t *
get_bytes(struct sdex_bytes *v, const uint8_t *p, uint32_t n, const uint8_t *end)
{
	v->data = p;
	v->size = n;
	return behind_bytes(p, n, end);
}

/* -- memory: decoded values are packed to 8 bytes */

static inline void *take(struct decoder *d, size_t size)
{
	size = (size + 7) & ~(size_t)7;
	if (__builtin_expect((size_t)(d->limit - d->next) < size, 0))
		return decoder_grow(d, size);
	void *piece = d->next;
	d->next += size;
	return piece;
}

/* Room for n > 0 elements of `size` bytes, each at least `least` bytes of input. */
static inline void *take_items(struct decoder *d, const uint8_t *p, uint32_t n, size_t least,
			       size_t size)
{
	size_t total;
	if (n > left(p, d->end) / least)
		return NULL;
	if (__builtin_mul_overflow((size_t)n, size, &total) || total > SIZE_MAX - 8)
		total = SIZE_MAX - 8; /* on 32 bits: more than there is, which take refuses */
	return take(d, total);
}

/* -- writing */

static inline void put_opaque(uint8_t *p, const void *v, size_t n)
{
	if (n & 3)
		store_be32(p + (n & ~(size_t)3), 0);
	memcpy(p, v, n);
}

static inline __attribute__((always_inline)) uint8_t *put_bytes(uint8_t *p, struct sdex_bytes v,
								const uint8_t *end)
{
	size_t padded = ((size_t)v.size + 3) & ~(size_t)3;
	if (padded > left(p, end))
		return NULL;
	if (v.size) {
		if (!v.data)
			return NULL;
		put_opaque(p, v.data, v.size);
	}
	return p + padded;
}

/* -- visiting */

/* A visit of a type with nothing to find inside. */
static inline const uint8_t *visit_leaf(struct visitor *w, enum sdex_type type, const uint8_t *p)
{
	visit_found(w, type, p);
	return w->next;
}

#endif
