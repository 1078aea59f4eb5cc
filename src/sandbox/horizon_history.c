/* sandbox/horizon_history.c - ledgers and transactions that are over. */
#include <stdio.h>

#include "sandbox/horizon_tx.h"
#include "sandbox/horizon_walk.h"
#include "sdex/ids.h"

/* --- ledgers */

static int64_t ledger_token(const struct history_ledger *ledger)
{
	struct sdex_toid place = {ledger->sequence, 0, 0};
	int64_t id = 0;
	(void)!sdex_toid_pack(&id, &place);
	return id;
}

static void put_ledger_links(struct call *call, uint32_t sequence)
{
	static const char *const parts[] = {"transactions", "operations", "payments", "effects"};
	put_key(&call->w, "_links");
	json_write_object(&call->w);
	put_link(call, "self", "/ledgers/%u", sequence);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		put_link(call, parts[i], "/ledgers/%u/%s{?cursor,limit,order}", sequence, parts[i]);
	json_write_object_end(&call->w);
}

static void write_ledger(struct call *call, const struct history_ledger *ledger)
{
	struct json_writer *w = &call->w;
	struct sdex_bytes bytes = history_bytes(ledger, ledger->header);
	sdex_LedgerHeaderHistoryEntry *entry;
	if (sdex_LedgerHeaderHistoryEntry_decode(&entry, call->arena, bytes.data, bytes.size,
						 NULL)) {
		w->error = SDEX_ERR_NOMEM;
		return;
	}
	const sdex_LedgerHeader *header = &entry->header;
	json_write_object(w);
	put_ledger_links(call, ledger->sequence);
	put_hex(w, "id", ledger->hash, 32);
	put_int_text(w, "paging_token", ledger_token(ledger));
	put_hex(w, "hash", ledger->hash, 32);
	put_hex(w, "prev_hash", header->previousLedgerHash.bytes, 32);
	put_int(w, "sequence", ledger->sequence);
	put_int(w, "successful_transaction_count", ledger->successful);
	put_int(w, "failed_transaction_count", ledger->tx_count - ledger->successful);
	put_int(w, "operation_count", ledger->operations);
	put_int(w, "tx_set_operation_count", ledger->set_operations);
	put_time(w, "closed_at", ledger->close_time);
	put_amount(w, "total_coins", header->totalCoins);
	put_amount(w, "fee_pool", header->feePool);
	put_int(w, "base_fee_in_stroops", header->baseFee);
	put_int(w, "base_reserve_in_stroops", header->baseReserve);
	put_int(w, "max_tx_set_size", header->maxTxSetSize);
	put_int(w, "protocol_version", header->ledgerVersion);
	put_xdr(w, "header_xdr", SDEX_TYPE_LedgerHeader, header, call->arena);
	json_write_object_end(w);
}

static void ledger_item_token(char token[TOKEN_ROOM], const struct call *call, const void *items,
			      uint32_t index)
{
	(void)call;
	const struct walk *walk = items;
	(void)snprintf(token, TOKEN_ROOM, "%lld",
		       (long long)ledger_token(walk->items[index].ledger));
}

static void ledger_item_write(struct call *call, const void *items, uint32_t index)
{
	const struct walk *walk = items;
	write_ledger(call, walk->items[index].ledger);
}

static void look_for_ledgers(struct walk *walk, const struct history_ledger *ledger)
{
	if (page_behind(&walk->page, ledger_token(ledger), INT64_MAX))
		(void)walk_add(walk, ledger, 0, 0);
}

static struct walk *walk_new(struct call *call, void *filter)
{
	struct walk *walk = sdex_arena_alloc(call->arena, sizeof(*walk));
	if (!walk) {
		call_refuse(call, &problem_server_error);
		return NULL;
	}
	*walk = (struct walk){.call = call, .filter = filter};
	return page_of_history(&walk->page, call) ? walk : NULL;
}

void horizon_ledgers(struct call *call)
{
	struct walk *walk = walk_new(call, NULL);
	if (!walk)
		return;
	walk_ledgers(walk, 0, 0, look_for_ledgers);
	struct page_items items = {walk, walk->count, ledger_item_token, ledger_item_write};
	page_write(call, &walk->page, &items);
}

