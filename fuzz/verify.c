/* fuzz/verify.c - ledgers from anywhere, verified: executed by the rules from a state that may be
 * none that the rules would come to, or refused. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "ledger/verify/parts.h"
#include "ledger/verify/verify.h"
#include "sdex/transaction.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_items(const struct verified_ledger *ledger)
{
	uint64_t verdicts[VERDICTS] = {0};
	for (uint32_t i = 0; i < ledger->count; i++) {
		const struct verified *item = &ledger->items[i];
		bool told =
			item->verdict == VERDICT_DIFFERED || item->verdict == VERDICT_UNDETERMINED;
		verdicts[item->verdict]++;
		CHECK(item->transaction >= 1 && item->transaction <= ledger->transactions);
		CHECK(item->hash && item->code && told == (item->words != NULL));
		CHECK(!item->words || (*item->words && strlen(item->words) < 4096));
		CHECK(item->operation || told);
	}
	CHECK(memcmp(verdicts, ledger->verdicts, sizeof(verdicts)) == 0);
}

static void verify_twice(const uint8_t *data, size_t size)
{
	static const uint8_t network[32];
	const struct verified_ledger *ledger;
	struct sdex_failure why = {0};
	struct verify *verify = verify_new(network, (size_t)64 << 20);
	CHECK(verify);
	/* a second time after the first: nothing of that one may be left in the way */
	for (int time = 0; time < 2; time++) {
		if (verify_ledger(&ledger, verify, data, size, &why) == SDEX_OK)
			check_items(ledger);
		else
			CHECK(*why.text);
	}
	verify_free(verify);
}

static bool hash_of(sdex_Hash *hash, struct sdex_arena *arena, const struct part_sent *sent)
{
	static const sdex_Hash network;
	return sdex_tx_hash(hash, arena, sent->envelope, &network, NULL) == SDEX_OK;
}

/* Gives results that belong to no transaction the hashes of transactions that have none, so that
 * envelopes can be anything. */
static void match(struct parts *parts, struct sdex_arena *arena)
{
	sdex_Hash hash;
	uint32_t next = 0;
	for (uint32_t s = 0; s < parts->sent_count && s < 64; s++) {
		bool found = false;
		if (!hash_of(&hash, arena, &parts->sent[s]))
			continue;
		for (uint32_t i = 0; i < parts->applied_count; i++)
			found |= sdex_Hash_equal(&parts->applied[i].result->transactionHash, &hash);
		if (!found && next < parts->applied_count)
			memcpy((void *)(uintptr_t)&parts->applied[next++].result->transactionHash,
			       &hash, sizeof(hash));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sdex_arena *arena = sdex_arena_new((size_t)64 << 20);
	sdex_LedgerCloseMeta *meta;
	struct parts parts;
	CHECK(arena);
	verify_twice(data, size);
	if (sdex_LedgerCloseMeta_decode(&meta, arena, data, size, NULL) == SDEX_OK &&
	    parts_read(&parts, meta, arena, NULL) == SDEX_OK) {
		match(&parts, arena);
		uint8_t *bytes = malloc(size);
		CHECK(bytes);
		CHECK(sdex_LedgerCloseMeta_encode(bytes, size, &size, meta, NULL) == SDEX_OK);
		verify_twice(bytes, size);
		free(bytes);
	}
	sdex_arena_free(arena);
	return 0;
}
