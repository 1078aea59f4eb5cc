/* cmd/sdex/cmd_ledger_verify.c - sdex ledger verify: ledgers executed again */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/json_write.h"
#include "cmd/sdex/commands.h"
#include "cmd/sdex/ledger_file.h"
#include "cmd/sdex/ledger_show.h"
#include "cmd/sdex/output.h"
#include "cmd/sdex/say.h"
#include "cmd/sdex/tx_file.h"
#include "cmd/sdex/words.h"
#include "ledger/verify/verify.h"
#include "sdex/bytes.h"

#define PROGRESS_NS 500000000

static const char *const verdicts[VERDICTS] = {"agreed", "differed", "undetermined", "soroban"};

/* Operations of one kind that came out with one code. */
struct row {
	sdex_OperationType type;
	const struct sdex_code *code;
	uint64_t counts[VERDICTS];
};

struct run {
	const struct args *args;
	struct verify *verify;
	bool list[VERDICTS]; /* which are told one by one */
	bool json;
	bool progress; /* is told on a terminal */
	bool told;     /* it stands on the last line of the terminal */
	struct timespec last;
	struct row *rows;
	size_t row_count, row_room;
	uint64_t ledgers, transactions, venues;
	uint64_t counts[VERDICTS];
	uint32_t last_sequence;
};

/* ---- counting ---- */

static struct row *find_row(struct run *r, const struct verified *item)
{
	for (size_t i = 0; i < r->row_count; i++)
		if (r->rows[i].type == item->type && r->rows[i].code == item->code)
			return &r->rows[i];
	if (r->row_count == r->row_room) {
		size_t room = r->row_room ? 2 * r->row_room : 64;
		struct row *rows = realloc(r->rows, room * sizeof(*rows));
		if (!rows)
			return NULL;
		r->rows = rows;
		r->row_room = room;
	}
	struct row *row = &r->rows[r->row_count++];
	*row = (struct row){.type = item->type, .code = item->code};
	return row;
}

static bool count(struct run *r, const struct verified_ledger *ledger)
{
	r->ledgers++;
	r->transactions += ledger->transactions;
	r->last_sequence = ledger->sequence;
	for (int v = 0; v < VERDICTS; v++)
		r->counts[v] += ledger->verdicts[v];
	for (uint32_t i = 0; i < ledger->count; i++) {
		const struct verified *item = &ledger->items[i];
		r->venues += item->venues;
		if (item->operation == 0)
			continue; /* not an operation; it is told by itself */
		struct row *row = find_row(r, item);
		if (!row)
			return false;
		row->counts[item->verdict]++;
	}
	return true;
}

/* ---- progress ---- */

static void show_progress(struct run *r)
{
	struct timespec now;
	if (!r->progress || clock_gettime(CLOCK_MONOTONIC, &now))
		return;
	int64_t passed = (int64_t)(now.tv_sec - r->last.tv_sec) * 1000000000 +
			 (now.tv_nsec - r->last.tv_nsec);
	if (passed < PROGRESS_NS)
		return;
	r->last = now;
	r->told = true;
	fprintf(stderr,
		"\r%" PRIu64 " ledgers, now %u: %" PRIu64 " agreed, %" PRIu64 " differed\033[K",
		r->ledgers, r->last_sequence, r->counts[VERDICT_AGREED],
		r->counts[VERDICT_DIFFERED]);
}

static void wipe_progress(struct run *r)
{
	if (r->told)
		fputs("\r\033[K", stderr);
	r->told = false;
}

/* ---- as text ---- */

static void put_lines(const char *words)
{
	fputs("    ", stdout);
	for (; *words; words++) {
		putchar(*words);
		if (*words == '\n')
			fputs("    ", stdout);
	}
	putchar('\n');
}

