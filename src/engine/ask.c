/* engine/ask.c - requests that wait for an answer, by token. */
#include "engine/inside.h"

#include "base/check.h"

uint64_t ask_token(struct engine *e, enum request_kind kind, uint32_t subject, uint64_t number)
{
	GROW(e->requests, e->request_count, e->request_room);
	e->requests[e->request_count++] = (struct request){
		.token = ++e->token, .kind = kind, .subject = subject, .number = number};
	return e->token;
}

bool ask_take(struct engine *e, struct request *request, uint64_t token)
{
	for (uint32_t i = 0; i < e->request_count; i++)
		if (e->requests[i].token == token) {
			*request = e->requests[i];
			e->requests[i] = e->requests[--e->request_count];
			return true;
		}
	return false;
}

bool ask_waiting(const struct engine *e, enum request_kind kind, uint32_t subject)
{
	for (uint32_t i = 0; i < e->request_count; i++)
		if (e->requests[i].kind == kind && e->requests[i].subject == subject)
			return true;
	return false;
}

void ask_rpc(struct engine *e, uint64_t token, struct json_writer *w, size_t limit)
{
	const uint8_t *body;
	size_t size;
	/* What is written here is ours; only memory can be missing. */
	CHECK(json_write_close(w, &body, &size) == SDEX_OK);
	const struct env_request request = {.method = "POST",
					    .url = e->config.rpc_url,
					    .content_type = "application/json",
					    .body = body,
					    .size = size,
					    .timeout_ms = e->config.request_ms,
					    .limit = limit};
	e->env.http(e->env.world, token, &request);
}

void ask_get(struct engine *e, uint64_t token, const char *url, size_t limit)
{
	const struct env_request request = {
		.method = "GET", .url = url, .timeout_ms = e->config.request_ms, .limit = limit};
	e->env.http(e->env.world, token, &request);
}

void ask_timer(struct engine *e, enum request_kind kind, uint32_t subject, uint32_t delay_ms)
{
	if (!ask_waiting(e, kind, subject))
		e->env.timer(e->env.world, ask_token(e, kind, subject, 0), delay_ms);
}
