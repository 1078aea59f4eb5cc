/* sign/server.h - the signer's side of the socket: frames in, frames out, one thread. */
#ifndef SDEX_SIGN_SERVER_H
#define SDEX_SIGN_SERVER_H

#include "sign/desk.h"

struct server_options {
	int socket;       /* stays the caller's */
	int signals;      /* a signalfd that ends the service; -1: none */
	const char *text; /* for READY */
	const struct desk_key *keys;
	uint32_t key_count;
};

/* Says READY, then answers requests until the other side closes or a signal comes (SDEX_OK).
 * INVALID  the socket or the audit log fails
 * SYNTAX   the other side sent what is no frame, or no request */
SDEX_MUST_USE enum sdex_error server_run(struct desk *desk, const struct server_options *options,
					 struct sdex_failure *why);

/* Tells the other side why there will be no service; best effort. */
void server_say_stopped(int socket, const char *text);

/* The time now, of both clocks. */
struct desk_time server_time(void);

#endif
