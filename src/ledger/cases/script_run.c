/* ledger/cases/script_run.c - runs a leaf of a script: transactions, what they did, and checks. */
#include "ledger/cases/script.h"
#include "sdex/result.h"

#define WORDS_MAX 48u
#define CLAUSES_MAX 24u
#define OPERATIONS_MAX 100u
#define LAWS_OFTEN 100u /* offers, up to which all is looked at after each transaction */

_Noreturn void script_fail(const struct script_run *run, const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	print_error("%s:%d: protocol %u: %s\n", run->at->file, run->at->line, run->at->version,
		    text);
	fail();
	abort();
}

/* --- one transaction: its operations with what shall become of them */

struct step {
	const struct script_line *line;
	int who;
	sdex_Operation *op;
	struct script_offer made; /* .seller 0: makes none */
	char *clauses[CLAUSES_MAX];
	uint32_t clause_count;
};

struct transaction {
	int source;
	int payer;        /* of a bumped fee, or 0 */
	uint64_t virtual; /* the source's number, or 0 */
	struct step steps[OPERATIONS_MAX];
	uint32_t count;
	char *fails; /* the transaction's own code, or NULL */
	struct script_spec spec;
	struct script_made made;
};

/* A line in the world's arena, cut at its semicolons; gives what stands before the first. */
static char *cut(struct script_run *run, const char *text, char **clauses, uint32_t *count)
{
	char *line = sdex_arena_copy(run->w.arena, text, strlen(text) + 1);
	assert_non_null(line);
	char *at = strchr(line, ';');
	*count = 0;
	while (at) {
		*at++ = 0;
		at += strspn(at, " ");
		if (*count == CLAUSES_MAX)
			script_fail(run, "too many clauses");
		clauses[(*count)++] = at;
		at = strchr(at, ';');
	}
	return line;
}

static void read_step(struct script_run *run, struct step *step, const struct script_line *line)
{
	char *words[WORDS_MAX];
	run->at->line = line->number;
	step->line = line;
	char *text = cut(run, line->text, step->clauses, &step->clause_count);
	uint32_t count = script_split(run, text, words, WORDS_MAX);
	step->op = script_op(run, words, count, &step->made);
	step->who = script_account(run, words[0]);
}

static const char *behind(const char *text, const char *word)
{
	size_t size = strlen(word);
	return strncmp(text, word, size) == 0 ? text + size : NULL;
}

static const char *wanted_failure(const struct step *step)
{
	for (uint32_t i = 0; i < step->clause_count; i++)
		if (behind(step->clauses[i], "fails "))
			return behind(step->clauses[i], "fails ");
	return NULL;
}

/* --- codes */

static const char *code_of(const sdex_OperationResult *result)
{
	char name[128];
	if (result->code != SDEX_opINNER)
		return sdex_enum_name(SDEX_TYPE_OperationResultCode, (int32_t)result->code);
	int code = world_op_code(result);
	if (code == 0)
		return "SUCCESS";
	/* codes are called like their operation and more */
	for (size_t i = 0; sdex_code_at(i); i++) {
		const struct sdex_code *known = sdex_code_at(i);
		snprintf(name, sizeof(name), "%s_",
			 sdex_enum_name(SDEX_TYPE_OperationType, (int32_t)result->tr->type));
		if (known->value == code && behind(known->name, name))
			return behind(known->name, name);
	}
	return "?";
}

static const char *outcome(struct script_run *run, const struct transaction *tx, uint32_t *failed)
{
	sdex_TransactionResultCode code = run->w.result.result.code;
	*failed = tx->count;
	if (code == SDEX_txSUCCESS || code == SDEX_txFEE_BUMP_INNER_SUCCESS)
		return "SUCCESS";
	if (code == SDEX_txFEE_BUMP_INNER_FAILED) {
		static char inner[64];
		snprintf(
			inner, sizeof(inner), "inner %s",
			sdex_enum_name(
				SDEX_TYPE_TransactionResultCode,
				(int32_t)run->w.result.result.innerResultPair->result.result.code));
		return inner;
	}
	if (code != SDEX_txFAILED)
		return sdex_enum_name(SDEX_TYPE_TransactionResultCode, (int32_t)code);
	for (uint32_t i = 0; i < tx->count; i++)
		if (strcmp(code_of(world_op_result(&run->w, i)), "SUCCESS") != 0) {
			*failed = i;
			return code_of(world_op_result(&run->w, i));
		}
	return "FAILED";
}

/* --- offers */

