/* Rule R3's table, row by row: what each answer to a submission proves.
 *
 * The rows follow stellar-rpc's send_transaction.go, stellar-horizon's
 * submit_transaction_async.go, submit_transaction.go with txsub/system.go, and
 * internal/render/problem. */
#include "base/testing.h"

#include "chain/answer.h"
#include "sdex/bytes.h"
#include "sdex/result.h"

#define HASH "d8ec9b68780314ffdfdfc2194b1b35dd27d7303c3bceaef6447e31631a1419dc"
#define OTHER "00ec9b68780314ffdfdfc2194b1b35dd27d7303c3bceaef6447e31631a1419dc"
#define NO_RESULT (-100)
#define FEE_BUMP 1000 /* added to a code: the inner one of a fee bump */

enum server { RPC, ASYNC, SYNC };

struct row {
	const char *what;
	enum server server;
	unsigned status;
	/* "$" is the result in base64, "#" a description of what Horizon's transactions have. */
	const char *body;
	int code;                     /* of the result */
	enum answer_kind kind;        /* of bytes never sent before */
	enum answer_kind kind_before; /* of bytes that may have left before */
	enum answer_reason reason;
};

#define SENT(words) "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{" words "}}"
#define RPC_SENT(status)                                                           \
	SENT("\"status\":\"" status "\",\"hash\":\"" HASH "\",\"latestLedger\":9," \
	     "\"latestLedgerCloseTime\":\"1\"")
#define RPC_ERROR                                                             \
	SENT("\"status\":\"ERROR\",\"hash\":\"" HASH "\",\"latestLedger\":9," \
	     "\"latestLedgerCloseTime\":\"1\",\"errorResultXdr\":\"$\"")
#define RPC_NO(code, message) \
	"{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":" code ",\"message\":\"" message "\"}}"
#define ASYNC_SENT(status) "{\"tx_status\":\"" status "\",\"hash\":\"" HASH "\"}"
#define ASYNC_ERROR "{\"tx_status\":\"ERROR\",\"hash\":\"" HASH "\",\"error_result_xdr\":\"$\"}"
#define PROBLEM(type, status)                                        \
	"{\"type\":\"https://stellar.org/horizon-errors/" type "\"," \
	"\"title\":\"T\",\"status\":" status ",\"detail\":\"D\"}"
#define TX_FAILED                                                               \
	"{\"type\":\"https://stellar.org/horizon-errors/transaction_failed\","  \
	"\"title\":\"T\",\"status\":400,\"extras\":{\"envelope_xdr\":\"AA==\"," \
	"\"result_codes\":{\"transaction\":\"tx_failed\"},\"result_xdr\":\"$\"}}"
#define TRANSACTION(hash, ok, ledger)                                              \
	"{\"hash\":\"" hash "\",\"successful\":" ok ",\"ledger\":" ledger          \
	",\"paging_token\":\"599470060347392\",\"source_account\":"                \
	"\"GCIHAQVWZH2AB5BB5NP63FBSIREG77LQZZNUVKD2LN2IOCLOT6N72MJN\","            \
	"\"source_account_sequence\":\"599336916353025\",\"fee_charged\":\"100\"," \
	"\"envelope_xdr\":\"AAAA\",\"result_xdr\":\"$\"}"

#define CONFIRMED ANSWER_CONFIRMED
#define PENDING ANSWER_PENDING
#define REFUSED ANSWER_REFUSED
#define AMBIGUOUS ANSWER_AMBIGUOUS