static void list_text(struct run *r, const struct verified_ledger *ledger)
{
	char name[LEDGER_TYPE_ROOM];
	for (uint32_t i = 0; i < ledger->count; i++) {
		const struct verified *item = &ledger->items[i];
		if (!r->list[item->verdict])
			continue;
		wipe_progress(r);
		printf("ledger %u, transaction %u (", ledger->sequence, item->transaction);
		put_bytes(stdout, item->hash, 32);
		if (item->operation)
			printf("), operation %u, %s, %s: %s\n", item->operation,
			       ledger_type_name(name, item->type), item->code->name,
			       verdicts[item->verdict]);
		else
			printf("), result, fee, sequence number, signers or events: %s\n",
			       verdicts[item->verdict]);
		if (item->words)
			put_lines(item->words);
	}
}

static int by_name(const void *left, const void *right)
{
	const struct row *a = left, *b = right;
	char x[LEDGER_TYPE_ROOM], y[LEDGER_TYPE_ROOM];
	int order = strcmp(ledger_type_name(x, a->type), ledger_type_name(y, b->type));
	if (order)
		return order;
	if ((a->code->value < 0) != (b->code->value < 0))
		return a->code->value < 0 ? 1 : -1;
	return strcmp(a->code->name, b->code->name);
}

static void sort_rows(struct run *r)
{
	if (r->row_count)
		qsort(r->rows, r->row_count, sizeof(*r->rows), by_name);
}

static void show_table(struct run *r)
{
	char name[LEDGER_TYPE_ROOM];
	int operation = 9, result = 6;
	sort_rows(r);
	for (size_t i = 0; i < r->row_count; i++) {
		int a = (int)strlen(ledger_type_name(name, r->rows[i].type));
		int b = (int)strlen(r->rows[i].code->name);
		operation = a > operation ? a : operation;
		result = b > result ? b : result;
	}
	printf("%-*s  %-*s  %8s  %8s  %12s  %8s\n", operation, "operation", result, "result",
	       verdicts[0], verdicts[1], verdicts[2], verdicts[3]);
	for (size_t i = 0; i < r->row_count; i++) {
		const struct row *row = &r->rows[i];
		printf("%-*s  %-*s  %8" PRIu64 "  %8" PRIu64 "  %12" PRIu64 "  %8" PRIu64 "\n",
		       operation, ledger_type_name(name, row->type), result, row->code->name,
		       row->counts[0], row->counts[1], row->counts[2], row->counts[3]);
	}
	printf("\n%" PRIu64 " %s, %" PRIu64 " %s", r->ledgers,
	       r->ledgers == 1 ? "ledger" : "ledgers", r->transactions,
	       r->transactions == 1 ? "transaction" : "transactions");
	if (r->venues)
		printf("; %" PRIu64 " of those agreed looked at books or pools of which the ledger "
		       "shows no more than what was taken",
		       r->venues);
	printf("\n%" PRIu64 " agreed, %" PRIu64 " differed, %" PRIu64 " undetermined, %" PRIu64
	       " soroban\n",
	       r->counts[0], r->counts[1], r->counts[2], r->counts[3]);
}

/* ---- as JSON ---- */

static enum sdex_error to_stdout(void *context, const uint8_t *data, size_t size)
{
	(void)context;
	fwrite(data, 1, size, stdout);
	return SDEX_OK; /* a full disk is told at the end */
}

static void number(struct json_writer *w, const char *name, uint64_t value)
{
	json_write_name(w, name);
	json_write_uint64(w, value);
}

static void json_counts(struct json_writer *w, const uint64_t counts[VERDICTS])
{
	for (int v = 0; v < VERDICTS; v++)
		number(w, verdicts[v], counts[v]);
}

