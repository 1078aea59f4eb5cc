/* store/backend.h - what a database has to do to be a store.
 *
 * A table of functions that block, all called from the store's one thread after `open`.
 * The rows are the same for each: texts as they stand in the events, and the event itself.
 * Amounts and prices stay decimal text: nothing is computed with them here. */
#ifndef SDEX_STORE_BACKEND_H
#define SDEX_STORE_BACKEND_H

#include "store/store.h"

struct store_text {
	const char *data; /* NULL for none; not ended by NUL */
	size_t size;
};

struct store_order {
	struct store_text order_id, client_id, account, trading_pair, trade_type, order_type;
	struct store_text amount, price, filled_amount, remaining_amount, status, status_detail;
	struct store_text stellar_offer_id, transaction_hash, created_at, last_update_at;
	struct store_text document; /* the order's JSON */
};

struct store_fill {
	struct store_text fill_id, order_id, account, trading_pair, trade_type, role;
	struct store_text transaction_hash, base_amount, counter_amount, price, at;
	int64_t ledger;
	struct store_text document;
};

struct store_balance {
	struct store_text account, asset, balance, selling, buying, available, limit;
	int64_t ledger;
};

/* A row of an answer: what a cursor calls it, and its JSON; false to stop. */
typedef bool store_row_fn(void *arg, struct store_text id, struct store_text document);

struct store_backend {
	const char *name;
	/* A connection, in the present form; NULL with `why`. */
	void *(*open)(const char *place, struct sdex_failure *why);
	void (*close)(void *db);
	/* False for all of these: error says why. */
	bool (*begin)(void *db);
	bool (*commit)(void *db);
	void (*rollback)(void *db);
	/* Insert, or bring up to date: an order whose last_update_at is before the one that is
	 * there stays as it is, as does a balance of an earlier ledger. */
	bool (*put_order)(void *db, const struct store_order *order);
	bool (*put_fill)(void *db,
			 const struct store_fill *fill); /* known by fill_id and order_id */
	bool (*put_balance)(void *db, const struct store_balance *balance);
	bool (*put_cursor)(void *db, struct store_text name, struct store_text value);
	/* Gives the rows, one more than the question's limit at most; *known is false when its
	 * cursor is not. */
	bool (*ask)(void *db, const struct store_question *question, bool *known, store_row_fn *row,
		    void *arg);
	const char *(*error)(void *db);
};

#endif
