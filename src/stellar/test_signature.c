/* stellar/test_signature.c - signatures, their hints, and the text that is sent. */
#include "base/testing.h"
#include "base/testing_allocations.h"
#include "sdex/signature.h"

static struct sdex_arena *arena;
static struct sdex_failure why;
static struct sdex_secret keys[21];
static const struct sdex_secret *key_list[21];
static sdex_Hash network;
static sdex_Operation operations[20];
static sdex_Transaction tx;

static int set_up(void **state)
{
	(void)state;
	const sdex_Asset xlm = {.type = SDEX_ASSET_TYPE_NATIVE};
	arena = sdex_arena_new(0);
	network = sdex_network_id(SDEX_PASSPHRASE_TESTNET, strlen(SDEX_PASSPHRASE_TESTNET));
	for (uint8_t i = 0; i < 21; i++) {
		uint8_t seed[32] = {i};
		sdex_secret_from_seed(&keys[i], seed);
		key_list[i] = &keys[i];
	}
	sdex_AccountID account = {0};
	memcpy(account.ed25519.bytes, keys[0].public_key, 32);
	const sdex_MuxedAccount source = sdex_muxed(&account);
	for (int i = 0; i < 20; i++)
		assert_int_equal(sdex_op_payment(&operations[i], arena, NULL, &source, &xlm,
						 sdex_stroops(i + 1), &why),
				 SDEX_OK);
	tx = (sdex_Transaction){
		.sourceAccount = source, .fee = 2000, .seqNum = 1, .operations = {operations, 1}};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sdex_arena_free(arena);
	return 0;
}

static sdex_TransactionEnvelope made(void)
{
	sdex_TransactionEnvelope envelope;
	if (sdex_tx_make(&envelope, arena, &tx, NULL, &why))
		fail_msg("%s", why.text);
	return envelope;
}

/* Decodes the text and checks that signature i is key i's, for the hash. */
static void signed_by(const char *text, size_t length, const sdex_Hash *hash, uint32_t count)
{
	sdex_TransactionEnvelope *envelope = NULL;
	sdex_Hash again;
	assert_int_equal(sdex_tx_from_base64(&envelope, arena, text, length, &why), SDEX_OK);
	assert_int_equal(sdex_tx_hash(&again, arena, envelope, &network, &why), SDEX_OK);
	assert_memory_equal(&again, hash, 32);
	sdex_DecoratedSignature_list list = sdex_tx_signatures(envelope);
	assert_int_equal(list.count, count);
	for (uint32_t i = 0; i < count; i++) {
		assert_memory_equal(list.items[i].hint.bytes, keys[i].public_key + 28, 4);
		assert_int_equal(list.items[i].signature.size, 64);
		assert_int_equal(sdex_verify(keys[i].public_key, list.items[i].signature.data,
					     hash->bytes, 32),
				 SDEX_OK);
	}
}

/* One way and the other way give the same text. */
static void the_short_way_is_the_long_way(void **state)
{
	(void)state;
	const sdex_MuxedAccount payer = sdex_muxed_with_id(&(sdex_AccountID){0}, 4);
	for (int kind = 0; kind < 3; kind++) {
		for (uint32_t count = 0; count <= 20; count += 5) {
			char text[4096], other[4096];
			size_t length = 0, other_length = 0;
			sdex_Hash hash;
			sdex_TransactionEnvelope envelope = made();
			if (kind == 1)
				assert_int_equal(sdex_tx_make_v0(&envelope, arena, &tx, NULL, &why),
						 SDEX_OK);
			if (kind == 2) {
				assert_int_equal(
					sdex_tx_sign(&envelope, arena, &network, key_list, 3, &why),
					SDEX_OK);
				assert_int_equal(sdex_tx_make_fee_bump(&envelope, arena, &payer,
								       sdex_stroops(100000),
								       &envelope, NULL, &why),
						 SDEX_OK);
			}
			assert_int_equal(sdex_tx_sign_base64(text, sizeof text, &length, &hash,
							     arena, &envelope, &network, key_list,
							     count, &why),
					 SDEX_OK);
			assert_int_equal(length, strlen(text));
			assert_int_equal(sdex_tx_signatures(&envelope).count, 0);
			signed_by(text, length, &hash, count);
			assert_int_equal(
				sdex_tx_sign(&envelope, arena, &network, key_list, count, &why),
				SDEX_OK);
			assert_int_equal(sdex_tx_to_base64(other, sizeof other, &other_length,
							   &envelope, &why),
					 SDEX_OK);
			assert_string_equal(text, other);
			if (kind == 0) {
				assert_int_equal(sdex_tx_seal(other, sizeof other, &other_length,
							      NULL, arena, &tx, &network, key_list,
							      count, NULL, &why),
						 SDEX_OK);
				assert_string_equal(text, other);
			}
		}
	}
}

