/* Requests as the servers take them, and headers as they send them.  (What answers hold is
 * tests/chain's: it reads the examples of both documentations.) */
#include "base/testing.h"

#include "chain/horizon.h"
#include "chain/rpc.h"
#include "sdex/asset.h"

/* --- RPC: names and shapes of stellar-rpc's methods (protocols/rpc) */

static struct json_writer writer(char *out, size_t room)
{
	struct json_writer w;
	json_write_buffer(&w, out, room, false);
	return w;
}

static void assert_body(struct json_writer *w, char *out, const char *expected)
{
	size_t size;
	assert_int_equal(json_write_close(w, NULL, &size), SDEX_OK);
	out[size] = 0;
	assert_string_equal(out, expected);
}

static void requests_to_rpc(void **state)
{
	(void)state;
	char out[2048];
	uint8_t hash[32], envelope[400];
	struct sdex_bytes keys[2] = {{(const uint8_t *)"\0\0\0\1", 4}, {(const uint8_t *)"abc", 3}};
	memset(hash, 0xab, sizeof(hash));
	memset(envelope, 0xff, sizeof(envelope));
	struct json_writer w = writer(out, sizeof(out));
	rpc_get_health(&w, 1);
	assert_body(&w, out, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getHealth\"}");
	w = writer(out, sizeof(out));
	rpc_get_network(&w, UINT64_MAX);
	assert_body(&w, out,
		    "{\"jsonrpc\":\"2.0\",\"id\":18446744073709551615,\"method\":\"getNetwork\"}");
	w = writer(out, sizeof(out));
	rpc_get_latest_ledger(&w, 2);
	assert_body(&w, out, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"getLatestLedger\"}");
	w = writer(out, sizeof(out));
	rpc_get_fee_stats(&w, 3);
	assert_body(&w, out, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"getFeeStats\"}");
	w = writer(out, sizeof(out));
	rpc_get_ledgers(&w, 4, 63800060, RPC_LEDGERS_MAX);
	assert_body(&w, out,
		    "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"getLedgers\",\"params\":"
		    "{\"startLedger\":63800060,\"pagination\":{\"limit\":200}}}");
	w = writer(out, sizeof(out));
	rpc_get_transaction(&w, 5, hash);
	assert_body(
		&w, out,
		"{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"getTransaction\",\"params\":"
		"{\"hash\":\"abababababababababababababababababababababababababababababababab\"}}");
	w = writer(out, sizeof(out));
	rpc_get_ledger_entries(&w, 6, keys, 2);
	assert_body(&w, out,
		    "{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"getLedgerEntries\",\"params\":"
		    "{\"keys\":[\"AAAAAQ==\",\"YWJj\"]}}");
	/* longer than the pieces that are written at once */
	w = writer(out, sizeof(out));
	rpc_send_transaction(&w, 7, envelope, sizeof(envelope));
	size_t size;
	assert_int_equal(json_write_close(&w, NULL, &size), SDEX_OK);
	const char *begin =
		"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"sendTransaction\",\"params\":"
		"{\"transaction\":\"";
	assert_memory_equal(out, begin, strlen(begin));
	assert_int_equal(size, strlen(begin) + SDEX_BASE64_LENGTH(400) + 3);
	for (size_t i = 0; i < 532; i++)
		assert_int_equal(out[strlen(begin) + i], '/');
	out[size] = 0;
	assert_string_equal(out + strlen(begin) + 532, "/w==\"}}");
	/* too little room is an error of the writer */
	w = writer(out, 100);
	rpc_send_transaction(&w, 7, envelope, sizeof(envelope));
	assert_int_equal(json_write_close(&w, NULL, &size), SDEX_ERR_SPACE);
}

