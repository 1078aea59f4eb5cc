/* sign/desk.h - from a request to a signature or a refusal: where policy, keys and the audit
 * log meet.
 *
 * Requests are taken in batches, so that one sync of the log serves all of a batch:
 *
 *	desk_take(desk, &frame, &now);	(for each request)
 *	desk_settle(desk, &why);	(syncs the intents, signs, logs the results)
 *	desk_answer(desk, i, &frame);	(for each, in the order of taking)
 *	desk_clear(desk);
 *
 * There is no other way to a signature: what is signed is the hash that the desk computes of
 * an envelope that it has decoded and the policy allows. */
#ifndef SDEX_SIGN_DESK_H
#define SDEX_SIGN_DESK_H

#include "policy/policy.h"
#include "sdex/key.h"
#include "sign/audit.h"
#include "sign/frame.h"

#define DESK_BATCH 64u
#define DESK_KEYS_MAX FRAME_KEYS_MAX
#define DESK_CLOCK_SLACK_MS 10000 /* a clock that is set may run back so far */

struct desk;

struct desk_key {
	char name[FRAME_NAME_MAX + 1];
	const struct sdex_secret *secret; /* the caller's, in locked memory */
	struct policy policy;             /* what it points to is the caller's */
};

struct desk_options {
	const char *network_passphrase;
	const struct desk_key *keys; /* copied */
	uint32_t key_count;          /* 1 to DESK_KEYS_MAX, no name twice */
	uint32_t per_second;         /* signatures; see policy/rate.h */
	const char *audit;           /* file */
};

/* Both clocks of a moment. */
struct desk_time {
	int64_t now_ms;     /* since 1970 */
	uint64_t steady_ms; /* of a clock that never goes back */
};

/* Opens the audit log, learns from it what was signed before, and logs the start.
 * As audit_open; KIND  the log is of another network */
SDEX_MUST_USE enum sdex_error desk_open(struct desk **desk, const struct desk_options *options,
					const struct desk_time *now, struct sdex_failure *why);

/* Logs the end and frees.  NULL is fine. */
void desk_close(struct desk *desk, int64_t now_ms);

/* Takes a request (FRAME_SIGN), whose bytes have to live until desk_clear; at most
 * DESK_BATCH of them.
 * INVALID  the audit log cannot be written: nothing more may be asked or answered */
SDEX_MUST_USE enum sdex_error desk_take(struct desk *desk, const struct frame *request,
					const struct desk_time *now, struct sdex_failure *why);

/* Signs what was taken and is allowed.  As desk_take. */
SDEX_MUST_USE enum sdex_error desk_settle(struct desk *desk, int64_t now_ms,
					  struct sdex_failure *why);

/* The answer to request number i of the batch, borrowed until desk_clear. */
void desk_answer(const struct desk *desk, uint32_t i, struct frame *answer);

void desk_clear(struct desk *desk);

/* The policy in force as JSON, ended by NUL; it lives as long as the desk. */
const char *desk_policy(const struct desk *desk);

const struct audit *desk_audit(const struct desk *desk);

#endif
