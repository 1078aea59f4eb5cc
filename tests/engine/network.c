/* tests/engine/network.c - see network.h. */
#include "engine/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "sandbox/send.h"
#include "sandbox/world_inside.h"
#include "sdex/address.h"
#include "sdex/asset.h"
#include "sdex/operation.h"
#include "sdex/result.h"
#include "sdex/transaction.h"

struct net {
	struct sandbox *sandbox;
	struct sdex_arena *arena;
	struct sdex_secret us, other, issuer;
};

struct net *net_open(uint64_t start_s)
{
	struct net *net = calloc(1, sizeof *net);
	struct sdex_failure why = {0};
	const struct sandbox_options options = {.start_s = start_s, .quiet = true, .close_s = 5};
	CHECK(net);
	net->arena = sdex_arena_new(0);
	net->sandbox = sandbox_new(&options, &why);
	CHECK(net->sandbox && net->arena);
	sandbox_key(&net->us, "trader-0");
	sandbox_key(&net->other, "trader-1");
	sandbox_key(&net->issuer, "usdc-issuer");
	return net;
}

void net_free(struct net *net)
{
	sandbox_free(net->sandbox);
	sdex_arena_free(net->arena);
	free(net);
}

void net_key(struct sdex_secret *secret)
{
	sandbox_key(secret, "trader-0");
}

sdex_Asset net_usdc(const struct net *net)
{
	return net->sandbox->world->assets[USDC];
}

static void add_head(struct net_answer *answer, const char *name, const char *value)
{
	int length = snprintf(answer->head + answer->head_size,
			      sizeof answer->head - answer->head_size, "%s: %s\r\n", name, value);
	CHECK(length > 0 && answer->head_size + (size_t)length < sizeof answer->head);
	answer->head_size += (size_t)length;
}

void net_ask(struct net *net, struct net_answer *answer, const char *method, const char *url,
	     const void *body, size_t size, int64_t now_ms)
{
	const char *path = strstr(url, "://");
	struct sandbox_answer from = {0};
	CHECK(path && (path = strchr(path + 3, '/')));
	const char *query = strchr(path, '?');
	struct sandbox_request request = {
		.method = method,
		.path = {path, query ? (size_t)(query - path) : strlen(path)},
		.host = TEXT("network"),
		.accept = TEXT("application/json"),
		.content_type = TEXT("application/json"),
		.body = body,
		.size = size,
		.now_ms = (uint64_t)now_ms};
	if (query)
		request.query = (struct text){query + 1, strlen(query + 1)};
	if (strcmp(method, "POST") == 0)
		sandbox_rpc(net->sandbox, &from, &request);
	else
		sandbox_horizon(net->sandbox, &from, &request);
	CHECK(from.form == SANDBOX_WHOLE);
	*answer = (struct net_answer){.status = from.status, .size = from.size};
	for (size_t i = 0; i < from.line_count; i++)
		add_head(answer, from.lines[i].name, from.lines[i].value);
	answer->body = malloc(from.size + 1);
	CHECK(answer->body);
	if (from.size)
		memcpy(answer->body, from.body, from.size);
}

void net_close(struct net *net, uint64_t close_time_s)
{
	struct sdex_failure why;
	CHECK(sandbox_close(net->sandbox, close_time_s, &why) == SDEX_OK);
}

uint32_t net_sequence(const struct net *net)
{
	return sandbox_sequence(net->sandbox);
}

static void submit_all(struct net *net, const struct sdex_secret *who, sdex_Operation *ops,
		       uint32_t count)
{
	struct submitted done;
	const struct sending sending = {
		.source = who, .operations = ops, .count = count, .fee = 1000};
	CHECK(send_transaction(net->sandbox->network, &done, net->arena, &sending) == SDEX_OK);
	CHECK(done.status == SUBMISSION_PENDING);
	sdex_arena_reset(net->arena);
}

static void submit(struct net *net, const struct sdex_secret *who, sdex_Operation *op)
{
	submit_all(net, who, op, 1);
}

