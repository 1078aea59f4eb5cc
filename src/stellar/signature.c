/* stellar/signature.c - signing transactions. */
#include "sdex/signature.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/endian.h"
#include "base/failure.h"
#include "stellar/payload.h"
#include "stellar/refuse.h"

#define SIGNATURES_MAX 20u
#define DECORATED_MAX (4u + 4u + 64u) /* XDR of a decorated signature */

static enum sdex_error no_bytes(struct sdex_failure *why, const char *field)
{
	return fail(why, SDEX_ERR_INVALID, 0, "%s: expected bytes, found NULL", field);
}

static enum sdex_error check_old(const sdex_TransactionEnvelope *envelope, uint32_t more,
				 struct sdex_failure *why)
{
	const struct check check = {.why = why};
	const sdex_DecoratedSignature_list old = sdex_tx_signatures(envelope);
	uint32_t there = old.count;
	if (there > SIGNATURES_MAX || more > SIGNATURES_MAX - there)
		return refuse(&check, SDEX_RULE_TX_SIGNATURES_MANY, "%" PRIu32 " and %" PRIu32,
			      there, more);
	if (there && !old.items)
		return no_bytes(why, "signatures");
	return SDEX_OK;
}

/* Writes a decorated signature as XDR; returns its size.  `size` is at most 64. */
static size_t write_signature(uint8_t *out, const uint8_t hint[4], const uint8_t *signature,
			      uint32_t size)
{
	uint32_t padded = (size + 3) & ~3u;
	memcpy(out, hint, 4);
	store_be32(out + 4, size);
	memset(out + 8 + padded - 4, 0, 4);
	if (size)
		memcpy(out + 8, signature, size);
	return 8 + padded;
}

static enum sdex_error write_old(uint8_t **out, const sdex_DecoratedSignature_list *list,
				 struct sdex_failure *why)
{
	for (uint32_t i = 0; i < list->count; i++) {
		const struct sdex_bytes *bytes = &list->items[i].signature;
		if (bytes->size && !bytes->data)
			return no_bytes(why, "signatures");
		if (bytes->size > 64)
			return fail(why, SDEX_ERR_LENGTH, 0,
				    "signatures[%" PRIu32 "]: expected at most 64 bytes, found "
				    "%" PRIu32,
				    i, bytes->size);
		*out += write_signature(*out, list->items[i].hint.bytes, bytes->data, bytes->size);
	}
	return SDEX_OK;
}

enum sdex_error sdex_tx_sign_base64(char *text, size_t room, size_t *length, sdex_Hash *hash,
				    struct sdex_arena *scratch,
				    const sdex_TransactionEnvelope *envelope,
				    const sdex_Hash *network, const struct sdex_secret *const *keys,
				    uint32_t key_count, struct sdex_failure *why)
{
	struct payload payload;
	sdex_Hash digest;
	const sdex_DecoratedSignature_list old = sdex_tx_signatures(envelope);
	enum sdex_error error = check_old(envelope, key_count, why);
	if (!error)
		error = payload_write(&payload, scratch, envelope, network,
				      4 + (size_t)(old.count + key_count) * DECORATED_MAX, why);
	if (error)
		return error;
	payload_hash(&payload, &digest);
	uint8_t *end = payload.bytes + payload.hashed;
	store_be32(end, old.count + key_count);
	end += 4;
	error = write_old(&end, &old, why);
	if (error)
		return error;
	for (uint32_t i = 0; i < key_count; i++) {
		uint8_t hint[4], signature[64];
		sdex_hint(hint, keys[i]->public_key);
		sdex_sign(keys[i], signature, digest.bytes, sizeof digest.bytes);
		end += write_signature(end, hint, signature, sizeof signature);
	}
	const uint8_t *start = payload.bytes + payload.sent;
	size_t size = (size_t)(end - start);
	if (sdex_base64_encode(text, room, length, start, size))
		return fail_space(why, SDEX_BASE64_LENGTH(size) + 1, room);
	if (hash)
		*hash = digest;
	return SDEX_OK;
}

