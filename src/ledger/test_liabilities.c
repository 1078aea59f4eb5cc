/* Balances, liabilities, reserves and limits: the network's own expected values (stellar-core,
 * src/ledger/test/LiabilitiesTests.cpp, restated as tables that name its cases).  Each row holds
 * for entries with and without the extension of liabilities, and for accounts that sponsor, and
 * have sponsored, up to two reserves. */
#include "ledger/testing/world.h"

#define MAX INT64_MAX
#define MIN(n) ((2 + (int64_t)(n)) * RESERVE)

enum what {
	SELLING, /* liabilities grow by delta */
	BUYING,
	BALANCE, /* it grows by delta */
	ENTRIES, /* one more, or with a delta of -1 one less */
};

struct row {
	enum what what;
	int64_t bound; /* subentries of an account, limit of a trustline */
	int64_t balance, buying, selling, delta;
	bool holds;
};

/* clang-format off */
static const struct row account_rows[] = {
	/* LiabilitiesTests: liabilities / add account selling liabilities / uninitialized liabilities */
	{SELLING, 0, MIN(0), 0, 0, 1, false},
	{SELLING, 0, MIN(0), 0, 0, 0, true},
	{SELLING, 0, MIN(0) + 1, 0, 0, 1, true},
	/* LiabilitiesTests: liabilities / add account selling liabilities / below reserve */
	{SELLING, 0, MIN(0) - 1, 0, 0, 0, true},
	{SELLING, 0, MIN(0) - 1, 0, 0, 1, false},
	/* LiabilitiesTests: liabilities / add account selling liabilities / cannot make liabilities negative */
	{SELLING, 0, MIN(0), 0, 0, 0, true},
	{SELLING, 0, MIN(0), 0, 0, -1, false},
	{SELLING, 0, MIN(0) + 1, 0, 0, 0, true},
	{SELLING, 0, MIN(0) + 1, 0, 0, -1, false},
	{SELLING, 0, MIN(0) + 1, 0, 1, -1, true},
	{SELLING, 0, MIN(0) + 1, 0, 1, -2, false},
	{SELLING, 0, MIN(0) + 2, 0, 1, -1, true},
	{SELLING, 0, MIN(0) + 2, 0, 1, -2, false},
	/* LiabilitiesTests: liabilities / add account selling liabilities / cannot increase liabilities above balance minus reserve */
	{SELLING, 0, MIN(0), 0, 0, 0, true},
	{SELLING, 0, MIN(0), 0, 0, 1, false},
	{SELLING, 0, MIN(0) + 1, 0, 0, 1, true},
	{SELLING, 0, MIN(0) + 1, 0, 0, 2, false},
	{SELLING, 0, MIN(0) + 1, 0, 1, 0, true},
	{SELLING, 0, MIN(0) + 1, 0, 1, 1, false},
	{SELLING, 0, MIN(0) + 2, 0, 1, 1, true},
	{SELLING, 0, MIN(0) + 2, 0, 1, 2, false},
	/* LiabilitiesTests: liabilities / add account selling liabilities / limiting values */
	{SELLING, 0, MAX, 0, 0, MAX - MIN(0), true},
	{SELLING, 0, MAX, 0, 0, MAX - MIN(0) + 1, false},
	{SELLING, 0, MAX, 0, 1, MAX - MIN(0), false},
	{SELLING, 0, MAX, 0, MAX - MIN(0), -1, true},
	{SELLING, 0, MAX, 0, MAX - MIN(0), MIN(0) - MAX, true},
	/* LiabilitiesTests: liabilities / add account buying liabilities / uninitialized liabilities */
	{BUYING, 0, MIN(0), 0, 0, MAX - (MIN(0) - 1), false},
	{BUYING, 0, MIN(0), 0, 0, 0, true},
	{BUYING, 0, MIN(0), 0, 0, 1, true},
	/* LiabilitiesTests: liabilities / add account buying liabilities / below reserve */
	{BUYING, 0, MIN(0) - 1, 1, 0, -1, true},
	{BUYING, 0, MIN(0) - 1, 0, 0, 0, true},
	{BUYING, 0, MIN(0) - 1, 1, 0, 0, true},
	{BUYING, 0, MIN(0) - 1, 0, 0, 1, true},
	{BUYING, 0, MIN(0) - 1, 1, 0, 1, true},
	/* LiabilitiesTests: liabilities / add account buying liabilities / cannot make liabilities negative */
	{BUYING, 0, MIN(0), 0, 0, 0, true},
	{BUYING, 0, MIN(0), 0, 0, -1, false},
	{BUYING, 0, MIN(0), 1, 0, -1, true},
	{BUYING, 0, MIN(0), 1, 0, -2, false},
	/* LiabilitiesTests: liabilities / add account buying liabilities / cannot increase liabilities above INT64_MAX minus balance */
	{BUYING, 0, MIN(0) - 1, 0, 0, MAX - (MIN(0) - 1), true},
	{BUYING, 0, MIN(0) - 1, 0, 0, MAX - (MIN(0) - 2), false},
	{BUYING, 0, MIN(0) - 1, 1, 0, MAX - MIN(0), true},
	{BUYING, 0, MIN(0) - 1, 1, 0, MAX - (MIN(0) - 1), false},
	{BUYING, 0, MIN(0), 0, 0, MAX - MIN(0), true},
	{BUYING, 0, MIN(0), 0, 0, MAX - (MIN(0) - 1), false},
	{BUYING, 0, MIN(0), 1, 0, MAX - (MIN(0) + 1), true},
	{BUYING, 0, MIN(0), 1, 0, MAX - MIN(0), false},
	{BUYING, 0, MIN(0) + 1, 0, 0, MAX - (MIN(0) + 1), true},
	{BUYING, 0, MIN(0) + 1, 0, 0, MAX - MIN(0), false},
	{BUYING, 0, MIN(0) + 1, 1, 0, MAX - (MIN(0) + 2), true},
	{BUYING, 0, MIN(0) + 1, 1, 0, MAX - (MIN(0) + 1), false},
	/* LiabilitiesTests: liabilities / add account buying liabilities / limiting values */
	{BUYING, 0, MAX, 0, 0, 1, false},
	{BUYING, 0, MAX - 1, 0, 0, 1, true},
	{BUYING, 0, MIN(0), MAX - MIN(0), 0, 1, false},
	{BUYING, 0, MIN(0), MAX - MIN(0) - 1, 0, 1, true},
	{BUYING, UINT32_MAX, MAX / 2 + 1, MAX / 2, 0, 1, false},
	{BUYING, UINT32_MAX, MAX / 2, MAX / 2 + 1, 0, 1, false},
	{BUYING, UINT32_MAX, MAX / 2, MAX / 2, 0, 1, true},
	/* LiabilitiesTests: balance with liabilities / account add balance / can increase balance from below minimum */
	{BALANCE, 0, MIN(0) - 1, 0, 0, 0, true},
	{BALANCE, 0, MIN(0) - 2, 0, 0, 1, true},
	{BALANCE, 0, MIN(0) - 1, 0, 0, 1, true},
	{BALANCE, 0, MIN(0) - 1, 0, 0, 2, true},
	/* LiabilitiesTests: balance with liabilities / account add balance / cannot decrease balance below reserve plus selling liabilities */
	{BALANCE, 0, MIN(0) - 1, 0, 0, 0, true},
	{BALANCE, 0, MIN(0) - 1, 0, 0, -1, false},
	{BALANCE, 0, MIN(0), 0, 0, 0, true},
	{BALANCE, 0, MIN(0), 0, 0, -1, false},
	{BALANCE, 0, MIN(0) + 1, 0, 0, -1, true},
	{BALANCE, 0, MIN(0) + 1, 0, 0, -2, false},
	{BALANCE, 0, MIN(0) + 1, 0, 1, 0, true},
	{BALANCE, 0, MIN(0) + 1, 0, 1, -1, false},
	/* LiabilitiesTests: balance with liabilities / account add balance / cannot increase balance above INT64_MAX minus buying liabilities */
	{BALANCE, 0, MAX, 0, 0, 0, true},
	{BALANCE, 0, MAX, 0, 0, 1, false},
	{BALANCE, 0, MAX - 1, 0, 0, 1, true},
	{BALANCE, 0, MAX - 1, 0, 0, 2, false},
	{BALANCE, 0, MAX - 1, 1, 0, 0, true},
	{BALANCE, 0, MAX - 1, 1, 0, 1, false},
	/* LiabilitiesTests: balance with liabilities / account add subentries / can decrease sub entries when below min balance */
	{ENTRIES, 1, 0, 0, 0, -1, true},
	{ENTRIES, 1, MIN(0) - 1, 0, 0, -1, true},
	{ENTRIES, 1, MIN(0), 0, 0, -1, true},
	{ENTRIES, 1, MIN(1) - 1, 0, 0, -1, true},
	{ENTRIES, 1, MIN(0) + 1, 0, 0, -1, true},
	/* LiabilitiesTests: balance with liabilities / account add subentries / cannot add sub entry without sufficient balance */
	{ENTRIES, 0, MIN(0) - 1, 0, 0, 1, false},
	{ENTRIES, 0, MIN(0), 0, 0, 1, false},
	{ENTRIES, 0, MIN(0) + 1, 0, 0, 1, false},
	{ENTRIES, 0, MIN(1) - 1, 0, 0, 1, false},
	{ENTRIES, 0, MIN(0) + 2, 0, 1, 1, false},
	{ENTRIES, 0, MIN(1), 0, 1, 1, false},
	{ENTRIES, 0, MIN(1), 0, 0, 1, true},
	{ENTRIES, 0, MIN(1) + 1, 0, 1, 1, true},
	{ENTRIES, 0, MIN(1) + 1, 0, 0, 1, true},
	{ENTRIES, 0, MIN(1) + 1, 0, 2, 1, false},
};

