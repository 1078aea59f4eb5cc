/* ledger/testing/wild_op.c - see wild_op.h. */
#include "ledger/testing/wild_op.h"

#include "base/check.h"
#include "ledger/entry.h"
#include "ledger/rules.h"

#define ACCOUNTS 8u /* six of them are there at first */
#define FUNDED 6u
#define ASSETS 5u
#define DATA_NAMES 3u
#define XLM 10000000LL

#define PICK(table, byte) (table)[(byte) % (sizeof(table) / sizeof(*(table)))]

static const int64_t amounts[] = {0,
				  1,
				  100,
				  2,
				  3,
				  7,
				  10,
				  99,
				  101,
				  1000,
				  12345,
				  XLM,
				  XLM - 1,
				  XLM + 1,
				  100 * XLM,
				  5000000,
				  10000000,
				  1000000 * XLM,
				  INT32_MAX,
				  1LL << 40,
				  INT64_MAX / 2,
				  INT64_MAX - 1,
				  INT64_MAX,
				  -1,
				  INT64_MIN};

static const int32_t terms[] = {
	1, 2, 3, 7, 10, 99, 100, 101, 333333333, 1000000000, INT32_MAX - 1, INT32_MAX, 0, -1};

static const sdex_OperationType kinds[] = {
	SDEX_PAYMENT,
	SDEX_MANAGE_SELL_OFFER,
	SDEX_MANAGE_BUY_OFFER,
	SDEX_PATH_PAYMENT_STRICT_SEND,
	SDEX_PATH_PAYMENT_STRICT_RECEIVE,
	SDEX_CREATE_PASSIVE_SELL_OFFER,
	SDEX_CHANGE_TRUST,
	SDEX_LIQUIDITY_POOL_DEPOSIT,
	SDEX_LIQUIDITY_POOL_WITHDRAW,
	SDEX_CREATE_CLAIMABLE_BALANCE,
	SDEX_CLAIM_CLAIMABLE_BALANCE,
	SDEX_SET_TRUST_LINE_FLAGS,
	SDEX_ALLOW_TRUST,
	SDEX_SET_OPTIONS,
	SDEX_MANAGE_DATA,
	SDEX_BEGIN_SPONSORING_FUTURE_RESERVES,
	SDEX_END_SPONSORING_FUTURE_RESERVES,
	SDEX_REVOKE_SPONSORSHIP,
	SDEX_CLAWBACK,
	SDEX_CLAWBACK_CLAIMABLE_BALANCE,
	SDEX_CREATE_ACCOUNT,
	SDEX_ACCOUNT_MERGE,
	SDEX_BUMP_SEQUENCE,
	SDEX_INFLATION,
};

sdex_OperationType wild_kind(const struct wild_op *op)
{
	return PICK(kinds, op->kind);
}

static void *piece(struct wild *w, size_t size)
{
	void *made = sdex_arena_alloc(w->arena, size);
	CHECK(made);
	memset(made, 0, size);
	return made;
}

/* --- names */

static sdex_AccountID account_id(uint32_t number)
{
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memset(id.ed25519.bytes, (int)(number % ACCOUNTS) + 1, 32);
	return id;
}

static sdex_MuxedAccount muxed(uint32_t number)
{
	sdex_AccountID id = account_id(number);
	sdex_MuxedAccount account = {.type = SDEX_KEY_TYPE_ED25519, .ed25519 = id.ed25519};
	if (number & 0x80) {
		account.type = SDEX_KEY_TYPE_MUXED_ED25519;
		account.med25519.id = number;
		account.med25519.ed25519 = id.ed25519;
	}
	return account;
}

/* Lumens, two assets of the first account, one of the second, one of a trader's own */
static sdex_Asset asset_number(struct wild *w, uint32_t number)
{
	static const char codes[ASSETS][13] = {"", "USD", "EUR", "LONGASSET012", "OWN"};
	static const uint8_t issuers[ASSETS] = {0, 0, 1, 0, 2};
	sdex_Asset asset = {.type = SDEX_ASSET_TYPE_NATIVE};
	number %= ASSETS;
	if (number == 3) {
		asset.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12;
		asset.alphaNum12 = piece(w, sizeof(*asset.alphaNum12));
		memcpy(asset.alphaNum12->assetCode.bytes, codes[number], 12);
		asset.alphaNum12->issuer = account_id(issuers[number]);
	} else if (number) {
		asset.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4;
		memcpy(asset.alphaNum4.assetCode.bytes, codes[number], 4);
		asset.alphaNum4.issuer = account_id(issuers[number]);
	}
	return asset;
}

