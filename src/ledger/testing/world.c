/* ledger/testing/world.c - world.h for tests. */
#include "ledger/testing/world.h"

#include <sodium.h>

#include "ledger/testing/laws.h"

static void *piece(struct world *w, size_t size)
{
	void *made = sdex_arena_alloc(w->arena, size);
	assert_non_null(made);
	memset(made, 0, size);
	return made;
}

void world_open(struct world *w, uint32_t version)
{
	memset(w, 0, sizeof(*w));
	w->state = state_new(42);
	w->arena = sdex_arena_new(0);
	assert_non_null(w->state);
	assert_non_null(w->arena);
	w->state->header = (struct header){.version = version,
					   .sequence = 1000,
					   .close_time = 1700000000,
					   .base_fee = 100,
					   .base_reserve = RESERVE,
					   .max_tx_set_size = 1000,
					   .total_coins = 100000000000 * XLM};
	w->ledger = (struct ledger){.state = w->state,
				    .arena = w->arena,
				    .network_id = w->network,
				    .trust_signatures = true,
				    .want_meta = true};
}

void world_close(struct world *w)
{
	for (uint32_t i = 0; i < w->ledger.frozen.count; i++)
		free((void *)(uintptr_t)w->frozen[i].data);
	state_free(w->state);
	sdex_arena_free(w->arena);
}

static bool with_keys;

void world_keys(bool keys)
{
	with_keys = keys;
}

void world_keypair(int name, uint8_t public[32], uint8_t secret[64])
{
	uint8_t seed[32] = {(uint8_t)name, (uint8_t)(name >> 8)};
	crypto_sign_ed25519_seed_keypair(public, secret, seed);
}

sdex_AccountID account_of(int name)
{
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	if (with_keys) {
		uint8_t secret[64];
		world_keypair(name, id.ed25519.bytes, secret);
		return id;
	}
	memset(id.ed25519.bytes, 7, 32);
	id.ed25519.bytes[0] = (uint8_t)name;
	id.ed25519.bytes[1] = (uint8_t)(name >> 8);
	id.ed25519.bytes[31] = (uint8_t)name;
	return id;
}

sdex_MuxedAccount muxed_of(int name)
{
	sdex_MuxedAccount muxed = {.type = SDEX_KEY_TYPE_ED25519};
	sdex_AccountID id = account_of(name);
	muxed.ed25519 = id.ed25519;
	return muxed;
}

sdex_Asset native_asset(void)
{
	return (sdex_Asset){.type = SDEX_ASSET_TYPE_NATIVE};
}

sdex_Asset credit_of(const char *code, int issuer)
{
	sdex_Asset asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4};
	assert_true(strlen(code) <= 4);
	memcpy(asset.alphaNum4.assetCode.bytes, code, strlen(code));
	asset.alphaNum4.issuer = account_of(issuer);
	return asset;
}

uint32_t world_address(struct world *w, int name)
{
	sdex_AccountID id = account_of(name);
	return state_address(w->state, id.ed25519.bytes);
}

struct account *world_account(struct world *w, int name)
{
	return state_account(w->state, world_address(w, name));
}

struct trustline *world_line(struct world *w, int name, sdex_Asset asset)
{
	return state_trustline(w->state, world_address(w, name), state_asset(w->state, &asset));
}

void world_fund(struct world *w, int name, int64_t balance)
{
	struct account made = {.entry.sponsor = SLOT_NONE,
			       .address = world_address(w, name),
			       .thresholds = {1},
			       .balance = balance,
			       .sequence = 100,
			       .inflation_dest = SLOT_NONE};
	assert_non_null(state_create(w->state, ENTRY_ACCOUNT, &made));
}

void world_trust(struct world *w, int name, sdex_Asset asset, int64_t balance, int64_t limit)
{
	struct trustline made = {.entry = {.sponsor = SLOT_NONE, .flags = SDEX_AUTHORIZED_FLAG},
				 .address = world_address(w, name),
				 .asset = state_asset(w->state, &asset),
				 .balance = balance,
				 .limit = limit};
	assert_non_null(state_create(w->state, ENTRY_TRUSTLINE, &made));
	world_account(w, name)->subentries++;
}

/* --- operations */

