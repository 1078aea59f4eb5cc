/* ledger/path_apply.c - payments and path payments (stellar-core: PaymentOpFrame.cpp,
 * PathPaymentOpFrameBase.cpp and its two children). */
#include "ledger/entry.h"
#include "ledger/op.h"

/* One list of codes for all three. */
_Static_assert((int)SDEX_PATH_PAYMENT_STRICT_SEND_UNDER_DESTMIN ==
			       (int)SDEX_PATH_PAYMENT_STRICT_RECEIVE_OVER_SENDMAX &&
		       (int)SDEX_PATH_PAYMENT_STRICT_SEND_LINE_FULL ==
			       (int)SDEX_PATH_PAYMENT_STRICT_RECEIVE_LINE_FULL &&
		       (int)SDEX_PAYMENT_LINE_FULL ==
			       (int)SDEX_PATH_PAYMENT_STRICT_RECEIVE_LINE_FULL,
	       "the codes of payments run side by side");

struct transfer {
	uint32_t destination; /* address */
	uint32_t send_asset;
	uint32_t dest_asset;
	bool straight; /* to the issuer, without a path: it need not exist */
};

static bool refuse(struct op *op, sdex_PathPaymentStrictReceiveResultCode code)
{
	sdex_OperationResultTr *tr = op->result->tr;
	if (op->operation->body.type == SDEX_PAYMENT)
		tr->paymentResult.code = (sdex_PaymentResultCode)code;
	else if (op->operation->body.type == SDEX_PATH_PAYMENT_STRICT_SEND)
		tr->pathPaymentStrictSendResult.code = (sdex_PathPaymentStrictSendResultCode)code;
	else
		tr->pathPaymentStrictReceiveResult.code = code;
	return false;
}

static struct transfer transfer_of(struct op *op, const sdex_MuxedAccount *destination,
				   const sdex_Asset *send, const sdex_Asset *dest, uint32_t hops)
{
	struct transfer t = {.destination = state_address(op->state, muxed_key(destination)),
			     .send_asset = state_asset(op->state, send),
			     .dest_asset = state_asset(op->state, dest)};
	if (!op->state->lost)
		t.straight = hops == 0 && t.send_asset == t.dest_asset &&
			     t.dest_asset != ASSET_NATIVE &&
			     asset_at(op->state, t.dest_asset)->issuer == t.destination;
	return t;
}

static bool arrives_somewhere(struct op *op, const struct transfer *t)
{
	if (!t->straight && !state_account(op->state, t->destination))
		return refuse(op, SDEX_PATH_PAYMENT_STRICT_RECEIVE_NO_DESTINATION);
	return true;
}

static bool credit(struct op *op, const struct transfer *t, int64_t amount)
{
	struct holding to = holding_of(op->state, t->destination, t->dest_asset);
	if (to.kind == HOLDING_NONE)
		return refuse(op, SDEX_PATH_PAYMENT_STRICT_RECEIVE_NO_TRUST);
	if (!holding_authorized(to))
		return refuse(op, SDEX_PATH_PAYMENT_STRICT_RECEIVE_NOT_AUTHORIZED);
	holding_touch(op->state, to);
	if (!holding_add(op->state, to, amount))
		return refuse(op, SDEX_PATH_PAYMENT_STRICT_RECEIVE_LINE_FULL);
	return true;
}

static bool debit(struct op *op, const struct transfer *t, int64_t amount)
{
	struct holding from = holding_of(op->state, op->source, t->send_asset);
	if (from.kind == HOLDING_NONE)
		return refuse(op, t->send_asset == ASSET_NATIVE
					  ? SDEX_PATH_PAYMENT_STRICT_RECEIVE_MALFORMED
					  : SDEX_PATH_PAYMENT_STRICT_RECEIVE_SRC_NO_TRUST);
	if (!holding_authorized(from))
		return refuse(op, SDEX_PATH_PAYMENT_STRICT_RECEIVE_SRC_NOT_AUTHORIZED);
	holding_touch(op->state, from);
	if (!holding_add(op->state, from, -amount))
		return refuse(op, SDEX_PATH_PAYMENT_STRICT_RECEIVE_UNDERFUNDED);
	return true;
}

