/* engine/journal.c - orders as the sum of their records.
 *
 * Nothing changes what an order is but a record, applied here and, as it could be, appended;
 * at start the journal's records are applied by the same functions.  (Steps that say nothing of the
 * ledger, such as signed and sent, are the run's own: after a new start such a transaction
 * is in doubt.)  A record that tells of something known already changes nothing: the last
 * ledger of an earlier life may be taken in twice. */
#include "engine/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/endian.h"
#include "base/failure.h"

/* --- finding */

static uint64_t hash_bytes(const void *data, size_t size)
{
	return table_mix_bytes(0x5de8, data, (uint32_t)size);
}

static uint64_t hash_client(const uint8_t account[32], const char *client_id)
{
	return table_mix_bytes(hash_bytes(account, 32), client_id, (uint32_t)strlen(client_id));
}

static uint64_t hash_offer(int64_t id)
{
	return table_mix(0x0ff3, (uint64_t)id);
}

uint32_t order_by_id(const struct engine *e, const uint8_t id[ORDER_ID_SIZE])
{
	struct table_walk walk = table_walk(&e->by_id, hash_bytes(id, ORDER_ID_SIZE));
	for (uint32_t i; (i = table_next(&e->by_id, &walk)) != SLOT_NONE;)
		if (memcmp(e->orders[i]->terms.id, id, ORDER_ID_SIZE) == 0)
			return i;
	return NONE;
}

uint32_t order_by_text(const struct engine *e, const char *id)
{
	uint8_t bytes[ORDER_ID_SIZE];
	size_t size;
	if (strnlen(id, ORDER_ID_ROOM) != 2 * ORDER_ID_SIZE ||
	    sdex_hex_decode(bytes, sizeof bytes, &size, id, 2 * ORDER_ID_SIZE, NULL))
		return NONE;
	return order_by_id(e, bytes);
}

uint32_t order_by_client(const struct engine *e, const uint8_t account[32], const char *client_id)
{
	struct table_walk walk = table_walk(&e->by_client, hash_client(account, client_id));
	for (uint32_t i; (i = table_next(&e->by_client, &walk)) != SLOT_NONE;)
		if (memcmp(e->orders[i]->terms.account, account, 32) == 0 &&
		    strcmp(e->orders[i]->terms.client_id, client_id) == 0)
			return i;
	return NONE;
}

uint32_t order_by_offer(const struct engine *e, int64_t offer_id)
{
	struct table_walk walk = table_walk(&e->by_offer, hash_offer(offer_id));
	for (uint32_t i; (i = table_next(&e->by_offer, &walk)) != SLOT_NONE;)
		if (e->orders[i]->offer_id == offer_id)
			return i;
	return NONE;
}

uint32_t sending_by_hash(const struct engine *e, const uint8_t hash[32])
{
	struct table_walk walk = table_walk(&e->by_hash, hash_bytes(hash, 32));
	for (uint32_t i; (i = table_next(&e->by_hash, &walk)) != SLOT_NONE;)
		if (memcmp(e->sendings[i]->hash, hash, 32) == 0)
			return i;
	return NONE;
}

/* --- applying.  Each says whether the record fits what is known. */

static bool apply_order(struct engine *e, const struct order_terms *terms)
{
	if (order_by_id(e, terms->id) != NONE)
		return false;
	struct order *order = order_new(terms);
	CHECK(order);
	uint32_t room = e->order_room;
	GROW(e->orders, e->order_count, e->order_room);
	if (room != e->order_room) {
		e->changed_after = realloc(e->changed_after, e->order_room * sizeof(uint64_t));
		CHECK(e->changed_after);
	}
	uint32_t index = e->order_count++;
	e->orders[index] = order;
	e->changed_after[index] = UNCHANGED;
	CHECK(table_put(&e->by_id, hash_bytes(terms->id, ORDER_ID_SIZE), index));
	if (terms->client_id[0])
		CHECK(table_put(&e->by_client, hash_client(terms->account, terms->client_id),
				index));
	submit_wait(e, index);
	order_changed(e, index);
	return true;
}

