/* stellar/words.c - sentences for people. */
#include "stellar/words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/failure.h"

void words_add(struct words *words, const char *format, ...)
{
	size_t at = words->length < words->room ? words->length : words->room;
	va_list args;
	va_start(args, format);
	int more = vsnprintf(at < words->room ? words->text + at : NULL, words->room - at, format,
			     args);
	va_end(args);
	if (more > 0)
		words->length += (size_t)more;
}

enum sdex_error words_fit(struct words *words, char *text, size_t room, struct sdex_failure *why)
{
	if (words->length >= room)
		return fail_space(why, words->length + 1, room);
	*words = (struct words){.text = text, .room = room};
	return SDEX_OK;
}

void words_add_time(struct words *words, uint64_t seconds)
{
	if (seconds >= 253402300800u) { /* 10000-01-01 */
		words_add(words, "second %" PRIu64, seconds);
		return;
	}
	/* Days to a date, by counting from 1 March of year 0 in cycles of 400 years
	 * (H. Hinnant, "chrono-compatible low-level date algorithms"). */
	uint64_t days = seconds / 86400 + 719468, rest = seconds % 86400;
	uint64_t cycle = days / 146097, of_cycle = days % 146097;
	uint64_t year = (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / 146096) / 365;
	uint64_t of_year = of_cycle - (365 * year + year / 4 - year / 100);
	uint64_t shifted = (5 * of_year + 2) / 153; /* month, from March */
	uint64_t day = of_year - (153 * shifted + 2) / 5 + 1;
	uint64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
	year += cycle * 400 + (month <= 2);
	words_add(words,
		  "%04" PRIu64 "-%02" PRIu64 "-%02" PRIu64 " %02" PRIu64 ":%02" PRIu64 ":%02" PRIu64
		  " UTC",
		  year, month, day, rest / 3600, rest / 60 % 60, rest % 60);
}
