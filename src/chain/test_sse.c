/* chain/test_sse.c - events are the same wherever the stream is cut. */
#include "base/testing.h"
#include "chain/sse.h"

/* Events as text: id|name|data| each, retry when it was said. */
struct log {
	char text[1024];
	size_t size;
	unsigned stop_after, count;
};

static bool take(void *arg, const struct sse_event *event)
{
	struct log *log = arg;
	log->size += (size_t)snprintf(
		log->text + log->size, sizeof log->text - log->size, "[%.*s|%.*s|%.*s|%lld]",
		(int)event->id.size, event->id.data, (int)event->event.size, event->event.data,
		(int)event->data.size, event->data.data, (long long)event->retry_ms);
	return ++log->count != log->stop_after;
}

static void reads(const char *stream, size_t size, const char *events)
{
	/* Cut at every pair of places, and byte by byte. */
	for (size_t a = 0; a <= size; a++) {
		for (size_t b = a; b <= size; b++) {
			struct log log = {0};
			struct sse_reader *reader = sse_reader_new(1000);
			assert_int_equal(sse_read(reader, take, &log, stream, a, NULL), SDEX_OK);
			assert_int_equal(sse_read(reader, take, &log, stream + a, b - a, NULL),
					 SDEX_OK);
			assert_int_equal(sse_read(reader, take, &log, stream + b, size - b, NULL),
					 SDEX_OK);
			assert_string_equal(log.text, events);
			sse_reader_free(reader);
		}
	}
	struct log log = {0};
	struct sse_reader *reader = sse_reader_new(1000);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(sse_read(reader, take, &log, stream + i, 1, NULL), SDEX_OK);
	assert_string_equal(log.text, events);
	sse_reader_free(reader);
}

#define READS(stream, events) reads(stream, sizeof(stream) - 1, events)

static void the_standard_is_kept(void **state)
{
	(void)state;
	/* The examples of the WHATWG standard, section "Interpreting an event stream". */
	READS("data: YHOO\ndata: +2\ndata: 10\n\n", "[|message|YHOO\n+2\n10|-1]");
	READS(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third "
	      "event",
	      "[1|message|first event|-1][|message|second event|-1]");
	READS("data\n\ndata\ndata\n\ndata:", "[|message||-1][|message|\n|-1]");
	READS("data:test\n\ndata: test\n\n", "[|message|test|-1][|message|test|-1]");
	/* Horizon's. */
	READS("retry: 1000\nevent: open\ndata: \"hello\"\n\nid: 33\ndata: {\"a\":1}\n\n",
	      "[|open|\"hello\"|1000][33|message|{\"a\":1}|1000]");
}

static void line_ends_are_three(void **state)
{
	(void)state;
	READS("data:a\r\n\r\ndata:b\r\rdata:c\n\ndata:d\r\n\ndata:e\n\r\n",
	      "[|message|a|-1][|message|b|-1][|message|c|-1][|message|d|-1][|message|e|-1]");
}

static void what_means_nothing_is_left_out(void **state)
{
	(void)state;
	READS("\xef\xbb\xbf"
	      "data:a\n\n",
	      "[|message|a|-1]");
	READS("data:a\n\xef\xbb\xbf"
	      "data:b\n\n",
	      "[|message|a|-1]");
	READS("retry: 1x\nretry:\nretry: -1\nretry: 99999999999999999999\nDATA: x\nnope: "
	      "1\n:c\ndata:a\n\n",
	      "[|message|a|-1]");
	READS("id: a\0b\nid: c\nid: d\0\ndata:a\n\n", "[c|message|a|-1]");
	READS("event: x\n\ndata: a\n\n", "[|message|a|-1]"); /* without data there is no event */
	READS("id: 7\n\n", "");
}

