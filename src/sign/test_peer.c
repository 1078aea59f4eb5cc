/* sign/test_peer.c - a program that behaves as a signer, or as none should; how, is the word in
 * place of the network's passphrase. */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/endian.h"
#include "sign/frame.h"
#include "sign/pack.h"

#define SOCKET 3

static const char *mode;
static uint8_t room[4 * FRAME_MAX], out[FRAME_MAX];
static size_t size;
static struct frame frame;

static bool is(const char *word)
{
	return strcmp(mode, word) == 0;
}

static void say(const struct frame *what)
{
	size_t length = frame_write(out, sizeof out, what);
	size_t step = is("pieces") ? 1 : length;
	for (size_t at = 0; at < length; at += step)
		if (write(SOCKET, out + at, step) != (ssize_t)step)
			_exit(3);
}

static void say_ready(void)
{
	static const uint8_t key[32] = {1, 2, 3};
	static char text[64];
	struct frame ready = {.kind = FRAME_READY, .version = FRAME_VERSION, .key_count = 1};
	ready.keys[0] = (struct frame_key){pack_text("k"), key};
	if (is("version"))
		ready.version = 99;
	if (is("passphrase") && read(4, text, sizeof text - 1) > 0)
		ready.text = pack_text(text);
	if (is("environment"))
		ready.text = pack_text(getenv("HOME") ? "it has a HOME" : "bare");
	say(&ready);
}

/* The next request; false at the end. */
static bool next(void)
{
	size_t used;
	while (frame_read(&frame, &used, room, size) != FRAME_WHOLE) {
		ssize_t got = read(SOCKET, room + size, sizeof room - size);
		if (got <= 0)
			return false;
		size += (size_t)got;
	}
	return true;
}

static void drop(void)
{
	size_t used = 4 + load_be32(room);
	memmove(room, room + used, size - used);
	size -= used;
}

static void answer(void)
{
	struct frame to = {.kind = FRAME_SIGNED, .token = frame.token, .envelope = frame.envelope};
	if (is("refuse") || is("rate"))
		to = (struct frame){.kind = FRAME_REFUSED,
				    .token = frame.token,
				    .rule = pack_text(is("rate") ? mode : "max_time"),
				    .text = pack_text("too far")};
	if (is("unasked"))
		to.token += 1000;
	if (is("request"))
		to = frame;
	if (is("die"))
		_exit(7);
	if (!is("mute"))
		say(&to);
}

int main(int argc, char **argv)
{
	mode = argc > 3 ? argv[3] : "";
	signal(SIGPIPE, SIG_IGN);
	if (is("exit"))
		return 5;
	if (is("stop")) {
		say(&(struct frame){.kind = FRAME_STOPPED, .text = pack_text("the disk is full")});
		return 1;
	}
	if (is("garbage"))
		(void)!write(SOCKET, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
	else if (!is("silent"))
		say_ready();
	while (next()) {
		answer();
		drop();
	}
	return 0;
}
