/* Events of classic operations: a ledger of the public network whose meta has them, made
 * again byte for byte; each kind of operation; and what a ledger's own meta has of them. */
#include "base/testing_corpus.h"
#include "ledger/close.h"
#include "ledger/events.h"
#include "ledger/testing/world.h"
#include "ledger/verify/parts.h"
#include "sdex/asset.h"
#include "sdex/ids.h"
#include "sdex/transaction.h"

enum { ISSUER = 1, ALICE, BOB };

static struct sdex_bytes encoded(struct sdex_arena *arena, enum sdex_type type, const void *value)
{
	size_t size = 0;
	assert_int_equal(sdex_xdr_size(type, &size, value, NULL), SDEX_OK);
	uint8_t *bytes = sdex_arena_alloc(arena, size);
	assert_non_null(bytes);
	assert_int_equal(sdex_xdr_encode(type, bytes, size, &size, value, NULL), SDEX_OK);
	return (struct sdex_bytes){bytes, (uint32_t)size};
}

static void same_xdr(struct sdex_arena *arena, enum sdex_type type, const void *ours,
		     const void *theirs)
{
	struct sdex_bytes a = encoded(arena, type, ours), b = encoded(arena, type, theirs);
	assert_int_equal(a.size, b.size);
	assert_memory_equal(a.data, b.data, a.size);
}

/* --- a ledger of the network */

struct compared {
	uint32_t fees;
	uint32_t operations;
	uint32_t events;
};

static const sdex_OperationResult_list *results_of(const sdex_TransactionResult *result)
{
	return result->result.code == SDEX_txFEE_BUMP_INNER_SUCCESS
		       ? &result->result.innerResultPair->result.result.results
		       : &result->result.results;
}

static void compare(struct compared *sum, struct world *w, const struct part_applied *part,
		    const struct tx *tx)
{
	const sdex_TransactionMetaV4 *theirs = part->meta->v4;
	const sdex_TransactionResult *result = &part->result->result;
	sdex_TransactionEvent_list fee;
	assert_int_equal(events_of_fee(&fee, address_at(w->state, tx->fee_source)->key,
				       result->feeCharged, w->network, w->arena),
			 SDEX_OK);
	assert_int_equal(fee.count, theirs->events.count);
	for (uint32_t i = 0; i < fee.count; i++)
		same_xdr(w->arena, SDEX_TYPE_TransactionEvent, &fee.items[i],
			 &theirs->events.items[i]);
	sum->fees += fee.count;
	for (uint32_t o = 0; o < theirs->operations.count; o++) {
		const sdex_OperationMetaV2 *meta = &theirs->operations.items[o];
		struct done_operation done = {.operation = &tx->inner->operations.items[o],
					      .result = &results_of(result)->items[o],
					      .changes = &meta->changes,
					      .tx_source = &tx->inner->sourceAccount,
					      .memo = &tx->inner->memo,
					      .tx_sequence = tx->sequence,
					      .index = o};
		sdex_ContractEvent_list events;
		assert_int_equal(events_of_operation(&events, &done, w->network, w->arena),
				 SDEX_OK);
		assert_int_equal(events.count, meta->events.count);
		for (uint32_t i = 0; i < events.count; i++)
			same_xdr(w->arena, SDEX_TYPE_ContractEvent, &events.items[i],
				 &meta->events.items[i]);
		sum->operations++;
		sum->events += events.count;
	}
}

