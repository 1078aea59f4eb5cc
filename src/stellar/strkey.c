/* stellar/strkey.c - SEP-23 both ways, strictly. */
#include "stellar/strkey.h"

#include <string.h>

#include "base/base32.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/crc16.h"
#include "base/endian.h"
#include "base/failure.h"
#include "sdex/bytes.h"

/* Version byte, at most 32 + 4 + 64 bytes, checksum. */
#define RAW_MAX 103u
#define RAW_ROOM BASE32_ROOM(SDEX_STRKEY_LENGTH_MAX)

const char *sdex_strkey_kind_text(enum sdex_strkey_kind kind)
{
	switch (kind) {
#define TEXT(letter, name, version, text) \
	case SDEX_STRKEY_##name:          \
		return text;
		SDEX_STRKEY_KINDS(TEXT)
#undef TEXT
	}
	return "no kind of strkey";
}

static bool kind_of_letter(enum sdex_strkey_kind *kind, char letter)
{
	switch (letter) {
#define LETTER(letter, name, version, text) \
	case letter:                        \
		*kind = SDEX_STRKEY_##name; \
		return true;
		SDEX_STRKEY_KINDS(LETTER)
#undef LETTER
	}
	return false;
}

/* Bytes of the value: what stands between the version byte and the checksum. */
static size_t value_size_min(enum sdex_strkey_kind kind)
{
	switch (kind) {
	case SDEX_STRKEY_MUXED_ACCOUNT:
		return 40;
	case SDEX_STRKEY_SIGNED_PAYLOAD:
		return 36;
	case SDEX_STRKEY_CLAIMABLE_BALANCE:
		return 33;
	case SDEX_STRKEY_CONTRACT:
	case SDEX_STRKEY_ACCOUNT:
	case SDEX_STRKEY_LIQUIDITY_POOL:
	case SDEX_STRKEY_SEED:
	case SDEX_STRKEY_PRE_AUTH_TX:
	case SDEX_STRKEY_HASH_X:
		return 32;
	}
	return 0;
}

static enum sdex_error bad_length(enum sdex_strkey_kind kind, size_t length,
				  struct sdex_failure *why)
{
	if (kind == SDEX_STRKEY_SIGNED_PAYLOAD)
		return fail(why, SDEX_ERR_LENGTH, length,
			    "%s has 63 to 165 characters, found %zu: the text is cut or has too "
			    "much",
			    sdex_strkey_kind_text(kind), length);
	return fail(why, SDEX_ERR_LENGTH, length,
		    "%s has %zu characters, found %zu: the text is cut or has too much",
		    sdex_strkey_kind_text(kind), BASE32_LENGTH(value_size_min(kind) + 3), length);
}

/* The text's bytes, with the version and the checksum verified. */
static enum sdex_error open_text(uint8_t raw[RAW_ROOM], enum sdex_strkey_kind kind,
				 const char *text, size_t length, struct sdex_failure *why)
{
	size_t least = BASE32_LENGTH(value_size_min(kind) + 3);
	size_t most = kind == SDEX_STRKEY_SIGNED_PAYLOAD ? SDEX_STRKEY_LENGTH_MAX : least;
	if (length < least || length > most)
		return bad_length(kind, length, why);
	enum sdex_error error = base32_decode(raw, text, length, why);
	if (error)
		return error;
	size_t size = BASE32_SIZE(length) - 2;
	uint16_t crc = crc16(raw, size);
	if (raw[size] != (crc & 0xff) || raw[size + 1] != crc >> 8)
		return fail(why, SDEX_ERR_CHECKSUM, 0,
			    "%s: the checksum does not match; a character is wrong or two are "
			    "swapped: copy it again",
			    sdex_strkey_kind_text(kind));
	/* The letter fixes the upper five bits; the lower three are an algorithm. */
	if (raw[0] != (uint8_t)kind)
		return fail(why, SDEX_ERR_UNSUPPORTED, 1,
			    "%s of algorithm %d, which does not exist yet",
			    sdex_strkey_kind_text(kind), raw[0] & 7);
	if (kind == SDEX_STRKEY_CLAIMABLE_BALANCE && raw[1] != 0)
		return fail(why, SDEX_ERR_UNSUPPORTED, 1,
			    "%s of version %d, which does not exist yet",
			    sdex_strkey_kind_text(kind), raw[1]);
	return SDEX_OK;
}

