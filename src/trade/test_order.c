/* Orders: fills exactly once, sums that hold, averages that are exact. */
#include "base/testing.h"
#include "trade/order.h"

static struct order_terms terms(enum order_side side, int64_t amount, int32_t n, int32_t d)
{
	return (struct order_terms){.side = side,
				    .base = "native",
				    .counter = "USD:G",
				    .amount = amount,
				    .price = {.n = n, .d = d},
				    .created_ms = 1};
}

static struct fill part(int64_t operation, uint32_t index, int64_t base, int64_t counter)
{
	return (struct fill){
		.operation_id = operation, .claim_index = index, .base = base, .counter = counter};
}

static void test_fills_once(void **state)
{
	(void)state;
	struct order_terms t = terms(ORDER_SELL, 100, 1, 3);
	struct order *order = order_new(&t);
	struct fill a = part(7, 0, 40, 13), b = part(7, 1, 50, 17), c = part(8, 0, 11, 3);
	assert_int_equal(order_fill(order, &a), SDEX_OK);
	assert_int_equal(order_fill(order, &a), SDEX_ERR_DUPLICATE);
	assert_int_equal(order_fill(order, &b), SDEX_OK);
	assert_int_equal(order_fill(order, &b), SDEX_ERR_DUPLICATE);
	assert_int_equal(order_fill(order, &c), SDEX_ERR_RANGE); /* more than was placed */
	assert_int_equal(order->filled, 90);
	assert_int_equal(order->filled + order_remaining(order), 100);
	assert_int_equal(order->fill_count, 2);
	order_free(order);
}

/* An order takes what it asked for; its offer may be given more. */
static void test_buy_rounds(void **state)
{
	(void)state;
	struct order_terms t = terms(ORDER_BUY, 10, 1, 1);
	struct order *order = order_new(&t);
	struct fill a = part(1, 0, 6, 5), b = part(2, 0, 9, 5), c = part(3, 0, INT64_MAX, 1);
	assert_int_equal(order_fill(order, &a), SDEX_OK);
	assert_int_equal(order_fill(order, &b), SDEX_ERR_RANGE);
	b.maker = c.maker = true;
	assert_int_equal(order_fill(order, &b), SDEX_OK);
	assert_int_equal(order_fill(order, &c), SDEX_ERR_RANGE); /* no such sum */
	assert_int_equal(order->filled, 15);
	assert_int_equal(order_remaining(order), 0);
	order_free(order);
}

static void check_average(uint64_t counter, uint64_t base, const char *expected)
{
	char text[ORDER_AVERAGE_ROOM];
	order_average_print(text, (struct order_average){counter, base});
	assert_string_equal(text, expected);
}

static void test_average(void **state)
{
	(void)state;
	struct order_terms t = terms(ORDER_SELL, INT64_MAX, 1, 3);
	struct order *order = order_new(&t);
	struct order_average average;
	assert_false(order_average(&average, order));
	struct fill a = part(1, 0, 30, 10), b = part(1, 1, 60, 20);
	assert_int_equal(order_fill(order, &a), SDEX_OK);
	assert_int_equal(order_fill(order, &b), SDEX_OK);
	assert_true(order_average(&average, order));
	assert_true(average.n == 1 && average.d == 3);
	/* beyond 64 bits */
	struct fill c = part(2, 0, 1, INT64_MAX), d = part(3, 0, 1, INT64_MAX);
	assert_int_equal(order_fill(order, &c), SDEX_OK);
	assert_int_equal(order_fill(order, &d), SDEX_OK);
	assert_true(order->filled_counter == (uint128)INT64_MAX * 2 + 30);
	order_free(order);
	check_average(1, 3, "0.333333333333333333");
	check_average(2, 3, "0.666666666666666667");
	check_average(5, 1, "5");
	check_average(25, 2, "12.5");
	check_average(UINT64_MAX, UINT64_MAX - 1, "1");
	check_average(1999999999999999999, 2000000000000000000, "1");
	check_average(INT64_MAX, 1, "9223372036854775807");
}

static void test_ledger_view(void **state)
{
	(void)state;
	struct order_terms sell = terms(ORDER_SELL, 100, 3, 2), buy = terms(ORDER_BUY, 100, 3, 2);
	struct liabilities held = order_liabilities(&sell);
	assert_int_equal(held.selling, 100); /* base */
	assert_int_equal(held.buying, 150);  /* counter */
	held = order_liabilities(&buy);
	assert_int_equal(held.selling, 150); /* counter */
	assert_int_equal(held.buying, 100);  /* base */
	struct price price = order_offer_price(&buy);
	assert_true(price.n == 2 && price.d == 3);
	assert_false(order_is_dust(&sell));
	/* one stroop at a third: nothing that could be had for it within 1% */
	struct order_terms dust = terms(ORDER_SELL, 1, 1, 3);
	assert_true(order_is_dust(&dust));
	dust.side = ORDER_BUY;
	assert_true(order_is_dust(&dust));
}

static void test_crossing(void **state)
{
	(void)state;
	struct order_terms sell = terms(ORDER_SELL, 1, 2, 3), buy = terms(ORDER_BUY, 1, 2, 3);
	assert_true(order_crosses(&sell, &buy)); /* equal prices trade */
	assert_true(order_crosses(&buy, &sell));
	assert_false(order_crosses(&sell, &sell));
	buy.price = (sdex_Price){.n = 2147483646, .d = 2147483647};
	sell.price = (sdex_Price){.n = 2147483645, .d = 2147483646};
	assert_true(order_crosses(&sell, &buy)); /* by 2^-62: exactly */
	sell.price = (sdex_Price){.n = 1, .d = 1};
	assert_false(order_crosses(&sell, &buy));
	strcpy(sell.counter, "EUR:G");
	buy.price = (sdex_Price){.n = 9, .d = 1};
	assert_false(order_crosses(&sell, &buy));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fills_once), cmocka_unit_test(test_buy_rounds),
		cmocka_unit_test(test_average),    cmocka_unit_test(test_ledger_view),
		cmocka_unit_test(test_crossing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
