/* ledger/offer_apply.c - manage sell offer, manage buy offer, create passive sell offer
 * (stellar-core: ManageOfferOpFrameBase.cpp). */
#include "ledger/entry.h"
#include "ledger/op.h"

/* One list of codes for all three. */
_Static_assert((int)SDEX_MANAGE_SELL_OFFER_LOW_RESERVE == (int)SDEX_MANAGE_BUY_OFFER_LOW_RESERVE &&
		       (int)SDEX_MANAGE_SELL_OFFER_MALFORMED ==
			       (int)SDEX_MANAGE_BUY_OFFER_MALFORMED,
	       "the codes of selling and buying run side by side");

static bool refuse(struct op *op, sdex_ManageSellOfferResultCode code)
{
	if (op->operation->body.type == SDEX_MANAGE_BUY_OFFER)
		op->result->tr->manageBuyOfferResult.code = (sdex_ManageBuyOfferResultCode)code;
	else
		op->result->tr->manageSellOfferResult.code = code;
	return false;
}

static sdex_ManageOfferSuccessResult *success(struct op *op)
{
	if (op->operation->body.type == SDEX_MANAGE_BUY_OFFER)
		return &op->result->tr->manageBuyOfferResult.success;
	return &op->result->tr->manageSellOfferResult.success;
}

struct offer_op {
	const sdex_Asset *selling;
	const sdex_Asset *buying;
	sdex_Price price;
	int64_t amount;
	int64_t id;
};

static struct offer_op fields(const sdex_Operation *operation)
{
	if (operation->body.type == SDEX_MANAGE_BUY_OFFER) {
		const sdex_ManageBuyOfferOp *buy = operation->body.manageBuyOfferOp;
		return (struct offer_op){&buy->selling, &buy->buying, buy->price, buy->buyAmount,
					 buy->offerID};
	}
	if (operation->body.type == SDEX_CREATE_PASSIVE_SELL_OFFER) {
		const sdex_CreatePassiveSellOfferOp *passive =
			operation->body.createPassiveSellOfferOp;
		return (struct offer_op){&passive->selling, &passive->buying, passive->price,
					 passive->amount, 0};
	}
	const sdex_ManageSellOfferOp *sell = operation->body.manageSellOfferOp;
	return (struct offer_op){&sell->selling, &sell->buying, sell->price, sell->amount,
				 sell->offerID};
}

bool manage_offer_check(struct op *op)
{
	struct offer_op f = fields(op->operation);
	if (!asset_valid(f.selling) || !asset_valid(f.buying) ||
	    sdex_Asset_equal(f.selling, f.buying) || f.amount < 0 || f.price.n <= 0 ||
	    f.price.d <= 0 || (f.id == 0 && f.amount == 0) || f.id < 0)
		return refuse(op, SDEX_MANAGE_SELL_OFFER_MALFORMED);
	return true;
}

bool manage_offer_read(struct offer_request *request, struct op *op)
{
	struct offer_op f = fields(op->operation);
	bool buys = op->operation->body.type == SDEX_MANAGE_BUY_OFFER;
	struct price price = {.n = f.price.n, .d = f.price.d};
	*request = (struct offer_request){.selling = state_asset(op->state, f.selling),
					  .buying = state_asset(op->state, f.buying),
					  .price = buys ? price_inverse(price) : price,
					  .amount = f.amount,
					  .id = f.id,
					  .buys = buys,
					  .passive = op->operation->body.type ==
						     SDEX_CREATE_PASSIVE_SELL_OFFER};
	return !op->state->lost;
}

