/* ledger/verify/op.c - one operation executed; more than once where it asks for entries that
 * nobody has shown. */
#include <string.h>

#include "ledger/entry.h"
#include "ledger/tx_valid.h"
#include "ledger/verify/inside.h"

#define ROUNDS_MOST 8

void verify_forget_gaps(struct verify *v)
{
	v->missing.count = v->venues.count = 0;
	v->missing.more = v->venues.more = false;
}

/* A key that is given as such is looked up without being named: what nobody has named would not
 * be asked for. */
static void name_key(struct state *state, const sdex_Operation *op)
{
	struct asked asked;
	if (op->body.type == SDEX_REVOKE_SPONSORSHIP &&
	    op->body.revokeSponsorshipOp.type == SDEX_REVOKE_SPONSORSHIP_LEDGER_ENTRY)
		known_key(&asked, state, op->body.revokeSponsorshipOp.ledgerKey);
}

/* Executes, and leaves what was done in a level that is open when this returns. */
static enum sdex_error attempt(struct verify_outcome *outcome, struct verifying *t, uint32_t index)
{
	struct verify *v = t->v;
	struct state *state = v->state;
	*outcome = (struct verify_outcome){0};
	if (!op_result(&outcome->result, &tx_operations(t->tx)->items[index], v->work))
		return SDEX_ERR_NOMEM;
	name_key(state, &tx_operations(t->tx)->items[index]);
	state->fault = NULL;
	state_begin(state);
	state->witness = &v->witness;
	outcome->done = tx_run_operation(&outcome->result, &v->ledger, t->tx, index);
	state->witness = NULL;
	if (outcome->done && !meta_changes(&outcome->changes, state, v->work))
		state->lost = true;
	outcome->fault = state->fault != NULL;
	outcome->fault_text = state->fault;
	state->fault = NULL;
	return state->lost ? SDEX_ERR_NOMEM : SDEX_OK;
}

/* --- entries made up */

/* What rules can look at in an account that is not shown. */
struct guess {
	int64_t balance;
	uint32_t subentries;
	uint32_t sponsoring;
	uint8_t flags;
};

static const struct guess guesses[] = {
	{.balance = INT64_MAX / 4, .flags = 0},
	{.balance = INT64_MAX / 4, .flags = SDEX_AUTH_REQUIRED_FLAG},
	{.balance = INT64_MAX / 4, .flags = SDEX_AUTH_REVOCABLE_FLAG},
	{.balance = INT64_MAX / 4, .flags = SDEX_AUTH_IMMUTABLE_FLAG},
	{.balance = INT64_MAX / 4,
	 .flags = SDEX_AUTH_CLAWBACK_ENABLED_FLAG | SDEX_AUTH_REVOCABLE_FLAG},
	{.balance = 0, .subentries = SUBENTRIES_MAX, .flags = 0},
	{.balance = INT64_MAX - 1, .flags = 0},
	{.balance = INT64_MAX / 4, .sponsoring = 1000},
};
#define GUESSES (sizeof(guesses) / sizeof(*guesses))

static bool make_up(struct verify *v, const struct guess *guess)
{
	for (uint32_t i = 0; i < v->missing.count; i++) {
		const struct asked *asked = &v->missing.items[i];
		struct account made = {.entry.sponsor = SLOT_NONE,
				       .entry.flags = guess->flags,
				       .address = asked->address,
				       .balance = guess->balance,
				       .subentries = guess->subentries,
				       .sponsoring = guess->sponsoring,
				       .entry.level = guess->sponsoring ? 2 : 0,
				       .thresholds = {1, 0, 0, 0},
				       .inflation_dest = SLOT_NONE};
		if (asked->kind == ENTRY_ACCOUNT && !state_account(v->state, asked->address) &&
		    !state_create(v->state, ENTRY_ACCOUNT, &made))
			return false;
	}
	return true;
}