static struct script_offer *add_offer(struct script_run *run, struct script_offer offer)
{
	if (run->offer_count == run->offer_room) {
		run->offer_room = run->offer_room ? 2 * run->offer_room : 32;
		run->offers = realloc(run->offers, run->offer_room * sizeof(*run->offers));
		assert_non_null(run->offers);
	}
	run->offers[run->offer_count] = offer;
	return &run->offers[run->offer_count++];
}

static void check_offers(struct script_run *run)
{
	struct state *state = run->w.state;
	uint32_t live = 0;
	for (uint32_t i = 0; i < run->offer_count; i++) {
		const struct script_offer *o = &run->offers[i];
		const struct offer *is =
			state_offer(state, world_address(&run->w, o->seller), o->id);
		if (o->gone) {
			if (is)
				script_fail(run, "offer %s (%lld) is still there, with %lld",
					    o->name, (long long)o->id, (long long)is->amount);
			continue;
		}
		live++;
		if (!is)
			script_fail(run, "offer %s (%lld) is gone", o->name, (long long)o->id);
		const struct pair *pair = pair_at(state, is->pair);
		if (is->amount != o->amount)
			script_fail(run, "offer %s (%lld) has %lld left, not %lld", o->name,
				    (long long)o->id, (long long)is->amount, (long long)o->amount);
		if (is->price.n != o->price.n || is->price.d != o->price.d ||
		    pair->selling != state_asset(state, &o->selling) ||
		    pair->buying != state_asset(state, &o->buying) ||
		    (is->entry.flags == SDEX_PASSIVE_FLAG) != o->passive)
			script_fail(run, "offer %s (%lld) is not what it should be", o->name,
				    (long long)o->id);
	}
	if (live != state->entries[ENTRY_OFFER].live)
		script_fail(run, "there are %u offers, not %u", state->entries[ENTRY_OFFER].live,
			    live);
}

static const sdex_ManageOfferSuccessResult *offer_result(const sdex_OperationResult *result)
{
	return result->tr->type == SDEX_MANAGE_BUY_OFFER
		       ? &result->tr->manageBuyOfferResult.success
		       : &result->tr->manageSellOfferResult.success;
}

/* What rests of a step's own offer: the effect and the id that the result says. */
static void rest(struct script_run *run, struct step *step, const sdex_OperationResult *result)
{
	struct script_offer *made = &step->made;
	const sdex_ManageOfferSuccessResult *is = offer_result(result);
	struct script_offer *old = NULL;
	for (uint32_t i = 0; made->id && i < run->offer_count; i++)
		if (run->offers[i].id == made->id)
			old = &run->offers[i];
	for (uint32_t i = 0; i < step->clause_count; i++) {
		if (behind(step->clauses[i], "as "))
			made->name = sdex_arena_copy(run->names, step->clauses[i] + 3,
						     strlen(step->clauses[i]) - 2);
		if (behind(step->clauses[i], "leaves "))
			made->amount = script_number(run, step->clauses[i] + 7);
	}
	sdex_ManageOfferEffect effect = made->amount == 0 ? SDEX_MANAGE_OFFER_DELETED
					: made->id        ? SDEX_MANAGE_OFFER_UPDATED
							  : SDEX_MANAGE_OFFER_CREATED;
	if (is->offer.effect != effect)
		script_fail(run, "the effect is %s, not %s",
			    sdex_enum_name(SDEX_TYPE_ManageOfferEffect, (int32_t)is->offer.effect),
			    sdex_enum_name(SDEX_TYPE_ManageOfferEffect, (int32_t)effect));
	if (effect == SDEX_MANAGE_OFFER_DELETED) {
		if (old)
			old->gone = true;
		return;
	}
	const sdex_OfferEntry *entry = is->offer.offer;
	int64_t id = effect == SDEX_MANAGE_OFFER_UPDATED ? made->id : ++run->id_pool;
	if (entry->offerID != id)
		script_fail(run, "the offer's id is %lld, not %lld", (long long)entry->offerID,
			    (long long)id);
	if (made->amount < 0)
		made->amount = entry->amount;
	made->id = id;
	if (!old) {
		add_offer(run, *made);
		return;
	}
	made->name = old->name;
	*old = *made;
}

static void same(const struct script_run *run, const char *what, int64_t is, int64_t wanted)
{
	if (is != wanted)
		script_fail(run, "%s is %lld, not %lld", what, (long long)is, (long long)wanted);
}

/* --- claims */

