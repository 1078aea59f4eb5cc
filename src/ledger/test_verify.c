/* Ledgers of this house verified: of all operations, versions and upgrades; with parts of them
 * hidden, and with something in them changed. */
#include "base/testing.h"

#include "ledger/close.h"
#include "ledger/verify.h"
#include "ledger/world.h"
#include "sdex/address.h"
#include "sdex/transaction.h"

enum { ROOT = 1, ISSUER, OTHER_ISSUER, ALICE, BOB, CAROL, DAVE, TRADERS_END };

#define TXS 6
#define OPS 4

/* A chain of ledgers from a network's second on, so that nothing of it is hidden */
struct play {
	struct seeded s;
	struct world w;
	sdex_LedgerHeader last;
	struct close_tx txs[64];
	uint32_t tx_count;
	uint32_t sent[64]; /* of this ledger's, by account */
	sdex_LedgerCloseMeta *meta;
	uint8_t *bytes;
	size_t size;
	struct verify *verify;
	const struct verified_ledger *found;
	uint64_t verdicts[VERDICTS];
	uint32_t done, failed;
	bool types[SDEX_RESTORE_FOOTPRINT + 1]; /* that were done */
	sdex_Asset xlm, usd, eur;
};

static const int64_t base_fee = 100;

static void open_play(struct play *p, uint64_t seed, uint32_t version)
{
	memset(p, 0, sizeof(*p));
	p->s.state = seed;
	world_open(&p->w, version);
	p->w.state->header.sequence = 1;
	world_fund(&p->w, ROOT, p->w.state->header.total_coins);
	header_store(&p->last, &p->w.state->header);
	p->xlm = native_asset();
	p->usd = credit_of("USD", ISSUER);
	p->eur = credit_of("EUR", OTHER_ISSUER);
	p->verify = verify_new(p->w.network, 0);
	assert_non_null(p->verify);
}

static void close_play(struct play *p)
{
	world_close(&p->w);
	verify_free(p->verify);
	free(p->bytes);
}

static sdex_TransactionEnvelope *send(struct play *p, int source, sdex_Operation **ops,
				      uint32_t count)
{
	sdex_TransactionEnvelope *envelope = world_envelope(&p->w, source, ops, count);
	envelope->v1->tx.seqNum += p->sent[source]++;
	assert_true(p->tx_count < 64);
	p->txs[p->tx_count++] = (struct close_tx){.envelope = envelope, .base_fee = &base_fee};
	return envelope;
}

static void send_one(struct play *p, int source, sdex_Operation *op)
{
	send(p, source, &op, 1);
}

static void encode(struct play *p)
{
	assert_int_equal(sdex_xdr_size(SDEX_TYPE_LedgerCloseMeta, &p->size, p->meta, NULL),
			 SDEX_OK);
	free(p->bytes);
	p->bytes = malloc(p->size);
	assert_non_null(p->bytes);
	assert_int_equal(sdex_LedgerCloseMeta_encode(p->bytes, p->size, &p->size, p->meta, NULL),
			 SDEX_OK);
}

/* Closes a ledger of what was sent; its bytes are good until the next. */
static void close_one(struct play *p, const sdex_LedgerUpgrade *upgrade)
{
	struct closed closed;
	struct sdex_failure why = {0};
	sdex_UpgradeType *one = sdex_arena_alloc(p->w.arena, sizeof(*one));
	struct close_request request = {.previous = &p->last,
					.close_time = p->w.state->header.close_time + 5,
					.txs = p->txs,
					.count = p->tx_count};
	if (upgrade) {
		assert_int_equal(upgrade_encode(one, upgrade, p->w.arena), SDEX_OK);
		request.upgrades = (sdex_UpgradeType_list){.items = one, .count = 1};
	}
	if (close_ledger(&closed, &p->w.ledger, &request, &why))
		fail_msg("%s", why.text);
	p->meta = close_meta(&closed, p->w.arena);
	assert_non_null(p->meta);
	encode(p);
	p->last = closed.header.header;
	p->tx_count = 0;
	memset(p->sent, 0, sizeof(p->sent));
}

static void tell(const struct verified_ledger *ledger)
{
	for (uint32_t i = 0; i < ledger->count; i++)
		if (ledger->items[i].words)
			print_message("ledger %u, transaction %u, operation %u, %s: %s\n",
				      ledger->sequence, ledger->items[i].transaction,
				      ledger->items[i].operation, ledger->items[i].code->name,
				      ledger->items[i].words);
}