static bool may_trade(struct op *op, const struct offer_request *request)
{
	if (request->selling != ASSET_NATIVE) {
		struct holding sells = holding_of(op->state, op->source, request->selling);
		if (sells.kind == HOLDING_NONE)
			return refuse(op, SDEX_MANAGE_SELL_OFFER_SELL_NO_TRUST);
		if (sells.kind == HOLDING_LINE && sells.line->balance == 0)
			return refuse(op, SDEX_MANAGE_SELL_OFFER_UNDERFUNDED);
		if (!holding_authorized(sells))
			return refuse(op, SDEX_MANAGE_SELL_OFFER_SELL_NOT_AUTHORIZED);
	}
	if (request->buying != ASSET_NATIVE) {
		struct holding buys = holding_of(op->state, op->source, request->buying);
		if (buys.kind == HOLDING_NONE)
			return refuse(op, SDEX_MANAGE_SELL_OFFER_BUY_NO_TRUST);
		if (!holding_authorized(buys))
			return refuse(op, SDEX_MANAGE_SELL_OFFER_BUY_NOT_AUTHORIZED);
	}
	return true;
}

/* The offer as it was, with its liabilities released, or a new one with its reserve paid;
 * what it becomes keeps these marks.  The old offer is off the book. */
static bool open_offer(struct op *op, struct offer *made, const struct offer_request *request)
{
	struct state *state = op->state;
	*made = (struct offer){.entry = {.sponsor = SLOT_NONE, .flags = request->passive},
			       .seller = op->source,
			       .price = request->price,
			       .id = request->id};
	if (request->id == 0) {
		switch (sponsor_create(state, ENTRY_OFFER, made, op_source(op))) {
		case SPONSORING_DONE:
			return true;
		case SPONSORING_LOW_RESERVE:
			return refuse(op, SDEX_MANAGE_SELL_OFFER_LOW_RESERVE);
		case SPONSORING_TOO_MANY_SUBENTRIES:
			return op_unpaid(op, SPONSORING_TOO_MANY_SUBENTRIES);
		case SPONSORING_TOO_MANY_SPONSORING:
			return op_unpaid(op, SPONSORING_TOO_MANY_SPONSORING);
		case SPONSORING_FAULT:
			return false;
		}
	}
	struct offer *old = state_offer(state, op->source, request->id);
	if (!old)
		return refuse(op, SDEX_MANAGE_SELL_OFFER_NOT_FOUND);
	const struct pair *pair = pair_at(state, old->pair);
	state_touch(state, ENTRY_OFFER, old);
	if (!rules_reserve(state, op->source, pair->selling, pair->buying, old->price, old->amount,
			   -1))
		return false;
	made->entry = old->entry;
	state_erase(state, ENTRY_OFFER, old);
	return true;
}

struct room {
	int64_t send;    /* of the asset sold */
	int64_t receive; /* of the asset bought */
};

/* What the account and the operation leave for trading, once `sent` and `received` are
 * done */
static struct room room_left(struct op *op, const struct offer_request *request, int64_t sent,
			     int64_t received)
{
	struct holding sells = holding_of(op->state, op->source, request->selling);
	struct holding buys = holding_of(op->state, op->source, request->buying);
	struct room room = {holding_can_send(op->state, sells),
			    holding_can_receive(op->state, buys)};
	if (request->buys && request->amount - received < room.receive)
		room.receive = request->amount - received;
	if (!request->buys && request->amount - sent < room.send)
		room.send = request->amount - sent;
	return room;
}

/* Could the whole of the offer rest? */
static bool could_rest(struct op *op, const struct offer_request *request)
{
	struct liabilities needs =
		request->buys
			? exchange_buy_liabilities(price_inverse(request->price), request->amount)
			: exchange_liabilities(request->price, request->amount);
	struct holding sells = holding_of(op->state, op->source, request->selling);
	struct holding buys = holding_of(op->state, op->source, request->buying);
	if (holding_space(buys) < needs.buying)
		return refuse(op, SDEX_MANAGE_SELL_OFFER_LINE_FULL);
	if (holding_free(op->state, sells) < needs.selling)
		return refuse(op, SDEX_MANAGE_SELL_OFFER_UNDERFUNDED);
	return true;
}

