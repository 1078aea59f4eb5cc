/* sandbox/sandbox.c - see sandbox.h. */
#include <stdlib.h>

#include "base/failure.h"
#include "sandbox/world.h"

#define ARENA_MAX ((size_t)512 << 20) /* of an answer under way */
#define ARENA_KEPT ((size_t)4 << 20)  /* from one to the next */

static struct network_options network_options_of(const struct sandbox_options *o)
{
	uint32_t close_s = o->close_s ? o->close_s : 5;
	uint64_t before = (uint64_t)close_s * WORLD_LEDGERS;
	return (struct network_options){.passphrase =
						o->passphrase ? o->passphrase : SANDBOX_PASSPHRASE,
					.genesis = o->start_s > before ? o->start_s - before : 0,
					.protocol = 27,
					.base_fee = 100,
					.base_reserve = 5000000,
					.capacity = o->capacity ? o->capacity : 1000,
					.dex_capacity = o->dex_capacity,
					.close_s = close_s,
					.shares_seconds = o->shares_seconds,
					.history_ledgers = o->ledgers ? o->ledgers : 17280,
					.history_bytes = o->bytes ? o->bytes : (uint64_t)64 << 20,
					.names = 1000000,
					.events = o->events};
}

static bool copy_url(struct sandbox *sandbox, const char *url)
{
	if (!url)
		return true;
	size_t size = strlen(url) + 1;
	sandbox->horizon_url = malloc(size);
	if (sandbox->horizon_url)
		memcpy(sandbox->horizon_url, url, size);
	return sandbox->horizon_url != NULL;
}

struct sandbox *sandbox_new(const struct sandbox_options *options, struct sdex_failure *why)
{
	struct network_options of_network = network_options_of(options);
	struct sandbox *sandbox = calloc(1, sizeof(*sandbox));
	if (!sandbox) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		return NULL;
	}
	sandbox->options = *options;
	sandbox->arena = sdex_arena_new(ARENA_MAX);
	sandbox->network = network_new(&of_network, why);
	if (!sandbox->network || !sandbox->arena || !copy_url(sandbox, options->horizon_url) ||
	    world_begin(sandbox, why)) {
		sandbox_free(sandbox);
		return NULL;
	}
	return sandbox;
}

void sandbox_free(struct sandbox *sandbox)
{
	if (!sandbox)
		return;
	network_free(sandbox->network);
	world_free(sandbox->world);
	sdex_arena_free(sandbox->arena);
	free(sandbox->horizon_url);
	free(sandbox);
}

enum sdex_error sandbox_close(struct sandbox *sandbox, uint64_t close_time_s,
			      struct sdex_failure *why)
{
	sandbox_begin(sandbox);
	enum sdex_error error = world_act(sandbox);
	if (error)
		return fail(why, error, 0, "the traders cannot act: %s", sdex_error_text(error));
	return network_close(sandbox->network, close_time_s, why);
}

void sandbox_begin(struct sandbox *sandbox)
{
	/* One large answer is no reason to hold its memory for ever. */
	if (sdex_arena_held(sandbox->arena) > ARENA_KEPT) {
		struct sdex_arena *fresh = sdex_arena_new(ARENA_MAX);
		if (fresh) {
			sdex_arena_free(sandbox->arena);
			sandbox->arena = fresh;
		}
	}
	sdex_arena_reset(sandbox->arena);
}

uint32_t sandbox_sequence(const struct sandbox *sandbox)
{
	return network_sequence(sandbox->network);
}

uint64_t sandbox_close_time(const struct sandbox *sandbox)
{
	return sandbox->network->state->header.close_time;
}
