/* cmd/sdex/tx_words.c - envelopes in words: who, when, how much at most. */
#include "cmd/sdex/tx_words.h"

#include "cmd/sdex/words.h"

/* ---- conditions ---- */

static void put_time_bounds(FILE *out, const sdex_TimeBounds *t)
{
	if (t->minTime) {
		fputs("  not before ", out);
		put_time(out, t->minTime);
		fputc('\n', out);
	}
	if (t->maxTime) {
		fputs("  not after ", out);
		put_time(out, t->maxTime);
		fputc('\n', out);
	}
}

static void put_conditions(FILE *out, const sdex_PreconditionsV2 *c)
{
	if (c->timeBounds)
		put_time_bounds(out, c->timeBounds);
	if (c->ledgerBounds && c->ledgerBounds->minLedger)
		fprintf(out, "  not before ledger %u\n", c->ledgerBounds->minLedger);
	if (c->ledgerBounds && c->ledgerBounds->maxLedger)
		fprintf(out, "  only before ledger %u\n", c->ledgerBounds->maxLedger);
	if (c->minSeqNum)
		fprintf(out, "  while the account's sequence number is %lld or more\n",
			(long long)*c->minSeqNum);
	if (c->minSeqAge)
		fprintf(out, "  %llu s after that number last changed, at the earliest\n",
			(unsigned long long)c->minSeqAge);
	if (c->minSeqLedgerGap)
		fprintf(out, "  %u ledgers after that number last changed, at the earliest\n",
			c->minSeqLedgerGap);
	for (uint32_t i = 0; i < c->extraSigners.count; i++) {
		fputs("  with a signature of ", out);
		put_signer(out, &c->extraSigners.items[i]);
		fputc('\n', out);
	}
}

static void put_preconditions(FILE *out, const sdex_Preconditions *cond)
{
	switch (cond->type) {
	case SDEX_PRECOND_NONE:
		return;
	case SDEX_PRECOND_TIME:
		put_time_bounds(out, &cond->timeBounds);
		return;
	case SDEX_PRECOND_V2:
		put_conditions(out, cond->v2);
		return;
	}
}

static void put_memo(FILE *out, const sdex_Memo *memo)
{
	switch (memo->type) {
	case SDEX_MEMO_NONE:
		return;
	case SDEX_MEMO_TEXT:
		fputs("  memo text ", out);
		put_text(out, memo->text);
		break;
	case SDEX_MEMO_ID:
		fprintf(out, "  memo id %llu", (unsigned long long)memo->id);
		break;
	case SDEX_MEMO_HASH:
		fputs("  memo hash ", out);
		put_bytes(out, memo->hash.bytes, 32);
		break;
	case SDEX_MEMO_RETURN:
		fputs("  memo return ", out);
		put_bytes(out, memo->retHash.bytes, 32);
		break;
	}
	fputc('\n', out);
}

/* ---- envelopes ---- */

static void put_head(FILE *out, const sdex_MuxedAccount *source, int64_t sequence, uint32_t fee)
{
	fputs("transaction of ", out);
	put_muxed(out, source);
	fprintf(out, "\n  sequence number %lld\n  fee at most ", (long long)sequence);
	put_amount(out, fee);
	fputs(" XLM\n", out);
}

static void put_operations(FILE *out, const sdex_Operation_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		fprintf(out, "operation %u: ", i);
		op_words(out, &list->items[i]);
		fputc('\n', out);
	}
}

static void put_signatures(FILE *out, const sdex_DecoratedSignature_list *list)
{
	if (!list->count)
		fputs("no signature\n", out);
	else
		fprintf(out, "%u signature%s, hint%s", list->count, list->count == 1 ? "" : "s",
			list->count == 1 ? "" : "s");
	for (uint32_t i = 0; i < list->count; i++) {
		fputc(' ', out);
		put_bytes(out, list->items[i].hint.bytes, 4);
	}
	if (list->count)
		fputc('\n', out);
}

static void put_v0(FILE *out, const sdex_TransactionV0Envelope *envelope)
{
	const sdex_TransactionV0 *tx = &envelope->tx;
	sdex_MuxedAccount source = {.type = SDEX_KEY_TYPE_ED25519,
				    .ed25519 = tx->sourceAccountEd25519};
	put_head(out, &source, tx->seqNum, tx->fee);
	if (tx->timeBounds)
		put_time_bounds(out, tx->timeBounds);
	put_memo(out, &tx->memo);
	put_operations(out, &tx->operations);
	put_signatures(out, &envelope->signatures);
}

static void put_v1(FILE *out, const sdex_TransactionV1Envelope *envelope)
{
	const sdex_Transaction *tx = &envelope->tx;
	put_head(out, &tx->sourceAccount, tx->seqNum, tx->fee);
	put_preconditions(out, &tx->cond);
	put_memo(out, &tx->memo);
	if (tx->ext.v == 1) {
		const sdex_SorobanTransactionData *data = tx->ext.sorobanData;
		fputs("  of the fee at most ", out);
		put_amount(out, data->resourceFee);
		fprintf(out, " XLM for resources: %u instructions, %u entries read, %u written\n",
			data->resources.instructions, data->resources.footprint.readOnly.count,
			data->resources.footprint.readWrite.count);
	}
	put_operations(out, &tx->operations);
	put_signatures(out, &envelope->signatures);
}

static void put_fee_bump(FILE *out, const sdex_FeeBumpTransactionEnvelope *envelope)
{
	fputs("fee bump: ", out);
	put_muxed(out, &envelope->tx.feeSource);
	fputs(" pays a fee of at most ", out);
	put_amount(out, envelope->tx.fee);
	fputs(" XLM for the\n", out);
	put_v1(out, envelope->tx.innerTx.v1);
	fputs("of the fee bump ", out);
	put_signatures(out, &envelope->signatures);
}

void tx_words(FILE *out, const sdex_TransactionEnvelope *envelope)
{
	if (envelope->type == SDEX_ENVELOPE_TYPE_TX_V0)
		put_v0(out, envelope->v0);
	else if (envelope->type == SDEX_ENVELOPE_TYPE_TX)
		put_v1(out, envelope->v1);
	else
		put_fee_bump(out, envelope->feeBump);
}
