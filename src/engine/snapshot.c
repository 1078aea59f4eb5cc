/* engine/snapshot.c - books and accounts read once, each answer tied to its ledger.
 *
 * A page that reflects a ledger before the feed's first one is asked for again: changes
 * between the two would be in neither. */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>

#include "base/failure.h"
#include "chain/horizon.h"

#define AT_ONCE 4u
#define FAILURES_SHOWN 5u
#define PAGE_BYTES ((size_t)4 << 20)
#define AGAIN_MS 1000u
#define AHEAD_MAX 120u /* ledgers, ten minutes, that Horizon may be ahead of RPC */

void snapshot_start(struct engine *e)
{
	uint32_t books = books_count(e->books);
	struct sdex_failure why;
	if (!e->tasks)
		e->tasks = sdex_arena_alloc(e->memory,
					    (e->account_count + books + 1) * sizeof *e->tasks);
	if (!e->tasks) {
		engine_stop(e, "memory is out");
		return;
	}
	e->task_count = e->tasks_asked = 0;
	for (uint32_t i = 0; i < e->account_count; i++)
		e->tasks[e->task_count++] = (struct task){.is_account = true, .subject = i};
	for (uint32_t i = 0; i < books; i++) {
		e->tasks[e->task_count++] = (struct task){.subject = i};
		if (books_snapshot_begin(e->books, i, e->anchor, &why)) {
			engine_stop(e, "a book cannot be read: %s", why.text);
			return;
		}
	}
	snapshot_pump(e);
}

bool snapshot_done(const struct engine *e)
{
	for (uint32_t i = 0; i < e->task_count; i++)
		if (e->tasks[i].stage != TASK_DONE)
			return false;
	return e->anchored && e->tasks;
}

static bool page_url(const struct engine *e, char url[HORIZON_URL_MAX], const struct task *task)
{
	if (task->is_account)
		return !horizon_url_account(url, HORIZON_URL_MAX, e->config.horizon_url,
					    e->accounts[task->subject].key);
	const struct book_pair *pair = books_pair(e->books, task->subject);
	const sdex_Asset *selling = task->side ? &pair->counter : &pair->base;
	const sdex_Asset *buying = task->side ? &pair->base : &pair->counter;
	return !horizon_url_offers(url, HORIZON_URL_MAX, e->config.horizon_url, selling, buying,
				   task->cursor, HORIZON_LIMIT_MAX);
}

static void ask_task(struct engine *e, uint32_t index)
{
	struct task *task = &e->tasks[index];
	char url[HORIZON_URL_MAX];
	if (!page_url(e, url, task)) {
		engine_stop(e, "the address of Horizon is too long: %zu bytes at most",
			    (size_t)HORIZON_URL_MAX / 2);
		return;
	}
	task->stage = TASK_ASKED;
	e->tasks_asked++;
	/* `number`: the beginning that it belongs to */
	uint64_t token =
		ask_token(e, task->is_account ? ASK_ACCOUNT : ASK_OFFERS, index, e->anchor);
	ask_get(e, token, url, PAGE_BYTES);
}

void snapshot_pump(struct engine *e)
{
	/* Which ledger is the newest has to be known, to tell a page that lies. */
	if (!e->anchored || e->latest == 0 || !engine_alive(e))
		return;
	for (uint32_t i = 0; i < e->task_count && e->tasks_asked < AT_ONCE; i++)
		if (e->tasks[i].stage == TASK_IDLE)
			ask_task(e, i);
}

/* An account's answer.  OK, or why it has to be asked for again. */
static enum sdex_error take_account(struct engine *e, struct task *task, const struct event *event,
				    uint32_t ledger, struct sdex_failure *why)
{
	struct account *account = &e->accounts[task->subject];
	struct horizon_account out;
	if (event->status == 404) {
		holdings_snapshot(account, NULL, ledger);
		task->stage = TASK_DONE;
		return SDEX_OK;
	}
	if (event->status != 200)
		return fail(why, SDEX_ERR_INVALID, 0, "status %d", event->status);
	enum sdex_error error =
		horizon_read_account(&out, e->scratch, event->data, event->size, why);
	if (error)
		return error;
	if (memcmp(out.id, account->key, 32) != 0)
		return fail(why, SDEX_ERR_INVALID, 0, "it is of another account");
	holdings_snapshot(account, &out, ledger);
	task->stage = TASK_DONE;
	return SDEX_OK;
}

