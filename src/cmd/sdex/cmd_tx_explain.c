/* cmd/sdex/cmd_tx_explain.c - sdex tx explain */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cmd/sdex/commands.h"
#include "cmd/sdex/say.h"
#include "cmd/sdex/suggest.h"
#include "cmd/sdex/tx_file.h"
#include "sdex/bytes.h"
#include "sdex/result.h"
#include "sdex/xdr_json.h"

/* A result, and the transaction that it is of when that is known. */
struct outcome {
	struct input input;
	struct sdex_arena *arena;
	sdex_TransactionResult *result;
	sdex_TransactionEnvelope *envelope;
};

/* ---- codes by name ---- */

static void put_code(const struct sdex_code *code)
{
	printf("%s (%d of %s", code->name, code->value, sdex_type_name(code->type));
	if (code->horizon)
		printf(", in Horizon %s", code->horizon);
	printf("): %s", code->meaning);
	if (code->remedy)
		printf("; %s", code->remedy);
	putchar('\n');
}

/* Prints all codes that the schema or Horizon calls so. */
static bool explain_name(const char *name)
{
	bool found = false;
	const struct sdex_code *code;
	for (size_t i = 0; (code = sdex_code_at(i)); i++) {
		if (strcmp(code->name, name) == 0 ||
		    (code->horizon && strcmp(code->horizon, name) == 0)) {
			put_code(code);
			found = true;
		}
	}
	return found;
}

/* A word that is no code and no file either: which was meant? */
static enum status no_such_code(const struct args *args, const char *name)
{
	struct suggest suggest = suggest_begin(name, 8);
	const struct sdex_code *code;
	char text[96];
	for (size_t i = 0; (code = sdex_code_at(i)); i++) {
		suggest_consider(&suggest, code->name);
		if (code->horizon)
			suggest_consider(&suggest, code->horizon);
	}
	return args_misused(args, "there is no result code \"%s\"%s", name,
			    suggest_text(text, &suggest));
}

/* Letters and underscores: neither base64 of XDR nor, unless there is one, a file. */
static bool is_word(const char *text)
{
	return strchr(text, '_') && access(text, F_OK) != 0 &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
		       strlen(text);
}

/* ---- answers of Horizon and RPC ---- */

/* Decodes the base64 in a member of an answer. */
static void *member_value(struct outcome *o, const struct json_text *text, enum sdex_type type)
{
	struct sdex_failure why;
	void *value;
	size_t size, room = SDEX_BASE64_SIZE(text->size);
	uint8_t *data = sdex_arena_alloc(o->arena, room);
	if (!data)
		return NULL;
	if (sdex_base64_decode(data, room, &size, (const char *)text->data, text->size, &why) ||
	    sdex_xdr_decode(type, &value, o->arena, data, size, NULL, &why)) {
		say_note("%s: %.*s: %s", o->input.name, 32, (const char *)text->data, why.text);
		return NULL;
	}
	return value;
}

static bool is_any(const struct json_text *key, const char *a, const char *b, const char *c)
{
	return json_is(key, a, strlen(a)) || json_is(key, b, strlen(b)) ||
	       json_is(key, c, strlen(c));
}

/* Looks for result and envelope in any object of the answer. */
static void search(struct outcome *o, struct json *json)
{
	struct json_text key, text;
	enum json_kind kind = json_peek(json);
	if (kind == JSON_ARRAY && json_array(json)) {
		while (json_item(json))
			search(o, json);
		return;
	}
	if (kind != JSON_OBJECT || !json_object(json)) {
		json_skip(json);
		return;
	}
	while (json_key(json, &key)) {
		bool result = is_any(&key, "result_xdr", "resultXdr", "errorResultXdr");
		bool envelope = is_any(&key, "envelope_xdr", "envelopeXdr", "tx");
		if ((!result && !envelope) || json_peek(json) != JSON_STRING)
			search(o, json);
		else if (json_string(json, &text) && result && !o->result)
			o->result = member_value(o, &text, SDEX_TYPE_TransactionResult);
		else if (envelope && !o->envelope)
			o->envelope = member_value(o, &text, SDEX_TYPE_TransactionEnvelope);
	}
}

