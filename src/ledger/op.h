/* ledger/op.h - operations: what makes one valid, and what it does.
 *
 * An operation is checked without the ledger first (op_valid), then applied (op_apply).
 * Both write their outcome to *op->result, made by op_result. */
#ifndef SDEX_LEDGER_OP_H
#define SDEX_LEDGER_OP_H

#include "ledger/cross.h"
#include "stellar/shape.h"

#define VERSION_OLDEST 19u
#define VERSION_NEWEST 28u
#define VERSION_SEQUENCE_TIME 19u /* accounts say when their sequence number changed */

enum threshold {
	THRESHOLD_IS_LOW = 1, /* indexes of struct account's thresholds */
	THRESHOLD_IS_MEDIUM,
	THRESHOLD_IS_HIGH,
};

struct op {
	struct state *state;
	struct sdex_arena *arena; /* of the result */
	const struct frozen *frozen;
	const sdex_Operation *operation;
	uint32_t index;      /* in its transaction */
	uint32_t source;     /* address: the operation's, or else the transaction's */
	uint32_t tx_source;  /* address */
	int64_t tx_sequence; /* the transaction's own */
	sdex_OperationResult *result;
};

/* A result that says success so far, as the network begins with.  False when memory is
 * out. */
bool op_result(sdex_OperationResult *result, const sdex_Operation *operation,
	       struct sdex_arena *arena);

enum threshold op_threshold(const sdex_Operation *operation);

/* Is it one that runs a contract, or keeps one alive?  These are not applied here. */
bool op_is_soroban(const sdex_Operation *operation);

/* Does it take from order books or pools (and so counts in a lane of its own)? */
bool op_is_dex(const sdex_Operation *operation);

/* Would it touch a frozen key, its own source left aside? */
bool op_is_frozen(const struct op *op);

/* Is there such an operation in this ledger?  Sets opNOT_SUPPORTED if not. */
bool op_supported(struct op *op);

/* Valid in itself?  Sets a code if not.  For supported operations. */
bool op_valid(struct op *op);

/* Applies a valid operation whose source account exists.  Whoever calls takes back what
 * was done when it returns false (state_rollback), and looks at the state's fault. */
bool op_apply(struct op *op);

/* --- for the files of the operations */

static inline bool op_outer(struct op *op, sdex_OperationResultCode code)
{
	op->result->code = code;
	return false;
}

/* The outer code of a reserve that nobody can pay, if it has one; returns false. */
bool op_unpaid(struct op *op, enum sponsoring sponsoring);

const uint8_t *muxed_key(const sdex_MuxedAccount *account);
/* The source account, touched; NULL with a fault if there is none. */
struct account *op_source(struct op *op);

bool create_account_check(struct op *op);
bool create_account_apply(struct op *op);
bool set_options_check(struct op *op);
bool set_options_apply(struct op *op);
bool merge_check(struct op *op);
bool merge_apply(struct op *op);
bool manage_data_check(struct op *op);
bool manage_data_apply(struct op *op);
bool bump_sequence_check(struct op *op);
bool bump_sequence_apply(struct op *op);
bool payment_check(struct op *op);
bool payment_apply(struct op *op);
bool path_receive_check(struct op *op);
bool path_receive_apply(struct op *op);
bool path_send_check(struct op *op);
bool path_send_apply(struct op *op);
bool manage_offer_check(struct op *op);
bool manage_offer_apply(struct op *op);
bool change_trust_check(struct op *op);
bool change_trust_apply(struct op *op);
bool allow_trust_check(struct op *op);
bool allow_trust_apply(struct op *op);
bool set_line_flags_check(struct op *op);
bool set_line_flags_apply(struct op *op);
bool create_claimable_check(struct op *op);
bool create_claimable_apply(struct op *op);
bool claim_apply(struct op *op);
bool clawback_check(struct op *op);
bool clawback_apply(struct op *op);
bool clawback_claimable_apply(struct op *op);
bool begin_sponsoring_check(struct op *op);
bool begin_sponsoring_apply(struct op *op);
bool end_sponsoring_apply(struct op *op);
bool revoke_sponsorship_check(struct op *op);
bool revoke_sponsorship_apply(struct op *op);
bool pool_deposit_check(struct op *op);
bool pool_deposit_apply(struct op *op);
bool pool_withdraw_check(struct op *op);
bool pool_withdraw_apply(struct op *op);

/* The price, assets and amounts that the three manage-offer operations share. */
struct offer_request {
	uint32_t selling;
	uint32_t buying;
	struct price price; /* of the asset sold, in the asset bought */
	int64_t amount;     /* to sell, or to buy */
	int64_t id;         /* 0: a new offer */
	bool buys;
	bool passive;
};
bool manage_offer_read(struct offer_request *request, struct op *op);

/* What a change of trust does to the pool that it is a share of (trust_apply.c). */
bool pool_release(struct op *op, struct pool *pool, uint32_t address);

#endif
