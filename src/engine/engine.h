/* engine/engine.h - the connector itself: orders in, proofs out.
 *
 * Pure and single-threaded: everything comes in as an event (env/env.h), everything goes
 * out through the table of functions, and the same events give the same actions.  The
 * journal is the truth: an engine that is given the records of another, in order, knows
 * the same orders and takes their open transactions up where they were.
 *
 * Two ways to run.  Live: the configuration names a Stellar RPC and a Horizon; the engine
 * follows the ledgers, keeps books and accounts, and trades.  Replay (no rpc_url): ledgers
 * come as EVENT_LEDGER, books are kept and shown, orders are refused. */
#ifndef SDEX_ENGINE_ENGINE_H
#define SDEX_ENGINE_ENGINE_H

#include "base/json_write.h"
#include "env/env.h"
#include "sdex/xdr_types.h"

struct engine;

struct engine_pair {
	const char *name; /* "XLM-USDC": what people call it */
	sdex_Asset base, counter;
};

struct engine_account {
	const char *name;       /* for people */
	uint8_t key[32];        /* ed25519 public key of the account */
	const char *signer_key; /* the signer's name for its key; NULL: the G address */
};

/* Numbers that are 0 take the default that stands beside them. */
struct engine_config {
	const char *passphrase;  /* of the network; RPC has to say the same */
	const char *rpc_url;     /* NULL: replay */
	const char *horizon_url; /* without a slash at its end */
	const char *version;     /* for the status */
	const struct engine_pair *pairs;
	uint32_t pair_count;
	const struct engine_account *accounts;
	uint32_t account_count;
	uint32_t busiest;          /* replay: pairs to choose by activity, besides `pairs` */
	uint32_t poll_ms;          /* between two questions for ledgers: 500 */
	uint32_t request_ms;       /* for an answer: 10000 */
	uint32_t stale_ms;         /* no new ledger for so long: not ready.  60000 */
	uint32_t ledgers_ahead;    /* maxLedger of a transaction: 12 */
	uint32_t seconds_ahead;    /* maxTime of a transaction, over the last close: 60 */
	uint32_t max_fee;          /* stroops an operation, at most: 10000 */
	uint32_t batch;            /* operations in a transaction, at most (1 to 100): 20 */
	uint32_t order_timeout_ms; /* to be open or final, else not signed anew: 180000 */
	uint32_t orders_max;       /* kept, final ones too: 1000000 */
};

/* Makes an engine that waits for its first event.  Copies the configuration, and of *env
 * the pointers.  NULL with `why`: MISSING, INVALID, DUPLICATE (names, keys), NOMEM. */
struct engine *engine_new(const struct env *env, const struct engine_config *config,
			  struct sdex_failure *why);
void engine_free(struct engine *engine); /* NULL is fine */

/* Takes an event in.  All that follows from it has been asked of the env at the return. */
void engine_on(struct engine *engine, const struct event *event);

/* --- questions: they change nothing.  Each writes one JSON value.  Amounts are decimal
 * strings with seven places, times RFC 3339 with milliseconds, ids strings. */

/* {state: starting|reconciling|ready|replaying|stopped, ready (as engine_ready), reason?,
 *  stopping, network_passphrase,
 *  ledger: {sequence, close_time, hash, base_fee, base_reserve, protocol} | null,
 *  feed: {kind: rpc|replay, ledgers, behind, last_ledger_at, failures},
 *  pairs: [..as engine_show_pairs..], accounts: [{name, account, ready, sequence}],
 *  orders: {total, open, unknown, in_flight, waiting}, version} */
void engine_show_status(const struct engine *engine, struct json_writer *w);

/* Connected, its ledgers are not stale, and it takes orders: what a load balancer asks. */
bool engine_ready(const struct engine *engine);
/* Does it help to wait?  Not once it has stopped, nor in a replay. */
bool engine_recovers(const struct engine *engine);