static const struct row line_rows[] = {
	/* LiabilitiesTests: liabilities / add trustline selling liabilities / uninitialized liabilities */
	{SELLING, 1, 0, 0, 0, 1, false},
	{SELLING, 1, 1, 0, 0, 0, true},
	{SELLING, 1, 1, 0, 0, 1, true},
	/* LiabilitiesTests: liabilities / add trustline selling liabilities / cannot make liabilities negative */
	{SELLING, 1, 0, 0, 0, 0, true},
	{SELLING, 1, 0, 0, 0, -1, false},
	{SELLING, 1, 1, 0, 0, -1, false},
	{SELLING, 1, 0, 0, 1, -1, true},
	{SELLING, 1, 0, 0, 1, -2, false},
	/* LiabilitiesTests: liabilities / add trustline selling liabilities / cannot increase liabilities above balance */
	{SELLING, 2, 1, 0, 0, 1, true},
	{SELLING, 2, 1, 0, 0, 2, false},
	{SELLING, 2, 2, 0, 1, 1, true},
	{SELLING, 2, 2, 0, 1, 2, false},
	{SELLING, 2, 0, 0, 0, 0, true},
	{SELLING, 2, 0, 0, 0, 1, false},
	{SELLING, 2, 2, 0, 2, 0, true},
	{SELLING, 2, 2, 0, 2, 1, false},
	/* LiabilitiesTests: liabilities / add trustline selling liabilities / limiting values */
	{SELLING, MAX, MAX, 0, 0, MAX, true},
	{SELLING, MAX, MAX - 1, 0, 0, MAX, false},
	{SELLING, MAX, MAX - 1, 0, 0, MAX - 1, true},
	{SELLING, MAX, MAX, 0, MAX, 1, false},
	{SELLING, MAX, MAX, 0, MAX - 1, 1, true},
	/* LiabilitiesTests: liabilities / add trustline buying liabilities / uninitialized liabilities */
	{BUYING, 1, 0, 0, 0, 2, false},
	{BUYING, 1, 0, 0, 0, 0, true},
	{BUYING, 1, 0, 0, 0, 1, true},
	/* LiabilitiesTests: liabilities / add trustline buying liabilities / cannot make liabilities negative */
	{BUYING, 1, 0, 0, 0, 0, true},
	{BUYING, 1, 0, 0, 0, -1, false},
	{BUYING, 1, 1, 0, 0, -1, false},
	{BUYING, 1, 0, 1, 0, -1, true},
	{BUYING, 1, 0, 1, 0, -2, false},
	/* LiabilitiesTests: liabilities / add trustline buying liabilities / cannot increase liabilities above limit minus balance */
	{BUYING, 2, 1, 0, 0, 1, true},
	{BUYING, 2, 1, 0, 0, 2, false},
	{BUYING, 3, 1, 1, 0, 1, true},
	{BUYING, 3, 1, 1, 0, 2, false},
	{BUYING, 2, 2, 0, 0, 0, true},
	{BUYING, 2, 2, 0, 0, 1, false},
	{BUYING, 3, 2, 1, 0, 0, true},
	{BUYING, 3, 2, 1, 0, 1, false},
	/* LiabilitiesTests: liabilities / add trustline buying liabilities / limiting values */
	{BUYING, MAX, MAX, 0, 0, 1, false},
	{BUYING, MAX, MAX - 1, 0, 0, 1, true},
	{BUYING, MAX, 0, MAX, 0, 1, false},
	{BUYING, MAX, 0, MAX - 1, 0, 1, true},
	{BUYING, MAX, MAX / 2 + 1, MAX / 2, 0, 1, false},
	{BUYING, MAX, MAX / 2, MAX / 2 + 1, 0, 1, false},
	{BUYING, MAX, MAX / 2, MAX / 2, 0, 1, true},
	/* LiabilitiesTests: balance with liabilities / trustline add balance / cannot decrease balance below selling liabilities */
	{BALANCE, 2, 0, 0, 0, 0, true},
	{BALANCE, 2, 0, 0, 0, -1, false},
	{BALANCE, 2, 1, 0, 0, -1, true},
	{BALANCE, 2, 1, 0, 0, -2, false},
	{BALANCE, 2, 2, 0, 1, -1, true},
	{BALANCE, 2, 2, 0, 1, -2, false},
	/* LiabilitiesTests: balance with liabilities / trustline add balance / cannot increase balance above limit minus buying liabilities */
	{BALANCE, 2, 2, 0, 0, 0, true},
	{BALANCE, 2, 2, 0, 0, 1, false},
	{BALANCE, 2, 1, 0, 0, 1, true},
	{BALANCE, 2, 1, 0, 0, 2, false},
	{BALANCE, 3, 1, 1, 0, 1, true},
	{BALANCE, 3, 1, 1, 0, 2, false},
};

