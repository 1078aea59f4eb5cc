/* policy/operation.h - the trading role's rules on one operation. */
#ifndef SDEX_POLICY_OPERATION_H
#define SDEX_POLICY_OPERATION_H

#include "policy/policy.h"

/* May operation number `index` of a transaction with this source be signed? */
SDEX_MUST_USE bool policy_operation(const struct policy *policy, const sdex_MuxedAccount *tx_source,
				    const sdex_Operation *op, uint32_t index,
				    struct policy_refusal *why);

/* policy.c: is it, id or not, an account that the key may act for? */
bool policy_knows_source(const struct policy *policy, const sdex_MuxedAccount *source);

#endif
