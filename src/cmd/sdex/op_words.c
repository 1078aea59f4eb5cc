/* cmd/sdex/op_words.c - each of the 27 operations as a sentence. */

#include "cmd/sdex/tx_words.h"
#include "cmd/sdex/words.h"
#include "sdex/predicate.h"

/* ---- payments ---- */

static void put_path(FILE *out, const sdex_Asset_list *path)
{
	for (uint32_t i = 0; i < path->count; i++) {
		fputs(i ? ", " : ", by way of ", out);
		put_asset(out, &path->items[i]);
	}
}

static void path_receive(FILE *out, const sdex_PathPaymentStrictReceiveOp *op)
{
	fputs("pay exactly ", out);
	put_money(out, op->destAmount, &op->destAsset);
	fputs(" to ", out);
	put_muxed(out, &op->destination);
	fputs(", taking at most ", out);
	put_money(out, op->sendMax, &op->sendAsset);
	put_path(out, &op->path);
}

static void path_send(FILE *out, const sdex_PathPaymentStrictSendOp *op)
{
	fputs("take exactly ", out);
	put_money(out, op->sendAmount, &op->sendAsset);
	fputs(" and pay at least ", out);
	put_money(out, op->destMin, &op->destAsset);
	fputs(" to ", out);
	put_muxed(out, &op->destination);
	put_path(out, &op->path);
}

/* ---- trading ---- */

static void put_offer(FILE *out, const char *verb, int64_t amount, const sdex_Asset *main,
		      const sdex_Asset *other, sdex_Price price, int64_t id)
{
	if (id && !amount) {
		fprintf(out, "delete offer %lld (", (long long)id);
		put_asset(out, main);
		fputs(" against ", out);
		put_asset(out, other);
		fputc(')', out);
		return;
	}
	if (id)
		fprintf(out, "change offer %lld: ", (long long)id);
	fprintf(out, "%s ", verb);
	put_money(out, amount, main);
	fputs(" for ", out);
	put_asset(out, other);
	fputs(" at ", out);
	put_price(out, price);
	fputs(" each", out);
}

static void deposit(FILE *out, const sdex_LiquidityPoolDepositOp *op)
{
	fputs("give at most ", out);
	put_amount(out, op->maxAmountA);
	fputs(" of the first and ", out);
	put_amount(out, op->maxAmountB);
	fputs(" of the second asset into pool ", out);
	put_pool(out, &op->liquidityPoolID);
	fputs(", at a price from ", out);
	put_price(out, op->minPrice);
	fputs(" to ", out);
	put_price(out, op->maxPrice);
}

static void withdraw(FILE *out, const sdex_LiquidityPoolWithdrawOp *op)
{
	fputs("give back ", out);
	put_amount(out, op->amount);
	fputs(" shares of pool ", out);
	put_pool(out, &op->liquidityPoolID);
	fputs(" for at least ", out);
	put_amount(out, op->minAmountA);
	fputs(" of the first and ", out);
	put_amount(out, op->minAmountB);
	fputs(" of the second asset", out);
}

/* ---- settings ---- */

static void put_flags(FILE *out, uint32_t flags, const char *const names[], unsigned count)
{
	const char *between = "";
	for (unsigned i = 0; i < count; i++) {
		if (flags >> i & 1) {
			fprintf(out, "%s%s", between, names[i]);
			between = ", ";
		}
	}
	if (flags >> count || !flags)
		fprintf(out, "%s0x%x", between, flags >> count << count);
}

static const char *const account_flags[] = {"required", "revocable", "immutable", "clawback"};
static const char *const line_flags[] = {"authorized", "maintain liabilities", "clawback"};

static void put_number(FILE *out, const char **between, const char *what, const sdex_uint32 *n)
{
	if (n) {
		fprintf(out, "%s%s %u", *between, what, *n);
		*between = ", ";
	}
}

