/* What verifying says, word by word: of differences, of what is hidden, of signatures that were
 * refused, of what is no ledger. */
#include <sodium.h>

#include "ledger/verify/play.h"
#include "sdex/address.h"
#include "sdex/result.h"

static sdex_TransactionMetaV4 *meta_of(struct play *p, uint32_t transaction)
{
	return p->meta->v2->txProcessing.items[transaction].txApplyProcessing.v4;
}

static sdex_LedgerEntryChange *change_of(struct play *p, sdex_LedgerEntryChangeType type,
					 sdex_LedgerEntryType entry, int owner)
{
	sdex_LedgerEntryChanges *changes = &meta_of(p, 0)->operations.items[0].changes;
	sdex_AccountID id = account_of(owner);
	for (uint32_t i = 0; i < changes->count; i++) {
		sdex_LedgerEntryChange *change = &changes->items[i];
		if (change->type != type || change->state->data.type != entry)
			continue;
		if (entry != SDEX_TRUSTLINE ||
		    sdex_AccountID_equal(&change->state->data.trustLine->accountID, &id))
			return change;
	}
	fail_msg("no such change");
	return NULL;
}

static void says(struct play *p, enum verdict verdict, const char *words)
{
	struct verify *alone;
	play_encode(p);
	play_verify_alone(p, &alone);
	assert_int_equal(p->found->count, 1);
	if (p->found->items[0].verdict != verdict || !p->found->items[0].words ||
	    strcmp(p->found->items[0].words, words) != 0)
		fail_msg("verdict %d: %s", (int)p->found->items[0].verdict,
			 p->found->items[0].words ? p->found->items[0].words : "(nothing)");
	verify_free(alone);
}

static char *id_of(char text[SDEX_ACCOUNT_ROOM], int name)
{
	sdex_AccountID id = account_of(name);
	sdex_account_print(text, &id);
	return text;
}

static void differences_are_told_in_words(void **state)
{
	(void)state;
	struct play p;
	char bob[SDEX_ACCOUNT_ROOM], issuer[SDEX_ACCOUNT_ROOM], words[1000];
	play_open_market(&p, 27);
	id_of(bob, BOB);
	id_of(issuer, ISSUER);
	play_send_one(&p, ALICE, op_payment(&p.w, ALICE, BOB, p.usd, 5 * XLM));
	play_close(&p, NULL);
	sdex_LedgerEntryChange *change =
		change_of(&p, SDEX_LEDGER_ENTRY_UPDATED, SDEX_TRUSTLINE, BOB);
	int64_t *balance = &change->updated->data.trustLine->balance;
	*balance += 1;
	snprintf(words, sizeof(words),
		 "the trustline of %s in USD:%s: balance: expected %lld, found %lld", bob, issuer,
		 (long long)*balance - 1, (long long)*balance);
	says(&p, VERDICT_DIFFERED, words);
	*balance -= 1;
	/* how it was before, where nothing else shows it, is believed: the outcome differs then */
	change = change_of(&p, SDEX_LEDGER_ENTRY_STATE, SDEX_TRUSTLINE, BOB);
	change->state->data.trustLine->balance -= 3;
	snprintf(words, sizeof(words),
		 "the trustline of %s in USD:%s: balance: expected %lld, found %lld", bob, issuer,
		 (long long)*balance - 3, (long long)*balance);
	says(&p, VERDICT_DIFFERED, words);
	change->state->data.trustLine->balance += 3;
	/* an outcome of another kind */
	sdex_OperationResult *result =
		p.meta->v2->txProcessing.items[0].result.result.result.results.items;
	result->tr->paymentResult.code = SDEX_PAYMENT_LINE_FULL;
	struct verify *alone;
	play_encode(&p);
	play_verify_alone(&p, &alone);
	assert_int_equal(p.found->count, 2); /* the first: its transaction cannot be done then */
	assert_int_equal(p.found->items[1].verdict, VERDICT_DIFFERED);
	assert_string_equal(p.found->items[1].words,
			    "expected PAYMENT_SUCCESS, found PAYMENT_LINE_FULL");
	verify_free(alone);
	result->tr->paymentResult.code = SDEX_PAYMENT_SUCCESS;
	/* an entry that is not shown, and so cannot be read */
	sdex_LedgerEntryChanges *changes = &meta_of(&p, 0)->operations.items[0].changes;
	uint32_t count = changes->count;
	sdex_LedgerEntryChange *items = changes->items;
	for (uint32_t i = 0; i < count; i += 2) {
		if (items[i].state->data.trustLine->accountID.ed25519.bytes[0] != BOB)
			continue;
		changes->items = i ? items : items + 2;
		changes->count = 2;
		snprintf(words, sizeof(words),
			 "the ledger does not show the account %s, the trustline of %s in USD:%s",
			 bob, bob, issuer);
		says(&p, VERDICT_UNDETERMINED, words);
	}
	play_end(&p);
}

