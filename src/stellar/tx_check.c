/* stellar/tx_check.c - the rules of whole transactions, in stellar-core's order
 * (commonValidPreSeqNum in TransactionFrame.cpp and FeeBumpTransactionFrame.cpp). */
#include <inttypes.h>

#include "base/check.h"
#include "base/failure.h"
#include "base/int128.h"
#include "sdex/transaction.h"
#include "stellar/payload.h"
#include "stellar/refuse.h"
#include "stellar/shape.h"
#include "xdr/measure.h"

static bool is_soroban(const sdex_Operation *op)
{
	return op->body.type == SDEX_INVOKE_HOST_FUNCTION ||
	       op->body.type == SDEX_EXTEND_FOOTPRINT_TTL ||
	       op->body.type == SDEX_RESTORE_FOOTPRINT;
}

static bool tx_is_soroban(const sdex_Transaction *tx)
{
	return tx->operations.count > 0 && is_soroban(&tx->operations.items[0]);
}

static enum sdex_error check_extra_signers(const struct check *c, const sdex_SignerKey_list *list)
{
	if (list->count > 2)
		return refuse(c, SDEX_RULE_TX_EXTRA_SIGNERS_MANY, "%" PRIu32, list->count);
	if (list->count == 2 && sdex_SignerKey_equal(&list->items[0], &list->items[1]))
		return refuse(c, SDEX_RULE_TX_EXTRA_SIGNERS_SAME, "the same twice");
	for (uint32_t i = 0; i < list->count; i++) {
		const sdex_SignerKey *key = &list->items[i];
		if (key->type != SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD)
			continue;
		uint32_t size = key->ed25519SignedPayload->payload.size;
		if (size == 0 || size > 64)
			return refuse(c, SDEX_RULE_TX_EXTRA_SIGNER_PAYLOAD, "%" PRIu32, size);
	}
	return SDEX_OK;
}

static enum sdex_error check_shape(const struct check *c, const sdex_Transaction *tx)
{
	uint32_t count = tx->operations.count;
	if (count == 0)
		return refuse(c, SDEX_RULE_TX_OPERATIONS_NONE, "none");
	if (count > SDEX_MAX_OPS_PER_TX)
		return refuse(c, SDEX_RULE_TX_OPERATIONS_MANY, "%" PRIu32, count);
	for (uint32_t i = 0; i < count && count > 1; i++)
		if (is_soroban(&tx->operations.items[i]))
			return refuse(c, SDEX_RULE_TX_SOROBAN_ALONE,
				      "%s as one of %" PRIu32 " operations",
				      sdex_op_name(tx->operations.items[i].body.type), count);
	if (tx->memo.type == SDEX_MEMO_TEXT && tx->memo.text.size > 28)
		return refuse(c, SDEX_RULE_TX_MEMO_TEXT, "%" PRIu32, tx->memo.text.size);
	if (tx_is_soroban(tx) && (tx->ext.v != 1 || !tx->ext.sorobanData))
		return refuse(c, SDEX_RULE_TX_SOROBAN_DATA_MISSING, "none");
	/* Until protocol 20 the data did not count, and it was hashed like everything else. */
	if (!tx_is_soroban(tx) && tx->ext.v != 0 && c->limits->protocol >= 21)
		return refuse(c, SDEX_RULE_TX_SOROBAN_DATA_EXTRA, "it");
	return SDEX_OK;
}

static bool is_muxed(const sdex_MuxedAccount *account)
{
	return account->type == SDEX_KEY_TYPE_MUXED_ED25519;
}

/* Since protocol 25 (validateSorobanMemo). */
static enum sdex_error check_soroban_memo(const struct check *c, const sdex_Transaction *tx)
{
	const sdex_Operation *op = &tx->operations.items[0];
	if (op->body.type != SDEX_INVOKE_HOST_FUNCTION || c->limits->protocol < 25)
		return SDEX_OK;
	if (tx->memo.type != SDEX_MEMO_NONE)
		return refuse(c, SDEX_RULE_TX_SOROBAN_MEMO, "a memo of type %d",
			      (int)tx->memo.type);
	if (is_muxed(&tx->sourceAccount) || (op->sourceAccount && is_muxed(op->sourceAccount)))
		return refuse(c, SDEX_RULE_TX_SOROBAN_MUXED, "a muxed one");
	return SDEX_OK;
}

static enum sdex_error check_size(const struct check *c, const sdex_TransactionEnvelope *envelope)
{
	size_t size;
	if (!c->limits->tx_max_size)
		return SDEX_OK;
	enum sdex_error error =
		sdex_xdr_size(SDEX_TYPE_TransactionEnvelope, &size, envelope, c->why);
	if (!error && size > c->limits->tx_max_size)
		return refuse(c, SDEX_RULE_TX_SIZE, "%zu bytes of %" PRIu32, size,
			      c->limits->tx_max_size);
	return error;
}

