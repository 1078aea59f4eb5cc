/* stellar/payload.c - a transaction's bytes, written once for both of their uses. */
#include "stellar/payload.h"

#include <string.h>

#include "base/arena.h"
#include "base/endian.h"
#include "base/failure.h"
#include "base/sha256.h"

#define HEAD_MAX (32 + 4 + 4)

/* The transaction inside an envelope, as the codec knows it. */
static const void *inside(enum sdex_type *type, uint32_t *operations,
			  const sdex_TransactionEnvelope *envelope)
{
	if (!payload_signatures((sdex_TransactionEnvelope *)(uintptr_t)envelope))
		return NULL;
	switch (envelope->type) {
	case SDEX_ENVELOPE_TYPE_TX_V0:
		*type = SDEX_TYPE_TransactionV0;
		*operations = envelope->v0->tx.operations.count;
		return &envelope->v0->tx;
	case SDEX_ENVELOPE_TYPE_TX:
		*type = SDEX_TYPE_Transaction;
		*operations = envelope->v1->tx.operations.count;
		return &envelope->v1->tx;
	case SDEX_ENVELOPE_TYPE_TX_FEE_BUMP:
		*type = SDEX_TYPE_FeeBumpTransaction;
		*operations = sdex_tx_operations(envelope).count;
		return &envelope->feeBump->tx;
	case SDEX_ENVELOPE_TYPE_SCP:
	case SDEX_ENVELOPE_TYPE_AUTH:
	case SDEX_ENVELOPE_TYPE_SCPVALUE:
	case SDEX_ENVELOPE_TYPE_OP_ID:
	case SDEX_ENVELOPE_TYPE_POOL_REVOKE_OP_ID:
	case SDEX_ENVELOPE_TYPE_CONTRACT_ID:
	case SDEX_ENVELOPE_TYPE_SOROBAN_AUTHORIZATION:
	case SDEX_ENVELOPE_TYPE_SOROBAN_AUTHORIZATION_WITH_ADDRESS:
		break;
	}
	return NULL;
}

#undef envelope_refuse

enum sdex_error envelope_refuse(const sdex_TransactionEnvelope *envelope, struct sdex_failure *why)
{
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX_V0 || envelope->type == SDEX_ENVELOPE_TYPE_TX ||
	    envelope->type == SDEX_ENVELOPE_TYPE_TX_FEE_BUMP)
		return fail(why, SDEX_ERR_MISSING, 0,
			    "envelope: expected a pointer to its transaction, found NULL");
	return fail(why, SDEX_ERR_DISCRIMINANT, 0,
		    "envelope: expected TX_V0, TX or TX_FEE_BUMP, found type %d",
		    (int)envelope->type);
}

static size_t write_head(struct payload *payload, const sdex_TransactionEnvelope *envelope,
			 const sdex_Hash *network)
{
	bool v0 = envelope->type == SDEX_ENVELOPE_TYPE_TX_V0;
	memcpy(payload->bytes, network, 32);
	store_be32(payload->bytes + 32, v0 ? SDEX_ENVELOPE_TYPE_TX : (uint32_t)envelope->type);
	payload->sent = 32;
	if (!v0)
		return 36;
	store_be32(payload->bytes + 36, SDEX_ENVELOPE_TYPE_TX_V0);
	payload->sent = 36;
	return 40;
}

enum sdex_error payload_write(struct payload *payload, struct sdex_arena *arena,
			      const sdex_TransactionEnvelope *envelope, const sdex_Hash *network,
			      size_t room, struct sdex_failure *why)
{
	enum sdex_type type;
	uint32_t operations;
	const void *tx = inside(&type, &operations, envelope);
	if (!tx)
		return envelope_refuse(envelope, why);
	/* A guess spares most transactions the walk that measures them. */
	size_t guess = 512 + (size_t)200 * (operations <= 100 ? operations : 100), size;
	for (;;) {
		payload->bytes = sdex_arena_alloc(arena, HEAD_MAX + guess + room);
		if (!payload->bytes)
			return arena_full(why);
		size_t head = write_head(payload, envelope, network);
		enum sdex_error error =
			sdex_xdr_encode(type, payload->bytes + head, guess, &size, tx, why);
		if (!error) {
			payload->hashed = head + size;
			payload->room = room + guess - size;
			return SDEX_OK;
		}
		if (error != SDEX_ERR_SPACE)
			return error;
		error = sdex_xdr_size(type, &guess, tx, why);
		if (error)
			return error;
	}
}

void payload_hash(const struct payload *payload, sdex_Hash *hash)
{
	struct sha256 sha;
	sha256_start(&sha);
	sha256_add(&sha, payload->bytes, payload->hashed);
	sha256_finish(&sha, hash->bytes);
}

sdex_DecoratedSignature_list *payload_signatures(sdex_TransactionEnvelope *envelope)
{
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX_V0 && envelope->v0)
		return &envelope->v0->signatures;
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX && envelope->v1)
		return &envelope->v1->signatures;
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX_FEE_BUMP && envelope->feeBump)
		return &envelope->feeBump->signatures;
	return NULL;
}
