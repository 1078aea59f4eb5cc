/* base/check.c - the last words of a process that found its own bug. */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void check_failed(const char *condition, const char *file, int line)
{
	fprintf(stderr, "sdex: %s:%d: broken: %s\n", file, line, condition);
	abort();
}
