/* sign/frame.h - what the connector and its signer say to each other over their socketpair.
 *
 * A frame is a length (of what follows, 32 bits, big-endian), a kind, and the fields of
 * that kind; frame.c has their order.  Either side drops the other at the first frame that
 * is none.  The signer speaks first: READY, or STOPPED when it cannot serve; then each SIGN
 * is answered by one SIGNED or one REFUSED with its token. */
#ifndef SDEX_SIGN_FRAME_H
#define SDEX_SIGN_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "sdex/bytes.h"

#define FRAME_VERSION 1u
#define FRAME_ENVELOPE_MAX 65536u /* of a request; a hundred path payments fit */
#define FRAME_NAME_MAX 64u        /* a key's name or address, a rule's name */
#define FRAME_TEXT_MAX 1024u
#define FRAME_KEYS_MAX 64u
#define FRAME_MAX (FRAME_ENVELOPE_MAX + 8192u) /* a whole frame, its length included */

enum frame_kind {
	FRAME_READY = 1, /* version, keys; text: what guards the process, for the log */
	FRAME_SIGN,      /* token, replace, key, envelope */
	FRAME_SIGNED,    /* token, envelope: with the signature in it */
	FRAME_REFUSED,   /* token, rule, text */
	FRAME_STOPPED,   /* text: why there will be no further answer */
};

struct frame_key {
	struct sdex_bytes name;
	const uint8_t *public_key; /* 32 bytes */
};

/* Fields that a kind does not have are zero.  Runs of bytes are borrowed: reading, from
 * the input; writing, from the caller. */
struct frame {
	enum frame_kind kind;
	uint64_t token;
	bool replace;
	uint32_t version;
	struct sdex_bytes key;      /* its name or address (G...) */
	struct sdex_bytes envelope; /* TransactionEnvelope, XDR */
	struct sdex_bytes rule;     /* the name of the rule that refused */
	struct sdex_bytes text;     /* for people */
	struct frame_key keys[FRAME_KEYS_MAX];
	uint32_t key_count;
};

enum frame_found {
	FRAME_WHOLE,   /* *used bytes were one frame */
	FRAME_PARTIAL, /* more bytes are needed; there is no reason yet not to wait for them */
	FRAME_BAD,     /* no further byte can make a frame of it */
};

/* Reads the frame at the start of `size` bytes. */
enum frame_found frame_read(struct frame *frame, size_t *used, const void *data, size_t size);

/* Writes a frame and returns its size; 0 when it is over `room` or a field over its bound. */
size_t frame_write(void *data, size_t room, const struct frame *frame);

/* May this be a key's name?  1 to FRAME_NAME_MAX of a-z, A-Z, 0-9, '-', '_' and '.',
 * and the first is no dot or dash. */
bool frame_name_fits(struct sdex_bytes name);

#endif
