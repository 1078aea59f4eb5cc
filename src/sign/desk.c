/* sign/desk.c - taking, judging, logging, signing. */
#include "sign/desk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/check.h"
#include "base/failure.h"
#include "policy/rate.h"
#include "sdex/signature.h"
#include "sdex/strkey.h"
#include "sign/pack.h"
#include "sign/signed_before.h"

#define ARENA_LIMIT ((size_t)256 << 20)
#define POLICY_ROOM AUDIT_TEXT_MAX

/* A request of the batch on its way. */
struct ticket {
	uint64_t token;
	const struct desk_key *key; /* NULL: refused */
	struct policy_refusal refusal;
	sdex_TransactionEnvelope *envelope;
	sdex_Hash hash;
	struct sdex_bytes answer; /* the signed envelope, in the arena */
};

struct desk {
	struct desk_key keys[DESK_KEYS_MAX];
	uint32_t key_count;
	sdex_Hash network;
	struct audit *audit;
	struct signed_before before;
	struct rate rate;
	bool was_hasty; /* the last request was refused by the rate: one record tells of many */
	char policy[POLICY_ROOM];
	uint8_t policy_digest[32];
	struct sdex_arena *arena;
	struct ticket batch[DESK_BATCH];
	uint32_t count;
};

/* ---- the log ---- */

static struct audit_record record_of(const struct desk *desk, enum audit_kind kind, int64_t now_ms)
{
	struct audit_record record = {.kind = kind, .time_ms = now_ms};
	memcpy(record.policy, desk->policy_digest, 32);
	return record;
}

static void describe(struct audit_record *record, const struct ticket *t,
		     const struct frame *request)
{
	record->key = request->key;
	record->replaces = request->replace;
	if (!t->envelope)
		return;
	sdex_MuxedAccount source = sdex_tx_source(t->envelope);
	sdex_AccountID account = sdex_muxed_account(&source);
	memcpy(record->hash, t->hash.bytes, 32);
	memcpy(record->source, account.ed25519.bytes, 32);
	record->sequence = sdex_tx_sequence(t->envelope);
}

static enum sdex_error log_intent(struct desk *desk, const struct ticket *t,
				  const struct frame *request, bool replaces, int64_t now_ms,
				  struct sdex_failure *why)
{
	struct audit_record record = record_of(desk, AUDIT_INTENT, now_ms);
	describe(&record, t, request);
	record.replaces = replaces;
	record.envelope = request->envelope;
	return audit_append(desk->audit, &record, why);
}

static enum sdex_error log_refusal(struct desk *desk, const struct ticket *t,
				   const struct frame *request, int64_t now_ms,
				   struct sdex_failure *why)
{
	bool hasty = t->refusal.rule == POLICY_RATE;
	bool told = hasty && desk->was_hasty;
	struct audit_record record = record_of(desk, AUDIT_REFUSED, now_ms);
	desk->was_hasty = hasty;
	if (told)
		return SDEX_OK;
	describe(&record, t, request);
	record.rule = pack_text(policy_rule_name(t->refusal.rule));
	record.text = pack_text(t->refusal.text);
	return audit_append(desk->audit, &record, why);
}

/* ---- judging ---- */

/* By name or by address; no name has an address's length. */
static const struct desk_key *find_key(const struct desk *desk, struct sdex_bytes name)
{
	uint8_t address[32];
	bool is_address =
		name.size == SDEX_STRKEY_LENGTH &&
		sdex_strkey_decode_key(address, SDEX_STRKEY_ACCOUNT, (const char *)name.data,
				       name.size, NULL) == SDEX_OK;
	for (uint32_t i = 0; i < desk->key_count; i++) {
		const struct desk_key *key = &desk->keys[i];
		if (is_address && memcmp(key->secret->public_key, address, 32) == 0)
			return key;
		if (strlen(key->name) == name.size && memcmp(key->name, name.data, name.size) == 0)
			return key;
	}
	return NULL;
}

