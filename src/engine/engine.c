/* engine/engine.c - the connector made, and its events handed to who knows them. */
#include "engine/inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/failure.h"

#define SCRATCH_LIMIT ((size_t)1 << 30)

static bool make(struct engine *e, const struct engine_config *config, struct sdex_failure *why)
{
	e->memory = sdex_arena_new(0);
	e->scratch = sdex_arena_new(SCRATCH_LIMIT);
	e->books = books_new();
	e->record = malloc(RECORD_SIZE_MAX);
	if (!e->memory || !e->scratch || !e->books || !e->record)
		return !fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	if (!config_take(e, config, why))
		return false;
	e->network = sdex_network_id(e->config.passphrase, strlen(e->config.passphrase));
	e->reader = delta_reader_new(e->config.passphrase, SCRATCH_LIMIT);
	if (!e->reader)
		return !fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	return true;
}

struct engine *engine_new(const struct env *env, const struct engine_config *config,
			  struct sdex_failure *why)
{
	struct engine *e = calloc(1, sizeof *e);
	if (!e) {
		(void)fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		return NULL;
	}
	e->env = *env;
	e->replaying_journal = true;
	if (!make(e, config, why)) {
		engine_free(e);
		return NULL;
	}
	return e;
}

static void free_sending(struct sending *s)
{
	free((void *)(uintptr_t)s->envelope.data);
	free(s->signed_envelope);
	free(s->result);
	free(s);
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	for (uint32_t i = 0; i < e->order_count; i++)
		order_free(e->orders[i]);
	for (uint32_t i = 0; i < e->sending_count; i++)
		free_sending(e->sendings[i]);
	for (uint32_t i = 0; i < e->account_count; i++) {
		free(e->accounts[i].holdings);
		free(e->accounts[i].waiting);
		free(e->accounts[i].cancels);
	}
	table_free(&e->by_id);
	table_free(&e->by_client);
	table_free(&e->by_offer);
	table_free(&e->by_hash);
	free(e->orders);
	free(e->sendings);
	free(e->requests);
	free(e->replies);
	free(e->changed);
	free(e->changed_after);
	free(e->record);
	books_free(e->books);
	delta_reader_free(e->reader);
	sdex_arena_free(e->memory);
	sdex_arena_free(e->scratch);
	free(e);
}

void engine_plain(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

void engine_log(struct engine *e, enum env_level level, const char *id, const char *format, ...)
{
	char text[600];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	engine_plain(text);
	e->env.log(e->env.world, level, id, text);
}

void engine_state(struct engine *e, enum engine_state state, const char *reason)
{
	if (e->state == STATE_STOPPED || (e->state == state && strcmp(e->reason, reason) == 0))
		return;
	e->state = state;
	snprintf(e->reason, sizeof e->reason, "%s", reason);
	e->status_changed = true;
}

void engine_stop(struct engine *e, const char *format, ...)
{
	char text[sizeof e->reason];
	va_list args;
	if (e->state == STATE_STOPPED)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	engine_plain(text);
	engine_log(e, ENV_ERROR, "engine.stopped", "stopped: %s", text);
	engine_state(e, STATE_STOPPED, text);
}

void order_changed(struct engine *e, uint32_t order)
{
	if (e->changed_after[order] == UNCHANGED) {
		GROW(e->changed, e->changed_count, e->changed_room);
		e->changed[e->changed_count++] = order;
	}
	e->changed_after[order] = 0; /* set at the event's end */
}

void *engine_grow(void *array, uint32_t *room, size_t size)
{
	uint32_t more = *room ? 2 * *room : 8;
	CHECK(more > *room);
	void *larger = realloc(array, more * size);
	CHECK(larger);
	*room = more;
	return larger;
}

/* --- the end of an event */

static void publish_order(struct engine *e, uint32_t index)
{
	struct json_writer w;
	const uint8_t *text;
	size_t size;
	json_write_arena(&w, e->scratch, false);
	show_order(e, &w, e->orders[index]);
	if (!json_write_close(&w, &text, &size))
		e->env.publish(e->env.world, "orders", text, size);
}

/* Tells of changes whose records are on disk. */
static void publish_changes(struct engine *e)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < e->changed_count; i++) {
		uint32_t order = e->changed[i];
		if (e->changed_after[order] == 0)
			e->changed_after[order] = e->syncs;
		if (e->changed_after[order] > e->synced) {
			e->changed[kept++] = order;
			continue;
		}
		e->changed_after[order] = UNCHANGED;
		publish_order(e, order);
	}
	e->changed_count = kept;
}

static void publish_status(struct engine *e)
{
	struct json_writer w;
	const uint8_t *text;
	size_t size;
	e->status_changed = false;
	json_write_arena(&w, e->scratch, false);
	engine_show_status(e, &w);
	if (!json_write_close(&w, &text, &size))
		e->env.publish(e->env.world, "status", text, size);
}

/* Balances of the ledger that was taken in last. */
static void publish_balances(struct engine *e)
{
	for (uint32_t i = 0; i < e->account_count; i++) {
		struct account *account = &e->accounts[i];
		struct json_writer w;
		const uint8_t *text;
		size_t size;
		if (!account->changed || account->as_of > e->head.sequence)
			continue;
		account->changed = false;
		json_write_arena(&w, e->scratch, false);
		(void)engine_show_balances(e, &w, account->address);
		if (!json_write_close(&w, &text, &size))
			e->env.publish(e->env.world, "balances", text, size);
	}
}