static void set_options(FILE *out, const sdex_SetOptionsOp *op)
{
	const char *between = " ";
	fputs("set options:", out);
	if (op->setFlags) {
		fprintf(out, "%sset flags ", between);
		put_flags(out, *op->setFlags, account_flags, 4);
		between = ", ";
	}
	if (op->clearFlags) {
		fprintf(out, "%sclear flags ", between);
		put_flags(out, *op->clearFlags, account_flags, 4);
		between = ", ";
	}
	put_number(out, &between, "weight of the own key", op->masterWeight);
	put_number(out, &between, "low threshold", op->lowThreshold);
	put_number(out, &between, "medium threshold", op->medThreshold);
	put_number(out, &between, "high threshold", op->highThreshold);
	if (op->homeDomain) {
		fprintf(out, "%shome domain ", between);
		put_text(out, *op->homeDomain);
		between = ", ";
	}
	if (op->signer) {
		fprintf(out, "%s%s signer ", between, op->signer->weight ? "put in" : "remove");
		put_signer(out, &op->signer->key);
		if (op->signer->weight)
			fprintf(out, " of weight %u", op->signer->weight);
		between = ", ";
	}
	if (op->inflationDest) {
		fprintf(out, "%sinflation destination ", between);
		put_account(out, op->inflationDest);
		between = ", ";
	}
	if (*between == ' ')
		fputs(" nothing", out);
}

static void put_line(FILE *out, const sdex_ChangeTrustAsset *line)
{
	if (line->type == SDEX_ASSET_TYPE_POOL_SHARE) {
		const sdex_LiquidityPoolConstantProductParameters *p =
			line->liquidityPool.constantProduct;
		fputs("shares of the pool of ", out);
		put_asset(out, &p->assetA);
		fputs(" and ", out);
		put_asset(out, &p->assetB);
		return;
	}
	sdex_Asset asset = {.type = line->type};
	if (line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4)
		asset.alphaNum4 = line->alphaNum4;
	else if (line->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12)
		asset.alphaNum12 = line->alphaNum12;
	put_asset(out, &asset);
}

static void change_trust(FILE *out, const sdex_ChangeTrustOp *op)
{
	fputs(op->limit ? "trust " : "delete the trustline of ", out);
	put_line(out, &op->line);
	if (op->limit && op->limit != INT64_MAX) {
		fputs(", holding at most ", out);
		put_amount(out, op->limit);
	}
}

static void manage_data(FILE *out, const sdex_ManageDataOp *op)
{
	fputs(op->dataValue ? "write data entry " : "delete data entry ", out);
	put_text(out, op->dataName);
	if (op->dataValue) {
		fputs(": ", out);
		put_text(out, *op->dataValue);
	}
}

/* ---- issuers ---- */

static void allow_trust(FILE *out, const sdex_AllowTrustOp *op)
{
	fputs(op->authorize == 1 ? "authorise "
	      : op->authorize    ? "let keep only what it has, "
				 : "stop ",
	      out);
	put_account(out, &op->trustor);
	fputs(" for own asset ", out);
	put_value(out, SDEX_TYPE_AssetCode, &op->asset);
}

static void set_line_flags(FILE *out, const sdex_SetTrustLineFlagsOp *op)
{
	fputs("for ", out);
	put_account(out, &op->trustor);
	fputs(" and ", out);
	put_asset(out, &op->asset);
	if (op->setFlags) {
		fputs(" set ", out);
		put_flags(out, op->setFlags, line_flags, 3);
	}
	if (op->clearFlags) {
		fputs(op->setFlags ? ", clear " : " clear ", out);
		put_flags(out, op->clearFlags, line_flags, 3);
	}
	if (!op->setFlags && !op->clearFlags)
		fputs(" change no flag", out);
}

/* ---- claimable balances, sponsorship ---- */

static void create_balance(FILE *out, const sdex_CreateClaimableBalanceOp *op)
{
	fputs("set ", out);
	put_money(out, op->amount, &op->asset);
	fputs(" aside for", out);
	for (uint32_t i = 0; i < op->claimants.count; i++) {
		const sdex_ClaimantV0 *c = op->claimants.items[i].v0;
		char text[SDEX_PREDICATE_ROOM];
		size_t size;
		fputs(i ? ", or " : " ", out);
		put_account(out, &c->destination);
		fputc(' ', out);
		if (sdex_predicate_text(text, sizeof text, &size, &c->predicate, NULL) == SDEX_OK)
			fputs(text, out);
		else
			put_value(out, SDEX_TYPE_ClaimPredicate, &c->predicate);
	}
}

