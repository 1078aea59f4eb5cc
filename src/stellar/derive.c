/* stellar/derive.c - SLIP-0010 for ed25519, and its paths. */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/check.h"
#include "base/endian.h"
#include "base/failure.h"
#include "sdex/key.h"

#define HARDENED 0x80000000u

enum sdex_error sdex_path_account(struct sdex_path *path, uint32_t account)
{
	if (account >= HARDENED)
		return SDEX_ERR_RANGE;
	*path = (struct sdex_path){.depth = 3, .index = {44, 148, account}};
	return SDEX_OK;
}

/* One step: digits and a mark.  *at is behind the slash, and behind the mark after. */
static enum sdex_error parse_step(uint32_t *index, size_t *at, const char *text, size_t length,
				  struct sdex_failure *why)
{
	size_t i = *at;
	uint64_t sum = 0;
	while (i < length && text[i] >= '0' && text[i] <= '9') {
		sum = sum * 10 + (uint64_t)(text[i++] - '0');
		if (sum >= HARDENED)
			return fail(why, SDEX_ERR_RANGE, *at,
				    "path: expected an index of at most 2147483647");
	}
	if (i == *at)
		return fail(why, SDEX_ERR_SYNTAX, i,
			    "path: expected an index, as in m/44'/148'/0'");
	if (text[*at] == '0' && i > *at + 1)
		return fail(why, SDEX_ERR_SYNTAX, *at, "path: leave out the zero in front");
	if (i == length || text[i] == '/')
		return fail(why, SDEX_ERR_UNSUPPORTED, i,
			    "path: ed25519 has hardened steps only; write %llu'",
			    (unsigned long long)sum);
	if (text[i] != '\'' && text[i] != 'h')
		return fail(why, SDEX_ERR_SYNTAX, i, "path: expected the mark ' behind the index");
	*index = (uint32_t)sum;
	*at = i + 1;
	return SDEX_OK;
}

enum sdex_error sdex_path_parse(struct sdex_path *path, const char *text, size_t length,
				struct sdex_failure *why)
{
	struct sdex_path found = {0};
	if (!length || text[0] != 'm')
		return fail(why, SDEX_ERR_SYNTAX, 0,
			    "path: expected m, then steps, as in m/44'/148'/0'");
	for (size_t at = 1; at < length;) {
		if (text[at] != '/')
			return fail(why, SDEX_ERR_SYNTAX, at, "path: expected / before a step");
		if (found.depth == SDEX_PATH_DEPTH_MAX)
			return fail(why, SDEX_ERR_LENGTH, at, "path: more than %u steps",
				    SDEX_PATH_DEPTH_MAX);
		at++;
		enum sdex_error error =
			parse_step(&found.index[found.depth++], &at, text, length, why);
		if (error)
			return error;
	}
	*path = found;
	return SDEX_OK;
}

static bool path_is_valid(const struct sdex_path *path)
{
	if (path->depth > SDEX_PATH_DEPTH_MAX)
		return false;
	for (uint32_t i = 0; i < path->depth; i++)
		if (path->index[i] >= HARDENED)
			return false;
	return true;
}

size_t sdex_path_print(char text[SDEX_PATH_ROOM], const struct sdex_path *path)
{
	CHECK(path_is_valid(path));
	char *out = text;
	*out++ = 'm';
	*out = '\0';
	for (uint32_t i = 0; i < path->depth; i++)
		out += snprintf(out, SDEX_PATH_ROOM - (size_t)(out - text), "/%u'", path->index[i]);
	return (size_t)(out - text);
}

static void hmac_sha512(uint8_t out[64], const uint8_t *key, size_t key_size, const uint8_t *data,
			size_t size)
{
	crypto_auth_hmacsha512_state state;
	crypto_auth_hmacsha512_init(&state, key, key_size);
	crypto_auth_hmacsha512_update(&state, data, size);
	crypto_auth_hmacsha512_final(&state, out);
	sodium_memzero(&state, sizeof state);
}

enum sdex_error sdex_secret_derive(struct sdex_secret *secret, const uint8_t *seed,
				   size_t seed_size, const struct sdex_path *path)
{
	static const char curve[] = "ed25519 seed";
	uint8_t node[64]; /* the key, and the chain code */
	uint8_t step[1 + 32 + 4] = {0};
	if (seed_size < 16 || seed_size > 64 || !path_is_valid(path))
		return SDEX_ERR_INVALID;
	hmac_sha512(node, (const uint8_t *)curve, sizeof curve - 1, seed, seed_size);
	for (uint32_t i = 0; i < path->depth; i++) {
		memcpy(step + 1, node, 32);
		store_be32(step + 33, HARDENED | path->index[i]);
		hmac_sha512(node, node + 32, 32, step, sizeof step);
	}
	sdex_secret_from_seed(secret, node);
	sodium_memzero(node, sizeof node);
	sodium_memzero(step, sizeof step);
	return SDEX_OK;
}
