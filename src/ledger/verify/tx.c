/* ledger/verify/tx.c - one transaction: what comes before its operations, and each of them. */
#include <string.h>

#include "base/failure.h"
#include "ledger/entry.h"
#include "ledger/tx_valid.h"
#include "ledger/verify/differ.h"
#include "ledger/verify/inside.h"

static enum sdex_error no_memory(struct sdex_failure *why)
{
	return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
}

/* The code of the inner transaction where there is one. */
static const struct sdex_code *own_code(const sdex_TransactionResult *result)
{
	const struct sdex_code *inner = sdex_result_inner_code(result);
	return inner ? inner : sdex_result_code(result);
}

static struct verified item_of(const struct verifying *t, uint32_t index)
{
	struct verified item = {.transaction = t->number,
				.operation = index + 1,
				.hash = t->part->result->transactionHash.bytes,
				.type = tx_operations(t->tx)->items[index].body.type,
				.done = t->done,
				.code = own_code(&t->part->result->result)};
	if (index < t->results.count)
		item.code = sdex_op_result_code(&t->results.items[index]);
	return item;
}

static enum sdex_error add_undetermined(struct verifying *t, uint32_t index, const char *reason)
{
	struct verified item = item_of(t, index);
	item.verdict = VERDICT_UNDETERMINED;
	item.words = reason;
	return verify_add(t->v, item);
}

static enum sdex_error add_differed(struct verifying *t, struct verified item,
				    const struct words *words)
{
	item.verdict = VERDICT_DIFFERED;
	/* what the header before the ledger says decides, and an upgrade hides it */
	if (t->v->header_gap) {
		item.verdict = VERDICT_UNDETERMINED;
		item.words = t->v->header_gap;
		return verify_add(t->v, item);
	}
	enum sdex_error error = verify_keep_words(&item.words, t->v, words);
	return error ? error : verify_add(t->v, item);
}

/* --- before the operations */

static bool is_about_signatures(int32_t code)
{
	return code == SDEX_txBAD_AUTH || code == SDEX_txBAD_AUTH_EXTRA;
}

static bool is_about_frozen(int32_t code)
{
	return code == SDEX_txFROZEN_KEY_ACCESSED;
}

static enum sdex_error add_about_transaction(struct verifying *t, const struct words *words)
{
	struct verified item = {.transaction = t->number,
				.hash = t->part->result->transactionHash.bytes,
				.done = t->done,
				.code = own_code(&t->part->result->result)};
	return add_differed(t, item, words);
}

static bool same_fee(struct words *words, const sdex_TransactionResult *expected,
		     const sdex_TransactionResult *found)
{
	const sdex_TransactionResultResult *ours = &expected->result, *theirs = &found->result;
	if (expected->feeCharged != found->feeCharged) {
		words_add(words, "the fee: expected %lld stroops, found %lld",
			  (long long)expected->feeCharged, (long long)found->feeCharged);
		return false;
	}
	if (!sdex_result_inner_code(expected) || !sdex_result_inner_code(found) ||
	    ours->innerResultPair->result.feeCharged == theirs->innerResultPair->result.feeCharged)
		return true;
	words_add(words, "the inner transaction's fee: expected %lld stroops, found %lld",
		  (long long)ours->innerResultPair->result.feeCharged,
		  (long long)theirs->innerResultPair->result.feeCharged);
	return false;
}

enum sdex_error verify_fee(struct verifying *t, const int64_t *base_fee, struct sdex_failure *why)
{
	struct verify *v = t->v;
	char text[VERIFY_WORDS_ROOM];
	struct words words = {text, sizeof(text), 0};
	struct tx_meta meta = {0};
	bool lost = false;
	t->done = sdex_result_ok(&t->part->result->result);
	state_begin(v->state);
	enum sdex_error error = tx_charge(&t->result, &meta, &v->ledger, t->tx, base_fee);
	bool same = !error && same_fee(&words, &t->result, &t->part->result->result) &&
		    verify_same_changes(&words, &lost, &meta.fees, t->part->fees, v->work);
	if (same) {
		state_commit(v->state);
		return SDEX_OK;
	}
	state_rollback(v->state);
	if (error == SDEX_ERR_NOMEM || lost)
		return no_memory(why);
	if (error)
		words_add(&words, "a fee is taken, of no account that the meta shows");
	error = add_about_transaction(t, &words);
	return error ? no_memory(why) : known_follow(&v->known, t->part->fees, why);
}