static void put_ledger_key(FILE *out, const sdex_LedgerKey *key)
{
	if (key->type == SDEX_ACCOUNT) {
		fputs("account ", out);
		put_account(out, &key->account.accountID);
	} else if (key->type == SDEX_TRUSTLINE) {
		put_account(out, &key->trustLine->accountID);
		fputs("'s trustline of ", out);
		put_trust_asset(out, &key->trustLine->asset);
	} else if (key->type == SDEX_OFFER) {
		put_account(out, &key->offer->sellerID);
		fprintf(out, "'s offer %lld", (long long)key->offer->offerID);
	} else if (key->type == SDEX_DATA) {
		put_account(out, &key->data->accountID);
		fputs("'s data entry ", out);
		put_text(out, key->data->dataName);
	} else if (key->type == SDEX_CLAIMABLE_BALANCE) {
		fputs("claimable balance ", out);
		put_balance(out, &key->claimableBalance.balanceID);
	} else {
		put_value(out, SDEX_TYPE_LedgerKey, key);
	}
}

static void revoke(FILE *out, const sdex_RevokeSponsorshipOp *op)
{
	fputs("end or move the sponsorship of ", out);
	if (op->type == SDEX_REVOKE_SPONSORSHIP_LEDGER_ENTRY) {
		put_ledger_key(out, op->ledgerKey);
		return;
	}
	put_account(out, &op->signer->accountID);
	fputs("'s signer ", out);
	put_signer(out, &op->signer->signerKey);
}

/* ---- Soroban ---- */

static void put_call(FILE *out, const sdex_InvokeContractArgs *call)
{
	fputs("call ", out);
	put_text(out, call->functionName);
	fputs(" of contract ", out);
	put_address(out, &call->contractAddress);
	fputs(" with (", out);
	for (uint32_t i = 0; i < call->args.count; i++) {
		fputs(i ? ", " : "", out);
		put_value(out, SDEX_TYPE_SCVal, &call->args.items[i]);
	}
	fputc(')', out);
}

static void put_new_contract(FILE *out, const sdex_ContractIDPreimage *preimage,
			     const sdex_ContractExecutable *executable)
{
	fputs("create a contract ", out);
	if (preimage->type == SDEX_CONTRACT_ID_PREIMAGE_FROM_ASSET) {
		fputs("for asset ", out);
		put_asset(out, preimage->fromAsset);
		return;
	}
	put_value(out, SDEX_TYPE_ContractIDPreimage, preimage);
	fputs(" of ", out);
	put_value(out, SDEX_TYPE_ContractExecutable, executable);
}

static void invoke(FILE *out, const sdex_InvokeHostFunctionOp *op)
{
	const sdex_HostFunction *f = &op->hostFunction;
	switch (f->type) {
	case SDEX_HOST_FUNCTION_TYPE_INVOKE_CONTRACT:
		put_call(out, f->invokeContract);
		break;
	case SDEX_HOST_FUNCTION_TYPE_CREATE_CONTRACT:
		put_new_contract(out, &f->createContract->contractIDPreimage,
				 &f->createContract->executable);
		break;
	case SDEX_HOST_FUNCTION_TYPE_UPLOAD_CONTRACT_WASM:
		fprintf(out, "upload %u bytes of contract code", f->wasm.size);
		break;
	case SDEX_HOST_FUNCTION_TYPE_CREATE_CONTRACT_V2:
		put_new_contract(out, &f->createContractV2->contractIDPreimage,
				 &f->createContractV2->executable);
		break;
	}
	if (op->auth.count)
		fprintf(out, ", with %u authorisation%s", op->auth.count,
			op->auth.count == 1 ? "" : "s");
}

/* ---- all of them ---- */

