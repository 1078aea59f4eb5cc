/* sdex/address.h - the XDR types that are written as strkeys: accounts, muxed accounts,
 * signers and contract-world addresses.
 *
 * What is read and refused is as in strkey.h, with its errors; KIND is for a strkey of
 * a kind that the type does not have.  Text that is printed reads back as the same
 * value.  The printers have the forms of bytes.h:
 * SPACE    room is not over the text's length; SDEX_STRKEY_ROOM is enough for any
 * INVALID  the discriminant is none of the schema's, or a part is missing */
#ifndef SDEX_ADDRESS_H
#define SDEX_ADDRESS_H

#include "sdex/strkey.h"
#include "sdex/xdr_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SDEX_ACCOUNT_ROOM 57u /* G... and a NUL */

/* An account: G... */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_account_parse(sdex_AccountID *account, const char *text,
							  size_t length, struct sdex_failure *why);
SDEX_API size_t sdex_account_print(char text[SDEX_ACCOUNT_ROOM], const sdex_AccountID *account);

/* The account of an ed25519 public key (of struct sdex_secret, for instance). */
SDEX_API sdex_AccountID sdex_account_of_key(const uint8_t public_key[32]);

/* An account with or without an id: M... or G... */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_muxed_parse(sdex_MuxedAccount *muxed, const char *text,
							size_t length, struct sdex_failure *why);
SDEX_API SDEX_MUST_USE enum sdex_error sdex_muxed_print(char *text, size_t room, size_t *length,
							const sdex_MuxedAccount *muxed);

/* Accounts as operations want them: without an id, and with one. */
SDEX_API sdex_MuxedAccount sdex_muxed(const sdex_AccountID *account);
SDEX_API sdex_MuxedAccount sdex_muxed_with_id(const sdex_AccountID *account, uint64_t id);

/* The account under a muxed one. */
SDEX_API sdex_AccountID sdex_muxed_account(const sdex_MuxedAccount *muxed);

/* What may sign for an account: G..., T... (a transaction's hash), X... (a preimage's
 * hash) or P... (a payload), whose bytes are put into the arena: NOMEM when it is full. */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_signer_parse(sdex_SignerKey *signer,
							 struct sdex_arena *arena, const char *text,
							 size_t length, struct sdex_failure *why);
SDEX_API SDEX_MUST_USE enum sdex_error sdex_signer_print(char *text, size_t room, size_t *length,
							 const sdex_SignerKey *signer);

/* An address in a contract's arguments: G..., C..., M..., B... or L... */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_address_parse(sdex_SCAddress *address, const char *text,
							  size_t length, struct sdex_failure *why);
SDEX_API SDEX_MUST_USE enum sdex_error sdex_address_print(char *text, size_t room, size_t *length,
							  const sdex_SCAddress *address);

#ifdef __cplusplus
}
#endif
#endif
