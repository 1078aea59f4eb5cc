/* cmd/sdex/cmd_ledger_show.c - sdex ledger show: what a ledger changed */
#include <stdio.h>

#include "cmd/sdex/commands.h"
#include "cmd/sdex/ledger_file.h"
#include "cmd/sdex/ledger_show.h"
#include "cmd/sdex/say.h"
#include "cmd/sdex/tx_file.h"

static enum status show_record(const struct args *args, struct delta_reader *reader,
			       const struct ledger_record *record)
{
	struct sdex_failure why;
	const struct delta *delta;
	if (delta_read(&delta, reader, record->data, record->size, &why))
		return why.where ? say_failure(record->where, &why)
				 : say_refused("%s: %s", record->where, why.text);
	if (args_has(args, "json"))
		return ledger_json(delta);
	ledger_words(delta, args_value(args, "part"));
	return STATUS_OK;
}

static enum status show_file(const struct args *args, struct delta_reader *reader)
{
	static struct ledger_record record;
	struct ledger_file file;
	enum status status;
	if (!ledger_file_open(&file, args, args_operand(args, 0), &status))
		return status;
	status = STATUS_OK;
	uint64_t count = 0;
	while (status == STATUS_OK && !ferror(stdout)) {
		if (!ledger_file_next(&file, &record)) {
			status = STATUS_REFUSED;
			break;
		}
		if (!record.data)
			break;
		if (count++ && !args_has(args, "json"))
			putchar('\n');
		status = show_record(args, reader, &record);
	}
	if (status == STATUS_OK && count == 0)
		status = say_refused("%s has no ledger in it", file.name);
	ledger_file_close(&file);
	return status;
}

static enum status show(const struct args *args)
{
	const char *passphrase = tx_passphrase(args, SDEX_PASSPHRASE_PUBLIC);
	size_t limit;
	if (!passphrase || !ledger_memory(args, &limit))
		return STATUS_USAGE;
	struct delta_reader *reader = delta_reader_new(passphrase, limit);
	if (!reader)
		return say_refused("memory is out");
	enum status status = show_file(args, reader);
	delta_reader_free(reader);
	return status;
}

const struct command ledger_show_command = {
	.group = "ledger",
	.verb = "show",
	.operands = "[INPUT]",
	.operands_most = 1,
	.complete = COMPLETE_FILE,
	.summary = "what a ledger did: transactions, trades, offers, balances",
	.text = "Reads a LedgerCloseMeta, as RPC's getLedgers and SEP-54 files have it, and tells\n"
		"what was done, in the order of application: each transaction with what came of\n"
		"its operations (by their ids of SEP-35), each trade with its price, and what is\n"
		"different afterwards.\n"
		"\n"
		"In the line that pictures a ledger each sign is one transaction or, where there\n"
		"are more than 60, some of them: # traded, + was done, * ran a contract, . "
		"failed.\n"
		"\n"
		"INPUT is a file, - or nothing for standard input, or the text itself.  It has "
		"one\n"
		"ledger or many: bare, with a mark in front of each (RFC 5531), or in batches\n"
		"(SEP-54); plain, gzip or zstd; or as base64 or hexadecimal.\n"
		"\n"
		"With --json all of it, one line a ledger: transactions with operations and "
		"trades,\n"
		"and offers, accounts, trustlines and pools before and after.",
	.options =
		(const struct option[]){
			{.name = "json", .help = "JSON, one line a ledger"},
			{.name = "part",
			 .letter = 'p',
			 .value = "WHAT",
			 .words = "all|summary|transactions|offers|pools|balances",
			 .help = "tell no more than this part (all); not with --json"},
			LEDGER_FILE_OPTIONS,
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex ledger show ledger.xdr.gz", "for people; of the public network"},
			{"sdex ledger show --part summary ledger.xdr.gz", "a picture of it"},
			{"sdex ledger show --json ledger.xdr.gz | head -c 300", "for programs"},
			{NULL, NULL},
		},
	.run = show,
};
