/* bench/paths.c - searches of paths over random graphs of 10,000, 100,000 and 400,000 offers.
 *
 * The graphs: one asset for each ten offers, of which the first 16 are hubs (lumens among
 * them).  All hubs trade with each other; every other asset trades with a hub, in half of
 * the cases lumens, and with one asset more, in half of the cases a hub.  Each pair has an
 * offer of either side; the other offers go to pairs that are drawn so that early pairs,
 * which are the hubs', have far more of them.  Every tenth pair has a pool.  Assets have
 * worths, and offers ask up to 5% more (those between hubs 0.5%), so that longer ways can
 * be better ones and mostly are not.
 *
 * The questions: strict send and strict receive between two random assets, strict send
 * between two hubs; up to three hops, five paths and pools, as Horizon asks by default;
 * and strict send over five hops, Horizon's most.
 *
 * With a folder as argument it writes there, for bench/peers/paths, each graph with its
 * questions as text, in the form of tests/oracle/paths_world.h, and its own answers. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "oracle/paths_world.h"
#include "sdex/strkey.h"

#define HUBS 16u

static uint64_t state;

static uint64_t draw(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static uint32_t below(uint32_t bound)
{
	return (uint32_t)(draw() % bound);
}

static double part(void) /* 0 .. 1 */
{
	return (double)(draw() >> 11) / 9007199254740992.0;
}

/* --- the graph as text */

struct pair {
	uint32_t a;
	uint32_t b;
};

struct graph {
	uint32_t offers;
	uint32_t assets;
	double *worth; /* of a stroop */
	struct pair *pairs;
	uint32_t pair_count;
	FILE *out;
	uint32_t written; /* offers */
};

static void write_asset(const struct graph *g, uint32_t number)
{
	uint8_t key[32] = {0};
	char text[SDEX_STRKEY_KEY_ROOM];
	if (number == 0) {
		fputs("asset native\n", g->out);
		return;
	}
	memcpy(key, &number, sizeof(number));
	if (sdex_strkey_encode_key(text, sizeof(text), NULL, SDEX_STRKEY_ACCOUNT, key))
		abort();
	fprintf(g->out, "asset A%03u:%s\n", number % 1000, text);
}

static void write_offer(struct graph *g, uint32_t selling, uint32_t buying)
{
	bool hubs = selling < HUBS && buying < HUBS;
	double price = g->worth[selling] / g->worth[buying] * (1 + part() * (hubs ? 0.005 : 0.05));
	int32_t d = price < 1 ? 10000000 : price < 1000 ? 1000000 : 1000;
	int32_t n = (int32_t)(price * d) + 1;
	double worth = 1e8 * (1 + 999 * part() * part() * part());
	fprintf(g->out, "offer %u %u %u %u %" PRId64 " %d %d\n", ++g->written,
		1 + below(g->offers / 20), selling, buying,
		(int64_t)(worth / g->worth[selling]) + 1, n, d);
}

static void add_pair(struct graph *g, uint32_t a, uint32_t b)
{
	if (a != b)
		g->pairs[g->pair_count++] = (struct pair){a, b};
}

static void make_pairs(struct graph *g)
{
	for (uint32_t a = 0; a < HUBS; a++)
		for (uint32_t b = 0; b < a; b++)
			add_pair(g, a, b);
	for (uint32_t a = HUBS; a < g->assets; a++) {
		add_pair(g, a, draw() & 1 ? 0 : below(HUBS));
		add_pair(g, a, draw() & 1 ? below(HUBS) : below(g->assets));
	}
}

/* The network puts a pool's assets in order; lumens come first, the others by code and key. */
static bool in_order(uint32_t a, uint32_t b)
{
	uint32_t x = a ? a % 1000 : 0, y = b ? b % 1000 : 0;
	uint8_t k[4], l[4];
	if (a == 0 || b == 0)
		return a == 0;
	if (x != y)
		return x < y;
	memcpy(k, &a, 4);
	memcpy(l, &b, 4);
	return memcmp(k, l, 4) < 0;
}

static void write_pool(const struct graph *g, struct pair pair)
{
	uint32_t a = in_order(pair.a, pair.b) ? pair.a : pair.b, b = a == pair.a ? pair.b : pair.a;
	double worth = 1e10 * (1 + 999 * part() * part() * part());
	fprintf(g->out, "pool %u %u %" PRId64 " %" PRId64 "\n", a, b,
		(int64_t)(worth / g->worth[a]) + 1,
		(int64_t)(worth / g->worth[b] * (0.98 + 0.04 * part())) + 1);
}

enum { RANDOM_SEND, HUB_SEND, RANDOM_RECEIVE, FAR_SEND, KINDS };

static const struct {
	const char *words;
	uint32_t questions;
} kinds[KINDS] = {
	[RANDOM_SEND] = {"strict send, random pairs", 256},
	[HUB_SEND] = {"strict send, hubs", 64},
	[RANDOM_RECEIVE] = {"strict receive, random pairs", 256},
	[FAR_SEND] = {"strict send over 5 hops, random pairs", 32},
};

