/* cmd/sdex/args.h - the tree of commands as one table, and reading a command line by it.
 *
 * The table (commands.c and the tables beside each command) is the only place where
 * verbs, options and examples stand: parsing, --help, shell completion and the manual
 * pages are made of it. */
#ifndef SDEX_CMD_ARGS_H
#define SDEX_CMD_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the process ends with; told in every --help. */
enum status {
	STATUS_OK = 0,
	STATUS_REFUSED =
		1,        /* the input, or what was asked, is refused; nothing is wrong with how */
	STATUS_USAGE = 2, /* the command line is not understood */
};

enum complete {
	COMPLETE_NOTHING,
	COMPLETE_FILE,
	COMPLETE_TYPE, /* of the XDR schema */
};

struct option {
	const char *name;  /* without its dashes; NULL ends a table */
	char letter;       /* short form, 0 for none */
	bool many;         /* may stand more than once */
	const char *value; /* what it takes, as the help shows it; NULL when it takes nothing */
	const char *words; /* the values it may have, apart by '|'; NULL for any */
	enum complete complete;
	const char *help;
};

/* A command line that works as it stands, and what it does; run by a test. */
struct example {
	const char *line; /* NULL ends a table */
	const char *says;
};

struct args;

struct command {
	const char *group;    /* "xdr"; NULL ends the table */
	const char *verb;     /* "" when the group is this command alone, as in `sdex book` */
	const char *operands; /* as the help shows them: "[INPUT]"; "" for none */
	unsigned operands_most;
	enum complete complete; /* of operands */
	const char *summary;    /* one line */
	const char *text;       /* the rest, lines of at most 78 columns */
	const struct option *options;
	const struct example *examples;
	enum status (*run)(const struct args *args);
};

struct group {
	const char *name; /* NULL ends the table */
	const char *summary;
};

extern const struct group groups[];
extern const struct command *const commands[]; /* in the order of the help; NULL at the end */

struct given {
	const struct option *option;
	const char *value;
};

struct args {
	const struct command *command;
	const struct given *given; /* in the order of the command line */
	unsigned given_count;
	const char *const *operands;
	unsigned operand_count;
};

/* Reads the command line and runs the command. */
enum status args_run(int argc, char **argv);

/* The command that a group is, NULL when it has verbs. */
const struct command *args_alone(const char *group);

/* The value of an option (the last one given), NULL when it is not there.  For an
 * option without a value "" when it is. */
const char *args_value(const struct args *args, const char *name);

/* Was the option given? */
bool args_has(const struct args *args, const char *name);

/* The operand number i, NULL when there are fewer. */
const char *args_operand(const struct args *args, unsigned i);

/* Reads a whole number from `least` to `most`.  `fallback` when the option is not
 * there; false, said on stderr, when it is none. */
bool args_number(const struct args *args, const char *name, uint64_t *number, uint64_t fallback,
		 uint64_t least, uint64_t most);

/* The same for a number of bytes, which may end in k, M or G (of 1024). */
bool args_size(const struct args *args, const char *name, size_t *size, size_t fallback);

/* Says on stderr what is wrong with the command line and where help is. */
enum status args_misused(const struct args *args, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* help.c: on stdout. */
void help_all(void);
void help_group(const struct group *group);
void help_command(const struct command *command);

/* completion.c: the script for "bash", "zsh" or "fish". */
void completion_print(const char *shell);

#endif
