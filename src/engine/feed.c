/* engine/feed.c - ledgers asked for, one after the other, none left out.
 *
 * The feed begins behind the last ledger that the journal has whole, if there is anything
 * that needs what came since; else behind the newest.  So after a new start the ledgers
 * themselves tell what became of transactions and offers, in their order.  Only when the
 * server's history does not reach back so far, or its ledgers do not follow on ours, it
 * begins anew at the newest: then transactions are searched for by hash and offers compared
 * with the books (prove.c), before new orders are taken. */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

#define FEED_LIMIT 8u /* ledgers in an answer: some megabytes each */
#define FEED_BYTES ((size_t)256 << 20)
#define SMALL_BYTES ((size_t)1 << 20)
#define FAILURES_SHOWN 3u
#define BEHIND_MAX 8u /* answers of a server that is behind its own word */

static uint32_t next_ledger(const struct engine *e)
{
	return (e->head.sequence ? e->head.sequence : e->anchor) + 1;
}

bool feed_caught_up(const struct engine *e)
{
	return e->head.sequence != 0 && e->head.sequence >= e->latest;
}

static void ask_simple(struct engine *e, enum request_kind kind,
		       void (*write)(struct json_writer *, uint64_t))
{
	struct json_writer w;
	if (ask_waiting(e, kind, 0))
		return;
	uint64_t token = ask_token(e, kind, 0, 0);
	json_write_arena(&w, e->scratch, false);
	write(&w, token);
	ask_rpc(e, token, &w, SMALL_BYTES);
}

static void ask_ledgers(struct engine *e)
{
	struct json_writer w;
	if (ask_waiting(e, ASK_LEDGERS, 0))
		return;
	uint64_t token = ask_token(e, ASK_LEDGERS, 0, next_ledger(e));
	json_write_arena(&w, e->scratch, false);
	/* After a failure one at a time: many can be too large, or too slow, for one answer. */
	rpc_get_ledgers(&w, token, next_ledger(e), e->failures ? 1 : FEED_LIMIT);
	ask_rpc(e, token, &w, FEED_BYTES);
}

/* Asks for what is missing next. */
void feed_timer(struct engine *e)
{
	if (!engine_alive(e))
		return;
	if (!e->verified)
		ask_simple(e, ASK_NETWORK, rpc_get_network);
	else if (!e->anchored)
		ask_simple(e, ASK_LATEST, rpc_get_latest_ledger);
	else
		ask_ledgers(e);
}

static void feed_failed(struct engine *e, const char *what, const char *why)
{
	uint32_t shift = e->failures < 4 ? e->failures : 4;
	e->failures++;
	engine_log(e, ENV_WARNING, "feed.failed", "%s: %s; asked again", what, why);
	if (e->failures == FAILURES_SHOWN && e->state == STATE_RECONCILING)
		engine_state(e, STATE_RECONCILING, "the RPC server does not answer as it should");
	ask_timer(e, TIMER_FEED, 0, e->config.poll_ms << shift);
}

/* Does anything need the ledgers since the last run? */
static bool needs_history(const struct engine *e)
{
	for (uint32_t i = 0; i < e->order_count; i++)
		if (!order_final(e->orders[i]) && e->orders[i]->state != ORDER_INTENT)
			return true;
	for (uint32_t i = 0; i < e->account_count; i++)
		if (e->accounts[i].flight != NONE)
			return true;
	return false;
}

void feed_start(struct engine *e)
{
	engine_state(e, STATE_RECONCILING, "the network is asked who it is");
	if (e->cursor && needs_history(e)) {
		e->anchored = e->anchor_hash_known = true;
		e->anchor = e->cursor;
	} else {
		e->gap = needs_history(e);
	}
	feed_timer(e);
}

/* Begins anew behind the server's latest ledger: some were missed. */
static void feed_restart(struct engine *e, const char *why)
{
	engine_log(e, ENV_ERROR, "feed.restart", "begun anew: %s", why);
	books_reset(e->books);
	e->gap = e->gap || needs_history(e);
	e->anchored = e->anchor_hash_known = false;
	e->head.sequence = 0;
	engine_state(e, STATE_RECONCILING, why);
	ask_timer(e, TIMER_FEED, 0, e->config.poll_ms);
}

static void on_network(struct engine *e, const struct request *request, const struct event *event)
{
	struct rpc_network out;
	struct sdex_failure why = {0};
	if (rpc_read_network(&out, e->scratch, request->token, event->data, event->size, &why)) {
		feed_failed(e, "getNetwork", why.text);
		return;
	}
	if (out.error.code) {
		feed_failed(e, "getNetwork", out.error.message);
		return;
	}
	if (strcmp(out.passphrase, e->config.passphrase) != 0) {
		struct quote quote;
		engine_stop(e,
			    "the RPC server is of another network: expected the passphrase "
			    "\"%s\", found %s; name the right server",
			    e->config.passphrase,
			    bytes_quote(&quote, out.passphrase, strlen(out.passphrase)));
		return;
	}
	e->verified = true;
	e->failures = 0;
	if (e->anchored)
		snapshot_start(e);
	feed_timer(e);
}