/* Of these as much can go, or come, as is said to be free: it, and no stroop more. */
static const struct row free_of_accounts[] = {
	/* LiabilitiesTests: available balance and limit / account available balance */
	{SELLING, 0, 0, 0, 0, 0, true},
	{SELLING, 0, MIN(0) - 1, 0, 0, 0, true},
	{SELLING, 0, MIN(0), 0, 0, 0, true},
	{SELLING, 0, MIN(0) + 1, 0, 0, 0, true},
	{SELLING, 0, MAX, 0, 0, 0, true},
	{SELLING, 0, MIN(0) + 1, 0, 1, 0, true},
	{SELLING, 0, MAX, 0, MAX - MIN(0), 0, true},
	{SELLING, 0, MIN(0) + 2, 0, 1, 0, true},
	{SELLING, 0, MAX, 0, MAX - MIN(0) - 1, 0, true},
	/* LiabilitiesTests: available balance and limit / account available limit */
	{BUYING, 0, 0, 0, 0, 0, true},
	{BUYING, 0, MIN(0) - 1, 0, 0, 0, true},
	{BUYING, 0, 0, MAX, 0, 0, true},
	{BUYING, 0, MIN(0) - 1, MAX - MIN(0) + 1, 0, 0, true},
	{BUYING, 0, 0, MAX - 1, 0, 0, true},
	{BUYING, 0, MIN(0) - 1, MAX - MIN(0), 0, 0, true},
	{BUYING, 0, MIN(0), 0, 0, 0, true},
	{BUYING, 0, MIN(0), MAX - MIN(0), 0, 0, true},
	{BUYING, 0, MIN(0), MAX - MIN(0) - 1, 0, 0, true},
	{BUYING, 0, MIN(0) + 1, 0, 0, 0, true},
	{BUYING, 0, MAX, 0, 0, 0, true},
	{BUYING, 0, MIN(0) + 1, MAX - MIN(0) - 1, 0, 0, true},
	{BUYING, 0, MAX - 1, 1, 0, 0, true},
	{BUYING, 0, MIN(0) + 1, MAX - MIN(0) - 2, 0, 0, true},
	{BUYING, 0, MAX - 2, 1, 0, 0, true},
};