static const sdex_ClaimAtom_list *claims_of(const sdex_OperationResult *result)
{
	if (result->tr->type == SDEX_PATH_PAYMENT_STRICT_RECEIVE)
		return &result->tr->pathPaymentStrictReceiveResult.success->offers;
	if (result->tr->type == SDEX_PATH_PAYMENT_STRICT_SEND)
		return &result->tr->pathPaymentStrictSendResult.success->offers;
	return &offer_result(result)->offersClaimed;
}

static void check_claim(struct script_run *run, const sdex_ClaimAtom *atom, char *text)
{
	char *words[3];
	int64_t sold, bought;
	if (script_split(run, text, words, 3) != 3)
		script_fail(run, "a claim is an offer, sold and bought");
	if (strcmp(words[0], "pool") == 0) {
		if (atom->type != SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL)
			script_fail(run, "a claim is not of a pool");
		sold = atom->liquidityPool->amountSold;
		bought = atom->liquidityPool->amountBought;
	} else {
		const struct script_offer *o = script_offer(run, words[0]);
		if (!o || atom->type != SDEX_CLAIM_ATOM_TYPE_ORDER_BOOK ||
		    atom->orderBook->offerID != o->id ||
		    !sdex_Asset_equal(&atom->orderBook->assetSold, &o->selling) ||
		    !sdex_Asset_equal(&atom->orderBook->assetBought, &o->buying))
			script_fail(run, "a claim is not of offer %s", words[0]);
		sold = atom->orderBook->amountSold;
		bought = atom->orderBook->amountBought;
	}
	if (sold != script_number(run, words[1]) || bought != script_number(run, words[2]))
		script_fail(run, "the claim of %s is %lld for %lld", words[0], (long long)sold,
			    (long long)bought);
}

static void check_claims(struct script_run *run, const sdex_OperationResult *result, char *text)
{
	const sdex_ClaimAtom_list *list = claims_of(result);
	char *kind = strchr(text, ' ');
	uint32_t count = 0;
	if (kind && (strcmp(kind, " books") == 0 || strcmp(kind, " pools") == 0)) {
		for (uint32_t i = 0; i < list->count; i++)
			if ((list->items[i].type == SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL) !=
			    (kind[1] == 'p'))
				script_fail(run, "a claim is not of the%s", kind);
		count = (uint32_t)strtol(text, NULL, 10);
	} else if (strcmp(text, "none") != 0) {
		for (char *next; text; text = next, count++) {
			next = strchr(text, ',');
			if (next)
				*next++ = 0;
			if (count < list->count)
				check_claim(run, &list->items[count], text);
		}
	}
	if (count != list->count)
		script_fail(run, "there are %u claims, not %u", list->count, count);
}

/* --- what a transaction did */

/* "o gone", "o left 5", and "o3..7 gone" for o3, o4 and so on */
static void settle_offer(struct script_run *run, const char *name, char **words, uint32_t count)
{
	struct script_offer *o = script_offer(run, name);
	if (!o)
		script_fail(run, "no offer is called %s", name);
	if (count == 2 && strcmp(words[1], "gone") == 0)
		o->gone = true;
	else if (count == 3 && strcmp(words[1], "left") == 0)
		o->amount = script_number(run, words[2]);
	else
		script_fail(run, "an offer is gone, or has something left");
}

static void settle_clause(struct script_run *run, const sdex_OperationResult *result, char *clause)
{
	char *words[3], name[64];
	if (behind(clause, "as ") && result->tr->type == SDEX_CREATE_CLAIMABLE_BALANCE)
		script_name_balance(run, clause + 3,
				    result->tr->createClaimableBalanceResult.balanceID.v0.bytes);
	if (behind(clause, "as ") || behind(clause, "leaves "))
		return;
	if (behind(clause, "claims ")) {
		check_claims(run, result, clause + 7);
		return;
	}
	if (behind(clause, "merges ")) {
		same(run, "what is merged", result->tr->accountMergeResult.sourceAccountBalance,
		     script_number(run, clause + 7));
		return;
	}
	uint32_t count = script_split(run, clause, words, 3);
	const char *dots = count ? strstr(words[0], "..") : NULL;
	if (!count)
		script_fail(run, "there is nothing behind a semicolon");
	if (!dots) {
		settle_offer(run, words[0], words, count);
		return;
	}
	size_t stem = strcspn(words[0], "0123456789");
	long last = strtol(dots + 2, NULL, 10);
	for (long n = strtol(words[0] + stem, NULL, 10); n <= last; n++) {
		snprintf(name, sizeof(name), "%.*s%ld", (int)stem, words[0], n);
		settle_offer(run, name, words, count);
	}
}

