/* chain/answer.c - rule R3's table, one case after the other. */
#include "chain/answer.h"

#include <stdio.h>
#include <string.h>

#include "chain/horizon.h"
#include "chain/rpc.h"
#include "sdex/result.h"

#define DISABLED 403
#define RATE_LIMIT 429

static void set(struct answer *answer, enum answer_kind kind, enum answer_reason reason, bool again)
{
	answer->kind = kind;
	answer->reason = reason;
	answer->again = again;
}

/* Prints what the server said; anything but printable ASCII as a dot. */
static void say(struct answer *answer, const char *first, const char *second)
{
	snprintf(answer->text, sizeof(answer->text), "%.60s%s%.90s", first, *second ? ": " : "",
		 second);
	for (char *at = answer->text; *at; at++)
		if (*at < 0x20 || *at > 0x7e)
			*at = '.';
}

/* A no, from a server that did not hand the bytes on: final only if they never left before. */
static void refuse(struct answer *answer, enum answer_reason reason, bool before)
{
	set(answer, before ? ANSWER_AMBIGUOUS : ANSWER_REFUSED, reason, false);
}

/* A status of HTTP whose body does not matter. */
static void by_status(struct answer *answer, unsigned status)
{
	if (status == RATE_LIMIT)
		set(answer, ANSWER_AMBIGUOUS, ANSWER_RATE_LIMIT, true);
	else if (status == 504 || status == 408)
		set(answer, ANSWER_AMBIGUOUS, ANSWER_TIMEOUT, true);
	else if (status >= 500)
		set(answer, ANSWER_AMBIGUOUS, ANSWER_SERVER, true);
	else
		set(answer, ANSWER_AMBIGUOUS, ANSWER_UNREADABLE, true);
	snprintf(answer->text, sizeof(answer->text), "HTTP status %u", status);
}

static void unreadable(struct answer *answer, const struct sdex_failure *why)
{
	set(answer, ANSWER_AMBIGUOUS, ANSWER_UNREADABLE, true);
	say(answer, "not readable", why->text);
}

/* Core's ERROR and the result that goes with it. */
static void core_error(struct answer *answer, struct sdex_arena *arena, struct sdex_bytes xdr,
		       bool before)
{
	struct sdex_failure why = {.text = "no result"};
	sdex_TransactionResult *result;
	if (xdr.size == 0 ||
	    sdex_TransactionResult_decode(&result, arena, xdr.data, xdr.size, &why)) {
		unreadable(answer, &why);
		return;
	}
	const struct sdex_code *code = sdex_result_code(result);
	const struct sdex_code *inner = sdex_result_inner_code(result);
	answer->result = result;
	say(answer, code->name, inner ? inner->name : "");
	/* An ERROR is never a success: whoever says so did not say what core said. */
	if (sdex_result_ok(result))
		set(answer, ANSWER_AMBIGUOUS, ANSWER_UNREADABLE, true);
	else if (code->value == SDEX_txBAD_SEQ || (inner && inner->value == SDEX_txBAD_SEQ))
		set(answer, ANSWER_AMBIGUOUS, ANSWER_BAD_SEQUENCE, false);
	else if (code->value == SDEX_txINTERNAL_ERROR ||
		 (inner && inner->value == SDEX_txINTERNAL_ERROR))
		set(answer, ANSWER_AMBIGUOUS, ANSWER_SERVER, true);
	else
		refuse(answer, ANSWER_INVALID, before);
}

static bool same_hash(struct answer *answer, const uint8_t got[32], const uint8_t hash[32])
{
	if (memcmp(got, hash, 32) == 0)
		return true;
	set(answer, ANSWER_AMBIGUOUS, ANSWER_UNREADABLE, true);
	say(answer, "an answer about a transaction of another hash", "");
	return false;
}

/* --- RPC */

static void rpc_refusal(struct answer *answer, const struct rpc_error *error, bool before)
{
	/* The only parameters that the server checks before core sees the envelope are its
	 * XDR and its hash (send_transaction.go). */
	if (error->code == -32602)
		refuse(answer, ANSWER_MALFORMED, before);
	else if (error->code == -32601)
		refuse(answer, ANSWER_DISABLED, before);
	else
		set(answer, ANSWER_AMBIGUOUS, ANSWER_SERVER, true);
	say(answer, "RPC", error->message);
}

void answer_rpc(struct answer *answer, struct sdex_arena *arena, unsigned status, uint64_t id,
		const uint8_t hash[32], bool before, const void *body, size_t size)
{
	struct rpc_sent sent;
	struct sdex_failure why = {.text = ""};
	*answer = (struct answer){.kind = ANSWER_AMBIGUOUS};
	if (status != 200) {
		by_status(answer, status);
		return;
	}
	if (rpc_read_sent(&sent, arena, id, body, size, &why)) {
		unreadable(answer, &why);
		return;
	}
	if (sent.error.code) {
		rpc_refusal(answer, &sent.error, before);
		return;
	}
	if (!same_hash(answer, sent.hash, hash))
		return;
	switch (sent.status) {
	case RPC_PENDING:
		set(answer, ANSWER_PENDING, ANSWER_ACCEPTED, false);
		say(answer, "PENDING", "");
		return;
	case RPC_DUPLICATE:
		set(answer, ANSWER_AMBIGUOUS, ANSWER_DUPLICATE, false);
		say(answer, "DUPLICATE", "");
		return;
	case RPC_TRY_AGAIN_LATER:
		set(answer, ANSWER_AMBIGUOUS, ANSWER_TRY_AGAIN, true);
		say(answer, "TRY_AGAIN_LATER", "");
		return;
	case RPC_ERROR:
		core_error(answer, arena, sent.result, before);
		return;
	}
}

