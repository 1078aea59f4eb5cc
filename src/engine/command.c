/* engine/command.c - place and cancel: read, checked, written down, answered.
 *
 * What can be known to fail is refused before it costs a fee.  What is taken is answered
 * once it is on disk.  The same client id gives the same order again. */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/endian.h"
#include "base/json.h"

#define SUBENTRIES_MAX 1000u

/* clang-format off */
#define COMMAND_FIELDS(X)                                               \
	X(verb, "do") X(client_id, "client_id") X(account, "account")   \
	X(trading_pair, "trading_pair") X(trade_type, "trade_type")     \
	X(order_type, "order_type") X(amount, "amount")                 \
	X(price, "price") X(order_id, "order_id")
/* clang-format on */

/* The members of a command; "" where there is none. */
struct command {
#define COMMAND_MEMBER(name, key) char name[ORDER_NAME_ROOM];
	COMMAND_FIELDS(COMMAND_MEMBER)
#undef COMMAND_MEMBER
};

static char *member(struct command *c, const struct json_text *key)
{
#define COMMAND_FIND(name, text)                 \
	if (json_is(key, text, sizeof text - 1)) \
		return c->name;
	COMMAND_FIELDS(COMMAND_FIND)
#undef COMMAND_FIND
	return NULL;
}

/* Printable ASCII that fits its room; anything else is none of ours. */
static bool copy_text(char out[ORDER_NAME_ROOM], const struct json_text *text)
{
	uint8_t plain[6 * ORDER_NAME_ROOM];
	if (text->size > sizeof plain)
		return false;
	size_t size = json_unescape(plain, text);
	if (size == 0 || size >= ORDER_NAME_ROOM)
		return false;
	for (size_t i = 0; i < size; i++)
		if (plain[i] < ' ' || plain[i] > '~')
			return false;
	memcpy(out, plain, size);
	out[size] = 0;
	return true;
}

static bool read_command(struct engine *e, struct command *c, const struct event *event)
{
	struct json json;
	struct json_text key, text;
	struct sdex_failure why;
	struct quote quote;
	memset(c, 0, sizeof *c);
	json_open(&json, event->data, event->size, 4);
	if (json_object(&json))
		while (json_key(&json, &key)) {
			char *to = member(c, &key);
			if (to && json_peek(&json) == JSON_NULL) {
				(void)json_null(&json);
			} else if (!to || to[0]) {
				command_refuse(e, event->token, REFUSE_INVALID_REQUEST, NULL,
					       to ? "the member %s is there twice"
						  : "the member %s is none that a command has",
					       bytes_quote(&quote, key.data, key.size));
				return false;
			} else if (json_string(&json, &text) && !copy_text(to, &text)) {
				command_refuse(
					e, event->token, REFUSE_INVALID_REQUEST, NULL,
					"expected 1 to %u printable ASCII characters in %s, "
					"found %s",
					ORDER_NAME_ROOM - 1,
					bytes_quote(&quote, key.data, key.size),
					bytes_quote(&(struct quote){{0}}, text.data, text.size));
				return false;
			}
		}
	if (json_close(&json, &why) == SDEX_OK)
		return true;
	command_refuse(e, event->token, REFUSE_INVALID_REQUEST, NULL, "%s", why.text);
	return false;
}

/* --- answers */

static void reply_now(struct engine *e, uint64_t token, unsigned status, uint32_t order)
{
	struct json_writer w;
	const uint8_t *text;
	size_t size;
	json_write_arena(&w, e->scratch, false);
	show_order(e, &w, e->orders[order]);
	if (json_write_close(&w, &text, &size))
		command_refuse(e, token, REFUSE_NOT_READY, NULL, "memory is out");
	else
		e->env.reply(e->env.world, token, status, text, size);
}

/* Answers once all that the answer says is on disk. */
static void reply_order(struct engine *e, uint64_t token, unsigned status, uint32_t order)
{
	if (e->state == STATE_STOPPED) {
		command_refuse(e, token, REFUSE_STOPPED, NULL, "%s", e->reason);
		return;
	}
	if (engine_sync_due(e) <= e->synced) {
		reply_now(e, token, status, order);
		return;
	}
	GROW(e->replies, e->reply_count, e->reply_room);
	e->replies[e->reply_count++] = (struct reply){
		.token = token, .after_sync = engine_sync_due(e), .order = order, .status = status};
}

