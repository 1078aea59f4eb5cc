/* ledger/verify/known.h - the part of a ledger's state that its meta shows, at any point of it.
 *
 * A ledger's meta shows each entry that it touches, before and after.  From the first time
 * that an entry comes up follows how it was when the ledger began; from then on each change
 * is followed.  So of each key it is known that the entry is there and what it says, or that
 * it is not there, or nothing at all. */
#ifndef SDEX_LEDGER_VERIFY_KNOWN_H
#define SDEX_LEDGER_VERIFY_KNOWN_H

#include "ledger/state.h"

struct known {
	struct state *state;
	uint32_t ledger;  /* counts the ledgers */
	struct slab keys; /* struct asked, and whether the entry is known */
	struct table by_key;
};

void known_init(struct known *known, struct state *state);
void known_free(struct known *known);

/* Says that another ledger begins, which follows on the last one. */
void known_next(struct known *known);

/* Goes over all changes of a ledger in their order, before anything else: files the
 * entries that were there when it began and that no ledger before has shown.
 * INVALID  no ledger can have such an entry
 * NOMEM    the state is lost */
SDEX_MUST_USE enum sdex_error
known_begin(struct known *known, const sdex_LedgerEntryChanges *changes, struct sdex_failure *why);

/* Has the state be as these changes leave it.  Fails like known_begin. */
SDEX_MUST_USE enum sdex_error
known_follow(struct known *known, const sdex_LedgerEntryChanges *changes, struct sdex_failure *why);

/* Is there nothing more to know about what was asked? */
bool known_answer(const struct known *known, const struct asked *asked);

/* Is it known at least that there is such an account: has something else of it shown up? */
bool known_account_exists(const struct known *known, uint32_t address);

/* The key of an entry as somebody asks for it; false for the kinds that no rule of the
 * classic ledger asks for. */
bool known_key(struct asked *asked, struct state *state, const sdex_LedgerKey *key);
bool known_entry(struct asked *asked, struct state *state, const sdex_LedgerEntry *entry);

#endif
