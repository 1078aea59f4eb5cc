/* cmd/sdex/api_client.h - one request to the connector's API, and its answer.
 *
 * Where the connector is: --api URL, else $SDEX_API, else http://127.0.0.1:8080. */
#ifndef SDEX_CMD_API_CLIENT_H
#define SDEX_CMD_API_CLIENT_H

#include "cmd/sdex/args.h"

/* Rows of the option table of every verb that asks the connector. */
#define API_OPTIONS                                                                              \
	{.name = "api",                                                                          \
	 .value = "URL",                                                                         \
	 .help = "where the connector is ($SDEX_API, or http://127.0.0.1:8080)"},                \
	{                                                                                        \
		.name = "json", .letter = 'j', .help = "print the connector's answer as it came" \
	}

struct api_answer {
	unsigned status;
	char *body; /* owned; a NUL stands behind */
	size_t size;
};

/* Asks, and waits for the answer, at most 30 s.  `path` begins with "/v1/"; `body` is JSON,
 * or NULL.  False, said on stderr, when the connector cannot be reached or refuses: what
 * is a problem of it is said in its words, and *status is what to end with. */
bool api_ask(struct api_answer *answer, const struct args *args, const char *method,
	     const char *path, const char *body, enum status *status);
void api_answer_free(struct api_answer *answer);

/* Appends a word to a path or query, percent-encoded.  False when it does not fit. */
bool api_path_add(char *path, size_t room, const char *word);

#endif
