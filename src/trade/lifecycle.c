/* trade/lifecycle.c - the table of an order's states. */
#include "trade/lifecycle.h"

#include "base/check.h"

#define ROW(f, c, w, t) {ORDER_##f, CAUSE_##c, WHEN_##w, ORDER_##t},
#define ROW2(f, c) ROW(f, c, EMPTY, OPEN) ROW(f, c, FILLS, PARTIALLY_FILLED)

/* A transaction on its way.  The ledger is the truth whatever we believed before, so that
 * all four states lead wherever it says. */
#define ON_ITS_WAY(f)                     \
	ROW2(f, RESTED)                   \
	ROW(f, TRADED, FILLS, FILLED)     \
	ROW(f, DUST, EMPTY, CANCELLED)    \
	ROW(f, REJECTED, EMPTY, REJECTED) \
	ROW(f, AGAIN, EMPTY, INTENT)      \
	ROW(f, DEAD, EMPTY, DEAD)

/* An offer on the ledger. */
#define ON_THE_LEDGER(f)                 \
	ROW(f, FILL_LAST, FILLS, FILLED) \
	ROW(f, DELETED, ANY, CANCELLED)  \
	ROW(f, TIME_OVER, ANY, EXPIRED)  \
	ROW(f, VANISHED, ANY, VANISHED)  \
	ROW(f, REVOKED, ANY, REVOKED)

static const struct lifecycle_row rows[] = {
	/* clang-format off */
	ROW(INTENT, SIGNED, EMPTY, SIGNED)
	ROW(INTENT, IN_DOUBT, EMPTY, UNKNOWN)
	ROW(INTENT, WITHDRAWN, EMPTY, CANCELLED)
	ROW(INTENT, TIME_OVER, EMPTY, EXPIRED)
	ON_ITS_WAY(INTENT)
	ROW(SIGNED, SENT, EMPTY, SUBMITTED)
	ON_ITS_WAY(SIGNED)
	ROW(SUBMITTED, SIGNED, EMPTY, SUBMITTED)
	ROW(SUBMITTED, SENT, EMPTY, SUBMITTED)
	ROW(SUBMITTED, ACCEPTED, EMPTY, SUBMITTED)
	ROW(SUBMITTED, IN_DOUBT, EMPTY, UNKNOWN)
	ON_ITS_WAY(SUBMITTED)
	ROW(UNKNOWN, SIGNED, EMPTY, UNKNOWN)
	ROW(UNKNOWN, SENT, EMPTY, UNKNOWN)
	ROW(UNKNOWN, ACCEPTED, EMPTY, SUBMITTED)
	ROW(UNKNOWN, IN_DOUBT, EMPTY, UNKNOWN)
	ON_ITS_WAY(UNKNOWN)
	ROW(OPEN, FILL, FILLS, PARTIALLY_FILLED)
	ROW(OPEN, CANCEL_ASKED, EMPTY, PENDING_CANCEL)
	ROW(OPEN, REPLACE_ASKED, EMPTY, PENDING_REPLACE)
	ON_THE_LEDGER(OPEN)
	ROW(PARTIALLY_FILLED, FILL, FILLS, PARTIALLY_FILLED)
	ROW(PARTIALLY_FILLED, CANCEL_ASKED, FILLS, PENDING_CANCEL)
	ROW(PARTIALLY_FILLED, REPLACE_ASKED, FILLS, PENDING_REPLACE)
	ON_THE_LEDGER(PARTIALLY_FILLED)
	ROW(PENDING_CANCEL, FILL, FILLS, PENDING_CANCEL)
	ROW2(PENDING_CANCEL, REQUEST_FAILED)
	ON_THE_LEDGER(PENDING_CANCEL)
	ROW(PENDING_REPLACE, FILL, FILLS, PENDING_REPLACE)
	ROW(PENDING_REPLACE, CANCEL_ASKED, ANY, PENDING_CANCEL)
	ROW2(PENDING_REPLACE, REQUEST_FAILED)
	ROW2(PENDING_REPLACE, RESTED)
	ON_THE_LEDGER(PENDING_REPLACE)
	/* clang-format on */
};

static const struct {
	const char *name, *shown, *text;
	bool final;
} states[] = {
#define ORDER_STATE_ROW(name, shown, final, text) {#name, shown, text, final},
	ORDER_STATES(ORDER_STATE_ROW)
#undef ORDER_STATE_ROW
};

static const struct {
	const char *name, *text;
} causes[] = {
#define ORDER_CAUSE_ROW(name, text) {#name, text},
	ORDER_CAUSES(ORDER_CAUSE_ROW)
#undef ORDER_CAUSE_ROW
};

_Static_assert(sizeof states / sizeof *states == ORDER_STATE_COUNT, "count the states");
_Static_assert(sizeof causes / sizeof *causes == ORDER_CAUSE_COUNT, "count the causes");

const struct lifecycle_row *lifecycle_row(size_t i)
{
	return i < sizeof rows / sizeof *rows ? &rows[i] : NULL;
}

static const struct lifecycle_row *find(enum order_state from, enum order_cause cause, bool filled)
{
	const struct lifecycle_row *row;
	for (size_t i = 0; (row = lifecycle_row(i)); i++)
		if (row->from == from && row->cause == cause &&
		    (row->when == WHEN_ANY || (row->when == WHEN_FILLS) == filled))
			return row;
	return NULL;
}

bool lifecycle_can(enum order_state from, enum order_cause cause, bool filled)
{
	return find(from, cause, filled) != NULL;
}

enum order_state lifecycle_next(enum order_state from, enum order_cause cause, bool filled)
{
	const struct lifecycle_row *row = find(from, cause, filled);
	CHECK(row);
	return row->to;
}

bool lifecycle_final(enum order_state state)
{
	return states[state].final;
}

bool lifecycle_resting(enum order_state state)
{
	return state >= ORDER_OPEN && state <= ORDER_PENDING_REPLACE;
}

const char *lifecycle_name(enum order_state state)
{
	return states[state].name;
}

const char *lifecycle_text(enum order_state state)
{
	return states[state].text;
}

const char *lifecycle_cause_name(enum order_cause cause)
{
	return causes[cause].name;
}

const char *lifecycle_cause_text(enum order_cause cause)
{
	return causes[cause].text;
}

const char *lifecycle_public(enum order_state state, bool filled)
{
	if (lifecycle_resting(state) && filled)
		return "partially_filled";
	return states[state].shown;
}
