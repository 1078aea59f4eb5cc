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

/* Fails unless the value's bytes are these. */
static void same_bytes(enum sdex_type type, const void *value, const uint8_t *data, size_t size)
{
	size_t written = 0;
	uint8_t *out = malloc(size);
	assert_non_null(out);
	assert_int_equal(sdex_xdr_encode(type, out, size, &written, value, NULL), SDEX_OK);
	assert_int_equal(written, size);
	assert_memory_equal(out, data, size);
	free(out);
}

static void round_trip(enum sdex_type type, const uint8_t *data, size_t size)
{
	struct sdex_arena *arena = sdex_arena_new(0);
	struct sdex_failure why = {0};
	const char *text = NULL;
	size_t length = 0;
	void *value = NULL, *back = NULL;
	if (sdex_xdr_decode(type, &value, arena, data, size, NULL, &why) ||
	    sdex_xdr_to_json_arena(type, &text, &length, arena, value, SDEX_JSON_INDENTED, &why) ||
	    sdex_xdr_from_json(type, &back, arena, text, length, NULL, &why))
		fail_msg("%s at %ju: %s", sdex_type_name(type), (uintmax_t)why.where, why.text);
	same_bytes(type, value, data, size);
	same_bytes(type, back, data, size);
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

/* Where answers of Horizon and RPC hold XDR in base64, and of which type: the methods of
 * stellar-rpc (internal/methods: get_..., send_..., simulate_transaction.go), Horizon's
 * protocols (protocols/horizon).  The examples of RPC's documentation name the parameter
 * or result whose value they are. */
static const struct member {
	const char *key;
	const char *inside; /* the key around; NULL: any */
	enum sdex_type type;
} members[] = {
	{"envelopeXdr", NULL, SDEX_TYPE_TransactionEnvelope},
	{"transaction", NULL, SDEX_TYPE_TransactionEnvelope},
	{"resultXdr", NULL, SDEX_TYPE_TransactionResult},
	{"errorResultXdr", NULL, SDEX_TYPE_TransactionResult},
	{"resultMetaXdr", NULL, SDEX_TYPE_TransactionMeta},
	{"transactionEventsXdr", "events", SDEX_TYPE_TransactionEvent},
	{"contractEventsXdr", "events", SDEX_TYPE_ContractEvent},
	{"diagnosticEventsXdr", NULL, SDEX_TYPE_DiagnosticEvent},
	{"headerXdr", NULL, SDEX_TYPE_LedgerHeaderHistoryEntry},
	{"metadataXdr", NULL, SDEX_TYPE_LedgerCloseMeta},
	{"keys", NULL, SDEX_TYPE_LedgerKey},
	{"key", "entries", SDEX_TYPE_LedgerKey},
	{"xdr", "entries", SDEX_TYPE_LedgerEntryData},
	{"extXdr", "entries", SDEX_TYPE_LedgerEntryExt},
	{"transactionData", NULL, SDEX_TYPE_SorobanTransactionData},
	{"events", NULL, SDEX_TYPE_DiagnosticEvent},
	{"auth", "results", SDEX_TYPE_SorobanAuthorizationEntry},
	{"xdr", "results", SDEX_TYPE_SCVal},
	{"key", "stateChanges", SDEX_TYPE_LedgerKey},
	{"before", "stateChanges", SDEX_TYPE_LedgerEntry},
	{"after", "stateChanges", SDEX_TYPE_LedgerEntry},
	{"topic", "events", SDEX_TYPE_SCVal},
	{"topics", "filters", SDEX_TYPE_SCVal},
	{"value", "events", SDEX_TYPE_SCVal},
	{"envelope_xdr", NULL, SDEX_TYPE_TransactionEnvelope},
	{"result_xdr", NULL, SDEX_TYPE_TransactionResult},
	{"result_meta_xdr", NULL, SDEX_TYPE_TransactionMeta},
	{"fee_meta_xdr", NULL, SDEX_TYPE_LedgerEntryChanges},
	{"header_xdr", NULL, SDEX_TYPE_LedgerHeader},
};

#define MEMBERS (sizeof members / sizeof *members)

static bool holds_xdr(enum sdex_type *type, const char *inside, const char *key)
{
	for (size_t i = 0; i < MEMBERS; i++)
		if (!strcmp(members[i].key, key) &&
		    (!members[i].inside || !strcmp(members[i].inside, inside))) {
			*type = members[i].type;
			return true;
		}
	return false;
}

/* One text behind `key`; 1 when it was XDR.  What looks like XDR has to be in the table. */
static size_t check_text(const char *inside, const char *key, const char *text, size_t length)
{
	enum sdex_type type;
	bool wildcard = !strcmp(key, "topics") && length && *text == '*';
	if (!length || wildcard)
		return 0; /* "" in a result without meta, "*" and "**" in a filter */
	if (!holds_xdr(&type, inside, key)) {
		if (length > 4 && !strncmp(text, "AAAA", 4))
			fail_msg("%s in %s: of which type is it?", key, inside);
		return 0;
	}
	size_t size = SDEX_BASE64_SIZE(length);
	uint8_t *data = malloc(size);
	assert_non_null(data);
	assert_int_equal(sdex_base64_decode(data, size, &size, text, length, NULL), SDEX_OK);
	round_trip(type, data, size);
	free(data);
	return 1;
}

#define KEY_MAX 64

static void copy_key(char out[KEY_MAX], const struct json_text *text)
{
	assert_true(!text->escaped && text->size < KEY_MAX);
	memcpy(out, text->data, text->size);
	out[text->size] = 0;
}

/* Checks the texts in a value that stands behind `key`, in the value of `inside`; returns
 * how many were XDR. */
static size_t walk(struct json *json, const char *inside, const char *key);

static size_t walk_object(struct json *json, const char *around)
{
	struct json_text text;
	char key[KEY_MAX], name[KEY_MAX] = "";
	size_t count = 0;
	json_object(json);
	while (json_key(json, &text)) {
		copy_key(key, &text);
		if (!strcmp(key, "name") && json_peek(json) == JSON_STRING) {
			assert_true(json_string(json, &text));
			copy_key(name, &text);
		} else if (!strcmp(key, "value") && *name) {
			count += walk(json, around, name);
		} else {
			count += walk(json, around, key);
		}
	}
	return count;
}

static size_t walk(struct json *json, const char *inside, const char *key)
{
	struct json_text text;
	size_t count = 0;
	switch (json_peek(json)) {
	case JSON_ARRAY:
		json_array(json);
		while (json_item(json))
			count += walk(json, inside, key);
		return count;
	case JSON_OBJECT:
		return walk_object(json, key);
	case JSON_STRING:
		assert_true(json_string(json, &text));
		return check_text(inside, key, (const char *)text.data, text.size);
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
	size_t count = walk(&json, "", "");
	if (json_close(&json, &why))
		fail_msg("%s: %s", name, why.text);
	free(data);
	return count;
}

static void answers_of_rpc(void **state)
{
	(void)state;
	corpus();
	assert_int_equal(answers("rpc/examples/Events.json"), 17);
	assert_int_equal(answers("rpc/examples/LedgerEntries.json"), 12);
	assert_int_equal(answers("rpc/examples/Ledgers.json"), 4);
	assert_int_equal(answers("rpc/examples/Simulations.json"), 8);
	assert_int_equal(answers("rpc/examples/Transactions.json"), 221);
	assert_int_equal(answers("rpc/pubnet-transactions-p27.json"), 150);
	assert_int_equal(answers("rpc/pubnet-ledgers-p27.json"), 50);
}

/* An example in YAML: a text is the rest of its line. */
static size_t example(const char *name)
{
	size_t size, count = 0;
	uint8_t *data = read_file(name, &size);
	char *rest, *line = strtok_r((char *)data, "\n", &rest);
	for (; line; line = strtok_r(NULL, "\n", &rest)) {
		char *key = line + strspn(line, " -"), *colon = strchr(key, ':');
		if (!colon)
			continue;
		*colon = 0;
		char *text = colon + 1 + strspn(colon + 1, " \"");
		count += check_text("", key, text, strcspn(text, " \"\r"));
	}
	free(data);
	return count;
}

static void answers_of_horizon(void **state)
{
	(void)state;
	char path[4096], name[512];
	size_t count = 0;
	snprintf(path, sizeof path, "%s/horizon/examples", corpus());
	DIR *files = opendir(path);
	assert_non_null(files);
	for (struct dirent *file; (file = readdir(files));) {
		if (!strstr(file->d_name, ".yml"))
			continue;
		snprintf(name, sizeof name, "horizon/examples/%s", file->d_name);
		count += example(name);
	}
	closedir(files);
	assert_int_equal(count, 77);
	assert_int_equal(answers("horizon/pubnet-transactions-p27.json"), 150);
	assert_int_equal(answers("horizon/pubnet-ledgers-p27.json"), 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pubnet_ledgers),
		cmocka_unit_test(ledgers_of_the_tests_of_core),
		cmocka_unit_test(answers_of_rpc),
		cmocka_unit_test(answers_of_horizon),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
