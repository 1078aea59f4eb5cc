/* ledger/account_apply.c - create account, set options, account merge, manage data, bump
 * sequence (stellar-core: the *OpFrame.cpp of these names). */
#include "ledger/entry.h"
#include "ledger/op.h"

/* --- create account */

static bool refuse_create(struct op *op, sdex_CreateAccountResultCode code)
{
	op->result->tr->createAccountResult.code = code;
	return false;
}

bool create_account_check(struct op *op)
{
	const sdex_CreateAccountOp *create = op->operation->body.createAccountOp;
	uint32_t destination = state_address(op->state, create->destination.ed25519.bytes);
	if (create->startingBalance < 0 || destination == op->source)
		return refuse_create(op, SDEX_CREATE_ACCOUNT_MALFORMED);
	return true;
}

bool create_account_apply(struct op *op)
{
	const sdex_CreateAccountOp *create = op->operation->body.createAccountOp;
	struct state *state = op->state;
	uint32_t destination = state_address(state, create->destination.ed25519.bytes);
	if (destination == SLOT_NONE)
		return false;
	if (state_account(state, destination))
		return refuse_create(op, SDEX_CREATE_ACCOUNT_ALREADY_EXIST);
	struct account made = {.entry.sponsor = SLOT_NONE,
			       .address = destination,
			       .thresholds = {1},
			       .balance = create->startingBalance,
			       .sequence = (int64_t)state->header.sequence << 32,
			       .inflation_dest = SLOT_NONE};
	enum sponsoring paid = sponsor_create(state, ENTRY_ACCOUNT, &made, &made);
	if (paid == SPONSORING_LOW_RESERVE)
		return refuse_create(op, SDEX_CREATE_ACCOUNT_LOW_RESERVE);
	if (paid != SPONSORING_DONE)
		return op_unpaid(op, paid);
	struct holding source = {.kind = HOLDING_NATIVE, .account = op_source(op)};
	if (!source.account)
		return false;
	if (rules_available(state, source.account) < create->startingBalance)
		return refuse_create(op, SDEX_CREATE_ACCOUNT_UNDERFUNDED);
	if (!holding_add(state, source, -create->startingBalance))
		return rules_fault(state, "a balance does not bear what is available");
	return state_create(state, ENTRY_ACCOUNT, &made) != NULL;
}

/* --- set options */

static bool refuse_options(struct op *op, sdex_SetOptionsResultCode code)
{
	op->result->tr->setOptionsResult.code = code;
	return false;
}

static bool over_byte(const uint32_t *value)
{
	return value && *value > UINT8_MAX;
}

bool set_options_check(struct op *op)
{
	const sdex_SetOptionsOp *set = op->operation->body.setOptionsOp;
	if ((set->setFlags && *set->setFlags > SDEX_MASK_ACCOUNT_FLAGS_V17) ||
	    (set->clearFlags && *set->clearFlags > SDEX_MASK_ACCOUNT_FLAGS_V17))
		return refuse_options(op, SDEX_SET_OPTIONS_UNKNOWN_FLAG);
	if (set->setFlags && set->clearFlags && (*set->setFlags & *set->clearFlags))
		return refuse_options(op, SDEX_SET_OPTIONS_BAD_FLAGS);
	if (over_byte(set->masterWeight) || over_byte(set->lowThreshold) ||
	    over_byte(set->medThreshold) || over_byte(set->highThreshold))
		return refuse_options(op, SDEX_SET_OPTIONS_THRESHOLD_OUT_OF_RANGE);
	if (set->signer) {
		const sdex_SignerKey *key = &set->signer->key;
		bool self =
			key->type == SDEX_SIGNER_KEY_TYPE_ED25519 &&
			memcmp(key->ed25519.bytes, address_at(op->state, op->source)->key, 32) == 0;
		if (self || set->signer->weight > UINT8_MAX ||
		    (key->type == SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD &&
		     key->ed25519SignedPayload->payload.size == 0))
			return refuse_options(op, SDEX_SET_OPTIONS_BAD_SIGNER);
	}
	if (set->homeDomain && !text_printable(*set->homeDomain))
		return refuse_options(op, SDEX_SET_OPTIONS_INVALID_HOME_DOMAIN);
	return true;
}

