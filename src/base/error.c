/* base/error.c - the names and texts of error codes, and filling a failure. */
#include "sdex/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/failure.h"

#undef fail
#undef fail_space

const char *sdex_error_name(enum sdex_error code)
{
	switch (code) {
#define NAME(name, value, text) \
	case SDEX_ERR_##name:   \
		return #name;
		SDEX_ERRORS(NAME)
#undef NAME
	}
	return "?";
}

const char *sdex_error_text(enum sdex_error code)
{
	switch (code) {
#define TEXT(name, value, text) \
	case SDEX_ERR_##name:   \
		return text;
		SDEX_ERRORS(TEXT)
#undef TEXT
	}
	return "not an error code of this library";
}

enum sdex_error fail(struct sdex_failure *why, enum sdex_error code, uint64_t where,
		     const char *format, ...)
{
	if (why) {
		va_list args;
		why->code = code;
		why->rule = 0;
		why->where = where;
		va_start(args, format);
		vsnprintf(why->text, sizeof why->text, format, args);
		va_end(args);
	}
	return code;
}

enum sdex_error fail_space(struct sdex_failure *why, size_t needed, size_t room)
{
	return fail(why, SDEX_ERR_SPACE, needed, "room: expected at least %zu bytes, found %zu",
		    needed, room);
}
