/* bench/strkey.c - addresses and base64 as text, both ways. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "sdex/bytes.h"
#include "sdex/strkey.h"

#define KEYS 1024 /* more than the processor learns by heart */

static char account[KEYS][SDEX_STRKEY_KEY_ROOM];
static char muxed[KEYS][SDEX_STRKEY_ROOM];
static struct sdex_strkey keys[KEYS];

static void must(enum sdex_error error)
{
	if (error)
		abort();
}

static void decode_accounts(void *state, uint64_t count)
{
	(void)state;
	for (uint64_t i = 0; i < count; i++) {
		uint8_t key[32];
		must(sdex_strkey_decode_key(key, SDEX_STRKEY_ACCOUNT, account[i % KEYS], 56, NULL));
		bench_keep(key);
	}
}

static void decode_any(void *state, uint64_t count)
{
	(void)state;
	for (uint64_t i = 0; i < count; i++) {
		struct sdex_strkey key;
		must(sdex_strkey_decode(&key, muxed[i % KEYS], 69, NULL));
		bench_keep(&key);
	}
}

static void encode_accounts(void *state, uint64_t count)
{
	(void)state;
	for (uint64_t i = 0; i < count; i++) {
		char text[SDEX_STRKEY_KEY_ROOM];
		must(sdex_strkey_encode_key(text, sizeof text, NULL, SDEX_STRKEY_ACCOUNT,
					    keys[i % KEYS].key));
		bench_keep(text);
	}
}

struct buffer {
	size_t size;
	uint8_t data[1 << 20];
	char text[SDEX_BASE64_LENGTH(1 << 20) + 1];
};

static void to_base64(void *state, uint64_t count)
{
	struct buffer *b = state;
	for (uint64_t i = 0; i < count; i++) {
		must(sdex_base64_encode(b->text, sizeof b->text, NULL, b->data, b->size));
		bench_keep(b->text);
	}
}

static void from_base64(void *state, uint64_t count)
{
	struct buffer *b = state;
	size_t size;
	for (uint64_t i = 0; i < count; i++) {
		must(sdex_base64_decode(b->data, sizeof b->data, &size, b->text,
					SDEX_BASE64_LENGTH(b->size), NULL));
		bench_keep(b->data);
	}
}

int main(void)
{
	static struct buffer buffer;
	for (size_t i = 0; i < KEYS; i++) {
		uint8_t number[2] = {(uint8_t)i, (uint8_t)(i >> 8)};
		size_t length;
		keys[i].kind = SDEX_STRKEY_MUXED_ACCOUNT;
		keys[i].id = i;
		sdex_sha256(keys[i].key, number, 2);
		must(sdex_strkey_encode(muxed[i], sizeof muxed[i], &length, &keys[i]));
		must(sdex_strkey_encode_key(account[i], sizeof account[i], NULL,
					    SDEX_STRKEY_ACCOUNT, keys[i].key));
	}
	bench_rate("strkey: decode G", decode_accounts, NULL);
	bench_rate("strkey: decode M", decode_any, NULL);
	bench_rate("strkey: encode G", encode_accounts, NULL);
	for (size_t i = 0; i + 32 <= sizeof buffer.data; i += 32)
		memcpy(buffer.data + i, keys[i / 32 % KEYS].key, 32);
	buffer.size = 300;
	bench_rate("base64: encode 300 bytes", to_base64, &buffer);
	bench_rate("base64: decode 300 bytes", from_base64, &buffer);
	buffer.size = sizeof buffer.data;
	bench_throughput("base64: encode 1 MiB", to_base64, &buffer, buffer.size);
	bench_throughput("base64: decode 1 MiB", from_base64, &buffer, buffer.size);
	return 0;
}