static bool add_signer(struct op *op, struct account *account, const sdex_Signer *wanted)
{
	struct signer list[SDEX_MAX_SIGNERS], signer;
	uint32_t count = signer_count(account);
	bool found;
	entry_signer(&signer, &wanted->key);
	signer.weight = wanted->weight;
	uint32_t at = signer_find(&found, account, &signer);
	if (count)
		memcpy(list, signer_at(account, 0), count * sizeof(*list));
	if (found) {
		list[at].weight = wanted->weight;
		return signers_set(op->state, account, list, count);
	}
	if (count == SDEX_MAX_SIGNERS)
		return refuse_options(op, SDEX_SET_OPTIONS_TOO_MANY_SIGNERS);
	enum sponsoring paid = sponsor_create_signer(op->state, account, &signer);
	if (paid == SPONSORING_LOW_RESERVE)
		return refuse_options(op, SDEX_SET_OPTIONS_LOW_RESERVE);
	if (paid != SPONSORING_DONE)
		return op_unpaid(op, paid);
	memmove(&list[at + 1], &list[at], (count - at) * sizeof(*list));
	list[at] = signer;
	return signers_set(op->state, account, list, count + 1);
}

static bool drop_signer(struct op *op, struct account *account, const sdex_SignerKey *key)
{
	struct signer signer;
	bool found;
	entry_signer(&signer, key);
	uint32_t at = signer_find(&found, account, &signer);
	return !found || sponsor_remove_signer(op->state, account, at);
}

static bool set_account_flags(struct op *op, struct account *account)
{
	const sdex_SetOptionsOp *set = op->operation->body.setOptionsOp;
	bool immutable = account->entry.flags & SDEX_AUTH_IMMUTABLE_FLAG;
	if (set->clearFlags) {
		if (*set->clearFlags && immutable)
			return refuse_options(op, SDEX_SET_OPTIONS_CANT_CHANGE);
		account->entry.flags &= (uint8_t) ~*set->clearFlags;
	}
	if (set->setFlags) {
		immutable = account->entry.flags & SDEX_AUTH_IMMUTABLE_FLAG;
		if (*set->setFlags && immutable)
			return refuse_options(op, SDEX_SET_OPTIONS_CANT_CHANGE);
		account->entry.flags |= (uint8_t)*set->setFlags;
	}
	if ((set->setFlags || set->clearFlags) &&
	    (account->entry.flags & SDEX_AUTH_CLAWBACK_ENABLED_FLAG) &&
	    !(account->entry.flags & SDEX_AUTH_REVOCABLE_FLAG))
		return refuse_options(op, SDEX_SET_OPTIONS_AUTH_REVOCABLE_REQUIRED);
	return true;
}

bool set_options_apply(struct op *op)
{
	const sdex_SetOptionsOp *set = op->operation->body.setOptionsOp;
	struct state *state = op->state;
	struct account *account = op_source(op);
	if (!account)
		return false;
	if (set->inflationDest) {
		uint32_t to = state_address(state, set->inflationDest->ed25519.bytes);
		if (to == SLOT_NONE)
			return false;
		if (!state_account(state, to))
			return refuse_options(op, SDEX_SET_OPTIONS_INVALID_INFLATION);
		account->inflation_dest = to;
	}
	if (!set_account_flags(op, account))
		return false;
	if (set->homeDomain) {
		const struct blob *domain = NULL;
		if (set->homeDomain->size &&
		    !(domain = state_blob(state, set->homeDomain->data, set->homeDomain->size)))
			return false;
		state_drop_blob(state, account->home_domain);
		account->home_domain = domain;
	}
	const uint32_t *values[4] = {set->masterWeight, set->lowThreshold, set->medThreshold,
				     set->highThreshold};
	for (int i = 0; i < 4; i++)
		if (values[i])
			account->thresholds[i] = (uint8_t)*values[i];
	if (!set->signer)
		return true;
	return set->signer->weight ? add_signer(op, account, set->signer)
				   : drop_signer(op, account, &set->signer->key);
}

/* --- account merge */

static bool refuse_merge(struct op *op, sdex_AccountMergeResultCode code)
{
	op->result->tr->accountMergeResult.code = code;
	return false;
}

bool merge_check(struct op *op)
{
	uint32_t to = state_address(op->state, muxed_key(op->operation->body.destination));
	return to != op->source || refuse_merge(op, SDEX_ACCOUNT_MERGE_MALFORMED);
}

/* A later account of the same key could repeat this one's sequence numbers. */
static bool sequence_too_far(const struct state *state, const struct account *account)
{
	int64_t first = (int64_t)state->header.sequence << 32;
	return account->sequence >= first ||
	       address_at(state, account->address)->last_sequence >= first;
}

