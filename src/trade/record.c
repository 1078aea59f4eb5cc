/* trade/record.c - journal records to bytes and back, by one walk for both ways. */
#include "trade/record.h"

#include <string.h>

#include "base/check.h"
#include "base/endian.h"
#include "base/failure.h"

/* A sticky cursor that writes or reads. */
struct walk {
	uint8_t *out; /* NULL: reads */
	const uint8_t *in;
	size_t at, size;
	enum sdex_error error;
	size_t where;
};

static void refuse(struct walk *walk, enum sdex_error error)
{
	CHECK(!walk->out); /* what is written is ours and has to be right */
	if (!walk->error) {
		walk->error = error;
		walk->where = walk->at;
	}
}

/* The next `size` bytes, or NULL after an error. */
static const uint8_t *take(struct walk *walk, size_t size)
{
	if (!walk->error && walk->size - walk->at < size)
		refuse(walk, SDEX_ERR_TRUNCATED);
	if (walk->error)
		return NULL;
	walk->at += size;
	return walk->in + walk->at - size;
}

static uint8_t *give(struct walk *walk, size_t size)
{
	CHECK(walk->size - walk->at >= size);
	walk->at += size;
	return walk->out + walk->at - size;
}

static void walk_bytes(struct walk *walk, void *data, size_t size)
{
	const uint8_t *from;
	if (walk->out)
		memcpy(give(walk, size), data, size);
	else if ((from = take(walk, size)))
		memcpy(data, from, size);
}

static uint64_t walk_number(struct walk *walk, uint64_t value, unsigned size)
{
	uint8_t bytes[8];
	store_be64(bytes, value);
	walk_bytes(walk, bytes + 8 - size, size);
	if (walk->out || walk->error)
		return value;
	memset(bytes, 0, 8 - size);
	return load_be64(bytes);
}

static void walk_u32(struct walk *walk, uint32_t *value)
{
	*value = (uint32_t)walk_number(walk, *value, 4);
}

static void walk_u64(struct walk *walk, uint64_t *value)
{
	*value = walk_number(walk, *value, 8);
}

/* A number of least .. INT64_MAX. */
static void walk_i64(struct walk *walk, int64_t *value, int64_t least)
{
	CHECK(!walk->out || *value >= least);
	int64_t read = (int64_t)walk_number(walk, (uint64_t)*value, 8);
	if (!walk->error && read < least)
		refuse(walk, SDEX_ERR_RANGE);
	*value = read;
}

static unsigned walk_enum(struct walk *walk, unsigned value, unsigned least, unsigned most)
{
	CHECK(!walk->out || (value >= least && value <= most));
	unsigned read = (unsigned)walk_number(walk, value, 1);
	if (!walk->error && (read < least || read > most))
		refuse(walk, SDEX_ERR_DISCRIMINANT);
	return walk->error ? least : read;
}

static void walk_bool(struct walk *walk, bool *value)
{
	*value = walk_enum(walk, *value, 0, 1);
}

/* A text in a buffer of `room` bytes: printable ASCII. */
static void walk_text(struct walk *walk, char *text, size_t room)
{
	size_t length = walk->out ? strnlen(text, room) : 0;
	CHECK(length < room);
	length = (size_t)walk_number(walk, length, 1);
	if (!walk->error && length >= room)
		refuse(walk, SDEX_ERR_LENGTH);
	if (walk->error)
		return;
	walk_bytes(walk, text, length);
	if (walk->error)
		return;
	if (!walk->out)
		text[length] = 0;
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~') {
			refuse(walk, SDEX_ERR_CHARACTER);
			return;
		}
}

/* Bytes behind their length, borrowed when read. */
static void walk_blob(struct walk *walk, struct sdex_bytes *bytes, uint32_t most)
{
	uint32_t size = walk->out ? bytes->size : 0;
	CHECK(size <= most);
	walk_u32(walk, &size);
	if (!walk->error && size > most)
		refuse(walk, SDEX_ERR_LENGTH);
	if (walk->out) {
		if (size)
			memcpy(give(walk, size), bytes->data, size);
		return;
	}
	const uint8_t *from = take(walk, size);
	*bytes = (struct sdex_bytes){.data = from, .size = from ? size : 0};
}

