/* examples/sign_transaction.c - a payment of lumens on the test network: made, signed, printed.
 *
 * usage: SEED=S... sign_transaction DESTINATION AMOUNT SEQUENCE UNTIL
 *	DESTINATION  G... or M...
 *	AMOUNT       lumens, such as 12.5
 *	SEQUENCE     the sequence number of the source account, as Horizon's /accounts says it
 *	UNTIL        seconds since 1970 after which the payment can no longer happen
 *
 * The text it prints is what Horizon's POST /transactions and RPC's sendTransaction take. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sdex/address.h>
#include <sdex/amount.h>
#include <sdex/asset.h>
#include <sdex/ids.h>
#include <sdex/key.h>
#include <sdex/signature.h>
#include <sdex/transaction.h>

/* What the arguments say. */
struct order {
	const char *destination;
	const char *lumens;
	int64_t sequence;
	int64_t until;
};

/* Digits, and nothing else, to a number of at most INT64_MAX. */
static bool read_number(int64_t *number, const char *text)
{
	char *end;
	errno = 0;
	*number = strtoll(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0;
}

/* One payment, signed by `key`, as base64 in `text`. */
static enum sdex_error make(char *text, size_t room, sdex_Hash *hash, struct sdex_arena *arena,
			    const struct sdex_secret *key, const struct order *order,
			    struct sdex_failure *why)
{
	sdex_MuxedAccount to;
	struct sdex_amount amount;
	enum sdex_error error;
	error = sdex_muxed_parse(&to, order->destination, strlen(order->destination), why);
	if (!error)
		error = sdex_amount_parse(&amount, order->lumens, strlen(order->lumens), why);
	if (error)
		return error;

	/* The constructor refuses what the network would refuse, before it costs a fee. */
	sdex_Asset xlm = sdex_asset_native();
	sdex_Operation payment;
	error = sdex_op_payment(&payment, arena, NULL, &to, &xlm, amount, why);
	if (error)
		return error;

	sdex_AccountID source = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(source.ed25519.bytes, key->public_key, sizeof key->public_key);
	sdex_Transaction transaction = {
		.sourceAccount = sdex_muxed(&source),
		.fee = 100,
		.seqNum = order->sequence + 1,
		.cond = sdex_preconditions_time(0, (uint64_t)order->until),
		.memo = sdex_memo_text("sdex example", 12),
		.operations = {&payment, 1},
	};
	/* The network is part of what is signed: this is void on any other. */
	const char *passphrase = SDEX_PASSPHRASE_TESTNET;
	sdex_Hash network = sdex_network_id(passphrase, strlen(passphrase));
	return sdex_tx_seal(text, room, NULL, hash, arena, &transaction, &network, &key, 1, NULL,
			    why);
}

int main(int argc, char **argv)
{
	struct order order;
	const char *seed = getenv("SEED");
	if (argc != 5 || !seed || !read_number(&order.sequence, argv[3]) ||
	    order.sequence == INT64_MAX || !read_number(&order.until, argv[4])) {
		fprintf(stderr, "usage: SEED=S... sign_transaction DESTINATION AMOUNT SEQUENCE "
				"UNTIL\n");
		return 2;
	}
	order.destination = argv[1];
	order.lumens = argv[2];
	struct sdex_secret key;
	struct sdex_failure why = {.text = "memory is out"};
	if (sdex_secret_parse(&key, seed, strlen(seed), &why)) {
		fprintf(stderr, "SEED: %s\n", why.text);
		return 1;
	}
	struct sdex_arena *arena = sdex_arena_new(0);
	char text[SDEX_TX_TEXT_ROOM], id[SDEX_HASH_ROOM];
	sdex_Hash hash;
	int status = 1;
	if (!arena || make(text, sizeof text, &hash, arena, &key, &order, &why)) {
		fprintf(stderr, "%s\n", why.text);
	} else {
		sdex_hash_print(id, &hash);
		printf("hash     %s\nenvelope %s\n", id, text);
		status = 0;
	}
	sdex_arena_free(arena);
	sdex_secret_wipe(&key); /* no longer in memory than it is needed */
	return status;
}
