/* tests/oracle/sdex_oracle.c - libsdex makes transactions for the other SDKs to hash
 * and sign.
 *
 *	sdex_oracle make tx SEED COUNT
 *
 * prints COUNT questions of the kind `tx` (README.md), for a seed the same ones again:
 * NETWORK is one of four passphrases, ENVELOPE v0, v1 or a fee bump around a signed
 * transaction, SIGNERS 0 to 4 of all three kinds.  The transactions are those of
 * stellar/sampling.h: all operations, memos, preconditions and credentials, made by the
 * library's constructors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "sdex/signature.h"
#include "stellar/sampling.h"

static void print_signer(struct sampler *s)
{
	char text[SDEX_SECRET_ROOM], hex[129];
	uint8_t seed[32], data[64];
	struct sdex_secret secret;
	size_t size = 1 + seeded_below(&s->rng, sizeof data);
	uint64_t kind = seeded_below(&s->rng, 8);
	seeded_fill(&s->rng, seed, sizeof seed);
	seeded_fill(&s->rng, data, size);
	sdex_secret_from_seed(&secret, seed);
	sdex_secret_print(text, &secret);
	CHECK(!sdex_hex_encode(hex, sizeof hex, NULL, data, size));
	if (kind == 0)
		printf("x:%s", hex);
	else if (kind == 1)
		printf("p:%s:%s", text, hex);
	else
		printf("%s", text);
}

static void print_question(struct sampler *s)
{
	static const char *const networks[] = {SDEX_PASSPHRASE_PUBLIC, SDEX_PASSPHRASE_TESTNET,
					       SDEX_PASSPHRASE_FUTURENET,
					       SDEX_PASSPHRASE_STANDALONE};
	const char *network = networks[seeded_below(&s->rng, 4)];
	sdex_Hash id = sdex_network_id(network, strlen(network));
	sdex_TransactionEnvelope envelope = sample_envelope(s, &id, true);
	size_t size, length;
	CHECK(!sdex_xdr_size(SDEX_TYPE_TransactionEnvelope, &size, &envelope, NULL));
	size_t room = SDEX_BASE64_LENGTH(size) + 1;
	char *text = sdex_arena_alloc(s->arena, room);
	CHECK(text && !sdex_tx_to_base64(text, room, &length, &envelope, NULL));
	printf("tx\t%s\t%s\t", network, text);
	uint64_t signers = seeded_below(&s->rng, 5);
	for (uint64_t i = 0; i < signers; i++) {
		if (i)
			putchar(' ');
		print_signer(s);
	}
	putchar('\n');
}

int main(int count, char **words)
{
	if (count != 5 || strcmp(words[1], "make") || strcmp(words[2], "tx")) {
		fputs("usage: sdex_oracle make tx SEED COUNT\n", stderr);
		return 2;
	}
	struct sampler s = {.rng = {strtoull(words[3], NULL, 10)}, .arena = sdex_arena_new(0)};
	CHECK(s.arena);
	for (unsigned long i = strtoul(words[4], NULL, 10); i > 0; i--) {
		sdex_arena_reset(s.arena);
		print_question(&s);
	}
	sdex_arena_free(s.arena);
	return 0;
}
