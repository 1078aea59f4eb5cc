/* api/problem.h - what is wrong with a request, as RFC 9457 has it.
 *
 * Members: type ("about:blank"), title, status, code (stable, for programs), detail (for
 * people: what was expected, what was found, what to do) and, where one is at fault,
 * field. */
#ifndef SDEX_API_PROBLEM_H
#define SDEX_API_PROBLEM_H

#include "net/http_server.h"

struct problem {
	unsigned status;
	const char *code;
	const char *field;  /* NULL where none is at fault */
	const char *detail; /* UTF-8 */
};

/* Answers the request with it.  A client that is gone is fine. */
void problem_answer(struct http_server *server, uint64_t token, const struct problem *problem);

#endif
