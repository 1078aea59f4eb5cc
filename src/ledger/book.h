/* ledger/book.h - the resting offers of all pairs, in the order the network takes them.
 *
 * The best offer of a pair is the one of lowest price, compared as the quotient of two
 * doubles because stellar-core does (isBetterOffer), then of lowest id.  One B+ tree
 * holds all pairs, so that a pair of one offer costs no more than its entry and the
 * cost of a change grows with the logarithm of all offers. */
#ifndef SDEX_LEDGER_BOOK_H
#define SDEX_LEDGER_BOOK_H

#include <string.h>

#include "ledger/exchange.h"
#include "ledger/slab.h"

#define BOOK_FAN 42u /* 1024 bytes a node */

struct book_key {
	uint64_t price; /* bits of the double, which order as it does since it is > 0 */
	int64_t id;
	uint32_t pair;
	uint32_t slot; /* the offer's record; inside the tree, a child */
};

struct book_node {
	uint32_t count;
	uint32_t level; /* 0: keys are offers */
	uint32_t next;  /* the node to the right, of the same level */
	uint32_t spare;
	struct book_key keys[BOOK_FAN];
};

struct book {
	struct slab nodes;
	uint32_t root;
};

/* A place in the book; dies with the next change. */
struct book_place {
	uint32_t node;
	uint32_t at;
};

static inline uint64_t book_price(struct price price)
{
	double quotient = (double)price.n / (double)price.d;
	uint64_t bits;
	memcpy(&bits, &quotient, sizeof(bits));
	return bits;
}

void book_init(struct book *book);
void book_free(struct book *book);

/* Files an offer that is not on the book.  False when memory is out; the book is
 * unchanged then. */
bool book_put(struct book *book, struct book_key key);

/* Takes an offer that is on the book off it. */
void book_remove(struct book *book, struct book_key key);

/* The record of the pair's best offer, or SLOT_NONE. */
uint32_t book_best(const struct book *book, uint32_t pair);

/* Walks a pair from the best offer on: SLOT_NONE at its end. */
struct book_place book_begin(const struct book *book, uint32_t pair);
uint32_t book_next(const struct book *book, struct book_place *place, uint32_t pair);

#endif
