/* cmd/sdex-signer/main.c - the sdex-signer command: its verbs, and what they say. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd/sdex-signer/signer.h"

static const struct verb {
	const char *name, *summary;
	enum status (*run)(int argc, char **argv);
} verbs[] = {
	{"init", "make a keystore, of a new key or of a seed there is", verb_init},
	{"show", "what keystores hold, without their secrets", verb_show},
	{"serve", "sign for the connector that has started it", verb_serve},
	{"audit", "verify or show the log of what was signed", verb_audit},
};
#define VERBS (sizeof verbs / sizeof *verbs)

static void say(const char *format, va_list list)
{
	fflush(stdout);
	fputs("sdex-signer: ", stderr);
	vfprintf(stderr, format, list);
	fputc('\n', stderr);
}

enum status say_refused(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	say(format, list);
	va_end(list);
	return STATUS_REFUSED;
}

enum status say_usage(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	say(format, list);
	va_end(list);
	fputs("see: sdex-signer --help\n", stderr);
	return STATUS_USAGE;
}

void say_note(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	say(format, list);
	va_end(list);
}

/* ---- numbers ---- */

static bool digits(const char *text, const char **end, uint64_t *number)
{
	*number = 0;
	for (*end = text; **end >= '0' && **end <= '9'; (*end)++)
		if (__builtin_mul_overflow(*number, 10u, number) ||
		    __builtin_add_overflow(*number, (uint64_t)(**end - '0'), number))
			return false;
	return *end > text;
}

bool read_number(const char *name, const char *text, uint64_t *number, uint64_t least,
		 uint64_t most)
{
	const char *end;
	if (digits(text, &end, number) && !*end && *number >= least && *number <= most)
		return true;
	say_usage("--%s wants a whole number from %llu to %llu, not \"%s\"", name,
		  (unsigned long long)least, (unsigned long long)most, text);
	return false;
}

bool read_size(const char *name, const char *text, uint64_t *size, uint64_t least, uint64_t most)
{
	const char *end;
	if (digits(text, &end, size)) {
		unsigned shift = *end == 'k' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
		end += shift != 0;
		if (!*end && *size <= most >> shift && *size << shift >= least) {
			*size <<= shift;
			return true;
		}
	}
	say_usage("--%s wants a size from %lluM to %lluM, as 256M or 1G, not \"%s\"", name,
		  (unsigned long long)least >> 20, (unsigned long long)most >> 20, text);
	return false;
}

/* ---- the command ---- */

static void help(void)
{
	puts("sdex-signer " SDEX_VERSION ": keeps keys, and signs with them what its policy allows."
	     "\n\nusage: sdex-signer VERB [OPTION...]\n");
	for (size_t i = 0; i < VERBS; i++)
		printf("  %-6s %s\n", verbs[i].name, verbs[i].summary);
	puts("\nsdex-signer VERB --help shows options.\n"
	     "exit status: 0 done; 1 refused, and stderr says why; 2 wrong usage");
}

static enum status run(int argc, char **argv)
{
	if (argc < 2) {
		help();
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help();
		return STATUS_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("sdex-signer " SDEX_VERSION);
		return STATUS_OK;
	}
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	return say_usage("there is no verb \"%s\"", argv[1]);
}

int main(int argc, char **argv)
{
	enum status status = run(argc, argv);
	if (fflush(stdout) || ferror(stdout))
		return (int)say_refused("cannot write to standard output");
	return (int)status;
}