static void fees_are_compared(void **state)
{
	(void)state;
	struct play p;
	struct verify *alone;
	play_open_market(&p, 24);
	sdex_Operation *op = op_payment(&p.w, ALICE, BOB, p.usd, 5 * XLM);
	play_bump(&p, play_send(&p, ALICE, &op, 1), CAROL);
	play_close(&p, NULL);
	sdex_TransactionResult *result = &p.meta->v2->txProcessing.items[0].result.result;
	int64_t *fees[2] = {&result->feeCharged,
			    &result->result.innerResultPair->result.feeCharged};
	const char *const words[2] = {
		"the fee: expected 200 stroops, found 201",
		"the inner transaction's fee: expected 100 stroops, found 101"};
	for (int i = 0; i < 2; i++) {
		*fees[i] += 1;
		play_encode(&p);
		play_verify_alone(&p, &alone);
		assert_int_equal(p.found->count, 2);
		assert_int_equal(p.found->items[0].operation, 0);
		assert_int_equal(p.found->items[0].verdict, VERDICT_DIFFERED);
		assert_string_equal(p.found->items[0].words, words[i]);
		assert_int_equal(p.found->items[1].verdict, VERDICT_AGREED);
		verify_free(alone);
		*fees[i] -= 1;
	}
	/* what was before is believed where nothing else shows it, and what comes of it is not */
	sdex_LedgerEntryChanges *changes = &p.meta->v2->txProcessing.items[0].feeProcessing;
	assert_int_equal(changes->count, 2);
	changes->items[1].updated->data.account->balance++;
	play_encode(&p);
	play_verify_alone(&p, &alone);
	assert_int_equal(p.found->items[0].operation, 0);
	assert_non_null(strstr(p.found->items[0].words, ": balance: expected "));
	/* and the sequence number's step shows the balance without the change */
	assert_int_equal(p.found->items[1].operation, 0);
	assert_non_null(strstr(p.found->items[1].words, "before it: balance: expected "));
	verify_free(alone);
	play_end(&p);
}

static void open_market_with_events(struct play *p)
{
	play_open(p, 5, 27);
	p->w.ledger.want_events = true;
	play_set_up(p);
}

static void claims_are_compared(void **state)
{
	(void)state;
	struct play p;
	play_open_market(&p, 27);
	play_send_one(&p, ALICE, op_sell(&p.w, ALICE, p.usd, p.xlm, 10 * XLM, 1, 1, 0));
	play_next(&p);
	play_send_one(&p, BOB, op_sell(&p.w, BOB, p.xlm, p.usd, 4 * XLM, 1, 1, 0));
	play_close(&p, NULL);
	sdex_OperationResult *result =
		p.meta->v2->txProcessing.items[0].result.result.result.results.items;
	sdex_ClaimAtom_list claims = sdex_op_result_claims(result);
	assert_int_equal(claims.count, 1);
	claims.items[0].orderBook->amountSold--;
	says(&p, VERDICT_DIFFERED,
	     "the result: tr.manageSellOfferResult.success.offersClaimed[0].orderBook.amountSold: "
	     "expected 40000000, found 39999999");
	play_end(&p);
}

