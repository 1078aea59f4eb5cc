/* Ledgers that our own rules close, read back from their bytes: books kept by them are the
 * state's books, transactions are found by their hashes, trades are those of the results. */
#include "ledger/close.h"
#include "ledger/testing/world.h"
#include "market/books.h"
#include "sdex/result.h"
#include "sdex/transaction.h"

#define PASSPHRASE "ledgers of a test"
#define TRADERS 8 /* accounts 2.. */
#define TXS 10
#define OPS 3
#define LEDGERS 250

struct play {
	struct world w;
	struct seeded s;
	sdex_Asset xlm, usd, eur;
	sdex_LedgerHeader previous;
	struct delta_reader *reader;
	struct books *books;
	uint32_t claims, bumps, failed, gone, came_and_went, negative;
};

static int some_trader(struct play *p)
{
	return 2 + (int)seeded_below(&p->s, TRADERS);
}

static sdex_Asset some_asset(struct play *p)
{
	uint64_t which = seeded_below(&p->s, 3);
	return which == 0 ? p->xlm : which == 1 ? p->usd : p->eur;
}

/* The id of an offer of the trader's, now and then of nobody. */
static int64_t some_offer(struct play *p, int who)
{
	for (uint32_t tries = 0; tries < 20 && p->w.state->header.id_pool; tries++) {
		int64_t id = 1 + (int64_t)seeded_below(&p->s, p->w.state->header.id_pool);
		if (state_offer(p->w.state, world_address(&p->w, who), id))
			return id;
	}
	return 1;
}

static sdex_Operation *some_operation(struct play *p, int who)
{
	sdex_Asset a = some_asset(p), b = some_asset(p);
	int64_t amount = 1 + (int64_t)seeded_below(&p->s, 50) * XLM / 10;
	int32_t n = 8 + (int32_t)seeded_below(&p->s, 5), d = 8 + (int32_t)seeded_below(&p->s, 5);
	sdex_Asset hop = some_asset(p);
	switch (seeded_below(&p->s, 10)) {
	case 0: /* changed, maybe to another pair */
		return op_sell(&p->w, who, a, b, amount, n, d, some_offer(p, who));
	case 1: /* cancelled */
		return op_sell(&p->w, who, a, b, 0, 1, 1, some_offer(p, who));
	case 2:
		return op_send(&p->w, who, some_trader(p), a, amount, b, 1, &hop, 1);
	case 3:
		return op_receive(&p->w, who, some_trader(p), a, 10 * amount, b, amount, &hop, 1);
	case 4:
		return op_buy(&p->w, who, a, b, amount, n, d, 0);
	}
	return op_sell(&p->w, who, a, b, amount, n, d, 0);
}

static void *piece(struct play *p, size_t size)
{
	void *made = sdex_arena_alloc(p->w.arena, size);
	assert_non_null(made);
	return memset(made, 0, size);
}

static sdex_TransactionEnvelope *bump(struct play *p, sdex_TransactionV1Envelope *inner)
{
	sdex_TransactionEnvelope *envelope = piece(p, sizeof(*envelope));
	envelope->type = SDEX_ENVELOPE_TYPE_TX_FEE_BUMP;
	envelope->feeBump = piece(p, sizeof(*envelope->feeBump));
	envelope->feeBump->tx =
		(sdex_FeeBumpTransaction){.feeSource = muxed_of(some_trader(p)),
					  .fee = 1000,
					  .innerTx = {.type = SDEX_ENVELOPE_TYPE_TX, .v1 = inner}};
	return envelope;
}

