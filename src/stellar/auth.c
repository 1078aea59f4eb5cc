/* stellar/auth.c - which signatures count, and what is missing.
 *
 * This is stellar-core's SignatureChecker, step for step, because the order decides:
 * it stops counting once a threshold is reached, and what it has not come to by then
 * is an unused signature, for which the network refuses the whole transaction. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/failure.h"
#include "sdex/signature.h"
#include "sdex/strkey.h"
#include "stellar/payload.h"
#include "stellar/shape.h"
#include "stellar/words.h"
#include "xdr/measure.h"

/* Verifications that one transaction is granted (TX_ED25519_VERIFY_BUDGET); repeated
 * ones count again there, so they do here. */
#define VERIFY_BUDGET 1000u
#define SIGNERS_MAX 32u /* bits of signed_by; the network allows 1 + 20 */

/* A signature that was verified once: operations ask for the same ones again. */
struct verdict {
	const struct verdict *next;
	uint32_t signature;
	const void *payload; /* NULL: the transaction's hash was signed */
	uint8_t key[32];
	bool valid;
};

struct checker {
	struct sdex_arena *arena;
	sdex_Hash hash;
	sdex_DecoratedSignature_list signatures;
	uint32_t used;
	uint32_t verifications;
	const struct verdict *verdicts;
	bool nomem;
};

/* One signer whose weight is asked for; `bit` is its place in signed_by. */
struct candidate {
	sdex_SignerKey key;
	uint32_t weight;
	uint32_t bit;
	bool counted;
};

/* The outcome of asking a set of signers for a weight. */
struct outcome {
	uint32_t reached;
	uint32_t signed_by;
	bool met;
};

static bool hint_is(const sdex_DecoratedSignature *signature, const sdex_SignerKey *key)
{
	uint8_t hint[4];
	sdex_signer_hint(hint, key);
	return memcmp(hint, signature->hint.bytes, 4) == 0;
}

/* The signature has 64 bytes. */
static bool verify(const sdex_DecoratedSignature *signature, const uint8_t key[32],
		   const void *message, size_t size)
{
	return sdex_verify(key, signature->signature.data, message, size) == SDEX_OK;
}

static bool verify_once(struct checker *c, uint32_t i, const sdex_SignerKey *key)
{
	bool payload = key->type == SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD;
	const uint8_t *public_key =
		payload ? key->ed25519SignedPayload->ed25519.bytes : key->ed25519.bytes;
	/* Payloads are told apart by where they lie, which suffices to remember them. */
	const void *identity = payload ? key->ed25519SignedPayload : NULL;
	for (const struct verdict *v = c->verdicts; v; v = v->next)
		if (v->signature == i && v->payload == identity &&
		    memcmp(v->key, public_key, 32) == 0)
			return v->valid;
	struct verdict *made = sdex_arena_alloc(c->arena, sizeof *made);
	if (!made) {
		c->nomem = true;
		return false;
	}
	*made = (struct verdict){.next = c->verdicts, .signature = i, .payload = identity};
	memcpy(made->key, public_key, 32);
	made->valid = payload ? verify(&c->signatures.items[i], public_key,
				       key->ed25519SignedPayload->payload.data,
				       key->ed25519SignedPayload->payload.size)
			      : verify(&c->signatures.items[i], public_key, c->hash.bytes, 32);
	c->verdicts = made;
	return made->valid;
}

/* Does signature i belong to the signer?  The budget counts what reaches the curve. */
static bool belongs(struct checker *c, uint32_t i, const sdex_SignerKey *key)
{
	const sdex_DecoratedSignature *signature = &c->signatures.items[i];
	uint8_t hash[32];
	if (key->type == SDEX_SIGNER_KEY_TYPE_HASH_X) {
		if (!hint_is(signature, key))
			return false;
		sdex_sha256(hash, signature->signature.data, signature->signature.size);
		return memcmp(hash, key->hashX.bytes, 32) == 0;
	}
	if (c->verifications >= VERIFY_BUDGET || signature->signature.size != 64 ||
	    !hint_is(signature, key))
		return false;
	c->verifications++;
	return verify_once(c, i, key);
}

static bool count(struct outcome *out, struct candidate *candidate, uint32_t needed)
{
	candidate->counted = true;
	out->reached += candidate->weight < UINT8_MAX ? candidate->weight : UINT8_MAX;
	out->signed_by |= candidate->bit < 32 ? 1u << candidate->bit : 0;
	out->met = out->reached >= needed;
	return out->met;
}

