/* cmd/sdex-signer/signer.h - what the verbs of sdex-signer share. */
#ifndef SDEX_CMD_SIGNER_H
#define SDEX_CMD_SIGNER_H

#include <getopt.h>

#include "sign/keystore.h"
#include "sign/secret.h"

enum status {
	STATUS_OK = 0,
	STATUS_REFUSED = 1,
	STATUS_USAGE = 2, /* the command line is not understood */
};

/* The verbs; argv[0] is the verb itself. */
enum status verb_init(int argc, char **argv);
enum status verb_show(int argc, char **argv);
enum status verb_serve(int argc, char **argv);
enum status verb_audit(int argc, char **argv);

/* "sdex-signer: ..." on stderr. */
enum status say_refused(const char *format, ...) __attribute__((format(printf, 1, 2)));
enum status say_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reads a whole number from `least` to `most`; false, said on stderr, when it is none. */
bool read_number(const char *name, const char *text, uint64_t *number, uint64_t least,
		 uint64_t most);
/* The same for bytes, which may end in k, M or G (of 1024). */
bool read_size(const char *name, const char *text, uint64_t *size, uint64_t least, uint64_t most);

/* ---- passphrase.c */

/* Where the passphrase may be; the first of these that is there counts: the descriptor; the
 * service manager's credential; the file; the terminal; the environment. */
struct passphrase {
	int fd;                /* -1: none */
	const char *file;      /* NULL: none */
	bool is_new;           /* asked for twice on the terminal */
	bool from_environment; /* set by reading */
	struct secret_text environment;
};

#define PASSPHRASE_OPTIONS                                      \
	{"passphrase-fd", required_argument, NULL, 'd'},        \
	{                                                       \
		"passphrase-file", required_argument, NULL, 'p' \
	}

#define PASSPHRASE_HELP                                                                     \
	"The passphrase comes from the first of: --passphrase-fd N; the file\n"             \
	"sdex-signer.passphrase in $CREDENTIALS_DIRECTORY; --passphrase-file FILE (mode\n"  \
	"0600); the terminal; $SDEX_SIGNER_PASSPHRASE, which other programs of this user\n" \
	"can read and which is for tests only.\n"

/* Takes the environment's passphrase out of it, at once; false when memory is out. */
bool passphrase_begin(struct passphrase *source);

/* Takes an option of PASSPHRASE_OPTIONS; false, said, when its value is none. */
bool passphrase_option(struct passphrase *source, int option, const char *value);

/* False, said on stderr and in *why, when there is none. */
bool passphrase_read(struct secret_text *passphrase, struct passphrase *source,
		     struct sdex_failure *why);
void passphrase_end(struct passphrase *source);

#endif