static void the_network_s_events_come_out_the_same(void **state)
{
	(void)state;
	struct world w;
	struct parts parts;
	struct compared sum = {0};
	char path[4096];
	size_t size;
	snprintf(path, sizeof(path), "%s/pubnet/ledger-63092988.xdr.gz", corpus());
	uint8_t *data = corpus_read(path, &size);
	sdex_LedgerCloseMeta *meta = NULL;
	world_open(&w, 26);
	sdex_sha256(w.network, SDEX_PASSPHRASE_PUBLIC, strlen(SDEX_PASSPHRASE_PUBLIC));
	assert_int_equal(sdex_LedgerCloseMeta_decode(&meta, w.arena, data, size, NULL), SDEX_OK);
	assert_int_equal(parts_read(&parts, meta, w.arena, NULL), SDEX_OK);
	for (uint32_t i = 0; i < parts.sent_count; i++) {
		struct tx tx;
		/* contracts have events of their own */
		if (tx_read(&tx, &w.ledger, parts.sent[i].envelope, NULL))
			continue;
		for (uint32_t k = 0; k < parts.applied_count; k++)
			if (memcmp(parts.applied[k].result->transactionHash.bytes, tx.contents_hash,
				   32) == 0)
				compare(&sum, &w, &parts.applied[k], &tx);
	}
	assert_int_equal(sum.fees, 202);
	assert_int_equal(sum.operations, 388);
	assert_int_equal(sum.events, 311);
	free(data);
	world_close(&w);
}

/* The value of the next field of this name, which base64 writes without escapes. */
static bool next_field(struct world *w, const char **at, const char *name, enum sdex_type type,
		       void **value)
{
	char key[64];
	snprintf(key, sizeof(key), "\"%s\": \"", name);
	const char *from = strstr(*at, key);
	if (!from)
		return false;
	from += strlen(key);
	const char *to = strchr(from, '"');
	assert_non_null(to);
	assert_int_equal(
		sdex_xdr_from_base64(type, value, w->arena, from, (size_t)(to - from), NULL, NULL),
		SDEX_OK);
	*at = to;
	return true;
}

static void what_rpc_has_of_events_comes_out_the_same(void **state)
{
	(void)state;
	struct world w;
	struct compared sum = {0};
	char path[4096];
	size_t size;
	snprintf(path, sizeof(path), "%s/rpc/pubnet-transactions-p27.json", corpus());
	char *text = (char *)corpus_read(path, &size);
	const char *at = text;
	void *envelope, *result, *meta;
	world_open(&w, 27);
	sdex_sha256(w.network, SDEX_PASSPHRASE_PUBLIC, strlen(SDEX_PASSPHRASE_PUBLIC));
	while (next_field(&w, &at, "envelopeXdr", SDEX_TYPE_TransactionEnvelope, &envelope) &&
	       next_field(&w, &at, "resultXdr", SDEX_TYPE_TransactionResult, &result) &&
	       next_field(&w, &at, "resultMetaXdr", SDEX_TYPE_TransactionMeta, &meta)) {
		struct tx tx;
		sdex_TransactionResultPair pair = {.result = *(sdex_TransactionResult *)result};
		struct part_applied part = {.result = &pair, .meta = meta};
		if (!tx_read(&tx, &w.ledger, envelope, NULL))
			compare(&sum, &w, &part, &tx);
	}
	assert_int_equal(sum.fees, 50);
	assert_int_equal(sum.operations, 239);
	assert_int_equal(sum.events, 163);
	free(text);
	world_close(&w);
}

/* --- each kind, in words */

static void address_words(char *text, const sdex_SCAddress *address)
{
	switch (address->type) {
	case SDEX_SC_ADDRESS_TYPE_ACCOUNT:
		sprintf(text, "%d", address->accountId.ed25519.bytes[0]);
		return;
	case SDEX_SC_ADDRESS_TYPE_LIQUIDITY_POOL:
		strcpy(text, "pool");
		return;
	case SDEX_SC_ADDRESS_TYPE_CLAIMABLE_BALANCE:
		strcpy(text, "balance");
		return;
	case SDEX_SC_ADDRESS_TYPE_CONTRACT:
	case SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT:
		strcpy(text, "?");
		return;
	}
}

