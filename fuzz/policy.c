/* fuzz/policy.c - envelopes from anywhere before the signer's policy: what it allows keeps the
 * rules, looked at in another way, and what it refuses has a rule and a reason. */
#include <string.h>

#include "base/check.h"
#include "policy/policy.h"
#include "sdex/asset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW 1000

static void check_operation(const sdex_Operation *op, const sdex_MuxedAccount *tx_source,
			    const sdex_AccountID *own)
{
	const sdex_MuxedAccount *source = op->sourceAccount ? op->sourceAccount : tx_source;
	sdex_AccountID account = sdex_muxed_account(source), to = account;
	CHECK(memcmp(&account.ed25519, &own->ed25519, 32) == 0);
	switch ((int)op->body.type) {
	case SDEX_PATH_PAYMENT_STRICT_RECEIVE:
		to = sdex_muxed_account(&op->body.pathPaymentStrictReceiveOp->destination);
		break;
	case SDEX_PATH_PAYMENT_STRICT_SEND:
		to = sdex_muxed_account(&op->body.pathPaymentStrictSendOp->destination);
		break;
	case SDEX_CHANGE_TRUST:
		CHECK(op->body.changeTrustOp->limit == 0);
		break;
	case SDEX_MANAGE_SELL_OFFER:
	case SDEX_MANAGE_BUY_OFFER:
	case SDEX_CREATE_PASSIVE_SELL_OFFER:
		break;
	default:
		check_failed("an operation of trading", __FILE__, __LINE__);
	}
	CHECK(memcmp(&to.ed25519, &own->ed25519, 32) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sdex_TransactionEnvelope *envelope = NULL;
	struct policy_refusal why = {0};
	struct sdex_arena *arena = sdex_arena_new((size_t)1 << 26);
	CHECK(arena);
	if (sdex_TransactionEnvelope_decode(&envelope, arena, data, size, NULL))
		goto out;
	sdex_MuxedAccount source = sdex_tx_source(envelope);
	const sdex_AccountID own = sdex_muxed_account(&source);
	const struct policy policy = {
		.sources = &own, .source_count = 1, .fee = 1000, .time_ahead_s = UINT32_MAX};
	if (!policy_allows(&policy, envelope, NOW, &why)) {
		CHECK(why.rule != POLICY_FINE && *policy_rule_name(why.rule) && *why.text);
		goto out;
	}
	CHECK(envelope->type == SDEX_ENVELOPE_TYPE_TX);
	const sdex_Transaction *tx = &envelope->v1->tx;
	CHECK(tx->fee <= 1000 * tx->operations.count && tx->ext.v == 0);
	const sdex_TimeBounds *time =
		tx->cond.type == SDEX_PRECOND_TIME ? &tx->cond.timeBounds : tx->cond.v2->timeBounds;
	CHECK(time->maxTime >= NOW && time->maxTime <= NOW + (uint64_t)UINT32_MAX);
	for (uint32_t i = 0; i < tx->operations.count; i++)
		check_operation(&tx->operations.items[i], &tx->sourceAccount, &own);
out:
	sdex_arena_free(arena);
	return 0;
}
