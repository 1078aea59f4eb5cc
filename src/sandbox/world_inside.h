/* sandbox/world_inside.h - who and what is in the default world. */
#ifndef SDEX_SANDBOX_WORLD_INSIDE_H
#define SDEX_SANDBOX_WORLD_INSIDE_H

#include "sandbox/send.h"
#include "sandbox/world.h"
#include "sdex/operation.h"

#define UNIT INT64_C(10000000)
#define WORLD_FEE 100u

enum { XLM, USDC, EURC, AQUA, YXLM, WORLD_ASSETS };
enum { WORLD_PAIRS = 6, WORLD_POOLS = 4, WORLD_TRADERS = 8, WORLD_LEVELS = 10 };

/* A market with a maker of its own. */
struct market {
	uint8_t base, counter;
	int64_t middle; /* counter for one base, in 1/10000000 */
	int64_t lot;    /* base, stroops: the size of the first level */
};

struct world_pool {
	uint8_t a, b;
	int64_t amount_a; /* of asset a; that of b follows from the price of the two */
	int64_t amount_b;
};

struct world {
	sdex_Asset assets[WORLD_ASSETS];
	struct sdex_secret makers[WORLD_PAIRS];
	struct sdex_secret traders[WORLD_TRADERS];
	int64_t middles[WORLD_PAIRS]; /* now */
};

extern const struct market world_markets[WORLD_PAIRS];
extern const struct world_pool world_pools[WORLD_POOLS];
extern const char *const world_codes[WORLD_ASSETS];

sdex_Price world_price(int64_t price); /* of 1/10000000 */

/* Operations under way to a transaction. */
struct batch {
	struct sandbox *sandbox;
	struct sdex_arena *arena;
	sdex_Operation operations[SEND_OPERATIONS];
	uint32_t count;
	enum sdex_error error;
};

/* The place for the next operation; the last one over and over when there is no more. */
sdex_Operation *batch_next(struct batch *batch);
/* Sends what there is, unless there is nothing, and starts over. */
void batch_send(struct batch *batch, const struct sdex_secret *source);

/* The middle of a market's level on a side, in 1/10000000. */
int64_t world_level_price(int64_t middle, unsigned level, bool ask);

#endif
