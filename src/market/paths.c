/* market/paths.c - labels by number of hops, as Horizon's search() keeps them.
 *
 * A label says: this asset can be reached with this amount over that label.  In each hop an
 * asset gets at most one, the best, which ends the hop as the asset's way; among equals the
 * one over the asset of the lowest number wins, since Horizon goes through them in that
 * order.  An asset whose label is older than the last hop has shown its edges already.
 *
 * For an end every bettering counts, also one that a later asset of the same hop betters
 * again, so its candidates always come in the order of numbers. */
#include "market/paths.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/failure.h"
#include "market/hop.h"

#define NONE UINT32_MAX
#define FAR 255u /* an asset of which it is not known that it leads to an end */
#define PROBE 6u /* what finding a pair costs, in edges of a list */
#define SORT_BY_HAND 24u
#define FETCH_AHEAD 6u /* of what is read next, since it is all over the memory */

struct label {
	uint32_t asset;
	uint32_t before; /* label of the way to it; NONE at the start */
	int64_t amount;
};

struct state {
	int64_t amount;  /* the best so far, this hop's included; 0: none */
	uint32_t label;  /* of the last hop or an earlier one */
	uint32_t latest; /* of this hop, if it is not older than the hop */
};

struct end {
	uint32_t asset;
	int64_t balance;
	uint32_t found; /* all that bettered the end; the last `each` are kept */
	struct label kept[PATHS_EACH_MAX];
};

struct paths {
	uint32_t room; /* assets that the arrays are for */
	struct state *states;
	uint8_t *levels;  /* hops from the asset to an end at most; FAR */
	uint32_t *marked; /* the assets with a level, by level */
	/* With one end, what an asset can become of it at most (RECEIVE: cost of it at least)
	 * in up to so many hops; of the assets of that level and below. */
	struct venue_bound *reach[PATHS_HOPS_MAX];
	uint32_t *frontier;
	uint32_t *bettered;
	uint32_t *found_by; /* for an end, the venue + 1 by which each asset leads to it */
	uint64_t *bits;     /* of the assets, for sorting */
	struct label *labels;
	uint32_t label_count;
	uint32_t label_room;
	struct end ends[PATHS_ENDS_MAX];
	struct market_path found[PATHS_ENDS_MAX * PATHS_EACH_MAX];
};

struct search {
	struct paths *p;
	const struct venues *venues;
	const struct paths_query *query;
	struct hop_budget budget; /* of all work */
	uint32_t end_count;
	uint32_t only;                   /* the end, if there is but one; NONE */
	const struct venue_bound *reach; /* for what is left behind this hop; NULL */
	uint32_t first;                  /* label of this hop */
	uint32_t frontier_first;         /* of the last one */
	uint32_t frontier_count;
	uint32_t bettered_count;
	uint32_t levels_known;
	uint32_t level_end[PATHS_HOPS_MAX + 1]; /* assets marked up to that level */
	uint64_t level_edges[PATHS_HOPS_MAX + 1];
	bool no_memory;
};

struct paths *paths_new(void)
{
	return calloc(1, sizeof(struct paths));
}

void paths_free(struct paths *paths)
{
	if (!paths)
		return;
	free(paths->states);
	free(paths->levels);
	free(paths->marked);
	for (uint32_t i = 0; i < PATHS_HOPS_MAX; i++)
		free(paths->reach[i]);
	free(paths->frontier);
	free(paths->bettered);
	free(paths->found_by);
	free(paths->bits);
	free(paths->labels);
	free(paths);
}

uint64_t paths_held(const struct paths *paths)
{
	return sizeof(*paths) +
	       paths->room * (uint64_t)(sizeof(struct state) + 1 + 4 * sizeof(uint32_t) +
					PATHS_HOPS_MAX * sizeof(struct venue_bound)) +
	       paths->room / 8 + paths->label_room * sizeof(struct label);
}

/* Grows an array whose new part is filled with a byte. */
static bool grow(void *array, uint32_t from, uint32_t to, size_t size, int fill)
{
	void *old, *new;
	memcpy(&old, array, sizeof(old));
	new = realloc(old, to * size);
	if (!new)
		return false;
	memset((uint8_t *)new + from *size, fill, (to - from) * size);
	memcpy(array, &new, sizeof(new));
	return true;
}

