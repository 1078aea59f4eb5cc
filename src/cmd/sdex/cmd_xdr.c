/* cmd/sdex/cmd_xdr.c - sdex xdr decode, encode, guess */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "cmd/sdex/commands.h"
#include "cmd/sdex/input.h"
#include "cmd/sdex/output.h"
#include "cmd/sdex/records.h"
#include "cmd/sdex/say.h"
#include "cmd/sdex/suggest.h"
#include "sdex/xdr_json.h"

/* The type that --type names; false, said on stderr, when it names none. */
static bool chosen_type(const struct args *args, enum sdex_type *type)
{
	const char *name = args_value(args, "type");
	if (!name) {
		args_misused(
			args,
			"--type is missing; sdex xdr types lists them, sdex xdr guess tries all");
		return false;
	}
	if (sdex_type_by_name(type, name) == SDEX_OK)
		return true;
	struct suggest suggest = suggest_begin(name, 6);
	char text[96];
	for (int i = 0; i < SDEX_TYPE_COUNT; i++)
		suggest_consider(&suggest, sdex_type_name((enum sdex_type)i));
	args_misused(args, "there is no type \"%s\"%s", name, suggest_text(text, &suggest));
	return false;
}

/* ---- decode ---- */

static enum output_form decode_form(const struct args *args)
{
	const char *name = args_value(args, "output");
	if (args_has(args, "json"))
		return OUTPUT_JSON;
	return name ? output_form(name) : OUTPUT_TEXT;
}

static enum status decode_bytes(enum output_form form, enum sdex_type type,
				struct sdex_arena *arena, const char *name, const uint8_t *data,
				size_t size)
{
	struct sdex_failure why;
	void *value;
	if (sdex_xdr_decode(type, &value, arena, data, size, NULL, &why))
		return say_failure(name, &why);
	return output_value(form, type, value);
}

static enum status decode_one(const struct args *args, enum sdex_type type)
{
	struct input input;
	enum status status = STATUS_REFUSED;
	if (!input_read(&input, args, args_operand(args, 0), &status))
		return status;
	if (input_to_bytes(&input, input_form(args), input_fits_type, &type)) {
		struct sdex_arena *arena = output_arena(input.size);
		if (arena)
			status = decode_bytes(decode_form(args), type, arena, input.name,
					      input.data, input.size);
		sdex_arena_free(arena);
	}
	input_free(&input);
	return status;
}

static enum status decode_stream(const struct args *args, enum sdex_type type)
{
	struct records records;
	const uint8_t *data;
	size_t size;
	enum status status;
	enum output_form form = decode_form(args);
	if (form == OUTPUT_RAW)
		form = OUTPUT_FRAMED;
	if (!records_open(&records, args, args_operand(args, 0), &status))
		return status;
	struct sdex_arena *arena = output_arena(records.limit);
	status = arena ? STATUS_OK : STATUS_REFUSED;
	/* A stream may be endless; nobody reads on when the output is full. */
	while (status == STATUS_OK && !ferror(stdout)) {
		char name[4200];
		if (!records_next(&records, &data, &size)) {
			status = STATUS_REFUSED;
			break;
		}
		if (!data)
			break;
		snprintf(name, sizeof name, "%.4000s, record %llu", source_name(records.source),
			 (unsigned long long)records.number);
		sdex_arena_reset(arena);
		status = decode_bytes(form, type, arena, name, data, size);
	}
	sdex_arena_free(arena);
	records_close(&records);
	return status;
}

static enum status decode(const struct args *args)
{
	enum sdex_type type;
	if (!chosen_type(args, &type))
		return STATUS_USAGE;
	if (args_has(args, "json") && args_has(args, "output"))
		return args_misused(args, "--json and --output exclude each other");
	return args_has(args, "stream") ? decode_stream(args, type) : decode_one(args, type);
}

#define TYPE_OPTION                                                                        \
	{                                                                                  \
		.name = "type", .letter = 't', .value = "TYPE", .complete = COMPLETE_TYPE, \
		.help = "the type in the words of the schema, as TransactionEnvelope"      \
	}

