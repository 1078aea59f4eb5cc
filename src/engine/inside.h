/* engine/inside.h - what the files of the engine share. */
#ifndef SDEX_ENGINE_INSIDE_H
#define SDEX_ENGINE_INSIDE_H

#include "engine/engine.h"
#include "sdex/address.h"
#include "sdex/asset.h"

enum engine_state {
	STATE_STARTING,
	STATE_RECONCILING,
	STATE_READY,
	STATE_REPLAYING,
	STATE_STOPPED,
};

struct pair {
	const char *name;
	sdex_Asset base, counter;
	char base_text[SDEX_ASSET_ROOM], counter_text[SDEX_ASSET_ROOM];
};

struct account {
	const char *name;
	const char *signer_key;
	uint8_t key[32];
	char address[SDEX_ACCOUNT_ROOM];
};

struct ledger_head {
	uint32_t sequence; /* 0: none yet */
	uint64_t close_time;
	uint8_t hash[32];
	uint32_t base_fee, base_reserve, protocol;
};

struct engine {
	struct env env;
	struct engine_config config; /* its defaults put in; what it points to is ours */
	struct sdex_arena *memory;   /* as long as the engine */
	struct sdex_arena *scratch;  /* as long as an event */
	struct pair *pairs;
	uint32_t pair_count;
	struct account *accounts;
	uint32_t account_count;
	enum engine_state state;
	char reason[256]; /* of the state, for people; may be empty */
	struct ledger_head head;
	int64_t now_ms;
	uint64_t token; /* the last one given */
};

/* engine/config.c: copies and checks the configuration. */
bool config_take(struct engine *e, const struct engine_config *config, struct sdex_failure *why);

/* engine/write.c: members of JSON objects, by key. */
void put_key(struct json_writer *w, const char *key);
void put_text(struct json_writer *w, const char *key, const char *text); /* NULL: null */
void put_int(struct json_writer *w, const char *key, int64_t value);
void put_uint(struct json_writer *w, const char *key, uint64_t value);
void put_bool(struct json_writer *w, const char *key, bool value);
void put_hex(struct json_writer *w, const char *key, const void *data, size_t size);
void put_amount(struct json_writer *w, const char *key, int64_t stroops);
void put_id(struct json_writer *w, const char *key, int64_t id);   /* a string; 0: null */
void put_time(struct json_writer *w, const char *key, int64_t ms); /* RFC 3339; 0: null */

#endif
