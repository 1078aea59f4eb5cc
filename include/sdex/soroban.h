/* sdex/soroban.h - contracts: what to call, who agrees, and what it may touch.
 *
 * A contract is called by an InvokeHostFunction operation, alone in its transaction.
 * The usual way: make the function (below) and the operation (operation.h), let RPC
 * simulate the transaction, take its SorobanTransactionData (sdex_tx_set_soroban) and
 * authorisation entries, sign the entries that are not the source account's
 * (sdex_auth_entry_sign), and sign the transaction. */
#ifndef SDEX_SOROBAN_H
#define SDEX_SOROBAN_H

#include "sdex/key.h"
#include "sdex/scval.h"
#include "sdex/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- host functions, for sdex_op_invoke_host_function */

/* A call.  `contract` is a C... address, `name` that of a function of it, 1 to 32 letters,
 * digits and _; name and arguments are borrowed.  NOMEM */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_host_function_call(sdex_HostFunction *function, struct sdex_arena *arena,
			const sdex_SCAddress *contract, struct sdex_bytes name,
			const sdex_SCVal *args, uint32_t arg_count);

/* Uploads a contract's code, borrowed; its SHA-256 is what contracts are made of. */
SDEX_API sdex_HostFunction sdex_host_function_upload(struct sdex_bytes code);

/* Makes a contract of uploaded code.  Its id is sdex_deployed_contract_id's (ids.h).
 * The arguments are its constructor's, borrowed.  NOMEM */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_host_function_create(sdex_HostFunction *function, struct sdex_arena *arena,
			  const sdex_SCAddress *deployer, const uint8_t salt[32],
			  const sdex_Hash *wasm_hash, const sdex_SCVal *args, uint32_t arg_count);

/* Deploys the contract that an asset has (its id: sdex_asset_contract_id).
 * INVALID  the asset is not valid;  NOMEM */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_host_function_create_asset(sdex_HostFunction *function,
								       struct sdex_arena *arena,
								       const sdex_Asset *asset);

/* Addresses as contracts know them; address.h reads and prints their texts. */
SDEX_API sdex_SCAddress sdex_address_of_account(const sdex_AccountID *account);
SDEX_API sdex_SCAddress sdex_address_of_contract(const sdex_ContractID *contract);

/* --- authorisation entries (CAP-46-11, CAP-71) */

/* A new entry, not signed yet: `address` agrees to the tree of calls at `root` (borrowed)
 * until ledger `last_ledger`, that one included.  `nonce` is any number that the address
 * has not used yet: take a random one.  Type: SDEX_SOROBAN_CREDENTIALS_ADDRESS, whose
 * signature does not name the address, or _ADDRESS_V2 (protocol 27), whose does.
 * NOMEM;  KIND  another type */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_auth_entry_make(sdex_SorobanAuthorizationEntry *entry, struct sdex_arena *arena,
		     sdex_SorobanCredentialsType type, const sdex_SCAddress *address, int64_t nonce,
		     uint32_t last_ledger, const sdex_SorobanAuthorizedInvocation *root);

/* The hash that the address, and its delegates, have to sign: SHA-256 of the preimage
 * (HashIDPreimage of type 9, for V2 and delegates type 10).
 * KIND   the source account agrees by signing the transaction: there is nothing to hash
 * NOMEM; others as sdex_xdr_encode */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_auth_entry_hash(sdex_Hash *hash, struct sdex_arena *scratch,
		     const sdex_SorobanAuthorizationEntry *entry, const sdex_Hash *network,
		     struct sdex_failure *why);

/* The preimage itself, as XDR in the arena. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_auth_entry_payload(struct sdex_bytes *payload, struct sdex_arena *arena,
			const sdex_SorobanAuthorizationEntry *entry, const sdex_Hash *network,
			struct sdex_failure *why);

/* The signature of an account (not of a contract, which has a form of its own): a vector
 * of maps {public_key, signature} in the order of the keys.
 * NOMEM;  DUPLICATE  a key is there twice;  LENGTH  not 1 to 20 keys */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_auth_entry_signature(sdex_SCVal *signature, struct sdex_arena *arena, const sdex_Hash *hash,
			  const struct sdex_secret *const *keys, uint32_t key_count,
			  struct sdex_failure *why);

/* Sets the last ledger in which the entry is valid, hashes it, and puts the account's
 * signature into it.  The credentials are changed in place.
 * Errors of sdex_auth_entry_hash and sdex_auth_entry_signature. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_auth_entry_sign(sdex_SorobanAuthorizationEntry *entry, struct sdex_arena *arena,
		     const sdex_Hash *network, uint32_t last_ledger,
		     const struct sdex_secret *const *keys, uint32_t key_count,
		     struct sdex_failure *why);

/* The address credentials of an entry, where nonce, last ledger and signature are; NULL
 * for the source account's. */
SDEX_API sdex_SorobanAddressCredentials *
sdex_auth_entry_credentials(const sdex_SorobanAuthorizationEntry *entry);

/* Lets other addresses sign in the entry's stead: turns its credentials into ones with
 * delegates, which are copied (not what they point to) and put in the host's order, at
 * every level.  Each delegate signs the hash of the entry as it is afterwards.
 * NOMEM;  DUPLICATE  an address is there twice at one level
 * KIND    the source account's entry, which has no delegates
 * DEPTH   delegates of delegates beyond 100 levels */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_auth_entry_delegate(sdex_SorobanAuthorizationEntry *entry, struct sdex_arena *arena,
			 const sdex_SorobanDelegateSignature *delegates, uint32_t count,
			 struct sdex_failure *why);

/* --- ledger keys, for footprints */

/* The keys of an account, of uploaded code, and of a contract's entry (a token's balance:
 * Vec [Symbol "Balance", Address]).  NOMEM */
SDEX_API sdex_LedgerKey sdex_ledger_key_account(const sdex_AccountID *account);
SDEX_API sdex_LedgerKey sdex_ledger_key_contract_code(const sdex_Hash *wasm_hash);
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_ledger_key_contract_data(sdex_LedgerKey *key, struct sdex_arena *arena,
			      const sdex_SCAddress *contract, const sdex_SCVal *data_key,
			      sdex_ContractDataDurability durability);
/* The entry that says what code a contract has, and that holds its instance storage. */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_ledger_key_contract_instance(sdex_LedgerKey *key, struct sdex_arena *arena,
				  const sdex_SCAddress *contract);

/* --- the transaction's Soroban data */

/* Puts the data (borrowed) into the transaction and adds its resource fee to the fee.
 * RANGE  the sum is beyond 32 bits, or the resource fee negative: let a fee bump pay */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_tx_set_soroban(sdex_Transaction *tx,
							   const sdex_SorobanTransactionData *data,
							   struct sdex_failure *why);

#ifdef __cplusplus
}
#endif
#endif