static bool read_answer(struct outcome *o)
{
	struct json json;
	struct sdex_failure why;
	json_open(&json, o->input.data, o->input.size, 64);
	search(o, &json);
	if (json_close(&json, &why)) {
		say_failure(o->input.name, &why);
		return false;
	}
	return true;
}

/* ---- results ---- */

static bool is_json(const struct input *input)
{
	const uint8_t *end = input->data + input->size;
	const uint8_t *at = json_over_blank(input->data, end);
	return at < end && *at == '{';
}

/* SEP-51's JSON of a result, or else an answer that has one in it. */
static bool read_json(struct outcome *o)
{
	struct sdex_failure why;
	void *value;
	if (sdex_xdr_from_json(SDEX_TYPE_TransactionResult, &value, o->arena,
			       (const char *)o->input.data, o->input.size, NULL, &why) == SDEX_OK) {
		o->result = value;
		return true;
	}
	if (!read_answer(o))
		return false;
	if (!o->result)
		say_refused("%s holds no result: neither TransactionResult in JSON (%s), nor "
			    "result_xdr, "
			    "resultXdr or errorResultXdr",
			    o->input.name, why.text);
	return o->result;
}

static bool read_result(struct outcome *o, const struct args *args)
{
	static const enum sdex_type type = SDEX_TYPE_TransactionResult;
	struct sdex_failure why;
	void *value;
	o->arena = output_arena(o->input.size);
	if (!o->arena)
		return false;
	if (is_json(&o->input))
		return read_json(o);
	if (!input_to_bytes(&o->input, input_form(args), input_fits_type, &type))
		return false;
	if (sdex_xdr_decode(type, &value, o->arena, o->input.data, o->input.size, NULL, &why)) {
		say_failure(o->input.name, &why);
		return false;
	}
	o->result = value;
	return true;
}

static enum status put_outcome(const struct outcome *o, const sdex_TransactionEnvelope *envelope)
{
	struct sdex_failure why;
	size_t length = 0;
	char *text = NULL;
	enum sdex_error error = sdex_result_text(NULL, 0, NULL, o->result, envelope, &why);
	if (error == SDEX_ERR_SPACE) {
		text = malloc(why.where);
		error = text ? sdex_result_text(text, why.where, &length, o->result, envelope, NULL)
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

static enum status explain(const struct args *args)
{
	const char *operand = args_operand(args, 0), *envelope = args_value(args, "envelope");
	struct outcome o = {.arena = NULL};
	struct tx_file file = {.arena = NULL};
	enum status status;
	if (operand && explain_name(operand))
		return STATUS_OK;
	if (operand && is_word(operand))
		return no_such_code(args, operand);
	if (envelope && !tx_file_read(&file, args, envelope, &status))
		return status;
	if (!input_read(&o.input, args, operand, &status)) {
		tx_file_free(&file);
		return status;
	}
	status = STATUS_REFUSED;
	if (read_result(&o, args))
		status = put_outcome(&o, file.envelope ? file.envelope : o.envelope);
	sdex_arena_free(o.arena);
	input_free(&o.input);
	tx_file_free(&file);
	return status;
}

const struct command tx_explain_command = {
	.group = "tx",
	.verb = "explain",
	.operands = "[RESULT]",
	.operands_most = 1,
	.complete = COMPLETE_FILE,
	.summary = "what came of a transaction, and what to do now",
	.text = "Says in plain words what a result means: which operation failed and why, what "
		"was\n"
		"traded, and what to do next.  RESULT is a TransactionResult as XDR in any form "
		"or\n"
		"as SEP-51's JSON; or an answer of Horizon or RPC with one in it; or the name of "
		"a\n"
		"code, as the schema or as Horizon has it.",
	.options =
		(const struct option[]){
			{.name = "envelope",
			 .letter = 'e',
			 .value = "INPUT",
			 .complete = COMPLETE_FILE,
			 .help = "the transaction, which says what was not tried"},
			INPUT_OPTIONS,
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex tx explain AAAAAAAAAGT/////AAAAAQAAAAAAAAAB/////gAAAAA=",
			 "a result"},
			{"sdex tx explain op_underfunded", "a code, in all its meanings"},
			{"sdex tx explain --envelope tx.xdr answer.json",
			 "an answer of Horizon or RPC"},
			{NULL, NULL},
		},
	.run = explain,
};
