/* tests/engine/sim.c - see sim.h. */
#include "engine/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "sdex/asset.h"
#include "sdex/signature.h"
#include "sdex/transaction.h"

#define LATENCY_MS 20
#define LATE_MS 40000
#define LOST_MS 10000
#define SYNC_MS 3
#define SIGN_MS 2
#define RETRY_MS 2500

enum sim_kind {
	SIM_ENGINE, /* for the engine */
	SIM_CLOSE,  /* a ledger closes */
	SIM_CLIENT, /* a client sends */
	SIM_SYNCED, /* for the engine, once the disk has it */
};

struct sim_event {
	struct sim_event *next;
	int64_t at_ms;
	uint64_t order;
	enum sim_kind kind;
	struct event event;
	char head[512];
	uint8_t *data;
	uint32_t number; /* SYNCED: records; CLIENT: which */
};

static struct sim_event *plan(struct sim *sim, enum sim_kind kind, int64_t delay_ms)
{
	struct sim_event *made = calloc(1, sizeof *made);
	CHECK(made);
	made->kind = kind;
	made->at_ms = sim->now_ms + delay_ms;
	made->order = sim->order++;
	made->next = sim->events;
	sim->events = made;
	return made;
}

static void drop(struct sim_event *event)
{
	free(event->data);
	free(event);
}

static void plan_data(struct sim_event *planned, const void *data, size_t size)
{
	planned->data = malloc(size + 1);
	CHECK(planned->data);
	if (size)
		memcpy(planned->data, data, size);
	planned->event.data = planned->data;
	planned->event.size = size;
}

/* --- the table */

static uint64_t env_random(void *world)
{
	struct sim *sim = world;
	uint64_t z = sim->random += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	return z ^ z >> 31;
}

static void plan_answer(struct sim *sim, uint64_t token, const struct net_answer *answer,
			int64_t delay_ms)
{
	struct sim_event *e = plan(sim, SIM_ENGINE, delay_ms);
	e->event =
		(struct event){.kind = EVENT_ANSWER, .token = token, .status = (int)answer->status};
	memcpy(e->head, answer->head, answer->head_size);
	e->event.head = e->head;
	e->event.head_size = answer->head_size;
	plan_data(e, answer->body, answer->size);
}

static void plan_none(struct sim *sim, uint64_t token, int status)
{
	struct sim_event *e = plan(sim, SIM_ENGINE, status == ENV_SENT ? LOST_MS : LATENCY_MS);
	e->event = (struct event){.kind = EVENT_NO_ANSWER, .token = token, .status = status};
	plan_data(e, "lost", 4);
}

bool sim_asks(const struct env_request *request, const char *text)
{
	size_t length = strlen(text);
	for (size_t i = 0; i + length <= request->size; i++)
		if (memcmp((const char *)request->body + i, text, length) == 0)
			return true;
	return false;
}

bool sim_rewrite(struct net_answer *answer, const char *before, const char *ends, const char *by)
{
	answer->body[answer->size] = 0;
	char *text = (char *)answer->body, *at = strstr(text, before);
	if (!at)
		return false;
	at += strlen(before);
	const char *rest = at + strcspn(at, ends);
	size_t head = (size_t)(at - text), room = answer->size + strlen(by) + 1;
	char *made = malloc(room);
	CHECK(made);
	int size = snprintf(made, room, "%.*s%s%s", (int)head, text, by, rest);
	free(answer->body);
	answer->body = (uint8_t *)made;
	answer->size = (size_t)size;
	return true;
}

static enum sim_fault fault_of(struct sim *sim, const struct env_request *request)
{
	if (!sim_asks(request, "sendTransaction"))
		return sim->always;
	uint32_t n = sim->submissions++;
	return n < sizeof sim->faults / sizeof *sim->faults ? sim->faults[n] : SIM_NONE;
}

