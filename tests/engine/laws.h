/* tests/engine/laws.h - what must hold between the engine, its journal and the ledger, in the
 * end of every run. */
#ifndef SDEX_TESTS_ENGINE_LAWS_H
#define SDEX_TESTS_ENGINE_LAWS_H

#include "base/testing.h"
#include "engine/inside.h"
#include "engine/sim.h"

/* The balances before the engine's first order. */
struct laws {
	int64_t lumens, usdc;
};

static inline void laws_begin(struct laws *laws, const struct sim *sim)
{
	laws->lumens = net_balance(sim->net, true);
	laws->usdc = net_balance(sim->net, false);
}

static inline const struct order *laws_resting(const struct engine *e, int64_t offer_id)
{
	for (uint32_t i = 0; i < e->order_count; i++)
		if (e->orders[i]->offer_id == offer_id && lifecycle_resting(e->orders[i]->state))
			return e->orders[i];
	return NULL;
}

/* Offers on the ledger and orders that rest are the same, one to one, to the stroop; so is
 * what they hold. */
static inline void laws_offers(const struct sim *sim)
{
	const struct engine *e = sim->engine;
	struct net_offer offers[64];
	uint32_t count = net_offers(sim->net, offers, 64), resting = 0;
	int64_t held[2][2] = {{0}}; /* lumens, usdc: selling, buying */
	for (uint32_t i = 0; i < count; i++) {
		const struct order *order = laws_resting(e, offers[i].id);
		assert_non_null(order);
		assert_int_equal(order->resting, offers[i].amount);
		struct price price = order_offer_price(&order->terms);
		assert_true(price.n == offers[i].n && price.d == offers[i].d);
		struct liabilities l = exchange_liabilities(price, order->resting);
		bool sells = order->terms.side == ORDER_SELL;
		held[sells ? 0 : 1][0] += l.selling;
		held[sells ? 1 : 0][1] += l.buying;
	}
	for (uint32_t i = 0; i < e->order_count; i++)
		resting += lifecycle_resting(e->orders[i]->state);
	assert_int_equal(resting, count);
	for (int usdc = 0; usdc < 2; usdc++) {
		int64_t selling, buying;
		net_liabilities(sim->net, !usdc, &selling, &buying);
		assert_int_equal(held[usdc][0], selling);
		assert_int_equal(held[usdc][1], buying);
	}
}

/* Every stroop that moved is a fill or a fee, once. */
static inline void laws_balances(const struct laws *laws, const struct sim *sim)
{
	const struct engine *e = sim->engine;
	int64_t lumens = laws->lumens, usdc = laws->usdc;
	for (uint32_t i = 0; i < e->order_count; i++) {
		const struct order *order = e->orders[i];
		int64_t sign = order->terms.side == ORDER_BUY ? 1 : -1, base = 0, counter = 0;
		for (uint32_t f = 0; f < order->fill_count; f++) {
			base += order->fills[f].base;
			counter += order->fills[f].counter;
		}
		assert_int_equal(base, order->filled);
		assert_true(order->filled_counter == (uint64_t)counter);
		if (order->terms.side == ORDER_SELL)
			assert_int_equal(order->filled + order_remaining(order),
					 order->terms.amount);
		lumens += sign * base - order->fee;
		usdc -= sign * counter;
	}
	assert_int_equal(lumens, net_balance(sim->net, true));
	assert_int_equal(usdc, net_balance(sim->net, false));
}

/* No order is on the ledger twice, none that is said not to be is, and none that is said to
 * be is missing.  Amounts tell orders apart: every command has one of its own. */
static inline void laws_placed(const struct sim *sim)
{
	const struct engine *e = sim->engine;
	for (uint32_t i = 0; i < e->order_count; i++) {
		const struct order *order = e->orders[i];
		bool was = order->offer_id || order->fill_count;
		assert_int_equal(net_placed(sim->net, order->terms.amount), was);
		for (uint32_t j = 0; j < i; j++)
			assert_true(order->terms.amount != e->orders[j]->terms.amount);
	}
}

/* Every acknowledged order is known. */
static inline void laws_clients(const struct sim *sim)
{
	uint32_t orders = 0;
	for (uint32_t i = 0; i < sim->client_count; i++) {
		if (!sim->clients[i].done)
			print_message("%s: %s\n", sim->clients[i].json, sim->clients[i].reply);
		assert_true(sim->clients[i].done);
		orders += strstr(sim->clients[i].json, "place") != NULL;
	}
	assert_int_equal(sim->engine->order_count, orders);
}

static inline void laws_hold(const struct laws *laws, const struct sim *sim)
{
	if (sim->engine->state != STATE_READY)
		print_message("%s\n", sim->engine->reason);
	assert_int_equal(sim->engine->state, STATE_READY);
	assert_false(sim->signer_broke_rule);
	for (uint32_t i = 0; i < sim->engine->account_count; i++) {
		assert_int_equal(sim->engine->accounts[i].flight, NONE);
		assert_int_equal(sim->engine->accounts[i].waiting_count, 0);
		assert_int_equal(sim->engine->accounts[i].sequence, net_sequence_number(sim->net));
	}
	laws_clients(sim);
	laws_offers(sim);
	laws_balances(laws, sim);
	laws_placed(sim);
}

#endif
