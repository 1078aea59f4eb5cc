/* fuzz/decimal.c - amounts and prices: what is read prints as text of the same value. */
#include <string.h>

#include "base/check.h"
#include "base/decimal.h"
#include "sdex/amount.h"
#include "sdex/price.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_number(const char *text, size_t length, unsigned places)
{
	int64_t value = 1234, back;
	struct sdex_failure why = {0};
	enum sdex_error error =
		decimal_parse(&value, text, length, places, DECIMAL_SIGNED, "number", &why);
	if (error) {
		CHECK(value == 1234 && why.code == error && why.where <= length);
		return;
	}
	char again[DECIMAL_ROOM];
	for (int trim = 0; trim < 2; trim++) {
		size_t again_length = decimal_print(again, value, places, trim);
		CHECK(decimal_parse(&back, again, again_length, places, DECIMAL_SIGNED, "number",
				    NULL) == SDEX_OK &&
		      back == value);
	}
}

static void check_amount(const char *text, size_t length)
{
	struct sdex_amount amount, difference;
	enum sdex_error error = sdex_amount_parse(&amount, text, length, NULL);
	enum sdex_error also = sdex_amount_parse_signed(&difference, text, length, NULL);
	CHECK(error || (!also && amount.stroops == difference.stroops && amount.stroops >= 0));
}

static void check_price(const char *text, size_t length)
{
	sdex_Price low, high, near, back;
	char again[SDEX_PRICE_ROOM];
	enum sdex_error error = sdex_price_parse(&near, text, length, SDEX_ROUND_NEAREST, NULL);
	CHECK(sdex_price_parse(&low, text, length, SDEX_ROUND_DOWN, NULL) == error);
	CHECK(sdex_price_parse(&high, text, length, SDEX_ROUND_UP, NULL) == error);
	if (error)
		return;
	CHECK(sdex_price_valid(low) && sdex_price_valid(high) && sdex_price_valid(near));
	int order = sdex_price_compare(low, high);
	CHECK(order <= 0);
	CHECK(sdex_price_compare(near, low) == 0 || sdex_price_compare(near, high) == 0);
	/* Neighbours: the determinant is 1 where the value itself is not a fraction. */
	CHECK(order == 0 || (int64_t)high.n * low.d - (int64_t)low.n * high.d == 1);
	size_t again_length = sdex_price_print(again, near, SDEX_PRICE_DECIMALS_BACK);
	CHECK(sdex_price_parse(&back, again, again_length, SDEX_ROUND_NEAREST, NULL) == SDEX_OK);
	CHECK(back.n == near.n && back.d == near.d);
	for (unsigned decimals = 0; decimals <= SDEX_PRICE_DECIMALS_MAX; decimals++)
		CHECK(sdex_price_print(again, near, decimals) < sizeof again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	check_number(text, size, 0);
	check_number(text, size, 7);
	check_number(text, size, 18);
	check_amount(text, size);
	check_price(text, size);
	return 0;
}
