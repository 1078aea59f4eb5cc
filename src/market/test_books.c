/* Laws of market/books.h: in every order in which ledgers and pages of a snapshot can come,
 * a complete book is the network's. */
#include "base/testing.h"

#include "market/books.h"
#include "sdex/asset.h"

#define LEDGERS 5 /* of a world; ledger t has the sequence FIRST + t */
#define FIRST 100u
#define BEGIN 1 /* snapshots begin at this one */
#define IDS 12
#define PAGE 2  /* rows */
#define ASIDE 2 /* a pair that nobody watches */

/* --- a small world: what each offer is after each ledger */

struct state {
	bool alive;
	uint32_t side; /* 0 asks, 1 bids, ASIDE */
	int64_t amount;
	sdex_Price price;
	uint32_t modified; /* ledger, as t */
};

struct world {
	struct state at[LEDGERS][IDS + 1];
	bool touched[LEDGERS][IDS + 1];
	sdex_Asset base, counter, other;
};

static void draw_state(struct seeded *s, struct state *state, uint32_t t)
{
	*state = (struct state){.alive = true,
				.side = (uint32_t)seeded_below(s, 5) % 3,
				.amount = 1 + (int64_t)seeded_below(s, 3),
				.price = {1 + (int32_t)seeded_below(s, 3), 2},
				.modified = t};
}

static void draw_world(struct seeded *s, struct world *w)
{
	uint32_t next = 6;
	memset(w->at, 0, sizeof(w->at));
	memset(w->touched, 0, sizeof(w->touched));
	for (uint32_t id = 1; id < next; id++)
		draw_state(s, &w->at[0][id], 0);
	for (uint32_t t = 1; t < LEDGERS; t++) {
		memcpy(w->at[t], w->at[t - 1], sizeof(w->at[t]));
		for (uint32_t id = 1; id < next; id++) {
			struct state *now = &w->at[t][id];
			uint64_t what = seeded_below(s, 8);
			if (!now->alive || what < 3)
				continue;
			w->touched[t][id] = true;
			now->modified = t;
			if (what == 3)
				now->alive = false;
			else if (what == 4)
				now->side = (now->side + 1 + (uint32_t)seeded_below(s, 2)) % 3;
			else if (what < 7) /* else it is touched and stays as it is */
				draw_state(s, now, t);
		}
		while (next <= IDS && seeded_below(s, 3) == 0) {
			draw_state(s, &w->at[t][next], t);
			w->at[t][next].alive = seeded_below(s, 4) > 0; /* came and went */
			w->touched[t][next++] = true;
		}
	}
}

static void sides_of(const struct world *w, uint32_t side, sdex_Asset *selling, sdex_Asset *buying)
{
	*selling = side == 0 ? w->base : side == 1 ? w->counter : w->other;
	*buying = side == 0 ? w->counter : w->base;
}

struct made {
	struct delta delta;
	struct delta_entry items[IDS];
	sdex_LedgerEntry entries[IDS][2];
	sdex_OfferEntry offers[IDS][2];
	uint8_t hash[32];
	uint8_t previous[32];
};

static const sdex_LedgerEntry *make_entry(struct made *m, uint32_t item, uint32_t which,
					  const struct world *w, const struct state *state,
					  uint32_t id)
{
	sdex_OfferEntry *offer = &m->offers[item][which];
	*offer = (sdex_OfferEntry){.offerID = id, .amount = state->amount, .price = state->price};
	offer->sellerID.ed25519.bytes[0] = (uint8_t)id;
	sides_of(w, state->side, &offer->selling, &offer->buying);
	m->entries[item][which] =
		(sdex_LedgerEntry){.lastModifiedLedgerSeq = FIRST + state->modified,
				   .data = {.type = SDEX_OFFER, .offer = offer}};
	return &m->entries[item][which];
}

