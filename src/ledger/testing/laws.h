/* ledger/testing/laws.h - what holds of every state that transactions alone have
 * made: for tests and fuzzing.
 *
 * Liabilities are the sum over offers; subentries, and reserves that are sponsored, are what
 * there is to count; no two offers without a passive one would trade; a pool's shares are its
 * holders'; balances are in their limits; the indexes hold what the entries say.
 *
 * (A rise of the base reserve may leave liabilities without offers: upgrade.h.) */
#ifndef SDEX_LEDGER_TESTING_LAWS_H
#define SDEX_LEDGER_TESTING_LAWS_H

#include "base/int128.h"
#include "ledger/state.h"

#define LAWS_TEXT_ROOM 160

/* What is broken, in words, in `text`; false when nothing is. */
bool laws_broken(char text[LAWS_TEXT_ROOM], const struct state *state);

/* All that there is of an asset, the issuer's own left aside: in accounts, claimable balances,
 * pools, and, of lumens, collected fees. */
int128 laws_supply(const struct state *state, uint32_t asset);

#endif