static void value_words(char *text, const sdex_SCVal *value)
{
	if (value->type == SDEX_SCV_I128)
		sprintf(text, "%lld", (long long)value->i128.lo);
	else if (value->type == SDEX_SCV_BOOL)
		strcpy(text, value->b ? "yes" : "no");
	else if (value->type == SDEX_SCV_U64)
		sprintf(text, "#%llu", (unsigned long long)value->u64);
	else if (value->type == SDEX_SCV_STRING)
		sprintf(text, "\"%.*s\"", (int)value->str.size, (const char *)value->str.data);
	else if (value->type == SDEX_SCV_ADDRESS)
		address_words(text, value->address);
	else
		strcpy(text, "?");
}

/* "transfer 2 3 7 #9; ..." : asset left out where it is native, code alone otherwise */
static const char *words(struct world *w, const sdex_ContractEvent_list *events)
{
	char *text = sdex_arena_alloc(w->arena, 4096), *at = text;
	*text = 0;
	for (uint32_t i = 0; i < events->count; i++) {
		const sdex_ContractEventV0 *event = events->items[i].body.v0;
		const sdex_SCVal *name = &event->topics.items[0];
		at += sprintf(at, "%s%.*s", i ? "; " : "", (int)name->sym.size,
			      (const char *)name->sym.data);
		for (uint32_t t = 1; t + 1 < event->topics.count; t++) {
			*at++ = ' ';
			value_words(at, &event->topics.items[t]);
			at += strlen(at);
		}
		const struct sdex_bytes *asset = &event->topics.items[event->topics.count - 1].str;
		if (asset->size != 6)
			at += sprintf(at, " %.3s", (const char *)asset->data);
		const sdex_SCVal *data = &event->data;
		if (data->type == SDEX_SCV_MAP) {
			*at++ = ' ';
			value_words(at, &data->map->items[0].val);
			at += strlen(at);
			data = &data->map->items[1].val;
		}
		*at++ = ' ';
		value_words(at, data);
		at += strlen(at);
	}
	return text;
}

static sdex_Memo memo_of_test;

/* Runs one operation and tells its events. */
static const char *run(struct world *w, sdex_Operation *op)
{
	sdex_MuxedAccount source = *op->sourceAccount;
	sdex_ContractEvent_list events;
	assert_int_equal(world_run(w, op), 0);
	struct done_operation done = {
		.operation = op,
		.result = world_op_result(w, 0),
		.changes = &w->meta.operations[0],
		.tx_source = &source,
		.memo = &memo_of_test,
		.tx_sequence = world_account(w, source.ed25519.bytes[0])
				       ? world_account(w, source.ed25519.bytes[0])->sequence
				       : 101,
		.index = 0};
	assert_int_equal(events_of_operation(&events, &done, w->network, w->arena), SDEX_OK);
	return words(w, &events);
}

