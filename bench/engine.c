/* bench/engine.c - from an order's command to its signed transaction on the way out.
 *
 * A ready engine before a network in process.  The disk answers at once, so that waiting
 * for it is left out; the signature is made in process, and told apart.  The clock runs from
 * the command's event to the call that hands the envelope to the network.  Times are of the
 * wall, of single orders, one after the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "bench.h"
#include "engine/engine.h"
#include "engine/network.h"
#include "sdex/asset.h"
#include "sdex/signature.h"
#include "sdex/transaction.h"

#define ORDERS 2000
#define QUEUE 64u

struct queued {
	struct event event;
	struct net_answer answer;
	uint8_t envelope[4096];
};

struct world {
	struct net *net;
	struct engine *engine;
	struct sdex_secret key;
	struct sdex_arena *arena;
	sdex_Hash network;
	struct queued *queue; /* a ring */
	uint32_t first, count;
	int64_t now_ms;
	uint64_t timer; /* the last one asked for */
	uint64_t sent_ns, signing_ns;
	unsigned replies;
};

static uint64_t wall_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static struct queued *put(struct world *w, enum event_kind kind, uint64_t token)
{
	CHECK(w->count < QUEUE);
	struct queued *q = &w->queue[(w->first + w->count++) % QUEUE];
	memset(q, 0, offsetof(struct queued, envelope));
	q->event = (struct event){.kind = kind, .token = token};
	return q;
}

static uint64_t env_random(void *world)
{
	static uint64_t state = 1;
	(void)world;
	return state = state * 6364136223846793005u + 1442695040888963407u;
}

static bool is_submission(const struct env_request *request)
{
	static const char name[] = "sendTransaction";
	const char *body = request->body;
	for (size_t i = 0; i + sizeof name <= request->size && i < 100; i++)
		if (memcmp(body + i, name, sizeof name - 1) == 0)
			return true;
	return false;
}

static void env_http(void *world, uint64_t token, const struct env_request *request)
{
	struct world *w = world;
	if (is_submission(request))
		w->sent_ns = wall_ns();
	struct queued *q = put(w, EVENT_ANSWER, token);
	net_ask(w->net, &q->answer, request->method, request->url, request->body, request->size,
		w->now_ms);
	q->event.status = (int)q->answer.status;
	q->event.head = q->answer.head;
	q->event.head_size = q->answer.head_size;
	q->event.data = q->answer.body;
	q->event.size = q->answer.size;
}

static void env_append(void *world, const void *record, size_t size)
{
	(void)world, (void)size;
	bench_keep(record);
}

static bool env_busy(void *world)
{
	(void)world;
	return false;
}

static void env_sync(void *world, uint64_t token)
{
	put(world, EVENT_SYNCED, token);
}

static void env_sign(void *world, uint64_t token, const char *key, const void *envelope,
		     size_t size, bool replace)
{
	struct world *w = world;
	uint64_t start = wall_ns();
	const struct sdex_secret *keys[] = {&w->key};
	sdex_TransactionEnvelope *read = NULL;
	struct queued *q = put(w, EVENT_SIGNED, token);
	(void)key, (void)replace;
	CHECK(!sdex_TransactionEnvelope_decode(&read, w->arena, envelope, size, NULL));
	CHECK(!sdex_tx_sign(read, w->arena, &w->network, keys, 1, NULL));
	CHECK(!sdex_TransactionEnvelope_encode(q->envelope, sizeof q->envelope, &q->event.size,
					       read, NULL));
	q->event.data = q->envelope;
	sdex_arena_reset(w->arena);
	w->signing_ns += wall_ns() - start;
}

static void env_timer(void *world, uint64_t token, uint32_t delay_ms)
{
	(void)delay_ms;
	((struct world *)world)->timer = token;
}

static void env_reply(void *world, uint64_t token, unsigned status, const void *json, size_t size)
{
	(void)token;
	if (status >= 300) {
		fprintf(stderr, "bench/engine: %.*s\n", (int)size, (const char *)json);
		exit(1);
	}
	((struct world *)world)->replies++;
}

static void env_publish(void *world, const char *topic, const void *json, size_t size)
{
	(void)world, (void)topic, (void)size;
	bench_keep(json);
}

static void env_log(void *world, enum env_level level, const char *event_id, const char *text)
{
	(void)world, (void)level, (void)event_id;
	bench_keep(text);
}