static bool room_for(struct paths *p, uint32_t assets)
{
	uint32_t from = p->room, to = (assets + assets / 4 + 64) & ~63u;
	if (assets <= from)
		return true;
	/* The room counts only when all have it; what has grown already may grow again. */
	if (!grow(&p->states, from, to, sizeof(*p->states), 0) ||
	    !grow(&p->levels, from, to, 1, FAR) ||
	    !grow(&p->marked, from, to, sizeof(uint32_t), 0) ||
	    !grow(&p->frontier, from, to, sizeof(uint32_t), 0) ||
	    !grow(&p->bettered, from, to, sizeof(uint32_t), 0) ||
	    !grow(&p->found_by, from, to, sizeof(uint32_t), 0) ||
	    !grow(&p->bits, from / 64, to / 64, sizeof(uint64_t), 0))
		return false;
	for (uint32_t i = 0; i < PATHS_HOPS_MAX; i++)
		if (!grow(&p->reach[i], from, to, sizeof(struct venue_bound), 0))
			return false;
	for (uint32_t i = from; i < to; i++)
		p->states[i] = (struct state){.label = NONE, .latest = NONE};
	p->room = to;
	return true;
}

static const struct venue_edges *forward(const struct search *s, uint32_t asset)
{
	return s->query->kind == PATHS_SEND ? venues_out(s->venues, asset)
					    : venues_in(s->venues, asset);
}

static const struct venue_edges *backward(const struct search *s, uint32_t asset)
{
	return s->query->kind == PATHS_SEND ? venues_in(s->venues, asset)
					    : venues_out(s->venues, asset);
}

static bool spend(struct search *s, uint64_t work)
{
	if (work > s->budget.left) {
		s->budget.left = 0;
		s->budget.spent = true;
		return false;
	}
	s->budget.left -= work;
	return true;
}

/* --- labels */

static uint32_t add_label(struct search *s, struct label label)
{
	struct paths *p = s->p;
	if (p->label_count == p->label_room) {
		uint32_t room = p->label_room ? 2 * p->label_room : 256;
		struct label *labels = realloc(p->labels, room * sizeof(*labels));
		if (!labels) {
			s->no_memory = true;
			return NONE;
		}
		p->labels = labels;
		p->label_room = room;
	}
	p->labels[p->label_count] = label;
	return p->label_count++;
}

static bool better(const struct search *s, int64_t than, int64_t amount)
{
	return than == 0 || (s->query->kind == PATHS_SEND ? amount > than : amount < than);
}

static bool on_the_way(const struct paths *p, uint32_t label, uint32_t asset)
{
	for (; label != NONE; label = p->labels[label].before)
		if (p->labels[label].asset == asset)
			return true;
	return false;
}

static void note_end(struct search *s, uint32_t asset, struct label label)
{
	for (uint32_t i = 0; i < s->end_count; i++) {
		struct end *end = &s->p->ends[i];
		if (end->asset == asset && label.amount <= end->balance)
			end->kept[end->found++ % s->query->each] = label;
	}
}

static struct venue_bound bound_of(const struct search *s, const struct venue_edge *edge)
{
	return s->query->kind == PATHS_SEND ? edge->most : edge->least;
}

/* Can the edge do better than, or with `or_equal` as well as, there is, and can something
 * that betters the only end come of it?  What cannot leaves no trace in Horizon's answer
 * either: whatever it leads to, and whatever it displaces there, is worth as little or less
 * by the same bounds. */
static bool promises(const struct search *s, int64_t than, int64_t amount,
		     const struct venue_edge *edge, bool or_equal)
{
	bool send = s->query->kind == PATHS_SEND;
	int64_t reached = venue_times(amount, bound_of(s, edge));
	if (than && reached == than && !or_equal)
		return false;
	if (than && (send ? reached < than : reached > than))
		return false;
	if (!s->reach || edge->asset == s->only)
		return true;
	int64_t best = s->p->states[s->only].amount;
	int64_t end = venue_times(reached, s->reach[edge->asset]);
	return best == 0 || (send ? end > best : end < best);
}

static int64_t trade(struct search *s, uint32_t venue, int64_t amount)
{
	const struct venue *v = venues_at(s->venues, venue);
	const struct paths_query *q = s->query;
	return q->kind == PATHS_SEND
		       ? hop_send(s->venues, v, amount, q->pools, &s->budget)
		       : hop_receive(s->venues, v, amount, q->pools, q->seller, &s->budget);
}

/* From an asset of the frontier to edge->asset.  Unordered: assets of any number may have
 * come before, so that an equal amount over a lower one takes the place. */