static const struct row free_of_lines[] = {
	/* LiabilitiesTests: available balance and limit / trustline available balance */
	{SELLING, 1, 0, 0, 0, 0, true},
	{SELLING, 1, 1, 0, 0, 0, true},
	{SELLING, MAX, MAX, 0, 0, 0, true},
	{SELLING, 1, 1, 0, 1, 0, true},
	{SELLING, 2, 2, 0, 2, 0, true},
	{SELLING, MAX, MAX, 0, MAX, 0, true},
	{SELLING, 2, 2, 0, 1, 0, true},
	{SELLING, MAX, MAX, 0, 1, 0, true},
	{SELLING, MAX, MAX, 0, MAX - 1, 0, true},
	/* LiabilitiesTests: available balance and limit / trustline available limit */
	{BUYING, 1, 0, 0, 0, 0, true},
	{BUYING, 1, 1, 0, 0, 0, true},
	{BUYING, MAX, MAX, 0, 0, 0, true},
	{BUYING, 1, 1, MAX - 1, 0, 0, true},
	{BUYING, MAX - 1, MAX - 1, 1, 0, 0, true},
	{BUYING, 1, 1, 1, 0, 0, true},
	{BUYING, 1, 1, MAX - 2, 0, 0, true},
	{BUYING, MAX - 2, MAX - 2, 1, 0, 0, true},
};

