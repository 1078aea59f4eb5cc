/* policy/test_sequence.c - each number once, rising; and so many a second. */
#include "base/testing.h"
#include "policy/rate.h"
#include "policy/sequence.h"

static struct sequence s;
static const uint8_t one[32] = {1}, two[32] = {2};

static void sign(int64_t number, const uint8_t hash[32])
{
	enum sequence_verdict verdict = sequence_ask(&s, number, hash, false);
	assert_true(verdict == SEQUENCE_NEW || verdict == SEQUENCE_AGAIN);
	sequence_take(&s, number, hash);
}

static void rising(void **state)
{
	(void)state;
	s = (struct sequence){0};
	assert_int_equal(sequence_ask(&s, 0, one, true), SEQUENCE_BEHIND);
	assert_int_equal(sequence_ask(&s, -1, one, true), SEQUENCE_BEHIND);
	assert_int_equal(sequence_ask(&s, INT64_MIN, one, true), SEQUENCE_BEHIND);
	sign(5, one);
	sign(6, two);
	sign(5, one); /* that very one, with another behind it */
	assert_int_equal(sequence_ask(&s, 4, one, true), SEQUENCE_BEHIND);
	sign(INT64_MAX, one);
	assert_int_equal(sequence_ask(&s, INT64_MAX, one, false), SEQUENCE_AGAIN);
}

static void replaced_only_when_asked(void **state)
{
	(void)state;
	s = (struct sequence){0};
	sign(5, one);
	assert_int_equal(sequence_ask(&s, 5, two, false), SEQUENCE_TAKEN);
	assert_int_equal(sequence_ask(&s, 5, two, true), SEQUENCE_REPLACES);
	sequence_take(&s, 5, two);
	assert_int_equal(sequence_ask(&s, 5, two, false), SEQUENCE_AGAIN);
	assert_int_equal(sequence_ask(&s, 5, one, false), SEQUENCE_TAKEN);
}

/* Whatever is asked: no two hashes for a number without `replace`, and numbers below the
 * window are never signed again. */
static void against_a_list(void **state)
{
	(void)state;
	static uint8_t last[4096][32];
	struct seeded rng = {5};
	int64_t highest = 0;
	s = (struct sequence){0};
	for (int i = 0; i < 200000; i++) {
		int64_t from = highest > 80 ? highest - 80 : 1;
		int64_t number = from + (int64_t)seeded_below(&rng, 82);
		uint8_t hash[32] = {(uint8_t)(1 + seeded_below(&rng, 2)), (uint8_t)number};
		bool replace = seeded_below(&rng, 8) == 0;
		if (number >= 4096)
			break;
		enum sequence_verdict verdict = sequence_ask(&s, number, hash, replace);
		bool same = memcmp(last[number], hash, 32) == 0;
		if (number > highest)
			assert_int_equal(verdict, SEQUENCE_NEW);
		else if (number + SEQUENCE_WINDOW <= highest || !last[number][0])
			assert_int_equal(verdict, SEQUENCE_BEHIND);
		else if (same)
			assert_int_equal(verdict, SEQUENCE_AGAIN);
		else
			assert_int_equal(verdict, replace ? SEQUENCE_REPLACES : SEQUENCE_TAKEN);
		if (verdict == SEQUENCE_BEHIND || verdict == SEQUENCE_TAKEN)
			continue;
		sequence_take(&s, number, hash);
		memcpy(last[number], hash, 32);
		highest = number > highest ? number : highest;
	}
	assert_true(highest > 1000);
}

/* In any stretch of time, at most what flows in and what was saved. */
static void so_many_a_second(void **state)
{
	(void)state;
	struct seeded rng = {8};
	struct rate rate = rate_start(10, 1000);
	uint64_t now = 1000, taken = 0;
	for (int i = 0; i < 40; i++)
		assert_true(rate_take(&rate, now));
	assert_false(rate_take(&rate, now));
	assert_false(rate_take(&rate, now + 99));
	assert_true(rate_take(&rate, now + 100));
	assert_false(rate_take(&rate, now));       /* a clock that runs back gives nothing */
	assert_false(rate_take(&rate, now + 100)); /* nor when it comes forward again */
	for (int i = 0; i < 10000; i++) {
		now += seeded_below(&rng, 60);
		taken += rate_take(&rate, now);
	}
	assert_true(taken <= (now - 1000) / 100 + 1);
	assert_true(taken + 2 >= (now - 1000) / 100);
	now = UINT64_MAX;
	for (int i = 0; i < 40; i++)
		assert_true(rate_take(&rate, now));
	assert_false(rate_take(&rate, now));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rising),
		cmocka_unit_test(replaced_only_when_asked),
		cmocka_unit_test(against_a_list),
		cmocka_unit_test(so_many_a_second),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
