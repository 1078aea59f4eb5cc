/* fuzz/websocket.c - a client's frames: the same events whole and byte by byte, bounded. */
#include <stdlib.h>

#include "base/check.h"
#include "net/route.h"
#include "net/websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LIMIT 300u

struct seen {
	unsigned events, status;
	uint64_t sum;
};

static void add(struct seen *seen, const struct websocket_event *event)
{
	CHECK(event->size <= LIMIT);
	CHECK(event->opcode < WEBSOCKET_CLOSE || event->size <= WEBSOCKET_CONTROL_MAX);
	CHECK(event->opcode != WEBSOCKET_CONTINUATION);
	if (event->opcode == WEBSOCKET_TEXT || event->opcode == WEBSOCKET_CLOSE)
		CHECK(utf8_valid(event->data, event->size));
	seen->events++;
	seen->sum = seen->sum * 31 + event->opcode * 7u + event->status;
	for (size_t i = 0; i < event->size; i++)
		seen->sum = seen->sum * 31 + event->data[i];
}

static struct seen read_in(const uint8_t *data, size_t size, size_t step)
{
	struct websocket_reader *reader = websocket_reader_new(LIMIT);
	struct seen seen = {0};
	CHECK(reader);
	for (size_t at = 0; at < size;) {
		struct websocket_event event;
		size_t used = 0, part = size - at < step ? size - at : step;
		unsigned status = 0;
		enum websocket_progress got =
			websocket_read(reader, &event, &used, &status, data + at, part);
		CHECK(used <= part);
		if (got == WEBSOCKET_BAD) {
			CHECK(status >= 1000 && status < 1015);
			seen.status = status;
			break;
		}
		if (got == WEBSOCKET_EVENT)
			add(&seen, &event);
		else
			CHECK(used == part);
		at += used;
	}
	websocket_reader_free(reader);
	return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen whole = read_in(data, size, size), bytes = read_in(data, size, 1);
	CHECK(whole.events == bytes.events && whole.sum == bytes.sum &&
	      whole.status == bytes.status);
	return 0;
}
