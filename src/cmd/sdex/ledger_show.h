/* cmd/sdex/ledger_show.h - what the two ways of showing a ledger share. */
#ifndef SDEX_CMD_LEDGER_SHOW_H
#define SDEX_CMD_LEDGER_SHOW_H

#include "cmd/sdex/args.h"
#include "market/delta.h"

/* ledger_json.c: the whole ledger as JSON on one line. */
enum status ledger_json(const struct delta *delta);

/* ledger_words.c: the parts of it that `part` names (see the command's options). */
void ledger_words(const struct delta *delta, const char *part);

/* The quotient of two amounts as a decimal number of nine digits that count, cut, without
 * needless zeros; false when it is none. */
#define LEDGER_RATIO_ROOM 48u
bool ledger_ratio(char out[LEDGER_RATIO_ROOM], int64_t over, int64_t under);

/* MANAGE_SELL_OFFER as manage_sell_offer */
#define LEDGER_TYPE_ROOM 64u
const char *ledger_type_name(char out[LEDGER_TYPE_ROOM], sdex_OperationType type);

/* Whose operation it is: 32 bytes. */
const uint8_t *ledger_op_source(const struct delta_transaction *tx, const sdex_Operation *op);

#endif
