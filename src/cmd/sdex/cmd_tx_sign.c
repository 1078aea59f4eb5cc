/* cmd/sdex/cmd_tx_sign.c - sdex tx sign, hash, show */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/sdex/commands.h"
#include "cmd/sdex/say.h"
#include "cmd/sdex/secret.h"
#include "cmd/sdex/tx_file.h"
#include "cmd/sdex/tx_words.h"
#include "cmd/sdex/words.h"
#include "sdex/signature.h"

/* ---- sign ---- */

/* Has this very key signed this hash already?  The network counts it once and holds the
 * second against the transaction. */
static bool has_signed(const sdex_TransactionEnvelope *envelope, const struct sdex_secret *key,
		       const sdex_Hash *hash)
{
	sdex_DecoratedSignature_list list = sdex_tx_signatures(envelope);
	for (uint32_t i = 0; i < list.count; i++)
		if (list.items[i].signature.size == SDEX_SIGNATURE_SIZE &&
		    sdex_verify(key->public_key, list.items[i].signature.data, hash->bytes, 32) ==
			    SDEX_OK)
			return true;
	return false;
}

static bool sign_with(struct tx_file *file, const struct secret_text *text,
		      const sdex_Hash *network, const sdex_Hash *hash)
{
	struct sdex_failure why;
	bool good = false;
	struct sdex_secret *key = secret_make();
	if (key && secret_to_key(key, text)) {
		const struct sdex_secret *keys[] = {key};
		good = true;
		if (has_signed(file->envelope, key, hash)) {
			say_note("one of the keys has signed already");
		} else if (sdex_tx_sign(file->envelope, file->arena, network, keys, 1, &why)) {
			say_refused("%s", why.text);
			good = false;
		}
	}
	secret_wipe(key);
	return good;
}

/* The bytes whose hash a hash-x signer is; they become public with the transaction. */
static bool sign_hash_x(struct tx_file *file, const char *path)
{
	struct sdex_failure why;
	struct source *source = source_open(path, UNPACK_NEVER, 64);
	size_t size;
	uint8_t *data = source ? source_all(source, &size) : NULL;
	source_close(source);
	bool good = data &&
		    sdex_tx_sign_hash_x(file->envelope, file->arena, data, size, &why) == SDEX_OK;
	if (data && !good)
		say_refused("%s", why.text);
	struct input owned = {.data = data};
	input_free(&owned);
	return good;
}

static bool is_key(const struct given *given)
{
	return strcmp(given->option->name, "key") == 0 ||
	       strcmp(given->option->name, "key-fd") == 0;
}

/* One of --key, --key-fd, --preimage. */
static enum status sign_by(struct tx_file *file, const struct args *args, const struct given *given,
			   const sdex_Hash *network, const sdex_Hash *hash)
{
	struct secret_text text;
	if (strcmp(given->option->name, "preimage") == 0)
		return sign_hash_x(file, given->value) ? STATUS_OK : STATUS_REFUSED;
	if (!is_key(given))
		return STATUS_OK;
	/* The row's reader looks at one option of each name: show it this one alone. */
	struct args one = {.command = args->command, .given = given, .given_count = 1};
	enum status status;
	if (!secret_read(&text, &one, "", &status))
		return status;
	status = sign_with(file, &text, network, hash) ? STATUS_OK : STATUS_REFUSED;
	secret_free(&text);
	return status;
}

/* Asks for a seed on the terminal, below what it is to sign. */
static enum status sign_asked(struct tx_file *file, const sdex_Hash *network, const sdex_Hash *hash)
{
	struct secret_text text;
	tx_words(stderr, file->envelope);
	if (!secret_read_from(&text, NULL, -1, "seed (S...) to sign this with"))
		return STATUS_REFUSED;
	bool good = sign_with(file, &text, network, hash);
	secret_free(&text);
	return good ? STATUS_OK : STATUS_REFUSED;
}

