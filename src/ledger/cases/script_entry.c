/* ledger/cases/script_entry.c - the words of a script about claimable balances, signers, data, and
 * keys of entries. */
#include "ledger/cases/script.h"

static void *piece(struct script_run *run, size_t size)
{
	void *made = sdex_arena_alloc(run->w.arena, size);
	assert_non_null(made);
	memset(made, 0, size);
	return made;
}

static sdex_string64 string_of(struct script_run *run, const char *text)
{
	size_t size = 0;
	uint8_t *bytes = piece(run, strlen(text) + 1);
	script_unescape(run, bytes, &size, text);
	return (sdex_string64){.data = bytes, .size = (uint32_t)size};
}

/* --- claimable balances */

static struct script_balance *balance_of(struct script_run *run, const char *name)
{
	for (uint32_t i = run->balance_count; i-- > 0;)
		if (strcmp(run->balances[i].name, name) == 0)
			return &run->balances[i];
	script_fail(run, "no balance is called %s", name);
}

void script_name_balance(struct script_run *run, const char *name, const uint8_t id[32])
{
	const uint32_t room = sizeof(run->balances) / sizeof(run->balances[0]);
	if (run->balance_count == room)
		script_fail(run, "too many balances");
	struct script_balance *made = &run->balances[run->balance_count++];
	made->name = sdex_arena_copy(run->names, name, strlen(name) + 1);
	memcpy(made->id, id, 32);
}

static sdex_ClaimableBalanceID id_of(struct script_run *run, const char *name)
{
	sdex_ClaimableBalanceID id = {.type = SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0};
	memcpy(id.v0.bytes, balance_of(run, name)->id, 32);
	return id;
}

/* A predicate in brackets: before(t), within(s), not(p), and(p,q), or(p,q); full(n) is a tree of
 * `or` n levels deep over before(max).  What is wrong (and(p), not()) is said as it is. */
struct reading {
	struct script_run *run;
	const char *at;
};

static sdex_ClaimPredicate full_tree(struct script_run *run, int64_t levels)
{
	sdex_ClaimPredicate made = {.type = SDEX_CLAIM_PREDICATE_BEFORE_ABSOLUTE_TIME,
				    .absBefore = INT64_MAX};
	if (levels == 0)
		return made;
	made = (sdex_ClaimPredicate){.type = SDEX_CLAIM_PREDICATE_OR};
	made.orPredicates.items = piece(run, 2 * sizeof(made));
	made.orPredicates.count = 2;
	for (int i = 0; i < 2; i++)
		made.orPredicates.items[i] = full_tree(run, levels - 1);
	return made;
}

static int64_t number_in_brackets(struct reading *r)
{
	char text[128];
	size_t size = strcspn(r->at, ")");
	if (size >= sizeof(text))
		script_fail(r->run, "a number is too long");
	memcpy(text, r->at, size);
	text[size] = 0;
	r->at += size;
	return script_number(r->run, text);
}

static sdex_ClaimPredicate predicate(struct reading *r);

static sdex_ClaimPredicate *several(struct reading *r, uint32_t *count)
{
	sdex_ClaimPredicate *items = piece(r->run, 2 * sizeof(*items));
	for (*count = 0; *r->at != ')' && *count < 2; r->at += *r->at == ',')
		items[(*count)++] = predicate(r);
	return items;
}

static sdex_ClaimPredicate predicate(struct reading *r)
{
	static const char *const names[] = {"all(",    "and(",    "or(",  "not(",
					    "before(", "within(", "full("};
	size_t kind = 0;
	while (kind < 7 && strncmp(r->at, names[kind], strlen(names[kind])) != 0)
		kind++;
	if (kind == 7)
		script_fail(r->run, "no predicate reads like %s", r->at);
	r->at += strlen(names[kind]);
	sdex_ClaimPredicate made = {.type = (sdex_ClaimPredicateType)kind};
	if (kind == 6)
		made = full_tree(r->run, number_in_brackets(r));
	else if (kind == SDEX_CLAIM_PREDICATE_BEFORE_ABSOLUTE_TIME)
		made.absBefore = number_in_brackets(r);
	else if (kind == SDEX_CLAIM_PREDICATE_BEFORE_RELATIVE_TIME)
		made.relBefore = number_in_brackets(r);
	else if (kind == SDEX_CLAIM_PREDICATE_AND)
		made.andPredicates.items = several(r, &made.andPredicates.count);
	else if (kind == SDEX_CLAIM_PREDICATE_OR)
		made.orPredicates.items = several(r, &made.orPredicates.count);
	else if (kind == SDEX_CLAIM_PREDICATE_NOT && *r->at != ')') {
		made.notPredicate = piece(r->run, sizeof(made));
		*made.notPredicate = predicate(r);
	}
	if (*r->at++ != ')')
		script_fail(r->run, "a bracket is missing before %s", r->at - 1);
	return made;
}

