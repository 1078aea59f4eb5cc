/* cmd/sdex/manual.c - the table as manual pages: the build calls `sdex-manual`, which is not
 * installed, for sdex(1), and `sdex-manual GROUP` for sdex-GROUP(1).
 *
 * The pages are in the language of man(7), as groff and mandoc read it. */
#include <stdio.h>
#include <string.h>

#include "cmd/sdex/args.h"
#include "sdex/version.h"

/* Text of a page: what troff would take for a request, an escape or another glyph is kept as
 * it is, above all the hyphens of options, which people copy. */
static void put_size(const char *text, size_t size)
{
	for (const char *end = text + size; text < end; text++)
		switch (*text) {
		case '\\':
			fputs("\\e", stdout);
			break;
		case '-':
			fputs("\\-", stdout);
			break;
		case '\'':
			fputs("\\(aq", stdout);
			break;
		case '`':
			fputs("\\(ga", stdout);
			break;
		case '^':
			fputs("\\(ha", stdout);
			break;
		case '~':
			fputs("\\(ti", stdout);
			break;
		default:
			putchar(*text);
		}
}

static void put(const char *text)
{
	put_size(text, strlen(text));
}

/* A line of its own, which may begin with any byte. */
static void put_line(const char *text, size_t size)
{
	if (size && *text == '.')
		fputs("\\&", stdout);
	put_size(text, size);
	putchar('\n');
}

/* Lines, filled; an empty one parts paragraphs, and one that begins with a space stands as
 * it is. */
static void put_text(const char *text)
{
	bool as_is = false;
	while (*text) {
		size_t size = strcspn(text, "\n");
		if (as_is != (*text == ' ')) {
			as_is = *text == ' ';
			puts(as_is ? ".PP\n.nf" : ".fi");
		}
		if (size)
			put_line(text, size);
		else
			puts(".PP");
		text += size + (text[size] == '\n');
	}
	if (as_is)
		puts(".fi");
}

static void put_words(const char *words)
{
	fputs(".br\nOne of ", stdout);
	for (;;) {
		size_t size = strcspn(words, "|");
		fputs("\\fB", stdout);
		put_size(words, size);
		fputs("\\fR", stdout);
		words += size;
		if (!*words++)
			break;
		fputs(", ", stdout);
	}
	puts(".");
}

static void put_option(const struct option *option)
{
	puts(".TP");
	if (option->letter)
		printf("\\fB\\-%c\\fR, ", option->letter);
	fputs("\\fB\\-\\-", stdout);
	put(option->name);
	fputs("\\fR", stdout);
	if (option->value) {
		fputs(" \\fI", stdout);
		put(option->value);
		fputs("\\fR", stdout);
	}
	putchar('\n');
	put_text(option->help);
	if (option->words)
		put_words(option->words);
}

static void put_examples(const struct command *command)
{
	puts(".PP\nExamples:");
	for (const struct example *e = command->examples; e->line; e++) {
		puts(".TP");
		put_line(e->says, strlen(e->says));
		puts(".nf");
		put_line(e->line, strlen(e->line));
		puts(".fi");
	}
}

static void put_command(const struct command *command)
{
	if (*command->verb) {
		fputs(".SS ", stdout);
		put(command->verb);
		fputs(": ", stdout);
		put(command->summary);
		putchar('\n');
	}
	put_text(command->text);
	for (const struct option *o = command->options; o && o->name; o++)
		put_option(o);
	put_examples(command);
}

static void put_head(const char *title, const char *name, const char *summary)
{
	printf(".\\\" Made by the build of the table that makes --help, too.\n"
	       ".TH %s 1 \"\" \"sdex " SDEX_VERSION "\" \"User Commands\"\n"
	       ".nh\n.ad l\n.SH NAME\n",
	       title);
	put(name);
	fputs(" \\- ", stdout);
	put(summary);
	putchar('\n');
}

static void put_status(void)
{
	puts(".SH EXIT STATUS\n"
	     ".TP\n\\fB0\\fR\nDone.\n"
	     ".TP\n\\fB1\\fR\nThe input, or what was asked, is refused; standard error says why "
	     "and where.\n"
	     ".TP\n\\fB2\\fR\nThe command line is not understood.");
}

