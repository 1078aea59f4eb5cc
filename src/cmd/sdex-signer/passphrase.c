/* cmd/sdex-signer/passphrase.c - the places a passphrase may come from, in their order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/failure.h"
#include "cmd/sdex-signer/signer.h"
#include "sdex/bytes.h"

#define VARIABLE "SDEX_SIGNER_PASSPHRASE"
#define CREDENTIAL "sdex-signer.passphrase"

bool passphrase_begin(struct passphrase *source)
{
	struct sdex_failure why;
	char *value = getenv(VARIABLE);
	if (!value)
		return true;
	if (secret_from_text(&source->environment, value, &why)) {
		say_refused("$" VARIABLE ": %s", why.text);
		return false;
	}
	sdex_wipe(value, strlen(value));
	unsetenv(VARIABLE);
	return true;
}

void passphrase_end(struct passphrase *source)
{
	secret_free(&source->environment);
}

bool passphrase_option(struct passphrase *source, int option, const char *value)
{
	uint64_t fd;
	if (option == 'p') {
		source->file = value;
		return true;
	}
	if (!read_number("passphrase-fd", value, &fd, 0, 65535))
		return false;
	source->fd = (int)fd;
	return true;
}

/* The path of the credential that a service manager has put there; NULL when there is none. */
static char *credential(void)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	size_t size = folder ? strlen(folder) + sizeof "/" CREDENTIAL : 0;
	char *path = folder ? malloc(size) : NULL;
	if (path)
		snprintf(path, size, "%s/" CREDENTIAL, folder);
	if (path && access(path, F_OK) == 0)
		return path;
	free(path);
	return NULL;
}

static enum sdex_error ask_twice(struct secret_text *passphrase, struct sdex_failure *why)
{
	struct secret_text again = {0};
	enum sdex_error error =
		secret_from_terminal(passphrase, "a new passphrase for the keystore", why);
	if (error)
		return error;
	error = secret_from_terminal(&again, "the same again", why);
	if (!error && (again.size != passphrase->size ||
		       !sdex_bytes_equal_secret(again.text, passphrase->text, again.size)))
		error = fail(why, SDEX_ERR_INVALID, 0, "the two were not the same: begin again");
	secret_free(&again);
	if (error)
		secret_free(passphrase);
	return error;
}

static enum sdex_error from_environment(struct secret_text *passphrase, struct passphrase *source)
{
	*passphrase = source->environment;
	source->environment = (struct secret_text){0};
	source->from_environment = true;
	say_note("the passphrase came from the environment, where other programs of this user "
		 "could read it: for more than tests use --passphrase-file or a credential");
	return SDEX_OK;
}

static enum sdex_error from_person(struct secret_text *passphrase, struct passphrase *source,
				   struct sdex_failure *why)
{
	enum sdex_error error =
		source->is_new ? ask_twice(passphrase, why)
			       : secret_from_terminal(passphrase, "the keystore's passphrase", why);
	if (error == SDEX_ERR_MISSING && source->environment.text)
		return from_environment(passphrase, source);
	if (error == SDEX_ERR_MISSING)
		return fail(why, error, 0,
			    "there is no passphrase: give --passphrase-file FILE or "
			    "--passphrase-fd N, or a terminal to ask on");
	return error;
}

bool passphrase_read(struct secret_text *passphrase, struct passphrase *source,
		     struct sdex_failure *why)
{
	enum sdex_error error;
	char *path = NULL;
	if (source->fd >= 0)
		error = secret_from_fd(passphrase, source->fd, "the passphrase's descriptor", why);
	else if ((path = credential()))
		error = secret_from_file(passphrase, path, SECRET_CREDENTIAL, why);
	else if (source->file)
		error = secret_from_file(passphrase, source->file, SECRET_FILE, why);
	else
		error = from_person(passphrase, source, why);
	free(path);
	if (!error && passphrase->size == 0) {
		secret_free(passphrase);
		error = fail(why, SDEX_ERR_MISSING, 0,
			     "the passphrase is empty: a pipe that was read before has no more of "
			     "it, a file can be read again");
	}
	if (error)
		say_refused("%s", why->text);
	return error == SDEX_OK;
}
