/* stellar/test_operation.c - each rule refuses by its own number, what passes is the
 * same for constructors and sdex_op_check, and survives XDR. */
#include "base/testing.h"
#include "sdex/operation.h"
#include "sdex/predicate.h"
#include "sdex/soroban.h"

/* Rules that have been seen to refuse, to show at the end that none was forgotten. */
static bool seen[3000];

struct fixture {
	struct sdex_arena *arena;
	sdex_AccountID a, b, issuer;
	sdex_MuxedAccount ma, mb, missuer;
	sdex_Asset xlm, usd, euro, bad;
	sdex_AlphaNum12 long_code;
	sdex_PoolID pool;
	sdex_ClaimableBalanceID balance;
	sdex_Price one;
	sdex_Operation out;
	struct sdex_failure why;
};

static struct fixture f;

static int set_up(void **state)
{
	(void)state;
	memset(&f, 0, sizeof f);
	f.arena = sdex_arena_new(0);
	memset(&f.a.ed25519, 0xaa, 32);
	memset(&f.b.ed25519, 0xbb, 32);
	memset(&f.issuer.ed25519, 0x11, 32);
	f.ma = sdex_muxed(&f.a);
	f.mb = sdex_muxed_with_id(&f.b, 7);
	f.missuer = sdex_muxed(&f.issuer);
	f.xlm.type = SDEX_ASSET_TYPE_NATIVE;
	f.usd = (sdex_Asset){.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4,
			     .alphaNum4 = {.assetCode = {"USD"}, .issuer = f.issuer}};
	f.long_code = (sdex_AlphaNum12){.assetCode = {"EUROPE"}, .issuer = f.issuer};
	f.euro =
		(sdex_Asset){.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12, .alphaNum12 = &f.long_code};
	f.bad = f.usd;
	f.bad.alphaNum4.assetCode.bytes[1] = '-';
	f.one = (sdex_Price){1, 1};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sdex_arena_free(f.arena);
	return 0;
}

/* A refusal leaves the output alone and says which rule, what for and what to do. */
static void refused(enum sdex_rule_number rule, enum sdex_error error)
{
	const struct sdex_rule *row = sdex_rule_by_number(rule);
	assert_non_null(row);
	assert_int_equal(error, SDEX_ERR_MALFORMED);
	assert_int_equal(f.why.code, SDEX_ERR_MALFORMED);
	if (f.why.rule != rule)
		fail_msg("rule %s expected, got %u: %s", row->name, f.why.rule, f.why.text);
	assert_non_null(strstr(f.why.text, row->network));
	assert_non_null(strstr(f.why.text, row->field));
	assert_non_null(strstr(f.why.text, row->expected));
	assert_non_null(strstr(f.why.text, row->remedy));
	assert_int_equal(f.out.body.type, SDEX_INFLATION);
	seen[rule] = true;
	memset(&f.why, 0, sizeof f.why);
}

/* The bytes of an operation, and that they and the check agree with it. */
static size_t passed(uint8_t bytes[2048], enum sdex_error error)
{
	sdex_Operation *again = NULL;
	size_t size = 0, size_again = 0;
	uint8_t bytes_again[2048];
	if (error)
		fail_msg("%s", f.why.text);
	assert_int_equal(sdex_op_check(&f.out, NULL, NULL, &f.why), SDEX_OK);
	assert_int_equal(sdex_Operation_encode(bytes, 2048, &size, &f.out, NULL), SDEX_OK);
	assert_int_equal(sdex_Operation_decode(&again, f.arena, bytes, size, NULL), SDEX_OK);
	assert_int_equal(sdex_op_check(again, NULL, NULL, &f.why), SDEX_OK);
	assert_true(sdex_Operation_equal(&f.out, again));
	assert_int_equal(sdex_Operation_encode(bytes_again, 2048, &size_again, again, NULL),
			 SDEX_OK);
	assert_int_equal(size, size_again);
	assert_memory_equal(bytes, bytes_again, size);
	return size;
}

static void start(void)
{
	memset(&f.out, 0, sizeof f.out);
	f.out.body.type = SDEX_INFLATION;
	memset(&f.why, 0, sizeof f.why);
}

/* The operation made last passes from a protocol on, and not in the one before. */
static void refused_before(uint32_t protocol, enum sdex_rule_number rule)
{
	struct sdex_network_limits limits = {.protocol = protocol, .base_fee = 100};
	sdex_Operation op = f.out;
	assert_int_equal(sdex_op_check(&op, NULL, &limits, &f.why), SDEX_OK);
	limits.protocol--;
	start();
	refused(rule, sdex_op_check(&op, NULL, &limits, &f.why));
}

