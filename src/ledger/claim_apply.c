/* ledger/claim_apply.c - claimable balances and clawback (stellar-core: the *OpFrame.cpp
 * of these names). */
#include "ledger/entry.h"
#include "ledger/op.h"

#define PREDICATE_DEPTH 4

/* --- create claimable balance */

static bool refuse_create(struct op *op, sdex_CreateClaimableBalanceResultCode code)
{
	op->result->tr->createClaimableBalanceResult.code = code;
	return false;
}

static bool predicate_valid(const sdex_ClaimPredicate *p, int depth)
{
	if (depth > PREDICATE_DEPTH)
		return false;
	switch (p->type) {
	case SDEX_CLAIM_PREDICATE_UNCONDITIONAL:
		return true;
	case SDEX_CLAIM_PREDICATE_AND:
		return p->andPredicates.count == 2 &&
		       predicate_valid(&p->andPredicates.items[0], depth + 1) &&
		       predicate_valid(&p->andPredicates.items[1], depth + 1);
	case SDEX_CLAIM_PREDICATE_OR:
		return p->orPredicates.count == 2 &&
		       predicate_valid(&p->orPredicates.items[0], depth + 1) &&
		       predicate_valid(&p->orPredicates.items[1], depth + 1);
	case SDEX_CLAIM_PREDICATE_NOT:
		return p->notPredicate && predicate_valid(p->notPredicate, depth + 1);
	case SDEX_CLAIM_PREDICATE_BEFORE_ABSOLUTE_TIME:
		return p->absBefore >= 0;
	case SDEX_CLAIM_PREDICATE_BEFORE_RELATIVE_TIME:
		return p->relBefore >= 0;
	}
	return false;
}

bool create_claimable_check(struct op *op)
{
	const sdex_CreateClaimableBalanceOp *create = op->operation->body.createClaimableBalanceOp;
	const sdex_Claimant_list *list = &create->claimants;
	bool valid = asset_valid(&create->asset) && create->amount > 0 && list->count > 0;
	for (uint32_t i = 0; valid && i < list->count; i++) {
		for (uint32_t j = 0; j < i; j++)
			if (memcmp(list->items[i].v0->destination.ed25519.bytes,
				   list->items[j].v0->destination.ed25519.bytes, 32) == 0)
				valid = false;
		valid = valid && predicate_valid(&list->items[i].v0->predicate, 1);
	}
	return valid || refuse_create(op, SDEX_CREATE_CLAIMABLE_BALANCE_MALFORMED);
}

/* A copy with relative times made absolute */
static bool settle_predicate(sdex_ClaimPredicate *to, const sdex_ClaimPredicate *from, uint64_t now,
			     struct sdex_arena *arena)
{
	*to = *from;
	if (from->type == SDEX_CLAIM_PREDICATE_BEFORE_RELATIVE_TIME) {
		to->type = SDEX_CLAIM_PREDICATE_BEFORE_ABSOLUTE_TIME;
		to->absBefore = now > (uint64_t)(INT64_MAX - from->relBefore)
					? INT64_MAX
					: (int64_t)now + from->relBefore;
	} else if (from->type == SDEX_CLAIM_PREDICATE_NOT) {
		to->notPredicate = sdex_arena_alloc(arena, sizeof(*to));
		return to->notPredicate &&
		       settle_predicate(to->notPredicate, from->notPredicate, now, arena);
	} else if (from->type == SDEX_CLAIM_PREDICATE_AND ||
		   from->type == SDEX_CLAIM_PREDICATE_OR) {
		bool both = from->type == SDEX_CLAIM_PREDICATE_AND;
		const sdex_ClaimPredicate_list *parts =
			both ? &from->andPredicates : &from->orPredicates;
		sdex_ClaimPredicate *items = sdex_arena_alloc(arena, 2 * sizeof(*items));
		if (!items || !settle_predicate(&items[0], &parts->items[0], now, arena) ||
		    !settle_predicate(&items[1], &parts->items[1], now, arena))
			return false;
		*(both ? &to->andPredicates : &to->orPredicates) =
			(sdex_ClaimPredicate_list){.items = items, .count = 2};
	}
	return true;
}

static const struct blob *settled_claimants(struct op *op, const sdex_Claimant_list *list)
{
	uint8_t bytes[4096]; /* 10 claimants, each with at most 15 predicates: under 3 KB */
	size_t size = 0;
	for (uint32_t i = 0; i < list->count; i++) {
		sdex_ClaimantV0 v0 = *list->items[i].v0;
		sdex_Claimant claimant = {.type = SDEX_CLAIMANT_TYPE_V0, .v0 = &v0};
		size_t one = 0;
		if (!settle_predicate(&v0.predicate, &list->items[i].v0->predicate,
				      op->state->header.close_time, op->arena) ||
		    sdex_Claimant_encode(bytes + size, sizeof(bytes) - size, &one, &claimant,
					 NULL)) {
			op->state->lost = true;
			return NULL;
		}
		size += one;
	}
	struct blob *blob = state_blob(op->state, bytes, (uint32_t)size);
	if (blob)
		blob->count = list->count;
	return blob;
}

