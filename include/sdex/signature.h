/* sdex/signature.h - signing transactions, and telling which signatures are missing.
 *
 * A signature travels with a hint, four bytes by which the network finds the signer it
 * belongs to (SEP-23's and CAP-40's rules).  An envelope takes at most 20; signatures
 * that nobody asks for make it fail (txBAD_AUTH_EXTRA).
 *
 * Nothing here checks the transaction against the rules: sdex_tx_make and sdex_tx_check
 * (transaction.h) do.  Signing takes no memory from the system, once the arena has
 * grown to what a transaction needs. */
#ifndef SDEX_SIGNATURE_H
#define SDEX_SIGNATURE_H

#include "sdex/key.h"
#include "sdex/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- from a transaction to what is sent, at once */

/* Room that is enough for the base64 of most transactions; a contract's code or a large
 * call may need more. */
#define SDEX_TX_TEXT_ROOM 32768u

/* Hashes the envelope, signs it with each key in turn and writes it with the new
 * signatures behind those it has, as base64 with a NUL.  The envelope itself stays
 * as it is.  `hash` may be NULL.  `scratch` lends memory; reset it between calls.
 * SPACE      room is not over the text's length; why->where is enough
 * MALFORMED  over 20 signatures;  NOMEM;  others as sdex_xdr_encode */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_tx_sign_base64(char *text, size_t room, size_t *length, sdex_Hash *hash,
		    struct sdex_arena *scratch, const sdex_TransactionEnvelope *envelope,
		    const sdex_Hash *network, const struct sdex_secret *const *keys,
		    uint32_t key_count, struct sdex_failure *why);

/* The same from the bare transaction: checks it (sdex_tx_check), wraps it into a v1
 * envelope, signs, and writes the text. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_tx_seal(char *text, size_t room, size_t *length, sdex_Hash *hash, struct sdex_arena *scratch,
	     const sdex_Transaction *tx, const sdex_Hash *network,
	     const struct sdex_secret *const *keys, uint32_t key_count,
	     const struct sdex_network_limits *limits, struct sdex_failure *why);

/* --- signing an envelope.  Each of these puts a new list of signatures into the envelope,
 * the old ones first; the arena holds it.
 * MALFORMED  over 20 signatures;  NOMEM
 * INVALID    made by hand, and bytes are NULL;  others as sdex_xdr_encode */

/* Signs the transaction's hash with each key in turn. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_tx_sign(sdex_TransactionEnvelope *envelope, struct sdex_arena *arena, const sdex_Hash *network,
	     const struct sdex_secret *const *keys, uint32_t key_count, struct sdex_failure *why);

/* Reveals the preimage (at most 64 bytes) of a hash-x signer.  LENGTH  it is longer. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_tx_sign_hash_x(sdex_TransactionEnvelope *envelope,
							   struct sdex_arena *arena,
							   const uint8_t *preimage, size_t size,
							   struct sdex_failure *why);

/* Signs for a signed-payload signer: the payload (1 to 64 bytes), not the transaction.
 * LENGTH  the payload is of another size. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_tx_sign_payload(sdex_TransactionEnvelope *envelope,
							    struct sdex_arena *arena,
							    const struct sdex_secret *key,
							    struct sdex_bytes payload,
							    struct sdex_failure *why);

/* Appends a signature made elsewhere (a wallet, an HSM), of at most 64 bytes; copied.
 * Nothing tells here whether it is anybody's: sdex_tx_auth does. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_tx_add_signature(sdex_TransactionEnvelope *envelope, struct sdex_arena *arena,
		      const sdex_DecoratedSignature *signature, struct sdex_failure *why);

/* --- signers, as SetOptions and extraSigners want them */

/* Whoever has the secret key of this public key. */
SDEX_API sdex_SignerKey sdex_signer_ed25519(const uint8_t public_key[32]);
/* A transaction with this hash needs no signature of the account; the network removes the
 * signer with it. */
SDEX_API sdex_SignerKey sdex_signer_pre_auth_tx(const sdex_Hash *hash);
/* Whoever shows a preimage of this SHA-256 hash. */
SDEX_API sdex_SignerKey sdex_signer_hash_x(const uint8_t hash[32]);
/* The hint that the signature for a signer carries; for a pre-authorised transaction,
 * which has none, the last four bytes of its hash. */
SDEX_API void sdex_signer_hint(uint8_t hint[4], const sdex_SignerKey *signer);

/* --- what is still missing */

/* In place of an operation's index: the transaction itself asks. */
#define SDEX_AUTH_TRANSACTION UINT32_MAX

/* One account that has to agree, to the highest level asked at one place. */
struct sdex_auth_need {
	sdex_AccountID account;
	sdex_ThresholdIndexes level;
	uint32_t needed;    /* weight; 0 asks for one signature all the same */
	uint32_t reached;   /* weight of the signatures there are, as far as they were counted */
	uint32_t signed_by; /* bit 0: the account's own key; bit i + 1: its signers[i] */
	uint32_t operation; /* the first that asks; SDEX_AUTH_TRANSACTION: the transaction */
	bool met;
	bool known; /* false: no entry was given, a new account with its own key is assumed */
};

/* What sdex_tx_auth found out about an envelope's signatures. */
struct sdex_auth {
	struct sdex_auth_need *needs; /* each account and level once, in the order of asking */
	uint32_t need_count;
	uint32_t signature_count;
	uint32_t used;          /* bit i: signature i counts for something */
	uint32_t repeated;      /* bit i: signature i is the same as one before */
	uint32_t extra_missing; /* bit i: extraSigners[i] has not signed */
	/* What the network would say, as far as signatures go: txSUCCESS, txBAD_AUTH,
	 * txFAILED (an operation's opBAD_AUTH) or txBAD_AUTH_EXTRA (unused signatures). */
	sdex_TransactionResultCode code;
	struct sdex_auth *inner; /* a fee bump's inner transaction, whose signatures are its own */
};

/* Judges the envelope's signatures as stellar-core does (SignatureChecker.cpp): weights
 * against thresholds for the transaction (low), its extra signers and each operation.
 * `accounts` are the ledger entries of the accounts concerned, in any order; what is not
 * there is taken for a new account.  The report lives in the arena.
 * INVALID  an entry made by hand, or the list, with NULL in it
 * NOMEM;   others as sdex_xdr_encode */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_tx_auth(struct sdex_auth **auth, struct sdex_arena *arena,
	     const sdex_TransactionEnvelope *envelope, const sdex_Hash *network,
	     const sdex_AccountEntry *const *accounts, uint32_t account_count,
	     struct sdex_failure *why);

/* Writes the report for people, a line for each need, with a NUL (in the form of bytes.h).
 * SPACE  room is not over the text's length; why->where is enough */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_auth_text(char *text, size_t room, size_t *length,
						      const struct sdex_auth *auth,
						      struct sdex_failure *why);

#ifdef __cplusplus
}
#endif
#endif
