/* store/store.c - the queue between the loop and the thread that has the database. */
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/failure.h"
#include "net/loop.h"
#include "store/backend.h"
#include "store/published.h"
#include "store/thread.h"

#define QUEUE_SIZE (4u << 20)
#define QUEUE_LEAST (4u << 10)
#define ASKS_MAX 256u
#define ROWS_MAX 1000u
#define ROWS_USUAL 100u
#define SCRATCH ((size_t)64 << 20)

/* A question on its way there and back; the texts stand behind it. */
struct ask {
	struct ask *next;
	uint64_t token;
	struct store_question question;
	enum store_outcome outcome;
	char *json;
	size_t size;
};

/* What stands in the queue in front of each event; a question has no bytes behind it. */
struct entry {
	uint32_t topic;
	uint32_t size; /* of the event */
	struct ask *ask;
};

struct queue {
	uint8_t *data;
	size_t used;
};

struct store {
	struct loop *loop;
	struct loop_wake *wake;
	struct loop_task hand_over;
	struct loop_task deliver; /* answers that need no database */
	const struct store_backend *backend;
	size_t queue_size;
	uint32_t asks_max, asks;
	store_answer_fn *on_answer;
	store_note_fn *on_note;
	void *arg;

	/* shared, under the lock */
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct queue waiting;
	bool kicked, closing;
	bool left_out; /* something is not in that was put */
	struct ask *answered, **answered_last;
	char note[244]; /* to be said */

	/* the thread's */
	pthread_t thread;
	bool has_thread;
	void *db;
	struct queue batch;
	struct sdex_arena *arena;
	bool failing; /* the last transaction did; said already */
};

/* ---- the thread: answers ---- */

/* A growing text. */
struct text {
	char *data;
	size_t size, room;
	bool failed;
};

static void text_add(struct text *text, const char *data, size_t size)
{
	if (text->room - text->size < size && !text->failed) {
		size_t room = 2 * text->room + size + 256;
		char *more = realloc(text->data, room);
		text->failed = !more;
		if (more) {
			text->data = more;
			text->room = room;
		}
	}
	if (text->failed || !size)
		return;
	memcpy(text->data + text->size, data, size);
	text->size += size;
}

static void text_say(struct text *text, const char *piece)
{
	text_add(text, piece, strlen(piece));
}

struct rows {
	struct text text;
	uint32_t count, limit; /* limit 0: one row, the document alone */
	bool more;
	char last[128]; /* id of the last row */
};

static bool take_row(void *arg, struct store_text id, struct store_text document)
{
	struct rows *rows = arg;
	if (rows->limit && rows->count == rows->limit) {
		rows->more = true;
		return false;
	}
	if (rows->count++)
		text_say(&rows->text, ",");
	text_add(&rows->text, document.data, document.size);
	/* Ids are ours: hexadecimal digits, decimal digits and dashes, nothing to escape. */
	snprintf(rows->last, sizeof rows->last, "%.*s", (int)id.size, id.data ? id.data : "");
	return true;
}

static void begin_rows(struct rows *rows, const struct store_question *question)
{
	switch (question->kind) {
	case STORE_ORDER:
		return;
	case STORE_ORDERS:
		text_say(&rows->text, "{\"orders\":[");
		break;
	case STORE_FILLS:
		text_say(&rows->text, "{\"fills\":[");
		break;
	case STORE_BALANCES:
		text_say(&rows->text, "{\"balances\":[");
		rows->limit = UINT32_MAX;
		return;
	}
	rows->limit = question->limit;
}

static void end_rows(struct rows *rows, const struct store_question *question)
{
	if (question->kind == STORE_BALANCES) {
		text_say(&rows->text, "]}");
	} else if (question->kind != STORE_ORDER) {
		text_say(&rows->text, rows->more ? "],\"next\":\"" : "],\"next\":");
		text_say(&rows->text, rows->more ? rows->last : "null");
		text_say(&rows->text, rows->more ? "\"}" : "}");
	}
}

static void set_answer(struct ask *ask, enum store_outcome outcome, struct text *text)
{
	ask->outcome = text->failed ? STORE_FAILED : outcome;
	ask->json = text->data;
	ask->size = text->failed ? 0 : text->size;
}

static void answer_ask(struct store *store, struct ask *ask)
{
	struct rows rows = {0};
	bool known = true;
	begin_rows(&rows, &ask->question);
	if (!store->backend->ask(store->db, &ask->question, &known, take_row, &rows)) {
		rows.text.size = 0;
		text_say(&rows.text, store->backend->error(store->db));
		set_answer(ask, STORE_FAILED, &rows.text);
		return;
	}
	if (!known || (ask->question.kind == STORE_ORDER && !rows.count)) {
		rows.text.size = 0;
		set_answer(ask, STORE_UNKNOWN, &rows.text);
		return;
	}
	end_rows(&rows, &ask->question);
	set_answer(ask, STORE_ANSWER, &rows.text);
}

/* ---- the thread: rows ---- */