static void answer_text(struct sim *sim, uint64_t token, unsigned status, const char *text)
{
	struct net_answer answer = {.status = status, .size = strlen(text)};
	answer.body = (uint8_t *)(uintptr_t)text;
	plan_answer(sim, token, &answer, LATENCY_MS);
}

/* getLedgers of a server that lacks something.  True: it is answered. */
static bool answer_ledgers(struct sim *sim, uint64_t token, const struct env_request *request)
{
	char body[400], text[400];
	if (!sim_asks(request, "getLedgers"))
		return false;
	snprintf(body, sizeof body, "%.*s", (int)request->size, (const char *)request->body);
	const char *at = strstr(body, "\"startLedger\":"), *id_at = strstr(body, "\"id\":");
	CHECK(at && id_at);
	unsigned start = (unsigned)strtoul(at + 14, NULL, 10);
	unsigned id = (unsigned)strtoul(id_at + 5, NULL, 10);
	if (start < sim->oldest) {
		snprintf(text, sizeof text,
			 "{\"jsonrpc\":\"2.0\",\"id\":%u,\"error\":{\"code\":-32600,\"message\":"
			 "\"start ledger (%u) must be between the oldest ledger: %u and the latest "
			 "ledger: %u for this rpc instance\"}}",
			 id, start, sim->oldest, net_sequence(sim->net));
		answer_text(sim, token, 200, text);
		return true;
	}
	if (sim->holes == 0 || start >= net_sequence(sim->net))
		return false;
	struct net_answer answer;
	sim->holes--;
	snprintf(text, sizeof text, "%.*s\"startLedger\":%u%s", (int)(at - body), body, start + 1,
		 at + 14 + strspn(at + 14, "0123456789"));
	net_ask(sim->net, &answer, request->method, request->url, text, strlen(text), sim->now_ms);
	plan_answer(sim, token, &answer, LATENCY_MS);
	free(answer.body);
	return true;
}

static void env_http(void *world, uint64_t token, const struct env_request *request)
{
	struct sim *sim = world;
	struct net_answer answer;
	enum sim_fault fault = fault_of(sim, request);
	sim->requests++;
	sim->searches += sim_asks(request, "getTransaction");
	if (fault == SIM_LOST_BEFORE || fault == SIM_NOT_SENT) {
		plan_none(sim, token, fault == SIM_NOT_SENT ? ENV_NOT_SENT : ENV_SENT);
		return;
	}
	if (fault == SIM_TRY_LATER) {
		answer_text(sim, token, 503, "busy");
		return;
	}
	if (fault == SIM_REFUSED) {
		char text[160];
		/* the engine's requests have their tokens for ids */
		snprintf(text, sizeof text,
			 "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"error\":{\"code\":-32601,"
			 "\"message\":\"method not found\"}}",
			 (unsigned long long)token);
		answer_text(sim, token, 200, text);
		return;
	}
	if (sim->heavy && sim_asks(request, "getLedgers") && !sim_asks(request, "\"limit\":1}")) {
		plan_none(sim, token, ENV_OVERSIZE);
		return;
	}
	if (answer_ledgers(sim, token, request))
		return;
	net_ask(sim->net, &answer, request->method, request->url, request->body, request->size,
		sim->now_ms);
	if (fault == SIM_AGAIN) {
		free(answer.body);
		net_ask(sim->net, &answer, request->method, request->url, request->body,
			request->size, sim->now_ms);
	}
	if (sim->lie)
		sim->lie(sim, request, &answer);
	if (fault == SIM_LOST_AFTER)
		plan_none(sim, token, ENV_SENT);
	else if (fault == SIM_SERVER_504)
		answer_text(sim, token, 504, "gateway timeout");
	else
		plan_answer(sim, token, &answer, fault == SIM_LATE ? LATE_MS : LATENCY_MS);
	if (fault == SIM_TWICE)
		plan_answer(sim, token, &answer, 2 * LATENCY_MS);
	free(answer.body);
}