static sdex_LiquidityPoolConstantProductParameters *pool_of(struct wild *w, const struct wild_op *o)
{
	sdex_LiquidityPoolConstantProductParameters *p = piece(w, sizeof(*p));
	uint32_t a = o->asset[0] % ASSETS, b = o->asset[1] % ASSETS;
	*p = (sdex_LiquidityPoolConstantProductParameters){
		.assetA = asset_number(w, a), .assetB = asset_number(w, b), .fee = 30};
	/* by type and code: numbers are in the order of assets but for OWN and the long one */
	if (state_asset(w->state, &p->assetA) != state_asset(w->state, &p->assetB) &&
	    ((a > b) != ((a == 4 && b == 3) || (a == 3 && b == 4)))) {
		sdex_Asset first = p->assetA;
		p->assetA = p->assetB;
		p->assetB = first;
	}
	return p;
}

static sdex_PoolID pool_id(struct wild *w, const struct wild_op *o)
{
	sdex_LiquidityPoolParameters parameters = {.type = SDEX_LIQUIDITY_POOL_CONSTANT_PRODUCT,
						   .constantProduct = pool_of(w, o)};
	uint8_t bytes[256];
	size_t size = 0;
	sdex_PoolID id;
	CHECK(sdex_LiquidityPoolParameters_encode(bytes, sizeof(bytes), &size, &parameters, NULL) ==
	      SDEX_OK);
	sdex_sha256(id.bytes, bytes, size);
	return id;
}

/* --- what is there to pick from */

static int64_t offer_id(struct wild *w, const struct wild_op *o, uint32_t address)
{
	uint32_t slot = address_at(w->state, address)->offers;
	for (uint32_t i = 0; slot != SLOT_NONE && i + 1 < o->pick; i++) {
		const struct offer *offer = slab_at(&w->state->entries[ENTRY_OFFER], slot);
		slot = offer->next;
	}
	if (o->pick == 0 || slot == SLOT_NONE)
		return o->pick > 200 ? o->pick : 0;
	return ((struct offer *)slab_at(&w->state->entries[ENTRY_OFFER], slot))->id;
}

static sdex_ClaimableBalanceID balance_id(struct wild *w, const struct wild_op *o)
{
	const struct table *table = &w->state->by_entry[ENTRY_CLAIMABLE];
	sdex_ClaimableBalanceID id = {.type = SDEX_CLAIMABLE_BALANCE_ID_TYPE_V0};
	uint32_t seen = 0;
	for (uint32_t i = 0; table->entries && i <= table->mask; i++) {
		uint32_t slot = table->entries[i].slot;
		if (slot == SLOT_NONE || seen++ > o->pick % 8u)
			continue;
		memcpy(id.v0.bytes,
		       ((struct claimable *)slab_at(&w->state->entries[ENTRY_CLAIMABLE], slot))->id,
		       32);
	}
	return id;
}

static struct sdex_bytes data_name(const struct wild_op *o)
{
	static const char *const names[DATA_NAMES] = {"one", "two", "three"};
	const char *name = names[o->pick % DATA_NAMES];
	return (struct sdex_bytes){(const uint8_t *)name, (uint32_t)strlen(name)};
}

static sdex_SignerKey signer_key(const struct wild_op *o)
{
	sdex_SignerKey key = {.type = SDEX_SIGNER_KEY_TYPE_ED25519};
	memset(key.ed25519.bytes, o->pick % 3 + 100, 32);
	return key;
}

static sdex_Price price(const struct wild_op *o)
{
	return (sdex_Price){.n = PICK(terms, o->n), .d = PICK(terms, o->d)};
}

static int64_t amount(const struct wild_op *o, int which)
{
	return PICK(amounts, o->amount[which]);
}