static void events_are_compared(void **state)
{
	(void)state;
	struct play p;
	open_market_with_events(&p);
	play_send_one(&p, ALICE, op_payment(&p.w, ALICE, BOB, p.usd, 5 * XLM));
	play_close(&p, NULL);
	sdex_ContractEvent_list *events = &meta_of(&p, 0)->operations.items[0].events;
	assert_int_equal(events->count, 1);
	sdex_SCVal *data = &events->items[0].body.v0->data;
	assert_int_equal(data->type, SDEX_SCV_I128);
	data->i128.lo++;
	says(&p, VERDICT_DIFFERED,
	     "event 1: body.v0.data.i128.lo: expected 50000000, found 50000001");
	events->count = 0;
	says(&p, VERDICT_DIFFERED, "expected 1 events, found 0");
	/* with none of the fee either, the node writes none */
	struct verify *alone;
	meta_of(&p, 0)->events.count = 0;
	play_encode(&p);
	play_verify_alone(&p, &alone);
	assert_int_equal(p.found->items[0].verdict, VERDICT_AGREED);
	verify_free(alone);
	play_end(&p);
}

/* Closes a ledger of one transaction that fails, and says that it was done. */
static void close_as_done(struct play *p, sdex_Operation *op, const char *code)
{
	sdex_OperationMetaV2 nothing = {0};
	play_send_one(p, ALICE, op);
	play_close(p, NULL);
	sdex_TransactionResult *result = &p->meta->v2->txProcessing.items[0].result.result;
	assert_int_equal(result->result.code, SDEX_txFAILED);
	result->result.code = SDEX_txSUCCESS;
	meta_of(p, 0)->operations = (sdex_OperationMetaV2_list){&nothing, 1};
	play_encode(p);
	play_verify(p, p->verify);
	assert_int_equal(p->found->count, 2);
	assert_int_equal(p->found->items[0].operation, 0);
	assert_int_equal(p->found->items[0].verdict, VERDICT_DIFFERED);
	assert_string_equal(p->found->items[0].words,
			    "the transaction: expected txFAILED, found txSUCCESS");
	assert_int_equal(p->found->items[1].verdict, VERDICT_AGREED);
	assert_string_equal(p->found->items[1].code->name, code);
	play_forget(p);
}

/* No ledger of the network is so; bytes from anywhere may be. */
static void a_result_that_is_not_its_operations_is_told(void **state)
{
	(void)state;
	const int gone = TRADERS_END;
	struct play p;
	open_market_with_events(&p);
	play_send_one(&p, ALICE, op_create(&p.w, ALICE, gone, 100 * XLM));
	play_next(&p);
	play_send_one(&p, ALICE, op_merge(&p.w, gone, BOB));
	play_next(&p);
	/* what failed moved nothing, and so has no events */
	close_as_done(&p, op_send(&p.w, ALICE, ROOT, p.xlm, XLM, p.usd, 1, NULL, 0),
		      "PATH_PAYMENT_STRICT_SEND_NO_TRUST");
	close_as_done(&p, op_sell(&p.w, gone, p.usd, p.xlm, XLM, 1, 1, 0), "opNO_ACCOUNT");
	play_end(&p);
	/* and the other way round */
	play_open_market(&p, 27);
	play_send_one(&p, ALICE, op_payment(&p.w, ALICE, BOB, p.usd, 5 * XLM));
	play_close(&p, NULL);
	p.meta->v2->txProcessing.items[0].result.result.result.code = SDEX_txFAILED;
	play_encode(&p);
	play_verify(&p, p.verify);
	assert_int_equal(p.found->count, 2);
	assert_string_equal(p.found->items[0].words,
			    "the transaction: expected txSUCCESS, found txFAILED");
	play_end(&p);
}

/* --- with something hidden */

