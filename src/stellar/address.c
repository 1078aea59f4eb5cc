/* stellar/address.c - accounts in their forms, and between XDR's unions of keys and struct
 * sdex_strkey. */
#include "sdex/address.h"

#include <string.h>

#include "base/arena.h"
#include "base/failure.h"
#include "stellar/strkey.h"

static enum sdex_error other_kind(const char *expected, enum sdex_strkey_kind found,
				  struct sdex_failure *why)
{
	return fail(why, SDEX_ERR_KIND, 0, "expected %s, found %s", expected,
		    sdex_strkey_kind_text(found));
}

enum sdex_error sdex_account_parse(sdex_AccountID *account, const char *text, size_t length,
				   struct sdex_failure *why)
{
	sdex_AccountID parsed = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	enum sdex_error error = sdex_strkey_decode_key(parsed.ed25519.bytes, SDEX_STRKEY_ACCOUNT,
						       text, length, why);
	if (!error)
		*account = parsed;
	return error;
}

sdex_AccountID sdex_account_of_key(const uint8_t public_key[32])
{
	sdex_AccountID account = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(account.ed25519.bytes, public_key, 32);
	return account;
}

size_t sdex_account_print(char text[SDEX_ACCOUNT_ROOM], const sdex_AccountID *account)
{
	return strkey_print(text, SDEX_STRKEY_ACCOUNT, account->ed25519.bytes);
}

sdex_MuxedAccount sdex_muxed(const sdex_AccountID *account)
{
	return (sdex_MuxedAccount){.type = SDEX_KEY_TYPE_ED25519, .ed25519 = account->ed25519};
}

sdex_MuxedAccount sdex_muxed_with_id(const sdex_AccountID *account, uint64_t id)
{
	return (sdex_MuxedAccount){.type = SDEX_KEY_TYPE_MUXED_ED25519,
				   .med25519 = {.id = id, .ed25519 = account->ed25519}};
}

sdex_AccountID sdex_muxed_account(const sdex_MuxedAccount *muxed)
{
	return (sdex_AccountID){.type = SDEX_PUBLIC_KEY_TYPE_ED25519,
				.ed25519 = muxed->type == SDEX_KEY_TYPE_MUXED_ED25519
						   ? muxed->med25519.ed25519
						   : muxed->ed25519};
}

enum sdex_error sdex_muxed_parse(sdex_MuxedAccount *muxed, const char *text, size_t length,
				 struct sdex_failure *why)
{
	struct sdex_strkey key;
	enum sdex_error error = sdex_strkey_decode(&key, text, length, why);
	if (error)
		return error;
	if (key.kind == SDEX_STRKEY_ACCOUNT) {
		*muxed = (sdex_MuxedAccount){.type = SDEX_KEY_TYPE_ED25519};
		memcpy(muxed->ed25519.bytes, key.key, 32);
	} else if (key.kind == SDEX_STRKEY_MUXED_ACCOUNT) {
		*muxed = (sdex_MuxedAccount){.type = SDEX_KEY_TYPE_MUXED_ED25519};
		muxed->med25519.id = key.id;
		memcpy(muxed->med25519.ed25519.bytes, key.key, 32);
	} else {
		return other_kind("an account (G... or M...)", key.kind, why);
	}
	return SDEX_OK;
}

enum sdex_error sdex_muxed_print(char *text, size_t room, size_t *length,
				 const sdex_MuxedAccount *muxed)
{
	struct sdex_strkey key = {0};
	if (muxed->type == SDEX_KEY_TYPE_ED25519) {
		key.kind = SDEX_STRKEY_ACCOUNT;
		memcpy(key.key, muxed->ed25519.bytes, 32);
	} else if (muxed->type == SDEX_KEY_TYPE_MUXED_ED25519) {
		key.kind = SDEX_STRKEY_MUXED_ACCOUNT;
		key.id = muxed->med25519.id;
		memcpy(key.key, muxed->med25519.ed25519.bytes, 32);
	}
	return sdex_strkey_encode(text, room, length, &key);
}

