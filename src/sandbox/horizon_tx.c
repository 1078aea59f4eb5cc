/* sandbox/horizon_tx.c - a transaction of history as Horizon shows it. */
#include <stdio.h>

#include "base/json.h"
#include "sandbox/horizon.h"
#include "sandbox/horizon_tx.h"
#include "sdex/address.h"
#include "sdex/ids.h"
#include "sdex/result.h"
#include "sdex/transaction.h"

int64_t transaction_token(const struct history_ledger *ledger, const struct history_tx *tx)
{
	struct sdex_toid place = {ledger->sequence, (uint32_t)(tx - ledger->txs) + 1, 0};
	int64_t id = 0;
	(void)!sdex_toid_pack(&id, &place);
	return id;
}

/* A text that need not be UTF-8, with U+FFFD for what is not. */
static void put_scrubbed(struct json_writer *w, const char *key, struct sdex_bytes text)
{
	const uint8_t *at = text.data, *end = text.data + text.size;
	put_key(w, key);
	json_write_string_begin(w);
	while (at < end) {
		size_t size = *at < 0x80 ? 1 : json_utf8_size(at, end);
		if (size)
			json_write_string_part(w, at, size);
		else
			json_write_string_part(w, "\xef\xbf\xbd", 3);
		at += size ? size : 1;
	}
	json_write_string_end(w);
}

static void put_memo(struct call *call, sdex_Memo memo)
{
	struct json_writer *w = &call->w;
	switch (memo.type) {
	case SDEX_MEMO_NONE:
		break;
	case SDEX_MEMO_TEXT:
		put_scrubbed(w, "memo", memo.text);
		put_base64(w, "memo_bytes", memo.text.data, memo.text.size, call->arena);
		break;
	case SDEX_MEMO_ID:
		put_format(w, "memo", "%llu", (unsigned long long)memo.id);
		break;
	case SDEX_MEMO_HASH:
	case SDEX_MEMO_RETURN:
		put_base64(w, "memo", memo.hash.bytes, 32, call->arena);
		break;
	}
}

static const char *memo_type(sdex_Memo memo)
{
	static const char *const names[] = {"none", "text", "id", "hash", "return"};
	return names[memo.type];
}

static void put_muxed(struct json_writer *w, const char *prefix, const sdex_MuxedAccount *account)
{
	char key[48], text[SDEX_STRKEY_ROOM];
	size_t length;
	if (account->type != SDEX_KEY_TYPE_MUXED_ED25519 ||
	    sdex_muxed_print(text, sizeof(text), &length, account))
		return;
	(void)snprintf(key, sizeof(key), "%s_muxed", prefix);
	put_text(w, key, text);
	(void)snprintf(key, sizeof(key), "%s_muxed_id", prefix);
	put_format(w, key, "%llu", (unsigned long long)account->med25519.id);
}

static void put_signatures(struct call *call, const sdex_DecoratedSignature_list *list)
{
	put_key(&call->w, "signatures");
	json_write_array(&call->w);
	for (uint32_t i = 0; i < list->count; i++) {
		char text[SDEX_BASE64_LENGTH(64) + 1];
		size_t length;
		if (!sdex_base64_encode(text, sizeof(text), &length, list->items[i].signature.data,
					list->items[i].signature.size))
			json_write_string(&call->w, text, length);
	}
	json_write_array_end(&call->w);
}

/* --- preconditions */

static void put_time_bounds(struct json_writer *w, const sdex_TimeBounds *bounds)
{
	put_key(w, "timebounds");
	json_write_object(w);
	put_format(w, "min_time", "%llu", (unsigned long long)bounds->minTime);
	if (bounds->maxTime)
		put_format(w, "max_time", "%llu", (unsigned long long)bounds->maxTime);
	json_write_object_end(w);
}