static bool settle(struct op *op, const struct offer_request *request, int64_t sent,
		   int64_t received)
{
	struct holding sells = holding_of(op->state, op->source, request->selling);
	struct holding buys = holding_of(op->state, op->source, request->buying);
	if (received <= 0)
		return true;
	holding_touch(op->state, buys);
	holding_touch(op->state, sells);
	if (!holding_add(op->state, buys, received) || !holding_add(op->state, sells, -sent))
		return rules_fault(op->state, "a taker's balance does not bear its trade");
	return true;
}

/* Crosses what can be crossed; *amount is what is left to rest. */
static bool trade(struct op *op, int64_t *amount, const struct offer_request *request, bool passive)
{
	if (!could_rest(op, request))
		return false;
	struct room room = room_left(op, request, 0, 0);
	if (room.receive == 0)
		return refuse(op, SDEX_MANAGE_SELL_OFFER_LINE_FULL);
	struct price limit = price_inverse(request->price);
	struct taking taking = {.taker = op->source,
				.sheep = request->selling,
				.wheat = request->buying,
				.max_sheep = room.send,
				.max_wheat = room.receive,
				.mode = EXCHANGE_NORMAL,
				.limit = &limit,
				.passive = passive,
				.frozen = op->frozen};
	struct claims claims = {.arena = op->arena};
	int64_t sent = 0, received = 0, budget = CROSSINGS_MAX;
	bool stays = false;
	switch (cross(op->state, &sent, &received, &claims, &budget, &taking)) {
	case TAKEN_ALL:
		break;
	case TAKEN_PART:
	case TAKEN_PRICE:
		stays = true;
		break;
	case TAKEN_OWN:
		return refuse(op, SDEX_MANAGE_SELL_OFFER_CROSS_SELF);
	case TAKEN_TOO_MANY:
		return op_outer(op, SDEX_opEXCEEDED_WORK_LIMIT);
	case TAKEN_FAULT:
		return false;
	}
	if (!claims_export(&success(op)->offersClaimed, op->state, &claims, op->arena))
		return op->state->lost = true, false;
	if (!settle(op, request, sent, received))
		return false;
	*amount = 0;
	if (stays) {
		room = room_left(op, request, sent, received);
		*amount = exchange_adjust(request->price, room.send, room.receive);
	}
	return true;
}

/* Files what is left, as a new offer or in place of the old one. */
static bool rest(struct op *op, struct offer *made, int64_t amount,
		 const struct offer_request *request)
{
	struct state *state = op->state;
	sdex_ManageOfferSuccessResult *result = success(op);
	made->amount = amount;
	made->pair = state_pair(state, request->selling, request->buying);
	if (request->id == 0) {
		state_touch_header(state);
		made->id = (int64_t)++state->header.id_pool;
	}
	struct offer *offer =
		made->pair == SLOT_NONE ? NULL : state_create(state, ENTRY_OFFER, made);
	if (!offer)
		return false;
	sdex_LedgerEntry *entry = entry_export(state, ENTRY_OFFER, offer, op->arena);
	if (!entry)
		return state->lost = true, false;
	result->offer.effect =
		request->id == 0 ? SDEX_MANAGE_OFFER_CREATED : SDEX_MANAGE_OFFER_UPDATED;
	result->offer.offer = entry->data.offer;
	return rules_reserve(state, op->source, request->selling, request->buying, request->price,
			     amount, 1);
}

bool manage_offer_apply(struct op *op)
{
	struct offer_request request;
	struct offer made;
	int64_t amount = 0;
	if (!manage_offer_read(&request, op))
		return false;
	bool deletes = request.amount == 0;
	if ((!deletes && !may_trade(op, &request)) || !open_offer(op, &made, &request))
		return false;
	*success(op) = (sdex_ManageOfferSuccessResult){0};
	if (!deletes && !trade(op, &amount, &request, made.entry.flags & SDEX_PASSIVE_FLAG))
		return false;
	if (amount > 0)
		return rest(op, &made, amount, &request);
	success(op)->offer.effect = SDEX_MANAGE_OFFER_DELETED;
	struct account *source = op_source(op);
	return source && sponsor_remove(op->state, ENTRY_OFFER, &made, source);
}
