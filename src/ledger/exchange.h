/* ledger/exchange.h - what two offers, or an offer and a pool, give each other.
 *
 * Plain arithmetic on stroops with intermediates of 128 bits: no state, no
 * floats.  Words as in stellar-core's OfferExchange.cpp, whose exchangeV10 this
 * is: wheat is the asset that the resting offer (the maker) sells, sheep the one
 * that it buys; a price n/d is sheep per wheat, both terms > 0.  All amounts are
 * stroops, 0 .. INT64_MAX. */
#ifndef SDEX_LEDGER_EXCHANGE_H
#define SDEX_LEDGER_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

struct price {
	int32_t n;
	int32_t d;
};

enum exchange_mode {
	EXCHANGE_NORMAL,         /* manage offer: at most 1% of rounding either way */
	EXCHANGE_STRICT_RECEIVE, /* path payment: exactly max_wheat_receive arrives */
	EXCHANGE_STRICT_SEND,    /* path payment: exactly max_sheep_send leaves */
};

struct exchange_limits {
	int64_t wheat_send;    /* what the maker can give */
	int64_t wheat_receive; /* what the taker can take */
	int64_t sheep_send;    /* what the taker can give */
	int64_t sheep_receive; /* what the maker can take */
};

struct exchanged {
	int64_t wheat;
	int64_t sheep;
	bool wheat_stays; /* the maker was the larger and remains on the book */
};

/* price > other, and >=, compared exactly. */
static inline bool price_above(struct price price, struct price other)
{
	return (int64_t)price.n * other.d > (int64_t)price.d * other.n;
}

static inline bool price_at_least(struct price price, struct price other)
{
	return (int64_t)price.n * other.d >= (int64_t)price.d * other.n;
}

static inline struct price price_inverse(struct price price)
{
	return (struct price){.n = price.d, .d = price.n};
}

/* The larger side stays, the other goes, and rounding favours the side that
 * stays (exchangeV10WithoutPriceErrorThresholds). */
struct exchanged exchange_raw(struct price price, struct exchange_limits limits,
			      enum exchange_mode mode);

/* The same with the price error bounded (exchangeV10).  In normal mode an error
 * over 1% makes both amounts 0.  Returns false, where the network would call it an
 * internal error: a strict-send payment that sends nothing, or a path mode that
 * favours the taker by over 1%. */
bool exchange(struct exchanged *result, struct price price, struct exchange_limits limits,
	      enum exchange_mode mode);

/* Whether the rounding error of sheep for wheat is within 1% of the price; one in
 * the maker's favour may be any size if favour_wheat. */
bool exchange_error_bounded(struct price price, int64_t wheat, int64_t sheep, bool favour_wheat);

/* What an offer of wheat_send is worth keeping: the wheat that an unlimited taker
 * would get from it (adjustOffer).  Applying it twice changes nothing more. */
int64_t exchange_adjust(struct price price, int64_t wheat_send, int64_t sheep_receive);

/* What an offer reserves of the asset sold and of the room for the asset bought.
 * The second form is that of a manage-buy operation, before anything rests. */
struct liabilities {
	int64_t buying;
	int64_t selling;
};
struct liabilities exchange_liabilities(struct price price, int64_t amount);
struct liabilities exchange_buy_liabilities(struct price price, int64_t buy_amount);

/* --- constant product pools (CAP-38); fees in basis points, 0 .. 9999 */

#define POOL_FEE_BPS 30

/* How much comes out for `in`.  False if the pool cannot hold it or nothing comes
 * out.  Reserves > 0. */
bool exchange_pool_send(int64_t *out, int64_t reserve_in, int64_t reserve_out, int64_t in,
			int32_t fee_bps);

/* How much has to go in for `out`.  False if the pool has not more than `out`, or
 * cannot hold what goes in. */
bool exchange_pool_receive(int64_t *in, int64_t reserve_in, int64_t reserve_out, int64_t out,
			   int32_t fee_bps);

struct pool_amounts {
	int64_t a;
	int64_t b;
	int64_t shares;
};

/* What a deposit of at most max_a and max_b takes and gives, for an empty pool
 * (shares_total 0) or one with reserves.  False where the network would call it an
 * internal error: reserves so small that no 64-bit amount fits. */
bool exchange_pool_deposit(struct pool_amounts *amounts, int64_t reserve_a, int64_t reserve_b,
			   int64_t shares_total, int64_t max_a, int64_t max_b);

/* Whether a/b is outside min .. max, or one of the amounts is 0. */
bool exchange_pool_bad_price(int64_t a, int64_t b, struct price min, struct price max);

/* The part of a reserve that `shares` of shares_total redeem; shares <= shares_total,
 * shares_total > 0. */
int64_t exchange_pool_withdraw(int64_t shares, int64_t shares_total, int64_t reserve);

#endif