static void follow(struct search *s, uint32_t from, const struct venue_edge *edge, bool unordered)
{
	struct paths *p = s->p;
	struct state *to = &p->states[edge->asset];
	uint32_t before = p->states[from].label;
	int64_t amount = p->labels[before].amount;
	if (!promises(s, to->amount, amount, edge, unordered) || on_the_way(p, before, edge->asset))
		return;
	int64_t got = trade(s, edge->venue, amount);
	if (got <= 0)
		return;
	struct label label = {.asset = edge->asset, .before = before, .amount = got};
	bool is_new = to->latest == NONE || to->latest < s->first;
	if (!better(s, to->amount, got)) {
		/* An asset that was bettered in this hop has its label of it. */
		if (unordered && got == to->amount && !is_new &&
		    from < p->labels[p->labels[to->latest].before].asset)
			p->labels[to->latest] = label;
		return;
	}
	if (is_new) {
		uint32_t number = add_label(s, label);
		if (number == NONE)
			return;
		to->latest = number;
		p->bettered[s->bettered_count++] = edge->asset;
	} else {
		p->labels[to->latest] = label;
	}
	to->amount = got;
	if (p->levels[edge->asset] == 0)
		note_end(s, edge->asset, label);
}

/* --- which assets lead to an end */

static void mark(struct search *s, uint32_t asset, uint8_t level)
{
	struct paths *p = s->p;
	if (p->levels[asset] != FAR)
		return;
	p->levels[asset] = level;
	p->marked[s->level_end[level]++] = asset;
	s->level_edges[level] += backward(s, asset)->count;
}

/* Over the edge to `next`, and from there in one hop less than `level` to the end. */
static void reach_back(struct search *s, uint32_t next, const struct venue_edge *edge,
		       uint32_t level)
{
	bool send = s->query->kind == PATHS_SEND;
	struct venue_bound *reach = &s->p->reach[level][edge->asset];
	struct venue_bound bound = bound_of(s, edge);
	if (next != s->only)
		bound = venue_bound_times(bound, s->p->reach[level - 1][next], send);
	if (s->p->levels[edge->asset] == FAR) {
		mark(s, edge->asset, (uint8_t)level);
		*reach = bound;
	} else if (send ? venue_bound_over(bound, *reach) : venue_bound_over(*reach, bound)) {
		*reach = bound;
	}
}

/* Finds out about one level more, unless that is more than `worth` edges. */
static bool mark_level(struct search *s, uint64_t worth)
{
	struct paths *p = s->p;
	uint32_t level = s->levels_known, to = s->level_end[level];
	/* The reach of all grows with the hops, which assets there are only by the last ones. */
	uint32_t seen = level == 0 ? NONE : s->only == NONE ? level - 1 : 0;
	uint32_t from = seen == NONE ? 0 : s->level_end[seen];
	uint64_t edges = s->level_edges[level] - (seen == NONE ? 0 : s->level_edges[seen]);
	if (edges > worth || !spend(s, edges))
		return false;
	s->level_end[level + 1] = to;
	s->level_edges[level + 1] = s->level_edges[level];
	if (s->only != NONE && level)
		for (uint32_t i = from; i < to; i++)
			p->reach[level + 1][p->marked[i]] = p->reach[level][p->marked[i]];
	for (uint32_t i = from; i < to; i++) {
		const struct venue_edges *edges_of = backward(s, p->marked[i]);
		if (i + FETCH_AHEAD < to)
			__builtin_prefetch(backward(s, p->marked[i + FETCH_AHEAD])->items);
		for (uint32_t j = 0; j < edges_of->count; j++)
			if (s->only == NONE)
				mark(s, edges_of->items[j].asset, (uint8_t)(level + 1));
			else if (edges_of->items[j].asset != s->only)
				reach_back(s, p->marked[i], &edges_of->items[j], level + 1);
	}
	s->levels_known++;
	return true;
}

/* --- the three ways of a hop */

static void fetch_venue(const struct search *s, uint32_t venue)
{
	const struct venue *v = venues_at(s->venues, venue);
	__builtin_prefetch(v);
	__builtin_prefetch(v->top);
}

static void follow_frontier(struct search *s, uint32_t level, bool all)
{
	for (uint32_t i = 0; i < s->frontier_count; i++) {
		uint32_t from = s->p->frontier[i];
		const struct venue_edges *edges = forward(s, from);
		if (s->no_memory || !spend(s, edges->count))
			return;
		if (i + FETCH_AHEAD < s->frontier_count)
			__builtin_prefetch(forward(s, s->p->frontier[i + FETCH_AHEAD])->items);
		for (uint32_t j = 0; j < edges->count; j++) {
			if (!s->reach && j + FETCH_AHEAD < edges->count)
				fetch_venue(s, edges->items[j + FETCH_AHEAD].venue);
			if (edges->items[j].asset != s->only &&
			    (all || s->p->levels[edges->items[j].asset] <= level))
				follow(s, from, &edges->items[j], false);
		}
	}
}

