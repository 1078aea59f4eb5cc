/* cmd/sdex/tx_operations.c - the 27 operations and their fields. */
#include <string.h>

#include "cmd/sdex/tx_fields.h"
#include "sdex/asset.h"
#include "sdex/xdr_types.h"

/* Rows of fields. */
#define NEED(name, kind, help)                           \
	{                                                \
		name, FIELD_##kind, false, 0, NULL, help \
	}
#define MAY(name, kind, help)                           \
	{                                               \
		name, FIELD_##kind, true, 0, NULL, help \
	}
#define FLAGS(name, words, help)                        \
	{                                               \
		name, FIELD_FLAGS, true, 0, words, help \
	}
#define JSON(name, type, help)                                       \
	{                                                            \
		name, FIELD_JSON, true, SDEX_TYPE_##type, NULL, help \
	}
#define FIELDS(...)                  \
	(const struct field[])       \
	{                            \
		__VA_ARGS__,         \
		{                    \
			.name = NULL \
		}                    \
	}
#define NO_FIELDS                    \
	(const struct field[])       \
	{                            \
		{                    \
			.name = NULL \
		}                    \
	}

#define FRONT p->out, p->arena, p->source

static enum sdex_error refuse(const struct op_parts *p, const char *text)
{
	strncpy(p->why->text, text, sizeof p->why->text - 1);
	p->why->text[sizeof p->why->text - 1] = '\0';
	return SDEX_ERR_MISSING;
}

/* ---- accounts and payments ---- */

static enum sdex_error create_account(const struct op_parts *p)
{
	return sdex_op_create_account(FRONT, &p->v[0].account, p->v[1].amount, p->why);
}

static sdex_Asset asset_or_native(const struct field_value *v)
{
	return v->given ? v->asset : sdex_asset_native();
}

static enum sdex_error payment(const struct op_parts *p)
{
	sdex_Asset asset = asset_or_native(&p->v[1]);
	return sdex_op_payment(FRONT, &p->v[0].muxed, &asset, p->v[2].amount, p->why);
}

static enum sdex_error path_receive(const struct op_parts *p)
{
	return sdex_op_path_payment_strict_receive(
		FRONT, &p->v[1].asset, p->v[2].amount, &p->v[0].muxed, &p->v[3].asset,
		p->v[4].amount, p->v[5].assets.items, p->v[5].assets.count, p->why);
}

static enum sdex_error path_send(const struct op_parts *p)
{
	return sdex_op_path_payment_strict_send(FRONT, &p->v[1].asset, p->v[2].amount,
						&p->v[0].muxed, &p->v[3].asset, p->v[4].amount,
						p->v[5].assets.items, p->v[5].assets.count, p->why);
}

static enum sdex_error account_merge(const struct op_parts *p)
{
	return sdex_op_account_merge(FRONT, &p->v[0].muxed, p->why);
}

/* ---- trading ---- */

static enum sdex_error manage_sell_offer(const struct op_parts *p)
{
	return sdex_op_manage_sell_offer(FRONT, &p->v[0].asset, &p->v[1].asset, p->v[2].amount,
					 p->v[3].price, p->v[4].number, p->why);
}

static enum sdex_error manage_buy_offer(const struct op_parts *p)
{
	return sdex_op_manage_buy_offer(FRONT, &p->v[0].asset, &p->v[1].asset, p->v[2].amount,
					p->v[3].price, p->v[4].number, p->why);
}

static enum sdex_error passive_sell_offer(const struct op_parts *p)
{
	return sdex_op_create_passive_sell_offer(FRONT, &p->v[0].asset, &p->v[1].asset,
						 p->v[2].amount, p->v[3].price, p->why);
}

static enum sdex_error pool_deposit(const struct op_parts *p)
{
	return sdex_op_liquidity_pool_deposit(FRONT, &p->v[0].pool, p->v[1].amount, p->v[2].amount,
					      p->v[3].price, p->v[4].price, p->why);
}

static enum sdex_error pool_withdraw(const struct op_parts *p)
{
	return sdex_op_liquidity_pool_withdraw(FRONT, &p->v[0].pool, p->v[1].amount, p->v[2].amount,
					       p->v[3].amount, p->why);
}

