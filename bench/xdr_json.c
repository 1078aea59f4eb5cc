/* bench/xdr_json.c - a ledger as SEP-51 JSON, and back.  MB/s are of JSON. */
#include <stdlib.h>

#include "bench.h"
#include "sdex/xdr_json.h"
#include "sdex/xdr_types.h"

struct ledger {
	sdex_LedgerCloseMeta *value;
	struct sdex_arena *arena;
	const char *text;
	size_t size;
};

static void must(enum sdex_error error)
{
	if (error)
		abort();
}

static enum sdex_error drop(void *context, const char *text, size_t size)
{
	*(size_t *)context += size;
	bench_keep(text);
	return SDEX_OK;
}

static void write_json(void *state, uint64_t count)
{
	struct ledger *l = state;
	for (uint64_t i = 0; i < count; i++) {
		size_t size = 0;
		must(sdex_xdr_to_json_sink(SDEX_TYPE_LedgerCloseMeta, drop, &size, l->value,
					   SDEX_JSON_COMPACT, NULL));
	}
}

static void read_json(void *state, uint64_t count)
{
	struct ledger *l = state;
	void *value;
	for (uint64_t i = 0; i < count; i++) {
		sdex_arena_reset(l->arena);
		must(sdex_xdr_from_json(SDEX_TYPE_LedgerCloseMeta, &value, l->arena, l->text,
					l->size, NULL, NULL));
		bench_keep(value);
	}
}

int main(void)
{
	struct ledger l = {.arena = sdex_arena_new(0)};
	struct sdex_arena *own = sdex_arena_new(0);
	const char *path = bench_corpus("pubnet/ledger-63092988.xdr.gz");
	size_t size;
	if (!path)
		return 0;
	const uint8_t *data = bench_file(path, &size);
	must(sdex_LedgerCloseMeta_decode(&l.value, own, data, size, NULL));
	must(sdex_xdr_to_json_arena(SDEX_TYPE_LedgerCloseMeta, &l.text, &l.size, own, l.value,
				    SDEX_JSON_COMPACT, NULL));
	bench_throughput("xdr_json: write a ledger", write_json, &l, l.size);
	bench_throughput("xdr_json: read a ledger", read_json, &l, l.size);
	sdex_arena_free(own);
	sdex_arena_free(l.arena);
	return 0;
}