static void follow_pair(struct search *s, uint32_t from, uint32_t to)
{
	uint32_t venue = s->query->kind == PATHS_SEND ? venues_between(s->venues, from, to)
						      : venues_between(s->venues, to, from);
	if (venue == VENUE_NONE)
		return;
	const struct venue *v = venues_at(s->venues, venue);
	struct venue_edge edge = {.asset = to, .venue = venue, .most = v->most, .least = v->least};
	follow(s, from, &edge, false);
}

static void follow_pairs(struct search *s, uint32_t level)
{
	for (uint32_t i = 0; i < s->frontier_count; i++) {
		if (s->no_memory || !spend(s, s->level_end[level]))
			return;
		for (uint32_t j = 0; j < s->level_end[level]; j++)
			if (s->p->marked[j] != s->only)
				follow_pair(s, s->p->frontier[i], s->p->marked[j]);
	}
}

static bool in_frontier(const struct search *s, uint32_t asset)
{
	uint32_t label = s->p->states[asset].label;
	return label != NONE && label >= s->frontier_first;
}

/* Towards an end, in the order of the frontier. */
static void follow_to_end(struct search *s, uint32_t to, const struct venue_edges *edges)
{
	struct paths *p = s->p;
	for (uint32_t i = 0; i < edges->count; i++)
		p->found_by[edges->items[i].asset] = i + 1;
	for (uint32_t i = 0; i < s->frontier_count && !s->no_memory; i++) {
		uint32_t from = p->frontier[i], by = p->found_by[from];
		if (by == 0)
			continue;
		struct venue_edge edge = edges->items[by - 1];
		edge.asset = to;
		follow(s, from, &edge, false);
	}
	for (uint32_t i = 0; i < edges->count; i++)
		p->found_by[edges->items[i].asset] = 0;
}

static void follow_back(struct search *s, uint32_t level)
{
	for (uint32_t i = 0; i < s->level_end[level]; i++) {
		uint32_t to = s->p->marked[i];
		const struct venue_edges *edges = backward(s, to);
		if (to == s->only)
			continue;
		if (!spend(s, edges->count))
			return;
		if (s->p->levels[to] == 0) {
			follow_to_end(s, to, edges);
			continue;
		}
		for (uint32_t j = 0; j < edges->count && !s->no_memory; j++) {
			struct venue_edge edge = edges->items[j];
			uint32_t from = edge.asset;
			if (!in_frontier(s, from))
				continue;
			edge.asset = to;
			follow(s, from, &edge, true);
		}
	}
}

/* The only end comes before the other assets of a hop: the better its best already is, the
 * fewer of them promise to better it. */
static void follow_to_only(struct search *s)
{
	const struct venue_edges *edges = backward(s, s->only);
	uint64_t pairs = PROBE * (uint64_t)s->frontier_count;
	if (pairs > edges->count + (uint64_t)s->frontier_count) {
		if (spend(s, edges->count + (uint64_t)s->frontier_count))
			follow_to_end(s, s->only, edges);
	} else if (spend(s, s->frontier_count)) {
		for (uint32_t i = 0; i < s->frontier_count; i++)
			follow_pair(s, s->p->frontier[i], s->only);
	}
}

static void one_hop(struct search *s, uint32_t level)
{
	uint64_t ahead = 0;
	s->reach = NULL;
	if (s->only != NONE) {
		follow_to_only(s);
		if (level == 0)
			return;
	}
	for (uint32_t i = 0; i < s->frontier_count; i++)
		ahead += forward(s, s->p->frontier[i])->count;
	while (s->levels_known < level)
		if (!mark_level(s, ahead))
			break;
	if (s->levels_known < level) {
		follow_frontier(s, level, true);
		return;
	}
	if (s->only != NONE)
		s->reach = s->p->reach[level];
	uint64_t pairs = PROBE * (uint64_t)s->frontier_count * s->level_end[level];
	uint64_t back = s->level_edges[level] + s->frontier_count;
	if (pairs < ahead && pairs < back)
		follow_pairs(s, level);
	else if (back < ahead)
		follow_back(s, level);
	else
		follow_frontier(s, level, false);
}

