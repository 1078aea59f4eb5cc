/* cmd/sdex/cmd_key.c - sdex key new, derive, inspect, sign, verify */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/sdex/commands.h"
#include "cmd/sdex/input.h"
#include "cmd/sdex/say.h"
#include "cmd/sdex/secret.h"
#include "sdex/bytes.h"
#include "sdex/mnemonic.h"
#include "sdex/strkey.h"

#define WARNING                                                                    \
	"whoever has the secret has the account: keep it off screens, chats and\n" \
	"      repositories, and keep a copy where only you get at it"

static void put_address(const char *label, const uint8_t key[32])
{
	char text[SDEX_STRKEY_KEY_ROOM];
	if (sdex_strkey_encode_key(text, sizeof text, NULL, SDEX_STRKEY_ACCOUNT, key) == SDEX_OK)
		printf("%s%s\n", label, text);
}

static void put_hex(const char *label, const void *data, size_t size)
{
	char text[SDEX_HEX_LENGTH(64) + 1];
	if (sdex_hex_encode(text, sizeof text, NULL, data, size) == SDEX_OK)
		printf("%s%s\n", label, text);
}

/* ---- new ---- */

/* Shows the secret, or writes it where --out says. */
static enum status hand_out(const struct args *args, const char *label, const char *secret,
			    const uint8_t address[32])
{
	const char *path = args_value(args, "out");
	if (path && !secret_write(path, secret))
		return STATUS_REFUSED;
	put_address("address ", address);
	if (!path) {
		printf("%s %s\n", label, secret);
		say_note(WARNING);
	}
	return STATUS_OK;
}

static enum status new_seed(const struct args *args, struct sdex_secret *key)
{
	uint8_t seed[SDEX_SEED_SIZE];
	char text[SDEX_SECRET_ROOM];
	secret_random(seed, sizeof seed);
	sdex_secret_from_seed(key, seed);
	sdex_wipe(seed, sizeof seed);
	sdex_secret_print(text, key);
	enum status status = hand_out(args, "seed   ", text, key->public_key);
	sdex_wipe(text, sizeof text);
	return status;
}

static enum status new_words(const struct args *args, struct sdex_secret *key, size_t words)
{
	uint8_t entropy[SDEX_MNEMONIC_ENTROPY_MAX], seed[64];
	char text[SDEX_MNEMONIC_ROOM];
	size_t length;
	struct sdex_path path;
	enum status status = STATUS_REFUSED;
	secret_random(entropy, sizeof entropy);
	if (sdex_mnemonic_encode(text, sizeof text, &length, entropy, words / 3 * 4) == SDEX_OK &&
	    sdex_mnemonic_seed(seed, text, length, "", 0, NULL) == SDEX_OK &&
	    sdex_path_account(&path, 0) == SDEX_OK &&
	    sdex_secret_derive(key, seed, sizeof seed, &path) == SDEX_OK)
		status = hand_out(args, "words  ", text, key->public_key);
	sdex_wipe(entropy, sizeof entropy);
	sdex_wipe(seed, sizeof seed);
	sdex_wipe(text, sizeof text);
	return status;
}

static enum status new_key(const struct args *args)
{
	const char *words = args_value(args, "words");
	secret_harden();
	struct sdex_secret *key = secret_make();
	if (!key)
		return STATUS_REFUSED;
	enum status status =
		words ? new_words(args, key, strtoul(words, NULL, 10)) : new_seed(args, key);
	secret_wipe(key);
	return status;
}

const struct command key_new_command = {
	.group = "key",
	.verb = "new",
	.operands = "",
	.summary = "a new secret and its address",
	.text = "Makes a key of the system's random numbers.  With --out the secret goes to a new\n"
		"file that only you can read, and only the address is printed; without it, both\n"
		"are.  An account comes to be on the network when somebody pays XLM to its "
		"address.",
	.options =
		(const struct option[]){
			{.name = "out",
			 .letter = 'O',
			 .value = "FILE",
			 .complete = COMPLETE_FILE,
			 .help = "write the secret to a new file, mode 0600"},
			{.name = "words",
			 .letter = 'w',
			 .value = "N",
			 .words = "12|15|18|21|24",
			 .help = "make it as words (SEP-5), of which more keys can be derived"},
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex key new --out trading.seed", "a seed in a file"},
			{"sdex key new --words 24 --out trading.words", "words in a file"},
			{NULL, NULL},
		},
	.run = new_key,
};