static void env_append(void *world, const void *record, size_t size)
{
	struct sim *sim = world;
	if (sim->records == sim->room) {
		sim->room = sim->room ? 2 * sim->room : 64;
		sim->journal = realloc(sim->journal, sim->room * sizeof *sim->journal);
		CHECK(sim->journal);
	}
	struct sim_record *made = &sim->journal[sim->records++];
	made->data = malloc(size);
	CHECK(made->data);
	memcpy(made->data, record, size);
	made->size = size;
}

static bool env_busy(void *world)
{
	return ((struct sim *)world)->busy;
}

static void env_sync(void *world, uint64_t token)
{
	struct sim *sim = world;
	struct sim_event *e = plan(sim, SIM_SYNCED, SYNC_MS);
	e->event = (struct event){
		.kind = EVENT_SYNCED, .token = token, .status = sim->sync_fails ? 5 : 0};
	e->number = sim->records;
}

/* What the signer's own rule says: see policy/sequence.h. */
static bool may_sign(struct sim *sim, int64_t sequence, const sdex_Hash *hash, bool replace)
{
	for (uint32_t i = 0; i < sim->signed_count; i++)
		if (sim->signed_for[i].sequence == sequence) {
			bool same = memcmp(sim->signed_for[i].hash, hash, 32) == 0;
			if (replace)
				memcpy(sim->signed_for[i].hash, hash, 32);
			return same || replace;
		}
	CHECK(sim->signed_count < SIM_HASHES_MAX);
	sim->signed_for[sim->signed_count].sequence = sequence;
	memcpy(sim->signed_for[sim->signed_count++].hash, hash, 32);
	return true;
}

static void plan_refusal(struct sim *sim, uint64_t token, int status)
{
	struct sim_event *e = plan(sim, SIM_ENGINE, SIGN_MS);
	e->event = (struct event){.kind = EVENT_NOT_SIGNED, .token = token, .status = status};
	plan_data(e, "no", 2);
}

static void env_sign(void *world, uint64_t token, const char *key, const void *envelope,
		     size_t size, bool replace)
{
	struct sim *sim = world;
	struct sdex_arena *arena = sdex_arena_new(0);
	sdex_TransactionEnvelope *read = NULL;
	sdex_Hash network = sdex_network_id(NETWORK_PASSPHRASE, strlen(NETWORK_PASSPHRASE));
	sdex_Hash hash;
	const struct sdex_secret *keys[] = {&sim->key};
	uint8_t out[40000];
	(void)key;
	if (sim->signer_gone || sim->signer_refuses) {
		plan_refusal(sim, token, sim->signer_gone ? ENV_NO_SIGNER : ENV_REFUSED);
		sdex_arena_free(arena);
		return;
	}
	CHECK(!sdex_TransactionEnvelope_decode(&read, arena, envelope, size, NULL));
	CHECK(!sdex_tx_hash(&hash, arena, read, &network, NULL));
	if (!may_sign(sim, sdex_tx_sequence(read), &hash, replace)) {
		sim->signer_broke_rule = true;
		plan_refusal(sim, token, ENV_REFUSED);
		sdex_arena_free(arena);
		return;
	}
	CHECK(!sdex_tx_sign(read, arena, &network, keys, 1, NULL));
	CHECK(!sdex_TransactionEnvelope_encode(out, sizeof out, &size, read, NULL));
	struct sim_event *e = plan(sim, SIM_ENGINE, SIGN_MS);
	e->event = (struct event){.kind = EVENT_SIGNED, .token = token};
	plan_data(e, out, size);
	sdex_arena_free(arena);
}

static void env_timer(void *world, uint64_t token, uint32_t delay_ms)
{
	struct sim_event *e = plan(world, SIM_ENGINE, delay_ms);
	e->event = (struct event){.kind = EVENT_TIMER, .token = token};
}

static bool acknowledged(const struct sim_client *client)
{
	if (client->status == 409)
		return strstr(client->reply, "order_final") != NULL;
	return client->status >= 200 && client->status < 300;
}

