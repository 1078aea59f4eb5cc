/* ledger/surge.h - who gets into a ledger when not all fit, and what that costs
 * (stellar-core: SurgePricingUtils.cpp, TxQueueLimiter.cpp, applySurgePricing in
 * TxSetFrame.cpp).
 *
 * Offers compete by their fee for an operation, compared exactly.  Where the network breaks
 * ties by chance, the greater hash goes first, as in stellar-core's own tests.  A validator
 * may keep a lane for transactions that trade: they need room there and in the generic
 * lane, which all share.
 *
 * Plain arithmetic: no state, no transactions. */
#ifndef SDEX_LEDGER_SURGE_H
#define SDEX_LEDGER_SURGE_H

#include <stdbool.h>
#include <stdint.h>

#define SURGE_BYTES_MAX 5242880u /* envelopes of a ledger (MAX_CLASSIC_BYTE_ALLOWANCE) */
#define SURGE_NO_LIMIT UINT64_MAX

enum surge_lane {
	SURGE_GENERIC,
	SURGE_DEX,
	SURGE_LANES,
};

struct surge_room {
	uint64_t operations;
	uint64_t bytes;
};

struct surge_limits {
	bool dex_lane; /* false: all are generic */
	struct surge_room lanes[SURGE_LANES];
};

/* What a transaction offers, and what room it takes. */
struct surge_bid {
	const uint8_t *full_hash; /* 32 bytes */
	int64_t fee;              /* of all its operations, >= 0 */
	uint32_t operations;      /* one more for a fee bump; > 0 */
	uint32_t bytes;           /* of the inner envelope */
	bool dex;                 /* it takes from books or pools */
};

enum surge_lane surge_lane_of(const struct surge_limits *limits, const struct surge_bid *bid);

/* Does fee a for a_operations offer more than fee b for b_operations?  < 0, 0, > 0. */
int surge_compare_rates(int64_t fee_a, uint32_t a_operations, int64_t fee_b, uint32_t b_operations);

/* The least fee that offers more for `operations` than the other fee does. */
int64_t surge_better_fee(uint32_t operations, int64_t other_fee, uint32_t other_operations);

/* --- a ledger */

/* Marks the offers that a ledger takes: the best first, and smaller ones behind one that
 * does not fit.  An operation then costs base_fees[lane] in each lane: header_fee (the
 * header's base fee) unless somebody was left out; if from the generic lane, the least
 * that anybody who got in offers; if from the lane itself, the least in that lane.
 * Orders *bids, which is how they are marked: chosen[i] is for bids[i] as given.  `order`
 * has room for `count` numbers. */
void surge_choose(bool *chosen, int64_t base_fees[SURGE_LANES], uint32_t *order,
		  const struct surge_bid *bids, uint32_t count, const struct surge_limits *limits,
		  uint32_t header_fee);

/* --- what waits for ledgers */

/* The last ones thrown out of each lane: whoever comes after has to offer more, room or
 * not.  All 0 at first and after each ledger. */
struct surge_evicted {
	struct {
		int64_t fee;
		uint32_t operations; /* 0: nobody was thrown out */
	} lanes[SURGE_LANES];
};

enum surge_fit {
	SURGE_FITS,  /* when those that are named have gone */
	SURGE_CHEAP, /* *least would do, if nothing else changed */
	SURGE_NEVER, /* it is larger than its lane, or would throw out its own source's */
};

/* Is there room for one more among those that wait?  Names whom to throw out for it,
 * out[0 .. *out_count), which has room for `count`; out_of_lane[i] says that the room
 * lacking is in the one's own lane.  `replaces` is the offer of the same source that it
 * stands in for, or SURGE_NOBODY.  Bytes are not looked at. */
#define SURGE_NOBODY UINT32_MAX
enum surge_fit surge_fits(uint32_t *out, bool *out_of_lane, uint32_t *out_count, int64_t *least,
			  const struct surge_bid *bid, uint32_t replaces,
			  const struct surge_bid *waiting, uint32_t count,
			  const struct surge_limits *limits, const struct surge_evicted *evicted);

/* Notes that an offer was thrown out as surge_fits said. */
void surge_note_evicted(struct surge_evicted *evicted, const struct surge_limits *limits,
			const struct surge_bid *bid, bool of_lane);

#endif
