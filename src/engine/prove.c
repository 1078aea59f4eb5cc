/* engine/prove.c - what became of a transaction: by the ledgers, else by a search.
 *
 * The feed is a search that leaves nothing out: a transaction that no ledger holds, from
 * the one behind its making to one that shows that it can be in no later one, is dead.
 * Where the feed does not reach back to its making, RPC is asked for its hash. */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>

#define ATTEMPTS_MAX 5u
#define SEARCH_BYTES ((size_t)256 << 20) /* with the meta of all that an order traded with */

/* Are its orders to be sent again in another transaction, when this one did nothing? */
static bool again(const struct engine *e, const struct sending *s)
{
	for (uint32_t i = 0; i < s->count; i++) {
		const struct order *order = e->orders[s->ops[i].order];
		if (s->ops[i].act == ACT_PLACE &&
		    (order->attempts >= ATTEMPTS_MAX ||
		     e->now_ms - order->terms.created_ms >= e->config.order_timeout_ms))
			return false;
	}
	return true;
}

/* A result that has no room in one record goes ahead of the outcome, in parts. */
static void record_parts(struct engine *e, const struct sending *s, struct sdex_bytes result)
{
	for (uint32_t at = 0; at < result.size && engine_alive(e); at += RECORD_RESULT_MAX) {
		uint32_t left = result.size - at;
		struct record record = {
			.kind = RECORD_RESULT,
			.result = {.offset = at,
				   .part = {.data = result.data + at,
					    .size = left < RECORD_RESULT_MAX ? left
									     : RECORD_RESULT_MAX}}};
		memcpy(record.result.hash, s->hash, 32);
		journal_do(e, &record, true);
	}
}

bool prove_found(struct engine *e, uint32_t sending, const struct found *found)
{
	const struct sending *s = e->sendings[sending];
	int64_t place;
	const struct sdex_toid toid = {found->ledger, found->place, 1};
	if (found->ledger == 0 || found->place == 0 || sdex_toid_pack(&place, &toid) ||
	    found->close_time < 0 || found->close_time > DELTA_TIME_MAX ||
	    !journal_result_fits(e, sending, found->result))
		return false;
	bool parts = found->result.size > RECORD_RESULT_MAX;
	struct record record = {
		.kind = RECORD_OUTCOME,
		.outcome = {.fate = FATE_FOUND,
			    .proof = PROOF_RESULT,
			    .ledger = found->ledger,
			    .close_time = found->close_time,
			    .place = found->place,
			    .at_ms = e->now_ms,
			    .again = again(e, s),
			    .result = parts ? (struct sdex_bytes){0} : found->result}};
	memcpy(record.outcome.hash, s->hash, 32);
	if (parts)
		record_parts(e, s, found->result);
	if (engine_alive(e))
		journal_do(e, &record, true);
	return true;
}

void prove_refused(struct engine *e, uint32_t sending, struct sdex_bytes result, const char *text)
{
	const struct sending *s = e->sendings[sending];
	struct record record = {.kind = RECORD_OUTCOME,
				.outcome = {.fate = FATE_REFUSED,
					    .proof = PROOF_REFUSED,
					    .ledger = e->head.sequence,
					    .at_ms = e->now_ms,
					    .result = result}};
	memcpy(record.outcome.hash, s->hash, 32);
	snprintf(record.outcome.text, sizeof record.outcome.text, "%s", text);
	engine_plain(record.outcome.text);
	journal_do(e, &record, true);
}

static void record_dead(struct engine *e, uint32_t sending)
{
	const struct sending *s = e->sendings[sending];
	uint32_t shown_by = resolve_shown_by(&s->facts);
	bool by_bound = shown_by != s->facts.used_sequence;
	struct record record = {.kind = RECORD_OUTCOME,
				.outcome = {.fate = FATE_DEAD,
					    .proof = by_bound ? PROOF_BOUND : PROOF_SEQUENCE,
					    .ledger = shown_by,
					    .at_ms = e->now_ms,
					    .again = again(e, s)}};
	memcpy(record.outcome.hash, s->hash, 32);
	snprintf(record.outcome.text, sizeof record.outcome.text,
		 by_bound ? "dead: no ledger up to %u holds it, and its bounds are past"
			  : "dead: no ledger up to %u holds it, and its sequence is used",
		 shown_by);
	engine_log(e, ENV_WARNING, "transaction.dead", "%s", record.outcome.text);
	journal_do(e, &record, true);
}

/* What the last ledger shows of it. */
static void note(const struct engine *e, struct sending *s)
{
	const struct account *account = &e->accounts[s->account];
	struct resolve_facts *facts = &s->facts;
	uint32_t ledger = e->head.sequence;
	if (!facts->past_ledger && ledger >= facts->max_ledger)
		facts->past_ledger = ledger;
	if (!facts->past_time && e->head.close_time > facts->max_time)
		facts->past_time = ledger;
	/* Another server's word for it is no proof: it may be ahead of this one, or of another
	 * network. */
	if (!facts->used_sequence && account->sequence_fed && account->as_of <= ledger &&
	    account->sequence >= s->sequence)
		facts->used_sequence = ledger;
}

