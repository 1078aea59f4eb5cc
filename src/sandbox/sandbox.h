/* sandbox/sandbox.h - a Stellar network in one object, behind the interfaces of Horizon and
 * of Stellar RPC: bytes and times in, bytes out.
 *
 * No sockets, no clock, no randomness: serve.h puts it on the network, a simulation drives
 * it in-process.  With the same options and the same calls it gives the same bytes.  One
 * thread at a time.
 *
 * Answers live until the next call that takes the sandbox. */
#ifndef SDEX_SANDBOX_SANDBOX_H
#define SDEX_SANDBOX_SANDBOX_H

#include "net/text.h"
#include "sdex/error.h"

#define SANDBOX_PASSPHRASE "sdex sandbox ; 2026"
#define SANDBOX_RPC_BODY_MAX 524288u /* bytes, as RPC has it */
#define SANDBOX_HORIZON_BODY_MAX 262144u

struct sandbox;
struct sandbox_held;

struct sandbox_options {
	const char *passphrase; /* of the network; NULL for SANDBOX_PASSPHRASE */
	uint64_t seed;          /* of the traders of the default world */
	uint64_t start_s;       /* close time of the last ledger of the beginning, since 1970 */
	uint32_t close_s;       /* how long a ledger takes; 0 for 5 */
	uint32_t capacity;      /* operations a ledger; 0 for 1000 */
	uint32_t dex_capacity;  /* of them in transactions that trade; 0: no lane of theirs */
	uint32_t ledgers;       /* remembered at most; 0 for 17280 */
	uint64_t bytes;         /* of ledgers remembered at most; 0 for 64 MiB */
	bool events;            /* CAP-67, as nodes with EMIT_CLASSIC_EVENTS have it */
	bool empty;             /* no world: friendbot is all there is */
	bool quiet;             /* a world without traders */
	/* Ledgers of one second share its time, where a network's next is a second over it: with
	 * many a second, time would run ahead of the clock. */
	bool shares_seconds;
	const char *horizon_url; /* for getNetwork's friendbotUrl; NULL leaves it out */
};

/* NULL with *why: an option out of its range, or memory is out. */
struct sandbox *sandbox_new(const struct sandbox_options *options, struct sdex_failure *why);
void sandbox_free(struct sandbox *sandbox); /* NULL is fine */

/* Lets the traders act and closes a ledger.  A time that is not over the last ledger's is
 * taken to be a second over it, or with shares_seconds to be the same.
 * NOMEM  memory is out: this network has stopped for good */
SDEX_MUST_USE enum sdex_error sandbox_close(struct sandbox *sandbox, uint64_t close_time_s,
					    struct sdex_failure *why);

/* The last ledger's sequence and close time. */
uint32_t sandbox_sequence(const struct sandbox *sandbox);
uint64_t sandbox_close_time(const struct sandbox *sandbox);

/* A request, as HTTP has it.  Texts that are not there have size 0. */
struct sandbox_request {
	const char *method; /* "GET" */
	struct text path;   /* percent-encoded, as it came */
	struct text query;  /* behind `?`, as it came */
	struct text host;   /* for the links in answers */
	struct text accept; /* fields of the head */
	struct text content_type;
	struct text last_event_id;
	const void *body;
	size_t size;
	uint64_t now_ms; /* of a clock that runs evenly: how long requests are held */
	uint64_t time_s; /* the network's time, since 1970; 0: that of the last ledger */
};

enum sandbox_form {
	SANDBOX_WHOLE,  /* this is the answer */
	SANDBOX_STREAM, /* a piece of a body that goes on, unless `ended` */
	SANDBOX_LATER,  /* nothing yet: ask sandbox_turn */
};

struct sandbox_line {
	const char *name, *value;
};

struct sandbox_answer {
	enum sandbox_form form;
	bool ended; /* of a stream: this is its last piece */
	unsigned status;
	const char *type; /* Content-Type; NULL without a body */
	struct sandbox_line lines[4];
	size_t line_count;
	const uint8_t *body;
	size_t size;
	/* With STREAM (not ended) and LATER from a request: the caller's, to be turned after
	 * every ledger and once a second or so, until an answer is WHOLE or has ended, or the
	 * client is gone; then to be freed, before the sandbox is.  Else NULL. */
	struct sandbox_held *held;
};

/* Answers a request to Horizon. */
void sandbox_horizon(struct sandbox *sandbox, struct sandbox_answer *answer,
		     const struct sandbox_request *request);

/* Answers a request to RPC (JSON-RPC 2.0 over POST). */
void sandbox_rpc(struct sandbox *sandbox, struct sandbox_answer *answer,
		 const struct sandbox_request *request);

/* What has become of a request that is held: a piece of its stream (which may be empty),
 * its answer, or LATER again. */
void sandbox_turn(struct sandbox *sandbox, struct sandbox_answer *answer, struct sandbox_held *held,
		  uint64_t now_ms);
void sandbox_held_free(struct sandbox_held *held); /* NULL is fine */

/* The secret seed (S...) of an account of the default world, by its name ("usdc-issuer",
 * "friendbot", "maker-0", ...): they are the same everywhere and worth nothing. */
struct sdex_secret;
void sandbox_key(struct sdex_secret *secret, const char *name);

#endif
