/* net/websocket.c - frames of RFC 6455, section 5. */
#include "net/websocket.h"

#include <nettle/sha1.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/endian.h"
#include "net/route.h"
#include "sdex/bytes.h"

#define KEEP_MAX 4096u /* a buffer for messages that is larger is given back after use */

struct websocket_reader {
	size_t limit;
	uint8_t head[14]; /* of the current frame: flags, length, mask */
	unsigned head_size;
	bool in_payload;
	uint64_t left, taken;          /* of the current frame's payload */
	enum websocket_opcode message; /* CONTINUATION when none is open */
	uint8_t *data;
	size_t size, room;
	uint8_t control[WEBSOCKET_CONTROL_MAX];
	size_t control_size;
	bool given; /* the message in `data` was an event's: forget it */
};

void websocket_accept(char accept[29], struct text key)
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	struct sha1_ctx sha1;
	uint8_t digest[SHA1_DIGEST_SIZE];
	sha1_init(&sha1);
	sha1_update(&sha1, key.size, (const uint8_t *)key.data);
	sha1_update(&sha1, sizeof guid - 1, (const uint8_t *)guid);
	sha1_digest(&sha1, sizeof digest, digest);
	CHECK(sdex_base64_encode(accept, 29, NULL, digest, sizeof digest) == SDEX_OK);
}

size_t websocket_head(uint8_t head[WEBSOCKET_HEAD_MAX], enum websocket_opcode opcode, uint64_t size)
{
	head[0] = (uint8_t)(0x80u | opcode);
	if (size < 126) {
		head[1] = (uint8_t)size;
		return 2;
	}
	if (size <= UINT16_MAX) {
		head[1] = 126;
		head[2] = (uint8_t)(size >> 8);
		head[3] = (uint8_t)size;
		return 4;
	}
	head[1] = 127;
	store_be64(head + 2, size);
	return 10;
}

size_t websocket_close_payload(uint8_t payload[WEBSOCKET_CONTROL_MAX], unsigned status,
			       struct text reason)
{
	payload[0] = (uint8_t)(status >> 8);
	payload[1] = (uint8_t)status;
	size_t size = reason.size;
	if (size > WEBSOCKET_CONTROL_MAX - 2) {
		size = WEBSOCKET_CONTROL_MAX - 2;
		while (size > 0 && ((uint8_t)reason.data[size] & 0xc0) == 0x80)
			size--;
	}
	if (size)
		memcpy(payload + 2, reason.data, size);
	return size + 2;
}

struct websocket_reader *websocket_reader_new(size_t limit)
{
	struct websocket_reader *reader = calloc(1, sizeof *reader);
	if (reader)
		reader->limit = limit;
	return reader;
}

void websocket_reader_free(struct websocket_reader *reader)
{
	if (!reader)
		return;
	free(reader->data);
	free(reader);
}

static enum websocket_opcode opcode_of(const struct websocket_reader *r)
{
	return (enum websocket_opcode)(r->head[0] & 0x0f);
}

static bool is_control(const struct websocket_reader *r)
{
	return (r->head[0] & 0x08) != 0;
}

static unsigned length_size(const struct websocket_reader *r)
{
	unsigned size = r->head[1] & 0x7f;
	return size == 127 ? 8 : size == 126 ? 2 : 0;
}

/* Judges the first two bytes; 0 or the status to close with. */
static unsigned check_flags(const struct websocket_reader *r)
{
	bool final = (r->head[0] & 0x80) != 0;
	if (r->head[0] & 0x70 || !(r->head[1] & 0x80)) /* an extension; an unmasked frame */
		return WEBSOCKET_PROTOCOL;
	switch (opcode_of(r)) {
	case WEBSOCKET_CONTINUATION:
		return r->message == WEBSOCKET_CONTINUATION ? WEBSOCKET_PROTOCOL : 0;
	case WEBSOCKET_TEXT:
	case WEBSOCKET_BINARY:
		return r->message == WEBSOCKET_CONTINUATION ? 0 : WEBSOCKET_PROTOCOL;
	case WEBSOCKET_CLOSE:
	case WEBSOCKET_PING:
	case WEBSOCKET_PONG:
		return final && (r->head[1] & 0x7f) <= WEBSOCKET_CONTROL_MAX ? 0
									     : WEBSOCKET_PROTOCOL;
	}
	return WEBSOCKET_PROTOCOL;
}

/* The head is whole: opens the payload; 0 or the status to close with. */
static unsigned open_payload(struct websocket_reader *r)
{
	unsigned extra = length_size(r);
	uint64_t size = r->head[1] & 0x7f;
	if (extra == 2) {
		size = (uint64_t)(r->head[2] << 8 | r->head[3]);
		if (size < 126)
			return WEBSOCKET_PROTOCOL;
	} else if (extra == 8) {
		size = load_be64(r->head + 2);
		if (size <= UINT16_MAX || size >> 63)
			return WEBSOCKET_PROTOCOL;
	}
	if (!is_control(r) && size > r->limit - r->size)
		return WEBSOCKET_TOO_BIG;
	if (is_control(r))
		r->control_size = 0;
	else if (opcode_of(r) != WEBSOCKET_CONTINUATION)
		r->message = opcode_of(r);
	r->left = size;
	r->taken = 0;
	r->in_payload = true;
	return 0;
}

