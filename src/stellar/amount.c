/* stellar/amount.c - stroops as decimal text, and sums that cannot overflow. */
#include "sdex/amount.h"

#include "base/decimal.h"

#define PLACES 7u

_Static_assert(SDEX_AMOUNT_ROOM == DECIMAL_ROOM, "an amount is a decimal");

enum sdex_error sdex_amount_parse(struct sdex_amount *amount, const char *text, size_t length,
				  struct sdex_failure *why)
{
	return decimal_parse(&amount->stroops, text, length, PLACES, DECIMAL_UNSIGNED, "amount",
			     why);
}

enum sdex_error sdex_amount_parse_signed(struct sdex_amount *amount, const char *text,
					 size_t length, struct sdex_failure *why)
{
	return decimal_parse(&amount->stroops, text, length, PLACES, DECIMAL_SIGNED, "amount", why);
}

size_t sdex_amount_print(char text[SDEX_AMOUNT_ROOM], struct sdex_amount amount)
{
	return decimal_print(text, amount.stroops, PLACES, false);
}

enum sdex_error sdex_amount_add(struct sdex_amount *sum, struct sdex_amount a, struct sdex_amount b)
{
	int64_t stroops;
	if (__builtin_add_overflow(a.stroops, b.stroops, &stroops))
		return SDEX_ERR_RANGE;
	sum->stroops = stroops;
	return SDEX_OK;
}

enum sdex_error sdex_amount_sub(struct sdex_amount *difference, struct sdex_amount a,
				struct sdex_amount b)
{
	int64_t stroops;
	if (__builtin_sub_overflow(a.stroops, b.stroops, &stroops))
		return SDEX_ERR_RANGE;
	difference->stroops = stroops;
	return SDEX_OK;
}
