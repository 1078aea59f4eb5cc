/* sdex/operation.h - the 27 operations of protocol 28: made, and checked.
 *
 * A constructor fills `*out` and refuses what the network would refuse as
 * malformed, before it costs a fee.  What needs the ledger (balances, trustlines)
 * is not looked at.  sdex_op_check holds operations from elsewhere to the very
 * same rules; sdex_tx_check (transaction.h) holds whole transactions to them.
 *
 * Memory: constructors take what they need from `arena` and copy what they are
 * given into it, so the arguments may die; only where a comment says "borrowed"
 * must they live as long as the operation.
 *
 * Source: `source` is the account on whose behalf the operation acts, or NULL for
 * the transaction's.  Rules that compare with it (a payment of an account to
 * itself is fine, a merge into itself is not) are applied once it is known: at
 * the latest in sdex_tx_check.
 *
 * Errors of all constructors:
 * MALFORMED  a rule is broken: why->rule is its number (rule.h)
 * NOMEM      the arena is full
 * INVALID    a pointer that is not said to be optional is NULL, here or further in
 * others     as sdex_xdr_encode, for a part made by hand that stands for no bytes
 * What is money is a struct sdex_amount, so that no id or sequence number is taken for
 * one; times are seconds since 1970. */
#ifndef SDEX_OPERATION_H
#define SDEX_OPERATION_H

#include "sdex/address.h"
#include "sdex/amount.h"
#include "sdex/rule.h"
#include "sdex/xdr_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the network has voted for, as far as checks need it.  NULL in its place is
 * protocol 28 and a base fee of 100, with the Soroban limits left out. */
struct sdex_network_limits {
	uint32_t protocol; /* 17 to 28 */
	uint32_t base_fee; /* stroops an operation, of the ledger header; 1 or more */
	/* of the ledger's ConfigSettingEntry; 0 leaves the check out */
	uint32_t max_entry_ttl;      /* StateArchivalSettings.maxEntryTTL */
	uint32_t max_contract_size;  /* contractMaxSizeBytes */
	uint32_t max_key_size;       /* contractDataKeySizeBytes */
	uint32_t tx_max_size;        /* ConfigSettingContractBandwidthV0.txMaxSizeBytes */
	uint32_t tx_max_disk_reads;  /* ...LedgerCostV0.txMaxDiskReadEntries */
	uint32_t tx_max_disk_bytes;  /* ...LedgerCostV0.txMaxDiskReadBytes */
	uint32_t tx_max_writes;      /* ...LedgerCostV0.txMaxWriteLedgerEntries */
	uint32_t tx_max_write_bytes; /* ...LedgerCostV0.txMaxWriteBytes */
	uint32_t tx_max_footprint;   /* ...LedgerCostExtV0.txMaxFootprintEntries */
	int64_t tx_max_instructions; /* ...ComputeV0.txMaxInstructions */
};

/* Holds an operation to the rules of a protocol version.  `tx_source` is the source
 * of its transaction, for an operation that has none of its own; NULL leaves the
 * rules that compare with the source out.  Rules that need the whole transaction
 * (Soroban footprints) are sdex_tx_check's.
 * What passes can be encoded.
 * MALFORMED    why->rule
 * UNSUPPORTED  limits->protocol is not 17 to 28
 * INVALID      made by hand, and a pointer is NULL where a part has to be
 * others       as sdex_xdr_encode: made by hand, and of no bytes */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_op_check(const sdex_Operation *op,
						     const sdex_MuxedAccount *tx_source,
						     const struct sdex_network_limits *limits,
						     struct sdex_failure *why);

/* --- accounts and payments */

/* Creates `destination` with a balance of 0 or more (0 where its reserve is sponsored). */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_create_account(sdex_Operation *out, struct sdex_arena *arena,
		       const sdex_MuxedAccount *source, const sdex_AccountID *destination,
		       struct sdex_amount starting_balance, struct sdex_failure *why);

/* Pays `amount` to an account that is there already. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_payment(sdex_Operation *out, struct sdex_arena *arena, const sdex_MuxedAccount *source,
		const sdex_MuxedAccount *destination, const sdex_Asset *asset,
		struct sdex_amount amount, struct sdex_failure *why);

/* Delivers exactly dest_amount and takes at most send_max, over 0 to 5 assets between. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_op_path_payment_strict_receive(
	sdex_Operation *out, struct sdex_arena *arena, const sdex_MuxedAccount *source,
	const sdex_Asset *send_asset, struct sdex_amount send_max,
	const sdex_MuxedAccount *destination, const sdex_Asset *dest_asset,
	struct sdex_amount dest_amount, const sdex_Asset *path, uint32_t path_length,
	struct sdex_failure *why);

/* Takes exactly send_amount and delivers at least dest_min. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_path_payment_strict_send(sdex_Operation *out, struct sdex_arena *arena,
				 const sdex_MuxedAccount *source, const sdex_Asset *send_asset,
				 struct sdex_amount send_amount,
				 const sdex_MuxedAccount *destination, const sdex_Asset *dest_asset,
				 struct sdex_amount dest_min, const sdex_Asset *path,
				 uint32_t path_length, struct sdex_failure *why);

/* Moves the whole XLM balance to `destination` and deletes the source account. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_op_account_merge(sdex_Operation *out,
							     struct sdex_arena *arena,
							     const sdex_MuxedAccount *source,
							     const sdex_MuxedAccount *destination,
							     struct sdex_failure *why);

/* --- trading */

