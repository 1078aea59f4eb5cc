/* ledger/surge.c - see surge.h. */
#include "ledger/surge.h"

#include <string.h>

#include "base/int128.h"

enum surge_lane surge_lane_of(const struct surge_limits *limits, const struct surge_bid *bid)
{
	return limits->dex_lane && bid->dex ? SURGE_DEX : SURGE_GENERIC;
}

int surge_compare_rates(int64_t fee_a, uint32_t a_operations, int64_t fee_b, uint32_t b_operations)
{
	int128 a = (int128)fee_a * b_operations, b = (int128)fee_b * a_operations;
	return (a > b) - (a < b);
}

int64_t surge_better_fee(uint32_t operations, int64_t other_fee, uint32_t other_operations)
{
	uint128 fee = (uint128)(uint64_t)other_fee * operations / other_operations;
	return fee < INT64_MAX ? (int64_t)fee + 1 : INT64_MAX;
}

/* < 0: a comes before b where the best are first. */
static int by_rate(const struct surge_bid *a, const struct surge_bid *b)
{
	int rates = surge_compare_rates(b->fee, b->operations, a->fee, a->operations);
	return rates ? rates : memcmp(b->full_hash, a->full_hash, 32);
}

/* --- a ledger */

static void sift(uint32_t *heap, uint32_t at, uint32_t count, const struct surge_bid *bids)
{
	uint32_t moved = heap[at];
	for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && by_rate(&bids[heap[child]], &bids[heap[child + 1]]) < 0)
			child++;
		if (by_rate(&bids[moved], &bids[heap[child]]) >= 0)
			break;
		heap[at] = heap[child];
	}
	heap[at] = moved;
}

/* Best first.  A heap, since qsort has no word for what the numbers stand for. */
static void put_in_order(uint32_t *order, const struct surge_bid *bids, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	for (uint32_t i = count / 2; i-- > 0;)
		sift(order, i, count, bids);
	for (uint32_t end = count; end-- > 1;) {
		uint32_t last = order[0];
		order[0] = order[end];
		order[end] = last;
		sift(order, 0, end, bids);
	}
}

static bool has_room(const struct surge_room *room, const struct surge_bid *bid)
{
	return bid->operations <= room->operations && bid->bytes <= room->bytes;
}

static void take_room(struct surge_room *room, const struct surge_bid *bid)
{
	room->operations -= bid->operations;
	room->bytes -= bid->bytes;
}

static void choose(bool *chosen, bool left_out[SURGE_LANES], const uint32_t *order,
		   const struct surge_bid *bids, uint32_t count, const struct surge_limits *limits)
{
	struct surge_limits left = *limits;
	for (uint32_t i = 0; i < count; i++) {
		const struct surge_bid *bid = &bids[order[i]];
		enum surge_lane lane = surge_lane_of(limits, bid);
		bool room_in_lane = has_room(&left.lanes[lane], bid);
		bool room = room_in_lane && has_room(&left.lanes[SURGE_GENERIC], bid);
		chosen[order[i]] = room;
		if (room) {
			take_room(&left.lanes[SURGE_GENERIC], bid);
			if (lane != SURGE_GENERIC)
				take_room(&left.lanes[lane], bid);
		} else {
			left_out[room_in_lane ? SURGE_GENERIC : lane] = true;
		}
	}
}

void surge_choose(bool *chosen, int64_t base_fees[SURGE_LANES], uint32_t *order,
		  const struct surge_bid *bids, uint32_t count, const struct surge_limits *limits,
		  uint32_t header_fee)
{
	bool left_out[SURGE_LANES] = {false};
	int64_t lowest[SURGE_LANES] = {INT64_MAX, INT64_MAX};
	put_in_order(order, bids, count);
	choose(chosen, left_out, order, bids, count, limits);
	for (uint32_t i = 0; i < count; i++) {
		enum surge_lane lane = surge_lane_of(limits, &bids[i]);
		if (chosen[i] && bids[i].fee / bids[i].operations < lowest[lane])
			lowest[lane] = bids[i].fee / bids[i].operations;
	}
	int64_t least = lowest[SURGE_DEX] < lowest[SURGE_GENERIC] ? lowest[SURGE_DEX]
								  : lowest[SURGE_GENERIC];
	for (int lane = 0; lane < SURGE_LANES; lane++)
		base_fees[lane] = left_out[SURGE_GENERIC] ? least : header_fee;
	if (left_out[SURGE_DEX])
		base_fees[SURGE_DEX] = lowest[SURGE_DEX];
}