/* ---- settings ---- */

static sdex_uint32 *number_of(const struct op_parts *p, unsigned i)
{
	return p->v[i].given ? sdex_arena_copy(p->arena, &p->v[i].uint32, sizeof(uint32_t)) : NULL;
}

static enum sdex_error set_options(const struct op_parts *p)
{
	sdex_AccountID inflation = p->v[0].account;
	struct sdex_bytes domain = p->v[7].bytes;
	sdex_Signer signer = {.key = p->v[8].signer, .weight = p->v[9].uint32};
	if (p->v[9].given != p->v[8].given)
		return refuse(p, "signer= and weight= go together; weight 0 removes a signer");
	sdex_SetOptionsOp options = {
		.inflationDest = p->v[0].given ? &inflation : NULL,
		.clearFlags = number_of(p, 1),
		.setFlags = number_of(p, 2),
		.masterWeight = number_of(p, 3),
		.lowThreshold = number_of(p, 4),
		.medThreshold = number_of(p, 5),
		.highThreshold = number_of(p, 6),
		.homeDomain = p->v[7].given ? &domain : NULL,
		.signer = p->v[8].given ? &signer : NULL,
	};
	return sdex_op_set_options(FRONT, &options, p->why);
}

static enum sdex_error change_trust(const struct op_parts *p)
{
	struct sdex_amount limit = p->v[2].given ? p->v[2].amount : sdex_stroops(INT64_MAX);
	const sdex_Asset_list *pool = &p->v[1].assets;
	if (p->v[0].given == p->v[1].given)
		return refuse(p, "give either asset=, or pool= with the pool's two assets");
	if (p->v[0].given)
		return sdex_op_change_trust(FRONT, &p->v[0].asset, limit, p->why);
	if (pool->count != 2)
		return refuse(p, "pool= has two assets, apart by a comma");
	bool ordered = sdex_asset_compare(&pool->items[0], &pool->items[1]) <= 0;
	return sdex_op_change_trust_pool(FRONT, &pool->items[!ordered], &pool->items[ordered],
					 limit, p->why);
}

static enum sdex_error manage_data(const struct op_parts *p)
{
	const struct sdex_bytes *value = p->v[1].given   ? &p->v[1].bytes
					 : p->v[2].given ? &p->v[2].bytes
							 : NULL;
	if (p->v[1].given && p->v[2].given)
		return refuse(p, "value= and value_hex= exclude each other");
	return sdex_op_manage_data(FRONT, p->v[0].bytes, value, p->why);
}

static enum sdex_error bump_sequence(const struct op_parts *p)
{
	return sdex_op_bump_sequence(FRONT, p->v[0].number, p->why);
}

static enum sdex_error inflation(const struct op_parts *p)
{
	return sdex_op_inflation(FRONT, p->why);
}

/* ---- issuers ---- */

static enum sdex_error allow_trust(const struct op_parts *p)
{
	sdex_AssetCode code = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4};
	const struct sdex_bytes *text = &p->v[1].bytes;
	if (text->size < 1 || text->size > 12)
		return refuse(p, "code= has 1 to 12 characters");
	if (text->size <= 4) {
		memcpy(code.assetCode4.bytes, text->data, text->size);
	} else {
		code.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12;
		memcpy(code.assetCode12.bytes, text->data, text->size);
	}
	return sdex_op_allow_trust(FRONT, &p->v[0].account, &code, p->v[2].uint32, p->why);
}

static enum sdex_error set_trust_line_flags(const struct op_parts *p)
{
	return sdex_op_set_trust_line_flags(FRONT, &p->v[0].account, &p->v[1].asset, p->v[3].uint32,
					    p->v[2].uint32, p->why);
}

static enum sdex_error clawback(const struct op_parts *p)
{
	return sdex_op_clawback(FRONT, &p->v[1].asset, &p->v[0].muxed, p->v[2].amount, p->why);
}

static enum sdex_error clawback_balance(const struct op_parts *p)
{
	return sdex_op_clawback_claimable_balance(FRONT, &p->v[0].balance, p->why);
}

/* ---- claimable balances and sponsorship ---- */