static void *keep(const void *data, size_t size)
{
	void *copy = malloc(size ? size : 1);
	CHECK(copy);
	if (size)
		memcpy(copy, data, size);
	return copy;
}

static void attach(struct engine *e, struct sending *s, uint32_t i)
{
	struct order *order = e->orders[s->ops[i].order];
	if (s->ops[i].act == ACT_DELETE) {
		submit_unwait(e, s->ops[i].order);
		return;
	}
	order->has_transaction = true;
	memcpy(order->transaction, s->hash, 32);
	order->sequence = s->sequence;
	order->operation = i;
	order->attempts++;
	submit_unwait(e, s->ops[i].order);
	if (e->replaying_journal) /* it may have been sent */
		order_move(order, CAUSE_IN_DOUBT, s->made_ms, s->before);
	order_changed(e, s->ops[i].order);
}

/* Its orders, if the record fits them; NULL if not. */
static struct sending *read_sending(const struct engine *e, const struct record_transaction *is)
{
	struct sending *s = calloc(1, sizeof *s + is->count * sizeof *s->ops);
	CHECK(s);
	s->account = account_keyed(e, is->source);
	bool fits = s->account != NONE && e->accounts[s->account].flight == NONE &&
		    sending_by_hash(e, is->hash) == NONE;
	for (; s->count < is->count && fits; s->count++) {
		struct sending_op *op = &s->ops[s->count];
		op->act = is->ops[s->count].act;
		op->order = order_by_id(e, is->ops[s->count].order);
		fits = op->order != NONE &&
		       (op->act == ACT_DELETE || e->orders[op->order]->state == ORDER_INTENT);
		for (uint32_t j = 0; j < s->count && fits; j++)
			fits = s->ops[j].order != op->order;
	}
	if (fits)
		return s;
	free(s);
	return NULL;
}

static bool apply_transaction(struct engine *e, const struct record_transaction *is)
{
	struct sending *s = read_sending(e, is);
	if (!s)
		return false;
	struct account *account = &e->accounts[s->account];
	memcpy(s->hash, is->hash, 32);
	s->sequence = is->sequence;
	s->made_ms = is->made_ms;
	s->before = is->before;
	s->envelope = is->envelope;
	s->envelope.data = keep(is->envelope.data, is->envelope.size);
	s->replaces = account->replaced == is->sequence;
	s->restored = s->maybe_sent = e->replaying_journal;
	s->stage = e->replaying_journal ? SENDING_UNSIGNED : SENDING_WRITING;
	s->after_sync = e->syncs + 1; /* at the end of this event */
	s->again = true;
	s->facts = (struct resolve_facts){
		.max_ledger = is->max_ledger, .max_time = is->max_time, .before = is->before};
	GROW(e->sendings, e->sending_count, e->sending_room);
	account->flight = e->sending_count;
	CHECK(table_put(&e->by_hash, hash_bytes(is->hash, 32), e->sending_count));
	e->sendings[e->sending_count++] = s;
	for (uint32_t i = 0; i < is->count; i++)
		attach(e, s, i);
	return true;
}

static bool apply_sent(struct engine *e, const struct record *record)
{
	uint32_t index = sending_by_hash(e, record->sent.hash);
	if (index == NONE)
		return false;
	const struct sending *s = e->sendings[index];
	for (uint32_t i = 0; i < s->count; i++) {
		struct order *order = e->orders[s->ops[i].order];
		if (s->ops[i].act != ACT_PLACE || order->submitted_ms)
			continue;
		order->submitted_ms = record->sent.at_ms;
		order->submitted_ledger = record->sent.ledger;
		order_changed(e, s->ops[i].order);
	}
	return true;
}

