/* tests/chain/chain_read.c - reads one answer from standard input and prints what was found.
 *
 *	chain_read rpc.ledgers <answer.json
 *
 * JSON on one line, names as in the answer where that has them, numbers of 64 bits as
 * strings, XDR in hexadecimal.  Status 1, and the refusal, for what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chain/horizon.h"
#include "chain/rpc.h"
#include "sdex/address.h"
#include "sdex/asset.h"

#define SIZE_MAX_READ ((size_t)64 << 20)
#define ID 7 /* of all requests */

static struct json_writer w;
static struct sdex_failure why;

static void key(const char *name)
{
	json_write_key(&w, name, strlen(name));
}

static void text(const char *name, const char *value)
{
	key(name);
	if (value)
		json_write_string(&w, value, strlen(value));
	else
		json_write_null(&w);
}

static void number(const char *name, int64_t value)
{
	char out[24];
	snprintf(out, sizeof(out), "%lld", (long long)value);
	text(name, out);
}

static void flag(const char *name, bool value)
{
	key(name);
	json_write_bool(&w, value);
}

static void bytes(const char *name, const void *data, size_t size)
{
	key(name);
	json_write_hex(&w, data, size);
}

static void xdr(const char *name, struct sdex_bytes value)
{
	bytes(name, value.data, value.size);
}

static void account(const char *name, const uint8_t value[32])
{
	char out[SDEX_ACCOUNT_ROOM];
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(id.ed25519.bytes, value, 32);
	sdex_account_print(out, &id);
	text(name, out);
}

static void asset(const char *name, const sdex_Asset *value)
{
	char out[SDEX_ASSET_ROOM];
	size_t length;
	if (sdex_asset_print(out, sizeof(out), &length, value))
		abort();
	text(name, out);
}

/* --- RPC */

static bool refused(const struct rpc_error *error)
{
	if (error->code == 0)
		return false;
	number("code", error->code);
	text("message", error->message);
	uint32_t oldest, latest;
	if (rpc_range(error, &oldest, &latest)) {
		number("oldest", oldest);
		number("latest", latest);
	}
	return true;
}

static enum sdex_error show_health(struct sdex_arena *arena, const void *data, size_t size)
{
	struct rpc_health health;
	enum sdex_error error = rpc_read_health(&health, arena, ID, data, size, &why);
	if (error || refused(&health.error))
		return error;
	text("status", health.status);
	number("latestLedger", health.latest);
	number("oldestLedger", health.oldest);
	number("ledgerRetentionWindow", health.retention);
	return SDEX_OK;
}

static enum sdex_error show_network(struct sdex_arena *arena, const void *data, size_t size)
{
	struct rpc_network network;
	enum sdex_error error = rpc_read_network(&network, arena, ID, data, size, &why);
	if (error || refused(&network.error))
		return error;
	text("passphrase", network.passphrase);
	number("protocolVersion", network.protocol);
	return SDEX_OK;
}

static enum sdex_error show_latest(struct sdex_arena *arena, const void *data, size_t size)
{
	struct rpc_latest_ledger latest;
	enum sdex_error error = rpc_read_latest_ledger(&latest, arena, ID, data, size, &why);
	if (error || refused(&latest.error))
		return error;
	bytes("id", latest.hash, 32);
	number("sequence", latest.sequence);
	number("protocolVersion", latest.protocol);
	number("closeTime", latest.close_time);
	return SDEX_OK;
}

static enum sdex_error show_fee_stats(struct sdex_arena *arena, const void *data, size_t size)
{
	struct rpc_fee_stats stats;
	enum sdex_error error = rpc_read_fee_stats(&stats, arena, ID, data, size, &why);
	if (error || refused(&stats.error))
		return error;
	number("p10", stats.classic.p10);
	number("p99", stats.classic.p99);
	number("soroban max", stats.soroban.max);
	number("latestLedger", stats.latest);
	return SDEX_OK;
}

static enum sdex_error show_ledgers(struct sdex_arena *arena, const void *data, size_t size)
{
	struct rpc_ledgers ledgers;
	enum sdex_error error = rpc_read_ledgers(&ledgers, arena, ID, data, size, &why);
	if (error || refused(&ledgers.error))
		return error;
	number("latestLedger", ledgers.latest);
	number("oldestLedger", ledgers.oldest);
	key("ledgers");
	json_write_array(&w);
	for (uint32_t i = 0; i < ledgers.count; i++) {
		json_write_object(&w);
		bytes("hash", ledgers.items[i].hash, 32);
		number("sequence", ledgers.items[i].sequence);
		number("ledgerCloseTime", ledgers.items[i].close_time);
		xdr("metadataXdr", ledgers.items[i].meta);
		json_write_object_end(&w);
	}
	json_write_array_end(&w);
	return SDEX_OK;
}