/* ---- derive ---- */

static bool read_passphrase(struct secret_text *passphrase, const struct args *args)
{
	const char *path = args_value(args, "passphrase");
	if (path || args_has(args, "ask-passphrase"))
		return secret_read_from(passphrase, path, -1, "passphrase");
	*passphrase = (struct secret_text){NULL, 0};
	return true;
}

/* The 64 bytes that all keys of the words derive from. */
static bool read_root(uint8_t root[64], const struct args *args, enum status *status)
{
	struct secret_text words, passphrase;
	struct sdex_failure why;
	if (!secret_read(&words, args, "words", status))
		return false;
	*status = STATUS_REFUSED;
	bool good = read_passphrase(&passphrase, args);
	if (good) {
		good = sdex_mnemonic_seed(root, words.text, words.size,
					  passphrase.text ? passphrase.text : "", passphrase.size,
					  &why) == SDEX_OK;
		if (!good)
			say_failure("the words", &why);
		secret_free(&passphrase);
	}
	secret_free(&words);
	return good;
}

static void put_derived(const struct sdex_path *path, const struct sdex_secret *key, bool seeds)
{
	char text[SDEX_PATH_ROOM], seed[SDEX_SECRET_ROOM];
	sdex_path_print(text, path);
	printf("%s ", text);
	if (seeds) {
		sdex_secret_print(seed, key);
		printf("%s ", seed);
		sdex_wipe(seed, sizeof seed);
	}
	put_address("", key->public_key);
}

static enum status derive_one(const struct args *args, const struct sdex_path *path,
			      const uint8_t root[64], struct sdex_secret *key)
{
	char seed[SDEX_SECRET_ROOM];
	const char *out = args_value(args, "out");
	if (sdex_secret_derive(key, root, 64, path))
		return say_refused("the path is out of its range");
	if (out) {
		sdex_secret_print(seed, key);
		bool good = secret_write(out, seed);
		sdex_wipe(seed, sizeof seed);
		if (!good)
			return STATUS_REFUSED;
	}
	put_derived(path, key, args_has(args, "seeds"));
	return STATUS_OK;
}

static enum status derive_all(const struct args *args, uint32_t first, uint32_t count)
{
	const char *text = args_value(args, "path");
	struct sdex_path path;
	struct sdex_failure why;
	uint8_t root[64];
	enum status status = STATUS_OK;
	if (text && sdex_path_parse(&path, text, strlen(text), &why))
		return say_failure("the path", &why);
	struct sdex_secret *key = secret_make();
	if (!key)
		return STATUS_REFUSED;
	if (!read_root(root, args, &status))
		goto out;
	status = STATUS_OK;
	for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
		if (!text && sdex_path_account(&path, first + i))
			status = say_refused("account %u is over 2147483647", first + i);
		else
			status = derive_one(args, &path, root, key);
	}
	if (args_has(args, "seeds"))
		say_note(WARNING);
out:
	sdex_wipe(root, sizeof root);
	secret_wipe(key);
	return status;
}

static enum status derive(const struct args *args)
{
	uint64_t first, count;
	secret_harden();
	if (!args_number(args, "account", &first, 0, 0, INT32_MAX) ||
	    !args_number(args, "count", &count, 1, 1, 100000))
		return STATUS_USAGE;
	if (args_has(args, "path") && (args_has(args, "account") || args_has(args, "count")))
		return args_misused(
			args, "--path names one key; --account and --count are for SEP-5's paths");
	if (args_has(args, "out") && count > 1)
		return args_misused(args, "--out takes the seed of one account, not of %llu",
				    (unsigned long long)count);
	if (args_has(args, "passphrase") && args_has(args, "ask-passphrase"))
		return args_misused(args, "--passphrase and --ask-passphrase exclude each other");
	return derive_all(args, (uint32_t)first, (uint32_t)count);
}

