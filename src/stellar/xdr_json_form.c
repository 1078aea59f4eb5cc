/* stellar/xdr_json_form.c - the types that SEP-51 writes as one string: strkeys, asset
 * codes, integers wider than 64 bits. */
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/failure.h"
#include "base/wide.h"
#include "sdex/strkey.h"
#include "sdex/xdr_types.h"
#include "stellar/xdr_json.h"

enum json_form json_form(uint16_t type)
{
	static const uint8_t forms[SDEX_TYPE_COUNT] = {
		[SDEX_TYPE_PublicKey] = JSON_FORM_ACCOUNT,
		[SDEX_TYPE_ContractID] = JSON_FORM_CONTRACT,
		[SDEX_TYPE_PoolID] = JSON_FORM_POOL,
		[SDEX_TYPE_ClaimableBalanceID] = JSON_FORM_BALANCE,
		[SDEX_TYPE_MuxedAccount] = JSON_FORM_MUXED,
		[SDEX_TYPE_MuxedAccountMed25519] = JSON_FORM_MED25519,
		[SDEX_TYPE_MuxedEd25519Account] = JSON_FORM_MED25519,
		[SDEX_TYPE_SignerKey] = JSON_FORM_SIGNER,
		[SDEX_TYPE_SignerKeyEd25519SignedPayload] = JSON_FORM_SIGNED_PAYLOAD,
		[SDEX_TYPE_SCAddress] = JSON_FORM_ADDRESS,
		[SDEX_TYPE_AssetCode4] = JSON_FORM_CODE4,
		[SDEX_TYPE_AssetCode12] = JSON_FORM_CODE12,
		[SDEX_TYPE_AssetCode] = JSON_FORM_CODE,
		[SDEX_TYPE_Int128Parts] = JSON_FORM_INT128,
		[SDEX_TYPE_UInt128Parts] = JSON_FORM_UINT128,
		[SDEX_TYPE_Int256Parts] = JSON_FORM_INT256,
		[SDEX_TYPE_UInt256Parts] = JSON_FORM_UINT256,
	};
	/* An alias (AccountID, NodeID) that has no form of its own has its target's. */
	while (type < SDEX_TYPE_COUNT && !forms[type] && describe_types[type].alias != type)
		type = describe_types[type].alias;
	return type < SDEX_TYPE_COUNT ? (enum json_form)forms[type] : JSON_FORM_NONE;
}

/* The two types of a muxed account are one in memory. */
_Static_assert(sizeof(sdex_MuxedAccountMed25519) == sizeof(sdex_MuxedEd25519Account) &&
		       offsetof(sdex_MuxedAccountMed25519, ed25519) ==
			       offsetof(sdex_MuxedEd25519Account, ed25519) &&
		       offsetof(sdex_MuxedAccountMed25519, id) ==
			       offsetof(sdex_MuxedEd25519Account, id),
	       "MuxedAccountMed25519 and MuxedEd25519Account have the same fields");

/* ---- strkeys ---- */

static void set_key(struct sdex_strkey *out, enum sdex_strkey_kind kind, const uint8_t key[32])
{
	out->kind = kind;
	memcpy(out->key, key, 32);
}

static void set_med25519(struct sdex_strkey *out, const sdex_MuxedAccountMed25519 *v)
{
	set_key(out, SDEX_STRKEY_MUXED_ACCOUNT, v->ed25519.bytes);
	out->id = v->id;
}

static void set_payload(struct sdex_strkey *out, const sdex_SignerKeyEd25519SignedPayload *v)
{
	set_key(out, SDEX_STRKEY_SIGNED_PAYLOAD, v->ed25519.bytes);
	out->payload_size = v->payload.size;
	if (v->payload.size)
		memcpy(out->payload, v->payload.data, v->payload.size);
}