/* An order: {order_id, client_id, account, trading_pair, order_type, trade_type, base_asset,
 * counter_asset, amount, price, price_r: {n, d}, status, status_detail (the state's name,
 * trade/lifecycle.h), unknown (it may or may not be in a ledger), cancel_requested, reason?,
 * failure_reason, stellar_offer_id, sequence_number, transaction_hash, operation_index,
 * created_at, submitted_at, last_update_at, created_ledger, submitted_ledger,
 * last_update_ledger, filled_amount, remaining_amount, average_fill_price (18 decimals),
 * average_fill_price_r?: {n, d} exactly, as strings, fill_count, fills (the last hundred): [{fill_id, operation_id,
 * claim_index, ledger, transaction_hash, role: maker|taker, inferred, base_amount,
 * counter_amount, price, offer_id, at}], fee (its share of what its transactions were
 * charged, XLM), retry_count, proof: {kind: result|bound|sequence|refused|offer,
 * transaction_hash, ledger, operation_index, result_xdr?} | null}; what is not known is null.
 *
 * By its order_id, or by client_id (with `account`, G... or its name, or NULL when only one
 * has it).  False, and nothing written, when it is not known, or of several accounts. */
bool engine_show_order(const struct engine *engine, struct json_writer *w, const char *order_id,
		       const char *client_id, const char *account);

/* Fills of an order as they are published, from the one numbered `from` (the oldest is 0) on,
 * at most `limit`: an array.  False, and nothing written, when it is not known. */
bool engine_show_fills(const struct engine *engine, struct json_writer *w, const char *order_id,
		       uint32_t from, uint32_t limit);

struct engine_filter {
	const char *account;      /* G... or name, NULL: all */
	const char *trading_pair; /* name, NULL: all */
	const char *status;       /* public state, or "live" for those not final; NULL: all */
	const char *cursor;       /* order_id: those behind it; NULL: from the start */
	bool newest_first;
	uint32_t limit; /* 1 to 1000; 0: 100 */
};

/* The member of a filter that is of nothing known here, by its name; NULL when all are good.
 * (A pair may be one of an earlier configuration.) */
const char *engine_filter_wrong(const struct engine *engine, const struct engine_filter *filter);

/* {orders: [...], next: cursor | null}.  An unknown cursor gives no orders. */
void engine_show_orders(const struct engine *engine, struct json_writer *w,
			const struct engine_filter *filter);

/* {trading_pair, base_asset, counter_asset, ledger, complete, since, bids: [...], asks: [...]}, best
 * first: levels {price, price_r: {n, d}, amount, offers}, or with `by_order` {price,
 * price_r, amount, offer_id, account, own}.  Amounts are of base; at most `levels` (0: 20; up to
 * ENGINE_LEVELS_MAX) a side.  `since`: the first ledger whose changes it has, 0 for none.  False,
 * and nothing written: no such pair. */
#define ENGINE_LEVELS_MAX 200u
bool engine_show_book(const struct engine *engine, struct json_writer *w, const char *pair,
		      uint32_t levels, bool by_order);

/* [{account, name, exists, ledger, sequence, subentries, balances: [{asset, balance, selling, buying,
 * available, limit?, authorized}]}] for one account (G... or its name), or all with NULL.
 * False, and nothing written: no such account. */
bool engine_show_balances(const struct engine *engine, struct json_writer *w, const char *account);

/* [{trading_pair, base_asset, counter_asset, state: complete|partial|loading, since?,
 * ledger, bids, asks, best_bid?, best_ask?}] */
void engine_show_pairs(const struct engine *engine, struct json_writer *w);

/* --- what the events bring out
 *
 * COMMAND: {"do":"place", "client_id"?, "account"?, "trading_pair", "trade_type":
 * "buy"|"sell", "order_type": "limit"?, "amount", "price"}, amount in base, price counter per
 * base, both decimal strings; account is G... or its name, needed when there are several.
 * {"do":"cancel", "order_id" or "client_id" (and "account"?)}.
 * Replies: 201 the order, once its intent is on disk; 200 the same order for a client_id
 * seen before with the same content; 202 for a cancel; or a problem (RFC 9457) {type,
 * title, status, code, detail, field?, remedy}.
 *
 * Published topics: "orders" (an order, whenever it changed), "fills" (a fill with
 * order_id, account, trading_pair, trade_type), "balances" (as engine_show_balances, of an
 * account that changed), "book" ({trading_pair, ledger} of those
 * that changed), "status" (as engine_show_status, when the state changed), "ledger"
 * ({sequence, close_time, hash}). */

#endif
