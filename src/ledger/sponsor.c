/* ledger/sponsor.c - who pays which reserve. */
#include "ledger/rules.h"

#include "base/check.h"
#include "ledger/entry.h"

uint32_t sponsor_weight(const struct state *state, enum entry_kind kind, const void *entry)
{
	switch (kind) {
	case ENTRY_ACCOUNT:
		return 2;
	case ENTRY_TRUSTLINE: {
		const struct asset *asset =
			asset_at(state, ((const struct trustline *)entry)->asset);
		return asset->type == SDEX_ASSET_TYPE_POOL_SHARE ? 2 : 1;
	}
	case ENTRY_OFFER:
	case ENTRY_DATA:
		return 1;
	case ENTRY_CLAIMABLE:
		return ((const struct claimable *)entry)->claimants->count;
	case ENTRY_POOL:
	case ENTRY_OPAQUE:
	case ENTRY_KINDS:
		break;
	}
	CHECK(false);
	return 0;
}

static bool sum_too_large(const struct account *account, uint32_t weight)
{
	return (uint64_t)account->sponsoring + account->subentries + weight > UINT32_MAX;
}

static bool too_many_subentries(const struct account *account, uint32_t weight)
{
	return account->subentries > SUBENTRIES_MAX - weight || sum_too_large(account, weight);
}

static bool cannot_pay(const struct state *state, const struct account *account, uint32_t weight)
{
	return rules_available(state, account) < (int64_t)weight * state->header.base_reserve;
}

static void extend(struct account *account)
{
	if (account->entry.level < 2)
		account->entry.level = 2;
}

static enum sponsoring can_establish(struct state *state, uint32_t weight,
				     const struct account *sponsor, const struct account *sponsored)
{
	if (cannot_pay(state, sponsor, weight))
		return SPONSORING_LOW_RESERVE;
	if (sponsor->sponsoring > UINT32_MAX - weight || sum_too_large(sponsor, weight))
		return SPONSORING_TOO_MANY_SPONSORING;
	if (sponsored && sponsored->sponsored > UINT32_MAX - weight) {
		rules_fault(state, "an account is sponsored too often to count");
		return SPONSORING_FAULT;
	}
	return SPONSORING_DONE;
}

static void establish(uint32_t weight, struct account *sponsor, struct account *sponsored)
{
	extend(sponsor);
	sponsor->sponsoring += weight;
	if (sponsored) {
		extend(sponsored);
		sponsored->sponsored += weight;
	}
}

enum sponsoring sponsor_establish(struct state *state, uint32_t weight, struct account *sponsor,
				  struct account *sponsored)
{
	enum sponsoring can = can_establish(state, weight, sponsor, sponsored);
	if (can == SPONSORING_DONE)
		establish(weight, sponsor, sponsored);
	return can;
}

enum sponsoring sponsor_release(struct state *state, uint32_t weight, struct account *sponsor,
				struct account *sponsored)
{
	if (sponsor->sponsoring < weight || (sponsored && sponsored->sponsored < weight)) {
		rules_fault(state, "fewer reserves are sponsored than are to be released");
		return SPONSORING_FAULT;
	}
	if (sponsored && cannot_pay(state, sponsored, weight))
		return SPONSORING_LOW_RESERVE;
	sponsor->sponsoring -= weight;
	if (sponsored)
		sponsored->sponsored -= weight;
	return SPONSORING_DONE;
}

enum sponsoring sponsor_transfer(struct state *state, uint32_t weight, struct account *from,
				 struct account *to)
{
	if (from->sponsoring < weight) {
		rules_fault(state, "fewer reserves are sponsored than are to be moved");
		return SPONSORING_FAULT;
	}
	enum sponsoring can = can_establish(state, weight, to, NULL);
	if (can == SPONSORING_DONE) {
		establish(weight, to, NULL);
		from->sponsoring -= weight;
	}
	return can;
}

/* The account that has begun to sponsor what `address` will need, touched, or NULL */
static struct account *future_sponsor(struct state *state, uint32_t address)
{
	uint32_t sponsor = address_at(state, address)->future_sponsor;
	struct account *account = sponsor == SLOT_NONE ? NULL : state_account(state, sponsor);
	if (account)
		state_touch(state, ENTRY_ACCOUNT, account);
	return account;
}

static enum sponsoring create_alone(struct state *state, enum entry_kind kind, uint32_t weight,
				    struct account *owner)
{
	if (kind == ENTRY_ACCOUNT)
		return owner->balance < rules_minimum(state, owner) ? SPONSORING_LOW_RESERVE
								    : SPONSORING_DONE;
	if (too_many_subentries(owner, weight))
		return SPONSORING_TOO_MANY_SUBENTRIES;
	if (cannot_pay(state, owner, weight))
		return SPONSORING_LOW_RESERVE;
	owner->subentries += weight;
	return SPONSORING_DONE;
}