static void set_muxed(struct sdex_strkey *out, const sdex_MuxedAccount *v)
{
	if (v->type == SDEX_KEY_TYPE_ED25519)
		set_key(out, SDEX_STRKEY_ACCOUNT, v->ed25519.bytes);
	else
		set_med25519(out, &v->med25519);
}

static void set_signer(struct sdex_strkey *out, const sdex_SignerKey *v)
{
	switch (v->type) {
	case SDEX_SIGNER_KEY_TYPE_ED25519:
		set_key(out, SDEX_STRKEY_ACCOUNT, v->ed25519.bytes);
		return;
	case SDEX_SIGNER_KEY_TYPE_PRE_AUTH_TX:
		set_key(out, SDEX_STRKEY_PRE_AUTH_TX, v->preAuthTx.bytes);
		return;
	case SDEX_SIGNER_KEY_TYPE_HASH_X:
		set_key(out, SDEX_STRKEY_HASH_X, v->hashX.bytes);
		return;
	case SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD:
		set_payload(out, v->ed25519SignedPayload);
		return;
	}
}

static void set_address(struct sdex_strkey *out, const sdex_SCAddress *v)
{
	switch (v->type) {
	case SDEX_SC_ADDRESS_TYPE_ACCOUNT:
		set_key(out, SDEX_STRKEY_ACCOUNT, v->accountId.ed25519.bytes);
		return;
	case SDEX_SC_ADDRESS_TYPE_CONTRACT:
		set_key(out, SDEX_STRKEY_CONTRACT, v->contractId.bytes);
		return;
	case SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT:
		set_key(out, SDEX_STRKEY_MUXED_ACCOUNT, v->muxedAccount.ed25519.bytes);
		out->id = v->muxedAccount.id;
		return;
	case SDEX_SC_ADDRESS_TYPE_CLAIMABLE_BALANCE:
		set_key(out, SDEX_STRKEY_CLAIMABLE_BALANCE, v->claimableBalanceId.v0.bytes);
		return;
	case SDEX_SC_ADDRESS_TYPE_LIQUIDITY_POOL:
		set_key(out, SDEX_STRKEY_LIQUIDITY_POOL, v->liquidityPoolId.bytes);
		return;
	}
}

static size_t print_strkey(char *text, enum json_form form, const void *value)
{
	struct sdex_strkey key = {0};
	size_t size = 0;
	if (form == JSON_FORM_ACCOUNT)
		set_key(&key, SDEX_STRKEY_ACCOUNT, ((const sdex_PublicKey *)value)->ed25519.bytes);
	else if (form == JSON_FORM_CONTRACT)
		set_key(&key, SDEX_STRKEY_CONTRACT, value);
	else if (form == JSON_FORM_POOL)
		set_key(&key, SDEX_STRKEY_LIQUIDITY_POOL, value);
	else if (form == JSON_FORM_BALANCE)
		set_key(&key, SDEX_STRKEY_CLAIMABLE_BALANCE,
			((const sdex_ClaimableBalanceID *)value)->v0.bytes);
	else if (form == JSON_FORM_MUXED)
		set_muxed(&key, value);
	else if (form == JSON_FORM_MED25519)
		set_med25519(&key, value);
	else if (form == JSON_FORM_SIGNER)
		set_signer(&key, value);
	else if (form == JSON_FORM_SIGNED_PAYLOAD)
		set_payload(&key, value);
	else
		set_address(&key, value);
	CHECK(sdex_strkey_encode(text, JSON_FORM_ROOM, &size, &key) == SDEX_OK);
	return size;
}

static void get_med25519(sdex_MuxedAccountMed25519 *out, const struct sdex_strkey *key)
{
	out->id = key->id;
	memcpy(out->ed25519.bytes, key->key, 32);
}

