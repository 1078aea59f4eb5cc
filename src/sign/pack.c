/* sign/pack.c - the two cursors of pack.h. */
#include "sign/pack.h"

#include <string.h>

#include "base/endian.h"

uint8_t *pack_room(struct pack *p, size_t size)
{
	if (p->full || size > p->room - p->size) {
		p->full = true;
		return NULL;
	}
	p->size += size;
	return p->data + p->size - size;
}

void pack_bytes(struct pack *p, const void *data, size_t size)
{
	uint8_t *to = pack_room(p, size);
	if (to && size)
		memcpy(to, data, size);
}

void pack_u8(struct pack *p, uint8_t x)
{
	pack_bytes(p, &x, 1);
}

void pack_u32(struct pack *p, uint32_t x)
{
	uint8_t *to = pack_room(p, 4);
	if (to)
		store_be32(to, x);
}

void pack_u64(struct pack *p, uint64_t x)
{
	uint8_t *to = pack_room(p, 8);
	if (to)
		store_be64(to, x);
}

void pack_run(struct pack *p, struct sdex_bytes run)
{
	pack_u32(p, run.size);
	pack_bytes(p, run.data, run.size);
}

const uint8_t *unpack_bytes(struct unpack *u, size_t size)
{
	if (u->bad || size > u->left) {
		u->bad = true;
		return NULL;
	}
	u->left -= size;
	u->at += size;
	return u->at - size;
}

uint8_t unpack_u8(struct unpack *u)
{
	const uint8_t *from = unpack_bytes(u, 1);
	return from ? *from : 0;
}

uint32_t unpack_u32(struct unpack *u)
{
	const uint8_t *from = unpack_bytes(u, 4);
	return from ? load_be32(from) : 0;
}

uint64_t unpack_u64(struct unpack *u)
{
	const uint8_t *from = unpack_bytes(u, 8);
	return from ? load_be64(from) : 0;
}

void unpack_copy(struct unpack *u, void *to, size_t size)
{
	const uint8_t *from = unpack_bytes(u, size);
	if (from)
		memcpy(to, from, size);
	else
		memset(to, 0, size);
}

struct sdex_bytes unpack_run(struct unpack *u, uint32_t most)
{
	uint32_t size = unpack_u32(u);
	u->bad = u->bad || size > most;
	const uint8_t *data = unpack_bytes(u, size);
	return (struct sdex_bytes){data, data ? size : 0};
}

bool unpack_done(const struct unpack *u)
{
	return !u->bad && u->left == 0;
}

struct sdex_bytes pack_text(const char *text)
{
	return (struct sdex_bytes){(const uint8_t *)text, (uint32_t)strlen(text)};
}
