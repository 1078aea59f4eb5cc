/* tests/examples/sample_ledger.c - writes a small ledger to work on: one transaction that
 * took half of an offer, created another and removed a third.
 *
 * usage: sample_ledger FILE */
#include <stdio.h>
#include <string.h>

#include <sdex/xdr_types.h>

static sdex_OfferEntry offer(int64_t id, int64_t amount)
{
	sdex_OfferEntry made = {.offerID = id, .amount = amount, .price = {3, 2}};
	memset(made.sellerID.ed25519.bytes, 7, 32);
	made.buying.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4;
	memcpy(made.buying.alphaNum4.assetCode.bytes, "EURC", 4);
	return made;
}

static sdex_LedgerEntry entry_of(sdex_OfferEntry *entry)
{
	return (sdex_LedgerEntry){
		.lastModifiedLedgerSeq = 1000,
		.data = {.type = SDEX_OFFER, .offer = entry},
	};
}

int main(int argc, char **argv)
{
	sdex_OfferEntry old = offer(11, 5000000), half = offer(11, 2500000), made = offer(13, 1);
	sdex_LedgerEntry before = entry_of(&old), after = entry_of(&half), fresh = entry_of(&made);
	sdex_LedgerKeyOffer gone = {.sellerID = old.sellerID, .offerID = 12};
	sdex_LedgerKey key = {.type = SDEX_OFFER, .offer = &gone};
	sdex_LedgerEntryChange list[] = {
		{.type = SDEX_LEDGER_ENTRY_STATE, .state = &before},
		{.type = SDEX_LEDGER_ENTRY_UPDATED, .updated = &after},
		{.type = SDEX_LEDGER_ENTRY_CREATED, .created = &fresh},
		{.type = SDEX_LEDGER_ENTRY_REMOVED, .removed = &key},
	};
	sdex_OperationMetaV2 operation = {.changes = {list, 4}};
	sdex_TransactionMetaV4 meta = {.operations = {&operation, 1}};
	sdex_TransactionResultMetaV1 transaction = {
		.result = {.result = {.feeCharged = 100, .result = {.code = SDEX_txSUCCESS}}},
		.txApplyProcessing = {.v = 4, .v4 = &meta},
	};
	memset(transaction.result.transactionHash.bytes, 0xab, 32);
	sdex_TransactionSetV1 set = {.phases = {NULL, 0}};
	sdex_LedgerCloseMetaV2 v2 = {
		.txSet = {.v = 1, .v1TxSet = &set},
		.txProcessing = {&transaction, 1},
	};
	v2.ledgerHeader.header.ledgerSeq = 1001;
	v2.ledgerHeader.header.ledgerVersion = 28;
	v2.ledgerHeader.header.scpValue.closeTime = 1790000000;
	sdex_LedgerCloseMeta ledger = {.v = 2, .v2 = &v2};

	static uint8_t bytes[4096];
	size_t size;
	struct sdex_failure why;
	if (sdex_LedgerCloseMeta_encode(bytes, sizeof bytes, &size, &ledger, &why)) {
		fprintf(stderr, "sample_ledger: %s\n", why.text);
		return 1;
	}
	FILE *file = argc == 2 ? fopen(argv[1], "wb") : NULL;
	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file)) {
		perror("sample_ledger");
		return 1;
	}
	return 0;
}