/* What ledger t changed. */
static const struct delta *make_delta(struct made *m, const struct world *w, uint32_t t)
{
	*m = (struct made){.delta = {.sequence = FIRST + t}};
	memset(m->hash, (int)(FIRST + t), 32);
	memset(m->previous, (int)(FIRST + t - 1), 32);
	m->delta.hash = m->hash;
	m->delta.previous_hash = m->previous;
	m->delta.offers.items = m->items;
	for (uint32_t id = 1; id <= IDS; id++) {
		const struct state *before = t ? &w->at[t - 1][id] : NULL, *now = &w->at[t][id];
		if (!w->touched[t][id])
			continue;
		uint32_t item = m->delta.offers.count++;
		struct delta_entry *entry = &m->items[item];
		entry->gone = !now->alive;
		if (before && before->alive)
			entry->before = make_entry(m, item, 0, w, before, id);
		entry->last = entry->gone && entry->before ? entry->before
							   : make_entry(m, item, 1, w, now, id);
	}
	return &m->delta;
}

/* Does the book hold what the network has after ledger t (modified since `since`)? */
static void assert_book(const struct books *books, const struct world *w, uint32_t t,
			uint32_t since)
{
	for (uint32_t side = 0; side < 2; side++) {
		struct offers_walk walk = offers_begin(books_offers(books), side);
		const struct resting *offer;
		uint32_t count = 0, expected = 0;
		for (uint32_t id = 1; id <= IDS; id++)
			expected += w->at[t][id].alive && w->at[t][id].side == side &&
				    w->at[t][id].modified >= since;
		for (; (offer = offers_next(books_offers(books), &walk)); count++) {
			const struct state *now = &w->at[t][offer->id];
			assert_true(now->alive && now->side == side && now->modified >= since);
			assert_int_equal(offer->amount, now->amount);
			assert_int_equal(offer->price.n, now->price.n);
			assert_int_equal(offer->ledger, FIRST + now->modified);
			assert_int_equal(offer->seller[0], offer->id);
		}
		assert_int_equal(count, expected);
	}
}

/* --- all ways of choosing: the tape says what was chosen, and is turned like a counter */

struct tape {
	uint8_t choice[64], bound[64];
	uint32_t size, at;
};

static uint32_t choose(struct tape *t, uint32_t bound)
{
	assert_true(t->at < 64);
	if (t->at == t->size) {
		t->choice[t->size] = 0;
		t->bound[t->size++] = (uint8_t)bound;
	}
	return t->choice[t->at++];
}

static bool turn(struct tape *t)
{
	while (t->size && t->choice[t->size - 1] + 1 == t->bound[t->size - 1])
		t->size--;
	if (t->size)
		t->choice[t->size - 1]++;
	t->at = 0;
	return t->size > 0;
}

struct run {
	const struct world *w;
	struct books *books;
	struct tape *tape;
	uint32_t fed;    /* the next ledger to be applied */
	uint32_t server; /* the ledger that the server is at */
	uint32_t side;   /* the direction whose pages are read */
	uint32_t cursor;
	uint32_t last; /* that a page reflected */
};

/* Reads the next page at some ledger that is not older than the one before. */
static void read_page(struct run *r)
{
	struct book_row rows[PAGE];
	sdex_Asset selling, buying;
	uint8_t sellers[PAGE][32] = {{0}};
	uint32_t count = 0;
	r->server += choose(r->tape, LEDGERS - r->server);
	sides_of(r->w, r->side, &selling, &buying);
	for (uint32_t id = r->cursor + 1; id <= IDS && count < PAGE; id++) {
		const struct state *now = &r->w->at[r->server][id];
		if (!now->alive || now->side != r->side)
			continue;
		sellers[count][0] = (uint8_t)id;
		rows[count] = (struct book_row){.id = id,
						.seller = sellers[count],
						.selling = &selling,
						.buying = &buying,
						.amount = now->amount,
						.price = now->price,
						.modified = FIRST + now->modified};
		count++;
		r->cursor = id;
	}
	r->last = r->server;
	assert_int_equal(books_snapshot_page(r->books, 0, rows, count, FIRST + r->server, NULL),
			 SDEX_OK);
	if (count < PAGE) {
		r->side++;
		r->cursor = 0;
	}
	if (r->side == 2)
		books_snapshot_end(r->books, 0);
}