static enum sdex_error get_payload(sdex_SignerKeyEd25519SignedPayload *out,
				   const struct sdex_strkey *key, struct sdex_arena *arena)
{
	const uint8_t *payload = sdex_arena_copy(arena, key->payload, key->payload_size);
	if (!payload)
		return SDEX_ERR_NOMEM;
	memcpy(out->ed25519.bytes, key->key, 32);
	out->payload = (struct sdex_bytes){payload, key->payload_size};
	return SDEX_OK;
}

static bool get_muxed(sdex_MuxedAccount *out, const struct sdex_strkey *key)
{
	if (key->kind == SDEX_STRKEY_ACCOUNT) {
		out->type = SDEX_KEY_TYPE_ED25519;
		memcpy(out->ed25519.bytes, key->key, 32);
		return true;
	}
	out->type = SDEX_KEY_TYPE_MUXED_ED25519;
	get_med25519(&out->med25519, key);
	return key->kind == SDEX_STRKEY_MUXED_ACCOUNT;
}

static enum sdex_error get_signer(sdex_SignerKey *out, const struct sdex_strkey *key,
				  struct sdex_arena *arena)
{
	if (key->kind == SDEX_STRKEY_SIGNED_PAYLOAD) {
		sdex_SignerKeyEd25519SignedPayload *payload =
			sdex_arena_alloc(arena, sizeof *payload);
		if (!payload)
			return SDEX_ERR_NOMEM;
		out->type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD;
		out->ed25519SignedPayload = payload;
		return get_payload(payload, key, arena);
	}
	if (key->kind == SDEX_STRKEY_ACCOUNT)
		out->type = SDEX_SIGNER_KEY_TYPE_ED25519;
	else if (key->kind == SDEX_STRKEY_PRE_AUTH_TX)
		out->type = SDEX_SIGNER_KEY_TYPE_PRE_AUTH_TX;
	else if (key->kind == SDEX_STRKEY_HASH_X)
		out->type = SDEX_SIGNER_KEY_TYPE_HASH_X;
	else
		return SDEX_ERR_KIND;
	memcpy(out->ed25519.bytes, key->key, 32); /* one place for all three */
	return SDEX_OK;
}

static enum sdex_error get_address(sdex_SCAddress *out, const struct sdex_strkey *key)
{
	uint8_t *to;
	if (key->kind == SDEX_STRKEY_ACCOUNT) {
		out->type = SDEX_SC_ADDRESS_TYPE_ACCOUNT;
		out->accountId.type = SDEX_PUBLIC_KEY_TYPE_ED25519;
		to = out->accountId.ed25519.bytes;
	} else if (key->kind == SDEX_STRKEY_CONTRACT) {
		out->type = SDEX_SC_ADDRESS_TYPE_CONTRACT;
		to = out->contractId.bytes;
	} else if (key->kind == SDEX_STRKEY_MUXED_ACCOUNT) {
		out->type = SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT;
		out->muxedAccount.id = key->id;
		to = out->muxedAccount.ed25519.bytes;
	} else if (key->kind == SDEX_STRKEY_CLAIMABLE_BALANCE) {
		out->type = SDEX_SC_ADDRESS_TYPE_CLAIMABLE_BALANCE;
		out->claimableBalanceId.type = SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0;
		to = out->claimableBalanceId.v0.bytes;
	} else if (key->kind == SDEX_STRKEY_LIQUIDITY_POOL) {
		out->type = SDEX_SC_ADDRESS_TYPE_LIQUIDITY_POOL;
		to = out->liquidityPoolId.bytes;
	} else {
		return SDEX_ERR_KIND;
	}
	memcpy(to, key->key, 32);
	return SDEX_OK;
}

