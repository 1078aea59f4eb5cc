/* ledger/tx_valid.c - the network's checks, in the network's order. */
#include "ledger/tx_valid.h"

#include "base/int128.h"
#include "ledger/entry.h"

#define VERSION_STRICT_EXT 21u

uint32_t tx_op_source(struct state *state, const struct tx *tx, uint32_t index)
{
	const sdex_MuxedAccount *own = tx_operations(tx)->items[index].sourceAccount;
	return own ? state_address(state, muxed_key(own)) : tx->source;
}

struct op tx_op(struct ledger *ledger, const struct tx *tx, uint32_t index)
{
	return (struct op){.state = ledger->state,
			   .arena = ledger->arena,
			   .frozen = &ledger->frozen,
			   .operation = &tx_operations(tx)->items[index],
			   .index = index,
			   .source = tx_op_source(ledger->state, tx, index),
			   .tx_source = tx->source,
			   .tx_sequence = tx->sequence};
}

static const sdex_PreconditionsV2 *conditions(const struct tx *tx)
{
	return tx->inner && tx->inner->cond.type == SDEX_PRECOND_V2 ? tx->inner->cond.v2 : NULL;
}

static const sdex_TimeBounds *time_bounds(const struct tx *tx)
{
	if (!tx->inner)
		return tx->envelope->v0->tx.timeBounds;
	if (tx->inner->cond.type == SDEX_PRECOND_TIME)
		return &tx->inner->cond.timeBounds;
	return tx->inner->cond.type == SDEX_PRECOND_V2 ? tx->inner->cond.v2->timeBounds : NULL;
}

static bool invalid(const struct validity *v, sdex_TransactionResultCode code)
{
	tx_fail_inner(v->result, code);
	return false;
}

static bool extra_signers_valid(const struct tx *tx)
{
	const sdex_PreconditionsV2 *v2 = conditions(tx);
	uint32_t count = v2 ? v2->extraSigners.count : 0;
	for (uint32_t i = 0; i < count; i++) {
		const sdex_SignerKey *key = &v2->extraSigners.items[i];
		if (key->type == SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD &&
		    key->ed25519SignedPayload->payload.size == 0)
			return false;
		for (uint32_t j = 0; j < i; j++)
			if (sdex_SignerKey_equal(key, &v2->extraSigners.items[j]))
				return false;
	}
	return true;
}

static bool structure_valid(const struct validity *v)
{
	const struct tx *tx = v->tx;
	if (!tx->inner)
		return invalid(v, SDEX_txNOT_SUPPORTED);
	if (!extra_signers_valid(tx))
		return invalid(v, SDEX_txMALFORMED);
	if (tx_operations(tx)->count == 0)
		return invalid(v, SDEX_txMISSING_OPERATION);
	if (v->ledger->state->header.version >= VERSION_STRICT_EXT && tx->inner->ext.v != 0)
		return invalid(v, SDEX_txMALFORMED);
	return true;
}

static bool in_time(const struct validity *v)
{
	const sdex_TimeBounds *bounds = time_bounds(v->tx);
	const sdex_PreconditionsV2 *v2 = conditions(v->tx);
	const sdex_LedgerBounds *ledgers = v2 ? v2->ledgerBounds : NULL;
	if ((bounds && bounds->minTime && bounds->minTime > v->moment.close_time) ||
	    (ledgers && ledgers->minLedger > v->moment.sequence))
		return invalid(v, SDEX_txTOO_EARLY);
	if ((bounds && bounds->maxTime &&
	     bounds->maxTime < v->moment.close_time + v->moment.latest) ||
	    (ledgers && ledgers->maxLedger && ledgers->maxLedger <= v->moment.sequence))
		return invalid(v, SDEX_txTOO_LATE);
	return true;
}

static bool accesses_frozen(const struct validity *v)
{
	struct ledger *ledger = v->ledger;
	struct state *state = ledger->state;
	if (ledger->frozen.count == 0 || frozen_bypass(&ledger->frozen, v->tx->contents_hash))
		return false;
	if (frozen_account(&ledger->frozen, state, v->tx->source))
		return true;
	for (uint32_t i = 0; i < tx_operations(v->tx)->count; i++) {
		struct op op = tx_op(ledger, v->tx, i);
		if ((op.operation->sourceAccount &&
		     frozen_account(&ledger->frozen, state, op.source)) ||
		    op_is_frozen(&op))
			return true;
	}
	return false;
}