/* --- from hop to hop */

static void sort_by_hand(uint32_t *items, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		uint32_t item = items[i], j = i;
		for (; j > 0 && items[j - 1] > item; j--)
			items[j] = items[j - 1];
		items[j] = item;
	}
}

/* What was bettered is the next frontier, in the order of numbers. */
static void next_frontier(struct search *s)
{
	struct paths *p = s->p;
	uint32_t count = s->bettered_count, at = 0;
	for (uint32_t i = 0; i < count; i++)
		p->states[p->bettered[i]].label = p->states[p->bettered[i]].latest;
	if (count <= SORT_BY_HAND) {
		memcpy(p->frontier, p->bettered, count * sizeof(*p->frontier));
		sort_by_hand(p->frontier, count);
	} else {
		for (uint32_t i = 0; i < count; i++)
			p->bits[p->bettered[i] / 64] |= UINT64_C(1) << p->bettered[i] % 64;
		for (uint32_t i = 0; at < count; i++)
			for (; p->bits[i]; p->bits[i] &= p->bits[i] - 1)
				p->frontier[at++] = 64 * i + (uint32_t)__builtin_ctzll(p->bits[i]);
	}
	s->frontier_count = count;
	s->frontier_first = s->first;
	s->bettered_count = 0;
}

static void start(struct search *s)
{
	const struct paths_query *q = s->query;
	struct paths *p = s->p;
	struct label label = {.asset = q->asset, .before = NONE, .amount = q->amount};
	for (uint32_t i = 0; i < s->end_count; i++)
		mark(s, p->ends[i].asset, 0);
	uint32_t number = add_label(s, label);
	if (number == NONE)
		return;
	p->states[q->asset] =
		(struct state){.amount = q->amount, .label = number, .latest = number};
	p->frontier[0] = q->asset;
	s->frontier_count = 1;
	if (p->levels[q->asset] == 0)
		note_end(s, q->asset, label);
}

static void clean(struct search *s)
{
	struct paths *p = s->p;
	for (uint32_t i = 0; i < p->label_count; i++)
		p->states[p->labels[i].asset] = (struct state){.label = NONE, .latest = NONE};
	for (uint32_t i = 0; i < s->level_end[s->levels_known]; i++)
		p->levels[p->marked[i]] = FAR;
}

/* --- the answer */

static void print_asset(char text[SDEX_ASSET_ROOM + 1], const struct venues *venues, uint32_t asset)
{
	const sdex_Asset *a = venues_asset_of(venues, asset);
	size_t length = 0;
	CHECK(sdex_asset_print(text + 1, SDEX_ASSET_ROOM, &length, a) == SDEX_OK);
	char *colon = memchr(text + 1, ':', length);
	if (colon) /* before all letters and digits, as the '/' of Horizon's texts */
		*colon = '/';
	/* credit_alphanum12/..., credit_alphanum4/..., native */
	text[0] = a->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM12  ? 'a'
		  : a->type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4 ? 'b'
								: 'c';
}

/* In the order of the texts that Horizon sorts. */
static void sort_ends(struct search *s, struct end *order[PATHS_ENDS_MAX])
{
	char texts[PATHS_ENDS_MAX][SDEX_ASSET_ROOM + 1];
	uint32_t count = 0;
	for (uint32_t i = 0; i < s->end_count; i++) {
		char text[SDEX_ASSET_ROOM + 1];
		struct end *end = &s->p->ends[i];
		uint32_t j = count;
		if (end->found == 0)
			continue;
		print_asset(text, s->venues, end->asset);
		for (; j > 0 && strcmp(texts[j - 1], text) > 0; j--) {
			memcpy(texts[j], texts[j - 1], sizeof(text));
			order[j] = order[j - 1];
		}
		memcpy(texts[j], text, sizeof(text));
		order[j] = end;
		count++;
	}
	for (; count < s->end_count; count++)
		order[count] = NULL;
}

static struct market_path path_of(const struct search *s, const struct label *last)
{
	struct market_path path = {.sent = s->query->amount, .received = last->amount};
	const struct label *label = last;
	for (;; label = &s->p->labels[label->before]) {
		path.assets[path.count++] = label->asset;
		if (label->before == NONE)
			break;
	}
	if (s->query->kind == PATHS_RECEIVE) {
		path.sent = last->amount;
		path.received = s->query->amount;
		return path; /* the last label is where the payment starts */
	}
	for (uint32_t i = 0; i < path.count / 2; i++) {
		uint32_t asset = path.assets[i];
		path.assets[i] = path.assets[path.count - 1 - i];
		path.assets[path.count - 1 - i] = asset;
	}
	return path;
}