static void env_reply(void *world, uint64_t token, unsigned status, const void *json, size_t size)
{
	struct sim *sim = world;
	for (uint32_t i = 0; i < sim->client_count; i++) {
		struct sim_client *client = &sim->clients[i];
		if (!client->asked || client->token != token)
			continue;
		client->asked = false;
		client->status = status;
		snprintf(client->reply, sizeof client->reply, "%.*s", (int)size,
			 (const char *)json);
		client->done = acknowledged(client);
		sim->refusals += !client->done;
		if (sim->logs)
			printf("# %.3f reply %u: %s\n", (double)sim->now_ms / 1000, status,
			       client->reply);
		return;
	}
	abort(); /* an answer to a command that waits for none */
}

static void env_publish(void *world, const char *topic, const void *json, size_t size)
{
	struct sim *sim = world;
	sim->fills_published += strcmp(topic, "fills") == 0;
	sim->balances_published += strcmp(topic, "balances") == 0;
	if (sim->logs && strcmp(topic, "book") != 0 && strcmp(topic, "ledger") != 0)
		printf("# %.3f %s %.*s\n", (double)sim->now_ms / 1000, topic,
		       (int)(size < 600 ? size : 600), (const char *)json);
}

static void env_log(void *world, enum env_level level, const char *event_id, const char *text)
{
	const struct sim *sim = world;
	if (sim->logs)
		printf("# %.3f [%d] %s: %s\n", (double)sim->now_ms / 1000, (int)level, event_id,
		       text);
}

/* --- its life */

void sim_open(struct sim *sim)
{
	memset(sim, 0, sizeof *sim);
	sim->net = net_open(SIM_START_S);
	net_key(&sim->key);
	sim->now_ms = (int64_t)SIM_START_S * 1000 + 100;
	plan(sim, SIM_CLOSE, SIM_CLOSE_MS - 100);
}

void sim_free(struct sim *sim)
{
	engine_free(sim->engine);
	while (sim->events) {
		struct sim_event *gone = sim->events;
		sim->events = gone->next;
		drop(gone);
	}
	for (uint32_t i = 0; i < sim->records; i++)
		free(sim->journal[i].data);
	free(sim->journal);
	net_free(sim->net);
}

void sim_client(struct sim *sim, int64_t at_ms, const char *json)
{
	CHECK(sim->client_count < SIM_CLIENTS_MAX);
	struct sim_event *e = plan(sim, SIM_CLIENT, at_ms);
	e->number = sim->client_count;
	sim->clients[sim->client_count++] = (struct sim_client){.json = json, .at_ms = at_ms};
}

static void give(struct sim *sim, struct event *event)
{
	event->now_ms = sim->now_ms;
	engine_on(sim->engine, event);
}

void sim_begin(struct sim *sim)
{
	const struct env env = {.world = sim,
				.random = env_random,
				.http = env_http,
				.append = env_append,
				.busy = env_busy,
				.sync = env_sync,
				.sign = env_sign,
				.timer = env_timer,
				.reply = env_reply,
				.publish = env_publish,
				.log = env_log};
	const struct engine_pair pair = {"XLM-USDC", sdex_asset_native(), net_usdc(sim->net)};
	struct engine_account account = {.name = "desk"};
	struct engine_config config = {.passphrase = sim->passphrase ? sim->passphrase
								     : NETWORK_PASSPHRASE,
				       .rpc_url = "http://rpc/",
				       .horizon_url = "http://horizon",
				       .pairs = &pair,
				       .pair_count = 1,
				       .accounts = &account,
				       .account_count = 1,
				       .poll_ms = 2000};
	struct sdex_failure why;
	memcpy(account.key, sim->key.public_key, 32);
	sim->engine = engine_new(&env, &config, &why);
	CHECK(sim->engine);
	for (uint32_t i = 0; i < sim->records; i++) {
		struct event event = {.kind = EVENT_RECORD,
				      .data = sim->journal[i].data,
				      .size = sim->journal[i].size};
		give(sim, &event);
	}
	struct event start = {.kind = EVENT_START};
	give(sim, &start);
}

