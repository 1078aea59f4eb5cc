/* stellar/transaction.c - making transactions, looking into them, hashing them. */
#include "sdex/transaction.h"

#include <string.h>

#include "base/arena.h"
#include "base/failure.h"
#include "stellar/payload.h"
#include "stellar/refuse.h"

sdex_Hash sdex_network_id(const char *passphrase, size_t length)
{
	sdex_Hash id;
	sdex_sha256(id.bytes, passphrase, length);
	return id;
}

sdex_Memo sdex_memo_none(void)
{
	return (sdex_Memo){.type = SDEX_MEMO_NONE};
}

sdex_Memo sdex_memo_text(const char *text, size_t length)
{
	/* A length that does not fit is as much over the limit of 28 as UINT32_MAX. */
	uint32_t size = length <= UINT32_MAX ? (uint32_t)length : UINT32_MAX;
	return (sdex_Memo){.type = SDEX_MEMO_TEXT, .text = {(const uint8_t *)text, size}};
}

sdex_Memo sdex_memo_id(uint64_t id)
{
	return (sdex_Memo){.type = SDEX_MEMO_ID, .id = id};
}

sdex_Memo sdex_memo_hash(const sdex_Hash *hash)
{
	return (sdex_Memo){.type = SDEX_MEMO_HASH, .hash = *hash};
}

sdex_Memo sdex_memo_return(const sdex_Hash *hash)
{
	return (sdex_Memo){.type = SDEX_MEMO_RETURN, .retHash = *hash};
}

sdex_Preconditions sdex_preconditions_time(uint64_t min, uint64_t max)
{
	return (sdex_Preconditions){.type = SDEX_PRECOND_TIME, .timeBounds = {min, max}};
}

sdex_Preconditions sdex_preconditions(const sdex_PreconditionsV2 *all)
{
	if (all->ledgerBounds || all->minSeqNum || all->minSeqAge || all->minSeqLedgerGap ||
	    all->extraSigners.count)
		return (sdex_Preconditions){.type = SDEX_PRECOND_V2,
					    .v2 = (sdex_PreconditionsV2 *)(uintptr_t)all};
	if (all->timeBounds)
		return sdex_preconditions_time(all->timeBounds->minTime, all->timeBounds->maxTime);
	return (sdex_Preconditions){.type = SDEX_PRECOND_NONE};
}

static enum sdex_error checked(sdex_TransactionEnvelope *out,
			       const sdex_TransactionEnvelope *envelope,
			       const struct sdex_network_limits *limits, struct sdex_failure *why)
{
	enum sdex_error error = sdex_tx_check(envelope, limits, why);
	if (!error)
		*out = *envelope;
	return error;
}

enum sdex_error sdex_tx_make(sdex_TransactionEnvelope *out, struct sdex_arena *arena,
			     const sdex_Transaction *tx, const struct sdex_network_limits *limits,
			     struct sdex_failure *why)
{
	sdex_TransactionV1Envelope *v1 = sdex_arena_alloc(arena, sizeof *v1);
	if (!v1)
		return arena_full(why);
	*v1 = (sdex_TransactionV1Envelope){.tx = *tx};
	sdex_TransactionEnvelope envelope = {.type = SDEX_ENVELOPE_TYPE_TX, .v1 = v1};
	return checked(out, &envelope, limits, why);
}

/* What a v0 transaction has no words for. */
static enum sdex_error check_v0(const sdex_Transaction *tx, struct sdex_failure *why)
{
	const struct check check = {.why = why};
	if (tx->sourceAccount.type != SDEX_KEY_TYPE_ED25519)
		return refuse(&check, SDEX_RULE_TX_V0_SOURCE, "a muxed one");
	if (tx->cond.type != SDEX_PRECOND_NONE && tx->cond.type != SDEX_PRECOND_TIME)
		return refuse(&check, SDEX_RULE_TX_V0_PRECONDITIONS, "preconditions v2");
	if (tx->ext.v != 0)
		return refuse(&check, SDEX_RULE_TX_V0_SOROBAN, "it");
	return SDEX_OK;
}