/* A payment cannot take its own sender's offer; so the pool is taken, and nothing shows why. */
static void a_book_that_lost_is_named(void **state)
{
	(void)state;
	struct play p;
	struct verify *alone;
	play_open_market(&p, 27);
	play_send_one(&p, ALICE, op_sell(&p.w, ALICE, p.xlm, p.usd, XLM, 1, 100, 0));
	play_send_one(&p, BOB, op_sell(&p.w, BOB, p.xlm, p.usd, XLM, 1, 50, 0));
	play_next(&p);
	uint32_t slot = address_at(p.w.state, world_address(&p.w, BOB))->offers;
	int64_t id = ((const struct offer *)slab_at(&p.w.state->entries[ENTRY_OFFER], slot))->id;
	play_send_one(&p, BOB, op_sell(&p.w, BOB, p.xlm, p.usd, XLM + 1, 1, 50, id));
	play_send_one(&p, ALICE, op_send(&p.w, ALICE, CAROL, p.usd, 100, p.xlm, 1, NULL, 0));
	play_close(&p, NULL);
	play_agrees(&p);
	play_verify_alone(&p, &alone);
	assert_int_equal(p.found->verdicts[VERDICT_DIFFERED], 0);
	assert_int_equal(p.found->verdicts[VERDICT_AGREED], 1);
	for (uint32_t i = 0; i < 2; i++)
		if (p.found->items[i].verdict == VERDICT_UNDETERMINED)
			assert_non_null(strstr(p.found->items[i].words,
					       "all of the book that sells XLM for USD:"));
	verify_free(alone);
	play_end(&p);
}

/* An account that is not shown may be there or not, and what it begins is ended all the same. */
static void sponsorships_are_followed(void **state)
{
	(void)state;
	for (int shown = 0; shown < 2; shown++) {
		struct play p;
		struct verify *alone;
		play_open_market(&p, 27);
		sdex_Operation *ops[3] = {op_sponsor(&p.w, BOB, ALICE),
					  op_end_sponsoring(&p.w, ALICE),
					  op_payment(&p.w, CAROL, BOB, p.usd, XLM)};
		play_send(&p, ALICE, ops, shown ? 3 : 2);
		play_close(&p, NULL);
		play_agrees(&p);
		play_verify_alone(&p, &alone);
		assert_int_equal(p.found->items[0].verdict,
				 shown ? VERDICT_AGREED : VERDICT_UNDETERMINED);
		assert_int_equal(p.found->items[1].verdict, VERDICT_AGREED);
		verify_free(alone);
		/* and so in a transaction that fails in the end */
		ops[2] = op_payment(&p.w, CAROL, BOB, p.usd, 1000000 * XLM);
		play_send_one(&p, CAROL, op_payment(&p.w, CAROL, BOB, p.usd, XLM));
		play_send(&p, ALICE, ops, 3);
		play_close(&p, NULL);
		play_agrees(&p);
		play_verify_alone(&p, &alone);
		assert_int_equal(p.found->verdicts[VERDICT_AGREED], 4);
		verify_free(alone);
		/* what is begun and not ended has no results at all */
		play_send_one(&p, CAROL, op_payment(&p.w, CAROL, BOB, p.usd, XLM));
		play_send(&p, ALICE, ops, 1);
		play_close(&p, NULL);
		play_agrees(&p);
		play_verify_alone(&p, &alone);
		assert_int_equal(p.found->verdicts[VERDICT_AGREED], 2);
		assert_true(strcmp(p.found->items[0].code->name, "txBAD_SPONSORSHIP") == 0 ||
			    strcmp(p.found->items[1].code->name, "txBAD_SPONSORSHIP") == 0);
		verify_free(alone);
		play_end(&p);
	}
}

static void an_upgrade_hides_what_was_before(void **state)
{
	(void)state;
	struct play p;
	struct verify *alone;
	play_open_market(&p, 27);
	/* ten times the reserve is more than the new account has */
	const sdex_LedgerUpgrade upgrade = {.type = SDEX_LEDGER_UPGRADE_BASE_RESERVE,
					    .newBaseReserve = 10 * RESERVE};
	play_send_one(&p, ALICE, op_create(&p.w, ALICE, 50, 2 * RESERVE));
	play_close(&p, &upgrade);
	play_agrees(&p);
	play_verify_alone(&p, &alone);
	assert_int_equal(p.found->items[0].verdict, VERDICT_UNDETERMINED);
	assert_string_equal(p.found->items[0].words,
			    "the ledger's upgrade hides the base reserve before it");
	verify_free(alone);
	play_forget(&p);
	/* the next one is under the new rules */
	sdex_DataValue value = {(const uint8_t *)"value", 5};
	sdex_Operation *op = play_data(&p, 50);
	op->body.manageDataOp.dataValue = &value;
	play_send_one(&p, ALICE, op);
	play_next(&p);
	assert_string_equal(p.found->items[0].code->name, "MANAGE_DATA_LOW_RESERVE");
	play_end(&p);
}