static enum status sign_all(struct tx_file *file, const struct args *args, const sdex_Hash *network)
{
	struct sdex_failure why;
	sdex_Hash hash;
	bool any = false;
	if (!args_has(args, "unchecked") && sdex_tx_check(file->envelope, NULL, &why))
		return say_refused(
			"the network would refuse this: %s (--unchecked signs it nevertheless)",
			why.text);
	if (sdex_tx_hash(&hash, file->arena, file->envelope, network, &why))
		return say_refused("%s", why.text);
	for (unsigned i = 0; i < args->given_count; i++) {
		enum status status = sign_by(file, args, &args->given[i], network, &hash);
		if (status != STATUS_OK)
			return status;
		any = any || is_key(&args->given[i]) ||
		      strcmp(args->given[i].option->name, "preimage") == 0;
	}
	return any ? STATUS_OK : sign_asked(file, network, &hash);
}

/* Keys on standard input leave none of it for the transaction. */
static bool stdin_is_asked_twice(const struct args *args)
{
	const char *operand = args_operand(args, 0);
	unsigned count = !operand || strcmp(operand, "-") == 0;
	for (unsigned i = 0; i < args->given_count; i++)
		count += is_key(&args->given[i]) && strcmp(args->given[i].value, "-") == 0;
	return count > 1;
}

static enum status sign(const struct args *args)
{
	struct tx_file file;
	sdex_Hash network;
	enum status status;
	secret_harden();
	if (!tx_network(args, &network))
		return STATUS_USAGE;
	if (stdin_is_asked_twice(args))
		return args_misused(args,
				    "standard input cannot give both a key and the transaction");
	if (!tx_file_read(&file, args, args_operand(args, 0), &status))
		return status;
	status = sign_all(&file, args, &network);
	if (status == STATUS_OK)
		status =
			output_value(tx_output(args), SDEX_TYPE_TransactionEnvelope, file.envelope);
	tx_file_free(&file);
	return status;
}

const struct command tx_sign_command = {
	.group = "tx",
	.verb = "sign",
	.operands = "[INPUT]",
	.operands_most = 1,
	.complete = COMPLETE_FILE,
	.summary = "sign a transaction",
	.text = "Adds signatures to those there are and prints the envelope.  INPUT is XDR in any\n"
		"form, or SEP-51's JSON.  Without --key the transaction is shown, and the seed "
		"asked\n"
		"for on the terminal.  What the network would refuse is not signed.",
	.options =
		(const struct option[]){
			NETWORK_OPTIONS,
			{.name = "key",
			 .letter = 'k',
			 .many = true,
			 .value = "FILE",
			 .complete = COMPLETE_FILE,
			 .help = "a seed in a file that only you can read (mode 0600), or - for\n"
				 "standard input; many times for many signers"},
			{.name = "key-fd",
			 .many = true,
			 .value = "N",
			 .help = "a seed on an open file descriptor"},
			{.name = "preimage",
			 .many = true,
			 .value = "FILE",
			 .complete = COMPLETE_FILE,
			 .help = "the bytes of a hash-x signer, which all can see then"},
			{.name = "unchecked", .help = "sign even what the network would refuse"},
			TX_OUTPUT_OPTION,
			INPUT_OPTIONS,
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex tx sign --network testnet --key my.seed tx.xdr > signed.xdr",
			 "with one key"},
			{"sdex tx sign --network public --key my.seed --key second.seed tx.xdr | "
			 "sdex tx show",
			 "with two, and look at it"},
			{NULL, NULL},
		},
	.run = sign,
};

/* ---- hash ---- */

static enum status hash(const struct args *args)
{
	struct tx_file file;
	struct sdex_failure why;
	sdex_Hash network, id;
	enum status status;
	if (!tx_network(args, &network))
		return STATUS_USAGE;
	if (!tx_file_read(&file, args, args_operand(args, 0), &status))
		return status;
	status = STATUS_OK;
	if (sdex_tx_hash(&id, file.arena, file.envelope, &network, &why)) {
		status = say_refused("%s", why.text);
	} else {
		put_bytes(stdout, id.bytes, sizeof id.bytes);
		putchar('\n');
	}
	tx_file_free(&file);
	return status;
}

