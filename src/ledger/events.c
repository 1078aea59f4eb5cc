/* ledger/events.c - see events.h. */
#include "ledger/events.h"

#include <string.h>

#include "sdex/asset.h"
#include "sdex/ids.h"

#define TOPICS_MAX 4u

struct making {
	const struct done_operation *done;
	const uint8_t *network_id;
	struct sdex_arena *arena;
	sdex_ContractEvent_list events;
	uint32_t room;
	enum sdex_error error;
};

static void *piece(struct making *m, size_t size)
{
	void *made = m->error ? NULL : sdex_arena_alloc(m->arena, size);
	if (made)
		memset(made, 0, size);
	else if (!m->error)
		m->error = SDEX_ERR_NOMEM;
	return made;
}

/* --- addresses and values */

static sdex_SCAddress of_account(const sdex_AccountID *id)
{
	return (sdex_SCAddress){.type = SDEX_SC_ADDRESS_TYPE_ACCOUNT, .accountId = *id};
}

static sdex_SCAddress of_muxed(const sdex_MuxedAccount *account)
{
	sdex_SCAddress address = {.type = SDEX_SC_ADDRESS_TYPE_ACCOUNT};
	if (account->type == SDEX_KEY_TYPE_MUXED_ED25519) {
		address.type = SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT;
		address.muxedAccount.id = account->med25519.id;
		address.muxedAccount.ed25519 = account->med25519.ed25519;
	} else {
		address.accountId.ed25519 = account->ed25519;
	}
	return address;
}

static sdex_SCAddress of_balance(const sdex_ClaimableBalanceID *id)
{
	return (sdex_SCAddress){.type = SDEX_SC_ADDRESS_TYPE_CLAIMABLE_BALANCE,
				.claimableBalanceId = *id};
}

static sdex_SCAddress of_pool(const sdex_PoolID *id)
{
	return (sdex_SCAddress){.type = SDEX_SC_ADDRESS_TYPE_LIQUIDITY_POOL,
				.liquidityPoolId = *id};
}

static const sdex_AccountID *issuer_of(const sdex_Asset *asset)
{
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		return &asset->alphaNum4.issuer;
	return asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12 ? &asset->alphaNum12->issuer : NULL;
}

static bool issues(const sdex_SCAddress *address, const sdex_Asset *asset)
{
	const sdex_AccountID *issuer = issuer_of(asset);
	if (!issuer)
		return false;
	if (address->type == SDEX_SC_ADDRESS_TYPE_ACCOUNT)
		return memcmp(address->accountId.ed25519.bytes, issuer->ed25519.bytes, 32) == 0;
	return address->type == SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT &&
	       memcmp(address->muxedAccount.ed25519.bytes, issuer->ed25519.bytes, 32) == 0;
}

static sdex_SCVal symbol(const char *word)
{
	return (sdex_SCVal){.type = SDEX_SCV_SYMBOL,
			    .sym = {(const uint8_t *)word, (uint32_t)strlen(word)}};
}

static sdex_SCVal number(int64_t amount)
{
	return (sdex_SCVal){.type = SDEX_SCV_I128,
			    .i128 = {.hi = amount < 0 ? -1 : 0, .lo = (uint64_t)amount}};
}

/* An account's number among those that share it is in no topic. */
static sdex_SCVal address_value(struct making *m, const sdex_SCAddress *address)
{
	sdex_SCAddress *copy = piece(m, sizeof(*copy));
	if (copy && address->type == SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT) {
		copy->type = SDEX_SC_ADDRESS_TYPE_ACCOUNT;
		copy->accountId.ed25519 = address->muxedAccount.ed25519;
	} else if (copy) {
		*copy = *address;
	}
	return (sdex_SCVal){.type = SDEX_SCV_ADDRESS, .address = copy};
}

static sdex_SCVal asset_value(struct making *m, const sdex_Asset *asset)
{
	char *text = piece(m, SDEX_ASSET_ROOM);
	size_t length = 0;
	if (text && sdex_asset_print(text, SDEX_ASSET_ROOM, &length, asset))
		m->error = SDEX_ERR_MISSING;
	return (sdex_SCVal){.type = SDEX_SCV_STRING,
			    .str = {(const uint8_t *)text, (uint32_t)length}};
}