enum sdex_error sdex_tx_make_v0(sdex_TransactionEnvelope *out, struct sdex_arena *arena,
				const sdex_Transaction *tx,
				const struct sdex_network_limits *limits, struct sdex_failure *why)
{
	enum sdex_error error = check_v0(tx, why);
	if (error)
		return error;
	sdex_TransactionV0Envelope *v0 = sdex_arena_alloc(arena, sizeof *v0);
	sdex_TimeBounds *bounds = NULL;
	if (!v0)
		return arena_full(why);
	if (tx->cond.type == SDEX_PRECOND_TIME) {
		bounds = sdex_arena_copy(arena, &tx->cond.timeBounds, sizeof *bounds);
		if (!bounds)
			return arena_full(why);
	}
	*v0 = (sdex_TransactionV0Envelope){
		.tx = {
			.sourceAccountEd25519 = tx->sourceAccount.ed25519,
			.fee = tx->fee,
			.seqNum = tx->seqNum,
			.timeBounds = bounds,
			.memo = tx->memo,
			.operations = tx->operations,
		}};
	sdex_TransactionEnvelope envelope = {.type = SDEX_ENVELOPE_TYPE_TX_V0, .v0 = v0};
	return checked(out, &envelope, limits, why);
}

/* The transaction of a v0; NULL for any other. */
static const sdex_TransactionV0 *old_one(const sdex_TransactionEnvelope *envelope)
{
	return envelope->type == SDEX_ENVELOPE_TYPE_TX_V0 && envelope->v0 ? &envelope->v0->tx
									  : NULL;
}

enum sdex_error sdex_tx_to_v1(sdex_TransactionEnvelope *out, struct sdex_arena *arena,
			      const sdex_TransactionEnvelope *envelope)
{
	if (envelope->type != SDEX_ENVELOPE_TYPE_TX_V0) {
		*out = *envelope;
		return SDEX_OK;
	}
	const sdex_TransactionV0 *tx = old_one(envelope);
	if (!tx)
		return SDEX_ERR_INVALID;
	sdex_TransactionV1Envelope *v1 = sdex_arena_alloc(arena, sizeof *v1);
	if (!v1)
		return SDEX_ERR_NOMEM;
	*v1 = (sdex_TransactionV1Envelope){
		.tx =
			{
				.sourceAccount = {.type = SDEX_KEY_TYPE_ED25519,
						  .ed25519 = tx->sourceAccountEd25519},
				.fee = tx->fee,
				.seqNum = tx->seqNum,
				.memo = tx->memo,
				.operations = tx->operations,
			},
		.signatures = envelope->v0->signatures,
	};
	if (tx->timeBounds)
		v1->tx.cond =
			sdex_preconditions_time(tx->timeBounds->minTime, tx->timeBounds->maxTime);
	*out = (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX, .v1 = v1};
	return SDEX_OK;
}

enum sdex_error sdex_tx_make_fee_bump(sdex_TransactionEnvelope *out, struct sdex_arena *arena,
				      const sdex_MuxedAccount *fee_source, struct sdex_amount fee,
				      const sdex_TransactionEnvelope *inner,
				      const struct sdex_network_limits *limits,
				      struct sdex_failure *why)
{
	const struct check check = {.why = why};
	if (inner->type == SDEX_ENVELOPE_TYPE_TX_FEE_BUMP)
		return refuse(&check, SDEX_RULE_FEE_BUMP_INNER, "a fee bump");
	if (inner->type != SDEX_ENVELOPE_TYPE_TX && !old_one(inner))
		return refuse(&check, SDEX_RULE_FEE_BUMP_INNER, "no transaction");
	sdex_TransactionEnvelope v1;
	sdex_FeeBumpTransactionEnvelope *bump = sdex_arena_alloc(arena, sizeof *bump);
	if (!bump || sdex_tx_to_v1(&v1, arena, inner))
		return arena_full(why);
	*bump = (sdex_FeeBumpTransactionEnvelope){
		.tx = {
			.feeSource = *fee_source,
			.fee = fee.stroops,
			.innerTx = {.type = SDEX_ENVELOPE_TYPE_TX, .v1 = v1.v1},
		}};
	sdex_TransactionEnvelope envelope = {.type = SDEX_ENVELOPE_TYPE_TX_FEE_BUMP,
					     .feeBump = bump};
	return checked(out, &envelope, limits, why);
}

