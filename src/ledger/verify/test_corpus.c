/* Real ledgers, and those of stellar-core's own tests, executed again (verify.h): no operation
 * may differ, and of those that the network did nearly all have to be agreed. */
#include "base/testing.h"

#include <dirent.h>
#include <zlib.h>

#include "ledger/verify/verify.h"
#include "sdex/bytes.h"
#include "sdex/xdr.h"

#define FILE_MAX ((size_t)64 << 20)

static const char pubnet[] = "Public Global Stellar Network ; September 2015";
static const char core_tests[] = "(V) (;,,;) (V)";

struct tally {
	uint64_t verdicts[VERDICTS];
	uint64_t done; /* by the network, and no contract */
	uint64_t done_agreed;
};

static uint8_t *read_file(const char *path, size_t *size)
{
	uint8_t *data = malloc(FILE_MAX);
	gzFile in = gzopen(path, "rb");
	int got;
	assert_non_null(data);
	assert_non_null(in);
	*size = 0;
	while ((got = gzread(in, data + *size, 1 << 20)) > 0)
		*size += (size_t)got;
	assert_int_equal(got, 0);
	gzclose(in);
	return data;
}

static void count(struct tally *tally, const struct verified_ledger *ledger)
{
	uint64_t all = 0;
	for (int v = 0; v < VERDICTS; v++) {
		tally->verdicts[v] += ledger->verdicts[v];
		all += ledger->verdicts[v];
	}
	assert_int_equal(all, ledger->count);
	for (uint32_t i = 0; i < ledger->count; i++) {
		const struct verified *item = &ledger->items[i];
		bool worded =
			item->verdict == VERDICT_DIFFERED || item->verdict == VERDICT_UNDETERMINED;
		assert_true(worded == (item->words != NULL));
		assert_non_null(item->code);
		if (item->verdict == VERDICT_DIFFERED)
			print_message("ledger %u, transaction %u, operation %u: %s\n",
				      ledger->sequence, item->transaction, item->operation,
				      item->words);
		if (getenv("SDEX_VERBOSE") && item->verdict == VERDICT_UNDETERMINED)
			print_message("ledger %u, transaction %u, operation %u (%s): %s\n",
				      ledger->sequence, item->transaction, item->operation,
				      item->code->name, item->words);
		if (item->done && item->verdict != VERDICT_SOROBAN) {
			tally->done++;
			tally->done_agreed += item->verdict == VERDICT_AGREED;
		}
	}
}

static void verify_file(struct tally *tally, const char *name, const char *passphrase, bool framed)
{
	char path[8192];
	uint8_t network[32];
	size_t size;
	struct sdex_failure why;
	const struct verified_ledger *ledger;
	snprintf(path, sizeof path, "%s/%s", getenv("SDEX_CORPUS"), name);
	uint8_t *data = read_file(path, &size);
	const uint8_t *at = data, *record = data;
	size_t record_size = size;
	sdex_sha256(network, passphrase, strlen(passphrase));
	struct verify *verify = verify_new(network, 0);
	assert_non_null(verify);
	while (!framed || sdex_xdr_frame_next(&record, &record_size, &at, &size) == SDEX_OK) {
		if (verify_ledger(&ledger, verify, record, record_size, &why))
			fail_msg("%s: %s", name, why.text);
		count(tally, ledger);
		if (!framed)
			break;
	}
	verify_free(verify);
	free(data);
}

static void show(const char *name, const struct tally *tally)
{
	print_message("%s: %llu agreed, %llu differed, %llu undetermined, %llu soroban; of %llu "
		      "done %llu agreed\n",
		      name, (unsigned long long)tally->verdicts[VERDICT_AGREED],
		      (unsigned long long)tally->verdicts[VERDICT_DIFFERED],
		      (unsigned long long)tally->verdicts[VERDICT_UNDETERMINED],
		      (unsigned long long)tally->verdicts[VERDICT_SOROBAN],
		      (unsigned long long)tally->done, (unsigned long long)tally->done_agreed);
	assert_int_equal(tally->verdicts[VERDICT_DIFFERED], 0);
	assert_true(tally->done > 0);
}

static void need_corpus(void)
{
	if (getenv("SDEX_CORPUS"))
		return;
	print_message("SDEX_CORPUS is not set: real ledgers are in the corpus\n");
	skip();
}

static void core_s_test_ledgers_agree(void **state)
{
	(void)state;
	static const char *const folders[] = {"core/OfferTests", "core/PathPaymentTests",
					      "core/TxResultsTests"};
	need_corpus();
	for (int i = 0; i < 3; i++) {
		char path[4096];
		struct tally tally = {0};
		snprintf(path, sizeof path, "%s/%s", getenv("SDEX_CORPUS"), folders[i]);
		DIR *files = opendir(path);
		assert_non_null(files);
		for (const struct dirent *file; (file = readdir(files));) {
			size_t length = strlen(file->d_name);
			if (length < 4 || strcmp(file->d_name + length - 4, ".xdr") != 0)
				continue;
			snprintf(path, sizeof path, "%s/%s", folders[i], file->d_name);
			verify_file(&tally, path, core_tests, true);
		}
		closedir(files);
		show(folders[i], &tally);
		/* from the network's first ledger on: nothing is hidden */
		assert_int_equal(tally.verdicts[VERDICT_UNDETERMINED], 0);
	}
}

static void real_ledgers_agree(void **state)
{
	(void)state;
	/* the first is of protocol 17 */
	static const char *const files[] = {"pubnet/ledger-46154623.xdr.gz",
					    "pubnet/ledger-57500008.xdr.gz",
					    "pubnet/ledger-63092988.xdr.gz"};
	uint64_t done = 0, agreed = 0;
	need_corpus();
	for (int i = 0; i < 3; i++) {
		struct tally tally = {0};
		verify_file(&tally, files[i], pubnet, false);
		show(files[i], &tally);
		done += tally.done;
		agreed += tally.done_agreed;
	}
	assert_true(100 * agreed > 95 * done);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_ledgers_agree),
		cmocka_unit_test(core_s_test_ledgers_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