/* A payload is XDR: its length, its bytes, zeros up to a multiple of four. */
static enum sdex_error check_payload(const uint8_t *value, size_t size, struct sdex_failure *why)
{
	uint32_t payload = load_be32(value + 32);
	if (payload > SDEX_STRKEY_PAYLOAD_MAX)
		return fail(why, SDEX_ERR_SYNTAX, 0, "%s of %u bytes; the network has 64 at most",
			    sdex_strkey_kind_text(SDEX_STRKEY_SIGNED_PAYLOAD), payload);
	if (36 + (payload + 3) / 4 * 4 != size)
		return fail(why, SDEX_ERR_SYNTAX, 0,
			    "%s of %u bytes takes up %u with the zeros behind it, found %zu",
			    sdex_strkey_kind_text(SDEX_STRKEY_SIGNED_PAYLOAD), payload,
			    (payload + 3) / 4 * 4, size - 36);
	for (size_t i = 36 + payload; i < size; i++)
		if (value[i])
			return fail(why, SDEX_ERR_SYNTAX, 0,
				    "%s has bytes behind its payload that are not zero",
				    sdex_strkey_kind_text(SDEX_STRKEY_SIGNED_PAYLOAD));
	return SDEX_OK;
}

static enum sdex_error letter_kind(enum sdex_strkey_kind *kind, const char *text, size_t length,
				   struct sdex_failure *why)
{
	if (!length)
		return fail(why, SDEX_ERR_LENGTH, 0, "expected a strkey, found nothing");
	if (!kind_of_letter(kind, text[0]))
		return fail(why, SDEX_ERR_SYNTAX, 0,
			    "expected a strkey, whose first letter is one of B C G L M P S T X");
	return SDEX_OK;
}

enum sdex_error sdex_strkey_decode(struct sdex_strkey *key, const char *text, size_t length,
				   struct sdex_failure *why)
{
	uint8_t raw[RAW_ROOM];
	enum sdex_strkey_kind kind = 0;
	enum sdex_error error = letter_kind(&kind, text, length, why);
	if (error)
		return error;
	if (kind == SDEX_STRKEY_SEED)
		return fail(why, SDEX_ERR_KIND, 0,
			    "expected an address or a public key, found what looks like a secret "
			    "seed (S...): keep it secret");
	error = open_text(raw, kind, text, length, why);
	if (error)
		return error;
	const uint8_t *value = raw + 1;
	size_t size = BASE32_SIZE(length) - 3;
	if (kind == SDEX_STRKEY_SIGNED_PAYLOAD && (error = check_payload(value, size, why)))
		return error;
	*key = (struct sdex_strkey){.kind = kind};
	memcpy(key->key, value + (kind == SDEX_STRKEY_CLAIMABLE_BALANCE), 32);
	if (kind == SDEX_STRKEY_MUXED_ACCOUNT) {
		key->id = load_be64(value + 32);
	} else if (kind == SDEX_STRKEY_SIGNED_PAYLOAD) {
		key->payload_size = load_be32(value + 32);
		memcpy(key->payload, value + 36, size - 36);
	}
	return SDEX_OK;
}

/* Completes raw, which has `size` bytes, by the checksum, and writes its text. */
static size_t close_text(char *text, uint8_t *raw, size_t size)
{
	uint16_t crc = crc16(raw, size);
	raw[size] = (uint8_t)crc;
	raw[size + 1] = (uint8_t)(crc >> 8);
	base32_encode(text, raw, size + 2);
	text[BASE32_LENGTH(size + 2)] = '\0';
	return BASE32_LENGTH(size + 2);
}

enum sdex_error sdex_strkey_encode(char *text, size_t room, size_t *length,
				   const struct sdex_strkey *key)
{
	uint8_t raw[RAW_MAX] = {(uint8_t)key->kind};
	size_t size = 1 + value_size_min(key->kind);
	if (size == 1 || key->kind == SDEX_STRKEY_SEED)
		return SDEX_ERR_INVALID;
	memcpy(raw + 1 + (key->kind == SDEX_STRKEY_CLAIMABLE_BALANCE), key->key, 32);
	if (key->kind == SDEX_STRKEY_MUXED_ACCOUNT) {
		store_be64(raw + 33, key->id);
	} else if (key->kind == SDEX_STRKEY_SIGNED_PAYLOAD) {
		if (key->payload_size > SDEX_STRKEY_PAYLOAD_MAX)
			return SDEX_ERR_INVALID;
		store_be32(raw + 33, key->payload_size);
		memcpy(raw + 37, key->payload, key->payload_size);
		size += (key->payload_size + 3) / 4 * 4;
	}
	if (room <= BASE32_LENGTH(size + 2))
		return SDEX_ERR_SPACE;
	put_length(length, close_text(text, raw, size));
	return SDEX_OK;
}

