/* tests/oracle/paths_world.h - offers, pools and questions for market/paths.h, as text that
 * Horizon's package reads too (tests/oracle/go/graph):
 *
 *     asset TEXT                                    numbered from 0 in the order of the lines
 *     offer ID SELLER SELLING BUYING AMOUNT N D     ids ascending; SELLER is a number
 *     pool A B RESERVE_A RESERVE_B                  A before B in the network's order
 *     send ASSET AMOUNT HOPS EACH POOLS ENDS
 *     receive ASSET AMOUNT HOPS EACH POOLS ENDS BALANCES SELLER
 *
 * POOLS is 1 or 0, ENDS and BALANCES have commas, and BALANCES and SELLER may be "-".  The
 * search numbers assets as they occur in offers and pools, what is bought before what is
 * sold, since Horizon does so and the answers depend on it.  An answer is a line
 *
 *     SENT RECEIVED ASSET,ASSET,...;SENT ...
 *
 * Text that is not so ends the process: it comes from the programs beside this one. */
#ifndef SDEX_TESTS_ORACLE_PATHS_WORLD_H
#define SDEX_TESTS_ORACLE_PATHS_WORLD_H

#include <stdio.h>

#include "market/paths.h"

struct paths_question {
	struct paths_query query;
	uint32_t ends[PATHS_ENDS_MAX];
	int64_t balances[PATHS_ENDS_MAX];
	uint8_t seller[32];
	bool known; /* the graph has the asset and at least one end */
};

struct paths_world {
	struct offers *offers;
	struct venues *venues;
	struct paths *paths;
	struct paths_question *asked;
	uint32_t asked_count;
	uint32_t *given; /* the asset's number in the text, by that in the search */
};

/* Reads `length` bytes of text with a NUL behind them. */
struct paths_world *paths_world_read(const char *text, size_t length);
void paths_world_free(struct paths_world *world);

/* Asks one question; the answer lives until the next. */
struct paths_answer paths_world_ask(struct paths_world *world, const struct paths_question *asked);

/* Asks all, and writes the lines of the answers. */
void paths_world_answer(struct paths_world *world, FILE *out);

#endif