/* "B", or "B:before(5)" */
static sdex_Claimant claimant_of(struct script_run *run, const char *text)
{
	char name[64];
	size_t size = strcspn(text, ":");
	sdex_ClaimantV0 *v0 = piece(run, sizeof(*v0));
	if (size >= sizeof(name))
		script_fail(run, "a name is too long");
	memcpy(name, text, size);
	name[size] = 0;
	v0->destination = account_of(script_account(run, name));
	if (text[size]) {
		struct reading r = {run, text + size + 1};
		v0->predicate = predicate(&r);
		if (*r.at)
			script_fail(run, "too much behind a predicate: %s", r.at);
	}
	return (sdex_Claimant){.v0 = v0};
}

static sdex_Operation *sets_aside(struct script_run *run, int who, const struct script_words *s)
{
	sdex_Operation *op = op_new(&run->w, who, SDEX_CREATE_CLAIMABLE_BALANCE);
	sdex_CreateClaimableBalanceOp *create = piece(run, sizeof(*create));
	*create = (sdex_CreateClaimableBalanceOp){.asset = s->asset[0], .amount = s->number[0]};
	create->claimants.items = piece(run, 12 * sizeof(*create->claimants.items));
	create->claimants.count = s->list_count;
	for (uint32_t i = 0; i < s->list_count; i++)
		create->claimants.items[i] = claimant_of(run, s->list[i]);
	op->body.createClaimableBalanceOp = create;
	return op;
}

static sdex_Operation *claims(struct script_run *run, int who, const struct script_words *s)
{
	sdex_Operation *op = op_new(&run->w, who, SDEX_CLAIM_CLAIMABLE_BALANCE);
	op->body.claimClaimableBalanceOp.balanceID = id_of(run, s->word);
	return op;
}

static sdex_Operation *claws_back(struct script_run *run, int who, const struct script_words *s)
{
	sdex_Operation *op = op_new(&run->w, who, SDEX_CLAWBACK_CLAIMABLE_BALANCE);
	op->body.clawbackClaimableBalanceOp.balanceID = id_of(run, s->word);
	return op;
}

/* What an operation of the account's last transaction would call the balance that it makes, or
 * those that it pays out of a pool. */
static void name_made(struct script_run *run, const char *name, const struct script_words *s,
		      bool pool)
{
	const struct account *account = world_account(&run->w, s->account[0]);
	if (!account)
		script_fail(run, "there is no such account");
	sdex_HashIDPreimageOperationId made = {.sourceAccount = account_of(s->account[0]),
					       .seqNum = account->sequence,
					       .opNum = (uint32_t)s->number[0]};
	sdex_HashIDPreimageRevokeId freed = {.sourceAccount = made.sourceAccount,
					     .seqNum = made.seqNum,
					     .opNum = made.opNum,
					     .asset = s->asset[2]};
	sdex_HashIDPreimage preimage = {.type = SDEX_ENVELOPE_TYPE_OP_ID, .operationID = &made};
	uint8_t bytes[512], id[32];
	size_t size = 0;
	if (pool) {
		bool turn = asset_compare(&s->asset[0], &s->asset[1]) > 0;
		world_pool_id(&run->w, freed.liquidityPoolID.bytes, s->asset[turn],
			      s->asset[!turn]);
		preimage.type = SDEX_ENVELOPE_TYPE_POOL_REVOKE_OP_ID;
		preimage.revokeID = &freed;
	}
	assert_int_equal(sdex_HashIDPreimage_encode(bytes, sizeof(bytes), &size, &preimage, NULL),
			 SDEX_OK);
	sdex_sha256(id, bytes, size);
	script_name_balance(run, name, id);
}

/* --- signers and data */

static sdex_Operation *adds_signer(struct script_run *run, int who, const struct script_words *s)
{
	sdex_Operation *op = op_new(&run->w, who, SDEX_SET_OPTIONS);
	op->body.setOptionsOp = piece(run, sizeof(*op->body.setOptionsOp));
	op->body.setOptionsOp->signer = piece(run, sizeof(sdex_Signer));
	*op->body.setOptionsOp->signer = (sdex_Signer){.key = script_signer_key(run, s->word),
						       .weight = (uint32_t)s->number[0]};
	return op;
}

static sdex_uint32 *weight_or_none(struct script_run *run, const char *word)
{
	if (strcmp(word, "-") == 0)
		return NULL;
	sdex_uint32 *weight = piece(run, sizeof(*weight));
	*weight = (sdex_uint32)script_number(run, word);
	return weight;
}

