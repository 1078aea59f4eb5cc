/* cmd/sdex/cmd_journal.c - sdex journal show */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_write.h"
#include "cmd/sdex/commands.h"
#include "cmd/sdex/journal_words.h"
#include "cmd/sdex/say.h"
#include "store/journal.h"

struct showing {
	uint64_t from, left;
};

static enum sdex_error to_stdout(void *context, const uint8_t *text, size_t size)
{
	(void)context;
	fwrite(text, 1, size, stdout);
	return SDEX_OK;
}

/* UTF-8 without control characters but tab and line ends. */
static bool is_text(const uint8_t *data, size_t size)
{
	for (size_t i = 0, n; i < size; i += n) {
		n = 1;
		if (data[i] > 0x7f)
			n = json_utf8_size(data + i, data + size);
		else if (data[i] < ' ' && !strchr("\t\r\n", data[i]))
			return false;
		if (!n || !data[i])
			return false;
	}
	return true;
}

static void show_record(void *arg, const struct journal_record *record)
{
	struct showing *showing = arg;
	uint8_t buffer[4096];
	struct json_writer w;
	if (record->number < showing->from || !showing->left)
		return;
	showing->left--;
	json_write_sink(&w, buffer, sizeof buffer, to_stdout, NULL, false);
	json_write_object(&w);
	json_write_name(&w, "number");
	json_write_uint64(&w, record->number);
	json_write_text(&w, "segment", record->segment);
	json_write_name(&w, "offset");
	json_write_uint64(&w, record->offset);
	json_write_name(&w, "size");
	json_write_uint64(&w, record->size);
	if (is_text(record->data, record->size)) {
		json_write_name(&w, "payload");
		json_write_string(&w, record->data, record->size);
	} else {
		json_write_name(&w, "payload_hex");
		json_write_hex(&w, record->data, record->size);
		journal_words(&w, record->data, record->size);
	}
	json_write_object_end(&w);
	if (json_write_close(&w, NULL, NULL) == SDEX_OK)
		putchar('\n');
}

static enum status show(const struct args *args)
{
	struct showing showing;
	struct journal_end end;
	struct sdex_failure why;
	const char *folder = args_operand(args, 0);
	if (!folder)
		return args_misused(args, "the folder of the journal is missing");
	if (!args_number(args, "from", &showing.from, 1, 1, UINT64_MAX) ||
	    !args_number(args, "count", &showing.left, UINT64_MAX, 0, UINT64_MAX))
		return STATUS_USAGE;
	if (journal_read(&end, folder, show_record, &showing, &why))
		return say_refused("%s: %s", folder, why.text);
	if (!*end.segment)
		return say_refused("%s: no journal is in that folder; sdexd has it in the folder "
				   "`journal` of its --data",
				   folder);
	if (end.cut)
		say_note("%s, offset %" PRIu64 ": an unfinished write of %" PRIu64
			 " bytes follows (%s); the connector cuts it off when it starts, or is "
			 "just writing",
			 end.segment, end.offset, end.cut, end.reason);
	return STATUS_OK;
}

const struct command journal_show_command = {
	.group = "journal",
	.verb = "show",
	.operands = "DIR",
	.operands_most = 1,
	.complete = COMPLETE_FILE,
	.summary = "the records of a journal, as JSON lines",
	.text = "Prints of each record of the journal in the folder DIR number, segment, offset,\n"
		"size and payload, one that is no text in hexadecimal, and `record`: what the\n"
		"connector's own records say (order, transaction, sent, cancel, outcome, fill,\n"
		"resting, end, cursor, network, result).  Changes nothing, and may run beside\n"
		"the connector.  A journal that is damaged is refused, behind the records before\n"
		"the damage, with the place and what to do.",
	.options =
		(const struct option[]){
			{.name = "from", .value = "NUMBER", .help = "begin with this record"},
			{.name = "count", .value = "N", .help = "print so many at most"},
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex journal show data/journal", "all of it"},
			{"sdex journal show data/journal --from 2 --count 1", "one record"},
			{NULL, NULL},
		},
	.run = show,
};
