/* The engine made of a configuration, good and bad. */
#include "base/testing.h"
#include "engine/engine.h"

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
	refused((struct engine_config){.passphrase = "p", .batch = 101}, SDEX_ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
