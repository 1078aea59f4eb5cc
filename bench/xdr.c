/* bench/xdr.c - ledgers and envelopes, bytes to values and back, beside what the machine
 * can do with the same bytes at all: copy them, and unpack them from zstd. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "bench.h"
#include "sdex/xdr_types.h"

struct ledger {
	const uint8_t *data;
	size_t size;
	uint8_t *out;
	struct sdex_arena *arena;
	sdex_LedgerCloseMeta *value;
	struct sdex_visit_plan plan;
	uint64_t offers;
	void *packed;
	size_t packed_size;
};

static void must(enum sdex_error error)
{
	if (error)
		abort();
}

static void decode_reused(void *state, uint64_t count)
{
	struct ledger *l = state;
	for (uint64_t i = 0; i < count; i++) {
		sdex_arena_reset(l->arena);
		must(sdex_LedgerCloseMeta_decode(&l->value, l->arena, l->data, l->size, NULL));
		bench_keep(l->value);
	}
}

/* Each time into memory that comes from the system and goes back to it. */
static void decode_fresh(void *state, uint64_t count)
{
	struct ledger *l = state;
	mallopt(M_MMAP_THRESHOLD, 4096);
	for (uint64_t i = 0; i < count; i++) {
		struct sdex_arena *arena = sdex_arena_new(0);
		sdex_LedgerCloseMeta *value;
		must(sdex_LedgerCloseMeta_decode(&value, arena, l->data, l->size, NULL));
		bench_keep(value);
		sdex_arena_free(arena);
	}
}

static void check(void *state, uint64_t count)
{
	struct ledger *l = state;
	size_t used;
	for (uint64_t i = 0; i < count; i++)
		must(sdex_xdr_check(SDEX_TYPE_LedgerCloseMeta, &used, l->data, l->size, NULL,
				    NULL));
}

static enum sdex_visit count_offer(void *context, const struct sdex_found *found)
{
	(void)found;
	++*(uint64_t *)context;
	return SDEX_VISIT_ON;
}

static void visit(void *state, uint64_t count)
{
	struct ledger *l = state;
	for (uint64_t i = 0; i < count; i++)
		must(sdex_xdr_visit(SDEX_TYPE_LedgerCloseMeta, &l->plan, count_offer, &l->offers,
				    l->data, l->size, NULL, NULL));
}

static enum sdex_visit decode_offer(void *context, const struct sdex_found *found)
{
	struct ledger *l = context;
	sdex_OfferEntry *offer;
	sdex_arena_reset(l->arena);
	must(sdex_OfferEntry_decode(&offer, l->arena, found->data, found->size, NULL));
	bench_keep(offer);
	return SDEX_VISIT_ON;
}

static void visit_and_decode(void *state, uint64_t count)
{
	struct ledger *l = state;
	for (uint64_t i = 0; i < count; i++)
		must(sdex_xdr_visit(SDEX_TYPE_LedgerCloseMeta, &l->plan, decode_offer, l, l->data,
				    l->size, NULL, NULL));
}

static void encode(void *state, uint64_t count)
{
	struct ledger *l = state;
	size_t size;
	for (uint64_t i = 0; i < count; i++) {
		must(sdex_LedgerCloseMeta_encode(l->out, l->size, &size, l->value, NULL));
		bench_keep(l->out);
	}
}

static void measure(void *state, uint64_t count)
{
	struct ledger *l = state;
	size_t size;
	for (uint64_t i = 0; i < count; i++)
		must(sdex_xdr_size(SDEX_TYPE_LedgerCloseMeta, &size, l->value, NULL));
}

static void compare(void *state, uint64_t count)
{
	struct ledger *l = state;
	for (uint64_t i = 0; i < count; i++)
		if (!sdex_LedgerCloseMeta_equal(l->value, l->value))
			abort();
}

static void copy(void *state, uint64_t count)
{
	struct ledger *l = state;
	for (uint64_t i = 0; i < count; i++) {
		memcpy(l->out, l->data, l->size);
		bench_keep(l->out);
	}
}

static void unpack(void *state, uint64_t count)
{
	struct ledger *l = state;
	for (uint64_t i = 0; i < count; i++)
		if (ZSTD_decompress(l->out, l->size, l->packed, l->packed_size) != l->size)
			abort();
}