static void signatures_are_appended(void **state)
{
	(void)state;
	char text[4096];
	size_t length = 0;
	sdex_Hash hash;
	sdex_TransactionEnvelope envelope = made();
	for (uint32_t i = 0; i < 18; i++)
		assert_int_equal(sdex_tx_sign(&envelope, arena, &network, key_list + i, 1, &why),
				 SDEX_OK);
	assert_int_equal(sdex_tx_sign_base64(text, sizeof text, &length, &hash, arena, &envelope,
					     &network, key_list + 18, 2, &why),
			 SDEX_OK);
	signed_by(text, length, &hash, 20);
	assert_int_equal(sdex_tx_sign_base64(text, sizeof text, &length, &hash, arena, &envelope,
					     &network, key_list + 18, 3, &why),
			 SDEX_ERR_MALFORMED);
	assert_int_equal(why.rule, SDEX_RULE_TX_SIGNATURES_MANY);
	assert_int_equal(sdex_tx_sign(&envelope, arena, &network, key_list, 3, &why),
			 SDEX_ERR_MALFORMED);
	assert_int_equal(sdex_tx_signatures(&envelope).count, 18);
	assert_int_equal(sdex_tx_sign(&envelope, arena, &network, key_list + 18, 2, &why), SDEX_OK);
	const sdex_DecoratedSignature one = sdex_tx_signatures(&envelope).items[0];
	assert_int_equal(sdex_tx_add_signature(&envelope, arena, &one, &why), SDEX_ERR_MALFORMED);
	envelope.v1->signatures.count = UINT32_MAX;
	assert_int_equal(sdex_tx_add_signature(&envelope, arena, &one, &why), SDEX_ERR_MALFORMED);
}

static void room_is_respected(void **state)
{
	(void)state;
	char text[1024];
	size_t length = 77, whole;
	sdex_Hash hash = {{5}};
	assert_int_equal(sdex_tx_seal(text, sizeof text, &whole, NULL, arena, &tx, &network,
				      key_list, 1, NULL, &why),
			 SDEX_OK);
	for (size_t room = 0; room <= whole; room++) {
		text[room] = '#';
		assert_int_equal(sdex_tx_seal(text, room, &length, &hash, arena, &tx, &network,
					      key_list, 1, NULL, &why),
				 SDEX_ERR_SPACE);
		assert_int_equal(text[room], '#');
	}
	assert_int_equal(length, 77);
	assert_int_equal(hash.bytes[0], 5);
	assert_int_equal(sdex_tx_seal(text, whole + 1, &length, &hash, arena, &tx, &network,
				      key_list, 1, NULL, &why),
			 SDEX_OK);
	tx.fee = 1;
	assert_int_equal(sdex_tx_seal(text, whole + 1, &length, &hash, arena, &tx, &network,
				      key_list, 1, NULL, &why),
			 SDEX_ERR_MALFORMED);
	assert_int_equal(why.rule, SDEX_RULE_TX_FEE);
}

