/* net/socket.c - listeners of our own; connections as raw sockets of libwebsockets.
 *
 * What has to be known of libwebsockets 4.1: closing from inside a connection's own
 * callback is done by returning -1, from anywhere else by a synchronous kill; a plain
 * connection with buffered output would spin on readable data, so plain output never
 * goes through it; its context goes in two steps with turns of the loop between. */
#define _GNU_SOURCE /* accept4 */
#include "net/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <libwebsockets.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/check.h"
#include "base/failure.h"

#define BACKLOG 1024
#define ACCEPTS_A_PASS 64
#define READ_SIZE (64u * 1024)
#define TURNS 8              /* of the loop while the context goes */
#define TLS_WRITE_MAX 16384u /* one record */

struct sockets {
	struct loop *loop;
	struct lws_context *context;
	struct lws_vhost *plain;
	struct listener *listeners;
	struct socket *all;
	int spare; /* a descriptor to give up when there are no more */
	unsigned made;
};

struct listener {
	uv_poll_t poll;
	struct sockets *sockets;
	struct listener *next;
	struct lws_vhost *vhost;
	struct socket_hooks hooks;
	void *arg;
	char *refusal;
	char *cert, *key; /* NULL without TLS */
	int fd;           /* -1 once stopped */
	uint16_t port;
};

struct socket {
	struct sockets *sockets;
	struct socket *next, **link;
	struct lws *wsi; /* NULL before it is there */
	const struct socket_hooks *hooks;
	void *owner;
	int fd;
	bool tls;
	bool inside; /* in a callback of this very connection */
	bool closed; /* by us, inside: goes when the callback returns */
	bool paused; /* by the owner */
	bool held;   /* reading waits for TLS output to go, lest the loop spin */
};

static void unlink_socket(struct socket *s)
{
	*s->link = s->next;
	if (s->next)
		s->next->link = s->link;
}

static int raw_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *data,
			size_t size)
{
	struct socket *s = lws_get_opaque_user_data(wsi);
	(void)user;
	if (!s)
		return 0;
	if (reason == LWS_CALLBACK_RAW_CLOSE) {
		lws_set_opaque_user_data(wsi, NULL);
		void *owner = s->owner;
		void (*closed)(void *) = s->closed ? NULL : s->hooks->closed;
		unlink_socket(s);
		free(s);
		if (closed && owner)
			closed(owner);
		return 0;
	}
	if (s->closed)
		return -1;
	if (reason != LWS_CALLBACK_RAW_RX && reason != LWS_CALLBACK_RAW_WRITEABLE)
		return 0;
	s->inside = true;
	if (s->held && !lws_partial_buffered(wsi)) {
		s->held = false;
		lws_rx_flow_control(wsi, !s->paused);
	}
	if (reason == LWS_CALLBACK_RAW_RX)
		s->hooks->received(s->owner, data, size);
	else
		s->hooks->writable(s->owner);
	s->inside = false;
	return s->closed ? -1 : 0;
}

static const struct lws_protocols protocols[] = {
	{.name = "raw", .callback = raw_callback, .tx_packet_size = TLS_WRITE_MAX},
	{.name = NULL},
};

static struct lws_vhost *make_vhost(struct sockets *sockets, const char *cert, const char *key)
{
	char name[32];
	snprintf(name, sizeof name, "v%u", sockets->made++);
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN_SERVER,
		.protocols = protocols,
		.vhost_name = name,
		.ssl_cert_filepath = cert,
		.ssl_private_key_filepath = key,
		.alpn = "http/1.1",
	};
	if (cert) {
		info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		info.ssl_options_set =
			SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_RENEGOTIATION;
	}
	return lws_create_vhost(sockets->context, &info);
}