static bool is_plain(enum sdex_strkey_kind kind)
{
	size_t size = value_size_min(kind);
	return (size == 32 || size == 33) && kind != SDEX_STRKEY_SEED;
}

static enum sdex_error other_kind(enum sdex_strkey_kind expected, const char *text, size_t length,
				  struct sdex_failure *why)
{
	enum sdex_strkey_kind found = 0;
	enum sdex_error error = letter_kind(&found, text, length, why);
	if (error)
		return error;
	return fail(why, SDEX_ERR_KIND, 0, "expected %s, found what looks like %s%s",
		    sdex_strkey_kind_text(expected), sdex_strkey_kind_text(found),
		    found == SDEX_STRKEY_SEED ? ": keep it secret" : "");
}

static char letter_of(enum sdex_strkey_kind kind)
{
	return "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(unsigned)kind >> 3 & 31];
}

enum sdex_error sdex_strkey_decode_key(uint8_t key[32], enum sdex_strkey_kind kind,
				       const char *text, size_t length, struct sdex_failure *why)
{
	uint8_t raw[RAW_ROOM];
	if (!is_plain(kind))
		return fail(why, SDEX_ERR_INVALID, 0, "%s has no value of 32 bytes to read",
			    sdex_strkey_kind_text(kind));
	if (!length || text[0] != letter_of(kind))
		return other_kind(kind, text, length, why);
	enum sdex_error error = open_text(raw, kind, text, length, why);
	if (error)
		return error;
	memcpy(key, raw + 1 + (kind == SDEX_STRKEY_CLAIMABLE_BALANCE), 32);
	return SDEX_OK;
}

size_t strkey_print(char *text, enum sdex_strkey_kind kind, const uint8_t key[32])
{
	uint8_t raw[36] = {(uint8_t)kind};
	size_t front = 1 + (kind == SDEX_STRKEY_CLAIMABLE_BALANCE);
	memcpy(raw + front, key, 32);
	return close_text(text, raw, front + 32);
}

enum sdex_error sdex_strkey_encode_key(char *text, size_t room, size_t *length,
				       enum sdex_strkey_kind kind, const uint8_t key[32])
{
	if (!is_plain(kind))
		return SDEX_ERR_INVALID;
	if (room <= SDEX_STRKEY_LENGTH + (kind == SDEX_STRKEY_CLAIMABLE_BALANCE ? 2 : 0))
		return SDEX_ERR_SPACE;
	put_length(length, strkey_print(text, kind, key));
	return SDEX_OK;
}

enum sdex_error sdex_strkey_examine(enum sdex_strkey_kind *kind, const char *text, size_t length,
				    struct sdex_failure *why)
{
	uint8_t raw[RAW_ROOM];
	enum sdex_strkey_kind found = 0;
	enum sdex_error error = letter_kind(&found, text, length, why);
	if (error)
		return error;
	error = open_text(raw, found, text, length, why);
	if (!error && found == SDEX_STRKEY_SIGNED_PAYLOAD)
		error = check_payload(raw + 1, BASE32_SIZE(length) - 3, why);
	if (found == SDEX_STRKEY_SEED)
		sdex_wipe(raw, sizeof raw);
	if (!error)
		*kind = found;
	return error;
}

enum sdex_error strkey_decode_seed(uint8_t seed[32], const char *text, size_t length,
				   struct sdex_failure *why)
{
	uint8_t raw[RAW_ROOM];
	if (!length || text[0] != 'S')
		return other_kind(SDEX_STRKEY_SEED, text, length, why);
	enum sdex_error error = open_text(raw, SDEX_STRKEY_SEED, text, length, why);
	if (!error)
		memcpy(seed, raw + 1, 32);
	sdex_wipe(raw, sizeof raw);
	return error;
}

void strkey_encode_seed(char text[57], const uint8_t seed[32])
{
	uint8_t raw[35] = {SDEX_STRKEY_SEED};
	memcpy(raw + 1, seed, 32);
	CHECK(close_text(text, raw, 33) == SDEX_STRKEY_LENGTH);
	sdex_wipe(raw, sizeof raw);
}