/* balances and buying liabilities; the limit is to become their sum */
static const int64_t least_limits[][2] = {
	/* LiabilitiesTests: available balance and limit / trustline minimum limit */
	{0, 0}, {1, 0}, {10, 0}, {MAX, 0},
	{1, MAX - 1}, {10, MAX - 10}, {MAX - 1, 1},
	{1, 1}, {1, MAX - 2}, {MAX - 2, 1},
};
/* clang-format on */

enum { HOLDER = 1, ISSUER };

/* What a row can change. */
struct seen {
	int64_t balance, buying, selling, subentries;
	uint32_t level;
};

static void open(struct world *w)
{
	world_open(w, 28);
	world_fund(w, HOLDER, 0);
	world_fund(w, ISSUER, MIN(0));
	world_trust(w, HOLDER, credit_of("USD", ISSUER), 0, MAX);
}

static struct seen see_account(const struct account *account)
{
	return (struct seen){account->balance, account->buying, account->selling,
			     account->subentries, account->entry.level};
}

static struct seen see_line(const struct trustline *line)
{
	return (struct seen){line->balance, line->buying, line->selling, 0, line->entry.level};
}

/* What the row makes of `before`, if it holds. */
static struct seen after(struct seen before, const struct row *row)
{
	struct seen seen = before;
	if (!row->holds)
		return seen;
	seen.balance += row->what == BALANCE ? row->delta : 0;
	seen.buying += row->what == BUYING ? row->delta : 0;
	seen.selling += row->what == SELLING ? row->delta : 0;
	seen.subentries += row->what == ENTRIES ? row->delta : 0;
	bool owes = (row->what == BUYING || row->what == SELLING) && row->delta != 0;
	if (owes && seen.level == 0)
		seen.level = 1;
	return seen;
}

static bool change(struct world *w, struct holding holding, const struct row *row)
{
	struct data data = {.entry.sponsor = SLOT_NONE, .address = world_address(w, HOLDER)};
	switch (row->what) {
	case SELLING:
	case BUYING:
		return holding_owe(w->state, holding, row->delta, row->what == BUYING);
	case BALANCE:
		return holding_add(w->state, holding, row->delta);
	case ENTRIES:
		break;
	}
	if (row->delta < 0)
		return sponsor_remove(w->state, ENTRY_DATA, &data, holding.account);
	return sponsor_create(w->state, ENTRY_DATA, &data, holding.account) == SPONSORING_DONE;
}

static void same(struct seen a, struct seen b)
{
	assert_int_equal(a.balance, b.balance);
	assert_int_equal(a.buying, b.buying);
	assert_int_equal(a.selling, b.selling);
	assert_int_equal(a.subentries, b.subentries);
	assert_int_equal(a.level, b.level);
}

/* The account of a row, which sponsors and is sponsored so much, its balance `shift` higher.
 * False if no account can be so. */
static bool set_account(struct account *account, const struct row *row, uint32_t sponsoring,
			uint32_t sponsored, bool shifted)
{
	int64_t shift = shifted ? ((int64_t)sponsoring - sponsored) * RESERVE : 0;
	if (shift > MAX - row->balance || row->balance + shift < 0)
		return false;
	account->balance = row->balance + shift;
	account->subentries = (uint32_t)row->bound;
	account->sponsoring = sponsoring;
	account->sponsored = sponsored;
	account->buying = row->buying;
	account->selling = row->selling;
	account->entry.level = sponsoring || sponsored ? 2 : row->buying || row->selling ? 1 : 0;
	return true;
}

/* What buys, and what is at the upper end, does not hang on the reserve. */
static bool shifts(const struct row *row)
{
	return row->what != BUYING && !(row->what == BALANCE && row->balance >= MAX - 1);
}

