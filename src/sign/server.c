/* sign/server.c - reading requests, a batch at a time, and writing answers.
 *
 * A batch is what has come by the time the one before is answered: the busier it is, the
 * more signatures share one sync of the audit log. */
#include "sign/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"
#include "base/failure.h"
#include "sign/pack.h"

#define WINDOW (4u * FRAME_MAX)

struct server {
	struct desk *desk;
	const struct server_options *options;
	uint8_t in[WINDOW];
	size_t size, at; /* bytes of `in`, and those taken */
	uint8_t out[WINDOW];
	size_t out_size; /* bytes of `out` that wait to be written */
	bool told;       /* to end, while a peer did not read */
	struct frame frame;
};

struct desk_time server_time(void)
{
	struct timespec real, steady;
	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_MONOTONIC, &steady);
	return (struct desk_time){
		.now_ms = (int64_t)real.tv_sec * 1000 + real.tv_nsec / 1000000,
		.steady_ms = (uint64_t)steady.tv_sec * 1000 + (uint64_t)steady.tv_nsec / 1000000,
	};
}

/* From here on a socket that is full or empty says so, and nobody hangs in it. */
static bool set_patient(int socket)
{
	int flags = fcntl(socket, F_GETFL);
	return flags >= 0 && fcntl(socket, F_SETFL, flags | O_NONBLOCK) == 0;
}

/* ---- writing ---- */

/* Waits until the socket takes more.  False: a signal says to end, which a peer that does not
 * read must not keep us from. */
static bool wait_for_room(const struct server_options *o)
{
	struct pollfd wait[2] = {{.fd = o->socket, .events = POLLOUT},
				 {.fd = o->signals, .events = POLLIN}};
	poll(wait, 2, -1);
	return !wait[1].revents;
}

static enum sdex_error flush(struct server *s, struct sdex_failure *why)
{
	size_t at = 0;
	while (at < s->out_size && !s->told) {
		ssize_t wrote = write(s->options->socket, s->out + at, s->out_size - at);
		if (wrote < 0 && (errno == EINTR || errno == EAGAIN))
			s->told = !wait_for_room(s->options);
		else if (wrote <= 0)
			return fail(why, SDEX_ERR_INVALID, 0, "cannot answer: %s", strerror(errno));
		else
			at += (size_t)wrote;
	}
	s->out_size = 0;
	return SDEX_OK;
}

/* Puts a frame behind those that wait. */
static enum sdex_error say(struct server *s, const struct frame *frame, struct sdex_failure *why)
{
	if (sizeof s->out - s->out_size < FRAME_MAX) {
		enum sdex_error error = flush(s, why);
		if (error)
			return error;
	}
	size_t size = frame_write(s->out + s->out_size, FRAME_MAX, frame);
	s->out_size += size;
	return size ? SDEX_OK : fail(why, SDEX_ERR_LENGTH, 0, "an answer is too long for a frame");
}

void server_say_stopped(int socket, const char *text)
{
	uint8_t out[FRAME_TEXT_MAX + 16];
	const struct frame frame = {.kind = FRAME_STOPPED, .text = pack_text(text)};
	size_t size = frame_write(out, sizeof out, &frame);
	if (size && set_patient(socket) && write(socket, out, size) < 0)
		return; /* who has not read so far does not hear this either */
}

static enum sdex_error say_ready(struct server *s, struct sdex_failure *why)
{
	struct frame *frame = &s->frame;
	*frame = (struct frame){.kind = FRAME_READY,
				.version = FRAME_VERSION,
				.key_count = s->options->key_count,
				.text = pack_text(s->options->text)};
	for (uint32_t i = 0; i < frame->key_count; i++)
		frame->keys[i] = (struct frame_key){pack_text(s->options->keys[i].name),
						    s->options->keys[i].secret->public_key};
	enum sdex_error error = say(s, frame, why);
	return error ? error : flush(s, why);
}

/* ---- a batch ---- */

/* Takes the whole requests of the window, as many as a batch has; how many. */
static enum sdex_error take(struct server *s, uint32_t *count, struct sdex_failure *why)
{
	const struct desk_time now = server_time();
	enum sdex_error error = SDEX_OK;
	for (*count = 0; *count < DESK_BATCH && !error; (*count)++) {
		size_t used;
		enum frame_found found =
			frame_read(&s->frame, &used, s->in + s->at, s->size - s->at);
		if (found == FRAME_PARTIAL)
			break;
		if (found == FRAME_BAD || s->frame.kind != FRAME_SIGN)
			return fail(why, SDEX_ERR_SYNTAX, 0,
				    "the connector sent what is no request: it and the signer are "
				    "not of the same version, or somebody else has the socket");
		s->at += used;
		error = desk_take(s->desk, &s->frame, &now, why);
	}
	return error;
}

static enum sdex_error serve_batch(struct server *s, uint32_t *count, struct sdex_failure *why)
{
	enum sdex_error error = take(s, count, why);
	if (!error && *count)
		error = desk_settle(s->desk, server_time().now_ms, why);
	for (uint32_t i = 0; i < *count && !error; i++) {
		desk_answer(s->desk, i, &s->frame);
		error = say(s, &s->frame, why);
	}
	desk_clear(s->desk);
	return error ? error : flush(s, why);
}

static enum sdex_error serve_window(struct server *s, struct sdex_failure *why)
{
	uint32_t count;
	enum sdex_error error;
	do
		error = serve_batch(s, &count, why);
	while (!error && count && !s->told);
	memmove(s->in, s->in + s->at, s->size - s->at);
	s->size -= s->at;
	s->at = 0;
	return error;
}

/* ---- reading ---- */

/* Reads what has come; *ended: nothing more will. */
static enum sdex_error read_some(struct server *s, bool *ended, struct sdex_failure *why)
{
	struct pollfd wait[2] = {{.fd = s->options->socket, .events = POLLIN},
				 {.fd = s->options->signals, .events = POLLIN}};
	if (poll(wait, 2, -1) < 0)
		return errno == EINTR
			       ? SDEX_OK
			       : fail(why, SDEX_ERR_INVALID, 0, "cannot wait: %s", strerror(errno));
	if (wait[1].revents) {
		*ended = true;
		return SDEX_OK;
	}
	CHECK(s->size < sizeof s->in); /* serve_window leaves less than a frame */
	ssize_t got = read(s->options->socket, s->in + s->size, sizeof s->in - s->size);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return SDEX_OK;
	if (got < 0 && errno != ECONNRESET)
		return fail(why, SDEX_ERR_INVALID, 0, "cannot read requests: %s", strerror(errno));
	*ended = got <= 0;
	s->size += got > 0 ? (size_t)got : 0;
	return SDEX_OK;
}

enum sdex_error server_run(struct desk *desk, const struct server_options *options,
			   struct sdex_failure *why)
{
	struct server *s = calloc(1, sizeof *s);
	bool ended = false;
	if (!s)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory for the signer is out");
	s->desk = desk;
	s->options = options;
	enum sdex_error error =
		set_patient(options->socket)
			? say_ready(s, why)
			: fail(why, SDEX_ERR_INVALID, 0, "the socket is none: %s", strerror(errno));
	while (!error && !ended && !s->told) {
		error = read_some(s, &ended, why);
		if (!error)
			error = serve_window(s, why);
	}
	free(s);
	return error;
}