void net_trade(struct net *net, bool buys, int64_t amount, int32_t n, int32_t d)
{
	sdex_Operation op;
	struct sdex_failure why;
	sdex_Asset xlm = sdex_asset_native(), usdc = net_usdc(net);
	sdex_Price price = {.n = n, .d = d};
	struct sdex_amount stroops = {amount};
	CHECK((buys ? sdex_op_manage_buy_offer(&op, net->arena, NULL, &usdc, &xlm, stroops, price,
					       0, &why)
		    : sdex_op_manage_sell_offer(&op, net->arena, NULL, &xlm, &usdc, stroops, price,
						0, &why)) == SDEX_OK);
	submit(net, &net->other, &op);
}

void net_shred(struct net *net, uint32_t count, int64_t amount, int32_t n, int32_t d)
{
	sdex_Operation ops[SEND_OPERATIONS];
	struct sdex_failure why;
	sdex_Asset xlm = sdex_asset_native(), usdc = net_usdc(net);
	CHECK(count <= SEND_OPERATIONS);
	for (uint32_t i = 0; i < count; i++)
		CHECK(sdex_op_manage_sell_offer(&ops[i], net->arena, NULL, &xlm, &usdc,
						(struct sdex_amount){amount},
						(sdex_Price){.n = n, .d = d}, 0, &why) == SDEX_OK);
	submit_all(net, &net->other, ops, count);
}

void net_pay(struct net *net, int64_t lumens)
{
	sdex_Operation op;
	struct sdex_failure why;
	sdex_Asset xlm = sdex_asset_native(), usdc = net_usdc(net);
	sdex_AccountID id = sdex_account_of_key(net->other.public_key);
	sdex_MuxedAccount to = sdex_muxed(&id);
	CHECK(sdex_op_path_payment_strict_send(&op, net->arena, NULL, &xlm,
					       (struct sdex_amount){lumens}, &to, &usdc,
					       (struct sdex_amount){1}, NULL, 0, &why) == SDEX_OK);
	submit(net, &net->other, &op);
}

void net_meddle(struct net *net, int64_t offer_id, int64_t amount, int32_t n, int32_t d)
{
	sdex_Operation op;
	struct sdex_failure why;
	sdex_Asset xlm = sdex_asset_native(), usdc = net_usdc(net);
	CHECK(sdex_op_manage_sell_offer(&op, net->arena, NULL, &xlm, &usdc,
					(struct sdex_amount){amount}, (sdex_Price){.n = n, .d = d},
					offer_id, &why) == SDEX_OK);
	submit(net, &net->us, &op);
}

void net_revocable(struct net *net)
{
	sdex_Operation op;
	struct sdex_failure why;
	sdex_uint32 flag = SDEX_AUTH_REVOCABLE_FLAG;
	const sdex_SetOptionsOp options = {.setFlags = &flag};
	CHECK(sdex_op_set_options(&op, net->arena, NULL, &options, &why) == SDEX_OK);
	submit(net, &net->issuer, &op);
}

static void take_flags(struct net *net, uint32_t set)
{
	sdex_Operation op;
	struct sdex_failure why;
	sdex_Asset usdc = net_usdc(net);
	sdex_AccountID us_id = sdex_account_of_key(net->us.public_key);
	CHECK(sdex_op_set_trust_line_flags(&op, net->arena, NULL, &us_id, &usdc,
					   SDEX_AUTHORIZED_FLAG, set, &why) == SDEX_OK);
	submit(net, &net->issuer, &op);
}

void net_revoke(struct net *net)
{
	take_flags(net, 0);
}

void net_restrict(struct net *net)
{
	take_flags(net, SDEX_AUTHORIZED_TO_MAINTAIN_LIABILITIES_FLAG);
}

void net_delete(struct net *net, int64_t offer_id)
{
	sdex_Operation op;
	struct sdex_failure why;
	sdex_Asset xlm = sdex_asset_native(), usdc = net_usdc(net);
	CHECK(sdex_op_manage_sell_offer(&op, net->arena, NULL, &xlm, &usdc, (struct sdex_amount){0},
					(sdex_Price){1, 1}, offer_id, &why) == SDEX_OK);
	submit(net, &net->us, &op);
}

/* --- what the ledger says */

static const struct state *state_of(const struct net *net)
{
	return net->sandbox->network->state;
}

static uint32_t us(const struct net *net)
{
	uint32_t address = state_address_find(net->sandbox->network->state, net->us.public_key);
	CHECK(address != SLOT_NONE);
	return address;
}