/* Each that an end keeps betters the one before it. */
static uint32_t gather(struct search *s)
{
	struct end *order[PATHS_ENDS_MAX];
	uint32_t count = 0;
	sort_ends(s, order);
	for (uint32_t i = 0; i < s->end_count && order[i]; i++) {
		const struct end *end = order[i];
		uint32_t each = s->query->each;
		uint32_t kept = end->found < each ? end->found : each;
		for (uint32_t j = 0; j < kept; j++)
			s->p->found[count++] = path_of(s, &end->kept[(end->found - 1 - j) % each]);
	}
	return count;
}

static bool fits(const struct venues *venues, const struct paths_query *q)
{
	uint32_t assets = venues_assets(venues);
	if ((q->kind != PATHS_SEND && q->kind != PATHS_RECEIVE) || q->asset >= assets ||
	    q->amount <= 0 || q->end_count > PATHS_ENDS_MAX || q->hops < 1 ||
	    q->hops > PATHS_HOPS_MAX || q->each < 1 || q->each > PATHS_EACH_MAX)
		return false;
	for (uint32_t i = 0; i < q->end_count; i++)
		if (q->ends[i] >= assets)
			return false;
	return true;
}

static void take_ends(struct search *s)
{
	const struct paths_query *q = s->query;
	struct end *ends = s->p->ends;
	for (uint32_t i = 0; i < q->end_count; i++) {
		uint32_t j = 0;
		while (j < s->end_count && ends[j].asset != q->ends[i])
			j++;
		ends[j].asset = q->ends[i];
		ends[j].balance =
			q->kind == PATHS_RECEIVE && q->balances ? q->balances[i] : INT64_MAX;
		ends[j].found = 0;
		if (j == s->end_count)
			s->end_count++;
	}
}

enum sdex_error paths_find(struct paths *paths, struct paths_answer *answer,
			   const struct venues *venues, const struct paths_query *query,
			   struct sdex_failure *why)
{
	CHECK(venues_settled(venues));
	if (!fits(venues, query))
		return fail(
			why, SDEX_ERR_INVALID, 0,
			"expected an amount above 0, known assets, at most %u ends, 1 to %u hops "
			"and 1 to %u paths for an end",
			PATHS_ENDS_MAX, PATHS_HOPS_MAX, PATHS_EACH_MAX);
	uint64_t work = query->work ? query->work : UINT64_MAX;
	struct search s = {.p = paths,
			   .venues = venues,
			   .query = query,
			   .budget = {.left = work},
			   .only = NONE};
	paths->label_count = 0;
	if (!room_for(paths, venues_assets(venues)))
		return fail(why, SDEX_ERR_NOMEM, 0, "memory for a search of paths is out");
	take_ends(&s);
	if (s.end_count == 1)
		s.only = paths->ends[0].asset;
	start(&s);
	for (uint32_t i = 0; i < query->hops && s.frontier_count && s.end_count; i++) {
		s.first = paths->label_count;
		one_hop(&s, query->hops - 1 - i);
		if (s.no_memory || s.budget.spent)
			break;
		next_frontier(&s);
	}
	clean(&s);
	if (s.no_memory)
		return fail(why, SDEX_ERR_NOMEM, 0, "memory for a search of paths is out");
	*answer = (struct paths_answer){.paths = paths->found,
					.count = gather(&s),
					.work = work - s.budget.left,
					.cut = s.budget.spent};
	return SDEX_OK;
}

bool paths_settle(struct market_path *path, const struct venues *venues, enum paths_kind kind,
		  const uint8_t *taker)
{
	bool send = kind == PATHS_SEND;
	int64_t amount = send ? path->sent : path->received;
	uint32_t crossed = 0;
	for (uint32_t i = 0; i + 1 < path->count && amount > 0; i++) {
		uint32_t at = send ? i : path->count - 2 - i;
		uint32_t number = venues_between(venues, path->assets[at], path->assets[at + 1]);
		if (number == VENUE_NONE)
			return false;
		const struct venue *venue = venues_at(venues, number);
		amount = send ? hop_ledger_send(venues, venue, amount, taker, &crossed)
			      : hop_ledger_receive(venues, venue, amount, taker, &crossed);
	}
	if (amount <= 0)
		return false;
	*(send ? &path->received : &path->sent) = amount;
	return true;
}