static void the_id_lasts(void **state)
{
	(void)state;
	struct log log = {0};
	struct sse_reader *reader = sse_reader_new(100);
	static const char stream[] = "id: 1\ndata: a\n\ndata: b\n\nid: 2\n\nid: 3\ndata";
	assert_int_equal(sse_last_id(reader).size, 0);
	assert_int_equal(sse_read(reader, take, &log, stream, sizeof stream - 1, NULL), SDEX_OK);
	assert_string_equal(log.text, "[1|message|a|-1][1|message|b|-1]");
	assert_int_equal(sse_last_id(reader).size, 1); /* 3 is of an event that is not over */
	assert_int_equal(sse_last_id(reader).data[0], '2');
	sse_reader_free(reader);
}

static void the_limit_holds_and_lasts(void **state)
{
	(void)state;
	static const char *const floods[] = {"a", "data: a\n", "data:\n",
					     "id: aaaaaaaaaaaaaaaaaaaaaaaa"};
	for (size_t i = 0; i < 4; i++) {
		struct log log = {0};
		struct sdex_failure why;
		struct sse_reader *reader = sse_reader_new(50);
		enum sdex_error error = SDEX_OK;
		for (int n = 0; n < 100 && !error; n++)
			error = sse_read(reader, take, &log, floods[i], strlen(floods[i]), &why);
		assert_int_equal(error, SDEX_ERR_LENGTH);
		assert_non_null(strstr(why.text, "limit"));
		assert_int_equal(sse_read(reader, take, &log, "\n\ndata:a\n\n", 11, &why),
				 SDEX_ERR_LENGTH);
		assert_int_equal(log.count, 0);
		sse_reader_free(reader);
	}
	struct log log = {0};
	struct sse_reader *reader = sse_reader_new(5);
	assert_int_equal(sse_read(reader, take, &log, "data:a\n\n", 8, NULL), SDEX_ERR_LENGTH);
	sse_reader_free(reader);
}

static void the_taker_may_stop(void **state)
{
	(void)state;
	struct log log = {.stop_after = 1};
	struct sse_reader *reader = sse_reader_new(100);
	assert_int_equal(sse_read(reader, take, &log, "data:a\n\ndata:b\n\n", 16, NULL), SDEX_OK);
	assert_string_equal(log.text, "[|message|a|-1]");
	sse_reader_free(reader);
}

static void what_is_written_reads_the_same(void **state)
{
	(void)state;
	static const char *const datas[] = {"", "a", "a\nb", "\n", "\n\n", "a\n", " a", ":x"};
	for (size_t i = 0; i < sizeof datas / sizeof datas[0]; i++) {
		struct sse_event event = {
			{"name", 4}, {"id 1", 4}, {datas[i], strlen(datas[i])}, 7};
		char out[200], expected[200];
		size_t size, again;
		assert_int_equal(sse_write(out, sizeof out, &size, &event), SDEX_OK);
		assert_int_equal(sse_write(out, size - 1, &again, &event), SDEX_ERR_SPACE);
		assert_int_equal(again, size);
		assert_int_equal(sse_write(out, size, &again, &event), SDEX_OK);
		snprintf(expected, sizeof expected, "[id 1|name|%s|7]", datas[i]);
		reads(out, size, expected);
	}
	size_t size;
	char out[200];
	struct sse_event windows = {.data = {"a\r\nb\rc", 6}, .retry_ms = -1};
	assert_int_equal(sse_write(out, sizeof out, &size, &windows), SDEX_OK);
	reads(out, size, "[|message|a\nb\nc|-1]");
	struct sse_event split = {.id = {"1\ndata: x", 9}, .retry_ms = -1};
	assert_int_equal(sse_write(out, sizeof out, &size, &split), SDEX_ERR_CHARACTER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_standard_is_kept),
		cmocka_unit_test(line_ends_are_three),
		cmocka_unit_test(what_means_nothing_is_left_out),
		cmocka_unit_test(the_id_lasts),
		cmocka_unit_test(the_limit_holds_and_lasts),
		cmocka_unit_test(the_taker_may_stop),
		cmocka_unit_test(what_is_written_reads_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
