/* trade/record.h - what the journal holds: an order's life as records.
 *
 * Orders are the sum of their records: the engine changes an order only by a record that
 * it applies and appends, and at start applies the journal's in the same way.
 *
 * A record's bytes: a version (1), a kind, and its fields in order; numbers big-endian,
 * texts and bytes behind their length.  Decoding is strict: what it accepts, encoding
 * gives back byte for byte. */
#ifndef SDEX_TRADE_RECORD_H
#define SDEX_TRADE_RECORD_H

#include "trade/transaction.h"

#define RECORD_VERSION 1u
#define RECORD_SIZE_MAX (128u << 10)
#define RECORD_RESULT_MAX (64u << 10) /* of a TransactionResult's XDR, in one record */
#define RECORD_TEXT_MAX (ORDER_REASON_ROOM - 1)

enum record_kind {
	RECORD_ORDER = 1,   /* an order is wanted */
	RECORD_TRANSACTION, /* a transaction is about to be signed and sent */
	RECORD_SENT,        /* it was sent for the first time (not waited for) */
	RECORD_CANCEL,      /* an order's end is wanted */
	RECORD_OUTCOME,     /* what became of a transaction */
	RECORD_FILL,        /* somebody traded with an order's offer */
	RECORD_RESTING,     /* an offer's amount on the ledger changed */
	RECORD_END,         /* an offer is gone, or an order is given up unsent */
	RECORD_CURSOR,      /* all of this ledger has been recorded */
	RECORD_NETWORK,     /* whose ledgers all others are about */
	RECORD_RESULT,      /* a part of a result that has no room in its OUTCOME */
};

enum record_fate {
	FATE_FOUND = 1, /* a ledger holds it: with its result */
	FATE_DEAD,      /* no ledger does, and none can */
	FATE_REFUSED,   /* refused before any ledger could hold it */
};

struct record_transaction {
	uint8_t hash[32];
	uint8_t source[32];
	int64_t sequence;
	uint64_t max_time;
	uint32_t max_ledger;
	uint32_t before; /* the last ledger known when it was made */
	int64_t made_ms;
	uint32_t count;
	struct record_op {
		uint8_t order[ORDER_ID_SIZE];
		enum transaction_act act;
	} ops[TRANSACTION_OPS_MAX];
	struct sdex_bytes envelope; /* without signatures; borrowed */
};

struct record_outcome {
	uint8_t hash[32];
	enum record_fate fate;
	enum order_proof proof;
	uint32_t ledger;    /* FOUND: that holds it; DEAD: that shows it; REFUSED: the last known */
	int64_t close_time; /* seconds, of that ledger; 0: not known */
	uint32_t place;     /* FOUND: order of application, from 1 */
	int64_t at_ms;
	bool again;                   /* its orders that did nothing are to be sent in another */
	char text[ORDER_REASON_ROOM]; /* DEAD, REFUSED: why */
	/* XDR of the TransactionResult, borrowed.  Empty for FOUND: it is what the RESULTs
	 * before gave; otherwise there is none. */
	struct sdex_bytes result;
};

enum record_end {
	END_TRADED = 1,
	END_VANISHED,
	END_REVOKED,
	END_WITHDRAWN,
	END_TIME_OVER,
	END_REFUSED
};

struct record {
	enum record_kind kind;
	union {
		struct order_terms order;
		struct record_transaction transaction;
		struct {
			uint8_t hash[32];
			int64_t at_ms;
			uint32_t ledger; /* the last one known */
		} sent;
		struct {
			uint8_t order[ORDER_ID_SIZE];
			int64_t at_ms;
		} cancel;
		struct record_outcome outcome;
		struct {
			uint8_t order[ORDER_ID_SIZE];
			struct fill fill;
			int64_t at_ms;
		} fill;
		struct {
			uint8_t order[ORDER_ID_SIZE];
			uint32_t ledger;
			int64_t amount; /* stroops of what the offer sells, > 0 */
			int64_t at_ms;
		} resting;
		struct {
			uint8_t order[ORDER_ID_SIZE];
			enum record_end end;
			uint32_t ledger;
			int64_t at_ms;
			char text[ORDER_REASON_ROOM];
		} end;
		struct {
			uint32_t ledger;
			uint8_t hash[32];
		} cursor;
		struct {
			uint8_t id[32]; /* SHA-256 of the passphrase */
		} network;
		struct {
			uint8_t hash[32];       /* of the transaction */
			uint32_t offset;        /* 0 begins anew */
			struct sdex_bytes part; /* borrowed, not empty */
		} result;
	};
};

/* Writes a record into `out` of RECORD_SIZE_MAX bytes; returns its size.  What is out of
 * its range is our own bug. */
size_t record_encode(uint8_t *out, const struct record *record);

/* Reads a record; it borrows from `data`.
 * UNSUPPORTED   another version
 * DISCRIMINANT  a kind, or an enumeration's value, that there is not
 * TRUNCATED, TRAILING, LENGTH, CHARACTER, RANGE  with why->where */
SDEX_MUST_USE enum sdex_error record_decode(struct record *record, const void *data, size_t size,
					    struct sdex_failure *why);

#endif
