/* policy/policy.c - the rules on the transaction as such. */
#include "policy/policy.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/operation.h"
#include "sdex/address.h"
#include "sdex/asset.h"

const char *policy_rule_name(enum policy_rule rule)
{
	switch (rule) {
	case POLICY_FINE:
		break;
#define POLICY_NAME(rule, name, text) \
	case POLICY_##rule:           \
		return name;
		POLICY_RULES(POLICY_NAME)
#undef POLICY_NAME
	}
	return "";
}

bool policy_refuse(struct policy_refusal *why, enum policy_rule rule, const char *format, ...)
{
	va_list list;
	why->rule = rule;
	va_start(list, format);
	vsnprintf(why->text, sizeof why->text, format, list);
	va_end(list);
	return false;
}

/* ---- preconditions ---- */

static bool only_bounds(const sdex_PreconditionsV2 *v2)
{
	return !v2->minSeqNum && v2->minSeqAge == 0 && v2->minSeqLedgerGap == 0 &&
	       v2->extraSigners.count == 0;
}

static bool check_time(const struct policy *policy, const sdex_TimeBounds *bounds, int64_t now_s,
		       struct policy_refusal *why)
{
	uint64_t now = now_s > 0 ? (uint64_t)now_s : 0;
	if (!bounds || bounds->maxTime == 0)
		return policy_refuse(why, POLICY_MAX_TIME,
				     "the transaction is valid for ever: give it a maxTime at most "
				     "%" PRIu32 " s from now",
				     policy->time_ahead_s);
	if (bounds->maxTime < now)
		return policy_refuse(why, POLICY_MAX_TIME,
				     "maxTime %" PRIu64 " passed %" PRIu64 " s ago: make the "
				     "transaction anew, and compare this machine's clock with the "
				     "network's",
				     bounds->maxTime, now - bounds->maxTime);
	if (bounds->maxTime - now > policy->time_ahead_s)
		return policy_refuse(
			why, POLICY_MAX_TIME,
			"maxTime %" PRIu64 " is %" PRIu64 " s ahead, at most %" PRIu32
			" s are allowed: give a nearer one, and compare this machine's "
			"clock with the network's",
			bounds->maxTime, bounds->maxTime - now, policy->time_ahead_s);
	return true;
}

static bool check_conditions(const struct policy *policy, const sdex_Preconditions *cond,
			     int64_t now_s, struct policy_refusal *why)
{
	switch (cond->type) {
	case SDEX_PRECOND_NONE:
		return check_time(policy, NULL, now_s, why);
	case SDEX_PRECOND_TIME:
		return check_time(policy, &cond->timeBounds, now_s, why);
	case SDEX_PRECOND_V2:
		if (!only_bounds(cond->v2))
			return policy_refuse(
				why, POLICY_PRECONDITIONS,
				"the transaction has conditions on sequence numbers or "
				"asks for further signers: leave bounds of time and "
				"ledger only");
		return check_time(policy, cond->v2->timeBounds, now_s, why);
	}
	return policy_refuse(why, POLICY_PRECONDITIONS, "conditions of an unknown kind");
}

/* ---- the whole ---- */

static bool check_fee(const struct policy *policy, const sdex_Transaction *tx,
		      struct policy_refusal *why)
{
	uint64_t most = (uint64_t)policy->fee * tx->operations.count;
	if (tx->fee <= most)
		return true;
	return policy_refuse(why, POLICY_FEE,
			     "a fee of %" PRIu32 " stroops for %" PRIu32
			     " operations; at most %" PRIu64 " (%" PRIu32
			     " each) are allowed: offer less, or raise --max-fee",
			     tx->fee, tx->operations.count, most, policy->fee);
}

bool policy_knows_source(const struct policy *policy, const sdex_MuxedAccount *source)
{
	sdex_AccountID account = sdex_muxed_account(source);
	for (uint32_t i = 0; i < policy->source_count; i++)
		if (memcmp(&policy->sources[i].ed25519, &account.ed25519, 32) == 0)
			return true;
	return false;
}

static bool check_transaction(const struct policy *policy, const sdex_Transaction *tx,
			      int64_t now_s, struct policy_refusal *why)
{
	if (!policy_knows_source(policy, &tx->sourceAccount))
		return policy_refuse(why, POLICY_SOURCE,
				     "the transaction's source is not an account of this key: ask "
				     "with the account's own key, or allow it with --source");
	if (tx->ext.v != 0)
		return policy_refuse(why, POLICY_OPERATION, "contracts are not part of trading");
	if (!check_conditions(policy, &tx->cond, now_s, why) || !check_fee(policy, tx, why))
		return false;
	for (uint32_t i = 0; i < tx->operations.count; i++)
		if (!policy_operation(policy, &tx->sourceAccount, &tx->operations.items[i], i, why))
			return false;
	return true;
}

bool policy_allows(const struct policy *policy, const sdex_TransactionEnvelope *envelope,
		   int64_t now_s, struct policy_refusal *why)
{
	struct sdex_failure failure;
	if (envelope->type != SDEX_ENVELOPE_TYPE_TX)
		return policy_refuse(
			why, POLICY_ENVELOPE,
			"expected a v1 transaction, found %s: this key is for trading, "
			"which needs no other",
			envelope->type == SDEX_ENVELOPE_TYPE_TX_FEE_BUMP ? "a fee bump"
									 : "an envelope of old");
	if (sdex_tx_check(envelope, NULL, &failure))
		return policy_refuse(why, POLICY_MALFORMED, "the network would refuse it: %.200s",
				     failure.text);
	return check_transaction(policy, &envelope->v1->tx, now_s, why);
}

/* ---- as JSON ---- */

static void key(struct json_writer *w, const char *name)
{
	json_write_key(w, name, strlen(name));
}

void policy_write(struct json_writer *w, const struct policy *policy)
{
	char text[SDEX_ASSET_ROOM];
	size_t length;
	json_write_object(w);
	key(w, "role");
	json_write_string(w, "trading", 7);
	key(w, "sources");
	json_write_array(w);
	for (uint32_t i = 0; i < policy->source_count; i++)
		json_write_string(w, text, sdex_account_print(text, &policy->sources[i]));
	json_write_array_end(w);
	key(w, "assets");
	json_write_array(w);
	for (uint32_t i = 0; i < policy->asset_count; i++)
		if (!sdex_asset_print(text, sizeof text, &length, &policy->assets[i]))
			json_write_string(w, text, length);
	json_write_array_end(w);
	key(w, "fee");
	json_write_uint64(w, policy->fee);
	key(w, "time_ahead_s");
	json_write_uint64(w, policy->time_ahead_s);
	json_write_object_end(w);
}
