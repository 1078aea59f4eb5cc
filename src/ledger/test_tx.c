/* Transactions and ledgers: the order of checks and their codes, signatures and
 * thresholds, fees and fee bumps, sequence numbers, and a ledger that closes. */
#include <sodium.h>

#include "ledger/close.h"
#include "ledger/testing/world.h"

enum { ALICE = 2, BOB, CAROL };

/* A transaction under the test's hands */
struct draft {
	sdex_TransactionEnvelope envelope;
	sdex_TransactionV1Envelope v1;
	sdex_Operation operations[4];
	sdex_DecoratedSignature signatures[4];
	uint8_t bytes[4][64];
	sdex_PreconditionsV2 v2;
	struct tx tx;
};

struct keys {
	uint8_t public[32];
	uint8_t secret[64];
};

static struct keys keys_of(uint8_t number)
{
	struct keys keys;
	uint8_t seed[32] = {number};
	crypto_sign_ed25519_seed_keypair(keys.public, keys.secret, seed);
	return keys;
}

static uint32_t fund_key(struct world *w, const struct keys *keys, int64_t balance)
{
	struct account made = {.entry.sponsor = SLOT_NONE,
			       .address = state_address(w->state, keys->public),
			       .thresholds = {1},
			       .balance = balance,
			       .sequence = 100,
			       .inflation_dest = SLOT_NONE};
	assert_non_null(state_create(w->state, ENTRY_ACCOUNT, &made));
	return made.address;
}

static void draft_payment(struct world *w, struct draft *d, const struct keys *from, int to,
			  int64_t amount)
{
	memset(d, 0, sizeof(*d));
	d->envelope = (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX, .v1 = &d->v1};
	d->operations[0] = *op_payment(w, to, to, native_asset(), amount);
	d->operations[0].sourceAccount = NULL;
	d->v1.tx.operations = (sdex_Operation_list){.items = d->operations, .count = 1};
	d->v1.tx.fee = 100;
	d->v1.tx.seqNum = 101;
	memcpy(d->v1.tx.sourceAccount.ed25519.bytes, from->public, 32);
	d->v1.signatures.items = d->signatures;
}

static void sign(struct world *w, struct draft *d, const struct keys *keys)
{
	uint32_t at = d->v1.signatures.count++;
	assert_int_equal(tx_read(&d->tx, &w->ledger, &d->envelope, NULL), SDEX_OK);
	crypto_sign_ed25519_detached(d->bytes[at], NULL, d->tx.contents_hash, 32, keys->secret);
	d->signatures[at].signature = (struct sdex_bytes){d->bytes[at], 64};
	memcpy(d->signatures[at].hint.bytes, keys->public + 28, 4);
}

static int check(struct world *w, struct draft *d)
{
	struct tx_moment now = {.sequence = w->state->header.sequence + 1,
				.close_time = w->state->header.close_time + 5};
	assert_int_equal(tx_read(&d->tx, &w->ledger, &d->envelope, NULL), SDEX_OK);
	assert_int_equal(tx_check(&w->result, &w->ledger, &d->tx, now, 0), SDEX_OK);
	return w->result.result.code;
}

static void open_keyed(struct world *w, struct keys *keys)
{
	world_open(w, 27);
	w->ledger.trust_signatures = false;
	world_fund(w, BOB, 100 * XLM);
	*keys = keys_of(9);
	fund_key(w, keys, 100 * XLM);
}

