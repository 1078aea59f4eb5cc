/* stellar/test_handmade.c - values made by hand, with a NULL where a part has to be, or a
 * number where an arm is chosen that the schema does not have: refused, never followed.
 *
 * Random operations and transactions, of every type, lose each of their pointers in turn. */
#include "../../tests/oracle/sdex_build.h"
#include "sdex/address.h"
#include "sdex/asset.h"
#include "sdex/ids.h"
#include "sdex/predicate.h"
#include "sdex/signature.h"
#include "stellar/payload.h"
#include "stellar/sampling.h"
#include "xdr/describe.h"

#define SAMPLES 40u
#define SLOTS_MAX 20000u
#define NO_SUCH_TYPE 0x7fff0000

enum slot_kind {
	SLOT_PART,     /* a pointer that has to be there */
	SLOT_OPTIONAL, /* one that may be NULL */
	SLOT_CHOICE,   /* the number that chooses an arm, or an enum's */
};

/* A place in a value that a hand could spoil. */
struct slot {
	enum slot_kind kind;
	uint16_t owner; /* the type it lies in */
	void *at;
};

static struct slot slots[SLOTS_MAX];
static size_t slot_count;

static void collect(uint16_t owner, uint16_t id, void *value);

static void put_slot(enum slot_kind kind, uint16_t owner, void *at)
{
	assert_true(slot_count < SLOTS_MAX);
	slots[slot_count++] = (struct slot){kind, owner, at};
}

static void *pointer_at(const void *at)
{
	void *pointer;
	memcpy(&pointer, at, sizeof pointer);
	return pointer;
}

static void collect_elements(uint16_t owner, uint16_t element, void *items, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		collect(owner, element, (char *)items + (size_t)i * describe_types[element].size);
}

static void collect_member(uint16_t owner, uint16_t index, void *whole)
{
	const struct describe_member *m = &describe_members[index];
	void *at = (char *)whole + m->offset;
	if (!m->pointer) {
		collect(owner, m->type, at);
		return;
	}
	put_slot(SLOT_PART, owner, at);
	collect(owner, m->type, pointer_at(at));
}

/* In a list or in bytes, the pointer stands first and the length behind it. */
static uint32_t length_at(const void *at)
{
	struct describe_list list;
	memcpy(&list, at, sizeof list);
	return list.count;
}

static void collect(uint16_t owner, uint16_t id, void *value)
{
	const struct describe_type *type = &describe_types[id];
	const struct describe_case *found;
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_INT:
	case DESCRIBE_UINT:
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
	case DESCRIBE_BOOL:
	case DESCRIBE_OPAQUE:
		return;
	case DESCRIBE_ENUM:
		put_slot(SLOT_CHOICE, owner, value);
		return;
	case DESCRIBE_BYTES:
	case DESCRIBE_STRING:
		if (length_at(value))
			put_slot(SLOT_PART, owner, value);
		return;
	case DESCRIBE_ARRAY:
		collect_elements(id, type->element, value, type->bound);
		return;
	case DESCRIBE_LIST:
		if (length_at(value))
			put_slot(SLOT_PART, owner, value);
		collect_elements(id, type->element, pointer_at(value), length_at(value));
		return;
	case DESCRIBE_OPTIONAL:
		if (!pointer_at(value))
			return;
		put_slot(SLOT_OPTIONAL, owner, value);
		collect(id, type->element, pointer_at(value));
		return;
	case DESCRIBE_STRUCT:
		for (uint16_t i = 0; i < type->count; i++)
			collect_member(id, (uint16_t)(type->first + i), value);
		return;
	case DESCRIBE_UNION:
		put_slot(SLOT_CHOICE, id, value);
		found = describe_find_case(type, describe_get_int(value));
		if (found && found->member != DESCRIBE_NONE)
			collect_member(id, found->member, value);
		return;
	}
}

static void collect_all(enum sdex_type type, void *value)
{
	slot_count = 0;
	collect((uint16_t)type, (uint16_t)type, value);
}