static void other_signers(void **state)
{
	(void)state;
	sdex_TransactionEnvelope envelope = made();
	uint8_t preimage[65] = "open sesame", hash[32], hint[4];
	struct sdex_bytes payload = {(const uint8_t *)"\x01\x02\x03\x04\x05\x06", 6};
	sdex_SignerKeyEd25519SignedPayload signed_payload = {.payload = payload};
	memcpy(signed_payload.ed25519.bytes, keys[1].public_key, 32);
	const sdex_SignerKey payload_key = {.type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD,
					    .ed25519SignedPayload = &signed_payload};

	assert_int_equal(sdex_tx_sign_hash_x(&envelope, arena, preimage, 11, &why), SDEX_OK);
	sdex_sha256(hash, preimage, 11);
	sdex_DecoratedSignature last = sdex_tx_signatures(&envelope).items[0];
	assert_memory_equal(last.hint.bytes, hash + 28, 4);
	assert_int_equal(last.signature.size, 11);
	assert_memory_equal(last.signature.data, preimage, 11);
	const sdex_SignerKey hash_key = sdex_signer_hash_x(hash);
	sdex_signer_hint(hint, &hash_key);
	assert_memory_equal(hint, hash + 28, 4);
	assert_int_equal(sdex_tx_sign_hash_x(&envelope, arena, preimage, 0, &why), SDEX_OK);
	assert_int_equal(sdex_tx_sign_hash_x(&envelope, arena, preimage, 64, &why), SDEX_OK);
	assert_int_equal(sdex_tx_sign_hash_x(&envelope, arena, preimage, 65, &why),
			 SDEX_ERR_LENGTH);

	assert_int_equal(sdex_tx_sign_payload(&envelope, arena, &keys[1], payload, &why), SDEX_OK);
	last = sdex_tx_signatures(&envelope).items[3];
	assert_int_equal(sdex_verify(keys[1].public_key, last.signature.data, payload.data, 6),
			 SDEX_OK);
	sdex_signer_hint(hint, &payload_key);
	assert_memory_equal(last.hint.bytes, hint, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(hint[i], keys[1].public_key[28 + i] ^ (3 + i));
	/* a payload of under four bytes: zeros behind it (CAP-40) */
	signed_payload.payload.size = 3;
	sdex_signer_hint(hint, &payload_key);
	for (int i = 0; i < 3; i++)
		assert_int_equal(hint[i], keys[1].public_key[28 + i] ^ (1 + i));
	assert_int_equal(hint[3], keys[1].public_key[31]);
	payload.size = 0;
	assert_int_equal(sdex_tx_sign_payload(&envelope, arena, &keys[1], payload, &why),
			 SDEX_ERR_LENGTH);
	payload = (struct sdex_bytes){preimage, 65};
	assert_int_equal(sdex_tx_sign_payload(&envelope, arena, &keys[1], payload, &why),
			 SDEX_ERR_LENGTH);

	last.signature.size = 65;
	assert_int_equal(sdex_tx_add_signature(&envelope, arena, &last, &why), SDEX_ERR_LENGTH);
	sdex_DecoratedSignature none = {.hint = {{1, 2, 3, 4}}};
	assert_int_equal(sdex_tx_add_signature(&envelope, arena, &none, &why), SDEX_OK);
	assert_int_equal(sdex_tx_signatures(&envelope).count, 5);

	/* signatures of every length survive the text */
	char text[4096], other[4096];
	size_t length;
	assert_int_equal(sdex_tx_sign_base64(text, sizeof text, &length, NULL, arena, &envelope,
					     &network, NULL, 0, &why),
			 SDEX_OK);
	assert_int_equal(sdex_tx_to_base64(other, sizeof other, &length, &envelope, &why), SDEX_OK);
	assert_string_equal(text, other);
	envelope.v1->signatures.items[2].signature.size = 65;
	assert_int_equal(sdex_tx_sign_base64(text, sizeof text, &length, NULL, arena, &envelope,
					     &network, NULL, 0, &why),
			 SDEX_ERR_LENGTH);

	const sdex_SignerKey plain = sdex_signer_ed25519(keys[2].public_key);
	sdex_signer_hint(hint, &plain);
	assert_memory_equal(hint, keys[2].public_key + 28, 4);
	const sdex_SignerKey pre_auth = sdex_signer_pre_auth_tx(&network);
	sdex_signer_hint(hint, &pre_auth);
	assert_memory_equal(hint, network.bytes + 28, 4);
	assert_memory_equal(&pre_auth.preAuthTx, &network, 32);
}

static void no_memory_is_told(void **state)
{
	(void)state;
	char text[1024];
	size_t length;
	sdex_TransactionEnvelope envelope = made();
	struct sdex_arena *small = sdex_arena_new(100);
	assert_int_equal(sdex_tx_sign_base64(text, sizeof text, &length, NULL, small, &envelope,
					     &network, key_list, 1, &why),
			 SDEX_ERR_NOMEM);
	assert_int_equal(sdex_tx_sign(&envelope, small, &network, key_list, 1, &why),
			 SDEX_ERR_NOMEM);
	assert_int_equal(sdex_tx_sign_hash_x(&envelope, small, (const uint8_t *)"x", 1, &why),
			 SDEX_ERR_NOMEM);
	sdex_arena_free(small);
	operations[0].body.paymentOp = NULL;
	assert_int_equal(sdex_tx_sign_base64(text, sizeof text, &length, NULL, arena, &envelope,
					     &network, key_list, 1, &why),
			 SDEX_ERR_MISSING);
}

/* From operations to base64, nothing is taken from the system once the arena is warm. */
static void signing_allocates_nothing(void **state)
{
	(void)state;
	static char text[SDEX_TX_TEXT_ROOM];
	size_t length;
	unsigned long before = 0;
	const sdex_Asset xlm = {.type = SDEX_ASSET_TYPE_NATIVE};
	struct sdex_arena *own = sdex_arena_new(0);
	assert_true(allocations_watch());
	for (int round = 0; round < 20; round++) {
		if (round == 1)
			before = allocations;
		sdex_arena_reset(own);
		for (int i = 0; i < 20; i++)
			assert_int_equal(sdex_op_payment(&operations[i], own, &tx.sourceAccount,
							 &tx.sourceAccount, &xlm,
							 sdex_stroops(1 + i), &why),
					 SDEX_OK);
		tx.operations.count = 20;
		assert_int_equal(sdex_tx_seal(text, sizeof text, &length, NULL, own, &tx, &network,
					      key_list, 3, NULL, &why),
				 SDEX_OK);
	}
	assert_true(before > 0); /* the arena's own, in the first round: the counter counts */
	assert_int_equal(allocations, before);
	sdex_arena_free(own);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_short_way_is_the_long_way),
		TEST(signatures_are_appended),
		TEST(room_is_respected),
		TEST(other_signers),
		TEST(no_memory_is_told),
		TEST(signing_allocates_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