/* One hop; the exact side of the two must come out exactly. */
static bool hop(struct op *op, int64_t *sheep, int64_t *wheat, struct claims *claims,
		int64_t *budget, const struct taking *taking)
{
	switch (cross(op->state, sheep, wheat, claims, budget, taking)) {
	case TAKEN_ALL:
		if (taking->mode == EXCHANGE_STRICT_SEND ? *sheep == taking->max_sheep
							 : *wheat == taking->max_wheat)
			return true;
		break;
	case TAKEN_PART:
	case TAKEN_PRICE:
		break;
	case TAKEN_OWN:
		return refuse(op, SDEX_PATH_PAYMENT_STRICT_RECEIVE_OFFER_CROSS_SELF);
	case TAKEN_TOO_MANY:
		return op_outer(op, SDEX_opEXCEEDED_WORK_LIMIT);
	case TAKEN_FAULT:
		return false;
	}
	return refuse(op, SDEX_PATH_PAYMENT_STRICT_RECEIVE_TOO_FEW_OFFERS);
}

/* The claims of a later hop come before those of an earlier one: strict receive walks
 * from the end. */
static bool prepend(struct claims *all, const struct claims *one)
{
	struct claim *items =
		sdex_arena_alloc(all->arena, (all->count + one->count + 1) * sizeof(*items));
	if (!items)
		return false;
	if (one->count)
		memcpy(items, one->items, one->count * sizeof(*items));
	if (all->count)
		memcpy(items + one->count, all->items, all->count * sizeof(*items));
	all->items = items;
	all->count += one->count;
	return true;
}

static bool receive(struct op *op, const struct transfer *t, struct claims *claims,
		    const sdex_Asset_list *path, int64_t dest_amount, int64_t send_max)
{
	int64_t budget = CROSSINGS_MAX, due = dest_amount;
	uint32_t wheat = t->dest_asset;
	if (!arrives_somewhere(op, t) || !credit(op, t, dest_amount))
		return false;
	for (uint32_t i = path->count + 1; i-- > 0;) {
		uint32_t sheep =
			i == 0 ? t->send_asset : state_asset(op->state, &path->items[i - 1]);
		if (op->state->lost)
			return false;
		if (sheep == wheat)
			continue;
		struct taking taking = {.taker = op->source,
					.sheep = sheep,
					.wheat = wheat,
					.max_sheep = INT64_MAX,
					.max_wheat = due,
					.mode = EXCHANGE_STRICT_RECEIVE,
					.frozen = op->frozen};
		struct claims one = {.arena = op->arena};
		int64_t sent = 0, received = 0;
		if (!hop(op, &sent, &received, &one, &budget, &taking))
			return false;
		if (!prepend(claims, &one))
			return op->state->lost = true, false;
		due = sent;
		wheat = sheep;
	}
	if (due > send_max)
		return refuse(op, SDEX_PATH_PAYMENT_STRICT_RECEIVE_OVER_SENDMAX);
	return debit(op, t, due);
}

static bool export_success(struct op *op, sdex_ClaimAtom_list *offers,
			   sdex_SimplePaymentResult *last, const struct claims *claims,
			   const struct transfer *t, int64_t amount)
{
	last->destination = entry_account_id(op->state, t->destination);
	last->amount = amount;
	if (claims_export(offers, op->state, claims, op->arena) &&
	    entry_export_asset(&last->asset, op->state, t->dest_asset, op->arena))
		return true;
	op->state->lost = true;
	return false;
}

bool path_receive_check(struct op *op)
{
	const sdex_PathPaymentStrictReceiveOp *p = op->operation->body.pathPaymentStrictReceiveOp;
	bool valid = p->destAmount > 0 && p->sendMax > 0 && asset_valid(&p->sendAsset) &&
		     asset_valid(&p->destAsset);
	for (uint32_t i = 0; i < p->path.count; i++)
		valid = valid && asset_valid(&p->path.items[i]);
	return valid || refuse(op, SDEX_PATH_PAYMENT_STRICT_RECEIVE_MALFORMED);
}