static void each_operation_tells_what_it_moved(void **state)
{
	(void)state;
	struct world w;
	sdex_Asset native = native_asset(), usd = credit_of("USD", ISSUER);
	world_open(&w, 27);
	world_fund(&w, ISSUER, 1000 * XLM);
	for (int who = ALICE; who <= BOB; who++) {
		world_fund(&w, who, 1000 * XLM);
		world_trust(&w, who, usd, 1000, INT64_MAX);
		world_line(&w, who, usd)->entry.flags |= SDEX_TRUSTLINE_CLAWBACK_ENABLED_FLAG;
	}
	world_account(&w, ISSUER)->entry.flags =
		SDEX_AUTH_REVOCABLE_FLAG | SDEX_AUTH_CLAWBACK_ENABLED_FLAG;
	memo_of_test = (sdex_Memo){0};
	assert_string_equal(run(&w, op_payment(&w, ALICE, BOB, native, 7)), "transfer 2 3 7");
	assert_string_equal(run(&w, op_payment(&w, ALICE, BOB, usd, 7)), "transfer 2 3 USD 7");
	assert_string_equal(run(&w, op_payment(&w, ISSUER, BOB, usd, 7)), "mint 3 USD 7");
	assert_string_equal(run(&w, op_payment(&w, BOB, ISSUER, usd, 7)), "burn 3 USD 7");
	assert_string_equal(run(&w, op_payment(&w, ISSUER, ISSUER, usd, 7)), "transfer 1 1 USD 7");
	assert_string_equal(run(&w, op_payment(&w, ALICE, ALICE, native, 7)), "transfer 2 2 7");
	/* for whom: a memo, or the number of an account that several share */
	memo_of_test = (sdex_Memo){.type = SDEX_MEMO_ID, .id = 9};
	assert_string_equal(run(&w, op_payment(&w, ALICE, BOB, native, 7)), "transfer 2 3 7 #9");
	assert_string_equal(run(&w, op_payment(&w, BOB, ISSUER, usd, 7)), "burn 3 USD 7");
	sdex_Operation *muxed = op_payment(&w, ALICE, BOB, native, 8);
	muxed->body.paymentOp->destination.type = SDEX_KEY_TYPE_MUXED_ED25519;
	muxed->body.paymentOp->destination.med25519.id = 77;
	muxed->body.paymentOp->destination.med25519.ed25519 = account_of(BOB).ed25519;
	assert_string_equal(run(&w, muxed), "transfer 2 3 8 #77");
	memo_of_test = (sdex_Memo){.type = SDEX_MEMO_TEXT, .text = {(const uint8_t *)"hello", 5}};
	assert_string_equal(run(&w, op_payment(&w, ALICE, BOB, native, 7)),
			    "transfer 2 3 7 \"hello\"");
	/* trades say nothing of whom they are for */
	assert_string_equal(run(&w, op_sell(&w, ALICE, native, usd, 100, 2, 1, 0)), "");
	assert_string_equal(run(&w, op_sell(&w, BOB, usd, native, 20, 1, 2, 0)),
			    "transfer 3 2 USD 20; transfer 2 3 10");
	assert_string_equal(run(&w, op_buy(&w, BOB, usd, native, 10, 2, 1, 0)),
			    "transfer 3 2 USD 20; transfer 2 3 10");
	assert_string_equal(run(&w, op_receive(&w, BOB, ISSUER, usd, 1000, native, 10, NULL, 0)),
			    "transfer 3 2 USD 20; transfer 2 3 10; transfer 3 1 10 \"hello\"");
	assert_string_equal(run(&w, op_send(&w, ISSUER, BOB, usd, 20, native, 1, NULL, 0)),
			    "mint 2 USD 20; transfer 2 1 10; transfer 1 3 10 \"hello\"");
	memo_of_test = (sdex_Memo){0};
	/* pools */
	assert_string_equal(run(&w, op_trust_pool(&w, ALICE, native, usd, INT64_MAX)), "");
	assert_string_equal(run(&w, op_deposit(&w, ALICE, native, usd, 300, 500)),
			    "transfer 2 pool 300; transfer 2 pool USD 500");
	assert_string_equal(run(&w, op_send(&w, BOB, BOB, usd, 100, native, 1, NULL, 0)),
			    "transfer 3 2 USD 100; transfer 2 3 50; transfer 3 3 50");
	sdex_Operation *withdraw = op_new(&w, ALICE, SDEX_LIQUIDITY_POOL_WITHDRAW);
	sdex_LiquidityPoolWithdrawOp out = {.amount = 100};
	world_pool_id(&w, out.liquidityPoolID.bytes, native, usd);
	withdraw->body.liquidityPoolWithdrawOp = &out;
	assert_string_equal(run(&w, withdraw), "transfer pool 2 77; transfer pool 2 USD 129");
	/* a clawback, and what an authorisation that goes takes with it */
	sdex_Operation *clawback = op_new(&w, ISSUER, SDEX_CLAWBACK);
	sdex_ClawbackOp take = {.asset = usd, .from = muxed_of(ALICE), .amount = 3};
	clawback->body.clawbackOp = &take;
	assert_string_equal(run(&w, clawback), "clawback 2 USD 3");
	sdex_Operation *flags = op_new(&w, ISSUER, SDEX_SET_TRUST_LINE_FLAGS);
	sdex_SetTrustLineFlagsOp set = {
		.trustor = account_of(ALICE), .asset = usd, .clearFlags = SDEX_AUTHORIZED_FLAG};
	flags->body.setTrustLineFlagsOp = &set;
	assert_string_equal(run(&w, flags), "transfer pool balance 223; transfer pool balance USD "
					    "371; set_authorized 2 USD no");
	set.clearFlags = 0;
	set.setFlags = SDEX_AUTHORIZED_FLAG;
	assert_string_equal(run(&w, flags), "set_authorized 2 USD yes");
	sdex_Operation *allow = op_new(&w, ISSUER, SDEX_ALLOW_TRUST);
	sdex_AllowTrustOp allowed = {.trustor = account_of(ALICE),
				     .asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4},
				     .authorize = SDEX_AUTHORIZED_TO_MAINTAIN_LIABILITIES_FLAG};
	memcpy(allowed.asset.assetCode4.bytes, "USD", 4);
	allow->body.allowTrustOp = &allowed;
	assert_string_equal(run(&w, allow), "set_authorized 2 USD no");
	allowed.authorize = SDEX_AUTHORIZED_FLAG;
	assert_string_equal(run(&w, allow), "set_authorized 2 USD yes");
	/* claimable balances */
	sdex_ClaimantV0 claimant = {.destination = account_of(BOB),
				    .predicate.type = SDEX_CLAIM_PREDICATE_UNCONDITIONAL};
	sdex_Claimant claimants = {.type = SDEX_CLAIMANT_TYPE_V0, .v0 = &claimant};
	sdex_CreateClaimableBalanceOp create = {
		.asset = usd, .amount = 40, .claimants = {.items = &claimants, .count = 1}};
	sdex_Operation *balance = op_new(&w, BOB, SDEX_CREATE_CLAIMABLE_BALANCE);
	balance->body.createClaimableBalanceOp = &create;
	assert_string_equal(run(&w, balance), "transfer 3 balance USD 40");
	sdex_Operation *claim = op_new(&w, BOB, SDEX_CLAIM_CLAIMABLE_BALANCE);
	claim->body.claimClaimableBalanceOp.balanceID =
		world_op_result(&w, 0)->tr->createClaimableBalanceResult.balanceID;
	assert_string_equal(run(&w, claim), "transfer balance 3 USD 40");
	assert_string_equal(run(&w, balance), "transfer 3 balance USD 40");
	sdex_Operation *back = op_new(&w, ISSUER, SDEX_CLAWBACK_CLAIMABLE_BALANCE);
	back->body.clawbackClaimableBalanceOp.balanceID =
		world_op_result(&w, 0)->tr->createClaimableBalanceResult.balanceID;
	assert_string_equal(run(&w, back), "clawback balance USD 40");
	/* accounts come and go */
	sdex_Operation *born = op_new(&w, ALICE, SDEX_CREATE_ACCOUNT);
	sdex_CreateAccountOp account = {.destination = account_of(9), .startingBalance = 10 * XLM};
	born->body.createAccountOp = &account;
	assert_string_equal(run(&w, born), "transfer 2 9 100000000");
	world_account(&w, 9)->sequence = 100;
	sdex_Operation *merge = op_new(&w, 9, SDEX_ACCOUNT_MERGE);
	sdex_MuxedAccount heir = muxed_of(ALICE);
	merge->body.destination = &heir;
	assert_string_equal(run(&w, merge), "transfer 9 2 100000000");
	world_laws(&w);
	world_close(&w);
}

