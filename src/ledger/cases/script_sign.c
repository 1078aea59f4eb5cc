/* ledger/cases/script_sign.c - transactions of a script that say how they are made: signatures,
 * fee, sequence number and conditions. */
#include <sodium.h>

#include "ledger/cases/script.h"

static void *piece(struct script_run *run, size_t size)
{
	void *made = sdex_arena_alloc(run->w.arena, size);
	assert_non_null(made);
	memset(made, 0, size);
	return made;
}

static const char *behind(const char *text, const char *word)
{
	size_t size = strlen(word);
	return strncmp(text, word, size) == 0 ? text + size : NULL;
}

/* --- drafts */

struct script_draft *script_draft(struct script_run *run, const char *name)
{
	for (uint32_t i = run->draft_count; i-- > 0;)
		if (strcmp(run->drafts[i].name, name) == 0)
			return &run->drafts[i];
	script_fail(run, "no draft is called %s", name);
}

struct script_draft *script_add_draft(struct script_run *run, const char *name, size_t size)
{
	if (run->draft_count == sizeof(run->drafts) / sizeof(run->drafts[0]))
		script_fail(run, "too many drafts");
	struct script_draft *made = &run->drafts[run->draft_count++];
	char *copy = sdex_arena_alloc(run->names, size + 1);
	assert_non_null(copy);
	memcpy(copy, name, size);
	copy[size] = 0;
	*made = (struct script_draft){.name = copy};
	return made;
}

/* --- keys: NAME, x=WORD (a hash), NAME=WORD (a signed payload), tx:DRAFT; with ^ behind it
 * another one that is nearly so */

static struct sdex_bytes word_bytes(struct script_run *run, const char *word)
{
	size_t size = 32;
	uint8_t *bytes = piece(run, strlen(word) + 32);
	if (behind(word, "tx:"))
		memcpy(bytes, script_draft(run, word + 3)->hash, 32);
	else
		script_unescape(run, bytes, &size, word);
	return (struct sdex_bytes){bytes, (uint32_t)size};
}

/* What stands before the sign, in the world's arena. */
static char *before(struct script_run *run, const char *text, const char *sign)
{
	char *name = sdex_arena_copy(run->w.arena, text, strlen(text) + 1);
	assert_non_null(name);
	name[sign - text] = 0;
	return name;
}

sdex_SignerKey script_signer_key(struct script_run *run, const char *text)
{
	sdex_SignerKey key = {.type = SDEX_SIGNER_KEY_TYPE_ED25519};
	size_t size = strlen(text);
	bool bent = size > 1 && text[size - 1] == '^';
	char *word = before(run, text, text + size - bent), *sign = strchr(word, '=');
	if (behind(word, "tx:")) {
		key.type = SDEX_SIGNER_KEY_TYPE_PRE_AUTH_TX;
		memcpy(key.preAuthTx.bytes, script_draft(run, word + 3)->hash, 32);
	} else if (behind(word, "x=")) {
		struct sdex_bytes x = word_bytes(run, word + 2);
		key.type = SDEX_SIGNER_KEY_TYPE_HASH_X;
		sdex_sha256(key.hashX.bytes, x.data, x.size);
	} else if (sign) {
		key.type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD;
		key.ed25519SignedPayload = piece(run, sizeof(*key.ed25519SignedPayload));
		key.ed25519SignedPayload->payload = word_bytes(run, sign + 1);
		if (sign > word) /* without a name the key is zero */
			key.ed25519SignedPayload->ed25519 =
				account_of(script_account(run, before(run, word, sign))).ed25519;
	} else {
		key.ed25519 = account_of(script_account(run, word)).ed25519;
	}
	if (bent && key.type == SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD)
		key.ed25519SignedPayload->ed25519.bytes[0] ^= 1;
	else if (bent)
		key.ed25519.bytes[0] ^= 1; /* all keys of 32 bytes begin here */
	return key;
}

/* --- signatures: NAME, x=WORD, NAME=WORD (of a payload), =WORD (root's of one, with the hint of
 * the key of zeros); NAME! is spoilt, NAME? has the hint of no key */

static void hint(uint8_t out[4], struct sdex_bytes bytes)
{
	uint32_t size = bytes.size < 4 ? bytes.size : 4;
	if (size)
		memcpy(out, bytes.data + bytes.size - size, size);
}