static bool balance_id(struct op *op, uint8_t id[32])
{
	sdex_HashIDPreimageOperationId operation = {
		.sourceAccount = entry_account_id(op->state, op->tx_source),
		.seqNum = op->tx_sequence,
		.opNum = op->index};
	sdex_HashIDPreimage preimage = {.type = SDEX_ENVELOPE_TYPE_OP_ID,
					.operationID = &operation};
	uint8_t bytes[128];
	size_t size = 0;
	if (sdex_HashIDPreimage_encode(bytes, sizeof(bytes), &size, &preimage, NULL))
		return op->state->lost = true, false;
	sdex_sha256(id, bytes, size);
	return true;
}

static bool pay_in(struct op *op, uint32_t asset, int64_t amount)
{
	struct holding from = holding_of(op->state, op->source, asset);
	if (from.kind == HOLDING_NONE)
		return refuse_create(op, SDEX_CREATE_CLAIMABLE_BALANCE_NO_TRUST);
	if (!holding_authorized(from))
		return refuse_create(op, SDEX_CREATE_CLAIMABLE_BALANCE_NOT_AUTHORIZED);
	holding_touch(op->state, from);
	if (!holding_add(op->state, from, -amount))
		return refuse_create(op, SDEX_CREATE_CLAIMABLE_BALANCE_UNDERFUNDED);
	return true;
}

bool create_claimable_apply(struct op *op)
{
	const sdex_CreateClaimableBalanceOp *create = op->operation->body.createClaimableBalanceOp;
	struct state *state = op->state;
	uint32_t asset = state_asset(state, &create->asset);
	struct account *source = op_source(op);
	if (asset == SLOT_NONE || !source || !pay_in(op, asset, create->amount))
		return false;
	struct claimable made = {
		.entry.sponsor = SLOT_NONE, .asset = asset, .amount = create->amount};
	struct holding from = holding_of(state, op->source, asset);
	bool clawback =
		from.kind == HOLDING_ISSUER
			? source->entry.flags & SDEX_AUTH_CLAWBACK_ENABLED_FLAG
			: from.kind == HOLDING_LINE &&
				  (from.line->entry.flags & SDEX_TRUSTLINE_CLAWBACK_ENABLED_FLAG);
	if (clawback) {
		made.entry.level = 1;
		made.entry.flags = SDEX_CLAIMABLE_BALANCE_CLAWBACK_ENABLED_FLAG;
	}
	made.claimants = settled_claimants(op, &create->claimants);
	if (!made.claimants || !balance_id(op, made.id))
		return false;
	enum sponsoring paid = sponsor_create(state, ENTRY_CLAIMABLE, &made, source);
	if (paid == SPONSORING_LOW_RESERVE)
		return refuse_create(op, SDEX_CREATE_CLAIMABLE_BALANCE_LOW_RESERVE);
	if (paid != SPONSORING_DONE)
		return op_unpaid(op, paid);
	sdex_CreateClaimableBalanceResult *result = &op->result->tr->createClaimableBalanceResult;
	result->balanceID.type = SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0;
	memcpy(result->balanceID.v0.bytes, made.id, 32);
	return state_create(state, ENTRY_CLAIMABLE, &made) != NULL;
}

/* --- claim claimable balance */

static bool refuse_claim(struct op *op, sdex_ClaimClaimableBalanceResultCode code)
{
	op->result->tr->claimClaimableBalanceResult.code = code;
	return false;
}

static bool predicate_holds(const sdex_ClaimPredicate *p, uint64_t now)
{
	switch (p->type) {
	case SDEX_CLAIM_PREDICATE_UNCONDITIONAL:
		return true;
	case SDEX_CLAIM_PREDICATE_AND:
		return p->andPredicates.count == 2 &&
		       predicate_holds(&p->andPredicates.items[0], now) &&
		       predicate_holds(&p->andPredicates.items[1], now);
	case SDEX_CLAIM_PREDICATE_OR:
		return p->orPredicates.count == 2 &&
		       (predicate_holds(&p->orPredicates.items[0], now) ||
			predicate_holds(&p->orPredicates.items[1], now));
	case SDEX_CLAIM_PREDICATE_NOT:
		return p->notPredicate && !predicate_holds(p->notPredicate, now);
	case SDEX_CLAIM_PREDICATE_BEFORE_ABSOLUTE_TIME:
		return (uint64_t)p->absBefore > now;
	case SDEX_CLAIM_PREDICATE_BEFORE_RELATIVE_TIME:
		break; /* none is in a ledger */
	}
	return false;
}

static bool may_claim(struct op *op, const struct claimable *balance)
{
	sdex_LedgerEntry *entry = entry_export(op->state, ENTRY_CLAIMABLE, balance, op->arena);
	if (!entry)
		return op->state->lost = true, false;
	const sdex_Claimant_list *list = &entry->data.claimableBalance->claimants;
	const uint8_t *key = address_at(op->state, op->source)->key;
	for (uint32_t i = 0; i < list->count; i++)
		if (memcmp(list->items[i].v0->destination.ed25519.bytes, key, 32) == 0)
			return predicate_holds(&list->items[i].v0->predicate,
					       op->state->header.close_time);
	return false;
}