/* A transaction of the trader's, the `nth` of this ledger. */
static sdex_TransactionEnvelope *some_transaction(struct play *p, int who, uint32_t nth)
{
	sdex_TransactionV1Envelope *v1 = piece(p, sizeof(*v1));
	sdex_TransactionEnvelope *envelope = piece(p, sizeof(*envelope));
	uint32_t count = 1 + (uint32_t)seeded_below(&p->s, OPS);
	v1->tx.sourceAccount = muxed_of(who);
	v1->tx.fee = 100 * count;
	v1->tx.seqNum = world_account(&p->w, who)->sequence + 1 + nth;
	v1->tx.operations.items = piece(p, count * sizeof(sdex_Operation));
	v1->tx.operations.count = count;
	for (uint32_t i = 0; i < count; i++) {
		bool own = seeded_below(&p->s, 3) > 0;
		v1->tx.operations.items[i] = *some_operation(p, own ? who : some_trader(p));
		if (own && seeded_next(&p->s) & 1)
			v1->tx.operations.items[i].sourceAccount = NULL;
	}
	*envelope = (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX, .v1 = v1};
	return seeded_below(&p->s, 4) ? envelope : bump(p, v1);
}

/* --- what has to be true of the delta */

static void check_transactions(struct play *p, const struct delta *delta,
			       const struct closed *closed, const struct close_tx *txs)
{
	assert_int_equal(delta->transaction_count, closed->txs.count);
	for (uint32_t i = 0; i < closed->txs.count; i++) {
		struct tx tx;
		assert_int_equal(tx_read(&tx, &p->w.ledger, txs[i].envelope, NULL), SDEX_OK);
		const struct delta_transaction *found = delta_find(delta, tx.contents_hash);
		assert_non_null(found);
		assert_true(found == delta_find(delta, tx.inner_hash));
		assert_int_equal(found->inner_hash != NULL, tx.bump != NULL);
		assert_int_equal(found->sequence, tx.sequence);
		assert_memory_equal(found->source, address_at(p->w.state, tx.source)->key, 32);
		assert_memory_equal(found->fee_source, address_at(p->w.state, tx.fee_source)->key,
				    32);
		assert_true(sdex_xdr_equal(SDEX_TYPE_TransactionEnvelope, found->envelope,
					   txs[i].envelope));
		p->bumps += tx.bump != NULL;
	}
	for (uint32_t i = 0; i < closed->txs.count; i++) {
		const sdex_TransactionResultPair *pair = &closed->txs.items[i].result;
		const struct delta_transaction *tx = &delta->transactions[i];
		assert_int_equal(tx->id, (int64_t)delta->sequence << 32 | (int64_t)(i + 1) << 12);
		assert_memory_equal(tx->hash, pair->transactionHash.bytes, 32);
		assert_true(sdex_xdr_equal(SDEX_TYPE_TransactionResult, tx->result, &pair->result));
		p->failed += !tx->ok;
	}
}

static void check_claims(struct play *p, const struct delta *delta)
{
	uint32_t at = 0;
	for (uint32_t i = 0; i < delta->transaction_count; i++) {
		const struct delta_transaction *tx = &delta->transactions[i];
		sdex_OperationResult_list results = sdex_result_operations(tx->result);
		assert_int_equal(tx->first_claim, at);
		for (uint32_t o = 0; tx->ok && o < results.count; o++) {
			uint32_t count = sdex_op_result_claims(&results.items[o]).count;
			const sdex_MuxedAccount *source =
				sdex_tx_operations(tx->envelope).items[o].sourceAccount;
			for (uint32_t c = 0; c < count; c++, at++) {
				const struct delta_claim *claim = &delta->claims[at];
				assert_int_equal(claim->operation_id, tx->id + o + 1);
				assert_int_equal(claim->index, c);
				assert_int_equal(claim->transaction, i);
				assert_memory_equal(claim->taker,
						    source ? source->ed25519.bytes : tx->source,
						    32);
			}
		}
		assert_int_equal(tx->claim_count, at - tx->first_claim);
	}
	assert_int_equal(delta->claim_count, at);
	p->claims += at;
}