void sim_kill(struct sim *sim, bool keep_all)
{
	engine_free(sim->engine);
	sim->engine = NULL;
	for (struct sim_event **at = &sim->events; *at;) {
		struct sim_event *event = *at;
		if (event->kind == SIM_ENGINE || event->kind == SIM_SYNCED) {
			*at = event->next;
			drop(event);
		} else {
			at = &event->next;
		}
	}
	for (uint32_t i = 0; i < sim->client_count; i++)
		if (sim->clients[i].asked) {
			sim->clients[i].asked = false;
			plan(sim, SIM_CLIENT, RETRY_MS)->number = i;
		}
	while (!keep_all && sim->records > sim->synced)
		free(sim->journal[--sim->records].data);
	sim->synced = sim->records;
}

/* The next event by time, then by order, taken out of the list. */
static struct sim_event *next_event(struct sim *sim)
{
	struct sim_event **best = NULL;
	for (struct sim_event **at = &sim->events; *at; at = &(*at)->next)
		if (!best || (*at)->at_ms < (*best)->at_ms ||
		    ((*at)->at_ms == (*best)->at_ms && (*at)->order < (*best)->order))
			best = at;
	CHECK(best);
	struct sim_event *event = *best;
	*best = event->next;
	return event;
}

static void close_ledger(struct sim *sim)
{
	sim->closes++;
	net_close(sim->net, (uint64_t)(sim->now_ms / 1000));
	plan(sim, SIM_CLOSE, SIM_CLOSE_MS);
	if (sim->script)
		sim->script(sim);
}

static bool send_client(struct sim *sim, uint32_t index)
{
	struct sim_client *client = &sim->clients[index];
	if (client->done)
		return false;
	if (!sim->engine) {
		plan(sim, SIM_CLIENT, RETRY_MS)->number = index;
		return false;
	}
	client->asked = true;
	client->token = 0x8000000000000000u + sim->client_token++;
	struct event event = {.kind = EVENT_COMMAND,
			      .token = client->token,
			      .data = client->json,
			      .size = strlen(client->json)};
	give(sim, &event);
	if (!client->done && !client->asked)
		plan(sim, SIM_CLIENT, RETRY_MS)->number = index;
	return true;
}

/* Commands that were refused at a later time are sent again. */
static void send_again(struct sim *sim)
{
	for (uint32_t i = 0; i < sim->client_count; i++) {
		struct sim_client *client = &sim->clients[i];
		bool planned = client->asked || client->done || client->token == 0;
		for (const struct sim_event *e = sim->events; e && !planned; e = e->next)
			planned = e->kind == SIM_CLIENT && e->number == i;
		if (!planned)
			plan(sim, SIM_CLIENT, RETRY_MS)->number = i;
	}
}

bool sim_step(struct sim *sim, int64_t until_ms)
{
	for (;;) {
		struct sim_event *event = next_event(sim);
		bool given = false;
		if (event->at_ms > (int64_t)SIM_START_S * 1000 + until_ms) {
			event->next = sim->events;
			sim->events = event;
			return false;
		}
		sim->now_ms = event->at_ms > sim->now_ms ? event->at_ms : sim->now_ms;
		switch (event->kind) {
		case SIM_CLOSE:
			close_ledger(sim);
			break;
		case SIM_CLIENT:
			given = send_client(sim, event->number);
			break;
		case SIM_SYNCED:
			if (event->event.status == 0 && event->number > sim->synced)
				sim->synced = event->number;
			given = true;
			give(sim, &event->event);
			break;
		case SIM_ENGINE:
			given = true;
			give(sim, &event->event);
			break;
		}
		drop(event);
		send_again(sim);
		if (given) {
			sim->delivered++;
			return true;
		}
	}
}
