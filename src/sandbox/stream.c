/* sandbox/stream.c - requests that are held: streams of events, and transactions that are
 * waited for.  The events are Horizon's (its internal/render/sse). */
#include <stdio.h>
#include <stdlib.h>

#include "sandbox/horizon.h"

#define HELD_BYTES_MAX ((size_t)64 << 20) /* of all requests that are held */

/* --- a piece of a stream */

static bool piece_add(struct call *call, const void *data, size_t size)
{
	if (call->piece_size + size > call->piece_room) {
		size_t room = 2 * (call->piece_size + size) + 1024;
		uint8_t *piece = sdex_arena_alloc(call->arena, room);
		if (!piece) {
			call->w.error = SDEX_ERR_NOMEM;
			return false;
		}
		if (call->piece_size)
			memcpy(piece, call->piece, call->piece_size);
		call->piece = piece;
		call->piece_room = room;
	}
	memcpy(call->piece + call->piece_size, data, size);
	call->piece_size += size;
	return true;
}

static void piece_text(struct call *call, const char *text)
{
	(void)piece_add(call, text, strlen(text));
}

static void piece_data(struct call *call, const uint8_t *json, size_t size)
{
	piece_text(call, "data: ");
	(void)piece_add(call, json, size);
	piece_text(call, "\n\n");
}

void stream_event_begin(struct call *call, const char *token)
{
	(void)snprintf(call->stream->token, sizeof(call->stream->token), "%s", token);
	json_write_arena(&call->w, call->arena, false);
}

void stream_event_end(struct call *call)
{
	const uint8_t *json;
	size_t size;
	if (json_write_close(&call->w, &json, &size))
		return;
	piece_text(call, "id: ");
	piece_text(call, call->stream->token);
	piece_text(call, "\n");
	piece_data(call, json, size);
	call->stream->left--;
}

void stream_cursor(struct call *call, const char *token)
{
	(void)snprintf(call->stream->cursor, sizeof(call->stream->cursor), "%s", token);
}

static void object_event(struct call *call)
{
	struct sandbox_held *held = call->stream;
	const uint8_t *json;
	size_t size;
	uint8_t hash[32];
	if (json_write_close(&call->w, &json, &size))
		return;
	sdex_sha256(hash, json, size);
	if (held->sent && memcmp(hash, held->hash, 32) == 0)
		return;
	held->sent = true;
	memcpy(held->hash, hash, 32);
	piece_data(call, json, size);
	held->left--;
}

static void finish_piece(struct call *call)
{
	struct sandbox_answer *a = call->answer;
	if (call->stream->left == 0)
		a->ended = true;
	if (a->ended)
		piece_text(call, "retry: 10\nevent: close\ndata: \"byebye\"\n\n");
	a->form = SANDBOX_STREAM;
	a->body = call->piece;
	a->size = call->piece_size;
}

/* Lets the endpoint write what is new.  What it refuses ends the stream. */
static void run(struct call *call)
{
	json_write_arena(&call->w, call->arena, false);
	call->stream->endpoint->run(call);
	if (!call->refused && call->stream->endpoint->kind == ENDPOINT_OBJECT_STREAM)
		object_event(call);
}

/* --- what is held */

static bool copy_text(char **to, size_t *size, struct text from)
{
	*to = malloc(from.size + 1);
	*size = from.size;
	if (*to && from.size)
		memcpy(*to, from.data, from.size);
	return *to != NULL;
}

struct sandbox_held *held_new(struct call *call, size_t more)
{
	const struct sandbox_request *request = call->request;
	size_t bytes = sizeof(struct sandbox_held) + more + request->host.size +
		       request->path.size + request->query.size;
	if (call->sandbox->held_bytes + bytes > HELD_BYTES_MAX)
		return NULL;
	struct sandbox_held *held = calloc(1, sizeof(*held));
	if (!held)
		return NULL;
	held->bytes = bytes;
	held->counted = &call->sandbox->held_bytes;
	*held->counted += bytes;
	held->deadline_ms = request->now_ms + STREAM_SECONDS * 1000;
	if (copy_text(&held->host, &held->host_size, request->host) &&
	    copy_text(&held->path, &held->path_size, request->path) &&
	    copy_text(&held->query, &held->query_size, request->query))
		return held;
	sandbox_held_free(held);
	return NULL;
}

void sandbox_held_free(struct sandbox_held *held)
{
	if (!held)
		return;
	*held->counted -= held->bytes;
	free(held->host);
	free(held->path);
	free(held->query);
	free(held->envelope);
	free(held);
}

/* How many events it is at most: of pages as many as the limit says. */
static bool read_limit(struct call *call, uint32_t *left)
{
	struct page page;
	*left = OBJECT_STREAM_EVENTS;
	if (call->stream->endpoint->kind == ENDPOINT_OBJECT_STREAM)
		return true;
	call->stream->left = UINT32_MAX;
	if (!page_read(&page, call))
		return false;
	*left = page.limit;
	return true;
}

void stream_open(struct call *call, const struct endpoint *endpoint)
{
	struct sandbox_held *held = held_new(call, 0);
	if (!held) {
		call_refuse(call, &problem_over_capacity);
		return;
	}
	held->stream = true;
	held->endpoint = endpoint;
	call->stream = held;
	piece_text(call, "retry: 1000\nevent: open\ndata: \"hello\"\n\n");
	if (read_limit(call, &held->left))
		run(call);
	if (call->refused) { /* an ordinary problem, since nothing is sent yet */
		call->stream = NULL;
		sandbox_held_free(held);
		return;
	}
	finish_piece(call);
	if (call->answer->ended)
		sandbox_held_free(held);
	else
		call->answer->held = held;
}

static void stream_turn(struct call *call, struct sandbox_held *held, uint64_t now_ms)
{
	call->stream = held;
	if (now_ms >= held->deadline_ms) {
		call->answer->ended = true;
		finish_piece(call);
		return;
	}
	struct route_match *match = sdex_arena_alloc(call->arena, sizeof(*match));
	struct query *query = sdex_arena_alloc(call->arena, sizeof(*query));
	call->cursor = held->endpoint->kind == ENDPOINT_PAGE_STREAM ? held->cursor : NULL;
	if (match && query && horizon_find(call, match, query))
		run(call);
	if (call->refused || !match || !query) {
		/* what was there is gone, an account for one */
		call->answer->status = 200;
		call->answer->form = SANDBOX_STREAM;
		call->answer->ended = true;
		piece_text(call, "event: error\ndata: Unexpected stream error\n\n");
		call->answer->body = call->piece;
		call->answer->size = call->piece_size;
		return;
	}
	finish_piece(call);
}

void sandbox_turn(struct sandbox *sandbox, struct sandbox_answer *answer, struct sandbox_held *held,
		  uint64_t now_ms)
{
	struct sandbox_request request = {.method = "GET",
					  .path = {held->path, held->path_size},
					  .query = {held->query, held->query_size},
					  .host = {held->host, held->host_size},
					  .now_ms = now_ms};
	sandbox_begin(sandbox);
	struct call call = {.sandbox = sandbox,
			    .network = sandbox->network,
			    .request = &request,
			    .answer = answer,
			    .arena = sandbox->arena};
	*answer = (struct sandbox_answer){.status = 200};
	if (held->stream) {
		stream_turn(&call, held, now_ms);
		return;
	}
	json_write_arena(&call.w, call.arena, true);
	transaction_turn(&call, held);
	call_finish(&call);
}