/* The kinds that a form has, for people. */
static const char *strkey_kinds(enum json_form form)
{
	static const char *const kinds[] = {
		[JSON_FORM_ACCOUNT] = "an account (G...)",
		[JSON_FORM_CONTRACT] = "a contract (C...)",
		[JSON_FORM_POOL] = "a liquidity pool (L...)",
		[JSON_FORM_BALANCE] = "a claimable balance (B...)",
		[JSON_FORM_MUXED] = "an account (G... or M...)",
		[JSON_FORM_MED25519] = "a muxed account (M...)",
		[JSON_FORM_SIGNER] = "a signer (G..., T..., X... or P...)",
		[JSON_FORM_SIGNED_PAYLOAD] = "a signed payload (P...)",
		[JSON_FORM_ADDRESS] = "an address (G..., C..., M..., B... or L...)",
	};
	return kinds[form];
}

static enum sdex_error get_strkey(void *value, enum json_form form, struct sdex_arena *arena,
				  const struct sdex_strkey *key)
{
	if (form == JSON_FORM_MUXED)
		return get_muxed(value, key) ? SDEX_OK : SDEX_ERR_KIND;
	if (form == JSON_FORM_SIGNER)
		return get_signer(value, key, arena);
	if (form == JSON_FORM_ADDRESS)
		return get_address(value, key);
	static const uint8_t kinds[] = {
		[JSON_FORM_ACCOUNT] = SDEX_STRKEY_ACCOUNT,
		[JSON_FORM_CONTRACT] = SDEX_STRKEY_CONTRACT,
		[JSON_FORM_POOL] = SDEX_STRKEY_LIQUIDITY_POOL,
		[JSON_FORM_BALANCE] = SDEX_STRKEY_CLAIMABLE_BALANCE,
		[JSON_FORM_MED25519] = SDEX_STRKEY_MUXED_ACCOUNT,
		[JSON_FORM_SIGNED_PAYLOAD] = SDEX_STRKEY_SIGNED_PAYLOAD,
	};
	if (key->kind != (enum sdex_strkey_kind)kinds[form])
		return SDEX_ERR_KIND;
	if (form == JSON_FORM_MED25519)
		get_med25519(value, key);
	else if (form == JSON_FORM_SIGNED_PAYLOAD)
		return get_payload(value, key, arena);
	else if (form == JSON_FORM_ACCOUNT)
		memcpy(((sdex_PublicKey *)value)->ed25519.bytes, key->key, 32);
	else if (form == JSON_FORM_BALANCE)
		memcpy(((sdex_ClaimableBalanceID *)value)->v0.bytes, key->key, 32);
	else
		memcpy(value, key->key, 32);
	return SDEX_OK;
}

static enum sdex_error parse_strkey(void *value, enum json_form form, struct sdex_arena *arena,
				    const char *text, size_t size, struct sdex_failure *why)
{
	struct sdex_strkey key;
	enum sdex_error error = sdex_strkey_decode(&key, text, size, why);
	if (error)
		return error;
	error = get_strkey(value, form, arena, &key);
	if (error == SDEX_ERR_KIND)
		return fail(why, error, 0, "expected %s, found %s", strkey_kinds(form),
			    sdex_strkey_kind_text(key.kind));
	return error ? fail(why, error, 0, "%s", sdex_error_text(error)) : SDEX_OK;
}

/* ---- asset codes, and the escapes of strings ---- */

