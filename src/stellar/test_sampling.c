/* stellar/test_sampling.c - laws of all transactions, on random ones. */
#include "sdex/signature.h"
#include "stellar/sampling.h"

#define SAMPLES 1500

static bool inflates(const sdex_TransactionEnvelope *envelope)
{
	sdex_Operation_list operations = sdex_tx_operations(envelope);
	for (uint32_t i = 0; i < operations.count; i++)
		if (operations.items[i].body.type == SDEX_INFLATION)
			return true;
	return false;
}

/* What the schema calls the signature payload, the long way round. */
static sdex_Hash hash_by_schema(struct sdex_arena *arena, const sdex_TransactionEnvelope *envelope,
				const sdex_Hash *network)
{
	sdex_TransactionEnvelope v1;
	size_t size;
	sdex_Hash hash;
	assert_int_equal(sdex_tx_to_v1(&v1, arena, envelope), SDEX_OK);
	sdex_TransactionSignaturePayload payload = {.networkId = *network,
						    .taggedTransaction = {.type = v1.type}};
	if (v1.type == SDEX_ENVELOPE_TYPE_TX)
		payload.taggedTransaction.tx = &v1.v1->tx;
	else
		payload.taggedTransaction.feeBump = &v1.feeBump->tx;
	assert_int_equal(
		sdex_xdr_size(SDEX_TYPE_TransactionSignaturePayload, &size, &payload, NULL), 0);
	uint8_t *bytes = sdex_arena_alloc(arena, size);
	assert_int_equal(
		sdex_TransactionSignaturePayload_encode(bytes, size, &size, &payload, NULL), 0);
	sdex_sha256(hash.bytes, bytes, size);
	return hash;
}

static void laws_hold(struct sampler *s, const sdex_TransactionEnvelope *envelope,
		      const sdex_Hash *network, uint32_t *kinds)
{
	struct sdex_failure why = {0};
	struct sdex_arena *arena = s->arena;
	sdex_TransactionEnvelope *again = NULL;
	sdex_Hash hash, signed_hash, expected = hash_by_schema(arena, envelope, network);
	size_t size, length;

	/* the rules: the same before and behind the wire */
	enum sdex_error error = sdex_tx_check(envelope, NULL, &why);
	if (inflates(envelope)) {
		assert_int_equal(error, SDEX_ERR_MALFORMED);
		assert_int_equal(why.rule, SDEX_RULE_OP_NOT_SUPPORTED);
	} else if (error) {
		fail_msg("%s", why.text);
	}
	assert_int_equal(sdex_xdr_size(SDEX_TYPE_TransactionEnvelope, &size, envelope, &why), 0);
	size_t room = SDEX_BASE64_LENGTH(size + 3 * 72) + 1;
	char *text = sdex_arena_alloc(arena, room), *other = sdex_arena_alloc(arena, room);
	assert_int_equal(sdex_tx_to_base64(text, room, &length, envelope, &why), 0);
	assert_int_equal(sdex_tx_from_base64(&again, arena, text, length, &why), 0);
	assert_true(sdex_TransactionEnvelope_equal(envelope, again));
	assert_int_equal(sdex_tx_check(again, NULL, NULL), error);

	/* the hash */
	assert_int_equal(sdex_tx_hash(&hash, arena, again, network, &why), 0);
	assert_memory_equal(&hash, &expected, 32);

	/* signing */
	struct sdex_secret secret[3];
	const struct sdex_secret *keys[3] = {&secret[0], &secret[1], &secret[2]};
	for (int i = 0; i < 3; i++) {
		uint8_t seed[32];
		seeded_fill(&s->rng, seed, sizeof seed);
		sdex_secret_from_seed(&secret[i], seed);
	}
	assert_int_equal(sdex_tx_sign_base64(text, room, &length, &signed_hash, arena, envelope,
					     network, keys, 3, &why),
			 0);
	assert_memory_equal(&signed_hash, &hash, 32);
	assert_int_equal(sdex_tx_sign(again, arena, network, keys, 3, &why), 0);
	assert_int_equal(sdex_tx_to_base64(other, room, &length, again, &why), 0);
	assert_string_equal(text, other);

	kinds[envelope->type]++;
}

static void random_transactions(void **state)
{
	(void)state;
	struct sampler s = {.rng = {1}, .arena = sdex_arena_new(0)};
	const sdex_Hash network = sdex_network_id("laws", 4);
	uint32_t kinds[6] = {0}, operations[27] = {0};
	for (int i = 0; i < SAMPLES; i++) {
		sdex_arena_reset(s.arena);
		sdex_TransactionEnvelope envelope = sample_envelope(&s, &network, i % 4 == 0);
		sdex_Operation_list list = sdex_tx_operations(&envelope);
		for (uint32_t k = 0; k < list.count; k++)
			operations[list.items[k].body.type]++;
		laws_hold(&s, &envelope, &network, kinds);
	}
	assert_true(kinds[SDEX_ENVELOPE_TYPE_TX_V0] > SAMPLES / 20);
	assert_true(kinds[SDEX_ENVELOPE_TYPE_TX] > SAMPLES / 4);
	assert_true(kinds[SDEX_ENVELOPE_TYPE_TX_FEE_BUMP] > SAMPLES / 8);
	for (int type = 0; type < 27; type++)
		assert_true(operations[type] > 10);
	sdex_arena_free(s.arena);
}

/* The same seed gives the same transactions, a different one others. */
static void seeds_repeat(void **state)
{
	(void)state;
	const sdex_Hash network = sdex_network_id("laws", 4);
	sdex_Hash hashes[3];
	for (uint64_t i = 0; i < 3; i++) {
		struct sampler s = {.rng = {i / 2}, .arena = sdex_arena_new(0)};
		for (int k = 0; k < 20; k++) {
			sdex_TransactionEnvelope envelope = sample_envelope(&s, &network, true);
			assert_int_equal(
				sdex_tx_hash(&hashes[i], s.arena, &envelope, &network, NULL),
				SDEX_OK);
		}
		sdex_arena_free(s.arena);
	}
	assert_memory_equal(&hashes[0], &hashes[1], 32);
	assert_memory_not_equal(&hashes[0], &hashes[2], 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_transactions),
		cmocka_unit_test(seeds_repeat),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