static const struct row rows[] = {
	/* --- RPC: what core said */
	{"pending", RPC, 200, RPC_SENT("PENDING"), 0, PENDING, PENDING, ANSWER_ACCEPTED},
	{"duplicate", RPC, 200, RPC_SENT("DUPLICATE"), 0, AMBIGUOUS, AMBIGUOUS, ANSWER_DUPLICATE},
	{"try later", RPC, 200, RPC_SENT("TRY_AGAIN_LATER"), 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_TRY_AGAIN},
	{"too early", RPC, 200, RPC_ERROR, SDEX_txTOO_EARLY, REFUSED, AMBIGUOUS, ANSWER_INVALID},
	{"too late", RPC, 200, RPC_ERROR, SDEX_txTOO_LATE, REFUSED, AMBIGUOUS, ANSWER_INVALID},
	{"missing", RPC, 200, RPC_ERROR, SDEX_txMISSING_OPERATION, REFUSED, AMBIGUOUS,
	 ANSWER_INVALID},
	{"bad seq", RPC, 200, RPC_ERROR, SDEX_txBAD_SEQ, AMBIGUOUS, AMBIGUOUS, ANSWER_BAD_SEQUENCE},
	{"bad auth", RPC, 200, RPC_ERROR, SDEX_txBAD_AUTH, REFUSED, AMBIGUOUS, ANSWER_INVALID},
	{"balance", RPC, 200, RPC_ERROR, SDEX_txINSUFFICIENT_BALANCE, REFUSED, AMBIGUOUS,
	 ANSWER_INVALID},
	{"no account", RPC, 200, RPC_ERROR, SDEX_txNO_ACCOUNT, REFUSED, AMBIGUOUS, ANSWER_INVALID},
	{"fee", RPC, 200, RPC_ERROR, SDEX_txINSUFFICIENT_FEE, REFUSED, AMBIGUOUS, ANSWER_INVALID},
	{"auth extra", RPC, 200, RPC_ERROR, SDEX_txBAD_AUTH_EXTRA, REFUSED, AMBIGUOUS,
	 ANSWER_INVALID},
	{"internal", RPC, 200, RPC_ERROR, SDEX_txINTERNAL_ERROR, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_SERVER},
	{"not supported", RPC, 200, RPC_ERROR, SDEX_txNOT_SUPPORTED, REFUSED, AMBIGUOUS,
	 ANSWER_INVALID},
	{"sponsorship", RPC, 200, RPC_ERROR, SDEX_txBAD_SPONSORSHIP, REFUSED, AMBIGUOUS,
	 ANSWER_INVALID},
	{"seq gap", RPC, 200, RPC_ERROR, SDEX_txBAD_MIN_SEQ_AGE_OR_GAP, REFUSED, AMBIGUOUS,
	 ANSWER_INVALID},
	{"malformed", RPC, 200, RPC_ERROR, SDEX_txMALFORMED, REFUSED, AMBIGUOUS, ANSWER_INVALID},
	{"frozen", RPC, 200, RPC_ERROR, SDEX_txFROZEN_KEY_ACCESSED, REFUSED, AMBIGUOUS,
	 ANSWER_INVALID},
	{"an operation", RPC, 200, RPC_ERROR, SDEX_txFAILED, REFUSED, AMBIGUOUS, ANSWER_INVALID},
	{"bad seq within", RPC, 200, RPC_ERROR, SDEX_txBAD_SEQ + FEE_BUMP, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_BAD_SEQUENCE},
	{"internal within", RPC, 200, RPC_ERROR, SDEX_txINTERNAL_ERROR + FEE_BUMP, AMBIGUOUS,
	 AMBIGUOUS, ANSWER_SERVER},
	{"too late within", RPC, 200, RPC_ERROR, SDEX_txTOO_LATE + FEE_BUMP, REFUSED, AMBIGUOUS,
	 ANSWER_INVALID},
	{"an error that succeeded", RPC, 200, RPC_ERROR, SDEX_txSUCCESS, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_UNREADABLE},
	{"an error without a result", RPC, 200, RPC_SENT("ERROR"), 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_UNREADABLE},
	{"a result that is none", RPC, 200, RPC_ERROR, NO_RESULT, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_UNREADABLE},
	{"filtered", RPC, 200, RPC_SENT("FILTERED"), 0, AMBIGUOUS, AMBIGUOUS, ANSWER_UNREADABLE},

	/* --- RPC: what the server said itself */
	{"invalid_xdr", RPC, 200, RPC_NO("-32602", "invalid_xdr"), 0, REFUSED, AMBIGUOUS,
	 ANSWER_MALFORMED},
	{"no such method", RPC, 200, RPC_NO("-32601", "no such method"), 0, REFUSED, AMBIGUOUS,
	 ANSWER_DISABLED},
	{"no core", RPC, 200, RPC_NO("-32603", "could not submit transaction to stellar-core"), 0,
	 AMBIGUOUS, AMBIGUOUS, ANSWER_SERVER},
	{"unknown refusal", RPC, 200, RPC_NO("-32000", "?"), 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_SERVER},

	/* --- RPC: no answer of such a server */
	{"cut off", RPC, 200, "{\"jsonrpc\":\"2.0\",\"id\":7,\"resu", 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_UNREADABLE},
	{"empty", RPC, 200, "", 0, AMBIGUOUS, AMBIGUOUS, ANSWER_UNREADABLE},
	{"a page", RPC, 200, "<html>", 0, AMBIGUOUS, AMBIGUOUS, ANSWER_UNREADABLE},
	{"another's id", RPC, 200,
	 "{\"jsonrpc\":\"2.0\",\"id\":8,\"error\":{\"code\":-32602,\"message\":\"\"}}", 0,
	 AMBIGUOUS, AMBIGUOUS, ANSWER_UNREADABLE},
	{"another's hash", RPC, 200,
	 SENT("\"status\":\"PENDING\",\"hash\":\"" OTHER "\",\"latestLedger\":9,"
	      "\"latestLedgerCloseTime\":\"1\""),
	 0, AMBIGUOUS, AMBIGUOUS, ANSWER_UNREADABLE},
	{"rate limit", RPC, 429, "", 0, AMBIGUOUS, AMBIGUOUS, ANSWER_RATE_LIMIT},
	{"bad gateway", RPC, 502, "", 0, AMBIGUOUS, AMBIGUOUS, ANSWER_SERVER},
	{"unavailable", RPC, 503, RPC_SENT("PENDING"), 0, AMBIGUOUS, AMBIGUOUS, ANSWER_SERVER},
	{"gateway timeout", RPC, 504, "", 0, AMBIGUOUS, AMBIGUOUS, ANSWER_TIMEOUT},
	{"too large", RPC, 413, "", 0, AMBIGUOUS, AMBIGUOUS, ANSWER_UNREADABLE},
	{"moved", RPC, 301, "", 0, AMBIGUOUS, AMBIGUOUS, ANSWER_UNREADABLE},

	/* --- Horizon, asynchronous */
	{"pending", ASYNC, 201, ASYNC_SENT("PENDING"), 0, PENDING, PENDING, ANSWER_ACCEPTED},
	{"duplicate", ASYNC, 409, ASYNC_SENT("DUPLICATE"), 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_DUPLICATE},
	{"try later", ASYNC, 503, ASYNC_SENT("TRY_AGAIN_LATER"), 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_TRY_AGAIN},
	{"too late", ASYNC, 400, ASYNC_ERROR, SDEX_txTOO_LATE, REFUSED, AMBIGUOUS, ANSWER_INVALID},
	{"bad seq", ASYNC, 400, ASYNC_ERROR, SDEX_txBAD_SEQ, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_BAD_SEQUENCE},
	{"pending as 200", ASYNC, 200, ASYNC_SENT("PENDING"), 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_UNREADABLE},
	{"pending as 503", ASYNC, 503, ASYNC_SENT("PENDING"), 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_SERVER},
	{"malformed", ASYNC, 400, PROBLEM("transaction_malformed", "400"), 0, REFUSED, AMBIGUOUS,
	 ANSWER_MALFORMED},
	{"disabled", ASYNC, 403, PROBLEM("transaction_submission_disabled", "403"), 0, REFUSED,
	 AMBIGUOUS, ANSWER_DISABLED},
	{"other 403", ASYNC, 403, PROBLEM("forbidden", "403"), 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_UNREADABLE},
	{"no core", ASYNC, 500, PROBLEM("transaction_submission_failed", "500"), 0, AMBIGUOUS,
	 AMBIGUOUS, ANSWER_SERVER},
	{"exception", ASYNC, 500, PROBLEM("transaction_submission_exception", "500"), 0, AMBIGUOUS,
	 AMBIGUOUS, ANSWER_SERVER},
	{"filtered", ASYNC, 500, PROBLEM("transaction_submission_invalid_status", "500"), 0,
	 AMBIGUOUS, AMBIGUOUS, ANSWER_SERVER},
	{"stale", ASYNC, 503, PROBLEM("stale_history", "503"), 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_SERVER},
	{"rate limit", ASYNC, 429, PROBLEM("rate_limit_exceeded", "429"), 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_RATE_LIMIT},
	{"timeout", ASYNC, 504, PROBLEM("timeout", "504"), 0, AMBIGUOUS, AMBIGUOUS, ANSWER_TIMEOUT},
	{"status and body differ", ASYNC, 500, PROBLEM("transaction_malformed", "400"), 0,
	 AMBIGUOUS, AMBIGUOUS, ANSWER_SERVER},
	{"a page", ASYNC, 201, "<html>", 0, AMBIGUOUS, AMBIGUOUS, ANSWER_UNREADABLE},
	{"another's hash", ASYNC, 201, "{\"tx_status\":\"PENDING\",\"hash\":\"" OTHER "\"}", 0,
	 AMBIGUOUS, AMBIGUOUS, ANSWER_UNREADABLE},

	/* --- Horizon, waiting for the ledger */
	{"done", SYNC, 200, TRANSACTION(HASH, "true", "9"), SDEX_txSUCCESS, CONFIRMED, CONFIRMED,
	 ANSWER_IN_LEDGER},
	{"done, failed", SYNC, 200, TRANSACTION(HASH, "false", "9"), SDEX_txFAILED, CONFIRMED,
	 CONFIRMED, ANSWER_IN_LEDGER},
	{"contradicts itself", SYNC, 200, TRANSACTION(HASH, "true", "9"), SDEX_txFAILED, AMBIGUOUS,
	 AMBIGUOUS, ANSWER_UNREADABLE},
	{"in no ledger", SYNC, 200, TRANSACTION(HASH, "true", "0"), SDEX_txSUCCESS, AMBIGUOUS,
	 AMBIGUOUS, ANSWER_UNREADABLE},
	{"another's hash", SYNC, 200, TRANSACTION(OTHER, "true", "9"), SDEX_txSUCCESS, AMBIGUOUS,
	 AMBIGUOUS, ANSWER_UNREADABLE},
	{"no result", SYNC, 200, TRANSACTION(HASH, "true", "9"), NO_RESULT, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_UNREADABLE},
	{"failed somewhere", SYNC, 400, TX_FAILED, SDEX_txFAILED, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_FAILED_SOMEWHERE},
	{"bad seq", SYNC, 400, TX_FAILED, SDEX_txBAD_SEQ, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_FAILED_SOMEWHERE},
	{"malformed", SYNC, 400, PROBLEM("transaction_malformed", "400"), 0, REFUSED, AMBIGUOUS,
	 ANSWER_MALFORMED},
	{"bad request", SYNC, 400, PROBLEM("bad_request", "400"), 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_UNREADABLE},
	{"disabled", SYNC, 403, PROBLEM("transaction_submission_disabled", "403"), 0, REFUSED,
	 AMBIGUOUS, ANSWER_DISABLED},
	{"timeout", SYNC, 504, PROBLEM("transaction_submission_timeout", "504"), 0, AMBIGUOUS,
	 AMBIGUOUS, ANSWER_TIMEOUT},
	{"gone", SYNC, 499, PROBLEM("client_disconnected", "499"), 0, AMBIGUOUS, AMBIGUOUS,
	 ANSWER_UNREADABLE},
	{"over capacity", SYNC, 503, PROBLEM("server_over_capacity", "503"), 0, AMBIGUOUS,
	 AMBIGUOUS, ANSWER_SERVER},
	{"a page", SYNC, 502, "<html>", 0, AMBIGUOUS, AMBIGUOUS, ANSWER_SERVER},
};