/* Sequence number and one-time signers.  What the meta says of them stands in the end. */
static enum sdex_error prepare(bool *may_run, struct verifying *t, struct sdex_failure *why)
{
	struct verify *v = t->v;
	char text[VERIFY_WORDS_ROOM];
	struct words words = {text, sizeof(text), 0};
	struct tx_meta meta = {0};
	static const sdex_LedgerEntryChanges nothing;
	const sdex_LedgerEntryChanges *found = t->part->before ? t->part->before : &nothing;
	bool lost = false;
	verify_forget_gaps(v);
	v->ledger.trust_signatures = !t->refused;
	state_begin(v->state);
	v->state->witness = &v->witness;
	enum sdex_error error = tx_prepare(may_run, &t->result, &meta, &v->ledger, t->tx);
	v->state->witness = NULL;
	if (!error && v->missing.count)
		error = verify_name_gaps(&t->gap, v, &v->missing);
	/* metas of version 0 do not tell this part */
	bool same = !error && (!t->part->before ||
			       verify_same_changes(&words, &lost, &meta.before, found, v->work));
	if (same) {
		state_commit(v->state);
		return SDEX_OK;
	}
	state_rollback(v->state);
	if (error || lost)
		return no_memory(why);
	/* what a frozen key stops comes to nothing at all: verify_without_results tells */
	if (!t->gap && !is_about_frozen(own_code(&t->part->result->result)->value))
		error = add_about_transaction(t, &words);
	return error ? no_memory(why) : known_follow(&v->known, found, why);
}

static const char no_frozen[] = "the list of frozen keys is in no meta";

/* --- operations */

static const sdex_LedgerEntryChanges *changes_found(const struct verifying *t, uint32_t index)
{
	static const sdex_LedgerEntryChanges nothing;
	return t->done ? part_changes(t->part, index) : &nothing;
}

/* Ids are given one after the other: the pool stands where the last one given is. */
static void follow_ids(struct state *state, const sdex_LedgerEntryChanges *changes)
{
	for (uint32_t i = 0; i < changes->count; i++)
		if (changes->items[i].type == SDEX_LEDGER_ENTRY_CREATED &&
		    changes->items[i].created->data.type == SDEX_OFFER &&
		    (uint64_t)changes->items[i].created->data.offer->offerID >
			    state->header.id_pool)
			state->header.id_pool =
				(uint64_t)changes->items[i].created->data.offer->offerID;
}

/* From protocol 26 on the network takes frozen offers off the book in passing. */
static bool frozen_perhaps(const struct verifying *t, uint32_t index)
{
	const struct verify *v = t->v;
	const sdex_LedgerEntryChanges *changes = changes_found(t, index);
	const uint8_t *own = address_at(v->state, tx_op_source(v->state, t->tx, index))->key;
	sdex_ClaimAtom_list claims = sdex_op_result_claims(&t->results.items[index]);
	if (v->state->header.version < 26 || v->ledger.frozen.count)
		return false;
	for (uint32_t i = 0; i < changes->count; i++) {
		bool taken = false;
		if (changes->items[i].type != SDEX_LEDGER_ENTRY_REMOVED ||
		    changes->items[i].removed->type != SDEX_OFFER ||
		    memcmp(changes->items[i].removed->offer->sellerID.ed25519.bytes, own, 32) == 0)
			continue;
		for (uint32_t c = 0; c < claims.count; c++)
			taken |= claims.items[c].type == SDEX_CLAIM_ATOM_TYPE_ORDER_BOOK &&
				 claims.items[c].orderBook->offerID ==
					 changes->items[i].removed->offer->offerID;
		if (!taken && op_is_dex(&tx_operations(t->tx)->items[index]))
			return true;
	}
	return false;
}

/* A path may go through a pool more than once. */
static uint32_t times_taken(sdex_ClaimAtom_list claims, const sdex_PoolID *id)
{
	uint32_t times = 0;
	for (uint32_t i = 0; i < claims.count; i++)
		times += claims.items[i].type == SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL &&
			 sdex_PoolID_equal(&claims.items[i].liquidityPool->liquidityPoolID, id);
	return times;
}

/* Where the network took from a pool and the rules from the book beside it, there may have been
 * an offer in that book that no meta shows: one of the taker's own, at which a book loses. */