static void verify(struct play *p, struct verify *by)
{
	struct sdex_failure why;
	if (verify_ledger(&p->found, by, p->bytes, p->size, &why))
		fail_msg("%s", why.text);
}

/* All of it agreed, what failed too. */
static void agrees(struct play *p)
{
	verify(p, p->verify);
	for (uint32_t i = 0; i < p->found->count; i++) {
		const struct verified *item = &p->found->items[i];
		if (item->verdict != VERDICT_AGREED) {
			tell(p->found);
			fail_msg("not all is agreed");
		}
		assert_false(item->venues); /* of which nothing is hidden */
		p->types[item->type] |= item->done;
		p->done += item->done;
		p->failed += !item->done;
	}
	for (int v = 0; v < VERDICTS; v++)
		p->verdicts[v] += p->found->verdicts[v];
}

/* The last header borrows its upgrades from the arena. */
static void forget(struct play *p)
{
	if (p->last.scpValue.upgrades.count == 0)
		sdex_arena_reset(p->w.arena);
}

static void next(struct play *p)
{
	close_one(p, NULL);
	agrees(p);
	forget(p);
}

/* --- a market of four traders, two issuers, three assets, three pools */

static void set_up(struct play *p)
{
	sdex_Asset assets[3] = {p->xlm, p->usd, p->eur};
	for (int who = ISSUER; who < TRADERS_END; who++)
		send_one(p, ROOT, op_create(&p->w, ROOT, who, 10000 * XLM));
	next(p);
	for (int who = ISSUER; who <= OTHER_ISSUER; who++)
		send_one(p, who,
			 op_options(&p->w, who,
				    SDEX_AUTH_REVOCABLE_FLAG | SDEX_AUTH_CLAWBACK_ENABLED_FLAG, 0));
	next(p);
	for (int who = ALICE; who < TRADERS_END; who++) {
		send_one(p, who, op_trust(&p->w, who, p->usd, INT64_MAX));
		send_one(p, who, op_trust(&p->w, who, p->eur, 5000 * XLM));
	}
	next(p);
	for (int who = ALICE; who < TRADERS_END; who++) {
		send_one(p, ISSUER, op_payment(&p->w, ISSUER, who, p->usd, 1000 * XLM));
		send_one(p, OTHER_ISSUER, op_payment(&p->w, OTHER_ISSUER, who, p->eur, 1000 * XLM));
	}
	next(p);
	for (int a = 0; a < 3; a++)
		for (int b = a + 1; b < 3; b++) {
			int who = ALICE + a + b;
			sdex_Asset first = assets[a], second = assets[b];
			if (a == 1) { /* in the order of pools: by code */
				first = p->eur;
				second = p->usd;
			}
			sdex_Operation *ops[2] = {
				op_trust_pool(&p->w, who, first, second, INT64_MAX),
				op_deposit(&p->w, who, first, second, 200 * XLM, 300 * XLM)};
			send(p, who, ops, 2);
		}
	next(p);
}

static int trader(struct play *p)
{
	return ALICE + (int)seeded_below(&p->s, TRADERS_END - ALICE);
}

static sdex_Asset some_asset(struct play *p)
{
	uint64_t i = seeded_below(&p->s, 3);
	return i == 0 ? p->xlm : i == 1 ? p->usd : p->eur;
}

static int64_t some_amount(struct play *p)
{
	return 1 + (int64_t)(seeded_bits(&p->s) >> 24) % (100 * XLM);
}

static int32_t some_term(struct play *p)
{
	return 1 + (int32_t)seeded_below(&p->s, 40);
}

/* The id of an offer that rests, or of none */
static int64_t some_offer(struct play *p, int who)
{
	const struct state *state = p->w.state;
	uint32_t slot = address_at(state, world_address(&p->w, who))->offers;
	if (slot == SLOT_NONE || seeded_below(&p->s, 8) == 0)
		return (int64_t)seeded_below(&p->s, 30);
	return ((const struct offer *)slab_at(&state->entries[ENTRY_OFFER], slot))->id;
}