static bool apply_cancel(struct engine *e, const struct record *record)
{
	uint32_t index = order_by_id(e, record->cancel.order);
	if (index == NONE)
		return false;
	struct order *order = e->orders[index];
	if (order_final(order))
		return true;
	order->cancel_wanted = true;
	if (order_can(order, CAUSE_CANCEL_ASKED)) {
		order_move(order, CAUSE_CANCEL_ASKED, record->cancel.at_ms, 0);
		submit_wait(e, index);
	}
	order_changed(e, index);
	return true;
}

/* --- outcomes */

/* How an order's end, or its rest, is known. */
static void prove(struct order *order, enum order_proof proof, const uint8_t transaction[32],
		  uint32_t ledger, uint32_t operation)
{
	order->proof = proof;
	order->proof_ledger = ledger;
	order->proof_operation = operation;
	if (transaction)
		memcpy(order->proof_transaction, transaction, 32);
}

static void publish_fill(struct engine *e, const struct order *order, const struct fill *fill)
{
	if (e->replaying_journal)
		return;
	struct json_writer w;
	const uint8_t *text;
	size_t size;
	json_write_arena(&w, e->scratch, false);
	show_fill(&w, order, fill);
	if (!json_write_close(&w, &text, &size))
		e->env.publish(e->env.world, "fills", text, size);
}

/* The trades of an order's own operation. */
static bool take_fills(struct engine *e, struct order *order, const struct record_outcome *o,
		       uint32_t operation, const struct outcome *outcome)
{
	struct fill fill = {.ledger = o->ledger, .close_time = o->close_time};
	memcpy(fill.transaction, o->hash, 32);
	const struct sdex_toid place = {o->ledger, o->place, operation + 1};
	if (sdex_toid_pack(&fill.operation_id, &place))
		return false;
	for (uint32_t i = 0; i < outcome->claims.count; i++) {
		fill.claim_index = i;
		if (!transaction_taker_fill(&fill, &order->terms, &outcome->claims.items[i]))
			return false;
		if (fill.base == 0 && fill.counter == 0)
			continue; /* an offer that rounding made worthless was swept away */
		enum sdex_error error = order_fill(order, &fill);
		CHECK(error != SDEX_ERR_NOMEM);
		if (error && error != SDEX_ERR_DUPLICATE)
			return false;
		publish_fill(e, order, &fill);
	}
	return true;
}

static void rest(struct engine *e, uint32_t index, const struct record_outcome *o,
		 const struct outcome *outcome)
{
	struct order *order = e->orders[index];
	order->offer_id = outcome->offer_id;
	order->resting = outcome->amount;
	CHECK(table_put(&e->by_offer, hash_offer(outcome->offer_id), index));
	order_move(order, CAUSE_RESTED, o->at_ms, o->ledger);
	if (order->cancel_wanted) {
		order_move(order, CAUSE_CANCEL_ASKED, o->at_ms, o->ledger);
		submit_wait(e, index);
	}
}

static void say_code(struct order *order, const struct sdex_code *code)
{
	char text[ORDER_REASON_ROOM];
	snprintf(text, sizeof text, "%s: %s", code->name, code->meaning);
	order_reason(order, text);
}

static void place_again(struct engine *e, uint32_t index, const struct record_outcome *o)
{
	order_move(e->orders[index], CAUSE_AGAIN, o->at_ms, o->ledger);
	submit_wait(e, index);
}

/* An order to place, whose transaction is in a ledger. */
static bool placed(struct engine *e, const struct sending *s, uint32_t i,
		   const struct record_outcome *o, const struct outcome *outcome)
{
	uint32_t index = s->ops[i].order;
	struct order *order = e->orders[index];
	prove(order, PROOF_RESULT, o->hash, o->ledger, i);
	order_reason(order, ""); /* an attempt before, which failed, is none of this one's */
	switch (outcome->kind) {
	case OUTCOME_RESTS:
		if (!take_fills(e, order, o, i, outcome))
			return false;
		rest(e, index, o, outcome);
		return true;
	case OUTCOME_ENDS:
		if (!take_fills(e, order, o, i, outcome))
			return false;
		if (order->fill_count == 0)
			order_reason(order, "dust: the network found nothing of it worth keeping");
		order_move(order, order->fill_count ? CAUSE_TRADED : CAUSE_DUST, o->at_ms,
			   o->ledger);
		return true;
	case OUTCOME_FAILED:
		say_code(order, outcome->code);
		order_move(order, CAUSE_REJECTED, o->at_ms, o->ledger);
		return true;
	case OUTCOME_UNDONE:
		say_code(order, outcome->code);
		if (o->again && outcome->code->value == SDEX_txFAILED)
			place_again(e, index, o);
		else
			order_move(order, CAUSE_REJECTED, o->at_ms, o->ledger);
		return true;
	}
	return false;
}

