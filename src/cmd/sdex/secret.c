/* cmd/sdex/secret.c - secrets where the options say they are. */
#include "cmd/sdex/secret.h"

#include <string.h>
#include <unistd.h>

#include "cmd/sdex/say.h"

struct sdex_secret *secret_make(void)
{
	struct sdex_secret *key = secret_new();
	if (!key)
		say_refused("memory that can be locked is out");
	return key;
}

bool secret_takes_stdin(const struct args *args)
{
	const char *path = args_value(args, "key");
	return path && strcmp(path, "-") == 0;
}

bool secret_read_from(struct secret_text *secret, const char *path, int fd, const char *prompt)
{
	struct sdex_failure why = {0};
	enum sdex_error error;
	if (path && strcmp(path, "-") != 0)
		error = secret_from_file(secret, path, SECRET_FILE, &why);
	else if (path)
		error = secret_from_fd(secret, STDIN_FILENO, "standard input", &why);
	else if (fd >= 0)
		error = secret_from_fd(secret, fd, "the descriptor", &why);
	else
		error = secret_from_terminal(secret, prompt, &why);
	if (error == SDEX_ERR_MISSING && !path && why.where == 0)
		say_refused("%s: --key FILE, --key - or --key-fd N say where it is", why.text);
	else if (error)
		say_refused("%s", why.text);
	return error == SDEX_OK;
}

bool secret_read(struct secret_text *secret, const struct args *args, const char *prompt,
		 enum status *status)
{
	uint64_t fd = 0;
	const char *path = args_value(args, "key");
	bool by_fd = args_has(args, "key-fd");
	*status = STATUS_USAGE;
	if (path && by_fd) {
		args_misused(args, "--key and --key-fd exclude each other");
		return false;
	}
	if (by_fd && !args_number(args, "key-fd", &fd, 0, 0, 65535))
		return false;
	*status = STATUS_REFUSED;
	return secret_read_from(secret, path, by_fd ? (int)fd : -1, prompt);
}

bool secret_to_key(struct sdex_secret *key, const struct secret_text *secret)
{
	struct sdex_failure why;
	if (sdex_secret_parse(key, secret->text, secret->size, &why) == SDEX_OK)
		return true;
	if (memchr(secret->text, ' ', secret->size))
		say_refused("the secret is not a seed (S...); words of a mnemonic become one by "
			    "sdex key derive --out FILE");
	else
		say_failure("the secret", &why);
	return false;
}

bool secret_write(const char *path, const char *text)
{
	struct sdex_failure why;
	if (secret_save(path, text, &why) == SDEX_OK)
		return true;
	say_refused("%s", why.text);
	return false;
}
