/* sdex/predicate.h - when a claimant may claim a balance (CAP-23).
 *
 * A predicate is a tree of at most 4 levels: leaves are "always", "before a time" and
 * "within so many seconds of the balance's creation"; AND and OR join two, NOT turns
 * one round.  There is no leaf for "from a time on": that is NOT before it. */
#ifndef SDEX_PREDICATE_H
#define SDEX_PREDICATE_H

#include "sdex/xdr_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Leaves.  Times are seconds since 1970, 0 or more. */
SDEX_API sdex_ClaimPredicate sdex_predicate_always(void);
SDEX_API sdex_ClaimPredicate sdex_predicate_before(int64_t time);
SDEX_API sdex_ClaimPredicate sdex_predicate_within(int64_t seconds);

/* Branches.  The predicates given are copied to the arena; what they point to is
 * shared, so it has to come from the same arena or to outlive it.
 * NOMEM  the arena is full; nothing else is checked here (sdex_predicate_check). */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_predicate_not(sdex_ClaimPredicate *out,
							  struct sdex_arena *arena,
							  const sdex_ClaimPredicate *predicate);
SDEX_API SDEX_MUST_USE enum sdex_error sdex_predicate_and(sdex_ClaimPredicate *out,
							  struct sdex_arena *arena,
							  const sdex_ClaimPredicate *first,
							  const sdex_ClaimPredicate *second);
SDEX_API SDEX_MUST_USE enum sdex_error sdex_predicate_or(sdex_ClaimPredicate *out,
							 struct sdex_arena *arena,
							 const sdex_ClaimPredicate *first,
							 const sdex_ClaimPredicate *second);

/* MALFORMED  the network would refuse it: over 4 levels, a branch without its
 *            predicates, a negative time; why->rule (rule.h). */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_predicate_check(const sdex_ClaimPredicate *predicate,
							    struct sdex_failure *why);

/* Does the predicate hold in a ledger closed at `time`, for a balance created in one
 * closed at `created`?  (In a ledger entry no relative time is left: the network turns
 * them into absolute ones when the balance is created; `created` does not matter then.)
 * MALFORMED  as sdex_predicate_check */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_predicate_holds(bool *holds,
							    const sdex_ClaimPredicate *predicate,
							    uint64_t created, uint64_t time,
							    struct sdex_failure *why);

/* Room for the text of any valid predicate, with its NUL. */
#define SDEX_PREDICATE_ROOM 512u

/* Writes the predicate in words, for people:
 * "(before 2026-01-01 00:00:00 UTC or not within 3600 s of its creation)",
 * and a NUL (in the form of bytes.h).
 * SPACE      room is not over the text's length; SDEX_PREDICATE_ROOM is enough for any
 * MALFORMED  as sdex_predicate_check */
SDEX_API SDEX_MUST_USE enum sdex_error sdex_predicate_text(char *text, size_t room, size_t *length,
							   const sdex_ClaimPredicate *predicate,
							   struct sdex_failure *why);

#ifdef __cplusplus
}
#endif
#endif
