/* cmd/sdex/cmd_ledger.c - sdex ledger show: what a ledger changed */
#include <stdio.h>
#include <string.h>

#include "base/json_write.h"
#include "cmd/sdex/commands.h"
#include "cmd/sdex/input.h"
#include "cmd/sdex/output.h"
#include "cmd/sdex/records.h"
#include "cmd/sdex/say.h"
#include "cmd/sdex/tx_file.h"
#include "cmd/sdex/words.h"
#include "market/delta.h"
#include "sdex/address.h"
#include "sdex/amount.h"
#include "sdex/asset.h"
#include "sdex/ids.h"
#include "sdex/result.h"

/* ---- as JSON ---- */

static void key(struct json_writer *w, const char *name)
{
	json_write_key(w, name, strlen(name));
}

static void text(struct json_writer *w, const char *name, const char *value)
{
	key(w, name);
	json_write_string(w, value, strlen(value));
}

static void number(struct json_writer *w, const char *name, int64_t value)
{
	key(w, name);
	json_write_int64(w, value);
}

/* 64 bits, as a string: readers of JSON round numbers. */
static void digits(struct json_writer *w, const char *name, int64_t value)
{
	char out[24];
	snprintf(out, sizeof(out), "%lld", (long long)value);
	text(w, name, out);
}

static void amount(struct json_writer *w, const char *name, int64_t stroops)
{
	char out[SDEX_AMOUNT_ROOM];
	sdex_amount_print(out, (struct sdex_amount){stroops});
	text(w, name, out);
}

static void hash(struct json_writer *w, const char *name, const uint8_t value[32])
{
	key(w, name);
	json_write_hex(w, value, 32);
}

static void account(struct json_writer *w, const char *name, const uint8_t value[32])
{
	char out[SDEX_ACCOUNT_ROOM];
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(id.ed25519.bytes, value, 32);
	sdex_account_print(out, &id);
	text(w, name, out);
}

static void pool(struct json_writer *w, const char *name, const uint8_t value[32])
{
	char out[SDEX_POOL_ID_ROOM];
	sdex_PoolID id;
	memcpy(id.bytes, value, 32);
	sdex_pool_id_print(out, &id);
	text(w, name, out);
}

/* What is not valid has no text; on a ledger there is none. */
static void asset(struct json_writer *w, const char *name, const sdex_Asset *value)
{
	char out[SDEX_ASSET_ROOM];
	size_t length;
	text(w, name, sdex_asset_print(out, sizeof(out), &length, value) ? "?" : out);
}

static void json_claims(struct json_writer *w, const struct delta *delta,
			const struct delta_transaction *tx)
{
	key(w, "trades");
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
		json_write_object_end(w);
	}
	json_write_array_end(w);
}

static void json_transactions(struct json_writer *w, const struct delta *delta)
{
	key(w, "transactions");
	json_write_array(w);
	for (uint32_t i = 0; i < delta->transaction_count; i++) {
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
		key(w, "successful");
		json_write_bool(w, tx->ok);
		text(w, "result", sdex_result_code(tx->result)->name);
		json_claims(w, delta, tx);
		json_write_object_end(w);
	}
	json_write_array_end(w);
}