static void checks_come_in_the_network_s_order(void **state)
{
	(void)state;
	struct world w;
	struct keys keys, other = keys_of(10);
	struct draft d;
	open_keyed(&w, &keys);
	uint32_t number = state_address(w.state, keys.public);
	draft_payment(&w, &d, &keys, BOB, XLM);
	/* everything is wrong; one after the other is mended */
	sdex_SignerKey extra[2] = {0};
	d.v1.tx.cond.type = SDEX_PRECOND_V2;
	d.v1.tx.cond.v2 = &d.v2;
	d.v2.extraSigners = (sdex_SignerKey_list){.items = extra, .count = 2};
	sdex_TimeBounds times = {.minTime = 2000000000, .maxTime = 1};
	d.v2.timeBounds = &times;
	d.v2.minSeqAge = 1u << 31;
	d.v1.tx.operations.count = 0;
	d.v1.tx.fee = 99;
	d.v1.tx.seqNum = 200;
	memcpy(d.v1.tx.sourceAccount.ed25519.bytes, other.public, 32);
	assert_int_equal(check(&w, &d), SDEX_txMALFORMED);
	d.v2.extraSigners.count = 0;
	assert_int_equal(check(&w, &d), SDEX_txMISSING_OPERATION);
	d.v1.tx.operations.count = 1;
	assert_int_equal(check(&w, &d), SDEX_txTOO_EARLY);
	times.minTime = 0;
	assert_int_equal(check(&w, &d), SDEX_txTOO_LATE);
	times.maxTime = 0;
	assert_int_equal(check(&w, &d), SDEX_txINSUFFICIENT_FEE);
	d.v1.tx.fee = 100;
	assert_int_equal(check(&w, &d), SDEX_txNO_ACCOUNT);
	memcpy(d.v1.tx.sourceAccount.ed25519.bytes, keys.public, 32);
	assert_int_equal(check(&w, &d), SDEX_txBAD_SEQ);
	d.v1.tx.seqNum = 101;
	assert_int_equal(check(&w, &d), SDEX_txBAD_MIN_SEQ_AGE_OR_GAP);
	d.v2.minSeqAge = 0;
	assert_int_equal(check(&w, &d), SDEX_txBAD_AUTH);
	state_account(w.state, number)->balance = 2 * RESERVE + 99;
	sign(&w, &d, &keys);
	assert_int_equal(check(&w, &d), SDEX_txINSUFFICIENT_BALANCE);
	state_account(w.state, number)->balance = 100 * XLM;
	d.operations[0].body.paymentOp->amount = 0;
	d.v1.signatures.count = 0;
	sign(&w, &d, &keys);
	assert_int_equal(check(&w, &d), SDEX_txFAILED);
	d.operations[0].body.paymentOp->amount = XLM;
	d.v1.signatures.count = 0;
	sign(&w, &d, &keys);
	sign(&w, &d, &other);
	assert_int_equal(check(&w, &d), SDEX_txBAD_AUTH_EXTRA);
	d.v1.signatures.count = 1;
	assert_int_equal(check(&w, &d), SDEX_txSUCCESS);
	assert_int_equal(w.result.feeCharged, 100);
	world_close(&w);
}

static void preconditions_bound_a_transaction(void **state)
{
	(void)state;
	struct world w;
	struct keys keys;
	struct draft d;
	open_keyed(&w, &keys);
	w.ledger.trust_signatures = true;
	draft_payment(&w, &d, &keys, BOB, XLM);
	sdex_LedgerBounds ledgers = {.minLedger = 1001, .maxLedger = 1002};
	int64_t least = 50;
	d.v1.tx.cond.type = SDEX_PRECOND_V2;
	d.v1.tx.cond.v2 = &d.v2;
	d.v2.ledgerBounds = &ledgers;
	assert_int_equal(check(&w, &d), SDEX_txSUCCESS);
	ledgers.maxLedger = 1001; /* exclusive */
	assert_int_equal(check(&w, &d), SDEX_txTOO_LATE);
	ledgers.maxLedger = 0;
	ledgers.minLedger = 1002;
	assert_int_equal(check(&w, &d), SDEX_txTOO_EARLY);
	d.v2.ledgerBounds = NULL;
	d.v1.tx.seqNum = 500;
	assert_int_equal(check(&w, &d), SDEX_txBAD_SEQ);
	d.v2.minSeqNum = &least;
	assert_int_equal(check(&w, &d), SDEX_txSUCCESS);
	least = 101;
	assert_int_equal(check(&w, &d), SDEX_txBAD_SEQ);
	least = 100;
	d.v1.tx.seqNum = 1000LL << 32; /* a sequence that an account born now would begin with */
	assert_int_equal(check(&w, &d), SDEX_txBAD_SEQ);
	world_close(&w);
}