static sdex_Asset_list path(struct wild *w, const struct wild_op *o)
{
	sdex_Asset_list list = {.items = piece(w, 3 * sizeof(sdex_Asset)), .count = o->flags % 4u};
	for (uint32_t i = 0; i < list.count && i < 3; i++)
		list.items[i] = asset_number(w, (uint32_t)o->asset[2] + i * o->pick);
	return list;
}

/* --- operations */

static sdex_SetOptionsOp *options(struct wild *w, const struct wild_op *o)
{
	sdex_SetOptionsOp *set = piece(w, sizeof(*set));
	uint32_t *numbers = piece(w, 6 * sizeof(*numbers));
	struct sdex_bytes *domain = piece(w, sizeof(*domain));
	sdex_Signer *signer = piece(w, sizeof(*signer));
	numbers[0] = o->n % 16u;
	numbers[1] = o->d % 16u;
	numbers[2] = o->amount[0];
	numbers[3] = o->amount[1];
	*domain = data_name(o);
	*signer = (sdex_Signer){.key = signer_key(o), .weight = o->amount[0] % 3u};
	if (o->flags & 1)
		set->setFlags = &numbers[0];
	if (o->flags & 2)
		set->clearFlags = &numbers[1];
	if (o->flags & 4)
		set->signer = signer;
	if (o->flags & 8)
		set->homeDomain = domain;
	if (o->flags & 16)
		set->masterWeight = &numbers[2];
	if (o->flags & 32)
		set->medThreshold = &numbers[3];
	return set;
}