const struct command key_derive_command = {
	.group = "key",
	.verb = "derive",
	.operands = "",
	.summary = "the keys of a mnemonic (SEP-5)",
	.text = "Reads the words and prints path and address of the keys that SEP-5 derives from\n"
		"them, m/44'/148'/N'.  Seeds are printed only when --seeds asks for them; with\n"
		"--out the seed of one account goes to a new file that only you can read.",
	.options =
		(const struct option[]){
			SECRET_OPTIONS("the words"),
			{.name = "account",
			 .letter = 'a',
			 .value = "N",
			 .help = "the first account (0)"},
			{.name = "count",
			 .letter = 'n',
			 .value = "N",
			 .help = "how many accounts (1)"},
			{.name = "path",
			 .value = "PATH",
			 .help = "another path, all of it hardened"},
			{.name = "passphrase",
			 .value = "FILE",
			 .complete = COMPLETE_FILE,
			 .help = "BIP-39's passphrase, in a file that only you can read"},
			{.name = "ask-passphrase",
			 .help = "ask for the passphrase on the terminal"},
			{.name = "seeds", .help = "print the secret seeds, too"},
			{.name = "out",
			 .letter = 'O',
			 .value = "FILE",
			 .complete = COMPLETE_FILE,
			 .help = "write the seed to a new file, mode 0600"},
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex key derive --key my.words --count 3", "the first three addresses"},
			{"sdex key derive --key my.words --account 7 --out seven.seed",
			 "the seed of account 7 into a file"},
			{NULL, NULL},
		},
	.run = derive,
};

/* ---- inspect ---- */

static void put_strkey(const struct sdex_strkey *key)
{
	const bool with_account =
		key->kind == SDEX_STRKEY_MUXED_ACCOUNT || key->kind == SDEX_STRKEY_SIGNED_PAYLOAD;
	printf("kind    %s\n", sdex_strkey_kind_text(key->kind));
	put_hex(with_account || key->kind == SDEX_STRKEY_ACCOUNT ? "key     " : "hash    ",
		key->key, 32);
	if (with_account)
		put_address("account ", key->key);
	if (key->kind == SDEX_STRKEY_MUXED_ACCOUNT)
		printf("id      %llu\n", (unsigned long long)key->id);
	if (key->kind == SDEX_STRKEY_SIGNED_PAYLOAD)
		put_hex("payload ", key->payload, key->payload_size);
	if (with_account || key->kind == SDEX_STRKEY_ACCOUNT || key->kind == SDEX_STRKEY_HASH_X) {
		uint8_t hint[4];
		sdex_hint(hint, key->key);
		put_hex("hint    ", hint, sizeof hint);
	}
}

static enum status inspect_secret(const struct secret_text *text)
{
	enum status status = STATUS_REFUSED;
	struct sdex_secret *key = secret_make();
	if (key && secret_to_key(key, text)) {
		printf("kind    %s\n", sdex_strkey_kind_text(SDEX_STRKEY_SEED));
		put_address("address ", key->public_key);
		status = STATUS_OK;
	}
	secret_wipe(key);
	return status;
}

static enum status inspect_text(const char *text, size_t size)
{
	struct sdex_strkey key;
	struct sdex_failure why;
	if (sdex_strkey_decode(&key, text, size, &why))
		return say_failure("the text", &why);
	put_strkey(&key);
	return STATUS_OK;
}

static enum status inspect(const struct args *args)
{
	const char *operand = args_operand(args, 0);
	struct secret_text text;
	if (operand && operand[0] == 'S')
		return args_misused(args,
				    "a secret seed does not belong on a command line, where others "
				    "can see it: give it on standard input");
	if (operand && strcmp(operand, "-") != 0)
		return inspect_text(operand, strlen(operand));
	secret_harden();
	if (!secret_read_from(&text, "-", -1, ""))
		return STATUS_REFUSED;
	enum status status =
		text.text[0] == 'S' ? inspect_secret(&text) : inspect_text(text.text, text.size);
	secret_free(&text);
	return status;
}

