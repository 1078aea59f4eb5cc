/* cmd/sdex/args.c - reading a command line by the table. */
#include "cmd/sdex/args.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/sdex/say.h"
#include "cmd/sdex/suggest.h"
#include "sdex/version.h"

static const struct option *no_options(void)
{
	static const struct option none[] = {{.name = NULL}};
	return none;
}

static const struct option *options_of(const struct command *command)
{
	return command->options ? command->options : no_options();
}

/* ---- looking up ---- */

const char *args_value(const struct args *args, const char *name)
{
	for (unsigned i = args->given_count; i-- > 0;)
		if (strcmp(args->given[i].option->name, name) == 0)
			return args->given[i].value;
	return NULL;
}

bool args_has(const struct args *args, const char *name)
{
	return args_value(args, name) != NULL;
}

const char *args_operand(const struct args *args, unsigned i)
{
	return i < args->operand_count ? args->operands[i] : NULL;
}

/* Digits only; false for anything else, and for what does not fit. */
static bool natural(const char *text, const char **end, uint64_t *number)
{
	uint64_t n = 0;
	const char *at = text;
	for (; *at >= '0' && *at <= '9'; at++)
		if (__builtin_mul_overflow(n, 10u, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*at - '0'), &n))
			return false;
	*number = n;
	*end = at;
	return at > text;
}

bool args_number(const struct args *args, const char *name, uint64_t *number, uint64_t fallback,
		 uint64_t least, uint64_t most)
{
	const char *text = args_value(args, name), *end;
	if (!text) {
		*number = fallback;
		return true;
	}
	if (natural(text, &end, number) && !*end && *number >= least && *number <= most)
		return true;
	args_misused(args, "--%s wants a whole number from %llu to %llu, not \"%s\"", name,
		     (unsigned long long)least, (unsigned long long)most, text);
	return false;
}

bool args_size(const struct args *args, const char *name, size_t *size, size_t fallback)
{
	const char *text = args_value(args, name), *end;
	uint64_t n;
	if (!text) {
		*size = fallback;
		return true;
	}
	if (natural(text, &end, &n)) {
		unsigned shift = *end == 'k' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
		end += shift != 0;
		if (!*end && n > 0 && n <= SIZE_MAX >> shift) {
			*size = (size_t)n << shift;
			return true;
		}
	}
	args_misused(args, "--%s wants a number of bytes, as 1000000, 64M or 1G, not \"%s\"", name,
		     text);
	return false;
}

