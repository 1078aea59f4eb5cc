/* stellar/predicate.c - claim predicates: made, checked, asked, put into words. */
#include "sdex/predicate.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/failure.h"
#include "stellar/refuse.h"
#include "stellar/words.h"

#define LEVELS 4u /* validatePredicate, CreateClaimableBalanceOpFrame.cpp */

sdex_ClaimPredicate sdex_predicate_always(void)
{
	return (sdex_ClaimPredicate){.type = SDEX_CLAIM_PREDICATE_UNCONDITIONAL};
}

sdex_ClaimPredicate sdex_predicate_before(int64_t time)
{
	return (sdex_ClaimPredicate){.type = SDEX_CLAIM_PREDICATE_BEFORE_ABSOLUTE_TIME,
				     .absBefore = time};
}

sdex_ClaimPredicate sdex_predicate_within(int64_t seconds)
{
	return (sdex_ClaimPredicate){.type = SDEX_CLAIM_PREDICATE_BEFORE_RELATIVE_TIME,
				     .relBefore = seconds};
}

enum sdex_error sdex_predicate_not(sdex_ClaimPredicate *out, struct sdex_arena *arena,
				   const sdex_ClaimPredicate *predicate)
{
	sdex_ClaimPredicate *inner = sdex_arena_copy(arena, predicate, sizeof *predicate);
	if (!inner)
		return SDEX_ERR_NOMEM;
	*out = (sdex_ClaimPredicate){.type = SDEX_CLAIM_PREDICATE_NOT, .notPredicate = inner};
	return SDEX_OK;
}

static enum sdex_error pair(sdex_ClaimPredicate_list *out, struct sdex_arena *arena,
			    const sdex_ClaimPredicate *first, const sdex_ClaimPredicate *second)
{
	sdex_ClaimPredicate *two = sdex_arena_alloc(arena, 2 * sizeof *two);
	if (!two)
		return SDEX_ERR_NOMEM;
	two[0] = *first;
	two[1] = *second;
	out->items = two;
	out->count = 2;
	return SDEX_OK;
}

enum sdex_error sdex_predicate_and(sdex_ClaimPredicate *out, struct sdex_arena *arena,
				   const sdex_ClaimPredicate *first,
				   const sdex_ClaimPredicate *second)
{
	sdex_ClaimPredicate_list two;
	enum sdex_error error = pair(&two, arena, first, second);
	if (!error)
		*out = (sdex_ClaimPredicate){.type = SDEX_CLAIM_PREDICATE_AND,
					     .andPredicates = two};
	return error;
}

enum sdex_error sdex_predicate_or(sdex_ClaimPredicate *out, struct sdex_arena *arena,
				  const sdex_ClaimPredicate *first,
				  const sdex_ClaimPredicate *second)
{
	sdex_ClaimPredicate_list two;
	enum sdex_error error = pair(&two, arena, first, second);
	if (!error)
		*out = (sdex_ClaimPredicate){.type = SDEX_CLAIM_PREDICATE_OR, .orPredicates = two};
	return error;
}

static enum sdex_error check_level(const struct check *c, const sdex_ClaimPredicate *p,
				   uint32_t level)
{
	const sdex_ClaimPredicate_list *two = NULL;
	if (level > LEVELS)
		return refuse(c, SDEX_RULE_CREATE_CLAIMABLE_BALANCE_PREDICATE_DEPTH, "more");
	switch (p->type) {
	case SDEX_CLAIM_PREDICATE_UNCONDITIONAL:
		return SDEX_OK;
	case SDEX_CLAIM_PREDICATE_AND:
		two = &p->andPredicates;
		break;
	case SDEX_CLAIM_PREDICATE_OR:
		two = &p->orPredicates;
		break;
	case SDEX_CLAIM_PREDICATE_NOT:
		if (!p->notPredicate)
			return refuse(c, SDEX_RULE_CREATE_CLAIMABLE_BALANCE_PREDICATE_NOT, "none");
		return check_level(c, p->notPredicate, level + 1);
	case SDEX_CLAIM_PREDICATE_BEFORE_ABSOLUTE_TIME:
		if (p->absBefore < 0)
			return refuse(c, SDEX_RULE_CREATE_CLAIMABLE_BALANCE_PREDICATE_ABSOLUTE,
				      "%" PRId64, p->absBefore);
		return SDEX_OK;
	case SDEX_CLAIM_PREDICATE_BEFORE_RELATIVE_TIME:
		if (p->relBefore < 0)
			return refuse(c, SDEX_RULE_CREATE_CLAIMABLE_BALANCE_PREDICATE_RELATIVE,
				      "%" PRId64, p->relBefore);
		return SDEX_OK;
	}
	if (!two || two->count != 2 || !two->items)
		return refuse(c, SDEX_RULE_CREATE_CLAIMABLE_BALANCE_PREDICATE_PAIR, "%" PRIu32,
			      two && two->items ? two->count : 0);
	enum sdex_error error = check_level(c, &two->items[0], level + 1);
	return error ? error : check_level(c, &two->items[1], level + 1);
}

