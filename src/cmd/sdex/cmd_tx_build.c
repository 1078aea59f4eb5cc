/* cmd/sdex/cmd_tx_build.c - sdex tx build, sdex tx operations */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "cmd/sdex/commands.h"
#include "cmd/sdex/say.h"
#include "cmd/sdex/tx_fields.h"
#include "cmd/sdex/tx_file.h"
#include "sdex/address.h"
#include "sdex/bytes.h"
#include "sdex/xdr_json.h"

#define OPERATIONS_MAX 100u

/* ---- options as values.  All return what to end with, STATUS_OK to go on. ---- */

static enum status number_option(const struct args *args, const char *name, uint64_t *number,
				 uint64_t fallback, uint64_t most)
{
	return args_number(args, name, number, fallback, 0, most) ? STATUS_OK : STATUS_USAGE;
}

static enum status muxed_option(const struct args *args, const char *name, sdex_MuxedAccount *out)
{
	const char *text = args_value(args, name);
	struct sdex_failure why;
	if (!text)
		return args_misused(args, "--%s is missing", name);
	if (sdex_muxed_parse(out, text, strlen(text), &why) == SDEX_OK)
		return STATUS_OK;
	return say_refused("--%s: %s", name, why.text);
}

/* Seconds since 1970, or "+N" for so many from now. */
static enum status time_option(const struct args *args, const char *name, uint64_t *seconds)
{
	const char *text = args_value(args, name);
	int64_t n = 0;
	*seconds = 0;
	if (!text)
		return STATUS_OK;
	bool later = *text == '+';
	if (json_parse_int64(&n, (const uint8_t *)text + later, strlen(text + later)) || n < 0)
		return args_misused(args,
				    "--%s wants seconds since 1970, or +N from now, not \"%s\"",
				    name, text);
	*seconds = (uint64_t)n + (later ? (uint64_t)time(NULL) : 0);
	return STATUS_OK;
}

static enum status hash_of(sdex_Hash *hash, const char *text)
{
	struct sdex_failure why;
	size_t size;
	if (sdex_hex_decode(hash->bytes, sizeof hash->bytes, &size, text, strlen(text), &why))
		return say_refused("--memo: %s", why.text);
	if (size != sizeof hash->bytes)
		return say_refused("--memo: a hash has 64 hexadecimal digits, this one %zu",
				   size * 2);
	return STATUS_OK;
}

/* "text:...", "id:N", "hash:HEX", "return:HEX", "none" */
static enum status memo_option(const struct args *args, sdex_Memo *memo)
{
	const char *text = args_value(args, "memo");
	sdex_Hash hash;
	uint64_t id = 0;
	*memo = sdex_memo_none();
	if (!text || strcmp(text, "none") == 0)
		return STATUS_OK;
	if (strncmp(text, "text:", 5) == 0) {
		*memo = sdex_memo_text(text + 5, strlen(text + 5));
		return STATUS_OK;
	}
	if (strncmp(text, "id:", 3) == 0 &&
	    json_parse_uint64(&id, (const uint8_t *)text + 3, strlen(text + 3)) == SDEX_OK) {
		*memo = sdex_memo_id(id);
		return STATUS_OK;
	}
	bool is_hash = strncmp(text, "hash:", 5) == 0, is_return = strncmp(text, "return:", 7) == 0;
	if (!is_hash && !is_return)
		return args_misused(
			args,
			"--memo wants text:TEXT, id:N, hash:HEX, return:HEX or none, not \"%s\"",
			text);
	enum status status = hash_of(&hash, text + (is_hash ? 5 : 7));
	if (status != STATUS_OK)
		return status;
	*memo = is_hash ? sdex_memo_hash(&hash) : sdex_memo_return(&hash);
	return STATUS_OK;
}

/* ---- preconditions ---- */

