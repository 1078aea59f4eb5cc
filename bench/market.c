/* bench/market.c - ledgers into books, beside zstd unpacking the same bytes; changes of
 * books of 1,000 to 1,000,000 offers; memory of an offer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "bench.h"
#include "market/books.h"
#include "sdex/transaction.h"

#define PAIRS 500 /* of a large world; two sides each */
#define WORLD 400000

static uint64_t draw(uint64_t *random)
{
	uint64_t z = *random += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* --- offers alone */

struct crowd {
	struct offers *offers;
	uint64_t seed;
	uint64_t random;
	int64_t *ids; /* of those that are there */
	uint32_t count;
	int64_t next;
};

/* Side and price follow from the id.  Prices are around that of the side, as offers are: a
 * few hundred levels, most of them near. */
static struct resting some_offer(const struct crowd *c, int64_t id)
{
	uint64_t random = (uint64_t)id + c->seed, r = draw(&random), s = draw(&random);
	uint32_t side = (uint32_t)(r % (2 * PAIRS));
	int32_t away = (int32_t)((s & 1023) * (s >> 10 & 1023) / 512);
	struct resting offer = {.id = id,
				.amount = 1 + (int64_t)(r >> 20),
				.price = {1000000 + 1000 * (int32_t)side + away, 1000000},
				.side = side,
				.ledger = 7};
	memcpy(offer.seller, &r, sizeof(r));
	return offer;
}

static void put(struct crowd *c, const struct resting *offer)
{
	if (!offers_put(c->offers, offer))
		abort();
}

static struct crowd *open_crowd(uint32_t count)
{
	struct crowd *c = calloc(1, sizeof(*c));
	if (!c || !(c->offers = offers_new()) || !(c->ids = malloc(count * sizeof(*c->ids))))
		abort();
	for (c->count = 0; c->count < count; c->count++) {
		struct resting offer = some_offer(c, ++c->next);
		put(c, &offer);
		c->ids[c->count] = c->next;
	}
	return c;
}

static void close_crowd(struct crowd *c)
{
	offers_free(c->offers);
	free(c->ids);
	free(c);
}

#define BATCH 200u /* changes of a ledger, which comes as a whole */

enum what { NEW_FOR_OLD, PRICE, AMOUNT };

static void change_one(struct crowd *c, uint32_t at, enum what what)
{
	struct resting offer = some_offer(c, c->ids[at]);
	if (what == NEW_FOR_OLD) { /* two changes */
		offers_remove(c->offers, c->ids[at]);
		offer = some_offer(c, ++c->next);
		c->ids[at] = c->next;
	} else if (what == PRICE) {
		offer.price.n += 1 + (int32_t)(draw(&c->random) % 50);
	} else {
		offer.amount = 1 + (int64_t)(draw(&c->random) >> 30);
	}
	put(c, &offer);
}

static void foresee(const struct crowd *c, const uint32_t *at, uint32_t i, bool near)
{
	if (i < BATCH)
		offers_foresee(c->offers, c->ids[at[i]], near);
}

static void change_batches(struct crowd *c, uint64_t count, bool modify)
{
	uint32_t at[BATCH];
	enum what what[BATCH];
	for (uint64_t done = 0; done < count;) {
		for (uint32_t i = 0; i < BATCH; i++) {
			uint64_t r = draw(&c->random);
			at[i] = (uint32_t)(r >> 32) % c->count;
			what[i] = r % 8 < 2 || !modify ? NEW_FOR_OLD : r % 8 < 4 ? PRICE : AMOUNT;
		}
		for (uint32_t i = 0; i < BATCH; i++) {
			foresee(c, at, i + 2 * OFFERS_AHEAD, false);
			foresee(c, at, i + OFFERS_AHEAD, true);
			change_one(c, at[i], what[i]);
			done += what[i] == NEW_FOR_OLD ? 2 : 1;
		}
	}
}

/* Of ten changes two are new offers, two go, two come at another price, four with another
 * amount.  All offers are as likely, so that none is in a cache but by chance. */
static void change(void *state, uint64_t count)
{
	change_batches(state, count, true);
}

static void come_and_go(void *state, uint64_t count)
{
	change_batches(state, count, false);
}

/* The least that a change has to do: two reads of memory, one after the other. */
static void find(void *state, uint64_t count)
{
	struct crowd *c = state;
	int64_t sum = 0;
	for (uint64_t i = 0; i < count; i++) {
		/* the next one asked for depends on this one's answer */
		uint32_t at = (uint32_t)(draw(&c->random) + (uint64_t)(sum & 1)) % c->count;
		sum += offers_find(c->offers, c->ids[at])->amount;
	}
	bench_keep(&sum);
}

static void levels(void *state, uint64_t count)
{
	struct crowd *c = state;
	struct level found[20];
	for (uint64_t i = 0; i < count; i++) {
		uint32_t side = (uint32_t)(draw(&c->random) % (2 * PAIRS));
		offers_levels(c->offers, side, found, 20);
		bench_keep(found);
	}
}

static void measure_offers(void)
{
	static const struct {
		uint32_t count;
		const char *words;
	} sizes[] = {{1000, "1,000"}, {WORLD, "400,000"}, {1000000, "1,000,000"}};
	double rates[3];
	for (int i = 0; i < 3; i++) {
		struct crowd *c = open_crowd(sizes[i].count);
		char name[120];
		snprintf(name, sizeof(name), "market: offer changes, %s offers", sizes[i].words);
		rates[i] = bench_rate(name, change, c);
		snprintf(name, sizeof(name), "market: offers new and gone, %s offers",
			 sizes[i].words);
		bench_rate(name, come_and_go, c);
		snprintf(name, sizeof(name), "market: offers found, %s offers", sizes[i].words);
		bench_rate(name, find, c);
		snprintf(name, sizeof(name), "market: 20 levels of a side, %s offers",
			 sizes[i].words);
		bench_rate(name, levels, c);
		snprintf(name, sizeof(name), "market: memory of an offer, %s offers",
			 sizes[i].words);
		bench_print(name, (double)offers_held(c->offers) / offers_count(c->offers),
			    "bytes");
		close_crowd(c);
	}
	bench_print("market: cost of a change, 1,000 to 1,000,000 offers", rates[0] / rates[2],
		    "times");
}

/* --- ledgers into books */

struct feed {
	const uint8_t *data;
	size_t size;
	struct delta_reader *reader;
	struct books *books;
	struct delta forth, back; /* the ledger's changes, and their reverse */
	struct delta_entry *reversed;
	void *packed;
	size_t packed_size;
	uint8_t *out;
};

static void read_ledger(void *state, uint64_t count)
{
	struct feed *f = state;
	const struct delta *delta;
	for (uint64_t i = 0; i < count; i++) {
		if (delta_read(&delta, f->reader, f->data, f->size, NULL))
			abort();
		bench_keep(delta);
	}
}

static void apply(struct feed *f, struct delta *delta)
{
	struct sdex_failure why;
	delta->sequence = books_sequence(f->books) + 1;
	delta->previous_hash = books_hash(f->books);
	if (books_apply(f->books, delta, &why))
		abort();
}

static void apply_ledger(void *state, uint64_t count)
{
	struct feed *f = state;
	for (uint64_t i = 0; i < count; i++)
		apply(f, i & 1 ? &f->back : &f->forth);
	if (count & 1) /* so that the next sample begins where this one did */
		apply(f, &f->back);
}

static void unpack(void *state, uint64_t count)
{
	struct feed *f = state;
	for (uint64_t i = 0; i < count; i++)
		if (ZSTD_isError(ZSTD_decompress(f->out, f->size, f->packed, f->packed_size)))
			abort();
}

static double measure_zstd(struct feed *f, const char *name)
{
	f->packed_size = ZSTD_compressBound(f->size);
	f->packed = malloc(f->packed_size);
	f->out = malloc(f->size);
	if (!f->packed || !f->out)
		abort();
	f->packed_size = ZSTD_compress(f->packed, f->packed_size, f->data, f->size, 3);
	return bench_rate(name, unpack, f);
}

/* Watches every pair that the ledger touches, and fills them with other offers. */
static void fill(struct feed *f, const struct delta *delta)
{
	struct crowd c = {.seed = 5};
	uint32_t pair;
	uint8_t seller[32] = {0};
	for (uint32_t i = 0; i < delta->offers.count; i++) {
		const sdex_OfferEntry *offer = delta->offers.items[i].last->data.offer;
		if (books_watch(f->books, &pair, &offer->selling, &offer->buying, NULL))
			abort();
	}
	for (pair = 0; pair < books_count(f->books); pair++)
		if (books_snapshot_begin(f->books, pair, 1, NULL))
			abort();
	for (int64_t id = 1; id <= WORLD; id++) {
		struct resting offer = some_offer(&c, id);
		pair = (uint32_t)(draw(&c.random) % books_count(f->books));
		const struct book_pair *p = books_pair(f->books, pair);
		struct book_row row = {.id = (INT64_C(1) << 40) + id,
				       .seller = seller,
				       .selling = id & 1 ? &p->base : &p->counter,
				       .buying = id & 1 ? &p->counter : &p->base,
				       .amount = offer.amount,
				       .price = offer.price,
				       .modified = 1};
		if (books_snapshot_page(f->books, pair, &row, 1, 1, NULL))
			abort();
	}
	for (pair = 0; pair < books_count(f->books); pair++)
		books_snapshot_end(f->books, pair);
}

static void reverse(struct feed *f)
{
	uint32_t count = f->forth.offers.count;
	f->back = f->forth;
	f->reversed = calloc(count + 1, sizeof(*f->reversed));
	if (!f->reversed)
		abort();
	for (uint32_t i = 0; i < count; i++) {
		const struct delta_entry *entry = &f->forth.offers.items[i];
		f->reversed[i] = *entry;
		f->reversed[i].before = entry->gone ? NULL : entry->last;
		f->reversed[i].last = entry->before ? entry->before : entry->last;
		f->reversed[i].gone = entry->before == NULL;
	}
	f->back.offers.items = f->reversed;
}

static void measure_ledger(const char *number)
{
	struct feed f = {.reader = delta_reader_new(SDEX_PASSPHRASE_PUBLIC, 0),
			 .books = books_new()};
	struct delta_reader *kept = delta_reader_new(SDEX_PASSPHRASE_PUBLIC, 0);
	const struct delta *delta;
	char file[64], name[120];
	snprintf(file, sizeof(file), "pubnet/ledger-%s.xdr.gz", number);
	const char *path = bench_corpus(file);
	if (!path || !f.reader || !f.books || !kept)
		return;
	f.data = bench_file(path, &f.size);
	if (delta_read(&delta, kept, f.data, f.size, NULL))
		abort();
	f.forth = *delta;
	fill(&f, delta);
	reverse(&f);
	snprintf(name, sizeof(name), "market: ledger %s (%zu KB) read", number, f.size / 1000);
	double reads = bench_rate(name, read_ledger, &f);
	snprintf(name, sizeof(name), "market: ledger %s into books of 400,000 offers", number);
	double applies = bench_rate(name, apply_ledger, &f);
	snprintf(name, sizeof(name), "market: ledger %s, zstd -3 decompression", number);
	double unpacks = measure_zstd(&f, name);
	double seconds = 1 / reads + 1 / applies;
	snprintf(name, sizeof(name), "market: ledger %s, bytes to books", number);
	bench_print(name, 1000 * seconds, "ms");
	snprintf(name, sizeof(name), "market: ledger %s, bytes to books by zstd's time", number);
	if (unpacks > 0)
		bench_print(name, seconds * unpacks, "times");
	fprintf(stderr, "bench: ledger %s: %u offers of %u pairs, %u trades, %u transactions\n",
		number, delta->offers.count, books_count(f.books), delta->claim_count,
		delta->transaction_count);
	books_free(f.books);
	delta_reader_free(f.reader);
	delta_reader_free(kept);
	free(f.reversed);
	free(f.packed);
	free(f.out);
}

/* --- a snapshot: pages of 200 rows into one book */

struct snapshot {
	struct books *books;
	struct book_row *rows;
};

static void take_snapshot(void *state, uint64_t count)
{
	struct snapshot *s = state;
	for (uint64_t i = 0; i < count; i++) {
		books_reset(s->books);
		if (books_snapshot_begin(s->books, 0, 7, NULL))
			abort();
		for (uint32_t at = 0; at < WORLD; at += 200)
			if (books_snapshot_page(s->books, 0, s->rows + at, 200, 7, NULL))
				abort();
		books_snapshot_end(s->books, 0);
	}
}

static void measure_snapshot(void)
{
	static const uint8_t seller[32];
	struct snapshot s = {.books = books_new(), .rows = calloc(WORLD, sizeof(*s.rows))};
	struct crowd c = {.seed = 11};
	sdex_Asset xlm = {.type = SDEX_ASSET_TYPE_NATIVE}, usd;
	uint32_t pair;
	usd = (sdex_Asset){.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4,
			   .alphaNum4 = {.assetCode = {"USD"}}};
	if (!s.books || !s.rows || books_watch(s.books, &pair, &xlm, &usd, NULL))
		abort();
	for (uint32_t i = 0; i < WORLD; i++) {
		struct resting offer = some_offer(&c, i + 1);
		s.rows[i] = (struct book_row){.id = offer.id,
					      .seller = seller,
					      .selling = i % 2 ? &xlm : &usd,
					      .buying = i % 2 ? &usd : &xlm,
					      .amount = offer.amount,
					      .price = offer.price,
					      .modified = 7};
	}
	double rate = bench_rate("market: snapshots of 400,000 offers", take_snapshot, &s);
	bench_print("market: a snapshot of 400,000 offers", 1000 / rate, "ms");
	books_free(s.books);
	free(s.rows);
}

int main(void)
{
	measure_snapshot();
	measure_ledger("46154623");
	measure_ledger("57500008");
	measure_ledger("63092988");
	measure_offers();
	return 0;
}
