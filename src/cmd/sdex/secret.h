/* cmd/sdex/secret.h - the options by which secrets come into a command. */
#ifndef SDEX_CMD_SECRET_H
#define SDEX_CMD_SECRET_H

#include "cmd/sdex/args.h"
#include "sign/secret.h"

/* The rows of an option table by which a secret comes in. */
#define SECRET_OPTIONS(what)                                                               \
	{.name = "key",                                                                    \
	 .letter = 'k',                                                                    \
	 .value = "FILE",                                                                  \
	 .complete = COMPLETE_FILE,                                                        \
	 .help = what " in a file that only you can read (mode 0600), or -\n"              \
		      "for standard input; nothing: asked for on the terminal"},           \
	{                                                                                  \
		.name = "key-fd", .value = "N", .help = what " on an open file descriptor" \
	}

/* Reads a secret from where --key or --key-fd says, or from the terminal behind the
 * prompt.  White space around it is left out.  False, said on stderr; *status is what to
 * end with. */
bool secret_read(struct secret_text *secret, const struct args *args, const char *prompt,
		 enum status *status);

/* The same for one source: a path or "-", or when it is NULL the descriptor, or when that
 * is negative the terminal. */
bool secret_read_from(struct secret_text *secret, const char *path, int fd, const char *prompt);

/* Does --key take standard input? */
bool secret_takes_stdin(const struct args *args);

/* A key pair in locked memory; NULL, said on stderr, when memory is out. */
struct sdex_secret *secret_make(void);

/* Makes the pair of a seed in text (S...); false, said on stderr, when it is none. */
bool secret_to_key(struct sdex_secret *key, const struct secret_text *secret);

/* Makes a new file that only the user can read, with the text and a newline in it. */
bool secret_write(const char *path, const char *text);

#endif