/* An order to delete, whose transaction is in a ledger. */
static void deleted(struct engine *e, const struct sending *s, uint32_t i,
		    const struct record_outcome *o, const struct outcome *outcome)
{
	struct order *order = e->orders[s->ops[i].order];
	if (order_final(order))
		return;
	if (outcome->kind == OUTCOME_ENDS) {
		prove(order, PROOF_RESULT, o->hash, o->ledger, i);
		order_reason(order, "cancelled on request");
		order_move(order, CAUSE_DELETED, o->at_ms, o->ledger);
	} else if (order_can(order, CAUSE_REQUEST_FAILED)) {
		/* It proves nothing; the ledger tells what became of the offer. */
		order_move(order, CAUSE_REQUEST_FAILED, o->at_ms, o->ledger);
		order_move(order, CAUSE_CANCEL_ASKED, o->at_ms, o->ledger);
		submit_wait(e, s->ops[i].order);
	}
}

/* What our account was charged.  A fee bump around our transaction is somebody else's, and
 * so is its fee. */
static int64_t fee_of(const sdex_TransactionResult *result)
{
	if (result->result.code == SDEX_txFEE_BUMP_INNER_SUCCESS ||
	    result->result.code == SDEX_txFEE_BUMP_INNER_FAILED)
		return result->result.innerResultPair->result.feeCharged;
	return result->feeCharged;
}

/* The result of a transaction of ours, if it tells what became of each of its operations;
 * NULL when it is none. */
static const sdex_TransactionResult *read_result(const struct engine *e, const struct sending *s,
						 struct sdex_bytes bytes)
{
	sdex_TransactionResult *result = NULL;
	struct outcome outcome;
	if (sdex_TransactionResult_decode(&result, e->scratch, bytes.data, bytes.size, NULL) ||
	    fee_of(result) < 0)
		return NULL;
	for (uint32_t i = 0; i < s->count; i++)
		if (!transaction_outcome(&outcome, result, i))
			return NULL;
	return result;
}

bool journal_result_fits(const struct engine *e, uint32_t sending, struct sdex_bytes result)
{
	return result.size > 0 && result.size <= RESULT_MAX &&
	       read_result(e, e->sendings[sending], result) != NULL;
}

static bool apply_found(struct engine *e, struct sending *s, const struct record_outcome *o)
{
	const sdex_TransactionResult *result =
		read_result(e, s, (struct sdex_bytes){.data = s->result, .size = s->result_size});
	if (!result)
		return false;
	int64_t fee = fee_of(result);
	for (uint32_t i = 0; i < s->count; i++) {
		struct outcome outcome;
		if (!transaction_outcome(&outcome, result, i))
			return false;
		struct order *order = e->orders[s->ops[i].order];
		/* shares of the fee, the first ones a stroop more */
		int64_t share = fee / s->count + (i < fee % s->count);
		if (share < 0 || __builtin_add_overflow(order->fee, share, &order->fee))
			return false;
		if (s->ops[i].act == ACT_DELETE)
			deleted(e, s, i, o, &outcome);
		else if (!placed(e, s, i, o, &outcome))
			return false;
		order_changed(e, s->ops[i].order);
	}
	return true;
}