static enum sdex_error lost_book(const char **reason, const struct verifying *t,
				 const struct verify_outcome *ours, uint32_t index)
{
	struct verify *v = t->v;
	sdex_ClaimAtom_list found = sdex_op_result_claims(&t->results.items[index]);
	sdex_ClaimAtom_list expected = sdex_op_result_claims(&ours->result);
	for (uint32_t i = 0; v->venues.count && t->done && i < found.count; i++) {
		char text[VERIFY_WORDS_ROOM];
		struct words words = {text, sizeof(text), 0};
		const sdex_ClaimLiquidityAtom *pool = found.items[i].liquidityPool;
		if (found.items[i].type != SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL ||
		    times_taken(expected, &pool->liquidityPoolID) >=
			    times_taken(found, &pool->liquidityPoolID))
			continue;
		struct asked book = {.what = ASKED_BOOK,
				     .asset = state_asset(v->state, &pool->assetSold),
				     .other = state_asset(v->state, &pool->assetBought)};
		if (v->state->lost)
			return SDEX_ERR_NOMEM;
		words_add(&words, "the ledger does not show all of ");
		verify_words_asked(&words, v->state, &book);
		words_add(&words, ", which lost against a pool");
		return verify_keep_words(reason, v, &words);
	}
	return SDEX_OK;
}

/* Adds what is not the same; true if all is. */
static bool compare(struct words *words, bool *lost, const struct verifying *t,
		    const struct verify_outcome *ours, uint32_t index)
{
	const sdex_OperationResult *found = &t->results.items[index];
	struct verify *v = t->v;
	if (ours->fault) {
		words_add(words, "the rules do not allow the state that the meta shows: %s",
			  ours->fault_text);
		return false;
	}
	bool same = sdex_OperationResult_equal(&ours->result, found);
	const struct sdex_code *our_code = sdex_op_result_code(&ours->result);
	const struct sdex_code *their_code = sdex_op_result_code(found);
	if (our_code != their_code)
		words_add(words, "expected %s, found %s", our_code->name, their_code->name);
	else if (!same) {
		words_add(words, "the result: ");
		differ_words(words, SDEX_TYPE_OperationResult, &ours->result, found, 4);
	}
	/* changes of what came out otherwise say nothing more; none are shown of a failure */
	if (!t->done || our_code != their_code)
		return same;
	char text[VERIFY_WORDS_ROOM];
	struct words more = {text, sizeof(text), 0};
	if (verify_same_changes(&more, lost, &ours->changes, changes_found(t, index), v->work))
		return same;
	words_add(words, "%s%s", same ? "" : "\n", text);
	return false;
}

/* Sponsorships that are begun and ended are in no entry. */
static bool follow_sponsorship(const struct verifying *t, uint32_t index)
{
	const sdex_Operation *operation = &tx_operations(t->tx)->items[index];
	sdex_OperationResult result;
	if (operation->body.type != SDEX_BEGIN_SPONSORING_FUTURE_RESERVES &&
	    operation->body.type != SDEX_END_SPONSORING_FUTURE_RESERVES)
		return true;
	struct op op = tx_op(&t->v->ledger, t->tx, index);
	op.result = &result;
	if (!op_result(&result, operation, t->v->work))
		return false;
	op_apply(&op); /* or it begins what is begun, or ends what is not: nothing then */
	t->v->state->fault = NULL;
	return true;
}

/* Has the state be as an operation left it that was not executed in it. */
static enum sdex_error follow(struct verifying *t, uint32_t index,
			      const sdex_LedgerEntryChanges *changes, struct sdex_failure *why)
{
	enum sdex_error error = known_follow(&t->v->known, changes, why);
	state_touch_header(t->v->state);
	follow_ids(t->v->state, changes);
	if (!error && !follow_sponsorship(t, index))
		error = no_memory(why);
	return error;
}

static bool network_did(const sdex_OperationResult *result)
{
	const struct sdex_code *code = sdex_op_result_code(result);
	return result->code == SDEX_opINNER && code && code->value >= 0;
}

