/* bench/tx.c - from operations to the signed text that is sent, next to the bare
 * signature that libsodium needs for it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bench.h"
#include "sdex/signature.h"

struct state {
	struct sdex_arena *arena;
	struct sdex_secret secret;
	sdex_Hash network;
	sdex_MuxedAccount from, to;
	sdex_Asset asset;
	uint32_t operations;
	sdex_Hash hash;
	uint8_t signature[64];
};

static void must(enum sdex_error error)
{
	if (error) {
		fprintf(stderr, "bench: %s\n", sdex_error_text(error));
		exit(1);
	}
}

static void bare_signature(void *context, uint64_t count)
{
	struct state *s = context;
	for (uint64_t i = 0; i < count; i++) {
		memcpy(s->hash.bytes, &i, sizeof i);
		crypto_sign_detached(s->signature, NULL, s->hash.bytes, 32,
				     (const uint8_t *)&s->secret);
		bench_keep(s->signature);
	}
}

/* A payment, or as many offers as the transaction is to have operations. */
static void make_operations(const struct state *s, sdex_Operation *operations,
			    struct sdex_amount amount)
{
	const sdex_Asset lumens = {.type = SDEX_ASSET_TYPE_NATIVE};
	if (s->operations == 1) {
		must(sdex_op_payment(operations, s->arena, NULL, &s->to, &s->asset, amount, NULL));
		return;
	}
	for (uint32_t i = 0; i < s->operations; i++)
		must(sdex_op_manage_sell_offer(&operations[i], s->arena, NULL, &s->asset, &lumens,
					       amount, (sdex_Price){100 + (int32_t)i, 99}, i,
					       NULL));
}

static void build_and_sign(void *context, uint64_t count)
{
	static char text[SDEX_TX_TEXT_ROOM];
	static sdex_Operation operations[100];
	struct state *s = context;
	const struct sdex_secret *keys[1] = {&s->secret};
	for (uint64_t i = 0; i < count; i++) {
		size_t length;
		sdex_arena_reset(s->arena);
		make_operations(s, operations, sdex_stroops((int64_t)i + 1));
		const sdex_Transaction tx = {
			.sourceAccount = s->from,
			.fee = 100 * s->operations,
			.seqNum = (int64_t)i,
			.cond = sdex_preconditions_time(0, 1800000000),
			.operations = {operations, s->operations},
		};
		must(sdex_tx_seal(text, sizeof text, &length, &s->hash, s->arena, &tx, &s->network,
				  keys, 1, NULL, NULL));
		bench_keep(text);
	}
}

static void verify(void *context, uint64_t count)
{
	struct state *s = context;
	for (uint64_t i = 0; i < count; i++)
		must(sdex_verify(s->secret.public_key, s->signature, s->hash.bytes, 32));
}

/* The machine's speed drifts, so each ratio compares neighbours. */
static void compare(struct state *s, const char *what, uint32_t operations)
{
	char name[80];
	double alone = bench_rate("tx: bare signature", bare_signature, s);
	s->operations = operations;
	snprintf(name, sizeof name, "tx: build, sign, base64, %s", what);
	double whole = bench_rate(name, build_and_sign, s);
	snprintf(name, sizeof name, "tx: time, %s, of a bare signature", what);
	bench_print(name, alone / whole, "x");
	snprintf(name, sizeof name, "tx: allocations, %s", what);
	bench_allocations(name, build_and_sign, s);
}

int main(void)
{
	struct state s = {.arena = sdex_arena_new(0),
			  .asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4,
				    .alphaNum4 = {.assetCode = {"USD"}}}};
	uint8_t seed[32] = {1};
	sdex_AccountID account = {0};
	sdex_secret_from_seed(&s.secret, seed);
	memcpy(account.ed25519.bytes, s.secret.public_key, 32);
	s.from = s.to = sdex_muxed(&account);
	s.network = sdex_network_id(SDEX_PASSPHRASE_TESTNET, strlen(SDEX_PASSPHRASE_TESTNET));
	compare(&s, "a payment", 1);
	compare(&s, "20 offers", 20);
	sdex_sign(&s.secret, s.signature, s.hash.bytes, 32);
	bench_rate("tx: verify", verify, &s);
	sdex_arena_free(s.arena);
	return 0;
}