static void write_question(const struct graph *g, int kind)
{
	uint32_t from = 0, to = 0;
	while (from == to) {
		from = kind == HUB_SEND ? below(HUBS) : HUBS + below(g->assets - HUBS);
		to = kind == HUB_SEND ? below(HUBS) : HUBS + below(g->assets - HUBS);
	}
	int64_t amount = (int64_t)(1e8 * (1 + 99 * part()) / g->worth[from]) + 1;
	if (kind == RANDOM_RECEIVE)
		fprintf(g->out, "receive %u %" PRId64 " 3 5 1 %u - -\n", from, amount, to);
	else
		fprintf(g->out, "send %u %" PRId64 " %d 5 1 %u\n", from, amount,
			kind == FAR_SEND ? 5 : 3, to);
}

/* The text of a graph with its questions, by kind; to be freed. */
static char *graph_text(uint32_t offers, size_t *length)
{
	struct graph g = {.offers = offers, .assets = offers / 10};
	char *text = NULL;
	g.worth = malloc(g.assets * sizeof(*g.worth));
	g.pairs = malloc((2 * g.assets + HUBS * HUBS) * sizeof(*g.pairs));
	g.out = open_memstream(&text, length);
	if (!g.worth || !g.pairs || !g.out)
		abort();
	state = offers;
	for (uint32_t i = 0; i < g.assets; i++) {
		g.worth[i] = (1 + part()) * (double)(1u << below(10)) / 32;
		write_asset(&g, i);
	}
	make_pairs(&g);
	for (uint32_t i = 0; i < g.pair_count; i++) {
		write_offer(&g, g.pairs[i].a, g.pairs[i].b);
		write_offer(&g, g.pairs[i].b, g.pairs[i].a);
	}
	while (g.written < offers) {
		double u = part();
		struct pair pair = g.pairs[(uint32_t)(u * u * u * g.pair_count)];
		if (draw() & 1)
			write_offer(&g, pair.a, pair.b);
		else
			write_offer(&g, pair.b, pair.a);
	}
	for (uint32_t i = 0; i < g.pair_count; i += 10)
		write_pool(&g, g.pairs[i]);
	for (int kind = 0; kind < KINDS; kind++)
		for (uint32_t i = 0; i < kinds[kind].questions; i++)
			write_question(&g, kind);
	fclose(g.out);
	free(g.worth);
	free(g.pairs);
	return text;
}

/* --- searches */

struct asking {
	struct paths_world *world;
	const struct paths_question *asked; /* those of a kind */
	uint32_t count;
	uint32_t next;
};

static void ask(void *data, uint64_t count)
{
	struct asking *a = data;
	for (uint64_t i = 0; i < count; i++) {
		struct paths_answer answer =
			paths_world_ask(a->world, &a->asked[a->next++ % a->count]);
		bench_keep(answer.paths);
	}
}

/* A ledger's offers change, and the graph follows. */
static void settle(void *data, uint64_t count)
{
	struct asking *a = data;
	for (uint64_t i = 0; i < count; i++) {
		for (int j = 0; j < 200; j++) {
			int64_t id = 1 + (int64_t)below(offers_count(a->world->offers));
			struct resting offer = *offers_find(a->world->offers, id);
			offer.amount ^= 1 + (offer.amount & 1);
			if (!offers_put(a->world->offers, &offer))
				abort();
			venues_touch(a->world->venues, offer.side);
		}
		if (venues_settle(a->world->venues, NULL))
			abort();
	}
}

static void write_files(const char *folder, uint32_t offers, const char *text, size_t length,
			struct paths_world *world)
{
	char name[4096];
	snprintf(name, sizeof(name), "%s/paths-%u.txt", folder, offers);
	FILE *graph = fopen(name, "w");
	snprintf(name, sizeof(name), "%s/paths-%u.answers", folder, offers);
	FILE *answers = fopen(name, "w");
	if (!graph || !answers || fwrite(text, 1, length, graph) != length) {
		perror(name);
		exit(1);
	}
	paths_world_answer(world, answers);
	if (fclose(graph) || fclose(answers)) {
		perror(name);
		exit(1);
	}
}

int main(int count, char **args)
{
	static const struct {
		uint32_t offers;
		const char *words;
	} sizes[] = {{10000, "10,000"}, {100000, "100,000"}, {400000, "400,000"}};
	double rates[3][KINDS];
	for (int i = 0; i < 3; i++) {
		char name[120];
		size_t length;
		char *text = graph_text(sizes[i].offers, &length);
		struct paths_world *world = paths_world_read(text, length);
		if (count > 1)
			write_files(args[1], sizes[i].offers, text, length, world);
		free(text);
		const struct paths_question *asked = world->asked;
		for (int kind = 0; kind < KINDS; kind++) {
			struct asking asking = {
				.world = world, .asked = asked, .count = kinds[kind].questions};
			asked += asking.count;
			snprintf(name, sizeof(name), "paths: %s, %s offers", kinds[kind].words,
				 sizes[i].words);
			rates[i][kind] = bench_rate(name, ask, &asking);
		}
		struct asking asking = {.world = world};
		snprintf(name, sizeof(name), "paths: 200 changes brought to the graph, %s offers",
			 sizes[i].words);
		bench_rate(name, settle, &asking);
		snprintf(name, sizeof(name), "paths: memory of the graph for an offer, %s offers",
			 sizes[i].words);
		bench_print(name, (double)venues_held(world->venues) / sizes[i].offers, "bytes");
		paths_world_free(world);
	}
	for (int kind = 0; kind < KINDS; kind++) {
		char name[120];
		snprintf(name, sizeof(name), "paths: growth, %s, 100,000 to 400,000 offers",
			 kinds[kind].words);
		bench_print(name, rates[1][kind] / rates[2][kind], "times");
	}
	return 0;
}