static void accounts_keep_their_bounds(void **state)
{
	struct world w;
	(void)state;
	open(&w);
	struct holding holding = {.kind = HOLDING_NATIVE, .account = world_account(&w, HOLDER)};
	for (size_t i = 0; i < sizeof(account_rows) / sizeof(account_rows[0]); i++)
		for (uint32_t n = 0; n < 9; n++) {
			const struct row *row = &account_rows[i];
			if (!set_account(holding.account, row, n / 3, n % 3, shifts(row)))
				continue;
			struct seen before = see_account(holding.account);
			assert_int_equal(change(&w, holding, row), row->holds);
			same(see_account(holding.account), after(before, row));
			assert_null(w.state->fault);
		}
	world_close(&w);
}

static void set_line(struct trustline *line, const struct row *row)
{
	line->limit = row->bound;
	line->balance = row->balance;
	line->buying = row->buying;
	line->selling = row->selling;
	line->entry.level = row->buying || row->selling ? 1 : 0;
}

static void lines_keep_their_bounds(void **state)
{
	struct world w;
	(void)state;
	open(&w);
	struct holding holding = {.kind = HOLDING_LINE,
				  .line = world_line(&w, HOLDER, credit_of("USD", ISSUER))};
	for (size_t i = 0; i < sizeof(line_rows) / sizeof(line_rows[0]); i++) {
		set_line(holding.line, &line_rows[i]);
		struct seen before = see_line(holding.line);
		assert_int_equal(change(&w, holding, &line_rows[i]), line_rows[i].holds);
		same(see_line(holding.line), after(before, &line_rows[i]));
		assert_null(w.state->fault);
	}
	world_close(&w);
}

static void just_so_much(struct world *w, struct holding holding, enum what what)
{
	if (what == SELLING) {
		int64_t most = holding_can_send(w->state, holding);
		if (most < MAX)
			assert_false(holding_add(w->state, holding, -most - 1));
		assert_true(holding_add(w->state, holding, -most));
	} else {
		int64_t most = holding_can_receive(w->state, holding);
		if (most < MAX)
			assert_false(holding_add(w->state, holding, most + 1));
		assert_true(holding_add(w->state, holding, most));
	}
	assert_null(w->state->fault);
}

static void what_is_free_can_move(void **state)
{
	struct world w;
	(void)state;
	open(&w);
	struct holding lumens = {.kind = HOLDING_NATIVE, .account = world_account(&w, HOLDER)};
	struct holding line = {.kind = HOLDING_LINE,
			       .line = world_line(&w, HOLDER, credit_of("USD", ISSUER))};
	for (size_t i = 0; i < sizeof(free_of_accounts) / sizeof(free_of_accounts[0]); i++)
		for (uint32_t n = 0; n < 9; n++) {
			const struct row *row = &free_of_accounts[i];
			if (set_account(lumens.account, row, n / 3, n % 3, shifts(row)))
				just_so_much(&w, lumens, row->what);
		}
	for (size_t i = 0; i < sizeof(free_of_lines) / sizeof(free_of_lines[0]); i++) {
		set_line(line.line, &free_of_lines[i]);
		just_so_much(&w, line, free_of_lines[i].what);
	}
	world_close(&w);
}

/* A limit may fall to what is held and reserved, and leaves no room then; no stroop lower. */
static void limits_fall_to_what_is_held(void **state)
{
	struct world w;
	(void)state;
	open(&w);
	struct trustline *line = world_line(&w, HOLDER, credit_of("USD", ISSUER));
	struct holding holding = {.kind = HOLDING_LINE, .line = line};
	world_account(&w, HOLDER)->balance = MIN(10);
	for (size_t i = 0; i < sizeof(least_limits) / sizeof(least_limits[0]); i++) {
		int64_t least = least_limits[i][0] + least_limits[i][1];
		set_line(line, &(struct row){.bound = MAX,
					     .balance = least_limits[i][0],
					     .buying = least_limits[i][1]});
		if (least == 0)
			line->limit = 0; /* an operation would take the line away */
		else if (least > 1)
			assert_int_equal(
				world_run(&w, op_trust(&w, HOLDER, credit_of("USD", ISSUER),
						       least - 1)),
				SDEX_CHANGE_TRUST_INVALID_LIMIT);
		if (least > 0)
			assert_int_equal(world_run(&w, op_trust(&w, HOLDER,
								credit_of("USD", ISSUER), least)),
					 SDEX_CHANGE_TRUST_SUCCESS);
		assert_int_equal(line->limit, least);
		assert_int_equal(holding_can_receive(w.state, holding), 0);
	}
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accounts_keep_their_bounds),
		cmocka_unit_test(lines_keep_their_bounds),
		cmocka_unit_test(what_is_free_can_move),
		cmocka_unit_test(limits_fall_to_what_is_held),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