/* A TransactionResult of the code, in base64; "AAAA" for none. */
static void result_text(char text[256], int code)
{
	sdex_InnerTransactionResultPair inner = {
		.result = {.result = {.code = (sdex_TransactionResultCode)(code - FEE_BUMP)}}};
	sdex_TransactionResult result = {.feeCharged = 100,
					 .result = {.code = (sdex_TransactionResultCode)code}};
	uint8_t data[128];
	size_t size;
	if (code == NO_RESULT) {
		strcpy(text, "AAAA");
		return;
	}
	if (code > FEE_BUMP / 2) {
		result.result.code = SDEX_txFEE_BUMP_INNER_FAILED;
		result.result.innerResultPair = &inner;
	}
	assert_int_equal(sdex_TransactionResult_encode(data, sizeof(data), &size, &result, NULL),
			 SDEX_OK);
	assert_int_equal(sdex_base64_encode(text, 256, &size, data, size), SDEX_OK);
}

static size_t body_text(char *body, const struct row *row)
{
	char result[256];
	size_t size = 0;
	result_text(result, row->code);
	for (const char *at = row->body; *at; at++) {
		if (*at != '$') {
			body[size++] = *at;
			continue;
		}
		memcpy(body + size, result, strlen(result));
		size += strlen(result);
	}
	return size;
}

