/* ledger/verify/play.c - see play.h. */
#include "ledger/verify/play.h"

#include "sdex/transaction.h"

#define TXS 6
#define OPS 4

static const int64_t base_fee = 100;

void play_open(struct play *p, uint64_t seed, uint32_t version)
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

void play_end(struct play *p)
{
	world_close(&p->w);
	verify_free(p->verify);
	free(p->bytes);
}

sdex_TransactionEnvelope *play_send(struct play *p, int source, sdex_Operation **ops,
				    uint32_t count)
{
	sdex_TransactionEnvelope *envelope = world_envelope(&p->w, source, ops, count);
	envelope->v1->tx.seqNum += p->sent[source]++;
	assert_true(p->tx_count < 64);
	p->txs[p->tx_count++] = (struct close_tx){.envelope = envelope, .base_fee = &base_fee};
	return envelope;
}

void play_send_one(struct play *p, int source, sdex_Operation *op)
{
	play_send(p, source, &op, 1);
}

void play_encode(struct play *p)
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
void play_close(struct play *p, const sdex_LedgerUpgrade *upgrade)
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
	play_encode(p);
	p->last = closed.header.header;
	p->tx_count = 0;
	memset(p->sent, 0, sizeof(p->sent));
}

void play_tell(const struct verified_ledger *ledger)
{
	for (uint32_t i = 0; i < ledger->count; i++)
		if (ledger->items[i].words)
			print_message("ledger %u, transaction %u, operation %u, %s: %s\n",
				      ledger->sequence, ledger->items[i].transaction,
				      ledger->items[i].operation, ledger->items[i].code->name,
				      ledger->items[i].words);
}

void play_verify(struct play *p, struct verify *by)
{
	struct sdex_failure why;
	if (verify_ledger(&p->found, by, p->bytes, p->size, &why))
		fail_msg("%s", why.text);
}

/* All of it agreed, what failed too. */
void play_agrees(struct play *p)
{
	play_verify(p, p->verify);
	for (uint32_t i = 0; i < p->found->count; i++) {
		const struct verified *item = &p->found->items[i];
		if (item->verdict != VERDICT_AGREED) {
			play_tell(p->found);
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
void play_forget(struct play *p)
{
	if (p->last.scpValue.upgrades.count == 0)
		sdex_arena_reset(p->w.arena);
}

void play_next(struct play *p)
{
	play_close(p, NULL);
	play_agrees(p);
	play_forget(p);
}

/* --- a market of four traders, two issuers, three assets, three pools */

void play_set_up(struct play *p)
{
	sdex_Asset assets[3] = {p->xlm, p->usd, p->eur};
	for (int who = ISSUER; who < TRADERS_END; who++)
		play_send_one(p, ROOT, op_create(&p->w, ROOT, who, 10000 * XLM));
	play_next(p);
	for (int who = ISSUER; who <= OTHER_ISSUER; who++)
		play_send_one(p, who,
			      op_options(&p->w, who,
					 SDEX_AUTH_REVOCABLE_FLAG | SDEX_AUTH_CLAWBACK_ENABLED_FLAG,
					 0));
	play_next(p);
	for (int who = ALICE; who < TRADERS_END; who++) {
		play_send_one(p, who, op_trust(&p->w, who, p->usd, INT64_MAX));
		play_send_one(p, who, op_trust(&p->w, who, p->eur, 5000 * XLM));
	}
	play_next(p);
	for (int who = ALICE; who < TRADERS_END; who++) {
		play_send_one(p, ISSUER, op_payment(&p->w, ISSUER, who, p->usd, 1000 * XLM));
		play_send_one(p, OTHER_ISSUER,
			      op_payment(&p->w, OTHER_ISSUER, who, p->eur, 1000 * XLM));
	}
	play_next(p);
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
			play_send(p, who, ops, 2);
		}
	play_next(p);
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

sdex_Operation *play_data(struct play *p, int who)
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
		return play_data(p, who);
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

void play_bump(struct play *p, sdex_TransactionEnvelope *envelope, int payer)
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
	sdex_TransactionEnvelope *envelope = play_send(p, who, ops, count);
	if (seeded_below(&p->s, 5) == 0)
		play_bump(p, envelope, trader(p));
	if (seeded_below(&p->s, 20) == 0)
		envelope->v1->tx.seqNum += 5; /* and so it comes to nothing */
}

void play_ledger(struct play *p)
{
	uint32_t count = 1 + (uint32_t)seeded_below(&p->s, TXS);
	for (uint32_t i = 0; i < count; i++)
		some_transaction(p);
}

/* Verifies a ledger alone. */
void play_verify_alone(struct play *p, struct verify **by)
{
	*by = verify_new(p->w.network, 0);
	assert_non_null(*by);
	play_verify(p, *by);
}

void play_open_market(struct play *p, uint32_t version)
{
	play_open(p, 5, version);
	play_set_up(p);
}
