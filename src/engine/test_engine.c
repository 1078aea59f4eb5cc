/* The engine made of a configuration, good and bad. */
#include "base/testing.h"
#include "engine/inside.h"

static sdex_Asset credit(char letter)
{
	sdex_Asset asset = {.type = SDEX_ASSET_TYPE_CREDIT_ALPHANUM4};
	memset(asset.alphaNum4.assetCode.bytes, letter, 3);
	asset.alphaNum4.issuer.ed25519.bytes[0] = 9;
	return asset;
}

static void test_status(void **state)
{
	(void)state;
	const struct engine_pair pairs[] = {
		{"XLM-USD", {.type = SDEX_ASSET_TYPE_NATIVE}, credit('U')}};
	const struct engine_account accounts[] = {{.name = "desk", .key = {1}}};
	struct engine_config config = {.passphrase = "a network",
				       .pairs = pairs,
				       .pair_count = 1,
				       .accounts = accounts,
				       .account_count = 1};
	struct env env = {0};
	struct sdex_failure why;
	struct engine *e = engine_new(&env, &config, &why);
	assert_non_null(e);
	char text[2000];
	struct json_writer w;
	const uint8_t *out;
	size_t size;
	json_write_buffer(&w, text, sizeof text - 1, false);
	engine_show_status(e, &w);
	assert_int_equal(json_write_close(&w, &out, &size), SDEX_OK);
	text[size] = 0;
	assert_non_null(strstr(text, "\"state\":\"starting\""));
	assert_non_null(strstr(text, "\"trading_pair\":\"XLM-USD\""));
	assert_non_null(strstr(text, "\"name\":\"desk\""));
	engine_free(e);
}

static void refused(struct engine_config config, enum sdex_error code)
{
	struct env env = {0};
	struct sdex_failure why = {0};
	assert_null(engine_new(&env, &config, &why));
	assert_int_equal(why.code, code);
}

static void test_refusals(void **state)
{
	(void)state;
	const struct engine_pair same[] = {{"A-A", credit('A'), credit('A')}};
	const struct engine_pair twice[] = {{"A-B", credit('A'), credit('B')},
					    {"A-B", credit('C'), credit('B')}};
	const struct engine_account two[] = {{.name = "a", .key = {1}}, {.name = "b", .key = {1}}};
	refused((struct engine_config){0}, SDEX_ERR_MISSING);
	refused((struct engine_config){.passphrase = "p", .rpc_url = "http://a"}, SDEX_ERR_MISSING);
	refused((struct engine_config){.passphrase = "p", .pairs = same, .pair_count = 1},
		SDEX_ERR_INVALID);
	refused((struct engine_config){.passphrase = "p", .pairs = twice, .pair_count = 2},
		SDEX_ERR_DUPLICATE);
	refused((struct engine_config){.passphrase = "p", .accounts = two, .account_count = 2},
		SDEX_ERR_DUPLICATE);
	const struct engine_account named[] = {{.name = "a", .key = {1}},
					       {.name = "a", .key = {2}}};
	refused((struct engine_config){.passphrase = "p", .accounts = named, .account_count = 2},
		SDEX_ERR_DUPLICATE);
	const uint8_t first[32] = {1};
	char text[SDEX_ACCOUNT_ROOM];
	sdex_AccountID id = sdex_account_of_key(first);
	sdex_account_print(text, &id);
	const struct engine_account swapped[] = {{.key = {1}}, {.name = text, .key = {2}}};
	refused((struct engine_config){.passphrase = "p", .accounts = swapped, .account_count = 2},
		SDEX_ERR_DUPLICATE);
	refused((struct engine_config){.passphrase = "p", .batch = 101}, SDEX_ERR_INVALID);
}

static void no_http(void *world, uint64_t token, const struct env_request *request)
{
	(void)world, (void)token, (void)request;
}

static void no_append(void *world, const void *record, size_t size)
{
	(void)world, (void)record, (void)size;
}

static void no_sync(void *world, uint64_t token)
{
	(void)world, (void)token;
}

static void keep_reply(void *world, uint64_t token, unsigned status, const void *json, size_t size)
{
	(void)token;
	snprintf(world, 1000, "%u %.*s", status, (int)size, (const char *)json);
}

static void no_publish(void *world, const char *topic, const void *json, size_t size)
{
	(void)world, (void)topic, (void)json, (void)size;
}

static void no_log(void *world, enum env_level level, const char *event_id, const char *text)
{
	(void)world, (void)level, (void)event_id, (void)text;
}

static void ask(struct engine *e, const char *json)
{
	engine_on(e, &(struct event){.kind = EVENT_COMMAND,
				     .token = 1,
				     .now_ms = 2,
				     .data = json,
				     .size = strlen(json)});
}

/* A client's id of two accounts' orders: none of them is cancelled by guess. */
static void test_client_ids(void **state)
{
	(void)state;
	static uint8_t bytes[RECORD_SIZE_MAX];
	const struct engine_pair pairs[] = {
		{"XLM-USD", {.type = SDEX_ASSET_TYPE_NATIVE}, credit('U')}};
	const struct engine_account accounts[] = {{.name = "a", .key = {1}},
						  {.name = "b", .key = {2}}};
	struct engine_config config = {.passphrase = "p",
				       .rpc_url = "http://rpc",
				       .horizon_url = "http://horizon",
				       .pairs = pairs,
				       .pair_count = 1,
				       .accounts = accounts,
				       .account_count = 2};
	char reply[1000] = "";
	struct env env = {.world = reply,
			  .http = no_http,
			  .append = no_append,
			  .sync = no_sync,
			  .reply = keep_reply,
			  .publish = no_publish,
			  .log = no_log};
	struct engine *e = engine_new(&env, &config, NULL);
	assert_non_null(e);
	for (uint8_t i = 1; i <= 2; i++) {
		struct record r = {.kind = RECORD_ORDER,
				   .order = {.id = {i},
					     .client_id = "x",
					     .account = {i},
					     .pair = "XLM-USD",
					     .base = "native",
					     .side = ORDER_SELL,
					     .amount = 10,
					     .price = {1, 1},
					     .price_text = "1"}};
		strcpy(r.order.counter, e->pairs[0].counter_text);
		size_t size = record_encode(bytes, &r);
		engine_on(e,
			  &(struct event){
				  .kind = EVENT_RECORD, .now_ms = 1, .data = bytes, .size = size});
	}
	engine_on(e, &(struct event){.kind = EVENT_START, .now_ms = 1});
	ask(e, "{\"do\":\"cancel\",\"client_id\":\"x\"}");
	assert_non_null(strstr(reply, "ambiguous_client_id"));
	ask(e, "{\"do\":\"cancel\",\"client_id\":\"x\",\"account\":\"c\"}");
	assert_non_null(strstr(reply, "unknown_account"));
	struct json_writer w;
	char text[4000];
	json_write_buffer(&w, text, sizeof text, false);
	assert_false(engine_show_order(e, &w, NULL, "x", NULL));
	assert_true(engine_show_order(e, &w, NULL, "x", "b"));
	assert_false(e->orders[0]->cancel_wanted || e->orders[1]->cancel_wanted);
	ask(e, "{\"do\":\"cancel\",\"client_id\":\"x\",\"account\":\"b\"}");
	assert_int_equal(e->orders[0]->state, ORDER_INTENT);
	assert_int_equal(e->orders[1]->state, ORDER_CANCELLED);
	engine_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_client_ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