enum status args_misused(const struct args *args, const char *format, ...)
{
	va_list list;
	fflush(stdout);
	fputs("sdex: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	if (args && args->command)
		fprintf(stderr, "\nsee: sdex %s%s%s --help\n", args->command->group,
			*args->command->verb ? " " : "", args->command->verb);
	else
		fputs("\nsee: sdex --help\n", stderr);
	return STATUS_USAGE;
}

/* ---- reading ---- */

struct parse {
	struct args *args;
	struct given *given;
	const char **operands;
	char **argv;
	int argc, at;
};

static const struct option *by_name(const struct command *command, const char *name, size_t size)
{
	for (const struct option *o = options_of(command); o->name; o++)
		if (strlen(o->name) == size && memcmp(o->name, name, size) == 0)
			return o;
	return NULL;
}

static const struct option *by_letter(const struct command *command, char letter)
{
	for (const struct option *o = options_of(command); o->name; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

static bool among(const char *words, const char *value)
{
	size_t size = strlen(value);
	for (const char *at = words; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
		if (size && strncmp(at, value, size) == 0 && (at[size] == '|' || !at[size]))
			return true;
	return false;
}

static bool take(struct parse *p, const struct option *option, const char *value)
{
	if (!option->many && args_has(p->args, option->name)) {
		args_misused(p->args, "--%s stands there twice", option->name);
		return false;
	}
	if (option->words && !among(option->words, value)) {
		args_misused(p->args, "--%s is one of %s, not \"%s\"", option->name, option->words,
			     value);
		return false;
	}
	p->given[p->args->given_count++] = (struct given){option, value};
	return true;
}

static bool unknown_option(struct parse *p, const char *word)
{
	struct suggest suggest = suggest_begin(word + 1 + (word[1] == '-'), 4);
	char text[96];
	for (const struct option *o = options_of(p->args->command); o->name; o++)
		suggest_consider(&suggest, o->name);
	args_misused(p->args, "%s%s%s has no option %s%s", p->args->command->group,
		     *p->args->command->verb ? " " : "", p->args->command->verb, word,
		     suggest_text(text, &suggest));
	return false;
}

/* --name, --name=value, --name value, -n value */
static bool option(struct parse *p, const char *word)
{
	const char *equals = strchr(word, '=');
	const struct option *found;
	if (word[1] == '-') {
		size_t size = equals ? (size_t)(equals - word - 2) : strlen(word + 2);
		found = by_name(p->args->command, word + 2, size);
	} else {
		found = word[2] ? NULL : by_letter(p->args->command, word[1]);
		equals = NULL;
	}
	if (!found)
		return unknown_option(p, word);
	if (!found->value && equals) {
		args_misused(p->args, "--%s takes no value", found->name);
		return false;
	}
	if (!found->value)
		return take(p, found, "");
	if (equals)
		return take(p, found, equals + 1);
	if (p->at == p->argc) {
		args_misused(p->args, "--%s wants a value, %s", found->name, found->value);
		return false;
	}
	return take(p, found, p->argv[p->at++]);
}

static bool operand(struct parse *p, const char *word)
{
	if (p->args->operand_count == p->args->command->operands_most) {
		args_misused(p->args, "%s%s%s takes %s, and nothing like \"%s\" behind it",
			     p->args->command->group, *p->args->command->verb ? " " : "",
			     p->args->command->verb,
			     *p->args->command->operands ? p->args->command->operands
							 : "options only",
			     word);
		return false;
	}
	p->operands[p->args->operand_count++] = word;
	return true;
}

static bool wants_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static enum status run(const struct command *command, int argc, char **argv)
{
	struct args args = {.command = command};
	struct parse p = {
		.args = &args,
		.argv = argv,
		.argc = argc,
		.given = calloc((size_t)argc + 1, sizeof *p.given),
		.operands = calloc((size_t)argc + 1, sizeof *p.operands),
	};
	enum status status = STATUS_USAGE;
	bool plain = false, good = true;
	if (!p.given || !p.operands) {
		status = say_refused("memory is out");
		goto out;
	}
	args.given = p.given;
	args.operands = p.operands;
	while (good && p.at < argc) {
		const char *word = argv[p.at++];
		if (!plain && wants_help(word)) {
			help_command(command);
			status = STATUS_OK;
			goto out;
		}
		if (!plain && strcmp(word, "--") == 0)
			plain = true;
		else if (!plain && word[0] == '-' && word[1])
			good = option(&p, word);
		else
			good = operand(&p, word);
	}
	if (good)
		status = command->run(&args);
out:
	free(p.given);
	free(p.operands);
	return status;
}

static const struct group *group_by_name(const char *name)
{
	for (const struct group *g = groups; g->name; g++)
		if (strcmp(g->name, name) == 0)
			return g;
	return NULL;
}

static enum status no_such_group(const char *name)
{
	struct suggest suggest = suggest_begin(name, 3);
	char text[96];
	for (const struct command *const *c = commands; *c; c++)
		if (strcmp((*c)->verb, name) == 0)
			return args_misused(NULL,
					    "there is no command \"%s\"; did you mean \"%s %s\"?",
					    name, (*c)->group, name);
	for (const struct group *g = groups; g->name; g++)
		suggest_consider(&suggest, g->name);
	return args_misused(NULL, "there is no command \"%s\"%s", name,
			    suggest_text(text, &suggest));
}

static enum status no_such_verb(const struct group *group, const char *verb)
{
	struct suggest suggest = suggest_begin(verb, 4);
	char text[96];
	for (const struct command *const *c = commands; *c; c++)
		if (strcmp((*c)->group, group->name) == 0)
			suggest_consider(&suggest, (*c)->verb);
	return args_misused(NULL, "sdex %s has no \"%s\"%s", group->name, verb,
			    suggest_text(text, &suggest));
}

const struct command *args_alone(const char *group)
{
	for (const struct command *const *c = commands; *c; c++)
		if (strcmp((*c)->group, group) == 0)
			return *(*c)->verb ? NULL : *c;
	return NULL;
}

static enum status run_group(const struct group *group, int argc, char **argv)
{
	const struct command *alone = args_alone(group->name);
	if (alone)
		return run(alone, argc, argv);
	if (argc == 0) {
		help_group(group);
		return STATUS_USAGE;
	}
	if (wants_help(argv[0]) || strcmp(argv[0], "help") == 0) {
		help_group(group);
		return STATUS_OK;
	}
	for (const struct command *const *c = commands; *c; c++)
		if (strcmp((*c)->group, group->name) == 0 && strcmp((*c)->verb, argv[0]) == 0)
			return run(*c, argc - 1, argv + 1);
	return no_such_verb(group, argv[0]);
}

enum status args_run(int argc, char **argv)
{
	if (argc < 2) {
		help_all();
		return STATUS_USAGE;
	}
	const char *word = argv[1];
	if (wants_help(word) || (strcmp(word, "help") == 0 && argc == 2)) {
		help_all();
		return STATUS_OK;
	}
	if (strcmp(word, "--version") == 0) {
		printf("sdex %s, XDR of protocol %" PRIu32 "\n", sdex_version(), sdex_protocol());
		return STATUS_OK;
	}
	bool help = strcmp(word, "help") == 0; /* sdex help xdr decode */
	const struct group *group = group_by_name(argv[1 + help]);
	if (!group)
		return no_such_group(argv[1 + help]);
	if (!help)
		return run_group(group, argc - 2, argv + 2);
	if (args_alone(group->name)) {
		help_command(args_alone(group->name));
		return STATUS_OK;
	}
	char *asked[] = {argc > 3 ? argv[3] : (char *)(uintptr_t) "--help",
			 (char *)(uintptr_t) "--help"};
	return run_group(group, 2, asked);
}