static void walk_price(struct walk *walk, sdex_Price *price)
{
	uint32_t n = (uint32_t)price->n, d = (uint32_t)price->d;
	walk_u32(walk, &n);
	walk_u32(walk, &d);
	if (!walk->error && (n == 0 || d == 0 || n > INT32_MAX || d > INT32_MAX))
		refuse(walk, SDEX_ERR_RANGE);
	*price = (sdex_Price){.n = (int32_t)n, .d = (int32_t)d};
}

static void walk_order(struct walk *walk, struct order_terms *t)
{
	walk_bytes(walk, t->id, sizeof t->id);
	walk_text(walk, t->client_id, sizeof t->client_id);
	walk_bytes(walk, t->account, sizeof t->account);
	walk_text(walk, t->pair, sizeof t->pair);
	walk_text(walk, t->base, sizeof t->base);
	walk_text(walk, t->counter, sizeof t->counter);
	t->side = (enum order_side)walk_enum(walk, t->side, ORDER_BUY, ORDER_SELL);
	walk_i64(walk, &t->amount, 1);
	walk_price(walk, &t->price);
	walk_text(walk, t->price_text, sizeof t->price_text);
	walk_i64(walk, &t->created_ms, 0);
	walk_u32(walk, &t->created_ledger);
}

static void walk_transaction(struct walk *walk, struct record_transaction *t)
{
	walk_bytes(walk, t->hash, sizeof t->hash);
	walk_bytes(walk, t->source, sizeof t->source);
	walk_i64(walk, &t->sequence, 1);
	walk_u64(walk, &t->max_time);
	walk_u32(walk, &t->max_ledger);
	walk_u32(walk, &t->before);
	walk_i64(walk, &t->made_ms, 0);
	t->count = walk_enum(walk, t->count, 1, TRANSACTION_OPS_MAX);
	for (uint32_t i = 0; i < t->count && !walk->error; i++) {
		walk_bytes(walk, t->ops[i].order, sizeof t->ops[i].order);
		t->ops[i].act =
			(enum transaction_act)walk_enum(walk, t->ops[i].act, ACT_PLACE, ACT_DELETE);
	}
	walk_blob(walk, &t->envelope, TRANSACTION_SIZE_MAX);
	if (!walk->error && (t->max_time == 0 || t->max_ledger == 0 || t->envelope.size == 0))
		refuse(walk, SDEX_ERR_RANGE);
}

static void walk_outcome(struct walk *walk, struct record_outcome *o)
{
	walk_bytes(walk, o->hash, sizeof o->hash);
	o->fate = (enum record_fate)walk_enum(walk, o->fate, FATE_FOUND, FATE_REFUSED);
	o->proof = (enum order_proof)walk_enum(walk, o->proof, PROOF_NONE, PROOF_OFFER);
	walk_u32(walk, &o->ledger);
	walk_i64(walk, &o->close_time, 0);
	walk_u32(walk, &o->place);
	walk_i64(walk, &o->at_ms, 0);
	walk_bool(walk, &o->again);
	walk_text(walk, o->text, sizeof o->text);
	walk_blob(walk, &o->result, RECORD_RESULT_MAX);
	if (!walk->error && o->fate == FATE_FOUND && o->place == 0)
		refuse(walk, SDEX_ERR_RANGE);
}

static void walk_fill(struct walk *walk, struct fill *f)
{
	walk_i64(walk, &f->operation_id, 0);
	walk_u32(walk, &f->claim_index);
	walk_u32(walk, &f->ledger);
	walk_i64(walk, &f->close_time, 0);
	walk_bytes(walk, f->transaction, sizeof f->transaction);
	walk_bool(walk, &f->maker);
	walk_bool(walk, &f->inferred);
	walk_i64(walk, &f->base, 0);
	walk_i64(walk, &f->counter, 0);
	walk_i64(walk, &f->offer_id, 0);
}

