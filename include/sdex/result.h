/* sdex/result.h - what became of a transaction, in plain words.
 *
 * The network answers with codes, one for the transaction and, when it got that far, one
 * for each operation.  Here is what each means and what to do next, its name in the
 * schema and in Horizon, and whole results as text: which operation failed, which
 * offers and pools were traded with, what came of one's own. */
#ifndef SDEX_RESULT_H
#define SDEX_RESULT_H

#include "sdex/xdr_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- codes */

/* A result code of the schema.  All texts live for ever. */
struct sdex_code {
	enum sdex_type type; /* its enum: SDEX_TYPE_TransactionResultCode, ... */
	int32_t value;       /* 0 or above: it worked */
	const char *name;    /* in the schema: "MANAGE_SELL_OFFER_CROSS_SELF" */
	const char *horizon; /* in Horizon: "op_cross_self", not unique */
	const char *meaning; /* a clause: "it would trade with an offer of the same account" */
	const char *remedy;  /* in the imperative: "change or delete that offer first" */
};

/* The code of an enum and value, NULL when there is none.  Every value of every enum
 * ...ResultCode of the schema has one. */
SDEX_API const struct sdex_code *sdex_code_find(enum sdex_type type, int32_t value);

/* The i-th code, NULL when i is the number of codes or more. */
SDEX_API const struct sdex_code *sdex_code_at(size_t i);

/* The code of a name in the schema; NULL when it is none. */
SDEX_API const struct sdex_code *sdex_code_by_name(const char *name);

/* The code that Horizon calls `name` among those of one enum; NULL when there is none.
 * Its names for operations ("op_underfunded") stand for many codes: the operation's type
 * tells which enum it is. */
SDEX_API const struct sdex_code *sdex_code_by_horizon(enum sdex_type type, const char *name);

/* --- results.  They are whole: decoded, or fit to be encoded. */

/* The transaction's own code, and for a fee bump that of its inner transaction (NULL for
 * any other). */
SDEX_API const struct sdex_code *sdex_result_code(const sdex_TransactionResult *result);
SDEX_API const struct sdex_code *sdex_result_inner_code(const sdex_TransactionResult *result);

/* Was it done?  (A fee bump: was the inner transaction?) */
SDEX_API bool sdex_result_ok(const sdex_TransactionResult *result);

/* The results of the operations, the inner ones for a fee bump; empty when it did not
 * get so far. */
SDEX_API sdex_OperationResult_list sdex_result_operations(const sdex_TransactionResult *result);

/* The code of an operation's result: the inner one where there is one ("PAYMENT_..."),
 * else why it was not tried ("opBAD_AUTH"). */
SDEX_API const struct sdex_code *sdex_op_result_code(const sdex_OperationResult *result);

/* The trades of an operation that was done: offers and pools taken from, in order.  Empty
 * for operations that do not trade. */
SDEX_API sdex_ClaimAtom_list sdex_op_result_claims(const sdex_OperationResult *result);

/* What an operation that was done did to an offer of its own, NULL for other operations. */
SDEX_API const sdex_ManageOfferSuccessResultOffer *
sdex_op_result_offer(const sdex_OperationResult *result);

/* Writes the result for people, several lines with a NUL (in the form of bytes.h).
 * `envelope`, which may be NULL, gives the names of operations that were not tried.
 * SPACE  room is not over the text's length; why->where is enough */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_result_text(char *text, size_t room, size_t *length,
							const sdex_TransactionResult *result,
							const sdex_TransactionEnvelope *envelope,
							struct sdex_failure *why);

#ifdef __cplusplus
}
#endif
#endif
