/* stellar/refuse.h - refusing what the network would refuse, in one line. */
#ifndef SDEX_STELLAR_REFUSE_H
#define SDEX_STELLAR_REFUSE_H

#include "sdex/operation.h"

/* What a check knows besides the value it checks. */
struct check {
	const struct sdex_network_limits *limits; /* never NULL: limits_or_default */
	const sdex_AccountID *source; /* the operation's, else the transaction's; NULL: unknown */
	uint32_t index;               /* of the operation, for the failure's `where` */
	bool in_tx;                   /* the index means something to the reader */
	struct sdex_failure *why;     /* may be NULL */
};

/* Fills check->why with the rule's texts and what was found, and returns MALFORMED. */
enum sdex_error refuse(const struct check *check, enum sdex_rule_number number, const char *found,
		       ...) __attribute__((format(printf, 3, 4)));
#ifdef __clang_analyzer__
#define refuse(...) (refuse(__VA_ARGS__), SDEX_ERR_MALFORMED) /* as with fail() */
#endif

/* The rules of one operation that need nothing but the operation (and its source). */
enum sdex_error op_check_form(const struct check *check, const sdex_OperationBody *body);

/* The same, and whether the protocol version has the operation at all. */
enum sdex_error op_check(const struct check *check, const sdex_Operation *op);

/* Those of a claim predicate, of CREATE_CLAIMABLE_BALANCE's. */
enum sdex_error predicate_check(const struct check *check, const sdex_ClaimPredicate *predicate);

/* Those of INVOKE_HOST_FUNCTION and EXTEND_FOOTPRINT_TTL. */
enum sdex_error host_function_check(const struct check *check, const sdex_InvokeHostFunctionOp *op);
enum sdex_error extend_check(const struct check *check, const sdex_ExtendFootprintTTLOp *op);

/* The footprint, resources and fee of a transaction with the Soroban operation `op`. */
enum sdex_error soroban_data_check(const struct check *check, const sdex_Operation *op,
				   const sdex_SorobanTransactionData *data);

/* UNSUPPORTED when there are no rules for limits->protocol; `limits` may be NULL. */
enum sdex_error limits_or_default(const struct sdex_network_limits **out,
				  const struct sdex_network_limits *limits,
				  struct sdex_failure *why);

#endif