static sdex_Operation *claimable_made(struct play *p, int who)
{
	sdex_Operation *op = op_new(&p->w, who, SDEX_CREATE_CLAIMABLE_BALANCE);
	sdex_CreateClaimableBalanceOp *body = sdex_arena_alloc(p->w.arena, sizeof(*body));
	sdex_Claimant *claimant = sdex_arena_alloc(p->w.arena, sizeof(*claimant));
	sdex_ClaimantV0 *v0 = sdex_arena_alloc(p->w.arena, sizeof(*v0));
	*v0 = (sdex_ClaimantV0){.destination = account_of(trader(p)),
				.predicate.type = SDEX_CLAIM_PREDICATE_UNCONDITIONAL};
	*claimant = (sdex_Claimant){.type = SDEX_CLAIMANT_TYPE_V0, .v0 = v0};
	*body = (sdex_CreateClaimableBalanceOp){.asset = some_asset(p),
						.amount = some_amount(p),
						.claimants = {.items = claimant, .count = 1}};
	op->body.createClaimableBalanceOp = body;
	return op;
}

/* The first one there is */
static bool some_claimable(struct play *p, sdex_ClaimableBalanceID *id)
{
	const struct table *table = &p->w.state->by_entry[ENTRY_CLAIMABLE];
	*id = (sdex_ClaimableBalanceID){.type = SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0};
	for (uint32_t i = 0; table->entries && i <= table->mask; i++)
		if (table->entries[i].slot != SLOT_NONE) {
			const struct claimable *found = slab_at(
				&p->w.state->entries[ENTRY_CLAIMABLE], table->entries[i].slot);
			memcpy(id->v0.bytes, found->id, 32);
			return true;
		}
	return false;
}

static sdex_Operation *data_op(struct play *p, int who)
{
	sdex_Operation *op = op_new(&p->w, who, SDEX_MANAGE_DATA);
	sdex_ManageDataOp *body = &op->body.manageDataOp;
	sdex_DataValue *value = sdex_arena_alloc(p->w.arena, sizeof(*value));
	static const uint8_t names[3][4] = {"name", "nome", "nom "};
	*value = (struct sdex_bytes){names[seeded_below(&p->s, 3)], 4};
	*body = (sdex_ManageDataOp){.dataName = {names[seeded_below(&p->s, 3)], 4},
				    .dataValue = seeded_below(&p->s, 3) ? value : NULL};
	return op;
}

static sdex_Operation *signer_op(struct play *p, int who)
{
	sdex_Operation *op = op_options(&p->w, who, 0, 0);
	sdex_Signer *signer = sdex_arena_alloc(p->w.arena, sizeof(*signer));
	*signer = (sdex_Signer){.key.type = SDEX_SIGNER_KEY_TYPE_HASH_X,
				.weight = (uint32_t)seeded_below(&p->s, 3)};
	signer->key.hashX.bytes[0] = (uint8_t)seeded_below(&p->s, 3);
	op->body.setOptionsOp->signer = signer;
	return op;
}

static sdex_Operation *trade_op(struct play *p, int who)
{
	sdex_Asset a = some_asset(p), b = some_asset(p), hop = some_asset(p);
	int to = trader(p);
	switch (seeded_below(&p->s, 7)) {
	case 0:
		return op_buy(&p->w, who, a, b, some_amount(p), some_term(p), some_term(p), 0);
	case 1:
		return op_passive(&p->w, who, a, b, some_amount(p), some_term(p), some_term(p));
	case 2:
		return op_receive(&p->w, who, to, a, INT64_MAX / 4, b, some_amount(p), &hop,
				  (uint32_t)seeded_below(&p->s, 2));
	case 3:
		return op_send(&p->w, who, to, a, some_amount(p), b, 1, &hop,
			       (uint32_t)seeded_below(&p->s, 2));
	case 4:
		return op_sell(&p->w, who, a, b, seeded_below(&p->s, 2) ? some_amount(p) : 0,
			       some_term(p), some_term(p), some_offer(p, who));
	default:
		return op_sell(&p->w, who, a, b, some_amount(p), some_term(p), some_term(p), 0);
	}
}

