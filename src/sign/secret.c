/* sign/secret.c - reading and keeping secrets. */
#include "sign/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

#include "base/check.h"
#include "base/failure.h"

void secret_harden(void)
{
	const struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static void *locked(size_t size)
{
	CHECK(sodium_init() >= 0);
	return sodium_malloc(size);
}

bool secret_is_locked(void *data, size_t size)
{
	/* sodium_malloc has asked before, and does not tell. */
	return sodium_mlock(data, size) == 0;
}

struct sdex_secret *secret_new(void)
{
	return locked(sizeof(struct sdex_secret));
}

void secret_wipe(struct sdex_secret *key)
{
	sodium_free(key); /* wipes */
}

void secret_free(struct secret_text *secret)
{
	sodium_free(secret->text);
	secret->text = NULL;
}

void secret_random(void *data, size_t size)
{
	CHECK(sodium_init() >= 0);
	randombytes_buf(data, size);
}

/* ---- files ---- */

/* A file that others can read holds no secret.  Pipes and the like have no such bits. */
static enum sdex_error check_private(int fd, const char *path, enum secret_place place,
				     struct sdex_failure *why)
{
	struct stat st;
	if (fstat(fd, &st))
		return fail(why, SDEX_ERR_INVALID, 0, "cannot look at %.100s: %s", path,
			    strerror(errno));
	if (!S_ISREG(st.st_mode))
		return SDEX_OK;
	mode_t others = S_IRWXG | S_IRWXO;
	if (place == SECRET_CREDENTIAL && st.st_uid == 0)
		others &= ~(mode_t)S_IRGRP;
	if (st.st_mode & others)
		return fail(
			why, SDEX_ERR_INVALID, 0,
			"%.60s can be read by others (mode %04o): chmod 600 %.60s, and think of "
			"the key as known",
			path, (unsigned)st.st_mode & 07777, path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return fail(why, SDEX_ERR_INVALID, 0, "%.100s belongs to another user", path);
	return SDEX_OK;
}

static enum sdex_error read_all(struct secret_text *secret, int fd, const char *name,
				struct sdex_failure *why)
{
	for (;;) {
		ssize_t got = read(fd, secret->text + secret->size, SECRET_ROOM - secret->size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(why, SDEX_ERR_INVALID, 0, "cannot read %.100s: %s", name,
				    strerror(errno));
		if (got == 0)
			return SDEX_OK;
		secret->size += (size_t)got;
		if (secret->size == SECRET_ROOM)
			return fail(why, SDEX_ERR_LENGTH, 0, "%.100s is too long for a secret",
				    name);
	}
}

/* ---- the terminal ---- */

/* Holds back the signals that would end or stop us while the terminal is silent, and gives
 * a descriptor that tells of them (-1: none, and nothing is held back).  They strike when
 * `before` is put back. */
static int hold_signals(sigset_t *before)
{
	static const int held[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof held / sizeof *held; i++)
		sigaddset(&set, held[i]);
	sigprocmask(SIG_BLOCK, &set, before);
	int fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		sigprocmask(SIG_SETMASK, before, NULL);
	return fd;
}

enum typed { TYPED_LINE, TYPED_NOTHING, TYPED_DISTURBED };

static enum typed read_line(struct secret_text *secret, int fd, int signals)
{
	struct pollfd wait[2] = {{.fd = signals, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
	for (secret->size = 0; secret->size + 1 < SECRET_ROOM;) {
		char c;
		if (poll(wait, 2, -1) < 0 && errno != EINTR)
			return TYPED_NOTHING;
		if (wait[0].revents)
			return TYPED_DISTURBED;
		ssize_t got = wait[1].revents ? read(fd, &c, 1) : -1;
		if (got < 0 && (!wait[1].revents || errno == EINTR))
			continue;
		if (got <= 0 || c == '\n')
			return got > 0 || secret->size > 0 ? TYPED_LINE : TYPED_NOTHING;
		secret->text[secret->size++] = c;
	}
	return TYPED_NOTHING;
}

/* Asks for a line that is not shown while it is typed. */
static enum typed ask_once(struct secret_text *secret, int fd, const struct termios *shown,
			   const char *prompt)
{
	struct termios silent = *shown;
	sigset_t before;
	int signals = hold_signals(&before);
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	tcsetattr(fd, TCSAFLUSH, &silent);
	dprintf(fd, "%s: ", prompt);
	enum typed typed = read_line(secret, fd, signals);
	tcsetattr(fd, TCSAFLUSH, shown);
	dprintf(fd, "\n");
	if (signals >= 0) {
		close(signals);
		sigprocmask(SIG_SETMASK, &before, NULL); /* the signal may end us here */
	}
	return typed;
}

static enum sdex_error ask(struct secret_text *secret, const char *prompt, struct sdex_failure *why)
{
	struct termios shown;
	enum typed typed;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || tcgetattr(fd, &shown)) {
		if (fd >= 0)
			close(fd);
		return fail(why, SDEX_ERR_MISSING, 0, "there is no terminal to ask for the secret");
	}
	do
		typed = ask_once(secret, fd, &shown, prompt);
	while (typed == TYPED_DISTURBED); /* stopped, and gone on with */
	close(fd);
	if (typed == TYPED_NOTHING)
		return fail(why, SDEX_ERR_MISSING, 1, "no secret was typed");
	return SDEX_OK;
}

/* ---- outside ---- */

static bool blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void trim(struct secret_text *secret)
{
	size_t front = 0;
	while (secret->size && blank(secret->text[secret->size - 1]))
		secret->size--;
	while (front < secret->size && blank(secret->text[front]))
		front++;
	secret->size -= front;
	memmove(secret->text, secret->text + front, secret->size);
	secret->text[secret->size] = '\0';
}

static enum sdex_error begin(struct secret_text *secret, struct sdex_failure *why)
{
	*secret = (struct secret_text){locked(SECRET_ROOM + 1), 0};
	if (secret->text)
		return SDEX_OK;
	return fail(why, SDEX_ERR_NOMEM, 0, "memory that can be locked is out");
}

static enum sdex_error end(struct secret_text *secret, enum sdex_error error)
{
	if (error)
		secret_free(secret);
	else
		trim(secret);
	return error;
}

enum sdex_error secret_from_file(struct secret_text *secret, const char *path,
				 enum secret_place place, struct sdex_failure *why)
{
	if (begin(secret, why))
		return SDEX_ERR_NOMEM;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		/* Whoever gives the secret itself in place of a file is not to find it in a log. */
		return end(secret,
			   fail(why, errno == ENOENT ? SDEX_ERR_MISSING : SDEX_ERR_INVALID, 0,
				"cannot open the file of the secret: %s (what was given is not "
				"repeated here, for it may be the secret itself)",
				strerror(errno)));
	}
	enum sdex_error error = check_private(fd, path, place, why);
	if (!error)
		error = read_all(secret, fd, path, why);
	close(fd);
	return end(secret, error);
}

enum sdex_error secret_from_fd(struct secret_text *secret, int fd, const char *name,
			       struct sdex_failure *why)
{
	enum sdex_error error = begin(secret, why);
	return error ? error : end(secret, read_all(secret, fd, name, why));
}

enum sdex_error secret_from_terminal(struct secret_text *secret, const char *prompt,
				     struct sdex_failure *why)
{
	enum sdex_error error = begin(secret, why);
	return error ? error : end(secret, ask(secret, prompt, why));
}

enum sdex_error secret_from_text(struct secret_text *secret, const char *text,
				 struct sdex_failure *why)
{
	size_t size = strlen(text);
	enum sdex_error error = begin(secret, why);
	if (error)
		return error;
	if (size >= SECRET_ROOM)
		return end(secret, fail(why, SDEX_ERR_LENGTH, 0,
					"the text is too long for a "
					"secret"));
	memcpy(secret->text, text, size);
	secret->size = size;
	return end(secret, SDEX_OK);
}

enum sdex_error secret_save(const char *path, const char *text, struct sdex_failure *why)
{
	int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	if (fd < 0 && errno == EEXIST)
		return fail(why, SDEX_ERR_DUPLICATE, 0,
			    "cannot make %.100s: there is such a file; no key is ever written over",
			    path);
	if (fd < 0)
		return fail(why, SDEX_ERR_INVALID, 0, "cannot make %.100s: %s", path,
			    strerror(errno));
	bool good = dprintf(fd, "%s\n", text) == (int)strlen(text) + 1 && fsync(fd) == 0;
	good = close(fd) == 0 && good;
	if (good)
		return SDEX_OK;
	fail(why, SDEX_ERR_INVALID, 0, "cannot write %.100s: %s", path, strerror(errno));
	unlink(path);
	return SDEX_ERR_INVALID;
}
