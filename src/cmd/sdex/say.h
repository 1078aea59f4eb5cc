/* cmd/sdex/say.h - what goes to the person on stderr, and whether stdout took it all. */
#ifndef SDEX_CMD_SAY_H
#define SDEX_CMD_SAY_H

#include "cmd/sdex/args.h"
#include "sdex/error.h"

/* "sdex: ..." on stderr. */
enum status say_refused(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a failure of the library: what was read, the place in it, the reason. */
enum status say_failure(const char *what, const struct sdex_failure *why);

/* A word of caution or help that changes no result. */
void say_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Flushes stdout; a full disk or closed pipe makes a success a refusal. */
enum status say_done(enum status status);

#endif
