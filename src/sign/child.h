/* sign/child.h - one run of the signer's process: started, spoken to in frames, ended.
 *
 * The child has a socket as descriptor 3 and, when there is one, its passphrase as 4; of the
 * environment only what names a passphrase. */
#ifndef SDEX_SIGN_CHILD_H
#define SDEX_SIGN_CHILD_H

#include "net/loop.h"
#include "sdex/error.h"
#include "sign/frame.h"

#define CHILD_SOCKET_FD 3
#define CHILD_PASSPHRASE_FD 4

struct child;

/* From the top of the loop.  After `ended` the child is no more. */
struct child_hooks {
	void (*frame)(void *arg, const struct frame *frame);
	void (*ended)(void *arg, const char *text);
};

/* Starts a program; argv[0] is its path, NULL stands at the end.
 * NULL  MISSING: there is no such program;  NOMEM, INVALID: the system refuses */
struct child *child_start(struct loop *loop, const char *const *argv, int passphrase_fd,
			  const struct child_hooks *hooks, void *arg, struct sdex_failure *why);

/* Sends bytes behind those before; copied.  False when memory is out. */
SDEX_MUST_USE bool child_send(struct child *child, const void *data, size_t size);

/* Ends the process at once, for the reason that `ended` then gives. */
void child_kill(struct child *child, const char *text);

/* Lets go of it: its socket is closed, at which it ends; no callback follows. */
void child_drop(struct child *child);

#endif
