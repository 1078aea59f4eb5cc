/* env/env.h - the seam: the one way into the engine, and the one way out of it.
 *
 * In: events.  Out: a table of functions that return at once; what they start ends in
 * an event that comes later, from the top of the driver, never out of a call.  A driver
 * is the live one (loop, curl, journal thread, signer) or a simulation that has a seed
 * in place of the world; the engine cannot tell which.
 *
 * Tokens are the engine's: a counter, never used twice in a run, except that COMMAND
 * tokens are the driver's.  Several events of one moment come in the order of their
 * causes. */
#ifndef SDEX_ENV_ENV_H
#define SDEX_ENV_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
	/* A record of the journal, oldest first, before START.  data, size: as appended. */
	EVENT_RECORD,
	/* All records have come; begin.  Once. */
	EVENT_START,
	/* Somebody wants something done.  data: a JSON object, at most ENV_COMMAND_MAX bytes;
	 * token: whom to reply to. */
	EVENT_COMMAND,
	/* The answer to env->http, whole.  status: HTTP's; head: its header lines, each ended
	 * by CR LF; data: the body. */
	EVENT_ANSWER,
	/* There was none.  data: why, for people; status: enum env_no_answer. */
	EVENT_NO_ANSWER,
	/* The answer to env->sync.  status 0: all that was appended before the call is on
	 * disk; otherwise it may not be, data says why, and nothing may leave any more. */
	EVENT_SYNCED,
	/* The answer to env->sign.  data: the signed envelope, XDR. */
	EVENT_SIGNED,
	/* The signer refused, or is not there.  status: enum env_refusal; data: the rule and
	 * the reason, for people. */
	EVENT_NOT_SIGNED,
	/* env->timer ran out. */
	EVENT_TIMER,
	/* A ledger that did not come over HTTP.  data: LedgerCloseMeta, XDR; it lives until
	 * the call returns, like the data of all events. */
	EVENT_LEDGER,
	/* The process is asked to end: take no new orders; the driver stops some time later. */
	EVENT_STOP,
};

enum env_no_answer {
	ENV_NOT_SENT = 1, /* not one byte of the request left */
	ENV_SENT,         /* the server may have got it */
	ENV_OVERSIZE,     /* an answer came, over the request's limit */
};

enum env_refusal {
	ENV_REFUSED = 1, /* the policy said no: asking again gives the same */
	ENV_NO_SIGNER,   /* not there, or did not answer: it may or may not have signed */
};

#define ENV_COMMAND_MAX 65536u

enum env_level {
	ENV_DEBUG,
	ENV_INFO,
	ENV_WARNING, /* it goes on, but somebody should look */
	ENV_ERROR,   /* something was refused or stopped that should not have been */
};

struct event {
	enum event_kind kind;
	uint64_t token;
	int64_t now_ms; /* since 1970, of the driver's clock; never goes back within a run */
	int status;
	const char *head; /* ANSWER */
	size_t head_size;
	const void *data; /* lives until the return */
	size_t size;
};

struct env_request {
	const char *method; /* "GET" or "POST" */
	const char *url;
	const char *content_type; /* of the body; NULL without */
	const void *body;
	size_t size;
	uint32_t timeout_ms; /* to the end of the answer */
	size_t limit;        /* bytes of the answer's body */
};

/* What the engine may ask of the world.  What is handed over is copied or used up before
 * the return.  None of them fails: what cannot be done ends in its event. */
struct env {
	void *world;
	uint64_t (*random)(void *world);
	/* ANSWER or NO_ANSWER follows. */
	void (*http)(void *world, uint64_t token, const struct env_request *request);
	/* Puts a record behind the others; on disk only after a later sync. */
	void (*append)(void *world, const void *record, size_t size);
	/* Does the disk not keep up with what was appended?  Then nothing new is taken on: what
	 * is appended beyond what the journal can hold ends it. */
	bool (*busy)(void *world);
	/* SYNCED follows. */
	void (*sync)(void *world, uint64_t token);
	/* Asks for the signatures of the named key; the envelope is whole, XDR.  `replace`:
	 * another transaction of this source and sequence was signed before, and is proven
	 * dead.  SIGNED or NOT_SIGNED follows. */
	void (*sign)(void *world, uint64_t token, const char *key, const void *envelope,
		     size_t size, bool replace);
	/* TIMER follows, once. */
	void (*timer)(void *world, uint64_t token, uint32_t delay_ms);
	/* Answers a COMMAND: status as HTTP has it, a JSON text.  Once per token. */
	void (*reply)(void *world, uint64_t token, unsigned status, const void *json, size_t size);
	/* Tells all who listen.  A topic is a word such as "orders"; a JSON text. */
	void (*publish)(void *world, const char *topic, const void *json, size_t size);
	/* A line for the log: ended by no newline, without secrets. */
	void (*log)(void *world, enum env_level level, const char *event_id, const char *text);
};

#endif
