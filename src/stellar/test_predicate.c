/* stellar/test_predicate.c - claim predicates against their truth tables, and in words. */
#include "base/testing.h"
#include "sdex/predicate.h"
#include "sdex/rule.h"
#include "stellar/words.h"

static struct sdex_arena *arena;
static struct sdex_failure why;

static int set_up(void **state)
{
	(void)state;
	arena = sdex_arena_new(0);
	memset(&why, 0, sizeof why);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sdex_arena_free(arena);
	return 0;
}

static sdex_ClaimPredicate not_(sdex_ClaimPredicate a)
{
	sdex_ClaimPredicate out;
	assert_int_equal(sdex_predicate_not(&out, arena, &a), SDEX_OK);
	return out;
}

static sdex_ClaimPredicate and_(sdex_ClaimPredicate a, sdex_ClaimPredicate b)
{
	sdex_ClaimPredicate out;
	assert_int_equal(sdex_predicate_and(&out, arena, &a, &b), SDEX_OK);
	return out;
}

static sdex_ClaimPredicate or_(sdex_ClaimPredicate a, sdex_ClaimPredicate b)
{
	sdex_ClaimPredicate out;
	assert_int_equal(sdex_predicate_or(&out, arena, &a, &b), SDEX_OK);
	return out;
}

static bool holds(sdex_ClaimPredicate p, uint64_t created, uint64_t time)
{
	bool is = false;
	if (sdex_predicate_holds(&is, &p, created, time, &why))
		fail_msg("%s", why.text);
	return is;
}

static void leaves(void **state)
{
	(void)state;
	assert_true(holds(sdex_predicate_always(), 0, UINT64_MAX));
	assert_true(holds(sdex_predicate_before(100), 0, 99));
	assert_false(holds(sdex_predicate_before(100), 0, 100));
	assert_false(holds(sdex_predicate_before(0), 0, 0));
	assert_true(holds(sdex_predicate_within(10), 90, 99));
	assert_false(holds(sdex_predicate_within(10), 90, 100));
	/* a sum beyond INT64_MAX is kept as INT64_MAX */
	assert_true(holds(sdex_predicate_within(INT64_MAX), 90, INT64_MAX - 1));
	assert_false(holds(sdex_predicate_within(INT64_MAX), 90, INT64_MAX));
	assert_false(holds(sdex_predicate_within(1), UINT64_MAX, INT64_MAX));
}

/* All trees of two leaves, all truth values: times 1 and 2 make the leaves true or false. */
static void branches(void **state)
{
	(void)state;
	for (int bits = 0; bits < 4; bits++) {
		bool a = bits & 1, b = bits & 2;
		sdex_ClaimPredicate x = sdex_predicate_before(a ? 2 : 1),
				    y = sdex_predicate_before(b ? 2 : 1);
		assert_int_equal(holds(x, 0, 1), a);
		assert_int_equal(holds(not_(x), 0, 1), !a);
		assert_int_equal(holds(and_(x, y), 0, 1), a && b);
		assert_int_equal(holds(or_(x, y), 0, 1), a || b);
		assert_int_equal(holds(not_(and_(x, y)), 0, 1), holds(or_(not_(x), not_(y)), 0, 1));
		assert_int_equal(holds(not_(not_(not_(x))), 0, 1), !a);
	}
}

static void refused(sdex_ClaimPredicate p, enum sdex_rule_number rule)
{
	bool is = true;
	char text[SDEX_PREDICATE_ROOM] = "untouched";
	size_t length;
	assert_int_equal(sdex_predicate_check(&p, &why), SDEX_ERR_MALFORMED);
	assert_int_equal(why.rule, rule);
	assert_int_equal(sdex_predicate_holds(&is, &p, 0, 0, &why), SDEX_ERR_MALFORMED);
	assert_true(is);
	assert_int_equal(sdex_predicate_text(text, sizeof text, &length, &p, NULL),
			 SDEX_ERR_MALFORMED);
	assert_string_equal(text, "untouched");
}