const struct command key_inspect_command = {
	.group = "key",
	.verb = "inspect",
	.operands = "[STRKEY]",
	.operands_most = 1,
	.summary = "what a strkey is (SEP-23)",
	.text = "Tells the kind of a strkey (G, M, C, T, X, P, L, B) and what is in it, or why it\n"
		"is none.  Of a seed (S), which comes over standard input only, the address.\n"
		"Without STRKEY, or with -, standard input is read.",
	.options = NULL,
	.examples =
		(const struct example[]){
			{"sdex key inspect "
			 "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN",
			 "an address"},
			{"sdex key inspect < my.seed", "the address of a seed"},
			{NULL, NULL},
		},
	.run = inspect,
};

/* ---- sign and verify ---- */

/* The message: --text, or the bytes of INPUT. */
static bool read_message(struct input *input, const struct args *args, enum status *status)
{
	const char *text = args_value(args, "text"), *operand = args_operand(args, 0);
	*status = STATUS_USAGE;
	if (text && operand) {
		args_misused(args, "--text and INPUT exclude each other");
		return false;
	}
	if (!text && secret_takes_stdin(args) && (!operand || strcmp(operand, "-") == 0)) {
		args_misused(args, "standard input cannot give both the key and the message");
		return false;
	}
	*status = STATUS_REFUSED;
	if (!text) {
		struct source *source = source_open(operand, UNPACK_NEVER, INPUT_SIZE_DEFAULT);
		*input = (struct input){.name = operand};
		input->data = source ? source_all(source, &input->size) : NULL;
		source_close(source);
		return input->data;
	}
	*input = (struct input){"--text", (uint8_t *)strdup(text), strlen(text)};
	if (!input->data)
		say_refused("memory is out");
	return input->data;
}

static void sign_message(const struct args *args, const struct sdex_secret *key,
			 const struct input *message)
{
	uint8_t signature[SDEX_SIGNATURE_SIZE];
	char text[SDEX_BASE64_LENGTH(SDEX_SIGNATURE_SIZE) + 1];
	if (args_has(args, "bare"))
		sdex_sign(key, signature, message->data, message->size);
	else
		sdex_message_sign(key, signature, message->data, message->size);
	if (args_has(args, "hex"))
		put_hex("", signature, sizeof signature);
	else if (sdex_base64_encode(text, sizeof text, NULL, signature, sizeof signature) ==
		 SDEX_OK)
		puts(text);
}

static enum status sign(const struct args *args)
{
	struct input message;
	struct secret_text text;
	enum status status;
	secret_harden();
	if (!read_message(&message, args, &status))
		return status;
	struct sdex_secret *key = secret_make();
	if (key && secret_read(&text, args, "seed (S...)", &status)) {
		status = STATUS_REFUSED;
		if (secret_to_key(key, &text)) {
			sign_message(args, key, &message);
			status = STATUS_OK;
		}
		secret_free(&text);
	}
	secret_wipe(key);
	input_free(&message);
	return status;
}

#define MESSAGE_OPTIONS                                                                     \
	{.name = "text", .value = "TEXT", .help = "the message itself, in place of INPUT"}, \
	{                                                                                   \
		.name = "bare",                                                             \
		.help = "the bytes as they are, without SEP-53's prefix and hash; such a\n" \
			"signature may be one of a transaction: know what the bytes are"    \
	}

