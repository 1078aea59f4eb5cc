/* fuzz/delta.c - ledgers from anywhere: read whole or refused; ids ascend, trades belong to
 * transactions that were done, and books that follow them stay in order. */
#include <string.h>

#include "base/check.h"
#include "market/books.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_claims(const struct delta *delta)
{
	uint32_t at = 0;
	for (uint32_t i = 0; i < delta->transaction_count; i++) {
		const struct delta_transaction *tx = &delta->transactions[i];
		CHECK(tx->first_claim == at && (tx->ok || tx->claim_count == 0));
		CHECK(tx->id >> 32 == delta->sequence && (tx->id & 0xfff) == 0);
		CHECK(i == 0 || tx->id > tx[-1].id);
		CHECK(tx->envelope && tx->result && tx->source && tx->fee_source);
		CHECK(delta_find(delta, tx->hash));
		for (uint32_t c = 0; c < tx->claim_count; c++, at++) {
			const struct delta_claim *claim = &delta->claims[at];
			CHECK(claim->transaction == i && claim->maker && claim->taker);
			CHECK((claim->operation_id & ~0xfffLL) == tx->id);
			CHECK(claim->operation_id > tx->id && claim->sold && claim->bought);
			CHECK(c == 0 || claim->operation_id > claim[-1].operation_id ||
			      claim->index == claim[-1].index + 1);
			CHECK(claim->pool == (claim->offer_id == 0) || !claim->pool);
		}
	}
	CHECK(at == delta->claim_count);
}

static void check_entries(const struct delta_entries *entries, sdex_LedgerEntryType type)
{
	for (uint32_t i = 0; i < entries->count; i++) {
		const struct delta_entry *entry = &entries->items[i];
		CHECK(entry->last && entry->last->data.type == type);
		CHECK(!entry->before || entry->before->data.type == type);
		CHECK(!delta_owner(entry) == (type == SDEX_LIQUIDITY_POOL));
	}
}

static void check_side(const struct books *books, uint32_t side, uint32_t *count)
{
	struct offers_walk walk = offers_begin(books_offers(books), side);
	const struct resting *offer, *last = NULL;
	while ((offer = offers_next(books_offers(books), &walk))) {
		CHECK(offer->side == side && offer->amount > 0);
		CHECK(!last || (double)last->price.n / last->price.d <=
				       (double)offer->price.n / offer->price.d);
		last = offer;
		(*count)++;
	}
}

static void check_books(const struct delta *delta)
{
	struct books *books = books_new();
	struct book_level levels[20];
	uint32_t pair, count = 0, changed;
	CHECK(books);
	for (uint32_t i = 0; i < delta->offers.count && i < 8; i++) {
		const sdex_OfferEntry *offer = delta->offers.items[i].last->data.offer;
		if (books_watch(books, &pair, &offer->selling, &offer->buying, NULL))
			continue;
	}
	enum sdex_error error = books_apply(books, delta, NULL);
	CHECK(error == SDEX_OK || error == SDEX_ERR_INVALID);
	CHECK(error || books_sequence(books) == delta->sequence);
	for (uint32_t side = 0; side < 2 * books_count(books); side++) {
		check_side(books, side, &count);
		books_levels(books, side / 2, side % 2 ? BOOK_BID : BOOK_ASK, levels, 20);
	}
	CHECK(count == offers_count(books_offers(books)));
	books_changed(books, &changed);
	CHECK(changed <= books_count(books));
	books_free(books);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct delta_reader *reader = delta_reader_new("ledgers of a test", 64 << 20);
	const struct delta *delta;
	struct sdex_failure why;
	CHECK(reader);
	if (delta_read(&delta, reader, data, size, &why)) {
		CHECK(why.text[0]);
	} else {
		check_claims(delta);
		check_entries(&delta->offers, SDEX_OFFER);
		check_entries(&delta->accounts, SDEX_ACCOUNT);
		check_entries(&delta->trustlines, SDEX_TRUSTLINE);
		check_entries(&delta->pools, SDEX_LIQUIDITY_POOL);
		check_books(delta);
	}
	delta_reader_free(reader);
	return 0;
}