static void settle(struct script_run *run, struct transaction *tx)
{
	uint32_t failed;
	const char *wanted = tx->fails ? tx->fails : "SUCCESS";
	const char *is = outcome(run, tx, &failed);
	for (uint32_t i = 0; i < tx->count; i++) {
		if (!wanted_failure(&tx->steps[i]))
			continue;
		wanted = wanted_failure(&tx->steps[i]);
		run->at->line = tx->steps[i].line->number;
		if (!behind(wanted, "tx") && !behind(wanted, "inner ") && failed != i)
			script_fail(run, "this does not fail by %s; the outcome is %s", wanted, is);
	}
	if (strcmp(wanted, is) != 0)
		script_fail(run, "the outcome is %s, not %s", is, wanted);
	for (uint32_t i = 0; strcmp(is, "SUCCESS") == 0 && !tx->payer && i < tx->count; i++) {
		struct step *step = &tx->steps[i];
		const sdex_OperationResult *result = world_op_result(&run->w, i);
		run->at->line = step->line->number;
		if (step->made.seller)
			rest(run, step, result);
		for (uint32_t c = 0; c < step->clause_count; c++)
			settle_clause(run, result, step->clauses[c]);
	}
	/* among many offers, one that only rests is not worth a look at all of them */
	bool many = run->w.state->entries[ENTRY_OFFER].live > LAWS_OFTEN;
	if (!many || !tx->steps[0].made.seller)
		check_offers(run);
	if (!many && !run->bent)
		world_laws(&run->w);
}

static void make(struct script_run *run, struct transaction *tx)
{
	sdex_Operation *ops[OPERATIONS_MAX];
	for (uint32_t i = 0; i < tx->count; i++)
		ops[i] = tx->steps[i].op;
	tx->made.spec = &tx->spec;
	tx->made.payer = tx->payer;
	script_make(run, &tx->made, tx->source, ops, tx->count);
}

static void settle_made(struct script_run *run, struct transaction *tx)
{
	run->w.result = tx->made.result;
	settle(run, tx);
	if (tx->spec.charged >= 0)
		same(run, "the fee", tx->made.result.feeCharged, tx->spec.charged);
}

/* One is asked about, and applied whatever was said; it has to come to the same. */
static void submit_made(struct script_run *run, struct transaction *tx)
{
	make(run, tx);
	script_ask(run, &tx->made);
	sdex_TransactionResultCode valid = tx->made.valid;
	if (!tx->spec.asked && world_account(&run->w, tx->source)) {
		run->w.state->header.sequence++;
		run->w.state->header.close_time += 5;
		script_charge(run, &tx->made);
		script_apply(run, &tx->made);
		if (valid != SDEX_txSUCCESS && valid != SDEX_txFEE_BUMP_INNER_SUCCESS)
			same(run, "the code of what was not valid", tx->made.result.result.code,
			     valid);
	}
	settle_made(run, tx);
}

static void submit(struct script_run *run, struct transaction *tx)
{
	sdex_Operation *ops[OPERATIONS_MAX];
	if (tx->spec.special) {
		submit_made(run, tx);
		return;
	}
	for (uint32_t i = 0; i < tx->count; i++)
		ops[i] = tx->steps[i].op;
	world_submit_as(&run->w, tx->source, tx->virtual, tx->payer, ops, tx->count);
	settle(run, tx);
}

/* tx ACCOUNT [as N | paid by ACCOUNT]; ... and draft NAME ACCOUNT; ... */
static void read_transaction(struct script_run *run, struct transaction *tx,
			     const struct script_line *line)
{
	struct script_words s;
	char *clauses[CLAUSES_MAX], *words[WORDS_MAX];
	uint32_t count;
	char *text = cut(run, line->text, clauses, &count);
	uint32_t said = script_split(run, text, words, WORDS_MAX);
	*tx = (struct transaction){.spec = {.fee = -1, .charged = -1}};
	if (script_shape(run, &s, "tx @ paid by @", words, said))
		tx->payer = s.account[1];
	else if (script_shape(run, &s, "tx @ as #", words, said))
		tx->virtual = (uint64_t)s.number[0];
	else if (!script_shape(run, &s, "tx @", words, said) &&
		 !script_shape(run, &s, "draft ? @", words, said))
		script_fail(run, "a transaction has a source");
	tx->source = s.account[0];
	for (uint32_t i = 0; i < count; i++)
		if (behind(clauses[i], "fails "))
			tx->fails = clauses[i] + 6;
		else if (tx->virtual || !script_spec_clause(run, &tx->spec, clauses[i]))
			script_fail(run, "a transaction cannot be so");
	for (const struct script_line *op = line->first; op; op = op->next) {
		if (tx->count == OPERATIONS_MAX)
			script_fail(run, "too many operations");
		read_step(run, &tx->steps[tx->count++], op);
	}
	run->at->line = line->number;
}

