/* stellar/test_xdr_json_corpus.c - real ledgers and transactions are the same bytes
 * after a way through SEP-51's JSON. */
#include <dirent.h>

#include "base/json.h"
#include "base/testing_corpus.h"
#include "sdex/bytes.h"
#include "sdex/xdr_json.h"

static uint8_t *read_file(const char *name, size_t *size)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", corpus(), name);
	return corpus_read(path, size);
}

static void round_trip(enum sdex_type type, const uint8_t *data, size_t size)
{
	struct sdex_arena *arena = sdex_arena_new(0);
	struct sdex_failure why = {0};
	const char *text = NULL;
	size_t length = 0, written = 0;
	void *value = NULL, *back = NULL;
	if (sdex_xdr_decode(type, &value, arena, data, size, NULL, &why) ||
	    sdex_xdr_to_json_arena(type, &text, &length, arena, value, SDEX_JSON_INDENTED, &why) ||
	    sdex_xdr_from_json(type, &back, arena, text, length, NULL, &why))
		fail_msg("%s at %ju: %s", sdex_type_name(type), (uintmax_t)why.where, why.text);
	uint8_t *out = malloc(size);
	assert_non_null(out);
	assert_int_equal(sdex_xdr_encode(type, out, size, &written, back, &why), SDEX_OK);
	assert_int_equal(written, size);
	assert_memory_equal(out, data, size);
	free(out);
	sdex_arena_free(arena);
}

static void pubnet_ledgers(void **state)
{
	(void)state;
	static const char *const names[] = {"46154623", "57500008", "63092988"};
	corpus();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char name[64];
		size_t size;
		snprintf(name, sizeof name, "pubnet/ledger-%s.xdr.gz", names[i]);
		uint8_t *data = read_file(name, &size);
		round_trip(SDEX_TYPE_LedgerCloseMeta, data, size);
		free(data);
	}
}

static size_t framed_file(const char *name)
{
	size_t left, size, count = 0;
	uint8_t *data = read_file(name, &left);
	const uint8_t *at = data, *record;
	for (; !sdex_xdr_frame_next(&record, &size, &at, &left); count++)
		round_trip(SDEX_TYPE_LedgerCloseMeta, record, size);
	assert_int_equal(left, 0);
	free(data);
	return count;
}

static void ledgers_of_the_tests_of_core(void **state)
{
	(void)state;
	static const char *const suites[] = {"OfferTests", "PathPaymentTests", "TxResultsTests"};
	const char *folder = corpus();
	size_t count = 0;
	for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
		char path[4096], name[512];
		snprintf(path, sizeof path, "%s/core/%s", folder, suites[i]);
		DIR *files = opendir(path);
		assert_non_null(files);
		for (struct dirent *file; (file = readdir(files));) {
			size_t length = strlen(file->d_name);
			if (length < 4 || strcmp(file->d_name + length - 4, ".xdr"))
				continue;
			snprintf(name, sizeof name, "core/%s/%s", suites[i], file->d_name);
			count += framed_file(name);
		}
		closedir(files);
	}
	assert_true(count > 100);
}

/* Members of answers of Horizon and RPC that hold XDR in base64. */
static const struct {
	const char *key;
	enum sdex_type type;
} members[] = {
	{"envelopeXdr", SDEX_TYPE_TransactionEnvelope},
	{"envelope_xdr", SDEX_TYPE_TransactionEnvelope},
	{"resultXdr", SDEX_TYPE_TransactionResult},
	{"result_xdr", SDEX_TYPE_TransactionResult},
	{"resultMetaXdr", SDEX_TYPE_TransactionMeta},
	{"fee_meta_xdr", SDEX_TYPE_LedgerEntryChanges},
	{"headerXdr", SDEX_TYPE_LedgerHeaderHistoryEntry},
	{"header_xdr", SDEX_TYPE_LedgerHeader},
	{"metadataXdr", SDEX_TYPE_LedgerCloseMeta},
};

#define MEMBERS (sizeof members / sizeof *members)

static void round_trip_base64(enum sdex_type type, const struct json_text *text)
{
	size_t size = SDEX_BASE64_SIZE(text->size);
	uint8_t *data = malloc(size);
	assert_non_null(data);
	assert_int_equal(
		sdex_base64_decode(data, size, &size, (const char *)text->data, text->size, NULL),
		SDEX_OK);
	round_trip(type, data, size);
	free(data);
}

/* Looks for the members above in any object; returns how many there were. */
static size_t walk(struct json *json)
{
	struct json_text key, text;
	size_t count = 0;
	switch (json_peek(json)) {
	case JSON_ARRAY:
		json_array(json);
		while (json_item(json))
			count += walk(json);
		return count;
	case JSON_OBJECT:
		json_object(json);
		while (json_key(json, &key)) {
			size_t i = 0;
			while (i < MEMBERS &&
			       !json_is(&key, members[i].key, strlen(members[i].key)))
				i++;
			if (i < MEMBERS && json_peek(json) == JSON_STRING) {
				assert_true(json_string(json, &text));
				round_trip_base64(members[i].type, &text);
				count++;
			} else {
				count += walk(json);
			}
		}
		return count;
	case JSON_STRING:
	case JSON_NUMBER:
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
	case JSON_NOTHING:
		json_skip(json);
		return 0;
	}
	return 0;
}

static size_t answers(const char *name)
{
	size_t size;
	uint8_t *data = read_file(name, &size);
	struct json json;
	struct sdex_failure why = {0};
	json_open(&json, data, size, 64);
	size_t count = walk(&json);
	if (json_close(&json, &why))
		fail_msg("%s: %s", name, why.text);
	free(data);
	return count;
}

static void answers_of_horizon_and_rpc(void **state)
{
	(void)state;
	corpus();
	assert_true(answers("rpc/examples/Transactions.json") == 36);
	assert_true(answers("rpc/examples/Ledgers.json") == 4);
	assert_true(answers("rpc/pubnet-transactions-p27.json") == 150);
	assert_true(answers("rpc/pubnet-ledgers-p27.json") == 50);
	assert_true(answers("horizon/pubnet-transactions-p27.json") == 150);
	assert_true(answers("horizon/pubnet-ledgers-p27.json") == 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pubnet_ledgers),
		cmocka_unit_test(ledgers_of_the_tests_of_core),
		cmocka_unit_test(answers_of_horizon_and_rpc),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
