/* Real ledgers, and those of stellar-core's own tests, executed again (verify.h): no operation
 * may differ, and of those that the network did as many are agreed as docs/ledger.md tells. */
#include <dirent.h>

#include "base/testing_corpus.h"
#include "ledger/verify/verify.h"
#include "sdex/bytes.h"
#include "sdex/xdr.h"

static const char pubnet[] = "Public Global Stellar Network ; September 2015";
static const char core_tests[] = "(V) (;,,;) (V)";

struct tally {
	uint64_t verdicts[VERDICTS];
	uint64_t done; /* by the network, and no contract */
	uint64_t done_agreed;
};

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
	snprintf(path, sizeof path, "%s/%s", corpus(), name);
	uint8_t *data = corpus_read(path, &size);
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

static void core_s_test_ledgers_agree(void **state)
{
	(void)state;
	static const char *const folders[] = {"core/OfferTests", "core/PathPaymentTests",
					      "core/TxResultsTests"};
	uint64_t done = 0;
	for (int i = 0; i < 3; i++) {
		char path[4096];
		struct tally tally = {0};
		snprintf(path, sizeof path, "%s/%s", corpus(), folders[i]);
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
		done += tally.done;
	}
	assert_int_equal(done, 1104);
}

static void real_ledgers_agree(void **state)
{
	(void)state;
	static const struct {
		const char *file;
		uint64_t done, agreed;
	} ledgers[] = {
		{"pubnet/ledger-46154623.xdr.gz", 176, 166}, /* it is 36154623, of protocol 17 */
		{"pubnet/ledger-57500008.xdr.gz", 273, 270},
		{"pubnet/ledger-63092988.xdr.gz", 388, 383},
	};
	for (int i = 0; i < 3; i++) {
		struct tally tally = {0};
		verify_file(&tally, ledgers[i].file, pubnet, false);
		show(ledgers[i].file, &tally);
		assert_int_equal(tally.done, ledgers[i].done);
		assert_int_equal(tally.done_agreed, ledgers[i].agreed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_ledgers_agree),
		cmocka_unit_test(core_s_test_ledgers_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