static void a_version_changes_between_ledgers(void **state)
{
	(void)state;
	struct play p;
	play_open_market(&p, 22);
	for (uint32_t version = 23; version <= 28; version++) {
		const sdex_LedgerUpgrade upgrade = {.type = SDEX_LEDGER_UPGRADE_VERSION,
						    .newLedgerVersion = version};
		play_ledger(&p);
		play_close(&p, &upgrade);
		play_agrees(&p);
		assert_int_equal(p.found->version, version - 1);
		play_forget(&p);
	}
	play_end(&p);
}

/* A frozen offer goes without a trade, and no meta says that it was frozen. */
static void frozen_keys_are_named(void **state)
{
	(void)state;
	struct play p;
	struct verify *alone;
	sdex_EncodedLedgerKey frozen;
	uint8_t bytes[256];
	size_t size;
	play_open_market(&p, 27);
	play_send_one(&p, ALICE, op_sell(&p.w, ALICE, p.usd, p.xlm, 10 * XLM, 1, 1, 0));
	play_next(&p);
	sdex_LedgerKeyTrustLine line = {
		.accountID = account_of(ALICE),
		.asset = {.type = p.usd.type, .alphaNum4 = p.usd.alphaNum4}};
	sdex_LedgerKey key = {.type = SDEX_TRUSTLINE, .trustLine = &line};
	assert_int_equal(sdex_LedgerKey_encode(bytes, sizeof(bytes), &size, &key, NULL), SDEX_OK);
	frozen = (struct sdex_bytes){bytes, (uint32_t)size};
	sdex_LedgerEntry setting = {.data.type = SDEX_CONFIG_SETTING};
	setting.data.configSetting.configSettingID = SDEX_CONFIG_SETTING_FROZEN_LEDGER_KEYS;
	setting.data.configSetting.frozenLedgerKeys.keys =
		(sdex_EncodedLedgerKey_list){.items = &frozen, .count = 1};
	assert_int_equal(entry_load(p.w.state, &setting, NULL), SDEX_OK);
	play_send_one(&p, BOB, op_sell(&p.w, BOB, p.xlm, p.usd, 4 * XLM, 1, 1, 0));
	play_send_one(&p, ALICE, op_payment(&p.w, ALICE, BOB, p.usd, 1));
	play_close(&p, NULL);
	play_verify_alone(&p, &alone);
	assert_int_equal(p.found->count, 2);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(p.found->items[i].verdict, VERDICT_UNDETERMINED);
		assert_string_equal(p.found->items[i].words,
				    "the list of frozen keys is in no meta");
	}
	verify_free(alone);
	play_end(&p);
}