static void feed(struct run *r)
{
	struct made made;
	assert_int_equal(books_apply(r->books, make_delta(&made, r->w, r->fed), NULL), SDEX_OK);
	r->fed++;
}

static void check(const struct run *r)
{
	const struct book_pair *pair = books_pair(r->books, 0);
	bool ended = r->side == 2, reached = r->fed > r->last;
	uint32_t sequence = books_sequence(r->books);
	assert_int_equal(pair->state, ended && reached && sequence ? BOOK_COMPLETE : BOOK_FILLING);
	if (pair->state == BOOK_COMPLETE)
		assert_book(r->books, r->w, sequence - FIRST, 0);
}

static void run_once(const struct world *w, struct tape *tape)
{
	struct run r = {.w = w, .books = books_new(), .tape = tape, .server = BEGIN};
	uint32_t pair;
	assert_non_null(r.books);
	assert_int_equal(books_watch(r.books, &pair, &w->base, &w->counter, NULL), SDEX_OK);
	assert_int_equal(books_pair(r.books, 0)->state, BOOK_EMPTY);
	/* Ledgers may have come before the snapshot begins. */
	r.fed = BEGIN + 1 - choose(tape, 2);
	if (r.fed <= BEGIN) {
		feed(&r);
		assert_int_equal(books_pair(r.books, 0)->state, BOOK_PARTIAL);
		assert_book(r.books, w, BEGIN, BEGIN);
	}
	assert_int_equal(books_snapshot_begin(r.books, 0, FIRST + BEGIN, NULL), SDEX_OK);
	while (r.side < 2 || r.fed < LEDGERS) {
		bool page = r.side < 2 && (r.fed == LEDGERS || choose(tape, 2));
		if (page)
			read_page(&r);
		else
			feed(&r);
		check(&r);
	}
	assert_book(r.books, w, LEDGERS - 1, 0);
	books_free(r.books);
}

static void make_assets(struct world *w, struct sdex_arena *arena)
{
	sdex_AccountID issuer = {.ed25519 = {{7}}};
	w->base = sdex_asset_native();
	assert_int_equal(sdex_asset_make(&w->counter, arena, "USD", 3, &issuer, NULL), SDEX_OK);
	assert_int_equal(sdex_asset_make(&w->other, arena, "LONGCODE", 8, &issuer, NULL), SDEX_OK);
}

static void every_interleaving(void **state)
{
	(void)state;
	struct seeded s = {.state = 77};
	struct sdex_arena *arena = sdex_arena_new(0);
	static struct world w;
	uint64_t runs = 0;
	make_assets(&w, arena);
	for (uint32_t i = 0; i < 20; i++) {
		struct tape tape = {0};
		draw_world(&s, &w);
		do {
			run_once(&w, &tape);
			runs++;
		} while (turn(&tape));
	}
	print_message("%llu orders of 20 worlds\n", (unsigned long long)runs);
	sdex_arena_free(arena);
}

/* A book from ledgers alone: what was touched since the first of them. */
static void without_a_snapshot(void **state)
{
	(void)state;
	struct seeded s = {.state = 78};
	struct sdex_arena *arena = sdex_arena_new(0);
	static struct world w;
	struct made made;
	make_assets(&w, arena);
	for (uint32_t i = 0; i < 300; i++) {
		struct books *books = books_new();
		uint32_t pair, since = 1 + (uint32_t)seeded_below(&s, 3);
		draw_world(&s, &w);
		assert_int_equal(books_watch(books, &pair, &w.base, &w.counter, NULL), SDEX_OK);
		for (uint32_t t = since; t < LEDGERS; t++) {
			uint32_t changed;
			assert_int_equal(books_apply(books, make_delta(&made, &w, t), NULL),
					 SDEX_OK);
			assert_int_equal(books_pair(books, 0)->state, BOOK_PARTIAL);
			assert_int_equal(books_pair(books, 0)->since, FIRST + since);
			assert_int_equal(books_sequence(books), FIRST + t);
			assert_memory_equal(books_hash(books), made.hash, 32);
			assert_book(books, &w, t, since);
			books_changed(books, &changed);
			assert_int_equal(changed, books_pair(books, 0)->changed == FIRST + t);
		}
		books_reset(books);
		assert_int_equal(books_pair(books, 0)->state, BOOK_EMPTY);
		assert_int_equal(offers_count(books_offers(books)), 0);
		books_free(books);
	}
	sdex_arena_free(arena);
}