static void thresholds_decide(void **state)
{
	(void)state;
	struct world w;
	struct keys keys, second = keys_of(11);
	struct draft d;
	open_keyed(&w, &keys);
	struct account *account = state_account(w.state, state_address(w.state, keys.public));
	struct signer signer = {
		.type = SDEX_SIGNER_KEY_TYPE_ED25519, .weight = 2, .sponsor = SLOT_NONE};
	memcpy(signer.key, second.public, 32);
	assert_true(signers_set(w.state, account, &signer, 1));
	account->subentries = 1;
	memcpy(account->thresholds, (const uint8_t[4]){1, 1, 3, 4}, 4);
	draft_payment(&w, &d, &keys, BOB, XLM);
	sign(&w, &d, &keys);
	assert_int_equal(check(&w, &d), SDEX_txFAILED);
	assert_int_equal(world_op_result(&w, 0)->code, SDEX_opBAD_AUTH);
	sign(&w, &d, &second);
	assert_int_equal(check(&w, &d), SDEX_txSUCCESS);
	account->thresholds[0] = 0; /* the master key weighs nothing now */
	assert_int_equal(check(&w, &d), SDEX_txFAILED);
	world_close(&w);
}

static void a_fee_bump_pays_for_another(void **state)
{
	(void)state;
	struct world w;
	struct keys keys, payer = keys_of(12);
	struct draft d;
	open_keyed(&w, &keys);
	w.ledger.trust_signatures = true;
	fund_key(&w, &payer, 50 * XLM);
	draft_payment(&w, &d, &keys, BOB, XLM);
	sdex_FeeBumpTransactionEnvelope bump = {.tx = {.fee = 199}};
	memcpy(bump.tx.feeSource.ed25519.bytes, payer.public, 32);
	bump.tx.innerTx.type = SDEX_ENVELOPE_TYPE_TX;
	bump.tx.innerTx.v1 = &d.v1;
	d.v1.tx.fee = 0;
	d.envelope = (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX_FEE_BUMP,
						.feeBump = &bump};
	assert_int_equal(check(&w, &d), SDEX_txINSUFFICIENT_FEE);
	bump.tx.fee = 200;
	assert_int_equal(check(&w, &d), SDEX_txFEE_BUMP_INNER_SUCCESS);
	d.v1.tx.fee = 150; /* a rate over the bump's */
	assert_int_equal(check(&w, &d), SDEX_txINSUFFICIENT_FEE);
	assert_int_equal(w.result.feeCharged, 300);
	bump.tx.fee = 300;
	assert_int_equal(check(&w, &d), SDEX_txFEE_BUMP_INNER_SUCCESS);
	d.v1.tx.seqNum = 7;
	assert_int_equal(check(&w, &d), SDEX_txFEE_BUMP_INNER_FAILED);
	assert_int_equal(w.result.result.innerResultPair->result.result.code, SDEX_txBAD_SEQ);
	world_close(&w);
}

static void a_failed_transaction_keeps_fee_and_sequence(void **state)
{
	(void)state;
	struct world w;
	struct keys keys;
	struct draft d;
	open_keyed(&w, &keys);
	w.ledger.trust_signatures = true;
	uint32_t number = state_address(w.state, keys.public);
	draft_payment(&w, &d, &keys, BOB, 1000 * XLM);
	int64_t base_fee = 100;
	assert_int_equal(tx_read(&d.tx, &w.ledger, &d.envelope, NULL), SDEX_OK);
	assert_int_equal(tx_charge(&w.result, &w.meta, &w.ledger, &d.tx, &base_fee), SDEX_OK);
	assert_int_equal(tx_apply(&w.result, &w.meta, &w.ledger, &d.tx), SDEX_OK);
	assert_int_equal(w.result.result.code, SDEX_txFAILED);
	assert_int_equal(world_op_code(world_op_result(&w, 0)), SDEX_PAYMENT_UNDERFUNDED);
	assert_int_equal(w.result.feeCharged, 100);
	assert_int_equal(state_account(w.state, number)->balance, 100 * XLM - 100);
	assert_int_equal(state_account(w.state, number)->sequence, 101);
	assert_int_equal(w.state->header.fee_pool, 100);
	assert_int_equal(w.meta.fees.count, 2);
	assert_int_equal(w.meta.before.count, 2);
	assert_int_equal(w.meta.operation_count, 0);
	world_close(&w);
}