#define REFUSED(rule, call)                                \
	do {                                               \
		start();                                   \
		refused(SDEX_RULE_##rule, sdex_op_##call); \
	} while (0)
#define PASSED(call)                            \
	do {                                    \
		uint8_t bytes_[2048];           \
		start();                        \
		passed(bytes_, sdex_op_##call); \
	} while (0)
#define OUT &f.out, f.arena
#define WHY &f.why

static void accounts_and_payments(void **state)
{
	(void)state;
	sdex_Asset path[6] = {f.usd, f.euro, f.xlm, f.usd, f.euro, f.bad};
	PASSED(create_account(OUT, NULL, &f.a, sdex_stroops(0), WHY));
	PASSED(create_account(OUT, &f.mb, &f.a, sdex_stroops(INT64_MAX), WHY));
	REFUSED(CREATE_ACCOUNT_BALANCE, create_account(OUT, NULL, &f.a, sdex_stroops(-1), WHY));
	REFUSED(CREATE_ACCOUNT_SELF, create_account(OUT, &f.ma, &f.a, sdex_stroops(1), WHY));

	PASSED(payment(OUT, NULL, &f.mb, &f.xlm, sdex_stroops(1), WHY));
	PASSED(payment(OUT, &f.ma, &f.ma, &f.euro, sdex_stroops(INT64_MAX),
		       WHY)); /* to oneself is fine */
	REFUSED(PAYMENT_AMOUNT, payment(OUT, NULL, &f.mb, &f.xlm, sdex_stroops(0), WHY));
	REFUSED(PAYMENT_AMOUNT,
		payment(OUT, NULL, &f.mb, &f.bad, sdex_stroops(-5), WHY)); /* named first */
	REFUSED(PAYMENT_ASSET, payment(OUT, NULL, &f.mb, &f.bad, sdex_stroops(1), WHY));

	PASSED(path_payment_strict_receive(OUT, NULL, &f.usd, sdex_stroops(1), &f.mb, &f.euro,
					   sdex_stroops(1), path, 5, WHY));
	PASSED(path_payment_strict_receive(OUT, NULL, &f.usd, sdex_stroops(1), &f.mb, &f.usd,
					   sdex_stroops(1), NULL, 0, WHY));
	REFUSED(PATH_RECEIVE_DEST_AMOUNT,
		path_payment_strict_receive(OUT, NULL, &f.usd, sdex_stroops(1), &f.mb, &f.xlm,
					    sdex_stroops(0), path, 5, WHY));
	REFUSED(PATH_RECEIVE_SEND_MAX,
		path_payment_strict_receive(OUT, NULL, &f.usd, sdex_stroops(0), &f.mb, &f.xlm,
					    sdex_stroops(1), path, 5, WHY));
	REFUSED(PATH_RECEIVE_SEND_ASSET,
		path_payment_strict_receive(OUT, NULL, &f.bad, sdex_stroops(1), &f.mb, &f.xlm,
					    sdex_stroops(1), path, 5, WHY));
	REFUSED(PATH_RECEIVE_DEST_ASSET,
		path_payment_strict_receive(OUT, NULL, &f.usd, sdex_stroops(1), &f.mb, &f.bad,
					    sdex_stroops(1), path, 5, WHY));
	REFUSED(PATH_RECEIVE_PATH_LENGTH,
		path_payment_strict_receive(OUT, NULL, &f.usd, sdex_stroops(1), &f.mb, &f.xlm,
					    sdex_stroops(1), path, 6, WHY));
	REFUSED(PATH_RECEIVE_PATH_ASSET,
		path_payment_strict_receive(OUT, NULL, &f.usd, sdex_stroops(1), &f.mb, &f.xlm,
					    sdex_stroops(1), path + 1, 5, WHY));

	PASSED(path_payment_strict_send(OUT, NULL, &f.usd, sdex_stroops(1), &f.mb, &f.euro,
					sdex_stroops(1), path, 5, WHY));
	REFUSED(PATH_SEND_SEND_AMOUNT,
		path_payment_strict_send(OUT, NULL, &f.usd, sdex_stroops(0), &f.mb, &f.xlm,
					 sdex_stroops(1), path, 5, WHY));
	REFUSED(PATH_SEND_DEST_MIN,
		path_payment_strict_send(OUT, NULL, &f.usd, sdex_stroops(1), &f.mb, &f.xlm,
					 sdex_stroops(0), path, 5, WHY));
	REFUSED(PATH_SEND_SEND_ASSET,
		path_payment_strict_send(OUT, NULL, &f.bad, sdex_stroops(1), &f.mb, &f.xlm,
					 sdex_stroops(1), path, 5, WHY));
	REFUSED(PATH_SEND_DEST_ASSET,
		path_payment_strict_send(OUT, NULL, &f.usd, sdex_stroops(1), &f.mb, &f.bad,
					 sdex_stroops(1), path, 5, WHY));
	REFUSED(PATH_SEND_PATH_LENGTH,
		path_payment_strict_send(OUT, NULL, &f.usd, sdex_stroops(1), &f.mb, &f.xlm,
					 sdex_stroops(1), path, 6, WHY));
	REFUSED(PATH_SEND_PATH_ASSET,
		path_payment_strict_send(OUT, NULL, &f.usd, sdex_stroops(1), &f.mb, &f.xlm,
					 sdex_stroops(1), path + 1, 5, WHY));

	PASSED(account_merge(OUT, &f.ma, &f.mb, WHY));
	sdex_MuxedAccount self = sdex_muxed_with_id(&f.a, 1);
	REFUSED(ACCOUNT_MERGE_SELF, account_merge(OUT, &f.ma, &self, WHY));
}

static void offers(void **state)
{
	(void)state;
	sdex_Price zero = {0, 1}, nothing = {1, 0}, negative = {-1, -1};
	PASSED(manage_sell_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(1), f.one, 0, WHY));
	PASSED(manage_sell_offer(OUT, NULL, &f.usd, &f.euro, sdex_stroops(0), f.one, 9, WHY));
	REFUSED(MANAGE_SELL_OFFER_SELLING,
		manage_sell_offer(OUT, NULL, &f.bad, &f.xlm, sdex_stroops(1), f.one, 0, WHY));
	REFUSED(MANAGE_SELL_OFFER_BUYING,
		manage_sell_offer(OUT, NULL, &f.xlm, &f.bad, sdex_stroops(1), f.one, 0, WHY));
	REFUSED(MANAGE_SELL_OFFER_SAME_ASSET,
		manage_sell_offer(OUT, NULL, &f.euro, &f.euro, sdex_stroops(1), f.one, 0, WHY));
	REFUSED(MANAGE_SELL_OFFER_AMOUNT,
		manage_sell_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(-1), f.one, 0, WHY));
	REFUSED(MANAGE_SELL_OFFER_PRICE,
		manage_sell_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(1), zero, 0, WHY));
	REFUSED(MANAGE_SELL_OFFER_PRICE,
		manage_sell_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(1), nothing, 0, WHY));
	REFUSED(MANAGE_SELL_OFFER_PRICE,
		manage_sell_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(0), negative, 3, WHY));
	REFUSED(MANAGE_SELL_OFFER_DELETE_NEW,
		manage_sell_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(0), f.one, 0, WHY));
	REFUSED(MANAGE_SELL_OFFER_OFFER_ID,
		manage_sell_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(1), f.one, -1, WHY));

	PASSED(manage_buy_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(1), f.one, 0, WHY));
	REFUSED(MANAGE_BUY_OFFER_SELLING,
		manage_buy_offer(OUT, NULL, &f.bad, &f.xlm, sdex_stroops(1), f.one, 0, WHY));
	REFUSED(MANAGE_BUY_OFFER_BUYING,
		manage_buy_offer(OUT, NULL, &f.xlm, &f.bad, sdex_stroops(1), f.one, 0, WHY));
	REFUSED(MANAGE_BUY_OFFER_SAME_ASSET,
		manage_buy_offer(OUT, NULL, &f.xlm, &f.xlm, sdex_stroops(1), f.one, 0, WHY));
	REFUSED(MANAGE_BUY_OFFER_AMOUNT,
		manage_buy_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(-1), f.one, 0, WHY));
	REFUSED(MANAGE_BUY_OFFER_PRICE,
		manage_buy_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(1), zero, 0, WHY));
	REFUSED(MANAGE_BUY_OFFER_DELETE_NEW,
		manage_buy_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(0), f.one, 0, WHY));
	REFUSED(MANAGE_BUY_OFFER_OFFER_ID,
		manage_buy_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(1), f.one, -1, WHY));

	PASSED(create_passive_sell_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(1), f.one, WHY));
	REFUSED(CREATE_PASSIVE_SELL_OFFER_SELLING,
		create_passive_sell_offer(OUT, NULL, &f.bad, &f.xlm, sdex_stroops(1), f.one, WHY));
	REFUSED(CREATE_PASSIVE_SELL_OFFER_BUYING,
		create_passive_sell_offer(OUT, NULL, &f.xlm, &f.bad, sdex_stroops(1), f.one, WHY));
	REFUSED(CREATE_PASSIVE_SELL_OFFER_SAME_ASSET,
		create_passive_sell_offer(OUT, NULL, &f.usd, &f.usd, sdex_stroops(1), f.one, WHY));
	REFUSED(CREATE_PASSIVE_SELL_OFFER_AMOUNT,
		create_passive_sell_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(0), f.one, WHY));
	REFUSED(CREATE_PASSIVE_SELL_OFFER_PRICE,
		create_passive_sell_offer(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(1), zero, WHY));
}