static void json_offer(struct json_writer *w, const sdex_LedgerEntry *entry)
{
	const sdex_OfferEntry *offer = entry->data.offer;
	asset(w, "selling", &offer->selling);
	asset(w, "buying", &offer->buying);
	amount(w, "amount", offer->amount);
	key(w, "price");
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
		text(w, "asset",
		     sdex_trustline_asset_print(out, sizeof(out), &length, &data->trustLine->asset)
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
	key(w, name);
	json_write_array(w);
	for (uint32_t i = 0; i < entries->count; i++) {
		const struct delta_entry *entry = &entries->items[i];
		json_write_object(w);
		json_identity(w, entry->last);
		if (entry->transaction != DELTA_NO_TRANSACTION)
			digits(w, "changed_by",
			       delta->transactions[entry->transaction].id + entry->operation);
		key(w, "before");
		if (entry->before) {
			json_write_object(w);
			put(w, entry->before);
			json_write_object_end(w);
		} else {
			json_write_null(w);
		}
		key(w, "after");
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

static enum status show_json(const struct delta *delta)
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
	json_transactions(&w, delta);
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

/* ---- as text ---- */

static void put_key(const uint8_t id[32])
{
	sdex_AccountID who = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(who.ed25519.bytes, id, 32);
	put_account(stdout, &who);
}

static void show_claim(const struct delta_claim *claim)
{
	printf("  %lld-%u  ", (long long)claim->operation_id, claim->index);
	put_key(claim->taker);
	printf("\n    took ");
	put_money(stdout, claim->sold_amount, claim->sold);
	printf("\n    for  ");
	put_money(stdout, claim->bought_amount, claim->bought);
	if (claim->pool) {
		sdex_PoolID id;
		memcpy(id.bytes, claim->maker, 32);
		printf("\n    from pool ");
		put_pool(stdout, &id);
	} else {
		printf("\n    from offer %lld of ", (long long)claim->offer_id);
		put_key(claim->maker);
	}
	putchar('\n');
}

static void show_offer(const struct delta_entry *entry)
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

static void show_failed(const struct delta *delta)
{
	uint32_t failed = 0;
	for (uint32_t i = 0; i < delta->transaction_count; i++)
		failed += !delta->transactions[i].ok;
	printf("transactions: %u, of which %u failed\n", delta->transaction_count, failed);
}

static enum status show_text(const struct delta *delta)
{
	printf("ledger %u of protocol %u, closed ", delta->sequence, delta->version);
	put_time(stdout, (uint64_t)delta->close_time);
	printf("\nhash ");
	put_bytes(stdout, delta->hash, 32);
	putchar('\n');
	show_failed(delta);
	printf("trades: %u\n", delta->claim_count);
	for (uint32_t i = 0; i < delta->claim_count; i++)
		show_claim(&delta->claims[i]);
	printf("offers: %u\n", delta->offers.count);
	for (uint32_t i = 0; i < delta->offers.count; i++)
		show_offer(&delta->offers.items[i]);
	printf("touched as well: %u accounts, %u trustlines, %u pools\n", delta->accounts.count,
	       delta->trustlines.count, delta->pools.count);
	return STATUS_OK;
}

/* ---- the command ---- */

static enum status show_bytes(const struct args *args, struct delta_reader *reader,
			      const char *name, const uint8_t *data, size_t size)
{
	struct sdex_failure why;
	const struct delta *delta;
	if (delta_read(&delta, reader, data, size, &why))
		return say_failure(name, &why);
	return args_has(args, "json") ? show_json(delta) : show_text(delta);
}

static enum status show_one(const struct args *args, struct delta_reader *reader)
{
	struct input input;
	enum sdex_type type = SDEX_TYPE_LedgerCloseMeta;
	enum status status = STATUS_REFUSED;
	if (!input_read(&input, args, args_operand(args, 0), &status))
		return status;
	if (input_to_bytes(&input, input_form(args), input_fits_type, &type))
		status = show_bytes(args, reader, input.name, input.data, input.size);
	input_free(&input);
	return status;
}

static enum status show_stream(const struct args *args, struct delta_reader *reader)
{
	struct records records;
	const uint8_t *data;
	size_t size;
	enum status status;
	if (!records_open(&records, args, args_operand(args, 0), &status))
		return status;
	status = STATUS_OK;
	while (status == STATUS_OK && !ferror(stdout)) {
		char name[4200];
		if (!records_next(&records, &data, &size)) {
			status = STATUS_REFUSED;
			break;
		}
		if (!data)
			break;
		snprintf(name, sizeof name, "%.4000s, record %llu", source_name(records.source),
			 (unsigned long long)records.number);
		status = show_bytes(args, reader, name, data, size);
	}
	records_close(&records);
	return status;
}

static enum status show(const struct args *args)
{
	const char *passphrase = tx_passphrase(args, SDEX_PASSPHRASE_PUBLIC);
	if (!passphrase)
		return STATUS_USAGE;
	struct delta_reader *reader = delta_reader_new(passphrase, 0);
	if (!reader)
		return say_refused("memory is out");
	enum status status =
		args_has(args, "stream") ? show_stream(args, reader) : show_one(args, reader);
	delta_reader_free(reader);
	return status;
}

const struct command ledger_show_command = {
	.group = "ledger",
	.verb = "show",
	.operands = "[INPUT]",
	.operands_most = 1,
	.complete = COMPLETE_FILE,
	.summary = "what a ledger changed: trades, offers, transactions",
	.text = "Reads a LedgerCloseMeta, as RPC's getLedgers and SEP-54 files have it, and shows\n"
		"the trades in the order of application, each with its operation's id (SEP-35) "
		"and\n"
		"its place among the operation's trades, and the offers that the ledger touched.\n"
		"INPUT is a file, - or nothing for standard input, or the text itself; raw bytes,\n"
		"base64, hexadecimal and gzip of raw bytes are told apart.\n"
		"\n"
		"With --json all of it: transactions, and offers, accounts, trustlines and pools\n"
		"before and after the ledger.",
	.options =
		(const struct option[]){
			{.name = "json", .help = "JSON on one line"},
			{.name = "stream",
			 .help = "read many ledgers: records with a mark in front (RFC 5531), or\n"
				 "one in base64 a line"},
			NETWORK_OPTIONS,
			INPUT_OPTIONS,
			{.name = NULL},
		},
	.examples =
		(const struct example[]){
			{"sdex ledger show ledger.xdr.gz", "for people; of the public network"},
			{"sdex ledger show --json ledger.xdr.gz | head -c 300", "for programs"},
			{NULL, NULL},
		},
	.run = show,
};
