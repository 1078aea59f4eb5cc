/* cmd/sdex/tx_file.h - what the tx verbs share: envelopes in and out, and networks. */
#ifndef SDEX_CMD_TX_FILE_H
#define SDEX_CMD_TX_FILE_H

#include "cmd/sdex/input.h"
#include "cmd/sdex/output.h"
#include "sdex/transaction.h"

/* A transaction that was read, and what it borrows from. */
struct tx_file {
	struct input input;
	struct sdex_arena *arena;
	sdex_TransactionEnvelope *envelope;
};

/* Reads an envelope: XDR in any form, or SEP-51's JSON.  False, said on stderr; *status
 * is what to end with. */
bool tx_file_read(struct tx_file *file, const struct args *args, const char *operand,
		  enum status *status);
void tx_file_free(struct tx_file *file);

/* The rows of an option table that tx_network reads. */
#define NETWORK_OPTIONS                                                                            \
	{.name = "network",                                                                        \
	 .letter = 'N',                                                                            \
	 .value = "NAME",                                                                          \
	 .words = "testnet|public|futurenet|standalone",                                           \
	 .help = "the network that the transaction is for"},                                       \
	{                                                                                          \
		.name = "passphrase", .value = "TEXT", .help = "the passphrase of another network" \
	}

/* Is a network named at all? */
bool tx_has_network(const struct args *args);

/* The passphrase of the network that --network or --passphrase names, `fallback` when
 * neither does; NULL, said on stderr, when both do. */
const char *tx_passphrase(const struct args *args, const char *fallback);

/* The id of the network that --network or --passphrase names; false, said on stderr, when
 * none does. */
bool tx_network(const struct args *args, sdex_Hash *network);

/* The row for --output, and the form that it names: base64 when nothing is said. */
#define TX_OUTPUT_OPTION                                                     \
	{                                                                    \
		.name = "output", .letter = 'o', .value = "FORM",            \
		.words = "base64|json|text|hex|raw",                         \
		.help = "base64 when nothing is said; text is indented JSON" \
	}
enum output_form tx_output(const struct args *args);

#endif