/* Spoils a slot; `kept` is what it held. */
static void spoil(const struct slot *slot, uint8_t kept[8])
{
	static const int32_t none = NO_SUCH_TYPE;
	static void *const null;
	size_t size = slot->kind == SLOT_CHOICE ? sizeof none : sizeof null;
	memcpy(kept, slot->at, size);
	memcpy(slot->at, slot->kind == SLOT_CHOICE ? (const void *)&none : (const void *)&null,
	       size);
}

static void mend(const struct slot *slot, const uint8_t kept[8])
{
	memcpy(slot->at, kept, slot->kind == SLOT_CHOICE ? sizeof(int32_t) : sizeof(void *));
}

/* What a spoilt value has to be answered with, by what looks at all of it. */
static void answered(const struct slot *slot, enum sdex_error error, const struct sdex_failure *why)
{
	if (slot->kind == SLOT_PART && error != SDEX_ERR_INVALID)
		fail_msg("a NULL in %s gave %s, not INVALID: %s",
			 describe_name(describe_types[slot->owner].name), sdex_error_name(error),
			 why->text);
	if (slot->kind == SLOT_CHOICE && error == SDEX_OK)
		fail_msg("an unknown number in %s was taken",
			 describe_name(describe_types[slot->owner].name));
}

/* What build_again follows itself to call a constructor, or does not hand on to it. */
static bool is_kept_by_build(const struct slot *slot)
{
	return slot->owner == SDEX_TYPE_ExtensionPoint || slot->owner == SDEX_TYPE_OperationBody ||
	       slot->owner == SDEX_TYPE_RevokeSponsorshipOp ||
	       slot->owner == SDEX_TYPE_LiquidityPoolParameters;
}

static void operations_lose_their_parts(void **state)
{
	(void)state;
	struct sampler s = {.rng = {1}, .arena = sdex_arena_new(0)};
	struct sdex_arena *other = sdex_arena_new(0);
	for (uint32_t i = 0; i < SAMPLES * 27; i++) {
		sdex_arena_reset(s.arena);
		sdex_Operation op = sample_operation(&s, (sdex_OperationType)(i % 27));
		collect_all(SDEX_TYPE_Operation, &op);
		for (size_t k = 0; k < slot_count; k++) {
			struct sdex_failure why = {.text = ""};
			sdex_Operation out = {.body.type = SDEX_INFLATION};
			uint8_t kept[8];
			sdex_arena_reset(other);
			spoil(&slots[k], kept);
			answered(&slots[k], sdex_op_check(&op, NULL, NULL, &why), &why);
			(void)sdex_op_threshold(&op);
			if (!is_kept_by_build(&slots[k]))
				answered(&slots[k], build_again(&out, other, &op, &why), &why);
			mend(&slots[k], kept);
		}
	}
	sdex_arena_free(s.arena);
	sdex_arena_free(other);
}

static struct sdex_arena *scratch;
static struct sdex_secret secret;
static const struct sdex_secret *const keys[] = {&secret};
static sdex_Hash network;

/* What makes an envelope of a transaction. */
static void make_of(const struct slot *slot, const sdex_Transaction *tx)
{
	struct sdex_failure why = {.text = ""};
	sdex_TransactionEnvelope out;
	char text[64];
	answered(slot, sdex_tx_make(&out, scratch, tx, NULL, &why), &why);
	answered(slot,
		 sdex_tx_seal(text, sizeof text, NULL, NULL, scratch, tx, &network, keys, 1, NULL,
			      &why),
		 &why);
	enum sdex_error error = sdex_tx_make_v0(&out, scratch, tx, NULL, &why);
	if (error != SDEX_ERR_MALFORMED) /* v0 cannot say all that v1 can */
		answered(slot, error, &why);
}

