/* sdex/transaction.h - transactions: made, checked, hashed.
 *
 * A transaction is an sdex_Transaction, filled field by field:
 *
 *	sdex_Transaction tx = {
 *		.sourceAccount = sdex_muxed(&account),
 *		.fee = 200,                       (for all operations together)
 *		.seqNum = sequence + 1,           (the account's, plus one)
 *		.cond = sdex_preconditions_time(0, now + 300),
 *		.memo = sdex_memo_text("invoice 17", 10),
 *		.operations = {operations, 2},
 *	};
 *
 * sdex_tx_make checks it and wraps it into an envelope; signature.h signs that.
 * An envelope borrows from the transaction that it was made of (operations, memo
 * text, what lies behind pointers), which has to live as long. */
#ifndef SDEX_TRANSACTION_H
#define SDEX_TRANSACTION_H

#include "sdex/operation.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- networks */

/* The passphrases of the networks that SDF runs, and of one that runs alone. */
#define SDEX_PASSPHRASE_PUBLIC "Public Global Stellar Network ; September 2015"
#define SDEX_PASSPHRASE_TESTNET "Test SDF Network ; September 2015"
#define SDEX_PASSPHRASE_FUTURENET "Test SDF Future Network ; October 2022"
#define SDEX_PASSPHRASE_STANDALONE "Standalone Network ; February 2017"

/* The network's id: SHA-256 of its passphrase.  It goes into every hash, so that what is
 * signed for one network is void on all others. */
SDEX_API sdex_Hash sdex_network_id(const char *passphrase, size_t length);

/* --- memos */

/* Memos of each kind.  Text is at most 28 bytes, by convention UTF-8, and borrowed. */
SDEX_API sdex_Memo sdex_memo_none(void);
SDEX_API sdex_Memo sdex_memo_text(const char *text, size_t length);
SDEX_API sdex_Memo sdex_memo_id(uint64_t id);
SDEX_API sdex_Memo sdex_memo_hash(const sdex_Hash *hash);
SDEX_API sdex_Memo sdex_memo_return(const sdex_Hash *hash);

/* The data entry by which an account asks for a memo with each payment to it (SEP-29);
 * its value is "1".  Payments to muxed accounts need none. */
#define SDEX_MEMO_REQUIRED_NAME "config.memo_required"

/* --- preconditions (CAP-21) */

/* Valid in ledgers closed from min to max, both included; max 0 is for ever. */
SDEX_API sdex_Preconditions sdex_preconditions_time(uint64_t min, uint64_t max);

/* The smallest form that says the same: none, time bounds alone, or all (borrowed). */
SDEX_API sdex_Preconditions sdex_preconditions(const sdex_PreconditionsV2 *all);

/* --- checking */

/* Holds an envelope and its operations to the rules that need no ledger: structure,
 * fees, preconditions, Soroban data and footprint; a fee bump's inner one too.  Accepts
 * v0 envelopes, as the network does.  What passes can be encoded.
 * MALFORMED    why->rule is the rule, why->where the operation's index
 * UNSUPPORTED  limits->protocol is not 17 to 28
 * INVALID      made by hand, and a pointer is NULL where a part has to be
 * others       as sdex_xdr_encode: made by hand, and of no bytes
 * NOMEM        memory for the keys of a huge footprint is out */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_tx_check(const sdex_TransactionEnvelope *envelope,
						     const struct sdex_network_limits *limits,
						     struct sdex_failure *why);

/* --- making.  All of these check what they have made (sdex_tx_check) and take memory
 * from the arena; NOMEM when it is full. */

/* Wraps a transaction into a v1 envelope without signatures. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_tx_make(sdex_TransactionEnvelope *out, struct sdex_arena *arena, const sdex_Transaction *tx,
	     const struct sdex_network_limits *limits, struct sdex_failure *why);

/* The envelope of old, for what still reads nothing else.  It has the hash of the v1
 * transaction that it stands for.
 * MALFORMED  also for what it cannot say: muxed source, other than time bounds, Soroban */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_tx_make_v0(sdex_TransactionEnvelope *out, struct sdex_arena *arena, const sdex_Transaction *tx,
		const struct sdex_network_limits *limits, struct sdex_failure *why);

/* Lets `fee_source` pay `fee` in place of the inner transaction's fee (CAP-15).
 * The inner transaction keeps its signatures and its hash; v0 is turned into v1.
 * `fee` counts for the inner operations and one more. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_tx_make_fee_bump(sdex_TransactionEnvelope *out, struct sdex_arena *arena,
		      const sdex_MuxedAccount *fee_source, struct sdex_amount fee,
		      const sdex_TransactionEnvelope *inner,
		      const struct sdex_network_limits *limits, struct sdex_failure *why);

/* The v1 envelope that a v0 stands for, signatures included; any other unchanged.
 * INVALID  a v0 without its transaction;  NOMEM */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_tx_to_v1(sdex_TransactionEnvelope *out,
						     struct sdex_arena *arena,
						     const sdex_TransactionEnvelope *envelope);

/* --- looking in */

/* What an envelope says, for a fee bump its inner transaction.  Lists are borrowed.  Made
 * by hand and of another type, or without its transaction, it says nothing: 0 and empty. */
SDEX_API sdex_Operation_list sdex_tx_operations(const sdex_TransactionEnvelope *envelope);
SDEX_API sdex_MuxedAccount sdex_tx_source(const sdex_TransactionEnvelope *envelope);
SDEX_API int64_t sdex_tx_sequence(const sdex_TransactionEnvelope *envelope);
SDEX_API sdex_Memo sdex_tx_memo(const sdex_TransactionEnvelope *envelope);
/* The envelope's own, so a fee bump's outer ones. */
SDEX_API sdex_DecoratedSignature_list sdex_tx_signatures(const sdex_TransactionEnvelope *envelope);

/* --- hashing */

/* The hash that signers sign and by which the network knows the transaction: SHA-256 of
 * the TransactionSignaturePayload.  `scratch` lends memory for the bytes.
 * As sdex_xdr_encode, and NOMEM. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_tx_hash(sdex_Hash *hash, struct sdex_arena *scratch,
						    const sdex_TransactionEnvelope *envelope,
						    const sdex_Hash *network,
						    struct sdex_failure *why);

/* The bytes that are hashed (the "signature base" that hardware wallets want to see),
 * in the arena. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_tx_payload(struct sdex_bytes *payload,
						       struct sdex_arena *arena,
						       const sdex_TransactionEnvelope *envelope,
						       const sdex_Hash *network,
						       struct sdex_failure *why);

/* --- as text: XDR in base64, the form in which envelopes travel */

/* Reads an envelope.  Nothing is checked but that it is one: sdex_tx_check does the rest.
 * Fails as sdex_xdr_from_base64, which reads results and meta as well. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_tx_from_base64(sdex_TransactionEnvelope **envelope,
							   struct sdex_arena *arena,
							   const char *text, size_t length,
							   struct sdex_failure *why);

/* Writes the text and a NUL (in the form of bytes.h); fails as sdex_xdr_to_base64. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_tx_to_base64(char *text, size_t room, size_t *length,
							 const sdex_TransactionEnvelope *envelope,
							 struct sdex_failure *why);

#ifdef __cplusplus
}
#endif
#endif
