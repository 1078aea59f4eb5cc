/* ledger/verify/words.h - what was asked for, and what differs, for people. */
#ifndef SDEX_LEDGER_VERIFY_WORDS_H
#define SDEX_LEDGER_VERIFY_WORDS_H

#include "ledger/state.h"
#include "stellar/words.h"

#define VERIFY_WORDS_ROOM 2048

/* "the book that sells XLM for USD:G...", "the account G..." */
void verify_words_asked(struct words *words, const struct state *state, const struct asked *asked);
void verify_words_entry(struct words *words, const sdex_LedgerEntry *entry);
void verify_words_key(struct words *words, const sdex_LedgerKey *key);

/* Are the changes the same, in any order?  Adds to *words, which may be NULL, what is not.
 * False too, with *lost set, when memory is out. */
bool verify_same_changes(struct words *words, bool *lost, const sdex_LedgerEntryChanges *expected,
			 const sdex_LedgerEntryChanges *found, struct sdex_arena *arena);

#endif