static void ranges_in_refusals(void **state)
{
	(void)state;
	uint32_t oldest = 1, latest = 1;
	struct rpc_error error = {-32600,
				  "start ledger (7) must be between the oldest ledger: 2 and the "
				  "latest ledger: 6 for this rpc instance"};
	assert_true(rpc_range(&error, &oldest, &latest));
	assert_int_equal(oldest, 2);
	assert_int_equal(latest, 6);
	/* an older server's words */
	error.message = "start ledger must be between the oldest ledger: 4294967295 and the latest "
			"ledger: 0 for this rpc instance";
	assert_true(rpc_range(&error, &oldest, &latest));
	assert_int_equal(oldest, UINT32_MAX);
	static const char *const others[] = {"",
					     "limit must not exceed 200",
					     "oldest ledger: 4294967296 latest ledger: 1",
					     "oldest ledger: 1",
					     "latest ledger: 1 oldest ledger: 1",
					     "oldest ledger: latest ledger: 1"};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		error.message = others[i];
		assert_false(rpc_range(&error, &oldest, &latest));
	}
	assert_false(rpc_range(&(struct rpc_error){0}, &oldest, &latest));
}

/* --- Horizon: internal/httpx/router.go, internal/actions/offer.go */

#define ACCOUNT "GCIHAQVWZH2AB5BB5NP63FBSIREG77LQZZNUVKD2LN2IOCLOT6N72MJN"

static void addresses_of_horizon(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	char url[HORIZON_URL_MAX];
	sdex_Asset xlm = sdex_asset_native(), usd, bar;
	uint8_t hash[32];
	memset(hash, 0xcd, sizeof(hash));
	assert_int_equal(sdex_asset_parse(&usd, arena, "USD:" ACCOUNT, 60, false, NULL), SDEX_OK);
	assert_int_equal(sdex_asset_parse(&bar, arena, "LONGBAR:" ACCOUNT, 64, false, NULL),
			 SDEX_OK);
	const uint8_t *account = usd.alphaNum4.issuer.ed25519.bytes;

	assert_int_equal(horizon_url_root(url, sizeof(url), "https://h.org/"), SDEX_OK);
	assert_string_equal(url, "https://h.org/");
	assert_int_equal(horizon_url_root(url, sizeof(url), "https://h.org/x"), SDEX_OK);
	assert_string_equal(url, "https://h.org/x/");
	assert_int_equal(horizon_url_fee_stats(url, sizeof(url), "https://h.org//"), SDEX_OK);
	assert_string_equal(url, "https://h.org/fee_stats");
	assert_int_equal(horizon_url_submit(url, sizeof(url), "https://h.org"), SDEX_OK);
	assert_string_equal(url, "https://h.org/transactions");
	assert_int_equal(horizon_url_submit_async(url, sizeof(url), "https://h.org"), SDEX_OK);
	assert_string_equal(url, "https://h.org/transactions_async");
	assert_int_equal(horizon_url_transaction(url, sizeof(url), "h", hash), SDEX_OK);
	assert_string_equal(
		url,
		"h/transactions/cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd");
	assert_int_equal(horizon_url_account(url, sizeof(url), "h", account), SDEX_OK);
	assert_string_equal(url, "h/accounts/" ACCOUNT);
	assert_int_equal(horizon_url_account_offers(url, sizeof(url), "h", account, NULL, 200),
			 SDEX_OK);
	assert_string_equal(url, "h/accounts/" ACCOUNT "/offers?limit=200&order=asc");
	assert_int_equal(horizon_url_offers(url, sizeof(url), "h", &xlm, &usd, "164943216", 200),
			 SDEX_OK);
	assert_string_equal(url, "h/offers?selling_asset_type=native"
				 "&buying_asset_type=credit_alphanum4&buying_asset_code=USD"
				 "&buying_asset_issuer=" ACCOUNT
				 "&cursor=164943216&limit=200&order=asc");
	assert_int_equal(horizon_url_offers(url, sizeof(url), "h", &bar, &xlm, "", 1), SDEX_OK);
	assert_string_equal(url, "h/offers?selling_asset_type=credit_alphanum12"
				 "&selling_asset_code=LONGBAR&selling_asset_issuer=" ACCOUNT
				 "&buying_asset_type=native&limit=1&order=asc");

	/* what would be another address is none */
	assert_int_equal(horizon_url_offers(url, sizeof(url), "h", &xlm, &usd, "1&x=", 200),
			 SDEX_ERR_INVALID);
	assert_int_equal(horizon_url_offers(url, sizeof(url), "h", &xlm, &usd, "", 201),
			 SDEX_ERR_INVALID);
	assert_int_equal(horizon_url_offers(url, sizeof(url), "h", &xlm, &usd, "", 0),
			 SDEX_ERR_INVALID);
	usd.alphaNum4.assetCode.bytes[0] = '&';
	assert_int_equal(horizon_url_offers(url, sizeof(url), "h", &xlm, &usd, "", 1),
			 SDEX_ERR_INVALID);
	/* any room that does not suffice is told, and none is overrun */
	assert_int_equal(horizon_url_offers(url, sizeof(url), "h", &bar, &xlm, "", 1), SDEX_OK);
	size_t length = strlen(url);
	for (size_t room = 1; room <= length; room++) {
		char *small = malloc(room);
		assert_int_equal(horizon_url_offers(small, room, "h", &bar, &xlm, "", 1),
				 SDEX_ERR_SPACE);
		free(small);
	}
	assert_int_equal(horizon_url_offers(url, length + 1, "h", &bar, &xlm, "", 1), SDEX_OK);
	sdex_arena_free(arena);
}

