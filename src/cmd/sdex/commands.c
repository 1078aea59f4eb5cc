/* cmd/sdex/commands.c - the table of all commands. */
#include "cmd/sdex/commands.h"

const struct group groups[] = {
	{"status", "how the connector stands"},
	{"book", "the order book of a pair"},
	{"balance", "what the accounts have, and what of it is free"},
	{"order", "orders of the connector"},
	{"ledger", "what the network's ledgers say"},
	{"journal", "what the connector has written ahead"},
	{"xdr", "XDR of protocol 28 and its JSON (SEP-51)"},
	{"key", "keys, addresses, signatures"},
	{"tx", "transactions"},
	{"completion", "completion of these commands in the shell"},
	{NULL, NULL},
};

/* A line each. */
/* clang-format off */
const struct command *const commands[] = {
	&status_command,
	&book_command,
	&balance_command,
	&order_buy_command,
	&order_sell_command,
	&order_show_command,
	&order_list_command,
	&order_cancel_command,
	&ledger_show_command,
	&ledger_verify_command,
	&journal_show_command,
	&xdr_decode_command,
	&xdr_encode_command,
	&xdr_guess_command,
	&xdr_types_command,
	&key_new_command,
	&key_derive_command,
	&key_inspect_command,
	&key_sign_command,
	&key_verify_command,
	&tx_build_command,
	&tx_operations_command,
	&tx_show_command,
	&tx_sign_command,
	&tx_hash_command,
	&tx_explain_command,
	&completion_bash_command,
	&completion_zsh_command,
	&completion_fish_command,
	NULL,
};
/* clang-format on */