/* What reads an envelope, and what signs one: that they end, and do not crash. */
static void read_all(sdex_TransactionEnvelope *envelope)
{
	struct sdex_failure why;
	struct sdex_auth *auth;
	struct sdex_bytes payload;
	sdex_TransactionEnvelope out;
	sdex_Hash hash;
	const sdex_MuxedAccount payer = {.type = SDEX_KEY_TYPE_ED25519};
	const sdex_DecoratedSignature more = {.signature = {NULL, 4}};
	static char text[1 << 20];
	sdex_DecoratedSignature_list *list = payload_signatures(envelope), old = {NULL, 0};
	if (list)
		old = *list;
	(void)!sdex_tx_hash(&hash, scratch, envelope, &network, &why);
	(void)!sdex_tx_payload(&payload, scratch, envelope, &network, &why);
	(void)!sdex_tx_auth(&auth, scratch, envelope, &network, NULL, 0, &why);
	(void)!sdex_tx_to_base64(text, sizeof text, NULL, envelope, &why);
	(void)!sdex_tx_sign_base64(text, sizeof text, NULL, NULL, scratch, envelope, &network, keys,
				   1, &why);
	(void)!sdex_tx_to_v1(&out, scratch, envelope);
	(void)!sdex_tx_make_fee_bump(&out, scratch, &payer, sdex_stroops(INT64_MAX), envelope, NULL,
				     &why);
	sdex_Operation_list operations = sdex_tx_operations(envelope);
	assert_true(operations.count <= 100);
	(void)sdex_tx_source(envelope);
	(void)sdex_tx_sequence(envelope);
	(void)sdex_tx_memo(envelope);
	(void)sdex_tx_signatures(envelope);
	if (!sdex_tx_sign(envelope, scratch, &network, keys, 1, &why) && list)
		*list = old;
	if (!sdex_tx_sign_hash_x(envelope, scratch, (const uint8_t *)"open", 4, &why) && list)
		*list = old;
	assert_int_not_equal(sdex_tx_sign_hash_x(envelope, scratch, NULL, 4, &why), SDEX_OK);
	assert_int_not_equal(sdex_tx_add_signature(envelope, scratch, &more, &why), SDEX_OK);
	assert_int_not_equal(sdex_tx_sign_payload(envelope, scratch, &secret, more.signature, &why),
			     SDEX_OK);
}

static void transactions_lose_their_parts(void **state)
{
	(void)state;
	struct sampler s = {.rng = {2}, .arena = sdex_arena_new(0)};
	for (uint32_t i = 0; i < SAMPLES; i++) {
		sdex_arena_reset(s.arena);
		sdex_TransactionEnvelope envelope = sample_envelope(&s, &network, false);
		collect_all(SDEX_TYPE_TransactionEnvelope, &envelope);
		size_t step = slot_count / 200 + 1; /* of large ones, some */
		for (size_t k = 0; k < slot_count; k += k < 20 ? 1 : step) {
			struct sdex_failure why = {.text = ""};
			uint8_t kept[8];
			sdex_arena_reset(scratch);
			spoil(&slots[k], kept);
			answered(&slots[k], sdex_tx_check(&envelope, NULL, &why), &why);
			read_all(&envelope);
			mend(&slots[k], kept);
		}
	}
	sdex_arena_free(s.arena);
}

static void making_of_parts_that_are_not_there(void **state)
{
	(void)state;
	struct sampler s = {.rng = {3}, .arena = sdex_arena_new(0)};
	for (uint32_t i = 0; i < SAMPLES; i++) {
		sdex_arena_reset(s.arena);
		sdex_Transaction tx = sample_transaction(&s, false);
		collect_all(SDEX_TYPE_Transaction, &tx);
		size_t step = slot_count / 100 + 1;
		for (size_t k = 0; k < slot_count; k += k < 20 ? 1 : step) {
			uint8_t kept[8];
			sdex_arena_reset(scratch);
			spoil(&slots[k], kept);
			make_of(&slots[k], &tx);
			mend(&slots[k], kept);
		}
	}
	sdex_arena_free(s.arena);
}

