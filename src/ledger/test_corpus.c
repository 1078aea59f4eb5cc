/* Real ledgers executed again: the state before each successful classic transaction is
 * made of its own meta, the transaction is applied by our rules, and results and changes
 * have to be the network's, byte for byte (changes in any order).
 *
 * Meta does not show what a transaction only looked at.  Accounts that it needs and does
 * not show are made up, rich and permissive; the flags of a new trustline's issuer follow
 * from the trustline.  A book or pool that lost is not there, and so loses again. */
#include "base/testing.h"

#include <dirent.h>
#include <zlib.h>

#include "ledger/entry.h"
#include "ledger/tx.h"

#define FILE_MAX ((size_t)64 << 20)
#define TXS_MAX 4096
#define KEYS_MAX 8192

static const char pubnet[] = "Public Global Stellar Network ; September 2015";
static const char core_tests[] = "(V) (;,,;) (V)";

struct tally {
	int agreed;
	int differed;
	int failed;  /* on the network: their reads are not shown */
	int refused; /* run contracts, or are of a protocol before 19 */
};

struct item {
	const sdex_TransactionResultPair *result;
	const sdex_TransactionMeta *meta;
};

struct replay {
	struct sdex_arena *arena;       /* of the file */
	struct sdex_arena *transaction; /* of one transaction */
	const sdex_LedgerHeader *header;
	const sdex_TransactionEnvelope *envelopes[TXS_MAX];
	uint8_t hashes[TXS_MAX][32];
	uint32_t envelope_count;
	struct item items[TXS_MAX];
	uint32_t item_count;
	uint8_t network[32];
	struct sdex_bytes seen[KEYS_MAX];
	uint32_t seen_count;
	struct tally tally;
};

static uint8_t *read_file(const char *path, size_t *size)
{
	uint8_t *data = malloc(FILE_MAX);
	gzFile in = gzopen(path, "rb");
	int got;
	assert_non_null(data);
	assert_non_null(in);
	*size = 0;
	while ((got = gzread(in, data + *size, 1 << 20)) > 0)
		*size += (size_t)got;
	assert_int_equal(got, 0);
	gzclose(in);
	return data;
}

/* --- what is in a file */

static void add_envelopes(struct replay *r, const sdex_TransactionEnvelope_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		assert_true(r->envelope_count < TXS_MAX);
		r->envelopes[r->envelope_count++] = &list->items[i];
	}
}

static void add_set(struct replay *r, const sdex_GeneralizedTransactionSet *set)
{
	for (uint32_t p = 0; p < set->v1TxSet->phases.count; p++) {
		const sdex_TransactionPhase *phase = &set->v1TxSet->phases.items[p];
		if (phase->v == 0) {
			for (uint32_t c = 0; c < phase->v0Components.count; c++)
				add_envelopes(
					r, &phase->v0Components.items[c].txsMaybeDiscountedFee.txs);
			continue;
		}
		const sdex_ParallelTxExecutionStage_list *stages =
			&phase->parallelTxsComponent.executionStages;
		for (uint32_t s = 0; s < stages->count; s++)
			for (uint32_t k = 0; k < stages->items[s].count; k++)
				add_envelopes(r, &stages->items[s].items[k]);
	}
}

static void add_item(struct replay *r, const sdex_TransactionResultPair *result,
		     const sdex_TransactionMeta *meta)
{
	assert_true(r->item_count < TXS_MAX);
	r->items[r->item_count++] = (struct item){result, meta};
}

static void open_ledger(struct replay *r, const sdex_LedgerCloseMeta *meta)
{
	if (meta->v == 0) {
		r->header = &meta->v0->ledgerHeader.header;
		add_envelopes(r, &meta->v0->txSet.txs);
		for (uint32_t i = 0; i < meta->v0->txProcessing.count; i++)
			add_item(r, &meta->v0->txProcessing.items[i].result,
				 &meta->v0->txProcessing.items[i].txApplyProcessing);
	} else if (meta->v == 1) {
		r->header = &meta->v1->ledgerHeader.header;
		add_set(r, &meta->v1->txSet);
		for (uint32_t i = 0; i < meta->v1->txProcessing.count; i++)
			add_item(r, &meta->v1->txProcessing.items[i].result,
				 &meta->v1->txProcessing.items[i].txApplyProcessing);
	} else {
		r->header = &meta->v2->ledgerHeader.header;
		add_set(r, &meta->v2->txSet);
		for (uint32_t i = 0; i < meta->v2->txProcessing.count; i++)
			add_item(r, &meta->v2->txProcessing.items[i].result,
				 &meta->v2->txProcessing.items[i].txApplyProcessing);
	}
}