/* Gives the engine all that waits for it. */
static void drain(struct world *w)
{
	while (w->count > 0) {
		struct queued *q = &w->queue[w->first];
		q->event.now_ms = w->now_ms;
		engine_on(w->engine, &q->event);
		free(q->answer.body);
		q->answer.body = NULL;
		w->first = (w->first + 1) % QUEUE;
		w->count--;
	}
}

static void close_ledger(struct world *w)
{
	w->now_ms += 5000;
	net_close(w->net, (uint64_t)(w->now_ms / 1000));
	for (int i = 0; i < 2; i++) {
		put(w, EVENT_TIMER, w->timer);
		drain(w);
	}
}

static void open_world(struct world *w)
{
	static const struct env table = {.random = env_random,
					 .http = env_http,
					 .append = env_append,
					 .busy = env_busy,
					 .sync = env_sync,
					 .sign = env_sign,
					 .timer = env_timer,
					 .reply = env_reply,
					 .publish = env_publish,
					 .log = env_log};
	struct env env = table;
	struct sdex_failure why;
	memset(w, 0, sizeof *w);
	env.world = w;
	w->now_ms = 1700000000000;
	w->net = net_open(1700000000);
	w->arena = sdex_arena_new(0);
	w->queue = calloc(QUEUE, sizeof *w->queue);
	w->network = sdex_network_id(NETWORK_PASSPHRASE, strlen(NETWORK_PASSPHRASE));
	net_key(&w->key);
	const struct engine_pair pair = {"XLM-USDC", sdex_asset_native(), net_usdc(w->net)};
	struct engine_account account = {.name = "desk"};
	memcpy(account.key, w->key.public_key, 32);
	const struct engine_config config = {.passphrase = NETWORK_PASSPHRASE,
					     .rpc_url = "http://rpc/",
					     .horizon_url = "http://horizon",
					     .pairs = &pair,
					     .pair_count = 1,
					     .accounts = &account,
					     .account_count = 1};
	w->engine = engine_new(&env, &config, &why);
	CHECK(w->engine && w->queue && w->arena);
	put(w, EVENT_START, 0);
	drain(w);
	for (int i = 0; i < 4 && !engine_ready(w->engine); i++)
		close_ledger(w);
	CHECK(engine_ready(w->engine));
}

/* One command, answered and sent; gives the time to its transaction's leaving. */
static uint64_t command(struct world *w, const char *json, uint64_t *signing)
{
	struct event event = {
		.kind = EVENT_COMMAND, .token = 1, .data = json, .size = strlen(json)};
	event.now_ms = w->now_ms;
	w->sent_ns = w->signing_ns = 0;
	uint64_t start = wall_ns();
	engine_on(w->engine, &event);
	drain(w);
	CHECK(w->sent_ns != 0);
	*signing = w->signing_ns;
	return w->sent_ns - start;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static void print(const char *name, uint64_t *ns)
{
	const size_t middle = ORDERS / 2, late = ORDERS * 99 / 100;
	char text[80];
	qsort(ns, ORDERS, sizeof *ns, by_value);
	snprintf(text, sizeof text, "%s p50", name);
	bench_print(text, (double)ns[middle] / 1000, "us");
	snprintf(text, sizeof text, "%s p99", name);
	bench_print(text, (double)ns[late] / 1000, "us");
}

int main(void)
{
	static struct world w;
	static uint64_t whole[ORDERS], without[ORDERS];
	char json[300];
	open_world(&w);
	for (int i = 0; i < ORDERS; i++) {
		uint64_t signing;
		snprintf(json, sizeof json,
			 "{\"do\":\"place\",\"client_id\":\"order-%d\",\"trading_pair\":"
			 "\"XLM-USDC\",\"trade_type\":\"sell\",\"order_type\":\"limit\","
			 "\"amount\":\"12.5\",\"price\":\"%d.25\"}",
			 i, 1 + i % 7);
		whole[i] = command(&w, json, &signing);
		without[i] = whole[i] - signing;
		close_ledger(&w);
		snprintf(json, sizeof json, "{\"do\":\"cancel\",\"client_id\":\"order-%d\"}", i);
		(void)command(&w, json, &signing);
		close_ledger(&w);
	}
	print("order to wire", whole);
	print("order to wire, signature apart", without);
	engine_free(w.engine);
	net_free(w.net);
	sdex_arena_free(w.arena);
	free(w.queue);
	return 0;
}
