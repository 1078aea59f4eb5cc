/* sign/frame.c - frames from bytes and back. */
#include "sign/frame.h"

#include <string.h>

#include "base/endian.h"
#include "sign/pack.h"

#define LENGTH_SIZE 4u

bool frame_name_fits(struct sdex_bytes name)
{
	if (name.size == 0 || name.size > FRAME_NAME_MAX || *name.data == '.' || *name.data == '-')
		return false;
	for (uint32_t i = 0; i < name.size; i++) {
		uint8_t c = name.data[i];
		bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
		if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.')
			return false;
	}
	return true;
}

/* ---- reading ---- */

static void read_keys(struct frame *frame, struct unpack *u)
{
	frame->version = unpack_u32(u);
	frame->key_count = unpack_u32(u);
	u->bad = u->bad || frame->key_count > FRAME_KEYS_MAX;
	for (uint32_t i = 0; i < frame->key_count && !u->bad; i++) {
		frame->keys[i].name = unpack_run(u, FRAME_NAME_MAX);
		frame->keys[i].public_key = unpack_bytes(u, 32);
		u->bad = u->bad || !frame_name_fits(frame->keys[i].name);
	}
}

static void read_sign(struct frame *frame, struct unpack *u)
{
	frame->token = unpack_u64(u);
	uint8_t flags = unpack_u8(u);
	frame->replace = flags & 1;
	frame->key = unpack_run(u, FRAME_NAME_MAX);
	frame->envelope = unpack_run(u, FRAME_ENVELOPE_MAX);
	u->bad = u->bad || flags > 1 || !frame_name_fits(frame->key);
}

static void read_fields(struct frame *frame, struct unpack *u)
{
	switch (frame->kind) {
	case FRAME_READY:
		read_keys(frame, u);
		frame->text = unpack_run(u, FRAME_TEXT_MAX);
		return;
	case FRAME_SIGN:
		read_sign(frame, u);
		return;
	case FRAME_SIGNED:
		frame->token = unpack_u64(u);
		frame->envelope = unpack_run(u, FRAME_MAX);
		return;
	case FRAME_REFUSED:
		frame->token = unpack_u64(u);
		frame->rule = unpack_run(u, FRAME_NAME_MAX);
		frame->text = unpack_run(u, FRAME_TEXT_MAX);
		return;
	case FRAME_STOPPED:
		frame->text = unpack_run(u, FRAME_TEXT_MAX);
		return;
	}
	u->bad = true;
}

enum frame_found frame_read(struct frame *frame, size_t *used, const void *data, size_t size)
{
	struct unpack u = {.at = data, .left = size};
	if (size < LENGTH_SIZE)
		return FRAME_PARTIAL;
	uint32_t length = unpack_u32(&u);
	if (length == 0 || length > FRAME_MAX - LENGTH_SIZE)
		return FRAME_BAD;
	if (u.left < length)
		return FRAME_PARTIAL;
	u.left = length;
	memset(frame, 0, sizeof *frame);
	frame->kind = (enum frame_kind)unpack_u8(&u);
	read_fields(frame, &u);
	*used = LENGTH_SIZE + length;
	return unpack_done(&u) ? FRAME_WHOLE : FRAME_BAD;
}

/* ---- writing ---- */

static void write_bounded(struct pack *p, struct sdex_bytes run, uint32_t most)
{
	p->full = p->full || run.size > most;
	pack_run(p, run);
}

static void write_fields(struct pack *p, const struct frame *frame)
{
	switch (frame->kind) {
	case FRAME_READY:
		pack_u32(p, frame->version);
		pack_u32(p, frame->key_count);
		p->full = p->full || frame->key_count > FRAME_KEYS_MAX;
		for (uint32_t i = 0; i < frame->key_count && !p->full; i++) {
			write_bounded(p, frame->keys[i].name, FRAME_NAME_MAX);
			pack_bytes(p, frame->keys[i].public_key, 32);
		}
		write_bounded(p, frame->text, FRAME_TEXT_MAX);
		return;
	case FRAME_SIGN:
		pack_u64(p, frame->token);
		pack_u8(p, frame->replace);
		p->full = p->full || !frame_name_fits(frame->key);
		pack_run(p, frame->key);
		write_bounded(p, frame->envelope, FRAME_ENVELOPE_MAX);
		return;
	case FRAME_SIGNED:
		pack_u64(p, frame->token);
		pack_run(p, frame->envelope);
		return;
	case FRAME_REFUSED:
		pack_u64(p, frame->token);
		write_bounded(p, frame->rule, FRAME_NAME_MAX);
		write_bounded(p, frame->text, FRAME_TEXT_MAX);
		return;
	case FRAME_STOPPED:
		write_bounded(p, frame->text, FRAME_TEXT_MAX);
		return;
	}
	p->full = true;
}

size_t frame_write(void *data, size_t room, const struct frame *frame)
{
	struct pack p = {.data = data, .room = room < FRAME_MAX ? room : FRAME_MAX};
	pack_u32(&p, 0);
	pack_u8(&p, (uint8_t)frame->kind);
	write_fields(&p, frame);
	if (p.full)
		return 0;
	store_be32(p.data, (uint32_t)(p.size - LENGTH_SIZE));
	return p.size;
}