/* A line of either kind, or the apply of a draft. */
static void read_any(struct script_run *run, struct transaction *tx, const struct script_line *line)
{
	if (behind(line->text, "tx ")) {
		read_transaction(run, tx, line);
	} else if (behind(line->text, "apply ")) {
		const struct script_draft *draft = script_draft(run, line->text + 6);
		read_transaction(run, tx, draft->line);
		tx->spec.special = true;
		tx->made.sequence = draft->sequence;
	} else {
		script_fail(run, "this is no transaction");
	}
}

static void run_transaction(struct script_run *run, const struct script_line *line)
{
	struct transaction tx;
	read_any(run, &tx, line);
	submit(run, &tx);
	sdex_arena_reset(run->w.arena);
}

static void run_draft(struct script_run *run, const struct script_line *line)
{
	struct transaction tx;
	const char *name = line->text + strlen("draft ");
	read_transaction(run, &tx, line);
	make(run, &tx);
	struct script_draft *draft = script_add_draft(run, name, strcspn(name, " "));
	draft->line = line;
	draft->sequence = tx.made.sequence;
	memcpy(draft->hash, tx.made.hash, 32);
	sdex_arena_reset(run->w.arena);
}

/* All fees come before the first of them is applied. */
static void run_ledger(struct script_run *run, const struct script_line *line)
{
	struct transaction *txs = malloc(2 * sizeof(*txs));
	uint32_t count = 0;
	assert_non_null(txs);
	for (const struct script_line *one = line->first; one; one = one->next) {
		if (count == 2)
			script_fail(run, "a ledger has at most two transactions here");
		read_any(run, &txs[count], one);
		make(run, &txs[count++]);
	}
	run->w.state->header.sequence++;
	run->w.state->header.close_time += 5;
	for (uint32_t i = 0; i < count; i++)
		script_charge(run, &txs[i].made);
	for (uint32_t i = 0; i < count; i++) {
		script_apply(run, &txs[i].made);
		settle_made(run, &txs[i]);
	}
	free(txs);
	sdex_arena_reset(run->w.arena);
}

static void run_operation(struct script_run *run, const struct script_line *line)
{
	struct transaction tx = {.count = 1};
	read_step(run, &tx.steps[0], line);
	tx.source = tx.steps[0].who;
	submit(run, &tx);
	sdex_arena_reset(run->w.arena);
}

/* --- checks */

static void check_balances(struct script_run *run, int who, char *text)
{
	for (char *next; text; text = next) {
		char *words[2], sum[192];
		next = strchr(text, ',');
		/* a comma inside of brackets is a function's */
		while (next && next[1] != ' ')
			next = strchr(next + 1, ',');
		if (next)
			*next++ = 0;
		if (script_split(run, text, words, 2) != 2)
			script_fail(run, "a balance is a number and an asset");
		script_asset(run, words[1]);
		snprintf(sum, sizeof(sum), "balance(%s,%s)", run->accounts[who - 1].name, words[1]);
		same(run, sum, script_number(run, sum), script_number(run, words[0]));
	}
}

static void check_reserved(struct script_run *run, int who, const struct script_words *s)
{
	bool native = s->asset[0].type == SDEX_ASSET_TYPE_NATIVE;
	const struct account *account = native ? world_account(&run->w, who) : NULL;
	const struct trustline *line = native ? NULL : world_line(&run->w, who, s->asset[0]);
	same(run, "what is reserved for buying",
	     account ? account->buying
	     : line  ? line->buying
		     : 0,
	     s->number[0]);
	same(run, "what is reserved for selling",
	     account ? account->selling
	     : line  ? line->selling
		     : 0,
	     s->number[1]);
}

/* `sponsor` is an account, nobody, nobody-yet or nobody-now, or that it should be gone. */
void script_check_sponsor(struct script_run *run, bool there, struct entry is, const char *sponsor)
{
	if (strcmp(sponsor, "gone") == 0) {
		if (there)
			script_fail(run, "it is still there");
		return;
	}
	if (!there)
		script_fail(run, "there is no such entry");
	bool nobody = strcmp(sponsor, "nobody") == 0, yet = strcmp(sponsor, "nobody-yet") == 0,
	     now = strcmp(sponsor, "nobody-now") == 0;
	uint32_t wanted = nobody || yet || now
				  ? SLOT_NONE
				  : world_address(&run->w, script_account(run, sponsor));
	if (is.sponsor != wanted)
		script_fail(run, "%s does not pay for it", sponsor);
	if ((yet && is.extended) || (now && !is.extended))
		script_fail(run, "somebody has%s paid for it", yet ? "" : " never");
}