static enum sdex_error verify_operation(struct verifying *t, uint32_t index,
					struct sdex_failure *why)
{
	struct verify *v = t->v;
	struct verify_outcome ours;
	const char *reason;
	bool kept, lost = false;
	char text[VERIFY_WORDS_ROOM];
	struct words words = {text, sizeof(text), 0};
	if (t->spoiled)
		return add_undetermined(t, index, t->spoiled) ? no_memory(why) : SDEX_OK;
	if (verify_execute(&ours, &kept, &reason, t, index))
		return no_memory(why);
	bool venues = v->venues.count > 0;
	bool same = !reason && compare(&words, &lost, t, &ours, index);
	if (kept && same)
		state_commit(v->state);
	else if (kept)
		state_rollback(v->state);
	if (lost)
		return no_memory(why);
	enum sdex_error error = SDEX_OK;
	bool did = network_did(&t->results.items[index]);
	if (t->done && !(kept && same))
		error = follow(t, index, changes_found(t, index), why);
	else if (!t->done && did && same && !kept)
		error = follow(t, index, &ours.changes, why);
	if (!error && same && t->done && did && t->tx->inner && verify_has_events(t) &&
	    verify_op_events(&same, &words, t, &ours, index))
		return no_memory(why);
	if (error)
		return error;
	if (!reason && !same && frozen_perhaps(t, index))
		reason = no_frozen;
	else if (!reason && !same && lost_book(&reason, t, &ours, index))
		return no_memory(why);
	/* of a failed transaction nothing is shown of what an operation left for the next */
	if (!t->done && did && !same)
		t->spoiled =
			"an operation before it in the same failed transaction is undetermined";
	if (reason)
		return add_undetermined(t, index, reason) ? no_memory(why) : SDEX_OK;
	struct verified item = item_of(t, index);
	item.venues = same && venues;
	error = same ? verify_add(v, item) : add_differed(t, item, &words);
	return error ? no_memory(why) : SDEX_OK;
}

/* --- transactions whose operations have no results */

/* Runs all operations of one that failed only after them, to know the code that it gets. */
static enum sdex_error final_code(sdex_TransactionResult *result, const char **reason,
				  struct verifying *t)
{
	struct state *state = t->v->state;
	enum sdex_error error = SDEX_OK;
	bool success = true;
	*reason = NULL;
	state_begin(state);
	for (uint32_t i = 0; i < tx_operations(t->tx)->count && !error && !*reason; i++) {
		struct verify_outcome outcome;
		bool kept;
		error = verify_execute(&outcome, &kept, reason, t, i);
		if (kept)
			state_commit(state);
		else if (outcome.done && !error && !*reason)
			error = follow(t, i, &outcome.changes, NULL);
		success = success && outcome.done;
	}
	if (!success)
		tx_fail_inner(result, SDEX_txFAILED);
	else if (state->header.open_sponsorships > 0)
		tx_fail_inner(result, SDEX_txBAD_SPONSORSHIP);
	state_rollback(state);
	return error;
}

static enum sdex_error verify_without_results(struct verifying *t, bool may_run)
{
	const struct sdex_code *theirs = own_code(&t->part->result->result);
	const char *reason = NULL;
	char text[VERIFY_WORDS_ROOM];
	struct words words = {text, sizeof(text), 0};
	enum sdex_error error = SDEX_OK;
	if (may_run && theirs->value == SDEX_txBAD_SPONSORSHIP)
		error = final_code(&t->result, &reason, t);
	const struct sdex_code *ours = own_code(&t->result);
	/* signatures that are taken ask for accounts to no effect */
	if (t->gap && (!may_run || t->refused))
		reason = t->gap;
	else if (ours != theirs && is_about_frozen(theirs->value))
		reason = no_frozen;
	else if (ours != theirs && theirs->value == SDEX_txINTERNAL_ERROR)
		reason = "the network met an internal error, which has no rules";
	words_add(&words, "the transaction: expected %s, found %s", ours->name, theirs->name);
	for (uint32_t i = 0; i < tx_operations(t->tx)->count && !error; i++) {
		struct verified item = item_of(t, i);
		if (reason)
			error = add_undetermined(t, i, reason);
		else if (ours != theirs)
			error = add_differed(t, item, &words);
		else
			error = verify_add(t->v, item);
	}
	return error;
}

/* What a transaction leaves to the next by way of its sponsorships: nothing. */
static void end_sponsorships(struct state *state)
{
	if (state->header.open_sponsorships == 0)
		return;
	state->header.open_sponsorships = 0;
	for (uint32_t i = 0; i < state->addresses.used; i++) {
		address_at(state, i)->future_sponsor = SLOT_NONE;
		address_at(state, i)->future_sponsored = 0;
	}
}