struct conditions {
	sdex_PreconditionsV2 all;
	sdex_TimeBounds time;
	sdex_LedgerBounds ledgers;
	sdex_SequenceNumber sequence;
	sdex_SignerKey signers[2];
};

static enum status extra_signers(const struct args *args, struct conditions *c,
				 struct sdex_arena *arena)
{
	struct sdex_failure why;
	uint32_t n = 0;
	for (unsigned i = 0; i < args->given_count; i++) {
		if (strcmp(args->given[i].option->name, "extra-signer") != 0)
			continue;
		const char *text = args->given[i].value;
		if (n == 2)
			return args_misused(args, "--extra-signer may stand there twice, not more");
		if (sdex_signer_parse(&c->signers[n++], arena, text, strlen(text), &why))
			return say_refused("--extra-signer: %s", why.text);
	}
	c->all.extraSigners = (sdex_SignerKey_list){c->signers, n};
	return STATUS_OK;
}

static enum status read_conditions(const struct args *args, struct conditions *c,
				   struct sdex_arena *arena)
{
	uint64_t min_ledger, max_ledger, sequence, age, gap;
	memset(c, 0, sizeof *c);
	enum status status;
	if ((status = time_option(args, "min-time", &c->time.minTime)) ||
	    (status = time_option(args, "max-time", &c->time.maxTime)) ||
	    (status = number_option(args, "min-ledger", &min_ledger, 0, UINT32_MAX)) ||
	    (status = number_option(args, "max-ledger", &max_ledger, 0, UINT32_MAX)) ||
	    (status = number_option(args, "min-sequence", &sequence, 0, INT64_MAX)) ||
	    (status = number_option(args, "min-sequence-age", &age, 0, INT64_MAX)) ||
	    (status = number_option(args, "min-sequence-gap", &gap, 0, UINT32_MAX)) ||
	    (status = extra_signers(args, c, arena)))
		return status;
	c->ledgers = (sdex_LedgerBounds){(uint32_t)min_ledger, (uint32_t)max_ledger};
	c->sequence = (int64_t)sequence;
	c->all.minSeqAge = age;
	c->all.minSeqLedgerGap = (uint32_t)gap;
	if (args_has(args, "min-time") || args_has(args, "max-time"))
		c->all.timeBounds = &c->time;
	if (min_ledger || max_ledger)
		c->all.ledgerBounds = &c->ledgers;
	if (args_has(args, "min-sequence"))
		c->all.minSeqNum = &c->sequence;
	return STATUS_OK;
}

/* ---- build ---- */

static enum status read_operations(const struct args *args, sdex_Operation_list *list,
				   struct sdex_arena *arena)
{
	list->count = 0;
	list->items = sdex_arena_alloc(arena, OPERATIONS_MAX * sizeof *list->items);
	if (!list->items)
		return say_refused("memory is out");
	for (unsigned i = 0; i < args->given_count; i++) {
		if (strcmp(args->given[i].option->name, "op") != 0)
			continue;
		if (list->count == OPERATIONS_MAX)
			return say_refused("a transaction has at most %u operations",
					   OPERATIONS_MAX);
		if (!op_parse(&list->items[list->count++], arena, args->given[i].value))
			return STATUS_REFUSED;
	}
	if (list->count)
		return STATUS_OK;
	return args_misused(args, "--op is missing; sdex tx operations lists the operations");
}

/* The resources of a contract transaction, which a simulation gives. */
static enum status read_soroban(const struct args *args, sdex_TransactionExt *ext,
				struct sdex_arena *arena)
{
	static const enum sdex_type type = SDEX_TYPE_SorobanTransactionData;
	const char *text = args_value(args, "soroban-data");
	struct sdex_failure why;
	void *value;
	size_t size, length = text ? strlen(text) : 0;
	if (!text)
		return STATUS_OK;
	uint8_t *data = sdex_arena_alloc(arena, SDEX_BASE64_SIZE(length));
	if (!data)
		return say_refused("memory is out");
	if (*text == '{' ? sdex_xdr_from_json(type, &value, arena, text, length, NULL, &why)
			 : (sdex_base64_decode(data, SDEX_BASE64_SIZE(length), &size, text, length,
					       &why) ||
			    sdex_xdr_decode(type, &value, arena, data, size, NULL, &why)))
		return say_refused("--soroban-data: %s", why.text);
	ext->v = 1;
	ext->sorobanData = value;
	return STATUS_OK;
}