/* Decodes; the bytes have to be the ones that encoding the value gives. */
static bool decode(struct desk *desk, struct ticket *t, struct sdex_bytes bytes)
{
	struct sdex_failure failure = {0};
	sdex_TransactionEnvelope *envelope = NULL;
	size_t size = 0;
	uint8_t *again = sdex_arena_alloc(desk->arena, bytes.size + 1u);
	if (!again)
		return policy_refuse(&t->refusal, POLICY_ENCODING, "memory for it is out");
	if (sdex_TransactionEnvelope_decode(&envelope, desk->arena, bytes.data, bytes.size,
					    &failure))
		return policy_refuse(&t->refusal, POLICY_ENCODING,
				     "expected a TransactionEnvelope, byte %" PRIu64 ": %.180s",
				     failure.where, failure.text);
	if (sdex_xdr_encode(SDEX_TYPE_TransactionEnvelope, again, bytes.size, &size, envelope,
			    &failure) ||
	    size != bytes.size || memcmp(again, bytes.data, size) != 0)
		return policy_refuse(&t->refusal, POLICY_ENCODING,
				     "its bytes are not those that its value has in XDR");
	if (sdex_tx_hash(&t->hash, desk->arena, envelope, &desk->network, &failure))
		return policy_refuse(&t->refusal, POLICY_ENCODING, "it has no hash: %.200s",
				     failure.text);
	t->envelope = envelope;
	return true;
}

static bool check_clock(const struct desk *desk, struct ticket *t, int64_t now_ms)
{
	int64_t last_ms = audit_sum(desk->audit)->last_ms;
	if (now_ms >= last_ms - DESK_CLOCK_SLACK_MS)
		return true;
	return policy_refuse(&t->refusal, POLICY_CLOCK,
			     "this machine's clock is %" PRId64 " s behind the audit log's last "
			     "record: set it right",
			     (last_ms - now_ms) / 1000);
}

static bool check_sequence(const struct desk *desk, struct ticket *t, bool replace, bool *replaces)
{
	sdex_MuxedAccount source = sdex_tx_source(t->envelope);
	sdex_AccountID account = sdex_muxed_account(&source);
	int64_t number = sdex_tx_sequence(t->envelope);
	*replaces = false;
	switch (signed_before_ask(&desk->before, account.ed25519.bytes, number, t->hash.bytes,
				  replace)) {
	case SEQUENCE_NEW:
	case SEQUENCE_AGAIN:
		return true;
	case SEQUENCE_REPLACES:
		*replaces = true;
		return true;
	case SEQUENCE_TAKEN:
		return policy_refuse(&t->refusal, POLICY_SEQUENCE,
				     "another transaction was signed with sequence %" PRId64
				     ": ask for a replacement once that one is proven dead",
				     number);
	case SEQUENCE_BEHIND:
		return policy_refuse(
			&t->refusal, POLICY_SEQUENCE,
			"sequence %" PRId64 " is behind those signed before for this "
			"account: take the account's next one; where the network began "
			"anew, so does the audit log, with a new file",
			number);
	}
	return false;
}

static bool judge(struct desk *desk, struct ticket *t, const struct frame *request,
		  const struct desk_time *now, bool *replaces)
{
	const struct desk_key *key = find_key(desk, request->key);
	if (!rate_take(&desk->rate, now->steady_ms))
		return policy_refuse(&t->refusal, POLICY_RATE,
				     "more than %" PRIu32 " requests a second: ask again later, or "
				     "raise --rate",
				     desk->rate.per_second);
	if (!key)
		return policy_refuse(&t->refusal, POLICY_KEY,
				     "this signer has no key %.*s: see `sdex-signer show` for the "
				     "names in its keystores",
				     (int)request->key.size, (const char *)request->key.data);
	if (!check_clock(desk, t, now->now_ms) || !decode(desk, t, request->envelope) ||
	    !policy_allows(&key->policy, t->envelope, now->now_ms / 1000, &t->refusal) ||
	    !check_sequence(desk, t, request->replace, replaces))
		return false;
	t->key = key;
	return true;
}