static void put_body(FILE *out, const sdex_OperationBody *b)
{
	switch (b->type) {
	case SDEX_CREATE_ACCOUNT:
		fputs("create account ", out);
		put_account(out, &b->createAccountOp->destination);
		fputs(" with ", out);
		put_amount(out, b->createAccountOp->startingBalance);
		fputs(" XLM", out);
		return;
	case SDEX_PAYMENT:
		fputs("pay ", out);
		put_money(out, b->paymentOp->amount, &b->paymentOp->asset);
		fputs(" to ", out);
		put_muxed(out, &b->paymentOp->destination);
		return;
	case SDEX_PATH_PAYMENT_STRICT_RECEIVE:
		path_receive(out, b->pathPaymentStrictReceiveOp);
		return;
	case SDEX_MANAGE_SELL_OFFER:
		put_offer(out, "sell", b->manageSellOfferOp->amount, &b->manageSellOfferOp->selling,
			  &b->manageSellOfferOp->buying, b->manageSellOfferOp->price,
			  b->manageSellOfferOp->offerID);
		return;
	case SDEX_CREATE_PASSIVE_SELL_OFFER:
		put_offer(out, "sell, without taking offers of the same price,",
			  b->createPassiveSellOfferOp->amount,
			  &b->createPassiveSellOfferOp->selling,
			  &b->createPassiveSellOfferOp->buying, b->createPassiveSellOfferOp->price,
			  0);
		return;
	case SDEX_SET_OPTIONS:
		set_options(out, b->setOptionsOp);
		return;
	case SDEX_CHANGE_TRUST:
		change_trust(out, b->changeTrustOp);
		return;
	case SDEX_ALLOW_TRUST:
		allow_trust(out, b->allowTrustOp);
		return;
	case SDEX_ACCOUNT_MERGE:
		fputs("move all XLM to ", out);
		put_muxed(out, b->destination);
		fputs(" and delete the account", out);
		return;
	case SDEX_INFLATION:
		fputs("run inflation (the network refuses this)", out);
		return;
	case SDEX_MANAGE_DATA:
		manage_data(out, &b->manageDataOp);
		return;
	case SDEX_BUMP_SEQUENCE:
		fprintf(out, "raise the sequence number to %lld",
			(long long)b->bumpSequenceOp.bumpTo);
		return;
	case SDEX_MANAGE_BUY_OFFER:
		put_offer(out, "buy", b->manageBuyOfferOp->buyAmount, &b->manageBuyOfferOp->buying,
			  &b->manageBuyOfferOp->selling, b->manageBuyOfferOp->price,
			  b->manageBuyOfferOp->offerID);
		return;
	case SDEX_PATH_PAYMENT_STRICT_SEND:
		path_send(out, b->pathPaymentStrictSendOp);
		return;
	case SDEX_CREATE_CLAIMABLE_BALANCE:
		create_balance(out, b->createClaimableBalanceOp);
		return;
	case SDEX_CLAIM_CLAIMABLE_BALANCE:
		fputs("claim balance ", out);
		put_balance(out, &b->claimClaimableBalanceOp.balanceID);
		return;
	case SDEX_BEGIN_SPONSORING_FUTURE_RESERVES:
		fputs("sponsor the reserves of ", out);
		put_account(out, &b->beginSponsoringFutureReservesOp.sponsoredID);
		fputs(" from here on", out);
		return;
	case SDEX_END_SPONSORING_FUTURE_RESERVES:
		fputs("end being sponsored", out);
		return;
	case SDEX_REVOKE_SPONSORSHIP:
		revoke(out, &b->revokeSponsorshipOp);
		return;
	case SDEX_CLAWBACK:
		fputs("take back ", out);
		put_money(out, b->clawbackOp->amount, &b->clawbackOp->asset);
		fputs(" from ", out);
		put_muxed(out, &b->clawbackOp->from);
		return;
	case SDEX_CLAWBACK_CLAIMABLE_BALANCE:
		fputs("take back claimable balance ", out);
		put_balance(out, &b->clawbackClaimableBalanceOp.balanceID);
		return;
	case SDEX_SET_TRUST_LINE_FLAGS:
		set_line_flags(out, b->setTrustLineFlagsOp);
		return;
	case SDEX_LIQUIDITY_POOL_DEPOSIT:
		deposit(out, b->liquidityPoolDepositOp);
		return;
	case SDEX_LIQUIDITY_POOL_WITHDRAW:
		withdraw(out, b->liquidityPoolWithdrawOp);
		return;
	case SDEX_INVOKE_HOST_FUNCTION:
		invoke(out, &b->invokeHostFunctionOp);
		return;
	case SDEX_EXTEND_FOOTPRINT_TTL:
		fprintf(out, "extend the life of the contract entries read to %u ledgers",
			b->extendFootprintTTLOp.extendTo);
		return;
	case SDEX_RESTORE_FOOTPRINT:
		fputs("restore the archived contract entries written", out);
		return;
	}
}

void op_words(FILE *out, const sdex_Operation *op)
{
	put_body(out, &op->body);
	if (op->sourceAccount) {
		fputs(" [on behalf of ", out);
		put_muxed(out, op->sourceAccount);
		fputc(']', out);
	}
}