static enum sdex_error check_time(const struct check *c, const sdex_TimeBounds *time)
{
	if (time && time->maxTime && time->minTime > time->maxTime)
		return refuse(c, SDEX_RULE_TX_TIME_BOUNDS, "%" PRIu64 " to %" PRIu64, time->minTime,
			      time->maxTime);
	return SDEX_OK;
}

static enum sdex_error check_preconditions(const struct check *c, const sdex_Transaction *tx)
{
	const sdex_PreconditionsV2 *v2 = NULL;
	switch (tx->cond.type) {
	case SDEX_PRECOND_NONE:
		return SDEX_OK;
	case SDEX_PRECOND_TIME:
		return check_time(c, &tx->cond.timeBounds);
	case SDEX_PRECOND_V2:
		v2 = tx->cond.v2;
		break;
	}
	if (!v2)
		return fail(c->why, SDEX_ERR_DISCRIMINANT, 0,
			    "transaction.cond: expected NONE, TIME or V2, found type %d",
			    (int)tx->cond.type);
	const sdex_LedgerBounds *ledgers = v2->ledgerBounds;
	/* maxLedger is the first ledger that is too late, unlike maxTime. */
	if (ledgers && ledgers->maxLedger && ledgers->minLedger >= ledgers->maxLedger)
		return refuse(c, SDEX_RULE_TX_LEDGER_BOUNDS, "%" PRIu32 " to %" PRIu32,
			      ledgers->minLedger, ledgers->maxLedger);
	if (v2->minSeqNum && *v2->minSeqNum >= tx->seqNum)
		return refuse(c, SDEX_RULE_TX_MIN_SEQUENCE, "%" PRId64, *v2->minSeqNum);
	return check_time(c, v2->timeBounds);
}

/* Operations that a base fee has to be paid for; a fee bump is one more. */
static int64_t min_fee(const struct check *c, const sdex_Transaction *tx, uint32_t more)
{
	return (int64_t)c->limits->base_fee * ((int64_t)tx->operations.count + more);
}

/* Data that stands by a classic transaction (until protocol 20) costs nothing. */
static int64_t resource_fee(const sdex_Transaction *tx)
{
	if (!tx_is_soroban(tx))
		return 0;
	CHECK(tx->ext.sorobanData); /* check_shape has refused a transaction without */
	return tx->ext.sorobanData->resourceFee;
}

static enum sdex_error check_fee(const struct check *c, const sdex_Transaction *tx)
{
	int64_t inclusion = (int64_t)tx->fee - resource_fee(tx);
	if (inclusion < 0)
		return refuse(c, SDEX_RULE_TX_RESOURCE_FEE_COVER,
			      "%" PRIu32 " with a resourceFee of %" PRId64, tx->fee,
			      resource_fee(tx));
	if (inclusion < min_fee(c, tx, 0))
		return refuse(c, SDEX_RULE_TX_FEE,
			      "%" PRId64 " for %" PRIu32 " operation(s) at %" PRIu32, inclusion,
			      tx->operations.count, c->limits->base_fee);
	return SDEX_OK;
}

static enum sdex_error check_operations(const struct check *c, const sdex_Transaction *tx)
{
	sdex_AccountID tx_source = sdex_muxed_account(&tx->sourceAccount), source;
	struct check one = *c;
	one.in_tx = true;
	for (uint32_t i = 0; i < tx->operations.count; i++) {
		const sdex_Operation *op = &tx->operations.items[i];
		one.index = i;
		one.source = &tx_source;
		if (op->sourceAccount) {
			source = sdex_muxed_account(op->sourceAccount);
			one.source = &source;
		}
		enum sdex_error error = op_check(&one, op);
		if (error)
			return error;
	}
	return SDEX_OK;
}

static enum sdex_error check_signature_count(const struct check *c, uint32_t count)
{
	if (count > 20)
		return refuse(c, SDEX_RULE_TX_SIGNATURES_MANY, "%" PRIu32, count);
	return SDEX_OK;
}

static enum sdex_error check_soroban(const struct check *c, const sdex_TransactionV1Envelope *v1)
{
	const sdex_TransactionEnvelope envelope = {
		.type = SDEX_ENVELOPE_TYPE_TX, .v1 = (sdex_TransactionV1Envelope *)(uintptr_t)v1};
	enum sdex_error error = check_soroban_memo(c, &v1->tx);
	if (!error)
		error = soroban_data_check(c, &v1->tx.operations.items[0], v1->tx.ext.sorobanData);
	return error ? error : check_size(c, &envelope);
}