const struct command xdr_decode_command = {
	.group = "xdr",
	.verb = "decode",
	.operands = "[INPUT]",
	.operands_most = 1,
	.complete = COMPLETE_FILE,
	.summary = "XDR as JSON",
	.text = "Reads one value, checks it strictly, and prints it as SEP-51 JSON, indented for\n"
		"people.  INPUT is a file, - or nothing for standard input, or the text itself.\n"
		"Raw bytes, base64, hexadecimal and gzip of raw bytes are told apart.\n"
		"\n"
		"What this prints, `sdex xdr encode` turns into the same bytes again.",
	.options =
		(const struct option[]){
			TYPE_OPTION,
			{.name = "json", .help = "JSON on one line, as --output json"},
			{.name = "output",
			 .letter = 'o',
			 .value = "FORM",
			 .words = "text|json|base64|hex|raw",
			 .help = "text is indented JSON; the last three give back what was read"},
			{.name = "stream",
			 .help = "read many values: records with a mark in front (RFC 5531), or\n"
				 "one value in base64 a line; print each on a line of its own"},
			INPUT_OPTIONS,
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex xdr decode --type Asset AAAAAA==", "the text itself"},
			{"sdex xdr decode --type TransactionEnvelope tx.xdr",
			 "a file, in whatever form"},
			{"sdex xdr decode --type LedgerCloseMeta --json ledger.xdr.gz | head -c "
			 "300",
			 "a packed ledger, on one line: how long it is"},
			{"sdex xdr decode --type TransactionEnvelope --json tx.xdr | sdex xdr "
			 "encode --type "
			 "TransactionEnvelope",
			 "there and back again"},
			{NULL, NULL},
		},
	.run = decode,
};

/* ---- encode ---- */

/* Line and column from 1 of a byte of a text. */
static void position(const struct input *input, uint64_t where, unsigned long long *line,
		     unsigned long long *column)
{
	*line = *column = 1;
	for (uint64_t i = 0; i < where && i < input->size; i++) {
		++*column;
		if (input->data[i] == '\n') {
			++*line;
			*column = 1;
		}
	}
}

static enum status encode_text(const struct input *input, size_t at, size_t size,
			       enum sdex_type type, enum output_form form, struct sdex_arena *arena)
{
	struct sdex_failure why;
	void *value;
	unsigned long long line, column;
	const char *text = (const char *)input->data + at;
	if (sdex_xdr_from_json(type, &value, arena, text, size, NULL, &why) == SDEX_OK)
		return output_value(form, type, value);
	position(input, at + why.where, &line, &column);
	return say_refused("%s, line %llu, column %llu: %s", input->name, line, column, why.text);
}

/* How many bytes the value at the front of a text takes, blanks in front included; all
 * that is left when it is none, so that the reader tells why. */
static size_t value_size(const uint8_t *text, size_t size)
{
	struct json json;
	json_open(&json, text, size, JSON_DEPTH_MAX);
	return json_skip(&json) ? (size_t)(json.at - text) : size;
}

static bool only_blanks(const uint8_t *text, size_t size)
{
	return json_over_blank(text, text + size) == text + size;
}

static enum status encode_all(const struct input *input, enum sdex_type type, enum output_form form,
			      bool stream)
{
	struct sdex_arena *arena = output_arena(input->size);
	enum status status = arena ? STATUS_OK : STATUS_REFUSED;
	size_t at = 0;
	do {
		size_t size = input->size - at;
		if (stream && only_blanks(input->data + at, size))
			break;
		if (stream)
			size = value_size(input->data + at, size);
		sdex_arena_reset(arena);
		status = encode_text(input, at, size, type, form, arena);
		at += size;
	} while (status == STATUS_OK && stream);
	sdex_arena_free(arena);
	return status;
}

static enum status encode(const struct args *args)
{
	enum sdex_type type;
	struct input input;
	enum status status;
	const char *output = args_value(args, "output");
	enum output_form form = output ? output_form(output) : OUTPUT_BASE64;
	bool stream = args_has(args, "stream");
	if (!chosen_type(args, &type))
		return STATUS_USAGE;
	if (!input_read(&input, args, args_operand(args, 0), &status))
		return status;
	if (stream && form == OUTPUT_RAW)
		form = OUTPUT_FRAMED;
	status = encode_all(&input, type, form, stream);
	input_free(&input);
	return status;
}

const struct command xdr_encode_command = {
	.group = "xdr",
	.verb = "encode",
	.operands = "[INPUT]",
	.operands_most = 1,
	.complete = COMPLETE_FILE,
	.summary = "JSON as XDR",
	.text = "Reads one value as SEP-51 JSON and prints its XDR.  INPUT is a file (gzip, too),\n"
		"- or nothing for standard input, or the JSON itself.  Reading is strict: every\n"
		"member has to be there, once, and no other; the message names line, column and\n"
		"the path to what is wrong.",
	.options =
		(const struct option[]){
			TYPE_OPTION,
			{.name = "output",
			 .letter = 'o',
			 .value = "FORM",
			 .words = "base64|hex|raw",
			 .help = "base64 when nothing is said"},
			{.name = "stream",
			 .help = "read many values, one behind the other; print each on a line, "
				 "or\n"
				 "with --output raw behind a record mark (RFC 5531)"},
			{.name = "max-size",
			 .value = "BYTES",
			 .help = "refuse longer input, counted unpacked (256M)"},
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex xdr encode --type Asset '\"native\"'",
			 "a value on the command line"},
			{"sdex xdr encode --type TransactionEnvelope --output raw tx.json > tx.bin",
			 "a file into a file"},
			{"sdex xdr decode --stream --type LedgerCloseMeta ledgers.xdr | sdex xdr "
			 "encode --stream "
			 "--type LedgerCloseMeta --output raw | cmp - ledgers.xdr",
			 "a stream of ledgers there and back"},
			{NULL, NULL},
		},
	.run = encode,
};