static enum sdex_error file_page(struct engine *e, const struct task *task,
				 const struct horizon_offers *out, uint32_t ledger,
				 struct sdex_failure *why)
{
	struct book_row rows[HORIZON_LIMIT_MAX];
	if (out->count > HORIZON_LIMIT_MAX)
		return fail(why, SDEX_ERR_LENGTH, 0, "more offers than were asked for");
	for (uint32_t i = 0; i < out->count; i++) {
		const struct horizon_offer *offer = &out->items[i];
		rows[i] = (struct book_row){.id = offer->id,
					    .seller = offer->seller,
					    .selling = &offer->selling,
					    .buying = &offer->buying,
					    .amount = offer->amount,
					    .price = offer->price,
					    .modified = offer->modified};
	}
	return books_snapshot_page(e->books, task->subject, rows, out->count, ledger, why);
}

/* Offers come by their ids, which are the cursors: does this one lie behind the last? */
static bool cursor_moves(const char *last, const char *next)
{
	size_t a = strlen(last), b = strlen(next);
	return strspn(next, "0123456789") == b && (b > a || (b == a && strcmp(next, last) > 0));
}

static enum sdex_error take_offers(struct engine *e, struct task *task, const struct event *event,
				   uint32_t ledger, struct sdex_failure *why)
{
	struct horizon_offers out;
	if (event->status != 200)
		return fail(why, SDEX_ERR_INVALID, 0, "status %d", event->status);
	enum sdex_error error =
		horizon_read_offers(&out, e->scratch, event->data, event->size, why);
	if (!error)
		error = file_page(e, task, &out, ledger, why);
	if (error)
		return error;
	task->stage = TASK_IDLE;
	if (out.count == HORIZON_LIMIT_MAX) {
		if (!out.cursor || strlen(out.cursor) >= sizeof task->cursor ||
		    !cursor_moves(task->cursor, out.cursor))
			return fail(why, SDEX_ERR_LENGTH, 0, "no cursor for the next page");
		memcpy(task->cursor, out.cursor, strlen(out.cursor) + 1);
		return SDEX_OK;
	}
	task->cursor[0] = 0;
	if (task->side++ == 0)
		return SDEX_OK;
	books_snapshot_end(e->books, task->subject);
	task->stage = TASK_DONE;
	return SDEX_OK;
}

static enum sdex_error take_page(struct engine *e, struct task *task, const struct event *event,
				 struct sdex_failure *why)
{
	uint32_t ledger = 0;
	if (event->kind == EVENT_NO_ANSWER)
		return fail(why, SDEX_ERR_MISSING, 0, "there was no answer");
	enum sdex_error error = horizon_latest_ledger(&ledger, event->head, event->head_size, why);
	if (error)
		return error;
	if (ledger < e->anchor)
		return fail(why, SDEX_ERR_INVALID, 0, "it is of ledger %u, before %u", ledger,
			    e->anchor);
	/* An entry of a ledger that never comes would hide all news of it. */
	uint32_t newest = e->latest > e->head.sequence ? e->latest : e->head.sequence;
	if (ledger - e->anchor > AHEAD_MAX && ledger > newest + AHEAD_MAX)
		return fail(why, SDEX_ERR_INVALID, 0,
			    "Horizon is at ledger %u, far ahead of RPC's newest, %u: are both of "
			    "one network?",
			    ledger, newest);
	return task->is_account ? take_account(e, task, event, ledger, why)
				: take_offers(e, task, event, ledger, why);
}

void snapshot_answer(struct engine *e, const struct request *request, const struct event *event)
{
	struct sdex_failure why = {0};
	if (!engine_alive(e) || !e->anchored || request->number != e->anchor ||
	    e->tasks[request->subject].stage != TASK_ASKED)
		return; /* asked before a new beginning */
	struct task *task = &e->tasks[request->subject];
	e->tasks_asked--;
	if (take_page(e, task, event, &why)) {
		engine_log(e, ENV_WARNING, "snapshot.failed", "%s: %s; asked again",
			   task->is_account ? "an account" : "offers", why.text);
		if (e->state == STATE_RECONCILING && ++e->snapshot_failures >= FAILURES_SHOWN)
			snprintf(e->snapshot_why, sizeof e->snapshot_why, "%.150s", why.text);
		task->stage = TASK_IDLE;
		ask_timer(e, TIMER_SNAPSHOT, 0, AGAIN_MS);
		return;
	}
	e->snapshot_failures = 0;
	e->snapshot_why[0] = 0;
	snapshot_pump(e);
	ledger_ready(e);
}