/* All signatures in turn against the signers of one type; each signer counts once. */
static bool count_type(struct checker *c, struct outcome *out, struct candidate *candidates,
		       uint32_t n, sdex_SignerKeyType type, uint32_t needed)
{
	for (uint32_t i = 0; i < c->signatures.count; i++) {
		for (uint32_t k = 0; k < n; k++) {
			struct candidate *candidate = &candidates[k];
			if (candidate->key.type != type || candidate->counted ||
			    !belongs(c, i, &candidate->key))
				continue;
			c->used |= 1u << i;
			if (count(out, candidate, needed))
				return true;
			break;
		}
	}
	return false;
}

static struct outcome ask(struct checker *c, struct candidate *candidates, uint32_t n,
			  uint32_t needed)
{
	struct outcome out = {0};
	for (uint32_t k = 0; k < n; k++) {
		const sdex_SignerKey *key = &candidates[k].key;
		if (key->type == SDEX_SIGNER_KEY_TYPE_PRE_AUTH_TX &&
		    memcmp(key->preAuthTx.bytes, c->hash.bytes, 32) == 0 &&
		    count(&out, &candidates[k], needed))
			return out;
	}
	if (!count_type(c, &out, candidates, n, SDEX_SIGNER_KEY_TYPE_HASH_X, needed) &&
	    !count_type(c, &out, candidates, n, SDEX_SIGNER_KEY_TYPE_ED25519, needed))
		count_type(c, &out, candidates, n, SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD,
			   needed);
	return out;
}

/* The accounts that were given, and the report in the making. */
struct survey {
	struct checker checker;
	const sdex_AccountEntry *const *accounts;
	uint32_t account_count;
	struct sdex_auth *auth;
};

static const sdex_AccountEntry *find_account(const struct survey *s, const sdex_AccountID *id)
{
	for (uint32_t i = 0; i < s->account_count; i++)
		if (account_same(&s->accounts[i]->accountID, id))
			return s->accounts[i];
	return NULL;
}

static uint32_t list_signers(struct candidate *candidates, const sdex_AccountID *id,
			     const sdex_AccountEntry *entry)
{
	uint32_t n = 0;
	/* A master weight of 0 takes the account's own key out altogether. */
	uint8_t master = entry ? entry->thresholds.bytes[SDEX_THRESHOLD_MASTER_WEIGHT] : 1;
	if (master)
		candidates[n++] = (struct candidate){
			.key = {.type = SDEX_SIGNER_KEY_TYPE_ED25519, .ed25519 = id->ed25519},
			.weight = master,
		};
	for (uint32_t i = 0; entry && i < entry->signers.count && n < SIGNERS_MAX; i++)
		candidates[n++] = (struct candidate){.key = entry->signers.items[i].key,
						     .weight = entry->signers.items[i].weight,
						     .bit = i + 1};
	return n;
}

static struct sdex_auth_need *need_for(struct survey *s, const sdex_AccountID *id,
				       sdex_ThresholdIndexes level)
{
	for (uint32_t i = 0; i < s->auth->need_count; i++)
		if (s->auth->needs[i].level == level &&
		    account_same(&s->auth->needs[i].account, id))
			return &s->auth->needs[i];
	return NULL;
}

/* Asks an account for a level; false when it does not agree. */
static bool ask_account(struct survey *s, const sdex_AccountID *id, sdex_ThresholdIndexes level,
			uint32_t operation)
{
	struct candidate candidates[SIGNERS_MAX];
	const sdex_AccountEntry *entry = find_account(s, id);
	uint32_t needed = entry ? entry->thresholds.bytes[level] : 0;
	uint32_t n = list_signers(candidates, id, entry);
	struct outcome out = ask(&s->checker, candidates, n, needed);
	struct sdex_auth_need *need = need_for(s, id, level);
	if (need) {
		need->met = need->met && out.met;
		return out.met;
	}
	s->auth->needs[s->auth->need_count++] = (struct sdex_auth_need){
		.account = *id,
		.level = level,
		.needed = needed,
		.reached = out.reached,
		.signed_by = out.signed_by,
		.operation = operation,
		.met = out.met,
		.known = entry != NULL,
	};
	return out.met;
}

static bool ask_extra_signers(struct survey *s, const sdex_SignerKey_list *extra)
{
	struct candidate candidates[2];
	uint32_t n = extra->count <= 2 ? extra->count : 2;
	for (uint32_t i = 0; i < n; i++)
		candidates[i] = (struct candidate){.key = extra->items[i], .weight = 1, .bit = i};
	if (n == 0)
		return true;
	struct outcome out = ask(&s->checker, candidates, n, n);
	s->auth->extra_missing = ((1u << n) - 1) & ~out.signed_by;
	return out.met;
}