static void measure_zstd(struct ledger *l, const char *name)
{
	size_t room = ZSTD_compressBound(l->size);
	l->packed = malloc(room);
	l->packed_size = ZSTD_compress(l->packed, room, l->data, l->size, 3);
	if (ZSTD_isError(l->packed_size))
		abort();
	bench_throughput(name, unpack, l, l->size);
	free(l->packed);
}

static void measure_ledger(const char *number)
{
	static const enum sdex_type offers[] = {SDEX_TYPE_OfferEntry};
	char name[128], file[64];
	snprintf(file, sizeof file, "pubnet/ledger-%s.xdr.gz", number);
	const char *path = bench_corpus(file);
	if (!path)
		return;
	struct ledger l = {.arena = sdex_arena_new(0)};
	l.data = bench_file(path, &l.size);
	l.out = malloc(l.size);
	must(sdex_visit_plan_init(&l.plan, offers, 1));

#define MEASURE(what, work)                                            \
	(snprintf(name, sizeof name, "xdr: ledger %s, " what, number), \
	 bench_throughput(name, work, &l, l.size))
	MEASURE("visit and decode offers", visit_and_decode);
	MEASURE("decode, reused arena", decode_reused);
	snprintf(name, sizeof name, "xdr: ledger %s, tree to input", number);
	bench_print(name, (double)sdex_arena_used(l.arena) / (double)l.size, "x");
	snprintf(name, sizeof name, "xdr: ledger %s, allocations, reused arena", number);
	bench_allocations(name, decode_reused, &l);
	MEASURE("decode, fresh memory", decode_fresh);
	MEASURE("check", check);
	MEASURE("visit offers", visit);
	MEASURE("encode", encode);
	MEASURE("size", measure);
	MEASURE("equal", compare);
	MEASURE("memcpy", copy);
#undef MEASURE
	snprintf(name, sizeof name, "xdr: ledger %s, zstd -3 decompression", number);
	measure_zstd(&l, name);
	sdex_arena_free(l.arena);
	free(l.out);
}

/* -- a payment, as people send them */

static uint8_t envelope[512];
static size_t envelope_size;
static struct sdex_arena *envelope_arena;

static void make_envelope(void)
{
	static const uint8_t signature[64] = {1};
	sdex_DecoratedSignature signatures[1] = {{.signature = {signature, sizeof signature}}};
	sdex_PaymentOp payment = {.amount = 12345678,
				  .asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4}};
	sdex_Operation operation = {.body = {.type = SDEX_PAYMENT}};
	sdex_TransactionV1Envelope v1 = {
		.tx = {.fee = 100, .seqNum = 1, .operations = {&operation, 1}},
		.signatures = {signatures, 1}};
	sdex_TransactionEnvelope value = {.type = SDEX_ENVELOPE_TYPE_TX, .v1 = &v1};
	operation.body.paymentOp = &payment;
	must(sdex_TransactionEnvelope_encode(envelope, sizeof envelope, &envelope_size, &value,
					     NULL));
}

static void decode_envelope(void *state, uint64_t count)
{
	(void)state;
	for (uint64_t i = 0; i < count; i++) {
		sdex_TransactionEnvelope *value;
		sdex_arena_reset(envelope_arena);
		must(sdex_TransactionEnvelope_decode(&value, envelope_arena, envelope,
						     envelope_size, NULL));
		bench_keep(value);
	}
}

static void encode_envelope(void *state, uint64_t count)
{
	const sdex_TransactionEnvelope *value = state;
	uint8_t out[512];
	size_t size;
	for (uint64_t i = 0; i < count; i++) {
		must(sdex_TransactionEnvelope_encode(out, sizeof out, &size, value, NULL));
		bench_keep(out);
	}
}

int main(void)
{
	static const char *const ledgers[] = {"46154623", "57500008", "63092988"};
	for (size_t i = 0; i < sizeof ledgers / sizeof *ledgers; i++)
		measure_ledger(ledgers[i]);

	sdex_TransactionEnvelope *value;
	envelope_arena = sdex_arena_new(0);
	make_envelope();
	bench_rate("xdr: decode an envelope of 1 operation", decode_envelope, NULL);
	must(sdex_TransactionEnvelope_decode(&value, envelope_arena, envelope, envelope_size,
					     NULL));
	bench_rate("xdr: encode an envelope of 1 operation", encode_envelope, value);
	sdex_arena_free(envelope_arena);
	return 0;
}