static struct world plain;

static struct books *books_of_plain(struct sdex_arena *arena)
{
	struct books *books = books_new();
	uint32_t pair;
	struct seeded s = {.state = 5};
	make_assets(&plain, arena);
	draw_world(&s, &plain);
	assert_int_equal(books_watch(books, &pair, &plain.base, &plain.counter, NULL), SDEX_OK);
	return books;
}

static void no_ledger_is_skipped(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	struct books *books = books_of_plain(arena);
	struct sdex_failure why;
	struct made made;
	assert_int_equal(books_apply(books, make_delta(&made, &plain, 1), NULL), SDEX_OK);
	assert_int_equal(books_apply(books, make_delta(&made, &plain, 3), &why), SDEX_ERR_MISSING);
	assert_int_equal(why.where, FIRST + 2);
	assert_int_equal(books_apply(books, make_delta(&made, &plain, 1), &why), SDEX_ERR_MISSING);
	make_delta(&made, &plain, 2);
	made.previous[0] ^= 1;
	assert_int_equal(books_apply(books, &made.delta, &why), SDEX_ERR_INVALID);
	made.previous[0] ^= 1;
	assert_int_equal(books_sequence(books), FIRST + 1);
	assert_int_equal(books_apply(books, &made.delta, &why), SDEX_OK);
	books_free(books);
	sdex_arena_free(arena);
}

static void a_snapshot_needs_its_ledgers(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	struct books *books = books_of_plain(arena);
	struct sdex_failure why;
	struct made made;
	assert_int_equal(books_snapshot_begin(books, 0, FIRST, NULL), SDEX_OK);
	/* the ledger behind it did not come */
	assert_int_equal(books_apply(books, make_delta(&made, &plain, 2), &why), SDEX_ERR_MISSING);
	assert_int_equal(why.where, FIRST + 1);
	books_reset(books);
	assert_int_equal(books_apply(books, make_delta(&made, &plain, 3), NULL), SDEX_OK);
	assert_int_equal(books_snapshot_begin(books, 0, FIRST + 1, &why), SDEX_ERR_INVALID);
	assert_int_equal(books_snapshot_begin(books, 0, FIRST + 2, &why), SDEX_OK);
	books_free(books);
	sdex_arena_free(arena);
}

static void pages_are_checked(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	struct books *books = books_of_plain(arena);
	struct sdex_failure why;
	uint8_t seller[32] = {0};
	struct book_row good = {.id = 1,
				.seller = seller,
				.selling = &plain.base,
				.buying = &plain.counter,
				.amount = 1,
				.price = {1, 1},
				.modified = FIRST};
	struct book_row rows[6] = {good, good, good, good, good, good};
	rows[0].buying = &plain.other;
	rows[1].modified = FIRST + 2;
	rows[2].amount = 0;
	rows[3].price.d = 0;
	rows[4].id = 0;
	rows[5].modified = 0;
	assert_int_equal(books_snapshot_page(books, 0, &good, 1, FIRST + 1, &why),
			 SDEX_ERR_INVALID);
	assert_int_equal(books_snapshot_begin(books, 0, FIRST + 1, NULL), SDEX_OK);
	assert_int_equal(books_snapshot_page(books, 0, &good, 1, FIRST, &why), SDEX_ERR_INVALID);
	for (uint32_t i = 0; i < 6; i++) {
		struct book_row two[2] = {good, rows[i]};
		assert_int_equal(books_snapshot_page(books, 0, two, 2, FIRST + 1, &why),
				 SDEX_ERR_INVALID);
		assert_int_equal(offers_count(books_offers(books)), 0);
	}
	assert_int_equal(books_snapshot_page(books, 0, &good, 1, FIRST + 1, &why), SDEX_OK);
	assert_int_equal(offers_count(books_offers(books)), 1);
	books_free(books);
	sdex_arena_free(arena);
}

