/* ledger/tx.h - transactions: valid or not, what they pay, what they do.
 *
 * The order of checks and all codes are the network's (stellar-core:
 * TransactionFrame.cpp, FeeBumpTransactionFrame.cpp).  Transactions that run contracts
 * are not applied here: tx_read refuses them with UNSUPPORTED. */
#ifndef SDEX_LEDGER_TX_H
#define SDEX_LEDGER_TX_H

#include "ledger/meta.h"
#include "ledger/op.h"
#include "ledger/sign.h"

/* What all transactions of a ledger share. */
struct ledger {
	struct state *state;
	struct sdex_arena *arena;  /* results and meta live here */
	const uint8_t *network_id; /* 32 bytes: SHA-256 of the passphrase */
	struct frozen frozen;
	bool trust_signatures;     /* replay of what the network has accepted */
	struct verdicts *verdicts; /* of signatures, from check to close; NULL: none are kept */
	bool want_meta;
	/* With want_meta, events of classic operations and of fees, as nodes have it that run with
	 * EMIT_CLASSIC_EVENTS and BACKFILL_STELLAR_ASSET_EVENTS (RPC's); the default is without. */
	bool want_events;
};

/* An envelope, looked at once.  Borrows from it. */
struct tx {
	const sdex_TransactionEnvelope *envelope;
	const sdex_Transaction *inner; /* NULL for the old form v0, which no longer is valid */
	const sdex_FeeBumpTransaction *bump;            /* NULL for a plain one */
	const sdex_DecoratedSignature_list *signatures; /* of the inner one */
	const sdex_DecoratedSignature_list *bump_signatures;
	uint32_t source;     /* address */
	uint32_t fee_source; /* address: the bump's, or the source */
	int64_t sequence;
	uint8_t inner_hash[32];    /* of the inner transaction: what its signers sign */
	uint8_t contents_hash[32]; /* of the whole: the transaction's hash */
	uint8_t full_hash[32];     /* of the envelope, signatures too */
};

/* SHA-256 of a value's XDR.  NOMEM; errors of encoding. */
SDEX_MUST_USE enum sdex_error xdr_hash(uint8_t hash[32], enum sdex_type type, const void *value,
				       struct sdex_arena *arena);

/* Are the rules of this protocol here?  *why names it if not (UNSUPPORTED). */
bool ledger_supports(uint32_t version, struct sdex_failure *why);

/* Reads an envelope of any protocol, contracts or not.
 * KIND   it holds no transaction
 * NOMEM  memory is out */
SDEX_MUST_USE enum sdex_error tx_look(struct tx *tx, const struct ledger *ledger,
				      const sdex_TransactionEnvelope *envelope,
				      struct sdex_failure *why);

/* The same for what is to be applied.
 * UNSUPPORTED  it runs a contract, or the ledger's protocol is not 19 to 28
 * NOMEM        memory is out */
SDEX_MUST_USE enum sdex_error tx_read(struct tx *tx, const struct ledger *ledger,
				      const sdex_TransactionEnvelope *envelope,
				      struct sdex_failure *why);

/* Its operations, or those of the transaction that it bumps; borrowed from the envelope. */
const sdex_Operation_list *tx_operations(const struct tx *tx);

/* How many there are, and one more for a fee bump. */
uint32_t tx_weight(const struct tx *tx);
int64_t tx_full_fee(const struct tx *tx);

/* Is one of them about offers or a path; does one merge an account? */
bool tx_has_dex(const struct tx *tx);
bool tx_merges(const struct tx *tx);

/* What it is charged at a base fee (NULL: all that it offers), when applied or as an
 * answer to whether it is valid. */
int64_t tx_fee(const struct tx *tx, const int64_t *base_fee, bool applying);

/* When a transaction is asked about. */
struct tx_moment {
	uint32_t sequence;   /* of the ledger */
	uint64_t close_time; /* in seconds */
	uint64_t latest;
};

/* Would the next ledger take it?  The result's code says so (txSUCCESS).  The state is the
 * last ledger's; `next` is the number and earliest close time of the one that is asked
 * about, `latest` how much later than that it may close.  `sequence` is the account's, or
 * that of a transaction of the same account waiting before it; 0: look at the account.
 * Changes nothing.  NOMEM when memory is out. */
SDEX_MUST_USE enum sdex_error tx_check(sdex_TransactionResult *result, struct ledger *ledger,
				       const struct tx *tx, struct tx_moment moment,
				       int64_t sequence);

/* Collects the fee; the first half of being applied.  *result is then a success to be
 * revised by tx_apply.  INVALID: the fee's source has no account.  NOMEM. */
SDEX_MUST_USE enum sdex_error tx_charge(sdex_TransactionResult *result, struct tx_meta *meta,
					struct ledger *ledger, const struct tx *tx,
					const int64_t *base_fee);

/* Applies a charged transaction: all of its operations, or none. */
SDEX_MUST_USE enum sdex_error tx_apply(sdex_TransactionResult *result, struct tx_meta *meta,
				       struct ledger *ledger, const struct tx *tx);

/* What an applied transaction paid and moved, into its meta; with want_events only.  NOMEM;
 * MISSING: the meta does not show what was done. */
SDEX_MUST_USE enum sdex_error tx_events(struct tx_meta *meta, const struct ledger *ledger,
					const struct tx *tx, const sdex_TransactionResult *result);

/* Whether a result says that all was done. */
bool tx_succeeded(const sdex_TransactionResult *result);

#endif
