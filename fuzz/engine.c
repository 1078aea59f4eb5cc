/* fuzz/engine.c - an engine given any records, commands and answers: it refuses, or stops and
 * says why, and never breaks.
 *
 * The input is a run of events: a kind, a size of two bytes, so many bytes. */
#include <string.h>

#include "base/check.h"
#include "engine/engine.h"
#include "sdex/asset.h"

#define ASKED_MAX 64u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct asked {
	enum event_kind kind; /* of the event that it waits for */
	uint64_t token;
};

struct world {
	struct asked asked[ASKED_MAX];
	uint32_t count;
	uint64_t random;
	uint32_t commands, replies;
};

static void ask(struct world *w, enum event_kind kind, uint64_t token)
{
	if (w->count < ASKED_MAX)
		w->asked[w->count++] = (struct asked){kind, token};
}

static uint64_t on_random(void *world)
{
	return ++((struct world *)world)->random;
}

static void on_http(void *world, uint64_t token, const struct env_request *request)
{
	CHECK(request->url && request->method);
	ask(world, EVENT_ANSWER, token);
}

static void on_append(void *world, const void *record, size_t size)
{
	(void)world;
	CHECK(record && size);
}

static bool on_busy(void *world)
{
	(void)world;
	return false;
}

static void on_sync(void *world, uint64_t token)
{
	ask(world, EVENT_SYNCED, token);
}

static void on_sign(void *world, uint64_t token, const char *key, const void *envelope, size_t size,
		    bool replace)
{
	(void)key, (void)replace;
	CHECK(envelope && size);
	ask(world, EVENT_SIGNED, token);
}

static void on_timer(void *world, uint64_t token, uint32_t delay_ms)
{
	(void)delay_ms;
	ask(world, EVENT_TIMER, token);
}

static void on_reply(void *world, uint64_t token, unsigned status, const void *json, size_t size)
{
	(void)token;
	CHECK(status >= 200 && status < 600 && json && size);
	((struct world *)world)->replies++;
}

static void on_publish(void *world, const char *topic, const void *json, size_t size)
{
	(void)world;
	CHECK(topic && json && size);
}

static void on_log(void *world, enum env_level level, const char *event_id, const char *text)
{
	(void)world, (void)level;
	CHECK(event_id && text);
}

static struct engine *open_engine(struct world *w)
{
	const struct env env = {.world = w,
				.random = on_random,
				.http = on_http,
				.append = on_append,
				.busy = on_busy,
				.sync = on_sync,
				.sign = on_sign,
				.timer = on_timer,
				.reply = on_reply,
				.publish = on_publish,
				.log = on_log};
	/* the account of the saved journals */
	static const char text[] = "USDC:GCLYPYJVS3KZGCUSSITDJWIFZGZ5H6N32V4HGG5IPFR3VNWI2AI3NUG7";
	static const uint8_t key[32] = {0xa6, 0x00, 0xf3, 0xc3, 0xc8, 0x88, 0x47, 0xc0,
					0x70, 0x8d, 0x1f, 0xbe, 0x78, 0xfc, 0xb8, 0x2e,
					0xa0, 0xa6, 0xa6, 0x70, 0xfa, 0x52, 0x86, 0x5a,
					0xba, 0x96, 0xa1, 0x0c, 0x80, 0x12, 0x13, 0xd8};
	struct engine_pair pair = {.name = "XLM-USDC", .base = sdex_asset_native()};
	struct engine_account account = {.name = "desk"};
	struct engine_config config = {.passphrase = "sdex sandbox ; 2026",
				       .rpc_url = "http://rpc/",
				       .horizon_url = "http://horizon",
				       .pairs = &pair,
				       .pair_count = 1,
				       .accounts = &account,
				       .account_count = 1};
	struct sdex_failure why;
	memcpy(account.key, key, 32);
	CHECK(!sdex_asset_parse(&pair.counter, NULL, text, sizeof text - 1, false, &why));
	struct engine *e = engine_new(&env, &config, &why);
	CHECK(e);
	return e;
}

static void give(struct engine *e, struct world *w, unsigned kind, const uint8_t *data, size_t size)
{
	static const char head[] = "Latest-Ledger: 7\r\n";
	struct event event = {.now_ms = 1700000000000, .data = data, .size = size};
	if (kind % 4 == 0) {
		event.kind = EVENT_RECORD;
	} else if (kind % 4 == 1) {
		event.kind = EVENT_START;
	} else if (kind % 4 == 2) {
		event.kind = EVENT_COMMAND;
		event.token = ++w->commands;
	} else if (w->count > 0) {
		struct asked asked = w->asked[0];
		memmove(w->asked, w->asked + 1, --w->count * sizeof asked);
		event.kind = asked.kind;
		event.token = asked.token;
		event.status = asked.kind == EVENT_ANSWER ? 200 : 0;
		event.head = head;
		event.head_size = sizeof head - 1;
	} else {
		return;
	}
	engine_on(e, &event);
}

static void ask_all(const struct engine *e)
{
	static char text[1 << 18];
	const struct engine_filter filter = {.limit = 20};
	struct json_writer w;
	json_write_buffer(&w, text, sizeof text, false);
	json_write_array(&w);
	engine_show_status(e, &w);
	engine_show_orders(e, &w, &filter);
	(void)engine_show_book(e, &w, "XLM-USDC", 5, true);
	(void)engine_show_balances(e, &w, NULL);
	json_write_array_end(&w);
	CHECK(json_write_close(&w, NULL, NULL) == SDEX_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = {0};
	struct engine *e = open_engine(&w);
	while (size >= 3) {
		size_t part = (size_t)data[1] << 8 | data[2];
		part = part < size - 3 ? part : size - 3;
		give(e, &w, data[0], data + 3, part);
		data += 3 + part;
		size -= 3 + part;
	}
	CHECK(w.replies <= w.commands);
	ask_all(e);
	engine_free(e);
	return 0;
}
