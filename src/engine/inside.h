/* engine/inside.h - what the files of the engine share.
 *
 *	engine.c     made, freed; events handed to who knows them; what follows at their end
 *	config.c     the configuration
 *	journal.c    orders as the sum of their records: applied and appended, or applied again
 *	ask.c        requests that wait for an answer, by token
 *	feed.c       ledgers asked for, in sequence
 *	snapshot.c   books and accounts asked for, tied to ledgers
 *	ledger.c     a ledger taken in: books, accounts, our transactions, our offers
 *	holdings.c   what accounts have, and what of it is free
 *	command.c    place and cancel; refuse.c: why not
 *	submit.c     one transaction in flight for each account: made, signed, sent
 *	prove.c      what became of it
 *	replay.c     ledgers from a file: the busiest pairs
 *	show.c, show_order.c, write.c   JSON */
#ifndef SDEX_ENGINE_INSIDE_H
#define SDEX_ENGINE_INSIDE_H

#include "chain/rpc.h"
#include "engine/engine.h"
#include "ledger/table.h"
#include "market/books.h"
#include "sdex/address.h"
#include "sdex/asset.h"
#include "sdex/ids.h"
#include "trade/record.h"
#include "trade/resolve.h"

#define NONE UINT32_MAX
#define RESULT_MAX (32u << 20) /* bytes of a TransactionResult: 100 operations, 1000 trades each */

enum engine_state {
	STATE_STARTING,    /* records come */
	STATE_RECONCILING, /* live, and not all is known that orders need */
	STATE_READY,
	STATE_REPLAYING,
	STATE_STOPPED, /* something broke that only people mend: nothing leaves any more */
};

struct pair {
	const char *name; /* "": not configured, but an order is about it */
	sdex_Asset base, counter;
	char base_text[SDEX_ASSET_ROOM], counter_text[SDEX_ASSET_ROOM];
	uint32_t book; /* its number in the books */
	bool turned;   /* the books have it with base and counter exchanged */
};

/* How an account holds an asset.  What is gone is kept, so that older news of it do not
 * bring it back. */
struct holding {
	char asset[SDEX_ASSET_ROOM];
	uint32_t as_of; /* ledger */
	bool gone;
	bool authorized;                         /* to trade */
	bool maintains;                          /* what is open may stay open */
	int64_t balance, limit, selling, buying; /* stroops */
};

struct account {
	const char *name;
	const char *signer_key;
	uint8_t key[32];
	char address[SDEX_ACCOUNT_ROOM];
	/* the account's entry */
	bool exists;
	uint32_t as_of; /* ledger of what follows; 0: nothing known */
	int64_t sequence;
	bool sequence_fed; /* a ledger of the feed told it, not a snapshot */
	uint32_t subentries, sponsoring, sponsored;
	struct holding *holdings; /* "native" is the first, once known */
	uint32_t holding_count, holding_room;
	uint32_t snapshot; /* ledger of the snapshot, 0 before it */
	bool changed;      /* to be told at the end of the event */
	/* orders without a transaction, in their order; and the one that is on its way */
	uint32_t *waiting;
	uint32_t waiting_count, waiting_room;
	uint32_t *cancels; /* orders whose end is asked for, and that rest */
	uint32_t cancel_count, cancel_room;
	uint32_t flight;  /* index of a sending, or NONE */
	uint32_t refused; /* at this ledger a transaction was: the next is made at a later one */
	int64_t replaced; /* a sequence number that a dead transaction was signed for; 0: none */
};

enum sending_stage {
	SENDING_WRITING,  /* its record goes to disk */
	SENDING_SIGNING,  /* the signer is asked */
	SENDING_UNSIGNED, /* it is to be signed, now or later */
	SENDING_SIGNED,   /* it can be sent, or has been */
	SENDING_DONE,
};