static void what_is_malformed(void **state)
{
	(void)state;
	sdex_ClaimPredicate leaf = sdex_predicate_always(), unknown = leaf, single = leaf;
	refused(sdex_predicate_before(-1), SDEX_RULE_CREATE_CLAIMABLE_BALANCE_PREDICATE_ABSOLUTE);
	refused(not_(sdex_predicate_within(-1)),
		SDEX_RULE_CREATE_CLAIMABLE_BALANCE_PREDICATE_RELATIVE);
	refused(and_(leaf, or_(leaf, not_(not_(leaf)))),
		SDEX_RULE_CREATE_CLAIMABLE_BALANCE_PREDICATE_DEPTH);
	single.type = SDEX_CLAIM_PREDICATE_OR;
	single.orPredicates = (sdex_ClaimPredicate_list){&leaf, 1};
	refused(single, SDEX_RULE_CREATE_CLAIMABLE_BALANCE_PREDICATE_PAIR);
	refused(or_(leaf, single), SDEX_RULE_CREATE_CLAIMABLE_BALANCE_PREDICATE_PAIR);
	unknown.type = (sdex_ClaimPredicateType)6;
	refused(unknown, SDEX_RULE_CREATE_CLAIMABLE_BALANCE_PREDICATE_PAIR);
	refused((sdex_ClaimPredicate){.type = SDEX_CLAIM_PREDICATE_NOT},
		SDEX_RULE_CREATE_CLAIMABLE_BALANCE_PREDICATE_NOT);
	sdex_ClaimPredicate deepest = or_(not_(and_(leaf, leaf)), leaf);
	assert_int_equal(sdex_predicate_check(&deepest, &why), SDEX_OK);

	struct sdex_arena *small = sdex_arena_new(32);
	sdex_ClaimPredicate out;
	assert_int_equal(sdex_predicate_not(&out, small, &leaf), SDEX_ERR_NOMEM);
	assert_int_equal(sdex_predicate_and(&out, small, &leaf, &leaf), SDEX_ERR_NOMEM);
	assert_int_equal(sdex_predicate_or(&out, small, &leaf, &leaf), SDEX_ERR_NOMEM);
	sdex_arena_free(small);
}

static void says(sdex_ClaimPredicate p, const char *expected)
{
	char text[SDEX_PREDICATE_ROOM];
	size_t length = 0;
	assert_int_equal(sdex_predicate_text(text, sizeof text, &length, &p, &why), SDEX_OK);
	assert_string_equal(text, expected);
	assert_int_equal(length, strlen(expected));
	size_t kept = 5;
	assert_int_equal(sdex_predicate_text(text, length, &kept, &p, &why), SDEX_ERR_SPACE);
	assert_int_equal(kept, 5);
	assert_int_equal(sdex_predicate_text(text, length + 1, &kept, &p, &why), SDEX_OK);
}

static void words_for_people(void **state)
{
	(void)state;
	says(sdex_predicate_always(), "always");
	says(or_(sdex_predicate_before(1767225600), not_(sdex_predicate_within(3600))),
	     "(before 2026-01-01 00:00:00 UTC or not within 3600 s of its creation)");
	says(and_(sdex_predicate_before(0), sdex_predicate_before(INT64_MAX)),
	     "(before 1970-01-01 00:00:00 UTC and before second 9223372036854775807)");
	/* the longest there is: eight leaves of the longest kind */
	sdex_ClaimPredicate p = sdex_predicate_within(INT64_MAX);
	for (int i = 0; i < 3; i++)
		p = and_(p, p);
	char text[SDEX_PREDICATE_ROOM];
	size_t length;
	assert_int_equal(sdex_predicate_text(text, sizeof text, &length, &p, &why), SDEX_OK);
}

/* date -u -d @N */
static void dates(void **state)
{
	(void)state;
	static const struct {
		uint64_t seconds;
		const char *text;
	} vectors[] = {
		{951782399, "2000-02-28 23:59:59 UTC"},    {951782400, "2000-02-29 00:00:00 UTC"},
		{951868800, "2000-03-01 00:00:00 UTC"},    {4107542399, "2100-02-28 23:59:59 UTC"},
		{4107542400, "2100-03-01 00:00:00 UTC"},   {1735689599, "2024-12-31 23:59:59 UTC"},
		{253402300799, "9999-12-31 23:59:59 UTC"}, {253402300800, "second 253402300800"},
	};
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		char text[64];
		struct words w = {.text = text, .room = sizeof text};
		words_add_time(&w, vectors[i].seconds);
		assert_string_equal(text, vectors[i].text);
	}
	struct words nowhere = {0};
	words_add(&nowhere, "%s", "counted");
	words_add(&nowhere, "%s", "all the same");
	assert_int_equal(nowhere.length, 19);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(leaves),           TEST(branches), TEST(what_is_malformed),
		TEST(words_for_people), TEST(dates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
