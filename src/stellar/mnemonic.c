/* stellar/mnemonic.c - BIP-39: entropy, words, seed. */
#include "sdex/mnemonic.h"

#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/failure.h"

#define WORDS 2048u
#define WORD_BITS 11u
#define WORD_MAX 8u
#define ROUNDS 2048

static const char list[WORDS][WORD_MAX + 1] = {
#include "stellar/bip39_words.inc"
};

struct words {
	uint32_t count;
	uint16_t number[SDEX_MNEMONIC_WORDS_MAX];
};

const char *sdex_mnemonic_word(unsigned number)
{
	return number < WORDS ? list[number] : NULL;
}

/* 4 bytes of entropy for each 3 words; a bit of checksum for each 3 words too. */
static bool is_count(uint32_t words)
{
	return words >= 12 && words <= SDEX_MNEMONIC_WORDS_MAX && words % 3 == 0;
}

/* Entropy with its checksum behind it: words are its bits, 11 by 11. */
static void add_checksum(uint8_t bits[33], size_t entropy_size)
{
	uint8_t hash[32];
	sdex_sha256(hash, bits, entropy_size);
	bits[entropy_size] = hash[0];
	sdex_wipe(hash, sizeof hash);
}

static void words_of_bits(struct words *words, const uint8_t bits[33], uint32_t count)
{
	*words = (struct words){.count = count};
	for (uint32_t i = 0; i < count * WORD_BITS; i++) {
		unsigned bit = bits[i / 8] >> (7 - i % 8) & 1;
		uint16_t *word = &words->number[i / WORD_BITS];
		*word = (uint16_t)((unsigned)*word << 1 | bit);
	}
}

static void bits_of_words(uint8_t bits[33], const struct words *words)
{
	memset(bits, 0, 33);
	for (uint32_t i = 0; i < words->count * WORD_BITS; i++) {
		unsigned word = words->number[i / WORD_BITS];
		unsigned bit = word >> (WORD_BITS - 1 - i % WORD_BITS) & 1;
		bits[i / 8] = (uint8_t)(bits[i / 8] | bit << (7 - i % 8));
	}
}

static size_t words_length(const struct words *words)
{
	size_t length = words->count - 1;
	for (uint32_t i = 0; i < words->count; i++)
		length += strlen(list[words->number[i]]);
	return length;
}

static void print_words(char *text, const struct words *words)
{
	for (uint32_t i = 0; i < words->count; i++) {
		if (i)
			*text++ = ' ';
		size_t length = strlen(list[words->number[i]]);
		memcpy(text, list[words->number[i]], length);
		text += length;
	}
	*text = '\0';
}

enum sdex_error sdex_mnemonic_encode(char *text, size_t room, size_t *length,
				     const uint8_t *entropy, size_t size)
{
	uint8_t bits[33];
	struct words words;
	enum sdex_error error = SDEX_OK;
	if (size % 4 || size > SDEX_MNEMONIC_ENTROPY_MAX || !is_count((uint32_t)size / 4 * 3))
		return SDEX_ERR_INVALID;
	memcpy(bits, entropy, size);
	add_checksum(bits, size);
	words_of_bits(&words, bits, (uint32_t)size / 4 * 3);
	size_t needed = words_length(&words);
	if (room <= needed) {
		error = SDEX_ERR_SPACE;
	} else {
		print_words(text, &words);
		put_length(length, needed);
	}
	sdex_wipe(bits, sizeof bits);
	sdex_wipe(&words, sizeof words);
	return error;
}