/* The fee of all operations together, and of the resources. */
static enum status set_fee(const struct args *args, sdex_Transaction *tx, uint64_t each)
{
	uint64_t fee = each * tx->operations.count;
	if (tx->ext.v == 1 && tx->ext.sorobanData->resourceFee > 0)
		fee += (uint64_t)tx->ext.sorobanData->resourceFee;
	if (fee > UINT32_MAX)
		return args_misused(args,
				    "--fee %llu is too much: all together %llu stroops, at most %u",
				    (unsigned long long)each, (unsigned long long)fee, UINT32_MAX);
	tx->fee = (uint32_t)fee;
	return STATUS_OK;
}

static enum status finish(const struct args *args, enum sdex_error error,
			  const sdex_TransactionEnvelope *envelope, const struct sdex_failure *why)
{
	if (error == SDEX_ERR_MALFORMED && args_has(args, "op"))
		return say_refused("operation or transaction refused: %s", why->text);
	if (error)
		return say_refused("%s", why->text);
	return output_value(tx_output(args), SDEX_TYPE_TransactionEnvelope, envelope);
}

static enum status build_new(const struct args *args, struct sdex_arena *arena)
{
	struct sdex_failure why = {.text = ""};
	struct conditions conditions;
	sdex_TransactionEnvelope envelope;
	sdex_Transaction tx = {.fee = 0};
	uint64_t sequence, fee;
	enum status status;
	if (!args_has(args, "sequence"))
		return args_misused(
			args, "--sequence is missing: the account's sequence number plus one");
	if ((status = number_option(args, "sequence", &sequence, 0, INT64_MAX)) ||
	    (status = number_option(args, "fee", &fee, 100, UINT32_MAX)) ||
	    (status = memo_option(args, &tx.memo)) ||
	    (status = muxed_option(args, "source", &tx.sourceAccount)) ||
	    (status = read_conditions(args, &conditions, arena)) ||
	    (status = read_operations(args, &tx.operations, arena)) ||
	    (status = read_soroban(args, &tx.ext, arena)) || (status = set_fee(args, &tx, fee)))
		return status;
	tx.seqNum = (int64_t)sequence;
	tx.cond = sdex_preconditions(&conditions.all);
	if (!args_has(args, "max-time"))
		say_note("without --max-time the transaction stays valid until its sequence number "
			 "is used;"
			 " --max-time +300 is customary, --max-time 0 says that it is meant");
	enum sdex_error error = args_has(args, "v0")
					? sdex_tx_make_v0(&envelope, arena, &tx, NULL, &why)
					: sdex_tx_make(&envelope, arena, &tx, NULL, &why);
	return finish(args, error, &envelope, &why);
}

static enum status build_fee_bump(const struct args *args, struct sdex_arena *arena)
{
	struct sdex_failure why = {.text = ""};
	struct tx_file inner;
	enum status status;
	sdex_MuxedAccount source;
	sdex_TransactionEnvelope envelope;
	uint64_t fee;
	if ((status = number_option(args, "fee", &fee, 100, INT64_MAX / 101)) ||
	    (status = muxed_option(args, "source", &source)))
		return status;
	if (!tx_file_read(&inner, args, args_value(args, "fee-bump"), &status))
		return status;
	uint64_t count = sdex_tx_operations(inner.envelope).count + (uint64_t)1;
	enum sdex_error error = sdex_tx_make_fee_bump(&envelope, arena, &source,
						      sdex_stroops((int64_t)(fee * count)),
						      inner.envelope, NULL, &why);
	status = finish(args, error, &envelope, &why);
	tx_file_free(&inner);
	return status;
}