static void pools(void **state)
{
	(void)state;
	sdex_Price two = {2, 1}, zero = {0, 1};
	PASSED(liquidity_pool_deposit(OUT, NULL, &f.pool, sdex_stroops(1), sdex_stroops(1), f.one,
				      f.one, WHY));
	PASSED(liquidity_pool_deposit(OUT, NULL, &f.pool, sdex_stroops(1), sdex_stroops(1), f.one,
				      two, WHY));
	REFUSED(LIQUIDITY_POOL_DEPOSIT_MAX_A,
		liquidity_pool_deposit(OUT, NULL, &f.pool, sdex_stroops(0), sdex_stroops(1), f.one,
				       f.one, WHY));
	REFUSED(LIQUIDITY_POOL_DEPOSIT_MAX_B,
		liquidity_pool_deposit(OUT, NULL, &f.pool, sdex_stroops(1), sdex_stroops(0), f.one,
				       f.one, WHY));
	REFUSED(LIQUIDITY_POOL_DEPOSIT_MIN_PRICE,
		liquidity_pool_deposit(OUT, NULL, &f.pool, sdex_stroops(1), sdex_stroops(1), zero,
				       f.one, WHY));
	REFUSED(LIQUIDITY_POOL_DEPOSIT_MAX_PRICE,
		liquidity_pool_deposit(OUT, NULL, &f.pool, sdex_stroops(1), sdex_stroops(1), f.one,
				       zero, WHY));
	REFUSED(LIQUIDITY_POOL_DEPOSIT_PRICE_ORDER,
		liquidity_pool_deposit(OUT, NULL, &f.pool, sdex_stroops(1), sdex_stroops(1), two,
				       f.one, WHY));
	PASSED(liquidity_pool_withdraw(OUT, NULL, &f.pool, sdex_stroops(1), sdex_stroops(0),
				       sdex_stroops(0), WHY));
	refused_before(18, SDEX_RULE_OP_NOT_SUPPORTED);
	REFUSED(LIQUIDITY_POOL_WITHDRAW_AMOUNT,
		liquidity_pool_withdraw(OUT, NULL, &f.pool, sdex_stroops(0), sdex_stroops(0),
					sdex_stroops(0), WHY));
	REFUSED(LIQUIDITY_POOL_WITHDRAW_MIN_A,
		liquidity_pool_withdraw(OUT, NULL, &f.pool, sdex_stroops(1), sdex_stroops(-1),
					sdex_stroops(0), WHY));
	REFUSED(LIQUIDITY_POOL_WITHDRAW_MIN_B,
		liquidity_pool_withdraw(OUT, NULL, &f.pool, sdex_stroops(1), sdex_stroops(0),
					sdex_stroops(-1), WHY));
}

static void options(void **state)
{
	(void)state;
	uint32_t big = 256, most = 255, odd = 0x10, four = 4, twelve = 12;
	const char text[] = "a domain of more than thirty-two b";
	struct sdex_bytes domain = {(const uint8_t *)text, 32}, longer = domain, umlaut = domain;
	longer.size = 33;
	umlaut = (struct sdex_bytes){(const uint8_t *)"z\xc3\xbcrich.ch", 10};
	sdex_SignerKeyEd25519SignedPayload payload = {{{1}}, {(const uint8_t *)text, 4}};
	sdex_Signer signer = {.key = {.type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD,
				      .ed25519SignedPayload = &payload},
			      .weight = 255};
	sdex_SetOptionsOp o = {&f.b, &twelve, NULL, &most, &most, &most, &most, &domain, &signer};
	PASSED(set_options(OUT, &f.ma, &o, WHY));
	refused_before(19, SDEX_RULE_SET_OPTIONS_SIGNER_OLD);
	o = (sdex_SetOptionsOp){.setFlags = &odd};
	REFUSED(SET_OPTIONS_SET_FLAGS, set_options(OUT, NULL, &o, WHY));
	o = (sdex_SetOptionsOp){.clearFlags = &odd};
	REFUSED(SET_OPTIONS_CLEAR_FLAGS, set_options(OUT, NULL, &o, WHY));
	o = (sdex_SetOptionsOp){.clearFlags = &twelve, .setFlags = &four};
	REFUSED(SET_OPTIONS_BOTH_FLAGS, set_options(OUT, NULL, &o, WHY));
	o = (sdex_SetOptionsOp){.masterWeight = &big};
	REFUSED(SET_OPTIONS_MASTER_WEIGHT, set_options(OUT, NULL, &o, WHY));
	o = (sdex_SetOptionsOp){.lowThreshold = &big};
	REFUSED(SET_OPTIONS_LOW_THRESHOLD, set_options(OUT, NULL, &o, WHY));
	o = (sdex_SetOptionsOp){.medThreshold = &big};
	REFUSED(SET_OPTIONS_MED_THRESHOLD, set_options(OUT, NULL, &o, WHY));
	o = (sdex_SetOptionsOp){.highThreshold = &big};
	REFUSED(SET_OPTIONS_HIGH_THRESHOLD, set_options(OUT, NULL, &o, WHY));
	o = (sdex_SetOptionsOp){.homeDomain = &longer};
	REFUSED(SET_OPTIONS_HOME_DOMAIN_LENGTH, set_options(OUT, NULL, &o, WHY));
	o = (sdex_SetOptionsOp){.homeDomain = &umlaut};
	REFUSED(SET_OPTIONS_HOME_DOMAIN, set_options(OUT, NULL, &o, WHY));
	o = (sdex_SetOptionsOp){.signer = &signer};
	signer.weight = 256;
	REFUSED(SET_OPTIONS_SIGNER_WEIGHT, set_options(OUT, NULL, &o, WHY));
	signer.weight = 0;
	payload.payload.size = 0;
	REFUSED(SET_OPTIONS_SIGNER_PAYLOAD, set_options(OUT, NULL, &o, WHY));
	payload.payload.size = 65;
	payload.payload.data = (const uint8_t *)&f;
	REFUSED(SET_OPTIONS_SIGNER_PAYLOAD, set_options(OUT, NULL, &o, WHY));
	signer.key = (sdex_SignerKey){.type = SDEX_SIGNER_KEY_TYPE_ED25519, .ed25519 = f.a.ed25519};
	PASSED(set_options(OUT, NULL, &o, WHY));
	REFUSED(SET_OPTIONS_SIGNER_SELF, set_options(OUT, &f.ma, &o, WHY));
}