static void reserves_can_be_sponsored(void **state)
{
	(void)state;
	struct world w;
	world_open(&w, 27);
	world_fund(&w, ALICE, 100 * XLM);
	world_fund(&w, BOB, 2 * RESERVE);
	world_fund(&w, 1, 100 * XLM);
	sdex_Operation *begin = op_new(&w, ALICE, SDEX_BEGIN_SPONSORING_FUTURE_RESERVES);
	sdex_Operation *end = op_new(&w, BOB, SDEX_END_SPONSORING_FUTURE_RESERVES);
	sdex_Operation *trust = op_trust(&w, BOB, credit_of("USD", 1), 1000);
	begin->body.beginSponsoringFutureReservesOp.sponsoredID = account_of(BOB);
	assert_int_equal(world_run(&w, trust), SDEX_CHANGE_TRUST_LOW_RESERVE);
	sdex_Operation *open[] = {begin, trust};
	assert_int_equal(world_apply(&w, ALICE, open, 2), SDEX_txBAD_SPONSORSHIP);
	assert_null(world_line(&w, BOB, credit_of("USD", 1)));
	sdex_Operation *whole[] = {begin, trust, end};
	assert_int_equal(world_apply(&w, ALICE, whole, 3), SDEX_txSUCCESS);
	assert_int_equal(world_account(&w, BOB)->sponsored, 1);
	assert_int_equal(world_account(&w, ALICE)->sponsoring, 1);
	assert_int_equal(world_line(&w, BOB, credit_of("USD", 1))->entry.sponsor,
			 world_address(&w, ALICE));
	world_laws(&w);
	/* revoked, it would be BOB's to pay, who cannot */
	sdex_LedgerKeyTrustLine line = {.accountID = account_of(BOB)};
	sdex_LedgerKey key = {.type = SDEX_TRUSTLINE, .trustLine = &line};
	line.asset.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4;
	sdex_Asset usd = credit_of("USD", 1);
	line.asset.alphaNum4 = usd.alphaNum4;
	sdex_Operation *revoke = op_new(&w, ALICE, SDEX_REVOKE_SPONSORSHIP);
	revoke->body.revokeSponsorshipOp.type = SDEX_REVOKE_SPONSORSHIP_LEDGER_ENTRY;
	revoke->body.revokeSponsorshipOp.ledgerKey = &key;
	assert_int_equal(world_run(&w, revoke), SDEX_REVOKE_SPONSORSHIP_LOW_RESERVE);
	world_account(&w, BOB)->balance += RESERVE;
	assert_int_equal(world_run(&w, revoke), 0);
	assert_int_equal(world_account(&w, BOB)->sponsored, 0);
	assert_int_equal(world_account(&w, ALICE)->sponsoring, 0);
	world_laws(&w);
	world_close(&w);
}

