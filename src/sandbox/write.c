/* sandbox/write.c - fields of answers (call.h). */
#include <stdarg.h>
#include <stdio.h>

#include "base/int128.h"
#include "sandbox/call.h"
#include "sdex/amount.h"
#include "sdex/strkey.h"
#include "stellar/words.h"

#define TIME_TEXT_ROOM 32u
#define LAST_SECOND UINT64_C(253402300799) /* of year 9999: RFC 3339 has four digits */

void put_key(struct json_writer *w, const char *key)
{
	json_write_key(w, key, strlen(key));
}

void put_text_n(struct json_writer *w, const char *key, const void *text, size_t size)
{
	put_key(w, key);
	json_write_string(w, text, size);
}

void put_text(struct json_writer *w, const char *key, const char *text)
{
	put_text_n(w, key, text, strlen(text));
}

void put_format(struct json_writer *w, const char *key, const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put_text(w, key, text);
}

void put_int(struct json_writer *w, const char *key, int64_t value)
{
	put_key(w, key);
	json_write_int64(w, value);
}

void put_int_text(struct json_writer *w, const char *key, int64_t value)
{
	put_format(w, key, "%lld", (long long)value);
}

void put_bool(struct json_writer *w, const char *key, bool value)
{
	put_key(w, key);
	json_write_bool(w, value);
}

void put_amount(struct json_writer *w, const char *key, int64_t stroops)
{
	char text[SDEX_AMOUNT_ROOM];
	size_t length = sdex_amount_print(text, (struct sdex_amount){stroops});
	put_text_n(w, key, text, length);
}

void put_hex(struct json_writer *w, const char *key, const void *data, size_t size)
{
	put_key(w, key);
	json_write_hex(w, data, size);
}

void put_base64(struct json_writer *w, const char *key, const void *data, size_t size,
		struct sdex_arena *arena)
{
	size_t length = SDEX_BASE64_LENGTH(size);
	char *text = sdex_arena_alloc(arena, length + 1);
	if (!text || sdex_base64_encode(text, length + 1, &length, data, size)) {
		w->error = SDEX_ERR_NOMEM;
		return;
	}
	put_text_n(w, key, text, length);
}

void put_xdr(struct json_writer *w, const char *key, enum sdex_type type, const void *value,
	     struct sdex_arena *arena)
{
	size_t size = 0;
	enum sdex_error error = sdex_xdr_size(type, &size, value, NULL);
	uint8_t *bytes = error ? NULL : sdex_arena_alloc(arena, size);
	if (!bytes || sdex_xdr_encode(type, bytes, size, &size, value, NULL)) {
		w->error = error ? error : SDEX_ERR_NOMEM;
		return;
	}
	put_base64(w, key, bytes, size, arena);
}

static void time_text(char text[TIME_TEXT_ROOM], uint64_t seconds)
{
	struct words words = {.text = text, .room = TIME_TEXT_ROOM};
	if (seconds > LAST_SECOND)
		seconds = LAST_SECOND;
	words_add_time(&words, seconds); /* "2026-01-31 23:59:59 UTC" */
	text[10] = 'T';
	text[19] = 'Z';
	text[20] = 0;
}

void put_time(struct json_writer *w, const char *key, uint64_t seconds)
{
	char text[TIME_TEXT_ROOM];
	time_text(text, seconds);
	put_text(w, key, text);
}

void address_text(char text[57], const struct state *state, uint32_t address)
{
	char room[SDEX_STRKEY_KEY_ROOM] = "?";
	size_t length;
	if (address != SLOT_NONE)
		(void)!sdex_strkey_encode_key(room, sizeof(room), &length, SDEX_STRKEY_ACCOUNT,
					      address_at(state, address)->key);
	memcpy(text, room, 56);
	text[56] = 0;
}

void put_address(struct json_writer *w, const char *key, const struct state *state,
		 uint32_t address)
{
	char text[57];
	address_text(text, state, address);
	put_text(w, key, text);
}

static size_t code_length(const uint8_t *code, size_t room)
{
	size_t length = 0;
	while (length < room && code[length])
		length++;
	return length;
}

static void put_asset_parts(struct json_writer *w, const char *prefix, unsigned type,
			    const uint8_t *code, const uint8_t *issuer)
{
	static const char *const types[] = {"native", "credit_alphanum4", "credit_alphanum12",
					    "liquidity_pool_shares"};
	char key[48], text[SDEX_STRKEY_KEY_ROOM] = "?";
	size_t length;
	(void)snprintf(key, sizeof(key), "%sasset_type", prefix);
	put_text(w, key, types[type]);
	if (!issuer)
		return;
	(void)snprintf(key, sizeof(key), "%sasset_code", prefix);
	put_text_n(w, key, code,
		   code_length(code, type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4 ? 4 : 12));
	(void)snprintf(key, sizeof(key), "%sasset_issuer", prefix);
	(void)!sdex_strkey_encode_key(text, sizeof(text), &length, SDEX_STRKEY_ACCOUNT, issuer);
	put_text(w, key, text);
}

void put_asset(struct json_writer *w, const char *prefix, const struct state *state,
	       uint32_t number)
{
	const struct asset *asset = asset_at(state, number);
	put_asset_parts(w, prefix, asset->type, asset->code,
			asset->issuer == SLOT_NONE ? NULL : address_at(state, asset->issuer)->key);
}

void put_asset_value(struct json_writer *w, const char *prefix, const sdex_Asset *asset)
{
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		put_asset_parts(w, prefix, asset->type, asset->alphaNum4.assetCode.bytes,
				asset->alphaNum4.issuer.ed25519.bytes);
	else if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		put_asset_parts(w, prefix, asset->type, asset->alphaNum12->assetCode.bytes,
				asset->alphaNum12->issuer.ed25519.bytes);
	else
		put_asset_parts(w, prefix, asset->type, NULL, NULL);
}

void asset_text(char text[ASSET_TEXT_ROOM], const struct state *state, uint32_t number)
{
	const struct asset *asset = asset_at(state, number);
	size_t length;
	if (asset->type == SDEX_ASSET_TYPE_NATIVE) {
		(void)snprintf(text, ASSET_TEXT_ROOM, "native");
	} else if (asset->type == SDEX_ASSET_TYPE_POOL_SHARE) {
		(void)!sdex_hex_encode(text, ASSET_TEXT_ROOM, &length, asset->pool_id, 32);
	} else {
		char issuer[57];
		address_text(issuer, state, asset->issuer);
		(void)snprintf(
			text, ASSET_TEXT_ROOM, "%.*s:%s",
			(int)code_length(asset->code,
					 asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4 ? 4 : 12),
			(const char *)asset->code, issuer);
	}
}

void ratio_text(char text[RATIO_TEXT_ROOM], int64_t n, int64_t d)
{
	uint128 scaled = (uint128)(uint64_t)n * SDEX_STROOPS_PER_UNIT;
	uint128 whole = scaled / (uint64_t)d;
	if (scaled % (uint64_t)d * 2 >= (uint64_t)d)
		whole++;
	uint64_t units = (uint64_t)(whole / SDEX_STROOPS_PER_UNIT);
	uint64_t rest = (uint64_t)(whole % SDEX_STROOPS_PER_UNIT);
	(void)snprintf(text, RATIO_TEXT_ROOM, "%llu.%07llu", (unsigned long long)units,
		       (unsigned long long)rest);
}