void command_synced(struct engine *e)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < e->reply_count; i++) {
		const struct reply *r = &e->replies[i];
		if (r->after_sync <= e->synced)
			reply_now(e, r->token, r->status, r->order);
		else if (e->state == STATE_STOPPED)
			command_refuse(e, r->token, REFUSE_STOPPED, NULL, "%s", e->reason);
		else
			e->replies[kept++] = *r;
	}
	e->reply_count = kept;
}

/* --- place: what it asks for */

static bool find_account(struct engine *e, uint64_t token, const struct command *c,
			 uint32_t *account)
{
	*account = c->account[0] ? account_named(e, c->account) : e->account_count == 1 ? 0 : NONE;
	if (*account != NONE)
		return true;
	command_refuse(e, token, REFUSE_UNKNOWN_ACCOUNT, "account",
		       c->account[0] ? "the account %s is not configured"
				     : "expected an account's name or address, found none%s",
		       c->account);
	return false;
}

static bool read_side(struct engine *e, uint64_t token, const struct command *c,
		      struct order_terms *t)
{
	if (strcmp(c->trade_type, "buy") != 0 && strcmp(c->trade_type, "sell") != 0) {
		command_refuse(e, token, REFUSE_INVALID_TRADE_TYPE, "trade_type",
			       "expected buy or sell, found \"%s\"", c->trade_type);
		return false;
	}
	t->side = c->trade_type[0] == 'b' ? ORDER_BUY : ORDER_SELL;
	if (!c->order_type[0] || strcmp(c->order_type, "limit") == 0)
		return true;
	command_refuse(e, token, REFUSE_UNSUPPORTED_ORDER_TYPE, "order_type",
		       "expected limit, found \"%s\"", c->order_type);
	return false;
}

static bool read_numbers(struct engine *e, uint64_t token, const struct command *c,
			 struct order_terms *t)
{
	struct sdex_failure why = {.text = "expected a decimal number, found none"};
	struct sdex_amount amount = {0};
	if (!c->amount[0] || sdex_amount_parse(&amount, c->amount, strlen(c->amount), &why) ||
	    amount.stroops == 0) {
		command_refuse(e, token, REFUSE_INVALID_AMOUNT, "amount", "%s",
			       c->amount[0] && amount.stroops == 0 && !why.code
				       ? "expected more than 0"
				       : why.text);
		return false;
	}
	t->amount = amount.stroops;
	if (strlen(c->price) >= sizeof t->price_text) {
		command_refuse(e, token, REFUSE_INVALID_PRICE, "price",
			       "expected at most %zu characters, found %zu",
			       sizeof t->price_text - 1, strlen(c->price));
		return false;
	}
	if (!c->price[0] ||
	    transaction_price(&t->price, t->side, c->price, strlen(c->price), &why)) {
		command_refuse(e, token, REFUSE_INVALID_PRICE, "price", "%s",
			       c->price[0] ? why.text : "expected a decimal number, found none");
		return false;
	}
	memcpy(t->price_text, c->price, strlen(c->price) + 1);
	return true;
}

/* A client's id is a segment of the API's paths, where these have a meaning of their own. */
static bool is_segment(const char *id)
{
	return !strchr(id, '/') && strcmp(id, ".") != 0 && strcmp(id, "..") != 0;
}

static bool read_terms(struct engine *e, uint64_t token, const struct command *c,
		       struct order_terms *t, const struct account *account)
{
	const struct pair *pair = pair_named(e, c->trading_pair);
	if (!pair || !c->trading_pair[0]) {
		command_refuse(e, token, REFUSE_UNKNOWN_PAIR, "trading_pair",
			       "expected a configured pair, found \"%s\"", c->trading_pair);
		return false;
	}
	if (!is_segment(c->client_id)) {
		command_refuse(e, token, REFUSE_INVALID_REQUEST, "client_id",
			       "expected an id without \"/\", and not \".\" or \"..\", found "
			       "\"%s\"",
			       c->client_id);
		return false;
	}
	memcpy(t->account, account->key, 32);
	snprintf(t->client_id, sizeof t->client_id, "%s", c->client_id);
	snprintf(t->pair, sizeof t->pair, "%s", pair->name);
	memcpy(t->base, pair->base_text, sizeof t->base);
	memcpy(t->counter, pair->counter_text, sizeof t->counter);
	return read_side(e, token, c, t) && read_numbers(e, token, c, t);
}

