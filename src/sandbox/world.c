/* sandbox/world.c - how the default world begins (world.h). */
#include <stdio.h>
#include <stdlib.h>

#include "base/failure.h"
#include "sandbox/world_inside.h"
#include "sdex/asset.h"
#include "sdex/ids.h"
#include "sdex/price.h"

#define UNLIMITED ((struct sdex_amount){INT64_MAX})

const char *const world_codes[WORLD_ASSETS] = {"XLM", "USDC", "EURC", "AQUA", "yXLM"};

const struct market world_markets[WORLD_PAIRS] = {
	{XLM, USDC, 2500000, 2000 * UNIT},  {XLM, EURC, 2150000, 1500 * UNIT},
	{EURC, USDC, 11630000, 400 * UNIT}, {AQUA, XLM, 40000, 100000 * UNIT},
	{YXLM, XLM, 9990000, 2500 * UNIT},  {AQUA, USDC, 10000, 80000 * UNIT},
};

const struct world_pool world_pools[WORLD_POOLS] = {
	{XLM, USDC, 400000 * UNIT, 100000 * UNIT},
	{XLM, AQUA, 200000 * UNIT, 50000000 * UNIT},
	{XLM, YXLM, 100000 * UNIT, 100100 * UNIT},
	{USDC, EURC, 58150 * UNIT, 50000 * UNIT},
};

