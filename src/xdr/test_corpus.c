/* xdr/test_corpus.c - real ledgers come back byte for byte: encode(decode(b)) == b. */
#include <dirent.h>

#include "base/testing_corpus.h"
#include "sdex/bytes.h"
#include "sdex/xdr_types.h"
#include "xdr/test_values.h"

struct file {
	uint8_t *data; /* with a NUL behind */
	size_t size;
};

static struct file read_file(const char *path)
{
	struct file file;
	file.data = corpus_read(path, &file.size);
	return file;
}

static enum sdex_visit add(void *context, const struct sdex_found *found)
{
	uint32_t *counts = context;
	counts[found->type]++;
	return SDEX_VISIT_INTO;
}

/* A visit that stops at everything finds what the tree holds. */
static void visit_all(enum sdex_type type, const void *value, const uint8_t *data, size_t size)
{
	uint32_t held[SDEX_TYPE_COUNT] = {0}, found[SDEX_TYPE_COUNT] = {0};
	enum sdex_type all[SDEX_TYPE_COUNT];
	struct sdex_visit_plan plan;
	for (int i = 0; i < SDEX_TYPE_COUNT; i++)
		all[i] = (enum sdex_type)i;
	assert_int_equal(sdex_visit_plan_init(&plan, all, SDEX_TYPE_COUNT), SDEX_OK);
	assert_int_equal(sdex_xdr_visit(type, &plan, add, found, data, size, NULL, NULL), SDEX_OK);
	test_count(held, type, value);
	assert_memory_equal(found, held, sizeof held);
}

static void round_trip(enum sdex_type type, const uint8_t *data, size_t size)
{
	struct sdex_arena *arena = sdex_arena_new(0);
	struct sdex_failure why = {0};
	void *value, *again;
	if (sdex_xdr_decode(type, &value, arena, data, size, NULL, &why))
		fail_msg("offset %lu: %s", (unsigned long)why.where, why.text);

	size_t measured, written, checked;
	uint8_t *out = malloc(size);
	assert_int_equal(sdex_xdr_size(type, &measured, value, NULL), SDEX_OK);
	assert_int_equal(measured, size);
	assert_int_equal(sdex_xdr_encode(type, out, size, &written, value, NULL), SDEX_OK);
	assert_int_equal(written, size);
	assert_memory_equal(out, data, size);
	assert_int_equal(sdex_xdr_encode(type, out, size - 1, &written, value, NULL),
			 SDEX_ERR_SPACE);
	assert_int_equal(sdex_xdr_check(type, &checked, data, size, NULL, NULL), SDEX_OK);
	assert_int_equal(checked, size);

	assert_int_equal(sdex_xdr_decode(type, &again, arena, data, size, NULL, NULL), SDEX_OK);
	assert_true(sdex_xdr_equal(type, value, again));
	visit_all(type, value, data, size);
	free(out);
	sdex_arena_free(arena);
}

static void pubnet_ledgers(void **state)
{
	(void)state;
	static const char *const names[] = {"46154623", "57500008", "63092988"};
	const char *folder = corpus();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[4096];
		snprintf(path, sizeof path, "%s/pubnet/ledger-%s.xdr.gz", folder, names[i]);
		struct file file = read_file(path);
		round_trip(SDEX_TYPE_LedgerCloseMeta, file.data, file.size);
		free(file.data);
	}
}

typedef size_t file_test(const char *path);

/* Calls `test` for each file in a folder of the corpus, and its folders, whose name
 * ends so; returns the sum of what it returned. */
static size_t for_each_file(const char *folder, const char *suffix, file_test *test)
{
	size_t sum = 0;
	DIR *files = opendir(folder);
	assert_non_null(files);
	for (struct dirent *file; (file = readdir(files));) {
		char path[4096];
		size_t length = strlen(file->d_name), end = strlen(suffix);
		if (file->d_name[0] == '.')
			continue;
		assert_true(snprintf(path, sizeof path, "%s/%s", folder, file->d_name) < 4096);
		if (length > end && !strcmp(file->d_name + length - end, suffix))
			sum += test(path);
		else if (!strchr(file->d_name, '.'))
			sum += for_each_file(path, suffix, test);
	}
	closedir(files);
	return sum;
}