static void check_entries(struct play *p, const struct delta *delta)
{
	for (uint32_t i = 0; i < delta->offers.count; i++) {
		const struct delta_entry *entry = &delta->offers.items[i];
		p->gone += entry->gone;
		p->came_and_went += entry->gone && !entry->before;
		assert_ptr_equal(delta_owner(entry),
				 entry->last->data.offer->sellerID.ed25519.bytes);
	}
	assert_true(delta->accounts.count > 0);
	for (uint32_t i = 0; i < delta->accounts.count; i++) {
		const sdex_AccountEntry *last = delta->accounts.items[i].last->data.account;
		const struct account *now = NULL;
		for (int who = 1; who < 2 + TRADERS && !now; who++)
			if (memcmp(last->accountID.ed25519.bytes, account_of(who).ed25519.bytes,
				   32) == 0)
				now = world_account(&p->w, who);
		assert_non_null(now);
		assert_int_equal(last->balance, now->balance);
		assert_int_equal(last->seqNum, now->sequence);
	}
	for (uint32_t i = 0; i < delta->trustlines.count; i++)
		assert_int_equal(delta->trustlines.items[i].last->data.type, SDEX_TRUSTLINE);
}

static void check_side(const struct play *p, uint32_t side, const sdex_Asset *selling,
		       const sdex_Asset *buying)
{
	struct state *state = p->w.state;
	uint32_t pair = state_pair(state, state_asset(state, selling), state_asset(state, buying));
	struct book_place place = book_begin(&state->book, pair);
	struct offers_walk walk = offers_begin(books_offers(p->books), side);
	for (uint32_t slot; (slot = book_next(&state->book, &place, pair)) != SLOT_NONE;) {
		const struct offer *expected = slab_at(&state->entries[ENTRY_OFFER], slot);
		const struct resting *found = offers_next(books_offers(p->books), &walk);
		assert_non_null(found);
		assert_int_equal(found->id, expected->id);
		assert_int_equal(found->amount, expected->amount);
		assert_int_equal(found->price.n, expected->price.n);
		assert_int_equal(found->price.d, expected->price.d);
		assert_memory_equal(found->seller, address_at(state, expected->seller)->key, 32);
	}
	assert_null(offers_next(books_offers(p->books), &walk));
}

/* The same ledger with a trade of less than nothing in it. */
static void check_negative(struct play *p, uint8_t *bytes, size_t size)
{
	sdex_LedgerCloseMeta *meta = NULL;
	const struct delta *delta;
	struct sdex_failure why;
	assert_int_equal(sdex_LedgerCloseMeta_decode(&meta, p->w.arena, bytes, size, NULL),
			 SDEX_OK);
	assert_int_equal(meta->v, 2);
	for (uint32_t i = 0; i < meta->v2->txProcessing.count; i++) {
		const sdex_TransactionResult *result =
			&meta->v2->txProcessing.items[i].result.result;
		sdex_OperationResult_list results = sdex_result_operations(result);
		for (uint32_t o = 0; sdex_result_ok(result) && o < results.count; o++) {
			sdex_ClaimAtom_list claims = sdex_op_result_claims(&results.items[o]);
			if (claims.count == 0)
				continue;
			assert_int_equal(claims.items[0].type, SDEX_CLAIM_ATOM_TYPE_ORDER_BOOK);
			claims.items[0].orderBook->amountSold = -1;
			assert_int_equal(
				sdex_LedgerCloseMeta_encode(bytes, size, &size, meta, NULL),
				SDEX_OK);
			assert_int_equal(delta_read(&delta, p->reader, bytes, size, &why),
					 SDEX_ERR_RANGE);
			p->negative++;
			return;
		}
	}
}

