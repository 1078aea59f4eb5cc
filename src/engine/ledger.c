/* engine/ledger.c - a ledger taken in: books, accounts, our transactions and offers.
 *
 * All of it, in the order of application, then the cursor.  What is recorded of a ledger
 * follows from the ledger and the orders alone, and is left out where the journal has it
 * already: a ledger of which only the first records reached the disk is taken in again. */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>

#include "base/failure.h"

#define CURSOR_EVERY 16u /* ledgers without anything of ours, at most, between two cursors */

static void take_head(struct engine *e, const struct delta *delta)
{
	e->head = (struct ledger_head){.sequence = delta->sequence,
				       .close_time = (uint64_t)delta->close_time,
				       .base_fee = delta->base_fee,
				       .base_reserve = delta->base_reserve,
				       .protocol = delta->version};
	memcpy(e->head.hash, delta->hash, 32);
	e->head_ms = e->now_ms;
	e->ledgers++;
}

/* --- our transactions */

static void take_ours(struct engine *e, const struct delta *delta,
		      const struct delta_transaction *tx)
{
	uint32_t index = sending_by_hash(e, tx->hash);
	if (index == NONE && tx->inner_hash)
		index = sending_by_hash(e, tx->inner_hash);
	if (index == NONE)
		return;
	const struct sending *s = e->sendings[index];
	if (s->stage == SENDING_DONE) {
		if (s->fate != FATE_FOUND)
			engine_stop(e,
				    "ledger %u holds a transaction that was proved dead: the "
				    "servers contradict each other",
				    delta->sequence);
		return;
	}
	uint8_t *bytes = NULL;
	size_t size = 0;
	struct sdex_failure why;
	enum sdex_error error = SDEX_ERR_NOMEM;
	for (size_t room = RECORD_RESULT_MAX; error && room <= RESULT_MAX; room *= 8) {
		bytes = sdex_arena_alloc(e->scratch, room);
		error = bytes ? sdex_TransactionResult_encode(bytes, room, &size, tx->result, &why)
			      : SDEX_ERR_NOMEM;
	}
	if (error) {
		engine_stop(e, "a result is too large to be recorded");
		return;
	}
	struct sdex_toid place;
	if (sdex_toid_unpack(&place, tx->id)) {
		engine_stop(e, "a transaction's place is out of range");
		return;
	}
	const struct found found = {.ledger = delta->sequence,
				    .place = place.transaction,
				    .close_time = delta->close_time,
				    .result = {.data = bytes, .size = (uint32_t)size}};
	if (!prove_found(e, index, &found))
		engine_stop(e,
			    "ledger %u has a result for a transaction that cannot be its own: "
			    "the server contradicts itself",
			    delta->sequence);
}

/* --- trades of others with our offers */

static bool known_fill(const struct order *order, const struct delta_claim *claim)
{
	for (uint32_t i = 0; i < order->fill_count; i++)
		if (order->fills[i].operation_id == claim->operation_id &&
		    order->fills[i].claim_index == claim->index)
			return true;
	return false;
}

static void take_claim(struct engine *e, const struct delta *delta, const struct delta_claim *claim)
{
	uint32_t index = claim->pool ? NONE : order_by_offer(e, claim->offer_id);
	if (index == NONE)
		return;
	const struct order *order = e->orders[index];
	const struct order_terms *terms = &order->terms;
	if (memcmp(claim->maker, terms->account, 32) != 0 || known_fill(order, claim) ||
	    (claim->sold_amount == 0 && claim->bought_amount == 0))
		return;
	bool sells = terms->side == ORDER_SELL;
	struct record record = {
		.kind = RECORD_FILL,
		.fill = {.fill = {.operation_id = claim->operation_id,
				  .claim_index = claim->index,
				  .ledger = delta->sequence,
				  .close_time = delta->close_time,
				  .maker = true,
				  .base = sells ? claim->sold_amount : claim->bought_amount,
				  .counter = sells ? claim->bought_amount : claim->sold_amount,
				  .offer_id = claim->offer_id},
			 .at_ms = e->now_ms}};
	memcpy(record.fill.order, terms->id, ORDER_ID_SIZE);
	memcpy(record.fill.fill.transaction, delta->transactions[claim->transaction].hash, 32);
	journal_do(e, &record, true);
}

static void take_transactions(struct engine *e, const struct delta *delta)
{
	for (uint32_t i = 0; i < delta->transaction_count && engine_alive(e); i++) {
		const struct delta_transaction *tx = &delta->transactions[i];
		for (uint32_t c = 0; c < tx->claim_count && engine_alive(e); c++)
			take_claim(e, delta, &delta->claims[tx->first_claim + c]);
		if (engine_alive(e))
			take_ours(e, delta, tx);
	}
}

/* --- our offers, as the ledger leaves them */

/* What claims of this ledger took from an offer, and whether any did. */
static bool taken_from(const struct delta *delta, int64_t offer_id, uint128 *taken)
{
	bool any = false;
	*taken = 0;
	for (uint32_t i = 0; i < delta->claim_count; i++)
		if (!delta->claims[i].pool && delta->claims[i].offer_id == offer_id) {
			*taken += (uint64_t)delta->claims[i].sold_amount;
			any = true;
		}
	return any;
}

static bool revoked(const struct engine *e, const struct order *order)
{
	uint32_t index = account_keyed(e, order->terms.account);
	const char *assets[2] = {order->terms.base, order->terms.counter};
	for (int i = 0; i < 2 && index != NONE; i++) {
		const struct holding *h = holding_find(&e->accounts[index], assets[i]);
		if (h && !holdings_issues(&e->accounts[index], assets[i]) &&
		    (h->gone || !h->maintains))
			return true;
	}
	return false;
}

