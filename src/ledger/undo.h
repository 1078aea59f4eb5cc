/* ledger/undo.h - the log behind state_begin, state_commit and state_rollback. */
#ifndef SDEX_LEDGER_UNDO_H
#define SDEX_LEDGER_UNDO_H

#include "ledger/state.h"

enum undo_op {
	UNDO_CREATE,  /* payload: the entry as created */
	UNDO_UPDATE,  /* payload: the entry as it was; where: the entry */
	UNDO_ERASE,   /* payload: the entry as it was */
	UNDO_HEADER,  /* payload: struct header */
	UNDO_ADDRESS, /* payload: struct address; where: it */
	UNDO_BLOB,    /* where: a blob made, freed by a rollback */
	UNDO_DROP,    /* where: a blob let go, freed by the last commit */
};

/* Notes something; nothing at level 0. */
void undo_note(struct state *state, enum undo_op op, enum entry_kind kind, void *where,
	       const void *payload, uint32_t size);

/* The size of an entry's record. */
uint32_t entry_size(enum entry_kind kind);

/* Index an entry, or take it out of the indexes (lists, tables, book); state.c.  One that
 * comes back goes between the neighbours that it names. */
bool state_link(struct state *state, enum entry_kind kind, uint32_t slot, bool back);
uint32_t state_unlink(struct state *state, enum entry_kind kind, void *entry);
uint64_t state_hash_key(const struct state *state, enum entry_kind kind, const void *entry);
bool state_same_key(enum entry_kind kind, const void *a, const void *b);

#endif