static const sdex_LedgerEntryChanges *before_of(const sdex_TransactionMeta *meta)
{
	return meta->v == 4   ? &meta->v4->txChangesBefore
	       : meta->v == 3 ? &meta->v3->txChangesBefore
			      : &meta->v2->txChangesBefore;
}

static uint32_t operation_count(const sdex_TransactionMeta *meta)
{
	return meta->v == 4   ? meta->v4->operations.count
	       : meta->v == 3 ? meta->v3->operations.count
			      : meta->v2->operations.count;
}

static const sdex_LedgerEntryChanges *changes_of(const sdex_TransactionMeta *meta, uint32_t i)
{
	return meta->v == 4   ? &meta->v4->operations.items[i].changes
	       : meta->v == 3 ? &meta->v3->operations.items[i].changes
			      : &meta->v2->operations.items[i].changes;
}

/* --- the state before */

static struct sdex_bytes encoded(struct replay *r, enum sdex_type type, const void *value)
{
	size_t size = 0;
	assert_int_equal(sdex_xdr_size(type, &size, value, NULL), SDEX_OK);
	uint8_t *bytes = sdex_arena_alloc(r->transaction, size);
	assert_non_null(bytes);
	assert_int_equal(sdex_xdr_encode(type, bytes, size, &size, value, NULL), SDEX_OK);
	return (struct sdex_bytes){bytes, (uint32_t)size};
}

/* The entry's key, by way of a state that holds nothing else */
static struct sdex_bytes key_bytes(struct replay *r, const sdex_LedgerEntry *entry)
{
	sdex_LedgerKeyTrustLine line;
	sdex_LedgerKeyOffer offer;
	sdex_LedgerKeyData data;
	sdex_LedgerKey key = {.type = entry->data.type};
	switch (entry->data.type) {
	case SDEX_ACCOUNT:
		key.account.accountID = entry->data.account->accountID;
		break;
	case SDEX_TRUSTLINE:
		line = (sdex_LedgerKeyTrustLine){entry->data.trustLine->accountID,
						 entry->data.trustLine->asset};
		key.trustLine = &line;
		break;
	case SDEX_OFFER:
		offer = (sdex_LedgerKeyOffer){entry->data.offer->sellerID,
					      entry->data.offer->offerID};
		key.offer = &offer;
		break;
	case SDEX_DATA:
		data = (sdex_LedgerKeyData){entry->data.data->accountID,
					    entry->data.data->dataName};
		key.data = &data;
		break;
	case SDEX_CLAIMABLE_BALANCE:
		key.claimableBalance.balanceID = entry->data.claimableBalance->balanceID;
		break;
	case SDEX_LIQUIDITY_POOL:
		key.liquidityPool.liquidityPoolID = entry->data.liquidityPool->liquidityPoolID;
		break;
	case SDEX_CONTRACT_DATA:
	case SDEX_CONTRACT_CODE:
	case SDEX_CONFIG_SETTING:
	case SDEX_TTL:
		return (struct sdex_bytes){0};
	}
	return encoded(r, SDEX_TYPE_LedgerKey, &key);
}

static bool first_seen(struct replay *r, struct sdex_bytes key)
{
	for (uint32_t i = 0; i < r->seen_count; i++)
		if (r->seen[i].size == key.size && memcmp(r->seen[i].data, key.data, key.size) == 0)
			return false;
	assert_true(r->seen_count < KEYS_MAX);
	r->seen[r->seen_count++] = key;
	return true;
}

static void load_changes(struct replay *r, struct state *state,
			 const sdex_LedgerEntryChanges *changes)
{
	struct sdex_failure why = {0};
	for (uint32_t i = 0; i < changes->count; i++) {
		const sdex_LedgerEntryChange *change = &changes->items[i];
		if (change->type != SDEX_LEDGER_ENTRY_STATE &&
		    change->type != SDEX_LEDGER_ENTRY_CREATED)
			continue;
		if (!first_seen(r, key_bytes(r, change->state)))
			continue;
		if (change->type == SDEX_LEDGER_ENTRY_STATE &&
		    entry_load(state, change->state, &why))
			fail_msg("%s", why.text);
	}
}