static void trust(void **state)
{
	(void)state;
	PASSED(change_trust(OUT, NULL, &f.usd, sdex_stroops(0), WHY));
	PASSED(change_trust(OUT, &f.ma, &f.euro, sdex_stroops(INT64_MAX), WHY));
	REFUSED(CHANGE_TRUST_LIMIT, change_trust(OUT, NULL, &f.usd, sdex_stroops(-1), WHY));
	REFUSED(CHANGE_TRUST_ASSET, change_trust(OUT, NULL, &f.bad, sdex_stroops(1), WHY));
	REFUSED(CHANGE_TRUST_NATIVE, change_trust(OUT, NULL, &f.xlm, sdex_stroops(1), WHY));
	REFUSED(CHANGE_TRUST_ISSUER, change_trust(OUT, &f.missuer, &f.euro, sdex_stroops(1), WHY));
	REFUSED(CHANGE_TRUST_ISSUER, change_trust(OUT, &f.missuer, &f.usd, sdex_stroops(1), WHY));
	PASSED(change_trust_pool(OUT, NULL, &f.xlm, &f.usd, sdex_stroops(5), WHY));
	refused_before(18, SDEX_RULE_CHANGE_TRUST_POOL_OLD);
	PASSED(change_trust_pool(OUT, &f.missuer, &f.usd, &f.euro, sdex_stroops(5),
				 WHY)); /* issuers may */
	REFUSED(CHANGE_TRUST_POOL_ASSET,
		change_trust_pool(OUT, NULL, &f.bad, &f.euro, sdex_stroops(5), WHY));
	REFUSED(CHANGE_TRUST_POOL_ASSET,
		change_trust_pool(OUT, NULL, &f.xlm, &f.bad, sdex_stroops(5), WHY));
	REFUSED(CHANGE_TRUST_POOL_ORDER,
		change_trust_pool(OUT, NULL, &f.usd, &f.xlm, sdex_stroops(5), WHY));
	REFUSED(CHANGE_TRUST_POOL_ORDER,
		change_trust_pool(OUT, NULL, &f.usd, &f.usd, sdex_stroops(5), WHY));
	PASSED(change_trust_pool(OUT, NULL, &f.xlm, &f.usd, sdex_stroops(5), WHY));
	f.out.body.changeTrustOp->line.liquidityPool.constantProduct->fee = 31;
	sdex_Operation pool = f.out;
	start();
	refused(SDEX_RULE_CHANGE_TRUST_POOL_FEE, sdex_op_check(&pool, NULL, NULL, WHY));

	sdex_AssetCode code = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4, .assetCode4 = {"USD"}};
	sdex_AssetCode code12 = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12,
				 .assetCode12 = {"EUROPE"}};
	for (uint32_t authorize = 0; authorize <= 2; authorize++)
		PASSED(allow_trust(OUT, &f.ma, &f.b, &code, authorize, WHY));
	PASSED(allow_trust(OUT, NULL, &f.b, &code12, 1, WHY));
	REFUSED(ALLOW_TRUST_AUTHORIZE, allow_trust(OUT, NULL, &f.b, &code, 3, WHY));
	REFUSED(ALLOW_TRUST_AUTHORIZE, allow_trust(OUT, NULL, &f.b, &code, 4, WHY));
	REFUSED(ALLOW_TRUST_SELF, allow_trust(OUT, &f.ma, &f.a, &code, 1, WHY));
	code.assetCode4.bytes[0] = 0;
	REFUSED(ALLOW_TRUST_ASSET, allow_trust(OUT, NULL, &f.b, &code, 1, WHY));
	memcpy(code12.assetCode12.bytes, "EURO\0\0", 6); /* four letters need the short form */
	REFUSED(ALLOW_TRUST_ASSET, allow_trust(OUT, NULL, &f.b, &code12, 1, WHY));
	code.type = SDEX_ASSET_TYPE_NATIVE;
	REFUSED(ALLOW_TRUST_ASSET, allow_trust(OUT, NULL, &f.b, &code, 1, WHY));

	PASSED(set_trust_line_flags(OUT, &f.missuer, &f.b, &f.euro, 7, 0, WHY));
	PASSED(set_trust_line_flags(OUT, NULL, &f.b, &f.usd, 6, 1, WHY));
	REFUSED(SET_TRUST_LINE_FLAGS_NATIVE,
		set_trust_line_flags(OUT, NULL, &f.b, &f.xlm, 0, 1, WHY));
	REFUSED(SET_TRUST_LINE_FLAGS_ASSET,
		set_trust_line_flags(OUT, NULL, &f.b, &f.bad, 0, 1, WHY));
	REFUSED(SET_TRUST_LINE_FLAGS_ISSUER,
		set_trust_line_flags(OUT, &f.ma, &f.b, &f.usd, 0, 1, WHY));
	REFUSED(SET_TRUST_LINE_FLAGS_SELF,
		set_trust_line_flags(OUT, &f.missuer, &f.issuer, &f.usd, 0, 1, WHY));
	REFUSED(SET_TRUST_LINE_FLAGS_BOTH,
		set_trust_line_flags(OUT, NULL, &f.b, &f.usd, 3, 1, WHY));
	REFUSED(SET_TRUST_LINE_FLAGS_SET, set_trust_line_flags(OUT, NULL, &f.b, &f.usd, 0, 4, WHY));
	REFUSED(SET_TRUST_LINE_FLAGS_SET_AUTHORIZED_TWICE,
		set_trust_line_flags(OUT, NULL, &f.b, &f.usd, 0, 3, WHY));
	REFUSED(SET_TRUST_LINE_FLAGS_CLEAR,
		set_trust_line_flags(OUT, NULL, &f.b, &f.usd, 8, 0, WHY));
}

static void data_and_sequence(void **state)
{
	(void)state;
	char text[65];
	memset(text, '~', sizeof text);
	struct sdex_bytes name = {(const uint8_t *)text, 64}, value = name, over = name,
			  none = name;
	over.size = 65;
	none.size = 0;
	struct sdex_bytes control = {(const uint8_t *)"tab\t", 4};
	PASSED(manage_data(OUT, NULL, name, &value, WHY));
	PASSED(manage_data(OUT, NULL, name, &none, WHY));
	PASSED(manage_data(OUT, NULL, name, NULL, WHY));
	REFUSED(MANAGE_DATA_NAME_LENGTH, manage_data(OUT, NULL, none, &value, WHY));
	REFUSED(MANAGE_DATA_NAME_LENGTH, manage_data(OUT, NULL, over, &value, WHY));
	REFUSED(MANAGE_DATA_NAME, manage_data(OUT, NULL, control, &value, WHY));
	REFUSED(MANAGE_DATA_VALUE_LENGTH, manage_data(OUT, NULL, name, &over, WHY));
	PASSED(bump_sequence(OUT, NULL, 0, WHY));
	PASSED(bump_sequence(OUT, NULL, INT64_MAX, WHY));
	REFUSED(BUMP_SEQUENCE_TO, bump_sequence(OUT, NULL, -1, WHY));
}

static void clawbacks(void **state)
{
	(void)state;
	sdex_MuxedAccount over_issuer = sdex_muxed_with_id(&f.issuer, 4);
	PASSED(clawback(OUT, &f.missuer, &f.usd, &f.mb, sdex_stroops(1), WHY));
	PASSED(clawback(OUT, NULL, &f.euro, &f.mb, sdex_stroops(INT64_MAX), WHY));
	PASSED(clawback(OUT, &f.missuer, &f.usd, &over_issuer, sdex_stroops(1),
			WHY)); /* as in stellar-core */
	REFUSED(CLAWBACK_SELF, clawback(OUT, &f.missuer, &f.usd, &f.missuer, sdex_stroops(1), WHY));
	REFUSED(CLAWBACK_AMOUNT, clawback(OUT, NULL, &f.usd, &f.mb, sdex_stroops(0), WHY));
	REFUSED(CLAWBACK_NATIVE, clawback(OUT, NULL, &f.xlm, &f.mb, sdex_stroops(1), WHY));
	REFUSED(CLAWBACK_ASSET, clawback(OUT, NULL, &f.bad, &f.mb, sdex_stroops(1), WHY));
	REFUSED(CLAWBACK_ISSUER, clawback(OUT, &f.ma, &f.usd, &f.mb, sdex_stroops(1), WHY));
	PASSED(clawback_claimable_balance(OUT, NULL, &f.balance, WHY));
}