enum sdex_error desk_take(struct desk *desk, const struct frame *request,
			  const struct desk_time *now, struct sdex_failure *why)
{
	CHECK(request->kind == FRAME_SIGN && desk->count < DESK_BATCH);
	struct ticket *t = &desk->batch[desk->count++];
	bool replaces = false;
	*t = (struct ticket){.token = request->token};
	if (!judge(desk, t, request, now, &replaces))
		return log_refusal(desk, t, request, now->now_ms, why);
	desk->was_hasty = false;
	sdex_MuxedAccount source = sdex_tx_source(t->envelope);
	sdex_AccountID account = sdex_muxed_account(&source);
	if (!signed_before_take(&desk->before, account.ed25519.bytes, sdex_tx_sequence(t->envelope),
				t->hash.bytes))
		return fail(why, SDEX_ERR_NOMEM, 0, "memory for sequence numbers is out");
	return log_intent(desk, t, request, replaces, now->now_ms, why);
}

/* ---- signing ---- */

static bool has_signed(const struct ticket *t)
{
	sdex_DecoratedSignature_list list = sdex_tx_signatures(t->envelope);
	for (uint32_t i = 0; i < list.count; i++)
		if (list.items[i].signature.size == SDEX_SIGNATURE_SIZE &&
		    sdex_verify(t->key->secret->public_key, list.items[i].signature.data,
				t->hash.bytes, 32) == SDEX_OK)
			return true;
	return false;
}

static enum sdex_error put_answer(struct desk *desk, struct ticket *t, struct sdex_failure *why)
{
	size_t size;
	enum sdex_error error =
		sdex_xdr_size(SDEX_TYPE_TransactionEnvelope, &size, t->envelope, why);
	uint8_t *out = error ? NULL : sdex_arena_alloc(desk->arena, size);
	if (!out)
		return error ? error : SDEX_ERR_NOMEM;
	error = sdex_xdr_encode(SDEX_TYPE_TransactionEnvelope, out, size, &size, t->envelope, why);
	t->answer = (struct sdex_bytes){out, (uint32_t)size};
	return error;
}

/* Signs, and checks what was signed: a signature that a fault has spoilt can give the key
 * away. */
static enum sdex_error sign(struct desk *desk, struct ticket *t, uint8_t signature[64],
			    struct sdex_failure *why)
{
	sdex_DecoratedSignature decorated = {.signature = {signature, SDEX_SIGNATURE_SIZE}};
	sdex_sign(t->key->secret, signature, t->hash.bytes, 32);
	if (sdex_verify(t->key->secret->public_key, signature, t->hash.bytes, 32))
		return fail(why, SDEX_ERR_SIGNATURE, 0,
			    "a signature came out wrong: this machine's memory or processor is not "
			    "to be trusted");
	sdex_hint(decorated.hint.bytes, t->key->secret->public_key);
	if (!has_signed(t)) {
		enum sdex_error error =
			sdex_tx_add_signature(t->envelope, desk->arena, &decorated, why);
		if (error)
			return error;
	}
	return put_answer(desk, t, why);
}