/* The innermost transaction of a v1 or fee bump.  What is none is seen as an empty one. */
static const sdex_Transaction *innermost(const sdex_TransactionEnvelope *envelope)
{
	static const sdex_Transaction none = {.fee = 0};
	const sdex_TransactionV1Envelope *v1 = NULL;
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX)
		v1 = envelope->v1;
	else if (envelope->type == SDEX_ENVELOPE_TYPE_TX_FEE_BUMP && envelope->feeBump &&
		 envelope->feeBump->tx.innerTx.type == SDEX_ENVELOPE_TYPE_TX)
		v1 = envelope->feeBump->tx.innerTx.v1;
	return v1 ? &v1->tx : &none;
}

sdex_Operation_list sdex_tx_operations(const sdex_TransactionEnvelope *envelope)
{
	const sdex_TransactionV0 *v0 = old_one(envelope);
	return v0 ? v0->operations : innermost(envelope)->operations;
}

sdex_MuxedAccount sdex_tx_source(const sdex_TransactionEnvelope *envelope)
{
	const sdex_TransactionV0 *v0 = old_one(envelope);
	if (v0)
		return (sdex_MuxedAccount){.type = SDEX_KEY_TYPE_ED25519,
					   .ed25519 = v0->sourceAccountEd25519};
	return innermost(envelope)->sourceAccount;
}

int64_t sdex_tx_sequence(const sdex_TransactionEnvelope *envelope)
{
	const sdex_TransactionV0 *v0 = old_one(envelope);
	return v0 ? v0->seqNum : innermost(envelope)->seqNum;
}

sdex_Memo sdex_tx_memo(const sdex_TransactionEnvelope *envelope)
{
	const sdex_TransactionV0 *v0 = old_one(envelope);
	return v0 ? v0->memo : innermost(envelope)->memo;
}

sdex_DecoratedSignature_list sdex_tx_signatures(const sdex_TransactionEnvelope *envelope)
{
	sdex_TransactionEnvelope shallow = *envelope;
	const sdex_DecoratedSignature_list *list = payload_signatures(&shallow);
	return list ? *list : (sdex_DecoratedSignature_list){NULL, 0};
}

enum sdex_error sdex_tx_hash(sdex_Hash *hash, struct sdex_arena *scratch,
			     const sdex_TransactionEnvelope *envelope, const sdex_Hash *network,
			     struct sdex_failure *why)
{
	struct payload payload;
	enum sdex_error error = payload_write(&payload, scratch, envelope, network, 0, why);
	if (!error)
		payload_hash(&payload, hash);
	return error;
}

enum sdex_error sdex_tx_payload(struct sdex_bytes *bytes, struct sdex_arena *arena,
				const sdex_TransactionEnvelope *envelope, const sdex_Hash *network,
				struct sdex_failure *why)
{
	struct payload payload;
	enum sdex_error error = payload_write(&payload, arena, envelope, network, 0, why);
	if (error)
		return error;
	if (payload.hashed > UINT32_MAX)
		return fail(why, SDEX_ERR_LENGTH, 0, "expected under 2^32 bytes, found %zu",
			    payload.hashed);
	*bytes = (struct sdex_bytes){payload.bytes, (uint32_t)payload.hashed};
	return SDEX_OK;
}

enum sdex_error sdex_tx_from_base64(sdex_TransactionEnvelope **envelope, struct sdex_arena *arena,
				    const char *text, size_t length, struct sdex_failure *why)
{
	void *value;
	enum sdex_error error = sdex_xdr_from_base64(SDEX_TYPE_TransactionEnvelope, &value, arena,
						     text, length, NULL, why);
	if (!error)
		*envelope = value;
	return error;
}

enum sdex_error sdex_tx_to_base64(char *text, size_t room, size_t *length,
				  const sdex_TransactionEnvelope *envelope,
				  struct sdex_failure *why)
{
	return sdex_xdr_to_base64(SDEX_TYPE_TransactionEnvelope, text, room, length, envelope, why);
}
