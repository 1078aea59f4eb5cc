/* cmd/sdex/tx_file.c - envelopes in and out, and networks. */
#include "cmd/sdex/tx_file.h"

#include <string.h>

#include "base/json.h"
#include "cmd/sdex/say.h"
#include "sdex/xdr_json.h"

static bool is_json(const struct input *input)
{
	const uint8_t *end = input->data + input->size;
	const uint8_t *at = json_over_blank(input->data, end);
	return at < end && *at == '{';
}

static bool read_envelope(struct tx_file *file, const struct args *args)
{
	static const enum sdex_type type = SDEX_TYPE_TransactionEnvelope;
	struct sdex_failure why;
	void *value;
	bool json = is_json(&file->input);
	if (!json && !input_to_bytes(&file->input, input_form(args), input_fits_type, &type))
		return false;
	file->arena = output_arena(file->input.size);
	if (!file->arena)
		return false;
	const char *data = (const char *)file->input.data;
	size_t size = file->input.size;
	if (json ? sdex_xdr_from_json(type, &value, file->arena, data, size, NULL, &why)
		 : sdex_xdr_decode(type, &value, file->arena, data, size, NULL, &why)) {
		say_failure(file->input.name, &why);
		return false;
	}
	file->envelope = value;
	return true;
}

bool tx_file_read(struct tx_file *file, const struct args *args, const char *operand,
		  enum status *status)
{
	*file = (struct tx_file){.arena = NULL};
	if (!input_read(&file->input, args, operand, status))
		return false;
	*status = STATUS_REFUSED;
	if (read_envelope(file, args))
		return true;
	tx_file_free(file);
	return false;
}

void tx_file_free(struct tx_file *file)
{
	sdex_arena_free(file->arena);
	input_free(&file->input);
}

bool tx_has_network(const struct args *args)
{
	return args_has(args, "network") || args_has(args, "passphrase");
}

static const char *passphrase_of(const char *name)
{
	if (strcmp(name, "public") == 0)
		return SDEX_PASSPHRASE_PUBLIC;
	if (strcmp(name, "testnet") == 0)
		return SDEX_PASSPHRASE_TESTNET;
	return strcmp(name, "futurenet") == 0 ? SDEX_PASSPHRASE_FUTURENET
					      : SDEX_PASSPHRASE_STANDALONE;
}

const char *tx_passphrase(const struct args *args, const char *fallback)
{
	const char *name = args_value(args, "network"),
		   *passphrase = args_value(args, "passphrase");
	if (name && passphrase) {
		args_misused(args, "--network and --passphrase exclude each other");
		return NULL;
	}
	return name ? passphrase_of(name) : passphrase ? passphrase : fallback;
}

bool tx_network(const struct args *args, sdex_Hash *network)
{
	if (!tx_has_network(args)) {
		args_misused(args, "--network is missing: a hash and a signature are for one "
				   "network");
		return false;
	}
	const char *passphrase = tx_passphrase(args, NULL);
	if (!passphrase)
		return false;
	*network = sdex_network_id(passphrase, strlen(passphrase));
	return true;
}

enum output_form tx_output(const struct args *args)
{
	const char *name = args_value(args, "output");
	return name ? output_form(name) : OUTPUT_BASE64;
}