/* Sells `amount` at `price` (units of `buying` for one of `selling`).  offer_id 0 makes a
 * new offer, another id changes that offer; amount 0 deletes it. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_manage_sell_offer(sdex_Operation *out, struct sdex_arena *arena,
			  const sdex_MuxedAccount *source, const sdex_Asset *selling,
			  const sdex_Asset *buying, struct sdex_amount amount, sdex_Price price,
			  int64_t offer_id, struct sdex_failure *why);

/* Buys `amount` at `price` (units of `selling` for one of `buying`); ids as above. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_manage_buy_offer(sdex_Operation *out, struct sdex_arena *arena,
			 const sdex_MuxedAccount *source, const sdex_Asset *selling,
			 const sdex_Asset *buying, struct sdex_amount amount, sdex_Price price,
			 int64_t offer_id, struct sdex_failure *why);

/* A new offer that does not take offers of the same price. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_create_passive_sell_offer(sdex_Operation *out, struct sdex_arena *arena,
				  const sdex_MuxedAccount *source, const sdex_Asset *selling,
				  const sdex_Asset *buying, struct sdex_amount amount,
				  sdex_Price price, struct sdex_failure *why);

/* Gives at most max_amount_a and max_amount_b for shares, at a price (units of a for one
 * of b) within the two given. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_op_liquidity_pool_deposit(
	sdex_Operation *out, struct sdex_arena *arena, const sdex_MuxedAccount *source,
	const sdex_PoolID *pool, struct sdex_amount max_amount_a, struct sdex_amount max_amount_b,
	sdex_Price min_price, sdex_Price max_price, struct sdex_failure *why);

/* Gives `shares` back for at least the two amounts. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_liquidity_pool_withdraw(sdex_Operation *out, struct sdex_arena *arena,
				const sdex_MuxedAccount *source, const sdex_PoolID *pool,
				struct sdex_amount shares, struct sdex_amount min_amount_a,
				struct sdex_amount min_amount_b, struct sdex_failure *why);

/* --- settings of an account */

/* Fields of `options` that are NULL leave their setting as it is; a signer of weight 0
 * is removed. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_set_options(sdex_Operation *out, struct sdex_arena *arena, const sdex_MuxedAccount *source,
		    const sdex_SetOptionsOp *options, struct sdex_failure *why);

/* Sets the trustline's limit; 0 deletes it, INT64_MAX is the customary "no limit". */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_change_trust(sdex_Operation *out, struct sdex_arena *arena, const sdex_MuxedAccount *source,
		     const sdex_Asset *asset, struct sdex_amount limit, struct sdex_failure *why);

/* The same for the shares of the constant-product pool of two assets, a before b in
 * the network's order (sdex_pool_id, ids.h). */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_change_trust_pool(sdex_Operation *out, struct sdex_arena *arena,
			  const sdex_MuxedAccount *source, const sdex_Asset *asset_a,
			  const sdex_Asset *asset_b, struct sdex_amount limit,
			  struct sdex_failure *why);

/* Writes a data entry; value NULL deletes it.  name: 1 to 64 printable ASCII characters,
 * value: at most 64 bytes. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_manage_data(sdex_Operation *out, struct sdex_arena *arena, const sdex_MuxedAccount *source,
		    struct sdex_bytes name, const struct sdex_bytes *value,
		    struct sdex_failure *why);

/* Raises the sequence number to bump_to, 0 or more; a lower one changes nothing. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_bump_sequence(sdex_Operation *out, struct sdex_arena *arena,
		      const sdex_MuxedAccount *source, int64_t bump_to, struct sdex_failure *why);

/* Well formed, but every protocol since 12 answers opNOT_SUPPORTED: sdex_op_check and
 * sdex_tx_check refuse it. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_op_inflation(sdex_Operation *out,
							 struct sdex_arena *arena,
							 const sdex_MuxedAccount *source,
							 struct sdex_failure *why);

/* --- issuers */