static sdex_Operation *other_op(struct play *p, int who)
{
	sdex_Asset asset = seeded_below(&p->s, 2) ? p->usd : p->eur;
	int issuer = asset.alphaNum4.issuer.ed25519.bytes[0], to = trader(p);
	sdex_Operation *op;
	sdex_ClaimableBalanceID id;
	switch (seeded_below(&p->s, 16)) {
	case 0:
		op = op_payment(&p->w, who, to, asset, some_amount(p));
		op->body.paymentOp->destination.type = SDEX_KEY_TYPE_MUXED_ED25519;
		op->body.paymentOp->destination.med25519.ed25519 = account_of(to).ed25519;
		op->body.paymentOp->destination.med25519.id = 7;
		return op;
	case 1:
		return op_trust(&p->w, who, asset, seeded_below(&p->s, 4) ? INT64_MAX / 2 : 0);
	case 2:
		return op_allow_trust(&p->w, issuer, to, asset, (uint32_t)seeded_below(&p->s, 3));
	case 3:
		return op_line_flags(&p->w, issuer, to, asset, 1, 0);
	case 4:
		return op_clawback(&p->w, issuer, to, asset, some_amount(p));
	case 5:
		return data_op(p, who);
	case 6:
		return signer_op(p, who);
	case 7:
		return claimable_made(p, who);
	case 8:
		op = op_new(&p->w, who, SDEX_CLAIM_CLAIMABLE_BALANCE);
		some_claimable(p, &id);
		op->body.claimClaimableBalanceOp.balanceID = id;
		return op;
	case 9:
		op = op_new(&p->w, issuer, SDEX_CLAWBACK_CLAIMABLE_BALANCE);
		some_claimable(p, &id);
		op->body.clawbackClaimableBalanceOp.balanceID = id;
		return op;
	case 10:
		op = op_new(&p->w, who, SDEX_BUMP_SEQUENCE);
		op->body.bumpSequenceOp.bumpTo = (int64_t)seeded_below(&p->s, 3);
		return op;
	case 11:
		return op_deposit(&p->w, who, p->eur, p->usd, some_amount(p), some_amount(p));
	case 12:
		return op_withdraw(&p->w, who, p->xlm, p->usd, some_amount(p), 0, 0);
	case 13:
		return op_revoke_line(&p->w, trader(p), to, asset);
	case 14:
		return op_new(&p->w, who, SDEX_INFLATION);
	default:
		return op_payment(&p->w, who, to, p->xlm, some_amount(p));
	}
}

static sdex_Operation *some_op(struct play *p, int who)
{
	return seeded_below(&p->s, 2) ? trade_op(p, who) : other_op(p, who);
}

static void bump(struct play *p, sdex_TransactionEnvelope *envelope, int payer)
{
	sdex_TransactionEnvelope *outer = sdex_arena_alloc(p->w.arena, sizeof(*outer));
	sdex_FeeBumpTransactionEnvelope *fee = sdex_arena_alloc(p->w.arena, sizeof(*fee));
	*fee = (sdex_FeeBumpTransactionEnvelope){
		.tx = {.feeSource = muxed_of(payer),
		       .fee = 100000,
		       .innerTx = {.type = SDEX_ENVELOPE_TYPE_TX, .v1 = envelope->v1}}};
	*outer = (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX_FEE_BUMP, .feeBump = fee};
	p->txs[p->tx_count - 1].envelope = outer;
}

static void some_transaction(struct play *p)
{
	sdex_Operation *ops[OPS + 2];
	int who = trader(p), other = trader(p);
	uint32_t count = 0, wanted = 1 + (uint32_t)seeded_below(&p->s, OPS);
	bool sponsors = other != who && seeded_below(&p->s, 4) == 0;
	if (sponsors)
		ops[count++] = op_sponsor(&p->w, who, other);
	for (uint32_t i = 0; i < wanted; i++)
		ops[count++] = some_op(p, sponsors ? other : who);
	if (sponsors && seeded_below(&p->s, 8)) /* else it fails in the end */
		ops[count++] = op_end_sponsoring(&p->w, other);
	sdex_TransactionEnvelope *envelope = send(p, who, ops, count);
	if (seeded_below(&p->s, 5) == 0)
		bump(p, envelope, trader(p));
	if (seeded_below(&p->s, 20) == 0)
		envelope->v1->tx.seqNum += 5; /* and so it comes to nothing */
}

static void some_ledger(struct play *p)
{
	uint32_t count = 1 + (uint32_t)seeded_below(&p->s, TXS);
	for (uint32_t i = 0; i < count; i++)
		some_transaction(p);
}

/* Verifies a ledger alone. */
static void verify_alone(struct play *p, struct verify **by)
{
	*by = verify_new(p->w.network, 0);
	assert_non_null(*by);
	verify(p, *by);
}

/* --- with something changed */