static enum sdex_error create_balance(const struct op_parts *p)
{
	sdex_Asset asset = asset_or_native(&p->v[1]);
	return sdex_op_create_claimable_balance(FRONT, &asset, p->v[2].amount,
						p->v[0].claimants.items, p->v[0].claimants.count,
						p->why);
}

static enum sdex_error claim_balance(const struct op_parts *p)
{
	return sdex_op_claim_claimable_balance(FRONT, &p->v[0].balance, p->why);
}

static enum sdex_error begin_sponsoring(const struct op_parts *p)
{
	return sdex_op_begin_sponsoring_future_reserves(FRONT, &p->v[0].account, p->why);
}

static enum sdex_error end_sponsoring(const struct op_parts *p)
{
	return sdex_op_end_sponsoring_future_reserves(FRONT, p->why);
}

/* The trustline's asset or pool. */
static sdex_TrustLineAsset trust_of(const struct op_parts *p)
{
	sdex_TrustLineAsset out = {.type = SDEX_ASSET_TYPE_POOL_SHARE};
	if (p->v[2].given) {
		out.liquidityPoolID = p->v[2].pool;
		return out;
	}
	const sdex_Asset *asset = &p->v[1].asset;
	out.type = asset->type;
	if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		out.alphaNum4 = asset->alphaNum4;
	else if (asset->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		out.alphaNum12 = asset->alphaNum12;
	return out;
}

/* account alone, or with one of asset, pool, offer, data, signer; or balance. */
static enum sdex_error revoke_sponsorship(const struct op_parts *p)
{
	const struct field_value *v = p->v;
	unsigned of_account =
		(unsigned)v[1].given + v[2].given + v[3].given + v[4].given + v[6].given;
	if (v[0].given == v[5].given || of_account > 1 || (v[5].given && of_account))
		return refuse(
			p, "give balance=, or account= with at most one of asset=, pool=, offer=, "
			   "data= and signer=");
	if (v[6].given)
		return sdex_op_revoke_signer_sponsorship(FRONT, &v[0].account, &v[6].signer,
							 p->why);
	sdex_LedgerKeyTrustLine *line = sdex_arena_alloc(p->arena, sizeof *line);
	sdex_LedgerKeyOffer *offer = sdex_arena_alloc(p->arena, sizeof *offer);
	sdex_LedgerKeyData *data = sdex_arena_alloc(p->arena, sizeof *data);
	if (!line || !offer || !data)
		return SDEX_ERR_NOMEM;
	sdex_LedgerKey key = {.type = SDEX_ACCOUNT};
	if (v[5].given) {
		key.type = SDEX_CLAIMABLE_BALANCE;
		key.claimableBalance.balanceID = v[5].balance;
	} else if (v[1].given || v[2].given) {
		key.type = SDEX_TRUSTLINE;
		*line = (sdex_LedgerKeyTrustLine){v[0].account, trust_of(p)};
		key.trustLine = line;
	} else if (v[3].given) {
		key.type = SDEX_OFFER;
		*offer = (sdex_LedgerKeyOffer){v[0].account, v[3].number};
		key.offer = offer;
	} else if (v[4].given) {
		key.type = SDEX_DATA;
		*data = (sdex_LedgerKeyData){v[0].account, v[4].bytes};
		key.data = data;
	} else {
		key.account.accountID = v[0].account;
	}
	return sdex_op_revoke_sponsorship(FRONT, &key, p->why);
}

/* ---- Soroban ---- */

static enum sdex_error invoke(const struct op_parts *p)
{
	const sdex_SorobanAuthorizationEntries *auth = p->v[1].value;
	return sdex_op_invoke_host_function(FRONT, p->v[0].value, auth ? auth->items : NULL,
					    auth ? auth->count : 0, p->why);
}

static enum sdex_error extend_ttl(const struct op_parts *p)
{
	return sdex_op_extend_footprint_ttl(FRONT, p->v[0].uint32, p->why);
}

static enum sdex_error restore(const struct op_parts *p)
{
	return sdex_op_restore_footprint(FRONT, p->why);
}

/* ---- the table ---- */

#define PATH_FIELDS(send, send_help, receive, receive_help)                                   \
	FIELDS(NEED("to", MUXED, "who is paid"), NEED("send_asset", ASSET, "what is taken"),  \
	       NEED(send, AMOUNT, send_help), NEED("dest_asset", ASSET, "what is delivered"), \
	       NEED(receive, AMOUNT, receive_help), MAY("path", ASSETS, "up to 5 assets between"))
#define OFFER_FIELDS(price, what)                                                         \
	NEED("selling", ASSET, "what is given"), NEED("buying", ASSET, "what is wanted"), \
		NEED("amount", AMOUNT, what ", 0 deletes the offer"),                     \
		NEED("price", price,                                                      \
		     "n/d, or a decimal that becomes the nearest fraction not to one's loss")
#define ACCOUNT_FLAGS "required=1|revocable=2|immutable=4|clawback=8"
#define LINE_FLAGS "authorized=1|maintain=2|clawback=4"

const struct op_kind op_kinds[] = {
	{"create_account", "brings an account into being, with a balance of XLM",
	 FIELDS(NEED("to", ACCOUNT, "the new account"),
		NEED("balance", AMOUNT, "XLM that it starts with")),
	 create_account},
	{"payment", "pays an amount of an asset",
	 FIELDS(NEED("to", MUXED, "who is paid"), MAY("asset", ASSET, "XLM if nothing is said"),
		NEED("amount", AMOUNT, "how much")),
	 payment},
	{"path_payment_strict_receive", "delivers an exact amount, over other assets",
	 PATH_FIELDS("send_max", "the most that is taken", "dest_amount", "what arrives, exactly"),
	 path_receive},
	{"manage_sell_offer", "makes, changes or deletes an offer to sell",
	 FIELDS(OFFER_FIELDS(PRICE_UP, "how much of `selling` is sold"),
		MAY("offer", NUMBER, "the offer's id; 0 or nothing for a new one")),
	 manage_sell_offer},
	{"create_passive_sell_offer", "makes an offer that takes none of its own price",
	 FIELDS(OFFER_FIELDS(PRICE_UP, "how much of `selling` is sold")), passive_sell_offer},
	{"set_options", "changes settings of the account; fields not given stay as they are",
	 FIELDS(MAY("inflation_dest", ACCOUNT, "of old"),
		FLAGS("clear_flags", ACCOUNT_FLAGS, "flags that go"),
		FLAGS("set_flags", ACCOUNT_FLAGS, "flags that come"),
		MAY("master_weight", UINT32, "weight of the account's own key, 0 to 255"),
		MAY("low", UINT32, "threshold, 0 to 255"),
		MAY("med", UINT32, "threshold, 0 to 255"),
		MAY("high", UINT32, "threshold, 0 to 255"),
		MAY("home_domain", TEXT, "where stellar.toml is"),
		MAY("signer", SIGNER, "another signer, with weight="),
		MAY("weight", UINT32, "its weight; 0 removes it")),
	 set_options},
	{"change_trust", "makes, changes or deletes a trustline",
	 FIELDS(MAY("asset", ASSET, "what to hold"),
		MAY("pool", ASSETS, "or shares of the pool of two assets"),
		MAY("limit", AMOUNT,
		    "the most to hold, max if nothing is said; 0 deletes the line")),
	 change_trust},
	{"allow_trust", "lets an account hold one's asset, or no more (of old)",
	 FIELDS(NEED("trustor", ACCOUNT, "who"), NEED("code", TEXT, "the asset's code"),
		FLAGS("authorize", "no=0|yes=1|maintain=2", "no if nothing is said")),
	 allow_trust},
	{"account_merge", "moves all XLM and deletes the account",
	 FIELDS(NEED("to", MUXED, "who gets the XLM")), account_merge},
	{"inflation", "of old: the network refuses it", NO_FIELDS, inflation},
	{"manage_data", "writes or deletes a data entry",
	 FIELDS(NEED("name", TEXT, "its name, of at most 64 bytes"),
		MAY("value", TEXT, "its value, of at most 64 bytes; nothing deletes the entry"),
		MAY("value_hex", HEX, "the same in hexadecimal")),
	 manage_data},
	{"bump_sequence", "raises the sequence number", FIELDS(NEED("to", NUMBER, "to this one")),
	 bump_sequence},
	{"manage_buy_offer", "makes, changes or deletes an offer to buy",
	 FIELDS(OFFER_FIELDS(PRICE_DOWN, "how much of `buying` is bought"),
		MAY("offer", NUMBER, "the offer's id; 0 or nothing for a new one")),
	 manage_buy_offer},
	{"path_payment_strict_send", "takes an exact amount, over other assets",
	 PATH_FIELDS("send_amount", "what is taken, exactly", "dest_min", "the least that arrives"),
	 path_send},
	{"create_claimable_balance", "sets an amount aside for others to claim",
	 FIELDS(NEED("claimant", CLAIMANT,
		     "who may claim it and when (always, before:SECONDS, from:SECONDS, "
		     "within:SECONDS, or a ClaimPredicate in JSON); up to 10 times"),
		MAY("asset", ASSET, "XLM if nothing is said"), NEED("amount", AMOUNT, "how much")),
	 create_balance},
	{"claim_claimable_balance", "claims one", FIELDS(NEED("id", BALANCE, "which")),
	 claim_balance},
	{"begin_sponsoring_future_reserves", "pays the reserves of another from here on",
	 FIELDS(NEED("sponsored", ACCOUNT, "whose")), begin_sponsoring},
	{"end_sponsoring_future_reserves", "ends it; the source is the sponsored account",
	 NO_FIELDS, end_sponsoring},
	{"revoke_sponsorship", "ends or moves the sponsorship of one entry",
	 FIELDS(MAY("account", ACCOUNT, "of the account, or with one of those below"),
		MAY("asset", ASSET, "of its trustline"),
		MAY("pool", POOL, "of its trustline to a pool"),
		MAY("offer", NUMBER, "of its offer"), MAY("data", TEXT, "of its data entry"),
		MAY("balance", BALANCE, "of a claimable balance"),
		MAY("signer", SIGNER, "of its signer")),
	 revoke_sponsorship},
	{"clawback", "takes back an amount of one's asset",
	 FIELDS(NEED("from", MUXED, "of whom"), NEED("asset", ASSET, "what"),
		NEED("amount", AMOUNT, "how much")),
	 clawback},
	{"clawback_claimable_balance", "takes back a claimable balance",
	 FIELDS(NEED("id", BALANCE, "which")), clawback_balance},
	{"set_trust_line_flags", "lets an account hold one's asset, or no more",
	 FIELDS(NEED("trustor", ACCOUNT, "who"), NEED("asset", ASSET, "what"),
		FLAGS("set", LINE_FLAGS, "flags that come"),
		FLAGS("clear", LINE_FLAGS, "flags that go")),
	 set_trust_line_flags},
	{"liquidity_pool_deposit", "gives two assets into a pool",
	 FIELDS(NEED("pool", POOL, "which"), NEED("max_a", AMOUNT, "the most of the first asset"),
		NEED("max_b", AMOUNT, "the most of the second"),
		NEED("min_price", PRICE, "the least price, a for one b"),
		NEED("max_price", PRICE, "the highest")),
	 pool_deposit},
	{"liquidity_pool_withdraw", "takes one's share out of a pool",
	 FIELDS(NEED("pool", POOL, "which"),
		NEED("shares", AMOUNT, "how many shares are given back"),
		NEED("min_a", AMOUNT, "the least of the first asset"),
		NEED("min_b", AMOUNT, "the least of the second")),
	 pool_withdraw},
	{"invoke_host_function", "calls or makes a contract; wants --soroban-data",
	 FIELDS({"function", FIELD_JSON, false, SDEX_TYPE_HostFunction, NULL, "a HostFunction"},
		JSON("auth", SorobanAuthorizationEntries, "a list of SorobanAuthorizationEntry")),
	 invoke},
	{"extend_footprint_ttl", "lengthens the life of contract entries; wants --soroban-data",
	 FIELDS(NEED("to", UINT32, "ledgers from now")), extend_ttl},
	{"restore_footprint", "brings archived contract entries back; wants --soroban-data",
	 NO_FIELDS, restore},
	{NULL, NULL, NULL, NULL},
};