static void close_one(struct play *p)
{
	struct close_tx txs[TXS];
	uint32_t sent[2 + TRADERS] = {0}, count = 1 + (uint32_t)seeded_below(&p->s, TXS);
	int64_t base_fee = 100;
	struct closed closed;
	const struct delta *delta;
	struct sdex_failure why;
	sdex_arena_reset(p->w.arena);
	for (uint32_t i = 0; i < count; i++) {
		int who = some_trader(p);
		txs[i] = (struct close_tx){.envelope = some_transaction(p, who, sent[who]++),
					   .base_fee = &base_fee};
	}
	struct close_request request = {.previous = &p->previous,
					.close_time = p->w.state->header.close_time + 5,
					.txs = txs,
					.count = count};
	if (close_ledger(&closed, &p->w.ledger, &request, &why))
		fail_msg("%s", why.text);
	sdex_LedgerCloseMeta *meta = close_meta(&closed, p->w.arena);
	size_t size;
	assert_int_equal(sdex_xdr_size(SDEX_TYPE_LedgerCloseMeta, &size, meta, NULL), SDEX_OK);
	uint8_t *bytes = malloc(size);
	assert_int_equal(sdex_LedgerCloseMeta_encode(bytes, size, &size, meta, NULL), SDEX_OK);

	if (delta_read(&delta, p->reader, bytes, size, &why))
		fail_msg("%s", why.text);
	assert_int_equal(delta->sequence, p->previous.ledgerSeq + 1);
	assert_int_equal(delta->close_time, request.close_time);
	check_transactions(p, delta, &closed, txs);
	check_claims(p, delta);
	check_entries(p, delta);
	assert_int_equal(books_apply(p->books, delta, &why), SDEX_OK);
	check_side(p, BOOK_ASKS(0), &p->xlm, &p->usd);
	check_side(p, BOOK_BIDS(0), &p->usd, &p->xlm);
	check_side(p, BOOK_ASKS(1), &p->usd, &p->eur);
	check_side(p, BOOK_BIDS(1), &p->eur, &p->usd);
	p->previous = closed.header.header;
	check_negative(p, bytes, size);
	free(bytes);
}

static void open_play(struct play *p, uint64_t seed)
{
	uint32_t pair;
	sdex_Hash network = sdex_network_id(PASSPHRASE, strlen(PASSPHRASE));
	memset(p, 0, sizeof(*p));
	p->s.state = seed;
	world_open(&p->w, 27);
	memcpy(p->w.network, network.bytes, 32);
	p->xlm = native_asset();
	p->usd = credit_of("USD", 1);
	p->eur = credit_of("EUR", 1);
	world_fund(&p->w, 1, 1000 * XLM);
	for (int who = 2; who < 2 + TRADERS; who++) {
		world_fund(&p->w, who, 100000 * XLM);
		world_trust(&p->w, who, p->usd, 10000 * XLM, INT64_MAX);
		world_trust(&p->w, who, p->eur, 10000 * XLM, INT64_MAX);
	}
	header_store(&p->previous, &p->w.state->header);
	p->reader = delta_reader_new(PASSPHRASE, 0);
	p->books = books_new();
	assert_non_null(p->reader);
	assert_int_equal(books_watch(p->books, &pair, &p->xlm, &p->usd, NULL), SDEX_OK);
	assert_int_equal(books_watch(p->books, &pair, &p->usd, &p->eur, NULL), SDEX_OK);
}

static void close_play(struct play *p)
{
	books_free(p->books);
	delta_reader_free(p->reader);
	world_close(&p->w);
}

static void books_follow_the_ledger(void **state)
{
	(void)state;
	static struct play p;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		open_play(&p, seed);
		for (uint32_t i = 0; i < LEDGERS; i++)
			close_one(&p);
		assert_int_equal(books_pair(p.books, 0)->state, BOOK_PARTIAL);
		/* what this is about did happen */
		assert_true(p.claims > 100 && p.bumps > 100 && p.failed > 100);
		assert_true(p.gone > 50 && p.came_and_went > 5);
		assert_true(p.negative > 50);
		print_message("%u trades, %u offers gone, of which %u came in the same ledger\n",
			      p.claims, p.gone, p.came_and_went);
		close_play(&p);
	}
}

/* --- bytes that are not what they should be */

struct made {
	uint8_t bytes[4096];
	size_t size;
};

/* A ledger without transactions whose upgrade makes these changes. */
static void make_ledger(struct made *made, sdex_LedgerEntryChange *changes, uint32_t count)
{
	sdex_UpgradeEntryMeta upgrade = {
		.upgrade = {.type = SDEX_LEDGER_UPGRADE_BASE_RESERVE, .newBaseReserve = 5},
		.changes = {.items = changes, .count = count}};
	sdex_LedgerCloseMetaV0 v0 = {.ledgerHeader = {.header = {.ledgerSeq = 5}},
				     .upgradesProcessing = {.items = &upgrade, .count = 1}};
	sdex_LedgerCloseMeta meta = {.v = 0, .v0 = &v0};
	assert_int_equal(sdex_LedgerCloseMeta_encode(made->bytes, sizeof(made->bytes), &made->size,
						     &meta, NULL),
			 SDEX_OK);
}