static uint32_t find_repeated(const sdex_DecoratedSignature_list *list)
{
	uint32_t repeated = 0;
	for (uint32_t i = 0; i < list->count; i++)
		for (uint32_t k = 0; k < i; k++)
			if (sdex_DecoratedSignature_equal(&list->items[i], &list->items[k]))
				repeated |= 1u << i;
	return repeated;
}

static enum sdex_error begin(struct survey *s, struct sdex_arena *arena,
			     const sdex_TransactionEnvelope *envelope, const sdex_Hash *network,
			     uint32_t needs, struct sdex_failure *why)
{
	enum sdex_error error = sdex_tx_hash(&s->checker.hash, arena, envelope, network, why);
	if (error)
		return error;
	s->checker.arena = arena;
	s->checker.signatures = sdex_tx_signatures(envelope);
	if (s->checker.signatures.count > 20)
		return fail(why, SDEX_ERR_LENGTH, 0,
			    "signatures: expected at most 20, found %" PRIu32,
			    s->checker.signatures.count);
	s->auth = sdex_arena_alloc(arena, sizeof *s->auth);
	struct sdex_auth_need *list = sdex_arena_alloc(arena, needs * sizeof *list);
	if (!s->auth || !list)
		return arena_full(why);
	*s->auth = (struct sdex_auth){.needs = list,
				      .signature_count = s->checker.signatures.count,
				      .repeated = find_repeated(&s->checker.signatures)};
	return SDEX_OK;
}

static enum sdex_error finish(struct survey *s, sdex_TransactionResultCode code,
			      struct sdex_failure *why)
{
	if (s->checker.nomem)
		return arena_full(why);
	uint32_t all = (1u << s->auth->signature_count) - 1;
	s->auth->used = s->checker.used;
	if (code == SDEX_txSUCCESS && s->checker.used != all)
		code = SDEX_txBAD_AUTH_EXTRA;
	s->auth->code = code;
	return SDEX_OK;
}

static enum sdex_error survey_plain(struct survey *s, struct sdex_arena *arena,
				    const sdex_TransactionEnvelope *envelope,
				    const sdex_Hash *network, struct sdex_failure *why)
{
	sdex_Operation_list operations = sdex_tx_operations(envelope);
	enum sdex_error error = begin(s, arena, envelope, network, operations.count + 1, why);
	if (error)
		return error;
	sdex_MuxedAccount muxed = sdex_tx_source(envelope);
	sdex_AccountID source = sdex_muxed_account(&muxed);
	sdex_TransactionResultCode code = SDEX_txSUCCESS;
	if (!ask_account(s, &source, SDEX_THRESHOLD_LOW, SDEX_AUTH_TRANSACTION))
		code = SDEX_txBAD_AUTH;
	const sdex_Preconditions *cond =
		envelope->type == SDEX_ENVELOPE_TYPE_TX ? &envelope->v1->tx.cond : NULL;
	if (cond && cond->type == SDEX_PRECOND_V2 && !ask_extra_signers(s, &cond->v2->extraSigners))
		code = SDEX_txBAD_AUTH;
	for (uint32_t i = 0; i < operations.count; i++) {
		const sdex_Operation *op = &operations.items[i];
		sdex_AccountID account =
			op->sourceAccount ? sdex_muxed_account(op->sourceAccount) : source;
		if (!ask_account(s, &account, sdex_op_threshold(op), i) && code == SDEX_txSUCCESS)
			code = SDEX_txFAILED;
	}
	return finish(s, code, why);
}

static enum sdex_error survey_bump(struct survey *s, struct sdex_arena *arena,
				   const sdex_TransactionEnvelope *envelope,
				   const sdex_Hash *network, struct sdex_failure *why)
{
	enum sdex_error error = begin(s, arena, envelope, network, 1, why);
	if (error)
		return error;
	const sdex_FeeBumpTransaction *bump = &envelope->feeBump->tx;
	const sdex_TransactionEnvelope inner = {.type = SDEX_ENVELOPE_TYPE_TX,
						.v1 = bump->innerTx.v1};
	sdex_AccountID source = sdex_muxed_account(&bump->feeSource);
	bool met = ask_account(s, &source, SDEX_THRESHOLD_LOW, SDEX_AUTH_TRANSACTION);
	error = finish(s, met ? SDEX_txSUCCESS : SDEX_txBAD_AUTH, why);
	if (error)
		return error;
	return sdex_tx_auth(&s->auth->inner, arena, &inner, network, s->accounts, s->account_count,
			    why);
}