enum sdex_error sdex_tx_seal(char *text, size_t room, size_t *length, sdex_Hash *hash,
			     struct sdex_arena *scratch, const sdex_Transaction *tx,
			     const sdex_Hash *network, const struct sdex_secret *const *keys,
			     uint32_t key_count, const struct sdex_network_limits *limits,
			     struct sdex_failure *why)
{
	sdex_TransactionV1Envelope v1 = {.tx = *tx};
	const sdex_TransactionEnvelope envelope = {.type = SDEX_ENVELOPE_TYPE_TX, .v1 = &v1};
	enum sdex_error error = sdex_tx_check(&envelope, limits, why);
	if (error)
		return error;
	return sdex_tx_sign_base64(text, room, length, hash, scratch, &envelope, network, keys,
				   key_count, why);
}

/* Makes room for `more` signatures behind the old ones, each of up to 64 bytes. */
struct growth {
	sdex_DecoratedSignature_list list; /* the old ones, and count for the new */
	uint8_t *bytes;                    /* for those of the new ones */
};

static enum sdex_error grow(struct growth *growth, struct sdex_arena *arena,
			    const sdex_TransactionEnvelope *envelope, uint32_t more,
			    struct sdex_failure *why)
{
	const sdex_DecoratedSignature_list old = sdex_tx_signatures(envelope);
	if (!payload_signatures((sdex_TransactionEnvelope *)(uintptr_t)envelope))
		return envelope_refuse(envelope, why);
	enum sdex_error error = check_old(envelope, more, why);
	if (error)
		return error;
	growth->list.count = old.count;
	growth->list.items = arena_take8(arena, (old.count + more) * sizeof *old.items + 1);
	growth->bytes = arena_take8(arena, (size_t)more * 64 + 1);
	if (!growth->list.items || !growth->bytes)
		return arena_full(why);
	if (old.count)
		memcpy(growth->list.items, old.items, old.count * sizeof *old.items);
	return SDEX_OK;
}

static void append(struct growth *growth, const uint8_t hint[4], const uint8_t *signature,
		   uint32_t size)
{
	sdex_DecoratedSignature *one = &growth->list.items[growth->list.count++];
	memcpy(one->hint.bytes, hint, 4);
	if (size)
		memcpy(growth->bytes, signature, size);
	one->signature = (struct sdex_bytes){growth->bytes, size};
	growth->bytes += size;
}

static enum sdex_error add_one(sdex_TransactionEnvelope *envelope, struct sdex_arena *arena,
			       const uint8_t hint[4], const uint8_t *signature, uint32_t size,
			       struct sdex_failure *why)
{
	struct growth growth = {.bytes = NULL};
	enum sdex_error error = grow(&growth, arena, envelope, 1, why);
	if (error)
		return error;
	append(&growth, hint, signature, size);
	*payload_signatures(envelope) = growth.list;
	return SDEX_OK;
}

enum sdex_error sdex_tx_sign(sdex_TransactionEnvelope *envelope, struct sdex_arena *arena,
			     const sdex_Hash *network, const struct sdex_secret *const *keys,
			     uint32_t key_count, struct sdex_failure *why)
{
	struct growth growth = {.bytes = NULL};
	sdex_Hash hash;
	enum sdex_error error = grow(&growth, arena, envelope, key_count, why);
	if (!error)
		error = sdex_tx_hash(&hash, arena, envelope, network, why);
	if (error)
		return error;
	for (uint32_t i = 0; i < key_count; i++) {
		uint8_t hint[4], signature[64];
		sdex_hint(hint, keys[i]->public_key);
		sdex_sign(keys[i], signature, hash.bytes, sizeof hash.bytes);
		append(&growth, hint, signature, sizeof signature);
	}
	*payload_signatures(envelope) = growth.list;
	return SDEX_OK;
}

