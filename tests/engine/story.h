/* tests/engine/story.h - orders that rest, that cross, that others take in part and whole, that
 * wait in line, that are cancelled early and late. */
#ifndef SDEX_TESTS_ENGINE_STORY_H
#define SDEX_TESTS_ENGINE_STORY_H

#include "engine/laws.h"

#define STORY_MS 150000

static inline void story_others(struct sim *sim)
{
	if (sim->closes == 5)
		net_trade(sim->net, true, 300000000, 2, 1);
	if (sim->closes == 8)
		net_trade(sim->net, true, 600000000, 251, 1000);
	if (sim->closes == 9)
		net_trade(sim->net, false, 4500000000, 249, 1000);
}

static inline void story_tell(struct sim *sim)
{
	sim->script = story_others;
	sim_client(sim, 12000, PLACE("rest", "sell", "100", "9.5"));
	sim_client(sim, 12500, PLACE("part", "sell", "81.5", "0.2503"));
	sim_client(sim, 12500, PLACE("low", "buy", "33", "0.1"));
	sim_client(sim, 17200, PLACE("bid", "buy", "77.7777777", "0.2497"));
	sim_client(sim, 56000, PLACE("cross", "buy", "51", "0.2504"));
	sim_client(sim, 23000, CANCEL("rest"));
	sim_client(sim, 31000, PLACE("brief", "sell", "11", "8"));
	sim_client(sim, 31010, CANCEL("brief"));
	sim_client(sim, 61000, PLACE("deep", "sell", "9000", "0.2"));
	sim_client(sim, 46000, CANCEL("low"));
	/* what was late finds its way free in the end */
	sim_client(sim, 90000, CANCEL("bid"));
	sim_client(sim, 90010, CANCEL("part"));
}

#endif
