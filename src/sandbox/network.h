/* sandbox/network.h - a network of one node: the ledger's state, what waits for the next
 * ledger, and the ledgers that closed.
 *
 * Pure: time and randomness come in; the same calls give the same ledgers, byte for byte.
 * One thread at a time.
 *
 * When memory runs out inside a ledger's closing nothing can be mended: network_lost says
 * so from then on, and the network can only be freed. */
#ifndef SDEX_SANDBOX_NETWORK_H
#define SDEX_SANDBOX_NETWORK_H

#include "sandbox/history.h"
#include "sandbox/queue.h"

#define NETWORK_ENVELOPE_MAX 131072u /* bytes of a transaction; the largest classic one fits */

struct network_options {
	const char *passphrase;
	uint64_t genesis;         /* close time of ledger 1, seconds since 1970 */
	uint32_t protocol;        /* 20 to 28 */
	uint32_t base_fee;        /* stroops an operation */
	uint32_t base_reserve;    /* stroops an entry */
	uint32_t capacity;        /* operations a ledger */
	uint32_t dex_capacity;    /* of them, in transactions that trade; 0: as many as there are */
	uint32_t close_s;         /* how long a ledger is expected to take; at least 1 */
	bool shares_seconds;      /* sandbox.h */
	uint32_t history_ledgers; /* ledgers remembered, at most */
	uint64_t history_bytes;   /* the same in bytes */
	uint32_t names;           /* accounts and assets ever named, at most */
	bool events;              /* meta has events of classic operations and fees (CAP-67) */
};

struct network {
	struct network_options options; /* passphrase: a copy */
	uint8_t id[32];
	struct state *state;
	struct ledger ledger; /* of the state, for checks and closing */
	struct queue queue;
	struct history history;
	sdex_LedgerHeaderHistoryEntry last; /* the header that closed last */
	struct verdicts *verdicts;          /* of signatures that came in */
	struct sdex_arena *scratch;         /* of a call */
	bool lost;
};

/* A network at ledger 1: the root account, whose secret seed is the network's id, has all
 * lumens, and nothing else is there.
 * NULL with *why: options out of range, or memory is out. */
struct network *network_new(const struct network_options *options, struct sdex_failure *why);
void network_free(struct network *network);

static inline bool network_lost(const struct network *network)
{
	return network->lost || network->state->lost;
}

enum submission {
	SUBMISSION_PENDING,
	SUBMISSION_DUPLICATE,
	SUBMISSION_TRY_AGAIN_LATER,
	SUBMISSION_ERROR,
};

/* "PENDING" and so on. */
const char *submission_name(enum submission submission);

struct submitted {
	enum submission status;
	uint8_t hash[32];
	uint8_t inner_hash[32];
	bool bump;
	/* With ERROR, why: in the arena of the call. */
	const sdex_TransactionResult *result;
};

/* Offers a transaction (TransactionEnvelope, XDR) to the next ledger.  `now` is in seconds
 * since 1970.  Decoding takes memory from `arena`, results too.
 * Errors of decoding: the bytes are no envelope.  UNSUPPORTED: it runs a contract.
 * NOMEM */
SDEX_MUST_USE enum sdex_error network_submit(struct network *network, struct submitted *out,
					     struct sdex_arena *arena, const uint8_t *envelope,
					     size_t size, uint64_t now, struct sdex_failure *why);

/* Closes a ledger with what waits, at a time over the last one's; else it is taken to be one
 * second over it, or the same with shares_seconds.
 * NOMEM: the network is lost. */
SDEX_MUST_USE enum sdex_error network_close(struct network *network, uint64_t close_time,
					    struct sdex_failure *why);

static inline uint32_t network_sequence(const struct network *network)
{
	return network->state->header.sequence;
}

#endif
