/* market/books.h - the order books of the watched pairs, kept by ledgers.
 *
 * A book is filled from a snapshot (pages of offers, each of the ledger it reflects) and
 * from the ledgers' changes, in any mixture: of two states of an offer the one that was
 * modified later counts, and what a ledger removed is remembered until no snapshot is on
 * the way.  Ledgers come in sequence, none left out.
 *
 * A book is complete once its snapshot has ended and the ledgers have reached the last
 * of its pages; from then on it is exactly the network's.  Without a snapshot it is
 * partial: right in what it has, and it has what was touched since its first ledger.
 *
 * Pure data: one thread at a time. */
#ifndef SDEX_MARKET_BOOKS_H
#define SDEX_MARKET_BOOKS_H

#include "market/delta.h"
#include "market/offers.h"

struct books;

enum book_state {
	BOOK_EMPTY,    /* no ledger and no row came yet */
	BOOK_PARTIAL,  /* from ledgers alone: `since` says from which one on */
	BOOK_FILLING,  /* a snapshot has begun; it has not ended, or ledgers do not reach it */
	BOOK_COMPLETE, /* the network's book as of the last ledger */
};

struct book_pair {
	sdex_Asset base;
	sdex_Asset counter;
	enum book_state state;
	uint32_t since;    /* the first ledger whose changes it has; 0: none */
	uint32_t exact_at; /* FILLING, ended: the ledger at which it becomes complete */
	uint32_t changed;  /* the last ledger that changed something in it; 0: none */
};

/* Books of no pairs yet.  NULL when memory is out. */
struct books *books_new(void);
void books_free(struct books *books); /* NULL is fine */

/* Watches a pair from now on; *pair is its number, from 0 on, for good.  A pair that is
 * watched already (in either direction: then as it is) gives its number again.
 * INVALID  an asset is not valid, or both are the same
 * NOMEM */
SDEX_MUST_USE enum sdex_error books_watch(struct books *books, uint32_t *pair,
					  const sdex_Asset *base, const sdex_Asset *counter,
					  struct sdex_failure *why);

uint32_t books_count(const struct books *books);

/* Borrowed until the next books_watch. */
const struct book_pair *books_pair(const struct books *books, uint32_t pair);

/* The offers of all pairs.  Side 2 * pair are the asks, whose makers sell base; side
 * 2 * pair + 1 the bids, whose makers sell counter (their prices are base per counter). */
const struct offers *books_offers(const struct books *books);
#define BOOK_ASKS(pair) (2 * (pair))
#define BOOK_BIDS(pair) (2 * (pair) + 1)

/* --- ledgers */

/* The last ledger applied, 0 before the first. */
uint32_t books_sequence(const struct books *books);
const uint8_t *books_hash(const struct books *books); /* 32 bytes, of that ledger */

/* Applies a ledger's changes.
 * MISSING  it is not the one behind the last; why->where is the expected sequence
 * INVALID  it does not build on the last one (previous hash)
 * NOMEM    the books are lost: books_reset */
SDEX_MUST_USE enum sdex_error books_apply(struct books *books, const struct delta *delta,
					  struct sdex_failure *why);

/* The numbers of the pairs that the last ledger changed, ascending.  Borrowed until the
 * next change of the books. */
const uint32_t *books_changed(const struct books *books, uint32_t *count);

/* Forgets all offers and ledgers; the pairs stay watched, all EMPTY. */
void books_reset(struct books *books);

/* --- snapshots, for one pair or several at once */

/* From now on rows of this pair may come.  All pages must reflect `ledger` or a later
 * one, and ledgers must have been applied, or will be, from the one behind it on:
 * INVALID  the books have begun behind it */
SDEX_MUST_USE enum sdex_error books_snapshot_begin(struct books *books, uint32_t pair,
						   uint32_t ledger, struct sdex_failure *why);

/* A row of a page that reflects `ledger`, as its server told it. */
struct book_row {
	int64_t id;
	const uint8_t *seller; /* 32 bytes */
	const sdex_Asset *selling;
	const sdex_Asset *buying;
	int64_t amount;
	sdex_Price price;
	uint32_t modified; /* ledger */
	bool passive;      /* Horizon does not say: false */
};

/* A page of `count` rows.
 * INVALID  the pair's snapshot has not begun; the page is older than its beginning; a row is
 *          not of the pair, or later than the page; numbers no offer has.  Nothing changed.
 * NOMEM    as with INVALID, but rows before may have been filed */
SDEX_MUST_USE enum sdex_error books_snapshot_page(struct books *books, uint32_t pair,
						  const struct book_row *rows, uint32_t count,
						  uint32_t ledger, struct sdex_failure *why);

/* All pages of both directions have come. */
void books_snapshot_end(struct books *books, uint32_t pair);

/* --- looking in */

/* A level seen from the pair: counter per base, amounts of base. */
struct book_level {
	sdex_Price price; /* counter per base, lowest terms */
	uint128 base;     /* stroops, rounded down */
	uint128 counter;  /* what the base is worth at this price, rounded down */
	uint32_t count;   /* offers */
};

/* Fills the best levels of a side, best first, at most `room` (up to BOOK_LEVELS_MAX);
 * returns how many. */
#define BOOK_LEVELS_MAX 1000u
enum book_side { BOOK_ASK, BOOK_BID };
uint32_t books_levels(const struct books *books, uint32_t pair, enum book_side side,
		      struct book_level *levels, uint32_t room);

/* Writes an amount that may be beyond 64 bits, with seven decimals, and a NUL; returns
 * the length. */
#define BOOK_AMOUNT_ROOM 48u
size_t book_amount_print(char text[BOOK_AMOUNT_ROOM], uint128 stroops);

#endif