static sdex_SCVal memo_value(const sdex_Memo *memo)
{
	switch (memo->type) {
	case SDEX_MEMO_NONE:
		break;
	case SDEX_MEMO_TEXT:
		return (sdex_SCVal){.type = SDEX_SCV_STRING, .str = memo->text};
	case SDEX_MEMO_ID:
		return (sdex_SCVal){.type = SDEX_SCV_U64, .u64 = memo->id};
	case SDEX_MEMO_HASH:
		return (sdex_SCVal){.type = SDEX_SCV_BYTES, .bytes = {memo->hash.bytes, 32}};
	case SDEX_MEMO_RETURN:
		return (sdex_SCVal){.type = SDEX_SCV_BYTES, .bytes = {memo->retHash.bytes, 32}};
	}
	return (sdex_SCVal){.type = SDEX_SCV_VOID};
}

/* The amount, with whom among several it is for where that is told (getPossibleMuxedData). */
static sdex_SCVal amount_value(struct making *m, const sdex_SCAddress *to, int64_t amount,
			       bool for_whom)
{
	const sdex_Memo *memo = m->done->memo;
	bool muxed = to->type == SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT;
	bool noted = to->type == SDEX_SC_ADDRESS_TYPE_ACCOUNT && memo->type != SDEX_MEMO_NONE;
	if (!for_whom || (!muxed && !noted))
		return number(amount);
	sdex_SCMap *map = piece(m, sizeof(*map));
	sdex_SCMapEntry *entries = piece(m, 2 * sizeof(*entries));
	if (map && entries) {
		entries[0].key = symbol("amount");
		entries[0].val = number(amount);
		entries[1].key = symbol("to_muxed_id");
		entries[1].val =
			muxed ? (sdex_SCVal){.type = SDEX_SCV_U64, .u64 = to->muxedAccount.id}
			      : memo_value(memo);
		*map = (sdex_SCMap){.items = entries, .count = 2};
	}
	return (sdex_SCVal){.type = SDEX_SCV_MAP, .map = map};
}

/* --- events */

static bool begin_event(struct making *m, sdex_ContractEvent *event, const sdex_Asset *asset,
			const char *name)
{
	sdex_Hash network;
	sdex_SCVal *topics = piece(m, TOPICS_MAX * sizeof(*topics));
	sdex_ContractID *contract = piece(m, sizeof(*contract));
	sdex_ContractEventV0 *body = piece(m, sizeof(*body));
	*event = (sdex_ContractEvent){
		.type = SDEX_CONTRACT, .contractID = contract, .body = {.v0 = body}};
	memcpy(network.bytes, m->network_id, 32);
	if (!topics || !contract || !body)
		return false;
	if (sdex_asset_contract_id(contract, &network, asset)) {
		m->error = SDEX_ERR_MISSING;
		return false;
	}
	topics[0] = symbol(name);
	event->body.v0->topics = (sdex_SCVal_list){.items = topics, .count = 1};
	return true;
}

static void add_topic(sdex_ContractEvent *event, sdex_SCVal topic)
{
	event->body.v0->topics.items[event->body.v0->topics.count++] = topic;
}

/* One more event with these topics behind its name, where they are there. */
static void add(struct making *m, const char *name, const sdex_Asset *asset,
		const sdex_SCAddress *first, const sdex_SCAddress *second, sdex_SCVal data)
{
	if (m->events.count == m->room) {
		uint32_t room = m->room ? 2 * m->room : 4;
		sdex_ContractEvent *more = piece(m, room * sizeof(*more));
		if (!more)
			return;
		if (m->events.count)
			memcpy(more, m->events.items, m->events.count * sizeof(*more));
		m->events.items = more;
		m->room = room;
	}
	sdex_ContractEvent *event = &m->events.items[m->events.count];
	if (!begin_event(m, event, asset, name))
		return;
	add_topic(event, address_value(m, first));
	if (second)
		add_topic(event, address_value(m, second));
	add_topic(event, asset_value(m, asset));
	event->body.v0->data = data;
	m->events.count++;
}