/* Keeps a line for the log, and that the store is not complete any more. */
static void note_loss(struct store *store, const char *what, const char *why)
{
	pthread_mutex_lock(&store->lock);
	store->left_out = true;
	if (!store->note[0])
		snprintf(store->note, sizeof store->note,
			 "the store %.60s: %.140s; orders are not affected", what, why);
	pthread_mutex_unlock(&store->lock);
}

static void put_event(struct store *store, struct published_sink *sink, const struct entry *entry,
		      const uint8_t *json)
{
	struct sdex_failure why;
	sdex_arena_reset(store->arena);
	if (published_put(sink, (enum published_topic)entry->topic, json, entry->size, store->arena,
			  &why))
		note_loss(store, "leaves out an event it cannot read", why.text);
}

/* Ends the transaction that stands for the events since the last question. */
static void end_puts(struct store *store, struct published_sink *sink, bool *open)
{
	if (!*open)
		return;
	*open = false;
	bool done = !sink->failed && store->backend->commit(store->db);
	if (!done) {
		if (!store->failing)
			note_loss(store, "does not take rows", store->backend->error(store->db));
		store->backend->rollback(store->db);
		pthread_mutex_lock(&store->lock);
		store->left_out = true;
		pthread_mutex_unlock(&store->lock);
	}
	store->failing = !done;
	sink->failed = false;
}

static void give_back(struct store *store, struct ask *ask)
{
	pthread_mutex_lock(&store->lock);
	ask->next = NULL;
	*store->answered_last = ask;
	store->answered_last = &ask->next;
	pthread_mutex_unlock(&store->lock);
}

static void work_through(struct store *store)
{
	struct published_sink sink = {.backend = store->backend, .db = store->db};
	const struct queue *batch = &store->batch;
	bool open = false;
	for (size_t at = 0; at < batch->used;) {
		struct entry entry;
		memcpy(&entry, batch->data + at, sizeof entry);
		at += sizeof entry;
		if (entry.ask) {
			end_puts(store, &sink, &open);
			answer_ask(store, entry.ask);
			give_back(store, entry.ask);
			continue;
		}
		if (!open) {
			open = true;
			sink.failed = !store->backend->begin(store->db);
		}
		if (!sink.failed)
			put_event(store, &sink, &entry, batch->data + at);
		at += entry.size;
	}
	end_puts(store, &sink, &open);
}

static void *run(void *arg)
{
	struct store *store = arg;
	pthread_mutex_lock(&store->lock);
	for (;;) {
		while (!store->kicked && !store->closing)
			pthread_cond_wait(&store->work, &store->lock);
		bool closing = store->closing;
		struct queue batch = store->waiting;
		store->waiting = store->batch;
		store->waiting.used = 0;
		store->batch = batch;
		store->kicked = false;
		pthread_mutex_unlock(&store->lock);
		work_through(store);
		pthread_mutex_lock(&store->lock);
		loop_wake_send(store->wake);
		if (closing)
			break;
	}
	pthread_mutex_unlock(&store->lock);
	return NULL;
}

/* ---- the loop's side ---- */

static void free_asks(struct ask *ask)
{
	while (ask) {
		struct ask *next = ask->next;
		free(ask->json);
		free(ask);
		ask = next;
	}
}

static void deliver(void *arg)
{
	struct store *store = arg;
	char note[sizeof store->note];
	pthread_mutex_lock(&store->lock);
	struct ask *first = store->answered;
	store->answered = NULL;
	store->answered_last = &store->answered;
	memcpy(note, store->note, sizeof note);
	store->note[0] = '\0';
	pthread_mutex_unlock(&store->lock);
	if (note[0] && store->on_note)
		store->on_note(store->arg, note);
	for (const struct ask *ask = first; ask; ask = ask->next) {
		store->asks--;
		store->on_answer(store->arg, ask->token, ask->outcome, ask->json ? ask->json : "",
				 ask->size);
	}
	free_asks(first);
}

static void hand_over(void *arg)
{
	struct store *store = arg;
	pthread_mutex_lock(&store->lock);
	store->kicked = true;
	pthread_mutex_unlock(&store->lock);
	pthread_cond_signal(&store->work);
}

/* Queues an entry and its bytes; false when there is no room. */
static bool enqueue(struct store *store, struct entry entry, const void *bytes)
{
	pthread_mutex_lock(&store->lock);
	struct queue *queue = &store->waiting;
	bool fits = store->queue_size - queue->used >= sizeof entry + entry.size;
	if (fits) {
		memcpy(queue->data + queue->used, &entry, sizeof entry);
		queue->used += sizeof entry;
		if (bytes && entry.size)
			memcpy(queue->data + queue->used, bytes, entry.size);
		queue->used += entry.size;
	}
	pthread_mutex_unlock(&store->lock);
	if (fits)
		loop_defer(store->loop, &store->hand_over);
	return fits;
}

void store_put(struct store *store, const char *topic, const void *json, size_t size)
{
	struct entry entry = {.topic = published_topic(topic)};
	if (entry.topic == PUBLISHED_OTHER)
		return;
	entry.size = (uint32_t)size;
	if (size < store->queue_size && enqueue(store, entry, json))
		return;
	if (store_complete(store))
		note_loss(store, "leaves out events",
			  "more were put than the database took in time");
	loop_defer(store->loop, &store->deliver);
}