bool merge_apply(struct op *op)
{
	struct state *state = op->state;
	uint32_t to = state_address(state, muxed_key(op->operation->body.destination));
	struct account *account = op_source(op);
	if (to == SLOT_NONE || !account)
		return false;
	struct holding other = holding_of(state, to, ASSET_NATIVE);
	if (other.kind == HOLDING_NONE)
		return refuse_merge(op, SDEX_ACCOUNT_MERGE_NO_ACCOUNT);
	if (account->entry.flags & SDEX_AUTH_IMMUTABLE_FLAG)
		return refuse_merge(op, SDEX_ACCOUNT_MERGE_IMMUTABLE_SET);
	if (account->subentries != signer_count(account))
		return refuse_merge(op, SDEX_ACCOUNT_MERGE_HAS_SUB_ENTRIES);
	if (sequence_too_far(state, account))
		return refuse_merge(op, SDEX_ACCOUNT_MERGE_SEQNUM_TOO_FAR);
	if (address_at(state, op->source)->future_sponsored > 0 || account->sponsoring > 0)
		return refuse_merge(op, SDEX_ACCOUNT_MERGE_IS_SPONSOR);
	while (signer_count(account) > 0)
		if (!sponsor_remove_signer(state, account, signer_count(account) - 1))
			return false;
	int64_t balance = account->balance;
	holding_touch(state, other);
	if (!holding_add(state, other, balance))
		return refuse_merge(op, SDEX_ACCOUNT_MERGE_DEST_FULL);
	if (!sponsor_remove(state, ENTRY_ACCOUNT, account, account))
		return false;
	state_drop_blob(state, account->home_domain);
	state_erase(state, ENTRY_ACCOUNT, account);
	op->result->tr->accountMergeResult.sourceAccountBalance = balance;
	return true;
}

/* --- manage data */

static bool refuse_data(struct op *op, sdex_ManageDataResultCode code)
{
	op->result->tr->manageDataResult.code = code;
	return false;
}

bool manage_data_check(struct op *op)
{
	const sdex_ManageDataOp *manage = &op->operation->body.manageDataOp;
	if (manage->dataName.size < 1 || !text_printable(manage->dataName))
		return refuse_data(op, SDEX_MANAGE_DATA_INVALID_NAME);
	return true;
}

static bool delete_data(struct op *op, struct data *data)
{
	struct account *source = op_source(op);
	state_touch(op->state, ENTRY_DATA, data);
	if (!source || !sponsor_remove(op->state, ENTRY_DATA, data, source))
		return false;
	const struct blob *name = data->name, *value = data->value;
	state_erase(op->state, ENTRY_DATA, data);
	state_drop_blob(op->state, name);
	state_drop_blob(op->state, value);
	return true;
}

bool manage_data_apply(struct op *op)
{
	const sdex_ManageDataOp *manage = &op->operation->body.manageDataOp;
	struct state *state = op->state;
	struct data *data = state_data(state, op->source, manage->dataName);
	if (!manage->dataValue)
		return data ? delete_data(op, data)
			    : refuse_data(op, SDEX_MANAGE_DATA_NAME_NOT_FOUND);
	const struct blob *value =
		state_blob(state, manage->dataValue->data, manage->dataValue->size);
	if (!value)
		return false;
	if (data) {
		state_touch(state, ENTRY_DATA, data);
		state_drop_blob(state, data->value);
		data->value = value;
		return true;
	}
	struct data made = {.entry.sponsor = SLOT_NONE,
			    .address = op->source,
			    .name = state_blob(state, manage->dataName.data, manage->dataName.size),
			    .value = value};
	if (!made.name)
		return false;
	enum sponsoring paid = sponsor_create(state, ENTRY_DATA, &made, op_source(op));
	if (paid == SPONSORING_LOW_RESERVE)
		return refuse_data(op, SDEX_MANAGE_DATA_LOW_RESERVE);
	if (paid != SPONSORING_DONE)
		return op_unpaid(op, paid);
	return state_create(state, ENTRY_DATA, &made) != NULL;
}

/* --- bump sequence */

bool bump_sequence_check(struct op *op)
{
	if (op->operation->body.bumpSequenceOp.bumpTo >= 0)
		return true;
	op->result->tr->bumpSeqResult.code = SDEX_BUMP_SEQUENCE_BAD_SEQ;
	return false;
}

bool bump_sequence_apply(struct op *op)
{
	int64_t to = op->operation->body.bumpSequenceOp.bumpTo;
	const struct account *old = state_account(op->state, op->source);
	bool has_time = op->state->header.version >= VERSION_SEQUENCE_TIME;
	if (!has_time && old && to <= old->sequence)
		return true;
	struct account *account = op_source(op);
	if (!account)
		return false;
	if (to > account->sequence)
		account->sequence = to;
	if (!has_time)
		return true;
	account->entry.level = 3;
	account->sequence_ledger = op->state->header.sequence;
	account->sequence_time = op->state->header.close_time;
	return true;
}
