/* cmd/sdex/ledger_words.c - a ledger for people: a line that pictures it, its transactions with
 * what came of each operation, and what is different afterwards. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/int128.h"
#include "cmd/sdex/ledger_show.h"
#include "cmd/sdex/tx_words.h"
#include "cmd/sdex/words.h"
#include "sdex/result.h"
#include "sdex/transaction.h"

#define PICTURE 60u

/* ---- pieces ---- */

const char *ledger_type_name(char out[LEDGER_TYPE_ROOM], sdex_OperationType type)
{
	const char *name = sdex_enum_name(SDEX_TYPE_OperationType, (int32_t)type);
	size_t i = 0;
	for (; name && name[i] && i < LEDGER_TYPE_ROOM - 1; i++)
		out[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
	out[i] = '\0';
	return out;
}

const uint8_t *ledger_op_source(const struct delta_transaction *tx, const sdex_Operation *op)
{
	const sdex_MuxedAccount *source = op->sourceAccount;
	if (!source)
		return tx->source;
	return source->type == SDEX_KEY_TYPE_MUXED_ED25519 ? source->med25519.ed25519.bytes
							   : source->ed25519.bytes;
}

bool ledger_ratio(char out[LEDGER_RATIO_ROOM], int64_t over, int64_t under)
{
	if (over < 0 || under <= 0)
		return false;
	uint64_t whole = (uint64_t)over / (uint64_t)under;
	uint64_t rest = (uint64_t)over % (uint64_t)under;
	int size = snprintf(out, LEDGER_RATIO_ROOM, "%llu", (unsigned long long)whole);
	int counted = whole ? size : 0, end = size;
	out[size++] = '.';
	for (int i = 0; rest && counted < 9 && i < 24; i++) {
		uint128 ten = (uint128)rest * 10;
		out[size++] = (char)('0' + (int)(ten / (uint64_t)under));
		rest = (uint64_t)(ten % (uint64_t)under);
		if (counted || out[size - 1] != '0')
			counted++;
		if (out[size - 1] != '0')
			end = size;
	}
	out[end] = '\0';
	return true;
}

static void put_key(const uint8_t id[32])
{
	sdex_AccountID who = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(who.ed25519.bytes, id, 32);
	put_account(stdout, &who);
}

static bool has_part(const char *part, const char *name)
{
	return !part || strcmp(part, "all") == 0 || strcmp(part, name) == 0;
}

/* ---- the summary ---- */

static bool is_soroban(const struct delta_transaction *tx)
{
	sdex_Operation_list list = sdex_tx_operations(tx->envelope);
	return list.count == 1 && (list.items[0].body.type == SDEX_INVOKE_HOST_FUNCTION ||
				   list.items[0].body.type == SDEX_EXTEND_FOOTPRINT_TTL ||
				   list.items[0].body.type == SDEX_RESTORE_FOOTPRINT);
}

/* Of what stands in one place of the picture the most telling. */
static char sign_of(const struct delta *delta, uint32_t from, uint32_t to)
{
	char sign = '.';
	for (uint32_t i = from; i < to; i++) {
		const struct delta_transaction *tx = &delta->transactions[i];
		if (tx->ok && tx->claim_count)
			return '#';
		if (tx->ok)
			sign = is_soroban(tx) && sign == '.' ? '*' : is_soroban(tx) ? sign : '+';
	}
	return sign;
}

struct counted {
	uint32_t done, soroban, operations, pool_trades;
	uint32_t made, changed, gone;
	int64_t fees;
};

static struct counted count(const struct delta *delta)
{
	struct counted c = {0};
	for (uint32_t i = 0; i < delta->transaction_count; i++) {
		const struct delta_transaction *tx = &delta->transactions[i];
		c.done += tx->ok;
		c.soroban += is_soroban(tx);
		c.operations += sdex_tx_operations(tx->envelope).count;
		if (__builtin_add_overflow(c.fees, tx->fee, &c.fees))
			c.fees = INT64_MAX;
	}
	for (uint32_t i = 0; i < delta->claim_count; i++)
		c.pool_trades += delta->claims[i].pool;
	for (uint32_t i = 0; i < delta->offers.count; i++) {
		const struct delta_entry *offer = &delta->offers.items[i];
		c.made += !offer->before && !offer->gone;
		c.changed += offer->before && !offer->gone;
		c.gone += offer->before && offer->gone;
	}
	return c;
}

static void put_picture(const struct delta *delta)
{
	uint32_t all = delta->transaction_count;
	uint32_t places = all < PICTURE ? all : PICTURE;
	putchar('[');
	for (uint32_t i = 0; i < places; i++)
		putchar(sign_of(delta, (uint32_t)((uint64_t)all * i / places),
				(uint32_t)((uint64_t)all * (i + 1) / places)));
	putchar(']');
}

static void put_summary(const struct delta *delta)
{
	struct counted c = count(delta);
	put_picture(delta);
	printf(" %u done, %u failed, %u with contracts\n", c.done,
	       delta->transaction_count - c.done, c.soroban);
	printf("transactions: %u, of which %u failed\n", delta->transaction_count,
	       delta->transaction_count - c.done);
	printf("operations: %u, fees: ", c.operations);
	put_amount(stdout, c.fees);
	printf(" XLM\ntrades: %u, of which %u with pools\n", delta->claim_count, c.pool_trades);
	printf("offers: %u made, %u changed, %u gone\n", c.made, c.changed, c.gone);
}

static void put_head(const struct delta *delta)
{
	printf("ledger %u of protocol %u, closed ", delta->sequence, delta->version);
	put_time(stdout, (uint64_t)delta->close_time);
	printf("\nhash ");
	put_bytes(stdout, delta->hash, 32);
	putchar('\n');
}

/* ---- transactions ---- */

static void put_claim(const struct delta_claim *claim)
{
	char ratio[LEDGER_RATIO_ROOM];
	printf("      took ");
	put_money(stdout, claim->sold_amount, claim->sold);
	printf(" for ");
	put_money(stdout, claim->bought_amount, claim->bought);
	if (ledger_ratio(ratio, claim->bought_amount, claim->sold_amount))
		printf(", at %s", ratio);
	if (claim->pool) {
		sdex_PoolID id;
		memcpy(id.bytes, claim->maker, 32);
		printf(", from pool ");
		put_pool(stdout, &id);
	} else {
		printf(", from offer %lld of ", (long long)claim->offer_id);
		put_key(claim->maker);
	}
	putchar('\n');
}

static void put_own_offer(const sdex_OperationResult *result)
{
	const sdex_ManageOfferSuccessResultOffer *own = sdex_op_result_offer(result);
	if (!own)
		return;
	if (own->effect == SDEX_MANAGE_OFFER_DELETED) {
		printf("      no offer rests\n");
		return;
	}
	printf("      offer %lld %s: sells ", (long long)own->offer->offerID,
	       own->effect == SDEX_MANAGE_OFFER_CREATED ? "rests" : "rests as changed");
	put_money(stdout, own->offer->amount, &own->offer->selling);
	printf(" at ");
	put_price(stdout, own->offer->price);
	putchar(' ');
	put_asset(stdout, &own->offer->buying);
	putchar('\n');
}

static void put_outcome(const struct delta_transaction *tx, const struct sdex_code *code)
{
	if (!code)
		printf("      not tried\n");
	else if (code->value < 0)
		printf("      failed, %s: %s\n", code->name, code->meaning);
	else if (!tx->ok)
		printf("      taken back, for another one failed\n");
}

static void put_operation(const struct delta *delta, const struct delta_transaction *tx,
			  uint32_t index)
{
	sdex_OperationResult_list results = sdex_result_operations(tx->result);
	const sdex_OperationResult *result = index < results.count ? &results.items[index] : NULL;
	int64_t id = tx->id + index + 1; /* SEP-35 */
	printf("    %" PRId64 "  ", id);
	op_words(stdout, &sdex_tx_operations(tx->envelope).items[index]);
	putchar('\n');
	put_outcome(tx, result ? sdex_op_result_code(result) : NULL);
	for (uint32_t i = 0; i < tx->claim_count; i++)
		if (delta->claims[tx->first_claim + i].operation_id == id)
			put_claim(&delta->claims[tx->first_claim + i]);
	if (tx->ok)
		put_own_offer(result);
}

static void put_transaction(const struct delta *delta, uint32_t index)
{
	const struct delta_transaction *tx = &delta->transactions[index];
	const struct sdex_code *code = sdex_result_code(tx->result);
	const struct sdex_code *inner = sdex_result_inner_code(tx->result);
	sdex_Operation_list list = sdex_tx_operations(tx->envelope);
	printf("  %u  ", index + 1);
	put_bytes(stdout, tx->hash, 32);
	printf("\n    of ");
	put_key(tx->source);
	printf("\n    %s, for ", tx->ok ? "done" : "failed");
	put_amount(stdout, tx->fee);
	printf(" XLM");
	if (memcmp(tx->source, tx->fee_source, 32) != 0) {
		printf(" paid by ");
		put_key(tx->fee_source);
	}
	if (inner)
		code = inner;
	if (!tx->ok && code->value != SDEX_txFAILED)
		printf(": %s, %s", code->name, code->meaning);
	putchar('\n');
	for (uint32_t i = 0; i < list.count; i++)
		put_operation(delta, tx, i);
}

/* ---- what is different afterwards ---- */

static void put_offer(const struct delta_entry *entry)
{
	const sdex_OfferEntry *offer = entry->last->data.offer;
	const char *what = entry->before ? entry->gone ? "gone" : "changed"
			   : entry->gone ? "came and went"
					 : "new";
	printf("  %lld  %s, of ", (long long)offer->offerID, what);
	put_key(offer->sellerID.ed25519.bytes);
	printf("\n    sells ");
	put_money(stdout, offer->amount, &offer->selling);
	if (entry->before && !entry->gone) {
		printf(" (before: ");
		put_amount(stdout, entry->before->data.offer->amount);
		putchar(')');
	}
	printf("\n    at ");
	put_price(stdout, offer->price);
	putchar(' ');
	put_asset(stdout, &offer->buying);
	putchar('\n');
}

static void put_step(int64_t before, int64_t after)
{
	put_amount(stdout, before);
	fputs(" -> ", stdout);
	put_amount(stdout, after);
}

static void put_pool_change(const struct delta_entry *entry)
{
	const sdex_LiquidityPoolEntryConstantProduct *last =
		entry->last->data.liquidityPool->body.constantProduct;
	static const sdex_LiquidityPoolEntryConstantProduct none;
	const sdex_LiquidityPoolEntryConstantProduct *was =
		entry->before ? entry->before->data.liquidityPool->body.constantProduct : &none;
	const sdex_LiquidityPoolEntryConstantProduct *is = entry->gone ? &none : last;
	char ratio[LEDGER_RATIO_ROOM];
	printf("  ");
	put_pool(stdout, &entry->last->data.liquidityPool->liquidityPoolID);
	printf("%s\n    ", !entry->before ? "  new" : entry->gone ? "  gone" : "");
	put_step(was->reserveA, is->reserveA);
	putchar(' ');
	put_asset(stdout, &last->params.assetA);
	printf("\n    ");
	put_step(was->reserveB, is->reserveB);
	putchar(' ');
	put_asset(stdout, &last->params.assetB);
	if (ledger_ratio(ratio, is->reserveB, is->reserveA))
		printf("\n    price now %s of the second for one of the first", ratio);
	putchar('\n');
}

static int64_t balance_of(const sdex_LedgerEntry *entry)
{
	return entry->data.type == SDEX_ACCOUNT ? entry->data.account->balance
						: entry->data.trustLine->balance;
}

/* Those whose balance is another one; gives the number of the others. */
static uint32_t put_balances(const struct delta_entries *entries)
{
	uint32_t others = 0;
	for (uint32_t i = 0; i < entries->count; i++) {
		const struct delta_entry *entry = &entries->items[i];
		const sdex_LedgerEntryData *data = &entry->last->data;
		int64_t before = entry->before ? balance_of(entry->before) : 0;
		int64_t after = entry->gone ? 0 : balance_of(entry->last);
		if (before == after) {
			others++;
			continue;
		}
		printf("  ");
		put_key(delta_owner(entry));
		printf("  ");
		put_step(before, after);
		putchar(' ');
		if (data->type == SDEX_ACCOUNT)
			fputs("XLM", stdout);
		else
			put_trust_asset(stdout, &data->trustLine->asset);
		printf("%s\n", !entry->before ? "  new" : entry->gone ? "  gone" : "");
	}
	return others;
}

void ledger_words(const struct delta *delta, const char *part)
{
	put_head(delta);
	if (has_part(part, "summary"))
		put_summary(delta);
	if (has_part(part, "transactions") && delta->transaction_count)
		printf("transactions, in the order of application\n");
	for (uint32_t i = 0; i < delta->transaction_count && has_part(part, "transactions"); i++)
		put_transaction(delta, i);
	if (has_part(part, "offers") && delta->offers.count)
		printf("offers touched\n");
	for (uint32_t i = 0; i < delta->offers.count && has_part(part, "offers"); i++)
		put_offer(&delta->offers.items[i]);
	if (has_part(part, "pools") && delta->pools.count)
		printf("pools touched\n");
	for (uint32_t i = 0; i < delta->pools.count && has_part(part, "pools"); i++)
		put_pool_change(&delta->pools.items[i]);
	if (has_part(part, "balances") && delta->accounts.count + delta->trustlines.count) {
		printf("balances\n");
		uint32_t others = put_balances(&delta->accounts);
		others += put_balances(&delta->trustlines);
		if (others)
			printf("  and %u accounts and trustlines whose balance is what it was\n",
			       others);
	}
}
