/* store/store.h - a copy of orders, fills and balances in a database, for questions.
 *
 * Fed with what the engine publishes, on a thread of its own; never the truth: that is the
 * journal.  A store that is lost, behind or of an older form is made again by putting in
 * what the engine knows; putting in a thing twice, or an older state of an order, changes
 * nothing.  So the store may fail without an order failing.
 *
 * The database is behind store/backend.h.  All functions belong to the thread of the loop,
 * and so do the callbacks. */
#ifndef SDEX_STORE_STORE_H
#define SDEX_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdex/error.h"

struct store;
struct store_backend;
struct loop;

extern const struct store_backend store_sqlite;

enum store_kind {
	STORE_ORDER,    /* the order `order_id`, or the one of `client_id` (and `account`) */
	STORE_ORDERS,   /* {"orders": [...], "next": cursor | null} */
	STORE_FILLS,    /* {"fills": [...], "next": cursor | null} */
	STORE_BALANCES, /* {"balances": [...]} */
};

/* Texts that are NULL do not narrow the answer. */
struct store_question {
	enum store_kind kind;
	const char *order_id;     /* ORDER, FILLS */
	const char *client_id;    /* ORDER */
	const char *account;      /* "G..." */
	const char *trading_pair; /* ORDERS, FILLS */
	const char *status;       /* ORDERS: a public state, or "live" for those not final */
	const char *cursor;       /* ORDERS, FILLS: `next` of the answer that this one follows */
	bool newest_first;
	uint32_t limit; /* 1 to 1000; 0: 100 */
};

enum store_outcome {
	STORE_ANSWER,  /* json */
	STORE_UNKNOWN, /* there is no such order; a cursor nobody gave */
	STORE_FAILED,  /* the database did not answer: `json` is a plain text that says why */
};

/* `json` lives until the return; no NUL stands behind it. */
typedef void store_answer_fn(void *arg, uint64_t token, enum store_outcome outcome,
			     const char *json, size_t size);
typedef void store_note_fn(void *arg, const char *text);

struct store_options {
	const struct store_backend *backend; /* NULL for SQLite */
	const char *place;   /* as the backend has it: for SQLite the file, made when absent */
	uint32_t queue_size; /* bytes of events that may wait, at least 4 KiB; 0 for 4 MiB */
	uint32_t asks_max;   /* questions that may wait; 0 for 256 */
	store_answer_fn *on_answer; /* never out of a call into this module */
	store_note_fn *on_note;     /* lines for the log; NULL for nobody */
	void *arg;
};

/* Opens the database and brings it to the present form.  NULL on failure:
 * UNSUPPORTED  of a later form (named), of another program, or the system refuses
 * CHECKSUM     what is there is no database, or damaged
 * INVALID, NOMEM */
struct store *store_open(struct loop *loop, const struct store_options *options,
			 struct sdex_failure *why);

/* Puts in what was queued, and closes; questions without an answer stay so.  Not out of its
 * callbacks.  NULL is fine. */
void store_close(struct store *store);

/* Takes a published event, as the engine writes them: of the topic "orders" an order (with
 * its fills), "fills" a fill with order_id, account and trading_pair, "balances" an account
 * or an array of them, "ledger" the head of one.  Other topics are none of its business.
 * Returns at once; an event that finds the queue full is left out, and the store is then
 * not complete. */
void store_put(struct store *store, const char *topic, const void *json, size_t size);

/* Is all in it that was put?  Once it is not, its owner puts in again what it knows, when
 * it likes, and says so with store_refill, before the first of it.  An answer to a question
 * says that the queue is empty up to there, which paces that. */
bool store_complete(const struct store *store);
void store_refill(struct store *store);

/* on_answer follows, after what was put before the call is in. */
void store_ask(struct store *store, uint64_t token, const struct store_question *question);

#endif