/* ---- guess ---- */

/* What bytes most often are, in the order of the answer. */
static const enum sdex_type usual[] = {
	SDEX_TYPE_TransactionEnvelope,
	SDEX_TYPE_TransactionResult,
	SDEX_TYPE_TransactionMeta,
	SDEX_TYPE_LedgerCloseMeta,
	SDEX_TYPE_LedgerHeaderHistoryEntry,
	SDEX_TYPE_LedgerHeader,
	SDEX_TYPE_LedgerEntry,
	SDEX_TYPE_LedgerEntryData,
	SDEX_TYPE_LedgerKey,
	SDEX_TYPE_LedgerEntryChanges,
	SDEX_TYPE_SorobanTransactionData,
	SDEX_TYPE_SorobanAuthorizationEntry,
	SDEX_TYPE_DiagnosticEvent,
	SDEX_TYPE_ContractEvent,
	SDEX_TYPE_SCVal,
	SDEX_TYPE_SCSpecEntry,
	SDEX_TYPE_Operation,
	SDEX_TYPE_OperationResult,
	SDEX_TYPE_Asset,
	SDEX_TYPE_AccountID,
	SDEX_TYPE_MuxedAccount,
	SDEX_TYPE_StellarMessage,
	SDEX_TYPE_SCPEnvelope,
	SDEX_TYPE_GeneralizedTransactionSet,
};

#define USUAL (sizeof usual / sizeof *usual)

static bool is_usual(enum sdex_type type)
{
	for (size_t i = 0; i < USUAL; i++)
		if (usual[i] == type)
			return true;
	return false;
}

/* Prints the type when all bytes are one value of it. */
static unsigned try_type(enum sdex_type type, const struct input *input)
{
	if (!input_fits_type(&type, input->data, input->size))
		return 0;
	puts(sdex_type_name(type));
	return 1;
}

/* Nothing fits: of which type is the longest front a value? */
static enum status nothing_fits(const struct input *input)
{
	enum sdex_type best = usual[0];
	size_t longest = 0, used;
	for (size_t i = 0; i < USUAL; i++) {
		if (sdex_xdr_check(usual[i], &used, input->data, input->size, NULL, NULL) ==
			    SDEX_OK &&
		    used > longest) {
			longest = used;
			best = usual[i];
		}
	}
	if (longest < 32)
		return say_refused("%s: its %zu bytes are no value of any type", input->name,
				   input->size);
	return say_refused(
		"%s: its %zu bytes are no value of any type, but the first %zu are of %s",
		input->name, input->size, longest, sdex_type_name(best));
}

static enum status guess(const struct args *args)
{
	struct input input;
	enum status status;
	unsigned found = 0;
	if (!input_read(&input, args, args_operand(args, 0), &status))
		return status;
	if (input_to_bytes(&input, input_form(args), NULL, NULL)) {
		for (size_t i = 0; i < USUAL; i++)
			found += try_type(usual[i], &input);
		for (int i = 0; i < SDEX_TYPE_COUNT; i++)
			if (!is_usual((enum sdex_type)i))
				found += try_type((enum sdex_type)i, &input);
		status = found ? STATUS_OK : nothing_fits(&input);
	}
	input_free(&input);
	return status;
}

const struct command xdr_guess_command = {
	.group = "xdr",
	.verb = "guess",
	.operands = "[INPUT]",
	.operands_most = 1,
	.complete = COMPLETE_FILE,
	.summary = "which types bytes can be",
	.text = "Prints the types of which the whole input is one value, those first that it most\n"
		"often is.  Short input fits many.  INPUT is as for `sdex xdr decode`.",
	.options = (const struct option[]){INPUT_OPTIONS, {.name = NULL}},
	.examples =
		(const struct example[]){
			{"sdex xdr guess tx.xdr", "a file of which only little is known"},
			{"sdex xdr decode --type \"$(sdex xdr guess tx.xdr | head -1)\" tx.xdr",
			 "decode as the likeliest"},
			{NULL, NULL},
		},
	.run = guess,
};
