/* ledger/entry.h - entries of the state as XDR trees, and back. */
#ifndef SDEX_LEDGER_ENTRY_H
#define SDEX_LEDGER_ENTRY_H

#include "ledger/state.h"

/* Files an entry, in place of one with the same key.  Keeps nothing of *entry.
 * INVALID  a number is out of the range that the rules keep (a price of 0, a negative
 *          balance, an offer id that another seller has, ...); the state is unchanged
 * NOMEM    the state is lost */
SDEX_MUST_USE enum sdex_error entry_load(struct state *state, const sdex_LedgerEntry *entry,
					 struct sdex_failure *why);

/* Takes an entry out; says whether it was there. */
bool entry_unload(struct state *state, const sdex_LedgerKey *key);

/* The entry of that key as it is now, or NULL. */
void *entry_find(const struct state *state, enum entry_kind *kind, const sdex_LedgerKey *key);

/* Trees in the arena, which borrow from nothing else; NULL when memory is out. */
sdex_LedgerEntry *entry_export(const struct state *state, enum entry_kind kind, const void *entry,
			       struct sdex_arena *arena);
sdex_LedgerKey *entry_export_key(const struct state *state, enum entry_kind kind, const void *entry,
				 struct sdex_arena *arena);

/* A part of them.  False when memory is out. */
bool entry_export_asset(sdex_Asset *out, const struct state *state, uint32_t asset,
			struct sdex_arena *arena);
sdex_AccountID entry_account_id(const struct state *state, uint32_t address);

/* Signers as the network orders them: by type, key, payload; < 0, 0, > 0. */
void entry_signer(struct signer *out, const sdex_SignerKey *key);
int entry_signer_order(const struct signer *a, const struct signer *b);
bool entry_export_signer_key(sdex_SignerKey *out, const struct signer *signer,
			     struct sdex_arena *arena);

/* Header fields out of and into a LedgerHeader. */
void header_load(struct header *header, const sdex_LedgerHeader *from);
void header_store(sdex_LedgerHeader *to, const struct header *header);

/* The XOR of the SHA-256 of all entries and of the header's fields: equal for equal
 * states however they came about.  Slow, for tests.  NOMEM when memory is out. */
SDEX_MUST_USE enum sdex_error state_digest(struct state *state, uint8_t digest[32]);

#endif