static void apply_unfound(struct engine *e, struct sending *s, const struct record_outcome *o)
{
	for (uint32_t i = 0; i < s->count; i++) {
		struct order *order = e->orders[s->ops[i].order];
		order_changed(e, s->ops[i].order);
		if (s->ops[i].act == ACT_DELETE) {
			if (!order_final(order) && order_can(order, CAUSE_REQUEST_FAILED)) {
				order_move(order, CAUSE_REQUEST_FAILED, o->at_ms, o->ledger);
				order_move(order, CAUSE_CANCEL_ASKED, o->at_ms, o->ledger);
				submit_wait(e, s->ops[i].order);
			}
			continue;
		}
		order_reason(order, o->text);
		prove(order, o->proof, o->hash, o->ledger, i);
		if (o->again)
			place_again(e, s->ops[i].order, o);
		else
			order_move(order, o->fate == FATE_DEAD ? CAUSE_DEAD : CAUSE_REJECTED,
				   o->at_ms, o->ledger);
	}
}

/* A part of a result, behind those before it. */
static bool apply_result(struct engine *e, const struct record *record)
{
	uint32_t index = sending_by_hash(e, record->result.hash);
	const struct sdex_bytes *part = &record->result.part;
	if (index == NONE || e->sendings[index]->stage == SENDING_DONE)
		return false;
	struct sending *s = e->sendings[index];
	if (record->result.offset == 0)
		s->result_size = 0; /* those before were of a life that ended among them */
	if (record->result.offset != s->result_size || part->size > RESULT_MAX - s->result_size)
		return false;
	s->result = realloc(s->result, s->result_size + part->size);
	CHECK(s->result);
	memcpy(s->result + s->result_size, part->data, part->size);
	s->result_size += part->size;
	return true;
}

static bool apply_outcome(struct engine *e, const struct record_outcome *o)
{
	uint32_t index = sending_by_hash(e, o->hash);
	if (index == NONE)
		return false;
	struct sending *s = e->sendings[index];
	if (s->stage == SENDING_DONE)
		return false;
	struct account *account = &e->accounts[s->account];
	s->stage = SENDING_DONE;
	s->fate = o->fate;
	s->ledger = o->ledger;
	if (o->fate != FATE_FOUND || o->result.size > 0) {
		free(s->result);
		s->result = keep(o->result.data, o->result.size);
		s->result_size = o->result.size;
	}
	free((void *)(uintptr_t)s->envelope.data);
	free(s->signed_envelope);
	s->envelope = (struct sdex_bytes){0};
	s->signed_envelope = NULL;
	account->flight = NONE;
	if (o->fate == FATE_FOUND)
		return apply_found(e, s, o);
	account->replaced = s->sequence;
	if (o->fate == FATE_REFUSED)
		account->refused = o->ledger;
	apply_unfound(e, s, o);
	return true;
}

/* --- offers */

static bool apply_fill(struct engine *e, const struct record *record)
{
	uint32_t index = order_by_id(e, record->fill.order);
	if (index == NONE)
		return false;
	struct order *order = e->orders[index];
	enum sdex_error error = order_fill(order, &record->fill.fill);
	CHECK(error != SDEX_ERR_NOMEM);
	if (error)
		return error == SDEX_ERR_DUPLICATE;
	if (!order_can(order, CAUSE_FILL))
		return false;
	order_move(order, CAUSE_FILL, record->fill.at_ms, record->fill.fill.ledger);
	prove(order, PROOF_OFFER, record->fill.fill.transaction, record->fill.fill.ledger, 0);
	publish_fill(e, order, &record->fill.fill);
	order_changed(e, index);
	return true;
}

static bool apply_resting(struct engine *e, const struct record *record)
{
	uint32_t index = order_by_id(e, record->resting.order);
	if (index == NONE || !lifecycle_resting(e->orders[index]->state))
		return false;
	e->orders[index]->resting = record->resting.amount;
	order_changed(e, index);
	return true;
}

