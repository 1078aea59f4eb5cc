/* sign/child.c - the signer's process on libuv.
 *
 * The end has two halves, in either order: the process is gone, and its socket has been read
 * to the end.  Only both together mean that no answer can come any more and that the files
 * it locked are free. */
#include "sign/child.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "base/failure.h"

struct child {
	uv_process_t process;
	uv_pipe_t pipe;
	struct child_hooks hooks;
	void *arg;
	bool dropped, exited, eof;
	unsigned open;                  /* handles that are not closed yet */
	char text[FRAME_TEXT_MAX + 64]; /* why it ended */
	size_t size;                    /* bytes of `buffer` in use */
	uint8_t buffer[FRAME_MAX];
	struct frame frame; /* room for reading one */
};

struct outgoing {
	uv_write_t uv;
	uint8_t data[];
};

static void closed(uv_handle_t *handle)
{
	struct child *child = handle->data;
	if (--child->open == 0)
		free(child);
}

static void close_handles(struct child *child)
{
	uv_close((uv_handle_t *)&child->pipe, closed);
	uv_close((uv_handle_t *)&child->process, closed);
}

static void conclude(struct child *child)
{
	if (child->dropped || !child->exited || !child->eof)
		return;
	child->dropped = true;
	child->hooks.ended(child->arg, child->text);
	close_handles(child);
}

static void set_text(struct child *child, const char *text)
{
	if (!*child->text)
		snprintf(child->text, sizeof child->text, "%s", text);
}

static void on_gone(uv_process_t *process, int64_t status, int signal_number)
{
	struct child *child = process->data;
	char text[80];
	child->exited = true;
	if (signal_number)
		snprintf(text, sizeof text, "the signer was ended by signal %d", signal_number);
	else
		snprintf(text, sizeof text, "the signer ended with status %d", (int)status);
	set_text(child, text);
	conclude(child);
}

static void at_eof(struct child *child)
{
	uv_read_stop((uv_stream_t *)&child->pipe);
	child->eof = true;
	/* Without its socket it is of no use, whatever it still does. */
	if (!child->exited)
		uv_process_kill(&child->process, SIGKILL);
	conclude(child);
}

/* Hands over the whole frames of the buffer; false at bytes that are none. */
static bool take_frames(struct child *child)
{
	size_t at = 0, used;
	enum frame_found found = FRAME_PARTIAL;
	while (!child->dropped && (found = frame_read(&child->frame, &used, child->buffer + at,
						      child->size - at)) == FRAME_WHOLE) {
		at += used;
		if (child->frame.kind == FRAME_STOPPED)
			snprintf(child->text, sizeof child->text, "%.*s",
				 (int)child->frame.text.size, (const char *)child->frame.text.data);
		else
			child->hooks.frame(child->arg, &child->frame);
	}
	child->size -= at;
	memmove(child->buffer, child->buffer + at, child->size);
	return found != FRAME_BAD;
}

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buf)
{
	struct child *child = handle->data;
	(void)wanted;
	*buf = uv_buf_init((char *)child->buffer + child->size,
			   (unsigned)(sizeof child->buffer - child->size));
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buf)
{
	struct child *child = stream->data;
	(void)buf;
	if (child->dropped || got == 0)
		return;
	if (got < 0) {
		at_eof(child);
		return;
	}
	child->size += (size_t)got;
	if (!take_frames(child) && !child->dropped) {
		set_text(child, "the signer's bytes were no frame: is the program an sdex-signer "
				"of this version?");
		at_eof(child);
	}
}

/* What the child sees of the environment: names of passphrases, and nothing that could bend
 * what it loads. */
static char *const *environment(char *out[3])
{
	static const char *const names[] = {"CREDENTIALS_DIRECTORY", "SDEX_SIGNER_PASSPHRASE"};
	unsigned count = 0;
	for (size_t i = 0; i < 2; i++) {
		const char *value = getenv(names[i]);
		size_t size = value ? strlen(names[i]) + strlen(value) + 2 : 0;
		char *line = value ? malloc(size) : NULL;
		if (line) {
			snprintf(line, size, "%s=%s", names[i], value);
			out[count++] = line;
		}
	}
	out[count] = NULL;
	return out;
}

static int spawn(struct child *child, struct loop *loop, const char *const *argv, int passphrase_fd)
{
	char *env[3];
	uv_stdio_container_t stdio[5] = {
		{.flags = UV_IGNORE},
		{.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO},
		{.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO},
		{.flags = UV_CREATE_PIPE | UV_READABLE_PIPE | UV_WRITABLE_PIPE,
		 .data.stream = (uv_stream_t *)&child->pipe},
		{.flags = UV_INHERIT_FD, .data.fd = passphrase_fd},
	};
	uv_process_options_t options = {
		.exit_cb = on_gone,
		.file = argv[0],
		.args = (char **)(uintptr_t)argv,
		.env = (char **)(uintptr_t)environment(env),
		/* A session of its own: the terminal's Ctrl-C is for the connector, which ends
		 * in order and then lets the signer go. */
		.flags = UV_PROCESS_DETACHED,
		.stdio_count = passphrase_fd > STDERR_FILENO ? 5 : 4,
		.stdio = stdio,
	};
	if (passphrase_fd > STDERR_FILENO)
		lseek(passphrase_fd, 0, SEEK_SET); /* fails for a pipe, which serves but once */
	int error = uv_spawn(loop_uv(loop), &child->process, &options);
	for (unsigned i = 0; env[i]; i++) {
		sdex_wipe(env[i], strlen(env[i]));
		free(env[i]);
	}
	return error;
}

struct child *child_start(struct loop *loop, const char *const *argv, int passphrase_fd,
			  const struct child_hooks *hooks, void *arg, struct sdex_failure *why)
{
	struct child *child = calloc(1, sizeof *child);
	if (!child) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory for the signer's client is out");
		return NULL;
	}
	child->hooks = *hooks;
	child->arg = arg;
	child->open = 2;
	uv_pipe_init(loop_uv(loop), &child->pipe, 0);
	int error = spawn(child, loop, argv, passphrase_fd);
	child->pipe.data = child->process.data = child;
	if (!error)
		error = uv_read_start((uv_stream_t *)&child->pipe, on_room, on_read);
	if (!error)
		return child;
	fail(why, error == UV_ENOENT ? SDEX_ERR_MISSING : SDEX_ERR_INVALID, 0,
	     "cannot start the signer %.120s: %s", argv[0], uv_strerror(error));
	child->dropped = true;
	close_handles(child);
	return NULL;
}

static void on_written(uv_write_t *write, int status)
{
	(void)status; /* a socket that takes no more ends, and reading tells that */
	free(write->data);
}

bool child_send(struct child *child, const void *data, size_t size)
{
	struct outgoing *out = malloc(sizeof *out + size);
	if (!out)
		return false;
	memcpy(out->data, data, size);
	out->uv.data = out;
	uv_buf_t buf = uv_buf_init((char *)out->data, (unsigned)size);
	if (uv_write(&out->uv, (uv_stream_t *)&child->pipe, &buf, 1, on_written))
		free(out); /* as on_written */
	return true;
}

void child_kill(struct child *child, const char *text)
{
	set_text(child, text);
	if (!child->exited)
		uv_process_kill(&child->process, SIGKILL);
}

void child_drop(struct child *child)
{
	if (!child || child->dropped)
		return;
	child->dropped = true;
	close_handles(child);
}