/* A Transaction or a TransactionEnvelope in SEP-51's JSON, held to the rules. */
static enum status build_from_json(const struct args *args, struct sdex_arena *arena)
{
	struct sdex_failure why = {.text = ""}, other = {.text = ""};
	struct input input;
	enum status status;
	sdex_TransactionEnvelope envelope;
	void *value;
	if (!input_read(&input, args, args_value(args, "from-json"), &status))
		return status;
	const char *text = (const char *)input.data;
	if (sdex_xdr_from_json(SDEX_TYPE_Transaction, &value, arena, text, input.size, NULL,
			       &why) == SDEX_OK) {
		enum sdex_error error = sdex_tx_make(&envelope, arena, value, NULL, &why);
		status = finish(args, error, &envelope, &why);
	} else if (sdex_xdr_from_json(SDEX_TYPE_TransactionEnvelope, &value, arena, text,
				      input.size, NULL, &other) == SDEX_OK) {
		status = finish(args, sdex_tx_check(value, NULL, &why), value, &why);
	} else {
		/* The one that was read further is the one that was meant. */
		status = say_failure(input.name, other.where > why.where ? &other : &why);
	}
	input_free(&input);
	return status;
}

static enum status build(const struct args *args)
{
	struct sdex_arena *arena = output_arena(0);
	if (!arena)
		return STATUS_REFUSED;
	bool json = args_has(args, "from-json"), bump = args_has(args, "fee-bump");
	enum status status;
	if ((json || bump) &&
	    (args_has(args, "op") || args_has(args, "sequence") || (json && bump)))
		status = args_misused(args,
				      "--%s takes the transaction from elsewhere: no --op, no "
				      "--sequence beside it",
				      json ? "from-json" : "fee-bump");
	else
		status = json   ? build_from_json(args, arena)
			 : bump ? build_fee_bump(args, arena)
				: build_new(args, arena);
	sdex_arena_free(arena);
	return status;
}

