/* engine/submit.c - one transaction in flight for each account.
 *
 * An account's orders wait in line; when it has nothing in flight, the requests to delete
 * and then the orders that wait make the next transaction.  It goes to disk, to the signer,
 * to the network, in this order, and the account stays locked until the ledgers prove what
 * became of it.  What is sent again is the same bytes.
 *
 * One operation that fails undoes its neighbours; they are put in line again, and one that
 * this happened to twice travels alone. */
#include "engine/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "chain/answer.h"

#define FEE_TIMES 10u
#define AGAIN_MS 1000u
#define QUEUE_PATIENCE 3u /* ledgers; a queue drops what it has had for four */
#define TRIES_IN_COMPANY 2u

uint32_t submit_fee(const struct engine *e)
{
	uint64_t fee = (uint64_t)(e->head.base_fee > 100 ? e->head.base_fee : 100) * FEE_TIMES;
	return fee < e->config.max_fee ? (uint32_t)fee : e->config.max_fee;
}

/* --- the line */

void submit_wait(struct engine *e, uint32_t order)
{
	uint32_t index = account_keyed(e, e->orders[order]->terms.account);
	if (index == NONE)
		return;
	struct account *account = &e->accounts[index];
	if (e->orders[order]->state == ORDER_INTENT) {
		GROW(account->waiting, account->waiting_count, account->waiting_room);
		account->waiting[account->waiting_count++] = order;
	} else {
		GROW(account->cancels, account->cancel_count, account->cancel_room);
		account->cancels[account->cancel_count++] = order;
	}
}

static void take_out(uint32_t *list, uint32_t *count, uint32_t order)
{
	for (uint32_t i = 0; i < *count; i++)
		if (list[i] == order) {
			memmove(list + i, list + i + 1, (*count - i - 1) * sizeof *list);
			(*count)--;
			return;
		}
}

void submit_unwait(struct engine *e, uint32_t order)
{
	uint32_t index = account_keyed(e, e->orders[order]->terms.account);
	if (index == NONE)
		return;
	struct account *account = &e->accounts[index];
	take_out(account->waiting, &account->waiting_count, order);
	take_out(account->cancels, &account->cancel_count, order);
}

/* --- the next transaction */

/* Orders in line that are not wanted any more, or have waited too long. */
static void drop_unwanted(struct engine *e, const struct account *account)
{
	for (uint32_t i = 0; i < account->waiting_count && engine_alive(e);) {
		const struct order *order = e->orders[account->waiting[i]];
		if (order->cancel_wanted)
			journal_end(e, order, END_WITHDRAWN, "cancelled before it was sent");
		else if (e->now_ms - order->terms.created_ms >= e->config.order_timeout_ms)
			journal_end(e, order, END_TIME_OVER, "it waited too long to be sent");
		else
			i++;
	}
}

struct batch {
	struct transaction_op ops[TRANSACTION_OPS_MAX];
	uint32_t orders[TRANSACTION_OPS_MAX];
	uint32_t count;
};

static void gather(const struct engine *e, const struct account *account, struct batch *batch)
{
	uint32_t most = e->config.batch;
	batch->count = 0;
	for (uint32_t i = 0; i < account->cancel_count && batch->count < most; i++) {
		uint32_t index = account->cancels[i];
		const struct order *order = e->orders[index];
		batch->orders[batch->count] = index;
		batch->ops[batch->count++] = (struct transaction_op){
			.act = ACT_DELETE, .terms = &order->terms, .offer_id = order->offer_id};
	}
	for (uint32_t i = 0; i < account->waiting_count && batch->count < most; i++) {
		uint32_t index = account->waiting[i];
		const struct order *order = e->orders[index];
		bool alone = order->attempts >= TRIES_IN_COMPANY;
		if (alone && batch->count > 0)
			return;
		batch->orders[batch->count] = index;
		batch->ops[batch->count++] =
			(struct transaction_op){.act = ACT_PLACE, .terms = &order->terms};
		if (alone)
			return;
	}
}

static void record_transaction(struct engine *e, const struct account *account,
			       const struct batch *batch, const struct transaction_plan *plan,
			       const struct transaction_built *built)
{
	struct record record = {.kind = RECORD_TRANSACTION};
	struct record_transaction *is = &record.transaction;
	ledger_cursor(e); /* from where on a new start has to look for it */
	memcpy(is->hash, built->hash.bytes, 32);
	memcpy(is->source, account->key, 32);
	is->sequence = plan->sequence;
	is->max_time = plan->max_time;
	is->max_ledger = plan->max_ledger;
	is->before = e->head.sequence;
	is->made_ms = e->now_ms;
	is->count = batch->count;
	for (uint32_t i = 0; i < batch->count; i++) {
		memcpy(is->ops[i].order, batch->ops[i].terms->id, ORDER_ID_SIZE);
		is->ops[i].act = batch->ops[i].act;
	}
	is->envelope = built->envelope;
	journal_do(e, &record, true);
}

