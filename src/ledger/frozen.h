/* ledger/frozen.h - keys that validators have frozen (CAP-77, from protocol 26 on).
 *
 * A transaction that would touch one is refused; an offer that would is taken off the book
 * when it is reached. */
#ifndef SDEX_LEDGER_FROZEN_H
#define SDEX_LEDGER_FROZEN_H

#include "ledger/state.h"

struct frozen {
	const sdex_EncodedLedgerKey *keys; /* XDR of LedgerKey, in no order */
	uint32_t count;
	const sdex_Hash *bypass; /* transactions that may all the same */
	uint32_t bypass_count;
};

/* Reads the settings of the state, none before protocol 26 or without them; what it
 * gives lives in the arena.  NOMEM when memory is out. */
SDEX_MUST_USE enum sdex_error frozen_read(struct frozen *frozen, const struct state *state,
					  struct sdex_arena *arena);

bool frozen_key(const struct frozen *frozen, const sdex_LedgerKey *key);
bool frozen_account(const struct frozen *frozen, const struct state *state, uint32_t address);
/* False for the native asset, which is in no trustline. */
bool frozen_line(const struct frozen *frozen, const struct state *state, uint32_t address,
		 uint32_t asset);
bool frozen_offer(const struct frozen *frozen, const struct state *state,
		  const struct offer *offer);
bool frozen_bypass(const struct frozen *frozen, const uint8_t hash[32]);

#endif
