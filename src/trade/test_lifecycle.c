/* The states of an order: what the table says, and what it must never say. */
#include "base/testing.h"
#include "trade/lifecycle.h"

static void test_table(void **state)
{
	(void)state;
	const struct lifecycle_row *a, *b;
	for (size_t i = 0; (a = lifecycle_row(i)); i++) {
		/* nothing leads out of a final state, and nothing is said twice */
		assert_false(lifecycle_final(a->from));
		for (size_t j = 0; j < i && (b = lifecycle_row(j)); j++)
			if (a->from == b->from && a->cause == b->cause)
				assert_true(a->when != b->when && a->when != WHEN_ANY &&
					    b->when != WHEN_ANY);
		/* an order with fills is never shown as one without, nor the other way round */
		if (a->when == WHEN_FILLS)
			assert_true(a->to != ORDER_OPEN && a->to != ORDER_INTENT &&
				    a->to != ORDER_DEAD && a->to != ORDER_REJECTED);
		if (a->when == WHEN_EMPTY)
			assert_true(a->to != ORDER_PARTIALLY_FILLED && a->to != ORDER_FILLED);
		/* only the ledger fills */
		if (a->to == ORDER_FILLED)
			assert_true(a->cause == CAUSE_TRADED || a->cause == CAUSE_FILL_LAST);
		/* what may be in a ledger ends by proof alone */
		if ((a->from == ORDER_SUBMITTED || a->from == ORDER_UNKNOWN) &&
		    lifecycle_final(a->to))
			assert_true(a->cause == CAUSE_TRADED || a->cause == CAUSE_DUST ||
				    a->cause == CAUSE_REJECTED || a->cause == CAUSE_DEAD);
	}
	assert_null(lifecycle_row(SIZE_MAX));
}

/* Every state can be reached from INTENT, and every state that is not final can end. */
static void test_reach(void **state)
{
	(void)state;
	bool reached[ORDER_STATE_COUNT] = {[ORDER_INTENT] = true};
	bool ends[ORDER_STATE_COUNT];
	for (unsigned s = 0; s < ORDER_STATE_COUNT; s++)
		ends[s] = lifecycle_final((enum order_state)s);
	for (unsigned round = 0; round < ORDER_STATE_COUNT; round++) {
		const struct lifecycle_row *row;
		for (size_t i = 0; (row = lifecycle_row(i)); i++) {
			reached[row->to] |= reached[row->from];
			ends[row->from] |= ends[row->to];
		}
	}
	for (unsigned s = 0; s < ORDER_STATE_COUNT; s++) {
		assert_true(reached[s]);
		assert_true(ends[s]);
		assert_true(lifecycle_name((enum order_state)s)[0]);
		assert_true(lifecycle_text((enum order_state)s)[0]);
	}
}

static void test_next(void **state)
{
	(void)state;
	assert_int_equal(lifecycle_next(ORDER_UNKNOWN, CAUSE_RESTED, false), ORDER_OPEN);
	assert_int_equal(lifecycle_next(ORDER_UNKNOWN, CAUSE_RESTED, true), ORDER_PARTIALLY_FILLED);
	assert_false(lifecycle_can(ORDER_OPEN, CAUSE_FILL, false));
	assert_false(lifecycle_can(ORDER_UNKNOWN, CAUSE_TIME_OVER, false));
	assert_false(lifecycle_can(ORDER_FILLED, CAUSE_FILL, true));
	assert_string_equal(lifecycle_public(ORDER_PENDING_CANCEL, true), "partially_filled");
	assert_string_equal(lifecycle_public(ORDER_PENDING_CANCEL, false), "open");
	assert_string_equal(lifecycle_public(ORDER_UNKNOWN, false), "submitted");
	assert_string_equal(lifecycle_public(ORDER_REVOKED, true), "cancelled");
	assert_string_equal(lifecycle_public(ORDER_DEAD, false), "failed");
	assert_string_equal(lifecycle_cause_name(CAUSE_FILL_LAST), "FILL_LAST");
	for (unsigned c = 0; c < ORDER_CAUSE_COUNT; c++)
		assert_true(lifecycle_cause_text((enum order_cause)c)[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_next),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