static void json_item(struct json_writer *w, const struct verified *item)
{
	char name[LEDGER_TYPE_ROOM];
	json_write_object(w);
	number(w, "transaction", item->transaction);
	json_write_name(w, "hash");
	json_write_hex(w, item->hash, 32);
	if (item->operation) {
		number(w, "operation", item->operation);
		json_write_text(w, "type", ledger_type_name(name, item->type));
	}
	json_write_name(w, "done");
	json_write_bool(w, item->done);
	json_write_text(w, "result", item->code->name);
	json_write_text(w, "verdict", verdicts[item->verdict]);
	if (item->venues) {
		json_write_name(w, "looked_at_venues");
		json_write_bool(w, true);
	}
	if (item->words)
		json_write_text(w, "words", item->words);
	json_write_object_end(w);
}

static bool list_json(struct run *r, const struct verified_ledger *ledger)
{
	static uint8_t buffer[1 << 16];
	struct json_writer w;
	json_write_sink(&w, buffer, sizeof(buffer), to_stdout, NULL, false);
	json_write_object(&w);
	number(&w, "ledger", ledger->sequence);
	number(&w, "protocol", ledger->version);
	number(&w, "transactions", ledger->transactions);
	json_counts(&w, ledger->verdicts);
	json_write_name(&w, "operations");
	json_write_array(&w);
	for (uint32_t i = 0; i < ledger->count; i++)
		if (r->list[ledger->items[i].verdict])
			json_item(&w, &ledger->items[i]);
	json_write_array_end(&w);
	json_write_object_end(&w);
	if (json_write_close(&w, NULL, NULL))
		return false;
	wipe_progress(r);
	putchar('\n');
	return true;
}

static bool total_json(struct run *r)
{
	static uint8_t buffer[1 << 12];
	char name[LEDGER_TYPE_ROOM];
	struct json_writer w;
	sort_rows(r);
	json_write_sink(&w, buffer, sizeof(buffer), to_stdout, NULL, false);
	json_write_object(&w);
	number(&w, "ledgers", r->ledgers);
	number(&w, "transactions", r->transactions);
	json_counts(&w, r->counts);
	number(&w, "looked_at_venues", r->venues);
	json_write_name(&w, "table");
	json_write_array(&w);
	for (size_t i = 0; i < r->row_count; i++) {
		json_write_object(&w);
		json_write_text(&w, "type", ledger_type_name(name, r->rows[i].type));
		json_write_text(&w, "result", r->rows[i].code->name);
		json_counts(&w, r->rows[i].counts);
		json_write_object_end(&w);
	}
	json_write_array_end(&w);
	json_write_object_end(&w);
	if (json_write_close(&w, NULL, NULL))
		return false;
	putchar('\n');
	return true;
}

/* ---- the command ---- */

static enum status verify_record(struct run *r, const struct ledger_record *record)
{
	struct sdex_failure why;
	const struct verified_ledger *ledger;
	if (verify_ledger(&ledger, r->verify, record->data, record->size, &why)) {
		wipe_progress(r);
		/* a place in the bytes is that of a decoder */
		return why.where ? say_failure(record->where, &why)
				 : say_refused("%s: %s", record->where, why.text);
	}
	if (record->sequence && record->sequence != ledger->sequence) {
		wipe_progress(r);
		return say_refused("%s: its batch says that it is ledger %u, it is %u",
				   record->where, record->sequence, ledger->sequence);
	}
	if (!count(r, ledger))
		return say_refused("memory is out");
	if (!r->json)
		list_text(r, ledger);
	else if (!list_json(r, ledger))
		return say_refused("%s cannot be written as JSON", record->where);
	show_progress(r);
	return STATUS_OK;
}

static enum status verify_file(struct run *r, const char *operand)
{
	static struct ledger_record record;
	struct ledger_file file;
	enum status status;
	if (!ledger_file_open(&file, r->args, operand, &status))
		return status;
	uint64_t before = r->ledgers;
	status = STATUS_OK;
	while (status == STATUS_OK && !ferror(stdout)) {
		if (!ledger_file_next(&file, &record)) {
			wipe_progress(r);
			status = STATUS_REFUSED;
			break;
		}
		if (!record.data)
			break;
		status = verify_record(r, &record);
	}
	if (status == STATUS_OK && r->ledgers == before)
		status = say_refused("%s has no ledger in it", file.name);
	ledger_file_close(&file);
	return status;
}

