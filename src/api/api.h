/* api/api.h - the connector's REST interface: requests in, commands and questions out.
 *
 * Questions are answered at once from the engine's state; what changes something becomes
 * an EVENT_COMMAND, whose token is the request's, and is answered when the engine replies.
 *
 *	GET    /v1/status
 *	GET    /v1/markets                      the pairs
 *	GET    /v1/markets/{pair}/book          ?levels=1..200 &by=level|order
 *	GET    /v1/balances                     ?account=
 *	GET    /v1/orders                       ?account= &trading_pair= &status= &cursor= &limit=
 *	POST   /v1/orders                       a "place" command's members (engine.h)
 *	GET    /v1/orders/{id}                  DELETE cancels
 *	GET    /v1/orders/by-client-id/{id}     DELETE cancels; both ?account=
 *	GET    /v1/fills                        ?order_id= &account= &trading_pair= &cursor= &limit=
 *	GET    /livez /ready
 *
 * There are no users yet, so it listens on loopback addresses only, and answers only to a
 * Host that is one, so that no web page reaches it through a name of its own. */
#ifndef SDEX_API_API_H
#define SDEX_API_API_H

#include "engine/engine.h"
#include "net/http_server.h"
#include "store/store.h"

struct api;

/* How a request reaches the engine: the driver makes an EVENT_COMMAND of it.  `json` lives
 * until the return. */
typedef void api_command(void *arg, uint64_t token, const void *json, size_t size);

/* How a question reaches the store; api_reply answers it.  What it points to lives until the
 * return. */
typedef void api_ask_store(void *arg, uint64_t token, const struct store_question *question);

struct api_options {
	const char *address;  /* numeric, loopback */
	uint16_t port;        /* 0 lets the system choose */
	unsigned connections; /* at a time, at most */
	const struct engine *engine;
	api_command *command;
	api_ask_store *ask;
	void *arg;
};

/* Listens.  NULL with *why: INVALID for an address that is not of the loopback; what
 * http_server_new and http_listen say. */
struct api *api_new(struct loop *loop, const struct api_options *options, struct sdex_failure *why);
void api_free(struct api *api); /* outside of the loop's callbacks; NULL is fine */

uint16_t api_port(const struct api *api);

/* The engine's reply to a command, or the store's to a question.  A client that is gone is fine. */
void api_reply(struct api *api, uint64_t token, unsigned status, const void *json, size_t size);

#endif
