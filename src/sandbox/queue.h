/* sandbox/queue.h - transactions that wait for a ledger (stellar-core: TransactionQueue.cpp).
 *
 * One per source account.  One that no ledger takes within QUEUE_LEDGERS is dropped and its
 * hash banned for QUEUE_BAN_LEDGERS, as are those that were applied.  How many may wait is
 * network.c's to say: twice what a ledger takes.
 *
 * Pure data: what is valid, and what the ledger says, is network.c's to know. */
#ifndef SDEX_SANDBOX_QUEUE_H
#define SDEX_SANDBOX_QUEUE_H

#include "ledger/surge.h"
#include "ledger/table.h"

#define QUEUE_LEDGERS 4u
#define QUEUE_BAN_LEDGERS 10u
#define QUEUE_FEE_MULTIPLIER 10

/* A transaction that waits.  The envelope's bytes belong to the queue. */
struct pending {
	uint8_t *envelope; /* XDR */
	uint32_t size;
	uint32_t source; /* addresses of the ledger's state */
	uint32_t fee_source;
	uint32_t weight; /* operations, one more for a fee bump */
	uint32_t bytes;  /* of the inner envelope */
	uint32_t age;    /* ledgers that closed without it */
	bool bump;
	bool dex;
	int64_t sequence;
	int64_t fee; /* at most */
	uint8_t hash[32];
	uint8_t inner_hash[32]; /* of the transaction inside of a fee bump, else the same */
	uint8_t full_hash[32];  /* of the envelope, signatures too */
	uint8_t inner_full_hash[32];
};

struct queue {
	struct slab pending;
	struct table by_source;
	struct slab banned;
	struct table by_banned;
	struct surge_evicted evicted; /* since the last ledger */
};

void queue_init(struct queue *queue);
void queue_free(struct queue *queue);

/* The one that waits for a source account, or NULL; good until the queue changes. */
struct pending *queue_of(const struct queue *queue, uint32_t source);

/* Walks all, in no order that means anything: start with *at 0; NULL at the end. */
struct pending *queue_next(const struct queue *queue, uint32_t *at);

/* Fees that a fee source owes for what waits. */
int64_t queue_fees(const struct queue *queue, uint32_t fee_source);

/* Files a copy of *pending, of which it takes the envelope (malloc), in place of one of the
 * same source.  False when memory is out; the envelope is the caller's then. */
bool queue_put(struct queue *queue, const struct pending *pending);
void queue_drop(struct queue *queue, struct pending *pending);

/* Bans a hash of an envelope until the ledger after `until`.  Left out when memory is out:
 * a ban is a courtesy. */
void queue_ban(struct queue *queue, const uint8_t full_hash[32], uint32_t until);
bool queue_banned(const struct queue *queue, const uint8_t full_hash[32]);

/* A ledger closed: what waits is a ledger older, what is too old goes, bans end. */
void queue_shift(struct queue *queue, uint32_t sequence);

#endif
