/* trade/order.c - an order, its fills, and its arithmetic. */
#include "trade/order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AVERAGE_DECIMALS 18

struct order *order_new(const struct order_terms *terms)
{
	struct order *order = calloc(1, sizeof *order);
	if (!order)
		return NULL;
	order->terms = *terms;
	order->state = ORDER_INTENT;
	order->updated_ms = terms->created_ms;
	order->updated_ledger = terms->created_ledger;
	return order;
}

void order_free(struct order *order)
{
	if (order)
		free(order->fills);
	free(order);
}

bool order_can(const struct order *order, enum order_cause cause)
{
	return lifecycle_can(order->state, cause, order->fill_count > 0);
}

void order_move(struct order *order, enum order_cause cause, int64_t now_ms, uint32_t ledger)
{
	order->state = lifecycle_next(order->state, cause, order->fill_count > 0);
	if (now_ms > order->updated_ms)
		order->updated_ms = now_ms;
	if (ledger > order->updated_ledger)
		order->updated_ledger = ledger;
	if (lifecycle_final(order->state)) {
		order->resting = 0;
		order->cancel_wanted = false;
	}
}

void order_reason(struct order *order, const char *text)
{
	snprintf(order->reason, sizeof order->reason, "%s", text);
}

static bool same_fill(const struct fill *a, const struct fill *b)
{
	return a->operation_id == b->operation_id && a->claim_index == b->claim_index;
}

enum sdex_error order_fill(struct order *order, const struct fill *fill)
{
	for (uint32_t i = 0; i < order->fill_count; i++)
		if (same_fill(&order->fills[i], fill))
			return SDEX_ERR_DUPLICATE;
	if (fill->base < 0 || fill->counter < 0)
		return SDEX_ERR_RANGE;
	int128 filled = (int128)order->filled + fill->base;
	if (filled > (fill->maker ? INT64_MAX : order->terms.amount))
		return SDEX_ERR_RANGE;
	if (order->fill_count == order->fill_room) {
		uint32_t room = order->fill_room ? 2 * order->fill_room : 4;
		struct fill *fills = realloc(order->fills, room * sizeof *fills);
		if (!fills)
			return SDEX_ERR_NOMEM;
		order->fills = fills;
		order->fill_room = room;
	}
	order->fills[order->fill_count++] = *fill;
	order->filled += fill->base;
	order->filled_counter += (uint64_t)fill->counter;
	return SDEX_OK;
}

int64_t order_remaining(const struct order *order)
{
	return order->filled < order->terms.amount ? order->terms.amount - order->filled : 0;
}

bool order_average(struct order_average *average, const struct order *order)
{
	if (order->filled <= 0)
		return false;
	uint128 a = order->filled_counter, b = (uint64_t)order->filled;
	while (b) {
		uint128 rest = a % b;
		a = b;
		b = rest;
	}
	average->n = order->filled_counter / a;
	average->d = (uint64_t)order->filled / a;
	return true;
}

void order_average_print(char text[ORDER_AVERAGE_ROOM], struct order_average average)
{
	char digits[ORDER_AVERAGE_ROOM];
	/* Both terms are sums of at most 2^32 amounts of 63 bits, so ten times a rest fits. */
	uint128 whole = average.n / average.d, rest = average.n % average.d;
	char fraction[AVERAGE_DECIMALS + 1];
	for (int i = 0; i < AVERAGE_DECIMALS; i++) {
		rest *= 10;
		fraction[i] = (char)('0' + (int)(rest / average.d));
		rest %= average.d;
	}
	fraction[AVERAGE_DECIMALS] = 0;
	if (2 * rest >= average.d) {
		int i = AVERAGE_DECIMALS - 1;
		for (; i >= 0 && fraction[i] == '9'; i--)
			fraction[i] = '0';
		if (i >= 0)
			fraction[i]++;
		else
			whole++;
	}
	int length = AVERAGE_DECIMALS;
	while (length > 0 && fraction[length - 1] == '0')
		length--;
	size_t at = sizeof digits;
	digits[--at] = 0;
	do {
		digits[--at] = (char)('0' + (int)(whole % 10));
		whole /= 10;
	} while (whole && at > 0);
	snprintf(text, ORDER_AVERAGE_ROOM, "%s%s%.*s", digits + at, length ? "." : "", length,
		 fraction);
}

static struct price plain(sdex_Price price)
{
	return (struct price){.n = price.n, .d = price.d};
}

struct price order_offer_price(const struct order_terms *terms)
{
	struct price price = plain(terms->price);
	return terms->side == ORDER_SELL ? price : price_inverse(price);
}

struct liabilities order_liabilities(const struct order_terms *terms)
{
	if (terms->side == ORDER_SELL)
		return exchange_liabilities(plain(terms->price), terms->amount);
	return exchange_buy_liabilities(plain(terms->price), terms->amount);
}

bool order_is_dust(const struct order_terms *terms)
{
	struct price price = order_offer_price(terms);
	if (terms->side == ORDER_SELL)
		return exchange_adjust(price, terms->amount, INT64_MAX) == 0;
	return exchange_adjust(price, INT64_MAX, terms->amount) == 0;
}

bool order_crosses(const struct order_terms *a, const struct order_terms *b)
{
	if (a->side == b->side || strcmp(a->base, b->base) != 0 ||
	    strcmp(a->counter, b->counter) != 0)
		return false;
	const struct order_terms *sell = a->side == ORDER_SELL ? a : b;
	const struct order_terms *buy = a->side == ORDER_SELL ? b : a;
	return price_at_least(plain(buy->price), plain(sell->price));
}