/* --- place: whether the ledger would take it */

static bool may_trade(struct engine *e, uint64_t token, const struct account *account,
		      const char *asset)
{
	const struct holding *h = holding_find(account, asset);
	if (holdings_issues(account, asset))
		return true;
	if (!h || h->gone) {
		command_refuse(e, token, REFUSE_NO_TRUSTLINE, "trading_pair",
			       "expected a trustline for %s, found none", asset);
		return false;
	}
	if (h->authorized)
		return true;
	command_refuse(e, token, REFUSE_NOT_AUTHORIZED, "trading_pair",
		       "expected an authorised trustline for %s, found one that is not", asset);
	return false;
}

static const char *text_of(char text[SDEX_AMOUNT_ROOM], int64_t stroops)
{
	sdex_amount_print(text, (struct sdex_amount){stroops});
	return text;
}

static bool has_funds(struct engine *e, uint64_t token, const struct account *account,
		      const struct order_terms *t)
{
	const char *sells = t->side == ORDER_SELL ? t->base : t->counter;
	const char *buys = t->side == ORDER_SELL ? t->counter : t->base;
	struct liabilities holds = order_liabilities(t);
	struct freedom free = holdings_free(e, account, sells, buys);
	int64_t costs = (int64_t)e->head.base_reserve + submit_fee(e);
	char wanted[SDEX_AMOUNT_ROOM], found[SDEX_AMOUNT_ROOM];
	if (free.subentries >= SUBENTRIES_MAX || e->order_count >= e->config.orders_max) {
		command_refuse(e, token, REFUSE_TOO_MANY_ORDERS, NULL,
			       "the account has %u entries with the orders on their way, of which "
			       "the ledger takes %u; the connector has %u orders, and keeps %u",
			       free.subentries, SUBENTRIES_MAX, e->order_count,
			       e->config.orders_max);
		return false;
	}
	if (free.reserve < costs) {
		command_refuse(e, token, REFUSE_INSUFFICIENT_RESERVE, NULL,
			       "an order takes %s XLM for its reserve and fee; %s XLM are free",
			       text_of(wanted, costs), text_of(found, free.reserve));
		return false;
	}
	bool native = strcmp(sells, "native") == 0;
	int64_t can = native && free.send > INT64_MIN + costs ? free.send - costs : free.send;
	if (holds.selling > can) {
		command_refuse(e, token, REFUSE_INSUFFICIENT_BALANCE, "amount",
			       "the order needs %s of %s; %s are free%s",
			       text_of(wanted, holds.selling), sells, text_of(found, can),
			       native ? " beside its reserve and fee" : "");
		return false;
	}
	if (holds.buying > free.receive) {
		command_refuse(e, token, REFUSE_LINE_FULL, "amount",
			       "the order can bring %s of %s; there is room for %s",
			       text_of(wanted, holds.buying), buys, text_of(found, free.receive));
		return false;
	}
	return true;
}

/* An offer of the same account on the other side of the book, which it would reach. */
static bool crosses_book(const struct engine *e, const struct account *account,
			 const struct order_terms *t, int64_t *offer_id)
{
	const struct pair *pair = pair_named(e, t->pair);
	bool asks = (t->side == ORDER_BUY) != pair->turned;
	uint32_t side = asks ? BOOK_ASKS(pair->book) : BOOK_BIDS(pair->book);
	struct price limit = price_inverse(order_offer_price(t));
	const struct offers *offers = books_offers(e->books);
	struct offers_walk walk = offers_begin(offers, side);
	for (const struct resting *r; (r = offers_next(offers, &walk));) {
		struct price price = {.n = r->price.n, .d = r->price.d};
		if (price_above(price, limit))
			return false;
		*offer_id = r->id;
		if (memcmp(r->seller, account->key, 32) == 0)
			return true;
	}
	return false;
}