static void claimable_balances(void **state)
{
	(void)state;
	sdex_ClaimantV0 v0[11];
	sdex_Claimant claimants[11];
	for (int i = 0; i < 11; i++) {
		v0[i] = (sdex_ClaimantV0){.destination.ed25519.bytes = {(uint8_t)i},
					  .predicate = sdex_predicate_always()};
		claimants[i] = (sdex_Claimant){.type = SDEX_CLAIMANT_TYPE_V0, .v0 = &v0[i]};
	}
	sdex_ClaimPredicate *p = &v0[1].predicate, deep, one_more;
	*p = sdex_predicate_before(0);
	v0[2].predicate = sdex_predicate_within(INT64_MAX);
	PASSED(create_claimable_balance(OUT, NULL, &f.usd, sdex_stroops(1), claimants, 10, WHY));
	REFUSED(CREATE_CLAIMABLE_BALANCE_ASSET,
		create_claimable_balance(OUT, NULL, &f.bad, sdex_stroops(1), claimants, 10, WHY));
	REFUSED(CREATE_CLAIMABLE_BALANCE_AMOUNT,
		create_claimable_balance(OUT, NULL, &f.usd, sdex_stroops(0), claimants, 10, WHY));
	REFUSED(CREATE_CLAIMABLE_BALANCE_CLAIMANTS_NONE,
		create_claimable_balance(OUT, NULL, &f.usd, sdex_stroops(1), NULL, 0, WHY));
	REFUSED(CREATE_CLAIMABLE_BALANCE_CLAIMANTS_MANY,
		create_claimable_balance(OUT, NULL, &f.usd, sdex_stroops(1), claimants, 11, WHY));
	v0[9].destination = v0[3].destination;
	REFUSED(CREATE_CLAIMABLE_BALANCE_CLAIMANT_TWICE,
		create_claimable_balance(OUT, NULL, &f.usd, sdex_stroops(1), claimants, 10, WHY));
	*p = sdex_predicate_before(-1);
	REFUSED(CREATE_CLAIMABLE_BALANCE_PREDICATE_ABSOLUTE,
		create_claimable_balance(OUT, NULL, &f.usd, sdex_stroops(1), claimants, 5, WHY));
	*p = sdex_predicate_within(-1);
	REFUSED(CREATE_CLAIMABLE_BALANCE_PREDICATE_RELATIVE,
		create_claimable_balance(OUT, NULL, &f.usd, sdex_stroops(1), claimants, 5, WHY));
	*p = (sdex_ClaimPredicate){.type = SDEX_CLAIM_PREDICATE_NOT};
	REFUSED(CREATE_CLAIMABLE_BALANCE_PREDICATE_NOT,
		create_claimable_balance(OUT, NULL, &f.usd, sdex_stroops(1), claimants, 5, WHY));
	for (int type = SDEX_CLAIM_PREDICATE_AND; type <= SDEX_CLAIM_PREDICATE_OR; type++) {
		sdex_ClaimPredicate single = sdex_predicate_always();
		p->type = (sdex_ClaimPredicateType)type;
		p->andPredicates = (sdex_ClaimPredicate_list){&single, 1};
		REFUSED(CREATE_CLAIMABLE_BALANCE_PREDICATE_PAIR,
			create_claimable_balance(OUT, NULL, &f.usd, sdex_stroops(1), claimants, 5,
						 WHY));
	}
	sdex_ClaimPredicate leaf = sdex_predicate_before(5);
	assert_int_equal(sdex_predicate_not(&deep, f.arena, &leaf), SDEX_OK);
	assert_int_equal(sdex_predicate_and(&one_more, f.arena, &leaf, &deep), SDEX_OK);
	assert_int_equal(sdex_predicate_or(p, f.arena, &one_more, &leaf), SDEX_OK);
	PASSED(create_claimable_balance(OUT, NULL, &f.usd, sdex_stroops(1), claimants, 5, WHY));
	assert_int_equal(sdex_predicate_not(&v0[0].predicate, f.arena, p), SDEX_OK);
	REFUSED(CREATE_CLAIMABLE_BALANCE_PREDICATE_DEPTH,
		create_claimable_balance(OUT, NULL, &f.usd, sdex_stroops(1), claimants, 5, WHY));
	PASSED(claim_claimable_balance(OUT, NULL, &f.balance, WHY));
}

static void sponsorship(void **state)
{
	(void)state;
	PASSED(begin_sponsoring_future_reserves(OUT, &f.ma, &f.b, WHY));
	REFUSED(BEGIN_SPONSORING_SELF, begin_sponsoring_future_reserves(OUT, &f.ma, &f.a, WHY));
	PASSED(end_sponsoring_future_reserves(OUT, NULL, WHY));
	sdex_LedgerKeyTrustLine line = {
		.accountID = f.a,
		.asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4, .alphaNum4 = f.usd.alphaNum4}};
	sdex_LedgerKey key = {.type = SDEX_TRUSTLINE, .trustLine = &line};
	PASSED(revoke_sponsorship(OUT, NULL, &key, WHY));
	line.accountID = f.issuer;
	REFUSED(REVOKE_SPONSORSHIP_ISSUER, revoke_sponsorship(OUT, NULL, &key, WHY));
	line.asset = (sdex_TrustLineAsset){.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM12,
					   .alphaNum12 = &f.long_code};
	REFUSED(REVOKE_SPONSORSHIP_ISSUER, revoke_sponsorship(OUT, NULL, &key, WHY));
	line.asset.type = SDEX_ASSET_TYPE_POOL_SHARE;
	PASSED(revoke_sponsorship(OUT, NULL, &key, WHY));
	refused_before(18, SDEX_RULE_REVOKE_SPONSORSHIP_POOL_OLD);
	line.asset.type = SDEX_ASSET_TYPE_NATIVE;
	REFUSED(REVOKE_SPONSORSHIP_NATIVE, revoke_sponsorship(OUT, NULL, &key, WHY));
	line.asset = (sdex_TrustLineAsset){.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4,
					   .alphaNum4 = f.bad.alphaNum4};
	REFUSED(REVOKE_SPONSORSHIP_ASSET, revoke_sponsorship(OUT, NULL, &key, WHY));

	key = (sdex_LedgerKey){.type = SDEX_ACCOUNT, .account.accountID = f.a};
	PASSED(revoke_sponsorship(OUT, NULL, &key, WHY));
	key = (sdex_LedgerKey){.type = SDEX_CLAIMABLE_BALANCE};
	PASSED(revoke_sponsorship(OUT, NULL, &key, WHY));
	sdex_LedgerKeyOffer offer = {.sellerID = f.a, .offerID = 1};
	key = (sdex_LedgerKey){.type = SDEX_OFFER, .offer = &offer};
	PASSED(revoke_sponsorship(OUT, NULL, &key, WHY));
	offer.offerID = 0;
	REFUSED(REVOKE_SPONSORSHIP_OFFER_ID, revoke_sponsorship(OUT, NULL, &key, WHY));
	sdex_LedgerKeyData data = {.accountID = f.a, .dataName = {(const uint8_t *)"n\n", 1}};
	key = (sdex_LedgerKey){.type = SDEX_DATA, .data = &data};
	PASSED(revoke_sponsorship(OUT, NULL, &key, WHY));
	for (uint32_t size = 0; size <= 2; size += 2) {
		data.dataName.size = size;
		REFUSED(REVOKE_SPONSORSHIP_DATA_NAME, revoke_sponsorship(OUT, NULL, &key, WHY));
	}
	sdex_LedgerKeyContractData held = {.key = {.type = SDEX_SCV_VOID}};
	for (int type = SDEX_LIQUIDITY_POOL; type <= SDEX_TTL; type++) {
		key = (sdex_LedgerKey){.type = (sdex_LedgerEntryType)type};
		if (key.type == SDEX_CONTRACT_DATA)
			key.contractData = &held;
		REFUSED(REVOKE_SPONSORSHIP_KEY, revoke_sponsorship(OUT, NULL, &key, WHY));
	}
	sdex_SignerKey signer = {.type = SDEX_SIGNER_KEY_TYPE_HASH_X, .hashX = {{1}}};
	PASSED(revoke_signer_sponsorship(OUT, NULL, &f.a, &signer, WHY));
}

