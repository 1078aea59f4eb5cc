/* tests/oracle/paths_world.c - reads worlds and answers their questions. */
#include "paths_world.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/table.h"
#include "sdex/arena.h"

struct reader {
	struct paths_world *world;
	const char *at;
	struct sdex_arena *arena;
	sdex_Asset *assets; /* by their numbers in the text */
	uint32_t *numbers;  /* in the search, or VENUE_NONE so far */
	uint32_t count;
	uint32_t room;
	struct table sides;
	uint64_t *side_assets; /* selling << 32 | buying, by side */
	uint32_t side_count;
	uint32_t side_room;
};

static _Noreturn void stop(const char *why)
{
	fprintf(stderr, "paths_world: %s\n", why);
	exit(2);
}

static void need(bool fine, const char *why)
{
	if (!fine)
		stop(why);
}

static void *more(void *array, uint32_t *room, size_t size)
{
	*room = *room ? 2 * *room : 64;
	array = realloc(array, *room * size);
	need(array, "memory is out");
	return array;
}

/* The next word of the line, and its length. */
static const char *word(struct reader *r, size_t *length)
{
	r->at += strspn(r->at, " ");
	const char *start = r->at;
	*length = strcspn(r->at, " \n");
	need(*length > 0, "a word is missing");
	r->at += *length;
	return start;
}

static int64_t number(struct reader *r)
{
	size_t length;
	char *end;
	const char *start = word(r, &length);
	long long value = strtoll(start, &end, 10);
	need(end == start + length, "a number is expected");
	return value;
}

static uint32_t small(struct reader *r, uint32_t below)
{
	int64_t value = number(r);
	need(value >= 0 && value < below, "a number is out of its range");
	return (uint32_t)value;
}

static bool dash(struct reader *r)
{
	size_t skip = strspn(r->at, " ");
	if (r->at[skip] != '-' || (r->at[skip + 1] != ' ' && r->at[skip + 1] != '\n'))
		return false;
	r->at += skip + 1;
	return true;
}

static void seller_key(uint8_t key[32], int64_t seller)
{
	memset(key, 0, 32);
	memcpy(key, &seller, sizeof(seller));
}

static void read_asset(struct reader *r)
{
	size_t length;
	if (r->count == r->room) {
		r->assets = more(r->assets, &r->room, sizeof(*r->assets));
		r->numbers = realloc(r->numbers, r->room * sizeof(*r->numbers));
		need(r->numbers, "memory is out");
	}
	const char *text = word(r, &length);
	need(sdex_asset_parse(&r->assets[r->count], r->arena, text, length, false, NULL) == SDEX_OK,
	     "an asset is expected");
	r->numbers[r->count++] = VENUE_NONE;
}

/* The search's number of an asset of the text. */
static uint32_t asset_number(struct reader *r, uint32_t asset)
{
	struct paths_world *w = r->world;
	if (r->numbers[asset] == VENUE_NONE) {
		need(venues_asset(w->venues, &r->numbers[asset], &r->assets[asset], NULL) ==
			     SDEX_OK,
		     "no room for an asset");
		w->given = realloc(w->given, (r->numbers[asset] + 1) * sizeof(*w->given));
		need(w->given, "memory is out");
		w->given[r->numbers[asset]] = asset;
	}
	return r->numbers[asset];
}

static uint32_t side_of(struct reader *r, uint32_t selling, uint32_t buying)
{
	uint64_t assets = (uint64_t)selling << 32 | buying, hash = table_mix(0, assets);
	struct table_walk walk = table_walk(&r->sides, hash);
	for (uint32_t side; (side = table_next(&r->sides, &walk)) != SLOT_NONE;)
		if (r->side_assets[side] == assets)
			return side;
	if (r->side_count == r->side_room)
		r->side_assets = more(r->side_assets, &r->side_room, sizeof(*r->side_assets));
	r->side_assets[r->side_count] = assets;
	need(table_put(&r->sides, hash, r->side_count) &&
		     venues_side(r->world->venues, r->side_count, selling, buying, NULL) == SDEX_OK,
	     "memory is out");
	return r->side_count++;
}

static void read_offer(struct reader *r)
{
	struct resting offer = {.id = number(r)};
	seller_key(offer.seller, number(r));
	uint32_t selling = small(r, r->count), buying = small(r, r->count);
	uint32_t bought = asset_number(r, buying), sold = asset_number(r, selling);
	offer.amount = number(r);
	offer.price.n = (int32_t)number(r);
	offer.price.d = (int32_t)number(r);
	offer.side = side_of(r, sold, bought);
	need(offers_put(r->world->offers, &offer), "memory is out");
	venues_touch(r->world->venues, offer.side);
}

static void read_pool(struct reader *r)
{
	uint32_t a = small(r, r->count), b = small(r, r->count);
	uint32_t first = asset_number(r, a), second = asset_number(r, b);
	int64_t reserve_a = number(r), reserve_b = number(r);
	need(venues_pool(r->world->venues, first, second, reserve_a, reserve_b, NULL) == SDEX_OK,
	     "a pool is expected");
}