static size_t framed_file(const char *path)
{
	struct file file = read_file(path);
	const uint8_t *data = file.data, *record;
	size_t left = file.size, size, count = 0;
	while (!sdex_xdr_frame_next(&record, &size, &data, &left)) {
		round_trip(SDEX_TYPE_LedgerCloseMeta, record, size);
		count++;
	}
	assert_int_equal(left, 0);
	free(file.data);
	return count;
}

static void core_ledgers(void **state)
{
	(void)state;
	char path[4096];
	snprintf(path, sizeof path, "%s/core", corpus());
	assert_true(for_each_file(path, ".xdr", framed_file) > 1000);
}

/* Round trips of all base64 behind this key, in JSON or YAML. */
static size_t texts(const struct file *file, const char *key, enum sdex_type type)
{
	size_t count = 0;
	char *text = (char *)file->data;
	for (char *at = text; (at = strstr(at, key)); at++) {
		char *value = at + strlen(key);
		if ((at > text && at[-1] != '"' && at[-1] != ' ') || !strchr("\":", *value))
			continue;
		value += strspn(value, "\": ");
		size_t length = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					      "0123456789+/=");
		size_t size = 0;
		uint8_t *data = malloc(length + 1);
		assert_int_equal(sdex_base64_decode(data, length, &size, value, length, NULL),
				 SDEX_OK);
		if (size) {
			round_trip(type, data, size);
			count++;
		}
		free(data);
	}
	return count;
}

static size_t rpc_file(const char *path)
{
	struct file file = read_file(path);
	size_t count = texts(&file, "envelopeXdr", SDEX_TYPE_TransactionEnvelope) +
		       texts(&file, "resultXdr", SDEX_TYPE_TransactionResult) +
		       texts(&file, "errorResultXdr", SDEX_TYPE_TransactionResult) +
		       texts(&file, "resultMetaXdr", SDEX_TYPE_TransactionMeta) +
		       texts(&file, "headerXdr", SDEX_TYPE_LedgerHeaderHistoryEntry) +
		       texts(&file, "metadataXdr", SDEX_TYPE_LedgerCloseMeta) +
		       texts(&file, "transactionData", SDEX_TYPE_SorobanTransactionData);
	free(file.data);
	return count;
}

static void rpc_answers(void **state)
{
	(void)state;
	char path[4096];
	snprintf(path, sizeof path, "%s/rpc", corpus());
	assert_true(for_each_file(path, ".json", rpc_file) > 240);
}

static size_t horizon_file(const char *path)
{
	struct file file = read_file(path);
	size_t count = texts(&file, "envelope_xdr", SDEX_TYPE_TransactionEnvelope) +
		       texts(&file, "result_xdr", SDEX_TYPE_TransactionResult) +
		       texts(&file, "result_meta_xdr", SDEX_TYPE_TransactionMeta) +
		       texts(&file, "fee_meta_xdr", SDEX_TYPE_LedgerEntryChanges) +
		       texts(&file, "header_xdr", SDEX_TYPE_LedgerHeader);
	free(file.data);
	return count;
}

static void horizon_answers(void **state)
{
	(void)state;
	char path[4096];
	snprintf(path, sizeof path, "%s/horizon", corpus());
	size_t count = for_each_file(path, ".json", horizon_file);
	assert_true(count + for_each_file(path, ".yml", horizon_file) > 250);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pubnet_ledgers),
		cmocka_unit_test(core_ledgers),
		cmocka_unit_test(rpc_answers),
		cmocka_unit_test(horizon_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