enum sdex_error sdex_tx_sign_hash_x(sdex_TransactionEnvelope *envelope, struct sdex_arena *arena,
				    const uint8_t *preimage, size_t size, struct sdex_failure *why)
{
	uint8_t hash[32], hint[4];
	if (size && !preimage)
		return no_bytes(why, "preimage");
	if (size > 64)
		return fail(why, SDEX_ERR_LENGTH, 0,
			    "preimage: expected at most 64 bytes, as a signature holds, found %zu",
			    size);
	sdex_sha256(hash, preimage, size);
	sdex_hint(hint, hash);
	return add_one(envelope, arena, hint, preimage, (uint32_t)size, why);
}

/* CAP-40: the key's hint XOR the last four bytes of the payload, zeros behind a shorter one. */
static void payload_hint(uint8_t hint[4], const uint8_t public_key[32], struct sdex_bytes payload)
{
	uint32_t skip = payload.size > 4 ? payload.size - 4 : 0;
	sdex_hint(hint, public_key);
	for (uint32_t i = 0; payload.data && i < 4 && skip + i < payload.size; i++)
		hint[i] ^= payload.data[skip + i];
}

enum sdex_error sdex_tx_sign_payload(sdex_TransactionEnvelope *envelope, struct sdex_arena *arena,
				     const struct sdex_secret *key, struct sdex_bytes payload,
				     struct sdex_failure *why)
{
	uint8_t hint[4], signature[64];
	if (payload.size == 0 || payload.size > 64)
		return fail(why, SDEX_ERR_LENGTH, 0,
			    "payload: expected 1 to 64 bytes, found %" PRIu32, payload.size);
	if (!payload.data)
		return no_bytes(why, "payload");
	payload_hint(hint, key->public_key, payload);
	sdex_sign(key, signature, payload.data, payload.size);
	return add_one(envelope, arena, hint, signature, sizeof signature, why);
}

enum sdex_error sdex_tx_add_signature(sdex_TransactionEnvelope *envelope, struct sdex_arena *arena,
				      const sdex_DecoratedSignature *signature,
				      struct sdex_failure *why)
{
	if (signature->signature.size && !signature->signature.data)
		return no_bytes(why, "signature");
	if (signature->signature.size > 64)
		return fail(why, SDEX_ERR_LENGTH, 0,
			    "signature: expected at most 64 bytes, found %" PRIu32,
			    signature->signature.size);
	return add_one(envelope, arena, signature->hint.bytes, signature->signature.data,
		       signature->signature.size, why);
}

sdex_SignerKey sdex_signer_ed25519(const uint8_t public_key[32])
{
	sdex_SignerKey key = {.type = SDEX_SIGNER_KEY_TYPE_ED25519};
	memcpy(key.ed25519.bytes, public_key, 32);
	return key;
}

sdex_SignerKey sdex_signer_pre_auth_tx(const sdex_Hash *hash)
{
	sdex_SignerKey key = {.type = SDEX_SIGNER_KEY_TYPE_PRE_AUTH_TX};
	memcpy(key.preAuthTx.bytes, hash->bytes, 32);
	return key;
}

sdex_SignerKey sdex_signer_hash_x(const uint8_t hash[32])
{
	sdex_SignerKey key = {.type = SDEX_SIGNER_KEY_TYPE_HASH_X};
	memcpy(key.hashX.bytes, hash, 32);
	return key;
}

void sdex_signer_hint(uint8_t hint[4], const sdex_SignerKey *signer)
{
	switch (signer->type) {
	case SDEX_SIGNER_KEY_TYPE_ED25519:
		sdex_hint(hint, signer->ed25519.bytes);
		return;
	case SDEX_SIGNER_KEY_TYPE_PRE_AUTH_TX:
		sdex_hint(hint, signer->preAuthTx.bytes);
		return;
	case SDEX_SIGNER_KEY_TYPE_HASH_X:
		sdex_hint(hint, signer->hashX.bytes);
		return;
	case SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD:
		if (!signer->ed25519SignedPayload)
			break;
		payload_hint(hint, signer->ed25519SignedPayload->ed25519.bytes,
			     signer->ed25519SignedPayload->payload);
		return;
	}
	memset(hint, 0, 4);
}