static bool crosses_waiting(const struct engine *e, const struct account *account,
			    const struct order_terms *t)
{
	for (uint32_t i = 0; i < account->waiting_count; i++)
		if (order_crosses(t, &e->orders[account->waiting[i]]->terms))
			return true;
	const struct sending *s = account->flight == NONE ? NULL : e->sendings[account->flight];
	for (uint32_t i = 0; s && i < s->count; i++)
		if (s->ops[i].act == ACT_PLACE &&
		    order_crosses(t, &e->orders[s->ops[i].order]->terms))
			return true;
	return false;
}

static bool may_place(struct engine *e, uint64_t token, const struct account *account,
		      const struct order_terms *t)
{
	int64_t offer_id = 0;
	if (order_is_dust(t)) {
		command_refuse(
			e, token, REFUSE_DUST, "amount",
			"at this price the network would round by over 1%%, and keep nothing");
		return false;
	}
	if (!account->exists) {
		command_refuse(e, token, REFUSE_NO_ACCOUNT, "account", "%s is not on the ledger",
			       account->address);
		return false;
	}
	if (!may_trade(e, token, account, t->base) || !may_trade(e, token, account, t->counter))
		return false;
	if (crosses_waiting(e, account, t)) {
		command_refuse(e, token, REFUSE_SELF_CROSS, "price",
			       "it would trade with an order of the account that is on its way");
		return false;
	}
	if (crosses_book(e, account, t, &offer_id)) {
		command_refuse(e, token, REFUSE_SELF_CROSS, "price",
			       "it would trade with the account's own offer %lld",
			       (long long)offer_id);
		return false;
	}
	return has_funds(e, token, account, t);
}

/* --- place */

static bool may_take(struct engine *e, uint64_t token)
{
	switch (e->state) {
	case STATE_STARTING:
		command_refuse(e, token, REFUSE_NOT_READY, NULL, "the journal is being read");
		return false;
	case STATE_RECONCILING:
		command_refuse(e, token, REFUSE_RECONCILING, NULL, "%s", e->reason);
		return false;
	case STATE_REPLAYING:
		command_refuse(e, token, REFUSE_REPLAYING, NULL, "there is no network behind it");
		return false;
	case STATE_STOPPED:
		command_refuse(e, token, REFUSE_STOPPED, NULL, "%s", e->reason);
		return false;
	case STATE_READY:
		break;
	}
	if (e->stopping) {
		command_refuse(e, token, REFUSE_SHUTTING_DOWN, NULL, "no new orders are taken");
		return false;
	}
	if (engine_stale(e)) {
		command_refuse(
			e, token, REFUSE_NOT_READY, NULL,
			"the last ledger, %u, came %lld s ago: the network or its server stands",
			e->head.sequence, (long long)(e->now_ms - e->head_ms) / 1000);
		return false;
	}
	return true;
}

/* A request to cancel is taken all the same: it is small, and one order has one. */
static bool is_busy(struct engine *e, uint64_t token)
{
	if (!e->env.busy(e->env.world))
		return false;
	command_refuse(e, token, REFUSE_JOURNAL_BUSY, NULL,
		       "more waits to be written to the journal than the disk takes at once");
	return true;
}

static bool same_request(const struct order_terms *a, const struct order_terms *b)
{
	return a->side == b->side && a->amount == b->amount && a->price.n == b->price.n &&
	       a->price.d == b->price.d && strcmp(a->pair, b->pair) == 0;
}

static void make_id(struct engine *e, uint8_t id[ORDER_ID_SIZE])
{
	do {
		store_be64(id, e->env.random(e->env.world));
		store_be64(id + 8, e->env.random(e->env.world));
	} while (order_by_id(e, id) != NONE);
}