/* Adds a stroop to a number of the entry. */
static void change_entry(struct seeded *s, sdex_LedgerEntry *entry)
{
	switch (entry->data.type) {
	case SDEX_ACCOUNT:
		entry->data.account->balance ^= 1;
		break;
	case SDEX_TRUSTLINE:
		if (seeded_below(s, 2))
			entry->data.trustLine->balance ^= 1;
		else
			entry->data.trustLine->limit ^= 1;
		break;
	case SDEX_OFFER:
		entry->data.offer->amount ^= 2;
		entry->data.offer->amount += entry->data.offer->amount == 0;
		break;
	case SDEX_LIQUIDITY_POOL:
		entry->data.liquidityPool->body.constantProduct->reserveA ^= 1;
		break;
	case SDEX_DATA:
	case SDEX_CLAIMABLE_BALANCE:
	case SDEX_CONTRACT_DATA:
	case SDEX_CONTRACT_CODE:
	case SDEX_CONFIG_SETTING:
	case SDEX_TTL:
		entry->lastModifiedLedgerSeq ^= 1;
		break;
	}
}

/* Changes the outcome of a done operation at random; what it shows of before stays. */
static bool change_outcome(struct play *p, uint32_t *transaction, uint32_t *operation)
{
	sdex_TransactionResultMetaV1_list *list = &p->meta->v2->txProcessing;
	for (int tries = 0; list->count && tries < 20; tries++) {
		*transaction = (uint32_t)seeded_below(&p->s, list->count);
		sdex_TransactionMeta *meta = &list->items[*transaction].txApplyProcessing;
		if (!sdex_result_ok(&list->items[*transaction].result.result))
			continue;
		*operation = (uint32_t)seeded_below(&p->s, meta->v4->operations.count);
		sdex_LedgerEntryChanges *changes = &meta->v4->operations.items[*operation].changes;
		if (changes->count == 0)
			continue;
		uint32_t at = (uint32_t)seeded_below(&p->s, changes->count);
		sdex_LedgerEntryChange *change = &changes->items[at];
		if (change->type == SDEX_LEDGER_ENTRY_UPDATED ||
		    change->type == SDEX_LEDGER_ENTRY_CREATED)
			change_entry(&p->s, change->updated);
		else if (change->type == SDEX_LEDGER_ENTRY_REMOVED)
			changes->count--; /* the last is hidden */
		else
			continue;
		return true;
	}
	return false;
}

static const struct verified *item_at(const struct verified_ledger *ledger, uint32_t transaction,
				      uint32_t operation)
{
	for (uint32_t i = 0; i < ledger->count; i++)
		if (ledger->items[i].transaction == transaction + 1 &&
		    ledger->items[i].operation == operation + 1)
			return &ledger->items[i];
	fail_msg("no operation %u of transaction %u", operation, transaction);
	return NULL;
}

/* Alone, a ledger is agreed or undetermined; once changed, what was agreed differs. */
static void ledgers_with_a_change_differ(void **state)
{
	(void)state;
	struct play p;
	uint32_t changed = 0, agreed = 0, done = 0;
	open_play(&p, 77, 27);
	set_up(&p);
	for (int i = 0; i < 400; i++) {
		struct verify *alone;
		uint32_t transaction, operation;
		some_ledger(&p);
		close_one(&p, NULL);
		agrees(&p);
		verify_alone(&p, &alone);
		if (p.found->verdicts[VERDICT_DIFFERED]) {
			tell(p.found);
			fail_msg("alone it differs");
		}
		for (uint32_t o = 0; o < p.found->count; o++) {
			done += p.found->items[o].done;
			agreed += p.found->items[o].done &&
				  p.found->items[o].verdict == VERDICT_AGREED;
		}
		struct verify *other;
		if (change_outcome(&p, &transaction, &operation)) {
			enum verdict before = item_at(p.found, transaction, operation)->verdict;
			encode(&p);
			verify_alone(&p, &other);
			const struct verified *item = item_at(p.found, transaction, operation);
			assert_int_not_equal(item->verdict, VERDICT_AGREED);
			assert_true(before != VERDICT_AGREED || item->verdict == VERDICT_DIFFERED);
			changed += item->verdict == VERDICT_DIFFERED;
			verify_free(other);
		}
		verify_free(alone);
		forget(&p);
	}
	print_message("alone %u of %u done agreed, %u changes noticed\n", agreed, done, changed);
	assert_true(changed > 100);
	assert_true(agreed > done / 2);
	close_play(&p);
}