enum sdex_error predicate_check(const struct check *check, const sdex_ClaimPredicate *predicate)
{
	return check_level(check, predicate, 1);
}

enum sdex_error sdex_predicate_check(const sdex_ClaimPredicate *predicate, struct sdex_failure *why)
{
	const struct check check = {.why = why};
	return predicate_check(&check, predicate);
}

static bool holds_at(const sdex_ClaimPredicate *p, uint64_t created, uint64_t time)
{
	switch (p->type) {
	case SDEX_CLAIM_PREDICATE_UNCONDITIONAL:
		break;
	case SDEX_CLAIM_PREDICATE_AND:
		return holds_at(&p->andPredicates.items[0], created, time) &&
		       holds_at(&p->andPredicates.items[1], created, time);
	case SDEX_CLAIM_PREDICATE_OR:
		return holds_at(&p->orPredicates.items[0], created, time) ||
		       holds_at(&p->orPredicates.items[1], created, time);
	case SDEX_CLAIM_PREDICATE_NOT:
		return !holds_at(p->notPredicate, created, time);
	case SDEX_CLAIM_PREDICATE_BEFORE_ABSOLUTE_TIME:
		return (uint64_t)p->absBefore > time;
	case SDEX_CLAIM_PREDICATE_BEFORE_RELATIVE_TIME: {
		/* Where the sum does not fit, the network keeps INT64_MAX. */
		uint64_t rest = created < INT64_MAX ? INT64_MAX - created : 0;
		uint64_t end = (uint64_t)p->relBefore > rest ? INT64_MAX
							     : created + (uint64_t)p->relBefore;
		return end > time;
	}
	}
	return true;
}

enum sdex_error sdex_predicate_holds(bool *holds, const sdex_ClaimPredicate *predicate,
				     uint64_t created, uint64_t time, struct sdex_failure *why)
{
	enum sdex_error error = sdex_predicate_check(predicate, why);
	if (!error)
		*holds = holds_at(predicate, created, time);
	return error;
}

static void write_level(struct words *w, const sdex_ClaimPredicate *p)
{
	const sdex_ClaimPredicate_list *two = &p->andPredicates;
	const char *between = " and ";
	switch (p->type) {
	case SDEX_CLAIM_PREDICATE_UNCONDITIONAL:
		words_add(w, "always");
		return;
	case SDEX_CLAIM_PREDICATE_NOT:
		words_add(w, "not ");
		write_level(w, p->notPredicate);
		return;
	case SDEX_CLAIM_PREDICATE_BEFORE_ABSOLUTE_TIME:
		words_add(w, "before ");
		words_add_time(w, (uint64_t)p->absBefore);
		return;
	case SDEX_CLAIM_PREDICATE_BEFORE_RELATIVE_TIME:
		words_add(w, "within %" PRId64 " s of its creation", p->relBefore);
		return;
	case SDEX_CLAIM_PREDICATE_OR:
		two = &p->orPredicates;
		between = " or ";
		break;
	case SDEX_CLAIM_PREDICATE_AND:
		break;
	}
	words_add(w, "(");
	write_level(w, &two->items[0]);
	words_add(w, "%s", between);
	write_level(w, &two->items[1]);
	words_add(w, ")");
}

enum sdex_error sdex_predicate_text(char *text, size_t room, size_t *length,
				    const sdex_ClaimPredicate *predicate, struct sdex_failure *why)
{
	enum sdex_error error = sdex_predicate_check(predicate, why);
	if (error)
		return error;
	struct words w = {.room = 0};
	write_level(&w, predicate);
	error = words_fit(&w, text, room, why);
	if (error)
		return error;
	write_level(&w, predicate);
	put_length(length, w.length);
	return SDEX_OK;
}
