/* cmd/sdex/commands.h - every command's row of the table, beside its code. */
#ifndef SDEX_CMD_COMMANDS_H
#define SDEX_CMD_COMMANDS_H

#include "cmd/sdex/args.h"

extern const struct command xdr_decode_command, xdr_encode_command, xdr_guess_command,
	xdr_types_command;
extern const struct command key_new_command, key_derive_command, key_inspect_command,
	key_sign_command, key_verify_command;
extern const struct command tx_build_command, tx_operations_command, tx_show_command,
	tx_sign_command, tx_explain_command, tx_hash_command;
extern const struct command book_command, balance_command, status_command;
extern const struct command order_buy_command, order_sell_command, order_show_command,
	order_list_command, order_cancel_command;
extern const struct command ledger_show_command;
extern const struct command ledger_verify_command;
extern const struct command journal_show_command;
extern const struct command completion_bash_command, completion_zsh_command,
	completion_fish_command;

#endif
