/* examples/decode_ledger.c - what is in a ledger: its header and each transaction's result.
 *
 * usage: decode_ledger FILE, which holds one LedgerCloseMeta in XDR, as RPC's getLedgers
 * gives it (base64-decoded) or as it lies in a SEP-54 bucket. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <sdex/ids.h>
#include <sdex/xdr_types.h>

#include "read_file.h"

static void print_result(const sdex_TransactionResultPair *pair)
{
	char hash[SDEX_HASH_ROOM];
	sdex_hash_print(hash, &pair->transactionHash);
	printf("%s %s, fee %" PRId64 " stroops\n", hash,
	       sdex_enum_name(SDEX_TYPE_TransactionResultCode, pair->result.result.code),
	       pair->result.feeCharged);
}

static void print_header(const sdex_LedgerHeader *header, uint32_t transactions)
{
	printf("ledger %" PRIu32 ", protocol %" PRIu32 ", closed at %" PRIu64 ", %" PRIu32
	       " transactions\n",
	       header->ledgerSeq, header->ledgerVersion, header->scpValue.closeTime, transactions);
}

/* The three versions differ in where things are: a union's arm is read only after a look
 * at its discriminant. */
static void print_ledger(const sdex_LedgerCloseMeta *meta)
{
	switch (meta->v) {
	case 0:
		print_header(&meta->v0->ledgerHeader.header, meta->v0->txProcessing.count);
		for (uint32_t i = 0; i < meta->v0->txProcessing.count; i++)
			print_result(&meta->v0->txProcessing.items[i].result);
		break;
	case 1:
		print_header(&meta->v1->ledgerHeader.header, meta->v1->txProcessing.count);
		for (uint32_t i = 0; i < meta->v1->txProcessing.count; i++)
			print_result(&meta->v1->txProcessing.items[i].result);
		break;
	case 2:
		print_header(&meta->v2->ledgerHeader.header, meta->v2->txProcessing.count);
		for (uint32_t i = 0; i < meta->v2->txProcessing.count; i++)
			print_result(&meta->v2->txProcessing.items[i].result);
		break;
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr,
			"usage: decode_ledger FILE (one LedgerCloseMeta in XDR, unpacked)\n");
		return 2;
	}
	size_t size;
	uint8_t *bytes = read_file(argv[1], &size);
	if (!bytes)
		return 1;

	/* The decoded ledger lives in the arena and borrows from `bytes`; hostile bytes can
	 * make it take 256 MB and no more. */
	struct sdex_arena *arena = sdex_arena_new((size_t)256 << 20);
	sdex_LedgerCloseMeta *meta;
	struct sdex_failure why = {.text = "memory is out"};
	int status = 1;
	if (!arena || sdex_LedgerCloseMeta_decode(&meta, arena, bytes, size, &why)) {
		fprintf(stderr, "%s: byte %" PRIu64 ": %s\n", argv[1], why.where, why.text);
	} else {
		print_ledger(meta);
		status = 0;
	}
	sdex_arena_free(arena);
	free(bytes);
	return status;
}
