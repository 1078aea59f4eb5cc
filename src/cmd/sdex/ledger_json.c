/* cmd/sdex/ledger_json.c - a ledger's changes as JSON. */
#include "cmd/sdex/ledger_show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "cmd/sdex/say.h"
#include "cmd/sdex/tx_words.h"
#include "cmd/sdex/words.h"
#include "sdex/address.h"
#include "sdex/amount.h"
#include "sdex/asset.h"
#include "sdex/ids.h"
#include "sdex/result.h"
#include "sdex/transaction.h"

static void number(struct json_writer *w, const char *name, int64_t value)
{
	json_write_name(w, name);
	json_write_int64(w, value);
}

/* 64 bits, as a string: readers of JSON round numbers. */
static void digits(struct json_writer *w, const char *name, int64_t value)
{
	char out[24];
	snprintf(out, sizeof(out), "%lld", (long long)value);
	json_write_text(w, name, out);
}

static void amount(struct json_writer *w, const char *name, int64_t stroops)
{
	char out[SDEX_AMOUNT_ROOM];
	sdex_amount_print(out, (struct sdex_amount){stroops});
	json_write_text(w, name, out);
}

static void hash(struct json_writer *w, const char *name, const uint8_t value[32])
{
	json_write_name(w, name);
	json_write_hex(w, value, 32);
}

static void account(struct json_writer *w, const char *name, const uint8_t value[32])
{
	char out[SDEX_ACCOUNT_ROOM];
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(id.ed25519.bytes, value, 32);
	sdex_account_print(out, &id);
	json_write_text(w, name, out);
}

static void pool(struct json_writer *w, const char *name, const uint8_t value[32])
{
	char out[SDEX_POOL_ID_ROOM];
	sdex_PoolID id;
	memcpy(id.bytes, value, 32);
	sdex_pool_id_print(out, &id);
	json_write_text(w, name, out);
}

/* What is not valid has no text; on a ledger there is none. */
static void asset(struct json_writer *w, const char *name, const sdex_Asset *value)
{
	char out[SDEX_ASSET_ROOM];
	size_t length;
	json_write_text(w, name, sdex_asset_print(out, sizeof(out), &length, value) ? "?" : out);
}

/* What one of the sold asset cost, in the bought one; null for what was sold for nothing. */
static void price(struct json_writer *w, const struct delta_claim *claim)
{
	char out[LEDGER_RATIO_ROOM];
	if (ledger_ratio(out, claim->bought_amount, claim->sold_amount)) {
		json_write_text(w, "price", out);
	} else {
		json_write_name(w, "price");
		json_write_null(w);
	}
}

static void json_claims(struct json_writer *w, const struct delta *delta,
			const struct delta_transaction *tx)
{
	json_write_name(w, "trades");
	json_write_array(w);
	for (uint32_t i = 0; i < tx->claim_count; i++) {
		const struct delta_claim *claim = &delta->claims[tx->first_claim + i];
		json_write_object(w);
		digits(w, "operation_id", claim->operation_id);
		number(w, "claim_index", claim->index);
		account(w, "taker", claim->taker);
		if (claim->pool) {
			pool(w, "pool", claim->maker);
		} else {
			account(w, "maker", claim->maker);
			digits(w, "offer_id", claim->offer_id);
		}
		asset(w, "sold", claim->sold);
		amount(w, "sold_amount", claim->sold_amount);
		asset(w, "bought", claim->bought);
		amount(w, "bought_amount", claim->bought_amount);
		price(w, claim);
		json_write_object_end(w);
	}
	json_write_array_end(w);
}

/* The sentence that people read; false when memory is out. */
static bool json_words(struct json_writer *w, const sdex_Operation *op)
{
	char *words = NULL;
	size_t size;
	FILE *out = open_memstream(&words, &size);
	if (!out)
		return false;
	op_words(out, op);
	bool good = fclose(out) == 0;
	if (good) {
		json_write_name(w, "words");
		json_write_string(w, words, size);
	}
	free(words);
	return good;
}

static bool json_operations(struct json_writer *w, const struct delta_transaction *tx)
{
	char name[LEDGER_TYPE_ROOM];
	sdex_Operation_list list = sdex_tx_operations(tx->envelope);
	sdex_OperationResult_list results = sdex_result_operations(tx->result);
	bool good = true;
	json_write_name(w, "operations");
	json_write_array(w);
	for (uint32_t i = 0; i < list.count && good; i++) {
		const struct sdex_code *code =
			i < results.count ? sdex_op_result_code(&results.items[i]) : NULL;
		json_write_object(w);
		digits(w, "id", tx->id + i + 1);
		json_write_text(w, "type", ledger_type_name(name, list.items[i].body.type));
		account(w, "source", ledger_op_source(tx, &list.items[i]));
		json_write_name(w, "result");
		if (code)
			json_write_string(w, code->name, strlen(code->name));
		else
			json_write_null(w);
		json_write_name(w, "done");
		json_write_bool(w, tx->ok);
		good = json_words(w, &list.items[i]);
		json_write_object_end(w);
	}
	json_write_array_end(w);
	return good;
}

