/* ledger/verify/inside.h - what the files of verify share. */
#ifndef SDEX_LEDGER_VERIFY_INSIDE_H
#define SDEX_LEDGER_VERIFY_INSIDE_H

#include "ledger/tx.h"
#include "ledger/verify/known.h"
#include "ledger/verify/parts.h"
#include "ledger/verify/verify.h"
#include "ledger/verify/words.h"

#define ASKED_MOST 64u

/* What was asked for and is not known. */
struct verify_gaps {
	struct asked items[ASKED_MOST];
	uint32_t count;
	bool more; /* than there is room for */
};

/* How an operation, or what comes before operations, came out. */
struct verify_outcome {
	bool done;
	bool fault; /* the network would call it an internal error */
	const char *fault_text;
	sdex_OperationResult result;
	sdex_LedgerEntryChanges changes; /* empty unless done */
};

struct verify {
	struct witness witness; /* first: it is found by its address */
	uint8_t network[32];
	struct sdex_arena *tree;  /* of the ledger that is read */
	struct sdex_arena *arena; /* results, lists and words of the ledger */
	struct sdex_arena *work;  /* of one transaction */
	struct verified_ledger out;
	struct verified *items;
	uint32_t room;
	/* what the last ledger left: its header, and state and known below */
	bool followed;          /* this one follows on it */
	bool whole;             /* every ledger since the network began was verified */
	sdex_LedgerHeader last; /* of which pointers are good no longer */
	uint8_t last_hash[32];

	/* of the ledger that is verified */
	struct parts parts;
	struct tx *txs; /* of parts.sent */
	struct table by_hash;
	struct state *state;
	struct known known;
	struct ledger ledger;
	const char *header_gap;     /* what an upgrade hides of the header before; or NULL */
	struct verify_gaps missing; /* entries */
	struct verify_gaps venues;  /* books, pools to trade with, lists */
};

/* A transaction that is verified. */
struct verifying {
	struct verify *v;
	const struct part_applied *part;
	const struct tx *tx;
	uint32_t number;                   /* from 1 */
	bool refused;                      /* the network did not take its signatures */
	bool done;                         /* by the network */
	sdex_OperationResult_list results; /* the network's; empty when it did not get so far */
	sdex_TransactionResult result;     /* ours */
	const char *gap;     /* what is before its operations asked for this that is not shown */
	const char *spoiled; /* of a failed one: what came before was undetermined */
};

/* tx.c: verifies what was taken for a transaction at a base fee (NULL: what it offers), and
 * has the state follow that. */
SDEX_MUST_USE enum sdex_error verify_fee(struct verifying *t, const int64_t *base_fee,
					 struct sdex_failure *why);

/* The same for all else of the transaction. */
SDEX_MUST_USE enum sdex_error verify_transaction(struct verifying *t, struct sdex_failure *why);

/* events.c: has the network written events of this transaction, and are they those of its
 * fee, of an operation?  Adds to *words what is not.  NOMEM. */
bool verify_has_events(const struct verifying *t);
SDEX_MUST_USE enum sdex_error verify_fee_events(bool *same, struct words *words,
						const struct verifying *t);
SDEX_MUST_USE enum sdex_error verify_op_events(bool *same, struct words *words,
					       const struct verifying *t,
					       const struct verify_outcome *outcome,
					       uint32_t index);

/* op.c: executes an operation, in a level of its own that stays open if it was done
 * without made-up entries and `*kept` says so.  *outcome is what the rules make of it,
 * `*reason` why that is not determined, or NULL.  NOMEM. */
SDEX_MUST_USE enum sdex_error verify_execute(struct verify_outcome *outcome, bool *kept,
					     const char **reason, struct verifying *t,
					     uint32_t index);

/* The same file: has nothing been asked for; "the ledger does not show ...".  NOMEM. */
void verify_forget_gaps(struct verify *v);
SDEX_MUST_USE enum sdex_error verify_name_gaps(const char **reason, struct verify *v,
					       const struct verify_gaps *gaps);

/* Copies words, cut where their room ended, to where they live until the next ledger.  NOMEM. */
SDEX_MUST_USE enum sdex_error verify_keep_words(const char **out, struct verify *v,
						const struct words *words);

/* Adds an operation to the ledger's list.  NOMEM. */
SDEX_MUST_USE enum sdex_error verify_add(struct verify *v, struct verified item);

#endif