static void set_list(struct run *r, const char *what)
{
	bool all = what ? strcmp(what, "all") == 0 : r->json;
	bool none = what && strcmp(what, "none") == 0;
	r->list[VERDICT_DIFFERED] = !none;
	r->list[VERDICT_UNDETERMINED] = all || (what && strcmp(what, "undetermined") == 0);
	r->list[VERDICT_AGREED] = r->list[VERDICT_SOROBAN] = all;
}

static enum status verify_files(const struct args *args)
{
	struct run r = {.args = args, .json = args_has(args, "json")};
	uint8_t network[32];
	const char *passphrase = tx_passphrase(args, SDEX_PASSPHRASE_PUBLIC);
	size_t limit;
	if (!passphrase || !ledger_memory(args, &limit))
		return STATUS_USAGE;
	sdex_sha256(network, passphrase, strlen(passphrase));
	r.verify = verify_new(network, limit);
	if (!r.verify)
		return say_refused("memory is out");
	r.progress = isatty(STDERR_FILENO);
	clock_gettime(CLOCK_MONOTONIC, &r.last);
	set_list(&r, args_value(args, "list"));
	enum status status = STATUS_OK;
	for (unsigned i = 0; i < args->operand_count || i == 0; i++) {
		enum status one = verify_file(&r, args_operand(args, i));
		status = one > status ? one : status;
	}
	wipe_progress(&r);
	if (status != STATUS_USAGE && r.ledgers) {
		if (!r.json)
			show_table(&r);
		else if (!total_json(&r))
			status = say_refused("the totals cannot be written as JSON");
	}
	if (status == STATUS_OK && r.counts[VERDICT_DIFFERED])
		status = STATUS_REFUSED;
	verify_free(r.verify);
	free(r.rows);
	return status;
}

const struct command ledger_verify_command = {
	.group = "ledger",
	.verb = "verify",
	.operands = "[FILE...]",
	.operands_most = UINT16_MAX,
	.complete = COMPLETE_FILE,
	.summary = "ledgers executed again by this program's own rules",
	.text = "Executes every classic operation of a LedgerCloseMeta again, from the state\n"
		"that the ledger's meta shows, and compares result and changes with the\n"
		"network's, byte for byte.  Each operation is\n"
		"  agreed        the rules come to the very same\n"
		"  differed      they do not; which field of what is told\n"
		"  undetermined  the rules look at something that no meta shows, and that makes a\n"
		"                difference; it is named\n"
		"  soroban       it runs a contract, which is not executed\n"
		"A table by operation and result comes last, and the totals; the exit status is 1\n"
		"when any differs.\n"
		"\n"
		"FILE, or standard input, has one ledger or many: bare, with a mark in front of\n"
		"each (RFC 5531), or in batches (SEP-54); plain, gzip or zstd; or as base64 or\n"
		"hexadecimal.  Ledgers in a row tell more: what one shows is known in the next.\n"
		"Protocols 17 to 28.",
	.options =
		(const struct option[]){
			{.name = "json", .help = "JSON: one line a ledger, the totals on the last"},
			{.name = "list",
			 .letter = 'l',
			 .value = "WHAT",
			 .words = "differed|undetermined|all|none",
			 .help = "operations to tell one by one: those that differed (the "
				 "default;\n"
				 "with --json all), these and the undetermined, all, or none"},
			LEDGER_FILE_OPTIONS,
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex ledger verify ledger.xdr.gz", "of the public network"},
			{"sdex ledger verify --list all ledger.xdr.gz | head -n 5",
			 "operation by operation"},
			{"sdex ledger verify --json ledger.xdr.gz | tail -n 1", "for programs"},
			{NULL, NULL},
		},
	.run = verify_files,
};
