/* cmd/sdex/secret.c - reading and keeping secrets. */
#include "cmd/sdex/secret.h"

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
#include "cmd/sdex/say.h"

void secret_harden(void)
{
	const struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static void *locked(size_t size)
{
	CHECK(sodium_init() >= 0);
	void *piece = sodium_malloc(size);
	if (!piece)
		say_refused("memory that can be locked is out");
	return piece;
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

bool secret_takes_stdin(const struct args *args)
{
	const char *path = args_value(args, "key");
	return path && strcmp(path, "-") == 0;
}

/* ---- files ---- */

/* A file that others can read holds no secret.  Pipes and the like have no such bits. */
static bool is_private(int fd, const char *path)
{
	struct stat st;
	if (fstat(fd, &st)) {
		say_refused("cannot look at %s: %s", path, strerror(errno));
		return false;
	}
	if (S_ISREG(st.st_mode) && st.st_mode & (S_IRWXG | S_IRWXO)) {
		say_refused(
			"%s can be read by others (mode %04o): chmod 600 %s, and think of the key "
			"as known",
			path, (unsigned)st.st_mode & 07777, path);
		return false;
	}
	if (S_ISREG(st.st_mode) && st.st_uid != geteuid() && st.st_uid != 0) {
		say_refused("%s belongs to another user", path);
		return false;
	}
	return true;
}

static bool read_all(struct secret_text *secret, int fd, const char *name)
{
	for (;;) {
		ssize_t got = read(fd, secret->text + secret->size, SECRET_ROOM - secret->size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			say_refused("cannot read %s: %s", name, strerror(errno));
			return false;
		}
		if (got == 0)
			return true;
		secret->size += (size_t)got;
		if (secret->size == SECRET_ROOM) {
			say_refused("%s is too long for a secret", name);
			return false;
		}
	}
}

static bool read_file(struct secret_text *secret, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		/* Whoever gives the secret itself in place of a file is not to find it in a log. */
		say_refused("cannot open the file of the secret: %s (what was given is not "
			    "repeated here, for it may be the secret itself)",
			    strerror(errno));
		return false;
	}
	bool good = is_private(fd, path) && read_all(secret, fd, path);
	close(fd);
	return good;
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

static bool ask(struct secret_text *secret, const char *prompt)
{
	struct termios shown;
	enum typed typed;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || tcgetattr(fd, &shown)) {
		say_refused("there is no terminal to ask for the secret: --key FILE, --key - or "
			    "--key-fd N "
			    "say where it is");
		if (fd >= 0)
			close(fd);
		return false;
	}
	do
		typed = ask_once(secret, fd, &shown, prompt);
	while (typed == TYPED_DISTURBED); /* stopped, and gone on with */
	close(fd);
	if (typed == TYPED_NOTHING)
		say_refused("no secret was typed");
	return typed == TYPED_LINE;
}

/* ---- both ---- */

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

bool secret_read_from(struct secret_text *secret, const char *path, int fd, const char *prompt)
{
	*secret = (struct secret_text){locked(SECRET_ROOM + 1), 0};
	if (!secret->text)
		return false;
	bool good;
	if (path && strcmp(path, "-") != 0)
		good = read_file(secret, path);
	else if (path)
		good = read_all(secret, STDIN_FILENO, "standard input");
	else if (fd >= 0)
		good = read_all(secret, fd, "the descriptor");
	else
		good = ask(secret, prompt);
	if (good)
		trim(secret);
	else
		secret_free(secret);
	return good;
}

bool secret_read(struct secret_text *secret, const struct args *args, const char *prompt,
		 enum status *status)
{
	uint64_t fd = 0;
	const char *path = args_value(args, "key");
	bool by_fd = args_has(args, "key-fd");
	*status = STATUS_USAGE;
	if (path && by_fd) {
		args_misused(args, "--key and --key-fd exclude each other");
		return false;
	}
	if (by_fd && !args_number(args, "key-fd", &fd, 0, 0, 65535))
		return false;
	*status = STATUS_REFUSED;
	return secret_read_from(secret, path, by_fd ? (int)fd : -1, prompt);
}

bool secret_to_key(struct sdex_secret *key, const struct secret_text *secret)
{
	struct sdex_failure why;
	if (sdex_secret_from_strkey(key, secret->text, secret->size, &why) == SDEX_OK)
		return true;
	if (memchr(secret->text, ' ', secret->size))
		say_refused("the secret is not a seed (S...); words of a mnemonic become one by "
			    "sdex key derive --out FILE");
	else
		say_failure("the secret", &why);
	return false;
}

bool secret_write(const char *path, const char *text)
{
	int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	if (fd < 0) {
		say_refused("cannot make %s: %s", path,
			    errno == EEXIST ? "there is such a file; no key is ever written over"
					    : strerror(errno));
		return false;
	}
	bool good = dprintf(fd, "%s\n", text) == (int)strlen(text) + 1 && fsync(fd) == 0;
	good = close(fd) == 0 && good;
	if (!good) {
		say_refused("cannot write %s: %s", path, strerror(errno));
		unlink(path);
	}
	return good;
}