/* `bumped`: an inner transaction, whose fee somebody else pays. */
static enum sdex_error check_v1(const struct check *c, const sdex_TransactionV1Envelope *v1,
				bool bumped)
{
	const sdex_Transaction *tx = &v1->tx;
	enum sdex_error error = check_signature_count(c, v1->signatures.count);
	if (!error && tx->cond.type == SDEX_PRECOND_V2 && c->limits->protocol < 19)
		error = refuse(c, SDEX_RULE_TX_PRECONDITIONS_OLD,
			       "preconditions v2 in protocol %" PRIu32, c->limits->protocol);
	if (!error && tx->cond.type == SDEX_PRECOND_V2)
		error = check_extra_signers(c, &tx->cond.v2->extraSigners);
	if (!error)
		error = check_shape(c, tx);
	if (!error && tx_is_soroban(tx))
		error = check_soroban(c, v1);
	if (!error && tx->seqNum < 0)
		error = refuse(c, SDEX_RULE_TX_SEQUENCE, "%" PRId64, tx->seqNum);
	if (!error)
		error = check_preconditions(c, tx);
	if (!error && !bumped)
		error = check_fee(c, tx);
	return error ? error : check_operations(c, tx);
}

static enum sdex_error check_bump_fee(const struct check *c, const sdex_FeeBumpTransaction *bump)
{
	const sdex_Transaction *inner = &bump->innerTx.v1->tx;
	int64_t inclusion = bump->fee - resource_fee(inner);
	int64_t inner_inclusion = (int64_t)inner->fee - resource_fee(inner);
	int64_t least = min_fee(c, inner, 1), inner_least = min_fee(c, inner, 0);
	if (inclusion < least)
		return refuse(c, SDEX_RULE_FEE_BUMP_FEE, "%" PRId64 " where %" PRId64 " is due",
			      inclusion, least);
	if (inner_inclusion < 0) {
		/* A Soroban fee beyond 32 bits can only be paid by a bump, since protocol 23. */
		if (c->limits->protocol < 23)
			return refuse(c, SDEX_RULE_FEE_BUMP_INNER_FEE, "%" PRIu32, inner->fee);
		return SDEX_OK;
	}
	if ((int128)inclusion * inner_least < (int128)inner_inclusion * least)
		return refuse(c, SDEX_RULE_FEE_BUMP_RATE,
			      "%" PRId64 "/%" PRIu32 " where the inner one bids %" PRId64
			      "/%" PRIu32,
			      inclusion, inner->operations.count + 1, inner_inclusion,
			      inner->operations.count);
	return SDEX_OK;
}

static enum sdex_error check_bump(const struct check *c,
				  const sdex_FeeBumpTransactionEnvelope *envelope)
{
	const sdex_FeeBumpTransaction *bump = &envelope->tx;
	enum sdex_error error = check_signature_count(c, envelope->signatures.count);
	if (error)
		return error;
	if (bump->innerTx.type != SDEX_ENVELOPE_TYPE_TX)
		return refuse(c, SDEX_RULE_FEE_BUMP_INNER, "type %d", (int)bump->innerTx.type);
	if (bump->fee < 0)
		return refuse(c, SDEX_RULE_FEE_BUMP_NEGATIVE, "%" PRId64, bump->fee);
	/* The shape first: fees are counted by operations and resources that are there. */
	error = check_v1(c, bump->innerTx.v1, true);
	return error ? error : check_bump_fee(c, bump);
}

/* As the v1 that it stands for, which is what the network checks too. */
static enum sdex_error check_v0(const struct check *c, const sdex_TransactionV0Envelope *envelope)
{
	const sdex_TransactionV0 *v0 = &envelope->tx;
	sdex_TransactionV1Envelope v1 = {
		.tx = {.sourceAccount = {.type = SDEX_KEY_TYPE_ED25519,
					 .ed25519 = v0->sourceAccountEd25519},
		       .fee = v0->fee,
		       .seqNum = v0->seqNum,
		       .memo = v0->memo,
		       .operations = v0->operations},
		.signatures = envelope->signatures,
	};
	if (v0->timeBounds)
		v1.tx.cond = (sdex_Preconditions){.type = SDEX_PRECOND_TIME,
						  .timeBounds = *v0->timeBounds};
	return check_v1(c, &v1, false);
}

static enum sdex_error check_envelope(const struct check *c,
				      const sdex_TransactionEnvelope *envelope)
{
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX_FEE_BUMP)
		return check_bump(c, envelope->feeBump);
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX)
		return check_v1(c, envelope->v1, false);
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX_V0)
		return check_v0(c, envelope->v0);
	return envelope_refuse(envelope, c->why);
}

enum sdex_error sdex_tx_check(const sdex_TransactionEnvelope *envelope,
			      const struct sdex_network_limits *limits, struct sdex_failure *why)
{
	struct check check = {.why = why};
	struct fit fit;
	enum sdex_error error = limits_or_default(&check.limits, limits, why);
	if (!error)
		error = fit_begin(&fit, SDEX_TYPE_TransactionEnvelope, envelope, why);
	return error ? error : fit_end(&fit, check_envelope(&check, envelope), why);
}