static void walk_record(struct walk *walk, struct record *r)
{
	switch (r->kind) {
	case RECORD_ORDER:
		walk_order(walk, &r->order);
		return;
	case RECORD_TRANSACTION:
		walk_transaction(walk, &r->transaction);
		return;
	case RECORD_SENT:
		walk_bytes(walk, r->sent.hash, sizeof r->sent.hash);
		walk_i64(walk, &r->sent.at_ms, 0);
		walk_u32(walk, &r->sent.ledger);
		return;
	case RECORD_CANCEL:
		walk_bytes(walk, r->cancel.order, sizeof r->cancel.order);
		walk_i64(walk, &r->cancel.at_ms, 0);
		return;
	case RECORD_OUTCOME:
		walk_outcome(walk, &r->outcome);
		return;
	case RECORD_FILL:
		walk_bytes(walk, r->fill.order, sizeof r->fill.order);
		walk_fill(walk, &r->fill.fill);
		walk_i64(walk, &r->fill.at_ms, 0);
		return;
	case RECORD_RESTING:
		walk_bytes(walk, r->resting.order, sizeof r->resting.order);
		walk_u32(walk, &r->resting.ledger);
		walk_i64(walk, &r->resting.amount, 1);
		walk_i64(walk, &r->resting.at_ms, 0);
		return;
	case RECORD_END:
		walk_bytes(walk, r->end.order, sizeof r->end.order);
		r->end.end = (enum record_end)walk_enum(walk, r->end.end, END_TRADED, END_REFUSED);
		walk_u32(walk, &r->end.ledger);
		walk_i64(walk, &r->end.at_ms, 0);
		walk_text(walk, r->end.text, sizeof r->end.text);
		return;
	case RECORD_CURSOR:
		walk_u32(walk, &r->cursor.ledger);
		walk_bytes(walk, r->cursor.hash, sizeof r->cursor.hash);
		return;
	case RECORD_NETWORK:
		walk_bytes(walk, r->network.id, sizeof r->network.id);
		return;
	case RECORD_RESULT:
		walk_bytes(walk, r->result.hash, sizeof r->result.hash);
		walk_u32(walk, &r->result.offset);
		walk_blob(walk, &r->result.part, RECORD_RESULT_MAX);
		if (!walk->error && r->result.part.size == 0)
			refuse(walk, SDEX_ERR_RANGE);
		return;
	}
}

size_t record_encode(uint8_t *out, const struct record *record)
{
	struct walk walk = {.out = out, .size = RECORD_SIZE_MAX};
	(void)walk_number(&walk, RECORD_VERSION, 1);
	(void)walk_enum(&walk, record->kind, RECORD_ORDER, RECORD_RESULT);
	struct record copy = *record; /* for a walk that could change it */
	walk_record(&walk, &copy);
	return walk.at;
}

enum sdex_error record_decode(struct record *record, const void *data, size_t size,
			      struct sdex_failure *why)
{
	struct walk walk = {.in = data, .size = size};
	if (size > RECORD_SIZE_MAX)
		return fail(why, SDEX_ERR_LENGTH, 0, "expected a record of at most %u bytes",
			    RECORD_SIZE_MAX);
	*record = (struct record){.kind = RECORD_CURSOR};
	uint64_t version = walk_number(&walk, 0, 1);
	if (!walk.error && version != RECORD_VERSION)
		return fail(
			why, SDEX_ERR_UNSUPPORTED, 0,
			"expected a record of version %u, found %u: use the release that wrote it",
			RECORD_VERSION, (unsigned)version);
	record->kind = (enum record_kind)walk_enum(&walk, 0, RECORD_ORDER, RECORD_RESULT);
	if (!walk.error)
		walk_record(&walk, record);
	if (!walk.error && walk.at != walk.size)
		refuse(&walk, SDEX_ERR_TRAILING);
	if (!walk.error)
		return SDEX_OK;
	return fail(why, walk.error, walk.where, "a journal record of kind %u is not whole: %s",
		    (unsigned)record->kind, sdex_error_text(walk.error));
}
