/* sandbox/send.c - see send.h. */
#include "sandbox/send.h"

#include "sdex/signature.h"
#include "sdex/transaction.h"

#define VALID_SECONDS 300u

static sdex_MuxedAccount account_of(const struct sdex_secret *secret)
{
	sdex_MuxedAccount account = {.type = SDEX_KEY_TYPE_ED25519};
	memcpy(account.ed25519.bytes, secret->public_key, 32);
	return account;
}

enum sdex_error send_transaction(struct network *network, struct submitted *out,
				 struct sdex_arena *arena, const struct sending *sending)
{
	struct state *state = network->state;
	uint32_t address = state_address_find(state, sending->source->public_key);
	const struct account *account = address == SLOT_NONE ? NULL : state_account(state, address);
	if (!account)
		return SDEX_ERR_MISSING;
	if (account->sequence == INT64_MAX)
		return SDEX_ERR_RANGE;
	sdex_Transaction tx = {
		.sourceAccount = account_of(sending->source),
		.fee = sending->fee * sending->count,
		.seqNum = account->sequence + 1,
		.cond = sdex_preconditions_time(0, state->header.close_time + VALID_SECONDS),
		.operations = {.items = sending->operations, .count = sending->count}};
	struct sdex_network_limits limits = {.protocol = state->header.version,
					     .base_fee = state->header.base_fee};
	const struct sdex_secret *keys[2] = {sending->source, sending->also};
	sdex_TransactionEnvelope envelope;
	sdex_Hash id;
	memcpy(id.bytes, network->id, 32);
	enum sdex_error error = sdex_tx_make(&envelope, arena, &tx, &limits, NULL);
	if (!error)
		error = sdex_tx_sign(&envelope, arena, &id, keys, sending->also ? 2 : 1, NULL);
	size_t size = 0;
	if (!error)
		error = sdex_xdr_size(SDEX_TYPE_TransactionEnvelope, &size, &envelope, NULL);
	uint8_t *bytes = error ? NULL : sdex_arena_alloc(arena, size);
	if (!bytes)
		return error ? error : SDEX_ERR_NOMEM;
	error = sdex_TransactionEnvelope_encode(bytes, size, &size, &envelope, NULL);
	if (error)
		return error;
	return network_submit(network, out, arena, bytes, size, state->header.close_time, NULL);
}
