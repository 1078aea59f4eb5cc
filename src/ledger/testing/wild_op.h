/* ledger/testing/wild_op.h - inside of wild.c: few bytes as operations. */
#ifndef SDEX_LEDGER_TESTING_WILD_OP_H
#define SDEX_LEDGER_TESTING_WILD_OP_H

#include "ledger/testing/wild.h"

/* Accounts, trustlines, and assets for a new world. */
void wild_populate(struct wild *w);

sdex_OperationType wild_kind(const struct wild_op *op);

/* In the world's arena. */
const sdex_TransactionEnvelope *wild_envelope(struct wild *w, const struct wild_tx *tx);

#endif