static bool only_accounts(const struct verify *v)
{
	for (uint32_t i = 0; i < v->missing.count; i++)
		if (v->missing.items[i].kind != ENTRY_ACCOUNT)
			return false;
	return !v->missing.more;
}

static bool all_exist(const struct verify *v)
{
	for (uint32_t i = 0; i < v->missing.count; i++)
		if (!known_account_exists(&v->known, v->missing.items[i].address))
			return false;
	return true;
}

static bool same_outcome(bool *lost, const struct verify_outcome *a, const struct verify_outcome *b,
			 struct sdex_arena *arena)
{
	return a->done == b->done && a->fault == b->fault &&
	       sdex_OperationResult_equal(&a->result, &b->result) &&
	       verify_same_changes(NULL, lost, &a->changes, &b->changes, arena);
}

/* Tries all guesses; with accounts made up the rules may ask for more of them, and then it
 * begins again.  *same says whether all came out as *outcome, which the first sets. */
static enum sdex_error try_guesses(bool *same, struct verify_outcome *outcome, struct verifying *t,
				   uint32_t index)
{
	struct verify *v = t->v;
	struct verify_outcome next;
	bool lost = false;
	*same = false;
	for (uint32_t g = 0, rounds = 0; g < GUESSES; g++) {
		uint32_t before = v->missing.count;
		state_begin(v->state);
		enum sdex_error error = SDEX_ERR_NOMEM;
		if (make_up(v, &guesses[g])) {
			error = attempt(g ? &next : outcome, t, index);
			state_rollback(v->state);
		}
		state_rollback(v->state);
		if (error)
			return error;
		if (!only_accounts(v) || ++rounds > ROUNDS_MOST * GUESSES)
			return SDEX_OK;
		if (v->missing.count != before) {
			g = UINT32_MAX; /* which becomes 0 */
			continue;
		}
		/* a state that the rules do not allow may be so for what was made up */
		if (outcome->fault || (g && !same_outcome(&lost, outcome, &next, v->work)))
			return lost ? SDEX_ERR_NOMEM : SDEX_OK;
	}
	*same = true;
	return SDEX_OK;
}

/* --- why not */

enum sdex_error verify_name_gaps(const char **reason, struct verify *v,
				 const struct verify_gaps *gaps)
{
	char text[VERIFY_WORDS_ROOM];
	struct words words = {text, sizeof(text), 0};
	words_add(&words, "the ledger does not show ");
	for (uint32_t i = 0; i < gaps->count && i < 3; i++) {
		words_add(&words, i ? ", " : "");
		verify_words_asked(&words, v->state, &gaps->items[i]);
	}
	if (gaps->count > 3 || gaps->more)
		words_add(&words, " and more");
	return verify_keep_words(reason, v, &words);
}

enum sdex_error verify_execute(struct verify_outcome *outcome, bool *kept, const char **reason,
			       struct verifying *t, uint32_t index)
{
	struct verify *v = t->v;
	*kept = false;
	*reason = NULL;
	verify_forget_gaps(v);
	enum sdex_error error = attempt(outcome, t, index);
	bool venues_matter = v->venues.count && !t->done;
	if (error || (v->missing.count == 0 && !venues_matter)) {
		if (outcome->done && !error)
			*kept = true;
		else
			state_rollback(v->state);
		return error;
	}
	state_rollback(v->state);
	bool same = false;
	struct verify_outcome absent = *outcome;
	bool lost = false;
	if (!venues_matter && only_accounts(v))
		error = try_guesses(&same, outcome, t, index);
	venues_matter = v->venues.count && !t->done;
	if (!error && same && !venues_matter &&
	    (all_exist(v) || same_outcome(&lost, outcome, &absent, v->work)))
		return SDEX_OK;
	if (error || lost)
		return SDEX_ERR_NOMEM;
	return verify_name_gaps(reason, v, v->missing.count ? &v->missing : &v->venues);
}