static sdex_LedgerEntry account_entry(sdex_AccountEntry *account, int64_t balance)
{
	*account = (sdex_AccountEntry){.accountID = account_of(3), .balance = balance};
	return (sdex_LedgerEntry){.data = {.type = SDEX_ACCOUNT, .account = account}};
}

static void changes_follow_states(void **state)
{
	(void)state;
	struct delta_reader *reader = delta_reader_new(PASSPHRASE, 0);
	const struct delta *delta;
	struct sdex_failure why;
	struct made made;
	sdex_AccountEntry accounts[3];
	sdex_LedgerEntry entries[3] = {account_entry(&accounts[0], 1),
				       account_entry(&accounts[1], 2),
				       account_entry(&accounts[2], 3)};
	sdex_LedgerKey key = {.type = SDEX_ACCOUNT, .account = {.accountID = account_of(3)}};
	sdex_LedgerEntryChange changes[] = {
		{.type = SDEX_LEDGER_ENTRY_STATE, .state = &entries[0]},
		{.type = SDEX_LEDGER_ENTRY_UPDATED, .updated = &entries[1]},
		{.type = SDEX_LEDGER_ENTRY_STATE, .state = &entries[1]},
		{.type = SDEX_LEDGER_ENTRY_REMOVED, .removed = &key},
		{.type = SDEX_LEDGER_ENTRY_CREATED, .created = &entries[2]},
	};
	make_ledger(&made, changes, 2);
	assert_int_equal(delta_read(&delta, reader, made.bytes, made.size, &why), SDEX_OK);
	assert_int_equal(delta->accounts.count, 1);
	assert_int_equal(delta->accounts.items[0].before->data.account->balance, 1);
	assert_int_equal(delta->accounts.items[0].last->data.account->balance, 2);
	assert_int_equal(delta->accounts.items[0].transaction, DELTA_NO_TRANSACTION);
	make_ledger(&made, changes, 4);
	assert_int_equal(delta_read(&delta, reader, made.bytes, made.size, &why), SDEX_OK);
	assert_true(delta->accounts.items[0].gone);
	assert_int_equal(delta->accounts.items[0].last->data.account->balance, 2);
	make_ledger(&made, changes, 5);
	assert_int_equal(delta_read(&delta, reader, made.bytes, made.size, &why), SDEX_OK);
	assert_false(delta->accounts.items[0].gone);
	assert_int_equal(delta->accounts.items[0].before->data.account->balance, 1);
	assert_int_equal(delta->accounts.items[0].last->data.account->balance, 3);
	/* without the state before, nobody knows what it was */
	make_ledger(&made, changes + 1, 1);
	assert_int_equal(delta_read(&delta, reader, made.bytes, made.size, &why), SDEX_ERR_MISSING);
	make_ledger(&made, changes + 3, 1);
	assert_int_equal(delta_read(&delta, reader, made.bytes, made.size, &why), SDEX_ERR_MISSING);
	assert_non_null(strstr(why.text, "account"));
	/* and it reads on after a refusal */
	make_ledger(&made, changes, 2);
	assert_int_equal(delta_read(&delta, reader, made.bytes, made.size, &why), SDEX_OK);
	for (size_t cut = 0; cut < made.size; cut++)
		assert_int_not_equal(delta_read(&delta, reader, made.bytes, cut, &why), SDEX_OK);
	delta_reader_free(reader);
}

/* Two contracts side by side: the first pays the account whose transaction the second is, and
 * what comes before the second does not know of it yet. */
