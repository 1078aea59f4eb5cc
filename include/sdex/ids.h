/* sdex/ids.h - ids that are computed: of pools, contracts, claimable balances and
 * operations.  `network` is the network's id (sdex_network_id in transaction.h). */
#ifndef SDEX_IDS_H
#define SDEX_IDS_H

#include "sdex/xdr_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The id of the constant-product pool of two assets, in either order (CAP-38: SHA-256
 * of its parameters, with the assets in order and a fee of 30 basis points).
 * INVALID  an asset is not valid, or both are the same */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_pool_id(sdex_PoolID *id, const sdex_Asset *a,
						    const sdex_Asset *b);

/* Reads L... (SEP-23) or 64 hexadecimal digits, with the errors of strkey.h and of
 * sdex_hex_decode. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_pool_id_parse(sdex_PoolID *id, const char *text,
							  size_t length, struct sdex_failure *why);

#define SDEX_POOL_ID_ROOM 57u /* L... and a NUL */
#define SDEX_HASH_ROOM 65u    /* 64 digits and a NUL */

/* Writes L..., or the 64 digits that Horizon has, and a NUL; returns the length. */
SDEX_API size_t sdex_pool_id_print(char text[SDEX_POOL_ID_ROOM], const sdex_PoolID *id);
SDEX_API size_t sdex_pool_id_print_hex(char text[SDEX_HASH_ROOM], const sdex_PoolID *id);

/* Reads and writes a hash, of a transaction for instance, as 64 hexadecimal digits; read
 * in either case, written in lower case with a NUL behind.
 * LENGTH  not 64 digits;  CHARACTER  no digit */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_hash_parse(sdex_Hash *hash, const char *text,
						       size_t length, struct sdex_failure *why);
SDEX_API size_t sdex_hash_print(char text[SDEX_HASH_ROOM], const sdex_Hash *hash);

#define SDEX_CONTRACT_ID_ROOM 57u /* C... and a NUL */

/* Reads and writes a contract's id: C..., with the errors of sdex_strkey_decode_key. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_contract_id_parse(sdex_ContractID *id, const char *text,
							      size_t length,
							      struct sdex_failure *why);
SDEX_API size_t sdex_contract_id_print(char text[SDEX_CONTRACT_ID_ROOM], const sdex_ContractID *id);

/* The id of the contract that an asset has on a network (its Stellar Asset Contract,
 * CAP-46-6), whether or not it is deployed yet.
 * INVALID  the asset is not valid */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_asset_contract_id(sdex_ContractID *id, const sdex_Hash *network, const sdex_Asset *asset);

/* The id of the contract that `deployer` deploys with these 32 bytes of salt.
 * DISCRIMINANT  the deployer's */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_deployed_contract_id(sdex_ContractID *id,
								 const sdex_Hash *network,
								 const sdex_SCAddress *deployer,
								 const uint8_t salt[32]);

/* The id of the claimable balance that operation number `operation` (from 0) of the
 * transaction with this source account and sequence number creates (CAP-23).  In a fee
 * bump it is the inner transaction that counts. */
SDEX_API void sdex_balance_id(sdex_ClaimableBalanceID *id, const sdex_AccountID *source,
			      int64_t sequence, uint32_t operation);

/* The same for a balance of `asset` that comes out of a pool because the operation takes
 * an authorisation away (CAP-38).
 * INVALID  the asset is not valid */
SDEX_API SDEX_MUST_USE enum sdex_error
sdex_balance_id_revoked(sdex_ClaimableBalanceID *id, const sdex_AccountID *source, int64_t sequence,
			uint32_t operation, const sdex_PoolID *pool, const sdex_Asset *asset);

/* Reads B... (SEP-23) or 72 hexadecimal digits, which is the id's XDR, as Horizon has it.
 * DISCRIMINANT  the digits are of a version that does not exist; else as in strkey.h and
 *               sdex_hex_decode */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_balance_id_parse(sdex_ClaimableBalanceID *id,
							     const char *text, size_t length,
							     struct sdex_failure *why);

#define SDEX_BALANCE_ID_ROOM 59u     /* B... and a NUL */
#define SDEX_BALANCE_ID_HEX_ROOM 73u /* 72 digits and a NUL */

/* Writes B..., or the 72 digits, and a NUL; returns the length. */
SDEX_API size_t sdex_balance_id_print(char text[SDEX_BALANCE_ID_ROOM],
				      const sdex_ClaimableBalanceID *id);
SDEX_API size_t sdex_balance_id_print_hex(char text[SDEX_BALANCE_ID_HEX_ROOM],
					  const sdex_ClaimableBalanceID *id);

/* The place of an operation in history (SEP-35).  Horizon numbers transactions and
 * operations from 1; 0 is for the ledger, or the transaction, as a whole. */
struct sdex_toid {
	uint32_t ledger;      /* 0 to 2147483647 */
	uint32_t transaction; /* order of application in the ledger, 0 to 1048575 */
	uint32_t operation;   /* 0 to 4095 */
};

/* Ids sort as places do.
 * RANGE  a part is beyond its range */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_toid_pack(int64_t *id, const struct sdex_toid *place);

/* RANGE  the id is negative. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_toid_unpack(struct sdex_toid *place, int64_t id);

#ifdef __cplusplus
}
#endif
#endif