static void judge(struct answer *answer, struct sdex_arena *arena, const struct row *row,
		  bool before)
{
	static char body[8192];
	uint8_t hash[32];
	size_t size = body_text(body, row), got;
	assert_int_equal(sdex_hex_decode(hash, 32, &got, HASH, 64, NULL), SDEX_OK);
	if (row->server == RPC)
		answer_rpc(answer, arena, row->status, 7, hash, before, body, size);
	else if (row->server == ASYNC)
		answer_horizon_async(answer, arena, row->status, hash, before, body, size);
	else
		answer_horizon(answer, arena, row->status, hash, before, body, size);
}

static void every_row(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int before = 0; before < 2; before++) {
			const struct row *row = &rows[i];
			struct answer answer;
			judge(&answer, arena, row, before);
			enum answer_kind kind = before ? row->kind_before : row->kind;
			if (answer.kind != kind || answer.reason != row->reason)
				fail_msg("%s (HTTP %u)%s: expected %s %s, found %s %s", row->what,
					 row->status, before ? ", sent before" : "",
					 answer_kind_name(kind), answer_reason_name(row->reason),
					 answer_kind_name(answer.kind),
					 answer_reason_name(answer.reason));
			assert_int_not_equal(answer.text[0], 0);
			if (answer.kind == ANSWER_CONFIRMED) {
				assert_non_null(answer.result);
				assert_int_equal(answer.ledger, 9);
			}
			if (answer.reason == ANSWER_INVALID ||
			    answer.reason == ANSWER_BAD_SEQUENCE ||
			    answer.reason == ANSWER_FAILED_SOMEWHERE)
				assert_false(sdex_result_ok(answer.result));
		}
	print_message("%zu rows\n", sizeof(rows) / sizeof(rows[0]));
	sdex_arena_free(arena);
}