/* --- a ledger of ours */

/* Up to protocol 17 a claim names its seller by the bare key; nodes that fill in the events of the
 * past tell of it all the same. */
static void claims_of_the_first_form_are_trades(void **state)
{
	(void)state;
	struct world w;
	sdex_Asset native = native_asset(), usd = credit_of("USD", ISSUER);
	world_open(&w, 27);
	sdex_ClaimOfferAtomV0 old = {.sellerEd25519 = account_of(ALICE).ed25519,
				     .offerID = 5,
				     .assetSold = native,
				     .amountSold = 10,
				     .assetBought = usd,
				     .amountBought = 20};
	sdex_ClaimAtom atom = {.type = SDEX_CLAIM_ATOM_TYPE_V0, .v0 = &old};
	sdex_OperationResultTr tr = {.type = SDEX_MANAGE_SELL_OFFER};
	tr.manageSellOfferResult.success.offersClaimed =
		(sdex_ClaimAtom_list){.items = &atom, .count = 1};
	sdex_OperationResult result = {.code = SDEX_opINNER, .tr = &tr};
	sdex_Operation *op = op_sell(&w, BOB, usd, native, 20, 1, 2, 0);
	sdex_MuxedAccount source = muxed_of(BOB);
	sdex_Memo memo = {0};
	sdex_LedgerEntryChanges nothing = {0};
	sdex_ContractEvent_list events;
	struct done_operation done = {.operation = op,
				      .result = &result,
				      .changes = &nothing,
				      .tx_source = &source,
				      .memo = &memo};
	assert_int_equal(events_of_operation(&events, &done, w.network, w.arena), SDEX_OK);
	assert_string_equal(words(&w, &events), "transfer 3 2 USD 20; transfer 2 3 10");
	world_close(&w);
}

