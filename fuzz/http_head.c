/* fuzz/http_head.c - request heads and chunked bodies: the same however they are cut. */
#include <stdlib.h>

#include "base/check.h"
#include "net/http_head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LIMIT 2048u

static void check_text(struct text text, const uint8_t *data, size_t size)
{
	if (text.size)
		CHECK((const uint8_t *)text.data >= data &&
		      (const uint8_t *)text.data + text.size <= data + size);
}

static void check_head(const struct http_head *head, const uint8_t *data, size_t size)
{
	struct text parts[] = {head->path, head->query, head->host, head->websocket_key};
	CHECK(!head->chunked || !head->has_length);
	CHECK(head->has_length || head->content_length == 0);
	CHECK(head->field_count <= HTTP_FIELDS_MAX);
	CHECK(head->path.size > 0 && (head->path.data[0] == '/' || head->path.data[0] == '*'));
	for (size_t i = 1; i < 4; i++)
		check_text(parts[i], data, size);
	for (uint32_t i = 0; i < head->field_count; i++) {
		check_text(head->fields[i].name, data, size);
		check_text(head->fields[i].value, data, size);
		CHECK(!memchr(head->fields[i].name.data, '\n', head->fields[i].name.size));
		CHECK(!head->fields[i].value.size ||
		      !memchr(head->fields[i].value.data, '\n', head->fields[i].value.size));
	}
}

/* What is behind the head, as a chunked body: whole, and byte by byte. */
static void check_chunks(const uint8_t *data, size_t size)
{
	char *whole = malloc(size + 1), *bytes = malloc(size + 1);
	struct http_chunks one = {0}, many = {0};
	struct http_refusal refusal;
	size_t content = 0, used = 0, sum = 0, at = 0;
	CHECK(whole && bytes);
	memcpy(whole, data, size);
	enum http_progress first = http_chunks_read(&one, &content, &used, &refusal, whole, size);
	enum http_progress second = HTTP_MORE;
	while (second == HTTP_MORE && at < size) {
		size_t got, took;
		char byte = (char)data[at++];
		second = http_chunks_read(&many, &got, &took, &refusal, &byte, 1);
		CHECK(took == 1);
		if (got)
			bytes[sum++] = byte;
	}
	CHECK(first == second && content == sum && used == at && content <= used);
	CHECK(memcmp(whole, bytes, sum) == 0);
	free(whole);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_head head;
	struct http_refusal whole_refusal, refusal;
	struct http_scan scan = {0};
	size_t head_size = 0, cut_size = 0;
	const char *text = (const char *)data;
	enum http_progress whole =
		http_head_read(&head, &head_size, &whole_refusal, &scan, text, size, LIMIT);
	if (whole == HTTP_DONE) {
		CHECK(head_size <= size && head_size <= LIMIT);
		check_head(&head, data, head_size);
		check_chunks(data + head_size, size - head_size);
	}
	/* Arriving byte by byte ends the same way, at the latest at the same place. */
	struct http_scan slow = {0};
	enum http_progress cut = HTTP_MORE;
	for (size_t n = 1; n <= size && cut == HTTP_MORE; n++)
		cut = http_head_read(&head, &cut_size, &refusal, &slow, text, n, LIMIT);
	CHECK(cut == whole);
	CHECK(whole != HTTP_DONE || head_size == cut_size);
	CHECK(whole != HTTP_BAD || refusal.status == whole_refusal.status);
	return 0;
}