/* From one to another, or out of nothing or into nothing where one is the issuer
 * (eventForTransferWithIssuerCheck). */
static void move(struct making *m, const sdex_Asset *asset, sdex_SCAddress from, sdex_SCAddress to,
		 int64_t amount, bool for_whom)
{
	bool from_issuer = issues(&from, asset), to_issuer = issues(&to, asset);
	if (from_issuer && !to_issuer)
		add(m, "mint", asset, &to, NULL, amount_value(m, &to, amount, for_whom));
	else if (to_issuer && !from_issuer)
		add(m, "burn", asset, &from, NULL, number(amount));
	else
		add(m, "transfer", asset, &from, &to, amount_value(m, &to, amount, for_whom));
}

static sdex_SCAddress source(const struct making *m)
{
	const sdex_MuxedAccount *own = m->done->operation->sourceAccount;
	return of_muxed(own ? own : m->done->tx_source);
}

static void claims(struct making *m, const sdex_ClaimAtom_list *atoms)
{
	for (uint32_t i = 0; i < atoms->count; i++) {
		const sdex_ClaimAtom *atom = &atoms->items[i];
		if (atom->type == SDEX_CLAIM_ATOM_TYPE_LIQUIDITY_POOL) {
			const sdex_ClaimLiquidityAtom *pool = atom->liquidityPool;
			sdex_SCAddress maker = of_pool(&pool->liquidityPoolID);
			move(m, &pool->assetBought, source(m), maker, pool->amountBought, false);
			move(m, &pool->assetSold, maker, source(m), pool->amountSold, false);
		} else if (atom->type == SDEX_CLAIM_ATOM_TYPE_ORDER_BOOK) {
			const sdex_ClaimOfferAtom *offer = atom->orderBook;
			sdex_SCAddress maker = of_account(&offer->sellerID);
			move(m, &offer->assetBought, source(m), maker, offer->amountBought, false);
			move(m, &offer->assetSold, maker, source(m), offer->amountSold, false);
		} else if (atom->type == SDEX_CLAIM_ATOM_TYPE_V0) { /* up to protocol 17 */
			const sdex_ClaimOfferAtomV0 *old = atom->v0;
			sdex_SCAddress maker = {.type = SDEX_SC_ADDRESS_TYPE_ACCOUNT};
			maker.accountId.ed25519 = old->sellerEd25519;
			move(m, &old->assetBought, source(m), maker, old->amountBought, false);
			move(m, &old->assetSold, maker, source(m), old->amountSold, false);
		}
	}
}

/* --- what only the changes tell */

static const sdex_LedgerEntry *entry_before(const sdex_LedgerEntryChanges *changes,
					    sdex_LedgerEntryType type)
{
	for (uint32_t i = 0; i < changes->count; i++)
		if (changes->items[i].type == SDEX_LEDGER_ENTRY_STATE &&
		    changes->items[i].state->data.type == type)
			return changes->items[i].state;
	return NULL;
}

struct pool_change {
	const sdex_LiquidityPoolConstantProductParameters *params;
	int64_t a; /* that came in; < 0: that went out */
	int64_t b;
};

/* False for reserves below 0, which no pool has. */
static bool differences(struct pool_change *change,
			const sdex_LiquidityPoolEntryConstantProduct *before,
			const sdex_LiquidityPoolEntryConstantProduct *after)
{
	int64_t a = after ? after->reserveA : 0, b = after ? after->reserveB : 0;
	if (before->reserveA < 0 || before->reserveB < 0 || a < 0 || b < 0)
		return false;
	change->a = a - before->reserveA;
	change->b = b - before->reserveB;
	return true;
}

static bool find_pool(struct making *m, struct pool_change *found, const sdex_PoolID *id)
{
	const sdex_LedgerEntryChanges *changes = m->done->changes;
	const sdex_LiquidityPoolEntryConstantProduct *before = NULL, *after = NULL;
	for (uint32_t i = 0; i < changes->count; i++) {
		const sdex_LedgerEntryChange *change = &changes->items[i];
		if (change->type == SDEX_LEDGER_ENTRY_REMOVED ||
		    change->state->data.type != SDEX_LIQUIDITY_POOL ||
		    memcmp(change->state->data.liquidityPool->liquidityPoolID.bytes, id->bytes,
			   32) != 0)
			continue;
		const sdex_LiquidityPoolEntryConstantProduct *pool =
			change->state->data.liquidityPool->body.constantProduct;
		if (change->type == SDEX_LEDGER_ENTRY_STATE)
			before = pool;
		else
			after = pool;
	}
	if (!before || !differences(found, before, after)) {
		m->error = SDEX_ERR_MISSING;
		return false;
	}
	found->params = &before->params;
	return true;
}