bool path_receive_apply(struct op *op)
{
	const sdex_PathPaymentStrictReceiveOp *p = op->operation->body.pathPaymentStrictReceiveOp;
	sdex_PathPaymentStrictReceiveResult *result =
		&op->result->tr->pathPaymentStrictReceiveResult;
	struct transfer t =
		transfer_of(op, &p->destination, &p->sendAsset, &p->destAsset, p->path.count);
	struct claims claims = {.arena = op->arena};
	if (op->state->lost || !receive(op, &t, &claims, &p->path, p->destAmount, p->sendMax))
		return false;
	result->success = sdex_arena_alloc(op->arena, sizeof(*result->success));
	if (!result->success)
		return op->state->lost = true, false;
	result->code = SDEX_PATH_PAYMENT_STRICT_RECEIVE_SUCCESS;
	return export_success(op, &result->success->offers, &result->success->last, &claims, &t,
			      p->destAmount);
}

bool path_send_check(struct op *op)
{
	const sdex_PathPaymentStrictSendOp *p = op->operation->body.pathPaymentStrictSendOp;
	bool valid = p->sendAmount > 0 && p->destMin > 0 && asset_valid(&p->sendAsset) &&
		     asset_valid(&p->destAsset);
	for (uint32_t i = 0; i < p->path.count; i++)
		valid = valid && asset_valid(&p->path.items[i]);
	return valid || refuse(op, SDEX_PATH_PAYMENT_STRICT_RECEIVE_MALFORMED);
}

static bool send(struct op *op, int64_t *arrived, const struct transfer *t, struct claims *claims,
		 const sdex_Asset_list *path, int64_t send_amount, int64_t dest_min)
{
	int64_t budget = CROSSINGS_MAX, left = send_amount;
	uint32_t sheep = t->send_asset;
	if (!arrives_somewhere(op, t) || !debit(op, t, send_amount))
		return false;
	for (uint32_t i = 0; i <= path->count; i++) {
		uint32_t wheat =
			i == path->count ? t->dest_asset : state_asset(op->state, &path->items[i]);
		if (op->state->lost)
			return false;
		if (sheep == wheat)
			continue;
		struct taking taking = {.taker = op->source,
					.sheep = sheep,
					.wheat = wheat,
					.max_sheep = left,
					.max_wheat = INT64_MAX,
					.mode = EXCHANGE_STRICT_SEND,
					.frozen = op->frozen};
		int64_t sent = 0, received = 0;
		if (!hop(op, &sent, &received, claims, &budget, &taking))
			return false;
		left = received;
		sheep = wheat;
	}
	*arrived = left;
	if (left < dest_min)
		return refuse(op, (sdex_PathPaymentStrictReceiveResultCode)
					  SDEX_PATH_PAYMENT_STRICT_SEND_UNDER_DESTMIN);
	return credit(op, t, left);
}

bool path_send_apply(struct op *op)
{
	const sdex_PathPaymentStrictSendOp *p = op->operation->body.pathPaymentStrictSendOp;
	sdex_PathPaymentStrictSendResult *result = &op->result->tr->pathPaymentStrictSendResult;
	struct transfer t =
		transfer_of(op, &p->destination, &p->sendAsset, &p->destAsset, p->path.count);
	struct claims claims = {.arena = op->arena};
	int64_t arrived = 0;
	if (op->state->lost ||
	    !send(op, &arrived, &t, &claims, &p->path, p->sendAmount, p->destMin))
		return false;
	result->success = sdex_arena_alloc(op->arena, sizeof(*result->success));
	if (!result->success)
		return op->state->lost = true, false;
	result->code = SDEX_PATH_PAYMENT_STRICT_SEND_SUCCESS;
	return export_success(op, &result->success->offers, &result->success->last, &claims, &t,
			      arrived);
}

bool payment_check(struct op *op)
{
	const sdex_PaymentOp *p = op->operation->body.paymentOp;
	return (p->amount > 0 && asset_valid(&p->asset)) ||
	       refuse(op, SDEX_PATH_PAYMENT_STRICT_RECEIVE_MALFORMED);
}

/* A payment is a path payment without a path. */
bool payment_apply(struct op *op)
{
	const sdex_PaymentOp *p = op->operation->body.paymentOp;
	const sdex_Asset_list none = {0};
	struct transfer t = transfer_of(op, &p->destination, &p->asset, &p->asset, 0);
	struct claims claims = {.arena = op->arena};
	if (op->state->lost)
		return false;
	if (t.destination == op->source && t.dest_asset == ASSET_NATIVE)
		return true;
	return receive(op, &t, &claims, &none, p->amount, p->amount);
}
