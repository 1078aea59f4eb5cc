/* sign/secret.h - secrets come in over files, descriptors and the terminal, never over the
 * command line, and stay in locked memory.
 *
 * No text of a failure holds any of a secret, nor the path of a file that was not there,
 * for somebody may have given the secret itself in its place. */
#ifndef SDEX_SIGN_SECRET_H
#define SDEX_SIGN_SECRET_H

#include "sdex/key.h"

#define SECRET_ROOM 4096u

struct secret_text {
	char *text; /* locked; a NUL stands behind */
	size_t size;
};

/* Keeps this process out of core dumps and away from debuggers. */
void secret_harden(void);

/* Where a secret is read from. */
enum secret_place {
	SECRET_FILE,       /* only its owner, we or root, can read it */
	SECRET_CREDENTIAL, /* the same, or root's and readable by a group: a service manager's */
};

/* Read a secret; white space around it is left out.  On success the caller owns it.
 * NOMEM    memory that can be locked is out
 * MISSING  there is no such file, no terminal, nothing typed
 * LENGTH   it has SECRET_ROOM bytes or more
 * INVALID  others can read it, it is another's, or it cannot be read */
SDEX_MUST_USE enum sdex_error secret_from_file(struct secret_text *secret, const char *path,
					       enum secret_place place, struct sdex_failure *why);
/* To the descriptor's end, which stays the caller's.  `name` is for messages. */
SDEX_MUST_USE enum sdex_error secret_from_fd(struct secret_text *secret, int fd, const char *name,
					     struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error secret_from_terminal(struct secret_text *secret, const char *prompt,
						   struct sdex_failure *why);
/* A copy of a text. */
SDEX_MUST_USE enum sdex_error secret_from_text(struct secret_text *secret, const char *text,
					       struct sdex_failure *why);

void secret_free(struct secret_text *secret); /* wipes; an empty one is fine */

/* A key pair in locked memory; NULL when there is none. */
struct sdex_secret *secret_new(void);
void secret_wipe(struct sdex_secret *key); /* frees; NULL is fine */

/* Does the system keep these pages of secret_new or of a text out of swap?  It refuses where
 * the limit of locked memory is low (RLIMIT_MEMLOCK). */
bool secret_is_locked(void *data, size_t size);

/* Random bytes of the system's generator. */
void secret_random(void *data, size_t size);

/* Makes a new file that only the user can read, with the text and a newline in it.
 * DUPLICATE  there is such a file already;  INVALID  the system refuses */
SDEX_MUST_USE enum sdex_error secret_save(const char *path, const char *text,
					  struct sdex_failure *why);

#endif