static bool apply_end(struct engine *e, const struct record *record)
{
	static const enum order_cause causes[] = {
		[END_TRADED] = CAUSE_FILL_LAST,    [END_VANISHED] = CAUSE_VANISHED,
		[END_REVOKED] = CAUSE_REVOKED,     [END_WITHDRAWN] = CAUSE_WITHDRAWN,
		[END_TIME_OVER] = CAUSE_TIME_OVER, [END_REFUSED] = CAUSE_REJECTED,
	};
	uint32_t index = order_by_id(e, record->end.order);
	if (index == NONE)
		return false;
	struct order *order = e->orders[index];
	enum order_cause cause = causes[record->end.end];
	if (!order_can(order, cause))
		return false;
	bool rested = lifecycle_resting(order->state);
	submit_unwait(e, index);
	order_move(order, cause, record->end.at_ms, record->end.ledger);
	if (record->end.text[0])
		order_reason(order, record->end.text);
	if (rested)
		prove(order, PROOF_OFFER, NULL, record->end.ledger, 0);
	order_changed(e, index);
	return true;
}

static bool apply(struct engine *e, const struct record *record)
{
	switch (record->kind) {
	case RECORD_ORDER:
		return apply_order(e, &record->order);
	case RECORD_TRANSACTION:
		return apply_transaction(e, &record->transaction);
	case RECORD_SENT:
		return apply_sent(e, record);
	case RECORD_CANCEL:
		return apply_cancel(e, record);
	case RECORD_OUTCOME:
		return apply_outcome(e, &record->outcome);
	case RECORD_FILL:
		return apply_fill(e, record);
	case RECORD_RESTING:
		return apply_resting(e, record);
	case RECORD_END:
		return apply_end(e, record);
	case RECORD_CURSOR:
		e->cursor = record->cursor.ledger;
		memcpy(e->anchor_hash, record->cursor.hash, 32);
		return true;
	case RECORD_NETWORK:
		e->network_recorded = true;
		return memcmp(e->network.bytes, record->network.id, 32) == 0;
	case RECORD_RESULT:
		return apply_result(e, record);
	}
	return false;
}

void journal_do(struct engine *e, const struct record *record, bool durable)
{
	/* First, since applying may free what the record points to. */
	size_t size = record_encode(e->record, record);
	if (!apply(e, record)) {
		/* Appended, it would be in the way of each new start. */
		engine_stop(e,
			    "a ledger tells of an order what cannot be (record of kind %d): "
			    "compare the account with the ledger before a new start",
			    (int)record->kind);
		return;
	}
	e->env.append(e->env.world, e->record, size);
	e->dirty |= durable;
}

void journal_end(struct engine *e, const struct order *order, enum record_end end, const char *text)
{
	struct record record = {
		.kind = RECORD_END,
		.end = {.end = end, .ledger = e->head.sequence, .at_ms = e->now_ms}};
	memcpy(record.end.order, order->terms.id, ORDER_ID_SIZE);
	snprintf(record.end.text, sizeof record.end.text, "%s", text);
	journal_do(e, &record, true);
}

void journal_resting(struct engine *e, const struct order *order, int64_t amount)
{
	struct record record = {
		.kind = RECORD_RESTING,
		.resting = {.ledger = e->head.sequence, .amount = amount, .at_ms = e->now_ms}};
	memcpy(record.resting.order, order->terms.id, ORDER_ID_SIZE);
	journal_do(e, &record, true);
}

bool journal_again(struct engine *e, const void *data, size_t size, struct sdex_failure *why)
{
	struct record record;
	if (record_decode(&record, data, size, why))
		return false;
	if (apply(e, &record))
		return true;
	if (record.kind == RECORD_NETWORK)
		return !fail(why, SDEX_ERR_INVALID, 0,
			     "the journal is of another network than \"%.100s\": name its own, "
			     "or give this one a folder of its own",
			     e->config.passphrase);
	(void)fail(why, SDEX_ERR_INVALID, 0,
		   "a journal record of kind %d does not fit those before it, or the configured "
		   "accounts: use the journal's own configuration",
		   (int)record.kind);
	return false;
}
