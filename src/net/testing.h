/* net/testing.h - what the network tests share: a loop with a watchdog, raw clients. */
#ifndef SDEX_NET_TESTING_H
#define SDEX_NET_TESTING_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/testing.h"
#include "net/loop.h"

/* Turns the loop until `done` is set; a test that waits in vain fails after 20 seconds. */
static inline void turn_until(struct loop *loop, const bool *done)
{
	uint64_t start = loop_now_ms(loop);
	while (!*done) {
		loop_turn(loop, false);
		if (loop_now_ms(loop) - start > 20000)
			fail_msg("nothing happened for 20 seconds");
		if (!*done)
			usleep(200);
	}
}

/* Turns the loop until `*count` is `wanted` or more; one that waits in vain fails after 30
 * seconds and says what was `said` last. */
static inline void turn_until_count(struct loop *loop, const unsigned *count, unsigned wanted,
				    const char *said)
{
	uint64_t start = loop_now_ms(loop);
	while (*count < wanted) {
		loop_turn(loop, false);
		usleep(100);
		if (loop_now_ms(loop) - start > 30000)
			fail_msg("nothing happened for 30 seconds; it said: %s", said);
	}
}

/* A client that is nothing but a socket: what it sends and what has come back. */
struct raw {
	int fd;
	char *got;
	size_t size, room;
	bool ended; /* the server closed */
	bool reset;
};

static inline struct raw raw_open(uint16_t port)
{
	struct raw raw = {.fd = socket(AF_INET, SOCK_STREAM, 0)};
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(raw.fd >= 0);
	assert_int_equal(connect(raw.fd, (struct sockaddr *)&to, sizeof to), 0);
	fcntl(raw.fd, F_SETFL, O_NONBLOCK);
	return raw;
}

static inline void raw_close(struct raw *raw)
{
	if (raw->fd >= 0)
		close(raw->fd);
	free(raw->got);
	*raw = (struct raw){.fd = -1};
}

/* Sends as much as goes; how much went, -1 when the connection is dead. */
static inline ssize_t raw_send(struct raw *raw, const void *data, size_t size)
{
	ssize_t sent = send(raw->fd, data, size, MSG_NOSIGNAL);
	return sent < 0 && errno == EAGAIN ? 0 : sent;
}

static inline void raw_say(struct raw *raw, const char *text)
{
	assert_int_equal(raw_send(raw, text, strlen(text)), strlen(text));
}

/* Takes what is there. */
static inline void raw_read(struct raw *raw)
{
	for (;;) {
		if (raw->room - raw->size < 65536) {
			raw->room = raw->room * 2 + 131072;
			raw->got = realloc(raw->got, raw->room);
			assert_non_null(raw->got);
		}
		ssize_t n = recv(raw->fd, raw->got + raw->size, raw->room - raw->size - 1, 0);
		if (n == 0)
			raw->ended = true;
		if (n < 0 && errno != EAGAIN)
			raw->ended = raw->reset = true;
		if (n <= 0)
			break;
		raw->size += (size_t)n;
	}
	raw->got[raw->size] = '\0';
}

/* True when the answer so far has `text` anywhere, be there NULs or not. */
static inline bool raw_has(const struct raw *raw, const char *text)
{
	size_t size = strlen(text);
	for (size_t i = 0; i + size <= raw->size; i++)
		if (memcmp(raw->got + i, text, size) == 0)
			return true;
	return false;
}

/* Turns the loop until the answer so far has `text`, or with NULL until the server closed. */
static inline void raw_wait(struct loop *loop, struct raw *raw, const char *text)
{
	uint64_t start = loop_now_ms(loop);
	for (;;) {
		loop_turn(loop, false);
		raw_read(raw);
		if (text ? raw_has(raw, text) : raw->ended)
			return;
		if (loop_now_ms(loop) - start > 20000 || (text && raw->ended))
			fail_msg("expected %s, got %.300s", text ? text : "the end", raw->got);
		usleep(100);
	}
}

/* Some passes of the loop. */
static inline void turn(struct loop *loop, int passes)
{
	while (passes-- > 0) {
		loop_turn(loop, false);
		usleep(100);
	}
}

#endif
