/* sandbox/horizon.h - inside of src/sandbox: what the endpoints of Horizon share. */
#ifndef SDEX_SANDBOX_HORIZON_H
#define SDEX_SANDBOX_HORIZON_H

#include "sandbox/call.h"

#define PAGE_LIMIT 10u
#define PAGE_LIMIT_MAX 200u
#define STREAM_SECONDS 55u
#define OBJECT_STREAM_EVENTS 10u

/* --- the request */

/* The first value of a query's parameter, or of a form's in the body of a POST; size 0
 * without one. */
struct text call_parameter(const struct call *call, const char *name);

/* The path's parameter. */
struct text call_path(const struct call *call, unsigned index);

/* --- problems: each ends the answer */

struct problem {
	const char *type;
	const char *title;
	unsigned status;
	const char *detail;
};

extern const struct problem problem_not_found;
extern const struct problem problem_bad_request;
extern const struct problem problem_before_history;
extern const struct problem problem_service_unavailable;
extern const struct problem problem_not_acceptable;
extern const struct problem problem_over_capacity;
extern const struct problem problem_server_error;

void call_refuse(struct call *call, const struct problem *problem);

/* Bad request: which field, and why. */
void call_refuse_field(struct call *call, const char *field, const char *reason);

/* The same with extras: the caller writes members of an object to call->w in between. */
void call_refuse_begin(struct call *call, const struct problem *problem);
void call_refuse_end(struct call *call);

/* --- links */

/* "self": {"href": "http://host/path"}; templated where the path has a `{`. */
void put_link(struct call *call, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* --- pages */

struct page {
	bool descending;
	uint32_t limit;
	char cursor[48]; /* as given, "" for none; `now` resolved */
	int64_t at;      /* its number, or that of its first part; -1 for none */
	int64_t part;    /* the second part behind `-`; INT64_MAX without one */
};

/* Reads cursor, limit and order.  False: the problem is written.  In a cursor of history a
 * ledger that is no longer kept is refused for descending pages (410). */
bool page_read(struct page *page, struct call *call);
bool page_of_history(struct page *page, struct call *call);

/* Is an item of that number (and part) behind the cursor? */
bool page_behind(const struct page *page, int64_t number, int64_t part);

#define TOKEN_ROOM 64u

/* What a page is made of: `count` items, already in its order and within its limit. */
struct page_items {
	const void *items;
	uint32_t count;
	void (*token)(char token[TOKEN_ROOM], const struct call *call, const void *items,
		      uint32_t index);
	void (*write)(struct call *call, const void *items, uint32_t index);
};

/* Writes the page; of a stream, its events. */
void page_write(struct call *call, const struct page *page, const struct page_items *items);

/* --- assets in queries */

/* An asset that was asked for. */
struct asset_named {
	bool given;      /* else the rest means nothing */
	uint32_t number; /* SLOT_NONE: well formed, but never named */
	sdex_Asset asset;
};

/* Reads PREFIXasset_type, _code and _issuer.  False: a problem is written (of the field). */
bool asset_read(struct call *call, struct asset_named *asset, const char *prefix);

/* The same for "native" or "CODE:ISSUER". */
bool asset_read_text(struct call *call, struct asset_named *asset, const char *name);

/* An account of the path or query; false: a problem is written.  SLOT_NONE: never named. */
bool address_read(struct call *call, uint32_t *address, const char *name, struct text text);

/* --- endpoints */

void horizon_root(struct call *call);
void horizon_health(struct call *call);
void horizon_fee_stats(struct call *call);
void horizon_account(struct call *call);
void horizon_account_data(struct call *call);
void horizon_pool(struct call *call);
void horizon_account_offers(struct call *call);
void horizon_offers(struct call *call);
void horizon_offer(struct call *call);
void horizon_friendbot(struct call *call);
void horizon_submit_async(struct call *call);
void horizon_submit(struct call *call);
void horizon_order_book(struct call *call);
void horizon_trades(struct call *call);
void horizon_account_trades(struct call *call);
void horizon_offer_trades(struct call *call);
void horizon_pool_trades(struct call *call);
void horizon_ledgers(struct call *call);
void horizon_ledger(struct call *call);
void horizon_ledger_transactions(struct call *call);
void horizon_transactions(struct call *call);
void horizon_transaction(struct call *call);
void horizon_account_transactions(struct call *call);

/* The close time of a ledger that is still kept. */
bool ledger_time(uint64_t *seconds, const struct call *call, uint32_t sequence);

/* --- streams (stream.c) */

/* An event of a page's stream: what is written to call->w in between is its data. */
void stream_event_begin(struct call *call, const char *token);
void stream_event_end(struct call *call);
/* Where the next turn goes on. */
void stream_cursor(struct call *call, const char *token);

/* Begins to stream what an endpoint gives: the first piece is in the answer. */
enum endpoint_kind {
	ENDPOINT_OBJECT, /* one that does not stream */
	ENDPOINT_OBJECT_STREAM,
	ENDPOINT_PAGE,
	ENDPOINT_PAGE_STREAM,
};

struct endpoint {
	void (*run)(struct call *call);
	enum endpoint_kind kind;
};

void stream_open(struct call *call, const struct endpoint *endpoint);

/* Finds the endpoint of a path and reads the query.  NULL: a problem is written. */
const struct endpoint *horizon_find(struct call *call, struct route_match *match,
				    struct query *query);

/* Ends the writing and makes an answer of it. */
void call_finish(struct call *call);

/* --- transactions that are waited for (submit.c) */

struct sandbox_held {
	size_t bytes;    /* of it and its copies */
	size_t *counted; /* where they are added up, in the sandbox */
	bool stream;
	uint64_t deadline_ms;
	char *host; /* copies of the request's */
	size_t host_size;
	/* a stream */
	const struct endpoint *endpoint;
	char *path, *query;
	size_t path_size, query_size;
	char cursor[TOKEN_ROOM];
	char token[TOKEN_ROOM]; /* of the event that is being written */
	uint32_t left;
	bool sent; /* an object, of this hash */
	uint8_t hash[32];
	/* a transaction: `hash`, and its envelope as it came */
	char *envelope;
	size_t envelope_size;
};

/* Room for a held request and the copies of its texts, and `more` bytes to come; NULL when
 * there is no more. */
struct sandbox_held *held_new(struct call *call, size_t more);

void transaction_turn(struct call *call, struct sandbox_held *held);

#endif
