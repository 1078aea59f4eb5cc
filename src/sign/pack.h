/* sign/pack.h - numbers and runs of bytes, one behind the other: how frames, audit records
 * and keystores are written and read.
 *
 * Both cursors are sticky: the first step that does not fit makes all later ones do
 * nothing, and the caller asks once, at the end.  Numbers are big-endian. */
#ifndef SDEX_SIGN_PACK_H
#define SDEX_SIGN_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "sdex/bytes.h"

struct pack {
	uint8_t *data;
	size_t room, size;
	bool full; /* something did not fit */
};

struct unpack {
	const uint8_t *at;
	size_t left;
	bool bad; /* the bytes ended too early */
};

/* Room for `size` bytes; NULL when there is none. */
uint8_t *pack_room(struct pack *p, size_t size);
void pack_bytes(struct pack *p, const void *data, size_t size);
void pack_u8(struct pack *p, uint8_t x);
void pack_u32(struct pack *p, uint32_t x);
void pack_u64(struct pack *p, uint64_t x);

/* A length, then the bytes. */
void pack_run(struct pack *p, struct sdex_bytes run);

/* Borrows `size` bytes; NULL when fewer are left. */
const uint8_t *unpack_bytes(struct unpack *u, size_t size);
uint8_t unpack_u8(struct unpack *u);
uint32_t unpack_u32(struct unpack *u);
uint64_t unpack_u64(struct unpack *u);

/* Copies `size` bytes; zeros when fewer are left. */
void unpack_copy(struct unpack *u, void *to, size_t size);

/* A length of at most `most`, then the bytes, borrowed. */
struct sdex_bytes unpack_run(struct unpack *u, uint32_t most);

/* Was all of it read, and nothing missing? */
bool unpack_done(const struct unpack *u);
struct sdex_bytes pack_text(const char *text);

#endif