const struct command key_sign_command = {
	.group = "key",
	.verb = "sign",
	.operands = "[INPUT]",
	.operands_most = 1,
	.complete = COMPLETE_FILE,
	.summary = "sign a message (SEP-53)",
	.text = "Signs the bytes of a file, of standard input, or of --text, as SEP-53 says, so\n"
		"that the signature can never be one of a transaction; prints it in base64.\n"
		"Transactions are signed by `sdex tx sign`.",
	.options =
		(const struct option[]){
			SECRET_OPTIONS("the seed"),
			MESSAGE_OPTIONS,
			{.name = "hex", .help = "print the signature in hexadecimal"},
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex key sign --key my.seed --text 'Hello, World!'", "a text"},
			{"sdex key sign --key my.seed letter.txt > letter.sig", "a file"},
			{NULL, NULL},
		},
	.run = sign,
};

/* Base64 or hexadecimal of 64 bytes. */
static bool read_signature(uint8_t signature[64], const struct args *args)
{
	const char *text = args_value(args, "signature");
	struct sdex_failure why;
	size_t size, length = strlen(text);
	uint8_t out[SDEX_BASE64_SIZE(SDEX_BASE64_LENGTH(SDEX_SIGNATURE_SIZE))];
	enum sdex_error error =
		length == SDEX_HEX_LENGTH(SDEX_SIGNATURE_SIZE)
			? sdex_hex_decode(out, sizeof out, &size, text, length, &why)
			: sdex_base64_decode(out, sizeof out, &size, text, length, &why);
	if (!error && size == SDEX_SIGNATURE_SIZE) {
		memcpy(signature, out, SDEX_SIGNATURE_SIZE);
		return true;
	}
	if (error)
		say_failure("the signature", &why);
	else
		say_refused("a signature has 64 bytes, this one %zu", size);
	return false;
}

static enum status verify(const struct args *args)
{
	const char *address = args_value(args, "address");
	struct sdex_failure why;
	struct input message;
	uint8_t key[32], signature[SDEX_SIGNATURE_SIZE];
	enum status status;
	if (!address || !args_has(args, "signature"))
		return args_misused(args, "--%s is missing", address ? "signature" : "address");
	if (sdex_strkey_decode_key(key, SDEX_STRKEY_ACCOUNT, address, strlen(address), &why))
		return say_failure("the address", &why);
	if (!read_signature(signature, args))
		return STATUS_REFUSED;
	if (!read_message(&message, args, &status))
		return status;
	enum sdex_error error =
		args_has(args, "bare")
			? sdex_verify(key, signature, message.data, message.size)
			: sdex_message_verify(key, signature, message.data, message.size);
	input_free(&message);
	if (error)
		return say_refused("the signature is not that of this address for this message");
	puts("good");
	return STATUS_OK;
}

const struct command key_verify_command = {
	.group = "key",
	.verb = "verify",
	.operands = "[INPUT]",
	.operands_most = 1,
	.complete = COMPLETE_FILE,
	.summary = "check the signature of a message (SEP-53)",
	.text = "Prints \"good\" when the signature is that of the address for the bytes of a "
		"file,\n"
		"of standard input, or of --text; else ends with status 1.",
	.options =
		(const struct option[]){
			{.name = "address",
			 .letter = 'a',
			 .value = "G...",
			 .help = "who is said to have signed"},
			{.name = "signature",
			 .letter = 's',
			 .value = "SIGNATURE",
			 .help = "in base64 or hexadecimal"},
			MESSAGE_OPTIONS,
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex key verify --address "
			 "GBXFXNDLV4LSWA4VB7YIL5GBD7BVNR22SGBTDKMO2SBZZHDXSKZYCP7L "
			 "--signature "
			 "fO5dbYhXUhBMhe6kId/cuVq/"
			 "AfEnHRHEvsP8vXh03M1uLpi5e46yO2Q8rEBzu3feXQewcQE5GArp88u6ePK6BA== "
			 "--text 'Hello, World!'",
			 "the first example of SEP-53"},
			{"sdex key verify --address \"$(sdex key inspect < my.seed | sed -n "
			 "'s/^address //p')\" "
			 "--signature \"$(sdex key sign --key my.seed letter.txt)\" letter.txt",
			 "what one has just signed"},
			{NULL, NULL},
		},
	.run = verify,
};