size_t json_escape_byte(char out[4], uint8_t c)
{
	static const char hex[] = "0123456789abcdef";
	static const char names[] = {
		['\0'] = '0', ['\t'] = 't', ['\n'] = 'n', ['\r'] = 'r', ['\\'] = '\\'};
	if (c >= ' ' && c < 0x7f && c != '\\') {
		out[0] = (char)c;
		return 1;
	}
	out[0] = '\\';
	if (c < sizeof names && names[c]) {
		out[1] = names[c];
		return 2;
	}
	out[1] = 'x';
	out[2] = hex[c >> 4];
	out[3] = hex[c & 15];
	return 4;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum sdex_error json_unescape_bytes(uint8_t *out, size_t *used, const char *text, size_t size,
				    struct sdex_failure *why)
{
	struct quote quote;
	uint8_t *begin = out;
	for (size_t i = 0; i < size;) {
		char c = text[i];
		if (c < ' ' || c > '~')
			return fail(why, SDEX_ERR_CHARACTER, i,
				    "strings of XDR are printable ASCII, other bytes are written "
				    "\\xNN; "
				    "found %s",
				    bytes_quote(&quote, text + i, 1));
		if (c != '\\') {
			*out++ = (uint8_t)c;
			i++;
			continue;
		}
		static const char escapes[] = "0tnr\\", plain[] = "\0\t\n\r\\";
		const char *known = i + 1 < size ? memchr(escapes, text[i + 1], 5) : NULL;
		if (known) {
			*out++ = (uint8_t)plain[known - escapes];
			i += 2;
			continue;
		}
		int high = i + 3 < size && text[i + 1] == 'x' ? hex_value(text[i + 2]) : -1;
		int low = high < 0 ? -1 : hex_value(text[i + 3]);
		if (low < 0)
			return fail(why, SDEX_ERR_SYNTAX, i,
				    "expected an escape (\\0 \\t \\n \\r \\\\ \\xNN), found %s",
				    bytes_quote(&quote, text + i, size - i < 4 ? size - i : 4));
		*out++ = (uint8_t)(high << 4 | low);
		i += 4;
	}
	*used = (size_t)(out - begin);
	return SDEX_OK;
}

/* Trailing zeros are left out, but for those that make five characters of a long code. */
static size_t print_code(char *text, const uint8_t *code, size_t size, size_t least)
{
	size_t n = 0;
	while (size > least && code[size - 1] == 0)
		size--;
	for (size_t i = 0; i < size; i++)
		n += json_escape_byte(text + n, code[i]);
	return n;
}

static size_t print_any_code(char *text, const sdex_AssetCode *v)
{
	return v->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4
		       ? print_code(text, v->assetCode4.bytes, 4, 0)
		       : print_code(text, v->assetCode12.bytes, 12, 5);
}

/* Reads at most `most` bytes, padded with zeros to 12. */
static enum sdex_error parse_code(uint8_t code[12], size_t *size, const char *text, size_t length,
				  size_t most, struct sdex_failure *why)
{
	uint8_t bytes[JSON_FORM_ROOM];
	enum sdex_error error = json_unescape_bytes(bytes, size, text, length, why);
	if (error)
		return error;
	if (*size > most)
		return fail(why, SDEX_ERR_LENGTH, 0,
			    "expected an asset code of at most %zu characters, found %zu", most,
			    *size);
	memset(code, 0, 12);
	memcpy(code, bytes, *size);
	return SDEX_OK;
}

static enum sdex_error parse_any_code(void *value, enum json_form form, const char *text,
				      size_t length, struct sdex_failure *why)
{
	uint8_t code[12];
	size_t size = 0;
	enum sdex_error error =
		parse_code(code, &size, text, length, form == JSON_FORM_CODE4 ? 4 : 12, why);
	if (error)
		return error;
	sdex_AssetCode *any = value;
	if (form == JSON_FORM_CODE4) {
		memcpy(value, code, 4);
	} else if (form == JSON_FORM_CODE12) {
		memcpy(value, code, 12);
	} else if (size <= 4) {
		any->type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4;
		memcpy(any->assetCode4.bytes, code, 4);
	} else {
		any->type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12;
		memcpy(any->assetCode12.bytes, code, 12);
	}
	return SDEX_OK;
}

/* ---- wide integers: their parts stand in memory as wide.h wants them ---- */

_Static_assert(sizeof(sdex_Int128Parts) == 16 && sizeof(sdex_UInt128Parts) == 16 &&
		       sizeof(sdex_Int256Parts) == 32 && sizeof(sdex_UInt256Parts) == 32 &&
		       offsetof(sdex_Int128Parts, hi) == 0 &&
		       offsetof(sdex_UInt128Parts, hi) == 0 &&
		       offsetof(sdex_Int256Parts, hi_hi) == 0 &&
		       offsetof(sdex_UInt256Parts, hi_hi) == 0,
	       "the parts of wide integers are words in a row");

static unsigned wide_parts(enum json_form form)
{
	return form == JSON_FORM_INT128 || form == JSON_FORM_UINT128 ? 2 : 4;
}

static bool wide_signed(enum json_form form)
{
	return form == JSON_FORM_INT128 || form == JSON_FORM_INT256;
}

static size_t print_wide(char *text, enum json_form form, const void *value)
{
	uint64_t parts[WIDE_PARTS_MAX];
	memcpy(parts, value, wide_parts(form) * sizeof *parts);
	return wide_print(text, parts, wide_parts(form), wide_signed(form));
}

static enum sdex_error parse_wide(void *value, enum json_form form, const char *text, size_t size,
				  struct sdex_failure *why)
{
	struct quote quote;
	uint64_t parts[WIDE_PARTS_MAX];
	unsigned n = wide_parts(form);
	enum sdex_error error = wide_parse(parts, n, wide_signed(form), text, size);
	if (error)
		return fail(why, error, 0,
			    "expected a whole number of %u bits with%s sign, found %s", n * 64,
			    wide_signed(form) ? "" : "out", bytes_quote(&quote, text, size));
	memcpy(value, parts, n * sizeof *parts);
	return SDEX_OK;
}

/* ---- all of them ---- */

size_t json_form_print(char text[JSON_FORM_ROOM], enum json_form form, const void *value)
{
	switch (form) {
	case JSON_FORM_NONE:
		break;
	case JSON_FORM_ACCOUNT:
	case JSON_FORM_CONTRACT:
	case JSON_FORM_POOL:
	case JSON_FORM_BALANCE:
	case JSON_FORM_MUXED:
	case JSON_FORM_MED25519:
	case JSON_FORM_SIGNER:
	case JSON_FORM_SIGNED_PAYLOAD:
	case JSON_FORM_ADDRESS:
		return print_strkey(text, form, value);
	case JSON_FORM_CODE4:
		return print_code(text, value, 4, 0);
	case JSON_FORM_CODE12:
		return print_code(text, value, 12, 5);
	case JSON_FORM_CODE:
		return print_any_code(text, value);
	case JSON_FORM_INT128:
	case JSON_FORM_UINT128:
	case JSON_FORM_INT256:
	case JSON_FORM_UINT256:
		return print_wide(text, form, value);
	}
	CHECK(form != JSON_FORM_NONE);
	return 0;
}

enum sdex_error json_form_parse(void *value, enum json_form form, struct sdex_arena *arena,
				const char *text, size_t size, struct sdex_failure *why)
{
	if (size > JSON_FORM_ROOM)
		return fail(why, SDEX_ERR_LENGTH, JSON_FORM_ROOM,
			    "no such text is longer than %u characters", JSON_FORM_ROOM);
	switch (form) {
	case JSON_FORM_NONE:
		break;
	case JSON_FORM_ACCOUNT:
	case JSON_FORM_CONTRACT:
	case JSON_FORM_POOL:
	case JSON_FORM_BALANCE:
	case JSON_FORM_MUXED:
	case JSON_FORM_MED25519:
	case JSON_FORM_SIGNER:
	case JSON_FORM_SIGNED_PAYLOAD:
	case JSON_FORM_ADDRESS:
		return parse_strkey(value, form, arena, text, size, why);
	case JSON_FORM_CODE4:
	case JSON_FORM_CODE12:
	case JSON_FORM_CODE:
		return parse_any_code(value, form, text, size, why);
	case JSON_FORM_INT128:
	case JSON_FORM_UINT128:
	case JSON_FORM_INT256:
	case JSON_FORM_UINT256:
		return parse_wide(value, form, text, size, why);
	}
	CHECK(form != JSON_FORM_NONE);
	return SDEX_ERR_INVALID;
}
