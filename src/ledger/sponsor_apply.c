/* ledger/sponsor_apply.c - begin and end sponsoring future reserves, revoke sponsorship
 * (stellar-core: the *OpFrame.cpp of these names). */
#include "ledger/entry.h"
#include "ledger/op.h"

static bool refuse_begin(struct op *op, sdex_BeginSponsoringFutureReservesResultCode code)
{
	op->result->tr->beginSponsoringFutureReservesResult.code = code;
	return false;
}

static uint32_t begun_for(struct op *op)
{
	const sdex_AccountID *id = &op->operation->body.beginSponsoringFutureReservesOp.sponsoredID;
	return state_address(op->state, id->ed25519.bytes);
}

bool begin_sponsoring_check(struct op *op)
{
	return begun_for(op) != op->source ||
	       refuse_begin(op, SDEX_BEGIN_SPONSORING_FUTURE_RESERVES_MALFORMED);
}

bool begin_sponsoring_apply(struct op *op)
{
	uint32_t number = begun_for(op);
	if (number == SLOT_NONE)
		return false;
	struct address *sponsored = address_at(op->state, number);
	struct address *source = address_at(op->state, op->source);
	if (sponsored->future_sponsor != SLOT_NONE)
		return refuse_begin(op, SDEX_BEGIN_SPONSORING_FUTURE_RESERVES_ALREADY_SPONSORED);
	if (source->future_sponsor != SLOT_NONE || sponsored->future_sponsored > 0)
		return refuse_begin(op, SDEX_BEGIN_SPONSORING_FUTURE_RESERVES_RECURSIVE);
	state_touch_address(op->state, number);
	state_touch_address(op->state, op->source);
	state_touch_header(op->state);
	sponsored->future_sponsor = op->source;
	source->future_sponsored++;
	op->state->header.open_sponsorships++;
	return true;
}

bool end_sponsoring_apply(struct op *op)
{
	struct address *source = address_at(op->state, op->source);
	uint32_t by = source->future_sponsor;
	if (by == SLOT_NONE) {
		op->result->tr->endSponsoringFutureReservesResult.code =
			SDEX_END_SPONSORING_FUTURE_RESERVES_NOT_SPONSORED;
		return false;
	}
	state_touch_address(op->state, op->source);
	state_touch_address(op->state, by);
	state_touch_header(op->state);
	source->future_sponsor = SLOT_NONE;
	address_at(op->state, by)->future_sponsored--;
	op->state->header.open_sponsorships--;
	return true;
}

/* --- revoke */

static bool refuse(struct op *op, sdex_RevokeSponsorshipResultCode code)
{
	op->result->tr->revokeSponsorshipResult.code = code;
	return false;
}

static bool line_key_valid(const sdex_LedgerKeyTrustLine *key)
{
	const sdex_TrustLineAsset *from = &key->asset;
	sdex_Asset asset = {.type = from->type};
	const uint8_t *issuer = NULL;
	if (from->type == SDEX_ASSET_TYPE_POOL_SHARE)
		return true;
	if (from->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
		asset.alphaNum4 = from->alphaNum4;
		issuer = from->alphaNum4.issuer.ed25519.bytes;
	} else if (from->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12) {
		asset.alphaNum12 = from->alphaNum12;
		issuer = from->alphaNum12->issuer.ed25519.bytes;
	}
	return issuer && asset_valid(&asset) &&
	       memcmp(issuer, key->accountID.ed25519.bytes, 32) != 0;
}

static bool key_valid(const sdex_LedgerKey *key)
{
	switch (key->type) {
	case SDEX_ACCOUNT:
	case SDEX_CLAIMABLE_BALANCE:
		return true;
	case SDEX_TRUSTLINE:
		return line_key_valid(key->trustLine);
	case SDEX_OFFER:
		return key->offer->offerID > 0;
	case SDEX_DATA:
		return key->data->dataName.size >= 1 && text_printable(key->data->dataName);
	case SDEX_LIQUIDITY_POOL:
	case SDEX_CONTRACT_DATA:
	case SDEX_CONTRACT_CODE:
	case SDEX_CONFIG_SETTING:
	case SDEX_TTL:
		break;
	}
	return false;
}

bool revoke_sponsorship_check(struct op *op)
{
	const sdex_RevokeSponsorshipOp *revoke = &op->operation->body.revokeSponsorshipOp;
	if (revoke->type == SDEX_REVOKE_SPONSORSHIP_LEDGER_ENTRY && !key_valid(revoke->ledgerKey))
		return refuse(op, SDEX_REVOKE_SPONSORSHIP_MALFORMED);
	return true;
}

/* Whose entry it is; a claimable balance is its sponsor's. */
static uint32_t owner_of(enum entry_kind kind, const void *entry)
{
	switch (kind) {
	case ENTRY_ACCOUNT:
		return ((const struct account *)entry)->address;
	case ENTRY_TRUSTLINE:
		return ((const struct trustline *)entry)->address;
	case ENTRY_OFFER:
		return ((const struct offer *)entry)->seller;
	case ENTRY_DATA:
		return ((const struct data *)entry)->address;
	case ENTRY_CLAIMABLE:
		return ((const struct entry *)entry)->sponsor;
	case ENTRY_POOL:
	case ENTRY_OPAQUE:
	case ENTRY_KINDS:
		break;
	}
	return SLOT_NONE;
}

