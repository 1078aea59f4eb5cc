/* Real ledgers through the engine: the busiest pairs, their books, and no trading. */
#include "base/testing_corpus.h"
#include "engine/inside.h"
#include "sdex/transaction.h"

struct seen {
	unsigned ledgers, books, errors, status;
	char reply[1000];
};

static void on_publish(void *world, const char *topic, const void *json, size_t size)
{
	struct seen *seen = world;
	(void)json, (void)size;
	seen->ledgers += strcmp(topic, "ledger") == 0;
	seen->books += strcmp(topic, "book") == 0;
}

static void on_log(void *world, enum env_level level, const char *event_id, const char *text)
{
	struct seen *seen = world;
	(void)event_id;
	if (level == ENV_ERROR)
		print_message("%s\n", text);
	seen->errors += level == ENV_ERROR;
}

static void on_reply(void *world, uint64_t token, unsigned status, const void *json, size_t size)
{
	struct seen *seen = world;
	(void)token;
	seen->status = status;
	snprintf(seen->reply, sizeof seen->reply, "%.*s", (int)size, (const char *)json);
}

static struct engine *open_engine(struct seen *seen, uint32_t busiest)
{
	const struct env env = {
		.world = seen, .publish = on_publish, .log = on_log, .reply = on_reply};
	const struct engine_config config = {.passphrase = SDEX_PASSPHRASE_PUBLIC,
					     .busiest = busiest};
	struct sdex_failure why;
	struct engine *e = engine_new(&env, &config, &why);
	assert_non_null(e);
	engine_on(e, &(struct event){.kind = EVENT_START, .now_ms = 1});
	return e;
}

static void give(struct engine *e, const char *name)
{
	char path[1000];
	size_t size;
	snprintf(path, sizeof path, "%s/pubnet/%s", corpus(), name);
	uint8_t *data = corpus_read(path, &size);
	engine_on(e,
		  &(struct event){.kind = EVENT_LEDGER, .now_ms = 2, .data = data, .size = size});
	free(data);
}

static char *shown(const struct engine *e,
		   void (*show)(const struct engine *, struct json_writer *))
{
	static char text[1 << 16];
	struct json_writer w;
	size_t size;
	json_write_buffer(&w, text, sizeof text - 1, false);
	show(e, &w);
	assert_int_equal(json_write_close(&w, NULL, &size), SDEX_OK);
	text[size] = 0;
	return text;
}

static unsigned count(const char *text, const char *part)
{
	unsigned found = 0;
	for (; (text = strstr(text, part)); text++)
		found++;
	return found;
}

static void test_busiest(void **state)
{
	(void)state;
	struct seen seen = {0};
	struct engine *e = open_engine(&seen, 5);
	assert_true(engine_ready(e));
	give(e, "ledger-57500008.xdr.gz");
	assert_int_equal(seen.ledgers, 1);
	assert_int_equal(seen.books, 5);
	const char *pairs = shown(e, engine_show_pairs);
	assert_int_equal(count(pairs, "\"state\":\"partial\""), 5);
	assert_int_equal(count(pairs, "\"since\":57500008"), 5);
	assert_true(count(pairs, "\"trading_pair\":\"XLM-") > 0);
	/* a leap: the books begin anew, the pairs stay */
	give(e, "ledger-63092988.xdr.gz");
	assert_int_equal(seen.ledgers, 2);
	pairs = shown(e, engine_show_pairs);
	assert_int_equal(count(pairs, "\"trading_pair\""), 5);
	assert_int_equal(count(pairs, "\"since\":57500008"), 0);
	assert_non_null(strstr(shown(e, engine_show_status), "\"sequence\":63092988"));
	assert_int_equal(seen.errors, 0);
	engine_free(e);
}

/* Other assets have taken the names that the busiest pairs would have, also those with the
 * ends of their issuers: each is watched all the same, under a name of its own. */
static void test_lookalikes(void **state)
{
	(void)state;
	static const char *const other =
		"X:GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";
	struct seen seen = {0};
	struct engine *e = open_engine(&seen, 3), *f;
	struct engine_pair pairs[12];
	char names[12][160];
	uint32_t count = 0;
	give(e, "ledger-57500008.xdr.gz");
	assert_int_equal(e->pair_count, 3);
	for (uint32_t i = 0; i < 3; i++) {
		const char *base = strchr(e->pairs[i].base_text, ':');
		const char *counter = strchr(e->pairs[i].counter_text, ':');
		for (int tail = 0; tail <= 8; tail += 4) {
			const char *dash = strchr(e->pairs[i].name, '-');
			char *name = names[count];
			snprintf(name, sizeof names[0], "%.*s", (int)(dash - e->pairs[i].name),
				 e->pairs[i].name);
			if (tail && base)
				sprintf(strchr(name, 0), ".%s", strchr(base, 0) - tail);
			strcat(name, dash);
			if (tail && counter)
				sprintf(strchr(name, 0), ".%s", strchr(counter, 0) - tail);
			pairs[count] =
				(struct engine_pair){.name = name, .base = sdex_asset_native()};
			char code[80]; /* assets of no ledger */
			snprintf(code, sizeof code, "N%u%s", count, other);
			assert_int_equal(sdex_asset_parse(&pairs[count++].counter, e->memory, code,
							  strlen(code), false, NULL),
					 SDEX_OK);
		}
	}
	const struct env env = {
		.world = &seen, .publish = on_publish, .log = on_log, .reply = on_reply};
	const struct engine_config config = {.passphrase = SDEX_PASSPHRASE_PUBLIC,
					     .pairs = pairs,
					     .pair_count = count,
					     .busiest = 3};
	f = engine_new(&env, &config, NULL);
	assert_non_null(f);
	engine_on(f, &(struct event){.kind = EVENT_START, .now_ms = 1});
	give(f, "ledger-57500008.xdr.gz");
	assert_int_equal(f->pair_count, count + 3);
	for (uint32_t i = 0; i < 3; i++) {
		const struct pair *pair = &f->pairs[count + i];
		assert_string_equal(pair->base_text, e->pairs[i].base_text);
		assert_string_equal(pair->counter_text, e->pairs[i].counter_text);
		assert_ptr_equal(pair_named(f, pair->name), pair);
	}
	engine_free(f);
	engine_free(e);
}

static void test_no_trading(void **state)
{
	(void)state;
	struct seen seen = {0};
	struct engine *e = open_engine(&seen, 1);
	static const char command[] = "{\"do\":\"place\"}";
	engine_on(e, &(struct event){.kind = EVENT_COMMAND,
				     .token = 1,
				     .now_ms = 2,
				     .data = command,
				     .size = sizeof command - 1});
	assert_int_equal(seen.status, 503);
	assert_non_null(strstr(seen.reply, "\"code\":\"replaying\""));
	engine_free(e);
}

/* What is no ledger is left out, and said so. */
static void test_garbage(void **state)
{
	(void)state;
	struct seen seen = {0};
	struct engine *e = open_engine(&seen, 1);
	engine_on(e, &(struct event){
			     .kind = EVENT_LEDGER, .now_ms = 2, .data = "\0\0\0\7", .size = 4});
	assert_int_equal(seen.errors, 1);
	assert_true(engine_ready(e));
	engine_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_busiest),
		cmocka_unit_test(test_lookalikes),
		cmocka_unit_test(test_no_trading),
		cmocka_unit_test(test_garbage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