static void unmask(uint8_t *out, const uint8_t *in, size_t size, const uint8_t mask[4],
		   uint64_t taken)
{
	uint8_t turned[4];
	for (unsigned i = 0; i < 4; i++)
		turned[i] = mask[(taken + i) & 3];
	for (size_t i = 0; i < size; i++)
		out[i] = in[i] ^ turned[i & 3];
}

/* Memory grows with what has come, never with what was announced. */
static bool grow(struct websocket_reader *r, size_t more)
{
	if (more <= r->room - r->size)
		return true;
	size_t room = r->room ? r->room * 2 : 256;
	while (room < r->size + more)
		room *= 2;
	uint8_t *data = realloc(r->data, room);
	if (!data)
		return false;
	r->data = data;
	r->room = room;
	return true;
}

static void forget(struct websocket_reader *r)
{
	r->size = 0;
	r->given = false;
	if (r->room > KEEP_MAX) {
		free(r->data);
		r->data = NULL;
		r->room = 0;
	}
}

static bool sendable(unsigned status)
{
	return (status >= 1000 && status <= 1014 && (status < 1004 || status > 1006)) ||
	       (status >= 3000 && status <= 4999);
}

static enum websocket_progress end_control(struct websocket_reader *r,
					   struct websocket_event *event, unsigned *status)
{
	*event = (struct websocket_event){opcode_of(r), r->control, r->control_size, 0};
	if (opcode_of(r) != WEBSOCKET_CLOSE)
		return WEBSOCKET_EVENT;
	event->status = WEBSOCKET_NO_STATUS;
	if (r->control_size == 0)
		return WEBSOCKET_EVENT;
	event->status = r->control_size == 1 ? 0 : (unsigned)(r->control[0] << 8 | r->control[1]);
	*status = WEBSOCKET_PROTOCOL;
	if (!sendable(event->status))
		return WEBSOCKET_BAD;
	event->data += 2;
	event->size -= 2;
	*status = WEBSOCKET_NOT_UTF8;
	return utf8_valid(event->data, event->size) ? WEBSOCKET_EVENT : WEBSOCKET_BAD;
}

/* The frame is whole. */
static enum websocket_progress end_frame(struct websocket_reader *r, struct websocket_event *event,
					 unsigned *status)
{
	bool final = (r->head[0] & 0x80) != 0;
	r->in_payload = false;
	r->head_size = 0;
	if (is_control(r))
		return end_control(r, event, status);
	if (!final)
		return WEBSOCKET_MORE;
	*event = (struct websocket_event){r->message, r->data, r->size, 0};
	r->message = WEBSOCKET_CONTINUATION;
	r->given = true;
	if (event->opcode == WEBSOCKET_TEXT && !utf8_valid(r->data, r->size)) {
		*status = WEBSOCKET_NOT_UTF8;
		return WEBSOCKET_BAD;
	}
	return WEBSOCKET_EVENT;
}

/* Takes payload; 0 or the status to close with. */
static unsigned take(struct websocket_reader *r, const uint8_t *data, size_t part)
{
	const uint8_t *mask = r->head + 2 + length_size(r);
	if (is_control(r)) {
		unmask(r->control + r->control_size, data, part, mask, r->taken);
		r->control_size += part;
	} else {
		if (!grow(r, part))
			return WEBSOCKET_OVERLOAD;
		unmask(r->data + r->size, data, part, mask, r->taken);
		r->size += part;
	}
	r->taken += part;
	r->left -= part;
	return 0;
}

enum websocket_progress websocket_read(struct websocket_reader *r, struct websocket_event *event,
				       size_t *used, unsigned *status, const void *data,
				       size_t size)
{
	const uint8_t *p = data, *end = p + size;
	enum websocket_progress got = WEBSOCKET_MORE;
	unsigned bad = 0;
	if (r->given)
		forget(r);
	while (got == WEBSOCKET_MORE && !bad) {
		if (!r->in_payload) {
			if (p == end)
				break;
			r->head[r->head_size++] = *p++;
			if (r->head_size == 2)
				bad = check_flags(r);
			if (!bad && r->head_size >= 2 && r->head_size == 6 + length_size(r))
				bad = open_payload(r);
		} else {
			size_t part = (size_t)(end - p);
			if (part > r->left)
				part = (size_t)r->left;
			if (part)
				bad = take(r, p, part);
			p += part;
			if (!bad && r->left == 0)
				got = end_frame(r, event, status);
			else if (p == end)
				break;
		}
	}
	*used = (size_t)(p - (const uint8_t *)data);
	if (!bad)
		return got;
	*status = bad;
	return WEBSOCKET_BAD;
}