static enum sdex_error settle_one(struct desk *desk, struct ticket *t, int64_t now_ms,
				  struct sdex_failure *why)
{
	uint8_t signature[SDEX_SIGNATURE_SIZE];
	struct audit_record record = record_of(desk, AUDIT_SIGNED, now_ms);
	struct sdex_failure failure = {0};
	enum sdex_error error = sign(desk, t, signature, &failure);
	if (error == SDEX_ERR_MALFORMED || error == SDEX_ERR_NOMEM) {
		/* As a rule an envelope that has 20 signatures already. */
		policy_refuse(&t->refusal, POLICY_MALFORMED, "no signature can be added: %.180s",
			      failure.text);
		record.kind = AUDIT_REFUSED;
		record.key = pack_text(t->key->name);
		record.rule = pack_text(policy_rule_name(t->refusal.rule));
		record.text = pack_text(t->refusal.text);
		memcpy(record.hash, t->hash.bytes, 32);
		t->key = NULL;
		return audit_append(desk->audit, &record, why);
	}
	if (error)
		return fail(why, error, 0, "%s", failure.text);
	record.key = pack_text(t->key->name);
	record.signature = (struct sdex_bytes){signature, sizeof signature};
	memcpy(record.hash, t->hash.bytes, 32);
	return audit_append(desk->audit, &record, why);
}

enum sdex_error desk_settle(struct desk *desk, int64_t now_ms, struct sdex_failure *why)
{
	bool any = false;
	for (uint32_t i = 0; i < desk->count; i++)
		any = any || desk->batch[i].key;
	enum sdex_error error = any ? audit_sync(desk->audit, why) : audit_write(desk->audit, why);
	for (uint32_t i = 0; i < desk->count && !error; i++)
		if (desk->batch[i].key)
			error = settle_one(desk, &desk->batch[i], now_ms, why);
	return error ? error : audit_write(desk->audit, why);
}

void desk_answer(const struct desk *desk, uint32_t i, struct frame *answer)
{
	const struct ticket *t = &desk->batch[i];
	*answer = (struct frame){.kind = t->key ? FRAME_SIGNED : FRAME_REFUSED, .token = t->token};
	if (t->key) {
		answer->envelope = t->answer;
		return;
	}
	answer->rule = pack_text(policy_rule_name(t->refusal.rule));
	answer->text = pack_text(t->refusal.text);
}

void desk_clear(struct desk *desk)
{
	desk->count = 0;
	sdex_arena_reset(desk->arena);
}

/* ---- opening ---- */

static void member(struct json_writer *w, const char *name)
{
	json_write_key(w, name, strlen(name));
}

/* The policy of all keys, which the log names by its hash. */
static enum sdex_error write_policy(struct desk *desk, const struct desk_options *options,
				    struct sdex_failure *why)
{
	struct json_writer w;
	char address[SDEX_STRKEY_KEY_ROOM];
	size_t size;
	json_write_buffer(&w, desk->policy, sizeof desk->policy - 1, false);
	json_write_object(&w);
	member(&w, "network");
	json_write_string(&w, options->network_passphrase, strlen(options->network_passphrase));
	member(&w, "rate");
	json_write_uint64(&w, options->per_second);
	member(&w, "keys");
	json_write_object(&w);
	for (uint32_t i = 0; i < desk->key_count; i++) {
		member(&w, desk->keys[i].name);
		json_write_object(&w);
		member(&w, "public_key");
		if (!sdex_strkey_encode_key(address, sizeof address, NULL, SDEX_STRKEY_ACCOUNT,
					    desk->keys[i].secret->public_key))
			json_write_string(&w, address, SDEX_STRKEY_LENGTH);
		member(&w, "policy");
		policy_write(&w, &desk->keys[i].policy);
		json_write_object_end(&w);
	}
	json_write_object_end(&w);
	json_write_object_end(&w);
	if (json_write_close(&w, NULL, &size))
		return fail(
			why, SDEX_ERR_LENGTH, 0,
			"the policy as text is over %u bytes, or a name in it is no UTF-8: list "
			"fewer sources and assets for one signer",
			POLICY_ROOM);
	desk->policy[size] = '\0';
	crypto_generichash(desk->policy_digest, 32, (const uint8_t *)desk->policy, size, NULL, 0);
	return SDEX_OK;
}

