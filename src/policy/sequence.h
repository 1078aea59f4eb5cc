/* policy/sequence.h - the sequence numbers that were signed for one account.
 *
 * Numbers rise.  A number that was signed before is signed again for the same transaction
 * only, or for another that is said to take its place.  Pure: the caller keeps it on disk. */
#ifndef SDEX_POLICY_SEQUENCE_H
#define SDEX_POLICY_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

/* Of the newest so many numbers the hash is kept, so that a transaction in flight can be
 * signed again with others behind it. */
#define SEQUENCE_WINDOW 64u

struct sequence_signed {
	int64_t sequence; /* 0: none */
	uint8_t hash[32]; /* of the transaction signed last for it */
};

/* All zero is an account for which nothing was signed. */
struct sequence {
	int64_t highest;
	struct sequence_signed window[SEQUENCE_WINDOW]; /* number n stands at n % SEQUENCE_WINDOW */
};

enum sequence_verdict {
	SEQUENCE_NEW,      /* higher than all before: sign */
	SEQUENCE_AGAIN,    /* this very transaction was signed: sign */
	SEQUENCE_REPLACES, /* another was signed, and is to be replaced: sign */
	SEQUENCE_TAKEN,    /* another was signed: refuse */
	SEQUENCE_BEHIND,   /* below what was signed, and not among the newest: refuse */
};

enum sequence_verdict sequence_ask(const struct sequence *s, int64_t number, const uint8_t hash[32],
				   bool replace);

/* Notes that the transaction is signed for the number; after NEW, AGAIN and REPLACES. */
void sequence_take(struct sequence *s, int64_t number, const uint8_t hash[32]);

#endif
