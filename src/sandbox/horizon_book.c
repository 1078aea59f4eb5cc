/* sandbox/horizon_book.c - the order book of a pair, in levels. */
#include <stdio.h>

#include "base/int128.h"
#include "sandbox/horizon.h"
#include "sdex/price.h"

#define LEVELS_DEFAULT 20u
#define LEVELS_MAX 200u

static const struct problem invalid = {
	"invalid_order_book", "Invalid Order Book Parameters", 400,
	"The parameters that specify what order book to view are invalid in some way. Please "
	"ensure that your type parameters (selling_asset_type and buying_asset_type) are one the "
	"following valid values: native, credit_alphanum4, credit_alphanum12.  Also ensure that "
	"you have specified selling_asset_code and selling_asset_issuer if selling_asset_type is "
	"not 'native', as well as buying_asset_code and buying_asset_issuer if buying_asset_type "
	"is not 'native'"};

/* A sum of amounts may be beyond 63 bits. */
static void put_sum(struct json_writer *w, uint128 stroops)
{
	char digits[48];
	size_t at = sizeof(digits);
	digits[--at] = 0;
	for (int i = 0; i < 7; i++, stroops /= 10)
		digits[--at] = (char)('0' + (int)(stroops % 10));
	digits[--at] = '.';
	do {
		digits[--at] = (char)('0' + (int)(stroops % 10));
		stroops /= 10;
	} while (stroops);
	put_text(w, "amount", digits + at);
}

static void write_level(struct json_writer *w, struct price price, uint128 amount, bool inverted)
{
	sdex_Price reduced = sdex_price_reduce((sdex_Price){.n = price.n, .d = price.d});
	char text[RATIO_TEXT_ROOM];
	if (inverted)
		reduced = sdex_price_invert(reduced);
	ratio_text(text, reduced.n, reduced.d);
	json_write_object(w);
	put_key(w, "price_r");
	json_write_object(w);
	put_int(w, "n", reduced.n);
	put_int(w, "d", reduced.d);
	json_write_object_end(w);
	put_text(w, "price", text);
	put_sum(w, amount);
	json_write_object_end(w);
}

/* Offers of one price, as the quotient of doubles that the network sorts by, are a level;
 * its fraction is that of the first. */
static void put_side(struct call *call, const char *name, uint32_t selling, uint32_t buying,
		     bool inverted, uint32_t limit)
{
	const struct state *state = call->network->state;
	uint32_t pair = selling == SLOT_NONE || buying == SLOT_NONE
				? SLOT_NONE
				: state_pair_find(state, selling, buying);
	struct price price = {0, 0};
	uint128 amount = 0;
	uint32_t count = 0;
	put_key(&call->w, name);
	json_write_array(&call->w);
	struct book_place place = {0};
	if (pair != SLOT_NONE)
		place = book_begin(&state->book, pair);
	for (uint32_t slot; pair != SLOT_NONE && count < limit;) {
		slot = book_next(&state->book, &place, pair);
		const struct offer *offer =
			slot == SLOT_NONE ? NULL : slab_at(&state->entries[ENTRY_OFFER], slot);
		if (offer && price.d && book_price(price) == book_price(offer->price)) {
			amount += (uint64_t)offer->amount;
			continue;
		}
		if (price.d) {
			write_level(&call->w, price, amount, inverted);
			count++;
		}
		if (!offer)
			break;
		price = offer->price;
		amount = (uint64_t)offer->amount;
	}
	json_write_array_end(&call->w);
}

static bool read_levels(struct call *call, uint32_t *levels)
{
	struct text text = call_parameter(call, "limit");
	uint32_t value = 0;
	*levels = LEVELS_DEFAULT;
	if (text.size == 0)
		return true;
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < '0' || text.data[i] > '9' || text.size > 4)
			return false;
		value = value * 10 + (uint32_t)(text.data[i] - '0');
	}
	*levels = value;
	return value >= 1 && value <= LEVELS_MAX;
}

void horizon_order_book(struct call *call)
{
	struct asset_named selling, buying;
	uint32_t levels;
	if (!asset_read(call, &selling, "selling_") || !asset_read(call, &buying, "buying_") ||
	    !selling.given || !buying.given || !read_levels(call, &levels)) {
		call_refuse(call, &invalid);
		return;
	}
	json_write_object(&call->w);
	put_side(call, "bids", buying.number, selling.number, true, levels);
	put_side(call, "asks", selling.number, buying.number, false, levels);
	put_key(&call->w, "base");
	json_write_object(&call->w);
	put_asset_value(&call->w, "", &selling.asset);
	json_write_object_end(&call->w);
	put_key(&call->w, "counter");
	json_write_object(&call->w);
	put_asset_value(&call->w, "", &buying.asset);
	json_write_object_end(&call->w);
	json_write_object_end(&call->w);
}