enum sponsoring sponsor_create(struct state *state, enum entry_kind kind, void *entry,
			       struct account *owner)
{
	uint32_t weight = sponsor_weight(state, kind, entry);
	bool subentry = kind != ENTRY_ACCOUNT && kind != ENTRY_CLAIMABLE;
	struct account *sponsor = future_sponsor(state, owner->address);
	struct account *sponsored = kind == ENTRY_CLAIMABLE ? NULL : owner;
	if (!sponsor && sponsored)
		return create_alone(state, kind, weight, owner);
	if (!sponsor)
		sponsor = owner; /* a claimable balance is sponsored by whom it comes from */
	if (subentry && too_many_subentries(owner, weight))
		return SPONSORING_TOO_MANY_SUBENTRIES;
	enum sponsoring can = can_establish(state, weight, sponsor, sponsored);
	if (can != SPONSORING_DONE)
		return can;
	if (subentry)
		owner->subentries += weight;
	establish(weight, sponsor, sponsored);
	((struct entry *)entry)->extended = 1;
	((struct entry *)entry)->sponsor = sponsor->address;
	return SPONSORING_DONE;
}

bool sponsor_remove(struct state *state, enum entry_kind kind, void *entry, struct account *owner)
{
	struct entry *removed = entry;
	uint32_t weight = sponsor_weight(state, kind, entry);
	bool subentry = kind != ENTRY_ACCOUNT && kind != ENTRY_CLAIMABLE;
	if (removed->sponsor == SLOT_NONE) {
		if (kind == ENTRY_CLAIMABLE)
			return rules_fault(state, "nobody pays for a claimable balance");
		if (subentry && owner->subentries < weight)
			return rules_fault(state, "an account has fewer subentries than it lists");
		owner->subentries -= subentry ? weight : 0;
		return true;
	}
	struct account *sponsor =
		removed->sponsor == owner->address ? owner : state_account(state, removed->sponsor);
	if (!sponsor || (sponsor == owner && kind != ENTRY_CLAIMABLE))
		return rules_fault(state, "an entry's sponsor is not one");
	if (sponsor != owner)
		state_touch(state, ENTRY_ACCOUNT, sponsor);
	if (sponsor->sponsoring < weight)
		return rules_fault(state, "a sponsor pays for less than it should");
	sponsor->sponsoring -= weight;
	removed->sponsor = SLOT_NONE;
	if (kind == ENTRY_CLAIMABLE)
		return true;
	if (owner->sponsored < weight || (subentry && owner->subentries < weight))
		return rules_fault(state, "an account is sponsored less than it should be");
	owner->sponsored -= weight;
	owner->subentries -= subentry ? weight : 0;
	return true;
}

/* --- signers */

uint32_t signer_find(bool *found, const struct account *account, const struct signer *key)
{
	uint32_t i = 0, count = signer_count(account);
	int order = -1;
	while (i < count && (order = entry_signer_order(signer_at(account, i), key)) < 0)
		i++;
	*found = i < count && order == 0;
	return i;
}

bool signers_set(struct state *state, struct account *account, const struct signer *signers,
		 uint32_t count)
{
	struct blob *blob = NULL;
	if (count) {
		blob = state_blob(state, signers, count * (uint32_t)sizeof(*signers));
		if (!blob)
			return false;
		blob->count = count;
	}
	state_drop_blob(state, account->signers);
	account->signers = blob;
	return true;
}

enum sponsoring sponsor_create_signer(struct state *state, struct account *account,
				      struct signer *signer)
{
	if (too_many_subentries(account, 1))
		return SPONSORING_TOO_MANY_SUBENTRIES;
	struct account *sponsor = future_sponsor(state, account->address);
	if (!sponsor) {
		if (cannot_pay(state, account, 1))
			return SPONSORING_LOW_RESERVE;
		account->subentries++;
		return SPONSORING_DONE;
	}
	enum sponsoring can = can_establish(state, 1, sponsor, account);
	if (can != SPONSORING_DONE)
		return can;
	account->subentries++;
	establish(1, sponsor, account);
	signer->sponsor = sponsor->address;
	return SPONSORING_DONE;
}

bool sponsor_remove_signer(struct state *state, struct account *account, uint32_t index)
{
	struct signer left[SDEX_MAX_SIGNERS];
	uint32_t count = signer_count(account);
	uint32_t pays = signer_at(account, index)->sponsor;
	if (account->subentries < 1)
		return rules_fault(state, "an account has fewer subentries than signers");
	if (pays != SLOT_NONE) {
		struct account *sponsor = state_account(state, pays);
		if (!sponsor || sponsor->sponsoring < 1 || account->sponsored < 1)
			return rules_fault(state, "a signer's sponsor is not one");
		state_touch(state, ENTRY_ACCOUNT, sponsor);
		sponsor->sponsoring--;
		account->sponsored--;
	}
	account->subentries--;
	memcpy(left, signer_at(account, 0), count * sizeof(*left));
	memmove(&left[index], &left[index + 1], (count - index - 1) * sizeof(*left));
	return signers_set(state, account, left, count - 1);
}