/* The ledger of the path; NULL: a problem is written. */
static const struct history_ledger *read_ledger(struct call *call)
{
	struct text text = call_path(call, 0);
	uint64_t sequence = 0;
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < '0' || text.data[i] > '9' || sequence > UINT32_MAX) {
			call_refuse_field(call, "ledger_id",
					  "Ledger ID must be an integer higher than 0");
			return NULL;
		}
		sequence = sequence * 10 + (uint64_t)(text.data[i] - '0');
	}
	const struct history *history = &call->network->history;
	const struct history_ledger *ledger =
		sequence > UINT32_MAX ? NULL : history_ledger(history, (uint32_t)sequence);
	if (!ledger)
		call_refuse(call, sequence < history->first ? &problem_before_history
							    : &problem_not_found);
	return ledger;
}

void horizon_ledger(struct call *call)
{
	const struct history_ledger *ledger = read_ledger(call);
	if (ledger)
		write_ledger(call, ledger);
}

/* --- transactions */

struct tx_filter {
	bool failed_too;
	bool by_account;
	uint32_t account;
};

static void tx_token(char token[TOKEN_ROOM], const struct call *call, const void *items,
		     uint32_t index)
{
	(void)call;
	const struct walk *walk = items;
	const struct found *found = &walk->items[index];
	(void)snprintf(
		token, TOKEN_ROOM, "%lld",
		(long long)transaction_token(found->ledger, &found->ledger->txs[found->index]));
}

static void tx_write(struct call *call, const void *items, uint32_t index)
{
	const struct walk *walk = items;
	const struct found *found = &walk->items[index];
	const struct history_tx *tx = &found->ledger->txs[found->index];
	transaction_write(call, found->ledger, tx, tx->hash);
}

static void look_for_txs(struct walk *walk, const struct history_ledger *ledger)
{
	const struct tx_filter *f = walk->filter;
	for (uint32_t i = 0; i < ledger->tx_count && !walk_full(walk); i++) {
		uint32_t index = walk->page.descending ? ledger->tx_count - 1 - i : i;
		const struct history_tx *tx = &ledger->txs[index];
		if ((tx->success || f->failed_too) &&
		    page_behind(&walk->page, transaction_token(ledger, tx), INT64_MAX) &&
		    (!f->by_account || history_concerns(ledger, tx, f->account)))
			(void)walk_add(walk, ledger, index, 0);
	}
}

static bool read_tx_filter(struct call *call, struct tx_filter *f)
{
	struct text text = call_parameter(call, "include_failed");
	f->failed_too = text_equal(text, TEXT("true"));
	if (text.size == 0 || f->failed_too || text_equal(text, TEXT("false")))
		return true;
	call_refuse_field(call, "include_failed", "Filter should be true or false");
	return false;
}

static void answer_txs(struct call *call, struct tx_filter *f, uint32_t first, uint32_t last)
{
	struct walk *walk = read_tx_filter(call, f) ? walk_new(call, f) : NULL;
	if (!walk)
		return;
	walk_ledgers(walk, first, last, look_for_txs);
	struct page_items items = {walk, walk->count, tx_token, tx_write};
	page_write(call, &walk->page, &items);
}

void horizon_transactions(struct call *call)
{
	struct tx_filter filter = {0};
	answer_txs(call, &filter, 0, 0);
}

void horizon_account_transactions(struct call *call)
{
	struct tx_filter filter = {.by_account = true};
	if (address_read(call, &filter.account, "account_id", call_path(call, 0)))
		answer_txs(call, &filter, 0, 0);
}

void horizon_ledger_transactions(struct call *call)
{
	struct tx_filter filter = {0};
	const struct history_ledger *ledger = read_ledger(call);
	if (ledger)
		answer_txs(call, &filter, ledger->sequence, ledger->sequence);
}

void horizon_transaction(struct call *call)
{
	struct text text = call_path(call, 0);
	uint8_t hash[32];
	size_t size = 0;
	bool lower = true;
	for (size_t i = 0; i < text.size; i++)
		lower = lower && (text.data[i] < 'A' || text.data[i] > 'Z');
	if (!lower || text.size != 64 ||
	    sdex_hex_decode(hash, sizeof(hash), &size, text.data, text.size, NULL)) {
		call_refuse_field(call, "tx_id",
				  "Transaction hash must be a hex-encoded, lowercase SHA-256 hash");
		return;
	}
	const struct history_ledger *ledger;
	const struct history_tx *tx = history_tx(&ledger, &call->network->history, hash);
	if (tx)
		transaction_write(call, ledger, tx, hash);
	else
		call_refuse(call, &problem_not_found);
}
