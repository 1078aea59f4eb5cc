/* What a search proves: every row of the rule, and its one trap. */
#include "base/testing.h"
#include "trade/resolve.h"

/* Sent after ledger 100; may be in 101 to 111. */
#define FACTS .max_ledger = 112, .max_time = 5000, .before = 100
#define NOT_FOUND(from, to)                                              \
	{                                                                \
		.answer = SEARCH_NOT_FOUND, .oldest = from, .latest = to \
	}

static const struct {
	const char *what;
	struct resolve_facts facts;
	enum resolution expected;
} rows[] = {
	{"found, and it was done",
	 {FACTS, .search = {.answer = SEARCH_SUCCEEDED}},
	 RESOLVED_SUCCEEDED},
	{"found, and it failed", {FACTS, .search = {.answer = SEARCH_FAILED}}, RESOLVED_FAILED},
	{"no answer is no proof, whatever has passed",
	 {FACTS, .past_ledger = 112, .search = {.answer = SEARCH_NOTHING_SAID}},
	 RESOLVE_WAIT},
	{"not found, and it may still be", {FACTS, .search = NOT_FOUND(1, 105)}, RESOLVE_WAIT},
	{"not found up to the ledger bound",
	 {FACTS, .past_ledger = 112, .search = NOT_FOUND(1, 112)},
	 RESOLVED_DEAD},
	{"the search ends a ledger before the one that shows the bound passed",
	 {FACTS, .past_ledger = 112, .search = NOT_FOUND(1, 111)},
	 RESOLVE_WAIT},
	{"not found up to a close after its time",
	 {FACTS, .past_time = 108, .search = NOT_FOUND(1, 108)},
	 RESOLVED_DEAD},
	{"the search ends before the close after its time",
	 {FACTS, .past_time = 108, .search = NOT_FOUND(1, 107)},
	 RESOLVE_WAIT},
	{"not found up to the ledger in which its sequence was used",
	 {FACTS, .used_sequence = 103, .search = NOT_FOUND(101, 103)},
	 RESOLVED_DEAD},
	{"the sequence was used a ledger after the search looked: by this very one, perhaps",
	 {FACTS, .used_sequence = 103, .search = NOT_FOUND(101, 102)},
	 RESOLVE_WAIT},
	{"of two reasons the earlier suffices",
	 {FACTS, .past_ledger = 112, .used_sequence = 104, .search = NOT_FOUND(1, 104)},
	 RESOLVED_DEAD},
	{"the history does not reach back to where it was sent",
	 {FACTS, .past_ledger = 112, .search = NOT_FOUND(102, 120)},
	 RESOLVE_WAIT},
	{"the history reaches back to the first ledger that could have it",
	 {FACTS, .past_ledger = 112, .search = NOT_FOUND(101, 120)},
	 RESOLVED_DEAD},
	{"a second endpoint has to agree",
	 {FACTS, .past_ledger = 112, .search = NOT_FOUND(1, 112), .second = true,
	  .other = {.answer = SEARCH_NOTHING_SAID}},
	 RESOLVE_WAIT},
	{"a second endpoint lags",
	 {FACTS, .past_ledger = 112, .search = NOT_FOUND(1, 112), .second = true,
	  .other = NOT_FOUND(1, 110)},
	 RESOLVE_WAIT},
	{"a second endpoint agrees",
	 {FACTS, .past_ledger = 112, .search = NOT_FOUND(1, 112), .second = true,
	  .other = NOT_FOUND(50, 115)},
	 RESOLVED_DEAD},
	{"a second endpoint knows better",
	 {FACTS, .past_ledger = 112, .search = NOT_FOUND(1, 112), .second = true,
	  .other = {.answer = SEARCH_SUCCEEDED}},
	 RESOLVED_SUCCEEDED},
	{"a second endpoint knows that it failed",
	 {FACTS, .search = {.answer = SEARCH_NOTHING_SAID}, .second = true,
	  .other = {.answer = SEARCH_FAILED}},
	 RESOLVED_FAILED},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (resolve(&rows[i].facts) != rows[i].expected)
			print_message("%s\n", rows[i].what);
		assert_int_equal(resolve(&rows[i].facts), rows[i].expected);
	}
}

/* Death is never proved by a search that left out a ledger that could hold it: brute force
 * over a small world, in which the transaction is in ledger `in` (0: in none). */
static void test_never_wrong(void **state)
{
	(void)state;
	struct seeded s = {1};
	unsigned dead = 0;
	for (int i = 0; i < 200000; i++) {
		struct resolve_facts f = {.max_ledger = 6, .max_time = 1, .before = 2};
		uint32_t in = (uint32_t)seeded_below(&s, 4);
		in = in ? in + 2 : 0; /* 3 to 5 */
		uint32_t head = 3 + (uint32_t)seeded_below(&s, 6);
		if (head >= 6)
			f.past_ledger = 6 + (uint32_t)seeded_below(&s, head - 5);
		/* used by itself, or by another one */
		if (in && in <= head)
			f.used_sequence = in;
		else if (!in && seeded_below(&s, 2))
			f.used_sequence = 3 + (uint32_t)seeded_below(&s, head - 2);
		struct search *search = &f.search;
		search->latest = 1 + (uint32_t)seeded_below(&s, 8);
		search->oldest = 1 + (uint32_t)seeded_below(&s, 5);
		bool seen = in && in <= search->latest && in >= search->oldest;
		search->answer = seen ? SEARCH_SUCCEEDED : SEARCH_NOT_FOUND;
		if (resolve(&f) == RESOLVED_DEAD) {
			assert_int_equal(in, 0);
			dead++;
		}
	}
	assert_true(dead > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_never_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
