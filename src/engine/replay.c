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

#define CODE_ROOM 72u /* a code, a dot, an issuer, a NUL */

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

/* "USDC", or where a name is taken "USDC.K4ZV": with so much of the issuer's end. */
static void code_of(char out[CODE_ROOM], const char *asset, uint32_t tail)
{
	const char *colon = strchr(asset, ':');
	int length = colon ? (int)(colon - asset) : 0;
	if (!colon)
		snprintf(out, CODE_ROOM, "XLM");
	else if (tail)
		snprintf(out, CODE_ROOM, "%.*s.%s", length, asset, colon + strlen(colon) - tail);
	else
		snprintf(out, CODE_ROOM, "%.*s", length, asset);
}

static bool watched(const struct engine *e, const char *base, const char *counter)
{
	for (uint32_t i = 0; i < e->pair_count; i++)
		if (strcmp(e->pairs[i].base_text, base) == 0 &&
		    strcmp(e->pairs[i].counter_text, counter) == 0)
			return true;
	return false;
}

static void choose(struct engine *e, const struct activity *pair)
{
	/* Issuers can be made whose ends, of any length that can be searched for, are alike;
	 * the whole of them is never. */
	static const uint32_t tails[] = {0, 4, 8, 16, 56};
	char base[SDEX_ASSET_ROOM], counter[SDEX_ASSET_ROOM];
	char name[2 * CODE_ROOM], one[CODE_ROOM], two[CODE_ROOM];
	if (sdex_asset_print(base, sizeof base, NULL, pair->a) ||
	    sdex_asset_print(counter, sizeof counter, NULL, pair->b) || watched(e, base, counter))
		return;
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		code_of(one, base, tails[i]);
		code_of(two, counter, tails[i]);
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