static void check_sponsor(struct script_run *run, const struct entry *entry, const char *sponsor)
{
	script_check_sponsor(run, entry != NULL, entry ? *entry : (struct entry){0}, sponsor);
}

/* The pool of two assets and whether they are named the other way round; its own order is
 * that of its id, which is only known for one of the two. */
static const struct pool *find_pool(struct script_run *run, bool *turn,
				    const struct script_words *s)
{
	const struct pool *pool = NULL;
	for (int other = 0; other < 2 && !pool; other++) {
		uint8_t id[32];
		*turn = other;
		world_pool_id(&run->w, id, s->asset[other], s->asset[!other]);
		pool = state_pool(run->w.state, state_share(run->w.state, id));
	}
	return pool;
}

static void check_pool(struct script_run *run, const struct script_words *s)
{
	bool turn;
	const struct pool *pool = find_pool(run, &turn, s);
	if (!pool)
		script_fail(run, "there is no such pool");
	same(run, "the first reserve", turn ? pool->reserve_b : pool->reserve_a, s->number[0]);
	same(run, "the second reserve", turn ? pool->reserve_a : pool->reserve_b, s->number[1]);
	same(run, "the number of shares", pool->shares, s->number[2]);
	same(run, "the number of trustlines", pool->trustlines, s->number[3]);
}

/* Trustlines: who pays, flags, pools that use it, gone; `line` may be NULL. */
static bool check_line(struct script_run *run, const struct trustline *line, char **words,
		       uint32_t count)
{
	struct script_words s;
	if (script_shape(run, &s, "paid by ?", words, count))
		check_sponsor(run, line ? &line->entry : NULL, s.word);
	else if (script_shape(run, &s, "flags #", words, count))
		same(run, "the trustline's flags", line ? line->entry.flags : -1, s.number[0]);
	else if (script_shape(run, &s, "holds #", words, count))
		same(run, "the trustline's balance", line ? line->balance : -1, s.number[0]);
	else if (script_shape(run, &s, "uses #", words, count))
		same(run, "the number of pools", line ? line->pool_uses : -1, s.number[0]);
	else if (script_shape(run, &s, "gone", words, count))
		same(run, "the number of trustlines", line != NULL, 0);
	else
		return false;
	return true;
}

/* "line USD ..." and "line pool USD EUR ..." */
static bool check_lines(struct script_run *run, int who, char **words, uint32_t count)
{
	struct script_words s;
	bool turn;
	if (count < 3 || strcmp(words[0], "line") != 0)
		return false;
	if (strcmp(words[1], "pool") != 0)
		return check_line(run, world_line(&run->w, who, script_asset(run, words[1])),
				  words + 2, count - 2);
	if (!script_shape(run, &s, "% %", words + 2, 2))
		return false;
	const struct pool *pool = find_pool(run, &turn, &s);
	const struct trustline *line =
		pool ? state_trustline(run->w.state, world_address(&run->w, who), pool->asset)
		     : NULL;
	return check_line(run, line, words + 4, count - 4);
}

static bool check_account(struct script_run *run, char **words, uint32_t count)
{
	struct script_words s;
	int who = script_account(run, words[0]);
	struct account *account = world_account(&run->w, who);
	if (check_lines(run, who, words + 1, count - 1))
		return true;
	if (script_shape(run, &s, "reserves % # #", words + 1, count - 1)) {
		check_reserved(run, who, &s);
	} else if (script_shape(run, &s, "counts # # #", words + 1, count - 1)) {
		if (!account)
			script_fail(run, "there is no such account");
		same(run, "the number of subentries", account->subentries, s.number[0]);
		same(run, "what it sponsors", account->sponsoring, s.number[1]);
		same(run, "what is sponsored of it", account->sponsored, s.number[2]);
	} else if (script_shape(run, &s, "paid by ?", words + 1, count - 1)) {
		const struct script_offer *o = script_offer(run, words[0]);
		const struct offer *offer =
			o ? state_offer(run->w.state, world_address(&run->w, o->seller), o->id)
			  : NULL;
		check_sponsor(run,
			      offer     ? &offer->entry
			      : account ? &account->entry
					: NULL,
			      s.word);
	} else if (script_shape(run, &s, "available #", words + 1, count - 1)) {
		if (!account)
			script_fail(run, "there is no such account");
		same(run, "what is available", rules_available(run->w.state, account), s.number[0]);
	} else if (script_shape(run, &s, "modified #", words + 1, count - 1)) {
		same(run, "the ledger that changed it",
		     account ? (int64_t)account->entry.modified : -1, s.number[0]);
	} else if (script_shape(run, &s, "sequence #", words + 1, count - 1)) {
		same(run, "the sequence number", account ? account->sequence : -1, s.number[0]);
	} else if (script_shape(run, &s, "extended #", words + 1, count - 1)) {
		same(run, "the extension", account ? account->entry.level : -1, s.number[0]);
	} else if (script_shape(run, &s, "gone", words + 1, count - 1)) {
		same(run, "the number of accounts", account != NULL, 0);
	} else if (script_shape(run, &s, "sponsoring #", words + 1, count - 1)) {
		account->sponsoring = (uint32_t)s.number[0];
		account->entry.level = account->entry.level < 2 ? 2 : account->entry.level;
		run->bent = true;
	} else if (script_shape(run, &s, "subentries #", words + 1, count - 1)) {
		account->subentries = (uint32_t)s.number[0];
		run->bent = true;
	} else {
		return false;
	}
	return true;
}