static void open_market(struct play *p, uint32_t version)
{
	open_play(p, 5, version);
	set_up(p);
}

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
	encode(p);
	verify_alone(p, &alone);
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
	open_market(&p, 27);
	id_of(bob, BOB);
	id_of(issuer, ISSUER);
	send_one(&p, ALICE, op_payment(&p.w, ALICE, BOB, p.usd, 5 * XLM));
	close_one(&p, NULL);
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
	says(&p, VERDICT_DIFFERED, "expected PAYMENT_SUCCESS, found PAYMENT_LINE_FULL");
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
	close_play(&p);
}

static void fees_are_compared(void **state)
{
	(void)state;
	struct play p;
	struct verify *alone;
	open_market(&p, 24);
	sdex_Operation *op = op_payment(&p.w, ALICE, BOB, p.usd, 5 * XLM);
	bump(&p, send(&p, ALICE, &op, 1), CAROL);
	close_one(&p, NULL);
	sdex_TransactionResult *result = &p.meta->v2->txProcessing.items[0].result.result;
	int64_t *fees[2] = {&result->feeCharged,
			    &result->result.innerResultPair->result.feeCharged};
	const char *const words[2] = {
		"the fee: expected 200 stroops, found 201",
		"the inner transaction's fee: expected 100 stroops, found 101"};
	for (int i = 0; i < 2; i++) {
		*fees[i] += 1;
		encode(&p);
		verify_alone(&p, &alone);
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
	encode(&p);
	verify_alone(&p, &alone);
	assert_int_equal(p.found->items[0].operation, 0);
	assert_non_null(strstr(p.found->items[0].words, ": balance: expected "));
	/* and the sequence number's step shows the balance without the change */
	assert_int_equal(p.found->items[1].operation, 0);
	assert_non_null(strstr(p.found->items[1].words, "before it: balance: expected "));
	verify_free(alone);
	close_play(&p);
}

static void claims_are_compared(void **state)
{
	(void)state;
	struct play p;
	open_market(&p, 27);
	send_one(&p, ALICE, op_sell(&p.w, ALICE, p.usd, p.xlm, 10 * XLM, 1, 1, 0));
	next(&p);
	send_one(&p, BOB, op_sell(&p.w, BOB, p.xlm, p.usd, 4 * XLM, 1, 1, 0));
	close_one(&p, NULL);
	sdex_OperationResult *result =
		p.meta->v2->txProcessing.items[0].result.result.result.results.items;
	sdex_ClaimAtom_list claims = sdex_op_result_claims(result);
	assert_int_equal(claims.count, 1);
	claims.items[0].orderBook->amountSold--;
	says(&p, VERDICT_DIFFERED,
	     "the result: tr.manageSellOfferResult.success.offersClaimed[0].orderBook.amountSold: "
	     "expected 40000000, found 39999999");
	close_play(&p);
}

/* --- with something hidden */

static void an_upgrade_hides_what_was_before(void **state)
{
	(void)state;
	struct play p;
	struct verify *alone;
	open_market(&p, 27);
	/* ten times the reserve is more than the new account has */
	const sdex_LedgerUpgrade upgrade = {.type = SDEX_LEDGER_UPGRADE_BASE_RESERVE,
					    .newBaseReserve = 10 * RESERVE};
	send_one(&p, ALICE, op_create(&p.w, ALICE, 50, 2 * RESERVE));
	close_one(&p, &upgrade);
	agrees(&p);
	verify_alone(&p, &alone);
	assert_int_equal(p.found->items[0].verdict, VERDICT_UNDETERMINED);
	assert_string_equal(p.found->items[0].words,
			    "the ledger's upgrade hides the base reserve before it");
	verify_free(alone);
	forget(&p);
	/* the next one is under the new rules */
	sdex_DataValue value = {(const uint8_t *)"value", 5};
	sdex_Operation *op = data_op(&p, 50);
	op->body.manageDataOp.dataValue = &value;
	send_one(&p, ALICE, op);
	next(&p);
	assert_string_equal(p.found->items[0].code->name, "MANAGE_DATA_LOW_RESERVE");
	close_play(&p);
}

static void a_version_changes_between_ledgers(void **state)
{
	(void)state;
	struct play p;
	open_market(&p, 22);
	for (uint32_t version = 23; version <= 28; version++) {
		const sdex_LedgerUpgrade upgrade = {.type = SDEX_LEDGER_UPGRADE_VERSION,
						    .newLedgerVersion = version};
		some_ledger(&p);
		close_one(&p, &upgrade);
		agrees(&p);
		assert_int_equal(p.found->version, version - 1);
		forget(&p);
	}
	close_play(&p);
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
	open_market(&p, 27);
	send_one(&p, ALICE, op_sell(&p.w, ALICE, p.usd, p.xlm, 10 * XLM, 1, 1, 0));
	next(&p);
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
	send_one(&p, BOB, op_sell(&p.w, BOB, p.xlm, p.usd, 4 * XLM, 1, 1, 0));
	send_one(&p, ALICE, op_payment(&p.w, ALICE, BOB, p.usd, 1));
	close_one(&p, NULL);
	verify_alone(&p, &alone);
	assert_int_equal(p.found->count, 2);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(p.found->items[i].verdict, VERDICT_UNDETERMINED);
		assert_string_equal(p.found->items[i].words,
				    "the list of frozen keys is in no meta");
	}
	verify_free(alone);
	close_play(&p);
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
		open_market(&p, 27);
		for (int i = 0; i < 10; i++) {
			some_ledger(&p);
			close_one(&p, NULL);
			as_version_0(&p, version);
			encode(&p);
			agrees(&p);
			forget(&p);
		}
		close_play(&p);
	}
}

