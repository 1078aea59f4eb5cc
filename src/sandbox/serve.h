/* sandbox/serve.h - a sandbox on the network: Horizon's interface on one port, RPC's on
 * another, ledgers on a timer. */
#ifndef SDEX_SANDBOX_SERVE_H
#define SDEX_SANDBOX_SERVE_H

#include "net/http_server.h"
#include "sandbox/sandbox.h"

struct serve;

struct serve_options {
	struct sandbox_options sandbox; /* start_s, shares_seconds, horizon_url are set here */
	const char *address;            /* numeric; NULL for 127.0.0.1 */
	uint16_t horizon_port;          /* 0: the system chooses */
	uint16_t rpc_port;
	uint32_t close_ms; /* between ledgers */
	/* Over 0: ledgers' times begin there and are close_s apart, whatever the clock says. */
	uint64_t start_s;
};

/* Listens.  NULL with *why: a port is taken, an option is out of its range, ... */
struct serve *serve_new(struct loop *loop, const struct serve_options *options,
			struct sdex_failure *why);
void serve_free(struct serve *serve); /* outside of the loop's callbacks; NULL is fine */

uint16_t serve_horizon_port(const struct serve *serve);
uint16_t serve_rpc_port(const struct serve *serve);

/* Why ledgers have stopped closing; NULL while they have not. */
const char *serve_trouble(const struct serve *serve);

#endif