static sdex_Operation *sets_weights(struct script_run *run, int who, const struct script_words *s)
{
	if (s->list_count != 4 && (s->list_count != 7 || strcmp(s->list[4], "signer") != 0))
		script_fail(run, "weights are four, and at most a signer");
	sdex_Operation *op = op_new(&run->w, who, SDEX_SET_OPTIONS);
	sdex_SetOptionsOp *set = op->body.setOptionsOp = piece(run, sizeof(*set));
	set->masterWeight = weight_or_none(run, s->list[0]);
	set->lowThreshold = weight_or_none(run, s->list[1]);
	set->medThreshold = weight_or_none(run, s->list[2]);
	set->highThreshold = weight_or_none(run, s->list[3]);
	if (s->list_count == 7) {
		set->signer = piece(run, sizeof(*set->signer));
		*set->signer = (sdex_Signer){.key = script_signer_key(run, s->list[5]),
					     .weight = (uint32_t)script_number(run, s->list[6])};
	}
	return op;
}

static sdex_Operation *notes(struct script_run *run, int who, const struct script_words *s)
{
	sdex_Operation *op = op_new(&run->w, who, SDEX_MANAGE_DATA);
	op->body.manageDataOp.dataName = string_of(run, s->list[0]);
	if (s->list_count == 2) {
		op->body.manageDataOp.dataValue = piece(run, sizeof(sdex_DataValue));
		*op->body.manageDataOp.dataValue = string_of(run, s->list[1]);
	}
	return op;
}

static sdex_Operation *bumps(struct script_run *run, int who, const struct script_words *s)
{
	sdex_Operation *op = op_new(&run->w, who, SDEX_BUMP_SEQUENCE);
	op->body.bumpSequenceOp.bumpTo = s->number[0];
	return op;
}

/* --- flags as numbers */

static sdex_Operation *allows_flags(struct script_run *run, int who, const struct script_words *s)
{
	return op_allow_trust(&run->w, who, s->account[0], s->asset[0], (uint32_t)s->number[0]);
}

/* --- keys of entries */

static sdex_Operation *revokes(struct script_run *run, int who, sdex_LedgerKey key)
{
	sdex_Operation *op = op_new(&run->w, who, SDEX_REVOKE_SPONSORSHIP);
	sdex_LedgerKey *made = piece(run, sizeof(*made));
	*made = key;
	op->body.revokeSponsorshipOp.type = SDEX_REVOKE_SPONSORSHIP_LEDGER_ENTRY;
	op->body.revokeSponsorshipOp.ledgerKey = made;
	return op;
}

static sdex_Operation *revokes_balance(struct script_run *run, int who,
				       const struct script_words *s)
{
	sdex_LedgerKey key = {.type = SDEX_CLAIMABLE_BALANCE};
	key.claimableBalance.balanceID = id_of(run, s->word);
	return revokes(run, who, key);
}

static sdex_Operation *revokes_data(struct script_run *run, int who, const struct script_words *s)
{
	sdex_LedgerKey key = {.type = SDEX_DATA};
	key.data = piece(run, sizeof(*key.data));
	key.data->accountID = account_of(s->account[0]);
	key.data->dataName = string_of(run, s->list_count ? s->list[0] : "");
	return revokes(run, who, key);
}

/* Of an offer by its number, whoever's it is. */
static sdex_Operation *revokes_number(struct script_run *run, int who, const struct script_words *s)
{
	sdex_LedgerKey key = {.type = SDEX_OFFER};
	key.offer = piece(run, sizeof(*key.offer));
	*key.offer = (sdex_LedgerKeyOffer){.sellerID = account_of(s->account[0]),
					   .offerID = s->number[0]};
	return revokes(run, who, key);
}

static sdex_Operation *revokes_pool(struct script_run *run, int who, const struct script_words *s)
{
	sdex_LedgerKey key = {.type = SDEX_LIQUIDITY_POOL};
	world_pool_id(&run->w, key.liquidityPool.liquidityPoolID.bytes, s->asset[0], s->asset[1]);
	return revokes(run, who, key);
}

static sdex_Operation *revokes_signer(struct script_run *run, int who, const struct script_words *s)
{
	sdex_Operation *op = op_new(&run->w, who, SDEX_REVOKE_SPONSORSHIP);
	sdex_RevokeSponsorshipOpSigner *which = piece(run, sizeof(*which));
	which->accountID = account_of(s->account[0]);
	which->signerKey = script_signer_key(run, s->word);
	op->body.revokeSponsorshipOp.type = SDEX_REVOKE_SPONSORSHIP_SIGNER;
	op->body.revokeSponsorshipOp.signer = which;
	return op;
}

