/* cmd/sdexd/projection.c - keeps the store complete.
 *
 * A refill goes by pages of orders, oldest first.  Behind each page stands a question whose
 * answer means that the page is in; only then comes the next, so that the queue does not
 * overflow however many orders there are.  An order shows its last fills only; those before
 * go in by pages of their own, behind the page that it stood in. */
#include "cmd/sdexd/projection.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"

#define PAGE 25u /* of at most some 130 KB each: the queue takes 4 MiB */
#define FILLS_PAGE 1000u
#define PAGE_MEMORY ((size_t)64 << 20)
#define REFILL_TOKEN 0u /* no request has it */
#define LOOK_AGAIN_MS 5000u

struct projection {
	struct projection_options options;
	struct store *store;
	struct loop_timer *timer;
	struct sdex_arena *arena;
	bool refilling;
	char cursor[64]; /* the last order that was put in; "" at the start */
	/* orders of the last page with more fills than they show */
	struct longer {
		char id[64];
		uint64_t left, at; /* fills: to be put in, put in */
	} longer[PAGE];
	uint32_t longer_count;
};

static uint64_t count_items(struct json *json)
{
	uint64_t count = 0;
	json_array(json);
	while (json_item(json) && json_skip(json))
		count++;
	return count;
}

/* Keeps an order's id as the cursor, and remembers it if it has more fills than it shows. */
static void note_order(struct projection *p, struct json item)
{
	struct json_text key, id;
	uint64_t all = 0, shown = 0;
	json_object(&item);
	while (json_key(&item, &key))
		if (json_is(&key, "fill_count", 10)) {
			json_uint64(&item, &all);
		} else if (json_is(&key, "fills", 5)) {
			shown = count_items(&item);
		} else if (!json_is(&key, "order_id", 8)) {
			json_skip(&item);
		} else if (json_string(&item, &id) && id.size < sizeof p->cursor) {
			memcpy(p->cursor, id.data, id.size);
			p->cursor[id.size] = '\0';
		}
	if (all <= shown || p->longer_count == PAGE)
		return;
	struct longer *longer = &p->longer[p->longer_count++];
	*longer = (struct longer){.left = all - shown};
	memcpy(longer->id, p->cursor, sizeof longer->id);
}

/* Puts the items of an array in, one by one.  How many. */
static uint32_t put_items(struct projection *p, struct json *json, const char *topic)
{
	uint32_t count = 0;
	json_array(json);
	while (json_item(json)) {
		struct json item = *json;
		json_peek(json);
		const uint8_t *from = json->at;
		if (!json_skip(json))
			break;
		store_put(p->store, topic, from, (size_t)(json->at - from));
		count++;
		if (*topic == 'o')
			note_order(p, item);
	}
	return count;
}

/* Puts the next fills in of an order that does not show all of its own. */
static void put_fills(struct projection *p)
{
	struct longer *longer = &p->longer[p->longer_count - 1];
	uint32_t limit = longer->left < FILLS_PAGE ? (uint32_t)longer->left : FILLS_PAGE;
	struct json_writer w;
	struct json json;
	const uint8_t *text;
	size_t size;
	uint32_t count = 0;
	sdex_arena_reset(p->arena);
	json_write_arena(&w, p->arena, false);
	if (engine_show_fills(p->options.engine, &w, longer->id, (uint32_t)longer->at, limit) &&
	    !json_write_close(&w, &text, &size)) {
		json_open(&json, text, size, 16);
		count = put_items(p, &json, "fills");
	}
	longer->at += count;
	longer->left -= count;
	if (count == 0 || longer->left == 0)
		p->longer_count--;
}

/* Puts the next page in.  False when there is no more. */
static bool put_page(struct projection *p)
{
	struct engine_filter filter = {.cursor = *p->cursor ? p->cursor : NULL, .limit = PAGE};
	struct json_writer w;
	struct json json;
	struct json_text key;
	const uint8_t *text;
	size_t size;
	uint32_t count = 0;
	sdex_arena_reset(p->arena);
	json_write_arena(&w, p->arena, false);
	engine_show_orders(p->options.engine, &w, &filter);
	if (json_write_close(&w, &text, &size))
		return false;
	json_open(&json, text, size, 16);
	json_object(&json);
	while (json_key(&json, &key))
		if (json_is(&key, "orders", 6))
			count = put_items(p, &json, "orders");
		else
			json_skip(&json);
	return count == PAGE;
}

static void next_page(struct projection *p)
{
	static const struct store_question nothing = {.kind = STORE_ORDERS, .limit = 1};
	bool fills = p->longer_count > 0;
	if (fills)
		put_fills(p);
	p->refilling = fills || put_page(p) || p->longer_count > 0;
	if (p->refilling)
		store_ask(p->store, REFILL_TOKEN, &nothing);
}

static void begin_refill(struct projection *p)
{
	p->cursor[0] = '\0';
	p->longer_count = 0;
	store_refill(p->store);
	next_page(p);
}

static void look(void *arg)
{
	struct projection *p = arg;
	if (!p->refilling && !store_complete(p->store))
		begin_refill(p);
	loop_timer_start(p->timer, LOOK_AGAIN_MS);
}

static void on_answer(void *arg, uint64_t token, enum store_outcome outcome, const char *json,
		      size_t size)
{
	struct projection *p = arg;
	if (token != REFILL_TOKEN)
		p->options.on_answer(p->options.arg, token, outcome, json, size);
	else if (outcome == STORE_FAILED)
		p->refilling = false; /* another one begins when the store is looked at */
	else
		next_page(p);
}

static void on_note(void *arg, const char *text)
{
	struct projection *p = arg;
	p->options.on_note(p->options.arg, text);
}

struct projection *projection_new(struct loop *loop, const struct projection_options *options,
				  struct sdex_failure *why)
{
	struct projection *p = calloc(1, sizeof *p);
	struct store_options store = {
		.place = options->place, .on_answer = on_answer, .on_note = on_note, .arg = p};
	CHECK(p);
	p->options = *options;
	p->store = store_open(loop, &store, why);
	p->timer = loop_timer_new(loop, look, p);
	p->arena = sdex_arena_new(PAGE_MEMORY);
	if (!p->store) {
		projection_free(p);
		return NULL;
	}
	CHECK(p->timer && p->arena);
	begin_refill(p);
	loop_timer_start(p->timer, LOOK_AGAIN_MS);
	return p;
}

void projection_free(struct projection *p)
{
	if (!p)
		return;
	store_close(p->store);
	loop_timer_free(p->timer);
	sdex_arena_free(p->arena);
	free(p);
}

void projection_put(struct projection *p, const char *topic, const void *json, size_t size)
{
	store_put(p->store, topic, json, size);
}

void projection_ask(struct projection *p, uint64_t token, const struct store_question *question)
{
	CHECK(token != REFILL_TOKEN);
	store_ask(p->store, token, question);
}