static bool bad_sequence(const struct validity *v, int64_t current)
{
	const sdex_PreconditionsV2 *v2 = conditions(v->tx);
	int64_t wanted = v->tx->sequence;
	if (wanted == (int64_t)v->ledger->state->header.sequence << 32)
		return true;
	if (v2 && v2->minSeqNum)
		return current < *v2->minSeqNum || current >= wanted;
	return current == INT64_MAX || current + 1 != wanted;
}

static bool too_early_for_account(const struct validity *v, const struct account *account)
{
	const sdex_PreconditionsV2 *v2 = conditions(v->tx);
	uint64_t since = account->entry.level == 3 ? account->sequence_time : 0;
	uint32_t after = account->entry.level == 3 ? account->sequence_ledger : 0;
	uint64_t age = v2 ? v2->minSeqAge : 0;
	uint32_t gap = v2 ? v2->minSeqLedgerGap : 0;
	return age > v->moment.close_time || v->moment.close_time - age < since ||
	       gap > v->moment.sequence || v->moment.sequence - gap < after;
}

static bool signed_by_source(const struct validity *v, const struct account *account)
{
	const sdex_PreconditionsV2 *v2 = conditions(v->tx);
	struct signer extra[2];
	if (!signing_account(v->signing, v->ledger->state, account,
			     account->thresholds[THRESHOLD_IS_LOW]))
		return false;
	uint32_t count = v2 ? v2->extraSigners.count : 0;
	for (uint32_t i = 0; i < count && i < 2; i++) {
		entry_signer(&extra[i], &v2->extraSigners.items[i]);
		extra[i].weight = 1;
	}
	return count == 0 || signing_weighs(v->signing, extra, count, count);
}

enum stage tx_common_valid(const struct validity *v)
{
	struct state *state = v->ledger->state;
	bool pays = !v->tx->bump;
	if (!structure_valid(v) || !in_time(v))
		return STAGE_INVALID;
	int64_t least = (int64_t)state->header.base_fee * tx_operations(v->tx)->count;
	if (pays && v->tx->inner->fee < least)
		return invalid(v, SDEX_txINSUFFICIENT_FEE), STAGE_INVALID;
	struct account *account = state_account(state, v->tx->source);
	if (!account)
		return invalid(v, SDEX_txNO_ACCOUNT), STAGE_INVALID;
	if (accesses_frozen(v))
		return invalid(v, SDEX_txFROZEN_KEY_ACCESSED), STAGE_INVALID;
	if (bad_sequence(v, v->sequence ? v->sequence : account->sequence))
		return invalid(v, SDEX_txBAD_SEQ), STAGE_INVALID;
	if (too_early_for_account(v, account))
		return invalid(v, SDEX_txBAD_MIN_SEQ_AGE_OR_GAP), STAGE_SEQUENCE;
	if (!signed_by_source(v, account))
		return invalid(v, SDEX_txBAD_AUTH), STAGE_SEQUENCE;
	int64_t due = v->applying ? 0 : v->tx->inner->fee;
	if (pays && rules_available(state, account) < due)
		return invalid(v, SDEX_txINSUFFICIENT_BALANCE), STAGE_SIGNED;
	return STAGE_VALID;
}

static bool operation_signed(const struct validity *v, uint32_t index)
{
	struct op op = tx_op(v->ledger, v->tx, index);
	const struct account *account = state_account(op.state, op.source);
	op.result = tx_op_result(v->result, index);
	if (account) {
		uint8_t needed = account->thresholds[op_threshold(op.operation)];
		return signing_account(v->signing, op.state, account, needed) ||
		       op_outer(&op, SDEX_opBAD_AUTH);
	}
	if (!op.operation->sourceAccount)
		return op_outer(&op, SDEX_opNO_ACCOUNT);
	return signing_key(v->signing, address_at(op.state, op.source)->key) ||
	       op_outer(&op, SDEX_opBAD_AUTH);
}