struct sockets *sockets_new(struct loop *loop, struct sdex_failure *why)
{
	struct sockets *sockets = calloc(1, sizeof *sockets);
	void *foreign[] = {loop_uv(loop)};
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
			   LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
		.foreign_loops = foreign,
		.pt_serv_buf_size = READ_SIZE,
		.max_http_header_pool = 1,
	};
	if (!sockets) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		return NULL;
	}
	/* The types differ between versions. */
	info.gid = (__typeof__(info.gid))-1;
	info.uid = (__typeof__(info.uid))-1;
	info.pcontext = &sockets->context;
	lws_set_log_level(0, NULL);
	sockets->loop = loop;
	sockets->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sockets->context = lws_create_context(&info);
	if (sockets->context)
		sockets->plain = make_vhost(sockets, NULL, NULL);
	if (!sockets->plain) {
		fail(why, SDEX_ERR_UNSUPPORTED, 0,
		     "libwebsockets does not start: is libwebsockets-evlib-uv installed?");
		sockets_free(sockets);
		return NULL;
	}
	return sockets;
}

static void poll_closed(uv_handle_t *handle)
{
	struct listener *listener = handle->data;
	free(listener->refusal);
	free(listener->cert);
	free(listener->key);
	free(listener);
}

void listener_stop(struct listener *listener)
{
	if (listener->fd < 0)
		return;
	uv_poll_stop(&listener->poll);
	close(listener->fd);
	listener->fd = -1;
}

void sockets_free(struct sockets *sockets)
{
	if (!sockets)
		return;
	while (sockets->all)
		socket_close(sockets->all);
	while (sockets->listeners) {
		struct listener *listener = sockets->listeners;
		sockets->listeners = listener->next;
		listener_stop(listener);
		uv_close((uv_handle_t *)&listener->poll, poll_closed);
	}
	if (sockets->context) {
		lws_context_destroy(sockets->context);
		/* A pass closes what the one before let go of. */
		for (int i = 0; i < TURNS; i++)
			loop_turn(sockets->loop, false);
		/* Version 4.3 may be through by itself, and says so here (pcontext). */
		if (sockets->context)
			lws_context_destroy(sockets->context);
	}
	loop_turn(sockets->loop, false);
	if (sockets->spare >= 0)
		close(sockets->spare);
	free(sockets);
}

/* The certificate and its key are there, can be read and belong together. */
static bool good_pair(const char *cert, const char *key)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	bool good = context && SSL_CTX_use_certificate_chain_file(context, cert) == 1 &&
		    SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1 &&
		    SSL_CTX_check_private_key(context) == 1;
	SSL_CTX_free(context);
	return good;
}

static enum sdex_error open_port(int *fd, uint16_t *port, const struct listener_options *options,
				 struct sdex_failure *why)
{
	const char *address = options->address ? options->address : "127.0.0.1";
	struct sockaddr_storage name = {0};
	socklen_t size = sizeof(struct sockaddr_in);
	if (uv_ip4_addr(address, options->port, (struct sockaddr_in *)&name) != 0) {
		size = sizeof(struct sockaddr_in6);
		if (uv_ip6_addr(address, options->port, (struct sockaddr_in6 *)&name) != 0)
			return fail(
				why, SDEX_ERR_INVALID, 0,
				"expected a numeric address to listen on, like 127.0.0.1 or ::1");
	}
	int one = 1;
	*fd = socket(name.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*fd >= 0) {
		setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
		if (bind(*fd, (struct sockaddr *)&name, size) == 0 && listen(*fd, BACKLOG) == 0) {
			size = sizeof name;
			getsockname(*fd, (struct sockaddr *)&name, &size);
			/* The port lies at the same place in both families. */
			*port = ntohs(((struct sockaddr_in *)&name)->sin_port);
			return SDEX_OK;
		}
	}
	int reason = errno;
	if (*fd >= 0)
		close(*fd);
	return fail(why, SDEX_ERR_UNSUPPORTED, 0, "cannot listen on %s port %u: %s", address,
		    options->port, strerror(reason));
}