static struct account *make_up(struct state *state, uint32_t address)
{
	struct account made = {.entry.sponsor = SLOT_NONE,
			       .entry.flags = SDEX_AUTH_REVOCABLE_FLAG,
			       .address = address,
			       .balance = INT64_MAX / 4,
			       .inflation_dest = SLOT_NONE};
	struct account *account = state_account(state, address);
	return account ? account : state_create(state, ENTRY_ACCOUNT, &made);
}

/* An offer that vanishes as dust leaves no trace on the trustlines it needs. */
static void make_up_line(struct replay *r, struct state *state, const sdex_AccountID *owner,
			 const sdex_Asset *asset)
{
	sdex_TrustLineEntry line = {.accountID = *owner,
				    .asset.type = asset->type,
				    .balance = INT64_MAX / 4,
				    .limit = INT64_MAX,
				    .flags = SDEX_AUTHORIZED_FLAG};
	sdex_LedgerEntry entry = {.data = {.type = SDEX_TRUSTLINE, .trustLine = &line}};
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		line.asset.alphaNum4 = asset->alphaNum4;
	else if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		line.asset.alphaNum12 = asset->alphaNum12;
	else
		return;
	if (!asset_issued_by(asset, owner) && first_seen(r, key_bytes(r, &entry)))
		assert_int_equal(entry_load(state, &entry, NULL), SDEX_OK);
}

static void make_up_lines(struct replay *r, struct state *state, const struct tx *tx,
			  const sdex_Operation *op)
{
	sdex_AccountID owner = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	const uint8_t *key = op->sourceAccount ? muxed_key(op->sourceAccount)
					       : address_at(state, tx->source)->key;
	memcpy(owner.ed25519.bytes, key, 32);
	if (op->body.type == SDEX_MANAGE_SELL_OFFER) {
		make_up_line(r, state, &owner, &op->body.manageSellOfferOp->selling);
		make_up_line(r, state, &owner, &op->body.manageSellOfferOp->buying);
	} else if (op->body.type == SDEX_MANAGE_BUY_OFFER) {
		make_up_line(r, state, &owner, &op->body.manageBuyOfferOp->selling);
		make_up_line(r, state, &owner, &op->body.manageBuyOfferOp->buying);
	}
}

/* Every account whose name came up in the transaction exists, but for those it creates. */
static void make_up_accounts(struct state *state, const sdex_Operation_list *ops)
{
	for (uint32_t i = 0; i < state->addresses.used; i++) {
		bool created = false;
		for (uint32_t o = 0; o < ops->count; o++)
			if (ops->items[o].body.type == SDEX_CREATE_ACCOUNT)
				created |= memcmp(ops->items[o]
							  .body.createAccountOp->destination.ed25519
							  .bytes,
						  address_at(state, i)->key, 32) == 0;
		if (!created)
			make_up(state, i);
	}
}

/* A new trustline tells its issuer's flags. */
static void learn_issuers(struct state *state, const sdex_LedgerEntryChanges *changes)
{
	for (uint32_t i = 0; i < changes->count; i++) {
		const sdex_LedgerEntryChange *change = &changes->items[i];
		if (change->type != SDEX_LEDGER_ENTRY_CREATED ||
		    change->created->data.type != SDEX_TRUSTLINE ||
		    change->created->data.trustLine->asset.type == SDEX_ASSET_TYPE_POOL_SHARE)
			continue;
		const sdex_TrustLineEntry *line = change->created->data.trustLine;
		const sdex_AccountID *issuer = line->asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4
						       ? &line->asset.alphaNum4.issuer
						       : &line->asset.alphaNum12->issuer;
		struct account *account =
			make_up(state, state_address(state, issuer->ed25519.bytes));
		uint32_t required =
			line->flags & SDEX_AUTHORIZED_FLAG ? 0 : SDEX_AUTH_REQUIRED_FLAG;
		uint32_t clawback = line->flags & SDEX_TRUSTLINE_CLAWBACK_ENABLED_FLAG
					    ? SDEX_AUTH_CLAWBACK_ENABLED_FLAG
					    : 0;
		account->entry.flags = (uint8_t)(SDEX_AUTH_REVOCABLE_FLAG | required | clawback);
	}
}