bool tx_operations_signed(const struct validity *v)
{
	bool all = true;
	for (uint32_t i = 0; i < tx_operations(v->tx)->count; i++)
		all = operation_signed(v, i) && all;
	return all;
}

/* --- before a ledger */

static int64_t least_fee(const struct state *state, uint32_t weight)
{
	return (int64_t)state->header.base_fee * (weight ? weight : 1);
}

/* The outer half of a fee bump: its rate may not be under the inner one's. */
static bool bump_valid(const struct validity *v, struct signing *signing)
{
	struct state *state = v->ledger->state;
	sdex_TransactionResultResult *outer = &v->result->result;
	int64_t fee = v->tx->bump->fee, inner = v->tx->inner->fee;
	int64_t least = least_fee(state, tx_weight(v->tx));
	int64_t inner_least = least_fee(state, tx_operations(v->tx)->count);
	if (fee < least) {
		outer->code = SDEX_txINSUFFICIENT_FEE;
		return false;
	}
	uint128 offered = (uint128)(uint64_t)fee * (uint64_t)inner_least;
	uint128 needed = (uint128)(uint64_t)inner * (uint64_t)least;
	if (offered < needed) {
		uint128 rate = (needed + (uint64_t)inner_least - 1) / (uint64_t)inner_least;
		outer->code = SDEX_txINSUFFICIENT_FEE;
		v->result->feeCharged = rate > INT64_MAX ? INT64_MAX : (int64_t)rate;
		return false;
	}
	struct account *payer = state_account(state, v->tx->fee_source);
	if (!payer)
		outer->code = SDEX_txNO_ACCOUNT;
	else if (!signing_account(signing, state, payer, payer->thresholds[THRESHOLD_IS_LOW]))
		outer->code = SDEX_txBAD_AUTH;
	else if (rules_available(state, payer) < fee)
		outer->code = SDEX_txINSUFFICIENT_BALANCE;
	else if (frozen_account(&v->ledger->frozen, state, v->tx->fee_source) &&
		 !frozen_bypass(&v->ledger->frozen, v->tx->contents_hash))
		outer->code = SDEX_txFROZEN_KEY_ACCESSED;
	else if (!signing_all_used(signing))
		outer->code = SDEX_txBAD_AUTH_EXTRA;
	else
		return true;
	return false;
}

static void check_operations(const struct validity *v)
{
	for (uint32_t i = 0; i < tx_operations(v->tx)->count; i++) {
		struct op op = tx_op(v->ledger, v->tx, i);
		op.result = tx_op_result(v->result, i);
		if (!op_supported(&op) || !operation_signed(v, i) || !op_valid(&op)) {
			invalid(v, SDEX_txFAILED);
			return;
		}
	}
	if (!signing_all_used(v->signing))
		invalid(v, SDEX_txBAD_AUTH_EXTRA);
}

enum sdex_error tx_check(sdex_TransactionResult *result, struct ledger *ledger, const struct tx *tx,
			 struct tx_moment moment, int64_t sequence)
{
	struct state *state = ledger->state;
	struct signing inner, outer;
	struct validity v = {.ledger = ledger,
			     .tx = tx,
			     .signing = &inner,
			     .result = result,
			     .moment = moment,
			     .sequence = sequence};
	int64_t base_fee = state->header.base_fee;
	if (tx->bump && tx->bump->fee < 0) {
		*result = (sdex_TransactionResult){.result.code = SDEX_txMALFORMED};
		return SDEX_OK;
	}
	if (!tx_begin_result(result, tx, tx_fee(tx, &base_fee, false), 0, ledger->arena))
		return SDEX_ERR_NOMEM;
	signing_init(&inner, tx->signatures, tx->inner_hash, state->header.version,
		     ledger->trust_signatures, ledger->verdicts);
	/* what arrives from a network may always verify only so much */
	inner.limited = true;
	bool good = true;
	if (tx->bump) {
		signing_init(&outer, tx->bump_signatures, tx->contents_hash, state->header.version,
			     ledger->trust_signatures, ledger->verdicts);
		good = bump_valid(&v, &outer);
	}
	if (good && tx_common_valid(&v) == STAGE_VALID)
		check_operations(&v);
	return state->lost ? SDEX_ERR_NOMEM : SDEX_OK;
}