static enum sdex_error payload_signer(sdex_SignerKey *signer, struct sdex_arena *arena,
				      const struct sdex_strkey *key)
{
	sdex_SignerKeyEd25519SignedPayload *signed_payload =
		sdex_arena_alloc(arena, sizeof *signed_payload);
	uint8_t *payload = sdex_arena_copy(arena, key->payload, key->payload_size);
	if (!signed_payload || !payload)
		return SDEX_ERR_NOMEM;
	memcpy(signed_payload->ed25519.bytes, key->key, 32);
	signed_payload->payload = (struct sdex_bytes){payload, key->payload_size};
	*signer = (sdex_SignerKey){.type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD,
				   .ed25519SignedPayload = signed_payload};
	return SDEX_OK;
}

enum sdex_error sdex_signer_parse(sdex_SignerKey *signer, struct sdex_arena *arena,
				  const char *text, size_t length, struct sdex_failure *why)
{
	struct sdex_strkey key;
	enum sdex_error error = sdex_strkey_decode(&key, text, length, why);
	if (error)
		return error;
	sdex_SignerKey parsed = {0};
	switch (key.kind) {
	case SDEX_STRKEY_ACCOUNT:
		parsed.type = SDEX_SIGNER_KEY_TYPE_ED25519;
		break;
	case SDEX_STRKEY_PRE_AUTH_TX:
		parsed.type = SDEX_SIGNER_KEY_TYPE_PRE_AUTH_TX;
		break;
	case SDEX_STRKEY_HASH_X:
		parsed.type = SDEX_SIGNER_KEY_TYPE_HASH_X;
		break;
	case SDEX_STRKEY_SIGNED_PAYLOAD:
		error = payload_signer(signer, arena, &key);
		return error ? arena_full(why) : SDEX_OK;
	case SDEX_STRKEY_CLAIMABLE_BALANCE:
	case SDEX_STRKEY_CONTRACT:
	case SDEX_STRKEY_LIQUIDITY_POOL:
	case SDEX_STRKEY_MUXED_ACCOUNT:
	case SDEX_STRKEY_SEED:
		return other_kind("a signer (G..., T..., X... or P...)", key.kind, why);
	}
	memcpy(parsed.ed25519.bytes, key.key, 32);
	*signer = parsed;
	return SDEX_OK;
}

static bool payload_is_whole(const sdex_SignerKeyEd25519SignedPayload *payload)
{
	return payload && payload->payload.size <= SDEX_STRKEY_PAYLOAD_MAX &&
	       (payload->payload.data || !payload->payload.size);
}

enum sdex_error sdex_signer_print(char *text, size_t room, size_t *length,
				  const sdex_SignerKey *signer)
{
	struct sdex_strkey key = {0};
	switch (signer->type) {
	case SDEX_SIGNER_KEY_TYPE_ED25519:
		key.kind = SDEX_STRKEY_ACCOUNT;
		memcpy(key.key, signer->ed25519.bytes, 32);
		break;
	case SDEX_SIGNER_KEY_TYPE_PRE_AUTH_TX:
		key.kind = SDEX_STRKEY_PRE_AUTH_TX;
		memcpy(key.key, signer->preAuthTx.bytes, 32);
		break;
	case SDEX_SIGNER_KEY_TYPE_HASH_X:
		key.kind = SDEX_STRKEY_HASH_X;
		memcpy(key.key, signer->hashX.bytes, 32);
		break;
	case SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD:
		if (!payload_is_whole(signer->ed25519SignedPayload))
			return SDEX_ERR_INVALID;
		key.kind = SDEX_STRKEY_SIGNED_PAYLOAD;
		memcpy(key.key, signer->ed25519SignedPayload->ed25519.bytes, 32);
		key.payload_size = signer->ed25519SignedPayload->payload.size;
		if (key.payload_size)
			memcpy(key.payload, signer->ed25519SignedPayload->payload.data,
			       key.payload_size);
		break;
	}
	return sdex_strkey_encode(text, room, length, &key);
}

