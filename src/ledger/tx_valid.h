/* ledger/tx_valid.h - the checks that stand before a transaction's operations. */
#ifndef SDEX_LEDGER_TX_VALID_H
#define SDEX_LEDGER_TX_VALID_H

#include "ledger/tx.h"

/* How far a transaction got. */
enum stage {
	STAGE_INVALID,  /* not even its sequence number is used up */
	STAGE_SEQUENCE, /* the sequence number is, but its signatures do not do */
	STAGE_SIGNED,   /* they do, but something after is wrong */
	STAGE_VALID,    /* its operations may be looked at */
};

struct validity {
	struct ledger *ledger;
	const struct tx *tx;
	struct signing *signing;
	sdex_TransactionResult *result; /* failed with a code where it is not valid */
	bool applying;
	struct tx_moment moment;
	int64_t sequence; /* of the source before it; 0: the account's */
};

enum stage tx_common_valid(const struct validity *v);

/* Are all operations signed?  Sets opBAD_AUTH and opNO_ACCOUNT where not. */
bool tx_operations_signed(const struct validity *v);

/* --- parts of tx.c */
uint32_t tx_op_source(struct state *state, const struct tx *tx, uint32_t index);
struct op tx_op(struct ledger *ledger, const struct tx *tx, uint32_t index);
bool tx_begin_result(sdex_TransactionResult *result, const struct tx *tx, int64_t charged,
		     int64_t inner_charged, struct sdex_arena *arena);
void tx_fail_inner(sdex_TransactionResult *result, sdex_TransactionResultCode code);
sdex_OperationResult *tx_op_result(sdex_TransactionResult *result, uint32_t index);

/* All of tx_apply that comes before the operations: sequence number, signatures, one-time
 * signers; says whether the operations may run.  NOMEM. */
SDEX_MUST_USE enum sdex_error tx_prepare(bool *may_run, sdex_TransactionResult *result,
					 struct tx_meta *meta, struct ledger *ledger,
					 const struct tx *tx);

/* One operation, in the level that is open; whoever calls takes back what it did when it
 * returns false, and looks at the state's fault. */
bool tx_run_operation(sdex_OperationResult *result, struct ledger *ledger, const struct tx *tx,
		      uint32_t index);

#endif
