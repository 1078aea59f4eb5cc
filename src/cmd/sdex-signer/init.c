/* cmd/sdex-signer/init.c - sdex-signer init */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/sdex-signer/signer.h"
#include "sdex/strkey.h"

static const char help[] =
	"sdex-signer init: make a keystore\n\n"
	"usage: sdex-signer init --keystore FILE --name NAME [OPTION...]\n\n"
	"Makes a new key, or takes a seed there is, and puts it into a new file, mode 0600,\n"
	"under a passphrase.  Prints the key's address.  The file and its passphrase are all\n"
	"there is of a new key: keep copies of both, apart.\n\n"
	"options:\n"
	"  --keystore FILE         the file to make; none is ever written over\n"
	"  --name NAME             what the connector calls the key\n"
	"  --seed FILE             a seed (S...) in a file that only you can read, or - for\n"
	"                          standard input; without it a new key is made\n"
	"  --passphrase-file FILE  the passphrase in a file that only you can read\n"
	"  --passphrase-fd N       the passphrase on an open descriptor\n"
	"  --kdf-memory SIZE       what each guess of the passphrase costs (256M; 8M to 2G)\n"
	"  --kdf-passes N          how often it goes over that memory (3; 3 to "
	"16)\n\n" PASSPHRASE_HELP "\nexample:\n"
	"  $ sdex-signer init --keystore trading.key --name trading\n";

struct init {
	const char *keystore, *name, *seed;
	struct passphrase passphrase;
	uint64_t memory, passes;
};

static bool read_options(struct init *o, int argc, char **argv, enum status *status)
{
	static const struct option options[] = {
		{"keystore", required_argument, NULL, 'k'},
		{"name", required_argument, NULL, 'n'},
		{"seed", required_argument, NULL, 's'},
		{"kdf-memory", required_argument, NULL, 'm'},
		{"kdf-passes", required_argument, NULL, 't'},
		{"help", no_argument, NULL, 'h'},
		PASSPHRASE_OPTIONS,
		{0},
	};
	int option;
	*status = STATUS_USAGE;
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		bool good = true;
		if (option == 'k')
			o->keystore = optarg;
		else if (option == 'n')
			o->name = optarg;
		else if (option == 's')
			o->seed = optarg;
		else if (option == 'm')
			good = read_size("kdf-memory", optarg, &o->memory, KEYSTORE_MEMORY_LEAST,
					 KEYSTORE_MEMORY_MOST);
		else if (option == 't')
			good = read_number("kdf-passes", optarg, &o->passes, KEYSTORE_PASSES,
					   KEYSTORE_PASSES_MOST);
		else if (option == 'd' || option == 'p')
			good = passphrase_option(&o->passphrase, option, optarg);
		else if (option == 'h') {
			fputs(help, stdout);
			*status = STATUS_OK;
			return false;
		} else
			return false; /* getopt has said it */
		if (!good)
			return false;
	}
	if (optind < argc)
		say_usage("init takes options only, and nothing like \"%s\"", argv[optind]);
	else if (!o->keystore || !o->name)
		say_usage("--%s is missing", o->keystore ? "name" : "keystore");
	else
		return true;
	return false;
}

static bool make_key(struct sdex_secret *key, const char *path)
{
	struct secret_text text;
	struct sdex_failure why;
	uint8_t seed[SDEX_SEED_SIZE];
	if (!path) {
		secret_random(seed, sizeof seed);
		sdex_secret_from_seed(key, seed);
		sdex_wipe(seed, sizeof seed);
		return true;
	}
	enum sdex_error error =
		strcmp(path, "-") == 0 ? secret_from_fd(&text, STDIN_FILENO, "standard input", &why)
				       : secret_from_file(&text, path, SECRET_FILE, &why);
	if (!error) {
		error = sdex_secret_parse(key, text.text, text.size, &why);
		secret_free(&text);
	}
	if (error)
		say_refused("the seed: %s", why.text);
	return error == SDEX_OK;
}

/* Seals, writes, reads back and opens: a keystore that cannot be opened is none. */
static enum status make(struct init *o, const struct sdex_secret *key, struct sdex_secret *again)
{
	struct secret_text passphrase;
	struct sdex_failure why = {0};
	struct keystore keystore;
	char address[SDEX_STRKEY_KEY_ROOM];
	if (!passphrase_read(&passphrase, &o->passphrase, &why))
		return STATUS_REFUSED;
	const struct keystore_terms terms = {
		.name = o->name,
		.created_s = (uint64_t)time(NULL),
		.passes = (uint32_t)o->passes,
		.memory = (size_t)o->memory,
		.passphrase = passphrase.text,
		.passphrase_size = passphrase.size,
	};
	enum sdex_error error = keystore_seal(&keystore, &terms, key, &why);
	if (!error)
		error = keystore_store(&keystore, o->keystore, &why);
	if (!error)
		error = keystore_load(&keystore, o->keystore, &why);
	if (!error)
		error = keystore_open(&keystore, again, passphrase.text, passphrase.size, &why);
	secret_free(&passphrase);
	if (!error)
		error = sdex_strkey_encode_key(address, sizeof address, NULL, SDEX_STRKEY_ACCOUNT,
					       key->public_key);
	if (error)
		return say_refused("%s", why.text);
	printf("key     %s\naddress %s\n", keystore.name, address);
	return STATUS_OK;
}

enum status verb_init(int argc, char **argv)
{
	struct init o = {.passphrase = {.fd = -1, .is_new = true},
			 .memory = KEYSTORE_MEMORY,
			 .passes = KEYSTORE_PASSES};
	enum status status;
	secret_harden();
	if (!passphrase_begin(&o.passphrase))
		return STATUS_REFUSED;
	if (!read_options(&o, argc, argv, &status))
		goto out;
	struct sdex_secret *key = secret_new(), *again = secret_new();
	status = STATUS_REFUSED;
	if (!key || !again)
		say_refused("memory that can be locked is out");
	else if (make_key(key, o.seed))
		status = make(&o, key, again);
	secret_wipe(key);
	secret_wipe(again);
out:
	passphrase_end(&o.passphrase);
	return status;
}
