/* fuzz/sign_frame.c - frames between connector and signer, from anywhere: what is one is
 * written back as the same bytes. */
#include <string.h>

#include "base/check.h"
#include "sign/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[FRAME_MAX];
	static struct frame frame;
	size_t used;
	for (;;) {
		enum frame_found found = frame_read(&frame, &used, data, size);
		if (found == FRAME_PARTIAL)
			CHECK(size < FRAME_MAX);
		if (found != FRAME_WHOLE)
			return 0;
		CHECK(used <= size && used <= FRAME_MAX);
		CHECK(frame_write(again, sizeof again, &frame) == used);
		CHECK(memcmp(again, data, used) == 0);
		data += used;
		size -= used;
	}
}
