/* base/testing_corpus.h - for tests on real data: the folder that SDEX_CORPUS names. */
#ifndef SDEX_BASE_TESTING_CORPUS_H
#define SDEX_BASE_TESTING_CORPUS_H

#include "base/testing.h"

#include <zlib.h>

#define CORPUS_FILE_MAX ((size_t)64 << 20)

/* The folder; skips the test, and says why, when there is none. */
static inline const char *corpus(void)
{
	const char *folder = getenv("SDEX_CORPUS");
	if (!folder) {
		print_message("SDEX_CORPUS is not set: real ledgers are in the corpus\n");
		skip();
	}
	return folder ? folder : "";
}

/* The whole file, unpacked when it is gzip, with a NUL behind; freed by the caller. */
static inline uint8_t *corpus_read(const char *path, size_t *size)
{
	uint8_t *data = malloc(CORPUS_FILE_MAX + 1);
	gzFile in = gzopen(path, "rb");
	assert_non_null(data);
	assert_non_null(in);
	int got = gzread(in, data, (unsigned)CORPUS_FILE_MAX + 1);
	assert_int_equal(gzclose(in), Z_OK); /* another: the file is cut off */
	assert_in_range(got, 0, CORPUS_FILE_MAX);
	*size = (size_t)got;
	data[*size] = 0;
	return data;
}

#endif
