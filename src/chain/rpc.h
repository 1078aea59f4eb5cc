/* chain/rpc.h - Stellar RPC: request bodies out, answers in (JSON-RPC 2.0; method by method
 * as stellar-rpc 28 has it, cmd/stellar-rpc/internal/methods).
 *
 * Pure.  A request is the body of a POST with content type application/json.  A reader
 * takes an answer's body whole; what it gives lives in the arena.  Members that are not
 * named here are read over; what is missing, there twice, of the wrong kind or out of
 * range is refused with its path ("result.ledgers[3].sequence").
 *
 * Every reader:
 * OK           error.code 0: the result is there.  Otherwise the server refused, and only
 *              `error` is set
 * SYNTAX, CHARACTER, KIND, RANGE, MISSING, DUPLICATE, DEPTH, TRUNCATED, TRAILING, LENGTH
 *              it is no such answer; `why` says where
 * NOMEM        the arena is full
 * INVALID      it answers another request's id */
#ifndef SDEX_CHAIN_RPC_H
#define SDEX_CHAIN_RPC_H

#include <stdbool.h>

#include "base/json_write.h"
#include "sdex/bytes.h"

/* Most that the server takes or gives at once. */
#define RPC_LEDGERS_MAX 200u
#define RPC_ENTRIES_MAX 200u

struct rpc_error {
	int64_t code;        /* -32600 invalid request, -32601 no such method, -32602 invalid
		       * parameters, -32603 internal; 0: there is none */
	const char *message; /* UTF-8 of the server's choice, at most 1,000 bytes */
};

/* The range of ledgers that a refusal of getLedgers tells of: "start ledger (7) must be
 * between the oldest ledger: 1 and the latest ledger: 6 for this rpc instance".  A server
 * answers so, with code -32600, as long as the ledger asked for has not closed.  False:
 * it is another refusal. */
bool rpc_range(const struct rpc_error *error, uint32_t *oldest, uint32_t *latest);

/* --- requests, each one JSON object; `id` comes back with the answer */

void rpc_get_health(struct json_writer *w, uint64_t id);
void rpc_get_network(struct json_writer *w, uint64_t id);
void rpc_get_latest_ledger(struct json_writer *w, uint64_t id);
void rpc_get_fee_stats(struct json_writer *w, uint64_t id);
/* limit: 1 to RPC_LEDGERS_MAX */
void rpc_get_ledgers(struct json_writer *w, uint64_t id, uint32_t start, uint32_t limit);
void rpc_get_transaction(struct json_writer *w, uint64_t id, const uint8_t hash[32]);
/* envelope: XDR; the body has to stay under 512 KiB */
void rpc_send_transaction(struct json_writer *w, uint64_t id, const void *envelope, size_t size);
/* keys: each a LedgerKey, XDR; at most RPC_ENTRIES_MAX */
void rpc_get_ledger_entries(struct json_writer *w, uint64_t id, const struct sdex_bytes *keys,
			    uint32_t count);

/* --- answers */

struct rpc_health {
	struct rpc_error error;
	const char *status; /* "healthy" */
	uint32_t latest;
	uint32_t oldest;
	uint32_t retention; /* ledgers */
};

struct rpc_network {
	struct rpc_error error;
	const char *passphrase;
	uint32_t protocol;
};

struct rpc_latest_ledger {
	struct rpc_error error;
	uint8_t hash[32];
	uint32_t sequence;
	uint32_t protocol;
	int64_t close_time; /* seconds since 1970; 0 when the server does not say */
};

/* Fees bid, in stroops: for an operation, or for a contract's transaction. */
struct rpc_fees {
	int64_t min, max, mode;
	int64_t p10, p20, p30, p40, p50, p60, p70, p80, p90, p95, p99;
	int64_t transactions; /* that were looked at */
	int64_t ledgers;
};

struct rpc_fee_stats {
	struct rpc_error error;
	struct rpc_fees classic;
	struct rpc_fees soroban;
	uint32_t latest;
};

struct rpc_ledger {
	uint8_t hash[32];
	uint32_t sequence;
	int64_t close_time;     /* seconds since 1970 */
	struct sdex_bytes meta; /* LedgerCloseMeta, XDR, not decoded */
};

struct rpc_ledgers {
	struct rpc_error error;
	const struct rpc_ledger *items; /* ascending, without holes: else INVALID */
	uint32_t count;
	uint32_t latest; /* of the server */
	uint32_t oldest;
};

enum rpc_found { RPC_SUCCESS, RPC_FAILED, RPC_NOT_FOUND };

/* With NOT_FOUND, beware: the server looks for the transaction first and reads its range of
 * ledgers behind that (get_transaction.go), so that `latest` may be of a ledger that the
 * search did not see.  What proves that a transaction is in no ledger up to N is a
 * NOT_FOUND to a question asked after another answer of the server showed N. */
struct rpc_transaction {
	struct rpc_error error;
	enum rpc_found found;
	uint32_t latest;
	int64_t latest_close_time; /* seconds since 1970 */
	uint32_t oldest;
	int64_t oldest_close_time;
	/* Unless NOT_FOUND: */
	uint32_t ledger;
	uint32_t order; /* of application, from 1 */
	int64_t close_time;
	bool fee_bump;
	struct sdex_bytes envelope; /* XDR of TransactionEnvelope, TransactionResult and */
	struct sdex_bytes result;   /* TransactionMeta, not decoded */
	struct sdex_bytes meta;
};

enum rpc_status { RPC_PENDING, RPC_DUPLICATE, RPC_TRY_AGAIN_LATER, RPC_ERROR };

struct rpc_sent {
	struct rpc_error error;
	enum rpc_status status;
	uint8_t hash[32];
	uint32_t latest;
	int64_t latest_close_time;
	struct sdex_bytes result; /* with ERROR: TransactionResult, XDR; else size 0 */
};

struct rpc_entry {
	struct sdex_bytes key;  /* LedgerKey, XDR */
	struct sdex_bytes data; /* LedgerEntryData, XDR */
	uint32_t modified;      /* ledger */
};

struct rpc_entries {
	struct rpc_error error;
	const struct rpc_entry *items; /* keys of nothing are left out */
	uint32_t count;
	uint32_t latest;
};

SDEX_MUST_USE enum sdex_error rpc_read_health(struct rpc_health *out, struct sdex_arena *arena,
					      uint64_t id, const void *body, size_t size,
					      struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error rpc_read_network(struct rpc_network *out, struct sdex_arena *arena,
					       uint64_t id, const void *body, size_t size,
					       struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error rpc_read_latest_ledger(struct rpc_latest_ledger *out,
						     struct sdex_arena *arena, uint64_t id,
						     const void *body, size_t size,
						     struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error rpc_read_fee_stats(struct rpc_fee_stats *out,
						 struct sdex_arena *arena, uint64_t id,
						 const void *body, size_t size,
						 struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error rpc_read_ledgers(struct rpc_ledgers *out, struct sdex_arena *arena,
					       uint64_t id, const void *body, size_t size,
					       struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error rpc_read_transaction(struct rpc_transaction *out,
						   struct sdex_arena *arena, uint64_t id,
						   const void *body, size_t size,
						   struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error rpc_read_sent(struct rpc_sent *out, struct sdex_arena *arena,
					    uint64_t id, const void *body, size_t size,
					    struct sdex_failure *why);
SDEX_MUST_USE enum sdex_error rpc_read_entries(struct rpc_entries *out, struct sdex_arena *arena,
					       uint64_t id, const void *body, size_t size,
					       struct sdex_failure *why);

#endif
