/* engine/replay.c - ledgers from a file: the pairs that are worth watching.
 *
 * Activity of a pair in a ledger is its trades and the offers touched.  The busiest pairs
 * of the first ledger are watched; where it has too few, those of the next are added.  Their
 * books are partial: they hold what was touched since. */
#include "engine/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

struct activity {
	const sdex_Asset *a, *b; /* in the network's order */
	uint32_t count;
};

struct tally {
	struct activity *items;
	uint32_t count, room;
};

static void count_pair(struct tally *tally, const sdex_Asset *a, const sdex_Asset *b)
{
	bool turned = sdex_asset_compare(a, b) > 0;
	struct activity pair = {.a = turned ? b : a, .b = turned ? a : b, .count = 1};
	for (uint32_t i = 0; i < tally->count; i++)
		if (sdex_asset_compare(tally->items[i].a, pair.a) == 0 &&
		    sdex_asset_compare(tally->items[i].b, pair.b) == 0) {
			tally->items[i].count++;
			return;
		}
	GROW(tally->items, tally->count, tally->room);
	tally->items[tally->count++] = pair;
}

static int busier(const void *a, const void *b)
{
	const struct activity *x = a, *y = b;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	int order = sdex_asset_compare(x->a, y->a);
	return order ? order : sdex_asset_compare(x->b, y->b);
}

/* "USDC", or for a name that is taken "USDC.K4ZV": with the issuer's end. */
static void code_of(char out[24], const char *asset, bool longer)
{
	const char *colon = strchr(asset, ':');
	int length = colon ? (int)(colon - asset) : 0;
	if (!colon)
		snprintf(out, 24, "XLM");
	else if (longer)
		snprintf(out, 24, "%.*s.%s", length, asset, colon + strlen(colon) - 4);
	else
		snprintf(out, 24, "%.*s", length, asset);
}

static void choose(struct engine *e, const struct activity *pair)
{
	char base[SDEX_ASSET_ROOM], counter[SDEX_ASSET_ROOM], name[64], one[24], two[24];
	if (sdex_asset_print(base, sizeof base, NULL, pair->a) ||
	    sdex_asset_print(counter, sizeof counter, NULL, pair->b))
		return;
	for (int longer = 0; longer < 2; longer++) {
		code_of(one, base, longer);
		code_of(two, counter, longer);
		snprintf(name, sizeof name, "%s-%s", one, two);
		if (!pair_named(e, name))
			break;
	}
	if (!pair_named(e, name) && config_pair(e, name, base, counter))
		engine_log(e, ENV_INFO, "replay.pair", "%s: watched, %u changes in a ledger", name,
			   pair->count);
}

void replay_choose(struct engine *e, const struct delta *delta)
{
	struct tally tally = {0};
	if (e->pair_count >= e->config.pair_count + e->config.busiest)
		return;
	for (uint32_t i = 0; i < delta->claim_count; i++)
		if (!delta->claims[i].pool)
			count_pair(&tally, delta->claims[i].sold, delta->claims[i].bought);
	for (uint32_t i = 0; i < delta->offers.count; i++) {
		const sdex_OfferEntry *offer = delta->offers.items[i].last->data.offer;
		count_pair(&tally, &offer->selling, &offer->buying);
	}
	if (tally.count)
		qsort(tally.items, tally.count, sizeof *tally.items, busier);
	for (uint32_t i = 0;
	     i < tally.count && e->pair_count < e->config.pair_count + e->config.busiest; i++)
		choose(e, &tally.items[i]);
	free(tally.items);
}
