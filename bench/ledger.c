/* bench/ledger.c - offers, questions and signed transactions against the ledger's rules.
 *
 * One pair; the book has offers on one side, ten of each of its makers, at prices drawn
 * without order.  Each operation goes the whole way of a transaction of 100 (without
 * signatures and meta, unless said). */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "ledger/entry.h"
#include "ledger/tx.h"

#define OPS 100
#define XLM 10000000LL
#define SIGNED 512

struct market {
	struct state *state;
	struct sdex_arena *arena;
	struct ledger ledger;
	uint8_t network[32];
	uint64_t random;
	sdex_Asset usd;
	uint32_t usd_number;
	uint32_t offers;
	int64_t next; /* id to be cancelled or taken */
	sdex_TransactionEnvelope envelope;
	sdex_TransactionV1Envelope v1;
	sdex_Operation operations[OPS];
	sdex_ManageSellOfferOp sells[OPS];
	sdex_MuxedAccount sources[OPS];
};

static uint64_t draw(struct market *m)
{
	uint64_t z = m->random += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static void key_of(uint8_t key[32], uint64_t number)
{
	memset(key, 0, 32);
	memcpy(key, &number, 8);
}

static uint32_t open_account(struct market *m, uint64_t number)
{
	uint8_t key[32];
	key_of(key, number);
	struct account made = {.entry.sponsor = SLOT_NONE,
			       .address = state_address(m->state, key),
			       .thresholds = {1},
			       .balance = 1000000 * XLM,
			       .inflation_dest = SLOT_NONE};
	struct trustline line = {.entry = {.sponsor = SLOT_NONE, .flags = SDEX_AUTHORIZED_FLAG},
				 .address = made.address,
				 .asset = m->usd_number,
				 .balance = INT64_MAX / 1000000,
				 .limit = INT64_MAX};
	made.subentries = 1;
	if (!state_create(m->state, ENTRY_ACCOUNT, &made) ||
	    !state_create(m->state, ENTRY_TRUSTLINE, &line))
		abort();
	return made.address;
}

static struct price some_price(struct market *m)
{
	return (struct price){.n = (int32_t)(100000 + draw(m) % 100000), .d = 100000};
}

static void rest_offer(struct market *m, uint32_t seller)
{
	struct offer made = {.entry.sponsor = SLOT_NONE,
			     .seller = seller,
			     .pair = state_pair(m->state, m->usd_number, ASSET_NATIVE),
			     .id = (int64_t)++m->state->header.id_pool,
			     .amount = 10 * XLM,
			     .price = some_price(m)};
	state_account(m->state, seller)->subentries++;
	if (!state_create(m->state, ENTRY_OFFER, &made) ||
	    !rules_reserve(m->state, seller, m->usd_number, ASSET_NATIVE, made.price, made.amount,
			   1))
		abort();
}

/* Makers are 1, 2, ...; account 0 issues, account UINT32_MAX takes. */
static struct market *open_market(uint32_t offers)
{
	struct market *m = calloc(1, sizeof(*m));
	uint8_t issuer[32];
	if (!m || !(m->state = state_new(1)) || !(m->arena = sdex_arena_new(0)))
		abort();
	key_of(issuer, 0);
	m->offers = offers;
	m->state->header = (struct header){.version = 27,
					   .sequence = 1000,
					   .close_time = 1700000000,
					   .base_fee = 100,
					   .base_reserve = 5000000};
	m->usd.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4;
	memcpy(m->usd.alphaNum4.assetCode.bytes, "USD", 3);
	memcpy(m->usd.alphaNum4.issuer.ed25519.bytes, issuer, 32);
	m->usd_number = state_asset(m->state, &m->usd);
	m->ledger = (struct ledger){.state = m->state,
				    .arena = m->arena,
				    .network_id = m->network,
				    .trust_signatures = true};
	open_account(m, UINT32_MAX);
	uint32_t seller = 0;
	for (uint32_t i = 0; i < offers; i++) {
		if (i % 10 == 0)
			seller = open_account(m, 1 + i / 10);
		rest_offer(m, seller);
	}
	m->envelope = (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX, .v1 = &m->v1};
	m->v1.tx.operations = (sdex_Operation_list){.items = m->operations, .count = OPS};
	m->v1.tx.fee = 100 * OPS;
	key_of(m->v1.tx.sourceAccount.ed25519.bytes, UINT32_MAX);
	for (int i = 0; i < OPS; i++) {
		m->operations[i].body.type = SDEX_MANAGE_SELL_OFFER;
		m->operations[i].body.manageSellOfferOp = &m->sells[i];
		m->operations[i].sourceAccount = &m->sources[i];
	}
	return m;
}

static void close_market(struct market *m)
{
	state_free(m->state);
	sdex_arena_free(m->arena);
	free(m);
}

static void apply(struct market *m)
{
	sdex_TransactionResult result;
	struct tx_meta meta = {0};
	struct tx tx;
	int64_t no_fee = 0;
	uint8_t key[32];
	key_of(key, UINT32_MAX);
	m->v1.tx.seqNum = state_account(m->state, state_address(m->state, key))->sequence + 1;
	if (tx_read(&tx, &m->ledger, &m->envelope, NULL) ||
	    tx_charge(&result, &meta, &m->ledger, &tx, &no_fee) ||
	    tx_apply(&result, &meta, &m->ledger, &tx) || !tx_succeeded(&result)) {
		fprintf(stderr, "bench/ledger: a transaction failed with %d\n",
			(int)result.result.code);
		exit(1);
	}
	sdex_arena_reset(m->arena);
}

static void sell(struct market *m, int i, uint64_t who, bool usd, int64_t amount,
		 struct price price, int64_t id)
{
	key_of(m->sources[i].ed25519.bytes, who);
	m->sells[i] = (sdex_ManageSellOfferOp){
		.amount = amount, .price = {.n = price.n, .d = price.d}, .offerID = id};
	*(usd ? &m->sells[i].selling : &m->sells[i].buying) = m->usd;
}

/* A third makes an offer that rests, a third cancels it, a third takes part of the best
 * offer of the book. */
static void mixed(void *state, uint64_t count)
{
	struct market *m = state;
	for (uint64_t done = 0; done < count; done += OPS) {
		int64_t id = (int64_t)m->state->header.id_pool;
		for (int i = 0; i < OPS; i++) {
			uint64_t maker = 1 + draw(m) % (m->offers / 10);
			if (i == OPS - 1 || i % 3 == 2) {
				sell(m, i, UINT32_MAX, false, 1000, (struct price){1, 2}, 0);
			} else if (i % 3 == 0) {
				sell(m, i, maker, true, 10 * XLM, some_price(m), 0);
				key_of(m->sources[i + 1].ed25519.bytes, maker);
				id++;
			} else {
				uint8_t same[32];
				memcpy(same, m->sources[i].ed25519.bytes, 32);
				sell(m, i, maker, true, 0, (struct price){1, 1}, id);
				memcpy(m->sources[i].ed25519.bytes, same, 32);
			}
		}
		apply(m);
	}
}

/* What would this order do?  It crosses three offers and a rest. */
static void what_if(void *state, uint64_t count)
{
	struct market *m = state;
	sdex_Operation *operation = &m->operations[0];
	sell(m, 0, UINT32_MAX, false, 35 * XLM, (struct price){1, 2}, 0);
	for (uint64_t i = 0; i < count; i++) {
		sdex_OperationResult result;
		struct op op = {
			.state = m->state,
			.arena = m->arena,
			.frozen = &m->ledger.frozen,
			.operation = operation,
			.source = state_address(m->state, operation->sourceAccount->ed25519.bytes),
			.result = &result};
		state_begin(m->state);
		if (!op_result(&result, operation, m->arena) || !op_valid(&op) || !op_apply(&op))
			abort();
		bench_keep(&result);
		state_rollback(m->state);
		sdex_arena_reset(m->arena);
	}
}

/* --- signed transactions */

struct signed_txs {
	struct market *m;
	sdex_TransactionEnvelope envelopes[SIGNED];
	sdex_TransactionV1Envelope v1[SIGNED];
	sdex_Operation operations[SIGNED];
	sdex_PaymentOp payments[SIGNED];
	sdex_DecoratedSignature decorated[SIGNED];
	uint8_t signatures[SIGNED][64];
	uint8_t hashes[SIGNED][32];
	uint8_t keys[SIGNED][32];
};

static void sign_all(struct signed_txs *s)
{
	struct market *m = s->m;
	for (int i = 0; i < SIGNED; i++) {
		uint8_t seed[32], secret[64];
		struct tx tx;
		key_of(seed, (uint64_t)i + 77);
		crypto_sign_ed25519_seed_keypair(s->keys[i], secret, seed);
		struct account made = {.entry.sponsor = SLOT_NONE,
				       .address = state_address(m->state, s->keys[i]),
				       .thresholds = {1},
				       .balance = 1000000 * XLM,
				       .inflation_dest = SLOT_NONE};
		if (!state_create(m->state, ENTRY_ACCOUNT, &made))
			abort();
		s->operations[i].body.type = SDEX_PAYMENT;
		s->operations[i].body.paymentOp = &s->payments[i];
		s->payments[i].amount = 100;
		memcpy(s->payments[i].destination.ed25519.bytes, s->keys[i ? i - 1 : i], 32);
		s->v1[i].tx.fee = 100;
		s->v1[i].tx.seqNum = 1;
		memcpy(s->v1[i].tx.sourceAccount.ed25519.bytes, s->keys[i], 32);
		s->v1[i].tx.operations =
			(sdex_Operation_list){.items = &s->operations[i], .count = 1};
		s->v1[i].signatures =
			(sdex_DecoratedSignature_list){.items = &s->decorated[i], .count = 1};
		s->envelopes[i] =
			(sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX, .v1 = &s->v1[i]};
		if (tx_read(&tx, &m->ledger, &s->envelopes[i], NULL))
			abort();
		memcpy(s->hashes[i], tx.contents_hash, 32);
		crypto_sign_ed25519_detached(s->signatures[i], NULL, tx.contents_hash, 32, secret);
		s->decorated[i].signature = (struct sdex_bytes){s->signatures[i], 64};
		memcpy(s->decorated[i].hint.bytes, s->keys[i] + 28, 4);
	}
}

static void verify_only(void *state, uint64_t count)
{
	struct signed_txs *s = state;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t at = i % SIGNED;
		if (crypto_sign_ed25519_verify_detached(s->signatures[at], s->hashes[at], 32,
							s->keys[at]))
			abort();
	}
}