/* Had the feed not found it, it was in none of the ledgers that it brought. */
static struct search fed(const struct engine *e)
{
	return (struct search){
		.answer = SEARCH_NOT_FOUND, .oldest = e->anchor + 1, .latest = e->head.sequence};
}

void prove_dead(struct engine *e, uint32_t sending)
{
	struct sending *s = e->sendings[sending];
	note(e, s);
	s->facts.search = fed(e);
	if (resolve(&s->facts) == RESOLVED_DEAD)
		record_dead(e, sending);
}

/* --- searches, for what was made before the feed begins */

static bool needs_search(const struct engine *e, const struct sending *s)
{
	return s->stage != SENDING_DONE && s->before < e->anchor;
}

void prove_search(struct engine *e)
{
	for (uint32_t i = 0; i < e->account_count && e->gap; i++) {
		uint32_t sending = e->accounts[i].flight;
		struct sending *s = sending == NONE ? NULL : e->sendings[sending];
		struct json_writer w;
		if (!s || !needs_search(e, s) || s->searched == e->head.sequence ||
		    ask_waiting(e, ASK_SEARCH, sending))
			continue;
		s->searched = e->head.sequence;
		/* A server may look first and read its latest ledger after that: what the
		 * search has seen is what was known when it was asked. */
		uint64_t token = ask_token(e, ASK_SEARCH, sending, e->head.sequence);
		json_write_arena(&w, e->scratch, false);
		rpc_get_transaction(&w, token, s->hash);
		ask_rpc(e, token, &w, SEARCH_BYTES);
	}
}

void prove_answer(struct engine *e, const struct request *request, const struct event *event)
{
	struct sending *s = e->sendings[request->subject];
	struct rpc_transaction out;
	struct sdex_failure why = {0};
	if (s->stage == SENDING_DONE || event->kind == EVENT_NO_ANSWER || !engine_alive(e))
		return; /* the next ledger asks again */
	if (rpc_read_transaction(&out, e->scratch, request->token, event->data, event->size,
				 &why) ||
	    out.error.code) {
		engine_log(e, ENV_WARNING, "search.failed", "getTransaction: %s",
			   out.error.code ? out.error.message : why.text);
		return;
	}
	if (out.found != RPC_NOT_FOUND) {
		const struct found found = {.ledger = out.ledger,
					    .place = out.order,
					    .close_time = out.close_time,
					    .result = out.result};
		if (!prove_found(e, request->subject, &found))
			engine_log(e, ENV_ERROR, "search.failed",
				   "getTransaction: what the server found cannot be of that "
				   "transaction; asked again");
		return;
	}
	s->facts.search = (struct search){.answer = SEARCH_NOT_FOUND,
					  .oldest = out.oldest,
					  .latest = (uint32_t)request->number};
	if (resolve(&s->facts) == RESOLVED_DEAD)
		record_dead(e, request->subject);
	else if (resolve_shown_by(&s->facts))
		engine_log(e, ENV_ERROR, "transaction.unknown",
			   "sequence %lld of %s cannot be proved: the server's history begins at "
			   "ledger %u, it was sent after %u; name a server that reaches back",
			   (long long)s->sequence, e->accounts[s->account].address, out.oldest,
			   s->before);
}

/* --- after a gap: orders against the books */

static const struct resting *on_book(const struct engine *e, const struct order *order)
{
	return offers_find(books_offers(e->books), order->offer_id);
}

/* A part is gone, and the ledgers that would tell how were not to be had. */
static void infer_fill(struct engine *e, const struct order *order, int64_t left)
{
	const struct order_terms *terms = &order->terms;
	struct price price = order_offer_price(terms);
	int64_t sold = order->resting - left;
	uint128 worth = mul_div_floor((uint64_t)sold, (uint64_t)price.n, (uint64_t)price.d);
	int64_t bought = worth > INT64_MAX ? INT64_MAX : (int64_t)worth;
	bool sells = terms->side == ORDER_SELL;
	struct record record = {.kind = RECORD_FILL,
				.fill = {.fill = {.operation_id = 0,
						  .claim_index = order->fill_count,
						  .ledger = e->head.sequence,
						  .close_time = (int64_t)e->head.close_time,
						  .maker = true,
						  .inferred = true,
						  .base = sells ? sold : bought,
						  .counter = sells ? bought : sold,
						  .offer_id = order->offer_id},
					 .at_ms = e->now_ms}};
	memcpy(record.fill.order, terms->id, ORDER_ID_SIZE);
	journal_do(e, &record, true);
	journal_resting(e, order, left);
}

static void compare(struct engine *e, const struct order *order)
{
	const struct resting *found = on_book(e, order);
	if (found && found->amount < order->resting) {
		infer_fill(e, order, found->amount);
		return;
	}
	if (!found)
		journal_end(e, order, END_VANISHED,
			    "vanished in ledgers that were not read: look at the account's trades");
}

bool prove_gap(struct engine *e)
{
	for (uint32_t i = 0; i < e->account_count; i++)
		if (e->accounts[i].flight != NONE &&
		    needs_search(e, e->sendings[e->accounts[i].flight])) {
			prove_search(e);
			return false;
		}
	for (uint32_t i = 0; i < e->order_count && engine_alive(e); i++)
		if (lifecycle_resting(e->orders[i]->state))
			compare(e, e->orders[i]);
	e->gap = false;
	return true;
}