struct move {
	uint32_t weight;
	uint32_t owner;
	uint32_t from; /* the sponsor that was, or SLOT_NONE */
	uint32_t to;   /* the one that will be, or SLOT_NONE */
	bool transfer_only;
};

/* Who will pay: whoever sponsors the source's future reserves, unless it is the owner. */
static uint32_t next_sponsor(const struct op *op, uint32_t owner)
{
	uint32_t sponsor = address_at(op->state, op->source)->future_sponsor;
	return sponsor == owner ? SLOT_NONE : sponsor;
}

static struct account *touched(struct op *op, uint32_t address)
{
	struct account *account = address == SLOT_NONE ? NULL : state_account(op->state, address);
	if (account)
		state_touch(op->state, ENTRY_ACCOUNT, account);
	else
		rules_fault(op->state, "a sponsor or owner has no account");
	return account;
}

/* Moves the reserves; *sponsor becomes the new one. */
static bool move_reserves(struct op *op, uint32_t *sponsor, const struct move *move)
{
	enum sponsoring done = SPONSORING_DONE;
	struct account *from = NULL, *to = NULL, *owner = NULL;
	if (move->from == SLOT_NONE && move->to == SLOT_NONE)
		return true;
	if ((move->from != SLOT_NONE && !(from = touched(op, move->from))) ||
	    (move->to != SLOT_NONE && !(to = touched(op, move->to))))
		return false;
	if (!(from && to) && !(owner = touched(op, move->owner)))
		return false;
	if (from && to)
		done = sponsor_transfer(op->state, move->weight, from, to);
	else if (from)
		done = sponsor_release(op->state, move->weight, from, owner);
	else
		done = sponsor_establish(op->state, move->weight, to, owner);
	if (done == SPONSORING_LOW_RESERVE)
		return refuse(op, SDEX_REVOKE_SPONSORSHIP_LOW_RESERVE);
	if (done != SPONSORING_DONE)
		return op_unpaid(op, done);
	*sponsor = move->to;
	return true;
}

static bool revoke_entry(struct op *op, const sdex_LedgerKey *key)
{
	enum entry_kind kind;
	struct entry *entry = entry_find(op->state, &kind, key);
	if (op->state->lost)
		return false;
	if (!entry)
		return refuse(op, SDEX_REVOKE_SPONSORSHIP_DOES_NOT_EXIST);
	uint32_t owner = owner_of(kind, entry);
	uint32_t pays = entry->sponsor == SLOT_NONE ? owner : entry->sponsor;
	if (pays != op->source)
		return refuse(op, SDEX_REVOKE_SPONSORSHIP_NOT_SPONSOR);
	struct move move = {.weight = sponsor_weight(op->state, kind, entry),
			    .owner = owner,
			    .from = entry->sponsor,
			    .to = next_sponsor(op, owner)};
	if (move.to == SLOT_NONE && kind == ENTRY_CLAIMABLE)
		return refuse(op, SDEX_REVOKE_SPONSORSHIP_ONLY_TRANSFERABLE);
	state_touch(op->state, kind, entry);
	if (!move_reserves(op, &entry->sponsor, &move))
		return false;
	if (move.to != SLOT_NONE)
		entry->extended = 1;
	return true;
}

static bool revoke_signer(struct op *op, const sdex_RevokeSponsorshipOpSigner *which)
{
	struct state *state = op->state;
	struct signer list[SDEX_MAX_SIGNERS], key;
	bool found = false;
	uint32_t owner = state_address(state, which->accountID.ed25519.bytes);
	struct account *account = owner == SLOT_NONE ? NULL : state_account(state, owner);
	uint32_t at = 0;
	entry_signer(&key, &which->signerKey);
	if (account)
		at = signer_find(&found, account, &key);
	if (!found)
		return refuse(op, SDEX_REVOKE_SPONSORSHIP_DOES_NOT_EXIST);
	uint32_t count = signer_count(account);
	memcpy(list, signer_at(account, 0), count * sizeof(*list));
	uint32_t pays = list[at].sponsor == SLOT_NONE ? owner : list[at].sponsor;
	if (pays != op->source)
		return refuse(op, SDEX_REVOKE_SPONSORSHIP_NOT_SPONSOR);
	struct move move = {.weight = 1,
			    .owner = owner,
			    .from = list[at].sponsor,
			    .to = next_sponsor(op, owner)};
	state_touch(state, ENTRY_ACCOUNT, account);
	if (move.from != SLOT_NONE && move.to == SLOT_NONE && account->sponsored < 1)
		return rules_fault(state, "an account is sponsored less than its signers");
	return move_reserves(op, &list[at].sponsor, &move) &&
	       (list[at].sponsor == signer_at(account, at)->sponsor ||
		signers_set(state, account, list, count));
}

bool revoke_sponsorship_apply(struct op *op)
{
	const sdex_RevokeSponsorshipOp *revoke = &op->operation->body.revokeSponsorshipOp;
	if (revoke->type == SDEX_REVOKE_SPONSORSHIP_LEDGER_ENTRY)
		return revoke_entry(op, revoke->ledgerKey);
	return revoke_signer(op, revoke->signer);
}