static enum sdex_error show_transaction(struct sdex_arena *arena, const void *data, size_t size)
{
	static const char *const words[] = {"SUCCESS", "FAILED", "NOT_FOUND"};
	struct rpc_transaction tx;
	enum sdex_error error = rpc_read_transaction(&tx, arena, ID, data, size, &why);
	if (error || refused(&tx.error))
		return error;
	text("status", words[tx.found]);
	number("latestLedger", tx.latest);
	number("latestLedgerCloseTime", tx.latest_close_time);
	number("oldestLedger", tx.oldest);
	number("oldestLedgerCloseTime", tx.oldest_close_time);
	if (tx.found == RPC_NOT_FOUND)
		return SDEX_OK;
	number("ledger", tx.ledger);
	number("applicationOrder", tx.order);
	number("createdAt", tx.close_time);
	flag("feeBump", tx.fee_bump);
	xdr("envelopeXdr", tx.envelope);
	xdr("resultXdr", tx.result);
	xdr("resultMetaXdr", tx.meta);
	return SDEX_OK;
}

static enum sdex_error show_sent(struct sdex_arena *arena, const void *data, size_t size)
{
	static const char *const words[] = {"PENDING", "DUPLICATE", "TRY_AGAIN_LATER", "ERROR"};
	struct rpc_sent sent;
	enum sdex_error error = rpc_read_sent(&sent, arena, ID, data, size, &why);
	if (error || refused(&sent.error))
		return error;
	text("status", words[sent.status]);
	bytes("hash", sent.hash, 32);
	number("latestLedger", sent.latest);
	number("latestLedgerCloseTime", sent.latest_close_time);
	if (sent.result.size)
		xdr("errorResultXdr", sent.result);
	return SDEX_OK;
}

static enum sdex_error show_entries(struct sdex_arena *arena, const void *data, size_t size)
{
	struct rpc_entries entries;
	enum sdex_error error = rpc_read_entries(&entries, arena, ID, data, size, &why);
	if (error || refused(&entries.error))
		return error;
	number("latestLedger", entries.latest);
	key("entries");
	json_write_array(&w);
	for (uint32_t i = 0; i < entries.count; i++) {
		json_write_object(&w);
		xdr("key", entries.items[i].key);
		xdr("xdr", entries.items[i].data);
		number("lastModifiedLedgerSeq", entries.items[i].modified);
		json_write_object_end(&w);
	}
	json_write_array_end(&w);
	return SDEX_OK;
}

/* --- Horizon */

static enum sdex_error show_root(struct sdex_arena *arena, const void *data, size_t size)
{
	struct horizon_root root;
	enum sdex_error error = horizon_read_root(&root, arena, data, size, &why);
	if (error)
		return error;
	text("network_passphrase", root.passphrase);
	number("current_protocol_version", root.protocol);
	number("history_latest_ledger", root.history_latest);
	number("history_elder_ledger", root.history_elder);
	number("core_latest_ledger", root.core_latest);
	return SDEX_OK;
}

static enum sdex_error show_offers(struct sdex_arena *arena, const void *data, size_t size)
{
	struct horizon_offers offers;
	enum sdex_error error = horizon_read_offers(&offers, arena, data, size, &why);
	if (error)
		return error;
	text("cursor", offers.cursor);
	key("records");
	json_write_array(&w);
	for (uint32_t i = 0; i < offers.count; i++) {
		const struct horizon_offer *offer = &offers.items[i];
		json_write_object(&w);
		number("id", offer->id);
		account("seller", offer->seller);
		asset("selling", &offer->selling);
		asset("buying", &offer->buying);
		number("amount", offer->amount);
		number("n", offer->price.n);
		number("d", offer->price.d);
		number("last_modified_ledger", offer->modified);
		json_write_object_end(&w);
	}
	json_write_array_end(&w);
	return SDEX_OK;
}

static void show_balance(const struct horizon_balance *balance)
{
	json_write_object(&w);
	if (balance->pool_share)
		bytes("pool", balance->pool, 32);
	else
		asset("asset", &balance->asset);
	number("balance", balance->amount);
	number("limit", balance->limit);
	number("buying_liabilities", balance->buying);
	number("selling_liabilities", balance->selling);
	flag("is_authorized", balance->authorized);
	json_write_object_end(&w);
}

