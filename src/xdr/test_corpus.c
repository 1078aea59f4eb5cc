/* xdr/test_corpus.c - real ledgers come back byte for byte: encode(decode(b)) == b. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "sdex/xdr_types.h"

#define FILE_MAX ((size_t)64 << 20)

struct file {
	uint8_t *data;
	size_t size;
};

static const char *corpus(void)
{
	const char *folder = getenv("SDEX_CORPUS");
	if (!folder) {
		print_message("SDEX_CORPUS is not set: real ledgers are in the corpus\n");
		skip();
	}
	return folder ? folder : "";
}

/* The whole file, unpacked when it is gzip. */
static struct file read_file(const char *path)
{
	struct file file = {malloc(FILE_MAX), 0};
	gzFile in = gzopen(path, "rb");
	int got;
	assert_non_null(in);
	while ((got = gzread(in, file.data + file.size, 1 << 20)) > 0)
		file.size += (size_t)got;
	assert_int_equal(got, 0);
	gzclose(in);
	return file;
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
	size_t count = 0;
	char path[4096];
	const char *folder = corpus();
	snprintf(path, sizeof path, "%s/core", folder);
	DIR *suites = opendir(path);
	assert_non_null(suites);
	for (struct dirent *suite; (suite = readdir(suites));) {
		if (suite->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/core/%s", folder, suite->d_name);
		DIR *files = opendir(path);
		if (!files)
			continue;
		for (struct dirent *file; (file = readdir(files));) {
			size_t length = strlen(file->d_name);
			if (length < 4 || strcmp(file->d_name + length - 4, ".xdr"))
				continue;
			snprintf(path, sizeof path, "%s/core/%s/%s", folder, suite->d_name,
				 file->d_name);
			count += framed_file(path);
		}
		closedir(files);
	}
	closedir(suites);
	assert_true(count > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pubnet_ledgers),
		cmocka_unit_test(core_ledgers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