/* The number of a word, or WORDS. */
static unsigned find_word(const char *text, size_t length)
{
	char word[WORD_MAX + 1] = {0};
	unsigned low = 0, high = WORDS;
	if (length > WORD_MAX || memchr(text, '\0', length)) /* NUL ends the list's own words */
		return WORDS;
	memcpy(word, text, length);
	while (low < high) {
		unsigned middle = (low + high) / 2;
		int order = memcmp(word, list[middle], sizeof word);
		if (order == 0) {
			sdex_wipe(word, sizeof word);
			return middle;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	sdex_wipe(word, sizeof word);
	return WORDS;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The word at `at`, up to `end`, is not of the list: why. */
static enum sdex_error bad_word(const char *text, size_t at, size_t end, uint32_t count,
				struct sdex_failure *why)
{
	const char *hint = "";
	for (size_t i = at; i < end; i++) {
		if ((uint8_t)text[i] >= 0x80)
			return fail(why, SDEX_ERR_UNSUPPORTED, i,
				    "mnemonic: word %u is not English; other languages are not "
				    "supported",
				    count + 1);
		if (text[i] >= 'A' && text[i] <= 'Z')
			hint = "; words are lower case";
	}
	return fail(why, SDEX_ERR_UNKNOWN, at,
		    "mnemonic: word %u is not of BIP-39's English list%s", count + 1, hint);
}

static enum sdex_error parse_words(struct words *words, const char *text, size_t length,
				   struct sdex_failure *why)
{
	words->count = 0;
	for (size_t at = 0; at < length;) {
		if (is_space(text[at])) {
			at++;
			continue;
		}
		size_t end = at;
		while (end < length && !is_space(text[end]))
			end++;
		unsigned number = find_word(text + at, end - at);
		if (number == WORDS)
			return bad_word(text, at, end, words->count, why);
		if (words->count == SDEX_MNEMONIC_WORDS_MAX)
			return fail(why, SDEX_ERR_LENGTH, at,
				    "mnemonic: expected 12, 15, 18, 21 or 24 words, found more");
		words->number[words->count++] = (uint16_t)number;
		at = end;
	}
	if (!is_count(words->count))
		return fail(why, SDEX_ERR_LENGTH, length,
			    "mnemonic: expected 12, 15, 18, 21 or 24 words, found %u",
			    words->count);
	return SDEX_OK;
}

/* Words whose checksum is right, and their bits.  The caller wipes both. */
static enum sdex_error read_words(struct words *words, uint8_t bits[33], const char *text,
				  size_t length, struct sdex_failure *why)
{
	enum sdex_error error = parse_words(words, text, length, why);
	if (error)
		return error;
	bits_of_words(bits, words);
	size_t size = words->count / 3 * 4;
	uint8_t found = bits[size];
	uint8_t mask = (uint8_t)(0xff00u >> words->count / 3);
	add_checksum(bits, size);
	if ((bits[size] ^ found) & mask)
		return fail(why, SDEX_ERR_CHECKSUM, 0,
			    "mnemonic: the checksum does not match; a word is wrong or some are "
			    "swapped");
	return SDEX_OK;
}

enum sdex_error sdex_mnemonic_decode(uint8_t entropy[32], size_t *size, const char *text,
				     size_t length, struct sdex_failure *why)
{
	uint8_t bits[33];
	struct words words;
	enum sdex_error error = read_words(&words, bits, text, length, why);
	if (!error) {
		*size = words.count / 3 * 4;
		memcpy(entropy, bits, *size);
	}
	sdex_wipe(bits, sizeof bits);
	sdex_wipe(&words, sizeof words);
	return error;
}

/* PBKDF2-HMAC-SHA512 of one block (RFC 8018 section 5.2). */
static void stretch(uint8_t seed[64], const char *sentence, size_t length, const char *passphrase,
		    size_t passphrase_length)
{
	static const uint8_t salt[] = "mnemonic", first[4] = {0, 0, 0, 1};
	crypto_auth_hmacsha512_state keyed, state;
	uint8_t round[64];
	crypto_auth_hmacsha512_init(&keyed, (const uint8_t *)sentence, length);
	state = keyed;
	crypto_auth_hmacsha512_update(&state, salt, sizeof salt - 1);
	crypto_auth_hmacsha512_update(&state, (const uint8_t *)passphrase, passphrase_length);
	crypto_auth_hmacsha512_update(&state, first, sizeof first);
	crypto_auth_hmacsha512_final(&state, round);
	memcpy(seed, round, 64);
	for (int i = 1; i < ROUNDS; i++) {
		state = keyed;
		crypto_auth_hmacsha512_update(&state, round, sizeof round);
		crypto_auth_hmacsha512_final(&state, round);
		for (size_t k = 0; k < 64; k++)
			seed[k] ^= round[k];
	}
	sdex_wipe(&keyed, sizeof keyed);
	sdex_wipe(&state, sizeof state);
	sdex_wipe(round, sizeof round);
}

enum sdex_error sdex_mnemonic_seed_nfkd(uint8_t seed[64], const char *text, size_t length,
					const char *passphrase, size_t passphrase_length,
					struct sdex_failure *why)
{
	uint8_t bits[33];
	struct words words;
	char sentence[SDEX_MNEMONIC_ROOM];
	enum sdex_error error = read_words(&words, bits, text, length, why);
	if (!error) {
		print_words(sentence, &words);
		stretch(seed, sentence, words_length(&words), passphrase, passphrase_length);
	}
	sdex_wipe(sentence, sizeof sentence);
	sdex_wipe(bits, sizeof bits);
	sdex_wipe(&words, sizeof words);
	return error;
}

enum sdex_error sdex_mnemonic_seed(uint8_t seed[64], const char *text, size_t length,
				   const char *passphrase, size_t passphrase_length,
				   struct sdex_failure *why)
{
	for (size_t i = 0; i < passphrase_length; i++)
		if ((uint8_t)passphrase[i] >= 0x80)
			return fail(
				why, SDEX_ERR_UNSUPPORTED, i,
				"passphrase: a character that is not ASCII must be brought into "
				"Unicode's form NFKD first (sdex_mnemonic_seed_nfkd)");
	return sdex_mnemonic_seed_nfkd(seed, text, length, passphrase, passphrase_length, why);
}