/* Entries of accounts, for the counting of signatures. */
static void accounts_lose_their_parts(void **state)
{
	(void)state;
	struct sampler s = {.rng = {4}, .arena = scratch};
	sdex_TransactionEnvelope envelope = sample_envelope(&s, &network, false);
	sdex_SignerKeyEd25519SignedPayload payload = {.payload = {(const uint8_t *)"x", 1}};
	sdex_Signer signer = {.key = {.type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD,
				      .ed25519SignedPayload = &payload}};
	sdex_MuxedAccount source = sdex_tx_source(&envelope);
	sdex_AccountEntry entry = {.accountID = sdex_muxed_account(&source),
				   .signers = {&signer, 1}};
	const sdex_AccountEntry *list[] = {&entry, NULL};
	struct sdex_failure why;
	struct sdex_auth *auth = NULL;
	assert_int_equal(sdex_tx_auth(&auth, scratch, &envelope, &network, list, 1, &why), SDEX_OK);
	assert_int_equal(sdex_tx_auth(&auth, scratch, &envelope, &network, list, 2, &why),
			 SDEX_ERR_INVALID);
	assert_int_equal(sdex_tx_auth(&auth, scratch, &envelope, &network, NULL, 1, &why),
			 SDEX_ERR_INVALID);
	collect_all(SDEX_TYPE_AccountEntry, &entry);
	assert_true(slot_count > 4);
	for (size_t k = 0; k < slot_count; k++) {
		uint8_t kept[8];
		spoil(&slots[k], kept);
		answered(&slots[k],
			 sdex_tx_auth(&auth, scratch, &envelope, &network, list, 1, &why), &why);
		mend(&slots[k], kept);
	}
}

/* What tells lengths and pointers apart from rules, on the laws of rules themselves. */
static void assets_without_an_arm_are_none(void **state)
{
	(void)state;
	const sdex_Asset asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12};
	const sdex_ChangeTrustAsset line = {.type = SDEX_ASSET_TYPE_POOL_SHARE};
	sdex_TrustLineAsset made;
	const sdex_TrustLineAsset trust = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12};
	const sdex_SignerKey signer = {.type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD};
	const sdex_ClaimPredicate predicate = {.type = SDEX_CLAIM_PREDICATE_AND,
					       .andPredicates = {NULL, 2}};
	sdex_HostFunction function;
	sdex_PoolID pool;
	char text[SDEX_STRKEY_ROOM];
	uint8_t hint[4] = {1, 1, 1, 1};
	bool holds;
	assert_false(sdex_asset_valid(&asset));
	assert_int_equal(sdex_asset_print(text, sizeof text, NULL, &asset), SDEX_ERR_INVALID);
	assert_int_equal(sdex_trustline_asset_print(text, sizeof text, NULL, &trust),
			 SDEX_ERR_INVALID);
	assert_int_equal(sdex_trustline_asset_of(&made, &line), SDEX_ERR_INVALID);
	assert_int_equal(sdex_pool_id(&pool, &asset, &asset), SDEX_ERR_INVALID);
	assert_int_equal(sdex_host_function_create_asset(&function, scratch, &asset),
			 SDEX_ERR_INVALID);
	assert_int_equal(sdex_signer_print(text, sizeof text, NULL, &signer), SDEX_ERR_INVALID);
	sdex_signer_hint(hint, &signer);
	assert_memory_equal(hint, "\0\0\0\0", 4);
	assert_int_equal(sdex_predicate_holds(&holds, &predicate, 0, 0, NULL), SDEX_ERR_MALFORMED);
	assert_int_equal(sdex_predicate_text(text, sizeof text, NULL, &predicate, NULL),
			 SDEX_ERR_MALFORMED);
}

static int open_scratch(void **state)
{
	(void)state;
	static const uint8_t seed[32] = {7};
	scratch = sdex_arena_new(0);
	sdex_secret_from_seed(&secret, seed);
	network = sdex_network_id("by hand", 7);
	return !scratch;
}

static int close_scratch(void **state)
{
	(void)state;
	sdex_arena_free(scratch);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations_lose_their_parts),
		cmocka_unit_test(transactions_lose_their_parts),
		cmocka_unit_test(making_of_parts_that_are_not_there),
		cmocka_unit_test(accounts_lose_their_parts),
		cmocka_unit_test(assets_without_an_arm_are_none),
	};
	return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