static void pairs_are_numbered_once(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	struct books *books = books_of_plain(arena);
	uint32_t pair;
	assert_int_equal(books_watch(books, &pair, &plain.counter, &plain.base, NULL), SDEX_OK);
	assert_int_equal(pair, 0);
	assert_int_equal(books_watch(books, &pair, &plain.other, &plain.base, NULL), SDEX_OK);
	assert_int_equal(pair, 1);
	assert_int_equal(books_watch(books, &pair, &plain.base, &plain.base, NULL),
			 SDEX_ERR_INVALID);
	assert_int_equal(books_count(books), 2);
	for (uint32_t i = 0; i < 100; i++) {
		sdex_AccountID issuer = {.ed25519 = {{9, (uint8_t)i}}};
		sdex_Asset asset;
		assert_int_equal(sdex_asset_make(&asset, arena, "X", 1, &issuer, NULL), SDEX_OK);
		assert_int_equal(books_watch(books, &pair, &asset, &plain.counter, NULL), SDEX_OK);
		assert_int_equal(pair, 2 + i);
	}
	assert_int_equal(sdex_asset_compare(&books_pair(books, 1)->base, &plain.other), 0);
	books_free(books);
	sdex_arena_free(arena);
}

static void levels_are_seen_from_the_pair(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	struct books *books = books_of_plain(arena);
	uint8_t seller[32] = {0};
	struct book_level levels[4];
	char text[BOOK_AMOUNT_ROOM];
	struct book_row rows[] = {
		/* 30 base for 1/3 counter each; bids: 7 counter at 3 base each, so at 1/3 */
		{1, seller, &plain.base, &plain.counter, 30, {1, 3}, FIRST, false},
		{2, seller, &plain.base, &plain.counter, 5, {2, 6}, FIRST, false},
		{3, seller, &plain.counter, &plain.base, 7, {7, 2}, FIRST, false},
		{4, seller, &plain.counter, &plain.base, 9, {4, 1}, FIRST, false},
	};
	assert_int_equal(books_snapshot_begin(books, 0, FIRST, NULL), SDEX_OK);
	assert_int_equal(books_snapshot_page(books, 0, rows, 4, FIRST, NULL), SDEX_OK);
	assert_int_equal(books_levels(books, 0, BOOK_ASK, levels, 4), 1);
	assert_int_equal(levels[0].price.n, 1);
	assert_int_equal(levels[0].price.d, 3);
	assert_true(levels[0].base == 35 && levels[0].counter == 11);
	assert_int_equal(levels[0].count, 2);
	assert_int_equal(books_levels(books, 0, BOOK_BID, levels, 4), 2);
	assert_int_equal(levels[0].price.n, 2); /* the best bid pays the most */
	assert_int_equal(levels[0].price.d, 7);
	assert_true(levels[0].base == 24 && levels[0].counter == 7);
	assert_int_equal(levels[1].price.n, 1);
	assert_int_equal(levels[1].price.d, 4);
	book_amount_print(text, ((uint128)5 << 64) + 1);
	assert_string_equal(text, "9223372036854.7758081");
	book_amount_print(text, 0);
	assert_string_equal(text, "0.0000000");
	books_free(books);
	sdex_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_interleaving),
		cmocka_unit_test(without_a_snapshot),
		cmocka_unit_test(no_ledger_is_skipped),
		cmocka_unit_test(a_snapshot_needs_its_ledgers),
		cmocka_unit_test(pages_are_checked),
		cmocka_unit_test(pairs_are_numbered_once),
		cmocka_unit_test(levels_are_seen_from_the_pair),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