static void place(struct engine *e, uint64_t token, const struct command *c)
{
	struct record record = {.kind = RECORD_ORDER};
	struct order_terms *t = &record.order;
	uint32_t index;
	if (e->state == STATE_STARTING || e->state == STATE_REPLAYING) {
		(void)may_take(e, token);
		return;
	}
	if (c->order_id[0]) {
		command_refuse(e, token, REFUSE_INVALID_REQUEST, "order_id",
			       "an order gets its order_id from the connector; its client_id is "
			       "the client's to choose");
		return;
	}
	if (!find_account(e, token, c, &index) || !read_terms(e, token, c, t, &e->accounts[index]))
		return;
	uint32_t known = t->client_id[0] ? order_by_client(e, t->account, t->client_id) : NONE;
	if (known != NONE && same_request(t, &e->orders[known]->terms)) {
		reply_order(e, token, 200, known);
		return;
	}
	if (known != NONE) {
		command_refuse(e, token, REFUSE_CLIENT_ID_REUSED, "client_id",
			       "the client id \"%s\" is of an order with other content",
			       t->client_id);
		return;
	}
	if (!may_take(e, token) || is_busy(e, token) ||
	    !may_place(e, token, &e->accounts[index], t))
		return;
	make_id(e, t->id);
	t->created_ms = e->now_ms;
	t->created_ledger = e->head.sequence;
	journal_do(e, &record, true);
	submit_all(e);
	reply_order(e, token, 201, e->order_count - 1);
}

/* --- cancel */

/* The order that is meant; NONE, and refused, when it is not clear. */
static uint32_t find_order(struct engine *e, uint64_t token, const struct command *c)
{
	uint32_t found = NONE, account = NONE;
	if (c->account[0] && (account = account_named(e, c->account)) == NONE) {
		command_refuse(e, token, REFUSE_UNKNOWN_ACCOUNT, "account",
			       "the account %s is not configured", c->account);
		return NONE;
	}
	if (c->order_id[0])
		found = order_by_text(e, c->order_id);
	for (uint32_t i = 0; i < e->account_count && c->client_id[0] && !c->order_id[0]; i++) {
		uint32_t order = account == NONE || account == i
					 ? order_by_client(e, e->accounts[i].key, c->client_id)
					 : NONE;
		if (order != NONE && found != NONE) {
			command_refuse(e, token, REFUSE_AMBIGUOUS_CLIENT_ID, "account",
				       "the accounts %s and another have an order \"%s\"",
				       e->accounts[i].name, c->client_id);
			return NONE;
		}
		found = order != NONE ? order : found;
	}
	if (found == NONE)
		command_refuse(e, token, REFUSE_UNKNOWN_ORDER,
			       c->order_id[0] ? "order_id" : "client_id",
			       "expected the id of an order, found \"%s\"",
			       c->order_id[0] ? c->order_id : c->client_id);
	return found;
}

static bool in_line(const struct engine *e, uint32_t order)
{
	uint32_t index = account_keyed(e, e->orders[order]->terms.account);
	const struct account *account = index == NONE ? NULL : &e->accounts[index];
	for (uint32_t i = 0; account && i < account->waiting_count; i++)
		if (account->waiting[i] == order)
			return true;
	return false;
}

static void cancel(struct engine *e, uint64_t token, const struct command *c)
{
	if (!engine_alive(e)) {
		(void)may_take(e, token);
		return;
	}
	uint32_t index = find_order(e, token, c);
	if (index == NONE)
		return;
	const struct order *order = e->orders[index];
	if (order_final(order)) {
		command_refuse(e, token, REFUSE_ORDER_FINAL, NULL, "the order is %s",
			       lifecycle_public(order->state, order->fill_count > 0));
		return;
	}
	if (!order->cancel_wanted) {
		struct record record = {.kind = RECORD_CANCEL, .cancel = {.at_ms = e->now_ms}};
		memcpy(record.cancel.order, order->terms.id, ORDER_ID_SIZE);
		journal_do(e, &record, true);
	}
	if (order->state == ORDER_INTENT && in_line(e, index))
		journal_end(e, order, END_WITHDRAWN, "cancelled before it was sent");
	submit_all(e);
	reply_order(e, token, 202, index);
}

void command_on(struct engine *e, const struct event *event)
{
	struct command c;
	if (event->size > ENV_COMMAND_MAX) {
		command_refuse(e, event->token, REFUSE_INVALID_REQUEST, NULL,
			       "expected at most %u bytes, found %zu", ENV_COMMAND_MAX,
			       event->size);
		return;
	}
	if (!read_command(e, &c, event))
		return;
	if (strcmp(c.verb, "place") == 0)
		place(e, event->token, &c);
	else if (strcmp(c.verb, "cancel") == 0)
		cancel(e, event->token, &c);
	else
		command_refuse(e, event->token, REFUSE_INVALID_REQUEST, "do",
			       "expected place or cancel, found \"%s\"", c.verb);
}