static void end_offer(struct engine *e, const struct order *order, const struct delta *delta)
{
	uint128 taken;
	bool any = taken_from(delta, order->offer_id, &taken);
	int64_t rest = taken < (uint64_t)order->resting ? order->resting - (int64_t)taken : 0;
	bool worth =
		rest > 0 && exchange_adjust(order_offer_price(&order->terms), rest, INT64_MAX) > 0;
	if (any && !worth && order->fill_count > 0)
		journal_end(e, order, END_TRADED, "");
	else if (revoked(e, order))
		journal_end(e, order, END_REVOKED,
			    "revoked: the account may no longer hold one of the assets");
	else
		journal_end(e, order, END_VANISHED,
			    any && !worth
				    ? "dust: what was left was swept away as worth nothing"
				    : "vanished: the offer is gone, and this connector did not "
				      "delete it");
}

static void take_offer(struct engine *e, const struct delta *delta, const struct delta_entry *entry)
{
	const sdex_OfferEntry *offer = entry->last->data.offer;
	uint32_t index = order_by_offer(e, offer->offerID);
	if (index == NONE || !lifecycle_resting(e->orders[index]->state))
		return;
	const struct order *order = e->orders[index];
	if (entry->gone)
		end_offer(e, order, delta);
	else if (offer->amount != order->resting && offer->amount > 0)
		journal_resting(e, order, offer->amount);
}

/* --- the whole */

void ledger_cursor(struct engine *e)
{
	if (e->cursor == e->head.sequence)
		return;
	struct record record = {.kind = RECORD_CURSOR, .cursor = {.ledger = e->head.sequence}};
	memcpy(record.cursor.hash, e->head.hash, 32);
	journal_do(e, &record, false);
}

static void publish_ledger(struct engine *e, const struct delta *delta)
{
	struct json_writer w;
	const uint8_t *text;
	size_t size;
	json_write_arena(&w, e->scratch, false);
	json_write_object(&w);
	field_uint(&w, "sequence", delta->sequence);
	field_seconds(&w, "close_time", delta->close_time);
	field_hex(&w, "hash", delta->hash, 32);
	json_write_object_end(&w);
	if (!json_write_close(&w, &text, &size))
		e->env.publish(e->env.world, "ledger", text, size);
	uint32_t count;
	const uint32_t *changed = books_changed(e->books, &count);
	for (uint32_t i = 0; i < e->pair_count; i++) {
		bool is_changed = false;
		for (uint32_t c = 0; c < count; c++)
			is_changed |= changed[c] == e->pairs[i].book;
		if (!is_changed || !e->pairs[i].name[0])
			continue;
		json_write_arena(&w, e->scratch, false);
		json_write_object(&w);
		field_text(&w, "trading_pair", e->pairs[i].name);
		field_uint(&w, "ledger", delta->sequence);
		json_write_object_end(&w);
		if (!json_write_close(&w, &text, &size))
			e->env.publish(e->env.world, "book", text, size);
	}
}

bool ledger_take(struct engine *e, const void *meta, size_t size, struct sdex_failure *why)
{
	const struct delta *delta = NULL;
	if (delta_read(&delta, e->reader, meta, size, why))
		return false;
	if (e->head.sequence == 0 && e->anchor_hash_known &&
	    memcmp(delta->previous_hash, e->anchor_hash, 32) != 0)
		return !fail(why, SDEX_ERR_INVALID, 0, "ledger %u does not build on ledger %u",
			     delta->sequence, e->anchor);
	if (e->state == STATE_REPLAYING)
		replay_choose(e, delta);
	if (books_apply(e->books, delta, why))
		return false;
	take_head(e, delta);
	if (e->state != STATE_REPLAYING) {
		bool dirty = e->dirty;
		e->dirty = false;
		holdings_delta(e, delta);
		take_transactions(e, delta);
		for (uint32_t i = 0; i < delta->offers.count && engine_alive(e); i++)
			take_offer(e, delta, &delta->offers.items[i]);
		for (uint32_t i = 0; i < e->account_count && engine_alive(e); i++)
			if (e->accounts[i].flight != NONE)
				prove_dead(e, e->accounts[i].flight);
		if (engine_alive(e) && (e->dirty || e->head.sequence - e->cursor >= CURSOR_EVERY))
			ledger_cursor(e);
		e->dirty |= dirty;
	}
	publish_ledger(e, delta);
	return true;
}

/* What orders need, and is not there yet; NULL when nothing is missing. */
static const char *missing(struct engine *e)
{
	if (!e->verified)
		return "the network is asked who it is";
	if (!feed_caught_up(e))
		return "ledgers are read up to the newest";
	if (!snapshot_done(e) && e->snapshot_why[0])
		return e->snapshot_why;
	if (!snapshot_done(e))
		return "books and accounts are read";
	for (uint32_t i = 0; i < books_count(e->books); i++)
		if (books_pair(e->books, i)->state != BOOK_COMPLETE)
			return "a book waits for the ledger that its snapshot reflects";
	for (uint32_t i = 0; i < e->account_count; i++)
		if (e->accounts[i].snapshot > e->head.sequence)
			return "an account waits for the ledger that its snapshot reflects";
	if (e->gap && !prove_gap(e))
		return "orders are compared with the ledger after a gap";
	return NULL;
}

void ledger_ready(struct engine *e)
{
	if (!engine_alive(e))
		return;
	const char *what = missing(e);
	if (e->state == STATE_READY) {
		/* Ledgers behind the newest are read in a moment: no reason to refuse orders. */
		if (what && e->anchored && snapshot_done(e))
			return;
		if (!what)
			return;
	}
	engine_state(e, what ? STATE_RECONCILING : STATE_READY, what ? what : "");
	if (!what)
		submit_all(e);
}
