/* trade/transaction.h - the transactions that orders become, and what their results say.
 *
 * An order to sell becomes a manage-sell-offer operation, one to buy a manage-buy-offer.
 * Prices are exact fractions, rounded away from crossing: an order to sell is never below
 * what was asked, one to buy never above.  Deletes stand first, so that what they free is
 * there for the rest.  Each transaction has a last ledger and a last close time, so that
 * each ends. */
#ifndef SDEX_TRADE_TRANSACTION_H
#define SDEX_TRADE_TRANSACTION_H

#include "sdex/result.h"
#include "sdex/transaction.h"
#include "trade/order.h"

#define TRANSACTION_OPS_MAX 100u
#define TRANSACTION_SIZE_MAX 32768u /* bytes of an envelope of as many operations */

enum transaction_act {
	ACT_PLACE,  /* the order's offer */
	ACT_DELETE, /* the order's offer goes */
};

struct transaction_op {
	enum transaction_act act;
	const struct order_terms *terms;
	int64_t offer_id; /* DELETE: of the offer, > 0 */
};

struct transaction_plan {
	uint8_t source[32];
	int64_t sequence;                 /* its own: the account's and one more */
	uint32_t fee;                     /* stroops an operation */
	uint64_t max_time;                /* seconds, > 0 */
	uint32_t max_ledger;              /* exclusive, > 0 */
	const struct transaction_op *ops; /* deletes first */
	uint32_t count;                   /* 1 to TRANSACTION_OPS_MAX */
};

struct transaction_built {
	struct sdex_bytes envelope; /* XDR without signatures, in the arena */
	sdex_Hash hash;
};

/* Builds the envelope.  MALFORMED: the network would refuse it; NOMEM. */
SDEX_MUST_USE enum sdex_error transaction_build(struct transaction_built *built,
						struct sdex_arena *arena,
						const struct transaction_plan *plan,
						const sdex_Hash *network, struct sdex_failure *why);

/* Reads an order's price, rounded away from crossing.  Errors as sdex_price_parse. */
SDEX_MUST_USE enum sdex_error transaction_price(sdex_Price *price, enum order_side side,
						const char *text, size_t length,
						struct sdex_failure *why);

/* Is `envelope` (XDR) the transaction of this hash, with at least one signature? */
bool transaction_is_signed(const void *envelope, size_t size, const sdex_Hash *hash,
			   const sdex_Hash *network, struct sdex_arena *scratch);

/* --- results */

enum outcome_kind {
	OUTCOME_RESTS,  /* done, and an offer rests */
	OUTCOME_ENDS,   /* done, and none rests: all traded, dust, or deleted */
	OUTCOME_FAILED, /* this operation failed: code says why */
	OUTCOME_UNDONE, /* it did not fail itself: another did, or the transaction as a whole */
};

struct outcome {
	enum outcome_kind kind;
	const struct sdex_code *code; /* FAILED: the operation's; UNDONE: the transaction's */
	int64_t offer_id;             /* RESTS */
	int64_t amount;               /* RESTS: stroops of what it sells */
	sdex_ClaimAtom_list claims;   /* RESTS, ENDS */
};

/* What a whole result says of the operation at `index`.  False when it has no such
 * operation, or one of another kind: it is not the result of the transaction. */
bool transaction_outcome(struct outcome *outcome, const sdex_TransactionResult *result,
			 uint32_t index);

/* A fill of an order out of the claim atom of its own operation. */
bool transaction_taker_fill(struct fill *fill, const struct order_terms *terms,
			    const sdex_ClaimAtom *atom);

#endif