static void soroban(void **state)
{
	(void)state;
	const struct sdex_network_limits p21 = {.protocol = 21, .base_fee = 100};
	const struct sdex_network_limits tight = {
		.protocol = 28, .max_contract_size = 3, .max_entry_ttl = 9};
	sdex_InvokeContractArgs args = {.contractAddress = {.type = SDEX_SC_ADDRESS_TYPE_CONTRACT},
					.functionName = {(const uint8_t *)"_swap_4_Me", 10}};
	sdex_HostFunction call = {.type = SDEX_HOST_FUNCTION_TYPE_INVOKE_CONTRACT,
				  .invokeContract = &args};
	PASSED(invoke_host_function(OUT, NULL, &call, NULL, 0, WHY));
	refused_before(20, SDEX_RULE_OP_NOT_SUPPORTED);
	args.functionName.size = 0;
	REFUSED(INVOKE_HOST_FUNCTION_FUNCTION,
		invoke_host_function(OUT, NULL, &call, NULL, 0, WHY));
	args.functionName = (struct sdex_bytes){(const uint8_t *)"no-dash", 7};
	REFUSED(INVOKE_HOST_FUNCTION_FUNCTION,
		invoke_host_function(OUT, NULL, &call, NULL, 0, WHY));
	args.contractAddress.type = SDEX_SC_ADDRESS_TYPE_ACCOUNT;
	REFUSED(INVOKE_HOST_FUNCTION_CONTRACT,
		invoke_host_function(OUT, NULL, &call, NULL, 0, WHY));

	sdex_HostFunction upload = {.type = SDEX_HOST_FUNCTION_TYPE_UPLOAD_CONTRACT_WASM,
				    .wasm = {(const uint8_t *)"wasm", 4}};
	PASSED(invoke_host_function(OUT, NULL, &upload, NULL, 0, WHY));
	sdex_Operation uploaded = f.out;
	start();
	refused(SDEX_RULE_INVOKE_HOST_FUNCTION_WASM_SIZE,
		sdex_op_check(&uploaded, NULL, &tight, WHY));

	sdex_CreateContractArgsV2 v2 = {
		.contractIDPreimage = {.type = SDEX_CONTRACT_ID_PREIMAGE_FROM_ASSET,
				       .fromAsset = &f.usd},
		.executable = {.type = SDEX_CONTRACT_EXECUTABLE_STELLAR_ASSET}};
	sdex_CreateContractArgs v1 = {.contractIDPreimage = v2.contractIDPreimage,
				      .executable = v2.executable};
	sdex_HostFunction create = {.type = SDEX_HOST_FUNCTION_TYPE_CREATE_CONTRACT,
				    .createContract = &v1};
	PASSED(invoke_host_function(OUT, NULL, &create, NULL, 0, WHY));
	v1.contractIDPreimage.fromAsset = &f.bad;
	REFUSED(INVOKE_HOST_FUNCTION_ASSET, invoke_host_function(OUT, NULL, &create, NULL, 0, WHY));
	create = (sdex_HostFunction){.type = SDEX_HOST_FUNCTION_TYPE_CREATE_CONTRACT_V2,
				     .createContractV2 = &v2};
	PASSED(invoke_host_function(OUT, NULL, &create, NULL, 0, WHY));
	refused_before(22, SDEX_RULE_INVOKE_HOST_FUNCTION_TYPE_OLD);

	sdex_SorobanDelegateSignature nested[2] = {
		{.address = {.type = SDEX_SC_ADDRESS_TYPE_CONTRACT},
		 .signature = {.type = SDEX_SCV_VOID}}};
	nested[1] = nested[0];
	nested[0].address.type = SDEX_SC_ADDRESS_TYPE_ACCOUNT;
	sdex_SorobanDelegateSignature delegate = nested[0];
	delegate.nestedDelegates = (sdex_SorobanDelegateSignature_list){nested, 2};
	sdex_SorobanAddressCredentialsWithDelegates with = {
		.addressCredentials = {.signature = {.type = SDEX_SCV_VOID}},
		.delegates = {&delegate, 1}};
	sdex_InvokeContractArgs sub = {.contractAddress = {.type = SDEX_SC_ADDRESS_TYPE_CONTRACT}};
	sdex_SorobanAuthorizationEntry entry = {
		.credentials = {.type = SDEX_SOROBAN_CREDENTIALS_ADDRESS_WITH_DELEGATES,
				.addressWithDelegates = &with},
		.rootInvocation = {
			.function = {.type = SDEX_SOROBAN_AUTHORIZED_FUNCTION_TYPE_CONTRACT_FN,
				     .contractFn = &sub}}};
	PASSED(invoke_host_function(OUT, NULL, &upload, &entry, 1, WHY));
	refused_before(27, SDEX_RULE_INVOKE_HOST_FUNCTION_CREDENTIALS_OLD);
	nested[1].address = nested[0].address;
	REFUSED(INVOKE_HOST_FUNCTION_DELEGATES,
		invoke_host_function(OUT, NULL, &upload, &entry, 1, WHY));
	entry.credentials.type = SDEX_SOROBAN_CREDENTIALS_SOURCE_ACCOUNT;
	PASSED(invoke_host_function(OUT, NULL, &upload, &entry, 1, WHY));
	assert_int_equal(sdex_op_check(&f.out, NULL, &p21, WHY), SDEX_OK);

	PASSED(extend_footprint_ttl(OUT, NULL, 9, WHY));
	sdex_Operation extend = f.out;
	start();
	refused(SDEX_RULE_EXTEND_FOOTPRINT_TTL_TO, sdex_op_check(&extend, NULL, &tight, WHY));
	extend.body.extendFootprintTTLOp.extendTo = 8;
	assert_int_equal(sdex_op_check(&extend, NULL, &tight, WHY), SDEX_OK);
	PASSED(restore_footprint(OUT, NULL, WHY));
}

static void inflation_is_made_but_not_supported(void **state)
{
	(void)state;
	sdex_Operation op;
	assert_int_equal(sdex_op_inflation(&op, f.arena, &f.ma, WHY), SDEX_OK);
	start();
	refused(SDEX_RULE_OP_NOT_SUPPORTED, sdex_op_check(&op, NULL, NULL, WHY));
}

static void the_transactions_source_counts(void **state)
{
	(void)state;
	PASSED(account_merge(OUT, NULL, &f.ma, WHY));
	sdex_Operation merge = f.out;
	assert_int_equal(sdex_op_check(&merge, &f.mb, NULL, WHY), SDEX_OK);
	start();
	refused(SDEX_RULE_ACCOUNT_MERGE_SELF, sdex_op_check(&merge, &f.ma, NULL, WHY));
	merge.sourceAccount = &f.mb;
	assert_int_equal(sdex_op_check(&merge, &f.ma, NULL, WHY), SDEX_OK);
}

static void protocols_without_rules_are_refused(void **state)
{
	(void)state;
	PASSED(bump_sequence(OUT, NULL, 1, WHY));
	for (uint32_t protocol = 0; protocol < 40; protocol++) {
		struct sdex_network_limits limits = {.protocol = protocol};
		assert_int_equal(sdex_op_check(&f.out, NULL, &limits, WHY),
				 protocol >= 17 && protocol <= 28 ? SDEX_OK : SDEX_ERR_UNSUPPORTED);
	}
}