static void submit_next(struct engine *e, struct account *account)
{
	struct batch batch;
	drop_unwanted(e, account);
	if (!engine_alive(e) || account->flight != NONE || !account->exists ||
	    account->refused == e->head.sequence)
		return;
	gather(e, account, &batch);
	struct transaction_plan plan = {.sequence = account->sequence + 1,
					.fee = submit_fee(e),
					.max_time = e->head.close_time + e->config.seconds_ahead,
					.max_ledger = e->head.sequence + e->config.ledgers_ahead,
					.ops = batch.ops,
					.count = batch.count};
	memcpy(plan.source, account->key, 32);
	while (plan.count > 0) {
		struct transaction_built built;
		struct sdex_failure why = {0};
		if (!transaction_build(&built, e->scratch, &plan, &e->network, &why)) {
			batch.count = plan.count;
			record_transaction(e, account, &batch, &plan, &built);
			return;
		}
		/* Checked before, so not to be expected: find the one that cannot be. */
		engine_log(e, ENV_ERROR, "transaction.malformed", "%s", why.text);
		if (plan.count == 1) {
			if (batch.ops[0].act == ACT_PLACE)
				journal_end(e, e->orders[batch.orders[0]], END_REFUSED,
					    "malformed");
			return;
		}
		plan.count = 1;
	}
}

void submit_all(struct engine *e)
{
	if (e->state != STATE_READY)
		return;
	for (uint32_t i = 0; i < e->account_count; i++)
		if (e->accounts[i].waiting_count || e->accounts[i].cancel_count)
			submit_next(e, &e->accounts[i]);
}

/* --- signing */

static void move_all(struct engine *e, const struct sending *s, enum order_cause cause)
{
	for (uint32_t i = 0; i < s->count; i++) {
		struct order *order = e->orders[s->ops[i].order];
		if (s->ops[i].act != ACT_PLACE || !order_can(order, cause))
			continue;
		order_move(order, cause, e->now_ms, e->head.sequence);
		order_changed(e, s->ops[i].order);
	}
}

static void sign(struct engine *e, uint32_t index)
{
	struct sending *s = e->sendings[index];
	if (ask_waiting(e, ASK_SIGN, index))
		return;
	s->stage = SENDING_SIGNING;
	e->env.sign(e->env.world, ask_token(e, ASK_SIGN, index, 0),
		    e->accounts[s->account].signer_key, s->envelope.data, s->envelope.size,
		    s->replaces);
}

void submit_synced(struct engine *e)
{
	for (uint32_t i = 0; i < e->account_count && engine_alive(e); i++) {
		uint32_t flight = e->accounts[i].flight;
		if (flight != NONE && e->sendings[flight]->stage == SENDING_WRITING &&
		    e->sendings[flight]->after_sync <= e->synced)
			sign(e, flight);
	}
}

/* --- sending */

static void send(struct engine *e, uint32_t index)
{
	struct sending *s = e->sendings[index];
	struct json_writer w;
	if (s->asked || !engine_alive(e))
		return;
	uint64_t token = ask_token(e, ASK_SUBMIT, index, s->maybe_sent);
	json_write_arena(&w, e->scratch, false);
	rpc_send_transaction(&w, token, s->signed_envelope, s->signed_size);
	bool first = s->sends++ == 0 && !s->restored;
	s->asked = s->maybe_sent = true;
	s->again = false;
	s->last_send = e->head.sequence;
	ask_rpc(e, token, &w, (size_t)1 << 20);
	move_all(e, s, CAUSE_SENT);
	if (first) {
		struct record record = {.kind = RECORD_SENT,
					.sent = {.at_ms = e->now_ms, .ledger = e->head.sequence}};
		memcpy(record.sent.hash, s->hash, 32);
		journal_do(e, &record, false);
	}
}

void submit_signed(struct engine *e, uint32_t index, const struct event *event)
{
	struct sending *s = e->sendings[index];
	sdex_Hash hash;
	memcpy(hash.bytes, s->hash, 32);
	if (s->stage != SENDING_SIGNING || !engine_alive(e))
		return;
	if (event->size > TRANSACTION_SIZE_MAX ||
	    !transaction_is_signed(event->data, event->size, &hash, &e->network, e->scratch)) {
		engine_stop(e, "the signer gave back another transaction than it was asked to "
			       "sign: it cannot be trusted");
		return;
	}
	s->signed_envelope = malloc(event->size);
	CHECK(s->signed_envelope);
	memcpy(s->signed_envelope, event->data, event->size);
	s->signed_size = (uint32_t)event->size;
	s->stage = SENDING_SIGNED;
	move_all(e, s, CAUSE_SIGNED);
	send(e, index);
}

