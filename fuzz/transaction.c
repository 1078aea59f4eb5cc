/* fuzz/transaction.c - envelopes and results from anywhere: checked, hashed, signed,
 * judged and told, whatever they hold.  The first byte says which: 0 an envelope, 't' an
 * envelope in base64, else a result. */
#include <string.h>

#include "base/check.h"
#include "sdex/bytes.h"
#include "sdex/result.h"
#include "sdex/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void sign(struct sdex_arena *arena, const sdex_TransactionEnvelope *envelope,
		 const sdex_Hash *network, const sdex_Hash *hash)
{
	static const uint8_t seed[32] = {1};
	struct sdex_secret secret;
	const struct sdex_secret *keys[1] = {&secret};
	sdex_TransactionEnvelope *back = NULL;
	sdex_Hash signed_hash, hash_back;
	size_t size, length;
	CHECK(sdex_xdr_size(SDEX_TYPE_TransactionEnvelope, &size, envelope, NULL) == SDEX_OK);
	size_t room = SDEX_BASE64_LENGTH(size + 72) + 1;
	char *text = sdex_arena_alloc(arena, room);
	CHECK(text);
	sdex_secret_from_seed(&secret, seed);
	if (sdex_tx_sign_base64(text, room, &length, &signed_hash, arena, envelope, network, keys,
				1, NULL))
		return; /* 20 signatures already */
	CHECK(memcmp(&signed_hash, hash, sizeof *hash) == 0);
	CHECK(sdex_tx_from_base64(&back, arena, text, length, NULL) == SDEX_OK);
	CHECK(sdex_tx_hash(&hash_back, arena, back, network, NULL) == SDEX_OK);
	CHECK(memcmp(&hash_back, hash, sizeof *hash) == 0);
	CHECK(sdex_tx_signatures(back).count == sdex_tx_signatures(envelope).count + 1);
}

static void judge(struct sdex_arena *arena, const sdex_TransactionEnvelope *envelope,
		  const sdex_Hash *network)
{
	static char text[1 << 16];
	struct sdex_auth *auth = NULL;
	size_t length;
	CHECK(sdex_tx_auth(&auth, arena, envelope, network, NULL, 0, NULL) == SDEX_OK);
	if (auth->code == SDEX_txSUCCESS)
		CHECK(auth->used == (1u << auth->signature_count) - 1);
	CHECK(sdex_auth_text(text, sizeof text, &length, auth, NULL) == SDEX_OK);
}

static void try_envelope(struct sdex_arena *arena, const uint8_t *data, size_t size)
{
	sdex_TransactionEnvelope *envelope = NULL, v1;
	const sdex_Hash network = {{7}};
	sdex_Hash hash, v1_hash;
	if (sdex_TransactionEnvelope_decode(&envelope, arena, data, size, NULL))
		return;
	for (uint32_t protocol = 17; protocol <= 28; protocol++) {
		const struct sdex_network_limits limits = {.protocol = protocol, .base_fee = 100};
		struct sdex_failure why = {0};
		enum sdex_error error = sdex_tx_check(envelope, &limits, &why);
		CHECK(error == SDEX_OK || error == SDEX_ERR_MALFORMED);
		if (error)
			CHECK(sdex_rule_by_number(why.rule));
	}
	CHECK(sdex_tx_hash(&hash, arena, envelope, &network, NULL) == SDEX_OK);
	CHECK(sdex_tx_to_v1(&v1, arena, envelope) == SDEX_OK);
	CHECK(sdex_tx_hash(&v1_hash, arena, &v1, &network, NULL) == SDEX_OK);
	CHECK(memcmp(&hash, &v1_hash, sizeof hash) == 0);
	CHECK(sdex_tx_check(envelope, NULL, NULL) == sdex_tx_check(&v1, NULL, NULL));
	sign(arena, envelope, &network, &hash);
	judge(arena, envelope, &network);
}

static void try_result(struct sdex_arena *arena, const uint8_t *data, size_t size)
{
	static char text[1 << 12];
	sdex_TransactionResult *result = NULL;
	size_t length;
	if (sdex_TransactionResult_decode(&result, arena, data, size, NULL))
		return;
	CHECK(sdex_result_code(result));
	sdex_OperationResult_list list = sdex_result_operations(result);
	for (uint32_t i = 0; i < list.count; i++)
		CHECK(sdex_op_result_code(&list.items[i]));
	enum sdex_error error = sdex_result_text(text, sizeof text, &length, result, NULL, NULL);
	CHECK((error == SDEX_OK) == (length < sizeof text));
	CHECK(strlen(text) < sizeof text);
}

/* An envelope as it travels is read when its base64 and its XDR are, and is written as the
 * same text. */
static void try_text(struct sdex_arena *arena, const char *text, size_t length)
{
	sdex_TransactionEnvelope *envelope = NULL;
	uint8_t *data = sdex_arena_alloc(arena, SDEX_BASE64_SIZE(length) + 1);
	char *again = sdex_arena_alloc(arena, length + 1);
	size_t size = 0, checked, again_length;
	CHECK(data && again);
	bool good =
		!sdex_base64_decode(data, SDEX_BASE64_SIZE(length), &size, text, length, NULL) &&
		!sdex_xdr_check(SDEX_TYPE_TransactionEnvelope, &checked, data, size, NULL, NULL) &&
		checked == size;
	CHECK(good == !sdex_tx_from_base64(&envelope, arena, text, length, NULL));
	if (!good)
		return;
	CHECK(sdex_tx_to_base64(again, length + 1, &again_length, envelope, NULL) == SDEX_OK);
	CHECK(again_length == length && memcmp(again, text, length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct sdex_arena *arena = sdex_arena_new((size_t)1 << 26);
	CHECK(arena);
	if (data[0] == 't')
		try_text(arena, (const char *)data + 1, size - 1);
	else if (data[0])
		try_result(arena, data + 1, size - 1);
	else
		try_envelope(arena, data + 1, size - 1);
	sdex_arena_free(arena);
	return 0;
}