sdex_Operation *op_new(struct world *w, int source, sdex_OperationType type)
{
	sdex_Operation *op = piece(w, sizeof(*op));
	op->sourceAccount = piece(w, sizeof(*op->sourceAccount));
	*op->sourceAccount = muxed_of(source);
	op->body.type = type;
	return op;
}

sdex_Operation *op_payment(struct world *w, int from, int to, sdex_Asset asset, int64_t amount)
{
	sdex_Operation *op = op_new(w, from, SDEX_PAYMENT);
	op->body.paymentOp = piece(w, sizeof(*op->body.paymentOp));
	*op->body.paymentOp =
		(sdex_PaymentOp){.destination = muxed_of(to), .asset = asset, .amount = amount};
	return op;
}

sdex_Operation *op_sell(struct world *w, int who, sdex_Asset selling, sdex_Asset buying,
			int64_t amount, int32_t n, int32_t d, int64_t id)
{
	sdex_Operation *op = op_new(w, who, SDEX_MANAGE_SELL_OFFER);
	op->body.manageSellOfferOp = piece(w, sizeof(*op->body.manageSellOfferOp));
	*op->body.manageSellOfferOp = (sdex_ManageSellOfferOp){.selling = selling,
							       .buying = buying,
							       .amount = amount,
							       .price = {.n = n, .d = d},
							       .offerID = id};
	return op;
}

sdex_Operation *op_buy(struct world *w, int who, sdex_Asset selling, sdex_Asset buying,
		       int64_t amount, int32_t n, int32_t d, int64_t id)
{
	sdex_Operation *op = op_new(w, who, SDEX_MANAGE_BUY_OFFER);
	op->body.manageBuyOfferOp = piece(w, sizeof(*op->body.manageBuyOfferOp));
	*op->body.manageBuyOfferOp = (sdex_ManageBuyOfferOp){.selling = selling,
							     .buying = buying,
							     .buyAmount = amount,
							     .price = {.n = n, .d = d},
							     .offerID = id};
	return op;
}

static sdex_Asset_list path_of(struct world *w, const sdex_Asset *path, uint32_t hops)
{
	sdex_Asset_list list = {.count = hops};
	list.items = piece(w, (hops + 1) * sizeof(*list.items));
	if (hops)
		memcpy(list.items, path, hops * sizeof(*path));
	return list;
}

sdex_Operation *op_receive(struct world *w, int from, int to, sdex_Asset send, int64_t send_max,
			   sdex_Asset dest, int64_t amount, const sdex_Asset *path, uint32_t hops)
{
	sdex_Operation *op = op_new(w, from, SDEX_PATH_PAYMENT_STRICT_RECEIVE);
	sdex_PathPaymentStrictReceiveOp *p = piece(w, sizeof(*p));
	*p = (sdex_PathPaymentStrictReceiveOp){.sendAsset = send,
					       .sendMax = send_max,
					       .destination = muxed_of(to),
					       .destAsset = dest,
					       .destAmount = amount,
					       .path = path_of(w, path, hops)};
	op->body.pathPaymentStrictReceiveOp = p;
	return op;
}

sdex_Operation *op_send(struct world *w, int from, int to, sdex_Asset send, int64_t amount,
			sdex_Asset dest, int64_t dest_min, const sdex_Asset *path, uint32_t hops)
{
	sdex_Operation *op = op_new(w, from, SDEX_PATH_PAYMENT_STRICT_SEND);
	sdex_PathPaymentStrictSendOp *p = piece(w, sizeof(*p));
	*p = (sdex_PathPaymentStrictSendOp){.sendAsset = send,
					    .sendAmount = amount,
					    .destination = muxed_of(to),
					    .destAsset = dest,
					    .destMin = dest_min,
					    .path = path_of(w, path, hops)};
	op->body.pathPaymentStrictSendOp = p;
	return op;
}