/* Learns from a record of the log. */
static enum sdex_error learn(void *arg, const struct audit_record *record, struct sdex_failure *why)
{
	struct desk *desk = arg;
	if (record->kind == AUDIT_START && memcmp(record->hash, desk->network.bytes, 32) != 0)
		return fail(why, SDEX_ERR_KIND, 0,
			    "the audit log is of another network: give each network a file of its "
			    "own");
	if (record->kind == AUDIT_INTENT &&
	    !signed_before_take(&desk->before, record->source, record->sequence, record->hash))
		return fail(why, SDEX_ERR_NOMEM, 0, "memory for sequence numbers is out");
	return SDEX_OK;
}

static enum sdex_error log_start(struct desk *desk, int64_t now_ms, struct sdex_failure *why)
{
	struct audit_record record = record_of(desk, AUDIT_START, now_ms);
	memcpy(record.hash, desk->network.bytes, 32);
	record.text = pack_text(desk->policy);
	enum sdex_error error = audit_append(desk->audit, &record, why);
	return error ? error : audit_sync(desk->audit, why);
}

static enum sdex_error check_options(const struct desk_options *o, struct sdex_failure *why)
{
	if (o->key_count == 0 || o->key_count > DESK_KEYS_MAX)
		return fail(why, SDEX_ERR_INVALID, 0, "a signer has 1 to %u keys, not %u",
			    DESK_KEYS_MAX, o->key_count);
	if (o->per_second == 0 || o->per_second > RATE_PER_SECOND_MOST)
		return fail(why, SDEX_ERR_INVALID, 0, "the rate is 1 to %u a second, not %u",
			    RATE_PER_SECOND_MOST, o->per_second);
	for (uint32_t i = 0; i < o->key_count; i++)
		for (uint32_t j = 0; j < i; j++)
			if (strcmp(o->keys[i].name, o->keys[j].name) == 0)
				return fail(why, SDEX_ERR_DUPLICATE, 0,
					    "two keystores have the key name %s: make one of them "
					    "anew under another name",
					    o->keys[i].name);
	return SDEX_OK;
}

enum sdex_error desk_open(struct desk **out, const struct desk_options *options,
			  const struct desk_time *now, struct sdex_failure *why)
{
	enum sdex_error error = check_options(options, why);
	if (error)
		return error;
	struct desk *desk = calloc(1, sizeof *desk);
	if (!desk || !(desk->arena = sdex_arena_new(ARENA_LIMIT))) {
		free(desk);
		return fail(why, SDEX_ERR_NOMEM, 0, "memory for the signer is out");
	}
	memcpy(desk->keys, options->keys, options->key_count * sizeof *options->keys);
	desk->key_count = options->key_count;
	desk->network =
		sdex_network_id(options->network_passphrase, strlen(options->network_passphrase));
	desk->rate = rate_start(options->per_second, now->steady_ms);
	error = write_policy(desk, options, why);
	if (!error)
		error = audit_open(&desk->audit, options->audit, learn, desk, why);
	if (!error)
		error = log_start(desk, now->now_ms, why);
	if (error) {
		audit_close(desk->audit);
		desk->audit = NULL;
		desk_close(desk, now->now_ms);
		return error;
	}
	*out = desk;
	return SDEX_OK;
}

void desk_close(struct desk *desk, int64_t now_ms)
{
	if (!desk)
		return;
	if (desk->audit) {
		struct audit_record record = record_of(desk, AUDIT_STOP, now_ms);
		struct sdex_failure why;
		/* Without it the log is as good: the next start stands for it. */
		if (audit_append(desk->audit, &record, &why) == SDEX_OK &&
		    audit_sync(desk->audit, &why))
			fprintf(stderr, "sdex-signer: %s\n", why.text);
	}
	audit_close(desk->audit);
	signed_before_free(&desk->before);
	sdex_arena_free(desk->arena);
	free(desk);
}

const char *desk_policy(const struct desk *desk)
{
	return desk->policy;
}

const struct audit *desk_audit(const struct desk *desk)
{
	return desk->audit;
}
