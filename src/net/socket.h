/* net/socket.h - accepted byte streams, plain or TLS, on libwebsockets and the loop.
 *
 * libwebsockets reads, and does TLS; its own HTTP parser is not used, for it cannot
 * answer what it refuses.  Plain writes go to the kernel straight from the caller's
 * buffers.  Everything here belongs to the loop's thread. */
#ifndef SDEX_NET_SOCKET_H
#define SDEX_NET_SOCKET_H

#include <sys/types.h>
#include <sys/uio.h>

#include "net/loop.h"
#include "sdex/error.h"

struct sockets; /* all listeners and connections of one owner */
struct listener;
struct socket;

/* What an owner does with its connections.  `owner` is what `opened` returned.  Every
 * function may close any socket. */
struct socket_hooks {
	/* A connection came; NULL sends the listener's refusal and closes it. */
	void *(*opened)(void *arg, struct socket *socket);
	/* Bytes came, which live until the return and may be changed. */
	void (*received)(void *owner, uint8_t *data, size_t size);
	/* What socket_want_writable waited for. */
	void (*writable)(void *owner);
	/* The connection ended by itself; the socket is gone.  Never after socket_close. */
	void (*closed)(void *owner);
};

struct listener_options {
	const char *address;    /* numeric; NULL for 127.0.0.1 */
	uint16_t port;          /* 0 lets the system choose */
	const char *cert, *key; /* PEM files; both or neither */
	const char *refusal;    /* what a connection that is refused gets; NULL for nothing */
	struct socket_hooks hooks;
	void *arg; /* of hooks.opened */
};

/* NULL with *why when memory is out or libwebsockets with its libuv plugin
 * (package libwebsockets-evlib-uv, loaded at run time by its name) is not there. */
struct sockets *sockets_new(struct loop *loop, struct sdex_failure *why);

/* Closes what is left without calling a hook.  Outside of the loop's callbacks, for it
 * turns the loop until libwebsockets has let go of it.  NULL is fine. */
void sockets_free(struct sockets *sockets);

/* Listens.
 * INVALID      the address is not numeric
 * UNSUPPORTED  the system refuses: in use, not ours, not allowed; why->text says which
 * MISSING      certificate or key cannot be read or do not fit */
SDEX_MUST_USE enum sdex_error sockets_listen(struct sockets *sockets, struct listener **listener,
					     const struct listener_options *options,
					     struct sdex_failure *why);
uint16_t listener_port(const struct listener *listener);

/* Takes no more connections; those there are stay. */
void listener_stop(struct listener *listener);

/* Reads certificate and key again, for the connections to come.
 * INVALID  the listener has no TLS
 * MISSING  they cannot be read or do not fit; the old ones stay in use */
SDEX_MUST_USE enum sdex_error listener_reload(struct listener *listener, struct sdex_failure *why);

/* Writes the first bytes of the pieces, as many as go at once; returns how many, 0 when
 * the peer reads too slowly, -1 when the connection is dead (close it, or wait for
 * `closed`). */
ssize_t socket_send(struct socket *socket, const struct iovec *pieces, int count);

/* Asks for one call of `writable` once the kernel has room again. */
void socket_want_writable(struct socket *socket);

/* Stops reading, so that the peer is held back; an end of it is then not noticed. */
void socket_pause(struct socket *socket, bool pause);

/* Ends our direction: the peer reads an end behind what was sent. */
void socket_shutdown(struct socket *socket);

/* Ends the connection; the socket is gone, no hook is called for it any more. */
void socket_close(struct socket *socket);

bool socket_is_tls(const struct socket *socket);

/* Writes the numeric address of the peer, "?" when there is none to be had. */
void socket_peer(const struct socket *socket, char text[64]);

#endif
