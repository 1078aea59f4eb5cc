/* fuzz/xdr_frames.c - streams of records: each lies within the stream, behind the one
 * before it, and what is left is refused without being used up. */
#include "base/check.h"
#include "sdex/xdr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *at = data, *end = data + size, *record = NULL;
	size_t left = size, length = 0, sum = 0;
	enum sdex_error error;
	while (!(error = sdex_xdr_frame_next(&record, &length, &at, &left))) {
		CHECK(at + left == end);
		CHECK(record + length == at && record >= data + 4);
		sum += 4 + length; /* the mark and what it announces: nothing is passed over */
		CHECK(sum + left == size);
	}
	CHECK(at + left == end);
	CHECK(error == SDEX_ERR_MISSING ? !left : left > 0);
	return 0;
}
