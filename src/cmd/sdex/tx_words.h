/* cmd/sdex/tx_words.h - what a transaction does, in words. */
#ifndef SDEX_CMD_TX_WORDS_H
#define SDEX_CMD_TX_WORDS_H

#include <stdio.h>

#include "sdex/transaction.h"

/* Writes lines for people; nothing of the transaction's own texts can move a terminal. */
void tx_words(FILE *out, const sdex_TransactionEnvelope *envelope);

/* One operation, without a line feed. */
void op_words(FILE *out, const sdex_Operation *op);

#endif