static bool is_frozen(struct op *op, uint32_t asset)
{
	return asset == ASSET_NATIVE ? frozen_account(op->frozen, op->state, op->source)
				     : frozen_line(op->frozen, op->state, op->source, asset);
}

static bool remove_claimable(struct op *op, struct claimable *balance)
{
	struct account *source = op_source(op);
	const struct blob *claimants = balance->claimants;
	state_touch(op->state, ENTRY_CLAIMABLE, balance);
	if (!source || !sponsor_remove(op->state, ENTRY_CLAIMABLE, balance, source))
		return false;
	state_erase(op->state, ENTRY_CLAIMABLE, balance);
	state_drop_blob(op->state, claimants);
	return true;
}

bool claim_apply(struct op *op)
{
	const uint8_t *id = op->operation->body.claimClaimableBalanceOp.balanceID.v0.bytes;
	struct claimable *balance = state_claimable(op->state, id);
	if (!balance)
		return refuse_claim(op, SDEX_CLAIM_CLAIMABLE_BALANCE_DOES_NOT_EXIST);
	if (!may_claim(op, balance))
		return refuse_claim(op, SDEX_CLAIM_CLAIMABLE_BALANCE_CANNOT_CLAIM);
	if (is_frozen(op, balance->asset))
		return refuse_claim(op, SDEX_CLAIM_CLAIMABLE_BALANCE_TRUSTLINE_FROZEN);
	struct holding to = holding_of(op->state, op->source, balance->asset);
	if (to.kind == HOLDING_NONE)
		return refuse_claim(op, SDEX_CLAIM_CLAIMABLE_BALANCE_NO_TRUST);
	if (!holding_authorized(to))
		return refuse_claim(op, SDEX_CLAIM_CLAIMABLE_BALANCE_NOT_AUTHORIZED);
	holding_touch(op->state, to);
	if (!holding_add(op->state, to, balance->amount))
		return refuse_claim(op, SDEX_CLAIM_CLAIMABLE_BALANCE_LINE_FULL);
	return remove_claimable(op, balance);
}

/* --- clawback */

static bool refuse_clawback(struct op *op, sdex_ClawbackResultCode code)
{
	op->result->tr->clawbackResult.code = code;
	return false;
}

bool clawback_check(struct op *op)
{
	const sdex_ClawbackOp *clawback = op->operation->body.clawbackOp;
	uint32_t asset = asset_valid(&clawback->asset) ? state_asset(op->state, &clawback->asset)
						       : ASSET_NATIVE;
	/* a muxed account of the issuer's own passes here, and has no trustline */
	bool self = clawback->from.type == SDEX_KEY_TYPE_ED25519 &&
		    state_address(op->state, clawback->from.ed25519.bytes) == op->source;
	if (op->state->lost)
		return false;
	if (self || clawback->amount < 1 || asset == ASSET_NATIVE ||
	    asset_at(op->state, asset)->issuer != op->source)
		return refuse_clawback(op, SDEX_CLAWBACK_MALFORMED);
	return true;
}

bool clawback_apply(struct op *op)
{
	const sdex_ClawbackOp *clawback = op->operation->body.clawbackOp;
	uint32_t from = state_address(op->state, muxed_key(&clawback->from));
	uint32_t asset = state_asset(op->state, &clawback->asset);
	if (op->state->lost)
		return false;
	struct trustline *line = state_trustline(op->state, from, asset);
	if (!line)
		return refuse_clawback(op, SDEX_CLAWBACK_NO_TRUST);
	if (!(line->entry.flags & SDEX_TRUSTLINE_CLAWBACK_ENABLED_FLAG))
		return refuse_clawback(op, SDEX_CLAWBACK_NOT_CLAWBACK_ENABLED);
	state_touch(op->state, ENTRY_TRUSTLINE, line);
	if (!line_add_unauthorized(line, -clawback->amount))
		return refuse_clawback(op, SDEX_CLAWBACK_UNDERFUNDED);
	return true;
}

bool clawback_claimable_apply(struct op *op)
{
	const uint8_t *id = op->operation->body.clawbackClaimableBalanceOp.balanceID.v0.bytes;
	sdex_ClawbackClaimableBalanceResult *result =
		&op->result->tr->clawbackClaimableBalanceResult;
	struct claimable *balance = state_claimable(op->state, id);
	if (!balance)
		result->code = SDEX_CLAWBACK_CLAIMABLE_BALANCE_DOES_NOT_EXIST;
	else if (asset_at(op->state, balance->asset)->issuer != op->source)
		result->code = SDEX_CLAWBACK_CLAIMABLE_BALANCE_NOT_ISSUER;
	else if (!(balance->entry.flags & SDEX_CLAIMABLE_BALANCE_CLAWBACK_ENABLED_FLAG))
		result->code = SDEX_CLAWBACK_CLAIMABLE_BALANCE_NOT_CLAWBACK_ENABLED;
	else
		return remove_claimable(op, balance);
	return false;
}