/* --- what waits */

static uint64_t above(uint64_t amount, uint64_t limit)
{
	return amount > limit ? amount - limit : 0;
}

/* The worst offer but for those that went before it (worse than *last), of the lanes that
 * are open; SURGE_NOBODY if there is none. */
static uint32_t next_worst(const struct surge_bid *waiting, uint32_t count, uint32_t last,
			   const struct surge_limits *limits, const bool closed[SURGE_LANES])
{
	uint32_t worst = SURGE_NOBODY;
	for (uint32_t i = 0; i < count; i++) {
		if (closed[surge_lane_of(limits, &waiting[i])] ||
		    (last != SURGE_NOBODY && by_rate(&waiting[i], &waiting[last]) >= 0))
			continue;
		if (worst == SURGE_NOBODY || by_rate(&waiting[i], &waiting[worst]) > 0)
			worst = i;
	}
	return worst;
}

/* What it takes to offer more than whoever was thrown out of a lane; 0: it does. */
static int64_t beat_evicted(const struct surge_evicted *evicted, enum surge_lane lane,
			    const struct surge_bid *bid)
{
	int64_t fee = evicted->lanes[lane].fee;
	uint32_t operations = evicted->lanes[lane].operations;
	if (!operations || surge_compare_rates(fee, operations, bid->fee, bid->operations) < 0)
		return 0;
	return surge_better_fee(bid->operations, fee, operations);
}

enum surge_fit surge_fits(uint32_t *out, bool *out_of_lane, uint32_t *out_count, int64_t *least,
			  const struct surge_bid *bid, uint32_t replaces,
			  const struct surge_bid *waiting, uint32_t count,
			  const struct surge_limits *limits, const struct surge_evicted *evicted)
{
	enum surge_lane lane = surge_lane_of(limits, bid);
	int64_t here = beat_evicted(evicted, lane, bid);
	*out_count = 0;
	*least = beat_evicted(evicted, SURGE_GENERIC, bid);
	if (here > *least)
		*least = here;
	if (*least > 0)
		return SURGE_CHEAP;
	uint64_t adds = bid->operations, all = 0, of_lane = 0;
	if (replaces != SURGE_NOBODY)
		adds = above(adds, waiting[replaces].operations);
	if (adds > limits->lanes[SURGE_GENERIC].operations || adds > limits->lanes[lane].operations)
		return SURGE_NEVER;
	for (uint32_t i = 0; i < count; i++) {
		all += waiting[i].operations;
		if (surge_lane_of(limits, &waiting[i]) == lane)
			of_lane += waiting[i].operations;
	}
	uint64_t lack = above(all + adds, limits->lanes[SURGE_GENERIC].operations);
	uint64_t lack_of_lane = above(of_lane + adds, limits->lanes[lane].operations);
	bool closed[SURGE_LANES] = {false};
	uint32_t last = SURGE_NOBODY;
	while (lack || lack_of_lane) {
		uint32_t at;
		bool blocked = false;
		/* room in the lane comes from the lane; others may go only for what all lack */
		while ((at = next_worst(waiting, count, last, limits, closed)) != SURGE_NOBODY) {
			enum surge_lane from = surge_lane_of(limits, &waiting[at]);
			if (lane == SURGE_GENERIC || from == lane || lack > lack_of_lane)
				break;
			blocked = true;
			closed[from] = true;
		}
		if (at == SURGE_NOBODY)
			return SURGE_NEVER;
		const struct surge_bid *worst = &waiting[at];
		if (surge_compare_rates(worst->fee, worst->operations, bid->fee, bid->operations) >=
		    0) {
			*least = surge_better_fee(bid->operations, worst->fee, worst->operations);
			return SURGE_CHEAP;
		}
		if (at == replaces)
			return SURGE_NEVER;
		out_of_lane[*out_count] = blocked;
		out[(*out_count)++] = last = at;
		lack = above(lack, worst->operations);
		if (lane == SURGE_GENERIC || surge_lane_of(limits, worst) == lane)
			lack_of_lane = above(lack_of_lane, worst->operations);
	}
	return SURGE_FITS;
}

void surge_note_evicted(struct surge_evicted *evicted, const struct surge_limits *limits,
			const struct surge_bid *bid, bool of_lane)
{
	enum surge_lane lane = of_lane ? surge_lane_of(limits, bid) : SURGE_GENERIC;
	evicted->lanes[lane].fee = bid->fee;
	evicted->lanes[lane].operations = bid->operations;
}