static void put_preconditions_v2(struct json_writer *w, const sdex_PreconditionsV2 *v2)
{
	if (v2->timeBounds)
		put_time_bounds(w, v2->timeBounds);
	if (v2->ledgerBounds) {
		put_key(w, "ledgerbounds");
		json_write_object(w);
		put_int(w, "min_ledger", v2->ledgerBounds->minLedger);
		if (v2->ledgerBounds->maxLedger)
			put_int(w, "max_ledger", v2->ledgerBounds->maxLedger);
		json_write_object_end(w);
	}
	if (v2->minSeqNum)
		put_int_text(w, "min_account_sequence", *v2->minSeqNum);
	if (v2->minSeqAge)
		put_format(w, "min_account_sequence_age", "%llu",
			   (unsigned long long)v2->minSeqAge);
	if (v2->minSeqLedgerGap)
		put_int(w, "min_account_sequence_ledger_gap", v2->minSeqLedgerGap);
	if (v2->extraSigners.count == 0)
		return;
	put_key(w, "extra_signers");
	json_write_array(w);
	for (uint32_t i = 0; i < v2->extraSigners.count; i++) {
		char text[SDEX_STRKEY_ROOM];
		size_t length;
		if (!sdex_signer_print(text, sizeof(text), &length, &v2->extraSigners.items[i]))
			json_write_string(w, text, length);
	}
	json_write_array_end(w);
}

static bool v2_says_something(const sdex_PreconditionsV2 *v2)
{
	return v2->timeBounds || v2->ledgerBounds || v2->minSeqNum || v2->minSeqAge ||
	       v2->minSeqLedgerGap || v2->extraSigners.count;
}

static void put_preconditions(struct json_writer *w, const sdex_TransactionEnvelope *inner)
{
	const sdex_TimeBounds *bounds = NULL;
	const sdex_PreconditionsV2 *v2 = NULL;
	if (inner->type == SDEX_ENVELOPE_TYPE_TX_V0)
		bounds = inner->v0->tx.timeBounds;
	else if (inner->v1->tx.cond.type == SDEX_PRECOND_TIME)
		bounds = &inner->v1->tx.cond.timeBounds;
	else if (inner->v1->tx.cond.type == SDEX_PRECOND_V2)
		v2 = inner->v1->tx.cond.v2;
	if (!bounds && (!v2 || !v2_says_something(v2)))
		return;
	put_key(w, "preconditions");
	json_write_object(w);
	if (bounds)
		put_time_bounds(w, bounds);
	else
		put_preconditions_v2(w, v2);
	json_write_object_end(w);
}

/* --- the whole */

static void put_links(struct call *call, const char *id, const char *account, uint32_t ledger,
		      int64_t token)
{
	put_key(&call->w, "_links");
	json_write_object(&call->w);
	put_link(call, "self", "/transactions/%s", id);
	put_link(call, "account", "/accounts/%s", account);
	put_link(call, "ledger", "/ledgers/%u", ledger);
	put_link(call, "operations", "/transactions/%s/operations{?cursor,limit,order}", id);
	put_link(call, "effects", "/transactions/%s/effects{?cursor,limit,order}", id);
	put_link(call, "precedes", "/transactions?order=asc&cursor=%lld", (long long)token);
	put_link(call, "succeeds", "/transactions?order=desc&cursor=%lld", (long long)token);
	put_link(call, "transaction", "/transactions/%s", id);
	json_write_object_end(&call->w);
}

static void put_inner_signed(struct call *call, const char *key, const uint8_t hash[32],
			     const sdex_DecoratedSignature_list *list, const int64_t *max_fee)
{
	put_key(&call->w, key);
	json_write_object(&call->w);
	put_hex(&call->w, "hash", hash, 32);
	put_signatures(call, list);
	if (max_fee)
		put_int_text(&call->w, "max_fee", *max_fee);
	json_write_object_end(&call->w);
}

static void put_span(struct call *call, const char *key, const struct history_ledger *ledger,
		     struct span span)
{
	struct sdex_bytes bytes = history_bytes(ledger, span);
	put_base64(&call->w, key, bytes.data, bytes.size, call->arena);
}

static sdex_TransactionEnvelope inner_of(const sdex_TransactionEnvelope *envelope)
{
	if (envelope->type != SDEX_ENVELOPE_TYPE_TX_FEE_BUMP)
		return *envelope;
	return (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX,
					  .v1 = envelope->feeBump->tx.innerTx.v1};
}