static bool json_transactions(struct json_writer *w, const struct delta *delta)
{
	bool good = true;
	json_write_name(w, "transactions");
	json_write_array(w);
	for (uint32_t i = 0; i < delta->transaction_count && good; i++) {
		const struct delta_transaction *tx = &delta->transactions[i];
		json_write_object(w);
		digits(w, "id", tx->id);
		hash(w, "hash", tx->hash);
		if (tx->inner_hash)
			hash(w, "inner_hash", tx->inner_hash);
		account(w, "source", tx->source);
		account(w, "fee_source", tx->fee_source);
		digits(w, "sequence", tx->sequence);
		amount(w, "fee", tx->fee);
		json_write_name(w, "successful");
		json_write_bool(w, tx->ok);
		json_write_text(w, "result", sdex_result_code(tx->result)->name);
		good = json_operations(w, tx);
		json_claims(w, delta, tx);
		json_write_object_end(w);
	}
	json_write_array_end(w);
	return good;
}

static void json_offer(struct json_writer *w, const sdex_LedgerEntry *entry)
{
	const sdex_OfferEntry *offer = entry->data.offer;
	asset(w, "selling", &offer->selling);
	asset(w, "buying", &offer->buying);
	amount(w, "amount", offer->amount);
	json_write_name(w, "price");
	json_write_object(w);
	number(w, "n", offer->price.n);
	number(w, "d", offer->price.d);
	json_write_object_end(w);
}

static void json_account(struct json_writer *w, const sdex_LedgerEntry *entry)
{
	amount(w, "balance", entry->data.account->balance);
	digits(w, "sequence", entry->data.account->seqNum);
}

static void json_trustline(struct json_writer *w, const sdex_LedgerEntry *entry)
{
	amount(w, "balance", entry->data.trustLine->balance);
	amount(w, "limit", entry->data.trustLine->limit);
}

static void json_pool(struct json_writer *w, const sdex_LedgerEntry *entry)
{
	const sdex_LiquidityPoolEntryConstantProduct *of =
		entry->data.liquidityPool->body.constantProduct;
	asset(w, "asset_a", &of->params.assetA);
	asset(w, "asset_b", &of->params.assetB);
	amount(w, "reserve_a", of->reserveA);
	amount(w, "reserve_b", of->reserveB);
	amount(w, "shares", of->totalPoolShares);
}

/* What tells entries of a kind apart. */
static void json_identity(struct json_writer *w, const sdex_LedgerEntry *entry)
{
	char out[SDEX_ASSET_ROOM];
	size_t length;
	const sdex_LedgerEntryData *data = &entry->data;
	if (data->type == SDEX_OFFER) {
		digits(w, "id", data->offer->offerID);
		account(w, "seller", data->offer->sellerID.ed25519.bytes);
	} else if (data->type == SDEX_ACCOUNT) {
		account(w, "account", data->account->accountID.ed25519.bytes);
	} else if (data->type == SDEX_TRUSTLINE) {
		account(w, "account", data->trustLine->accountID.ed25519.bytes);
		json_write_text(w, "asset",
				sdex_trustline_asset_print(out, sizeof(out), &length,
							   &data->trustLine->asset)
					? "?"
					: out);
	} else {
		pool(w, "id", data->liquidityPool->liquidityPoolID.bytes);
	}
}

static void json_entries(struct json_writer *w, const struct delta *delta, const char *name,
			 const struct delta_entries *entries,
			 void (*put)(struct json_writer *w, const sdex_LedgerEntry *entry))
{
	json_write_name(w, name);
	json_write_array(w);
	for (uint32_t i = 0; i < entries->count; i++) {
		const struct delta_entry *entry = &entries->items[i];
		json_write_object(w);
		json_identity(w, entry->last);
		if (entry->transaction != DELTA_NO_TRANSACTION)
			digits(w, "changed_by",
			       delta->transactions[entry->transaction].id + entry->operation);
		json_write_name(w, "before");
		if (entry->before) {
			json_write_object(w);
			put(w, entry->before);
			json_write_object_end(w);
		} else {
			json_write_null(w);
		}
		json_write_name(w, "after");
		if (entry->gone) {
			json_write_null(w);
		} else {
			json_write_object(w);
			put(w, entry->last);
			json_write_object_end(w);
		}
		json_write_object_end(w);
	}
	json_write_array_end(w);
}

static enum sdex_error to_stdout(void *context, const uint8_t *data, size_t size)
{
	(void)context;
	fwrite(data, 1, size, stdout);
	return SDEX_OK; /* a full disk is told at the end */
}

enum status ledger_json(const struct delta *delta)
{
	static uint8_t buffer[1 << 16];
	struct json_writer w;
	json_write_sink(&w, buffer, sizeof(buffer), to_stdout, NULL, false);
	json_write_object(&w);
	number(&w, "sequence", delta->sequence);
	number(&w, "protocol", delta->version);
	digits(&w, "close_time", delta->close_time);
	hash(&w, "hash", delta->hash);
	hash(&w, "previous_hash", delta->previous_hash);
	amount(&w, "base_fee", delta->base_fee);
	amount(&w, "base_reserve", delta->base_reserve);
	if (!json_transactions(&w, delta))
		return say_refused("memory is out");
	json_entries(&w, delta, "offers", &delta->offers, json_offer);
	json_entries(&w, delta, "accounts", &delta->accounts, json_account);
	json_entries(&w, delta, "trustlines", &delta->trustlines, json_trustline);
	json_entries(&w, delta, "pools", &delta->pools, json_pool);
	json_write_object_end(&w);
	if (json_write_close(&w, NULL, NULL))
		return say_refused("the ledger cannot be written as JSON");
	putchar('\n');
	return STATUS_OK;
}