/* Whatever it is made from may change or die afterwards. */
static void arguments_are_copied(void **state)
{
	(void)state;
	uint8_t before[2048], after[2048];
	size_t size, size_after;
	sdex_ClaimPredicate leaf = sdex_predicate_before(5), both;
	assert_int_equal(sdex_predicate_and(&both, f.arena, &leaf, &leaf), SDEX_OK);
	sdex_ClaimantV0 v0 = {.destination = f.b};
	assert_int_equal(sdex_predicate_not(&v0.predicate, f.arena, &both), SDEX_OK);
	sdex_Claimant claimant = {.type = SDEX_CLAIMANT_TYPE_V0, .v0 = &v0};
	start();
	size = passed(before, sdex_op_create_claimable_balance(OUT, &f.ma, &f.euro, sdex_stroops(1),
							       &claimant, 1, WHY));
	f.long_code.assetCode.bytes[0] = 'X';
	f.ma = f.mb;
	v0.predicate.notPredicate->andPredicates.items[0].absBefore = 77;
	v0.destination = f.issuer;
	claimant.v0 = NULL;
	assert_int_equal(sdex_Operation_encode(after, sizeof after, &size_after, &f.out, NULL),
			 SDEX_OK);
	assert_int_equal(size, size_after);
	assert_memory_equal(before, after, size);

	char text[] = "name and value";
	uint32_t weight = 3;
	struct sdex_bytes bytes = {(uint8_t *)text, sizeof text - 1};
	sdex_SignerKeyEd25519SignedPayload payload = {{{1}}, bytes};
	sdex_Signer signer = {.key = {.type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD,
				      .ed25519SignedPayload = &payload}};
	sdex_SetOptionsOp o = {&f.b, NULL, NULL, &weight, NULL, NULL, NULL, &bytes, &signer};
	start();
	size = passed(before, sdex_op_set_options(OUT, NULL, &o, WHY));
	memset(text, '#', sizeof text);
	weight = 4;
	signer.weight = 9;
	payload.ed25519.bytes[0] = 0;
	bytes.size = 1;
	assert_int_equal(sdex_Operation_encode(after, sizeof after, &size_after, &f.out, NULL),
			 SDEX_OK);
	assert_int_equal(size, size_after);
	assert_memory_equal(before, after, size);
}

static void a_missing_part_is_invalid(void **state)
{
	(void)state;
	const sdex_SignerKey key = {.type = SDEX_SIGNER_KEY_TYPE_ED25519};
	const sdex_Claimant claimant = {.type = SDEX_CLAIMANT_TYPE_V0};
	const sdex_AssetCode code = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4};
	sdex_Asset shares = {.type = SDEX_ASSET_TYPE_POOL_SHARE};
#define INVALID(call)                                               \
	do {                                                        \
		start();                                            \
		assert_int_equal(sdex_op_##call, SDEX_ERR_INVALID); \
		assert_int_equal(f.why.code, SDEX_ERR_INVALID);     \
		assert_int_equal(f.out.body.type, SDEX_INFLATION);  \
	} while (0)
	struct sdex_amount one = sdex_stroops(1);
	struct sdex_bytes name = {(const uint8_t *)"name", 4}, none = {NULL, 4};
	const sdex_HostFunction upload = sdex_host_function_upload(name);
	INVALID(create_account(OUT, NULL, NULL, one, WHY));
	INVALID(payment(OUT, NULL, NULL, &f.usd, one, WHY));
	INVALID(payment(OUT, NULL, &f.ma, NULL, one, WHY));
	INVALID(path_payment_strict_receive(OUT, NULL, NULL, one, &f.mb, &f.usd, one, NULL, 0,
					    WHY));
	INVALID(path_payment_strict_receive(OUT, NULL, &f.usd, one, NULL, &f.usd, one, NULL, 0,
					    WHY));
	INVALID(path_payment_strict_receive(OUT, NULL, &f.usd, one, &f.mb, NULL, one, NULL, 0,
					    WHY));
	INVALID(path_payment_strict_receive(OUT, NULL, &f.usd, one, &f.mb, &f.usd, one, NULL, 5,
					    WHY));
	INVALID(path_payment_strict_send(OUT, NULL, NULL, one, &f.mb, &f.usd, one, NULL, 0, WHY));
	INVALID(path_payment_strict_send(OUT, NULL, &f.usd, one, NULL, &f.usd, one, NULL, 0, WHY));
	INVALID(path_payment_strict_send(OUT, NULL, &f.usd, one, &f.mb, NULL, one, NULL, 0, WHY));
	INVALID(path_payment_strict_send(OUT, NULL, &f.usd, one, &f.mb, &f.usd, one, NULL, 1, WHY));
	INVALID(account_merge(OUT, NULL, NULL, WHY));
	INVALID(manage_sell_offer(OUT, NULL, NULL, &f.xlm, one, f.one, 0, WHY));
	INVALID(manage_sell_offer(OUT, NULL, &f.usd, NULL, one, f.one, 0, WHY));
	INVALID(manage_buy_offer(OUT, NULL, NULL, &f.xlm, one, f.one, 0, WHY));
	INVALID(manage_buy_offer(OUT, NULL, &f.usd, NULL, one, f.one, 0, WHY));
	INVALID(create_passive_sell_offer(OUT, NULL, NULL, &f.xlm, one, f.one, WHY));
	INVALID(create_passive_sell_offer(OUT, NULL, &f.usd, NULL, one, f.one, WHY));
	INVALID(liquidity_pool_deposit(OUT, NULL, NULL, one, one, f.one, f.one, WHY));
	INVALID(liquidity_pool_withdraw(OUT, NULL, NULL, one, one, one, WHY));
	INVALID(set_options(OUT, NULL, NULL, WHY));
	INVALID(change_trust(OUT, NULL, NULL, one, WHY));
	INVALID(change_trust(OUT, NULL, &shares, one, WHY));
	INVALID(change_trust_pool(OUT, NULL, NULL, &f.usd, one, WHY));
	INVALID(change_trust_pool(OUT, NULL, &f.xlm, NULL, one, WHY));
	INVALID(manage_data(OUT, NULL, none, NULL, WHY));
	INVALID(manage_data(OUT, NULL, name, &none, WHY));
	INVALID(allow_trust(OUT, NULL, NULL, &code, 1, WHY));
	INVALID(allow_trust(OUT, NULL, &f.a, NULL, 1, WHY));
	INVALID(set_trust_line_flags(OUT, NULL, NULL, &f.usd, 0, 1, WHY));
	INVALID(set_trust_line_flags(OUT, NULL, &f.b, NULL, 0, 1, WHY));
	INVALID(clawback(OUT, NULL, NULL, &f.mb, one, WHY));
	INVALID(clawback(OUT, NULL, &f.usd, NULL, one, WHY));
	INVALID(clawback_claimable_balance(OUT, NULL, NULL, WHY));
	INVALID(claim_claimable_balance(OUT, NULL, NULL, WHY));
	INVALID(create_claimable_balance(OUT, NULL, &f.usd, one, NULL, 1, WHY));
	INVALID(create_claimable_balance(OUT, NULL, NULL, one, &claimant, 1, WHY));
	INVALID(create_claimable_balance(OUT, NULL, &f.usd, one, &claimant, 1, WHY));
	INVALID(begin_sponsoring_future_reserves(OUT, NULL, NULL, WHY));
	INVALID(revoke_sponsorship(OUT, NULL, NULL, WHY));
	INVALID(revoke_signer_sponsorship(OUT, NULL, &f.a, NULL, WHY));
	INVALID(revoke_signer_sponsorship(OUT, NULL, NULL, &key, WHY));
	INVALID(invoke_host_function(OUT, NULL, NULL, NULL, 0, WHY));
	INVALID(invoke_host_function(OUT, NULL, &upload, NULL, 1, WHY));
#undef INVALID
}