static enum sdex_error verify_results(struct verifying *t, struct sdex_failure *why)
{
	struct state *state = t->v->state;
	enum sdex_error error = SDEX_OK;
	if (!t->done)
		state_begin(state);
	for (uint32_t i = 0; i < t->results.count && !error; i++)
		error = verify_operation(t, i, why);
	if (!t->done)
		state_rollback(state);
	end_sponsorships(state);
	return error;
}

static enum sdex_error compare_fee_events(struct verifying *t, struct sdex_failure *why)
{
	char text[VERIFY_WORDS_ROOM];
	struct words words = {text, sizeof(text), 0};
	bool same;
	if (verify_fee_events(&same, &words, t) ||
	    (!same && add_about_transaction(t, &words) != SDEX_OK))
		return no_memory(why);
	return SDEX_OK;
}

/* Did the network refuse signatures?  Such are verified; what it took is taken. */
static bool is_refused(const struct verifying *t)
{
	if (is_about_signatures(own_code(&t->part->result->result)->value))
		return true;
	for (uint32_t i = 0; i < t->results.count; i++)
		if (t->results.items[i].code == SDEX_opBAD_AUTH)
			return true;
	return false;
}

/* One that is not signed for has run none of its operations: their results are what the check of
 * signatures left. */
static enum sdex_error verify_refused(struct verifying *t, bool may_run)
{
	enum sdex_error error = SDEX_OK;
	for (uint32_t i = 0; i < t->results.count && !error; i++) {
		char text[VERIFY_WORDS_ROOM];
		struct words words = {text, sizeof(text), 0};
		const sdex_OperationResult *found = &t->results.items[i];
		if (t->gap) {
			error = add_undetermined(t, i, t->gap);
		} else if (!may_run &&
			   sdex_OperationResult_equal(tx_op_result(&t->result, i), found)) {
			error = verify_add(t->v, item_of(t, i));
		} else {
			words_add(&words, "its signatures do: expected them to be taken, found %s",
				  sdex_op_result_code(found)->name);
			error = add_differed(t, item_of(t, i), &words);
		}
	}
	return error;
}

/* With results of its operations a transaction was done if all of these were. */
static enum sdex_error compare_code(struct verifying *t)
{
	const struct sdex_code *found = own_code(&t->part->result->result);
	char text[VERIFY_WORDS_ROOM];
	struct words words = {text, sizeof(text), 0};
	bool all = true;
	for (uint32_t i = 0; i < t->results.count; i++)
		all = all && network_did(&t->results.items[i]);
	if (t->results.count == 0 || all == t->done)
		return SDEX_OK;
	words_add(&words, "the transaction: expected %s, found %s", all ? "txSUCCESS" : "txFAILED",
		  found->name);
	return add_about_transaction(t, &words);
}

enum sdex_error verify_transaction(struct verifying *t, struct sdex_failure *why)
{
	struct verify *v = t->v;
	const sdex_TransactionResult *found = &t->part->result->result;
	uint32_t count = tx_operations(t->tx)->count;
	bool may_run;
	t->results = sdex_result_operations(found);
	t->done = sdex_result_ok(found);
	t->refused = is_refused(t);
	if ((t->results.count && t->results.count != count) ||
	    (t->done && (t->results.count != count || t->part->operations != count)))
		return fail(why, SDEX_ERR_MISSING, 0,
			    "transaction %u has %u operations, its result %u and its meta %u",
			    t->number, count, t->results.count, t->part->operations);
	if (!tx_begin_result(&t->result, t->tx, found->feeCharged, 0, v->work))
		return no_memory(why);
	if (compare_code(t))
		return no_memory(why);
	enum sdex_error error = prepare(&may_run, t, why);
	if (!error && verify_has_events(t))
		error = compare_fee_events(t, why);
	if (error)
		return error;
	if (t->results.count && t->refused)
		error = verify_refused(t, may_run) ? no_memory(why) : SDEX_OK;
	else if (t->results.count)
		error = verify_results(t, why);
	else
		error = verify_without_results(t, may_run) ? no_memory(why) : SDEX_OK;
	if (!error)
		error = known_follow(&v->known, t->part->after, why);
	return error;
}
