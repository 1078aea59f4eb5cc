/* sandbox/call.h - inside of src/sandbox: the sandbox itself, a request on its way to an
 * answer, and the fields that answers are written of. */
#ifndef SDEX_SANDBOX_CALL_H
#define SDEX_SANDBOX_CALL_H

#include "base/json_write.h"
#include "net/route.h"
#include "sandbox/network.h"
#include "sandbox/sandbox.h"

struct world;

struct sandbox {
	struct sandbox_options options;
	struct network *network;
	struct world *world;      /* NULL for an empty one */
	struct sdex_arena *arena; /* of the request that is answered */
	uint32_t friendbot_next;  /* channel to try first */
	size_t held_bytes;        /* of requests that are held */
	char *horizon_url;
};

/* Begins a call: what the last one left in the arena goes. */
void sandbox_begin(struct sandbox *sandbox);

/* A request to Horizon.  Handlers write the answer's JSON to `w`; horizon.c makes an answer
 * of it. */
struct call {
	struct sandbox *sandbox;
	struct network *network;
	const struct sandbox_request *request;
	struct sandbox_answer *answer;
	struct sdex_arena *arena;
	struct json_writer w;
	const struct route_match *match;
	const struct query *query;
	struct text form; /* a POST's body, still encoded */
	bool refused;     /* a problem is written in place of the answer */
	/* Of a stream: */
	struct sandbox_held *stream;
	const char *cursor; /* where it stands, in place of the query's; NULL at first */
	uint8_t *piece;     /* what it sends */
	size_t piece_size, piece_room;
};

/* --- writing: `key` is a literal or otherwise ended by NUL */

void put_key(struct json_writer *w, const char *key);
void put_text(struct json_writer *w, const char *key, const char *text);
void put_text_n(struct json_writer *w, const char *key, const void *text, size_t size);
/* For printf, at most 1 KiB of plain ASCII. */
void put_format(struct json_writer *w, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void put_int(struct json_writer *w, const char *key, int64_t value);
void put_int_text(struct json_writer *w, const char *key, int64_t value); /* "123" */
void put_bool(struct json_writer *w, const char *key, bool value);
void put_amount(struct json_writer *w, const char *key, int64_t stroops); /* "1.0000000" */
void put_hex(struct json_writer *w, const char *key, const void *data, size_t size);
void put_base64(struct json_writer *w, const char *key, const void *data, size_t size,
		struct sdex_arena *arena);
/* A value of an XDR type as base64. */
void put_xdr(struct json_writer *w, const char *key, enum sdex_type type, const void *value,
	     struct sdex_arena *arena);
/* "2026-11-21T13:00:00Z" */
void put_time(struct json_writer *w, const char *key, uint64_t seconds);
/* The address (G...) of a number. */
void put_address(struct json_writer *w, const char *key, const struct state *state,
		 uint32_t address);
/* asset_type, asset_code, asset_issuer, each name behind a prefix. */
void put_asset(struct json_writer *w, const char *prefix, const struct state *state,
	       uint32_t number);

/* The same of an asset that need not have a number. */
void put_asset_value(struct json_writer *w, const char *prefix, const sdex_Asset *asset);

/* Writes "USDC:G...", "native", or a pool's id in hex. */
#define ASSET_TEXT_ROOM 80u
void asset_text(char text[ASSET_TEXT_ROOM], const struct state *state, uint32_t number);
void address_text(char text[57], const struct state *state, uint32_t address);

/* n/d with seven decimals, exact halves up, as Go's big.Rat prints it.  n >= 0, d > 0. */
#define RATIO_TEXT_ROOM 40u
void ratio_text(char text[RATIO_TEXT_ROOM], int64_t n, int64_t d);

#endif