static const struct {
	const char *shape;
	sdex_Operation *(*make)(struct script_run *run, int who, const struct script_words *s);
} operations[] = {
	{"sets aside # % for *?", sets_aside},
	{"claims ?", claims},
	{"claws back ?", claws_back},
	{"adds signer ? weight #", adds_signer}, /* 0: takes it away */
	{"sets weights *?", sets_weights},
	{"notes *?", notes}, /* a name, and a value or none to take it away */
	{"bumps to #", bumps},
	{"allow_trust @ % flags #", allows_flags},
	{"revokes balance ?", revokes_balance},
	{"revokes data @ *?", revokes_data},
	{"revokes offer # of @", revokes_number},
	{"revokes signer @ ?", revokes_signer},
	{"revokes pool % %", revokes_pool},
};

sdex_Operation *script_entry_op(struct script_run *run, char **words, uint32_t count)
{
	struct script_words got;
	int who = script_account(run, words[0]);
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (script_shape(run, &got, operations[i].shape, words + 1, count - 1))
			return operations[i].make(run, who, &got);
	return NULL;
}

/* --- checks */

static bool check_balance(struct script_run *run, char **words, uint32_t count)
{
	struct script_words s;
	if (script_shape(run, &s, "made by @ #", words + 1, count - 1)) {
		name_made(run, words[0], &s, false);
		return true;
	}
	if (script_shape(run, &s, "coming from @ #", words + 1, count - 1)) {
		struct account *account = world_account(&run->w, s.account[0]);
		if (!account)
			script_fail(run, "there is no such account");
		account->sequence++;
		name_made(run, words[0], &s, false);
		account->sequence--;
		return true;
	}
	if (script_shape(run, &s, "freed by @ # from % % in %", words + 1, count - 1)) {
		name_made(run, words[0], &s, true);
		return true;
	}
	const struct claimable *balance =
		state_claimable(run->w.state, balance_of(run, words[0])->id);
	const char *sponsor = "gone";
	if (script_shape(run, &s, "paid by ?", words + 1, count - 1))
		sponsor = s.word;
	else if (!script_shape(run, &s, "gone", words + 1, count - 1))
		return false;
	script_check_sponsor(run, balance != NULL, balance ? balance->entry : (struct entry){0},
			     sponsor);
	return true;
}

static void check_signer(struct script_run *run, int who, const char *name, const char *sponsor)
{
	struct signer key;
	bool found = false;
	sdex_SignerKey wanted = script_signer_key(run, name);
	const struct account *account = world_account(&run->w, who);
	entry_signer(&key, &wanted);
	uint32_t at = account ? signer_find(&found, account, &key) : 0;
	script_check_sponsor(
		run, found,
		(struct entry){.sponsor = found ? signer_at(account, at)->sponsor : SLOT_NONE},
		sponsor);
}

static void check_data(struct script_run *run, int who, const char *name, const char *sponsor)
{
	enum entry_kind kind;
	sdex_LedgerKeyData data = {.accountID = account_of(who), .dataName = string_of(run, name)};
	sdex_LedgerKey key = {.type = SDEX_DATA, .data = &data};
	const struct entry *entry = entry_find(run->w.state, &kind, &key);
	script_check_sponsor(run, entry != NULL, entry ? *entry : (struct entry){0}, sponsor);
}

bool script_entry_check(struct script_run *run, char **words, uint32_t count)
{
	struct script_words s;
	if (count > 2 && strcmp(words[0], "balance") == 0)
		return check_balance(run, words + 1, count - 1);
	if (script_shape(run, &s, "signers #", words + 1, count - 1)) {
		const struct account *account =
			world_account(&run->w, script_account(run, words[0]));
		if (!account || signer_count(account) != s.number[0])
			script_fail(run, "there are %u signers",
				    account ? signer_count(account) : 0);
		return true;
	}
	bool signer = script_shape(run, &s, "signer *?", words + 1, count - 1);
	if (!signer && !script_shape(run, &s, "data *?", words + 1, count - 1))
		return false;
	const char *sponsor = NULL;
	if (s.list_count == 2 && strcmp(s.list[1], "gone") == 0)
		sponsor = "gone";
	else if (s.list_count == 4 && strcmp(s.list[1], "paid") == 0)
		sponsor = s.list[3];
	else
		return false;
	int who = script_account(run, words[0]);
	if (signer)
		check_signer(run, who, s.list[0], sponsor);
	else
		check_data(run, who, s.list[0], sponsor);
	return true;
}