static void deposit(struct making *m, const sdex_PoolID *id)
{
	struct pool_change pool;
	if (!find_pool(m, &pool, id))
		return;
	move(m, &pool.params->assetA, source(m), of_pool(id), pool.a, false);
	move(m, &pool.params->assetB, source(m), of_pool(id), pool.b, false);
}

static void withdraw(struct making *m, const sdex_PoolID *id)
{
	struct pool_change pool;
	if (!find_pool(m, &pool, id))
		return;
	move(m, &pool.params->assetA, of_pool(id), source(m), -pool.a, true);
	move(m, &pool.params->assetB, of_pool(id), source(m), -pool.b, true);
}

static const sdex_ClaimableBalanceEntry *balance_before(struct making *m)
{
	const sdex_LedgerEntry *entry = entry_before(m->done->changes, SDEX_CLAIMABLE_BALANCE);
	if (!entry)
		m->error = SDEX_ERR_MISSING;
	return entry ? entry->data.claimableBalance : NULL;
}

/* --- authorisation */

/* A pool gave up what it held for the trustor: into a balance to be claimed, or to the
 * issuer, who need not claim it. */
static void redeem(struct making *m, const sdex_PoolID *id, const sdex_Asset *asset, int64_t amount,
		   const sdex_AccountID *trustor)
{
	sdex_SCAddress pool = of_pool(id), holder = of_account(trustor);
	sdex_AccountID tx_source = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	sdex_ClaimableBalanceID balance;
	if (amount == 0)
		return;
	if (issues(&holder, asset)) {
		add(m, "burn", asset, &pool, NULL, number(amount));
		return;
	}
	tx_source.ed25519 = m->done->tx_source->type == SDEX_KEY_TYPE_MUXED_ED25519
				    ? m->done->tx_source->med25519.ed25519
				    : m->done->tx_source->ed25519;
	if (sdex_balance_id_revoked(&balance, &tx_source, m->done->tx_sequence, m->done->index, id,
				    asset)) {
		m->error = SDEX_ERR_MISSING;
		return;
	}
	sdex_SCAddress to = of_balance(&balance);
	add(m, "transfer", asset, &pool, &to, number(amount));
}

/* The first pool behind `last`, by its id, whose share was removed; NULL: there is no other. */
static const sdex_PoolID *next_share(const sdex_LedgerEntryChanges *changes,
				     const sdex_PoolID *last)
{
	const sdex_PoolID *next = NULL;
	for (uint32_t i = 0; i < changes->count; i++) {
		const sdex_LedgerEntryChange *change = &changes->items[i];
		if (change->type != SDEX_LEDGER_ENTRY_REMOVED ||
		    change->removed->type != SDEX_TRUSTLINE ||
		    change->removed->trustLine->asset.type != SDEX_ASSET_TYPE_POOL_SHARE)
			continue;
		const sdex_PoolID *id = &change->removed->trustLine->asset.liquidityPoolID;
		if ((!last || memcmp(id->bytes, last->bytes, 32) > 0) &&
		    (!next || memcmp(id->bytes, next->bytes, 32) < 0))
			next = id;
	}
	return next;
}

/* Shares of pools that the trustor lost with the authorisation, in the order of the pools' ids:
 * that of the changes is a hash table's. */
static void redeem_shares(struct making *m, const sdex_AccountID *trustor)
{
	const sdex_PoolID *id = NULL;
	while (!m->error && (id = next_share(m->done->changes, id))) {
		struct pool_change pool;
		if (!find_pool(m, &pool, id))
			return;
		redeem(m, id, &pool.params->assetA, -pool.a, trustor);
		redeem(m, id, &pool.params->assetB, -pool.b, trustor);
	}
}