static void set_options(int fd)
{
	/* A peer that is gone without a word is noticed after about 90 seconds. */
	int one = 1, idle = 60, interval = 10, probes = 3;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

static void refuse(const struct listener *listener, int fd)
{
	if (listener->refusal && !listener->cert)
		(void)!send(fd, listener->refusal, strlen(listener->refusal), MSG_NOSIGNAL);
	close(fd);
}

static void admit(struct listener *listener, int fd)
{
	struct sockets *sockets = listener->sockets;
	struct socket *s = calloc(1, sizeof *s);
	if (!s) {
		refuse(listener, fd);
		return;
	}
	*s = (struct socket){
		.sockets = sockets,
		.hooks = &listener->hooks,
		.fd = fd,
		.tls = listener->cert != NULL,
		.next = sockets->all,
		.link = &sockets->all,
	};
	if (s->next)
		s->next->link = &s->next;
	sockets->all = s;
	set_options(fd);
	s->inside = true;
	s->owner = listener->hooks.opened(listener->arg, s);
	s->inside = false;
	if (!s->owner || s->closed) {
		unlink_socket(s);
		free(s);
		refuse(listener, fd);
		return;
	}
	lws_adopt_desc_t adopt = {
		.vh = listener->vhost,
		.type = LWS_ADOPT_SOCKET | (s->tls ? LWS_ADOPT_ALLOW_SSL : 0),
		.fd = {.sockfd = fd},
		.vh_prot_name = "raw",
		.opaque = s,
	};
	/* From here on the descriptor is libwebsockets', also when it refuses: RAW_CLOSE may
	 * or may not have come then, and `all` tells. */
	struct lws *wsi = lws_adopt_descriptor_vhost_via_info(&adopt);
	if (wsi) {
		s->wsi = wsi;
		return;
	}
	for (struct socket *left = sockets->all; left; left = left->next) {
		if (left == s) {
			void *owner = s->owner;
			unlink_socket(s);
			free(s);
			listener->hooks.closed(owner);
			return;
		}
	}
}

static void connections_came(uv_poll_t *poll, int status, int events)
{
	struct listener *listener = poll->data;
	(void)events;
	for (int i = 0; status == 0 && i < ACCEPTS_A_PASS && listener->fd >= 0; i++) {
		int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			admit(listener, fd);
			continue;
		}
		if (errno != EMFILE && errno != ENFILE) {
			if (errno == EINTR || errno == ECONNABORTED)
				continue;
			return;
		}
		/* Without a descriptor the queue could only be looked at, again and again. */
		struct sockets *sockets = listener->sockets;
		if (sockets->spare < 0)
			return;
		close(sockets->spare);
		fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0)
			refuse(listener, fd);
		sockets->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
}

static char *copy_text(const char *text)
{
	return text ? strdup(text) : NULL;
}

enum sdex_error sockets_listen(struct sockets *sockets, struct listener **out,
			       const struct listener_options *options, struct sdex_failure *why)
{
	if (!options->cert != !options->key ||
	    (options->cert && !good_pair(options->cert, options->key)))
		return fail(why, SDEX_ERR_MISSING, 0,
			    "the TLS certificate and key cannot be read or do not belong together");
	struct listener *listener = calloc(1, sizeof *listener);
	if (!listener)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	listener->sockets = sockets;
	listener->hooks = options->hooks;
	listener->arg = options->arg;
	listener->refusal = copy_text(options->refusal);
	listener->cert = copy_text(options->cert);
	listener->key = copy_text(options->key);
	listener->poll.data = listener;
	enum sdex_error error = SDEX_OK;
	if (options->cert) {
		listener->vhost = make_vhost(sockets, options->cert, options->key);
		if (!listener->vhost)
			error = fail(why, SDEX_ERR_MISSING, 0, "TLS does not start with %s",
				     options->cert);
	} else {
		listener->vhost = sockets->plain;
	}
	if (!error)
		error = open_port(&listener->fd, &listener->port, options, why);
	if (error) {
		poll_closed((uv_handle_t *)&listener->poll);
		return error;
	}
	uv_poll_init_socket(loop_uv(sockets->loop), &listener->poll, listener->fd);
	uv_poll_start(&listener->poll, UV_READABLE, connections_came);
	listener->next = sockets->listeners;
	sockets->listeners = listener;
	*out = listener;
	return SDEX_OK;
}