static void sign_bytes(struct script_run *run, sdex_DecoratedSignature *out, int who,
		       struct sdex_bytes message)
{
	uint8_t public[32], secret[64], *bytes = piece(run, 64);
	world_keypair(who, public, secret);
	crypto_sign_ed25519_detached(bytes, NULL, message.data, message.size, secret);
	out->signature = (sdex_Signature){bytes, 64};
	memcpy(out->hint.bytes, public + 28, 4);
}

static void sign(struct script_run *run, sdex_DecoratedSignature *out, const char *text,
		 const uint8_t hash[32])
{
	sdex_SignerKey key;
	uint8_t more[4] = {0};
	size_t size = strlen(text);
	const char *sign = strchr(text, '=');
	if (behind(text, "x=")) {
		key = script_signer_key(run, text);
		out->signature = word_bytes(run, text + 2);
		memcpy(out->hint.bytes, key.hashX.bytes + 28, 4);
	} else if (sign) {
		struct sdex_bytes payload = word_bytes(run, sign + 1);
		const char *name = sign > text ? before(run, text, sign) : "root";
		key = script_signer_key(run, text);
		sign_bytes(run, out, script_account(run, name), payload);
		memcpy(out->hint.bytes, key.ed25519SignedPayload->ed25519.bytes + 28, 4);
		hint(more, payload);
		for (int i = 0; i < 4; i++)
			out->hint.bytes[i] ^= more[i];
	} else {
		bool spoilt = text[size - 1] == '!', stray = text[size - 1] == '?';
		const char *name = before(run, text, text + size - (spoilt || stray));
		sign_bytes(run, out, script_account(run, name), (struct sdex_bytes){hash, 32});
		if (spoilt) {
			out->signature.size = 32;
			memset((uint8_t *)(uintptr_t)out->signature.data, 123, 32);
		}
		if (stray)
			memset(out->hint.bytes, 1, 4);
	}
}

/* --- what stands behind a transaction */

bool script_spec_clause(struct script_run *run, struct script_spec *spec, char *clause)
{
	char *words[24];
	uint32_t count = script_split(run, clause, words, 24);
	spec->special = true;
	if (count == 1 && strcmp(words[0], "unsigned") == 0) {
		spec->signs = true;
	} else if (count > 2 && strcmp(words[0], "signed") == 0 && count - 2 <= SIGNATURES_MAX) {
		spec->signs = true;
		spec->signer_count = count - 2;
		memcpy(spec->signers, words + 2, (count - 2) * sizeof(*words));
	} else if (count == 2 && strcmp(words[0], "fee") == 0) {
		spec->fee = script_number(run, words[1]);
	} else if (count == 2 && strcmp(words[0], "later") == 0) {
		spec->later = script_number(run, words[1]);
	} else if (count == 2 && strcmp(words[0], "gap") == 0) {
		spec->gap = (uint32_t)script_number(run, words[1]);
	} else if (count == 2 && strcmp(words[0], "charged") == 0) {
		spec->charged = script_number(run, words[1]);
	} else if (count == 3 && strcmp(words[0], "time") == 0) {
		spec->timed = true;
		spec->times.minTime = (uint64_t)script_number(run, words[1]);
		spec->times.maxTime = (uint64_t)script_number(run, words[2]);
	} else if (count == 3 && strcmp(words[0], "asked") == 0) {
		spec->asked = true;
		spec->after = script_number(run, words[1]);
		spec->latest = script_number(run, words[2]);
	} else if ((count == 2 || count == 3) && strcmp(words[0], "extra") == 0) {
		spec->extra_count = count - 1;
		memcpy(spec->extra, words + 1, (count - 1) * sizeof(*words));
	} else if (count == 1 && strcmp(words[0], "contracts") == 0) {
		spec->contracts = true;
	} else {
		return false;
	}
	return true;
}

static void add_conditions(struct script_run *run, sdex_Transaction *tx,
			   const struct script_spec *spec)
{
	if (spec->contracts) {
		tx->ext.v = 1;
		tx->ext.sorobanData = piece(run, sizeof(*tx->ext.sorobanData));
	}
	if (!spec->timed && !spec->gap && !spec->extra_count)
		return;
	sdex_PreconditionsV2 *v2 = piece(run, sizeof(*v2));
	tx->cond.type = SDEX_PRECOND_V2;
	tx->cond.v2 = v2;
	v2->minSeqLedgerGap = spec->gap;
	if (spec->timed) {
		v2->timeBounds = piece(run, sizeof(*v2->timeBounds));
		*v2->timeBounds = spec->times;
	}
	v2->extraSigners.items = piece(run, 2 * sizeof(*v2->extraSigners.items));
	v2->extraSigners.count = spec->extra_count;
	for (uint32_t i = 0; i < spec->extra_count; i++)
		v2->extraSigners.items[i] = script_signer_key(run, spec->extra[i]);
}