static void finish(struct engine *e)
{
	if (e->dirty && e->state != STATE_STOPPED) {
		e->syncs++;
		e->env.sync(e->env.world, ask_token(e, ASK_SYNC, 0, e->syncs));
	}
	e->dirty = false;
	if (!e->replaying_journal) {
		if (e->state == STATE_STOPPED)
			command_synced(e);
		else
			publish_changes(e);
		publish_balances(e);
		if (e->status_changed)
			publish_status(e);
	}
	sdex_arena_reset(e->scratch);
}

/* --- events */

static void on_start(struct engine *e)
{
	e->replaying_journal = false;
	if (e->state != STATE_STARTING)
		return;
	if (!e->config.rpc_url) {
		engine_state(e, STATE_REPLAYING, "");
		return;
	}
	if (!e->network_recorded) {
		struct record record = {.kind = RECORD_NETWORK};
		memcpy(record.network.id, e->network.bytes, 32);
		journal_do(e, &record, true);
	}
	for (uint32_t i = 0; i < e->order_count; i++)
		if (!order_final(e->orders[i]))
			(void)config_pair(e, "", e->orders[i]->terms.base,
					  e->orders[i]->terms.counter);
	feed_start(e);
}

static void on_record(struct engine *e, const struct event *event)
{
	struct sdex_failure why = {0};
	if (e->state == STATE_STARTING && !journal_again(e, event->data, event->size, &why))
		engine_stop(e, "%s", why.text);
}

static void on_synced(struct engine *e, const struct request *request, const struct event *event)
{
	if (event->status != 0) {
		engine_stop(e,
			    "the journal cannot be written (%.*s): free or mend the disk, "
			    "then start anew",
			    (int)(event->size < 100 ? event->size : 100),
			    event->data ? (const char *)event->data : "");
		return;
	}
	if (request->number > e->synced)
		e->synced = request->number;
	command_synced(e);
	submit_synced(e);
}

static void on_answer(struct engine *e, const struct request *request, const struct event *event)
{
	switch (request->kind) {
	case ASK_NETWORK:
	case ASK_LATEST:
	case ASK_LEDGERS:
		feed_answer(e, request, event);
		return;
	case ASK_ACCOUNT:
	case ASK_OFFERS:
		snapshot_answer(e, request, event);
		return;
	case ASK_SUBMIT:
		submit_answer(e, request->subject, request, event);
		return;
	case ASK_SEARCH:
		prove_answer(e, request, event);
		ledger_ready(e);
		return;
	case ASK_SIGN:
		if (event->kind == EVENT_SIGNED)
			submit_signed(e, request->subject, event);
		else
			submit_unsigned(e, request->subject, event);
		return;
	case ASK_SYNC:
		on_synced(e, request, event);
		return;
	case TIMER_FEED:
		feed_timer(e);
		return;
	case TIMER_SNAPSHOT:
		snapshot_pump(e);
		return;
	case TIMER_SIGN:
	case TIMER_SUBMIT:
		submit_timer(e, request->kind, request->subject);
		return;
	}
}

/* Recorded ledgers may leap: the books then begin anew, and say since when. */
static void on_ledger(struct engine *e, const struct event *event)
{
	struct sdex_failure why = {0};
	if (e->state != STATE_REPLAYING || ledger_take(e, event->data, event->size, &why))
		return;
	if (e->head.sequence != 0 &&
	    (why.code == SDEX_ERR_MISSING || why.code == SDEX_ERR_INVALID)) {
		engine_log(e, ENV_WARNING, "replay.leap", "the books begin anew: %s", why.text);
		books_reset(e->books);
		e->head.sequence = 0;
		if (ledger_take(e, event->data, event->size, &why))
			return;
	}
	engine_log(e, ENV_ERROR, "replay.failed", "a ledger was left out: %s", why.text);
}

/* Does this kind of event answer that kind of request? */
static bool fits(enum event_kind event, enum request_kind request)
{
	switch (event) {
	case EVENT_ANSWER:
	case EVENT_NO_ANSWER:
		return request <= ASK_SEARCH;
	case EVENT_SYNCED:
		return request == ASK_SYNC;
	case EVENT_SIGNED:
	case EVENT_NOT_SIGNED:
		return request == ASK_SIGN;
	case EVENT_TIMER:
		return request >= TIMER_FEED;
	case EVENT_RECORD:
	case EVENT_START:
	case EVENT_COMMAND:
	case EVENT_LEDGER:
	case EVENT_STOP:
		break;
	}
	return false;
}

void engine_on(struct engine *e, const struct event *event)
{
	struct request request;
	e->now_ms = event->now_ms;
	switch (event->kind) {
	case EVENT_RECORD:
		on_record(e, event);
		break;
	case EVENT_START:
		on_start(e);
		break;
	case EVENT_COMMAND:
		command_on(e, event);
		break;
	case EVENT_LEDGER:
		on_ledger(e, event);
		break;
	case EVENT_STOP:
		e->stopping = true;
		break;
	case EVENT_ANSWER:
	case EVENT_NO_ANSWER:
	case EVENT_SYNCED:
	case EVENT_SIGNED:
	case EVENT_NOT_SIGNED:
	case EVENT_TIMER:
		/* What nobody waits for is late, or came twice. */
		if (ask_take(e, &request, event->token) && fits(event->kind, request.kind))
			on_answer(e, &request, event);
		break;
	}
	finish(e);
}

bool engine_ready(const struct engine *e)
{
	return e->state == STATE_REPLAYING ||
	       (e->state == STATE_READY && !e->stopping && !engine_stale(e));
}

bool engine_recovers(const struct engine *e)
{
	return e->state != STATE_STOPPED && e->state != STATE_REPLAYING && !e->stopping;
}