bool store_complete(const struct store *store)
{
	struct store *shared = (struct store *)store;
	pthread_mutex_lock(&shared->lock);
	bool complete = !shared->left_out;
	pthread_mutex_unlock(&shared->lock);
	return complete;
}

void store_refill(struct store *store)
{
	pthread_mutex_lock(&store->lock);
	store->left_out = false;
	pthread_mutex_unlock(&store->lock);
}

/* Copies a text to `*at` and moves on. */
static const char *keep(char **at, const char *text)
{
	if (!text)
		return NULL;
	size_t size = strlen(text) + 1;
	char *copy = memcpy(*at, text, size);
	*at += size;
	return copy;
}

static size_t room_of(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

static struct ask *ask_new(uint64_t token, const struct store_question *q)
{
	size_t room = room_of(q->order_id) + room_of(q->client_id) + room_of(q->account) +
		      room_of(q->trading_pair) + room_of(q->status) + room_of(q->cursor);
	struct ask *ask = calloc(1, sizeof *ask + room);
	/* A question is small; without memory for it there is none for the answer either. */
	CHECK(ask);
	char *at = (char *)(ask + 1);
	ask->token = token;
	ask->question = *q;
	ask->question.order_id = keep(&at, q->order_id);
	ask->question.client_id = keep(&at, q->client_id);
	ask->question.account = keep(&at, q->account);
	ask->question.trading_pair = keep(&at, q->trading_pair);
	ask->question.status = keep(&at, q->status);
	ask->question.cursor = keep(&at, q->cursor);
	if (!q->limit)
		ask->question.limit = ROWS_USUAL;
	if (q->limit > ROWS_MAX)
		ask->question.limit = ROWS_MAX;
	return ask;
}

void store_ask(struct store *store, uint64_t token, const struct store_question *question)
{
	struct ask *ask = ask_new(token, question);
	if (store->asks++ < store->asks_max && enqueue(store, (struct entry){.ask = ask}, NULL))
		return;
	struct text text = {0};
	text_say(&text, "too many questions wait already");
	set_answer(ask, STORE_FAILED, &text);
	give_back(store, ask);
	loop_defer(store->loop, &store->deliver);
}

/* ---- opening and closing ---- */

static enum sdex_error start(struct store *store, const char *place, struct sdex_failure *why)
{
	struct sdex_failure inner = {.code = SDEX_ERR_UNSUPPORTED};
	store->db = store->backend->open(place, &inner);
	if (!store->db) {
		if (why)
			*why = inner;
		return inner.code;
	}
	store->waiting.data = malloc(store->queue_size);
	store->batch.data = malloc(store->queue_size);
	store->arena = sdex_arena_new(SCRATCH);
	store->wake = loop_wake_new(store->loop, deliver, store);
	if (!store->waiting.data || !store->batch.data || !store->arena || !store->wake)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	if (thread_start(&store->thread, run, store))
		return fail(why, SDEX_ERR_UNSUPPORTED, 0,
			    "the system gives no thread for the store");
	store->has_thread = true;
	return SDEX_OK;
}

struct store *store_open(struct loop *loop, const struct store_options *options,
			 struct sdex_failure *why)
{
	if (options->queue_size && options->queue_size < QUEUE_LEAST) {
		fail(why, SDEX_ERR_INVALID, 0, "expected a queue of at least %u bytes, found %u",
		     QUEUE_LEAST, options->queue_size);
		return NULL;
	}
	struct store *store = calloc(1, sizeof *store);
	if (!store) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		return NULL;
	}
	store->loop = loop;
	store->hand_over = (struct loop_task){.run = hand_over, .arg = store};
	store->deliver = (struct loop_task){.run = deliver, .arg = store};
	store->backend = options->backend ? options->backend : &store_sqlite;
	store->queue_size = options->queue_size ? options->queue_size : QUEUE_SIZE;
	store->asks_max = options->asks_max ? options->asks_max : ASKS_MAX;
	store->on_answer = options->on_answer;
	store->on_note = options->on_note;
	store->arg = options->arg;
	store->answered_last = &store->answered;
	pthread_mutex_init(&store->lock, NULL);
	pthread_cond_init(&store->work, NULL);
	if (start(store, options->place, why)) {
		store_close(store);
		return NULL;
	}
	return store;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	if (store->has_thread) {
		pthread_mutex_lock(&store->lock);
		store->closing = true;
		pthread_mutex_unlock(&store->lock);
		pthread_cond_signal(&store->work);
		pthread_join(store->thread, NULL);
	}
	loop_undefer(store->loop, &store->hand_over);
	loop_undefer(store->loop, &store->deliver);
	loop_wake_free(store->wake);
	if (store->db)
		store->backend->close(store->db);
	free_asks(store->answered);
	sdex_arena_free(store->arena);
	pthread_cond_destroy(&store->work);
	pthread_mutex_destroy(&store->lock);
	free(store->waiting.data);
	free(store->batch.data);
	free(store);
}
