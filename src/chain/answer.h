/* chain/answer.h - what an answer to a submission says about the transaction.
 *
 * Four kinds, and only one of them ends anything by itself:
 *   CONFIRMED  the server says that it is in a ledger; its result is there
 *   PENDING    accepted into the queue; a ledger or its bounds will tell
 *   REFUSED    core said no to bytes that never left before: it is in no queue
 *   AMBIGUOUS  anything else: it may be in a queue, in a ledger, or nowhere.  Look for its
 *              hash; send only the same bytes again
 *
 * txBAD_SEQ is ambiguous, since a transaction that has just been applied is refused so when
 * it is sent again.  So is Horizon's transaction_failed: it answers so both for what core
 * refused and for what failed in a ledger (internal/txsub/system.go).
 *
 * Pure. */
#ifndef SDEX_CHAIN_ANSWER_H
#define SDEX_CHAIN_ANSWER_H

#include <stdbool.h>

#include "sdex/xdr_types.h"

enum answer_kind { ANSWER_CONFIRMED, ANSWER_PENDING, ANSWER_REFUSED, ANSWER_AMBIGUOUS };

/* Why it is of its kind. */
enum answer_reason {
	ANSWER_IN_LEDGER,        /* CONFIRMED */
	ANSWER_ACCEPTED,         /* PENDING */
	ANSWER_INVALID,          /* core's ERROR with a result, see there */
	ANSWER_MALFORMED,        /* the server could not read the envelope */
	ANSWER_DISABLED,         /* the server takes no submissions */
	ANSWER_NOT_SENT,         /* no byte of the request left */
	ANSWER_BAD_SEQUENCE,     /* txBAD_SEQ */
	ANSWER_FAILED_SOMEWHERE, /* Horizon's transaction_failed */
	ANSWER_DUPLICATE,        /* it is in the queue already, or was applied lately */
	ANSWER_TRY_AGAIN,        /* another one of the account is in the queue, or it is full, or
				  * this one was thrown out of it lately */
	ANSWER_RATE_LIMIT,       /* 429 */
	ANSWER_SERVER,           /* 5xx, or an internal error of the server */
	ANSWER_TIMEOUT,          /* 504, or none came */
	ANSWER_UNREADABLE,       /* not what such a server answers */
};

struct answer {
	enum answer_kind kind;
	enum answer_reason reason;
	const sdex_TransactionResult *result; /* in the arena; NULL when there is none */
	uint32_t ledger;                      /* CONFIRMED: in which it is; else 0 */
	/* True: the same bytes may be sent again at once or soon; false: that is no use now. */
	bool again;
	char text[160]; /* for people: what the server said */
};

/* The answer of an RPC server to sendTransaction.  status: HTTP's; `before`: these bytes may
 * have left before this request, in another one or by another server.  The hash is the
 * envelope's; an answer with another one is unreadable.  Memory that is out makes it
 * AMBIGUOUS, too. */
void answer_rpc(struct answer *answer, struct sdex_arena *arena, unsigned status, uint64_t id,
		const uint8_t hash[32], bool before, const void *body, size_t size);

/* Of Horizon to POST /transactions_async. */
void answer_horizon_async(struct answer *answer, struct sdex_arena *arena, unsigned status,
			  const uint8_t hash[32], bool before, const void *body, size_t size);

/* Of Horizon to POST /transactions. */
void answer_horizon(struct answer *answer, struct sdex_arena *arena, unsigned status,
		    const uint8_t hash[32], bool before, const void *body, size_t size);

/* Of nobody.  sent: a byte of the request may have left. */
void answer_none(struct answer *answer, bool sent, bool before);

/* "REFUSED", "TIMEOUT": for logs; live for ever. */
const char *answer_kind_name(enum answer_kind kind);
const char *answer_reason_name(enum answer_reason reason);

#endif
