/* trade/order.h - an order, and what became of it.
 *
 * Amounts of an order are of base, its price is counter per base, whichever side it is on.
 * On the ledger an order to buy rests as an offer that sells counter, at the inverse of its
 * price; `resting` is in what that offer sells.
 *
 * Fills are applied once each: their identity is the operation that traded and the place
 * of the trade in its result (SEP-35 id, claim index).
 *
 * What an order to sell has filled and has left is what was placed, to the stroop.  One to
 * buy rests in counter, and what rounding leaves goes to the offer that stays: a stroop in an
 * ordinary trade, up to a stroop less than its price in one with a payment that sends a fixed
 * amount.  So it can get more base than it asked for, and never pays more than it offered.
 * And an offer can be made larger by whoever else has the account's key. */
#ifndef SDEX_TRADE_ORDER_H
#define SDEX_TRADE_ORDER_H

#include "base/int128.h"
#include "ledger/exchange.h"
#include "sdex/asset.h"
#include "sdex/price.h"
#include "trade/lifecycle.h"

#define ORDER_ID_SIZE 16u
#define ORDER_ID_ROOM 33u   /* as hexadecimal digits, with a NUL */
#define ORDER_NAME_ROOM 65u /* of a client's id and of a pair's name, with a NUL */
#define ORDER_REASON_ROOM 96u

enum order_side { ORDER_BUY, ORDER_SELL };

/* What was asked for: never changes. */
struct order_terms {
	uint8_t id[ORDER_ID_SIZE];
	char client_id[ORDER_NAME_ROOM]; /* "": none */
	uint8_t account[32];
	char pair[ORDER_NAME_ROOM];
	char base[SDEX_ASSET_ROOM]; /* canonical text */
	char counter[SDEX_ASSET_ROOM];
	enum order_side side;
	int64_t amount;                   /* stroops of base, > 0 */
	sdex_Price price;                 /* counter per base, rounded away from crossing */
	char price_text[SDEX_PRICE_ROOM]; /* as the client wrote it */
	int64_t created_ms;
	uint32_t created_ledger;
};

struct fill {
	int64_t operation_id;
	uint32_t claim_index;
	uint32_t ledger;
	int64_t close_time; /* seconds, of that ledger */
	uint8_t transaction[32];
	bool maker;
	bool inferred;         /* from the offer's amount alone: no trade was seen */
	int64_t base, counter; /* stroops */
	int64_t offer_id;      /* of the offer that was taken from; 0: a pool */
};

enum order_proof {
	PROOF_NONE,
	PROOF_RESULT,   /* a ledger holds the transaction, and its result says so */
	PROOF_BOUND,    /* no ledger up to its bounds holds the transaction */
	PROOF_SEQUENCE, /* nor does any up to one that shows its sequence number used */
	PROOF_REFUSED,  /* it was refused before it could be in any ledger */
	PROOF_OFFER,    /* a ledger shows what became of the offer */
};

struct order {
	struct order_terms terms;
	enum order_state state;
	bool cancel_wanted;             /* also while there is nothing yet to delete */
	char reason[ORDER_REASON_ROOM]; /* of its end, or of the last failure; "" */
	/* its last transaction; has_transaction says whether there is one */
	bool has_transaction;
	uint8_t transaction[32];
	int64_t sequence;
	uint32_t operation; /* index in it, from 0 */
	uint32_t attempts;  /* transactions made for it */
	int64_t fee;        /* its shares of what they were charged, stroops */
	/* its offer */
	int64_t offer_id; /* 0: none yet */
	int64_t resting;  /* stroops of what the offer sells; 0 when none rests */
	/* its fills */
	struct fill *fills; /* in the order of application */
	uint32_t fill_count, fill_room;
	int64_t filled;         /* stroops of base */
	uint128 filled_counter; /* stroops */
	/* when */
	int64_t submitted_ms, updated_ms;
	uint32_t submitted_ledger, updated_ledger;
	/* how its last state is known */
	enum order_proof proof;
	uint8_t proof_transaction[32];
	uint32_t proof_ledger;
	uint32_t proof_operation;
};

/* An order of these terms, in INTENT.  NULL when memory is out. */
struct order *order_new(const struct order_terms *terms);
void order_free(struct order *order); /* NULL is fine */

static inline bool order_final(const struct order *order)
{
	return lifecycle_final(order->state);
}

bool order_can(const struct order *order, enum order_cause cause);
/* As lifecycle_next. */
void order_move(struct order *order, enum order_cause cause, int64_t now_ms, uint32_t ledger);
/* Cut to its room. */
void order_reason(struct order *order, const char *text);

/* Applies a fill unless it was before.
 * DUPLICATE  it was; nothing changes
 * RANGE      it is below zero, or its own operation took more than was asked for, or the
 *            sum has no room; nothing changes
 * NOMEM */
SDEX_MUST_USE enum sdex_error order_fill(struct order *order, const struct fill *fill);

/* Stroops of base that are not filled, never below 0. */
int64_t order_remaining(const struct order *order);

/* The average price of all fills, counter per base, in lowest terms.  False without any. */
struct order_average {
	uint128 n, d;
};
bool order_average(struct order_average *average, const struct order *order);

/* Writes n/d with at most 18 decimals, rounded to the nearest, and a NUL. */
#define ORDER_AVERAGE_ROOM 64u
void order_average_print(char text[ORDER_AVERAGE_ROOM], struct order_average average);

/* --- the order as the ledger sees it */

/* The price of the offer it would rest as: of what it sells, in what it buys. */
struct price order_offer_price(const struct order_terms *terms);

/* What it holds of the asset sold, and of the room for the asset bought, before anything
 * of it rests or trades. */
struct liabilities order_liabilities(const struct order_terms *terms);

/* Too small to trade at its price: the network would take it and keep nothing of it. */
bool order_is_dust(const struct order_terms *terms);

/* Would the two trade with each other, if both rested? */
bool order_crosses(const struct order_terms *a, const struct order_terms *b);

#endif