/* authorize: 0, SDEX_AUTHORIZED_FLAG or SDEX_AUTHORIZED_TO_MAINTAIN_LIABILITIES_FLAG.
 * Kept by the network for old times' sake; sdex_op_set_trust_line_flags replaces it. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_allow_trust(sdex_Operation *out, struct sdex_arena *arena, const sdex_MuxedAccount *source,
		    const sdex_AccountID *trustor, const sdex_AssetCode *code, uint32_t authorize,
		    struct sdex_failure *why);

/* Flags are SDEX_AUTHORIZED_FLAG, SDEX_AUTHORIZED_TO_MAINTAIN_LIABILITIES_FLAG and, to clear
 * only, SDEX_TRUSTLINE_CLAWBACK_ENABLED_FLAG.  The source has to be the asset's issuer. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_set_trust_line_flags(sdex_Operation *out, struct sdex_arena *arena,
			     const sdex_MuxedAccount *source, const sdex_AccountID *trustor,
			     const sdex_Asset *asset, uint32_t clear_flags, uint32_t set_flags,
			     struct sdex_failure *why);

/* Burns `amount` of what `from` holds.  The source has to be the asset's issuer. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_clawback(sdex_Operation *out, struct sdex_arena *arena, const sdex_MuxedAccount *source,
		 const sdex_Asset *asset, const sdex_MuxedAccount *from, struct sdex_amount amount,
		 struct sdex_failure *why);

/* Burns a claimable balance.  The source has to be the issuer of what is in it. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_op_clawback_claimable_balance(
	sdex_Operation *out, struct sdex_arena *arena, const sdex_MuxedAccount *source,
	const sdex_ClaimableBalanceID *balance, struct sdex_failure *why);

/* --- claimable balances and sponsorship */

/* 1 to 10 claimants, each account once; predicate.h makes their predicates. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_create_claimable_balance(sdex_Operation *out, struct sdex_arena *arena,
				 const sdex_MuxedAccount *source, const sdex_Asset *asset,
				 struct sdex_amount amount, const sdex_Claimant *claimants,
				 uint32_t count, struct sdex_failure *why);

/* Takes what is in it.  The source has to be a claimant whose predicate holds. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_claim_claimable_balance(sdex_Operation *out, struct sdex_arena *arena,
				const sdex_MuxedAccount *source,
				const sdex_ClaimableBalanceID *balance, struct sdex_failure *why);

/* From here to the matching end, the source pays the reserves of `sponsored`. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_begin_sponsoring_future_reserves(sdex_Operation *out, struct sdex_arena *arena,
					 const sdex_MuxedAccount *source,
					 const sdex_AccountID *sponsored, struct sdex_failure *why);

/* Ends what another began; the source is the sponsored account. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_end_sponsoring_future_reserves(sdex_Operation *out, struct sdex_arena *arena,
				       const sdex_MuxedAccount *source, struct sdex_failure *why);

/* Ends or moves the sponsorship of an account, trustline, offer, data entry or claimable
 * balance.  What the key points to is borrowed. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_op_revoke_sponsorship(sdex_Operation *out,
								  struct sdex_arena *arena,
								  const sdex_MuxedAccount *source,
								  const sdex_LedgerKey *key,
								  struct sdex_failure *why);

/* The same for one signer of an account. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_revoke_signer_sponsorship(sdex_Operation *out, struct sdex_arena *arena,
				  const sdex_MuxedAccount *source, const sdex_AccountID *account,
				  const sdex_SignerKey *signer, struct sdex_failure *why);

/* --- Soroban (soroban.h makes the functions, entries and footprints) */

/* The function's arguments and the entries are borrowed. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_op_invoke_host_function(sdex_Operation *out, struct sdex_arena *arena,
			     const sdex_MuxedAccount *source, const sdex_HostFunction *function,
			     const sdex_SorobanAuthorizationEntry *auth, uint32_t auth_count,
			     struct sdex_failure *why);

/* Extends the life of the entries in the footprint's readOnly to `extend_to` ledgers from
 * the current one. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_op_extend_footprint_ttl(sdex_Operation *out,
								    struct sdex_arena *arena,
								    const sdex_MuxedAccount *source,
								    uint32_t extend_to,
								    struct sdex_failure *why);

/* Restores the archived entries in the footprint's readWrite. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_op_restore_footprint(sdex_Operation *out,
								 struct sdex_arena *arena,
								 const sdex_MuxedAccount *source,
								 struct sdex_failure *why);

/* The threshold that the operation's source account has to reach: SDEX_THRESHOLD_LOW,
 * _MED or _HIGH, which are indexes into AccountEntry.thresholds. */
SDEX_API sdex_ThresholdIndexes sdex_op_threshold(const sdex_Operation *op);

/* "CreateAccount", "SetTrustLineFlags", ...; "?" for a number that is no operation's. */
SDEX_API const char *sdex_op_name(sdex_OperationType type);

#ifdef __cplusplus
}
#endif
#endif