/* A transaction of ours. */
struct sending {
	uint8_t hash[32];
	int64_t sequence;
	int64_t made_ms;
	uint32_t before; /* the last ledger known when it was made */
	uint32_t account;
	struct sdex_bytes envelope; /* without signatures; ours, until DONE */
	enum sending_stage stage;
	uint64_t after_sync; /* WRITING: until this sync is done */
	bool replaces;       /* another was signed for its sequence number, and is dead */
	bool restored;       /* made in an earlier life: it may have been sent then */
	bool maybe_sent;     /* a byte of it may have left, in this life or an earlier one */
	bool asked;          /* a submission of it waits for its answer */
	bool again;          /* the last answer allows to send it again */
	uint32_t sends;
	uint32_t last_send; /* ledger */
	uint32_t searched;  /* ledger at which it was last searched for */
	uint8_t *signed_envelope;
	uint32_t signed_size;
	struct resolve_facts facts;
	/* DONE */
	enum record_fate fate;
	uint8_t *result;
	uint32_t result_size;
	uint32_t ledger;
	/* its operations */
	uint32_t count;
	struct sending_op {
		uint32_t order;
		enum transaction_act act;
	} ops[];
};

enum request_kind {
	ASK_NETWORK,
	ASK_LATEST,
	ASK_LEDGERS,
	ASK_ACCOUNT, /* subject: account */
	ASK_OFFERS,  /* subject: pair of the books */
	ASK_SUBMIT,  /* subject: sending */
	ASK_SEARCH,  /* subject: sending */
	ASK_SIGN,    /* subject: sending */
	ASK_SYNC,    /* subject: none; number: of the sync */
	TIMER_FEED,
	TIMER_SNAPSHOT,
	TIMER_SIGN,   /* subject: sending */
	TIMER_SUBMIT, /* subject: sending */
};

/* Something asked of the world, until its event comes. */
struct request {
	uint64_t token;
	enum request_kind kind;
	uint32_t subject;
	/* LEDGERS: the first one asked for; ACCOUNT, OFFERS: the feed's anchor then; SUBMIT: may
	 * a byte have left before; SEARCH: the ledger known then; SYNC: its number */
	uint64_t number;
};

/* An answer to a command that waits for a sync. */
struct reply {
	uint64_t token, after_sync;
	uint32_t order;
	unsigned status;
};

/* A book or an account to be read once. */
struct task {
	bool is_account;
	uint32_t subject;
	enum { TASK_IDLE, TASK_ASKED, TASK_DONE } stage;
	uint32_t side;   /* of a book: 0 asks, 1 bids */
	char cursor[32]; /* the page's, "" for the first */
};

struct ledger_head {
	uint32_t sequence; /* 0: none yet */
	uint64_t close_time;
	uint8_t hash[32];
	uint32_t base_fee, base_reserve, protocol;
};

struct engine {
	struct env env;
	struct engine_config config; /* its defaults put in; what it points to is ours */
	sdex_Hash network;
	struct sdex_arena *memory;  /* as long as the engine */
	struct sdex_arena *scratch; /* as long as an event */
	struct pair *pairs;
	uint32_t pair_count, pair_room;
	struct account *accounts;
	uint32_t account_count;
	struct books *books;
	struct delta_reader *reader;

	enum engine_state state;
	char reason[256]; /* of the state, for people; may be empty */
	bool stopping;
	bool replaying_journal; /* before START: nothing is published or asked */
	int64_t now_ms;
	uint64_t token; /* the last one given */

	/* the feed */
	struct ledger_head head; /* of the last ledger taken in */
	int64_t head_ms;         /* when it was */
	bool verified;           /* RPC said the network's passphrase */
	bool anchored;           /* it is known where to begin */
	uint32_t anchor;         /* the ledger before the first to be taken in */
	uint8_t anchor_hash[32];
	bool anchor_hash_known;
	uint32_t latest;   /* of the server, as far as told */
	uint32_t ledgers;  /* taken in */
	bool gap;          /* ledgers were missed: orders have to be compared with the books */
	uint32_t cursor;   /* the last one recorded */
	uint32_t failures; /* of the feed, one after the other */
	uint32_t behind;   /* answers of a server behind the beginning, one after the other */
	struct task *tasks;
	uint32_t task_count, tasks_asked;
	uint32_t snapshot_failures; /* one after the other */
	char snapshot_why[160];     /* of the last of many */

	bool network_recorded; /* the journal says whose it is */

	/* orders, in the order of their making, and what finds them */
	struct order **orders;
	uint32_t order_count, order_room;
	struct table by_id, by_client, by_offer;
	struct sending **sendings;
	uint32_t sending_count, sending_room;
	struct table by_hash;

	/* waiting for the world */
	struct request *requests;
	uint32_t request_count, request_room;
	struct reply *replies;
	uint32_t reply_count, reply_room;
	uint64_t syncs, synced; /* asked for, and done up to */
	bool dirty;             /* records were appended that have to be on disk */