static void trust(struct wild *w, sdex_OperationBody *body, const struct wild_op *o)
{
	sdex_ChangeTrustOp *change = piece(w, sizeof(*change));
	change->limit = amount(o, 0);
	if (o->flags & 1) {
		change->line.type = SDEX_ASSET_TYPE_POOL_SHARE;
		change->line.liquidityPool.type = SDEX_LIQUIDITY_POOL_CONSTANT_PRODUCT;
		change->line.liquidityPool.constantProduct = pool_of(w, o);
	} else {
		sdex_Asset asset = asset_number(w, o->asset[0]);
		change->line.type = asset.type;
		if (asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
			change->line.alphaNum12 = asset.alphaNum12;
		else if (asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
			change->line.alphaNum4 = asset.alphaNum4;
	}
	body->changeTrustOp = change;
}

static sdex_AllowTrustOp *allow(struct wild *w, const struct wild_op *o)
{
	sdex_AllowTrustOp *allow = piece(w, sizeof(*allow));
	sdex_Asset asset = asset_number(w, o->asset[0]);
	*allow = (sdex_AllowTrustOp){.trustor = account_id(o->to), .authorize = o->flags % 4u};
	allow->asset.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4;
	if (asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12) {
		allow->asset.type = asset.type;
		allow->asset.assetCode12 = asset.alphaNum12->assetCode;
	} else if (asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
		allow->asset.assetCode4 = asset.alphaNum4.assetCode;
	}
	return allow;
}

static sdex_CreateClaimableBalanceOp *balance(struct wild *w, const struct wild_op *o)
{
	sdex_CreateClaimableBalanceOp *create = piece(w, sizeof(*create));
	uint32_t count = 1 + o->n % 3u;
	*create = (sdex_CreateClaimableBalanceOp){
		.asset = asset_number(w, o->asset[0]),
		.amount = amount(o, 0),
		.claimants = {.items = piece(w, count * sizeof(sdex_Claimant)), .count = count}};
	for (uint32_t i = 0; i < count; i++) {
		sdex_ClaimantV0 *v0 = piece(w, sizeof(*v0));
		sdex_ClaimPredicate *not = piece(w, sizeof(*not ));
		v0->destination = account_id(o->to + i);
		*not = (sdex_ClaimPredicate){.type = SDEX_CLAIM_PREDICATE_BEFORE_RELATIVE_TIME,
					     .relBefore = amount(o, 1)};
		if (o->flags % 3u == 1)
			v0->predicate = *not ;
		else if (o->flags % 3u == 2)
			v0->predicate = (sdex_ClaimPredicate){.type = SDEX_CLAIM_PREDICATE_NOT,
							      .notPredicate = not };
		create->claimants.items[i] =
			(sdex_Claimant){.type = SDEX_CLAIMANT_TYPE_V0, .v0 = v0};
	}
	return create;
}

static void revoke(struct wild *w, sdex_OperationBody *body, const struct wild_op *o)
{
	sdex_LedgerKey *key = piece(w, sizeof(*key));
	sdex_AccountID owner = account_id(o->to);
	body->revokeSponsorshipOp.ledgerKey = key;
	switch (o->flags % 7u) {
	case 0:
		*key = (sdex_LedgerKey){.type = SDEX_ACCOUNT, .account.accountID = owner};
		return;
	case 1: {
		sdex_LedgerKeyOffer *offer = piece(w, sizeof(*offer));
		uint32_t address = state_address(w->state, owner.ed25519.bytes);
		*offer = (sdex_LedgerKeyOffer){owner, offer_id(w, o, address)};
		*key = (sdex_LedgerKey){.type = SDEX_OFFER, .offer = offer};
		return;
	}
	case 2: {
		sdex_LedgerKeyData *data = piece(w, sizeof(*data));
		*data = (sdex_LedgerKeyData){owner, data_name(o)};
		*key = (sdex_LedgerKey){.type = SDEX_DATA, .data = data};
		return;
	}
	case 3:
		*key = (sdex_LedgerKey){.type = SDEX_CLAIMABLE_BALANCE,
					.claimableBalance.balanceID = balance_id(w, o)};
		return;
	case 4: {
		sdex_RevokeSponsorshipOpSigner *signer = piece(w, sizeof(*signer));
		*signer = (sdex_RevokeSponsorshipOpSigner){owner, signer_key(o)};
		body->revokeSponsorshipOp.type = SDEX_REVOKE_SPONSORSHIP_SIGNER;
		body->revokeSponsorshipOp.signer = signer;
		return;
	}
	default: {
		sdex_LedgerKeyTrustLine *line = piece(w, sizeof(*line));
		sdex_Asset asset = asset_number(w, o->asset[0]);
		line->accountID = owner;
		line->asset.type = asset.type;
		if (o->flags % 7u == 6) {
			line->asset.type = SDEX_ASSET_TYPE_POOL_SHARE;
			line->asset.liquidityPoolID = pool_id(w, o);
		} else if (asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12) {
			line->asset.alphaNum12 = asset.alphaNum12;
		} else if (asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
			line->asset.alphaNum4 = asset.alphaNum4;
		}
		*key = (sdex_LedgerKey){.type = SDEX_TRUSTLINE, .trustLine = line};
	}
	}
}

#define NEW(body, field) ((body)->field = piece(w, sizeof(*(body)->field)))

static void fill(struct wild *w, sdex_OperationBody *body, const struct wild_op *o,
		 uint32_t address)
{
	sdex_Asset first = asset_number(w, o->asset[0]), second = asset_number(w, o->asset[1]);
	const struct account *account = state_account(w->state, address);
	body->type = wild_kind(o);
	switch (body->type) {
	case SDEX_CREATE_ACCOUNT:
		*NEW(body, createAccountOp) =
			(sdex_CreateAccountOp){account_id(o->to), amount(o, 0)};
		break;
	case SDEX_PAYMENT:
		*NEW(body, paymentOp) = (sdex_PaymentOp){muxed(o->to), first, amount(o, 0)};
		break;
	case SDEX_PATH_PAYMENT_STRICT_RECEIVE:
		*NEW(body, pathPaymentStrictReceiveOp) = (sdex_PathPaymentStrictReceiveOp){
			first, amount(o, 0), muxed(o->to), second, amount(o, 1), path(w, o)};
		break;
	case SDEX_PATH_PAYMENT_STRICT_SEND:
		*NEW(body, pathPaymentStrictSendOp) = (sdex_PathPaymentStrictSendOp){
			first, amount(o, 0), muxed(o->to), second, amount(o, 1), path(w, o)};
		break;
	case SDEX_MANAGE_SELL_OFFER:
		*NEW(body, manageSellOfferOp) = (sdex_ManageSellOfferOp){
			first, second, amount(o, 0), price(o), offer_id(w, o, address)};
		break;
	case SDEX_MANAGE_BUY_OFFER:
		*NEW(body, manageBuyOfferOp) = (sdex_ManageBuyOfferOp){
			first, second, amount(o, 0), price(o), offer_id(w, o, address)};
		break;
	case SDEX_CREATE_PASSIVE_SELL_OFFER:
		*NEW(body, createPassiveSellOfferOp) =
			(sdex_CreatePassiveSellOfferOp){first, second, amount(o, 0), price(o)};
		break;
	case SDEX_SET_OPTIONS:
		body->setOptionsOp = options(w, o);
		break;
	case SDEX_CHANGE_TRUST:
		trust(w, body, o);
		break;
	case SDEX_ALLOW_TRUST:
		body->allowTrustOp = allow(w, o);
		break;
	case SDEX_ACCOUNT_MERGE:
		*NEW(body, destination) = muxed(o->to);
		break;
	case SDEX_MANAGE_DATA:
		body->manageDataOp.dataName = data_name(o);
		if (o->flags & 1)
			*NEW(body, manageDataOp.dataValue) = data_name(o);
		break;
	case SDEX_BUMP_SEQUENCE:
		body->bumpSequenceOp.bumpTo =
			o->flags & 1 ? amount(o, 0) : (account ? account->sequence : 0) + o->n;
		break;
	case SDEX_CREATE_CLAIMABLE_BALANCE:
		body->createClaimableBalanceOp = balance(w, o);
		break;
	case SDEX_CLAIM_CLAIMABLE_BALANCE:
		body->claimClaimableBalanceOp.balanceID = balance_id(w, o);
		break;
	case SDEX_BEGIN_SPONSORING_FUTURE_RESERVES:
		body->beginSponsoringFutureReservesOp.sponsoredID = account_id(o->to);
		break;
	case SDEX_REVOKE_SPONSORSHIP:
		revoke(w, body, o);
		break;
	case SDEX_CLAWBACK:
		*NEW(body, clawbackOp) = (sdex_ClawbackOp){first, muxed(o->to), amount(o, 0)};
		break;
	case SDEX_CLAWBACK_CLAIMABLE_BALANCE:
		body->clawbackClaimableBalanceOp.balanceID = balance_id(w, o);
		break;
	case SDEX_SET_TRUST_LINE_FLAGS:
		*NEW(body, setTrustLineFlagsOp) = (sdex_SetTrustLineFlagsOp){
			account_id(o->to), first, o->flags % 8u, o->n % 8u};
		break;
	case SDEX_LIQUIDITY_POOL_DEPOSIT:
		*NEW(body, liquidityPoolDepositOp) = (sdex_LiquidityPoolDepositOp){
			pool_id(w, o), amount(o, 0), amount(o, 1), {1, INT32_MAX}, {INT32_MAX, 1}};
		if (o->flags & 1)
			body->liquidityPoolDepositOp->minPrice = price(o);
		break;
	case SDEX_LIQUIDITY_POOL_WITHDRAW:
		*NEW(body, liquidityPoolWithdrawOp) = (sdex_LiquidityPoolWithdrawOp){
			pool_id(w, o), amount(o, 0), o->flags & 1 ? amount(o, 1) : 0, 0};
		break;
	case SDEX_INFLATION:
	case SDEX_END_SPONSORING_FUTURE_RESERVES:
	case SDEX_INVOKE_HOST_FUNCTION:
	case SDEX_EXTEND_FOOTPRINT_TTL:
	case SDEX_RESTORE_FOOTPRINT:
		break;
	}
}

const sdex_TransactionEnvelope *wild_envelope(struct wild *w, const struct wild_tx *tx)
{
	sdex_TransactionEnvelope *envelope = piece(w, sizeof(*envelope));
	sdex_TransactionV1Envelope *v1 = piece(w, sizeof(*v1));
	sdex_AccountID source = account_id(tx->source);
	const struct account *account =
		state_account(w->state, state_address(w->state, source.ed25519.bytes));
	uint32_t count = tx->count % WILD_OPS + 1u;
	*envelope = (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX, .v1 = v1};
	v1->tx.sourceAccount = muxed(tx->source);
	v1->tx.fee = 100 * count;
	v1->tx.seqNum =
		account && account->sequence < INT64_MAX ? account->sequence + 1 : INT64_MAX;
	v1->tx.operations.items = piece(w, count * sizeof(sdex_Operation));
	v1->tx.operations.count = count;
	if (tx->form & 1)
		v1->tx.memo = (sdex_Memo){.type = SDEX_MEMO_ID, .id = tx->form};
	for (uint32_t i = 0; i < count; i++) {
		sdex_Operation *op = &v1->tx.operations.items[i];
		sdex_AccountID who = account_id(tx->ops[i].source);
		op->sourceAccount = piece(w, sizeof(*op->sourceAccount));
		*op->sourceAccount = muxed(tx->ops[i].source);
		fill(w, &op->body, &tx->ops[i], state_address(w->state, who.ed25519.bytes));
	}
	if (tx->form & 2) {
		sdex_FeeBumpTransactionEnvelope *bump = piece(w, sizeof(*bump));
		bump->tx.feeSource = muxed(tx->form >> 2);
		bump->tx.fee = 100 * ((int64_t)count + 1);
		bump->tx.innerTx.type = SDEX_ENVELOPE_TYPE_TX;
		bump->tx.innerTx.v1 = v1;
		*envelope = (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX_FEE_BUMP,
						       .feeBump = bump};
	}
	return envelope;
}

/* --- the world at first */

/* A pool of lumens and USD, all of it the fourth account's. */
static void make_pool(struct wild *w)
{
	const struct wild_op pair = {.asset = {0, 1}};
	sdex_PoolID id = pool_id(w, &pair);
	sdex_Asset usd = asset_number(w, 1);
	sdex_AccountID owner = account_id(3);
	uint32_t share = state_share(w->state, id.bytes);
	uint32_t address = state_address(w->state, owner.ed25519.bytes);
	struct pool pool = {.entry.sponsor = SLOT_NONE,
			    .asset = share,
			    .asset_a = ASSET_NATIVE,
			    .asset_b = state_asset(w->state, &usd),
			    .fee_bps = 30,
			    .reserve_a = 100 * XLM,
			    .reserve_b = 200 * XLM,
			    .shares = 140 * XLM,
			    .trustlines = 1};
	struct trustline line = {.entry = {.sponsor = SLOT_NONE, .flags = SDEX_AUTHORIZED_FLAG},
				 .address = address,
				 .asset = share,
				 .balance = pool.shares,
				 .limit = INT64_MAX};
	CHECK(state_create(w->state, ENTRY_POOL, &pool));
	CHECK(state_create(w->state, ENTRY_TRUSTLINE, &line));
	state_account(w->state, address)->subentries += 2;
	struct trustline *held = state_trustline(w->state, address, pool.asset_b);
	held->pool_uses = 1;
	held->entry.level = 2;
}

void wild_populate(struct wild *w)
{
	for (uint32_t i = 0; i < FUNDED; i++) {
		sdex_AccountID id = account_id(i);
		struct account made = {
			.entry = {.sponsor = SLOT_NONE,
				  .flags = i == 0 ? SDEX_AUTH_REVOCABLE_FLAG |
							    SDEX_AUTH_CLAWBACK_ENABLED_FLAG
						  : 0},
			.address = state_address(w->state, id.ed25519.bytes),
			.thresholds = {1},
			.balance = i == 5 ? 3 * XLM : 10000 * XLM,
			.sequence = 100,
			.inflation_dest = SLOT_NONE};
		CHECK(state_create(w->state, ENTRY_ACCOUNT, &made));
		w->state->header.total_coins += made.balance;
	}
	for (uint32_t i = 2; i < FUNDED; i++) {
		sdex_AccountID id = account_id(i);
		uint32_t address = state_address(w->state, id.ed25519.bytes);
		for (uint32_t a = 1; a < ASSETS; a++) {
			sdex_Asset asset = asset_number(w, a);
			uint32_t number = state_asset(w->state, &asset);
			struct trustline made = {
				.entry = {.sponsor = SLOT_NONE,
					  .flags = SDEX_AUTHORIZED_FLAG |
						   (a == 1 ? SDEX_TRUSTLINE_CLAWBACK_ENABLED_FLAG
							   : 0)},
				.address = address,
				.asset = number,
				.balance = i == 4 ? INT64_MAX - 1000 : 1000 * XLM,
				.limit = INT64_MAX};
			if (asset_at(w->state, number)->issuer == address || (i == 5 && a > 1))
				continue;
			CHECK(state_create(w->state, ENTRY_TRUSTLINE, &made));
			state_account(w->state, address)->subentries++;
		}
	}
	make_pool(w);
}