const struct command tx_hash_command = {
	.group = "tx",
	.verb = "hash",
	.operands = "[INPUT]",
	.operands_most = 1,
	.complete = COMPLETE_FILE,
	.summary = "the hash of a transaction",
	.text = "Prints the hash by which the network knows the transaction and which its signers\n"
		"sign, in hexadecimal.  Of a fee bump it is the outer hash.",
	.options = (const struct option[]){NETWORK_OPTIONS, INPUT_OPTIONS, {.name = NULL}},
	.examples =
		(const struct example[]){
			{"sdex tx hash --network public tx.xdr", "on the public network"},
			{"sdex tx hash --passphrase 'My Network ; January 2026' tx.xdr",
			 "on another"},
			{NULL, NULL},
		},
	.run = hash,
};

/* ---- show ---- */

static enum status put_auth_text(const struct sdex_auth *auth)
{
	struct sdex_failure why;
	size_t length = 0;
	char *text = NULL;
	enum sdex_error error = sdex_auth_text(NULL, 0, NULL, auth, &why);
	if (error == SDEX_ERR_SPACE) {
		text = malloc(why.where);
		error = text ? sdex_auth_text(text, why.where, &length, auth, NULL)
			     : SDEX_ERR_NOMEM;
	}
	if (text && !error) {
		fputs(text, stdout);
		if (length && text[length - 1] != '\n')
			putchar('\n');
	}
	free(text);
	return error ? say_refused("%s", sdex_error_text(error)) : STATUS_OK;
}

static enum status put_auth(const struct args *args, struct tx_file *file)
{
	struct sdex_failure why;
	struct sdex_auth *auth;
	sdex_Hash network, id;
	if (!tx_network(args, &network))
		return STATUS_USAGE;
	if (sdex_tx_hash(&id, file->arena, file->envelope, &network, &why) ||
	    sdex_tx_auth(&auth, file->arena, file->envelope, &network, NULL, 0, &why))
		return say_refused("%s", why.text);
	fputs("hash ", stdout);
	put_bytes(stdout, id.bytes, sizeof id.bytes);
	putchar('\n');
	return put_auth_text(auth);
}

static enum status show(const struct args *args)
{
	struct tx_file file;
	struct sdex_failure why;
	enum status status;
	if (!tx_file_read(&file, args, args_operand(args, 0), &status))
		return status;
	tx_words(stdout, file.envelope);
	if (sdex_tx_check(file.envelope, NULL, &why))
		printf("the network would refuse this: %s\n", why.text);
	status = tx_has_network(args) ? put_auth(args, &file) : STATUS_OK;
	tx_file_free(&file);
	return status;
}

const struct command tx_show_command = {
	.group = "tx",
	.verb = "show",
	.operands = "[INPUT]",
	.operands_most = 1,
	.complete = COMPLETE_FILE,
	.summary = "what a transaction does, in words",
	.text = "Prints who does what, when and for how much at most, and whether the network "
		"would\n"
		"refuse it as malformed.  With a network also its hash, and whose signatures are\n"
		"there; as if each account had only its own key, for signers are on the ledger.\n"
		"All of it as JSON: `sdex xdr decode --type TransactionEnvelope`.",
	.options = (const struct option[]){NETWORK_OPTIONS, INPUT_OPTIONS, {.name = NULL}},
	.examples =
		(const struct example[]){
			{"sdex tx show tx.xdr", "a file"},
			{"sdex tx sign --network testnet --key my.seed tx.xdr | sdex tx show "
			 "--network testnet",
			 "what one has signed"},
			{NULL, NULL},
		},
	.run = show,
};