/* --- Horizon */

static void horizon_refusal(struct answer *answer, struct sdex_arena *arena, unsigned status,
			    bool before, const void *body, size_t size)
{
	struct horizon_problem problem;
	struct sdex_failure why = {.text = ""};
	if (horizon_read_problem(&problem, arena, body, size, &why) || problem.status != status) {
		by_status(answer, status);
		return;
	}
	if (status == 400 && strcmp(problem.type, "transaction_malformed") == 0)
		refuse(answer, ANSWER_MALFORMED, before);
	else if (status == 403 && strcmp(problem.type, "transaction_submission_disabled") == 0)
		refuse(answer, ANSWER_DISABLED, before);
	else if (status == 400 && strcmp(problem.type, "transaction_failed") == 0)
		set(answer, ANSWER_AMBIGUOUS, ANSWER_FAILED_SOMEWHERE, false);
	else
		by_status(answer, status);
	if (answer->reason == ANSWER_FAILED_SOMEWHERE && problem.result.size) {
		sdex_TransactionResult *result;
		if (!sdex_TransactionResult_decode(&result, arena, problem.result.data,
						   problem.result.size, NULL) &&
		    !sdex_result_ok(result))
			answer->result = result;
	}
	say(answer, problem.type, problem.code ? problem.code : problem.title);
}

void answer_horizon_async(struct answer *answer, struct sdex_arena *arena, unsigned status,
			  const uint8_t hash[32], bool before, const void *body, size_t size)
{
	struct horizon_sent sent;
	struct sdex_failure why = {.text = ""};
	*answer = (struct answer){.kind = ANSWER_AMBIGUOUS};
	static const unsigned statuses[] = {
		[HORIZON_PENDING] = 201,
		[HORIZON_DUPLICATE] = 409,
		[HORIZON_TRY_AGAIN_LATER] = 503,
		[HORIZON_ERROR] = 400,
	};
	if (horizon_read_sent(&sent, arena, body, size, &why)) {
		if (status >= 400)
			horizon_refusal(answer, arena, status, before, body, size);
		else
			unreadable(answer, &why);
		return;
	}
	if (statuses[sent.status] != status) {
		by_status(answer, status);
		return;
	}
	if (!same_hash(answer, sent.hash, hash))
		return;
	switch (sent.status) {
	case HORIZON_PENDING:
		set(answer, ANSWER_PENDING, ANSWER_ACCEPTED, false);
		say(answer, "PENDING", "");
		return;
	case HORIZON_DUPLICATE:
		set(answer, ANSWER_AMBIGUOUS, ANSWER_DUPLICATE, false);
		say(answer, "DUPLICATE", "");
		return;
	case HORIZON_TRY_AGAIN_LATER:
		set(answer, ANSWER_AMBIGUOUS, ANSWER_TRY_AGAIN, true);
		say(answer, "TRY_AGAIN_LATER", "");
		return;
	case HORIZON_ERROR:
		core_error(answer, arena, sent.result, before);
		return;
	}
}

void answer_horizon(struct answer *answer, struct sdex_arena *arena, unsigned status,
		    const uint8_t hash[32], bool before, const void *body, size_t size)
{
	struct horizon_transaction tx;
	struct sdex_failure why = {.text = ""};
	sdex_TransactionResult *result;
	*answer = (struct answer){.kind = ANSWER_AMBIGUOUS};
	if (status >= 400) {
		horizon_refusal(answer, arena, status, before, body, size);
		return;
	}
	if (status != 200) {
		by_status(answer, status);
		return;
	}
	if (horizon_read_transaction(&tx, arena, body, size, &why) ||
	    sdex_TransactionResult_decode(&result, arena, tx.result.data, tx.result.size, &why)) {
		unreadable(answer, &why);
		return;
	}
	if (!same_hash(answer, tx.hash, hash))
		return;
	if (sdex_result_ok(result) != tx.successful || tx.ledger == 0) {
		set(answer, ANSWER_AMBIGUOUS, ANSWER_UNREADABLE, true);
		say(answer, "a result that contradicts itself", "");
		return;
	}
	set(answer, ANSWER_CONFIRMED, ANSWER_IN_LEDGER, false);
	answer->result = result;
	answer->ledger = tx.ledger;
	say(answer, sdex_result_code(result)->name, "");
}

void answer_none(struct answer *answer, bool sent, bool before)
{
	*answer = (struct answer){.kind = ANSWER_AMBIGUOUS};
	if (sent) {
		set(answer, ANSWER_AMBIGUOUS, ANSWER_TIMEOUT, true);
		say(answer, "no answer", "");
		return;
	}
	refuse(answer, ANSWER_NOT_SENT, before);
	answer->again = true;
	say(answer, "not sent", "");
}

const char *answer_kind_name(enum answer_kind kind)
{
	static const char *const names[] = {"CONFIRMED", "PENDING", "REFUSED", "AMBIGUOUS"};
	return names[kind];
}

const char *answer_reason_name(enum answer_reason reason)
{
	static const char *const names[] = {
		"IN_LEDGER",  "ACCEPTED",     "INVALID",          "MALFORMED",  "DISABLED",
		"NOT_SENT",   "BAD_SEQUENCE", "FAILED_SOMEWHERE", "DUPLICATE",  "TRY_AGAIN",
		"RATE_LIMIT", "SERVER",       "TIMEOUT",          "UNREADABLE",
	};
	return names[reason];
}