/* Two shares lost at once: their events follow the pools' ids, not the order of the changes. */
static void shares_are_redeemed_in_the_order_of_their_pools(void **state)
{
	(void)state;
	struct world w;
	sdex_Asset native = native_asset(), usd = credit_of("USD", ISSUER);
	sdex_Asset eur = credit_of("EUR", ISSUER);
	uint8_t first[32], second[32];
	world_open(&w, 27);
	world_fund(&w, ISSUER, 1000 * XLM);
	world_fund(&w, ALICE, 1000 * XLM);
	world_trust(&w, ALICE, usd, 1000, INT64_MAX);
	world_trust(&w, ALICE, eur, 1000, INT64_MAX);
	world_account(&w, ISSUER)->entry.flags = SDEX_AUTH_REVOCABLE_FLAG;
	memo_of_test = (sdex_Memo){0};
	run(&w, op_trust_pool(&w, ALICE, native, usd, INT64_MAX));
	run(&w, op_trust_pool(&w, ALICE, eur, usd, INT64_MAX));
	run(&w, op_deposit(&w, ALICE, native, usd, 4, 9));
	run(&w, op_deposit(&w, ALICE, eur, usd, 16, 25));
	world_pool_id(&w, first, native, usd);
	world_pool_id(&w, second, eur, usd);
	const char *expected = "transfer pool balance 4; transfer pool balance USD 9; transfer "
			       "pool balance EUR 16; transfer pool balance USD 25; "
			       "set_authorized 2 USD no";
	if (memcmp(first, second, 32) > 0)
		expected = "transfer pool balance EUR 16; transfer pool balance USD 25; transfer "
			   "pool balance 4; transfer pool balance USD 9; set_authorized 2 USD no";
	sdex_Operation *flags = op_new(&w, ISSUER, SDEX_SET_TRUST_LINE_FLAGS);
	sdex_SetTrustLineFlagsOp set = {
		.trustor = account_of(ALICE), .asset = usd, .clearFlags = SDEX_AUTHORIZED_FLAG};
	sdex_MuxedAccount source = muxed_of(ISSUER);
	flags->body.setTrustLineFlagsOp = &set;
	assert_string_equal(run(&w, flags), expected);
	/* and with the changes the other way round */
	sdex_LedgerEntryChanges *changes = &w.meta.operations[0];
	for (uint32_t i = 0; i < changes->count / 2; i++) {
		sdex_LedgerEntryChange kept = changes->items[i];
		changes->items[i] = changes->items[changes->count - 1 - i];
		changes->items[changes->count - 1 - i] = kept;
	}
	sdex_ContractEvent_list events;
	struct done_operation done = {.operation = flags,
				      .result = world_op_result(&w, 0),
				      .changes = changes,
				      .tx_source = &source,
				      .memo = &memo_of_test,
				      .tx_sequence = world_account(&w, ISSUER)->sequence};
	assert_int_equal(events_of_operation(&events, &done, w.network, w.arena), SDEX_OK);
	assert_string_equal(words(&w, &events), expected);
	world_close(&w);
}

