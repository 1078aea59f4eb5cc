/* cmd/sdex-signer/show.c - sdex-signer show */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd/sdex-signer/signer.h"
#include "sdex/strkey.h"

static const char help[] =
	"sdex-signer show: what keystores hold, without their secrets\n\n"
	"usage: sdex-signer show [OPTION...] KEYSTORE...\n\n"
	"Prints the key's name and address, when it was made, and what a guess of the\n"
	"passphrase costs.  That nobody has changed the file is known only with --open.\n\n"
	"options:\n"
	"  --open                  open it, too, to see that the passphrase is right\n"
	"  --passphrase-file FILE  the passphrase in a file that only you can read\n"
	"  --passphrase-fd N       the passphrase on an open descriptor\n\n" PASSPHRASE_HELP;

static void print(const struct keystore *keystore)
{
	char address[SDEX_STRKEY_KEY_ROOM], date[32] = "?";
	time_t created = (time_t)keystore->created_s;
	struct tm tm;
	if (gmtime_r(&created, &tm))
		strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (sdex_strkey_encode_key(address, sizeof address, NULL, SDEX_STRKEY_ACCOUNT,
				   keystore->public_key))
		return;
	printf("key     %s\naddress %s\nmade    %s\nguess   argon2id, %u passes over %zu MiB\n",
	       keystore->name, address, date, keystore->passes, keystore->memory >> 20);
}

static enum status open_one(const struct keystore *keystore, const struct secret_text *passphrase)
{
	struct sdex_failure why;
	struct sdex_secret *key = secret_new();
	if (!key)
		return say_refused("memory that can be locked is out");
	enum sdex_error error =
		keystore_open(keystore, key, passphrase->text, passphrase->size, &why);
	secret_wipe(key);
	if (error)
		return say_refused("%s", why.text);
	puts("opens   yes");
	return STATUS_OK;
}

static enum status show_all(char **paths, struct passphrase *source, bool open)
{
	struct secret_text passphrase = {0};
	struct keystore keystore;
	struct sdex_failure why;
	enum status status = STATUS_OK;
	if (open && !passphrase_read(&passphrase, source, &why))
		return STATUS_REFUSED;
	for (; *paths; paths++) {
		if (keystore_load(&keystore, *paths, &why)) {
			status = say_refused("%s", why.text);
			continue;
		}
		print(&keystore);
		if (open && open_one(&keystore, &passphrase) != STATUS_OK)
			status = STATUS_REFUSED;
	}
	secret_free(&passphrase);
	return status;
}

enum status verb_show(int argc, char **argv)
{
	static const struct option options[] = {
		{"open", no_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		PASSPHRASE_OPTIONS,
		{0},
	};
	struct passphrase source = {.fd = -1};
	bool open = false;
	int option;
	enum status status = STATUS_USAGE;
	secret_harden();
	if (!passphrase_begin(&source))
		return STATUS_REFUSED;
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'o')
			open = true;
		else if (option == 'h') {
			fputs(help, stdout);
			status = STATUS_OK;
			goto out;
		} else if (option == '?' || !passphrase_option(&source, option, optarg))
			goto out;
	}
	status = optind < argc ? show_all(argv + optind, &source, open)
			       : say_usage("show wants the files of keystores");
out:
	passphrase_end(&source);
	return status;
}