static enum sdex_error show_account(struct sdex_arena *arena, const void *data, size_t size)
{
	struct horizon_account found;
	enum sdex_error error = horizon_read_account(&found, arena, data, size, &why);
	if (error)
		return error;
	account("account_id", found.id);
	number("sequence", found.sequence);
	number("subentry_count", found.subentries);
	number("num_sponsoring", found.sponsoring);
	number("num_sponsored", found.sponsored);
	number("last_modified_ledger", found.modified);
	number("low_threshold", found.low);
	number("med_threshold", found.medium);
	number("high_threshold", found.high);
	flag("auth_required", found.auth_required);
	flag("auth_revocable", found.auth_revocable);
	flag("auth_immutable", found.auth_immutable);
	flag("auth_clawback_enabled", found.auth_clawback);
	key("balances");
	json_write_array(&w);
	for (uint32_t i = 0; i < found.balance_count; i++)
		show_balance(&found.balances[i]);
	json_write_array_end(&w);
	key("signers");
	json_write_array(&w);
	for (uint32_t i = 0; i < found.signer_count; i++) {
		json_write_object(&w);
		text("key", found.signers[i].key);
		number("weight", found.signers[i].weight);
		json_write_object_end(&w);
	}
	json_write_array_end(&w);
	return SDEX_OK;
}

static enum sdex_error show_horizon_fees(struct sdex_arena *arena, const void *data, size_t size)
{
	struct horizon_fee_stats stats;
	enum sdex_error error = horizon_read_fee_stats(&stats, arena, data, size, &why);
	if (error)
		return error;
	number("last_ledger", stats.last_ledger);
	number("last_ledger_base_fee", stats.base_fee);
	number("fee_charged.p90", stats.charged_p90);
	number("max_fee.max", stats.bid_max);
	return SDEX_OK;
}

static enum sdex_error show_horizon_tx(struct sdex_arena *arena, const void *data, size_t size)
{
	struct horizon_transaction tx;
	enum sdex_error error = horizon_read_transaction(&tx, arena, data, size, &why);
	if (error)
		return error;
	bytes("hash", tx.hash, 32);
	flag("successful", tx.successful);
	number("ledger", tx.ledger);
	number("paging_token", tx.id);
	account("source_account", tx.source);
	number("source_account_sequence", tx.sequence);
	number("fee_charged", tx.fee_charged);
	xdr("envelope_xdr", tx.envelope);
	xdr("result_xdr", tx.result);
	return SDEX_OK;
}

static enum sdex_error show_horizon_sent(struct sdex_arena *arena, const void *data, size_t size)
{
	static const char *const words[] = {"PENDING", "DUPLICATE", "TRY_AGAIN_LATER", "ERROR"};
	struct horizon_sent sent;
	enum sdex_error error = horizon_read_sent(&sent, arena, data, size, &why);
	if (error)
		return error;
	text("tx_status", words[sent.status]);
	bytes("hash", sent.hash, 32);
	xdr("error_result_xdr", sent.result);
	return SDEX_OK;
}

static enum sdex_error show_problem(struct sdex_arena *arena, const void *data, size_t size)
{
	struct horizon_problem problem;
	enum sdex_error error = horizon_read_problem(&problem, arena, data, size, &why);
	if (error)
		return error;
	text("type", problem.type);
	text("title", problem.title);
	text("detail", problem.detail);
	number("status", problem.status);
	xdr("result_xdr", problem.result);
	text("transaction", problem.code);
	return SDEX_OK;
}

static const struct reader {
	const char *name;
	enum sdex_error (*show)(struct sdex_arena *arena, const void *data, size_t size);
} readers[] = {
	{"rpc.health", show_health},
	{"rpc.network", show_network},
	{"rpc.latest", show_latest},
	{"rpc.fee_stats", show_fee_stats},
	{"rpc.ledgers", show_ledgers},
	{"rpc.transaction", show_transaction},
	{"rpc.sent", show_sent},
	{"rpc.entries", show_entries},
	{"horizon.root", show_root},
	{"horizon.offers", show_offers},
	{"horizon.account", show_account},
	{"horizon.fee_stats", show_horizon_fees},
	{"horizon.transaction", show_horizon_tx},
	{"horizon.sent", show_horizon_sent},
	{"horizon.problem", show_problem},
};

/* Reads and shows; what the process ends with. */
static int show(const char *name, struct sdex_arena *arena, struct sdex_arena *out,
		const uint8_t *data, size_t size)
{
	const uint8_t *shown;
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		if (strcmp(readers[i].name, name) != 0)
			continue;
		json_write_arena(&w, out, false);
		json_write_object(&w);
		if (readers[i].show(arena, data, size)) {
			fprintf(stderr, "%s %s\n", sdex_error_name(why.code), why.text);
			return 1;
		}
		json_write_object_end(&w);
		if (json_write_close(&w, &shown, NULL))
			return 2;
		puts((const char *)shown);
		return 0;
	}
	fprintf(stderr, "there is no reader \"%s\"\n", name);
	return 2;
}

int main(int argc, char **argv)
{
	struct sdex_arena *arena = sdex_arena_new(0), *out = sdex_arena_new(0);
	uint8_t *data = malloc(SIZE_MAX_READ);
	int status = 2;
	if (argc == 2 && arena && out && data)
		status = show(argv[1], arena, out, data, fread(data, 1, SIZE_MAX_READ, stdin));
	sdex_arena_free(arena);
	sdex_arena_free(out);
	free(data);
	return status;
}