static void a_ledger_closes_in_rounds(void **state)
{
	(void)state;
	struct world w;
	struct keys keys[3];
	struct draft d[4];
	struct close_tx txs[4];
	struct closed closed;
	int64_t base_fee = 100;
	world_open(&w, 27);
	world_fund(&w, BOB, 100 * XLM);
	sdex_LedgerHeader previous = {0};
	header_store(&previous, &w.state->header);
	for (int i = 0; i < 4; i++) {
		/* the first account sends twice */
		int from = i < 3 ? i : 0;
		if (i < 3) {
			keys[i] = keys_of((uint8_t)(20 + i));
			fund_key(&w, &keys[i], 100 * XLM);
		}
		draft_payment(&w, &d[i], &keys[from], BOB, XLM);
		d[i].v1.tx.seqNum = i < 3 ? 101 : 102;
		txs[i] = (struct close_tx){.envelope = &d[i].envelope, .base_fee = &base_fee};
	}
	struct close_request request = {.previous = &previous,
					.close_time = w.state->header.close_time + 5,
					.txs = txs,
					.count = 4};
	assert_int_equal(close_ledger(&closed, &w.ledger, &request, NULL), SDEX_OK);
	assert_int_equal(closed.header.header.ledgerSeq, 1001);
	assert_int_equal(closed.header.header.feePool, 400);
	assert_int_equal(closed.txs.count, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(closed.txs.items[i].result.result.result.code, SDEX_txSUCCESS);
	/* the second of the first account is alone in the second round */
	assert_int_equal(tx_read(&d[3].tx, &w.ledger, &d[3].envelope, NULL), SDEX_OK);
	assert_memory_equal(closed.txs.items[3].result.transactionHash.bytes, d[3].tx.contents_hash,
			    32);
	assert_int_equal(world_account(&w, BOB)->balance, 104 * XLM);
	world_laws(&w);
	/* the next header names this one */
	struct closed next;
	request = (struct close_request){.previous = &closed.header.header,
					 .close_time = request.close_time + 5};
	assert_int_equal(close_ledger(&next, &w.ledger, &request, NULL), SDEX_OK);
	assert_memory_equal(next.header.header.previousLedgerHash.bytes, closed.header.hash.bytes,
			    32);
	/* and all of it can be streamed */
	sdex_LedgerCloseMeta *meta = close_meta(&closed, w.arena);
	size_t size = 0;
	assert_non_null(meta);
	assert_int_equal(sdex_xdr_size(SDEX_TYPE_LedgerCloseMeta, &size, meta, NULL), SDEX_OK);
	uint8_t *bytes = sdex_arena_alloc(w.arena, size);
	assert_int_equal(sdex_LedgerCloseMeta_encode(bytes, size, &size, meta, NULL), SDEX_OK);
	/* a header of another ledger is refused, and nothing changes */
	assert_int_equal(close_ledger(&next, &w.ledger, &request, NULL), SDEX_ERR_INVALID);
	world_close(&w);
}

static bool first_by(const uint8_t a[32], const uint8_t b[32], const uint8_t set[32])
{
	int i = 0;
	while (i < 31 && a[i] == b[i])
		i++;
	return (a[i] ^ set[i]) < (b[i] ^ set[i]);
}

/* TxEnvelopeTests: txset - correct apply order */
static void what_is_applied_first_hangs_on_the_set(void **state)
{
	(void)state;
	struct world w;
	struct keys a = keys_of(9), b = keys_of(10);
	struct draft one, two;
	struct tx txs[2];
	uint32_t order[2], firsts = 0;
	uint8_t set[32];
	world_open(&w, 27);
	world_fund(&w, BOB, 100 * XLM);
	fund_key(&w, &a, 100 * XLM);
	fund_key(&w, &b, 100 * XLM);
	draft_payment(&w, &one, &a, BOB, 112);
	one.operations[1] = one.operations[0];
	one.v1.tx.operations.count = 2;
	draft_payment(&w, &two, &b, BOB, 101);
	assert_int_equal(tx_read(&txs[0], &w.ledger, &one.envelope, NULL), SDEX_OK);
	assert_int_equal(tx_read(&txs[1], &w.ledger, &two.envelope, NULL), SDEX_OK);
	for (int n = 0; n < 256; n++) {
		memset(set, n, sizeof(set));
		assert_true(close_order(order, txs, 2, set, w.arena));
		bool first = first_by(txs[0].full_hash, txs[1].full_hash, set);
		assert_int_equal(order[0], first ? 0 : 1);
		assert_int_equal(order[1], first ? 1 : 0);
		firsts += first;
	}
	assert_int_equal(firsts, 128); /* a single bit decides */
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_come_in_the_network_s_order),
		cmocka_unit_test(preconditions_bound_a_transaction),
		cmocka_unit_test(thresholds_decide),
		cmocka_unit_test(a_fee_bump_pays_for_another),
		cmocka_unit_test(a_failed_transaction_keeps_fee_and_sequence),
		cmocka_unit_test(reserves_can_be_sponsored),
		cmocka_unit_test(a_ledger_closes_in_rounds),
		cmocka_unit_test(what_is_applied_first_hangs_on_the_set),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