/* Ids given by the transaction follow the pool of ids; find where that stood. */
static uint64_t ids_before(const sdex_TransactionMeta *meta, uint64_t after)
{
	uint64_t first = after + 1;
	for (uint32_t o = 0; o < operation_count(meta); o++) {
		const sdex_LedgerEntryChanges *changes = changes_of(meta, o);
		for (uint32_t i = 0; i < changes->count; i++)
			if (changes->items[i].type == SDEX_LEDGER_ENTRY_CREATED &&
			    changes->items[i].created->data.type == SDEX_OFFER &&
			    (uint64_t)changes->items[i].created->data.offer->offerID < first)
				first = (uint64_t)changes->items[i].created->data.offer->offerID;
	}
	return first - 1;
}

/* --- comparing */

static int by_bytes(const void *left, const void *right)
{
	const struct sdex_bytes *a = left, *b = right;
	uint32_t both = a->size < b->size ? a->size : b->size;
	int order = memcmp(a->data, b->data, both);
	return order ? order : (a->size > b->size) - (a->size < b->size);
}

static bool same_changes(struct replay *r, const sdex_LedgerEntryChanges *a,
			 const sdex_LedgerEntryChanges *b)
{
	if (a->count != b->count)
		return false;
	struct sdex_bytes *left = sdex_arena_alloc(r->transaction, (a->count + 1) * sizeof(*left));
	struct sdex_bytes *right =
		sdex_arena_alloc(r->transaction, (a->count + 1) * sizeof(*right));
	for (uint32_t i = 0; i < a->count; i++) {
		left[i] = encoded(r, SDEX_TYPE_LedgerEntryChange, &a->items[i]);
		right[i] = encoded(r, SDEX_TYPE_LedgerEntryChange, &b->items[i]);
	}
	qsort(left, a->count, sizeof(*left), by_bytes);
	qsort(right, a->count, sizeof(*right), by_bytes);
	for (uint32_t i = 0; i < a->count; i++)
		if (by_bytes(&left[i], &right[i]) != 0)
			return false;
	return true;
}

static const char *difference(struct replay *r, sdex_TransactionResult *result,
			      const struct tx_meta *meta, const struct item *item, uint32_t *where)
{
	/* fees were collected before: what they were is not asked here */
	result->feeCharged = item->result->result.feeCharged;
	if (result->result.code == SDEX_txFEE_BUMP_INNER_SUCCESS &&
	    item->result->result.result.code == result->result.code)
		result->result.innerResultPair->result.feeCharged =
			item->result->result.result.innerResultPair->result.feeCharged;
	*where = 0;
	if (!sdex_TransactionResult_equal(result, &item->result->result))
		return "result";
	if (!same_changes(r, &meta->before, before_of(item->meta)))
		return "changes before";
	for (uint32_t o = 0; o < operation_count(item->meta); o++) {
		*where = o;
		if (!same_changes(r, &meta->operations[o], changes_of(item->meta, o)))
			return "changes";
	}
	return NULL;
}

/* --- one transaction */

static const sdex_TransactionEnvelope *envelope_of(struct replay *r, const uint8_t hash[32])
{
	for (uint32_t i = 0; i < r->envelope_count; i++)
		if (memcmp(r->hashes[i], hash, 32) == 0)
			return r->envelopes[i];
	return NULL;
}

static const sdex_Operation_list *operations_of(const sdex_TransactionEnvelope *envelope)
{
	return envelope->type == SDEX_ENVELOPE_TYPE_TX
		       ? &envelope->v1->tx.operations
		       : &envelope->feeBump->tx.innerTx.v1->tx.operations;
}