static void contracts_are_prepared_before_any_of_them_runs(void **state)
{
	(void)state;
	sdex_AccountEntry accounts[3];
	sdex_LedgerEntry first = account_entry(&accounts[0], 10);
	sdex_LedgerEntry prepared = account_entry(&accounts[1], 10);
	sdex_LedgerEntry paid = account_entry(&accounts[2], 17);
	accounts[1].seqNum = accounts[2].seqNum = 1;
	sdex_LedgerEntryChange before[] = {
		{.type = SDEX_LEDGER_ENTRY_STATE, .state = &first},
		{.type = SDEX_LEDGER_ENTRY_UPDATED, .updated = &prepared}};
	sdex_LedgerEntryChange payment[] = {{.type = SDEX_LEDGER_ENTRY_STATE, .state = &prepared},
					    {.type = SDEX_LEDGER_ENTRY_UPDATED, .updated = &paid}};
	sdex_Hash network = sdex_network_id(PASSPHRASE, strlen(PASSPHRASE));
	struct sdex_arena *arena = sdex_arena_new(0);
	sdex_Operation op = {.body = {.type = SDEX_RESTORE_FOOTPRINT}};
	sdex_OperationResultTr tr = {.type = SDEX_RESTORE_FOOTPRINT};
	sdex_OperationResult done = {.code = SDEX_opINNER, .tr = &tr};
	sdex_TransactionV1Envelope v1[2] = {0};
	sdex_TransactionEnvelope envelopes[2];
	sdex_OperationMetaV2 operations[2] = {{.changes = {.items = payment, .count = 2}}};
	sdex_TransactionMetaV4 metas[2] = {{.operations = {.items = &operations[0], .count = 1}},
					   {.txChangesBefore = {.items = before, .count = 2},
					    .operations = {.items = &operations[1], .count = 1}}};
	sdex_TransactionResultMetaV1 processed[2] = {0};
	for (int i = 0; i < 2; i++) {
		sdex_Hash hash;
		v1[i].tx.sourceAccount = muxed_of(2 + i);
		v1[i].tx.seqNum = 1;
		v1[i].tx.operations = (sdex_Operation_list){.items = &op, .count = 1};
		envelopes[i] =
			(sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX, .v1 = &v1[i]};
		assert_int_equal(sdex_tx_hash(&hash, arena, &envelopes[i], &network, NULL),
				 SDEX_OK);
		processed[i].result.transactionHash = hash;
		processed[i].result.result.result.results =
			(sdex_OperationResult_list){.items = &done, .count = 1};
		processed[i].txApplyProcessing = (sdex_TransactionMeta){.v = 4, .v4 = &metas[i]};
	}
	sdex_DependentTxCluster clusters[2] = {{.items = &envelopes[0], .count = 1},
					       {.items = &envelopes[1], .count = 1}};
	sdex_ParallelTxExecutionStage stage = {.items = clusters, .count = 2};
	sdex_TransactionPhase phases[2] = {
		{.v = 0},
		{.v = 1, .parallelTxsComponent.executionStages = {.items = &stage, .count = 1}}};
	sdex_TransactionSetV1 set = {.phases = {.items = phases, .count = 2}};
	sdex_LedgerCloseMetaV2 v2 = {.ledgerHeader = {.header = {.ledgerSeq = 5}},
				     .txSet = {.v = 1, .v1TxSet = &set},
				     .txProcessing = {.items = processed, .count = 2}};
	sdex_LedgerCloseMeta meta = {.v = 2, .v2 = &v2};
	struct made made;
	assert_int_equal(sdex_LedgerCloseMeta_encode(made.bytes, sizeof(made.bytes), &made.size,
						     &meta, NULL),
			 SDEX_OK);
	struct delta_reader *reader = delta_reader_new(PASSPHRASE, 0);
	const struct delta *delta;
	struct sdex_failure why;
	if (delta_read(&delta, reader, made.bytes, made.size, &why))
		fail_msg("%s", why.text);
	assert_int_equal(delta->accounts.count, 1);
	assert_int_equal(delta->accounts.items[0].before->data.account->seqNum, 0);
	assert_int_equal(delta->accounts.items[0].last->data.account->balance, 17);
	assert_int_equal(delta->accounts.items[0].transaction, 0);
	assert_int_equal(delta->accounts.items[0].operation, 1);
	delta_reader_free(reader);
	sdex_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(books_follow_the_ledger),
		cmocka_unit_test(changes_follow_states),
		cmocka_unit_test(contracts_are_prepared_before_any_of_them_runs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
