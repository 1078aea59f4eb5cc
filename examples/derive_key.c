/* examples/derive_key.c - from the words of a wallet to the address and the secret seed of
 * one of its accounts (SEP-5).
 *
 * usage: derive_key ACCOUNT "WORD WORD ...", ACCOUNT being 0 for the first one
 *
 * Words on a command line end up in the shell's history: this is for words that are known
 * to everybody, like those in SEP-5. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sdex/address.h>
#include <sdex/bytes.h>
#include <sdex/key.h>
#include <sdex/mnemonic.h>

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: derive_key ACCOUNT \"WORD WORD ...\"\n");
		return 2;
	}
	char *end;
	unsigned long account = strtoul(argv[1], &end, 10);
	if (*argv[1] < '0' || *argv[1] > '9' || *end || account > INT32_MAX) {
		fprintf(stderr, "ACCOUNT is a number from 0 to %d, found %s\n", INT32_MAX, argv[1]);
		return 2;
	}
	uint8_t seed[64];
	struct sdex_path path;
	struct sdex_secret secret;
	char address[SDEX_ACCOUNT_ROOM], text[SDEX_SECRET_ROOM];
	struct sdex_failure why;

	/* The words, and a passphrase, here none, make a seed for any number of keys ... */
	if (sdex_mnemonic_seed(seed, argv[2], strlen(argv[2]), "", 0, &why)) {
		fprintf(stderr, "mnemonic: %s\n", why.text);
		return 1;
	}
	/* ... and a path names one of them: m/44'/148'/ACCOUNT'. */
	if (sdex_path_account(&path, (uint32_t)account) ||
	    sdex_secret_derive(&secret, seed, sizeof seed, &path))
		abort(); /* the arguments are in range, so neither can fail */
	sdex_AccountID account_id = sdex_account_of_key(secret.public_key);
	sdex_account_print(address, &account_id);
	sdex_secret_print(text, &secret);
	printf("address %s\nsecret  %s\n", address, text);

	/* Secrets do not stay in memory longer than they are needed. */
	sdex_wipe(seed, sizeof seed);
	sdex_wipe(text, sizeof text);
	sdex_secret_wipe(&secret);
	return 0;
}
