/* cmd/sdex/ledger_file.h - ledgers out of a file, in all the ways that people store them.
 *
 * A LedgerCloseMeta or several, each bare or behind a record mark (RFC 5531, as stellar-core
 * streams them), or in batches (LedgerCloseMetaBatch, SEP-54); plain, gzip or zstd; or as
 * base64 or hexadecimal, one value a line or one in all.  Holds one ledger at a time. */
#ifndef SDEX_CMD_LEDGER_FILE_H
#define SDEX_CMD_LEDGER_FILE_H

#include "cmd/sdex/input.h"

/* Options of commands that read ledgers; a network's are those of tx_passphrase. */
#define LEDGER_FILE_OPTIONS                                               \
	{.name = "network",                                               \
	 .letter = 'N',                                                   \
	 .value = "NAME",                                                 \
	 .words = "testnet|public|futurenet|standalone",                  \
	 .help = "the network that the ledgers are of (public)"},         \
		{.name = "passphrase",                                    \
		 .value = "TEXT",                                         \
		 .help = "the passphrase of another network"},            \
		{.name = "input",                                         \
		 .letter = 'i',                                           \
		 .value = "FORM",                                         \
		 .words = "auto|raw|base64|hex|gzip",                     \
		 .help = "what the input is (auto: found out)"},          \
	{                                                                 \
		.name = "max-size", .value = "BYTES",                     \
		.help = "refuse a longer ledger, counted unpacked (256M)" \
	}

enum ledger_form { LEDGER_BARE, LEDGER_FRAMED, LEDGER_LINES };

struct ledger_file {
	struct source *source; /* NULL: all there is has been read */
	const char *name;      /* for messages */
	enum ledger_form form;
	enum input_form text; /* of lines */
	size_t limit;         /* of a ledger, packed or not */
	uint8_t *data;        /* read and not yet handed out: at .. filled */
	size_t at, filled, room;
	bool ended;
	uint64_t passed;     /* bytes before `data`, unpacked */
	uint64_t line;       /* of a text */
	uint32_t batched;    /* ledgers left of the batch that is read */
	uint32_t batch_next; /* the sequence number that the batch gives the next one */
	uint64_t number;     /* of the last ledger, from 1 */
};

/* XDR of a LedgerCloseMeta, borrowed until the next call. */
struct ledger_record {
	const uint8_t *data; /* NULL: there are no more */
	size_t size;
	char where[4300];  /* "FILE, ledger 3 (byte 4096)", for messages */
	uint32_t sequence; /* that its batch says it has; 0: it is in none */
};

/* What the values read of one ledger may take, in bytes: four times the longest that --max-size
 * lets in (real ones take two to three times theirs), and no less than 16 MiB.  False, said on
 * stderr, when --max-size is no size. */
bool ledger_memory(const struct args *args, size_t *limit);

/* Opens a file, or standard input for NULL and "-", or, when there is no such file, text that
 * is the ledger itself; by --input and --max-size.  False, said on stderr, with *status. */
bool ledger_file_open(struct ledger_file *file, const struct args *args, const char *operand,
		      enum status *status);
void ledger_file_close(struct ledger_file *file);

/* False, said on stderr with file, number and byte, when what comes next is no ledger. */
bool ledger_file_next(struct ledger_file *file, struct ledger_record *record);

#endif
