/* cmd/sdex/say.c - messages of one form. */
#include "cmd/sdex/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void message(const char *format, va_list list)
{
	fflush(stdout); /* what came before stands before */
	fputs("sdex: ", stderr);
	vfprintf(stderr, format, list);
	fputc('\n', stderr);
}

enum status say_refused(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	message(format, list);
	va_end(list);
	return STATUS_REFUSED;
}

void say_note(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	message(format, list);
	va_end(list);
}

enum status say_failure(const char *what, const struct sdex_failure *why)
{
	return say_refused("%s, byte %llu: %s", what, (unsigned long long)why->where, why->text);
}

enum status say_done(enum status status)
{
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "sdex: cannot write to standard output: %s\n", strerror(errno));
		return status == STATUS_OK ? STATUS_REFUSED : status;
	}
	return status;
}