static uint32_t usdc_number(const struct net *net)
{
	sdex_Asset usdc = net_usdc(net);
	return state_asset(net->sandbox->network->state, &usdc);
}

static struct holding holding(const struct net *net, bool lumens)
{
	return holding_of(state_of(net), us(net), lumens ? ASSET_NATIVE : usdc_number(net));
}

int64_t net_balance(const struct net *net, bool lumens)
{
	struct holding h = holding(net, lumens);
	return lumens ? h.account->balance : h.line->balance;
}

void net_liabilities(const struct net *net, bool lumens, int64_t *selling, int64_t *buying)
{
	struct holding h = holding(net, lumens);
	*selling = lumens ? h.account->selling : h.line->selling;
	*buying = lumens ? h.account->buying : h.line->buying;
}

int64_t net_sequence_number(const struct net *net)
{
	return holding(net, true).account->sequence;
}

/* Each of our transactions, in order. */
typedef void each_fn(void *context, const sdex_TransactionEnvelope *envelope,
		     const sdex_TransactionResult *result);

static void each_ledger(const struct net *net, const struct history_ledger *ledger, each_fn *each,
			void *context)
{
	uint32_t address = us(net);
	for (uint32_t i = 0; i < ledger->tx_count; i++) {
		const struct history_tx *tx = &ledger->txs[i];
		sdex_TransactionEnvelope *envelope = NULL;
		sdex_TransactionResult *result = NULL;
		if (tx->source != address)
			continue;
		struct sdex_bytes e = history_bytes(ledger, tx->envelope);
		struct sdex_bytes r = history_bytes(ledger, tx->result);
		CHECK(!sdex_TransactionEnvelope_decode(&envelope, net->arena, e.data, e.size,
						       NULL));
		CHECK(!sdex_TransactionResult_decode(&result, net->arena, r.data, r.size, NULL));
		each(context, envelope, result);
	}
}

static void each_of_ours(const struct net *net, each_fn *each, void *context)
{
	for (uint32_t s = 1 + WORLD_LEDGERS + 1; s <= net_sequence(net); s++) {
		const struct history_ledger *ledger =
			history_ledger(&net->sandbox->network->history, s);
		CHECK(ledger);
		each_ledger(net, ledger, each, context);
		sdex_arena_reset(net->arena);
	}
}

struct count {
	int64_t amount;
	uint32_t count;
};

static void count_placed(void *context, const sdex_TransactionEnvelope *envelope,
			 const sdex_TransactionResult *result)
{
	struct count *count = context;
	sdex_Operation_list ops = sdex_tx_operations(envelope);
	for (uint32_t i = 0; i < ops.count && sdex_result_ok(result); i++) {
		const sdex_OperationBody *body = &ops.items[i].body;
		int64_t amount = body->type == SDEX_MANAGE_SELL_OFFER
					 ? body->manageSellOfferOp->amount
					 : body->manageBuyOfferOp->buyAmount;
		count->count += amount == count->amount;
	}
}

uint32_t net_placed(const struct net *net, int64_t amount)
{
	struct count count = {.amount = amount};
	each_of_ours(net, count_placed, &count);
	return count.count;
}

static void count_all(void *context, const sdex_TransactionEnvelope *envelope,
		      const sdex_TransactionResult *result)
{
	(void)envelope, (void)result;
	((struct count *)context)->count++;
}

uint32_t net_transactions(const struct net *net)
{
	struct count count = {0};
	each_of_ours(net, count_all, &count);
	return count.count;
}

uint32_t net_offers(const struct net *net, struct net_offer *offers, uint32_t room)
{
	const struct state *state = state_of(net);
	uint32_t count = 0;
	for (uint32_t slot = address_at(state, us(net))->offers; slot != SLOT_NONE;) {
		const struct offer *offer = slab_at(&state->entries[ENTRY_OFFER], slot);
		const struct pair *pair = pair_at(state, offer->pair);
		CHECK(count < room);
		offers[count++] = (struct net_offer){.id = offer->id,
						     .amount = offer->amount,
						     .n = offer->price.n,
						     .d = offer->price.d,
						     .sells_lumens = pair->selling == ASSET_NATIVE};
		slot = offer->next;
	}
	return count;
}
