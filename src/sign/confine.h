/* sign/confine.h - what a process with keys gives up.
 *
 * Before it has read anything: core dumps, debuggers, privileges that a program could gain,
 * descriptors that are not its own.  With the keys loaded: files and sockets (Landlock) and
 * all system calls but those that serving takes (seccomp), where the kernel has them. */
#ifndef SDEX_SIGN_CONFINE_H
#define SDEX_SIGN_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

#include "sdex/error.h"

struct confined {
	bool not_dumpable, no_core, no_new_privileges;
	int landlock; /* its ABI; 0: the kernel has none */
	bool seccomp;
	bool locked; /* secrets are kept out of swap; the caller's to set */
};

/* Gives up what can be given up at once. */
void confine_early(struct confined *confined);

/* Closes all descriptors but the standard ones and `count` others.
 * INVALID  the system refuses */
SDEX_MUST_USE enum sdex_error confine_descriptors(const int *keep, size_t count,
						  struct sdex_failure *why);

/* From here on: no file, no socket, no other program; reading, writing and syncing what is
 * open, and little else.  What the kernel does not have is left out, and `confined` says so.
 * Programs made with sanitizers do without both: those look for leaks in /proc at the end.
 * INVALID  the kernel has it and refuses all the same */
SDEX_MUST_USE enum sdex_error confine_serving(struct confined *confined, struct sdex_failure *why);

/* "dumps off, privileges off, Landlock 6, seccomp, memory locked", with what is missing
 * named; a NUL behind. */
void confine_text(char *text, size_t room, const struct confined *confined);

/* Is all of it on? */
bool confine_is_whole(const struct confined *confined);

#endif