static bool is_line_of(const sdex_TrustLineAsset *line, const sdex_Asset *asset)
{
	if (line->type != asset->type)
		return false;
	if (line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		return sdex_AlphaNum4_equal(&line->alphaNum4, &asset->alphaNum4);
	return line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12 &&
	       sdex_AlphaNum12_equal(line->alphaNum12, asset->alphaNum12);
}

static void set_authorized(struct making *m, const sdex_Asset *asset, const sdex_AccountID *trustor)
{
	const sdex_LedgerEntryChanges *changes = m->done->changes;
	const sdex_TrustLineEntry *line = NULL;
	redeem_shares(m, trustor);
	for (uint32_t i = 0; i < changes->count; i++)
		if (changes->items[i].type == SDEX_LEDGER_ENTRY_UPDATED &&
		    changes->items[i].updated->data.type == SDEX_TRUSTLINE &&
		    is_line_of(&changes->items[i].updated->data.trustLine->asset, asset))
			line = changes->items[i].updated->data.trustLine;
	if (!line) {
		m->error = m->error ? m->error : SDEX_ERR_MISSING;
		return;
	}
	sdex_SCAddress holder = of_account(trustor);
	add(m, "set_authorized", asset, &holder, NULL,
	    (sdex_SCVal){.type = SDEX_SCV_BOOL, .b = (line->flags & SDEX_AUTHORIZED_FLAG) != 0});
}

static void allow_trust(struct making *m, const sdex_AllowTrustOp *allow)
{
	sdex_SCAddress from = source(m);
	sdex_AccountID issuer = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	issuer.ed25519 = from.type == SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT ? from.muxedAccount.ed25519
									 : from.accountId.ed25519;
	sdex_AlphaNum12 long_code = {.assetCode = allow->asset.assetCode12, .issuer = issuer};
	sdex_Asset asset = {.type = allow->asset.type};
	if (asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
		asset.alphaNum4.assetCode = allow->asset.assetCode4;
		asset.alphaNum4.issuer = issuer;
	} else {
		asset.alphaNum12 = &long_code;
	}
	set_authorized(m, &asset, &allow->trustor);
}

/* --- operations */

static void make(struct making *m)
{
	const sdex_OperationBody *body = &m->done->operation->body;
	const sdex_OperationResultTr *tr = m->done->result->tr;
	const sdex_ClaimableBalanceEntry *balance;
	const sdex_Asset native = {.type = SDEX_ASSET_TYPE_NATIVE};
	sdex_SCAddress from;
	switch (body->type) {
	case SDEX_CREATE_ACCOUNT:
		from = source(m);
		sdex_SCAddress born = of_account(&body->createAccountOp->destination);
		add(m, "transfer", &native, &from, &born,
		    amount_value(m, &born, body->createAccountOp->startingBalance, true));
		break;
	case SDEX_PAYMENT:
		move(m, &body->paymentOp->asset, source(m), of_muxed(&body->paymentOp->destination),
		     body->paymentOp->amount, true);
		break;
	case SDEX_PATH_PAYMENT_STRICT_RECEIVE:
		claims(m, &tr->pathPaymentStrictReceiveResult.success->offers);
		move(m, &body->pathPaymentStrictReceiveOp->destAsset, source(m),
		     of_muxed(&body->pathPaymentStrictReceiveOp->destination),
		     body->pathPaymentStrictReceiveOp->destAmount, true);
		break;
	case SDEX_PATH_PAYMENT_STRICT_SEND:
		claims(m, &tr->pathPaymentStrictSendResult.success->offers);
		move(m, &body->pathPaymentStrictSendOp->destAsset, source(m),
		     of_muxed(&body->pathPaymentStrictSendOp->destination),
		     tr->pathPaymentStrictSendResult.success->last.amount, true);
		break;
	case SDEX_MANAGE_SELL_OFFER:
	case SDEX_CREATE_PASSIVE_SELL_OFFER:
		claims(m, &tr->manageSellOfferResult.success.offersClaimed);
		break;
	case SDEX_MANAGE_BUY_OFFER:
		claims(m, &tr->manageBuyOfferResult.success.offersClaimed);
		break;
	case SDEX_ACCOUNT_MERGE:
		from = source(m);
		sdex_SCAddress heir = of_muxed(body->destination);
		add(m, "transfer", &native, &from, &heir,
		    amount_value(m, &heir, tr->accountMergeResult.sourceAccountBalance, true));
		break;
	case SDEX_CREATE_CLAIMABLE_BALANCE:
		move(m, &body->createClaimableBalanceOp->asset, source(m),
		     of_balance(&tr->createClaimableBalanceResult.balanceID),
		     body->createClaimableBalanceOp->amount, true);
		break;
	case SDEX_CLAIM_CLAIMABLE_BALANCE:
		balance = balance_before(m);
		if (balance)
			move(m, &balance->asset, of_balance(&balance->balanceID), source(m),
			     balance->amount, true);
		break;
	case SDEX_CLAWBACK:
		from = of_muxed(&body->clawbackOp->from);
		add(m, "clawback", &body->clawbackOp->asset, &from, NULL,
		    number(body->clawbackOp->amount));
		break;
	case SDEX_CLAWBACK_CLAIMABLE_BALANCE:
		balance = balance_before(m);
		if (!balance)
			break;
		from = of_balance(&balance->balanceID);
		add(m, "clawback", &balance->asset, &from, NULL, number(balance->amount));
		break;
	case SDEX_ALLOW_TRUST:
		allow_trust(m, body->allowTrustOp);
		break;
	case SDEX_SET_TRUST_LINE_FLAGS:
		set_authorized(m, &body->setTrustLineFlagsOp->asset,
			       &body->setTrustLineFlagsOp->trustor);
		break;
	case SDEX_LIQUIDITY_POOL_DEPOSIT:
		deposit(m, &body->liquidityPoolDepositOp->liquidityPoolID);
		break;
	case SDEX_LIQUIDITY_POOL_WITHDRAW:
		withdraw(m, &body->liquidityPoolWithdrawOp->liquidityPoolID);
		break;
	case SDEX_SET_OPTIONS:
	case SDEX_CHANGE_TRUST:
	case SDEX_INFLATION:
	case SDEX_MANAGE_DATA:
	case SDEX_BUMP_SEQUENCE:
	case SDEX_BEGIN_SPONSORING_FUTURE_RESERVES:
	case SDEX_END_SPONSORING_FUTURE_RESERVES:
	case SDEX_REVOKE_SPONSORSHIP:
	case SDEX_INVOKE_HOST_FUNCTION:
	case SDEX_EXTEND_FOOTPRINT_TTL:
	case SDEX_RESTORE_FOOTPRINT:
		break;
	}
}

enum sdex_error events_of_operation(sdex_ContractEvent_list *events,
				    const struct done_operation *done, const uint8_t network_id[32],
				    struct sdex_arena *arena)
{
	struct making m = {.done = done, .network_id = network_id, .arena = arena};
	make(&m);
	if (!m.error)
		*events = m.events;
	return m.error;
}

enum sdex_error events_of_fee(sdex_TransactionEvent_list *events, const uint8_t payer[32],
			      int64_t stroops, const uint8_t network_id[32],
			      struct sdex_arena *arena)
{
	static const sdex_Asset native = {.type = SDEX_ASSET_TYPE_NATIVE};
	struct making m = {.network_id = network_id, .arena = arena};
	*events = (sdex_TransactionEvent_list){0};
	if (stroops == 0)
		return SDEX_OK;
	sdex_TransactionEvent *event = piece(&m, sizeof(*event));
	sdex_SCAddress address = {.type = SDEX_SC_ADDRESS_TYPE_ACCOUNT};
	memcpy(address.accountId.ed25519.bytes, payer, 32);
	if (!event || !begin_event(&m, &event->event, &native, "fee"))
		return m.error;
	event->stage = SDEX_TRANSACTION_EVENT_STAGE_BEFORE_ALL_TXS;
	add_topic(&event->event, address_value(&m, &address));
	event->event.body.v0->data = number(stroops);
	if (!m.error)
		*events = (sdex_TransactionEvent_list){.items = event, .count = 1};
	return m.error;
}