uint16_t listener_port(const struct listener *listener)
{
	return listener->port;
}

enum sdex_error listener_reload(struct listener *listener, struct sdex_failure *why)
{
	if (!listener->cert)
		return fail(why, SDEX_ERR_INVALID, 0, "this listener has no TLS");
	if (!good_pair(listener->cert, listener->key))
		return fail(why, SDEX_ERR_MISSING, 0,
			    "%s and its key cannot be read or do not belong together",
			    listener->cert);
	lws_tls_cert_updated(listener->sockets->context, listener->cert, listener->key, NULL, 0,
			     NULL, 0);
	return SDEX_OK;
}

/* libwebsockets takes all and keeps what does not go: one record at a time, then. */
static ssize_t send_tls(struct socket *s, const struct iovec *pieces, int count)
{
	uint8_t record[LWS_PRE + TLS_WRITE_MAX];
	size_t size = 0;
	if (!s->wsi || lws_partial_buffered(s->wsi) || lws_send_pipe_choked(s->wsi))
		return 0;
	for (int i = 0; i < count && size < TLS_WRITE_MAX; i++) {
		size_t part = pieces[i].iov_len;
		if (part > TLS_WRITE_MAX - size)
			part = TLS_WRITE_MAX - size;
		memcpy(record + LWS_PRE + size, pieces[i].iov_base, part);
		size += part;
	}
	if (size == 0)
		return 0;
	if (lws_write(s->wsi, record + LWS_PRE, size, LWS_WRITE_RAW) < 0)
		return -1;
	if (lws_partial_buffered(s->wsi)) {
		s->held = true;
		lws_rx_flow_control(s->wsi, 0);
	}
	return (ssize_t)size;
}

ssize_t socket_send(struct socket *s, const struct iovec *pieces, int count)
{
	if (s->closed)
		return -1;
	if (s->tls)
		return send_tls(s, pieces, count);
	struct msghdr message = {.msg_iov = (struct iovec *)pieces, .msg_iovlen = (size_t)count};
	ssize_t sent;
	do {
		sent = sendmsg(s->fd, &message, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS))
		return 0;
	return sent;
}

void socket_want_writable(struct socket *s)
{
	if (s->wsi && !s->closed)
		lws_callback_on_writable(s->wsi);
}

void socket_pause(struct socket *s, bool pause)
{
	if (s->paused == pause || !s->wsi || s->closed)
		return;
	s->paused = pause;
	if (!s->held)
		lws_rx_flow_control(s->wsi, !pause);
}

void socket_shutdown(struct socket *s)
{
	if (!s->closed && !s->held) /* what TLS still holds would be lost */
		shutdown(s->fd, SHUT_WR);
}

void socket_close(struct socket *s)
{
	if (s->closed)
		return;
	s->closed = true;
	if (s->inside)
		return;
	lws_set_timeout(s->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC); /* frees it */
}

bool socket_is_tls(const struct socket *s)
{
	return s->tls;
}

void socket_peer(const struct socket *s, char text[64])
{
	struct sockaddr_storage name = {0};
	socklen_t size = sizeof name;
	int bad = getpeername(s->fd, (struct sockaddr *)&name, &size);
	if (!bad && name.ss_family == AF_INET)
		bad = uv_ip4_name((struct sockaddr_in *)&name, text, 64);
	else if (!bad)
		bad = uv_ip6_name((struct sockaddr_in6 *)&name, text, 64);
	if (bad)
		strcpy(text, "?");
}
