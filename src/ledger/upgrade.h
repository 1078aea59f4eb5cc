/* ledger/upgrade.h - changes of the network's parameters that validators agree on
 * (stellar-core: Upgrades.cpp, applyLedger in LedgerManagerImpl.cpp).
 *
 * They are applied behind a ledger's transactions, so that the next ledger is the first
 * under the new rules.  One that is not valid, or that cannot be applied, stays in the
 * header and does nothing.
 *
 * Contracts' settings are kept here and not understood: what a new protocol version adds to
 * them is left out, and an upgrade of theirs is refused. */
#ifndef SDEX_LEDGER_UPGRADE_H
#define SDEX_LEDGER_UPGRADE_H

#include "ledger/tx.h"

#define UPGRADES_MAX 6u /* of a ledger */

/* As a header has it.  NOMEM; errors of encoding. */
SDEX_MUST_USE enum sdex_error
upgrade_encode(sdex_UpgradeType *out, const sdex_LedgerUpgrade *upgrade, struct sdex_arena *arena);

/* May it be applied to the state as it is (isValidForApply)?  Versions only rise, to
 * VERSION_NEWEST at most; base fee and base reserve are not 0; flags are known ones. */
bool upgrade_valid(const struct state *state, const sdex_LedgerUpgrade *upgrade);

/* Applies them in their order, each whole or not at all, and says what those that were
 * applied changed.
 * UNSUPPORTED  one changes contracts' settings
 * NOMEM        the state is lost if state_lost says so */
SDEX_MUST_USE enum sdex_error upgrades_apply(sdex_UpgradeEntryMeta_list *done,
					     struct ledger *ledger,
					     const sdex_UpgradeType_list *upgrades,
					     struct sdex_failure *why);

/* Brings offers and liabilities in line with balances and reserves, as a rise of the base
 * reserve does (prepareLiabilities): of each account that sells or buys more of an asset
 * than it can, all offers that sell or buy this go.  What remains decides its liabilities,
 * but only for assets in which something remains: for the others they stay as they were,
 * as they do in stellar-core.
 * False, with a fault, where stellar-core would give the upgrade up. */
bool upgrade_offers(struct state *state);

#endif
