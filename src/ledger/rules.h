/* ledger/rules.h - balances, reserves, liabilities and sponsorship.
 *
 * The arithmetic that all operations share (stellar-core: TransactionUtils.cpp,
 * TrustLineWrapper.cpp, SponsorshipUtils.cpp).  A function that changes an entry needs it
 * touched (state_touch); what it touches itself it says. */
#ifndef SDEX_LEDGER_RULES_H
#define SDEX_LEDGER_RULES_H

#include "ledger/state.h"

#define SUBENTRIES_MAX 1000u
#define CROSSINGS_MAX 1000
#define VERSION_POOLS 18u

/* The state is not one that the rules allow, or they meet a case that they do not
 * foresee: the network makes the transaction fail with txINTERNAL_ERROR.  Returns false. */
bool rules_fault(struct state *state, const char *text);

/* Stroops that an account may not go below: (2 + subentries + sponsoring - sponsored)
 * reserves. */
int64_t rules_minimum(const struct state *state, const struct account *account);

/* What an account may spend: balance - minimum - selling liabilities; may be negative. */
int64_t rules_available(const struct state *state, const struct account *account);

/* Adds to a balance that stays in 0 .. max, or returns false. */
bool rules_add(int64_t *balance, int64_t delta, int64_t max);

/* --- how an account holds an asset */

enum holding_kind {
	HOLDING_NONE, /* no such account, or no trustline */
	HOLDING_NATIVE,
	HOLDING_LINE,
	HOLDING_ISSUER, /* has all of it, and room for more */
};

struct holding {
	enum holding_kind kind;
	union {
		struct account *account;
		struct trustline *line;
	};
};

struct holding holding_of(const struct state *state, uint32_t address, uint32_t asset);
void holding_touch(struct state *state, struct holding holding);

bool holding_authorized(struct holding holding);
/* May keep what is open: authorised, if only to maintain liabilities. */
bool holding_maintains(struct holding holding);

/* Stroops that could leave or come at most, never negative (canSellAtMost,
 * canBuyAtMost). */
int64_t holding_can_send(struct state *state, struct holding holding);
int64_t holding_can_receive(struct state *state, struct holding holding);

/* The same before the lower bound of 0, and whether authorised or not. */
int64_t holding_free(const struct state *state, struct holding holding);
int64_t holding_space(struct holding holding);

/* Changes a balance within limits, reserve and liabilities, or returns false. */
bool holding_add(struct state *state, struct holding holding, int64_t delta);
bool line_add_unauthorized(struct trustline *line, int64_t delta);

/* Changes the liabilities of a touched holding, which have to stay in what it can bear, or
 * returns false. */
bool holding_owe(struct state *state, struct holding holding, int64_t delta, bool buying);

/* Takes or gives back (sign -1) what an offer of `owner` reserves; touches the holdings.
 * False, with a fault, if they cannot bear it. */
bool rules_reserve(struct state *state, uint32_t owner, uint32_t selling, uint32_t buying,
		   struct price price, int64_t amount, int sign);

/* --- reserves and who pays for them */

enum sponsoring {
	SPONSORING_DONE,
	SPONSORING_LOW_RESERVE,
	SPONSORING_TOO_MANY_SUBENTRIES,
	SPONSORING_TOO_MANY_SPONSORING,
	SPONSORING_FAULT,
};

/* How many reserves an entry takes. */
uint32_t sponsor_weight(const struct state *state, enum entry_kind kind, const void *entry);

/* Pays for an entry that is about to be created: counts it with its owner (touched by the
 * caller; the record itself if it is an account), or with whoever has begun to sponsor
 * the owner's future reserves (touched here).  Sets the entry's sponsor. */
enum sponsoring sponsor_create(struct state *state, enum entry_kind kind, void *entry,
			       struct account *owner);

/* Stops paying for an entry that is about to be erased.  The owner is touched by the
 * caller, the sponsor here.  False with a fault if the counts do not add up. */
bool sponsor_remove(struct state *state, enum entry_kind kind, void *entry, struct account *owner);

/* The same for the signer at an index of a touched account's list. */
enum sponsoring sponsor_create_signer(struct state *state, struct account *account,
				      struct signer *signer);
bool sponsor_remove_signer(struct state *state, struct account *account, uint32_t index);

/* Moves reserves (revoke sponsorship): from nobody or an old sponsor to nobody or a new
 * one.  sponsored is the owner whose own reserve is freed or taken, NULL for a claimable
 * balance or on transfer.  All accounts touched by the caller. */
enum sponsoring sponsor_establish(struct state *state, uint32_t weight, struct account *sponsor,
				  struct account *sponsored);
enum sponsoring sponsor_release(struct state *state, uint32_t weight, struct account *sponsor,
				struct account *sponsored);
enum sponsoring sponsor_transfer(struct state *state, uint32_t weight, struct account *from,
				 struct account *to);

/* --- signers */

static inline uint32_t signer_count(const struct account *account)
{
	return account->signers ? account->signers->count : 0;
}

static inline const struct signer *signer_at(const struct account *account, uint32_t index)
{
	return (const struct signer *)(const void *)account->signers->data + index;
}

/* The first signer that is not before *key, and whether it is it. */
uint32_t signer_find(bool *found, const struct account *account, const struct signer *key);

/* Replaces a touched account's list.  False when memory is out. */
bool signers_set(struct state *state, struct account *account, const struct signer *signers,
		 uint32_t count);

#endif