static void a_ledger_s_meta_has_them_if_they_are_wanted(void **state)
{
	(void)state;
	static const int64_t base_fee = 100;
	for (uint32_t version = 19; version <= 28; version++) {
		for (int wanted = 0; wanted < 2; wanted++) {
			struct world w;
			struct closed closed;
			sdex_LedgerHeader previous = {0};
			world_open(&w, version);
			world_fund(&w, ALICE, 100 * XLM);
			world_fund(&w, BOB, 100 * XLM);
			w.ledger.want_events = wanted;
			sdex_TransactionV1Envelope v1[2] = {0};
			sdex_TransactionEnvelope envelopes[2];
			struct close_tx txs[2];
			for (int i = 0; i < 2; i++) {
				/* the second fails */
				v1[i].tx.sourceAccount = muxed_of(ALICE + i);
				v1[i].tx.fee = 100;
				v1[i].tx.seqNum = 101;
				v1[i].tx.operations = (sdex_Operation_list){
					.items = op_payment(&w, ALICE + i, ALICE, native_asset(),
							    i ? 1000 * XLM : 5),
					.count = 1};
				envelopes[i] = (sdex_TransactionEnvelope){
					.type = SDEX_ENVELOPE_TYPE_TX, .v1 = &v1[i]};
				txs[i] = (struct close_tx){&envelopes[i], &base_fee};
			}
			header_store(&previous, &w.state->header);
			struct close_request request = {.previous = &previous,
							.close_time = 1800000000,
							.txs = txs,
							.count = 2};
			assert_int_equal(close_ledger(&closed, &w.ledger, &request, NULL), SDEX_OK);
			for (uint32_t i = 0; i < 2; i++) {
				const sdex_TransactionMeta *meta =
					&closed.txs.items[i].txApplyProcessing;
				bool done = closed.txs.items[i].result.result.result.code ==
					    SDEX_txSUCCESS;
				assert_int_equal(meta->v, wanted || version >= 23 ? 4
							  : version < 20          ? 2
										  : 3);
				if (meta->v != 4)
					continue;
				assert_int_equal(meta->v4->events.count, wanted);
				assert_int_equal(meta->v4->operations.count, done);
				if (done)
					assert_int_equal(meta->v4->operations.items[0].events.count,
							 wanted);
				if (wanted) {
					const sdex_TransactionEvent *fee =
						&meta->v4->events.items[0];
					assert_int_equal(fee->event.body.v0->data.i128.lo, 100);
					assert_int_equal(
						fee->stage,
						SDEX_TRANSACTION_EVENT_STAGE_BEFORE_ALL_TXS);
				}
			}
			sdex_LedgerCloseMeta *meta = close_meta(&closed, w.arena);
			assert_non_null(meta);
			assert_true(encoded(w.arena, SDEX_TYPE_LedgerCloseMeta, meta).size > 0);
			world_close(&w);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_network_s_events_come_out_the_same),
		cmocka_unit_test(what_rpc_has_of_events_comes_out_the_same),
		cmocka_unit_test(each_operation_tells_what_it_moved),
		cmocka_unit_test(claims_of_the_first_form_are_trades),
		cmocka_unit_test(shares_are_redeemed_in_the_order_of_their_pools),
		cmocka_unit_test(a_ledger_s_meta_has_them_if_they_are_wanted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