static void a_full_arena_is_told(void **state)
{
	(void)state;
	/* Fill an arena but for `left` bytes, and grow `left` until the operation fits. */
	for (int kind = 0; kind < 6; kind++) {
		enum sdex_error error = SDEX_ERR_NOMEM;
		size_t left = 0;
		uint32_t weight = 1;
		struct sdex_bytes text = {(const uint8_t *)"text", 4};
		sdex_SignerKeyEd25519SignedPayload payload = {{{1}}, text};
		sdex_Signer signer = {.key = {.type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD,
					      .ed25519SignedPayload = &payload}};
		sdex_SetOptionsOp o = {&f.b, &weight, NULL,  &weight, &weight,
				       NULL, NULL,    &text, &signer};
		sdex_ClaimPredicate leaf = sdex_predicate_always(), p, q;
		assert_int_equal(sdex_predicate_not(&p, f.arena, &leaf), SDEX_OK);
		assert_int_equal(sdex_predicate_or(&q, f.arena, &p, &leaf), SDEX_OK);
		sdex_ClaimantV0 v0 = {.predicate = q};
		sdex_Claimant claimant = {.type = SDEX_CLAIMANT_TYPE_V0, .v0 = &v0};
		for (; error == SDEX_ERR_NOMEM && left < 2000; left += 8) {
			struct sdex_arena *small = sdex_arena_new(4096);
			while (sdex_arena_alloc(small, 16))
				;
			size_t used = sdex_arena_used(small);
			sdex_arena_reset(small);
			assert_true(used > left);
			assert_non_null(sdex_arena_alloc(small, (used - left) & ~(size_t)15));
			start();
			if (kind == 0)
				error = sdex_op_payment(&f.out, small, &f.ma, &f.mb, &f.euro,
							sdex_stroops(1), WHY);
			else if (kind == 1)
				error = sdex_op_set_options(&f.out, small, &f.ma, &o, WHY);
			else if (kind == 2)
				error = sdex_op_create_claimable_balance(&f.out, small, &f.ma,
									 &f.euro, sdex_stroops(1),
									 &claimant, 1, WHY);
			else if (kind == 3)
				error = sdex_op_manage_data(&f.out, small, &f.ma, text, &text, WHY);
			else if (kind == 4)
				error = sdex_op_change_trust_pool(&f.out, small, &f.ma, &f.usd,
								  &f.euro, sdex_stroops(1), WHY);
			else
				error = sdex_op_path_payment_strict_send(
					&f.out, small, &f.ma, &f.euro, sdex_stroops(1), &f.ma,
					&f.usd, sdex_stroops(1),
					(sdex_Asset[]){f.euro, f.usd, f.euro}, 3, WHY);
			if (error) {
				assert_int_equal(f.why.code, SDEX_ERR_NOMEM);
				assert_int_equal(f.out.body.type, SDEX_INFLATION);
			}
			sdex_arena_free(small);
		}
		assert_int_equal(error, SDEX_OK);
		assert_true(left > 8);
	}
}

static void thresholds_are_the_networks(void **state)
{
	(void)state;
	uint32_t number = 1;
	sdex_SetOptionsOp o = {.setFlags = &number};
	sdex_Signer signer = {.weight = 1};
	sdex_Operation op = {.body = {.type = SDEX_SET_OPTIONS, .setOptionsOp = &o}};
	assert_int_equal(sdex_op_threshold(&op), SDEX_THRESHOLD_MED);
	o = (sdex_SetOptionsOp){.masterWeight = &number};
	assert_int_equal(sdex_op_threshold(&op), SDEX_THRESHOLD_HIGH);
	o = (sdex_SetOptionsOp){.lowThreshold = &number};
	assert_int_equal(sdex_op_threshold(&op), SDEX_THRESHOLD_HIGH);
	o = (sdex_SetOptionsOp){.medThreshold = &number};
	assert_int_equal(sdex_op_threshold(&op), SDEX_THRESHOLD_HIGH);
	o = (sdex_SetOptionsOp){.highThreshold = &number};
	assert_int_equal(sdex_op_threshold(&op), SDEX_THRESHOLD_HIGH);
	o = (sdex_SetOptionsOp){.signer = &signer};
	assert_int_equal(sdex_op_threshold(&op), SDEX_THRESHOLD_HIGH);
	/* getThresholdLevel of stellar-core's OpFrames, by operation number */
	static const char level[] = "mmmmm?mlhlmlmmmlmmmmmlmmmll";
	for (int type = 0; type < 27; type++) {
		op.body.type = (sdex_OperationType)type;
		if (level[type] != '?')
			assert_int_equal(sdex_op_threshold(&op),
					 level[type] == 'l'   ? SDEX_THRESHOLD_LOW
					 : level[type] == 'h' ? SDEX_THRESHOLD_HIGH
							      : SDEX_THRESHOLD_MED);
	}
}

/* CREATE_CLAIMABLE_BALANCE is CreateClaimableBalance, EXTEND_FOOTPRINT_TTL ExtendFootprintTTL. */
static void names_are_the_schemas(void **state)
{
	(void)state;
	for (int type = 0; type < 27; type++) {
		const char *schema = sdex_enum_name(SDEX_TYPE_OperationType, type);
		const char *ours = sdex_op_name((sdex_OperationType)type);
		assert_non_null(schema);
		for (; *schema; schema++) {
			if (*schema == '_')
				continue;
			assert_int_equal(*ours >= 'a' ? *ours - 32 : *ours, *schema);
			ours++;
		}
		assert_int_equal(*ours, 0);
	}
	assert_string_equal(sdex_op_name((sdex_OperationType)27), "?");
	assert_string_equal(sdex_op_name((sdex_OperationType)-1), "?");
}

static void rules_are_in_order(void **state)
{
	(void)state;
	uint32_t last = 0;
	size_t count = 0;
	for (const struct sdex_rule *rule; (rule = sdex_rule_at(count)); count++) {
		assert_true(rule->number > last);
		assert_true(rule->number < 100 || rule->number / 100 - 1 < 27);
		assert_ptr_equal(sdex_rule_by_number(rule->number), rule);
		last = rule->number;
	}
	assert_true(count > 140);
	assert_null(sdex_rule_by_number(0));
	assert_null(sdex_rule_by_number(99));
}

/* Runs last: every rule about one operation was seen at work above.  Footprints are
 * of transactions (test_transaction.c). */
static void no_rule_was_forgotten(void **state)
{
	(void)state;
	for (size_t i = 0; sdex_rule_at(i); i++) {
		const struct sdex_rule *rule = sdex_rule_at(i);
		if (rule->number >= 90 && !strstr(rule->name, "FOOTPRINT_TTL_READ") &&
		    !strstr(rule->name, "FOOTPRINT_TTL_KEY") && !strstr(rule->name, "RESTORE_") &&
		    !seen[rule->number])
			fail_msg("no test of %s", rule->name);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(accounts_and_payments),
		TEST(offers),
		TEST(pools),
		TEST(options),
		TEST(trust),
		TEST(data_and_sequence),
		TEST(clawbacks),
		TEST(claimable_balances),
		TEST(sponsorship),
		TEST(soroban),
		TEST(inflation_is_made_but_not_supported),
		TEST(the_transactions_source_counts),
		TEST(protocols_without_rules_are_refused),
		TEST(arguments_are_copied),
		TEST(a_missing_part_is_invalid),
		TEST(a_full_arena_is_told),
		TEST(thresholds_are_the_networks),
		TEST(names_are_the_schemas),
		TEST(rules_are_in_order),
		TEST(no_rule_was_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