static void apply_signed(void *state, uint64_t count)
{
	struct signed_txs *s = state;
	struct market *m = s->m;
	int64_t base_fee = 100;
	for (uint64_t done = 0; done < count;) {
		/* a ledger's worth, then as if it had not been */
		state_begin(m->state);
		for (uint64_t i = 0; i < SIGNED && done < count; i++, done++) {
			sdex_TransactionResult result;
			struct tx_meta meta = {0};
			struct tx tx;
			if (tx_read(&tx, &m->ledger, &s->envelopes[i], NULL) ||
			    tx_charge(&result, &meta, &m->ledger, &tx, &base_fee) ||
			    tx_apply(&result, &meta, &m->ledger, &tx) || !tx_succeeded(&result))
				abort();
			sdex_arena_reset(m->arena);
		}
		state_rollback(m->state);
	}
}

int main(void)
{
	static const uint32_t sizes[] = {1000, 100000, 1000000};
	static const char *const names[] = {"ledger: offer operations, book of 1,000",
					    "ledger: offer operations, book of 100,000",
					    "ledger: offer operations, book of 1,000,000"};
	if (sodium_init() < 0)
		return 1;
	for (int i = 0; i < 3; i++) {
		struct market *m = open_market(sizes[i]);
		bench_rate(names[i], mixed, m);
		if (i == 1)
			bench_rate("ledger: what if, one order over 4 offers of 100,000", what_if,
				   m);
		if (i == 2)
			bench_print("ledger: memory of an offer, of 1,000,000",
				    (double)state_offer_memory(m->state) /
					    (double)m->state->entries[ENTRY_OFFER].live,
				    "bytes");
		close_market(m);
	}
	struct signed_txs *s = calloc(1, sizeof(*s));
	if (!s)
		return 1;
	s->m = open_market(1000);
	s->m->ledger.trust_signatures = false;
	sign_all(s);
	bench_rate("ledger: verification alone", verify_only, s);
	bench_rate("ledger: signed payments, verified and applied", apply_signed, s);
	s->m->ledger.trust_signatures = true;
	bench_rate("ledger: the same, signatures trusted", apply_signed, s);
	s->m->ledger.want_meta = true;
	bench_rate("ledger: the same, with meta", apply_signed, s);
	close_market(s->m);
	free(s);
	return 0;
}