/* The fee bump of made->payer, who signs it. */
static sdex_TransactionEnvelope *bump(struct script_run *run, const struct script_made *made,
				      sdex_TransactionV1Envelope *inner)
{
	struct tx tx;
	sdex_TransactionEnvelope *envelope = piece(run, sizeof(*envelope));
	sdex_FeeBumpTransactionEnvelope *bump = piece(run, sizeof(*bump));
	sdex_DecoratedSignature *signature = piece(run, sizeof(*signature));
	envelope->type = SDEX_ENVELOPE_TYPE_TX_FEE_BUMP;
	envelope->feeBump = bump;
	bump->tx.feeSource = muxed_of(made->payer);
	bump->tx.fee = 10000;
	bump->tx.innerTx.type = SDEX_ENVELOPE_TYPE_TX;
	bump->tx.innerTx.v1 = inner;
	assert_int_equal(tx_read(&tx, &run->w.ledger, envelope, NULL), SDEX_OK);
	sign_bytes(run, signature, made->payer, (struct sdex_bytes){tx.contents_hash, 32});
	bump->signatures.items = signature;
	bump->signatures.count = 1;
	return envelope;
}

void script_make(struct script_run *run, struct script_made *made, int source, sdex_Operation **ops,
		 uint32_t count)
{
	const struct script_spec *spec = made->spec;
	struct world *w = &run->w;
	const struct account *account = world_account(w, source);
	sdex_TransactionEnvelope *envelope = piece(run, sizeof(*envelope));
	sdex_TransactionV1Envelope *v1 = piece(run, sizeof(*v1));
	envelope->type = SDEX_ENVELOPE_TYPE_TX;
	envelope->v1 = v1;
	v1->tx.sourceAccount = muxed_of(source);
	v1->tx.fee = spec->fee >= 0 ? (uint32_t)spec->fee : w->state->header.base_fee * count;
	if (made->sequence == 0)
		made->sequence = (account ? account->sequence : 0) + 1 + spec->later;
	v1->tx.seqNum = made->sequence;
	v1->tx.operations.items = piece(run, (count + 1) * sizeof(sdex_Operation));
	v1->tx.operations.count = count;
	for (uint32_t i = 0; i < count; i++)
		v1->tx.operations.items[i] = *ops[i];
	add_conditions(run, &v1->tx, spec);
	assert_int_equal(tx_read(&made->tx, &w->ledger, envelope, NULL), SDEX_OK);
	memcpy(made->hash, made->tx.inner_hash, 32);
	v1->signatures.items = piece(run, SIGNATURES_MAX * sizeof(sdex_DecoratedSignature));
	v1->signatures.count = spec->signer_count;
	for (uint32_t i = 0; i < spec->signer_count; i++)
		sign(run, &v1->signatures.items[i], spec->signers[i], made->hash);
	if (made->payer)
		envelope = bump(run, made, v1);
	assert_int_equal(tx_read(&made->tx, &w->ledger, envelope, NULL), SDEX_OK);
}

void script_ask(struct script_run *run, struct script_made *made)
{
	struct world *w = &run->w;
	const struct script_spec *spec = made->spec;
	struct tx_moment next = {.sequence = w->state->header.sequence + 1,
				 .close_time = w->state->header.close_time + 5};
	if (spec->asked) {
		next.close_time = w->state->header.close_time + (uint64_t)spec->after;
		next.latest = (uint64_t)spec->latest;
	}
	w->ledger.trust_signatures = !spec->signs;
	assert_int_equal(tx_check(&made->result, &w->ledger, &made->tx, next, 0), SDEX_OK);
	w->ledger.trust_signatures = true;
	made->valid = made->result.result.code;
}

void script_charge(struct script_run *run, struct script_made *made)
{
	int64_t base_fee = run->w.state->header.base_fee;
	assert_int_equal(
		tx_charge(&made->result, &made->meta, &run->w.ledger, &made->tx, &base_fee),
		SDEX_OK);
}

void script_apply(struct script_run *run, struct script_made *made)
{
	struct world *w = &run->w;
	w->ledger.trust_signatures = !made->spec->signs;
	assert_int_equal(tx_apply(&made->result, &made->meta, &w->ledger, &made->tx), SDEX_OK);
	w->ledger.trust_signatures = true;
}