void transaction_write(struct call *call, const struct history_ledger *ledger,
		       const struct history_tx *tx, const uint8_t hash[32])
{
	struct json_writer *w = &call->w;
	const struct state *state = call->network->state;
	struct sdex_bytes bytes = history_bytes(ledger, tx->envelope);
	sdex_TransactionEnvelope *envelope;
	char id[65], account[57];
	size_t length;
	if (sdex_TransactionEnvelope_decode(&envelope, call->arena, bytes.data, bytes.size, NULL) ||
	    sdex_hex_encode(id, sizeof(id), &length, hash, 32)) {
		w->error = SDEX_ERR_NOMEM;
		return;
	}
	sdex_TransactionEnvelope inner = inner_of(envelope);
	sdex_MuxedAccount source = sdex_tx_source(envelope);
	sdex_DecoratedSignature_list outer_signed = sdex_tx_signatures(envelope);
	sdex_DecoratedSignature_list inner_signed = sdex_tx_signatures(&inner);
	int64_t inner_fee =
		inner.type == SDEX_ENVELOPE_TYPE_TX ? inner.v1->tx.fee : inner.v0->tx.fee;
	int64_t token = transaction_token(ledger, tx);
	address_text(account, state, tx->source);
	json_write_object(w);
	put_memo(call, sdex_tx_memo(envelope));
	put_links(call, id, account, ledger->sequence, token);
	put_text(w, "id", id);
	put_int_text(w, "paging_token", token);
	put_bool(w, "successful", tx->success);
	put_text(w, "hash", id);
	put_int(w, "ledger", ledger->sequence);
	put_time(w, "created_at", ledger->close_time);
	put_text(w, "source_account", account);
	put_muxed(w, "account", &source);
	put_int_text(w, "source_account_sequence", sdex_tx_sequence(envelope));
	put_address(w, "fee_account", state, tx->fee_source);
	put_muxed(w, "fee_account", tx->bump ? &envelope->feeBump->tx.feeSource : &source);
	put_int_text(w, "fee_charged", tx->charged);
	put_int_text(w, "max_fee", tx->offered);
	put_int(w, "operation_count", tx->operations);
	put_span(call, "envelope_xdr", ledger, tx->envelope);
	put_span(call, "result_xdr", ledger, tx->result);
	put_span(call, "result_meta_xdr", ledger, tx->meta);
	put_span(call, "fee_meta_xdr", ledger, tx->fees);
	put_text(w, "memo_type", memo_type(sdex_tx_memo(envelope)));
	bool by_inner = tx->bump && memcmp(hash, tx->inner_hash, 32) == 0;
	put_signatures(call, by_inner ? &inner_signed : &outer_signed);
	put_preconditions(w, &inner);
	if (tx->bump) {
		put_inner_signed(call, "fee_bump_transaction", tx->hash, &outer_signed, NULL);
		put_inner_signed(call, "inner_transaction", tx->inner_hash, &inner_signed,
				 &inner_fee);
	}
	json_write_object_end(w);
}

/* --- what failed */

static const struct problem failed = {
	"transaction_failed", "Transaction Failed", 400,
	"The transaction failed when submitted to the stellar network. The `extras.result_codes` "
	"field on this response contains further details.  Descriptions of each code can be found "
	"at: https://developers.stellar.org/api/errors/http-status-codes/horizon-specific/"
	"transaction-failed/"};

static void put_codes(struct call *call, const sdex_TransactionResult *result, bool by_inner)
{
	struct json_writer *w = &call->w;
	const struct sdex_code *inner = sdex_result_inner_code(result);
	sdex_OperationResult_list operations = sdex_result_operations(result);
	put_key(w, "result_codes");
	json_write_object(w);
	put_text(w, "transaction", (by_inner && inner ? inner : sdex_result_code(result))->horizon);
	if (inner && !by_inner)
		put_text(w, "inner_transaction", inner->horizon);
	if (operations.count) {
		put_key(w, "operations");
		json_write_array(w);
		for (uint32_t i = 0; i < operations.count; i++) {
			const char *name = sdex_op_result_code(&operations.items[i])->horizon;
			json_write_string(w, name, strlen(name));
		}
		json_write_array_end(w);
	}
	json_write_object_end(w);
}

void transaction_refuse(struct call *call, struct text envelope,
			const sdex_TransactionResult *result, bool by_inner)
{
	call_refuse_begin(call, &failed);
	put_text_n(&call->w, "envelope_xdr", envelope.data, envelope.size);
	put_codes(call, result, by_inner);
	put_xdr(&call->w, "result_xdr", SDEX_TYPE_TransactionResult, result, call->arena);
	call_refuse_end(call);
}
