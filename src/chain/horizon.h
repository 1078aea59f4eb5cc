/* chain/horizon.h - Horizon: addresses out, answers in (stellar-horizon 28).
 *
 * Pure.  What a reader gives lives in the arena.  Members that are not named here are read
 * over; what is missing, there twice, of the wrong kind or out of range is refused with
 * its path ("_embedded.records[3].amount").  Sequence numbers and offer ids come as
 * strings of digits; no number goes through floating point.
 *
 * Every reader:
 * SYNTAX, CHARACTER, KIND, RANGE, MISSING, DUPLICATE, DEPTH, TRUNCATED, TRAILING, LENGTH,
 * PRECISION, CHECKSUM   it is no such answer; `why` says where
 * NOMEM                 the arena is full */
#ifndef SDEX_CHAIN_HORIZON_H
#define SDEX_CHAIN_HORIZON_H

#include <stdbool.h>

#include "sdex/bytes.h"
#include "sdex/xdr_types.h"

#define HORIZON_LIMIT_MAX 200u
#define HORIZON_URL_MAX 2048u

/* --- addresses.  `base` is the server's, with or without a slash at its end.  Written
 * with a NUL; SPACE when room does not suffice, INVALID for an asset or cursor that is none. */

SDEX_MUST_USE enum sdex_error horizon_url_root(char *url, size_t room, const char *base);
SDEX_MUST_USE enum sdex_error horizon_url_fee_stats(char *url, size_t room, const char *base);
SDEX_MUST_USE enum sdex_error horizon_url_account(char *url, size_t room, const char *base,
						  const uint8_t account[32]);
/* cursor: a paging token of the page before, NULL or "" for the first page */
SDEX_MUST_USE enum sdex_error horizon_url_account_offers(char *url, size_t room, const char *base,
							 const uint8_t account[32],
							 const char *cursor, uint32_t limit);
SDEX_MUST_USE enum sdex_error horizon_url_offers(char *url, size_t room, const char *base,
						 const sdex_Asset *selling,
						 const sdex_Asset *buying, const char *cursor,
						 uint32_t limit);
SDEX_MUST_USE enum sdex_error horizon_url_transaction(char *url, size_t room, const char *base,
						      const uint8_t hash[32]);
/* To POST an envelope to; the second answers at once. */
SDEX_MUST_USE enum sdex_error horizon_url_submit(char *url, size_t room, const char *base);
SDEX_MUST_USE enum sdex_error horizon_url_submit_async(char *url, size_t room, const char *base);

/* The body for either, in the arena: "tx=" and the envelope (XDR) in base64, its characters
 * escaped.  Content type application/x-www-form-urlencoded. */
SDEX_MUST_USE enum sdex_error horizon_form(struct sdex_bytes *body, struct sdex_arena *arena,
					   const void *envelope, size_t size);

/* --- answers */

/* The ledger that an answer reflects: its header Latest-Ledger (`head`: header lines, each
 * ended by CR LF).  Exactly that one: the server reads number and rows in one database
 * transaction (StateMiddleware); streams have no such header.
 * MISSING, DUPLICATE, SYNTAX or RANGE when it does not say. */
SDEX_MUST_USE enum sdex_error horizon_latest_ledger(uint32_t *ledger, const char *head, size_t size,
						    struct sdex_failure *why);

struct horizon_root {
	const char *passphrase;
	uint32_t protocol;
	uint32_t history_latest; /* ledgers */
	uint32_t history_elder;
	uint32_t core_latest;
};

struct horizon_offer {
	int64_t id;
	uint8_t seller[32];
	sdex_Asset selling;
	sdex_Asset buying;
	int64_t amount; /* of what is sold, stroops */
	sdex_Price price;
	uint32_t modified; /* ledger; 0 when it does not say */
};

struct horizon_offers {
	const struct horizon_offer *items;
	uint32_t count;     /* fewer than the limit: it is the last page */
	const char *cursor; /* for the next page; NULL with no items */
};

struct horizon_balance {
	bool pool_share; /* of the pool; no asset then */
	uint8_t pool[32];
	sdex_Asset asset; /* native, too */
	int64_t amount;   /* stroops, as all of these */
	int64_t limit;    /* INT64_MAX for lumens */
	int64_t buying;   /* liabilities */
	int64_t selling;
	bool authorized;   /* true for lumens */
	bool maintain;     /* authorized to maintain liabilities, at least */
	uint32_t modified; /* ledger; 0: does not say */
};

struct horizon_signer {
	const char *key; /* strkey */
	uint32_t weight;
};

struct horizon_account {
	uint8_t id[32];
	int64_t sequence;
	uint32_t sequence_ledger; /* that changed it; 0: does not say */
	uint32_t subentries;
	uint32_t sponsoring;
	uint32_t sponsored;
	uint32_t modified;         /* ledger */
	uint8_t low, medium, high; /* thresholds */
	bool auth_required, auth_revocable, auth_immutable, auth_clawback;
	const struct horizon_balance *balances;
	uint32_t balance_count;
	const struct horizon_signer *signers;
	uint32_t signer_count;
};

struct horizon_fee_stats {
	uint32_t last_ledger;
	int64_t base_fee; /* stroops for an operation */
	int64_t charged_min, charged_p50, charged_p90, charged_p99, charged_max;
	int64_t bid_min, bid_p50, bid_p90, bid_p99, bid_max;
};

struct horizon_transaction {
	uint8_t hash[32];
	bool successful;
	uint32_t ledger;
	int64_t id; /* its place (SEP-35) */
	uint8_t source[32];
	int64_t sequence;
	int64_t fee_charged;
	struct sdex_bytes envelope; /* XDR, not decoded */
	struct sdex_bytes result;
};

/* The answer to an asynchronous submission. */
enum horizon_status { HORIZON_PENDING, HORIZON_DUPLICATE, HORIZON_TRY_AGAIN_LATER, HORIZON_ERROR };

struct horizon_sent {
	enum horizon_status status;
	uint8_t hash[32];
	struct sdex_bytes result; /* with ERROR: TransactionResult, XDR; else size 0 */
};

/* A refusal (RFC 7807). */
struct horizon_problem {
	const char *type; /* the last part of its address: "transaction_failed" */
	const char *title;
	const char *detail; /* "" when there is none */
	uint32_t status;
	struct sdex_bytes result; /* extras.result_xdr; size 0: none */
	const char *code;         /* extras.result_codes.transaction; NULL: none */
};

SDEX_MUST_USE enum sdex_error horizon_read_root(struct horizon_root *out, struct sdex_arena *arena,
						const void *body, size_t size,
						struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error horizon_read_offers(struct horizon_offers *out,
						  struct sdex_arena *arena, const void *body,
						  size_t size, struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error horizon_read_account(struct horizon_account *out,
						   struct sdex_arena *arena, const void *body,
						   size_t size, struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error horizon_read_fee_stats(struct horizon_fee_stats *out,
						     struct sdex_arena *arena, const void *body,
						     size_t size, struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error horizon_read_transaction(struct horizon_transaction *out,
						       struct sdex_arena *arena, const void *body,
						       size_t size, struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error horizon_read_sent(struct horizon_sent *out, struct sdex_arena *arena,
						const void *body, size_t size,
						struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error horizon_read_problem(struct horizon_problem *out,
						   struct sdex_arena *arena, const void *body,
						   size_t size, struct sdex_failure *why);

#endif
