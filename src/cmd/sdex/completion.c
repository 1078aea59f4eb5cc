/* cmd/sdex/completion.c - the table as scripts for the shells. */
#include <stdio.h>
#include <string.h>

#include "cmd/sdex/args.h"
#include "sdex/version.h"

static void put_words(const char *words)
{
	for (; *words; words++)
		putchar(*words == '|' ? ' ' : *words);
}

/* In single quotes, for any of the shells. */
static void put_quoted(const char *text)
{
	putchar('\'');
	for (; *text && *text != '\n'; text++)
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*text);
	putchar('\'');
}

static void put_groups(void)
{
	for (const struct group *g = groups; g->name; g++)
		printf("%s%s", g == groups ? "" : " ", g->name);
}

static void put_verbs(const char *group)
{
	bool first = true;
	for (const struct command *const *c = commands; *c; c++) {
		if (strcmp((*c)->group, group) == 0) {
			printf("%s%s", first ? "" : " ", (*c)->verb);
			first = false;
		}
	}
}

/* Groups that are a command by themselves, each behind `before`. */
static void put_alone(const char *before)
{
	bool any = false;
	for (const struct group *g = groups; g->name; g++)
		if (args_alone(g->name)) {
			printf("%s%s", any ? before : "", g->name);
			any = true;
		}
}

static void put_options(const struct command *command)
{
	for (const struct option *o = command->options; o && o->name; o++)
		printf("--%s ", o->name);
	fputs("--help", stdout);
}

/* ---- bash; zsh runs the same through bashcompinit ---- */

static void bash_values(const struct command *c)
{
	for (const struct option *o = c->options; o && o->name; o++) {
		if (!o->value)
			continue;
		if (!o->words && o->complete == COMPLETE_NOTHING) {
			printf("\t'%s %s --%s') return ;;\n", c->group, c->verb, o->name);
			continue;
		}
		printf("\t'%s %s --%s'", c->group, c->verb, o->name);
		if (o->letter)
			printf("|'%s %s -%c'", c->group, c->verb, o->letter);
		fputs(") ", stdout);
		if (o->words) {
			fputs("words='", stdout);
			put_words(o->words);
			putchar('\'');
		} else if (o->complete == COMPLETE_TYPE) {
			fputs("words=$(sdex xdr types 2>/dev/null)", stdout);
		} else {
			fputs("files=1", stdout);
		}
		puts(" ;;");
	}
}

static void bash(void)
{
	puts("# bash completion of sdex " SDEX_VERSION "; made by: sdex completion bash\n"
	     "_sdex() {\n"
	     "\tlocal now=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
	     "\tlocal command=\"${COMP_WORDS[1]:-} ${COMP_WORDS[2]:-}\" words='' files=''\n"
	     "\tCOMPREPLY=()");
	fputs("\tlocal alone=''\n\tcase ${COMP_WORDS[1]:-} in ", stdout);
	put_alone("|");
	puts(") alone=1 command=\"${COMP_WORDS[1]} \" ;; esac\n"
	     "\tif [ \"$COMP_CWORD\" -eq 1 ]; then");
	fputs("\t\twords='", stdout);
	put_groups();
	puts(" --help --version'\n\telif [ -z \"$alone\" ] && [ \"$COMP_CWORD\" -eq 2 ]; "
	     "then\n\t\tcase "
	     "${COMP_WORDS[1]} in");
	for (const struct group *g = groups; g->name; g++) {
		if (args_alone(g->name))
			continue;
		printf("\t\t%s) words='", g->name);
		put_verbs(g->name);
		puts(" --help' ;;");
	}
	puts("\t\tesac\n\telse\n\tcase \"$command $before\" in");
	for (const struct command *const *c = commands; *c; c++)
		bash_values(*c);
	puts("\t*)\n\t\tcase $command in");
	for (const struct command *const *c = commands; *c; c++) {
		printf("\t\t'%s %s') ", (*c)->group, (*c)->verb);
		fputs("words='", stdout);
		put_options(*c);
		putchar('\'');
		if ((*c)->complete == COMPLETE_FILE)
			fputs("; files=1", stdout);
		else if ((*c)->complete == COMPLETE_TYPE)
			fputs("; words=\"$words $(sdex xdr types 2>/dev/null)\"", stdout);
		puts(" ;;");
	}
	puts("\t\tesac ;;\n\tesac\n\tfi\n"
	     "\tif [ -n \"$files\" ]; then COMPREPLY=($(compgen -f -- \"$now\")); fi\n"
	     "\tCOMPREPLY+=($(compgen -W \"$words\" -- \"$now\"))\n"
	     "}\n"
	     "complete -o filenames -F _sdex sdex");
}

static void zsh(void)
{
	puts("#compdef sdex\n"
	     "# zsh completion of sdex " SDEX_VERSION "; made by: sdex completion zsh\n"
	     "autoload -U +X compinit && compinit -u\n"
	     "autoload -U +X bashcompinit && bashcompinit");
	bash();
}

/* ---- fish ---- */

/* complete -c sdex, once the command is on the line. */
static void fish_within(const struct command *c)
{
	printf("complete -c sdex -n '__fish_seen_subcommand_from %s", c->group);
	if (*c->verb)
		printf("; and __fish_seen_subcommand_from %s", c->verb);
	fputs("' ", stdout);
}

static void fish_option(const struct command *c, const struct option *o)
{
	fish_within(c);
	printf("-l %s", o->name);
	if (o->letter)
		printf(" -s %c", o->letter);
	if (o->value && o->complete == COMPLETE_FILE)
		fputs(" -r -F", stdout);
	else if (o->value)
		fputs(" -x", stdout);
	if (o->words) {
		fputs(" -a '", stdout);
		put_words(o->words);
		putchar('\'');
	} else if (o->complete == COMPLETE_TYPE) {
		fputs(" -a '(sdex xdr types)'", stdout);
	}
	fputs(" -d ", stdout);
	put_quoted(o->help);
	putchar('\n');
}

static void fish(void)
{
	puts("# fish completion of sdex " SDEX_VERSION "; made by: sdex completion fish\n"
	     "complete -c sdex -f");
	for (const struct group *g = groups; g->name; g++) {
		printf("complete -c sdex -n __fish_use_subcommand -a %s -d ", g->name);
		put_quoted(g->summary);
		putchar('\n');
	}
	for (const struct command *const *c = commands; *c; c++) {
		if (*(*c)->verb) {
			printf("complete -c sdex -n '__fish_seen_subcommand_from %s; and not "
			       "__fish_seen_subcommand_from ",
			       (*c)->group);
			put_verbs((*c)->group);
			printf("' -a %s -d ", (*c)->verb);
			put_quoted((*c)->summary);
			putchar('\n');
		}
		for (const struct option *o = (*c)->options; o && o->name; o++)
			fish_option(*c, o);
		if ((*c)->complete == COMPLETE_NOTHING)
			continue;
		fish_within(*c);
		puts((*c)->complete == COMPLETE_FILE ? "-F" : "-a '(sdex xdr types)'");
	}
}

void completion_print(const char *shell)
{
	if (strcmp(shell, "bash") == 0)
		bash();
	else if (strcmp(shell, "zsh") == 0)
		zsh();
	else
		fish();
}