static void execute(struct replay *r, const struct item *item)
{
	struct state *state = state_new(1);
	assert_non_null(state);
	struct ledger ledger = {.state = state,
				.arena = r->transaction,
				.network_id = r->network,
				.trust_signatures = true,
				.want_meta = true};
	const sdex_TransactionEnvelope *envelope =
		envelope_of(r, item->result->transactionHash.bytes);
	sdex_TransactionResult result;
	struct tx_meta meta = {0};
	struct tx tx;
	int64_t nothing = 0;
	assert_non_null(envelope);
	r->seen_count = 0;
	load_changes(r, state, before_of(item->meta));
	for (uint32_t o = 0; o < operation_count(item->meta); o++)
		load_changes(r, state, changes_of(item->meta, o));
	for (uint32_t o = 0; o < operation_count(item->meta); o++)
		learn_issuers(state, changes_of(item->meta, o));
	header_load(&state->header, r->header);
	state->header.id_pool = ids_before(item->meta, r->header->idPool);
	assert_int_equal(tx_read(&tx, &ledger, envelope, NULL), SDEX_OK);
	for (uint32_t o = 0; o < operations_of(envelope)->count; o++) {
		const sdex_Operation *op = &operations_of(envelope)->items[o];
		make_up_lines(r, state, &tx, op);
		if (op->sourceAccount)
			state_address(state, muxed_key(op->sourceAccount));
		if (op->body.type == SDEX_PAYMENT)
			state_address(state, muxed_key(&op->body.paymentOp->destination));
		else if (op->body.type == SDEX_PATH_PAYMENT_STRICT_RECEIVE)
			state_address(state,
				      muxed_key(&op->body.pathPaymentStrictReceiveOp->destination));
		else if (op->body.type == SDEX_PATH_PAYMENT_STRICT_SEND)
			state_address(state,
				      muxed_key(&op->body.pathPaymentStrictSendOp->destination));
		else if (op->body.type == SDEX_CHANGE_TRUST &&
			 op->body.changeTrustOp->line.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
			state_address(state,
				      op->body.changeTrustOp->line.alphaNum4.issuer.ed25519.bytes);
		else if (op->body.type == SDEX_CHANGE_TRUST &&
			 op->body.changeTrustOp->line.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
			state_address(
				state,
				op->body.changeTrustOp->line.alphaNum12->issuer.ed25519.bytes);
	}
	make_up_accounts(state, operations_of(envelope));
	assert_int_equal(tx_charge(&result, &meta, &ledger, &tx, &nothing), SDEX_OK);
	assert_int_equal(tx_apply(&result, &meta, &ledger, &tx), SDEX_OK);
	uint32_t where;
	const char *wrong = difference(r, &result, &meta, item, &where);
	if (wrong) {
		r->tally.differed++;
		const sdex_Operation *op = &operations_of(envelope)->items[where];
		print_message("ledger %u: %s of operation %u (%s) differ, code %d\n",
			      r->header->ledgerSeq, wrong, where,
			      sdex_enum_name(SDEX_TYPE_OperationType, (int32_t)op->body.type),
			      (int)result.result.code);
	} else {
		r->tally.agreed++;
	}
	state_free(state);
}

static bool network_succeeded(const sdex_TransactionResultPair *pair)
{
	return pair->result.result.code == SDEX_txSUCCESS ||
	       pair->result.result.code == SDEX_txFEE_BUMP_INNER_SUCCESS;
}

static void replay_ledger(struct replay *r)
{
	struct state *names = state_new(1);
	struct ledger ledger = {.state = names, .arena = r->transaction, .network_id = r->network};
	bool soroban[TXS_MAX] = {false};
	header_load(&names->header, r->header);
	for (uint32_t i = 0; i < r->envelope_count; i++) {
		struct tx tx;
		enum sdex_error error = tx_read(&tx, &ledger, r->envelopes[i], NULL);
		soroban[i] = error == SDEX_ERR_UNSUPPORTED;
		if (!soroban[i])
			memcpy(r->hashes[i], tx.contents_hash, 32);
		sdex_arena_reset(r->transaction);
	}
	state_free(names);
	for (uint32_t i = 0; i < r->item_count; i++) {
		const sdex_TransactionResultPair *pair = r->items[i].result;
		if (!envelope_of(r, pair->transactionHash.bytes))
			r->tally.refused++;
		else if (!network_succeeded(pair))
			r->tally.failed++;
		else
			execute(r, &r->items[i]);
		sdex_arena_reset(r->transaction);
	}
}

static void replay_meta(struct tally *tally, const char *name, const char *passphrase,
			const uint8_t *data, size_t size)
{
	struct replay *r = calloc(1, sizeof(*r));
	sdex_LedgerCloseMeta *meta = NULL;
	struct sdex_failure why = {0};
	assert_non_null(r);
	r->arena = sdex_arena_new(0);
	r->transaction = sdex_arena_new(0);
	sdex_sha256(r->network, passphrase, strlen(passphrase));
	if (sdex_LedgerCloseMeta_decode(&meta, r->arena, data, size, &why))
		fail_msg("%s: %s", name, why.text);
	open_ledger(r, meta);
	replay_ledger(r);
	tally->agreed += r->tally.agreed;
	tally->differed += r->tally.differed;
	tally->failed += r->tally.failed;
	tally->refused += r->tally.refused;
	sdex_arena_free(r->arena);
	sdex_arena_free(r->transaction);
	free(r);
}

static void show(const char *name, const struct tally *tally)
{
	print_message("%s: %d transactions agreed, %d differed, %d failed on the network, "
		      "%d refused (contracts, protocols before 19)\n",
		      name, tally->agreed, tally->differed, tally->failed, tally->refused);
}

static struct tally replay_file(const char *name, const char *passphrase, bool framed)
{
	char path[4096];
	size_t size;
	struct tally tally = {0};
	snprintf(path, sizeof path, "%s/%s", getenv("SDEX_CORPUS"), name);
	uint8_t *data = read_file(path, &size);
	const uint8_t *at = data, *record;
	size_t record_size;
	if (!framed)
		replay_meta(&tally, name, passphrase, data, size);
	else
		while (sdex_xdr_frame_next(&record, &record_size, &at, &size) == SDEX_OK)
			replay_meta(&tally, name, passphrase, record, record_size);
	free(data);
	return tally;
}

static void add_tally(struct tally *sum, const struct tally *one)
{
	sum->agreed += one->agreed;
	sum->differed += one->differed;
	sum->failed += one->failed;
	sum->refused += one->refused;
}

/* The test ledgers of stellar-core itself, all files of a folder */
static struct tally replay_folder(const char *folder)
{
	char path[4096];
	struct tally sum = {0};
	snprintf(path, sizeof path, "%s/%s", getenv("SDEX_CORPUS"), folder);
	DIR *files = opendir(path);
	assert_non_null(files);
	for (const struct dirent *file; (file = readdir(files));) {
		size_t length = strlen(file->d_name);
		if (length < 4 || strcmp(file->d_name + length - 4, ".xdr") != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, file->d_name);
		struct tally one = replay_file(path, core_tests, true);
		add_tally(&sum, &one);
	}
	closedir(files);
	return sum;
}

static void core_s_test_ledgers_come_out_the_same(void **state)
{
	(void)state;
	static const char *const folders[] = {"core/OfferTests", "core/PathPaymentTests",
					      "core/TxResultsTests"};
	if (!getenv("SDEX_CORPUS")) {
		print_message("SDEX_CORPUS is not set: real ledgers are in the corpus\n");
		skip();
	}
	for (int i = 0; i < 3; i++) {
		struct tally tally = replay_folder(folders[i]);
		show(folders[i], &tally);
		assert_int_equal(tally.differed, 0);
	}
}

static void real_transactions_come_out_the_same(void **state)
{
	(void)state;
	/* the first is of protocol 17, which is refused */
	static const struct {
		const char *name;
		int agreed; /* all that succeeded and ran no contract */
	} files[] = {{"pubnet/ledger-46154623.xdr.gz", 0},
		     {"pubnet/ledger-57500008.xdr.gz", 135},
		     {"pubnet/ledger-63092988.xdr.gz", 90}};
	if (!getenv("SDEX_CORPUS")) {
		print_message("SDEX_CORPUS is not set: real ledgers are in the corpus\n");
		skip();
	}
	for (int i = 0; i < 3; i++) {
		struct tally tally = replay_file(files[i].name, pubnet, false);
		show(files[i].name, &tally);
		assert_int_equal(tally.differed, 0);
		assert_int_equal(tally.agreed, files[i].agreed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_transactions_come_out_the_same),
		cmocka_unit_test(core_s_test_ledgers_come_out_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