static void put_usage(const struct command *command)
{
	fputs("\\fBsdex ", stdout);
	put(command->group);
	if (*command->verb)
		putchar(' ');
	put(command->verb);
	fputs("\\fR", stdout);
	if (command->options)
		fputs(" [\\fIOPTION\\fR...]", stdout);
	if (*command->operands) {
		putchar(' ');
		put(command->operands);
	}
	putchar('\n');
}

/* The groups but one, as references to their pages. */
static void put_see_also(const char *but)
{
	puts(".SH SEE ALSO");
	const char *comma = "";
	if (but) {
		fputs("\\fBsdex\\fR(1)", stdout);
		comma = ",\n";
	}
	for (const struct group *g = groups; g->name; g++) {
		if (but && strcmp(g->name, but) == 0)
			continue;
		printf("%s\\fBsdex\\-%s\\fR(1)", comma, g->name);
		comma = ",\n";
	}
	putchar('\n');
}

static void page_of_group(const struct group *group)
{
	char title[64], name[64];
	snprintf(title, sizeof title, "SDEX\\-%s", group->name);
	for (char *at = title; *at; at++)
		*at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
	snprintf(name, sizeof name, "sdex-%s", group->name);
	put_head(title, name, group->summary);
	puts(".SH SYNOPSIS\n.nf");
	for (const struct command *const *c = commands; *c; c++)
		if (strcmp((*c)->group, group->name) == 0)
			put_usage(*c);
	printf(".fi\n.SH %s\n", args_alone(group->name) ? "DESCRIPTION" : "VERBS");
	for (const struct command *const *c = commands; *c; c++)
		if (strcmp((*c)->group, group->name) == 0)
			put_command(*c);
	put_status();
	put_see_also(group->name);
}

/* One command of the list in sdex(1). */
static void put_row(const char *name, const char *summary)
{
	fputs(".TP 12\n\\fB", stdout);
	put(name);
	fputs("\\fR\n", stdout);
	put_line(summary, strlen(summary));
}

static void put_group(const struct group *group)
{
	printf(".SS %s: ", group->name);
	put(group->summary);
	printf("\nSee \\fBsdex\\-%s\\fR(1).\n.PD 0\n", group->name);
	for (const struct command *const *c = commands; *c; c++)
		if (strcmp((*c)->group, group->name) == 0)
			put_row((*c)->verb, (*c)->summary);
	puts(".PD");
}

static void page_of_all(void)
{
	put_head("SDEX", "sdex", "Stellar from the command line");
	puts(".SH SYNOPSIS\n"
	     ".B sdex\n\\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIOPERAND\\fR...]\n.br\n"
	     ".B sdex help\n[\\fICOMMAND\\fR]\n.br\n"
	     ".B sdex \\-\\-version\n"
	     ".SH DESCRIPTION\n"
	     "A command is one of those below, or a group and its verb; each group has a page\n"
	     "of its own.\n"
	     "Results go to standard output, messages to standard error.\n"
	     "An \\fIINPUT\\fR is a file, \\fB\\-\\fR or nothing for standard input, or the "
	     "text itself; raw bytes,\n"
	     "base64, hexadecimal and gzip are told apart.\n"
	     "A secret never stands on the command line: it comes from a file that only its\n"
	     "owner can read, from an open descriptor, or from the terminal.\n"
	     ".SH COMMANDS\n.PD 0");
	for (const struct group *g = groups; g->name; g++)
		if (args_alone(g->name))
			put_row(g->name, g->summary);
	puts(".PD");
	for (const struct group *g = groups; g->name; g++)
		if (!args_alone(g->name))
			put_group(g);
	put_status();
	put_see_also(NULL);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		page_of_all();
		return STATUS_OK;
	}
	for (const struct group *g = groups; g->name; g++)
		if (strcmp(g->name, argv[1]) == 0) {
			page_of_group(g);
			return STATUS_OK;
		}
	fprintf(stderr, "sdex-manual: there is no group \"%s\"\n", argv[1]);
	return STATUS_USAGE;
}