static void refuses(struct play *p, enum sdex_error error, const char *text)
{
	struct verify *alone = verify_new(p->w.network, 0);
	struct sdex_failure why = {0};
	encode(p);
	assert_int_equal(verify_ledger(&p->found, alone, p->bytes, p->size, &why), error);
	if (!strstr(why.text, text))
		fail_msg("%s", why.text);
	verify_free(alone);
}

static void what_is_no_ledger_is_refused(void **state)
{
	(void)state;
	struct play p;
	open_market(&p, 27);
	send_one(&p, ALICE, op_payment(&p.w, ALICE, BOB, p.usd, 5 * XLM));
	close_one(&p, NULL);
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
	refuses(&p, SDEX_ERR_INVALID, "");
	close_play(&p);
}

/* Memory that suffices for nothing but is asked for no more than once. */
static void a_limit_is_kept(void **state)
{
	(void)state;
	struct play p;
	struct sdex_failure why;
	open_market(&p, 27);
	some_ledger(&p);
	close_one(&p, NULL);
	struct verify *small = verify_new(p.w.network, 1000);
	assert_int_equal(verify_ledger(&p.found, small, p.bytes, p.size, &why), SDEX_ERR_NOMEM);
	verify_free(small);
	close_play(&p);
}

static void ledgers_of_this_house_agree(void **state)
{
	(void)state;
	bool types[SDEX_RESTORE_FOOTPRINT + 1] = {false};
	uint32_t done = 0, failed = 0;
	for (uint32_t version = 20; version <= 28; version++) {
		struct play p;
		open_play(&p, version, version);
		set_up(&p);
		for (int i = 0; i < 60; i++) {
			some_ledger(&p);
			next(&p);
		}
		for (uint32_t t = 0; t <= SDEX_RESTORE_FOOTPRINT; t++)
			types[t] |= p.types[t];
		done += p.done;
		failed += p.failed;
		close_play(&p);
	}
	for (uint32_t t = 0; t <= SDEX_LIQUIDITY_POOL_WITHDRAW; t++)
		if (!types[t] && t != SDEX_INFLATION && t != SDEX_ACCOUNT_MERGE)
			fail_msg("%s was never done",
				 sdex_enum_name(SDEX_TYPE_OperationType, (int32_t)t));
	print_message("%u done, %u failed\n", done, failed);
	assert_true(done > 1000 && failed > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ledgers_of_this_house_agree),
		cmocka_unit_test(ledgers_with_a_change_differ),
		cmocka_unit_test(differences_are_told_in_words),
		cmocka_unit_test(fees_are_compared),
		cmocka_unit_test(claims_are_compared),
		cmocka_unit_test(an_upgrade_hides_what_was_before),
		cmocka_unit_test(a_version_changes_between_ledgers),
		cmocka_unit_test(frozen_keys_are_named),
		cmocka_unit_test(every_version_of_meta_is_read),
		cmocka_unit_test(what_is_no_ledger_is_refused),
		cmocka_unit_test(a_limit_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
