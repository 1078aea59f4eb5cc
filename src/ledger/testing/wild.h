/* ledger/testing/wild.h - small worlds in which anything is tried: transactions of few bytes
 * each, over all operations and the values at which rules change, and what must hold after
 * each.  For tests and fuzzing.
 *
 * A script is bytes: any bytes mean something.  The same script runs the same way. */
#ifndef SDEX_LEDGER_TESTING_WILD_H
#define SDEX_LEDGER_TESTING_WILD_H

#include "ledger/testing/laws.h"
#include "ledger/tx.h"

#define WILD_OPS 4
#define WILD_TXS 200
#define WILD_TEXT_ROOM (LAWS_TEXT_ROOM + 96)

/* All are taken modulo what there is to choose from. */
struct wild_op {
	uint8_t kind;   /* enum sdex_OperationType, of the classic ones */
	uint8_t source; /* account */
	uint8_t to;     /* account; some of them are not there at first */
	uint8_t asset[3];
	uint8_t amount[2];
	uint8_t n, d;  /* of a price; also small numbers */
	uint8_t pick;  /* which offer, balance, data, ... of those that are there */
	uint8_t flags; /* what else there is to choose */
};

struct wild_tx {
	uint8_t source;
	uint8_t count; /* of operations */
	uint8_t form;  /* memo, fee bump */
	struct wild_op ops[WILD_OPS];
};

struct wild_script {
	uint8_t version; /* of the protocol */
	uint32_t count;
	struct wild_tx txs[WILD_TXS];
};

/* As much of a script as the bytes are enough for. */
void wild_read(struct wild_script *script, const uint8_t *data, size_t size);

/* Bytes that wild_read turns into the script again; returns their number, at most room. */
size_t wild_write(uint8_t *data, size_t room, const struct wild_script *script);

/* One more law: says in words what is broken, NULL if nothing is. */
typedef const char *(*wild_law)(const struct state *state);

struct wild_counts {
	uint64_t transactions;
	uint64_t done;                              /* of them */
	uint32_t kinds[SDEX_RESTORE_FOOTPRINT + 1]; /* operations that were done */
};

/* Runs a script and asks after each transaction: do the laws hold (laws.h, and `law` if there
 * is one); are the events what has moved; does no pool lose what its shares are worth; does
 * taking all back leave the state as it was, bit for bit, and doing it again give the same;
 * do results and meta decode to what was encoded; does one that was said to be valid get as far
 * as its operations.  False with words of the first that fails.
 * Adds to *counts, which may be NULL. */
bool wild_run(char text[WILD_TEXT_ROOM], struct wild_counts *counts,
	      const struct wild_script *script, wild_law law);

/* Makes a script that fails as small as it gets while it fails. */
void wild_shrink(struct wild_script *script, wild_law law);

/* Writes a script as C, to be put into a test. */
void wild_print(const struct wild_script *script);

/* A world as scripts begin with, for other uses. */
struct wild {
	struct state *state;
	struct sdex_arena *arena;
	struct ledger ledger;
	uint8_t network[32];
};
void wild_open(struct wild *w, uint32_t version);
void wild_close(struct wild *w);

/* Applies an envelope as a ledger of its own and checks all of the above.  False with words.
 * True, with nothing done, for one that cannot be applied here. */
bool wild_apply(char text[WILD_TEXT_ROOM], struct wild_counts *counts, struct wild *w,
		const sdex_TransactionEnvelope *envelope, wild_law law);

#endif