static void on_latest(struct engine *e, const struct request *request, const struct event *event)
{
	struct rpc_latest_ledger out;
	struct sdex_failure why = {0};
	enum sdex_error error = rpc_read_latest_ledger(&out, e->scratch, request->token,
						       event->data, event->size, &why);
	if (error || out.error.code) {
		feed_failed(e, "getLatestLedger", error ? why.text : out.error.message);
		return;
	}
	if (out.sequence == 0 || out.sequence >= INT32_MAX) {
		feed_failed(e, "getLatestLedger", "there is no ledger of that number");
		return;
	}
	e->failures = 0;
	e->anchored = e->anchor_hash_known = true;
	e->anchor = e->latest = out.sequence;
	memcpy(e->anchor_hash, out.hash, 32);
	snapshot_start(e);
	/* The one behind it has not closed yet. */
	ask_timer(e, TIMER_FEED, 0, e->config.poll_ms);
}

static void tell_latest(struct engine *e, uint32_t latest)
{
	bool first = e->latest == 0;
	e->latest = latest;
	if (first)
		snapshot_pump(e);
}

/* The server's newest ledger is older than one that was told of before: another server
 * behind the same address, or one that lied.  Nothing is taken in until it has caught up;
 * a beginning that nothing has followed is given up. */
static void server_behind(struct engine *e, uint32_t latest)
{
	char text[160];
	if (e->head.sequence == 0 && e->anchor != e->cursor && ++e->behind >= BEHIND_MAX) {
		e->behind = 0;
		feed_restart(e, "the server's newest ledger is before the one it began with");
		return;
	}
	if (e->state != STATE_RECONCILING)
		return;
	snprintf(text, sizeof text,
		 "the RPC server's newest ledger is %u, before %u, which is known already: it is "
		 "behind, or of a network that was begun anew",
		 latest, next_ledger(e) - 1);
	engine_state(e, STATE_RECONCILING, text);
}

static void on_refusal(struct engine *e, const struct rpc_error *error)
{
	uint32_t oldest, latest;
	if (!rpc_range(error, &oldest, &latest)) {
		feed_failed(e, "getLedgers", error->message);
		return;
	}
	tell_latest(e, latest);
	e->failures = 0;
	if (next_ledger(e) < oldest) {
		feed_restart(e, "the server's history does not reach back to the last ledger "
				"that was recorded");
		return;
	}
	if (latest + 1ull < next_ledger(e))
		server_behind(e, latest);
	else
		e->behind = 0;
	if (e->anchored)
		ask_timer(e, TIMER_FEED, 0, e->config.poll_ms);
}

/* Takes what an answer holds; true when all of it went in. */
static bool take(struct engine *e, const struct rpc_ledgers *out)
{
	for (uint32_t i = 0; i < out->count && engine_alive(e); i++) {
		const struct rpc_ledger *ledger = &out->items[i];
		struct sdex_failure why = {0};
		if (ledger->sequence != next_ledger(e)) {
			feed_failed(e, "getLedgers", "the ledgers are not those asked for");
			return false;
		}
		if (ledger_take(e, ledger->meta.data, ledger->meta.size, &why))
			continue;
		if (why.code == SDEX_ERR_INVALID)
			feed_restart(e, "a ledger does not build on the one before it");
		else
			feed_failed(e, "a ledger", why.text);
		return false;
	}
	return engine_alive(e);
}

static void on_ledgers(struct engine *e, const struct request *request, const struct event *event)
{
	struct rpc_ledgers out;
	struct sdex_failure why = {0};
	if (request->number != next_ledger(e) || !e->anchored)
		return; /* asked before a new beginning */
	if (rpc_read_ledgers(&out, e->scratch, request->token, event->data, event->size, &why)) {
		feed_failed(e, "getLedgers", why.text);
		return;
	}
	if (out.error.code) {
		on_refusal(e, &out.error);
		return;
	}
	tell_latest(e, out.latest);
	if (!take(e, &out))
		return;
	e->failures = 0;
	/* A server that has nothing to give is not asked without a pause, whatever it says. */
	if (out.count > 0 && next_ledger(e) <= out.latest)
		ask_ledgers(e);
	else
		ask_timer(e, TIMER_FEED, 0, e->config.poll_ms);
	submit_ledger(e);
}

void feed_answer(struct engine *e, const struct request *request, const struct event *event)
{
	if (!engine_alive(e))
		return;
	if (event->kind == EVENT_NO_ANSWER) {
		struct quote quote;
		feed_failed(e, "no answer", bytes_quote(&quote, event->data, event->size));
	} else if (request->kind == ASK_NETWORK) {
		on_network(e, request, event);
	} else if (request->kind == ASK_LATEST) {
		on_latest(e, request, event);
	} else {
		on_ledgers(e, request, event);
	}
	ledger_ready(e);
}
