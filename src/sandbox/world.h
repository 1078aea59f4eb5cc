/* sandbox/world.h - the default world: assets with issuers of their own, makers with depth
 * on both sides, pools, traders.
 *
 * All keys follow from names (sandbox_key) and are the same in every sandbox; what the
 * traders do follows from the seed and the ledgers. */
#ifndef SDEX_SANDBOX_WORLD_H
#define SDEX_SANDBOX_WORLD_H

#include "sandbox/call.h"

#define FRIENDBOT_CHANNELS 64u
#define WORLD_LEDGERS 4u /* that the beginning takes */

/* Makes the beginning: ledgers 2 to 1 + WORLD_LEDGERS, close_s apart.  An empty world has
 * root, friendbot and its channels. */
SDEX_MUST_USE enum sdex_error world_begin(struct sandbox *sandbox, struct sdex_failure *why);
void world_free(struct world *world); /* NULL is fine */

/* Lets the traders submit what they want in the next ledger. */
SDEX_MUST_USE enum sdex_error world_act(struct sandbox *sandbox);

#endif
