/* bench/decimal.c - amounts and prices as decimal text, both ways. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "sdex/amount.h"
#include "sdex/price.h"

#define NUMBERS 1024 /* more than the processor learns by heart */

static char text[NUMBERS][32]; /* as Horizon writes them, seven decimals */
static size_t length[NUMBERS];

static void must(enum sdex_error error)
{
	if (error)
		abort();
}

static void parse_amounts(void *state, uint64_t count)
{
	(void)state;
	for (uint64_t i = 0; i < count; i++) {
		struct sdex_amount amount;
		must(sdex_amount_parse(&amount, text[i % NUMBERS], length[i % NUMBERS], NULL));
		bench_keep(&amount);
	}
}

static void print_amounts(void *state, uint64_t count)
{
	(void)state;
	for (uint64_t i = 0; i < count; i++) {
		char out[SDEX_AMOUNT_ROOM];
		sdex_amount_print(out, sdex_stroops((int64_t)(i * 1000003)));
		bench_keep(out);
	}
}

static void parse_prices(void *state, uint64_t count)
{
	(void)state;
	for (uint64_t i = 0; i < count; i++) {
		sdex_Price price;
		must(sdex_price_parse(&price, text[i % NUMBERS], length[i % NUMBERS],
				      SDEX_ROUND_NEAREST, NULL));
		bench_keep(&price);
	}
}

int main(void)
{
	for (size_t i = 0; i < NUMBERS; i++) {
		uint64_t stroops = (i + 1) * 0x9e3779b97f4a7c15u >> 20;
		length[i] = sdex_amount_print(text[i], sdex_stroops((int64_t)stroops));
	}
	bench_rate("amount: text to stroops", parse_amounts, NULL);
	bench_rate("amount: stroops to text", print_amounts, NULL);
	bench_rate("price: text to best fraction", parse_prices, NULL);
	return 0;
}
