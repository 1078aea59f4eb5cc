/* cmd/sdexd/exchange.h - the engine's HTTP requests: bodies gathered, one event for each. */
#ifndef SDEX_CMD_SDEXD_EXCHANGE_H
#define SDEX_CMD_SDEXD_EXCHANGE_H

#include "env/env.h"
#include "net/http_client.h"

struct exchanges;

/* Gets ANSWER or NO_ANSWER, without its time, from the top of the loop. */
typedef void exchange_event(void *arg, struct event *event);

/* NULL with *why as http_client_new, or NOMEM. */
struct exchanges *exchanges_new(struct loop *loop, exchange_event *deliver, void *arg,
				struct sdex_failure *why);
void exchanges_free(struct exchanges *all); /* NULL is fine */

/* env->http. */
void exchange_start(struct exchanges *all, uint64_t token, const struct env_request *request);

#endif
