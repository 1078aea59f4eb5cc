/* fuzz/sandbox_request.c - requests to a sandbox: every one gets an answer that is whole.
 *
 * The input is lines: `h` or `r` for Horizon or RPC with a method ("hGET"), the target, the
 * fields accept, content-type and last-event-id; the rest is the body. */
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/json.h"
#include "sandbox/sandbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define START 1800000000u
#define RUNS_MAX 500u /* of one sandbox, so that what was found comes up again */

static struct text line(const uint8_t **data, size_t *size)
{
	const uint8_t *end = *size ? memchr(*data, '\n', *size) : NULL;
	struct text text = {(const char *)*data, end ? (size_t)(end - *data) : *size};
	size_t used = text.size + (end != NULL);
	*data += used;
	*size -= used;
	return text;
}

static void check_json(const uint8_t *text, size_t size)
{
	struct json json;
	json_open(&json, text, size, 64);
	CHECK(json_skip(&json));
	CHECK(json_close(&json, NULL) == SDEX_OK);
}

static void check_answer(const struct sandbox_answer *answer)
{
	CHECK(answer->form == SANDBOX_LATER ||
	      (answer->status >= 200 && answer->status <= 599 && answer->line_count <= 4));
	if (answer->form == SANDBOX_WHOLE && answer->type && strstr(answer->type, "json"))
		check_json(answer->body, answer->size);
	if (answer->form == SANDBOX_STREAM && answer->size)
		CHECK(answer->size >= 2 && memcmp(answer->body + answer->size - 2, "\n\n", 2) == 0);
	if (answer->held)
		CHECK(answer->form != SANDBOX_WHOLE && !answer->ended);
}

/* The network that inputs share. */
static struct sandbox *sandbox;

static void end(void)
{
	sandbox_free(sandbox);
}

static void begin(void)
{
	struct sandbox_options options = {.start_s = START, .ledgers = 20};
	if (!sandbox)
		CHECK(atexit(end) == 0);
	sandbox_free(sandbox);
	sandbox = sandbox_new(&options, NULL);
	CHECK(sandbox);
	for (unsigned i = 0; i < 5; i++)
		CHECK(sandbox_close(sandbox, 0, NULL) == SDEX_OK);
}

/* A ledger later, and when its time is up. */
static void turn(struct sandbox_held *held)
{
	struct sandbox_answer answer;
	CHECK(sandbox_close(sandbox, 0, NULL) == SDEX_OK);
	sandbox_turn(sandbox, &answer, held, 5000);
	check_answer(&answer);
	if (answer.form != SANDBOX_WHOLE && !answer.ended) {
		sandbox_turn(sandbox, &answer, held, 60000);
		check_answer(&answer);
		CHECK(answer.form == SANDBOX_WHOLE || answer.ended);
	}
	sandbox_held_free(held);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned runs;
	struct sandbox_answer answer;
	if (runs++ % RUNS_MAX == 0)
		begin();
	struct text first = line(&data, &size), target = line(&data, &size);
	char method[16];
	bool rpc = first.size && first.data[0] == 'r';
	snprintf(method, sizeof(method), "%.*s", first.size ? (int)first.size - 1 : 0,
		 first.size ? first.data + 1 : "");
	const char *mark = target.size ? memchr(target.data, '?', target.size) : NULL;
	struct sandbox_request request = {.method = method, .path = target, .host = TEXT("fuzz")};
	if (mark) {
		request.path.size = (size_t)(mark - target.data);
		request.query = (struct text){mark + 1, target.size - request.path.size - 1};
	}
	request.accept = line(&data, &size);
	request.content_type = line(&data, &size);
	request.last_event_id = line(&data, &size);
	request.body = data;
	request.size = size;
	if (rpc)
		sandbox_rpc(sandbox, &answer, &request);
	else
		sandbox_horizon(sandbox, &answer, &request);
	check_answer(&answer);
	if (answer.held)
		turn(answer.held);
	return 0;
}
