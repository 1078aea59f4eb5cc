/* sandbox/horizon_tx.h - a transaction of history as Horizon shows it. */
#ifndef SDEX_SANDBOX_HORIZON_TX_H
#define SDEX_SANDBOX_HORIZON_TX_H

#include "sandbox/horizon.h"

/* Its paging token. */
int64_t transaction_token(const struct history_ledger *ledger, const struct history_tx *tx);

/* Writes it as seen by one of its hashes: a fee bump has two. */
void transaction_write(struct call *call, const struct history_ledger *ledger,
		       const struct history_tx *tx, const uint8_t hash[32]);

/* The problem of a transaction that failed.  `envelope` as it came; by_inner: it came as the
 * inner transaction of somebody's fee bump. */
void transaction_refuse(struct call *call, struct text envelope,
			const sdex_TransactionResult *result, bool by_inner);

#endif