/* --- lines */

/* \xNN is a byte. */
void script_unescape(struct script_run *run, uint8_t *out, size_t *size, const char *text)
{
	for (*size = 0; *text; (*size)++) {
		char digits[3] = {0}, *end;
		if (*text != '\\') {
			out[*size] = (uint8_t)*text++;
			continue;
		}
		memcpy(digits, strlen(text) < 4 ? "\0" : text + 2, 2);
		out[*size] = (uint8_t)strtoul(digits, &end, 16);
		if (text[1] != 'x' || end != digits + 2)
			script_fail(run, "not a byte: %s", text);
		text += 4;
	}
}

static void name_asset(struct script_run *run, char **words, uint32_t count)
{
	if (run->asset_count == 64)
		script_fail(run, "too many assets");
	uint8_t code[128];
	size_t size = 0;
	int issuer = script_account(run, words[2]);
	if (strlen(words[count == 4 ? 3 : 1]) >= sizeof(code))
		script_fail(run, "asset codes have at most 12 letters");
	script_unescape(run, code, &size, words[count == 4 ? 3 : 1]);
	struct script_name *made = &run->assets[run->asset_count++];
	made->name = sdex_arena_copy(run->names, words[1], strlen(words[1]) + 1);
	if (size > 12)
		script_fail(run, "asset codes have at most 12 letters");
	if (size <= 4) {
		made->asset = credit_of("", issuer);
		memcpy(made->asset.alphaNum4.assetCode.bytes, code, size);
		return;
	}
	sdex_AlphaNum12 long_code = {.issuer = account_of(issuer)};
	memcpy(long_code.assetCode.bytes, code, size);
	made->asset.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12;
	made->asset.alphaNum12 = sdex_arena_copy(run->names, &long_code, sizeof(long_code));
}

static void name_number(struct script_run *run, char **words)
{
	int64_t value = script_number(run, words[3]);
	for (uint32_t i = 0; i < run->let_count; i++)
		if (strcmp(run->lets[i].name, words[1]) == 0) {
			run->lets[i].value = value;
			return;
		}
	if (run->let_count == 128)
		script_fail(run, "too many names");
	run->lets[run->let_count++] = (struct script_name){
		.name = sdex_arena_copy(run->names, words[1], strlen(words[1]) + 1),
		.value = value};
}

/* What holds the asset: a trustline, or of lumens the account. */
static void freeze(struct script_run *run, const struct script_words *s,
		   void (*change)(struct world *w, int name, const sdex_Asset *line))
{
	bool native = s->asset[0].type == SDEX_ASSET_TYPE_NATIVE;
	change(&run->w, s->account[0], native ? NULL : &s->asset[0]);
}

