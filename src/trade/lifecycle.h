/* trade/lifecycle.h - the states of an order, and the only ways from one to the next.
 *
 * One table says which cause leads from which state to which; tests and the diagram in the
 * documentation come from it.  What is not in the table does not happen: lifecycle_next
 * ends the process.  Causes that outsiders can bring about are asked for first with
 * lifecycle_can. */
#ifndef SDEX_TRADE_LIFECYCLE_H
#define SDEX_TRADE_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* name, what clients see, final?, what it means.  OPEN stands for an order of which nothing
 * is filled yet; PENDING_* are shown as what they would be without the request. */
#define ORDER_STATES(X)                                                                         \
	X(INTENT, "pending", false, "wanted and on disk; not signed")                           \
	X(SIGNED, "pending", false, "signed; no byte has left")                                 \
	X(SUBMITTED, "submitted", false, "sent, and not seen in a ledger yet")                  \
	X(UNKNOWN, "submitted", false, "may be in a ledger or may not; its funds stay held")    \
	X(OPEN, "open", false, "rests on the ledger")                                           \
	X(PARTIALLY_FILLED, "partially_filled", false, "rests on the ledger, partly traded")    \
	X(PENDING_CANCEL, "open", false, "rests on the ledger, and its end is asked for")       \
	X(PENDING_REPLACE, "open", false, "rests on the ledger, and its change is asked for")   \
	X(FILLED, "filled", true, "traded; what is left cannot be")                             \
	X(CANCELLED, "cancelled", true, "ended on request, or as dust")                         \
	X(EXPIRED, "expired", true, "its time ran out")                                         \
	X(REJECTED, "failed", true, "refused, with the refusal as proof")                       \
	X(DEAD, "failed", true, "proved never to have been in a ledger, and no longer able to") \
	X(VANISHED, "cancelled", true, "gone from the ledger without a trade or a request")     \
	X(REVOKED, "cancelled", true, "gone because an authorisation was taken away")

enum order_state {
#define ORDER_STATE_ENUM(name, shown, final, text) ORDER_##name,
	ORDER_STATES(ORDER_STATE_ENUM)
#undef ORDER_STATE_ENUM
};
#define ORDER_STATE_COUNT 15u

/* What moves an order. */
#define ORDER_CAUSES(X)                                                                     \
	X(SIGNED, "the signer signed its transaction")                                      \
	X(SENT, "its transaction left")                                                     \
	X(ACCEPTED, "the network's queue has its transaction")                              \
	X(IN_DOUBT, "an answer was lost or says nothing, or the process began anew")        \
	X(RESTED, "its transaction is in a ledger, and an offer rests")                     \
	X(TRADED, "its transaction is in a ledger, and all of it was traded")               \
	X(DUST, "its transaction is in a ledger, which found nothing of it worth keeping")  \
	X(REJECTED, "its operation failed in a ledger, or was refused before any could be") \
	X(AGAIN, "its transaction is proved to have done nothing; another is made")         \
	X(DEAD, "its transaction is proved to be in no ledger, and none is made again")     \
	X(WITHDRAWN, "its end was asked for before there was a transaction")                \
	X(FILL, "somebody traded with a part of its offer")                                 \
	X(FILL_LAST, "somebody traded with the rest of its offer")                          \
	X(CANCEL_ASKED, "its end is asked for")                                             \
	X(REPLACE_ASKED, "its change is asked for")                                         \
	X(REQUEST_FAILED, "the request is proved to have done nothing")                     \
	X(DELETED, "its offer was deleted on request")                                      \
	X(TIME_OVER, "its offer was deleted, or it was never sent, as its time was over")   \
	X(VANISHED, "its offer is gone, and nothing explains it")                           \
	X(REVOKED, "its offer is gone with its owner's authorisation")

enum order_cause {
#define ORDER_CAUSE_ENUM(name, text) CAUSE_##name,
	ORDER_CAUSES(ORDER_CAUSE_ENUM)
#undef ORDER_CAUSE_ENUM
};
#define ORDER_CAUSE_COUNT 20u

enum order_when {
	WHEN_ANY,
	WHEN_EMPTY, /* nothing of the order is filled, this event's fills counted */
	WHEN_FILLS,
};

struct lifecycle_row {
	enum order_state from;
	enum order_cause cause;
	enum order_when when;
	enum order_state to;
};

/* The table, row by row; NULL behind its end. */
const struct lifecycle_row *lifecycle_row(size_t i);

/* Is there a row?  `filled` says whether anything of the order is. */
bool lifecycle_can(enum order_state from, enum order_cause cause, bool filled);

/* Where it leads; there has to be a row. */
enum order_state lifecycle_next(enum order_state from, enum order_cause cause, bool filled);

bool lifecycle_final(enum order_state state);
/* On the ledger as an offer. */
bool lifecycle_resting(enum order_state state);
const char *lifecycle_name(enum order_state state); /* "PENDING_CANCEL" */
const char *lifecycle_text(enum order_state state);
const char *lifecycle_cause_name(enum order_cause cause);
const char *lifecycle_cause_text(enum order_cause cause);
/* What clients see: "open", "partially_filled", ... */
const char *lifecycle_public(enum order_state state, bool filled);

#endif
