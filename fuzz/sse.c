/* fuzz/sse.c - event streams: the same events whole and byte by byte; written, they read back. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "chain/sse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LIMIT 400u

struct seen {
	unsigned events;
	uint64_t sum;
	bool write_again;
};

static void add(struct seen *seen, struct sse_text text)
{
	CHECK(text.size <= LIMIT);
	seen->sum = seen->sum * 31 + text.size;
	for (size_t i = 0; i < text.size; i++)
		seen->sum = seen->sum * 31 + (uint8_t)text.data[i];
}

static bool take(void *arg, const struct sse_event *event)
{
	struct seen *seen = arg;
	seen->events++;
	add(seen, event->event);
	add(seen, event->id);
	add(seen, event->data);
	seen->sum = seen->sum * 31 + (uint64_t)event->retry_ms;
	/* The standard lets a name hold a NUL; we would not write one. */
	if (!seen->write_again || memchr(event->event.data, '\0', event->event.size))
		return true;
	char out[8 * LIMIT + 200];
	size_t size;
	CHECK(sse_write(out, sizeof out, &size, event) == SDEX_OK);
	struct seen once = {0}, again = {0};
	CHECK(take(&once, event));
	struct sse_reader *reader = sse_reader_new(2 * LIMIT);
	CHECK(reader && sse_read(reader, take, &again, out, size, NULL) == SDEX_OK);
	CHECK(again.events == 1 && again.sum == once.sum);
	sse_reader_free(reader);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen whole = {.write_again = true}, bytes = {0};
	struct sse_reader *a = sse_reader_new(LIMIT), *b = sse_reader_new(LIMIT);
	struct sdex_failure why;
	CHECK(a && b);
	enum sdex_error first = sse_read(a, take, &whole, data, size, &why);
	enum sdex_error second = SDEX_OK;
	for (size_t i = 0; i < size && !second; i++)
		second = sse_read(b, take, &bytes, data + i, 1, &why);
	CHECK(first == second);
	CHECK(whole.events == bytes.events && whole.sum == bytes.sum);
	sse_reader_free(a);
	sse_reader_free(b);
	return 0;
}
