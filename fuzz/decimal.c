/* fuzz/decimal.c - amounts, prices, wide integers: what is read prints as text of the same
 * value. */
#include <string.h>

#include "base/check.h"
#include "base/decimal.h"
#include "base/wide.h"
#include "sdex/amount.h"
#include "sdex/price.h"
#include "sdex/scval.h"

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
	if (also)
		return;
	char again[SDEX_AMOUNT_ROOM];
	size_t again_length = sdex_amount_print(again, difference);
	CHECK(again_length == strlen(again) && again_length < sizeof again);
	CHECK(sdex_amount_parse_signed(&amount, again, again_length, NULL) == SDEX_OK);
	CHECK(amount.stroops == difference.stroops);
}

/* Of 64 to 256 bits: there is one text for each number. */
static void check_wide(const char *text, size_t length, unsigned words, bool is_signed)
{
	uint64_t parts[WIDE_PARTS_MAX];
	char again[WIDE_ROOM];
	if (wide_parse(parts, words, is_signed, text, length))
		return;
	CHECK(wide_print(again, parts, words, is_signed) == length);
	CHECK(memcmp(again, text, length) == 0);
}

/* The same numbers as values of a contract, whose bytes and JSON hold them. */
static void check_scval(const char *text, size_t length)
{
	static const sdex_SCValType types[] = {
		SDEX_SCV_U32,      SDEX_SCV_I32,  SDEX_SCV_U64,  SDEX_SCV_I64,  SDEX_SCV_TIMEPOINT,
		SDEX_SCV_DURATION, SDEX_SCV_U128, SDEX_SCV_I128, SDEX_SCV_U256, SDEX_SCV_I256,
	};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		sdex_SCVal value = {.type = SDEX_SCV_VOID};
		struct sdex_failure why = {0};
		enum sdex_error error = sdex_scval_number(&value, types[i], text, length, &why);
		size_t size;
		if (error) {
			CHECK(value.type == SDEX_SCV_VOID && why.code == error);
			continue;
		}
		CHECK(value.type == types[i]);
		CHECK(sdex_xdr_size(SDEX_TYPE_SCVal, &size, &value, NULL) == SDEX_OK);
	}
	sdex_SCVal narrow, wide;
	if (!sdex_scval_number(&narrow, SDEX_SCV_I64, text, length, NULL)) {
		sdex_SCVal extended = sdex_scval_i128(narrow.i64);
		CHECK(sdex_scval_number(&wide, SDEX_SCV_I128, text, length, NULL) == SDEX_OK);
		CHECK(sdex_SCVal_equal(&wide, &extended));
	}
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
	for (unsigned words = 1; words <= WIDE_PARTS_MAX; words++) {
		check_wide(text, size, words, false);
		check_wide(text, size, words, true);
	}
	check_scval(text, size);
	return 0;
}