const struct command tx_build_command = {
	.group = "tx",
	.verb = "build",
	.operands = "",
	.summary = "make a transaction",
	.text = "Makes an envelope without signatures, of options or of JSON, and prints it.  "
		"What\n"
		"the network would refuse as malformed is refused here.  Operations are written\n"
		"\"name field=value ...\", in order; `sdex tx operations` lists them.  Every one\n"
		"takes source=G... for an account other than the transaction's.",
	.options =
		(const struct option[]){
			{.name = "source",
			 .letter = 's',
			 .value = "G...|M...",
			 .help = "the account that pays and whose sequence number is used"},
			{.name = "sequence",
			 .value = "N",
			 .help = "the transaction's sequence number: the account's, plus one"},
			{.name = "op",
			 .many = true,
			 .value = "OPERATION",
			 .help = "an operation; up to 100 times"},
			{.name = "fee",
			 .letter = 'f',
			 .value = "STROOPS",
			 .help = "the most to pay for each operation (100); resource fees of\n"
				 "--soroban-data come on top"},
			{.name = "memo",
			 .letter = 'm',
			 .value = "MEMO",
			 .help = "text:TEXT, id:N, hash:HEX, return:HEX or none"},
			{.name = "max-time",
			 .value = "TIME",
			 .help = "not valid later: seconds since 1970, +N from now, 0 for no end"},
			{.name = "min-time", .value = "TIME", .help = "not valid earlier"},
			{.name = "max-ledger",
			 .value = "N",
			 .help = "valid in ledgers below this one"},
			{.name = "min-ledger", .value = "N", .help = "valid from this ledger on"},
			{.name = "min-sequence",
			 .value = "N",
			 .help = "valid when the account's sequence number is this or more"},
			{.name = "min-sequence-age",
			 .value = "SECONDS",
			 .help = "valid so long after the account's number last changed"},
			{.name = "min-sequence-gap",
			 .value = "N",
			 .help = "valid so many ledgers after that"},
			{.name = "extra-signer",
			 .many = true,
			 .value = "SIGNER",
			 .help = "who has to sign, too (G, T, X, P); up to twice"},
			{.name = "soroban-data",
			 .value = "XDR",
			 .help = "a SorobanTransactionData, base64 or JSON, as a simulation gives "
				 "it"},
			{.name = "from-json",
			 .value = "INPUT",
			 .complete = COMPLETE_FILE,
			 .help = "a Transaction or TransactionEnvelope in SEP-51's JSON, checked"},
			{.name = "fee-bump",
			 .value = "INPUT",
			 .complete = COMPLETE_FILE,
			 .help = "let --source pay --fee for this signed transaction (CAP-15)"},
			{.name = "v0", .help = "the envelope of old"},
			TX_OUTPUT_OPTION,
			INPUT_OPTIONS,
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex tx build --source "
			 "GBXFXNDLV4LSWA4VB7YIL5GBD7BVNR22SGBTDKMO2SBZZHDXSKZYCP7L "
			 "--sequence 5 --max-time +300 --memo text:rent --op 'payment "
			 "to=GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN amount=1.5'",
			 "a payment of XLM"},
			{"sdex tx build --source "
			 "GBXFXNDLV4LSWA4VB7YIL5GBD7BVNR22SGBTDKMO2SBZZHDXSKZYCP7L "
			 "--sequence 6 --fee 200 --max-time +60 --op 'manage_sell_offer "
			 "selling=XLM "
			 "buying=USDC:GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN "
			 "amount=100 price=0.25' "
			 "| sdex tx show",
			 "an offer, in words"},
			{"sdex tx build --from-json tx.json", "of JSON"},
			{NULL, NULL},
		},
	.run = build,
};

/* ---- operations ---- */

static void put_fields(const struct op_kind *kind)
{
	for (const struct field *f = kind->fields; f->name; f++) {
		char left[64];
		snprintf(left, sizeof left, "%s=%s", f->name, field_shape(f->kind));
		printf("  %-34s %s%s%s%s\n", left, f->optional ? "(may be left out) " : "", f->help,
		       f->words ? ": " : "", f->words ? f->words : "");
	}
	printf("  %-34s %s\n", "source=G...|M...",
	       "(may be left out) the account that acts, if not the transaction's");
}

static enum status operations(const struct args *args)
{
	const char *name = args_operand(args, 0);
	bool found = false;
	for (const struct op_kind *kind = op_kinds; kind->name; kind++) {
		if (name && strcmp(name, kind->name) != 0)
			continue;
		found = true;
		if (name)
			printf("%s: %s\n", kind->name, kind->summary);
		else
			printf("%-34s %s\n", kind->name, kind->summary);
		if (name)
			put_fields(kind);
	}
	if (found)
		return STATUS_OK;
	return args_misused(args, "there is no operation \"%s\"; sdex tx operations lists all",
			    name);
}

const struct command tx_operations_command = {
	.group = "tx",
	.verb = "operations",
	.operands = "[NAME]",
	.operands_most = 1,
	.summary = "the operations and their fields",
	.text = "Lists the 27 operations, or with NAME the fields of one, as `sdex tx build --op`\n"
		"takes them.  Amounts are in units (1.5), assets XLM or CODE:ISSUER, prices n/d "
		"or\n"
		"decimals.  A value with blanks stands in quotes; JSON may stand as it is.",
	.examples =
		(const struct example[]){
			{"sdex tx operations", "all"},
			{"sdex tx operations manage_sell_offer", "the fields of one"},
			{NULL, NULL},
		},
	.run = operations,
};