void sandbox_key(struct sdex_secret *secret, const char *name)
{
	char text[96];
	uint8_t seed[32];
	int length = snprintf(text, sizeof(text), "sdex sandbox account %s", name);
	sdex_sha256(seed, text, (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1);
	sdex_secret_from_seed(secret, seed);
}

static sdex_AccountID id_of(const struct sdex_secret *secret)
{
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	memcpy(id.ed25519.bytes, secret->public_key, 32);
	return id;
}

sdex_Price world_price(int64_t price)
{
	return sdex_price_reduce((sdex_Price){.n = (int32_t)price, .d = (int32_t)UNIT});
}

int64_t world_level_price(int64_t middle, unsigned level, bool ask)
{
	/* 15 hundredths of a percent away, then further and further */
	int64_t away = 15 + 11 * (int64_t)level + (int64_t)level * level;
	int64_t price = (middle * (10000 + (ask ? away : -away)) + 5000) / 10000;
	return price > 0 ? price : 1;
}

/* --- batches */

sdex_Operation *batch_next(struct batch *batch)
{
	if (batch->count < SEND_OPERATIONS)
		batch->count++;
	return &batch->operations[batch->count - 1];
}

void batch_send(struct batch *batch, const struct sdex_secret *source)
{
	struct submitted done;
	struct sending sending = {.source = source,
				  .operations = batch->operations,
				  .count = batch->count,
				  .fee = WORLD_FEE};
	if (batch->count && !batch->error)
		batch->error =
			send_transaction(batch->sandbox->network, &done, batch->arena, &sending);
	batch->count = 0;
}

static void note(struct batch *batch, enum sdex_error error)
{
	if (error && !batch->error)
		batch->error = error;
}

static void create(struct batch *b, const char *name, int64_t lumens)
{
	struct sdex_secret secret;
	sandbox_key(&secret, name);
	sdex_AccountID id = id_of(&secret);
	note(b, sdex_op_create_account(batch_next(b), b->arena, NULL, &id,
				       (struct sdex_amount){lumens * UNIT}, NULL));
}

static void create_many(struct batch *b, const char *name, unsigned count, int64_t lumens)
{
	char text[48];
	for (unsigned i = 0; i < count; i++) {
		(void)snprintf(text, sizeof(text), "%s-%u", name, i);
		create(b, text, lumens);
	}
}

/* --- ledger 2: accounts */

static void issuer_name(char name[32], unsigned asset)
{
	static const char *const names[WORLD_ASSETS] = {"", "usdc-issuer", "eurc-issuer",
							"aqua-issuer", "yxlm-issuer"};
	(void)snprintf(name, 32, "%s", names[asset]);
}

static void create_accounts(struct batch *b)
{
	struct sdex_secret root;
	char name[32];
	sdex_secret_from_seed(&root, b->sandbox->network->id);
	create(b, "friendbot", 50000000000);
	create_many(b, "friendbot", FRIENDBOT_CHANNELS, 1000);
	for (unsigned a = 1; b->sandbox->world && a < WORLD_ASSETS; a++) {
		issuer_name(name, a);
		create(b, name, 10000);
	}
	if (b->sandbox->world) {
		create_many(b, "maker", WORLD_PAIRS, 5000000);
		create_many(b, "trader", WORLD_TRADERS, 1000000);
		create(b, "provider", 2000000);
	}
	batch_send(b, &root);
}

/* --- ledger 3: trustlines */

static void trust(struct batch *b, unsigned asset)
{
	if (asset != XLM)
		note(b, sdex_op_change_trust(batch_next(b), b->arena, NULL,
					     &b->sandbox->world->assets[asset], UNLIMITED, NULL));
}

static void trust_pool(struct batch *b, const struct world_pool *pool)
{
	const sdex_Asset *a = &b->sandbox->world->assets[pool->a];
	const sdex_Asset *c = &b->sandbox->world->assets[pool->b];
	bool swap = sdex_asset_compare(a, c) > 0;
	note(b, sdex_op_change_trust_pool(batch_next(b), b->arena, NULL, swap ? c : a, swap ? a : c,
					  UNLIMITED, NULL));
}

static void make_trustlines(struct batch *b)
{
	struct world *world = b->sandbox->world;
	struct sdex_secret provider;
	for (unsigned i = 0; i < WORLD_PAIRS; i++) {
		trust(b, world_markets[i].base);
		trust(b, world_markets[i].counter);
		batch_send(b, &world->makers[i]);
	}
	for (unsigned i = 0; i < WORLD_TRADERS; i++) {
		for (unsigned a = 0; a < WORLD_ASSETS; a++)
			trust(b, a);
		batch_send(b, &world->traders[i]);
	}
	for (unsigned a = 0; a < WORLD_ASSETS; a++)
		trust(b, a);
	for (unsigned i = 0; i < WORLD_POOLS; i++)
		trust_pool(b, &world_pools[i]);
	sandbox_key(&provider, "provider");
	batch_send(b, &provider);
}

/* --- ledger 4: what the issuers pay out */

static int64_t grant(unsigned asset)
{
	static const int64_t units[WORLD_ASSETS] = {0, 1000000, 1000000, 500000000, 2000000};
	return units[asset] * UNIT;
}

static void pay(struct batch *b, const struct sdex_secret *to, unsigned asset, int64_t amount)
{
	sdex_AccountID id = id_of(to);
	sdex_MuxedAccount account = sdex_muxed(&id);
	note(b, sdex_op_payment(batch_next(b), b->arena, NULL, &account,
				&b->sandbox->world->assets[asset], (struct sdex_amount){amount},
				NULL));
}

static void pay_out(struct batch *b)
{
	struct world *world = b->sandbox->world;
	struct sdex_secret issuer, provider;
	char name[32];
	sandbox_key(&provider, "provider");
	for (unsigned a = 1; a < WORLD_ASSETS; a++) {
		for (unsigned i = 0; i < WORLD_PAIRS; i++)
			if (world_markets[i].base == a || world_markets[i].counter == a)
				pay(b, &world->makers[i], a, grant(a));
		for (unsigned i = 0; i < WORLD_TRADERS; i++)
			pay(b, &world->traders[i], a, grant(a) / 50);
		pay(b, &provider, a, grant(a));
		issuer_name(name, a);
		sandbox_key(&issuer, name);
		batch_send(b, &issuer);
	}
}

/* --- ledger 5: books and pools */

static void place(struct batch *b, unsigned market, unsigned level, bool ask)
{
	const struct world *world = b->sandbox->world;
	const struct market *m = &world_markets[market];
	const sdex_Asset *base = &world->assets[m->base], *counter = &world->assets[m->counter];
	sdex_Price price = world_price(world_level_price(world->middles[market], level, ask));
	struct sdex_amount amount = {m->lot * (2 + level) / 2};
	if (ask)
		note(b, sdex_op_manage_sell_offer(batch_next(b), b->arena, NULL, base, counter,
						  amount, price, 0, NULL));
	else
		note(b, sdex_op_manage_buy_offer(batch_next(b), b->arena, NULL, counter, base,
						 amount, price, 0, NULL));
}

static void deposit(struct batch *b, const struct world_pool *pool)
{
	const struct world *world = b->sandbox->world;
	const sdex_Asset *a = &world->assets[pool->a], *c = &world->assets[pool->b];
	bool swap = sdex_asset_compare(a, c) > 0;
	sdex_PoolID id;
	note(b, sdex_pool_id(&id, a, c));
	note(b, sdex_op_liquidity_pool_deposit(
			batch_next(b), b->arena, NULL, &id,
			(struct sdex_amount){swap ? pool->amount_b : pool->amount_a},
			(struct sdex_amount){swap ? pool->amount_a : pool->amount_b},
			(sdex_Price){.n = 1, .d = INT32_MAX}, (sdex_Price){.n = INT32_MAX, .d = 1},
			NULL));
}

static void fill_books(struct batch *b)
{
	struct sdex_secret provider;
	for (unsigned m = 0; m < WORLD_PAIRS; m++) {
		for (unsigned level = 0; level < WORLD_LEVELS; level++) {
			place(b, m, level, true);
			place(b, m, level, false);
		}
		batch_send(b, &b->sandbox->world->makers[m]);
	}
	for (unsigned i = 0; i < WORLD_POOLS; i++)
		deposit(b, &world_pools[i]);
	sandbox_key(&provider, "provider");
	batch_send(b, &provider);
}

/* --- all of it */

static struct world *world_new(void)
{
	struct world *world = calloc(1, sizeof(*world));
	char name[32];
	if (!world)
		return NULL;
	world->assets[XLM] = sdex_asset_native();
	for (unsigned a = 1; a < WORLD_ASSETS; a++) {
		struct sdex_secret issuer;
		issuer_name(name, a);
		sandbox_key(&issuer, name);
		sdex_AccountID id = id_of(&issuer);
		(void)!sdex_asset_make(&world->assets[a], NULL, world_codes[a],
				       strlen(world_codes[a]), &id, NULL);
	}
	for (unsigned i = 0; i < WORLD_PAIRS; i++) {
		(void)snprintf(name, sizeof(name), "maker-%u", i);
		sandbox_key(&world->makers[i], name);
		world->middles[i] = world_markets[i].middle;
	}
	for (unsigned i = 0; i < WORLD_TRADERS; i++) {
		(void)snprintf(name, sizeof(name), "trader-%u", i);
		sandbox_key(&world->traders[i], name);
	}
	return world;
}

void world_free(struct world *world)
{
	free(world);
}

enum sdex_error world_begin(struct sandbox *sandbox, struct sdex_failure *why)
{
	static void (*const steps[WORLD_LEDGERS])(struct batch *) = {
		create_accounts, make_trustlines, pay_out, fill_books};
	if (!sandbox->options.empty && !(sandbox->world = world_new()))
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	struct batch *batch = malloc(sizeof(*batch));
	if (!batch)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
	enum sdex_error error = SDEX_OK;
	for (unsigned i = 0; i < WORLD_LEDGERS && !error; i++) {
		*batch = (struct batch){.sandbox = sandbox, .arena = sandbox->arena};
		sdex_arena_reset(sandbox->arena);
		if (i == 0 || sandbox->world)
			steps[i](batch);
		error = batch->error;
		uint64_t next = sandbox->network->state->header.close_time +
				sandbox->network->options.close_s;
		if (!error)
			error = network_close(sandbox->network, next, why);
	}
	free(batch);
	return error ? fail(why, error, 0, "the world cannot be made: %s", sdex_error_text(error))
		     : SDEX_OK;
}