static void forms(void **state)
{
	(void)state;
	struct sdex_arena *arena = sdex_arena_new(0);
	struct sdex_bytes body;
	assert_int_equal(horizon_form(&body, arena, "\xfb\xff\xbf\x00", 4), SDEX_OK);
	assert_int_equal(body.size, strlen("tx=%2B%2F%2B%2FAA%3D%3D"));
	assert_memory_equal(body.data, "tx=%2B%2F%2B%2FAA%3D%3D", body.size);
	sdex_arena_free(arena);
	arena = sdex_arena_new(1);
	assert_int_equal(horizon_form(&body, arena, "abcd", 4), SDEX_ERR_NOMEM);
	sdex_arena_free(arena);
}

static enum sdex_error latest(const char *head, uint32_t *ledger)
{
	return horizon_latest_ledger(ledger, head, strlen(head), NULL);
}

static void the_ledger_of_an_answer(void **state)
{
	(void)state;
	uint32_t ledger = 0;
	assert_int_equal(latest("Content-Type: x\r\nLatest-Ledger: 63800060\r\nX: y\r\n", &ledger),
			 0);
	assert_int_equal(ledger, 63800060);
	assert_int_equal(latest("latest-ledger:7\r\n", &ledger), SDEX_OK);
	assert_int_equal(ledger, 7);
	assert_int_equal(latest("LATEST-LEDGER: \t 4294967295 \r\n", &ledger), SDEX_OK);
	assert_int_equal(ledger, UINT32_MAX);
	assert_int_equal(latest("", &ledger), SDEX_ERR_MISSING);
	assert_int_equal(latest("X-Latest-Ledger: 5\r\n", &ledger), SDEX_ERR_MISSING);
	assert_int_equal(latest("Latest-Ledger : 5\r\n", &ledger), SDEX_ERR_MISSING);
	assert_int_equal(latest("Latest-Ledger: 5\r\nLatest-Ledger: 5\r\n", &ledger),
			 SDEX_ERR_DUPLICATE);
	assert_int_equal(latest("Latest-Ledger: 0\r\n", &ledger), SDEX_ERR_RANGE);
	assert_int_equal(latest("Latest-Ledger: 4294967296\r\n", &ledger), SDEX_ERR_RANGE);
	assert_int_equal(latest("Latest-Ledger: 5 6\r\n", &ledger), SDEX_ERR_SYNTAX);
	assert_int_equal(latest("Latest-Ledger:\r\n", &ledger), SDEX_ERR_SYNTAX);
	assert_int_equal(ledger, UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_to_rpc),         cmocka_unit_test(ranges_in_refusals),
		cmocka_unit_test(addresses_of_horizon),    cmocka_unit_test(forms),
		cmocka_unit_test(the_ledger_of_an_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
