/* base/check.h - our own bugs end the process, in every build. */
#ifndef SDEX_BASE_CHECK_H
#define SDEX_BASE_CHECK_H

/* Prints the broken condition and aborts. */
_Noreturn void check_failed(const char *condition, const char *file, int line);

#define CHECK(cond) \
	(__builtin_expect(!!(cond), 1) ? (void)0 : check_failed(#cond, __FILE__, __LINE__))

#endif