	/* to be told at the end of the event */
	uint32_t *changed; /* orders */
	uint32_t changed_count, changed_room;
#define UNCHANGED UINT64_MAX
	uint64_t *changed_after; /* for each order: the sync to wait for, or UNCHANGED */
	bool status_changed;
	uint8_t *record; /* RECORD_SIZE_MAX bytes, for encoding */
};

/* Makes room for one more in a growing array; memory that is out ends the process, as the
 * state would be half changed. */
#define GROW(array, count, room)                                                               \
	do {                                                                                   \
		if ((count) == (room))                                                         \
			(array) = engine_grow((array), &(room), sizeof(__typeof__(*(array)))); \
	} while (0)
void *engine_grow(void *array, uint32_t *room, size_t size);

/* --- engine.c */
void engine_stop(struct engine *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
void engine_state(struct engine *e, enum engine_state state, const char *reason);
void engine_log(struct engine *e, enum env_level level, const char *id, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Texts of servers and signers: what is no printable ASCII becomes a question mark. */
void engine_plain(char *text);
void order_changed(struct engine *e, uint32_t order);
/* The sync behind which all that was appended so far is on disk. */
static inline uint64_t engine_sync_due(const struct engine *e)
{
	return e->dirty ? e->syncs + 1 : e->syncs;
}
/* May transactions leave? */
static inline bool engine_alive(const struct engine *e)
{
	return e->state == STATE_RECONCILING || e->state == STATE_READY;
}

/* Has no ledger come for too long? */
static inline bool engine_stale(const struct engine *e)
{
	return e->now_ms - e->head_ms > e->config.stale_ms;
}

/* --- config.c */
bool config_take(struct engine *e, const struct engine_config *config, struct sdex_failure *why);
/* Watches a pair of assets given as text; false when it cannot be. */
bool config_pair(struct engine *e, const char *name, const char *base, const char *counter);
struct pair *pair_named(const struct engine *e, const char *name);
uint32_t account_named(const struct engine *e, const char *name); /* name or G...; NONE */
uint32_t account_keyed(const struct engine *e, const uint8_t key[32]);

/* --- ask.c */
uint64_t ask_token(struct engine *e, enum request_kind kind, uint32_t subject, uint64_t number);
/* Takes the request of a token out; false when there is none: a late or doubled event. */
bool ask_take(struct engine *e, struct request *request, uint64_t token);
bool ask_waiting(const struct engine *e, enum request_kind kind, uint32_t subject);
/* POSTs what was written to RPC under this token. */
void ask_rpc(struct engine *e, uint64_t token, struct json_writer *w, size_t limit);
void ask_get(struct engine *e, uint64_t token, const char *url, size_t limit);
void ask_timer(struct engine *e, enum request_kind kind, uint32_t subject, uint32_t delay_ms);

/* --- journal.c */
/* Applies a record and appends it; one that does not fit the others stops the engine and is
 * not appended.  `durable`: the event's end asks for a sync. */
void journal_do(struct engine *e, const struct record *record, bool durable);
/* Records, durably and as of the last ledger, that an order is at its end, and why ("": as the
 * end says), or that its offer has this amount now. */
void journal_end(struct engine *e, const struct order *order, enum record_end end,
		 const char *text);
void journal_resting(struct engine *e, const struct order *order, int64_t amount);
/* Applies a record of an earlier life; false: it does not fit the others. */
bool journal_again(struct engine *e, const void *data, size_t size, struct sdex_failure *why);
/* Does a result tell what became of each operation of a sending? */
bool journal_result_fits(const struct engine *e, uint32_t sending, struct sdex_bytes result);
uint32_t order_by_id(const struct engine *e, const uint8_t id[ORDER_ID_SIZE]);
uint32_t order_by_text(const struct engine *e, const char *id); /* hexadecimal; NONE */
uint32_t order_by_client(const struct engine *e, const uint8_t account[32], const char *client_id);
uint32_t order_by_offer(const struct engine *e, int64_t offer_id);
uint32_t sending_by_hash(const struct engine *e, const uint8_t hash[32]);

/* --- feed.c */
void feed_start(struct engine *e);
void feed_answer(struct engine *e, const struct request *request, const struct event *event);
void feed_timer(struct engine *e);
bool feed_caught_up(const struct engine *e);

/* --- snapshot.c */
void snapshot_start(struct engine *e);
void snapshot_pump(struct engine *e);
void snapshot_answer(struct engine *e, const struct request *request, const struct event *event);
bool snapshot_done(const struct engine *e);

/* --- ledger.c */
/* Takes a ledger in.  False: it does not follow, with `why`. */
bool ledger_take(struct engine *e, const void *meta, size_t size, struct sdex_failure *why);
/* Records that all of the last ledger is recorded, unless that was said. */
void ledger_cursor(struct engine *e);
/* After each step that may have been the last one missing. */
void ledger_ready(struct engine *e);

/* --- holdings.c */
struct holding *holding_find(const struct account *account, const char *asset);
void holdings_delta(struct engine *e, const struct delta *delta);
struct horizon_account;
void holdings_snapshot(struct account *account, const struct horizon_account *from,
		       uint32_t ledger);
/* What is free of an asset, and how much more of it could come, beside what orders that are
 * not on the ledger yet hold. */
struct freedom {
	int64_t send, receive; /* of the assets asked for; may be negative */
	int64_t reserve;       /* lumens that could go into reserves and fees */
	uint32_t subentries;   /* with the orders on their way */
};
struct freedom holdings_free(const struct engine *e, const struct account *account,
			     const char *sells, const char *buys);
int64_t holdings_available(const struct engine *e, const struct account *account,
			   const struct holding *holding);
bool holdings_issues(const struct account *account, const char *asset);

/* --- refuse.c */
/* clang-format off */
#define REFUSALS(X)                                                                            \
	X(INVALID_REQUEST, 400, "invalid_request", "The request cannot be read",               \
	  "send one JSON object with the members that the command has")                        \
	X(UNKNOWN_ACCOUNT, 400, "unknown_account", "No such account",                          \
	  "name an account of the configuration, by its name or its G address")                \
	X(UNKNOWN_PAIR, 400, "unknown_pair", "No such trading pair",                           \
	  "name a pair of the configuration")                                                  \
	X(INVALID_TRADE_TYPE, 400, "invalid_trade_type", "Neither to buy nor to sell",         \
	  "say buy or sell")                                                                   \
	X(UNSUPPORTED_ORDER_TYPE, 400, "unsupported_order_type", "No such type of order",      \
	  "say limit")                                                                         \
	X(INVALID_AMOUNT, 400, "invalid_amount", "The amount cannot be traded",                \
	  "give a decimal number above zero with at most seven decimals")                      \
	X(INVALID_PRICE, 400, "invalid_price", "The price cannot be traded at",                \
	  "give a decimal number that a fraction of two 31-bit numbers can come near")         \
	X(DUST, 422, "dust", "Too small to trade at this price",                               \
	  "raise the amount: rounding would be over 1%, and the network would keep nothing")   \
	X(SELF_CROSS, 422, "self_cross", "It would trade with an order of the same account",   \
	  "cancel that order first, or change the price")                                      \
	X(NO_ACCOUNT, 422, "no_account", "The account is not on the ledger", "fund it first")  \
	X(NO_TRUSTLINE, 422, "no_trustline", "The account cannot hold the asset",              \
	  "make a trustline for it first")                                                     \
	X(NOT_AUTHORIZED, 422, "not_authorized", "The issuer does not let the account trade",  \
	  "ask the asset's issuer for authorisation")                                          \
	X(INSUFFICIENT_BALANCE, 422, "insufficient_balance", "Not enough is free",             \
	  "lower the amount, or cancel orders that hold the asset")                            \
	X(INSUFFICIENT_RESERVE, 422, "insufficient_reserve", "Not enough XLM for the reserve", \
	  "add XLM, or cancel orders: each holds a reserve")                                   \
	X(LINE_FULL, 422, "line_full", "The trustline has no room for what it would bring",    \
	  "raise the trustline's limit, or lower the amount")                                  \
	X(TOO_MANY_ORDERS, 422, "too_many_orders", "No more orders can be taken",              \
	  "cancel orders, or wait until those on their way are done")                          \
	X(CLIENT_ID_REUSED, 409, "client_id_reused", "The client id is of another order",      \
	  "give every order an id of its own")                                                 \
	X(AMBIGUOUS_CLIENT_ID, 409, "ambiguous_client_id",                                     \
	  "Several accounts have an order of that client id", "name the account")              \
	X(UNKNOWN_ORDER, 404, "unknown_order", "No such order",                                \
	  "look at the orders that there are")                                                 \
	X(ORDER_FINAL, 409, "order_final", "The order has ended", "nothing is left to do")     \
	X(NOT_READY, 503, "not_ready", "The connector is not ready",                           \
	  "wait until its state is ready")                                                     \
	X(RECONCILING, 503, "reconciling", "The connector compares itself with the ledger",    \
	  "wait until its state is ready")                                                     \
	X(JOURNAL_BUSY, 503, "journal_busy", "The disk does not keep up",                      \
	  "send the order again a little later; when it lasts, look at the disk")              \
	X(STOPPED, 503, "stopped", "The connector has stopped",                                \
	  "look at the status for the reason, mend it, and start anew")                        \
	X(REPLAYING, 503, "replaying", "Ledgers are replayed: there is no trading",            \
	  "connect to a network")                                                              \
	X(SHUTTING_DOWN, 503, "shutting_down", "The connector is about to end",                \
	  "send the order again when it is back: a client id keeps it from being doubled")

/* clang-format on */

enum refusal {
#define REFUSAL_ENUM(name, status, code, title, remedy) REFUSE_##name,
	REFUSALS(REFUSAL_ENUM)
#undef REFUSAL_ENUM
};
/* Replies to a command with a problem.  `field` may be NULL. */
void command_refuse(struct engine *e, uint64_t token, enum refusal refusal, const char *field,
		    const char *format, ...) __attribute__((format(printf, 5, 6)));

/* --- command.c */
void command_on(struct engine *e, const struct event *event);
void command_synced(struct engine *e); /* replies whose sync is done */

/* --- submit.c */
void submit_all(struct engine *e); /* next transactions of accounts that have none in flight */
void submit_synced(struct engine *e);
/* `index` is of a sending. */
void submit_signed(struct engine *e, uint32_t index, const struct event *event);
void submit_unsigned(struct engine *e, uint32_t index, const struct event *event);
void submit_answer(struct engine *e, uint32_t index, const struct request *request,
		   const struct event *event);
void submit_timer(struct engine *e, enum request_kind kind, uint32_t index);
/* What is due at a ledger's end, or once the feed has caught up. */
void submit_ledger(struct engine *e);
uint32_t submit_fee(const struct engine *e); /* stroops an operation */
/* An order is put in line, or the request for its end. */
void submit_wait(struct engine *e, uint32_t order);
void submit_unwait(struct engine *e, uint32_t order);

/* --- prove.c */
/* Our transaction is in a ledger. */
struct found {
	uint32_t ledger, place;
	int64_t close_time;
	struct sdex_bytes result; /* XDR */
};
/* False, and nothing changed: what was found cannot be of it. */
bool prove_found(struct engine *e, uint32_t sending, const struct found *found);
void prove_refused(struct engine *e, uint32_t sending, struct sdex_bytes result, const char *text);
/* Looks whether the ledgers prove a transaction dead. */
void prove_dead(struct engine *e, uint32_t sending);
void prove_search(struct engine *e); /* asks for what the ledgers no longer tell */
void prove_answer(struct engine *e, const struct request *request, const struct event *event);
/* After a gap: are all its transactions resolved, and the orders compared?  Compares. */
bool prove_gap(struct engine *e);

/* --- replay.c */
void replay_choose(struct engine *e, const struct delta *delta);

/* --- show_order.c */
void show_order(const struct engine *e, struct json_writer *w, const struct order *order);
void show_fill(struct json_writer *w, const struct order *order, const struct fill *fill);

/* --- write.c: members of JSON objects, by key */
void field_key(struct json_writer *w, const char *key);
void field_text(struct json_writer *w, const char *key, const char *text); /* NULL: null */
void field_uint(struct json_writer *w, const char *key, uint64_t value);
void field_bool(struct json_writer *w, const char *key, bool value);
void field_hex(struct json_writer *w, const char *key, const void *data, size_t size);
void field_amount(struct json_writer *w, const char *key, int64_t stroops);
void field_id(struct json_writer *w, const char *key, int64_t id);           /* a string; 0: null */
void field_time(struct json_writer *w, const char *key, int64_t ms);         /* RFC 3339; 0: null */
void field_seconds(struct json_writer *w, const char *key, int64_t seconds); /* the same; >= 0 */
void field_price(struct json_writer *w, const char *key, sdex_Price price);  /* {n, d} */

#endif