/* Ends that the graph does not have are left out, as Horizon does. */
static void read_ends(struct reader *r, struct paths_question *asked)
{
	int64_t balances[PATHS_ENDS_MAX];
	uint32_t ends[PATHS_ENDS_MAX], count = 0, kept = 0;
	size_t length;
	char *next;
	const char *text = word(r, &length);
	for (next = (char *)text - 1; count < PATHS_ENDS_MAX && next < text + length; count++)
		ends[count] = (uint32_t)strtoul(next + 1, &next, 10);
	if (asked->query.kind == PATHS_RECEIVE && !dash(r)) {
		text = word(r, &length);
		next = (char *)text - 1;
		for (uint32_t i = 0; i < count; i++)
			balances[i] = strtoll(next + 1, &next, 10);
		asked->query.balances = asked->balances;
	}
	for (uint32_t i = 0; i < count; i++) {
		need(ends[i] < r->count, "an end is no asset");
		if (r->numbers[ends[i]] == VENUE_NONE)
			continue;
		if (asked->query.balances)
			asked->balances[kept] = balances[i];
		asked->ends[kept++] = r->numbers[ends[i]];
	}
	asked->query.end_count = kept;
}

static void read_question(struct reader *r, enum paths_kind kind, uint32_t *room)
{
	struct paths_world *w = r->world;
	if (w->asked_count == *room)
		w->asked = more(w->asked, room, sizeof(*w->asked));
	struct paths_question *asked = &w->asked[w->asked_count++];
	*asked = (struct paths_question){.query.kind = kind};
	uint32_t asset = small(r, r->count);
	asked->query.asset = r->numbers[asset];
	asked->query.amount = number(r);
	asked->query.hops = small(r, PATHS_HOPS_MAX + 1);
	asked->query.each = small(r, PATHS_EACH_MAX + 1);
	asked->query.pools = small(r, 2) != 0;
	read_ends(r, asked);
	if (kind == PATHS_RECEIVE && !dash(r)) {
		seller_key(asked->seller, number(r));
		asked->query.seller = asked->seller;
	}
	asked->known = asked->query.asset != VENUE_NONE && asked->query.end_count;
}

/* Pointers into the questions, which have moved while they were read. */
static void point(struct paths_world *w)
{
	for (uint32_t i = 0; i < w->asked_count; i++) {
		struct paths_question *asked = &w->asked[i];
		asked->query.ends = asked->ends;
		if (asked->query.balances)
			asked->query.balances = asked->balances;
		if (asked->query.seller)
			asked->query.seller = asked->seller;
	}
}

static void read_line(struct reader *r, uint32_t *room)
{
	size_t length;
	const char *kind = word(r, &length);
	if (length == 5 && memcmp(kind, "asset", 5) == 0)
		read_asset(r);
	else if (length == 5 && memcmp(kind, "offer", 5) == 0)
		read_offer(r);
	else if (length == 4 && memcmp(kind, "pool", 4) == 0)
		read_pool(r);
	else if (length == 4 && memcmp(kind, "send", 4) == 0)
		read_question(r, PATHS_SEND, room);
	else if (length == 7 && memcmp(kind, "receive", 7) == 0)
		read_question(r, PATHS_RECEIVE, room);
	else
		stop("a line of an unknown kind");
	need(*r->at == '\n', "a line is too long");
	r->at++;
}

struct paths_world *paths_world_read(const char *text, size_t length)
{
	struct paths_world *w = calloc(1, sizeof(*w));
	struct reader r = {.world = w, .at = text, .arena = sdex_arena_new(0)};
	uint32_t room = 0;
	need(w && r.arena && (w->offers = offers_new()) && (w->paths = paths_new()) &&
		     (w->venues = venues_new(w->offers)),
	     "memory is out");
	while (r.at < text + length)
		read_line(&r, &room);
	point(w);
	need(venues_settle(w->venues, NULL) == SDEX_OK, "memory is out");
	sdex_arena_free(r.arena);
	table_free(&r.sides);
	free(r.side_assets);
	free(r.assets);
	free(r.numbers);
	return w;
}

void paths_world_free(struct paths_world *w)
{
	venues_free(w->venues);
	offers_free(w->offers);
	paths_free(w->paths);
	free(w->asked);
	free(w->given);
	free(w);
}

struct paths_answer paths_world_ask(struct paths_world *w, const struct paths_question *asked)
{
	struct paths_answer answer = {0};
	if (asked->known)
		need(paths_find(w->paths, &answer, w->venues, &asked->query, NULL) == SDEX_OK,
		     "a question is out of range");
	return answer;
}

void paths_world_answer(struct paths_world *w, FILE *out)
{
	for (uint32_t i = 0; i < w->asked_count; i++) {
		struct paths_answer answer = paths_world_ask(w, &w->asked[i]);
		for (uint32_t j = 0; j < answer.count; j++) {
			const struct market_path *path = &answer.paths[j];
			fprintf(out, "%s%" PRId64 " %" PRId64 " ", j ? ";" : "", path->sent,
				path->received);
			for (uint32_t k = 0; k < path->count; k++)
				fprintf(out, "%s%" PRIu32, k ? "," : "", w->given[path->assets[k]]);
		}
		fputc('\n', out);
	}
}