static enum sdex_error check_accounts(const sdex_AccountEntry *const *accounts, uint32_t count,
				      struct sdex_failure *why)
{
	for (uint32_t i = 0; i < count; i++) {
		if (!accounts || !accounts[i])
			return fail(why, SDEX_ERR_INVALID, 0,
				    "accounts[%" PRIu32 "]: expected an entry, found NULL", i);
		struct fit fit;
		enum sdex_error error = fit_begin(&fit, SDEX_TYPE_AccountEntry, accounts[i], why);
		if (!error)
			error = fit_end(&fit, SDEX_OK, why);
		if (error)
			return error;
	}
	return SDEX_OK;
}

enum sdex_error sdex_tx_auth(struct sdex_auth **auth, struct sdex_arena *arena,
			     const sdex_TransactionEnvelope *envelope, const sdex_Hash *network,
			     const sdex_AccountEntry *const *accounts, uint32_t account_count,
			     struct sdex_failure *why)
{
	struct survey s = {.accounts = accounts, .account_count = account_count};
	enum sdex_error error = check_accounts(accounts, account_count, why);
	if (error)
		return error;
	error = envelope->type == SDEX_ENVELOPE_TYPE_TX_FEE_BUMP
			? survey_bump(&s, arena, envelope, network, why)
			: survey_plain(&s, arena, envelope, network, why);
	if (!error)
		*auth = s.auth;
	return error;
}

static const char *level_name(sdex_ThresholdIndexes level)
{
	switch (level) {
	case SDEX_THRESHOLD_LOW:
		return "low";
	case SDEX_THRESHOLD_HIGH:
		return "high";
	case SDEX_THRESHOLD_MED:
	case SDEX_THRESHOLD_MASTER_WEIGHT:
		break;
	}
	return "medium";
}

static void write_need(struct words *w, const struct sdex_auth_need *need)
{
	char account[SDEX_STRKEY_KEY_ROOM];
	if (sdex_strkey_encode_key(account, sizeof account, NULL, SDEX_STRKEY_ACCOUNT,
				   need->account.ed25519.bytes))
		return;
	words_add(w, "%s: ", account);
	if (need->operation == SDEX_AUTH_TRANSACTION)
		words_add(w, "the transaction");
	else
		words_add(w, "operation %" PRIu32, need->operation);
	words_add(w, " needs %s threshold %" PRIu32 "%s, has %" PRIu32, level_name(need->level),
		  need->needed, need->known ? "" : " (account not known, taken for a new one)",
		  need->reached);
	if (need->met)
		words_add(w, ": enough\n");
	else if (need->reached >= need->needed)
		words_add(w, ": one signature is missing\n");
	else
		words_add(w, ": %" PRIu32 " more\n", need->needed - need->reached);
}

static void write_auth(struct words *w, const struct sdex_auth *auth)
{
	uint32_t all = (1u << auth->signature_count) - 1;
	for (uint32_t i = 0; i < auth->need_count; i++)
		write_need(w, &auth->needs[i]);
	for (uint32_t i = 0; i < 2; i++)
		if (auth->extra_missing >> i & 1)
			words_add(w, "extra signer %" PRIu32 " has not signed\n", i);
	for (uint32_t i = 0; i < auth->signature_count; i++) {
		if (auth->repeated >> i & 1)
			words_add(w, "signature %" PRIu32 " is there twice: leave it out\n", i);
		else if ((all & ~auth->used) >> i & 1)
			words_add(w, "signature %" PRIu32 " is not needed: leave it out\n", i);
	}
	words_add(w, "the network would answer %s\n",
		  sdex_enum_name(SDEX_TYPE_TransactionResultCode, (int32_t)auth->code));
	if (auth->inner) {
		words_add(w, "inner transaction:\n");
		write_auth(w, auth->inner);
	}
}

enum sdex_error sdex_auth_text(char *text, size_t room, size_t *length,
			       const struct sdex_auth *auth, struct sdex_failure *why)
{
	struct words w = {.room = 0};
	write_auth(&w, auth);
	enum sdex_error error = words_fit(&w, text, room, why);
	if (error)
		return error;
	write_auth(&w, auth);
	put_length(length, w.length);
	return SDEX_OK;
}
