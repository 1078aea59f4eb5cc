/* cmd/sdex/help.c - the table as help. */
#include <stdio.h>
#include <string.h>

#include "cmd/sdex/args.h"
#include "sdex/version.h"

static void lines(const char *text, const char *indent)
{
	while (*text) {
		size_t size = strcspn(text, "\n");
		if (size)
			printf("%s%.*s\n", indent, (int)size, text);
		else
			putchar('\n');
		text += size + (text[size] == '\n');
	}
}

void help_all(void)
{
	puts("sdex " SDEX_VERSION
	     ": Stellar from the command line.\n\nusage: sdex COMMAND [OPTION...] [OPERAND...]");
	for (const struct group *g = groups; g->name; g++) {
		if (args_alone(g->name)) {
			printf("%s  sdex %-17s %s\n",
			       g == groups || !args_alone(g[-1].name) ? "\n" : "", g->name,
			       g->summary);
			continue;
		}
		printf("\n%s: %s\n", g->name, g->summary);
		for (const struct command *const *c = commands; *c; c++)
			if (strcmp((*c)->group, g->name) == 0)
				printf("  sdex %s %-*s %s\n", g->name, 16 - (int)strlen(g->name),
				       (*c)->verb, (*c)->summary);
	}
	puts("\nsdex COMMAND --help shows options and examples; sdex --version the version.");
}

void help_group(const struct group *group)
{
	printf("sdex %s: %s\n\n", group->name, group->summary);
	for (const struct command *const *c = commands; *c; c++)
		if (strcmp((*c)->group, group->name) == 0)
			printf("  sdex %s %-12s %s\n", group->name, (*c)->verb, (*c)->summary);
	printf("\nsdex %s VERB --help shows options and examples.\n", group->name);
}

static void option_lines(const struct option *o)
{
	char left[64];
	int size = snprintf(left, sizeof left, "%c%c%s--%s%s%s", o->letter ? '-' : ' ',
			    o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name,
			    o->value ? " " : "", o->value ? o->value : "");
	const char *help = o->help;
	if (size > 24)
		printf("  %s\n  %24s", left, "");
	else
		printf("  %-24s", left);
	for (;;) {
		size_t n = strcspn(help, "\n");
		printf(" %.*s\n", (int)n, help);
		if (!help[n])
			break;
		help += n + 1;
		printf("  %24s", "");
	}
	if (o->words) {
		printf("  %24s one of ", "");
		for (const char *at = o->words; *at; at++)
			if (*at == '|')
				fputs(", ", stdout);
			else
				putchar(*at);
		putchar('\n');
	}
}

void help_command(const struct command *c)
{
	const char *space = *c->verb ? " " : "";
	printf("sdex %s%s%s: %s\n\nusage: sdex %s%s%s%s%s%s\n\n", c->group, space, c->verb,
	       c->summary, c->group, space, c->verb, c->options ? " [OPTION...]" : "",
	       *c->operands ? " " : "", c->operands);
	lines(c->text, "");
	if (c->options) {
		puts("\noptions:");
		for (const struct option *o = c->options; o->name; o++)
			option_lines(o);
	}
	puts("\nexamples:");
	for (const struct example *e = c->examples; e->line; e++) {
		printf("  # %s\n", e->says);
		printf("  $ %s\n", e->line);
	}
	puts("\nexit status: 0 done; 1 refused, and stderr says why and where; 2 wrong usage");
}
