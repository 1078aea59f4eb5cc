/* policy/policy.h - what the signer signs: rules on a whole transaction, deny by default.
 *
 * Each rule has a name, by which a refusal and the audit tell it.  The rules here look at
 * nothing but the transaction and the time; what depends on what was signed before is in
 * policy/sequence.h and policy/rate.h.  Pure: no I/O, no clock. */
#ifndef SDEX_POLICY_POLICY_H
#define SDEX_POLICY_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json_write.h"
#include "sdex/transaction.h"

/* rule, its name, what it asks for */
#define POLICY_RULES(X)                                                                         \
	X(KEY, "key", "the key is one that this signer has")                                    \
	X(ENCODING, "encoding", "the bytes are one envelope, in the only form XDR has for it")  \
	X(ENVELOPE, "envelope", "a plain transaction: no fee bump, no envelope of old")         \
	X(MALFORMED, "malformed", "nothing that the network would refuse unseen")               \
	X(PRECONDITIONS, "preconditions", "no conditions but bounds of time and ledger")        \
	X(MAX_TIME, "max_time", "a time after which it is void, not past and near")             \
	X(FEE, "fee", "at most the fee that the operator allows for each operation")            \
	X(SOURCE, "source", "only accounts of the key, for the transaction and its operations") \
	X(OPERATION, "operation", "only what trading needs: offers, exchanges, trustlines")     \
	X(ASSET, "asset", "only assets of the operator's list, where there is one")             \
	X(DESTINATION, "destination", "path payments to their own source only")                 \
	X(TRUSTLINE, "trustline", "trustlines of listed assets; without a list only closing")   \
	X(SEQUENCE, "sequence", "each sequence number once for each account, and rising")       \
	X(RATE, "rate", "no more signatures a second than the operator allows")                 \
	X(CLOCK, "clock", "a clock that does not run back")

enum policy_rule {
	POLICY_FINE, /* no rule is against it */
#define POLICY_ENUM(rule, name, text) POLICY_##rule,
	POLICY_RULES(POLICY_ENUM)
#undef POLICY_ENUM
};

/* "max_time"; "" for POLICY_FINE. */
const char *policy_rule_name(enum policy_rule rule);

/* Operators' bounds of a time ahead and of a fee. */
#define POLICY_TIME_AHEAD_S 600u
#define POLICY_TIME_AHEAD_MOST_S 3600u
#define POLICY_FEE_USUAL 100000u /* stroops an operation, 0.01 XLM */
#define POLICY_FEE_MOST 100000000u

/* The trading role of one key. */
struct policy {
	const sdex_AccountID *sources; /* accounts that the key may act for */
	uint32_t source_count;
	/* What may be sold, bought, passed through and trusted, "native" included.  None: any
	 * asset may be traded, none newly trusted. */
	const sdex_Asset *assets;
	uint32_t asset_count;
	uint32_t fee;          /* stroops for each operation, at most */
	uint32_t time_ahead_s; /* from now to maxTime, at most */
};

struct policy_refusal {
	enum policy_rule rule;
	char text[244]; /* expected, found, what to do; no newline */
};

/* Fills a refusal and returns false. */
bool policy_refuse(struct policy_refusal *why, enum policy_rule rule, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Does the policy allow the envelope, at `now_s` seconds since 1970?  False: `why` names the
 * first rule that is against it. */
SDEX_MUST_USE bool policy_allows(const struct policy *policy,
				 const sdex_TransactionEnvelope *envelope, int64_t now_s,
				 struct policy_refusal *why);

/* Writes the policy as a JSON object, the same policy always as the same bytes. */
void policy_write(struct json_writer *w, const struct policy *policy);

#endif
