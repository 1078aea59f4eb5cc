/* cmd/sdex/cmd_completion.c - sdex completion bash|zsh|fish */
#include "cmd/sdex/commands.h"

static enum status run(const struct args *args)
{
	completion_print(args->command->verb);
	return STATUS_OK;
}

const struct command completion_bash_command = {
	.group = "completion",
	.verb = "bash",
	.operands = "",
	.summary = "the script for bash",
	.text = "Prints a script that completes groups, verbs, options, their values and XDR\n"
		"types.  Load it in ~/.bashrc, or install it for all users.",
	.examples =
		(const struct example[]){
			{"source <(sdex completion bash)", "for this shell"},
			{"sdex completion bash > sdex.bash",
			 "a file, as for /etc/bash_completion.d/sdex"},
			{NULL, NULL},
		},
	.run = run,
};

const struct command completion_zsh_command = {
	.group = "completion",
	.verb = "zsh",
	.operands = "",
	.summary = "the script for zsh",
	.text = "Prints a script that completes groups, verbs, options, their values and XDR\n"
		"types: put it where $fpath looks, named _sdex, or load it in ~/.zshrc.",
	.examples =
		(const struct example[]){
			{"sdex completion zsh > _sdex", "a file for a folder of $fpath"},
			{"mkdir -p ~/.zfunc && sdex completion zsh > ~/.zfunc/_sdex",
			 "for one user, whose .zshrc has fpath+=~/.zfunc"},
			{NULL, NULL},
		},
	.run = run,
};

const struct command completion_fish_command = {
	.group = "completion",
	.verb = "fish",
	.operands = "",
	.summary = "the script for fish",
	.text = "Prints a script that completes groups, verbs, options, their values and XDR\n"
		"types.",
	.examples =
		(const struct example[]){
			{"sdex completion fish > sdex.fish",
			 "a file for ~/.config/fish/completions"},
			{"sdex completion fish | grep -c -- '-l type'",
			 "how many commands take a type"},
			{NULL, NULL},
		},
	.run = run,
};
