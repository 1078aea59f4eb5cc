/* The time told under clocks that are set. */
#include "base/testing.h"
#include "cmd/sdexd/clock.h"

static void test_follows(void **state)
{
	(void)state;
	struct clock clock = {0};
	assert_int_equal(clock_tell(&clock, 1700000000000, 50), 1700000000000);
	assert_int_equal(clock_tell(&clock, 1700000000007, 57), 1700000000007);
	/* set forward: so is the time told */
	assert_int_equal(clock_tell(&clock, 1700000600000, 58), 1700000600000);
	/* a wall's clock that is slewed a little slower than the steady one */
	assert_int_equal(clock_tell(&clock, 1700000600090, 158), 1700000600090);
}

/* Set back by an hour: asked every millisecond or once a minute, the time told never goes
 * back, never stands, and meets the wall's in two hours. */
static void test_set_back(void **state)
{
	(void)state;
	static const int64_t steps[] = {1, 3, 1000, 60000};
	for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
		struct clock clock = {0};
		int64_t hour = 3600000, start = 1700000000000, steady = 9, last;
		last = clock_tell(&clock, start, steady);
		for (int64_t passed = steps[s]; passed <= 3 * hour; passed += steps[s]) {
			int64_t wall = start - hour + passed;
			int64_t told = clock_tell(&clock, wall, steady + passed);
			assert_true(told >= last && told >= wall);
			assert_true(told - start >= passed / 2 - 1);
			assert_true(told - last <= steps[s] + 1);
			assert_true(passed < 2 * hour || told == wall);
			last = told;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_follows),
		cmocka_unit_test(test_set_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