void submit_unsigned(struct engine *e, uint32_t index, const struct event *event)
{
	struct sending *s = e->sendings[index];
	struct quote quote;
	if (s->stage != SENDING_SIGNING || !engine_alive(e))
		return;
	s->stage = SENDING_UNSIGNED;
	engine_log(e, ENV_WARNING, "sign.refused", "the signer did not sign: %s",
		   bytes_quote(&quote, event->data, event->size));
	if (event->status != ENV_REFUSED) {
		ask_timer(e, TIMER_SIGN, index, AGAIN_MS);
	} else if (!s->maybe_sent) {
		char text[ORDER_REASON_ROOM];
		snprintf(text, sizeof text, "the signer refused: %.*s",
			 (int)(event->size < 70 ? event->size : 70),
			 event->data ? (const char *)event->data : "");
		prove_refused(e, index, (struct sdex_bytes){0}, text);
		submit_all(e);
	}
	/* Else an earlier copy may be on its way: its bounds will tell. */
}

static void refused(struct engine *e, uint32_t index, const struct answer *answer)
{
	uint8_t *bytes = sdex_arena_alloc(e->scratch, RECORD_RESULT_MAX);
	size_t size = 0;
	char text[ORDER_REASON_ROOM];
	const struct sdex_code *code = answer->result ? sdex_result_code(answer->result) : NULL;
	if (answer->result && bytes &&
	    sdex_TransactionResult_encode(bytes, RECORD_RESULT_MAX, &size, answer->result, NULL))
		size = 0;
	if (code)
		snprintf(text, sizeof text, "%s: %s", code->name, code->meaning);
	else
		snprintf(text, sizeof text, "%.90s", answer->text);
	engine_log(e, ENV_WARNING, "transaction.refused", "%s", text);
	prove_refused(e, index, (struct sdex_bytes){.data = bytes, .size = (uint32_t)size}, text);
	submit_all(e);
}

void submit_answer(struct engine *e, uint32_t index, const struct request *request,
		   const struct event *event)
{
	struct sending *s = e->sendings[index];
	struct answer answer;
	s->asked = false;
	if (s->stage != SENDING_SIGNED || !engine_alive(e))
		return;
	bool before = request->number != 0;
	if (event->kind == EVENT_NO_ANSWER && event->status == ENV_NOT_SENT) {
		/* Nothing has happened: the same again. */
		s->maybe_sent = before;
		s->again = true;
		ask_timer(e, TIMER_SUBMIT, index, AGAIN_MS);
		return;
	}
	if (event->kind == EVENT_NO_ANSWER) {
		answer_none(&answer, true, before);
	} else {
		answer_rpc(&answer, e->scratch, (unsigned)event->status, request->token, s->hash,
			   before, event->data, event->size);
	}
	switch (answer.kind) {
	case ANSWER_REFUSED:
		refused(e, index, &answer);
		return;
	case ANSWER_CONFIRMED:
	case ANSWER_PENDING:
		move_all(e, s, CAUSE_ACCEPTED);
		return;
	case ANSWER_AMBIGUOUS:
		break;
	}
	engine_log(e, ENV_WARNING, "transaction.doubt", "%s: %s", answer_reason_name(answer.reason),
		   answer.text);
	move_all(e, s, CAUSE_IN_DOUBT);
	s->again = answer.reason != ANSWER_DUPLICATE;
}

void submit_timer(struct engine *e, enum request_kind kind, uint32_t index)
{
	const struct sending *s = e->sendings[index];
	if (!engine_alive(e))
		return;
	if (kind == TIMER_SIGN && s->stage == SENDING_UNSIGNED)
		sign(e, index);
	else if (kind == TIMER_SUBMIT && s->stage == SENDING_SIGNED && s->again)
		send(e, index);
}

void submit_ledger(struct engine *e)
{
	if (!engine_alive(e) || !feed_caught_up(e))
		return;
	for (uint32_t i = 0; i < e->account_count; i++) {
		uint32_t flight = e->accounts[i].flight;
		const struct sending *s = flight == NONE ? NULL : e->sendings[flight];
		if (s && s->stage == SENDING_UNSIGNED && !ask_waiting(e, TIMER_SIGN, flight))
			sign(e, flight);
		else if (s && s->stage == SENDING_SIGNED && s->last_send < e->head.sequence &&
			 (s->again || e->head.sequence - s->last_send >= QUEUE_PATIENCE))
			send(e, flight);
	}
	if (e->gap)
		prove_search(e);
	submit_all(e);
}