/* Nobody can sign for these accounts, and the network says so. */
static void refused_signatures_are_verified(void **state)
{
	(void)state;
	struct play p;
	struct verify *alone;
	play_open_market(&p, 27);
	p.w.ledger.trust_signatures = false;
	play_send_one(&p, ALICE, op_payment(&p.w, ALICE, BOB, p.usd, 5 * XLM));
	play_next(&p);
	assert_string_equal(p.found->items[0].code->name, "txBAD_AUTH");
	/* of two operations one is signed for: by an account of a key that is known */
	uint8_t seed[32] = {9}, public[32], secret[64], signature[64];
	crypto_sign_ed25519_seed_keypair(public, secret, seed);
	p.w.ledger.trust_signatures = true;
	sdex_Operation *make = op_create(&p.w, ALICE, 50, 100 * XLM);
	memcpy(make->body.createAccountOp->destination.ed25519.bytes, public, 32);
	play_send_one(&p, ALICE, make);
	play_next(&p);
	p.w.ledger.trust_signatures = false;
	sdex_Operation *ops[2] = {op_payment(&p.w, ALICE, BOB, p.xlm, XLM),
				  op_payment(&p.w, BOB, ALICE, p.xlm, XLM)};
	sdex_TransactionEnvelope *envelope = play_send(&p, 50, ops, 2);
	uint32_t address = state_address(p.w.state, public);
	memcpy(envelope->v1->tx.sourceAccount.ed25519.bytes, public, 32);
	envelope->v1->tx.operations.items[0].sourceAccount = NULL;
	envelope->v1->tx.seqNum = state_account(p.w.state, address)->sequence + 1;
	struct tx tx;
	assert_int_equal(tx_read(&tx, &p.w.ledger, envelope, NULL), SDEX_OK);
	crypto_sign_ed25519_detached(signature, NULL, tx.contents_hash, 32, secret);
	sdex_DecoratedSignature one = {.signature = {signature, 64}};
	memcpy(one.hint.bytes, public + 28, 4);
	envelope->v1->signatures = (sdex_DecoratedSignature_list){.items = &one, .count = 1};
	play_close(&p, NULL);
	play_agrees(&p);
	assert_string_equal(p.found->items[0].code->name, "PAYMENT_SUCCESS");
	assert_string_equal(p.found->items[1].code->name, "opBAD_AUTH");
	play_verify_alone(&p, &alone);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(p.found->items[i].verdict, VERDICT_UNDETERMINED);
		assert_non_null(strstr(p.found->items[i].words, "does not show the account"));
	}
	verify_free(alone);
	/* had the second been signed for, the refusal would be wrong */
	sdex_OperationResult_list *results =
		&p.meta->v2->txProcessing.items[0].result.result.result.results;
	results->items[0].code = SDEX_opBAD_AUTH;
	play_encode(&p);
	play_verify_alone(&p, &alone);
	assert_int_equal(p.found->verdicts[VERDICT_AGREED], 0);
	verify_free(alone);
	play_end(&p);
}

/* --- other forms, and what is refused */

/* The same ledger as version 0 has it, with metas of the version. */
static void as_version_0(struct play *p, int32_t meta_version)
{
	const sdex_TransactionResultMetaV1_list *from = &p->meta->v2->txProcessing;
	sdex_LedgerCloseMetaV0 *v0 = sdex_arena_alloc(p->w.arena, sizeof(*v0));
	memset(v0, 0, sizeof(*v0));
	v0->ledgerHeader = p->meta->v2->ledgerHeader;
	const sdex_TxSetComponent_list *set =
		&p->meta->v2->txSet.v1TxSet->phases.items[0].v0Components;
	assert_int_equal(set->count, 1);
	v0->txSet.txs = set->items[0].txsMaybeDiscountedFee.txs;
	v0->txProcessing.count = from->count;
	v0->txProcessing.items =
		sdex_arena_alloc(p->w.arena, from->count * sizeof(*v0->txProcessing.items));
	for (uint32_t i = 0; i < from->count; i++) {
		sdex_TransactionResultMeta *to = &v0->txProcessing.items[i];
		const sdex_TransactionMetaV4 *v4 = from->items[i].txApplyProcessing.v4;
		sdex_OperationMeta_list list = {.count = v4->operations.count};
		memset(to, 0, sizeof(*to));
		to->result = from->items[i].result;
		to->feeProcessing = from->items[i].feeProcessing;
		list.items = sdex_arena_alloc(p->w.arena, (list.count + 1) * sizeof(*list.items));
		for (uint32_t o = 0; o < list.count; o++)
			list.items[o].changes = v4->operations.items[o].changes;
		to->txApplyProcessing.v = meta_version;
		if (meta_version == 0) {
			to->txApplyProcessing.operations = list;
		} else if (meta_version == 1) {
			to->txApplyProcessing.v1.txChanges = v4->txChangesBefore;
			to->txApplyProcessing.v1.operations = list;
		} else {
			to->txApplyProcessing.v2 =
				sdex_arena_alloc(p->w.arena, sizeof(sdex_TransactionMetaV2));
			memset(to->txApplyProcessing.v2, 0, sizeof(sdex_TransactionMetaV2));
			to->txApplyProcessing.v2->txChangesBefore = v4->txChangesBefore;
			to->txApplyProcessing.v2->operations = list;
		}
	}
	p->meta->v = 0;
	p->meta->v0 = v0;
}

