/* ledger/verify/verify.h - ledgers of the network, executed again by the rules of this house.
 *
 * The state before each transaction is what the ledger's own meta shows of it (known.h): how
 * each entry that the ledger touches was before, and what the transactions before this one
 * left; and what the ledger that was verified last left, when this one follows on it.  From
 * there each classic operation is executed, and its result and changes are compared with the
 * network's, byte for byte (the order of the changes, which in stellar-core follows a hash
 * table, left aside); so are events, where there are any.
 *
 * Nothing of an operation's own outcome goes into its input, but for which entries it
 * touched and how they were before.  What a rule looks at without touching it is in no meta.
 * When the rules ask for an account that is not shown, the operation is executed several
 * times, with the account absent and with contents that differ in all that rules look at; if
 * all come out alike, it did not matter.  Else, and for any other entry that is not shown,
 * the operation is undetermined and the entry is named.
 *
 * The exception are books and pools.  Of these an operation that was done has touched, and so
 * shown, all that it took from.  Offers and pools that no meta shows are taken for not being
 * there, or for not being better, and `venues` says of an agreed operation that it looked at
 * such.  (But a book may lose for an offer of the taker's own at its head; where that would
 * explain a difference, the book is named.)  A failed operation shows nothing: having looked
 * at them it is undetermined.  So are, after an undetermined operation that the network calls
 * a success, the others of the same failed transaction. */
#ifndef SDEX_LEDGER_VERIFY_H
#define SDEX_LEDGER_VERIFY_H

#include <stdbool.h>

#include "sdex/result.h"

enum verdict {
	VERDICT_AGREED,
	VERDICT_DIFFERED,
	VERDICT_UNDETERMINED,
	VERDICT_SOROBAN, /* runs a contract, which no rule here does */
	VERDICTS,
};

/* An operation. */
struct verified {
	uint32_t transaction; /* from 1, in the order of application */
	uint32_t operation;   /* from 1; 0: the transaction's fee, its sequence number and one-time
				 signers, its code when that is not what its operations
				 make of it; here only if they differ */
	const uint8_t *hash;  /* of the transaction, 32 bytes */
	sdex_OperationType type;
	const struct sdex_code *code; /* the network's: the operation's own, or why the
					 transaction did not get so far */
	bool done;                    /* so was its transaction, by the network */
	bool venues;                  /* see above */
	enum verdict verdict;
	const char *words; /* what differs, or why it is undetermined; else NULL */
};

struct verified_ledger {
	uint32_t sequence;
	uint32_t version; /* of the rules that were applied */
	uint32_t transactions;
	const struct verified *items; /* in the order of application */
	uint32_t count;
	uint64_t verdicts[VERDICTS]; /* how many of each */
};

/* From which on the rules of VERSION_OLDEST hold, less what was new in between. */
#define VERIFY_VERSION_OLDEST 17u

struct verify;

/* A verifier for the network of this id, the SHA-256 of its passphrase.  What a ledger needs
 * beside its bytes is at most `limit` (0: no limit) for what its tree takes, and as much for its
 * results.  NULL when memory is out. */
struct verify *verify_new(const uint8_t network_id[32], size_t limit);
void verify_free(struct verify *verify); /* NULL is fine */

/* Verifies the XDR of one LedgerCloseMeta.  Verifiers are best fed ledgers in a row: what one
 * shows is known in the next (up to a bound, at which the verifier forgets all).  *out is
 * borrowed, from the verifier and from `data`, until the next call.
 * as sdex_xdr_decode  the bytes are no LedgerCloseMeta
 * UNSUPPORTED         a protocol that is not 17 to 28; a version of meta that is not known
 * MISSING             a transaction is not in the ledger's set (or it is of a network of
 *                     another passphrase), or another number of results than of operations
 * INVALID             an entry that no ledger can have
 * NOMEM               memory is out, or the limit is reached */
SDEX_MUST_USE enum sdex_error verify_ledger(const struct verified_ledger **out,
					    struct verify *verify, const void *data, size_t size,
					    struct sdex_failure *why);

#endif