enum sdex_error sdex_address_parse(sdex_SCAddress *address, const char *text, size_t length,
				   struct sdex_failure *why)
{
	struct sdex_strkey key;
	enum sdex_error error = sdex_strkey_decode(&key, text, length, why);
	if (error)
		return error;
	sdex_SCAddress parsed = {0};
	switch (key.kind) {
	case SDEX_STRKEY_ACCOUNT:
		parsed.type = SDEX_SC_ADDRESS_TYPE_ACCOUNT;
		parsed.accountId.type = SDEX_PUBLIC_KEY_TYPE_ED25519;
		memcpy(parsed.accountId.ed25519.bytes, key.key, 32);
		break;
	case SDEX_STRKEY_CONTRACT:
		parsed.type = SDEX_SC_ADDRESS_TYPE_CONTRACT;
		memcpy(parsed.contractId.bytes, key.key, 32);
		break;
	case SDEX_STRKEY_MUXED_ACCOUNT:
		parsed.type = SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT;
		parsed.muxedAccount.id = key.id;
		memcpy(parsed.muxedAccount.ed25519.bytes, key.key, 32);
		break;
	case SDEX_STRKEY_CLAIMABLE_BALANCE:
		parsed.type = SDEX_SC_ADDRESS_TYPE_CLAIMABLE_BALANCE;
		parsed.claimableBalanceId.type = SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0;
		memcpy(parsed.claimableBalanceId.v0.bytes, key.key, 32);
		break;
	case SDEX_STRKEY_LIQUIDITY_POOL:
		parsed.type = SDEX_SC_ADDRESS_TYPE_LIQUIDITY_POOL;
		memcpy(parsed.liquidityPoolId.bytes, key.key, 32);
		break;
	case SDEX_STRKEY_SIGNED_PAYLOAD:
	case SDEX_STRKEY_SEED:
	case SDEX_STRKEY_PRE_AUTH_TX:
	case SDEX_STRKEY_HASH_X:
		return other_kind("an address (G..., C..., M..., B... or L...)", key.kind, why);
	}
	*address = parsed;
	return SDEX_OK;
}

enum sdex_error sdex_address_print(char *text, size_t room, size_t *length,
				   const sdex_SCAddress *address)
{
	struct sdex_strkey key = {0};
	switch (address->type) {
	case SDEX_SC_ADDRESS_TYPE_ACCOUNT:
		key.kind = SDEX_STRKEY_ACCOUNT;
		memcpy(key.key, address->accountId.ed25519.bytes, 32);
		break;
	case SDEX_SC_ADDRESS_TYPE_CONTRACT:
		key.kind = SDEX_STRKEY_CONTRACT;
		memcpy(key.key, address->contractId.bytes, 32);
		break;
	case SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT:
		key.kind = SDEX_STRKEY_MUXED_ACCOUNT;
		key.id = address->muxedAccount.id;
		memcpy(key.key, address->muxedAccount.ed25519.bytes, 32);
		break;
	case SDEX_SC_ADDRESS_TYPE_CLAIMABLE_BALANCE:
		if (address->claimableBalanceId.type != SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0)
			return SDEX_ERR_INVALID;
		key.kind = SDEX_STRKEY_CLAIMABLE_BALANCE;
		memcpy(key.key, address->claimableBalanceId.v0.bytes, 32);
		break;
	case SDEX_SC_ADDRESS_TYPE_LIQUIDITY_POOL:
		key.kind = SDEX_STRKEY_LIQUIDITY_POOL;
		memcpy(key.key, address->liquidityPoolId.bytes, 32);
		break;
	}
	return sdex_strkey_encode(text, room, length, &key);
}