static void every_version_of_meta_is_read(void **state)
{
	(void)state;
	for (int32_t version = 0; version <= 2; version++) {
		struct play p;
		play_open_market(&p, 27);
		for (int i = 0; i < 10; i++) {
			play_ledger(&p);
			play_close(&p, NULL);
			as_version_0(&p, version);
			play_encode(&p);
			play_agrees(&p);
			play_forget(&p);
		}
		play_end(&p);
	}
}

static void refuses(struct play *p, enum sdex_error error, const char *text)
{
	struct verify *alone = verify_new(p->w.network, 0);
	struct sdex_failure why = {0};
	play_encode(p);
	assert_int_equal(verify_ledger(&p->found, alone, p->bytes, p->size, &why), error);
	if (!strstr(why.text, text))
		fail_msg("%s", why.text);
	verify_free(alone);
}

static void what_is_no_ledger_is_refused(void **state)
{
	(void)state;
	struct play p;
	play_open_market(&p, 27);
	play_send_one(&p, ALICE, op_payment(&p.w, ALICE, BOB, p.usd, 5 * XLM));
	play_close(&p, NULL);
	uint32_t *version = &p.meta->v2->ledgerHeader.header.ledgerVersion;
	*version = 16;
	refuses(&p, SDEX_ERR_UNSUPPORTED, "protocol 16 is not one of 17 to 28");
	*version = 29;
	refuses(&p, SDEX_ERR_UNSUPPORTED, "protocol 29");
	*version = 27;
	p.w.network[0] ^= 1;
	refuses(&p, SDEX_ERR_MISSING, "is it of the network with this passphrase?");
	p.w.network[0] ^= 1;
	sdex_TransactionMetaV4 *meta = meta_of(&p, 0);
	meta->operations.count = 0;
	refuses(&p, SDEX_ERR_MISSING, "1 operations, its result 1 and its meta 0");
	meta->operations.count = 1;
	sdex_LedgerEntryChange *change =
		change_of(&p, SDEX_LEDGER_ENTRY_STATE, SDEX_TRUSTLINE, BOB);
	change->state->data.trustLine->balance = -1;
	refuses(&p, SDEX_ERR_INVALID, "the trustline of ");
	play_end(&p);
}

/* Memory that suffices for nothing but is asked for no more than once. */
static void a_limit_is_kept(void **state)
{
	(void)state;
	struct play p;
	struct sdex_failure why;
	play_open_market(&p, 27);
	play_ledger(&p);
	play_close(&p, NULL);
	struct verify *small = verify_new(p.w.network, 1000);
	assert_int_equal(verify_ledger(&p.found, small, p.bytes, p.size, &why), SDEX_ERR_NOMEM);
	verify_free(small);
	play_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences_are_told_in_words),
		cmocka_unit_test(fees_are_compared),
		cmocka_unit_test(claims_are_compared),
		cmocka_unit_test(events_are_compared),
		cmocka_unit_test(a_result_that_is_not_its_operations_is_told),
		cmocka_unit_test(a_book_that_lost_is_named),
		cmocka_unit_test(sponsorships_are_followed),
		cmocka_unit_test(an_upgrade_hides_what_was_before),
		cmocka_unit_test(a_version_changes_between_ledgers),
		cmocka_unit_test(frozen_keys_are_named),
		cmocka_unit_test(refused_signatures_are_verified),
		cmocka_unit_test(every_version_of_meta_is_read),
		cmocka_unit_test(what_is_no_ledger_is_refused),
		cmocka_unit_test(a_limit_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