static void run_line(struct script_run *run, const struct script_line *line)
{
	char *words[WORDS_MAX], *clauses[CLAUSES_MAX];
	uint32_t clause_count;
	struct script_words s;
	bool turn;
	run->at->line = line->number;
	if (behind(line->text, "tx ") || behind(line->text, "apply ")) {
		run_transaction(run, line);
		return;
	}
	if (behind(line->text, "draft ")) {
		run_draft(run, line);
		return;
	}
	if (strcmp(line->text, "ledger") == 0) {
		run_ledger(run, line);
		return;
	}
	if (strcmp(line->text, "keys") == 0)
		return; /* the run has begun with it */
	char *text = cut(run, line->text, clauses, &clause_count);
	char *has = strstr(text, " has ");
	char *balances = has && behind(text, "pool ") == NULL
				 ? sdex_arena_copy(run->w.arena, has + 5, strlen(has + 5) + 1)
				 : NULL;
	uint32_t count = script_split(run, text, words, WORDS_MAX);
	if (line->first)
		script_fail(run, "nothing can be below this");
	if (strcmp(words[0], "let") == 0 && count == 4)
		name_number(run, words);
	else if (strcmp(words[0], "asset") == 0 && (count == 3 || count == 4))
		name_asset(run, words, count);
	else if (script_shape(run, &s, "account @ #", words, count))
		world_fund(&run->w, s.account[0], s.number[0]);
	else if (script_shape(run, &s, "freeze @", words, count))
		world_freeze(&run->w, s.account[0], NULL);
	else if (script_shape(run, &s, "freeze @ %", words, count))
		freeze(run, &s, world_freeze);
	else if (script_shape(run, &s, "thaw @", words, count))
		world_thaw(&run->w, s.account[0], NULL);
	else if (script_shape(run, &s, "thaw @ %", words, count))
		freeze(run, &s, world_thaw);
	else if (script_shape(run, &s, "bypass", words, count))
		world_bypass(&run->w);
	else if (script_shape(run, &s, "same # #", words, count))
		same(run, "the first", s.number[0], s.number[1]);
	else if (script_shape(run, &s, "wait #", words, count))
		run->w.state->header.close_time += (uint64_t)s.number[0] - 5;
	else if (script_shape(run, &s, "header fee #", words, count))
		run->w.state->header.base_fee = (uint32_t)s.number[0];
	else if (script_shape(run, &s, "header reserve #", words, count))
		run->w.state->header.base_reserve = (uint32_t)s.number[0];
	else if (script_shape(run, &s, "pool % % has # # shares # lines #", words, count))
		check_pool(run, &s);
	else if (script_shape(run, &s, "pool % % gone", words, count))
		same(run, "the number of pools", find_pool(run, &turn, &s) != NULL, 0);
	else if (script_shape(run, &s, "offers #", words, count))
		same(run, "the number of offers", run->w.state->entries[ENTRY_OFFER].live,
		     s.number[0]);
	else if (balances)
		check_balances(run, script_account(run, words[0]), balances);
	else if (count < 2 || clause_count ||
		 (!script_entry_check(run, words, count) && !check_account(run, words, count)))
		run_operation(run, line);
	sdex_arena_reset(run->w.arena);
}

/* --- leaves */

static bool fits(const struct script_run *run, const struct script_line *line)
{
	uint32_t bound = (uint32_t)strtol(strchr(line->text, ' '), NULL, 10);
	return behind(line->text, "from ") ? run->at->version >= bound : run->at->version <= bound;
}

/* Gives whether the leaf's own case was come to. */
static bool run_lines(struct script_run *run, const struct script_leaf *leaf, uint32_t depth,
		      const struct script_line *lines)
{
	bool reached = depth == leaf->depth;
	for (; lines; lines = lines->next) {
		if (behind(lines->text, "case ")) {
			if (depth < leaf->depth && lines == leaf->path[depth])
				reached |= run_lines(run, leaf, depth + 1, lines->first);
		} else if (behind(lines->text, "from ") || behind(lines->text, "until ")) {
			if (fits(run, lines))
				reached |= run_lines(run, leaf, depth, lines->first);
		} else {
			run_line(run, lines);
		}
	}
	return reached;
}

static bool run_version(const struct script_leaf *leaf, struct script_place *at)
{
	struct script_run run = {.at = at, .names = sdex_arena_new(0)};
	assert_non_null(run.names);
	world_keys(strcmp(leaf->root->first->text, "keys") == 0);
	world_open(&run.w, at->version);
	world_fund(&run.w, script_account(&run, "root"), 100000000000 * XLM);
	bool reached = run_lines(&run, leaf, 0, leaf->root->first);
	check_offers(&run);
	if (!run.bent)
		world_laws(&run.w);
	world_close(&run.w);
	free(run.offers);
	sdex_arena_free(run.names);
	return reached;
}

void script_run(const struct script_leaf *leaf, struct script_place *at)
{
	bool reached = false;
	at->file = leaf->file;
	for (uint32_t version = VERSION_OLDEST; version <= VERSION_NEWEST; version++) {
		at->version = version;
		reached |= run_version(leaf, at);
	}
	at->version = 0;
	assert_true(reached);
}
