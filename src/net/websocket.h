/* net/websocket.h - WebSocket frames (RFC 6455) as a server reads and writes them.
 *
 * Pure: no I/O, no clock.  No extensions, so every reserved bit must be zero. */
#ifndef SDEX_NET_WEBSOCKET_H
#define SDEX_NET_WEBSOCKET_H

#include "net/text.h"

#define WEBSOCKET_HEAD_MAX 10u     /* of a frame that a server sends */
#define WEBSOCKET_CONTROL_MAX 125u /* payload of a ping, pong or close */

enum websocket_opcode {
	WEBSOCKET_CONTINUATION = 0,
	WEBSOCKET_TEXT = 1,
	WEBSOCKET_BINARY = 2,
	WEBSOCKET_CLOSE = 8,
	WEBSOCKET_PING = 9,
	WEBSOCKET_PONG = 10,
};

/* Status codes of a closing (RFC 6455, 7.4). */
enum websocket_status {
	WEBSOCKET_NORMAL = 1000,
	WEBSOCKET_GOING_AWAY = 1001,
	WEBSOCKET_PROTOCOL = 1002,
	WEBSOCKET_NO_STATUS = 1005, /* never sent: the peer gave none */
	WEBSOCKET_NOT_UTF8 = 1007,
	WEBSOCKET_POLICY = 1008,
	WEBSOCKET_TOO_BIG = 1009,
	WEBSOCKET_OVERLOAD = 1013,
};

/* Writes the 28 characters of Sec-WebSocket-Accept for a client's key, and a NUL. */
void websocket_accept(char accept[29], struct text key);

/* Writes the head of an unfragmented, unmasked frame; returns its size, 2 to 10. */
size_t websocket_head(uint8_t head[WEBSOCKET_HEAD_MAX], enum websocket_opcode opcode,
		      uint64_t size);

/* Writes the payload of a close frame, at most WEBSOCKET_CONTROL_MAX bytes; a reason that
 * is longer is cut between characters.  Returns the size. */
size_t websocket_close_payload(uint8_t payload[WEBSOCKET_CONTROL_MAX], unsigned status,
			       struct text reason);

struct websocket_reader;

/* What came.  `data` lives until the next call with the reader. */
struct websocket_event {
	enum websocket_opcode opcode; /* TEXT, BINARY: a whole message; PING, PONG, CLOSE */
	const uint8_t *data;
	size_t size;
	unsigned status; /* of CLOSE: its code or NO_STATUS; `data` is then the reason */
};

/* A reader of what one client sends, whose messages have at most `limit` bytes.
 * NULL when memory is out. */
struct websocket_reader *websocket_reader_new(size_t limit);
void websocket_reader_free(struct websocket_reader *reader); /* NULL is fine */

enum websocket_progress {
	WEBSOCKET_MORE,  /* all input is taken, no event */
	WEBSOCKET_EVENT, /* *event is set; call again with what is left of the input */
	WEBSOCKET_BAD,   /* *status says what to close with; the reader is done */
};

/* Reads on; *used bytes of the input are done with.  Bounded by `limit` whatever comes;
 * text is checked to be UTF-8. */
enum websocket_progress websocket_read(struct websocket_reader *reader,
				       struct websocket_event *event, size_t *used,
				       unsigned *status, const void *data, size_t size);

#endif