sdex_Operation *op_trust(struct world *w, int who, sdex_Asset asset, int64_t limit)
{
	sdex_Operation *op = op_new(w, who, SDEX_CHANGE_TRUST);
	sdex_ChangeTrustOp *change = piece(w, sizeof(*change));
	change->line.type = asset.type;
	if (asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		change->line.alphaNum12 = asset.alphaNum12;
	else
		change->line.alphaNum4 = asset.alphaNum4;
	change->limit = limit;
	op->body.changeTrustOp = change;
	return op;
}

sdex_Operation *op_trust_pool(struct world *w, int who, sdex_Asset a, sdex_Asset b, int64_t limit)
{
	return op_trust_pool_fee(w, who, a, b, 30, limit);
}

sdex_Operation *op_trust_pool_fee(struct world *w, int who, sdex_Asset a, sdex_Asset b, int32_t fee,
				  int64_t limit)
{
	sdex_Operation *op = op_new(w, who, SDEX_CHANGE_TRUST);
	sdex_ChangeTrustOp *change = piece(w, sizeof(*change));
	sdex_LiquidityPoolConstantProductParameters *p = piece(w, sizeof(*p));
	*p = (sdex_LiquidityPoolConstantProductParameters){.assetA = a, .assetB = b, .fee = fee};
	change->line.type = SDEX_ASSET_TYPE_POOL_SHARE;
	change->line.liquidityPool.type = SDEX_LIQUIDITY_POOL_CONSTANT_PRODUCT;
	change->line.liquidityPool.constantProduct = p;
	change->limit = limit;
	op->body.changeTrustOp = change;
	return op;
}

void world_pool_id(struct world *w, uint8_t id[32], sdex_Asset a, sdex_Asset b)
{
	sdex_Operation *op = op_trust_pool(w, 0, a, b, 1);
	uint8_t bytes[256];
	size_t size = 0;
	assert_int_equal(sdex_LiquidityPoolParameters_encode(
				 bytes, sizeof(bytes), &size,
				 &op->body.changeTrustOp->line.liquidityPool, NULL),
			 SDEX_OK);
	sdex_sha256(id, bytes, size);
}

sdex_Operation *op_deposit_within(struct world *w, int who, sdex_Asset a, sdex_Asset b,
				  int64_t max_a, int64_t max_b, struct price least,
				  struct price most)
{
	sdex_Operation *op = op_new(w, who, SDEX_LIQUIDITY_POOL_DEPOSIT);
	sdex_LiquidityPoolDepositOp *d = piece(w, sizeof(*d));
	*d = (sdex_LiquidityPoolDepositOp){.maxAmountA = max_a,
					   .maxAmountB = max_b,
					   .minPrice = {.n = least.n, .d = least.d},
					   .maxPrice = {.n = most.n, .d = most.d}};
	world_pool_id(w, d->liquidityPoolID.bytes, a, b);
	op->body.liquidityPoolDepositOp = d;
	return op;
}

sdex_Operation *op_deposit(struct world *w, int who, sdex_Asset a, sdex_Asset b, int64_t max_a,
			   int64_t max_b)
{
	return op_deposit_within(w, who, a, b, max_a, max_b, (struct price){1, INT32_MAX},
				 (struct price){INT32_MAX, 1});
}

sdex_Operation *op_withdraw(struct world *w, int who, sdex_Asset a, sdex_Asset b, int64_t shares,
			    int64_t min_a, int64_t min_b)
{
	sdex_Operation *op = op_new(w, who, SDEX_LIQUIDITY_POOL_WITHDRAW);
	sdex_LiquidityPoolWithdrawOp *out = piece(w, sizeof(*out));
	*out = (sdex_LiquidityPoolWithdrawOp){
		.amount = shares, .minAmountA = min_a, .minAmountB = min_b};
	world_pool_id(w, out->liquidityPoolID.bytes, a, b);
	op->body.liquidityPoolWithdrawOp = out;
	return op;
}

sdex_Operation *op_passive(struct world *w, int who, sdex_Asset selling, sdex_Asset buying,
			   int64_t amount, int32_t n, int32_t d)
{
	sdex_Operation *op = op_new(w, who, SDEX_CREATE_PASSIVE_SELL_OFFER);
	op->body.createPassiveSellOfferOp = piece(w, sizeof(*op->body.createPassiveSellOfferOp));
	*op->body.createPassiveSellOfferOp = (sdex_CreatePassiveSellOfferOp){
		.selling = selling, .buying = buying, .amount = amount, .price = {.n = n, .d = d}};
	return op;
}

sdex_Operation *op_create(struct world *w, int from, int made, int64_t balance)
{
	sdex_Operation *op = op_new(w, from, SDEX_CREATE_ACCOUNT);
	op->body.createAccountOp = piece(w, sizeof(*op->body.createAccountOp));
	*op->body.createAccountOp =
		(sdex_CreateAccountOp){.destination = account_of(made), .startingBalance = balance};
	return op;
}

sdex_Operation *op_merge(struct world *w, int who, int into)
{
	sdex_Operation *op = op_new(w, who, SDEX_ACCOUNT_MERGE);
	op->body.destination = piece(w, sizeof(*op->body.destination));
	*op->body.destination = muxed_of(into);
	return op;
}

sdex_Operation *op_options(struct world *w, int who, uint32_t set, uint32_t clear)
{
	sdex_Operation *op = op_new(w, who, SDEX_SET_OPTIONS);
	sdex_SetOptionsOp *options = piece(w, sizeof(*options));
	uint32_t *flags = piece(w, 2 * sizeof(*flags));
	flags[0] = set;
	flags[1] = clear;
	options->setFlags = set ? &flags[0] : NULL;
	options->clearFlags = clear ? &flags[1] : NULL;
	op->body.setOptionsOp = options;
	return op;
}

sdex_Operation *op_allow_trust(struct world *w, int issuer, int who, sdex_Asset asset,
			       uint32_t flags)
{
	sdex_Operation *op = op_new(w, issuer, SDEX_ALLOW_TRUST);
	sdex_AllowTrustOp *allow = piece(w, sizeof(*allow));
	*allow = (sdex_AllowTrustOp){.trustor = account_of(who), .authorize = flags};
	allow->asset.type = asset.type;
	if (asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		allow->asset.assetCode12 = asset.alphaNum12->assetCode;
	else
		allow->asset.assetCode4 = asset.alphaNum4.assetCode;
	op->body.allowTrustOp = allow;
	return op;
}

sdex_Operation *op_line_flags(struct world *w, int issuer, int who, sdex_Asset asset, uint32_t set,
			      uint32_t clear)
{
	sdex_Operation *op = op_new(w, issuer, SDEX_SET_TRUST_LINE_FLAGS);
	sdex_SetTrustLineFlagsOp *flags = piece(w, sizeof(*flags));
	*flags = (sdex_SetTrustLineFlagsOp){
		.trustor = account_of(who), .asset = asset, .setFlags = set, .clearFlags = clear};
	op->body.setTrustLineFlagsOp = flags;
	return op;
}

sdex_Operation *op_clawback(struct world *w, int issuer, int from, sdex_Asset asset, int64_t amount)
{
	sdex_Operation *op = op_new(w, issuer, SDEX_CLAWBACK);
	op->body.clawbackOp = piece(w, sizeof(*op->body.clawbackOp));
	*op->body.clawbackOp =
		(sdex_ClawbackOp){.asset = asset, .from = muxed_of(from), .amount = amount};
	return op;
}

sdex_Operation *op_sponsor(struct world *w, int who, int sponsored)
{
	sdex_Operation *op = op_new(w, who, SDEX_BEGIN_SPONSORING_FUTURE_RESERVES);
	op->body.beginSponsoringFutureReservesOp.sponsoredID = account_of(sponsored);
	return op;
}

sdex_Operation *op_end_sponsoring(struct world *w, int who)
{
	return op_new(w, who, SDEX_END_SPONSORING_FUTURE_RESERVES);
}

static sdex_Operation *revoke(struct world *w, int who, sdex_LedgerKey **key,
			      sdex_LedgerEntryType type)
{
	sdex_Operation *op = op_new(w, who, SDEX_REVOKE_SPONSORSHIP);
	*key = piece(w, sizeof(**key));
	(*key)->type = type;
	op->body.revokeSponsorshipOp.type = SDEX_REVOKE_SPONSORSHIP_LEDGER_ENTRY;
	op->body.revokeSponsorshipOp.ledgerKey = *key;
	return op;
}

sdex_Operation *op_revoke_offer(struct world *w, int who, int seller, int64_t id)
{
	sdex_LedgerKey *key;
	sdex_Operation *op = revoke(w, who, &key, SDEX_OFFER);
	key->offer = piece(w, sizeof(*key->offer));
	*key->offer = (sdex_LedgerKeyOffer){.sellerID = account_of(seller), .offerID = id};
	return op;
}

sdex_Operation *op_revoke_line(struct world *w, int who, int owner, sdex_Asset asset)
{
	sdex_LedgerKey *key;
	sdex_Operation *op = revoke(w, who, &key, SDEX_TRUSTLINE);
	key->trustLine = piece(w, sizeof(*key->trustLine));
	key->trustLine->accountID = account_of(owner);
	key->trustLine->asset.type = asset.type;
	if (asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		key->trustLine->asset.alphaNum12 = asset.alphaNum12;
	else
		key->trustLine->asset.alphaNum4 = asset.alphaNum4;
	return op;
}

sdex_Operation *op_revoke_share(struct world *w, int who, int owner, sdex_Asset a, sdex_Asset b)
{
	sdex_LedgerKey *key;
	sdex_Operation *op = revoke(w, who, &key, SDEX_TRUSTLINE);
	key->trustLine = piece(w, sizeof(*key->trustLine));
	key->trustLine->accountID = account_of(owner);
	key->trustLine->asset.type = SDEX_ASSET_TYPE_POOL_SHARE;
	world_pool_id(w, key->trustLine->asset.liquidityPoolID.bytes, a, b);
	return op;
}

sdex_Operation *op_revoke_account(struct world *w, int who, int account)
{
	sdex_LedgerKey *key;
	sdex_Operation *op = revoke(w, who, &key, SDEX_ACCOUNT);
	key->account.accountID = account_of(account);
	return op;
}

/* --- applying */

sdex_TransactionEnvelope *world_envelope(struct world *w, int source, sdex_Operation **ops,
					 uint32_t count)
{
	sdex_TransactionEnvelope *envelope = piece(w, sizeof(*envelope));
	sdex_TransactionV1Envelope *v1 = piece(w, sizeof(*v1));
	const struct account *account = world_account(w, source);
	envelope->type = SDEX_ENVELOPE_TYPE_TX;
	envelope->v1 = v1;
	v1->tx.sourceAccount = muxed_of(source);
	v1->tx.fee = w->state->header.base_fee * count;
	v1->tx.seqNum = account ? (int64_t)((uint64_t)account->sequence + 1) : 1;
	v1->tx.operations.items = piece(w, count * sizeof(sdex_Operation));
	v1->tx.operations.count = count;
	for (uint32_t i = 0; i < count; i++)
		v1->tx.operations.items[i] = *ops[i];
	return envelope;
}

static sdex_TransactionResultCode apply(struct world *w, const struct tx *tx, int64_t base_fee)
{
	memset(&w->meta, 0, sizeof(w->meta));
	assert_int_equal(tx_charge(&w->result, &w->meta, &w->ledger, tx, &base_fee), SDEX_OK);
	assert_int_equal(tx_apply(&w->result, &w->meta, &w->ledger, tx), SDEX_OK);
	return w->result.result.code;
}

sdex_TransactionResultCode world_apply(struct world *w, int source, sdex_Operation **ops,
				       uint32_t count)
{
	struct tx tx;
	assert_int_equal(tx_read(&tx, &w->ledger, world_envelope(w, source, ops, count), NULL),
			 SDEX_OK);
	return apply(w, &tx, 0);
}

static void make_virtual(sdex_MuxedAccount *account, uint64_t id)
{
	sdex_uint256 key = account->ed25519;
	account->type = SDEX_KEY_TYPE_MUXED_ED25519;
	account->med25519 = (sdex_MuxedAccountMed25519){.id = id, .ed25519 = key};
}

static sdex_TransactionEnvelope *bumped(struct world *w, sdex_TransactionEnvelope *inner, int payer)
{
	sdex_TransactionEnvelope *envelope = piece(w, sizeof(*envelope));
	envelope->type = SDEX_ENVELOPE_TYPE_TX_FEE_BUMP;
	envelope->feeBump = piece(w, sizeof(*envelope->feeBump));
	envelope->feeBump->tx.feeSource = muxed_of(payer);
	envelope->feeBump->tx.fee = 10000;
	envelope->feeBump->tx.innerTx.type = SDEX_ENVELOPE_TYPE_TX;
	envelope->feeBump->tx.innerTx.v1 = inner->v1;
	return envelope;
}

sdex_TransactionResultCode world_submit(struct world *w, int source, sdex_Operation **ops,
					uint32_t count)
{
	return world_submit_as(w, source, 0, 0, ops, count);
}

sdex_TransactionResultCode world_submit_as(struct world *w, int source, uint64_t virtual, int payer,
					   sdex_Operation **ops, uint32_t count)
{
	struct tx tx;
	struct tx_moment next = {.sequence = w->state->header.sequence + 1,
				 .close_time = w->state->header.close_time + 5};
	sdex_TransactionEnvelope *envelope = world_envelope(w, source, ops, count);
	if (virtual)
		make_virtual(&envelope->v1->tx.sourceAccount, virtual);
	if (payer)
		envelope = bumped(w, envelope, payer);
	assert_int_equal(tx_read(&tx, &w->ledger, envelope, NULL), SDEX_OK);
	memcpy(w->hash, tx.contents_hash, 32);
	assert_int_equal(tx_check(&w->result, &w->ledger, &tx, next, 0), SDEX_OK);
	sdex_TransactionResultCode valid = w->result.result.code;
	if (valid != SDEX_txSUCCESS && valid != SDEX_txFAILED &&
	    valid != SDEX_txFEE_BUMP_INNER_SUCCESS)
		return valid;
	int *refused = piece(w, count * sizeof(*refused));
	for (uint32_t i = 0; valid == SDEX_txFAILED && i < count; i++)
		refused[i] = world_op_code(world_op_result(w, i));
	w->state->header.sequence++;
	w->state->header.close_time += 5;
	sdex_TransactionResultCode code = apply(w, &tx, w->state->header.base_fee);
	for (uint32_t i = 0; valid == SDEX_txFAILED && i < count; i++)
		assert_int_equal(world_op_code(world_op_result(w, i)), refused[i]);
	if (valid == SDEX_txFAILED)
		assert_int_equal(code, SDEX_txFAILED);
	return code;
}

/* --- frozen keys */

static struct sdex_bytes frozen_key_of(struct world *w, int name, const sdex_Asset *line)
{
	sdex_LedgerKeyTrustLine trust = {.accountID = account_of(name)};
	sdex_LedgerKey key = {.type = SDEX_ACCOUNT, .account.accountID = trust.accountID};
	if (line) {
		key.type = SDEX_TRUSTLINE;
		key.trustLine = &trust;
		trust.asset.type = line->type;
		trust.asset.alphaNum4 = line->alphaNum4;
	}
	uint8_t *bytes = malloc(128);
	size_t size = 0;
	assert_non_null(bytes);
	assert_int_equal(sdex_LedgerKey_encode(bytes, 128, &size, &key, NULL), SDEX_OK);
	w->ledger.frozen.keys = w->frozen;
	w->ledger.frozen.bypass = w->bypass;
	return (struct sdex_bytes){bytes, (uint32_t)size};
}

void world_freeze(struct world *w, int name, const sdex_Asset *line)
{
	assert_true(w->ledger.frozen.count < 16);
	w->frozen[w->ledger.frozen.count++] = frozen_key_of(w, name, line);
}

void world_thaw(struct world *w, int name, const sdex_Asset *line)
{
	struct sdex_bytes key = frozen_key_of(w, name, line);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < w->ledger.frozen.count; i++)
		if (w->frozen[i].size == key.size &&
		    memcmp(w->frozen[i].data, key.data, key.size) == 0)
			free((void *)(uintptr_t)w->frozen[i].data);
		else
			w->frozen[kept++] = w->frozen[i];
	w->ledger.frozen.count = kept;
	free((void *)(uintptr_t)key.data);
}

void world_bypass(struct world *w)
{
	assert_true(w->ledger.frozen.bypass_count < 16);
	memcpy(w->bypass[w->ledger.frozen.bypass_count++].bytes, w->hash, 32);
}

sdex_OperationResult *world_op_result(struct world *w, uint32_t index)
{
	return &w->result.result.results.items[index];
}

int world_op_code(const sdex_OperationResult *result)
{
	if (result->code != SDEX_opINNER)
		return 1000 - (int)result->code;
	/* every arm begins with its code */
	int code;
	memcpy(&code, &result->tr->paymentResult, sizeof(code));
	return code;
}

int world_run(struct world *w, sdex_Operation *op)
{
	int source = op->sourceAccount->ed25519.bytes[0] | op->sourceAccount->ed25519.bytes[1] << 8;
	sdex_TransactionResultCode code = world_apply(w, source, &op, 1);
	if (code != SDEX_txSUCCESS && code != SDEX_txFAILED)
		return 2000 - (int)code;
	return world_op_code(world_op_result(w, 0));
}

void world_laws(struct world *w)
{
	char text[LAWS_TEXT_ROOM];
	if (laws_broken(text, w->state))
		fail_msg("%s", text);
}