/* No code of core but these two keeps the door open, whatever the schema adds. */
static void every_code_of_the_schema(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	uint32_t count = 0;
	for (int code = -64; code < 0; code++) {
		struct row row = {.server = RPC, .status = 200, .body = RPC_ERROR, .code = code};
		struct answer answer;
		if (!sdex_enum_name(SDEX_TYPE_TransactionResultCode, code) ||
		    code == SDEX_txFEE_BUMP_INNER_FAILED)
			continue;
		judge(&answer, arena, &row, false);
		bool open = code == SDEX_txBAD_SEQ || code == SDEX_txINTERNAL_ERROR;
		assert_int_equal(answer.kind, open ? ANSWER_AMBIGUOUS : ANSWER_REFUSED);
		judge(&answer, arena, &row, true);
		assert_int_equal(answer.kind, ANSWER_AMBIGUOUS);
		count++;
	}
	assert_true(count >= 16);
	sdex_arena_free(arena);
}

/* Cut off anywhere, no answer proves anything. */
static void cut_off_anywhere(void **state)
{
	(void)state;
	static char body[8192];
	struct sdex_arena *arena = sdex_arena_new(0);
	uint8_t hash[32];
	size_t got;
	assert_int_equal(sdex_hex_decode(hash, 32, &got, HASH, 64, NULL), SDEX_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t size = body_text(body, &rows[i]);
		for (size_t cut = 0; cut < size; cut++) {
			struct answer answer;
			if (rows[i].server == RPC)
				answer_rpc(&answer, arena, rows[i].status, 7, hash, false, body,
					   cut);
			else if (rows[i].server == ASYNC)
				answer_horizon_async(&answer, arena, rows[i].status, hash, false,
						     body, cut);
			else
				answer_horizon(&answer, arena, rows[i].status, hash, false, body,
					       cut);
			assert_int_equal(answer.kind, ANSWER_AMBIGUOUS);
		}
		sdex_arena_reset(arena);
	}
	sdex_arena_free(arena);
}

static void no_memory_proves_nothing(void **state)
{
	(void)state;
	static char body[8192];
	uint8_t hash[32];
	size_t got;
	assert_int_equal(sdex_hex_decode(hash, 32, &got, HASH, 64, NULL), SDEX_OK);
	struct row row = {.server = RPC, .status = 200, .body = RPC_ERROR, .code = SDEX_txTOO_LATE};
	size_t size = body_text(body, &row);
	struct sdex_arena *arena = sdex_arena_new(1);
	struct answer answer;
	answer_rpc(&answer, arena, 200, 7, hash, false, body, size);
	assert_int_equal(answer.kind, ANSWER_AMBIGUOUS);
	sdex_arena_free(arena);
}

static void nobody_answers(void **state)
{
	(void)state;
	struct answer answer;
	answer_none(&answer, true, false);
	assert_int_equal(answer.kind, ANSWER_AMBIGUOUS);
	assert_int_equal(answer.reason, ANSWER_TIMEOUT);
	answer_none(&answer, false, false);
	assert_int_equal(answer.kind, ANSWER_REFUSED);
	assert_int_equal(answer.reason, ANSWER_NOT_SENT);
	assert_true(answer.again);
	answer_none(&answer, false, true);
	assert_int_equal(answer.kind, ANSWER_AMBIGUOUS);
	assert_string_equal(answer_kind_name(ANSWER_AMBIGUOUS), "AMBIGUOUS");
	assert_string_equal(answer_reason_name(ANSWER_UNREADABLE), "UNREADABLE");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),        cmocka_unit_test(every_code_of_the_schema),
		cmocka_unit_test(cut_off_anywhere), cmocka_unit_test(no_memory_proves_nothing),
		cmocka_unit_test(nobody_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
